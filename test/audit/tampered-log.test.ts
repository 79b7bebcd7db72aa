// Logs changed more cleverly than a disk would: hashes right again, sometimes all of them.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Auditor } from '../../engine/audit/verify.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { makeFolder } from './maker.js';
import {
  addTo,
  blocksOf,
  changeAmount,
  copyOf,
  firstEntry,
  isIssue,
  isRefused,
  oneRecord,
  rechained,
  recordsOf,
  sealed,
  writeBlocks,
} from './tamper.js';

const home = temporaryFolder(t);
const base = join(home, 'base');
const auditor = new Auditor();
t.teardown(() => auditor.close());
await makeFolder(base, new Random(77));
const original = await blocksOf(base);
const HEAD = original.length;
/** A block with new points, well behind the first ones: what is due may have one of its own. */
const ISSUING = 1 + original.findIndex((one, n) => n >= 6 && recordsOf(one, isIssue).length > 0);

type Blocks = Uint8Array[];

/** A row of the table: how the log is changed, and the first problem that must be found. */
interface Row {
  readonly name: string;
  readonly change: (blocks: Blocks, folder: string) => Blocks;
  readonly finds: RegExp;
  readonly seq?: number;
}

const view = (block: Uint8Array): DataView => new DataView(block.buffer, block.byteOffset);

/** Changes block `seq`, and makes every hash right. */
const inBlock =
  (seq: number, change: (block: Uint8Array) => void) =>
  (blocks: Blocks, folder: string): Blocks => {
    change(blocks[seq - 1]!);
    rechained(folder, blocks, seq - 1);
    return blocks;
  };

/** Offsets within an entry. */
const AT = { earned: 0, spent: 8, available: 24, version: 40, previousSeq: 48 } as const;
const ENTRY_OF_ISSUE = 88;

