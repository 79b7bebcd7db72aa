// What follow-ups are called. Owns: their ids, which name the command that causes them and cannot be a caller's. Never touches: state.

import { ID_LENGTH_MAX, OWNER_LENGTH_MAX } from '../limits.js';

/** No caller's id has it (validate.ts). */
const MARK = '>';
const MARK_CODE = 62;

/** The command that causes a follow-up, and which of its follow-ups that is, from 1 on. */
export interface Cause {
  /** Home owner of the cause. */
  readonly owner: string;
  readonly id: string;
  readonly n: number;
}

/**
 * The id of a follow-up, unique for ever within its own home owner: look it up there. `owner` and `id`: of the command that
 * causes it; `n`: its place among that one's follow-ups, from 1 on.
 */
export const followUpId = (owner: string, id: string, n: number): string =>
  `${MARK}${owner}${MARK}${id}${MARK}${n}`;

/** Is this the id of a follow-up, by its first character's code? */
export const isFollowUpCode = (code: number | undefined): boolean => code === MARK_CODE;

/** The cause in a follow-up's id; undefined: it is no such id. */
export function causeOf(id: string): Cause | undefined {
  if (!isFollowUpCode(id.charCodeAt(0))) return undefined;
  const [, owner = '', cause = '', n = '', ...more] = id.split(MARK);
  if (more.length > 0 || !/^[1-9]$/.test(n) || owner === '' || cause === '') return undefined;
  if (owner.length > OWNER_LENGTH_MAX || cause.length > ID_LENGTH_MAX) return undefined;
  return { owner, id: cause, n: Number(n) };
}
