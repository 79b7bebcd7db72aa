// Rules as tables: one command a line, what it must answer, what must be so afterwards.
// Owns: the notation. Never touches: what the rules are.
//
//   earn    ann 100                              ok
//   spend   ann 101                              POINTS_SHORT    available=100
//   move    ann>bob 30  bob>cat 10 expires=3d    ok              bob.available=20 lots=70@never
//
// A line is a verb, what it is done to, options, the outcome, checks; `//` begins a remark.
// Amounts are numbers, `max`, `max-1`. Times count from the beginning, a full day: 3d, 36h, 90s, 10ms, never.
//   asset <code> [lots=no] [granularity=1d] [expiry=30d] [scale=2] [after=P1M] [on=12-31] [zone=UTC]
//     (unless the first line defines it, `points` is defined with scale 0)
//   earn <who> <n>   spend <who> <n>   move <a>><b> <n> ...   an option belongs to the leg before it
//   hold <who> <n> [deadline=]         capture <who> <hold> [<n>] [to=] [rest] [expires=]
//   release <who> <hold>   confirm <who> <id>   reverse <who> <id> [<n>] [debt] [legs=<leg>:<n>,...]
//   open, freeze, unfreeze, close, reopen <who>               limit <who> <n>
//   extend <who> lot=<expiry> [amount=] [expires=]            (to never, where it does not say)
//   put <who> <key> [<value>] [version=] [expires=]           delete <who> <key> [version=]
//   at <time>   tick   see <who> checks   history <who> <type>:<delta> ...   raw <JSON> <outcome>
//   repeat <n> <line>: the line n times, with {n} counting from 1
// Options of all: id= (else made from the line's number; `id=-`: none), of=<asset>, kind=, ref=, memo=,
// when=<who>:<n>[:<asset>] (condition), occurred=<time>, pending=<time> (never: until confirmed),
// owner= (else the first of several parties; `owner=-`: none).
// Outcomes: ok, or a refusal's code, each maybe with `replayed`. Checks are of the account of the first
// user named, or <who>.: available, held, pending, total, earned, spent, expired, version, limit, frozen, closed,
// lots=<available>[+<held>]@<expiry>,...; of the answer: field, remaining, record, asset.

import type { Test } from 'tap';
import { AMOUNT_MAX, DAY_MS } from '../../engine/limits.js';
import { type Command, isReference, type Leg, refusalsOf } from '../../engine/protocol/commands.js';
import { type Balance, type Outcome, refused } from '../../engine/protocol/outcomes.js';
import type { RefusalCode } from '../../engine/protocol/refusals.js';
import { validate } from '../../engine/protocol/validate.js';
import { ZoneData } from '../../engine/reference/zones.js';
import { homed } from '../homed.js';
import type { Subject } from './subject.js';
import { SUBJECTS } from './subjects.js';

const CLOCKS = new ZoneData();

/** When every table begins: a full day. */
export const START = 20_500 * DAY_MS;
const UNITS = { d: DAY_MS, h: 3_600_000, s: 1_000, ms: 1 } as const;
const OUTCOME = /^(ok|[A-Z][A-Z_]+)$/;

/** Refusals that tables of this process have got so far. */
export const given = new Set<RefusalCode>();

/** Runs the table against the model and the ledger. */
export async function run(t: Test, table: string): Promise<void> {
  for (const [name, make] of SUBJECTS) {
    const subject = make();
    const problem = await new Table(subject).run(table);
    await subject.close();
    t.equal(problem, undefined, name);
  }
}

interface Line {
  readonly text: string;
  readonly verb: string;
  /** Up to the outcome: what has no `=`. */
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  /** Every token up to the outcome, in order. */
  readonly tokens: readonly string[];
  readonly outcome: string | undefined;
  /** After the outcome. */
  readonly checks: readonly string[];
  readonly id: string;
}

/** A table that does not say what it means. */
class Unreadable extends Error {}

