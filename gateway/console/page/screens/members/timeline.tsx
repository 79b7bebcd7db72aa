// What happened to a member, the newest first, each with why. Owns: this part. Never touches: how it is gathered (gateway/overview/timeline.ts).

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { getV1MembersByOwnerTimeline } from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { date, number, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href, place } from '../../../../web/page/shell/router.js';
import { Dialog } from '../../../../web/page/ui/dialog.js';
import { Button, When } from '../../../../web/page/ui/parts.js';
import { table } from '../../../../web/page/words/words.js';
import { dayMs, Facts, Filters, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { useAmounts, type Written } from './assets.js';
import { actName, operationName } from './names.js';
import { EventWhy, Explained } from './why.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      label: 'Timeline',
      from: 'From',
      to: 'To',
      points: 'Points',
      why: 'Why',
      whyOf: 'Why: {what}',
      none: 'Nothing has happened yet.',
      behind: 'The log is still being read: {n} blocks are left.',
      notice: 'Notice: {name}',
      sent: 'Sent',
      waiting: 'Waiting',
      failed: 'Not sent',
      skipped: 'Left out',
      open: 'All of it',
      memo: 'Note',
      refused: 'It was refused',
    },
    zh: {
      label: '时间线',
      from: '开始日期',
      to: '结束日期',
      points: '积分',
      why: '原因',
      whyOf: '原因：{what}',
      none: '还没有任何记录。',
      behind: '日志仍在读取：还剩 {n} 个区块。',
      notice: '通知：{name}',
      sent: '已发送',
      waiting: '等待发送',
      failed: '未送达',
      skipped: '未发送',
      open: '查看详情',
      memo: '备注',
      refused: '已被拒绝',
    },
  }),
);

type Item = AnswerOf<typeof getV1MembersByOwnerTimeline>['items'][number];

/** What an item is, in words. */
function whatOf(item: Item): string {
  const { act, operation, notice, entries, body, kind, ref } = item;
  if (notice !== undefined) return t('notice', { name: notice.notice });
  const name =
    act !== undefined ? actName(act) : operationName(operation ?? entries[0]?.type ?? 'transfer');
  const about = [body?.['type'], body?.['goods'], kind, ref].filter(
    (one): one is string => typeof one === 'string' && one !== '',
  );
  return [name, ...about.slice(0, 2)].join(' · ');
}

const isEvent = ({ act, isOwn, id, outcome }: Item): boolean =>
  act === 'event' && isOwn === true && id !== undefined && outcome === 'ok';

const hasWhy = (item: Item): boolean =>
  isEvent(item) ||
  item.why !== undefined ||
  item.problem !== undefined ||
  (item.effects?.length ?? 0) > 0 ||
  item.body?.['reason'] !== undefined ||
  item.memo !== undefined;

function State({ item }: { item: Item }): JSX.Element | null {
  const { outcome, notice } = item;
  if (notice !== undefined)
    return <Status kind={notice.state === 'failed' ? 'danger' : 'plain'}>{t(notice.state)}</Status>;
  if (outcome === undefined) return null;
  if (outcome === 'ok') return <Status kind="good">{m('ok')}</Status>;
  if (outcome === 'PREPARED') return <Status kind="warn">{m('prepared')}</Status>;
  return <Status kind="danger">{outcome}</Status>;
}

/** What came and went by it, each account by itself. */
const pointsOf = ({ entries }: Item, written: Written): string =>
  entries
    .filter(({ delta, heldDelta }) => delta !== 0 || heldDelta !== 0)
    .map(({ delta, heldDelta, asset }) =>
      delta === 0
        ? `(${written(heldDelta, asset, true)}) ${asset}`
        : `${written(delta, asset, true)} ${asset}`,
    )
    .join(' · ');

const columns = (written: Written, onWhy: (item: Item) => void): readonly Column<Item>[] => [
  { name: 'what', title: m('what'), cell: (item) => <span class="wrap">{whatOf(item)}</span> },
  {
    name: 'points',
    title: t('points'),
    cell: (item) => pointsOf(item, written),
    isNumber: true,
  },
  { name: 'state', title: m('outcome'), cell: (item) => <State item={item} /> },
  {
    name: 'why',
    title: t('why'),
    cell: (item) =>
      hasWhy(item) && (
        <Button kind="quiet" label={t('whyOf', { what: whatOf(item) })} onClick={() => onWhy(item)}>
          {t('why')}
        </Button>
      ),
  },
  {
    name: 'by',
    title: m('by'),
    cell: ({ by }) => by !== undefined && <code class="wrap">{by}</code>,
    isMinor: true,
  },
  { name: 'at', title: m('at'), cell: ({ at }) => <When ms={at} form="time" /> },
];

function Why({
  owner,
  item,
  onClose,
}: {
  owner: string;
  item: Item;
  onClose: () => void;
}): JSX.Element {
  const { id, isOwn, by, memo, body, problem, at } = item;
  const reason = body?.['reason'];
  return (
    <Dialog title={whatOf(item)} onClose={onClose}>
      <div class="stack">
        <Facts
          rows={[
            [m('at'), date(at, 'time')],
            [m('by'), by],
            [m('reason'), typeof reason === 'string' && reason],
            [t('memo'), memo],
            [t('refused'), problem && `${problem.code}: ${problem.detail ?? ''}`],
          ]}
        />
        {isEvent(item) && id !== undefined ? (
          <EventWhy owner={owner} event={id} />
        ) : (
          <Explained effects={item.effects} why={item.why} />
        )}
        {isOwn === true && id !== undefined && (
          <a class="button plain" href={href('members', owner, 'transfers', id)}>
            {t('open')}
          </a>
        )}
      </div>
    </Dialog>
  );
}

export function TimelinePart({ owner }: { owner: string }): JSX.Element {
  const written = useAmounts();
  const opened = useSignal<Item | undefined>(undefined);
  const { from, to } = place.value.query;
  const [first, end] = [dayMs(from), dayMs(to, 1)];
  const query = {
    ...(first !== undefined && { from: first }),
    ...(end !== undefined && { to: end }),
  };
  const pages = usePages(
    getV1MembersByOwnerTimeline,
    { path: { owner }, query },
    ({ items }) => items,
    { isKept: false },
  );
  const behind = pages.known.answer?.behind ?? 0;
  return (
    <>
      <Filters
        filters={[
          { name: 'from', label: t('from'), type: 'date' },
          { name: 'to', label: t('to'), type: 'date' },
        ]}
      />
      {behind > 0 && <p class="muted">{t('behind', { n: number(behind) })}</p>}
      <PagedTable
        label={t('label')}
        pages={pages}
        columns={columns(written, (item) => {
          opened.value = item;
        })}
        keyOf={(item) =>
          `${item.type} ${item.shard} ${item.seq} ${item.id} ${item.notice?.id} ${item.at} ${item.entries[0]?.asset} ${item.entries[0]?.version}`
        }
        hrefOf={({ id, isOwn }) =>
          id !== undefined && isOwn === true ? href('members', owner, 'transfers', id) : undefined
        }
        empty={t('none')}
      />
      {opened.value && (
        <Why
          owner={owner}
          item={opened.value}
          onClose={() => {
            opened.value = undefined;
          }}
        />
      )}
    </>
  );
}
