// Leaderboards of drawn months with returns, late events and kills, against a naive sort; and defects planted in them, which that must find.

import t from 'tap';
import { Boards } from '../../engine/projections/boards/boards.js';
import { BoardRules, type Counting } from '../../engine/projections/boards/rules.js';
import { Standings } from '../../engine/projections/boards/standings.js';
import type { EffectReader } from '../../engine/protocol/effects.js';
import { campaign } from '../campaign.js';
import { findEach } from '../planted.js';
import { temporaryFolder } from '../temporary.js';
import { Month } from './month.js';

const STEPS = 200;
const months = campaign({ name: 'months of leaderboards', long: 2_000, sample: 2 });
const folder = temporaryFolder(t);
let compared = 0;

function month(seed: number): void {
  const one = new Month(seed, folder);
  try {
    for (let i = 0; i < STEPS; i++) one.step();
    const naive = one.naive();
    for (const [what, found] of [
      ['projected', one.projected(naive.keys())],
      ['made anew', one.anew(naive.keys())],
      ['cleared', one.cleared(naive.keys())],
    ] as const) {
      for (const [name, rows] of naive) {
        const [is, should] = [JSON.stringify(found.get(name)), JSON.stringify(rows)];
        if (is !== should) throw new Error(`${what} ${name}: ${is}, not ${should}`);
      }
    }
    for (const rows of naive.values()) compared += rows.length;
  } finally {
    one.close();
  }
}

t.test('a leaderboard is what a naive sort gives', async (t) => {
  await months.run(month);
  t.ok(compared > 50 * months.count, `${compared} places`);
});

findEach(
  [
    {
      what: 'a block is taken twice now and then',
      of: Boards,
      method: 'take',
      wrong: (right, [block]) => {
        if (block.header.seq % 50 === 49) right(block);
        return right(block);
      },
    },
    {
      what: 'a block is passed over now and then',
      of: Boards,
      method: 'take',
      wrong: (right, [block]) => (block.header.seq % 50 === 49 ? undefined : right(block)),
    },
    {
      what: 'what comes after the period has closed counts',
      of: BoardRules,
      method: 'at',
      wrong: (right, given) => {
        const found = right(...given);
        const open = ({ board, ...more }: Counting) => ({
          ...more,
          board: { ...board, graceMs: (board.graceMs ?? 86_400_000) + 86_400_000 },
        });
        return { ...found, list: found.list.map(open) };
      },
    },
    {
      what: 'who shares a rank is behind who was first',
      of: Standings,
      method: 'before',
      wrong: (right, given) => {
        const { before } = right(...given);
        return { higher: before, before };
      },
    },
    {
      what: 'who has moved is counted where he was, too',
      of: Standings,
      method: 'moved',
      wrong: (right, [, come]) => right([], come),
    },
    {
      what: 'days are of another zone',
      of: BoardRules,
      method: 'at',
      wrong: (right, given) => {
        const found = right(...given);
        const moved = (one: Counting) => ({ ...one, offsets: [0, 0] });
        return { ...found, list: found.list.map(moved) };
      },
    },
    {
      what: 'rewards without a badge count as badges',
      of: BoardRules,
      method: 'at',
      wrong: (right, given) => {
        const found = right(...given);
        const all = (one: Counting): Counting =>
          one.counts === 'badges' ? { ...one, counts: 'tasks' } : one;
        return { ...found, list: found.list.map(all) };
      },
    },
    {
      what: 'events that have brought nothing are not given back',
      of: Boards,
      method: 'take',
      wrong: (right, [block]) => {
        const effects: EffectReader = block.effects;
        const { hasExtra } = effects;
        effects.hasExtra = (at, tag) =>
          hasExtra.call(effects, at, tag) &&
          effects.extras(at).some((one) => one.tag === tag && one.numbers.length > 0);
        return right(block);
      },
    },
  ],
  [month],
);
