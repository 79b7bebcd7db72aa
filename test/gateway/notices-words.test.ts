// What notices say, and when they may: quiet hours against a clock that is asked minute by minute, texts of definitions, campaigns to who has agreed.

import t from 'tap';
import { Temporal } from 'temporal-polyfill';
import { definitionProblem } from '../../engine/programme/definitions/index.js';
import {
  fillProblem,
  NOTICE_LANGUAGES,
  NOTICE_NAMES,
  NOTICES,
} from '../../engine/protocol/member-notices.js';
import { amountText, filled, plainValue } from '../../gateway/outbound/notices/filling.js';
import { quietUntil } from '../../gateway/outbound/notices/quiet.js';
import { DEFAULT_TEXTS } from '../../gateway/outbound/notices/texts.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { caller } from './callers.js';
import { gateway } from './harness.js';
import { mailbox } from './mailbox.js';

const MINUTE_MS = 60_000;
/** Clocks that change by an hour, by half of one, at midnight, by a whole day, or not at all. */
const ZONES = [
  ...['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'],
  ...['America/Havana', 'Africa/Cairo', 'Asia/Kathmandu', 'UTC', 'Pacific/Apia'],
];

/** The same, asked minute by minute. */
function slowly(at: number, from: string, to: string, zone: string): number | undefined {
  const wall = (ms: number): string =>
    Temporal.Instant.fromEpochMilliseconds(ms)
      .toZonedDateTimeISO(zone)
      .toPlainTime()
      .toString()
      .slice(0, 5);
  const isQuiet = (ms: number): boolean => {
    const time = wall(ms);
    return from < to ? time >= from && time < to : time >= from || time < to;
  };
  if (!isQuiet(at)) return undefined;
  let minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  while (isQuiet(minute)) minute += MINUTE_MS;
  return minute;
}

t.test('quiet hours end when the clock on the wall says so', async (t) => {
  const clock = (minutes: number): string =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const cases = campaign({ name: 'quiet hours', long: 3_000, sample: 30 });
  await cases.run((seed) => {
    const random = new Random(seed);
    const zone = random.pick(ZONES);
    const [from, to] = [random.int(1_440), random.int(1_440)].map(clock) as [string, string];
    if (from === to) return;
    // Half of them within a day of a change of the clock.
    const year = Temporal.ZonedDateTime.from(`20${10 + random.int(30)}-01-01T00:00[${zone}]`);
    const change = year.getTimeZoneTransition('next');
    const near =
      change !== null && random.chance(0.7) ? change.epochMilliseconds : year.epochMilliseconds;
    const at = near + random.int(48 * 60 * MINUTE_MS) - 24 * 60 * MINUTE_MS;
    const found = quietUntil(at, { from, to }, zone);
    const right = slowly(at, from, to, zone);
    if (found !== right) throw new Error(`${zone} ${from}-${to} at ${at}: ${found}, not ${right}`);
  });
  const berlin = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
  const night = { from: '22:00', to: '08:00' };
  const rows: readonly (readonly [at: string, until: string | undefined])[] = [
    ['2026-03-28T20:59:59Z', undefined],
    ['2026-03-28T21:00:00Z', '2026-03-29T06:00:00Z'],
    ['2026-03-29T05:59:59Z', '2026-03-29T06:00:00Z'],
    ['2026-03-29T06:00:00Z', undefined],
    ['2026-10-24T20:00:00Z', '2026-10-25T07:00:00Z'],
  ];
  for (const [at, end] of rows)
    t.equal(quietUntil(berlin(at), night, 'Europe/Berlin'), end && berlin(end), at);
});

t.test('every notice has words in every language, all of whose places are filled', async (t) => {
  for (const language of NOTICE_LANGUAGES)
    for (const notice of NOTICE_NAMES)
      for (const [part, text] of Object.entries(DEFAULT_TEXTS[language][notice])) {
        t.equal(fillProblem(notice, text), undefined, `${language} ${notice} ${part}`);
        t.not(text, '');
      }
  t.ok(NOTICE_NAMES.every((name) => NOTICES[name].fills.length > 2));
});

