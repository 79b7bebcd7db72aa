// The catalogue by itself: a hundred thousand goods, searched by what is in their names as a naive search finds it, in the time and memory that is
// promised; versions that begin and end; prices that are kept no longer than they hold.

import t from 'tap';
import type { DefinitionHistory, DefinitionVersion } from '../../engine/index.js';
import { Catalogue, type Query } from '../../gateway/mall/catalogue.js';
import { HotAnswers } from '../../gateway/mall/hot.js';
import { Stocks } from '../../gateway/mall/stocks.js';
import { Random } from '../random.js';

const NOW = 1_900_000_000_000;
const PAGE: Query = {
  ...{ programme: 'shop', shopper: undefined, q: undefined, category: undefined },
  ...{ priceMin: undefined, priceMax: undefined, sort: 'relevance', after: undefined, limit: 20 },
};

const version = (kind: string, key: string, document: object | undefined, more: object = {}) =>
  ({
    ...{ kind, key, version: 1, number: 1, state: document === undefined ? 'retired' : 'active' },
    ...{ activeFrom: 1, definedAt: 1, document },
    ...more,
  }) as DefinitionVersion;
const history = (...versions: readonly DefinitionVersion[]): DefinitionHistory => ({
  kind: versions[0]!.kind,
  key: versions[0]!.key,
  versions,
});
const goods = (key: string, more: object = {}, of: object = {}) =>
  version('goods', key, { programme: 'shop', price: 100, delivery: 'physical', ...more }, of);

const BRANDS = '华为 小米 苹果 三星 Nike Adidas 海尔 美的 Lego Philips 联想 Dyson 松下 兰蔻'.split(
  ' ',
);
const HOW =
  '新款 经典 轻薄 便携 无线 智能 大容量 家用 旅行 儿童 Portable Wireless Classic Mini'.split(' ');
const WHAT =
  '手机 手机壳 蓝牙耳机 充电宝 数据线 笔记本电脑 咖啡机 咖啡杯 保温杯 雨伞 背包 运动鞋 面膜 电饭煲 Headphones Backpack Mug Coffee'.split(
    ' ',
  );
const COLOURS = '黑色 白色 Black White 限量版'.split(' ');

t.test('what is found is what a naive search finds, and quickly', async (t) => {
  const count = 100_000;
  const random = new Random(7);
  const upTo = (most: number): number => random.next() % most;
  const pick = (of: readonly string[]): string => of[upTo(of.length)]!;
  const names: string[] = [];
  const catalogue = new Catalogue();
  catalogue.defined(history(version('programme', 'shop', { asset: 'points' })), NOW);
  for (let i = 0; i < count; i++) {
    const words = [pick(BRANDS), pick(HOW), pick(WHAT), `${pick(COLOURS)} ${i % 1_000}ml`];
    const name = words.join(' ').replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
    names.push(name.toLowerCase());
    const price = 1 + upTo(10_000);
    const category = `c${i % 20}`;
    catalogue.defined(history(goods(`g${i}`, { name, price, category }, { activeFrom: i })), NOW);
  }
  const parts = [...BRANDS, ...HOW, ...WHAT, ...COLOURS];
  const times: number[] = [];
  for (let i = 0; i < 600; i++) {
    const words = Array.from({ length: 1 + upTo(3) }, () => pick(parts));
    const isPart = /^\p{Script=Han}/u.test(words[0]!) && upTo(4) === 0;
    const q = isPart ? words[0]!.slice(0, 2) : words.join(upTo(2) === 0 ? ' ' : '，');
    const sort = (['relevance', 'price', '-price', 'newest'] as const)[i % 4]!;
    const from = process.cpuUsage();
    const page = catalogue.page(
      { ...PAGE, q, sort, category: i % 3 === 0 ? 'c7' : undefined },
      NOW,
    );
    const { user, system } = process.cpuUsage(from);
    times.push((user + system) / 1_000);
    if (i % 21 !== 1) continue;
    const asked = q.toLowerCase().split(/[ ，]/);
    const isIn = (name: string): boolean => asked.every((one) => name.includes(one));
    t.equal(page.total, names.filter(isIn).length, q);
  }
  times.sort((a, b) => a - b);
  const p99 = times[Math.floor(times.length * 0.99)]!;
  t.comment(`${count} goods: p50 ${times[300]} ms, p99 ${p99} ms of CPU`);
  t.ok(p99 < 20, `${p99} ms of CPU`);
});

