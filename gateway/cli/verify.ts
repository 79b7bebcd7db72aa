// `jifen verify`: checks a data folder. Owns: how findings are shown. Never touches: the checking
// itself.

import { readFileSync } from 'node:fs';
import { verifyFolder } from '../../engine/index.js';
import {
  type CliCommand,
  existingFolder,
  type Given,
  listOption,
  textOption,
} from './arguments.js';
import { progressShown } from './progress.js';
import { keysIn } from './receipt.js';
import { type KeptHead, keptHead, keysOfFolder, signatureFaults } from './verify-signed.js';

const help = `Usage: jifen verify [options] <folder>

Walks the log of every shard from its first block: hash chain, a lost tail, the
invariants of the books recomputed from the recorded effects; then compares the
result with the stored state. It only reads: the folder may be read-only. A
damaged one cannot harm it: each environment is read in a process of its own,
whose crash or hang is a finding. Where receipts are on, the trees over the logs
are worked out anew and compared with what was signed of them.

  --why      decides each act again by the definitions, counters and balances of
             its time, and compares; what an act asked beyond the log (the budget
             of another shard, who asked) is taken as it was logged
  --log-keys <a,b>
             keys of the ledger that you trust, files of lines or keys: what is
             signed of the logs must be signed by one. Default: the keys that the
             folder itself names
  --checkpoints <a,b>
             checkpoints, or receipts, that somebody has kept: the log must still
             be the one that was signed
  --resume <file>
             notes there which sealed segments of the logs were checked to the
             last byte; with the same file, a check that was ended goes on
  <folder>   a data folder that no server has open: a copy, or after a stop

Prints each finding with its shard and, where it is in one, the block.

Exit codes: 0 everything is as it should be; 1 something was found, or the
folder could not be read; 2 wrong arguments.
`;

async function run(given: Given): Promise<number> {
  const { operands, options } = given;
  const folder = existingFolder(operands[0] ?? '');
  const said = keysIn(given, 'log-keys');
  const keys = async () => (said.length > 0 ? said : keysOfFolder(folder));
  const kept = listOption(given, 'checkpoints') ?? [];
  const heads: KeptHead[] = [];
  for (const file of kept)
    heads.push(
      await keptHead(readFileSync(file, 'utf8'), await keys()).catch((error: Error) => {
        throw new Error(`${file}: ${error.message}`);
      }),
    );
  const progress = progressShown('Verifying');
  const found = await verifyFolder(folder, {
    why: options['why'] === true,
    heads,
    resume: textOption(given, 'resume'),
    onProgress: progress.tell,
  }).finally(progress.end);
  const { trees = [] } = found;
  const signed = trees.length === 0 ? [] : await signatureFaults(trees, await keys());
  for (const { shard, what } of signed) process.stdout.write(`shard ${shard}, folder: ${what}\n`);
  for (const { shard, environment, seq, what } of found.problems) {
    const block = seq === undefined ? '' : `, block ${seq}`;
    process.stdout.write(`shard ${shard}, ${environment}${block}: ${what}\n`);
  }
  const checked = `${found.blocks} blocks, ${found.transfers} transfers`;
  if (found.why !== undefined) {
    const { recomputed, asLogged } = found.why;
    process.stdout.write(`Acts: ${recomputed} decided again, ${asLogged} as they were logged.\n`);
  }
  for (const { shard, size, root, signed: last } of trees) {
    const what = last === undefined ? 'nothing signed' : `signed up to ${last.size}`;
    process.stdout.write(`Shard ${shard}: a tree of ${size} entries, root ${root}, ${what}.\n`);
  }
  const length = found.problems.length + signed.length;
  const isOk = found.ok && signed.length === 0;
  process.stdout.write(
    isOk
      ? `Everything is as it should be: ${checked}.\n`
      : `${length} problem${length === 1 ? '' : 's'} found in ${checked}.\n`,
  );
  return isOk ? 0 : 1;
}

export const verify: CliCommand = {
  help,
  options: { why: 'flag', 'log-keys': 'text', checkpoints: 'text', resume: 'text' },
  operands: ['folder'],
  run,
};
