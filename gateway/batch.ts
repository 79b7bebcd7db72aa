// A batch of commands, some of which are kept from the engine. Owns: which are submitted, where each outcome stands. Never touches:
// requests, messages, what keeps a command from the engine.

import type { BatchOptions, Caller, Command, Outcome } from '../engine/index.js';
import { type Refusal, refuse } from './refusal.js';

/**
 * Submits those that have no `problem`, at once, in their order; of an atomic batch, all or none. `problem` is asked once of each,
 * before this returns. Resolves with an outcome for each, in its place.
 */
export async function submitBatch<Item>(
  caller: Caller,
  items: readonly Item[],
  problem: (item: Item) => Refusal | undefined,
  { timeoutMs, atomic, dryRun }: BatchOptions,
): Promise<readonly Outcome[]> {
  const options = { timeoutMs, atomic, dryRun };
  const refusals = new Map<number, Refusal>();
  for (let i = 0; i < items.length; i++) {
    const refusal = problem(items[i] as Item);
    if (refusal !== undefined) refusals.set(i, refusal);
  }
  if (refusals.size === 0) return caller.submitBatch(items as readonly Command[], options);
  if (refusals.size === items.length || atomic === true)
    return items.map((item, i) => refusals.get(i) ?? aborted(item));
  const good = items.filter((_, i) => !refusals.has(i)) as readonly Command[];
  const outcomes = await caller.submitBatch(good, options);
  let next = 0;
  return items.map((_, i) => refusals.get(i) ?? (outcomes[next++] as Outcome));
}

/** Of a command whose atomic batch is not carried out. */
function aborted(command: unknown): Refusal {
  const { id } = command as { readonly id?: unknown };
  return { ...refuse('BATCH_ABORTED'), id: typeof id === 'string' ? id : undefined };
}
