// Atomic batches through the public API: all or none, in one block, whatever happens to the process.

import { join } from 'node:path';
import t from 'tap';
import { type Command, limits, type Outcome, verifyFolder } from '../../engine/index.js';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { BlockView } from '../../engine/protocol/block.js';
import { CommandBuffer, packCommand } from '../../engine/protocol/command-buffer.js';
import { Actor } from '../../engine/shard/actor.js';
import { RESULT } from '../../engine/shard/messages.js';
import { Trials } from '../../engine/shard/trials.js';
import { openFolder, shardLogPath } from '../../engine/store/folder.js';
import { Log } from '../../engine/store/log.js';
import { available, leg, move } from '../movements.js';
import { NO_BUS, ONE_SHARD } from '../one-shard.js';
import { temporaryFolder } from '../temporary.js';
import { withEngine } from '../transfer/harness.js';
import { until } from '../until.js';

t.setTimeout(0);

const atomic = { atomic: true } as const;

const codes = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map((one) =>
    one.ok ? `ok${one.replayed ? ' again' : ''}` : `${one.code}${one.field ? ` ${one.field}` : ''}`,
  );

t.test('all, or none and no id used', async (t) => {
  await withEngine(t, async (engine, [[ann = '', bob = '', cat = ''] = []]) => {
    await engine.submit(move('seed', leg('@issue', ann, 100)));
    const batch: Command[] = [
      move('a', leg(ann, bob, 70)),
      move('b', leg(bob, cat, 70)),
      { type: 'hold', id: 'c', owner: cat, asset: 'gold', amount: 71 },
    ];
    t.same(codes(await engine.submitBatch(batch, atomic)), [
      'BATCH_ABORTED',
      'BATCH_ABORTED',
      'POINTS_SHORT',
    ]);
    t.same([await available(engine, ann), await available(engine, bob)], [100, 0]);
    t.equal(await engine.transfer(ann, 'a'), undefined, 'the id is free');
    t.equal(await engine.transfer(cat, 'c'), undefined, 'and so is that of the one at fault');

    const corrected = [...batch.slice(0, 2), { ...batch[2], amount: 70 } as Command];
    const done = await engine.submitBatch(corrected, atomic);
    t.same(codes(done), ['ok', 'ok', 'ok'], 'corrected under the same ids');
    t.equal(new Set(done.map((one) => one.ok && one.seq)).size, 1, 'in one block');
    t.same(codes(await engine.submitBatch(corrected, atomic)), [
      'ok again',
      'ok again',
      'ok again',
    ]);
  });
});

t.test('ids that were used before', async (t) => {
  await withEngine(t, async (engine, [[ann = '', bob = ''] = []]) => {
    await engine.submit(move('seed', leg('@issue', ann, 100)));
    await engine.submit(move('done', leg(ann, bob, 10)));
    await engine.submit(move('short', leg(ann, bob, 1_000)));
    const more = move('more', leg(ann, bob, 5));
    const run = async (...commands: Command[]) => codes(await engine.submitBatch(commands, atomic));
    t.same(await run(move('done', leg(ann, bob, 11)), more), ['ID_REUSED', 'BATCH_ABORTED']);
    t.same(
      await run(more, move('short', leg(ann, bob, 1_000))),
      ['BATCH_ABORTED', 'POINTS_SHORT'],
      'a refusal that is kept',
    );
    t.same(
      await run(move('done', leg(ann, bob, 10)), more),
      ['ok again', 'ok'],
      'done counts as done',
    );
    t.same(
      await run(move('x', leg(ann, bob, 1)), move('x', leg(ann, bob, 1))),
      ['ok', 'ok again'],
      'twice in one',
    );
    t.equal(await available(engine, bob), 16);
  });
});

t.test('follow-ups are caused by what is carried out, and by nothing else', async (t) => {
  await withEngine(t, async (engine, [[ann = '', bob = ''] = [], [cat = ''] = []]) => {
    const bonus = { legs: [leg('@issue', cat, 3)] };
    const cause = (id: string) =>
      ({ ...move(id, leg('@issue', ann, 10)), followUps: [bonus] }) as Command;
    const short = move('short', leg(bob, ann, 1));
    await engine.submitBatch([cause('a')], { dryRun: true });
    t.same(codes(await engine.submitBatch([cause('a'), short], atomic)), [
      'BATCH_ABORTED',
      'POINTS_SHORT',
    ]);
    const done = [cause('b'), cause('c'), move('d', leg(ann, bob, 1))];
    t.same(codes(await engine.submitBatch(done, atomic)), ['ok', 'ok', 'ok']);
    await until('all have followed', async () => (await available(engine, cat)) === 6);
  });
});

