// Events of a programme: reported, given back, told with why. Owns: their paths, what of a record is told. Never touches: what an event
// earns.

import {
  type ActDone,
  type Command,
  type Engine,
  eventTypeKey,
  type Outcome,
  type TransferRecord,
} from '../../../engine/index.js';
import { besideIt } from '../../act-faults.js';
import { forAct, membersToo } from '../../auth/principal.js';
import { type Answer, json, problem, words } from '../../encoding/answer.js';
import { packed } from '../../encoding/media.js';
import {
  type Decided,
  type DecidedKind,
  type Language,
  type Left,
  type Told,
  whyWords,
} from '../../encoding/why-words.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, problemOf, type Refusal, refuse } from '../../refusal.js';
import { type Call, callerOf, engineOf, type Route, type ServedLedger } from '../../route.js';
import { ActReader, isFields } from '../../schema/command-reader.js';
import * as about from '../../schema/programmes.js';
import { type Batched, carriedOut } from './batches.js';
import { type PersonalPlace, shownPersonal, withSealed } from './personal.js';
import { OK, submitted } from './submit.js';

const EVENT = about.callerAct('event');
const RETURN = about.callerAct('return-event');
const EVENTS = '/v1/events';
const OF_MEMBER = '/v1/members/{owner}/events/{event}';
const READS_EVENT = new ActReader(EVENT);
const READS_RETURN = new ActReader(RETURN, ['event']);
/** Names of definitions that are looked up for one explanation. */
const NAMES_MAX = 64;

const BATCHED: Batched = {
  what: `POST ${EVENTS}`,
  read: (value, key) => READS_EVENT.read(value, [], key),
  named: besideIt,
};

/** The routes of events. */
export function eventRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [
    {
      method: 'POST',
      path: EVENTS,
      body: 'batch',
      formats: ['packed', 'lines'],
      access: forAct(EVENT),
      module: 'acts',
      describes: about.eventsDescription(limits),
      repeats: true,
      handle: (call) => reported(ledger, call, limits),
    },
    {
      method: 'POST',
      path: `${EVENTS}/{event}/returns`,
      body: 'required',
      access: forAct(RETURN),
      module: 'acts',
      describes: about.returnDescription(limits),
      repeats: true,
      handle: (call) => {
        const command = READS_RETURN.read(call.body, call.path, call.idempotencyKey);
        return submitted(ledger, call, command, { named: besideIt });
      },
    },
    {
      method: 'GET',
      path: OF_MEMBER,
      access: membersToo('read'),
      module: 'acts',
      describes: about.eventDescription,
      handle: async (call) => {
        const found = await eventOf(ledger, call);
        if (isRefusal(found)) return problem(found);
        const { owner, body } = found;
        const way = `GET ${OF_MEMBER}`;
        const attributes = await shownPersonal(ledger, call, way, owner, body.attributes ?? {});
        return isRefusal(attributes) ? problem(attributes) : json(OK, shown(found, attributes));
      },
    },
    {
      method: 'GET',
      path: `${OF_MEMBER}/why`,
      formats: ['text'],
      access: membersToo('read'),
      module: 'acts',
      describes: about.whyDescription,
      handle: (call) => why(ledger, call),
    },
  ];
}

const ATTRIBUTES: PersonalPlace = {
  field: 'attributes',
  of: ({ programme, type }) => ['event', eventTypeKey(String(programme), String(type))],
  wrong: 'EVENT_ATTRIBUTE_INVALID',
};

/** One alone may have personal attributes: they are sealed. Of a batch a shard refuses those. */
async function reported(ledger: ServedLedger, call: Call, limits: GatewayLimits): Promise<Answer> {
  const { body, lines } = call;
  const isOne = lines === undefined && isFields(body) && isFields(body['attributes']);
  if (!isOne) return carriedOut(ledger, call, limits, BATCHED);
  const command = READS_EVENT.read(body, [], call.idempotencyKey);
  if (isRefusal(command)) return problem(command);
  const sealed = await withSealed(ledger, command, ATTRIBUTES);
  if (isRefusal(sealed)) return problem(sealed);
  const { alike } = sealed;
  if (alike === undefined) return carriedOut(ledger, call, limits, BATCHED);
  const answer = await submitted(ledger, call, sealed.command, { named: besideIt, alike });
  return call.format === 'packed' ? packed(answer) : answer;
}

