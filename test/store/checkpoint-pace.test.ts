// A checkpoint goes at the pace of the disk: small steps on a slow one, large ones on a fast one, rests while nobody waits for it. Room for
// pages is given again only when nothing of it is in use.

import t from 'tap';
import type { Pages } from '../../engine/ledger/pages.js';
import { Name } from '../../engine/protocol/name.js';
import { Blocks } from '../../engine/shard/blocks.js';
import { Checkpoint } from '../../engine/shard/checkpoint.js';
import type { CheckpointStore } from '../../engine/shard/machine.js';
import { PageRoom } from '../../engine/shard/page-room.js';
import type { Puts } from '../../engine/store/state.js';
import { placesOf } from '../../engine/transfer/open/places.js';
import { Random } from '../random.js';

const MIB = 1024 * 1024;
const ACCOUNTS = 150_000;
const HEAD = { seq: 1, hash: new Uint8Array(32), time: 1 };

/** Accounts, so many that a checkpoint takes several steps. */
function fill(pages: Pages): void {
  for (let n = 0; n < ACCOUNTS; n++) {
    const name = Name.of(`u${n}`);
    const page = pages.pageOf(name.hash);
    pages.touch(page);
    page.add(name, 0);
    pages.accounts++;
    pages.maintain();
  }
}

/** A disk that writes so many bytes in a millisecond, by its own clock; what a checkpoint does on it. */
async function steps(
  bytesPerMs: number,
  isLate: boolean,
): Promise<{ bytes: number[]; rests: number }> {
  let now = 0;
  let rests = 0;
  const bytes: number[] = [];
  const store = {
    readRoot: () => undefined,
    readPage: () => undefined,
    readChunk: () => undefined,
    chunkKeys: () => [],
    write: async ({ pages = [] }: Puts) => {
      const all = pages.reduce((sum, [, page]) => sum + page.length, 0);
      if (all > 0) bytes.push(all);
      now += all / bytesPerMs;
    },
    writeRoot: async () => {},
  } as unknown as CheckpointStore;
  const turns = {
    steadyMs: () => now,
    pause: async () => {},
    rest: async (ms: number) => {
      now += ms;
      rests += ms;
    },
  };
  const blocks = new Blocks({ read: () => undefined });
  const places = placesOf(0, 1, [0]);
  const checkpoint = Checkpoint.open(store, blocks, 256 * MIB, places, turns);
  fill(checkpoint.state.pages as Pages);
  await checkpoint.write(HEAD, Promise.resolve(), isLate);
  return { bytes, rests };
}

t.test('steps are as large as the disk writes in a few milliseconds', async (t) => {
  const slow = await steps(MIB / 64, false);
  const fast = await steps(MIB * 4, false);
  const late = await steps(MIB / 64, true);
  const largest = (bytes: readonly number[]): number => Math.max(...bytes);
  t.ok(largest(slow.bytes) < MIB, 'a slow disk is given little at a time');
  t.ok(largest(fast.bytes) > 4 * MIB, 'a fast one more and more');
  t.ok(largest(late.bytes) > largest(slow.bytes), 'and a slow one more where it is late');
  t.ok(slow.rests > 0, 'it rests while nobody waits for it');
  t.equal(late.rests, 0, 'and does not where somebody does');
});

t.test('room for pages is given again only when it is free', async (t) => {
  const random = new Random(1);
  const room = new PageRoom();
  const taken: { bytes: Uint8Array; mark: number }[] = [];
  const buffers = new Set<ArrayBufferLike>();
  for (let step = 0; step < 5_000; step++) {
    if (taken.length < 300 && random.int(2) === 0) {
      const length = random.int(50) === 0 ? 2 * MIB : 8 + random.int(20_000);
      const bytes = room.take(length);
      if (bytes.byteOffset % 8 !== 0 || bytes.length !== length) throw new Error('another room');
      const mark = step & 255;
      bytes.fill(mark);
      taken.push({ bytes, mark });
      if (length < MIB) buffers.add(bytes.buffer);
    } else if (taken.length > 0) {
      const [{ bytes, mark }] = taken.splice(random.int(taken.length), 1) as [(typeof taken)[0]];
      if (bytes.some((byte) => byte !== mark)) throw new Error(`step ${step}: written over`);
      room.release(bytes);
    }
  }
  t.ok(buffers.size < 200, `${buffers.size} buffers for 5,000 steps`);
  t.throws(() => room.release(new Uint8Array(8)), /not taken/);
});
