// Points that were earned, spent, redeemed and expired, and who was active. Owns: the report `daily`. Never touches: days (days.ts).
//   reports.F1. What the rows of a day come to is what all entries of members come to that took effect on it, by whatever they are split.

import { columns, parameters, words } from './columns.js';
import { ALL_BITS, bitsOf, bitsWhere, bucketOf, firstDayOf, periodAt, periodOf } from './days.js';
import type { Asked, Ordered, Report } from './shapes.js';
import {
  ACTED,
  and,
  dateText,
  firstOf,
  given,
  IS_MEMBER,
  ofAsset,
  programmes,
  share,
  tierAt,
} from './sql.js';

const or0 = (column: string): string => `coalesce(${column}, 0)`;

/** By what entries are split, where their own columns say it. */
const GROUPS = {
  none: 'NULL',
  platform: `coalesce(e.platform, '')`,
  kind: 'coalesce(e.event, e.kind, e.act, upper(e.type))',
  tier: `coalesce(t.tier, '')`,
} as const;

const timeOf = ({ by }: Asked): string => (by === 'booked' ? 'time' : 'effective');

/** What is asked of entries, split by one of their columns. */
function byColumn(asked: Asked, group: keyof typeof GROUPS): string {
  const time = `e.${timeOf(asked)}`;
  const isOfTier = group === 'tier';
  return `${isOfTier ? `WITH ${programmes(asked)} ` : ''}
    SELECT ${bucketOf(asked.interval, asked.days.day(time))} AS day, e.asset AS asset, ${GROUPS[group]} AS "group",
      sum(e.earned) AS earned, sum(e.spent) AS spent, coalesce(sum(e.redeemed), 0) AS redeemed, sum(e.expired) AS expired,
      count(DISTINCT e.owner) FILTER (WHERE ${ACTED}) AS active
    FROM entries e ${isOfTier ? tierAt('e', time) : ''}
    WHERE ${time} >= $from AND ${time} < $to${and(ofAsset(asked, 'e.asset'))} GROUP BY 1, 2, 3`;
}

/** What rules and tasks paid, and, without a name, all the rest. What is given back counts at the time of the return. */
function byRule(asked: Asked): string {
  const time = timeOf(asked);
  const day = bucketOf(asked.interval, asked.days.day('time'));
  return `WITH paid AS (
      SELECT ${day} AS day, asset, concat(source, ':', key) AS "group", sum(amount) AS earned, 0 AS spent, 0 AS redeemed,
        0 AS expired, count(DISTINCT owner) FILTER (WHERE amount > 0) AS active
      FROM earned_by WHERE time >= $from AND time < $to${and(ofAsset(asked))} GROUP BY 1, 2, 3),
    entire AS (
      SELECT ${bucketOf(asked.interval, asked.days.day(time))} AS day, asset, NULL AS "group", sum(earned) AS earned, sum(spent) AS spent,
        coalesce(sum(redeemed), 0) AS redeemed, sum(expired) AS expired,
        count(DISTINCT owner) FILTER (WHERE ${ACTED} AND (spent > 0 OR act IS DISTINCT FROM 'event')) AS active
      FROM entries WHERE ${time} >= $from AND ${time} < $to${and(ofAsset(asked))} GROUP BY 1, 2)
    SELECT * FROM paid UNION ALL SELECT day, asset, "group",
      earned - coalesce((SELECT sum(p.earned) FROM paid p WHERE p.day = entire.day AND p.asset = entire.asset), 0),
      spent, redeemed, expired, active FROM entire`;
}

export const DAILY: Report = {
  name: 'daily',
  title: words('每日积分', 'Points by day'),
  about: words(
    '会员每日获得、支出、兑换、过期的积分，与活跃会员数（当日获得或支出过积分）。退回记在退回之日，为负数。',
    'What members earned, spent, redeemed and what of theirs expired, and how many were active: got or used points. What is given back counts on the day of the return, below zero.',
  ),
  parameters: parameters(['from', 'to', 'asset', 'programme', 'zone', 'interval', 'group', 'by'], {
    defaults: { interval: 'day' },
  }),
  chart: {
    kind: 'line',
    x: 'date',
    series: ['earned', 'spent', 'redeemed', 'expired'],
    split: 'asset',
  },
  columns: () =>
    columns('date', 'asset', 'group', 'earned', 'spent', 'redeemed', 'expired', 'active'),
  question: (asked) => ({
    parts: asked.group === 'rule' ? byRule(asked) : byColumn(asked, asked.group),
    merge: `SELECT ${dateText('day')} AS date, asset, "group", sum(earned), sum(spent), sum(redeemed), sum(expired), sum(active)
      FROM parts GROUP BY day, asset, "group"`,
    order: '1, 2, 3',
    parameters: {
      ...{ from: asked.from, to: asked.to },
      ...given(asked, 'asset', ...(asked.group === 'tier' ? (['programme'] as const) : [])),
    },
  }),
};

