// That a peer keeps what the interface promises: looked at after the work, on the real thing.
// Owns: the samples. Never touches: how a peer does it.

import type { Connections, Movement, Result, RunningPeer } from './peer.js';

/** Throws unless all were posted. */
export function expectAllPosted(results: readonly Result[], count: number): void {
  if (results.length !== count) throw new Error(`${count} movements had ${results.length} answers`);
  const odd = results.find((result) => result !== 'posted');
  if (odd !== undefined) throw new Error(`a movement was answered ${odd}`);
}

/** C2: movements that were posted are sent again, one by one and in a batch, and must not be posted again. */
export async function checkRepeats(
  connections: Connections,
  posted: readonly Movement[],
  hasBatches: boolean,
): Promise<void> {
  for (const movement of posted) {
    const result = await connections.transfer(0, movement);
    if (result !== 'replayed') throw new Error(`${movement.id} came again and was ${result}`);
  }
  if (!hasBatches) return;
  const results = await connections.batch(0, posted);
  const odd = results.findIndex((result) => result !== 'replayed');
  if (results.length !== posted.length || odd >= 0)
    throw new Error(`${posted[odd]?.id} came again in a batch and was ${results[odd]}`);
}

/** C1: nobody can give more than there is; the movements around it in a batch are posted all the same. */
export async function checkShort(
  connections: Connections,
  around: readonly [Movement, Movement],
  short: Movement,
  hasBatches: boolean,
): Promise<void> {
  const result = await connections.transfer(0, short);
  if (result !== 'short') throw new Error(`a movement of more than there is was ${result}`);
  const [before, after] = around;
  const results = hasBatches
    ? await connections.batch(0, [before, { ...short, id: `${short.id}-2` }, after])
    : [await connections.transfer(0, before), result, await connections.transfer(0, after)];
  if (results.join() !== 'posted,short,posted')
    throw new Error(`a batch with one that is short was answered ${results.join()}`);
}

/** C3: the rows of some accounts lead from their funds to their balance, each with the balance after it. */
export async function checkHistory(
  peer: RunningPeer,
  accounts: readonly number[],
  funds: number,
  expected: Float64Array,
): Promise<void> {
  for (const account of accounts) {
    let balance = funds;
    for (const row of await peer.history(account)) {
      balance += row.delta;
      if (row.balance !== balance)
        throw new Error(`a row of account ${account} says ${row.balance}, not ${balance}`);
    }
    if (balance !== expected[account])
      throw new Error(`the rows of account ${account} make ${balance}, not ${expected[account]}`);
  }
}