t.test('descriptions are searched, too: what a name says is nearer', async (t) => {
  const catalogue = new Catalogue();
  for (const [key, name, description] of [
    ['mug', '保温杯', '双层不锈钢，适合咖啡和热茶。Keeps coffee hot for 12 hours.'],
    ['beans', '咖啡豆 Coffee beans', '来自云南的阿拉比卡，中度烘焙'],
    ['grinder', 'Grinder', 'For beans of any roast, 手摇磨豆机'],
    ['tea', '龙井', 'Spring harvest; not coffee-flavoured. 西湖'],
    ['bare', '雨伞', undefined],
  ] as const)
    catalogue.defined(history(goods(key, { name, description })), NOW);
  const found = (q: string): string[] =>
    catalogue.page({ ...PAGE, q }, NOW).goods.map(({ key }) => key);
  for (const [q, expected] of [
    ['咖啡', ['beans', 'mug']],
    ['coffee', ['beans', 'tea', 'mug']],
    ['不锈钢', ['mug']],
    ['锈', ['mug']],
    ['热茶 coffee', ['mug']],
    ['保温杯 12', ['mug']],
    ['云南 beans', ['beans']],
    ['磨豆机 grinder', ['grinder']],
    ['ROAST', ['grinder']],
    ['harv', ['tea']],
    ['西湖 龙井', ['tea']],
    ['雨伞 coffee', []],
    ['钢不', []],
  ] as const)
    t.strictSame(found(q), expected, q);
  // Described otherwise: found by that, and by what it was no more.
  const mug = goods('mug', { name: '保温杯', description: '陶瓷 ceramic' }, { version: 2 });
  catalogue.defined(history(mug), NOW);
  t.strictSame([found('ceramic'), found('陶瓷'), found('不锈钢')], [['mug'], ['mug'], []]);
});

