// Folders with cross-shard transfers: what is right is found to be right, with transfers decided and under way; what was
// altered is found.

import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Auditor } from '../../engine/audit/verify.js';
import {
  type Command,
  inspectAccount,
  inspectBlock,
  type Leg,
  open,
  rebuildFolder,
} from '../../engine/index.js';
import { DAY_MS } from '../../engine/limits.js';
import { EXTRA, TRANSIT } from '../../engine/protocol/effects.js';
import { OP } from '../../engine/protocol/layout.js';
import { packValue } from '../../engine/protocol/packed-value.js';
import type { Actor } from '../../engine/shard/actor.js';
import { decodeRoot } from '../../engine/shard/checkpoint.js';
import { openFolder } from '../../engine/store/folder.js';
import { homed } from '../homed.js';
import { temporaryFolder } from '../temporary.js';
import { Mail, OPENING, ownersOf, SHARDS } from './mail.js';
import { submit } from './maker.js';
import {
  addTo,
  alteredCopy,
  blocksOf,
  copyOf,
  entryOf,
  extraNumbers,
  find,
  oneRecord,
  withState,
} from './tamper.js';

const auditor = new Auditor();
t.teardown(() => auditor.close());

const leg = (from: string, to: string, amount: number, asset = 'gold', days?: number): Leg => ({
  from,
  to,
  asset,
  amount,
  ...(days === undefined ? {} : { expiresAt: Date.now() + days * DAY_MS }),
});

let lastId = 0;
const move = (...legs: Leg[]): Command => homed({ type: 'transfer', id: `id-${++lastId}`, legs });

/** Points of several expiries, and some without. */
const earn = (owner: string): Command[] => [
  move(leg('@issue', owner, 100, 'gold', 2), leg('@issue', owner, 50, 'gold', 9)),
  move(leg('@issue', owner, 30), leg('@issue', owner, 500, 'coin')),
];

