// The checker accepts what acts of a right ledger do, and rejects planted wrongs of theirs.

import type {
  Answer,
  Asked,
  Claim,
  Correction,
  Event,
  Gift,
  Offer,
  Programme,
  Refer,
  Return,
} from './operations.js';
import { at, begun, judgeStories, type Planted, type Right } from './stories.js';
import type { Story } from './story.js';

const BUDGET = '#budget:b';
const spring: Offer = { key: 'spring', asset: 'p', points: 30, budget: BUDGET };
const rich: Offer = { ...spring, key: 'rich', availableAtLeast: 120 };
const fix: Correction = { key: 'fix', asset: 'p', mostUp: 50, mostDown: 20, secondFrom: 40 };

const claim = (id: string, owner = 'ann', offer = spring): Claim => ({
  ...{ type: 'act', act: 'claim' },
  ...{ id, owner, offer },
});
const adjust = (id: string, amount: number): Asked => ({
  ...{ type: 'act', act: 'adjust', id, owner: 'ann', correction: fix, amount },
});
const undo = (id: string, original: Claim, amount?: number): Asked => ({
  ...{ type: 'reverse', id, owner: original.owner, original },
  ...(amount === undefined ? {} : { amount }),
});

const of: Programme = {
  ...{ key: 'shop', asset: 'p' },
  visit: { points: 7, times: 2 },
  gift: { mostEach: 20, mostTimes: 2 },
  referral: { referrer: 10, newcomer: 5 },
};
const buy = (id: string, amount: number): Event => ({
  ...{ type: 'act', act: 'event', of },
  ...{ id, owner: 'ann', amount },
});
const visit = (id: string): Event => ({ type: 'act', act: 'event', of, id, owner: 'ann' });
const back = (id: string, event: Event, amount: number): Return => ({
  ...{ type: 'act', act: 'return-event' },
  ...{ id, owner: event.owner, event, amount },
});
const gift = (id: string, amount: number, to = 'bob'): Gift => ({
  ...{ type: 'act', act: 'gift', of },
  ...{ id, owner: 'ann', to, amount },
});
const refer = (id: string, owner = 'ann', by = 'bob'): Refer => ({
  ...{ type: 'act', act: 'refer', of, code: 'CDE22A' },
  ...{ id, owner, by },
});

/** A budget of 100. */
const funded = (): Story => begun().budget(BUDGET, 100);
const claimed = (): Story => funded().act(claim('c1'), 10, 11);

/** The answer to what was asked last. */
function lastAnswer(story: Story): Extract<Answer, { state: 'posted' }> {
  const { answer } = at(at(story.operations, -1).attempts, -1);
  if (answer.state !== 'posted') throw new Error('it is not posted');
  return answer;
}

