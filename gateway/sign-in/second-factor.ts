// A member's second factor: one-time codes of a phone, and codes for who has lost it. Owns: how it is set up, proved and removed, in which order that is judged.
// Never touches: which code is good (code-use.ts), grants as they are kept.
//   signin.O3. A wrong code counts as a wrong password does, before it is compared, whoever is signed in.
//   signin.O4. Where there is a second factor, a link proves none: who reads a member's mails has one factor by that, not two.
//   signin.O5. What a member sets up, replaces or removes here ends all its other sessions, in the commit that writes it.

import { isRefusal, type Refusal, refuse } from '../refusal.js';
import {
  type Account,
  changeAccount,
  openAccount,
  readAccount,
  type StoredAccount,
} from './accounts.js';
import { aboutCodes, codeUsed, newRecovery } from './code-use.js';
import { CONFIRM_MS, type NewCodes, newCodes, stepOf } from './one-time-codes.js';
import type { Parts } from './parts.js';
import { loginOf, settled, withPassword, withTry } from './sessions.js';
import type { OwnFactor, SecondFactorState, SecondFactors } from './shapes.js';

/** What is written where the second factor is another one: all other sessions end. */
const endingOthers = (grant: string | undefined): Pick<StoredAccount, 'ending'> => ({
  ending: { all: false, except: grant },
});

/** What is known of an owner's second factor. */
async function secondFactorOf(
  { engine, now }: Parts,
  { owner, member }: { readonly owner: string; readonly member: string },
): Promise<Refusal | SecondFactorState> {
  const account = await openAccount(engine, member);
  if (isRefusal(account)) return account;
  const { codes, newCodes: fresh } = account ?? {};
  if (codes !== undefined)
    return { owner, state: 'on', since: codes.at, recoveryCodes: codes.recovery.length };
  return { owner, state: fresh !== undefined && fresh.until > now ? 'waiting' : 'none' };
}

/** A new secret, which counts once a code of it confirms it. Where there are codes, it takes one of them. */
const beginCodes = (
  parts: Parts,
  {
    member,
    password,
    code,
    ...asked
  }: OwnFactor & { readonly password: string; readonly code?: string | undefined },
): Promise<Refusal | (NewCodes & { readonly until: number })> =>
  withPassword(parts, member, password, async (account) => {
    const login = await loginOf(parts, account);
    if (isRefusal(login)) return login;
    const made = newCodes(login ?? account.owner);
    const sealed = await parts.sealer.concealOf(account.owner, made.secret, aboutCodes(member));
    if (isRefusal(sealed)) return sealed;
    const until = parts.now + CONFIRM_MS;
    const fresh = { newCodes: { sealed, until } };
    const records = parts.records(asked);
    const written =
      account.codes === undefined
        ? await changeAccount(records, account, fresh)
        : await codeUsed(parts, records, account, code, (codes) => ({ codes, ...fresh }));
    return isRefusal(written) ? written : { ...made, until };
  });

/** The codes of a new secret count from now on; the session that says one has proved it. `SECOND_FACTOR_NONE`, `CODE_WRONG`. */
async function confirmCodes(
  parts: Parts,
  { member, grant, code, ...asked }: OwnFactor & { readonly code: string },
): Promise<Refusal | { readonly recoveryCodes: readonly string[] }> {
  const found = await openAccount(parts.engine, member);
  const account = found === undefined || isRefusal(found) ? found : await settled(parts, found);
  if (isRefusal(account)) return account;
  const fresh = account?.newCodes;
  const now = parts.now;
  if (account === undefined || fresh === undefined || fresh.until <= now)
    return refuse('SECOND_FACTOR_NONE');
  const secret = await parts.sealer.revealOf(account.owner, fresh.sealed, aboutCodes(member));
  if (isRefusal(secret)) return secret;
  const step = secret === undefined ? undefined : stepOf(secret, code, now);
  if (step === undefined) return refuse('CODE_WRONG', 'code');
  const { told, kept: recovery } = newRecovery(member);
  const written = await changeAccount(parts.records(asked), account, {
    codes: { sealed: fresh.sealed, step, at: now, recovery },
    newCodes: undefined,
    ...endingOthers(grant),
  });
  if (isRefusal(written)) return written;
  const ended = await settled(parts, written);
  if (isRefusal(ended)) return ended;
  const until = grant === undefined ? undefined : await parts.grants.proved(grant);
  return isRefusal(until) ? until : { recoveryCodes: told };
}

