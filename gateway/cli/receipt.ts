// `jifen receipt ...`: receipts of a ledger that is being served; receipts and checkpoints checked here. Owns: what is asked of the server, which files are
// read and written, what is shown. Never touches: the checks themselves (gateway/receipts/verify.ts).

import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { checkpointIn, compareCheckpoints } from '../receipts/compare.js';
import { believed, ReceiptError, type Trust, verifyReceipt } from '../receipts/verify.js';
import {
  type CliCommand,
  type Given,
  listOption,
  numberOption,
  textOption,
  UsageError,
} from './arguments.js';
import { ASKING, ASKING_HELP, ask, askText, show } from './ask.js';

const EXIT_WRONG = 1;
const QUORUM_MAX = 64;
const TRUST = { 'log-keys': 'text', 'witness-keys': 'text', quorum: 'text' } as const;
const TRUST_HELP = `  --log-keys <a,b>       the ledger's keys that you trust: files of lines, or keys.
                         Take them from where you trust them, not from who
                         brought the receipt
  --witness-keys <a,b>   keys of witnesses that must have cosigned, likewise
  --quorum <n>           how many of them must have. Default: all`;

/** Keys as lines: each one said, or a file of them. */
export function keysIn(given: Given, name: string): readonly string[] {
  return (listOption(given, name) ?? []).flatMap((one) =>
    one.includes('+')
      ? [one]
      : readFileSync(one, 'utf8')
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '' && !line.startsWith('#')),
  );
}

function trustOf(given: Given): Trust {
  const logs = keysIn(given, 'log-keys');
  if (logs.length === 0) throw new UsageError('--log-keys is missing');
  const quorum = numberOption(given, 'quorum', 0, QUORUM_MAX);
  return { logs, witnesses: keysIn(given, 'witness-keys'), quorum };
}

/** What is wrong is one line, and exit code 1. */
async function checked(what: string, check: () => Promise<number>): Promise<number> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof ReceiptError)) throw error;
    process.stderr.write(`${what}: ${error.message}\n`);
    return EXIT_WRONG;
  }
}

const shownRoot = (root: Uint8Array): string => Buffer.from(root).toString('base64');

export const get: CliCommand = {
  help: `Usage: jifen receipt get <owner> [<id>] [options]

Asks for the receipt of a command, or of an account (--asset): a file that anybody
can check without the ledger. Shows it as JSON.

  --asset <asset>        of the owner's account, with all of its entries
  --from <version>       of those from this entry on
  --limit <n>            at most so many entries
  --to <file>            writes it to this file
${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`,
  options: { ...ASKING, asset: 'text', from: 'text', limit: 'text', to: 'text' },
  operands: ['owner'],
  hasMore: true,
  run: async (given) => {
    const [owner = '', id, strange] = given.operands;
    const asset = textOption(given, 'asset');
    if (strange !== undefined) throw new UsageError(`${strange}: there is one id at most`);
    if ((id === undefined) === (asset === undefined))
      throw new UsageError('an id, or --asset: one of both');
    const query = ['asset', 'from', 'limit'].flatMap((name) => {
      const value = textOption(given, name);
      return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
    });
    const path = [owner, ...(id === undefined ? [] : [id])].map(encodeURIComponent).join('/');
    const asked = query.length === 0 ? '' : `?${query.join('&')}`;
    const text = await askText(given, `/v1/receipts/${path}${asked}`);
    const to = textOption(given, 'to');
    if (to === undefined) process.stdout.write(`${text}\n`);
    else await writeFile(to, `${text}\n`);
    return 0;
  },
};

export const verify: CliCommand = {
  help: `Usage: jifen receipt verify <file> --log-keys <a,b> [options]

Checks a receipt, or a checkpoint, without asking any server. Shows what it proves,
as JSON.

${TRUST_HELP}

Exit codes: 0 it is right; 1 it is not, or a file cannot be read; 2 wrong arguments.
`,
  options: TRUST,
  operands: ['file'],
  run: async (given) => {
    const [file = ''] = given.operands;
    const trust = trustOf(given);
    const text = readFileSync(file, 'utf8');
    return checked(file, async () => {
      if (text.trimStart().startsWith('{')) {
        const { ok: _, checkpoint, ...receipt } = await verifyReceipt(text, trust);
        show({ ...receipt, checkpoint: { ...checkpoint, root: shownRoot(checkpoint.root) } });
        return 0;
      }
      const checkpoint = await believed(text, trust);
      show({ ...checkpoint, root: shownRoot(checkpoint.root) });
      return 0;
    });
  },
};

