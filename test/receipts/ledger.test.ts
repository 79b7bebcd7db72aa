// Receipts of a drawn ledger against its history and RFC 9162; the same when it is made anew, turned on later, copied; what was signed against a log that
// was put back. Owns: one drawn ledger. Never touches: HTTP.

import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import {
  type Command,
  type Engine,
  type HistoryEntry,
  isRefusal,
  open,
  rebuildProjections,
  verifyFolder,
} from '../../engine/index.js';
import { ProjectionStore, projectionPath } from '../../engine/projections/store.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { isConsistent, isIncluded, leafOf, rootOfCover } from './rfc9162.js';

const ASSETS = ['gold', 'tin'] as const;
const OWNERS = Array.from({ length: 12 }, (_, i) => `member-${'abcdefghijkl'[i]}`);
const DAY_MS = 86_400_000;

const ok = <T extends object>(found: T | undefined): Exclude<T, { ok: false }> => {
  if (found === undefined) throw new Error('nothing');
  if (isRefusal(found)) throw new Error(`${found.code} ${found.field}`);
  return found as Exclude<T, { ok: false }>;
};
const codeOf = (found: object | undefined): string | undefined =>
  found !== undefined && isRefusal(found) ? found.code : undefined;
const bytes = (text: string): Buffer => Buffer.from(text, 'base64');

class World {
  readonly random: Random;
  readonly engine: Engine;
  readonly clock: Float64Array;
  readonly ids: [owner: string, id: string][] = [];
  n = 0;

  constructor(engine: Engine, random: Random, clock: Float64Array) {
    this.engine = engine;
    this.random = random;
    this.clock = clock;
  }

  static async open(folder: string, random: Random, receipts = true, shards?: number) {
    const clockOffset = new SharedArrayBuffer(8);
    const engine = await open({ folder, shards, receipts, clockOffset });
    return new World(engine, random, new Float64Array(clockOffset));
  }

  async define(): Promise<void> {
    await this.engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
    await this.engine.submit({ type: 'define-asset', asset: 'tin', scale: 2, lotTracked: false });
  }

  /** Some move points, some do not, some are refused. */
  #drawn(): Command & { readonly id: string } {
    const { random } = this;
    const id = `c${this.n++}`;
    const [owner, other] = [random.pick(OWNERS), random.pick(OWNERS)];
    const asset = random.pick(ASSETS);
    const amount = 1 + random.int(90);
    const now = this.engine.now();
    const expiresAt = asset === 'gold' && random.int(2) === 0 ? now + 2 * DAY_MS : undefined;
    const earn = { from: '@issue', to: owner, asset, amount, expiresAt };
    switch (random.int(9)) {
      case 0:
      case 1: {
        const to = other === owner ? '@redeem' : other;
        return { type: 'transfer', id, owner, legs: [{ from: owner, to, asset, amount }] };
      }
      case 2:
        return { type: 'hold', id, owner, asset, amount, deadline: now + DAY_MS };
      case 3: {
        const holdId = `c${Math.max(0, this.n - 1 - random.int(20))}`;
        return { type: 'capture', id, owner, holdId, to: '@redeem' };
      }
      case 4: {
        const [of, transferId] = this.ids.length > 0 ? random.pick(this.ids) : [owner, 'none'];
        return { type: 'reverse', id, owner: of, transferId, allowDebt: true };
      }
      case 5: {
        const occurredAt = now - random.int(5) * DAY_MS;
        return { type: 'transfer', id, owner, legs: [{ ...earn, expiresAt }], occurredAt };
      }
      case 6: {
        const legs = [earn, { from: owner, to: '@fee', asset, amount: 1 + random.int(amount) }];
        return { type: 'transfer', id, owner, legs };
      }
      default:
        return { type: 'transfer', id, owner, legs: [earn] };
    }
  }

  /** So many commands; now and then a day goes by. */
  async run(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 8) {
      const commands = Array.from({ length: Math.min(8, left) }, () => this.#drawn());
      const outcomes = await this.engine.submitBatch(commands);
      outcomes.forEach((outcome, i) => {
        const { id, owner } = commands[i] as { id: string; owner: string };
        if (outcome.ok) this.ids.push([owner, id]);
      });
      if (this.random.int(12) === 0) {
        this.clock[0] = (this.clock[0] ?? 0) + DAY_MS + this.random.int(DAY_MS);
        await this.engine.acceptClock();
      }
    }
    // Decisions come to the other shards after the answer.
    for (const owner of OWNERS) ok(await this.engine.balance(owner));
  }

  async heads() {
    return ok(await this.engine.receipts.heads()).heads;
  }

  async history(owner: string, asset: string): Promise<readonly HistoryEntry[]> {
    const all: HistoryEntry[] = [];
    for (let cursor: string | undefined; ; ) {
      const query = { owner, asset, order: 'oldest', limit: 1_000, cursor } as const;
      const page = ok(await this.engine.entries(query));
      all.push(...page.entries);
      cursor = page.cursor;
      if (cursor === undefined) return all;
    }
  }
}

