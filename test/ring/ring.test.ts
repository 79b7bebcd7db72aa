// Rings between threads: frames of every size come out whole and in order, whatever stalls, and no bell is rung in vain.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { Bell, bellMemory, Sleeper } from '../../engine/ring/bell.js';
import { FrameReader, FrameWriter, ringMemory } from '../../engine/ring/ring.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import type { EchoSettings } from './echo.js';
import { stall } from './stall.js';

/** Where counters begin: also just before they become negative, and just before they wrap. */
const BEGINNINGS = [0, 0x7fff_ff00, 0xffff_ff00 | 0] as const;

const IS_LONG = process.env['JIFEN_LONG'] === '1';
const TIMEOUT_MS = 600_000;
/** One turn of how many is a stall. */
const STALLS_IN = 40;

/** A frame's bytes follow from its number. */
function bytesOf(n: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = n * 31 + i * 7;
  return bytes;
}

/** In as many parts as may be. */
function partsOf(random: Random, bytes: Uint8Array): Uint8Array[] {
  const cuts = [0, random.int(bytes.length + 1), random.int(bytes.length + 1), bytes.length];
  cuts.sort((a, b) => a - b);
  return [0, 1, 2].map((i) => bytes.subarray(cuts[i], cuts[i + 1]));
}

const sizeOf = (random: Random, ring: number): number =>
  random.int(10) === 0 ? random.int(3 * ring) : random.int(ring / 4);

/** Sends and reads in any order on one thread; says what is wrong. */
function exchange(seed: number, Reader = FrameReader, Writer = FrameWriter): string | null {
  const random = new Random(seed);
  const ring = 64 << random.int(5);
  const memory = ringMemory(ring, BEGINNINGS[random.int(BEGINNINGS.length)]);
  const bells = [bellMemory(), bellMemory()] as const;
  const writer = new Writer(memory, bells[0]);
  const reader = new Reader(memory, bells[1]);
  const sizes: number[] = [];
  let read = 0;
  const receive = (most: number): string | null => {
    for (let i = 0; i < most; i++) {
      const frame = reader.next();
      if (frame === undefined) return null;
      if (frame.word !== read) return `frame ${frame.word} in place of ${read}`;
      const expected = bytesOf(read, sizes[read] as number);
      if (Buffer.compare(frame.bytes, expected) !== 0) return `frame ${read} is another one`;
      read++;
    }
    return null;
  };
  for (let turn = 0; turn < 200; turn++) {
    const what = random.int(4);
    if (what < 2) {
      const size = sizeOf(random, ring);
      writer.send(sizes.length, partsOf(random, bytesOf(sizes.length, size)));
      sizes.push(size);
    } else if (what === 2) writer.flush();
    const wrong = receive(random.int(4));
    if (wrong !== null) return wrong;
  }
  for (let turn = 0; read < sizes.length; turn++) {
    if (turn > 10_000) return `frame ${read} never comes`;
    writer.flush();
    const wrong = receive(1);
    if (wrong !== null) return wrong;
  }
  if (reader.isWaiting || writer.keptBytes !== 0) return 'something is left';
  return null;
}

t.test('frames of every size, in order, where counters wrap', async (t) => {
  await campaign({ name: 'ring', sample: 150, long: 100_000 }).run((seed) => {
    const wrong = exchange(seed);
    if (wrong !== null) throw new Error(wrong);
  });
  t.pass('all came');
});

t.test('defects of a ring are found', async (t) => {
  class Early extends FrameReader {
    override get isWaiting(): boolean {
      return true;
    }
  }
  class Unkept extends FrameWriter {
    override flush(): void {}
  }
  const isFound = (find: (seed: number) => string | null): boolean =>
    Array.from({ length: 50 }, (_, seed) => seed + 1).some((seed) => find(seed) !== null);
  t.ok(isFound((seed) => exchange(seed, Early)));
  t.ok(isFound((seed) => exchange(seed, FrameReader, Unkept)));
});

/** What was done: as soon as it is said. */
function later(): { promise: Promise<void>; done: () => void; failed: (error: Error) => void } {
  let [done, failed] = [() => {}, (_: Error) => {}];
  const promise = new Promise<void>((resolve, reject) => {
    done = resolve;
    failed = reject;
  });
  return { promise, done, failed };
}

