// The time that a caller gives a request (`?timeoutMs`). Owns: when it is up, and the answer then. Never touches: what is asked.
//   http.H31. The limit is of the whole request: what is looked up before a command is submitted is taken off the command's time.
//   http.H32. A request that is not answered shortly after its limit is answered SHARD_UNAVAILABLE, wherever it hangs.

import { limits } from '../../../engine/index.js';
import { type Answer, problem } from '../../encoding/answer.js';
import { refuse } from '../../refusal.js';

/** What the engine may take beyond a limit: it asks other nodes for that long at least, and looks at the time now and then. */
const BEYOND_MS = limits.REMOTE_ANSWER_MIN_MS + 250;

/** A call, as far as its time goes. */
interface Timed {
  /** When the time that its caller gives it is up (performance.now()). */
  readonly until: number | undefined;
}

/** When a call's time is up (performance.now()); undefined: it names no limit, or none that is a number. */
export function untilOf({
  query,
}: {
  readonly query: Readonly<Record<string, string | undefined>>;
}): number | undefined {
  const { timeoutMs } = query;
  return timeoutMs !== undefined && /^\d{1,9}$/.test(timeoutMs)
    ? performance.now() + Number(timeoutMs)
    : undefined;
}

/** What is left of a call's time; undefined: it names no limit. */
export const leftMs = ({ until }: Timed): number | undefined =>
  until === undefined ? undefined : Math.max(0, Math.round(until - performance.now()));

/** The answer, or that there is none in time. */
export function inTime({ until }: Timed, answer: Promise<Answer>): Promise<Answer> {
  if (until === undefined) return answer;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer>((resolve) => {
    const ms = until - performance.now() + BEYOND_MS;
    timer = setTimeout(() => resolve(problem(refuse('SHARD_UNAVAILABLE'))), ms);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
