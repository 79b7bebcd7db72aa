// What a test of the ledger's rules drives: the model, or the real thing, through the same few calls.
// Owns: the interface. Never touches: what is behind it.

import type { Command } from '../../engine/protocol/commands.js';
import type {
  Asset,
  Balance,
  HistoryEntry,
  HoldState,
  Outcome,
  OwnerRecord,
  PastBalance,
  TransferRecord,
} from '../../engine/protocol/outcomes.js';
import { Model, type Scope } from './model.js';

type Later<T> = T | Promise<T>;

/** One shard. Times never go back from call to call; reads apply what is due on the owner first. */
export interface Subject {
  /** As one batch, in one block. */
  apply(commands: readonly Command[], time: number): Later<Outcome[]>;
  /** Applies what is due on every owner; tells in which order. */
  tick(time: number): Later<readonly Scope[]>;
  assets(): Later<readonly Asset[]>;
  balances(owner: string, time: number): Later<readonly Balance[]>;
  /** The whole history, oldest first. */
  entries(owner: string, asset: string, time: number): Later<readonly HistoryEntry[]>;
  balanceAt(owner: string, asset: string, at: number, time: number): Later<PastBalance>;
  hold(owner: string, id: string, time: number): Later<HoldState | undefined>;
  record(owner: string, type: string, key: string, time: number): Later<OwnerRecord | undefined>;
  transfer(owner: string, id: string): Later<TransferRecord | undefined>;
  /** What is wrong with its own log, recovery or checkpoints, if anything (L6). */
  audit(): Later<string | undefined>;
  close(): Later<void>;
}

/** The naive model behind the same calls. */
export class ModelSubject implements Subject {
  readonly model = new Model();

  apply(commands: readonly Command[], time: number): Outcome[] {
    return commands.map((command) => this.model.apply(command, time));
  }

  tick(time: number): readonly Scope[] {
    const everybody = { bits: 0, value: 0 };
    this.model.tick(everybody, time);
    return [everybody];
  }

  assets(): readonly Asset[] {
    return this.model.assets();
  }

  balances(owner: string, time: number): readonly Balance[] {
    return this.model.balances(owner, time);
  }

  entries(owner: string, asset: string, time: number): readonly HistoryEntry[] {
    return this.model.entries(owner, asset, time);
  }

  balanceAt(owner: string, asset: string, at: number, time: number): PastBalance {
    return this.model.balanceAt(owner, asset, at, time);
  }

  hold(owner: string, id: string, time: number): HoldState | undefined {
    return this.model.hold(owner, id, time);
  }

  record(owner: string, type: string, key: string, time: number): OwnerRecord | undefined {
    return this.model.record(owner, type, key, time);
  }

  transfer(owner: string, id: string): TransferRecord | undefined {
    return this.model.transfer(owner, id);
  }

  audit(): undefined {
    return undefined;
  }

  close(): void {}
}
