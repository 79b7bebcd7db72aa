// Links are used. Owns: what using one does, in which order (signin.L3). Never touches: how letters are kept, passwords.
//   signin.L4. The password is said by who has the link, when it is used: nobody can register another one's address with a password of his own.
//   signin.L5. A mail address becomes a login name only where a link went to it.

import { register as registerUser } from '../identity/mappings.js';
import { contactOf, putContact } from '../outbound/notices/contacts.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import {
  type Account,
  claimLogin,
  type LoginName,
  loginDigest,
  putAccount,
  readAccount,
} from './accounts.js';
import { codeUsed } from './code-use.js';
import {
  changeLetter,
  endLetters,
  isGood,
  type Letter,
  letterBy,
  letterIn,
  openAddress,
} from './letters.js';
import { foldedLogin, isAddress } from './login-names.js';
import type { Parts } from './parts.js';
import { newPassword, normalPassword } from './password-rules.js';
import { isOnlyOf } from './sending.js';
import { aboutLogin, loginOf, opened, settled, withCode } from './sessions.js';
import type { Asked, LetterSeen, SignedIn } from './shapes.js';

const NO_LETTER = (): Refusal => refuse('LETTER_NOT_FOUND', 'letter');

/** What somebody says who uses a link. */
interface Use extends Asked {
  readonly letter: string;
  readonly password: string;
  readonly login?: string | undefined;
  readonly code?: string | undefined;
}

/** The account that a letter is of, where that is as the letter wants it: of a reset one that is open, else none that is. */
async function accountFor(
  { engine }: Parts,
  { kind, member }: Letter,
): Promise<Refusal | Account | undefined> {
  const account = await readAccount(engine, member);
  if (isRefusal(account)) return account;
  const isOpen = account !== undefined && account.closedAt === undefined;
  return isOpen === (kind === 'reset') ? account : NO_LETTER();
}

export async function lookAtLetter(parts: Parts, text: string): Promise<Refusal | LetterSeen> {
  const letter = await letterBy(parts.engine, parts.sealer, text);
  if (isRefusal(letter)) return letter;
  if (letter === undefined || !isGood(letter, parts.now)) return NO_LETTER();
  const account = await accountFor(parts, letter);
  if (isRefusal(account)) return account;
  const { kind, until } = letter;
  const login = await suggested(parts, letter, account);
  return isRefusal(login) ? login : { kind, login, until };
}

/** What the member signs in with after a letter, where nothing else is said. */
async function suggested(
  parts: Parts,
  { kind, owner, address }: Letter,
  account: Account | undefined,
): Promise<string | undefined | Refusal> {
  if (kind === 'reset') return account && loginOf(parts, account);
  const to = await openAddress(parts.sealer, owner, address);
  return isRefusal(to) ? to : to.email;
}

/** The login name, as it was typed, that a letter gives; a refusal where it may not be that one. */
async function chosen(
  parts: Parts,
  letter: Letter,
  account: Account | undefined,
  said: string | undefined,
): Promise<Refusal | string> {
  const own = await suggested(parts, letter, account);
  if (isRefusal(own)) return own;
  if (letter.kind !== 'invitation' && said !== undefined)
    return refuse('LOGIN_INVALID', 'login', 'The login name is known already: leave it out.');
  const login = said ?? own;
  if (login === undefined) return refuse('LOGIN_INVALID', 'login', 'Say a login name.');
  const folded = foldedLogin(login);
  if (folded === undefined) return refuse('LOGIN_INVALID', 'login');
  if (said !== undefined && isAddress(folded) && folded !== foldedLogin(own ?? ''))
    return refuse(
      'LOGIN_INVALID',
      'login',
      'Of mail addresses it is the one that the link went to.',
    );
  return login;
}

