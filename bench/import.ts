// The question: how fast is another points system brought in? `jifen import` from one file, by the program, into a server with nothing in it. Owns: the
// file, what must be there afterwards. Never touches: how it is brought in.
//   X4. Each tenth member has a history of three entries, by which points were spent and expired; the others have a lot.
//   X5. What the import lacks afterwards is what members got by it, less what they spent.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Run, RunContext } from './harness.js';
import { JifenServer } from './jifen-server.js';
import { usageOf } from './process-usage.js';
import { orStopped } from './server-process.js';

const PROGRAM = join(import.meta.dirname, '..', 'gateway', 'jifen.cjs');
const COLUMNS = 'kind,owner,id,amount,occurredAt,expiresAt,type,businessType,businessId\n';
/** One with lots: the asset of other benches has none. */
const ASSET = 'gold';
const SMOKE_MEMBERS = 200;
const WRITTEN = 1 << 20;
const LOT = 7;
const [EARNED, SPENT, KEPT] = [100, 60, 250];

/** Writes the file; returns its lines, and what the import must lack. */
function write(path: string, members: number): { readonly lines: number; readonly left: number } {
  const file = openSync(path, 'w');
  let text = COLUMNS;
  let [lines, left] = [0, 0];
  for (let n = 0; n < members; n++) {
    const who = `member-${n}`;
    if (n % 10 !== 0) {
      text += `lot,${who},l${n},${LOT},2026-03-01T00:00:00+08:00,2099-12-31T23:59:59+08:00,,,\n`;
      lines++;
      left += LOT;
    } else {
      text += `entry,${who},a${n},${EARNED},2024-01-05T10:00:00Z,2025-01-05T10:00:00Z,earn,SIGN,s${n}\n`;
      text += `entry,${who},b${n},-${SPENT},2024-06-05T10:00:00Z,,spend,ORDER,o${n}\n`;
      text += `entry,${who},c${n},${KEPT},2025-06-05T10:00:00Z,2099-06-05T10:00:00Z,earn,ORDER,p${n}\n`;
      lines += 3;
      left += EARNED - SPENT + KEPT;
    }
    if (text.length < WRITTEN) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, text);
  closeSync(file);
  return { lines, left };
}

async function measureImport({ options, folder }: RunContext): Promise<Run> {
  const members = options.smoke ? SMOKE_MEMBERS : options.users;
  const server = await JifenServer.start(folder, options.cacheMb);
  return orStopped(server, async () => {
    const path = join(folder, 'members.csv');
    const { lines, left } = write(path, members);
    const connections = await server.open(1);
    await connections.send(0, 'PUT', `/v1/assets/${ASSET}`, '{"scale":0}');
    const before = usageOf([server.pid]);
    const began = performance.now();
    const said = [
      'import',
      path,
      '--name',
      'bench',
      '--asset',
      ASSET,
      '--folder',
      join(folder, 'data'),
    ];
    const work = ['--work', join(folder, 'work'), '--report', join(folder, 'refused.ndjson')];
    const child = spawn(process.execPath, [PROGRAM, ...said, ...work], { stdio: 'ignore' });
    let peakMb = 0;
    const watch = setInterval(() => {
      peakMb = Math.max(peakMb, usageOf([child.pid ?? 0])?.peakMemoryMb ?? 0);
    }, 500);
    const [code] = await once(child, 'exit');
    clearInterval(watch);
    const seconds = (performance.now() - began) / 1_000;
    if (code !== 0) throw new Error(`the import ended with ${code}`);
    const after = usageOf([server.pid]);
    const answer = await connections.send(0, 'GET', '/v1/imports/bench', '');
    const brought = (JSON.parse(String(answer.body)) as { brought: Record<string, number> })
      .brought[ASSET];
    if (brought !== left) throw new Error(`${brought} came, of ${left} (X5)`);
    connections.close();
    await server.stop();
    const cpu = (after?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0);
    const also = {
      linesPerSecond: lines / seconds,
      serverCpuUsPerMember: (cpu / members) * 1e6,
      importerMb: peakMb,
      serverMb: after?.peakMemoryMb ?? 0,
    };
    return { value: members / seconds, also };
  });
}

/** The bench of imports. */
export const importBench: Bench = {
  name: 'import',
  figures: () => [
    { name: 'import', unit: 'members/s', headline: true, ownProcesses: true, run: measureImport },
  ],
};
