// One or many commands in one request: an array, or lines (NDJSON) of which there may be more than fit memory. Owns: which of them are
// carried out, the order of what is told of them. Never touches: sockets, what a command does.
//   http.H25. Each command stands for itself, unless the batch is atomic (http.H22). One outcome for each, in their order; of lines
//        also for those that cannot be read.
//   http.H26. Lines are carried out in groups while others still come, and no more than `LINE_GROUPS_MAX` groups are in memory. What
//        was submitted stays, whether or not anybody is there to hear of it.

import type { BatchOptions, Command, Outcome } from '../../../engine/index.js';
import { rateOf } from '../../auth/rate-limits.js';
import { type Answer, lines as linesAnswer, problem } from '../../encoding/answer.js';
import { dryRunsAnswer, wholeRefusal } from '../../encoding/dry-runs.js';
import { LineSplitter } from '../../encoding/lines.js';
import { packed } from '../../encoding/media.js';
import {
  type BatchAnswering,
  batchAnswer,
  outcomeJson,
  toldOf,
} from '../../encoding/outcome-json.js';
import { readJsonText } from '../../encoding/text.js';
import type { GatewayLimits } from '../../limits.js';
import { problemJson, type Refusal, refuse } from '../../refusal.js';
import { type Call, count, isTrue, type ServedLedger, submitterOf } from '../../route.js';
import { submitMany, unrecorded } from '../../submission.js';
import type { AnswerStream, BodyStream } from '../server/streamed.js';
import { leftMs } from '../server/time-limit.js';
import { type Named, submitted } from './submit.js';

/** Lines of one group, and groups that are under way. */
const LINE_GROUP = 1_000;
const LINE_GROUPS_MAX = 3;
/** How long the tokens of a rate are waited for at a time. */
const RATE_LOOK_MS = 100;
/** How a batch is carried out, and told. */
export interface BatchSettings extends BatchOptions {
  /** Outcomes without entries. */
  readonly brief: boolean;
}

/** What commands of a route are. */
export interface Batched {
  /** What the audit log calls a group of lines. */
  readonly what: string;
  /** Reads one, out of a body or a line; `key`: the `Idempotency-Key` header. */
  read(value: unknown, key?: string): Refusal | Command;
  /** Names the field that was at fault as the request has it. Left out: it is the command's own. */
  readonly named?: Named;
  /** Hears what came of those that were carried out. */
  readonly hears?: (outcomes: readonly Outcome[]) => void;
}

/** Why a batch takes no `Idempotency-Key`. */
export const KEYED =
  'The commands of a batch are named by their own ids, not by an Idempotency-Key header.';

/** Carries out one command, an array of them, or lines that are still coming. */
export function carriedOut(
  ledger: ServedLedger,
  call: Call,
  limits: GatewayLimits,
  batched: Batched,
): Answer | Promise<Answer> {
  const { body, lines, query, idempotencyKey } = call;
  const isMany = lines !== undefined || Array.isArray(body);
  if (query.brief !== undefined && (!isMany || query.dryRun === 'true'))
    return problem(refuse('QUERY_INVALID', 'brief', 'brief is for batches that are carried out.'));
  if (!isMany) {
    const { named, hears } = batched;
    const one = submitted(ledger, call, batched.read(body, idempotencyKey), { named, hears });
    return call.format === 'packed' ? one.then(packed) : one;
  }
  if (lines !== undefined && call.isRepeat)
    return problem(refuse('SIGNATURE_REPLAYED', 'X-Signature'));
  const settings = {
    // Lines come for as long as they come: the limit is of each group of them.
    timeoutMs: lines === undefined ? leftMs(call) : count(query, 'timeoutMs'),
    brief: query.brief === 'true',
    atomic: isTrue(query, 'atomic'),
    dryRun: isTrue(query, 'dryRun'),
  };
  return lines === undefined
    ? batch(ledger, call, body as readonly unknown[], settings, limits, batched)
    : lineBatch(ledger, call, lines, settings, limits, batched);
}

