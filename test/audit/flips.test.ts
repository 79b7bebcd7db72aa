// Bit flips in cleanly stopped folders: every one is found by verify, or makes no difference at all.

import {
  closeSync,
  copyFileSync,
  cpSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Auditor } from '../../engine/audit/verify.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { sealFolder } from '../segment/sealed.js';
import { temporaryFolder } from '../temporary.js';
import { makeFolder, SMALL } from './maker.js';
import { Opener } from './opener.js';
import type { Opened } from './opener-process.js';

const FOLDERS = 3;
/** One of them has sealed segments. */
const SEALED = 1;
const SEGMENT_BYTES = 8_000;
/** Every so many folders whose flip made no difference are used further, so that what is written is written to. */
const USED_FURTHER = 4;
const LATER_COMMANDS = 20;

/** A folder with what it comes to when it is opened. */
interface Subject {
  readonly path: string;
  readonly files: readonly File[];
  readonly expected: Opened;
}

interface File {
  readonly name: string;
  readonly bytes: number;
}

function filesOf(folder: string): File[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, stat: statSync(join(folder, name)) }))
    .filter(({ stat }) => stat.isFile() && stat.size > 0)
    .map(({ name, stat }) => ({ name, bytes: stat.size }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Mostly by size; sometimes any file, so that the small ones are not forgotten. */
function pickFile(random: Random, files: readonly File[]): File {
  if (random.chance(0.15)) return random.pick(files);
  let at = random.int(files.reduce((sum, { bytes }) => sum + bytes, 0));
  for (const file of files) {
    if (at < file.bytes) return file;
    at -= file.bytes;
  }
  throw new Error('beyond the last file');
}

function flip(path: string, byte: number, bit: number): void {
  const file = openSync(path, 'r+');
  const buffer = Buffer.alloc(1);
  readSync(file, buffer, 0, 1, byte);
  buffer[0] = buffer[0]! ^ (1 << bit);
  writeSync(file, buffer, 0, 1, byte);
  closeSync(file);
}

t.test('a flipped bit is found, or makes no difference', async (t) => {
  const cases = campaign({ name: 'bit flips', long: 10_000, sample: 30 });
  const home = temporaryFolder(t);
  const auditor = new Auditor({ stepMs: 20_000 });
  const opener = new Opener();
  t.teardown(async () => {
    opener.close();
    await auditor.close();
  });
  const subjects: Subject[] = [];
  for (let n = 0; n < FOLDERS; n++) {
    const path = join(home, `folder-${n}`);
    await makeFolder(path, new Random(n), SMALL);
    if (n === SEALED) await sealFolder(path, 0, SMALL.batches, SEGMENT_BYTES);
    const copy = join(home, 'copy');
    cpSync(path, copy, { recursive: true });
    const expected = await opener.open({ folder: copy, commands: 0 });
    rmSync(copy, { recursive: true });
    t.match(await auditor.verify(path), { ok: true, problems: [] });
    subjects.push({ path, files: filesOf(path), expected });
  }
  const tally = new Map<string, number>();
  const count = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);

  await cases.run(async (seed) => {
    const random = new Random(seed);
    const { path, files, expected } = random.pick(subjects);
    const { name, bytes } = pickFile(random, files);
    const [byte, bit] = [random.int(bytes), random.int(8)];
    const where = `${name} byte ${byte} bit ${bit}`;
    const saved = join(home, 'saved');
    copyFileSync(join(path, name), saved);
    flip(join(path, name), byte, bit);
    const found = await auditor.verify(path);
    if (!found.ok) count(`${name}: found`);
    else {
      count(`${name}: harmless`);
      await isHarmless(path, expected, where, random.int(USED_FURTHER) === 0);
    }
    copyFileSync(saved, join(path, name));
  });

  /** A folder that verify finds nothing in opens as if nothing had happened, and goes on working. */
  async function isHarmless(path: string, expected: Opened, where: string, further: boolean) {
    const copy = join(home, 'copy');
    cpSync(path, copy, { recursive: true });
    const opened = await opener.open({ folder: copy, commands: further ? LATER_COMMANDS : 0 });
    for (const part of ['state', 'ids', 'log'] as const) {
      if (opened[part] !== expected[part])
        throw new Error(`${where}: not found, and ${part} differs`);
    }
    const after = further ? await auditor.verify(copy) : undefined;
    if (after?.ok === false) {
      throw new Error(`${where}: not found, and later ${after.problems[0]?.what}`);
    }
    rmSync(copy, { recursive: true });
  }

  const lines = [...tally].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, n]) => `${what} ${n}`);
  const lost = auditor.logs.starts + auditor.states.starts - 2;
  process.stderr.write(`bit flips: ${lines.join(', ')}; reading processes lost: ${lost}\n`);
  const total = [...tally.values()].reduce((sum, n) => sum + n, 0);
  t.equal(total, cases.count, 'every case came to an end');
});
