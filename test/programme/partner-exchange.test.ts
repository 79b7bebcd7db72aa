// Exchanges with partners outside: each direction, each way back, each refusal, in its order.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { PARTNER_EXCHANGE_KEPT_MS } from '../../engine/limits.js';
import { inconsistencyId } from '../../engine/programme/outside/inconsistencies.js';
import { exchangeIdOf } from '../../engine/programme/outside/process.js';
import { TRANSITIONS } from '../../engine/programme/outside/transition.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { ROOT } from '../setup.js';
import { EXCHANGING, PartnerWorld, userAt } from './partner-world.js';

const OUT = userAt('p', 'ann');
const FAR = userAt('q', 'ann');
function world(count = 1): PartnerWorld {
  const made = new PartnerWorld(count);
  made.give('ann', 'alpha', 10_000);
  made.joins('p', 'ann');
  made.joins('q', 'ann');
  return made;
}

const [DEDUCT, ADD, CONFIRM, BACK_TARGET, BACK_SOURCE] = [
  'deduct_source_credits',
  'add_target_credits',
  'confirm_source_deduction',
  'rollback_target_addition',
  'rollback_source_freeze',
];
const WHERE = [1, 3];
/** Fields of what is given from here to a partner, from there to here, and from there to another one. */
const GOES_OUT = { from: 'alpha', to: 'out', amount: 102, toUser: OUT };
const COMES_IN = { from: 'out', to: 'alpha', amount: 102, fromUser: OUT };
const BETWEEN = { from: 'out', to: 'far', amount: 102, fromUser: OUT, toUser: FAR };
const told = (kind: string, user: string, amount: number, state = 'completed') => ({
  ...{ state, kind, user, amount },
});
const DEDUCTED = told('deduct', OUT, 102);

t.test('from here to a partner', async (t) => {
  for (const count of WHERE) {
    const w = world(count);
    const [x, said] = w.submits(GOES_OUT);
    t.equal(said, `started ${ADD}`);
    t.same(w.has('ann', 'alpha'), [9_898, 102]);
    t.equal(w.counted('ann', 'alpha'), 102);
    const id = w.kept(x)?.id as string;
    for (const type of ['capture', 'release']) {
      const more = type === 'capture' ? { to: 'bob' } : {};
      const outcome = w.do({ type, id: type, owner: 'ann', holdId: id, ...more } as never);
      t.equal(outcome.ok || outcome.code, 'HOLD_KEPT');
    }
    t.equal(w.step(x, ADD, { state: 'unknown' }), `retrying ${ADD}`);
    t.equal(w.step(x, CONFIRM), 'EXCHANGE_STEP_PAST');
    t.equal(w.step(x, ADD, told('add', OUT, 100)), `in_progress ${CONFIRM}`);
    t.equal(w.step(x, ADD, told('add', OUT, 100)), 'EXCHANGE_STEP_PAST');
    t.equal(w.says('partner-exchange-cancel', { exchange: x }), 'EXCHANGE_STATE_INVALID');
    t.equal(w.step(x, CONFIRM), `completed ${CONFIRM}`);
    t.equal(w.step(x, CONFIRM), 'EXCHANGE_STEP_PAST');
    t.equal(w.says('partner-exchange-cancel', { exchange: x }), 'EXCHANGE_STATE_INVALID');
    t.same(w.has('ann', 'alpha'), [9_898, 0]);
    t.same(w.has('@fee', 'alpha'), [2, 0]);
    t.same(w.has('@clearing:a', 'alpha'), [100, 0]);
    t.same(w.has('@clearing:a', 'out'), [-100, 0]);
    t.same(w.has('@clearing:p', 'out'), [100, 0]);
    t.same(w.open(), []);
    t.same(
      [...w.operations('p')].map(([id, { kind, state, amount }]) => [id, kind, state, amount]),
      [[`${x}_add`, 'add', 'completed', 100]],
    );
    t.same(
      w.told(x).history.map(({ step, answer }) => `${step} ${answer}`),
      [`${DEDUCT} held`, `${ADD} completed`, `${CONFIRM} done`],
    );
    // Undone by nobody.
    for (const transferId of [id, w.kept(x)?.moved as string]) {
      const outcome = w.do({
        type: 'reverse',
        id: `r${transferId}`,
        owner: 'ann',
        transferId,
      } as never);
      t.equal(outcome.ok || outcome.code, 'NOT_REVERSIBLE');
    }
    t.equal(w.says('exchange-return', { exchange: id }), 'NOT_REVERSIBLE');
  }
});