export async function useLetter(parts: Parts, use: Use): Promise<Refusal | SignedIn> {
  const { engine, sealer } = parts;
  const letter = await letterBy(engine, sealer, use.letter);
  if (isRefusal(letter)) return letter;
  if (letter === undefined) return NO_LETTER();
  if (letter.taken !== undefined) return again(parts, letter, use);
  if (!isGood(letter, parts.now)) return NO_LETTER();
  const found = await accountFor(parts, letter);
  if (isRefusal(found)) return found;
  const shared = await sharedSince(parts, letter);
  if (shared !== undefined) return shared;
  const login = await chosen(parts, letter, found, use.login);
  if (isRefusal(login)) return login;
  const folded = foldedLogin(login) ?? '';
  const password = await newPassword(use.password, [folded]);
  if (isRefusal(password)) return password;
  const limited = parts.guesses.tryFrom(use);
  if (limited !== undefined) return limited;
  const account = await passed(parts, use, found);
  if (isRefusal(account)) return account;
  const made = await parts.passwords.make(password);
  if (isRefusal(made)) return made;
  const name = account?.closedAt === undefined && account !== undefined ? account.login : undefined;
  const taken = name ?? (await claimed(parts, letter, login, folded));
  if (isRefusal(taken)) return taken;
  return take(parts, letter, use, {
    ...{ login: taken, password: made },
    ...{ over: account?.version ?? 0, at: parts.now, isDone: false },
  });
}

/** Who resets a password has a link, and no second factor by that (signin.O4): the account with the code used up, of a try that was counted. */
async function passed(
  parts: Parts,
  { code, device }: Use,
  account: Account | undefined,
): Promise<Refusal | Account | undefined> {
  const { engine, attempts } = parts;
  if (account?.codes === undefined) return account;
  if (code === undefined) return refuse('CODE_REQUIRED', 'code');
  const { digest } = account.login;
  const counted = await attempts.count(engine, digest, parts.now, { cookie: device });
  if (isRefusal(counted)) return counted;
  const used = await codeUsed(parts, engine, account, code);
  if (isRefusal(used)) return used;
  return (await attempts.giveBack(engine, counted, parts.now)) ?? used;
}

/** An invitation of a platform ends where the member has become another one's user. */
async function sharedSince(parts: Parts, letter: Letter): Promise<Refusal | undefined> {
  const { kind, platform, owner } = letter;
  return kind === 'invitation' && platform !== undefined
    ? isOnlyOf(parts, owner, platform)
    : undefined;
}

/** Makes a login name the member's. */
async function claimed(
  { engine, sealer, now }: Parts,
  { member, owner }: Letter,
  login: string,
  folded: string,
): Promise<Refusal | LoginName> {
  const digest = loginDigest(sealer, folded);
  const sealed = await sealer.concealOf(owner, login.trim(), aboutLogin(member));
  if (isRefusal(sealed)) return sealed;
  return (await claimLogin(engine, digest, member, now)) ?? { digest, sealed };
}

/** Of two who use a letter at once one gets here; the other one finds it used. */
async function take(
  parts: Parts,
  letter: Letter,
  use: Use,
  taken: NonNullable<Letter['taken']>,
): Promise<Refusal | SignedIn> {
  const until = Math.max(letter.until, taken.at + parts.limits.letterRepeatMs);
  const no = await changeLetter(parts.records(use), letter, taken, until);
  if (no !== undefined && no.code !== 'CHANGED_MEANWHILE') return no;
  const now = await letterIn(parts.engine, letter.member, letter.place);
  if (isRefusal(now)) return now;
  if (now === undefined || now.number !== letter.number || now.taken === undefined)
    return NO_LETTER();
  if (no !== undefined) return again(parts, now, use);
  const account = await carriedOut(parts, now, use);
  // What the link, or the code beside it, has proved.
  return isRefusal(account) ? account : opened(parts, account, use, undefined, true);
}

/** The letter was used: what is left to do is done, and who says the same password is signed in, as then. */
async function again(parts: Parts, letter: Letter, use: Use): Promise<Refusal | SignedIn> {
  const { engine, attempts, passwords, limits } = parts;
  const { taken } = letter;
  if (taken === undefined) return NO_LETTER();
  const account = await carriedOut(parts, letter, use);
  if (isRefusal(account)) return account;
  if (parts.now > taken.at + limits.letterRepeatMs) return NO_LETTER();
  const { digest } = taken.login;
  const counted = await attempts.count(engine, digest, parts.now, { cookie: use.device });
  if (isRefusal(counted)) return counted;
  const right = await passwords.isRight(taken.password, normalPassword(use.password) ?? '');
  if (isRefusal(right)) return right;
  if (!right) return NO_LETTER();
  const passed = await withCode(parts, { account, counted }, use.code);
  return isRefusal(passed) ? passed : opened(parts, passed, use, counted);
}

