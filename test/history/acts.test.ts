// The checker accepts what acts of a right ledger do, and rejects planted wrongs of theirs.

import type { Answer, Asked, Claim, Correction, Offer } from './operations.js';
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
  'for those who have enough': () =>
    funded()
      .refuse(claim('c1', 'ann', rich), 'NOT_ELIGIBLE', 10, 11)
      .act(adjust('a', 20), 12, 13)
      .act(claim('c2', 'ann', rich), 14, 15),
};

const bad: Planted = {
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
