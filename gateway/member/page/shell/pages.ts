// A list that comes in pages. Owns: pages behind the first one, asked for one after the other. Never touches: what is in them; the first page, which is an answer
// like any other.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AnswerOf, AnyOperation, Asked, CodeOf, Problem } from '../calls/operation.js';
import { questionOf } from '../calls/operation.js';
import { type Known, useAnswer } from './answers.js';
import { caller } from './app.js';

export interface Pages<Answer, Item, Code extends string> {
  /** The first page. */
  readonly first: Known<Answer, Code>;
  readonly items: readonly Item[];
  readonly isMore: boolean;
  readonly isAsking: boolean;
  /** Why the next page could not be asked for. */
  readonly problem: Problem<Code> | undefined;
  more(): Promise<void>;
}

interface Behind<Item, Code extends string> {
  readonly of: unknown;
  readonly items: readonly Item[];
  readonly cursor: string | undefined;
  readonly isAsking: boolean;
  readonly problem: Problem<Code> | undefined;
}

/** Where the query of a question takes a cursor. */
type Paged = { readonly query?: Readonly<Record<string, unknown>> | undefined };

/** `itemsOf`: what of a page is the list. Another first page, other pages behind it. */
export function usePages<Op extends AnyOperation, Item>(
  operation: Op,
  asked: (Asked<Op> & Paged) | undefined,
  itemsOf: (answer: AnswerOf<Op>) => readonly Item[],
  isKept = true,
): Pages<AnswerOf<Op>, Item, CodeOf<Op>> {
  const first = useAnswer(operation, asked, isKept);
  const { answer } = first;
  const none = { items: [], isAsking: false, problem: undefined } as const;
  const cursorOf = (page: unknown) => (page as { readonly cursor?: string } | undefined)?.cursor;
  const behind = useSignal<Behind<Item, CodeOf<Op>>>({ of: answer, ...none, cursor: undefined });
  const key = asked === undefined ? '' : questionOf(operation, asked).path;
  const now = useRef(key);
  useEffect(() => {
    now.current = key;
  }, [key]);
  const here =
    behind.value.of === answer ? behind.value : { of: answer, ...none, cursor: cursorOf(answer) };
  const more = async (): Promise<void> => {
    if (here.isAsking || here.cursor === undefined || asked === undefined) return;
    behind.value = { ...here, isAsking: true, problem: undefined };
    const next = { ...asked, query: { ...asked.query, cursor: here.cursor } };
    const result = await caller.ask(operation, next as Asked<Op>);
    // Something else is shown by now.
    if (now.current !== key) return;
    behind.value = result.ok
      ? {
          ...none,
          of: answer,
          items: [...here.items, ...itemsOf(result.answer)],
          cursor: cursorOf(result.answer),
        }
      : { ...here, isAsking: false, problem: result.problem };
  };
  return {
    first,
    items: answer === undefined ? [] : [...itemsOf(answer), ...here.items],
    isMore: here.cursor !== undefined,
    isAsking: here.isAsking,
    problem: here.problem,
    more,
  };
}