/** An event as it is in the log. */
interface Found {
  readonly owner: string;
  readonly event: string;
  readonly record: TransferRecord;
  readonly outcome: Outcome;
  /** What was asked. */
  readonly body: {
    readonly programme: string;
    readonly type: string;
    readonly time?: number;
    readonly attributes?: Readonly<Record<string, unknown>>;
    readonly lines?: readonly object[];
  };
  /** What was decided; of one that was refused: nothing. */
  readonly done: ActDone;
}

const NOTHING_DONE: ActDone = { effects: [], why: {} };

/** The event of a member, as far as the caller may know it; a refusal names `event`. */
export async function eventOf(
  ledger: ServedLedger,
  call: Pick<Call, 'principal' | 'path'>,
): Promise<Found | Refusal> {
  const [owner = '', event = ''] = call.path;
  const record = await callerOf(ledger, call).transfer(owner, event);
  if (isRefusal(record)) return record.field === 'id' ? { ...record, field: 'event' } : record;
  const command = record?.command as Command | undefined;
  if (record === undefined || command?.type !== 'act' || command.act !== EVENT.name)
    return refuse('EVENT_NOT_FOUND', 'event');
  const { outcome } = record;
  const done = (outcome.ok ? outcome.act : undefined) ?? NOTHING_DONE;
  return { owner, event, record, outcome, body: command.body as Found['body'], done };
}

const earnedIn = ({ effects }: ActDone): number =>
  effects.reduce((sum, { type, amount }) => (type === 'earn' ? sum + Number(amount) : sum), 0);

const happenedAt = ({ record, body: { time } }: Found): number =>
  Math.min(time ?? record.time, record.time);

function shown(found: Found, attributes: object): object {
  const { owner, event, record, outcome, body, done } = found;
  const { programme, type, lines } = body;
  const isPrepared = !outcome.ok && outcome.code === 'PREPARED';
  const { remaining, remainingLegs } = record;
  return {
    ...{ owner, event, programme, type },
    state: outcome.ok ? 'posted' : isPrepared ? 'prepared' : 'refused',
    ...{ time: record.time, at: happenedAt(found), attributes, lines },
    ...{ earned: earnedIn(done), effects: done.effects, why: done.why },
    ...{ remaining, remainingLegs },
    problem: outcome.ok || isPrepared ? undefined : problemOf(outcome),
  };
}

/** What is logged of why: (key, version, figures). */
type Logged = readonly (readonly [string, number, ...unknown[]])[];

const loggedIn = (found: Found, name: string): Logged => (found.done.why[name] ?? []) as Logged;

/** `name`: as what of the decision it is logged. */
type Decider = readonly [kinds: readonly DecidedKind[], one: Logged[number], name: string];

/** The definitions that have decided, without their names. What paid is a rule or a task by its effect; of others it is looked up. */
function decidersOf(found: Found): Decider[] {
  const earned = found.done.effects.filter(
    ({ type }) => type === 'earn' || type === 'couponIssued',
  );
  const tasks = new Set(earned.flatMap(({ task }) => (task === undefined ? [] : [task])));
  const kindOf = (key: string): DecidedKind => (tasks.has(key) ? 'task' : 'rule');
  return [
    ...loggedIn(found, 'paid').map((one): Decider => [[kindOf(one[0])], one, 'paid']),
    ...loggedIn(found, 'issued').map((one): Decider => [[kindOf(one[0])], one, 'issued']),
    ...loggedIn(found, 'times').map((one): Decider => [['tier', 'campaign'], one, 'times']),
    ...loggedIn(found, 'not').map((one): Decider => [['rule', 'task'], one, 'not']),
  ];
}

/** Names of versions that were looked up: a version never changes. */
const named = new WeakMap<Engine, Map<string, Decided>>();
const NAMED_MAX = 4_096;

/** A definition of the first of these kinds that has one of this key, in its version. */
async function namedBy(
  engine: Engine,
  kinds: readonly DecidedKind[],
  one: Logged[number],
): Promise<Decided> {
  let known = named.get(engine);
  if (known === undefined) named.set(engine, (known = new Map()));
  const place = `${kinds.join()} ${one[0]} ${one[1]}`;
  const found = known.get(place) ?? (await lookedUp(engine, kinds, one));
  if (known.size >= NAMED_MAX) known.clear();
  if (found.name !== undefined) known.set(place, found);
  return found;
}

async function lookedUp(
  engine: Engine,
  kinds: readonly DecidedKind[],
  [key, version]: Logged[number],
): Promise<Decided> {
  for (const kind of kinds) {
    const found = await engine.definition(kind, key);
    if (found === undefined || isRefusal(found)) continue;
    const document = found.versions.find((one) => one.version === version)?.document;
    const name = document?.['name'];
    return { kind, key, version, name: typeof name === 'string' ? name : undefined };
  }
  return { kind: kinds[0] as DecidedKind, key, version };
}