t.test('from a partner to here', async (t) => {
  for (const count of WHERE) {
    const w = world(count);
    const [x, said] = w.submits(COMES_IN);
    t.equal(said, `started ${DEDUCT}`);
    t.equal(w.step(x, DEDUCT, DEDUCTED), `in_progress ${ADD}`);
    t.same(w.has('ann', 'alpha'), [10_000, 0]);
    t.equal(w.step(x, ADD), `in_progress ${CONFIRM}`);
    t.same(w.has('ann', 'alpha'), [10_100, 0]);
    const transferId = w.kept(x)?.moved;
    const back = w.do({ type: 'reverse', id: 'r', owner: 'ann', transferId } as never);
    t.equal(back.ok || back.code, 'NOT_REVERSIBLE');
    t.equal(w.step(x, CONFIRM, { state: 'absent' }), `retrying ${CONFIRM}`, 'contrary');
    t.equal(w.inconsistencies().length, 1);
    t.equal(w.step(x, CONFIRM, DEDUCTED), `completed ${CONFIRM}`);
    t.same(w.inconsistencies(), []);
    t.equal(w.inconsistency(w.told(x).inconsistency as string)?.reason, 'answered');
    t.same(w.has('@clearing:p', 'out'), [-2, 0]);
    t.same(w.has('@clearing:p', 'alpha'), [-100, 0]);
    t.same(w.has('@fee', 'out'), [2, 0]);
    t.equal(w.counted('ann', 'out'), 102);
  }
});

t.test('from a partner to another one', async (t) => {
  for (const count of WHERE) {
    const w = world(count);
    const { toUser: _, ...unnamed } = BETWEEN;
    const [x, said] = w.submits(unnamed);
    t.equal(said, `started ${DEDUCT}`);
    t.equal(w.step(x, DEDUCT, DEDUCTED), `in_progress ${ADD}`);
    // Nobody is asked before the partner knows who gets it.
    t.equal(w.operations('q').size, 0);
    t.equal(w.step(x, ADD, told('add', FAR, 100)), 'EXCHANGE_STATE_INVALID');
    const name = (user: string) => w.says('partner-exchange-user', { exchange: x, user });
    t.equal(name('q-eve'), 'MEMBER_UNKNOWN');
    t.equal(name(FAR), `in_progress ${ADD}`);
    t.equal(name(FAR), `in_progress ${ADD}`);
    t.equal(name('q-eve'), 'EXCHANGE_STATE_INVALID');
    t.equal(w.operations('q').get(`${x}_add`)?.state, 'pending');
    t.equal(w.step(x, ADD, told('add', FAR, 100)), `in_progress ${CONFIRM}`);
    t.equal(name(FAR), 'EXCHANGE_STATE_INVALID');
    t.equal(w.step(x, CONFIRM, DEDUCTED), `completed ${CONFIRM}`);
    t.same(w.has('@clearing:p', 'far'), [-100, 0]);
    t.same(w.has('@clearing:q', 'far'), [100, 0]);
    t.same(w.has('@fee', 'out'), [2, 0]);
  }
});