t.test('what cannot be atomic', async (t) => {
  await withEngine(t, async (engine, [[ann = '', bob = ''] = [], [cat = ''] = []]) => {
    await engine.submit(move('seed', leg('@issue', ann, 100), leg('@issue', cat, 100)));
    await engine.submit(move('far', leg(ann, cat, 1)));
    await engine.submit({ type: 'hold', id: 'h', owner: ann, asset: 'gold', amount: 5 });
    const run = async (...commands: Command[]) => codes(await engine.submitBatch(commands, atomic));
    const near = move('near', leg(ann, bob, 1));
    const aborted = 'BATCH_ABORTED';
    t.same(await run(near, move('a', leg(ann, bob, 1), leg(bob, cat, 1))), [
      aborted,
      'BATCH_ACROSS_SHARDS legs[1].to',
    ]);
    t.same(await run(near, move('a', leg(cat, '@redeem', 1))), [
      aborted,
      'BATCH_ACROSS_SHARDS legs[0].from',
    ]);
    t.same(
      await run(near, {
        ...move('a', leg(ann, bob, 1)),
        condition: { owner: cat, asset: 'gold', availableAtLeast: 0 },
      } as Command),
      [aborted, 'BATCH_ACROSS_SHARDS condition.owner'],
    );
    t.same(await run(near, { type: 'capture', id: 'a', owner: ann, holdId: 'h', to: cat }), [
      aborted,
      'BATCH_ACROSS_SHARDS to',
    ]);
    t.same(
      await run(near, { type: 'reverse', id: 'a', owner: ann, transferId: 'far' }),
      [aborted, 'BATCH_ACROSS_SHARDS'],
      'what only the log knows',
    );
    t.same(await run(near, { type: 'define-asset', asset: 'new', scale: 0 }), [
      aborted,
      'COMMAND_TYPE_UNKNOWN type',
    ]);
    t.same(await run(near, move('a', leg(ann, bob, 0))), [
      aborted,
      'AMOUNT_INVALID legs[0].amount',
    ]);
    t.same(await run(), []);
    const many = Array.from({ length: limits.TOGETHER_COMMANDS_MAX + 1 }, (_, n) =>
      move(`m${n}`, leg(ann, bob, 1)),
    );
    t.equal(new Set(codes(await engine.submitBatch(many, atomic))).size, 1);
    t.equal(await available(engine, bob), 0, 'none of all that was carried out');
    const dry = await engine.submitBatch([near, near], { atomic: true, dryRun: true });
    t.same(codes(dry), ['ok', 'ok again']);
    t.same(
      codes(
        await engine.submitBatch([near, move('b', leg(ann, bob, 1_000))], {
          atomic: true,
          dryRun: true,
        }),
      ),
      [aborted, 'POINTS_SHORT'],
    );
    t.same(
      codes(
        await engine.submitBatch(
          [near, { type: 'reverse', id: 'a', owner: ann, transferId: 'far' }],
          { atomic: true, dryRun: true },
        ),
      ),
      [aborted, 'BATCH_ACROSS_SHARDS'],
    );
    t.equal(await available(engine, bob), 0);
  });
});

