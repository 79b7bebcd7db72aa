// Acts by property against a naive model (act-worlds.ts), and by hand while one is open; defects planted in their seam, each of which this must
// find.

import t from 'tap';
import { AccountDraft } from '../../engine/ledger/account-draft.js';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { OwnerReads } from '../../engine/ledger/owner-reads.js';
import { PastCommands } from '../../engine/ledger/past-commands.js';
import { HOLDS_MAX, RECORDS_MAX } from '../../engine/limits.js';
import { ACTS } from '../../engine/programme/index.js';
import { planOf } from '../../engine/programme/plan.js';
import { placeOfPlan, planInPlace } from '../../engine/protocol/act-fields.js';
import { packTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Command, PrepareCommand } from '../../engine/protocol/commands.js';
import { EffectWriter, EXTRA } from '../../engine/protocol/effects.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { PLACES } from '../../engine/protocol/layout.js';
import { packJson } from '../../engine/protocol/packed-writer.js';
import { validate } from '../../engine/protocol/validate.js';
import { Chain } from '../../engine/transfer/chain.js';
import { ForeignCheck } from '../../engine/transfer/foreign.js';
import { HoldsPart } from '../../engine/transfer/holds-part.js';
import { LegsPart } from '../../engine/transfer/legs-part.js';
import { Transits } from '../../engine/transfer/open/transits.js';
import { PendingPart } from '../../engine/transfer/pending-part.js';
import { PutsPart } from '../../engine/transfer/puts-part.js';
import { campaign } from '../campaign.js';
import { type Defect, findEach } from '../planted.js';
import { sourcesOf } from '../sources.js';
import { anything, codeAt, DEADLINE, judge, locked, openAct, START, saidBy } from './act-worlds.js';

t.test('whatever a plan holds is done or not done, and undone in parts', async () => {
  const cases = campaign({ name: 'acts', long: 10_000, sample: 38 });
  await cases.run(async (seed) => anything(seed));
});

t.test('what an open act has read or written takes no other, until it is decided', async (t) => {
  for (const funds of [60, 40]) {
    const isPosted = funds >= 50;
    const opened = openAct(funds);
    const { world, home, other, owner, command, ask } = opened;
    t.match(opened.first, { code: 'PREPARED' });
    for (const one of locked(opened)) t.match(ask(one), { code: 'ACCOUNT_BUSY' }, one.type);
    t.match(ask(command('l', { records: [['l', 2]] })), { ok: true }, 'another one');
    const prepare = saidBy(home);
    judge([home, other]);
    // Asked twice, it answers twice the same.
    for (let n = 0; n < 2; n++) other.apply([prepare.command], START);
    const [decision, again] = [saidBy(other), saidBy(other)];
    t.same(again, decision);
    for (let n = 0; n < 2; n++) home.apply([decision.command], START);
    const [balance] = world.shards.balances(owner);
    t.match(balance, isPosted ? { available: 67, held: 9 } : { available: 10, held: 20 });
    const { records, holds } = world.figures();
    const code = `${codeAt(0)} put: 7`;
    t.same(
      holds,
      isPosted ? [`${owner} o 3`, `${owner} taken 6`] : [`${owner} looked 10`, `${owner} taken 10`],
    );
    t.same(
      records,
      isPosted
        ? [code, `${owner} k: 1`, `${owner} l: 2`, `${owner} x ${START}: 1`]
        : [`${owner} l: 2`],
    );
    t.match(ask(command('k', { records: [['k', 2]] })), { ok: true }, 'free again');
    const repeat = ask(command('o', { legs: [], records: [['k', 1]] }));
    t.match(repeat, { code: 'ID_REUSED' }, 'another body');
    const closed = ask({ type: 'release', id: 'r', owner, holdId: 'looked' });
    t.equal(closed.ok ? '' : closed.code, isPosted ? 'HOLD_CLOSED' : '');
    judge([home, other]);
  }
});

t.test('a hold that an open act has looked at does not end by itself', async (t) => {
  for (const isPosted of [true, false]) {
    const { world, home, other, owner } = openAct(isPosted ? 60 : 40);
    home.tick(DEADLINE);
    const [held] = world.shards.balances(owner);
    t.match(held, { available: 7, held: 23 });
    other.apply([saidBy(home).command], START);
    home.apply([saidBy(other).command], DEADLINE + 1);
    home.tick(DEADLINE + 1);
    t.same(world.figures()['holds'], isPosted ? [`${owner} o 3`] : []);
    const [balance] = world.shards.balances(owner);
    t.match(balance, isPosted ? { available: 73, held: 3 } : { available: 30, held: 0 });
    judge([home, other]);
  }
});

