// Is a command well formed? Owns: the order in which fields are looked at. Never touches: state, so nothing here depends on balances.
//   protocol.P4. A command that passes packs into at most COMMAND_BYTES_MAX bytes and decodes to itself.
//   protocol.P5. Whatever is passed in, validate() answers; it never throws.

import { ID_LENGTH_MAX } from '../limits.js';
import type { Query } from './commands.js';
import type { Fields, Problem } from './fields.js';
import { layoutOf } from './layout.js';

/** An id made of kind and ref must be one. */
function madeIdProblem({ id, kind, ref }: Fields): Problem | null {
  if (id !== undefined || kind === undefined || ref === undefined) return null;
  const { length } = kind as string;
  return length + 1 + (ref as string).length > ID_LENGTH_MAX
    ? { code: 'ID_TOO_LONG', field: 'kind:ref' }
    : null;
}

/**
 * What is wrong with a command as a caller gives it; null: nothing. The refusal is always transient and the field is
 * named as a path, e.g. `legs[2].amount`. `owned`: the engine asks for itself, so scarce owners may be named in legs and of records.
 */
export function validate(command: unknown, owned = false): Problem | null {
  try {
    if (typeof command !== 'object' || command === null)
      return { code: 'COMMAND_INVALID', field: 'command' };
    const fields = command as Fields;
    const layout = layoutOf(fields.type);
    if (layout === undefined || layout.isQuery || layout.definition.by === 'engine')
      return { code: 'COMMAND_TYPE_UNKNOWN', field: 'type' };
    const found = layout.checkOwn(fields, owned) ?? layout.checkBefore(fields, owned);
    return found ?? (layout.before.length > 1 ? madeIdProblem(fields) : null);
  } catch {
    return { code: 'COMMAND_INVALID', field: 'command' };
  }
}

/** What is wrong with a query, if anything. `owned`: as in validate(). */
export function validateQuery(query: Query, owned = false): Problem | null {
  const layout = layoutOf(query.type);
  if (layout?.isQuery !== true) return { code: 'QUERY_INVALID', field: 'type' };
  return layout.checkOwn(query as unknown as Fields, owned);
}
