// Where the fields of commands and queries lie in their tuples. Owns: the places, which follow from the table. Never touches: bytes.
//   protocol.P6. A command is one msgpack array: [its version, op, fields ...] with fixed places; same command, same bytes. Fields of several
//       parts (a condition) have a place for each, legs come last.
//   protocol.P19. Whoever reads a command sees the places of the newest version: what its own version did not have yet is nil, and what comes
//       behind it (legs, carried places) stands where it stands now. Only the bytes, and who reads or writes them, know how it lay then.

import {
  COMMANDS,
  type CommandType,
  type Definition,
  FIRST_QUERY_OP,
  QUERIES,
  type Query,
} from './commands.js';
import { type Checker, checkerOf, type Field, type FieldSet } from './fields.js';

/** Everything that has a number. */
export type Type = CommandType | Query['type'];

const TABLE = { ...COMMANDS, ...QUERIES } as const;

/** Numbers of commands in the log, and of queries on their way to a shard. */
export const OP = Object.fromEntries(Object.entries(TABLE).map(([type, { op }]) => [type, op])) as {
  readonly [T in Type]: number;
};

/** The first place after version and op. */
const FIRST = 2;

/** A field and where it lies. */
export interface Placed {
  readonly name: string;
  readonly field: Field;
  readonly place: number;
  /** The parts of a field that has several places. */
  readonly parts: readonly (readonly [string, Field])[] | undefined;
}

/** How one command or query is packed. */
export class Layout {
  readonly type: Type;
  readonly op: number;
  readonly definition: Definition;
  /** In the order of their places, without legs. */
  readonly placed: readonly Placed[];
  /** Places without legs, and without what the engine adds. */
  readonly width: number;
  /** `width`, by version. */
  readonly #widths: readonly number[];
  /** The parts of a leg; undefined: it has none. */
  readonly leg: readonly (readonly [string, Field])[] | undefined;
  /** Is it the engine that gives the legs, if there are any? */
  readonly hasOptionalLegs: boolean;
  /** The id, and the command's own fields. */
  readonly saidPlaces: readonly Placed[];
  /** Fields in the order in which they are checked. */
  readonly own: readonly (readonly [string, Field])[];
  readonly before: readonly (readonly [string, Field])[];
  /** What is wrong with the own fields, and with those before them. */
  readonly checkOwn: Checker;
  readonly checkBefore: Checker;
  readonly isQuery: boolean;

  constructor(type: Type, definition: Definition) {
    this.type = type;
    this.op = definition.op;
    this.definition = definition;
    this.isQuery = definition.op >= FIRST_QUERY_OP;
    const { before, fields } = definition;
    this.own = Object.entries(fields);
    this.before = Object.entries(before);
    this.checkOwn = checkerOf(this.own);
    this.checkBefore = checkerOf(this.before);
    const single = [...this.before, ...this.own].filter(([, { kind }]) => kind !== 'legs');
    let place = FIRST;
    this.placed = single.map(([name, field]) => {
      const parts = field.kind === 'condition' ? Object.entries(field.parts ?? {}) : undefined;
      const at = place;
      place += parts?.length ?? 1;
      return { name, field, place: at, parts };
    });
    this.saidPlaces = this.placed.filter(({ name }) => name === 'id' || name in fields);
    this.width = place;
    this.#widths = Array.from({ length: definition.version + 1 }, (_, version) => {
      const later = this.placed.find(({ field: { since = 1 } }) => since > version);
      return later?.place ?? place;
    });
    const legs = this.own.find(([, { kind }]) => kind === 'legs');
    this.leg = legs && Object.entries(legs[1].parts as FieldSet);
    this.hasOptionalLegs = legs?.[1].optional === true;
    this.#expectLast();
  }

  /** Is it packed by a version that this release can read? */
  isVersion(version: unknown): version is number {
    const newest = this.definition.version;
    return Number.isInteger(version) && (version as number) >= 1 && (version as number) <= newest;
  }

  /** `width`, as it was in this version: places from there up to `width` came later. */
  widthIn(version: number): number {
    return this.#widths[version] ?? this.width;
  }

  /** protocol.P16. */
  #expectLast(): void {
    const { version } = this.definition;
    let newest = 1;
    for (const { name, field } of this.placed) {
      const { since = 1, optional } = field;
      if (since < newest || since > version || (since > 1 && !optional))
        throw new Error(`P16: ${this.type} has had ${name} since version ${since}`);
      newest = since;
    }
  }
}

