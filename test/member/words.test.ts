// Texts, amounts and days of the member's page, and the client that is made for it out of the API's document.

import t from 'tap';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { codeFrom, drawnCode } from '../../gateway/member/page/screens/earn/referral-code.js';
import { dayBounds, dayStart } from '../../gateway/member/page/screens/history/filters.js';
import { problemText } from '../../gateway/member/page/words/problems.js';
import { type ApiDocument, apiSource, typeOf } from '../../gateway/web/api-source.js';
import { documentOf } from '../../gateway/web/make-api.js';
import {
  amountText,
  minorOf,
  moneyText,
  preferred,
  table,
  textOf,
} from '../../gateway/web/page/words/words.js';
import { Random } from '../random.js';

t.test('amounts are written and read to the last digit', async (t) => {
  t.equal(amountText('en', 1_234_567, 2), '12,345.67');
  t.equal(amountText('zh', 5, 3), '0.005');
  t.equal(amountText('en', -120, 0, true), '−120');
  t.equal(amountText('en', 120, 0, true), '+120');
  t.equal(amountText('en', Number.MAX_SAFE_INTEGER, 6), '9,007,199,254.740991');
  t.equal(
    moneyText('en', '9007199254740993.12', 'CNY').replace(/[^\d.]/g, ''),
    '9007199254740993.12',
  );
  t.equal(moneyText('zh', '3.5', 'POINTS-OF-US'), '3.5 POINTS-OF-US');
  const random = new Random(5);
  for (let n = 0; n < 500; n++) {
    const scale = random.int(7);
    const minor = 1 + random.int(random.pick([100, 1_000_000, Number.MAX_SAFE_INTEGER - 1]));
    t.equal(minorOf(amountText(random.pick(['zh', 'en']), minor, scale), scale), minor);
  }
  for (const wrong of ['', '0', '-1', '1e3', '1.234', 'abc', '1..2', '٣', '9'.repeat(17), '0x10'])
    t.equal(minorOf(wrong, 2), undefined, wrong);
  t.equal(minorOf('１２．５', 2), 1_250, 'as an input method of Chinese writes it');
  t.equal(minorOf('12.500', 2), 1_250);
});

t.test('plurals, values, languages', async (t) => {
  const words = table({
    en: { days: { one: '{n} day of {who}', other: '{n} days of {who}' }, plain: 'Yes' },
    zh: { days: '{who} 的 {n} 天', plain: '是' },
  });
  t.equal(textOf(words, 'en', 'days', { n: 1, who: 'ann' }), '1 day of ann');
  t.equal(textOf(words, 'en', 'days', { n: 1_200, who: '{n}' }), '1,200 days of {n}');
  t.equal(textOf(words, 'zh', 'days', { n: 1, who: 'ann' }), 'ann 的 1 天');
  t.same([['zh-TW'], ['fr', 'zh'], ['en-US', 'zh'], ['fr'], []].map(preferred), [
    'zh',
    'zh',
    'en',
    'en',
    'en',
  ]);
});

t.test('every refusal is told in both languages, and what has a text is one', async (t) => {
  for (const [code, { status }] of Object.entries(REFUSALS))
    for (const language of ['zh', 'en'] as const) {
      const text = problemText(language, { code, status });
      t.ok(text.length > 1 && !text.includes('{'), `${code}: ${text}`);
      t.equal(/\p{Script=Han}/u.test(text), language === 'zh', `${code}: ${text}`);
    }
});

t.test('days begin where they do in the zone', async (t) => {
  t.equal(dayStart('2026-03-01', 'Asia/Shanghai'), Date.UTC(2026, 1, 28, 16));
  t.equal(dayStart('2026-03-29', 'Europe/Berlin'), Date.UTC(2026, 2, 28, 23));
  t.equal(dayStart('2026-10-26', 'Europe/Berlin'), Date.UTC(2026, 9, 25, 23));
  for (const wrong of [undefined, '', 'today', '2026-3-1'])
    t.equal(dayStart(wrong, 'Asia/Shanghai'), undefined);
  const { from = 0, to = 0 } = dayBounds('2026-10-25', '2026-10-25', 'Europe/Berlin');
  t.equal((to - from) / 3_600_000, 25, 'the day on which clocks go back');
  t.same(dayBounds('x', undefined, ''), {});
});

t.test('codes of invitations', async (t) => {
  t.match(drawnCode(), /^[A-HJ-NP-Z2-9]{6}$/);
  t.equal(codeFrom(' ab-c2 3z'), 'ABC23Z');
  for (const wrong of ['', 'ABC', 'ABCDE1', 'ABCDEO', 'ABCDEFG'])
    t.equal(codeFrom(wrong), undefined);
});

t.test('the client has all of the document, each operation once', async (t) => {
  const document = documentOf();
  const { script, types } = apiSource(document);
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  t.same(
    [...script.matchAll(/^export const (\w+) =/gm)].map(([, id]) => id),
    ids,
  );
  t.same(
    [...types.matchAll(/^export declare const (\w+):/gm)].map(([, id]) => id),
    ids,
  );
  t.equal(new Set(ids).size, ids.length);
  t.same(apiSource(document), { script, types }, 'the same again');
  const module = await import(`data:text/javascript,${encodeURIComponent(script)}`);
  t.match(module.postV1Orders, { method: 'POST', path: '/v1/orders' });
});

t.test('schemas as types', async (t) => {
  const rows: readonly (readonly [Parameters<typeof typeOf>[0], string])[] = [
    [{ type: 'integer' }, 'number'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, 'readonly ("a" | "b")[]'],
    [{ $ref: '#/components/schemas/A-b' }, 'A_b'],
    [{ const: 7 }, '7'],
    [
      { type: 'object', patternProperties: { '^.*$': { type: 'integer' } } },
      '{ readonly [name: string]: number }',
    ],
    [
      { allOf: [{ $ref: '#/a/B' }, { anyOf: [{ type: 'string' }, { type: 'integer' }] }] },
      'B & (string | number)',
    ],
    [{}, 'unknown'],
  ];
  for (const [schema, type] of rows) t.equal(typeOf(schema), type);
  const odd: ApiDocument = {
    paths: {},
    components: {
      schemas: {
        X: {
          type: 'object',
          required: ['a-b'],
          properties: { 'a-b': { type: 'string', description: 'ends */ here' }, c: {} },
        },
      },
    },
  };
  t.match(
    apiSource(odd).types,
    '  /** ends * / here */\n  readonly "a-b": string;\n  readonly c?: unknown | undefined;',
  );
});
