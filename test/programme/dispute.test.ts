// Disputes of what platforms owe each other: who may do what when, what settles one, what undoes that; replayed.

import t from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { MAIN } from './coalition-world.js';
import { Court, LINES } from './dispute-world.js';
import { DAY_MS, HOUR_MS } from './earning-world.js';

const NOTHING = '0 0 0 0';

t.test('who may do what, and when', async (t) => {
  const court = new Court();
  t.equal(court.answers(), 'DISPUTE_NOT_FOUND');
  t.equal(court.opens({ coalition: 'other' }), 'DEFINITION_NOT_FOUND');
  t.equal(court.opens({ since: court.time - 30 * DAY_MS }), 'DISPUTE_LATE');
  t.equal(court.opens({ lines: [LINES[0], LINES[0]] }), 'DISPUTE_LINE_TAKEN');
  t.equal(court.opens({ lines: [{ ...LINES[0], disputed: 1_001 }] }), 'ACT_BODY_INVALID');
  t.equal(court.opens({ lines: [] }), 'ACT_BODY_INVALID');
  t.equal(court.opens({ reason: '' }), 'ACT_BODY_INVALID');
  t.equal(court.opens({}, 'one'), 'disputeOpened open');
  t.equal(court.opens({ dispute: 'e' }), 'DISPUTE_LINE_TAKEN', 'by another name');
  t.equal(court.opens({ dispute: 'e', by: 'b', other: 'a' }), 'disputeOpened open', 'other lines');
  t.equal(court.answers({ party: 'a' }), 'DISPUTE_PARTY', 'its own');
  t.equal(court.answers({ party: 'c' }), 'DISPUTE_PARTY', 'a stranger');
  t.equal(court.ends('withdrawn', { party: 'b' }), 'DISPUTE_PARTY');
  t.equal(court.ends('withdrawn'), 'DISPUTE_PARTY', 'not the operator');
  t.equal(court.ends('rejected', { party: 'a' }), 'DISPUTE_PARTY');
  t.equal(court.ends('rejected'), 'DISPUTE_STATE_INVALID', 'before it was answered');
  t.equal(court.answers({}, 'two'), 'disputeAnswered answered');
  t.equal(court.answers({ agrees: true }), 'DISPUTE_STATE_INVALID');
  t.equal(court.ends('settled', { amounts: [401, 0] }), 'DISPUTE_AMOUNT_INVALID');
  t.equal(court.ends('settled', { amounts: [0, 0] }), 'DISPUTE_AMOUNT_INVALID');
  t.equal(court.ends('settled', { amounts: [1] }), 'DISPUTE_AMOUNT_INVALID');
  t.equal(court.ends('rejected', {}, 'three'), 'disputeRejected rejected');
  // What is closed stays so, whoever repeats what.
  t.equal(court.opens({}, 'one'), 'disputeOpened open', 'a repeat is told what came of it then');
  t.equal(court.opens(), 'DISPUTE_LINE_TAKEN');
  t.equal(court.answers({ agrees: true }), 'DISPUTE_STATE_INVALID');
  t.equal(court.ends('settled'), 'DISPUTE_STATE_INVALID');
  t.equal(court.ends('withdrawn', { party: 'a' }), 'DISPUTE_STATE_INVALID');
  t.equal(court.asks('reopen', { dispute: 'd', reason: 'x' }), 'DISPUTE_STATE_INVALID');
  t.equal(court.clears, NOTHING);
  // What is withdrawn may be disputed again.
  t.equal(court.ends('withdrawn', { dispute: 'e', party: 'b' }), 'disputeWithdrawn withdrawn');
  t.equal(
    court.opens({ dispute: 'e', by: 'b', other: 'a' }),
    'DISPUTE_LINE_TAKEN',
    'not as it was',
  );
  t.equal(court.opens({ dispute: 'f', by: 'b', other: 'a' }), 'disputeOpened open');
  // Who does not answer in time cannot any more, and the operator decides without.
  court.time += 14 * DAY_MS;
  t.equal(court.answers({ dispute: 'f', party: 'a' }), 'DISPUTE_LATE');
  t.equal(court.ends('settled', { dispute: 'f', amounts: [7, 0] }), 'disputeSettled settled');
  t.equal(court.clears, '-7 7 0 0', 'b owed beta to a: it gets it back');
});

t.test('settled by a transfer, and undone with it', async (t) => {
  const court = new Court([['coalition', 'main', { ...MAIN, disputeDays: 2, answerDays: 1 }]]);
  court.time += HOUR_MS;
  t.equal(court.opens({ since: court.time - 2 * DAY_MS }), 'DISPUTE_LATE');
  t.equal(court.opens(), 'disputeOpened open');
  t.equal(court.answers({ agrees: true }, 'yes'), 'disputeSettled settled');
  // a owed beta to b, and b alpha to a: all that was disputed goes back.
  t.equal(court.clears, '400 -400 -90 90');
  t.equal(court.answers({ agrees: true }, 'yes'), 'disputeSettled settled', 'once');
  t.equal(court.clears, '400 -400 -90 90');
  t.equal(court.asks('reopen', { dispute: 'd', reason: 'x' }, 'undo'), 'disputeReopened answered');
  t.equal(court.clears, NOTHING);
  t.equal(
    court.asks('reopen', { dispute: 'd', reason: 'x' }, 'undo'),
    'disputeReopened answered',
    'once',
  );
  t.equal(court.asks('reopen', { dispute: 'd', reason: 'x' }), 'DISPUTE_STATE_INVALID');
  t.equal(court.ends('settled', { amounts: [150, 0] }), 'disputeSettled settled');
  t.equal(court.clears, '150 -150 0 0');
  t.equal(court.asks('reopen', { dispute: 'd', reason: 'x' }), 'disputeReopened answered');
  t.equal(court.ends('rejected'), 'disputeRejected rejected');
  t.equal(court.clears, NOTHING);
  const twin = MemoryLedger.replay(court.ledger.blocks);
  t.equal(String(canonicalState(twin.state)), String(canonicalState(court.ledger.state)));
});
