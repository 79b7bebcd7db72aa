// `jifen user` and `jifen transfer`: a user's points in a ledger that is being served. Owns: what is
// asked of the server, what is shown. Never touches: points.

import { randomUUID } from 'node:crypto';
import { type CliCommand, textOption, UsageError, wholeOperand } from './arguments.js';
import { ASKING, ASKING_HELP, ask, show } from './ask.js';

export const user: CliCommand = {
  help: `Usage: jifen user <id> [options]

Shows a user's points, and who the user is at which platform, as JSON.

  <id>                   the global id: the owner of the accounts
${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`,
  options: ASKING,
  operands: ['id'],
  run: async (given) => {
    const id = encodeURIComponent(given.operands[0] ?? '');
    const { body: points } = await ask(given, 'GET', `/v1/accounts/${id}`);
    const { body: known } = await ask(given, 'GET', `/v1/users/${id}`);
    show({ ...points, mappings: known.mappings });
    return 0;
  },
};

export const transfer: CliCommand = {
  help: `Usage: jifen transfer <from> <to> <amount> --asset <asset> [options]

Moves points and shows the balances after it.

  <from>, <to>           users, or system owners such as @issue
  <amount>               in minor units: 150 is 1.50 of an asset with two decimals
  --asset <asset>        the kind of points
  --id <id>              the id to do it under: the same again changes nothing.
                         Default: one is made, and shown
  --memo <text>          a remark
${ASKING_HELP}

Exit codes: 0 done, or it had been before; 1 refused, not decided yet, or no
server; 2 wrong arguments.
`,
  options: { ...ASKING, asset: 'text', id: 'text', memo: 'text' },
  operands: ['from', 'to', 'amount'],
  run: async (given) => {
    const [from, to] = given.operands;
    const asset = textOption(given, 'asset');
    if (asset === undefined) throw new UsageError('--asset is missing');
    const amount = wholeOperand(given, 2, 'amount');
    const id = textOption(given, 'id') ?? `CLI:${randomUUID()}`;
    process.stderr.write(`Transfer ${id}\n`);
    const memo = textOption(given, 'memo');
    const legs = [{ from, to, asset, amount }];
    const { status, body } = await ask(given, 'POST', '/v1/transfers', { id, memo, legs });
    show(body);
    return status === 202 ? 1 : 0;
  },
};
