// Stored states changed with their CRCs made right: they do not follow from the log any more.

import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { rebuildFolder } from '../../engine/audit/rebuild.js';
import { Auditor } from '../../engine/audit/verify.js';
import { packValue } from '../../engine/protocol/packed-value.js';
import { decodeRoot, directoryKey, pageKey, type Root } from '../../engine/shard/checkpoint.js';
import { writeCleanStop } from '../../engine/store/folder.js';
import type { StateStore } from '../../engine/store/state.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { makeFolder } from './maker.js';
import { Opener } from './opener.js';
import { addTo, blocksOf, copyOf, withState, writeBlocks } from './tamper.js';

const home = temporaryFolder(t);
const base = join(home, 'base');
const auditor = new Auditor();
t.teardown(() => auditor.close());
await makeFolder(base, new Random(78));
const original = await blocksOf(base);
const HEAD = original.length;

/** A row: how the state is changed, and what must be found. */
interface Row {
  readonly name: string;
  readonly change: (store: StateStore) => Promise<void>;
  readonly finds: RegExp;
}

const rootOf = (store: StateStore): Root => decodeRoot(store.readRoot()!);

async function changeRoot(store: StateStore, by: Partial<Root>): Promise<void> {
  await store.writeRoot(packValue({ ...rootOf(store), ...by }));
}

/** The first part of the directory: when each bucket is due, on which side its page is. */
function directory(store: StateStore): { key: string; dues: Float64Array; sides: Uint8Array } {
  const { shape, directory } = rootOf(store);
  const key = directoryKey(0, directory[0]!);
  const chunk = store.readChunk(key)!;
  const dues = new Float64Array(chunk.slice(0, shape.buckets * 8).buffer);
  return { key, dues, sides: chunk.slice(shape.buckets * 8) };
}

async function changeDirectory(
  store: StateStore,
  change: (dues: Float64Array, sides: Uint8Array) => void,
): Promise<void> {
  const { key, dues, sides } = directory(store);
  change(dues, sides);
  await store.write({ chunks: [[key, Buffer.concat([Buffer.from(dues.buffer), sides])]] });
}

/** The key of a bucket's page. */
const keyOf = (store: StateStore, bucket: number): number =>
  pageKey(bucket, directory(store).sides[bucket]! - 1);

const chunkNamed = (store: StateStore, name: RegExp): string =>
  [...store.chunkKeys()].find((key) => name.test(key))!;

