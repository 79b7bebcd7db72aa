// Two ways of packing, two ways of reading, the same bytes (engine/protocol/command-buffer.ts, command-view.ts), and a
// batch read ahead in groups does what its commands do one at a time (engine/ledger/foresight.ts).

import fc from 'fast-check';
import { pack, unpack } from 'msgpackr';
import t from 'tap';
import { Ledger } from '../../engine/ledger/ledger.js';
import { MemoryIds, pastRecord } from '../../engine/ledger/memory.js';
import { NO_SOURCE, Pages } from '../../engine/ledger/pages.js';
import { emptyParts } from '../../engine/ledger/parts.js';
import { AMOUNT_MAX, TIME_MAX_MS } from '../../engine/limits.js';
import { poolOf } from '../../engine/protocol/allotment.js';
import { decodeCommand, isSameSaid, packTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { CommandBuffer, packCommand } from '../../engine/protocol/command-buffer.js';
import { CommandView } from '../../engine/protocol/command-view.js';
import type { Command, TransferCommand } from '../../engine/protocol/commands.js';
import { Draft } from '../../engine/protocol/draft.js';
import { murmur3, murmur3Bytes, ownerHash, slotOf } from '../../engine/protocol/hash.js';
import { PLACES } from '../../engine/protocol/layout.js';
import { Name } from '../../engine/protocol/name.js';
import { validate } from '../../engine/protocol/validate.js';
import { ALONE } from '../../engine/transfer/open/places.js';
import { parties } from '../homed.js';
import { Random } from '../random.js';

const ID_CHARS = [...'abcXYZ019._:@/+=~-'];
const OWNER_CHARS = [...'abcXYZ019._:-'];
const text = (chars: string[], max: number) =>
  fc.string({ unit: fc.constantFrom(...chars), minLength: 1, maxLength: max });
const amount = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.integer({ min: 1, max: 70_000 }),
  fc.maxSafeInteger().map((n) => Math.max(1, Math.abs(n))),
  fc.constantFrom(127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, AMOUNT_MAX),
);
const owner = fc.oneof(text(OWNER_CHARS, 64), fc.constantFrom('@issue', '@redeem', '@clearing:x'));
const leg = fc
  .record({
    from: owner,
    to: owner,
    asset: text([...'abc_019'], 32),
    amount,
    expiresAt: fc.option(fc.constantFrom(null, 0, 1_000, 2 ** 40, TIME_MAX_MS), { nil: undefined }),
  })
  .filter(({ from, to }) => from !== to);
const transfer = fc.record(
  {
    type: fc.constant('transfer' as const),
    id: text(ID_CHARS, 64),
    legs: fc.array(leg, { minLength: 1, maxLength: 16 }),
    kind: text([...'abC09._-'], 32),
    ref: text(ID_CHARS, 64),
    memo: fc.string({ maxLength: 40 }),
    metadata: fc.dictionary(fc.string({ maxLength: 8 }), fc.integer(), { maxKeys: 3 }),
    condition: fc.record({
      owner: text(OWNER_CHARS, 64),
      asset: fc.constant('a'),
      availableAtLeast: amount,
    }),
  },
  { requiredKeys: ['type', 'id', 'legs'] },
);
/** Where an owner is given, it is one who may be. */
const named = <T extends Pick<TransferCommand, 'legs' | 'owner'>>(command: T): T =>
  command.owner === undefined ? command : { ...command, owner: parties(command)[0] };

/** Fields that a transfer has since version 2. */
const later = fc.record({ owner: text(OWNER_CHARS, 64), occurredAt: amount }, { requiredKeys: [] });

