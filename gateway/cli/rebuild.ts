// `jifen rebuild`: state from log. Owns: how it is shown. Never touches: the rebuilding itself.

import { rebuildFolder } from '../../engine/index.js';
import { type CliCommand, existingFolder, type Given } from './arguments.js';
import { progressShown } from './progress.js';

const help = `Usage: jifen rebuild <folder>

Throws the stored state of every shard away and makes it anew from the log,
which is the record of everything and is not changed. For a folder whose state
is damaged (see jifen verify), or to be sure. Takes as long as replaying the
log.

  <folder>   a data folder that no server has open

Exit codes: 0 done; 1 it failed, e.g. because the log itself is damaged;
2 wrong arguments.
`;

async function run({ operands }: Given): Promise<number> {
  const folder = existingFolder(operands[0] ?? '');
  const progress = progressShown('Rebuilding');
  const { shards } = await rebuildFolder(folder, { onProgress: progress.tell }).finally(
    progress.end,
  );
  for (const { shard, seq } of shards)
    process.stdout.write(`shard ${shard}: rebuilt up to block ${seq}\n`);
  return 0;
}

export const rebuild: CliCommand = { help, options: {}, operands: ['folder'], run };
