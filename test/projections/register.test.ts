// The register against what was asked: who there is, what left no entry, whose an id is; the same when it is made anew. Owns: one drawn ledger. Never touches:
// HTTP.

import { join } from 'node:path';
import t from 'tap';
import {
  type Command,
  type Engine,
  isRefusal,
  type Outcome,
  open,
  rebuildProjections,
} from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';

const ASSETS = ['gold', 'tin'] as const;
const OWNERS = Array.from({ length: 40 }, (_, i) => `${'abcd'[i % 4]}${i * 7}`);

/** What one command was, and came to. */
interface Done {
  readonly command: Command & { readonly id: string };
  readonly outcome: Outcome;
}

const ok = <T extends object>(found: T): Exclude<T, { ok: false }> => {
  if (isRefusal(found)) throw new Error(found.code);
  return found as Exclude<T, { ok: false }>;
};

/** A command of one of the owners: some move points, some do not, some are refused for good. */
function drawn(random: Random, n: number): Command & { readonly id: string } {
  const id = random.int(8) === 0 ? 'SIGN' : `${random.int(4) === 0 ? 'shop,' : ''}c${n}`;
  const [owner, other] = [random.pick(OWNERS), random.pick(OWNERS)];
  const asset = random.pick(ASSETS);
  const amount = 1 + random.int(90);
  const earn = { from: '@issue', to: owner, asset, amount };
  switch (random.int(7)) {
    case 0:
      return { type: 'freeze-account', id, owner, asset };
    case 1:
      return { type: 'unfreeze-account', id, owner, asset };
    case 2:
      return { type: 'open-account', id, owner, asset };
    case 3: {
      const to = other === owner ? '@redeem' : other;
      return { type: 'transfer', id, owner, legs: [{ from: owner, to, asset, amount }] };
    }
    case 4:
      return { type: 'hold', id, owner, asset, amount };
    default:
      return { type: 'transfer', id, owner, legs: [earn] };
  }
}

async function ownersOf(engine: Engine, limit: number, prefix?: string): Promise<string[]> {
  const all: string[] = [];
  for (let cursor: string | undefined, pages = 0; pages < 100; pages++) {
    const page = ok(await engine.register.owners({ limit, cursor, prefix }));
    all.push(...page.owners.map(({ owner }) => owner));
    cursor = page.cursor;
    if (cursor === undefined) return all;
  }
  throw new Error('it does not end');
}

/** Ids of an owner's commands, by what left an entry and what did not. */
async function foundOf(engine: Engine, owner: string): Promise<string[]> {
  const ids: string[] = [];
  for (const asset of ASSETS) {
    const page = ok(await engine.entries({ owner, asset, limit: 1_000 }));
    ids.push(...page.entries.flatMap(({ id }) => (id === undefined ? [] : [id])));
  }
  for (let after: Parameters<Engine['register']['happened']>[0]['after']; ; ) {
    const { happened } = ok(await engine.register.happened({ owner, after, limit: 3 }));
    ids.push(...happened.map(({ id = '' }) => id));
    after = happened.at(-1);
    if (happened.length < 3) return ids;
  }
}

/** All that it tells, as text. */
async function toldBy(engine: Engine): Promise<string> {
  const owners = ok(await engine.register.owners({ limit: 1_000 }));
  const happened = await Promise.all(
    OWNERS.map((owner) => engine.register.happened({ owner, limit: 1_000 })),
  );
  const named = await Promise.all(['SIGN', 'c5', 'c31'].map((id) => engine.register.named(id)));
  return JSON.stringify([owners.owners, happened, named.map((one) => ok(one).named)]);
}

const cases = campaign({ name: 'the register agrees with what was asked', long: 40, sample: 2 });

