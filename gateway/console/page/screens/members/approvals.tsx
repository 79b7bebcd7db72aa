// All that waits for a second person, and what came of proposals. Owns: this screen. Never touches: how it is decided (acting/deciding.tsx).

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { getV1Approvals, getV1Proposals } from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href, place } from '../../../../web/page/shell/router.js';
import { Dialog } from '../../../../web/page/ui/dialog.js';
import { Button, Card, Note, When } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { may } from '../../shell/app.js';
import { person } from '../../shell/tokens.js';
import { Head } from '../../ui/head.js';
import { Facts, Filters, Json, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { Table } from '../../ui/table/table.js';
import {
  type Approval,
  Decide,
  decidingNeeds,
  type Proposal,
  proposer,
  type Verb,
  verbsOf,
  verbWord,
  type Waiting,
} from './acting/deciding.js';
import { useAmounts, type Written } from './assets.js';
import { linesOf } from './explained.js';
import { actName, operationName } from './names.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      title: 'Approvals',
      type: 'What it is',
      proposal: 'Proposed commands',
      adjustment: 'Corrections of points',
      'partner-exchange': 'Exchanges with partners',
      review: 'Marks of risk: to be reviewed',
      rate: 'Rates of exchange',
      definition: 'Drafts of definitions',
      waiting: 'Waits for a second person',
      noProposals: 'No command is proposed.',
      none: 'Nothing waits.',
      proposals: 'Proposed commands',
      decided: 'Decided',
      noneDecided: 'Nothing was decided yet.',
      of: 'Of',
      look: 'Look',
      lookAt: 'Look: {what}',
      own: 'You have proposed this: somebody else must agree.',
      second: 'Decided by',
      rejected: 'Rejected',
      agreed: 'Agreed',
      underWay: 'Being carried out',
      since: 'Since',
      document: 'What it would say',
      ends: 'It would end.',
      history: 'What it says now, and the difference',
      exchange: 'The exchange',
      sides: 'Both sides',
      gives: 'gives {amount} {asset}',
      takes: 'takes {amount} {asset}',
      command: 'What would be done',
      case: 'Case',
      correction: 'Correction',
      behind: 'The log is still being read: {n} blocks are left, and more may wait.',
    },
    zh: {
      title: '待审批',
      type: '类型',
      proposal: '提交审批的操作',
      adjustment: '积分调整',
      'partner-exchange': '合作方兑换',
      review: '风险审核',
      rate: '兑换汇率',
      definition: '定义草稿',
      waiting: '等待第二人审批',
      noProposals: '没有提交审批的操作。',
      none: '没有待审批的内容。',
      proposals: '提交审批的操作',
      decided: '已处理',
      noneDecided: '还没有已处理的内容。',
      of: '对象',
      look: '查看',
      lookAt: '查看：{what}',
      own: '这是您提交的，必须由他人审批。',
      second: '处理人',
      rejected: '已驳回',
      agreed: '已同意',
      underWay: '执行中',
      since: '提交时间',
      document: '内容',
      ends: '将会停用。',
      history: '当前内容与差异',
      exchange: '兑换详情',
      sides: '双方',
      gives: '增加 {amount} {asset}',
      takes: '扣减 {amount} {asset}',
      command: '将执行的操作',
      case: '审批编号',
      correction: '调整规则',
      behind: '日志仍在读取：还剩 {n} 个区块，可能还有其他待审批内容。',
    },
  }),
);

const TYPES = [
  'proposal',
  'adjustment',
  'partner-exchange',
  'review',
  'rate',
  'definition',
] as const;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** What a proposed command is, in a few words. */
function commandWords({ command }: Pick<Proposal, 'command'>): string {
  const { type, act, asset } = command;
  const name = type === 'act' ? actName(textOf(act) ?? '') : operationName(textOf(type) ?? '');
  return [name, textOf(asset)].filter((one) => one !== undefined).join(' · ');
}

function approvalWords(approval: Approval, written: Written): string {
  const { type, kind, key, exchange, give = 0, take = 0, asset = '' } = approval;
  if (type === 'partner-exchange') return exchange ?? '';
  if (type === 'review') return commandWords({ command: approval.command ?? {} });
  if (type !== 'adjustment') return `${kind}/${key}`;
  return give > 0
    ? t('gives', { amount: written(give, asset), asset })
    : t('takes', { amount: written(take, asset), asset });
}

const wordsOf = (one: Waiting, written: Written): string =>
  'proposal' in one ? commandWords(one.proposal) : approvalWords(one.approval, written);

