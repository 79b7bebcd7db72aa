// Operators at two nodes: what is changed at one counts at the other, for tokens, cookies and sockets that were there before. Batches of commands by every role,
// packed, over HTTP and over sockets: each command is judged by what the role permits, and by nothing that the caller says.

import t, { type Test } from 'tap';
import type { Command, PackedCommand, PackedOutcomes } from '../../engine/index.js';
import { OutcomesInBytes } from '../../engine/protocol/packed-outcomes.js';
import { connect } from '../../gateway/client/node.js';
import type { GatewayLimits } from '../../gateway/limits.js';
import { startServer } from '../../gateway/serve.js';
import { Cluster } from '../cluster/harness.js';
import { until } from '../until.js';
import { type Answered, bare, gateway, type Headers } from './harness.js';
import { invitedOperator, OperatorBrowser, operatorIn } from './operating.js';
import { CHEAP, OTHER, PASSWORD } from './signing-in.js';
import { Talk } from './talk.js';

async function node(t: Test, cluster: Cluster, name: string, more: Partial<GatewayLimits> = {}) {
  const limits = { ...CHEAP, accessRefreshMs: 50, accessStaleMsMax: 30_000, ...more };
  const server = await startServer({ port: 0, engine: cluster.options(name), limits });
  t.teardown(() => server.close());
  const ask = (request: string, body?: unknown, by?: Headers): Promise<Answered> =>
    bare(server.address, request, body, {
      Authorization: `Bearer ${server.adminKey.key}`,
      ...by,
    });
  return { server, ask, port: Number(new URL(server.address).port), address: server.address };
}

type Node = Awaited<ReturnType<typeof node>>;

t.test('an operator at two nodes', async (t) => {
  const cluster = await Cluster.make(t);
  const a = await node(t, cluster, 'a');
  const b = await node(t, cluster, 'b');
  await a.ask('PUT /v1/assets/gold', { scale: 0 });
  const becomes = (what: string, ask: () => Promise<{ status: number }>, status: number) =>
    until(what, async () => (await ask()).status === status);

  // By the invitation of one node at the other one; whose cookie is good at both.
  const invitation = await invitedOperator(a, 'ann', ['support']);
  const here = new OperatorBrowser(b.address);
  t.equal(
    (await here.ask('POST /operator/invitation', { invitation, password: PASSWORD })).status,
    200,
  );
  const there = new OperatorBrowser(a.address);
  for (const [name, value] of here.cookies) there.cookies.set(name, value);
  t.ok(await there.isIn(), 'a session is one of the ledger, not of a node');
  const token = await here.token();
  const at = (one: { address: string }, request: string, body?: unknown, by = token) =>
    bare(one.address, request, body, by);
  for (const one of [a, b]) t.equal((await at(one, 'GET /v1/platforms')).status, 200);
  // Of one name, made at both at once: one.
  const body = { operator: 'bob', name: 'bob', roles: ['viewer'] };
  const rivals = await Promise.all([a, b].map((one) => one.ask('POST /v1/operators', body)));
  t.same(rivals.map(({ status }) => status).sort(), [201, 409]);
  // One invitation, used at both at once, with two passwords: one of them counts.
  const invited = rivals.find(({ status }) => status === 201)?.body.invitation;
  const both = [new OperatorBrowser(a.address), new OperatorBrowser(b.address)];
  const used = await Promise.all(
    both.map((one, n) =>
      one.ask('POST /operator/invitation', {
        ...{ invitation: invited, password: n === 0 ? PASSWORD : OTHER },
      }),
    ),
  );
  t.same(used.map(({ status }) => status).sort(), [200, 404]);
  const [right, wrong] = used[0]?.status === 200 ? [PASSWORD, OTHER] : [OTHER, PASSWORD];
  t.equal((await new OperatorBrowser(b.address).signIn('bob', right)).status, 200);
  t.equal((await new OperatorBrowser(a.address).signIn('bob', wrong)).status, 403);

  // A role that is changed at one node counts at the other, for what is open there, too.
  const freeze = (owner: string): Command => ({ type: 'freeze-account', owner, asset: 'gold' });
  for (const owner of ['x', 'y', 'z'])
    await a.ask('POST /v1/transfers', {
      legs: [{ from: '@issue', to: owner, asset: 'gold', amount: 1 }],
    });
  const talk = await Talk.open(b.port, token);
  await talk.nextOf('ready');
  const told = async (id: number, owner: string): Promise<string> => {
    talk.send({ type: 'commands', id, commands: [freeze(owner)] });
    const answer = await talk.next();
    if (answer === undefined) return 'closed';
    const [one] = answer.outcomes ?? [];
    return one === undefined ? String(answer.code) : one.ok ? 'ok' : one.code;
  };
  t.equal(await told(1, 'x'), 'ok');
  await a.ask('PUT /v1/operators/ann', { roles: ['viewer'] });
  await becomes(
    'the other node knows of the role',
    () => at(b, 'POST /v1/accounts/z/assets/gold/freeze', {}),
    403,
  );
  t.not(await told(2, 'y'), 'ok', 'nor does a socket that was open before');
  const { accounts } = (await a.ask('GET /v1/accounts/y')).body;
  t.notOk(accounts[0].frozen);

  // Disabled at one, it is nobody at the other: token, cookie, socket.
  const again = await Talk.open(b.port, await here.token());
  await again.nextOf('ready');
  await a.ask('PUT /v1/operators/ann', { disabled: true });
  t.notOk(await here.isIn(), 'a cookie is judged by the record');
  t.equal((await here.ask('POST /operator/session/token')).status, 401);
  await becomes('the token ends at the other node', () => at(b, 'GET /v1/platforms'), 401);
  await again.closed;
  t.equal((await at(a, 'GET /v1/platforms')).status, 401);
  t.equal((await here.signIn('ann')).status, 403);
  // Enabled at the other one, what had ended stays so.
  await b.ask('PUT /v1/operators/ann', { disabled: false });
  t.notOk(await there.isIn());
  t.equal((await here.signIn('ann')).status, 200);
  const next = await here.token();
  t.equal((await at(a, 'GET /v1/platforms', undefined, next)).status, 200);
  t.equal((await a.ask('DELETE /v1/operators/ann/sessions')).status, 200);
  t.notOk(await here.isIn());
  await becomes('signed out there', () => at(b, 'GET /v1/platforms', undefined, next), 401);
  // The administrator's key is of a folder, and so is a session by it.
  const root = new OperatorBrowser(a.address);
  t.equal((await root.ask('POST /operator/session', { key: a.server.adminKey.key })).status, 200);
  const roots = await root.token();
  t.equal((await at(a, 'GET /v1/keys', undefined, roots)).status, 200);
  t.equal((await at(b, 'GET /v1/keys', undefined, roots)).status, 401);
});

