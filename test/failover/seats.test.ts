// Who leads, who may take over a shard, what a follower copies: by the database alone, and with defects planted in each of them.

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { ShardCopy } from '../../engine/failover/copy.js';
import { Follower } from '../../engine/failover/follower.js';
import { Leading } from '../../engine/failover/leading.js';
import { type Led, Seats } from '../../engine/failover/seats.js';
import { type Engine, isFenced, open } from '../../engine/index.js';
import { initRecord, recordStatus } from '../../engine/record/administration.js';
import { joinRecord } from '../../engine/record/joining.js';
import { recordPlace } from '../../engine/record/place.js';
import { openFolder } from '../../engine/store/folder.js';
import { PostgresPair } from '../fixtures/postgres.js';
import { Held } from '../record/chain.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

const pair = await PostgresPair.start();
t.teardown(() => pair.stop());
const { primary } = pair;

const STAND_MS = 1_000;

interface Made {
  readonly url: string;
  readonly schema: string;
}

async function made(): Promise<Made> {
  const url = pair.url();
  await initRecord({ url }, 1);
  return { url, schema: new URL(url).searchParams.get('schema') as string };
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const seatsOf = ({ url }: Made, replica: string): Seats =>
  new Seats({ place: recordPlace(url), node: '', replica, standMs: STAND_MS });

/** Nobody has given a sign of life for long. */
const silence = ({ schema }: Made): Promise<unknown> =>
  primary.query(`update ${schema}.seat set beat = beat - interval '1 hour'`);

const led = async (seats: Seats, incarnation = 'one'): Promise<Led | undefined> =>
  seats.lead(await seats.seat(), incarnation);

/** One leads at a time; a seat that is not free is not taken, whatever was seen. */
async function oneLeads(one: Made): Promise<void> {
  const all = ['m1', 'm2', 'm3'].map((name) => seatsOf(one, name));
  const [first, second, third] = all as [Seats, Seats, Seats];
  const seen = await Promise.all(all.map((seats) => seats.seat()));
  const won = await Promise.all(all.map((seats, i) => seats.lead(seen[i]!, `of ${i}`)));
  expect(won.filter((it) => it !== undefined).length === 1, 'several lead, or none');
  const winner = won.find((it) => it !== undefined)!;
  for (const seats of all) expect((await led(seats)) === undefined, 'took a seat that is not free');
  await silence(one);
  const stale = await third.seat();
  const again = await led(second, 'another one');
  expect(again !== undefined && again.term === winner.term + 1, 'did not take a free seat');
  expect(again!.session > winner.session, 'the session does not rise');
  expect(again!.incarnation === winner.incarnation, 'another incarnation');
  await silence(one);
  expect((await third.lead(stale, '')) === undefined, 'took it by what was true before');
  expect(await second.beat(again!), 'gave no sign of life');
  expect((await led(first)) === undefined, 'took a seat whose leader lives');
  await second.leave(again!);
  expect((await led(first)) !== undefined, 'did not take a seat that was left');
  expect(!(await second.beat(again!)), 'gave a sign of life for another');
  await Promise.all(all.map((seats) => seats.close()));
}

/** Who took the seat and stood still takes over nothing when it wakes. */
async function seatIsJudged(one: Made): Promise<void> {
  const [slow, quick] = [seatsOf(one, 'slow'), seatsOf(one, 'quick')];
  const first = (await led(slow))!;
  await silence(one);
  const second = (await led(quick))!;
  const held = new Held(one, { seat: second });
  await held.record.takeOver(await held.record.holding(), 1);
  await held.append();
  const late = new Held(one, { seat: first });
  const seen = await late.record.holding();
  const taken = await late.record.takeOver(seen, 1).catch(() => 'refused');
  expect(taken === 'refused', 'took over by a seat that is another one’s');
  await held.append();
  // Whoever has the seat takes over though the holder has changed since.
  const [marked] = await primary.query<{ epoch: string }>(
    `update ${one.schema}.shard set epoch = epoch + 1 returning epoch`,
  );
  const again = new Held(one, { seat: second });
  expect((await again.record.takeOver(seen, 1)) === undefined, 'overlooked a change');
  const epoch = await again.record.takeOver(await again.record.holding(), 1);
  expect(epoch === Number(marked?.epoch) + 1, 'did not take over');
  await Promise.all([held, late, again].map(({ record }) => record.close()));
  await Promise.all([slow, quick].map((seats) => seats.close()));
}

/** Two processes of one name: the second one is told, as long as the first lives. */
async function nameIsJudged(one: Made): Promise<void> {
  const [first, second] = [seatsOf(one, 'm1'), seatsOf(one, 'm1')];
  const sign = { state: 'follows', inStep: true, blocks: 0, trouble: null } as const;
  expect(await first.sign(sign), 'a first sign of life');
  expect(!(await second.sign(sign)), 'two of one name');
  await primary.query(`update ${one.schema}.replica set beat = beat - interval '1 hour'`);
  expect(await second.sign(sign), 'the name of one that is gone');
  await Promise.all([first, second].map((seats) => seats.close()));
}

/** What a property that is broken leaves open. */
const left = new Set<{ close(): Promise<void> }>();

function kept<T extends { close(): Promise<void> }>(one: T): T {
  left.add(one);
  return one;
}

async function closed(one: { close(): Promise<void> }): Promise<void> {
  left.delete(one);
  await one.close();
}

/** A leader whose shards hang, or which was replaced, gives no sign of life for its seat. */
async function leaderIsJudged(one: Made): Promise<void> {
  const [first, second] = [seatsOf(one, 'm1'), seatsOf(one, 'm2')];
  const leading = kept(new Leading(first, (await led(first))!, STAND_MS));
  let hangs = false;
  let replaced = 0;
  leading.serves(
    () => replaced++,
    () => hangs,
  );
  await until('a sign of life', async () => (await second.seat()).silentMs < STAND_MS / 2);
  hangs = true;
  const isSilent = async () => (await second.seat()).silentMs > STAND_MS;
  await until('it is silent', isSilent, 10 * STAND_MS);
  expect((await led(second)) !== undefined, 'did not take the seat of one that hangs');
  hangs = false;
  await until('it hears of it', () => replaced === 1, 10 * STAND_MS);
  await closed(leading);
  expect((await second.seat()).life === second.life, 'left a seat that is another one’s');
  await second.close();
}

const give = (ledger: Engine, id: string) =>
  ledger.submit({
    type: 'transfer',
    id,
    legs: [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }],
  });

