// The question: what do rules of risk cost transfers over HTTP? Transfers one a request, on three servers, slice by slice in turn: without rules; without
// rules, but where each request says its member's address and device; and with the rules of the sample and the example of a score. Owns: the servers, the
// requests. Never touches: what rules find.
//   RK1. Processor time is all that a server used from the first slice on until its thread had looked at everything: none of it is left for later.
//   RK2. Each member has an address and a device of its own, and does little: nobody is marked.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Measurement, runOfSlices, type Slice } from './drive.js';
import type { Bench, Run, RunContext } from './harness.js';
import { HttpConnection, requestText } from './http-client.js';
import { ASSET, JifenServer } from './jifen-server.js';
import { closedLoop, type Send } from './loops.js';
import { usageOf } from './process-usage.js';
import { orStopped } from './server-process.js';

const OFF = 'risk/off';
const PLACES = 'risk/places';
const ON = 'risk/on';
const CONNECTIONS = 64;
const SLICES = 6;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Definitions take ten seconds until they decide. */
const LEAD_MS = 11_000;
const SCORE = join(import.meta.dirname, '..', '..', 'ops', 'risk', 'score.json');

/** The sample, with thresholds that a bench does not come to. */
const RULES: Readonly<Record<string, object>> = {
  address: { signal: 'members-per-address', windowMs: DAY, over: 5 },
  device: { signal: 'members-per-device', windowMs: 7 * DAY, over: 3 },
  frequency: { signal: 'commands', windowMs: HOUR, over: 1_000_000 },
  earned: { signal: 'earned', asset: ASSET, windowMs: DAY, over: 1_000_000_000 },
  cashed: { signal: 'redeemed-after-earned', asset: ASSET, windowMs: HOUR, over: 1_000_000_000 },
  referrals: { signal: 'referrals', windowMs: 7 * DAY, over: 15 },
};

async function defined(server: JifenServer): Promise<void> {
  const connections = await server.open(1);
  const say = async (kind: string, key: string, document: object): Promise<void> => {
    const body = JSON.stringify({ state: 'active', document });
    const answer = await connections.send(0, 'PUT', `/v1/definitions/${kind}/${key}`, body);
    if (answer.status !== 200)
      throw new Error(`${key} was answered ${answer.status}: ${answer.body}`);
  };
  for (const [key, document] of Object.entries(RULES))
    await say('risk-rule', key, { reason: 'BENCH', action: 'mark', holdsMs: DAY, ...document });
  const score = JSON.parse(readFileSync(SCORE, 'utf8')) as object;
  await say('risk-score', 'example', {
    ...score,
    bands: [{ from: 1_000, action: 'mark', holdsMs: DAY }],
  });
  connections.close();
  await sleep(LEAD_MS);
}

/** How many blocks its thread has not looked at. */
async function lagOf(server: JifenServer): Promise<number> {
  const connections = await server.open(1);
  const { body } = await connections.send(0, 'GET', '/metrics');
  connections.close();
  return Number(/^jifen_risk_lag_blocks (\d+)/m.exec(body.toString())?.[1] ?? 0);
}

/** One transfer a request: ten points come to a member, or one goes. */
async function sender(
  server: JifenServer,
  users: number,
  says: boolean,
): Promise<Send & { close(): void }> {
  const lines: HttpConnection[] = [];
  for (let n = 0; n < CONNECTIONS; n++) lines.push(await HttpConnection.open(server.port));
  let count = 0;
  const send = async (connection: number): Promise<number> => {
    const n = count++;
    const user = Math.imul(n, 0x9e37_79b1) >>> 0;
    const one = user % users;
    const legs = [{ from: '@issue', to: `u${one}`, asset: ASSET, amount: 10 }];
    const place = says
      ? `Jifen-Member-Address: 10.${one >>> 16}.${(one >>> 8) & 255}.${one & 255}\r\nJifen-Member-Device: device-${one}\r\n`
      : '';
    const head = `Authorization: Bearer ${server.key}\r\n${place}`;
    const text = requestText('POST', '/v1/transfers', head, JSON.stringify({ id: `T${n}`, legs }));
    const answer = await (lines[connection] as HttpConnection).request(text);
    if (answer.status !== 201)
      throw new Error(`T${n} was answered ${answer.status}: ${answer.body}`);
    return 1;
  };
  return Object.assign(send, {
    close: () => {
      for (const line of lines) line.close();
    },
  });
}

async function measured(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options, folder } = context;
  const names = [OFF, PLACES, ON];
  const servers: JifenServer[] = [];
  const started = async (name: string): Promise<JifenServer> => {
    const own = join(folder, name.slice('risk/'.length));
    mkdirSync(own, { recursive: true });
    const server = await JifenServer.start(own, options.cacheMb);
    servers.push(server);
    return server;
  };
  const stopped = {
    stop: async (): Promise<void> => {
      for (const server of servers) await server.stop();
    },
  };
  return orStopped(stopped, async () => {
    for (const name of names) await started(name);
    await defined(servers[2] as JifenServer);
    const sends = await Promise.all(
      servers.map((server, i) => sender(server, options.users, i > 0)),
    );
    const slices = names.map((): Slice[] => []);
    const commands = names.map(() => 0);
    const before = servers.map(({ pid }) => usageOf([pid])?.cpuSeconds ?? Number.NaN);
    const rounds = options.smoke ? 1 : SLICES;
    for (let round = 0; round < rounds; round++)
      for (const [i, send] of sends.entries()) {
        const from = performance.now() + (options.warmUpSeconds * 1_000) / rounds;
        const measurement = new Measurement(from, from + (options.seconds * 1_000) / rounds);
        commands[i] = (commands[i] ?? 0) + (await closedLoop(send, CONNECTIONS, measurement));
        slices[i]?.push(measurement.result());
      }
    for (const server of servers) while ((await lagOf(server)) > 0) await sleep(100);
    const after = servers.map(({ pid }) => usageOf([pid])?.cpuSeconds ?? Number.NaN);
    for (const send of sends) send.close();
    await stopped.stop();
    const runs = names.map((name, i): [string, Run] => {
      const run = runOfSlices(slices[i] ?? []);
      const seconds = (after[i] ?? 0) - (before[i] ?? 0);
      const serverCpuUsPerCommand = (seconds / (commands[i] ?? 1)) * 1e6;
      return [name, { ...run, also: { ...run.also, serverCpuUsPerCommand } }];
    });
    return Object.fromEntries(runs);
  });
}

/** The bench of rules of risk. */
export const riskBench: Bench = {
  name: 'risk',
  figures: () => [
    {
      name: 'risk',
      unit: 'transfers/s',
      headline: true,
      ownProcesses: true,
      compareTo: { [PLACES]: OFF, [ON]: OFF },
      run: measured,
    },
  ],
};
