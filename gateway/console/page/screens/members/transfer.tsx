// What one command did: what was asked, what came of it, why, and what of it can be taken back. Owns: this screen. Never touches: the reversal (acting/reverse.tsx).

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1AccountsByOwnerTransfersById,
  getV1ReceiptsByOwnerById,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../web/page/shell/screen.js';
import { Button, Card } from '../../../../web/page/ui/parts.js';
import { SaveReceipt } from '../../../../web/page/ui/save-receipt.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { may } from '../../shell/app.js';
import { Head } from '../../ui/head.js';
import { Facts, Id, Json, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { Table } from '../../ui/table/table.js';
import { mayDo } from './acting/member-action.js';
import { REVERSAL_NEEDS, ReverseDialog, type ReversibleLeg } from './acting/reverse.js';
import { useAmounts, useScales, type Written } from './assets.js';
import { actName, operationName } from './names.js';
import { EventWhy, Explained } from './why.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      reverse: 'Reverse',
      legs: 'What moved',
      entries: 'What it did to accounts',
      from: 'From',
      to: 'To',
      owner: 'Owner',
      change: 'Change',
      remaining: 'Not reversed',
      none: 'Nothing moved.',
      kind: 'Kind',
      ref: 'Reference',
      memo: 'Note',
      asked: 'All that was asked',
      position: 'Place in the log',
      at: 'Block {seq} of shard {shard}',
      audit: 'Who asked: the audit trail',
      why: 'Why',
      followUps: 'What it caused',
      reverses: 'Reverses',
      refused: 'Refused',
      posted: 'Done',
      prepared: 'Not decided yet',
      receipt: 'Receipt',
    },
    zh: {
      reverse: '冲正',
      legs: '资金流向',
      entries: '账户变动',
      from: '转出',
      to: '转入',
      owner: '账户',
      change: '变动',
      remaining: '未冲正',
      none: '没有积分变动。',
      kind: '业务类型',
      ref: '业务编号',
      memo: '备注',
      asked: '请求内容',
      position: '日志位置',
      at: '分片 {shard} 的第 {seq} 块',
      audit: '操作者：审计记录',
      why: '原因',
      followUps: '引发的操作',
      reverses: '冲正对象',
      refused: '已拒绝',
      posted: '已完成',
      prepared: '尚未决定',
      receipt: '下载凭证',
    },
  }),
);

type Recorded = AnswerOf<typeof getV1AccountsByOwnerTransfersById>;
type Posted = Exclude<Recorded['outcome'], { readonly code: string }>;
type Entry = NonNullable<Posted['entries']>[number];

const postedOf = ({ outcome }: Recorded): Posted | undefined =>
  'code' in outcome ? undefined : outcome;

/** Its legs, with what of each is not reversed yet: of a transfer as it says them, of anything else in one piece. */
export function reversibleLegs(
  { command, remaining = 0, remainingLegs }: Recorded,
  scaleOf: (asset: string) => number,
): readonly ReversibleLeg[] {
  if (command.type !== 'transfer') return [];
  return command.legs
    .map(({ from, to, asset }, leg) => ({
      ...{ leg, from, to, asset, scale: scaleOf(asset) },
      remaining: remainingLegs?.[leg] ?? (command.legs.length === 1 ? remaining : 0),
    }))
    .filter((one) => one.remaining > 0);
}

const nameOf = ({ command }: Recorded): string =>
  command.type === 'act' ? actName(command.act) : operationName(command.type);

