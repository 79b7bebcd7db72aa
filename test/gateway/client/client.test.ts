// The client: every call over a real server, what it does when there is none, what its modules import.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import type { BalanceEvent, Command } from '../../../engine/index.js';
import { connect as connectInBrowser } from '../../../gateway/client/index.js';
import {
  type BriefOutcome,
  type Client,
  ClientError,
  connect,
  type FeedItems,
  type SocketLike,
} from '../../../gateway/client/node.js';
import { ROOT } from '../../setup.js';
import { until } from '../../until.js';
import { type Gateway, gateway } from '../harness.js';

async function started(t: Test): Promise<{ readonly server: Gateway; readonly client: Client }> {
  const server = await gateway(t);
  const client = connect({ url: `${server.server.address}/`, key: server.key });
  t.teardown(() => client.close());
  const defined = await client.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  t.match(defined, { ok: true, assetVersion: 1 });
  return { server, client };
}

const earn = (id: string, to = 'alice', amount = 10) =>
  ({ type: 'transfer', id, legs: [{ from: '@issue', to, asset: 'points', amount }] }) as const;

t.test('every kind of command and read over HTTP', async (t) => {
  const { client } = await started(t);
  t.match(await client.submit(earn('1')), {
    ok: true,
    id: '1',
    replayed: false,
    entries: [{ owner: '@issue' }, { owner: 'alice', available: 10 }],
  });
  t.match(await client.submit(earn('1')), { ok: true, replayed: true });
  t.match(await client.submit(earn('1', 'alice', 11)), { ok: false, code: 'ID_REUSED' });
  const hold = { type: 'hold', owner: 'alice', asset: 'points', amount: 6 } as const;
  const held = await client.submit({ ...hold, id: 'h' });
  t.match(held, { ok: true, hold: { remaining: 6 } });
  t.match(await client.hold('alice', 'h'), { owner: 'alice', id: 'h', remaining: 6 });
  const capture = { type: 'capture', owner: 'alice', holdId: 'h', to: '@redeem' } as const;
  t.match(await client.submit({ ...capture, id: 'c', amount: 2 }), { hold: { remaining: 4 } });
  t.match(await client.submit({ type: 'release', id: 'r', owner: 'alice', holdId: 'h' }), {
    hold: { remaining: 0 },
  });
  const reverse = { type: 'reverse', owner: 'alice', transferId: 'c' } as const;
  t.match(await client.submit(reverse), { ok: true, id: /^[0-9a-f]{32}$/ });
  const account = { owner: 'bob', asset: 'points' } as const;
  const done = [
    ...(['open-account', 'freeze-account', 'unfreeze-account'] as const),
    'close-account',
  ] as const;
  for (const type of done) t.match(await client.submit({ type, ...account }), { ok: true }, type);
  t.match(
    await client.submit({
      type: 'set-credit-limit',
      owner: 'alice',
      asset: 'points',
      creditLimit: 3,
    }),
    { ok: true },
  );
  t.match(
    await client.submit({ ...earn('2', '@redeem'), id: undefined, kind: 'A', ref: 'b' } as never),
    {
      ok: true,
      id: 'A:b',
    },
  );
  t.match(await client.submitTransfers([earn('3'), earn('1', 'alice', 12), earn('1')]), [
    { ok: true, id: '3', replayed: false },
    { ok: false, code: 'ID_REUSED' },
    { ok: true, replayed: true },
  ]);
  t.match(await client.balances('alice'), [{ asset: 'points', available: 20, creditLimit: 3 }]);
  t.match(await client.balancesOf(['bob', 'alice'], { asset: 'points' }), [
    { owner: 'bob' },
    { owner: 'alice', accounts: [{ asset: 'points', available: 20 }] },
  ]);
  const page = await client.entries({ owner: 'alice', asset: 'points', limit: 2 });
  t.match(page, { ok: true, entries: [{ id: '3' }, {}] });
  const next = await client.entries({
    owner: 'alice',
    asset: 'points',
    limit: 9,
    cursor: page.cursor,
  });
  t.equal(next.entries.length, 4);
  const query = { owner: 'alice', asset: 'points', order: 'oldest', version: 5 } as const;
  const behind = await client.entries(query);
  t.same(
    behind.entries.map(({ version }) => version),
    [5, 6],
  );
  t.match(await client.transfer('alice', '1'), { command: { id: '1' }, outcome: { ok: true } });
  t.equal(await client.transfer('alice', 'none'), undefined);
  t.match(await client.assets(), [{ asset: 'points', scale: 0 }]);
  const refused = await client.balances('a b').catch((error: unknown) => error);
  t.ok(refused instanceof ClientError && refused.refusal?.code === 'OWNER_INVALID');
});

