// Ids sorted in bounded memory: the same whether they fit it or not.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { IdSet, idKey } from '../../engine/audit/id-set.js';
import { Key } from '../../engine/ledger/keys.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';

type Row = [hi: number, lo: number, seq: number, offset: number];

function rowsOf(set: IdSet, bits: number): Row[] {
  const rows: Row[] = [];
  for (const part of set.sorted(bits)) {
    for (let i = 0; i < part.length; i++) {
      const seq = part.seqHigh[i]! * 2 ** 32 + part.seqLow[i]!;
      rows.push([part.hi[i]!, part.lo[i]!, seq, part.offset[i]!]);
    }
  }
  return rows;
}

const byKey = (a: Row, b: Row): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];

t.test('sorted, in memory and beyond it', async (t) => {
  const home = temporaryFolder(t);
  const random = new Random(1);
  const rows = Array.from({ length: 5_000 }, (_, n): Row => {
    // Many keys begin alike, some are equal.
    const hi = random.chance(0.3) ? random.int(3) * 2 ** 30 : random.next();
    return [
      hi,
      random.chance(0.3) ? 5 : random.next(),
      1 + n + random.int(2) * 2 ** 33,
      random.int(2 ** 31),
    ];
  });
  const expected = rows.slice().sort(byKey);
  for (const [name, spill] of [
    ['memory', 10_000],
    ['one spill', 4_000],
    ['many', 300],
  ] as const) {
    const path = join(home, name);
    const set = new IdSet(path, spill);
    for (const [hi, lo, seq, offset] of rows) set.add(hi | 0, lo | 0, seq, offset);
    t.equal(set.count, rows.length);
    t.equal(existsSync(path), spill < rows.length, 'a file only where it is needed');
    for (const bits of [set.bits(), 9])
      t.same(rowsOf(set, bits), expected, `${name}, ${bits} bits`);
    set.add(1, 2, 3, 4);
    t.same(
      rowsOf(set, set.bits()),
      [...expected, [1, 2, 3, 4] as Row].sort(byKey),
      `${name}, and one more`,
    );
    set.close();
    t.notOk(existsSync(path));
  }
});

t.test('keys are those of the ledger', async (t) => {
  const key = new Key();
  for (const [owner, id] of [
    ['alice', 'ORDER:1'],
    ['@issue', 'x'],
    ['a', 'id\0reversed'],
  ] as const) {
    key.set(owner, id);
    const { hi, lo } = idKey(owner, id);
    t.same([hi | 0, lo | 0], [key.hi, key.lo]);
  }
});
