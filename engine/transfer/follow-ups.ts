// Follow-ups: transfers that a posted transfer causes, for other owners, kept until their outcome is known. Owns: the messages
// between the shard of the cause and the shard of the follow-up. Never touches: how it is carried out: as any transfer.
//   transfer.F1. A follow-up is there as soon as its cause is posted, in the same block, and never otherwise.
//   transfer.F2. It is sent until its final outcome has come back; its id makes that one outcome, however often it arrives.

import type { Work } from '../ledger/work.js';
import { FOLLOW_UPS_TOWARDS_MAX } from '../limits.js';
import { CommandView } from '../protocol/command-view.js';
import { EXTRA } from '../protocol/effects.js';
import { causeOf, isFollowUpCode } from '../protocol/follow-ups.js';
import { ownerRequired } from '../protocol/grants.js';
import { ownerHash } from '../protocol/hash.js';
import { homePlace, lacksOwner } from '../protocol/home.js';
import { LEG, LEG_PLACES, OP, PLACES } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { FollowUp } from './open/follow-ups.js';
import type { Places } from './open/places.js';

const { followUps: FOLLOW_UPS, legs: LEGS } = PLACES.transfer;
const { asset: ASSET } = LEG;

/** Places in every command, and in what says that a follow-up was delivered. */
const { id: ID, refusal: REFUSAL } = PLACES.delivered;

/** Is this command one that a posted transfer has caused? */
export const isFollowUp = (command: CommandView): boolean =>
  command.op === OP.transfer && isFollowUpCode(command.bytes[command.textStart(ID)]);

/** The follow-ups in a transfer: packed transfers, one after the other. */
function followUpsIn(transfer: CommandView, places: Places): Omit<FollowUp, 'seq'>[] {
  const found: Omit<FollowUp, 'seq'>[] = [];
  if (transfer.isNil(FOLLOW_UPS)) return found;
  const start = transfer.bytesStart(FOLLOW_UPS);
  const end = start + transfer.bytesLength(FOLLOW_UPS);
  const view = new CommandView();
  for (let at = start; at < end; at = view.end) {
    view.read(transfer.bytes, at);
    const home = view.text(homePlace(view));
    const command = transfer.bytes.slice(at, view.end);
    found.push({ id: view.text(ID), to: places.shardOf(ownerHash(home)), command });
  }
  return found;
}

/** May a transfer cause its follow-ups? Their assets must be known, and too many may wait for a shard already. Returns a refusal's number or 0. */
export function followUpsRefusal({ state }: Work, transfer: CommandView): number {
  if (transfer.isNil(FOLLOW_UPS)) return 0;
  const { followUps, places, assets } = state;
  const view = new CommandView();
  for (const [n, { to, command }] of followUpsIn(transfer, places).entries()) {
    view.read(command, 0);
    if (lacksOwner(view)) return ownerRequired(`followUps[${n}].owner`);
    for (let i = LEGS; i < view.count; i += LEG_PLACES)
      if (assets.indexAt(view, i + ASSET) < 0) return REFUSALS.ASSET_UNKNOWN.number;
    if (followUps.towards(to) >= FOLLOW_UPS_TOWARDS_MAX) return REFUSALS.SHARD_UNAVAILABLE.number;
  }
  return 0;
}

/** On its home shard, a transfer is posted: after the line. */
export function causeFollowUps(work: Work, transfer: CommandView): void {
  if (transfer.isNil(FOLLOW_UPS)) return;
  const { state, draft } = work;
  for (const one of followUpsIn(transfer, state.places)) {
    state.followUps.add({ ...one, seq: draft.seq });
    draft.effects.extra(EXTRA.followUp, [1, one.to], [one.id]);
    work.outbox.push({ to: one.to, packed: one.command });
  }
}

/** On its own home shard, a follow-up has an outcome for ever: 0, or the number of its refusal. Its cause's shard is told. */
export function acknowledge(work: Work, id: string, refusal: number): void {
  const cause = causeOf(id);
  if (cause === undefined) throw new Error(`${id} is no follow-up`);
  const { owner } = cause;
  const to = work.state.places.shardOf(ownerHash(owner));
  work.outbox.push({ to, command: { type: 'delivered', id, owner, refusal } });
}

/** On the cause's shard: it is known what became of a follow-up. Returns whether that is new, and logged. */
export function delivered(work: Work, command: CommandView): boolean {
  const id = command.text(ID);
  const { followUps } = work.state;
  if (!followUps.has(id)) return false;
  // From here the command must succeed.
  work.begin();
  followUps.delete(id);
  work.draft.effects.extra(EXTRA.followUp, [0, command.number(REFUSAL)], [id]);
  return true;
}
