// `jifen witness ...`: a witness that is run here; witnesses that a ledger asks. Owns: arguments, the life of the one, what is asked of the server for the
// others. Never touches: what is cosigned (gateway/receipts/witness/).

import { resolve } from 'node:path';
import { isKeyName, keyOf } from '../receipts/verify.js';
import { startWitness } from '../receipts/witness/server.js';
import { type CliCommand, numberOption, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_END, ask, show, shows } from './ask.js';
import { keysIn } from './receipt.js';
import { stopSignal } from './stop-signal.js';

const PORT = 8_095;
const PORT_MAX = 65_535;
const FOLDER = 'jifen-witness';

export const run: CliCommand = {
  help: `Usage: jifen witness run --name <name> --logs <a,b> [options]

Runs a witness (C2SP tlog-witness): it cosigns a checkpoint of a log where that goes
on from the last one it has cosigned, and no other. So who trusts it knows that the
ledger shows everybody one history. It ends with SIGINT or SIGTERM.

  --name <name>          what it is called: a URL without https://, e.g.
                         partner.example/witness
  --logs <a,b>           keys of the ledgers that it watches: files of lines, or
                         keys, as jifen receipt keys shows them
  --dir <folder>         where it remembers, and has its key (witness.key), which is
                         made where there is none. Default: ${FOLDER}
  --port <n>             where it listens; 0: any that is free. Default: ${PORT}
  --host <address>       Default: 127.0.0.1. It speaks plain HTTP: for other machines
                         put a proxy that ends TLS in front of it

It shows its public key, which ledgers ask it by (jifen witness put) and whoever
checks receipts trusts. GET / tells it, GET /checkpoint?origin=<log> what it has
cosigned last, GET /forks two histories that it was shown.

Exit codes: 0 ended; 1 it could not be started; 2 wrong arguments.
`,
  options: { name: 'text', logs: 'text', dir: 'text', port: 'text', host: 'text' },
  operands: [],
  serves: true,
  run: async (given) => {
    const name = textOption(given, 'name');
    if (name === undefined) throw new UsageError('--name is missing');
    if (!isKeyName(name)) throw new UsageError('--name: without spaces and +');
    const logs = keysIn(given, 'logs');
    if (logs.length === 0) throw new UsageError('--logs is missing');
    for (const line of logs) keyOf(line);
    const witness = await startWitness({
      folder: resolve(textOption(given, 'dir') ?? FOLDER),
      ...{ name, logs },
      host: textOption(given, 'host'),
      port: numberOption(given, 'port', 0, PORT_MAX) ?? PORT,
      onFork: ({ origin, cosigned, refused }) =>
        process.stderr.write(
          `jifen: ${origin} has two histories, and has signed both:\n${cosigned}\n${refused}\n`,
        ),
    });
    process.stdout.write(`${witness.vkey}\na witness listens on ${witness.address}\n`);
    await stopSignal();
    await witness.close();
    return 0;
  },
};

export const put: CliCommand = {
  help: `Usage: jifen witness put <witness> --vkey <key> --at <url> [options]

Has a witness asked to cosign checkpoints, or says anew where it is.

  --vkey <key>           its public key
  --at <url>             where it is; a private address must be among --webhook-hosts
                         of jifen start
  --name <name>          a name for people
${ASKING_END}`,
  options: { ...ASKING, vkey: 'text', at: 'text', name: 'text' },
  operands: ['witness'],
  run: async (given) => {
    const [vkey, url] = [textOption(given, 'vkey'), textOption(given, 'at')];
    if (vkey === undefined || url === undefined) throw new UsageError('--vkey and --at are needed');
    const body = { vkey, url, name: textOption(given, 'name') };
    const path = `/v1/witnesses/${encodeURIComponent(given.operands[0] ?? '')}`;
    show((await ask(given, 'PUT', path, body)).body);
    return 0;
  },
};

export const list = shows(
  'witness list',
  `Shows the witnesses that are asked to cosign checkpoints, and what came of it, as
JSON.`,
  async (given) => (await ask(given, 'GET', '/v1/witnesses')).body,
);

export const remove: CliCommand = {
  help: `Usage: jifen witness remove <witness> [options]

Asks a witness nothing more.

${ASKING_END}`,
  options: ASKING,
  operands: ['witness'],
  run: async (given) => {
    const path = `/v1/witnesses/${encodeURIComponent(given.operands[0] ?? '')}`;
    show((await ask(given, 'DELETE', path)).body);
    return 0;
  },
};