async function ledgerOf({ url }: Made, folder: string, gifts: number): Promise<Engine> {
  const ledger = kept(await open({ folder, record: { url }, tickMs: 60_000 }));
  await ledger.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  for (let i = 0; i < gifts; i++) await give(ledger, `first-${i}`);
  return ledger;
}

async function following({ url }: Made, path: string): Promise<Follower> {
  const { way, shards } = await joinRecord({ url });
  const folder = openFolder(path, { shards, create: true, lock: false });
  return kept(await Follower.open({ folder, way, cacheBytes: 2 ** 24 }));
}

/** What is copied, and when it is in step; and what is not gone on with. */
async function copyIsJudged(one: Made): Promise<void> {
  const [folder, copy] = [temporaryFolder(t), temporaryFolder(t)];
  const ledger = await ledgerOf(one, folder, 10);
  let follower = await following(one, copy);
  while (await follower.step());
  expect(follower.inStep && follower.trouble === null, 'it is not in step');
  expect(follower.blocks > 10, 'it has too little');
  await give(ledger, 'second');
  await follower.step();
  await closed(follower);
  follower = await following(one, copy);
  await follower.step();
  const [head] = (await recordStatus({ url: one.url })).shards;
  expect(follower.blocks === head?.seq, 'it has not all');
  const digest = await ledger.digest();
  await closed(ledger);
  await follower.step();
  await closed(follower);
  const again = kept(await open({ folder: copy, record: { url: one.url }, tickMs: 60_000 }));
  expect((await again.digest()) === digest, 'the copy is another ledger');
  expect(((await give(again, 'second')) as { replayed?: boolean }).replayed === true, 'lost an id');
  await closed(again);
  // The log of record ends before what was copied.
  follower = await following(one, copy);
  await primary.query(
    `delete from ${one.schema}.block where seq = (select max(seq) from ${one.schema}.block)`,
  );
  await follower.step();
  expect(!follower.inStep && /SHARD_ROLLED_BACK/.test(follower.trouble ?? ''), 'went on with it');
  await closed(follower);
}

/** What only the primary has may be gone with it. */
async function standbyIsAsked(one: Made): Promise<void> {
  const ledger = await ledgerOf(one, temporaryFolder(t), 3);
  const follower = await following(one, temporaryFolder(t));
  // As if the standby had not what the primary has.
  const alone = ['replicated', /return current/, 'return false and current'] as const;
  expect(await primary.change(one.schema, ...alone), 'nothing was changed');
  await follower.step();
  expect(follower.blocks === 0, 'copied what the primary alone has');
  expect(!follower.inStep, 'it is in step');
  await closed(follower);
  await primary.change(one.schema, 'replicated', /return false and /, 'return ');
  await closed(ledger);
}

