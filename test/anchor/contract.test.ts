// The contract by itself, in an EVM: what it is compiled from, each function's misuse, drawn sequences beside a model.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVM } from '@ethereumjs/vm';
import t from 'tap';
import {
  decodeErrorResult,
  decodeFunctionResult,
  encodeDeployData,
  encodeFunctionData,
  hexToBytes,
  keccak256,
  stringToHex,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { ABI, BYTECODE } from '../../gateway/anchor/contract.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { word } from './contract.js';

type Hex = `0x${string}`;
type Change = { readonly member: Hex; readonly before: bigint; readonly current: bigint };

const KEYS = [1, 2, 3, 4].map((n): Hex => `0x${String(n).padStart(64, '0')}`);
const ACCOUNTS = KEYS.map((key) => privateKeyToAccount(key));
const [OWNER, WRITER, OTHER, STRANGER] = ACCOUNTS.map(({ address }) => address) as [
  Hex,
  Hex,
  Hex,
  Hex,
];
const ZERO: Hex = `0x${'0'.repeat(40)}`;
const NO_HEAD: Hex = `0x${'0'.repeat(64)}`;
const SHOP = word('shop') as Hex;
const CLUB = word('club') as Hex;
const MEMBERS = [1, 2, 3].map((n): Hex => `0x${String(n).padStart(40, 'a')}`);
const U128 = 2n ** 128n - 1n;
const NOW = 1_800_000_000n;
const LATER = NOW + 3_600n;
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const TYPES = {
  Batch: [
    { name: 'platform', type: 'bytes32' },
    { name: 'number', type: 'uint64' },
    { name: 'until', type: 'uint64' },
    { name: 'previous', type: 'bytes32' },
    { name: 'changes', type: 'Change[]' },
  ],
  Change: [
    { name: 'member', type: 'address' },
    { name: 'before', type: 'uint128' },
    { name: 'current', type: 'uint128' },
  ],
} as const;

interface Batch {
  readonly platform: Hex;
  readonly number: bigint;
  readonly until: bigint;
  readonly previous: Hex;
  readonly changes: readonly Change[];
}

const vm = await createVM();
/** What `@ethereumjs` has of addresses and blocks, without naming more of its packages. */
const { evm } = vm as any;
const AddressOf = Object.getPrototypeOf(await zeroAddress()).constructor;

async function zeroAddress(): Promise<any> {
  const made = await evm.runCall({ data: new Uint8Array(), gasLimit: 100_000n });
  return made.createdAddress;
}

const addressOf = (text: Hex): any => new AddressOf(hexToBytes(text));
const block = (timestamp: bigint): any => ({
  header: {
    ...{ number: 1n, cliqueSigner: () => addressOf(ZERO), coinbase: addressOf(ZERO) },
    ...{ timestamp, difficulty: 0n, prevRandao: new Uint8Array(32), gasLimit: 30_000_000n },
    ...{ baseFeePerGas: 0n, getBlobGasPrice: () => 1n },
  },
});

const DOMAIN_CHAIN = Number(vm.common.chainId());
let contract: Hex = ZERO;
let address: any;

/** The name of the error that it came to, or `ok`. */
async function call(from: Hex, functionName: string, args: readonly unknown[]): Promise<string> {
  const data = hexToBytes(encodeFunctionData({ abi: ABI, functionName, args } as never));
  const { execResult } = await evm.runCall({
    ...{ caller: addressOf(from), to: address, data, gasLimit: 25_000_000n, block: block(NOW) },
  });
  if (execResult.exceptionError === undefined) return 'ok';
  const returned: Hex = `0x${Buffer.from(execResult.returnValue).toString('hex')}`;
  if (returned === '0x') return 'reverted';
  return decodeErrorResult({ abi: ABI, data: returned } as never).errorName;
}

async function read(functionName: string, ...args: readonly unknown[]): Promise<any> {
  const data = hexToBytes(encodeFunctionData({ abi: ABI, functionName, args } as never));
  const { execResult } = await evm.runCall({
    ...{ to: address, data, isStatic: true, gasLimit: 25_000_000n, block: block(NOW) },
  });
  const returned: Hex = `0x${Buffer.from(execResult.returnValue).toString('hex')}`;
  return decodeFunctionResult({ abi: ABI, functionName, data: returned } as never);
}

async function deploy(owner: Hex, writer: Hex): Promise<string> {
  const ledger = keccak256(stringToHex('points.test/ledger'));
  const args = [ledger, owner, writer];
  const data = hexToBytes(encodeDeployData({ abi: ABI, bytecode: BYTECODE, args } as never));
  const { execResult, createdAddress } = await evm.runCall({
    ...{ caller: addressOf(OWNER), data, gasLimit: 25_000_000n, block: block(NOW) },
  });
  if (execResult.exceptionError !== undefined) {
    const returned: Hex = `0x${Buffer.from(execResult.returnValue).toString('hex')}`;
    return decodeErrorResult({ abi: ABI, data: returned } as never).errorName;
  }
  address = createdAddress;
  contract = createdAddress.toString();
  return 'ok';
}

const messageOf = (batch: Batch) =>
  ({
    domain: {
      name: 'JifenAnchor',
      version: '1',
      chainId: DOMAIN_CHAIN,
      verifyingContract: contract,
    },
    ...{ types: TYPES, primaryType: 'Batch', message: batch },
  }) as const;

const signed = (batch: Batch, by = 1, domain: object = {}): Promise<Hex> => {
  const message = messageOf(batch);
  const whole = { ...message, domain: { ...message.domain, ...domain } };
  return (ACCOUNTS[by] as (typeof ACCOUNTS)[0]).signTypedData(whole as never);
};

const apply = (batch: Batch, signature: Hex, from = STRANGER): Promise<string> =>
  call(from, 'applyBatch', [batch.platform, batch.number, batch.until, batch.changes, signature]);

/** The other signature of the same: what a contract that takes it would take twice. */
function twin(signature: Hex): Hex {
  const [r, s, v] = [signature.slice(2, 66), signature.slice(66, 130), signature.slice(130)];
  const other = (ORDER - BigInt(`0x${s}`)).toString(16).padStart(64, '0');
  return `0x${r}${other}${v === '1b' ? '1c' : '1b'}`;
}

const one = (more: Partial<Batch> = {}): Batch => ({
  ...{ platform: SHOP, number: 1n, until: LATER, previous: NO_HEAD },
  changes: [{ member: MEMBERS[0] as Hex, before: 0n, current: 10n }],
  ...more,
});

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

/** The contract as it is meant to be. */
interface Model {
  owner: Hex;
  pending: Hex;
  paused: boolean;
  number: bigint;
  entries: bigint;
  anchorers: Set<Hex>;
  signers: Set<number>;
  feeds: Map<Hex, { number: bigint; head: Hex; has: Map<Hex, bigint> }>;
}

/** One step, drawn: what it came to, and what the model says that it comes to. */
async function step(random: Random, of: Model, old: [Batch, Hex][]): Promise<[string, string]> {
  const who = random.int(4);
  const from = (ACCOUNTS[who] as (typeof ACCOUNTS)[0]).address;
  const about = random.int(4);
  const target = (ACCOUNTS[about] as (typeof ACCOUNTS)[0]).address;
  const isOwner = of.owner === from;
  const owned = async (
    name: string,
    args: unknown[],
    bad: string | undefined,
    does: () => void,
  ) => {
    const said = isOwner ? (bad ?? 'ok') : 'NotOwner';
    if (said === 'ok') does();
    return [await call(from, name, args), said] as [string, string];
  };
  const kind = random.int(12);
  if (kind === 0)
    return owned('transferOwnership', [target], undefined, () => {
      of.pending = target;
    });
  if (kind === 1) {
    const said = of.pending === from ? 'ok' : 'NotPendingOwner';
    if (said === 'ok') [of.owner, of.pending] = [from, ZERO];
    return [await call(from, 'acceptOwnership', []), said];
  }
  const allowed = random.int(3) > 0;
  if (kind === 2)
    return owned('setAnchorer', [target, allowed], undefined, () => {
      if (allowed) of.anchorers.add(target);
      else of.anchorers.delete(target);
    });
  if (kind === 3)
    return owned('setSigner', [target, allowed], undefined, () => {
      if (allowed) of.signers.add(about);
      else of.signers.delete(about);
    });
  if (kind === 4) {
    const isOff = random.int(4) === 0;
    const bad = isOff === of.paused ? (isOff ? 'Paused' : 'NotPaused') : undefined;
    return owned(isOff ? 'pause' : 'unpause', [], bad, () => {
      of.paused = isOff;
    });
  }
  if (kind <= 6) {
    const number = of.number + BigInt(random.int(8) === 0 ? random.int(3) : 1);
    const entries =
      random.int(8) === 0 ? BigInt(random.int(50)) : of.entries + BigInt(random.int(9));
    const root = random.int(12) === 0 ? NO_HEAD : keccak256(stringToHex(String(random.next())));
    let said = 'ok';
    if (of.paused) said = 'Paused';
    else if (!of.anchorers.has(from)) said = 'NotAnchorer';
    else if (number !== of.number + 1n) said = 'NumberInvalid';
    else if (root === NO_HEAD) said = 'RootInvalid';
    else if (entries < of.entries) said = 'EntriesShrank';
    if (said === 'ok') [of.number, of.entries] = [number, entries];
    return [await call(from, 'anchor', [number, root, entries]), said];
  }
  if (kind === 7 && old.length > 0) {
    // Whoever has seen a batch brings it again.
    const [batch, signature] = old[random.int(old.length)] as [Batch, Hex];
    return [await apply(batch, signature, from), of.paused ? 'Paused' : 'NumberInvalid'];
  }
  return drawnBatch(random, of, old, from);
}

async function drawnBatch(
  random: Random,
  of: Model,
  old: [Batch, Hex][],
  from: Hex,
): Promise<[string, string]> {
  const platform = random.int(2) === 0 ? SHOP : CLUB;
  const feed = of.feeds.get(platform) ?? { number: 0n, head: NO_HEAD, has: new Map() };
  const has = new Map<Hex, bigint>(feed.has);
  let said = 'ok';
  const changes = Array.from({ length: 1 + random.int(3) }, (): Change => {
    const member = MEMBERS[random.int(MEMBERS.length)] as Hex;
    const before = has.get(member) ?? 0n;
    const current = random.int(10) === 0 ? U128 : BigInt(random.int(100));
    const wrong = random.int(12) === 0 ? before + 1n : before;
    const claimed = wrong > U128 ? 0n : wrong;
    if (said === 'ok' && claimed !== before) said = 'BalanceDiffers';
    else if (said === 'ok' && current === before) said = 'Unchanged';
    has.set(member, current);
    return { member, before: claimed, current };
  });
  const number = feed.number + BigInt(random.int(10) === 0 ? random.int(3) : 1);
  const until = random.int(12) === 0 ? NOW - 1n : LATER;
  const batch: Batch = { platform, number, until, previous: feed.head, changes };
  const by = random.int(4) === 0 ? random.int(4) : 1;
  const isTwin = random.int(10) === 0;
  const right = await signed(batch, by);
  if (!of.signers.has(by)) said = 'NotSigner';
  if (isTwin) said = 'SignatureInvalid';
  if (number !== feed.number + 1n) said = 'NumberInvalid';
  if (until < NOW) said = 'BatchExpired';
  if (of.paused) said = 'Paused';
  const found = await apply(batch, isTwin ? twin(right) : right, from);
  if (said === 'ok') {
    const [platformNumber, head] = await read('feeds', platform);
    of.feeds.set(platform, { number: platformNumber, head, has });
    old.push([batch, right]);
  }
  return [found, said];
}

t.test('drawn sequences come to what a model says', async (t) => {
  const STEPS = 10;
  const plan = campaign({ name: 'anchor contract', long: 10_000, sample: 30 });
  let steps = 0;
  const seen = new Map<string, number>();
  await plan.run(async (seed) => {
    const random = new Random(seed);
    await vm.stateManager.checkpoint();
    await deploy(OWNER, WRITER);
    const of: Model = {
      ...{ owner: OWNER, pending: ZERO, paused: false, number: 0n, entries: 0n },
      ...{ anchorers: new Set([WRITER]), signers: new Set([1]), feeds: new Map() },
    };
    const old: [Batch, Hex][] = [];
    for (let n = 0; n < STEPS; n++) {
      const [found, said] = await step(random, of, old);
      if (found !== said) throw new Error(`step ${n}: ${found}, the model says ${said}`);
      seen.set(found, (seen.get(found) ?? 0) + 1);
      steps++;
    }
    const shown = [await read('owner'), await read('pendingOwner'), await read('paused')];
    const said = [of.owner, of.pending, of.paused];
    if (JSON.stringify(shown) !== JSON.stringify(said)) throw new Error(`${shown}, not ${said}`);
    if ((await read('lastNumber')) !== of.number) throw new Error('lastNumber');
    for (const [platform, { number, has }] of of.feeds) {
      const [last, , total] = await read('feeds', platform);
      const sum = [...has.values()].reduce((all, amount) => all + amount, 0n);
      if (last !== number || total !== sum) throw new Error('A4: the total is not the sum');
      const shownOf: readonly bigint[] = await read('balances', platform, MEMBERS);
      for (const [n, member] of MEMBERS.entries())
        if (shownOf[n] !== (has.get(member) ?? 0n)) throw new Error(`the balance of ${member}`);
    }
    await vm.stateManager.revert();
  });
  t.ok((seen.get('ok') ?? 0) > steps / 10, `${steps} steps: ${JSON.stringify([...seen])}`);
});
