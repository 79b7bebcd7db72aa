// Goods of which few pieces are left: from how many on that is said, and what is kept of it. Owns: both. Never touches: who looks, and is told.
//   mall.L1. It is said once that there are few, and once that there are enough again; which of the two was said last is a record of the stock.

import { LOW_CODES_DEFAULT } from '../../limits.js';
import { NOT_OF_MEMBERS, recordType } from '../record-type.js';

/** The type of the record of a stock that says so, and its key; it is there as long as there are few. */
export const LOW_STOCK = recordType('low', NOT_OF_MEMBERS);

/** The acts’ and effects’ word for either. */
export const STOCK_STATES = ['low', 'enough'] as const;
export type StockState = (typeof STOCK_STATES)[number];

/** How much above the limit there must be, in parts of it, to be enough again. */
const ABOVE = 10;

/** Fewer pieces of goods than this are few; 0: there are never too few. */
export function lowStockOf(document: {
  readonly delivery?: unknown;
  readonly lowStock?: unknown;
}): number {
  const { delivery, lowStock } = document;
  if (typeof lowStock === 'number') return lowStock;
  return delivery === 'code' ? LOW_CODES_DEFAULT : 0;
}

/** Are there few? `wasLow`: there were; then there are until there is a tenth more than the limit. */
export const isLow = (left: number, under: number, wasLow: boolean): boolean =>
  left < under || (wasLow && left < under + Math.ceil(under / ABOVE) && under > 0);