const ROWS: readonly Row[] = [
  {
    name: 'a balance in a page',
    change: async (store) => {
      const key = keyOf(store, 0);
      const page = store.readPage(key)!;
      const accounts = new Float64Array(page.buffer, 0, 8)[2]!;
      addTo(page, 64 + ((accounts * 4 + 7) & ~7), 1_000);
      await store.write({ pages: [[key, page]] });
    },
    finds: /has available -?\d+, and the log makes -?\d+/,
  },
  {
    name: 'a page as it was at another checkpoint',
    change: async (store) => {
      const key = keyOf(store, 0);
      await store.write({ pages: [[key, store.readPage(key ^ 1)!]] });
    },
    finds: /the log makes/,
  },
  {
    name: 'two pages swapped',
    change: async (store) => {
      const [a, b] = [keyOf(store, 0), keyOf(store, 1)];
      await store.write({
        pages: [
          [a, store.readPage(b)!],
          [b, store.readPage(a)!],
        ],
      });
    },
    finds: /page 0 says that it is 1/,
  },
  {
    name: 'a page that the directory does not know',
    change: (store) => changeDirectory(store, (_dues, sides) => sides.fill(0, 1, 2)),
    finds: /has \d+ accounts, and the log makes \d+/,
  },
  {
    name: 'something due earlier than the directory says',
    change: (store) => changeDirectory(store, (dues) => dues.fill(Number.MAX_SAFE_INTEGER)),
    finds: /something in it is due earlier than it says/,
  },
  {
    name: 'another asset',
    change: (store) => {
      const [first, ...rest] = rootOf(store).assets;
      return changeRoot(store, { assets: [{ ...first!, scale: 3 }, ...rest] });
    },
    finds: /other assets/,
  },
  {
    name: 'another record version',
    change: (store) => changeRoot(store, { recordVersion: 1 }),
    finds: /record version 1, and the log makes/,
  },
  {
    name: 'a bucket fewer',
    change: (store) => changeRoot(store, { shape: { ...rootOf(store).shape, buckets: 1 } }),
    finds: /has \d+ accounts in 1 buckets, and the log makes \d+ in 2/,
  },
  {
    name: 'an impossible number of buckets',
    change: (store) => changeRoot(store, { shape: { buckets: 2 ** 40, accounts: 2 ** 41 } }),
    finds: /in 1099511627776 buckets/,
  },
  {
    name: 'the block of another folder',
    change: (store) => changeRoot(store, { hash: new Uint8Array(32).fill(7) }),
    finds: /names another block/,
  },
  {
    name: 'an id that leads elsewhere',
    change: async (store) => {
      const key = chunkNamed(store, /^ids-\d+-0$/);
      const chunk = store.readChunk(key)!;
      chunk[chunk.length - 4] = chunk[chunk.length - 4]! ^ 8;
      await store.write({ chunks: [[key, chunk]] });
    },
    finds: /leads ids to other places/,
  },
  {
    name: 'a run of ids that is not there',
    change: (store) => {
      const ids = rootOf(store).ids.slice();
      const view = new DataView(ids.buffer);
      view.setUint32(4, view.getUint32(4, true) - 1, true);
      return changeRoot(store, { ids: ids.subarray(0, ids.length - 32) });
    },
    finds: /has \d+ ids, and the log \d+/,
  },
  {
    name: 'an id that its filter denies',
    change: async (store) => {
      const key = chunkNamed(store, /^ids-\d+-f0$/);
      await store.write({ chunks: [[key, new Uint8Array(store.readChunk(key)!.length)]] });
    },
    finds: /is not in the filter/,
  },
  {
    name: 'no root',
    change: (store) => store.writeRoot(packValue({ format: 1 })),
    finds: /the root is none/,
  },
];

for (const { name, change, finds } of ROWS) {
  t.test(name, async (t) => {
    const folder = copyOf(base, 'tampered');
    await withState(folder, change);
    const { ok, problems, blocks } = await auditor.verify(folder);
    t.notOk(ok);
    t.match(problems, [{ shard: 0, environment: 'state', what: finds }]);
    t.equal(problems.length, 1);
    t.equal(blocks, HEAD, 'the log is checked all the same');
  });
}

t.test('what may be gone or old: nothing is found, and the folder opens as ever', async (t) => {
  const opener = new Opener();
  t.teardown(() => opener.close());
  const expected = await opener.open({ folder: copyOf(base, 'opened'), commands: 0 });
  const older = copyOf(base, 'older');
  for (const name of ['state.mdb', 'clean-stop.json']) rmSync(join(older, 'shard-000', name));
  await writeBlocks(older, original.slice(0, 20));
  await rebuildFolder(older);
  const rows: Record<string, (shard: string, folder: string) => void> = {
    'as it is': () => {},
    'no record of a clean stop': (shard) => rmSync(join(shard, 'clean-stop.json')),
    'an older record of a clean stop': (_shard, folder) => {
      const hash = Buffer.from(original[2]!.subarray(-32)).toString('hex');
      writeCleanStop(folder, 0, { seq: 3, hash });
    },
    'no state': (shard) => rmSync(join(shard, 'state.mdb')),
    'an older state': (shard) =>
      cpSync(join(older, 'shard-000', 'state.mdb'), join(shard, 'state.mdb')),
    'no lock files': (shard) => {
      for (const name of ['log', 'state']) rmSync(join(shard, `${name}.mdb-lock`), { force: true });
    },
  };
  for (const [name, change] of Object.entries(rows)) {
    const folder = copyOf(base, 'allowed');
    change(join(folder, 'shard-000'), folder);
    t.match(await auditor.verify(folder), { ok: true, problems: [], blocks: HEAD }, name);
    t.same(await opener.open({ folder, commands: 0 }), expected, name);
  }
});
