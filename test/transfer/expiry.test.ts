// How points expire, through the public API and over several shards: by the calendar, lots that are extended or merged, accounts that are
// reopened, refusals that pass. And by older rules: what was kept then is read, and replayed, as it was.

import t, { type Test } from 'tap';
import {
  type Balance,
  type Command,
  type Engine,
  type Outcome,
  open,
  rebuildFolder,
  verifyFolder,
} from '../../engine/index.js';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { APPLIED } from '../../engine/ledger/result.js';
import { LOTS_MAX } from '../../engine/limits.js';
import { packTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { layoutOf } from '../../engine/protocol/layout.js';
import { REFUSALS, refusalCode } from '../../engine/protocol/refusals.js';
import { leg, move, ownersOf } from '../movements.js';
import { temporaryFolder } from '../temporary.js';
import { DAY, lotsOf, withEngine } from './harness.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const code = (outcome: Outcome): string =>
  outcome.ok ? (outcome.replayed ? 'replayed' : 'ok') : outcome.code;

const account = (type: 'freeze' | 'unfreeze' | 'close' | 'reopen', owner: string): Command => ({
  type: `${type}-account`,
  id: `${type}-${Math.random()}`,
  owner,
  asset: 'gold',
});

/** Is it the end of a day in Shanghai? */
const isDayEnd = (time: number | null): boolean => ((time ?? 0) + 8 * HOUR_MS) % DAY_MS === 0;

t.test('an asset with a calendar, on every shard, stopped and rebuilt', async (t) => {
  const folder = temporaryFolder(t);
  const engine = await open({ folder, shards: 3, cacheMb: 64 });
  const define = { type: 'define-asset', asset: 'gold', scale: 0 } as const;
  const yearly = { ...define, expiresAfter: 'P1Y' } as const;
  t.match(await engine.submit(yearly), { ok: true, assetVersion: 1 });
  t.match(await engine.submit(yearly), { ok: true, assetVersion: 1 }, 'the same again');
  t.match(engine.assets(), [
    { asset: 'gold', expiresAfter: 'P1Y', zone: 'Asia/Shanghai', zoneOffsets: [0, 8 * HOUR_MS] },
  ]);
  const names = ownersOf(engine, 1).map(([name = '']) => name);
  for (const name of names) t.ok((await engine.submit(move('e', leg('@issue', name, 5)))).ok);
  const first = await lotsOf(engine, names[0]!);
  t.ok(isDayEnd(first[0]!.expiresAt), 'at the end of a day there');
  for (const name of names) t.same(await lotsOf(engine, name), first);
  const unknown = { ...define, zone: 'Asia/Nowhere' } as const;
  t.match(await engine.submit(unknown), { code: 'ZONE_UNKNOWN', field: 'zone', status: 422 });
  t.match(await engine.submit({ ...define, zone: 'no where' }), { code: 'ZONE_INVALID' });
  t.match(await engine.submit({ ...yearly, zone: 'America/New_York' }), { assetVersion: 2 });
  const other = move('f', leg('@issue', names[0]!, 5));
  t.ok((await engine.submit(other)).ok);
  const both = await lotsOf(engine, names[0]!);
  t.equal(both.length, 2, 'the older lot stays as it is');
  const assets = engine.assets();
  const digest = await engine.digest();
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
  await rebuildFolder(folder);
  const again = await open({ folder, cacheMb: 64 });
  t.same(again.assets(), assets);
  t.equal(await again.digest(), digest);
  t.equal(code(await again.submit(other)), 'replayed');
  t.match(await again.submit({ ...yearly, zone: 'America/New_York' }), { assetVersion: 2 });
  await again.close();
});

t.test('a lot is extended: history, repeats, dry runs, atomic batches', (t) =>
  withEngine(t, async (engine, [[ann = ''] = []]) => {
    await engine.submit(move('e', leg('@issue', ann, 60, DAY)));
    const extend: Command = {
      ...{ type: 'extend-lots', id: 'x', kind: 'GOODWILL', memo: 'shop closed', owner: ann },
      ...{ asset: 'gold', lotExpiresAt: DAY, expiresAt: DAY + 9 * DAY_MS, amount: 20 },
    };
    const slices = [
      { expiresAt: DAY, available: -20, held: 0 },
      { expiresAt: DAY + 9 * DAY_MS, available: 20, held: 0 },
    ];
    const entry = { type: 'extend', delta: 0, heldDelta: 0, available: 60, slices };
    t.match(await engine.submit(extend, { dryRun: true }), { ok: true, entries: [entry] });
    t.match(await engine.submit(extend), { ok: true, replayed: false, entries: [entry] });
    t.equal(code(await engine.submit(extend)), 'replayed');
    t.match(await engine.entries({ owner: ann, asset: 'gold' }), {
      entries: [{ ...entry, id: 'x', kind: 'GOODWILL', memo: 'shop closed' }, { delta: 60 }],
    });
    const [later, none] = await engine.submitBatch(
      [
        { ...extend, id: 'y', lotExpiresAt: DAY + 9 * DAY_MS, expiresAt: null },
        { ...extend, id: 'z', lotExpiresAt: DAY + 9 * DAY_MS, expiresAt: null },
      ] as Command[],
      { atomic: true },
    );
    t.same([code(later!), code(none!)], ['BATCH_ABORTED', 'LOT_NOT_FOUND']);
    t.equal((await lotsOf(engine, ann)).length, 2);
  }),
);

t.test('refusals from passing states: not kept at home, kept by other shards', (t) =>
  withEngine(t, async (engine, [[ann = '', amy = ''] = [], [bob = ''] = []]) => {
    await engine.submit(move('e', leg('@issue', ann, 60)));
    await engine.submit(account('freeze', ann));
    for (const to of [amy, bob]) {
      const pay = move(`to ${to}`.replace(' ', '-'), leg(ann, to, 5));
      t.same(
        [code(await engine.submit(pay)), code(await engine.submit(pay))],
        ['ACCOUNT_FROZEN', 'ACCOUNT_FROZEN'],
      );
      await engine.submit(account('unfreeze', ann));
      t.equal(code(await engine.submit(pay)), 'ok');
      await engine.submit(account('freeze', ann));
    }
    await engine.submit(account('unfreeze', ann));
    await engine.submit(move('all', leg(bob, '@redeem', 5)));
    await engine.submit(account('close', bob));
    const late = move('late', leg(ann, bob, 5));
    t.equal(code(await engine.submit(late)), 'ACCOUNT_CLOSED');
    t.ok((await engine.submit(account('reopen', bob))).ok);
    t.match(await engine.submit(late), { code: 'ACCOUNT_CLOSED', replayed: true });
    t.equal(code(await engine.submit({ ...late, id: 'anew' } as Command)), 'ok');
  }),
);

async function full(engine: Engine, owner: string): Promise<void> {
  for (let from = 0; from < LOTS_MAX; from += 16) {
    const legs = Array.from({ length: 16 }, (_, n) =>
      leg('@issue', owner, 1, DAY + 10 * (from + n) * DAY_MS),
    );
    await engine.submit(move(`fill-${from}`, ...legs));
  }
}

t.test('one lot too many, beside a movement between shards', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = []]) => {
    await full(engine, bob);
    const far = DAY + 20_000 * DAY_MS;
    await engine.submit(move('e', leg('@issue', ann, 9, far)));
    t.equal(code(await engine.submit(move('gift', leg(ann, bob, 1)))), 'LOT_LIMIT');
    const both = move('both', leg('@issue', bob, 7, far), leg(ann, '@redeem', 1));
    t.equal(code(await engine.submit(both)), 'ok');
    const lots = await lotsOf(engine, bob);
    t.equal(lots.length, LOTS_MAX);
    t.match(lots[0], { available: 2, expiresAt: DAY + 10 * DAY_MS }, 'the two soonest became one');
    t.match(lots.at(-1), { available: 7, expiresAt: far });
    const page = await engine.entries({ owner: bob, asset: 'gold', limit: 1 });
    t.match(page, {
      entries: [
        {
          delta: 7,
          slices: [
            { expiresAt: DAY, available: -1 },
            { expiresAt: DAY + 10 * DAY_MS, available: 1 },
            { expiresAt: far, available: 7 },
          ],
        },
      ],
    });
    t.match(((await engine.balance(bob)) as Balance[])[0], { available: LOTS_MAX + 7 });
  }),
);

