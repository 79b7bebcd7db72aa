// Changes of definitions that take a second person: as a table, replayed; every kind has somebody to ask; defects planted in what makes them two, each
// of which the table must find.

import t from 'tap';
import { DefinitionTable } from '../../engine/ledger/definition-table.js';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { DEFINITION_LEAD_MS } from '../../engine/limits.js';
import { KINDS } from '../../engine/programme/definitions/index.js';
import type { Command } from '../../engine/protocol/commands.js';
import { EVERYTHING, grantedBy, OPERATIONS } from '../../engine/protocol/grants.js';
import type { DefinitionVersion } from '../../engine/protocol/outcomes.js';
import { type Defect, findEach } from '../planted.js';

const START = Date.UTC(2026, 0, 1);
const FREE = { asset: 'gold', zone: 'UTC' };
const ASKS = { ...FREE, approvals: 1 };
const tier = (from: number, programme = 'shop') => ({ programme, from });
const OFFER = { points: 1, asset: 'gold', budget: '#budget:x' };

type Row = readonly [who: string, at: string, state: string, document: object | null, is: string];

/** In this order, each on top of the one before; `+`: the lead time later. */
const ROWS: readonly (Row | '+')[] = [
  // What is new asks nobody; from then on it does, before it decides already.
  ['amy', 'programme shop', 'active', ASKS, '1'],
  ['amy', 'programme free', 'active', FREE, '1'],
  ['amy', 'tier a', 'active', tier(0), 'DEFINITION_UNAPPROVED'],
  ['', 'tier a', 'active', tier(0), 'DEFINITION_UNAPPROVED'],
  // A draft of nobody is agreed to by nobody, and nobody agrees.
  ['', 'tier a', 'draft', tier(0), '1'],
  ['amy', 'tier a', 'active', tier(0), 'DEFINITION_UNAPPROVED'],
  ['amy', 'tier a', 'draft', tier(1), '2'],
  ['', 'tier a', 'active', tier(1), 'DEFINITION_UNAPPROVED'],
  ['amy', 'tier a', 'active', tier(1), 'DEFINITION_UNAPPROVED'],
  ['ben', 'tier a', 'active', tier(2), 'DEFINITION_UNAPPROVED'],
  // The same draft once more stays hers.
  ['ben', 'tier a', 'draft', tier(1), '2'],
  ['amy', 'tier a', 'active', tier(1), 'DEFINITION_UNAPPROVED'],
  ['ben', 'tier a', 'active', tier(1), '3'],
  // A repeat is the answer again, whoever asks.
  ['amy', 'tier a', 'active', tier(1), '3'],
  // What was agreed to is over.
  ['amy', 'tier a', 'draft', tier(5), '4'],
  ['ben', 'tier a', 'draft', tier(6), '5'],
  ['ben', 'tier a', 'active', tier(5), 'DEFINITION_UNAPPROVED'],
  ['amy', 'tier a', 'active', tier(6), '6'],
  // What leaves the programme, and what joins it.
  ['amy', 'tier a', 'active', tier(6, 'free'), 'DEFINITION_UNAPPROVED'],
  ['amy', 'tier b', 'active', tier(6, 'free'), '1'],
  ['amy', 'tier b', 'active', tier(6), 'DEFINITION_UNAPPROVED'],
  // Keys that are the programme's.
  ['amy', 'gifting shop', 'active', {}, 'DEFINITION_UNAPPROVED'],
  ['amy', 'referral shop', 'active', { newcomer: 5 }, 'DEFINITION_UNAPPROVED'],
  ['amy', 'gifting free', 'active', {}, '1'],
  // To end it, too: the draft of a retirement says nothing.
  ['amy', 'tier a', 'retired', null, 'DEFINITION_UNAPPROVED'],
  ['amy', 'tier c', 'draft', null, 'DEFINITION_NOT_FOUND'],
  ['amy', 'tier a', 'draft', null, '7'],
  ['amy', 'tier a', 'retired', null, 'DEFINITION_UNAPPROVED'],
  ['ben', 'tier a', 'active', tier(6), 'DEFINITION_UNAPPROVED'],
  ['ben', 'tier a', 'retired', null, '8'],
  // And back: what is retired asks for whom its programme asks.
  ['amy', 'tier a', 'active', tier(6), 'DEFINITION_UNAPPROVED'],
  // A set of drafts: one may name what is a draft itself.
  ['amy', 'event shop.BUY', 'draft', { programme: 'shop' }, '1'],
  ['amy', 'rule buy', 'draft', { programme: 'shop', event: 'BUY', points: 1 }, '1'],
  [
    'amy',
    'rule sell',
    'draft',
    { programme: 'shop', event: 'SELL', points: 1 },
    'DEFINITION_INVALID',
  ],
  [
    'ben',
    'rule buy',
    'active',
    { programme: 'shop', event: 'BUY', points: 1 },
    'DEFINITION_INVALID',
  ],
  ['ben', 'event shop.BUY', 'active', { programme: 'shop' }, '2'],
  ['ben', 'rule buy', 'active', { programme: 'shop', event: 'BUY', points: 1 }, '2'],
  // Of its own.
  ['amy', 'offer x', 'active', OFFER, '1'],
  ['amy', 'offer x', 'active', { ...OFFER, approvals: 1 }, '2'],
  ['amy', 'offer x', 'active', OFFER, 'DEFINITION_UNAPPROVED'],
  ['amy', 'offer x', 'retired', null, 'DEFINITION_UNAPPROVED'],
  // The programme stops asking: not before it has stopped.
  '+',
  ['amy', 'programme shop', 'active', FREE, 'DEFINITION_UNAPPROVED'],
  ['amy', 'programme shop', 'retired', null, 'DEFINITION_UNAPPROVED'],
  ['amy', 'programme shop', 'draft', FREE, '2'],
  ['ben', 'programme shop', 'active', FREE, '3'],
  ['amy', 'tier d', 'active', tier(9), 'DEFINITION_UNAPPROVED'],
  '+',
  ['amy', 'tier d', 'active', tier(9), '1'],
];