t.test('nor does one that it has looked at alone, and it does afterwards', async (t) => {
  const { world, home, other, owner, budget, command, ask } = openAct(60);
  const decide = (time: number): void => {
    other.apply([saidBy(home).command], START);
    home.apply([saidBy(other).command], time);
  };
  decide(START);
  const [asset, deadline] = ['points', DEADLINE];
  ask({ type: 'hold', id: 'seen', owner, asset, amount: 5, deadline });
  const legs = [{ from: budget, to: owner, amount: 1 }];
  t.match(ask(command('look', { looks: ['seen'], legs })), { code: 'PREPARED' });
  const held = (): number => String(world.figures()['holds']).match(/seen/g)?.length ?? 0;
  // Another owner's act, which makes a hold, is decided meanwhile.
  const next = ['f', 'g', 'h', 'i', 'j'].find((name) => ownerHash(name) % 2 === 0)!;
  ask({ type: 'transfer', id: 'n', legs: [{ from: '@issue', to: next, asset, amount: 9 }] });
  const wish = { hold: 2, legs: [], records: [], counters: [] };
  const body = { wish: JSON.stringify(wish) };
  t.match(ask({ type: 'act', id: 'm', owner: next, act: 'everything', body }), { ok: true });
  home.tick(DEADLINE);
  t.equal(held(), 1, 'it waits');
  decide(DEADLINE + 1);
  home.tick(DEADLINE + 2);
  t.equal(held(), 0, 'it has ended');
  judge([home, other]);
});

/** A member on one of two shards, whom a budget on the other pays 50 that are pending, and 7 are issued to at once. */
function pendingAct(pending: number | null) {
  const opened = openAct(200);
  const { world, home, other, owner, budget, command } = opened;
  const decide = (time: number): void => {
    other.apply([saidBy(home).command], time);
    home.apply([saidBy(other).command], time);
  };
  decide(START);
  const ask = (asked: Command, time = START) => home.apply([asked], time)[0]!;
  const balance = () => world.shards.balances(owner)[0]!;
  const legs = [
    { from: budget, to: owner, amount: 50, pending },
    { from: '@issue', to: owner, amount: 7 },
  ];
  const confirm = (id: string): Command =>
    ({ type: 'confirm-pending', id, owner, transferId: 'p' }) as Command;
  const back = (id: string, amount: number, leg = 0): Command =>
    ({ type: 'reverse', id, owner, transferId: 'p', legs: [{ leg, amount }] }) as Command;
  const first = ask(command('p', { legs }));
  return { ...opened, ask, decide, balance, confirm, back, first };
}

t.test('what an act between shards earns may be pending', async (t) => {
  const { home, other, ask, decide, balance, confirm, back, first } = pendingAct(DEADLINE);
  t.match(first, { code: 'PREPARED' });
  t.match(ask(confirm('soon')), { code: 'ACCOUNT_BUSY' }, 'not decided yet');
  decide(START);
  t.match(balance(), { available: 74, held: 59, pending: 50 });
  // A part of it goes back: meanwhile it neither ends nor is confirmed, and nothing else of the member is touched.
  t.match(ask(back('b1', 20)), { code: 'PREPARED' });
  t.match(ask(confirm('now')), { code: 'ACCOUNT_BUSY' });
  home.tick(DEADLINE);
  t.match(balance(), { available: 80, held: 53, pending: 50 });
  judge([home, other]);
  decide(DEADLINE);
  t.match(balance(), { available: 110, held: 3, pending: 0 }, 'and its time has come');
  t.match(ask(confirm('late'), DEADLINE + 1), { code: 'NOT_PENDING' });
  judge([home, other]);
});

t.test('what is pending stays where it is not given back after all', async (t) => {
  const { home, other, ask, decide, balance, confirm, back } = pendingAct(null);
  decide(START);
  t.match(ask(back('b1', 20)), { code: 'PREPARED' });
  // The other shard hears of it too late.
  decide(START + 20_000);
  t.match(balance(), { available: 74 + 6, pending: 50 });
  t.match(ask(confirm('now'), START + 20_000), { ok: true });
  t.match(balance(), { available: 74 + 6 + 50, pending: 0 });
  judge([home, other]);
});

t.test('what is pending goes back without a debt', async (t) => {
  const { home, other, owner, ask, decide, balance, back } = pendingAct(null);
  decide(START);
  const legs = [{ from: owner, to: '@redeem', asset: 'points', amount: 74 }];
  t.match(ask({ type: 'transfer', id: 's', legs }), { ok: true });
  t.match(ask(back('b1', 7, 1)), { code: 'POINTS_SHORT' });
  t.match(ask(back('b2', 50)), { code: 'PREPARED' });
  decide(START);
  t.match(balance(), { available: 0, pending: 0 });
  judge([home, other]);
});

