// One account of a member: what there is of it, its lots and holds, what came and went. Owns: this screen. Never touches: what is done with it (acting/).

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1AccountsByOwner,
  getV1AccountsByOwnerEntries,
  getV1AccountsByOwnerHolds,
  getV1ReceiptsByOwner,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href, place } from '../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../web/page/shell/screen.js';
import { Button, Card, When } from '../../../../web/page/ui/parts.js';
import { SaveReceipt } from '../../../../web/page/ui/save-receipt.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { may } from '../../shell/app.js';
import { Head } from '../../ui/head.js';
import { dayMs, Facts, Filters, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { Table } from '../../ui/table/table.js';
import { type AccountNow, Flags, nowOf } from './accounts.js';
import { ADJUSTMENT_NEEDS, AdjustDialog } from './acting/adjust.js';
import { EXTENSION_NEEDS, ExtendDialog } from './acting/extend.js';
import { FLAGGING_NEEDS, FlagDialog, type Flagging, flaggings, flagWord } from './acting/flags.js';
import { HOLD_NEEDS, HoldDialog, type HoldVerb, holdWord } from './acting/hold.js';
import { mayDo } from './acting/member-action.js';
import { useAmounts, useScales, type Written } from './assets.js';
import { isLive, useLive } from './live.js';
import { actName, actOptions, operationName } from './names.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      lots: 'Lots',
      lotsHint: 'Spending takes those that expire first.',
      holds: 'Holds',
      entries: 'Entries',
      earned: 'Earned, ever',
      spent: 'Spent, ever',
      expired: 'Expired, ever',
      version: 'Entries',
      credit: 'May owe up to',
      none: 'No lots.',
      noHolds: 'Nothing is held.',
      noEntries: 'Nothing fits these filters.',
      extend: 'Extend',
      adjust: 'Correct points',
      change: 'Change',
      ref: 'About',
      deadline: 'Until',
      remaining: 'Held',
      noDeadline: 'Until it is released',
      from: 'From',
      to: 'To',
      act: 'What for',
      kind: 'Kind',
      live: 'Live',
      receipt: 'Receipt of the balance',
    },
    zh: {
      lots: '批次',
      lotsHint: '使用时先扣最早到期的批次。',
      holds: '冻结明细',
      entries: '收支明细',
      earned: '累计获得',
      spent: '累计使用',
      expired: '累计过期',
      version: '明细数',
      credit: '可透支',
      none: '没有批次。',
      noHolds: '没有冻结的积分。',
      noEntries: '没有符合条件的记录。',
      extend: '延长',
      adjust: '调整积分',
      change: '变动',
      ref: '关联',
      deadline: '截止',
      remaining: '冻结',
      noDeadline: '直到解除',
      from: '开始日期',
      to: '结束日期',
      act: '类型',
      kind: '业务类型',
      live: '实时',
      receipt: '下载余额凭证',
    },
  }),
);

type Entry = AnswerOf<typeof getV1AccountsByOwnerEntries>['entries'][number];
type Lot = AccountNow['lots'][number];
type Hold = AnswerOf<typeof getV1AccountsByOwnerHolds>['holds'][number];

const entryColumns = (written: Written): readonly Column<Entry>[] => [
  {
    name: 'what',
    title: m('what'),
    cell: ({ type, act }) => (act === undefined ? operationName(type) : actName(act.name)),
  },
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
  {
    name: 'ref',
    title: t('ref'),
    cell: ({ act, ref, kind, memo }) => (
      <span class="wrap">
        {[act?.type, act?.goods, act?.lottery, act?.offer, kind, ref, memo]
          .filter((one) => one !== undefined)
          .join(' · ')}
      </span>
    ),
    isMinor: true,
  },
  { name: 'at', title: m('at'), cell: ({ effective }) => <When ms={effective} form="time" /> },
];

