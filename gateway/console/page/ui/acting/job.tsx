// Long work that goes on in the ledger, whether anybody looks or not. Owns: how often it is looked at, how its progress is shown. Never touches: the work.

import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import {
  type AnswerOf,
  type AnyOperation,
  type Asked,
  type Problem,
  questionOf,
} from '../../../../web/page/calls/operation.js';
import { caller, who } from '../../../../web/page/shell/app.js';
import { number, speaker } from '../../../../web/page/shell/language.js';
import { Button, Note, Progress } from '../../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';

const t = speaker(
  table({
    en: {
      running: 'Under way',
      goesOn: 'It goes on without this page: come back whenever you like.',
      of: '{done} of {total}',
      stop: 'Stop it',
    },
    zh: {
      running: '进行中',
      goesOn: '关闭页面后仍会继续，可随时回来查看。',
      of: '{done} / {total}',
      stop: '停止',
    },
  }),
);

const FIRST_MS = 500;
const LATER_MS = 2_000;

/** What is known of a job. */
export interface Job<Answer> {
  readonly answer: Answer | undefined;
  readonly problem: Problem | undefined;
  /** Asks now. */
  look(): void;
}

/** Looks at a job until it is over; `asked` undefined: there is none. While the page is not seen it is not looked at. */
export function useJob<Op extends AnyOperation>(
  operation: Op,
  asked: Asked<Op> | undefined,
  isRunning: (answer: AnswerOf<Op>) => boolean,
): Job<AnswerOf<Op>> {
  const answer = useSignal<AnswerOf<Op> | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const times = useSignal(0);
  const key = asked === undefined ? '' : questionOf(operation, asked).path;
  useEffect(() => {
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (pauseMs: number): Promise<void> => {
      if (asked === undefined || isGone) return;
      if (document.visibilityState === 'hidden') {
        timer = setTimeout(() => void look(pauseMs), LATER_MS);
        return;
      }
      const came = await caller.ask(operation, asked, undefined, who.peek());
      if (isGone) return;
      problem.value = came.ok ? undefined : came.problem;
      if (came.ok) answer.value = came.answer;
      // What is gone, or may not be seen, will not come back.
      const isOver = came.ok
        ? !isRunning(came.answer)
        : came.problem.status >= 400 && came.problem.status < 500 && came.problem.status !== 401;
      if (!isOver) timer = setTimeout(() => void look(LATER_MS), pauseMs);
    };
    void look(FIRST_MS);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [key, times.value]);
  return {
    answer: answer.value,
    problem: problem.value,
    look: () => {
      times.value++;
    },
  };
}

/** How far a job is. */
export function JobProgress({
  problem,
  done,
  total,
  isRunning,
  onStop,
  children,
}: {
  problem?: Problem | undefined;
  /** Left out: how much there is to do is not known. */
  done?: number | undefined;
  total?: number | undefined;
  isRunning: boolean;
  onStop?: (() => void) | undefined;
  /** What else is to be said of it. */
  children?: ComponentChildren;
}): JSX.Element | null {
  if (problem !== undefined) return <ProblemNote problem={problem} />;
  if (!isRunning) return null;
  const isKnown = done !== undefined && total !== undefined && total > 0;
  return (
    <Note icon="clock">
      <div class="stack" role="status">
        <strong>
          {t('running')}
          {isKnown && `: ${t('of', { done: number(done), total: number(total) })}`}
        </strong>
        {isKnown && <Progress value={(100 * done) / total} label={t('running')} />}
        {children}
        <p class="muted">{t('goesOn')}</p>
      </div>
      {onStop && (
        <Button kind="plain" onClick={onStop}>
          {t('stop')}
        </Button>
      )}
    </Note>
  );
}
