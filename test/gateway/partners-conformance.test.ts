// The conformance suite against the sandbox partner: a partner that keeps the contract passes, each defect is found by its check; the sandbox keeps its word
// over a kill.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { gatewayLimits } from '../../gateway/limits.js';
import { Destinations } from '../../gateway/outbound/addresses.js';
import { CHECKS, checkPartner } from '../../gateway/partners/conformance/run.js';
import { httpPartner } from '../../gateway/partners/http.js';
import { Sandbox, type SandboxEvent } from '../../gateway/partners/sandbox/core.js';
import { DEFECT_NAMES, type Defect } from '../../gateway/partners/sandbox/defects.js';
import { drawn, FAULT_NAMES } from '../../gateway/partners/sandbox/faults.js';
import { FaultySandbox } from '../../gateway/partners/sandbox/faulty.js';
import { inProcess } from '../../gateway/partners/sandbox/in-process.js';
import { startSandbox } from '../../gateway/partners/sandbox/server.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { PROGRAM, run } from './program.js';

const TOKEN = 'sandbox-token';
const limits = gatewayLimits();

async function sandbox(t: Pick<Test, 'teardown'>, defects: readonly Defect[] = []) {
  const running = await startSandbox({ port: 0, token: TOKEN, assets: ['p'], defects });
  t.teardown(() => running.close());
  running.partner.core.grant('u', 'p', 0);
  return running;
}

const check = (url: string, only?: readonly string[]) =>
  checkPartner({ url, token: TOKEN, user: 'u', asset: 'p', limits, only }, () => {});

/** By which check each defect is found. */
const FOUND_BY: Readonly<Record<Defect, string>> = {
  add_twice: 'add_repeat',
  deduct_twice: 'deduct_repeat',
  add_race: 'add_concurrent',
  repeat_changes: 'add_repeat',
  amount_ignored: 'conflict_amount',
  user_ignored: 'conflict_user',
  type_ignored: 'conflict_type',
  ids_cut: 'ids_long',
  ids_case: 'ids_case',
  moves_half: 'add',
  overdraft: 'short',
  refused_later: 'refused_kept',
  refusals_forgotten: 'refused_kept',
  user_made: 'unknown_user',
  rollback_twice: 'rollback_repeat',
  rollback_idle: 'rollback_add',
  rollback_of_refused: 'rollback_refused',
  rollback_ignores_amount: 'rollback_conflict',
  redone: 'rollback_final',
  no_tombstone: 'tombstone',
  void_done: 'tombstone',
  lookup_absent: 'lookup',
  lookup_guesses: 'lookup',
  list_completed_only: 'list_states',
  list_first_page: 'list_pages',
  list_repeats: 'list_pages',
  list_until_inclusive: 'list_period',
  list_from_exclusive: 'list_period',
  list_local_time: 'list_period',
  users_doubled: 'users_keyed',
  user_guessed: 'user_lookup',
  totals_completed: 'totals',
  totals_stale: 'totals',
  token_ignored: 'token',
  fractions: 'bad_bodies',
  negative: 'bad_bodies',
  bad_kept: 'bad_bodies',
  unhealthy: 'health',
};

t.test('a partner that keeps the contract passes, and is left as it was', async (t) => {
  const { address, partner } = await sandbox(t);
  const results = await check(address);
  t.same(
    results.filter(({ isKept }) => !isKept),
    [],
  );
  t.equal(results.length, CHECKS.length);
  t.equal(new Set(CHECKS.map(({ name }) => name)).size, CHECKS.length, 'names are different');
  const { users } = partner.core.state();
  t.same(
    Object.values(users)
      .flatMap((one) => Object.values(one))
      .filter((had) => had !== 0),
    [],
  );
});

t.test('each defect is found by its check', async (t) => {
  t.ok(DEFECT_NAMES.length >= 20, `${DEFECT_NAMES.length} defects`);
  for (const defect of DEFECT_NAMES) {
    const { address } = await sandbox(t, [defect]);
    const [found] = await check(address, [FOUND_BY[defect]]);
    t.notOk(found?.isKept, `${defect}: ${found?.detail}`);
  }
});

