// Periods of leaderboards that are over: frozen, and their prizes paid. Owns: when that is asked for, and what with. Never touches: whether it is done,
// which the commits of `freeze-board` and `pay-board` judge.
//   closing.C1. What is frozen is exact: each shard has a block of the time at which the period closes, or later, and was looked at up to there. What
//       comes after counts no more.
//   closing.C2. The node with a board's own shard asks; whoever asks again, with whatever is there by then, changes nothing: a period is frozen
//       once, and each prize is paid once.
//   closing.C3. Whatever is interrupted goes on from what the ledger has: first the prizes of what is frozen, then the next period.

import { BOARD_LOOK_MS } from '../limits.js';
import {
  boardOwner,
  type Frozen,
  LAST,
  LAST_KEY,
  type Last,
  PAY_BOARD,
  partsOf,
} from '../programme/leaderboards/frozen.js';
import { closesAt, periodAt } from '../programme/leaderboards/periods.js';
import { placesToKnow, type Winner, winnersOf } from '../programme/leaderboards/prizes.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import type { ActCommand } from '../protocol/commands.js';
import { EVERYTHING } from '../protocol/grants.js';
import { isRefusal } from '../protocol/outcomes.js';
import type { Router } from '../router/router.js';
import type { BoardTold } from './boards/questions.js';
import type { Leaderboards, Own } from './leaderboards.js';
import { Looking } from './looking.js';
import type { Projections } from './projections.js';

/** It cannot go on now. */
class Later extends Error {}

const SEAL = { recordType: 'seal', key: 'seal' } as const;

/** Who has won, and how far that was looked at. */
interface Ended {
  readonly members: number;
  readonly winners: readonly Winner[];
  readonly asOf: string;
}

export interface ClosingOptions {
  readonly router: Router;
  readonly projections: Projections;
  readonly boards: Leaderboards;
  readonly own: Own;
  readonly now: () => number;
}

export class Closing extends Looking {
  readonly #options: ClosingOptions;
  /** The last period of each board that is frozen and paid, as far as it was looked for. */
  readonly #done = new Map<string, Last>();
  /** The last seals of all shards, and the time that all of them have. */
  #sealed: { readonly time: number; readonly blocks: ReadonlyMap<number, number> } | undefined;
  #warned = '';

  constructor(options: ClosingOptions) {
    super(BOARD_LOOK_MS);
    this.#options = options;
  }

