// The question: what do signing in, introspection and calls by access tokens cost the transfers beside them, and how many of each does one process answer?
// Transfers one a request on one server, slice by slice in turn: alone, and beside a fixed rate of the others. Owns: the server, its clients. Never touches:
// what is judged.
//   SI1. A login is of a name that there is none of: it is counted, and a password is made and compared, as of one that there is (signin.E1). No session is
//       opened.
//   SI2. A token is a client's own (client credentials), another one for each connection; what is known of it counts for a second (oauth.T1).

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Measurement, runOfSlices, type Slice } from './drive.js';
import type { Bench, Run, RunContext } from './harness.js';
import { HttpConnection, requestText } from './http-client.js';
import { ASSET, type JifenConnections, JifenServer } from './jifen-server.js';
import { closedLoop, openLoop, type RateLatency, type Send } from './loops.js';
import { singles } from './peers/asking.js';
import { HttpMovements } from './peers/jifen-http.js';
import { Movements } from './peers/movements.js';
import { usageOf } from './process-usage.js';
import { orStopped } from './server-process.js';
import { inTurns } from './turns.js';

const ALONE = 'signin/transfers-alone';
const BESIDE = 'signin/transfers-beside';
const CONNECTIONS = 64;
const FUNDS = 1_000_000;
const SLICES = 6;
const PLATFORM = 'shop';
/** Of each, a second, beside transfers. */
const RATES = { login: 1, introspection: 50, read: 100 } as const;
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n';
/** Nobody is to be refused for asking often. */
const OFTEN = { limit: 1_000_000, seconds: 1 };
const LIMITS = { visitorRate: OFTEN, keyRate: OFTEN, addressTries: OFTEN };

/** What is asked of a server where members sign in. */
interface Asked {
  readonly login: Send;
  readonly introspection: Send;
  readonly read: Send;
  close(): void;
}