t.test('back, before and after the partner was asked', async (t) => {
  for (const count of WHERE) {
    const w = world(count);
    const clean = () => {
      t.same(w.has('ann', 'alpha'), [10_000, 0]);
      t.same([w.counted('ann', 'alpha'), w.counted('ann', 'out')], [0, 0]);
      t.same([w.open(), w.inconsistencies()], [[], []]);
      for (const one of ['@clearing:a', '@clearing:p', '@fee'])
        for (const asset of ['alpha', 'out']) t.same(w.has(one, asset), [0, 0]);
    };
    // Refused by the target.
    const [one] = w.submits(GOES_OUT);
    const refused = { ...told('add', OUT, 100, 'refused'), code: 'USER_UNKNOWN' };
    t.equal(w.step(one, ADD, refused), `in_progress ${BACK_SOURCE}`);
    t.equal(w.says('partner-exchange-cancel', { exchange: one }), `in_progress ${BACK_SOURCE}`);
    t.equal(w.step(one, BACK_SOURCE), `failed ${BACK_SOURCE}`);
    t.equal(w.told(one).reason, 'USER_UNKNOWN');
    t.equal(w.says('partner-exchange-cancel', { exchange: one }), 'EXCHANGE_STATE_INVALID');
    clean();
    // Not known, and then too late.
    const [two] = w.submits({ ...GOES_OUT, seconds: 60 });
    t.equal(w.step(two, ADD, { state: 'absent' }), `retrying ${ADD}`);
    w.time += 60_000;
    t.equal(w.step(two, ADD, { state: 'pending' }), `in_progress ${BACK_TARGET}`);
    t.equal(w.step(two, BACK_TARGET, { state: 'absent' }), `retrying ${BACK_TARGET}`);
    t.equal(w.step(two, BACK_TARGET, { state: 'void' }), `in_progress ${BACK_SOURCE}`);
    t.equal(w.step(two, BACK_SOURCE), `failed ${BACK_SOURCE}`);
    t.equal(w.told(two).reason, 'NOT_IN_TIME');
    t.equal(w.operations('p').get(`${two}_add`)?.state, 'void');
    clean();
    // Cancelled; what was added cannot be taken back: what is done is done.
    const [three] = w.submits(GOES_OUT);
    t.equal(w.says('partner-exchange-cancel', { exchange: three }), `in_progress ${BACK_TARGET}`);
    const stands = { ...told('add', OUT, 100), code: 'POINTS_SHORT' };
    const { code: _, ...unclear } = stands;
    t.equal(w.step(three, BACK_TARGET, unclear), `retrying ${BACK_TARGET}`);
    t.equal(w.step(three, BACK_TARGET, stands), `in_progress ${CONFIRM}`);
    t.equal(w.step(three, CONFIRM), `completed ${CONFIRM}`);
    t.same(w.has('ann', 'alpha'), [9_898, 0]);
    t.equal(w.told(three).reason, undefined);
  }
});

