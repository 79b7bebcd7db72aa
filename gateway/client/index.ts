// `jifen/client` in a browser, and wherever else there is a WebSocket. Owns: the platform's parts. Never touches: Node.js.

import { Client } from './client.js';
import type { ClientOptions } from './options.js';
import { JSON_CODEC, type OpenSocket, type SocketLike } from './socket.js';

export type {
  BatchSize,
  BatchWriter,
  PackError,
  PackedCommand,
} from '../../engine/protocol/batch-writer.js';
export type * from '../../engine/protocol/coalition.js';
export type * from '../../engine/protocol/commands.js';
export type * from '../../engine/protocol/coupon.js';
export type * from '../../engine/protocol/digital.js';
export type * from '../../engine/protocol/member.js';
export type * from '../../engine/protocol/order.js';
export type * from '../../engine/protocol/outcomes.js';
export type { BriefPosted, OutcomesInBytes } from '../../engine/protocol/packed-outcomes.js';
export type * from '../../engine/protocol/reads.js';
export type { RefusalCode } from '../../engine/protocol/refusals.js';
export type { MessageLimits } from '../message-limits.js';
export { Client } from './client.js';
export type { CardAsked, IssuedCard, UploadedCodes } from './digital.js';
export type { CallOptions } from './ending.js';
export { ClientError, type FailureReason } from './errors.js';
export type {
  ClearingCycle,
  ClearingStatement,
  CycleStatement,
  DisputeChange,
  DisputeRequest,
  ExchangeQuote,
  ExchangeRate,
  ExchangeRateSaid,
  ExchangeRateVersion,
  ExchangeRequest,
  ExchangeSubmission,
  Exchanges,
  ExchangeTargets,
  PendingExchange,
  PendingExchangeCount,
  WaitingRate,
} from './exchanges.js';
export type {
  GoodsPage,
  GoodsQuery,
  Recommendations,
  RecommendedGoods,
  RedemptionOptions,
  ShownGoods,
} from './goods.js';
export type {
  ImportCame,
  ImportedMember,
  ImportLine,
  ImportMember,
  ImportState,
  Imports,
} from './imports.js';
export type {
  Mall,
  OrderChange,
  OrderRecord,
  OrderRequest,
  PriceQuote,
  Receiver,
  StockState,
} from './mall.js';
export type { InvitationRequest, Members, MergeRequest, SignInTicket } from './members.js';
export type {
  ClientOptions,
  PackedOptions,
  SubmitOptions,
  TransfersOptions,
} from './options.js';
export type {
  OpenPartnerExchange,
  PartnerExchangeRequest,
  PartnerExchanges,
  PartnerExchangeVerdict,
} from './partner-exchanges.js';
export type {
  DrawRecord,
  DrawRequest,
  DrawsQuery,
  EventRecord,
  EventReturn,
  Explanation,
  MemberEvent,
  WordRequest,
} from './programmes.js';
export type { RoutedCommand } from './routes.js';
export type { Signer } from './signing.js';
export type {
  CorrectionAsked,
  CorrectionJob,
  SimulationAsked,
  SimulationJob,
} from './simulations.js';
export type { Codec, OpenSocket, SocketLike } from './socket.js';
export type { BatchOptions, BriefOutcome, SingleOptions, Stream, StreamState } from './stream.js';
export type { FeedItems, SubscribeOptions, WatchOptions } from './subscriptions.js';
export {
  type DeadLetter,
  type Webhook,
  type WebhookAttempt,
  WebhookError,
  type WebhookEvent,
  type WebhookMessage,
  type WebhookRequest,
  type WebhookState,
  type Webhooks,
  webhookEvent,
} from './webhooks.js';

/** A browser's. */
const openSocket: OpenSocket = (url, subprotocol) => {
  type Maker = new (url: string, protocols: readonly string[]) => SocketLike;
  const { WebSocket } = globalThis as unknown as { readonly WebSocket: Maker };
  return new WebSocket(url, [subprotocol]);
};

/** A client of the gateway at `url`. Opens no connection yet. */
export function connect(options: ClientOptions): Client {
  return new Client({
    ...options,
    openSocket: options.openSocket ?? openSocket,
    codec: options.codec ?? JSON_CODEC,
    // After what is to be done already: a timer would wait longer, in a page that is not seen a second.
    atTurnsEnd: (then) => queueMicrotask(then),
  });
}
export type {
  AlertRule,
  AlertRuleChange,
  AlertSeverity,
  AlertState,
  AlertsQuery,
  LedgerAlert,
  NewSilence,
  Silence,
} from './alerts.js';
export type {
  Channel,
  ChannelRequest,
  ChannelState,
  ConsentRequest,
  ContactRequest,
  MemberContact,
  MemberNotice,
  Notices,
  NoticeText,
} from './notices.js';
export type {
  OAuthClient,
  OAuthClientRequest,
  OAuthClients,
  OAuthClientWithSecret,
} from './oauth-clients.js';
export type {
  LedgerOperator,
  LedgerRole,
  OperatorChange,
  OperatorInvitation,
  Operators,
} from './operators.js';
export type {
  ApprovalType,
  FoundThing,
  ListedMember,
  Overview,
  PageQuery,
  TimelineItem,
  TimelineQuery,
  WaitingApproval,
} from './overview.js';
export type {
  Partner,
  PartnerCheck,
  PartnerRequest,
  Partners,
  PartnerWithToken,
} from './partners.js';
export type {
  Consent,
  Disclosure,
  Erasure,
  Privacy,
  Retention,
  Sharing,
  VaultState,
} from './privacy.js';
export type {
  CheckpointKey,
  ConsistencyProof,
  LedgerCheckpoint,
  LedgerReceipt,
  LedgerWitness,
  Receipts,
} from './receipts.js';
export type {
  InconsistenciesQuery,
  Reconciliation,
  ReconciliationLine,
  ReconciliationReport,
  ReconciliationRequest,
  Reconciliations,
} from './reconciliations.js';
export type {
  ListedReport,
  Report,
  ReportColumn,
  ReportParameters,
  ReportRun,
  ReportSchedule,
  Reports,
  ReportWords,
  SaidReportSchedule,
} from './reports.js';
export type {
  MarkedMember,
  MemberRisks,
  NewRiskMark,
  RiskAction,
  RiskKind,
  RiskMark,
  RiskReview,
  Risks,
  RisksQuery,
} from './risks.js';
