// When a partner is asked at all: the breaker against a model of what it must never do, and who asks, with a partner in this process.
//   partners.K1-K3, partners.G1-G3

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { PartnerAdapter, PartnerAnswer, Unknown } from '../../gateway/partners/adapter.js';
import { Breaker, type Leave } from '../../gateway/partners/breaker.js';
import { GuardedPartner } from '../../gateway/partners/guarded.js';
import { drawn } from '../../gateway/partners/sandbox/faults.js';

const LIMITS = {
  partnerTimeoutMs: 200,
  partnerCallsAtOnce: 4,
  partnerFailuresMax: 3,
  partnerPauseMs: 1_000,
  partnerPauseMsMax: 60_000,
};
const CALL = { operation: 'op-1', kind: 'add', user: 'u', asset: 'p', amount: 5 } as const;
const { signal } = new AbortController();

t.test('down after failures in a row, back by itself', async (t) => {
  let now = 0;
  const breaker = new Breaker(LIMITS, () => now);
  const fail = (why: string | undefined | null): void => {
    const leave = breaker.enter();
    if (typeof leave !== 'number') breaker.leave(leave, why);
  };
  for (const why of ['TIMEOUT', 'TIMEOUT', undefined, 'TIMEOUT', null, 'TIMEOUT']) fail(why);
  t.match(breaker.figures, { state: 'closed', failures: 2 }, 'an answer ends a row');
  fail('TIMEOUT');
  t.match(breaker.figures, { state: 'open', failures: 3, since: 0, why: 'TIMEOUT' });
  t.type(breaker.enter(), 'number');
  const pauses: number[] = [];
  for (let at = 0; at < 8; at++) {
    const { nextAt = 0 } = breaker.figures;
    pauses.push(nextAt - now);
    now = nextAt - 1;
    t.notOk(breaker.isDue);
    now = nextAt;
    t.ok(breaker.isDue);
    breaker.said('STATUS 503');
  }
  t.ok(
    pauses.every((pause, at) => at === 0 || pause >= (pauses[at - 1] ?? 0) / 1.3),
    'they grow',
  );
  t.ok(Math.max(...pauses) <= 60_000 * 1.2, `up to a minute: ${Math.max(...pauses)}`);
  now = breaker.figures.nextAt ?? 0;
  breaker.said(undefined);
  t.match(breaker.figures, { state: 'half_open', since: 0 }, 'it is not believed yet');
  const trial = breaker.enter() as Leave;
  t.type(breaker.enter(), 'number', 'one call at a time');
  breaker.leave(trial, 'STATUS 500');
  t.match(breaker.figures, { state: 'open' });
  t.ok((breaker.figures.nextAt ?? 0) - now >= 60_000, 'saying that it is well shortens nothing');
  now = breaker.figures.nextAt ?? 0;
  breaker.said(undefined);
  breaker.leave(breaker.enter() as Leave, undefined);
  t.match(breaker.figures, { state: 'closed', failures: 0, since: undefined, why: undefined });
});

t.test('drawn: never more than one call where it is not known to be well', async (t) => {
  for (let seed = 1; seed <= 200; seed++) {
    const chance = drawn(seed);
    let now = 0;
    let isWell = true;
    const breaker = new Breaker(LIMITS, () => now);
    const under: { leave: Leave; state: string }[] = [];
    for (let step = 0; step < 300; step++) {
      now += Math.floor(chance() * 400);
      if (chance() < 0.02) isWell = !isWell;
      const why = isWell ? undefined : 'TIMEOUT';
      const { state } = breaker.figures;
      if (chance() < 0.6) {
        const leave = breaker.enter();
        if (typeof leave !== 'number') under.push({ leave, state });
        else if (state === 'closed') t.fail(`seed ${seed}: closed, and not asked`);
      }
      if (state === 'open' && under.some((one) => one.state === 'open'))
        t.fail(`seed ${seed}: open`);
      const trials = under.filter(({ leave }) => leave.isTrial && state === 'half_open');
      const epochs = new Set(trials.map(({ leave }) => leave.epoch));
      if (epochs.size < trials.length) t.fail(`seed ${seed}: two trials at once`);
      if (under.length > 0 && chance() < 0.6) {
        const [one] = under.splice(Math.floor(chance() * under.length), 1);
        if (one !== undefined) breaker.leave(one.leave, why);
      }
      if (breaker.isDue) breaker.said(why);
    }
    for (const { leave } of under) breaker.leave(leave, undefined);
    // Well for good: within the longest pause, and one call, it is asked as ever.
    now += LIMITS.partnerPauseMsMax * 1.2;
    if (breaker.isDue) breaker.said(undefined);
    const leave = breaker.enter();
    if (typeof leave === 'number') t.fail(`seed ${seed}: it does not come back`);
    else breaker.leave(leave, undefined);
    if (breaker.figures.state !== 'closed') t.fail(`seed ${seed}: ${breaker.figures.state}`);
  }
  t.pass('200 lives');
});

