// Answers as screens show them. Owns: what is known of each, asked for once however many parts of a screen show it; when it is asked for again. Never touches: how.

import { type Signal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import {
  type AnswerOf,
  type AnyOperation,
  type Asked,
  type CodeOf,
  type Problem,
  questionOf,
} from '../calls/operation.js';
import { answers, isOnline, lapsed, signedIn, who } from './app.js';

/** What is known of an answer now. */
export interface Known<Answer, Code extends string = string> {
  /** Undefined: nothing yet. */
  readonly answer: Answer | undefined;
  /** When it was given: milliseconds since 1970. */
  readonly at: number;
  /** It was read out of what is kept, and nobody has said since that it still holds. */
  readonly isOld: boolean;
  /** Why it could not be asked for (again). */
  readonly problem: Problem<Code> | undefined;
  readonly isAsking: boolean;
}

/** How an answer is held. */
export interface Holding {
  /** `false`: in memory alone, and gone with the screen: codes, coupons, addresses, sessions. Default: to be read offline, too. */
  readonly isKept?: boolean;
}

interface Held {
  readonly isKept: boolean;
  readonly known: Signal<Known<unknown>>;
  readonly ask: () => Promise<void>;
  /** Parts of the page that show it. */
  shown: number;
}

/** What was answered a moment ago is not asked for again when a screen is opened. */
const FRESH_MS = 5_000;
/** Answers that are held for whoever comes back to them; of more, those that are not shown are forgotten, the oldest first. */
const HELD_MAX = 100;
const NOTHING: Known<unknown> = {
  answer: undefined,
  at: 0,
  isOld: false,
  problem: undefined,
  isAsking: true,
};

const all = new Map<string, Held>();

function holdOf(of: string, operation: AnyOperation, asked: object, isKept = true): Held {
  const key = `${of} ${questionOf(operation, asked).path}`;
  const held = all.get(key);
  if (held !== undefined) return held;
  const known = signal(NOTHING);
  let going: Promise<void> | undefined;
  const ask = (): Promise<void> => {
    going ??= asking(of, operation, asked, known, isKept).finally(() => {
      going = undefined;
    });
    return going;
  };
  const made: Held = { isKept, known, ask, shown: 0 };
  all.set(key, made);
  tidy(made);
  return made;
}

function tidy(made: Held): void {
  for (const [key, held] of all) {
    if (all.size <= HELD_MAX) return;
    if (held.shown === 0 && held !== made) all.delete(key);
  }
}

async function asking(
  of: string,
  operation: AnyOperation,
  asked: object,
  known: Signal<Known<unknown>>,
  isKept: boolean,
): Promise<void> {
  known.value = { ...known.value, isAsking: true };
  if (isKept && known.value.answer === undefined)
    // At the same time: a store that hangs holds nothing up.
    void answers.kept(of, operation, asked as Asked<AnyOperation>).then((kept) => {
      if (kept === undefined || known.value.answer !== undefined) return;
      known.value = { ...known.value, answer: kept.answer, at: kept.at, isOld: true };
    });
  const result = await answers.ask(of, operation, asked as Asked<AnyOperation>, isKept);
  const before = known.value.answer;
  known.value = result.ok
    ? {
        // The same is the same object: a list that goes on from it is not begun anew whenever it is asked for.
        answer: isSame(before, result.answer) ? before : result.answer,
        at: Date.now(),
        isOld: false,
        problem: undefined,
        isAsking: false,
      }
    : { ...known.value, isOld: true, problem: result.problem, isAsking: false };
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * An answer, asked for when it is first shown and whenever `refresh` says so. `asked` undefined: it is not known yet what to ask. The component is rendered again
 * with each change.
 */
export function useAnswer<Op extends AnyOperation>(
  operation: Op,
  asked: Asked<Op> | undefined,
  { isKept = true }: Holding = {},
): Known<AnswerOf<Op>, CodeOf<Op>> {
  const of = who.value;
  const isAsked = of !== '' && asked !== undefined;
  const held = isAsked ? holdOf(of, operation, asked, isKept) : undefined;
  useEffect(() => {
    if (held === undefined) return;
    held.shown++;
    const { answer, at } = held.known.peek();
    if (answer === undefined || Date.now() - at > FRESH_MS) void held.ask();
    return () => {
      held.shown--;
      if (!held.isKept && held.shown === 0) forget(held);
    };
  }, [held]);
  return (held?.known.value ?? NOTHING) as Known<AnswerOf<Op>, CodeOf<Op>>;
}

function forget(held: Held): void {
  for (const [key, one] of all) if (one === held) all.delete(key);
}

/** What is shown is asked for again; what is not shown, when it is next. */
export async function refresh(): Promise<void> {
  const shown: Promise<void>[] = [];
  for (const [key, held] of all)
    if (held.shown > 0) shown.push(held.ask());
    else all.delete(key);
  await Promise.all(shown);
}

/** An answer as it is changed by what came over the stream. */
export function changeAnswer<Op extends AnyOperation>(
  operation: Op,
  asked: Asked<Op>,
  change: (answer: AnswerOf<Op>) => AnswerOf<Op>,
): void {
  const { known } = holdOf(who.peek(), operation, asked);
  const { answer } = known.peek();
  if (answer !== undefined)
    known.value = { ...known.peek(), answer: change(answer as AnswerOf<Op>), at: Date.now() };
}

/** Follows who is signed in, and the network. */
export function followAnswers(): void {
  let was = signedIn.peek();
  signedIn.subscribe((state) => {
    if (state === 'out' && !lapsed.peek()) all.clear();
    // What could not be asked for meanwhile is, now that it is known who asks.
    if (state === 'in' && was !== 'in') void refresh();
    was = state;
  });
  who.subscribe((of) => {
    for (const key of all.keys()) if (!key.startsWith(`${of} `)) all.delete(key);
  });
  let wasOnline = isOnline.peek();
  isOnline.subscribe((now) => {
    if (now && !wasOnline) void refresh();
    wasOnline = now;
  });
}