t.test('packed straight into place, a command has the bytes that msgpackr gives it', async (t) => {
  const view = new CommandView();
  const name = new Name();
  fc.assert(
    fc.property(fc.array(transfer, { minLength: 1, maxLength: 40 }), later, (simple, more) => {
      const commands = simple.map((command, i) =>
        i % 2 === 0 ? command : named({ ...command, ...more }),
      );
      const valid = commands.filter((command) => validate(command) === null);
      const buffer = new CommandBuffer(0);
      for (const command of valid) buffer.append(command as Command, command.id);
      const bytes = buffer.bytes();
      let at = 0;
      for (const command of valid) {
        const packed = new Uint8Array(packCommand(command as Command, command.id));
        view.read(bytes, at);
        if (Buffer.compare(packed, bytes.subarray(at, view.end)) !== 0) return false;
        const tuple = unpackTuple(packed, 0, packed.length);
        if (view.count !== tuple.length || view.op !== tuple[1] || !view.isKnown) return false;
        for (let place = 2; place < tuple.length; place++) {
          const value = tuple[place];
          if (view.isNil(place) !== (value === null)) return false;
          if (typeof value === 'number' && view.number(place) !== value) return false;
          if (typeof value !== 'string') continue;
          view.name(place, name);
          if (view.text(place) !== value || name.text !== value) return false;
          if (name.hash !== murmur3(value, 0)) return false;
        }
        at = view.end;
      }
      return at === bytes.length;
    }),
    { numRuns: 500 },
  );
  t.pass('500 batches');
});

t.test('a transfer of version 1 has the places of now, and its own bytes', async (t) => {
  const [view, now] = [new CommandView(), new CommandView()];
  const { owner: LATER, legs: LEGS } = PLACES.transfer;
  fc.assert(
    fc.property(transfer, later, (command, more) => {
      if (validate(command) !== null) return true;
      const packed = packCommand(command as Command, command.id);
      const tuple = unpack(packed) as unknown[];
      tuple[0] = 1;
      tuple.splice(LATER, LEGS - LATER);
      const old = new Uint8Array(pack(tuple));
      const read = unpackTuple(old, 0, old.length);
      view.read(old, 0);
      now.read(packed, 0);
      t.equal(view.end, old.length);
      t.equal(view.version, 1);
      t.ok(view.isKnown);
      t.equal(view.count, now.count);
      for (let place = 2; place < now.count; place++) {
        t.equal(view.isNil(place), now.isNil(place));
        const isLater = place >= LATER && place < LEGS;
        if (!isLater) t.equal(view.width(place), now.width(place));
        if (typeof read[place] === 'string') t.equal(view.text(place), now.text(place));
        if (typeof read[place] === 'number') t.equal(view.number(place), now.number(place));
      }
      const { type, ...said } = command;
      const again = packCommand({ type, ...said, ...more } as Command, command.id);
      const isMore = more.occurredAt !== undefined;
      const isSame = isSameSaid(read, unpackTuple(again, 0, again.length));
      t.equal(isSame, !isMore, 'binds all it says but whose id it is');
      t.same(packTuple(read), old, 'packed again, it is what it was');
      t.same(decodeCommand(old), decodeCommand(packed));
      return true;
    }),
    { numRuns: 200 },
  );
});

t.test('so have prepares and decisions', async (t) => {
  // Lengths are what differs between one packing and another; to draw each byte takes long.
  const length = fc.oneof(fc.nat(300), fc.nat(70_000), fc.constantFrom(255, 256, 65_535, 65_536));
  const filled = length.map((count) => new Uint8Array(count).fill(count));
  const bytes = fc.option(filled, { nil: undefined });
  const named = { id: text(ID_CHARS, 64), owner: text(OWNER_CHARS, 64), lots: bytes };
  const prepare = fc.record({
    type: fc.constant('prepare' as const),
    ...named,
    deadline: amount,
    transfer: bytes.map((found) => found ?? new Uint8Array(3)),
  });
  const decision = fc.record({
    type: fc.constant('decision' as const),
    ...named,
    refusal: fc.nat(255),
    transfer: bytes,
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(prepare, decision), { maxLength: 8 }), (commands) => {
      const buffer = new CommandBuffer(0);
      for (const command of commands) buffer.append(command, command.id);
      const packed = commands.map((command) => packCommand(command, command.id).slice());
      return Buffer.compare(buffer.bytes(), Buffer.concat(packed)) === 0;
    }),
    { numRuns: 200 },
  );
  t.pass('200 batches');
});

