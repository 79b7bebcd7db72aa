// The public API: everything an embedding program, the gateway and the benchmarks use.
// Owns: which names are public. Never touches: state, sockets.

export type * from './api.js';
export type { BackedUp } from './audit/backup.js';
export type { InspectedBlock, InspectedRecord } from './audit/inspect.js';
export type {
  InspectedAccount,
  InspectedEntry,
  InspectedOwner,
  InspectedStripe,
} from './audit/inspect-owner.js';
export {
  backupFolder,
  fsckFolder,
  inspectAccount,
  inspectBlock,
  listSegments,
  rebuildFolder,
  verifyFolder,
} from './audit/offline.js';
export type { RebuildOptions, Rebuilt } from './audit/rebuild.js';
export type { SaidHead, VerifiedTree } from './audit/tree-check.js';
export type { Problem, Verified, VerifyOptions } from './audit/verify.js';
export type { BusFigures } from './bus/connection.js';
export { natsPlace } from './bus/connection.js';
export {
  type ClusterDescription,
  ClusterError,
  readCluster,
  readShards,
  shardsOf,
  shardsText,
} from './cluster/description.js';
export type { ClusterOptions, NodeFigures } from './cluster/node.js';
export { natsUsers, passwordVariable } from './cluster/permissions.js';
export { type FailoverNode, failoverStatus } from './failover/administration.js';
export type { ReplicaLook } from './failover/leading.js';
export type { Replica } from './failover/seats.js';
export type { ReplicaOptions } from './failover/standing-by.js';
export { endOfDay } from './ledger/calendar.js';
export { movement } from './ledger/permission.js';
export * as limits from './limits.js';
export { RefusedError } from './live/feed.js';
export type { LogFeed, LogFeedOptions, LoggedBlock } from './live/log-feed.js';
export { clockOf } from './open-options.js';
export {
  DISPUTE_LINES_MAX,
  DISPUTE_TEXT_MAX,
  disputesOf as disputesOwner,
} from './programme/coalition/dispute.js';
export {
  type Cleared,
  type ClearedAsset,
  type Debt,
  debtsOf,
  type Position,
  positionsOf,
  type Settlement,
  settlementsOf,
  VALUE_DIGITS,
} from './programme/coalition/netting.js';
export {
  type Coalition,
  type Exchanging,
  type Rate,
  rateOf,
  worthOf,
} from './programme/coalition/value.js';
export { type AttributeTypes, wrongAttribute } from './programme/definitions/attributes.js';
export { programmeOf, takesSecond } from './programme/definitions/belonging.js';
export { eventTypeKey } from './programme/definitions/event-type.js';
export { assetsOfRate, rateKey } from './programme/definitions/exchange-rate.js';
export { clearingOf, reserveOf } from './programme/definitions/exchanging.js';
export { stockOf } from './programme/definitions/goods.js';
export { type AnyKind, KINDS as DEFINITION_KINDS } from './programme/definitions/index.js';
export type { NoticeParts, NoticeWords } from './programme/definitions/notice.js';
export type { Programme } from './programme/earning/member.js';
export { type Act, CALLER_ACTS } from './programme/index.js';
export { audiencesOf } from './programme/mall/audience.js';
export {
  codeAbout,
  codeName,
  codeOwner,
  codeOwners,
  type SealedCode,
} from './programme/mall/codes.js';
export { orderedCard } from './programme/mall/delivery.js';
export { lowStockOf } from './programme/mall/low-stock.js';
export {
  type Factors,
  factorsOf,
  type Goods,
  type Priced,
  type Pricing,
  priceOf,
  quoteMs,
  type Sale,
  type StockLevel,
  stepOf,
} from './programme/mall/price.js';
export {
  type InboundOperation,
  inboundOperationIn,
  OPERATION_ID,
  tallyOf,
} from './programme/outside/inbound.js';
export { type SampleDefinition, sampleProgramme } from './programme/sample.js';
export type { ProjectionFigures } from './projections/messages.js';
export type { RebuiltProjections } from './projections/rebuild.js';
export type { LogRows, LogRowsOptions, TakenBlock } from './projections/rows/log-rows.js';
export {
  noRows,
  ROW_TABLES,
  type RowColumns,
  type RowColumnType,
  type Rows,
  type RowTable,
  type RowValue,
} from './projections/rows/tables.js';
export type { Ordered, ProjectionStore } from './projections/store.js';
export type { AuditContext } from './protocol/audit-context.js';
export {
  type BatchSize,
  type BatchWriter,
  PackError,
  type PackedCommand,
} from './protocol/batch-writer.js';
export {
  CARD_CODE_BYTES,
  cardCode,
  cardCodeOf,
  cardId,
  cardOwner,
  isCardId,
  shownCard,
  TYPED_CARD_PATTERN,
} from './protocol/card-code.js';
export type * from './protocol/coalition.js';
export { DISPUTE_STATES, SUBMISSION_STATES } from './protocol/coalition.js';
export type * from './protocol/commands.js';
export { COMMANDS, refusalsOf } from './protocol/commands.js';
export type * from './protocol/coupon.js';
export {
  COUPON_CODES_MAX,
  type CouponCode,
  couponCodeOf,
  couponKeyId,
  numberedCode,
} from './protocol/coupon-code.js';
export {
  DECIMAL_PATTERN,
  decimalText,
  type Fraction,
  plus,
  RATE_PATTERN,
  tenTo,
  times,
} from './protocol/decimal.js';
export type * from './protocol/digital.js';
export type { DrawSeed, ToldDraw } from './protocol/draw.js';
export { eventOf, type FeedEvent } from './protocol/events.js';
export type { Field, FieldSet } from './protocol/fields.js';
export { type Cause, causeOf, followUpId } from './protocol/follow-ups.js';
export {
  ADMINISTERED,
  assetsOf,
  ENGINE_GRANTS,
  type Grants,
  mayDo,
  OPERATIONS,
  type Operation,
} from './protocol/grants.js';
export { homeOwner } from './protocol/home.js';
export { keyedDigest } from './protocol/keyed-digest.js';
export type * from './protocol/leaderboards.js';
export type * from './protocol/member.js';
export {
  FILL,
  type Fills,
  fillProblem,
  NOTICE_CLASSES,
  NOTICE_LANGUAGES,
  NOTICE_NAMES,
  NOTICES,
  type NoticeClass,
  type NoticeLanguage,
  type NoticeName,
  noticeKey,
  URGENT_NOTICES,
} from './protocol/member-notices.js';
export type * from './protocol/notice.js';
export type * from './protocol/order.js';
export { ORDER_NUMBER_PATTERN, ORDER_STATES } from './protocol/order.js';
export type * from './protocol/outcomes.js';
export {
  assetOf,
  ENTRY_TYPES,
  isRecorded,
  isRecordedAt,
  isRefusal,
  zoneOfAsset,
} from './protocol/outcomes.js';
export type * from './protocol/outside.js';
export {
  INCONSISTENCY_KINDS,
  OPERATION_KINDS,
  OPERATION_STATES,
  PARTNER_STATUSES,
  PARTNER_STEPS,
} from './protocol/outside.js';
export { packedHead, readPacked } from './protocol/packed-batch.js';
export { OutcomeList, packOutcomes } from './protocol/packed-outcomes.js';
export { type Parties, packedParties } from './protocol/packed-parties.js';
export { hasPersonal, isSealed, withoutPersonal } from './protocol/personal-fields.js';
export { actJson } from './protocol/read-back.js';
export type * from './protocol/reads.js';
export type * from './protocol/receipts.js';
export { REFUSALS, type Refusal, type RefusalCode } from './protocol/refusals.js';
export type * from './protocol/register.js';
export * from './protocol/risk.js';
export {
  ENGINE_SCOPE,
  MEMBER_SCOPE,
  NAMED_SCOPE_PATTERN,
  SCOPE_PATTERN,
  shownId,
  storedId,
} from './protocol/scope.js';
export { canonicalJson, isPathPart, SYSTEM_OWNERS } from './protocol/syntax.js';
export { type CouponQuery, codeState, couponsOf } from './reads/coupons.js';
export { cardState, codeCount, freeCodesOf, sealedCodeOf } from './reads/digital.js';
export {
  disputeAt,
  disputesIn,
  type OpenDispute,
  openDisputesIn,
} from './reads/disputes.js';
export { erasingNow, erasureAt, isPersonalLeft } from './reads/erasures.js';
export { mergeState, ownerNow } from './reads/merges.js';
export { orderByNumber } from './reads/orders.js';
export {
  askedOperation,
  EXCHANGING_LISTS,
  exchangeOfOperation,
  INCONSISTENCY_LISTS,
  type InboundPlace,
  inboundOperation,
  inboundOperations,
  inconsistencyAt,
  inconsistencyId,
  inconsistencyOwner,
  inconsistencyPage,
  isUserOf,
  type OpenPartnerExchange,
  openInconsistenciesOf,
  openPartnerExchanges,
  partnerExchangeAt,
  partnerExchangeId,
  partnerExchangeList,
  partnerExchangesOf,
  partnerExchangesOwner,
  partnerOperations,
} from './reads/outside.js';
export {
  type PendingExchange,
  pendingExchanges,
  pendingExchangesOwner,
  submissionAt,
} from './reads/pending-exchanges.js';
export { poolHolders, type Recall, recallOf } from './reads/pools.js';
export { type RiskState as MemberRisk, riskState } from './reads/risks.js';
export {
  type AwaitedGoods,
  awaitedGoods,
  unlistGoods,
  waitingFor,
  waitlistsOwner,
} from './reads/waiting.js';
export {
  initRecord,
  type RecordAt,
  type RecordShard,
  type RecordStatus,
  recordStatus,
  verifyRecord,
} from './record/administration.js';
export type { RecordOptions } from './record/joining.js';
export type { RecordLedger, RecordLook, Standby } from './record/look.js';
export { recordPlace } from './record/place.js';
export type {
  NamedAccount,
  RecountFigures,
  RecountFinding,
} from './recount/recount.js';
export { offsetsOf as zoneOffsets } from './reference/zones.js';
export type { RiskFigures } from './risk/messages.js';
export { isFenced } from './router/fatal.js';
export type { ShardSegments } from './sealing/figures.js';
export type { HistogramFigures } from './shard/histogram.js';
export type { ShardFigures, TallyFigures } from './shard/messages.js';
export {
  correctionsOf,
  differenceIn,
  UNCORRECTED,
  uncorrectedIn,
} from './simulation/correction.js';
export * from './simulation/result.js';
export { folderHolder, isDataFolder } from './store/folder.js';
export { type Lock, takeLock } from './store/lock.js';
export { SECRETS_KEY_FILE } from './store/secret.js';
export { networkOf } from './trail/network.js';
export type { AuditGroup } from './trail/records.js';
export type { Trail, TrailOptions } from './trail/trail.js';
export type {
  ErasedPage,
  KeyState,
  Opening,
  RotationLevel,
  Sealing,
  Vault,
  VaultFigures,
  VaultOptions,
} from './vault/api.js';
export { memberKeysPath } from './vault/keys.js';
export {
  concealed,
  keyVersionOf,
  revealed,
  SALT_BYTES,
  sealableBytes,
  sealedLength,
} from './vault/sealed-text.js';
export { ROTATION_LEVELS } from './vault/vault.js';

