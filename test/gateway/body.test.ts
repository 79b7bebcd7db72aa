// Bodies, queries and times as text: what is read, and what is refused.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { readForm } from '../../gateway/encoding/media.js';
import { readPlainJson } from '../../gateway/encoding/plain-json.js';
import {
  decodePart,
  queryReader,
  readJson,
  readQuery,
  timeFromText,
} from '../../gateway/encoding/text.js';
import { gatewayLimits } from '../../gateway/limits.js';
import { campaign } from '../campaign.js';

const LIMITS = gatewayLimits();
const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string): any => {
  const found = readJson(bytes(text), LIMITS);
  if (!found.ok) throw new Error(found.code);
  return found.value;
};

t.test('whole numbers are read exactly or not at all', async (t) => {
  const table: readonly (readonly [string, unknown])[] = [
    ['1', 1],
    ['-1', -1],
    ['1.0', 1],
    ['1e2', 100],
    ['1.5e1', 15],
    ['1E+2', 100],
    ['100e-2', 1],
    ['0.0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740991.0', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', Infinity],
    ['9007199254740993', Infinity],
    ['-9007199254740993', Infinity],
    ['1e400', Infinity],
    ['1e300', Infinity],
    ['1.0000000000000001', Infinity],
    ['0.99999999999999999999', Infinity],
    ['9007199254740991.4', Infinity],
    ['1e-400', Infinity],
    ['1.5', 1.5],
    ['0.1', 0.1],
  ];
  for (const [text, value] of table) {
    for (const [before, after] of [
      ['', ''],
      ['[', ']'],
      ['[1,', ',"1.0000000000000001 [1.0000000000000001"]'],
      ['{"a":{"1e400":', '}}'],
      ['{"a\\"":\n  {"b": ', '}}'],
    ] as const) {
      const whole = before + text + after;
      // A number alone cannot be a command, so it is not looked at.
      if (before === '') continue;
      const numbers: unknown[] = [];
      JSON.stringify(read(whole), (_name, found) => {
        if (typeof found === 'number') numbers.push(found);
        return found;
      });
      t.same(numbers.at(-1), value, whole);
    }
  }
  t.same(read('["1.0000000000000001", 1.0]'), ['1.0000000000000001', 1], 'text stays as it is');
});

t.test(
  'JSON is read as JSON.parse reads it, but for whole numbers that would be rounded',
  async (t) => {
    const { count, seeds } = campaign({ name: 'JSON texts', long: 100_000, sample: 2_500 });
    const [seed = 1] = seeds;
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      fc.string({ unit: fc.constantFrom(...'0123456789.eE+-"\\[]{},: \n') }),
    );
    fc.assert(
      fc.property(text, (text) => {
        const found = readJson(bytes(text), LIMITS);
        let expected: unknown;
        try {
          expected = JSON.parse(new TextDecoder().decode(bytes(text)));
        } catch {
          return found.ok === false && found.code === 'BODY_INVALID' && found.field === 'body';
        }
        if (!found.ok) return false;
        return JSON.stringify(found.value) === JSON.stringify(expected) || hasInexact(found.value);
      }),
      { seed, numRuns: count },
    );
    t.pass(`${count} texts`);
  },
);

