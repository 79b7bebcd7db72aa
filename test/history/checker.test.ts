// The checker accepts what a right ledger does, and rejects planted wrongs, naming the account and the operations.

import type { Asked, Movement } from './operations.js';
import { at, begun, judgeStories, type Planted } from './stories.js';
import { Story } from './story.js';

const { transfer } = Story;

const gift = transfer('gift', 'ann>cat 30');
const hold = (id: string, amount: number): Asked => ({
  type: 'hold',
  id,
  owner: 'ann',
  asset: 'p',
  amount,
});
const captured = (
  id: string,
  holdId: string,
  amount: number,
  releaseRest: boolean,
  to = 'bob',
): Asked => ({
  type: 'capture',
  id,
  owner: 'ann',
  asset: 'p',
  holdId,
  to,
  amount,
  releaseRest,
});

const near = transfer('near', 'ann>bob 30');
const back = (id: string): Asked => ({
  type: 'reverse',
  id,
  owner: 'ann',
  original: near as Movement,
});

/** A hold of ann's, captured for cat on another shard. */
const capturedAcross = (): Story =>
  begun()
    .hold(hold('h', 20), 10, 11)
    .hold(captured('k', 'h', 15, true, 'cat'), 12, 13);

const reversed = (): Story =>
  begun()
    .apply(near)
    .told(near, 10, 11)
    .undo(back('b1'), 12, 13)
    .refuse(back('b2'), 'ALREADY_REVERSED', 12, 14);

/** A cross-shard gift, with reads of both sides along its way. */
const given = (): Story =>
  begun()
    .reserve(gift)
    .read('r1', 'ann', 11, 12)
    .apply(gift, true)
    .read('r2', 'ann', 13, 15)
    .read('r3', 'cat', 14, 16)
    .told(gift, 10, 20);

/** The payee has it, the payer's shard has not heard of the decision. */
const half = (): Story => {
  const story = begun().reserve(gift).read('r1', 'ann', 11, 30).apply(gift, true);
  return story.told(gift, 10, 40);
};

const good: Readonly<Record<string, () => Story>> = {
  'nothing but funds': begun,
  'a capture for somebody on another shard': () => capturedAcross().read('r', 'ann', 14, 15),
  'a transfer reversed, and not a second time': () => reversed().read('r', 'bob', 15, 16),
  'one after the other': () => begun().post('a', 'ann>bob 5', 10, 11).read('r', 'ann', 12, 13),
  'at the same time, either way round': () =>
    begun().read('r1', 'ann', 10, 20).post('a', 'ann>bob 5', 11, 19).read('r2', 'bob', 10, 20),
  'a transfer between shards': given,
  'the payee has it, the payer still holds it': half,
  'never told, and there all the same': () => {
    const a = transfer('a', 'ann>bob 5');
    return begun()
      .attempt(a, { call: 10, ret: 12, isLookUp: false, answer: { state: 'unknown' } })
      .read('r', 'ann', 20, 21)
      .apply(a)
      .read('r', 'ann', 30, 31)
      .told(a, 10, 40);
  },
  'never told, and not there': () => {
    const a = transfer('a', 'ann>bob 5');
    return begun()
      .attempt(a, { call: 10, ret: 12, isLookUp: false, answer: { state: 'unknown' } })
      .told(a, 40, 41, 'absent');
  },
  'refused between shards: reserved for a while': () =>
    begun()
      .reserve(gift)
      .read('r1', 'ann', 11, 12)
      .reserve(gift, -1)
      .read('r2', 'ann', 12, 14)
      .refuse(transfer('gift', 'ann>cat 30, cat>dan 500'), 'POINTS_SHORT', 10, 20)
      .read('r3', 'ann', 21, 22),
  'short, for it was short meanwhile': () =>
    begun()
      .post('a', 'ann>bob 100', 10, 20)
      .refuse(transfer('b', 'ann>bob 1'), 'POINTS_SHORT', 11, 30)
      .post('c', 'bob>ann 50', 12, 29),
  'short, for it was reserved': () =>
    begun()
      .reserve(transfer('a', 'ann>cat 90'))
      .refuse(transfer('b', 'ann>bob 20'), 'POINTS_SHORT', 11, 12)
      .apply(transfer('a', 'ann>cat 90'), true)
      .told(transfer('a', 'ann>cat 90'), 10, 20),
  'an earlier leg pays for a later one': () =>
    begun().post('a', '@issue>ann 50, ann>bob 150', 10, 11),
  'a hold, a part of it captured, the rest released': () =>
    begun()
      .hold(hold('h', 40), 10, 11)
      .read('r', 'ann', 12, 13)
      .hold(captured('k', 'h', 15, true), 14, 15)
      .refuse(captured('l', 'h', 1, true), 'HOLD_CLOSED', 14, 17)
      .read('s', 'ann', 18, 19),
  'two assets at one moment': () =>
    begun()
      .post('a', '@issue>ann 5, @issue>ann 7 q', 10, 20)
      .read('r', 'ann', 10, 20)
      .post('b', 'ann>@redeem 5, @issue>ann 9 q', 11, 21)
      .read('s', 'ann', 10, 21),
  'a repeat': () => {
    const a = transfer('a', 'ann>bob 5');
    const story = begun().post('a', 'ann>bob 5', 10, 11);
    const { answer } = at(at(story.operations, -1).attempts, 0);
    if (answer.state !== 'posted') throw new Error('posted');
    const again = { ...answer, replayed: true };
    return story.attempt(a, { call: 20, ret: 21, isLookUp: false, answer: again });
  },
};

