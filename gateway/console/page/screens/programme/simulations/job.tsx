// Long work of the ledger, looked at while it is under way. Owns: how often it is asked for, how far it is, ending it. Never touches: what it comes to.
//   console.J1. The work is the ledger's: it goes on when the page is left, and is found again under its address.

import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ApiOperation, Problem } from '../../../../../web/page/calls/operation.js';
import { caller } from '../../../../../web/page/shell/app.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { Note, Progress } from '../../../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../../../web/page/ui/told.js';
import { SIMULATIONS } from './words.js';

const t = speaker(SIMULATIONS);

interface Job {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly progress: { readonly blocks: number; readonly of: number; readonly events: number };
  readonly problem?: { readonly field?: string | undefined; readonly detail: string } | undefined;
}

export interface Looked<One> {
  readonly job: One | undefined;
  readonly problem: Problem | undefined;
}

/** The first look comes soon, later ones less often. */
const [SOON_MS, LATER_MS, SOON_LOOKS] = [300, 1_500, 10];

/** A job by its id, until it is over; '': there is none. */
export function useJob<One extends Job>(
  operation: ApiOperation<{ readonly job: string }, undefined, undefined, One, string>,
  id: string,
): Looked<One> {
  const looked = useSignal<Looked<One>>({ job: undefined, problem: undefined });
  useEffect(() => {
    looked.value = { job: undefined, problem: undefined };
    if (id === '') return;
    let isLeft = false;
    let looks = 0;
    const look = async (): Promise<void> => {
      const result = await caller.ask(operation, { path: { job: id } } as never);
      if (isLeft) return;
      looked.value = result.ok
        ? { job: result.answer, problem: undefined }
        : { job: looked.value.job, problem: result.problem };
      const isOver = result.ok ? result.answer.state !== 'running' : !result.problem.retry;
      if (!isOver) setTimeout(() => isLeft || void look(), ++looks > SOON_LOOKS ? LATER_MS : SOON_MS);
    };
    void look();
    return () => {
      isLeft = true;
    };
  }, [id]);
  return looked.value;
}

/** How far it is, or what came of it. */
export function JobShown<One extends Job>({
  job: { job, problem },
  children,
}: {
  job: Looked<One>;
  children: (job: One) => ComponentChildren;
}): JSX.Element {
  return (
    <div class="job" data-state={job?.state}>
      {problem && <ProblemNote problem={problem} />}
      {job?.state === 'running' && (
        <>
          <Progress
            value={job.progress.of === 0 ? 0 : (job.progress.blocks / job.progress.of) * 100}
            label={t('progress')}
          />
          <p class="muted" role="status">
            {t('far', {
              blocks: number(job.progress.blocks),
              of: number(job.progress.of),
              events: number(job.progress.events),
            })}
          </p>
        </>
      )}
      {job?.state === 'failed' && (
        <Note kind="danger" icon="cross">
          {[job.problem?.field, job.problem?.detail].filter(Boolean).join(': ')}
        </Note>
      )}
      {job?.state === 'cancelled' && <Note kind="warn">{t('cancelled')}</Note>}
      {job?.state === 'done' && children(job)}
    </div>
  );
}
