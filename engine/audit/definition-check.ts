// What a record says of a definition. Owns: that its version and place follow from those before it, and that its command says it. Never touches:
// what documents say; how records are read (posting.ts).

import { DEFINITION_LEAD_MS, ZONE_LEAD_MS } from '../limits.js';
import { zone } from '../programme/definitions/index.js';
import { joined } from '../programme/definitions/zone-tables.js';
import { commandOfTuple, type Tuple } from '../protocol/codec.js';
import type { PutDefinitionCommand } from '../protocol/commands.js';
import { OP } from '../protocol/layout.js';
import { type DefinitionVersion, definitionOf } from '../protocol/outcomes.js';
import { DEFINITION_STATES } from '../protocol/syntax.js';
import type { Books } from './books.js';
import { broken } from './broken.js';
import type { Home } from './transit-check.js';

export class DefinitionCheck {
  readonly #books: Books;
  readonly #shard: number;
  /** The newest version of each definition, and the versions by their name. */
  readonly #newest = new Map<string, number>();
  readonly #known = new Map<string, DefinitionVersion>();
  #count = 0;

  constructor(books: Books, { shard }: Home) {
    this.#books = books;
    this.#shard = shard;
  }

  said(numbers: readonly number[], texts: readonly string[], tuple: Tuple): void {
    if (tuple[1] !== OP['put-definition']) broken('says a definition, and is none');
    const command = commandOfTuple(tuple) as PutDefinitionCommand;
    const [number, version, state, activeFrom, definedAt] = numbers as [
      number,
      number,
      number,
      number,
      number,
    ];
    const [kind, key] = texts as [string, string];
    const name = `${kind} ${key}`;
    const isIt =
      command.kind === kind && command.key === key && DEFINITION_STATES[state] === command.state;
    if (!isIt) broken(`definition ${name} is not what its command says`);
    const decided = { version, number, activeFrom, definedAt };
    const made = definitionOf(command, decided);
    const known = this.#known.get(`${name} ${version}`);
    if (known !== undefined) {
      if (JSON.stringify(known) !== JSON.stringify(made))
        broken(`definition ${name} has another version ${version}`);
      return;
    }
    this.#follows(made, command);
    if (kind === zone.name) this.#changesLater(made);
    this.#newest.set(name, version);
    this.#known.set(`${name} ${version}`, made);
    if (number > 0) this.#count = number;
    this.#books.definitions.push(made);
  }

  /** ledger.V1, ledger.V4, ledger.V6. */
  #follows(made: DefinitionVersion, command: PutDefinitionCommand): void {
    const { kind, key, version, number, state, activeFrom, definedAt } = made;
    const what = `definition ${kind} ${key}`;
    const before = this.#newest.get(`${kind} ${key}`) ?? 0;
    const isFirst = this.#shard === 0;
    // Drafts are on the first shard alone.
    if (isFirst ? version !== before + 1 : version <= before)
      broken(`${what} has version ${version} after ${before}`);
    if (state === 'draft' ? number !== 0 || !isFirst : number !== this.#count + 1)
      broken(`${what} is number ${number} after ${this.#count}`);
    if (state === 'draft' ? activeFrom !== 0 : activeFrom < definedAt + DEFINITION_LEAD_MS)
      broken(`${what} of ${definedAt} decides from ${activeFrom} on`);
    const said = command.activeFrom;
    if (said !== undefined && said !== activeFrom)
      broken(`${what} decides from ${activeFrom} on, and its command says ${said}`);
    const isTold =
      command.version === version &&
      command.number === number &&
      command.definedAt === definedAt &&
      said === activeFrom;
    if (isFirst ? command.version !== undefined : !isTold)
      broken(`${what} was decided on another shard than its command says`);
  }

  /** ledger.V7. */
  #changesLater({ key, version, activeFrom, document, zoneOffsets = [] }: DefinitionVersion): void {
    const from = document?.['from'] as number;
    const before = this.#known.get(`${zone.name} ${key} ${version - 1}`)?.zoneOffsets;
    const isOld =
      before === undefined || joined(before, from, zoneOffsets).join() === zoneOffsets.join();
    if (from < activeFrom + ZONE_LEAD_MS || !isOld)
      broken(`zone ${key} has a table that changes what is before ${from}`);
  }
}

/** Definitions of a shard that decide, in the order of their numbers. */
export interface ShardDefinitions {
  readonly shard: number;
  readonly deciding: readonly DefinitionVersion[];
}

export const definitionsOf = (shard: number, { definitions }: Books): ShardDefinitions => ({
  shard,
  deciding: definitions.filter(({ number }) => number > 0),
});

/** A document without what its version says, and each of its fields as text. */
const textsOf = ({ document, ...said }: DefinitionVersion): [string, Map<string, string>] => [
  JSON.stringify(said),
  new Map(Object.entries(document ?? {}).map(([name, value]) => [name, JSON.stringify(value)])),
];

/** Definitions that a shard has otherwise than the lowest one here: what only shows, a shard may lack (ledger.V1, ledger.V3). */
export function definitionFaults(
  all: readonly ShardDefinitions[],
): { readonly shard: number; readonly what: string }[] {
  const [lowest, ...others] = all;
  return others.flatMap(({ shard, deciding }) => {
    for (const [i, version] of deciding.entries()) {
      const first = lowest?.deciding[i];
      if (first === undefined) {
        if (lowest?.shard !== 0) break;
        return [
          { shard, what: `V1: it has ${deciding.length} definitions, and shard 0 only ${i}` },
        ];
      }
      const [[said, fields], [known, knownFields]] = [textsOf(version), textsOf(first)];
      const isSame = [...fields].every(([name, value]) => knownFields.get(name) === value);
      if (said === known && isSame) continue;
      const what = `V1: definition ${i + 1} (${version.kind} ${version.key}) is another one than on shard ${lowest?.shard}`;
      return [{ shard, what }];
    }
    return [];
  });
}
