// Whether a client keeps its process alive, and what becomes of a listener that throws, in Node.js: programs of their own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { gateway } from '../harness.js';

const CLIENT = pathToFileURL(
  join(import.meta.dirname, '..', '..', '..', 'gateway', 'client', 'node.js'),
).href;
const EARN = `{ type: 'transfer', id: '1', legs: [{ from: '@issue', to: 'a', asset: 'points', amount: 1 }] }`;

/** Runs a program that has a client: what it says, and how it ended. `stays`: it is killed half a second after it has said this. */
async function run(
  url: string,
  key: string,
  options: object,
  program: string,
  stays?: string,
): Promise<string> {
  const text = `import { connect } from ${JSON.stringify(CLIENT)};
    const client = connect(${JSON.stringify({ url, key, ...options })});
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text]);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      said += part;
      if (stays !== undefined && said.includes(stays)) setTimeout(() => child.kill(), 500);
    });
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  return `${said.trim()} ${code ?? signal}`;
}

t.test('a client keeps its process alive as long as it should', async (t) => {
  const { server, key } = await gateway(t, { assets: ['points'] });
  const watch = `client.stream.watch('a', ({ type }) => console.log(type));`;
  const one = `const [{ ok }] = await client.stream.submitBatch([${EARN}]); console.log(ok);`;
  const single = `const { ok } = await client.stream.submit(${EARN}); console.log(ok);`;
  const { address } = server;
  const programs: [string, object, string, string, string?][] = [
    [address, {}, watch, 'balances SIGTERM', 'balances'],
    [address, { unref: true }, watch, ' 0'],
    [address, { unref: true }, one, 'true 0'],
    [address, { unref: true }, single, 'true 0'],
    [address, {}, `${single} client.close();`, 'true 0'],
    [
      'http://127.0.0.1:9',
      {},
      `client.stream.submit(${EARN}).catch(({ reason }) => console.log(reason)); client.close();`,
      'closed 0',
    ],
    [address, {}, `${one} client.close();`, 'true 0'],
    ['http://127.0.0.1:9', { unref: true }, `client.stream; setTimeout(() => {}, 300);`, ' 0'],
    [address, {}, `console.log((await client.assets()).length);`, '1 0'],
  ];
  for (const [url, options, program, said, stays] of programs)
    t.equal(await run(url, key, options, program, stays), said, program);
});

t.test('a listener that throws is an uncaught exception, and the stream goes on', async (t) => {
  const { server, key } = await gateway(t, { assets: ['points'] });
  const said = await run(
    server.address,
    key,
    {},
    `process.on('uncaughtException', ({ message }) => console.log('uncaught ' + message));
    client.stream.watch('a', ({ type }) => {
      if (type === 'balances') client.stream.submitBatch([${EARN}]).catch(() => {});
      if (type === 'entries') client.close();
      throw new Error(type);
    });`,
  );
  t.equal(said, 'uncaught balances\nuncaught ended\nuncaught entries 0');
});