t.test('what is filled in is one line, and is not filled in again', async (t) => {
  const evil = 'A\r\nBcc: x@y.example\u2028{member}\u0000\u202E';
  t.equal(plainValue(evil), 'A Bcc: x@y.example {member}');
  t.equal(
    filled('<{tier}> {member}', { tier: evil, member: 'ann' }),
    '<A Bcc: x@y.example {member}> ann',
  );
  t.equal(filled('{constructor}{tier}', {}), '');
  t.equal([...plainValue('积'.repeat(1_000))].length, 200);
  t.equal(plainValue({ toString: () => 'x' }), '');
  const rows = [
    [5, 0, '5'],
    [5, 2, '0.05'],
    [500, 2, '5'],
    [1_250, 3, '1.25'],
    [-1, 1, '-0.1'],
  ] as const;
  for (const [minor, scale, text] of rows) t.equal(amountText(minor, scale), text);
});

t.test('which texts may be said', async (t) => {
  const rows: readonly (readonly [key: string, document: object, detail?: RegExp])[] = [
    ['tier.changed.en', { subject: 'Hello {member}', text: 'You are {tier}.' }],
    ['shop.tier.changed.zh', { short: '{tier}' }],
    ['my-shop_2.order.shipped.en', { text: 'a\nb {tracking}' }],
    ['tier.changed.en', {}, /^One of/],
    ['tier.changed.en', { text: '{points}' }, /\{points\} is nothing that tier\.changed is filled/],
    ['tier.changed.en', { text: '{Tier}' }, /brace/],
    ['tier.changed.en', { text: '{{tier}}' }, /brace/],
    ['tier.changed.en', { text: '{constructor}' }, /constructor/],
    ['tier.changed.en', { subject: 'a\r\nBcc: b@c.example' }, /one line/],
    ['tier.changed.fr', { text: 'x' }, /^The key names/],
    ['tier.lost.en', { text: 'x' }, /^The key names/],
    ['SHOP.tier.changed.en', { text: 'x' }, /^The key names/],
    ['tier.changed.en', { body: 'x' }, /not a field/],
  ];
  for (const [key, document, detail] of rows) {
    const said = { kind: 'notice', key, state: 'active', document } as const;
    const found = definitionProblem(said as never);
    if (detail === undefined) t.equal(found, null, key);
    else
      t.match(found, { code: 'DEFINITION_INVALID', detail }, `${key} ${JSON.stringify(document)}`);
  }
});