const ownerOf = (one: Waiting): string | undefined =>
  'proposal' in one ? textOf(one.proposal.command['owner']) : one.approval.owner;

const ownerLink = (owner: string | undefined): JSX.Element | string =>
  owner === undefined || /^[@#]/.test(owner) ? (
    (owner ?? '')
  ) : (
    <a href={href('members', owner)}>{owner}</a>
  );

const By = ({ by }: { by: string | null | undefined }): JSX.Element => (
  <code class="wrap">{by ?? ''}</code>
);

/** All that there is to know before it is decided. */
function Told({ one, written }: { one: Waiting; written: Written }): JSX.Element {
  const { reason, at, until } = 'proposal' in one ? one.proposal : one.approval;
  const approval = 'approval' in one ? one.approval : undefined;
  const command = 'proposal' in one ? one.proposal.command : approval?.command;
  return (
    <div class="stack">
      <Facts
        rows={[
          [
            m('what'),
            <span key="what" class="wrap">
              {wordsOf(one, written)}
            </span>,
          ],
          [t('of'), ownerOf(one) !== undefined && ownerLink(ownerOf(one))],
          [m('by'), proposer(one)],
          [m('reason'), reason !== undefined && <span class="wrap">{reason}</span>],
          [t('correction'), approval?.correction],
          [t('case'), approval?.case],
          [t('since'), date(at, 'time')],
          [m('until'), until !== undefined && date(until, 'time')],
        ]}
      />
      {command !== undefined && (
        <section>
          <h3>{t('command')}</h3>
          <Facts
            rows={linesOf(command)
              .filter(({ name }) => name !== 'id')
              .map(({ name, value }) => [
                name,
                <span key={name} class="wrap">
                  {value}
                </span>,
              ])}
          />
        </section>
      )}
      {(approval?.type === 'definition' || approval?.type === 'rate') && (
        <>
          {approval.document === undefined ? (
            <Note kind="warn">{t('ends')}</Note>
          ) : (
            <Json value={approval.document} label={t('document')} />
          )}
          <a href={href('definitions', approval.kind ?? '', approval.key ?? '')}>{t('history')}</a>
        </>
      )}
      {approval?.type === 'partner-exchange' && (
        <>
          <Json value={{ source: approval.source, target: approval.target }} label={t('sides')} />
          <a href={href('partner-exchanges', approval.exchange ?? '')}>{t('exchange')}</a>
        </>
      )}
    </div>
  );
}

/** Something that waits is looked at, then decided. */
function Look({ one, onClose }: { one: Waiting; onClose: () => void }): JSX.Element {
  const written = useAmounts();
  const verb = useSignal<Verb | undefined>(undefined);
  const isOwn = proposer(one) === person.value?.principal;
  const needs = decidingNeeds(one);
  const verbs = needs === undefined || may(...needs) ? verbsOf(one, isOwn) : [];
  if (verb.value !== undefined)
    return (
      <Decide one={one} verb={verb.value} onClose={onClose}>
        <Told one={one} written={written} />
      </Decide>
    );
  return (
    <Dialog title={wordsOf(one, written)} onClose={onClose}>
      <Told one={one} written={written} />
      {isOwn && <Note icon="people">{t('own')}</Note>}
      {verbs.length > 0 && (
        <div class="buttons">
          {verbs.map((name) => (
            <Button
              key={name}
              kind={name === 'agree' ? 'main' : 'danger'}
              onClick={() => {
                verb.value = name;
              }}
            >
              {verbWord(name)}
            </Button>
          ))}
        </div>
      )}
    </Dialog>
  );
}

const columns = (written: Written, onLook: (one: Waiting) => void): readonly Column<Waiting>[] => [
  {
    name: 'what',
    title: m('what'),
    cell: (one) => <span class="wrap">{wordsOf(one, written)}</span>,
  },
  { name: 'of', title: t('of'), cell: (one) => ownerLink(ownerOf(one)) },
  { name: 'by', title: m('by'), cell: (one) => <By by={proposer(one)} />, isMinor: true },
  {
    name: 'reason',
    title: m('reason'),
    cell: (one) => (
      <span class="wrap">{('proposal' in one ? one.proposal : one.approval).reason}</span>
    ),
    isMinor: true,
  },
  {
    name: 'since',
    title: t('since'),
    cell: (one) => <When ms={('proposal' in one ? one.proposal : one.approval).at} form="time" />,
  },
  {
    name: 'look',
    title: t('look'),
    cell: (one) => (
      <Button
        kind="plain"
        label={t('lookAt', { what: wordsOf(one, written) })}
        onClick={() => onLook(one)}
      >
        {t('look')}
      </Button>
    ),
  },
];

