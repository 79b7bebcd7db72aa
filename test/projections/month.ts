// A drawn month of a programme on several shards, followed by the boards' projection and by a naive one. Owns: what is drawn, the naive boards.
// Never touches: what is under test.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DAY_MS, DEFINITION_LEAD_MS, SLOTS } from '../../engine/limits.js';
import { sampleProgramme } from '../../engine/programme/sample.js';
import { Boards } from '../../engine/projections/boards/boards.js';
import type { BoardAnswer } from '../../engine/projections/boards/questions.js';
import { type FollowedLog, Follower } from '../../engine/projections/follower.js';
import { BlockView } from '../../engine/protocol/block.js';
import type { Command } from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { MemoryShards } from '../ledger/memory-shards.js';
import { Random } from '../random.js';

const TYPES = ['CONSUME', 'CONSUME', 'BONUS', 'BONUS', 'REVIEW', 'SHARE', 'SIGN_DAILY', 'VISIT'];
const SHARDS = 3;
export const HOUR_MS = 3_600_000;
const ZONE_MS = 8 * HOUR_MS;
/** 2026-02-27 in Shanghai. */
const START = Date.UTC(2026, 1, 27, 1);
const MEMBERS = 14;
const BUDGET = '#budget:extra';

interface Document {
  readonly programme: 'shop';
  readonly period: 'day' | 'week' | 'month' | 'once';
  readonly from?: number;
  readonly to?: number;
  readonly events?: readonly string[];
  readonly rules?: readonly string[];
  readonly kinds?: readonly string[];
  readonly graceMs?: number;
  readonly counts?: 'events' | 'tasks' | 'badges';
}

export const BOARDS: Readonly<Record<string, Document>> = {
  monthly: { programme: 'shop', period: 'month' },
  weekly: { programme: 'shop', period: 'week', events: ['CONSUME', 'BONUS'], graceMs: 0 },
  daily: { programme: 'shop', period: 'day', rules: ['shop.CONSUME', 'shop.BONUS'] },
  promo: {
    programme: 'shop',
    period: 'once',
    from: Date.UTC(2026, 2, 5),
    to: Date.UTC(2026, 2, 12),
    kinds: ['PROMO'],
    graceMs: 2 * DAY_MS,
  },
  both: {
    programme: 'shop',
    period: 'week',
    events: ['REVIEW'],
    kinds: ['PROMO', 'GIFT'],
    graceMs: HOUR_MS,
  },
  orders: {
    ...{ programme: 'shop', period: 'week', counts: 'events' },
    events: ['CONSUME', 'VISIT'],
  },
  done: { programme: 'shop', period: 'month', counts: 'tasks', graceMs: HOUR_MS },
  some: { programme: 'shop', period: 'week', counts: 'tasks', rules: ['shop.TWICE'] },
  badges: { programme: 'shop', period: 'month', counts: 'badges' },
};

interface Leg {
  readonly by: string;
  readonly amount: number;
  readonly isTask: boolean;
  readonly hasBadge: boolean;
  left: number;
}

/** Something that was earned, as its outcome tells it. */
interface Earned {
  readonly owner: string;
  readonly id: string;
  readonly at: number;
  readonly time: number;
  readonly type: string;
  readonly kind?: string;
  readonly legs: readonly Leg[];
  /** What was given back, of each leg. */
  readonly backs: { readonly time: number; readonly legs: readonly number[] }[];
}

export type Row = readonly [rank: number, owner: string, score: number, reached: number];