/** Carries out the commands of an array. */
async function batch(
  ledger: ServedLedger,
  call: Call,
  items: readonly unknown[],
  settings: BatchSettings,
  limits: GatewayLimits,
  batched: Batched,
): Promise<Answer> {
  const { batchItemsMax, retryAfterSeconds } = limits;
  if (items.length > batchItemsMax) {
    const detail = `A batch has at most ${batchItemsMax} commands.`;
    return problem(refuse('BATCH_TOO_LARGE', 'body', detail));
  }
  if (call.idempotencyKey !== undefined)
    return problem(refuse('ID_INVALID', 'Idempotency-Key', KEYED));
  const { atomic, dryRun, brief } = settings;
  const { format, isRepeat } = call;
  const isTrial = dryRun === true || isRepeat;
  const commands = items.map((item) => batched.read(item));
  const { timeoutMs } = settings;
  const options = { timeoutMs, atomic, dryRun: isTrial };
  const submitter = submitterOf(ledger, call);
  const came = await submitMany(submitter, commands, options);
  if (!isTrial) batched.hears?.(came);
  const rest = unrecorded(submitter, commands, came, options);
  call.isRecorded = came.length > 0 && rest.length === 0;
  const outcomes = namedIn(batched, came);
  const whole = atomic || isTrial ? wholeRefusal(outcomes) : undefined;
  if (whole !== undefined) return problem(whole);
  if (isRepeat) return firstAnswer(outcomes, { retryAfterSeconds, format, brief });
  if (!dryRun) {
    const answer = batchAnswer(outcomes, { retryAfterSeconds, format, brief });
    return rest === outcomes ? answer : { ...answer, told: toldOf(rest) };
  }
  return format === 'packed' ? packed(dryRunsAnswer(outcomes)) : dryRunsAnswer(outcomes);
}

/** Outcomes whose refusals name the fields as they were asked. */
const namedIn = ({ named }: Batched, outcomes: Outcome[]): Outcome[] =>
  named === undefined
    ? outcomes
    : outcomes.map((outcome) => (outcome.ok ? outcome : named(outcome)));

// What came of the commands of a signed batch that is repeated, as far as they had come to something.
function firstAnswer(outcomes: readonly Outcome[], answering: BatchAnswering): Answer {
  const known = outcomes.map((outcome) =>
    outcome.replayed ? outcome : { ...refuse('SIGNATURE_REPLAYED', 'X-Signature'), id: outcome.id },
  );
  const replayed = outcomes.some((outcome) => outcome.replayed) || undefined;
  const answer = batchAnswer(known, answering);
  return { ...answer, told: { ...answer.told, replayed } };
}

/** Carries out the commands of lines that are still coming: the answer has a line for each. */
function lineBatch(
  ledger: ServedLedger,
  call: Call,
  lines: BodyStream,
  settings: BatchSettings,
  limits: GatewayLimits,
  batched: Batched,
): Answer {
  if (call.idempotencyKey !== undefined)
    return problem(refuse('ID_INVALID', 'Idempotency-Key', KEYED));
  for (const name of ['atomic', 'dryRun'] as const) {
    const detail = `${name} is not for lines, of which there may be any number.`;
    if (settings[name] === true) return problem(refuse('QUERY_INVALID', name, detail));
  }
  const run = new LineBatch(ledger, call, settings, limits, batched);
  return linesAnswer((stream) => run.answer(lines, stream), { lines: true });
}

class LineBatch {
  readonly #ledger: ServedLedger;
  readonly #call: Call;
  readonly #settings: BatchSettings;
  readonly #limits: GatewayLimits;
  readonly #batched: Batched;
  readonly #groupMax: number;
  /** What was told last; and of the groups under way, the oldest first. */
  #told: Promise<void> = Promise.resolve();
  readonly #underWay: Promise<void>[] = [];
  #lines = 0;

  constructor(
    ledger: ServedLedger,
    call: Call,
    settings: BatchSettings,
    limits: GatewayLimits,
    batched: Batched,
  ) {
    this.#batched = batched;
    this.#ledger = ledger;
    this.#call = call;
    this.#settings = settings;
    this.#limits = limits;
    // More at once than a rate allows would never get through.
    this.#groupMax = Math.min(LINE_GROUP, rateOf(call.principal, limits)?.limit ?? LINE_GROUP);
  }

