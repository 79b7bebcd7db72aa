// After a restart: is everything that was told still so? Owns: what is looked up, and the comparison with what was told.
//   X1. Every id that was answered has that outcome; one that was not is either done, or not, and then known.
//   X2. Every account is at the version of its last known entry, or later by what the ledger does by itself; the
//       balance is that entry's. Whole: the entries are known without a gap, and each is the one before plus its change.
//   X3. Sums over all owners are 0 for each asset.
//   X4. Holds and records are what the commands known left of them; claims of offers: claims.ts.

import type {
  Balance,
  HistoryEntry,
  HoldState,
  OwnerRecord,
  TransferRecord,
} from '../../engine/protocol/outcomes.js';
import { isSystemOwner } from '../../engine/protocol/syntax.js';
import type { Random } from '../random.js';
import { textOf } from './answers.js';
import { Claims } from './claims.js';
import { fromLine, type HistoryOrder, type Order, type Said } from './lines.js';
import { FUNDING, OWNERS, offersFor, type Read, USERS } from './load.js';
import { Contradiction, type Known, type KnownAccount, type Told } from './told.js';

/** Of what was looked up before, how much a check that is not whole looks up again. */
const LATEST = 300;
const SAMPLE = 100;
const THINGS = 60;
const MEMBERS = 6;

type Looked = Extract<Said, { say: 'looked' }>;

export interface RestartCheck {
  readonly told: Told;
  readonly shards: number;
  readonly look: (order: Extract<Order, { do: 'look' }>) => Promise<Looked>;
  readonly random: Random;
  /** Look up everything ever told, and all entries. */
  readonly isWhole: boolean;
}

/** Asks the ledger just started, and throws a Contradiction where it does not stand by what it said. */
export async function checkRestart(check: RestartCheck): Promise<void> {
  const { told, look, random, isWhole } = check;
  const open = [...told.ids.values()].filter(({ isOpen }) => isOpen);
  const kept = [...told.ids.values()].filter(({ text }) => text !== undefined);
  const known = isWhole ? kept : [...kept.slice(-LATEST), ...some(kept, SAMPLE, random)];
  const holds = isWhole ? [...told.holds.values()] : some([...told.holds.values()], THINGS, random);
  const records = isWhole
    ? [...told.records.keys()]
    : some([...told.records.keys()], THINGS, random);
  const members = isWhole ? USERS : some(USERS, MEMBERS, random);
  const tries = members.flatMap((owner) =>
    offersFor(owner).map(({ key }) => ({ type: 'try-claim', owner, offer: key }) as const),
  );
  const byId = ({ owner, id }: Known): Read => ({ type: 'read-transfer', owner, id });
  const looked = await look({
    do: 'look',
    owners: OWNERS,
    reads: [
      ...open.map(byId),
      ...holds.map(({ owner, id }): Read => ({ type: 'read-hold', owner, holdId: id })),
      ...records.map((place): Read => {
        const [owner = '', key = ''] = place.split(' ');
        return { type: 'read-record', owner, recordType: 'note', key };
      }),
      ...tries,
    ],
    ids: known.map(({ owner, id }) => [owner, id]),
    histories: [],
  });
  resolve(told, open, looked.texts);
  known.forEach((one, n) => {
    if (looked.digests[n] !== one.digest) {
      throw new Contradiction(`${one.owner} ${one.id} was ${one.text}, now it is something else`);
    }
  });
  const texts = looked.texts.slice(open.length);
  for (const { owner, id } of holds) checkHold(told, `${owner} ${id}`, texts.shift() ?? '');
  for (const place of records) checkRecord(told, place, texts.shift() ?? '');
  const claims = new Claims(told);
  for (const one of tries) claims.checkTry(one, texts.shift() ?? '');
  claims.checkPools(looked.pools);
  checkSums([...looked.balances, ...looked.pools.map(totalOf)]);
  checkVersions(told, looked.balances);
  if (isWhole) await checkEntries(check, looked.balances);
}

function some<T>(all: readonly T[], count: number, random: Random): T[] {
  return all.length <= count ? [...all] : Array.from({ length: count }, () => random.pick(all));
}

/** What became of the commands that were not answered. */
function resolve(told: Told, open: readonly Known[], texts: readonly string[]): void {
  open.forEach((known, n) => {
    const text = texts[n] ?? 'null';
    known.isOpen = false;
    if (text !== 'null') told.found(known, fromLine(text) as TransferRecord);
    else if (known.mustExist) {
      throw new Contradiction(`${known.owner} ${known.id} was said to be taken, and is not found`);
    }
  });
}

function checkHold(told: Told, place: string, text: string): void {
  const hold = told.holds.get(place);
  const found = fromLine(text) as HoldState | null;
  const remaining = found?.remaining ?? 0;
  const mayBeOver = hold?.deadline !== undefined && remaining === 0;
  if (remaining !== hold?.remaining && !mayBeOver) {
    throw new Contradiction(`hold ${place} should be ${textOf(hold)}, is ${text}`);
  }
}

function checkRecord(told: Told, place: string, text: string): void {
  const expected = told.records.get(place)?.values ?? [];
  const found = fromLine(text) as OwnerRecord | null;
  const value = found === null ? undefined : textOf(found.value);
  if (!expected.includes(value))
    throw new Contradiction(`record ${place} should be ${expected.join(' or ')}, is ${text}`);
}

