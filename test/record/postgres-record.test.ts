// The log of record against a real primary and a real synchronous standby: who may append, what counts as durable, outcomes that are not known.

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { initRecord, verifyRecord } from '../../engine/record/administration.js';
import {
  BEFORE_FIRST,
  FencedError,
  RecordError,
  RolledBackError,
} from '../../engine/record/record.js';
import { PostgresPair } from '../fixtures/postgres.js';
import { until } from '../until.js';
import { BASE_MS, Chain, Held } from './chain.js';

const DAY_MS = 86_400_000;
const pair = await PostgresPair.start();
t.teardown(() => pair.stop());
const { primary, standby } = pair;

/** A new log of record for one shard. */
async function made(): Promise<{ readonly url: string; readonly schema: string }> {
  const url = pair.url();
  await initRecord({ url }, 1);
  return { url, schema: new URL(url).searchParams.get('schema') as string };
}

const count = async (schema: string): Promise<number> =>
  Number((await primary.query<{ n: string }>(`select count(*) as n from ${schema}.block`))[0]?.n);

/** Did it settle? Looked at after a while in which it could have. */
function watched(promise: Promise<unknown>): { isSettled: boolean; promise: Promise<unknown> } {
  const seen = { isSettled: false, promise };
  promise.then(
    () => {
      seen.isSettled = true;
    },
    () => {
      seen.isSettled = true;
    },
  );
  return seen;
}

t.test('who may append', async (t) => {
  const { url } = await made();
  const [one, other] = [new Held({ url }), new Held({ url })];
  t.strictSame(await one.record.holding(), { epoch: 0, holder: '', node: '' });
  t.equal(await one.takeOver(), 1);
  await one.append();
  await one.record.confirm(one.chain.last);

  const seen = await other.record.holding();
  t.equal(await other.record.takeOver(seen, 7), 7, 'an epoch of as much as is asked for');
  await t.rejects(one.record.confirm(one.chain.last), FencedError, 'the one before may not answer');
  await t.rejects(one.append(), FencedError, 'nor append');
  await t.rejects(one.record.takeOver(seen, 1), FencedError, 'nor take over by what it saw then');

  const now = await one.record.holding();
  const racing = [one, other].map(({ record }) => record.takeOver(now, 1));
  const ends = await Promise.allSettled(racing);
  t.equal(ends.filter(({ status }) => status === 'fulfilled').length, 1, 'one of two at once');
  t.match(
    ends.find(({ status }) => status === 'rejected'),
    { reason: { name: 'FencedError' } },
  );
  t.strictSame(await verifyRecord({ url }), [1]);
  await Promise.all([one.record.close(), other.record.close()]);
});

t.test('a chain without gaps', async (t) => {
  const { url, schema } = await made();
  const held = new Held({ url });
  await held.takeOver();
  await held.record.append(BEFORE_FIRST, held.chain.some(3));
  const { last } = held.chain;

  const apart = new Chain();
  for (let i = 0; i < 2; i++) apart.next('apart');
  for (const [before, what] of [
    [{ ...last, seq: 2 }, 'behind a block that is not the last'],
    [apart.last, 'behind one that is another'],
    [BEFORE_FIRST, 'at the beginning'],
    [{ ...last, hash: new Uint8Array(32) }, 'behind another hash'],
  ] as const)
    await t.rejects(held.record.append(before, [apart.next('apart')]), RolledBackError, what);
  await t.rejects(held.record.confirm(apart.last), RolledBackError, 'nor is anything confirmed');
  t.equal(await count(schema), 3);

  const before = held.chain.last;
  const group = held.chain.some(5, 100_000);
  await held.record.append(before, group);
  t.strictSame(await verifyRecord({ url }), [8]);
  const read = [...(await held.record.read(4)), ...(await held.record.read(8))];
  t.same(read.slice(0, 5), group, 'read as written');

  // A group is one transaction: where a block of it cannot be placed, none is.
  await primary.query(`create function ${schema}.no() returns trigger language plpgsql as
    $$ begin if new.seq = 10 then return null; end if; return new; end $$`);
  await primary.query(
    `create trigger no before insert on ${schema}.block for each row execute function ${schema}.no()`,
  );
  const three = watched(held.record.append(held.chain.last, held.chain.some(3)));
  await until('the trouble is told', () =>
    held.troubles.some((one) => one.includes('was not placed')),
  );
  t.equal(
    await count(schema),
    8,
    'a row that was not placed is noticed, and none of the group stays',
  );
  t.notOk(three.isSettled);
  await primary.query(`drop trigger no on ${schema}.block`);
  await three.promise;
  t.strictSame(await verifyRecord({ url }), [11]);
  await held.record.close();
});

