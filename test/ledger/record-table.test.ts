// Records of a page: as in a map by owner, type and key, through any changes and moves, and in the bytes that a page is stored in.

import t from 'tap';
import { recordOfTuple, type StoredRecord } from '../../engine/ledger/page-items.js';
import { RecordTable, recordsOf } from '../../engine/ledger/record-table.js';
import { Slabs } from '../../engine/ledger/slabs.js';
import { NEVER } from '../../engine/limits.js';
import { unpackValue } from '../../engine/protocol/packed-value.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';

const STEPS = 2_000;
/** Short and long ones, and such as run into each other. */
const TEXTS = ['a', 'ab', 'b', 'x'.repeat(31), 'x'.repeat(32), 'y'.repeat(64)];
const placeOf = ({ owner, type, key }: StoredRecord): string => `${owner}\0${type}\0${key}`;
const told = (records: Iterable<StoredRecord>): string[] =>
  [...records].map((one) => JSON.stringify({ ...one, value: [...one.value] })).sort();

function anyRecord(random: Random, version: number): StoredRecord {
  const [owner, type] = [random.pick(TEXTS), random.pick(TEXTS)];
  const value = new Uint8Array(random.int(300)).fill(version);
  const expiresAt = random.int(2) === 0 ? NEVER : version;
  return { owner, type, key: `${random.pick(TEXTS)}${random.int(8)}`, value, version, expiresAt };
}

/** The table again, out of the tuples that a page is stored as. */
function readBack(table: RecordTable): StoredRecord[] {
  const packed = table.packed();
  const list = new Uint8Array(5 + packed.length);
  list[0] = 0xdd;
  new DataView(list.buffer).setUint32(1, table.size);
  list.set(packed, 5);
  return (unpackValue(list) as unknown[][]).map(recordOfTuple);
}

function run(seed: number): void {
  const random = new Random(seed);
  const slabs = new Slabs();
  const table = new RecordTable(0, slabs);
  const other = new RecordTable(1, slabs);
  const model = new Map<string, StoredRecord>();
  for (let step = 0; step < STEPS; step++) {
    const one = anyRecord(random, step);
    const { owner, type, key } = one;
    if (random.int(3) > 0) {
      table.set(one, one.value);
      other.set(one, one.value);
      model.set(placeOf(one), one);
    } else {
      table.delete(owner, type, key);
      other.delete(owner, type, key);
      model.delete(placeOf(one));
    }
    slabs.tidy((bucket) => (recordsOf(bucket) === 0 ? table : other));
    const asked = anyRecord(random, step);
    const found = table.get(asked.owner, asked.type, asked.key);
    const known = model.get(placeOf(asked));
    if (told(found ? [found] : []).join() !== told(known ? [known] : []).join())
      throw new Error(`step ${step}: another record than was written`);
    if (table.has(asked.owner, asked.type, asked.key) !== (known !== undefined))
      throw new Error(`step ${step}: has() and get() disagree`);
    const own = [...model.values()].filter((one) => one.owner === asked.owner).length;
    if (table.countOf(asked.owner) !== own)
      throw new Error(`step ${step}: of one owner not ${own}`);
    if (table.size !== model.size) throw new Error(`step ${step}: ${table.size} records`);
    if (step % 100 > 0) continue;
    const all = told(model.values()).join();
    if (told(table.values()).join() !== all) throw new Error(`step ${step}: values()`);
    const owned = [...model.values()].filter((one) => one.owner === owner);
    if (told(table.of(owner)).join() !== told(owned).join()) throw new Error(`step ${step}: of()`);
    const [most, after] = [1 + random.int(6), random.pick(TEXTS)];
    const next = owned.filter((one) => one.type === type && one.key > after);
    const some = next.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, most);
    const following = table.following(owner, type, after, most);
    if (following.map(placeOf).join() !== some.map(placeOf).join())
      throw new Error(`step ${step}: following()`);
    if (told(following).join() !== told(some).join()) throw new Error(`step ${step}: following()`);
    const first = Math.min(...[...model.values()].map(({ expiresAt }) => expiresAt));
    if (table.nextExpiry !== first) throw new Error(`step ${step}: nextExpiry`);
    if (told(readBack(table)).join() !== all) throw new Error(`step ${step}: packed()`);
    if (told(other.values()).join() !== all) throw new Error(`step ${step}: its neighbour differs`);
  }
}

t.test('ledger.T1: a table of records is as a map', async (t) => {
  await campaign({ name: 'tables of records', long: 500, sample: 6 }).run(run);
  t.pass();
});

t.test('ledger.T1: of a few MiB, too', async (t) => {
  const table = new RecordTable(0, new Slabs());
  const value = new Uint8Array(1_000);
  const one = (n: number): StoredRecord => {
    return { owner: 'ann', type: 'big', key: `k${n}`, value, version: n, expiresAt: NEVER };
  };
  const count = 4_000;
  for (let n = 0; n < count; n++) table.set(one(n), one(n).value);
  table.delete('ann', 'big', 'k7');
  table.packed();
  const lost = Array.from({ length: count }, (_, n) => n).filter(
    (n) => table.get('ann', 'big', `k${n}`)?.version !== n,
  );
  t.same(lost, [7], 'after what is gone was taken out');
});
