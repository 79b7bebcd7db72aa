// What came of something, as it is told. Owns: refusals, outcomes, and how old what is shown is. Never touches: what follows.

import type { ComponentChildren, JSX } from 'preact';
import type { Outcome } from '../calls/actions.js';
import type { Problem } from '../calls/operation.js';
import { refresh } from '../shell/answers.js';
import { actions, keepPlace, page, who } from '../shell/app.js';
import { date, far, language, speaker } from '../shell/language.js';
import { place } from '../shell/router.js';
import { AROUND } from '../words/around.js';
import { Button, Empty, Note, Skeleton } from './parts.js';

const t = speaker(AROUND);

/** A refusal in the language of now, and when it may be tried again. */
export const saidOf = (
  problem: Pick<Problem, 'code' | 'status' | 'detail' | 'afterMs'>,
): string => {
  const later =
    problem.afterMs > 0 ? ` ${t('retryIn', { when: far(Date.now() + problem.afterMs) })}` : '';
  return page.problemText(language.value, problem) + later;
};

/** What was asked for is not there: to ask again brings nothing. */
export const isMissing = (problem: Pick<Problem, 'status'> | undefined): boolean =>
  problem?.status === 404 || problem?.status === 410;

/** That something is not there, and what: as the address calls it. The ledger's word for the field says nothing to who followed a link. */
function Missing({ problem }: { problem: Problem }): JSX.Element {
  const { detail, field = '' } = problem;
  const prefix = `${field}: `;
  const why = detail.startsWith(prefix) ? detail.slice(prefix.length) : detail;
  return (
    <Empty icon="search">
      <strong>{t('missing', { name: place.value.parts.at(-1) ?? '' })}</strong>{' '}
      {saidOf({ ...problem, detail: why })}
    </Empty>
  );
}

/** A refusal, and what may be done about it. */
export function ProblemNote({
  problem,
  onAgain,
}: {
  problem: Problem;
  onAgain?: () => void;
}): JSX.Element {
  const isOut = problem.code === 'SIGNED_OUT' || problem.status === 401;
  const signIn = isOut ? page.signInAddress() : undefined;
  const prove = problem.code === 'SECOND_FACTOR_REQUIRED' ? page.proofAddress?.() : undefined;
  return (
    <Note kind="danger" icon="cross">
      <p>{saidOf(problem)}</p>
      {prove !== undefined && (
        <a class="button plain" href={prove}>
          {t('prove')}
        </a>
      )}
      {signIn !== undefined ? (
        <a class="button plain" href={signIn} onClick={keepPlace}>
          {t('signIn')}
        </a>
      ) : (
        onAgain && (
          <Button kind="plain" onClick={onAgain}>
            {t('again')}
          </Button>
        )
      )}
    </Note>
  );
}

/** What came of an action: honest also where that is not known. */
export function OutcomeNote({
  outcome,
  children,
}: {
  outcome: Outcome | undefined;
  /** What is said where it was done. */
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div role="status" class="outcome">
      {outcome?.state === 'done' && (
        <Note kind="good" icon="check">
          {children}
        </Note>
      )}
      {outcome?.state === 'refused' && <ProblemNote problem={outcome.problem} />}
      {outcome?.state === 'unknown' && (
        <Note kind="warn" icon="clock">
          <strong>{t('unknownTitle')}</strong>
          <p>
            {outcome.problem.status === 0 ? t('unknownBroke') : saidOf(outcome.problem)}{' '}
            {t(outcome.id === '' ? 'unknownLook' : 'unknownWhy')}
          </p>
          <Button
            kind="plain"
            onClick={() => void (outcome.id === '' ? refresh() : actions.resume(who.peek()))}
          >
            {t(outcome.id === '' ? 'lookAgain' : 'askAgain')}
          </Button>
        </Note>
      )}
    </div>
  );
}

/** Why there is no answer, and what may be done about it. */
export const Unanswered = ({ problem }: { problem: Problem }): JSX.Element =>
  isMissing(problem) ? (
    <Missing problem={problem} />
  ) : (
    <ProblemNote problem={problem} onAgain={() => void refresh()} />
  );

/** What is used of what is known (shell/answers.ts). */
interface Shown<Answer> {
  readonly answer: Answer | undefined;
  readonly at: number;
  readonly isOld: boolean;
  readonly problem: Problem | undefined;
}

/** An answer, or where it will be, or why it is not there; with a mark where it is an old one. */
export function Answered<Answer>({
  known,
  lines = 3,
  children,
}: {
  known: Shown<Answer>;
  /** Of what stands for it while it is on its way. */
  lines?: number;
  children: (answer: Answer) => ComponentChildren;
}): JSX.Element {
  const { answer, at, isOld, problem } = known;
  if (answer === undefined)
    return problem === undefined ? (
      <>
        <span class="hidden" role="status">
          {t('loading')}
        </span>
        <Skeleton lines={lines} />
      </>
    ) : (
      <Unanswered problem={problem} />
    );
  return (
    <>
      {isOld && problem !== undefined && (
        <p class="old">
          {t('asOf', { when: date(at, 'time') })} · {saidOf(problem)}
        </p>
      )}
      {children(answer)}
    </>
  );
}