t.test('a plan of another form is not let in from another process', async (t) => {
  const { home, other } = openAct(60);
  const { command } = saidBy(home);
  const prepare = command as unknown as PrepareCommand;
  const carried = unpackTuple(prepare.transfer, 0, prepare.transfer.length);
  const place = carried[PLACES.act.plan] as Uint8Array;
  const plan = planOf(place);
  const isLetIn = (change: object): boolean => {
    const changed = placeOfPlan({ ...planInPlace(place), ...change });
    const transfer = packTuple(carried.with(PLACES.act.plan, packJson(changed, 10_000)));
    const bytes = packCommand({ ...prepare, transfer }, prepare.id);
    return new ForeignCheck(other.state.places).isSound(0, bytes, 1);
  };
  t.ok(isLetIn({}), 'as it is');
  const [put] = plan.puts ?? [];
  for (const change of [
    { names: 5 },
    { names: [['k']] },
    { names: [[1, 'k']] },
    { records: {} },
    { records: [['set']] },
    { records: [{ type: 'set', key: 'k' }] },
    { takes: [{ holdId: 'h' }] },
    { hold: { ...plan.hold, amount: -1 } },
    { puts: [{ ...put, owner: 'ann' }] },
    { puts: [{ ...put, otherwise: 'NO_SUCH' }] },
    { puts: [{ ...put, key: null }] },
    { homeward: { shards: [0], legs: [{ pool: 'ann', asset: 'points', amount: 1 }] } },
    { pending: [['0', 5]] },
    { pending: [[0, -1]] },
    { records: [{ type: 'set', key: 'k', value: 1, expiresAt: 'x' }] },
    { refusal: 'NOT_ELIGIBLE' },
  ])
    t.notOk(isLetIn(change), JSON.stringify(change));
});

t.test('there is room for what an open act writes and holds', async (t) => {
  const { home, other, owner, ask } = openAct(60);
  const [asset, value] = ['points', new Uint8Array(1)];
  ask({ type: 'transfer', id: 'f', legs: [{ from: '@issue', to: owner, asset, amount: 2_000 }] });
  const put = (n: number) =>
    ask({ type: 'put-record', id: `p${n}`, owner, recordType: 'r', key: `${n}`, value });
  const hold = (n: number) => ask({ type: 'hold', id: `h${n}`, owner, asset, amount: 1 });
  // It writes two records, makes a hold, and may put back what it takes of another.
  for (const [one, most, kept, code] of [
    [put, RECORDS_MAX, 2, 'RECORD_LIMIT'],
    [hold, HOLDS_MAX - 2, 2, 'HOLD_LIMIT'],
  ] as const) {
    for (let n = kept; n < most; n++) if (!one(n).ok) throw new Error(`${code} at ${n}`);
    t.match(one(0), { code: 'ACCOUNT_BUSY' }, `${code}, perhaps`);
  }
  other.apply([saidBy(home).command], START);
  home.apply([saidBy(other).command], START);
  t.match(put(0), { code: 'RECORD_LIMIT' });
  t.match(hold(0), { ok: true }, 'what was captured, and what was let go');
  t.match(hold(1), { ok: true });
  t.match(hold(-1), { code: 'HOLD_LIMIT' });
  judge([home, other]);
});

t.test('a rule is never run again', async (t) => {
  const { home, other, ask, command } = openAct(60);
  const prepare = saidBy(home);
  other.apply([prepare.command], START);
  home.apply([saidBy(other).command], START);
  ask(command('no', { counters: [['x', START, 9, 9]] }));
  // A replay has no acts at all.
  for (const { blocks, state } of [home, other])
    t.same(canonicalState(MemoryLedger.replay(blocks, state.places).state), canonicalState(state));
  const kept = ask(command('no', { counters: [['x', START, 9, 9]] }));
  t.match(kept, { ok: false, code: 'NOT_ELIGIBLE', replayed: true }, 'also what it refused');
});

t.test('no caller says what was decided', async (t) => {
  const act = { type: 'act', owner: 'ann', act: 'adjust', body: {} } as const;
  for (const more of [{ plan: {} }, { legs: [] }]) {
    const [field] = Object.keys(more);
    t.same(validate({ ...act, ...more }), { code: 'COMMAND_INVALID', field });
  }
});

