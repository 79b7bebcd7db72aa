// What only the ledger makes is refused from outside, whatever its bytes say: every op there is, and each way in which a command that callers may
// give says more than a caller may. Nothing of it is posted.

import t from 'tap';
import { type Outcome, open } from '../../engine/index.js';
import { packTuple, type Tuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { Granted, OPERATIONS } from '../../engine/protocol/grants.js';
import { CONDITION, LEG, layoutOfOp, OP, PLACES } from '../../engine/protocol/layout.js';
import { packedBatch } from '../../engine/protocol/packed-batch.js';
import { temporaryFolder } from '../temporary.js';
import { TYPES } from './commands.js';

const LEG_OF_ANN = { from: '@issue', to: 'ann', asset: 'gold', amount: 5 };
const OF_ANN = { owner: 'ann', asset: 'gold' };
const MANY = 1_000_000;

/** A command or query of an op, as the engine itself would pack it. */
const MADE: Readonly<Record<string, object>> = {
  tick: { owner: 'ann', bits: 0, value: 0 },
  prepare: { id: 'p', owner: 'ann', deadline: 4e12, transfer: packed({ legs: [LEG_OF_ANN] }) },
  decision: { id: 'p', owner: 'ann', refusal: 0, transfer: packed({ legs: [LEG_OF_ANN] }) },
  delivered: { id: '>ann>x>1', owner: 'ann', refusal: 0 },
  supplied: { owner: '#item:x', asset: 'gold' },
  'define-asset': { asset: 'gold', scale: 0, version: 9 },
  'put-definition': { kind: 'rule', key: 'x', state: 'active', document: {}, version: 9 },
  'dry-run': { owner: 'ann', commands: packed({ legs: [LEG_OF_ANN] }) },
  atomic: { owner: 'ann', commands: packed({ legs: [LEG_OF_ANN] }) },
  'definitions-since': { after: 0 },
  'read-definitions': { kind: 'rule', limit: 5 },
  'list-records': { owner: 'ann', recordType: 'note', limit: 5 },
};

function packed(fields: object, type = 'transfer'): Uint8Array {
  return packCommand({ type, id: 'made', ...fields } as never, 'made');
}

/** The tuple of a command, with other values in some of its places. */
function forged(fields: object, changes: Readonly<Record<number, unknown>>, type = 'transfer') {
  const bytes = packed(fields, type);
  const tuple: Tuple = unpackTuple(bytes, 0, bytes.length);
  for (const [place, value] of Object.entries(changes)) tuple[Number(place)] = value;
  return packTuple(tuple);
}

const told = (outcome: Outcome): string =>
  outcome.ok ? 'ok' : `${outcome.code} ${outcome.field ?? ''}`.trim();

const REVERSAL = { owner: 'ann', transferId: 'seed' };
const ACT = { owner: 'ann', act: 'adjust', body: {} };
const T = PLACES.transfer;
const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const CAUSE = { owner: 'ann', id: 'x', n: 1, by: 'adjust@1', depth: 1 };

/** What is forged, and how it is refused. */
const FORGED: readonly (readonly [string, Uint8Array, string])[] = [
  ['a follow-up', forged({ legs: [LEG_OF_ANN] }, { [T.id]: '>ann>seed>1' }), 'ID_INVALID id'],
  [
    'what an act has caused',
    forged({ legs: [LEG_OF_ANN] }, { [T.id]: `>${'a'.repeat(32)}` }),
    'ID_INVALID id',
  ],
  ['a caused reversal', forged(REVERSAL, { 2: '>ann>seed>1' }, 'reverse'), 'ID_INVALID id'],
  ['an act of a pool', forged(ACT, { 2: '#claim:x:1' }, 'act'), 'ID_INVALID id'],
  ['an id of a platform', forged({ legs: [LEG_OF_ANN] }, { [T.id]: 'shop,X' }), 'ID_INVALID id'],
  ['no id', forged({ legs: [LEG_OF_ANN] }, { [T.id]: null }), 'COMMAND_INVALID [2]'],
  [
    'points of a pool',
    forged({ legs: [LEG_OF_ANN] }, { [T.legs + LEG.from]: '#budget:x' }),
    'OWNER_RESERVED legs[0].from',
  ],
  [
    'points for a pool',
    forged({ legs: [LEG_OF_ANN] }, { [T.legs + LEG.to]: '#budget:x' }),
    'OWNER_RESERVED legs[0].to',
  ],
  [
    'a transit',
    forged({ legs: [LEG_OF_ANN] }, { [T.legs + LEG.from]: '@transit:1' }),
    'OWNER_RESERVED legs[0].from',
  ],
  [
    'a pool’s condition',
    forged(
      { legs: [LEG_OF_ANN], condition: { ...OF_ANN, availableAtLeast: 0 } },
      { [T.condition + CONDITION.owner]: '#budget:x' },
    ),
    'OWNER_RESERVED condition.owner',
  ],
  [
    'a home that is no party',
    forged({ legs: [LEG_OF_ANN] }, { [T.owner]: 'bob' }),
    'OWNER_NOT_PARTY owner',
  ],
  [
    'a follow-up of a pool’s',
    forged(
      { legs: [LEG_OF_ANN] },
      { [T.followUps]: packed({ legs: [{ ...LEG_OF_ANN, from: '#budget:x' }] }) },
    ),
    'OWNER_RESERVED followUps[0].legs[0].from',
  ],
  [
    'a follow-up by another id',
    forged({ legs: [LEG_OF_ANN] }, { [T.followUps]: packed({ legs: [LEG_OF_ANN] }) }),
    'COMMAND_INVALID followUps',
  ],
  [
    'a decision within',
    forged({ legs: [LEG_OF_ANN] }, { [T.followUps]: packed(MADE['decision']!, 'decision') }),
    'COMMAND_INVALID followUps',
  ],
  [
    'an array of 4 G within',
    forged({ legs: [LEG_OF_ANN] }, { [T.followUps]: Uint8Array.from([0xdd, 255, 255, 255, 255]) }),
    'COMMAND_INVALID followUps',
  ],
  [
    'a plan of a reversal',
    forged(REVERSAL, { [PLACES.reverse.plan]: bytesOf({}) }, 'reverse'),
    'COMMAND_INVALID plan',
  ],
  [
    'a cause of a reversal',
    forged(REVERSAL, { [PLACES.reverse.cause]: bytesOf(CAUSE) }, 'reverse'),
    'COMMAND_INVALID cause',
  ],
  [
    'a plan of an act',
    forged(ACT, { [PLACES.act.plan]: bytesOf({ moves: [] }) }, 'act'),
    'COMMAND_INVALID plan',
  ],
  [
    'a cause of an act',
    forged(ACT, { [PLACES.act.cause]: bytesOf(CAUSE) }, 'act'),
    'COMMAND_INVALID cause',
  ],
  [
    'legs of an act',
    forged(
      ACT,
      Object.fromEntries(
        ['@issue', 'ann', 'gold', MANY, null].map((one, i) => [PLACES.act.legs + i, one]),
      ),
      'act',
    ),
    'COMMAND_INVALID legs',
  ],
  [
    'what a capture carries',
    forged(
      { owner: 'ann', holdId: 'h', to: '@redeem' },
      { [PLACES.capture.asset]: 'gold', [PLACES.capture.deadline]: null },
      'capture',
    ),
    'COMMAND_INVALID length',
  ],
  [
    'a record of the engine’s',
    forged(
      { owner: 'ann', recordType: 'key', key: 'x', value: new Uint8Array(1) },
      { 3: '#keys' },
      'put-record',
    ),
    'OWNER_RESERVED owner',
  ],
  [
    'a record of an act',
    forged(
      { owner: 'ann', recordType: 'key', key: 'x', value: new Uint8Array(1) },
      { 4: '$claim' },
      'put-record',
    ),
    'RECORD_INVALID recordType',
  ],
  [
    'a version to come',
    forged({ legs: [LEG_OF_ANN] }, { 0: 99 }),
    'COMMAND_VERSION_UNKNOWN version',
  ],
  ['version 0', forged({ legs: [LEG_OF_ANN] }, { 0: 0 }), 'COMMAND_VERSION_UNKNOWN version'],
  ['grants', new Granted({ operations: new Set(OPERATIONS) }).packed, 'COMMAND_TYPE_UNKNOWN type'],
];

t.test('nothing that only the ledger makes is taken', async (t) => {
  const engine = await open({ folder: temporaryFolder(t), shards: 2 });
  t.teardown(() => engine.close());
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  await engine.submit({ type: 'transfer', id: 'seed', legs: [LEG_OF_ANN] });
  const before = await engine.digest();
  const ask = async (bytes: Uint8Array): Promise<string> => {
    const outcomes = await engine.submitPacked(packedBatch(bytes, 1));
    return 'outcome' in outcomes ? told(outcomes.outcome(0)) : told(outcomes);
  };

  await t.test('every op', async (t) => {
    const allowed = new Set<string>(TYPES);
    for (const type of Object.keys(OP)) {
      const fields = MADE[type] ?? { ...OF_ANN, key: 'k', recordType: 'note', holdId: 'none' };
      if (allowed.has(type)) continue;
      t.equal(await ask(packed(fields, type)), 'COMMAND_TYPE_UNKNOWN type', type);
    }
    for (const op of Array.from({ length: 128 }, (_, n) => n)) {
      if (layoutOfOp(op) !== undefined) continue;
      const bytes = Uint8Array.from([0x93, 1, op, 0xc0]);
      t.equal(await ask(bytes), 'COMMAND_TYPE_UNKNOWN type', `op ${op}`);
    }
    t.same(
      TYPES.map((type) => OP[type]).sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 18, 19, 20, 21],
      'those that are taken: a new one is to be looked at here',
    );
  });

  for (const [what, bytes, expected] of FORGED)
    await t.test(what, async (t) => t.equal(await ask(bytes), expected));

  t.equal(await engine.digest(), before, 'nothing has moved');
});
