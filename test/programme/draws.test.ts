// Draws in memory: what they cost and pay, what they are refused, which numbers they take; that they follow the weights; defects planted in what is
// worked out of a seed.

import { createHmac } from 'node:crypto';
import t from 'tap';
import type { Chance } from '../../engine/programme/act.js';
import { problemWith } from '../../engine/programme/index.js';
import { sampleProgramme } from '../../engine/programme/sample.js';
import { hashOfSeed, numberOf } from '../../engine/protocol/chance.js';
import {
  drawMessage,
  numberIn,
  prizeOf,
  totalOf,
  type Weighted,
} from '../../engine/protocol/draw.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { campaign } from '../campaign.js';
import { ASSET, DAY_MS, HOUR_MS, NOON, SHOP, World } from './earning-world.js';

const LOTTERY = `${SHOP}.lottery`;
const SEED = Buffer.alloc(32, 7);
/** Of chi-square with four degrees of freedom: what one world in a million is beyond. */
const CHI_MAX = 33.4;

/** A seed for all times; another number, another seed. */
function chanceOf(seed: number): Chance {
  const bytes = Buffer.alloc(32, seed);
  const answer = (message: string) => createHmac('sha256', bytes).update(message).digest();
  return { shard: 0, seed, hash: hashOfSeed(bytes), answer };
}

class Draws extends World {
  seed = 7;

  constructor(points = 1_000_000) {
    super();
    this.ledger.ledger.chance = { at: () => (this.seed === 0 ? undefined : chanceOf(this.seed)) };
    const legs = [{ from: '@issue', to: 'ann', asset: ASSET, amount: points }];
    this.do({ type: 'transfer', id: 'points', legs });
  }

  lottery(more: object): void {
    this.redefine('lottery', 'lottery', more);
  }

  draw(owner = 'ann', id?: string): Outcome {
    return this.act('draw', { lottery: LOTTERY }, owner, id);
  }

  word(word: string, owner = 'ann'): Outcome {
    return this.act('draw-word', { lottery: LOTTERY, word }, owner);
  }
}

type Why = Readonly<Record<string, unknown>>;
const whyOf = (outcome: Outcome): Why => {
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.act!.why;
};
const codeOf = (outcome: Outcome): string => (outcome.ok ? 'ok' : outcome.code);

const PRIZES = sampleProgramme(SHOP, ASSET).find(({ kind }) => kind === 'lottery')!.document[
  'prizes'
] as readonly (Weighted & { readonly points: number })[];

/** How far counts are from what weights say. */
function chiSquare(counts: ReadonlyMap<string, number>, draws: number): number {
  const total = totalOf(PRIZES);
  return PRIZES.reduce((sum, { key, weight }) => {
    const expected = (draws * weight) / total;
    return sum + ((counts.get(key) ?? 0) - expected) ** 2 / expected;
  }, 0);
}

t.test('a draw costs its price, pays its prize, and takes a number', (t) => {
  const world = new Draws();
  world.lottery({ cooldownSeconds: 0, dailyLimit: 1_000 });
  let expected = world.available();
  for (let number = 1; number <= 200; number++) {
    const outcome = world.draw();
    const why = whyOf(outcome);
    t.equal(why['number'], number);
    const prize = PRIZES.find(({ key }) => key === why['prize'])!;
    const parts = { owner: 'ann', lottery: LOTTERY, version: 2, number, word: '' };
    const mine = createHmac('sha256', SEED).update(drawMessage(parts, 0)).digest();
    t.equal(why['roll'], mine.readUIntBE(0, 6) % 21_000, 'as anybody works it out');
    expected += prize.points - 20;
    t.equal(world.available(), expected);
  }
  world.replayed();
  t.end();
});

