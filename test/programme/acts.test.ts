// Acts by property against a naive model (act-worlds.ts), and by hand while one is open; defects planted in their seam, each of which this must
// find.

import t from 'tap';
import { AccountDraft } from '../../engine/ledger/account-draft.js';
import { OwnerReads } from '../../engine/ledger/acts.js';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { PastCommands } from '../../engine/ledger/past-commands.js';
import { ACTS } from '../../engine/programme/index.js';
import { EffectWriter, EXTRA } from '../../engine/protocol/effects.js';
import { validate } from '../../engine/protocol/validate.js';
import { LegsPart } from '../../engine/transfer/legs-part.js';
import { Transits } from '../../engine/transfer/open/transits.js';
import { campaign } from '../campaign.js';
import { sourcesOf } from '../fences.js';
import { anything, openAct, START, saidBy } from './act-worlds.js';
import { type Defect, mustBeFound } from './planted.js';

t.test('whatever a plan holds is done or not done, and undone in parts', async () => {
  const cases = campaign({ name: 'acts', long: 10_000, sample: 150 });
  await cases.run(async (seed) => anything(seed));
});

t.test('what an open act has read or written takes no other, until it is decided', async (t) => {
  for (const funds of [60, 40]) {
    const isPosted = funds >= 50;
    const { world, home, other, owner, command, first } = openAct(funds);
    t.match(first, { code: 'PREPARED' });
    const busy = { code: 'ACCOUNT_BUSY' };
    t.match(home.apply([command('k', { records: [['k', 2]] })], START)[0], busy, 'a record');
    t.match(
      home.apply([command('x', { counters: [['x', START, 1, 9]] })], START)[0],
      busy,
      'a counter',
    );
    t.match(
      home.apply([command('l', { records: [['l', 2]] })], START)[0],
      { ok: true },
      'another one',
    );
    const prepare = saidBy(home);
    // Asked twice, it answers twice the same.
    for (let n = 0; n < 2; n++) other.apply([prepare.command], START);
    const [decision, again] = [saidBy(other), saidBy(other)];
    t.same(again, decision);
    for (let n = 0; n < 2; n++) home.apply([decision.command], START);
    t.equal(world.shards.balances(owner)[0]?.available ?? 0, isPosted ? 50 : 0);
    t.same(
      world.figures()['records'],
      isPosted ? [`${owner} k: 1`, `${owner} l: 2`, `${owner} x ${START}: 1`] : [`${owner} l: 2`],
    );
    t.match(
      home.apply([command('k', { records: [['k', 2]] })], START)[0],
      { ok: true },
      'free again',
    );
    const [repeat] = home.apply([command('o', { legs: [], records: [['k', 1]] })], START);
    t.match(repeat, { code: 'ID_REUSED' }, 'another body');
  }
});

t.test('a rule is never run again', async (t) => {
  const { home, other, command } = openAct(60);
  const prepare = saidBy(home);
  other.apply([prepare.command], START);
  home.apply([saidBy(other).command], START);
  home.apply([command('no', { counters: [['x', START, 9, 9]] })], START);
  // A replay has no acts at all.
  for (const { blocks, state } of [home, other])
    t.same(canonicalState(MemoryLedger.replay(blocks, state.places).state), canonicalState(state));
  const [kept] = home.apply([command('no', { counters: [['x', START, 9, 9]] })], START);
  t.match(kept, { ok: false, code: 'NOT_ELIGIBLE', replayed: true }, 'also what it refused');
});

t.test('no caller says what was decided', async (t) => {
  const act = { type: 'act', owner: 'ann', act: 'adjust', body: {} } as const;
  for (const more of [{ plan: {} }, { legs: [] }]) {
    const [field] = Object.keys(more);
    t.same(validate({ ...act, ...more }), { code: 'COMMAND_INVALID', field });
  }
});

t.test('an act touches its own file, and one line of the list', async (t) => {
  const of = (folder: string) => sourcesOf(folder).map(({ path, imports }) => ({ path, imports }));
  const sources = [...of('engine'), ...of('gateway')];
  for (const name of ACTS.keys()) {
    const file = `engine/programme/acts/${name}`;
    const who = sources.filter(({ imports }) => imports.some(({ to }) => to === file));
    t.same(
      who.map(({ path }) => path),
      ['engine/programme/index.ts'],
      name,
    );
  }
});

const DEFECTS: readonly Defect[] = [
  {
    what: 'what was decided is not written',
    of: LegsPart,
    method: 'decided',
    wrong: () => undefined,
  },
  {
    what: 'what was decided is written twice',
    of: LegsPart,
    method: 'decided',
    wrong: (right, given) => [right(...given), right(...given)],
  },
  {
    what: 'what was decided is written although it is refused',
    of: LegsPart,
    method: 'decided',
    wrong: (right) => right(true),
  },
  { what: 'records are not seen', of: OwnerReads, method: 'record', wrong: () => undefined },
  {
    what: 'a counter is seen as one less',
    of: OwnerReads,
    method: 'counter',
    wrong: (right, given) => right(...given) - 1,
  },
  { what: 'what is written is not busy', of: OwnerReads, method: 'touch', wrong: () => undefined },
  { what: 'nothing is ever busy', of: Transits, method: 'isBusy', wrong: () => false },
  { what: 'an open act is forgotten', of: Transits, method: 'open', wrong: () => undefined },
  {
    what: 'a budget may be overspent',
    of: AccountDraft,
    method: 'isShort',
    wrong: (right, given, self) => !self.isScarce && right(...given),
  },
  {
    what: 'earlier parts of an undo are forgotten',
    of: PastCommands,
    method: 'undoneOf',
    wrong: () => null,
  },
  {
    what: 'what was decided is told by nobody',
    of: EffectWriter,
    method: 'extra',
    wrong: (right, [tag, ...given]) => (tag === EXTRA.record ? undefined : right(tag, ...given)),
  },
];

mustBeFound(DEFECTS, 300, anything, locksHold);

/** What an open act wrote without looking takes no other. */
function locksHold(): void {
  const { home, command } = openAct(60);
  const [outcome] = home.apply([command('k', { records: [['k', 2]] })], START);
  if (outcome?.ok === true || outcome?.code !== 'ACCOUNT_BUSY') throw new Error('not busy');
}
