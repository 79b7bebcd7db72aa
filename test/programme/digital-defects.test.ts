// Codes by property, against a model in plain code; and defects planted in what keeps codes and gift cards exact, each of which the models must find.

import t from 'tap';
import { OwnerReads } from '../../engine/ledger/owner-reads.js';
import { ACTS } from '../../engine/programme/index.js';
import { FREE_CODE } from '../../engine/programme/mall/codes.js';
import { campaign } from '../campaign.js';
import { type Defect, findEach } from '../planted.js';
import { cardSequence } from './card-model.js';
import { CODE_STEPS, codeSequence } from './code-model.js';

const sequences = campaign({
  name: `sequences of ${CODE_STEPS} steps with codes`,
  long: 10_000,
  sample: 20,
});

t.test('codes do what a model in plain code does', async (t) => {
  const said = new Set<string>();
  await sequences.run((seed) => {
    for (const one of codeSequence(seed)) said.add(one);
  });
  for (const one of ['order ok', 'order SOLD_OUT', 'hold BUDGET_BUSY', 'lapse ok', 'confirm ok'])
    t.ok(said.has(one), one);
});

type Any = ReturnType<typeof JSON.parse>;

const of = (name: string) => ({ prototype: ACTS.get(name)! });
/** What an act has decided is something else. */
const planned =
  (change: (plan: Any) => object): Defect['wrong'] =>
  (right, given) => {
    const decided = right(...given);
    return 'refusal' in decided ? decided : { ...decided, ...change(decided) };
  };
/** An act does not see a record, or sees one that is not there. */
const seeing =
  (type: string, value: unknown): Defect['wrong'] =>
  (right, [see, ...more]) => {
    const record = (of: string, key: string) => (of === type ? value : see.record(of, key));
    return right(
      Object.create(see, {
        record: { value: record },
        account: { value: (a: Any) => see.account(a) },
      }),
      ...more,
    );
  };
const more = (by: number) => (plan: Any) => ({
  legs: plan.legs.map((leg: Any) => ({ ...leg, amount: leg.amount + by })),
});
/** Of cards: what is paid by `#card:` owners. */
const ofCards = (change: (leg: Any) => object) => (plan: Any) => ({
  legs: plan.legs.map((leg: Any) => (leg.from.startsWith('#card:') ? change(leg) : leg)),
});

const DEFECTS: readonly Defect[] = [
  {
    what: 'codes come with a piece more than there are',
    of: of('code-add'),
    method: 'decide',
    wrong: planned((plan) => (plan.legs.length === 0 ? {} : more(1)(plan))),
  },
  {
    what: 'codes come without pieces',
    of: of('code-add'),
    method: 'decide',
    wrong: planned(() => ({ legs: [] })),
  },
  {
    what: 'a code that is there comes anew',
    of: of('code-add'),
    method: 'decide',
    wrong: seeing('code', undefined),
  },
  {
    what: 'a code that was withdrawn can still be taken',
    of: of('code-withdraw'),
    method: 'decide',
    wrong: planned(({ records }) => ({
      records: records.filter(({ type }: Any) => type !== FREE_CODE),
    })),
  },
  {
    what: 'a code is withdrawn, and its piece is sold',
    of: of('code-withdraw'),
    method: 'decide',
    wrong: planned(() => ({ legs: [] })),
  },
  {
    what: 'what an order has is withdrawn',
    of: of('code-withdraw'),
    method: 'decide',
    wrong: seeing(FREE_CODE, 1),
  },
  {
    what: 'what was withdrawn comes anew',
    of: of('code-withdraw'),
    method: 'decide',
    wrong: planned(({ records }) => ({
      records: records.map((one: Any) => (one.value === '' ? { ...one, value: null } : one)),
    })),
  },
  {
    what: 'an order takes no code away',
    of: of('order'),
    method: 'decide',
    wrong: planned(() => ({ puts: [] })),
  },
  {
    what: 'an order takes codes, and one piece',
    of: of('order'),
    method: 'decide',
    wrong: planned((plan) => ({
      legs: plan.legs.map((leg: Any) =>
        leg.from.startsWith('#item:') ? { ...leg, amount: 1 } : leg,
      ),
    })),
  },
  {
    what: 'codes of an order that has ended stay taken',
    of: of('order'),
    method: 'undo',
    wrong: planned(() => ({ puts: [] })),
  },
  {
    what: 'an order that has lapsed keeps its pieces',
    of: of('order-lapse'),
    method: 'decide',
    wrong: planned(() => ({ followUps: [] })),
  },
  {
    what: 'a held order is cancelled, and keeps its pieces',
    of: of('order-cancel'),
    method: 'decide',
    wrong: planned(() => ({ followUps: [] })),
  },
  {
    what: 'codes that were paid for are given back',
    of: of('order-confirm'),
    method: 'decide',
    wrong: planned((plan) => ({
      records: plan.records.map((one: Any) =>
        one.type === 'order'
          ? {
              ...one,
              value: one.value.map((v: Any, at: number) => (at === 9 || at === 10 ? 0 : v)),
            }
          : one,
      ),
    })),
  },
  {
    what: 'a card pays a unit less than it says',
    of: of('order'),
    method: 'decide',
    wrong: planned(ofCards((leg) => ({ ...leg, amount: Math.max(1, leg.amount - 1) }))),
  },
  {
    what: 'the member pays for the cards',
    of: of('order'),
    method: 'decide',
    wrong: (right, [see, said, at]) =>
      planned(ofCards((leg) => ({ ...leg, from: at.owner })))(right, [see, said, at], undefined),
  },
  {
    what: 'a card that is over pays',
    of: of('order'),
    method: 'decide',
    wrong: planned(({ puts }) => ({ puts: puts.filter(({ type }: Any) => type !== 'card') })),
  },
  {
    what: 'a card is issued twice',
    of: of('card-issue'),
    method: 'decide',
    wrong: seeing('card', undefined),
  },
  {
    what: 'a card begins with a unit more',
    of: of('card-issue'),
    method: 'decide',
    wrong: planned(more(1)),
  },
  {
    what: 'an order is given back to cards alone once a part of it was sent',
    of: OwnerReads,
    method: 'past',
    wrong: (right, given) => {
      const past = right(...given);
      const names = past?.why['legs'] as string[] | undefined;
      return names === undefined
        ? past
        : {
            ...past,
            why: { ...past.why, legs: names.map((one) => (one === 'points' ? 'gift' : one)) },
          };
    },
  },
];

findEach(DEFECTS, [codeSequence, cardSequence]);
