// Exchanges with partners outside while this server, or the partner, is killed: each is at another named step then, asked for and not done, or done and not
// answered. Afterwards each goes on to its end, and no point is made or lost.

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { freePort } from '../fixtures/nats-server.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { bare } from './harness.js';
import { documentsOf, HERE, MILES, NIGHTS, TOKEN, tell } from './outside.js';
import { PROGRAM } from './program.js';
import { ServerProcess } from './server-process.js';

const AMOUNT = 10;
const START = 10_000;
/** Longer than the server waits for an answer. */
const STALL_MS = 60_000;
const OWNERS = ['ann', 'bob', 'cat', 'dan', 'eve'] as const;

class SandboxProcess {
  readonly address: string;
  readonly #arguments: readonly string[];
  #child: ChildProcess | undefined;

  constructor(port: number, folder: string, asset: string) {
    this.address = `http://127.0.0.1:${port}`;
    this.#arguments = [
      ...['sandbox-partner', '--port', `${port}`, '--token', TOKEN],
      ...['--dir', folder, '--assets', asset],
    ];
  }

  static async start(t: Test, asset: string): Promise<SandboxProcess> {
    const sandbox = new SandboxProcess(await freePort(), join(temporaryFolder(t), asset), asset);
    t.teardown(() => sandbox.kill());
    await sandbox.start();
    return sandbox;
  }

  start(): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, ...this.#arguments], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    return new Promise((resolve, reject) => {
      child.on('close', (code) => reject(new Error(`the sandbox ended with ${code}`)));
      child.stdout.on('data', () => resolve());
    });
  }

  kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      return Promise.resolve();
    return new Promise((resolve) => {
      child.once('close', () => resolve());
      child.kill('SIGKILL');
    });
  }
}

const kills = campaign({
  name: 'kills at each step of exchanges with partners',
  long: 40,
  sample: 2,
});

