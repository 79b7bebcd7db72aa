// Every limit of the gateway, with its unit in its name. Owns: figures. Never touches: anything
// else. What the ledger itself limits (legs, ids, amounts, metadata) is in the engine's `limits`.

import { limits as engineLimits, type Operation } from '../engine/index.js';
import { MESSAGE_LIMITS, type MessageLimits } from './message-limits.js';

export * from './fixed-limits.js';

/** So many in so many seconds. */
export interface Rate {
  readonly limit: number;
  readonly seconds: number;
}

/** What one request, and all of them together, may ask of the gateway. */
export interface GatewayLimits extends MessageLimits {
  /** Bytes from which a body's nesting is checked before it is parsed. */
  readonly nestingCheckBytes: number;
  /**
   * Bytes of unfinished bodies, over all connections, beyond which a request is refused
   * `SHARD_BUSY`.
   */
  readonly unfinishedBytesMax: number;
  /** The longest that `?timeoutMs` may ask for. */
  readonly timeoutMsMax: number;
  /** How long a stop waits for requests in flight before it closes their connections. */
  readonly drainMs: number;
  /** `Retry-After` of a 503. */
  readonly retryAfterSeconds: number;
  /** WebSockets and event streams that may be open. */
  readonly streamsMax: number;
  /** Those of them that have not shown credentials yet, or whose credentials are being judged. */
  readonly streamsUnknownMax: number;
  /** How long a WebSocket may be open before credentials were shown and judged. */
  readonly streamAuthMs: number;
  /** Bytes that wait, over all WebSockets, until the credentials of who sent them are judged. */
  readonly streamsHeldBytesMax: number;
  /** A WebSocket over which nothing comes for so long is closed; it is pinged before. 8..960. */
  readonly streamIdleSeconds: number;
  /** Subscriptions of one connection. */
  readonly streamSubscriptionsMax: number;
  /** Batches of one connection that wait for their outcomes. */
  readonly streamBatchesMax: number;
  /** Bytes that wait for one reader, beyond which it is disconnected as too slow. */
  readonly streamBacklogBytesMax: number;
  /** Bytes that wait for all readers together, beyond which each one is disconnected for whom more than `streamPaceBytes` wait. */
  readonly streamsBacklogBytesMax: number;
  /** Bytes that wait for one reader, beyond which the feed that it follows waits. */
  readonly streamPaceBytes: number;
  /** Items of the feed in one message. */
  readonly streamItemsMax: number;
  /** How often an event stream says that it is there. Less than IDLE_TIMEOUT_SECONDS. */
  readonly eventsBeatMs: number;
  /** Answers and bodies in lines (NDJSON) that are under way at once. */
  readonly streamedMax: number;
  /** Bytes of such a body that wait to be read, beyond which its sender is paused. */
  readonly streamedAheadBytes: number;
  /** How long the reader of such an answer may take nothing before it is disconnected. */
  readonly streamedStallMs: number;
  /** Characters of a line of a body in lines. */
  readonly lineLengthMax: number;
  /** Lines of one body. */
  readonly linesMax: number;
  /** How often platforms and keys are read again: what is changed on another node counts here after that. */
  readonly accessRefreshMs: number;
  /** After how long without a read platforms and keys are not let in. */
  readonly accessStaleMsMax: number;
  /** How far a signed request's timestamp may be from the time here. */
  readonly signatureSkewMs: number;
  /** How long a platform's last secret stays good beside a new one, where the rotation does not say. */
  readonly secretOverlapSeconds: number;
  /** Requests of one address at routes that look for themselves who asks: signing in, tokens. */
  readonly visitorRate: Rate;
  /** Requests of one member, by access tokens, over all applications. */
  readonly memberRate: Rate;
  /** How long a code of an application is good. */
  readonly authorizationCodeSeconds: number;
  /** How long an access token of an application is good. */
  readonly accessTokenSeconds: number;
  /** How long a refresh token is good. */
  readonly refreshTokenSeconds: number;
  /** How long a refresh token may be shown again whose answer was lost. */
  readonly refreshRepeatSeconds: number;
  /** How long a session may be without use. */
  readonly sessionSeconds: number;
  /** How long a session counts as proved by a second factor: since a one-time code was said in it, or a link has begun it. */
  readonly secondFactorSeconds: number;
  /** How long an access token of the product's own page is good. */
  readonly sessionTokenSeconds: number;
  /** The longest that a session, or what a member has given an application, lasts however it is used. */
  readonly grantSecondsMax: number;
  /** Access tokens of one grant that are good at once; beyond them the oldest ends. */
  readonly grantTokensMax: number;
  /** Grants of one member to one client, and sessions of one member; beyond them the oldest ends. */
  readonly memberGrantsMax: number;
  /** Clients of the OAuth server. */
  readonly oauthClientsMax: number;
  /** Access tokens that a node remembers what they may. */
  readonly accessTokensRemembered: number;
  /** Requests of one platform whose registration names no other rate; a batch counts its commands. */
  readonly platformRate: Rate;
  /** Requests of one issued key, likewise. */
  readonly keyRate: Rate;
  /** argon2id of a password: memory in KiB, passes, lanes. What is kept with others is made anew when its member signs in. */
  readonly passwordMemoryKiB: number;
  readonly passwordPasses: number;
  readonly passwordLanes: number;
  /** Passwords that are compared, or made, at once; those that wait. */
  readonly passwordsAtOnce: number;
  readonly passwordsWaitingMax: number;
  /** Passwords that are tried for one login name from all browsers together that have not signed in by it before. */
  readonly signInTries: Rate;
  /** The same from one browser that has. */
  readonly deviceTries: Rate;
  /** Wrong passwords from one address, over all login names. */
  readonly addressTries: Rate;
  /** Accounts of operators. */
  readonly operatorsMax: number;
  /** How long a session of an operator, or of a key, may be without use. */
  readonly operatorSessionSeconds: number;
  /** The longest that it lasts however it is used. */
  readonly operatorSessionSecondsMax: number;
  /** Sessions of one operator, or of one key; beyond them the oldest ends. */
  readonly operatorSessionsMax: number;
  /** How old an account of an operator may be without one-time codes; from then on they must be set up before anything else. 1: at once. */
  readonly operatorCodesAfterSeconds: number;
  /** How long a link is good: of an invitation, to confirm an address, to set a new password. */
  readonly invitationMs: number;
  readonly confirmationMs: number;
  readonly resetMs: number;
  /** Links to confirm one address, or to set a new password of one account, that are good at once: with so many none is sent. */
  readonly lettersAtOnce: number;
  /** How long a link that was used is answered again to the same password. */
  readonly letterRepeatMs: number;
  /** How long a ticket of a platform is good: for its embedded page, for a member to link its user. */
  readonly signInTicketMs: number;
  readonly linkTicketMs: number;
  /** Operations of one user at one platform; left out: no limit. */
  readonly userRates: Readonly<Partial<Record<Operation, Rate>>>;
  /** Rate limits that are kept count of at once. */
  readonly bucketsMax: number;
  /** Entries that `GET /api/points/history` pages over: older ones are read with a cursor (`/v1`). */
  readonly historyEntriesMax: number;
  /** Entries of one page of `GET /api/points/history`. */
  readonly historyPageMax: number;
  /** Owners of one `POST /v1/balances`. */
  readonly balancesOwnersMax: number;
  /**
   * Days that the address and the agent of who asked can be read, in the ledger and in the audit log. 0: the ledger does not say who asked, and the
   * audit log has the lines of requests alone.
   */
  readonly auditDays: number;
  /** Simulations, and corrections, that are under way at once. */
  readonly simulationsMax: number;
  /** Days for which a proposed command can be agreed to, and for which it is told afterwards. */
  readonly proposalDays: number;
  readonly proposalKeptDays: number;
  /** Commands of one member that wait for a review at once. */
  readonly riskReviewsOpenMax: number;
  /** Lines of one principal's refused requests in the audit log; beyond it every hundredth has one, with how many were left out. */
  readonly refusalLinesRate: Rate;
  /** Proxies in front whose `X-Forwarded-For` is believed in the audit log; 0: none. */
  readonly proxies: number;
  /** The longest life of a ticket for a web page. */
  readonly ticketMsMax: number;
  /** How long a form of the pages for signing in is good after it was shown. */
  readonly formMs: number;
  /** How often a node of several says which shards it serves: what another one that has them, too, is noticed within. */
  readonly claimMs: number;
  /** After how long without a sign of life a replica's shards are taken over by another one. */
  readonly replicaStandMs: number;
  /** By how much the clocks of nodes may differ before `/health` warns. */
  readonly clockDifferenceMs: number;
  /** The same, beyond which a node is not ready. */
  readonly clockDifferenceMsMax: number;
  /** Commands between shards that are prepared and not decided, beyond which `/health` is degraded. */
  readonly healthOpenMax: number;
  /** Exchanges that wait for points of reserves, beyond which it is degraded. */
  readonly healthPendingMax: number;
  /** Bytes of the data folder's disk that must be free: with less, commands are refused `DISK_FULL`; 0: nobody looks. */
  readonly diskFreeBytesMin: number;
  /** Bytes of blocks, or days of them, that are sealed into one segment of a log; and bytes of the newest that stay out of segments. */
  readonly segmentBytes: number;
  readonly segmentDays: number;
  readonly segmentHotBytes: number;
  /** By how much a shard's clock may be behind its last block before `/health` warns. */
  readonly healthClockBehindMs: number;
  /** Free bytes of the data folder's disk, below which it is degraded. */
  readonly healthDiskBytesMin: number;
  /** In how many days at most the disk is full, at the pace of the last day, where `/health` warns. */
  readonly healthDiskDays: number;
  /** How long one commit may take before it is degraded. */
  readonly healthCommitMs: number;
  /** How long no points may move before it warns. */
  readonly healthQuietMs: number;
  /** How long shards, here and elsewhere, may take to answer it. */
  readonly healthAnswerMs: number;
  /** How long what it has told stays true, unless faults change: whoever asks often costs nothing. */
  readonly healthKeptMs: number;
  /** Webhooks there may be. */
  readonly webhooksMax: number;
  /** Attempts that are under way to one webhook at once. */
  readonly webhookConcurrency: number;
  /** Of one core, in percent: what delivering takes at most while the ledger's threads need the cores; 100: as much as it can get. */
  readonly webhookBusyPercent: number;
  /** How long an attempt may take, answer and all. */
  readonly webhookTimeoutMs: number;
  /** Bytes of an answer to one; what is longer is a failure. */
  readonly webhookAnswerBytesMax: number;
  /** The first pause after an attempt that failed; each further one is three times as long, up to the longest. */
  readonly webhookPauseMs: number;
  readonly webhookPauseMsMax: number;
  /** How long after its first failure an event is tried again, before it is a dead letter. */
  readonly webhookRetryMs: number;
  /** Events of one shard that are read ahead for a webhook: what a kill has delivered again. */
  readonly webhookWindow: number;
  /** Events of one shard that have failed, or stand behind one that has, beyond which a webhook is told nothing more. */
  readonly webhookExceptionsMax: number;
  /** The same of dead letters. */
  readonly webhookDeadMax: number;
  /** The last attempts of a webhook, or a channel, that can be looked at: in memory, of each node. */
  readonly webhookAttemptsKept: number;
  /** Channels there may be for notices to members. */
  readonly channelsMax: number;
  /** Notices of one shard that have failed, or that quiet hours hold back, beyond which a channel sends nothing more. */
  readonly noticesWaitingMax: number;
  /** How old what a notice tells of may be when it is sent: later it is left out. */
  readonly noticeAgeMsMax: number;
  /** Days that it can be read which notices a member was sent. */
  readonly noticeDays: number;
  /** Days that it can be read who has seen personal data of a member in clear. */
  readonly disclosureDays: number;
  /** Bytes of a file of events, behind which another one begins. */
  readonly eventFileBytesMax: number;
  /** Partners outside there may be. */
  readonly partnersMax: number;
  /** How long a partner's answer is waited for: later it is not known what came of the call. */
  readonly partnerTimeoutMs: number;
  /** Bytes of a partner's answer; what is longer is not read. */
  readonly partnerAnswerBytesMax: number;
  /** The same of a page of operations. */
  readonly partnerPageBytesMax: number;
  /** Operations of one page that a partner is told. */
  readonly partnerOperationsMax: number;
  /** Calls that are under way to one partner at once, where its record does not say. */
  readonly partnerCallsAtOnce: number;
  /** Calls in a row that a partner does not answer, after which it is taken to be down: calls wait. */
  readonly partnerFailuresMax: number;
  /** The first pause before a partner that is down is asked how it is; each further one is three times as long, up to the longest. */
  readonly partnerPauseMs: number;
  readonly partnerPauseMsMax: number;
  /** Exchanges with partners that a node drives at once. */
  readonly partnerExchangesAtOnce: number;
  /** What came of a step of an exchange with a partner is not known for so long: an operator is to look (`not_known`). */
  readonly partnerStuckMs: number;
  /** How often a partner that answers is asked how it is. */
  readonly partnerHealthMs: number;
  /** How long it may take to say so. */
  readonly partnerHealthAnswerMs: number;
  /** Reconciliations that are under way on a node at once. */
  readonly reconciliationsMax: number;
  /** Reports that are kept of a partner's, with their lines. */
  readonly reconciliationsKept: number;
  /** The longest period of one. */
  readonly reconcileDaysMax: number;
  /** Operations that are younger are not judged, where nothing else is said. */
  readonly reconcileGraceSeconds: number;
  /** By how much what is read of both lists is longer than the period, at each end: clocks differ, and calls take their time. */
  readonly reconcileSlackMs: number;
  /** Pages, and operations, of a partner's list, beyond which it is taken to have no end. */
  readonly reconcilePagesMax: number;
  readonly reconcileOperationsMax: number;
  /** The first pause before a partner is asked again that did not answer; each further one is three times as long, up to the longest. */
  readonly reconcilePauseMs: number;
  readonly reconcilePauseMsMax: number;
  /** Findings of one reconciliation that become inconsistencies; those beyond are counted. */
  readonly reconcileFindingsMax: number;
  /** Findings of one reconciliation that raise no alert. */
  readonly reconcileMismatchesMax: number;
  /** How far behind the projections for reports may be before it is a warning. */
  readonly healthReportsLagMs: number;
  /** Memory that the database of the projections may take, in MiB, beside its process's own; 0: there are no projections, and no reports. */
  readonly reportMemoryMiB: number;
  /** Threads that it works with. */
  readonly reportThreads: number;
  /** Bytes that questions may write beside it which do not fit into that memory. */
  readonly reportSpillBytesMax: number;
  /** Questions of reports and in SQL that are answered at once, and those that wait for their turn. */
  readonly reportsAtOnce: number;
  readonly reportsWaitingMax: number;
  /** How long a report may take. */
  readonly reportTimeoutMs: number;
  /** How long one may take that is written into a file, or read piece by piece. */
  readonly reportFileTimeoutMs: number;
  /** How long a question waits until what was durable when it was asked is projected; then it is answered up to where that is. */
  readonly reportFreshMs: number;
  /** Rows of a report that is answered in one piece. */
  readonly reportRowsMax: number;
  /** Days from the beginning to the end of what a report is asked about. */
  readonly reportDaysMax: number;
  /** Runs of a schedule of reports that are kept, and days that their files are. */
  readonly reportRunsKept: number;
  readonly reportFileDays: number;
  /** Days that an alert is kept which is over. */
  readonly alertDays: number;
  /** Alerts that are kept; of more the oldest go that are over. */
  readonly alertsMax: number;
  /** Silences of alerts at once. */
  readonly silencesMax: number;
  /** Entries a second that accounts are recomputed at, in turn; 0: none are. */
  readonly recountEntriesRate: number;
  /** Between two turns, and before the first. */
  readonly recountPauseMs: number;
  /** How long a question in SQL may take, the rows and the characters of its answer. */
  readonly sqlTimeoutMs: number;
  readonly sqlRowsMax: number;
  readonly sqlAnswerCharactersMax: number;
  /** How often checkpoints of the logs are made, where receipts are on and something was logged. */
  readonly checkpointMs: number;
  /** How long a witness may take to cosign one, before it is published without it. */
  readonly witnessTimeoutMs: number;
  /** Witnesses there may be. */
  readonly witnessesMax: number;
  /** How often it is looked at the chain that is set up, if there is one. */
  readonly anchorLookMs: number;
  /** How long the chain may take to answer; it is asked four times at most. */
  readonly anchorTimeoutMs: number;
  /** After which a transaction that was not mined is sent again, for a quarter more. */
  readonly anchorResendMs: number;
  /** Addresses of one platform that are shown on the chain. */
  readonly anchorAddressesMax: number;
  /** Entries of one receipt of an account; more are asked for in parts. */
  readonly receiptEntriesMax: number;
}

