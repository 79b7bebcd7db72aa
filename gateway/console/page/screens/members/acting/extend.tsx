// Points of one lot last longer. Owns: this dialog. Never touches: lots as they are shown.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { postV1AccountsByOwnerAssetsByAssetExtendLots } from '../../../../../web/page/api/operations.js';
import { amount, date, speaker } from '../../../../../web/page/shell/language.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { minorOf, table } from '../../../../../web/page/words/words.js';
import { dayMs } from '../../../ui/parts.js';
import { AmountField } from './amount-field.js';
import { MemberAction } from './member-action.js';

const t = speaker(
  table({
    en: {
      title: 'Extend points that expire on {when}',
      what: 'Of this lot {amount} are available.',
      until: 'New last day',
      untilHint: 'Left out: they never expire.',
      amount: 'How many',
      amountHint: 'Left out: all of the lot.',
      yes: 'Extend',
    },
    zh: {
      title: '延长 {when} 到期的积分',
      what: '该批次可用 {amount}。',
      until: '新的到期日',
      untilHint: '留空表示永久有效。',
      amount: '数量',
      amountHint: '留空表示整个批次。',
      yes: '延长',
    },
  }),
);

export const EXTENSION_NEEDS = ['correct', 'adjust'] as const;

export function ExtendDialog({
  owner,
  asset,
  scale,
  lot,
  onClose,
}: {
  owner: string;
  asset: string;
  scale: number;
  lot: { readonly expiresAt: number; readonly available: number };
  onClose: () => void;
}): JSX.Element {
  const day = useSignal('');
  const some = useSignal('');
  const said = (reason: string) => {
    const end = dayMs(day.value, 1);
    if (day.value !== '' && end === undefined) return undefined;
    const minor = some.value.trim() === '' ? undefined : minorOf(some.value, scale);
    if (minor === undefined && some.value.trim() !== '') return undefined;
    return {
      lotExpiresAt: lot.expiresAt,
      // The end of that day, which its beginning of the next one is.
      expiresAt: end === undefined ? null : end,
      ...(minor !== undefined && { amount: minor }),
      memo: reason,
    };
  };
  return (
    <MemberAction
      title={t('title', { when: date(lot.expiresAt, 'time') })}
      what={t('what', { amount: amount(lot.available, scale) })}
      needs={EXTENSION_NEEDS}
      operation={postV1AccountsByOwnerAssetsByAssetExtendLots}
      asked={(reason) => {
        const body = said(reason);
        return body && { path: { owner, asset }, body };
      }}
      command={(reason) => {
        const body = said(reason);
        return body && { type: 'extend-lots', owner, asset, ...body };
      }}
      yes={t('yes')}
      onClose={onClose}
    >
      <Field label={t('until')} fills="expiresAt" type="date" bound={day} hint={t('untilHint')} />
      <AmountField
        label={t('amount')}
        text={some.value}
        scale={scale}
        hint={t('amountHint')}
        isRequired={false}
        onInput={(text) => {
          some.value = text;
        }}
      />
    </MemberAction>
  );
}
