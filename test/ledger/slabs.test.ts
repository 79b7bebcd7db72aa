// Pages in slabs: frames grow, split, move and are forgotten, and nothing of what is in them is lost.

import t from 'tap';
import { F, I, LOT_FIELDS } from '../../engine/ledger/page.js';
import { Pages } from '../../engine/ledger/pages.js';
import { Name } from '../../engine/protocol/name.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';

const STEPS = 30_000;

/** What an account should hold: available, and its lots' numbers. */
interface Expected {
  available: number;
  lots: number[];
}

function check(pages: Pages, owner: string, expected: Expected): void {
  const name = Name.of(owner);
  const page = pages.pageOf(name.hash);
  const index = page.find(name, 0);
  if (index < 0) throw new Error(`${owner} is lost`);
  const available = page.f64[page.f(index) + F.available];
  const count = page.i32[page.n(index) + I.lotCount]!;
  const from = page.lotsAt + page.i32[page.n(index) + I.lotOffset]!;
  const lots = Array.from(page.f64.subarray(from, from + count * LOT_FIELDS));
  if (page.ownerAt(index) !== owner)
    throw new Error(`${owner} has the name ${page.ownerAt(index)}`);
  if (available !== expected.available)
    throw new Error(`${owner}: ${available}, not ${expected.available}`);
  if (`${lots}` !== `${expected.lots}`)
    throw new Error(`${owner}: lots ${lots}, not ${expected.lots}`);
}

function change(pages: Pages, random: Random, owner: string, expected: Expected): void {
  const name = Name.of(owner);
  const page = pages.pageOf(name.hash);
  pages.touch(page);
  let index = page.find(name, 0);
  if (index < 0) {
    index = page.add(name, 0);
    pages.accounts++;
  }
  expected.available = random.int(1_000_000);
  if (random.int(4) === 0) {
    expected.lots = Array.from({ length: random.int(6) * LOT_FIELDS }, () => random.int(1000));
    page.setLots(index, Float64Array.from(expected.lots), 0, expected.lots.length / LOT_FIELDS);
  }
  page.f64[page.f(index) + F.available] = expected.available;
  pages.maintain();
}

function run(seed: number): void {
  const random = new Random(seed);
  const stored = new Map<number, Uint8Array>();
  const pages = new Pages({ load: (bucket) => stored.get(bucket) });
  const accounts = new Map<string, Expected>();
  const owners: string[] = [];
  for (let step = 0; step < STEPS; step++) {
    const isNew = owners.length === 0 || random.int(3) === 0;
    const owner = isNew
      ? `${'u'.repeat(random.int(40))}${step}`
      : owners[random.int(owners.length)]!;
    if (isNew) {
      owners.push(owner);
      accounts.set(owner, { available: 0, lots: [] });
    }
    change(pages, random, owner, accounts.get(owner)!);
    if (random.int(20) > 0) continue;
    const bucket = random.int(pages.shape.buckets);
    stored.set(bucket, pages.page(bucket).encode());
    pages.evict(bucket);
    pages.tidy();
  }
  for (const [owner, expected] of accounts) check(pages, owner, expected);
  for (let i = 0; i < 1000; i++) pages.tidy();
  const { bytes, waste, isWasteful } = pages.slabs;
  if (isWasteful) throw new Error(`${waste} bytes beside ${bytes} are wasted`);
  for (const [owner, expected] of accounts) check(pages, owner, expected);
}

t.test('ledger.M1, ledger.M2: pages in slabs keep what they hold', async (t) => {
  const cases = campaign({ name: 'pages in slabs', long: 200, sample: 5 });
  await cases.run(run);
  t.pass();
});
