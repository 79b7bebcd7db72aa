// Packed batches through the public API: the same outcomes, the same state, the same repeats as the same commands as objects; whoever may not
// do a thing as an object may not as bytes either; bytes that are no batch, too many, or changed under way.

import t from 'tap';
import {
  type Command,
  type Engine,
  type Grants,
  isRefusal,
  limits,
  OPERATIONS,
  type Outcome,
  open,
  PackError,
  type PackedOutcomes,
  type Refused,
} from '../../engine/index.js';
import { packTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { commandEnd } from '../../engine/protocol/command-view.js';
import { EVERYTHING } from '../../engine/protocol/grants.js';
import { packedBatch, readBack } from '../../engine/protocol/packed-batch.js';
import { type PackedHome, submitPacked } from '../../engine/router/packed.js';
import { campaign } from '../campaign.js';
import { ownersOf } from '../movements.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { changed, Draw } from './commands.js';

t.setTimeout(0);

const FIRST = 7;
const COMMANDS = 60;

/** What is told, but for where and when. */
function shown(outcome: Outcome): object {
  const { seq, time, ...told } = JSON.parse(JSON.stringify(outcome));
  return told;
}

function all(outcomes: PackedOutcomes | Refused): PackedOutcomes {
  if (isRefusal(outcomes)) throw new Error(`${outcomes.code} ${outcomes.field}`);
  return outcomes;
}

function shownAll(outcomes: PackedOutcomes): object[] {
  return Array.from({ length: outcomes.length }, (_, i) => {
    const outcome = outcomes.outcome(i);
    const isAsSaid =
      outcomes.ok(i) === outcome.ok &&
      outcomes.code(i) === (outcome.ok ? undefined : outcome.code) &&
      outcomes.replayed(i) === outcome.replayed;
    if (!isAsSaid) throw new Error(`outcome ${i} is not what its accessors say`);
    return shown(outcome);
  });
}

/** Is it one command, whatever is in its places? */
function isWhole(bytes: Uint8Array): boolean {
  try {
    return commandEnd(bytes, 0) === bytes.length;
  } catch {
    return false;
  }
}

async function opened(test: { teardown: (end: () => Promise<void>) => void }, shards: number) {
  const engine = await open({ folder: temporaryFolder(t), shards, cacheMb: 64 });
  test.teardown(() => engine.close());
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  return engine;
}

const GRANTS: readonly (Grants | undefined)[] = [
  undefined,
  { operations: new Set(OPERATIONS), scope: 'shop' },
  { operations: new Set(['earn', 'spend', 'read']), scope: 'mall', principal: 'platform mall' },
  { operations: new Set(['transfer', 'redeem', 'admin']) },
  { operations: new Set(OPERATIONS), assets: new Set(['tin']) },
  { operations: new Set(OPERATIONS), owner: 'ann' },
];

/** Takes out what other shards have a part in, and so happens at a time of its own. */
function keepWithin(fields: Record<string, unknown>, users: readonly string[]): void {
  fields['followUps'] = undefined;
  const { legs = [] } = fields as { legs?: Record<string, unknown>[] | null };
  if (fields['type'] !== 'transfer' || !Array.isArray(legs)) return;
  for (const leg of legs)
    if (/^@/.test(String(leg['from'])) && /^@/.test(String(leg['to']))) leg['to'] = users[0];
}

/** Batches of doubtful commands, also changed ones, by callers who may do this and that: as bytes here, as objects there. */
async function agree(engine: Engine, twin: Engine, seed: number): Promise<void> {
  const random = new Random(seed);
  // Of one shard: between shards, who comes first is not the same twice.
  const users = random.pick(ownersOf(engine, 6));
  const draw = new Draw(random, `${seed}-`, users);
  for (const grants of GRANTS) {
    const [here, there] =
      grants === undefined ? [engine, twin] : [engine.as(grants), twin.as(grants)];
    const bytes: Uint8Array[] = [];
    const commands: (Command | Refused)[] = [];
    while (bytes.length < COMMANDS) {
      const fields = random.chance(0.8) ? draw.fields() : draw.doubtful();
      if (engine.shards > 1) keepWithin(fields, users);
      let packed: Uint8Array;
      try {
        packed = packCommand(fields as never, fields['id'] as string);
      } catch {
        continue;
      }
      if (!isWhole(packed)) continue;
      const other = changed(packed, random, 3);
      if (random.chance(0.1) && isWhole(other)) packed = other;
      const read = readBack(packed, 0, packed.length);
      bytes.push(packed);
      const { id } = read;
      if ('command' in read) commands.push(read.command);
      else commands.push({ ok: false, id, ...read.problem } as Refused);
    }
    const outcomes = await here.submitPacked(packedBatch(Buffer.concat(bytes), bytes.length));
    if (isRefusal(outcomes)) throw new Error(`${outcomes.code} of a whole batch`);
    const good = commands.filter((one) => !isRefusal(one)) as Command[];
    const expected = (await there.submitBatch(good)).map(shown);
    const found = shownAll(outcomes);
    let next = 0;
    for (const [i, one] of commands.entries()) {
      if (isRefusal(one)) {
        if (outcomes.code(i) !== one.code)
          throw new Error(`${one.code} is told as ${outcomes.code(i)}`);
      } else {
        const [told, wanted] = [JSON.stringify(found[i]), JSON.stringify(expected[next++])];
        if (told !== wanted) throw new Error(`${JSON.stringify(one)}: ${told}, not ${wanted}`);
      }
    }
  }
  const [here, there] = [await engine.digest(), await twin.digest()];
  if (here !== there) throw new Error('the states differ');
}

t.test('the same outcomes and the same state as objects', async (t) => {
  for (const shards of [1, 3]) {
    const [engine, twin] = [await opened(t, shards), await opened(t, shards)];
    const cases = campaign({ name: `packed as objects, ${shards} shards`, long: 500, sample: 6 });
    await cases.run((seed) => agree(engine, twin, seed));
  }
});

t.test('a repeat in the other form is a repeat', async (t) => {
  const engine = await opened(t, 2);
  const cases = campaign({ name: 'repeats in the other form', long: 200, sample: 5 });
  await cases.run(async (seed) => {
    for (const grants of GRANTS.slice(0, 2)) {
      const caller = grants === undefined ? engine : engine.as(grants);
      const random = new Random(seed);
      const users = random.pick(ownersOf(engine, 6));
      const draw = new Draw(random, `r${seed}-${grants?.scope ?? ''}`, users);
      const drawn = Array.from({ length: 40 }, () => draw.fields());
      const commands = drawn.filter(
        ({ id }, i) => i === drawn.findLastIndex((one) => one['id'] === id),
      ) as unknown as Command[];
      const batch = caller.batch();
      for (const command of commands) batch.add(command as never);
      const bytes = batch.take();
      const first =
        seed % 2 === 0
          ? shownAll(all(await caller.submitPacked(bytes)))
          : (await caller.submitBatch(commands)).map(shown);
      const again =
        seed % 2 === 0
          ? (await caller.submitBatch(commands)).map(shown)
          : shownAll(all(await caller.submitPacked(bytes)));
      for (const [i, one] of again.entries()) {
        const { ok, replayed, code } = one as { ok: boolean; replayed: boolean; code?: string };
        const was = first[i] as { ok: boolean };
        if (was.ok && !(ok && replayed))
          throw new Error(`${JSON.stringify(commands[i])}: ${code ?? 'not a repeat'}`);
        if (code === 'ID_REUSED' && (was as { code?: string }).code !== code)
          throw new Error('another body');
      }
    }
  });
});

t.test('one bad command is refused, the others are carried out', async (t) => {
  const engine = await opened(t, 2);
  const batch = engine.batch();
  batch.move('a', '@issue', 'ann', 'gold', 100);
  batch.move('b', 'ann', 'bob', 'gold', -1);
  batch.move('c', 'ann', 'bob', 'gold', 1.5);
  batch.move('d', 'ann', 'bob', 'gold', 2 ** 53);
  batch.move('e', 'ann', 'bob', 'silver', 1);
  batch.move('f', 'ann', 'bob', 'gold', 30);
  batch.move('', 'ann', '@fee', 'gold', 1, 'FEE', '1');
  const outcomes = await batch.submit({ timeoutMs: 5_000 });
  t.same(
    Array.from({ length: outcomes.length }, (_, i) => outcomes.code(i) ?? 'ok'),
    ['ok', 'AMOUNT_INVALID', 'AMOUNT_INVALID', 'AMOUNT_INVALID', 'ASSET_UNKNOWN', 'ok', 'ok'],
  );
  t.equal(outcomes.refused, 4);
  t.match(outcomes.outcome(1), { field: 'legs[0].amount', id: 'b' });
  t.match(outcomes.outcome(6), {
    ok: true,
    id: 'FEE:1',
    entries: [{ owner: 'ann', available: 69 }, {}],
  });
  t.throws(() => outcomes.outcome(7), RangeError);
  t.equal((await engine.stats()).outcomes.get('transfer AMOUNT_INVALID'), 3, 'all are counted');
  t.equal((await batch.submit()).length, 0, 'the writer is empty');
});

t.test('what the writer does not take', async (t) => {
  const engine = await opened(t, 1);
  const batch = engine.batch({ commandsMax: 2 });
  const leg = { from: '@issue', to: 'ann', asset: 'gold', amount: 1 };
  for (const [wrong, problem] of [
    [
      { type: 'transfer', legs: [] },
      { code: 'LEGS_INVALID', field: 'legs' },
    ],
    [
      { type: 'transfer', legs: [{ ...leg, to: 'é' }] },
      { code: 'OWNER_INVALID', field: 'legs[0].to' },
    ],
    [
      { type: 'define-asset', asset: 'tin', scale: 0 },
      { code: 'COMMAND_TYPE_UNKNOWN', field: 'type' },
    ],
    [{ type: 'nothing' }, { code: 'COMMAND_TYPE_UNKNOWN', field: 'type' }],
  ] as const) {
    const error = t.throws(() => batch.add(wrong as never), PackError) as unknown as PackError;
    t.same(error.problem, problem);
  }
  // A name that would be another one, if its characters were cut.
  t.throws(() => batch.move('x', '@issue', 'Łann', 'gold', 1), RangeError);
  t.throws(() => batch.move('x', '@issue', 'a'.repeat(256), 'gold', 1), RangeError);
  t.equal(batch.length, 0, 'nothing of it is in the batch');
  batch.transfer({ legs: [leg] });
  batch.move('y', '@issue', 'ann', 'gold', 1);
  t.ok(batch.isFull);
  t.throws(() => batch.move('z', '@issue', 'ann', 'gold', 1), RangeError);
  t.equal((await batch.submit()).refused, 0);
  t.throws(() => engine.batch({ commandsMax: limits.PACKED_COMMANDS_MAX + 1 }), RangeError);
  t.throws(() => engine.batch({ bytesMax: 0 }), RangeError);
});

t.test('bytes that are no batch: nothing of it is carried out', async (t) => {
  const engine = await opened(t, 1);
  const before = await engine.digest();
  const batch = engine.batch();
  batch.move('a', '@issue', 'ann', 'gold', 1);
  batch.move('b', '@issue', 'ann', 'gold', 1);
  const bytes = batch.take();
  const large = { code: 'BATCH_TOO_LARGE', field: 'batch' };
  const invalid = { code: 'COMMAND_INVALID', field: 'batch' };
  const cases: [string, Uint8Array, object][] = [
    ['cut', bytes.subarray(0, -1), invalid],
    ['a byte behind', Uint8Array.from([...bytes, 0xc0]), invalid],
    ['one more than said', packedBatch(bytes.subarray(FIRST), 1), invalid],
    ['one less than said', packedBatch(bytes.subarray(FIRST), 3), invalid],
    ['an object', Buffer.from('[{}]'), invalid],
    ['a map within', packedBatch(Uint8Array.of(0x91, 0x80), 1), invalid],
    ['an extension within', packedBatch(Uint8Array.of(0x91, 0xd4, 1, 1), 1), invalid],
    ['a bomb', packedBatch(Uint8Array.of(0xdd, 255, 255, 255, 255), 1), invalid],
    ['too many', packedBatch(new Uint8Array(0), limits.PACKED_COMMANDS_MAX + 1), large],
    ['too large', new Uint8Array(limits.PACKED_BYTES_MAX + 1), large],
    ['no bytes', 'text' as never, invalid],
  ];
  for (const [what, given, expected] of cases)
    t.match(await engine.submitPacked(given), expected, what);
  t.equal(await engine.digest(), before, 'nothing has moved');
  t.equal(
    all(await engine.submitPacked(packedBatch(new Uint8Array(0), 0))).length,
    0,
    'an empty one is one',
  );
});

t.test('the bytes are copied before they are looked at', async (t) => {
  const engine = await opened(t, 2);
  const batch = engine.batch();
  batch.move('a', '@issue', 'ann', 'gold', 7);
  const bytes = batch.take();
  const memories: [string, Uint8Array][] = [
    ['shared memory', new Uint8Array(new SharedArrayBuffer(bytes.length))],
    ['a Buffer', Buffer.alloc(bytes.length)],
    ['a part of more', new Uint8Array(bytes.length + 9).subarray(5, 5 + bytes.length)],
  ];
  for (const [what, memory] of memories) {
    memory.set(bytes);
    const submitted = engine.submitPacked(memory);
    memory.fill(0);
    const outcome = all(await submitted).outcome(0);
    t.match(outcome, { ok: true, id: 'a', entries: [{}, { owner: 'ann', delta: 7 }] }, what);
  }
});

t.test('what an earlier release may have kept elsewhere is searched for', async (t) => {
  const ways: string[] = [];
  const home: PackedHome = {
    slotMap: new Uint16Array(limits.SLOTS),
    takesBytes: (shard) => shard === 0,
    handBytes: (_shard, _bytes, _start, _end, waiter, index) => {
      ways.push(`bytes ${waiter.idAt?.(index)}`);
    },
    dispatch: (command) => {
      ways.push(`object ${'id' in command && command.id}`);
    },
  };
  const leg = (from: string, to: string) => ({ from, to, asset: 'gold', amount: 1 });
  const moves = [
    ['one', leg('ann', 'bob')],
    ['many', leg('ann', 'bob'), leg('ann', '@fee')],
    ['either', leg('@issue', 'ann'), leg('ann', 'bob')],
    ['other', leg('@fee', 'bob'), leg('ann', '@redeem')],
  ] as const;
  const bytes = moves.map(([id, ...legs]) => packCommand({ type: 'transfer', id, legs }, id));
  submitPacked(home, packedBatch(Buffer.concat(bytes), bytes.length), 1, EVERYTHING, null);
  t.same(ways, ['bytes one', 'bytes many', 'bytes either', 'object other']);
  ways.length = 0;
  home.takesBytes = () => false;
  submitPacked(home, packedBatch(bytes[0]!, 1), 1, EVERYTHING, null);
  t.same(ways, ['object one'], 'and so is what another node has');
});

t.test('of commands in an older version, the newest is carried out', async (t) => {
  const engine = await opened(t, 1);
  await engine.submit({
    type: 'transfer',
    legs: [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }],
  });
  await engine.submit({ type: 'freeze-account', owner: 'ann', asset: 'gold' });
  const hold = packCommand({ type: 'hold', id: 'h', owner: 'ann', asset: 'gold', amount: 1 }, 'h');
  const old = unpackTuple(hold, 0, hold.length);
  old[0] = 1;
  const bytes = packedBatch(packTuple(old), 1);
  t.equal(all(await engine.submitPacked(bytes)).code(0), 'ACCOUNT_FROZEN');
  await engine.submit({ type: 'unfreeze-account', owner: 'ann', asset: 'gold' });
  t.ok(
    all(await engine.submitPacked(bytes)).ok(0),
    'by the rules of version 1 the refusal was kept',
  );
});
