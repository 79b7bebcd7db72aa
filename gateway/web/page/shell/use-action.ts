// Something that a screen lets somebody do. Owns: what a screen is told of it. Never touches: ids, attempts (calls/actions.ts).

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { isRefusal, type Outcome } from '../calls/actions.js';
import {
  type AnswerOf,
  type AnyOperation,
  type Asked,
  type CodeOf,
  questionOf,
} from '../calls/operation.js';
import { refresh } from './answers.js';
import { actions, caller, found, who } from './app.js';

/** A press so soon after something was done is the second one of a double tap: it was meant for the first. */
const DOUBLE_TAP_MS = 500;

export interface Doing<Op extends AnyOperation> {
  /** It was sent and no answer has come. */
  readonly isBusy: boolean;
  /** What came of it last; undefined: nothing was asked for, or nothing has come yet. */
  readonly outcome: Outcome<AnswerOf<Op>, CodeOf<Op>> | undefined;
  /** Does it; while it is under way, the same again joins it. What is shown is asked for again after it. */
  run(asked: Asked<Op>): Promise<Outcome<AnswerOf<Op>, CodeOf<Op>>>;
  /** Forgets what came of it. */
  reset(): void;
}

/** Of what takes no id: a document over the version that was seen. The same again would be another one's change. */
async function sendOnce<Op extends AnyOperation>(
  operation: Op,
  asked: Asked<Op>,
): Promise<Outcome<AnswerOf<Op>, CodeOf<Op>>> {
  const came = await caller.ask(operation, asked, 1, who.peek());
  if (came.ok) return { state: 'done', status: came.status, answer: came.answer };
  const { problem } = came;
  if (isRefusal(problem) || problem.status === 429) return { state: 'refused', problem };
  return { state: 'unknown', problem, id: '' };
}

/** `title`: what it is called, should its outcome be asked for after a reload. */
export function useAction<Op extends AnyOperation>(
  operation: Op,
  title: string,
  isDecidedLater = false,
): Doing<Op> {
  const busy = useSignal(false);
  const outcome = useSignal<Outcome<AnswerOf<Op>, CodeOf<Op>> | undefined>(undefined);
  const doneAt = useRef(Number.NEGATIVE_INFINITY);
  const going = useRef<{ asked: string; came: ReturnType<typeof sendOnce<Op>> }>(undefined);
  /** Two presses may come before either is rendered: of what has no id the second one waits for the first, too. */
  const once = (asked: Asked<Op>): ReturnType<typeof sendOnce<Op>> => {
    const same = JSON.stringify(questionOf(operation, asked));
    if (going.current?.asked === same) return going.current.came;
    const came = sendOnce(operation, asked).finally(() => {
      going.current = undefined;
    });
    going.current = { asked: same, came };
    return came;
  };
  // What was not known, and was asked for since, is told here, where it was done.
  useEffect(() => {
    const now = outcome.peek();
    if (now?.state !== 'unknown') return;
    const mine = found.value.find(({ kept }) => kept.id === now.id);
    if (mine === undefined) return;
    found.value = found.value.filter((one) => one !== mine);
    outcome.value = mine.outcome as Outcome<AnswerOf<Op>, CodeOf<Op>>;
  }, [found.value, outcome.value]);
  const run = async (asked: Asked<Op>): Promise<Outcome<AnswerOf<Op>, CodeOf<Op>>> => {
    const last = outcome.peek();
    if (last?.state === 'done' && performance.now() - doneAt.current < DOUBLE_TAP_MS) return last;
    busy.value = true;
    outcome.value = undefined;
    try {
      const came = operation.takesKey
        ? await actions.run(who.peek(), title, operation, asked, isDecidedLater)
        : await once(asked);
      outcome.value = came;
      if (came.state === 'done') {
        doneAt.current = performance.now();
        void refresh();
      }
      return came;
    } finally {
      busy.value = false;
    }
  };
  return {
    isBusy: busy.value,
    outcome: outcome.value,
    run,
    reset: () => {
      outcome.value = undefined;
    },
  };
}
