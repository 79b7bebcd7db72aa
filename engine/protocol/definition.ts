// What a command or query is made of. Owns: the form of a definition. Never touches: which ones there are (commands.ts).

import type { FieldSet } from './fields.js';
import type { RefusalCode } from './refusals.js';

/** A refusal in a command's list, and what of, where its code does not say. */
export type Listed = RefusalCode | `${RefusalCode} (${string})`;

/** One command or query. */
export interface Definition<F extends FieldSet = FieldSet, B extends FieldSet = FieldSet> {
  /** Its number in the log and on the way; from FIRST_QUERY_OP on: a query. */
  readonly op: number;
  /** Version of its rules and fields. */
  readonly version: number;
  /** The oldest version whose rules this release has. */
  readonly rulesFrom: number;
  /** The last version whose rules kept refusals from passing states (protocol.P20); 0: none did. */
  readonly keepsPassing: number;
  /** Fields before the others: the id, and what business it belongs to. */
  readonly before: B;
  readonly fields: F;
  /** What the ledger may refuse it with, in the order in which it is looked at; what its fields may be refused with stands at them. */
  readonly refusals: readonly Listed[];
  /** Fields after the others, which the engine adds. */
  readonly carried: FieldSet;
  /** `engine`: callers cannot submit it. */
  readonly by: 'caller' | 'engine';
  /** The field that names its home owner; '': it has none of its own, or its legs say. */
  readonly home: string;
}

/** No fields. */
export const NOTHING = {};

type More = Partial<
  Pick<Definition, 'version' | 'keepsPassing' | 'refusals' | 'carried' | 'home' | 'by'>
>;
/** Since version 2, refusals from passing states are not kept. */
export const PASSING = { version: 2, keepsPassing: 1 } as const;

/** A command or query. */
export function define<B extends FieldSet, F extends FieldSet>(
  op: number,
  before: B,
  fields: F,
  more: More = {},
): Definition<F, B> {
  const { version = 1, keepsPassing = 0, refusals = [], carried = NOTHING } = more;
  const { home = 'owner', by = 'caller' } = more;
  return { op, version, rulesFrom: 1, keepsPassing, before, fields, refusals, carried, by, home };
}