// --- older rules ---------------------------------------------------------------------------------------------------------------

/** As it was packed by version 1: without the places that came later. */
function packedBefore(command: Command): Uint8Array {
  const bytes = packCommand(command, (command as { id?: string }).id);
  const [, ...places] = unpackTuple(bytes, 0, bytes.length);
  const tuple = [1, ...places];
  t.ok(layoutOf(command.type)!.widthIn(1) > 0);
  return packTuple(tuple);
}

/** What a ledger makes of commands of version 1. */
class Before {
  readonly memory = new MemoryLedger();
  #time = 20_500 * DAY_MS;

  apply(bytes: Uint8Array): string {
    const { ledger, blocks } = this.memory;
    ledger.draft.open(blocks.length + 1, ++this.#time);
    ledger.openBlock(ledger.draft);
    const result = ledger.apply(ledger.take(bytes, 0));
    const isReplay = result < 0 && ledger.replay !== null;
    const refusal = isReplay
      ? ledger.replay!.effects.refusalNumber(ledger.replay!.offset)
      : Math.max(result, 0);
    this.memory.seal();
    const is = refusal === APPLIED ? 'ok' : refusalCode(refusal);
    return isReplay ? `${is} replayed` : is;
  }
}

function replays(t: Test, { memory }: Before): void {
  const twin = MemoryLedger.replay(memory.blocks);
  t.same(canonicalState(twin.state), canonicalState(memory.state), 'the log gives the same again');
  t.same(twin.blocks.length, memory.blocks.length);
}

t.test('by rules of version 1 such refusals were kept, and the 513th lot was refused', (t) => {
  const before = new Before();
  const old = (command: Command): string => before.apply(packedBefore(command));
  const now = (command: Command): string =>
    before.apply(packCommand(command, (command as { id?: string }).id));
  t.equal(old({ type: 'define-asset', asset: 'gold', scale: 0 }), 'ok');
  t.equal(old(move('e', leg('@issue', 'ann', 9))), 'ok');
  t.equal(old(account('freeze', 'ann')), 'ok');
  const spend = move('s', leg('ann', '@redeem', 1));
  const hold: Command = { type: 'hold', id: 'h', owner: 'ann', asset: 'gold', amount: 1 };
  t.same([old(spend), old(hold)], ['ACCOUNT_FROZEN', 'ACCOUNT_FROZEN']);
  t.equal(old(account('unfreeze', 'ann')), 'ok');
  for (const again of [old, now])
    t.same([again(spend), again(hold)], ['ACCOUNT_FROZEN replayed', 'ACCOUNT_FROZEN replayed']);
  for (let n = 1; n <= LOTS_MAX; n++)
    t.equal(old(move(`f${n}`, leg('@issue', 'bob', 1, (21_000 + 2 * n) * DAY_MS))), 'ok');
  const more = move('more', leg('@issue', 'bob', 1, 30_000 * DAY_MS));
  t.equal(old(more), 'LOT_LIMIT');
  t.equal(now(more), 'LOT_LIMIT replayed');
  t.equal(now({ ...more, id: 'later' } as Command), 'ok');
  t.equal(now(account('freeze', 'ann')), 'ok');
  t.equal(now({ ...spend, id: 'n' } as Command), 'ACCOUNT_FROZEN');
  t.equal(now(account('unfreeze', 'ann')), 'ok');
  t.equal(now({ ...spend, id: 'n' } as Command), 'ok');
  replays(t, before);
  t.end();
});

t.test('numbers of refusals', (t) => {
  for (const [number, name] of [
    [2, 'AMOUNT_OVERFLOW'],
    [5, 'ACCOUNT_FROZEN'],
    [6, 'ACCOUNT_CLOSED'],
  ] as const) {
    t.equal(refusalCode(number), name, 'what old logs hold');
    t.equal(REFUSALS[name].number, number);
    t.equal(refusalCode(REFUSALS[name].passing), name);
    t.ok(REFUSALS[name].passing >= 128);
  }
  t.end();
});
