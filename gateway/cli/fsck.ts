// `jifen fsck`: what a broken folder lacks. Owns: how it is said. Never touches: the looking and mending itself.

import { fsckFolder } from '../../engine/index.js';
import { type CliCommand, existingFolder, type Given, listOption } from './arguments.js';

const help = `Usage: jifen fsck [options] <folder>

Says in words what a broken data folder lacks, what that means, and what can be
mended from where: missing or damaged segments, a lost manifest, a tail that
does not go on from them, a state that is gone. It looks at files; whether the
books are right is for jifen verify, which should follow.

  --from <a,b>   folders that segments may be taken from: backups, copies, or
                 folders with the files alone; only what is the same segment to
                 its last byte is taken
  --mend         mends what can be mended; without it nothing is written
  <folder>       a data folder that no server has open

Exit codes: 0 nothing lacks, or all of it was mended; 1 something does; 2 wrong
arguments.
`;

async function run(given: Given): Promise<number> {
  const folder = existingFolder(given.operands[0] ?? '');
  const mend = given.options['mend'] === true;
  const lacks = await fsckFolder(folder, { mend, from: listOption(given, 'from') });
  for (const { shard, what, remedy, isMended } of lacks) {
    const where = shard === undefined ? '' : `shard ${shard}: `;
    process.stdout.write(`${where}${what}\n  ${isMended ? 'mended' : 'remedy'}: ${remedy}\n`);
  }
  const left = lacks.filter(({ isMended }) => !isMended).length;
  if (lacks.length === 0) process.stdout.write('Nothing lacks.\n');
  else process.stdout.write(`${lacks.length - left} mended, ${left} left.\n`);
  return left === 0 ? 0 : 1;
}

export const fsck: CliCommand = {
  help,
  options: { from: 'text', mend: 'flag' },
  operands: ['folder'],
  run,
};