const KEYS =
  'shard,seq,n,time,type,home,id,owner,asset,version,delta,heldDelta,available,held,effective,salt';

/** What a leaf has to say of an entry, but for its place in the block, whose it is, and its salt. */
function saidOf(entry: HistoryEntry): object {
  const { shard, seq, time, type, id = null, owner, asset, version, delta } = entry;
  const { heldDelta, available, held, effective } = entry;
  const account = { owner, asset, version, delta, heldDelta, available, held };
  return { shard, seq, time, type, id, ...account, effective };
}

/** All entries of an account, by as many pages as it takes: each proof is looked at. */
async function provenOf(world: World, owner: string, asset: string, limit: number, size?: number) {
  const texts: string[] = [];
  for (let from: number | undefined = 1; from !== undefined; ) {
    const page: Awaited<ReturnType<Engine['receipts']['account']>> =
      await world.engine.receipts.account({ owner, asset, from, limit, size });
    const { entries, proof, root, next, size: of } = ok(page);
    const leaves = entries.map(({ leaf, text }) => [leaf, leafOf(text)] as const);
    const given = rootOfCover(leaves, of, proof.map(bytes));
    if (given === undefined || !bytes(root).equals(given)) throw new Error(`${owner} ${asset}`);
    texts.push(...entries.map(({ text }) => text));
    from = next;
  }
  return texts;
}

async function checkAccounts(t: Test, world: World): Promise<void> {
  let [entries, backdated, expired] = [0, 0, 0];
  for (const owner of OWNERS)
    for (const asset of ASSETS) {
      const history = await world.history(owner, asset);
      const texts = await provenOf(world, owner, asset, 1 + world.random.int(40));
      let [total, held] = [0, 0];
      const said = texts.map((text) => {
        const leaf = JSON.parse(text);
        const { salt, n, home, ...rest } = leaf;
        if (JSON.stringify(leaf) !== text || Object.keys(leaf).join() !== KEYS)
          throw new Error(`not as it is written: ${text}`);
        if (!/^[0-9a-f]{32}$/.test(salt)) throw new Error(salt);
        if (home !== null && home !== owner && !home.startsWith('@')) throw new Error(home);
        total += rest.delta;
        held += rest.heldDelta;
        if (total !== rest.available + rest.held || held !== rest.held) throw new Error(text);
        if (rest.effective !== rest.time) backdated++;
        if (rest.type === 'expire') expired++;
        return rest;
      });
      t.strictSame(said, history.map(saidOf), `${owner} ${asset}`);
      entries += texts.length;
    }
  t.ok(entries > 100 && backdated > 0 && expired > 0, `${entries}, ${backdated}, ${expired}`);
}

async function checkReceipts(t: Test, world: World): Promise<void> {
  const { receipts } = world.engine;
  let moved = 0;
  for (const [owner, id] of world.ids.filter((_, i) => i % 7 === 0)) {
    const { shard, size, root, entries, ...of } = ok(await receipts.receipt({ owner, id }));
    if (of.id !== id || of.owner !== owner) throw new Error(`${of.owner} ${of.id}`);
    const { outcome } = ok(await world.engine.transfer(owner, id));
    const own = outcome.ok ? outcome.entries.filter((one) => one.owner === owner) : [];
    t.equal(entries.length, own.length, `${owner} ${id}`);
    for (const { leaf, text, proof } of entries) {
      const hash = leafOf(text);
      if (!isIncluded(leaf, hash, size, proof.map(bytes), bytes(root))) throw new Error(text);
      const alone = ok(await receipts.inclusion(shard, leaf, size));
      t.strictSame([alone.proof, bytes(alone.hash), alone.root], [proof, hash, root]);
      moved++;
    }
  }
  t.ok(moved > 10, `${moved} entries of receipts`);
}

