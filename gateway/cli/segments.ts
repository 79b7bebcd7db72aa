// `jifen segments`: the sealed segments of a folder. Owns: how they are shown. Never touches: the folder.

import { listSegments } from '../../engine/index.js';
import { type CliCommand, existingFolder, type Given, textOption } from './arguments.js';

const help = `Usage: jifen segments [options] <folder>

Lists the sealed segments of every shard's log: immutable, compressed files with
the oldest blocks. One line of JSON each: blocks and times, bytes of the file
and of the blocks in it, hashes of the blocks before and at the end, SHA-256 of
the file. Any tool may copy them; jifen verify checks them.

  --owner <owner>   only segments with entries of this owner's accounts (and,
                    rarely, one without)
  <folder>          a data folder; a server may have it open

Exit codes: 0 shown; 1 the folder could not be read; 2 wrong arguments.
`;

async function run(given: Given): Promise<number> {
  const folder = existingFolder(given.operands[0] ?? '');
  for (const segment of await listSegments(folder, textOption(given, 'owner')))
    process.stdout.write(`${JSON.stringify(segment)}\n`);
  return 0;
}

export const segments: CliCommand = {
  help,
  options: { owner: 'text' },
  operands: ['folder'],
  run,
};
