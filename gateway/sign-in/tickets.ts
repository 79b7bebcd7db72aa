// Tickets of platforms: for an embedded page, and for a member to link their user. Owns: what is kept of one, how often it is good. Never touches: tokens, merges.
//   signin.K1. Of a ticket its SHA-256 is kept. It is used over the version that was seen: one for a page once; one for linking by one member alone, who may ask
//       again.
//   signin.K2. What it is for is judged when it is made, and again when it is used: is the user still that platform's, may the platform still do it.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Document, Documents, type OwnLedger } from '../documents.js';
import { lookUp, lookUpBack } from '../identity/mappings.js';
import { isGlobalId } from '../identity/names.js';
import type { Scope } from '../oauth/scopes.js';
import type { OwnTokenAnswer, Seat } from '../oauth/shapes.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { signInId } from './accounts.js';
import { type Parts, strangeMember } from './parts.js';

/** A platform's user. */
interface User {
  readonly platform: string;
  readonly user: string;
}

/** A ticket as it is kept. */
interface StoredTicket {
  /** In hex. */
  readonly hash: string;
  /** For a page: of this owner, in the page of a platform. */
  readonly page?: { readonly platform: string; readonly owner: string } | undefined;
  /** For linking: this user. */
  readonly link?: User | undefined;
  /** Milliseconds since 1970. */
  readonly until: number;
  /** Which member has used it; of one for a page ''. */
  readonly usedBy?: string | undefined;
}

/** A ticket that was made. */
export interface Ticket {
  readonly ticket: string;
  readonly until: number;
}

const SHAPE = /^jifen_ti_([A-Za-z0-9_-]{22})_([A-Za-z0-9_-]{43})$/;
const KEY = 'ticket';
const ticketsOf = (id: string): Documents<StoredTicket> =>
  new Documents<StoredTicket>(`#ticket:${id}`, 'ticket');
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const INVALID = (): Refusal => refuse('TICKET_INVALID', 'ticket');

async function made(
  ledger: OwnLedger,
  of: Pick<StoredTicket, 'page' | 'link'>,
  until: number,
): Promise<Refusal | Ticket> {
  const id = randomBytes(16).toString('base64url');
  const secret = randomBytes(32).toString('base64url');
  const no = await ticketsOf(id).put(ledger, KEY, { ...of, hash: hashOf(secret), until }, 0, until);
  return no ?? { ticket: `jifen_ti_${id}_${secret}`, until };
}

/** A ticket that is there, with its id. */
interface Found {
  readonly id: string;
  readonly document: Document<StoredTicket>;
  readonly stored: StoredTicket;
}

async function found({ engine, now }: Parts, text: string): Promise<Refusal | Found> {
  const [, id, secret] = SHAPE.exec(text) ?? [];
  if (id === undefined || secret === undefined) return INVALID();
  const document = await ticketsOf(id).get(engine, KEY);
  if (isRefusal(document)) return document;
  if (document === undefined) return INVALID();
  const stored = document.read();
  const isRight = timingSafeEqual(Buffer.from(stored.hash), Buffer.from(hashOf(secret)));
  return isRight && now < stored.until ? { id, document, stored } : INVALID();
}

/** Uses a ticket up, for a member. */
async function used(
  { engine }: Parts,
  { id, document, stored }: Found,
  usedBy: string,
): Promise<Refusal | undefined> {
  const put = { ...stored, usedBy };
  const no = await ticketsOf(id).put(engine, KEY, put, document.version, stored.until);
  return no?.code === 'CHANGED_MEANWHILE' ? INVALID() : no;
}

// --- pages --------------------------------------------------------------------------------------------------------

/** Is an owner a platform's user? */
async function isUser(
  { engine }: Parts,
  owner: string,
  platform: string,
): Promise<Refusal | undefined> {
  const mappings = await lookUpBack(engine, { system: 'global', user: owner });
  if (isRefusal(mappings)) return mappings;
  const isActive = mappings.some(
    ({ source, status }) => source.system === platform && status === 'active',
  );
  return isActive ? undefined : strangeMember();
}