type Property = (made: Made) => Promise<void>;
const PROPERTIES: readonly Property[] = [
  oneLeads,
  seatIsJudged,
  nameIsJudged,
  copyIsJudged,
  standbyIsAsked,
  leaderIsJudged,
];

t.test('what is right breaks no property', async (t) => {
  for (const property of PROPERTIES) await property(await made());
  t.pass();
});

const FUNCTIONS: readonly (readonly [string, string, RegExp, string, Property])[] = [
  ['a seat is taken whatever was seen', 'lead', /and seat\.term = p_seen/, '', oneLeads],
  ['a seat is taken that is not free', 'lead', /seat\.life is null or/, 'true or', oneLeads],
  ['the term stays', 'lead', /seat\.term \+ 1/, 'seat.term', oneLeads],
  ['the session is the clock’s', 'lead', /greatest\(.*?::bigint\)/, '1', oneLeads],
  ['each leader is another ledger', 'lead', /coalesce\(.*?\),/, 'p_incarnation,', oneLeads],
  ['the seat is not judged', 'take_over_as', /if not found/, 'if false', seatIsJudged],
  ['a seat of any term', 'take_over_as', /and life = p_life and term = p_term/, '', seatIsJudged],
];

for (const [what, name, right, wrong, property] of FUNCTIONS)
  t.test(`found: ${what}`, async (t) => {
    const one = await made();
    const seats = seatsOf(one, 'maker');
    await seats.seat();
    await seats.close();
    t.ok(await primary.change(one.schema, name, right, wrong), 'it is planted');
    await t.rejects(property(one));
  });

type Any = ReturnType<typeof JSON.parse>;
const METHODS: readonly (readonly [string, Any, string, Any, Property])[] = [
  ['a sign of life is never refused', Seats, 'sign', async () => true, nameIsJudged],
  ['a leader is never replaced', Seats, 'beat', async () => true, oneLeads],
  ['a seat is never left', Seats, 'leave', async () => undefined, oneLeads],
  ['a leader that hangs gives signs of life', Leading, 'serves', () => undefined, leaderIsJudged],
  ['nothing is copied', ShardCopy, 'take', async () => undefined, copyIsJudged],
];

for (const [what, of, method, wrong, property] of METHODS)
  t.test(`found: ${what}`, async (t) => {
    const right = of.prototype[method];
    of.prototype[method] = wrong;
    t.teardown(() => {
      of.prototype[method] = right;
    });
    await t.rejects(property(await made()));
    for (const one of left) await closed(one);
  });

t.test('a ledger that another replica leads', async (t) => {
  const one = await made();
  const { url } = one;
  const why: Error[] = [];
  const said: string[] = [];
  const replica = (name: string, more: object = {}) =>
    open({
      folder: temporaryFolder(t),
      record: { url },
      tickMs: 60_000,
      replica: { name, standMs: STAND_MS, onWaiting: (text) => said.push(text) },
      ...more,
    });
  const first = await replica('m1', { onFatal: (error: Error) => why.push(error) });
  await first.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  t.match(await give(first, 'one'), { ok: true });
  const opening = replica('m2');
  await until('the second follows', () =>
    said.some((text) => /follows: replica "m1" leads/.test(text)),
  );
  t.match(first.faults(), [], 'somebody follows');
  // As if it had stood still.
  await primary.query(
    `update ${one.schema}.seat set beat = beat - interval '1 hour', life = gen_random_uuid()`,
  );
  const second = await opening;
  t.match(await give(second, 'one'), { ok: true, replayed: true });
  t.match(await give(second, 'two'), { ok: true });
  const late = give(first, 'late');
  await until('the first has heard of it', () => why.length > 0);
  t.ok(isFenced(why[0]), `${why[0]?.message}`);
  t.match(await late, { ok: false, retry: true }, 'who waits is told');
  await first.close();
  const again = replica('m1');
  await sleep(50);
  await second.close();
  const third = await again;
  t.match(await third.balance('ann'), [{ available: 2 }]);
  t.match((await third.stats()).replica, { replica: 'm1', term: 3, others: [] });
  t.match(third.faults(), [{ component: 'replicas', level: 'warning' }], 'nobody follows');
  await third.close();
  await t.rejects(
    open({ folder: temporaryFolder(t), replica: { name: 'm1' } }),
    /goes with record/,
  );
  await t.rejects(replica('no name'), /replica.name/);
  await t.rejects(
    open({ folder: temporaryFolder(t), record: { url }, replica: { name: 'm1', standMs: 1 } }),
    /standMs/,
  );
});
