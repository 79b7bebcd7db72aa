// What a partner may do that asks this ledger. Owns: its grants. Never touches: tokens.

import type { Principal } from '../auth/principal.js';
import type { GatewayLimits } from '../limits.js';
import type { Partner } from './records.js';

const known = new WeakMap<Partner, Principal>();

/** A partner as who asks: for the assets that its record opens to it, and for what the calls of the contract take. */
export function partnerPrincipal(partner: Partner, { platformRate }: GatewayLimits): Principal {
  let principal = known.get(partner);
  if (principal === undefined) {
    principal = {
      ...{ kind: 'partner', id: partner.platform, principal: `partner:${partner.platform}` },
      operations: new Set(['read', 'earn', 'spend']),
      assets: new Set(partner.inboundAssets ?? []),
      ...{ owner: undefined, rate: platformRate, platform: undefined },
    };
    known.set(partner, principal);
  }
  return principal;
}