t.test(
  'between other commands, many at once: every prefix of the log has all of a batch or none',
  async (t) => {
    const BATCHES = 45;
    const SIZE = 40;
    await withEngine(t, async (engine, [[ann = '', bob = ''] = []], folder) => {
      await engine.submit(
        move('seed', leg('@issue', ann, 1_000_000), leg('@issue', bob, 1_000_000)),
      );
      const work: Promise<Outcome[]>[] = [];
      for (let b = 0; b < BATCHES; b++) {
        // The last one of every third is short: it must leave nothing.
        const batch = Array.from({ length: SIZE }, (_, n) =>
          move(`b${b}.${n}`, leg(ann, bob, b % 3 === 0 && n === SIZE - 1 ? 9_000_000 : 1)),
        );
        work.push(engine.submitBatch(batch, atomic));
        work.push(
          engine.submitBatch(
            Array.from({ length: 7 }, (_, n) => move(`s${b}.${n}`, leg(bob, ann, 1))),
          ),
        );
        if (b % 20 === 0) await new Promise(setImmediate);
      }
      const outcomes = await Promise.all(work);
      const done = outcomes.filter((some, i) => i % 2 === 0 && some.every(({ ok }) => ok)).length;
      t.equal(done, BATCHES - BATCHES / 3);
      t.equal(await available(engine, bob), 1_000_000 + done * SIZE - BATCHES * 7);

      const log = Log.open(shardLogPath(folder, engine.shardOf(ann)), { readOnly: true });
      const seen = new Map<string, { seq: number; count: number }>();
      for (let seq = 1; seq <= log.headSeq(); seq++) {
        const { commands, effects } = new BlockView(log.read(seq) as Uint8Array);
        for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
          const start = effects.commandOffset(at);
          const text = Buffer.from(
            commands.subarray(start, start + effects.commandLength(at)),
          ).toString('latin1');
          const [, batch] = /(b\d+)\.\d+/.exec(text) ?? [];
          if (batch === undefined) continue;
          const known = seen.get(batch) ?? { seq, count: 0 };
          if (known.seq !== seq) t.fail(`${batch} is in blocks ${known.seq} and ${seq}`);
          seen.set(batch, { seq, count: known.count + 1 });
        }
      }
      await log.close();
      t.same([...new Set([...seen.values()].map(({ count }) => count))], [SIZE], 'whole');
      t.equal(seen.size, done);
    });
  },
);

t.test('a block that is nearly full is ended first', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  openFolder(folder, { shards: 1, create: true, lock: false });
  const actor = await Actor.open({
    folder,
    shard: 0,
    cacheBytes: 64 * 1024 * 1024,
    checkpointBytes: 64 * 1024 * 1024,
    tickMs: 1_000,
    acceptClock: true,
    slotMap: ONE_SHARD,
    bus: NO_BUS,
    emit: ({ type }) => t.not(type, 'fatal'),
  });
  const earn = (id: string) => move(id, leg('@issue', 'ann', 1));
  const pack = (from: number, to: number): Uint8Array => {
    const buffer = new CommandBuffer(0);
    for (let n = from; n < to; n++) buffer.append(earn(`t${n}`), `t${n}`);
    return buffer.bytes().slice();
  };
  const asset = packCommand({ type: 'define-asset', asset: 'gold', scale: 0 }, undefined).slice();
  const batch = { type: 'atomic', owner: 'ann', commands: pack(7_700, 8_600) } as const;
  const query = packCommand(batch, undefined).slice();
  const all = Buffer.concat([asset, pack(0, 7_700), query, pack(8_600, 8_610)]);
  const { answers, segments, results } = await actor.submit(new Uint8Array(all), 7_712);
  t.match(answers, [{ type: 'judged', seq: 2, said: [], replayed: [] }], 'all in the next block');
  t.match(segments, [
    { from: 0, to: 7_701, seq: 1 },
    { from: 7_701, to: 7_712, seq: 2 },
  ]);
  t.equal(results.filter((kind, i) => i % 2 === 0 && kind === RESULT.record).length, 7_711);
  t.equal(actor.figures().commands, 7_711 + 900);
  await actor.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('a batch that no room is left for has changed nothing', (t) => {
  const memory = new MemoryLedger();
  const time = Date.now();
  memory.apply([{ type: 'define-asset', asset: 'gold', scale: 0 }], time);
  const { draft } = memory.ledger;
  draft.open(memory.blocks.length + 1, time);
  memory.ledger.openBlock(draft);
  const packed = packCommand(move('a', leg('@issue', 'ann', 1)), 'a').slice();
  const before = canonicalState(memory.state);
  draft.count = limits.BATCH_MAX;
  const trials = new Trials(memory.ledger);
  t.equal(trials.atomic(packed), null);
  t.same(canonicalState(memory.state), before);
  draft.count = 0;
  t.match(trials.atomic(packed), { seq: draft.seq, results: [0, 0] });
  t.end();
});
