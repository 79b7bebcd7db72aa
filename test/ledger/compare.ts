// Drives a subject and the model side by side and says where they first differ.
// Owns: what is compared, and when. Never touches: how commands are made.
//   After every step: outcomes, and all accounts of the owners touched (where it is not quiet).
//   At the end: everything there is.

import { type Command, isReference } from '../../engine/protocol/commands.js';
import type {
  Balance,
  HistoryEntry,
  Outcome,
  TransferRecord,
} from '../../engine/protocol/outcomes.js';
import { Disagreement } from './disagreement.js';
import type { Step } from './generator.js';
import { balanceProblem, historyProblem, limitProblem, sumsProblem } from './invariants.js';
import { canonical, Model } from './model.js';
import type { Subject } from './subject.js';

/** How often, in steps, the sums over all accounts are checked on the way. */
const SUMS_EVERY = 16;

/** Where a log puts things is not the model's to know. */
const PLACES: ReadonlySet<string> = new Set(['shard', 'seq', 'field']);

/** Where two answers differ, as a path, and how; fields that are undefined count as absent. */
function difference(is: unknown, should: unknown): string | undefined {
  if (Object.is(is, should)) return undefined;
  const bothObjects = typeof is === 'object' && typeof should === 'object';
  if (!bothObjects || is === null || should === null) {
    return ` is ${shown(is)}, should be ${shown(should)}`;
  }
  const a = is as Record<string, unknown>;
  const b = should as Record<string, unknown>;
  for (const name in b) {
    if (Object.is(a[name], b[name]) || PLACES.has(name)) continue;
    const found = difference(a[name], b[name]);
    if (found !== undefined) return `.${name}${found}`;
  }
  for (const name in a) {
    if (a[name] !== undefined && b[name] === undefined && !PLACES.has(name)) {
      return `.${name} is ${shown(a[name])}, should be absent`;
    }
  }
  return undefined;
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 300) ?? String(value);
}

/** What must be the same however often a command is repeated. */
function answerOf(outcome: Outcome): Record<string, unknown> {
  if (!outcome.ok) return { code: outcome.code, id: outcome.id };
  const { id, time, entries, hold, recordVersion, assetVersion } = outcome;
  const { definitionVersion, activeFrom } = outcome;
  const versions = { recordVersion, assetVersion, definitionVersion, activeFrom };
  return { id, time, entries, hold, ...versions };
}

/** The owners a command names. */
function ownersOf(command: Command): string[] {
  if (isReference(command)) return [];
  if (command.type === 'transfer') {
    const owners = command.legs.flatMap((leg) => [leg.from, leg.to]);
    return command.condition === undefined ? owners : [...owners, command.condition.owner];
  }
  return command.type === 'capture' ? [command.owner, command.to] : [command.owner];
}

export class Comparison {
  readonly model = new Model();
  readonly subject: Subject;
  /** Commands by outcome: `ok`, `replayed`, or the refusal's code. */
  readonly seen = new Map<string, number>();
  readonly #first = new Map<Command, Outcome>();
  readonly #isQuiet: boolean;
  #steps = 0;
  #time = 0;

  /** `isQuiet`: reads nothing until the end, for a read applies what is due and so may hide that nothing else did. */
  constructor(subject: Subject, isQuiet = false) {
    this.subject = subject;
    this.#isQuiet = isQuiet;
  }

  /** Throws Disagreement where the two differ. */
  async step({ commands, time }: Step): Promise<void> {
    this.#steps += 1;
    this.#time = time;
    const touched = new Set(commands.flatMap(ownersOf));
    if (commands.length === 0) {
      for (const scope of await this.subject.tick(time)) this.model.tick(scope, time);
      for (const owner of this.model.owners()) {
        this.#hold(this.model.books.settle(owner, time) ? `the tick left out ${owner}` : undefined);
        touched.add(owner);
      }
    }
    const should = commands.map((command) => this.model.apply(command, time));
    const answer = this.subject.apply(commands, time);
    const is = answer instanceof Promise ? await answer : answer;
    for (let n = 0; n < commands.length; n++) {
      const outcome = should[n]!;
      this.#expect(is[n], outcome, () => `${canonical(commands[n])}: outcome`);
      this.#count(outcome);
      this.#repeats(commands[n]!, is[n]!);
      if (!outcome.ok) continue;
      for (const entry of outcome.entries) touched.add(entry.owner);
    }
    if (this.#isQuiet) return;
    for (const owner of touched) {
      // Awaited only where it must be: there are very many of them.
      const compared = this.#balances(owner);
      if (compared instanceof Promise) await compared;
    }
    if (this.#steps % SUMS_EVERY === 0) await this.#sums();
  }

  #expect(is: unknown, should: unknown, what: string | (() => string)): void {
    const found = difference(is, should);
    if (found === undefined) return;
    throw new Disagreement(`${typeof what === 'string' ? what : what()}${found}`);
  }

  #hold(problem: string | undefined): void {
    if (problem !== undefined) throw new Disagreement(problem);
  }

