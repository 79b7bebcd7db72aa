// Reversals by property (reversal-worlds.ts), and defects planted in reversals and expiry to see that these properties find them.

import t from 'tap';
import { AccountDraft } from '../../engine/ledger/account-draft.js';
import { Settler } from '../../engine/ledger/due.js';
import { PastCommands } from '../../engine/ledger/past-commands.js';
import { Undoing } from '../../engine/ledger/undo.js';
import { Work } from '../../engine/ledger/work.js';
import { campaign } from '../campaign.js';
import { asIfNever, partsAsWhole } from './reversal-worlds.js';

t.test('as if the original had never been', async () => {
  const cases = campaign({ name: 'reversals, as if never', long: 10_000, sample: 300 });
  await cases.run(async (seed) => asIfNever(seed));
});

t.test('parts one after the other are the whole', async () => {
  const cases = campaign({ name: 'reversals in parts', long: 10_000, sample: 300 });
  await cases.run(async (seed) => partsAsWhole(seed));
});

type Any = ReturnType<typeof JSON.parse>;

/** One thing done wrong by a method: `right` is what it did. */
interface Defect {
  readonly what: string;
  readonly of: { readonly prototype: object };
  readonly method: string;
  readonly wrong: (self: Any, right: (...given: Any[]) => Any, given: Any[]) => Any;
}

const DEFECTS: readonly Defect[] = [
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
    wrong: (_, right, given) => right(...given) + 1,
  },
  {
    what: 'what was brought back may be brought back again',
    of: Work,
    method: 'bringBack',
    wrong: (_, right, [account, expiry, amount, left]) =>
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
    wrong: (_, right, [owner, asset, expiry]) => right(owner, asset, expiry + 1_000),
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
    wrong: (_, right, given) => {
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
    wrong: (_, right, [expiry, amount, flow]) => right(expiry, Math.max(0, amount - 1), flow),
  },
  {
    what: 'each part takes back the first of the original’s lots',
    of: Undoing,
    method: 'take',
    wrong: (_, right, [account, undone, ...rest]) =>
      right(account, { ...undone, before: 0 }, ...rest),
  },
  {
    what: 'each part gives back the first of the original’s lots',
    of: Undoing,
    method: 'give',
    wrong: (_, right, [undone, flow]) => right({ ...undone, before: 0 }, flow),
  },
  {
    what: 'what is given back comes out of no lot',
    of: Undoing,
    method: 'give',
    wrong: (_, right, [undone, flow]) => {
      right(undone, flow);
      flow.clear();
      flow.loose = undone.give;
    },
  },
  {
    what: 'a lot expires a moment late, and never out of what a hold gave back',
    of: AccountDraft,
    method: 'dueAmount',
    wrong: (self, right, [time]) => (self.held > 0 ? 0 : right(time)),
  },
  {
    what: 'a lot expires an hour early',
    of: AccountDraft,
    method: 'expire',
    wrong: (_, right, [time]) => right(time + 3_600_000),
  },
  {
    what: 'what is put back pays nothing of what is owed',
    of: AccountDraft,
    method: 'putBack',
    wrong: (self, right, given) => {
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
    wrong: (self, right, [amount, flow]) => {
      right(amount, flow);
      const latest = self.lots[(self.lotCount - 1) * 3];
      for (let i = 0; i < flow.count; i++) if (latest > flow.expiries[i]) flow.expiries[i] = latest;
    },
  },
];

/** What finds a defect; undefined: nothing does. */
function findingOf(seed: number): string | undefined {
  for (const property of [asIfNever, partsAsWhole]) {
    try {
      property(seed);
    } catch (error) {
      return `${property.name}, seed ${seed}: ${(error as Error).message.slice(-200)}`;
    }
  }
  return undefined;
}

for (const { what, of, method, wrong } of DEFECTS) {
  t.test(`a defect is found: ${what}`, async (t) => {
    const prototype = of.prototype as Record<string, Any>;
    const right = prototype[method];
    prototype[method] = function (this: Any, ...given: Any[]): Any {
      return wrong(this, (...again) => right.apply(this, again), given);
    };
    t.teardown(() => {
      prototype[method] = right;
    });
    let found: string | undefined;
    for (let seed = 1; seed <= 300 && found === undefined; seed++) found = findingOf(seed);
    t.ok(found, found ?? 'nothing finds it');
  });
}