t.test('a frozen backend', async (t) => {
  for (const [what, lock] of [
    ['before it has the row of the shard', 'select from $.shard for update'],
    ['with the row, before its commit', 'lock table $.block in access exclusive mode'],
  ] as const) {
    const { url, schema } = await made();
    const held = new Held({ url });
    await held.takeOver();
    await held.append();
    const locker = await primary.connect();
    await locker.query('begin');
    await locker.query(lock.replace('$', schema));
    const [pid = 0] = await primary.backends(`jifen 0 ${held.record.holder}`);
    const appending = watched(held.append('frozen'));
    await until('it waits for the lock', async () => {
      const rows = await primary.query(
        "select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'",
        [pid],
      );
      return rows.length > 0;
    });
    process.kill(pid, 'SIGSTOP');
    await locker.query('rollback');
    await locker.end();
    if (lock.startsWith('select')) {
      await appending.promise;
      t.equal(await count(schema), 2, `${what}: appended by another connection`);
    } else {
      await until('a marker waits for the row', () => held.troubles.length > 0);
      await sleep(300);
      t.notOk(appending.isSettled, `${what}: nothing is answered`);
    }
    process.kill(pid, 'SIGCONT');
    await appending.promise;
    await until('the backend is gone', async () => {
      const rows = await primary.query('select from pg_stat_activity where pid = $1', [pid]);
      return rows.length === 0;
    });
    t.strictSame(await verifyRecord({ url }), [2], `${what}: once`);
    const { epoch } = await held.record.holding();
    t.ok(epoch > 1, `${what}: the epoch was raised`);
    await held.append();
    await held.record.close();
  }
});

t.test('a standby that does not have it', async (t) => {
  const { url, schema } = await made();
  const held = new Held({ url });
  await held.takeOver();
  await held.append();
  const name = `jifen 0 ${held.record.holder}`;
  const waits = async (): Promise<void> => {
    await until('it waits for the standby', async () => {
      const rows = await primary.query(
        "select from pg_stat_activity where application_name = $1 and wait_event = 'SyncRep'",
        [name],
      );
      return rows.length > 0;
    });
  };
  const receivers = async (): Promise<number[]> =>
    (await standby.query<{ pid: number }>('select pid from pg_stat_wal_receiver')).map(
      ({ pid }) => pid,
    );

  const disturbances = [
    ['nothing else happens', async () => {}],
    [
      'its wait is cancelled',
      async (pid: number) => primary.query('select pg_cancel_backend($1)', [pid]),
    ],
    [
      'its backend is ended',
      async (pid: number) => primary.query('select pg_terminate_backend($1)', [pid]),
    ],
    [
      'the list of standbys is emptied, as Patroni does without strict mode',
      async () => primary.reload("synchronous_standby_names = ''"),
    ],
    [
      'everybody would do as a standby',
      async () => primary.reload("synchronous_standby_names = '*'"),
    ],
  ] as const;
  let seq = 1;
  for (const [what, disturb] of disturbances) {
    const [receiver = 0] = await receivers();
    process.kill(receiver, 'SIGSTOP');
    const appending = watched(held.append());
    await waits();
    const [pid = 0] = await primary.backends(name);
    await disturb(pid);
    await sleep(700);
    t.notOk(appending.isSettled, `${what}: not answered while the standby lacks it`);
    const confirming = held.troubles.length;
    t.ok(confirming > 0, `${what}: told`);
    await primary.reload("synchronous_standby_names = 's1'");
    process.kill(receiver, 'SIGCONT');
    await appending.promise;
    seq++;
    t.equal(await count(schema), seq, `${what}: there once`);
    const onStandby = await standby.query(`select from ${schema}.block where seq = $1`, [seq]);
    t.equal(onStandby.length, 1, `${what}: on the standby when it is answered`);
    held.troubles.length = 0;
  }
  t.strictSame(await verifyRecord({ url }), [seq]);
  await held.record.close();
});

