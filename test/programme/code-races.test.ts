// Each code is given out once: to those who want the last ones at once, on several shards; and while the process is killed again and again.

import { join } from 'node:path';
import t from 'tap';
import { codeCount, type Engine, isRefusal, verifyFolder } from '../../engine/index.js';
import { codeOwner, codeOwners, FREE_CODE } from '../../engine/programme/mall/codes.js';
import { ORDER, orderOf } from '../../engine/programme/mall/order.js';
import { recordTypeOf, recordValueIn } from '../../engine/programme/plan.js';
import { campaign } from '../campaign.js';
import { Numbered } from '../crash/numbered.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { commandOf, withBooks, withCodes } from './code-kill-child.js';
import { named } from './digital-world.js';
import { MEMBERS } from './mall-kill-child.js';
import { PIECE } from './mall-world.js';
import { settled } from './settled.js';

const isLong = process.env.JIFEN_LONG === '1';
const CODES = isLong ? 10_000 : 120;
/** At least so many kills, and then until more have been asked for than there are. */
const KILLS = isLong ? 12 : 2;
const ASKED = isLong ? CODES * 1.2 : 0;
/** After so many kills it is stopped as it should be. */
const CLEAN_STOPS = 3;
const LIFE_MS = isLong ? 25_000 : 500;
const lives = campaign({ name: `${CODES} codes under kills`, long: 2, sample: 1 });
const DAY_MS = 86_400_000;

/** The keys of an owner's records of a type, with what they say. */
async function recordsOf(engine: Engine, owner: string, type: string) {
  const found = await engine.own.records({ owner, recordType: recordTypeOf(type) });
  if (isRefusal(found)) throw new Error(found.code);
  return found;
}

/** What is wrong: codes that two have, that are free and somebody's, or that are nowhere; and how many were given out. */
async function wrongIn(engine: Engine, codes: number): Promise<[wrong: string[], given: number]> {
  const wrong: string[] = [];
  const free = new Set<string>();
  for (const owner of codeOwners('book'))
    for (const { key } of await recordsOf(engine, owner, FREE_CODE)) free.add(key);
  const given = new Map<string, string>();
  for (let n = 0; n < MEMBERS; n++)
    for (const { key, value } of await recordsOf(engine, `m${n}`, ORDER)) {
      const order = orderOf(recordValueIn(value));
      if (order.codes.length !== order.quantity) wrong.push(`${key} has ${order.codes}`);
      if (order.state === 'cancelled') continue;
      for (const code of order.codes) {
        if (free.has(code)) wrong.push(`${code} of ${key} is free`);
        if (given.has(code)) wrong.push(`${code} of ${key} is ${given.get(code)}’s, too`);
        given.set(code, key);
      }
    }
  if (free.size + given.size !== codes) wrong.push(`${free.size} free, ${given.size} given`);
  const pool = await engine.own.pool('#item:book', PIECE);
  if (isRefusal(pool)) throw new Error(pool.code);
  if (pool.available !== free.size || pool.held !== 0)
    wrong.push(`${JSON.stringify(pool)} in stock, ${free.size} codes`);
  return [wrong, given.size];
}

t.test(
  'more want codes than there are: each is given out once, and the rest are told so',
  async (t) => {
    const folder = join(temporaryFolder(t), 'data');
    const codes = 60;
    const engine = await withCodes(folder, codes);
    const asked = Array.from({ length: 100 }, (_, n) => ({
      ...{ type: 'act', act: 'order', owner: `m${n % MEMBERS}`, id: `r${n}` },
      body: { goods: 'book' },
    })) as Parameters<typeof settled>[1];
    // Everybody asks twice.
    const [outcomes, again] = await Promise.all([settled(engine, asked), settled(engine, asked)]);
    const codesOf = outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code));
    t.equal(codesOf.filter((code) => code === 'ok').length, codes);
    t.equal(codesOf.filter((code) => code === 'SOLD_OUT').length, 100 - codes);
    t.same(
      again.map((outcome) => (outcome.ok ? 'ok' : outcome.code)),
      codesOf,
    );
    const [wrong, given] = await wrongIn(engine, codes);
    t.strictSame(wrong, []);
    t.equal(given, codes);
    await engine.close();
    t.same((await verifyFolder(folder)).problems, []);
  },
);