/** The limits where no others are set. */
export const GATEWAY_LIMITS: GatewayLimits = {
  ...MESSAGE_LIMITS,
  nestingCheckBytes: 64 * 1024,
  unfinishedBytesMax: 256 * 1024 * 1024,
  timeoutMsMax: 60_000,
  drainMs: 10_000,
  retryAfterSeconds: 1,
  streamsMax: 20_000,
  streamsUnknownMax: 2_000,
  streamAuthMs: 5_000,
  streamsHeldBytesMax: 64 * 1024 * 1024,
  streamIdleSeconds: 60,
  streamSubscriptionsMax: 10_000,
  streamBatchesMax: 64,
  streamBacklogBytesMax: 8 * 1024 * 1024,
  streamsBacklogBytesMax: 512 * 1024 * 1024,
  streamPaceBytes: 256 * 1024,
  streamItemsMax: 256,
  eventsBeatMs: 5_000,
  streamedMax: 64,
  streamedAheadBytes: 1024 * 1024,
  streamedStallMs: 30_000,
  lineLengthMax: 64 * 1024,
  linesMax: 10_000_000,
  accessRefreshMs: 1_000,
  accessStaleMsMax: 60_000,
  signatureSkewMs: 300_000,
  secretOverlapSeconds: 86_400,
  visitorRate: { limit: 600, seconds: 60 },
  memberRate: { limit: 600, seconds: 60 },
  authorizationCodeSeconds: 600,
  accessTokenSeconds: 3_600,
  refreshTokenSeconds: 30 * 86_400,
  refreshRepeatSeconds: 30,
  sessionSeconds: 30 * 86_400,
  secondFactorSeconds: 900,
  sessionTokenSeconds: 600,
  grantSecondsMax: 366 * 86_400,
  grantTokensMax: 12,
  memberGrantsMax: 16,
  oauthClientsMax: 1_000,
  accessTokensRemembered: 20_000,
  platformRate: { limit: 60_000, seconds: 60 },
  passwordMemoryKiB: 19_456,
  passwordPasses: 2,
  passwordLanes: 1,
  passwordsAtOnce: 2,
  passwordsWaitingMax: 100,
  signInTries: { limit: 10, seconds: 900 },
  deviceTries: { limit: 10, seconds: 900 },
  addressTries: { limit: 100, seconds: 600 },
  operatorsMax: 1_000,
  operatorSessionSeconds: 12 * 3_600,
  operatorSessionSecondsMax: 7 * 86_400,
  operatorSessionsMax: 16,
  operatorCodesAfterSeconds: 100 * 366 * 86_400,
  invitationMs: 5 * 86_400_000,
  confirmationMs: 86_400_000,
  resetMs: 3_600_000,
  lettersAtOnce: 3,
  letterRepeatMs: 600_000,
  signInTicketMs: 60_000,
  linkTicketMs: 600_000,
  keyRate: { limit: 60_000, seconds: 60 },
  userRates: {
    earn: { limit: 10, seconds: 60 },
    spend: { limit: 60, seconds: 60 },
    transfer: { limit: 60, seconds: 60 },
    redeem: { limit: 60, seconds: 60 },
  },
  bucketsMax: 200_000,
  historyEntriesMax: 10_000,
  historyPageMax: 100,
  balancesOwnersMax: 1_000,
  auditDays: engineLimits.AUDIT_DAYS,
  simulationsMax: 2,
  proposalDays: engineLimits.APPROVAL_MS / engineLimits.DAY_MS,
  proposalKeptDays: 90,
  riskReviewsOpenMax: 8,
  refusalLinesRate: { limit: 600, seconds: 60 },
  proxies: 0,
  ticketMsMax: 86_400_000,
  formMs: 3_600_000,
  claimMs: engineLimits.CLAIM_MS,
  replicaStandMs: engineLimits.FAILOVER_STAND_MS,
  clockDifferenceMs: engineLimits.CLOCK_DIFFERENCE_MS,
  clockDifferenceMsMax: engineLimits.CLOCK_DIFFERENCE_MS_MAX,
  healthOpenMax: 1_000,
  healthPendingMax: 1_000,
  diskFreeBytesMin: engineLimits.DISK_FREE_BYTES_MIN,
  segmentBytes: engineLimits.SEGMENT_BYTES,
  segmentDays: engineLimits.SEGMENT_DAYS,
  segmentHotBytes: engineLimits.SEGMENT_HOT_BYTES,
  healthClockBehindMs: 1_000,
  healthDiskBytesMin: 1024 * 1024 * 1024,
  healthDiskDays: 14,
  healthCommitMs: 5_000,
  healthQuietMs: 600_000,
  healthAnswerMs: 2_000,
  healthKeptMs: 1_000,
  webhooksMax: 500,
  webhookConcurrency: 8,
  webhookBusyPercent: 10,
  webhookTimeoutMs: 15_000,
  webhookAnswerBytesMax: 64 * 1024,
  webhookPauseMs: 5_000,
  webhookPauseMsMax: 6 * 3_600_000,
  webhookRetryMs: 3 * 86_400_000,
  webhookWindow: 256,
  webhookExceptionsMax: 10_000,
  webhookDeadMax: 10_000,
  webhookAttemptsKept: 200,
  channelsMax: 100,
  noticesWaitingMax: 100_000,
  noticeAgeMsMax: 5 * 86_400_000,
  noticeDays: 90,
  disclosureDays: 400,
  eventFileBytesMax: 256 * 1024 * 1024,
  partnersMax: 100,
  partnerTimeoutMs: 10_000,
  partnerAnswerBytesMax: 64 * 1024,
  partnerPageBytesMax: 1024 * 1024,
  partnerOperationsMax: 1_000,
  partnerCallsAtOnce: 16,
  partnerFailuresMax: 5,
  partnerPauseMs: 1_000,
  partnerPauseMsMax: 60_000,
  partnerExchangesAtOnce: 256,
  partnerStuckMs: 3_600_000,
  partnerHealthMs: 15_000,
  partnerHealthAnswerMs: 5_000,
  reconciliationsMax: 2,
  reconciliationsKept: 1_000,
  reconcileDaysMax: 31,
  reconcileGraceSeconds: 900,
  reconcileSlackMs: 3_600_000,
  reconcilePagesMax: 100_000,
  reconcileOperationsMax: 10_000_000,
  reconcilePauseMs: 1_000,
  reconcilePauseMsMax: 60_000,
  reconcileFindingsMax: 10_000,
  reconcileMismatchesMax: 10,
  healthReportsLagMs: 300_000,
  reportMemoryMiB: 1_024,
  reportThreads: 2,
  reportSpillBytesMax: 8 * 1024 * 1024 * 1024,
  reportsAtOnce: 2,
  reportsWaitingMax: 32,
  reportTimeoutMs: 120_000,
  reportFileTimeoutMs: 900_000,
  reportFreshMs: 2_000,
  reportRowsMax: 100_000,
  reportDaysMax: 3_660,
  reportRunsKept: 30,
  reportFileDays: 30,
  alertDays: 90,
  alertsMax: 2_000,
  silencesMax: 500,
  recountEntriesRate: 1_000,
  recountPauseMs: 60_000,
  sqlTimeoutMs: 30_000,
  sqlRowsMax: 10_000,
  sqlAnswerCharactersMax: 8 * 1024 * 1024,
  checkpointMs: 10_000,
  witnessTimeoutMs: 5_000,
  witnessesMax: 8,
  anchorLookMs: 10_000,
  anchorTimeoutMs: 10_000,
  anchorResendMs: 120_000,
  anchorAddressesMax: 10_000,
  receiptEntriesMax: 10_000,
};