/** A partner whose answers a test gives one by one. */
function answering() {
  const asked: ((answer: PartnerAnswer) => void)[] = [];
  let closed = 0;
  const carryOut = (): Promise<PartnerAnswer> =>
    new Promise((resolve) => {
      asked.push(resolve);
    });
  const health = async () => ({ state: 'well' }) as const;
  const close = (): void => {
    closed++;
  };
  const adapter = { carryOut, operation: carryOut, health, close } as unknown as PartnerAdapter;
  return { adapter, asked, closed: () => closed };
}

const DONE: PartnerAnswer = { state: 'completed' };
const failed = (more: Partial<Unknown> = {}): Unknown => ({
  state: 'unknown',
  why: 'TIMEOUT',
  ...more,
});
const turn = () => sleep(1);

t.test('no more at once than it bears', async (t) => {
  const guarded = new GuardedPartner(LIMITS, () => 0);
  t.match(await guarded.carryOut(CALL, signal), { state: 'unknown', why: 'NO_PARTNER' });
  const { adapter, asked, closed } = answering();
  guarded.use({ adapter, callsAtOnce: 2 });
  const calls = Array.from({ length: 5 }, () => guarded.carryOut(CALL, signal));
  await turn();
  t.equal(asked.length, 2);
  asked[0]?.(DONE);
  await turn();
  t.equal(asked.length, 3, 'the next one');
  const giving = new AbortController();
  const given = guarded.carryOut(CALL, giving.signal);
  giving.abort();
  t.match(await given, { state: 'unknown', why: 'BUSY' }, 'who gives up waits no more');
  const late = await guarded.carryOut(CALL, signal);
  t.match(late, { state: 'unknown', why: 'BUSY' }, 'nor who has waited for too long');
  for (const one of asked) one(DONE);
  const answers = await Promise.all(calls);
  t.same(answers.map(({ state }) => state).sort(), [
    'completed',
    'completed',
    'completed',
    'unknown',
    'unknown',
  ]);
  t.equal(guarded.inFlight, 0);
  t.equal(guarded.calls.get('add')?.outcomes.get('completed'), 3);
  t.equal(closed(), 0);
});

t.test('a partner that is said anew, or not asked', async (t) => {
  const guarded = new GuardedPartner(LIMITS, () => 0);
  const [old, next] = [answering(), answering()];
  guarded.use({ adapter: old.adapter, callsAtOnce: undefined });
  const first = guarded.carryOut(CALL, signal);
  await turn();
  guarded.use({ adapter: next.adapter, callsAtOnce: undefined });
  const second = guarded.carryOut(CALL, signal);
  await turn();
  t.same([old.asked.length, next.asked.length, old.closed()], [1, 1, 0]);
  old.asked[0]?.(DONE);
  t.match(await first, DONE, 'what is under way ends as it began');
  t.equal(old.closed(), 1, 'and then its connections end');
  guarded.use('MAINTENANCE');
  t.match(await guarded.carryOut(CALL, signal), { why: 'MAINTENANCE' });
  t.match(await guarded.health(signal), { why: 'MAINTENANCE' });
  t.equal(guarded.figures, undefined);
  next.asked[0]?.(DONE);
  t.match(await second, DONE);
});

