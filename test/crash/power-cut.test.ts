// Power cuts (DESIGN.md 4): one actor is recorded under the disk shim from the making of its environments on, over
// checkpoints, clean stops and starts; then folders are rebuilt as a power cut at any moment could have left them, with
// any subset of what was not synced, torn at 512 bytes, and each is opened by an actor.
//   Nothing acknowledged is lost or different, the state is what replaying the log gives, the sums are exact, the ledger
//   goes on; and no image ends the process that opens it, not even one of environments half made.
// Actors open their environments with lmdb-js's `safeRestore`. With overlappingSync off, as here, it changes nothing:
// LMDB looks at it only where a commit may come before its sync (mdb_pick_meta), and then goes back to the last synced
// one. Here every meta page was written after its data was synced, so the newer one is always right.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { DiskTrace } from './disk-trace.js';
import type { ImageOrder, ImageReport } from './power-cut-check.js';
import { plainEnv } from './program.js';
import { shimEnv } from './shim.js';

const IMAGES_PER_RECORDING = process.env['JIFEN_LONG'] === '1' ? 500 : 180;
const BATCHES_PER_SESSION = 60;
const IMAGE_TIMEOUT_MS = 60_000;
/** Wrong images after which the others do not matter. */
const WRONG_MAX = 10;
const KIB = 1024;

const recordings = campaign({ name: 'power-cut recordings', long: 20, sample: 1 });

/** Three sessions of one actor, recorded as one trace: a clean stop, an abrupt end, a clean stop. */
async function record(disk: string, trace: string, seed: number): Promise<DiskTrace> {
  const random = new Random(seed);
  mkdirSync(disk);
  for (const [session, end] of ['clean', 'abrupt', 'clean'].entries()) {
    const cacheBytes = random.pick([64, 512, 16_384]) * KIB;
    const checkpointBytes = random.pick([16, 64, 256]) * KIB;
    const numbers = [session + 1, random.next(), BATCHES_PER_SESSION, cacheBytes, checkpointBytes];
    const program = join(import.meta.dirname, 'power-cut-record.js');
    const child = spawn(process.execPath, [program, ...numbers.map(String), end], {
      cwd: disk,
      env: plainEnv(shimEnv({ root: disk, trace })),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let says = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => (says += part));
    const [code, signal] = await once(child, 'close');
    if (code !== 0) throw new Error(`session ${session + 1} ended with ${code ?? signal}: ${says}`);
  }
  return DiskTrace.read(trace);
}

/** The process that opens images; made anew where one ended it. */
class Checker {
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;

  constructor(disk: string, acksFile: string) {
    this.#args = [join(import.meta.dirname, 'power-cut-check.js'), disk, acksFile];
  }

  async check(order: ImageOrder): Promise<ImageReport> {
    if (this.#child === undefined) {
      this.#child = spawn(process.execPath, this.#args, {
        env: plainEnv(process.env),
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const first = await this.#report(this.#child);
      if (first.fault !== undefined) throw new Error(`the recording itself: ${first.fault}`);
    }
    this.#child.send(order);
    return this.#report(this.#child);
  }

  async #report(child: ChildProcess): Promise<ImageReport> {
    const ending = new AbortController();
    const { signal } = ending;
    const timer = setTimeout(() => child.kill('SIGKILL'), IMAGE_TIMEOUT_MS);
    try {
      return await Promise.race([
        once(child, 'message', { signal }).then(([report]) => report as ImageReport),
        once(child, 'exit', { signal }).then(([code, by]) => {
          this.#child = undefined;
          return { head: -1, fault: `the process that opened it ended with ${code ?? by}` };
        }),
      ]);
    } finally {
      clearTimeout(timer);
      ending.abort();
    }
  }

  end(): void {
    this.#child?.kill('SIGKILL');
  }
}

/** The acts that were answered as posted in one acknowledgement. */
const postedActs = (ack: string): string[] =>
  (JSON.parse(ack) as [{ readonly act?: string }, string][]).flatMap(([{ act }, text]) =>
    act !== undefined && (JSON.parse(text) as { readonly ok: boolean }).ok ? [act] : [],
  );

t.test('no image of a power cut lacks or contradicts anything acknowledged', async (t) => {
  const places = {
    disk: temporaryFolder(t, 'disk'),
    images: temporaryFolder(t),
  };
  const wrong: string[] = [];
  const heads = new Set<string>();
  const acts: string[] = [];
  await recordings.run(async (seed) => {
    const disk = join(places.disk, `${seed}`);
    const trace = await record(disk, `${disk}.trace`, seed);
    writeFileSync(`${disk}.acks`, trace.acks.map(({ bytes }) => `${bytes}\n`).join(''));
    acts.push(...trace.acks.flatMap(({ bytes }) => postedActs(`${bytes}`)));
    const random = new Random(seed);
    const checker = new Checker(disk, `${disk}.acks`);
    t.teardown(() => checker.end());
    let checking: Promise<void> = Promise.resolve();
    for (const [n, at] of trace.crashPoints(IMAGES_PER_RECORDING, random).entries()) {
      const image = trace.build(at, random);
      const folder = join(places.images, `${seed}-${n}`);
      image.writeTo(folder);
      await checking;
      if (wrong.length >= WRONG_MAX) break;
      const order: ImageOrder = {
        folder,
        acks: image.acksBefore.length,
        cacheBytes: n % 3 === 0 ? 64 * KIB : 4096 * KIB,
        checkpointBytes: n % 2 === 0 ? 16 * KIB : 1024 * KIB,
        again: n % 4 === 0,
      };
      checking = checker.check(order).then(({ fault, head }) => {
        heads.add(`${seed}:${head}`);
        if (fault === undefined) rmSync(folder, { recursive: true });
        else
          wrong.push(
            `recording ${seed}, image ${n}, cut at ${at}/${trace.ops.length}, ${image.strategy}: ${fault}`,
          );
      });
    }
    await checking;
    checker.end();
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
    rmSync(disk, { recursive: true });
  });
  for (const name of ['adjust', 'claim', 'event']) {
    const posted = acts.filter((act) => act === name).length;
    t.ok(posted > 10, `${name}: ${posted} were posted`);
  }
  t.ok(heads.size > 50, `${heads.size} different blocks were the last one of an image`);
});
