// The one root of all shards' checkpoints. Owns: what is hashed, in which order. Never touches: checkpoints, the chain.
//   anchor.R1. A leaf is the text of a shard's checkpoint (`<origin>\n<size>\n<root>\n`), in the order of shards that have one; hashes are those of RFC 9162.

import { createHash } from 'node:crypto';
import { originOf } from '../receipts/keys.js';
import { checkpointText, fromBase64 } from '../receipts/verify.js';
import type { AnchoredShard, Hex } from './shapes.js';

const hash = (prefix: number, ...parts: readonly Uint8Array[]): Buffer => {
  const made = createHash('sha256').update(Uint8Array.of(prefix));
  for (const part of parts) made.update(part);
  return made.digest();
};

function treeOf(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (first === undefined) throw new Error('a root of nothing is asked for');
  if (leaves.length === 1) return first;
  let left = 1;
  while (left * 2 < leaves.length) left *= 2;
  return hash(1, treeOf(leaves.slice(0, left)), treeOf(leaves.slice(left)));
}

/** The root over shards, of which there is at least one. */
export function anchoredRoot(name: string, shards: readonly AnchoredShard[]): Hex {
  const leaves = shards.map(({ shard, size, root }) => {
    const bytes = fromBase64(root);
    if (bytes === undefined) throw new Error(`the root of shard ${shard} is no base64`);
    const text = checkpointText({ origin: originOf(name, shard), size, root: bytes });
    return hash(0, Buffer.from(text, 'utf8'));
  });
  return `0x${treeOf(leaves).toString('hex')}`;
}