t.test('back where the source is a partner’s', async (t) => {
  for (const count of WHERE) {
    const w = world(count);
    // Refused at once.
    const [one] = w.submits(COMES_IN);
    t.equal(w.step(one, DEDUCT, told('deduct', OUT, 102, 'refused')), `failed ${DEDUCT}`);
    // It goes to somebody who is not known any more.
    w.define('exchanging', 'alpha', { ...EXCHANGING.alpha, members: 'known' });
    w.joins('a', 'bob');
    const [two] = w.submits({ ...COMES_IN, receiver: 'bob' });
    t.equal(w.step(two, DEDUCT, DEDUCTED), `in_progress ${ADD}`);
    w.act('platform-leave', { platform: 'a', user: userAt('a', 'bob') }, 'bob');
    t.equal(w.step(two, ADD), 'MEMBER_UNKNOWN');
    const gone = { state: 'refused', code: 'MEMBER_UNKNOWN' };
    t.equal(w.step(two, ADD, gone), `in_progress ${BACK_SOURCE}`);
    t.equal(
      w.step(two, BACK_SOURCE, told('deduct', OUT, 102, 'rolled_back')),
      `failed ${BACK_SOURCE}`,
    );
    // The reserve is short, and then it is too late.
    w.define('exchanging', 'alpha', EXCHANGING.alpha);
    w.give('#reserve:b', 'beta', 8_333);
    const [three, said] = w.submits({ ...COMES_IN, to: 'beta', seconds: 60 });
    t.equal(said, `started ${DEDUCT}`);
    const [four] = w.submits({ ...COMES_IN, to: 'beta' });
    for (const x of [three, four]) t.equal(w.step(x, DEDUCT, DEDUCTED), `in_progress ${ADD}`);
    t.equal(w.step(four, ADD), `in_progress ${CONFIRM}`);
    // Of a reserve on another shard it is known a moment later.
    t.match(w.step(three, ADD), /^(RESERVE|BUDGET)_SHORT$/);
    t.equal(w.step(three, ADD), 'RESERVE_SHORT');
    t.equal(w.step(three, ADD, { state: 'unknown', code: 'RESERVE_SHORT' }), `retrying ${ADD}`);
    w.time += 60_000;
    t.equal(w.step(three, ADD, { state: 'unknown' }), `in_progress ${BACK_SOURCE}`);
    // It cannot be given back.
    const stands = { ...DEDUCTED, code: 'ACCOUNT_CLOSED' };
    t.equal(w.step(three, BACK_SOURCE, stands), `failed ${BACK_SOURCE}`);
    const id = w.told(three).inconsistency as string;
    t.equal(w.inconsistency(id)?.kind, 'failed_unfreeze');
    const judge = (verdict: string, step = BACK_SOURCE) =>
      w.says('partner-exchange-verdict', {
        exchange: three,
        step,
        verdict,
        reason: 'so',
        by: 'op',
      });
    t.equal(judge('retry', ADD), 'EXCHANGE_STEP_PAST');
    t.equal(judge('retry'), `retrying ${BACK_SOURCE}`);
    t.equal(w.inconsistency(id)?.state, 'resolved');
    t.equal(w.inconsistency(id)?.by, 'op');
    t.equal(w.step(three, BACK_SOURCE, stands), `failed ${BACK_SOURCE}`);
    t.equal(judge('done'), `failed ${BACK_SOURCE}`);
    t.equal(judge('done'), 'EXCHANGE_STEP_PAST');
    t.equal(w.operations('p').get(`${three}_deduct`)?.state, 'rolled_back');
    t.equal(w.counted('ann', 'out'), 102);
    // The source takes back what it had said: what was added goes back.
    t.same(w.has('ann', 'beta'), [8_333, 0]);
    t.equal(
      w.step(four, CONFIRM, told('deduct', OUT, 102, 'rolled_back')),
      `in_progress ${BACK_TARGET}`,
    );
    t.equal(w.step(four, BACK_TARGET), `in_progress ${BACK_SOURCE}`);
    t.same(w.has('ann', 'beta'), [0, 0]);
    t.same(w.has('#reserve:b', 'beta'), [8_333, 0]);
    t.same(w.has('@fee', 'out'), [0, 0]);
    t.equal(w.inconsistencies().length, 1);
    t.equal(w.step(four, BACK_SOURCE, { state: 'void' }), `failed ${BACK_SOURCE}`);
    t.same([w.inconsistencies(), w.open()], [[], []]);
  }
});

t.test('what was added and is spent stays, and an operator is told', async (t) => {
  for (const count of WHERE) {
    const w = world(count);
    const [x] = w.submits(COMES_IN);
    w.step(x, DEDUCT, DEDUCTED);
    w.step(x, ADD);
    w.step(x, CONFIRM, told('deduct', OUT, 102, 'rolled_back'));
    const spent = { state: 'refused', code: 'POINTS_SHORT' };
    t.equal(w.step(x, BACK_TARGET, spent), `retrying ${BACK_TARGET}`, 'she has it still');
    w.spends('ann', 'alpha', 10_050);
    t.equal(w.step(x, BACK_TARGET), 'POINTS_SHORT');
    t.equal(w.step(x, BACK_TARGET, spent), `completed ${BACK_TARGET}`);
    const id = w.told(x).inconsistency as string;
    t.same(
      [w.inconsistency(id)?.kind, w.inconsistency(id)?.state],
      ['cross_system_mismatch', 'open'],
    );
    t.equal(
      w.act(
        'inconsistency-resolve',
        { inconsistency: id, reason: 'so', by: 'op' },
        `#inconsistency:${id}`,
      ).ok,
      false,
    );
    const judge = (verdict: string) =>
      w.says('partner-exchange-verdict', {
        exchange: x,
        step: BACK_TARGET,
        verdict,
        reason: 'so',
        by: 'op',
      });
    t.equal(judge('retry'), 'EXCHANGE_STATE_INVALID');
    t.equal(judge('not_done'), `completed ${BACK_TARGET}`);
    t.same(w.inconsistencies(), []);
    // What two partners say cannot be, nobody can put right here.
    const [y] = w.submits(BETWEEN);
    w.step(y, DEDUCT, DEDUCTED);
    w.step(y, ADD, told('add', FAR, 100));
    w.step(y, CONFIRM, { state: 'void' });
    t.equal(
      w.step(y, BACK_TARGET, { ...told('add', FAR, 100), code: 'NO' }),
      `failed ${BACK_TARGET}`,
    );
    t.same(w.has('@clearing:q', 'far'), [0, 0]);
    t.equal(w.inconsistencies().length, 1);
  }
});

