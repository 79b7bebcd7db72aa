// Definitions over shards, nodes and starts: decided on the first shard, taken by all others in the same order, confirmed.

import { cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import {
  type Caller,
  type Command,
  type Engine,
  type FeedBlock,
  OPERATIONS,
  open,
  verifyFolder,
} from '../../engine/index.js';
import { DEFINITION_LEAD_MS } from '../../engine/limits.js';
import { shardLogPath } from '../../engine/store/folder.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

const OFFER = { points: 10, asset: 'gold', budget: '#budget:spring' };
type Put = Extract<Command, { type: 'put-definition' }>;
const offer = (key: string, points = 10, more: object = {}): Put => ({
  type: 'put-definition',
  ...{ kind: 'offer', key, state: 'active' },
  document: { ...OFFER, points, name: `Offer ${key}` },
  ...more,
});

/** What each shard here has taken, in the order of its log. */
async function taken(engine: Engine): Promise<Map<number, Put[]>> {
  const { shards } = await engine.stats();
  const found = new Map<number, Put[]>();
  for (const { shard, durableSeq } of shards) {
    const puts: Put[] = [];
    let seen = 0;
    const end = engine.subscribe(shard, 1, (block: FeedBlock) => {
      seen = block.seq;
      for (const { command } of block.items)
        if (command.type === 'put-definition') puts.push(command);
    });
    if (durableSeq > 0) await until('the feed', () => seen >= durableSeq);
    end();
    found.set(shard, puts);
  }
  return found;
}

const names = (puts: readonly Put[]): string[] =>
  puts.flatMap(({ key, state, document }) =>
    state === 'draft' ? [] : [`${key} ${document?.['points']}`],
  );

/** Until when each shard here may decide, after now. */
const confirmed = async (engine: Engine): Promise<number[]> =>
  (await engine.stats()).shards.map((one) => one.definitionsConfirmedUntil - Date.now());

t.test('all shards of a process have them in one order, and again after a start', async (t) => {
  const folder = temporaryFolder(t);
  let engine = await open({ folder, shards: 3, cacheMb: 64 });
  t.teardown(() => engine.close());
  for (const ms of await confirmed(engine))
    t.ok(ms > DEFINITION_LEAD_MS - 3_000, `${ms} ms from the start on`);
  const puts = ['b', 'a', 'c', 'a'].map((key, n) => offer(key, n + 1));
  const outcomes = await Promise.all(puts.map((one) => engine.submit(one)));
  t.same(
    outcomes.map((one) => one.ok && one.definitionVersion),
    [1, 1, 1, 2],
  );
  t.match(await engine.submit(offer('a', 9, { state: 'draft' })), { definitionVersion: 3 });
  const retired = { type: 'put-definition', kind: 'offer', key: 'c', state: 'retired' } as const;
  t.match(await engine.submit(retired), { ok: true, definitionVersion: 2 });
  const zoned = { asset: 'gold', zone: 'Asia/Shanghai' };
  const programme = { ...offer('gold'), kind: 'programme', document: zoned };
  t.match(await engine.submit(programme), { ok: true, definitionVersion: 1 });
  t.match(await engine.submit({ ...programme, document: { ...zoned, zone: 'Asia/Nowhere' } }), {
    code: 'ZONE_UNKNOWN',
    field: 'document.zone',
  });
  t.match(await engine.submit(offer('a', 0)), { code: 'AMOUNT_INVALID', field: 'document.points' });

  const all = await taken(engine);
  for (const [shard, said] of all) {
    t.same(names(said), names(all.get(0)!), `shard ${shard}`);
    if (shard === 0) continue;
    t.same(
      said.map(({ number }) => number),
      [1, 2, 3, 4, 5, 6],
    );
    t.ok(
      said.every(({ document }) => document?.['name'] === undefined),
      'words are not here',
    );
    t.ok((said.at(-1)?.zoneOffsets?.length ?? 0) > 2, 'but a zone and its offsets are');
  }
  t.match(await engine.definition('offer', 'a'), {
    key: 'a',
    versions: [
      { version: 1, state: 'active', document: { points: 2, name: 'Offer a' } },
      { version: 2, document: { points: 4 } },
      { version: 3, state: 'draft', number: 0, activeFrom: 0 },
    ],
  });
  t.equal(await engine.definition('offer', 'none'), undefined);
  t.match(await engine.definition('voucher', 'a'), { code: 'DEFINITION_KIND_UNKNOWN' });
  const page = await engine.definitions('offer', { after: 'a', limit: 1 });
  t.match(page, [{ key: 'b', versions: [{ version: 1 }] }]);
  const seqs = async () => (await engine.stats()).shards.map(({ seq }) => seq);
  const before = await seqs();
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
  engine = await open({ folder, cacheMb: 64 });
  t.same(await seqs(), before, 'nothing is taken twice');
  t.match(await engine.submit(offer('d')), { ok: true });
  for (const { definitions } of (await engine.stats()).shards) t.equal(definitions, 7);
});

t.test('a dry check says what it would become, and changes nothing', async (t) => {
  const engine = await open({ folder: temporaryFolder(t), shards: 2, cacheMb: 64 });
  t.teardown(() => engine.close());
  const seqs = async () => (await engine.stats()).shards.map(({ seq }) => seq);
  const before = await seqs();
  const dry = { dryRun: true } as const;
  const checked = await engine.submit(offer('a'), dry);
  t.match(checked, { ok: true, definitionVersion: 1 });
  t.ok(checked.ok && (checked.activeFrom ?? 0) >= checked.time + DEFINITION_LEAD_MS);
  t.match(await engine.submit(offer('a', 1, { ifVersion: 1 }), dry), {
    code: 'DEFINITION_VERSION_MISMATCH',
  });
  t.match(await engine.submit(offer('a', 1, { activeFrom: 5 }), dry), {
    code: 'ACTIVE_FROM_TOO_SOON',
  });
  t.same(await seqs(), before);
  const gold = { type: 'define-asset', asset: 'gold', scale: 0 } as const;
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
  const earned = { type: 'transfer', id: 'E', legs } as const;
  for (const option of ['atomic', 'dryRun']) {
    const [refused] = await engine.submitBatch([offer('a'), earned], { [option]: true });
    const about = 'definitions are judged together with assets, and with nothing else';
    t.match(refused, { code: 'COMMAND_TYPE_UNKNOWN' }, about);
  }
  t.match(await engine.submitBatch([offer('a'), gold], dry), [{ ok: true }, { ok: true }]);
  t.same(engine.assets(), [], 'and were only looked at');
  const stale = offer('b', 1, { ifVersion: 1 });
  t.match(await engine.submitBatch([offer('a'), stale], { atomic: true }), [
    { code: 'BATCH_ABORTED' },
    { code: 'DEFINITION_VERSION_MISMATCH' },
  ]);
  t.equal(await engine.definition('offer', 'a'), undefined);
  const both = await engine.submitBatch([offer('a'), offer('a', 2)], { atomic: true });
  t.same(
    both.map((one) => one.ok && one.definitionVersion),
    [1, 2],
  );
  const reader = engine.as({ operations: new Set(['read', 'earn']) });
  for (const one of [
    await reader.submit(offer('z')),
    await reader.submit(offer('z'), dry),
    await reader.definition('offer', 'a'),
    await reader.definitions('offer'),
  ])
    t.match(one, { code: 'OPERATION_FORBIDDEN' });
});

t.test('assets with definitions, all or none, on whichever node', async (t) => {
  const cluster = await Cluster.make(t);
  const [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  const atomic = { atomic: true, timeoutMs: 30_000 } as const;
  const asset = (name: string, more: object = {}) =>
    ({ type: 'define-asset', asset: name, scale: 0, ...more }) as const;
  const over = (name: string) =>
    offer(name, 1, { document: { points: 1, asset: name, budget: `#budget:${name}` } });
  const zoned = { expiresAfter: 'P1Y', zone: 'Europe/Vienna' };
  t.match(await b.submitBatch([asset('gold', zoned), over('gold')], atomic), [
    { ok: true, assetVersion: 1 },
    { ok: true, definitionVersion: 1 },
  ]);
  const names = (engine: Engine) => engine.assets().map(({ asset, version }) => [asset, version]);
  t.same(names(a), [['gold', 1]], 'the node of the first shard has it');
  t.same(names(b), names(a));
  t.same(a.assets()[0]?.zoneOffsets, b.assets()[0]?.zoneOffsets);
  // One that is refused: none of them.
  const wrong = over('tin');
  const refused = [asset('tin'), { ...wrong, ifVersion: 7 }];
  t.match(await b.submitBatch(refused, atomic), [
    { code: 'BATCH_ABORTED' },
    { code: 'DEFINITION_VERSION_MISMATCH' },
  ]);
  t.match(await b.submitBatch([asset('gold', { scale: 2 }), over('lead')], atomic), [
    { code: 'ASSET_CONFLICT' },
    { code: 'BATCH_ABORTED' },
  ]);
  // Somebody else was quicker; and an answer that was lost.
  const next = asset('gold', { ...zoned, expiryNoticeDays: 5, ifVersion: 0 });
  for (const engine of [a, b]) {
    t.match(await engine.submit(next), { code: 'DEFINITION_VERSION_MISMATCH' });
    t.match(await engine.submitBatch([next], atomic), [{ code: 'DEFINITION_VERSION_MISMATCH' }]);
    const same = asset('gold', { ...zoned, ifVersion: 0 });
    t.match(await engine.submit(same), { ok: true, assetVersion: 1 }, 'it is so already');
  }
  t.same(names(a), [['gold', 1]]);
  t.equal(await b.definition('offer', 'lead'), undefined);
  // Both nodes at once: one order everywhere.
  const several = [a, b].flatMap((engine, of) =>
    Array.from({ length: 4 }, (_, n) =>
      engine.submitBatch([asset(`x${of}${n}`), over(`x${of}${n}`)], atomic),
    ),
  );
  for (const outcomes of await Promise.all(several))
    t.match(outcomes, [{ ok: true }, { ok: true }]);
  const longer = asset('gold', { ...zoned, expiresAfter: 'P2Y', ifVersion: 1 });
  t.match(await b.submitBatch([longer], atomic), [{ ok: true, assetVersion: 2 }]);
  t.match(await b.submit(longer), { ok: true, assetVersion: 2 }, 'again');
  await until('both have all', () => names(b).length === 9 && names(a).length === 9);
  t.same(names(b), names(a));
  t.same(names(a)[0], ['gold', 2]);
  const legs = [{ from: '@issue', to: 'ann', asset: 'x03', amount: 1 }];
  t.match(await b.submit({ type: 'transfer', id: 'E', legs }), { ok: true });
  await cluster.close();
  await Promise.all([cluster.node('a'), cluster.node('b')]);
  for (const engine of cluster.engines.values()) t.equal(engine.assets().length, 9);
});

t.test('every node takes them; one that was away takes what it missed', async (t) => {
  const cluster = await Cluster.make(t);
  let [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  t.match(await a.submit(offer('one')), { ok: true, definitionVersion: 1 });
  t.match(await b.submit(offer('two', 2)), { ok: true, definitionVersion: 1 });
  t.match(await b.submit(offer('two', 2), { dryRun: true }), { ok: true, definitionVersion: 1 });
  t.match(await b.submit(offer('two', 3, { ifVersion: 7 })), {
    code: 'DEFINITION_VERSION_MISMATCH',
  });
  t.match(await b.definition('offer', 'one'), { versions: [{ document: { name: 'Offer one' } }] });
  // Two people, on whichever node: who they are goes along, all or none.
  const asked = { document: { points: 1, asset: 'gold', budget: '#budget:x', approvals: 1 } };
  const [amy, ben] = ['amy', 'ben'].map((principal) =>
    b.as({ operations: new Set(OPERATIONS), principal }),
  ) as [Caller, Caller];
  const atomic = { atomic: true } as const;
  const more = [offer('three', 1, asked), offer('four')];
  t.match(await amy.submitBatch(more, atomic), [{ ok: true }, { ok: true }]);
  const three = (state: string) => offer('three', 1, { state, document: undefined });
  const [draft, ends] = [
    [three('draft'), offer('four', 2)],
    [three('retired'), offer('four', 3, { ifVersion: 2 })],
  ];
  t.match(await amy.submitBatch(draft, atomic), [{ ok: true }, { ok: true }]);
  t.match(await amy.submitBatch(ends, { dryRun: true }), [
    { code: 'DEFINITION_UNAPPROVED' },
    { ok: true },
  ]);
  t.match(await amy.submitBatch(ends, atomic), [
    { code: 'DEFINITION_UNAPPROVED' },
    { code: 'BATCH_ABORTED' },
  ]);
  t.match(await ben.submitBatch(ends, atomic), [{ definitionVersion: 3 }, { ok: true }]);
  t.match(await a.definition('offer', 'three'), {
    versions: [{ by: 'amy' }, { by: 'amy', number: 0 }, { by: 'ben', state: 'retired' }],
  });
  const forged = { ...offer('five'), by: 'ben' };
  t.match(await amy.submitBatch([forged], atomic), [{ ok: true }]);
  t.match(await a.definition('offer', 'five'), { versions: [{ by: 'amy' }] });
  const have = (engine: Engine, count: number) =>
    until(`${count} definitions`, async () =>
      (await engine.stats()).shards.every(({ definitions }) => definitions === count),
    );
  await Promise.all([have(a, 8), have(b, 8)]);
  await until('b is confirmed', async () => (await confirmed(b)).every((ms) => ms > 5_000));

  // Without the first shard's node nothing is confirmed, and nothing is defined.
  await cluster.stop('a');
  const left = await confirmed(b);
  t.match(await b.submit(offer('seven'), { timeoutMs: 300 }), { ok: false, retry: true });
  t.ok(left.every((ms) => ms <= DEFINITION_LEAD_MS));
  await cluster.stop('b');

  a = await cluster.node('a');
  t.match(await a.submit(offer('six', 4)), { ok: true });
  t.match(await a.submit(offer('one', 11)), { ok: true, definitionVersion: 2 });
  b = await cluster.node('b');
  await have(b, 10);
  const [shards, others] = [await taken(a), await taken(b)];
  for (const said of [...shards.values(), ...others.values()])
    t.same(names(said), names(shards.get(0)!));
  await cluster.verify(t);
});

t.test('a shard that missed some takes them at the start', async (t) => {
  const folder = temporaryFolder(t);
  let engine = await open({ folder, shards: 2, cacheMb: 64 });
  await engine.submit(offer('one'));
  await engine.close();
  // The second shard as it was before it heard of the others: as if the process had been killed in between.
  const earlier = join(temporaryFolder(t), 'earlier');
  cpSync(folder, earlier, { recursive: true });
  engine = await open({ folder, cacheMb: 64 });
  await engine.submitBatch([offer('two', 2), offer('three', 3)]);
  const said = names((await taken(engine)).get(0)!);
  await engine.close();
  const ofSecond = (path: string) => dirname(shardLogPath(path, 1));
  rmSync(ofSecond(folder), { recursive: true });
  cpSync(ofSecond(earlier), ofSecond(folder), { recursive: true });
  engine = await open({ folder, cacheMb: 64 });
  for (const { definitions } of (await engine.stats()).shards) t.equal(definitions, 3);
  t.same(names((await taken(engine)).get(1)!), said);
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test(
  'a shard is not confirmed that has others than the first one, which came back older',
  async (t) => {
    const folder = temporaryFolder(t);
    const openIt = () => open({ folder, shards: 2, cacheMb: 64 });
    let engine = await openIt();
    await engine.submit(offer('one'));
    await engine.close();
    const ofFirst = dirname(shardLogPath(folder, 0));
    const earlier = join(temporaryFolder(t), 'earlier');
    cpSync(ofFirst, earlier, { recursive: true });
    engine = await openIt();
    await engine.submit(offer('two', 2));
    await engine.close();
    rmSync(ofFirst, { recursive: true });
    cpSync(earlier, ofFirst, { recursive: true });
    engine = await openIt();
    const isConfirmed = async () => (await confirmed(engine)).map((ms) => ms > 0);
    t.same(await isConfirmed(), [true, false], 'it has more');
    t.ok((await engine.submit(offer('three', 3))).ok);
    t.same(await isConfirmed(), [true, false], 'it has another one in its place');
    await engine.close();
    const { problems } = await verifyFolder(folder);
    t.match(problems, [{ shard: 1, what: /^V1: definition 2 \(offer two\) is another one/ }]);
  },
);