class Table {
  readonly #subject: Subject;
  #time = START;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /** What is wrong with the first line that does not hold. */
  async run(table: string): Promise<string | undefined> {
    const lines = table.split('\n').map((line) => line.replace(/\/\/.*$/, '').trim());
    if (!/^asset +points /.test(lines.find((line) => line !== '') ?? '')) {
      await this.#subject.apply([{ type: 'define-asset', asset: 'points', scale: 0 }], START);
    }
    for (const [at, line] of lines.entries()) {
      const [, count, once] = /^repeat +(\d+) +(.*)$/.exec(line) ?? [undefined, '1', line];
      for (let n = 1; n <= Number(count) && line !== ''; n++) {
        const id = count === '1' ? `c${at}` : `c${at}.${n}`;
        const problem = await this.#line(lineOf(once!.replaceAll('{n}', String(n)), id));
        if (problem !== undefined) return `${line}: ${problem}`;
      }
    }
    return undefined;
  }

  async #line(line: Line): Promise<string | undefined> {
    const who = line.words[0] ?? '';
    switch (line.verb) {
      case 'at':
        this.#time = timeOf(who);
        return undefined;
      case 'tick':
        await this.#subject.tick(this.#time);
        return undefined;
      case 'see':
        return this.#checks(line, line.tokens.slice(1), who, undefined);
      case 'history':
        return this.#history(who, line);
      default:
        return this.#command(line);
    }
  }

  async #command(line: Line): Promise<string | undefined> {
    if (line.outcome === undefined) throw new Unreadable(`no outcome: ${line.text}`);
    const command = commandOf(line);
    const fault = validate(command);
    const outcome =
      fault === null
        ? (await this.#subject.apply([command], this.#time))[0]!
        : refused(fault.code, fault.field);
    if (!outcome.ok) {
      given.add(outcome.code);
      const listed =
        outcome.code === 'COMMAND_TYPE_UNKNOWN' || refusalsOf(command.type).has(outcome.code);
      if (!listed) return `${outcome.code} is not in the list of ${command.type}`;
    }
    const is = outcome.ok ? 'ok' : outcome.code;
    if (is !== line.outcome) return `got ${is}`;
    const [first, ...rest] = line.checks;
    const who = fault === null ? firstUser(command) : '';
    const isReplayed = first === 'replayed';
    if (outcome.replayed !== isReplayed) return `replayed is ${outcome.replayed}`;
    return this.#checks(line, isReplayed ? rest : line.checks, who, outcome);
  }

  async #checks(
    line: Line,
    checks: readonly string[],
    who: string,
    outcome: Outcome | undefined,
  ): Promise<string | undefined> {
    for (const check of checks.filter((check) => !check.startsWith('of='))) {
      const [, owner, name, value] = /^(?:([^=]+)\.)?(\w+)=(.*)$/.exec(check) ?? [];
      if (name === undefined || value === undefined) throw new Unreadable(check);
      const asset = line.options.get('of') ?? 'points';
      const is = await this.#figure(name, owner ?? who, asset, outcome);
      const should = /^max/.test(value) ? String(amountOf(value)) : value;
      if (is !== should) return `${check} is ${is}`;
    }
    return undefined;
  }

  async #figure(name: string, who: string, asset: string, outcome?: Outcome): Promise<string> {
    if (name === 'field') return String(outcome?.ok === false && outcome.field);
    if (name === 'remaining')
      return String(outcome?.ok && (outcome.remaining ?? outcome.hold?.remaining));
    if (name === 'record') return String(outcome?.ok && outcome.recordVersion);
    if (name === 'asset') return String(outcome?.ok && outcome.assetVersion);
    const balances = await this.#subject.balances(who, this.#time);
    const balance = balances.find((one) => one.asset === asset);
    if (balance === undefined) return 'none';
    if (name === 'lots') return lotsOf(balance);
    if (name === 'limit') return String(balance.creditLimit);
    if (!(name in balance)) throw new Unreadable(name);
    return String(balance[name as keyof Balance]);
  }

  async #history(who: string, line: Line): Promise<string | undefined> {
    const asset = line.options.get('of') ?? 'points';
    const entries = await this.#subject.entries(who, asset, this.#time);
    const is = entries.map(({ type, delta }) => `${type}:${delta}`).join(' ');
    return is === line.words.slice(1).join(' ') ? undefined : `is ${is}`;
  }
}

