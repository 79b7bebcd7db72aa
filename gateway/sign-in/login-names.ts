// What members sign in with. Owns: which login names there are, which are the same. Never touches: whose they are.
//   signin.N1. Two that differ in case, in width (Ａ, A) or in how a letter is composed are one. A mail address is folded as a whole: no member is told apart by
//       capitals of one.

import { isEmail } from '../schema/notices.js';

/** Characters of a login name that is no mail address. */
export const LOGIN_NAME_LENGTH_MAX = 64;

const NAME = new RegExp(
  `^[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}._-]{1,${LOGIN_NAME_LENGTH_MAX - 1}}$`,
  'u',
);

/** As it is compared; undefined: it is no login name. */
export function foldedLogin(text: string): string | undefined {
  if (!text.isWellFormed()) return undefined;
  // What is folded once may compose anew.
  const once = (of: string): string => of.normalize('NFKC').toLowerCase().normalize('NFKC');
  const folded = once(once(text.trim()));
  return isEmail(folded) || NAME.test(folded) ? folded : undefined;
}

/** Is a login name that was folded a mail address? */
export const isAddress = (folded: string): boolean => folded.includes('@');