const LAYOUTS: (Layout | undefined)[] = new Array(256).fill(undefined);
/** By op: the versions whose rules this release has, from and to. */
const OLDEST = new Uint8Array(256).fill(1);
const NEWEST = new Uint8Array(256).fill(1);
const BY_TYPE = new Map<string, Layout>();
for (const [type, definition] of Object.entries(TABLE)) {
  if (LAYOUTS[definition.op] !== undefined) throw new Error(`two types have op ${definition.op}`);
  const layout = new Layout(type as Type, definition);
  LAYOUTS[definition.op] = layout;
  OLDEST[definition.op] = definition.rulesFrom;
  NEWEST[definition.op] = definition.version;
  if (definition.version > 127) throw new Error('P6: a version is one byte');
  BY_TYPE.set(type, layout);
}

/** By op: the last version that kept refusals from passing states. */
const KEEPING = new Uint8Array(256);
for (const { op, keepsPassing } of Object.values<Definition>(TABLE)) KEEPING[op] = keepsPassing;

/** Do the rules of its version keep refusals from passing states (protocol.P20)? */
export const keepsPassing = ({ op, version }: { readonly op: number; readonly version: number }) =>
  version <= (KEEPING[op] as number);

/** Has this release the rules by which such a command is carried out? */
export const hasRules = (op: number, version: number): boolean =>
  version >= (OLDEST[op] as number) && version <= (NEWEST[op] as number);

/** Is it of an older version than what is packed now? */
export const isOlder = (op: number, version: number): boolean =>
  version < (NEWEST[op] as number) && version >= 1;

/** How what has this op is packed; undefined: there is none. */
export const layoutOfOp = (op: number): Layout | undefined => LAYOUTS[op];

/** How a type is packed; undefined: there is none. */
export const layoutOf = (type: unknown): Layout | undefined => BY_TYPE.get(type as string);

/** How many places it has, without legs. */
export const widthOf = (type: Type): number => (BY_TYPE.get(type) as Layout).width;

/** The type behind an op. */
export const typeOfOp = (op: number): Type | undefined => LAYOUTS[op]?.type;

type NamesIn<D> = D extends Definition<infer F, infer B> ? keyof F | keyof B : never;

/** Places of fields, by type and name; of a condition: its first; of legs: the first of the first leg. */
export const PLACES = Object.fromEntries(
  [...BY_TYPE].map(([type, { placed, width, leg, definition }]) => {
    const places = placed.map(({ name, place }): [string, number] => [name, place]);
    if (leg !== undefined) places.push(['legs', width]);
    Object.keys(definition.carried).forEach((name, i) => {
      places.push([name, width + i]);
    });
    return [type, Object.fromEntries(places)];
  }),
) as {
  readonly [T in Type]: { readonly [N in NamesIn<(typeof TABLE)[T]>]: number };
} & { readonly capture: { readonly asset: number; readonly deadline: number } };

const offsets = <F extends FieldSet>(parts: F): { readonly [N in keyof F]: number } =>
  Object.fromEntries(Object.keys(parts).map((name, i) => [name, i])) as never;

const { condition, legs } = COMMANDS.transfer.fields;
/** What a leg has, by offset from its first place; and how many places it has. */
export const LEG = offsets(legs.parts as typeof import('./fields.js').LEG);
export const LEG_PLACES = Object.keys(LEG).length;
/** What a condition has, by offset from its first place. */
export const CONDITION = offsets(condition.parts as typeof import('./fields.js').CONDITION);

/** Where a command has what is decided of an act; undefined: it is neither an act nor a reversal. */
export const planPlace = (op: number | undefined): number | undefined =>
  op === OP.act ? PLACES.act.plan : op === OP.reverse ? PLACES.reverse.plan : undefined;
