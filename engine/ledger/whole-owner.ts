// All there is of an owner, as an act sees it that takes it over. Owns: how it is put together. Never changes anything.

import type { RecordType, WholeOwner } from '../programme/act.js';
import { recordValueIn } from '../programme/plan.js';
import { FLAG } from '../protocol/effects.js';
import { ACT_MARK } from '../protocol/fields.js';
import type { Name } from '../protocol/name.js';
import { F, I } from './page.js';
import type { State } from './state.js';

/** Is anything of the owner part of a command between shards that is not decided yet? */
export function isUnderWay({ transits, assets }: State, owner: string, { hash }: Name): boolean {
  if (transits.size === 0) return false;
  for (const one of transits.all()) if (one.owner === owner) return true;
  for (let asset = 0; asset < assets.list.length; asset++)
    if (transits.expectedBy(hash, asset) !== 0 || transits.reservedBy(hash, asset) !== 0)
      return true;
  return false;
}

/** In the order of their names: nothing is decided by where it lies. */
export function wholeOwner({ pages, assets }: State, owner: string, name: Name): WholeOwner {
  const page = pages.pageOf(name.hash);
  const accounts: WholeOwner['accounts'][number][] = [];
  const { f64, i32 } = page;
  for (let i = 0; i < page.count; i++) {
    const n = page.n(i);
    if (i32[n + I.hash] !== (name.hash | 0) || !page.isNamed(i, name)) continue;
    const f = page.f(i);
    accounts.push({
      asset: assets.at(i32[n + I.asset] as number).asset,
      available: f64[f + F.available] as number,
      held: f64[f + F.held] as number,
      earned: f64[f + F.earned] as number,
      spent: f64[f + F.spent] as number,
      expired: f64[f + F.expired] as number,
      isFrozen: ((i32[n + I.flags] as number) & FLAG.frozen) !== 0,
    });
  }
  let holds = 0;
  for (const hold of page.holds?.values() ?? []) if (hold.owner === owner) holds++;
  const records: WholeOwner['records'][number][] = [];
  for (const { type, key, value } of page.records?.of(owner) ?? [])
    if (type.startsWith(ACT_MARK))
      records.push({
        type: type.slice(ACT_MARK.length) as RecordType,
        key,
        value: recordValueIn(value),
      });
  const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return {
    accounts: accounts.sort((a, b) => byName(a.asset, b.asset)),
    holds,
    records: records.sort((a, b) => byName(a.type, b.type) || byName(a.key, b.key)),
  };
}
