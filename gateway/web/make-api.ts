// The document that the page's client is made from. Owns: whose routes it has. Never touches: how it becomes TypeScript (api-source.ts).
// Loaded by ops/page.js alone, while the package is built.

import { gatewayLimits } from '../limits.js';
import { Metrics } from '../metrics/metrics.js';
import { closedLedger } from '../route.js';
import { openApi } from '../schema/document.js';
import { allRoutes } from '../serve.js';
import { version } from '../version.js';
import { Tickets } from '../ws/tickets.js';
import type { ApiDocument } from './api-source.js';

export { apiSource, schemaSource } from './api-source.js';

/** The OpenAPI document of all routes, of a ledger that is not open. */
export function documentOf(): ApiDocument {
  const limits = gatewayLimits();
  const metrics = new Metrics(
    () => undefined,
    () => 0,
  );
  const ledger = closedLedger('not open');
  const routes = allRoutes(ledger, limits, metrics, new Tickets(limits));
  return JSON.parse(openApi(routes, version())) as ApiDocument;
}
