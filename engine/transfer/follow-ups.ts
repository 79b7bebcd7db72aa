// Follow-ups: transfers that a posted transfer causes, and what acts cause, for other owners, kept until their outcome is known. Owns: the
// messages between the shard of the cause and the shard of the follow-up. Never touches: how it is carried out: as any command.
//   transfer.F1. A follow-up is there as soon as its cause is posted, in the same block, and never otherwise.
//   transfer.F2. It is sent until its final outcome has come back; its id makes that one outcome, however often it arrives.

import type { Work } from '../ledger/work.js';
import { FOLLOW_UPS_LATER_MAX, FOLLOW_UPS_TOWARDS_MAX } from '../limits.js';
import { packCommand } from '../protocol/command-buffer.js';
import { CommandView } from '../protocol/command-view.js';
import { EXTRA } from '../protocol/effects.js';
import { causeOf, isFollowUpCode } from '../protocol/follow-ups.js';
import { ownerRequired } from '../protocol/grants.js';
import { ownerHash } from '../protocol/hash.js';
import { homePlace, lacksOwner } from '../protocol/home.js';
import { LEG, LEG_PLACES, OP, PLACES } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { planIn } from './carried.js';
import { causeIn, isCausable, mintedBy, notBeforeOf } from './caused.js';
import type { FollowUp } from './open/follow-ups.js';
import type { Places } from './open/places.js';

const { followUps: FOLLOW_UPS, legs: LEGS } = PLACES.transfer;
const { asset: ASSET } = LEG;

/** Places in every command, and in what says that a follow-up was delivered. */
const { id: ID, refusal: REFUSAL } = PLACES.delivered;

/** Is this command one that a posted command has caused? */
export const isFollowUp = (command: CommandView): boolean =>
  (command.op === OP.transfer || isCausable(command.op)) &&
  isFollowUpCode(command.bytes[command.textStart(ID)]);

/** A follow-up before its cause is posted. */
interface Next extends Omit<FollowUp, 'seq'> {
  /** Its home owner. */
  readonly home: string;
}

/** The follow-ups of a command, in their order. */
const followUpsOf = (cause: CommandView, places: Places): Next[] =>
  cause.op === OP.transfer ? followUpsIn(cause, places) : mintedIn(cause, places);

/** What an act or a reversal causes by its plan. */
function mintedIn(cause: CommandView, places: Places): Next[] {
  const plan = planIn(cause);
  if (plan?.followUps === undefined) return [];
  return mintedBy(cause.tuple(), plan).map((one) => {
    const { id, owner: home } = one;
    const to = places.shardOf(ownerHash(home));
    return { id, home, to, command: packCommand(one, id), notBefore: notBeforeOf(one, plan) };
  });
}

/** Those in a transfer: packed transfers, one after the other. */
function followUpsIn(transfer: CommandView, places: Places): Next[] {
  const found: Next[] = [];
  if (transfer.isNil(FOLLOW_UPS)) return found;
  const start = transfer.bytesStart(FOLLOW_UPS);
  const end = start + transfer.bytesLength(FOLLOW_UPS);
  const view = new CommandView();
  for (let at = start; at < end; at = view.end) {
    view.read(transfer.bytes, at);
    const home = view.text(homePlace(view));
    const command = transfer.bytes.slice(at, view.end);
    const to = places.shardOf(ownerHash(home));
    found.push({ id: view.text(ID), home, to, command, notBefore: 0 });
  }
  return found;
}

/** May a transfer cause its follow-ups? Their assets must be known, and too many may wait for a shard already. Returns a refusal's number or 0. */
export function followUpsRefusal({ state }: Work, transfer: CommandView): number {
  if (transfer.isNil(FOLLOW_UPS)) return 0;
  const { places, assets } = state;
  const view = new CommandView();
  for (const [n, { command }] of followUpsIn(transfer, places).entries()) {
    view.read(command, 0);
    if (lacksOwner(view)) return ownerRequired(`followUps[${n}].owner`);
    for (let i = LEGS; i < view.count; i += LEG_PLACES)
      if (assets.indexAt(view, i + ASSET) < 0) return REFUSALS.ASSET_UNKNOWN.number;
  }
  return waitingRefusal(state, transfer);
}

/** May a command cause its follow-ups, or do too many wait already? Returns a refusal's number or 0. */
export function waitingRefusal({ followUps, places }: Work['state'], cause: CommandView): number {
  for (const { to, notBefore } of followUpsOf(cause, places)) {
    const isFull =
      notBefore > 0
        ? followUps.later >= FOLLOW_UPS_LATER_MAX
        : followUps.towards(to) >= FOLLOW_UPS_TOWARDS_MAX;
    if (isFull) return REFUSALS.SHARD_UNAVAILABLE.number;
  }
  return 0;
}

/** On its home shard, a command is posted: after the line. Who asks for it learns of what owner a follow-up is that has been minted. */
export function causeFollowUps(work: Work, cause: CommandView): void {
  const { state, draft } = work;
  for (const { id, home, to, command, notBefore } of followUpsOf(cause, state.places)) {
    state.followUps.add({ id, to, seq: draft.seq, command, notBefore });
    draft.effects.extra(EXTRA.followUp, [1, to], cause.op === OP.transfer ? [id] : [id, home]);
    if (notBefore === 0) work.outbox.push({ to, packed: command });
  }
}

/** On its own home shard, a follow-up has an outcome for ever: 0, or the number of its refusal. Its cause's shard is told. */
export function acknowledge(work: Work, command: CommandView, refusal: number): void {
  const id = command.text(ID);
  const cause = causeOf(id) ?? causeIn(command.tuple());
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
