// What becomes of what is known of a member: consents to share, who has seen it, its export, its erasure. Owns: this part. Never touches: how it is kept.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1MembersByOwnerDisclosures,
  getV1MembersByOwnerErasure,
  getV1MembersByOwnerExport,
  getV1MembersByOwnerSharing,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { download } from '../../../../web/page/shell/download.js';
import { number, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { Button, Card, Note, When } from '../../../../web/page/ui/parts.js';
import { Answered, ProblemNote } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { may } from '../../shell/app.js';
import { Facts, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { DeclineDialog, ERASURE_NEEDS, EraseDialog } from './acting/erase.js';
import { mayDo } from './acting/member-action.js';
import { ErasureState } from './erasures.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      sharing: 'What may be given away',
      share_analytics: 'Device and location',
      share_contacts: 'Contacts',
      given: 'Agreed',
      refused: 'Not agreed',
      seen: 'Who has seen personal data in clear',
      nobody: 'Nobody has.',
      by: 'Who',
      what: 'What',
      way: 'By',
      receiver: 'Receiver of an order',
      contact: 'Contact',
      export: 'All data',
      sessions: 'Sessions',
      attribute: 'Personal attributes',
      erasure: 'Erasure',
      noErasure: 'The member is not erased, and has not asked for it.',
      requestedAt: 'Since',
      removedAt: 'Removed at',
      erase: 'Erase the member',
      decline: 'Decline',
      all: 'All that is known of the member',
      allHint: 'One file, as the member gets it. That you had it is written down.',
      save: 'Save as a file',
      saved: 'Saved: {n} lines.',
      broken: 'It did not come whole, and nothing was saved. Try again.',
    },
    zh: {
      sharing: '信息共享授权',
      share_analytics: '设备与位置',
      share_contacts: '联系方式',
      given: '已同意',
      refused: '未同意',
      seen: '个人信息明文查看记录',
      nobody: '没有人查看过。',
      by: '查看人',
      what: '内容',
      way: '途径',
      receiver: '订单收货信息',
      contact: '联系方式',
      export: '全部信息',
      sessions: '登录会话',
      attribute: '个人属性',
      erasure: '个人信息删除',
      noErasure: '该会员未被删除，也未申请删除。',
      requestedAt: '时间',
      removedAt: '清除时间',
      erase: '删除个人信息',
      decline: '驳回',
      all: '该会员的全部数据',
      allHint: '与会员本人获得的文件相同。您的下载会被记录。',
      save: '保存为文件',
      saved: '已保存 {n} 行。',
      broken: '文件未完整接收，未保存。请重试。',
    },
  }),
);

type Look = AnswerOf<typeof getV1MembersByOwnerDisclosures>['disclosures'][number];

const columns = (): readonly Column<Look>[] => [
  { name: 'at', title: m('at'), cell: ({ at }) => <When ms={at} form="time" /> },
  { name: 'by', title: t('by'), cell: ({ by }) => by },
  { name: 'what', title: t('what'), cell: ({ what }) => t(what) },
  { name: 'way', title: t('way'), cell: ({ way }) => <code>{way}</code>, isMinor: true },
];

/** Who has seen it; for who may set what is the member's own. */
function Looks({ owner }: { owner: string }): JSX.Element {
  const pages = usePages(
    getV1MembersByOwnerDisclosures,
    { path: { owner }, query: {} },
    (page) => page.disclosures,
    { isKept: false },
  );
  return (
    <Card title={t('seen')}>
      <PagedTable
        label={t('seen')}
        pages={pages}
        columns={columns()}
        keyOf={({ at, by, what, way }) => `${at} ${by} ${what} ${way}`}
        empty={t('nobody')}
      />
    </Card>
  );
}

