// Balances of addresses: which there are, batches of them made, sent, seen. Owns: whose an address is, what is fed. Never touches: transactions, the comparison.
//   anchor.F1. A batch is written down before it is sent, and says what each address had and has: the contract takes it once, and only on top of that.
//   anchor.F2. An address is one member's of a platform, a member has one address there: what the chain has of a platform is no more than what its members have.
//   anchor.F3. An address that is nobody's any more, or a member's who was erased, is fed 0, then forgotten.

import { createHash } from 'node:crypto';
import type { Balance, Engine } from '../../engine/index.js';
import { Documents, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import type { Chain, FeedView } from './chain.js';
import { done, got, type Kept, keptOr } from './kept.js';
import {
  ADDRESS_DIGITS,
  type AddressLink,
  addressesOf,
  type FedChange,
  type FedPlatform,
  type FeedState,
  type Hex,
  NO_HASH,
  recordsOfContract,
} from './shapes.js';

/** Changes of one batch: as many as fit a record. */
const BATCH_MAX = 36;
/** Owners whose balances are asked for at once. */
const PAGE = 100;
const SECOND_MS = 1_000;
/** How long a signed batch is good, and how long after that it is waited before another one is made. */
const GOOD_SECONDS = 3_600;
const EXPIRED_SECONDS = 600;

const NONE: FeedState = { number: 0, head: NO_HASH, at: 0 };

/** A link as it is kept. */
export interface KeptLink {
  readonly address: Hex;
  readonly link: AddressLink;
  readonly version: number;
}

interface Claim {
  readonly address: Hex;
}

const documentsOf = (platform: string, address: Hex): Documents<AddressLink> =>
  addressesOf(platform, address[2] ?? '0');

/** Which address a member has at a platform: under sixteen owners, too. */
function claimsOf(platform: string, owner: string): Documents<Claim> {
  const [digit] = createHash('sha256').update(owner).digest('hex');
  return new Documents<Claim>(`#anchored-owner-${platform}-${digit}`, 'owner', 'owner');
}

export async function linksOf(engine: Engine, platform: string): Promise<readonly KeptLink[]> {
  const all: KeptLink[] = [];
  for (const digit of ADDRESS_DIGITS)
    for (const one of got(await addressesOf(platform, digit).all(engine)))
      all.push({ address: one.key as Hex, link: one.read(), version: one.version });
  return all;
}

/** What the contract has of an address. */
export const fedOf = ({ fed, contract: of }: AddressLink, contract: Hex): number =>
  of === contract ? fed : 0;

/** Says whose an address is (F2). */
export async function linkAddress(
  ledger: OwnLedger,
  engine: Engine,
  { platform, address, owner }: { platform: string; address: Hex; owner: string },
  max: number,
): Promise<Refusal | undefined> {
  const addresses = documentsOf(platform, address);
  const found = got(await addresses.get(engine, address));
  const before = found?.read();
  if (before?.owner === owner) return undefined;
  if (before?.owner !== undefined)
    return refuse('ANCHOR_CONFLICT', 'address', 'The address is another member’s.');
  const erased = await engine.vault.state(owner);
  if (isRefusal(erased)) return erased;
  if (erased.state === 'erased') return refuse('MEMBER_ERASED', 'owner');
  if (before === undefined && (await linksOf(engine, platform)).length >= max)
    return refuse('ANCHOR_CONFLICT', 'platform', `It has ${max} addresses: no more are taken.`);
  const claims = claimsOf(platform, owner);
  const claimed = got(await claims.get(engine, owner));
  if (claimed !== undefined && claimed.read().address !== address)
    return refuse('ANCHOR_CONFLICT', 'owner', 'The member has another address there.');
  const refused = await claims.put(ledger, owner, { address }, claimed?.version ?? 0);
  if (refused !== undefined) return refused;
  const link = { fed: 0, ...before, owner, at: engine.now() };
  return addresses.put(ledger, address, link, found?.version ?? 0);
}

/** Says that an address is nobody's any more; undefined: there was none. */
export async function unlinkAddress(
  ledger: OwnLedger,
  engine: Engine,
  platform: string,
  address: Hex,
): Promise<AddressLink | undefined | Refusal> {
  const addresses = documentsOf(platform, address);
  const found = got(await addresses.get(engine, address));
  const { owner, ...rest } = found?.read() ?? {};
  if (found === undefined || owner === undefined) return undefined;
  const free = { ...(rest as AddressLink), at: engine.now() };
  const refused = await addresses.put(ledger, address, free, found.version);
  if (refused !== undefined) return refused;
  const claims = claimsOf(platform, owner);
  const claimed = got(await claims.get(engine, owner));
  const isIts = claimed?.read().address === address;
  return (isIts && (await claims.delete(ledger, owner, claimed.version))) || found.read();
}

/** What the chain is to show of an account: what it has, held or not; nothing where that is less than nothing. */
const shownOf = (balances: readonly Balance[] | undefined): number =>
  Math.max(0, balances?.[0]?.total ?? 0);

/** Addresses with what they are to have; those that are to be forgotten are. */
async function wanted(
  engine: Engine,
  { platform, asset }: FedPlatform,
  contract: Hex,
): Promise<readonly FedChange[]> {
  const changes: FedChange[] = [];
  const links = await linksOf(engine, platform);
  for (let at = 0; at < links.length && changes.length < BATCH_MAX; at += PAGE) {
    const some = links.slice(at, at + PAGE);
    const owners = some.map(({ link }) => link.owner).filter((one) => one !== undefined);
    const states = await Promise.all(owners.map((one) => engine.vault.state(one)));
    const live = owners.filter((_, n) => got(states[n])?.state !== 'erased');
    const balances = live.length === 0 ? [] : got(await engine.balances(live, asset));
    const has = new Map(live.map((owner, n) => [owner, shownOf(balances[n])]));
    for (const { address, link, version } of some) {
      const { owner = '' } = link;
      const [before, current] = [fedOf(link, contract), has.get(owner) ?? 0];
      if (before !== current) changes.push([address, before, current]);
      else if (!has.has(owner)) await forget(engine, platform, { address, link, version });
    }
  }
  return changes.slice(0, BATCH_MAX);
}

async function forget(
  engine: Engine,
  platform: string,
  { address, link, version }: KeptLink,
): Promise<void> {
  if (link.owner !== undefined) {
    const claims = claimsOf(platform, link.owner);
    done(await claims.delete(engine, link.owner));
  }
  done(await documentsOf(platform, address).delete(engine, address, version));
}

export const feedOf = (engine: Engine, contract: Hex, platform: string): Promise<Kept<FeedState>> =>
  keptOr(recordsOfContract(contract).feeds, engine, platform, NONE);

/** Takes over what is seen deep enough on the chain. */
export async function settleFeed(
  engine: Engine,
  contract: Hex,
  platform: string,
  view: FeedView,
): Promise<void> {
  const { value, version } = await feedOf(engine, contract, platform);
  const { pending, ...feed } = value;
  if (pending === undefined || view.number !== pending.number || view.head !== pending.head) return;
  for (const [address, , fed] of pending.changes)
    got(
      await documentsOf(platform, address).change(engine, address, (link) => ({
        ...{ ...link, fed, contract },
      })),
    );
  const { number, head } = pending;
  const { feeds } = recordsOfContract(contract);
  done(await feeds.put(engine, platform, { ...feed, number, head }, version));
}

/** The batch that is to be sent: one that is written down, or a new one where it is time; undefined: none. */
export async function nextBatch(
  engine: Engine,
  chain: Chain,
  contract: Hex,
  of: FedPlatform,
  feedSeconds: number,
): Promise<Kept<FeedState> | undefined> {
  const { platform } = of;
  const kept = await feedOf(engine, contract, platform);
  const { value, version } = kept;
  const now = engine.now();
  const seconds = Math.floor(now / SECOND_MS);
  const { pending, ...feed } = value;
  if (pending !== undefined && seconds < pending.until + EXPIRED_SECONDS) return kept;
  if (pending === undefined && now - feed.at < feedSeconds * SECOND_MS) return undefined;
  // One that was not taken in time is made anew, as it may say something else by now; one that was is seen when it lies deep enough.
  if (pending !== undefined && (await chain.feed(contract, platform)).number !== feed.number)
    return kept;
  const { feeds } = recordsOfContract(contract);
  const changes = await wanted(engine, of, contract);
  if (changes.length === 0) {
    done(await feeds.put(engine, platform, { ...feed, at: now }, version));
    return undefined;
  }
  const batch = { number: feed.number + 1, until: seconds + GOOD_SECONDS, changes };
  const head = chain.batchHead(contract, platform, feed.head, batch);
  const after = { ...feed, pending: { ...batch, head } };
  return { value: after, version: got(await feeds.write(engine, platform, after, version)) };
}

/** Signs and sends it, or again for more. */
export async function sendBatch(
  engine: Engine,
  chain: Chain,
  key: Hex,
  contract: Hex,
  platform: string,
  { value, version }: Kept<FeedState>,
): Promise<void> {
  const { pending, ...feed } = value;
  if (pending === undefined) return;
  const call = await chain.batchCall(key, contract, platform, feed.head, pending);
  const sent = await chain.send(key, contract, call, pending.sent, engine.now());
  const { feeds } = recordsOfContract(contract);
  done(await feeds.put(engine, platform, { ...feed, pending: { ...pending, sent } }, version));
}

/** An operator's word that the chain is right: what it has is what was fed, and the next batch says what is so. */
export async function acceptFeed(
  engine: Engine,
  chain: Chain,
  contract: Hex,
  platform: string,
  block: number,
): Promise<void> {
  const { number, head } = await chain.feed(contract, platform, block);
  const links = await linksOf(engine, platform);
  for (let at = 0; at < links.length; at += PAGE) {
    const some = links.slice(at, at + PAGE);
    const addresses = some.map(({ address }) => address);
    const found = await chain.balances(contract, platform, addresses, block);
    for (const [n, { address, link, version }] of some.entries()) {
      const after = { ...link, fed: Number(found[n]), contract };
      done(await documentsOf(platform, address).put(engine, address, after, version));
    }
  }
  const { version } = await feedOf(engine, contract, platform);
  const { feeds } = recordsOfContract(contract);
  done(await feeds.put(engine, platform, { number, head, at: 0 }, version));
}