function Entries({ owner, asset }: { owner: string; asset: string }): JSX.Element {
  const written = useAmounts();
  const { act = '', kind = '', from, to } = place.value.query;
  const [first, end] = [dayMs(from), dayMs(to, 1)];
  const query = {
    ...{ asset, limit: 50, told: 'true' as const },
    ...(act !== '' && { act }),
    ...(kind !== '' && { kind }),
    ...(first !== undefined && { from: first }),
    ...(end !== undefined && { to: end }),
  };
  const pages = usePages(
    getV1AccountsByOwnerEntries,
    { path: { owner }, query },
    ({ entries }) => entries,
    { isKept: false },
  );
  return (
    <Card title={<span id="entries">{t('entries')}</span>}>
      <Filters
        filters={[
          {
            name: 'act',
            label: t('act'),
            options: actOptions(),
          },
          { name: 'kind', label: t('kind') },
          { name: 'from', label: t('from'), type: 'date' },
          { name: 'to', label: t('to'), type: 'date' },
        ]}
      />
      <PagedTable
        label={t('entries')}
        pages={pages}
        columns={entryColumns(written)}
        keyOf={({ version, type }) => `${version} ${type}`}
        hrefOf={({ id }) =>
          id === undefined ? undefined : href('members', owner, 'transfers', id)
        }
        empty={t('noEntries')}
      />
    </Card>
  );
}

function Lots({
  owner,
  asset,
  lots,
}: {
  owner: string;
  asset: string;
  lots: readonly Lot[];
}): JSX.Element {
  const written = useAmounts();
  const scaleOf = useScales();
  const extended = useSignal<Lot | undefined>(undefined);
  const lot = extended.value;
  const columns: readonly Column<Lot>[] = [
    {
      name: 'expires',
      title: m('expires'),
      cell: ({ expiresAt }) =>
        expiresAt === null ? m('never') : <When ms={expiresAt} form="time" />,
    },
    {
      name: 'available',
      title: m('available'),
      cell: (one) => <a href="#entries">{written(one.available, asset)}</a>,
      isNumber: true,
    },
    {
      name: 'held',
      title: m('held'),
      cell: (one) => <a href="#holds">{written(one.held, asset)}</a>,
      isNumber: true,
    },
    {
      name: 'extend',
      title: '',
      cell: (one) =>
        one.expiresAt !== null &&
        one.available > 0 &&
        mayDo(...EXTENSION_NEEDS) && (
          <Button
            kind="quiet"
            onClick={() => {
              extended.value = one;
            }}
          >
            {t('extend')}
          </Button>
        ),
    },
  ];
  return (
    <Card title={<span id="lots">{t('lots')}</span>}>
      <p class="muted">{t('lotsHint')}</p>
      <Table
        label={t('lots')}
        rows={lots}
        columns={mayDo(...EXTENSION_NEEDS) ? columns : columns.slice(0, 3)}
        keyOf={({ expiresAt }) => String(expiresAt)}
        empty={t('none')}
      />
      {lot !== undefined && lot.expiresAt !== null && (
        <ExtendDialog
          owner={owner}
          asset={asset}
          scale={scaleOf(asset)}
          lot={{ expiresAt: lot.expiresAt, available: lot.available }}
          onClose={() => {
            extended.value = undefined;
          }}
        />
      )}
    </Card>
  );
}

const holdColumns = (written: Written): readonly Column<Hold>[] => [
  { name: 'id', title: m('id'), cell: ({ id }) => <code class="wrap">{id}</code> },
  {
    name: 'remaining',
    title: t('remaining'),
    cell: ({ remaining, asset }) => written(remaining, asset),
    isNumber: true,
  },
  {
    name: 'deadline',
    title: t('deadline'),
    cell: ({ deadline }) =>
      deadline === undefined ? t('noDeadline') : <When ms={deadline} form="time" />,
  },
];

