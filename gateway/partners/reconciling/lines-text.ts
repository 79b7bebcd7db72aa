// Lines of a report as CSV. Owns: the columns, how a text is quoted. Never touches: what was found.
//   reconciling.V1. RFC 4180. What a spreadsheet would take for a formula is a text: partners say some of it.

import type { ReportLine } from './reports.js';

const COLUMNS = [
  'inconsistency',
  'finding',
  'operation',
  'asset',
  'ours',
  'theirs',
  'says',
  'time',
] as const;

function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const CSV_HEAD = `${COLUMNS.join()}\r\n`;

/** A line; its time ISO 8601, in UTC. */
export function csvLine(line: ReportLine): string {
  const { inconsistency, finding, operation, asset, ours, theirs, says, at } = line;
  const said = says === undefined ? undefined : `${says[0]} / ${says[1]}`;
  const time = new Date(at).toISOString();
  const cells = [inconsistency, finding, operation, asset, ours, theirs, said, time];
  return `${cells.map(cell).join()}\r\n`;
}
