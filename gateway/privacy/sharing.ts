// What members agree to have given away of them. Owns: these records, what is left of data without the consent. Never touches: where data goes.
//   privacy.S1. Nothing is agreed to that was not said, and what cannot be known now is not agreed to.
//   privacy.S2. It is looked at when data leaves: what was taken back does not leave any more, also of what happened before.
//   privacy.S3. Who was merged into somebody, or erased, has agreed to nothing.

import { createHash } from 'node:crypto';
import { erasureAt, withoutPersonal } from '../../engine/index.js';
import { Documents, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

/** `share_analytics`: device and location; `share_contacts`: contacts. */
export const SHARING = ['share_analytics', 'share_contacts'] as const;
export type Sharing = (typeof SHARING)[number];

/** One that was said. */
export interface SharingConsent {
  readonly isGiven: boolean;
  /** When it was said, milliseconds since 1970. */
  readonly at: number;
  /** By whom, as the credentials shown say. */
  readonly by: string | null;
}

export type Stored = Readonly<Partial<Record<Sharing, SharingConsent>>>;
/** What is agreed to. */
export type Agreed = Readonly<Record<Sharing, boolean>>;

export const NOTHING: Agreed = { share_analytics: false, share_contacts: false };

const BUCKETS = 64;
const places = new Map<number, Documents<Stored>>();

function documentsOf(owner: string): Documents<Stored> {
  const bucket = createHash('sha256').update(owner).digest().readUInt16BE(0) % BUCKETS;
  const known = places.get(bucket) ?? new Documents<Stored>(`#sharing:${bucket}`, 'sharing');
  places.set(bucket, known);
  return known;
}

/** What a member has said; undefined: nothing. */
export async function sharingOf(
  ledger: OwnLedger,
  owner: string,
): Promise<Stored | undefined | Refusal> {
  const found = await documentsOf(owner).get(ledger, owner);
  return found === undefined || isRefusal(found) ? found : found.read();
}

/** What a member agrees to now (privacy.S1). */
export async function agreedBy(ledger: OwnLedger, owner: string): Promise<Agreed> {
  const said = await sharingOf(ledger, owner);
  if (said === undefined || isRefusal(said)) return NOTHING;
  return {
    share_analytics: said.share_analytics?.isGiven === true,
    share_contacts: said.share_contacts?.isGiven === true,
  };
}

/** Writes down what a member says; what it says nothing of stays as it was. */
export async function putSharing(
  ledger: OwnLedger,
  owner: string,
  said: Readonly<Partial<Record<Sharing, boolean | undefined>>>,
  { at, by }: Pick<SharingConsent, 'at' | 'by'>,
): Promise<Stored | Refusal> {
  const documents = documentsOf(owner);
  const found = await documents.get(ledger, owner);
  if (isRefusal(found)) return found;
  const after: Partial<Record<Sharing, SharingConsent>> = { ...found?.read() };
  for (const name of SHARING) {
    const isGiven = said[name];
    if (isGiven !== undefined && isGiven !== after[name]?.isGiven)
      after[name] = { isGiven, at, by };
  }
  const no = await documents.put(ledger, owner, after, found?.version ?? 0);
  if (no !== undefined) return no;
  // It may have come meanwhile: whoever erases has looked before this was written, or will find it.
  const erased = await erasureAt(ledger.own, owner);
  if (erased === undefined) return after;
  if (isRefusal(erased)) return erased;
  return (await removeSharing(ledger, owner)) ?? refuse('MEMBER_ERASED', 'owner');
}

/** Forgets it. */
export const removeSharing = (ledger: OwnLedger, owner: string): Promise<Refusal | undefined> =>
  documentsOf(owner).delete(ledger, owner);

/** What may leave of something about a member; the same where there is nothing to leave out. */
export const shared = <T>(told: T, { share_analytics, share_contacts }: Agreed): T =>
  withoutPersonal(told, { device: !share_analytics, contacts: !share_contacts });
