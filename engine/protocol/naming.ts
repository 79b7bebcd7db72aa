// Commands and queries with the ids that callers give, as they are in the log. Owns: which of their fields have one. Never touches: how an id is made
// somebody's (scope.ts).

import type { Packable } from './commands.js';
import { layoutOfOp } from './layout.js';
import { shownId, storedId } from './scope.js';

/** What names something that is there. */
const NAMES = ['holdId', 'transferId'] as const;

/** Places of a command of this op in which it has an id that is somebody's: its own, and those that it names. */
export const idPlaces: readonly (readonly number[])[] = Array.from({ length: 256 }, (_, op) => {
  const placed = layoutOfOp(op)?.placed ?? [];
  const isNamed = (name: string): boolean =>
    name === 'id' || (NAMES as readonly string[]).includes(name);
  return placed.filter(({ name }) => isNamed(name)).map(({ place }) => place);
});

function renamed<C extends Packable>(
  command: C,
  fields: readonly string[],
  change: (id: string) => string,
): C {
  const said = command as unknown as Readonly<Record<string, unknown>>;
  const changed: Record<string, unknown> = {};
  for (const field of fields)
    if (typeof said[field] === 'string') changed[field] = change(said[field]);
  return Object.keys(changed).length === 0 ? command : { ...command, ...changed };
}

/** A command or query with what it names as it is in the log; a command's own id stands beside it when it is packed. */
export const stored = <C extends Packable>(command: C, scope: string): C =>
  renamed(command, command.type === 'read-transfer' ? ['id'] : NAMES, (id) => storedId(id, scope));

/** A logged command as a caller is shown it. */
export const shown = <C extends Packable>(command: C, scope: string | undefined): C =>
  scope === undefined ? command : renamed(command, ['id', ...NAMES], (id) => shownId(id, scope));