t.test('many at two nodes: no more than there may be, no role that there is not', async (t) => {
  const most = 3;
  const cluster = await Cluster.make(t);
  const nodes = [
    await node(t, cluster, 'a', { operatorsMax: most }),
    await node(t, cluster, 'b', { operatorsMax: most }),
  ];
  const [a, b] = nodes as [Node, Node];
  const at = (n: number): Node => (n % 2 === 0 ? a : b);
  const there = async (one: Node): Promise<any[]> =>
    (await one.ask('GET /v1/operators')).body.operators;
  const viewer = (operator: string) => ({ operator, name: 'x', roles: ['viewer'] });
  for (let round = 0; round < 3; round++) {
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        at(n).ask('POST /v1/operators', viewer(`o${round}-${n}`)),
      ),
    );
    // What is answered is so, and never more at a moment: nothing is taken back.
    for (const { status, body } of made) if (status !== 201) t.equal(body.code, 'OPERATOR_LIMIT');
    const told = made.filter(({ status }) => status === 201).map(({ body }) => body.operator);
    t.equal(told.length, most);
    t.same((await there(b)).map((one) => one.operator).sort(), told.sort());
    for (const [n, one] of told.entries()) await at(n).ask(`DELETE /v1/operators/${one}`);
  }
  await a.ask('POST /v1/operators', viewer('ann'));
  const came = new Set<string>();
  for (let round = 0; round < 10; round++) {
    t.equal((await at(round).ask('PUT /v1/roles/desk', { operations: ['read'] })).status, 200);
    const done = await Promise.all([
      at(round).ask('DELETE /v1/roles/desk'),
      at(round + 1).ask('POST /v1/operators', { ...viewer('bob'), roles: ['desk'] }),
      at(round).ask('PUT /v1/operators/ann', { roles: ['desk'] }),
      at(round + 1).ask('PUT /v1/operators/ann', { name: `ann ${round}` }),
    ]);
    const [gone, added, changed, named] = done.map(({ status }) => status);
    came.add([gone, added, changed].join());
    t.equal(named, 200);
    const isThere = (await b.ask('GET /v1/roles/desk')).status === 200;
    t.equal(gone === 200, !isThere);
    const holders = (await there(a)).filter(({ roles }) => roles.includes('desk'));
    const expected = [added === 201 ? ['bob'] : [], changed === 200 ? ['ann'] : []].flat();
    t.same(holders.map(({ operator }) => operator).sort(), expected.sort());
    if (!isThere) t.same(expected, [], 'nobody has a role that there is not');
    t.match(await there(b), [{ operator: 'ann', name: `ann ${round}` }], 'no change is lost');
    await a.ask('PUT /v1/operators/ann', { roles: ['viewer'] });
    await b.ask('DELETE /v1/operators/bob');
    if (isThere) t.equal((await b.ask('DELETE /v1/roles/desk')).status, 200);
  }
  t.comment([...came].join(' | '));
});

