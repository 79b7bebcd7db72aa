// Acts by which a pool (a `#` owner) lends points to another shard, and gets them back: made by the engine, for nobody to ask for. Owns: both,
// and what is kept of a loan. Never touches: when points are lent or called back (engine/transfer/pools.ts).
//   programme.B1. A loan has a number, the epoch of its allotment: it is lent once, and given back once, however often it is asked for.
//   programme.B2. What is given back is all that is there, and nothing of it is reserved: the pool knows then that none is out.

import { AMOUNT_MAX, SLOTS } from '../limits.js';
import { poolOf } from '../protocol/allotment.js';
import { amount, asset, whole } from '../protocol/fields.js';
import { type Act, act } from './act.js';
import { NOT_OF_MEMBERS, recordType } from './record-type.js';

/** The type of the records of loans. */
const LOAN = recordType('loan', NOT_OF_MEMBERS);
/** Of a pool, by asset: nothing is lent as long as there is one, for what is lent is called back. */
export const RECALL_TYPE = recordType('recall', NOT_OF_MEMBERS);

/** What is known of an allotment in an asset. */
export interface Loan {
  /** How often it was lent to. */
  readonly epoch: number;
  /** Is anything there, or on its way there? */
  readonly isOut: boolean;
  /** Minor units that it ever gave back. */
  readonly returned: number;
}

const NO_LOAN = { epoch: 0, isOut: false, returned: 0 };

/** The key of the record of an allotment in a slot; `#budget:spring` has it. */
export const loanKey = (code: string, slot: number): string => `${code}@${slot}`;

const BODY = {
  asset: asset(),
  slot: whole(0, SLOTS - 1, 'ACT_BODY_INVALID', 'The slot of the allotment.'),
  epoch: whole(1, AMOUNT_MAX, 'ACT_BODY_INVALID', 'The number of the loan.'),
};
const undo = () => ({ refusal: 'NOT_REVERSIBLE' }) as const;
const NOT_NOW = { refusal: 'BUDGET_BUSY' } as const;

type LoanRecord = Loan & { readonly [name: string]: number | boolean };

/** The same is kept of a loan where the pool is and where the allotment is. */
function onBoth(other: string, key: string, before: LoanRecord | undefined, value: LoanRecord) {
  const expected = before ?? null;
  const put = { owner: other, type: LOAN, key, value, expected, otherwise: NOT_NOW.refusal };
  return { records: [{ type: LOAN, key, value }], puts: [put] };
}

/** Of a pool: lends. */
const lend = act({
  name: 'lend',
  version: 1,
  about: 'A pool lends points to a shard.',
  body: { ...BODY, amount: amount() },
  needs: ['admin'],
  refusals: ['BUDGET_BUSY'],
  decide(see, { asset: code, slot, epoch, amount: lent }, { owner }) {
    const key = loanKey(code, slot);
    const before = see.record<LoanRecord>(LOAN, key);
    const { epoch: last, returned } = before ?? NO_LOAN;
    const available = see.account(code)?.available ?? 0;
    if (epoch !== last + 1 || available < lent) return NOT_NOW;
    if (see.record(RECALL_TYPE, code) !== undefined) return NOT_NOW;
    const allotment = `${owner}@${slot}`;
    return {
      legs: [{ from: owner, to: allotment, asset: code, amount: lent }],
      ...onBoth(allotment, key, before, { epoch, isOut: true, returned }),
      effects: [],
      why: {},
    };
  },
  undo,
});

/** Of an allotment: gives back. */
const giveBack = act({
  name: 'give-back',
  version: 1,
  about: 'An allotment gives back what it has.',
  body: BODY,
  needs: ['admin'],
  refusals: ['BUDGET_BUSY'],
  decide(see, { asset: code, slot, epoch }, { owner }) {
    const { available = 0, held = 0 } = see.account(code) ?? {};
    const key = loanKey(code, slot);
    const before = see.record<LoanRecord>(LOAN, key);
    const { epoch: last, returned } = before ?? NO_LOAN;
    if (epoch !== last || available === 0 || held > 0) return NOT_NOW;
    const pool = poolOf(owner);
    const loan = { epoch, isOut: false, returned: returned + available };
    return {
      legs: [{ from: owner, to: pool, asset: code, amount: available }],
      ...onBoth(pool, key, before, loan),
      effects: [],
      why: {},
    };
  },
  undo,
});

/** The acts of `#` owners. */
export const POOL_ACTS: ReadonlyMap<string, Act> = new Map(
  [lend, giveBack].map((one) => [one.name, one as unknown as Act]),
);
export const LEND = lend.name;
export const GIVE_BACK = giveBack.name;
/** As owners have it. */
export const LOAN_TYPE = LOAN;