  protected override async look(): Promise<void> {
    const { projections, router, now } = this.#options;
    if (!projections.isRunning) return;
    const told = await projections
      .ask('leaderboards', { type: 'boards', time: now() })
      .catch(() => undefined);
    for (const board of told?.boards ?? []) {
      const isHere = router.folder.here.includes(router.shardOf(boardOwner(board.key)));
      if (!isHere || this.isClosed) continue;
      try {
        while (!this.isClosed && (await this.#next(board)));
      } catch (error) {
        if (!(error instanceof Later)) this.#warn(error as Error);
      }
    }
  }

  #warn({ message }: Error): void {
    if (message !== this.#warned) process.emitWarning(`leaderboards: ${message}`);
    this.#warned = message;
  }

  /** Closes the next period of a board that is over; false: none is. */
  async #next(told: BoardTold): Promise<boolean> {
    const { key, board, offsets, first, isRetired } = told;
    const last = this.#done.get(key) ?? (await this.#last(key));
    if (last !== undefined && !this.#done.has(key)) {
      await this.#pay(key, last.period);
      this.#done.set(key, last);
    }
    if (isRetired) return false;
    const time = board.period === 'once' ? (board.from ?? 0) : (last?.to ?? first);
    const period = periodAt(board, time, offsets);
    if (period === undefined || period.period === last?.period) return false;
    const closes = closesAt(board, period);
    if (this.#options.now() < closes) return false;
    if ((await this.#options.boards.frozen(key, period.period)) === undefined)
      await this.#freeze(told, period.period, closes);
    await this.#pay(key, period.period);
    this.#done.set(key, { period: period.period, to: period.to });
    return true;
  }

  async #last(board: string): Promise<Last | undefined> {
    const found = await this.#options.own.record(boardOwner(board), recordTypeOf(LAST), LAST_KEY);
    if (isRefusal(found)) throw new Later();
    return found && (recordValueIn(found.value) as Last);
  }

  async #freeze({ key, board }: BoardTold, period: string, closes: number): Promise<void> {
    const { prizes = [] } = board;
    const sealed = await this.#seal(closes);
    const { members, winners, asOf } = await this.#ended(key, period, prizes, sealed);
    const points = winners.reduce((sum, one) => sum + one.points, 0);
    const { digest } = partsOf(winners);
    const body = { board: key, period, members, winners: winners.length, points, digest, asOf };
    // Refused, it is asked for under the same id again: that leaves nothing in the log.
    await this.#act(key, `freeze:${period}:${closes}`, 'freeze-board', body, ['BOARD_FROZEN']);
  }

  /** A block of each shard that is of this time or later: the last one that was written for that, or a new one. */
  async #seal(closes: number): Promise<ReadonlyMap<number, number>> {
    if (this.#sealed !== undefined && this.#sealed.time >= closes) return this.#sealed.blocks;
    const { router, own } = this.#options;
    const { shards, slotMap } = router.folder;
    const blocks = new Map<number, number>();
    let time = Number.POSITIVE_INFINITY;
    for (let shard = 0; shard < shards; shard++) {
      const slot = slotMap.indexOf(shard);
      // No owner lives on a shard without slots.
      if (slot < 0) continue;
      const value = Buffer.from(String(closes));
      const owner = `#boards@${slot}`;
      const outcome = await own.submit({ type: 'put-record', owner, ...SEAL, value });
      if (!outcome.ok || outcome.time < closes) throw new Later();
      time = Math.min(time, outcome.time);
      blocks.set(outcome.shard, outcome.seq);
    }
    this.#sealed = { time, blocks };
    return blocks;
  }

  /** How a period has ended, as soon as all nodes have looked at their shards up to the seals. */
  async #ended(
    board: string,
    period: string,
    prizes: Frozen['prizes'] | readonly [],
    sealed: ReadonlyMap<number, number>,
  ): Promise<Ended> {
    const limit = placesToKnow(prizes);
    const asked = { type: 'first', board, period, time: this.#options.now(), limit } as const;
    const answers = await this.#options.boards.ask(asked, EVERYTHING);
    if (isRefusal(answers)) throw new Later();
    const positions = new Map(answers.flatMap(({ asOf }) => asOf));
    for (const [shard, seq] of sealed) if ((positions.get(shard) ?? 0) < seq) throw new Later();
    const first = answers
      .flatMap(({ ranked = [] }) => ranked)
      .sort((a, b) => b.score - a.score || a.reached - b.reached || (a.owner < b.owner ? -1 : 1))
      .slice(0, limit);
    return {
      members: answers.reduce((sum, { members = 0 }) => sum + members, 0),
      winners: winnersOf(prizes, first),
      asOf: [...positions]
        .sort(([a], [b]) => a - b)
        .map(([, seq]) => seq.toString(36))
        .join('.'),
    };
  }

  /** Pays the prizes that are left of a period that is frozen. */
  async #pay(board: string, period: string): Promise<void> {
    const frozen = await this.#options.boards.frozen(board, period);
    if (isRefusal(frozen)) throw new Later();
    if (frozen === undefined || frozen.paid === frozen.winners) return;
    const { winners } = await this.#ended(board, period, frozen.prizes, new Map());
    const { parts } = partsOf(winners);
    let paid = 0;
    for (const part of parts) {
      paid += part.winners.length;
      if (paid <= frozen.paid) continue;
      if (this.isClosed) throw new Later();
      const id = `pay:${period}:${paid}`;
      await this.#act(board, id, PAY_BOARD, { board, period, ...part }, []);
    }
  }

  /** Asks for an act of a board; the same one has the same id. `done`: refusals that say that it has been done. */
  async #act(
    board: string,
    id: string,
    act: string,
    body: ActCommand['body'],
    done: readonly string[],
  ): Promise<void> {
    const owner = boardOwner(board);
    const outcome = await this.#options.own.submit({ type: 'act', id, owner, act, body });
    if (outcome.ok || done.includes(outcome.code)) return;
    if (outcome.code === 'SHARD_UNAVAILABLE' || outcome.code === 'DEFINITIONS_UNCONFIRMED')
      throw new Later();
    throw new Error(`${act} of ${board}: ${outcome.code} ${outcome.message}`);
  }
}