function lineOf(text: string, id: string): Line {
  const [verb = '', ...rest] = text.split(/ +/);
  const at = verb === 'raw' ? rest.length - 1 : rest.findIndex((token) => OUTCOME.test(token));
  const tokens = at < 0 ? rest : rest.slice(0, at);
  const options = new Map<string, string>();
  for (const token of tokens) {
    const equals = token.indexOf('=');
    if (equals > 0) options.set(token.slice(0, equals), token.slice(equals + 1));
  }
  const words = tokens.filter((token) => !token.includes('='));
  const outcome = at < 0 ? undefined : rest[at];
  return { text, verb, words, options, tokens, outcome, checks: rest.slice(at + 1), id };
}

function timeOf(text: string): number {
  const [, count, unit] = /^(-?\d+)(d|h|s|ms)$/.exec(text) ?? [];
  if (count === undefined) throw new Unreadable(`time ${text}`);
  return START + Number(count) * UNITS[unit as keyof typeof UNITS];
}

function spanOf(text: string): number {
  return timeOf(text) - START;
}

function amountOf(text: string | undefined): number {
  if (text?.startsWith('max')) return AMOUNT_MAX - Number(text.slice(4));
  return Number(text);
}

function lotsOf(balance: Balance): string {
  const shown = balance.lots.map(({ expiresAt, available, held }) => {
    const part = held === 0 ? `${available}` : `${available}+${held}`;
    return `${part}@${expiresAt === null ? 'never' : shownTime(expiresAt)}`;
  });
  return shown.join(',');
}

function shownTime(time: number): string {
  const after = time - START;
  if (after % DAY_MS === 0) return `${after / DAY_MS}d`;
  return after % UNITS.h === 0 ? `${after / UNITS.h}h` : `${after}ms`;
}

function firstUser(command: Command): string {
  if (isReference(command)) return '';
  if (command.type !== 'transfer') return command.owner;
  const owners = command.legs.flatMap(({ from, to }) => [from, to]);
  return owners.find((owner) => !owner.startsWith('@')) ?? owners[0]!;
}

function optional<T>(
  options: ReadonlyMap<string, string>,
  name: string,
  read: (text: string) => T,
): T | undefined {
  const text = options.get(name);
  return text === undefined ? undefined : read(text);
}

const expiryOf = (text: string) => (text === 'never' ? null : timeOf(text));

function legsOf({ verb, words, tokens, options }: Line): Leg[] {
  const asset = options.get('of') ?? 'points';
  const expiresAt = optional(options, 'expires', expiryOf);
  const [who = '', amount] = words;
  if (verb === 'earn') {
    return [{ from: '@issue', to: who, asset, amount: amountOf(amount), expiresAt }];
  }
  if (verb === 'spend') return [{ from: who, to: '@redeem', asset, amount: amountOf(amount) }];
  const legs: Leg[] = [];
  for (const [n, token] of tokens.entries()) {
    const [from, to] = token.split('>');
    const last = legs.at(-1);
    if (to !== undefined && !token.includes('=')) {
      const of = { asset: 'points', amount: amountOf(tokens[n + 1]) };
      legs.push({ from: from!, to, ...of });
    } else if (token.startsWith('of=')) legs.push({ ...legs.pop()!, asset: token.slice(3) });
    else if (token.startsWith('expires=') && last !== undefined) {
      legs.push({ ...legs.pop()!, expiresAt: expiryOf(token.slice(8)) });
    }
  }
  return legs;
}

function conditionOf(text: string) {
  const [owner = '', amount, asset = 'points'] = text.split(':');
  return { owner, asset, availableAtLeast: amountOf(amount) };
}