/** What must be true of two people. */
function twoPeople(): void {
  const ledger = new MemoryLedger();
  let time = START;
  for (const [n, row] of ROWS.entries()) {
    if (row === '+') {
      time += DEFINITION_LEAD_MS;
      continue;
    }
    const [who, at, state, document, is] = row;
    const [kind = '', key = ''] = at.split(' ');
    const said = { type: 'put-definition', kind, key, state, ...(document && { document }) };
    const zoned = kind === 'programme' && document !== null ? { zoneOffsets: [0, 0] } : {};
    ledger.ledger.granted =
      who === '' ? EVERYTHING : grantedBy({ operations: new Set(OPERATIONS), principal: who });
    const outcome = ledger.apply([{ ...said, ...zoned } as Command], time++)[0]!;
    const came = outcome.ok ? String(outcome.definitionVersion) : outcome.code;
    if (came !== is) throw new Error(`${n}: ${row.slice(0, 3).join(' ')}: ${came}, not ${is}`);
    const newest = ledger.state.definitions.versions(kind, key).at(-1);
    const isNew = outcome.ok && newest?.definedAt === time - 1;
    if (isNew && newest?.by !== (who || undefined)) throw new Error(`${n}: said by ${newest?.by}`);
  }
  const twin = MemoryLedger.replay(ledger.blocks);
  if (String(canonicalState(twin.state)) !== String(canonicalState(ledger.state)))
    throw new Error('replayed, it is another state');
}

t.test('what a programme asks a second person for', async () => {
  twoPeople();
});

t.test('of every kind that callers can say, a second person can be asked for', async (t) => {
  for (const { name, by, decides, isKeyedByProgramme } of KINDS) {
    if (by === 'engine') continue;
    const asked = ['programme', 'approvals'].filter((field) => Object.hasOwn(decides, field));
    t.ok(isKeyedByProgramme || asked.length > 0, name);
  }
});

const ofTable = { of: DefinitionTable } as const;
const DEFECTS: readonly Defect[] = [
  {
    what: 'who said it is not kept',
    ...ofTable,
    method: 'add',
    wrong: (right, [{ by: _, ...version }]) => right(version),
  },
  {
    what: 'a draft is of whoever said the first one',
    ...ofTable,
    method: 'add',
    wrong: (right, [version], table: DefinitionTable) => {
      const first = table.versions(version.kind, version.key).find(({ by }) => by !== undefined);
      right(version.by === undefined ? version : { ...version, by: first?.by ?? version.by });
    },
  },
  {
    what: 'only what decides now asks',
    ...ofTable,
    method: 'counting',
    wrong: (right, given) => {
      const time: number = given[2];
      return right(...given).filter((one: DefinitionVersion) => one.activeFrom <= time);
    },
  },
  {
    what: 'only what was said last asks',
    ...ofTable,
    method: 'counting',
    wrong: (right, given) => right(...given).slice(-1),
  },
];
findEach(DEFECTS, [twoPeople]);