t.test('what a draw is refused', (t) => {
  const world = new Draws(45);
  const all: string[] = [];
  const did = (outcome: Outcome) => all.push(codeOf(outcome));
  did(world.act('draw', { lottery: 'none' }));
  did(world.draw('nobody'));
  did(world.draw());
  world.time += 29_999;
  did(world.draw());
  world.time += 1;
  did(world.draw());
  t.same(all, ['DEFINITION_NOT_FOUND', 'POINTS_SHORT', 'ok', 'DRAW_TOO_SOON', 'ok']);
  const rich = new Draws();
  rich.lottery({ cooldownSeconds: 0, dailyLimit: 3 });
  const codes = Array.from({ length: 4 }, () => codeOf(rich.draw()));
  t.same(codes, ['ok', 'ok', 'ok', 'DRAW_LIMIT']);
  // Until midnight in Shanghai, at 16:00 UTC, and not at midnight of UTC.
  rich.time = NOON + 12 * HOUR_MS - 1;
  t.equal(codeOf(rich.draw()), 'DRAW_LIMIT');
  rich.time++;
  t.equal(codeOf(rich.draw()), 'ok');
  rich.lottery({ from: rich.time + DAY_MS });
  t.equal(codeOf(rich.draw()), 'LOTTERY_NOT_OPEN');
  rich.lottery({ to: rich.time });
  t.equal(codeOf(rich.draw()), 'LOTTERY_NOT_OPEN');
  rich.lottery({ audience: "member.tier == 'shop.gold'" });
  t.equal(codeOf(rich.draw()), 'NOT_ELIGIBLE');
  rich.lottery({});
  rich.seed = 0;
  t.equal(codeOf(rich.draw()), 'LOTTERY_NOT_OPEN', 'no seed is in use');
  rich.seed = 7;
  rich.time += HOUR_MS;
  const { id } = rich.draw('ann', 'mine') as { id: string };
  const reverse = rich.do({ type: 'reverse', id: 'back', owner: 'ann', transferId: id });
  t.equal(codeOf(reverse), 'NOT_REVERSIBLE');
  t.end();
});

t.test('one word for all draws of a period', (t) => {
  const world = new Draws();
  world.lottery({ cooldownSeconds: 0 });
  t.equal(codeOf(world.word('apple')), 'ok');
  t.equal(codeOf(world.word('apple')), 'ok');
  t.equal(codeOf(world.word('pear')), 'DRAW_WORD_COMMITTED');
  t.equal(whyOf(world.draw())['word'], 'apple');
  t.equal(codeOf(world.word('pear')), 'DRAW_WORD_COMMITTED');
  t.equal(whyOf(world.draw())['word'], 'apple');
  world.seed = 8;
  t.match(whyOf(world.draw()), { word: '', number: 3, seed: 8 }, 'no word is taken along');
  t.equal(codeOf(world.word('pear')), 'DRAW_WORD_COMMITTED', 'the draw had the empty one');
  world.seed = 9;
  t.equal(codeOf(world.word('pear')), 'ok');
  t.match(whyOf(world.draw()), { word: 'pear', number: 4 });
  t.end();
});

t.test(
  'a repeat is the same draw; what is refused says nothing, and is not logged with what was drawn',
  (t) => {
    const world = new Draws(39);
    const first = world.draw('ann', 'one');
    t.match(world.draw('ann', 'one'), { replayed: true, act: { why: whyOf(first) } });
    const poor = new Draws(20);
    poor.draw();
    if (poor.available() >= 20) t.fail('another seed');
    poor.time += HOUR_MS;
    t.equal(codeOf(poor.draw('ann', 'short')), 'POINTS_SHORT');
    const logged = Buffer.concat(poor.ledger.blocks.slice(-1)).toString('latin1');
    t.notMatch(logged, /roll|drawn|first|second|third|fourth/);
    poor.replayed();
    t.end();
  },
);

t.test('no room for the best prize is told before anything is drawn', (t) => {
  const world = new Draws(50);
  const most = Number.MAX_SAFE_INTEGER;
  const legs = [{ from: '@issue', to: 'ann', asset: ASSET, amount: most - 50 - 99 }];
  t.equal(codeOf(world.do({ type: 'transfer', id: 'rich', legs })), 'ok');
  world.lottery({ cooldownSeconds: 0, dailyLimit: 100_000 });
  for (let i = 0; i < 30; i++) t.equal(codeOf(world.draw()), 'AMOUNT_OVERFLOW');
  t.end();
});

t.test('a lottery that cannot be drawn is not accepted', (t) => {
  const world = new Draws();
  const prizes = (...all: object[]) => ({ prizes: all });
  const none = { key: 'none', weight: 1 };
  const stock = { stock: '#budget:a', points: 5 };
  for (const wrong of [
    prizes(),
    prizes({ key: 'a', weight: 0 }),
    prizes({ key: 'a', weight: 1.5 }),
    prizes(none, none),
    prizes({ ...none, more: 1 }),
    prizes({ ...none, key: 'b', ...stock }),
    prizes(none, { ...none, key: 'b', substitute: 'none' }),
    prizes(none, { ...none, key: 'b', ...stock, substitute: 'c' }),
    prizes(none, { ...none, key: 'b', ...stock, substitute: 'b' }),
    prizes(
      { ...none, key: 'a', ...stock, substitute: 'b' },
      { ...none, key: 'b', ...stock, substitute: 'a' },
    ),
    prizes(none, { ...none, key: 'b', stock: '#budget:a', substitute: 'none' }),
    prizes(none, { ...none, key: 'b', stock: '@issue', substitute: 'none' }),
    prizes(none, { ...none, key: 'b', ...stock, stock: '#budget:a@1', substitute: 'none' }),
    { cost: 0 },
    { from: 2, to: 2 },
    { audience: 'event.amount > 1' },
    { programme: 'none' },
  ])
    t.throws(() => world.lottery(wrong), JSON.stringify(wrong));
  t.end();
});

