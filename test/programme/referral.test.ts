// Referring and giving: as tables, each row on top of the one before; and the same state by a replay.

import { join } from 'node:path';
import t from 'tap';
import { type Balance, type Command, open, sampleProgramme } from '../../engine/index.js';
import { canonicalState } from '../../engine/ledger/digest.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { unpackValue } from '../../engine/protocol/packed-value.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { ASSET, NOON as BEGIN, DAY_MS, HOUR_MS, SHOP, World } from './earning-world.js';

/** All definitions decide. */
const NOON = BEGIN + HOUR_MS;

const TERMS = { referrer: 100, newcomer: 50 };
const GIFTS = { mostPoints: 100, mostTimes: 3, mostEach: 60 };

function opened(): World {
  const world = new World();
  world.define('referral', SHOP, TERMS);
  world.define('gifting', SHOP, GIFTS);
  world.time = NOON;
  return world;
}

const isOk = (outcome: Outcome): string => (outcome.ok ? 'ok' : outcome.code);
const codeFor = (world: World, owner: string, code: string): string => {
  const outcome = world.act('referral-code', { programme: SHOP, code }, owner);
  return outcome.ok ? String(outcome.act?.effects[0]?.['code']) : outcome.code;
};

t.test('a code, once each; who is longer a member refers who is new', async (t) => {
  const world = opened();
  const until = NOON + 30 * DAY_MS;
  t.equal(codeFor(world, 'ann', 'ABC234'), 'ABC234');
  t.equal(codeFor(world, 'ann', 'XYZ234'), 'ABC234', 'the one that there is');
  t.equal(codeFor(world, 'ben', 'ABC234'), 'REFERRAL_CODE_TAKEN');
  t.equal(codeFor(world, 'ben', 'ABC1O4'), 'ACT_BODY_INVALID');
  const says = { programme: SHOP, code: 'ABC234', by: 'ann', since: NOON, until };
  const refer = (owner: string, more: object = {}): string =>
    isOk(world.act('refer', { ...says, ...more }, owner));
  t.equal(refer('cat'), 'REFERRAL_NOT_NEW', 'in the same moment nobody is longer a member');
  world.time = NOON + 1;
  const rows: readonly [owner: string, more: object, is: string][] = [
    ['ann', {}, 'REFERRAL_TO_SELF'],
    ['cat', { code: 'ABC235' }, 'REFERRAL_CODE_UNKNOWN'],
    ['dan', { by: 'eve' }, 'REFERRAL_CODE_UNKNOWN'],
    ['fay', { since: NOON - 1 }, 'REFERRAL_CODE_UNKNOWN'],
    ['gus', { until: until + 1 }, 'REFERRAL_CODE_UNKNOWN'],
    ['hal', { upper: 'eve' }, 'REFERRAL_CODE_UNKNOWN'],
    ['ida', {}, 'ok'],
    ['ida', {}, 'REFERRED_BEFORE'],
    ['jon', {}, 'ok'],
  ];
  for (const [owner, more, is] of rows)
    t.equal(refer(owner, more), is, `${owner} ${JSON.stringify(more)}`);
  t.equal(world.available('ann'), 200);
  t.equal(world.available('ida'), 50);
  t.equal(world.available('cat'), 0);
  // Ida refers on; Ann, who has referred her, is not referred by what comes of it.
  t.equal(codeFor(world, 'ida', 'JKL234'), 'JKL234');
  const own = {
    programme: SHOP,
    code: 'JKL234',
    by: 'ida',
    since: NOON + 1,
    until: until + 1,
    upper: 'ann',
  };
  world.time = NOON + 2;
  t.equal(isOk(world.act('refer', own, 'ann')), 'REFERRAL_TO_SELF', 'no circle of two');
  t.equal(isOk(world.act('refer', own, 'jon')), 'REFERRED_BEFORE');
  t.equal(isOk(world.act('refer', own, 'kim')), 'ok');
  world.time = until;
  t.equal(refer('leo'), 'REFERRAL_CODE_EXPIRED');
  t.equal(codeFor(world, 'ann', 'MNP234'), 'MNP234', 'after its time another one');
  t.same(canonicalState(world.replayed().state), canonicalState(world.ledger.state));
});

t.test('what was given back was not referred', async (t) => {
  const world = opened();
  codeFor(world, 'ann', 'ABC234');
  world.time = NOON + 1;
  const says = {
    programme: SHOP,
    code: 'ABC234',
    by: 'ann',
    since: NOON,
    until: NOON + 30 * DAY_MS,
  };
  t.equal(isOk(world.act('refer', says, 'ida', 'r1')), 'ok');
  t.equal(isOk(world.do({ type: 'reverse', id: 'u1', owner: 'ida', transferId: 'r1' })), 'ok');
  t.equal(world.available('ann') + world.available('ida'), 0);
  t.equal(isOk(world.act('refer', says, 'ida', 'r2')), 'ok', 'and may be');
});

