// A code of a member is used up. Owns: which is good, the write that uses it up. Never touches: who may ask, what follows.
//   signin.O2. A code is used up in the write of the account that acts on it, over the version that was seen: of two who have one code, one is in.

import { createHash } from 'node:crypto';
import { Secret } from 'otpauth';
import type { OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import {
  type Account,
  changeAccount,
  openAccount,
  type StoredAccount,
  type StoredCodes,
} from './accounts.js';
import { stepOf } from './one-time-codes.js';
import type { Parts } from './parts.js';

/** The secret of codes is sealed to its member. */
export const aboutCodes = (member: string): string => `one-time codes ${member}`;

/** Codes for who has lost the phone: how many, bytes of each. */
const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;
const RECOVERY = /^[A-Z2-7]{16}$/;
/** Others who change an account at the same moment. */
const ROUNDS = 16;

const plainRecovery = (code: string): string => code.replace(/[\s-]/g, '').toUpperCase();

const recoveryDigest = (member: string, plain: string): string =>
  createHash('sha256').update(`jifen recovery code ${member} ${plain}`).digest('base64url');

/** New codes for who has lost the phone: as they are told, once, and as they are kept. */
export function newRecovery(member: string): {
  readonly told: readonly string[];
  readonly kept: readonly string[];
} {
  const plain = Array.from(
    { length: RECOVERY_CODES },
    () => new Secret({ size: RECOVERY_BYTES }).base32,
  );
  return {
    told: plain.map((one) => one.replace(/(.{4})(?=.)/g, '$1-').toLowerCase()),
    kept: plain.map((one) => recoveryDigest(member, one)),
  };
}

/** The codes of an account with one of them used up. `CODE_WRONG`. */
async function spent(
  { sealer, now }: Parts,
  { member, owner }: Account,
  codes: StoredCodes,
  code: string,
): Promise<Refusal | StoredCodes> {
  const plain = plainRecovery(code);
  if (RECOVERY.test(plain)) {
    const digest = recoveryDigest(member, plain);
    const recovery = codes.recovery.filter((one) => one !== digest);
    return recovery.length < codes.recovery.length
      ? { ...codes, recovery }
      : refuse('CODE_WRONG', 'code');
  }
  const secret = await sealer.revealOf(owner, codes.sealed, aboutCodes(member));
  if (isRefusal(secret)) return secret;
  const step = secret === undefined ? undefined : stepOf(secret, code, now);
  return step === undefined || step <= codes.step
    ? refuse('CODE_WRONG', 'code')
    : { ...codes, step };
}

/**
 * The account with a code used up, and what `change` makes of it then, in one write; as it is, where it has no codes. `CODE_REQUIRED`, `CODE_WRONG`;
 * `CHANGED_MEANWHILE`: it has another password by now, or is closed.
 */
export async function codeUsed(
  parts: Parts,
  ledger: OwnLedger,
  account: Account,
  code: string | undefined,
  change: (codes: StoredCodes) => Partial<StoredAccount> = (codes) => ({ codes }),
): Promise<Refusal | Account> {
  let now: Account | undefined | Refusal = account;
  for (let round = 0; round < ROUNDS; round++) {
    if (isRefusal(now)) return now;
    if (now?.password !== account.password) return refuse('CHANGED_MEANWHILE');
    if (now.codes === undefined)
      return account.codes === undefined ? now : refuse('CHANGED_MEANWHILE');
    if (code === undefined) return refuse('CODE_REQUIRED', 'code');
    const codes = await spent(parts, now, now.codes, code);
    if (isRefusal(codes)) return codes;
    const written = await changeAccount(ledger, now, change(codes));
    if (!isRefusal(written) || written.code !== 'CHANGED_MEANWHILE') return written;
    now = await openAccount(parts.engine, account.member);
  }
  return refuse('SIGN_IN_BUSY');
}
