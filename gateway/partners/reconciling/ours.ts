// What a partner was asked for, out of the ledger. Owns: that it is what this ledger has asked the partner for, and nothing that it was asked itself.

import {
  askedOperation,
  type Engine,
  isRefusal,
  partnerOperations,
} from '../../../engine/index.js';
import type { OursList } from './comparing.js';

export function oursOf({ own }: Pick<Engine, 'own'>, partner: string): OursList {
  return {
    async *list({ from, until }) {
      for await (const page of partnerOperations(own, partner, from, until))
        yield isRefusal(page) ? page : page.filter(({ direction }) => direction === 'out');
    },
    find: (operation, at) => askedOperation(own, partner, operation, at),
  };
}