/** Does what is to come of a letter, as far as it is not done: each step finds out by itself. */
async function carriedOut(parts: Parts, letter: Letter, asked: Asked): Promise<Refusal | Account> {
  const { engine } = parts;
  const { taken, member } = letter;
  if (taken === undefined) return NO_LETTER();
  const account = await written(parts, letter, asked);
  if (isRefusal(account) || taken.isDone) return account;
  const no =
    (await joined(parts, letter)) ??
    (await reachable(parts, letter)) ??
    (await endLetters(engine, member, 'reset')) ??
    (await endLetters(engine, member, 'confirmation'));
  if (no !== undefined) return no;
  const ended = await settled(parts, account);
  if (isRefusal(ended)) return ended;
  const until = Math.max(letter.until, taken.at + parts.limits.letterRepeatMs);
  const marked = await changeLetter(engine, letter, { ...taken, isDone: true }, until);
  // Another one that asks at this moment has marked it.
  return marked === undefined || marked.code === 'CHANGED_MEANWHILE' ? ended : marked;
}

/** The account as a letter makes it, over what it was when the letter was used; `LETTER_NOT_FOUND`: it is another one since. */
async function written(parts: Parts, letter: Letter, asked: Asked): Promise<Refusal | Account> {
  const { engine } = parts;
  const { member, owner, number, taken, kind, address, scope } = letter;
  const before = await readAccount(engine, member);
  if (isRefusal(before)) return before;
  const its = (one: Account | undefined): Account | undefined =>
    one?.letter === number && one.closedAt === undefined ? one : undefined;
  const known = its(before);
  if (known !== undefined) return known;
  if (taken === undefined || taken.isDone || (before?.version ?? 0) !== taken.over)
    return NO_LETTER();
  const { login, password, at } = taken;
  const no = await putAccount(
    parts.records(asked),
    member,
    {
      ...{ owner, login, password, letter: number, passwordAt: at },
      ...(kind === 'reset' && before !== undefined
        ? { address: before.address, scope: before.scope, codes: before.codes }
        : { address, scope }),
      // Whoever had the password, or a browser of the member's, has nothing any more.
      ending: { all: true },
      createdAt: before?.createdAt ?? at,
    },
    taken.over,
  );
  if (no !== undefined && no.code !== 'CHANGED_MEANWHILE') return no;
  const after = await readAccount(engine, member);
  if (isRefusal(after)) return after;
  return its(after) ?? NO_LETTER();
}

/** Who has registered is a user of the platform that the programme names. */
async function joined(
  { engine }: Parts,
  { kind, platform, owner }: Letter,
): Promise<Refusal | undefined> {
  if (kind !== 'confirmation' || platform === undefined) return undefined;
  const source = { system: platform, user: owner };
  const made = await registerUser(engine, source, 'global', owner);
  return isRefusal(made) ? made : undefined;
}

/** The member is told of other things, too, where the link went to, unless it is known how to reach it. */
async function reachable(
  { engine, sealer, now }: Parts,
  { kind, owner, scope, address, lang }: Letter,
): Promise<Refusal | undefined> {
  if (kind === 'reset') return undefined;
  const whose = { scope, owner };
  const contact = await contactOf({ ledger: engine, sealer }, whose);
  if (isRefusal(contact)) return contact;
  const known = contact?.addresses;
  if (known?.email !== undefined || known?.phone !== undefined) return undefined;
  const language = contact?.stored.language ?? lang;
  const to = await openAddress(sealer, owner, address);
  if (isRefusal(to)) return to;
  const body = { ...to, ...(language && { language }) };
  const made = await putContact({ ledger: engine, sealer, now }, whose, body);
  // It was written at this moment: something is known.
  return isRefusal(made) && made.code !== 'CHANGED_MEANWHILE' ? made : undefined;
}
