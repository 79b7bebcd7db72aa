// Where members can be reached, and what they have agreed to. Owns: these records. Never touches: what is sent.
//   notices.M1. Addresses lie in records and logs sealed to their member and platform; nobody else's record opens them.
//   notices.M2. What a platform was told of a member is the platform's: no other one reads it, and no notice of another one goes there.
//   notices.M6. Of who is erased nothing stays: whoever writes looks afterwards whether that has come meanwhile, and takes back what it wrote. What an address
//       is found by goes before the contact that says the address, so that a kill leaves nothing that nobody finds.
//   notices.M3. Consent has its time, and is looked at when a notice is sent: what was taken back is not sent any more.

import { createHash } from 'node:crypto';
import {
  erasureAt,
  keyVersionOf,
  limits,
  NOTICES,
  type NoticeLanguage,
  type NoticeName,
} from '../../../engine/index.js';
import type { Sealer } from '../../auth/sealing.js';
import { Documents, isTooLong, type OwnLedger } from '../../documents.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { bodyReader } from '../../schema/check.js';
import { ConsentsBody, ContactBody } from '../../schema/notices.js';
import { addressed, enter, isSameAddress, leave } from './addressed.js';
import type { Addresses, Audience, ChannelType, Whose } from './shapes.js';

interface Consent {
  readonly isGiven: boolean;
  /** When it was said, milliseconds since 1970. */
  readonly at: number;
}

interface Dead {
  readonly at: number;
  /** What was answered, in a word. */
  readonly reason: string;
}

