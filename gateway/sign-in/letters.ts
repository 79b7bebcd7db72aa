// Links that are sent to members, as they are kept. Owns: these records, the secrets of links. Never touches: what using one does, how they are sent.
//   signin.L1. The secret of a link is nowhere: it is worked out, under a key of `secrets.key`, of the member, the place of the letter and its number, when the
//       link is sent and when it is used. What the log and backups have opens nothing.
//   signin.L2. A letter has one of a few places of its member; another one in its place ends it. So an invitation ends the one before, and of the others only so
//       many are good at once, however often they are asked for.
//   signin.L3. A letter is used once: what is to come of it is written into it over the version that was seen, and is done then, by whoever asks again where a
//       kill came between.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Engine } from '../../engine/index.js';
import type { Sealer } from '../auth/sealing.js';
import { type Document, Documents, type OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import type { SentLetter } from '../outbound/notices/shapes.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { type LoginName, memberRecords, SIGN_IN_ID_LENGTH, signInId } from './accounts.js';
import type { Address, LetterKind } from './shapes.js';

/** The type of their records: a put of one is told to its member (gateway/outbound). */
export const LETTER_TYPE = 'letter';

/** What is to come of a letter that was used. */
interface Taken {
  readonly login: LoginName;
  /** argon2id. */
  readonly password: string;
  /** The version of the account that it is written over; 0: there is none. */
  readonly over: number;
  readonly at: number;
  /** Was all of it done? */
  readonly isDone: boolean;
}

/** A letter as it is kept. */
export interface StoredLetter {
  readonly kind: LetterKind;
  readonly owner: string;
  /** By which two letters in one place differ. */
  readonly number: string;
  /** Where it is sent, sealed to the member; by whose channels ('': the ledger's own). */
  readonly address: string;
  readonly scope: string;
  readonly lang?: 'zh' | 'en' | undefined;
  /** The platform whose user the member is to be (of a confirmation), or that invites it; undefined: an operator does. */
  readonly platform?: string | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly until: number;
  readonly taken?: Taken | undefined;
}

/** A letter, as a version of it that was read. */
export interface Letter extends StoredLetter {
  readonly member: string;
  readonly place: string;
  readonly version: number;
}

/** The first letters of places. */
const PLACES: Readonly<Record<LetterKind, string>> = {
  invitation: 'i',
  confirmation: 'c',
  reset: 'r',
};
const NUMBER_LENGTH = 8;
const SECRET_LENGTH = 22;
const SHAPE = new RegExp(
  `^([A-Za-z0-9_-]{${SIGN_IN_ID_LENGTH}})([icr][1-9])([A-Za-z0-9_-]{${NUMBER_LENGTH}})([A-Za-z0-9_-]{${SECRET_LENGTH}})$`,
);

const lettersOf = (member: string): Documents<StoredLetter> =>
  new Documents<StoredLetter>(memberRecords(member), LETTER_TYPE);

const letterOf = (member: string, found: Document<StoredLetter>): Letter => ({
  ...found.read(),
  ...{ member, place: found.key, version: found.version },
});

const secretOf = (sealer: Sealer, { member, place, number, kind }: Named): string =>
  sealer.mac('letter', [kind, member, place, number]).slice(0, SECRET_LENGTH);

type Named = Pick<Letter, 'member' | 'place' | 'number' | 'kind'>;

/** Whom a sealed address is of. */
const about = (member: string): string => `sign-in address ${member}`;

/** Where a letter, or an account, of an owner sends links. */
export const sealAddress = (
  sealer: Sealer,
  owner: string,
  address: Address,
): Promise<string | Refusal> =>
  sealer.concealOf(owner, JSON.stringify(address), about(signInId(owner)));

/** The same, opened; nowhere, where the member is erased. */
export async function openAddress(
  sealer: Sealer,
  owner: string,
  sealed: string,
): Promise<Address | Refusal> {
  const text = await sealer.revealOf(owner, sealed, about(signInId(owner)));
  if (text === undefined) return {};
  return isRefusal(text) ? text : (JSON.parse(text) as Address);
}

/** Where the letters of a member go, as it is kept. */
export async function sealedLetters(
  ledger: OwnLedger,
  member: string,
): Promise<readonly string[] | Refusal> {
  const all = await lettersOf(member).all(ledger);
  return isRefusal(all) ? all : all.map((one) => one.read().address);
}

/** What stands behind the # of a link. */
export const letterText = (sealer: Sealer, letter: Named): string =>
  `${letter.member}${letter.place}${letter.number}${secretOf(sealer, letter)}`;

/** A link. What is behind the # goes to no server, so it is in no log of one, and in no Referer. */
export const letterLink = (publicUrl: string, sealer: Sealer, letter: Named): string =>
  `${publicUrl}/letters/${letter.kind}#${letterText(sealer, letter)}`;

/** How long letters are good. */
export const lettersMs = (limits: GatewayLimits): Readonly<Record<LetterKind, number>> => ({
  invitation: limits.invitationMs,
  confirmation: limits.confirmationMs,
  reset: limits.resetMs,
});

/** The letter that a link, or what is behind its #, opens; undefined: none that is there, whether it can be used or not. */
export async function letterBy(
  ledger: OwnLedger,
  sealer: Sealer,
  text: string,
): Promise<Letter | undefined | Refusal> {
  const [, member, place, number, secret] = SHAPE.exec(text.slice(text.indexOf('#') + 1)) ?? [];
  if (member === undefined || place === undefined || number === undefined || secret === undefined)
    return undefined;
  const letter = await letterIn(ledger, member, place);
  if (letter === undefined || isRefusal(letter) || letter.number !== number) return undefined;
  const right = secretOf(sealer, letter);
  return timingSafeEqual(Buffer.from(right), Buffer.from(secret)) ? letter : undefined;
}

/** The letter in a place. */
export async function letterIn(
  ledger: OwnLedger,
  member: string,
  place: string,
): Promise<Letter | undefined | Refusal> {
  const found = await lettersOf(member).get(ledger, place);
  return found === undefined || isRefusal(found) ? found : letterOf(member, found);
}

/** Can a letter still be used, or sent? */
export const isGood = ({ taken, until }: StoredLetter, now: number): boolean =>
  taken === undefined && now < until;

/** What is sent of a letter, by its event (gateway/outbound/derive.ts); undefined: it was used, has another one in its place, or has expired. */
export async function sentLetter(
  { engine, sealer, publicUrl }: { engine: Engine; sealer: Sealer; publicUrl: string },
  { member, place, number }: Readonly<Record<string, unknown>>,
): Promise<SentLetter | undefined | Refusal> {
  const letter = await letterIn(engine, String(member), String(place));
  if (letter === undefined || isRefusal(letter)) return letter;
  if (letter.number !== number || !isGood(letter, engine.now())) return undefined;
  const { scope, lang: language, until } = letter;
  const link = letterLink(publicUrl, sealer, letter);
  const address = await openAddress(sealer, letter.owner, letter.address);
  return isRefusal(address) ? address : { ...address, scope, language, link, until };
}

/**
 * Writes a letter into a place of its kind: it is sent then. Of an invitation over the one before; else into one where none is good. undefined: so many are good
 * already, or another one was written at this moment.
 */
export async function writeLetter(
  ledger: OwnLedger,
  member: string,
  letter: Omit<StoredLetter, 'number'>,
  places: number,
): Promise<Letter | undefined | Refusal> {
  const { kind, at, until } = letter;
  for (let n = 1; n <= (kind === 'invitation' ? 1 : places); n++) {
    const place = `${PLACES[kind]}${n}`;
    const found = await letterIn(ledger, member, place);
    if (isRefusal(found)) return found;
    if (found !== undefined && kind !== 'invitation' && isGood(found, at)) continue;
    const version = found?.version ?? 0;
    const number = randomBytes(6).toString('base64url');
    const stored = { ...letter, number };
    const written = await lettersOf(member).write(ledger, place, stored, version, until);
    if (!isRefusal(written)) return { ...stored, member, place, version: written };
    return written.code === 'CHANGED_MEANWHILE' ? undefined : written;
  }
  return undefined;
}

/** Writes what is to come of a letter, or that it was done, over the version that was seen. */
export function changeLetter(
  ledger: OwnLedger,
  { member, place, version, ...letter }: Letter,
  taken: Taken,
  until: number,
): Promise<Refusal | undefined> {
  return lettersOf(member).put(ledger, place, { ...letter, taken }, version, until);
}

/** Ends the letters of a kind that were not used, but for one. */
export async function endLetters(
  ledger: OwnLedger,
  member: string,
  kind: LetterKind,
  but?: string,
): Promise<Refusal | undefined> {
  const all = await lettersOf(member).all(ledger);
  if (isRefusal(all)) return all;
  for (const { key, read } of all) {
    if (key === but || !key.startsWith(PLACES[kind]) || read().taken !== undefined) continue;
    const no = await lettersOf(member).delete(ledger, key);
    if (no !== undefined) return no;
  }
  return undefined;
}

/** Forgets all letters of a member, used ones too. */
export async function forgetLetters(
  ledger: OwnLedger,
  member: string,
): Promise<Refusal | undefined> {
  const all = await lettersOf(member).all(ledger);
  if (isRefusal(all)) return all;
  for (const { key } of all) {
    const no = await lettersOf(member).delete(ledger, key);
    if (no !== undefined) return no;
  }
  return undefined;
}
