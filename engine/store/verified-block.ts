// Blocks as they are read back. Owns: that a block is believed only when its hash is right. Never touches: where it comes from.

import { hash } from 'node:crypto';
import { BlockView } from '../protocol/block.js';
import { CorruptionError } from './errors.js';

/** SHA-256. */
export function hashOf(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}

/** A block out of its bytes, its hash checked. */
export function verifiedBlock(bytes: Uint8Array, seq: number): BlockView {
  let block: BlockView;
  try {
    block = new BlockView(bytes);
  } catch (error) {
    throw new CorruptionError('log', `block ${seq}`, (error as Error).message);
  }
  if (Buffer.compare(hashOf(block.hashed), block.hash) !== 0) {
    throw new CorruptionError('log', `block ${seq}`, 'its hash does not match its bytes');
  }
  if (block.header.seq !== seq)
    throw new CorruptionError('log', `block ${seq}`, `says that it is ${block.header.seq}`);
  return block;
}
