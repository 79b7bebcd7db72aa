// The clocks of other nodes. Owns: how far one is from the one here, and what follows. Never touches: clocks.
//   cluster.K1. A difference is told only as far as it is certain: the time that a question took is no difference.

/** What the clocks of the others come to. */
export interface ClockJudgement {
  /** This node is not ready: the reason. */
  readonly faults: readonly string[];
  /** Somebody should look. */
  readonly warnings: readonly string[];
}

/** By how much a clock that said `at` is ahead, asked at `from` and answered by `to` of the clock here; negative: behind. */
export function differenceOf(at: number, from: number, to: number): number {
  if (at < from) return at - from;
  return at > to ? at - to : 0;
}

/**
 * Judges the clocks of other nodes, each by how much it is ahead. With more than `downMs` to half of them or more, the clock here
 * may be the wrong one.
 */
export function judgeClocks(
  clocks: ReadonlyMap<string, number>,
  warnMs: number,
  downMs: number,
): ClockJudgement {
  const far = [...clocks].filter(([, aheadMs]) => Math.abs(aheadMs) > warnMs);
  const tooFar = far.filter(([, aheadMs]) => Math.abs(aheadMs) > downMs);
  const isHereWrong = tooFar.length > 0 && tooFar.length * 2 >= clocks.size;
  const down = isHereWrong ? tooFar : [];
  const warned = far.filter((one) => !down.includes(one));
  return { faults: down.map(sentence), warnings: warned.map(sentence) };
}

function sentence([node, aheadMs]: readonly [string, number]): string {
  const seconds = (Math.abs(aheadMs) / 1_000).toFixed(1);
  return `the clock of node ${node} is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the one here`;
}
