// The ledger in memory, every command of which is first tried and only then carried out, as a subject of the rule tests.
// Owns: that dry runs, atomic batches and single commands agree. Never touches: what the ledger decides.

import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { type Command, isReference } from '../../engine/protocol/commands.js';
import { EffectReader } from '../../engine/protocol/effects.js';
import { toldRefusal } from '../../engine/protocol/grants.js';
import { homeOwner } from '../../engine/protocol/home.js';
import type { Asset, Outcome } from '../../engine/protocol/outcomes.js';
import { outcomeOf } from '../../engine/protocol/read-back.js';
import { type Judged, RESULT } from '../../engine/shard/messages.js';
import { Trials } from '../../engine/shard/trials.js';
import { Disagreement } from '../ledger/disagreement.js';
import { LedgerSubject } from '../ledger/ledger-subject.js';
import { completed } from '../ledger/model.js';
import { StoreSubject } from '../ledger/store-subject.js';

/** What an outcome says, without where it is in the log. */
export function told(outcome: Outcome): string {
  if (!outcome.ok) return `${outcome.code} ${outcome.replayed}`;
  const { id, time, replayed, entries, hold, recordVersion } = outcome;
  return JSON.stringify({ id, time, replayed, entries, hold, recordVersion });
}

const pack = (commands: readonly Command[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat(
      commands.map((one) => Buffer.from(packCommand(one, 'id' in one ? one.id : undefined))),
    ),
  );

export class TrialSubject extends LedgerSubject {
  readonly #memory: MemoryLedger;
  readonly #trials: Trials;
  /** How many atomic batches were carried out, and how many were not. */
  readonly batches: { done: number; aborted: number };

  constructor(batches: { done: number; aborted: number }, memory = new MemoryLedger()) {
    super(memory);
    this.#memory = memory;
    this.#trials = new Trials(memory.ledger);
    this.batches = batches;
  }

  override apply(commands: readonly Command[], time: number): Outcome[] {
    if (commands.length === 0 || commands.some(isReference)) return super.apply(commands, time);
    const all = commands.map(completed);
    this.#open(time);
    const whole = this.#unchanged(() => this.#read(all, this.#trials.dryRun(pack(all))));
    const refusedAt = whole.findIndex((outcome) => !outcome.ok);
    if (refusedAt < 0) return this.#allAtOnce(all, whole);
    this.#unchanged(() => this.#abort(all, whole, refusedAt));
    return all.map((command, i) => this.#tryAndDo(command, time, whole[i] as Outcome));
  }

  #open(time: number): void {
    const { ledger, blocks } = this.#memory;
    ledger.draft.open(blocks.length + 1, time);
    ledger.openBlock(ledger.draft);
  }

  /** Nothing may change meanwhile: neither state nor log nor what is to be sent. */
  #unchanged<T>(body: () => T): T {
    const { state, ledger, blocks } = this.#memory;
    const before = canonicalState(state).join('\n');
    const { recordVersion } = state;
    const made = body();
    const isSame =
      canonicalState(state).join('\n') === before && state.recordVersion === recordVersion;
    if (!isSame) throw new Disagreement('what was only tried has changed the state');
    if (!ledger.draft.isEmpty || ledger.draft.seq !== blocks.length + 1)
      throw new Disagreement('what was only tried is in the log');
    if (ledger.outbox.length > 0) throw new Disagreement('what was only tried is told to others');
    return made;
  }

  #allAtOnce(all: readonly Command[], whole: readonly Outcome[]): Outcome[] {
    const judged = this.#trials.atomic(pack(all));
    if (judged === null) throw new Disagreement('there is no room in an empty block');
    const outcomes = this.#read(all, judged);
    same(outcomes, whole, 'an atomic batch');
    this.#memory.seal();
    this.batches.done++;
    return outcomes;
  }

  #abort(all: readonly Command[], whole: readonly Outcome[], refusedAt: number): void {
    const judged = this.#trials.atomic(pack(all));
    if (judged === null) throw new Disagreement('a batch that is refused waits for room');
    const outcomes = this.#read(all, judged);
    same(outcomes, whole.slice(0, refusedAt + 1), 'an atomic batch that is refused');
    this.batches.aborted++;
  }

  #tryAndDo(command: Command, time: number, inBatch: Outcome): Outcome {
    this.#open(time);
    const [dry] = this.#unchanged(() =>
      this.#read([command], this.#trials.dryRun(pack([command]))),
    );
    const [done] = super.apply([command], time);
    same([done as Outcome], [dry as Outcome], `a dry run of ${JSON.stringify(command)}`);
    same([done as Outcome], [inBatch], `a dry run of a batch: ${JSON.stringify(command)}`);
    return done as Outcome;
  }

  #read(all: readonly Command[], judged: Judged): Outcome[] {
    return outcomesOf(all, judged, this.#memory.state.assets.list);
  }
}

function same(is: readonly Outcome[], should: readonly Outcome[], what: string): void {
  const [a, b] = [is.map(told).join('\n'), should.map(told).join('\n')];
  if (a !== b) throw new Disagreement(`${what}: ${a}\ninstead of ${b}`);
}

/** Outcomes out of what was judged. */
function outcomesOf(
  all: readonly Command[],
  { results, effects, seq, time, replayed }: Judged,
  list: readonly Asset[],
): Outcome[] {
  const assets = { list };
  return Array.from({ length: results.length / 2 }, (_, i): Outcome => {
    const value = results[i * 2 + 1] as number;
    const command = all[i] as Command;
    const id = 'id' in command ? command.id : undefined;
    switch (results[i * 2]) {
      case RESULT.record: {
        const place = { shard: 0, effects: new EffectReader(effects), assets };
        return outcomeOf(place, value, id, seq, time, false);
      }
      case RESULT.replay: {
        const found = replayed[value];
        if (found === undefined) throw new Disagreement('a replay of nothing');
        const place = { shard: 0, effects: new EffectReader(found.effects), assets };
        return outcomeOf(place, 0, id, found.seq, found.time, true);
      }
      default:
        return toldRefusal(value, id);
    }
  });
}

/** A whole shard with hardly any memory, where what is tried is mostly not in memory, and checkpoints are under way. */
export class TrialStoreSubject extends StoreSubject {
  override async apply(commands: readonly Command[], time: number): Promise<Outcome[]> {
    if (commands.length === 0 || commands.some(isReference)) return super.apply(commands, time);
    const all = commands.map(completed);
    const dry = await this.#judge('dry-run', all, time);
    const isRefused = dry.some((outcome) => !outcome.ok);
    const done = await this.#judge('atomic', all, time);
    const should = isRefused ? dry.slice(0, dry.findIndex(({ ok }) => !ok) + 1) : dry;
    same(done, should, 'an atomic batch');
    if (!isRefused) return done;
    const outcomes = await super.apply(commands, time);
    same(outcomes, dry, 'a dry run');
    return outcomes;
  }

  async #judge(type: 'dry-run' | 'atomic', all: readonly Command[], time: number) {
    const query = { type, owner: homeOwner(all[0] as Command), commands: pack(all) } as const;
    const { answers } = await this.submitAll([query], time);
    return outcomesOf(all, answers[0] as Judged, this.assetList);
  }
}
