// The catalogue kept in step with the ledger. Owns: when definitions are read, and read again where that failed. Never touches: what they say.
//   shown.F1. What a shard here has taken is read from the first shard, with what it shows, before it counts; what cannot be read now is read later.
//   shown.F2. Until everything was read once, nothing is told: a part of the goods would be taken for all.

import { setTimeout as sleep } from 'node:timers/promises';
import { type DefinitionHistory, type Engine, limits } from '../../engine/index.js';
import { isRefusal } from '../refusal.js';
import { type Catalogue, SHOWN_KINDS } from './catalogue.js';

/** When what could not be read is read again. */
const AGAIN_MS = 500;
/** Definitions that are read at a time, one by one. */
const AT_A_TIME = 16;

const KINDS: ReadonlySet<string> = new Set(SHOWN_KINDS);

/** What could not be read. */
class Unread extends Error {}

export class Following {
  readonly #engine: Pick<Engine, 'definition' | 'definitions' | 'now' | 'onDefined'>;
  readonly #catalogue: Catalogue;
  /** What has changed and was not read since, by kind and key. */
  readonly #changed = new Map<string, readonly [kind: string, key: string]>();
  readonly #ending = new AbortController();
  #isWhole = false;
  #working: Promise<void> | undefined;
  #end: () => void = () => {};

  constructor(
    engine: Pick<Engine, 'definition' | 'definitions' | 'now' | 'onDefined'>,
    catalogue: Catalogue,
  ) {
    this.#engine = engine;
    this.#catalogue = catalogue;
  }

  /** Was everything read? */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Reads everything, and what changes from now on. */
  start(): void {
    this.#end = this.#engine.onDefined((kind, key) => {
      if (!KINDS.has(kind)) return;
      this.#changed.set(`${kind} ${key}`, [kind, key]);
      this.#work();
    });
    this.#work();
  }

  async close(): Promise<void> {
    this.#end();
    this.#ending.abort();
    await this.#working;
  }

  #work(): void {
    this.#working ??= this.#read()
      .catch((error) => {
        if (!this.#ending.signal.aborted) process.emitWarning(`goods: ${(error as Error).message}`);
      })
      .finally(() => {
        this.#working = undefined;
      });
  }

  async #read(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        if (!this.#isWhole) for (const kind of SHOWN_KINDS) await this.#readAll(kind);
        this.#isWhole = true;
        while (this.#changed.size > 0 && !signal.aborted) await this.#readChanged();
        return;
      } catch (error) {
        if (!(error instanceof Unread)) throw error;
        await sleep(AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  async #readAll(kind: string): Promise<void> {
    const limit = limits.DEFINITIONS_PAGE_MAX;
    let after: string | undefined;
    for (;;) {
      if (this.#ending.signal.aborted) throw new Unread();
      const page = await this.#engine.definitions(kind, { after, limit });
      if (isRefusal(page)) throw new Unread();
      for (const history of page) {
        // A list has the newest version alone: where that is still to come, what counts now is among the others.
        if (isAllThatCounts(history)) this.#catalogue.defined(history, this.#engine.now());
        else await this.#readOne(kind, history.key);
      }
      after = page.at(-1)?.key;
      if (page.length < limit || after === undefined) return;
    }
  }

  async #readChanged(): Promise<void> {
    const some = [...this.#changed].slice(0, AT_A_TIME);
    for (const [name] of some) this.#changed.delete(name);
    await Promise.all(
      some.map(async ([name, of]) => {
        try {
          await this.#readOne(...of);
        } catch (error) {
          this.#changed.set(name, of);
          throw error;
        }
      }),
    );
  }

  async #readOne(kind: string, key: string): Promise<void> {
    const found = await this.#engine.definition(kind, key);
    if (isRefusal(found)) throw new Unread();
    if (found !== undefined) this.#catalogue.defined(found, this.#engine.now());
  }
}

/** Is the version that counts now among those that are told, and is none to come? */
function isAllThatCounts({ active, versions }: DefinitionHistory): boolean {
  const said = versions.filter(({ number }) => number > 0);
  return said.length === 0 || (said.length === 1 && said[0]?.version === active);
}
