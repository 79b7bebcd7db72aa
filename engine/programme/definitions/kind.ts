// What a kind of definitions is made of. Owns: the form of a kind, and the check of a document by it. Never touches: which kinds there are.
//   definitions.D1. A document has the fields of its kind and no others; a problem names the field.
//   definitions.D2. What decides is on every shard; what only shows is on the first one, and no decision ever reads it.

import type { Document } from '../../protocol/definition-fields.js';
import { checkerOf, type FieldSet, type TypeOf } from '../../protocol/fields.js';
import type { Operation } from '../../protocol/grants.js';
import type { DefinitionVersion } from '../../protocol/outcomes.js';
import type { RefusalCode } from '../../protocol/refusals.js';

/** What is wrong with a definition, with which field of the command, and why where the code does not say. */
export interface DefinitionProblem {
  readonly code: RefusalCode;
  readonly field: string;
  readonly detail?: string | undefined;
}

type Found = Omit<DefinitionProblem, 'code'> | null;

/** A kind of definitions, whichever. */
export interface AnyKind {
  readonly name: string;
  /** One sentence for people. */
  readonly about: string;
  /** `engine`: callers cannot say it. */
  readonly by?: 'engine';
  /** What it takes to say one; left out: `configure`. */
  readonly needs?: Operation;
  /** Are there very many of them? Then they are counted by themselves (limits.MANY_DEFINITIONS_MAX). */
  readonly isMany?: true;
  /** Fields that decide. */
  readonly decides: FieldSet;
  /** Fields that only show. */
  readonly shows: FieldSet;
  /** The field that names a time zone, whose offsets are logged with the definition. */
  readonly zone?: string;
  /** Is its key that of the programme that it belongs to? Left out: its field `programme` says, where it has one. */
  readonly isKeyedByProgramme?: true;
  /** What is wrong with a document whose fields are right each by itself. */
  check?(document: never, key: string, known: Known): Found;
  /** Does it take a second person to say this, whether or not a definition asks for one? undefined: it ends. Left out: it does not. */
  asksSecond?(next: Document | undefined, past: Past): boolean;
  /** Under what all that belong together are found (`Reads.definitions`). It says so of every version. */
  group?(document: never): string;
}

/** A version that decides, or did, or will. */
export interface SaidBefore {
  /** undefined: it ended. */
  readonly document: Document | undefined;
  /** When it was said, milliseconds since 1970. */
  readonly at: number;
  /** Had somebody else proposed it? */
  readonly isAgreed: boolean;
}

/** What was said of a definition, as far as it is known. */
export interface Past {
  /** What it says now, and is going to say. */
  readonly counting: readonly Document[];
  /** The same of other definitions. */
  countingOf(kind: string, key: string): readonly Document[];
  /** All that ever decided, in the order in which it was said. */
  readonly before: readonly SaidBefore[];
  /** Block time. */
  readonly time: number;
}

/** What other definitions say, the newest of each; undefined: there is none. Where that is not known: `NOT_KNOWN`. */
export type Known = (kind: string, key: string) => Document | undefined | 'unknown';

/** Nothing is known of other definitions: what depends on them is not looked at. */
export const NOT_KNOWN: Known = () => 'unknown';

/** A kind with these fields that decide. */
export interface Kind<D extends FieldSet> extends AnyKind {
  readonly decides: D;
  readonly zone?: keyof D & string;
  check?(document: TypeOf<D>, key: string, known: Known): Found;
  group?(document: TypeOf<D>): string;
}

/** A kind; its types follow from its fields. */
export const kind = <D extends FieldSet>(of: Kind<D>): Kind<D> => of;

const checkers = new WeakMap<AnyKind, ReturnType<typeof checkerOf>>();

const within = (field: string): string => (field === '' ? 'document' : `document.${field}`);

