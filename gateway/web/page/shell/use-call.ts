// A call that a screen makes by hand, of what may be asked again without harm, or must be kept nowhere (passwords). Owns: what a screen is told of it. Never touches:
// what is done under an id (use-action.ts).

import { useSignal } from '@preact/signals';
import type { AnyOperation, Asked, Result } from '../calls/operation.js';
import { refresh } from './answers.js';
import { caller } from './app.js';

export interface Calling<Op extends AnyOperation> {
  readonly isBusy: boolean;
  /** What came of it last. */
  readonly result: Result<Op> | undefined;
  run(asked: Asked<Op>): Promise<Result<Op>>;
  reset(): void;
}

/** `attempts`: 1, where the same again would be answered otherwise. What is shown is asked for again after it. */
export function useCall<Op extends AnyOperation>(operation: Op, attempts?: number): Calling<Op> {
  const isBusy = useSignal(false);
  const result = useSignal<Result<Op> | undefined>(undefined);
  return {
    isBusy: isBusy.value,
    result: result.value,
    run: async (asked) => {
      isBusy.value = true;
      result.value = undefined;
      const came = await caller.ask(operation, asked, attempts);
      result.value = came;
      isBusy.value = false;
      if (came.ok) void refresh();
      return came;
    },
    reset: () => {
      result.value = undefined;
    },
  };
}