t.test('on the command line', async (t) => {
  const folder = temporaryFolder(t);
  const [good, bad] = [await sandbox(t), await sandbox(t, ['redone'])];
  const args = (url: string) => [
    'partner',
    'check',
    url,
    '--token',
    TOKEN,
    '--user',
    'u',
    '--asset',
    'p',
  ];
  const [passed, failed, wrong] = await Promise.all([
    run(folder, ...args(good.address), '--only', 'add,tombstone'),
    run(folder, ...args(bad.address), '--only', 'add,rollback_final'),
    run(folder, ...args(bad.address), '--only', 'nothing'),
  ]);
  t.match(passed, {
    code: 0,
    out: /^passed add .*\npassed tombstone .*\n\n2 passed, 0 failed\n$/s,
  });
  t.match(failed, {
    code: 1,
    out: /FAILED rollback_final .*must be rolled_back, and is completed/s,
  });
  t.match(wrong, { code: 2, err: /--only: there is no check nothing/ });
});

t.test('the events of a sandbox make it again, whatever befell it', async (t) => {
  for (let seed = 1; seed <= 40; seed++) {
    const chance = drawn(seed);
    let now = 1_000;
    const events: SandboxEvent[] = [];
    const options = { token: TOKEN, now: () => now, assets: ['p'] };
    const core = new Sandbox({ ...options, journal: (event) => events.push(event) });
    core.grant('u', 'p', 50);
    core.grant('v', 'p', 0);
    const partner = new FaultySandbox(core);
    const adapter = inProcess(partner, TOKEN, () => {
      const fault = FAULT_NAMES[Math.floor(chance() * FAULT_NAMES.length)];
      return fault === undefined || chance() < 0.4 ? undefined : { fault };
    });
    const { signal } = new AbortController();
    for (let step = 0; step < 60; step++) {
      now += Math.floor(chance() * 3);
      const call = {
        operation: `o${Math.floor(chance() * 12)}`,
        kind: chance() < 0.5 ? 'add' : 'deduct',
        user: chance() < 0.8 ? 'u' : 'v',
        asset: 'p',
        amount: 1 + Math.floor(chance() * 20),
      } as const;
      await (chance() < 0.6 ? adapter.carryOut(call, signal) : adapter.rollBack(call, signal));
      if (chance() < 0.1) await partner.arrive();
    }
    await partner.arrive();
    const again = new Sandbox(options);
    for (const event of events) again.apply(JSON.parse(JSON.stringify(event)));
    t.same(again.state(), core.state(), `seed ${seed}`);
    const sums = { add: 0, deduct: 0 };
    for (const { status, type, amount } of core.state().operations)
      if (status === 'completed') sums[type] += amount;
    const held = core.balance('u', 'p') + core.balance('v', 'p');
    t.equal(held, 50 + sums.add - sums.deduct, `seed ${seed}: the sum is that of what was done`);
  }
});

