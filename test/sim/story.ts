// The logs of simulated shards by id: what became of each command, shard by shard. Owns: reading blocks.
// Never touches: states but to compare them with what effects add up to.

import { commandOfTuple, type Tuple, unpackTuple } from '../../engine/protocol/codec.js';
import type { ReverseCommand, TransferCommand } from '../../engine/protocol/commands.js';
import { type EffectReader, EXTRA } from '../../engine/protocol/effects.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { homeOwnerOfTuple } from '../../engine/protocol/home.js';
import { OP, PLACES } from '../../engine/protocol/layout.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { planOfTuple } from '../../engine/transfer/carried.js';
import { ActBooks } from './act-books.js';
import { Books } from './books.js';
import { balancesIn } from './checks.js';
import { HoldBooks } from './holds.js';
import type { SimShard } from './shard.js';

/** One logged command that has an id. */
export interface Logged {
  readonly shard: number;
  readonly seq: number;
  readonly time: number;
  readonly op: number;
  readonly tuple: Tuple;
  readonly bytes: Uint8Array;
  readonly effects: EffectReader;
  readonly offset: number;
  readonly refusal: number;
  /** TRANSIT; -1: not a part of a cross-shard transfer. */
  readonly state: number;
  readonly deadline: number;
}

/** Everything under one id of one owner: by shard, in log order. */
export interface Story {
  readonly owner: string;
  readonly id: string;
  readonly home: number;
  readonly byShard: Map<number, Logged[]>;
}

/** All logs, by id. */
export interface Stories {
  readonly stories: Map<string, Story>;
  /** Ids of which an attempt was refused for now: it has never been (transfer.X7), and is in no story. */
  readonly freed: ReadonlySet<string>;
  /** How many attempts were decided anew by the shard itself, where a pool was short: in the block that says so. */
  readonly anew: number;
}

/** First numbers of refusals for now. */
const FIRST_PASSING = 128;

export function storiesOf(shards: readonly SimShard[], slotMap: Uint16Array): Stories {
  const stories = new Map<string, Story>();
  for (const shard of shards) {
    const books = new Books(shard.number, shard.state.assets);
    const holds = new HoldBooks(shard);
    const acts = new ActBooks(shard);
    let time = 0;
    for (const { header, commands, effects } of shard.blocks) {
      if (header.time < time)
        throw new Error(`block ${header.seq} of shard ${shard.number} goes back in time`);
      time = header.time;
      for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
        const start = effects.commandOffset(at);
        const bytes = commands.subarray(start, start + effects.commandLength(at));
        const tuple = unpackTuple(bytes, 0, bytes.length);
        const op = tuple[1] as number;
        const carried = carriedBy(tuple);
        const mayOwe = carried !== undefined && reversalIn(carried)?.allowDebt === true;
        books.add(effects, at, mayOwe);
        const record = { effects, offset: at, tuple, command: bytes, time };
        holds.add(record);
        acts.add(record);
        if (op === OP.tick || op === OP.delivered) continue;
        if (op === OP['define-asset'] || op === OP['put-definition']) continue;
        const transit = effects.extras(at).find(({ tag }) => tag === EXTRA.transit)?.numbers;
        const logged: Logged = {
          shard: shard.number,
          seq: header.seq,
          time,
          op,
          tuple,
          bytes,
          effects,
          offset: at,
          refusal: effects.refusalNumber(at),
          state: transit?.[0] ?? -1,
          deadline: transit?.[1] ?? 0,
        };
        const owner = homeOwnerOfTuple(tuple);
        const id = tuple[2] as string;
        const key = `${owner} ${id}`;
        const home = slotMap[slotOf(owner)]!;
        const story = stories.get(key) ?? { owner, id, home, byShard: new Map() };
        const here = story.byShard.get(shard.number);
        if (here === undefined) story.byShard.set(shard.number, [logged]);
        else here.push(logged);
        stories.set(key, story);
      }
    }
    books.compare(balancesIn(shard.state));
    holds.compare(time);
    acts.compare();
  }
  const freed = new Set<string>();
  let anew = 0;
  for (const [key, { byShard }] of stories) {
    for (const [shard, logged] of byShard) {
      const left = lastAttempt(logged, `${key} on shard ${shard}`);
      if (left.length < logged.length) freed.add(key);
      logged.forEach(({ op, refusal, seq }, i) => {
        const isShort = op === OP.decision && refusal === REFUSALS.BUDGET_SHORT.number;
        if (isShort && logged[i + 1]?.seq === seq) anew++;
      });
      if (left.length === 0) byShard.delete(shard);
      else byShard.set(shard, left);
    }
    if (byShard.size === 0) stories.delete(key);
  }
  return { stories, freed, anew };
}

/** What is logged on one shard since the id was free last; every attempt before was refused for now. */
function lastAttempt(logged: Logged[], where: string): Logged[] {
  let from = 0;
  let last = -1;
  logged.forEach(({ refusal, deadline }, i) => {
    if (refusal < FIRST_PASSING) return;
    if (deadline <= last) throw new Error(`X7: ${where} has an attempt twice`);
    last = deadline;
    from = i + 1;
  });
  return logged.slice(from);
}

/** How it stands on a shard. */
export const lastOf = (story: Story, shard: number): Logged | undefined =>
  story.byShard.get(shard)?.at(-1);

/** The outcome at home: 0 posted, else a refusal's number; undefined: nothing was logged there. */
export function outcomeOf(story: Story): number | undefined {
  return lastOf(story, story.home)?.refusal;
}

/** The command that a record is of: of a prepare or decision, what it carries (a refusal carries nothing: undefined). */
export function carriedBy(tuple: Tuple): Tuple | undefined {
  const { prepare, decision } = OP;
  if (tuple[1] !== prepare && tuple[1] !== decision) return tuple;
  const bytes = tuple[tuple[1] === prepare ? 5 : 6] as Uint8Array | null;
  return bytes === null ? undefined : unpackTuple(bytes, 0, bytes.length);
}

/** What is given back of which transfer, capture or act of its owner. */
export type Reversal = Omit<ReverseCommand, 'type' | 'id'>;

/** What a reversal, or an act, gives back; undefined: it is of another kind. */
export function reversalIn(tuple: Tuple): Reversal | undefined {
  if (tuple[1] === OP.reverse) return commandOfTuple(tuple) as ReverseCommand;
  if (tuple[1] !== OP.act) return undefined;
  const reversal = planOfTuple(tuple)?.reversal;
  return reversal && { owner: tuple[PLACES.act.owner] as string, ...reversal };
}

/** The transfer that a record is about. */
export function transferOf({ op, tuple }: Logged): TransferCommand | undefined {
  if (op === OP.transfer) return commandOfTuple(tuple) as TransferCommand;
  if (op !== OP.prepare) return undefined;
  const bytes = tuple[5] as Uint8Array;
  return commandOfTuple(unpackTuple(bytes, 0, bytes.length)) as TransferCommand;
}
