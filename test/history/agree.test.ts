// The search that follows the versions, and the one that tries every order, come to the same on small random histories of an account:
// right ones, and ones that were spoilt at random.

import t from 'tap';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { type AccountEvents, accountFault, type ReserveEvent } from './account.js';
import { hasOrder } from './generic.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface Loose {
  readonly entries: Writable<AccountEvents['entries'][number]>[];
  readonly reserves: Writable<ReserveEvent>[];
  readonly reads: Writable<AccountEvents['reads'][number]>[];
}

const EVENTS_MAX = 8;

/** A right history: every event at a moment of its own, called some time before it and returned some time after it. */
function rightOne(random: Random): Loose {
  const events: Loose = { entries: [], reserves: [], reads: [] };
  const open = new Map<ReserveEvent, number>();
  let [now, reserved] = [0, 0];
  const before = (): number => now - random.int(6);
  const after = (): number => (random.chance(0.1) ? Number.POSITIVE_INFINITY : now + random.int(6));
  const enter = (name: string, call: number, ret: number): void => {
    events.entries.push({ name, call, ret, reservedAfter: reserved });
  };
  for (let n = 1 + random.int(EVENTS_MAX); n > 0; n--) {
    now += 1 + random.int(3);
    const what = random.int(4);
    const [one] = open.keys();
    if (what === 0) enter(`local${n}`, before(), after());
    else if (what === 1) {
      const version = events.entries.length;
      events.reads.push({ name: `read${n}`, call: before(), ret: after(), version, reserved });
    } else if (what === 2 || one === undefined) {
      // Amounts that add up to each other, so that there is more than one way to explain a sum.
      const amount = 1 + random.int(3);
      const reserve = { name: `cross${n}`, amount, call: before(), by: after(), ret: 0, endsAt: 0 };
      reserve.ret = Number.POSITIVE_INFINITY;
      events.reserves.push(reserve);
      open.set(reserve, events.reserves.length - 1);
      reserved += amount;
    } else {
      const reserve = events.reserves[open.get(one) as number] as Writable<ReserveEvent>;
      open.delete(one);
      reserved -= reserve.amount;
      reserve.ret = after();
      reserve.by = Math.min(reserve.by, reserve.ret);
      if (random.chance(0.6)) {
        enter(reserve.name, reserve.call, reserve.ret);
        reserve.endsAt = events.entries.length;
      } else reserve.by = Number.POSITIVE_INFINITY;
    }
  }
  // Those that are open at the end are of transfers of which nobody knows.
  for (const [reserve] of open) (reserve as Writable<ReserveEvent>).by = Number.POSITIVE_INFINITY;
  return events;
}

/** Changes something at random; the history may still be right. */
function spoil(events: Loose, random: Random): void {
  const { entries, reads, reserves } = events;
  const timed = [...entries, ...reads, ...reserves];
  const what = random.int(5);
  const one = random.pick(timed);
  if (what === 0) {
    const by = 1 + random.int(12);
    one.call += by;
    one.ret = Math.max(one.ret + by, one.call);
    if ('by' in one) one.by = Math.max(one.by, one.call);
  } else if (what === 1) {
    one.ret = Math.max(one.call, Math.min(one.ret, one.call + 20) - random.int(12));
    if ('by' in one) one.by = Math.max(one.call, Math.min(one.by, one.ret));
  } else if (what === 2 && reads.length > 0) random.pick(reads).reserved = random.int(6);
  else if (what === 3 && reads.length > 0)
    random.pick(reads).version = random.int(entries.length + 1);
  else if (entries.length > 0) random.pick(entries).reservedAfter = random.int(6);
  // An entry is of its transfer: they were called and told together.
  for (const reserve of reserves) {
    const entry = entries[reserve.endsAt - 1];
    if (reserve.endsAt > 0 && entry !== undefined)
      Object.assign(reserve, {
        call: entry.call,
        ret: entry.ret,
        by: Math.max(entry.call, Math.min(reserve.by, entry.ret)),
      });
  }
}

const cases = campaign({
  name: 'small histories, judged twice',
  long: 1_000_000,
  sample: 20_000,
});

t.test('both searches agree', async (t) => {
  let [right, wrong] = [0, 0];
  await cases.run((seed) => {
    const random = new Random(seed);
    const events = rightOne(random);
    const isSpoilt = random.chance(0.7);
    if (isSpoilt) for (let n = 1 + random.int(2); n > 0; n--) spoil(events, random);
    const fault = accountFault(events);
    const told = JSON.stringify(events, null, 1);
    if (hasOrder(events) !== (fault === undefined)) throw new Error(`${fault}: ${told}`);
    if (!isSpoilt && fault !== undefined) throw new Error(`${fault}: a right history: ${told}`);
    if (fault === undefined) right++;
    else wrong++;
  });
  t.comment(`${right} right, ${wrong} wrong`);
  if (cases.count > 100) t.ok(right > cases.count / 10 && wrong > cases.count / 10);
});
