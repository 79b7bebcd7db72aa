// Folders with captures and reversals between shards, decided and under way: verify finds them right at every step, a
// rebuild comes to the same, and what was altered is found.

import { join } from 'node:path';
import t from 'tap';
import { Auditor } from '../../engine/audit/verify.js';
import { type Command, inspectAccount, type Leg, rebuildFolder } from '../../engine/index.js';
import { DAY_MS } from '../../engine/limits.js';
import { EXTRA, TRANSIT } from '../../engine/protocol/effects.js';
import { OP } from '../../engine/protocol/layout.js';
import type { Actor } from '../../engine/shard/actor.js';
import { openFolder } from '../../engine/store/folder.js';
import { temporaryFolder } from '../temporary.js';
import { Mail, OPENING, ownersOf, SHARDS } from './mail.js';
import { submit } from './maker.js';
import { addTo, alteredCopy, copyOf, extraNumbers, find } from './tamper.js';

const auditor = new Auditor();
t.teardown(() => auditor.close());

const leg = (from: string, to: string, amount: number, days?: number): Leg => ({
  from,
  to,
  asset: 'gold',
  amount,
  ...(days === undefined ? {} : { expiresAt: Date.now() + days * DAY_MS }),
});

t.test('captures and reversals under way', async (t) => {
  const folder = join(temporaryFolder(t), 'folder');
  const { slotMap } = openFolder(folder, { shards: SHARDS, create: true, lock: false });
  const [[a], [b], [c, c2]] = ownersOf(slotMap) as [[string], [string], [string, string]];
  const mail = new Mail(folder);
  const copies: string[] = [];
  const verified = async (name: string): Promise<string> => {
    await mail.close();
    t.same((await auditor.verify(folder)).problems, [], name);
    copies.push(copyOf(folder, name));
    return copies.at(-1) as string;
  };
  const onShard = async (shard: number, ...commands: Command[]): Promise<void> => {
    await mail.open();
    await submit(mail.actors[shard] as Actor, commands);
  };
  /** Back and forth until everything is decided. */
  const settle = async (name: string): Promise<void> => {
    for (const shard of [1, 2, 1, 0]) {
      await mail.open();
      await mail.bring(shard);
      await verified(`${name}, shard ${shard} heard of it (${copies.length})`);
    }
  };
  await mail.open();
  for (const actor of mail.actors) await submit(actor, OPENING);
  await submit(mail.actors[2] as Actor, [
    { type: 'open-account', id: 'o', owner: c2, asset: 'gold' },
    { type: 'close-account', id: 'x', owner: c2, asset: 'gold' },
  ]);
  await mail.close();

  await onShard(
    0,
    { type: 'transfer', id: 'EARN', legs: [leg('@issue', a, 100, 2), leg('@issue', a, 80, 9)] },
    { type: 'hold', id: 'H', owner: a, asset: 'gold', amount: 130 },
    { type: 'hold', id: 'K', owner: a, asset: 'gold', amount: 20 },
    { type: 'capture', id: 'CH', owner: a, holdId: 'H', to: b, amount: 110, releaseRest: true },
    { type: 'capture', id: 'CK', owner: a, holdId: 'K', to: c2 },
    { type: 'transfer', id: 'PAY', legs: [leg(a, b, 10), leg(a, c, 15)] },
  );
  const opened = await verified('opened');
  t.match(await inspectAccount(opened, a), {
    stripes: [
      {
        accounts: [{ available: 5, held: 175 }],
        openTransfers: [
          { id: 'CH', next: 1, transfer: { type: 'capture', amount: 110 } },
          { id: 'CK', next: 2, transfer: { type: 'capture', amount: 20 } },
          { id: 'PAY' },
        ],
      },
    ],
  });
  await settle('captures');
  const captured = copies.at(-1) as string;
  t.match(await inspectAccount(captured, a), {
    stripes: [{ accounts: [{ available: 25, held: 20 }], openTransfers: [] }],
  });

  await onShard(
    0,
    { type: 'reverse', id: 'RH', owner: a, transferId: 'CH' },
    { type: 'reverse', id: 'RP', owner: a, transferId: 'PAY' },
    { type: 'capture', id: 'CK2', owner: a, holdId: 'K', to: b, amount: 5 },
  );
  const reversing = await verified('reversals opened');
  await settle('reversals');
  const decided = copies.at(-1) as string;
  t.match(await inspectAccount(decided, a), {
    stripes: [{ accounts: [{ available: 160, held: 15 }], openTransfers: [] }],
  });
  t.match(await inspectAccount(decided, b), {
    stripes: [{ accounts: [{ available: 5, held: 0 }] }],
  });
  for (const copy of copies.slice()) {
    const rebuilt = copyOf(copy, 'rebuilt');
    await rebuildFolder(rebuilt);
    t.same((await auditor.verify(rebuilt)).problems, [], `${copy.split('/').at(-1)}, rebuilt`);
  }

  const { open, refused, posted } = TRANSIT;
  const rows: [string, string, [number, string, number], [number, ...number[]], RegExp][] = [
    [
      'a hold keeps what is captured',
      opened,
      [OP.capture, 'CH', open],
      [EXTRA.hold, 1, 110],
      /is open, and gives|reserves|L4/,
    ],
    [
      'a capture takes more out of its hold',
      opened,
      [OP.capture, 'CH', open],
      [EXTRA.hold, 1, -1],
      /reserves 111 of user-\d+ gold, and CH takes 110/,
    ],
    [
      'a refused one gives its hold less',
      decided,
      [OP.decision, 'CK', refused],
      [EXTRA.hold, 1, -1],
      /does not free the 20 that CK of user-\d+ reserves/,
    ],
    [
      'a reversal goes over another shard',
      reversing,
      [OP.reverse, 'RP', open],
      [EXTRA.undo, 2, 1],
      /RP comes from shard -1 and goes to 1, and it is -1 and 2/,
    ],
    [
      'a reversal reserves less than it takes back',
      decided,
      [OP.decision, 'RP', posted],
      [EXTRA.transit, 1, 1],
      /says that RP might come until \d+/,
    ],
  ];
  for (const [name, folder, [op, id, state], [tag, ...change], what] of rows) {
    const copy = await alteredCopy(folder, (blocks) => {
      const [block, record] = find(blocks, op, id, state);
      const bytes = blocks[block] as Uint8Array;
      const at = extraNumbers(bytes, record, tag);
      for (let i = 0; i < change.length; i += 2)
        addTo(bytes, at + (change[i] as number) * 8, change[i + 1] as number);
      return block;
    });
    t.match((await auditor.verify(copy)).problems[0], { shard: 0, what }, name);
  }
});
