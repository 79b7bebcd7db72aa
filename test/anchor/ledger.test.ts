// The anchor of a real ledger on a real chain (anvil): deployed, roots and balances on it, differences found, words of operators, what a chain may do wrong.

import { join } from 'node:path';
import t from 'tap';
import { anchoredRoot } from '../../gateway/anchor/roots.js';
import { caller } from '../gateway/callers.js';
import { gateway } from '../gateway/harness.js';
import { run } from '../gateway/program.js';
import { until } from '../until.js';
import { anvil, CHAIN_ID } from './anvil.js';
import { onChain, word } from './contract.js';

const ANN = '0x00000000000000000000000000000000000000a1';
const BOB = '0x00000000000000000000000000000000000000b2';
const SERVED = {
  webhookHosts: ['127.0.0.1'],
  ledgerName: 'points.test/ledger',
  limits: { checkpointMs: 40, anchorLookMs: 100, anchorTimeoutMs: 5_000, anchorResendMs: 500 },
} as const;
const PACE = { anchorSeconds: 1, feedSeconds: 1, compareSeconds: 1, confirmations: 1 };
const PLATFORMS = [{ platform: 'shop', asset: 'gold' }];

t.test('roots and balances of a ledger on a chain', async (t) => {
  const chain = await anvil(t);
  const served = await gateway(t, {
    ...SERVED,
    assets: ['gold'],
    engine: { folder: '', shards: 2, receipts: true },
  });
  const { ask, folder, server } = served;
  const move = async (from: string, to: string, amount: number, id: string): Promise<void> => {
    const legs = [{ from, to, asset: 'gold', amount }];
    const { status, text } = await ask('POST /v1/transfers', { id, legs });
    t.equal(status, 201, text);
  };
  const anchor = async (): Promise<any> => (await ask('GET /v1/anchor')).body;
  /** The anchor, once it is so; blocks go on meanwhile. */
  const once = async (what: string, is: (told: any) => boolean): Promise<any> => {
    let told: any;
    await until(what, async () => {
      await chain.ask('evm_mine');
      told = await anchor();
      return is(told);
    }).catch((error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(told)}`);
    });
    return told;
  };

  t.match(await ask('GET /v1/anchor'), { status: 404, body: { code: 'ANCHOR_NOT_FOUND' } });
  t.equal((await ask('GET /health')).body.components.chain, undefined);
  await caller(served, 'shop');
  const said = { rpcUrl: chain.url, chainId: CHAIN_ID, ...PACE, platforms: PLATFORMS };
  for (const [field, body] of [
    ['rpcUrl', { chainId: 1 }],
    ['rpcUrl', { ...said, rpcUrl: 'http://10.0.0.1:8545' }],
    ['platforms', { ...said, platforms: [...PLATFORMS, ...PLATFORMS] }],
    ['chainId', { ...said, chainId: 0 }],
    ['contract', { ...said, contract: '0x12' }],
  ] as const)
    t.match((await ask('PUT /v1/anchor', body)).body, { code: 'COMMAND_INVALID', field });
  const put = await ask('PUT /v1/anchor', said);
  t.match(put, { status: 200, body: { host: '127.0.0.1', contract: null } }, put.text);
  const { account } = put.body;
  // The account has nothing to pay with: that is told, not tried for ever.
  const poor = await ask('POST /v1/anchor/deploy', {});
  t.match(poor, { status: 503, body: { code: 'CHAIN_FAILED' } }, poor.text);
  await chain.ask('anvil_setBalance', account, `0x${(10n ** 20n).toString(16)}`);
  const deployed = await ask('POST /v1/anchor/deploy', {});
  t.equal(deployed.status, 200, deployed.text);
  const { contract } = deployed.body;
  t.match((await ask('POST /v1/anchor/deploy', {})).body, { code: 'ANCHOR_CONFLICT' });
  await move('@issue', 'ann', 1_000, 'EARN');
  await move('@issue', 'bob', 5, 'EARN');

  // A root of both shards, that anybody can work out, and that the contract has.
  const { anchored } = await once('a root is anchored', (told) => told.anchored >= 1);
  const { body: root } = await ask(`GET /v1/anchor/roots/${anchored}`, undefined, {
    Authorization: '',
  });
  t.equal(anchoredRoot(root.name, root.shards), root.root);
  const there = onChain(chain, contract);
  t.equal((await there.read('anchors', [BigInt(anchored)]))[0], root.root);
  t.match((await ask('GET /health')).body.components.chain, { status: 'ok' });

  // Balances of those who want it.
  const link = (address: string, owner: string) =>
    ask(`PUT /v1/anchor/platforms/shop/addresses/${address}`, { owner });
  t.match(await link(ANN, 'ann'), { status: 200, body: { owner: 'ann' } });
  t.match(await link(ANN, 'ann'), { status: 200 });
  t.match((await link(ANN, 'bob')).body, { code: 'ANCHOR_CONFLICT', field: 'address' });
  t.match((await link(BOB, 'ann')).body, { code: 'ANCHOR_CONFLICT', field: 'owner' });
  t.match((await link('0x12', 'bob')).body, { code: 'ANCHOR_NOT_FOUND' });
  t.equal((await link(BOB, 'bob')).status, 200);
  const has = (address: string) => there.read('balance', [address, word('shop')]);
  const shown = (address: string, amount: bigint) =>
    until(`${address} has ${amount}`, async () => {
      await chain.ask('evm_mine');
      return (await has(address)) === amount;
    });
  await shown(ANN, 1_000n);
  await shown(BOB, 5n);
  await move('ann', 'bob', 250, 'GIFT');
  await shown(ANN, 750n);
  await shown(BOB, 255n);
  // One that is nobody's any more.
  t.equal((await ask(`DELETE /v1/anchor/platforms/shop/addresses/${BOB}`)).status, 200);
  await shown(BOB, 0n);
  await until('the address is forgotten', async () => {
    await chain.ask('evm_mine');
    const { body } = await ask('GET /v1/anchor/platforms/shop/addresses');
    return body.addresses.length === 1;
  });

  // The same by the command line.
  const asking = ['--url', server.address, '--key', join(folder, 'admin.key')];
  const { out, err } = await run(folder, 'anchor', 'status', ...asking);
  t.match(JSON.parse(out), { contract, status: { state: 'ok' } }, err);
  const worked = await run(folder, 'anchor', 'root', '1', ...asking);
  t.equal(worked.code, 0, worked.err);

  // A transaction that is not mined is sent again for more, and takes the place of the first.
  await once('nothing is under way', (told) => told.platforms[0].pending === null);
  await chain.ask('evm_setAutomine', false);
  await move('@issue', 'ann', 1, 'MORE');
  let late: any;
  await until('it was sent twice', async () => {
    late = await anchor();
    const all = [late.pending, late.platforms[0].pending];
    return all.some((one) => (one?.attempts ?? 0) >= 2);
  }).catch((error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(late)}`);
  });
  await chain.ask('evm_setAutomine', true);
  await shown(ANN, 751n);
  await once('they agree', (told) => told.status.state === 'ok');

  // Somebody else writes: a difference, an alert, nothing is sent until an operator has said something.
  await there.by(chain, account, 'anchor', [
    BigInt((await there.read('lastNumber', [])) + 1n),
    `0x${'ab'.repeat(32)}`,
    2n ** 63n,
  ]);
  const differing = await once(
    'the difference is found',
    (told) => told.status.state === 'differs',
  );
  t.match(differing.reconciliations[0], { state: 'open', findings: [{ what: 'anchors' }] });
  t.match((await ask('GET /health')).body.components.chain, { status: 'degraded' });
  await until('it is an alert', async () => {
    const { body } = await ask('GET /v1/alerts?rule=CHAIN_DIFFERS&state=firing');
    return body.alerts.length === 1;
  });
  const accepted = await ask('POST /v1/anchor/compare', { accept: true });
  t.match(accepted.body.reconciliations[0], { state: 'accepted' }, accepted.text);
  // Of what it wrote, more entries than there are: the contract takes no root of fewer.
  await once('they agree again, or its refusal is told', (told) =>
    ['ok', 'unreachable'].includes(told.status.state),
  );

  // The chain is gone; then there is another one in its place.
  await chain.stop();
  await until(
    'that it is not reached',
    async () => (await anchor()).status.state === 'unreachable',
  );
  t.match((await ask('GET /health')).body.components.chain, { status: 'warning' });
  t.equal((await ask('POST /v1/anchor/compare', {})).status, 200);
  const isAlert = async (): Promise<boolean> => {
    const { body } = await ask('GET /v1/alerts?rule=CHAIN_UNREACHABLE&state=firing');
    return body.alerts.length === 1;
  };
  await until('that is an alert', isAlert);
  t.match(await ask('DELETE /v1/anchor'), { status: 200 });
  await until('nothing is looked at', async () => {
    const { components } = (await ask('GET /health')).body;
    return components.chain === undefined;
  });
  await ask('PUT /v1/alert-rules/CHAIN_UNREACHABLE', { clearMs: 0 });
  await until('nothing is wrong with it any more', async () => !(await isAlert()));

  // Another chain has blocks of its own: that it has fewer is nothing wrong.
  const other = await anvil(t);
  t.equal((await ask('PUT /v1/anchor', { ...said, rpcUrl: other.url, contract })).status, 200);
  await other.ask('anvil_mine', '0x8');
  await until('it is looked at', async () => (await anchor()).status?.state === 'differs');
});