/** Minor units as people write them. */
function written(amount: number, scale: number): string {
  const digits = String(Math.abs(amount)).padStart(scale + 1, '0');
  const sign = amount < 0 ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

async function why(ledger: ServedLedger, call: Call): Promise<Answer> {
  const found = await eventOf(ledger, call);
  if (isRefusal(found)) return problem(found);
  const engine = engineOf(ledger);
  const deciders = decidersOf(found);
  const decided = await Promise.all(
    deciders.map(([kinds, one], i) =>
      i < NAMES_MAX
        ? namedBy(engine, kinds, one)
        : { kind: kinds[0] as DecidedKind, key: one[0], version: one[1] },
    ),
  );
  const lang = (call.query.lang ?? 'en') as Language;
  const lines = whyWords(toldOf(found, decided, scaleOf(engine, found)), lang);
  if (call.format === 'text') return words(OK, lines);
  const { owner, event, body, done } = found;
  const { programme, type } = body;
  const told = { owner, event, programme, type, lang, earned: earnedIn(done), lines };
  const limited = deciders.map(([, one, name]) => leftIn(name, one));
  const all = decided.map((one, i) => ({ ...one, left: limited[i] }));
  return json(OK, { ...told, decided: all, why: done.why });
}

function scaleOf(engine: Engine, { outcome }: Found): number {
  const asset = outcome.ok ? outcome.entries[0]?.asset : undefined;
  return engine.assets().find((one) => one.asset === asset)?.scale ?? 0;
}

/** What was left of what limited a rule or a task; undefined: nothing did. As earning/event.ts logs it. */
function leftIn(name: string, [, , ...figures]: Logged[number]): Left<number> | undefined {
  if (name === 'not') {
    const [reason, left] = figures;
    if (reason === 'times' || reason === 'points') return { limit: 0 };
    return reason === 'budget' && left !== undefined ? { budget: left as number } : undefined;
  }
  const [points, base, limit] = figures as (number | null)[];
  if (name !== 'paid' || base === undefined) return undefined;
  if (limit === undefined) return { limit: points as number };
  return { ...(limit === null ? {} : { limit }), budget: points as number };
}

function toldOf(found: Found, decided: readonly Decided[], scale: number): Told {
  const { owner, event, body, done } = found;
  const [paid, issued, times, not] = ['paid', 'issued', 'times', 'not'].map((name) =>
    loggedIn(found, name),
  );
  const amount = (value: unknown): string => written(Number(value), scale);
  let next = 0;
  const by = (): Decided => decided[next++] as Decided;
  const effect = (name: string) => done.effects.find(({ type }) => type === name);
  const progress = effect('progress');
  // Each that pays has an effect, in the same order.
  const earned = done.effects.filter(({ type }) => type === 'earn');
  const left = (name: string, one: Logged[number]): Left<string> | undefined => {
    const { limit, budget } = leftIn(name, one) ?? {};
    // That nothing is left, the reason says.
    const told = (of = 0) => (of === 0 ? undefined : amount(of));
    return { limit: told(limit), budget: told(budget) };
  };
  return {
    ...{ owner, event, programme: body.programme, type: body.type, at: happenedAt(found) },
    earned: amount(earnedIn(done)),
    refused: found.outcome.ok ? undefined : found.outcome.code,
    paid: (paid ?? []).map((one, leg) => ({
      by: by(),
      points: amount(one[2]),
      limitedFrom: one[3] === undefined ? undefined : amount(one[3]),
      left: left('paid', one),
      pendingUntil: earned[leg]?.['pendingUntil'] as number | null | undefined,
    })),
    issued: (issued ?? []).map(([, , coupon]) => ({ by: by(), coupon: String(coupon) })),
    times: (times ?? []).map(([, , percent]) => ({ by: by(), percent: Number(percent) })),
    not: (not ?? []).map((one) => ({ by: by(), reason: String(one[2]), left: left('not', one) })),
    streaks: done.effects.flatMap(({ type, task, days }) =>
      type === 'streak' ? [{ task: String(task), days: Number(days) }] : [],
    ),
    progress: progress && amount(progress['amount']),
    tiers: done.effects.flatMap(({ type, from, to }) =>
      type === 'tierChanged' ? [{ from: String(from), to: String(to) }] : [],
    ),
    beyond: Number(done.why['beyond'] ?? 0),
  };
}
