// Nobody reads what the program prints any more: a closed terminal, a log reader that went away, a full disk.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { temporaryFolder } from '../temporary.js';
import { PROGRAM, start } from './program.js';

const CALLS = 32;

/** Its folder is jifen-data in a temporary one. */
async function started(t: Test) {
  const cwd = temporaryFolder(t);
  const { child, address, ended } = await start(t, cwd);
  return { child, ended, folder: join(cwd, 'jifen-data'), port: Number(new URL(address).port) };
}

type Serving = Awaited<ReturnType<typeof started>>;

/** Asks; the status, or undefined where the connection was cut. */
function ask(
  server: Serving,
  agent: Agent,
  line: string,
  body: unknown,
): Promise<number | undefined> {
  const [method = '', path = ''] = line.split(' ');
  const key = readFileSync(join(server.folder, 'admin.key'), 'utf8').trim();
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const { port } = server;
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, agent, method, path, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.complete ? answer.statusCode : undefined));
      answer.on('error', () => resolve(undefined));
    });
    asked.on('error', () => resolve(undefined));
    asked.end(JSON.stringify(body));
  });
}

// Many transfers each, so that they are still on their way when the signal comes.
const batch = (n: number) =>
  Array.from({ length: 500 }, (_, at) => ({
    id: `${n}:${at}`,
    legs: [{ from: '@issue', to: `user-${at}`, asset: 'points', amount: 1 }],
  }));

for (const signals of [['SIGINT'], ['SIGTERM'], ['SIGHUP', 'SIGHUP', 'SIGINT']] as const) {
  t.test(`${signals.join(', ')} with nobody reading: what is in flight is answered`, async (t) => {
    const server = await started(t);
    const { child, folder, ended } = server;
    const agent = new Agent({ keepAlive: true, maxSockets: CALLS });
    t.teardown(() => agent.destroy());
    t.equal(await ask(server, agent, 'PUT /v1/assets/points', { scale: 0 }), 200);
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.kill('SIGPIPE');
    const answers = Array.from({ length: CALLS }, (_, n) =>
      ask(server, agent, 'POST /v1/transfers?brief=true', batch(n)),
    );
    // The first answer says that all have been sent.
    await Promise.race(answers);
    for (const signal of signals) child.kill(signal);
    const statuses = await Promise.all(answers);
    t.same(
      statuses.filter((status) => status !== 200 && status !== 503),
      [],
      'no call was cut',
    );
    t.equal((await ended).code, 0);
    t.notOk(existsSync(join(folder, 'lock')));
    t.notOk(existsSync(join(folder, 'server.json')));
  });
}

t.test('a start that cannot say where it serves ends, and gives the folder back', async (t) => {
  const { child, folder, ended } = await started(t);
  child.kill('SIGTERM');
  await ended;
  mkdirSync(join(folder, 'server.json', 'in-the-way'), { recursive: true });
  const args = [PROGRAM, 'start', '--port', '0', '--folder', folder];
  const { status, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 30_000,
  });
  t.equal(status, 1);
  t.match(stderr, /^jifen: .*server\.json/m);
  t.notOk(existsSync(join(folder, 'lock')));
  rmSync(join(folder, 'server.json'), { recursive: true });
});

t.test('a command whose output cannot be written', async (t) => {
  const shell = (line: string) =>
    spawnSync('bash', ['-c', line, process.execPath, PROGRAM], { encoding: 'utf8' });
  const full = shell('"$0" "$1" --help > /dev/full');
  t.match(full, { status: 1, stderr: /^jifen: its output could not be written: ENOSPC[^\n]*\n$/ });
  const gone = shell('("$0" "$1" start --help; echo "$?" >&2) | true');
  t.match(gone.stderr, /^[01]\n$/, 'no exception is shown');
  const wrong = shell('"$0" "$1" nonsense 2> /dev/full');
  t.equal(wrong.status, 2, 'what stderr cannot take changes nothing');
});
