// Users whom a partner has made here. Owns: that one key makes one user, whose that is. Never touches: HTTP; mappings, which identity/ keeps.
//   partners.U1. A key is bound to its user first, and what follows from that user is the same each time: so a crash, or a repeat, makes no second one.
//   partners.U2. A partner's users are its own, whatever source systems it speaks of: one is `<source system>/<user>` of the partner, and of nobody else. No
//       source system has a slash in its name.
//   partners.U3. What is known of a person is not kept: no name, no email.

import { type Engine, isUserOf, ownerNow } from '../../engine/index.js';
import type { OwnLedger } from '../documents.js';
import { Documents } from '../documents.js';
import { register } from '../identity/mappings.js';
import { digest, GLOBAL, isGlobalId } from '../identity/names.js';
import { documentAt } from '../known-definitions.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

/** Who is to be known here. */
export interface AskedUser {
  readonly key: string;
  readonly source_system: string;
  readonly source_user_id: string;
}

/** What is kept of one. */
interface Imported {
  readonly imported: true;
  readonly partner: string;
  readonly sourceUser: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A user as one of the partner's. */
const nameOf = ({ source_system, source_user_id }: AskedUser): string =>
  `${source_system}/${source_user_id}`;

const KEY = 'it';
const HASH_LENGTH = 40;
const byKey = (partner: string, key: string): Documents<Imported> =>
  new Documents(
    `#partner-user:${digest(`${partner}:${key}`).slice(0, HASH_LENGTH)}`,
    'partner-user',
  );

/** Binds the key to its user; a refusal where it is another one's. */
async function bound(
  ledger: OwnLedger,
  partner: string,
  asked: AskedUser,
  at: number,
): Promise<Refusal | undefined> {
  const sourceUser = nameOf(asked);
  const kept = byKey(partner, asked.key);
  const wanted: Imported = { imported: true, partner, sourceUser, at };
  const refused = await kept.put(ledger, KEY, wanted, 0);
  if (refused?.code !== 'CHANGED_MEANWHILE') return refused;
  const found = await kept.get(ledger, KEY);
  if (isRefusal(found)) return found;
  return found?.read().sourceUser === sourceUser ? undefined : refuse('IDENTITY_CONFLICT', 'key');
}

/** A user of a partner is known here from now on. Returns by what. */
export async function madeUser(
  ledger: OwnLedger,
  partner: string,
  asked: AskedUser,
  now: number,
): Promise<{ readonly user: string; readonly created: boolean } | Refusal> {
  const refused = await bound(ledger, partner, asked, now);
  if (refused !== undefined) return refused;
  const source = { system: partner, user: nameOf(asked) };
  const made = await register(ledger, source, GLOBAL, undefined);
  if (isRefusal(made)) return { ...made, field: 'source_user_id' };
  return { user: made.mapping.target.user, created: made.created };
}

/** Is there such a user, for a partner that may ask for these assets? */
export async function isKnownUser(
  engine: Engine,
  partner: string,
  assets: readonly string[],
  user: string,
): Promise<boolean | Refusal> {
  // Who can be no owner is none.
  if (!isGlobalId(user)) return false;
  const now = await ownerNow(engine.own, user);
  if (isRefusal(now)) return now;
  // Who was merged is another one, by whose id the partner learns it from `madeUser`.
  if (now !== user) return false;
  const platforms = [partner];
  for (const asset of assets) {
    const side = await documentAt(engine, 'exchanging', asset);
    if (isRefusal(side)) return side;
    if (side === undefined) continue;
    if (side['members'] === 'all') return true;
    platforms.push(String(side['platform']));
  }
  return isUserOf(engine.own, user, platforms);
}
