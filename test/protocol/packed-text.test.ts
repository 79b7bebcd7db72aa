// Packed values as JSON text (protocol.P32): as what is read of them is stringified; what is no value of ours is left to that; and outcomes of
// events as they are told.

import fc from 'fast-check';
import { Packr } from 'msgpackr';
import t from 'tap';
import { toldInPlace } from '../../engine/protocol/act-fields.js';
import { PackedText } from '../../engine/protocol/packed-text.js';
import { unpackValue } from '../../engine/protocol/packed-value.js';
import { packJson } from '../../engine/protocol/packed-writer.js';

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
