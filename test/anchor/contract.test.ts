// The contract by itself, in an EVM: what it is compiled from, each function's misuse, drawn sequences beside a model.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { keccak256 } from 'viem';
import { campaign } from '../campaign.js';
import {
  address,
  addressOf,
  apply,
  type Batch,
  block,
  CLUB,
  call,
  DOMAIN_CHAIN,
  deploy,
  evm,
  type Hex,
  MEMBERS,
  NO_HEAD,
  NOW,
  OTHER,
  OWNER,
  one,
  read,
  SHOP,
  STRANGER,
  signed,
  twin,
  U128,
  WRITER,
  ZERO,
} from './contract-vm.js';

t.test('it is what its source is compiled to', async (t) => {
  const root = join(import.meta.dirname, '../../..');
  const { compiled } = await import(`${root}/ops/contracts/compile.js`);
  t.equal(compiled(root), readFileSync(join(root, 'gateway/anchor/contract.ts'), 'utf8'));
});

t.test('what is refused', async (t) => {
  const root = keccak256('0x01');
  t.equal(await deploy(ZERO, WRITER), 'ZeroAddress');
  t.equal(await deploy(OWNER, ZERO), 'ZeroAddress');
  t.equal(await deploy(OWNER, WRITER), 'ok');
  const change = (member: Hex, before: bigint, current: bigint) => ({ member, before, current });
  const batch = async (expected: string, more: Partial<Batch>, signature?: Hex): Promise<void> => {
    const made = one(more);
    t.equal(await apply(made, signature ?? (await signed(made))), expected);
  };
  const calls = async (...rows: readonly (readonly [Hex, string, unknown[], string])[]) => {
    for (const [from, name, args, expected] of rows)
      t.equal(await call(from, name, args), expected, `${name} ${args.join(' ')} by ${from}`);
  };
  // Who may.
  await calls(
    [WRITER, 'transferOwnership', [OTHER], 'NotOwner'],
    [OTHER, 'acceptOwnership', [], 'NotPendingOwner'],
    [WRITER, 'setAnchorer', [OTHER, true], 'NotOwner'],
    [WRITER, 'setSigner', [OTHER, true], 'NotOwner'],
    [OWNER, 'setAnchorer', [ZERO, true], 'ZeroAddress'],
    [OWNER, 'setSigner', [ZERO, true], 'ZeroAddress'],
    [WRITER, 'pause', [], 'NotOwner'],
    [WRITER, 'unpause', [], 'NotOwner'],
    [OWNER, 'unpause', [], 'NotPaused'],
    // Roots.
    [OWNER, 'anchor', [1n, root, 5n], 'NotAnchorer'],
    [WRITER, 'anchor', [0n, root, 5n], 'NumberInvalid'],
    [WRITER, 'anchor', [2n, root, 5n], 'NumberInvalid'],
    [WRITER, 'anchor', [2n ** 64n - 1n, root, 5n], 'NumberInvalid'],
    [WRITER, 'anchor', [1n, NO_HEAD, 5n], 'RootInvalid'],
    [WRITER, 'anchor', [1n, root, 5n], 'ok'],
    [WRITER, 'anchor', [1n, root, 5n], 'NumberInvalid'],
    [WRITER, 'anchor', [2n, root, 4n], 'EntriesShrank'],
  );
  // Batches.
  await batch('PlatformInvalid', { platform: NO_HEAD });
  await batch('BatchSize', { changes: [] });
  const many = Array.from({ length: 129 }, (_, n) =>
    change(MEMBERS[0] as Hex, BigInt(n), BigInt(n + 1)),
  );
  await batch('BatchSize', { changes: many });
  await batch('BatchExpired', { until: NOW - 1n });
  await batch('NumberInvalid', { number: 0n });
  await batch('NumberInvalid', { number: 2n });
  await batch('NotSigner', { previous: root });
  await batch('ZeroAddress', { changes: [change(ZERO, 0n, 1n)] });
  await batch('BalanceDiffers', { changes: [change(MEMBERS[0] as Hex, 1n, 2n)] });
  await batch('Unchanged', { changes: [change(MEMBERS[0] as Hex, 0n, 0n)] });
  const good = one();
  const signature = await signed(good);
  await batch('NotSigner', {}, await signed(good, 0));
  await batch('NotSigner', {}, await signed(good, 1, { chainId: DOMAIN_CHAIN + 1 }));
  await batch('NotSigner', {}, await signed(good, 1, { verifyingContract: OTHER }));
  await batch('SignatureInvalid', {}, twin(signature));
  await batch('SignatureInvalid', {}, '0x');
  await batch('SignatureInvalid', {}, `0x${signature.slice(2, -2)}`);
  await batch('SignatureInvalid', {}, `${signature}00`);
  await batch('SignatureInvalid', {}, `0x${'00'.repeat(64)}1b`);
  await batch('SignatureInvalid', {}, `${signature.slice(0, -2)}02` as Hex);
  // All or nothing: the last change does not hold, so none is made.
  await batch('BalanceDiffers', {
    changes: [change(MEMBERS[0] as Hex, 0n, 7n), change(MEMBERS[1] as Hex, 1n, 2n)],
  });
  t.equal(await read('balance', MEMBERS[0], SHOP), 0n);
  // Of one address twice: the second goes on from the first.
  const [first, second] = MEMBERS as [Hex, Hex];
  await batch('ok', { changes: [change(first, 0n, 7n), change(first, 7n, 3n)] });
  t.equal(await apply(good, signature), 'NumberInvalid', 'it is of an earlier number');
  // The largest amounts: nothing flows over.
  let [, head] = await read('feeds', SHOP);
  await batch('ok', { number: 2n, previous: head, changes: [change(first, 3n, U128)] });
  [, head] = await read('feeds', SHOP);
  await batch('ok', { number: 3n, previous: head, changes: [change(second, 0n, U128)] });
  t.equal((await read('feeds', SHOP))[2], 2n * U128);
  // The same of another platform is another batch.
  await batch('NotSigner', { platform: CLUB }, await signed(one()));
  // Paused, handed over, roles taken back.
  [, head] = await read('feeds', SHOP);
  const next = one({ number: 4n, previous: head, changes: [change(first, U128, 0n)] });
  const nextSigned = await signed(next);
  await calls(
    [OWNER, 'pause', [], 'ok'],
    [OWNER, 'pause', [], 'Paused'],
    [WRITER, 'anchor', [2n, root, 5n], 'Paused'],
  );
  t.equal(await apply(next, nextSigned), 'Paused');
  await calls(
    [OWNER, 'transferOwnership', [OTHER], 'ok'],
    [STRANGER, 'acceptOwnership', [], 'NotPendingOwner'],
    [OWNER, 'transferOwnership', [ZERO], 'ok'],
    [OTHER, 'acceptOwnership', [], 'NotPendingOwner'],
    [OWNER, 'transferOwnership', [OTHER], 'ok'],
    [OTHER, 'acceptOwnership', [], 'ok'],
    [OTHER, 'acceptOwnership', [], 'NotPendingOwner'],
    [OWNER, 'unpause', [], 'NotOwner'],
    [OTHER, 'unpause', [], 'ok'],
    [OTHER, 'setSigner', [WRITER, false], 'ok'],
    [OTHER, 'setAnchorer', [WRITER, false], 'ok'],
    [WRITER, 'anchor', [2n, root, 5n], 'NotAnchorer'],
  );
  t.equal(await apply(next, nextSigned), 'NotSigner');
  // It takes no money.
  const paid = await evm.runCall({
    ...{ caller: addressOf(OWNER), to: address, value: 1n, skipBalance: true, block: block(NOW) },
    ...{ gasLimit: 100_000n },
  });
  t.ok(paid.execResult.exceptionError);
});

t.test('drawn sequences come to what a model says', async (t) => {
  const plan = campaign({ name: 'anchor contract', long: 10_000, sample: 30 });
  const worker = new Worker(new URL('./contract-drawn.js', import.meta.url));
  t.teardown(() => worker.terminate());
  let steps = 0;
  const all: Record<string, number> = {};
  await plan.run(async (seed) => {
    worker.postMessage(seed);
    const [{ seen, wrong }] = await once(worker, 'message');
    if (wrong !== undefined) throw new Error(wrong);
    for (const [name, times] of Object.entries(seen as Record<string, number>)) {
      all[name] = (all[name] ?? 0) + times;
      steps += times;
    }
  });
  t.ok((all['ok'] ?? 0) > steps / 10, `${steps} steps: ${JSON.stringify(all)}`);
});
