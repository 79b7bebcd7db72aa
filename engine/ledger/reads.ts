// Reads of the state as it is. Owns: how accounts, holds and records are shown. Never changes anything.

import { NEVER } from '../limits.js';
import { FLAG } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { Name } from '../protocol/name.js';
import type { Balance, HoldState, Lot, OwnerRecord } from '../protocol/outcomes.js';
import { F, I, LOT_FIELDS, type Page } from './page.js';
import { type Hold, holdKey, type StoredRecord } from './page-items.js';
import type { State } from './state.js';

/** What of an account is pending, and how much of each lot. */
function pendingOf(page: Page, owner: string, asset: number) {
  const byLot = new Map<number, number>();
  let sum = 0;
  for (const hold of page.holds?.values() ?? []) {
    if (!hold.isPending || hold.owner !== owner || hold.asset !== asset) continue;
    sum += hold.remaining;
    for (let i = 0; i < hold.slices.length; i += 2) {
      const expiry = hold.slices[i] as number;
      byLot.set(expiry, (byLot.get(expiry) ?? 0) + (hold.slices[i + 1] as number));
    }
  }
  return { sum, byLot };
}

function lotsOf(page: Page, index: number, pending: ReadonlyMap<number, number>): Lot[] {
  const lots: Lot[] = [];
  const from = page.lotsAt + (page.i32[page.n(index) + I.lotOffset] as number);
  const count = page.i32[page.n(index) + I.lotCount] as number;
  for (let at = from; at < from + count * LOT_FIELDS; at += LOT_FIELDS) {
    const expiry = page.f64[at] as number;
    lots.push({
      expiresAt: expiry === NEVER ? null : expiry,
      available: page.f64[at + 1] as number,
      held: page.f64[at + 2] as number,
      ...(pending.has(expiry) ? { pending: pending.get(expiry) } : {}),
    });
  }
  return lots;
}

/** The account at a place as a balance. */
export function balanceAt(state: State, page: Page, index: number): Balance {
  const { f64, i32 } = page;
  const f = page.f(index);
  const n = page.n(index);
  const available = f64[f + F.available] as number;
  const held = f64[f + F.held] as number;
  const flags = i32[n + I.flags] as number;
  const owner = page.ownerAt(index);
  const pending = pendingOf(page, owner, i32[n + I.asset] as number);
  return {
    owner,
    asset: state.assets.at(i32[n + I.asset] as number).asset,
    available,
    held,
    pending: pending.sum,
    total: available + held,
    earned: f64[f + F.earned] as number,
    spent: f64[f + F.spent] as number,
    expired: f64[f + F.expired] as number,
    version: f64[f + F.version] as number,
    creditLimit: f64[f + F.creditLimit] as number,
    frozen: (flags & FLAG.frozen) !== 0,
    closed: (flags & FLAG.closed) !== 0,
    lots: lotsOf(page, index, pending.byLot),
  };
}

/** An owner's balances, by asset code; only in one asset where it is named. */
export function balancesOf(state: State, owner: string, asset?: string): Balance[] {
  const name = Name.of(owner);
  const { hash } = name;
  const page = state.pages.pageOf(hash);
  const found: Balance[] = [];
  for (let i = 0; i < page.count; i++) {
    if (page.i32[page.n(i) + I.hash] !== (hash | 0) || !page.isNamed(i, name)) continue;
    const balance = balanceAt(state, page, i);
    if (asset === undefined || balance.asset === asset) found.push(balance);
  }
  return found.sort((a, b) => (a.asset < b.asset ? -1 : 1));
}

/** An open hold. */
export function holdOf(state: State, owner: string, id: string): HoldState | undefined {
  const hold = state.pages.pageOf(ownerHash(owner)).holds?.get(holdKey(owner, id));
  return hold === undefined || hold.isPending ? undefined : toldHold(state, hold);
}

const toldHold = (state: State, { owner, id, asset, remaining, deadline }: Hold): HoldState => ({
  owner,
  id,
  asset: state.assets.at(asset).asset,
  remaining,
  ...(deadline === NEVER ? {} : { deadline }),
});

/** An owner's open holds: at most `limit` after an id, by id; in these assets, undefined: in all. */
export function holdsOf(
  state: State,
  owner: string,
  { after, limit }: { readonly after: string; readonly limit: number },
  assets: ReadonlySet<string> | undefined,
): HoldState[] {
  const { holds } = state.pages.pageOf(ownerHash(owner));
  const own = [...(holds?.values() ?? [])].filter(
    (one) => one.owner === owner && !one.isPending && one.id > after,
  );
  own.sort((one, other) => (one.id < other.id ? -1 : 1));
  const told = own.map((one) => toldHold(state, one));
  return told.filter(({ asset }) => assets?.has(asset) ?? true).slice(0, limit);
}

/** An owner record. */
export function recordOf(
  state: State,
  owner: string,
  type: string,
  key: string,
): OwnerRecord | undefined {
  const record = state.pages.pageOf(ownerHash(owner)).records?.get(owner, type, key);
  return record === undefined ? undefined : shownRecord(record);
}

/** An owner's records of one type: at most `limit` after a key, by key. */
export function recordsOf(
  state: State,
  owner: string,
  type: string,
  after: string,
  limit: number,
): OwnerRecord[] {
  const { records } = state.pages.pageOf(ownerHash(owner));
  return records?.following(owner, type, after, limit).map(shownRecord) ?? [];
}

function shownRecord({ owner, type, key, value, version, expiresAt }: StoredRecord): OwnerRecord {
  return {
    owner,
    recordType: type,
    key,
    value,
    version,
    ...(expiresAt === NEVER ? {} : { expiresAt }),
  };
}

/** The account's place, read-only; null: there is none. */
export function findAccount(
  { pages }: State,
  owner: string,
  asset: number,
): { readonly page: Page; readonly index: number } | null {
  const name = Name.of(owner);
  const page = pages.pageOf(name.hash);
  const index = page.find(name, asset);
  return index < 0 ? null : { page, index };
}
