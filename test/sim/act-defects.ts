// Defects in what shards do with acts, planted from outside as those of defects.ts. Owns: what is wrong. Never touches: engine/.

import type { Ledger } from '../../engine/ledger/ledger.js';
import { holdKey } from '../../engine/ledger/page-items.js';
import { AMOUNT_MAX, NEVER } from '../../engine/limits.js';
import type { Act, Plan } from '../../engine/programme/act.js';
import { EVENT } from '../../engine/programme/earning/order.js';
import { type LoggedPlan, recordBytes, recordTypeOf } from '../../engine/programme/plan.js';
import { type Tuple, unpackTuple } from '../../engine/protocol/codec.js';
import type { CommandView } from '../../engine/protocol/command-view.js';
import { EXTRA } from '../../engine/protocol/effects.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { homeOwnerOfTuple } from '../../engine/protocol/home.js';
import { OP } from '../../engine/protocol/layout.js';
import { planOfTuple } from '../../engine/transfer/carried.js';
import { everything } from '../programme/everything.js';

/** What is wrong, and what makes it so of a ledger, from before its log is replayed. */
export const ACT_DEFECTS = new Map<string, (ledger: Ledger) => void>();

ACT_DEFECTS.set('a shard decides by definitions that nobody has confirmed', (ledger) => {
  Object.defineProperty(ledger, 'definitionsConfirmedUntil', {
    get: () => Number.POSITIVE_INFINITY,
    set: () => {},
  });
});

ACT_DEFECTS.set('a definition decides before its time', ({ state: { definitions } }) => {
  definitions.active = (kind, key) =>
    definitions.versions(kind, key).findLast(({ state }) => state === 'active');
});

ACT_DEFECTS.set('what an open act has read is not busy', ({ state: { transits } }) => {
  const isBusy = transits.isBusy.bind(transits);
  transits.isBusy = (name) => !name.startsWith('record') && isBusy(name);
});

ACT_DEFECTS.set('earlier parts of an undo are forgotten', (ledger) => {
  ledger.known.undoneOf = () => null;
});

ACT_DEFECTS.set('a budget may be overspent', ({ working }) => {
  for (const one of working) {
    const isShort = one.isShort.bind(one);
    one.isShort = (amount) => !one.isScarce && isShort(amount);
  }
});

ACT_DEFECTS.set('nobody is told what an act has done', ({ draft: { effects } }) => {
  const extra = effects.opaqueExtra.bind(effects);
  effects.opaqueExtra = (tag, ...given) => (tag === EXTRA.act ? undefined : extra(tag, ...given));
});

/** An act is another one: `everything`, where none is named. */
function wrong(what: string, change: (right: Act) => Partial<Act>, name = everything.name): void {
  ACT_DEFECTS.set(what, (ledger) => {
    const right = ledger.acts.get(name) as Act;
    ledger.acts = new Map([...ledger.acts, [name, { ...right, ...change(right) }]]);
  });
}

wrong('an act moves more than it was asked to', ({ decide }) => ({
  decide(...given) {
    const plan = decide(...given);
    if ('refusal' in plan || plan.legs.length === 0) return plan;
    const [first, ...legs] = plan.legs as [Plan['legs'][number], ...Plan['legs']];
    return {
      ...plan,
      legs: [{ ...first, amount: Math.min(first.amount + 1, AMOUNT_MAX) }, ...legs],
    };
  },
}));

wrong('a pool that an act can do without costs the rest of it', ({ decide }) => ({
  decide(...given) {
    const plan = decide(...given);
    if ('refusal' in plan) return plan;
    return { ...plan, legs: plan.legs.map((leg) => ({ ...leg, isOptional: false })) };
  },
}));

wrong('an undo leaves counters as they were', ({ undo }) => ({
  undo: (...given) => ({ ...undo(...given), counters: [] }),
}));

wrong('an act counts beyond its limit', ({ decide }) => ({
  decide: (see, ...given) => decide({ ...bound(see), counter: () => 0 }, ...given),
}));

wrong(
  'an event looks at no limit',
  ({ decide }) => ({
    decide: (see, ...given) => decide({ ...bound(see), counter: () => 0 }, ...given),
  }),
  EVENT,
);

wrong(
  'an event that is taken back leaves its limits used up',
  ({ undo }) => ({ undo: (...given) => ({ ...undo(...given), counters: [] }) }),
  EVENT,
);

wrong(
  'an event pays more than it tells',
  ({ decide }) => ({
    decide(...given) {
      const plan = decide(...given);
      if ('refusal' in plan) return plan;
      return { ...plan, legs: plan.legs.map((leg) => ({ ...leg, amount: leg.amount + 1 })) };
    },
  }),
  EVENT,
);

