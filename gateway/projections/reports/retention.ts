// Who came back. Owns: the reports `retention`, `cohorts` and `funnel`. Never touches: days (days.ts).
//   reports.R1. A member belongs to the day of its first entry, in whatever asset is asked for; that never changes but by an import of what was before.
//   reports.R2. Who was not there for long enough yet is not counted among those who did not come back.

import { limits } from '../../../engine/index.js';
import { columns, parameters, words } from './columns.js';
import { ALL_BITS, bitsOf, bitsWhere, bucketOf, firstDayOf, periodAt, periodOf } from './days.js';
import type { Asked, Ordered, Report, Step, Wrong } from './shapes.js';
import {
  ACTED,
  and,
  dateText,
  firstOf,
  given,
  IS_MEMBER,
  ofAsset,
  ofProgramme,
  share,
} from './sql.js';

const { DAY_MS } = limits;
const HOUR_MS = 3_600_000;
/** After how many days it is looked whether a member came back. */
const AFTER = [30, 90] as const;

/** Members by when they had their first entry, of those of a time. */
const firsts = (asked: Asked): string =>
  `firsts AS (SELECT owner, min(t) AS t FROM (${firstOf(asked)}) GROUP BY owner HAVING min(t) >= $from AND min(t) < $to)`;

export const RETENTION: Report = {
  name: 'retention',
  title: words('30 日与 90 日留存', 'Retention after 30 and 90 days'),
  about: words(
    '以第一笔记录之日为第 0 日：从第 30（90）日起、`within` 日内又获得或支出过积分的会员。期限未满的会员不计入分母。',
    'Day 0 is that of the first entry: retained is who earned or used points again from day 30 (90) on, within `within` days. Whose time is not over yet is not counted.',
  ),
  parameters: parameters(['from', 'to', 'asset', 'zone', 'interval', 'within'], {
    defaults: { interval: 'month' },
  }),
  chart: { kind: 'line', x: 'cohort', series: ['share30', 'share90'] },
  columns: () =>
    columns(
      'cohort',
      'members',
      ...AFTER.flatMap((n) => [`eligible${n}`, `retained${n}`, `share${n}`] as const),
    ),
  question(asked) {
    const { within, days } = asked;
    const back = (n: number): string =>
      `bool_or(${days.day('e.effective')} - f.day >= ${n} AND ${days.day('e.effective')} - f.day < ${n + within})`;
    // Not before all of its days are over.
    const today = days.of(asked.now);
    const isOver = (n: number): string => `f.day + ${n + within} <= ${today}`;
    const parts = `WITH ${firsts(asked)}, f AS (SELECT owner, ${days.day('t')} AS day FROM firsts),
      hits AS (SELECT f.owner, ${AFTER.map((n) => `${back(n)} AS back${n}`).join(', ')}
        FROM f JOIN entries e ON e.owner = f.owner WHERE ${ACTED}${and(ofAsset(asked, 'e.asset'))} GROUP BY f.owner)
      SELECT ${bucketOf(asked.interval, 'f.day')} AS cohort, count(*) AS members, ${AFTER.map(
        (n) =>
          `count(*) FILTER (WHERE ${isOver(n)}) AS eligible${n}, count(*) FILTER (WHERE ${isOver(n)} AND h.back${n}) AS retained${n}`,
      ).join(', ')}
      FROM f LEFT JOIN hits h ON h.owner = f.owner GROUP BY 1`;
    const merge = `SELECT ${dateText('cohort')}, sum(members), ${AFTER.map(
      (n) =>
        `sum(eligible${n}), sum(retained${n}), ${share(`sum(retained${n})`, `sum(eligible${n})`)}`,
    ).join(', ')} FROM parts GROUP BY cohort`;
    return {
      parts,
      merge,
      order: '1',
      parameters: { from: asked.from, to: asked.to, ...given(asked, 'asset') },
    };
  },
};

