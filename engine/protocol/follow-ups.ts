// What follow-ups are called. Owns: their ids, which name the command that causes them and cannot be a caller's. Never touches: state.

import { FOLLOW_UPS_MAX, OWNER_LENGTH_MAX, STORED_ID_LENGTH_MAX } from '../limits.js';

/** No caller's id has it (validate.ts). */
const MARK = '>';
const MARK_CODE = 62;

/** The command that causes a follow-up, and which of its follow-ups that is. */
export interface Cause {
  /** Home owner of the cause. */
  readonly owner: string;
  readonly id: string;
  /** From 1 to FOLLOW_UPS_MAX. */
  readonly n: number;
}

/**
 * The id of a follow-up, unique for ever within its own home owner: look it up there. `owner` and `id`: of the command that
 * causes it; `n`: its place among that one's follow-ups, from 1 on.
 */
export const followUpId = (owner: string, id: string, n: number): string =>
  `${MARK}${owner}${MARK}${id}${MARK}${n}`;

/** Is it the text of the id of what an act has caused (caused-id.ts)? */
export const isCausedId = (id: string): boolean => /^>[\w-]{32}$/.test(id);

/** Is this the id of a follow-up, by its first character's code? */
export const isFollowUpCode = (code: number | undefined): boolean => code === MARK_CODE;

/** The cause in a follow-up's id; undefined: it is no such id. */
export function causeOf(id: string): Cause | undefined {
  const cause = namedCause(id);
  return cause !== undefined && Number.isNaN(cause.n) ? undefined : cause;
}

/** As causeOf(), with NaN for an `n` that no follow-up has. */
export function namedCause(id: string): Cause | undefined {
  if (!isFollowUpCode(id.charCodeAt(0))) return undefined;
  const [, owner = '', cause = '', text, ...more] = id.split(MARK);
  if (more.length > 0 || text === undefined || owner === '' || cause === '') return undefined;
  if (owner.length > OWNER_LENGTH_MAX || cause.length > STORED_ID_LENGTH_MAX) return undefined;
  const n = /^[1-9]$/.test(text) ? Number(text) : Number.NaN;
  return { owner, id: cause, n: n <= FOLLOW_UPS_MAX ? n : Number.NaN };
}
