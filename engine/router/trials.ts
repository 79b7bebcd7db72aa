// Dry runs and atomic batches, over shards. Owns: which shard is asked, in which order, and the outcomes made of their
// answers. Never touches: state.
//   router.J3. A command between shards is judged by every shard of its chain, each of which says its own part, in the chain's
//       order; what the last one decides is then told to the first, which says the outcome.
//   router.J4. In an atomic batch that is not carried out, the command at fault has its own refusal, all others BATCH_ABORTED.

import type { BatchOptions } from '../api.js';
import { DECISION_TIMEOUT_MS, TOGETHER_BYTES_MAX, TOGETHER_COMMANDS_MAX } from '../limits.js';
import { problemWith } from '../programme/index.js';
import type { AskedBy } from '../protocol/audit-context.js';
import { CommandBuffer } from '../protocol/command-buffer.js';
import {
  type Command,
  type DryRunQuery,
  isReference,
  type ReferenceCommand,
} from '../protocol/commands.js';
import { EffectReader } from '../protocol/effects.js';
import { EVERYTHING, type Granted, toldRefusal } from '../protocol/grants.js';
import { homeOwner } from '../protocol/home.js';
import { isRefusal, type Outcome, type Refused, refused } from '../protocol/outcomes.js';
import { isBeginning, outcomeOf } from '../protocol/read-back.js';
import type { RefusalCode } from '../protocol/refusals.js';
import { isSystemOwner } from '../protocol/syntax.js';
import { type Judged, RESULT, type Replayed, type Said } from '../shard/messages.js';
import type { Asker } from './lane.js';
import type { Router } from './router.js';
import { isElsewhere } from './search.js';

/** Refusals that are about all of the batch, whichever command they are said of. */
const OF_ALL: ReadonlySet<RefusalCode> = new Set(['BATCH_TOO_LARGE', 'CLOCK_JUMP', 'DISK_FULL']);

/** How often the commands of one shard are tried until all are decided: each time keeps the shard from others. */
const ROUNDS_MAX = 8;

/** The shard that decides about definitions. */
const FIRST = 0;
/** In the place of an owner, where no owner is concerned. */
const ANYBODY = '@issue';

/** A command on its way to be judged. */
interface Asked {
  /** Its place in the batch. */
  readonly index: number;
  readonly command: Command;
  /** The id it goes by; undefined: a definition has none. */
  readonly id: string | undefined;
  /** The id that its outcome tells; undefined: the engine had to make one. */
  readonly told: string | undefined;
  /** What the shards after the first would decide: packed; null: they do not say. */
  decision?: Uint8Array | Refused | null;
}

/** Commands of one caller that one shard judges. */
interface Portion {
  readonly shard: number;
  readonly asked: readonly Asked[];
  readonly granted: Granted;
  /** Who asks; left out: nobody is named. */
  readonly context?: AskedBy | null;
  /** Until when it is waited for. */
  readonly until: number;
  /** As BatchOptions says. */
  readonly asOccurred?: boolean | undefined;
  /** As `atomic` says. */
  readonly owned?: boolean | undefined;
}

const leftOf = (until: number): number => Math.max(0, until - performance.now());

export class Trials {
  readonly #router: Router;

  constructor(router: Router) {
    this.#router = router;
  }