t.test('hashes of texts and of their bytes agree', async (t) => {
  for (let length = 0; length <= 64; length++) {
    const word = 'The-quick.brown:fox_jumps~over/the+lazy=dog@0123456789-and:runs.away'.slice(
      0,
      length,
    );
    const bytes = Buffer.from(`##${word}##`);
    t.equal(murmur3Bytes(bytes, 2, length, 7), murmur3(word, 7));
  }
});

t.test('an allotment lies in the slot that it names, as a text and as bytes', async (t) => {
  for (const [owner, slot] of [
    ['#item:17@3', 3],
    ['#item:17@0', 0],
    ['#budget:spring@1023', 1023],
  ] as const) {
    t.equal(slotOf(owner), slot);
    t.equal(Name.of(owner).hash, ownerHash(owner));
    t.equal(poolOf(owner), owner.slice(0, owner.indexOf('@')));
  }
  const buckets = ['#item:17@3', '#item:18@3'].map((owner) => ownerHash(owner) >>> 10);
  t.not(buckets[0], buckets[1], 'in pages of their own');
  const unplaced = [
    '#item:17',
    '#item:17@1024',
    '#item:17@03',
    '#a@00',
    '#a@12345',
    '#a@1x',
    '#a@',
  ];
  for (const owner of [...unplaced, '#a@1@', '#@@', '#@', '#', 'ann@3', '@issue@3']) {
    t.equal(ownerHash(owner), murmur3(owner, 0), owner);
    t.equal(Name.of(owner).hash, ownerHash(owner));
    t.equal(poolOf(owner), owner);
  }
});

t.test('what is no command is refused', async (t) => {
  const view = new CommandView();
  for (const bytes of [[0xc0], [0x91, 1], [0x92, 1, 0xa5, 1], [0x92, 1, 0xc1], [0xdc, 1, 0]]) {
    t.throws(() => view.read(Uint8Array.from(bytes), 0), RangeError);
  }
});

function applied(batches: readonly Uint8Array[], counts: readonly number[]): Uint8Array {
  const draft = new Draft(1 << 12, 1 << 14);
  const state = {
    ...emptyParts(),
    pages: new Pages(NO_SOURCE),
    ids: new MemoryIds(),
    past: {
      read: (_seq: number, offset: number) =>
        pastRecord(draft.commands(), draft.reader(), draft, offset),
    },
    places: ALONE,
  };
  const ledger = new Ledger(state, draft);
  const results: number[] = [];
  draft.open(1, 1_000_000);
  ledger.openBlock(draft);
  batches.forEach((bytes, index) => {
    let at = 0;
    for (let i = 0; i < (counts[index] as number); i++) {
      const command = ledger.take(bytes, at);
      at = command.end;
      results.push(ledger.apply(command));
    }
  });
  const { commands, effects } = { commands: draft.commands(), effects: draft.effects.bytes() };
  return Buffer.concat([Buffer.from(Int32Array.from(results).buffer), commands, effects]);
}

t.test('commands read ahead do what they do one at a time', async (t) => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = new Random(seed);
    const commands: Command[] = [{ type: 'define-asset', asset: 'a', scale: 0 }];
    const owners = 1 + random.int(60);
    while (commands.length < 400) {
      const user = `u${random.int(owners)}`;
      const other = random.chance(0.5) ? '@redeem' : `u${random.int(owners)}`;
      const isEarn = random.chance(0.4);
      const [from, to] = isEarn ? ['@issue', user] : [user, other];
      if (from === to) continue;
      const id = `i${random.int(300)}`;
      const amount = 1 + random.int(3);
      if (random.chance(0.1)) commands.push({ type: 'hold', id, owner: user, asset: 'a', amount });
      else commands.push({ type: 'transfer', id, legs: [{ from, to, asset: 'a', amount }] });
    }
    const singles = commands.map(
      (command) => new Uint8Array(packCommand(command, 'id' in command ? command.id : undefined)),
    );
    const together = applied([Buffer.concat(singles)], [commands.length]);
    const oneByOne = applied(
      singles,
      singles.map(() => 1),
    );
    if (Buffer.compare(together, oneByOne) !== 0) t.fail(`seed ${seed}: the effects differ`);
  }
  t.pass('60 batches of 400 commands');
});
