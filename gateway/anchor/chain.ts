// The contract on its chain, by viem. Owns: what is read of it, transactions: gas, fees, nonces; batches signed. Never touches: when anything is sent, records.
//   anchor.B1. What is read is read at one block, that lies as many blocks below the last one as confirmations are asked for.
//   anchor.B2. A transaction is tried by the node first: one that the contract refuses is not sent, and its refusal is named.
//   anchor.B3. No transaction takes more gas, or costs more for it, than the settings say. One account sends one at a time, each with its next nonce: what
//       is sent again for more takes the place of what was sent before, and both cannot be carried out.

import type { Account, Address } from 'viem';
import { ABI, BYTECODE } from './contract.js';
import type { Rpc } from './rpc.js';
import type { FedChange, Hex, PendingBatch, Sent } from './shapes.js';

type Viem = typeof import('viem');
type Accounts = typeof import('viem/accounts');
type Client = ReturnType<Viem['createPublicClient']>;

/** The chain is not reached, or takes no transaction. */
export class ChainError extends Error {}

export interface ChainSettings {
  readonly url: URL;
  readonly chainId: number;
  readonly confirmations: number;
  readonly gasMax: number;
  readonly feeMaxGwei: number;
}

/** How the contract is, at a block. */
export interface ContractView {
  readonly block: number;
  readonly ledger: Hex;
  readonly paused: boolean;
  readonly number: number;
  readonly head: Hex;
}

/** How far a platform is fed, at a block. */
export interface FeedView {
  readonly number: number;
  readonly head: Hex;
  /** The sum of all that its addresses have. */
  readonly total: bigint;
}

const RETRIES = 3;
const RETRY_MS = 250;
const GWEI = 1_000_000_000n;
/** What is sent again pays by so much more each time; nodes ask for a tenth at least. */
const RAISE = [125n, 100n] as const;
const RAISES_MAX = 20;
/** What a node counts may be a little more when it is carried out. */
const GAS_ROOM = [12n, 10n] as const;
const VERSION = '1';
const TEXT_MAX = 160;
const KNOWN = /already known|known transaction|already imported/i;
const UNDERPRICED = /underpriced|fee too low/i;
const NONCE = /nonce too low|nonce is too low/i;

