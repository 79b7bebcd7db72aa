// Exchanges of points for goods, one by one. Owns: the report `orders`. Never touches: what becomes of an order.

import { columns, parameters, words } from './columns.js';
import type { Report } from './shapes.js';
import { ASSETS, and, given, NAMES, ofProgramme } from './sql.js';

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
      parts: `WITH ${ASSETS}, found AS (SELECT o.number, o.owner, o.goods, CAST(NULL AS VARCHAR) AS name, o.quantity, a.asset, o.total AS points,
          o.created AS "time", o.state, o.shipped, o.cancelled, o.platform, o.programme
        FROM orders o LEFT JOIN assets_of a ON a.programme = o.programme
        WHERE o.created >= $from AND o.created < $to${of}${limit})
        SELECT * FROM found UNION ALL
        SELECT NULL, NULL, goods, name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM (${NAMES})`,
      merge: `SELECT number, owner, p.goods, n.name, quantity, asset, points, "time", state, shipped, cancelled, platform, programme
        FROM parts p LEFT JOIN (SELECT goods, name FROM parts WHERE number IS NULL) n ON n.goods = p.goods WHERE number IS NOT NULL`,
      order: '8, 1',
      parameters: {
        ...{ from: asked.from, to: asked.to },
        ...given(asked, 'programme', 'goods', 'owner', 'state'),
      },
    };
  },
};
