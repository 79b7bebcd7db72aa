// Exchanges of points for goods, one by one. Owns: the report `orders`. Never touches: what becomes of an order.

import { columns, parameters, words } from './columns.js';
import type { Report } from './shapes.js';
import { and, given, ofProgramme } from './sql.js';

export const ORDERS: Report = {
  name: 'orders',
  title: words('兑换单', 'Exchanges'),
  about: words(
    '这段时间内下的兑换单，按时间：单号、用户、商品、数量、积分、时间、状态。',
    'Exchanges that were made in this time, in their order: number, user, goods, quantity, points, time, status.',
  ),
  parameters: parameters(['from', 'to', 'programme', 'goods', 'owner', 'state', 'zone', 'limit']),
  columns: () => [
    ...columns('number', 'owner', 'goods', 'name', 'quantity', 'asset', 'points', 'time', 'state'),
    ...columns('shipped', 'cancelled', 'platform', 'programme'),
  ],
  question: (asked) => {
    const of = and(
      ofProgramme(asked, 'o.programme'),
      asked.goods === undefined ? undefined : 'o.goods = $goods',
      asked.owner === undefined ? undefined : 'o.owner = $owner',
      asked.state === undefined ? undefined : 'o.state = $state',
    );
    const limit =
      asked.limit === undefined ? '' : ` ORDER BY o.created, o.number LIMIT ${asked.limit}`;
    return {
      parts: `WITH assets_of AS (SELECT key AS programme, document->>'$.asset' AS asset FROM current_definitions WHERE kind = 'programme'),
        names AS (SELECT key AS goods, document->>'$.name' AS name FROM current_definitions WHERE kind = 'goods')
        SELECT o.number AS number, o.owner AS owner, o.goods AS goods, n.name AS name, o.quantity AS quantity, a.asset AS asset, o.total AS points, o.created AS "time",
          o.state AS state, o.shipped AS shipped, o.cancelled AS cancelled, o.platform AS platform, o.programme AS programme
        FROM orders o LEFT JOIN assets_of a ON a.programme = o.programme LEFT JOIN names n ON n.goods = o.goods
        WHERE o.created >= $from AND o.created < $to${of}${limit}`,
      merge: 'SELECT * FROM parts',
      order: '8, 1',
      parameters: {
        ...{ from: asked.from, to: asked.to },
        ...given(asked, 'programme', 'goods', 'owner', 'state'),
      },
    };
  },
};