t.test('own words, in the place of the product’s; a campaign to who has agreed', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const server = await gateway(t, {
    ...{ assets: ['gold', 'tin'], webhookHosts: ['127.0.0.1'] },
    ...{ limits: { webhookPauseMs: 20 }, engine: { folder: '', shards: 2, clockOffset } },
  });
  const [box, ofShop, ofRival] = [await mailbox(t), await mailbox(t), await mailbox(t)];
  const shop = await caller(server, 'shop', { assets: ['gold'] });
  const rival = await caller(server, 'rival', { assets: ['tin'] });
  const channel = async (url: string, platform?: string): Promise<string> => {
    const body = { type: 'email', url, from: 'club@shop.example', language: 'en', platform };
    return (await server.ask('POST /v1/channels', body)).body.id;
  };
  const own = await channel(ofShop.url, 'shop');
  const house = await channel(box.url);
  await channel(ofRival.url, 'rival');
  const define = async (place: string, document: object): Promise<void> => {
    const made = await server.ask(`PUT /v1/definitions/${place}`, { state: 'active', document });
    t.ok(made.status < 300, `${place}: ${made.text}`);
  };
  await server.ask('PUT /v1/programmes/club', { asset: 'gold', zone: 'UTC' });
  await define('event/club.BUY', { programme: 'club', attributes: { n: 'integer' } });
  await define('rule/club.BUY', { programme: 'club', event: 'BUY', points: 10 });
  await define('tier/club.base', { programme: 'club', from: 0 });
  await define('tier/club.top', { programme: 'club', from: 10, name: 'Gold\r\nBcc: <&> {member}' });
  await define('notice/tier.changed.en', { subject: 'All: {tier}', text: 'All {tier}\n\nBye' });
  await define('notice/shop.tier.changed.en', { subject: 'Shop: {tier} for {member}' });
  const now = server.server.engine.now();
  const [from, to] = [now + 15_000, now + 3_600_000];
  const spring = { programme: 'club', multiplier: 200, from, to, name: 'Spring' };
  await define('campaign/club.spring', spring);
  const contact = (owner: string) => ({ email: `${owner}@mail.example` });
  const agreed = { consents: [{ type: 'email', notices: 'marketing', isGiven: true }] };
  for (const owner of ['ann', 'bob', 'cat', 'dan'])
    for (const one of [shop, rival, server]) {
      await one.ask(`PUT /v1/members/${owner}/contact`, contact(owner));
      if (owner !== 'dan') await one.ask(`PUT /v1/members/${owner}/consents`, agreed);
    }
  box.behaviour.recipient = (address) =>
    /^bob/.test(address) && box.mails.length < 2
      ? Object.assign(new Error('later'), { responseCode: 451 })
      : undefined;
  clock[0] = 20_000;
  const event = { owner: 'ann', id: 'E1', programme: 'club', type: 'BUY', attributes: { n: 1 } };
  await until(
    'the programme decides',
    async () => (await server.ask('POST /v1/events', event)).status < 300,
  );
  const others = (mails: typeof box.mails) =>
    mails.filter(({ subject }) => !/^(All|Shop)/.test(subject));
  await until(
    'all who agreed are told',
    () => others(box.mails).length >= 3 && others(ofShop.mails).length >= 3,
  );
  const told = others(ofShop.mails);
  t.same(
    told.map((one) => one.to).sort(),
    ['ann', 'bob', 'cat'].map((one) => `${one}@mail.example`),
  );
  t.match(told[0], { subject: 'Spring has begun', text: /^Spring has begun\. It ends on \d{4}-/ });
  const toOwners = others(box.mails)
    .map((one) => one.to)
    .sort();
  t.same(
    toOwners,
    ['ann', 'bob', 'cat'].map((one) => `${one}@mail.example`),
    'each once, although one had to wait',
  );
  const [words, ofOwn] = await until('the tier is told', () => {
    const find = (mails: typeof box.mails) =>
      mails.find(({ subject }) => /^(All|Shop)/.test(subject));
    const both = [find(box.mails), find(ofShop.mails)] as const;
    return both[0] !== undefined && both[1] !== undefined && ([both[0], both[1]] as const);
  });
  t.equal(words.subject, 'All: Gold Bcc: <&> {member}');
  t.equal(words.text, 'All Gold Bcc: <&> {member}\r\n\r\nBye');
  t.notOk('bcc' in words.headers);
  t.match(words.headers['content-type'], /^text\/plain/);
  t.equal(ofOwn.subject, 'Shop: Gold Bcc: <&> {member} for ann');
  t.equal(ofOwn.text, words.text, 'what it does not say itself, it has of all');
  t.same(ofRival.mails, [], 'it is not in the rival’s points');
  const preview = { notice: 'tier.changed' };
  const shown = (await server.ask(`POST /v1/channels/${own}/preview`, preview)).body;
  t.match(shown, {
    subject: 'Shop: <tier> for <member>',
    language: 'en',
    short: 'All <tier>\n\nBye',
  });
  const zh = { notice: 'tier.changed', language: 'zh' };
  t.match((await server.ask(`POST /v1/channels/${house}/preview`, zh)).body.subject, /等级/);
});
