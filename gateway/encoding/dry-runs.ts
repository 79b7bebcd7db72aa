// Dry runs and atomic batches over HTTP. Owns: how their answers look, so that nobody takes a dry run for the real thing.
// Never touches: what happens or would happen, which is the engine's to say.
//   http.H21. Every outcome of a dry run says `dryRun: true`. One that would be posted is 200, never 201; a refusal has the status
//        and the shape that it would have.
//   http.H22. An atomic batch that cannot be one is refused as a whole, with the field (`[3].legs[0].to`). Where one of it is
//        refused, that one has its own refusal, and all others are aborted.

import { limits, type Outcome, type RefusalCode } from '../../engine/index.js';
import { problemJson, type Refusal, refuse } from '../refusal.js';
import { type Answer, JSON_TYPE, PROBLEM_TYPE } from './answer.js';

/** What is wrong with all of a batch, whichever of its commands it is said of. */
const OF_ALL: ReadonlySet<RefusalCode> = new Set(['BATCH_ACROSS_SHARDS', 'BATCH_TOO_LARGE']);

/** What would come of a command, with its own `status`. */
function dryRunJson(outcome: Outcome): string {
  if (outcome.ok) {
    const { id, shard, seq, time, replayed, entries, hold } = outcome;
    const { act, definitionVersion, activeFrom } = outcome;
    const versions = { definitionVersion, activeFrom };
    const fields = { id, shard, seq, time, replayed, entries, hold, ...versions, act };
    return JSON.stringify({ dryRun: true, status: 200, ...fields });
  }
  const { code, status, id } = outcome;
  return code === 'PREPARED'
    ? JSON.stringify({ dryRun: true, status, id, state: 'prepared' })
    : `{"dryRun":true,${problemJson(outcome).slice(1)}`;
}

/** The answer to one command. */
export function dryRunAnswer(outcome: Outcome): Answer {
  const isProblem = !outcome.ok && outcome.code !== 'PREPARED';
  return {
    status: outcome.ok ? 200 : outcome.status,
    contentType: isProblem ? PROBLEM_TYPE : JSON_TYPE,
    body: dryRunJson(outcome),
    told: {
      dryRun: true,
      outcome: outcome.ok ? 'ok' : outcome.code,
      id: outcome.id,
      replayed: outcome.replayed || undefined,
    },
  };
}

/** The answer to a batch: 200, and an outcome for each command. */
export function dryRunsAnswer(outcomes: readonly Outcome[]): Answer {
  return {
    status: 200,
    contentType: JSON_TYPE,
    body: `[${outcomes.map(dryRunJson).join()}]`,
    told: { dryRun: true, commands: outcomes.length },
  };
}

/** What keeps a whole batch from being tried, or from being atomic, if anything does. */
export function wholeRefusal(outcomes: readonly Outcome[]): Refusal | undefined {
  for (const [place, outcome] of outcomes.entries()) {
    if (outcome.ok || !OF_ALL.has(outcome.code)) continue;
    const { field } = outcome;
    if (outcome.code === 'BATCH_ACROSS_SHARDS')
      return refuse(outcome.code, field === undefined ? `[${place}]` : `[${place}].${field}`);
    const most = `${limits.TOGETHER_COMMANDS_MAX} commands of ${limits.TOGETHER_BYTES_MAX} bytes`;
    return refuse(outcome.code, 'body', `An atomic batch, or a dry run, has at most ${most}.`);
  }
  return undefined;
}
