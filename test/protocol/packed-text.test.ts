// Packed values as JSON text (protocol.P32): as what is read of them is stringified; what is no value of ours is left to that; and outcomes of
// events as they are told. Where values end, and what the records of a plan say, found without being read.

import fc from 'fast-check';
import { Packr } from 'msgpackr';
import t from 'tap';
import { ACT_RECORDS_MAX } from '../../engine/limits.js';
import { type LoggedPlan, PlanPacker, planOf } from '../../engine/programme/plan.js';
import { toldInPlace } from '../../engine/protocol/act-fields.js';
import { valueEnd } from '../../engine/protocol/packed-reader.js';
import { PackedText } from '../../engine/protocol/packed-text.js';
import { unpackValue } from '../../engine/protocol/packed-value.js';
import { packJson, packOne } from '../../engine/protocol/packed-writer.js';

const MOST = 1 << 20;
const text = new PackedText();
const packr = new Packr({ useRecords: false });

/** Names and texts as programmes have them, and any others. */
const word = fc.oneof(
  fc.constantFrom('type', 'earn', 'shop.CONSUME', 'x'.repeat(24), 'y'.repeat(25), '', '1', '01'),
  fc.constantFrom('__proto__', 'constructor', 'é', '"', '\\', '\n', '积分', '\u2028', '😀'),
  fc.string({ maxLength: 40 }),
);
const name = fc.oneof(
  { weight: 200, arbitrary: fc.constantFrom('type', 'rule', 'amount', 'é', '"', 'n'.repeat(30)) },
  { weight: 1, arbitrary: word },
);
const numbers = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, -2, 1.5),
  fc.constantFrom(2 ** 53, -(2 ** 53), 1e21, 1e-7, 5e-324),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(word, numbers, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(name, tie('value'), { maxKeys: 6 }),
  ),
}));

t.test('what a writer has packed', async (t) => {
  let left = 0;
  let written = 0;
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), fc.nat(3), (list, before) => {
      const packed = packJson(list, MOST);
      const bytes = new Uint8Array(before + packed.length);
      bytes.set(packed, before);
      const items = text.items(bytes, before, 0, list.length);
      const read = unpackValue(packed) as unknown[];
      if (items === undefined) left++;
      else {
        written++;
        const told = items.join();
        const should = read.map((one) => JSON.stringify(one)).join();
        if (told !== should) throw new Error(`${told}, not ${should}`);
      }
    }),
    { numRuns: 3_000, seed: 5 },
  );
  t.ok(written > left && left > 10, `${written} were written, ${left} left to be read`);
});

t.test('whatever the bytes are, it is the same or left', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const whole = Uint8Array.from([0x91, ...bytes]);
      const items = text.items(whole, 0, 0, 1);
      if (items === undefined) return;
      JSON.parse(items[0] as string);
    }),
    { numRuns: 5_000, seed: 6 },
  );
});

t.test('what an act tells', async (t) => {
  const effects = [{ type: 'earn', rule: 'shop.CONSUME', amount: 40 }];
  const why = { programme: 1, not: [['shop.T', 1, 'more']] };
  const rows: readonly (readonly [plan: unknown, told: string | undefined])[] = [
    [[1, effects, why], JSON.stringify({ effects, why })],
    [[1, effects, why, [['r', 'k', new Uint8Array(3)]]], JSON.stringify({ effects, why })],
    [[1], '{"effects":[],"why":{}}'],
    [[1, null, why], JSON.stringify({ effects: [], why })],
    [{ version: 1 }, undefined],
    [[1, effects, new Date(0)], undefined],
  ];
  for (const [plan, told] of rows)
    t.equal(toldInPlace(new Uint8Array(packr.pack(plan)), 0), told, JSON.stringify(plan));
});

t.test('where a value ends', async (t) => {
  fc.assert(
    fc.property(value, fc.nat(3), (one, before) => {
      const packed = packJson(one, MOST);
      const bytes = new Uint8Array(before + packed.length + 2).fill(0xc1);
      bytes.set(packed, before);
      const end = valueEnd(bytes, before);
      if (end !== before + packed.length) throw new Error(`${end} of ${before + packed.length}`);
    }),
    { numRuns: 3_000, seed: 7 },
  );
  for (const other of [new Date(0), [1, new Uint8Array(3)], { a: new Date(0) }])
    t.equal(valueEnd(new Uint8Array(packr.pack(other)), 0), -1, 'what no writer has packed');
});

t.test('what the records of a plan say is found where it was packed', async (t) => {
  const record = fc.record({
    type: fc.constantFrom('member', 'counter', 'reward'),
    key: fc.constantFrom('shop', 'p.shop.CONSUME', 'k'.repeat(40)),
    value,
    expiresAt: fc.option(fc.nat(), { nil: undefined }),
  });
  const records = fc.array(record, { maxLength: ACT_RECORDS_MAX });
  let found = 0;
  fc.assert(
    fc.property(records, fc.boolean(), fc.nat(3), (all, isPending, before) => {
      const pending = isPending ? [[0, null] as const] : undefined;
      const of = all.length === 0 ? undefined : all;
      const plan = { version: 1, effects: [], why: { a: 1 }, records: of, pending } as LoggedPlan;
      const made = new PlanPacker();
      made.plan = plan;
      const packed = packOne(made, MOST);
      const bytes = new Uint8Array(before + packed.length);
      bytes.set(packed, before);
      const read = planOf(packed);
      const again = new PlanPacker();
      again.found(read, bytes, before);
      const places = made.values.slice(0, 2 * all.length).join();
      if (again.values.slice(0, 2 * all.length).join() !== places) throw new Error('elsewhere');
      if (all.length > 0 && again.plan === read) found++;
    }),
    { numRuns: 500, seed: 8 },
  );
  t.ok(found > 400, `${found} were found`);
});
