// Acts in logs at rest: what was logged is what was asked for, decided by the definition of that time, undone in parts as a whole
// would be. Owns: comparing a plan with what its act must decide. Never touches: states but for definitions.

import type { LoggedPlan } from '../../engine/programme/plan.js';
import { poolOf } from '../../engine/protocol/allotment.js';
import { legsOf, saidIn } from '../../engine/protocol/codec.js';
import { OP } from '../../engine/protocol/layout.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { planOfTuple } from '../../engine/transfer/carried.js';
import { backOf, everything, SET, type Wish } from '../programme/everything.js';
import { TWO_FROM } from './act-work.js';
import { SHOP } from './event-work.js';
import { type Parts, undoneParts } from './reversals.js';
import type { SimShard } from './shard.js';
import { type Logged, lastOf, outcomeOf, reversalIn, type Story } from './story.js';

const PROGRAMME_ACTS: ReadonlySet<string> = new Set(['event', 'return-event', 'grant-tier']);
const EXHAUSTED = REFUSALS.BUDGET_EXHAUSTED.number;

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const wishOf = ({ tuple }: Logged): Wish | undefined => {
  const { act, body } = saidIn<'act'>(tuple);
  return act === everything.name
    ? (JSON.parse((body as unknown as { readonly wish: string }).wish) as Wish)
    : undefined;
};

/** An act's record at home has what was decided, and that is what it must be. */
export function checkAct(
  story: Story,
  [first]: readonly SimShard[],
  count: (what: string) => void,
): void {
  const logged = story.byShard.get(story.home)![0]!;
  if (logged.op !== OP.act) return;
  const where = `act ${story.owner} ${story.id}`;
  const plan = planOfTuple(logged.tuple);
  if (plan === undefined) throw new Error(`${where} was logged undecided`);
  const outcome = outcomeOf(story);
  if (plan.refusal !== undefined)
    demand(outcome === REFUSALS[plan.refusal].number, `${where} refused, and is ${outcome}`);
  const { act } = saidIn<'act'>(logged.tuple);
  const wish = wishOf(logged);
  if (wish === undefined) checkVersion(where, logged, plan, first!);
  else if (plan.refusal === undefined) checkPlan(where, logged, plan, wish);
  if (wish !== undefined) checkPools(where, wish, outcome);
  if (outcome === 0 && droppedBy(plan).length > 0) count('act does without a pool');
  const how = lastOf(story, story.home)?.op === OP.decision ? 'across' : 'here';
  count(`${act} ${how} ${outcome === 0 ? 'posted' : 'refused'}`);
  if (outcome !== 0) return;
  if (act === 'adjust') checkPeople(where, logged, plan, count);
  if (act === 'event') checkEarned(where, logged, plan, first!);
  if (plan.hold !== undefined) count(`act holds ${how}`);
  if (plan.reversal !== undefined) count(`act reverses ${how}`);
  for (const { legs, isReleased } of plan.takes ?? []) {
    if (legs.length > 0) count(`act captures ${how}`);
    if (isReleased) count(`act releases ${how}`);
  }
}

/** Who has made a correction: a large one was proposed by somebody else. */
function checkPeople(
  where: string,
  { tuple }: Logged,
  { why, records = [] }: LoggedPlan,
  count: (what: string) => void,
): void {
  const [leg] = legsOf(tuple);
  if (leg === undefined || leg.amount < TWO_FROM) {
    if (leg === undefined) count('adjust proposed');
    return;
  }
  const [by, proposed] = [why?.['by'], why?.['proposed'] as { readonly by?: string } | undefined];
  const isTwo = typeof by === 'string' && proposed?.by !== undefined && proposed.by !== by;
  demand(isTwo && records[0]?.value === null, `${where} of ${leg.amount} was made by ${by} alone`);
  count('adjust agreed to');
}

