// The keys that checkpoints are signed with, and the name under which they are the ledger's. Owns: which there are, that private ones lie sealed. Never
// touches: what is signed; secrets.key itself.
//   receipts.K1. A public key stays for ever, so that what it signed stays good; a private one leaves no node.
//   receipts.K2. The newest two keys sign, so that whoever knows only the one before goes on; one that is given up signs nothing more.
//   receipts.K3. The ledger's name is said once, before anything is signed, and stays: under another one it is another log.

import { randomBytes } from 'node:crypto';
import type { OwnerRecord } from '../../engine/index.js';
import { Documents, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { type KeyPair, newKeyPair, publicKey, Signer } from './signer.js';
import { ED25519, isKeyName, type Key, SHARD, vkey } from './verify.js';

/** Seals texts, and opens them (auth/sealing.ts). */
export interface Seals {
  conceal(text: string, about: string): string;
  reveal(sealed: string, about: string): string | undefined;
}

/** A key as it is kept: the private part sealed. */
interface KeptKey extends KeyPair {
  readonly createdAt: number;
  /** When it was given up, milliseconds since 1970; left out: it signs, if it is one of the newest two. */
  readonly retiredAt?: number;
}

/** A key as it is told. */
export interface ToldKey {
  /** Its number, from 1 on. */
  readonly number: number;
  readonly createdAt: number;
  readonly retiredAt: number | null;
  readonly signs: boolean;
  /** As a line of text, under the ledger's name: for receipts of all shards. */
  readonly vkey: string;
  /** The same for the log of each shard: for witnesses. */
  readonly shards: readonly string[];
}

const OWNER = '#checkpoint-keys';
const KEYS = new Documents<KeptKey>(OWNER, 'signing-key');
const NAMES = new Documents<{ readonly name: string }>(OWNER, 'log');
const NAME = 'name';
const DIGITS = 6;
const SIGNING = 2;
const aboutOf = (key: string): string => `checkpoint-key ${key}`;
const keyOf = (number: number): string => String(number).padStart(DIGITS, '0');

/** The log of a shard, as checkpoints name it. */
export const originOf = (name: string, shard: number): string => `${name}/shard/${shard}`;

/** The ledger's name; undefined: nothing was signed yet. */
export async function knownName(ledger: OwnLedger): Promise<string | undefined | Refusal> {
  const found = await NAMES.get(ledger, NAME);
  return found === undefined || isRefusal(found) ? found : found.read().name;
}

const NAME_LENGTH_MAX = 100;

/** What is wrong with a name for a ledger; undefined: nothing. */
export const nameProblem = (name: string): string | undefined =>
  isKeyName(name) && name.length <= NAME_LENGTH_MAX && !SHARD.test(name)
    ? undefined
    : `it is 1 to ${NAME_LENGTH_MAX} characters without spaces and +, e.g. points.example/ledger`;

/**
 * What a ledger is to be called: what is said, or a name that no other one has. Rejects where it is called otherwise already: under another name it
 * would be another log.
 */
export async function nameFor(
  ledger: OwnLedger,
  said: string | undefined,
  publicUrl: string | undefined,
): Promise<string> {
  const known = await knownName(ledger);
  if (typeof known === 'string' && said !== undefined && said !== known)
    throw new Error(`the ledger is called ${known} in its checkpoints, not ${said}`);
  const host = publicUrl === undefined ? 'jifen' : new URL(publicUrl).host;
  return said ?? `${host}/${randomBytes(8).toString('hex')}`;
}

/** The ledger's name; where it has none yet, this one from now on. */
export async function ledgerName(ledger: OwnLedger, wanted: string): Promise<string | Refusal> {
  const found = await knownName(ledger);
  if (found !== undefined) return found;
  const refused = await NAMES.put(ledger, NAME, { name: wanted }, 0);
  if (refused === undefined) return wanted;
  // Another node has said it meanwhile.
  return refused.code === 'CHANGED_MEANWHILE' ? ledgerName(ledger, wanted) : refused;
}

const numbered = async (ledger: OwnLedger) => {
  const all = await KEYS.all(ledger);
  if (isRefusal(all)) return all;
  return all.map((one) => ({ ...one.read(), key: one.key, version: one.version }));
};

const signingOf = <T extends KeptKey>(keys: readonly T[]): readonly T[] =>
  keys
    .filter(({ retiredAt }) => retiredAt === undefined)
    .slice(-SIGNING)
    .reverse();

/** All public keys, the newest one first. */
export async function toldKeys(
  ledger: OwnLedger,
  name: string,
  shards: number,
): Promise<readonly ToldKey[] | Refusal> {
  const all = await numbered(ledger);
  if (isRefusal(all)) return all;
  const signing = new Set(signingOf(all));
  return all
    .map((one, at) => ({
      ...{ number: at + 1, createdAt: one.createdAt, retiredAt: one.retiredAt ?? null },
      signs: signing.has(one),
      vkey: vkey(publicKey(name, ED25519, one)),
      shards: Array.from({ length: shards }, (_, shard) =>
        vkey(publicKey(originOf(name, shard), ED25519, one)),
      ),
    }))
    .reverse();
}

/** All keys that have ever signed under this name: those given up, too. */
export async function publicKeys(
  ledger: OwnLedger,
  origin: string,
): Promise<readonly Key[] | Refusal> {
  const all = await numbered(ledger);
  return isRefusal(all) ? all : all.map((one) => publicKey(origin, ED25519, one));
}

/** Makes the next key. `first`: only where there is none. */
export async function newKey(
  ledger: OwnLedger,
  seals: Seals,
  now: number,
  first = false,
): Promise<Refusal | undefined> {
  const all = await KEYS.all(ledger);
  if (isRefusal(all)) return all;
  if (first && all.length > 0) return undefined;
  const key = keyOf(all.length + 1);
  const { x, d } = newKeyPair();
  const kept = { x, d: seals.conceal(d, aboutOf(key)), createdAt: now };
  const refused = await KEYS.put(ledger, key, kept, 0);
  // Somebody else has made it meanwhile.
  return first && refused?.code === 'CHANGED_MEANWHILE' ? undefined : refused;
}

/** Gives up all keys but the newest: what they have signed stays good, and they sign nothing more. */
export async function retireOlder(ledger: OwnLedger, now: number): Promise<Refusal | undefined> {
  const all = await numbered(ledger);
  if (isRefusal(all)) return all;
  for (const { key } of all.slice(0, -1)) {
    const changed = await KEYS.change(ledger, key, (one) =>
      one.retiredAt === undefined ? { ...one, retiredAt: now } : one,
    );
    if (isRefusal(changed)) return changed;
  }
  return undefined;
}

/** The private keys that sign now, the newest one first; the first one is made where there is none. */
export async function signingPairs(
  ledger: OwnLedger,
  seals: Seals,
  now: number,
): Promise<readonly KeyPair[] | Refusal> {
  const made = await newKey(ledger, seals, now, true);
  if (made !== undefined) return made;
  const all = await numbered(ledger);
  if (isRefusal(all)) return all;
  const pairs: KeyPair[] = [];
  for (const { x, d, key } of signingOf(all)) {
    const open = seals.reveal(d, aboutOf(key));
    if (open === undefined) return refuse('SECRETS_KEY_DIFFERS');
    pairs.push({ x, d: open });
  }
  return pairs;
}

/** Those who sign for a shard's log. */
export const signersOf = (origin: string, pairs: readonly KeyPair[]): readonly Signer[] =>
  pairs.map((pair) => new Signer(origin, ED25519, pair));

/** The public keys as they lie in records, for who reads a folder that nobody serves. */
export const recordedKeys = {
  owner: OWNER,
  /** As lines under the ledger's name; none where it has no name. */
  lines(records: readonly Pick<OwnerRecord, 'recordType' | 'key' | 'value'>[]): readonly string[] {
    const read = ({ value }: { readonly value: Uint8Array }): unknown =>
      JSON.parse(Buffer.from(value).toString('utf8'));
    const named = records.find(({ recordType, key }) => recordType === 'log' && key === NAME);
    if (named === undefined) return [];
    const { name } = read(named) as { readonly name: string };
    return records
      .filter(({ recordType }) => recordType === 'signing-key')
      .map((one) => vkey(publicKey(name, ED25519, read(one) as KeptKey)));
  },
};