/** A session has proved the second factor: until when that counts (milliseconds since 1970). `SECOND_FACTOR_NONE`, `CODE_WRONG`, `LOGIN_LATER`. */
const proveSecondFactor = (
  parts: Parts,
  { member, grant, code }: OwnFactor & { readonly grant: string; readonly code: string },
): Promise<Refusal | { readonly until: number }> =>
  withTry(parts, member, async (account) => {
    if (account.codes === undefined) return refuse('SECOND_FACTOR_NONE');
    const used = await codeUsed(parts, parts.engine, account, code);
    if (isRefusal(used)) return used;
    const until = await parts.grants.proved(grant);
    if (isRefusal(until)) return until;
    return until === undefined ? refuse('SESSION_ENDED') : { until };
  });

/** Other codes for who has lost the phone: those before are good no more. */
const renewRecovery = (
  parts: Parts,
  {
    member,
    password,
    code,
    ...asked
  }: OwnFactor & { readonly password: string; readonly code: string },
): Promise<Refusal | { readonly recoveryCodes: readonly string[] }> =>
  withPassword(parts, member, password, async (account) => {
    if (account.codes === undefined) return refuse('SECOND_FACTOR_NONE');
    const { told, kept: recovery } = newRecovery(member);
    const records = parts.records(asked);
    const written = await codeUsed(parts, records, account, code, (codes) => ({
      codes: { ...codes, recovery },
    }));
    return isRefusal(written) ? written : { recoveryCodes: told };
  });

/** There is no second factor any more. `password`, `code`: said by the member; undefined: it is an operator who removes it. */
async function removeCodes(
  parts: Parts,
  {
    member,
    grant,
    said,
    ...asked
  }: OwnFactor & {
    readonly said: { readonly password: string; readonly code?: string | undefined } | undefined;
  },
): Promise<Refusal | undefined> {
  const gone = { codes: undefined, newCodes: undefined, ...endingOthers(grant) };
  const records = parts.records(asked);
  const remove = async (account: Account): Promise<Refusal | Account> => {
    if (account.codes === undefined) return refuse('SECOND_FACTOR_NONE');
    return said === undefined
      ? changeAccount(records, account, gone)
      : codeUsed(parts, records, account, said.code, () => gone);
  };
  const written =
    said === undefined
      ? await ofOperator(parts, member, remove)
      : await withPassword(parts, member, said.password, remove);
  const ended = isRefusal(written) ? written : await settled(parts, written);
  return isRefusal(ended) ? ended : undefined;
}

async function ofOperator(
  parts: Parts,
  member: string,
  remove: (account: Account) => Promise<Refusal | Account>,
): Promise<Refusal | Account> {
  const found = await readAccount(parts.engine, member);
  if (isRefusal(found)) return found;
  if (found === undefined) return refuse('SIGN_IN_NOT_FOUND', 'owner');
  const account = await settled(parts, found);
  return isRefusal(account) ? account : remove(account);
}

/** Seals the secrets of an account anew, under the newest version of the member's key: what is to be written; undefined: nothing is known of them. */
export async function resealedCodes(
  { sealer }: Parts,
  { owner, member, codes, newCodes: fresh }: Account,
): Promise<Refusal | Partial<StoredAccount>> {
  const again = async (sealed: string): Promise<Refusal | string> => {
    const secret = await sealer.revealOf(owner, sealed, aboutCodes(member));
    if (isRefusal(secret)) return secret;
    return secret === undefined ? sealed : sealer.concealOf(owner, secret, aboutCodes(member));
  };
  const kept = codes && (await again(codes.sealed));
  if (isRefusal(kept)) return kept;
  const waiting = fresh && (await again(fresh.sealed));
  if (isRefusal(waiting)) return waiting;
  return {
    ...(codes && kept && { codes: { ...codes, sealed: kept } }),
    ...(fresh && waiting && { newCodes: { ...fresh, sealed: waiting } }),
  };
}

/** A member's second factor, as the gateway has it. */
export const secondFactors = (parts: Parts): SecondFactors => ({
  state: (of) => secondFactorOf(parts, of),
  begin: (of) => beginCodes(parts, of),
  confirm: (of) => confirmCodes(parts, of),
  prove: (of) => proveSecondFactor(parts, of),
  renewRecovery: (of) => renewRecovery(parts, of),
  remove: (of) => removeCodes(parts, of),
});
