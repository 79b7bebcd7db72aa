// `jifen verify`: checks a data folder. Owns: how findings are shown. Never touches: the checking
// itself.

import { verifyFolder } from '../../engine/index.js';
import { type CliCommand, existingFolder, type Given } from './arguments.js';
import { progressShown } from './progress.js';

const help = `Usage: jifen verify [--why] <folder>

Walks the log of every shard from its first block: hash chain, a lost tail, the
invariants of the books recomputed from the recorded effects; then compares the
result with the stored state. It only reads: the folder may be read-only. A
damaged one cannot harm it: each environment is read in a process of its own,
whose crash or hang is a finding.

  --why      decides each act again by the definitions, counters and balances of
             its time, and compares; what an act asked beyond the log (the budget
             of another shard, who asked) is taken as it was logged
  <folder>   a data folder that no server has open: a copy, or after a stop

Prints each finding with its shard and, where it is in one, the block.

Exit codes: 0 everything is as it should be; 1 something was found, or the
folder could not be read; 2 wrong arguments.
`;

async function run({ operands, options }: Given): Promise<number> {
  const folder = existingFolder(operands[0] ?? '');
  const progress = progressShown('Verifying');
  const found = await verifyFolder(folder, {
    why: options['why'] === true,
    onProgress: progress.tell,
  }).finally(progress.end);
  for (const { shard, environment, seq, what } of found.problems) {
    const block = seq === undefined ? '' : `, block ${seq}`;
    process.stdout.write(`shard ${shard}, ${environment}${block}: ${what}\n`);
  }
  const checked = `${found.blocks} blocks, ${found.transfers} transfers`;
  if (found.why !== undefined) {
    const { recomputed, asLogged } = found.why;
    process.stdout.write(`Acts: ${recomputed} decided again, ${asLogged} as they were logged.\n`);
  }
  const { length } = found.problems;
  process.stdout.write(
    found.ok
      ? `Everything is as it should be: ${checked}.\n`
      : `${length} problem${length === 1 ? '' : 's'} found in ${checked}.\n`,
  );
  return found.ok ? 0 : 1;
}

export const verify: CliCommand = { help, options: { why: 'flag' }, operands: ['folder'], run };
