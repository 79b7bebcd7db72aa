// What the trees over the logs tell: sizes, roots, proofs, entries with their places. Owns: these shapes. Never touches: how they are worked out.

import type { Refused } from './outcomes.js';

/** What was said last of a shard's tree to whoever checks it: a signature may have gone out for it. */
export interface SignedHead {
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The signed text, as it was said. */
  readonly note: string;
}

/**
 * Why nothing more is signed of a shard. `shorter`: its log, read to the end, has fewer entries than what was signed; `another`: the first
 * entries of it are others. Both are so after an earlier copy was put back.
 */
export type TreeFault = 'shorter' | 'another';

/** The tree over the entries of a shard's log (RFC 9162, SHA-256). */
export interface TreeHead {
  readonly shard: number;
  /** How many entries are in it: all of the blocks up to `seq`. */
  readonly size: number;
  /** Base64 of 32 bytes. */
  readonly root: string;
  /** The last block that is in it; 0: none. */
  readonly seq: number;
  /** Its time, milliseconds since 1970. */
  readonly time: number;
  /** Durable blocks that are not in it yet: more than a few while the log is read for the first time. */
  readonly behind: number;
  /** Undefined: nothing was ever signed. */
  readonly signed?: SignedHead | undefined;
  /** Undefined: it goes on from what was signed. */
  readonly fault?: TreeFault | undefined;
}

export interface TreeHeads {
  readonly ok: true;
  /** Of all shards, by number. */
  readonly heads: readonly TreeHead[];
}

/** The root of a tree as it was when it had so many entries. */
export interface TreeRoot {
  readonly ok: true;
  readonly shard: number;
  readonly size: number;
  readonly root: string;
}

/** RFC 9162, 2.1.3: that an entry is in a tree. */
export interface Inclusion extends TreeRoot {
  readonly leaf: number;
  /** The hash of the leaf, base64. */
  readonly hash: string;
  /** From the leaf's sibling up to below the root, base64 each. */
  readonly proof: readonly string[];
}

/** RFC 9162, 2.1.4: that a tree begins with another one. */
export interface Consistency extends TreeRoot {
  /** The smaller size, and its root. */
  readonly from: number;
  readonly fromRoot: string;
  /** Base64 each; empty where `from` is 0 or `size`. */
  readonly proof: readonly string[];
}

/** An entry as a leaf has it. */
export interface LeafEntry {
  /** Its number in the tree, from 0 on. */
  readonly leaf: number;
  /** One line of JSON: what is hashed, behind one byte 0. engine/receipts/README.md says what is in it. */
  readonly text: string;
}

/** An entry, and that it is in the tree. */
export interface ProvenEntry extends LeafEntry {
  /** As `Inclusion.proof`. */
  readonly proof: readonly string[];
}

/** Which command's receipt. */
export interface ReceiptQuery {
  /** Its home owner. */
  readonly owner: string;
  readonly id: string;
  /** Of the tree when it had so many entries: what a checkpoint says. Left out: as it is. */
  readonly size?: number | undefined;
}

/** What a command did to accounts of its home owner. */
export interface CommandReceipt extends TreeRoot {
  readonly owner: string;
  /** As the log has it: `shop,T1` is the platform shop's T1. */
  readonly id: string;
  /** In the order of the log. */
  readonly entries: readonly ProvenEntry[];
}

/** Which entries of an account. */
export interface AccountReceiptQuery {
  readonly owner: string;
  readonly asset: string;
  /** As `ReceiptQuery.size`. */
  readonly size?: number | undefined;
  /** From this version on; left out: from the first. */
  readonly from?: number | undefined;
  /** At most so many; default and most limits.RECEIPT_ENTRIES_MAX. */
  readonly limit?: number | undefined;
}

/** Entries of an account, one version after the other, and that all of them are in the tree. */
export interface AccountReceipt extends TreeRoot {
  readonly owner: string;
  readonly asset: string;
  /** The account's last version in a tree of this size; 0: it has none. */
  readonly version: number;
  /** By version. */
  readonly entries: readonly LeafEntry[];
  /**
   * The hashes that give the root together with those of the entries, from left to right: of each largest part of the tree that none of the
   * entries is in. Base64 each.
   */
  readonly proof: readonly string[];
  /** There are more: ask with it as `from`. */
  readonly next?: number | undefined;
}

/** The trees over the logs, as they are asked for. */
export interface Receipts {
  /** Are there any here (`OpenOptions.receipts`)? What is asked is refused `RECEIPTS_OFF` otherwise. */
  readonly isOn: boolean;
  /** Of all shards, of whichever node; `here`: of those of this process. */
  heads(where?: 'all' | 'here'): Promise<TreeHeads | Refused>;
  /** A size that the tree has not come to is refused `RECEIPT_EARLY`, here and below. */
  root(shard: number, size: number): Promise<TreeRoot | Refused>;
  /** 0 <= leaf < size. */
  inclusion(shard: number, leaf: number, size: number): Promise<Inclusion | Refused>;
  /** 0 <= from <= to. */
  consistency(shard: number, from: number, to: number): Promise<Consistency | Refused>;
  /**
   * Undefined: the id was never used, or was refused. Without entries: nothing of its home owner moved. `RECEIPT_EARLY`: one of them is not in a
   * tree of this size.
   */
  receipt(query: ReceiptQuery): Promise<CommandReceipt | undefined | Refused>;
  /** Entries of a member's account. A receipt of one entry: `from` its version, `limit` 1. */
  account(query: AccountReceiptQuery): Promise<AccountReceipt | Refused>;
}

/** What the program around the ledger may do beside that, of the shards of this process. */
export interface SigningReceipts extends Receipts {
  /**
   * To be asked before a signed head (`note`: its text) is shown to anybody: it is durable from then on that this was said of the tree.
   * Judged where it is written: a head that is not of the tree, is smaller than what was signed before, or does not go on from it, is refused
   * `TREE_FORKED`. One of the size that was signed last is remembered in its place.
   */
  sign(shard: number, size: number, root: string, note: string): Promise<SignedHead | Refused>;
  /**
   * An operator's word that the log of a shard is right although it is not the one that was signed (`TreeHead.fault`): what was signed is
   * forgotten, and told. Undefined: there was no such fault, and nothing is forgotten.
   */
  accept(shard: number): Promise<SignedHead | undefined | Refused>;
}
