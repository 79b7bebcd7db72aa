// Corrections that take two people: as a table, replayed, withdrawn; defects planted in what makes them two, each of which the table must
// find.

import t from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { APPROVAL_MS, DEFINITION_LEAD_MS } from '../../engine/limits.js';
import { correction } from '../../engine/programme/definitions/index.js';
import { ACTS } from '../../engine/programme/index.js';
import { recordTypeOf } from '../../engine/programme/plan.js';
import type { Command } from '../../engine/protocol/commands.js';
import { EVERYTHING, grantedBy, OPERATIONS, unpackGrants } from '../../engine/protocol/grants.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { type Defect, findEach } from '../planted.js';

const START = Date.UTC(2026, 0, 1);
const ASSET = 'gold';
const DESK = { asset: ASSET, mostUp: 500, mostDown: 500, secondFrom: 100 };

/** Who asks, with which credential: `amy` may call herself anything. */
const grantsOf = (who: string, assets?: readonly string[]) =>
  who === ''
    ? EVERYTHING
    : grantedBy({
        operations: new Set(OPERATIONS),
        assets: assets && new Set(assets),
        principal: who,
      });

class World {
  readonly ledger = new MemoryLedger();
  time = START;
  #n = 0;

  constructor() {
    const { ledger } = this.ledger;
    ledger.definitionsConfirmedUntil = Number.POSITIVE_INFINITY;
    this.do({ type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false });
    for (const key of ['desk', 'till']) this.define(key, DESK);
  }

  do(command: Command, who = '', assets?: readonly string[]): Outcome {
    this.ledger.ledger.granted = grantsOf(who, assets);
    return this.ledger.apply([command], this.time)[0]!;
  }

  define(key: string, document: object): void {
    const said = { kind: 'correction', key, state: 'active', document } as const;
    const outcome = this.do({ type: 'put-definition', ...said } as Command);
    if (!outcome.ok) throw new Error(outcome.code);
    this.time += DEFINITION_LEAD_MS;
  }

  adjust(who: string, body: object, assets?: readonly string[]): Outcome {
    const id = `a${++this.#n}`;
    const said = { correction: 'desk', reason: 'lost', operator: 'amy', ...body };
    return this.do({ type: 'act', id, owner: 'ann', act: 'adjust', body: said }, who, assets);
  }

  get available(): number {
    return balancesOf(this.ledger.state, 'ann')[0]?.available ?? 0;
  }

  isProposed(key: string): boolean {
    const page = this.ledger.state.pages.pageOf(ownerHash('ann'));
    return page.records?.has('ann', recordTypeOf('proposal'), key) === true;
  }
}

const effectOf = (outcome: Outcome): string =>
  outcome.ok ? String(outcome.act?.effects[0]?.type) : outcome.code;

type Row = readonly [who: string, body: object, is: string, available: number];

/** In this order, each on top of the one before. */
const ROWS: readonly Row[] = [
  ['', { give: 99 }, 'addPoints', 99],
  ['amy', { give: 100 }, 'APPROVAL_REQUIRED', 99],
  ['', { give: 100, case: 'c1' }, 'APPROVAL_REQUIRED', 99],
  ['amy', { give: 100, case: 'c1' }, 'awaitSecond', 99],
  ['amy', { give: 100, case: 'c1', operator: 'ben' }, 'APPROVAL_REQUIRED', 99],
  ['', { give: 100, case: 'c1', operator: 'ben' }, 'APPROVAL_REQUIRED', 99],
  ['ben', { give: 101, case: 'c1' }, 'PROPOSAL_DIFFERS', 99],
  ['ben', { take: 100, case: 'c1' }, 'PROPOSAL_DIFFERS', 99],
  ['ben', { give: 100, case: 'c1', correction: 'till' }, 'PROPOSAL_DIFFERS', 99],
  ['ben', { give: 100, case: 'c2' }, 'awaitSecond', 99],
  ['ben', { give: 100, case: 'c1' }, 'addPoints', 199],
  // What was agreed to is over: the same once more is another proposal.
  ['ben', { give: 100, case: 'c1' }, 'awaitSecond', 199],
  ['cat', { give: 100, case: 'c1' }, 'addPoints', 299],
  ['amy', { give: 100, case: 'c2' }, 'addPoints', 399],
  // Whether there is so much is asked when it moves; until then it is proposed.
  ['amy', { take: 500, case: 'c3' }, 'awaitSecond', 399],
  ['ben', { take: 500, case: 'c3' }, 'POINTS_SHORT', 399],
  ['', { give: 99 }, 'addPoints', 498],
  ['', { give: 2 }, 'addPoints', 500],
  ['ben', { take: 500, case: 'c3' }, 'deductPoints', 0],
  // Who only agrees proposes nothing: not where nobody has, nor where another one was sooner.
  ['amy', { give: 100, case: 'c9', agrees: true }, 'PROPOSAL_DIFFERS', 0],
  ['amy', { give: 100, case: 'c9' }, 'awaitSecond', 0],
  ['amy', { give: 100, case: 'c9', agrees: true }, 'APPROVAL_REQUIRED', 0],
  ['ben', { give: 101, case: 'c9', agrees: true }, 'PROPOSAL_DIFFERS', 0],
  ['ben', { give: 100, case: 'c9', agrees: true }, 'addPoints', 100],
  ['cat', { give: 100, case: 'c9', agrees: true }, 'PROPOSAL_DIFFERS', 100],
  ['', { take: 99 }, 'deductPoints', 1],
  ['', { take: 1 }, 'deductPoints', 0],
];

