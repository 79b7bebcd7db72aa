// Commands on their way from callers to the engine. Owns: which of them are submitted, when one counts for its users, the order of what
// came of them. Never touches: who the users are and how often they may (auth/), how outcomes are told.
//   gateway.N1. A command counts once for its users: what was carried out before is told again, also where they may do no more now, and
//       counts for nothing.
//   gateway.N2. Commands are submitted in the call that brings them, so that those of one connection stay in order; only an atomic
//       batch with a command beyond its users' limits waits until it is known whether that one was carried out before, and an act of
//       which something is left out until that was read (router.O7).
//   gateway.N3. Whichever way a command has come, a refusal of an act names the field at fault, as the command has it.

import {
  type AuditContext,
  type BatchOptions,
  type Command,
  type Engine,
  type Grants,
  isRecorded,
  isRecordedAt,
  limits,
  type Outcome,
  OutcomeList,
  type PackedOptions,
  type PackedOutcomes,
  type Parties,
  packedParties,
  readPacked,
} from '../engine/index.js';
import { FAULT_CODES, faultOf } from './act-faults.js';
import type { Tellable } from './encoding/outcome-json.js';
import { aborted, isRefusal, type Refusal, refuse } from './refusal.js';

/** Counts commands for their users. */
export interface UserCounts {
  /** Counts a command; a refusal, and nothing is counted, where it is one too many or may not be asked at all. */
  take(command: Command | Parties): Refusal | undefined;
  /** A command that was counted does not count. */
  giveBack(command: Command | Parties): void;
}

/** Hears what came of commands: what marks of risk have stopped (gateway/risk). */
export interface RiskHearing {
  /** Of a command that is to be reviewed, with its review. */
  came(grants: Grants, command: Command, outcome: Refusal | Outcome): Promise<Refusal | Outcome>;
  /** Of one that waits for nothing. */
  heard(grants: Grants, command: Command, outcome: Refusal | Outcome): void;
}

/** Who asks, and is counted. */
export interface Submitter {
  readonly engine: Engine;
  readonly grants: Grants;
  /** Left out: nobody counts the users, as those of operators. */
  readonly counts: UserCounts | undefined;
  /** Where from, for the audit trail; left out: it says nothing of it. */
  readonly audit: AuditContext | undefined;
  /** Left out: nobody hears what marks of risk have stopped. */
  readonly risks?: RiskHearing | undefined;
}

/** What came of a command is asked for by a dry run, which takes the permission to read: but what was told once may be told again. */
export function tellingAgain(grants: Grants): Grants {
  return { ...grants, operations: new Set([...grants.operations, 'read' as const]) };
}

/** Carries out one command; a refusal where it is one too many. What is only tried counts for nobody. */
export async function submitOne(
  submitter: Submitter,
  command: Command,
  options: BatchOptions,
): Promise<Refusal | Outcome> {
  const { engine, grants, counts, risks } = submitter;
  const came = await (counts === undefined || options.dryRun === true
    ? engine.as(grants).submit(command, audited(submitter, options))
    : submitCounted(submitter, counts, command, options));
  const isHeard = risks !== undefined && options.dryRun !== true;
  const outcome = isHeard ? await risks.came(grants, command, came) : came;
  return outcome.ok ? outcome : faultOf(engine, command, outcome);
}

const audited = (
  { audit }: Submitter,
  { timeoutMs, atomic, dryRun }: BatchOptions,
): BatchOptions => ({ timeoutMs, atomic, dryRun, audit });

/**
 * Those answers that the ledger's record does not tell of with who asked: of repeats, of what left no record, of what was only tried, and all where it
 * does not keep who asked. `items`: what was asked for.
 */
export function unrecorded<T extends Refusal | Outcome>(
  { audit }: Pick<Submitter, 'audit'>,
  items: readonly (Refusal | Command)[],
  outcomes: readonly T[],
  { dryRun, atomic }: BatchOptions,
): readonly T[] {
  const isNone = atomic === true && outcomes.some(({ ok }) => !ok);
  if (audit === undefined || dryRun === true || isNone) return outcomes;
  return outcomes.filter((outcome, i) => {
    const item = items[i] as Refusal | Command;
    return isRefusal(item) || !isRecorded(item, outcome);
  });
}

