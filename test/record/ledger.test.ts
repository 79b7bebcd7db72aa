// A ledger whose log of record is PostgreSQL: folders that are lost, behind, ahead or another's; processes that are stopped, woken and killed.

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { type Engine, type OpenOptions, open } from '../../engine/index.js';
import { initRecord, recordStatus, verifyRecord } from '../../engine/record/administration.js';
import { PostgresPair } from '../fixtures/postgres.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

const pair = await PostgresPair.start();
t.teardown(() => pair.stop());
const { primary, standby } = pair;
const HOLDER = new URL('./holder.js', import.meta.url).pathname;

async function made(shards = 2): Promise<string> {
  const url = pair.url(primary, standby);
  await initRecord({ url }, shards);
  return url;
}

const opened = (folder: string, url: string, more: Partial<OpenOptions> = {}): Promise<Engine> =>
  open({ folder, record: { url }, tickMs: 60_000, ...more });

const give = (ledger: Engine, id: string, to = 'ann', amount = 1) =>
  ledger.submit({
    type: 'transfer',
    id,
    legs: [{ from: '@issue', to, asset: 'gold', amount }],
  });

async function begun(url: string, folder: string, gifts = 20): Promise<Engine> {
  const ledger = await opened(folder, url);
  await ledger.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  for (let i = 0; i < gifts; i++) t.match(await give(ledger, `first-${i}`, `u${i}`), { ok: true });
  return ledger;
}

t.test('a folder is a copy that can be lost', async (t) => {
  const url = await made();
  const [folder, copy] = [temporaryFolder(t), temporaryFolder(t)];
  let ledger = await begun(url, folder);
  t.strictSame(ledger.readiness(), { ready: true, reasons: [] });
  t.match((await ledger.stats()).record, {
    trouble: null,
    standbys: [{ name: 's1', state: 'sync' }],
  });
  await ledger.close();
  cpSync(folder, copy, { recursive: true });
  ledger = await opened(folder, url);
  await Promise.all(
    Array.from({ length: 3_000 }, (_, i) => give(ledger, `many-${i}`, `u${i % 40}`)),
  );
  const digest = await ledger.digest();
  await ledger.close();
  const ends = await verifyRecord({ url });
  t.strictSame(
    (await recordStatus({ url })).shards.map(({ seq }) => seq),
    ends,
  );

  for (const [what, path] of [
    ['a copy that is behind', copy],
    ['nothing', temporaryFolder(t)],
  ] as const) {
    const again = await opened(path, url);
    t.equal(await again.digest(), digest, `out of ${what}`);
    t.match(
      await give(again, 'many-7', 'u7'),
      { ok: true, replayed: true },
      `${what}: ids are known`,
    );
    await again.close();
  }
  await t.rejects(open({ folder }), /copy of a log of record elsewhere/, 'never without it again');
  await t.rejects(opened(folder, await made()), /this one is of/, 'nor with another one');
  await t.rejects(opened(temporaryFolder(t), url, { shards: 3 }), /shards/);
  const none = pair.url();
  await t.rejects(opened(temporaryFolder(t), none), /jifen record init/);
});

t.test('a ledger comes to its log of record with what it has', async (t) => {
  const url = await made();
  const folder = temporaryFolder(t);
  let ledger = await open({ folder, shards: 2 });
  await ledger.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  for (let i = 0; i < 20; i++) await give(ledger, `early-${i}`, `u${i}`);
  const digest = await ledger.digest();
  await ledger.close();
  ledger = await opened(folder, url);
  t.equal(await ledger.digest(), digest);
  await ledger.close();
  t.ok((await verifyRecord({ url })).every((seq) => seq > 0));

  const apart = temporaryFolder(t);
  ledger = await open({ folder: apart, shards: 2 });
  await ledger.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  await give(ledger, 'apart', 'u1');
  await ledger.close();
  const before = await recordStatus({ url });
  await t.rejects(opened(apart, url), /SHARD_ROLLED_BACK/, 'another ledger is not mixed with it');
  t.same(
    (await recordStatus({ url })).shards.map(({ epoch }) => epoch),
    before.shards.map(({ epoch }) => epoch),
    'and disturbs nobody',
  );
  ledger = await opened(apart, url, { record: { url, accept: true } });
  t.equal(await ledger.digest(), digest, "by the operator's word");
  await ledger.close();
  const kept = readdirSync(join(apart, 'shard-000')).filter((name) => name.includes('given-up'));
  t.ok(
    kept.some((name) => name.startsWith('log.mdb.')),
    'what is given up is kept',
  );
});

