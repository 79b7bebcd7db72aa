// `jifen key ...`: keys of operators of a ledger that is being served. Owns: what is asked of the
// server, what is shown. Never touches: keys.

import { OPERATIONS } from '../../engine/index.js';
import { type CliCommand, listOption, textOption, timeOption } from './arguments.js';
import { ASKING, ASKING_END, ask, show, shows } from './ask.js';

export const add: CliCommand = {
  help: `Usage: jifen key add --name <text> --operations <x,y> [options]

Makes a key and shows it, once.

  --name <text>          for people
  --operations <x,y>     out of ${OPERATIONS.join(', ')}
  --assets <a,b>         the assets that it extends to. Default: all
  --owner <user>         the one user whose points it extends to. Default: all
  --expires-at <time>    when it ends by itself, e.g. 2027-01-31T00:00:00Z.
                         Default: never
${ASKING_END}`,
  options: {
    ...ASKING,
    name: 'text',
    operations: 'text',
    assets: 'text',
    owner: 'text',
    'expires-at': 'text',
  },
  operands: [],
  run: async (given) => {
    const { body } = await ask(given, 'POST', '/v1/keys', {
      name: textOption(given, 'name'),
      operations: listOption(given, 'operations'),
      assets: listOption(given, 'assets'),
      owner: textOption(given, 'owner'),
      expiresAt: timeOption(given, 'expires-at'),
    });
    const { key, ...shown } = body;
    show(shown);
    process.stdout.write(`\nThe key, shown this once:\n\n  ${String(key)}\n`);
    return 0;
  },
};

export const list = shows(
  'key list',
  'Shows all keys that were made, without what would open anything, as JSON.',
  async (given) => (await ask(given, 'GET', '/v1/keys')).body.keys,
);

export const revoke: CliCommand = {
  help: `Usage: jifen key revoke <id> [options]

Ends a key for good.

  <id>                   the key's id: the 12 characters after jifen_key_
${ASKING_END}`,
  options: ASKING,
  operands: ['id'],
  run: async (given) => {
    const id = encodeURIComponent(given.operands[0] ?? '');
    show((await ask(given, 'POST', `/v1/keys/${id}/revoke`)).body);
    return 0;
  },
};
