// Exchanges by the stable platform API. Owns: for which points of a target platform, and what is asked of the ledger. Never touches: paths, answers.

import type { Command, Posted } from '../../../engine/index.js';
import { type Refusal, refuse } from '../../refusal.js';
import type { ServedLedger } from '../../route.js';
import type { Submitter } from '../../submission.js';

/** Where a transfer goes. */
export interface Target {
  readonly id: string;
  /** In which the receiver gets the points. */
  readonly asset: string;
}

/** The platform that a call names as the target, and its points: the same where it uses them, else its own. */
export function targetOf(
  { access }: ServedLedger,
  platform: string,
  named: string | undefined,
  asset: string,
): Target | Refusal {
  if (named === undefined || named === platform) return { id: platform, asset };
  const found = access?.directory.platforms.find((one) => one.id === named);
  if (found === undefined) return refuse('PLATFORM_NOT_FOUND', 'target_platform');
  if (found.disabled) return refuse('PLATFORM_DISABLED', 'target_platform');
  const { id, assets } = found;
  const [first] = assets;
  if (first === undefined) return refuse('EXCHANGE_UNSUPPORTED', 'target_platform');
  return { id, asset: assets.includes(asset) ? asset : first };
}

interface Said {
  readonly id: string;
  readonly memo: string | undefined;
  /** Minor units. */
  readonly amount: number;
  readonly asset: string;
}

export function exchangeCommand(
  { id, memo, amount, asset }: Said,
  target: Target,
  owner: string,
  receiver: string,
): Command {
  const body = { from: asset, to: target.asset, amount };
  const whole = receiver === owner ? body : { ...body, receiver };
  const said = { id, kind: 'EXCHANGE', memo, owner };
  return { type: 'act', act: 'exchange', ...said, body: whole } as Command;
}

/** The exchange that was asked for, where it was one of these assets. */
export function exchangeIn(
  past: Command | undefined,
  assets: ReadonlySet<string> | undefined,
): { readonly from: string; readonly to: string } | undefined {
  if (past?.type !== 'act' || past.act !== 'exchange') return undefined;
  const pair = past.body as { readonly from: string; readonly to: string };
  return assets === undefined || assets.has(pair.from) ? pair : undefined;
}

/**
 * Who asks, as one who may have an exchange give another platform's points, too: what comes for its own is what definitions allow. Of such an outcome no
 * more is told than what was given and got.
 */
export function submitterBeyond(submitter: Submitter, asset: string | undefined): Submitter {
  const { grants } = submitter;
  if (asset === undefined || grants.assets === undefined) return submitter;
  return { ...submitter, grants: { ...grants, assets: new Set([...grants.assets, asset]) } };
}

/** What is told of an outcome: the owner's balance, and of an exchange what was got. What the owner has with another platform is not told. */
export function toldOf({ act, entries }: Posted, owner: string) {
  const exchanged = act?.effects.find(({ type }) => type === 'exchanged');
  const { from, to: received_asset, result: received, fee } = exchanged ?? {};
  const last = entries.findLast(
    (one) => one.owner === owner && (exchanged === undefined || one.asset === from),
  );
  return { balance: last?.available, received_asset, received, fee };
}
