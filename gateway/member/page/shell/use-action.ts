// Something that a screen lets the member do. Owns: what a screen is told of it. Never touches: ids, attempts (calls/actions.ts).

import { useSignal } from '@preact/signals';
import type { Outcome } from '../calls/actions.js';
import type { AnswerOf, AnyOperation, Asked, CodeOf } from '../calls/operation.js';
import { refresh } from './answers.js';
import { actions, owner } from './app.js';

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

/** `title`: what it is called, should its outcome be asked for after a reload. */
export function useAction<Op extends AnyOperation>(
  operation: Op,
  title: string,
  isDecidedLater = false,
): Doing<Op> {
  const busy = useSignal(false);
  const outcome = useSignal<Outcome<AnswerOf<Op>, CodeOf<Op>> | undefined>(undefined);
  const run = async (asked: Asked<Op>): Promise<Outcome<AnswerOf<Op>, CodeOf<Op>>> => {
    busy.value = true;
    outcome.value = undefined;
    try {
      const came = await actions.run(owner.peek(), title, operation, asked, isDecidedLater);
      outcome.value = came;
      if (came.state === 'done') void refresh();
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