t.test('a second person agrees', async (t) => {
  for (const count of WHERE) {
    const w = world(count);
    const MUCH = { ...GOES_OUT, amount: 2_001 };
    t.equal(w.submits(MUCH)[1], 'APPROVAL_REQUIRED', 'nobody knows who asks');
    const [x, said] = w.submits(MUCH, 'ann', 'kim');
    t.equal(said, `pending_approval ${DEDUCT}`);
    t.same(w.has('ann', 'alpha'), [7_999, 2_001]);
    const approve = (exchange: string, as?: string, more: object = {}) =>
      w.says('partner-exchange-approve', { exchange, ...more }, 'ann', as);
    t.equal(w.step(x, DEDUCT, { state: 'unknown' }), 'EXCHANGE_STATE_INVALID');
    t.equal(approve(x, 'kim'), 'APPROVAL_REQUIRED');
    t.equal(approve(x), 'APPROVAL_REQUIRED');
    t.equal(approve('px_none', 'lee'), 'EXCHANGE_NOT_FOUND');
    t.equal(approve(x, 'lee'), `started ${ADD}`);
    t.equal(approve(x, 'lee'), 'EXCHANGE_STATE_INVALID');
    t.equal(w.operations('p').get(`${x}_add`)?.state, 'pending');
    const [y] = w.submits(MUCH, 'ann', 'kim');
    t.equal(approve(y, 'kim', { rejects: true }), `in_progress ${BACK_SOURCE}`);
    t.equal(w.step(y, BACK_SOURCE), `failed ${BACK_SOURCE}`);
    t.equal(w.told(y).reason, 'REJECTED');
    // From a partner: he is not asked before, nor where nobody agrees in time.
    w.define('exchanging', 'out', { ...EXCHANGING.out, approvalAbove: 100 });
    const [z, first] = w.submits({ ...COMES_IN, seconds: 60 }, 'ann', 'kim');
    t.equal(first, `pending_approval ${DEDUCT}`);
    t.equal(w.operations('p').size, 1);
    w.time += 60_000;
    t.equal(approve(z, 'lee'), 'EXCHANGE_STATE_INVALID');
    t.equal(w.step(z, DEDUCT, { state: 'unknown' }), `failed ${DEDUCT}`);
    const [v] = w.submits(COMES_IN, 'ann', 'kim');
    w.act('platform-leave', { platform: 'p', user: OUT }, 'ann');
    t.equal(approve(v, 'lee'), 'MEMBER_UNKNOWN', 'he is hers no more');
    w.joins('p', 'ann');
    t.equal(approve(v, 'lee'), `started ${DEDUCT}`);
    t.equal(w.operations('p').get(`${v}_deduct`)?.state, 'pending');
    t.same([w.has('ann', 'alpha'), w.counted('ann', 'alpha')], [[7_999, 2_001], 2_001]);
  }
});

