// Definitions as somebody knows them who only shows them. Owns: which version counts at which time. Never touches: what any of them says, where they
// come from.
//   shown.V1. A version counts from the moment on at which it decides, on every node alike: it is known before (limits.DEFINITION_LEAD_MS), and waits.
//   shown.V2. A version that never counts again is forgotten.

import type { DefinitionHistory, DefinitionVersion } from '../../engine/index.js';

/** When another version of a definition begins to count. */
interface Beginning {
  readonly time: number;
  readonly kind: string;
  readonly key: string;
}

export class KnownVersions {
  /** By kind and key, in the order in which they were said. */
  readonly #kinds = new Map<string, Map<string, readonly DefinitionVersion[]>>();
  /** What is to come, the last one first. */
  readonly #coming: Beginning[] = [];
  readonly #expected = new Set<string>();

  /** Takes all that is known of a definition; what was known of it before counts no more. */
  put({ kind, key, versions }: DefinitionHistory, now: number): void {
    const said = versions.filter(({ number }) => number > 0);
    const counting = said.findLastIndex(({ activeFrom }) => activeFrom <= now);
    const kept = said.slice(Math.max(0, counting));
    let keys = this.#kinds.get(kind);
    if (keys === undefined) this.#kinds.set(kind, (keys = new Map()));
    if (kept.length === 0 || (kept.length === 1 && isOver(kept[0], now))) keys.delete(key);
    else keys.set(key, kept);
    for (const { activeFrom } of kept)
      if (activeFrom > now) this.#expect({ time: activeFrom, kind, key });
  }

  /** The version that counts at this time; undefined: none does. */
  at(kind: string, key: string, now: number): DefinitionVersion | undefined {
    const found = this.#kinds
      .get(kind)
      ?.get(key)
      ?.findLast(({ activeFrom }) => activeFrom <= now);
    return found?.state === 'active' ? found : undefined;
  }

  /** All of a kind that count at this time. */
  all(kind: string, now: number): DefinitionVersion[] {
    const keys = [...(this.#kinds.get(kind)?.keys() ?? [])];
    return keys.flatMap((key) => this.at(kind, key, now) ?? []);
  }

  /** The definitions of which another version has begun to count by now, each time it has. */
  begun(now: number): readonly Beginning[] {
    const found: Beginning[] = [];
    while ((this.#coming.at(-1)?.time ?? Number.POSITIVE_INFINITY) <= now) {
      const one = this.#coming.pop() as Beginning;
      this.#expected.delete(nameOf(one));
      const { kind, key } = one;
      const versions = this.#kinds.get(kind)?.get(key) ?? [];
      if (versions.length > 0) this.put({ kind, key, versions }, now);
      found.push(one);
    }
    return found;
  }

  #expect(one: Beginning): void {
    const name = nameOf(one);
    if (this.#expected.has(name)) return;
    this.#expected.add(name);
    const coming = this.#coming;
    let [low, high] = [0, coming.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((coming[middle] as Beginning).time > one.time) low = middle + 1;
      else high = middle;
    }
    coming.splice(low, 0, one);
  }
}

const nameOf = ({ time, kind, key }: Beginning): string => `${time} ${kind} ${key}`;

const isOver = (version: DefinitionVersion | undefined, now: number): boolean =>
  version?.state !== 'active' && (version?.activeFrom ?? 0) <= now;