  /** What each of these would come to now. Of those that are not known within `timeoutMs`: SHARD_UNAVAILABLE. */
  async dryRun(
    commands: readonly Command[],
    timeoutMs = DECISION_TIMEOUT_MS,
    granted = EVERYTHING,
  ): Promise<Outcome[]> {
    const until = performance.now() + timeoutMs;
    if (commands.length > TOGETHER_COMMANDS_MAX) return allRefused(commands, 'BATCH_TOO_LARGE');
    const outcomes: Outcome[] = new Array(commands.length);
    const byShard = new Map<number, Asked[]>();
    const known = await Promise.all(
      commands.map(async (asked): Promise<Command | Outcome> => {
        const command = problemOf(asked, commands) ?? (await this.#whole(asked, granted, until));
        if (isRefusal(command)) return command;
        return (await this.#earlier(command, granted, until)) ?? command;
      }),
    );
    for (const [index, command] of known.entries()) {
      if ('ok' in command) {
        outcomes[index] = command;
        continue;
      }
      const shard = this.#shardOf(command);
      const asked = this.#asked(command, index, shard);
      const others = byShard.get(shard);
      if (others === undefined) byShard.set(shard, [asked]);
      else others.push(asked);
    }
    const rehearsed = [...byShard].map(([shard, asked]) =>
      this.#rehearse({ shard, asked, granted, until }, outcomes),
    );
    await Promise.all(rehearsed);
    return outcomes;
  }

  /** A command with what it leaves out, or why that cannot be known. */
  #whole(command: Command, granted: Granted, until: number): Command | Promise<Command | Refused> {
    return this.#router.completing.whole(command, granted, until);
  }

  /** What shards other than its home owner's say of a command that an earlier release may have carried out there (router.O6). */
  async #earlier(command: Command, granted: Granted, until: number): Promise<Outcome | undefined> {
    const home = this.#shardOf(command);
    for (const shard of this.#router.earlierShards(command, home)) {
      const asked = this.#asked(command, 0, home);
      const judged = await this.#judge('dry-run', { shard, asked: [asked], granted, until });
      if ('ok' in judged) return { ...judged, id: asked.told };
      const outcome = new JudgedReader(
        this.#router,
        { shard, scope: granted.scope },
        judged,
      ).outcome(0, asked.told);
      if (!isElsewhere(outcome)) return outcome;
    }
    return undefined;
  }

