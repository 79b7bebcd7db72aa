// `jifen sandbox-partner`: a partner to test against. Owns: its arguments, its life. Never touches: what it answers.

import { DEFECT_NAMES, DEFECTS, type Defect } from '../partners/sandbox/defects.js';
import { startSandbox } from '../partners/sandbox/server.js';
import { type CliCommand, listOption, numberOption, textOption, UsageError } from './arguments.js';
import { tokenOption } from './partner-check.js';
import { stopSignal } from './stop-signal.js';

const PORT_MAX = 65_535;
const SEED_MAX = 2 ** 32 - 1;
const PERCENT = 30;

export const sandboxPartner: CliCommand = {
  help: `Usage: jifen sandbox-partner --token <token> [options]

Serves a partner to test against: it keeps users and their points, and does what
partners are asked to. Under /sandbox it is told to fail: see
ops/docs/partners.md. It ends with SIGINT or SIGTERM.

  --token <token>        what it wants to be shown; or
  --token-file <file>    the file that holds it; - reads stdin
  --port <n>             where it listens; 0: any that is free. Default: 8090
  --host <address>       Default: 127.0.0.1
  --dir <folder>         where it keeps what it did. Default: it forgets
  --assets <a,b>         the points that it keeps. Default: points
  --faults <seed>        has calls meet faults that follow from the seed
  --fault-percent <n>    so many of a hundred. Default: ${PERCENT}
  --break <a,b>          breaks rules of the contract, for ever:
${DEFECT_NAMES.map((name) => `      ${name.padEnd(24)} ${DEFECTS[name]}`).join('\n')}

Exit codes: 0 ended; 1 it could not be started; 2 wrong arguments.
`,
  options: {
    ...{ token: 'text', 'token-file': 'text', port: 'text', host: 'text', dir: 'text' },
    ...{ assets: 'text', faults: 'text', 'fault-percent': 'text', break: 'text' },
  },
  operands: [],
  serves: true,
  run: async (given) => {
    const defects = listOption(given, 'break') ?? [];
    const strange = defects.find((name) => !DEFECT_NAMES.includes(name as Defect));
    if (strange !== undefined) throw new UsageError(`--break: there is no rule ${strange}`);
    const seed = numberOption(given, 'faults', 0, SEED_MAX);
    const percent = numberOption(given, 'fault-percent', 0, 100) ?? PERCENT;
    const sandbox = await startSandbox({
      host: textOption(given, 'host'),
      port: numberOption(given, 'port', 0, PORT_MAX) ?? 8_090,
      token: tokenOption(given),
      folder: textOption(given, 'dir'),
      assets: listOption(given, 'assets'),
      defects: defects as Defect[],
      faults: seed === undefined ? undefined : { seed, percent },
    });
    process.stdout.write(`a sandbox partner listens on ${sandbox.address}\n`);
    await stopSignal();
    await sandbox.close();
    return 0;
  },
};
