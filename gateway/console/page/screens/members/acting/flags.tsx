// An account is frozen, closed, and the other way round. Owns: these dialogs. Never touches: when it may be done.

import type { JSX } from 'preact';
import {
  postV1AccountsByOwnerAssetsByAssetClose,
  postV1AccountsByOwnerAssetsByAssetFreeze,
  postV1AccountsByOwnerAssetsByAssetReopen,
  postV1AccountsByOwnerAssetsByAssetUnfreeze,
} from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { table } from '../../../../../web/page/words/words.js';
import { MemberAction } from './member-action.js';

const t = speaker(
  table({
    en: {
      freeze: 'Freeze',
      unfreeze: 'Unfreeze',
      close: 'Close',
      reopen: 'Reopen',
      freezeTitle: 'Freeze {asset} of {owner}',
      unfreezeTitle: 'Unfreeze {asset} of {owner}',
      closeTitle: 'Close {asset} of {owner}',
      reopenTitle: 'Reopen {asset} of {owner}',
      freezeWhat:
        'Nothing can be taken from the account until it is unfrozen. Points still come in, and expire.',
      unfreezeWhat: 'Points can be taken from the account again.',
      closeWhat:
        'Nothing can come in or go out any more. It takes that nothing is left, held or owed.',
      reopenWhat: 'Points can come in and go out again.',
    },
    zh: {
      freeze: '冻结',
      unfreeze: '解冻',
      close: '关闭',
      reopen: '重新开启',
      freezeTitle: '冻结 {owner} 的 {asset}',
      unfreezeTitle: '解冻 {owner} 的 {asset}',
      closeTitle: '关闭 {owner} 的 {asset}',
      reopenTitle: '重新开启 {owner} 的 {asset}',
      freezeWhat: '解冻之前不能从该账户支出积分；仍可入账，也会到期。',
      unfreezeWhat: '该账户可以再次支出积分。',
      closeWhat: '关闭后不能再收支积分。必须没有余额、冻结或欠款。',
      reopenWhat: '该账户可以再次收支积分。',
    },
  }),
);

const OPERATIONS = {
  freeze: postV1AccountsByOwnerAssetsByAssetFreeze,
  unfreeze: postV1AccountsByOwnerAssetsByAssetUnfreeze,
  close: postV1AccountsByOwnerAssetsByAssetClose,
  reopen: postV1AccountsByOwnerAssetsByAssetReopen,
} as const;

/** What is done with an account as a whole. */
export type Flagging = keyof typeof OPERATIONS;
export const FLAGGING_NEEDS = ['freeze', 'admin'] as const;

export const flagWord = (flagging: Flagging): string => t(flagging);

/** What can be done with an account as it is. */
export function flaggings({ frozen, closed }: Flags): readonly Flagging[] {
  if (closed) return ['reopen'];
  return frozen ? ['unfreeze', 'close'] : ['freeze', 'close'];
}
interface Flags {
  readonly frozen: boolean;
  readonly closed: boolean;
}

export function FlagDialog({
  flagging,
  owner,
  asset,
  onClose,
}: {
  flagging: Flagging;
  owner: string;
  asset: string;
  onClose: () => void;
}): JSX.Element {
  return (
    <MemberAction
      title={t(`${flagging}Title`, { owner, asset })}
      what={t(`${flagging}What`)}
      needs={FLAGGING_NEEDS}
      operation={OPERATIONS[flagging]}
      asked={(reason) => ({ path: { owner, asset }, body: { reason } })}
      command={(reason) => ({ type: `${flagging}-account`, owner, asset, reason })}
      yes={t(flagging)}
      isDanger={flagging === 'freeze' || flagging === 'close'}
      onClose={onClose}
    />
  );
}
