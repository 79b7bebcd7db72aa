// What is asked of the trees of a node, and answered: between threads. Owns: these shapes. Never touches: what they mean.

import type {
  AccountReceipt,
  CommandReceipt,
  Consistency,
  Inclusion,
  TreeHead,
  TreeRoot,
} from '../protocol/receipts.js';
import type { HistoryHead } from '../shard/history.js';

/** An entry by its account. */
export interface EntryName {
  readonly owner: string;
  readonly asset: string;
  readonly version: number;
}

/** What is asked of the tree of one shard. */
export type TreeQuestion =
  | { readonly type: 'root'; readonly shard: number; readonly size: number }
  | {
      readonly type: 'inclusion';
      readonly shard: number;
      readonly leaf: number;
      readonly size: number;
    }
  | {
      readonly type: 'consistency';
      readonly shard: number;
      readonly from: number;
      readonly size: number;
    }
  /** Entries that are all in one block. `size`: undefined: as it is. */
  | {
      readonly type: 'entries';
      readonly shard: number;
      readonly seq: number;
      readonly entries: readonly EntryName[];
      readonly size: number | undefined;
    }
  /** Those of an account whose entries end at `head`. */
  | {
      readonly type: 'account';
      readonly shard: number;
      readonly head: HistoryHead;
      readonly from: number;
      readonly limit: number;
      readonly size: number | undefined;
    };

export type TreesQuestion = TreeQuestion | { readonly type: 'heads' };

/** As the log has it, without what was signed. */
export type GrownHead = Omit<TreeHead, 'signed' | 'fault'>;

/** What is told of a question's type. */
export interface TreeAnswers {
  readonly root: TreeRoot;
  readonly inclusion: Inclusion;
  readonly consistency: Consistency;
  readonly entries: Omit<CommandReceipt, 'owner' | 'id'>;
  readonly account: Omit<AccountReceipt, 'owner' | 'asset'>;
  readonly heads: { readonly heads: readonly GrownHead[] };
}

/** `early`: the tree has not come to that. */
export type TreesAnswer = TreeAnswers[keyof TreeAnswers] | { readonly early: true };
