// Operations of a partner under SIGKILL: whatever is asked, in whatever order, with repeats, while the server is killed, each id comes to one thing for
// ever, and what members have is the sum of what is completed. JIFEN_LONG=1: many more kills.

import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { MAIN, SIDES } from '../programme/coalition-world.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { type Answered, bare } from './harness.js';
import { asked, inboundPartner, putPartner } from './inbound.js';
import { ServerProcess } from './server-process.js';

const kills = campaign({ name: 'kills while a partner asks', long: 200, sample: 2 });
const IN = '/api/internal';
const KINDS = ['add', 'deduct'] as const;
const FINAL = ['completed', 'refused', 'rolled_back', 'void'];
const BEGAN = new Date(Date.now() - 60_000).toISOString();

interface Known {
  readonly kind: (typeof KINDS)[number];
  readonly user: string;
  readonly amount: number;
  state?: string;
}

t.test('each id comes to one thing, whoever is killed', async (t) => {
  const server = await ServerProcess.start(t, '--shards', '2', '--no-logs');
  const ask = (request: string, body?: unknown) =>
    bare(server.url, request, body, { Authorization: `Bearer ${server.key}` });
  await ask('PUT /v1/assets/alpha', { scale: 0 });
  for (const [at, document] of [
    ['coalition/main', MAIN],
    ['exchanging/alpha', SIDES.alpha],
  ] as const)
    await ask(`PUT /v1/definitions/${at}`, { state: 'active', document });
  const operations = ['read'];
  await ask('POST /v1/platforms', { id: 'outer', name: 'outer', assets: ['omega'], operations });
  const token = await putPartner(ask, 'outer', ['alpha']);
  const outer = inboundPartner(() => server.url, 'outer', token);
  await until('the definitions count', async () => {
    const { body } = await outer.ask(`POST ${IN}/add`, asked(`first-${Date.now()}`, 'u-0', 1));
    return body?.status === 'completed' && (await ask('GET /v1/accounts/u-0')).body.accounts[0];
  });
  const users = Array.from({ length: 6 }, (_, n) => `user-${n}`);
  const known = new Map<string, Known>();
  /** What is told of an operation agrees with what was told before. */
  const heard = (id: string, one: Known, { status, body }: Answered): void => {
    if (status !== 200 || !FINAL.includes(body.status)) return;
    const may = one.state === 'completed' ? ['completed', 'rolled_back'] : [one.state];
    if (one.state !== undefined)
      t.ok(may.includes(body.status), `${id} ${one.state} ${body.status}`);
    one.state = body.status;
  };
  let n = 0;
  const call = async (random: Random): Promise<void> => {
    const isNew = known.size === 0 || random.chance(0.5);
    const id = isNew ? `op-${++n}` : `op-${1 + random.int(n)}`;
    const one = known.get(id) ?? {
      ...{ kind: random.pick(KINDS), user: random.pick(users), amount: 1 + random.int(50) },
    };
    known.set(id, one);
    const isBack = random.chance(isNew ? 0.1 : 0.4);
    const body = asked(id, one.user, one.amount, isBack ? { type: one.kind } : {});
    const path = isBack ? 'rollback' : one.kind;
    const answer = await outer.ask(`POST ${IN}/${path}`, body).catch(() => undefined);
    if (answer !== undefined) heard(id, one, answer);
  };
  for (const seed of kills.seeds) {
    const random = new Random(seed);
    const lives = Array.from({ length: 8 }, async () => {
      for (let many = 0; many < 8; many++) await call(random);
    });
    await pause(20 + random.int(150));
    await server.kill();
    await Promise.all(lives);
    await server.start();
    await Promise.all(Array.from({ length: 10 }, () => call(random)));
  }
  const states = new Map<string, string>();
  for (const [id, one] of known) {
    const found = await until('it is decided', async () => {
      const answer = await outer.ask(`GET ${IN}/operations/${id}`);
      return answer.status !== 503 && answer;
    });
    heard(id, one, found);
    states.set(id, found.body.status);
    // What is not known never happened: it is void, and stays so.
    if (found.status !== 404) continue;
    t.equal(one.state, undefined, `${id} was ${one.state}, and is absent`);
    const body = asked(id, one.user, one.amount, { type: one.kind });
    t.equal((await outer.ask(`POST ${IN}/rollback`, body)).body.status, 'void');
    states.set(id, 'void');
  }
  const sum = (user: string): number =>
    [...known]
      .filter(([id, one]) => one.user === user && states.get(id) === 'completed')
      .reduce((all, [, { kind, amount }]) => all + (kind === 'add' ? amount : -amount), 0);
  for (const user of users) {
    const { body } = await ask(`GET /v1/accounts/${user}`);
    t.equal(body.accounts[0]?.available ?? 0, sum(user), user);
  }
  const period = `from=${BEGAN}&until=${new Date(Date.now() + 60_000).toISOString()}`;
  const listed = new Map<string, string>();
  for (let next = ''; ; ) {
    const { body } = await outer.ask(`GET ${IN}/operations?${period}&limit=50${next}`);
    for (const one of body.operations) {
      t.notOk(listed.has(one.transaction_id), 'once');
      listed.set(one.transaction_id, one.status);
    }
    if (body.next === undefined) break;
    next = `&cursor=${body.next}`;
  }
  for (const [id, state] of states) t.equal(listed.get(id), state, id);
  t.ok(new Set(states.values()).size >= 3, [...new Set(states.values())].join());
  await server.kill();
  t.same((await verifyFolder(server.folder)).problems, []);
});