const COMMANDS = 'application/vnd.jifen.commands';
const move = (from: string, to: string): Command => ({
  type: 'transfer',
  id: '',
  legs: [{ from, to, asset: 'gold', amount: 1 }],
});
/** What is asked by each role, under ids of its own. */
const ASKED: readonly (readonly [name: string, Command])[] = [
  ['earn', move('@issue', 'ann')],
  ['redeem', move('ann', '@redeem')],
  ['transfer', move('ann', 'bob')],
  ['adjust', move('@adjust', 'ann')],
  ['between system owners', move('@issue', '@redeem')],
  ['hold', { type: 'hold', id: '', owner: 'ann', asset: 'gold', amount: 1 }],
  ['take back', { type: 'reverse', id: '', owner: 'ann', transferId: 'T', amount: 1 }],
  ['freeze', { type: 'freeze-account', owner: 'eve', asset: 'gold' }],
  ['credit', { type: 'set-credit-limit', owner: 'ann', asset: 'gold', creditLimit: 5 }],
  [
    'act',
    {
      type: 'act',
      id: '',
      act: 'adjust',
      owner: 'ann',
      body: { correction: 'none', give: 1, reason: 'x', operator: 'x' },
    },
  ],
  [
    'record',
    { type: 'put-record', owner: 'ann', recordType: 'r', key: 'k', value: new Uint8Array([1]) },
  ],
];
const NOT_DEFINED = 'DEFINITION_NOT_FOUND';
/** What comes of them; all else: OPERATION_FORBIDDEN. */
const MAY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  viewer: {},
  marketing: {},
  support: { 'take back': 'ok', freeze: 'ok', act: NOT_DEFINED },
  finance: { 'take back': 'ok', act: NOT_DEFINED },
  administrator: { ...Object.fromEntries(ASKED.map(([name]) => [name, 'ok'])), act: NOT_DEFINED },
  // What takes another person's agreement is not permitted by itself.
  second: {},
};

t.test('batches of commands by every role', async (t) => {
  const server = await gateway(t, {
    assets: ['gold'],
    engine: { shards: 2, folder: '' },
    limits: CHEAP,
  });
  const { ask, port } = server;
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1_000 }];
  await ask('POST /v1/transfers', { id: 'T', legs });
  await ask('POST /v1/transfers', { legs: [{ ...legs[0], to: 'eve' }] });
  await ask('PUT /v1/roles/second', {
    operations: ['read'],
    seconded: ['freeze', 'correct', 'admin'],
  });
  const client = connect({ url: server.server.address, key: server.key });
  t.teardown(() => client.close());
  for (const [role, may] of Object.entries(MAY)) {
    const browser = await operatorIn(server, `of-${role}`, [role]);
    const token = await browser.token();
    const wanted = ASKED.map(([name]) => may[name] ?? 'OPERATION_FORBIDDEN');
    const commands = (way: string): Command[] =>
      ASKED.map(([, command], n) => ({ ...command, id: `${role}.${way}.${n}` }) as Command);
    const post = async (way: string, query = '') => {
      const batch = client.batch();
      for (const command of commands(way)) batch.add(command as PackedCommand);
      const answer = await fetch(`${server.server.address}/v1/commands${query}`, {
        ...{ method: 'POST', body: batch.take() },
        headers: { ...token, 'Content-Type': COMMANDS },
      });
      if (answer.status !== 200) return [((await answer.json()) as { code: string }).code];
      const told: PackedOutcomes<unknown> = new OutcomesInBytes(
        new Uint8Array(await answer.arrayBuffer()),
      );
      return ASKED.map((_, n) => (told.ok(n) ? 'ok' : String(told.code(n))));
    };
    const unfreeze = () => ask('POST /v1/accounts/eve/assets/gold/unfreeze');
    // Who only looks is not let in.
    const isLooking = role === 'viewer' || role === 'second';
    t.same(await post('packed'), isLooking ? ['OPERATION_FORBIDDEN'] : wanted, `${role}: packed`);
    await unfreeze();
    const talk = await Talk.open(port, token);
    await talk.nextOf('ready');
    const said = commands('socket').map((one) =>
      'value' in one ? { ...one, value: Buffer.from('x').toString('base64') } : one,
    );
    // What it says of itself counts for nothing.
    const forged = { grants: { operations: ['admin'] }, principal: 'administrator' };
    const answer = await talk.ask({ type: 'commands', id: 1, commands: said, ...forged });
    const outcomes =
      answer.outcomes ?? (await talk.ask({ type: 'commands', id: 2, commands: said })).outcomes;
    t.same(
      outcomes.map(({ ok, code }: { ok: boolean; code?: string }) => (ok ? 'ok' : code)),
      wanted,
      `${role}: over a socket`,
    );
    await unfreeze();
    // All or nothing: who may not do one of them does none.
    const [earn, freeze] = [said[0], said[7]];
    const id = `${role}.atomic`;
    const both = [freeze, { ...earn, id }];
    const { outcomes: none } = await talk.ask({
      type: 'commands',
      id: 3,
      commands: both,
      atomic: true,
    });
    if (role !== 'administrator') {
      t.ok(
        none.every(({ ok }: { ok: boolean }) => !ok),
        `${role}: none of both`,
      );
      t.notOk((await ask('GET /v1/accounts/eve')).body.accounts[0].frozen, `${role}: not frozen`);
    }
    await unfreeze();
    talk.close();
  }
});
