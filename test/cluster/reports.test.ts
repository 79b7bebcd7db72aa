// Questions over two nodes: each projects its own shards, answers are merged and are the same whichever is asked, however large they are; a node whose
// projections are gone is said, and nothing is told without it.

import t from 'tap';
import { isRefusal } from '../../engine/index.js';
import { gatewayLimits } from '../../gateway/limits.js';
import { Peers } from '../../gateway/projections/peers.js';
import { Projections } from '../../gateway/projections/projections.js';
import type { ReportAnswer } from '../../gateway/projections/question.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

const MEMBERS = 30;
const LIMITS = gatewayLimits({ reportMemoryMiB: 128, reportFreshMs: 60_000, sqlRowsMax: 50_000 });

t.test('two nodes answer as one', async (t) => {
  const cluster = await Cluster.make(t);
  const [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  const of = (engine: typeof a): Projections =>
    new Projections({
      folder: engine.folder,
      limits: LIMITS,
      peers: new Peers(engine.beside),
      onDefect: () => undefined,
    });
  const [here, there] = [of(a), of(b)];
  t.teardown(() => Promise.all([here.close(), there.close()]));
  await a.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  for (let n = 0; n < MEMBERS; n++) {
    const legs = [{ from: '@issue', to: `m${n}`, asset: 'points', amount: n + 1 }];
    t.ok((await (n % 2 === 0 ? a : b).submit({ type: 'transfer', id: 'earn', legs })).ok);
  }
  const total = (MEMBERS * (MEMBERS + 1)) / 2;
  const question = {
    parts: `SELECT asset, sum(earned) AS points, count(DISTINCT owner) AS members, avg(earned) AS mean,
              max(owner) AS last FROM entries WHERE earned > $least GROUP BY asset`,
    merge:
      'SELECT asset, sum(points) AS points, sum(members), count(mean) FROM parts GROUP BY asset',
    parameters: { least: 0, unused: 'x' },
  };
  const asked = (from: Projections): Promise<ReportAnswer> =>
    // What is answered is as of where it is.
    until('both have read all', async () => {
      const answer = await from.ask(question);
      return !isRefusal(answer) && answer.rows[0]?.[1] === total && answer;
    });
  for (const from of [here, there]) {
    const answer = await asked(from);
    t.same(answer.rows, [['points', total, MEMBERS, 2]]);
    t.same(
      answer.asOf.map(({ shard }) => shard),
      [0, 1, 2, 3],
    );
    t.same(
      answer.columns.map(({ type }) => type),
      ['text', 'number', 'number', 'number'],
    );
  }
  // What is refused for now is asked again.
  const told = <T>(ask: () => Promise<T>): Promise<T> =>
    until('it is told', async () => {
      const answer = await ask();
      return !(isRefusal(answer) && answer.retry) && { answer };
    }).then(({ answer }) => answer);
  const sums = await told(() => here.query({ sql: 'SELECT sum(earned) AS s FROM entries' }));
  t.equal('rows' in sums && sums.rows.reduce((sum, [one]) => sum + Number(one), 0), total);
  const ofBooks = {
    sql: "SELECT owner, sum(earned - spent) AS d FROM books WHERE owner = '@issue' GROUP BY owner",
    merge: 'SELECT owner, sum(d) FROM parts GROUP BY owner',
  };
  const books = await told(() => there.query(ofBooks));
  t.match(books, { rows: [['@issue', -total]] });
  // Piece by piece, and collected, in many pieces.
  const range = { parts: 'SELECT range AS n FROM range(20000)' };
  const large = await told(() => here.stream(range));
  if (isRefusal(large)) throw new Error(large.code);
  let count = 0;
  for await (const rows of large.rows) count += rows.length;
  t.equal(count, 40_000);
  const values = {
    parts: "SELECT range AS n, 'it''s' AS text, NULL AS nothing, 1.5 AS d FROM range(20000)",
    merge: 'SELECT sum(n), count(DISTINCT text), count(nothing), sum(d) FROM parts',
  };
  const merged = await told(() => here.ask(values));
  t.match(merged, { rows: [[399_980_000, 1, 0, 60_000]] });
  t.match(await here.query({ sql: 'SELECT nothing FROM entries' }), { code: 'SQL_INVALID' });
  t.match(await here.query({ sql: 'SELECT 1; SELECT 2' }), { code: 'SQL_INVALID' });
  // Killed there, it is there again.
  there.kill();
  t.same((await asked(here)).rows, [['points', total, MEMBERS, 2]]);
  await there.close();
  await cluster.stop('b');
  t.match(await here.ask(question), { code: 'SHARD_UNAVAILABLE' }, 'nothing is told without it');
});