/** Whether it is erased, or has asked for it; for who may decide that. */
function ErasureOf({ owner }: { owner: string }): JSX.Element {
  const mayAsk = may(...ERASURE_NEEDS);
  const known = useAnswer(getV1MembersByOwnerErasure, mayAsk ? { path: { owner } } : undefined, {
    isKept: false,
  });
  const dialog = useSignal<'erase' | 'decline' | undefined>(undefined);
  const close = (): void => {
    dialog.value = undefined;
  };
  const { problem } = known;
  const isNone = problem?.code === 'ERASURE_NOT_FOUND';
  const answer = isNone ? undefined : known.answer;
  // Who may only propose it is not told how it stands.
  const isOpen = !mayAsk || isNone || answer?.state === 'requested';
  return (
    <Card
      title={t('erasure')}
      action={
        isOpen && (
          <div class="buttons">
            {answer !== undefined && (
              <Button
                kind="plain"
                onClick={() => {
                  dialog.value = 'decline';
                }}
              >
                {t('decline')}
              </Button>
            )}
            <Button
              kind="danger"
              onClick={() => {
                dialog.value = 'erase';
              }}
            >
              {t('erase')}
            </Button>
          </div>
        )
      }
    >
      {isNone && <p class="muted">{t('noErasure')}</p>}
      {problem !== undefined && !isNone && <ProblemNote problem={problem} />}
      {answer !== undefined && (
        <Facts
          rows={[
            [m('state'), <ErasureState key="state" of={answer.state} />],
            [t('requestedAt'), <When key="at" ms={answer.at} form="time" />],
            [m('reason'), answer.reason && <span class="wrap">{answer.reason}</span>],
            [t('by'), answer.by],
            [t('removedAt'), answer.doneAt && <When ms={answer.doneAt} form="time" />],
          ]}
        />
      )}
      {dialog.value === 'erase' && <EraseDialog owner={owner} onClose={close} />}
      {dialog.value === 'decline' && <DeclineDialog owner={owner} onClose={close} />}
    </Card>
  );
}

/** All that is known of it, as the member gets it. */
function ExportOf({ owner }: { owner: string }): JSX.Element {
  const isBusy = useSignal(false);
  const came = useSignal<number | 'broken' | undefined>(undefined);
  const save = async (): Promise<void> => {
    isBusy.value = true;
    came.value = undefined;
    const name = `${owner.replace(/[^A-Za-z0-9._-]+/g, '_')}.ndjson`;
    came.value = (await download(getV1MembersByOwnerExport, { path: { owner } }, name)) ?? 'broken';
    isBusy.value = false;
  };
  return (
    <Card
      title={t('all')}
      action={
        <Button kind="plain" icon="export" isBusy={isBusy.value} onClick={() => void save()}>
          {t('save')}
        </Button>
      }
    >
      <p class="muted">{t('allHint')}</p>
      <div role="status">
        {typeof came.value === 'number' && (
          <Note kind="good" icon="check">
            {t('saved', { n: number(came.value) })}
          </Note>
        )}
        {came.value === 'broken' && <Note kind="danger">{t('broken')}</Note>}
      </div>
    </Card>
  );
}

export function PrivacyPart({ owner }: { owner: string }): JSX.Element {
  const sharing = useAnswer(getV1MembersByOwnerSharing, { path: { owner } }, { isKept: false });
  return (
    <>
      <Card title={t('sharing')}>
        <Answered known={sharing}>
          {(said) => (
            <Facts
              rows={(['share_analytics', 'share_contacts'] as const).map((name) => [
                t(name),
                <Status key={name} kind={said[name].isGiven ? 'good' : 'plain'}>
                  {t(said[name].isGiven ? 'given' : 'refused')}
                </Status>,
              ])}
            />
          )}
        </Answered>
      </Card>
      {mayDo(...ERASURE_NEEDS) && <ErasureOf owner={owner} />}
      {may('admin') && <ExportOf owner={owner} />}
      {may('adjust') && <Looks owner={owner} />}
    </>
  );
}