t.test('draws follow the weights', async (t) => {
  const cases = campaign({ name: 'draws follow the weights', long: 1_000_000, sample: 25_000 });
  const through = new Draws(10 ** 9);
  through.lottery({ cooldownSeconds: 0, dailyLimit: 100_000 });
  let counts = new Map<string, number>();
  const draws = 20_000;
  for (let i = 0; i < draws; i++) {
    if (i % 1_000 === 0) through.ledger.blocks.length = 0;
    const key = whyOf(through.draw())['prize'] as string;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  t.ok(chiSquare(counts, draws) < CHI_MAX, 'through the ledger');
  counts = new Map();
  const seed = chanceOf(200);
  await cases.run((number) => {
    const parts = { owner: 'ann', lottery: LOTTERY, version: 1, number, word: 'w' };
    const { key } = prizeOf(PRIZES, numberOf(parts, totalOf(PRIZES), seed.answer));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  t.ok(chiSquare(counts, cases.count) < CHI_MAX, `the decision itself, ${cases.count} times`);
});

t.test('a seed is the next one, and the one of its hash', (t) => {
  const world = new World();
  let n = 0;
  const own = (act: string, body: object): string => {
    const id = `#${act}:1:${++n}`;
    return codeOf(world.do({ type: 'act', id, owner: '#draws@0', act, body } as never));
  };
  const [day, start] = [DAY_MS, world.time + 1];
  const hash = hashOfSeed(SEED);
  const seal = (number: number, from: number, to: number): string =>
    own('seal-seed', { number, from, to, hash, sealed: 'ab' });
  const publish = (number: number, bytes?: Buffer): string =>
    own('publish-seed', {
      number,
      ...(bytes ? { seed: bytes.toString('hex') } : { isLost: true }),
    });
  t.equal(seal(2, start, start + day), 'SEED_INVALID', 'not the next one');
  t.equal(seal(1, world.time, start + day), 'SEED_INVALID', 'its period has begun');
  t.equal(seal(1, start, start), 'SEED_INVALID', 'its period is empty');
  t.equal(seal(1, start, start + day), 'ok');
  t.equal(seal(2, start + day - 1, start + 2 * day), 'SEED_INVALID', 'two at a time');
  t.equal(seal(2, start + day, start + 2 * day), 'ok');
  t.equal(publish(1, SEED), 'SEED_INVALID', 'its period is not over');
  world.time = start + day;
  t.equal(publish(1, Buffer.alloc(32, 8)), 'SEED_INVALID', 'another seed');
  t.equal(publish(1, SEED), 'ok');
  t.equal(publish(1, SEED), 'SEED_INVALID', 'twice');
  t.equal(publish(2), 'ok', 'lost');
  t.equal(publish(2, SEED), 'SEED_INVALID');
  t.equal(seal(3, world.time + 1, world.time + day), 'ok', 'the next one comes at once');
  const asked = { type: 'act', owner: '#draws@0', act: 'publish-seed', body: {} } as never;
  t.not(problemWith(asked), null, 'nobody asks for it');
  world.replayed();
  t.end();
});

t.test('numbers are as likely as each other', (t) => {
  const answer = (...values: number[]): Uint8Array => {
    const bytes = Buffer.alloc(32);
    for (const [i, value] of values.entries()) bytes.writeUIntBE(value, i * 6, 6);
    return bytes;
  };
  const most = 2 ** 48 - 1;
  t.equal(numberIn(answer(20_999), 21_000), 20_999);
  t.equal(numberIn(answer(21_000), 21_000), 0);
  const end = 2 ** 48 - (2 ** 48 % 21_000);
  t.equal(numberIn(answer(end - 1), 21_000), 20_999);
  t.equal(
    numberIn(answer(end, 5), 21_000),
    5,
    'what would make small ones likelier is passed over',
  );
  t.equal(numberIn(answer(most, most, most, most, 3), 21_000), 3);
  t.equal(numberIn(answer(most, most, most, most, most), 21_000), undefined, 'asked again');
  const asked: string[] = [];
  const parts = { owner: 'a', lottery: 'l', version: 1, number: 1, word: '' };
  const found = numberOf(parts, 21_000, (message) => {
    asked.push(message);
    return asked.length === 1 ? answer(most, most, most, most, most) : answer(4);
  });
  t.equal(found, 4);
  t.same(
    asked,
    [0, 1].map((n) => drawMessage(parts, n)),
  );
  t.end();
});
