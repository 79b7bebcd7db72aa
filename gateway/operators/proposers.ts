// What who has proposed something may do now. Owns: that. Never touches: proposals.

import type { Grants } from '../../engine/index.js';
import { KEYS } from '../auth/keys.js';
import type { OwnLedger } from '../documents.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { findOperator } from './operators.js';
import { permittedBy } from './roles.js';

const NAMED = /^(operator|key):(.+)$/;

/**
 * What an operator, or who shows a key, may do at this moment, by itself or with another person's agreement; undefined: it is refused, was revoked, or is not
 * there any more. `others`: what everybody else may, of whom nothing can end.
 */
export async function mayNow(
  ledger: OwnLedger,
  by: string,
  others: Grants,
): Promise<Refusal | Grants | undefined> {
  const [, kind, id = ''] = NAMED.exec(by) ?? [];
  if (kind === undefined) return others;
  if (kind === 'key') {
    const found = await KEYS.get(ledger, id);
    if (found === undefined || isRefusal(found)) return found;
    const { operations, assets, owner, revokedAt, expiresAt } = found.read();
    // Keys end by the clock of the machine, as whoever shows one is told.
    if (revokedAt !== undefined || (expiresAt ?? Number.POSITIVE_INFINITY) <= Date.now())
      return undefined;
    const only = { assets: assets && new Set(assets), owner };
    return { operations: new Set(operations), ...only, principal: by };
  }
  const found = await findOperator(ledger, id);
  if (found === undefined || isRefusal(found)) return found;
  const { disabled, roles } = found.read();
  if (disabled) return undefined;
  const permitted = await permittedBy(ledger, roles);
  if (isRefusal(permitted)) return permitted;
  const { operations, seconded } = permitted;
  return { operations: new Set([...operations, ...seconded]), principal: by };
}
