// Documents over those that counted. Owns: which document decides in the other world. Never touches: the ledger's own definitions.
//   simulation.D1. A draft counts all the time, in place of every version of its definition; what has no draft is as the log has it.

import type { DefinitionTable } from '../ledger/definition-table.js';
import { eventTypeKey } from '../programme/definitions/event-type.js';
import {
  definitionAt,
  definitionProblem,
  definitionsOf,
  type Kind,
  kindOf,
  rule,
  task,
  type Versioned,
} from '../programme/definitions/index.js';
import { Deciding, decidingPart, type Known, type Offsets } from '../programme/definitions/kind.js';
import type { FieldSet, TypeOf } from '../protocol/fields.js';
import type { Draft } from './result.js';

/** The number of a draft's version, in `why`. */
const DRAFT_VERSION = 0;

/** A draft, with the offsets of the zone that its document names. */
export interface CompleteDraft extends Draft {
  readonly zoneOffsets?: Offsets | undefined;
}

type AnyVersioned = Versioned<unknown>;
type Group = readonly AnyVersioned[];
/** Definitions of a group, with the drafts in place. */
interface Merged {
  readonly from: Group;
  readonly all: Group;
  /** Is one of them a draft, or is one not there because of a draft? */
  readonly isDrafted: boolean;
}

/** Kinds whose definitions say of which events they are, by their group. */
const BY_EVENT: readonly string[] = [rule.name, task.name];

export class Drafts {
  readonly #table: DefinitionTable;
  readonly #drafts: ReadonlyMap<string, AnyVersioned | null>;
  /** By kind, those that say that they belong to a group: (group, draft). */
  readonly #ofKind = new Map<string, (readonly [group: string | undefined, key: string])[]>();
  /** Groups as they are put together: definitions of a group come in the same list until one of them changes. */
  readonly #groups = new Map<string, Merged>();
  readonly #isByEvent: boolean;
  /** The span of the table's that was asked for last, and the same one here: what is worked out here is of drafts, too. */
  #from: Deciding | undefined;
  #deciding = new Deciding(0, 0);

  constructor(table: DefinitionTable, drafts: readonly CompleteDraft[]) {
    this.#table = table;
    const all = new Map<string, AnyVersioned | null>();
    for (const { kind, key, document, zoneOffsets } of drafts) {
      const of = kindOf(kind);
      if (of === undefined) throw new RangeError(`${kind} is no kind of definitions`);
      const deciding = document && decidingPart(of, document as never);
      const draft = document && { key, version: DRAFT_VERSION, activeFrom: 0, document: deciding };
      all.set(`${kind} ${key}`, draft && zoneOffsets ? { ...draft, zoneOffsets } : draft);
      const group = document === null ? undefined : of.group?.(document as never);
      const others = this.#ofKind.get(kind) ?? [];
      this.#ofKind.set(kind, [...others, [group, key]]);
    }
    this.#drafts = all;
    this.#isByEvent = drafts.every(({ kind }) => BY_EVENT.includes(kind));
  }

  /** May a draft decide of events of this type? */
  reaches(programme: string, type: string, time: number): boolean {
    if (!this.#isByEvent) return true;
    const group = eventTypeKey(programme, type);
    return (
      this.#merged(rule, group, time)?.isDrafted === true ||
      this.#merged(task, group, time)?.isDrafted === true
    );
  }

  /** As `Reads.deciding`, at this block time. */
  deciding(time: number): Deciding {
    const from = this.#table.decidingAt(time);
    if (from !== this.#from) {
      this.#from = from;
      this.#deciding = new Deciding(from.from, from.until);
    }
    return this.#deciding;
  }

  /** As `Reads.definition`, at this block time. */
  definition<D extends FieldSet>(
    of: Kind<D>,
    key: string,
    time: number,
  ): Versioned<TypeOf<D>> | undefined {
    const draft = this.#drafts.get(`${of.name} ${key}`);
    if (draft === undefined) return definitionAt(this.#table, of, key, time);
    return (draft ?? undefined) as Versioned<TypeOf<D>> | undefined;
  }

  /** As `Reads.definitions`. */
  definitions<D extends FieldSet>(
    of: Kind<D>,
    group: string,
    time: number,
  ): readonly Versioned<TypeOf<D>>[] {
    const merged =
      this.#merged(of, group, time)?.all ?? definitionsOf(this.#table, of, group, time);
    return merged as readonly Versioned<TypeOf<D>>[];
  }

  /** undefined: there is no draft of this kind. */
  #merged<D extends FieldSet>(of: Kind<D>, group: string, time: number): Merged | undefined {
    const drafts = this.#ofKind.get(of.name);
    if (drafts === undefined) return undefined;
    const from = definitionsOf(this.#table, of, group, time);
    const name = `${of.name} ${group}`;
    const known = this.#groups.get(name);
    if (known?.from === from) return known;
    const all: AnyVersioned[] = from.filter(({ key }) => !this.#drafts.has(`${of.name} ${key}`));
    const isLess = all.length < from.length;
    const kept = all.length;
    for (const [ofGroup, key] of drafts)
      if (ofGroup === group) all.push(this.#drafts.get(`${of.name} ${key}`) as AnyVersioned);
    const isDrafted = isLess || all.length > kept;
    const merged = { from, all: all.sort((a, b) => (a.key < b.key ? -1 : 1)), isDrafted };
    this.#groups.set(name, merged);
    return merged;
  }
}

/** What is wrong with drafts, as far as the other definitions are known: where, and what; null: nothing. */
export function draftsProblem(
  drafts: readonly Draft[],
  others: Known,
): { readonly draft: number; readonly field: string; readonly detail: string } | null {
  const own = new Map(drafts.map(({ kind, key, document }) => [`${kind} ${key}`, document]));
  const known: Known = (kind, key) => {
    const draft = own.get(`${kind} ${key}`);
    return draft === undefined ? others(kind, key) : ((draft ?? undefined) as never);
  };
  for (const [draft, { kind, key, document }] of drafts.entries()) {
    const state = document === null ? 'retired' : 'active';
    const said = { kind, key, state, document: (document ?? undefined) as never };
    const found = definitionProblem(said, known);
    if (found === null) continue;
    const { field, detail = `${field} is not as a ${kind} has it.` } = found;
    return { draft, field, detail };
  }
  return null;
}