/** What must be true of two people. */
function twoPeople(): void {
  const world = new World();
  const is = (what: unknown, should: unknown, where: string): void => {
    if (what !== should) throw new Error(`${where}: ${what}, not ${should}`);
  };
  for (const [who, body, effect, available] of ROWS) {
    const where = `${who} ${JSON.stringify(body)}`;
    is(effectOf(world.adjust(who, body)), effect, where);
    is(world.available, available, where);
  }
  // A proposal counts for a time, and as long as its correction is the same.
  const agreed = { give: 100, case: 'c4' };
  is(effectOf(world.adjust('amy', agreed)), 'awaitSecond', 'proposed');
  world.time += APPROVAL_MS - 1;
  is(effectOf(world.adjust('ben', agreed)), 'addPoints', 'the last moment');
  is(effectOf(world.adjust('amy', agreed)), 'awaitSecond', 'again');
  world.time += APPROVAL_MS;
  is(effectOf(world.adjust('ben', agreed)), 'awaitSecond', 'too late: his own');
  world.define('desk', { ...DESK, mostUp: 400 });
  is(effectOf(world.adjust('amy', agreed)), 'awaitSecond', 'another version: her own');
  is(effectOf(world.adjust('ben', agreed)), 'addPoints', 'by that version');
  is(world.available, 200, 'in all');
  const twin = MemoryLedger.replay(world.ledger.blocks);
  const [here, there] = [world.ledger.state, twin.state].map((state) =>
    String(canonicalState(state)),
  );
  is(there, here, 'replayed');
}

t.test('a large correction takes two credentials, and the very same body', async () => {
  twoPeople();
});

t.test('why has both, and what both have made is given back', async (t) => {
  const world = new World();
  const body = { give: 100, case: 'c' };
  world.adjust('amy', { ...body, reason: 'one' });
  const made = world.adjust('ben', { ...body, reason: 'two', operator: 'b' });
  t.match(made, {
    act: {
      why: {
        ...{ by: 'ben', operator: 'b', reason: 'two', case: 'c', version: 1 },
        proposed: { by: 'amy', operator: 'amy', reason: 'one' },
      },
    },
  });
  t.notOk(world.isProposed('c'));
  const back = { type: 'reverse', owner: 'ann', transferId: 'a2' } as const;
  t.match(world.do({ ...back, id: 'r1', amount: 40 }, 'amy'), { ok: true });
  t.match(world.do({ ...back, id: 'r2' }, 'amy'), { ok: true });
  t.equal(world.available, 0);
  t.notOk(world.isProposed('c'), 'no proposal comes back');
});