t.test('what contradicts, and what is not known, is told once', async (t) => {
  for (const count of WHERE) {
    const w = world(count);
    const [x] = w.submits(GOES_OUT);
    const stuck = (exchange = x, step = ADD) =>
      w.says('partner-exchange-stuck', { exchange, step });
    t.equal(stuck('px_none'), 'EXCHANGE_NOT_FOUND');
    t.equal(stuck(x, CONFIRM), 'EXCHANGE_STEP_PAST');
    t.equal(stuck(), 'EXCHANGE_STATE_INVALID');
    const judge = (verdict: string, step = ADD, exchange = x) =>
      w.says('partner-exchange-verdict', { exchange, step, verdict, reason: 'so', by: 'op' });
    t.equal(judge('done'), 'EXCHANGE_STATE_INVALID', 'nothing is wrong with it');
    t.equal(judge('done', ADD, 'px_none'), 'EXCHANGE_NOT_FOUND');
    w.step(x, ADD, { state: 'unknown' });
    t.equal(stuck(), `retrying ${ADD}`);
    t.equal(stuck(), 'EXCHANGE_STATE_INVALID', 'an operator is to look already');
    const kinds = () => w.inconsistencies().map((id) => w.inconsistency(id)?.kind);
    t.same(kinds(), ['cross_system_reconciliation']);
    for (const one of [told('add', OUT, 99), told('add', FAR, 100), told('deduct', OUT, 100)]) {
      t.equal(w.step(x, ADD, one), `retrying ${ADD}`);
      t.same(kinds(), ['cross_system_mismatch']);
    }
    const [id = ''] = w.inconsistencies();
    const { ours, theirs, partner, exchange, operation } = w.inconsistency(id) ?? {};
    t.same([ours, theirs, partner, exchange, operation], [100, 99, 'p', x, `${x}_add`]);
    t.equal(stuck(), 'EXCHANGE_STATE_INVALID');
    t.equal(w.inconsistencies().length, 1);
    t.equal(judge('retry'), `retrying ${ADD}`);
    t.same(kinds(), []);
    t.equal(judge('done'), `in_progress ${CONFIRM}`);
    t.equal(w.step(x, CONFIRM), `completed ${CONFIRM}`);
    const [y] = w.submits(COMES_IN);
    w.step(y, DEDUCT, { state: 'unknown' });
    t.equal(judge('not_done', DEDUCT, y), `in_progress ${BACK_SOURCE}`);
    // What is done here is known here.
    const [z] = w.submits(COMES_IN);
    w.step(z, DEDUCT, DEDUCTED);
    w.step(z, ADD, { state: 'unknown', code: 'SHARD_UNAVAILABLE' });
    t.equal(judge('done', ADD, z), 'EXCHANGE_STATE_INVALID');
    t.equal(judge('not_done', ADD, z), `in_progress ${BACK_SOURCE}`);
  }
});

t.test(
  'an operator’s list: the same finding is open once, and again after it was resolved',
  async (t) => {
    const w = world(3);
    const about = {
      kind: 'cross_system_reconciliation',
      partner: 'p',
      finding: 'missing_in_target',
    };
    const id = inconsistencyId('p', 'missing_in_target', 'op-1');
    const open = (owner = `#inconsistency:${id}`) =>
      w.says(
        'inconsistency-open',
        { ...about, subject: 'op-1', operation: 'op-1', ours: 5 },
        owner,
      );
    const resolve = (inconsistency = id) =>
      w.says(
        'inconsistency-resolve',
        { inconsistency, reason: 'so', by: 'op' },
        `#inconsistency:${inconsistency}`,
      );
    t.equal(resolve(), 'INCONSISTENCY_NOT_FOUND');
    t.equal(open('#inconsistency:in_other'), 'INCONSISTENCY_NOT_FOUND');
    t.equal(open(), 'inconsistencyOpened');
    t.equal(open(), 'undefined');
    t.same(w.inconsistencies(), [id]);
    t.equal(resolve(), 'inconsistencyResolved');
    t.equal(resolve(), 'INCONSISTENCY_STATE_INVALID');
    t.same(w.inconsistencies(), []);
    t.equal(open(), 'inconsistencyOpened');
    t.same(w.inconsistencies(), [id]);
  },
);