/** An account of the ledger itself has no screen: what came out of it and went into it is in the report of days. */
const ownerLink = (owner: string): JSX.Element => (
  <a href={/^[@#]/.test(owner) ? href('reports', 'daily') : href('members', owner)}>{owner}</a>
);

const entryColumns = (written: Written): readonly Column<Entry>[] => [
  { name: 'owner', title: t('owner'), cell: ({ owner }) => ownerLink(owner) },
  {
    name: 'asset',
    title: m('asset'),
    cell: ({ owner, asset }) =>
      /^[@#]/.test(owner) ? asset : <a href={href('members', owner, 'accounts', asset)}>{asset}</a>,
  },
  { name: 'type', title: m('what'), cell: ({ type }) => operationName(type), isMinor: true },
  {
    name: 'change',
    title: t('change'),
    cell: ({ delta, heldDelta, asset }) =>
      delta === 0 ? `(${written(heldDelta, asset, true)})` : written(delta, asset, true),
    isNumber: true,
  },
  {
    name: 'balance',
    title: m('balance'),
    cell: ({ available, asset }) => written(available, asset),
    isNumber: true,
  },
];

function Outcome({ record }: { record: Recorded }): JSX.Element {
  const { state, outcome } = record;
  if ('code' in outcome)
    return (
      <>
        <Status kind={state === 'prepared' ? 'warn' : 'danger'}>
          {state === 'prepared' ? t('prepared') : outcome.code}
        </Status>{' '}
        {outcome.detail}
      </>
    );
  return <Status kind={state === 'posted' ? 'good' : 'warn'}>{t(state)}</Status>;
}

function Legs({ record, written }: { record: Recorded; written: Written }): JSX.Element | null {
  const { command, remaining, remainingLegs } = record;
  if (command.type !== 'transfer') return null;
  const rows = command.legs.map((leg, n) => ({
    ...leg,
    n,
    left: remainingLegs?.[n] ?? (command.legs.length === 1 ? remaining : undefined),
  }));
  return (
    <Card title={t('legs')}>
      <Table
        label={t('legs')}
        rows={rows}
        columns={[
          { name: 'from', title: t('from'), cell: ({ from }) => ownerLink(from) },
          { name: 'to', title: t('to'), cell: ({ to }) => ownerLink(to) },
          {
            name: 'amount',
            title: m('amount'),
            cell: ({ amount, asset }) => `${written(amount, asset)} ${asset}`,
            isNumber: true,
          },
          {
            name: 'left',
            title: t('remaining'),
            cell: ({ left, asset }) => left !== undefined && written(left, asset),
            isNumber: true,
          },
        ]}
        keyOf={({ n }) => String(n)}
      />
    </Card>
  );
}

export default function Transfer({ params }: ScreenProps): JSX.Element {
  const { owner = '', id = '' } = params;
  const written = useAmounts();
  const scaleOf = useScales();
  const known = useAnswer(getV1AccountsByOwnerTransfersById, { path: { owner, id } });
  const isAsked = useSignal(false);
  const record = known.answer;
  const canReverse =
    record !== undefined &&
    record.state === 'posted' &&
    ['transfer', 'capture', 'act'].includes(record.command.type) &&
    (record.remaining ?? 1) > 0 &&
    mayDo(...REVERSAL_NEEDS);
  return (
    <>
      <Head
        title={record === undefined ? id : `${nameOf(record)} · ${id}`}
        crumbs={[
          { title: m('members'), href: href('members') },
          { title: owner, href: href('members', owner) },
        ]}
        actions={
          <>
            {record?.state === 'posted' && (
              <SaveReceipt
                operation={getV1ReceiptsByOwnerById}
                asked={{ path: { owner, id } }}
                of={[owner, id]}
              >
                {t('receipt')}
              </SaveReceipt>
            )}
            {canReverse && (
              <Button
                kind="danger"
                onClick={() => {
                  isAsked.value = true;
                }}
              >
                {t('reverse')}
              </Button>
            )}
          </>
        }
      />
      <Answered known={known} lines={8}>
        {(one) => <Told owner={owner} id={id} record={one} written={written} />}
      </Answered>
      {isAsked.value && record !== undefined && (
        <ReverseDialog
          owner={owner}
          id={id}
          legs={reversibleLegs(record, scaleOf)}
          onClose={() => {
            isAsked.value = false;
          }}
        />
      )}
    </>
  );
}

function Told({
  owner,
  id,
  record,
  written,
}: {
  owner: string;
  id: string;
  record: Recorded;
  written: Written;
}): JSX.Element {
  const { command, time } = record;
  const posted = postedOf(record);
  const business = command as { kind?: string; ref?: string; memo?: string };
  const reversed = command.type === 'reverse' ? command.transferId : undefined;
  const isEvent = command.type === 'act' && command.act === 'event' && record.state === 'posted';
  const caused = posted?.followUps ?? [];
  return (
    <>
      <Facts
        rows={[
          [m('outcome'), <Outcome key="outcome" record={record} />],
          [m('at'), date(time, 'time')],
          [m('id'), <Id key="id" id={id} label={m('id')} />],
          [t('kind'), business.kind],
          [t('ref'), business.ref],
          [t('memo'), business.memo !== undefined && <span class="wrap">{business.memo}</span>],
          [
            t('reverses'),
            reversed !== undefined && (
              <a href={href('members', owner, 'transfers', reversed)}>{reversed}</a>
            ),
          ],
          [
            t('position'),
            posted !== undefined && t('at', { seq: posted.seq, shard: posted.shard }),
          ],
          [
            '',
            may('read-audit') && (
              <a
                href={`${href('audit')}?owner=${encodeURIComponent(owner)}&id=${encodeURIComponent(id)}`}
              >
                {t('audit')}
              </a>
            ),
          ],
        ]}
      />
      <Legs record={record} written={written} />
      <Card title={t('entries')}>
        <Table
          label={t('entries')}
          rows={posted?.entries ?? []}
          columns={entryColumns(written)}
          keyOf={(entry) => `${entry.owner} ${entry.asset} ${entry.version} ${entry.type}`}
          empty={t('none')}
        />
      </Card>
      {command.type === 'act' && (
        <Card title={t('why')}>
          {isEvent ? (
            <EventWhy owner={owner} event={id} />
          ) : (
            <Explained effects={posted?.act?.effects} why={posted?.act?.why} />
          )}
        </Card>
      )}
      {caused.length > 0 && (
        <Card title={t('followUps')}>
          <Json value={caused} label={t('followUps')} />
        </Card>
      )}
      <Json value={command} label={t('asked')} />
    </>
  );
}
