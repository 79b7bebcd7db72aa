// Members merged into others, and parted again: as a table.

import t from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { World } from './earning-world.js';

t.test('a first merge', async (t) => {
  const w = new World();
  console.log(JSON.stringify(w.event('order', { amount: 500 }, {}, 'ann')).slice(0, 600));
  console.log(JSON.stringify(w.event('signin', undefined, {}, 'ann')).slice(0, 300));
  console.log(JSON.stringify(w.event('signin', undefined, {}, 'bob')).slice(0, 300));
  const bal = (o: string) =>
    balancesOf(w.ledger.state, o).map((b) => [b.available, b.held, b.earned, b.spent, b.lots]);
  console.log(JSON.stringify([bal('ann'), bal('bob')]));
  const m = w.act('merge', { into: 'bob', reason: 'same person' }, 'ann', 'm1');
  console.log(JSON.stringify(m));
  console.log(JSON.stringify(w.caused));
  console.log(JSON.stringify([bal('ann'), bal('bob')]));
  console.log(JSON.stringify(w.event('signin', undefined, {}, 'bob')).slice(0, 300));
  console.log(JSON.stringify(w.event('signin', undefined, {}, 'ann')).slice(0, 300));
  console.log(JSON.stringify(w.act('unmerge', { reason: 'no' }, 'ann', 'u1')));
  console.log(JSON.stringify(w.caused));
  console.log(JSON.stringify([bal('ann'), bal('bob')]));
  t.same(canonicalState(w.replayed().state), canonicalState(w.ledger.state));
});
