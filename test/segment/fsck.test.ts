// Broken folders: what lacks is said, and what can be mended is, out of copies: then verify finds nothing.

import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type FsckOptions, fsckWith } from '../../engine/audit/fsck.js';
import { Auditor } from '../../engine/audit/verify.js';
import { fsckFolder, rebuildFolder } from '../../engine/index.js';
import { shardLogPath, shardPath, shardStatePath } from '../../engine/store/folder.js';
import {
  manifestPath,
  type SegmentEntry,
  segmentName,
  segmentsPath,
  writeManifest,
} from '../../engine/store/segment/manifest.js';
import { makeFolder, SMALL } from '../audit/maker.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { sealFolder } from './sealed.js';

const home = temporaryFolder(t);
const base = join(home, 'base');
await makeFolder(base, new Random(11), SMALL);
const entries = await sealFolder(base, 0, SMALL.batches, 6_000);
const auditor = new Auditor();
t.teardown(() => auditor.close());
const looked = (folder: string, options?: FsckOptions) => fsckWith(auditor.logs, folder, options);
const [first, second, last] = [entries[0], entries[1], entries.at(-1)] as SegmentEntry[];
/** A folder with files of segments alone, as somebody may have kept them. */
const kept = join(home, 'kept');
mkdirSync(kept);
for (const entry of entries) {
  const name = segmentName(entry.first);
  copyFileSync(join(segmentsPath(shardPath(base, 0)), name), join(kept, name));
}

const inFolder = (folder: string, entry: SegmentEntry | undefined): string =>
  join(segmentsPath(shardPath(folder, 0)), segmentName(entry?.first ?? 0));
const manifestIn = (folder: string): string => manifestPath(segmentsPath(shardPath(folder, 0)));

interface Row {
  readonly name: string;
  readonly change: (folder: string) => void;
  readonly what: RegExp;
  /** Can fsck mend it? Where not, by whom. */
  readonly by: 'fsck' | 'rebuild' | 'nobody';
  /** Does verify find nothing then? It takes time. */
  readonly isVerified?: true;
}

const ROWS: readonly Row[] = [
  {
    name: 'a segment is missing',
    change: (folder) => rmSync(inFolder(folder, second)),
    what: /\.segment is missing: blocks \d+ to \d+ \(.*\) cannot be read/,
    by: 'fsck',
  },
  {
    name: 'segments are damaged, each in its own way',
    change: (folder) => {
      writeFileSync(inFolder(folder, first), readFileSync(inFolder(folder, first)).fill(7, 90, 99));
      appendFileSync(inFolder(folder, last), 'x');
    },
    what: /cannot be read from it/,
    by: 'fsck',
  },
  {
    name: 'the manifest is gone',
    change: (folder) => rmSync(manifestIn(folder)),
    what: /manifest.json is missing, and files of segments are there/,
    by: 'fsck',
  },
  {
    name: 'the manifest is damaged, and a segment is gone',
    change: (folder) => {
      writeFileSync(manifestIn(folder), '{"format":1');
      rmSync(inFolder(folder, second));
    },
    what: /is not JSON/,
    by: 'fsck',
    isVerified: true,
  },
  {
    name: 'the manifest has lost its last segments, whose files are there',
    change: (folder) => writeManifest(segmentsPath(shardPath(folder, 0)), entries.slice(0, 1)),
    what: /no segment has blocks \d+ to \d+, and they have left the database/,
    by: 'fsck',
  },
  {
    name: 'the manifest has lost its last segment',
    change: (folder) => {
      writeManifest(segmentsPath(shardPath(folder, 0)), entries.slice(0, -1));
      rmSync(inFolder(folder, last));
    },
    what: /no segment has blocks \d+ to \d+, and they have left the database/,
    by: 'fsck',
  },
  {
    name: 'leftovers',
    change: (folder) => writeFileSync(`${inFolder(folder, last)}.new`, 'half'),
    what: /is of a sealing that was ended: nothing lacks/,
    by: 'fsck',
  },
  {
    name: 'no state',
    change: (folder) => rmSync(shardStatePath(folder, 0)),
    what: /state.mdb is missing/,
    by: 'rebuild',
  },
  {
    name: 'no tail',
    change: (folder) => rmSync(shardLogPath(folder, 0)),
    what: /log.mdb is missing: the blocks after block \d+ are lost/,
    by: 'nobody',
  },
  {
    name: 'another ledger',
    change: (folder) => writeFileSync(join(folder, 'folder.json'), '{"format":9}'),
    what: /format: 9, and this program knows/,
    by: 'nobody',
  },
];

t.test('nothing lacks in a whole folder', async (t) => {
  t.ok(entries.length >= 3, `${entries.length} segments`);
  t.same(await fsckFolder(base), []);
  await t.rejects(fsckFolder(join(home, 'none')), { name: 'FolderError' });
});

for (const { name, change, what, by, isVerified } of ROWS)
  t.test(name, async (t) => {
    const folder = join(home, 'broken');
    cpSync(base, folder, { recursive: true });
    change(folder);
    const before = existsSync(manifestIn(folder)) && readFileSync(manifestIn(folder), 'utf8');
    const told = await looked(folder, { from: [kept] });
    t.ok(
      told.some((one) => what.test(one.what)),
      told.map((one) => one.what).join('\n'),
    );
    t.ok(told.every((one) => !one.isMended && one.remedy.length > 10));
    t.equal(existsSync(manifestIn(folder)) && readFileSync(manifestIn(folder), 'utf8'), before);
    const mended = await looked(folder, { from: [join(home, 'nowhere'), kept], mend: true });
    t.equal(
      mended.some((one) => one.isMended),
      by === 'fsck',
    );
    if (by === 'rebuild') await rebuildFolder(folder);
    if (by !== 'nobody') {
      t.same(await looked(folder), []);
      if (isVerified === true) t.match(await auditor.verify(folder), { ok: true, problems: [] });
    }
    rmSync(folder, { recursive: true });
  });

t.test('nothing is removed that may be needed', async (t) => {
  const folder = join(home, 'broken');
  cpSync(base, folder, { recursive: true });
  rmSync(manifestIn(folder));
  rmSync(inFolder(folder, second));
  const told = await looked(folder, { mend: true });
  t.ok(told.some((one) => /is not in the manifest, and does not go on/.test(one.what)));
  t.ok(existsSync(inFolder(folder, last)), 'it stays');
  await looked(folder, { mend: true, from: [kept] });
  t.same(await looked(folder), []);
  rmSync(folder, { recursive: true });
});

t.test('what is another segment is not taken', async (t) => {
  const folder = join(home, 'broken');
  cpSync(base, folder, { recursive: true });
  rmSync(inFolder(folder, second));
  const other = join(home, 'other');
  mkdirSync(other);
  writeFileSync(join(other, segmentName(second?.first ?? 0)), readFileSync(inFolder(base, first)));
  const told = await looked(folder, { from: [other], mend: true });
  t.match(told, [{ isMended: false, remedy: /look for .* with SHA-256 [0-9a-f]{64} in backups/ }]);
  t.notOk(existsSync(inFolder(folder, second)));
});
