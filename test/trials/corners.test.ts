// Corners of dry runs and atomic batches: what is under way between shards, a clock that is not believed, effects without end.

import t from 'tap';
import { type Command, type Outcome, open, type Posted } from '../../engine/index.js';
import { available, leg, move } from '../movements.js';
import { temporaryFolder } from '../temporary.js';
import { DAY, withEngine } from '../transfer/harness.js';

t.setTimeout(0);

const atomic = { atomic: true } as const;
const dry = { dryRun: true } as const;

const codes = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map((one) => (one.ok ? `ok${one.replayed ? ' again' : ''}` : one.code));

t.test('a command between shards that is under way does not count as done', async (t) => {
  await withEngine(t, async (engine, [[ann = '', bob = ''] = [], [cat = ''] = []]) => {
    await engine.submit(move('seed', leg('@issue', ann, 100)));
    await engine.submit(move('far', leg(ann, cat, 10)));
    const back: Command = { type: 'reverse', id: 'back', owner: ann, transferId: 'far' };
    const batch = [move('near', leg(ann, bob, 7)), back];
    // Both reach the shard together: the reversal is open when the batch comes.
    const [alone, early] = await Promise.all([
      engine.submit(back),
      engine.submitBatch(batch, atomic),
    ]);
    t.equal(alone.ok, true);
    t.same(codes(early), ['BATCH_ABORTED', 'PREPARED']);
    t.equal(await available(engine, bob), 0, 'nothing of it was carried out');
    t.equal(await engine.transfer(ann, 'near'), undefined);
    t.same(
      codes(await engine.submitBatch(batch, atomic)),
      ['ok', 'ok again'],
      'when it is decided',
    );
    t.equal(await available(engine, bob), 7);
  });
});

t.test(
  'a dry run that its caller may not read is refused, whatever was tried before it',
  async (t) => {
    await withEngine(t, async (engine, [[ann = ''] = []]) => {
      await engine.submit(move('seed', leg('@issue', ann, 100)));
      const blind = engine.as({ operations: new Set(['earn'] as const) });
      for (const id of ['first', 'second']) {
        await engine.submit(move(id, leg('@issue', ann, 1)), dry);
        await engine.submitBatch([move(id, leg('@issue', ann, 1))], atomic);
        const told = await blind.submit(
          move(`${id} blind`.replace(' ', '-'), leg('@issue', ann, 1)),
          dry,
        );
        t.match(told, { code: 'OPERATION_FORBIDDEN', field: 'dryRun' });
      }
    });
  },
);

t.test('lots that are other ones when the decision is known', async (t) => {
  await withEngine(t, async (engine, [[ann = ''] = [], [cat = ''] = [], [dan = ''] = []]) => {
    await engine.submit(move('soon', leg('@issue', ann, 10, DAY * 2)));
    await engine.submit(move('later', leg('@issue', ann, 10, DAY * 3)));
    // While the first one is not decided, the second one gets the later lot; when it is refused, the sooner.
    const batch = [
      move('short', leg(ann, cat, 10), leg(cat, dan, 500)),
      move('fits', leg(ann, cat, 10)),
    ];
    const outcomes = await engine.submitBatch(batch, dry);
    t.same(codes(outcomes), ['POINTS_SHORT', 'ok']);
    const [entry] = (outcomes[1] as Posted).entries;
    t.same(entry?.slices, [{ expiresAt: DAY * 2, available: 0, held: -10 }]);
  });
});

t.test('a clock that is not believed holds back all of a batch', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const folder = temporaryFolder(t);
  const engine = await open({ folder, shards: 1, cacheMb: 64, clockOffset });
  t.teardown(() => engine.close());
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const batch = [move('a', leg('@issue', 'ann', 1)), move('b', leg('@issue', 'bob', 1))];
  new Float64Array(clockOffset)[0] = 3_600_000;
  const jumped = ['CLOCK_JUMP', 'CLOCK_JUMP'];
  t.same(codes(await engine.submitBatch(batch, dry)), jumped);
  t.same(codes(await engine.submitBatch(batch, atomic)), jumped);
  t.same(codes(await engine.submitBatch(batch, { ...dry, ...atomic })), jumped);
  new Float64Array(clockOffset)[0] = 0;
  t.same(codes(await engine.submitBatch(batch, atomic)), ['ok', 'ok']);
});

t.test('what does not fit a block is not tried to its end', async (t) => {
  await withEngine(t, async (engine, [[ann = '', bob = ''] = []]) => {
    await engine.submit({ type: 'define-asset', asset: 'lots', scale: 0, lotGranularityMs: 1_000 });
    const from = (payer: string, to: string, amount: number, expiresAt?: number) => ({
      ...leg(payer, to, amount, expiresAt),
      asset: 'lots',
    });
    const lots = Array.from({ length: 512 }, (_, n) => from('@issue', ann, 1, DAY + n * 1_000));
    for (let n = 0; n < lots.length; n += 16)
      await engine.submit(move(`lots${n}`, ...lots.slice(n, n + 16)));
    // 24 KiB of lots for each.
    const batch = Array.from({ length: 720 }, (_, n) =>
      move(`m${n}`, n % 2 === 0 ? from(ann, bob, 512) : from(bob, ann, 512)),
    );
    const said = codes(await engine.submitBatch(batch, dry));
    const end = said.indexOf('BATCH_TOO_LARGE');
    t.ok(end > 500 && said.slice(0, end).every((code) => code === 'ok'));
    t.same(new Set(said.slice(end)), new Set(['BATCH_TOO_LARGE']));
    t.same(new Set(codes(await engine.submitBatch(batch, atomic))), new Set(['BATCH_TOO_LARGE']));
    t.equal(await engine.transfer(ann, 'm0'), undefined);
    const fits = batch.slice(0, 300);
    t.same(new Set(codes(await engine.submitBatch(fits, atomic))), new Set(['ok']));
  });
});
