// The anchor under SIGKILL, on a real chain: whatever ends the process, each root and each batch is on the chain once, under consecutive numbers, and ledger and
// chain agree in the end.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { campaign } from '../campaign.js';
import { bare } from '../gateway/harness.js';
import { ServerProcess } from '../gateway/server-process.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { slowly } from '../until.js';
import { anvil, CHAIN_ID } from './anvil.js';
import { onChain, word } from './contract.js';

const KILLS = process.env['JIFEN_LONG'] === '1' ? 8 : 2;
const lives = campaign({ name: `anchors of ${KILLS} kills`, long: 10, sample: 1 });
const ADDRESSES = ['0x00000000000000000000000000000000000000a1', `0x${'b'.repeat(40)}`];
const LIMITS = { checkpointMs: 40, anchorLookMs: 50, anchorTimeoutMs: 5_000, anchorResendMs: 400 };
const PACE = { anchorSeconds: 1, feedSeconds: 1, compareSeconds: 1, confirmations: 1 };

t.test('roots and batches are on the chain once', async (t) => {
  await lives.run(async (seed) => {
    const random = new Random(seed);
    const chain = await anvil(t);
    const limits = join(temporaryFolder(t), 'limits.json');
    writeFileSync(limits, JSON.stringify(LIMITS));
    const server = await ServerProcess.start(
      t,
      ...['--shards', '1', '--no-logs', '--receipts', '--ledger-name', 'points.test/kill'],
      ...['--limits', limits, '--webhook-hosts', '127.0.0.1'],
    );
    const ask = async (request: string, body?: unknown): Promise<any> => {
      const key = { Authorization: `Bearer ${server.key}` };
      const answer = await bare(server.url, request, body, key);
      if (answer.status >= 300) throw new Error(`${request}: ${answer.text}`);
      return answer.body;
    };
    await ask('PUT /v1/assets/gold', { scale: 0 });
    await ask('POST /v1/platforms', {
      id: 'shop',
      name: 'Shop',
      assets: ['gold'],
      operations: ['read'],
    });
    const said = { rpcUrl: chain.url, chainId: CHAIN_ID, ...PACE };
    const platforms = [{ platform: 'shop', asset: 'gold' }];
    const { account } = await ask('PUT /v1/anchor', { ...said, platforms });
    await chain.ask('anvil_setBalance', account, `0x${(10n ** 20n).toString(16)}`);
    const { contract } = await ask('POST /v1/anchor/deploy', {});
    const there = onChain(chain, contract);
    const has = new Map<string, number>();
    let n = 0;
    const move = async (): Promise<void> => {
      for (const [at, address] of ADDRESSES.entries()) {
        const amount = 1 + random.int(100);
        const legs = [{ from: '@issue', to: `m${at}`, asset: 'gold', amount }];
        await ask('POST /v1/transfers', { id: `E${n++}`, legs });
        has.set(address, (has.get(address) ?? 0) + amount);
      }
    };
    await move();
    for (const [at, address] of ADDRESSES.entries())
      await ask(`PUT /v1/anchor/platforms/shop/addresses/${address}`, { owner: `m${at}` });
    const last = async (): Promise<number> => Number(await there.read('lastNumber', []));
    for (let kill = 0; kill < KILLS; kill++) {
      // At whatever step of a root or a batch: written, sent, mined, seen.
      const before = await last();
      await slowly('something is under way', async () => {
        await chain.ask('evm_mine');
        const told = await ask('GET /v1/anchor');
        const isSent = told.pending !== null || told.platforms[0].pending !== null;
        return isSent || told.anchored > before;
      });
      await sleep(random.int(150));
      await server.kill();
      await chain.ask('evm_mine');
      await server.start();
      await move();
    }
    await slowly('the chain shows what members have', async () => {
      await chain.ask('evm_mine');
      const all = await Promise.all(
        ADDRESSES.map((one) => there.read('balance', [one, word('shop')])),
      );
      return ADDRESSES.every((one, at) => Number(all[at]) === has.get(one));
    });
    const told = await slowly('they agree, and nothing is under way', async () => {
      await chain.ask('evm_mine');
      const anchor = await ask('POST /v1/anchor/compare', {});
      const isCalm = anchor.pending === null && anchor.platforms[0].pending === null;
      return isCalm && anchor.status.state === 'ok' && anchor;
    });
    t.same(told.reconciliations, [], `seed ${seed}: they never differed`);
    t.equal(await last(), told.anchored, 'no number twice, none left out');
    // What was sent and was not taken would have cost gas and changed nothing.
    const nonce = Number(await chain.ask('eth_getTransactionCount', account, 'latest'));
    let failed = 0;
    const height = Number(await chain.ask('eth_blockNumber'));
    for (let block = 0; block <= height; block++) {
      const receipts = await chain.ask('eth_getBlockReceipts', `0x${block.toString(16)}`);
      failed += receipts.filter((one: { status: string }) => one.status !== '0x1').length;
    }
    t.ok(nonce > told.anchored, `${nonce} transactions, ${told.anchored} roots`);
    t.equal(failed, 0, 'no transaction failed');
  });
});
