// What must hold of the logs of simulated shards when all has come to rest: outcomes, chains, entries, what clients were told.
// Owns: comparing them. Never touches: states but for their counters.
//   Works from commands and effects alone, with its own idea of who takes part in a transfer.

import { commandOfTuple, isSameSaid, legsOf, unpackTuple } from '../../engine/protocol/codec.js';
import type { CaptureCommand, Leg, TransferCommand } from '../../engine/protocol/commands.js';
import { TRANSIT } from '../../engine/protocol/effects.js';
import { followUpId } from '../../engine/protocol/follow-ups.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { homeOwner } from '../../engine/protocol/home.js';
import { OP, PLACES, typeOfOp } from '../../engine/protocol/layout.js';
import { packValue } from '../../engine/protocol/packed-value.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { checkAct, checkUndone } from './acts.js';
import { checkLots } from './carried.js';
import { balancesIn } from './checks.js';
import type { Wish } from './clients.js';
import { PREPARED } from './outside.js';
import { checkReversal, type Undone, undoneParts } from './reversals.js';
import type { SimShard } from './shard.js';
import { type Logged, lastOf, outcomeOf, reversalIn, type Story, storiesOf } from './story.js';

/** How often what came about, over all logs. */
export type Counts = Map<string, number>;

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

export function checkHistory(
  shards: readonly SimShard[],
  wishes: readonly Wish[],
  slotMap: Uint16Array,
): Counts {
  const { stories, freed, anew } = storiesOf(shards, slotMap);
  const counts: Counts = new Map();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const undone: Undone = new Map();
  for (const story of stories.values()) {
    checkSteps(story);
    checkOutcome(story, slotMap, stories);
    checkLots(story, slotMap, shards);
    checkReversal(story, stories, undone);
    checkAct(story, shards, count);
    const type = lastOf(story, story.home)?.op === OP.decision ? 'cross' : 'local';
    count(`${type} ${outcomeOf(story) ?? 'never'}`);
    const op = story.byShard.get(story.home)?.[0]?.op;
    if (type === 'cross' && op !== OP.transfer)
      count(`${typeOfOp(op!)} across ${outcomeOf(story) === 0 ? 'posted' : 'refused'}`);
    if (story.byShard.size > 1) count(`on ${story.byShard.size} shards`);
  }
  if (anew > 0) counts.set('act decided anew', anew);
  checkFollowUps(stories, count);
  checkUndone(stories);
  checkTold(stories, freed, wishes, count);
  checkAmounts(stories, shards);
  return counts;
}

/** F1, F2: what a posted transfer causes has an outcome, and nothing else that would be a follow-up is there. */
function checkFollowUps(stories: ReadonlyMap<string, Story>, count: (what: string) => void): void {
  const caused = new Set<string>();
  for (const { owner, id, home, byShard } of stories.values()) {
    const { op, tuple } = byShard.get(home)![0]!;
    if (op !== OP.transfer) continue;
    const { followUps = [] } = commandOfTuple(tuple) as TransferCommand;
    const isPosted = outcomeOf(stories.get(`${owner} ${id}`)!) === 0;
    followUps.forEach((one, i) => {
      const key = `${homeOwner({ type: 'transfer', ...one })} ${followUpId(owner, id, i + 1)}`;
      const story = stories.get(key);
      const outcome = story === undefined ? undefined : outcomeOf(story);
      const isLate = one.legs.some(({ expiresAt }) => expiresAt != null);
      demand(isPosted || story === undefined, `${key}: its cause was refused`);
      demand(!isPosted || outcome !== undefined || isLate, `${key} has no outcome`);
      caused.add(key);
      if (isPosted) count(`followed up ${outcome === 0 ? 'posted' : 'refused'}`);
    });
  }
  for (const key of stories.keys())
    demand(!key.includes('>') || caused.has(key), `${key} has no cause`);
}