t.test('what is read as plain JSON is what JSON.parse reads', async (t) => {
  const { count, seeds } = campaign({ name: 'plain JSON texts', long: 200_000, sample: 5_000 });
  const [seed = 1] = seeds;
  const names = fc.constantFrom(
    'id',
    'legs',
    'from',
    'to',
    'amount',
    'metadata',
    '__proto__',
    'constructor',
    'x',
    'schlüssel',
    'a\\u0062',
    'amount\n',
    '7',
    'n'.repeat(70),
    '',
  );
  const whole = fc.constantFrom('0', '-0', '-1', '00', '12', '999999999999999', '1234567890123456');
  const word = fc.constantFrom('true', 'false', 'null', 'nul', '1.5', '2e3', '[]', '{}', '[ ]', '');
  const told = fc.string({
    unit: fc.constantFrom('a', '7', 'é', '\u{1f600}', '\\', '\n', '"', ' '),
  });
  const blank = fc.constantFrom('', '', ' ', '\n\t', '\r', '\u00a0');
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'large' },
      fc.oneof(
        whole,
        word,
        fc.oneof(
          told.map((one) => JSON.stringify(one)),
          told.map((one) => `"${one}"`),
        ),
      ),
      fc
        .array(fc.tuple(blank, tie('value'), blank), { maxLength: 4 })
        .map((all) => `[${all.map((one) => one.join('')).join()}]`),
      fc
        .array(fc.tuple(blank, names, blank, tie('value')), { maxLength: 4 })
        .map((all) => `{${all.map(([b, n, c, v]) => `${b}"${n}"${c}:${v}`).join()}}`),
    ),
  }));
  const broken = fc.tuple(value, fc.nat(), fc.constantFrom('', ',', '"', ':', '}', ']', '0', '\0'));
  const text = fc.oneof(
    value,
    broken.map(([one, at, put]) => {
      const from = one.length === 0 ? 0 : at % one.length;
      return one.slice(0, from) + put + one.slice(from + 1);
    }),
  );
  let plain = 0;
  fc.assert(
    fc.property(text, (text) => {
      const found = readPlainJson(text);
      if (found === undefined) return;
      plain++;
      assert.deepStrictEqual(found, JSON.parse(text));
      assert.equal(JSON.stringify(found), JSON.stringify(JSON.parse(text)));
    }),
    { seed, numRuns: count },
  );
  t.ok(plain > count / 10, `${plain} of ${count} texts are plain`);
  const transfer = '{"id":"a","legs":[{"from":"@issue","to":"é","asset":"points","amount":1}]}';
  t.same(readPlainJson(transfer), JSON.parse(transfer));
  const event = '{"id":"e1","programme":"shop","attributes":{"amount":1,"category":"shoes"}}';
  for (const _ of 'ab') t.same(readPlainJson(event), JSON.parse(event), 'names are learned');
  t.equal(readPlainJson('{"type\n:1}'), undefined, 'a name ends with a quote');
  t.equal(readPlainJson(`${'['.repeat(500)}${']'.repeat(500)}`), undefined, 'too deep for it');
  t.equal(readPlainJson(`"${'a'.repeat(2_000)}"`), undefined, 'too long for it');
});

function hasInexact(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === Infinity;
  return Object.values(value).some(hasInexact);
}

