// Who asked for what, the newest first. Owns: this screen, its filters, which stand in the address. Never touches: the trail.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { getV1Audit } from '../../../../web/page/api/operations.js';
import type { AnswerOf, Asked as AskedOf } from '../../../../web/page/calls/operation.js';
import { date, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href, place } from '../../../../web/page/shell/router.js';
import { Dialog } from '../../../../web/page/ui/dialog.js';
import { Button, When } from '../../../../web/page/ui/parts.js';
import { table } from '../../../../web/page/words/words.js';
import { Head } from '../../ui/head.js';
import { dayMs, Facts, Filters, Json, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { CALLED, CALLED_ACTS } from './act-words.js';
import { actName, actOptions, operationName } from './names.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      title: 'Audit trail',
      principal: 'Who',
      principalHint: 'operator:ann, key:…, platform:shop, administrator',
      owner: 'Of whom',
      operation: 'What',
      act: 'Act',
      from: 'From',
      to: 'To',
      outcome: 'Outcome',
      none: 'Nothing fits these filters.',
      details: 'Details',
      detailsOf: 'Details: {what}',
      address: 'Address',
      agent: 'Program',
      trace: 'Trace',
      position: 'Place in the log',
      place: 'Block {seq} of shard {shard}, number {index}',
      asked: 'What was asked',
      open: 'What came of it',
      forgotten: 'Addresses are shown for as long as the audit trail keeps them.',
    },
    zh: {
      title: '审计记录',
      principal: '操作者',
      principalHint: 'operator:ann、key:…、platform:shop、administrator',
      owner: '涉及的会员',
      operation: '操作',
      act: '业务类型',
      from: '开始日期',
      to: '结束日期',
      outcome: '结果',
      none: '没有符合条件的记录。',
      details: '详情',
      detailsOf: '详情：{what}',
      address: '地址',
      agent: '程序',
      trace: '追踪编号',
      position: '日志位置',
      place: '分片 {shard} 的第 {seq} 块，第 {index} 条',
      asked: '请求内容',
      open: '查看结果',
      forgotten: '地址只在审计期限内显示。',
    },
  }),
);

type Asked = AnswerOf<typeof getV1Audit>['records'][number];
type Code = NonNullable<NonNullable<AskedOf<typeof getV1Audit>['query']>['outcome']>;

const whatOf = ({ operation, command }: Asked): string =>
  operation === 'act' && typeof command['act'] === 'string'
    ? actName(command['act'])
    : operationName(operation);

const outcomeOf = ({ outcome }: Asked): JSX.Element =>
  outcome === 'ok' ? (
    <Status kind="good">{m('ok')}</Status>
  ) : (
    <Status kind={outcome === 'PREPARED' ? 'warn' : 'danger'}>
      {outcome === 'PREPARED' ? m('prepared') : outcome}
    </Status>
  );

const isUser = (owner: string | undefined): owner is string =>
  owner !== undefined && !/^[@#]/.test(owner);

const columns = (onOpen: (record: Asked) => void): readonly Column<Asked>[] => [
  { name: 'what', title: m('what'), cell: (record) => whatOf(record) },
  {
    name: 'who',
    title: t('principal'),
    cell: ({ principal }) => <code class="wrap">{principal}</code>,
  },
  {
    name: 'owner',
    title: t('owner'),
    cell: ({ owner }) =>
      isUser(owner) ? <a href={href('members', owner)}>{owner}</a> : (owner ?? ''),
  },
  { name: 'outcome', title: t('outcome'), cell: outcomeOf },
  {
    name: 'details',
    title: t('details'),
    cell: (record) => (
      <Button
        kind="quiet"
        label={t('detailsOf', { what: whatOf(record) })}
        onClick={() => onOpen(record)}
      >
        {t('details')}
      </Button>
    ),
  },
  { name: 'at', title: m('at'), cell: ({ time }) => <When ms={time} form="time" /> },
];

function Details({ record, onClose }: { record: Asked; onClose: () => void }): JSX.Element {
  const { principal, owner, id, address, agent, traceId, shard, seq, index, time } = record;
  const reason = record.command['reason'];
  return (
    <Dialog title={whatOf(record)} onClose={onClose}>
      <div class="stack">
        <Facts
          rows={[
            [m('at'), date(time, 'time')],
            [t('principal'), principal],
            [t('owner'), owner],
            [m('id'), id],
            [t('outcome'), outcomeOf(record)],
            [m('reason'), typeof reason === 'string' && reason],
            [t('address'), address],
            [t('agent'), agent],
            [t('trace'), traceId],
            [t('position'), t('place', { shard, seq, index })],
          ]}
        />
        {address === undefined && <p class="muted">{t('forgotten')}</p>}
        <Json value={record.command} label={t('asked')} />
        {isUser(owner) && id !== undefined && (
          <a class="button plain" href={href('members', owner, 'transfers', id)}>
            {t('open')}
          </a>
        )}
      </div>
    </Dialog>
  );
}

export default function Audit(): JSX.Element {
  const opened = useSignal<Asked | undefined>(undefined);
  const { principal, owner, operation, act, outcome, id, from, to } = place.value.query;
  const [first, end] = [dayMs(from), dayMs(to, 1)];
  const type = CALLED.find((one) => one === operation);
  const ofAct = CALLED_ACTS.find((one) => one === act);
  const pages = usePages(
    getV1Audit,
    {
      query: {
        ...(principal && { principal }),
        ...(owner && { owner }),
        ...(type !== undefined && { operation: type }),
        ...(ofAct !== undefined && { act: ofAct }),
        // What is no code is refused by its name.
        ...(outcome && { outcome: outcome as Code }),
        ...(id && { id }),
        ...(first !== undefined && { from: first }),
        ...(end !== undefined && { to: end }),
      },
    },
    ({ records }) => records,
    { isKept: false },
  );
  return (
    <>
      <Head title={t('title')} />
      <Filters
        filters={[
          { name: 'principal', label: t('principal'), placeholder: t('principalHint') },
          { name: 'owner', label: t('owner') },
          {
            name: 'operation',
            label: t('operation'),
            options: CALLED.map((value) => ({ value, title: operationName(value) })),
          },
          {
            name: 'act',
            label: t('act'),
            options: actOptions(CALLED_ACTS),
          },
          { name: 'outcome', label: t('outcome'), placeholder: 'ok' },
          { name: 'id', label: m('id') },
          { name: 'from', label: t('from'), type: 'date' },
          { name: 'to', label: t('to'), type: 'date' },
        ]}
      />
      <PagedTable
        label={t('title')}
        pages={pages}
        columns={columns((record) => {
          opened.value = record;
        })}
        keyOf={({ shard, seq, index }) => `${shard} ${seq} ${index}`}
        empty={t('none')}
      />
      {opened.value && (
        <Details
          record={opened.value}
          onClose={() => {
            opened.value = undefined;
          }}
        />
      )}
    </>
  );
}
