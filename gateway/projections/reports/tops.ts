// What is taken, and what pays, most. Owns: the reports `top-goods`, `top-campaigns`, `top-rules`. Never touches: what goods and campaigns are.
//   reports.T1. A row has all of its goods, campaign or rule, and every one has a row, as far as rows are asked for: the first by what it comes to.

import { columns, parameters, words } from './columns.js';
import type { Report } from './shapes.js';
import { ASSETS, and, given, NAMES, ofAsset, ofProgramme } from './sql.js';

export const TOP_GOODS: Report = {
  name: 'top-goods',
  title: words('热门商品', 'Top goods'),
  about: words(
    '这段时间内下的订单，按商品；退回的件数与积分按其发生的时间计。',
    'Orders that were made in this time, by goods; pieces and points that were given back in it, of whichever orders.',
  ),
  parameters: parameters(['from', 'to', 'programme', 'zone', 'limit'], {
    defaults: { limit: '100' },
  }),
  chart: { kind: 'bars', x: 'goods', series: ['net'] },
  columns: () =>
    columns('goods', 'name', 'asset', 'orders', 'pieces', 'points', 'back', 'pointsBack', 'net'),
  question: (asked) => ({
    parts: `WITH ${ASSETS}, made AS (SELECT number, programme, goods FROM order_changes WHERE type = 'orderCreated'${and(ofProgramme(asked))})
      SELECT m.goods, CAST(NULL AS VARCHAR) AS name, a.asset, count(*) FILTER (WHERE c.type = 'orderCreated') AS orders,
        coalesce(sum(c.quantity) FILTER (WHERE c.type = 'orderCreated'), 0) AS pieces,
        coalesce(sum(c.points) FILTER (WHERE c.type = 'orderCreated'), 0) AS points,
        coalesce(sum(c.quantity) FILTER (WHERE c.type = 'orderCancelled'), 0) AS back,
        coalesce(sum(c.points) FILTER (WHERE c.type = 'orderCancelled'), 0) AS points_back
      FROM order_changes c JOIN made m USING (number) LEFT JOIN assets_of a ON a.programme = m.programme
      WHERE c.time >= $from AND c.time < $to AND c.type IN ('orderCreated', 'orderCancelled') GROUP BY m.goods, a.asset
      UNION ALL SELECT goods, name, NULL, 0, 0, 0, 0, 0 FROM (${NAMES})`,
    merge: `SELECT goods, max(n.name), asset, sum(orders), sum(pieces), sum(points), sum(back), sum(points_back), sum(points) - sum(points_back) AS net
      FROM parts p LEFT JOIN (SELECT goods, max(name) AS name FROM parts GROUP BY goods) n USING (goods)
      GROUP BY goods, asset HAVING sum(orders) + sum(back) > 0`,
    order: '9 DESC, 1, 3',
    parameters: { from: asked.from, to: asked.to, ...given(asked, 'programme') },
  }),
};

export const TOP_CAMPAIGNS: Report = {
  name: 'top-campaigns',
  title: words('热门活动', 'Top campaigns'),
  about: words(
    '参加了活动的事件与会员，以及这些事件获得的积分（减去退回的）。一个事件可参加几个活动，各计一次。',
    'Events that took part in a campaign, their members, and what these events earned, less what was given back. An event that took part in several counts for each.',
  ),
  parameters: parameters(['from', 'to', 'programme', 'asset', 'zone', 'limit'], {
    defaults: { limit: '100' },
  }),
  chart: { kind: 'bars', x: 'campaign', series: ['points'] },
  columns: () => columns('campaign', 'programme', 'asset', 'events', 'members', 'points'),
  question: (asked) => ({
    parts: `WITH ${ASSETS}, taken AS (SELECT DISTINCT key, programme, owner, id, time FROM multipliers WHERE source = 'campaign'${and(ofProgramme(asked))}),
      earned AS (SELECT t.key, t.programme, sum(e.amount) AS points FROM taken t JOIN earned_by e ON e.owner = t.owner AND e.id = t.id
        WHERE e.time >= $from AND e.time < $to GROUP BY 1, 2),
      counted AS (SELECT key, programme, count(*) AS events, count(DISTINCT owner) AS members FROM taken WHERE time >= $from AND time < $to GROUP BY 1, 2)
      SELECT key, programme, a.asset, coalesce(events, 0) AS events, coalesce(members, 0) AS members, coalesce(points, 0) AS points
      FROM counted FULL JOIN earned USING (key, programme) LEFT JOIN assets_of a USING (programme)
      WHERE true${and(ofAsset(asked, 'a.asset'))}`,
    merge: `SELECT key, programme, asset, sum(events), sum(members), sum(points) AS points
      FROM parts GROUP BY key, programme, asset`,
    order: '6 DESC, 1, 2, 3',
    parameters: { from: asked.from, to: asked.to, ...given(asked, 'programme', 'asset') },
  }),
};

export const TOP_RULES: Report = {
  name: 'top-rules',
  title: words('规则与任务', 'Top rules and tasks'),
  about: words(
    '各规则与任务这段时间内付出的积分、次数、会员，与这段时间内退回的。',
    'What rules and tasks paid in this time, how often, to how many members, and what was given back of it in this time.',
  ),
  parameters: parameters(['from', 'to', 'programme', 'asset', 'zone', 'limit'], {
    defaults: { limit: '100' },
  }),
  chart: { kind: 'bars', x: 'key', series: ['net'] },
  columns: () =>
    columns('by', 'key', 'programme', 'asset', 'times', 'members', 'points', 'pointsBack', 'net'),
  question: (asked) => ({
    parts: `SELECT source, key, programme, asset, count(*) FILTER (WHERE amount > 0) AS times, count(DISTINCT owner) FILTER (WHERE amount > 0) AS members,
        coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS points, coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS back
      FROM earned_by WHERE time >= $from AND time < $to${and(ofProgramme(asked), ofAsset(asked))} GROUP BY 1, 2, 3, 4`,
    merge: `SELECT source, key, programme, asset, sum(times), sum(members), sum(points), sum(back), sum(points) - sum(back) AS net
      FROM parts GROUP BY source, key, programme, asset`,
    order: '9 DESC, 1, 2, 3, 4',
    parameters: { from: asked.from, to: asked.to, ...given(asked, 'programme', 'asset') },
  }),
};