/** A thread that sends back what it is sent. `take`: as of a sleeper; ends with how often somebody was missed and rung. */
async function echo(ring: number, random: Random, stallsIn: number) {
  const [bell, otherBell] = [bellMemory(), bellMemory()];
  const [to, from] = [0, 1].map(() =>
    ringMemory(ring, BEGINNINGS[random.int(BEGINNINGS.length)]),
  ) as [SharedArrayBuffer, SharedArrayBuffer];
  const ends = { bell: otherBell, otherBell: bell, from: to, to: from };
  const workerData = { ...ends, seed: random.int(2 ** 32), stallsIn } satisfies EchoSettings;
  const thread = new Worker(new URL('./echo.js', import.meta.url), { workerData });
  await once(thread, 'message');
  const writer = new FrameWriter(to, otherBell);
  const reader = new FrameReader(from, otherBell);
  const run = async (work: (done: () => void, failed: (error: Error) => void) => () => void) => {
    const { promise, done, failed } = later();
    const take = work(done, failed);
    const isWaiting = () => reader.isWaiting || writer.mayFlush;
    const sleeper = new Sleeper(bell, { isWaiting, take });
    const timer = setTimeout(() => failed(new Error('something never comes')), TIMEOUT_MS);
    await promise.finally(() => clearTimeout(timer));
    sleeper.end();
    thread.postMessage('end');
    const [there] = (await once(thread, 'message')) as [{ missed: number; rings: number }];
    return { missed: sleeper.missed + there.missed, rings: sleeper.rings + there.rings };
  };
  return { writer, reader, run };
}

/** Sends so many frames to another thread and back; both stall at times. */
async function echoed(seed: number, frames: number, ring: number) {
  const random = new Random(seed);
  const { writer, reader, run } = await echo(ring, random, STALLS_IN);
  const sizes: number[] = [];
  let read = 0;
  return run((done, failed) => {
    const send = (): void => {
      // Sometimes one at a time, so that the other side falls asleep between.
      const burst = random.int(3) === 0 ? 1 : random.int(50);
      for (let i = 0; i < burst && sizes.length < frames; i++) {
        const size = sizeOf(random, Math.min(ring, 1024));
        sizes.push(size);
        writer.send(sizes.length - 1, [bytesOf(sizes.length - 1, size)]);
      }
      writer.ring();
      if (sizes.length === frames) return;
      if (random.int(4) === 0) setTimeout(send, random.int(3));
      else setImmediate(send);
    };
    send();
    return () => {
      if (random.int(STALLS_IN) === 0) stall(random.int(3));
      writer.flush();
      for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
        const { word, bytes } = frame;
        const isRight = word === read && bytes.length === sizes[read];
        if (!isRight || Buffer.compare(bytes, bytesOf(read, bytes.length)) !== 0)
          failed(new Error(`frame ${read} came back as ${word}`));
        sizes[read++] = 0;
      }
      if (read === frames) done();
    };
  });
}

t.test('to another thread and back, with stalls', async (t) => {
  await campaign({ name: 'echo', sample: 6, long: 400 }).run(async (seed) => {
    const { missed, rings } = await echoed(seed, IS_LONG ? 250_000 : 3_000, 64 << (seed % 10));
    if (missed > 0) throw new Error(`${missed} times somebody slept beside work`);
    if (rings === 0) throw new Error('nobody ever slept');
  });
  t.pass('all came back');
});

t.test('one message after the other: each must wake somebody', async (t) => {
  const { writer, reader, run } = await echo(4096, new Random(1), 1e9);
  let left = IS_LONG ? 1_000_000 : 5_000;
  const { missed, rings } = await run((done) => {
    writer.send(left, []);
    writer.ring();
    return () => {
      if (reader.next() === undefined) return;
      if (--left === 0) return done();
      writer.send(left, []);
      writer.ring();
    };
  });
  t.equal(missed, 0);
  t.ok(rings > 0);
});

t.test('a bell that is rung while nobody sleeps costs nothing, and is not lost', async (t) => {
  const memory = bellMemory();
  const bell = new Bell(memory);
  let [there, taken] = [false, 0];
  const sleeper = new Sleeper(memory, {
    isWaiting: () => there,
    take: () => {
      if (there) taken++;
      there = false;
    },
  });
  there = true;
  bell.ring();
  bell.ring();
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.equal(taken, 1);
  t.equal(sleeper.rings, 1);
  sleeper.end();
});