t.test('transfers of several kinds, decided', async (t) => {
  const folder = join(temporaryFolder(t), 'folder');
  const engine = await open({ folder, shards: SHARDS, tickMs: 50 });
  const { slotMap } = openFolder(folder, { create: false, lock: false });
  const [[a, a2, a3], [b, b2, b3], [c, c2, c3]] = ownersOf(slotMap) as [
    [string, string, string],
    [string, string, string],
    [string, string, string],
  ];
  for (const command of OPENING) await engine.submit(command);
  for (const owner of [a, a2, b, b2, c, c2]) await engine.submitBatch(earn(owner));
  await engine.submitBatch([
    { type: 'open-account', id: 'open', owner: b3, asset: 'gold' },
    { type: 'close-account', id: 'close', owner: b3, asset: 'gold' },
    { type: 'freeze-account', id: 'freeze', owner: c2, asset: 'gold' },
    { type: 'open-account', id: 'owes', owner: c3, asset: 'gold' },
    { type: 'set-credit-limit', id: 'limit', owner: c3, asset: 'gold', creditLimit: 70 },
    { type: 'hold', id: 'hold', owner: a, asset: 'gold', amount: 5 },
  ]);
  const rows: [string, Command][] = [
    ['ok', move(leg(a, b, 120))],
    ['ok', move(leg(b, a, 7, 'coin'), leg(b, '@fee', 1, 'coin'))],
    ['ok', move(leg(b2, c, 60, 'gold', 4))],
    ['ok', move(leg(c3, a3, 60))],
    ['ok', move(leg(a2, b2, 10), leg(b, c, 20), leg(c, a3, 5), leg(a2, a, 3))],
    ['ok', move(leg('@issue', a, 11), leg(a, c3, 11), leg('@issue', b, 2, 'coin'))],
    [
      'ok',
      {
        type: 'transfer',
        id: 'if',
        legs: [leg(a, '@redeem', 1)],
        condition: { owner: c, asset: 'coin', availableAtLeast: 500 },
      },
    ],
    ['POINTS_SHORT', move(leg(a3, b, 1_000))],
    ['POINTS_SHORT', move(leg(a, b, 1), leg(c3, b, 1_000))],
    ['ACCOUNT_CLOSED', move(leg(a2, b3, 40))],
    ['ACCOUNT_CLOSED', move(leg(c, a, 40), leg(a, b3, 1))],
    ['ACCOUNT_FROZEN', move(leg(b, a, 3), leg(c2, b, 1))],
  ];
  const settled = async (command: Command): Promise<string> => {
    const outcome = await engine.submit(command);
    return outcome.ok ? 'ok' : outcome.code;
  };
  for (const [index, [expected, command]] of rows.entries()) {
    t.equal(await settled(command), expected, JSON.stringify(command));
    if (index === 4) await engine.checkpoint();
  }
  const many = Array.from({ length: 60 }, (_, n) => {
    const [from, to] = [[a, b, c][n % 3] as string, [a2, c, b2, a3][n % 4] as string];
    return move(leg(from, to, 1 + (n % 3), n % 5 === 0 ? 'coin' : 'gold'));
  });
  await engine.submitBatch(many.filter(({ legs }: any) => legs[0].from !== legs[0].to));
  t.equal(await settled(rows[0]?.[1] as Command), 'ok', 'a repeat');
  const digest = await engine.digest();
  await engine.close();

  const found = await auditor.verify(folder);
  t.same(found.problems, []);
  t.ok(found.ok);
  await rebuildFolder(folder);
  t.match(await auditor.verify(folder), { ok: true, problems: [], transfers: found.transfers });
  const again = await open({ folder, shards: SHARDS });
  t.equal(await again.digest(), digest, 'rebuilt');
  await again.close();
  t.match(await auditor.verify(folder), { ok: true, problems: [] }, 'and used');

  await t.test('a shard put back as it was before', async (t) => {
    const older = copyOf(folder, 'older');
    const shard = join(older, 'shard-001');
    const later = await open({ folder, shards: SHARDS });
    t.ok((await later.submit(move(leg(a, b, 2, 'coin')))).ok);
    await later.close();
    rmSync(join(folder, 'shard-001'), { recursive: true });
    cpSync(shard, join(folder, 'shard-001'), { recursive: true });
    const what =
      /^L1: @transit:1 has -?\d+ coin, and @transit:0 on shard 1 -?\d+; they do not cancel/;
    t.match(await auditor.verify(folder), {
      ok: false,
      problems: [{ shard: 0, environment: 'log', what }],
    });
  });
});

