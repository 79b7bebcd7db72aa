// Canonical JSON: the same text for the same object, whatever the order of its names, as written member by member. And packed JSON
// (protocol.P24, protocol.P30): what is read back is packed into the same bytes, and is what the library reads from them.

import { isDeepStrictEqual } from 'node:util';
import { Unpackr } from 'msgpackr';
import t from 'tap';
import { PackedReader } from '../../engine/protocol/packed-reader.js';
import { unpackValue } from '../../engine/protocol/packed-value.js';
import { packJson } from '../../engine/protocol/packed-writer.js';
import { canonicalJson } from '../../engine/protocol/syntax.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';

const NAMES = [
  'a',
  'b',
  'ab',
  'B',
  '',
  '10',
  '9',
  '__proto__',
  'toJSON',
  'é',
  '\u{1f600}',
  'x'.repeat(300),
];
const VALUES = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  255,
  65_536,
  2 ** 40,
  'text',
  'ü',
  '"\\',
  'y'.repeat(40),
];

function anyObject(random: Random, depth: number): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (let left = random.int(20); left > 0; left--) {
    const value = depth > 0 && random.int(4) === 0 ? anyValue(random, depth) : random.pick(VALUES);
    const field = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(object, random.pick(NAMES), field);
  }
  return object;
}

const anyValue = (random: Random, depth: number): unknown =>
  random.int(2) === 0
    ? anyObject(random, depth - 1)
    : Array.from({ length: random.int(20) }, () => random.pick(VALUES));

/** Member by member. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${written(one)}`).join(',')}}`;
}

const reader = new PackedReader();
const library = new Unpackr({ useRecords: false, int64AsType: 'number', mapsAsObjects: true });

t.test('canonical and packed JSON', async (t) => {
  await campaign({ name: 'JSON objects', long: 20_000, sample: 2_000 }).run((seed) => {
    const object = anyObject(new Random(seed), 2);
    const json = canonicalJson(object);
    if (json !== written(object)) throw new Error(`${json} is not ${written(object)}`);
    // What MessagePack is read by gives this name another one.
    const plain = JSON.parse(json.replaceAll('"__proto__"', '"proto"'));
    const packed = packJson(plain, 65_536);
    const again = unpackValue(packed);
    if (canonicalJson(again) !== canonicalJson(plain))
      throw new Error('packed JSON says something else');
    if (Buffer.compare(packJson(again, 65_536), packed) !== 0) throw new Error('P24');
    // Somewhere in other bytes, and by the reader itself.
    const around = Uint8Array.of(0xc1, 0xff, ...packed, 0x90);
    const read = reader.read(around, 2, packed.length + 2);
    if (!isDeepStrictEqual(read, library.unpack(packed))) throw new Error('P30');
  });
  t.equal(canonicalJson({ a: '\ud800' }), undefined);
  t.equal(canonicalJson({ '\ud800': 1 }), undefined);
  t.throws(() => packJson({ a: 'x'.repeat(100) }, 50), RangeError);
});