/** What is wrong with a document of this kind; null: nothing. */
export function documentProblem(
  of: AnyKind,
  document: Document,
  ofKey: string,
  known: Known,
): DefinitionProblem | null {
  const fields = { ...of.decides, ...of.shows };
  for (const name of Object.keys(document)) {
    if (Object.hasOwn(fields, name)) continue;
    const detail = `${name.slice(0, 100)} is not a field of ${of.name}. Known are: ${Object.keys(fields).join(', ')}.`;
    return { code: 'DEFINITION_INVALID', field: within(name.slice(0, 100)), detail };
  }
  let check = checkers.get(of);
  if (check === undefined) {
    check = checkerOf(Object.entries(fields));
    checkers.set(of, check);
  }
  const found = check(document, true);
  if (found !== null) return { code: found.code, field: within(found.field) };
  const own = of.check?.(document as never, ofKey, known) ?? null;
  return own && { code: 'DEFINITION_INVALID', ...own, field: within(own.field) };
}

/** The part of a document that decides. */
export function decidingPart(of: AnyKind, document: Document): Document {
  return Object.fromEntries(
    Object.entries(document).filter(([name]) => Object.hasOwn(of.decides, name)),
  );
}

/** A version of a definition that decides, its document read by its kind. */
export interface Versioned<T> {
  readonly key: string;
  readonly version: number;
  readonly activeFrom: number;
  readonly document: T;
  /** Of the zone that the document names, as it is known at this block time. */
  readonly zoneOffsets?: Offsets | undefined;
}

/** (from, offset) in milliseconds, one after the other, the first from the beginning of time on. */
export type Offsets = readonly number[];

/** The tables of zones, at a block time. */
export interface Zones {
  /** Of something that has written this one down. */
  offsetsAt(zone: string, own: Offsets, time: number): Offsets;
  /** Of a definition that has: all that name the zone have one table. */
  ofDefinition(zone: string, own: Offsets, time: number): Offsets;
}

/** A span of block time in which the same definitions decide, and what was worked out of them alone. */
export class Deciding {
  /** From when on, and until when. */
  readonly from: number;
  readonly until: number;
  readonly #known = new Map<() => unknown, unknown>();

  constructor(from: number, until: number) {
    this.from = from;
    this.until = until;
  }

  /** What this makes, made once. */
  remembered<T>(make: () => T): T {
    let known = this.#known.get(make) as T | undefined;
    if (known === undefined) this.#known.set(make, (known = make()));
    return known;
  }
}

/** Where the versions are. */
export interface Definitions {
  readonly zones: Zones;
  /** The span that this block time is in: the same one as long as nothing else decides. */
  decidingAt(time: number): Deciding;
  active(kind: string, key: string, time: number): DefinitionVersion | undefined;
  /** Those of a group that decide, by key. */
  ofGroup(kind: string, group: string, time: number): readonly DefinitionVersion[];
}

/** The definitions of a group that decide at this block time, by key. */
export const definitionsOf = <D extends FieldSet>(
  table: Definitions,
  of: Kind<D>,
  group: string,
  time: number,
): readonly Versioned<TypeOf<D>>[] =>
  table.ofGroup(of.name, group, time) as unknown as readonly Versioned<TypeOf<D>>[];

/** The definition that decides at this block time; undefined: none does. */
export function definitionAt<D extends FieldSet>(
  table: Definitions,
  of: Kind<D>,
  key: string,
  time: number,
): Versioned<TypeOf<D>> | undefined {
  const found = table.active(of.name, key, time) as unknown as Versioned<TypeOf<D>> | undefined;
  if (found?.zoneOffsets === undefined || of.zone === undefined) return found;
  const zone = (found.document as Document)[of.zone] as string;
  const zoneOffsets = table.zones.ofDefinition(zone, found.zoneOffsets, time);
  if (found !== lastFound || zoneOffsets !== lastZoned?.zoneOffsets) {
    lastFound = found;
    lastZoned = { ...found, zoneOffsets };
  }
  return lastZoned as Versioned<TypeOf<D>>;
}

/** The version with a zone that was found last, and the same with the zone's offsets: most often the next one, too. */
let lastFound: Versioned<unknown> | undefined;
let lastZoned: Versioned<unknown> | undefined;