const BATCH_TYPES = {
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

const changesOf = (changes: readonly FedChange[]) =>
  changes.map(([member, before, current]) => ({
    member,
    before: BigInt(before),
    current: BigInt(current),
  }));

/** One line of what went wrong. */
export function whyOf(error: unknown): string {
  const { details, shortMessage, message } = error as Record<string, unknown>;
  const text = String(details || shortMessage || message);
  return (text.split('\n')[0] ?? '').slice(0, TEXT_MAX);
}

/** A platform's name as the contract has it: its characters, then zeros. */
export const platformWord = (platform: string): Hex =>
  `0x${Buffer.from(platform, 'utf8').toString('hex').padEnd(64, '0')}`;

/** What is called with which arguments. */
interface ContractCall {
  readonly functionName: string;
  readonly args: readonly unknown[];
}

export const anchorCall = (number: number, root: Hex, entries: number): ContractCall => ({
  functionName: 'anchor',
  args: [BigInt(number), root, BigInt(entries)],
});

/** A chain that is asked. */
export class Chain {
  readonly #viem: Viem;
  readonly #accounts: Accounts;
  readonly #client: Client;
  readonly #settings: ChainSettings;
  #isRight = false;

  private constructor(viem: Viem, accounts: Accounts, rpc: Rpc, settings: ChainSettings) {
    this.#viem = viem;
    this.#accounts = accounts;
    this.#settings = settings;
    const request = ({ method, params }: { method: string; params?: unknown }) =>
      rpc.ask(settings.url, method, params);
    const transport = viem.custom({ request }, { retryCount: RETRIES, retryDelay: RETRY_MS });
    this.#client = viem.createPublicClient({ transport, cacheTime: 0 }) as Client;
  }

  /** Loads viem; asks nothing yet. */
  static async of(rpc: Rpc, settings: ChainSettings): Promise<Chain> {
    const [viem, accounts] = await Promise.all([import('viem'), import('viem/accounts')]);
    return new Chain(viem, accounts, rpc, settings);
  }

  /** A new account: its address, and its private key. */
  static async newAccount(): Promise<{ readonly address: Hex; readonly key: Hex }> {
    const { generatePrivateKey, privateKeyToAddress } = await import('viem/accounts');
    const key = generatePrivateKey();
    return { key, address: privateKeyToAddress(key).toLowerCase() as Hex };
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof ChainError) throw error;
      throw new ChainError(whyOf(error), { cause: error });
    }
  }

  /** Is it the chain that the settings say? */
  async isRightChain(): Promise<boolean> {
    if (this.#isRight) return true;
    const id = await this.#asked(() => this.#client.getChainId());
    this.#isRight = id === this.#settings.chainId;
    return this.#isRight;
  }

  /** The last block that is believed; undefined: there are too few yet. */
  async confirmedBlock(): Promise<number | undefined> {
    const last = Number(await this.#asked(() => this.#client.getBlockNumber()));
    const block = last - this.#settings.confirmations;
    return block < 0 ? undefined : block;
  }

  async #read<T>(contract: Hex, functionName: string, args: readonly unknown[], block?: number) {
    const at = block === undefined ? {} : { blockNumber: BigInt(block) };
    const asked = { address: contract as Address, abi: ABI, functionName, args, ...at };
    return this.#asked(() => this.#client.readContract(asked as never)) as Promise<T>;
  }

  /** How the contract is; undefined: there is none at that block. */
  async view(contract: Hex, block: number): Promise<ContractView | undefined> {
    const blockNumber = BigInt(block);
    const code = await this.#asked(() =>
      this.#client.getCode({ address: contract as Address, blockNumber }),
    );
    if (code === undefined || code === '0x') return undefined;
    const [ledger, paused, number, head] = await Promise.all([
      this.#read<Hex>(contract, 'ledger', [], block),
      this.#read<boolean>(contract, 'paused', [], block),
      this.#read<bigint>(contract, 'lastNumber', [], block),
      this.#read<Hex>(contract, 'head', [], block),
    ]);
    return { block, ledger, paused, number: Number(number), head };
  }

  async feed(contract: Hex, platform: string, block?: number): Promise<FeedView> {
    const args = [platformWord(platform)];
    const read = this.#read<[bigint, Hex, bigint]>(contract, 'feeds', args, block);
    const [number, head, total] = await read;
    return { number: Number(number), head, total };
  }

  /** The last number of anchors, as it is now. */
  async lastNumber(contract: Hex): Promise<number> {
    return Number(await this.#read<bigint>(contract, 'lastNumber', []));
  }

  /** What addresses have, in their order. */
  async balances(
    contract: Hex,
    platform: string,
    addresses: readonly Hex[],
    block: number,
  ): Promise<readonly bigint[]> {
    return this.#read(contract, 'balances', [platformWord(platform), addresses], block);
  }

  /** What the account has, in gwei. */
  async funds(address: Hex): Promise<number> {
    const wei = await this.#asked(() => this.#client.getBalance({ address: address as Address }));
    return Number(wei / GWEI);
  }

  /** The head of the anchors after this one. */
  headAfter(head: Hex, number: number, root: Hex, entries: number): Hex {
    const { encodeAbiParameters, keccak256 } = this.#viem;
    const types = ['bytes32', 'uint64', 'bytes32', 'uint64'].map((type) => ({ type }));
    const values = [head, BigInt(number), root, BigInt(entries)];
    return keccak256(encodeAbiParameters(types, values));
  }

  /** The ledger's name, as the contract has it. */
  ledgerWord(name: string): Hex {
    return this.#viem.keccak256(this.#viem.stringToHex(name));
  }

  #typed(contract: Hex, platform: string, previous: Hex, batch: Omit<PendingBatch, 'head'>) {
    return {
      domain: {
        ...{ name: 'JifenAnchor', version: VERSION, chainId: this.#settings.chainId },
        verifyingContract: contract as Address,
      },
      types: BATCH_TYPES,
      primaryType: 'Batch',
      message: {
        ...{ platform: platformWord(platform), number: BigInt(batch.number) },
        ...{ until: BigInt(batch.until), previous, changes: changesOf(batch.changes) },
      },
    } as const;
  }

  /** What is signed of a batch, which is the platform's head after it. */
  batchHead(contract: Hex, platform: string, previous: Hex, batch: Omit<PendingBatch, 'head'>) {
    return this.#viem.hashTypedData(this.#typed(contract, platform, previous, batch)) as Hex;
  }

  /** A batch signed, as it is sent. */
  async batchCall(
    key: Hex,
    contract: Hex,
    platform: string,
    previous: Hex,
    batch: Omit<PendingBatch, 'head'>,
  ): Promise<ContractCall> {
    const account = this.#accounts.privateKeyToAccount(key);
    const signature = await account.signTypedData(this.#typed(contract, platform, previous, batch));
    const { number, until, changes } = batch;
    const word = platformWord(platform);
    const args = [word, BigInt(number), BigInt(until), changesOf(changes), signature];
    return { functionName: 'applyBatch', args };
  }

  /** Deploys the contract; tells where it will be. */
  async deploy(
    key: Hex,
    name: string,
    owner: Hex | undefined,
    now: number,
  ): Promise<{ readonly contract: Hex; readonly sent: Sent }> {
    const account = this.#accounts.privateKeyToAccount(key);
    const data = this.#viem.encodeDeployData({
      ...{ abi: ABI, bytecode: BYTECODE },
      args: [this.ledgerWord(name), owner ?? account.address, account.address],
    } as never);
    const { hash, nonce } = await this.#transact(account, undefined, data, 0);
    const at = { from: account.address, nonce: BigInt(nonce) };
    const contract = this.#viem.getContractAddress(at).toLowerCase() as Hex;
    return { contract, sent: { hash, at: now, attempts: 1 } };
  }

  /** Sends a call; again, for more, where `before` is under way still. */
  async send(
    key: Hex,
    contract: Hex,
    call: ContractCall,
    before: Sent | undefined,
    now: number,
  ): Promise<Sent> {
    const account = this.#accounts.privateKeyToAccount(key);
    const attempts = before?.attempts ?? 0;
    const data = this.#viem.encodeFunctionData({ abi: ABI, ...call } as never);
    await this.#tried(account, contract, call);
    const { hash } = await this.#transact(account, contract, data, attempts);
    return { hash, at: now, attempts: attempts + 1 };
  }

  /** B2. */
  async #tried(account: Account, contract: Hex, call: ContractCall): Promise<void> {
    const { BaseError, ContractFunctionRevertedError } = this.#viem;
    try {
      const at = { blockTag: 'latest' };
      const asked = { address: contract as Address, abi: ABI, account, ...call, ...at };
      await this.#client.simulateContract(asked as never);
    } catch (error) {
      const reverted =
        error instanceof BaseError &&
        error.walk((one) => one instanceof ContractFunctionRevertedError);
      if (!(reverted instanceof ContractFunctionRevertedError))
        throw new ChainError(whyOf(error), { cause: error });
      const name = reverted.data?.errorName ?? reverted.reason ?? 'without a reason';
      throw new ChainError(`the contract refuses ${call.functionName}: ${name}`);
    }
  }

  /** B3: what a transaction may pay, in wei for a unit of gas. */
  async #fees(attempts: number): Promise<object> {
    const most = BigInt(Math.round(this.#settings.feeMaxGwei * 1e9));
    const { baseFeePerGas: base } = await this.#client.getBlock({ blockTag: 'latest' });
    let [up, down] = [1n, 1n];
    for (let n = 0; n < Math.min(attempts, RAISES_MAX); n++) {
      up *= RAISE[0];
      down *= RAISE[1];
    }
    const raised = (fee: bigint): bigint => (fee * up) / down;
    const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);
    const capped = (fee: bigint): bigint => least(fee, most);
    const tooMuch = (price: bigint): void => {
      if (price > most)
        throw new ChainError(`gas costs ${price / GWEI} gwei, over feeMaxGwei of the settings`);
    };
    if (base === null || base === undefined) {
      const price = await this.#client.getGasPrice();
      tooMuch(price);
      return { type: 'legacy', gasPrice: capped(raised(price)) };
    }
    tooMuch(base);
    const tip = await this.#client.estimateMaxPriorityFeePerGas().catch(() => GWEI);
    const maxFeePerGas = capped(raised(base * 2n + tip));
    return {
      type: 'eip1559',
      maxFeePerGas,
      maxPriorityFeePerGas: least(raised(tip), maxFeePerGas),
    };
  }

  async #transact(
    account: ReturnType<Accounts['privateKeyToAccount']>,
    to: Hex | undefined,
    data: Hex,
    attempts: number,
  ): Promise<{ readonly hash: Hex; readonly nonce: number }> {
    return this.#asked(async () => {
      const { address } = account;
      // Of what is mined: what waits with this nonce is to be taken the place of.
      const nonce = await this.#client.getTransactionCount({ address, blockTag: 'latest' });
      // Nodes count upon what waits otherwise, which this may take the place of.
      const asked = { account: address, data, ...(to !== undefined && { to }), blockTag: 'latest' };
      const counted = await this.#client.estimateGas(asked as never);
      const { gasMax, chainId } = this.#settings;
      if (counted > BigInt(gasMax))
        throw new ChainError(`it takes ${counted} units of gas, over gasMax of the settings`);
      const room = (counted * GAS_ROOM[0]) / GAS_ROOM[1];
      const gas = room > BigInt(gasMax) ? BigInt(gasMax) : room;
      const fees = await this.#fees(attempts);
      const whole = { chainId, nonce, gas, data, value: 0n, ...fees };
      const signed = await account.signTransaction({
        ...whole,
        ...(to !== undefined && { to: to as Address }),
      } as never);
      const hash = this.#viem.keccak256(signed);
      try {
        await this.#client.sendRawTransaction({ serializedTransaction: signed });
      } catch (error) {
        const why = whyOf(error);
        // It is there already; or it was mined between two questions, which the next look sees.
        if (!KNOWN.test(why) && !UNDERPRICED.test(why) && !NONCE.test(why)) throw error;
      }
      return { hash, nonce };
    });
  }
}
