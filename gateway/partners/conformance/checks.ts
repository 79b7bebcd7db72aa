// What a partner must do, rule by rule. Owns: the checks of operations: additions, deductions, rollbacks. Never touches: how the partner is asked, what is
// printed.
//   conformance.C1. Each check is about one rule, and ends with the user's points as they were, where the partner keeps the rule.

import { setTimeout as sleep } from 'node:timers/promises';
import type { PartnerCall } from '../adapter.js';
import { type Asking, must, mustBe, mustConflict, mustMove, mustSay } from './asking.js';

export interface Check {
  readonly name: string;
  /** What must hold, in a sentence. */
  readonly rule: string;
  /** Throws Broken where it does not; what it answers is told with it. */
  run(asking: Asking): Promise<string | undefined>;
}

const check = (name: string, rule: string, run: (asking: Asking) => Promise<void>): Check => ({
  name,
  rule,
  run: async (asking) => {
    await run(asking);
    return undefined;
  },
});

const AMOUNT = 5;
const AT_ONCE = 20;
const CLOCK_MS = 60_000;

const DOING: readonly Check[] = [
  check('add', 'An addition is done, and told as it was asked for.', async (asking) => {
    const call = await asking.call('add', AMOUNT);
    const moved = await asking.moved(async () => {
      const answer = await asking.carryOut(call);
      mustBe(answer, 'completed', 'an addition');
      mustSay(answer, call, 'an addition');
      const off = Math.abs((answer.at ?? 0) - Date.now());
      must(off < CLOCK_MS, `the time of an addition is ${Math.round(off / 1_000)} s off`);
    });
    mustMove(moved, AMOUNT, 'an addition of 5');
  }),
  check(
    'add_given',
    'The user that was named gets points, and gives them back.',
    async (asking) => {
      const call: PartnerCall = { ...(await asking.call('add', AMOUNT)), user: asking.given };
      mustBe(await asking.carryOut(call), 'completed', 'an addition');
      mustBe(await asking.rollBack(call), 'rolled_back', 'its rollback');
    },
  ),
  check('deduct', 'A deduction is done, and told as it was asked for.', async (asking) => {
    await asking.giving(AMOUNT);
    const call = await asking.call('deduct', AMOUNT - 1);
    const moved = await asking.moved(async () => {
      const answer = await asking.carryOut(call);
      mustBe(answer, 'completed', 'a deduction');
      mustSay(answer, call, 'a deduction');
    });
    mustMove(moved, 1 - AMOUNT, 'a deduction of 4');
  }),
  check(
    'add_repeat',
    'An addition that is asked for again is done once, and answered as it was.',
    (asking) => repeated(asking, 'add'),
  ),
  check('deduct_repeat', 'A deduction that is asked for again is done once.', async (asking) => {
    await asking.giving(4 * AMOUNT);
    return repeated(asking, 'deduct');
  }),
  check(
    'add_concurrent',
    'Of twenty that ask for the same at once, one is done.',
    async (asking) => {
      const call = await asking.call('add', AMOUNT);
      const moved = await asking.moved(async () => {
        const all = await Promise.all(Array.from({ length: AT_ONCE }, () => asking.carryOut(call)));
        for (const answer of all) mustBe(answer, ['completed', 'pending'], 'each of them');
        mustBe(await asking.lookUp(call), 'completed', 'what they asked for');
      });
      mustMove(moved, AMOUNT, 'twenty that ask for the same at once');
    },
  ),
  check('conflict_amount', 'The same id with another amount changes nothing.', (asking) =>
    conflicting(asking, 'another amount', (call) => ({ ...call, amount: call.amount + 1 })),
  ),
  check('conflict_user', 'The same id with another user changes nothing.', (asking) =>
    conflicting(asking, 'another user', (call) => ({ ...call, user: `${call.user}-other` })),
  ),
  check('conflict_type', 'The same id as the other kind of operation changes nothing.', (asking) =>
    conflicting(asking, 'a deduction', (call) => ({ ...call, kind: 'deduct' })),
  ),
  check(
    'short',
    'A deduction of more than the user has is refused, and changes nothing.',
    async (asking) => {
      const call = await asking.call('deduct', AMOUNT);
      const moved = await asking.moved(async () => {
        mustBe(await asking.carryOut(call), 'refused', 'a deduction of more than the user has');
      });
      mustMove(moved, 0, 'a deduction that is refused');
    },
  ),
  check(
    'refused_kept',
    'What was refused is found under its id, and stays refused.',
    async (asking) => {
      const call = await asking.call('deduct', AMOUNT);
      mustBe(await asking.carryOut(call), 'refused', 'a deduction of more than the user has');
      mustBe(await asking.lookUp(call), 'refused', 'what was refused, looked up,');
      await asking.giving(2 * AMOUNT);
      const moved = await asking.moved(async () => {
        mustBe(await asking.carryOut(call), 'refused', 'what was refused, asked for again,');
      });
      mustMove(moved, 0, 'what was refused');
    },
  ),
  check('unknown_user', 'Nothing is added to a user whom nobody knows.', async (asking) => {
    const call = { ...(await asking.call('add', AMOUNT)), user: `nobody-${asking.id()}` };
    const moved = await asking.moved(async () => {
      mustBe(await asking.carryOut(call), 'refused', 'an addition to a user whom nobody knows');
    });
    mustMove(moved, 0, 'an addition to a user whom nobody knows');
  }),
];

