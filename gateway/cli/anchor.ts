// `jifen anchor ...`: the anchor of a ledger that is being served. Owns: arguments, what is asked of the server, what is shown; a root worked out again. Never
// touches: the chain.

import { setTimeout as sleep } from 'node:timers/promises';
import { anchoredRoot } from '../anchor/roots.js';
import type { AnchoredShard } from '../anchor/shapes.js';
import { type CliCommand, type Given, numberOption, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_END, ASKING_HELP, ask, show } from './ask.js';

const POLL_MS = 2_000;
const WAIT_SECONDS_MAX = 86_400;
const SECOND_MS = 1_000;
const NUMBERS = {
  'chain-id': 'chainId',
  confirmations: 'confirmations',
  'gas-max': 'gasMax',
  'fee-max-gwei': 'feeMaxGwei',
  'anchor-seconds': 'anchorSeconds',
  'feed-seconds': 'feedSeconds',
  'compare-seconds': 'compareSeconds',
} as const;

/** Do ledger and chain agree? */
const isOk = ({ status }: Readonly<Record<string, unknown>>): boolean =>
  (status as { readonly state: string }).state === 'ok';

/** `shop:gold,club:miles` */
function platformsIn(given: Given): readonly object[] | undefined {
  const text = textOption(given, 'platforms');
  if (text === undefined) return undefined;
  const some = text.split(',').filter((one) => one !== '');
  return some.map((one) => {
    const [platform, asset, more] = one.split(':');
    if (platform === undefined || asset === undefined || more !== undefined)
      throw new UsageError('--platforms: pairs of a platform and an asset, shop:gold,club:miles');
    return { platform, asset };
  });
}

export const set: CliCommand = {
  help: `Usage: jifen anchor set --rpc <url> --chain-id <n> [options]

Sets up the chain that roots of the logs are anchored on, or says it anew; shows the
ledger's account there, which is to be given what transactions cost.

  --rpc <url>            where the chain is asked (JSON-RPC); sealed, not shown again.
                         Left out: as it is. A private address must be among
                         --webhook-hosts of jifen start
  --chain-id <n>         which chain it is
  --contract <address>   the contract. Left out: as it is, or it is deployed next
  --confirmations <n>    blocks over one that is believed. Default: 12
  --gas-max <n>          units of gas one transaction may take. Default: 5000000
  --fee-max-gwei <n>     what a unit may cost. Default: 100
  --anchor-seconds <n>   how often a root is anchored. Default: 3600
  --feed-seconds <n>     how often balances are fed. Default: 600
  --compare-seconds <n>  how often ledger and chain are compared. Default: 3600
  --platforms <a:b,c:d>  platforms whose members' balances are shown, each with its
                         asset. Default: none
${ASKING_END}`,
  options: {
    ...ASKING,
    ...{ rpc: 'text', contract: 'text', platforms: 'text' },
    ...{ 'chain-id': 'text', confirmations: 'text', 'gas-max': 'text', 'fee-max-gwei': 'text' },
    ...{ 'anchor-seconds': 'text', 'feed-seconds': 'text', 'compare-seconds': 'text' },
  },
  operands: [],
  run: async (given) => {
    const numbers = Object.entries(NUMBERS).map(([option, field]) => [
      field,
      numberOption(given, option, 0, Number.MAX_SAFE_INTEGER),
    ]);
    if (textOption(given, 'chain-id') === undefined) throw new UsageError('--chain-id is missing');
    const [rpcUrl, contract] = [textOption(given, 'rpc'), textOption(given, 'contract')];
    const body = { ...Object.fromEntries(numbers), rpcUrl, contract };
    const platforms = platformsIn(given);
    show((await ask(given, 'PUT', '/v1/anchor', { ...body, platforms })).body);
    return 0;
  },
};