t.test('each rule refuses, in its order', async (t) => {
  const w = world();
  const submits = (body: object) => w.submits({ ...GOES_OUT, ...body })[1];
  t.equal(submits({ to: 'beta', toUser: undefined }), 'EXCHANGE_UNSUPPORTED', 'nobody is outside');
  for (const act of ['exchange', 'exchange-submit'])
    t.equal(w.says(act, { from: 'alpha', to: 'out', amount: 102 }), 'EXCHANGE_UNSUPPORTED');
  t.equal(submits({ amount: 2, expected: 1 }), 'EXCHANGE_TOO_SMALL');
  t.equal(submits({ amount: 60_001 }), 'EXCHANGE_LIMIT');
  t.equal(
    submits({ to: 'beta', from: 'out', toUser: undefined }),
    'RESERVE_SHORT',
    'before members',
  );
  t.equal(submits({ toUser: 'p-eve' }), 'MEMBER_UNKNOWN');
  t.equal(submits({ fromUser: OUT }), 'MEMBER_UNKNOWN', 'the source is here');
  t.equal(submits({ receiver: 'bob' }), 'MEMBER_UNKNOWN');
  t.equal(w.submits({ ...COMES_IN, fromUser: 'p-eve' })[1], 'MEMBER_UNKNOWN');
  t.equal(w.submits({ ...COMES_IN, fromUser: undefined })[1], 'MEMBER_UNKNOWN');
  t.equal(w.submits({ ...COMES_IN, toUser: OUT })[1], 'MEMBER_UNKNOWN', 'the target is here');
  t.equal(submits({ expected: 99 }), 'EXCHANGE_DIFFERS');
  t.equal(
    w.submits({ ...GOES_OUT, amount: 1_900, toUser: userAt('p', 'bob') }, 'bob')[1],
    'MEMBER_UNKNOWN',
  );
  w.joins('p', 'bob');
  t.equal(w.submits({ ...GOES_OUT, toUser: userAt('p', 'bob') }, 'bob')[1], 'POINTS_SHORT');
  t.equal(submits({ receiver: 'bob', toUser: userAt('p', 'bob') }), `started ${ADD}`);
  // What a quote says; it is not for an exchange inside.
  const quoted = w.act('exchange-quote', { from: 'alpha', to: 'out', amount: 102 }, 'ann');
  const quote = quoted.ok ? String(quoted.act?.effects[0]?.['quote']) : quoted.code;
  w.define('exchange-rate', 'alpha.out', { coalition: 'main', rate: '0.5' });
  const [x] = w.submits({ ...GOES_OUT, quote });
  t.equal(w.told(x).result, 100);
  t.equal(w.told(w.submits(GOES_OUT)[0]).result, 50);
  w.time += 3_600_000;
  t.equal(submits({ quote }), 'QUOTE_EXPIRED');
  t.equal(submits({ seconds: 0 }), 'ACT_BODY_INVALID');
  t.equal(w.step('px_none', ADD), 'EXCHANGE_NOT_FOUND');
  t.equal(w.says('partner-exchange-cancel', { exchange: 'px_none' }), 'EXCHANGE_NOT_FOUND');
  t.equal(w.says('partner-exchange-cancel', { exchange: x }, 'bob'), 'EXCHANGE_NOT_FOUND');
  for (const field of [{ reserve: 'pool' }, { expiresDays: 3 }, { pendingSeconds: 9 }])
    t.throws(
      () => w.define('exchanging', 'out', { ...EXCHANGING.out, ...field }),
      /DEFINITION_INVALID/,
    );
});

t.test('a platform means its own exchanges', async (t) => {
  const w = world();
  const submitted = w.says('partner-exchange', GOES_OUT, 'ann', undefined, 'a,one');
  t.equal(submitted, `started ${ADD}`);
  const exchange = exchangeIdOf('ann', 'a,one');
  const cancel = (id: string) =>
    w.says('partner-exchange-cancel', { exchange }, 'ann', undefined, id);
  t.equal(cancel('b,two'), 'EXCHANGE_NOT_FOUND');
  t.equal(cancel('a,two'), `in_progress ${BACK_TARGET}`);
  t.equal(cancel('operator'), `in_progress ${BACK_TARGET}`);
});

t.test('what has ended is kept for a time', async (t) => {
  const w = world();
  const [x] = w.submits(COMES_IN);
  w.step(x, DEDUCT, told('deduct', OUT, 102, 'refused'));
  w.time += PARTNER_EXCHANGE_KEPT_MS - 1;
  w.shards.tick(w.time);
  t.ok(w.kept(x));
  w.time += 1;
  w.shards.tick(w.time);
  t.equal(w.kept(x), undefined);
  t.equal(w.step(x, DEDUCT), 'EXCHANGE_NOT_FOUND');
});

