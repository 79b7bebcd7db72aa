// Many WebSockets at once: all hear of a change, a good client is served meanwhile, and nothing is left when they go.
// By default some hundreds; JIFEN_LONG=1: 9,000 connections.

import t from 'tap';
import { WebSocket } from 'ws';
import { until } from '../until.js';
import { gateway } from './harness.js';
import { Talk } from './talk.js';

const CONNECTIONS = process.env.JIFEN_LONG === '1' ? 9_000 : 400;
const AT_ONCE = 100;

t.test('many connections, one owner', async (t) => {
  const server = await gateway(t, { assets: ['points'] });
  const told = new Uint32Array(CONNECTIONS);
  const sockets: WebSocket[] = [];
  const opened = (i: number) =>
    new Promise<void>((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/stream`, {
        headers: { Authorization: `Bearer ${server.key}` },
      });
      sockets.push(socket);
      socket.on('error', reject);
      socket.on('message', (data: Buffer) => {
        const { type, entries } = JSON.parse(data.toString());
        if (type === 'ready')
          socket.send(JSON.stringify({ type: 'subscribe', id: 1, owner: 'alice' }));
        else if (type === 'balances') resolve();
        else if (entries[0].version === (told[i] ?? 0) + 1) told[i] = entries.at(-1).version;
      });
    });
  for (let at = 0; at < CONNECTIONS; at += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => opened(at + i)));
  const writer = await Talk.open(server.port, server.key, 'jifen.msgpack');
  t.teardown(() => writer.close());
  await writer.nextOf('ready');
  for (let i = 1; i <= 5; i++) {
    const legs = [{ from: '@issue', to: 'alice', asset: 'points', amount: 1 }];
    const commands = [{ type: 'transfer', id: `${i}`, legs }];
    t.match(await writer.ask({ type: 'commands', id: i, commands }), { outcomes: [{ ok: true }] });
  }
  await until('everybody has heard', () => told.every((version) => version === 5));
  const figure = async (name: string) => {
    const { text } = await server.ask('GET /metrics');
    return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1]);
  };
  t.equal(await figure('jifen_stream_connections'), CONNECTIONS + 1);
  t.equal(await figure('jifen_stream_subscriptions'), CONNECTIONS);
  for (const socket of sockets) socket.terminate();
  let left = -1;
  for (let i = 0; i < 200 && left !== 0; i++) left = await figure('jifen_stream_subscriptions');
  t.equal(left, 0);
});
