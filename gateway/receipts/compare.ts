// Checkpoints of one log held against each other, by anybody. Owns: what shows that there are two histories. Never touches: where checkpoints come from.
//   receipts.F1. Two checkpoints that trusted keys have signed, of one size and with two roots, show a fork, whoever shows them; a missing proof shows none.

import {
  type Believed,
  believed,
  consistency,
  type Fields,
  hashesOf,
  isSame,
  jsonOf,
  must,
  type Trust,
} from './verify.js';

/** What two checkpoints say of each other. */
export interface Compared {
  /** forked: the ledger has signed two histories. unproven: nothing shows that the smaller one is what the larger one begins with. */
  readonly state: 'same' | 'consistent' | 'unproven' | 'forked';
  /** For people. */
  readonly why: string;
  readonly first: Believed;
  readonly second: Believed;
}

/** A checkpoint's text out of a note, or a receipt. */
export function checkpointIn(text: string): string {
  if (!text.trimStart().startsWith('{')) return text;
  const { checkpoint } = (jsonOf(text, 'the receipt') ?? {}) as Fields;
  must(typeof checkpoint === 'string', 'the receipt has no checkpoint');
  return checkpoint;
}

/**
 * Compares two checkpoints of one log, or those of receipts. `proof`: hashes as base64 that show the smaller one in the larger one, as
 * `GET /v1/checkpoints/{shard}/consistency` tells them. Throws ReceiptError where one of them is none that is trusted.
 */
export async function compareCheckpoints(
  first: string,
  second: string,
  trust: Trust,
  proof?: readonly string[],
): Promise<Compared> {
  const [one, two] = [
    await believed(checkpointIn(first), trust),
    await believed(checkpointIn(second), trust),
  ];
  must(one.origin === two.origin, `they are of two logs, ${one.origin} and ${two.origin}`);
  const told = (state: Compared['state'], why: string): Compared => ({
    ...{ state, why, first: one, second: two },
  });
  if (one.size === two.size)
    return isSame(one.root, two.root)
      ? told('same', `Both are of ${one.size} entries and have one root.`)
      : told('forked', `Both are of ${one.size} entries and have two roots: two histories.`);
  const [small, large] = one.size < two.size ? [one, two] : [two, one];
  const state = consistency(small, large, hashesOf(proof ?? [], 'the proof'));
  const begins = `the tree of ${large.size} entries begins with that of ${small.size}.`;
  if (state === 'consistent') return told(state, `It is shown that ${begins}`);
  return state === 'forked'
    ? told(state, `The tree of ${large.size} entries begins with another one of ${small.size}.`)
    : told(state, `Nothing shows that ${begins}`);
}