t.test('what is not JSON in UTF-8 is refused', async (t) => {
  const refused = (given: Uint8Array, detail: RegExp) => {
    const found = readJson(given, LIMITS);
    t.match(found, { ok: false, code: 'BODY_INVALID', status: 400, field: 'body', detail });
  };
  refused(Uint8Array.of(0x22, 0xff, 0x22), /UTF-8/);
  refused(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), /UTF-8/);
  refused(Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), /UTF-8/);
  refused(Uint8Array.of(0x22, 0xe4, 0xbd), /UTF-8/);
  refused(new Uint8Array(0), /JSON/);
  for (const text of ['{', '{"a":1', '[1,]', "{'a':1}", '01', '01.5', '1.', '.5', '+1', 'NaN']) {
    refused(bytes(`[${text}]`), /JSON/);
  }
  refused(bytes('['.repeat(100_000)), /nests deeper/);
  refused(bytes('{"a":'.repeat(100_000)), /nests deeper/);
  refused(bytes(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`), /nests deeper/);
  t.match(readJson(bytes(`["${'[\\"'.repeat(50_000)}"]`), LIMITS), { ok: true }, 'not in strings');
});

t.test('queries name what they ask for', async (t) => {
  const known = ['asset', 'from'];
  t.same(
    { ...values('asset=a_1&from=2027-01-01T00%3A00%3A00Z') },
    { asset: 'a_1', from: '2027-01-01T00:00:00Z' },
  );
  t.same({ ...values('') }, {});
  t.same({ ...values('&asset=a+b&') }, { asset: 'a b' });
  for (const [text, field] of [
    ['assets=a', 'assets'],
    ['asset=a&asset=b', 'asset'],
    ['asset=%zz', 'asset'],
    ['%zz=1', 'query'],
    ['__proto__=1', '__proto__'],
    ['constructor=1', 'constructor'],
  ] as const) {
    t.match(readQuery(text, known), { ok: false, code: 'QUERY_INVALID', status: 400, field }, text);
  }
  t.equal(decodePart('a%2Fb'), 'a/b');
  t.equal(decodePart('%e4%bd'), undefined);
  t.equal(decodePart('a+b'), 'a+b');

  function values(text: string) {
    const found = readQuery(text, known);
    if (!found.ok) throw new Error(found.code);
    return found.values;
  }
});

t.test('a form has the fields that are known, each once; others are left out', async (t) => {
  const FORM = 'application/x-www-form-urlencoded';
  const known = ['code', 'state'];
  const read = (text: string, type = FORM) => readForm(Buffer.from(text, 'latin1'), type, known);
  for (const [text, fields] of [
    ['code=a%2Bb+c&more=1&more=2', { code: 'a+b c' }],
    ['state=&code', { state: '', code: '' }],
    ['__proto__=1&constructor=2', {}],
    ['', {}],
  ] as const)
    t.same({ ...Object(read(text)).values }, fields, text);
  t.match(read('code=a', `${FORM}; charset=utf-8`), { ok: true });
  for (const [text, field] of [
    ['code=a&code=a', 'code'],
    ['state=%zz', 'state'],
    ['code=\xff', 'body'],
  ] as const)
    t.match(read(text), { ok: false, code: 'BODY_INVALID', field }, text);
  for (const type of ['', 'application/json', 'multipart/form-data'])
    t.match(read('code=a', type), { code: 'MEDIA_TYPE_UNSUPPORTED' }, type);
});

t.test('a query that comes again is what it was, and nobody changes it', async (t) => {
  const read = queryReader(['asset', 'at']);
  const texts = ['asset=a', 'asset=a', 'asset=b', 'asset=%zz', 'asset=%zz', 'asset=a&asset=b'];
  for (const text of [...texts, 'asset=b', '', 'x=1', 'asset=a', 'at=1&asset=a', 'asset=a&at=1'])
    t.same(read(text), readQuery(text, ['asset', 'at']), text);
  const found = read('asset=a');
  t.equal(read('asset=a'), found);
  t.ok(found.ok && Object.isFrozen(found.values));
});

t.test('times are RFC 3339', async (t) => {
  const time = (text: string) => new Date(text).getTime();
  for (const [text, ms] of [
    ['2027-01-31T00:00:00Z', time('2027-01-31T00:00:00Z')],
    ['2027-01-31t00:00:00.5z', time('2027-01-31T00:00:00.500Z')],
    ['2027-01-31T00:00:00.123456789Z', time('2027-01-31T00:00:00.123Z')],
    ['2027-01-31T08:00:00+08:00', time('2027-01-31T00:00:00Z')],
    ['2027-01-30T19:30:00-04:30', time('2027-01-31T00:00:00Z')],
    ['2028-02-29T23:59:59Z', time('2028-02-29T23:59:59Z')],
    ['9999-12-31T23:59:59.999Z', 253_402_300_799_999],
  ] as const) {
    t.equal(timeFromText(text), ms, text);
  }
  for (const text of [
    '',
    'tomorrow',
    '2027-01-31',
    '2027-01-31T00:00:00',
    '2027-02-29T00:00:00Z',
    '2027-13-01T00:00:00Z',
    '2027-00-01T00:00:00Z',
    '2027-01-00T00:00:00Z',
    '2027-01-01T24:00:00Z',
    '2027-01-01T00:60:00Z',
    '2027-01-01T00:00:60Z',
    '2027-01-01T00:00:00+24:00',
    '2027-01-01 00:00:00Z',
    '+12027-01-01T00:00:00Z',
    '1795406831665',
  ]) {
    t.equal(timeFromText(text), undefined, text);
  }
});