const good: Right = {
  'claimed, and not a second time': () =>
    claimed()
      .refuse(claim('c2'), 'OFFER_CLAIMED', 12, 13)
      .act(claim('c3', 'bob'), 12, 13)
      .read('r', 'ann', 14, 15),
  'given back in parts, and claimed again': () =>
    claimed()
      .undo(undo('u1', claim('c1'), 10), 12, 13)
      .refuse(claim('c2'), 'OFFER_CLAIMED', 14, 15)
      .refuse(undo('u2', claim('c1'), 21), 'REVERSAL_EXCEEDS_REMAINING', 14, 15)
      .undo(undo('u3', claim('c1')), 16, 17)
      .refuse(undo('u4', claim('c1')), 'ALREADY_REVERSED', 18, 19)
      .act(claim('c3'), 18, 19),
  'claimed before, or after it was given back': () =>
    claimed()
      .refuse(claim('c2'), 'OFFER_CLAIMED', 12, 20)
      .undo(undo('u', claim('c1')), 13, 14),
  'exhausted, and so it stays': () =>
    begun()
      .budget(BUDGET, 50)
      .act(claim('c1'), 10, 11)
      .refuse(claim('c2', 'bob'), 'BUDGET_EXHAUSTED', 12, 13),
  'exhausted for a while': () =>
    begun()
      .budget(BUDGET, 50)
      .act(claim('c1'), 10, 20)
      .refuse(claim('c2', 'bob'), 'BUDGET_EXHAUSTED', 12, 13)
      .undo(undo('u', claim('c1')), 13, 30)
      .act(claim('c3', 'bob'), 15, 16),
  'an undo between shards, refused for now at first': () => {
    const back = undo('u', claim('c', 'cat'), 12);
    return funded()
      .act(claim('c', 'cat'), 10, 11)
      .reserve(back)
      .attempt(back, { call: 12, ret: 14, isLookUp: false, answer: { state: 'open' } })
      .read('r', 'cat', 13, 14)
      .reserve(back, -1)
      .attempt(back, { call: 15, ret: 16, isLookUp: true, answer: { state: 'absent' } })
      .reserve(back)
      .undo(back, 17, 18, true);
  },
  'corrections, within what is defined': () =>
    funded()
      .act(adjust('a1', 39), 10, 11)
      .act(adjust('a2', 38), 12, 13)
      .act(adjust('a3', -20), 14, 15)
      .refuse(adjust('a4', 51), 'CORRECTION_TOO_LARGE', 16, 17)
      .refuse(adjust('a5', -21), 'CORRECTION_TOO_LARGE', 16, 17)
      .refuse(adjust('a6', 40), 'APPROVAL_REQUIRED', 16, 17),
  'bought, and given back in parts': () =>
    begun()
      .act(buy('b', 30), 10, 11)
      .act(back('r1', buy('b', 30), 10), 12, 13)
      .refuse(back('r2', buy('b', 30), 21), 'RETURN_INVALID', 14, 15)
      .act(back('r3', buy('b', 30), 20), 16, 17)
      .refuse(back('r4', buy('b', 30), 1), 'ALREADY_REVERSED', 18, 19),
  'visits, two of which are paid for': () =>
    begun()
      .act(visit('v1'), 10, 11)
      .nothing(visit('v2'), 12, 20)
      .act(visit('v3'), 13, 14)
      .nothing(visit('v4'), 21, 22),
  'gifts, here and elsewhere, two a day': () =>
    begun()
      .act(gift('g1', 20), 10, 11)
      .refuse(gift('g2', 21), 'GIFT_LIMIT', 12, 13)
      .act(gift('g3', 1), 14, 15)
      .refuse(gift('g4', 1), 'GIFT_LIMIT', 16, 17),
  'referred once': () =>
    begun()
      .act(refer('r1'), 10, 11)
      .refuse(refer('r2', 'ann', 'cat'), 'REFERRED_BEFORE', 12, 13)
      .refuse(refer('r3', 'bob', 'bob'), 'REFERRAL_TO_SELF', 12, 13)
      .act(refer('r4', 'cat', 'bob'), 14, 15),
  'for those who have enough': () =>
    funded()
      .refuse(claim('c1', 'ann', rich), 'NOT_ELIGIBLE', 10, 11)
      .act(adjust('a', 20), 12, 13)
      .act(claim('c2', 'ann', rich), 14, 15),
};

