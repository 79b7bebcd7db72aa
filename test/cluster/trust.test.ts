// What a ledger of two nodes shows and keeps of people: one node anchors, whoever sets it up; members are sealed and erased from either node; an alert of the
// whole ledger is judged by one node and told once, and goes on when that node is another process.

import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { memberKeysPath } from '../../engine/index.js';
import { type Server, startServer } from '../../gateway/serve.js';
import { anvil, CHAIN_ID } from '../anchor/anvil.js';
import { onChain, word } from '../anchor/contract.js';
import { type Answered, bare } from '../gateway/harness.js';
import { listening } from '../gateway/listening.js';
import { slowly } from '../until.js';
import { Cluster } from './harness.js';

const LIMITS = {
  ...{ accessRefreshMs: 50, webhookPauseMs: 20, webhookTimeoutMs: 60_000 },
  ...{ checkpointMs: 200, anchorLookMs: 300, anchorTimeoutMs: 5_000, anchorResendMs: 500 },
};
const PACE = { anchorSeconds: 1, feedSeconds: 1, compareSeconds: 1, confirmations: 1 };

interface Node {
  readonly server: Server;
  ask(request: string, body?: unknown): Promise<Answered>;
}

async function node(t: Test, cluster: Cluster, name: string): Promise<Node> {
  const server = await startServer({
    ...{ port: 0, webhookHosts: ['127.0.0.1'], ledgerName: 'points.test/two', limits: LIMITS },
    engine: { ...cluster.options(name), receipts: true },
  });
  t.teardown(() => server.close());
  const ask: Node['ask'] = (request, body) =>
    bare(server.address, request, body, { Authorization: `Bearer ${server.adminKey.key}` });
  return { server, ask };
}

