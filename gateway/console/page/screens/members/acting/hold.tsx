// What is held of a member is given back, or spent. Owns: these dialogs. Never touches: who may, how much is held.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  postV1AccountsByOwnerHoldsByIdCapture,
  postV1AccountsByOwnerHoldsByIdRelease,
} from '../../../../../web/page/api/operations.js';
import { amount, speaker } from '../../../../../web/page/shell/language.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { minorOf, table } from '../../../../../web/page/words/words.js';
import { ActionDialog } from '../../../ui/acting/action-dialog.js';
import { AmountField } from './amount-field.js';

const t = speaker(
  table({
    en: {
      release: 'Release',
      releaseTitle: 'Release the hold {id}',
      releaseWhat:
        '{amount} {asset} can be spent by {owner} again, with the expiry that they had. What has expired meanwhile expires at once.',
      capture: 'Capture',
      captureTitle: 'Capture the hold {id}',
      captureWhat: '{amount} {asset} of {owner} are held. What is captured is spent.',
      to: 'Goes to',
      redeemed: 'Redeemed (@redeem)',
      someone: 'A member or an account',
      toName: 'To whom',
      amount: 'How many',
      amountHint: 'Left out: all that is held.',
      rest: 'Release the rest',
    },
    zh: {
      release: '解除',
      releaseTitle: '解除冻结 {id}',
      releaseWhat: '{owner} 可再次使用 {amount} {asset}，有效期不变；期间已到期的部分会立即过期。',
      capture: '扣除',
      captureTitle: '扣除冻结 {id}',
      captureWhat: '{owner} 已冻结 {amount} {asset}，扣除的部分即被使用。',
      to: '转入',
      redeemed: '兑换（@redeem）',
      someone: '会员或账户',
      toName: '转入对象',
      amount: '数量',
      amountHint: '留空表示全部。',
      rest: '解除其余部分',
    },
  }),
);

/** What both take. */
export const HOLD_NEEDS = ['spend'] as const;
export type HoldVerb = 'release' | 'capture';
export const holdWord = (verb: HoldVerb): string => t(verb);

/** A hold that is open. */
export interface OpenHold {
  readonly owner: string;
  readonly id: string;
  readonly asset: string;
  /** Minor units. */
  readonly remaining: number;
}

interface OfHold {
  readonly hold: OpenHold;
  readonly scale: number;
  readonly onClose: () => void;
}

const ReleaseDialog = ({ hold, scale, onClose }: OfHold): JSX.Element => {
  const { owner, id, asset, remaining } = hold;
  return (
    <ActionDialog
      title={t('releaseTitle', { id })}
      what={t('releaseWhat', { owner, asset, amount: amount(remaining, scale) })}
      operation={postV1AccountsByOwnerHoldsByIdRelease}
      asked={(reason) => ({ path: { owner, id }, body: { memo: reason } })}
      yes={t('release')}
      onClose={onClose}
    />
  );
};

const REDEEM = '@redeem';

function CaptureDialog({ hold, scale, onClose }: OfHold): JSX.Element {
  const { owner, id, asset, remaining } = hold;
  const to = useSignal(REDEEM);
  const name = useSignal('');
  const some = useSignal('');
  const isRest = useSignal(false);
  const said = (reason: string) => {
    const payee = to.value === REDEEM ? REDEEM : name.value.trim();
    const minor = some.value.trim() === '' ? undefined : minorOf(some.value, scale);
    if (payee === '' || (some.value.trim() !== '' && minor === undefined)) return undefined;
    return {
      ...{ to: payee, memo: reason },
      ...(minor !== undefined && { amount: minor }),
      ...(minor !== undefined && isRest.value && { releaseRest: true }),
    };
  };
  return (
    <ActionDialog
      title={t('captureTitle', { id })}
      what={t('captureWhat', { owner, asset, amount: amount(remaining, scale) })}
      operation={postV1AccountsByOwnerHoldsByIdCapture}
      asked={(reason) => {
        const body = said(reason);
        return body && { path: { owner, id }, body };
      }}
      yes={t('capture')}
      isDanger
      onClose={onClose}
    >
      <Field label={t('to')} bound={to}>
        <option value={REDEEM}>{t('redeemed')}</option>
        <option value="">{t('someone')}</option>
      </Field>
      {to.value !== REDEEM && <Field label={t('toName')} fills="to" bound={name} isRequired />}
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
      {some.value.trim() !== '' && (
        <label class="check">
          <input
            type="checkbox"
            checked={isRest.value}
            onChange={({ currentTarget }) => {
              isRest.value = currentTarget.checked;
            }}
          />
          <span>{t('rest')}</span>
        </label>
      )}
    </ActionDialog>
  );
}

export const HoldDialog = ({ verb, ...of }: OfHold & { verb: HoldVerb }): JSX.Element =>
  verb === 'release' ? <ReleaseDialog {...of} /> : <CaptureDialog {...of} />;
