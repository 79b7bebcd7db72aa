// What is asked with the session's cookie: signing in, passwords, codes. Owns: what a form is told of it. It is kept nowhere, and asked once: what was typed is not
// sent again by itself.

import { useSignal } from '@preact/signals';
import type {
  AnyOperation,
  Asked,
  CodeOf,
  Problem,
  Result,
} from '../../../web/page/calls/operation.js';
import { askOwn } from '../../../web/page/shell/app.js';

export interface Own<Op extends AnyOperation> {
  readonly isBusy: boolean;
  readonly problem: Problem<CodeOf<Op>> | undefined;
  run(asked: Asked<Op>): Promise<Result<Op>>;
}

export function useOwn<Op extends AnyOperation>(operation: Op): Own<Op> {
  const isBusy = useSignal(false);
  const problem = useSignal<Problem<CodeOf<Op>> | undefined>(undefined);
  return {
    isBusy: isBusy.value,
    problem: problem.value,
    run: async (asked) => {
      isBusy.value = true;
      problem.value = undefined;
      const came = await askOwn(operation, asked);
      if (!came.ok) problem.value = came.problem;
      isBusy.value = false;
      return came;
    },
  };
}
