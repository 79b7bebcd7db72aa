// Members sign in, change their passwords, close their accounts. Owns: the order in which that is judged and done. Never touches: links, grants as they are kept.
//   signin.E1. No answer, and no work that is done for it, says whether a login name is anybody's.
//   signin.S1. What a new password ends is written down with it, and ended before anything new rests on it: where a kill comes between, who asks next ends it.

import type { StillGood } from '../oauth/shapes.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import {
  type Account,
  accountByLogin,
  changeAccount,
  loginDigest,
  openAccount,
  readAccount,
  signInId,
} from './accounts.js';
import type { Counted } from './attempts.js';
import { codeUsed } from './code-use.js';
import { endLetters } from './letters.js';
import { foldedLogin } from './login-names.js';
import type { Parts } from './parts.js';
import { newPassword, normalPassword } from './password-rules.js';
import type { Asked, SignedIn, SignInState } from './shapes.js';

/** The login name of an account is sealed to its member. */
export const aboutLogin = (member: string): string => `login name ${member}`;

/** What the member of an account signs in with, as it was typed; undefined: it was sealed with another key, or the member is erased. */
export const loginOf = (
  { sealer }: Parts,
  { login, member, owner }: Account,
): Promise<string | undefined | Refusal> =>
  sealer.revealOf(owner, login.sealed, aboutLogin(member));

/** Is an account as it was when its password was compared, with the second factor that it had? */
const stillOf =
  ({ engine }: Parts, { member, password, codes }: Account): StillGood =>
  async () => {
    const now = await openAccount(engine, member);
    if (isRefusal(now)) return now;
    const isSame = now?.password === password && now.codes?.at === codes?.at;
    return isSame ? undefined : refuse('CHANGED_MEANWHILE');
  };

/** Ends what is to end since the password of an account is good. */
export async function settled(parts: Parts, account: Account): Promise<Refusal | Account> {
  if (account.ending === undefined) return account;
  // In turn: a session that rests on the new password is not ended by who ends those before it.
  return parts.inTurn(account.member, async () => {
    const now = await openAccount(parts.engine, account.member);
    if (isRefusal(now)) return now;
    if (now?.password !== account.password) return refuse('CHANGED_MEANWHILE');
    return ended(parts, now);
  });
}

async function ended(parts: Parts, account: Account): Promise<Refusal | Account> {
  const { ending, member, login } = account;
  if (ending === undefined) return account;
  const { all, except } = ending;
  const no = all
    ? ((await parts.grants.endAll(member)) ??
      (await parts.attempts.forget(parts.engine, login.digest, parts.now)))
    : await parts.grants.endAll(member, { except, kinds: ['session'] });
  if (no !== undefined) return no;
  const written = await changeAccount(parts.engine, account, { ending: undefined });
  if (isRefusal(written) && written.code !== 'CHANGED_MEANWHILE') return written;
  const now = await openAccount(parts.engine, member);
  return now ?? refuse('CHANGED_MEANWHILE');
}

/** Opens a session for who has proved to be the member of an account; the browser is known from now on. `isProved`: by a second factor, too. */
export async function opened(
  parts: Parts,
  account: Account,
  asked: Asked,
  counted: Counted | undefined,
  isProved = false,
): Promise<Refusal | SignedIn> {
  const { engine, attempts, grants, now } = parts;
  const { member, owner, login } = account;
  const of = { cookie: asked.device, ...(counted && { counted }) };
  const device = await attempts.succeeded(engine, login.digest, now, of);
  if (isRefusal(device)) return device;
  const session = await grants.openSession(
    { member, owner },
    asked.seat,
    stillOf(parts, account),
    isProved,
  );
  return isRefusal(session) ? session : { ...session, device };
}

