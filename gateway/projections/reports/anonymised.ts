// What members did, fit to be given away: nobody can be found in it. Owns: the report `anonymised`. Never touches: other figures, which are for who may see them.
//   reports.N1. A row is of a group of members, never of one: at least ANONYMOUS_MEMBERS_MIN of them, none of whom has more than half of its points. What is
//       in a smaller group is left out.
//   reports.N2. No id of a member, a transfer or an order, no time but a week, and no exact figure: members and times are rounded down to 5, points to
//       two digits.
//   reports.N3. A row is the same whenever and however it is asked for: weeks are whole, of UTC, by when things were booked, and over; nothing divides a
//       group that another question does not. So two exports taken from each other leave nothing.

import { limits } from '../../../engine/index.js';
import { ANONYMOUS_MEMBERS_MIN, ANONYMOUS_ROUNDED } from '../../fixed-limits.js';
import { columns, parameters, words } from './columns.js';
import type { Report } from './shapes.js';
import { and, dateText, given, ofAsset } from './sql.js';

const WEEK_DAYS = 7;
/** 1970-01-01 was a Thursday: the first Monday was four days later. */
const FIRST_MONDAY = 4;
const WEEK_MS = WEEK_DAYS * limits.DAY_MS;
const OFFSET_MS = FIRST_MONDAY * limits.DAY_MS;
/** So long after its end a week is in the tables of every node. */
const SETTLED_MS = limits.DAY_MS;

/** The beginning of the first week that begins at a time or later. */
const mondayFrom = (time: number): number =>
  Math.ceil((time - OFFSET_MS) / WEEK_MS) * WEEK_MS + OFFSET_MS;
/** The end of the last week that has ended by a time. */
const mondayUntil = (time: number): number =>
  Math.floor((time - OFFSET_MS) / WEEK_MS) * WEEK_MS + OFFSET_MS;

const WHAT = `CASE WHEN type = 'reverse' THEN 'reversed' WHEN redeemed > 0 THEN 'redeemed' WHEN expired > 0 THEN 'expired'
  WHEN earned > 0 THEN 'earned' WHEN spent > 0 THEN 'spent' END`;
const rounded = (count: string): string => `${count} - ${count} % ${ANONYMOUS_ROUNDED}`;
const TWO_DIGITS = `CAST(pow(10, greatest(0, length(CAST(sum(points) AS VARCHAR)) - 2)) AS HUGEINT)`;

export const ANONYMISED: Report = {
  name: 'anonymised',
  title: words('匿名数据', 'Anonymised'),
  about: words(
    `可对外提供：每周各类变动的会员数、次数与积分，已取整；少于 ${ANONYMOUS_MEMBERS_MIN} 名会员的分组不出现。只含已结束的整周（UTC）。`,
    `Fit to be given away: members, times and points of each week by what was done, rounded; groups of fewer than ${ANONYMOUS_MEMBERS_MIN} members are left out. Whole weeks of UTC that are over.`,
  ),
  parameters: parameters(['from', 'to', 'asset', 'limit']),
  columns: () => columns('date', 'asset', 'what', 'kind', 'members', 'times', 'points'),
  question: (asked) => ({
    parts: `WITH done AS (
        SELECT (time - ${OFFSET_MS}) // ${WEEK_MS} AS week, asset, ${WHAT} AS what, coalesce(kind, '') AS kind, owner,
          abs(earned) + abs(spent) + abs(expired) AS points
        FROM entries WHERE time >= $from AND time < $to${and(ofAsset(asked))}),
      members AS (SELECT week, asset, what, kind, owner, count(*) AS times, sum(points) AS points
        FROM done WHERE what IS NOT NULL GROUP BY ALL)
      SELECT week, asset, what, kind, count(*) AS members, sum(times) AS times, sum(points) AS points, max(points) AS most
      FROM members GROUP BY week, asset, what, kind`,
    merge: `SELECT ${dateText(`week * ${WEEK_DAYS} + ${FIRST_MONDAY}`)}, asset, what, kind, ${rounded('sum(members)')}, ${rounded('sum(times)')},
        sum(points) // ${TWO_DIGITS} * ${TWO_DIGITS}
      FROM parts GROUP BY week, asset, what, kind
      HAVING sum(members) >= ${ANONYMOUS_MEMBERS_MIN} AND 2 * max(most) <= sum(points)`,
    order: '1, 2, 3, 4',
    parameters: {
      from: mondayFrom(asked.from),
      to: mondayUntil(Math.min(asked.to, asked.now - SETTLED_MS)),
      ...given(asked, 'asset'),
    },
  }),
};
