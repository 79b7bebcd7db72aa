// The contract in an EVM, without a chain. Owns: the machine, encoding of calls, batches and their signatures. Never touches: what is expected.

import { createVM } from '@ethereumjs/vm';
import {
  decodeErrorResult,
  decodeFunctionResult,
  encodeDeployData,
  encodeFunctionData,
  hexToBytes,
  keccak256,
  prepareEncodeFunctionData,
  stringToHex,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { ABI, BYTECODE } from '../../gateway/anchor/contract.js';
import { word } from './contract.js';

export type Hex = `0x${string}`;
export type Change = { readonly member: Hex; readonly before: bigint; readonly current: bigint };

const KEYS = [1, 2, 3, 4].map((n): Hex => `0x${String(n).padStart(64, '0')}`);
export const ACCOUNTS = KEYS.map((key) => privateKeyToAccount(key));
export const [OWNER, WRITER, OTHER, STRANGER] = ACCOUNTS.map(({ address }) => address) as [
  Hex,
  Hex,
  Hex,
  Hex,
];
export const ZERO: Hex = `0x${'0'.repeat(40)}`;
export const NO_HEAD: Hex = `0x${'0'.repeat(64)}`;
export const SHOP = word('shop') as Hex;
export const CLUB = word('club') as Hex;
export const MEMBERS = [1, 2, 3].map((n): Hex => `0x${String(n).padStart(40, 'a')}`);
export const U128 = 2n ** 128n - 1n;
export const NOW = 1_800_000_000n;
export const LATER = NOW + 3_600n;
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

export interface Batch {
  readonly platform: Hex;
  readonly number: bigint;
  readonly until: bigint;
  readonly previous: Hex;
  readonly changes: readonly Change[];
}

export const vm = await createVM();
/** What `@ethereumjs` has of addresses and blocks, without naming more of its packages. */
export const { evm } = vm as any;
const AddressOf = Object.getPrototypeOf(await zeroAddress()).constructor;

async function zeroAddress(): Promise<any> {
  const made = await evm.runCall({ data: new Uint8Array(), gasLimit: 100_000n });
  return made.createdAddress;
}

export const addressOf = (text: Hex): any => new AddressOf(hexToBytes(text));
export const block = (timestamp: bigint): any => ({
  header: {
    ...{ number: 1n, cliqueSigner: () => addressOf(ZERO), coinbase: addressOf(ZERO) },
    ...{ timestamp, difficulty: 0n, prevRandao: new Uint8Array(32), gasLimit: 30_000_000n },
    ...{ baseFeePerGas: 0n, getBlobGasPrice: () => 1n },
  },
});

export const DOMAIN_CHAIN = Number(vm.common.chainId());
let contract: Hex = ZERO;
export let address: any;

/** The ABI of one function, ready to be used: to look it up by its name hashes all others each time. */
const prepared = new Map<string, ReturnType<typeof prepareEncodeFunctionData>>();
const abiOf = (functionName: string): any => {
  let known = prepared.get(functionName);
  if (known === undefined) {
    known = prepareEncodeFunctionData({ abi: ABI, functionName } as never);
    prepared.set(functionName, known);
  }
  return known;
};
const dataOf = (functionName: string, args: readonly unknown[]): Uint8Array =>
  hexToBytes(encodeFunctionData({ ...abiOf(functionName), args } as never));

/** Names of errors by their first four bytes. */
const errors = new Map<string, string>();
function errorIn(returned: Hex): string {
  const first = returned.slice(0, 10);
  const known = errors.get(first);
  if (known !== undefined) return known;
  const { errorName } = decodeErrorResult({ abi: ABI, data: returned } as never);
  errors.set(first, errorName);
  return errorName;
}

/** The name of the error that it came to, or `ok`. */
export async function call(
  from: Hex,
  functionName: string,
  args: readonly unknown[],
): Promise<string> {
  const data = dataOf(functionName, args);
  // Each call is a transaction: what storage had before it is what gas, and what of it comes back, go by.
  vm.stateManager.originalStorageCache.clear();
  const { execResult } = await evm.runCall({
    ...{ caller: addressOf(from), to: address, data, gasLimit: 25_000_000n, block: block(NOW) },
  });
  if (execResult.exceptionError === undefined) return 'ok';
  const returned: Hex = `0x${Buffer.from(execResult.returnValue).toString('hex')}`;
  return returned === '0x' ? 'reverted' : errorIn(returned);
}

export async function read(functionName: string, ...args: readonly unknown[]): Promise<any> {
  const data = dataOf(functionName, args);
  const { execResult } = await evm.runCall({
    ...{ to: address, data, isStatic: true, gasLimit: 25_000_000n, block: block(NOW) },
  });
  const returned: Hex = `0x${Buffer.from(execResult.returnValue).toString('hex')}`;
  const { abi } = abiOf(functionName);
  return decodeFunctionResult({ abi, data: returned } as never);
}

export async function deploy(owner: Hex, writer: Hex): Promise<string> {
  const ledger = keccak256(stringToHex('points.test/ledger'));
  const args = [ledger, owner, writer];
  const data = hexToBytes(encodeDeployData({ abi: ABI, bytecode: BYTECODE, args } as never));
  const { execResult, createdAddress } = await evm.runCall({
    ...{ caller: addressOf(OWNER), data, gasLimit: 25_000_000n, block: block(NOW) },
  });
  if (execResult.exceptionError !== undefined) {
    const returned: Hex = `0x${Buffer.from(execResult.returnValue).toString('hex')}`;
    return errorIn(returned);
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

export const signed = (batch: Batch, by = 1, domain: object = {}): Promise<Hex> => {
  const message = messageOf(batch);
  const whole = { ...message, domain: { ...message.domain, ...domain } };
  return (ACCOUNTS[by] as (typeof ACCOUNTS)[0]).signTypedData(whole as never);
};

export const apply = (batch: Batch, signature: Hex, from = STRANGER): Promise<string> =>
  call(from, 'applyBatch', [batch.platform, batch.number, batch.until, batch.changes, signature]);

/** The other signature of the same: what a contract that takes it would take twice. */
export function twin(signature: Hex): Hex {
  const [r, s, v] = [signature.slice(2, 66), signature.slice(66, 130), signature.slice(130)];
  const other = (ORDER - BigInt(`0x${s}`)).toString(16).padStart(64, '0');
  return `0x${r}${other}${v === '1b' ? '1c' : '1b'}`;
}

export const one = (more: Partial<Batch> = {}): Batch => ({
  ...{ platform: SHOP, number: 1n, until: LATER, previous: NO_HEAD },
  changes: [{ member: MEMBERS[0] as Hex, before: 0n, current: 10n }],
  ...more,
});