t.test('what a sandbox is told', async (t) => {
  const { address } = await sandbox(t);
  const adapter = httpPartner(
    { url: address, token: TOKEN },
    new Destinations(['127.0.0.1']),
    limits,
  );
  t.teardown(() => adapter.close());
  const { signal } = new AbortController();
  const tell = async (method: string, path: string, body?: object, token = TOKEN) => {
    const headers = { authorization: `Bearer ${token}` };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await fetch(`${address}/sandbox/${path}`, { method, headers, ...sent })).status;
  };
  const call = { operation: 'o1', kind: 'add', user: 'u', asset: 'p', amount: 5 } as const;
  for (const [body, status] of [
    [{ fault: 'delay', call: 'add', ms: 60_000 }, 200],
    [{ fault: 'nothing' }, 400],
    [{ fault: 'lose', call: 'nothing' }, 400],
    [{ fault: 'lose', times: -1 }, 400],
    [{ fault: 'contradict', what: 'time' }, 400],
    [{ fault: 'lose', other: 1 }, 400],
  ] as const)
    t.equal(await tell('POST', 'faults', body), status, JSON.stringify(body));
  t.equal(await tell('POST', 'faults', { fault: 'lose' }, 'wrong'), 401);
  t.match(await adapter.carryOut(call, AbortSignal.timeout(50)), {
    state: 'unknown',
    why: 'TIMEOUT',
  });
  t.match(await adapter.operation('o1', signal), { state: 'absent' }, 'it is under way');
  await tell('POST', 'arrive', {});
  t.match(await adapter.operation('o1', signal), { state: 'completed' }, 'and arrives');
  await tell('POST', 'faults', { fault: 'fail', times: 0 });
  for (let at = 0; at < 3; at++)
    t.match(await adapter.carryOut(call, signal), { state: 'unknown', status: 500 });
  await tell('DELETE', 'faults');
  t.match(await adapter.carryOut(call, signal), { state: 'completed', idempotent: true });
  await tell('POST', 'away', { ms: 300 });
  await until('it is away', async () => (await adapter.health(signal)).state === 'unknown');
  await until('it is back', async () => (await adapter.health(signal)).state === 'well');
});

/** A sandbox partner in a process of its own. */
async function partnerProcess(t: Test, folder: string, ...args: string[]) {
  const child = spawn(process.execPath, [
    ...[PROGRAM, 'sandbox-partner', '--token', TOKEN, '--assets', 'p', '--port', '0'],
    ...['--dir', folder, ...args],
  ]);
  t.teardown(() => child.kill('SIGKILL'));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (part) => {
      const [, found] = /listens on (\S+)/.exec(String(part)) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('close', (code) => reject(new Error(`it ended with ${code}`)));
  });
  return { child, gone, url };
}

t.test('a sandbox keeps its word over a kill', async (t) => {
  const folder = join(temporaryFolder(t), 'partner');
  const { signal } = new AbortController();
  const told = new Map<string, number>();
  const asked = new Map<string, number>();
  let n = 0;
  for (let life = 0; life < 3; life++) {
    const { child, gone, url } = await partnerProcess(t, folder);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const body = JSON.stringify({ user_id: 'u', asset: 'p' });
    await fetch(`${url}/sandbox/users`, { method: 'POST', headers, body });
    const adapter = httpPartner({ url, token: TOKEN }, new Destinations(['127.0.0.1']), limits);
    for (const [operation, amount] of told) {
      const found = await adapter.operation(operation, signal);
      t.match(found, { state: 'completed', amount }, `${operation} in life ${life}`);
    }
    const asking = Array.from({ length: 8 }, async () => {
      for (;;) {
        const call = {
          operation: `o${++n}`,
          kind: 'add',
          user: 'u',
          asset: 'p',
          amount: n,
        } as const;
        asked.set(call.operation, call.amount);
        const answer = await adapter.carryOut(call, signal);
        if (answer.state !== 'completed') return;
        told.set(call.operation, call.amount);
        if (told.size === 15 * (life + 1)) child.kill('SIGKILL');
      }
    });
    await Promise.all(asking);
    await gone;
    adapter.close();
  }
  const { child, gone, url } = await partnerProcess(t, folder);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const { users, operations } = (await (
    await fetch(`${url}/sandbox/state`, { headers })
  ).json()) as {
    users: Record<string, Record<string, number>>;
    operations: { transaction_id: string; amount: number }[];
  };
  const kept = new Map(operations.map((one) => [one.transaction_id, one.amount]));
  t.ok(
    [...told].every(([id, amount]) => kept.get(id) === amount),
    `${told.size} of ${asked.size}`,
  );
  t.ok(
    [...kept].every(([id, amount]) => asked.get(id) === amount),
    'nothing that was not asked for',
  );
  t.equal(
    users['u']?.['p'],
    [...kept.values()].reduce((sum, one) => sum + one, 0),
  );
  child.kill('SIGTERM');
  await gone;
  t.equal(child.exitCode, 0, 'it ends in peace');
});