/** The account that a login name and its password open. */
export async function accountWith(
  parts: Parts,
  asked: Asked,
  login: string,
  password: string,
): Promise<Refusal | { readonly account: Account; readonly counted: Counted }> {
  const { engine, guesses, passwords, sealer } = parts;
  const folded = foldedLogin(login);
  if (folded === undefined) return refuse('LOGIN_INVALID', 'login');
  const digest = loginDigest(sealer, folded);
  const counted = await guesses.count(engine, digest, parts.now, asked);
  if (isRefusal(counted)) return counted;
  const found = await accountByLogin(engine, digest);
  if (isRefusal(found)) return found;
  // No password that could be one is empty.
  const right = await passwords.isRight(found?.password, normalPassword(password) ?? '');
  if (isRefusal(right)) return right;
  if (!right || found === undefined) return refuse('LOGIN_WRONG');
  guesses.wasRight(asked, counted);
  const account = await settled(parts, found);
  return isRefusal(account) ? account : { account, counted };
}

export async function signIn(
  parts: Parts,
  {
    login,
    password,
    code,
    ...asked
  }: {
    readonly login: string;
    readonly password: string;
    readonly code?: string | undefined;
  } & Asked,
): Promise<Refusal | SignedIn> {
  const found = await accountWith(parts, asked, login, password);
  if (isRefusal(found)) return found;
  const { counted } = found;
  const account = await withCode(parts, found, code);
  if (isRefusal(account)) return account;
  const kept = await renewed(parts, account, password);
  if (isRefusal(kept)) return kept;
  return opened(parts, kept, asked, counted, account.codes !== undefined);
}

/** The account that a password opened, once a code of it was said, where it has some: that is asked for without a try being counted. */
export async function withCode(
  parts: Parts,
  { account, counted }: { readonly account: Account; readonly counted: Counted },
  code: string | undefined,
): Promise<Refusal | Account> {
  const { engine, attempts } = parts;
  const used = await codeUsed(parts, engine, account, code);
  if (!isRefusal(used) || used.code !== 'CODE_REQUIRED') return used;
  return (await attempts.giveBack(engine, counted, parts.now)) ?? used;
}

/** The account with its password kept by the present settings. */
async function renewed(parts: Parts, account: Account, text: string): Promise<Refusal | Account> {
  const { engine, passwords } = parts;
  if (!passwords.isOld(account.password)) return account;
  const password = await passwords.make(normalPassword(text) ?? '');
  if (isRefusal(password)) return password;
  const kept = await changeAccount(engine, account, { password });
  return isRefusal(kept) && kept.code === 'CHANGED_MEANWHILE' ? account : kept;
}

export async function changePassword(
  parts: Parts,
  {
    member,
    password,
    newPassword: text,
    except,
    ...asked
  }: {
    readonly member: string;
    readonly password: string;
    readonly newPassword: string;
    readonly except?: string | undefined;
  } & Asked,
): Promise<Refusal | undefined> {
  const { engine, attempts, passwords } = parts;
  const account = await openAccount(engine, member);
  if (isRefusal(account)) return account;
  if (account === undefined) return refuse('SIGN_IN_NOT_FOUND', 'owner');
  const typed = await loginOf(parts, account);
  if (isRefusal(typed)) return typed;
  const login = foldedLogin(typed ?? '');
  const next = await newPassword(text, login === undefined ? [] : [login], 'newPassword');
  if (isRefusal(next)) return next;
  const counted = await attempts.count(engine, account.login.digest, parts.now, { isOwn: true });
  if (isRefusal(counted)) return counted;
  const right = await passwords.isRight(account.password, normalPassword(password) ?? '');
  if (isRefusal(right)) return right;
  if (!right) {
    // The answer to a first call was lost: what it asked for is so.
    const isSo = await passwords.isRight(account.password, next);
    if (isRefusal(isSo)) return isSo;
    if (!isSo) return refuse('PASSWORD_WRONG', 'password');
  }
  const back = await attempts.giveBack(engine, counted, parts.now);
  if (back !== undefined) return back;
  if (!right) return done(settled(parts, account));
  const made = await passwords.make(next);
  if (isRefusal(made)) return made;
  const change = {
    password: made,
    passwordAt: parts.now,
    letter: '',
    ending: { all: false, except },
  };
  // What an earlier password was to end and has not ended yet, ends first.
  const from = await settled(parts, account);
  if (isRefusal(from)) return from;
  const kept = await changeAccount(parts.records(asked), from, change);
  if (isRefusal(kept)) return kept;
  const no = await endLetters(engine, member, 'reset');
  if (no !== undefined) return no;
  const changed = await openAccount(engine, member);
  if (changed === undefined || isRefusal(changed)) return changed;
  return done(settled(parts, changed));
}

