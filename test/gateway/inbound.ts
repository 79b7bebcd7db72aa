// A partner outside that asks a ledger. Owns: its record, its token, how it asks. Never touches: what is answered.

import { type Answered, bare, type Gateway, type Headers } from './harness.js';

export interface InboundPartner {
  readonly id: string;
  readonly token: string;
  ask(request: string, body?: unknown, headers?: Headers): Promise<Answered>;
}

/** Makes a platform a partner that may add and deduct these points. Returns its token. */
export async function putPartner(
  ask: Gateway['ask'],
  id: string,
  inboundAssets: readonly string[],
): Promise<string> {
  const record = { url: 'https://partner.example', token: 'x', assets: ['omega'], inboundAssets };
  const { body, text } = await ask(`PUT /v1/partners/${id}`, record);
  if (typeof body?.inboundToken !== 'string') throw new Error(text);
  return body.inboundToken;
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