const cases = campaign({ name: 'receipts agree with the history', long: 30, sample: 1 });

t.test('every entry is a leaf, and every proof holds', async (t) => {
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const folder = join(temporaryFolder(t), 'data');
    const world = await World.open(folder, random, true, 3);
    await world.define();
    const seen = [await world.heads()];
    for (let part = 0; part < 6; part++) {
      await world.run(60);
      seen.push(await world.heads());
    }
    const { engine } = world;
    const last = await world.heads();
    for (const heads of seen)
      for (const { shard, size, root } of heads) {
        const { size: to = 0, root: now = '' } = last[shard] ?? {};
        const told = ok(await engine.receipts.consistency(shard, size, to));
        t.equal(told.fromRoot, root);
        const proof = told.proof.map(bytes);
        if (!isConsistent(size, to, bytes(root), bytes(now), proof))
          t.fail(`seed ${seed}: shard ${shard}, ${size} to ${to}`);
        t.equal(ok(await engine.receipts.root(shard, size)).root, root);
      }
    await checkAccounts(t, world);
    await checkReceipts(t, world);
    // As of an earlier tree an account has fewer entries, each as it is.
    const before = seen[2] as typeof last;
    let fewer = 0;
    for (const owner of OWNERS) {
      const { size, root } = before[engine.shardOf(owner)] as (typeof last)[0];
      const all = await provenOf(world, owner, 'gold', 1_000);
      const then = await provenOf(world, owner, 'gold', 3, size);
      t.strictSame(then, all.slice(0, then.length));
      if (then.length > 0 && then.length < all.length) fewer++;
      const page = ok(await engine.receipts.account({ owner, asset: 'gold', size }));
      t.strictSame([page.version, page.root], [then.length, root]);
    }
    t.ok(fewer > 0, `${fewer} accounts had fewer`);

    await engine.close();
    const trees = last.map(({ shard, size, root }) => ({ shard, size, root }));
    const kept = [...(seen[2] as typeof last), { shard: 1, size: 3, root: trees[0]?.root ?? '' }];
    const verified = await verifyFolder(folder, { heads: kept });
    t.same(verified.trees, trees, `seed ${seed}: verify has the same roots`);
    t.same(verified.problems.length, 1, 'and finds the head that is not of this log');
    t.match(verified.problems[0], { shard: 1, what: /^the root was said of 3 entries/ });

    await rebuildProjections(folder);
    const off = await World.open(folder, random, false);
    t.equal(codeOf(await off.engine.receipts.heads()), 'RECEIPTS_OFF');
    t.equal(codeOf(await off.engine.receipts.receipt({ owner: 'ann', id: 'c1' })), 'RECEIPTS_OFF');
    t.equal(off.engine.receipts.isOn, false);
    await off.run(40);
    await off.engine.close();
    rmSync(join(folder, 'projections'), { recursive: true });
    const again = await World.open(folder, random);
    for (const { shard, size, root } of trees)
      t.equal(ok(await again.engine.receipts.root(shard, size)).root, root, 'made anew it is so');
    t.ok((await again.heads()).every(({ size }, i) => size > (trees[i]?.size ?? 0)));
    await again.engine.close();
  });
});

