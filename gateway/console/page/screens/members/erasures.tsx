// Members who have asked to be erased, and who are. Owns: this screen. Never touches: what is erased, what is kept how long.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { getV1Erasures } from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href, place } from '../../../../web/page/shell/router.js';
import { Button, When } from '../../../../web/page/ui/parts.js';
import { table } from '../../../../web/page/words/words.js';
import { may } from '../../shell/app.js';
import { Head } from '../../ui/head.js';
import { Filters, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { DeclineDialog, ERASURE_NEEDS, EraseDialog } from './acting/erase.js';
import { mayDo } from './acting/member-action.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      title: 'Erasures',
      why: 'Personal data is under a key of each member: who is erased has none any more.',
      kept: 'What is kept, and how long',
      state: 'State',
      requested: 'Asked for',
      erasing: 'Being removed',
      erased: 'Erased',
      noneAsked: 'Nobody has asked to be erased.',
      noneErased: 'Nobody is erased.',
      asker: 'By',
      self: 'The ledger itself',
      done: 'Removed at',
      erase: 'Erase',
      decline: 'Decline',
      eraseOf: 'Erase {owner}',
      declineOf: 'Decline: {owner}',
    },
    zh: {
      title: '个人信息删除',
      why: '每位会员的个人信息由其专属密钥加密，删除即销毁该密钥。',
      kept: '各类数据的保留期限',
      state: '状态',
      requested: '已申请',
      erasing: '正在清除',
      erased: '已删除',
      noneAsked: '没有会员申请删除。',
      noneErased: '没有已删除的会员。',
      asker: '操作者',
      self: '系统',
      done: '清除时间',
      erase: '删除',
      decline: '驳回',
      eraseOf: '删除 {owner}',
      declineOf: '驳回：{owner}',
    },
  }),
);

type Erasure = AnswerOf<typeof getV1Erasures>['erasures'][number];
const KINDS = { requested: 'warn', erasing: 'accent', erased: 'plain' } as const;

export const ErasureState = ({ of }: { of: Erasure['state'] }): JSX.Element => (
  <Status kind={KINDS[of]}>{t(of)}</Status>
);

const columns = (): readonly Column<Erasure>[] => [
  { name: 'owner', title: m('member'), cell: ({ owner }) => <code class="wrap">{owner}</code> },
  { name: 'state', title: t('state'), cell: ({ state }) => <ErasureState of={state} /> },
  { name: 'at', title: m('at'), cell: ({ at }) => <When ms={at} form="time" /> },
  {
    name: 'reason',
    title: m('reason'),
    cell: ({ reason }) => <span class="wrap">{reason ?? '–'}</span>,
  },
  {
    name: 'by',
    title: t('asker'),
    cell: ({ by }) => <span class="wrap">{by ?? t('self')}</span>,
    isMinor: true,
  },
];

export default function Erasures(): JSX.Element {
  const isErased = place.value.query.state === 'erased';
  const state = isErased ? 'erased' : 'requested';
  const pages = usePages(getV1Erasures, { query: { state } }, ({ erasures }) => erasures, {
    isKept: false,
  });
  const dialog = useSignal<{ verb: 'erase' | 'decline'; owner: string } | undefined>(undefined);
  const close = (): void => {
    dialog.value = undefined;
  };
  const deciding: Column<Erasure> = {
    name: 'decide',
    title: '',
    cell: ({ owner }) => (
      <>
        <Button
          kind="quiet"
          label={t('eraseOf', { owner })}
          onClick={() => {
            dialog.value = { verb: 'erase', owner };
          }}
        >
          {t('erase')}
        </Button>
        {may(...ERASURE_NEEDS) && (
          <Button
            kind="quiet"
            label={t('declineOf', { owner })}
            onClick={() => {
              dialog.value = { verb: 'decline', owner };
            }}
          >
            {t('decline')}
          </Button>
        )}
      </>
    ),
  };
  const removed: Column<Erasure> = {
    name: 'done',
    title: t('done'),
    cell: ({ doneAt }) => (doneAt === undefined ? '–' : <When ms={doneAt} form="time" />),
  };
  const now = dialog.value;
  return (
    <>
      <Head title={t('title')}>
        <p class="muted">
          {t('why')} <a href={href('personal-data')}>{t('kept')}</a>
        </p>
      </Head>
      <Filters
        filters={[
          {
            ...{ name: 'state', label: t('state'), none: t('requested') },
            options: [{ value: 'erased', title: t('erased') }],
          },
        ]}
      />
      <PagedTable
        key={state}
        label={t('title')}
        pages={pages}
        columns={[
          ...columns(),
          ...(isErased ? [removed] : mayDo(...ERASURE_NEEDS) ? [deciding] : []),
        ]}
        keyOf={({ owner }) => owner}
        hrefOf={({ owner }) => `${href('members', owner)}?tab=privacy`}
        empty={t(isErased ? 'noneErased' : 'noneAsked')}
      />
      {now?.verb === 'erase' && <EraseDialog owner={now.owner} onClose={close} />}
      {now?.verb === 'decline' && <DeclineDialog owner={now.owner} onClose={close} />}
    </>
  );
}
