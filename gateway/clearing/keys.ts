// The keys that statements are signed with. Owns: which there are, that private ones lie sealed. Never touches: signing; secrets.key itself.
//   clearing.J2. The newest key signs. Older ones stay public for ever, so that what they signed stays good; a private key leaves no node.
//   clearing.J3. They are the ledger's: each node signs with the same ones, made when the first is needed or another is asked for, once.

import { Documents, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { type KeySet, makeKey, OKP, type SigningKey } from './signed-bytes.js';

/** Seals texts, and opens them (auth/sealing.ts). */
export interface Seals {
  conceal(text: string, about: string): string;
  reveal(sealed: string, about: string): string | undefined;
}

/** A key as it is kept. */
interface KeptKey {
  readonly kid: string;
  /** The public part, base64url. */
  readonly x: string;
  /** The private part, sealed. */
  readonly d: string;
  readonly createdAt: number;
}

const KEYS = new Documents<KeptKey>('#statement-keys', 'signing-key');
const KEY_DIGITS = 6;
const aboutOf = (kid: string): string => `statement-key ${kid}`;

/** All public keys, the newest one first. */
export async function publicKeys(ledger: OwnLedger): Promise<KeySet | Refusal> {
  const all = await KEYS.all(ledger);
  if (isRefusal(all)) return all;
  const shown = all.map((one) => one.read()).reverse();
  return { keys: shown.map(({ kid, x }) => ({ ...OKP, use: 'sig', alg: 'EdDSA', kid, x })) };
}

/** Makes the next key, which signs from now on; `first`: only where there is none. */
export async function newKey(
  ledger: OwnLedger,
  seals: Seals,
  now: number,
  first = false,
): Promise<SigningKey | Refusal> {
  const all = await KEYS.all(ledger);
  if (isRefusal(all)) return all;
  const last = all.at(-1)?.read();
  if (first && last !== undefined) return opened(last, seals);
  const made = await makeKey();
  const { kid, x, d } = made;
  const kept = { kid, x, d: seals.conceal(d, aboutOf(kid)), createdAt: now };
  const key = String(all.length + 1).padStart(KEY_DIGITS, '0');
  const refused = await KEYS.put(ledger, key, kept, 0);
  // Somebody else has made it meanwhile.
  if (refused?.code === 'CHANGED_MEANWHILE' && first) return signingKey(ledger, seals, now);
  return refused ?? made;
}

/** The key that signs now. */
export const signingKey = (
  ledger: OwnLedger,
  seals: Seals,
  now: number,
): Promise<SigningKey | Refusal> => newKey(ledger, seals, now, true);

function opened({ kid, x, d }: KeptKey, seals: Seals): SigningKey | Refusal {
  const open = seals.reveal(d, aboutOf(kid));
  return open === undefined ? refuse('SECRETS_KEY_DIFFERS') : { ...OKP, kid, x, d: open };
}