/** L5: on one shard a command is one record, a part of a cross-shard transfer at most two. Nothing after an outcome. */
function checkSteps({ owner, id, home, byShard }: Story): void {
  for (const [shard, logged] of byShard) {
    const where = `${owner} ${id} on shard ${shard}`;
    const [first, second] = logged as [Logged, Logged | undefined];
    const begins = shard === home ? first.op !== OP.prepare : first.op === OP.prepare;
    demand(begins && first.op !== OP.decision, `${where} begins with op ${first.op}`);
    const isOpened = first.state === TRANSIT.open;
    demand(logged.length === (isOpened ? 2 : 1), `L5: ${where} has ${logged.length} records`);
    if (second === undefined) continue;
    demand(second.op === OP.decision, `L5: ${where} ends with op ${second.op}`);
    const state = second.refusal === 0 ? TRANSIT.posted : TRANSIT.refused;
    demand(second.state === state, `${where} ends in state ${second.state}`);
  }
}

/** Shards on which a command has anything; undefined: it is of a kind that never crosses. */
function shardsOf(
  { home, byShard }: Story,
  slotMap: Uint16Array,
  stories: ReadonlyMap<string, Story>,
): Set<number> | undefined {
  const { op, tuple } = byShard.get(home)![0]!;
  const reversal = reversalIn(tuple);
  if (reversal !== undefined) {
    const original = stories.get(`${reversal.owner} ${reversal.transferId}`);
    return original === undefined ? new Set([home]) : shardsOf(original, slotMap, stories);
  }
  if (op !== OP.transfer && op !== OP.capture && op !== OP.act) return undefined;
  const { to, condition } = commandOfTuple(tuple) as Pick<CaptureCommand, 'to'> &
    Pick<TransferCommand, 'condition'>;
  const names =
    op === OP.capture
      ? [to]
      : legsOf(tuple)
          .flatMap((leg) => [leg.from, leg.to])
          .concat(condition?.owner ?? []);
  const users = names.filter((name) => !name.startsWith('@'));
  return new Set([home, ...users.map((name) => slotMap[slotOf(name)]!)]);
}

/** Is what a prepare carries the command that its home shard logged? A capture is completed on the way; an act that reverses goes as that. */
function isCarried(prepare: Logged, { op, bytes, tuple }: Logged): boolean {
  const carried = prepare.tuple[5] as Uint8Array;
  if (op === OP.act && reversalIn(tuple) !== undefined) {
    const reversal = unpackTuple(carried, 0, carried.length);
    const [is, should] = [reversal, tuple].map((one) => {
      const { owner, transferId, amount, legs } = reversalIn(one)!;
      return JSON.stringify([one[2], owner, transferId, amount, legs]);
    });
    return is === should && isSame(reversal[PLACES.reverse.plan], tuple[PLACES.act.plan]);
  }
  if (op !== OP.capture) return Buffer.compare(carried, bytes) === 0;
  const complete = unpackTuple(carried, 0, carried.length);
  return tuple.every(
    (field, place) => (place === 10 && field === null) || isSame(field, complete[place]),
  );
}

const isSame = (one: unknown, other: unknown): boolean =>
  packValue(one).join() === packValue(other).join();

/** Posted on all shards of its chain, or on none; the same refusal wherever it was refused; never begun after its deadline. */
function checkOutcome(
  story: Story,
  slotMap: Uint16Array,
  stories: ReadonlyMap<string, Story>,
): void {
  const { owner, id, home, byShard } = story;
  const first = byShard.get(home)?.[0];
  const where = `${owner} ${id}`;
  demand(first !== undefined, `${where} is on shards ${[...byShard.keys()]}, not at home`);
  const members = shardsOf(story, slotMap, stories);
  if (members === undefined) return;
  const isCross = first!.state === TRANSIT.open;
  demand(!isCross || members.size > 1, `${where} crosses, though it is all on one shard`);
  demand(isCross || members.size === 1 || first!.refusal !== 0, `${where} does not cross`);
  const outcome = outcomeOf(story)!;
  for (const shard of byShard.keys())
    demand(members.has(shard), `${where} came to shard ${shard}, which has no part in it`);
  for (const shard of members) {
    const last = lastOf(story, shard);
    demand(
      outcome !== 0 || last !== undefined,
      `${where} is posted, and unknown on shard ${shard}`,
    );
    demand(
      (last?.refusal ?? outcome) === outcome,
      `${where} is ${outcome} at home, ${last?.refusal} on shard ${shard}`,
    );
    const begun = byShard.get(shard)?.[0];
    if (begun === undefined || shard === home) continue;
    demand(isCarried(begun, first!), `${where} changed on its way`);
    const isLate = begun.time > first!.deadline;
    const isRefused = begun.refusal === REFUSALS.PREPARE_LATE.number;
    demand(
      isLate === isRefused,
      `${where} on shard ${shard}: late ${isLate}, answered ${begun.refusal}`,
    );
  }
}

