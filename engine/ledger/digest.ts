// A digest of all balances, the same whatever the order of the work. Owns: the canonical text of an account.

import { murmur3 } from '../protocol/hash.js';
import type { Balance } from '../protocol/outcomes.js';
import { isSystemOwner } from '../protocol/syntax.js';
import { TRANSIT_STRIPES } from '../transfer/open/places.js';
import { F, I } from './page.js';
import { partLines } from './parts.js';
import { balanceAt } from './reads.js';
import type { State } from './state.js';

const MASK = (1n << 64n) - 1n;

/** 64 bits of a text. */
function hash64(text: string): bigint {
  return (BigInt(murmur3(text, 1)) << 32n) | BigInt(murmur3(text, 2));
}

/** What a digest takes of one account. */
export interface DigestItem {
  readonly owner: string;
  readonly asset: string;
  readonly available: number;
  readonly held: number;
}

/** A digest of one shard: its users' sum, and its stripes, which are summed over all shards first. */
export interface ShardDigest {
  readonly sum: bigint;
  readonly stripes: readonly DigestItem[];
}

function itemHash({ owner, asset, available, held }: DigestItem): bigint {
  return available === 0 && held === 0 ? 0n : hash64(`${owner}|${asset}|${available}|${held}`);
}

/** Sum (mod 2^64) over all users' accounts of the hash of owner, asset, available and held; and the stripes. */
export function shardDigest(state: State, betweenPages: () => void): ShardDigest {
  const { pages, assets } = state;
  const stripes: DigestItem[] = [];
  let sum = 0n;
  for (let bucket = 0; bucket < pages.shape.buckets; bucket++) {
    const page = pages.page(bucket);
    for (let i = 0; i < page.count; i++) {
      const available = page.f64[page.f(i) + F.available] as number;
      const held = page.f64[page.f(i) + F.held] as number;
      const { asset } = assets.at(page.i32[page.n(i) + I.asset] as number);
      const item = { owner: page.ownerAt(i), asset, available, held };
      // Points between shards: they cancel over all of them.
      if (item.owner.startsWith(TRANSIT_STRIPES)) continue;
      if (isSystemOwner(item.owner)) stripes.push(item);
      else sum = (sum + itemHash(item)) & MASK;
    }
    if (bucket % 256 === 255) betweenPages();
  }
  return { sum, stripes };
}

/** The digest of all shards, the same however many there are: 16 hex digits. */
export function wholeDigest(shards: readonly ShardDigest[]): string {
  const sums = new Map<string, DigestItem>();
  let total = 0n;
  for (const { sum, stripes } of shards) {
    total += sum;
    for (const stripe of stripes) {
      const key = `${stripe.owner}|${stripe.asset}`;
      const known = sums.get(key) ?? { ...stripe, available: 0, held: 0 };
      const available = known.available + stripe.available;
      sums.set(key, { ...known, available, held: known.held + stripe.held });
    }
  }
  for (const item of sums.values()) total += itemHash(item);
  return (total & MASK).toString(16).padStart(16, '0');
}

/** One line that says everything of an account. */
function accountText(balance: Balance): string {
  const { lots, ...rest } = balance;
  const lotTexts = lots.map((lot) => `${lot.expiresAt}:${lot.available}:${lot.held}`);
  return `account ${Object.values(rest).join('|')} ${lotTexts.join(',')}`;
}

/** Everything the state holds as lines in canonical order (L6): the same for the same log. */
export function canonicalState(state: State): string[] {
  const { pages } = state;
  const lines: string[] = [];
  for (let bucket = 0; bucket < pages.shape.buckets; bucket++) {
    const page = pages.page(bucket);
    for (const [asset, until] of page.told ?? []) lines.push(`told ${bucket}|${asset}|${until}`);
    for (let i = 0; i < page.count; i++) lines.push(accountText(balanceAt(state, page, i)));
    for (const hold of page.holds?.values() ?? []) {
      lines.push(
        `hold ${hold.owner}|${hold.id}|${hold.asset}|${hold.remaining}|${hold.deadline} ${hold.slices.join(',')}`,
      );
    }
    for (const record of page.records?.values() ?? []) {
      const value = Array.from(record.value).join(',');
      lines.push(
        `record ${record.owner}|${record.type}|${record.key}|${record.version}|${record.expiresAt} ${value}`,
      );
    }
  }
  lines.sort();
  lines.push(...partLines(state));
  return lines;
}
