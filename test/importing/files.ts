// Drawn members as files of another points system. Owns: how lines look in CSV and NDJSON; lines that cannot be brought in. Never touches: what they
// come to.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Line } from '../../gateway/importing/line.js';
import type { Random } from '../random.js';
import type { Drawn } from './source.js';

const COLUMNS = [
  'kind',
  'user',
  'asset',
  'id',
  'amount',
  'occurredAt',
  'expiresAt',
  'type',
  'businessType',
  'businessId',
  'remark',
] as const;

const quoted = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const timeOf = (ms: number): string =>
  new Date(ms + 8 * 3_600_000).toISOString().replace('Z', '+08:00');

/** A line as a record of texts. */
function recordOf(user: string, line: Line, remark: string): Record<string, string> {
  const { kind, asset, amount, id = '', occurredAt, expiresAt, ...rest } = line;
  const { type = '', businessType = '', businessId = '' } = rest;
  return {
    ...{ kind, user, asset, id, amount: String(amount) },
    occurredAt: occurredAt === undefined ? '' : timeOf(occurredAt),
    expiresAt: expiresAt === null ? 'never' : expiresAt === undefined ? '' : timeOf(expiresAt),
    ...{ type, businessType, businessId, remark },
  };
}

/** Lines of which none can be, in the columns of history.csv; all members are strange to the others. */
const BAD = [
  'entry,bad1,gold,x,1.5,2026-01-01T00:00:00Z,,,,,',
  'entry,bad1,gold,x,1,2026-01-01T00:00:00,,,,,',
  'entry,bad1,ghost,x,1,2026-01-01T00:00:00Z,,,,,',
  'balance,bad1,gold,x,-5,,,,,,',
  'entry,bad1,gold,x,9007199254740993,2026-01-01T00:00:00Z,,,,,',
  'entry,bad2,gold,x,-5,2026-01-01T00:00:00Z,,,,,',
  'entry,bad3,gold,x,5,2099-01-01T00:00:00Z,,,,,',
  'entry,bad4,gold,x,5,2026-01-01T00:00:00Z,2025-01-01T00:00:00Z,,,,',
  'entry,bad5,gold,x,5,1970-01-01T00:00:00Z,,,,,',
  'entry,,gold,x,5,2026-01-01T00:00:00Z,,,,,',
  'entry,bad6,gold,"x,5',
  'entry,bad6,gold',
];
/** And what is refused of them: their fields. */
export const BAD_FIELDS = [
  'amount',
  'occurredAt',
  'asset',
  'amount',
  'amount',
  'amount',
  'occurredAt',
  'expiresAt',
  'occurredAt',
  'owner',
  undefined,
  undefined,
];

/** Writes the files; which lines of which are bad. */
export function writeFiles(folder: string, drawn: readonly Drawn[], random: Random) {
  const remark = '“多买多送”, '.repeat(12).slice(0, 80);
  const csv: string[] = [];
  const objects: string[] = [];
  for (const [i, { lines }] of drawn.entries())
    for (const line of lines) {
      const record = recordOf(`u${i}`, line, remark);
      if (random.chance(0.5)) csv.push(COLUMNS.map((name) => quoted(record[name] ?? '')).join(','));
      else objects.push(JSON.stringify(record));
    }
  random.shuffle(csv);
  random.shuffle(objects);
  const bad: { readonly line: number; readonly field: string | undefined }[] = [];
  for (const [i, one] of BAD.entries()) {
    csv.push(one);
    // The first line names the columns.
    bad.push({ line: csv.length + 1, field: BAD_FIELDS[i] });
  }
  const files = [join(folder, 'history.csv'), join(folder, 'more.ndjson'), join(folder, 'who.csv')];
  const [history = '', more = '', who = ''] = files;
  writeFileSync(history, `\ufeff${[COLUMNS.join(','), ...csv].join('\r\n')}\r\n`);
  writeFileSync(more, objects.join('\n'));
  const members = drawn.map((_, i) => `member,u${i},m${i},${i % 5 === 0 ? 'frozen' : 'active'}`);
  writeFileSync(who, ['kind,user,owner,status', ...members].join('\n'));
  return { files, bad };
}
