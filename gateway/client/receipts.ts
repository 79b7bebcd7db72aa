// Receipts, checkpoints and witnesses through a gateway. Owns: paths, these shapes. Never touches: whether a receipt is right: `jifen/verify-receipt` says so,
// which needs no ledger.

import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part, queryOf } from './routes.js';

/** The last checkpoint of a shard. */
export interface LedgerCheckpoint {
  readonly shard: number;
  /** The log, as checkpoints name it. */
  readonly origin: string;
  /** Why nothing is signed of it; null: something is. */
  readonly fault: 'shorter' | 'another' | 'ahead' | null;
  readonly size: number;
  /** Milliseconds since 1970; null: there is none yet. */
  readonly at: number | null;
  /** A signed note (C2SP tlog-checkpoint). */
  readonly note: string | null;
  /** Which witnesses have cosigned it. */
  readonly witnesses: readonly string[];
}

/** A key that checkpoints are signed with. */
export interface CheckpointKey {
  readonly number: number;
  readonly createdAt: number;
  readonly retiredAt: number | null;
  readonly signs: boolean;
  /** A line, for receipts of all shards. */
  readonly vkey: string;
  /** The same for the log of each shard: for witnesses. */
  readonly shards: readonly string[];
}

/** That the log of a shard goes on from what it was. */
export interface ConsistencyProof {
  readonly shard: number;
  readonly from: number;
  readonly fromRoot: string;
  readonly size: number;
  readonly root: string;
  /** RFC 9162, 2.1.4: hashes in base64. */
  readonly proof: readonly string[];
}

/** A witness that is asked to cosign. */
export interface LedgerWitness {
  readonly witness: string;
  readonly name?: string | undefined;
  readonly vkey: string;
  readonly url: string;
  readonly asked: readonly {
    readonly shard: number;
    readonly at: number;
    readonly state: 'cosigned' | 'ahead' | 'forked' | 'failed';
    readonly why?: string | undefined;
  }[];
}

/** A receipt as it is given: keep it as it is, as a file; `jifen/verify-receipt` reads it. */
export type LedgerReceipt = Readonly<Record<string, unknown>>;

const WITNESSES = '/v1/witnesses';
const CHECKPOINTS = '/v1/checkpoints';

/** Receipts: `client.receipts`. */
export class Receipts {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Of a command: what it did to the accounts of its home owner. Rejects with `RECEIPT_EARLY` until it is in a checkpoint. */
  command(owner: string, id: string, options: CallOptions = {}): Promise<LedgerReceipt> {
    const path = `/v1/receipts/${part('owner', owner)}/${part('id', id)}`;
    return this.#requests.told('GET', path, undefined, options);
  }

  /** Of an account: all of its entries, so that the balance is their sum. `from`: a version; `limit`: at most so many entries. */
  account(
    owner: string,
    query: { readonly asset: string; readonly from?: number; readonly limit?: number },
    options: CallOptions = {},
  ): Promise<LedgerReceipt> {
    const path = `/v1/receipts/${part('owner', owner)}${queryOf(query)}`;
    return this.#requests.told('GET', path, undefined, options);
  }

  /** The last checkpoint of each shard. */
  checkpoints(
    options: CallOptions = {},
  ): Promise<{ readonly name: string; readonly checkpoints: readonly LedgerCheckpoint[] }> {
    return this.#requests.told('GET', CHECKPOINTS, undefined, options);
  }

  consistency(
    shard: number,
    sizes: { readonly from: number; readonly to: number },
    options: CallOptions = {},
  ): Promise<ConsistencyProof> {
    const path = `${CHECKPOINTS}/${shard}/consistency${queryOf(sizes)}`;
    return this.#requests.told('GET', path, undefined, options);
  }

  /** An operator's word that the log of a shard is right: it is signed again. */
  accept(shard: number, options: CallOptions = {}): Promise<unknown> {
    return this.#requests.told('POST', `${CHECKPOINTS}/${shard}/accept`, {}, options);
  }

  /** Public keys, the newest one first. */
  keys(
    options: CallOptions = {},
  ): Promise<{ readonly name: string; readonly keys: readonly CheckpointKey[] }> {
    return this.#requests.told('GET', '/v1/checkpoint-keys', undefined, options);
  }

  /** Makes the next key. `retire`: those before it sign nothing more. */
  newKey(
    said: { readonly retire?: boolean } = {},
    options: CallOptions = {},
  ): Promise<{ readonly keys: readonly CheckpointKey[] }> {
    return this.#requests.told('POST', '/v1/checkpoint-keys', said, options);
  }

  witnesses(options: CallOptions = {}): Promise<{ readonly witnesses: readonly LedgerWitness[] }> {
    return this.#requests.told('GET', WITNESSES, undefined, options);
  }

  putWitness(
    witness: string,
    said: { readonly vkey: string; readonly url: string; readonly name?: string },
    options: CallOptions = {},
  ): Promise<LedgerWitness> {
    return this.#requests.told('PUT', `${WITNESSES}/${part('id', witness)}`, said, options);
  }

  removeWitness(witness: string, options: CallOptions = {}): Promise<unknown> {
    return this.#requests.told('DELETE', `${WITNESSES}/${part('id', witness)}`, undefined, options);
  }
}
