// Files of scheduled reports on two nodes: told by mail with a link, fetched from the node that has not written them, whole or with an error; what one node asks
// another for is the file of a run, and no other one.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { FetchedFiles } from '../../gateway/projections/reports/fetched.js';
import { isRefusal } from '../../gateway/refusal.js';
import { startServer } from '../../gateway/serve.js';
import { Cluster } from '../cluster/harness.js';
import { until } from '../until.js';
import { type Answered, bare } from './harness.js';
import { mailbox, shortGateway } from './mailbox.js';

const SCHEDULE = { report: 'daily', cron: '0 6 * * *', period: 'day', format: 'csv' };
const BYTES = 2_500_000;

async function node(t: Test, cluster: Cluster, name: string) {
  const engine = cluster.options(name);
  const server = await startServer({
    ...{ port: 0, engine, reports: true, webhookHosts: ['127.0.0.1'] },
  });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await server.close();
    isOpen = false;
  };
  t.teardown(close);
  const by = { Authorization: `Bearer ${server.adminKey.key}` };
  const ask = (request: string, body?: unknown): Promise<Answered> =>
    bare(server.address, request, body, by);
  const bytes = async (path: string): Promise<[status: number, bytes: Buffer]> => {
    const answer = await fetch(server.address + path, { headers: by });
    return [answer.status, Buffer.from(await answer.arrayBuffer())];
  };
  return { server, ask, bytes, close, folder: engine.folder };
}

t.test('reports of two nodes', async (t) => {
  const cluster = await Cluster.make(t);
  const a = await node(t, cluster, 'a');
  const b = await node(t, cluster, 'b');
  const [box, sms] = [await mailbox(t), await shortGateway(t)];
  const made = async (request: string, body: unknown): Promise<any> => {
    const answer = await a.ask(request, body);
    t.ok(answer.status < 300, `${request}: ${answer.text}`);
    return answer.body;
  };
  await made('PUT /v1/assets/gold', { scale: 0 });
  for (const to of ['x', 'y', 'z'])
    await made('POST /v1/transfers', { legs: [{ from: '@issue', to, asset: 'gold', amount: 5 }] });

  // Who is told: by mail, of one schedule; by short messages, of all.
  const email = { type: 'email', url: box.url, from: 'ops@x.example', language: 'en' };
  const to = ['ann@x.example', 'bob@x.example'];
  await made('POST /v1/channels', { ...email, reports: { to, schedules: ['morning'] } });
  const short = { type: 'sms', url: sms.url, fields: { mobile: '{to}', content: '{text}' } };
  await made('POST /v1/channels', { ...short, reports: { to: ['13812345678'] } });
  for (const [body, field] of [
    [{ ...email, reports: {} }, 'reports.to'],
    [{ ...email, reports: { to: ['ann'] } }, 'reports.to[0]'],
    [{ ...email, reports: { to: ['ann@x.example'] }, platform: 'shop' }, 'reports'],
    [{ ...email, reports: { to, schedules: ['NO'] } }, 'reports'],
    [{ ...short, reports: { to } }, 'reports.to[0]'],
  ] as const)
    t.match((await a.ask('POST /v1/channels', body)).body, { field }, JSON.stringify(body));

  for (const name of ['morning', 'other']) await made(`PUT /v1/report-schedules/${name}`, SCHEDULE);
  const runOf = (name: string): Promise<any> =>
    until(`${name} is run`, async () => {
      const answer = await a.ask(`POST /v1/report-schedules/${name}/run`);
      return answer.body.state === 'done' && answer.body;
    });
  await runOf('other');
  const run = await runOf('morning');
  t.equal(run.node, 'a');
  const mails = await until('both are told', () => box.mails.length > 1 && [...box.mails]);
  t.same(mails.map((one) => one.to).sort(), to);
  t.same(new Set(mails.map((one) => one.subject)), new Set(['[jifen] Report · daily · morning']));
  const page = `${a.server.address}/console/report-schedules/morning`;
  for (const { text } of mails) {
    t.ok(text.includes(`look at it: ${page}`), text);
    t.notOk(text.includes('gold'), 'no figure is in a mail');
  }
  const taken = await until('so are others', () => sms.taken.length > 1 && [...sms.taken]);
  t.same(taken.map(({ body }) => JSON.parse(body).content).sort(), [
    '[jifen] 报表已生成 · daily · morning',
    '[jifen] 报表已生成 · daily · other',
  ]);

  // The file, at the node that has it and at the other one.
  const path = new URL(run.link).pathname;
  const [[here, own], [there, fetched]] = [await a.bytes(path), await b.bytes(path)];
  t.same([here, there], [200, 200]);
  t.ok(own.length === run.bytes && own.equals(fetched), 'byte for byte');
  const file = join(a.folder, 'reports', 'morning', `${run.run}.csv`);
  const large = Buffer.alloc(BYTES, 'jifen ');
  writeFileSync(file, large);
  t.ok((await b.bytes(path))[1].equals(large), 'of many pieces');
  // Another file in its place meanwhile: an error, never a mixture of both.
  const { beside } = b.server.engine;
  const pieces = await new FetchedFiles(beside).from('a', { schedule: 'morning', run: run.run });
  if (isRefusal(pieces)) throw new Error(pieces.message);
  t.ok((await pieces.next()).value?.length ?? 0);
  writeFileSync(file, Buffer.alloc(BYTES + 1, 'other '));
  await t.rejects(pieces.next(), { message: /no such file/ });
  writeFileSync(file, large);

  // What another node may ask for.
  const asked = (what: object) => beside.ask<any>('a', 'report-file', what);
  t.match(await asked({ schedule: 'morning', run: run.run, from: 0 }), { size: BYTES });
  for (const what of [
    { schedule: '../../a', run: 'admin.key', from: 0 },
    { schedule: 'morning', run: '../../../admin.key', from: 0 },
    { schedule: 'morning', run: run.run, from: -1 },
    { schedule: 'morning', run: run.run, from: 'x' },
    { schedule: ['morning'], run: run.run, from: 0 },
    {},
  ])
    t.match(await asked(what), { ok: false }, JSON.stringify(what));
  const beyond = await asked({ schedule: 'morning', run: run.run, from: BYTES * 9 });
  t.equal(beyond.bytes.length, 0);
  t.match(await beside.ask('a', 'nothing', {}), { code: 'SHARD_UNAVAILABLE' });

  // Who has it is gone: it is told to try again, and who names nothing is told so.
  t.match((await b.ask(`GET ${path.replace(run.run, '0'.repeat(15))}`)).body, {
    code: 'REPORT_FILE_NOT_FOUND',
  });
  await a.close();
  const gone = await until('the other node is gone', async () => {
    const { status, body } = await b.ask(`GET ${path}`);
    return status === 503 && body;
  });
  t.match(gone, { retry: true });
});