t.test('two nodes of one ledger', async (t) => {
  const cluster = await Cluster.make(t);
  let a = await node(t, cluster, 'a');
  // Nodes have one secrets.key: an operator puts it there.
  mkdirSync(cluster.folder('b'), { recursive: true });
  cpSync(join(cluster.folder('a'), 'secrets.key'), join(cluster.folder('b'), 'secrets.key'));
  const b = await node(t, cluster, 'b');
  const made = async (of: Node, request: string, body?: unknown): Promise<any> => {
    const answer = await of.ask(request, body);
    if (answer.status >= 300) throw new Error(`${request}: ${answer.text}`);
    return answer.body;
  };
  await made(a, 'PUT /v1/assets/gold', { scale: 0 });
  const members = Array.from({ length: 40 }, (_, n) => `m${n}`);
  const [here, there] = [a, b].map(({ server: { engine } }) =>
    members.filter((one) => engine.shardsHere.includes(engine.shardOf(one))).slice(0, 3),
  ) as [string[], string[]];
  const all = [...here, ...there];
  for (const [at, owner] of all.entries())
    await made(at % 2 === 0 ? a : b, 'POST /v1/transfers', {
      ...{ id: 'E', legs: [{ from: '@issue', to: owner, asset: 'gold', amount: 100 + at }] },
    });

  // --- sealed at one node, opened at the other; erased from the one that has no key of the member
  for (const [at, owner] of all.entries()) {
    const [one, other] = at % 2 === 0 ? [a, b] : [b, a];
    const email = `${owner}@mail.example`;
    await made(one, `PUT /v1/members/${owner}/contact`, { email });
    const told = await slowly('it is told', async () => {
      const { status, text } = await other.ask(`GET /v1/members/${owner}/export`);
      return status === 200 && text;
    });
    t.ok(told.includes(email), `${owner} is opened at the other`);
  }
  const gone = [
    [a, there[0]],
    [b, here[0]],
  ] as const;
  for (const [of, owner] of gone)
    await made(of, `POST /v1/members/${owner}/erasure`, { reason: 'asked for' });
  // Twice at once, from both.
  const both = await Promise.all(
    [a, b].map((of) => of.ask(`POST /v1/members/${there[1]}/erasure`, { reason: 'twice' })),
  );
  t.ok(
    both.some(({ status }) => status < 300),
    both.map(({ text }) => text).join(),
  );
  for (const owner of [there[0], here[0], there[1]])
    for (const of of [a, b]) {
      await slowly(`${owner} is erased`, async () => {
        const { body } = await of.ask(`GET /v1/members/${owner}/erasure`);
        return body.state === 'erased';
      });
      t.match(await of.ask(`PUT /v1/members/${owner}/contact`, { email: 'x@mail.example' }), {
        ...{ status: 409, body: { code: 'MEMBER_ERASED' } },
      });
    }
  t.not(memberKeysPath(cluster.folder('a')), memberKeysPath(cluster.folder('b')));
  const { accounts } = await made(a, `GET /v1/accounts/${there[0]}`);
  t.equal(accounts[0].available, 100 + all.indexOf(there[0] as string), 'points stay');

  // --- anchored by the node with the first shard, set up at the other
  const chain = await anvil(t);
  await made(b, 'POST /v1/platforms', {
    id: 'shop',
    name: 'Shop',
    assets: ['gold'],
    operations: ['read'],
  });
  const said = { rpcUrl: chain.url, chainId: CHAIN_ID, ...PACE };
  const platforms = [{ platform: 'shop', asset: 'gold' }];
  const { account } = await made(b, 'PUT /v1/anchor', { ...said, platforms });
  t.equal((await made(a, 'GET /v1/anchor')).account, account, 'one account');
  await chain.ask('anvil_setBalance', account, `0x${(10n ** 20n).toString(16)}`);
  const { contract } = await made(b, 'POST /v1/anchor/deploy', {});
  const of = onChain(chain, contract);
  const [ann, bob] = [here[1], there[2]];
  const ADDRESSES = [`0x${'a'.repeat(40)}`, `0x${'b'.repeat(40)}`] as const;
  for (const [at, owner] of [ann, bob].entries())
    await made(b, `PUT /v1/anchor/platforms/shop/addresses/${ADDRESSES[at]}`, { owner });
  const shown = (address: string, amount: number) =>
    slowly(`${address} has ${amount}`, async () => {
      await chain.ask('evm_mine');
      return Number(await of.read('balance', [address, word('shop')])) === amount;
    });
  const hasOf = (owner: string | undefined): number => 100 + all.indexOf(owner as string);
  await shown(ADDRESSES[0], hasOf(ann));
  await shown(ADDRESSES[1], hasOf(bob));
  const anchored = await slowly('a root of both nodes is anchored', async () => {
    await chain.ask('evm_mine');
    const told = await made(b, 'GET /v1/anchor');
    return told.anchored > 0 && told;
  });
  const { shards } = await made(b, `GET /v1/anchor/roots/${anchored.anchored}`);
  t.ok(shards.length >= 2, 'of shards of both');
  t.equal((await made(a, 'GET /health')).components.chain?.status, 'ok');
  t.equal((await made(b, 'GET /health')).components.chain, undefined, 'b does not look');

  // --- judged by one, told once
  const hook = await listening(t);
  await made(b, 'POST /v1/webhooks', { url: hook.url, types: ['alert.*'] });
  for (const [at, owner] of [here[2], there[2]].entries())
    await made(b, 'POST /v1/transfers', {
      ...{ id: `R${at}`, legs: [{ from: owner, to: '@redeem', asset: 'gold', amount: 1 }] },
    });
  const rule = { threshold: 1, windowMs: 3_600_000, clearMs: 0 };
  await made(a, 'PUT /v1/alert-rules/REDEMPTION_BURST', rule);
  const told = (): string[] =>
    hook.arrived
      .filter(({ event }) => event.data.rule === 'REDEMPTION_BURST')
      .map(({ event }) => event.type);
  await slowly('it is told', () => told().length > 0);
  const states = async (one: Node): Promise<any[]> =>
    (await made(one, 'GET /v1/alerts?rule=REDEMPTION_BURST')).alerts;
  t.match(await states(b), [{ node: 'a', state: 'firing', firings: 1 }]);
  // The node that judges is gone: nobody says that it is over. Another process takes its place, and goes on with what is kept.
  await a.server.close();
  a = await node(t, cluster, 'a');
  const { lastAt } = (await states(b))[0];
  await made(a, 'PUT /v1/alert-rules/REDEMPTION_BURST', { ...rule, severity: 'critical' });
  await slowly('it is judged again', async () => {
    const [alert] = await states(a);
    return alert.severity === 'critical' || alert.lastAt > lastAt;
  });
  await made(a, 'PUT /v1/alert-rules/REDEMPTION_BURST', { ...rule, threshold: 1_000 });
  await slowly('it is over', () => told().length > 1);
  t.same(told(), ['alert.firing', 'alert.resolved'], 'once each, by whichever process');
  // The anchor goes on with it, under the same numbers.
  await made(b, 'POST /v1/transfers', {
    ...{ id: 'M', legs: [{ from: '@issue', to: ann, asset: 'gold', amount: 50 }] },
  });
  await shown(ADDRESSES[0], hasOf(ann) + 50);
  t.match((await made(b, 'GET /v1/anchor')).reconciliations, []);
});
