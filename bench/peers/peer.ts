// What a ledger must offer to be compared: the one interface that every peer's file fills.
// Owns: the interface, and what "the same work" means. Never touches: any database.
//   C1. A movement takes points from one account and gives them to another: both or neither, never below zero
//       unless the account is a system's (account number >= users).
//   C2. A movement happens once: its id is kept for ever, and a repeat answers `replayed`.
//   C3. A movement writes two history rows, each with the balance after it.
//   C4. An answer is given when the movement is as durable as `durability` says.

import type { Program } from '../programs.js';

/** One movement of points. */
export interface Movement {
  /** Unique for ever, up to 32 characters. */
  readonly id: string;
  /** Account numbers: users from 0, after them the system's. */
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/** What became of a movement; `short`: the payer has not as much, nothing has changed. */
export type Result = 'posted' | 'replayed' | 'short';

/** The accounts there are. */
export interface Accounts {
  /** Accounts 0 to users - 1, with `funds` each to begin with. */
  readonly users: number;
  readonly funds: number;
  /**
   * Accounts users to users + stripes - 1 are the issuer's, as many after them the redeemer's: so many that none of them is
   * waited for. They begin with 0 and may go below.
   */
  readonly stripes: number;
}

/** Where a peer keeps what it writes, and the accounts it begins with. */
export interface PeerSetup extends Accounts {
  /** Exists, is empty, is removed afterwards. Others may pass through it but not read it. */
  readonly folder: string;
}

/** Every balance, those of the system summed. */
export interface Balances {
  readonly users: Float64Array;
  readonly issuer: number;
  readonly redeemer: number;
}

/** One history row. */
export interface HistoryRow {
  readonly delta: number;
  /** After it. */
  readonly balance: number;
}

/** Connections to a peer; on each of them one call at a time. */
export interface Connections {
  transfer(connection: number, movement: Movement): Promise<Result>;
  /** All in one call. Each movement stands for itself; several of one account are carried out in the order given. */
  batch(connection: number, movements: readonly Movement[]): Promise<readonly Result[]>;
  /** What a user's account has. */
  balance(connection: number, account: number): Promise<number>;
  close(): Promise<void>;
}

/** A peer that is running, with its accounts. */
export interface RunningPeer {
  /** Its servers' processes. */
  readonly pids: readonly number[];
  open(connections: number): Promise<Connections>;
  balances(): Promise<Balances>;
  /** All rows of a user's account, oldest first; the funds it began with are not among them. */
  history(account: number): Promise<readonly HistoryRow[]>;
  stop(): Promise<void>;
}

/** A way of keeping a ledger, to be measured beside others. */
export interface Peer {
  /** As in `peers/<name>/single`. */
  readonly name: string;
  /** Put before `single` and `batch` where a peer has several ways in: `http`. */
  readonly channel?: string | undefined;
  /** When an answer is given, in one sentence. */
  readonly durability: string;
  /** What must be installed. */
  readonly programs: readonly Program[];
  /** Large to install: left out of the smoke size where it is not there. */
  readonly isLarge?: boolean | undefined;
  /** Connections with one movement at a time on each: every number is measured, the best counts. */
  readonly singles: readonly number[];
  /** Movements per call, and connections: every pair is measured, the best counts. Empty: it has no batches. */
  readonly batches: readonly { readonly size: number; readonly connections: number }[];
  start(setup: PeerSetup): Promise<RunningPeer>;
}