t.test('the table of the README is the one that decides', async (t) => {
  const rows = TRANSITIONS.map(({ at, word, where = '', next, opens = [] }) => {
    const cells = [at, word, where, next, opens.join(' ')];
    return `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`;
  });
  const readme = readFileSync(join(ROOT, 'engine/programme/outside/README.md'), 'utf8');
  t.match(readme, rows.join('\n'), rows.join('\n'));
});

t.test('a hold that is not there is told, and nothing is made of it', async (t) => {
  const w = world();
  const [shard] = w.shards.shards;
  const [x] = w.submits(GOES_OUT);
  const [y] = w.submits(GOES_OUT);
  shard?.state.pages.pageOf(ownerHash('ann')).holds?.clear();
  w.says('partner-exchange-cancel', { exchange: x });
  w.step(x, BACK_TARGET, { state: 'void' });
  t.equal(w.step(x, BACK_SOURCE), `failed ${BACK_SOURCE}`);
  t.equal(w.inconsistency(w.told(x).inconsistency as string)?.kind, 'failed_unfreeze');
  w.step(y, ADD, told('add', OUT, 100));
  t.equal(w.step(y, CONFIRM), 'HOLD_CLOSED');
  t.equal(w.step(y, CONFIRM, { state: 'unknown', code: 'HOLD_CLOSED' }), `retrying ${CONFIRM}`);
});

t.test('the longest names there may be fit', async (t) => {
  const w = world(3);
  const owner = 'o'.repeat(64);
  const named = (letter: string) => letter.repeat(128);
  const [from, to] = [named('甲'), named('乙')];
  w.joins('p', owner, from);
  w.joins('q', owner, to);
  const id = `${'s'.repeat(24)},${'i'.repeat(64)}`;
  const exchange = exchangeIdOf(owner, id);
  const step = (at: string, heard: object) => w.step(exchange, at, heard, owner);
  const body = { from: 'out', to: 'far', amount: 60_000, fromUser: from, toUser: to };
  t.equal(w.says('partner-exchange', body, owner, 'k', id), `started ${DEDUCT}`);
  const code = 'C'.repeat(64);
  const judge = (at: string, verdict: string) =>
    w.says(
      'partner-exchange-verdict',
      {
        exchange,
        step: at,
        verdict,
        reason: named('丙').repeat(2).slice(0, 200),
        by: 'b'.repeat(200),
      },
      owner,
    );
  for (let n = 0; n < 3; n++) {
    t.equal(step(DEDUCT, { state: 'unknown' }), `retrying ${DEDUCT}`);
    w.says('partner-exchange-stuck', { exchange, step: DEDUCT }, owner);
    t.equal(step(DEDUCT, told('add', to, 1)), `retrying ${DEDUCT}`);
    t.equal(judge(DEDUCT, 'retry'), `retrying ${DEDUCT}`);
  }
  t.equal(step(DEDUCT, told('add', to, 1)), `retrying ${DEDUCT}`);
  t.equal(step(DEDUCT, told('deduct', from, 60_000)), `in_progress ${ADD}`);
  t.equal(step(ADD, told('add', to, 59_998)), `in_progress ${CONFIRM}`);
  t.equal(
    step(CONFIRM, { ...told('deduct', from, 60_000, 'rolled_back'), code }),
    `in_progress ${BACK_TARGET}`,
  );
  t.equal(step(BACK_TARGET, told('add', to, 59_998, 'rolled_back')), `in_progress ${BACK_SOURCE}`);
  const stands = { ...told('deduct', from, 60_000), code };
  for (let n = 0; n < 20; n++) {
    t.equal(step(BACK_SOURCE, stands), `failed ${BACK_SOURCE}`);
    t.equal(judge(BACK_SOURCE, 'retry'), `retrying ${BACK_SOURCE}`);
  }
  t.equal(step(BACK_SOURCE, told('deduct', from, 60_000, 'rolled_back')), `failed ${BACK_SOURCE}`);
  t.equal(w.told(exchange, owner).history.length, 16);
  t.same(w.inconsistencies(), []);
});