function partsOf(text: string): { leg: number; amount: number }[] {
  const parts = text.split(',').map((part) => part.split(':').map(Number));
  return parts.map(([leg = 0, amount = 0]) => ({ leg, amount }));
}

function commandOf(line: Line): Command {
  const { verb, words, options, tokens } = line;
  if (verb === 'raw') return JSON.parse(tokens.join(' ')) as Command;
  const given = options.get('id') ?? line.id;
  const business = {
    id: given === '-' ? undefined : given,
    kind: options.get('kind'),
    ref: options.get('ref'),
    memo: options.get('memo'),
  };
  const { id } = business;
  const [owner = '', second = '', third] = words;
  const asset = options.get('of') ?? 'points';
  const ifVersion = optional(options, 'version', Number);
  const place = { owner, recordType: 'r', key: second };
  const value = new TextEncoder().encode(third ?? '');
  switch (verb) {
    case 'asset':
      return {
        type: 'define-asset',
        asset: owner,
        scale: Number(options.get('scale') ?? 0),
        lotTracked: optional(options, 'lots', (text) => text !== 'no'),
        lotGranularityMs: optional(options, 'granularity', spanOf),
        defaultExpiryMs: optional(options, 'expiry', spanOf),
        expiresAfter: options.get('after'),
        expiresOn: options.get('on'),
        zone: options.get('zone'),
        zoneOffsets: optional(options, 'zone', (zone) => CLOCKS.offsetsOf(zone)),
      } as Command;
    case 'earn':
    case 'spend':
    case 'move': {
      const condition = optional(options, 'when', conditionOf);
      const occurredAt = optional(options, 'occurred', timeOf);
      const owner = options.get('owner');
      const pendingUntil = optional(options, 'pending', expiryOf);
      const what = { ...business, legs: legsOf(line), condition, occurredAt, pendingUntil };
      const move = { type: 'transfer', ...what } as const;
      if (owner === '-') return move;
      return homed({ ...move, owner });
    }
    case 'hold': {
      const deadline = optional(options, 'deadline', timeOf);
      return { type: 'hold', ...business, owner, asset, amount: amountOf(second), deadline };
    }
    case 'capture':
      return {
        type: 'capture',
        ...business,
        owner,
        holdId: second,
        to: options.get('to') ?? '@redeem',
        amount: third === undefined || third === 'rest' ? undefined : amountOf(third),
        releaseRest: words.includes('rest') ? true : undefined,
        expiresAt: optional(options, 'expires', expiryOf),
      };
    case 'release':
      return { type: 'release', ...business, owner, holdId: second };
    case 'confirm':
      return { type: 'confirm-pending', ...business, owner, transferId: second };
    case 'reverse': {
      const allowDebt = words.includes('debt') ? true : undefined;
      const amount = third === undefined || third === 'debt' ? undefined : amountOf(third);
      const legs = optional(options, 'legs', partsOf);
      return { type: 'reverse', ...business, owner, transferId: second, allowDebt, amount, legs };
    }
    case 'extend':
      return {
        type: 'extend-lots',
        ...business,
        owner,
        asset,
        lotExpiresAt: timeOf(options.get('lot') ?? ''),
        expiresAt: expiryOf(options.get('expires') ?? 'never'),
        amount: optional(options, 'amount', amountOf),
      };
    case 'limit':
      return { type: 'set-credit-limit', id, owner, asset, creditLimit: amountOf(second) };
    case 'put': {
      const expiresAt = optional(options, 'expires', timeOf);
      return { type: 'put-record', id, ...place, value, expiresAt, ifVersion };
    }
    case 'delete':
      return { type: 'delete-record', id, ...place, ifVersion };
    case 'open':
    case 'freeze':
    case 'unfreeze':
    case 'close':
    case 'reopen':
      return { type: `${verb}-account`, id, owner, asset };
    default:
      throw new Unreadable(`verb ${verb}`);
  }
}