/** Is it what a client said? Beside that, acts and reversals have what was decided. */
function isSaid({ op, bytes: logged, tuple }: Logged, bytes: Uint8Array): boolean {
  return op === OP.act || op === OP.reverse
    ? isSameSaid(tuple, unpackTuple(bytes, 0, bytes.length))
    : Buffer.compare(logged, bytes) === 0;
}

/** Every outcome that a client was told is what the log says, and was never another. */
function checkTold(
  stories: ReadonlyMap<string, Story>,
  freed: ReadonlySet<string>,
  wishes: readonly Wish[],
  count: (what: string) => void,
): void {
  for (const { owner, id, shard, bytes, told } of wishes) {
    const story = stories.get(`${owner} ${id}`);
    const known = story?.byShard.get(shard)?.[0];
    const isKnown = known !== undefined && isSaid(known, bytes);
    for (const number of told) {
      count(`told ${number}`);
      const what = `${owner} ${id}: told ${number}`;
      if (number < 128) {
        demand(
          isKnown,
          `${what}, the log ${known === undefined ? 'has nothing' : 'has another body'}`,
        );
        demand(number === outcomeOf(story!), `${what}, the log says ${outcomeOf(story!)}`);
      } else if (number === PREPARED) {
        const isPrepared = isKnown && known!.state === TRANSIT.open;
        demand(isPrepared || freed.has(`${owner} ${id}`), `${what}, and never prepared`);
      } else if (number === REFUSALS.ID_REUSED.number) {
        const isOther = known !== undefined && !isKnown;
        demand(isOther || freed.has(`${owner} ${id}`), `${what}, and never used`);
      }
    }
  }
}

/** Points that posted legs and captures gave and took, by account: what the owners' counters must say. */
function checkAmounts(stories: ReadonlyMap<string, Story>, shards: readonly SimShard[]): void {
  const sums = new Map<string, bigint>();
  const add = (account: string, amount: number | bigint): void =>
    void sums.set(account, (sums.get(account) ?? 0n) + BigInt(amount));
  const addLegs = (
    legs: readonly Pick<Leg, 'from' | 'to' | 'asset' | 'amount'>[],
    sign: bigint,
  ) => {
    for (const { from, to, asset, amount } of legs) {
      add(`${from} ${asset} spent`, sign * BigInt(amount));
      add(`${to} ${asset} earned`, sign * BigInt(amount));
    }
  };
  const codes = shards[0]!.state.assets;
  for (const story of stories.values())
    if (outcomeOf(story) === 0) addLegs(legsIn(story, codes), 1n);
  for (const [original, { byLeg, isWhole }] of undoneParts(stories)) {
    const legs = legsIn(original, codes);
    addLegs(isWhole ? legs : legs.map((leg, i) => ({ ...leg, amount: byLeg.get(i) ?? 0 })), -1n);
  }
  for (const { state } of shards) {
    for (const { owner, asset, earned, spent } of balancesIn(state)) {
      if (owner.startsWith('@transit:') || owner === '@expire') continue;
      add(`${owner} ${asset} earned`, -earned);
      add(`${owner} ${asset} spent`, -spent);
    }
  }
  for (const [what, left] of sums) demand(left === 0n, `${what}: the legs say ${left} more`);
}

/** What a posted transfer or capture moved; nothing for other commands. */
function legsIn(
  story: Story,
  codes: SimShard['state']['assets'],
): readonly Pick<Leg, 'from' | 'to' | 'asset' | 'amount'>[] {
  const { op, tuple } = story.byShard.get(story.home)![0]!;
  if (op === OP.transfer || op === OP.act) return legsOf(tuple);
  if (op !== OP.capture) return [];
  const { effects, offset } = lastOf(story, story.home)!;
  const [from, to] = [tuple[7] as string, tuple[9] as string];
  const paid = effects.entries(offset).find(({ owner }) => owner === from)!;
  return [{ from, to, asset: codes.at(paid.asset).asset, amount: paid.spent }];
}