t.test('transfers under way', async (t) => {
  const folder = join(temporaryFolder(t), 'folder');
  const { slotMap } = openFolder(folder, { shards: SHARDS, create: true, lock: false });
  const [[a], [b], [c]] = ownersOf(slotMap) as [[string], [string], [string]];
  const mail = new Mail(folder);
  const verified = async (name: string): Promise<string> => {
    await mail.close();
    const { problems } = await auditor.verify(folder);
    t.same(problems, [], name);
    return copyOf(folder, name);
  };
  await mail.open();
  const [home] = mail.actors as [Actor];
  for (const actor of mail.actors) await submit(actor, OPENING);
  await submit(home, earn(a));
  await submit(home, [
    { type: 'transfer', id: 'PAY', legs: [leg(a, b, 130), leg(a, c, 20)] },
    { type: 'transfer', id: 'NO', owner: a, legs: [leg(a, b, 1), leg(b, c, 900)] },
    { type: 'transfer', id: 'COIN', legs: [leg(a, c, 8, 'coin')] },
  ]);
  const opened = await verified('opened');

  await t.test('is shown', async (t) => {
    t.match(await inspectAccount(opened, a), {
      stripes: [
        {
          shard: 0,
          accounts: [
            { asset: 'coin', available: 492, held: 8 },
            {
              asset: 'gold',
              available: 29,
              held: 151,
              version: 4,
              entries: [{ type: 'reserve', id: 'NO' }, { type: 'reserve', id: 'PAY' }, {}, {}],
              lots: [
                { available: 0, held: 100 },
                { available: 0, held: 30 },
                { available: 29, held: 21 },
              ],
            },
          ],
          openTransfers: [
            { homeOwner: a, id: 'PAY', next: 1, transfer: { type: 'transfer', id: 'PAY' } },
            { id: 'NO' },
            { id: 'COIN', next: 2 },
          ],
        },
      ],
    });
    const blocks = await blocksOf(opened);
    const block = await inspectBlock(opened, 0, blocks.length);
    const [pay] = block?.records.filter(({ command }) => (command as any).id === 'PAY') ?? [];
    t.match(pay, {
      outcome: 'ok',
      entries: [
        {
          type: 'reserve',
          delta: 0,
          heldDelta: 150,
          available: 30,
          held: 150,
          slices: [{ available: -100, held: 100 }, {}, {}],
        },
      ],
      changes: [/^transfer user-\d+ PAY: open, begun here, then shard 1, deadline 2/],
    });
  });

  const seqs: number[] = [];
  for (const [shard, name] of [
    [1, 'prepared'],
    [2, 'posted-by-the-last'],
    [1, 'decided-in-the-middle'],
  ] as const) {
    await mail.open();
    seqs.push(await mail.bring(shard));
    await verified(name);
  }
  await mail.open();
  await mail.bring(0);
  const decided = await verified('decided');
  t.match(await inspectAccount(decided, a), {
    stripes: [
      {
        accounts: [
          { asset: 'coin', available: 492, held: 0 },
          { asset: 'gold', available: 30, held: 0, version: 6, lots: [{ available: 30, held: 0 }] },
        ],
        openTransfers: [],
      },
    ],
  });
  const [refusedAt] = find(await blocksOf(decided), OP.decision, 'NO', TRANSIT.refused);
  const shown = JSON.stringify([
    await inspectBlock(decided, 1, seqs[0] as number),
    await inspectBlock(decided, 0, refusedAt + 1),
  ]);
  t.match(
    shown,
    /"type":"prepare","id":"PAY","owner":"user-\d+","deadline":\d+,"transfer":\{"type"/,
  );
  t.match(shown, /"type":"decision","id":"NO","owner":"user-\d+".{0,20}"outcome":"POINTS_SHORT"/);
  t.match(shown, /"type":"free","delta":0,"heldDelta":-1,/);
  for (const name of ['opened', 'prepared', 'posted-by-the-last', 'decided']) {
    const copy = copyOf(join(folder, '..', name), 'rebuilt');
    await rebuildFolder(copy);
    t.match(await auditor.verify(copy), { ok: true, problems: [] }, `${name}, rebuilt`);
  }

  await t.test('altered', (t) => altered(t, opened, decided));
});

async function altered(t: Test, opened: string, decided: string): Promise<void> {
  const { transfer, decision } = OP;
  const PLACES = {
    PAY: [transfer, TRANSIT.open],
    NO: [decision, TRANSIT.refused],
    COIN: [decision, TRANSIT.posted],
  } as const;
  /** Numbers of an extra changed: place and by how much, in turn. */
  const inExtra =
    (id: keyof typeof PLACES, tag: number, ...changes: number[]) =>
    (blocks: Uint8Array[]): number => {
      const [i, record] = find(blocks, PLACES[id][0], id, PLACES[id][1]);
      const block = blocks[i] as Uint8Array;
      for (let n = 0; n < changes.length; n += 2) {
        const at = extraNumbers(block, record, tag) + (changes[n] as number) * 8;
        addTo(block, at, changes[n + 1] as number);
      }
      return i;
    };
  /** Numbers of its first entry changed: byte and by how much, in turn. */
  const inEntry =
    (id: keyof typeof PLACES, ...changes: number[]) =>
    (blocks: Uint8Array[]): number => {
      const [i, record] = find(blocks, PLACES[id][0], id, PLACES[id][1]);
      for (let n = 0; n < changes.length; n += 2) {
        const at = entryOf(record) + (changes[n] as number);
        addTo(blocks[i] as Uint8Array, at, changes[n + 1] as number);
      }
      return i;
    };
  /** A record of it once more, at the end. */
  const again =
    (op: number, id: string, state: number) =>
    (blocks: Uint8Array[]): number => {
      const [i, record] = find(blocks, op, id, state);
      blocks.push(oneRecord(blocks[i] as Uint8Array, record, blocks.at(-1) as Uint8Array));
      return blocks.length - 1;
    };
  const { transit } = EXTRA;
  const [HELD_DELTA, AVAILABLE, HELD, LOT_AVAILABLE, LOT_HELD] = [16, 24, 32, 88, 96];
  const rows: [string, string, (blocks: Uint8Array[]) => number, RegExp][] = [
    ['a reserve', opened, inEntry('PAY', HELD_DELTA, 1), /\(transfer\): L3: /],
    [
      'a reserve, and the balance after it',
      opened,
      inEntry('PAY', HELD_DELTA, 1, AVAILABLE, -1, HELD, 1),
      /\(transfer\): L4: /,
    ],
    [
      'a reserve of nothing',
      opened,
      inEntry('PAY', HELD_DELTA, -150, AVAILABLE, 150, HELD, -150),
      /L7: .* reserves 0/,
    ],
    [
      'a reserve that earns',
      opened,
      inEntry('PAY', 0, 1, AVAILABLE, 1),
      /L7: .* has a reserve that is none/,
    ],
    [
      'a lot of a reserve',
      opened,
      inEntry('PAY', LOT_AVAILABLE, -1),
      /L4: .* has a lot below zero/,
    ],
    [
      'where it goes',
      opened,
      inExtra('PAY', transit, 3, 1),
      /says that PAY comes from shard -1 and goes to 2, and it is -1 and 1/,
    ],
    ['its state', opened, inExtra('PAY', transit, 0, 1), /says that PAY is posted, and it is open/],
    ['what is put back', decided, inEntry('NO', HELD_DELTA, -1), /\(decision\): L3: /],
    [
      'what is put back, and its lot',
      decided,
      inEntry('NO', HELD_DELTA, -1, AVAILABLE, 1, HELD, -1, LOT_AVAILABLE, 1, LOT_HELD, -1),
      /\(decision\): does not free the 1 that NO of user-\d+ reserves/,
    ],
    [
      'the deadline of a decision',
      decided,
      inExtra('COIN', transit, 1, 1),
      /says that COIN might come until \d+/,
    ],
    ['a refusal again', decided, again(decision, 'NO', TRANSIT.refused), /L3: /],
    ['a posting again', decided, again(decision, 'COIN', TRANSIT.posted), /L3: /],
    [
      'opened again while it is open',
      opened,
      again(transfer, 'NO', TRANSIT.open),
      /L3: entry 4 of user-\d+ gold after entry 4/,
    ],
    [
      'opened again after its decision',
      decided,
      again(transfer, 'NO', TRANSIT.open),
      /L3: entry 4 of user-\d+ gold after entry 6/,
    ],
  ];
  for (const [name, folder, how, finds] of rows) {
    const { problems } = await auditor.verify(await alteredCopy(folder, how));
    t.match(problems[0], { shard: 0, environment: 'log', what: finds }, name);
  }

  for (const [name, by, finds] of [
    ['an open transfer left out', () => [], /has 0 open transfers, and the log makes \d/],
    [
      'another next shard',
      (all: unknown[][]) => all.map((one, i) => (i > 0 ? one : one.with(3, 2))),
      /has open transfer .*, and the log makes/,
    ],
  ] as const) {
    const copy = copyOf(opened, 'altered');
    await withState(copy, async (store) => {
      const root = decodeRoot(store.readRoot() as Uint8Array);
      await store.writeRoot(packValue({ ...root, transits: by(root.transits as unknown[][]) }));
    });
    t.match(
      (await auditor.verify(copy)).problems,
      [{ shard: 0, environment: 'state', what: finds }],
      name,
    );
  }
}