t.test('what is asked is judged', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const world = await World.open(folder, new Random(1), true, 1);
  await world.define();
  await world.run(40);
  const { receipts } = world.engine;
  const [head] = await world.heads();
  const { size } = head as { size: number };
  const [owner, id] = world.ids[0] as [string, string];
  const asked: [Promise<object | undefined>, string, string?][] = [
    [receipts.root(0, size + 1), 'RECEIPT_EARLY'],
    [receipts.root(0, -1), 'QUERY_INVALID', 'size'],
    [receipts.root(1, 0), 'QUERY_INVALID', 'shard'],
    [receipts.inclusion(0, size, size), 'QUERY_INVALID', 'leaf'],
    [receipts.inclusion(0, 0.5, size), 'QUERY_INVALID', 'leaf'],
    [receipts.consistency(0, 2, 1), 'QUERY_INVALID', 'from'],
    [receipts.consistency(0, 1, Number.NaN), 'QUERY_INVALID', 'to'],
    [receipts.receipt({ owner, id, size: 0 }), 'RECEIPT_EARLY'],
    [receipts.receipt({ owner, id, size: 1e9 }), 'RECEIPT_EARLY'],
    [receipts.receipt({ owner: '#x', id }), 'OWNER_RESERVED', 'owner'],
    [receipts.receipt({ owner, id: ' ' }), 'ID_INVALID', 'id'],
    [receipts.account({ owner: '@issue', asset: 'gold' }), 'SYSTEM_OWNER', 'owner'],
    [receipts.account({ owner, asset: 'GOLD' }), 'ASSET_INVALID', 'asset'],
    [receipts.account({ owner, asset: 'gold', limit: 1_001 }), 'QUERY_INVALID', 'limit'],
    [receipts.account({ owner, asset: 'gold', from: 0 }), 'QUERY_INVALID', 'from'],
    [
      world.engine
        .as({ operations: new Set(), owner: 'x' })
        .receipts.account({ owner, asset: 'gold' }),
      'OPERATION_FORBIDDEN',
      'asset',
    ],
    [
      world.engine
        .as({ operations: new Set(['read']), owner: 'x' })
        .receipts.receipt({ owner, id }),
      'OWNER_FORBIDDEN',
      'owner',
    ],
    [
      world.engine
        .as({ operations: new Set(['read']), owner: 'x' })
        .receipts.account({ owner, asset: 'gold' }),
      'OWNER_FORBIDDEN',
      'owner',
    ],
    [
      world.engine
        .as({ operations: new Set(['read']), assets: new Set(['tin']) })
        .receipts.account({ owner, asset: 'gold' }),
      'ASSET_FORBIDDEN',
      'asset',
    ],
  ];
  for (const [found, code, field] of asked) {
    const told = (await found) as { code?: string; field?: string };
    t.strictSame([told.code, told.field], [code, field], `${code} ${field}`);
  }
  t.equal(await receipts.receipt({ owner, id: 'never' }), undefined);
  const none = ok(await receipts.account({ owner: 'nobody', asset: 'gold' }));
  t.strictSame([none.version, none.entries.length, none.next], [0, 0, undefined]);
  t.equal(none.proof.length, 1, 'of no leaf the proof is the root');
  t.equal(none.proof[0], none.root);
  const empty = ok(await receipts.consistency(0, 0, size));
  t.strictSame(empty.proof, []);
  const past = ok(await receipts.account({ owner, asset: 'gold', from: 999 }));
  t.strictSame([past.entries.length, past.next], [0, undefined]);
  await world.engine.close();
});

t.test('nothing is signed of a log that is not the one that was signed', async (t) => {
  const base = temporaryFolder(t);
  const [folder, copy] = [join(base, 'data'), join(base, 'copy')];
  let world = await World.open(folder, new Random(7), true, 1);
  await world.define();
  await world.run(40);
  const early = (await world.heads())[0] as { size: number; root: string };
  const sign = (size: number, root: string) => world.engine.receipts.sign(0, size, root, 'a note');
  t.equal(ok(await sign(early.size, early.root)).size, early.size);
  await world.engine.backup(copy);
  await world.run(40);
  const late = (await world.heads())[0] as { size: number; root: string };
  t.equal(codeOf(await sign(late.size, early.root)), 'TREE_FORKED', 'no root of this tree');
  t.equal(codeOf(await sign(late.size + 1, late.root)), 'RECEIPT_EARLY');
  t.equal(codeOf(await world.engine.receipts.sign(1, 1, late.root, '')), 'SHARD_ELSEWHERE');
  // Two at once: the smaller one comes too late.
  const both = await Promise.all([sign(late.size, late.root), sign(early.size, early.root)]);
  t.strictSame(both.map(codeOf), [undefined, 'RECEIPT_EARLY']);
  t.equal(ok(await sign(late.size, late.root)).note, 'a note', 'it may be said again');
  t.equal(await world.engine.receipts.accept(0), undefined, 'there is nothing to accept');
  await world.engine.close();

  t.comment('a copy has what was signed of it, and goes on');
  const whole = await verifyFolder(copy);
  t.same([whole.problems, whole.trees?.[0]?.signed?.root], [[], early.root]);
  world = await World.open(copy, new Random(8));
  const [copied] = await world.heads();
  t.same([copied?.root, copied?.signed?.root, copied?.fault], [early.root, early.root, undefined]);
  await world.engine.close();

  t.comment('the log is put back, and what was signed is not');
  const shard = join(folder, 'shard-000');
  for (const name of ['log.mdb', 'state.mdb', 'clean-stop.json'])
    cpSync(join(copy, 'shard-000', name), join(shard, name));
  for (const name of ['log.mdb-lock', 'state.mdb-lock']) rmSync(join(shard, name), { force: true });
  const { problems } = await verifyFolder(folder);
  t.match(problems[0]?.what, `a tree of ${late.size} entries was signed, and the log has`);
  world = await World.open(folder, new Random(9));
  let [head] = await world.heads();
  t.same([head?.fault, head?.size, head?.signed?.size], ['shorter', early.size, late.size]);
  t.equal(codeOf(await sign(early.size, early.root)), 'TREE_FORKED');
  while ((head?.size ?? 0) <= late.size) {
    await world.run(8);
    [head] = await world.heads();
  }
  t.equal(head?.fault, 'another');
  t.equal(codeOf(await sign(head?.size ?? 0, head?.root ?? '')), 'TREE_FORKED');
  await world.engine.close();
  t.match((await verifyFolder(folder)).problems[0]?.what, 'the root was signed of');
  world = await World.open(folder, new Random(9));
  t.equal(ok(await world.engine.receipts.accept(0)).root, late.root, 'an operator says so');
  [head] = await world.heads();
  t.same([head?.fault, head?.signed], [undefined, undefined]);
  t.equal(ok(await sign(head?.size ?? 0, head?.root ?? '')).size, head?.size);
  await world.engine.close();
});