export const compare: CliCommand = {
  help: `Usage: jifen receipt compare <file> <file> --log-keys <a,b> [options]

Compares two checkpoints of one log, or those of receipts: are they of one history?
Where they are of two sizes, a server is asked for a proof (--ask, and which one), or
--proof names a file of one.

  --proof <file>         what GET /v1/checkpoints/{shard}/consistency said
  --ask                  asks a server for it
${TRUST_HELP}
${ASKING_HELP}

Exit codes: 0 they are of one history; 1 they are not, it is not shown, or a file
cannot be read; 2 wrong arguments.
`,
  options: { ...ASKING, ...TRUST, proof: 'text', ask: 'flag' },
  operands: ['file', 'other'],
  run: async (given) => {
    const [one = '', two = ''] = given.operands;
    const trust = trustOf(given);
    const texts = [one, two].map((file) => readFileSync(file, 'utf8')) as [string, string];
    return checked(`${one}, ${two}`, async () => {
      const [first, second] = [checkpointIn(texts[0]), checkpointIn(texts[1])];
      const bare = await compareCheckpoints(first, second, trust);
      const isOpen = bare.state === 'unproven';
      const proof = isOpen ? await proofOf(given, bare) : undefined;
      const found =
        proof === undefined ? bare : await compareCheckpoints(first, second, trust, proof);
      show({ state: found.state, why: found.why });
      return found.state === 'same' || found.state === 'consistent' ? 0 : EXIT_WRONG;
    });
  },
};

async function proofOf(
  given: Given,
  { first, second }: Awaited<ReturnType<typeof compareCheckpoints>>,
): Promise<readonly string[] | undefined> {
  const file = textOption(given, 'proof');
  const [from, to] = [first.size, second.size].sort((a, b) => a - b);
  const shard = /\/shard\/(\d+)$/.exec(first.origin)?.[1] ?? '0';
  const path = `/v1/checkpoints/${shard}/consistency?from=${from}&to=${to}`;
  const told: unknown =
    file !== undefined
      ? JSON.parse(readFileSync(file, 'utf8'))
      : given.options['ask'] === true
        ? (await ask(given, 'GET', path)).body
        : {};
  const { proof } = (told ?? {}) as { readonly proof?: readonly string[] };
  return proof;
}

export const keys: CliCommand = {
  help: `Usage: jifen receipt keys [options]

Shows the public keys that checkpoints are signed with, one a line: keep them where
receipts are checked.

  --rotate               makes another one first, which signs from now on
  --retire               and the keys before it sign nothing more
${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`,
  options: { ...ASKING, rotate: 'flag', retire: 'flag' },
  operands: [],
  run: async (given) => {
    const isNew = given.options['rotate'] === true;
    const retire = given.options['retire'] === true;
    if (retire && !isNew) throw new UsageError('--retire goes with --rotate');
    const path = '/v1/checkpoint-keys';
    const { body } = isNew
      ? await ask(given, 'POST', path, { retire })
      : await ask(given, 'GET', path);
    for (const { vkey } of body['keys'] as readonly { vkey: string }[])
      process.stdout.write(`${vkey}\n`);
    return 0;
  },
};

export const accept: CliCommand = {
  help: `Usage: jifen receipt accept <shard> [options]

Your word that the log of a shard is right although it is not the one that was
signed, after an earlier copy was put back. It is signed again; whoever has what was
signed before, witnesses among them, sees two histories.

${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`,
  options: ASKING,
  operands: ['shard'],
  run: async (given) => {
    const shard = encodeURIComponent(given.operands[0] ?? '');
    show((await ask(given, 'POST', `/v1/checkpoints/${shard}/accept`, {})).body);
    return 0;
  },
};