t.test('gifts, within the limits of a day', async (t) => {
  const world = opened();
  for (let n = 0; n < 10; n++) world.event('CONSUME', { amount: 100 }, {}, 'ann');
  const before = world.available('ann');
  let last = '';
  const give = (amount: number, to = 'ben', owner = 'ann'): string => {
    last = `g${world.time}-${amount}-${to}-${owner}`;
    return isOk(world.act('gift', { programme: SHOP, to, amount }, owner, last));
  };
  t.equal(give(10, 'ann'), 'GIFT_TO_SELF');
  t.equal(give(61), 'GIFT_LIMIT', 'too much at once');
  t.equal(give(60), 'ok');
  t.equal(give(41), 'GIFT_LIMIT', 'too much in a day');
  t.equal(give(40), 'ok');
  t.equal(give(1), 'GIFT_LIMIT');
  t.equal(
    isOk(world.do({ type: 'reverse', id: 'u1', owner: 'ann', transferId: `g${NOON}-40-ben-ann` })),
    'ok',
  );
  world.time += 1;
  t.equal(give(30), 'ok', 'what was given back may be given again');
  t.equal(give(1, 'cat', 'dan'), 'POINTS_SHORT');
  t.equal(world.available('ben'), 90);
  t.equal(world.available('ann'), before - 90);
  world.time = NOON + DAY_MS;
  t.equal(give(60), 'ok', 'the next day');
  t.same(canonicalState(world.replayed().state), canonicalState(world.ledger.state));
});

t.test('who refers has a share of what is spent, which goes back with the order', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const engine = await open({ folder: join(temporaryFolder(t), 'data'), shards: 2, clockOffset });
  t.teardown(() => engine.close());
  const ok = async (command: Command): Promise<void> => {
    const outcome = await engine.submit(command);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  };
  await ok({ type: 'define-asset', asset: ASSET, scale: 0 });
  const shares = { event: 'CONSUME', of: 'amount', percent: 5, upperPercent: 2 };
  const terms = { kind: 'referral', key: SHOP, document: { ...TERMS, ...shares } };
  for (const one of [...sampleProgramme(SHOP, ASSET), terms])
    await ok({ type: 'put-definition', state: 'active', ...one });
  new Float64Array(clockOffset)[0] = 12_000;
  const act = (owner: string, id: string, name: string, body: object): Command =>
    ({ type: 'act', owner, id, act: name, body: { programme: SHOP, ...body } }) as Command;
  const share = act('ann', 'x', 'event', { type: 'SHARE' });
  await until('it decides', async () => (await engine.submit(share, { dryRun: true })).ok);
  const says: { [owner: string]: object } = {};
  for (const [owner, code, by] of [
    ['ann', 'ABC234', undefined],
    ['ben', 'DEF234', 'ann'],
    ['cat', 'GHJ234', 'ben'],
  ] as const) {
    if (by !== undefined) await ok(act(owner, 'use', 'refer', says[by] as object));
    await ok(act(owner, 'code', 'referral-code', { code }));
    const records = { owner: `#code:${code}`, recordType: '$referral' };
    const found = await engine.own.records(records);
    if (!Array.isArray(found)) throw new Error(JSON.stringify(found));
    const told = unpackValue(found[0]?.value as Uint8Array) as { upper: string | null };
    const { upper, ...rest } = told;
    says[owner] = { code, ...rest, ...(upper === null ? {} : { upper }) };
  }
  const has = async (owner: string, amount: number, what: string): Promise<void> => {
    const available = async () => {
      const [balance] = (await engine.balance(owner, ASSET)) as Balance[];
      return balance?.available ?? 0;
    };
    await until(`${owner} has ${amount}: ${what}`, async () => (await available()) === amount);
  };
  await has('ann', 100, 'for ben');
  await has('ben', 150, 'for being new, and for cat');
  await ok(act('cat', 'order', 'event', { type: 'CONSUME', attributes: { amount: 1_010 } }));
  await has('ben', 200, '5% of 1,010');
  await has('ann', 120, '2% of it');
  const { programme: _, ...part } = { programme: '', event: 'order', amount: 333 };
  const back = (id: string, body: object): Command =>
    ({ type: 'act', owner: 'cat', id, act: 'return-event', body }) as Command;
  await ok(back('r1', part));
  await has('ben', 200 - 16, 'a third of it went back');
  await ok(back('r2', { event: 'order' }));
  await has('ben', 150, 'and the rest');
  await has('ann', 100, 'of both');
});
