// Lists that come page by page. Owns: what has come of one. Never touches: how a page is asked for.

import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { AnswerOf, AnyOperation, Asked, CodeOf, Problem } from '../calls/operation.js';
import { type Holding, type Known, useAnswer } from './answers.js';
import { caller } from './app.js';

/** A list as far as it has come. */
export interface Pages<Op, Item> {
  /** The first page. */
  readonly known: Known<AnswerOf<Op>, CodeOf<Op>>;
  readonly items: readonly Item[];
  readonly isMore: boolean;
  /** The next page is on its way. */
  readonly isBusy: boolean;
  /** Why the next page has not come. */
  readonly problem: Problem | undefined;
  more(): void;
}

interface Rest<Item> {
  readonly items: readonly Item[];
  readonly cursor: string | undefined;
}

/**
 * Pages of an operation that answers with `cursor` and takes it, under `taken`; `pick`: what of an answer is of the list. A first page that is another one begins
 * anew.
 */
export function usePages<Op extends AnyOperation, Item>(
  operation: Op,
  asked: Asked<Op> | undefined,
  pick: (answer: AnswerOf<Op>) => readonly Item[],
  holding?: Holding,
  taken = 'cursor',
): Pages<Op, Item> {
  const known = useAnswer(operation, asked, holding);
  const { answer } = known;
  const rest = useSignal<Rest<Item> | undefined>(undefined);
  const isBusy = useSignal(false);
  const problem = useSignal<Problem | undefined>(undefined);
  /** What the pages that come go on from. */
  const first = useRef(answer);
  first.current = answer;
  useEffect(() => {
    rest.value = undefined;
    problem.value = undefined;
  }, [answer]);
  const cursor = rest.value === undefined ? cursorOf(answer) : rest.value.cursor;
  const more = async (): Promise<void> => {
    if (asked === undefined || cursor === undefined || isBusy.peek()) return;
    isBusy.value = true;
    problem.value = undefined;
    const { query } = asked as { readonly query?: object };
    const next = { ...asked, query: { ...query, [taken]: cursor } } as Asked<Op>;
    const result = await caller.ask(operation, next);
    isBusy.value = false;
    if (first.current !== answer) return;
    if (!result.ok) {
      problem.value = result.problem;
      return;
    }
    const items = [...(rest.peek()?.items ?? []), ...pick(result.answer)];
    rest.value = { items, cursor: cursorOf(result.answer) };
  };
  const later = rest.value?.items;
  // Made once for what has come, not whenever it is shown: a list may be long.
  const items = useMemo(
    () => (answer === undefined ? [] : [...pick(answer), ...(later ?? [])]),
    [answer, later],
  );
  return {
    known,
    items,
    isMore: cursor !== undefined,
    isBusy: isBusy.value,
    problem: problem.value,
    more: () => void more(),
  };
}

const cursorOf = (answer: unknown): string | undefined =>
  (answer as { readonly cursor?: string } | undefined)?.cursor;