t.test('what was asked is found by name, by owner and by id', async (t) => {
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const folder = join(temporaryFolder(t), 'data');
    let engine = await open({ folder, shards: 3 });
    for (const asset of ASSETS)
      await engine.submit({ type: 'define-asset', asset, scale: 0, lotTracked: false });
    const done: Done[] = [];
    for (let n = 0; n < 300; n++) {
      const command = drawn(random, n);
      done.push({ command, outcome: await engine.submit(command) });
      // Somebody looks meanwhile, and it is begun with a part of the log.
      if (n === 150) await engine.register.owners();
    }
    const carried = done.filter(({ outcome }) => outcome.ok && !outcome.replayed);
    const there = new Set<string>();
    for (const { command } of carried) {
      const { owner, legs = [] } = command as { owner?: string; legs?: { to: string }[] };
      for (const one of [owner, ...legs.map(({ to }) => to)])
        if (one !== undefined && !one.startsWith('@')) there.add(one);
    }
    const sorted = [...there].sort();
    t.same(await ownersOf(engine, 1 + random.int(9)), sorted, `seed ${seed}: owners`);
    const prefix = random.pick(['a', 'b1', 'c', 'd']);
    const begun = sorted.filter((one) => one.startsWith(prefix));
    t.same(await ownersOf(engine, 2, prefix), begun, `seed ${seed}: owners with ${prefix}`);
    for (const owner of OWNERS) {
      const found = new Set(await foundOf(engine, owner));
      for (const { command, outcome } of done) {
        const isOwn = (command as { owner?: string }).owner === owner;
        const isKept = outcome.ok ? !outcome.replayed : !outcome.replayed && !outcome.retry;
        if (!isOwn || !isKept || outcome.ok === false) continue;
        if (!found.has(command.id)) t.fail(`seed ${seed}: ${owner} ${command.id} is not found`);
      }
    }
    for (let i = 0; i < 20; i++) {
      const { command } = random.pick(carried);
      const bare = command.id.replace(/^.*,/, '');
      const { named } = ok(await engine.register.named(bare));
      const { owner } = command as { owner?: string };
      const isThere = named.some((one) => one.owner === owner && one.id === command.id);
      t.ok(isThere || bare === 'SIGN', `seed ${seed}: ${bare} of ${owner}`);
      t.ok(named.every(({ id }) => id === bare || id.endsWith(`,${bare}`)));
    }
    const before = await toldBy(engine);
    await engine.close();
    await rebuildProjections(folder);
    engine = await open({ folder });
    t.equal(await toldBy(engine), before, `seed ${seed}: made anew it is the same`);
    await engine.close();
  });
});

t.test('it is for who may see the whole ledger', async (t) => {
  const engine = await open({ folder: join(temporaryFolder(t), 'data'), shards: 1 });
  const grants = [
    [{ operations: new Set(['read'] as const) }, 'OPERATION_FORBIDDEN'],
    [{ operations: new Set(['view'] as const), owner: 'ann' }, 'OWNER_FORBIDDEN'],
    [{ operations: new Set(['admin'] as const), assets: new Set(['gold']) }, 'ASSET_FORBIDDEN'],
    [{ operations: new Set(['view'] as const) }, undefined],
    [{ operations: new Set(['admin'] as const) }, undefined],
  ] as const;
  for (const [grant, code] of grants) {
    const { register } = engine.as(grant);
    const asked = [
      register.owners(),
      register.happened({ owner: 'ann', limit: 1 }),
      register.named('x'),
      register.campaign('x'),
      register.proposals(0),
      register.asked([]),
    ];
    for (const found of await Promise.all(asked))
      t.equal(isRefusal(found) ? found.code : undefined, code);
  }
  for (const [query, field] of [
    [{ limit: 0 }, 'limit'],
    [{ limit: 1_001 }, 'limit'],
    [{ prefix: '@' }, 'prefix'],
    [{ prefix: 'a b' }, 'prefix'],
    [{ cursor: '' }, 'cursor'],
    [{ cursor: Buffer.from('b').toString('base64url'), prefix: 'a' }, 'cursor'],
    [{ cursor: Buffer.from('\n').toString('base64url') }, 'cursor'],
  ] as const)
    t.match(await engine.register.owners(query), { ok: false, field });
  await engine.close();
});