export const COHORTS: Report = {
  name: 'cohorts',
  title: words('批次', 'Cohorts'),
  about: words(
    '按第一笔记录所在的期分批；以后每一期中仍活跃的会员，与他们获得、兑换的积分。',
    'Members by the period of their first entry: how many of them were active in each later one, and what they earned and redeemed in it.',
  ),
  parameters: parameters(['from', 'to', 'asset', 'zone', 'interval'], {
    required: ['asset'],
    defaults: { interval: 'month' },
  }),
  chart: { kind: 'line', x: 'offset', series: ['share'], split: 'cohort' },
  columns: () => columns('cohort', 'members', 'offset', 'active', 'share', 'earned', 'redeemed'),
  question(asked) {
    const { interval, days } = asked;
    const period = periodOf(interval, days.day('e.effective'));
    const parts = `WITH ${firsts(asked)}, f AS (SELECT owner, ${periodOf(interval, days.day('t'))} AS n FROM firsts),
      acting AS (SELECT owner, ${bitsOf('n')} AS number, ${bitsWhere('true', 'n')} AS bits
        FROM (SELECT e.owner, ${period} AS n FROM entries e WHERE e.asset = $asset AND ${ACTED}) GROUP BY 1, 2),
      alike AS (SELECT f.n, number, bits, count(*) AS members FROM acting JOIN f USING (owner) GROUP BY 1, 2, 3),
      cells AS (
        SELECT n, ${periodAt('number', 'place')} - n AS later, 0 AS members, sum(members) AS active, 0 AS earned, 0 AS redeemed
        FROM alike, ${ALL_BITS} WHERE bits & bit <> 0 GROUP BY 1, 2
        UNION ALL SELECT f.n, ${period} - f.n, 0, 0, sum(earned), coalesce(sum(redeemed), 0)
        FROM entries e JOIN f ON f.owner = e.owner WHERE e.asset = $asset GROUP BY 1, 2
        UNION ALL SELECT n, NULL, count(*), 0, 0, 0 FROM f GROUP BY 1)
      SELECT ${firstDayOf(interval, 'n')} AS cohort, later, members, active, earned, redeemed FROM cells`;
    // Looked at once: what is named twice may be worked out twice.
    const merge = `SELECT ${dateText('cohort')}, any_value(size), later, sum(active), ${share('sum(active)', 'any_value(size)')},
        sum(earned), sum(redeemed)
      FROM (SELECT *, sum(members) OVER (PARTITION BY cohort) AS size FROM parts) WHERE later IS NOT NULL GROUP BY cohort, later`;
    return {
      parts,
      merge,
      order: '1, 3',
      parameters: { from: asked.from, to: asked.to, ...given(asked, 'asset') },
    };
  },
};

// --- funnels ----------------------------------------------------------------------------------------------------

const STEPS_MAX = 8;
const STEPS = /^(?:joined|earn|spend|redeem|order|(?:event|act):[A-Za-z0-9._:-]{1,64})$/;

/** The steps that a text names; undefined: it names none. */
export function stepsIn(text: string): readonly Step[] | undefined {
  const all = text.split(',');
  if (all.length < 2 || all.length > STEPS_MAX || !all.every((one) => STEPS.test(one)))
    return undefined;
  return all.map((one) => {
    const at = one.indexOf(':');
    return at < 0
      ? { text: one, what: one as Step['what'] }
      : { text: one, what: one.slice(0, at) as Step['what'], of: one.slice(at + 1) };
  });
}

/** What is wrong with the text of steps. */
export const STEPS_ARE = `steps are 2 to ${STEPS_MAX} of joined, earn, spend, redeem, order, event:TYPE, act:NAME, with commas.`;

/** Who did a step, and when. \`n\`: its parameter. */
function doing({ what }: Step, n: number, asked: Asked): string {
  const entry = (condition: string): string =>
    `SELECT owner, effective AS t FROM entries WHERE ${condition} AND type <> 'reverse'${and(ofAsset(asked))}`;
  switch (what) {
    case 'joined':
      return `SELECT owner, min(t) AS t FROM (${firstOf(asked)}) GROUP BY owner`;
    case 'event':
      return `SELECT owner, happened AS t FROM acts WHERE act = 'event' AND type = $step${n}${and(ofProgramme(asked))}`;
    case 'act':
      return `SELECT owner, time AS t FROM acts WHERE act = $step${n} AND ${IS_MEMBER}`;
    case 'earn':
      return entry('earned > 0');
    case 'spend':
      return entry('spent > 0');
    case 'redeem':
      return entry('redeemed > 0');
    case 'order':
      return `SELECT owner, time AS t FROM order_changes WHERE type = 'orderCreated'${and(ofProgramme(asked))}`;
  }
}

