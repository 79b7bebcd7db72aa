// Marks of risk: on one member, with what they have stopped; and of all members. Owns: that part and that screen. Never touches: what a mark stops, dialogs.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { RISK_ACTIONS, RISK_STATES } from '../../../../../engine/protocol/risk.js';
import { getV1MembersByOwnerRisks, getV1Risks } from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href, place } from '../../../../web/page/shell/router.js';
import { Button, Card, Note, When } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { may } from '../../shell/app.js';
import { Head } from '../../ui/head.js';
import { Filters, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { Table } from '../../ui/table/table.js';
import { LiftDialog, MarkDialog, RISK_NEEDS } from './acting/risk.js';
import { useAmounts, type Written } from './assets.js';
import { actName, operationName } from './names.js';
import { RISK } from './risk-words.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const r = speaker(RISK);
const t = speaker(
  table({
    en: {
      title: 'Marks of risk',
      marks: 'Marks that count',
      none: 'No mark of risk counts.',
      noneFound: 'There are no such marks.',
      stopped: 'What was stopped',
      stoppedTimes: {
        one: 'Stopped once, on {since}.',
        other: 'Stopped {n} times since {since}.',
      },
      noneStopped: 'Nothing was stopped.',
      why: 'By',
      devices: 'Known devices',
      noDevices: 'No device is known.',
      device: 'Device (digest)',
      first: 'First seen',
      always: 'The first of all',
      last: 'Last seen',
      quiet: 'The rule {mark} is not heard until {until}.',
      waiting: { one: 'One command waits for a review.', other: '{n} commands wait for a review.' },
      approvals: 'Approvals',
      mark: 'Mark',
      lift: 'Lift',
      liftOf: 'Lift: {mark}',
      state: 'State',
      active: 'Counts',
      ended: 'Ended',
      lifted: 'Lifted',
      behind: 'The log is still being read: {n} blocks are left.',
    },
    zh: {
      title: '风险标记',
      marks: '生效中的标记',
      none: '没有生效中的风险标记。',
      noneFound: '没有符合条件的标记。',
      stopped: '被阻止的操作',
      stoppedTimes: '自 {since} 起共阻止 {n} 次。',
      noneStopped: '没有被阻止的操作。',
      why: '依据',
      devices: '已知设备',
      noDevices: '没有已知设备。',
      device: '设备（摘要）',
      first: '首次出现',
      always: '最初的设备',
      last: '最近出现',
      quiet: '规则 {mark} 在 {until} 之前不再标记。',
      waiting: '{n} 项操作等待审核。',
      approvals: '待审批',
      mark: '标记',
      lift: '解除',
      liftOf: '解除：{mark}',
      state: '状态',
      active: '生效中',
      ended: '已到期',
      lifted: '已解除',
      behind: '日志仍在读取：还剩 {n} 个区块。',
    },
  }),
);

type Risks = AnswerOf<typeof getV1MembersByOwnerRisks>;
type Mark = Risks['marks'][number];
type Marked = AnswerOf<typeof getV1Risks>['risks'][number];
type Stopped = Risks['last'][number];

const KIND = {
  mark: undefined,
  'second-factor': 'warn',
  review: 'warn',
  refuse: 'danger',
} as const;

/** What a mark is limited to. */
function limits({ kinds, asset, over }: Mark, written: Written): string {
  const all = kinds?.map((kind) => r(`kind-${kind}`)).join(', ') ?? r('all');
  if (over !== undefined)
    return r('over', { kinds: all, amount: written(over, asset ?? ''), asset: asset ?? '' });
  return asset === undefined ? all : r('only', { kinds: all, asset });
}

const markColumns = <One extends Mark>(
  written: Written,
  ownerOf: (mark: One) => string,
): readonly Column<One>[] => [
  {
    name: 'mark',
    title: r('mark'),
    cell: ({ mark, version }) =>
      version === undefined ? (
        <code class="wrap">{mark}</code>
      ) : (
        <a href={href('definitions', 'risk-rule', mark)} title={r('rule', { version })}>
          {mark}
        </a>
      ),
  },
  { name: 'reason', title: m('reason'), cell: ({ reason }) => <span class="wrap">{reason}</span> },
  {
    name: 'action',
    title: r('action'),
    cell: ({ action }) => {
      const kind = KIND[action];
      return <Status {...(kind && { kind })}>{r(`act-${action}`)}</Status>;
    },
  },
  { name: 'stops', title: r('stops'), cell: (one) => limits(one, written), isMinor: true },
  {
    name: 'score',
    title: r('score'),
    cell: ({ score }) => (score === undefined ? '' : number(score / 1_000)),
    isNumber: true,
  },
  {
    name: 'evidence',
    title: r('evidence'),
    cell: ({ evidence }) => <span class="wrap">{evidence}</span>,
    isMinor: true,
  },
  {
    name: 'times',
    title: r('times'),
    cell: (one) => (
      <a href={`${href('members', ownerOf(one))}?tab=timeline`}>{number(one.count)}</a>
    ),
    isNumber: true,
  },
  { name: 'at', title: r('since'), cell: ({ at }) => <When ms={at} form="time" /> },
  {
    name: 'until',
    title: m('until'),
    cell: ({ until }) => (until === null ? m('never') : <When ms={until} form="time" />),
  },
  { name: 'by', title: m('by'), cell: ({ by }) => <code class="wrap">{by}</code>, isMinor: true },
];

/** Beside what the mark does: at the end of a wide table nobody finds it. */
const withLifting = (
  columns: readonly Column<Mark>[],
  lifting: readonly Column<Mark>[],
): readonly Column<Mark>[] => [...columns.slice(0, 3), ...lifting, ...columns.slice(3)];

const stoppedColumns = (): readonly Column<Stopped>[] => [
  { name: 'at', title: m('at'), cell: ({ at }) => <When ms={at} form="time" /> },
  {
    name: 'what',
    title: m('what'),
    cell: ({ what }) => {
      const isCommand = operationName(what) !== what;
      return isCommand ? operationName(what) : actName(what);
    },
  },
  { name: 'code', title: t('why'), cell: ({ code }) => <code>{code}</code> },
  {
    name: 'id',
    title: m('id'),
    // What was refused for a passing reason is not kept; what waits stands under Approvals.
    cell: ({ id, code }) =>
      code === 'RISK_REVIEW' ? (
        <a href={`${href('approvals')}?type=review`}>{id ?? t('approvals')}</a>
      ) : (
        <code class="wrap">{id}</code>
      ),
    isMinor: true,
  },
];

/** What is known of the risk of one member. */
export function RisksPart({ owner }: { owner: string }): JSX.Element {
  const written = useAmounts();
  const known = useAnswer(getV1MembersByOwnerRisks, { path: { owner } }, { isKept: false });
  const isMarking = useSignal(false);
  const lifted = useSignal<string | undefined>(undefined);
  const mayMark = may(...RISK_NEEDS);
  const lifting: Column<Mark> = {
    name: 'lift',
    title: t('lift'),
    cell: ({ mark }) => (
      <Button
        kind="plain"
        label={t('liftOf', { mark })}
        onClick={() => {
          lifted.value = mark;
        }}
      >
        {t('lift')}
      </Button>
    ),
  };
  return (
    <>
      <Answered known={known} lines={6}>
        {({ marks, quiet, stopped, since, last, devices, reviews }) => (
          <>
            {reviews.length > 0 && (
              <Note kind="warn" icon="people">
                {t('waiting', { n: reviews.length })}{' '}
                <a href={`${href('approvals')}?type=review`}>{t('approvals')}</a>
              </Note>
            )}
            <Card
              title={t('marks')}
              {...(mayMark && {
                action: (
                  <Button
                    onClick={() => {
                      isMarking.value = true;
                    }}
                  >
                    {t('mark')}
                  </Button>
                ),
              })}
            >
              <Table
                label={t('marks')}
                rows={marks}
                columns={withLifting(
                  markColumns<Mark>(written, () => owner),
                  mayMark ? [lifting] : [],
                )}
                keyOf={({ mark }) => mark}
                empty={t('none')}
              />
              {Object.entries(quiet).map(([mark, until]) => (
                <p key={mark} class="muted">
                  {t('quiet', { mark, until: date(until, 'time') })}
                </p>
              ))}
            </Card>
            <Card title={t('stopped')}>
              {since !== undefined && (
                <p>{t('stoppedTimes', { n: stopped, since: date(since, 'time') })}</p>
              )}
              <Table
                label={t('stopped')}
                rows={last}
                columns={stoppedColumns()}
                keyOf={(one) => `${one.at} ${one.id ?? ''} ${last.indexOf(one)}`}
                empty={t('noneStopped')}
              />
            </Card>
            <Card title={t('devices')}>
              <Table
                label={t('devices')}
                rows={devices}
                columns={[
                  {
                    name: 'device',
                    title: t('device'),
                    cell: ({ device }) => <code class="wrap">{device}</code>,
                  },
                  {
                    name: 'first',
                    title: t('first'),
                    cell: ({ first }) =>
                      first === 0 ? t('always') : <When ms={first} form="time" />,
                  },
                  {
                    name: 'last',
                    title: t('last'),
                    cell: (one) => <When ms={one.last} form="time" />,
                  },
                ]}
                keyOf={({ device }) => device}
                empty={t('noDevices')}
              />
            </Card>
          </>
        )}
      </Answered>
      {isMarking.value && (
        <MarkDialog
          owner={owner}
          onClose={() => {
            isMarking.value = false;
          }}
        />
      )}
      {lifted.value !== undefined && (
        <LiftDialog
          owner={owner}
          mark={lifted.value}
          onClose={() => {
            lifted.value = undefined;
          }}
        />
      )}
    </>
  );
}

function All(): JSX.Element {
  const written = useAmounts();
  const { query } = place.value;
  const state = RISK_STATES.find((one) => one === query.state);
  const action = RISK_ACTIONS.find((one) => one === query.action);
  const reason = /^[A-Z][A-Z0-9_]{0,31}$/.exec(query.reason ?? '')?.[0];
  const asked = { ...(state && { state }), ...(action && { action }), ...(reason && { reason }) };
  const pages = usePages(getV1Risks, { query: asked }, ({ risks }) => risks, { isKept: false });
  const behind = pages.known.answer?.behind ?? 0;
  const columns: readonly Column<Marked>[] = [
    { name: 'owner', title: m('member'), cell: ({ owner }) => <code class="wrap">{owner}</code> },
    ...markColumns<Marked>(written, ({ owner }) => owner),
    { name: 'state', title: t('state'), cell: (one) => t(one.state) },
  ];
  return (
    <>
      {behind > 0 && <p class="muted">{t('behind', { n: number(behind) })}</p>}
      <PagedTable
        label={t('title')}
        pages={pages}
        columns={columns}
        keyOf={({ owner, mark }) => `${owner} ${mark}`}
        hrefOf={({ owner }) => `${href('members', owner)}?tab=risks`}
        empty={t('noneFound')}
      />
    </>
  );
}

export default function MarkedMembers(): JSX.Element {
  return (
    <>
      <Head title={t('title')} />
      <Filters
        filters={[
          {
            name: 'state',
            label: t('state'),
            options: RISK_STATES.map((value) => ({ value, title: t(value) })),
          },
          {
            name: 'action',
            label: r('action'),
            options: RISK_ACTIONS.map((value) => ({ value, title: r(`act-${value}`) })),
          },
          { name: 'reason', label: m('reason') },
        ]}
      />
      <All />
    </>
  );
}
