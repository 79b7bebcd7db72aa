// Conditions: expressions and what comes of them, as a table. A release of the library that gives something else fails here.

import t from 'tap';
import { compile } from '../../engine/programme/cel.js';

const MEMBER = { available: 100, earned: 250, held: 30 };

/** Accepted, with their value for MEMBER; null: they have none. */
const ROWS: readonly (readonly [expression: string, value: boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['member.available >= 100', true],
  ['member.available > 100', false],
  ['member.available == member.earned - 150', true],
  ['member.available != 100', false],
  ['member.held * 3 <= member.available', true],
  ['member.earned / 100 == 2', true],
  ['-member.earned / 100 == -2', true],
  ['member.earned % 100 == 50', true],
  ['-member.earned % 100 == -50', true],
  ['!(member.held < 30)', true],
  ['member.held < 30 || member.earned > 200', true],
  ['member.held < 30 && member.earned > 200', false],
  ['member.held > 0 ? member.available > 50 : false', true],
  ['member.held in [10, 20, 30]', true],
  ['member.held in []', false],
  ['[1, 2, 30].exists(x, x == member.held)', true],
  ['[1, 2, 30].all(x, x <= member.held)', true],
  ['[30, 30].exists_one(x, x == member.held)', false],
  ['"abc".startsWith("ab") && "abc".endsWith("c") && "abc".contains("b")', true],
  ['"a" < "b"', true],
  ['0x64 == member.available', true],
  ['9007199254740993 > 9007199254740992', true],
  ['member.available + 9223372036854775807 > 0', null],
  ['member.earned * 9223372036854775807 > 0', null],
  ['member.available / (member.held - 30) > 0', null],
  ['member.available % (member.held - 30) > 0', null],
  // Whatever has a value decides, the rest is not needed.
  ['true || member.available / 0 > 1', true],
  ['false && member.available / 0 > 1', false],
];

/** Not accepted, and what is said of them. */
const REFUSED: readonly (readonly [expression: string, why: RegExp])[] = [
  ['', /./],
  ['member.available >', /./],
  ['member.available', /its value is int/],
  ['"yes"', /its value is string/],
  ['member.amout > 1', /amout/],
  ['points > 1', /points/],
  ['member.available > "1"', /./],
  ['member.available > 1.5', /./],
  ['1.5 > 1.0', /only whole numbers/],
  ['1u == 1u', /only whole numbers/],
  ['b"a" == b"a"', /only whole numbers/],
  ['null == null', /only whole numbers/],
  ['9223372036854775808 > 0', /./],
  ['"aaaa".matches("^(a+)+$")', /matches/],
  ['timestamp("2020-01-01T00:00:00Z").getHours("Asia/Shanghai") > 1', /getHours|timestamp/],
  ['duration("1h") == duration("60m")', /duration/],
  ['int("3") == 3', /int/],
  ['size("abc") == 3', /size/],
  ['has(member.available)', /has/],
  ['[1].map(x, x + 1) == [2]', /map/],
  ['[1].exists(x, [1].exists(y, x == y))', /within another macro/],
  ['{"a": 1} == {}', /./],
  ['member["available"] > 1', /\[\]/],
  ['dyn(1) == 1', /dyn/],
  [`${'('.repeat(40)}true${')'.repeat(40)}`, /./],
  [
    Array.from({ length: 130 }, () => 'true')
      .join(' && ')
      .slice(0, 1_000),
    /./,
  ],
  [`1 in [${Array.from({ length: 100 }, (_, i) => i).join()}]`, /./],
  ['x'.repeat(1_025), /at most 1024 characters/],
  ['__proto__ == 1', /./],
  ['member.constructor == 1', /./],
  ['constructor == 1', /./],
];

t.test('expressions and their values', async (t) => {
  for (const [expression, value] of ROWS) {
    const condition = compile(expression);
    if (typeof condition === 'string') t.fail(`${expression}: ${condition}`);
    else t.equal(condition.of({ member: { ...MEMBER } }), value, expression);
  }
});

t.test('what is not accepted says why', async (t) => {
  for (const [expression, why] of REFUSED) {
    const found = compile(expression);
    t.ok(typeof found === 'string', `${expression} is refused`);
    t.match(found, why, expression);
  }
});
