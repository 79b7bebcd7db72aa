// `jifen stop`: ends the process that has a folder open. Owns: the signal, the waiting. Never touches: how it stops.

import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { folderHolder } from '../../engine/index.js';
import { type CliCommand, existingFolder, type Given } from './arguments.js';

const LOOK_MS = 50;

const help = `Usage: jifen stop <folder>

Ends the process that has a folder open (SIGTERM) and waits until it has: a
server answers the requests in flight and writes a checkpoint first. To be run
where the process runs, as its user. Where something starts servers by itself
(systemd, docker), ask that to stop it, or it starts another one.

  <folder>   the data folder

Exit codes: 0 it has stopped cleanly; 1 no process has the folder open, or it
ended in another way; 2 wrong arguments.
`;

async function run({ operands }: Given): Promise<number> {
  const folder = existingFolder(resolve(operands[0] ?? ''));
  const holder = folderHolder(folder);
  if (holder?.isAlive !== true) throw new Error(`no process has ${folder} open`);
  const { pid } = holder;
  process.kill(pid, 'SIGTERM');
  for (;;) {
    // A clean stop takes the lock away as its last step.
    const found = folderHolder(folder);
    if (found?.pid !== pid) break;
    if (!found.isAlive)
      throw new Error(`process ${pid} ended without a clean stop: see what it said`);
    await sleep(LOOK_MS);
  }
  process.stdout.write(`Stopped process ${pid}, which had ${folder} open\n`);
  return 0;
}

export const stop: CliCommand = { help, options: {}, operands: ['folder'], run };
