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

/** Who waits for an answer that may be late. */
interface Waiting {
  readonly until: number;
  readonly resolve: (answer: Answer) => void;
}

const waiting = new Set<Waiting>();
/** Looks after them all: a timer for each would cost more than the rest of the call's way. */
let looking: NodeJS.Timeout | undefined;
/** Milliseconds from one look to the next. */
const LOOK_MS = 50;

function look(): void {
  const now = performance.now();
  for (const one of waiting) {
    if (one.until > now) continue;
    waiting.delete(one);
    one.resolve(problem(refuse('SHARD_UNAVAILABLE')));
  }
  if (waiting.size > 0) return;
  clearInterval(looking);
  looking = undefined;
}

/** The answer, or that there is none in time. */
export function inTime({ until }: Timed, answer: Promise<Answer>): Promise<Answer> {
  if (until === undefined) return answer;
  return new Promise((resolve, reject) => {
    const one: Waiting = { until: until + BEYOND_MS, resolve };
    waiting.add(one);
    looking ??= setInterval(look, LOOK_MS);
    answer.then(
      (made) => {
        waiting.delete(one);
        resolve(made);
      },
      (error) => {
        waiting.delete(one);
        reject(error);
      },
    );
  });
}