t.test('while all is withdrawn, each code is either somebody’s or gone', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const codes = 60;
  const engine = await withCodes(folder, codes);
  const orders = Array.from({ length: 80 }, (_, n) => ({
    ...{ type: 'act', act: 'order', owner: `m${n % MEMBERS}`, id: `r${n}` },
    body: { goods: 'book' },
  })) as Parameters<typeof settled>[1];
  const withdrawals = Array.from({ length: codes }, (_, n) => {
    const name = named(`code ${n}`);
    const [owner, body] = [codeOwner('book', name), { goods: 'book', asset: PIECE, codes: [name] }];
    return { type: 'act', act: 'code-withdraw', id: `w${n}`, owner, body };
  }) as unknown as Parameters<typeof settled>[1];
  const own = {
    submitBatch: (all: Parameters<typeof settled>[1]) =>
      Promise.all(all.map((one) => engine.own.submit(one as never))),
  };
  const [ordered, withdrawn] = await Promise.all([
    settled(engine, orders),
    (async () => {
      const some = await settled(own, withdrawals.slice(0, codes / 2));
      return [...some, ...(await settled(own, withdrawals.slice(codes / 2)))];
    })(),
  ]);
  const sums = { withdrawn: 0, given: 0 };
  for (const outcome of withdrawn) {
    if (!outcome.ok) throw new Error(outcome.code);
    const told = outcome.act?.effects[0] as unknown as typeof sums;
    sums.withdrawn += told.withdrawn;
    sums.given += told.given;
  }
  const sold = ordered.filter(({ ok }) => ok).length;
  t.same(
    [...new Set(ordered.map((one) => (one.ok ? 'ok' : one.code)))].sort(),
    ['SOLD_OUT', 'ok'],
    `${sold} ordered, ${sums.withdrawn} withdrawn`,
  );
  t.same([sums.given, sold + sums.withdrawn], [sold, codes]);
  const [wrong, given] = await wrongIn(engine, sold);
  t.strictSame(wrong, []);
  t.equal(given, sold);
  t.match(await codeCount(engine.own, 'book', PIECE), {
    ...{ free: 0, reserved: 0, given: sold, withdrawn: sums.withdrawn },
  });
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('a killed process gives out each code once, and all of them', async (t) => {
  await lives.run(async (seed) => {
    const folder = join(temporaryFolder(t), 'data');
    const random = new Random(seed);
    const until = Date.now() + 20 * DAY_MS;
    const told = new Numbered(join(import.meta.dirname, 'code-kill-child.js'));
    await (await withCodes(folder, CODES)).close();
    let kills = 0;
    for (; kills < KILLS || told.asked < ASKED; kills++) {
      const afterMs = random.int(random.chance(0.3) ? 60 : LIFE_MS);
      await told.live(folder, { afterMs }, `${seed}`, `${until}`);
      // Else each life would replay all that was done before it.
      if (kills % CLEAN_STOPS === CLEAN_STOPS - 1) await (await withBooks(folder)).close();
    }
    const engine = await withBooks(folder);
    const commands = Array.from({ length: told.asked }, (_, n) => commandOf(seed, n, until));
    const outcomes = await settled(engine, commands);
    const lost = outcomes.flatMap((outcome, n) =>
      told.outcomes.get(n) === 'ok' && !outcome.ok ? [`${n} was ok, is ${outcome.code}`] : [],
    );
    const [before, some] = await wrongIn(engine, CODES);
    // The rest is given out, too: codes that came back among them.
    const rest = Array.from({ length: CODES - some }, (_, n) => ({
      ...{ type: 'act', act: 'order', owner: `m${n % MEMBERS}`, id: `rest${n}` },
      body: { goods: 'book' },
    })) as Parameters<typeof settled>[1];
    for (const [n, outcome] of (await settled(engine, rest)).entries())
      if (!outcome.ok) before.push(`rest ${n}: ${outcome.code}`);
    const [after, given] = await wrongIn(engine, CODES);
    const wrong = [...before, ...after];
    await engine.close();
    const { problems } = await verifyFolder(folder);
    const all = [...lost, ...wrong, ...problems.map((one) => JSON.stringify(one))];
    t.strictSame(all, [], `seed ${seed}: to repeat: ${lives.repeat(seed)}`);
    t.comment(`seed ${seed}: ${told.asked} asked, ${some} given under ${kills} kills`);
    t.equal(given, CODES);
  });
});