/**
 * Fixed by the web server, here for the record: a connection that is idle, or whose request arrives
 * slower than 16 KiB/s, is closed after 10 to 14 s; one whose request waits for its answer is not.
 */
const IDLE_TIMEOUT_SECONDS = 10;

/** Memory in KiB and passes that OWASP's cheat sheet of password storage wants of argon2id at least: one of these. */
const OWASP: readonly (readonly [memoryKiB: number, passes: number])[] = [
  [47_104, 1],
  [19_456, 2],
  [12_288, 3],
  [9_216, 4],
  [7_168, 5],
];

/** Are passwords kept as OWASP wants it? What an operator sets must be. */
export const isStrong = ({ passwordMemoryKiB, passwordPasses }: GatewayLimits): boolean =>
  OWASP.some(([memory, passes]) => passwordMemoryKiB >= memory && passwordPasses >= passes);

/** The defaults with some replaced; throws where they contradict each other. */
export function gatewayLimits(some: Partial<GatewayLimits> = {}): GatewayLimits {
  const all = { ...GATEWAY_LIMITS, ...some };
  const related: readonly (readonly [boolean, string])[] = [
    [all.bodyBytesMax >= engineLimits.COMMAND_BYTES_MAX, 'a command fits a body'],
    [all.batchBytesMax >= all.bodyBytesMax, 'a batch of one fits a batch'],
    [all.unfinishedBytesMax >= all.batchBytesMax, 'a batch fits the unfinished bodies'],
    [all.batchItemsMax <= engineLimits.MAILBOX_MAX, 'a batch fits the mailbox'],
    [all.streamMessageBytesMax >= all.bodyBytesMax, 'a command fits a message'],
    [all.streamsHeldBytesMax > all.streamMessageBytesMax, 'a message may wait for its judgement'],
    [all.streamPaceBytes < all.streamBacklogBytesMax, 'a feed waits before it is too slow'],
    [all.streamsBacklogBytesMax > all.streamPaceBytes, 'one reader may be behind'],
    [all.streamIdleSeconds >= 8 && all.streamIdleSeconds <= 960, 'the web server can time it'],
    [all.eventsBeatMs < IDLE_TIMEOUT_SECONDS * 1_000, 'an event stream is not taken for idle'],
    [all.accessStaleMsMax > 2 * all.accessRefreshMs, 'one failed read is no reason to refuse'],
    [all.authorizationCodeSeconds <= 600, 'a code lives 10 minutes at most'],
    [all.refreshTokenSeconds <= all.grantSecondsMax, 'a refresh token ends with its grant'],
    [all.sessionSeconds <= all.grantSecondsMax, 'a session ends with its grant'],
    [all.grantSecondsMax <= 3_660 * 86_400, 'a grant ends within ten years'],
    [all.accessTokenSeconds <= all.grantSecondsMax, 'an access token ends with its grant'],
    [all.sessionTokenSeconds <= all.sessionSeconds, 'a token of a session ends with it'],
    [
      all.operatorSessionSeconds <= all.operatorSessionSecondsMax,
      'a session of an operator ends in time',
    ],
    [all.operatorsMax < engineLimits.RECORDS_PAGE_MAX, 'operators are read as a whole'],
    [all.operatorSessionsMax <= 64, 'the sessions of an operator fit its records'],
    [all.grantTokensMax <= 16, 'the tokens of a grant fit its record'],
    [all.memberGrantsMax <= 64, 'the grants of a member fit its records'],
    [all.oauthClientsMax < engineLimits.RECORDS_PAGE_MAX, 'clients are read as a whole'],
    [all.clockDifferenceMs <= all.clockDifferenceMsMax, 'a clock warns before it is too far'],
    [
      all.clockDifferenceMsMax < engineLimits.PREPARE_LIMIT_MS,
      'a clock is told before prepares are late',
    ],
    [all.historyPageMax <= engineLimits.ENTRIES_PAGE_MAX, 'a page of history fits one read'],
    [all.historyPageMax <= all.historyEntriesMax, 'history has a page'],
    [all.nestingMax > engineLimits.METADATA_DEPTH_MAX + 4, 'metadata fits the nesting'],
    [all.webhooksMax < engineLimits.RECORDS_PAGE_MAX, 'webhooks are read as a whole'],
    [all.webhookPauseMs <= all.webhookPauseMsMax, 'pauses of webhooks grow'],
    [all.webhookBusyPercent >= 1 && all.webhookBusyPercent <= 100, 'delivering never stands still'],
    [all.channelsMax < engineLimits.RECORDS_PAGE_MAX, 'channels are read as a whole'],
    [all.partnersMax < engineLimits.RECORDS_PAGE_MAX, 'partners are read as a whole'],
    [all.partnerPauseMs <= all.partnerPauseMsMax, 'pauses of partners grow'],
    [all.reconcilePauseMs <= all.reconcilePauseMsMax, 'pauses of reconciliations grow'],
    [all.reconcileFindingsMax <= 40_000, 'the lines of a reconciliation fit its records'],
    [all.reconciliationsKept < engineLimits.RECORDS_MAX, 'reports of a partner fit its records'],
    [all.partnerFailuresMax >= 1, 'a partner that answers is not down'],
    [all.passwordMemoryKiB >= 8 * all.passwordLanes, 'argon2 has memory for its lanes'],
    [all.passwordLanes <= 255, 'argon2 takes so many lanes'],
    [all.invitationMs <= all.noticeAgeMsMax, 'a link is sent while it is good'],
    [all.confirmationMs <= all.noticeAgeMsMax, 'a link is sent while it is good'],
    [all.resetMs <= all.noticeAgeMsMax, 'a link is sent while it is good'],
    [all.reportsAtOnce >= 1 && all.reportThreads >= 1, 'reports get a turn'],
    [
      all.reportMemoryMiB === 0 || all.reportMemoryMiB >= 128,
      'the database of reports has memory to work with',
    ],
    [all.alertsMax <= engineLimits.RECORDS_MAX / 2, 'alerts fit the records of an owner'],
    [all.silencesMax <= engineLimits.RECORDS_MAX / 2, 'silences fit the records of an owner'],
    [all.lettersAtOnce <= 9, 'links have places'],
    [all.witnessesMax <= 12, 'the cosignatures of a checkpoint fit its record'],
    [all.webhookRetryMs < all.noticeAgeMsMax, 'a notice is tried again while it is of use'],
    [all.webhookPauseMsMax < all.webhookRetryMs, 'a webhook is tried again before it is given up'],
  ];
  for (const [holds, what] of related) {
    if (!holds) throw new Error(`the gateway's limits contradict each other: ${what}`);
  }
  return all;
}
