// `jifen dispute ...`: disputes between platforms, of a ledger that is being served, for its operator. Owns: what is asked of the server, what is shown.
// Never touches: what may be done with a dispute.

import { type CliCommand, type Given, listOption, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_END, ask, askPages, show, shows } from './ask.js';

const pathOf = ({ operands }: Given, more = ''): string =>
  `/v1/clearing/${encodeURIComponent(operands[0] ?? '')}/disputes${more}`;
const oneOf = (given: Given, verb: string): string =>
  pathOf(given, `/${encodeURIComponent(given.operands[1] ?? '')}${verb}`);

export const list: CliCommand = {
  help: `Usage: jifen dispute list <coalition> [options]

Shows the disputes of a coalition that are not decided, as JSON.

  --cycle <n>            all of the statement of this cycle instead
  --month <yyyymm>       all of the exchanges of this month (UTC) instead
${ASKING_END}`,
  options: { ...ASKING, cycle: 'text', month: 'text' },
  operands: ['coalition'],
  run: async (given) => {
    const asked = (['cycle', 'month'] as const).flatMap((name) => {
      const value = textOption(given, name);
      return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
    });
    const query = asked.length === 0 ? '' : `?${asked.join('&')}`;
    show({ disputes: await askPages(given, pathOf(given, query), 'disputes') });
    return 0;
  },
};

export const showOne = shows(
  'dispute show <coalition> <dispute>',
  'Shows a dispute as JSON.',
  async (given) => (await ask(given, 'GET', oneOf(given, ''))).body,
);

/** What an operator decides of a dispute, with a reason. */
const decision = (verb: string, about: string): CliCommand => ({
  help: `Usage: jifen dispute ${verb} <coalition> <dispute> --reason <text> [options]

${about}

${ASKING_END}`,
  options: { ...ASKING, reason: 'text' },
  operands: ['coalition', 'dispute'],
  run: async (given) => {
    const reason = textOption(given, 'reason');
    if (reason === undefined) throw new UsageError('--reason is missing');
    show((await ask(given, 'POST', oneOf(given, `/${verb}`), { reason })).body);
    return 0;
  },
});

export const reject = decision(
  'reject',
  `Rejects a dispute that was answered, or whose time to be is over. Its lines are not
disputed again.`,
);

export const reopen = decision(
  'reopen',
  `Undoes the settlement of a dispute: what was given back goes the other way, and it
is decided anew.`,
);

export const settle: CliCommand = {
  help: `Usage: jifen dispute settle <coalition> <dispute> --reason <text> [options]

Settles a dispute that was answered, or whose time to be is over, by a transfer
between the two platforms.

  --amounts <n,n>        how much of each line goes back, in minor units, in their
                         order. Default: all that is disputed
${ASKING_END}`,
  options: { ...ASKING, reason: 'text', amounts: 'text' },
  operands: ['coalition', 'dispute'],
  run: async (given) => {
    const reason = textOption(given, 'reason');
    if (reason === undefined) throw new UsageError('--reason is missing');
    const amounts = listOption(given, 'amounts')?.map(Number);
    if (amounts?.some((one) => !Number.isSafeInteger(one) || one < 0) === true)
      throw new UsageError('--amounts are whole numbers');
    show((await ask(given, 'POST', oneOf(given, '/settle'), { amounts, reason })).body);
    return 0;
  },
};