function Holds({ owner, asset }: { owner: string; asset: string }): JSX.Element {
  const written = useAmounts();
  const scaleOf = useScales();
  const asked = useSignal<{ readonly verb: HoldVerb; readonly hold: Hold } | undefined>(undefined);
  const pages = usePages(
    getV1AccountsByOwnerHolds,
    { path: { owner }, query: {} },
    ({ holds }) => holds.filter((one) => one.asset === asset),
    { isKept: false },
  );
  const deciding: Column<Hold> = {
    name: 'decide',
    title: '',
    cell: (hold) =>
      (['release', 'capture'] as const).map((verb) => (
        <Button
          key={verb}
          kind="quiet"
          label={`${holdWord(verb)}: ${hold.id}`}
          onClick={() => {
            asked.value = { verb, hold };
          }}
        >
          {holdWord(verb)}
        </Button>
      )),
  };
  return (
    <Card title={<span id="holds">{t('holds')}</span>}>
      <PagedTable
        label={t('holds')}
        pages={pages}
        columns={[...holdColumns(written), ...(may(...HOLD_NEEDS) ? [deciding] : [])]}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => href('members', owner, 'transfers', id)}
        empty={t('noHolds')}
      />
      {asked.value && (
        <HoldDialog
          verb={asked.value.verb}
          hold={asked.value.hold}
          scale={scaleOf(asset)}
          onClose={() => {
            asked.value = undefined;
          }}
        />
      )}
    </Card>
  );
}

export default function Account({ params }: ScreenProps): JSX.Element {
  const { owner = '', asset = '' } = params;
  useLive(owner);
  const written = useAmounts();
  const known = useAnswer(getV1AccountsByOwner, { path: { owner } });
  const account = nowOf(known.answer?.accounts ?? []).find((one) => one.asset === asset);
  const dialog = useSignal<Flagging | 'adjust' | undefined>(undefined);
  const close = (): void => {
    dialog.value = undefined;
  };
  const figure = (minor: number): string => written(minor, asset);
  return (
    <>
      <Head
        title={`${asset} · ${owner}`}
        crumbs={[
          { title: m('members'), href: href('members') },
          { title: owner, href: href('members', owner) },
        ]}
        actions={
          <>
            {isLive.value && <Status kind="good">{t('live')}</Status>}
            {account !== undefined && (
              <SaveReceipt
                operation={getV1ReceiptsByOwner}
                asked={{ path: { owner }, query: { asset } }}
                of={[owner, asset]}
              >
                {t('receipt')}
              </SaveReceipt>
            )}
            {account !== undefined &&
              mayDo(...FLAGGING_NEEDS) &&
              flaggings(account).map((one) => (
                <Button
                  key={one}
                  kind="plain"
                  onClick={() => {
                    dialog.value = one;
                  }}
                >
                  {flagWord(one)}
                </Button>
              ))}
            {mayDo(...ADJUSTMENT_NEEDS) && (
              <Button
                onClick={() => {
                  dialog.value = 'adjust';
                }}
              >
                {t('adjust')}
              </Button>
            )}
          </>
        }
      />
      <Answered known={known}>
        {() =>
          account === undefined ? (
            <p class="muted">{m('noAccount')}</p>
          ) : (
            <>
              <Facts
                rows={[
                  [m('available'), <a href="#lots">{figure(account.available)}</a>],
                  [m('held'), <a href="#holds">{figure(account.held)}</a>],
                  [
                    m('pending'),
                    account.pending > 0 && <a href="#entries">{figure(account.pending)}</a>,
                  ],
                  [m('total'), <a href="#lots">{figure(account.total)}</a>],
                  [m('state'), <Flags key="flags" account={account} />],
                  [t('earned'), <a href="#entries">{figure(account.earned)}</a>],
                  [t('spent'), <a href="#entries">{figure(account.spent)}</a>],
                  [t('expired'), <a href="#entries">{figure(account.expired)}</a>],
                  [
                    t('credit'),
                    account.creditLimit > 0 && (
                      <a href={href('audit')}>{figure(account.creditLimit)}</a>
                    ),
                  ],
                  [t('version'), <a href="#entries">{number(account.version)}</a>],
                ]}
              />
              <Lots owner={owner} asset={asset} lots={account.lots} />
              <Holds owner={owner} asset={asset} />
              <Entries owner={owner} asset={asset} />
            </>
          )
        }
      </Answered>
      {dialog.value === 'adjust' && <AdjustDialog owner={owner} asset={asset} onClose={close} />}
      {dialog.value !== undefined && dialog.value !== 'adjust' && (
        <FlagDialog flagging={dialog.value} owner={owner} asset={asset} onClose={close} />
      )}
    </>
  );
}