export async function pageTicket(
  parts: Parts,
  { owner, platform }: { readonly owner: string; readonly platform: string },
): Promise<Refusal | Ticket> {
  if (!isGlobalId(owner)) return refuse('OWNER_INVALID', 'owner');
  const no = await isUser(parts, owner, platform);
  const { engine, limits, now } = parts;
  return no ?? made(engine, { page: { platform, owner } }, now + limits.signInTicketMs);
}

/** What a page in a platform's may: of what a member may, what the platform itself may do with its own points. */
function scopesOf({ directory }: Parts, platform: string): readonly Scope[] | undefined {
  const live = directory.platform(platform)?.platform;
  if (live === undefined || live.disabled || !live.operations.includes('sign-in')) return undefined;
  const has = (word: Scope['word'], ...operations: readonly string[]): readonly Scope[] =>
    operations.some((one) => (live.operations as readonly string[]).includes(one))
      ? [{ word, platform }]
      : [];
  return [
    ...has('read', 'read'),
    ...has('redeem', 'redeem'),
    ...has('transfer', 'transfer'),
    ...has('participate', 'participate', 'earn'),
  ];
}

export async function usePageTicket(
  parts: Parts,
  text: string,
  seat: Seat,
): Promise<Refusal | OwnTokenAnswer> {
  const ticket = await found(parts, text);
  if (isRefusal(ticket)) return ticket;
  const { page, usedBy } = ticket.stored;
  if (page === undefined || usedBy !== undefined) return INVALID();
  const { owner, platform } = page;
  const scopes = scopesOf(parts, platform);
  if (scopes === undefined || scopes.length === 0) return INVALID();
  const no = await used(parts, ticket, '');
  if (no !== undefined) return no;
  return parts.grants.ticketToken(
    { member: signInId(owner), owner },
    { platform, scopes, seat },
    async () => {
      const gone = await isUser(parts, owner, platform);
      return gone?.code === 'OPERATION_FORBIDDEN' ? INVALID() : gone;
    },
  );
}

// --- linking ------------------------------------------------------------------------------------------------------

export async function linkTicket(
  parts: Parts,
  { platform, user }: User,
): Promise<Refusal | Ticket> {
  const { engine, limits, now } = parts;
  // Whether it is registered or not; a name that is none is refused.
  const known = await lookUp(engine, { system: platform, user }, 'global');
  if (isRefusal(known)) return known;
  if (known?.status === 'inactive') return refuse('IDENTITY_INACTIVE', 'user');
  return made(engine, { link: { platform, user } }, now + limits.linkTicketMs);
}

/** A platform's user, by a ticket that is this member's from now on. */
export async function linkedUser(
  parts: Parts,
  text: string,
  member: string,
): Promise<Refusal | (User & { readonly id: string })> {
  const ticket = await found(parts, text);
  if (isRefusal(ticket)) return ticket;
  const { link, usedBy } = ticket.stored;
  if (link === undefined || (usedBy !== undefined && usedBy !== member)) return INVALID();
  const live = parts.directory.platform(link.platform)?.platform;
  if (live === undefined || live.disabled || !live.operations.includes('sign-in')) return INVALID();
  if (usedBy === undefined) {
    const no = await used(parts, ticket, member);
    if (no?.code === 'TICKET_INVALID') return linkedUserAgain(parts, text, member);
    if (no !== undefined) return no;
  }
  return { ...link, id: ticket.id };
}

/** Somebody has used it at this moment: the same member, where it asks twice at once. */
async function linkedUserAgain(
  parts: Parts,
  text: string,
  member: string,
): Promise<Refusal | (User & { readonly id: string })> {
  const ticket = await found(parts, text);
  if (isRefusal(ticket)) return ticket;
  const { link, usedBy } = ticket.stored;
  return link !== undefined && usedBy === member ? { ...link, id: ticket.id } : INVALID();
}
