// What a command did is taken back, the rest of it or parts. Owns: this dialog, which parts are asked for. Never touches: what can be reversed.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { postV1AccountsByOwnerTransfersByIdReverse } from '../../../../../web/page/api/operations.js';
import { amount, speaker } from '../../../../../web/page/shell/language.js';
import { minorOf, table } from '../../../../../web/page/words/words.js';
import { AmountField } from './amount-field.js';
import { MemberAction } from './member-action.js';

const t = speaker(
  table({
    en: {
      title: 'Reverse {id}',
      what: 'Points go back into the lots that they came from. Where no amount is named, all that remains is taken back.',
      leg: '{from} → {to}, {asset}: of {amount}',
      partHint: 'Where another one is named, and this is not, none of it.',
      allowDebt: 'Also what was spent already: the member then owes it',
      yes: 'Reverse',
    },
    zh: {
      title: '冲正 {id}',
      what: '积分会回到原来的批次。全部留空表示冲正剩余的全部。',
      leg: '{from} → {to}，{asset}：共 {amount}',
      partHint: '填写了其他项时，留空表示不冲正此项。',
      allowDebt: '包括已经花掉的部分：会员将欠积分',
      yes: '冲正',
    },
  }),
);

export const REVERSAL_NEEDS = [
  'correct',
  'adjust',
  'earn',
  'spend',
  'transfer',
  'redeem',
  'admin',
] as const;

/** A leg that can be reversed in part. */
export interface ReversibleLeg {
  readonly leg: number;
  readonly from: string;
  readonly to: string;
  readonly asset: string;
  readonly scale: number;
  /** Minor units that are not reversed yet. */
  readonly remaining: number;
}

/** What is asked for, out of what was typed for each leg: undefined: something of it is no amount. */
export function partsOf(
  legs: readonly ReversibleLeg[],
  texts: readonly string[],
):
  | { readonly amount?: number; readonly legs?: readonly { leg: number; amount: number }[] }
  | undefined {
  const said: { leg: number; amount: number }[] = [];
  for (const [n, { leg, scale }] of legs.entries()) {
    const text = texts[n]?.trim() ?? '';
    if (text === '') continue;
    const minor = minorOf(text, scale);
    if (minor === undefined) return undefined;
    said.push({ leg, amount: minor });
  }
  const [one] = said;
  if (one === undefined) return {};
  return legs.length === 1 ? { amount: one.amount } : { legs: said };
}

export function ReverseDialog({
  owner,
  id,
  legs,
  onClose,
}: {
  /** The home owner. */
  owner: string;
  id: string;
  /** Empty: it is reversed whole, or not at all. */
  legs: readonly ReversibleLeg[];
  onClose: () => void;
}): JSX.Element {
  const texts = useSignal<readonly string[]>([]);
  const allowDebt = useSignal(false);
  const said = (reason: string) => {
    const parts = partsOf(legs, texts.value);
    return parts && { ...parts, ...(allowDebt.value && { allowDebt: true }), memo: reason };
  };
  return (
    <MemberAction
      title={t('title', { id })}
      what={t('what')}
      needs={REVERSAL_NEEDS}
      operation={postV1AccountsByOwnerTransfersByIdReverse}
      asked={(reason) => {
        const body = said(reason);
        return body && { path: { owner, id }, body };
      }}
      command={(reason) => {
        const body = said(reason);
        return body && { type: 'reverse', owner, transferId: id, ...body };
      }}
      yes={t('yes')}
      isDanger
      onClose={onClose}
    >
      {legs.map(({ leg, from, to, asset, scale, remaining }, n) => (
        <AmountField
          key={leg}
          label={t('leg', { from, to, asset, amount: amount(remaining, scale) })}
          text={texts.value[n] ?? ''}
          scale={scale}
          {...(legs.length > 1 && { hint: t('partHint') })}
          isRequired={false}
          onInput={(text) => {
            texts.value = legs.map((_, i) => (i === n ? text : (texts.value[i] ?? '')));
          }}
        />
      ))}
      <label class="check">
        <input
          type="checkbox"
          checked={allowDebt.value}
          onChange={({ currentTarget }) => {
            allowDebt.value = currentTarget.checked;
          }}
        />
        <span>{t('allowDebt')}</span>
      </label>
    </MemberAction>
  );
}
