// Kills (DESIGN.md 4): a program under load is killed by SIGKILL at random moments and at every named crash point, a third
// of the times while it recovers or writes a checkpoint, and started again on the same folder. The test keeps what it was
// told, and nothing told may be lost, doubled or contradicted (told.ts, restart-check.ts), whatever was read; sums are exact.
// A case is the life of one folder: the same seed kills at the same places, but the moments are the machine's.

import { join } from 'node:path';
import t from 'tap';
import { CRASH_POINTS } from '../../engine/shard/crash-points.js';
import { campaign } from '../campaign.js';
import { temporaryFolder } from '../temporary.js';
import { Kills, Life, PLACES } from './kill-life.js';

/** In two lives of 18, every place has its turn. */
const KILLS_PER_LIFE = process.env['JIFEN_LONG'] === '1' ? 50 : 18;
const LANES = 2;

const lives = campaign({ name: `lives of ${KILLS_PER_LIFE} kills`, long: 20, sample: 2 });

t.test('nothing told is lost, doubled or contradicted by a restart', async (t) => {
  const top = temporaryFolder(t);
  const kills = new Kills();
  const faults: string[] = [];
  const seeds = lives.seeds[Symbol.iterator]();
  const lane = async () => {
    for (
      let { value: seed, done } = seeds.next();
      done !== true;
      { value: seed, done } = seeds.next()
    ) {
      const folder = join(top, `${seed}`);
      const life = new Life(
        { folder, toldFile: `${folder}.told`, seed, kills: KILLS_PER_LIFE },
        kills,
      );
      await life.live().catch((error: Error) => {
        faults.push(`seed ${seed}, ${error.message} (to repeat: ${lives.repeat(seed)})`);
      });
      if (faults.length > 0) break;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  t.strictSame(faults, []);
  const places = [...kills.byPlace].map(([place, count]) => `${place} ${count}`).sort();
  t.comment(
    `${kills.total} kills, ${kills.recovering} in recovery or checkpoint; ${kills.answers} answers; ${kills.claims} claims; ${places.join(', ')}`,
  );
  if (faults.length > 0 || kills.total < 36) return;
  t.strictSame(
    CRASH_POINTS.filter((name) => !PLACES.has(name)),
    [],
    'every crash point is a place to kill at',
  );
  t.strictSame(
    CRASH_POINTS.filter((name) => !kills.byPlace.has(name)),
    [],
    'killed at every crash point',
  );
  t.ok(kills.claims >= kills.total / 2, 'offers were claimed');
  t.ok(kills.recovering >= kills.total / 4, 'a third of the kills in recovery or checkpoint');
});
