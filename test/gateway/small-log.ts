// A log of a ledger in memory, by the definitions of RFC 9162 as they are written there: for what is checked of receipts, checkpoints and witnesses. Owns: its
// leaves, its keys. Never touches: the engine's tree.

import { createHash } from 'node:crypto';
import { newKeyPair, Signer, signedNote } from '../../gateway/receipts/signer.js';
import { accountText, ED25519, RECEIPT_FORMAT } from '../../gateway/receipts/verify.js';

const sha = (...parts: readonly (Uint8Array | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const node = (left: Buffer, right: Buffer): Buffer => sha('\u0001', left, right);

/** The largest power of two below. */
const split = (size: number): number => 2 ** Math.ceil(Math.log2(size) - 1);

/** MTH (2.1.1). */
export function treeHash(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return sha('\u0000', leaves[0] as string);
  const k = split(leaves.length);
  return node(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

/** PATH (2.1.3.1). */
export function pathOf(leaf: number, leaves: readonly string[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return leaf < k
    ? [...pathOf(leaf, leaves.slice(0, k)), treeHash(leaves.slice(k))]
    : [...pathOf(leaf - k, leaves.slice(k)), treeHash(leaves.slice(0, k))];
}

/** PROOF and SUBPROOF (2.1.4.1). */
export function consistencyOf(from: number, leaves: readonly string[], isWhole = true): Buffer[] {
  if (from === 0 || (from === leaves.length && isWhole)) return [];
  if (from === leaves.length) return [treeHash(leaves)];
  const k = split(leaves.length);
  return from <= k
    ? [...consistencyOf(from, leaves.slice(0, k), isWhole), treeHash(leaves.slice(k))]
    : [...consistencyOf(from - k, leaves.slice(k), false), treeHash(leaves.slice(0, k))];
}

/** The nodes that are not above any of these leaves, from left to right. */
export function nodesOf(wanted: readonly number[], leaves: readonly string[], at = 0): Buffer[] {
  const inside = wanted.some((leaf) => leaf >= at && leaf < at + leaves.length);
  if (!inside) return [treeHash(leaves)];
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return [...nodesOf(wanted, leaves.slice(0, k), at), ...nodesOf(wanted, leaves.slice(k), at + k)];
}

const told = (hashes: readonly Buffer[]): string[] => hashes.map((one) => one.toString('base64'));

export class SmallLog {
  readonly origin: string;
  readonly signer: Signer;
  readonly leaves: string[] = [];
  readonly #accounts = new Map<string, { version: number; available: number; places: number[] }>();

  constructor(ledger = 'jifen.example/test', shard = 0, pair = newKeyPair()) {
    this.origin = `${ledger}/shard/${shard}`;
    this.signer = new Signer(this.origin, ED25519, pair);
    this.ledgerKey = new Signer(ledger, ED25519, pair).vkey;
  }

  /** Its key under the ledger's name. */
  readonly ledgerKey: string;

  /** An entry of an account. */
  add(owner: string, id: string, delta: number, asset = 'gold'): void {
    const leaf = this.leaves.length;
    const account = this.#accounts.get(owner) ?? { version: 0, available: 0, places: [] };
    account.version++;
    account.available += delta;
    account.places.push(leaf);
    this.#accounts.set(owner, account);
    const place = { shard: Number(this.origin.split('/').at(-1)), seq: leaf + 1, n: 0 };
    const what = { time: 1_700_000_000_000 + leaf, type: 'transfer', home: owner, id };
    const { version, available } = account;
    const sums = { owner, asset, version, delta, heldDelta: 0, available, held: 0 };
    const salt = sha(`${leaf}`).subarray(0, 16).toString('base64url');
    this.leaves.push(JSON.stringify({ ...place, ...what, ...sums, effective: what.time, salt }));
  }

  text(size = this.leaves.length): string {
    return `${this.origin}\n${size}\n${treeHash(this.leaves.slice(0, size)).toString('base64')}\n`;
  }

  checkpoint(size = this.leaves.length): string {
    return signedNote(this.text(size), [this.signer]);
  }

  consistency(from: number, to = this.leaves.length): string[] {
    return told(consistencyOf(from, this.leaves.slice(0, to)));
  }

  /** `checkpoint`: cosigned or not. */
  receipt(owner: string, id: string, checkpoint = this.checkpoint()): object {
    const entries = this.leaves.flatMap((text, leaf) => {
      const said = JSON.parse(text) as { owner: string; id: string };
      if (said.owner !== owner || said.id !== id) return [];
      return [{ leaf, text, proof: told(pathOf(leaf, this.leaves)) }];
    });
    return { format: RECEIPT_FORMAT, kind: 'command', owner, id, entries, checkpoint };
  }

  balance(owner: string, checkpoint = this.checkpoint(), asset = 'gold'): object {
    const account = this.#accounts.get(owner) ?? { version: 0, available: 0, places: [] };
    const { version, available, places } = account;
    const is = { version, available, held: 0 };
    const size = this.leaves.length;
    const head = { origin: this.origin, size, root: treeHash(this.leaves) };
    const statement = signedNote(accountText(head, owner, asset, is), [this.signer]);
    const entries = places.map((leaf) => ({ leaf, text: this.leaves[leaf] ?? '' }));
    const parts =
      places.length === 0 ? [] : [{ entries, proof: told(nodesOf(places, this.leaves)) }];
    const whose = { format: RECEIPT_FORMAT, kind: 'account', owner, asset };
    return { ...whose, ...is, statement, parts, checkpoint };
  }
}
