// A digest of all balances, the same whatever the order of the work. Owns: the canonical text of an account.

import { murmur3 } from '../protocol/hash.js';
import type { Balance } from '../protocol/outcomes.js';
import { F, I } from './page.js';
import { balanceAt } from './reads.js';
import type { State } from './state.js';

const MASK = (1n << 64n) - 1n;

/** 64 bits of a text. */
function hash64(text: string): bigint {
  return (BigInt(murmur3(text, 1)) << 32n) | BigInt(murmur3(text, 2));
}

/** Sum (mod 2^64) over all accounts of the hash of owner, asset, available and held. System owners: this stripe's. */
export function stateDigest(state: State, betweenPages: () => void): bigint {
  const { pages, assets } = state;
  let sum = 0n;
  for (let bucket = 0; bucket < pages.shape.buckets; bucket++) {
    const page = pages.page(bucket);
    for (let i = 0; i < page.count; i++) {
      const available = page.f64[page.f(i) + F.available] as number;
      const held = page.f64[page.f(i) + F.held] as number;
      if (available === 0 && held === 0) continue;
      const asset = assets.at(page.i32[page.n(i) + I.asset] as number).asset;
      sum = (sum + hash64(`${page.ownerAt(i)}|${asset}|${available}|${held}`)) & MASK;
    }
    if (bucket % 256 === 255) betweenPages();
  }
  return sum;
}

/** One line that says everything of an account. */
function accountText(balance: Balance): string {
  const { lots, ...rest } = balance;
  const lotTexts = lots.map((lot) => `${lot.expiresAt}:${lot.available}:${lot.held}`);
  return `account ${Object.values(rest).join('|')} ${lotTexts.join(',')}`;
}

/** Everything the state holds as lines in canonical order (L6): the same for the same log. */
export function canonicalState(state: State): string[] {
  const { pages, assets } = state;
  const lines: string[] = [];
  for (let bucket = 0; bucket < pages.shape.buckets; bucket++) {
    const page = pages.page(bucket);
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
  for (const asset of assets.list) lines.push(`asset ${Object.values(asset).join('|')}`);
  return lines;
}