/** Of which definition an act tells the version, and under which name; undefined: of none. */
function decidedBy({
  tuple,
}: Logged): readonly [kind: string, key: string, name: string] | undefined {
  const { act, body } = saidIn<'act'>(tuple);
  const { offer = '', correction = '' } = body as Readonly<Record<string, string>>;
  if (act === 'claim') return ['offer', offer, 'version'];
  if (act === 'adjust') return ['correction', correction, 'version'];
  return PROGRAMME_ACTS.has(act) ? ['programme', SHOP, 'programme'] : undefined;
}

/** By which version of its definition it was decided: the one that counted at block time on the first shard. */
function checkVersion(where: string, logged: Logged, plan: LoggedPlan, first: SimShard): void {
  const by = decidedBy(logged);
  if (by === undefined) return;
  const [kind, key, name] = by;
  const version = first.state.definitions.active(kind, key, logged.time)?.version;
  // A return needs none: it goes by what was logged.
  const isNeeded = saidIn<'act'>(logged.tuple).act !== 'return-event';
  if (plan.refusal === undefined)
    demand(
      plan.why?.[name] === (version ?? 0),
      `${where} is decided by version ${plan.why?.[name]} of ${key}, not ${version}`,
    );
  else if (isNeeded)
    demand(
      (plan.refusal === 'DEFINITION_NOT_FOUND') === (version === undefined),
      `${where} is ${plan.refusal} by version ${version} of ${key}`,
    );
}

/** Each effect by which an event earns is one leg (earning.E2), paid by the rule or task that counted at block time. */
function checkEarned(
  where: string,
  { tuple, time }: Logged,
  { effects = [], why }: LoggedPlan,
  { state: { definitions } }: SimShard,
): void {
  const paid = (why?.['paid'] ?? []) as readonly (readonly [string, number])[];
  for (const [key, version] of paid) {
    const found = definitions.active('rule', key, time) ?? definitions.active('task', key, time);
    demand(found?.version === version, `${where} is paid by version ${version} of ${key}`);
  }
  const told = effects.filter(({ type }) => type === 'earn').map(({ amount }) => amount);
  const moved = legsOf(tuple).map(({ amount }) => amount);
  demand(told.join() === moved.join(), `${where} tells of ${told}, and moves ${moved}`);
}

/** Which of the legs it was to have an act has left out. */
const droppedBy = ({ why }: LoggedPlan): readonly number[] =>
  (why?.['dropped'] as readonly number[] | undefined) ?? [];

/** An exhausted pool is no end of what can do without. */
function checkPools(where: string, { legs }: Wish, outcome: number | undefined): void {
  const needs = legs.some(({ from, optional }) => from.startsWith('#') && optional !== true);
  demand(needs || outcome !== EXHAUSTED, `${where} is refused, and could do without its pools`);
}

/** What `everything` was asked to do is what its plan does. */
function checkPlan(where: string, { tuple }: Logged, plan: LoggedPlan, wish: Wish): void {
  const { asset, hold, until, releases = [], reversal } = wish;
  const legs = legsOf(tuple).map(({ from, to, amount, expiresAt }, n) => {
    const holdId = plan.takes?.find((take) => take.legs.includes(n))?.holdId;
    // What a pool pays, its allotment on the shard may.
    return [poolOf(from), to, amount, holdId ?? null, expiresAt ?? null];
  });
  const dropped = droppedBy(plan);
  for (const leg of dropped)
    demand(wish.legs[leg]?.optional === true, `${where} was not to do without leg ${leg}`);
  const kept = wish.legs.filter((_, leg) => !dropped.includes(leg));
  const wished = kept.map(({ from, to, amount, holdId, expiresAt }) => [
    ...[from, to, amount],
    ...[holdId ?? null, expiresAt ?? null],
  ]);
  const released = (plan.takes ?? []).filter((take) => take.isReleased);
  const last = new Map(wish.records);
  const own = (plan.records ?? []).filter(({ type, key }) => type === SET && last.has(key));
  const set = own.flatMap(({ key, value }) => (value === null ? [] : [`${key} ${value}`]));
  const wishedSet = [...last].flatMap(([key, value]) =>
    value === null ? [] : [`${key} ${value}`],
  );
  const is = {
    legs,
    hold: plan.hold ?? null,
    releases: released.map(({ holdId }) => holdId).sort(),
    reversal: reversalIn(tuple)?.transferId ?? null,
    set: set.sort(),
  };
  const should = {
    legs: wished,
    hold: hold === undefined ? null : { asset, amount: hold, ...(until && { deadline: until }) },
    releases: [...releases].sort(),
    reversal: reversal?.id ?? null,
    set: wishedSet.sort(),
  };
  const [text, wanted] = [JSON.stringify(is), JSON.stringify(should)];
  demand(text === wanted, `${where} was to do ${wanted}, its plan is ${text}`);
}

