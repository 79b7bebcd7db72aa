// Canonical JSON: the same text for the same object, whatever the order of its names, as written member by member. And packed JSON
// (protocol.P24, protocol.P30): what is read back is packed into the same bytes, and is what the library reads from them.

import { isDeepStrictEqual } from 'node:util';
import { Unpackr } from 'msgpackr';
import t from 'tap';
import { METADATA_DEPTH_MAX } from '../../engine/limits.js';
import { JSON_OBJECT, jsonLength } from '../../engine/protocol/opaque.js';
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

/** Of which most objects can be written down as they are, and some not. */
const FEW_NAMES = ['b', 'a', 'ab', 'B', 'toJSON', '_c', '~', '10', '9', 'e"'];
const FEW_VALUES = [null, true, false, 0, -0, -1, 9, 10, 99, 999_999_999, 1e9, 2 ** 40, '', 'a b'];

function fewNames(random: Random, depth: number): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (let left = 1 + random.int(5); left > 0; left--)
    object[random.pick(FEW_NAMES)] =
      depth > 0 && random.int(3) === 0 ? fewNames(random, depth - 1) : random.pick(FEW_VALUES);
  return object;
}

/** The canonical text of an object as commands have it, whether or not it was checked before. */
function placed(object: Record<string, unknown>, isChecked: boolean): string {
  const length = isChecked ? jsonLength(object) : undefined;
  const text = Buffer.from(JSON_OBJECT.toPlace(object)).toString('utf8', 1);
  if (isChecked && length !== Buffer.byteLength(text)) throw new Error(`${length}: ${text}`);
  return text;
}

t.test('canonical JSON in the place of a command', async (t) => {
  await campaign({ name: 'JSON in places', long: 100_000, sample: 2_500 }).run((seed) => {
    const random = new Random(seed);
    const object = random.int(4) === 0 ? anyObject(random, 2) : fewNames(random, random.int(3));
    const text = placed(object, random.int(2) === 0);
    if (text !== written(object)) throw new Error(`${text} is not ${written(object)}`);
  });
  const deep = (depth: number): object => (depth === 0 ? {} : { a: deep(depth - 1) });
  t.equal(jsonLength(deep(METADATA_DEPTH_MAX)), undefined, 'too deep');
  t.equal(
    jsonLength(deep(METADATA_DEPTH_MAX - 1)),
    JSON.stringify(deep(METADATA_DEPTH_MAX - 1)).length,
  );
  for (const none of [undefined, null, [], 'a', new Date(0), { a: undefined }, { a: () => 1 }])
    t.equal(jsonLength(none), undefined, 'no JSON object');
  const long = { a: 'x'.repeat(5_000) };
  t.equal(jsonLength(long), 5_008, 'more than there is room for');
  t.end();
});

const reader = new PackedReader();
const library = new Unpackr({ useRecords: false, int64AsType: 'number', mapsAsObjects: true });

t.test('canonical and packed JSON', async (t) => {
  await campaign({ name: 'JSON objects', long: 20_000, sample: 1_000 }).run((seed) => {
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
