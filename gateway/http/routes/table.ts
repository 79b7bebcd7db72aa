// The table of routes: who may ask what. Owns: which there are. Never touches: what any of them does.

import type { GatewayLimits } from '../../limits.js';
import type { Metrics } from '../../metrics/metrics.js';
import type { Route, ServedLedger } from '../../route.js';
import { accessRoutes } from './access.js';
import { accountRoutes } from './accounts.js';
import { actRoutes } from './acts.js';
import { alertRoutes } from './alerts.js';
import { anchorRoutes } from './anchor.js';
import { assetRoutes } from './assets.js';
import { auditRoutes } from './audit.js';
import { balanceRoutes } from './balances.js';
import { budgetRoutes } from './budgets.js';
import { cardRoutes } from './cards.js';
import { channelRoutes } from './channels.js';
import { clearingRoutes } from './clearing.js';
import { codeRoutes } from './codes.js';
import { commandRoutes } from './commands.js';
import { contactRoutes } from './contacts.js';
import { correctionRoutes } from './corrections.js';
import { couponRoutes } from './coupons.js';
import { definitionRoutes, programmeRoutes } from './definitions.js';
import { disputeRoutes } from './disputes.js';
import { drawRoutes } from './draws.js';
import { eventRoutes } from './events.js';
import { exchangeRoutes } from './exchanges.js';
import { exportRoutes } from './exports.js';
import { goodsRoutes } from './goods.js';
import { holdRoutes } from './holds.js';
import { importRoutes } from './imports.js';
import { internalRoutes } from './internal.js';
import { leaderboardRoutes } from './leaderboards.js';
import { memberRoutes } from './members.js';
import { mergeRoutes } from './merges.js';
import { oauthRoutes } from './oauth.js';
import { oauthClientRoutes } from './oauth-clients.js';
import { operationRoutes } from './operations.js';
import { operatorSessionRoutes } from './operator-session.js';
import { operatorRoutes } from './operators.js';
import { orderRoutes } from './orders.js';
import { overviewRoutes } from './overview.js';
import { ownRoutes } from './own.js';
import { partnerExchangeRoutes } from './partner-exchanges.js';
import { partnerRoutes } from './partners.js';
import { pointsRoutes } from './points.js';
import { privacyRoutes } from './privacy.js';
import { proposalRoutes } from './proposals.js';
import { receiptRoutes } from './receipts.js';
import { reconciliationRoutes } from './reconciliations.js';
import { referralRoutes } from './referrals.js';
import { reportRoutes } from './reports.js';
import { riskRoutes } from './risks.js';
import { secondFactorRoutes } from './second-factor.js';
import { signInRoutes } from './sign-in.js';
import { simulationRoutes } from './simulations.js';
import { sqlRoutes } from './sql.js';
import { stockRoutes } from './stock.js';
import { submissionRoutes } from './submissions.js';
import { transferRoutes } from './transfers.js';
import { userRoutes } from './users.js';
import { vaultRoutes } from './vault.js';
import { webhookRoutes } from './webhooks.js';

/** The table of routes. */
export function routes(ledger: ServedLedger, limits: GatewayLimits, metrics: Metrics): Route[] {
  return [
    ...transferRoutes(ledger, limits),
    ...commandRoutes(ledger, limits),
    ...holdRoutes(ledger, limits),
    ...accountRoutes(ledger),
    ...balanceRoutes(ledger, limits),
    ...exportRoutes(ledger),
    ...assetRoutes(ledger),
    ...definitionRoutes(ledger, limits),
    ...programmeRoutes(ledger),
    ...budgetRoutes(ledger),
    ...simulationRoutes(ledger, limits),
    ...correctionRoutes(ledger, limits),
    ...eventRoutes(ledger, limits),
    ...memberRoutes(ledger, limits),
    ...ownRoutes(ledger),
    ...mergeRoutes(ledger, limits),
    ...vaultRoutes(ledger, limits),
    ...privacyRoutes(ledger, limits),
    ...referralRoutes(ledger),
    ...leaderboardRoutes(ledger),
    ...drawRoutes(ledger, limits),
    ...couponRoutes(ledger),
    ...orderRoutes(ledger, limits),
    ...stockRoutes(ledger),
    ...exchangeRoutes(ledger, limits),
    ...submissionRoutes(ledger, limits),
    ...proposalRoutes(ledger, limits),
    ...riskRoutes(ledger, limits),
    ...partnerExchangeRoutes(ledger, limits),
    ...clearingRoutes(ledger),
    ...disputeRoutes(ledger),
    ...goodsRoutes(ledger, limits),
    ...codeRoutes(ledger),
    ...cardRoutes(ledger),
    ...actRoutes(ledger, limits),
    ...accessRoutes(ledger, limits),
    ...userRoutes(ledger),
    ...signInRoutes(ledger, limits),
    ...secondFactorRoutes(ledger),
    ...oauthClientRoutes(ledger, limits),
    ...oauthRoutes(ledger),
    ...operatorRoutes(ledger, limits),
    ...operatorSessionRoutes(ledger, limits),
    ...importRoutes(ledger),
    ...webhookRoutes(ledger, limits),
    ...channelRoutes(ledger, limits),
    ...contactRoutes(ledger),
    ...partnerRoutes(ledger, limits),
    ...reconciliationRoutes(ledger),
    ...receiptRoutes(ledger, limits),
    ...pointsRoutes(ledger, limits),
    ...internalRoutes(ledger, limits),
    ...overviewRoutes(ledger),
    ...reportRoutes(ledger),
    ...auditRoutes(ledger),
    ...sqlRoutes(ledger),
    ...alertRoutes(ledger, limits),
    ...anchorRoutes(ledger, limits),
    ...operationRoutes(ledger, metrics),
  ];
}
