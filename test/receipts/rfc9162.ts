// RFC 9162 as it is written there, without tiles: what trees and proofs are checked by. Owns: roots, and the verification of proofs. Never touches: the
// engine's own way.

import { createHash } from 'node:crypto';

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export const leafOf = (text: string): Buffer => sha256(Buffer.of(0), Buffer.from(text));
const nodeOf = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right);

const split = (n: number): number => 2 ** (Math.ceil(Math.log2(n)) - 1);

/** 2.1.1. */
export function rootOf(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Buffer;
  const k = split(leaves.length);
  return nodeOf(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

/** 2.1.3.2. */
export function isIncluded(
  leaf: number,
  hash: Uint8Array,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (leaf >= size) return false;
  let [fn, sn] = [leaf, size - 1];
  let r: Uint8Array = hash;
  for (const p of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeOf(p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else r = nodeOf(r, p);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && Buffer.compare(r, root) === 0;
}

/** 2.1.4.2. */
export function isConsistent(
  first: number,
  second: number,
  firstRoot: Uint8Array,
  secondRoot: Uint8Array,
  given: readonly Uint8Array[],
): boolean {
  if (first === second) return given.length === 0 && Buffer.compare(firstRoot, secondRoot) === 0;
  if (first === 0) return given.length === 0;
  if (given.length === 0) return false;
  const isPower = Number.isInteger(Math.log2(first));
  const [start, ...proof] = isPower ? [firstRoot, ...given] : given;
  let [fn, sn] = [first - 1, second - 1];
  while (fn % 2 === 1) [fn, sn] = [(fn - 1) / 2, Math.floor(sn / 2)];
  let [fr, sr] = [start as Uint8Array, start as Uint8Array];
  for (const c of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeOf(c, fr);
      sr = nodeOf(c, sr);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else sr = nodeOf(sr, c);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && Buffer.compare(fr, firstRoot) === 0 && Buffer.compare(sr, secondRoot) === 0;
}

/** As engine/receipts/README.md says it, of one proof for many leaves, which are in order; undefined: it is none. */
export function rootOfCover(
  leaves: readonly (readonly [leaf: number, hash: Uint8Array])[],
  size: number,
  proof: readonly Uint8Array[],
): Uint8Array | undefined {
  let taken = 0;
  const part = (from: number, to: number): Uint8Array | undefined => {
    const within = leaves.filter(([leaf]) => leaf >= from && leaf < to);
    if (within.length === 0) return proof[taken++];
    if (to - from === 1) return within.length === 1 ? within[0]?.[1] : undefined;
    const k = from + split(to - from);
    const [left, right] = [part(from, k), part(k, to)];
    return left && right && nodeOf(left, right);
  };
  const root = size === 0 ? sha256() : part(0, size);
  return taken === proof.length ? root : undefined;
}