async function submitCounted(
  submitter: Submitter,
  counts: UserCounts,
  command: Command,
  options: BatchOptions,
): Promise<Refusal | Outcome> {
  const tooMany = counts.take(command);
  if (tooMany !== undefined) {
    const [known] = await knownOf(submitter, [command], [tooMany]);
    return known ?? tooMany;
  }
  const caller = submitter.engine.as(submitter.grants);
  const outcome = await caller.submit(command, audited(submitter, options));
  if (outcome.replayed) counts.giveBack(command);
  return outcome;
}

/** Carries out the commands among the items, each by itself or all or none: an outcome for each item, in order. */
export async function submitMany(
  submitter: Submitter,
  items: readonly (Refusal | Command)[],
  options: BatchOptions,
): Promise<Outcome[]> {
  const outcomes = await submitItems(submitter, items, options);
  const { grants, risks } = submitter;
  if (risks !== undefined && options.dryRun !== true)
    for (const [i, outcome] of outcomes.entries()) {
      const item = items[i] as Refusal | Command;
      if (isRefusal(item)) continue;
      // Of what is all or none nothing waits for a review by itself.
      const isForReview = !outcome.ok && outcome.code === 'RISK_REVIEW' && options.atomic !== true;
      if (isForReview) outcomes[i] = (await risks.came(grants, item, outcome)) as Outcome;
      else risks.heard(grants, item, outcome);
    }
  if (outcomes.every(({ ok }) => ok)) return outcomes;
  const named = outcomes.map((outcome, i) => {
    const item = items[i] as Refusal | Command;
    if (outcome.ok || isRefusal(item)) return outcome;
    return faultOf(submitter.engine, item, outcome);
  });
  return Promise.all(named);
}

async function submitItems(
  submitter: Submitter,
  items: readonly (Refusal | Command)[],
  options: BatchOptions,
): Promise<Outcome[]> {
  const { engine, grants, counts } = submitter;
  const isCounted = options.dryRun !== true;
  const refusals = items.map((item) =>
    isRefusal(item) ? item : isCounted ? counts?.take(item) : undefined,
  );
  const commands = items as readonly Command[];
  const isWhole = refusals.every((refusal) => refusal === undefined);
  if (options.atomic === true && !isWhole) return orNone(submitter, commands, refusals, options);
  const good = isWhole ? commands : commands.filter((_, i) => refusals[i] === undefined);
  const submitted =
    good.length === 0
      ? []
      : engine.as(grants).submitBatch(good as readonly Command[], audited(submitter, options));
  const known = isWhole || !isCounted ? [] : await knownOf(submitter, commands, refusals);
  const outcomes = await submitted;
  if (isCounted) giveBack(counts, good, outcomes);
  if (isWhole) return outcomes;
  let next = 0;
  return refusals.map((refusal, i) =>
    refusal === undefined ? (outcomes[next++] as Outcome) : (known[i] ?? refusal),
  );
}

/** An atomic batch of which something is refused: it is submitted where all of that was carried out before. */
async function orNone(
  submitter: Submitter,
  commands: readonly Command[],
  refusals: readonly (Refusal | undefined)[],
  options: BatchOptions,
): Promise<Outcome[]> {
  const { engine, grants, counts } = submitter;
  const known = await knownOf(submitter, commands, refusals);
  const counted = commands.filter((_, i) => refusals[i] === undefined);
  if (refusals.some((refusal, i) => refusal !== undefined && known[i] === undefined)) {
    for (const command of counted) counts?.giveBack(command);
    return commands.map((command, i) => known[i] ?? refusals[i] ?? aborted(command));
  }
  const outcomes = await engine.as(grants).submitBatch(commands, audited(submitter, options));
  const countedOutcomes = outcomes.filter((_, i) => refusals[i] === undefined);
  giveBack(counts, counted, countedOutcomes);
  return outcomes;
}

