// A simulation or a correction, looked at while it is under way. Owns: how far it is, ending it, why it failed. Never touches: what it comes to.
//   console.J1. The work is the ledger's: it goes on when the page is left, and is found again under its address.

import type { ComponentChildren, JSX } from 'preact';
import type { ApiOperation } from '../../../../../web/page/calls/operation.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { useCall } from '../../../../../web/page/shell/use-call.js';
import { Note } from '../../../../../web/page/ui/parts.js';
import { type Job, JobProgress, useJob } from '../../../ui/acting/job.js';
import { SIMULATIONS } from './words.js';

const t = speaker(SIMULATIONS);

interface Told {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly progress: { readonly blocks: number; readonly of: number; readonly events: number };
  readonly problem?: { readonly field?: string | undefined; readonly detail: string } | undefined;
}

type OfJob<One> = ApiOperation<{ readonly job: string }, undefined, undefined, One, string>;

/** A job by its id, until it is over; '': there is none. */
export const useSimulation = <One extends Told>(operation: OfJob<One>, id: string): Job<One> =>
  useJob(
    operation,
    id === '' ? undefined : ({ path: { job: id } } as never),
    isRunning,
  ) as Job<One>;

const isRunning = (job: unknown): boolean => (job as Told).state === 'running';

/** How far it is, or what came of it. */
export function JobShown<One extends Told>({
  job: { answer: job, problem, look },
  end,
  children,
}: {
  job: Job<One>;
  /** What ends it. */
  end: OfJob<One>;
  children: (job: One) => ComponentChildren;
}): JSX.Element {
  const ending = useCall(end);
  const stop = async (): Promise<void> => {
    await ending.run({ path: { job: job?.id ?? '' } } as never);
    look();
  };
  return (
    <div class="job" data-state={job?.state}>
      <JobProgress
        problem={problem}
        isRunning={job?.state === 'running'}
        done={job?.progress.blocks}
        total={job?.progress.of}
        onStop={() => void stop()}
      >
        {job && <p>{t('far', { events: number(job.progress.events) })}</p>}
      </JobProgress>
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
