// Notices ahead of expiry: by property (notice-worlds.ts), by hand, and defects planted in what tells them.

import t from 'tap';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { Notices } from '../../engine/ledger/notices.js';
import { Page } from '../../engine/ledger/page.js';
import { Pages } from '../../engine/ledger/pages.js';
import { DAY_MS } from '../../engine/limits.js';
import { feedBlock } from '../../engine/live/feed.js';
import { BlockView } from '../../engine/protocol/block.js';
import type { TransferCommand } from '../../engine/protocol/commands.js';
import { EffectWriter, EXTRA } from '../../engine/protocol/effects.js';
import type { FeedItem } from '../../engine/protocol/outcomes.js';
import { validate } from '../../engine/protocol/validate.js';
import { campaign } from '../campaign.js';
import { type Defect, findEach } from '../planted.js';
import { daysOf } from './draws.js';
import { toldByAudit, toldInFeed, toldOnce } from './notice-worlds.js';

t.test('each lot is told once, as it is, as many days ahead as its asset says', async (t) => {
  const cases = campaign({ name: 'notices ahead of expiry', long: 20_000, sample: 50 });
  let [told, split] = [0, 0];
  await cases.run(async (seed) => {
    const world = toldOnce(seed);
    told += world.told;
    if (world.buckets > 3) split++;
  });
  t.ok(told > 20 * cases.count, `${told} were told`);
  t.ok(split > cases.count / 10, `${split} had several buckets`);
});

const SHANGHAI = 'Asia/Shanghai';
/** A moment of a day in Shanghai. */
const at = (day: string, time = '12:00'): number => Date.parse(`${day}T${time}:00+08:00`);

/** A ledger whose points last a year, with so many days of notice. */
function yearly(expiryNoticeDays: number, time: number) {
  const memory = new MemoryLedger();
  const asset = { type: 'define-asset', asset: 'points', scale: 0, expiryNoticeDays } as const;
  memory.apply([{ ...asset, expiresAfter: 'P1Y', ...daysOf(SHANGHAI) }], time);
  const said = (): FeedItem[] =>
    memory.blocks.flatMap((block) => feedBlock(new BlockView(block), memory.state.assets).items);
  let read = said().length;
  /** What the feed has told since it was asked last. */
  const feed = (): FeedItem[] => {
    const all = said();
    const more = all.slice(read);
    read = all.length;
    return more;
  };
  return { memory, asset, feed };
}

const earned = (id: string, amount: number, expiresAt?: number): TransferCommand => ({
  type: 'transfer',
  id,
  legs: [{ from: '@issue', to: 'ann', asset: 'points', amount, expiresAt }],
});

t.test('29 February, ends of months: 30 days before the end of the last day', async (t) => {
  for (const [day, last, told] of [
    ['2028-02-29', '2029-02-28', '2029-01-30'],
    ['2027-02-28', '2028-02-28', '2028-01-30'],
    ['2027-03-01', '2028-03-01', '2028-02-01'],
    ['2027-12-31', '2028-12-31', '2028-12-02'],
  ] as const) {
    const { memory, feed } = yearly(30, at(day));
    memory.apply([earned('e', 100)], at(day));
    feed();
    memory.tick(at(told, '00:00') - 1);
    t.same(feed(), [], `of ${day} nothing is told before ${told}`);
    memory.tick(at(told, '00:00'));
    const expiresAt = at(last, '00:00') + DAY_MS;
    const notice = { type: 'expiring', owner: 'ann', asset: 'points', expiresAt };
    t.match(feed(), [
      { command: { type: 'tick' }, notices: [{ ...notice, available: 100, held: 0 }] },
    ]);
    memory.tick(expiresAt - 1);
    t.same(feed(), [], 'once');
    memory.tick(expiresAt);
    const [expiry, ...more] = feed();
    const slices = [{ expiresAt, available: -100, held: 0 }];
    t.match(expiry, {
      outcome: { entries: [{ owner: 'ann', type: 'expire', expired: 100, slices }, {}] },
    });
    t.same([expiry?.notices, more], [undefined, []], 'that it has expired is an entry of its own');
  }
});

