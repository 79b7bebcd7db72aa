// Every route that is served, of a ledger that is not open.

import { gatewayLimits } from '../../gateway/limits.js';
import { Metrics } from '../../gateway/metrics/metrics.js';
import { closedLedger, type Route } from '../../gateway/route.js';
import { allRoutes } from '../../gateway/serve.js';
import { Tickets } from '../../gateway/ws/tickets.js';

const limits = gatewayLimits();

export const ALL_ROUTES: readonly Route[] = allRoutes(
  closedLedger('not open'),
  limits,
  new Metrics(
    () => undefined,
    () => 0,
  ),
  new Tickets(limits),
);
