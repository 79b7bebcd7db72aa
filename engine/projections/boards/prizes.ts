// Prizes that were refused for good, out of the log of the board's shard. Owns: which were asked for and have no outcome yet, which are refused.
// Never touches: who has won, payments.
//   boards.Z1. A prize is told as refused from when its outcome is logged on the board's shard, and for as long as its period is kept.

import { boardOwner, PAY_BOARD, type Part } from '../../programme/leaderboards/frozen.js';
import type { BlockView } from '../../protocol/block.js';
import type { CommandView } from '../../protocol/command-view.js';
import { EXTRA } from '../../protocol/effects.js';
import { OP, PLACES } from '../../protocol/layout.js';
import { jsonInPlace } from '../../protocol/opaque.js';
import { type RefusalCode, refusalCode } from '../../protocol/refusals.js';

const { act: ACT } = PLACES;

/** A prize that was refused. */
export interface RefusedPrize {
  readonly owner: string;
  readonly rank: number;
  /** Minor units. */
  readonly points: number;
  readonly code: RefusalCode;
}

/** As it is stored, by the id of the act that pays it; without a code: it has no outcome yet. */
export interface PrizeNote extends Omit<RefusedPrize, 'code'> {
  readonly board: string;
  readonly period: string;
  readonly code?: RefusalCode;
}

export class Prizes {
  readonly #notes = new Map<string, PrizeNote>();
  /** Ids of what was taken since the last commit. */
  readonly #changed = new Set<string>();

  /** One that is stored. */
  load(id: string, note: PrizeNote): void {
    this.#notes.set(id, note);
  }

  get pending(): number {
    return this.#changed.size;
  }

  /** Takes an act that is posted; false: it pays no prizes. */
  pays({ effects }: BlockView, at: number, posted: CommandView): boolean {
    if (posted.op !== OP.act || posted.text(ACT.act) !== PAY_BOARD) return false;
    const body = jsonInPlace(posted.opaque(ACT.body)) as {
      readonly board: string;
      readonly period: string;
      readonly winners: Part;
    };
    const { board, period, winners } = body;
    if (posted.text(ACT.owner) !== boardOwner(board)) return true;
    for (const { tag, texts } of effects.extras(at)) {
      const [id = '', home] = texts;
      const winner = tag === EXTRA.followUp && winners.find(([owner]) => owner === home);
      if (!winner) continue;
      const [owner, rank, , points] = winner;
      this.#set(id, { board, period, owner, rank, points });
    }
    return true;
  }

  /** Takes a record that says what came of something that was caused. */
  outcome({ effects }: BlockView, at: number): void {
    if (this.#notes.size === 0) return;
    const told = effects.extras(at).find(({ tag }) => tag === EXTRA.followUp);
    const [id = ''] = told?.texts ?? [];
    const note = this.#notes.get(id);
    if (note === undefined) return;
    const [, refusal = 0] = told?.numbers ?? [];
    if (refusal === 0) this.#set(id, undefined);
    else this.#set(id, { ...note, code: refusalCode(refusal) });
  }

  #set(id: string, note: PrizeNote | undefined): void {
    if (note === undefined) this.#notes.delete(id);
    else this.#notes.set(id, note);
    this.#changed.add(id);
  }

  /** Those of a period, in order of rank. */
  refused(board: string, period: string): RefusedPrize[] {
    const found: RefusedPrize[] = [];
    for (const { code, owner, rank, points, ...of } of this.#notes.values())
      if (code !== undefined && of.board === board && of.period === period)
        found.push({ owner, rank, points, code });
    return found.sort((a, b) => a.rank - b.rank || (a.owner < b.owner ? -1 : 1));
  }

  /** A period is kept no longer. */
  forget(board: string, period: string): void {
    for (const [id, note] of this.#notes)
      if (note.board === board && note.period === period) this.#set(id, undefined);
  }

  /** What is to be stored since the last commit; null: it goes. */
  *changes(): Generator<readonly [id: string, note: PrizeNote | null]> {
    for (const id of this.#changed) yield [id, this.#notes.get(id) ?? null];
  }

  stored(): void {
    this.#changed.clear();
  }

  clear(): void {
    this.#notes.clear();
    this.#changed.clear();
  }
}
