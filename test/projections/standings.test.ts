// Ranks among many members who come, move and leave, against a naive sort.

import { join } from 'node:path';
import t from 'tap';
import { orderKey, type Ranked } from '../../engine/projections/boards/keys.js';
import { Standings } from '../../engine/projections/boards/standings.js';
import { ProjectionStore } from '../../engine/projections/store.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';

const MEMBERS = 4_000;
const TABLES = 3;
const standings = campaign({ name: 'standings of thousands', long: 100, sample: 1 });

const inOrder = (a: Ranked, b: Ranked): number =>
  b.score - a.score || a.reached - b.reached || (a.owner < b.owner ? -1 : 1);

t.test('a rank is what a naive sort gives', async (t) => {
  const folder = temporaryFolder(t);
  await standings.run((seed) => {
    const random = new Random(seed);
    const store = new ProjectionStore(join(folder, `${seed}.mdb`), ['order']);
    const order = store.of('order');
    const tables = Array.from({ length: TABLES }, (_, table) => ({
      live: new Standings(order, table),
      members: new Map<string, Ranked>(),
    }));
    for (let round = 0; round < 60; round++) {
      const table = random.int(TABLES);
      const { live, members } = tables[table]!;
      const moves = new Map<string, Ranked | undefined>();
      for (let i = random.int(2 * MEMBERS) / 4; i > 0; i--) {
        const owner = `m${random.int(MEMBERS)}`;
        const score = random.pick([1, 2, 3, 1 + random.int(1_000), 2 ** 53 - 1 - random.int(9)]);
        // From time to time most of them leave.
        const leaves = random.chance(round % 20 > 14 ? 0.9 : 0.1);
        moves.set(owner, leaves ? undefined : { owner, score, reached: random.int(50) });
      }
      const [gone, come]: [Buffer[], Buffer[]] = [[], []];
      store.commit(() => {
        for (const [owner, after] of moves) {
          const before = members.get(owner);
          if (before !== undefined) gone.push(orderKey(table, before));
          if (before !== undefined) order.removeSync(orderKey(table, before));
          members.delete(owner);
          if (after === undefined) continue;
          come.push(orderKey(table, after));
          order.putSync(orderKey(table, after), Buffer.from([1]));
          members.set(owner, after);
        }
      });
      live.moved(gone, come);
      const sorted = [...members.values()].sort(inOrder);
      for (const one of [live, new Standings(order, table)]) {
        if (one.members !== sorted.length)
          throw new Error(`${one.members} members, not ${sorted.length}`);
        for (let i = 0; i < 30 && sorted.length > 0; i++) {
          const at = random.int(sorted.length);
          const ranked = sorted[at]!;
          const should = {
            higher: sorted.findIndex(({ score }) => score === ranked.score),
            before: at,
            preceding: sorted.slice(Math.max(0, at - 5), at).reverse(),
            following: sorted.slice(at + 1, at + 6),
          };
          const found = {
            ...one.before(ranked),
            preceding: one.preceding(ranked, 5),
            following: one.following(ranked, 5),
          };
          if (JSON.stringify(found) !== JSON.stringify(should))
            throw new Error(`${JSON.stringify(found)}, not ${JSON.stringify(should)}`);
        }
      }
    }
    void store.close();
  });
  t.pass();
});
