// The way of clients to one life of a shard. Owns: batches out of what they ask for; who is told what. Never touches: bytes.

import { EffectReader } from '../../engine/protocol/effects.js';
import type { Actor } from '../../engine/shard/actor.js';
import { type Decided, RESULT, type Reply } from '../../engine/shard/messages.js';
import { type Asker, PREPARED, toldBy } from './outside.js';

/** Batches under way, and requests in one. */
const UNDER_WAY_MAX = 4;
const PACKED_MAX = 8;

export class Lane {
  actor: Actor | null = null;
  readonly #reply: (asker: Asker, told: number) => void;
  readonly #waiting: { readonly bytes: Uint8Array; readonly asker: Asker }[] = [];
  #underWay = 0;
  /** Who waits for the decision under a ticket. */
  readonly #asking = new Map<number, Asker>();
  /** Decisions that were heard before the answer that names their ticket. */
  readonly #decided = new Map<number, number>();

  constructor(reply: (asker: Asker, told: number) => void) {
    this.#reply = reply;
  }

  get isIdle(): boolean {
    return this.#underWay === 0 && this.#waiting.length === 0;
  }

  request(bytes: Uint8Array, asker: Asker): void {
    this.#waiting.push({ bytes, asker });
    this.#submit();
  }

  #submit(): void {
    while (this.actor !== null && this.#underWay < UNDER_WAY_MAX && this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, PACKED_MAX);
      this.#underWay++;
      const bytes = Buffer.concat(batch.map((one) => one.bytes));
      this.actor.submit(bytes, batch.length).then((reply) => {
        this.#underWay--;
        for (const [n, { asker }] of batch.entries()) this.#answer(reply, n, asker);
        this.#submit();
      });
    }
  }

  #answer({ results, segments, replayed, opened }: Reply, n: number, asker: Asker): void {
    const value = results[n * 2 + 1]!;
    let told = value;
    if (results[n * 2] === RESULT.record) {
      const { effects } = segments.find(({ from, to }) => from <= n && n < to)!;
      told = toldBy(new EffectReader(effects), value);
    } else if (results[n * 2] === RESULT.replay) {
      told = toldBy(new EffectReader(replayed[value]!.effects), 0);
    } else if (results[n * 2] === RESULT.open) {
      const ticket = opened[value]!;
      told = this.#decided.get(ticket) ?? PREPARED;
      if (told === PREPARED) this.#asking.set(ticket, asker);
    }
    this.#reply(asker, told);
  }

  decided({ effects, tickets }: Decided): void {
    const reader = new EffectReader(effects);
    for (let i = 0; i < tickets.length; i += 2) {
      const [ticket, offset] = [tickets[i]!, tickets[i + 1]!];
      const told = toldBy(reader, offset);
      const asker = this.#asking.get(ticket);
      if (asker === undefined) this.#decided.set(ticket, told);
      else this.#reply(asker, told);
    }
  }
}
