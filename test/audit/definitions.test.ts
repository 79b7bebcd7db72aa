// What verify, inspect and rebuild know of definitions: a planted change of each thing that a record says is found.

import { join } from 'node:path';
import t from 'tap';
import { Auditor } from '../../engine/audit/verify.js';
import { inspectBlock, open, rebuildFolder } from '../../engine/index.js';
import { EXTRA } from '../../engine/protocol/effects.js';
import { OP } from '../../engine/protocol/layout.js';
import { packValue } from '../../engine/protocol/packed-value.js';
import { decodeRoot } from '../../engine/shard/checkpoint.js';
import { temporaryFolder } from '../temporary.js';
import { addTo, alteredCopy, copyOf, extraNumbers, recordsOf, withState } from './tamper.js';

const OFFER = { points: 10, asset: 'gold', budget: '#budget:spring' };
const isDefinition = ({ effects }: Parameters<Parameters<typeof recordsOf>[1]>[0], at: number) =>
  effects.op(at) === OP['put-definition'];

const home = temporaryFolder(t);
const auditor = new Auditor();
t.teardown(() => auditor.close());
const folder = join(home, 'base');
const engine = await open({ folder, shards: 1, cacheMb: 64 });
const put = { type: 'put-definition', kind: 'offer', key: 'spring' } as const;
await engine.submit({ ...put, state: 'active', document: OFFER });
await engine.submit({ ...put, state: 'draft', document: { ...OFFER, points: 12 } });
await engine.submit({ ...put, state: 'active', document: { ...OFFER, points: 13 } });
await engine.submit({ ...put, state: 'active', document: { ...OFFER, points: 13 } });
await engine.submit({ ...put, state: 'retired' });
await engine.close();

const placeOf = (block: Uint8Array, n: number): number =>
  extraNumbers(block, recordsOf(block, isDefinition)[0]!, EXTRA.definition) + 8 * n;

t.test('a folder with definitions is sound, is shown, and is made anew', async (t) => {
  t.same((await auditor.verify(folder)).problems, []);
  const shown = await inspectBlock(folder, 0, 1);
  t.match(shown?.records[0], {
    outcome: 'ok',
    command: { type: 'put-definition', document: OFFER },
    changes: [/^definition offer spring: version 1, active from .*, number 1$/],
  });
  const made = await alteredCopy(folder, () => 0);
  await rebuildFolder(made);
  const again = await open({ folder: made, cacheMb: 64 });
  t.match(await again.definition('offer', 'spring'), { versions: { length: 4 } });
  await again.close();
});

const HOUR = 3_600_000;
const rows: readonly (readonly [
  what: string,
  block: number,
  number: number,
  by: number,
  finds: RegExp,
])[] = [
  ['number', 1, 0, 1, /is number 2 after 0/],
  ['version', 1, 1, 1, /has version 2 after 0/],
  ['state', 1, 2, 1, /is not what its command says/],
  ['active from, sooner', 1, 3, -HOUR, /decides from/],
  ['active from, later', 1, 3, HOUR, /L6: replaying it gives other effects/],
  ['defined at', 1, 4, -1, /L6: replaying it gives other effects/],
  ['number of a draft', 2, 0, 2, /is number 2 after 1/],
  ['active from of a draft', 2, 3, 5, /decides from 5 on/],
  ['version of one said again', 4, 1, -1, /has another version 2/],
];

t.test('a change of what a record says is found', async (t) => {
  for (const [what, block, number, by, finds] of rows) {
    const copy = await alteredCopy(folder, (blocks) => {
      addTo(blocks[block - 1]!, placeOf(blocks[block - 1]!, number), by);
      return block - 1;
    });
    const { problems } = await auditor.verify(copy);
    t.match(problems[0], { seq: block, what: finds }, what);
  }
});

t.test(
  'a shard whose document says something else than that of the first one is found',
  async (t) => {
    const both = join(home, 'both');
    const two = await open({ folder: both, shards: 2, cacheMb: 64 });
    await two.submit({ ...put, state: 'active', document: { ...OFFER, name: 'Spring' } });
    await two.submit({ ...put, state: 'active', document: { ...OFFER, points: 55 } });
    await two.close();
    t.same((await auditor.verify(both)).problems, [], 'what only shows may be missing');
    // All hashes of the first shard are right again, and it did what it says: no shard by itself looks wrong.
    const copy = await alteredCopy(both, (blocks) => {
      const bytes = Buffer.from(blocks[1]!.buffer, blocks[1]!.byteOffset, blocks[1]!.length);
      bytes.write('77', bytes.indexOf('"points":55') + '"points":'.length, 'latin1');
      return 1;
    });
    const { problems } = await auditor.verify(copy);
    t.match(problems, [{ shard: 1, what: /^V1: definition 2 \(offer spring\) is another one/ }]);
    t.equal(problems.length, 1);
  },
);

/** Writes the root of the folder's checkpoint anew. */
const withRoot = (path: string, change: (root: Record<string, unknown>) => void) =>
  withState(path, async (store) => {
    const root = { ...decodeRoot(store.readRoot()!) } as unknown as Record<string, unknown>;
    change(root);
    await store.writeRoot(packValue(root));
  });

t.test('a checkpoint that says something else is found', async (t) => {
  for (const change of [
    (list: { version: number }[]) => list.pop(),
    (list: { document?: object }[]) => Object.assign(list[0]!.document!, { points: 99 }),
    (list: { activeFrom: number }[]) => list[2]!.activeFrom++,
  ] as ((list: object[]) => void)[]) {
    const copy = copyOf(folder, 'state');
    await withRoot(copy, (root) => change(root['definitions'] as object[]));
    const { problems } = await auditor.verify(copy);
    t.match(problems[0], {
      environment: 'state',
      what: /has other definitions than the log makes/,
    });
  }
});

t.test(
  'a folder with a checkpoint of before there were definitions opens, and takes them',
  async (t) => {
    const path = join(home, 'earlier');
    let earlier = await open({ folder: path, shards: 1, cacheMb: 64 });
    await earlier.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
    await earlier.close();
    await withRoot(path, (root) => delete root['definitions']);
    t.same((await auditor.verify(path)).problems, []);
    earlier = await open({ folder: path, cacheMb: 64 });
    t.match(await earlier.definitions('offer'), []);
    t.match(await earlier.submit({ ...put, state: 'active', document: OFFER }), {
      definitionVersion: 1,
    });
    await earlier.close();
    t.same((await auditor.verify(path)).problems, []);
  },
);