  #count(outcome: Outcome): void {
    const name = outcome.replayed ? 'replayed' : outcome.ok ? 'ok' : outcome.code;
    this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
  }

  // L5, without the model: what was answered first is what is answered ever after.
  #repeats(command: Command, outcome: Outcome): void {
    const first = this.#first.get(command);
    if (outcome.replayed && first !== undefined) {
      this.#expect(answerOf(outcome), answerOf(first), () => `L5: ${canonical(command)}`);
    } else this.#first.set(command, outcome);
  }

  #balances(owner: string): Promise<readonly Balance[]> | readonly Balance[] {
    const is = this.subject.balances(owner, this.#time);
    if (is instanceof Promise) return is.then((balances) => this.#compareBalances(owner, balances));
    return this.#compareBalances(owner, is);
  }

  #compareBalances(owner: string, is: readonly Balance[]): readonly Balance[] {
    this.#expect(is, this.model.balances(owner, this.#time), () => `balances of ${owner}`);
    for (const balance of is) this.#balance(balance);
    return is;
  }

  #balance(balance: Balance): void {
    this.#hold(balanceProblem(balance, this.model.books.assets.get(balance.asset)!.lotTracked));
    const last = this.model.books.find(balance.owner, balance.asset)!.entries.at(-1);
    if (last !== undefined) this.#hold(limitProblem(last.entry, balance.creditLimit));
  }

  /** L1, and every balance there is. */
  async #sums(): Promise<Balance[]> {
    // First what is due: reading a user may move what has expired to @expire.
    for (const owner of this.model.owners()) {
      const is = this.subject.balances(owner, this.#time);
      if (is instanceof Promise) await is;
      this.model.books.settle(owner, this.#time);
    }
    const balances: Balance[] = [];
    for (const owner of this.model.owners()) {
      const is = this.#balances(owner);
      balances.push(...(is instanceof Promise ? await is : is));
    }
    this.#hold(sumsProblem(balances));
    return balances;
  }

  /** Compares everything there is, and asks the subject about its log. */
  async finish(): Promise<void> {
    const time = this.#time;
    this.#expect(await this.subject.assets(), this.model.assets(), 'assets');
    const balances = await this.#sums();
    for (const balance of balances) await this.#history(balance);
    // Moments before accounts: each moment costs the model a life.
    for (const at of this.#moments())
      for (const { owner, asset } of balances) await this.#balanceAt(owner, asset, at);
    const kept = [...this.model.books.kept.values()].map(({ command }) => command);
    for (const command of kept) {
      if (command.type !== 'hold') continue;
      const { owner } = command;
      const id = command.id!;
      const found = this.subject.hold(owner, id, time);
      const is = found instanceof Promise ? await found : found;
      this.#expect(is, this.model.hold(owner, id, time), `hold ${id} of ${owner}`);
    }
    const places = kept.filter((command) => command.type === 'put-record');
    for (const { owner, recordType, key } of places) {
      const found = this.subject.record(owner, recordType, key, time);
      const is = found instanceof Promise ? await found : found;
      const should = this.model.record(owner, recordType, key, time);
      this.#expect(is, should, `record ${recordType} ${key} of ${owner}`);
    }
    for (const place of this.model.books.kept.keys()) {
      const [owner, id] = place.split(' ') as [string, string];
      const is = this.subject.transfer(owner, id);
      this.#transfer(owner, id, is instanceof Promise ? await is : is);
    }
    this.#hold(await this.subject.audit());
  }

  async #history(balance: Balance): Promise<void> {
    const { owner, asset } = balance;
    const time = this.#time;
    const is = await this.subject.entries(owner, asset, time);
    const should = this.model.entries(owner, asset, time);
    const { hasWaited } = this.model.books;
    const told = (entry: HistoryEntry) => (hasWaited ? { ...entry, effective: 0 } : entry);
    this.#expect(is.map(told), should.map(told), `entries of ${owner} ${asset}`);
    this.#hold(historyProblem(balance, is));
  }

  async #balanceAt(owner: string, asset: string, at: number): Promise<void> {
    const is = await this.subject.balanceAt(owner, asset, at, this.#time);
    const should = this.model.balanceAt(owner, asset, at, this.#time);
    this.#expect(is, should, `balance of ${owner} at ${at}`);
  }

  /** Times at which balances are looked at. */
  #moments(): number[] {
    const { diary, hasWaited } = this.model.books;
    if (hasWaited) return [];
    const middle = diary[diary.length >> 1]?.time ?? this.#time;
    return [middle, middle + Math.floor((this.#time - middle) / 3), this.#time];
  }

  #transfer(owner: string, id: string, is: TransferRecord | undefined): void {
    const should = this.model.transfer(owner, id)!;
    const what = `transfer ${id} of ${owner}`;
    this.#expect(is?.outcome, should.outcome, `${what}: outcome`);
    this.#expect(is?.time, should.time, `${what}: time`);
    this.#expect(canonical(is?.command), canonical(should.command), `${what}: command`);
  }
}
