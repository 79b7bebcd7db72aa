// What is kept of an anchor. Owns: these shapes, under which records they lie. Never touches: the chain, when anything is done.

import { Documents } from '../documents.js';

/** A number of 32 or 20 bytes, or any bytes: `0x` and hexadecimal digits, small letters. */
export type Hex = `0x${string}`;

/** A platform whose members' balances are shown on the chain, and in which asset. */
export interface FedPlatform {
  readonly platform: string;
  readonly asset: string;
}

/** What an operator says of the chain. */
export interface AnchorSettings {
  /** Where the chain is asked, sealed: such URLs have keys in them. */
  readonly rpc: string;
  /** Its host, which is told. */
  readonly host: string;
  readonly chainId: number;
  /** Left out: none is deployed yet. */
  readonly contract?: Hex | undefined;
  /** When it was deployed from here, milliseconds since 1970: until it is seen it is waited for. */
  readonly deployedAt?: number | undefined;
  /** The transaction that deploys it. */
  readonly deployedBy?: Hex | undefined;
  /** How many blocks must lie over one that is believed. */
  readonly confirmations: number;
  /** Units of gas that one transaction may take, and what one may cost, in gwei. */
  readonly gasMax: number;
  readonly feeMaxGwei: number;
  /** How often, in seconds, a root is anchored, balances are fed, ledger and chain are compared. */
  readonly anchorSeconds: number;
  readonly feedSeconds: number;
  readonly compareSeconds: number;
  readonly platforms: readonly FedPlatform[];
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** The account that sends transactions and signs batches: its private key is sealed. */
export interface KeptAccount {
  readonly address: Hex;
  readonly key: string;
  readonly createdAt: number;
}

/** A transaction that is under way. */
export interface Sent {
  readonly hash: Hex;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How often it was sent, each time for more. */
  readonly attempts: number;
}

/** The log of a shard as a root stands for it. */
export interface AnchoredShard {
  readonly shard: number;
  readonly size: number;
  /** Base64. */
  readonly root: string;
}

/** One root, as it was made. */
export interface AnchorRecord {
  readonly number: number;
  readonly root: Hex;
  /** Of all logs. */
  readonly entries: number;
  /** The ledger's name in its checkpoints. */
  readonly name: string;
  /** How many records its shards take. */
  readonly parts: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly sent?: Sent | undefined;
  /** When it was seen deep enough on the chain; left out: not yet. */
  readonly confirmedAt?: number | undefined;
}

/** How far the contract is, as is known here: confirmed. */
export interface AnchorState {
  readonly number: number;
  readonly head: Hex;
  /** Of anchors up to this one an operator has said that the log need not agree with them. */
  readonly acceptedTo: number;
  /** When the last one was made, milliseconds since 1970. */
  readonly at: number;
}

/** Address, what it has on the chain, what it will have. */
export type FedChange = readonly [address: Hex, before: number, current: number];

export interface PendingBatch {
  readonly number: number;
  /** Seconds since 1970: later the contract takes it no more. */
  readonly until: number;
  readonly changes: readonly FedChange[];
  /** Its digest, which is the platform's head then. */
  readonly head: Hex;
  readonly sent?: Sent | undefined;
}

/** How far a platform is fed, as is known here: confirmed. */
export interface FeedState {
  readonly number: number;
  readonly head: Hex;
  readonly pending?: PendingBatch | undefined;
  /** When it was looked for changes last, milliseconds since 1970. */
  readonly at: number;
}

/** Whose address it is, and what the chain has of it. */
export interface AddressLink {
  /** Left out: nobody's any more; what it has is fed as 0, then it is dropped. */
  readonly owner?: string | undefined;
  /** Minor units, confirmed, at this contract. */
  readonly fed: number;
  readonly contract?: Hex | undefined;
  readonly at: number;
}

/** What differs. `log`: the ledger's log is not what was anchored; `contract`: it is another chain or contract. */
export interface Finding {
  readonly what: 'contract' | 'anchors' | 'feed' | 'balance' | 'log';
  /** Of what: a shard, a platform, an address. */
  readonly about: string;
  readonly ledger: string;
  readonly chain: string;
}

/** A difference that was found, until it is none any more or an operator has said that it is right. */
export interface Reconciliation {
  readonly number: number;
  readonly state: 'open' | 'resolved' | 'accepted';
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly comparedAt: number;
  readonly endedAt?: number | undefined;
  readonly endedBy?: string | undefined;
  /** How many there are; the first ones are kept. */
  readonly differences: number;
  readonly findings: readonly Finding[];
}

/** What came of looking at the chain last. */
export interface ChainStatus {
  readonly state: 'starting' | 'deploying' | 'ok' | 'unreachable' | 'differs';
  readonly why?: string | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly block?: number | undefined;
  readonly comparedAt?: number | undefined;
}

const OWNER = '#anchor';
export const SETTINGS = new Documents<AnchorSettings>(OWNER, 'settings');
export const ACCOUNT = new Documents<KeptAccount>(OWNER, 'account');
export const STATUS = new Documents<ChainStatus>(OWNER, 'status');
/** Where there is one only. */
export const ONLY = 'one';

export const NO_HASH: Hex = `0x${'0'.repeat(64)}`;
const DIGITS = 12;
/** Numbers as keys: in their order. */
export const keyOf = (number: number): string => String(number).padStart(DIGITS, '0');

/** Records of a contract. */
export const recordsOfContract = (contract: Hex) => {
  const owner = `#anchors:${contract}`;
  return {
    state: new Documents<AnchorState>(owner, 'state'),
    anchors: new Documents<AnchorRecord>(owner, 'anchor'),
    parts: new Documents<{ readonly shards: readonly AnchoredShard[] }>(owner, 'part'),
    feeds: new Documents<FeedState>(owner, 'feed'),
    reconciliations: new Documents<Reconciliation>(owner, 'reconciliation'),
  };
};

/** Addresses of a platform lie under sixteen owners, by their first digit. */
export const ADDRESS_DIGITS = '0123456789abcdef';
export const addressesOf = (platform: string, digit: string): Documents<AddressLink> =>
  new Documents<AddressLink>(`#anchored-${platform}-${digit}`, 'address');