t.test('a server that is not as it must be', async (t) => {
  const { url, schema } = await made();
  const held = new Held({ url });
  await held.takeOver();
  const changed = [
    ["synchronous_standby_names = ''", 'synchronous_standby_names is empty'],
    ["synchronous_standby_names = '*'", 'synchronous_standby_names has *'],
    ["synchronous_standby_names = 'ANY 1 (s1, *)'", 'synchronous_standby_names has *'],
    ['full_page_writes = off', 'full_page_writes is off'],
  ] as const;
  const asWas = ["synchronous_standby_names = 's1'", 'full_page_writes = on'];
  let seq = 0;
  for (const [line, expected] of changed) {
    await primary.reload(line);
    const appending = watched(held.append());
    await until(expected, () => held.troubles.some((one) => one.includes(expected)));
    t.notOk(appending.isSettled, line);
    t.equal(await count(schema), seq, `${line}: nothing is appended`);
    await primary.reload(...asWas);
    await appending.promise;
    t.equal(await count(schema), ++seq);
    await pair.replicates();
  }
  // What a role or a database sets for its sessions does not count.
  for (const set of [
    "statement_timeout = '1ms'",
    'synchronous_commit = off',
    'client_min_messages = error',
    "default_transaction_isolation = 'serializable'",
    'default_transaction_read_only = on',
  ])
    await primary.query(`alter role postgres in database postgres set ${set}`).catch(async () => {
      await primary.query(
        `begin read write; alter role postgres in database postgres set ${set}; commit`,
      );
    });
  const other = new Held({ url });
  other.chain.blocks.push(...held.chain.blocks);
  other.chain.last = held.chain.last;
  await other.takeOver();
  await other.append('b', 500_000);
  const [own] = await primary.query<{ config: string[] }>('select 1 as config');
  t.ok(own);
  await primary.query(
    'begin read write; alter role postgres in database postgres reset all; commit',
  );
  await t.rejects(held.record.confirm(held.chain.last), FencedError);
  t.equal(await count(schema), seq + 1);
  const beside = new Held({ url: pair.urlOf(schema, standby) });
  const reading = watched(beside.record.holding());
  await until('a standby is not spoken to', () =>
    beside.troubles.some((one) => one.includes('standby, not the primary')),
  );
  t.notOk(reading.isSettled);
  await Promise.all([held.record.close(), other.record.close(), beside.record.close()]);
  await t.rejects(reading.promise, RecordError);
});

t.test('nothing swells under a long snapshot, and blocks lie by time', async (t) => {
  const { url, schema } = await made();
  const held = new Held({ url });
  await held.takeOver();
  await held.append();
  const long = await primary.connect();
  await long.query('begin isolation level repeatable read');
  await long.query('select txid_current()');
  const size = async (): Promise<string | undefined> =>
    (await primary.query<{ n: string }>(`select pg_relation_size('${schema}.shard') as n`))[0]?.n;
  const before = await size();
  for (let i = 0; i < 300; i++) await held.record.confirm(held.chain.last);
  t.equal(await size(), before, 'the row of the shard has no new version');
  const [row] = await primary.query<{ ctid: string }>(`select ctid::text from ${schema}.shard`);
  for (let i = 0; i < 50; i++) await held.append();
  t.strictSame(await primary.query(`select ctid::text from ${schema}.shard`), [row]);
  await long.end();

  for (const days of [6, 7, 30, 31]) {
    held.chain.timeMs = BASE_MS + days * DAY_MS;
    await held.append();
    await held.append();
  }
  const tables = await primary.query('select from pg_inherits where inhparent = to_regclass($1)', [
    `${schema}.block`,
  ]);
  t.ok(tables.length >= 4 && tables.length <= 8, `${tables.length} partitions`);
  t.strictSame(await verifyRecord({ url }), [59]);
  await held.record.close();
});
