// A rush: everybody asks for the same thing, and again under the same id until there is an end. Owns: who got it, who was refused for good, and when.
// Never touches: what it is.

import { setTimeout as sleep } from 'node:timers/promises';
import { REFUSALS, type RefusalCode } from '../../engine/index.js';
import type { Random } from '../random.js';
import { type Client, NoAnswer } from './client.js';

const AT_A_TIME = 48;
const PAUSE_MS = 20;

/** What everybody asks for. */
export interface Wanted {
  readonly callers: number;
  /** Method and path. */
  readonly call: string;
  body(owner: string): object;
  /** What those are refused with who come too late. */
  readonly over: RefusalCode;
}

export class Rush {
  readonly #clients: readonly Client[];
  readonly #random: Random;
  readonly #wanted: Wanted;
  readonly codes = new Map<string, number>();
  posted = 0;
  refused = 0;
  repeats = 0;
  /** Posted, though first asked for after somebody had been refused for good. */
  late = 0;

  constructor(clients: readonly Client[], random: Random, wanted: Wanted) {
    this.#clients = clients;
    this.#random = random;
    this.#wanted = wanted;
  }

  async all(): Promise<void> {
    let next = 0;
    const askers = Array.from({ length: AT_A_TIME }, async () => {
      while (next < this.#wanted.callers) await this.#one(`m${next++}`);
    });
    await Promise.all(askers);
  }

  async #one(owner: string): Promise<void> {
    const isAfter = this.refused > 0;
    for (;;) {
      const code = await this.#ask(owner);
      if (code === 'posted') {
        this.posted++;
        if (isAfter) this.late++;
        return;
      }
      const isOver = code === this.#wanted.over;
      if (isOver || REFUSALS[code as RefusalCode]?.kept === 'final') {
        if (!isOver) throw new Error(`${owner}: ${code}`);
        this.refused++;
        return;
      }
      this.repeats++;
      this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
      await sleep(PAUSE_MS);
    }
  }

  async #ask(owner: string): Promise<string> {
    const client = this.#random.pick([...this.#clients]);
    const { call, body: of } = this.#wanted;
    try {
      const { status, body } = await client.ask(`POST ${call}?timeoutMs=800`, of(owner));
      return status === 200 || status === 201 ? 'posted' : String(body?.code ?? status);
    } catch (error) {
      if (error instanceof NoAnswer) return 'no answer';
      throw error;
    }
  }
}
