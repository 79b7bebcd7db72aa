// Acts of a programme: asked for, one or many. Owns: their paths, which follow from the list of acts. Never touches: what they do.

import { CALLER_ACTS } from '../../../engine/index.js';
import { forAct } from '../../auth/principal.js';
import type { GatewayLimits } from '../../limits.js';
import type { Route, ServedLedger } from '../../route.js';
import { actDescription } from '../../schema/acts.js';
import { NestedActReader } from '../../schema/command-reader.js';
import { carriedOut } from './batches.js';

/** A route for each act. */
export function actRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [...CALLER_ACTS.values()].map((act) => {
    const path = `/v1/acts/${act.name}`;
    const reader = new NestedActReader(act);
    const batched = {
      what: `POST ${path}`,
      read: (value: unknown, key?: string) => reader.read(value, key),
    };
    return {
      method: 'POST',
      path,
      body: 'batch',
      formats: ['packed', 'lines'],
      access: forAct(act),
      module: 'acts',
      describes: actDescription(act, limits),
      repeats: true,
      handle: (call) => carriedOut(ledger, call, limits, batched),
    } satisfies Route;
  });
}
