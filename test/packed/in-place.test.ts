// What passes in place is what its object would be packed as, and nothing else passes (protocol.P25-P27): commands of every type, their bytes
// changed at random, and each rule broken once to see that it is found.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack } from 'msgpackr';
import t from 'tap';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { CommandView, commandEnd } from '../../engine/protocol/command-view.js';
import type { Command } from '../../engine/protocol/commands.js';
import { readPassing } from '../../engine/protocol/in-place.js';
import { layoutOf } from '../../engine/protocol/layout.js';
import {
  PackedBatch,
  packedBatch,
  packedHead,
  readBack,
} from '../../engine/protocol/packed-batch.js';
import { validate } from '../../engine/protocol/validate.js';
import { campaign } from '../campaign.js';
import { type Defect, findEach } from '../planted.js';
import { Random } from '../random.js';
import { ROOT } from '../setup.js';
import { changed, Draw, TYPES } from './commands.js';

t.setTimeout(0);

const view = new CommandView();

/** One after the other, as a batch has them: what passes ends where the walk says. */
function passes(bytes: Uint8Array): boolean {
  return readPassing(bytes, 0, view) && view.end === bytes.length;
}

/** Packs fields as they are, acceptable or not; undefined: they cannot be packed at all. */
function packed(fields: Record<string, unknown>): Uint8Array | undefined {
  try {
    return packCommand(fields as unknown as Command, fields['id'] as string);
  } catch {
    return undefined;
  }
}

const isWhole = (bytes: Uint8Array): boolean => {
  try {
    return commandEnd(bytes, 0) === bytes.length;
  } catch {
    return false;
  }
};

/** Throws where something passes whose object does not, or is packed otherwise. */
function expectSound(bytes: Uint8Array): void {
  const isPassing = passes(bytes);
  if (!isWhole(bytes)) {
    if (isPassing) throw new Error('something passes that is no command');
    return;
  }
  const read = readBack(bytes, 0, bytes.length);
  if ('problem' in read) {
    if (isPassing) throw new Error(`${read.problem.code} of ${read.problem.field} passes`);
    return;
  }
  if (validate(read.command) !== null) throw new Error('what is read back is not acceptable');
  const { version } = layoutOf(read.command.type)!.definition;
  view.read(bytes, 0);
  if (view.version !== version) return;
  if (Buffer.compare(packCommand(read.command as never, read.id), bytes) !== 0)
    throw new Error('what is read back has other bytes');
}

function doubtfulAreSound(seed: number): void {
  const draw = new Draw(new Random(seed));
  for (let i = 0; i < 20; i++) {
    const bytes = packed(draw.doubtful());
    if (bytes !== undefined) expectSound(bytes);
  }
}

function changedAreSound(seed: number): void {
  const random = new Random(seed);
  const draw = new Draw(random);
  for (let i = 0; i < 20; i++) {
    const bytes = packed(draw.fields());
    if (bytes === undefined) continue;
    expectSound(bytes);
    expectSound(changed(bytes, random));
  }
}

t.test('well-formed commands of every type pass, in place or read back', async (t) => {
  const random = new Random(1);
  const draw = new Draw(random);
  for (const type of TYPES) {
    let inPlace = 0;
    for (let i = 0; i < 200; i++) {
      const fields = draw.fields(type);
      if (validate(fields) !== null) continue;
      const bytes = packed(fields)!;
      const read = readBack(bytes, 0, bytes.length);
      if ('problem' in read)
        throw new Error(`${type}: ${JSON.stringify(read.problem)} of ${JSON.stringify(fields)}`);
      if (passes(bytes)) inPlace++;
    }
    if (type === 'act') t.equal(inPlace, 0, 'acts are always read back');
    else t.ok(inPlace > 50, `${type}: ${inPlace} of 200 in place`);
  }
});

t.test('what is doubtful', async () => {
  const cases = campaign({
    name: 'doubtful commands pass as objects only',
    long: 20_000,
    sample: 300,
  });
  await cases.run(async (seed) => doubtfulAreSound(seed));
});

t.test('what was changed', async () => {
  const cases = campaign({
    name: 'changed bytes pass as objects only',
    long: 50_000,
    sample: 750,
  });
  await cases.run(async (seed) => changedAreSound(seed));
});

t.test('batches: changed bytes are never more than a refusal', async () => {
  const cases = campaign({ name: 'changed batches', long: 20_000, sample: 250 });
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const draw = new Draw(random);
    const commands = Array.from({ length: 5 }, () => packed(draw.fields('transfer'))!);
    const whole = packedBatch(Buffer.concat(commands), commands.length);
    const batch = PackedBatch.copy(changed(whole, random));
    if (!(batch instanceof PackedBatch)) return;
    for (let i = 0; i < batch.count; i++)
      readBack(batch.bytes, batch.starts[i]!, batch.starts[i + 1]!);
  });
});