t.test('what it says of when it wants to be asked again', async (t) => {
  let now = 0;
  const guarded = new GuardedPartner(LIMITS, () => now);
  const { adapter, asked } = answering();
  guarded.use({ adapter, callsAtOnce: undefined });
  const ask = async (answer: PartnerAnswer) => {
    const call = guarded.carryOut(CALL, signal);
    await turn();
    asked.at(-1)?.(answer);
    return call;
  };
  await ask(failed({ why: 'STATUS', status: 429, retryAfterMs: 7_000 }));
  t.match(await guarded.carryOut(CALL, signal), { why: 'BUSY', retryAfterMs: 7_000 });
  now = 7_000;
  t.match(await ask(DONE), DONE);
  await ask(failed({ why: 'STATUS', status: 503, retryAfterMs: 86_400_000 }));
  t.match(await guarded.carryOut(CALL, signal), { why: 'BUSY', retryAfterMs: 60_000 }, 'a minute');
  now += 60_000;
  for (let at = 0; at < 9; at++) {
    await ask(failed({ why: 'STATUS', status: 429, retryAfterMs: 0 }));
    now += 60_000;
  }
  t.match(
    guarded.figures,
    { state: 'closed', failures: 1 },
    'one that has too much to do is there',
  );
  for (let at = 0; at < 9; at++) await ask(failed({ why: 'ID_REUSED', status: 409 }));
  t.match(guarded.figures, { state: 'closed', failures: 0 }, 'and so is one that says no');
});

t.test('down: nothing is asked, but how it is; then a look-up tries it', async (t) => {
  let now = 0;
  const guarded = new GuardedPartner(LIMITS, () => now);
  const { adapter, asked } = answering();
  guarded.use({ adapter, callsAtOnce: undefined });
  for (let at = 0; at < 3; at++) {
    const call = guarded.carryOut(CALL, signal);
    await turn();
    asked.at(-1)?.(failed());
    await call;
  }
  t.match(await guarded.carryOut(CALL, signal), { state: 'unknown', why: 'DOWN' });
  t.equal(asked.length, 3);
  await guarded.tryAgain(signal);
  t.equal(asked.length, 3, 'nor is it tried');
  now = guarded.figures?.nextAt ?? 0;
  t.ok(guarded.isDue);
  await guarded.health(signal);
  const trial = guarded.tryAgain(signal);
  await turn();
  t.equal(asked.length, 4);
  t.match(await guarded.carryOut(CALL, signal), { why: 'DOWN' }, 'one at a time');
  asked.at(-1)?.({ state: 'absent' });
  await trial;
  t.match(guarded.figures, { state: 'closed' });
  guarded.close();
  t.match(await guarded.carryOut(CALL, signal), { why: 'NO_PARTNER' });
});

t.test('a trial that says nothing, or never ends well, is given back', async (t) => {
  let now = 0;
  const guarded = new GuardedPartner(LIMITS, () => now);
  const { adapter, asked } = answering();
  guarded.use({ adapter, callsAtOnce: undefined });
  const fail = async (answer: PartnerAnswer) => {
    const call = guarded.carryOut(CALL, signal);
    await turn();
    asked.at(-1)?.(answer);
    return call;
  };
  for (let at = 0; at < 3; at++) await fail(failed());
  now = guarded.figures?.nextAt ?? 0;
  await guarded.health(signal);
  for (const answer of [
    failed({ why: 'ABORTED' }),
    failed({ why: 'STATUS', status: 429, retryAfterMs: 0 }),
  ]) {
    t.match(await fail(answer), answer);
    t.match(guarded.figures, { state: 'half_open' });
    now += 1_000;
  }
  const broken = { ...adapter, carryOut: () => Promise.reject(new Error('a defect')) };
  guarded.use({ adapter: broken, callsAtOnce: undefined });
  for (let at = 0; at < 3; at++) await t.rejects(guarded.carryOut(CALL, signal), /a defect/);
  t.match(guarded.figures, { state: 'open', why: 'DEFECT' });
  t.equal(guarded.inFlight, 0);
});