const totalOf = (pool: Looked['pools'][number]): Pick<Balance, 'asset' | 'total'> => ({
  asset: 'gold',
  total: (pool?.available ?? 0) + (pool?.held ?? 0),
});

function checkSums(balances: readonly Pick<Balance, 'asset' | 'total'>[]): void {
  const sums = new Map<string, number>();
  for (const { asset, total } of balances) sums.set(asset, (sums.get(asset) ?? 0) + total);
  for (const [asset, sum] of sums)
    if (sum !== 0) throw new Contradiction(`${asset} sums to ${sum}`);
}

function checkVersions(told: Told, balances: readonly Balance[]): void {
  for (const balance of balances) told.balance(balance);
  const versions = new Map(
    balances.map(({ owner, asset, version }) => [`${owner} ${asset}`, version]),
  );
  for (const { owner, asset, latest } of told.accounts.values()) {
    const version = versions.get(`${owner} ${asset}`) ?? 0;
    if (version < latest)
      throw new Contradiction(`${owner} ${asset} was at version ${latest}, is at ${version}`);
  }
}

/** Reads the entries that nobody was told, and adds all of them up. */
async function checkEntries(
  { told, look, shards }: RestartCheck,
  found: readonly Balance[],
): Promise<void> {
  const balances = new Map(found.map((balance) => [`${balance.owner} ${balance.asset}`, balance]));
  for (const { owner, asset } of found) {
    for (let shard = 0; shard < (isSystemOwner(owner) ? shards : 1); shard++)
      told.account(owner, asset, shard);
  }
  const accounts = [...told.accounts.values()];
  const gaps = accounts
    .map((account) => gapOf(account, balances))
    .filter((gap) => gap !== undefined);
  const { histories } = await look({ do: 'look', owners: [], reads: [], ids: [], histories: gaps });
  for (const entry of histories.flat()) takeMissing(told, entry);
  const ends = new Map<string, { version: number; available: number; held: number }>();
  for (const account of accounts) {
    const { available, held } = addUp(account);
    const key = `${account.owner} ${account.asset}`;
    const before = ends.get(key) ?? { version: 0, available: 0, held: 0 };
    ends.set(key, {
      version: before.version + account.soundTo,
      available: before.available + available,
      held: before.held + held,
    });
  }
  for (const [key, end] of ends) {
    const balance = balances.get(key) ?? { version: 0, available: 0, held: 0 };
    // A stripe may have gone on by itself since its balance was read.
    if (key.startsWith('@') && end.version > balance.version) continue;
    const { version, available, held } = balance;
    if (textOf({ version, available, held }) !== textOf(end)) {
      throw new Contradiction(
        `${key}: the entries come to ${textOf(end)}, the balance is ${textOf(balance)}`,
      );
    }
  }
}

/** Versions to be read: of a user up to the balance, of a stripe up to wherever it is. */
function gapOf(
  account: KnownAccount,
  balances: ReadonlyMap<string, Balance>,
): HistoryOrder | undefined {
  const { owner, asset, shard } = account;
  const isStripe = isSystemOwner(owner);
  const to = isStripe ? Number.MAX_SAFE_INTEGER : (balances.get(`${owner} ${asset}`)?.version ?? 0);
  let from = account.soundTo + 1;
  while (account.entries.has(from)) from++;
  if (from > to) return undefined;
  return { owner, asset, from, to, ...(isStripe ? { shard } : {}) };
}

const isFunding = ({ owner, id }: HistoryEntry): boolean =>
  owner === '@issue' && FUNDING.some((fund) => fund.id === id);

/** Every command is known by now, with its entries: what is missing the ledger did by itself, they caused, or filled budgets. */
function takeMissing(told: Told, entry: HistoryEntry): void {
  const account = told.account(entry.owner, entry.asset, entry.shard);
  const isExpected = isFunding(entry) || told.caused.has(entry.id ?? '');
  if (entry.id !== undefined && !isExpected && !account.entries.has(entry.version)) {
    throw new Contradiction(
      `an entry of a command that nobody asked or that was not done: ${textOf(entry)}`,
    );
  }
  told.entry(entry, entry.shard, entry.id);
}

/** Goes on from where the account was sound; returns its end. */
function addUp(account: KnownAccount): { available: number; held: number } {
  let end = account.entries.get(account.soundTo) ?? { available: 0, held: 0 };
  for (;;) {
    const next = account.entries.get(account.soundTo + 1);
    if (next === undefined) break;
    account.soundTo++;
    const total = end.available + end.held + next.delta;
    if (next.held !== end.held + next.heldDelta || next.available + next.held !== total) {
      const { owner, asset, soundTo } = account;
      throw new Contradiction(
        `${owner} ${asset}: entry ${soundTo} is ${textOf(next)} after ${textOf(end)}`,
      );
    }
    end = next;
  }
  if (account.soundTo < account.latest) {
    const { owner, asset, soundTo, latest } = account;
    throw new Contradiction(`${owner} ${asset}: no entry ${soundTo + 1}, and ${latest} was told`);
  }
  return end;
}