/** Lines that a holder has printed. */
function holder(t: Test, folder: string, url: string, ...more: string[]) {
  const child: ChildProcess = spawn(process.execPath, [HOLDER, folder, url, ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let rest = '';
  let said = '';
  child.stdout?.on('data', (part) => {
    const all = `${rest}${part}`.split('\n');
    rest = all.pop() ?? '';
    lines.push(...all);
  });
  child.stderr?.on('data', (part) => {
    said += part;
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  t.teardown(() => child.kill('SIGKILL'));
  return { child, lines, exited, said: () => said };
}

const idsIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => (line.startsWith('added ') ? [line.slice('added '.length)] : []));

t.test('processes that are killed, stopped and woken', async (t) => {
  const url = await made(1);
  const [folder, elsewhere] = [temporaryFolder(t), temporaryFolder(t)];
  await (await begun(url, folder, 1)).close();
  const acknowledged: string[] = [];

  const killed = holder(t, folder, url);
  await until('it works', () => killed.lines.length > 40);
  killed.child.kill('SIGKILL');
  await killed.exited;
  acknowledged.push(...idsIn(killed.lines));

  const stopped = holder(t, folder, url);
  await until('it works', () => stopped.lines.length > 40);
  stopped.child.kill('SIGSTOP');
  const other = await opened(elsewhere, url);
  const replacedAt = Date.now();
  t.match(await give(other, 'mine'), { ok: true });
  await sleep(50);
  stopped.child.kill('SIGCONT');
  t.equal(await stopped.exited, 70, 'it stops itself');
  t.match(stopped.said(), /taken over/);
  const late = stopped.lines.filter(
    (line) => Number(/ at (\d+)$/.exec(line)?.[1] ?? 0) > replacedAt,
  );
  t.strictSame(late, [], 'it has read nothing since');
  acknowledged.push(...idsIn(stopped.lines));

  const found = await Promise.all(acknowledged.map((id) => other.transfer('ann', id)));
  t.ok(acknowledged.length > 30, `${acknowledged.length} were acknowledged`);
  t.strictSame(
    acknowledged.filter((_, i) => found[i] === undefined),
    [],
    'none is lost',
  );
  const [balance] = (await other.balance('ann')) as { available: number; version: number }[];
  t.ok((balance?.available ?? 0) >= acknowledged.length + 1, 'nor is any doubled');
  t.equal(balance?.available, balance?.version);
  await other.close();
});

t.test('an opening that was fenced says so, and can be closed', async (t) => {
  const url = await made();
  const why: string[] = [];
  const ledger = await begun(url, temporaryFolder(t), 2);
  await ledger.close();
  const [one, two] = [temporaryFolder(t), temporaryFolder(t)];
  const first = await opened(one, url, { onFatal: ({ message }) => why.push(message) });
  const second = await opened(two, url);
  // Nothing is answered after that.
  void give(first, 'late');
  await until('it has heard of it', () => why.length > 0);
  t.match(why[0], /taken over/);
  await first.close();
  t.match(await give(second, 'late'), { ok: true });
  await second.close();
});

t.test('blocks that the log of record lost', async (t) => {
  const url = await made(1);
  const schema = new URL(url.replace(/,[^/]*/, '')).searchParams.get('schema');
  const folder = temporaryFolder(t);
  await (await begun(url, folder, 6)).close();
  let ledger = await opened(folder, url);
  for (let i = 0; i < 6; i++) await give(ledger, `second-${i}`);
  const digest = await ledger.digest();
  await ledger.close();
  const [last] = (await recordStatus({ url })).shards;
  const lose = (): Promise<unknown> =>
    primary.query(`delete from ${schema}.block where seq > ${Number(last?.seq) - 4}`);
  const holds = (epoch = 0, who = ''): Promise<unknown> =>
    primary.query(`update ${schema}.shard set epoch = $1, holder = $2::uuid`, [epoch, who]);

  let replaced = last;
  for (const [what, change] of [
    ['nobody has held the shard since', async () => {}],
    ['its last holder is forgotten, too', () => holds(replaced?.epoch, replaced?.holder)],
  ] as const) {
    await lose();
    await change();
    [replaced] = (await recordStatus({ url })).shards;
    ledger = await opened(folder, url);
    t.equal(await ledger.digest(), digest, `${what}: they are appended again`);
    await ledger.close();
    t.strictSame(await verifyRecord({ url }), [last?.seq]);
  }
  await lose();
  await holds(9, '00000000-0000-4000-8000-000000000009');
  await t.rejects(opened(folder, url), /SHARD_ROLLED_BACK.*has held the shard since/);
  t.strictSame((await recordStatus({ url })).shards[0]?.epoch, 9, 'and the other one goes on');
});

// The last one: the primary is not there any more after it.
t.test('the primary is lost', async (t) => {
  const url = await made(1);
  const folder = temporaryFolder(t);
  const ledger = await begun(url, folder, 5);
  await ledger.close();
  await primary.reload("synchronous_standby_names = ''");
  // What only the primary has is acknowledged by the operator's word.
  await standby.reload("synchronous_standby_names = ''");
  const without: Partial<OpenOptions> = { record: { url, withoutStandby: true } };
  const alone = await opened(folder, url, without);
  const schema = new URL(url.replace(/,[^/]*/, '')).searchParams.get('schema');
  await until('the standby has heard who holds the shard', async () => {
    const rows = await standby.query<{ epoch: string }>(`select epoch from ${schema}.shard`);
    return rows[0]?.epoch === '2';
  });
  await pair.disconnect();
  for (let i = 0; i < 10; i++) t.match(await give(alone, `alone-${i}`), { ok: true });
  const waiting = Promise.all(Array.from({ length: 50 }, (_, i) => give(alone, `over-${i}`)));
  await primary.stop('immediate');
  await standby.promote();
  const outcomes = await waiting;
  t.match(
    await give(alone, 'after'),
    { ok: true },
    'the new primary has what the old one had alone',
  );
  const acknowledged = outcomes.filter(({ ok }) => ok).length;
  const digest = await alone.digest();
  const [balance] = (await alone.balance('ann')) as { available: number }[];
  t.ok(
    (balance?.available ?? 0) >= acknowledged + 11,
    `${acknowledged} answered over it, none lost`,
  );
  await alone.close();
  const again = await opened(temporaryFolder(t), url, without);
  t.equal(await again.digest(), digest, 'out of nothing');
  await again.close();
  t.ok(existsSync(join(folder, 'shard-000', 'record.json')));
});