const bad: Planted = {
  'more given back than was bought': [
    () =>
      begun()
        .act(buy('b', 30), 10, 11)
        .act(back('r1', buy('b', 30), 20), 12, 13)
        .act(back('r2', buy('b', 30), 11), 14, 15),
    /ann\/r1 and others come to 31 of 30/,
  ],
  'given back before it was bought': [
    () =>
      begun()
        .act(back('r', buy('b', 30), 20), 10, 13)
        .act(buy('b', 30), 11, 12),
    /ann\/r gives back b before it was bought/,
  ],
  'a return refused of which there is enough': [
    () =>
      begun()
        .act(buy('b', 30), 10, 11)
        .refuse(back('r', buy('b', 30), 30), 'RETURN_INVALID', 12, 13),
    /ann\/r was refused RETURN_INVALID without a reason/,
  ],
  'given back, and nothing is, when something was left': [
    () =>
      begun()
        .act(buy('b', 30), 10, 11)
        .act(back('r1', buy('b', 30), 29), 12, 13)
        .refuse(back('r2', buy('b', 30), 1), 'ALREADY_REVERSED', 14, 15),
    /ann\/r2 was refused ALREADY_REVERSED without a reason/,
  ],
  'an event that earned something else': [
    () => {
      const story = begun().act(buy('b', 30), 10, 11);
      Object.assign(story.entries.get('ann p')?.at(-1) ?? {}, { delta: 31, available: 131 });
      return story;
    },
    /ann p entry 2 \(ann\/b\) is 31, 0 held; it should be 30, 0 held/,
  ],
  'an event that is done twice': [
    () => begun().act(buy('b', 30), 10, 11).act(buy('b', 30), 12, 13),
    /ann p entry 3 is of ann\/b, which has entry 2 already/,
  ],
  'an event that is lost': [
    () => {
      const story = begun().act(buy('b', 30), 10, 11);
      story.entries.get('ann p')?.pop();
      return story;
    },
    /ann\/b is posted, and has no entry on ann p/,
  ],
  'a third visit is paid for': [
    () => begun().act(visit('v1'), 10, 11).act(visit('v2'), 12, 13).act(visit('v3'), 14, 15),
    /ann\/v1 and others come to 3 of 2/,
  ],
  'a visit that earns nothing, too soon': [
    () => begun().act(visit('v1'), 10, 11).nothing(visit('v2'), 12, 13).act(visit('v3'), 14, 15),
    /ann\/v2 earned nothing, and 2 visits are paid for/,
  ],
  'a visit that tells of nothing, and earns something': [
    () => {
      const story = begun().act(visit('v1'), 10, 11);
      Object.assign(lastAnswer(story), { effects: [], entries: [] });
      return story;
    },
    /ann\/v1 tells that it earned nothing, and has an entry/,
  ],
  'a third gift': [
    () => begun().act(gift('g1', 1), 10, 11).act(gift('g2', 1), 12, 13).act(gift('g3', 1), 14, 15),
    /ann\/g1 and others come to 3 of 2/,
  ],
  'a gift that is too large': [
    () => begun().act(gift('g', 21), 10, 11),
    /ann\/g is posted, and should be GIFT_LIMIT/,
  ],
  'a gift refused that is none too many': [
    () =>
      begun()
        .act(gift('g1', 1), 10, 11)
        .refuse(gift('g2', 1), 'GIFT_LIMIT', 12, 13)
        .act(gift('g3', 1), 14, 15),
    /ann\/g2 was refused GIFT_LIMIT without a reason/,
  ],
  'a gift that nobody got': [
    () => {
      const story = begun().act(gift('g', 5), 10, 11);
      story.entries.get('bob p')?.pop();
      return story;
    },
    /ann\/g is posted, and has no entry on bob p/,
  ],
  'referred twice': [
    () =>
      begun()
        .act(refer('r1'), 10, 11)
        .act(refer('r2', 'ann', 'cat'), 12, 13),
    /ann\/r1 and others come to 2 of 1/,
  ],
  'referred before, when nobody had': [
    () => begun().refuse(refer('r1'), 'REFERRED_BEFORE', 10, 11).act(refer('r2'), 12, 13),
    /ann\/r1 was refused REFERRED_BEFORE without a reason/,
  ],
  'a referral for which who referred got nothing': [
    () => {
      const story = begun().act(refer('r'), 10, 11);
      story.entries.get('bob p')?.pop();
      return story;
    },
    /ann\/r is posted, and has no entry on bob p/,
  ],
  'a claim posted twice': [
    () => claimed().act(claim('c2'), 12, 13),
    /ann\/c2 claims spring again, which ann\/c1 has claimed/,
  ],
  'a claim posted twice, under one id': [
    () => claimed().act(claim('c1'), 12, 13),
    /ann p entry 3 is of ann\/c1, which has entry 2 already/,
  ],
  'claimed again, though a part is left': [
    () =>
      claimed()
        .undo(undo('u', claim('c1'), 29), 12, 13)
        .act(claim('c2'), 14, 15),
    /ann\/c2 claims spring again, which ann\/c1 has claimed/,
  ],
  'a claim between shards posted in the books of the budget alone': [
    () => {
      const story = funded().act(claim('c', 'cat'), 10, 11);
      story.entries.get('cat p')?.pop();
      return story;
    },
    /cat\/c is posted, and has no entry on cat p/,
  ],
  'exhausted for good, while points were there': [
    () => claimed().refuse(claim('c2', 'bob'), 'BUDGET_EXHAUSTED', 12, 13),
    /bob\/c2 was refused BUDGET_EXHAUSTED without a reason/,
  ],
  'exhausted before it was': [
    () =>
      begun()
        .budget(BUDGET, 50)
        .refuse(claim('c2', 'bob'), 'BUDGET_EXHAUSTED', 8, 9)
        .act(claim('c1'), 10, 11),
    /bob\/c2 was refused BUDGET_EXHAUSTED without a reason/,
  ],
  'exhausted after everything had come back': [
    () =>
      begun()
        .budget(BUDGET, 50)
        .act(claim('c1'), 10, 11)
        .undo(undo('u', claim('c1')), 12, 13)
        .refuse(claim('c2', 'bob'), 'BUDGET_EXHAUSTED', 14, 15),
    /bob\/c2 was refused BUDGET_EXHAUSTED without a reason/,
  ],
  'kept, though it passes': [
    () => claimed().refuse(claim('c2', 'bob'), 'BUDGET_BUSY', 12, 13),
    /bob\/c2 was refused BUDGET_BUSY without a reason/,
  ],
  'paid by a budget that had not so much': [
    () => begun().budget(BUDGET, 29).act(claim('c1'), 10, 11),
    /ann\/c1 is posted, and #budget:b p had 29 of 30 at most/,
  ],
  'an undo that the member kept the points of': [
    () => {
      const story = claimed().undo(undo('u', claim('c1')), 12, 13);
      story.entries.get('ann p')?.pop();
      return story;
    },
    /ann\/u is posted, and has no entry on ann p/,
  ],
  'an undo that the budget got nothing of': [
    () => {
      const story = claimed().undo(undo('u', claim('c1'), 12), 12, 13);
      Object.assign(at([...story.budgets.values()], 0), { left: 70 });
      return story;
    },
    /#budget:b p has 70 left, and acts leave 82/,
  ],
  'more given back than there was': [
    () =>
      claimed()
        .undo(undo('u1', claim('c1'), 20), 12, 13)
        .undo(undo('u2', claim('c1'), 11), 14, 15),
    /ann\/c1 moved 30, and gave back 31/,
  ],
  'a part that says that it was the whole': [
    () => {
      const story = claimed().undo(undo('u', claim('c1'), 29), 12, 13);
      const effects = [{ type: 'reopenOffer', offer: 'spring' }];
      Object.assign(lastAnswer(story), { effects });
      return story;
    },
    /ann\/u tells \[\{"type":"reopenOffer","offer":"spring"\}\], not \[\]/,
  ],
  'a correction beyond what is defined': [
    () => funded().act(adjust('a', 51), 10, 11),
    /ann\/a is posted, and should be CORRECTION_TOO_LARGE/,
  ],
  'a correction that nobody agreed to': [
    () => funded().act(adjust('a', 40), 10, 11),
    /ann\/a is posted, and should be APPROVAL_REQUIRED/,
  ],
  'a correction refused that is small enough': [
    () => funded().refuse(adjust('a', 39), 'APPROVAL_REQUIRED', 10, 11),
    /ann\/a was refused APPROVAL_REQUIRED without a reason/,
  ],
  'claimed, when nobody had': [
    () => funded().refuse(claim('c1'), 'OFFER_CLAIMED', 10, 11).act(claim('c2'), 12, 13),
    /ann\/c1 was refused OFFER_CLAIMED without a reason/,
  ],
  'claimed, when all had been given back': [
    () =>
      claimed()
        .undo(undo('u', claim('c1')), 12, 13)
        .refuse(claim('c2'), 'OFFER_CLAIMED', 14, 15),
    /ann\/c2 was refused OFFER_CLAIMED without a reason/,
  ],
  'for those who have enough, and refused': [
    () =>
      funded()
        .act(adjust('a', 20), 10, 11)
        .refuse(claim('c', 'ann', rich), 'NOT_ELIGIBLE', 12, 13),
    /ann\/c was refused NOT_ELIGIBLE without a reason: ann p needed 120 and had 120 to 120/,
  ],
  'for those who have enough, and claimed by another': [
    () => funded().act(claim('c', 'ann', rich), 10, 11),
    /ann\/c is posted, and its condition needed 120 on ann p, which had 100/,
  ],
  'refused at first, posted when asked again': [
    () => funded().refuse(claim('c'), 'BUDGET_EXHAUSTED', 8, 9).act(claim('c'), 10, 11),
    /ann\/c was answered BUDGET_EXHAUSTED, and then posted/,
  ],
  'other effects when asked again': [
    () => {
      const story = claimed();
      const effects = [{ type: 'addPoints', asset: 'p', amount: 31 }];
      const answer = { ...lastAnswer(story), replayed: true, effects };
      return story.attempt(claim('c1'), { call: 20, ret: 21, isLookUp: false, answer });
    },
    /ann\/c1 was answered posted .*"amount":30.*, and then posted .*"amount":31/,
  ],
  'an undo between shards, refused for now, whose reserve stays': [
    () => {
      const back = undo('u', claim('c', 'cat'));
      return funded()
        .act(claim('c', 'cat'), 10, 11)
        .reserve(back)
        .attempt(back, { call: 15, ret: 16, isLookUp: true, answer: { state: 'absent' } });
    },
    /cat\/u is absent, and its reserve on cat p stays/,
  ],
};

judgeStories(good, bad);
