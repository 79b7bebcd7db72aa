// Ledger and chain held against each other. Owns: what is a difference, records of those that were found. Never touches: what is sent; alerts.
//   anchor.D1. What is compared was confirmed: what is under way differs from nothing.
//   anchor.D2. While a difference is open nothing is sent: neither side is set right by the other without an operator's word.
//   anchor.D3. The log is compared, too: the trees of its shards have the roots today that the last anchor stands for.

import type { Engine } from '../../engine/index.js';
import { isRefusal } from '../refusal.js';
import { anchorOf, shardsOfAnchor, stateOf } from './anchors.js';
import type { Chain, ContractView } from './chain.js';
import { fedOf, feedOf, linksOf } from './feeds.js';
import { done, got, type Kept } from './kept.js';
import { anchoredRoot } from './roots.js';
import {
  type AnchoredShard,
  type AnchorSettings,
  type Finding,
  type Hex,
  keyOf,
  type Reconciliation,
  recordsOfContract,
} from './shapes.js';

/** Addresses that are asked for at once. */
const PAGE = 200;
/** Differences that one record has. */
const FINDINGS_MAX = 12;
/** Reconciliations that are kept. */
const KEPT = 200;

/** Where what was found is kept while no contract is known. */
const NOWHERE: Hex = '0x';

/** What differs at one block. */
export async function findings(
  engine: Engine,
  chain: Chain,
  contract: Hex,
  settings: AnchorSettings,
  view: ContractView,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  const { value: state } = await stateOf(engine, contract);
  if (view.number !== state.number || view.head !== state.head)
    found.push({
      ...{ what: 'anchors', about: 'all', ledger: `${state.number} ${state.head}` },
      chain: `${view.number} ${view.head}`,
    });
  for (const { platform } of settings.platforms)
    found.push(...(await ofPlatform(engine, chain, contract, platform, view.block)));
  if (state.number > state.acceptedTo) found.push(...(await ofLog(engine, contract, state.number)));
  return found;
}

async function ofPlatform(
  engine: Engine,
  chain: Chain,
  contract: Hex,
  platform: string,
  block: number,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  const { value: feed } = await feedOf(engine, contract, platform);
  const there = await chain.feed(contract, platform, block);
  const text = ({ number, head }: { number: number; head: Hex }): string => `${number} ${head}`;
  if (text(feed) !== text(there))
    found.push({ what: 'feed', about: platform, ledger: text(feed), chain: text(there) });
  const links = await linksOf(engine, platform);
  const sum = links.reduce((all, { link }) => all + BigInt(fedOf(link, contract)), 0n);
  if (there.total !== sum && feed.pending === undefined)
    found.push({
      ...{ what: 'balance', about: `${platform} all`, ledger: String(sum) },
      chain: String(there.total),
    });
  const moving = new Set(feed.pending?.changes.map(([address]) => address));
  const still = links.filter(({ address }) => !moving.has(address));
  for (let at = 0; at < still.length; at += PAGE) {
    const some = still.slice(at, at + PAGE);
    const addresses = some.map(({ address }) => address);
    const has = await chain.balances(contract, platform, addresses, block);
    for (const [n, { address, link }] of some.entries()) {
      const [ledger, other] = [String(fedOf(link, contract)), String(has[n])];
      if (ledger !== other)
        found.push({ what: 'balance', about: `${platform} ${address}`, ledger, chain: other });
    }
  }
  return found;
}

/** D3: of the last anchor; those before it are of the same trees. */
async function ofLog(engine: Engine, contract: Hex, number: number): Promise<readonly Finding[]> {
  const last = await anchorOf(engine, contract, number);
  if (last === undefined || !engine.receipts.isOn) return [];
  const { record } = last;
  const shards = await shardsOfAnchor(engine, contract, record);
  const root = anchoredRoot(record.name, shards);
  if (root !== record.root)
    return [{ what: 'log', about: `anchor ${number}`, ledger: root, chain: record.root }];
  const heads = await engine.receipts.heads();
  if (isRefusal(heads)) return [];
  const found: Finding[] = [];
  for (const { shard, size, root: chain } of shards) {
    const head = heads.heads.find((one) => one.shard === shard);
    // It is read from its beginning: that is not known yet.
    if (head === undefined || (head.size < size && head.behind > 0)) continue;
    const ledger = await rootNow(engine, { shard, size, root: chain }, head.size);
    if (ledger !== undefined && ledger !== chain)
      found.push({ what: 'log', about: `shard ${shard} at ${size}`, ledger, chain });
  }
  return found;
}

async function rootNow(
  engine: Engine,
  { shard, size }: AnchoredShard,
  has: number,
): Promise<string | undefined> {
  if (has < size) return `${has} entries`;
  const told = await engine.receipts.root(shard, size);
  return isRefusal(told) ? undefined : told.root;
}

/** Those that are remembered, the newest first. */
export async function reconciliations(
  engine: Engine,
  contract: Hex | undefined,
): Promise<readonly Kept<Reconciliation>[]> {
  const documents = recordsOfContract(contract ?? NOWHERE).reconciliations;
  const all = got(await documents.all(engine));
  return all.map((one) => ({ value: one.read(), version: one.version })).reverse();
}

export async function openReconciliation(
  engine: Engine,
  contract: Hex | undefined,
): Promise<Kept<Reconciliation> | undefined> {
  const [newest] = await reconciliations(engine, contract);
  return newest?.value.state === 'open' ? newest : undefined;
}

/** Writes down what differs: a new reconciliation, the one that is open, or that it is over. Tells the one that is open then. */
export async function remember(
  engine: Engine,
  contract: Hex | undefined,
  all: readonly Finding[],
): Promise<Reconciliation | undefined> {
  const documents = recordsOfContract(contract ?? NOWHERE).reconciliations;
  const [newest, ...others] = await reconciliations(engine, contract);
  const now = engine.now();
  const said = {
    ...{ comparedAt: now, differences: all.length, findings: all.slice(0, FINDINGS_MAX) },
  };
  if (newest?.value.state === 'open') {
    const { value, version } = newest;
    const isSame = JSON.stringify(value.findings) === JSON.stringify(said.findings);
    if (isSame && value.differences === all.length) return value;
    const isOver = all.length === 0;
    const after: Reconciliation = isOver
      ? { ...value, comparedAt: now, state: 'resolved', endedAt: now }
      : { ...value, ...said };
    done(await documents.put(engine, keyOf(value.number), after, version));
    return isOver ? undefined : after;
  }
  if (all.length === 0) return undefined;
  const number = (newest?.value.number ?? 0) + 1;
  const made: Reconciliation = { number, state: 'open', startedAt: now, ...said };
  done(await documents.put(engine, keyOf(number), made, 0));
  for (const { value, version } of others.slice(KEPT))
    done(await documents.delete(engine, keyOf(value.number), version));
  return made;
}

/** Ends the one that is open by an operator's word. */
export async function endReconciliation(engine: Engine, contract: Hex, by: string): Promise<void> {
  const open = await openReconciliation(engine, contract);
  if (open === undefined) return;
  const { value, version } = open;
  const after = { ...value, state: 'accepted', endedAt: engine.now(), endedBy: by } as const;
  const documents = recordsOfContract(contract).reconciliations;
  done(await documents.put(engine, keyOf(value.number), after, version));
}