t.test('a damaged tile is made anew, and another key makes another tree', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  let world = await World.open(folder, new Random(3), true, 1);
  await world.define();
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
  const commands = Array.from({ length: 200 }, (_, i): Command => {
    return { type: 'transfer', id: `T${i}`, legs };
  });
  const asShop = world.engine.as({ operations: new Set(['earn', 'read']), scope: 'shop' });
  ok(await asShop.submit({ type: 'transfer', id: 'T7', legs }));
  for (const outcome of await world.engine.submitBatch(commands.slice(1))) ok(outcome);
  const [{ size, root } = { size: 0, root: '' }] = await world.heads();
  t.equal(size, 400);
  const receipt = ok(await asShop.receipts.receipt({ owner: 'ann', id: 'T7' }));
  t.equal(receipt.id, 'shop,T7', 'a platform names its own');
  t.equal(JSON.parse(receipt.entries[0]?.text ?? '{}').id, 'shop,T7');
  ok(await world.engine.receipts.sign(0, size, root, ''));
  await world.engine.close();

  const store = new ProjectionStore(projectionPath(folder, 'receipts'), ['meta', 'tiles']);
  const tile = Buffer.alloc(10);
  const hashes = Buffer.from(store.of('tiles').getBinary(tile) ?? []);
  t.equal(hashes.length, 256 * 32);
  hashes[9] = (hashes[9] as number) ^ 16;
  store.commit(() => store.of('tiles').putSync(tile, hashes));
  await store.close();
  world = await World.open(folder, new Random(3));
  t.equal((await world.heads())[0]?.root, root, 'the root is of what lies above it');
  t.equal(codeOf(await world.engine.receipts.inclusion(0, 5, size)), 'RECEIPT_EARLY');
  const again = await until('it is made anew', async () => {
    const found = await world.engine.receipts.inclusion(0, 5, size);
    return !isRefusal(found) && found;
  });
  t.ok(isIncluded(5, bytes(again.hash), size, again.proof.map(bytes), bytes(root)));
  await world.engine.close();

  writeFileSync(join(folder, 'shard-000', 'receipts.key'), `${'A'.repeat(43)}\n`);
  t.match((await verifyFolder(folder)).problems[0]?.what, 'the root was signed of 400 entries');
  world = await World.open(folder, new Random(3));
  const [other] = await world.heads();
  t.strictSame([other?.size, other?.fault], [size, 'another']);
  t.not(other?.root, root);
  await world.engine.close();
  writeFileSync(join(folder, 'shard-000', 'receipts.key'), 'lost');
  t.match((await verifyFolder(folder)).problems[0]?.what, 'is no key');
  await t.rejects(World.open(folder, new Random(3)), { message: /is no key/ });
});
