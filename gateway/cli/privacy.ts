// `jifen privacy ...`: what members let be shared, who has seen what is personal, how long it is kept, of a ledger that is being served. Owns: what is asked of
// the server, what is shown. Never touches: consents, what is seen. Erasures and keys: vault.ts; all that is kept of a member: member.ts.

import { type CliCommand, type Given, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_HELP, ask, askPages, show } from './ask.js';

const ENDING = `${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`;

const pathOf = ({ operands: [owner = ''] }: Given, what: string): string =>
  `/v1/members/${encodeURIComponent(owner)}/${what}`;

/** What is said of a consent; undefined: nothing. */
function saidOption(given: Given, name: string): boolean | undefined {
  const text = textOption(given, name);
  if (text === undefined) return undefined;
  if (text !== 'yes' && text !== 'no') throw new UsageError(`--${name} is yes or no`);
  return text === 'yes';
}

async function asked(given: Given, method: string, path: string, body?: object): Promise<number> {
  show((await ask(given, method, path, body)).body);
  return 0;
}

export const consents: CliCommand = {
  help: `Usage: jifen privacy consents <member> [options]

Shows what a member lets be shared, as JSON: nothing, where nothing was said.

${ENDING}`,
  options: ASKING,
  operands: ['member'],
  run: (given) => asked(given, 'GET', pathOf(given, 'sharing')),
};

export const consent: CliCommand = {
  help: `Usage: jifen privacy consent <member> [options]

Says what a member lets be shared; what is left out stays as it is.

  --analytics <yes|no>   device and location may leave the ledger
  --contacts <yes|no>    phone, mail and address may leave the ledger
${ENDING}`,
  options: { ...ASKING, analytics: 'text', contacts: 'text' },
  operands: ['member'],
  run: (given) => {
    const [analytics, contacts] = [saidOption(given, 'analytics'), saidOption(given, 'contacts')];
    if (analytics === undefined && contacts === undefined)
      throw new UsageError('--analytics or --contacts is missing');
    const body = { share_analytics: analytics, share_contacts: contacts };
    return asked(given, 'PUT', pathOf(given, 'sharing'), body);
  },
};

export const disclosures: CliCommand = {
  help: `Usage: jifen privacy disclosures <member> [options]

Shows who has seen what is personal of a member, the newest first, as JSON.

${ENDING}`,
  options: ASKING,
  operands: ['member'],
  run: async (given) => {
    show({ disclosures: await askPages(given, pathOf(given, 'disclosures'), 'disclosures') });
    return 0;
  },
};

export const anonymousId: CliCommand = {
  help: `Usage: jifen privacy anonymous-id <member> --platform <platform> [options]

Shows what a member is called at a platform where nobody is to know who it is.

  --platform <platform>  at this one
${ENDING}`,
  options: { ...ASKING, platform: 'text' },
  operands: ['member'],
  run: (given) => {
    const platform = textOption(given, 'platform');
    if (platform === undefined) throw new UsageError('--platform is missing');
    const query = `platform=${encodeURIComponent(platform)}`;
    return asked(given, 'GET', `${pathOf(given, 'anonymous-id')}?${query}`);
  },
};

export const retention: CliCommand = {
  help: `Usage: jifen privacy retention [options]

Shows how long what is kept, and which limit says so, as JSON. Who is to be forgotten:
jifen vault erase, erasures; all that is kept of a member: jifen member export.

${ENDING}`,
  options: ASKING,
  operands: [],
  run: (given) => asked(given, 'GET', '/v1/retention'),
};
