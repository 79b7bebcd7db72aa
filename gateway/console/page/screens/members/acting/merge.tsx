// A member is merged into another one, or parted again. Owns: these dialogs. Never touches: what goes over.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  postV1MembersByOwnerMerge,
  postV1MembersByOwnerUnmerge,
} from '../../../../../web/page/api/operations.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { table } from '../../../../../web/page/words/words.js';
import { MemberAction } from './member-action.js';

const t = speaker(
  table({
    en: {
      mergeTitle: 'Merge {owner} into another member',
      mergeWhat:
        'All points of {owner}, with their expiries, and what is counted of them go to the other member. {owner} is asked for under the other name from then on.',
      into: 'The member who is left',
      days: 'Days in which it can be undone',
      daysHint: 'Left out: 30.',
      merge: 'Merge',
      unmergeTitle: 'Undo the merge of {owner}',
      unmergeWhat:
        'What came over to {into} goes back, as far as it is left. It can be done until {until}.',
      allowDebt: 'Also what was spent meanwhile: {into} then owes it',
      unmerge: 'Undo the merge',
    },
    zh: {
      mergeTitle: '将 {owner} 并入其他会员',
      mergeWhat:
        '{owner} 的全部积分（含有效期）及累计数据都会转给另一位会员。此后 {owner} 将归入该会员。',
      into: '保留的会员',
      days: '可撤销的天数',
      daysHint: '留空为 30 天。',
      merge: '合并',
      unmergeTitle: '撤销 {owner} 的合并',
      unmergeWhat: '已转给 {into} 的积分，在剩余范围内转回。可在 {until} 之前撤销。',
      allowDebt: '包括期间已花掉的部分：{into} 将欠积分',
      unmerge: '撤销合并',
    },
  }),
);

export const MERGE_NEEDS = ['merge'] as const;
const USER = /^[A-Za-z0-9._:-]{1,64}$/;

export function MergeDialog({
  owner,
  onClose,
}: {
  owner: string;
  onClose: () => void;
}): JSX.Element {
  const into = useSignal('');
  const days = useSignal('');
  const said = (reason: string) => {
    const [name, count] = [into.value.trim(), days.value.trim()];
    if (!USER.test(name) || !/^\d{0,3}$/.test(count)) return undefined;
    return { into: name, reason, ...(count !== '' && { days: Number(count) }) };
  };
  return (
    <MemberAction
      title={t('mergeTitle', { owner })}
      what={t('mergeWhat', { owner })}
      needs={MERGE_NEEDS}
      operation={postV1MembersByOwnerMerge}
      asked={(reason) => {
        const body = said(reason);
        return body && { path: { owner }, body };
      }}
      command={(reason) => {
        const body = said(reason);
        return body && { type: 'act', act: 'merge', owner, body };
      }}
      yes={t('merge')}
      isDanger
      onClose={onClose}
    >
      <Field label={t('into')} bound={into} isRequired />
      <Field label={t('days')} bound={days} inputMode="numeric" hint={t('daysHint')} />
    </MemberAction>
  );
}

export function UnmergeDialog({
  owner,
  into,
  until,
  onClose,
}: {
  owner: string;
  into: string;
  until: number;
  onClose: () => void;
}): JSX.Element {
  const allowDebt = useSignal(false);
  const said = (reason: string) => ({ reason, ...(allowDebt.value && { allowDebt: true }) });
  return (
    <MemberAction
      title={t('unmergeTitle', { owner })}
      what={t('unmergeWhat', { into, until: date(until, 'time') })}
      needs={MERGE_NEEDS}
      operation={postV1MembersByOwnerUnmerge}
      asked={(reason) => ({ path: { owner }, body: said(reason) })}
      command={(reason) => ({ type: 'act', act: 'unmerge', owner, body: said(reason) })}
      yes={t('unmerge')}
      isDanger
      onClose={onClose}
    >
      <label class="check">
        <input
          type="checkbox"
          checked={allowDebt.value}
          onChange={({ currentTarget }) => {
            allowDebt.value = currentTarget.checked;
          }}
        />
        <span>{t('allowDebt', { into })}</span>
      </label>
    </MemberAction>
  );
}