async function repeated(asking: Asking, kind: 'add' | 'deduct'): Promise<void> {
  const call = await asking.call(kind, AMOUNT);
  const moved = await asking.moved(async () => {
    const first = await asking.carryOut(call);
    mustBe(first, 'completed', 'what is asked for');
    await sleep(5);
    for (let again = 0; again < 2; again++) {
      const answer = await asking.carryOut(call);
      mustBe(answer, 'completed', 'what is asked for again');
      mustSay(answer, call, 'what is asked for again');
      must(answer.at === first.at, 'what is asked for again is told with another time');
    }
  });
  mustMove(moved, kind === 'add' ? AMOUNT : -AMOUNT, 'what is asked for three times');
}

async function conflicting(
  asking: Asking,
  what: string,
  other: (call: PartnerCall) => PartnerCall,
): Promise<void> {
  const call = await asking.giving(2 * AMOUNT);
  const moved = await asking.moved(async () => {
    mustConflict(
      await asking.adapter.carryOut(other(call), asking.signal),
      `the same id with ${what}`,
    );
  });
  mustMove(moved, 0, `the same id with ${what}`);
  const kept = await asking.lookUp(call);
  mustBe(kept, 'completed', 'the first one');
  mustSay(kept, call, 'the first one');
}

const UNDOING: readonly Check[] = [
  check('rollback_add', 'An addition that is rolled back is undone.', async (asking) => {
    const moved = await asking.moved(async () => {
      const call = await asking.giving(AMOUNT);
      const answer = await asking.rollBack(call);
      mustBe(answer, 'rolled_back', 'the rollback of an addition');
      mustSay(answer, call, 'the rollback of an addition');
      mustBe(await asking.lookUp(call), 'rolled_back', 'an addition that was rolled back');
    });
    mustMove(moved, 0, 'an addition and its rollback');
  }),
  check('rollback_deduct', 'A deduction that is rolled back is undone.', async (asking) => {
    await asking.giving(AMOUNT);
    const call = await asking.call('deduct', AMOUNT);
    const moved = await asking.moved(async () => {
      mustBe(await asking.carryOut(call), 'completed', 'a deduction');
      mustBe(await asking.rollBack(call), 'rolled_back', 'the rollback of a deduction');
    });
    mustMove(moved, 0, 'a deduction and its rollback');
  }),
  check('rollback_repeat', 'A rollback that is asked for again is done once.', async (asking) => {
    await asking.giving(4 * AMOUNT);
    const call = await asking.giving(AMOUNT);
    const moved = await asking.moved(async () => {
      for (let again = 0; again < 3; again++)
        mustBe(await asking.rollBack(call), 'rolled_back', 'a rollback');
    });
    mustMove(moved, -AMOUNT, 'a rollback that is asked for three times');
  }),
  check('rollback_final', 'What was rolled back is not done again.', async (asking) => {
    const call = await asking.giving(AMOUNT);
    mustBe(await asking.rollBack(call), 'rolled_back', 'a rollback');
    const moved = await asking.moved(async () => {
      mustBe(await asking.carryOut(call), 'rolled_back', 'what was rolled back, asked for again,');
    });
    mustMove(moved, 0, 'what was rolled back, asked for again,');
  }),
  check(
    'rollback_conflict',
    'A rollback of another amount than was done changes nothing.',
    async (asking) => {
      const call = await asking.giving(2 * AMOUNT);
      const moved = await asking.moved(async () => {
        const other = { ...call, amount: AMOUNT };
        mustConflict(await asking.rollBack(other), 'a rollback of another amount');
      });
      mustMove(moved, 0, 'a rollback of another amount');
    },
  ),
  check('rollback_refused', 'The rollback of what was refused changes nothing.', async (asking) => {
    const call = await asking.call('deduct', AMOUNT);
    mustBe(await asking.carryOut(call), 'refused', 'a deduction of more than the user has');
    const moved = await asking.moved(async () => {
      mustBe(await asking.rollBack(call), 'refused', 'the rollback of what was refused');
    });
    mustMove(moved, 0, 'the rollback of what was refused');
  }),
  check('rollback_spent', 'What cannot be taken back stands, whole.', async (asking) => {
    const call = await asking.giving(AMOUNT);
    const spent = await asking.call('deduct', AMOUNT);
    mustBe(await asking.carryOut(spent), 'completed', 'a deduction');
    let isUndone = false;
    const moved = await asking.moved(async () => {
      const answer = await asking.rollBack(call);
      mustBe(answer, ['completed', 'rolled_back'], 'the rollback of what was spent');
      isUndone = answer.state === 'rolled_back';
      must(isUndone || answer.code !== undefined, 'what stands must be told with a code');
    });
    mustMove(moved, isUndone ? -AMOUNT : 0, 'the rollback of what was spent');
  }),
  check(
    'tombstone',
    'A rollback that comes first is kept: the operation is never done.',
    async (asking) => {
      const call = await asking.call('add', AMOUNT);
      const moved = await asking.moved(async () => {
        mustBe(await asking.rollBack(call), 'void', 'the rollback of what was never seen');
        for (let again = 0; again < 2; again++)
          mustBe(await asking.carryOut(call), 'void', 'an operation that comes after its rollback');
        mustBe(await asking.lookUp(call), 'void', 'an operation that came after its rollback');
      });
      mustMove(moved, 0, 'an operation that comes after its rollback');
    },
  ),
  check(
    'rollback_concurrent',
    'An operation and its rollback at once come to nothing.',
    async (asking) => {
      const calls = await Promise.all(Array.from({ length: 10 }, () => asking.call('add', AMOUNT)));
      const moved = await asking.moved(async () => {
        await Promise.all(calls.flatMap((call) => [asking.carryOut(call), asking.rollBack(call)]));
        for (const call of calls)
          mustBe(
            await asking.lookUp(call),
            ['rolled_back', 'void'],
            'what was rolled back meanwhile',
          );
      });
      mustMove(moved, 0, 'operations and their rollbacks at once');
    },
  ),
];

