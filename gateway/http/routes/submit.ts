// A route's command on its way to the engine. Owns: when it is counted and tried, which answer its outcome becomes. Never touches:
// paths, what a command means.

import { type Command, homeOwner, type Outcome } from '../../../engine/index.js';
import { besideIt } from '../../act-faults.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { dryRunAnswer } from '../../encoding/dry-runs.js';
import { outcomeAnswer } from '../../encoding/outcome-json.js';
import { isRefusal, type Refusal } from '../../refusal.js';
import { type Call, isTrue, type ServedLedger, submitterOf } from '../../route.js';
import type { CommandReader } from '../../schema/command-reader.js';
import { submitOne, unrecorded } from '../../submission.js';
import { leftMs } from '../server/time-limit.js';

/** The status of what was made, and of what was changed. */
const CREATED = 201;
const ACCEPTED = 202;
export const OK = 200;

/** The account of an owner, in paths. */
export const ACCOUNT = '/v1/accounts/{owner}';

/** The command that a call asks for. */
export const commandOf = (
  reader: CommandReader,
  { body, path, idempotencyKey }: Call,
): Refusal | Command => reader.read(body, path, idempotencyKey);

/** A refusal, with the field that it is about as the request has it. */
export type Named = (refused: Refusal) => Refusal;

/** How a command is answered. */
interface Answering {
  /** The status where it is carried out now. Left out: 201. */
  readonly fresh?: number;
  /** As `Batched.named`. */
  readonly named?: Named | undefined;
  /** Hears what came of it, where it was carried out. */
  readonly hears?: ((outcomes: readonly Outcome[]) => void) | undefined;
  /** The same command in other words, asked for where its id is another command's: one of them may be that one. */
  readonly alike?: (() => Promise<readonly Command[] | Refusal>) | undefined;
}

/** `fresh` where it is carried out now, 202 with its place where other shards have not decided it in time. */
export async function submitted(
  ledger: ServedLedger,
  call: Call,
  command: Refusal | Command,
  { fresh = CREATED, named, hears, alike }: Answering = {},
): Promise<Answer> {
  if (isRefusal(command)) return problem(command);
  const isAsked = isTrue(call.query, 'dryRun');
  const dryRun = isAsked || call.isRepeat;
  const options = { timeoutMs: leftMs(call), dryRun };
  const submitter = submitterOf(ledger, call);
  let came = await submitOne(submitter, command, options);
  if (!came.ok && came.code === 'ID_REUSED' && alike !== undefined) {
    const all = await alike();
    if (isRefusal(all)) return problem(all);
    for (let i = 0; i < all.length && !came.ok && came.code === 'ID_REUSED'; i++)
      came = await submitOne(submitter, all[i] as Command, options);
  }
  if (!dryRun) hears?.([came]);
  call.isRecorded = unrecorded(submitter, [command], [came], options).length === 0;
  const outcome = came.ok || named === undefined ? came : named(came);
  if (isAsked) return dryRunAnswer(outcome);
  if (isForReview(outcome)) return reviewedLater(outcome, call);
  const isPrepared = !outcome.ok && outcome.code === 'PREPARED';
  return outcomeAnswer(outcome, fresh, isPrepared ? homeOwner(command) : undefined);
}

const isForReview = (outcome: Outcome | Refusal): outcome is Refusal =>
  !outcome.ok && (outcome as Refusal).review !== undefined;

/** It is carried out once an operator has reviewed it; members are not told where that is looked at. */
function reviewedLater({ id, review }: Refusal, { principal }: Call): Answer {
  const told = { outcome: 'RISK_REVIEW', id };
  const answer = json(ACCEPTED, { status: ACCEPTED, id, state: 'review', review }, told);
  return principal.kind === 'member'
    ? answer
    : { ...answer, headers: [['Location', `/v1/reviews/${review}`]] };
}

/** What an act would come to, by a command that is tried and not carried out: its first effect. */
export async function quoted(
  ledger: ServedLedger,
  call: Call,
  command: Refusal | Command,
): Promise<Answer> {
  if (isRefusal(command)) return problem(command);
  const outcome = await submitOne(submitterOf(ledger, call), command, { dryRun: true });
  if (!outcome.ok) return problem(besideIt(outcome));
  const { type: _, ...quote } = outcome.act?.effects[0] ?? { type: '' };
  return json(OK, { owner: (command as { owner?: string }).owner, ...quote });
}
