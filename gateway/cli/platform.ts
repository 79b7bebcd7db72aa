// `jifen platform ...`: platforms of a ledger that is being served. Owns: what is asked of the server,
// what is shown. Never touches: platforms.

import { OPERATIONS } from '../../engine/index.js';
import { OVERLAP_SECONDS_MAX } from '../limits.js';
import { type CliCommand, type Given, listOption, numberOption, textOption } from './arguments.js';
import { ASKING, ASKING_END, ask, show, showSecret, shows } from './ask.js';

const pathOf = ({ operands }: Given, verb = ''): string =>
  `/v1/platforms/${encodeURIComponent(operands[0] ?? '')}${verb}`;

export const add: CliCommand = {
  help: `Usage: jifen platform add <id> --name <text> --assets <a,b> --operations <x,y>
                          [options]

Registers a platform and shows its secret, once.

  <id>                   1 to 24 characters out of a-z 0-9 _ -
  --name <text>          for people
  --assets <a,b>         the assets that it may touch; the first is its own
  --operations <x,y>     out of ${OPERATIONS.join(', ')}
  --endpoint <url>       where the platform's own service is
  --proof <p>            any (default), token, signature, both: what its requests
                         must have
  --user-ids <k>         global (default) or platform: how it names users
  --programme <key>      points that it adds by a type of events of this programme
                         are what the event earns
  --embed-origins <a,b>  origins whose pages may embed /me/embed/<id>, such as
                         https://shop.example
${ASKING_END}`,
  options: {
    ...ASKING,
    name: 'text',
    assets: 'text',
    operations: 'text',
    endpoint: 'text',
    proof: 'text',
    'user-ids': 'text',
    programme: 'text',
    'embed-origins': 'text',
  },
  operands: ['id'],
  run: async (given) => {
    const { body } = await ask(given, 'POST', '/v1/platforms', {
      id: given.operands[0],
      name: textOption(given, 'name'),
      assets: listOption(given, 'assets'),
      operations: listOption(given, 'operations'),
      endpoint: textOption(given, 'endpoint'),
      proof: textOption(given, 'proof'),
      userIds: textOption(given, 'user-ids'),
      programme: textOption(given, 'programme'),
      embedOrigins: listOption(given, 'embed-origins'),
    });
    showSecret(body);
    return 0;
  },
};

export const list = shows(
  'platform list',
  'Shows all platforms as JSON.',
  async (given) => (await ask(given, 'GET', '/v1/platforms')).body.platforms,
);

export const rotate: CliCommand = {
  help: `Usage: jifen platform rotate <id> [options]

Makes a new secret for a platform and shows it, once.

  --overlap-seconds <n>  how long the last secret stays good beside it, 0 to
                         ${OVERLAP_SECONDS_MAX}. Default: one day
${ASKING_END}`,
  options: { ...ASKING, 'overlap-seconds': 'text' },
  operands: ['id'],
  run: async (given) => {
    const overlapSeconds = numberOption(given, 'overlap-seconds', 0, OVERLAP_SECONDS_MAX);
    showSecret((await ask(given, 'POST', pathOf(given, '/rotate'), { overlapSeconds })).body);
    return 0;
  },
};

const switching = (verb: 'disable' | 'enable', what: string): CliCommand => ({
  help: `Usage: jifen platform ${verb} <id> [options]

${what}

${ASKING_END}`,
  options: ASKING,
  operands: ['id'],
  run: async (given) => {
    show((await ask(given, 'POST', pathOf(given, `/${verb}`))).body);
    return 0;
  },
});

export const disable = switching('disable', 'Refuses all requests of a platform from now on.');
export const enable = switching('enable', 'Lets a platform in again that was disabled.');
