// What becomes of alerts, against what must hold of any of them, drawn; windows against a naive count.

import t from 'tap';
import { defaultsOf } from '../../gateway/alerts/rules.js';
import type { Alert, Cause, RuleSettings, Silence } from '../../gateway/alerts/shapes.js';
import { isSilencedBy, next, resolved, type Seen } from '../../gateway/alerts/state.js';
import { SlidingWindow } from '../../gateway/alerts/window.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';

const RULE = 'REDEMPTION_BURST';

/** One alert, looked at again and again; throws where something does not hold. */
function lived(seed: number): void {
  const random = new Random(seed);
  const clearMs = random.pick([0, 1_000, 10_000]);
  const repeatMs = random.pick([0, 0, 20_000]);
  const settings: RuleSettings = { ...defaultsOf(RULE), clearMs, repeatMs };
  let alert: Alert | undefined;
  let now = 1_000;
  let clearSince: number | undefined;
  let silence: Silence | undefined;
  /** What whoever is told believes: it is so. */
  let believed = false;
  let told = 0;
  /** Somebody has said that it is over, and it was so ever since. */
  let isByHand = false;
  const expect = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`${what}: ${JSON.stringify({ seed, now, alert })}`);
  };
  const took = (after: Alert | undefined): void => {
    if (after === alert) return;
    alert = after;
    if (alert?.tells === 'firing') {
      expect(!believed || repeatMs > 0, 'told to begin what had begun');
      expect(silence === undefined, 'told while it is silenced');
      believed = true;
      told++;
    }
    if (alert?.tells === 'resolved') {
      expect(believed, 'told to be over what never began');
      believed = false;
    }
  };
  for (let n = 0; n < 60; n++) {
    now += random.int(4_000);
    if (random.int(12) === 0)
      silence =
        silence === undefined
          ? { id: `si_${n}`, reason: 'x', createdAt: now, until: now + random.int(30_000) }
          : undefined;
    if (silence !== undefined && silence.until <= now) silence = undefined;
    const cause: Cause = { subject: 'ledger', evidence: { redemptions: random.int(3) } };
    const seen: Seen = random.pick([{ cause, times: 1 }, 'not', 'not', 'unknown']);
    const before = alert;
    if (seen === 'not') clearSince ??= now;
    else if (seen !== 'unknown') clearSince = undefined;
    took(next(before, seen, { rule: RULE, settings, silence, node: '', now, clearSince }));
    const isOver = clearSince !== undefined && now - clearSince >= clearMs;
    if (isOver && seen === 'not') isByHand = false;
    if (seen === 'unknown' && before?.state === 'resolved')
      expect(alert === before, 'what is not known changes nothing');
    if (typeof seen !== 'string' && !isByHand)
      expect(alert?.state === (silence === undefined ? 'firing' : 'silenced'), 'it is so');
    if (seen === 'not' && isOver && alert !== undefined)
      expect(alert.state === 'resolved' && alert.isStillSo !== true, 'it is over');
    if (alert?.state === 'firing') expect(believed, 'it fires, and nobody knows');
    if (alert?.state === 'resolved') expect(!believed, 'it is over, and nobody knows');
    expect((alert?.firings ?? 0) >= (before?.firings ?? 0), 'beginnings are counted');
    if (alert !== undefined && alert.state !== 'resolved' && random.int(15) === 0) {
      took(resolved(alert, now, { who: 'ann', reason: 'fixed' }));
      isByHand = true;
      const again = next(
        alert,
        { cause, times: 1 },
        {
          ...{ rule: RULE, settings, silence, node: '', now, clearSince: undefined },
        },
      );
      expect(again === alert, 'what somebody has resolved begins by itself');
      clearSince = undefined;
    }
  }
  expect(told < 60, 'an alert a look');
}

t.test('whoever is told knows what is so, and is told once', async (t) => {
  const lives = campaign({ name: 'lives of alerts', long: 100_000, sample: 1_000 });
  await lives.run(async (seed) => lived(seed));
  t.pass();
});

t.test('what flutters is one alert, and a lifetime is no window', async (t) => {
  const settings = { ...defaultsOf(RULE), clearMs: 60_000 };
  let alert: Alert | undefined;
  let clearSince: number | undefined;
  let told = 0;
  for (let now = 0; now < 3_600_000; now += 5_000) {
    const isSo = (now / 5_000) % 3 === 0;
    clearSince = isSo ? undefined : (clearSince ?? now);
    const seen: Seen = isSo ? { cause: { subject: 'ledger' }, times: 1 } : 'not';
    const after = next(alert, seen, {
      ...{ rule: RULE, settings, silence: undefined, node: '', now, clearSince },
    });
    if (after !== alert && after?.tells !== undefined) told++;
    alert = after;
  }
  t.equal(told, 1);
});

t.test('silences hold for a rule, a subject, or all that begin so, until their end', async (t) => {
  const alert = { rule: 'BUDGET_LOW', subject: 'budget/spring/gold' } as const;
  const silence = { id: 's', reason: 'x', createdAt: 0, until: 10 };
  for (const [more, holds] of [
    [{}, true],
    [{ rule: 'BUDGET_LOW' }, true],
    [{ rule: 'STOCK_LOW' }, false],
    [{ subject: 'budget/spring/gold' }, true],
    [{ subject: 'budget/spring' }, false],
    [{ subject: 'budget/*' }, true],
    [{ subject: '*' }, true],
    [{ subject: 'budget/spring/gold*' }, true],
  ] as const) {
    t.equal(isSilencedBy({ ...silence, ...more }, alert, 9), holds, JSON.stringify(more));
    t.equal(isSilencedBy({ ...silence, ...more }, alert, 10), false);
  }
});

/** A counter that grows now and then, looked at now and then. */
function windowed(seed: number): void {
  const random = new Random(seed);
  const windowMs = random.pick([60_000, 300_000]);
  const window = new SlidingWindow();
  const events: number[] = [];
  let at = random.int(1_000);
  let total = random.int(1_000_000);
  let first: number | undefined;
  for (let n = 0; n < 400; n++) {
    at += random.int(5_000);
    const more = random.int(4) === 0 ? random.int(50) : 0;
    total += more;
    // What was counted before the first look is of no window.
    for (let i = 0; i < more && first !== undefined; i++) events.push(at);
    first ??= at;
    const [grown = -1] = window.grown(at, [total], windowMs);
    const since = (ms: number): number => events.filter((one) => one > at - ms).length;
    const slack = windowMs / 300 + 10_000;
    if (grown < since(windowMs) || grown > since(windowMs + slack))
      throw new Error(`${grown} of ${since(windowMs)}..${since(windowMs + slack)}, seed ${seed}`);
    if (window.size > 310) throw new Error(`${window.size} samples`);
  }
}

t.test('a window slides, in bounded memory', async (t) => {
  const windows = campaign({ name: 'windows', long: 5_000, sample: 50 });
  await windows.run(async (seed) => windowed(seed));
  const window = new SlidingWindow();
  t.same(window.grown(0, [5], 1_000), [0]);
  t.same(window.grown(500, [9], 1_000), [4]);
  t.same(window.grown(600, [1], 1_000), [0], 'another counter: nothing is known of it');
});