t.test('so many descriptions: found as a naive search finds them, in few bytes', async (t) => {
  const isLong = process.env['JIFEN_LONG'] === '1';
  const [count, characters] = isLong ? [100_000, 200] : [6_000, 100];
  const random = new Random(11);
  const upTo = (most: number): number => random.next() % most;
  const HAN = 3_000;
  /** As often as characters and words of a language come up: few of them most of the time. */
  const rank = (most: number): number => Math.floor(most ** (upTo(2 ** 20) / 2 ** 20)) - 1;
  const han = (): string => String.fromCharCode(0x4e00 + rank(HAN));
  const word = (): string =>
    `w${rank(20_000)
      .toString(36)
      .replace(/\d/g, (n) => 'ghijklmnop'[+n]!)}`;
  const texts: string[] = [];
  const catalogue = new Catalogue();
  globalThis.gc?.();
  const before = process.memoryUsage();
  const [from] = [process.cpuUsage()];
  for (let i = 0; i < count; i++) {
    const isHan = i % 3 !== 0;
    const parts = Array.from({ length: isHan ? characters : characters / 6 }, isHan ? han : word);
    const description = isHan ? `${parts.join('')} ${word()}` : `${parts.join(' ')} ${han()}`;
    const name = `${han()}${han()} n${i % 97}`;
    texts.push(`${name} ${description}`);
    catalogue.defined(history(goods(`g${i}`, { name, description })), NOW);
  }
  const made = process.cpuUsage(from);
  globalThis.gc?.();
  const after = process.memoryUsage();
  const times: number[] = [];
  const [questions, checked] = [isLong ? 2_000 : 300, 60];
  for (let i = 0; i < questions; i++) {
    const text = texts[upTo(count)]!;
    // A part of what somebody has, Chinese, English, or one of each.
    const words = /[a-z]{3,}/.exec(text.slice(upTo(text.length)))?.[0] ?? word();
    const part = [...text.matchAll(/\p{Script=Han}{2}/gu)].at(upTo(9))?.[0] ?? han();
    const q = [words, part, `${part} ${words}`, han()][i % 4]!;
    const began = process.cpuUsage();
    const { total } = catalogue.page({ ...PAGE, q }, NOW);
    const { user, system } = process.cpuUsage(began);
    times.push((user + system) / 1_000);
    if (i >= checked) continue;
    const asked = q.split(' ').map((one) => (/^\w/.test(one) ? new RegExp(`\\b${one}`) : one));
    const fits = (one: string): boolean =>
      asked.every((of) => (typeof of === 'string' ? one.includes(of) : of.test(one)));
    const naive = texts.filter(fits).length;
    // Where no word begins so, one that is spelt nearly so is meant; and of a short beginning not all words are looked at.
    if (naive > 0 && !/(^| )w\w{0,2}$/.test(q)) t.equal(total, naive, q);
  }
  times.sort((a, b) => a - b);
  const at = (part: number): string => times[Math.floor(times.length * part)]!.toFixed(2);
  const mb = (of: 'heapUsed' | 'arrayBuffers'): number =>
    Math.round((after[of] - before[of]) / 1_048_576);
  t.comment(
    `${count} goods with ${characters} characters: p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(0.9999)} ms of CPU; ` +
      `${mb('heapUsed')} + ${mb('arrayBuffers')} MB, texts among them; made in ${Math.round(made.user / 1_000)} ms`,
  );
});

t.test('a list of all without a question is no slower', async (t) => {
  const catalogue = new Catalogue();
  for (let i = 0; i < 20_000; i++)
    catalogue.defined(history(goods(`g${i}`, { price: 1 + ((i * 7_919) % 20_011) })), NOW);
  const seen = new Set<string>();
  let [after, last] = [undefined as Query['after'], 0];
  for (let page = 0; page < 30; page++) {
    const found = catalogue.page({ ...PAGE, sort: 'price', limit: 100, after }, NOW);
    for (const good of found.goods) {
      const price = found.prices.of(good, NOW);
      if (price < last) t.fail(`${good.key} is not in its place`);
      last = price;
      seen.add(good.key);
    }
    after = found.next;
  }
  t.equal(seen.size, 3_000);
});

t.test('a version counts from its moment on, and no longer than the next one', async (t) => {
  const catalogue = new Catalogue();
  const first = goods('cup', { name: 'red cup' }, { activeFrom: NOW + 10 });
  catalogue.defined(history(first), NOW);
  t.equal(catalogue.good('cup', NOW + 9), undefined);
  t.equal(catalogue.good('cup', NOW + 10)?.version, first);
  const second = goods('cup', { name: 'blue cup', price: 5 }, { version: 2, activeFrom: NOW + 30 });
  const third = goods('cup', { name: 'old cup' }, { version: 3, activeFrom: NOW + 20 });
  catalogue.defined(history(first, second, third), NOW + 11);
  const found = (q: string, at: number) => catalogue.page({ ...PAGE, q }, at).total;
  t.same([found('red', NOW + 19), found('blue', NOW + 19)], [1, 0]);
  // What is said later goes before all that was said before it, once it counts.
  t.same([found('red', NOW + 20), found('old', NOW + 20), found('blue', NOW + 29)], [0, 1, 0]);
  const end = version('goods', 'cup', undefined, { version: 4, activeFrom: NOW + 40 });
  catalogue.defined(history(first, second, third, end), NOW + 21);
  t.same([found('old', NOW + 39), found('old', NOW + 40), catalogue.size], [1, 0, 0]);
  t.notOk(catalogue.hasGoods('shop', NOW + 40));
});