const bound = (see: Parameters<Act['decide']>[0]): Parameters<Act['decide']>[0] => ({
  id: see.id,
  account: (asset) => see.account(asset),
  scale: (asset) => see.scale(asset),
  hold: (holdId) => see.hold(holdId),
  record: (type, key) => see.record(type, key),
  whole: () => see.whole(),
  get recordCount() {
    return see.recordCount;
  },
  definition: (kind, key) => see.definition(kind, key),
  definitions: (kind, group) => see.definitions(kind, group),
  get deciding() {
    return see.deciding;
  },
  past: (id) => see.past(id),
  counter: (name, window) => see.counter(name, window),
  allotment: (owner, asset) => see.allotment(owner, asset),
  isExhausted: (...of) => see.isExhausted(...of),
  left: (owner, asset) => see.left(owner, asset),
  supply: (...of) => see.supply(...of),
  room: (...of) => see.room(...of),
  chance: (time) => see.chance(time),
  tried: see.tried,
  proof: (text) => see.proof(text),
});

/** An act is decided, or posted at once: its state is wrong afterwards. */
function afterwards(
  what: string,
  change: (ledger: Ledger, done: Tuple, plan: LoggedPlan, isPosted: boolean) => void,
): void {
  ACT_DEFECTS.set(what, (ledger) => {
    const apply = ledger.apply.bind(ledger);
    ledger.apply = (command) => {
      const before = actIn(command, ledger);
      const result = apply(command);
      // What is decided now is in what it was completed with.
      const done = before?.[1] === OP.act && command.op === OP.act ? command.tuple() : before;
      const plan = planOfTuple(done);
      const isOpen =
        ledger.state.transits.get(homeOf(done), (done?.[2] as string) ?? '') !== undefined;
      if (done === undefined || plan === undefined || isOpen || !ledger.hasRecord) return result;
      const refusal = ledger.draft.reader().refusalNumber(ledger.recordOffset);
      change(ledger, done, plan, refusal === 0);
      return result;
    };
  });
}

const homeOf = (tuple: Tuple | undefined): string =>
  tuple === undefined ? '' : homeOwnerOfTuple(tuple);

/** The act that a command is, or that it decides on its home shard. */
function actIn(command: CommandView, { state }: Ledger): Tuple | undefined {
  if (command.op === OP.act) return command.tuple();
  if (command.op !== OP.decision) return undefined;
  const transit = state.transits.get(command.text(3), command.text(2));
  const { shard, shardOf } = state.places;
  if (transit === undefined || shardOf(ownerHash(transit.owner)) !== shard) return undefined;
  const tuple = unpackTuple(transit.transfer, 0, transit.transfer.length);
  return tuple[1] === OP.act ? tuple : undefined;
}

afterwards(
  'what a posted act has written is lost',
  ({ state }, done, { records = [] }, isPosted) => {
    const owner = homeOwnerOfTuple(done);
    const page = state.pages.pageOf(ownerHash(owner));
    for (const { type, key } of isPosted ? records : [])
      page.records?.delete(owner, recordTypeOf(type), key);
  },
);

afterwards('a refused act writes all the same', ({ state }, done, { records = [] }, isPosted) => {
  const owner = homeOwnerOfTuple(done);
  const page = state.pages.pageOf(ownerHash(owner));
  for (const record of isPosted ? [] : records) {
    const value = recordBytes(record);
    const [type, { key }] = [recordTypeOf(record.type), record];
    if (value === null) continue;
    page.makeRecords().set({ owner, type, key, version: 1, expiresAt: NEVER }, value);
  }
});

afterwards('what an act holds never ends', ({ state }, done, { hold }, isPosted) => {
  if (hold === undefined || !isPosted) return;
  const owner = homeOwnerOfTuple(done);
  const page = state.pages.pageOf(ownerHash(owner));
  const key = holdKey(owner, done[2] as string);
  const made = page.holds?.get(key);
  if (made !== undefined) page.holds?.set(key, { ...made, deadline: NEVER });
});

afterwards(
  'a hold keeps what an act has taken of it',
  ({ state }, done, { takes = [] }, isPosted) => {
    const owner = homeOwnerOfTuple(done);
    const page = state.pages.pageOf(ownerHash(owner));
    for (const { holdId } of isPosted ? takes : []) {
      const hold = page.holds?.get(holdKey(owner, holdId));
      if (hold !== undefined) hold.remaining += 1;
    }
  },
);