export const deploy: CliCommand = {
  help: `Usage: jifen anchor deploy [options]

Deploys the contract from the ledger's account, on the chain that is set up.

  --owner <address>      whose it is: who may pause it, and say who writes. Default:
                         the ledger's account; another one is better
  --wait <seconds>       waits so long until it lies deep enough. Default: 0
${ASKING_END}`,
  options: { ...ASKING, owner: 'text', wait: 'text' },
  operands: [],
  run: async (given) => {
    const owner = textOption(given, 'owner');
    const seconds = numberOption(given, 'wait', 0, WAIT_SECONDS_MAX) ?? 0;
    let { body } = await ask(given, 'POST', '/v1/anchor/deploy', { owner });
    const until = performance.now() + seconds * SECOND_MS;
    while (!isOk(body) && performance.now() < until) {
      await sleep(POLL_MS);
      ({ body } = await ask(given, 'GET', '/v1/anchor'));
    }
    show(body);
    return seconds === 0 || isOk(body) ? 0 : 1;
  },
};

export const status: CliCommand = {
  help: `Usage: jifen anchor status [options]

Shows the anchor as JSON: how the chain is, what is anchored, what is under way, what
differs.

${ASKING_HELP}

Exit codes: 0 ledger and chain agree; 1 they do not, the chain is not reached, or
nothing is anchored yet; refused, or no server; 2 wrong arguments.
`,
  options: ASKING,
  operands: [],
  run: async (given) => {
    const { body } = await ask(given, 'GET', '/v1/anchor');
    show(body);
    return isOk(body) ? 0 : 1;
  },
};

export const compare: CliCommand = {
  help: `Usage: jifen anchor compare [options]

Compares ledger and chain now.

  --accept               your word that the chain is right: numbers go on from what
                         it has, and the next batches set balances right
${ASKING_END}`,
  options: { ...ASKING, accept: 'flag' },
  operands: [],
  run: async (given) => {
    const accept = given.options['accept'] === true;
    const { body } = await ask(given, 'POST', '/v1/anchor/compare', { accept });
    show(body);
    return isOk(body) ? 0 : 1;
  },
};

export const root: CliCommand = {
  help: `Usage: jifen anchor root <number> [options]

Shows an anchored root and the checkpoints that it stands for, having worked it out
of them; whoever asks the contract for anchors(<number>) is told the same one.

${ASKING_END}`,
  options: ASKING,
  operands: ['number'],
  run: async (given) => {
    const number = encodeURIComponent(given.operands[0] ?? '');
    const { body } = await ask(given, 'GET', `/v1/anchor/roots/${number}`);
    const told = body as unknown as {
      name: string;
      root: string;
      shards: readonly AnchoredShard[];
    };
    show(body);
    if (anchoredRoot(told.name, told.shards) === told.root) return 0;
    process.stderr.write('jifen: these checkpoints have another root\n');
    return 1;
  },
};

export const link: CliCommand = {
  help: `Usage: jifen anchor link <platform> <address> <member> [options]

Says whose an address is: its balance is shown on the chain from now on, and stays
readable there for ever.

${ASKING_END}`,
  options: ASKING,
  operands: ['platform', 'address', 'member'],
  run: async (given) => {
    const [platform = '', address = '', owner = ''] = given.operands;
    show((await ask(given, 'PUT', addressPath(platform, address), { owner })).body);
    return 0;
  },
};

export const unlink: CliCommand = {
  help: `Usage: jifen anchor unlink <platform> <address> [options]

Says that an address is nobody's any more: its balance on the chain becomes 0.

${ASKING_END}`,
  options: ASKING,
  operands: ['platform', 'address'],
  run: async (given) => {
    const [platform = '', address = ''] = given.operands;
    show((await ask(given, 'DELETE', addressPath(platform, address))).body);
    return 0;
  },
};

const addressPath = (platform: string, address: string): string =>
  `/v1/anchor/platforms/${encodeURIComponent(platform)}/addresses/${encodeURIComponent(address)}`;
