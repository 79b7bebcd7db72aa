// `jifen member ...`: members who are merged, and parted again, of a ledger that is being served. Owns: what is asked of the server, what is shown.
// Never touches: what goes over.

import { randomUUID } from 'node:crypto';
import { type CliCommand, type Given, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_HELP, ask, show } from './ask.js';

const ENDING = `${ASKING_HELP}

Exit codes: 0 done, or it had been before; 1 refused, not decided yet, or no
server; 2 wrong arguments.
`;

const pathOf = ({ operands }: Given, verb: string): string =>
  `/v1/members/${encodeURIComponent(operands[0] ?? '')}/${verb}`;

async function asked(given: Given, verb: string, more: object): Promise<number> {
  const reason = textOption(given, 'reason');
  if (reason === undefined) throw new UsageError('--reason is missing');
  const id = textOption(given, 'id') ?? `CLI:${randomUUID()}`;
  process.stderr.write(`Act ${id}\n`);
  const { status, body } = await ask(given, 'POST', pathOf(given, verb), { id, reason, ...more });
  show(body);
  return status === 202 ? 1 : 0;
}

export const merge: CliCommand = {
  help: `Usage: jifen member merge <member> <into> --reason <text> [options]

Merges a member into another one, who gets all points, with their expiries, and what
limits, tiers and tasks have counted.

  --days <n>             for how long it can be undone. Default: 30
  --id <id>              the id to do it under: the same again changes nothing.
                         Default: one is made, and shown
${ENDING}`,
  options: { ...ASKING, reason: 'text', days: 'text', id: 'text' },
  operands: ['member', 'into'],
  run: (given) => {
    const days = textOption(given, 'days');
    if (days !== undefined && !/^\d{1,3}$/.test(days))
      throw new UsageError('--days is a whole number');
    const more = days === undefined ? {} : { days: Number(days) };
    return asked(given, 'merge', { into: given.operands[1], ...more });
  },
};

export const unmerge: CliCommand = {
  help: `Usage: jifen member unmerge <member> --reason <text> [options]

Undoes the merge of a member: what came over goes back.

  --allow-debt           also where the other one has too few points left, who then
                         owes the rest
  --id <id>              the id to do it under: the same again changes nothing.
                         Default: one is made, and shown
${ENDING}`,
  options: { ...ASKING, reason: 'text', 'allow-debt': 'flag', id: 'text' },
  operands: ['member'],
  run: (given) =>
    asked(given, 'unmerge', given.options['allow-debt'] === true ? { allowDebt: true } : {}),
};

export const showMerge: CliCommand = {
  help: `Usage: jifen member show <member> [options]

Shows whether a member was merged, into whom, and who was merged into it, as JSON.

${ENDING}`,
  options: ASKING,
  operands: ['member'],
  run: async (given) => {
    show((await ask(given, 'GET', pathOf(given, 'merge'))).body);
    return 0;
  },
};
