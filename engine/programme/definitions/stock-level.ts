// Which step of stock factors (pricing.ts) goods are at: said by the ledger when their stock falls below one, or is above it again.

import { AMOUNT_MAX } from '../../limits.js';
import { whole } from '../../protocol/fields.js';
import { kind } from './kind.js';

export const stockLevel = kind({
  name: 'stock-level',
  isMany: true,
  about: 'How far the stock of goods has fallen. Its key is that of the goods. Made by the ledger.',
  by: 'engine',
  decides: {
    under: whole(
      1,
      AMOUNT_MAX,
      'DEFINITION_INVALID',
      'Fewer pieces than this are left. Retired: the stock is above every step.',
    ),
  },
  shows: {},
});