  /** Reads lines to their end, and tells what comes of them. */
  async answer(body: BodyStream, stream: AnswerStream): Promise<void> {
    const { lineLengthMax } = this.#limits;
    const splitter = new LineSplitter(lineLengthMax);
    let end: Refusal | undefined;
    while (end === undefined) {
      const chunk = await body.next();
      const found = chunk === undefined ? splitter.end() : splitter.take(chunk);
      for (let at = 0; at < found.length && end === undefined; at += this.#groupMax)
        end = await this.#group(found.slice(at, at + this.#groupMax), stream);
      if (chunk === undefined) break;
    }
    await this.#told;
    if (!body.hasEnded) end ??= refuse('CLOSING', undefined, this.#ledger.unready);
    if (end !== undefined) await stream.write(`${problemJson(end)}\n`);
  }

  /** Submits a group once it may be; a refusal: nothing more is taken. */
  async #group(
    lines: readonly (string | undefined)[],
    stream: AnswerStream,
  ): Promise<Refusal | undefined> {
    const items = this.#read(lines);
    if (items.length === 0) return undefined;
    const { principal, origin, limiter } = this.#call;
    const end = await this.#entry(items.length, stream);
    if (end !== undefined) return end;
    const { timeoutMs } = this.#settings;
    const submitter = submitterOf(this.#ledger, this.#call);
    const submitting = submitMany(submitter, items, { timeoutMs });
    const outcomes = submitting.then((all) => {
      this.#batched.hears?.(all);
      return namedIn(this.#batched, all);
    });
    const before = this.#told;
    stream.owed++;
    this.#told = outcomes.then(async (all) => {
      const rest = unrecorded(submitter, items, all, {});
      limiter.outcomes(principal, origin, this.#batched.what, rest);
      await before;
      stream.owed--;
      await stream.writeLong(
        all.map((one) => `${outcomeJson(one, this.#settings.brief)}\n`).join(''),
      );
    });
    // Who awaits it hears of a failure; until then it is nobody's.
    this.#told.catch(() => undefined);
    this.#underWay.push(this.#told);
    if (this.#underWay.length >= LINE_GROUPS_MAX) await this.#underWay.shift();
    return undefined;
  }

  /** Waits until the rate allows so many. A refusal: they may not be carried out at all. */
  async #entry(count: number, stream: AnswerStream): Promise<Refusal | undefined> {
    const { principal, limiter, isGood } = this.#call;
    for (;;) {
      const { unready } = this.#ledger;
      if (unready !== undefined) return refuse('CLOSING', undefined, unready);
      if (stream.isGone) return refuse('CLOSING', undefined, 'Nobody is there.');
      if (isGood?.() === false) return refuse('UNAUTHORIZED', 'Authorization');
      if (this.#lines > this.#limits.linesMax) {
        const detail = `A body has at most ${this.#limits.linesMax} lines.`;
        return refuse('BATCH_TOO_LARGE', 'body', detail);
      }
      if (limiter.commands(principal, count) === undefined) return undefined;
      await new Promise((resolve) => setTimeout(resolve, RATE_LOOK_MS));
    }
  }

  /** Commands, and refusals of what is none. Empty lines are nothing. */
  #read(lines: readonly (string | undefined)[]): (Refusal | Command)[] {
    const items: (Refusal | Command)[] = [];
    for (const line of lines) {
      const what = `Line ${++this.#lines}`;
      if (line === undefined) {
        const { lineLengthMax } = this.#limits;
        const detail = `${what} has more than ${lineLengthMax} characters, or is not valid UTF-8.`;
        items.push(refuse('BODY_INVALID', 'body', detail));
      } else if (line.trim() !== '') {
        const read = readJsonText(line, what);
        items.push(read.ok ? this.#batched.read(read.value) : read);
      }
    }
    return items;
  }
}