export const SHARES: Report = {
  name: 'shares',
  title: words('转化与过期', 'Conversion and expiry'),
  about: words(
    '新会员（第一次出现）中在几天之内获得过积分的比例；本期获得积分的会员中本期兑换过的比例；本期过期积分对本期获得积分之比。',
    'Of new members (seen for the first time), those who got points within so many days; of the members who got points in a period, those who redeemed in it; what expired in it, by what was earned in it.',
  ),
  parameters: parameters(['from', 'to', 'asset', 'zone', 'interval', 'within'], {
    defaults: { interval: 'month' },
  }),
  chart: {
    kind: 'line',
    x: 'date',
    series: ['newShare', 'redeemedShare', 'expiredShare'],
    split: 'asset',
  },
  columns: () =>
    columns(
      ...([
        'date',
        'asset',
        'new',
        'newEarners',
        'newShare',
        'earners',
        'redeemers',
        'redeemedShare',
      ] as const),
      ...(['earned', 'expired', 'expiredShare'] as const),
    ),
  question: (asked) => sharesQuestion(asked),
};

function sharesQuestion(asked: Asked): Ordered {
  const bucket = (time: string): string => bucketOf(asked.interval, asked.days.day(time));
  const isAsked = 'effective < $to';
  const asset = asked.asset === undefined ? 'asset' : 'CAST($asset AS VARCHAR)';
  // A member is new in all assets at once; an asset in which nobody has anything has no row. Who earns by an event had an account by then.
  const parts = `WITH seen AS (
      SELECT owner, min(t) AS t FROM (
        ${firstOf({ ...asked, asset: undefined })}
        UNION ALL SELECT owner, happened FROM acts WHERE (happened < time OR act <> 'event' OR earned = 0) AND ${IS_MEMBER}) GROUP BY owner
      HAVING min(t) >= $from AND min(t) < $to),
    moved AS (
      SELECT ${periodOf(asked.interval, asked.days.day('effective'))} AS n, ${asset} AS asset, owner,
        CASE WHEN earned > 0 AND type <> 'reverse' THEN effective END AS earns, redeemed > 0 AND ${isAsked} AS redeems
      FROM entries WHERE effective >= $from AND effective < $to + $withinMs
        AND (earned > 0 AND type <> 'reverse' OR redeemed > 0)${and(ofAsset(asked))}),
    used AS (
      SELECT asset, owner, ${bitsOf('n')} AS number, ${bitsWhere('earns < $to', 'n')} AS earns, ${bitsWhere('redeems', 'n')} AS redeems,
        min(earns) AS first
      FROM moved GROUP BY 1, 2, 3),
    alike AS (SELECT asset, number, earns, earns & redeems AS redeems, count(*) AS members FROM used GROUP BY 1, 2, 3, 4),
    got AS (
      SELECT any_value(s.t) AS t, u.asset FROM seen s JOIN used u ON u.owner = s.owner
      WHERE u.first < s.t + $withinMs GROUP BY u.asset, u.owner)
    SELECT ${bucket('t')} AS day, NULL AS asset, count(*) AS new, 0 AS new_earners, 0 AS earners, 0 AS redeemers,
      0 AS earned, 0 AS expired FROM seen GROUP BY 1
    UNION ALL SELECT ${bucket('t')}, asset, 0, count(*), 0, 0, 0, 0 FROM got GROUP BY 1, 2
    UNION ALL SELECT ${firstDayOf(asked.interval, periodAt('number', 'place'))}, asset, 0, 0, sum(members),
      coalesce(sum(members) FILTER (WHERE redeems & bit <> 0), 0), 0, 0
      FROM alike, ${ALL_BITS} WHERE earns & bit <> 0 GROUP BY 1, 2
    UNION ALL SELECT ${bucketOf(asked.interval, 'day')}, asset, 0, 0, 0, 0, sum(earned), sum(expired) FROM (
      SELECT ${asked.days.day('effective')} AS day, asset, sum(earned) AS earned, sum(expired) AS expired
      FROM entries WHERE effective >= $from AND ${isAsked}${and(ofAsset(asked))} GROUP BY 1, 2) GROUP BY 1, 2`;
  const merge = `WITH sums AS (
      SELECT day, asset, sum(new_earners) AS new_earners, sum(earners) AS earners, sum(redeemers) AS redeemers, sum(earned) AS earned,
        sum(expired) AS expired FROM parts WHERE asset IS NOT NULL GROUP BY day, asset),
    fresh AS (SELECT day, sum(new) AS new FROM parts GROUP BY day),
    grid AS (SELECT f.day, f.new, a.asset FROM fresh f, (SELECT DISTINCT asset FROM sums) a)
    SELECT ${dateText('day')} AS date, asset, new, ${or0('new_earners')}, ${share(or0('new_earners'), 'new')}, ${or0('earners')},
      ${or0('redeemers')}, ${share(or0('redeemers'), or0('earners'))}, ${or0('earned')}, ${or0('expired')},
      ${share(or0('expired'), or0('earned'))}
    FROM grid LEFT JOIN sums USING (day, asset)`;
  const parameters = { from: asked.from, to: asked.to, withinMs: asked.within * 86_400_000 };
  return { parts, merge, order: '1, 2', parameters: { ...parameters, ...given(asked, 'asset') } };
}
