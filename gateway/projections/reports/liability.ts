// What is owed to members, and how much of it will never be asked for. Owns: the reports `liability` and `breakage`. Never touches: what expires.
//   reports.L1. What is owed at a moment is what all members had then (available and held), without what had expired by then, booked or not: what
//       `GET /v1/accounts/{owner}?at=` tells of each.
//   reports.L2. A forecast is made of what was over by the moment that it is of. That of a past month is made of what was over then.

import { columns, parameters, words } from './columns.js';
import { bucketOf, monthOf } from './days.js';
import type { Asked, Ordered, Report } from './shapes.js';
import { and, dateText, given, ofAsset, programmes, share, tierAt } from './sql.js';

/** The month of the last moment at which points can be used. */
const expiresIn = ({ days }: Asked): string => bucketOf('month', days.day('(expiry - 1)'));

export const LIABILITY: Report = {
  name: 'liability',
  title: words('积分负债', 'Liability'),
  about: words(
    '某一刻会员持有的全部积分（可用与冻结），按到期月份与等级。到期月份为空：永不过期。',
    'All points that members had at a moment, available and held, by the month in which they expire and by tier. Without a month: they never expire.',
  ),
  parameters: parameters(['at', 'asset', 'programme', 'zone']),
  chart: { kind: 'bars', x: 'expires', series: ['points'], split: 'tier' },
  columns: () => columns('asset', 'tier', 'expires', 'points'),
  question(asked) {
    const { at } = asked;
    const parts = `WITH ${programmes(asked)},
      held AS (SELECT owner, asset, CASE WHEN expiry IS NULL THEN NULL ELSE ${expiresIn(asked)} END AS month,
          sum(CASE WHEN expiry <= ${at} THEN held ELSE available + held END) AS points
        FROM lots WHERE effective <= $at${and(ofAsset(asked))} GROUP BY 1, 2, 3 HAVING points <> 0)
      SELECT h.asset AS asset, coalesce(t.tier, '') AS tier, month, sum(points) AS points
      FROM held h ${tierAt('h', '$at')} GROUP BY 1, 2, 3`;
    return {
      parts,
      merge: `SELECT asset, tier, ${dateText('month')}, sum(points) FROM parts GROUP BY asset, tier, month
        HAVING sum(points) <> 0`,
      order: '1, 3, 2',
      parameters: { at, ...given(asked, 'asset', 'programme') },
    };
  },
};

/** Of so many past months a forecast is compared with what came, made so many months ahead. */
const PAST = 12;
const AHEAD = [0, 1, 3, 6] as const;
/** From so many months on what is known of fewer ahead is taken. */
const AHEAD_MAX = 24;
/** How far back months are looked at, and 24 months before the first of those. */
const MONTHS_KNOWN = 60;

/**
 * Rows of (month in which it took effect, month of expiry, whether it is an expiry, sum), out of which both what was outstanding at the
 * beginning of a month and what of it expired are sums.
 */
function breakageParts(asked: Asked): string {
  const { days } = asked;
  return `SELECT asset, ${bucketOf('month', days.day('effective'))} AS month, ${expiresIn(asked)} AS expires,
      type = 'expire' AS expired, sum(available + held) AS points
    FROM lots WHERE expiry IS NOT NULL AND effective <= $at${and(ofAsset(asked))} GROUP BY 1, 2, 3, 4`;
}

/** Months as SQL knows them: their numbers, counted from the one that is now, and their first days. */
function monthsAround(now: number): string {
  const all: string[] = [];
  for (let n = -MONTHS_KNOWN; n <= AHEAD_MAX; n++) all.push(`(${n}, ${monthOf(now, n)})`);
  return all.join(', ');
}

function breakageQuestion(asked: Asked): Ordered {
  const now = monthOf(asked.days.of(asked.at));
  const merge = `WITH months_of(n, day) AS (VALUES ${monthsAround(now)}),
    aheads(ahead) AS (SELECT unnest(range(0, ${AHEAD_MAX + 1}))),
    cells AS (SELECT p.asset, p.month, m.n, p.expired, sum(p.points) AS points
      FROM parts p JOIN months_of m ON m.day = p.expires GROUP BY ALL),
    -- What was there of the points of a month, so many months before it began.
    there AS (SELECT c.asset, c.n, a.ahead, sum(c.points) FILTER (WHERE c.month < s.day) AS points
      FROM cells c, aheads a, months_of s WHERE c.n < 0 AND s.n = c.n - a.ahead GROUP BY ALL),
    ended AS (SELECT asset, n, -sum(points) AS points FROM cells WHERE expired AND n < 0 GROUP BY ALL),
    pairs AS (SELECT t.asset, t.n, t.ahead, t.points AS outstanding, coalesce(e.points, 0) AS actual
      FROM there t LEFT JOIN ended e USING (asset, n) WHERE t.points > 0),
    -- Of all months that were over when one began.
    rates AS (SELECT p.asset, b.n AS begun, p.ahead, sum(p.outstanding) AS base, sum(p.actual) AS gone
      FROM pairs p, months_of b WHERE p.n < b.n AND b.n <= 0 GROUP BY ALL),
    past AS (SELECT 'past' AS kind, p.asset, p.n, p.ahead, p.outstanding, r.base, r.gone, p.actual
      FROM pairs p LEFT JOIN rates r ON r.asset = p.asset AND r.ahead = p.ahead AND r.begun = p.n - p.ahead
      WHERE p.n >= -${PAST} AND p.ahead IN (${AHEAD.join()})),
    owed AS (SELECT asset, n, sum(points) AS points FROM cells WHERE n >= 0 GROUP BY ALL HAVING sum(points) > 0),
    coming AS (SELECT 'forecast' AS kind, o.asset, o.n, o.n AS ahead, o.points AS outstanding, arg_max(r.base, r.ahead) AS base,
        arg_max(r.gone, r.ahead) AS gone, NULL AS actual
      FROM owed o LEFT JOIN rates r ON r.asset = o.asset AND r.begun = 0 AND r.ahead <= o.n GROUP BY o.asset, o.n, o.points),
    told AS (SELECT a.*, m.day, outstanding * gone // base AS forecast
      FROM (SELECT * FROM past UNION ALL SELECT * FROM coming) a JOIN months_of m USING (n))
    SELECT asset, kind, ${dateText('day')} AS month, ahead, outstanding, ${share('gone', 'base')} AS rate, forecast, actual,
      ${share('(forecast - actual)', 'actual')} AS error
    FROM told`;
  const parameters = { at: asked.at, ...given(asked, 'asset') };
  return { parts: breakageParts(asked), merge, order: '1, 3, 4', parameters };
}

export const BREAKAGE: Report = {
  name: 'breakage',
  title: words('过期预测', 'Breakage forecast'),
  about: words(
    '未用积分中预计将过期的部分：按以往各月同样提前量的过期比例。`past` 行是以往十二个月当时会作的预测（提前 0、1、3、6 个月）与实际之差。',
    'What of the outstanding points is expected to expire: by the part that expired of past months, as many months ahead. Rows `past` are what would have been said of the last twelve months, 0, 1, 3 and 6 months ahead, and how wrong it would have been.',
  ),
  parameters: parameters(['at', 'asset', 'zone']),
  chart: { kind: 'bars', x: 'month', series: ['forecast', 'actual'], split: 'kind' },
  columns: () =>
    columns(
      'asset',
      'kind',
      'month',
      'ahead',
      'outstanding',
      'rate',
      'forecast',
      'actual',
      'error',
    ),
  question: breakageQuestion,
};