function funnelQuestion(asked: Asked): Ordered {
  const { steps } = asked;
  const ctes = steps.map((step, n) => {
    if (n === 0)
      return `s0 AS (SELECT owner, min(t) AS t0, min(t) AS t FROM (${doing(step, n, asked)}) WHERE t >= $from AND t < $to GROUP BY owner)`;
    // The same again is another one: later.
    const isSame = steps[n - 1]?.text === step.text;
    return `s${n} AS (SELECT s.owner, any_value(s.t0) AS t0, min(x.t) AS t FROM s${n - 1} s JOIN (${doing(step, n, asked)}) x ON x.owner = s.owner
      WHERE x.t ${isSame ? '>' : '>='} s.t AND x.t < s.t0 + $withinMs GROUP BY s.owner)`;
  });
  const parts = `WITH ${ctes.join(', ')} ${steps
    .map(
      (_, n) =>
        `SELECT ${n} AS step, count(*) AS members, coalesce(sum(t - t0), 0) AS took FROM s${n}`,
    )
    .join(' UNION ALL ')}`;
  const names = steps.map((_, n) => `(${n}, $name${n})`).join(', ');
  const merge = `WITH sums AS (SELECT step, sum(members) AS members, sum(took) AS took FROM parts GROUP BY step)
    SELECT step + 1, name, members, ${share('members', 'lag(members, 1, members) OVER (ORDER BY step)')},
      ${share('members', 'first_value(members) OVER (ORDER BY step)')},
      CASE WHEN members = 0 THEN NULL ELSE took // (members * ${HOUR_MS}) END
    FROM sums JOIN (VALUES ${names}) AS n(step, name) USING (step)`;
  const parameters = {
    ...{ from: asked.from, to: asked.to, withinMs: asked.within * DAY_MS },
    ...Object.fromEntries(
      steps.flatMap(({ of }, n) => (of === undefined ? [] : [[`step${n}`, of]])),
    ),
    ...Object.fromEntries(steps.map(({ text }, n) => [`name${n}`, text])),
    ...given(asked, ...usedBy(asked)),
  };
  return { parts, merge, order: '1', parameters };
}

/** Which of what was asked the steps look at: what none does may not be given to the question. */
function usedBy({ steps }: Asked): ('asset' | 'programme')[] {
  const isOfEntries = steps.some(({ what }) =>
    ['joined', 'earn', 'spend', 'redeem'].includes(what),
  );
  const isOfProgramme = steps.some(({ what }) => what === 'event' || what === 'order');
  return [
    ...(isOfEntries ? (['asset'] as const) : []),
    ...(isOfProgramme ? (['programme'] as const) : []),
  ];
}

export const FUNNEL: Report = {
  name: 'funnel',
  title: words('漏斗', 'Funnel'),
  about: words(
    '在这段时间内做了第一步的会员中，有多少人按顺序做了以后各步（在第一步之后 `within` 日内）。',
    'Of the members who did the first step in this time: how many did the others, one after the other, within `within` days of the first.',
  ),
  parameters: parameters(['steps', 'from', 'to', 'asset', 'programme', 'zone', 'within'], {
    required: ['steps'],
  }),
  chart: { kind: 'bars', x: 'what', series: ['members'] },
  columns: () => columns('step', 'what', 'members', 'ofBefore', 'ofFirst', 'hours'),
  question: funnelQuestion,
  wrong: ({ steps }): Wrong | undefined =>
    steps.length === 0 ? { field: 'steps', detail: STEPS_ARE } : undefined,
};