/** A contact as it is kept. */
export interface StoredContact {
  /** Addresses, as JSON; undefined: none is known. */
  readonly sealed?: string | undefined;
  readonly language?: NoticeLanguage | undefined;
  /** By `<type of channel> <notice or class>`. */
  readonly consents: Readonly<Record<string, Consent>>;
  /** Addresses that are none, by type of channel. */
  readonly dead: Readonly<Partial<Record<ChannelType, Dead>>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A contact, opened. */
export interface Contact {
  readonly addresses: Addresses;
  readonly stored: StoredContact;
}

const REMOVE_TRIES_MAX = 8;
/** Records of contacts are spread over so many owners of the ledger's. */
const BUCKETS = 64;
const places = new Map<string, Documents<StoredContact>>();

function placeOf(scope: string, bucket: number): Documents<StoredContact> {
  const owner = `#contacts:${bucket}${scope === '' ? '' : `:${scope}`}`;
  const known = places.get(owner) ?? new Documents<StoredContact>(owner, 'contact', 'owner');
  places.set(owner, known);
  return known;
}

const bucketOf = (owner: string): number =>
  createHash('sha256').update(owner).digest().readUInt16BE(0) % BUCKETS;
const documentsOf = ({ scope, owner }: Whose): Documents<StoredContact> =>
  placeOf(scope, bucketOf(owner));

const about = ({ scope, owner }: Whose): string => `contact ${scope} ${owner}`;
const readContact = bodyReader(ContactBody);
const readConsents = bodyReader(ConsentsBody);

/** Which address a channel of a type sends to; undefined: it needs none. */
const ADDRESS = { email: 'email', sms: 'phone', webhook: undefined } as const;

/** Where a channel of this type finds a member; undefined: nowhere. */
export function addressFor(type: ChannelType, { addresses }: Contact): string | undefined {
  const name = ADDRESS[type];
  return name === undefined ? '' : addresses[name];
}

/** Has a member agreed to a notice, by a channel of this type? `service`: is one of class `service` sent to who has said nothing? */
export function isAgreed(
  { consents }: StoredContact,
  type: ChannelType,
  notice: NoticeName,
  service: boolean,
): boolean {
  const { class: of } = NOTICES[notice];
  const said = consents[`${type} ${notice}`] ?? consents[`${type} ${of}`];
  return said?.isGiven ?? (of === 'service' && service);
}

export interface ContactParts {
  readonly ledger: OwnLedger;
  readonly sealer: Sealer;
  /** Milliseconds since 1970, by the ledger's clock. */
  readonly now: number;
}

/** Addresses of somebody; of who is erased there are none. */
async function opened(
  sealer: Sealer,
  whose: Whose,
  { sealed }: Pick<StoredContact, 'sealed'>,
): Promise<Addresses | Refusal> {
  if (sealed === undefined) return {};
  const text = await sealer.revealOf(whose.owner, sealed, about(whose));
  if (text === undefined) return {};
  return isRefusal(text) ? text : (JSON.parse(text) as Addresses);
}

/** Addresses of somebody as they are kept, sealed; undefined: none are. */
export async function sealedContact(
  ledger: OwnLedger,
  whose: Whose,
): Promise<string | undefined | Refusal> {
  const found = await documentsOf(whose).get(ledger, whose.owner);
  return found === undefined || isRefusal(found) ? found : found.read().sealed;
}

/** What is known of a member; undefined: nothing. */
export async function contactOf(
  { ledger, sealer }: Pick<ContactParts, 'ledger' | 'sealer'>,
  whose: Whose,
): Promise<Contact | undefined | Refusal> {
  const found = await documentsOf(whose).get(ledger, whose.owner);
  if (found === undefined || isRefusal(found)) return found;
  const stored = found.read();
  const addresses = await opened(sealer, whose, stored);
  return isRefusal(addresses) ? addresses : { stored, addresses };
}

/** Writes a contact over what is there; a refusal where somebody else does at the same time. */
async function written(
  { ledger, now }: Pick<ContactParts, 'ledger' | 'now'>,
  whose: Whose,
  change: (before: StoredContact) => StoredContact | Refusal,
): Promise<StoredContact | Refusal> {
  const documents = documentsOf(whose);
  const found = await documents.get(ledger, whose.owner);
  if (isRefusal(found)) return found;
  const none = { consents: {}, dead: {}, createdAt: now, updatedAt: now };
  const changed = change(found?.read() ?? none);
  if (isRefusal(changed)) return changed;
  const after = { ...changed, updatedAt: now };
  if (isTooLong(after)) return refuse('COMMAND_INVALID', 'body', 'The contact is too long.');
  return (await documents.put(ledger, whose.owner, after, found?.version ?? 0)) ?? after;
}

/** Says where a member can be reached, in the place of what was known. */
export async function putContact(
  parts: ContactParts,
  whose: Whose,
  body: unknown,
): Promise<Contact | Refusal> {
  const fields = readContact(body);
  if (isRefusal(fields)) return fields;
  const { language, ...addresses } = fields;
  const { ledger, sealer } = parts;
  const past = await contactOf(parts, whose);
  if (isRefusal(past)) return past;
  const none = Object.keys(addresses).length === 0;
  const text = JSON.stringify(addresses);
  const sealed = none ? undefined : await sealer.concealOf(whose.owner, text, about(whose));
  if (isRefusal(sealed)) return sealed;
  const known = past?.addresses ?? {};
  const entered = await enter(ledger, sealer, whose, addresses, known);
  if (entered !== undefined) return (await takenBack(parts, whose, addresses)) ?? entered;
  const stored = await written(parts, whose, ({ sealed: was, language: _, ...before }) => {
    // What was opened is of another moment.
    if (was !== past?.stored.sealed) return refuse('CHANGED_MEANWHILE', 'owner');
    // What was no address is tried again only where it is another one.
    const dead = Object.entries(before.dead).filter(([type]) => {
      const name = ADDRESS[type as ChannelType];
      return name !== undefined && known[name] === addresses[name];
    });
    return { ...before, sealed, language, dead: Object.fromEntries(dead) };
  });
  if (isRefusal(stored)) return (await takenBack(parts, whose, addresses)) ?? stored;
  const left = await leave(ledger, sealer, whose, known, addresses);
  return (await takenBack(parts, whose, addresses)) ?? left ?? { stored, addresses };
}

/** M6: nothing where the member is not erased. */
async function takenBack(
  parts: Pick<ContactParts, 'ledger' | 'sealer'>,
  whose: Whose,
  addresses: Addresses,
): Promise<Refusal | undefined> {
  const erased = await erasureAt(parts.ledger.own, whose.owner);
  if (erased === undefined || isRefusal(erased)) return erased;
  // One that cannot be done keeps the other from nothing.
  const all = [
    await leave(parts.ledger, parts.sealer, whose, addresses, {}),
    await removeContact(parts, whose),
  ];
  const no = all.find((one) => one !== undefined && one.code !== 'CONTACT_NOT_FOUND');
  return no ?? refuse('MEMBER_ERASED', 'owner');
}

/** Says what a member agrees to, and what not any more; the rest stays. */
export async function putConsents(
  parts: ContactParts,
  whose: Whose,
  body: unknown,
): Promise<Contact | Refusal> {
  const fields = readConsents(body);
  if (isRefusal(fields)) return fields;
  const { now, sealer } = parts;
  const stored = await written(parts, whose, (before) => {
    const said = fields.consents.map(({ type, notices, isGiven }) => {
      const key = `${type} ${notices}`;
      const known = before.consents[key];
      return [key, known?.isGiven === isGiven ? known : { isGiven, at: now }] as const;
    });
    return { ...before, consents: { ...before.consents, ...Object.fromEntries(said) } };
  });
  if (isRefusal(stored)) return stored;
  const addresses = await opened(sealer, whose, stored);
  if (isRefusal(addresses)) return addresses;
  return (await takenBack(parts, whose, addresses)) ?? { stored, addresses };
}

/** Seals addresses under the newest version of the member's key; was it another one before? */
export async function resealContact(parts: ContactParts, whose: Whose): Promise<boolean | Refusal> {
  const found = await contactOf(parts, whose);
  if (found === undefined) return false;
  if (isRefusal(found)) return found;
  const { addresses, stored } = found;
  if (stored.sealed === undefined || Object.keys(addresses).length === 0) return false;
  const text = JSON.stringify(addresses);
  const sealed = await parts.sealer.concealOf(whose.owner, text, about(whose));
  if (isRefusal(sealed)) return sealed;
  if (keyVersionOf(sealed) === keyVersionOf(stored.sealed)) return false;
  const done = await written(parts, whose, (before) =>
    before.sealed === stored.sealed ? { ...before, sealed } : refuse('CHANGED_MEANWHILE', 'owner'),
  );
  return isRefusal(done) ? done : true;
}

/** Forgets what is known of a member. */
export async function removeContact(
  parts: Pick<ContactParts, 'ledger' | 'sealer'>,
  whose: Whose,
): Promise<Refusal | undefined> {
  const { ledger, sealer } = parts;
  const documents = documentsOf(whose);
  for (let tries = 1; ; tries++) {
    const found = await documents.get(ledger, whose.owner);
    if (isRefusal(found)) return found;
    if (found === undefined) return refuse('CONTACT_NOT_FOUND', 'owner');
    const addresses = await opened(sealer, whose, found.read());
    if (isRefusal(addresses)) return addresses;
    const no =
      (await leave(ledger, sealer, whose, addresses, {})) ??
      (await documents.delete(ledger, whose.owner, found.version)) ??
      // Who has seen it before may have entered it again (notices.M5).
      (await leave(ledger, sealer, whose, addresses, {}));
    if (no?.code !== 'CHANGED_MEANWHILE' || tries === REMOVE_TRIES_MAX) return no;
  }
}

/** Members who can be reached at this address, each once. */
export async function ownersAt(
  parts: Pick<ContactParts, 'ledger' | 'sealer'>,
  address: string,
): Promise<readonly string[] | Refusal> {
  const all = await addressed(parts.ledger, parts.sealer, address);
  if (isRefusal(all)) return all;
  const owners = new Set<string>();
  for (const whose of all) {
    const contact = await contactOf(parts, whose);
    if (isRefusal(contact)) return contact;
    const { email, phone } = contact?.addresses ?? {};
    if ([email, phone].some((one) => one !== undefined && isSameAddress(one, address)))
      owners.add(whose.owner);
  }
  return [...owners];
}

/** Marks an address as none, where it is the member's still. */
export async function markDead(
  parts: ContactParts,
  whose: Whose,
  { type, to, reason }: { type: ChannelType; to: string; reason: string },
): Promise<void> {
  const found = await contactOf(parts, whose);
  if (found === undefined || isRefusal(found) || addressFor(type, found) !== to) return;
  await written(parts, whose, (before) => {
    const isSame = before.sealed === found.stored.sealed;
    const dead = { ...before.dead, [type]: { at: parts.now, reason } };
    return isSame ? { ...before, dead } : before;
  });
}

/** Members whom something is known of, from a place on: some of them. */
export async function contactPage(
  { own }: OwnLedger,
  scope: string,
  after: string,
): Promise<Audience | Refusal> {
  const [at = '0', last = ''] = after.split(' ');
  const bucket = Number(at);
  const owner = `#contacts:${bucket}${scope === '' ? '' : `:${scope}`}`;
  const place = { owner, recordType: 'contact' };
  const page = await own.records({ ...place, after: last === '' ? undefined : last });
  if (isRefusal(page)) return page;
  const owners = page.map(({ key }) => key);
  if (owners.length >= limits.RECORDS_PAGE_MAX)
    return { owners, after: `${bucket} ${owners.at(-1)}` };
  return { owners, after: bucket + 1 < BUCKETS ? `${bucket + 1} ` : undefined };
}