/** What parts of an undo took back of counters is what the sum of them takes back; undone whole, nothing is left of it. */
export function checkUndone(stories: ReadonlyMap<string, Story>): void {
  const back = new Map<string, number>();
  for (const story of stories.values()) {
    const { tuple, op } = story.byShard.get(story.home)![0]!;
    const reversal = reversalIn(tuple);
    if (reversal === undefined || outcomeOf(story) !== 0) continue;
    for (const { name, add, window } of planOfTuple(tuple)?.counters ?? []) {
      // What an act that reverses counts itself, is counted up.
      if (op === OP.act && add > 0) continue;
      const key = `${reversal.owner} ${reversal.transferId} ${name} ${window.from}`;
      back.set(key, (back.get(key) ?? 0) - add);
    }
  }
  for (const [original, parts] of undoneParts(stories)) {
    const logged = original.byShard.get(original.home)![0]!;
    if (logged.op !== OP.act) continue;
    const isEvent = saidIn<'act'>(logged.tuple).act === 'event';
    const counted = isEvent ? countedBy(logged) : (wishOf(logged)?.counters ?? []);
    for (const [name, from, add] of counted) {
      const key = `${original.owner} ${original.id} ${name} ${from}`;
      const is = back.get(key) ?? 0;
      // What counts for tasks and campaigns goes by what is given back, points or not: no more than was counted.
      if (isEvent && !/^[tp]\./.test(name)) {
        demand(is >= 0 && is <= add, `undone of ${key}: ${is} of ${add}`);
        continue;
      }
      const should = isEvent
        ? earnedShare(logged, parts, name)
        : shareOf(parts, legsOf(logged.tuple), add);
      demand(is === should, `undone of ${key}: ${is}, and ${should} of the points`);
    }
  }
}

/** What an event has counted: name, window, how much. */
const countedBy = ({ tuple }: Logged): (readonly [string, number, number])[] =>
  (planOfTuple(tuple)?.counters ?? []).map(({ name, window, add }) => [name, window.from, add]);

/** Of what limits have counted of an event: points by point, times with their leg. */
function earnedShare({ tuple }: Logged, parts: Parts, name: string): number {
  const amounts = legsOf(tuple).map(({ amount }) => amount);
  const undone = amounts.map((all, leg) => (parts.isWhole ? all : (parts.byLeg.get(leg) ?? 0)));
  const paid = (planOfTuple(tuple)?.effects ?? []).filter(({ type }) => type === 'earn');
  const [kind, key] = [name.slice(0, 2), name.slice(2)];
  const leg = paid.findIndex(({ rule }) => key === rule);
  if (kind === 'p.') return undone[leg] as number;
  return undone[leg] === amounts[leg] ? 1 : 0;
}

function shareOf(parts: Parts, legs: readonly { readonly amount: number }[], add: number): number {
  const amounts = legs.map(({ amount }) => amount);
  const now = parts.isWhole ? amounts : amounts.map((_, leg) => parts.byLeg.get(leg) ?? 0);
  return backOf(add, { amounts, now, before: amounts.map(() => 0) });
}
