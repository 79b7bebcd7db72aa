// How far an exchange with a partner outside is, as members are told it. Owns: what is said of which status. Never touches: how one goes on.
//   give.P1. What is not known is said to be not known: neither done nor failed.

export type Status =
  | 'pending_approval'
  | 'started'
  | 'in_progress'
  | 'retrying'
  | 'completed'
  | 'failed';

export interface ExchangeLike {
  readonly status: Status;
  readonly step: string;
  readonly reason?: string | undefined;
  readonly inconsistency?: string | undefined;
}

/** What is told: a status, but that what does not agree is told before all else, and that one that goes back is told so. */
export type Told = Status | 'back' | 'looked_at' | 'failed_looked_at';

const BACK: ReadonlySet<string> = new Set(['rollback_target_addition', 'rollback_source_freeze']);

export function toldOf({ status, step, inconsistency }: ExchangeLike): Told {
  const isOver = status === 'completed' || status === 'failed';
  if (inconsistency !== undefined)
    return status === 'failed' ? 'failed_looked_at' : isOver ? status : 'looked_at';
  if (!isOver && BACK.has(step)) return 'back';
  return status;
}

export const isOver = ({ status }: Pick<ExchangeLike, 'status'>): boolean =>
  status === 'completed' || status === 'failed';

/** Can it still go back, as far as is known? From the confirmation on it cannot. */
export const mayGoBack = ({ status, step }: ExchangeLike): boolean =>
  !isOver({ status }) && step !== 'confirm_source_deduction' && !BACK.has(step);

export const TONES: Readonly<Record<Told, 'good' | 'plain' | 'warn' | 'danger'>> = {
  pending_approval: 'plain',
  started: 'plain',
  in_progress: 'plain',
  retrying: 'warn',
  back: 'warn',
  looked_at: 'warn',
  completed: 'good',
  failed: 'danger',
  failed_looked_at: 'danger',
};

/** What a step came to, in one of few words: what none of them is for, is under way or not known. */
export function answerOf(answer: string): 'stepDone' | 'stepRefused' | 'stepUndone' | 'stepOpen' {
  if (answer === 'held' || answer === 'completed' || answer === 'done') return 'stepDone';
  if (answer === 'refused' || answer === 'rejected') return 'stepRefused';
  const isUndone = answer === 'rolled_back' || answer === 'void' || answer === 'cancelled';
  return isUndone ? 'stepUndone' : 'stepOpen';
}

/** Refusals after which the rate must be looked at again: nothing was exchanged. */
const OF_RATE: ReadonlySet<string> = new Set([
  'QUOTE_EXPIRED',
  'QUOTE_INVALID',
  'EXCHANGE_DIFFERS',
]);
export const isOfRate = (code: string): boolean => OF_RATE.has(code);

/** Whom points may be given to, as the ledger names them. */
const OWNER = /^[A-Za-z0-9._:-]{1,64}$/;
export const isOwner = (text: string): boolean => OWNER.test(text) && text !== '.' && text !== '..';

/** What may still be given today; undefined: there is no limit. */
export function leftToGive(gifts: {
  readonly points: number;
  readonly times: number;
  readonly mostEach?: number | undefined;
  readonly mostPoints?: number | undefined;
  readonly mostTimes?: number | undefined;
}): number | undefined {
  const { points, times, mostEach, mostPoints, mostTimes } = gifts;
  if (mostTimes !== undefined && times >= mostTimes) return 0;
  const today = mostPoints === undefined ? undefined : Math.max(0, mostPoints - points);
  const all = [mostEach, today].filter((one) => one !== undefined);
  return all.length === 0 ? undefined : Math.min(...all);
}