const bad: Planted = {
  'a capture whose payee on another shard has nothing': [
    () => {
      const story = capturedAcross();
      story.entries.get('cat p')?.pop();
      return story;
    },
    /ann\/k is posted, and has no entry on cat p/,
  ],
  'a capture that leaves its hold as it was': [
    () => {
      const story = capturedAcross();
      const entry = at(story.entries.get('ann p'), -1);
      entry.heldDelta = 0;
      entry.held += 20;
      entry.available -= 20;
      return story;
    },
    /ann p entry 3 \(ann\/k\) is -15, 0 held; it should be -15, -20 held/,
  ],
  'reversed twice': [
    () => reversed().undo(back('b3'), 20, 21),
    /near is reversed by ann\/b1 and ann\/b3/,
  ],
  'not reversed, and refused as if it were': [
    () => begun().apply(near).told(near, 10, 11).refuse(back('b2'), 'ALREADY_REVERSED', 12, 14),
    /ann\/b2 was refused ALREADY_REVERSED without a reason/,
  ],
  'a reversal that takes back too little': [
    () => {
      const story = reversed();
      const entry = at(story.entries.get('bob p'), -1);
      entry.delta += 1;
      entry.available += 1;
      return story;
    },
    /bob p entry 3 \(ann\/b1\) is -29, 0 held; it should be -30, 0 held/,
  ],
  'stale read': [
    () => {
      const story = begun().read('r', 'ann', 20, 21).post('a', 'ann>bob 5', 10, 11);
      return story;
    },
    /ann p: r saw version 1 .*stale.*ann\/a/,
  ],
  'stale read after another saw it': [
    () =>
      begun().read('old', 'ann', 16, 17).post('a', 'ann>bob 5', 10, 40).read('new', 'bob', 12, 14),
    /ann p: old saw version 1 .*stale.*ann\/a/,
  ],
  'stale read of a reserve that another saw': [
    () =>
      begun()
        .read('old', 'ann', 16, 17)
        .reserve(gift)
        .read('new', 'ann', 11, 15)
        .apply(gift, true)
        .told(gift, 10, 40),
    /ann p: old saw version 1 .*stale.*ann\/gift/,
  ],
  'lost update': [
    () => {
      const story = begun().post('a', 'ann>bob 5', 10, 11).post('b', 'ann>bob 7', 12, 13);
      // The second wrote over what the first had written.
      at(story.entries.get('ann p'), -1).available += 5;
      return story;
    },
    /ann p entry 3 \(ann\/b\): 88 and 0 held are not 93 and 0 held/,
  ],
  'acknowledged and lost': [
    () => {
      const story = begun().post('a', 'ann>bob 5', 10, 11);
      story.entries.get('ann p')?.pop();
      return story;
    },
    /ann\/a is posted, and has no entry on ann p/,
  ],
  'doubled entry': [
    () => begun().post('a', 'ann>bob 5', 10, 11).apply(transfer('a', 'ann>bob 5')),
    /ann p entry 3 is of ann\/a, which has entry 2 already/,
  ],
  'an entry that nobody asked for': [
    () => begun().apply(transfer('ghost', 'ann>bob 5')),
    /ann p entry 2 is of ghost, which nobody asked for/,
  ],
  reordered: [
    () => begun().post('b', 'ann>bob 7', 12, 13).post('a', 'ann>bob 5', 10, 11),
    /ann p entry 2 \(ann\/b\) is in block \d+, and block|entry 3 \(ann\/a\) cannot come after/,
  ],
  'torn between accounts': [
    () => {
      const story = begun().post('a', 'ann>bob 5', 10, 11);
      at(story.entries.get('bob p'), -1).seq++;
      return story;
    },
    /ann\/a is torn: bob p/,
  ],
  'torn between shards': [
    () => {
      const story = given();
      story.entries.get('cat p')?.pop();
      return story;
    },
    /ann\/gift is posted, and has no entry on cat p/,
  ],
  'a read torn between assets': [
    () => {
      const story = begun()
        .post('a', '@issue>ann 5, @issue>ann 7 q', 10, 11)
        .post('b', 'ann>@redeem 5, @issue>ann 9 q', 11, 30)
        .read('r', 'ann', 12, 29);
      const read = at(story.reads, 0);
      const [p, q] = [at(read.accounts, 0), at(read.accounts, 1)];
      read.accounts = [{ ...p, version: p.version - 1, available: p.available + 5 }, q];
      return story;
    },
    /ann: r is torn: ann\/b is in q \(entry 2\) and not in p/,
  ],
  'reserve not counted': [
    () => {
      const story = half().read('payee', 'cat', 12, 13);
      const read = at(story.reads, 0);
      // Called after somebody saw that the payee has it, while the payer has it, too.
      read.call = 14;
      read.accounts = [{ asset: 'p', available: 100, held: 0, version: 1 }];
      return story;
    },
    /ann p: r1 saw version 1 \(100, 0 held\), stale: entry 2 \(ann\/gift\) had been seen/,
  ],
  'a reserve that stays after the answer': [
    () => {
      const story = given();
      at(story.reads, 1).call = 21;
      at(story.reads, 1).ret = 22;
      at(story.reads, 1).accounts = [{ asset: 'p', available: 70, held: 30, version: 2 }];
      return story;
    },
    /ann p: r2 saw version 2 \(70, 30 held\), stale: entry 3 \(ann\/gift\) had been seen/,
  ],
  'a reserve of nobody': [
    () => {
      const story = begun().read('r', 'ann', 10, 11);
      at(story.reads, 0).accounts = [{ asset: 'p', available: 60, held: 40, version: 1 }];
      return story;
    },
    /ann p: r saw version 1 \(60, 40 held\), and after that entry .* there are 100, 0 held/,
  ],
  'a reserve before its call': [
    () => {
      const story = given();
      at(story.reads, 0).call = 5;
      at(story.reads, 0).ret = 6;
      return story;
    },
    /ann p: r1 saw version 2 .* from the future: entry 2 \(ann\/gift\)/,
  ],
  'a reserve that comes and goes': [
    () => {
      const story = given();
      const [first, second] = [at(story.reads, 0), at(story.reads, 1)];
      second.call = 12.5;
      second.ret = 13;
      second.accounts = [{ asset: 'p', available: 100, held: 0, version: 1 }];
      first.ret = 12;
      return story;
    },
    /ann p: r2 saw version 1 .* stale: entry 2 \(ann\/gift\) had been seen/,
  ],
  'posted without a reserve': [
    () => begun().apply(gift).told(gift, 10, 20),
    /ann p entry 2 is of ann\/gift, which has reserved nothing there/,
  ],
  'refused, and still reserved': [
    () => begun().reserve(gift).refuse(gift, 'POINTS_SHORT', 10, 20),
    /ann\/gift is refused, and its reserve on ann p stays/,
  ],
  'freed twice': [
    () =>
      begun()
        .reserve(gift)
        .reserve(gift, -1)
        .reserve(gift, -1)
        .refuse(gift, 'POINTS_SHORT', 10, 20),
    /ann p entry 4 is of ann\/gift, which has entry 3 already/,
  ],
  'a posting that takes from what nothing reserved': [
    () => {
      const story = given();
      story.entries.get('ann p')?.splice(1, 1);
      at(story.entries.get('ann p'), -1).version--;
      return story;
    },
    /ann p entry 2 \(ann\/gift\): 100 and -30 held are not 70 and 0 held/,
  ],
  'a read of what was never committed': [
    () => {
      const story = begun().read('r', 'ann', 10, 11);
      at(story.reads, 0).accounts = [{ asset: 'p', available: 95, held: 0, version: 2 }];
      return story.attempt(transfer('a', 'ann>bob 5'), {
        call: 9,
        ret: 12,
        isLookUp: false,
        answer: { state: 'absent' },
      });
    },
    /ann p: r saw version 2 \(95, 0 held\), which has no entry/,
  ],
  'a read from the future': [
    () => begun().post('a', 'ann>bob 5', 20, 21).read('r', 'ann', 10, 11),
    /ann p: r saw version 2 .* from the future: entry 2 \(ann\/a\)/,
  ],
  'a read of a wrong balance': [
    () => {
      const story = begun().read('r', 'ann', 10, 11);
      at(story.reads, 0).accounts = [{ asset: 'p', available: 99, held: 0, version: 1 }];
      return story;
    },
    /ann p: r saw version 1 \(99, 0 held\), and after that entry \(ann\/fund-ann\) there are 100/,
  ],
  'short without a reason': [
    () =>
      begun()
        .refuse(transfer('b', 'ann>bob 50'), 'POINTS_SHORT', 11, 12)
        .post('a', 'ann>bob 60', 13, 20),
    /ann\/b was refused POINTS_SHORT without a reason: ann p needed 50 and had 100 to 100/,
  ],
  'condition failed without a reason': [
    () =>
      begun().refuse(
        transfer('b', 'ann>bob 50', { owner: 'cat', asset: 'p', availableAtLeast: 100 }),
        'CONDITION_FAILED',
        11,
        12,
      ),
    /ann\/b was refused CONDITION_FAILED without a reason: cat p needed 100/,
  ],
  'posted against its condition': [
    () => {
      const story = begun().post('a', 'ann>bob 50', 10, 11);
      const condition = { owner: 'ann', asset: 'p', availableAtLeast: 101 };
      const one = at(story.operations, -1);
      Object.assign(one, { command: transfer('a', 'ann>bob 50', condition) });
      return story;
    },
    /ann\/a is posted, and its condition needed 101 on ann p, which had 100/,
  ],
  'a hold closed that is open': [
    () =>
      begun()
        .hold(hold('h', 40), 10, 11)
        .refuse(captured('k', 'h', 1, true), 'HOLD_CLOSED', 12, 13),
    /ann\/k was refused HOLD_CLOSED without a reason/,
  ],
  'held without a hold': [
    () => {
      const story = begun().hold(hold('h', 40), 10, 11);
      at(story.entries.get('ann p'), -1).heldDelta = 41;
      return story;
    },
    /ann p entry 2 \(ann\/h\) is 0, 41 held; it should be 0, 40 held/,
  ],
  overdrawn: [() => begun().post('a', 'ann>bob 101', 10, 11), /ann p entry 2 \(ann\/a\) leaves -1/],
  'two outcomes of one id': [
    () =>
      begun()
        .post('a', 'ann>bob 5', 10, 11)
        .refuse(transfer('a', 'ann>bob 5'), 'POINTS_SHORT', 20, 21),
    /ann\/a was answered posted .*, and then POINTS_SHORT/,
  ],
  'carried out again': [
    () => {
      const story = begun().post('a', 'ann>bob 5', 10, 11);
      const { answer } = at(at(story.operations, -1).attempts, 0);
      return story.attempt(transfer('a', 'ann>bob 5'), {
        call: 20,
        ret: 21,
        isLookUp: false,
        answer,
      });
    },
    /ann\/a was carried out a second time/,
  ],
  'told, and then not found': [
    () => {
      const a = transfer('a', 'ann>bob 5');
      return begun().post('a', 'ann>bob 5', 10, 11).told(a, 12, 13, 'absent');
    },
    /ann\/a was told, and then not found/,
  ],
  'absent, and with an entry': [
    () => {
      const a = transfer('a', 'ann>bob 5');
      return begun()
        .attempt(a, { call: 10, ret: 12, isLookUp: false, answer: { state: 'unknown' } })
        .told(a, 40, 41, 'absent')
        .apply(a);
    },
    /ann p entry 2 is of ann\/a, which is absent/,
  ],
  'answered with another balance': [
    () => {
      const story = begun().post('a', 'ann>bob 5', 10, 11);
      const { answer } = at(at(story.operations, -1).attempts, 0);
      if (answer.state === 'posted') Object.assign(at(answer.entries, 0), { available: 96 });
      return story;
    },
    /ann\/a was answered with ann p version 2: 96/,
  ],
};

judgeStories(good, bad);
