// Exchanges with partners outside, of all members, by what records say of them. Owns: rows of exchanges. Never touches: how one goes on.
//   register.X1. There is a row for each exchange that was ever submitted, as its record was written last; those that have ended, too.

import {
  isEnded,
  type KeptExchange,
  PARTNER_EXCHANGE,
  toldExchange,
} from '../../programme/outside/process.js';
import { ACT_MARK } from '../../protocol/fields.js';
import type { ListedPartnerExchange, PartnerExchangesQuery } from '../../protocol/register.js';
import type { Ordered } from '../store.js';
import type { RegisterQuestion } from './questions.js';

/** A record as a plan has it in its place. */
type RecordTuple = readonly [type: string, key: string, value: unknown];
export type ExchangeRow = ListedPartnerExchange;

const TIME_DIGITS = 16;
const TIME_MAX = Number.MAX_SAFE_INTEGER;
const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const isOfExchange = (type: string): boolean =>
  type === PARTNER_EXCHANGE || type === ACT_MARK + PARTNER_EXCHANGE;

/** The newest first, those of one moment by their names. */
export const exchangeKey = ({
  submittedAt,
  exchange,
}: Pick<ExchangeRow, 'submittedAt' | 'exchange'>): string =>
  `${String(TIME_MAX - submittedAt).padStart(TIME_DIGITS, '0')} ${exchange}`;

/** The exchanges that a decided plan writes of its owner. */
export function exchangesWritten(
  plan: { readonly records?: unknown },
  owner: string,
): readonly ExchangeRow[] {
  const records = (plan.records ?? []) as readonly RecordTuple[];
  return records.flatMap(([type, key, value]) => {
    if (!isOfExchange(type) || value === null) return [];
    const told = toldExchange(key, owner, value as KeptExchange);
    const { step: _, until: _1, history: _2, inconsistency: _3, ...row } = told;
    const { submittedBy } = value as KeptExchange;
    return [{ ...row, ...(submittedBy !== null && { submittedBy }) }];
  });
}

export function storeExchange(rows: Ordered, row: ExchangeRow): void {
  rows.putSync(ascii(exchangeKey(row)), Buffer.from(JSON.stringify(row)));
}

/** Rows behind one of them, the newest first. */
export function exchangesAfter(
  rows: Ordered,
  { after, limit, state, partner }: Extract<RegisterQuestion, { type: 'exchanges' }>,
): readonly ExchangeRow[] {
  const found: ExchangeRow[] = [];
  for (const { key, value } of rows.getRange({ start: ascii(after) })) {
    if (key.toString('latin1') === after) continue;
    const row = JSON.parse(value.toString()) as ExchangeRow;
    if (!isIn(row, state)) continue;
    if (partner !== undefined && ![row.source, row.target].some((of) => of.platform === partner))
      continue;
    found.push(row);
    if (found.length >= limit) break;
  }
  return found;
}

function isIn(row: ExchangeRow, state: PartnerExchangesQuery['state']): boolean {
  if (state === 'any') return true;
  return state === 'ended' || state === 'open'
    ? isEnded(row) === (state === 'ended')
    : row.status === state;
}
