// Reversals by property (reversal-worlds.ts), and defects planted in reversals and expiry to see that these properties find them.

import t from 'tap';
import { AccountDraft } from '../../engine/ledger/account-draft.js';
import { Settler } from '../../engine/ledger/due.js';
import { LotNotes } from '../../engine/ledger/lot-notes.js';
import { PastCommands } from '../../engine/ledger/past-commands.js';
import { Undoing } from '../../engine/ledger/undo.js';
import { Work } from '../../engine/ledger/work.js';
import { DAY_MS, SLOTS } from '../../engine/limits.js';
import type { Command } from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { campaign } from '../campaign.js';
import { type Defect, findEach } from '../planted.js';
import { MemoryShards } from './memory-shards.js';
import { asIfNever, partsAsWhole, sameElsewhere } from './reversal-worlds.js';

const START = 20_500 * DAY_MS;

t.test('as if the original had never been', async () => {
  const cases = campaign({ name: 'reversals, as if never', long: 10_000, sample: 60 });
  await cases.run(async (seed) => asIfNever(seed));
});

t.test('parts one after the other are the whole', async () => {
  const cases = campaign({ name: 'reversals in parts', long: 10_000, sample: 60 });
  await cases.run(async (seed) => partsAsWhole(seed));
});

t.test('wherever owners live', async () => {
  const cases = campaign({ name: 'reversals on several shards', long: 10_000, sample: 60 });
  await cases.run(async (seed) => sameElsewhere(seed));
});

/** Shards of which two live where a reversal is opened and gone on with, and one between. */
function openReversal(first: readonly Command[]) {
  const shards = new MemoryShards(3);
  const places = [0, 1, 2].map((shard) => {
    let n = 0;
    while ((ownerHash(`u${n}`) & (SLOTS - 1)) % 3 !== shard) n++;
    return `u${n}`;
  });
  const named = (command: Command): Command =>
    JSON.parse(
      JSON.stringify(command).replace(/"([abc])"/g, (_, at) => `"${places['abc'.indexOf(at)]}"`),
    );
  const asset = { type: 'define-asset', asset: 'points', scale: 0 } as const;
  for (const command of [asset, ...first]) {
    const outcome = shards.apply(named(command), START);
    if (!outcome.ok) throw new Error(`${JSON.stringify(command)} ${outcome.code}`);
  }
  const step = (from: number): void => {
    const said = shards.shards[from]!.ledger.outbox.shift()!;
    if ('command' in said) shards.shards[said.to]!.apply([said.command as never], START);
  };
  const reversal = { type: 'reverse', id: 'r', owner: 'a', transferId: 't' } as const;
  shards.shards[0]!.apply([named(reversal)], START);
  step(0);
  return { shards, named, step, b: places[1]! };
}

t.test('what a hold gives back while a reversal is open is the original’s', async (t) => {
  const leg = (from: string, to: string, amount: number, expiresAt?: number) => ({
    ...{ from, to, asset: 'points', amount, expiresAt },
  });
  const soon = START + DAY_MS;
  const { shards, named, step, b } = openReversal([
    { type: 'transfer', id: 'e', legs: [leg('@issue', 'a', 200)] },
    { type: 'transfer', id: 't', legs: [leg('a', 'b', 100, soon), leg('a', 'c', 1)] },
    { type: 'transfer', id: 'f', legs: [leg('@issue', 'b', 100)] },
    { type: 'hold', id: 'h', owner: 'b', asset: 'points', amount: 40 },
  ]);
  shards.shards[1]!.apply([named({ type: 'release', id: 'x', owner: 'b', holdId: 'h' })], START);
  for (const from of [1, 2, 1]) step(from);
  const [balance] = shards.balances(b);
  t.match(balance, { available: 100, held: 0, lots: [{ expiresAt: null, available: 100 }] });
});

t.test('a reversal that another shard refuses pays nothing with what had expired', async (t) => {
  const shards = new MemoryShards(3);
  const [a = '', b = '', c = ''] = [0, 1, 2].map((shard) => {
    const names = Array.from({ length: 40 }, (_, n) => `u${n}`);
    return names.find((name) => (ownerHash(name) & (SLOTS - 1)) % 3 === shard);
  });
  const leg = (from: string, to: string, amount: number, expiresAt?: number) => ({
    ...{ from, to, asset: 'points', amount, expiresAt },
  });
  const later = START + 2 * DAY_MS;
  const done: readonly (readonly [Command, number])[] = [
    [{ type: 'define-asset', asset: 'points', scale: 0 }, START],
    [{ type: 'transfer', id: 'e', legs: [leg('@issue', a, 200)] }, START],
    [
      {
        ...{ type: 'transfer', id: 't', owner: a },
        legs: [leg(a, b, 100, START + DAY_MS), leg(a, c, 100)],
      },
      START,
    ],
    [{ type: 'transfer', id: 's', legs: [leg(c, '@redeem', 100)] }, START],
    [{ type: 'set-credit-limit', id: 'l', owner: b, asset: 'points', creditLimit: 50 }, later],
    [{ type: 'transfer', id: 'o', legs: [leg(b, '@redeem', 50)] }, later],
  ];
  for (const [command, time] of done)
    if (!shards.apply(command, time).ok) throw new Error(JSON.stringify(command));
  const refused = shards.apply({ type: 'reverse', id: 'r', owner: a, transferId: 't' }, later);
  t.match(refused, { code: 'POINTS_SHORT' });
  t.match(shards.balances(b), [{ available: -50, held: 0, expired: 100 }]);
  t.equal(shards.sumOf('@expire'), 100);
});