const keyOf = (one: Waiting): string => {
  if ('proposal' in one) return one.proposal.id;
  const { type, kind, key, owner, exchange, review } = one.approval;
  return [type, kind, key, owner, exchange, review, one.approval.case].join(' ');
};

const decidedColumns = (): readonly Column<Proposal>[] => [
  { name: 'what', title: m('what'), cell: (one) => <span class="wrap">{commandWords(one)}</span> },
  { name: 'of', title: t('of'), cell: ({ command }) => ownerLink(textOf(command['owner'])) },
  { name: 'by', title: m('by'), cell: ({ by }) => <By by={by} />, isMinor: true },
  { name: 'second', title: t('second'), cell: ({ second }) => <By by={second?.by} /> },
  {
    name: 'outcome',
    title: m('outcome'),
    cell: ({ state, outcome }) => {
      if (state === 'rejected') return <Status>{t('rejected')}</Status>;
      if (outcome === undefined) return <Status kind="warn">{t('underWay')}</Status>;
      return outcome === 'ok' ? (
        <Status kind="good">{m('ok')}</Status>
      ) : (
        <Status kind="danger">{outcome}</Status>
      );
    },
  },
  {
    name: 'at',
    title: m('at'),
    cell: ({ second }) => second !== undefined && <When ms={second.at} form="time" />,
    isMinor: true,
  },
];

function Proposals({ onLook }: { onLook: (one: Waiting) => void }): JSX.Element {
  const written = useAmounts();
  const known = useAnswer(getV1Proposals, { query: {} }, { isKept: false });
  return (
    <Answered known={known}>
      {({ proposals }) => {
        const isOpen = ({ state, outcome }: Proposal): boolean =>
          state === 'open' || (state === 'agreed' && outcome === undefined);
        return (
          <>
            <Card title={t('proposals')}>
              <Table
                label={t('proposals')}
                rows={proposals.filter(isOpen).map((proposal) => ({ proposal }))}
                columns={columns(written, onLook)}
                keyOf={keyOf}
                empty={t('noProposals')}
              />
            </Card>
            {place.value.query.type === 'proposal' && (
              <Card title={t('decided')}>
                <Table
                  label={t('decided')}
                  rows={proposals.filter((one) => !isOpen(one))}
                  columns={decidedColumns()}
                  keyOf={({ id }) => id}
                  hrefOf={({ id, command, outcome }) => {
                    const owner = textOf(command['owner']);
                    return outcome === 'ok' && owner !== undefined
                      ? href('members', owner, 'transfers', id)
                      : undefined;
                  }}
                  empty={t('noneDecided')}
                />
              </Card>
            )}
          </>
        );
      }}
    </Answered>
  );
}

function Others({
  type,
  onLook,
}: {
  type: Approval['type'] | undefined;
  onLook: (one: Waiting) => void;
}): JSX.Element {
  const written = useAmounts();
  const pages = usePages(
    getV1Approvals,
    { query: type === undefined ? {} : { type } },
    ({ approvals }): readonly Waiting[] => approvals.map((approval) => ({ approval })),
    { isKept: false },
  );
  const behind = pages.known.answer?.behind ?? 0;
  return (
    <Card title={type === undefined ? t('waiting') : t(type)}>
      {behind > 0 && <p class="muted">{t('behind', { n: number(behind) })}</p>}
      <PagedTable
        label={t('waiting')}
        pages={pages}
        columns={columns(written, onLook)}
        keyOf={keyOf}
        empty={t('none')}
      />
    </Card>
  );
}

export default function Approvals(): JSX.Element {
  const looked = useSignal<Waiting | undefined>(undefined);
  const type = TYPES.find((one) => one === place.value.query.type);
  const look = (one: Waiting): void => {
    looked.value = one;
  };
  return (
    <>
      <Head title={t('title')} />
      <Filters
        filters={[
          {
            name: 'type',
            label: t('type'),
            options: TYPES.map((value) => ({ value, title: t(value) })),
          },
        ]}
      />
      {(type === undefined || type === 'proposal') && may('read') && <Proposals onLook={look} />}
      {type !== 'proposal' && <Others type={type} onLook={look} />}
      {looked.value && (
        <Look
          key={keyOf(looked.value)}
          one={looked.value}
          onClose={() => {
            looked.value = undefined;
          }}
        />
      )}
    </>
  );
}