const IDS: readonly Check[] = [
  check(
    'lookup',
    'An operation is found under its id, as it was told; another id is absent.',
    async (asking) => {
      const call = await asking.giving(AMOUNT);
      const found = await asking.lookUp(call);
      mustBe(found, 'completed', 'an addition, looked up,');
      mustSay(found, call, 'an addition, looked up,');
      const other = await asking.adapter.operation(asking.id(), asking.signal);
      mustBe(other, 'absent', 'an operation that nobody asked for');
    },
  ),
  check('ids_long', 'Ids of 128 characters are told apart by their last one.', async (asking) => {
    const begin = `${asking.id()}-`.padEnd(127, 'x');
    const moved = await asking.moved(async () => {
      for (const last of ['1', '2'])
        mustBe(
          await asking.carryOut(await asking.call('add', AMOUNT, begin + last)),
          'completed',
          'an addition',
        );
    });
    mustMove(moved, 2 * AMOUNT, 'two ids of 128 characters');
  }),
  check('ids_case', 'Ids that differ in capitals are two.', async (asking) => {
    const id = asking.id();
    const moved = await asking.moved(async () => {
      for (const one of [`${id}-a`, `${id}-A`])
        mustBe(
          await asking.carryOut(await asking.call('add', AMOUNT, one)),
          'completed',
          'an addition',
        );
    });
    mustMove(moved, 2 * AMOUNT, 'two ids that differ in capitals');
  }),
  check(
    'ids_signs',
    'Ids have any of A-Z a-z 0-9 and ._:@/+=~-, in paths, too.',
    async (asking) => {
      const call = await asking.call(
        'add',
        AMOUNT,
        `${asking.id()}._:@/+=~-%2F`.replace('%2F', ''),
      );
      mustBe(await asking.carryOut(call), 'completed', 'an addition');
      mustBe(await asking.lookUp(call), 'completed', `the id ${call.operation}, looked up,`);
    },
  ),
];

export const OPERATION_CHECKS: readonly Check[] = [...DOING, ...UNDOING, ...IDS];