t.test('who gives as much as it gets is part of an open reversal', async (t) => {
  const leg = (from: string, to: string) => ({ from, to, asset: 'points', amount: 10 });
  const { shards, named } = openReversal([
    { type: 'transfer', id: 'e', legs: [leg('@issue', 'a')] },
    { type: 'transfer', id: 'f', legs: [leg('@issue', 'b')] },
    { type: 'transfer', id: 't', owner: 'a', legs: [leg('a', 'b'), leg('b', 'c')] },
    { type: 'transfer', id: 's', legs: [leg('b', '@redeem')] },
  ]);
  const close = named({ type: 'close-account', id: 'x', owner: 'b', asset: 'points' });
  const [outcome] = shards.shards[1]!.apply([close], START);
  t.match(outcome, { ok: false, code: 'ACCOUNT_BUSY' });
});

const DEFECTS: readonly Defect[] = [
  {
    what: 'points that went into another lot are not followed',
    of: PastCommands,
    method: 'movedFrom',
    wrong: () => new Map(),
  },
  {
    what: 'lots are noted for the first leg, whichever made them',
    of: LotNotes,
    method: 'noteLeg',
    wrong: (right, [, ...rest]) => right(0, ...rest),
  },
  {
    what: 'a lot that is moved is noted as one point less',
    of: AccountDraft,
    method: 'noteMoved',
    wrong: (right, [from, to, amount]) => right(from, to, amount - 1),
  },
  {
    what: 'what expired is not brought back',
    of: PastCommands,
    method: 'expiredFrom',
    wrong: () => 0,
  },
  {
    what: 'what expired is taken to be one more',
    of: PastCommands,
    method: 'expiredFrom',
    wrong: (right, given) => right(...given) + 1,
  },
  {
    what: 'what was brought back may be brought back again',
    of: Work,
    method: 'bringBack',
    wrong: (right, [account, expiry, amount, left]) =>
      right(account, expiry, amount, left + amount),
  },
  {
    what: 'ticks do not note out of which lots points expired',
    of: Work,
    method: 'noteExpired',
    wrong: () => undefined,
  },
  {
    what: 'it is noted for another lot',
    of: Work,
    method: 'noteExpired',
    wrong: (right, [owner, asset, expiry]) => right(owner, asset, expiry + 1_000),
  },
  {
    what: 'what earlier parts undid is forgotten',
    of: PastCommands,
    method: 'undoneOf',
    wrong: () => null,
  },
  {
    what: 'of what earlier parts undid a point is forgotten',
    of: PastCommands,
    method: 'undoneOf',
    wrong: (right, given) => {
      const undone = right(...given);
      return Array.isArray(undone) || ArrayBuffer.isView(undone)
        ? Array.from(undone as Float64Array, (amount) => Math.max(0, amount - 1))
        : undone;
    },
  },
  {
    what: 'a part is not noted',
    of: Work,
    method: 'markReversed',
    wrong: () => undefined,
  },
  {
    what: 'holds keep what they have of the original',
    of: Undoing,
    method: 'exchange',
    wrong: () => [],
  },
  {
    what: 'holds get other points, and the account’s lots are left as they were',
    of: AccountDraft,
    method: 'moveHeld',
    wrong: () => undefined,
  },
  {
    what: 'what is taken back is taken soonest first, whatever the original made',
    of: AccountDraft,
    method: 'takeFromLot',
    wrong: () => 0,
  },
  {
    what: 'one point too few is taken out of the original’s lot',
    of: AccountDraft,
    method: 'takeFromLot',
    wrong: (right, [expiry, amount, flow]) => right(expiry, Math.max(0, amount - 1), flow),
  },
  {
    what: 'each part takes back the first of the original’s lots',
    of: Undoing,
    method: 'take',
    wrong: (right, [account, undone, ...rest]) => right(account, { ...undone, before: 0 }, ...rest),
  },
  {
    what: 'each part gives back the first of the original’s lots',
    of: Undoing,
    method: 'give',
    wrong: (right, [undone, flow]) => right({ ...undone, before: 0 }, flow),
  },
  {
    what: 'what is given back comes out of no lot',
    of: Undoing,
    method: 'give',
    wrong: (right, [undone, flow]) => {
      right(undone, flow);
      flow.clear();
      flow.loose = undone.give;
    },
  },
  {
    what: 'a lot expires a moment late, and never out of what a hold gave back',
    of: AccountDraft,
    method: 'dueAmount',
    wrong: (right, [time], self) => (self.held > 0 ? 0 : right(time)),
  },
  {
    what: 'a lot expires an hour early',
    of: AccountDraft,
    method: 'expire',
    wrong: (right, [time]) => right(time + 3_600_000),
  },
  {
    what: 'what is put back pays nothing of what is owed',
    of: AccountDraft,
    method: 'putBack',
    wrong: (right, given, self) => {
      const { available } = self;
      if (available >= 0) return right(...given);
      self.available = 0;
      const refusal = right(...given);
      self.available += available;
      return refusal;
    },
  },
  {
    what: 'what is brought back leaves @expire as it was',
    of: Settler,
    method: 'saveBroughtBack',
    wrong: () => undefined,
  },
  {
    what: 'points that come back out of a hold go into the latest lot',
    of: AccountDraft,
    method: 'takeHeld',
    wrong: (right, [amount, flow], self) => {
      right(amount, flow);
      const latest = self.lots[(self.lotCount - 1) * 3];
      for (let i = 0; i < flow.count; i++) if (latest > flow.expiries[i]) flow.expiries[i] = latest;
    },
  },
];

findEach(DEFECTS, [asIfNever, partsAsWhole], {
  'what was brought back may be brought back again': 72,
  'what is put back pays nothing of what is owed': 153,
});