/** Reads the logs of a folder as rows of tables, in whichever process. */
export const openRows = async (
  options: import('./projections/rows/log-rows.js').LogRowsOptions,
): Promise<import('./projections/rows/log-rows.js').LogRows> =>
  new (await import('./projections/rows/log-rows.js')).LogRows(options);

/** Opens a ledger; see OpenOptions. Its code is loaded when it is first asked for: most commands of the program need none of it. */
export const open: typeof import('./open.js').open = async (options) =>
  (await import('./open.js')).open(options);

/** Throws away the projections of a folder that nobody has open (leaderboards), and makes them anew from its logs. */
export const rebuildProjections: typeof import('./projections/rebuild.js').rebuildProjections =
  async (...asked) => (await import('./projections/rebuild.js')).rebuildProjections(...asked);

/** Reads the audit trail out of the logs of a folder that this process has open, in whichever thread. */
export const openTrail: typeof import('./trail/trail.js').openTrail = async (options) =>
  (await import('./trail/trail.js')).openTrail(options);

/** Reads the committed feed out of the logs of a folder that this process has open, in whichever thread. */
export const openFeed: typeof import('./live/log-feed.js').openFeed = async (options) =>
  (await import('./live/log-feed.js')).openFeed(options);

/** An LMDB environment of its own, made where there is none, whose databases have keys in order. */
export const openStore = async <Name extends string>(
  path: string,
  names: readonly Name[],
): Promise<import('./projections/store.js').ProjectionStore<Name>> =>
  new (await import('./projections/store.js')).ProjectionStore(path, names);

/** Events of a period of a folder decided again by other documents, whether or not somebody has the folder open. Rejects with SimulationError. */
export const simulateFolder = async (
  ...asked: Parameters<typeof import('./simulation/simulation.js').simulateFolder>
): Promise<import('./simulation/result.js').RunningSimulation> =>
  (await import('./simulation/simulation.js')).simulateFolder(...asked);