/** What a period is called, and when it ends: by the calendar of Date, eight hours ahead. */
function naivePeriod({ period, from = 0, to = 0 }: Document, at: number): [string, number] | null {
  if (period === 'once') return at >= from && at < to ? ['once', to] : null;
  const clock = new Date(at + ZONE_MS);
  const [year, month, day] = [clock.getUTCFullYear(), clock.getUTCMonth(), clock.getUTCDate()];
  const text = clock.toISOString();
  if (period === 'day') return [text.slice(0, 10), Date.UTC(year, month, day + 1) - ZONE_MS];
  if (period === 'month') return [text.slice(0, 7), Date.UTC(year, month + 1, 1) - ZONE_MS];
  const weekday = (clock.getUTCDay() + 6) % 7;
  const thursday = new Date(Date.UTC(year, month, day - weekday + 3));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - first) / (7 * DAY_MS)) + 1;
  const name = `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
  return [name, Date.UTC(year, month, day - weekday + 7) - ZONE_MS];
}

/** Does a board count a leg? */
function isCounted(
  { events, rules, kinds, counts }: Document,
  { type, kind }: Earned,
  { by, isTask, hasBadge }: Leg,
): boolean {
  if (kind !== undefined) return kinds?.includes(kind) === true;
  if (kinds !== undefined && events === undefined && rules === undefined) return false;
  if (counts === 'tasks' && !isTask) return false;
  if (counts === 'badges' && !hasBadge) return false;
  return (events?.includes(type) ?? true) && (rules?.includes(by) ?? true);
}

/** What a board makes of an event or a transfer of whose legs so much is left; `isGone`: it had none, and is given back. */
function scoreOf(board: Document, one: Earned, left: readonly number[], isGone: boolean): number {
  if (board.counts === 'events') {
    const isOf = one.kind === undefined && board.events?.includes(one.type) !== false;
    const isLeft = left.length === 0 ? !isGone : left.some((amount) => amount > 0);
    return isOf && isLeft ? 1 : 0;
  }
  const those = left.filter((_, leg) => isCounted(board, one, one.legs[leg]!));
  return board.counts === undefined
    ? those.reduce((sum, amount) => sum + amount, 0)
    : those.filter((amount) => amount > 0).length;
}

export class Month {
  readonly random: Random;
  readonly shards = new MemoryShards(SHARDS);
  time = START;
  readonly earned: Earned[] = [];
  readonly #path: string;
  #boards: Boards;
  #follower: Follower;
  #n = 0;

  constructor(seed: number, folder: string) {
    this.random = new Random(seed);
    this.#path = join(folder, `${seed}.mdb`);
    for (const { ledger } of this.shards.shards)
      ledger.definitionsConfirmedUntil = Number.POSITIVE_INFINITY;
    this.#do({ type: 'define-asset', asset: 'points', scale: 0 });
    const amount = { programme: 'shop', attributes: { amount: 'integer' }, amount: 'amount' };
    const bonus = { programme: 'shop', event: 'BONUS', points: 2, per: 1, of: 'amount' };
    const twice = { programme: 'shop', event: 'BONUS', need: 2, reward: 3 };
    for (const one of [
      ...sampleProgramme('shop', 'points'),
      { kind: 'event', key: 'shop.BONUS', document: amount },
      { kind: 'rule', key: 'shop.BONUS', document: { ...bonus, budget: BUDGET } },
      { kind: 'event', key: 'shop.VISIT', document: { programme: 'shop' } },
      { kind: 'task', key: 'shop.TWICE', document: { ...twice, badge: true } },
      ...Object.entries(BOARDS).map(([key, document]) => ({ kind: 'leaderboard', key, document })),
    ])
      this.#define(one.kind, one.key, one.document);
    const amountOf = this.random.pick([60, 4_000]);
    const legs = [{ from: '@issue', to: BUDGET, asset: 'points', amount: amountOf }];
    this.#do({ type: 'transfer', id: 'fund', legs });
    [this.#boards, this.#follower] = this.#open();
  }

  #define(kind: string, key: string, document: object): void {
    const offsets = kind === 'programme' ? { zoneOffsets: [0, ZONE_MS] } : {};
    const said = { type: 'put-definition', kind, key, state: 'active', document, ...offsets };
    const outcome = this.#do(said as unknown as Command);
    if (!outcome.ok) throw new Error(`${kind} ${key}: ${JSON.stringify(outcome)}`);
    this.time += DEFINITION_LEAD_MS;
  }

  #do(command: Command): Outcome {
    return this.shards.apply(command, this.time);
  }

  get #logs(): ReadonlyMap<number, FollowedLog> {
    return new Map(
      this.shards.shards.map(({ blocks }, shard) => {
        // Blocks in memory say that they are of shard 0.
        const read = (seq: number) => {
          const bytes = blocks[seq - 1]?.slice();
          if (bytes !== undefined) new DataView(bytes.buffer).setUint32(8, shard, true);
          return bytes;
        };
        return [shard, { headSeq: () => blocks.length, read }] as const;
      }),
    );
  }

  #open(path = this.#path): [Boards, Follower] {
    const logs = this.#logs;
    const boards = new Boards({
      path,
      shards: [...logs.keys()],
      slotMap: Array.from({ length: SLOTS }, (_, slot) => slot % SHARDS),
      read: (shard, seq) => new BlockView(logs.get(shard)!.read(seq)!),
    });
    return [boards, new Follower(logs, boards)];
  }

  /** Follows some of the log; it may be killed before or after it has stored it. */
  follow(): void {
    const kill = this.random.int(6);
    if (kill === 0) {
      const commit = this.#boards.commit;
      this.#boards.commit = () => {
        throw new Error('killed');
      };
      try {
        this.#follower.step();
      } catch {
        // Nothing of it is stored.
      }
      this.#boards.commit = commit;
    } else while (this.#follower.step());
    // What was asked for is kept up from then on.
    for (const board of Object.keys(BOARDS))
      this.#boards.answer({ type: 'first', board, time: this.time, limit: 1 });
    if (kill > 1) return;
    void this.#boards.close();
    [this.#boards, this.#follower] = this.#open();
  }

  /** What is drawn happens. */
  step(): void {
    const { random } = this;
    this.time += random.chance(0.3) ? 0 : random.int(random.chance(0.1) ? DAY_MS : 2 * HOUR_MS);
    const owner = `m${random.int(MEMBERS)}`;
    const id = `e${this.#n++}`;
    const what = random.int(10);
    if (what < 5) this.#event(owner, id);
    else if (what < 6) this.#transfer(owner, id);
    else this.#back(random, id);
    if (random.chance(0.05)) this.follow();
  }

  #event(owner: string, id: string): void {
    const { random, time } = this;
    const type = random.pick([...TYPES]);
    const amount = 1 + random.int(random.pick([3, 100]));
    const isTimed = random.chance(0.5);
    const late = random.chance(0.5) ? random.int(3 * DAY_MS) : -random.int(60_000);
    const body = {
      ...{ programme: 'shop', type },
      ...(isTimed ? { time: time - late } : {}),
      ...(type === 'CONSUME' || type === 'BONUS' ? { attributes: { amount } } : {}),
    };
    const outcome = this.#do({ type: 'act', id, owner, act: 'event', body } as Command);
    if (!outcome.ok) return;
    const effects = (outcome.act?.effects ?? []) as readonly Record<string, unknown>[];
    const legs = effects
      .filter((one) => one['type'] === 'earn')
      .map((one) => ({
        by: (one['rule'] ?? one['task']) as string,
        amount: one['amount'] as number,
        isTask: one['task'] !== undefined,
        hasBadge: one['badge'] === true,
      }))
      .map((one): Leg => ({ ...one, left: one.amount }));
    const at = isTimed ? Math.min(time - late, time) : time;
    this.earned.push({ owner, id, at, time, type, legs, backs: [] });
  }

  #transfer(owner: string, id: string): void {
    const { random, time } = this;
    const kind = random.pick(['PROMO', 'GIFT', 'OTHER']);
    const amount = 1 + random.int(50);
    const occurredAt = random.chance(0.3) ? time - random.int(3 * DAY_MS) : undefined;
    const legs = [{ from: '@issue', to: owner, asset: 'points', amount }];
    const outcome = this.#do({ type: 'transfer', id, kind, occurredAt, legs });
    if (!outcome.ok) return;
    const leg = { by: '', amount, isTask: false, hasBadge: false, left: amount };
    this.earned.push({
      owner,
      id,
      at: occurredAt ?? time,
      time,
      type: '',
      kind,
      legs: [leg],
      backs: [],
    });
  }

  /** A part of what was earned is given back, or all of it. */
  #back(random: Random, id: string): void {
    if (this.earned.length === 0) return;
    const late = random.chance(0.7) ? Math.min(20, this.earned.length) : this.earned.length;
    const one = this.earned[this.earned.length - 1 - random.int(late)]!;
    const { owner, id: eventId } = one;
    const part = random.chance(0.5) ? { amount: 1 + random.int(20) } : {};
    const leg = random.int(Math.max(1, one.legs.length));
    const legs = [{ leg, amount: 1 + random.int(10) }];
    const command = (
      one.kind === undefined && random.chance(0.7)
        ? { type: 'act', id, owner, act: 'return-event', body: { event: eventId, ...part } }
        : {
            ...{ type: 'reverse', id, owner, transferId: eventId, allowDebt: true },
            ...(random.chance(0.5) ? { legs } : {}),
          }
    ) as Command;
    this.#do(command);
    this.#lookBack(owner);
  }

  /** What was given back of what an owner has earned: a return may take rewards of other events with it. */
  #lookBack(owner: string): void {
    const shard = (ownerHash(owner) & (SLOTS - 1)) % SHARDS;
    const { known } = this.shards.shards[shard]!.ledger;
    for (const one of this.earned.filter((each) => each.owner === owner)) {
      const undone = known.undoneOf(owner, one.id);
      if (undone !== null && one.legs.length === 0 && one.backs.length === 0)
        one.backs.push({ time: this.time, legs: [] });
      if (undone === null || undone === 'whole') continue;
      const legs = one.legs.map((leg, i) => {
        const now = (undone[i] ?? 0) - (leg.amount - leg.left);
        leg.left -= now;
        return now;
      });
      if (legs.some((now) => now > 0)) one.backs.push({ time: this.time, legs });
    }
  }

  /** Every board by period, by a naive sort. */
  naive(): Map<string, Row[]> {
    const scores = new Map<string, Map<string, { score: number; reached: number }>>();
    const changes: { time: number; name: string; owner: string; points: number }[] = [];
    for (const [key, board] of Object.entries(BOARDS))
      for (const one of this.earned) {
        const found = naivePeriod(board, one.at);
        if (found === null) continue;
        const [period, to] = found;
        const closes = to + (board.graceMs ?? DAY_MS);
        if (one.time >= closes) continue;
        const add = (time: number, points: number) =>
          changes.push({ time, name: `${key} ${period}`, owner: one.owner, points });
        let left = one.legs.map(({ amount }) => amount);
        let score = scoreOf(board, one, left, false);
        add(one.time, score);
        for (const back of one.backs) {
          left = left.map((amount, leg) => amount - back.legs[leg]!);
          const after = scoreOf(board, one, left, true);
          if (back.time < closes) add(back.time, after - score);
          score = after;
        }
      }
    for (const { time, name, owner, points } of changes.sort((a, b) => a.time - b.time)) {
      if (points === 0) continue;
      const board = scores.get(name) ?? new Map();
      scores.set(name, board);
      board.set(owner, { score: (board.get(owner)?.score ?? 0) + points, reached: time });
    }
    return new Map([...scores].map(([name, board]) => [name, sorted([...board])]));
  }

  /** The same as the projection has it: from its file, or thrown away and made anew. */
  projected(names: Iterable<string>): Map<string, Row[]> {
    while (this.#follower.step());
    return new Map([...names].map((name) => [name, rows(this.#boards, name, this.time)]));
  }

  /** Where it stands, it begins anew. */
  cleared(names: Iterable<string>): Map<string, Row[]> {
    this.#boards.clear();
    return this.projected(names);
  }

  anew(names: Iterable<string>): Map<string, Row[]> {
    const [boards, follower] = this.#open(`${this.#path}.anew`);
    while (follower.step());
    const found = new Map([...names].map((name) => [name, rows(boards, name, this.time)]));
    void boards.close();
    return found;
  }

  close(): void {
    void this.#boards.close();
    for (const path of [this.#path, `${this.#path}.anew`])
      for (const one of [path, `${path}-lock`]) rmSync(one, { force: true });
  }
}

function sorted(board: readonly (readonly [string, { score: number; reached: number }])[]): Row[] {
  const all = board
    .filter(([, { score }]) => score !== 0)
    .map(([owner, { score, reached }]) => ({ owner, score, reached }));
  const isBefore = (a: (typeof all)[0], b: (typeof all)[0]): number => {
    if (a.score !== b.score) return b.score - a.score;
    if (a.reached !== b.reached) return a.reached - b.reached;
    return a.owner < b.owner ? -1 : 1;
  };
  return all
    .sort(isBefore)
    .map(({ owner, score, reached }) => [
      1 + all.filter((one) => one.score > score).length,
      owner,
      score,
      reached,
    ]);
}

/** All members of a period, each looked for by himself. */
function rows(boards: Boards, name: string, time: number): Row[] {
  const [board, period] = name.split(' ') as [string, string];
  const of = { board, period, time };
  const all = boards.answer({ ...of, type: 'first', limit: 1_000 }) as BoardAnswer;
  const { ranked = [], members } = all;
  if (members !== ranked.length)
    throw new Error(`${name}: ${members} members, ${ranked.length} told`);
  return ranked.map((one, i): Row => {
    const near = boards.answer({ ...of, type: 'around', ranked: one, limit: 2 });
    if (near.before !== i) throw new Error(`${name}: ${one.owner} has ${near.before} before him`);
    const told = [...(near.preceding ?? [])].reverse().concat(one, near.ranked ?? []);
    const should = ranked.slice(Math.max(0, i - 2), i + 3);
    if (JSON.stringify(told) !== JSON.stringify(should))
      throw new Error(`${name}: around ${one.owner} are ${JSON.stringify(told)}`);
    return [(near.higher ?? 0) + 1, one.owner, one.score, one.reached];
  });
}
