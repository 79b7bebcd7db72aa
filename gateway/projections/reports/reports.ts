// Which reports there are. Owns: the list; a report as the question that the tables are asked. Never touches: SQL of any of them, who asks.

import type { ReportQuestion } from '../question.js';
import { ANONYMISED } from './anonymised.js';
import { DAILY, SHARES } from './daily.js';
import { BREAKAGE, LIABILITY } from './liability.js';
import { ORDERS } from './orders.js';
import { COHORTS, FUNNEL, RETENTION } from './retention.js';
import type { Asked, Report } from './shapes.js';
import { TOP_CAMPAIGNS, TOP_GOODS, TOP_RULES } from './tops.js';

export const REPORTS: readonly Report[] = [
  DAILY,
  LIABILITY,
  BREAKAGE,
  SHARES,
  RETENTION,
  COHORTS,
  FUNNEL,
  TOP_GOODS,
  TOP_CAMPAIGNS,
  TOP_RULES,
  ORDERS,
  ANONYMISED,
];

const byName = new Map(REPORTS.map((report) => [report.name, report]));

/** The report of this name; undefined: there is none. */
export const reportOf = (name: string): Report | undefined => byName.get(name);

/** What the tables are asked: rows in the report's order, at most as many as are asked for, under the names of its columns. */
export function questionOf(report: Report, asked: Asked): ReportQuestion {
  const { parts, merge, order, parameters } = report.question(asked);
  const names = report.columns().map(({ name }) => `"${name}"`);
  const limit = asked.limit === undefined ? '' : ` LIMIT ${asked.limit}`;
  return {
    parts,
    merge: `SELECT * FROM (${merge}) AS told(${names.join(', ')}) ORDER BY ${order}${limit}`,
    parameters,
  };
}