const ROWS: readonly Row[] = [
  {
    name: 'the amount of a command changed, the hash of its block made right',
    change: (blocks) => {
      changeAmount(blocks[4]!);
      sealed(blocks[4]!);
      return blocks;
    },
    finds: /^does not follow block 5: the hash chain is broken/,
    seq: 6,
  },
  {
    name: 'the amount of a command changed, every hash made right',
    change: inBlock(5, changeAmount),
    finds: /^L6: replaying it gives other effects/,
    seq: 5,
  },
  {
    name: 'a balance after an entry changed',
    change: inBlock(5, (block) => addTo(block, firstEntry(block) + AT.available, 100)),
    finds:
      /^command \d+ \(transfer\): L3: @issue \w+ has -?\d+ available and 0 held, and the entry says/,
    seq: 5,
  },
  {
    name: 'one side of a transfer changed',
    change: inBlock(3, (block) => {
      addTo(block, firstEntry(block) + AT.spent, 1);
      addTo(block, firstEntry(block) + AT.available, -1);
    }),
    finds: /L1: its entries in \w+ leave -1/,
    seq: 3,
  },
  {
    name: 'both sides of a transfer changed',
    change: inBlock(3, (block) => {
      const from = firstEntry(block);
      const to = from + ENTRY_OF_ISSUE;
      addTo(block, from + AT.spent, 1);
      addTo(block, from + AT.available, -1);
      addTo(block, to + AT.earned, 1);
      addTo(block, to + AT.available, 1);
    }),
    finds: /L[34]: /,
  },
  {
    name: 'an entry that leads to another one before it',
    change: inBlock(ISSUING, (block) => addTo(block, firstEntry(block) + AT.previousSeq, -1)),
    finds: /L3: entry \d+ of .* does not lead to the entry before it/,
    seq: ISSUING,
  },
  {
    name: 'an entry left out',
    change: inBlock(ISSUING, (block) => addTo(block, firstEntry(block) + AT.version, 1)),
    finds: /L3: entry \d+ of .* after entry \d+|beyond its record/,
    seq: ISSUING,
  },
  {
    name: 'the last block gone',
    change: (blocks) => blocks.slice(0, -1),
    finds: new RegExp(
      `^lost tail: it ends at block ${HEAD - 1}, and the clean stop names block ${HEAD}`,
    ),
    seq: HEAD,
  },
  {
    name: 'the last block gone with the record of the clean stop: the checkpoint knows',
    change: (blocks, folder) => {
      rmSync(join(folder, 'shard-000', 'clean-stop.json'));
      return blocks.slice(0, -1);
    },
    finds: new RegExp(
      `^lost tail: it ends at block ${HEAD - 1}, and the checkpoint names block ${HEAD}`,
    ),
    seq: HEAD,
  },
  { name: 'all blocks gone', change: () => [], finds: /^lost tail: it ends at block 0/, seq: 1 },
  {
    name: 'two blocks in the other order',
    change: (blocks) => [...blocks.slice(0, 5), blocks[6]!, blocks[5]!, ...blocks.slice(7)],
    finds: /^says that it is block 7/,
    seq: 6,
  },
  {
    name: 'a block of another shard',
    change: inBlock(6, (block) => view(block).setUint32(8, 1, true)),
    finds: /^belongs to shard 1/,
    seq: 6,
  },
  {
    name: 'a block from before',
    change: inBlock(6, (block) => addTo(block, 24, -365 * 86_400_000)),
    finds: /^its time is before/,
    seq: 6,
  },
  {
    name: 'a block of an earlier opening',
    change: inBlock(6, (block) => view(block).setUint32(12, 0, true)),
    finds: /^was written at opening 0/,
    seq: 6,
  },
  {
    name: 'a block of later rules',
    change: inBlock(6, (block) => view(block).setUint16(6, 99, true)),
    finds: /rules of version 99/,
    seq: 6,
  },
  {
    name: 'a number of commands that is wrong',
    change: inBlock(6, (block) => view(block).setUint32(32, 3, true)),
    finds: /^says that it has 3 commands/,
    seq: 6,
  },
  {
    name: 'a length of commands that is wrong',
    change: (blocks) => {
      const block = blocks[5]!;
      view(block).setUint32(36, view(block).getUint32(36, true) + 8, true);
      sealed(block);
      return blocks;
    },
    finds: /^length does not match the header/,
    seq: 6,
  },
  {
    name: 'a refusal that the rules do not give',
    change: (blocks, folder) => {
      const at = blocks.findIndex((block) => recordsOf(block, isRefused).length > 0);
      const [record] = recordsOf(blocks[at]!, isRefused) as [number];
      const refusal = blocks[at]![record + 5]!;
      return inBlock(at + 1, (block) => block.fill(refusal === 4 ? 6 : 4, record + 5, record + 6))(
        blocks,
        folder,
      );
    },
    finds: /^L6: replaying it gives other effects/,
  },
  {
    name: 'a refusal that is never kept',
    change: (blocks, folder) => {
      const at = blocks.findIndex((block) => recordsOf(block, isRefused).length > 0);
      const [record] = recordsOf(blocks[at]!, isRefused) as [number];
      return inBlock(at + 1, (block) => block.fill(157, record + 5, record + 6))(blocks, folder);
    },
    finds: /was kept with the transient refusal ID_REUSED/,
  },
  {
    name: 'an id with a second outcome',
    change: (blocks, folder) => {
      const from = blocks.find((block) => recordsOf(block, isRefused).length > 0)!;
      const [record] = recordsOf(from, isRefused) as [number];
      const more = [...blocks, oneRecord(from, record, blocks.at(-1)!)];
      rechained(folder, more, blocks.length);
      return more;
    },
    finds: /^L5: id \S+ of \S+ has a second outcome, first in block \d+/,
    seq: HEAD + 1,
  },
];

for (const { name, change, finds, seq } of ROWS) {
  t.test(name, async (t) => {
    const folder = copyOf(base, 'tampered');
    const blocks = change(
      original.map((block) => block.slice()),
      folder,
    );
    await writeBlocks(folder, blocks);
    const { ok, problems } = await auditor.verify(folder);
    t.notOk(ok);
    const wanted = {
      shard: 0,
      environment: 'log',
      what: finds,
      ...(seq === undefined ? {} : { seq }),
    };
    t.match(problems[0], wanted);
  });
}
