// `jifen backup`: a copy of a data folder. Owns: who makes the copy, the server that has it open or
// this process. Never touches: the copying itself.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type BackedUp, backupFolder, limits, readShards } from '../../engine/index.js';
import { type CliCommand, existingFolder, type Given, textOption } from './arguments.js';
import { askAt, serverAt } from './ask.js';
import { placed } from './cluster.js';
import { runningServer } from './running.js';

const help = `Usage: jifen backup <folder> <to>

Copies a data folder, consistent over all its shards. Works while jifen start
serves the folder (the server then makes the copy and goes on answering) and
when nothing does. The copy is a data folder like any other: check it with
jifen verify, serve it with jifen start. It has neither admin.key nor
secrets.key: keep copies of them apart, and put them into it before it is
served. Without its secrets.key it is not served once there are platforms;
without its admin.key a new one is made.

  <folder>       the data folder
  <to>           the new folder; it must not exist, nor be inside a
                 data folder
  --shards <s>   copy these shards only, e.g. 0-3,6: so the shards of a folder
                 are divided between two nodes, each with a copy of its part.
                 No server may have the folder open. See ops/RUNBOOK.md

Exit codes: 0 the copy is complete and on disk; 1 it failed; 2 wrong arguments.
`;

async function run(given: Given): Promise<number> {
  const { operands } = given;
  const folder = existingFolder(resolve(operands[0] ?? ''));
  const to = resolve(operands[1] ?? '');
  const named = textOption(given, 'shards');
  const some =
    named === undefined
      ? undefined
      : placed('--shards', () => readShards(named, limits.SHARDS_MAX, 'shards'));
  if (existsSync(to)) throw new Error(`${to} exists already`);
  const { shards, seqs } = await copied(folder, to, some);
  const blocks = shards.map((shard, i) => `shard ${shard} up to block ${seqs[i]}`).join(', ');
  process.stdout.write(`Copied ${folder} to ${to}: ${blocks}\n`);
  return 0;
}

async function copied(
  folder: string,
  to: string,
  some: readonly number[] | undefined,
): Promise<BackedUp> {
  const address = await runningServer(folder);
  if (address === undefined) return backupFolder(folder, to, some);
  // What such a copy is for begins elsewhere where the folder ended: it must have ended.
  if (some !== undefined)
    throw new Error(`${folder} is being served; some of its shards are copied when it has stopped`);
  const { body } = await askAt(await serverAt(address, folder), 'POST', '/v1/admin/backup', { to });
  return body as unknown as BackedUp;
}

export const backup: CliCommand = {
  help,
  options: { shards: 'text' },
  operands: ['folder', 'to'],
  run,
};
