// What definitions say, for whoever tells what is wrong with one that was refused. Owns: what is looked up for it. Never touches: whether it is refused,
// which the first shard decides.

import {
  type DefinitionProblem,
  definitionProblem,
  type Known,
} from '../programme/definitions/index.js';
import type { PutDefinitionCommand } from '../protocol/commands.js';
import type { Document } from '../protocol/definition-fields.js';
import { type DefinitionHistory, isRefusal, type Refused } from '../protocol/outcomes.js';

/** All versions of a definition. */
type Read = (kind: string, key: string) => Promise<readonly DefinitionHistory[] | Refused>;

const nameOf = (kind: string, key: string): string => `${kind} ${key}`;

export class KnownDefinitions {
  readonly #read: Read;
  /** By name, what the ledger has; undefined: there is none. */
  readonly #documents = new Map<string, Document | undefined>();

  constructor(read: Read) {
    this.#read = read;
  }

  /** What is wrong with a definition after these, as if they had been said; null: nothing that can be told. */
  async problem(
    said: PutDefinitionCommand,
    before: readonly PutDefinitionCommand[],
  ): Promise<DefinitionProblem | null> {
    for (;;) {
      const missing: [kind: string, key: string][] = [];
      const known: Known = (kind, key) => {
        const told = before.findLast((one) => one.kind === kind && one.key === key);
        if (told !== undefined) return told.document;
        const name = nameOf(kind, key);
        if (this.#documents.has(name)) return this.#documents.get(name);
        missing.push([kind, key]);
        return 'unknown';
      };
      const problem = definitionProblem(said, known);
      if (problem !== null || missing.length === 0) return problem;
      for (const [kind, key] of missing) {
        const found = await this.#read(kind, key);
        if (isRefusal(found)) return null;
        const newest = found[0]?.versions.findLast(({ number }) => number > 0);
        this.#documents.set(nameOf(kind, key), newest?.document);
      }
    }
  }
}
