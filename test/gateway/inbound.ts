// A partner outside that asks a ledger. Owns: its record, its token, how it asks. Never touches: what is answered.

import { createHash } from 'node:crypto';
import type { Engine } from '../../engine/index.js';
import { PARTNERS, type StoredPartner } from '../../gateway/partners/records.js';
import { isRefusal } from '../../gateway/refusal.js';
import { type Answered, bare, type Headers } from './harness.js';

export interface InboundPartner {
  readonly id: string;
  readonly token: string;
  ask(request: string, body?: unknown, headers?: Headers): Promise<Answered>;
}

/** Makes a platform a partner. Its token counts once the gateway has read it. */
export async function putPartner(
  engine: Pick<Engine, 'own'>,
  id: string,
  inboundAssets: readonly string[],
  more: Partial<StoredPartner> = {},
): Promise<string> {
  const token = `jifen_partner_${id.padEnd(43, '0')}`;
  const stored: StoredPartner = {
    ...{ platform: id, adapter: 'http', url: 'https://partner.example', assets: ['outside'] },
    ...{ inboundAssets, createsUsers: false, state: 'active', createdAt: 1, updatedAt: 1 },
    ...{ sealed: 'x', keyId: 'x' },
    inbound: [{ hash: createHash('sha256').update(token).digest('hex') }],
    ...more,
  };
  const refused = await PARTNERS.put(engine, id, stored);
  if (isRefusal(refused)) throw new Error(refused.code);
  return token;
}

export const inboundPartner = (
  address: () => string,
  id: string,
  token: string,
): InboundPartner => ({
  ...{ id, token },
  ask: (request, body, headers = {}) =>
    bare(address(), request, body, { Authorization: `Bearer ${token}`, ...headers }),
});

/** An operation, as it is asked for. */
export const asked = (
  transaction_id: string,
  user_id: string,
  amount: number,
  more: object = {},
) => ({
  ...{ transaction_id, user_id, amount, asset: 'alpha' },
  ...more,
});
