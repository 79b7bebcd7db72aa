// What every shard has alike. Owns: how it is decided and given to the shards of this process, one change at a time. Never touches: what any of it
// means; other nodes.
//   reference.R2. The first shard decides, and numbers; every other shard takes what it decided, in that order.
//   reference.R3. A zone's offsets are looked up once, by the node that is asked for the definition, and logged with it; what is newly known, R7.

import type { AskedBy } from '../protocol/audit-context.js';
import type { ReferenceCommand } from '../protocol/commands.js';
import { EVERYTHING, type Granted } from '../protocol/grants.js';
import { type Outcome, type Posted, type Refused, refused } from '../protocol/outcomes.js';
import type { RefusalCode } from '../protocol/refusals.js';
import type { Router } from '../router/router.js';

/** What a shard that will answer again says. */
const BUSY: ReadonlySet<RefusalCode> = new Set(['SHARD_UNAVAILABLE', 'SHARD_BUSY']);
const GIVE_AGAIN_MS = 100;

export abstract class ReferenceBook<C extends ReferenceCommand> {
  protected readonly router: Router;
  #changing: Promise<unknown> = Promise.resolve();
  #isClosing = false;

  constructor(router: Router) {
    this.router = router;
  }

  /** A caller's command with what the engine fills in, and without what shards alone say; or why not. */
  protected abstract completed(said: C): C | Refused;
  /** The first shard, which is here, has decided: the others here take it, and other nodes are told. */
  protected abstract decidedHere(command: C, outcome: Posted): Promise<void>;
  /** The first shard, which is on another node, has decided: the shards here take it. */
  protected abstract decidedElsewhere(command: C, outcome: Posted): Promise<void>;

  /** On the first shard and then on all others. */
  define(said: C, granted = EVERYTHING, context: AskedBy | null = null): Promise<Outcome> {
    if (this.#isClosing) return Promise.resolve(refused('CLOSING'));
    const command = this.completed(said);
    if ('ok' in command) return Promise.resolve(command);
    return this.isFirstHere
      ? this.one(() => this.#define(command, granted, context))
      : this.#askElsewhere(command, granted, context);
  }

  /** Nothing is defined any more: resolves when every shard has what was. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#changing;
  }

  protected get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Is the shard here that decides? */
  protected get isFirstHere(): boolean {
    return this.router.folder.here.includes(0);
  }

  /** One change at a time. */
  protected one<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  /** A shard of this process takes what the first one has decided: also one that answers nothing for a while. */
  protected async give(shard: number, command: C, what: string): Promise<void> {
    for (;;) {
      const outcome = await this.router.submit(command, { shard });
      if (outcome.ok) return;
      if (!BUSY.has(outcome.code) || this.#isClosing)
        throw new Error(`shard ${shard} cannot take ${what}: ${outcome.code}`);
      await new Promise((next) => setTimeout(next, GIVE_AGAIN_MS));
    }
  }

  async #define(command: C, granted: Granted, context: AskedBy | null): Promise<Outcome> {
    const first = await this.#first(command, granted, context);
    if (first.ok) await this.decidedHere(command, first);
    return first;
  }

  #first(command: C, granted: Granted, context: AskedBy | null): Promise<Outcome> {
    return this.router.submit(command, { shard: 0, granted, context });
  }

  async #askElsewhere(command: C, granted: Granted, context: AskedBy | null): Promise<Outcome> {
    const outcome = await this.#first(command, granted, context);
    if (outcome.ok) await this.decidedElsewhere(command, outcome);
    return outcome;
  }
}