/** What a writer in another language makes: arrays, by any library for MessagePack. */
const FOREIGN: readonly unknown[][] = [
  [
    2,
    1,
    'a',
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    '@issue',
    'ann',
    'gold',
    5,
    -1,
  ],
  [
    2,
    1,
    'a',
    'ORDER',
    '7',
    Buffer.from('\0hello'),
    Buffer.from('\0{"a":1,"b":[2]}'),
    'ann',
    'gold',
    1,
    null,
    null,
    null,
    null,
    'ann',
    'bob',
    'gold',
    2 ** 40,
    null,
  ],
  [2, 2, 'a', null, null, null, null, 'ann', 'gold', 300, 4_102_444_800_000],
  [2, 3, 'a', null, null, null, null, 'ann', 'h', '@redeem', null, false, null],
  [1, 4, 'a', null, null, null, null, 'ann', 'h'],
  [3, 5, 'a', null, null, null, null, 'ann', 't', true, null, null, null, null],
  [1, 11, 'a', 'ann', 'note', 'k', Buffer.alloc(300), null, 0],
  [1, 21, 'a', null, null, null, null, 'ann', 'claim', Buffer.from('\0{"offer":"x"}'), null, null],
];

t.test('as packed.md says, any program can write them', async (t) => {
  for (const places of FOREIGN) {
    const bytes = new Uint8Array(pack(places));
    const read = readBack(bytes, 0, bytes.length);
    t.ok('command' in read, JSON.stringify(read));
  }
  const text = readFileSync(join(ROOT, 'engine/protocol/packed.md'), 'utf8');
  const [, example = ''] = /^`(dc [^`]+)`$/m.exec(text) ?? [];
  const hex = example.replace(/"([^"]*)"/g, (_, one: string) => Buffer.from(one).toString('hex'));
  const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  const read = readBack(bytes, 0, bytes.length);
  t.match(read, { command: { id: 'order-1', legs: [{ to: 'alice', amount: 100 }] } });
  t.ok(passes(bytes));
});

t.test('the head of a batch', async (t) => {
  const heads: [number[], object | undefined][] = [
    [[0x92, 1, 5], { count: 5, start: 3 }],
    [[0x92, 1, 0xcc, 200], { count: 200, start: 4 }],
    [[0x92, 1, 0xcd, 1, 0], { count: 256, start: 5 }],
    [[0x92, 1, 0xce, 0, 0, 0, 9], { count: 9, start: 7 }],
    [[0x92, 2, 5], undefined],
    [[0x91, 1], undefined],
    [[0x92, 1], undefined],
    [[0x92, 1, 0xcf, 0], undefined],
    [[0x92, 1, 0xce, 0, 0], undefined],
    [[], undefined],
  ];
  for (const [bytes, expected] of heads) t.same(packedHead(Uint8Array.from(bytes)), expected);
});

type Rules = { places: object[]; leg: object[]; legsMax: number; version: number; op: number };
const withRule = (rules: Rules, changed: object): Rules => ({
  ...rules,
  places: rules.places.map((rule) => ({ ...rule, ...changed })),
  leg: rules.leg.map((rule) => ({ ...rule, ...changed })),
});
const rule = (
  what: string,
  change: (rules: Rules, bytes: Uint8Array, start: number) => Rules,
): Defect => ({
  what,
  of: CommandView,
  method: 'readBy',
  wrong: (right, [bytes, start, rules]) => right(bytes, start, change(rules, bytes, start)),
});
/** Where any value ends. */
const anyEnd = (bytes: Uint8Array, at: number): number => {
  try {
    return commandEnd(Uint8Array.from([0x91, ...bytes.subarray(at)]), 0) - 1 + at;
  } catch {
    return -1;
  }
};

findEach(
  [
    rule('anything may be left out', (rules) => withRule(rules, { mayBeNil: true })),
    rule('who pays may be who receives', (rules) => withRule(rules, { beside: 0 })),
    rule('any value passes', (rules) => withRule(rules, { end: anyEnd })),
    rule('there may be any number of legs', (rules) => ({ ...rules, legsMax: 200 })),
    rule('what only the engine fills in passes', (rules) => ({
      ...rules,
      places: rules.places.map((one: any) => (one.mayBeNil ? { ...one, end: anyEnd } : one)),
    })),
    rule('any version passes', (rules, bytes, start) => ({
      ...rules,
      version: bytes[bytes[start] === 0xdc ? start + 3 : start + 1]!,
    })),
  ],
  [doubtfulAreSound, changedAreSound],
  { 'there may be any number of legs': 1310 },
);