  /** The shard that judges it first. */
  #shardOf(command: Command): number {
    return isReference(command) ? FIRST : this.#router.shardOf(homeOwner(command));
  }

  #asked(command: Command, index: number, shard: number): Asked {
    const given = 'id' in command ? command.id : undefined;
    const id = this.#router.idOf(command, shard);
    const isMade = given === undefined && !('kind' in command && id === kindAndRef(command));
    return { index, command, id, told: isMade ? undefined : id };
  }

  /**
   * Judges commands of one shard, until those between shards are all decided (router.J3). One that is refused elsewhere leaves more to
   * those after it, which may concern others then.
   */
  async #rehearse(portion: Portion, outcomes: Outcome[]): Promise<void> {
    const { asked, until } = portion;
    for (let round = 1; ; round++) {
      const judged = await this.#judge('dry-run', portion);
      if ('ok' in judged) {
        for (const { index, told } of asked) outcomes[index] = { ...judged, id: told };
        return;
      }
      const undecided = this.#read(portion, judged, outcomes);
      if (round === ROUNDS_MAX)
        for (const [{ index, told }] of undecided)
          outcomes[index] = refused('SHARD_UNAVAILABLE', undefined, told);
      if (undecided.length === 0 || round === ROUNDS_MAX) return;
      await Promise.all(
        undecided.map(async ([one, said]) => {
          one.decision = await this.#decisionOn(one.command, said, until);
        }),
      );
    }
  }

  /** Outcomes out of what a shard has judged; those that other shards have yet to judge are returned. */
  #read({ shard, asked, granted }: Portion, judged: Judged, outcomes: Outcome[]): [Asked, Said][] {
    const undecided: [Asked, Said][] = [];
    const reader = new JudgedReader(this.#router, { shard, scope: granted.scope }, judged);
    let at = 0;
    for (const one of asked) {
      const place = at++;
      const { decision, index, told } = one;
      const isPacked = decision instanceof Uint8Array;
      if (isPacked) at++;
      if (!reader.isBeginning(place)) outcomes[index] = reader.outcome(place, told);
      else if (isPacked) outcomes[index] = reader.outcome(place + 1, told);
      else if (decision !== undefined)
        outcomes[index] = { ...(decision ?? refused('SHARD_UNAVAILABLE')), id: told };
      else {
        const said = judged.said.find((message) => message.index === place);
        if (said === undefined) throw new Error('a command between shards that tells none');
        undecided.push([one, said]);
      }
    }
    return undecided;
  }

  /** What the shards after the first would decide, each told what the one before it would say. null: they do not say. */
  async #decisionOn(
    command: Command,
    first: Said,
    until: number,
  ): Promise<Uint8Array | Refused | null> {
    const owner = homeOwner(command);
    let said: Said | undefined = first;
    for (let hop = 0; said !== undefined && hop < this.#router.lanes.length; hop++) {
      const query: DryRunQuery = { type: 'dry-run', owner, commands: said.bytes };
      const answer: Judged | Outcome = await this.#router.ask<'judged'>(query, said.to, {
        timeoutMs: leftOf(until),
      });
      if ('ok' in answer) return answer.ok ? null : answer;
      said = answer.said[0];
      if (said?.isDecision === true) return said.bytes;
    }
    return null;
  }

  /** Carries out all of these, or none; see BatchOptions. `owned`: the engine asks for itself, as in validate(). */
  async atomic(
    given: readonly Command[],
    options: BatchOptions & { readonly owned?: boolean | undefined },
    granted = EVERYTHING,
    context: AskedBy | null = null,
  ): Promise<Outcome[]> {
    if (given.length > TOGETHER_COMMANDS_MAX) return allRefused(given, 'BATCH_TOO_LARGE');
    const { dryRun = false, timeoutMs = DECISION_TIMEOUT_MS, asOccurred, owned } = options;
    const problems = given.map((one) => problemOf(one, given, owned));
    if (problems.some((problem) => problem !== undefined)) return aborted(given, problems);
    const until = performance.now() + timeoutMs;
    const read = given.map((one) => this.#whole(one, granted, until));
    // Where nothing is read it is judged in this call: what is submitted after it comes after it.
    const isKnown = read.every((one) => !(one instanceof Promise));
    const whole = isKnown ? (read as (Command | Refused)[]) : await Promise.all(read);
    const unknown = whole.map((one) => (isRefusal(one) ? one : undefined));
    if (unknown.some((one) => one !== undefined)) return aborted(given, unknown);
    const commands = whole as readonly Command[];
    const [first] = commands;
    if (first === undefined) return [];
    const shard = this.#shardOf(first);
    const elsewhere = commands.map((command) => this.#elsewhere(command, shard));
    if (elsewhere.some((problem) => problem !== undefined)) return aborted(commands, elsewhere);
    const asked = commands.map((command, index) => this.#asked(command, index, shard));
    const portion = { shard, asked, granted, context, until, asOccurred, owned };
    const judged = await this.#judge(dryRun ? 'dry-run' : 'atomic', portion);
    if ('ok' in judged) return asked.map(({ id }) => ({ ...judged, id }));
    return this.#allOrNone(portion, judged, dryRun);
  }

  #allOrNone({ shard, asked, granted }: Portion, judged: Judged, isDryRun: boolean): Outcome[] {
    const reader = new JudgedReader(this.#router, { shard, scope: granted.scope }, judged);
    const outcomes: Outcome[] = [];
    for (const { told, id } of asked) {
      const place = outcomes.length;
      const outcome = reader.isBeginning(place)
        ? refused('BATCH_ACROSS_SHARDS', undefined, id)
        : reader.outcome(place, isDryRun ? told : id);
      if (!outcome.ok) {
        if (OF_ALL.has(outcome.code)) return asked.map((one) => ({ ...outcome, id: one.id }));
        return asked.map((one, i) =>
          i === place ? outcome : refused('BATCH_ABORTED', undefined, one.id),
        );
      }
      outcomes.push(outcome);
    }
    return outcomes;
  }

  /** The first owner that a command names who does not live on this shard, as a refusal; undefined: all do. */
  #elsewhere(command: Command, shard: number): Refused | undefined {
    const id = 'id' in command ? command.id : undefined;
    for (const [field, owner] of namedOwners(command))
      if (this.#router.shardOf(owner) !== shard) return refused('BATCH_ACROSS_SHARDS', field, id);
    return undefined;
  }

  /** Asks a shard about commands, each with the decision on it where there is one. */
  #judge(
    type: 'dry-run' | 'atomic',
    { shard, asked, granted, context, until, asOccurred, owned }: Portion,
  ): Promise<Judged | Outcome> {
    const buffer = new CommandBuffer(0);
    buffer.grant(granted);
    for (const { command, id, decision } of asked) {
      buffer.append(command, id);
      if (decision instanceof Uint8Array) buffer.appendPacked(decision);
    }
    if (buffer.length > TOGETHER_BYTES_MAX) return Promise.resolve(refused('BATCH_TOO_LARGE'));
    const owner = homeOwner((asked[0] as Asked).command) || ANYBODY;
    const query = { type, owner, commands: buffer.bytes(), asOccurred };
    const asking = { timeoutMs: leftOf(until), weight: asked.length, context, owned };
    return this.#router.ask<'judged'>(query, shard, asking);
  }
}

/** Outcomes by their place in what a shard has judged. */
class JudgedReader {
  readonly #router: Router;
  readonly #asker: Asker;
  readonly #judged: Judged;
  readonly #effects: EffectReader;

  constructor(router: Router, asker: Asker, judged: Judged) {
    this.#router = router;
    this.#asker = asker;
    this.#judged = judged;
    this.#effects = new EffectReader(judged.effects);
  }

  /** A command between shards of which only the first one's part is known? */
  isBeginning(place: number): boolean {
    const { results } = this.#judged;
    if (results[place * 2] !== RESULT.record) return false;
    const offset = results[place * 2 + 1] as number;
    return this.#effects.refusalNumber(offset) === 0 && isBeginning(this.#effects, offset);
  }

  outcome(place: number, id: string | undefined): Outcome {
    const { results, seq, time, replayed } = this.#judged;
    // What ended the judging is said once, and holds for all after it: a throw, a clock that is not believed, too much.
    const at = Math.min(place * 2, results.length - 2);
    const value = results[at + 1] as number;
    switch (results[at]) {
      case RESULT.record: {
        const { assets } = this.#router;
        const { commands } = this.#judged;
        const from = { ...this.#asker, effects: this.#effects, assets, commands };
        return outcomeOf(from, value, id, seq, time, false);
      }
      case RESULT.replay:
        return this.#router.loggedOutcome(this.#asker, replayed[value] as Replayed, id, true);
      default:
        return toldRefusal(value, id);
    }
  }
}

const kindAndRef = ({ kind, ref }: { readonly kind?: unknown; readonly ref?: unknown }): string =>
  `${String(kind)}:${String(ref)}`;

/** Are these definitions of a programme, and of assets, and nothing else? */
export const areReferences = (
  commands: readonly Command[],
): commands is readonly ReferenceCommand[] => commands.length > 0 && commands.every(isReference);

/** What is wrong with a command by itself, among these. */
function problemOf(command: Command, all: readonly Command[], owned = false): Refused | undefined {
  const problem = problemWith(command, owned);
  if (problem !== null) {
    const { id } = (command ?? {}) as { readonly id?: unknown };
    return refused(problem.code, problem.field, typeof id === 'string' ? id : undefined);
  }
  const isMixed = isReference(command) && !areReferences(all);
  return isMixed ? refused('COMMAND_TYPE_UNKNOWN', 'type') : undefined;
}

/** The owners that decide which shards a command concerns, with the fields that name them. */
function namedOwners(command: Command): [string, string][] {
  if (isReference(command)) return [];
  if (command.type !== 'transfer') {
    const named: [string, string][] = [['owner', command.owner]];
    if (command.type === 'capture') named.push(['to', command.to]);
    return named.filter(([, owner], i) => i === 0 || !isSystemOwner(owner));
  }
  const named: [string, string][] = [];
  for (const [i, { from, to }] of command.legs.entries())
    named.push([`legs[${i}].from`, from], [`legs[${i}].to`, to]);
  const users = named.filter(([, owner]) => !isSystemOwner(owner));
  // System owners are wherever the others are; among themselves, where the first one is.
  const concerned = users.length > 0 ? users : named.slice(0, 1);
  if (command.condition !== undefined) concerned.push(['condition.owner', command.condition.owner]);
  return concerned;
}

const idGiven = (command: Command): string | undefined =>
  typeof command === 'object' && command !== null && 'id' in command ? command.id : undefined;

const allRefused = (commands: readonly Command[], code: RefusalCode): Outcome[] =>
  commands.map((command) => refused(code, undefined, idGiven(command)));

/** Those at fault have their own refusals, the others are aborted. */
const aborted = (
  commands: readonly Command[],
  problems: readonly (Refused | undefined)[],
): Outcome[] =>
  commands.map(
    (command, i) => problems[i] ?? refused('BATCH_ABORTED', undefined, idGiven(command)),
  );
