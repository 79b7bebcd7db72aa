// Marks of risk of all members, by what records say of them. Owns: rows of members and marks. Never touches: what marks stop.
//   register.M1. There is a row for each mark that a member has had, and it says how that stands: what its record has no more, before its end, was lifted.

import { ACT_MARK } from '../../protocol/fields.js';
import {
  isInForce,
  type Mark,
  type MarkedMember,
  type Marks,
  RISK_KEY,
  RISK_TYPE,
  type RiskState,
} from '../../protocol/risk.js';
import type { Ordered } from '../store.js';
import type { RegisterQuestion } from './questions.js';

/** A record as a plan has it in its place. */
type RecordTuple = readonly [type: string, key: string, value: unknown];
/** A mark as it is stored, and when its record had it no more. */
type Row = Mark & { readonly gone?: number };

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const rowOf = (bytes: Uint8Array): Row => JSON.parse(Buffer.from(bytes).toString()) as Row;
const stateOf = ({ until, gone }: Row, time: number): RiskState => {
  if (gone !== undefined && (until === null || gone < until)) return 'lifted';
  return isInForce({ until }, time) ? 'active' : 'ended';
};

/** The marks that a decided plan writes of its owner; undefined: it writes none of them. */
export function marksWritten(plan: { readonly records?: unknown }): readonly Mark[] | undefined {
  const records = (plan.records ?? []) as readonly RecordTuple[];
  const found = records.find(([type, key]) => isOfRisk(type) && key === RISK_KEY);
  return found && ((found[2] as Marks | null)?.marks ?? []);
}

const isOfRisk = (type: string): boolean => type === RISK_TYPE || type === ACT_MARK + RISK_TYPE;

/** A member has these marks from a time on. */
export function storeMarks(
  rows: Ordered,
  owner: string,
  marks: readonly Mark[],
  time: number,
): void {
  const range = { start: ascii(`${owner} `), end: ascii(`${owner}!`) };
  const now = new Set(marks.map(({ mark }) => mark));
  for (const { key, value } of [...rows.getRange(range)]) {
    const row = rowOf(value);
    if (row.gone === undefined && !now.has(row.mark))
      rows.putSync(key, Buffer.from(JSON.stringify({ ...row, gone: time })));
  }
  for (const mark of marks)
    rows.putSync(ascii(`${owner} ${mark.mark}`), Buffer.from(JSON.stringify(mark)));
}

/** Rows behind one of them, by member and mark. */
export function risksAfter(
  rows: Ordered,
  asked: Extract<RegisterQuestion, { type: 'risks' }>,
): readonly MarkedMember[] {
  const { after, limit, time, state, reason, action } = asked;
  const found: MarkedMember[] = [];
  for (const { key, value } of rows.getRange({ start: ascii(after) })) {
    const name = key.toString('latin1');
    const { gone, ...mark } = rowOf(value);
    const is = stateOf({ ...mark, ...(gone === undefined ? {} : { gone }) }, time);
    if (name === after || is !== state) continue;
    if ((reason ?? mark.reason) !== mark.reason || (action ?? mark.action) !== mark.action)
      continue;
    const owner = name.slice(0, name.indexOf(' '));
    found.push({ owner, ...mark, state: is, liftedAt: is === 'lifted' ? gone : undefined });
    if (found.length >= limit) break;
  }
  return found;
}
