// `jifen backup`: a copy of a data folder. Owns: who makes the copy, the server that has it open or
// this process. Never touches: the copying itself.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { backupFolder } from '../../engine/index.js';
import { type CliCommand, existingFolder, type Given } from './arguments.js';
import { askAt } from './ask.js';
import { runningServer } from './running.js';

const help = `Usage: jifen backup <folder> <to>

Copies a data folder, consistent over all its shards. Works while jifen start
serves the folder (the server then makes the copy and goes on answering) and
when nothing does. The copy is a data folder like any other: check it with
jifen verify, serve it with jifen start. It has neither administrator's key nor
secrets.key: a new key is made at its first start; keep a copy of secrets.key,
without which platforms need new secrets.

  <folder>   the data folder
  <to>       the new folder; it must not exist, nor be inside a data folder

Exit codes: 0 the copy is complete and on disk; 1 it failed; 2 wrong arguments.
`;

async function run({ operands }: Given): Promise<number> {
  const folder = existingFolder(resolve(operands[0] ?? ''));
  const to = resolve(operands[1] ?? '');
  if (existsSync(to)) throw new Error(`${to} exists already`);
  const address = await runningServer(folder);
  const seqs =
    address === undefined
      ? await backupFolder(folder, to)
      : ((await askAt(address, folder, 'POST', '/v1/admin/backup', { to })).body.seqs as number[]);
  const blocks = seqs.map((seq, shard) => `shard ${shard} up to block ${seq}`).join(', ');
  process.stdout.write(`Copied ${folder} to ${to}: ${blocks}\n`);
  return 0;
}

export const backup: CliCommand = { help, options: {}, operands: ['folder', 'to'], run };