t.test('an act touches its own file, and one line of the list', async (t) => {
  const of = (folder: string) => sourcesOf(folder).map(({ path, imports }) => ({ path, imports }));
  const sources = [...of('engine'), ...of('gateway')];
  for (const name of ACTS.keys()) {
    const file = `engine/programme/acts/${name}`;
    const who = sources.filter(({ imports }) => imports.some(({ to }) => to === file));
    t.same(
      who.map(({ path }) => path),
      ['engine/programme/index.ts'],
      name,
    );
  }
});

const DEFECTS: readonly Defect[] = [
  {
    what: 'what was decided is not written',
    of: LegsPart,
    method: 'decided',
    wrong: () => undefined,
  },
  {
    what: 'what was decided is written twice',
    of: LegsPart,
    method: 'decided',
    wrong: (right, given) => [right(...given), right(...given)],
  },
  {
    what: 'what was decided is written although it is refused',
    of: LegsPart,
    method: 'decided',
    wrong: (right) => right(true),
  },
  { what: 'records are not seen', of: OwnerReads, method: 'record', wrong: () => undefined },
  {
    what: 'a counter is seen as one less',
    of: OwnerReads,
    method: 'counter',
    wrong: (right, given) => right(...given) - 1,
  },
  { what: 'what is written is not busy', of: OwnerReads, method: 'touch', wrong: () => undefined },
  { what: 'nothing is ever busy', of: Transits, method: 'isBusy', wrong: () => false },
  { what: 'an open act is forgotten', of: Transits, method: 'open', wrong: () => undefined },
  {
    what: 'a budget may be overspent',
    of: AccountDraft,
    method: 'isShort',
    wrong: (right, given, self) => !self.isScarce && right(...given),
  },
  {
    what: 'earlier parts of an undo are forgotten',
    of: PastCommands,
    method: 'undoneOf',
    wrong: () => null,
  },
  {
    what: 'what is taken stays in its hold',
    of: HoldsPart,
    method: 'opened',
    wrong: () => undefined,
  },
  { what: 'a hold is never let go', of: HoldsPart, method: 'release', wrong: () => undefined },
  {
    what: 'a capture is paid out of what is available',
    of: HoldsPart,
    method: 'pays',
    wrong: () => false,
  },
  { what: 'what is held is no hold', of: HoldsPart, method: 'decided', wrong: () => undefined },
  { what: 'a refused hold stays held', of: HoldsPart, method: 'free', wrong: () => undefined },
  { what: 'a hold is not reserved', of: HoldsPart, method: 'reserve', wrong: () => 0 },
  {
    what: 'a reserve for a hold is counted nowhere',
    of: HoldsPart,
    method: 'expected',
    wrong: () => [],
  },
  {
    what: 'a hold ends while an act is open that has looked at it',
    of: Transits,
    method: 'holdsBack',
    wrong: () => false,
  },
  {
    what: 'a record of another is written whatever it is',
    of: PutsPart,
    method: 'reserve',
    wrong: () => 0,
  },
  { what: 'a record of another stays', of: PutsPart, method: 'post', wrong: () => undefined },
  {
    what: 'whom else an act writes is left out of its chain',
    of: Chain,
    method: 'plan',
    wrong: (right, given) => right(...given.slice(0, 3), { ...given[3], puts: [] }),
  },
  {
    what: 'what is taken of a hold is not busy',
    of: OwnerReads,
    method: 'hold',
    wrong: (right, given, self) => {
      right(...given);
      self.names.pop();
    },
  },
  { what: 'what is pending is available', of: PendingPart, method: 'has', wrong: () => false },
  {
    what: 'what is pending is held for ever',
    of: PendingPart,
    method: 'posted',
    wrong: () => undefined,
  },
  {
    what: 'what is pending is so for ever',
    of: PendingPart,
    method: 'begin',
    wrong: (right, [carried, plan, ...more]) => {
      const pending = plan?.pending?.map(([leg]: [number]) => [leg, null]);
      return right(carried, plan && { ...plan, pending }, ...more);
    },
  },
  {
    what: 'what was decided is told by nobody',
    of: EffectWriter,
    method: 'extra',
    wrong: (right, [tag, ...given]) => (tag === EXTRA.record ? undefined : right(tag, ...given)),
  },
];

findEach(DEFECTS, [anything, locksHold], { 'a hold is never let go': 26 });

/** What an open act has touched takes no other, and is in the log. */
function locksHold(): void {
  const opened = openAct(60);
  for (const one of locked(opened)) {
    const outcome = opened.ask(one);
    if (outcome.ok || outcome.code !== 'ACCOUNT_BUSY') throw new Error(`${one.type} is not busy`);
  }
  const { home, other, world, owner } = opened;
  home.tick(DEADLINE);
  if (world.shards.balances(owner)[0]?.held !== 23) throw new Error('a hold has ended');
  judge([home, other]);
}