const done = async (of: Promise<Refusal | Account>): Promise<Refusal | undefined> => {
  const account = await of;
  return isRefusal(account) ? account : undefined;
};

/** Does what takes a password or a code of who is signed in: the try is counted before it is compared, and counts on where that was wrong. */
export async function withTry<T extends object>(
  parts: Parts,
  member: string,
  act: (account: Account) => Promise<Refusal | T>,
): Promise<Refusal | T> {
  const { engine, attempts } = parts;
  const account = await openAccount(engine, member);
  if (isRefusal(account)) return account;
  if (account === undefined) return refuse('SIGN_IN_NOT_FOUND', 'owner');
  const counted = await attempts.count(engine, account.login.digest, parts.now, { isOwn: true });
  if (isRefusal(counted)) return counted;
  const done = await act(account);
  if (isRefusal(done) && GUESSES.has(done.code)) return done;
  return (await attempts.giveBack(engine, counted, parts.now)) ?? done;
}

/** What says that something was guessed. */
const GUESSES: ReadonlySet<string> = new Set(['PASSWORD_WRONG', 'CODE_WRONG']);

/** The same with the password, which is said again. What an earlier one was to end has ended before. */
export const withPassword = <T extends object>(
  parts: Parts,
  member: string,
  password: string,
  act: (account: Account) => Promise<Refusal | T>,
): Promise<Refusal | T> =>
  withTry(parts, member, async (account) => {
    const right = await parts.passwords.isRight(account.password, normalPassword(password) ?? '');
    if (isRefusal(right)) return right;
    if (!right) return refuse('PASSWORD_WRONG', 'password');
    const now = await settled(parts, account);
    return isRefusal(now) ? now : act(now);
  });

/** Is a password that of a member's account? Said by who is signed in. */
export const isOwnPassword = (
  parts: Parts,
  member: string,
  password: string,
): Promise<Refusal | Account> => withPassword(parts, member, password, async (account) => account);

/** Whether an owner signs in. */
export async function stateOf({ engine }: Parts, owner: string): Promise<Refusal | SignInState> {
  const account = await readAccount(engine, signInId(owner));
  if (isRefusal(account)) return account;
  if (account === undefined) return { owner, state: 'none' };
  const { closedAt, createdAt, passwordAt } = account;
  return { owner, state: closedAt === undefined ? 'open' : 'closed', createdAt, passwordAt };
}

export async function close(
  parts: Parts,
  {
    member,
    password,
    ...asked
  }: { readonly member: string; readonly password: string | undefined } & Asked,
): Promise<Refusal | undefined> {
  const { engine, grants, attempts } = parts;
  const account =
    password === undefined
      ? await readAccount(engine, member)
      : await isOwnPassword(parts, member, password);
  if (isRefusal(account)) return account;
  if (account === undefined) return refuse('SIGN_IN_NOT_FOUND', 'owner');
  if (account.closedAt === undefined) {
    const none = { ending: undefined, codes: undefined, newCodes: undefined };
    const change = { closedAt: parts.now, password: '', ...none };
    const kept = await changeAccount(parts.records(asked), account, change);
    if (isRefusal(kept)) return kept;
  }
  // Again where it was closed before: a kill may have come between.
  return (
    (await grants.endAll(member)) ??
    (await endLetters(engine, member, 'reset')) ??
    (await attempts.forget(engine, account.login.digest, parts.now))
  );
}
