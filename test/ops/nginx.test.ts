// ops/nginx.conf in a real nginx, in front of a real server.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { freePort } from '../fixtures/nats-server.js';
import { gateway, raw } from '../gateway/harness.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

/** Starts nginx with the shipped file, in front of this port; the port that it listens on. */
async function nginx(t: Test, upstream: number): Promise<number> {
  const folder = temporaryFolder(t);
  const port = await freePort();
  const shipped = readFileSync(join(ROOT, 'ops', 'nginx.conf'), 'utf8')
    .replace('127.0.0.1:8080', `127.0.0.1:${upstream}`)
    .replace('listen 80;', `listen 127.0.0.1:${port};`);
  mkdirSync(join(folder, 'temp'));
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/temp/${name};`,
  );
  const config = `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/errors;
events {} http { access_log off; ${paths.join(' ')} ${shipped} }`;
  writeFileSync(join(folder, 'nginx.conf'), config);
  const args = ['-p', folder, '-e', join(folder, 'errors'), '-c', join(folder, 'nginx.conf')];
  const child: ChildProcess = spawn('nginx', args, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  t.teardown(() => {
    child.kill('SIGTERM');
    return ended;
  });
  await until('nginx listens', () => listens(port)).catch((error) => {
    throw new Error(`${error}: ${readFileSync(join(folder, 'errors'), 'utf8')}`);
  });
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

t.test('calls, lines, WebSockets and events go through', async (t) => {
  const server = await gateway(t, { assets: ['points'] });
  const port = await nginx(t, server.port);
  const url = `http://127.0.0.1:${port}`;
  const Authorization = `Bearer ${server.key}`;
  const legs = [{ from: '@issue', to: 'alice', asset: 'points', amount: 1 }];
  const one = await fetch(`${url}/v1/transfers`, {
    method: 'POST',
    headers: { Authorization, 'Content-Type': 'application/json' },
    body: JSON.stringify({ id: '1', legs }),
  });
  t.equal(one.status, 201);
  const lines = await fetch(`${url}/v1/transfers?brief=true`, {
    method: 'POST',
    headers: { Authorization, 'Content-Type': 'application/x-ndjson' },
    body: ['2', '3'].map((id) => `${JSON.stringify({ id, legs })}\n`).join(''),
  });
  t.equal((await lines.text()).split('\n').filter((line) => line !== '').length, 2);

  const old = `GET /v1/accounts/alice HTTP/1.0\r\nAuthorization: ${Authorization}\r\n\r\n`;
  t.match(await raw(port, [old], { quietMs: 2_000 }), /^HTTP\/1\.1 200 .*"available":3/s, '1.0');
  const half = old.replace('1.0', '1.1').replace('\r\n', '\r\nHost: x\r\n');
  const answered = await raw(port, [half], { quietMs: 2_000, end: true });
  t.match(answered, /^HTTP\/1\.1 200 .*"available":3/s, 'a client that closed its half');

  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, { headers: { Authorization } });
  const said = await new Promise((resolve) =>
    socket.on('message', (data) => resolve(JSON.parse(`${data}`))),
  );
  t.match(said, { type: 'ready' });
  socket.terminate();

  const aborter = new AbortController();
  const events = await fetch(`${url}/v1/stream/sse?owner=alice`, {
    headers: { Authorization, Accept: 'text/event-stream' },
    signal: aborter.signal,
  });
  t.equal(events.status, 200);
  const first = await events.body?.getReader().read();
  t.match(new TextDecoder().decode(first?.value), /^event: balances\n/, 'at once, not gathered');
  aborter.abort();
});

t.test('while jifen is away, a browser is told to come back', async (t) => {
  const port = await nginx(t, await freePort());
  const events = await fetch(`http://127.0.0.1:${port}/v1/stream/sse?owner=alice`);
  t.equal(events.status, 200);
  t.equal(events.headers.get('content-type'), 'text/event-stream');
  t.equal(await events.text(), 'retry: 2000\n\n');
  t.equal((await fetch(`http://127.0.0.1:${port}/v1/assets`)).status, 502);
});