t.test('the stream, in Node.js and as in a browser', async (t) => {
  const { server, client } = await started(t);
  const browser = connectInBrowser({
    url: server.server.address,
    key: server.key,
    openSocket: (url, protocol) => new WebSocket(url, [protocol]) as unknown as SocketLike,
  });
  t.teardown(() => browser.close());
  for (const [name, one] of Object.entries({ client, browser })) {
    const told: BalanceEvent[] = [];
    const end = one.stream.watch(name, (event) => told.push(event));
    await until('balances', () => told.length === 1);
    const value = new Uint8Array([1, 2, 250]);
    const commands: Command[] = [
      earn('1', name),
      { type: 'put-record', owner: name, recordType: 'a', key: 'b', value },
      { type: 'hold', id: 'h', owner: name, asset: 'points', amount: 11 },
    ];
    const outcomes = await one.stream.submitBatch(commands);
    t.match(outcomes, [
      { ok: true, id: '1', entries: [{ delta: -10 }, { owner: name, available: 10 }] },
      { ok: true, recordVersion: Number },
      { ok: false, code: 'POINTS_SHORT', retry: false },
    ]);
    const brief: BriefOutcome[] = await one.stream.submitBriefly([earn('1', name)]);
    t.match(brief, [{ ok: true, replayed: true }]);
    await until('the change', () => told.length === 2);
    t.match(told, [
      { type: 'balances', balances: [] },
      { type: 'entries', entries: [{ id: '1', version: 1 }] },
    ]);
    const items: FeedItems[] = [];
    const stop = one.stream.follow(0, { seq: 1, index: 0 }, (some) => items.push(some));
    const records = () =>
      items.flatMap((some) => some.items).filter(({ command }) => command.type === 'put-record');
    await until('the record', () =>
      records().some(({ command }) => 'owner' in command && command.owner === name),
    );
    t.same(records().at(-1)?.command, { ...commands[1], id: outcomes[1]?.id });
    stop();
    end();
    await one.stream.submitBatch([earn('2', name)]);
    t.equal(told.length, 2);
    const refusals: string[] = [];
    one.stream.watch(
      '@issue',
      (event) => event.type === 'ended' && refusals.push(event.refusal.code),
    );
    one.stream.follow(
      7,
      { seq: 1, index: 0 },
      () => {},
      ({ code }) => refusals.push(code),
    );
    await until('two refusals', () => refusals.length === 2);
    t.same(refusals, ['SYSTEM_OWNER', 'MESSAGE_INVALID']);
  }
});

t.test(
  'a key that is not good ends the stream, and closing it everything that waits',
  async (t) => {
    const { server } = await started(t);
    const wrong = connect({ url: server.server.address, key: 'jifen_admin_no' });
    const ended: string[] = [];
    wrong.stream.watch('a', (event) => event.type === 'ended' && ended.push(event.refusal.code));
    await t.rejects(wrong.stream.submitBatch([earn('1')]), ClientError);
    t.same(ended, ['UNAUTHORIZED']);
    t.match(await wrong.submit(earn('1')), { ok: false, code: 'UNAUTHORIZED' });
    const nobody = connect({ url: 'http://127.0.0.1:9', key: 'x', attempts: 2 });
    const states: string[] = [];
    nobody.stream.onState = (state) => states.push(state);
    const waiting = nobody.stream.submitBatch([earn('1')]);
    nobody.stream.watch('a', (event) => event.type === 'ended' && ended.push(event.refusal.code));
    await until('another attempt', () => states.includes('connecting'));
    nobody.close();
    await t.rejects(waiting, ClientError);
    t.equal(ended[1], 'CLOSING');
    t.throws(() => nobody.stream.watch('a', () => {}), ClientError);
    await t.rejects(nobody.balances('a'), ClientError);
  },
);

t.test('a call without an answer, or refused for now, is repeated with the same id', async (t) => {
  const ids: unknown[] = [];
  const busy = { type: 'urn:x', title: 'busy', status: 503, code: 'SHARD_BUSY', retry: true };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      ids.push(JSON.parse(body).id);
      if (ids.length === 1) request.socket.destroy();
      else if (ids.length === 2) response.writeHead(502).end('<html>');
      else if (ids.length === 3) response.writeHead(503).end(JSON.stringify(busy));
      else response.writeHead(201).end(JSON.stringify({ id: ids[0], entries: [], replayed: true }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client = connect({ url: `http://127.0.0.1:${port}`, key: 'x' });
  const legs = [{ from: '@issue', to: 'a', asset: 'points', amount: 1 }];
  t.match(await client.submit({ type: 'transfer', legs }), { ok: true });
  t.equal(ids.length, 4);
  t.equal(new Set(ids).size, 1);
  t.match(ids[0], /^[0-9a-f]{32}$/);
});

/** Loaded by browsers, too, and by themselves. */
const SHARED = new Set([
  '../../engine/protocol/outcomes.js',
  '../../engine/protocol/packed-outcomes.js',
  '../../engine/protocol/refusals.js',
  '../message-limits.js',
]);

/** What `node.ts` has beside them. */
const OF_NODE = [
  '../../engine/protocol/batch-writer.js',
  '../../engine/protocol/packed-batch.js',
  'msgpackr',
  'ws',
];

t.test('its modules import nothing of Node.js, and the package has it', async (t) => {
  const folder = join(ROOT, 'gateway', 'client');
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.ts'))) {
    const text = readFileSync(join(folder, name), 'utf8');
    const imports = [...text.matchAll(/^(import|export) (type )?[^;]*?from '([^']+)';/gms)]
      .filter(([, , typeOnly]) => typeOnly === undefined)
      .map(([, , , from]) => from as string);
    const foreign = imports.filter((from) => !/^\.\/[a-z-]+\.js$/.test(from) && !SHARED.has(from));
    t.same(foreign.sort(), name === 'node.ts' ? OF_NODE : [], name);
    if (name !== 'node.ts') t.notMatch(text, /\b(process|Buffer|require|global)\b\.?[\w(]/, name);
  }
  const program = "import { connect } from 'jifen/client'; console.log(typeof connect)";
  const args = ['--input-type=module', '-e', program];
  t.equal(execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' }), 'function\n');
});