t.test('killed at each step, whoever is', async (t) => {
  const b = await SandboxProcess.start(t, MILES);
  const c = await SandboxProcess.start(t, NIGHTS);
  const server = await ServerProcess.start(
    t,
    ...['--shards', '3', '--no-logs', '--webhook-hosts', '127.0.0.1'],
  );
  const ask = (request: string, body?: unknown) =>
    bare(server.url, request, body, { Authorization: `Bearer ${server.key}` });
  const sure = (request: string, body?: unknown) =>
    until(request, async () => {
      const answer = await ask(request, body).catch(() => undefined);
      return answer !== undefined && answer.status < 300 && answer.body;
    });
  for (const asset of [HERE, MILES, NIGHTS]) await sure(`PUT /v1/assets/${asset}`, { scale: 0 });
  for (const [id, asset] of [
    ['a', HERE],
    ['b', MILES],
    ['c', NIGHTS],
  ] as const)
    await sure('POST /v1/platforms', { id, name: id, assets: [asset], operations: ['read'] });
  for (const [platform, sandbox, asset] of [
    ['b', b, MILES],
    ['c', c, NIGHTS],
  ] as const) {
    const said = { url: sandbox.address, token: TOKEN, assets: [asset] };
    await sure(`PUT /v1/partners/${platform}`, said);
    for (const owner of OWNERS) {
      const user_id = `${owner}-${platform}`;
      await tell(sandbox, 'POST', 'users', { user_id, asset, amount: START });
      await sure(`POST /v1/platforms/${platform}/users/${user_id}`, { identity: owner });
    }
  }
  for (const [at, document] of documentsOf())
    await sure(`PUT /v1/definitions/${at}`, { state: 'active', document });
  const legs = OWNERS.map((to) => ({ from: '@issue', to, asset: HERE, amount: START }));
  await sure('POST /v1/transfers', { legs, owner: 'ann' });

  /** Who is at which step, and how it got there: one of each member. */
  const out = (owner: string) => ({ owner, from: HERE, to: MILES, toUser: `${owner}-b` });
  const into = (owner: string) => ({ owner, from: MILES, to: HERE, fromUser: `${owner}-b` });
  const through = (owner: string) => ({
    ...{ owner, from: MILES, to: NIGHTS, fromUser: `${owner}-b`, toUser: `${owner}-c` },
  });
  const ways = {
    ann: {
      body: into('ann'),
      at: 'deduct_source_credits',
      call: 'deduct',
      of: b,
      suffix: 'deduct',
    },
    bob: { body: out('bob'), at: 'add_target_credits', call: 'add', of: b, suffix: 'add' },
    cat: {
      body: into('cat'),
      at: 'confirm_source_deduction',
      call: 'operation',
      of: b,
      suffix: 'deduct',
    },
    dan: {
      body: out('dan'),
      at: 'rollback_target_addition',
      call: 'rollback',
      of: b,
      suffix: 'add',
      cancels: true,
    },
    eve: {
      body: through('eve'),
      at: 'rollback_source_freeze',
      call: 'rollback',
      of: b,
      suffix: 'deduct',
      refused: true,
    },
  } as const;
  const { partnerExchangeId } = await import('../../engine/index.js');
  let n = 0;
  const told = (exchange: string) => sure(`GET /v1/partner-exchanges/${exchange}`);
  const one = async (owner: (typeof OWNERS)[number], isDone: boolean): Promise<string> => {
    const { body, at, call, of, suffix, ...more } = ways[owner] as (typeof ways)[typeof owner] & {
      readonly cancels?: true;
      readonly refused?: true;
    };
    const id = `k-${++n}`;
    const exchange = partnerExchangeId(owner, id);
    const fault = isDone ? 'stall_after' : 'stall';
    const transaction_id = `${exchange}_${suffix}`;
    await tell(of, 'POST', 'faults', { fault, call, ms: STALL_MS, times: 0, transaction_id });
    if (more.cancels === true) {
      const add = { fault: 'fail_after', call: 'add', times: 0, transaction_id };
      await tell(of, 'POST', 'faults', add);
      await tell(of, 'POST', 'faults', { ...add, fault: 'fail', call: 'operation' });
    }
    if (more.refused === true)
      await tell(c, 'POST', 'faults', {
        fault: 'refuse',
        call: 'add',
        transaction_id: `${exchange}_add`,
      });
    await sure('POST /v1/partner-exchanges', { ...body, amount: AMOUNT, id, seconds: 86_400 });
    if (more.cancels === true) {
      await until('it is asked again', async () => (await told(exchange)).status === 'retrying');
      await sure(`POST /v1/partner-exchanges/${exchange}/cancel`, { owner });
    }
    await until(`${owner}: ${at}`, async () => (await told(exchange)).step === at);
    return exchange;
  };
  const ENDS = {
    ann: 'completed',
    bob: 'completed',
    cat: 'completed',
    dan: 'failed',
    eve: 'failed',
  };
  const moved = { ann: 0, bob: 0, cat: 0 };
  for (const seed of kills.seeds) {
    const random = new Random(seed);
    for (const victims of [[server], [b], [server, b, c]]) {
      const isDone = random.int(2) === 1;
      const all = await Promise.all(OWNERS.map((owner) => one(owner, isDone)));
      // The call is on its way, or is just being carried out.
      await pause(random.int(40));
      await Promise.all(victims.map((victim) => victim.kill()));
      await tell(b, 'DELETE', 'faults').catch(() => undefined);
      await Promise.all(victims.map((victim) => victim.start()));
      await tell(b, 'DELETE', 'faults');
      for (const [i, exchange] of all.entries()) {
        const owner = OWNERS[i] as (typeof OWNERS)[number];
        const end = await until(`${owner} ends`, async () => {
          const found = await told(exchange);
          return (found.status === 'completed' || found.status === 'failed') && found;
        });
        t.match(end, { status: ENDS[owner] }, kills.repeat(seed));
        t.equal(end.inconsistency, undefined);
      }
      for (const owner of ['ann', 'bob', 'cat'] as const) moved[owner] += AMOUNT;
    }
  }
  const states = await Promise.all([b, c].map((one) => tell(one, 'GET', 'state')));
  const here = await Promise.all(
    OWNERS.map(async (owner) => (await sure(`GET /v1/accounts/${owner}`)).accounts[0]),
  );
  const at = (place: number, asset: string) =>
    OWNERS.map(
      (owner) => states[place]?.users[`${owner}-${place === 0 ? 'b' : 'c'}`][asset] - START,
    );
  t.same(
    here.map(({ available, held }: any) => [available - START, held]),
    [
      [moved.ann, 0],
      [-moved.bob, 0],
      [moved.cat, 0],
      [0, 0],
      [0, 0],
    ],
    'here',
  );
  t.same(at(0, MILES), [-moved.ann, moved.bob, -moved.cat, 0, 0], 'at one partner');
  t.same(at(1, NIGHTS), [0, 0, 0, 0, 0], 'at the other one');
  await server.kill();
  t.match(await verifyFolder(server.folder), { ok: true });
});
