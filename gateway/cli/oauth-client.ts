// `jifen oauth-client ...`: applications of a ledger that is being served. Owns: what is asked of the server, what is shown. Never touches: what is kept of
// them.

import { OVERLAP_SECONDS_MAX } from '../limits.js';
import { type CliCommand, type Given, listOption, numberOption, textOption } from './arguments.js';
import { ASKING, ASKING_END, ask, show, showSecret, shows } from './ask.js';

const pathOf = ({ operands }: Given, verb = ''): string =>
  `/v1/oauth-clients/${encodeURIComponent(operands[0] ?? '')}${verb}`;

export const add: CliCommand = {
  help: `Usage: jifen oauth-client add --name <text> [options]

Registers an application and shows its id and its secret, this once.

  --name <text>          for people: members read it before they consent
  --redirect-uris <a,b>  where codes may go, compared character by character:
                         https, http of this machine, or com.example.app:/path
  --scope <text>         what it may ask members for, with blanks between:
                         profile read redeem transfer participate; of one
                         platform alone: redeem:shop
  --public               it can keep no secret (a page, a phone's application)
  --platform <id>        the platform whose points it may work on for itself
  --own-scope <text>     what it may do so: read, redeem, transfer of that
                         platform, e.g. "read:shop redeem:shop"
${ASKING_END}`,
  options: {
    ...ASKING,
    name: 'text',
    'redirect-uris': 'text',
    scope: 'text',
    public: 'flag',
    platform: 'text',
    'own-scope': 'text',
  },
  operands: [],
  run: async (given) => {
    const { body } = await ask(given, 'POST', '/v1/oauth-clients', {
      name: textOption(given, 'name'),
      isPublic: given.options.public === true ? true : undefined,
      redirectUris: listOption(given, 'redirect-uris'),
      scope: textOption(given, 'scope'),
      platform: textOption(given, 'platform'),
      ownScope: textOption(given, 'own-scope'),
    });
    showSecret(body);
    return 0;
  },
};

export const list = shows(
  'oauth-client list',
  'Shows all applications as JSON.',
  async (given) => (await ask(given, 'GET', '/v1/oauth-clients')).body.clients,
);

export const shown = shows(
  'oauth-client show <id>',
  'Shows an application as JSON.',
  async (given) => (await ask(given, 'GET', pathOf(given))).body,
);

export const rotate: CliCommand = {
  help: `Usage: jifen oauth-client rotate <id> [options]

Makes a new secret for an application and shows it, once.

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

const changing = (verb: string, what: string, method: string, path: string): CliCommand => ({
  help: `Usage: jifen oauth-client ${verb} <id> [options]

${what}

${ASKING_END}`,
  options: ASKING,
  operands: ['id'],
  run: async (given) => {
    show((await ask(given, method, pathOf(given, path))).body);
    return 0;
  },
});

export const disable = changing(
  'disable',
  'Refuses an application; what members gave it is good no more, for ever.',
  'POST',
  '/disable',
);
export const enable = changing('enable', 'Lets an application in again.', 'POST', '/enable');
export const remove = changing(
  'remove',
  'Removes an application; what members gave it is good no more.',
  'DELETE',
  '',
);
