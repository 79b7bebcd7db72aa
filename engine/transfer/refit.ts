// The decision of a dry run between shards. The other shards were asked a moment ago, and the home shard may have changed
// since. Owns: making the decision fit what the home shard reserves now. Never touches: decisions of commands that are carried
// out, whose lots are those of their prepare.

import type { State } from '../ledger/state.js';
import { packCommand } from '../protocol/command-buffer.js';
import { CommandView } from '../protocol/command-view.js';
import { homePlace } from '../protocol/home.js';
import { OP, PLACES } from '../protocol/layout.js';
import type { Chain } from './chain.js';
import { packLots, unpackLots } from './lots.js';

/** Places in a decision. */
const { id: ID, owner: OWNER, refusal: REFUSAL, lots: LOTS, deadline: DEADLINE } = PLACES.decision;

/** Numbers of lots (lots.ts), leg by leg. */
function byLeg(legs: number, numbers: readonly number[]): (readonly number[])[] {
  const found: (readonly number[])[] = [];
  let at = 0;
  for (let leg = 0; leg < legs; leg++) {
    const end = at + 1 + 2 * (numbers[at] ?? 0);
    found.push(at < numbers.length ? numbers.slice(at, end) : [0]);
    at = end;
  }
  return found;
}

/**
 * The decision's bytes, with the lots that payers of this shard have reserved, and of whichever attempt is tried; null: it fits as it is.
 */
export function refitted(
  { transits, places }: State,
  chain: Chain,
  decision: CommandView,
): Uint8Array | null {
  const [id, owner] = [decision.text(ID), decision.text(OWNER)];
  const transit = transits.get(owner, id);
  const refusal = decision.number(REFUSAL);
  if (transit === undefined) return null;
  if (!decision.isNil(DEADLINE))
    return packCommand({ type: 'decision', id, owner, refusal }, id).slice();
  if (refusal !== 0 || decision.isNil(LOTS)) return null;
  const carried = new CommandView();
  carried.read(transit.transfer, 0);
  if (carried.op === OP.reverse) return null;
  chain.plan(carried, homePlace(carried), places);
  const start = decision.bytesStart(LOTS);
  const told = byLeg(chain.lots, unpackLots(decision.bytes, start, decision.bytesLength(LOTS)));
  const own = byLeg(chain.lots, transit.lots);
  // What is held is of the home shard, which this is.
  const isOwn = (leg: number): boolean => leg >= chain.legs || chain.payerAt[leg] === places.shard;
  const lots = told.map((lot, leg) => (isOwn(leg) ? own[leg] : lot) ?? lot);
  const fields = { type: 'decision', id, owner, refusal: 0 } as const;
  const packed = { lots: packLots(lots.flat()), transfer: transit.transfer };
  return packCommand({ ...fields, ...packed }, id).slice();
}