/** Carries out a packed batch, each command by itself, as the bytes that it is; a refusal where it is none. */
export async function submitPacked(
  submitter: Submitter,
  bytes: Uint8Array,
  { timeoutMs }: PackedOptions,
): Promise<Refusal | PackedOutcomes> {
  const { engine, grants, counts, audit } = submitter;
  const parties = counts === undefined ? [] : packedParties(bytes);
  if (!Array.isArray(parties)) return refuse(parties.code, parties.field);
  if (counts !== undefined && !takeAll(counts, parties))
    return submitRead(submitter, bytes, { timeoutMs });
  const outcomes = await engine.as(grants).submitPacked(bytes, { timeoutMs, audit });
  if (isRefusal(outcomes)) return outcomes;
  for (const [place, one] of parties.entries())
    if (one !== undefined && outcomes.replayed(place)) counts?.giveBack(one);
  return namedIn(engine, bytes, outcomes);
}

/** Counts all of them; false, and none is counted, where one is too many. */
function takeAll(counts: UserCounts, parties: readonly (Parties | undefined)[]): boolean {
  for (const [place, one] of parties.entries()) {
    if (one === undefined || counts.take(one) === undefined) continue;
    for (const taken of parties.slice(0, place)) if (taken !== undefined) counts.giveBack(taken);
    return false;
  }
  return true;
}

/** The outcomes, whose refusals name the fields that they are about. */
async function namedIn(
  engine: Engine,
  bytes: Uint8Array,
  outcomes: PackedOutcomes,
): Promise<PackedOutcomes> {
  const codes = Array.from({ length: outcomes.length }, (_, place) => outcomes.code(place));
  if (!codes.some((code) => code !== undefined && FAULT_CODES.has(code))) return outcomes;
  const read = readPacked(bytes);
  if (!Array.isArray(read)) return outcomes;
  const named = read.map((one, place) => {
    const outcome = outcomes.outcome(place);
    return outcome.ok || !('command' in one) ? outcome : faultOf(engine, one.command, outcome);
  });
  return new OutcomeList(await Promise.all(named));
}

/** Carries it out as objects: what is too many for its users is refused by itself, or told again. */
async function submitRead(
  submitter: Submitter,
  bytes: Uint8Array,
  options: PackedOptions,
): Promise<Refusal | PackedOutcomes> {
  const read = readPacked(bytes);
  if (!Array.isArray(read)) return refuse(read.code, read.field);
  const items = read.map((one) =>
    'command' in one ? one.command : { ...refuse(one.problem.code, one.problem.field), id: one.id },
  );
  return new OutcomeList(await submitMany(submitter, items, options));
}

/** As unrecorded(), of a packed batch. */
export function unrecordedPacked(
  { audit }: Pick<Submitter, 'audit'>,
  outcomes: PackedOutcomes,
): Tellable {
  if (audit === undefined) return outcomes;
  const told: { ok: boolean; id: string | undefined }[] = [];
  for (let place = 0; place < outcomes.length; place++) {
    if (isRecordedAt(outcomes, place)) continue;
    told.push({ ok: outcomes.ok(place), id: outcomes.id(place) });
  }
  return told;
}

function giveBack(
  counts: UserCounts | undefined,
  commands: readonly Command[],
  outcomes: readonly Outcome[],
): void {
  if (counts === undefined) return;
  for (const [i, { replayed }] of outcomes.entries())
    if (replayed) counts.giveBack(commands[i] as Command);
}

/** Has it an id that a command may have been carried out under? */
const isNamed = (command: Command): boolean => {
  const { id, kind, ref } = command as Readonly<Record<string, unknown>>;
  return id !== undefined || (kind !== undefined && ref !== undefined);
};

/** What came before of those that are refused because they are too many, by place. */
async function knownOf(
  { engine, grants }: Submitter,
  commands: readonly Command[],
  refusals: readonly (Refusal | undefined)[],
): Promise<(Outcome | undefined)[]> {
  const known: (Outcome | undefined)[] = [];
  const places = [...refusals.keys()].filter(
    (i) => refusals[i]?.code === 'RATE_LIMITED' && isNamed(commands[i] as Command),
  );
  const caller = engine.as(tellingAgain(grants));
  for (let at = 0; at < places.length; at += limits.TOGETHER_COMMANDS_MAX) {
    const some = places.slice(at, at + limits.TOGETHER_COMMANDS_MAX);
    const asked = some.map((place) => commands[place] as Command);
    const outcomes = await caller.submitBatch(asked, { dryRun: true });
    for (const [i, outcome] of outcomes.entries())
      if (outcome.replayed) known[some[i] as number] = outcome;
  }
  return known;
}