const formText = (head: string, path: string, form: Readonly<Record<string, string>>): string => {
  const body = new URLSearchParams(form).toString();
  const first = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${head}${FORM}`;
  return `${first}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

async function registered(
  connections: JifenConnections,
  path: string,
  body: object,
): Promise<Readonly<Record<string, string>>> {
  const answer = await connections.send(0, 'POST', path, JSON.stringify(body));
  const text = answer.body.toString();
  if (answer.status !== 201) throw new Error(`${path} was answered ${answer.status}: ${text}`);
  return JSON.parse(text) as Readonly<Record<string, string>>;
}

/** Opens connections, each with a token of its own. */
async function opened(server: JifenServer, connections: number): Promise<Asked> {
  const keys = await server.open(1);
  const assets = { assets: [ASSET], operations: ['read'] };
  await registered(keys, '/v1/platforms', { id: PLATFORM, name: PLATFORM, ...assets });
  const own = { platform: PLATFORM, ownScope: `read:${PLATFORM}` };
  const { id, secret } = await registered(keys, '/v1/oauth-clients', { name: 'bench', ...own });
  keys.close();
  const basic = `Authorization: Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}\r\n`;
  const lines: HttpConnection[] = [];
  const tokens: string[] = [];
  const ask = async (connection: number, text: string, wanted: number): Promise<Buffer> => {
    const answer = await (lines[connection] as HttpConnection).request(text);
    if (answer.status !== wanted)
      throw new Error(`${text.split('\r\n', 1)[0]}: ${answer.status} ${answer.body}`);
    return answer.body;
  };
  for (let n = 0; n < connections; n++) {
    lines.push(await HttpConnection.open(server.port));
    const form = { grant_type: 'client_credentials' };
    const made = await ask(n, formText(basic, '/token', form), 200);
    tokens.push((JSON.parse(made.toString()) as { access_token: string }).access_token);
  }
  let names = 0;
  return {
    login: async (connection) => {
      const body = { login: `nobody-${names++}@mail.example`, password: 'correct horse battery' };
      await ask(connection, requestText('POST', '/session', '', JSON.stringify(body)), 403);
      return 1;
    },
    introspection: async (connection) => {
      const token = tokens[connection] as string;
      const told = await ask(connection, formText(basic, '/introspect', { token }), 200);
      if (!told.includes('"active":true')) throw new Error(`a token is not good: ${told}`);
      return 1;
    },
    read: async (connection) => {
      const head = `Authorization: Bearer ${tokens[connection]}\r\n`;
      await ask(connection, requestText('GET', `/v1/accounts/u${connection}`, head), 200);
      return 1;
    },
    close: () => {
      for (const line of lines) line.close();
    },
  };
}

function started({ options, folder }: RunContext): Promise<JifenServer> {
  const limits = join(folder, 'limits.json');
  writeFileSync(limits, JSON.stringify(LIMITS));
  return JifenServer.start(folder, options.cacheMb, ['--limits', limits]);
}

/** Everything that is asked beside transfers, for so long; how late the answers were. */
async function beside(asked: Asked, seconds: number): Promise<readonly RateLatency[]> {
  const names = ['login', 'introspection', 'read'] as const;
  const at = { login: 0, introspection: 4, read: 8 };
  return Promise.all(
    names.map((name) =>
      openLoop((connection) => asked[name](at[name] + connection), 4, {
        requestsPerSecond: RATES[name],
        seconds,
      }),
    ),
  );
}

async function measureBeside(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  const server = await started(context);
  return orStopped(server, async () => {
    const accounts = { users: options.users, funds: FUNDS, stripes: 1 };
    const connections = await server.open(CONNECTIONS);
    await connections.fund(options.users, FUNDS);
    const asked = await opened(server, 12);
    const send = singles(
      new HttpMovements(connections, accounts),
      new Movements('programme', accounts),
    );
    const names = [ALONE, BESIDE];
    const slices = names.map((): Slice[] => []);
    const used = names.map(() => ({ seconds: 0, commands: 0 }));
    let late: readonly RateLatency[] = [];
    const rounds = options.smoke ? 1 : SLICES;
    const [warmUp, seconds] = [options.warmUpSeconds / rounds, options.seconds / rounds];
    for (let round = 0; round < rounds; round++)
      for (const i of names.keys()) {
        const before = usageOf([server.pid]);
        const others = i === 1 ? beside(asked, warmUp + seconds) : [];
        const from = performance.now() + warmUp * 1_000;
        const measurement = new Measurement(from, from + seconds * 1_000);
        const commands = await closedLoop(send, CONNECTIONS, measurement);
        const told = await others;
        if (told.length > 0) late = told;
        slices[i]?.push(measurement.result());
        const all = used[i] as (typeof used)[number];
        all.seconds += (usageOf([server.pid])?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0);
        all.commands += commands;
      }
    connections.close();
    asked.close();
    await server.stop();
    const [login, introspection, read] = late;
    const waits = {
      ...{ loginP50Ms: login?.p50Ms ?? 0, introspectionP50Ms: introspection?.p50Ms ?? 0 },
      readP50Ms: read?.p50Ms ?? 0,
    };
    const runs = names.map((name, i): [string, Run] => {
      const run = runOfSlices(slices[i] ?? []);
      const { seconds: cpu, commands } = used[i] as (typeof used)[number];
      const also = { serverCpuUsPerCommand: (cpu / commands) * 1e6, ...(i === 1 ? waits : {}) };
      return [name, { ...run, also: { ...run.also, ...also } }];
    });
    return Object.fromEntries(runs);
  });
}

async function measureEach(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  const server = await started(context);
  return orStopped(server, async () => {
    const connections = 16;
    const asked = await opened(server, connections);
    const ways = [
      ['signin/logins', asked.login],
      ['signin/introspections', asked.introspection],
      ['signin/token-reads', asked.read],
    ] as const;
    const turns = { connections, slices: SLICES, server: server.pid };
    const runs = await inTurns(ways, turns, options);
    asked.close();
    await server.stop();
    return runs;
  });
}

/** The bench of signing in. */
export const signinBench: Bench = {
  name: 'signin',
  figures: () => [
    {
      name: 'signin',
      unit: 'transfers/s',
      headline: true,
      ownProcesses: true,
      compareTo: { [BESIDE]: ALONE },
      run: measureBeside,
    },
    {
      name: 'signin/requests',
      unit: 'requests/s',
      headline: true,
      ownProcesses: true,
      run: measureEach,
    },
  ],
};
