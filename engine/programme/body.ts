// Is the body of an act what the act takes? Owns: that check. Never touches: which acts there are.

import { type Checker, checkerOf, type Problem } from '../protocol/fields.js';
import type { Act } from './act.js';

const checkers = new WeakMap<Act, Checker>();

function checkerFor(one: Act): Checker {
  let check = checkers.get(one);
  if (check === undefined) {
    check = checkerOf(Object.entries(one.body));
    checkers.set(one, check);
  }
  return check;
}

/** What is wrong with it; null: nothing. Fields that are not known are refused by name. */
export function bodyProblem(one: Act, body: Readonly<Record<string, unknown>>): Problem | null {
  for (const name in body)
    if (!Object.hasOwn(one.body, name)) return { code: 'ACT_BODY_INVALID', field: `body.${name}` };
  const found = checkerFor(one)(body, true);
  return found && { ...found, field: `body.${found.field}` };
}
