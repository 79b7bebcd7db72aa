// Links are asked for: by who registers, by who has forgotten a password, by a platform for its user. Owns: to whom one is written. Never touches: how it is sent.
//   signin.E2. Who registers, or asks for a new password, is answered the same whether the login name is anybody's: to register writes a letter in any case (it is
//       of no use where the name is somebody's), what a reset does is done after the answer.
//   signin.I1. A platform invites users of its own alone, and only those who are nobody else's users, and who sign in with nothing yet: who a person is that other
//       platforms know, too, is not for one of them to say.

import { randomBytes } from 'node:crypto';
import { Documents } from '../documents.js';
import { lookUpBack } from '../identity/mappings.js';
import { isGlobalId } from '../identity/names.js';
import { activeDocument } from '../known-definitions.js';
import { contactOf } from '../outbound/notices/contacts.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { isEmail } from '../schema/notices.js';
import {
  accountByLogin,
  isSignedInAs,
  loginDigest,
  loginRecords,
  openAccount,
  signInId,
} from './accounts.js';
import { lettersMs, type StoredLetter, sealAddress, writeLetter } from './letters.js';
import { foldedLogin, isAddress } from './login-names.js';
import { type Parts, strangeMember } from './parts.js';
import type { Address, Asked, Invitation, LetterKind } from './shapes.js';

/** Who is to have a mail address that was registered, until it is confirmed. */
interface Pending {
  readonly owner: string;
}

const PENDING = 'owner';
const pendingOf = (digest: string): Documents<Pending> =>
  new Documents<Pending>(loginRecords(digest), 'pending');

/** Writes a letter; undefined: so many are good already. */
async function written(
  parts: Parts,
  asked: Asked,
  kind: LetterKind,
  letter: Pick<StoredLetter, 'owner' | 'address' | 'scope' | 'lang' | 'platform'>,
): Promise<Refusal | undefined | { readonly until: number }> {
  const { limits, now } = parts;
  const until = now + lettersMs(limits)[kind];
  const of = { ...letter, kind, at: now, until };
  const member = signInId(letter.owner);
  const made = await writeLetter(parts.records(asked), member, of, limits.lettersAtOnce);
  return isRefusal(made) ? made : made && { until };
}

/** The owner who is to have a login name that is being registered: the same one, whoever registers it and however often. */
async function pendingOwner(parts: Parts, digest: string): Promise<Refusal | string> {
  const { engine, limits, now } = parts;
  const pending = pendingOf(digest);
  for (;;) {
    const found = await pending.get(engine, PENDING);
    if (isRefusal(found)) return found;
    const owner = found?.read().owner ?? `m-${randomBytes(16).toString('hex')}`;
    // As long as a link to it is good.
    const until = now + 2 * limits.confirmationMs;
    const no = await pending.put(engine, PENDING, { owner }, found?.version ?? 0, until);
    if (no === undefined) return owner;
    if (no.code !== 'CHANGED_MEANWHILE') return no;
  }
}

export async function register(
  parts: Parts,
  {
    programme,
    login,
    lang,
    ...asked
  }: { readonly programme: string; readonly login: string; readonly lang?: 'zh' | 'en' } & Asked,
): Promise<Refusal | undefined> {
  const { engine, sealer, directory } = parts;
  const folded = foldedLogin(login);
  if (folded === undefined || !isAddress(folded))
    return refuse('LOGIN_INVALID', 'login', 'Who registers gives a mail address.');
  const document = await activeDocument(engine, 'programme', programme);
  if (isRefusal(document)) return document;
  const platform = document?.['registration'];
  if (typeof platform !== 'string' || directory.platform(platform)?.platform.disabled !== false)
    return refuse('REGISTRATION_CLOSED', 'programme');
  const limited = parts.guesses.tryFrom(asked);
  if (limited !== undefined) return limited;
  const owner = await pendingOwner(parts, loginDigest(sealer, folded));
  if (isRefusal(owner)) return owner;
  const address = await sealAddress(sealer, owner, {
    email: isEmail(login.trim()) ? login.trim() : folded,
  });
  if (isRefusal(address)) return address;
  const letter = { owner, address, scope: platform, platform, lang };
  const made = await written(parts, asked, 'confirmation', letter);
  return isRefusal(made) ? made : undefined;
}

/** Sends a link by which a new password is set, if the login name is anybody's. */
export async function reset(
  parts: Parts,
  folded: string,
  asked: Asked,
): Promise<Refusal | undefined> {
  const { engine, sealer } = parts;
  const account = await accountByLogin(engine, loginDigest(sealer, folded));
  if (account === undefined || isRefusal(account)) return account;
  const { owner, address, scope } = account;
  const made = await written(parts, asked, 'reset', { owner, address, scope });
  return isRefusal(made) ? made : undefined;
}

export async function invite(
  parts: Parts,
  { owner, scope, address, platform }: Invitation,
  asked: Asked,
): Promise<Refusal | { readonly until: number }> {
  const { engine, sealer } = parts;
  if (!isGlobalId(owner)) return refuse('OWNER_INVALID', 'owner');
  const forbidden = platform === undefined ? undefined : await isOnlyOf(parts, owner, platform);
  if (forbidden !== undefined) return forbidden;
  const member = signInId(owner);
  const account = await openAccount(engine, member);
  if (isRefusal(account)) return account;
  if (account !== undefined) return refuse('SIGN_IN_EXISTS', 'owner');
  const to = address ?? (await knownAddress(parts, owner, scope));
  if (isRefusal(to)) return to;
  if (to === undefined) return refuse('ADDRESS_MISSING', 'address');
  const sealed = await sealAddress(sealer, owner, to);
  if (isRefusal(sealed)) return sealed;
  const letter = { owner, address: sealed, scope, platform };
  const made = await written(parts, asked, 'invitation', letter);
  return made ?? refuse('CHANGED_MEANWHILE', 'owner');
}

/** Where a member can be reached, as somebody was told; undefined: nowhere. */
async function knownAddress(
  { engine, sealer }: Parts,
  owner: string,
  scope: string,
): Promise<Refusal | Address | undefined> {
  const contact = await contactOf({ ledger: engine, sealer }, { scope, owner });
  if (contact === undefined || isRefusal(contact)) return contact;
  const { email, phone } = contact.addresses;
  if (email !== undefined) return { email };
  return phone === undefined ? undefined : { phone };
}

/** Is a member a user of this platform, and of no other, and signs in with nothing (signin.I1), nor does who was merged into it? */
export async function isOnlyOf(
  { engine }: Parts,
  owner: string,
  platform: string,
): Promise<Refusal | undefined> {
  const mappings = await lookUpBack(engine, { system: 'global', user: owner });
  if (isRefusal(mappings)) return mappings;
  const own = mappings.filter(({ source }) => source.system === platform);
  if (!own.some(({ status }) => status === 'active')) return strangeMember();
  if (own.length < mappings.length) return refuse('MEMBER_SHARED', 'owner');
  const signsIn = await isSignedInAs(engine, owner);
  if (isRefusal(signsIn)) return signsIn;
  return signsIn ? refuse('SIGN_IN_EXISTS', 'owner') : undefined;
}