t.test('what is told is what is there', async (t) => {
  const start = at('2027-01-10');
  const { memory, feed } = yearly(30, start);
  memory.apply([earned('e1', 100), earned('e2', 50)], start);
  const expiresAt = at('2028-01-11', '00:00');
  const due = expiresAt - 30 * DAY_MS;
  const spend = { from: 'ann', to: '@redeem', asset: 'points', amount: 30 };
  const hold = { type: 'hold', id: 'h', owner: 'ann', asset: 'points', amount: 20 } as const;
  memory.apply([{ type: 'transfer', id: 's', legs: [spend] }, hold], due - 1);
  feed();
  memory.tick(due + 5_000);
  t.match(
    feed(),
    [{ notices: [{ expiresAt, available: 100, held: 20 }] }],
    'two earnings of a day',
  );
  memory.apply(
    [earned('e3', 7, expiresAt), { type: 'reverse', id: 'r', owner: 'ann', transferId: 's' }],
    due + DAY_MS,
  );
  memory.tick(due + 2 * DAY_MS);
  t.notOk(
    feed().some(({ notices }) => notices),
    'what comes into a lot that was told is not told',
  );
  memory.apply([earned('e4', 9, expiresAt - 5 * DAY_MS)], due + 2 * DAY_MS);
  const soon = { expiresAt: expiresAt - 5 * DAY_MS, available: 9, held: 0 };
  t.match(feed(), [{ command: { id: 'e4' }, notices: [soon] }], 'a new one is told as it comes');
  const extension = { type: 'extend-lots', id: 'x', owner: 'ann', asset: 'points' } as const;
  memory.apply(
    [{ ...extension, lotExpiresAt: soon.expiresAt, expiresAt: expiresAt + 40 * DAY_MS }],
    due + 3 * DAY_MS,
  );
  memory.tick(expiresAt + 10 * DAY_MS - 1);
  t.notOk(
    feed().some(({ notices }) => notices),
    'an extended one is told by its new expiry',
  );
  memory.tick(expiresAt + 10 * DAY_MS);
  t.match(feed(), [{ notices: [{ expiresAt: expiresAt + 40 * DAY_MS, available: 9 }] }]);
});

t.test('days of notice that are defined later concern what is there', async (t) => {
  const start = at('2027-01-10');
  const { memory, asset, feed } = yearly(0, start);
  memory.apply([earned('e', 100, start + 20 * DAY_MS)], start);
  memory.tick(start + DAY_MS);
  const years = { expiresAfter: 'P1Y', ...daysOf(SHANGHAI) };
  memory.apply([{ ...asset, ...years, expiryNoticeDays: 30 }], start + 2 * DAY_MS);
  feed();
  memory.tick(start + 2 * DAY_MS);
  t.match(feed(), [{ notices: [{ owner: 'ann', available: 100 }] }]);
  memory.apply([{ ...asset, ...years, expiryNoticeDays: 0 }], start + 3 * DAY_MS);
  memory.apply([earned('f', 5, start + 10 * DAY_MS)], start + 3 * DAY_MS);
  memory.tick(start + 4 * DAY_MS);
  t.notOk(
    feed().some(({ notices }) => notices),
    '0: nothing is told',
  );
  for (const days of [-1, 1.5, 367, '30'])
    t.equal(
      validate({ type: 'define-asset', asset: 'a', scale: 0, expiryNoticeDays: days } as never)
        ?.code,
      'EXPIRY_POLICY_INVALID',
    );
});

/** What the feed and the audit both find. */
const DEFECTS: readonly Defect[] = [
  {
    what: 'nothing is told of a lot that comes below what has been told',
    of: Notices,
    method: 'end',
    wrong: (_right, _given, self) => self.clear(),
  },
  {
    what: 'it is not noted up to where lots have been told',
    of: Notices,
    method: 'tell',
    wrong: (right, [page]) => {
      right(page);
      page.told = null;
    },
  },
  {
    what: 'a bucket that is split has told nothing',
    of: Page,
    method: 'split',
    wrong: (right, given) => {
      const [stay, gone] = right(...given);
      gone.told = null;
      return [stay, gone];
    },
  },
  {
    what: 'a stored page does not say up to where lots have been told',
    of: Page,
    method: 'encode',
    wrong: (right, given, self) => {
      const { told } = self;
      self.told = null;
      const bytes = right(...given);
      self.told = told;
      return bytes;
    },
  },
  {
    what: 'what is held is not told',
    of: EffectWriter,
    method: 'extra',
    wrong: (right, [tag, numbers, texts]) =>
      right(
        tag,
        tag === EXTRA.expiring
          ? numbers.map((one: number, at: number) => (at > 0 && at % 3 === 0 ? 0 : one))
          : numbers,
        texts,
      ),
  },
  {
    what: 'a lot that points are added to is told again',
    of: Notices,
    method: 'isNew',
    wrong: () => true,
  },
  {
    what: 'no tick comes for what is to be told',
    of: Pages,
    method: 'lowerTelling',
    wrong: () => undefined,
  },
  {
    what: 'more days of notice concern nothing that is there',
    of: Pages,
    method: 'lookAtAll',
    wrong: () => undefined,
  },
];
findEach(DEFECTS, [toldInFeed]);
findEach(DEFECTS, [toldByAudit]);