t.test('what changes its text often does not leave what it was called behind', async (t) => {
  const catalogue = new Catalogue();
  for (let i = 0; i < 500; i++)
    for (const key of ['a', 'b', 'c'])
      catalogue.defined(history(goods(key, { name: `名${i % 7}称 word` }, { version: i })), NOW);
  t.equal(catalogue.page({ ...PAGE, q: '称 word' }, NOW).total, 3);
  t.equal(catalogue.page({ ...PAGE, q: `${499 % 7}` }, NOW).total, 3);
  t.equal(catalogue.page({ ...PAGE, q: `${500 % 7}` }, NOW).total, 0);
});

t.test('prices end with what they follow from', async (t) => {
  const catalogue = new Catalogue();
  const shopper = (tier: string) => ({ owner: 'ann', tier, available: 0, isFor: () => false });
  const priceAt = (at: number, tier = ''): number =>
    catalogue.prices('shop', shopper(tier), at).of(catalogue.good('cup', at)!, at);
  catalogue.defined(history(goods('cup', { price: 1_000 })), NOW);
  catalogue.defined(history(version('tier', 'gold', { programme: 'shop', priceFactor: 90 })), NOW);
  t.same([priceAt(NOW), priceAt(NOW, 'gold')], [1_000, 900]);
  const sale = (key: string, more: object) =>
    history(version('sale', key, { programme: 'shop', percent: 50, ...more }));
  catalogue.defined(sale('half', { from: NOW + 10, to: NOW + 20 }), NOW);
  catalogue.defined(sale('theirs', { from: NOW, to: NOW + 99, percent: 1, audience: 'x' }), NOW);
  catalogue.defined(sale('others', { from: NOW, to: NOW + 99, percent: 2, goods: ['mug'] }), NOW);
  t.same([priceAt(NOW + 9), priceAt(NOW + 10), priceAt(NOW + 19)], [1_000, 500, 500]);
  t.same([priceAt(NOW + 20), priceAt(NOW + 20, 'gold')], [1_000, 900]);
  const stockFactors = [{ under: 10, percent: 120 }];
  catalogue.defined(history(version('pricing', 'shop', { stockFactors })), NOW + 21);
  catalogue.defined(
    history(version('stock-level', 'cup', { under: 10 }, { activeFrom: NOW + 25 })),
    NOW,
  );
  t.same([priceAt(NOW + 24), priceAt(NOW + 25)], [1_000, 1_200]);
  catalogue.defined(history(goods('cup', { price: 10 }, { version: 2 })), NOW + 26);
  t.equal(priceAt(NOW + 26), 12);
});

t.test(
  'a hundred are kept hot: those that are asked for most, and never an old text',
  async (t) => {
    const hot = new HotAnswers();
    let made = 0;
    const ask = (key: string, of: unknown): string =>
      hot.text(key, [of], () => {
        made++;
        return `${key} ${of}`;
      });
    for (let i = 0; i < 100; i++) for (let n = 0; n < 3; n++) ask(`k${i}`, 1);
    t.equal(made, 100);
    t.equal(ask('late', 1), 'late 1');
    t.notOk(hot.keys.includes('late'), 'asked for less than all that are kept');
    for (let n = 0; n < 5; n++) ask('late', 1);
    t.ok(hot.keys.includes('late'));
    t.equal(hot.keys.length, 100);
    t.equal(ask('late', 2), 'late 2');
  },
);

t.test('one look at the stock, however many ask; none while it is fresh', async (t) => {
  let asked = 0;
  const pool = async () => {
    asked++;
    await new Promise((next) => setTimeout(next, 5));
    return { asset: 'pieces', available: 0, held: 0, lent: 0, funded: 0, paid: 0 };
  };
  const stocks = new Stocks({ own: { pool } });
  await Promise.all(Array.from({ length: 100 }, () => stocks.left('cup', 'pieces')));
  t.equal(asked, 1);
  t.equal(await stocks.left('cup', 'pieces'), 0);
  t.equal(asked, 1);
});
