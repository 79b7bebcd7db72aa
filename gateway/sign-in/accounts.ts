// What members sign in with, as it is kept: accounts, and whose a login name is. Owns: these records. Never touches: passwords, sessions, what is sent.
//   signin.R1. Whose a login name is, is written where there is none, or over one that does not count: of two who take one at once, one has it. It counts once
//       the account says the same, and for `CLAIM_MS` before, while the account is still to be written.
//   signin.R2. A login name is in records and logs as a digest under `secrets.key`, and sealed: no list of addresses finds it there.

import { createHash } from 'node:crypto';
import { mergeState } from '../../engine/index.js';
import type { Sealer } from '../auth/sealing.js';
import { type Document, Documents, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

/** Characters of a sign-in id. */
export const SIGN_IN_ID_LENGTH = 22;

/** The sign-in id of an owner. It says nothing about the owner to who has not the name. */
export const signInId = (owner: string): string =>
  createHash('sha256').update(`member:${owner}`).digest('base64url').slice(0, SIGN_IN_ID_LENGTH);

/** The owner of the records of who has this sign-in id. */
export const memberRecords = (member: string): string => `#member:${member}`;

/** A login name as records have it. */
export interface LoginName {
  readonly digest: string;
  /** As it was typed, sealed to the member. */
  readonly sealed: string;
}

/** The secret of one-time codes, as it is kept. */
export interface StoredCodes {
  /** Sealed to the member. */
  readonly sealed: string;
  /** The step of the last code that was used: none before or at it is good. */
  readonly step: number;
  /** Milliseconds since 1970: since when there are codes. */
  readonly at: number;
  /** Digests of codes for who has lost the phone, each good once. */
  readonly recovery: readonly string[];
}

/** An account as it is kept. */
export interface StoredAccount {
  readonly owner: string;
  readonly login: LoginName;
  /** argon2id. */
  readonly password: string;
  /** Where links are sent, sealed to the member; by whose channels ('': the ledger's own). */
  readonly address: string;
  readonly scope: string;
  /** The link that this password came by, or '' where the member has changed it. */
  readonly letter: string;
  /** What is to end since this password is good, and may not have ended yet; `except`: a session. Undefined: all has. */
  readonly ending?: { readonly all: boolean; readonly except?: string | undefined } | undefined;
  /** The second factor; undefined: there is none. */
  readonly codes?: StoredCodes | undefined;
  /** A secret that is to be confirmed, until when (milliseconds since 1970). */
  readonly newCodes?: { readonly sealed: string; readonly until: number } | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly passwordAt: number;
  readonly closedAt?: number | undefined;
}

/** Whose a login name is. */
interface StoredLogin {
  readonly member: string;
  readonly at: number;
}

/** How long a login name is somebody's whose account does not say so yet. */
const CLAIM_MS = 3_600_000;
const ACCOUNT = 'account';

const accountsOf = (member: string): Documents<StoredAccount> =>
  new Documents<StoredAccount>(memberRecords(member), 'sign-in');
const loginsOf = (digest: string): Documents<StoredLogin> =>
  new Documents<StoredLogin>(loginRecords(digest), 'login');

/** The owner of the records of a login name, whether it is anybody's or not. */
export const loginRecords = (digest: string): string => `#login:${digest}`;

/** The digest of a login name that was folded. */
export const loginDigest = (sealer: Sealer, folded: string): string =>
  sealer.mac('login', [folded]);

/** An account, as a version of it that was read. */
export interface Account extends StoredAccount {
  readonly member: string;
  readonly version: number;
}

const accountOf = (member: string, found: Document<StoredAccount>): Account => ({
  ...found.read(),
  ...{ member, version: found.version },
});

/** What is kept of an account, closed ones too; undefined: nothing. */
export async function readAccount(
  ledger: OwnLedger,
  member: string,
): Promise<Account | undefined | Refusal> {
  const found = await accountsOf(member).get(ledger, ACCOUNT);
  return found === undefined || isRefusal(found) ? found : accountOf(member, found);
}

/** The account of a member that signs in; undefined: there is none, or it is closed. */
export async function openAccount(
  ledger: OwnLedger,
  member: string,
): Promise<Account | undefined | Refusal> {
  const found = await readAccount(ledger, member);
  if (found === undefined || isRefusal(found)) return found;
  return found.closedAt === undefined ? found : undefined;
}

/** Does somebody sign in as an owner: with an account of its own, or of one who was merged into it and so has its points? */
export async function isSignedInAs(engine: OwnLedger, owner: string): Promise<Refusal | boolean> {
  const merges = await mergeState(engine.own, owner);
  if (isRefusal(merges)) return merges;
  for (const one of [owner, ...merges.from.map((from) => from.owner)]) {
    const account = await openAccount(engine, signInId(one));
    if (isRefusal(account)) return account;
    if (account !== undefined) return true;
  }
  return false;
}

/** The account that a login name opens; undefined: none. It asks as much where there is none (signin.E1). */
export async function accountByLogin(
  ledger: OwnLedger,
  digest: string,
): Promise<Account | undefined | Refusal> {
  const login = await loginsOf(digest).get(ledger, ACCOUNT);
  if (isRefusal(login)) return login;
  const member = login?.read().member ?? signInId(digest);
  const account = await openAccount(ledger, member);
  if (account === undefined || isRefusal(account)) return account;
  return account.login.digest === digest ? account : undefined;
}

/** Writes an account over the version that was seen; 0: over none. */
export const putAccount = (
  ledger: OwnLedger,
  member: string,
  account: StoredAccount,
  ifVersion: number,
): Promise<Refusal | undefined> => accountsOf(member).put(ledger, ACCOUNT, account, ifVersion);

/** The same with something else in it: as it is then. */
export async function changeAccount(
  ledger: OwnLedger,
  { member, version, ...account }: Account,
  change: Partial<StoredAccount>,
): Promise<Refusal | Account> {
  const changed = { ...account, ...change };
  const written = await accountsOf(member).write(ledger, ACCOUNT, changed, version);
  return isRefusal(written) ? written : { ...changed, member, version: written };
}

/** Makes a login name the member's. `LOGIN_TAKEN`: it is somebody else's. */
export async function claimLogin(
  ledger: OwnLedger,
  digest: string,
  member: string,
  now: number,
): Promise<Refusal | undefined> {
  const taken = refuse('LOGIN_TAKEN', 'login');
  const found = await loginsOf(digest).get(ledger, ACCOUNT);
  if (isRefusal(found)) return found;
  if (found !== undefined) {
    const { member: whose, at } = found.read();
    const account = await readAccount(ledger, whose);
    if (isRefusal(account)) return account;
    const isClosed = account?.closedAt !== undefined;
    const isRight = account?.login.digest === digest && !isClosed;
    if (whose === member && isRight) return undefined;
    if (whose !== member && (isRight || (!isClosed && now - at < CLAIM_MS))) return taken;
  }
  const version = found?.version ?? 0;
  const no = await loginsOf(digest).put(ledger, ACCOUNT, { member, at: now }, version);
  if (no?.code !== 'CHANGED_MEANWHILE') return no;
  // Somebody has it since; the member itself, where it asks twice at once.
  const since = await loginsOf(digest).get(ledger, ACCOUNT);
  if (isRefusal(since)) return since;
  return since?.read().member === member ? undefined : taken;
}

/** Forgets what an owner signs in with: the account, which is closed before, and whose its login name is. */
export async function forgetAccount(
  ledger: OwnLedger,
  member: string,
): Promise<Refusal | undefined> {
  const account = await readAccount(ledger, member);
  if (account === undefined || isRefusal(account)) return account;
  const { digest } = account.login;
  const login = await loginsOf(digest).get(ledger, ACCOUNT);
  if (isRefusal(login)) return login;
  const isIts = login?.read().member === member;
  const no = isIts ? await loginsOf(digest).delete(ledger, ACCOUNT) : undefined;
  return no ?? accountsOf(member).delete(ledger, ACCOUNT);
}