t.test('a proposal is withdrawn', async (t) => {
  const world = new World();
  const body = { give: 100, case: 'c' };
  world.adjust('amy', body);
  const back = { type: 'reverse', owner: 'ann', transferId: 'a1' } as const;
  t.match(world.do({ ...back, id: 'r1' }, 'ben'), { act: { effects: [{ case: 'c' }] } });
  t.notOk(world.isProposed('c'));
  t.equal(effectOf(world.adjust('ben', body)), 'awaitSecond', 'nothing was there to agree to');
  t.match(world.do({ ...back, id: 'r2' }, 'amy'), { code: 'ALREADY_REVERSED' });
  world.time += 1;
  // Of one that was agreed to, nothing is withdrawn, and the next one under the case stays.
  t.equal(effectOf(world.adjust('amy', body)), 'addPoints');
  world.time += 1;
  t.equal(effectOf(world.adjust('amy', body)), 'awaitSecond');
  t.match(world.do({ ...back, transferId: 'a2', id: 'r3' }, 'amy'), { act: { effects: [] } });
  t.ok(world.isProposed('c'));
});

t.test('who proposes must be permitted in the asset', async (t) => {
  const world = new World();
  const body = { give: 100, case: 'c' };
  t.match(world.adjust('amy', body, ['tin']), { code: 'ASSET_FORBIDDEN' });
  t.notOk(world.isProposed('c'));
  t.match(world.adjust('amy', body, [ASSET]), { ok: true });
  // Nor may a stranger to the asset ask for it again, or take it back.
  const again = { correction: 'desk', reason: 'lost', operator: 'amy', ...body };
  const repeat = { type: 'act', id: 'a2', owner: 'ann', act: 'adjust', body: again } as const;
  t.match(world.do(repeat, 'ben', ['tin']), { code: 'ASSET_FORBIDDEN' });
  const back = { type: 'reverse', id: 'r', owner: 'ann', transferId: 'a2' } as const;
  t.match(world.do(back, 'ben', ['tin']), { code: 'ASSET_FORBIDDEN' });
  t.match(
    world.do(repeat, 'ben'),
    { ok: true, replayed: true },
    'his own answer to her id: no agreement',
  );
  t.equal(world.available, 0);
});

t.test('who asks goes along between threads and nodes, and is somebody', async (t) => {
  const { packed } = grantsOf('key:1', [ASSET]);
  t.match(unpackGrants(packed), { principal: 'key:1', mayEverything: false });
  t.match(unpackGrants(grantsOf('key:1').packed), { principal: 'key:1', mayEverything: true });
  t.equal(unpackGrants(EVERYTHING.packed).principal, undefined);
  t.not(grantsOf('key:1'), EVERYTHING);
  for (const principal of ['', 'x'.repeat(65)])
    t.throws(() => grantedBy({ operations: new Set(), principal }), /principal/);
});

const adjust = { prototype: ACTS.get('adjust')! };

const DEFECTS: readonly Defect[] = [
  {
    what: 'who asks is whoever he says',
    of: adjust,
    method: 'decide',
    wrong: (right, [see, body, at]) => right(see, body, { ...at, principal: body.operator }),
  },
  {
    what: 'a proposal is for ever',
    of: adjust,
    method: 'decide',
    wrong: (right, [see, body, at]) => right(see, body, { ...at, time: START }),
  },
  {
    what: 'a proposal stays when it is agreed to',
    of: adjust,
    method: 'decide',
    wrong: (right, given) => {
      const decided = right(...given);
      return decided.legs?.length > 0 ? { ...decided, records: [] } : decided;
    },
  },
  {
    what: 'any proposal under the case will do',
    of: adjust,
    method: 'decide',
    wrong: (right, [see, body, at]) => {
      const { give = 0, take = 0, correction } = body;
      const record = (...of: [string, string]) => {
        const found = see.record(...of);
        return found && { ...found, give, take, correction };
      };
      const definition = (...of: unknown[]) => see.definition(...of);
      return right({ record, definition, account: (code: string) => see.account(code) }, body, at);
    },
  },
  {
    what: 'one by another version counts',
    of: adjust,
    method: 'decide',
    wrong: (right, [see, body, at]) => {
      const record = (...of: [string, string]) => {
        const found = see.record(...of);
        const version = see.definition(correction, body.correction).version;
        return found && { ...found, version };
      };
      const definition = (...of: unknown[]) => see.definition(...of);
      return right({ record, definition, account: (code: string) => see.account(code) }, body, at);
    },
  },
];

findEach(DEFECTS, [twoPeople]);
