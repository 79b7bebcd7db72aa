// Which passwords there are. Owns: how one is normalised, which are refused (signin.P1). Never touches: how they are kept.
//   signin.P2. A password is compared in the form NFKC (NIST SP 800-63B, 5.1.1.2): who types it wide (Ａ), or composes its letters another way, on another
//       keyboard, types the same one. Its case, and blanks, count.

import { type Refusal, refuse } from '../refusal.js';
import { isAddress } from './login-names.js';

const LENGTH_MIN = 8;
const LENGTH_MAX = 256;
const COMMON_COUNT = 10_000;
const CONTROL = /\p{Cc}/u;

/** Characters that a request may have in the place of a password: what is longer when it comes may be shorter as it is compared. */
export const PASSWORD_TEXT_MAX = 1_024;

/** As it is compared; undefined: it cannot be one. */
export function normalPassword(text: string): string | undefined {
  if (text.length > PASSWORD_TEXT_MAX || !text.isWellFormed() || CONTROL.test(text))
    return undefined;
  const normal = text.normalize('NFKC');
  const { length } = [...normal];
  return length > 0 && length <= LENGTH_MAX ? normal : undefined;
}

let common: Promise<ReadonlySet<string>> | undefined;

/** The commonest of those that are long enough, in small letters. Read when they are asked for first. */
const commonest = (): Promise<ReadonlySet<string>> =>
  (common ??= import('@zxcvbn-ts/language-common').then(({ dictionary }) => {
    const long = (dictionary['passwords-common'] as readonly string[]).filter(
      (one) => [...one].length >= LENGTH_MIN,
    );
    return new Set(long.slice(0, COMMON_COUNT));
  }));

/** A new password, as it is compared; a refusal that names `field`. `logins`: what its member signs in with, folded. */
export async function newPassword(
  text: string,
  logins: readonly string[],
  field = 'password',
): Promise<Refusal | string> {
  const weak = (detail: string): Refusal => refuse('PASSWORD_WEAK', field, detail);
  const normal = normalPassword(text);
  if (normal === undefined)
    return weak(`A password has at most ${LENGTH_MAX} characters, and no control characters.`);
  if ([...normal].length < LENGTH_MIN)
    return weak(`A password has ${LENGTH_MIN} characters or more.`);
  const folded = normal.toLowerCase();
  if ((await commonest()).has(folded))
    return weak(`The password is one of the ${COMMON_COUNT} commonest.`);
  const same = logins.flatMap((login) =>
    isAddress(login) ? [login, login.slice(0, login.indexOf('@'))] : [login],
  );
  return same.includes(folded) ? weak('The password is the login name.') : normal;
}
