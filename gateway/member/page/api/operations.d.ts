// Made from the OpenAPI document by `npm run build` (gateway/member/api-source.ts): not to be changed by hand.
import type { ApiOperation } from '../calls/operation.js';

export type Accepted = {};

export type Account = {
  readonly id?: NewId | undefined;
};

export type Accounts = {
  readonly owner: Owner;
  readonly accounts: readonly Balance[];
  /** What the points are worth in one unit, by coalition; left out where none of them is in one, or what they are worth is not known now. */
  readonly totals?: readonly ({
    readonly coalition: DefinitionKey;
    readonly currency: string;
    /** Units of the currency, exact, as a text; may be below 0. */
    readonly total: string;
    /** What each asset comes to, available and held. */
    readonly assets: { readonly [name: string]: string };
  })[] | undefined;
};

export type ActDone = {
  /** What was done, each with its `type`. */
  readonly effects: readonly ({ readonly [name: string]: unknown })[];
  /** The rule, its version, what limited it. */
  readonly why: { readonly [name: string]: unknown };
};

export type Adjust = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: AdjustBody;
};

/** An operator gives points, or takes them, within what a correction allows; a large one takes two credentials, under one case. */
export type AdjustBody = {
  readonly correction: Id;
  /** Minor units that the member gets. */
  readonly give?: number | undefined;
  /** Minor units that the member loses. */
  readonly take?: number | undefined;
  /** Why, for whoever asks later. */
  readonly reason: string;
  readonly operator: Id;
  readonly case?: Id | undefined;
};

/** Minor units. */
export type Amount = number;

/** A system’s own name for a user; of the system `global`: the owner of accounts. */
export type AnyUser = string;

export type Applications = {
  readonly applications: readonly ({
    readonly client: OAuthClientId;
    readonly scope: string;
    readonly createdAt: Time;
    readonly usedAt: Time;
  })[];
};

/** How far the log was read. Name it in the same question, and the answer is the same. */
export type AsOf = Time | Positions;

export type Asset = {
  readonly asset: AssetCode;
  readonly scale: number;
  readonly lotTracked: boolean;
  readonly lotGranularityMs: number;
  readonly defaultExpiryMs: number;
  readonly version: number;
  readonly expiresAfter?: Period | undefined;
  readonly expiresOn?: FixedDate | undefined;
  readonly expiryNoticeDays?: number | undefined;
  readonly zone?: Zone | undefined;
  /** How far the zone’s clocks are ahead of UTC, as known when the asset was first defined with it: (from, offset) in milliseconds, one after the other. What became known later: the definition of kind `zone`. */
  readonly zoneOffsets?: readonly number[] | undefined;
};

/** A kind of points. */
export type AssetCode = string;

export type AssetDefinition = {
  /** Decimals: how minor units are shown. */
  readonly scale: number;
  readonly lotTracked?: boolean | undefined;
  readonly lotGranularityMs?: number | undefined;
  readonly defaultExpiryMs?: number | undefined;
  readonly expiresAfter?: Period | undefined;
  readonly expiresOn?: FixedDate | undefined;
  readonly zone?: Zone | undefined;
  /** How many days before points expire the feed tells so; 0: it does not. */
  readonly expiryNoticeDays?: number | undefined;
  readonly ifVersion?: number | undefined;
};

export type AssetDocument = {
  /** Decimals: how minor units are shown. */
  readonly scale: number;
  readonly lotTracked?: boolean | undefined;
  readonly lotGranularityMs?: number | undefined;
  readonly defaultExpiryMs?: number | undefined;
  readonly expiresAfter?: Period | undefined;
  readonly expiresOn?: FixedDate | undefined;
  readonly zone?: Zone | undefined;
  /** How many days before points expire the feed tells so; 0: it does not. */
  readonly expiryNoticeDays?: number | undefined;
};

export type Assets = {
  readonly assets: readonly Asset[];
};

export type AuditPage = {
  readonly records: readonly AuditRecord[];
  /** Pass it to get the next page. */
  readonly cursor?: string | undefined;
};

export type AuditRecord = {
  readonly shard: number;
  readonly seq: number;
  /** Within its block. */
  readonly index: number;
  readonly time: Time;
  /** Who asks, by the credentials shown: `administrator`, `key:{id}`, `platform:{id}`. */
  readonly principal: string;
  /** Left out once the days of the audit trail are over. */
  readonly address?: string | undefined;
  /** Likewise. */
  readonly agent?: string | undefined;
  /** 32 hexadecimal digits. */
  readonly traceId?: string | undefined;
  /** The type of a command. */
  readonly operation: "transfer" | "hold" | "capture" | "release" | "reverse" | "open-account" | "freeze-account" | "unfreeze-account" | "close-account" | "set-credit-limit" | "put-record" | "delete-record" | "define-asset" | "extend-lots" | "reopen-account" | "confirm-pending" | "act" | "put-definition";
  readonly owner?: Holder | undefined;
  readonly id?: KnownId | undefined;
  /** `ok`, or a refusal’s code; `PREPARED`: its id tells what it came to. */
  readonly outcome: string;
  /** What was asked, without memos, metadata and values of records. */
  readonly command: { readonly [name: string]: unknown };
};

export type AuthorizationServer = {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly introspection_endpoint: string;
  readonly revocation_endpoint: string;
  readonly scopes_supported: readonly string[];
  readonly response_types_supported: readonly string[];
  readonly response_modes_supported: readonly string[];
  readonly grant_types_supported: readonly string[];
  readonly token_endpoint_auth_methods_supported: readonly string[];
  readonly introspection_endpoint_auth_methods_supported: readonly string[];
  readonly revocation_endpoint_auth_methods_supported: readonly string[];
  readonly code_challenge_methods_supported: readonly string[];
  readonly authorization_response_iss_parameter_supported: boolean;
  readonly service_documentation: string;
};

export type BackedUp = {
  readonly to: string;
  /** The shards in the folder. */
  readonly shards: readonly number[];
  /** The last block copied of each of them. */
  readonly seqs: readonly number[];
};

export type Backup = {
  /** The absolute path of a new folder. */
  readonly to: string;
};

export type Badge = {
  readonly task: DefinitionKey;
  readonly times: number;
};

export type Balance = {
  readonly owner: Owner;
  readonly asset: AssetCode;
  readonly available: number;
  readonly held: number;
  /** Of `held`: what is pending. */
  readonly pending: number;
  readonly total: number;
  readonly earned: number;
  readonly spent: number;
  readonly expired: number;
  readonly version: number;
  readonly creditLimit: number;
  readonly frozen: boolean;
  readonly closed: boolean;
  readonly lots: readonly Lot[];
};

export type Balances = {
  readonly balances: readonly Accounts[];
};

export type BalancesAsked = {
  readonly owners: readonly Owner[];
  /** An asset code. */
  readonly asset?: string | undefined;
  /** Milliseconds since 1970, or an RFC 3339 time. */
  readonly at?: Time | TimeText | undefined;
  readonly asOf?: Time | TimeText | Positions | undefined;
};

export type BatchAnswer = readonly (PostedInBatch | Prepared | Problem)[];

export type BeforeAfter = {
  readonly before: number;
  readonly after: number;
};

export type BoardEntry = {
  /** Equal scores have equal ranks: 1, 2, 2, 4. */
  readonly rank: number;
  readonly owner?: User | undefined;
  /** In place of `owner`; the same as long as the period lasts. */
  readonly alias?: string | undefined;
  /** Minor units, or how often. */
  readonly score: number;
  /** When it last changed: of equal scores who had it first is first. */
  readonly reachedAt?: number | undefined;
};

export type BudgetState = {
  /** The name of a budget. */
  readonly budget: string;
  readonly asset: AssetCode;
  readonly available: number;
  readonly held: number;
  readonly lent: number;
  readonly funded: number;
  readonly paid: number;
};

/** For a time, events of a type, or of all types, earn more. The highest of several counts. */
export type CampaignDocument = {
  readonly programme: Id;
  readonly event?: Id | undefined;
  /** What is earned, in percent. */
  readonly multiplier: number;
  readonly stacks?: boolean | undefined;
  readonly from: Time;
  readonly to: Time;
  /** For whom it is: a condition in CEL over member, profile and day. Left out: for all. */
  readonly audience?: string | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type CampaignState = {
  readonly campaign: DefinitionKey;
  /** Percent. */
  readonly multiplier: number;
  readonly to: Time;
  readonly taken: number;
};

export type Capture = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly to: Payee;
  readonly amount?: Amount | undefined;
  readonly releaseRest?: boolean | undefined;
  /** When the credited points expire; null: never. Left out: the asset’s default. */
  readonly expiresAt?: Time | TimeText | null | undefined;
};

export type CausedCommand = {
  readonly owner: Holder;
  readonly id: KnownId;
};

export type Channel = {
  readonly id: ChannelId;
  readonly type: "email" | "sms" | "webhook";
  readonly state: "active" | "paused";
  readonly url: string;
  readonly platform?: PlatformId | undefined;
  /** A text of one line, of 1 to 100 characters. */
  readonly name?: string | undefined;
  /** A list of different notices out of: points.expiring, tier.changed, referral.joined, referral.rewarded, coupon.issued, order.created, order.shipped, order.completed, order.cancelled, goods.back, sign-in.invitation, sign-in.confirmation, sign-in.reset, campaign.started, campaign.ended. */
  readonly notices?: readonly NoticeName[] | undefined;
  /** A list of different notices out of: points.expiring, tier.changed, referral.joined, referral.rewarded, coupon.issued, order.created, order.shipped, order.completed, order.cancelled, goods.back, sign-in.invitation, sign-in.confirmation, sign-in.reset, campaign.started, campaign.ended. */
  readonly urgent?: readonly NoticeName[] | undefined;
  /** Are notices of class `service` sent to who has said nothing of them? Left out: they are. */
  readonly service?: boolean | undefined;
  readonly quiet?: {
    /** A time: HH:MM. */
    readonly from: string;
    /** A time: HH:MM. */
    readonly to: string;
  } | undefined;
  /** The name of a time zone, such as Asia/Shanghai. */
  readonly zone?: string | undefined;
  readonly language?: "zh" | "en" | undefined;
  /** Who signs in at the mail server. */
  readonly user?: string | undefined;
  /** A mail address, without a name. */
  readonly from?: string | undefined;
  /** A text of one line, of 1 to 100 characters. */
  readonly fromName?: string | undefined;
  /** Headers of the request, by name; `{secret}` is filled in. */
  readonly headers?: { readonly [name: string]: string } | undefined;
  /** What is sent to the gateway, by name; `{to}`, `{text}`, `{id}` and `{secret}` are filled in. */
  readonly fields?: { readonly [name: string]: string } | undefined;
  readonly format?: "json" | "form" | undefined;
  /** The secret itself is shown to nobody. */
  readonly hasSecret: boolean;
  readonly createdAt: Time;
  readonly updatedAt: Time;
};

export type ChannelId = string;

export type ChannelProgress = {
  readonly id: ChannelId;
  readonly type: "email" | "sms" | "webhook";
  readonly state: "active" | "paused";
  readonly url: string;
  readonly platform?: PlatformId | undefined;
  /** A text of one line, of 1 to 100 characters. */
  readonly name?: string | undefined;
  /** Since the server began: notices sent, passed over, attempts that failed. */
  readonly notices: {
    readonly sent: number;
    readonly skipped: number;
    readonly failed: number;
  };
  /** A list of different notices out of: points.expiring, tier.changed, referral.joined, referral.rewarded, coupon.issued, order.created, order.shipped, order.completed, order.cancelled, goods.back, sign-in.invitation, sign-in.confirmation, sign-in.reset, campaign.started, campaign.ended. */
  readonly urgent?: readonly NoticeName[] | undefined;
  /** Are notices of class `service` sent to who has said nothing of them? Left out: they are. */
  readonly service?: boolean | undefined;
  readonly quiet?: {
    /** A time: HH:MM. */
    readonly from: string;
    /** A time: HH:MM. */
    readonly to: string;
  } | undefined;
  /** The name of a time zone, such as Asia/Shanghai. */
  readonly zone?: string | undefined;
  readonly language?: "zh" | "en" | undefined;
  /** Who signs in at the mail server. */
  readonly user?: string | undefined;
  /** A mail address, without a name. */
  readonly from?: string | undefined;
  /** A text of one line, of 1 to 100 characters. */
  readonly fromName?: string | undefined;
  /** Headers of the request, by name; `{secret}` is filled in. */
  readonly headers?: { readonly [name: string]: string } | undefined;
  /** What is sent to the gateway, by name; `{to}`, `{text}`, `{id}` and `{secret}` are filled in. */
  readonly fields?: { readonly [name: string]: string } | undefined;
  readonly format?: "json" | "form" | undefined;
  /** The secret itself is shown to nobody. */
  readonly hasSecret: boolean;
  readonly createdAt: Time;
  readonly updatedAt: Time;
  /** Why nothing is sent: it is paused, its maker may not read, its secret cannot be opened. */
  readonly halted: "paused" | "forbidden" | "secret" | null;
  readonly delivered: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly pausedUntil: Time | null;
  /** Those of the node that was asked. */
  readonly shards: readonly ({
    readonly shard: number;
    /** The first block that is not delivered, but for exceptions. */
    readonly seq: number;
    readonly lagMs: number;
    /** Events that have failed and are tried again, or stand behind one that is. */
    readonly waiting: number;
    readonly dead: number;
    /** Nothing more is told before something is delivered, retried or dropped. */
    readonly isFull: boolean;
  })[];
};

export type Channels = {
  readonly channels: readonly Channel[];
};

export type Claim = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: ClaimBody;
};

/** A member claims the points of an offer, once. */
export type ClaimBody = {
  readonly offer: Id;
};

export type ClearingCycles = {
  readonly coalition: DefinitionKey;
  readonly cycles: readonly ({
    /** Its number. */
    readonly cycle: number;
    /** closing: cut, and not all of its debts are netted: close it again. */
    readonly state: "closing" | "closed";
    readonly closedAt: Time | null;
    /** Who has cut it. */
    readonly by: string | null;
    readonly at: Time;
    readonly asOf: AsOf;
  })[];
};

export type ClearingStatement = {
  readonly coalition: DefinitionKey;
  readonly currency: string;
  readonly from?: Time | undefined;
  readonly at: Time;
  readonly asOf: AsOf;
  /** What each platform owes another one, in points of one asset. */
  readonly debts: readonly ({
    readonly debtor: PlatformId;
    readonly creditor: PlatformId;
    readonly asset: AssetCode;
    readonly amount: Amount;
    /** Units of the currency, exact, as a text. */
    readonly value: string;
  })[];
  /** What each is owed less what it owes; they sum to zero. */
  readonly positions: readonly ({
    readonly platform: PlatformId;
    /** Units of the currency, exact, as a text. */
    readonly owed: string;
    /** Units of the currency, exact, as a text. */
    readonly owes: string;
    /** Units of the currency, exact, as a text. */
    readonly net: string;
  })[];
  /** Who would pay whom, so that nothing is owed any more: fewer than platforms. */
  readonly settlements: readonly ({
    readonly from: PlatformId;
    readonly to: PlatformId;
    /** Units of the currency, exact, as a text. */
    readonly value: string;
  })[];
};

/** Platforms whose points are exchanged: a point is worth `base` times the multiplier of its platform and of its category. */
export type CoalitionDocument = {
  /** The unit of value, e.g. CNY. */
  readonly currency: string;
  /** What a whole point is worth before multipliers, in units of the currency: 0.01. */
  readonly base: string;
  /** Multipliers of platforms, by their name. */
  readonly platforms?: { readonly [name: string]: string } | undefined;
  /** Multipliers of categories, by their name. */
  readonly categories?: { readonly [name: string]: string } | undefined;
  /** The multiplier of a platform, or a category, that is not named. Left out: 1.0. */
  readonly unknown?: string | undefined;
  readonly zone: Zone;
  /** By how many percent a rate or a multiplier may change, at once or summed over the window, before a second person must agree. Left out: 20. */
  readonly changePercent?: number | undefined;
  /** Over how long changes are summed, in milliseconds. Left out: 7 days. */
  readonly changeWindowMs?: number | undefined;
  /** How long a quote holds, in seconds. Left out: 300. */
  readonly quoteSeconds?: number | undefined;
  /** For how many days after its cycle was cut, or its exchange made, a line may be disputed. Left out: 30. */
  readonly disputeDays?: number | undefined;
  /** Within how many days the other platform answers a dispute, before the operator may decide it without. Left out: 14. */
  readonly answerDays?: number | undefined;
  /** 1: a second person must agree to changes: of it, and of what belongs to it. Left out: none. */
  readonly approvals?: number | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type CodeCount = {
  readonly goods: DefinitionKey;
  readonly free: number;
  readonly reserved: number;
  readonly given: number;
  readonly withdrawn: number;
  /** Are fewer free than `lowStock`? */
  readonly low: boolean;
  /** Of the goods; 0: that is never said. */
  readonly lowStock: number;
};

export type CodeState = {
  /** As it is kept: upper case, without spaces and dashes. */
  readonly code: string;
  readonly campaign: DefinitionKey;
  /** Shared: for many. Numbered: one of those generated. Drawn: made when issued. */
  readonly form: "shared" | "numbered" | "drawn";
  readonly number?: number | undefined;
  /** Free: nobody’s. Gone: its owner has it no more. Else what its owner has of it. */
  readonly state: "free" | "gone" | "available" | "reserved" | "used" | "expired";
  readonly owner?: User | undefined;
  readonly expiresAt?: Time | undefined;
  readonly order?: string | undefined;
  readonly reservedUntil?: Time | undefined;
};

/** A command as it was submitted, defaults filled in. */
export type Command = {
  readonly type: "transfer";
  readonly id?: KnownId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly legs: readonly CommandLeg[];
  readonly condition?: Condition | undefined;
  readonly followUps?: readonly CommandFollowUp[] | undefined;
  readonly owner?: Owner | undefined;
  readonly occurredAt?: Time | undefined;
  /** The points are pending: earned, and held until this time; null: until they are confirmed. Left out: they are available at once. */
  readonly pendingUntil?: Time | null | undefined;
} | {
  readonly type: "hold";
  readonly id?: KnownId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly asset: AssetCode;
  readonly amount: Amount;
  readonly deadline?: Time | undefined;
} | {
  readonly type: "capture";
  readonly id?: KnownId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly holdId: NamedId;
  readonly to: Payee;
  readonly amount?: Amount | undefined;
  readonly releaseRest?: boolean | undefined;
  /** When the credited points expire; null: never. Left out: the asset’s default. */
  readonly expiresAt?: Time | null | undefined;
} | {
  readonly type: "release";
  readonly id?: KnownId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly holdId: NamedId;
} | {
  readonly type: "reverse";
  readonly id?: KnownId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: Owner;
  readonly transferId: KnownId;
  readonly allowDebt?: boolean | undefined;
  readonly amount?: Amount | undefined;
  readonly legs?: readonly CommandLegPart[] | undefined;
} | {
  readonly type: "open-account";
  readonly id?: KnownId | undefined;
  readonly owner: NewUser;
  readonly asset: AssetCode;
} | {
  readonly type: "freeze-account";
  readonly id?: KnownId | undefined;
  readonly owner: User;
  readonly asset: AssetCode;
} | {
  readonly type: "unfreeze-account";
  readonly id?: KnownId | undefined;
  readonly owner: User;
  readonly asset: AssetCode;
} | {
  readonly type: "close-account";
  readonly id?: KnownId | undefined;
  readonly owner: User;
  readonly asset: AssetCode;
} | {
  readonly type: "set-credit-limit";
  readonly id?: KnownId | undefined;
  readonly owner: User;
  readonly asset: AssetCode;
  readonly creditLimit: number;
} | {
  readonly type: "put-record";
  readonly id?: KnownId | undefined;
  readonly owner: User;
  readonly recordType: RecordName;
  readonly key: RecordName;
  /** Bytes in base64. */
  readonly value: string;
  readonly expiresAt?: Time | undefined;
  readonly ifVersion?: number | undefined;
} | {
  readonly type: "delete-record";
  readonly id?: KnownId | undefined;
  readonly owner: User;
  readonly recordType: RecordName;
  readonly key: RecordName;
  readonly ifVersion?: number | undefined;
} | {
  readonly type: "define-asset";
  readonly asset: AssetCode;
  /** Decimals: how minor units are shown. */
  readonly scale: number;
  readonly lotTracked?: boolean | undefined;
  readonly lotGranularityMs?: number | undefined;
  readonly defaultExpiryMs?: number | undefined;
  readonly expiresAfter?: Period | undefined;
  readonly expiresOn?: FixedDate | undefined;
  readonly zone?: Zone | undefined;
  /** How many days before points expire the feed tells so; 0: it does not. */
  readonly expiryNoticeDays?: number | undefined;
  readonly ifVersion?: number | undefined;
} | {
  readonly type: "extend-lots";
  readonly id?: KnownId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly asset: AssetCode;
  readonly lotExpiresAt: Time;
  /** When the credited points expire; null: never. Left out: the asset’s default. */
  readonly expiresAt: Time | null;
  readonly amount?: Amount | undefined;
} | {
  readonly type: "reopen-account";
  readonly id?: KnownId | undefined;
  readonly owner: User;
  readonly asset: AssetCode;
} | {
  readonly type: "confirm-pending";
  readonly id?: KnownId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly transferId: KnownId;
} | {
  readonly type: "act";
  readonly id?: KnownId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  /** Which act. */
  readonly act: "adjust" | "claim" | "correct-event" | "draw" | "draw-word" | "coupon-issue" | "coupon-redeem" | "coupon-release" | "coupon-reserve" | "event" | "exchange" | "exchange-quote" | "exchange-return" | "exchange-submit" | "exchange-withdraw" | "gift" | "goods-wait" | "grant-tier" | "merge" | "order" | "order-cancel" | "order-complete" | "order-confirm" | "order-quote" | "order-ship" | "partner-exchange" | "partner-exchange-approve" | "partner-exchange-cancel" | "refer" | "referral-code" | "return-event" | "set-profile" | "unmerge";
  /** What the act is asked to do, by the fields of its own. */
  readonly body: { readonly [name: string]: unknown };
} | {
  readonly type: "put-definition";
  readonly kind: DefinitionKind;
  readonly key: DefinitionKey;
  readonly state: DefinitionState;
  readonly document?: DefinitionDocument | undefined;
  readonly activeFrom?: Time | undefined;
  readonly ifVersion?: number | undefined;
};

/** A transfer that is carried out once the first one is posted. */
export type CommandFollowUp = {
  readonly legs: readonly CommandLeg[];
  readonly condition?: Condition | undefined;
  readonly owner?: Owner | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
};

/** Points move from one account to another. */
export type CommandLeg = {
  readonly from: Owner;
  readonly to: Payee;
  readonly asset: AssetCode;
  readonly amount: Amount;
  /** When the credited points expire; null: never. Left out: the asset’s default. */
  readonly expiresAt?: Time | null | undefined;
};

/** So much of one leg of the original. */
export type CommandLegPart = {
  /** Which leg: 0 is the first. */
  readonly leg: number;
  readonly amount: Amount;
};

export type Components = {
  readonly status: "ok" | "warning" | "degraded" | "down";
  /** Why it is not ok. */
  readonly detail?: string | undefined;
  readonly components: { readonly [name: string]: {
    readonly status: "ok" | "warning" | "degraded" | "down";
    /** Why it is not ok. */
    readonly detail?: string | undefined;
  } };
};

/** Posts only where so much is available before the transfer. */
export type Condition = {
  readonly owner: User;
  readonly asset: AssetCode;
  readonly availableAtLeast: number;
};

export type Confirmation = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
};

export type Contact = {
  readonly owner: User;
  /** Masked for who may not see it. */
  readonly email?: string | undefined;
  /** Masked for who may not see it. */
  readonly phone?: string | undefined;
  readonly language?: "zh" | "en" | undefined;
  readonly consents: readonly ({
    readonly type: "email" | "sms" | "webhook";
    /** A notice, or a class of them: what is said of a notice comes first. */
    readonly notices: "points.expiring" | "tier.changed" | "referral.joined" | "referral.rewarded" | "coupon.issued" | "order.created" | "order.shipped" | "order.completed" | "order.cancelled" | "goods.back" | "sign-in.invitation" | "sign-in.confirmation" | "sign-in.reset" | "campaign.started" | "campaign.ended" | "service" | "marketing";
    readonly isGiven: boolean;
    readonly at: Time;
  })[];
  /** Addresses that were answered to be none: nothing is sent there any more. */
  readonly dead: readonly ({
    readonly type: "email" | "sms" | "webhook";
    readonly at: Time;
    readonly reason: string;
  })[];
  readonly createdAt: Time;
  readonly updatedAt: Time;
};

export type Correct_event = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Correct_eventBody;
};

/** An operator puts right what an event has earned by what was wrong: the difference is posted, as far as the event was not returned. */
export type Correct_eventBody = {
  readonly event: NamedId;
  readonly correction: Id;
  readonly within: Id;
  /** What it gives (up), or what it takes (down). */
  readonly side: "up" | "down";
  readonly as: Id;
  /** What the event should have come to, as a simulation tells it. */
  readonly right: {
    /** [rule or task, its key, minor units, who pays (@issue or a budget), when they expire or null], each source once. */
    readonly paid: readonly (readonly (string | number | null)[])[];
    /** [counter, from, until, added]. */
    readonly counted: readonly (readonly (string | number | null)[])[];
    readonly period: number | null;
    /** [who has referred the member, or that one; minor units], each once. Left out: nobody has a share. */
    readonly shares?: readonly (readonly (string | number | null)[])[] | undefined;
  };
};

export type Correction = {
  readonly id: Id;
  readonly state: "running" | "done" | "failed" | "cancelled";
  readonly startedAt: Time;
  readonly problem?: JobProblem | undefined;
  /** The name of the correction, by which it can be asked for again: up to 24 characters. */
  readonly correction: string;
  readonly progress: CorrectionProgress;
  readonly result?: CorrectionResult | undefined;
};

/** How far an operator may correct a balance, and from when on a second person must agree. */
export type CorrectionDocument = {
  readonly asset: AssetCode;
  /** The most that one correction may give, in minor units; 0: nothing. */
  readonly mostUp: number;
  /** The most that one correction may take, in minor units; 0: nothing. */
  readonly mostDown: number;
  /** From this amount on a second person must agree, with a credential of their own. Left out: never. */
  readonly secondFrom?: number | undefined;
  /** 1: a second person must agree to changes: of it, and of what belongs to it. Left out: none. */
  readonly approvals?: number | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type CorrectionProgress = {
  readonly blocks: number;
  readonly of: number;
  readonly events: number;
  readonly posted: number;
  readonly repeated: number;
  readonly refused: number;
};

export type CorrectionRefused = {
  readonly acts: number;
  readonly codes: { readonly [name: string]: number };
  readonly named: readonly CorrectionRefusedAct[];
};

export type CorrectionRefusedAct = {
  readonly owner: Owner;
  readonly event: string;
  readonly code: string;
};

export type CorrectionResult = {
  readonly simulation: SimulationResult;
  readonly posted: number;
  readonly repeated: number;
  readonly unreported: number;
  readonly uncorrected: readonly Uncorrected[];
  readonly refused: CorrectionRefused;
};

export type Coupon_issue = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Coupon_issueBody;
};

/** A member gets a coupon of a campaign of single codes: a new one, or the one of a numbered code. */
export type Coupon_issueBody = {
  readonly coupon: Id;
  /** The code as it was typed: with or without case, spaces and dashes. */
  readonly code?: string | undefined;
};

export type Coupon_redeem = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Coupon_redeemBody;
};

/** A member uses a coupon: what it takes off an order is told, or its points are credited. A dry run says whether it is good. */
export type Coupon_redeemBody = {
  /** The code as it was typed: with or without case, spaces and dashes. */
  readonly code: string;
  readonly order?: Id | undefined;
  /** What the order comes to, in minor units. */
  readonly amount?: number | undefined;
};

export type Coupon_release = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Coupon_releaseBody;
};

/** A coupon that was reserved for an order of a member can be used for another one. */
export type Coupon_releaseBody = {
  /** The code as it was typed: with or without case, spaces and dashes. */
  readonly code: string;
  readonly order: Id;
};

export type Coupon_reserve = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Coupon_reserveBody;
};

/** A coupon is kept for an order of a member until a time; asked for again, for longer. */
export type Coupon_reserveBody = {
  /** The code as it was typed: with or without case, spaces and dashes. */
  readonly code: string;
  readonly order: Id;
  /** What the order comes to, in minor units. */
  readonly amount?: number | undefined;
  /** For how long, in milliseconds. */
  readonly forMs?: number | undefined;
};

export type CouponCampaign = {
  readonly campaign: DefinitionKey;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** A discount in percent of the order, rounded down. */
  readonly percent?: number | undefined;
  /** A discount in minor units. */
  readonly amount?: number | undefined;
  /** The most that a discount in percent comes to. */
  readonly most?: number | undefined;
  /** Only for orders of at least so many minor units. */
  readonly minimum?: number | undefined;
  /** Points that are credited instead. */
  readonly points?: number | undefined;
};

/** A campaign of coupons. Its key is the code itself, where that is shared; else four letters that all its codes begin with. */
export type CouponDocument = {
  readonly programme: Id;
  /** single: each code is used once. shared: one code, for many. */
  readonly codes: "single" | "shared";
  /** A discount in percent of the order, rounded down. */
  readonly percent?: number | undefined;
  /** A discount in minor units of the order. */
  readonly amount?: number | undefined;
  /** The most that a discount in percent comes to. */
  readonly most?: number | undefined;
  /** Only for orders of at least so many minor units. */
  readonly minimum?: number | undefined;
  readonly points?: Amount | undefined;
  /** A budget: `#budget:` and its name. */
  readonly budget?: string | undefined;
  /** A budget: `#budget:` and its name. */
  readonly uses?: string | undefined;
  readonly usesAsset?: AssetCode | undefined;
  /** How often a member may use coupons of the campaign in a span. */
  readonly limit?: number | undefined;
  /** In what the limit counts, in the zone of the programme. Left out: ever. */
  readonly span?: "day" | "week" | "month" | "year" | "ever" | undefined;
  readonly from?: Time | undefined;
  readonly to?: Time | undefined;
  /** For how many days after it was issued a coupon can be used. */
  readonly days?: number | undefined;
  /** For whom it is: a condition in CEL over member, profile and day. Left out: for all. */
  readonly audience?: string | undefined;
  readonly bearer?: boolean | undefined;
  readonly returns?: boolean | undefined;
  /** How many numbered codes there are. Set where they are generated. */
  readonly count?: number | undefined;
  readonly keyId?: Id | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type CouponPage = {
  readonly coupons: readonly MemberCoupon[];
  /** Those that the coupons are of. */
  readonly campaigns: readonly CouponCampaign[];
  /** There may be more: ask with it. */
  readonly cursor?: string | undefined;
};

export type CreditLimit = {
  readonly id?: NewId | undefined;
  readonly creditLimit: number;
};

export type CrossSystemAccount = {
  readonly id: string;
  readonly owner: User;
  readonly asset: AssetCode;
};

export type CycleStatement = {
  readonly coalition: DefinitionKey;
  readonly currency: string;
  readonly from?: Time | undefined;
  readonly at: Time;
  readonly asOf: AsOf;
  /** What each platform owes another one, in points of one asset. */
  readonly debts: readonly ({
    readonly debtor: PlatformId;
    readonly creditor: PlatformId;
    readonly asset: AssetCode;
    readonly amount: Amount;
    /** Units of the currency, exact, as a text. */
    readonly value: string;
  })[];
  /** What each is owed less what it owes; they sum to zero. */
  readonly positions: readonly ({
    readonly platform: PlatformId;
    /** Units of the currency, exact, as a text. */
    readonly owed: string;
    /** Units of the currency, exact, as a text. */
    readonly owes: string;
    /** Units of the currency, exact, as a text. */
    readonly net: string;
  })[];
  /** Who would pay whom, so that nothing is owed any more: fewer than platforms. */
  readonly settlements: readonly ({
    readonly from: PlatformId;
    readonly to: PlatformId;
    /** Units of the currency, exact, as a text. */
    readonly value: string;
  })[];
  /** Its number. */
  readonly cycle: number;
  /** closing: cut, and not all of its debts are netted: close it again. */
  readonly state: "closing" | "closed";
  readonly closedAt: Time | null;
  /** Who has cut it. */
  readonly by: string | null;
};

export type DeadLetters = {
  readonly deadLetters: readonly ({
    readonly id: OutboundId;
    readonly type: "points.earned" | "points.spent" | "points.expired" | "points.expiring" | "points.held" | "points.captured" | "points.released" | "points.reversed" | "points.extended" | "points.imported" | "points.changed" | "command.refused" | "exchange.created" | "exchange.confirmed" | "exchange.shipped" | "exchange.completed" | "exchange.cancelled" | "stock.low" | "stock.enough" | "dispute.opened" | "dispute.answered" | "dispute.settled" | "dispute.rejected" | "dispute.withdrawn" | "dispute.reopened" | "submission.pending" | "submission.completed" | "submission.withdrawn" | "submission.expired" | "partner_exchange.pending_approval" | "partner_exchange.started" | "partner_exchange.completed" | "partner_exchange.failed" | "inconsistency.opened" | "inconsistency.resolved" | "referral.used" | "tier.changed" | "member.merged" | "member.unmerged" | "coupon.issued" | "goods.back" | "act.done" | "sign_in.letter" | "campaign.started" | "campaign.ended" | "campaign.counted" | "definition.changed" | "exchange_rate.updated" | "exchange_rate.proposed" | "asset.defined" | "webhook.test";
    readonly subject: string;
    readonly sequence: string;
    readonly attempts: number;
    readonly failedAt: Time;
    readonly deadAt: Time;
    readonly reason?: string | undefined;
    readonly status?: number | undefined;
  })[];
  readonly cursor?: OutboundId | undefined;
};

export type DecidedBy = {
  readonly kind: "rule" | "task" | "tier" | "campaign";
  readonly key: DefinitionKey;
  readonly version: number;
  readonly name?: string | undefined;
  /** What was left of what limited it, in minor units: of its limit (0: it was reached), of its budget. */
  readonly left?: {
    /** Minor units. */
    readonly limit?: number | undefined;
    /** Minor units. */
    readonly budget?: number | undefined;
  } | undefined;
};

export type Definition = {
  readonly state: DefinitionState;
  readonly document?: DefinitionDocument | undefined;
  readonly activeFrom?: Time | TimeText | undefined;
  readonly ifVersion?: number | undefined;
};

/** The fields of its kind, at most 8192 bytes of canonical JSON. Left out: of a retirement. */
export type DefinitionDocument = ProgrammeDocument | EventDocument | RuleDocument | TierDocument | CampaignDocument | TaskDocument | ReferralDocument | GiftingDocument | LeaderboardDocument | LotteryDocument | OfferDocument | CouponDocument | CorrectionDocument | GoodsDocument | PricingDocument | SaleDocument | Stock_levelDocument | CoalitionDocument | ExchangingDocument | Exchange_rateDocument | NoticeDocument | ZoneDocument;

export type DefinitionHistory = {
  readonly kind: DefinitionKind;
  readonly key: DefinitionKey;
  /** The version that decides now; left out: none. */
  readonly active?: number | undefined;
  /** From the first one on. In a list the newest, and before it, where that is a draft, the newest that is none. */
  readonly versions: readonly DefinitionVersion[];
};

/** The name of a definition within its kind. */
export type DefinitionKey = string;

/** One of programme, event, rule, tier, campaign, task, referral, gifting, leaderboard, lottery, offer, coupon, correction, goods, pricing, sale, stock-level, coalition, exchanging, exchange-rate, notice, zone. */
export type DefinitionKind = string;

export type DefinitionPage = {
  readonly definitions: readonly DefinitionHistory[];
  readonly cursor?: DefinitionKey | undefined;
};

/** draft: never decides; active: decides from `activeFrom` on; retired: nothing decides from then on. */
export type DefinitionState = "draft" | "active" | "retired";

export type DefinitionVersion = {
  readonly kind: DefinitionKind;
  readonly key: DefinitionKey;
  readonly version: number;
  /** Its place among all versions that decide, of all definitions; 0: a draft. */
  readonly number: number;
  readonly state: DefinitionState;
  readonly activeFrom?: Time | undefined;
  readonly definedAt: Time;
  readonly document?: DefinitionDocument | undefined;
  readonly zoneOffsets?: readonly number[] | undefined;
  /** Who said it, by the credentials shown. */
  readonly by?: string | undefined;
};

export type Dispute = {
  /** By what it is known. */
  readonly dispute: string;
  /** `open`: not answered. `answered`: not decided. `settled`, `rejected`, `withdrawn`: over. */
  readonly state: "open" | "answered" | "settled" | "rejected" | "withdrawn";
  readonly by: PlatformId;
  readonly other: PlatformId;
  /** Of the statement of this cycle. */
  readonly cycle?: number | undefined;
  readonly owner?: User | undefined;
  readonly exchange?: string | undefined;
  readonly lines: readonly ({
    readonly debtor: PlatformId;
    readonly creditor: PlatformId;
    readonly asset: AssetCode;
    readonly owed: Amount;
    readonly disputed: Amount;
    readonly settled: number;
  })[];
  readonly reason: string;
  readonly answer?: string | undefined;
  readonly decision?: string | undefined;
  readonly openedAt: Time;
  readonly answerBy: Time;
  readonly answeredAt?: Time | undefined;
  readonly endedAt?: Time | undefined;
};

export type DisputeAnswer = {
  /** All that is disputed is given back at once. Left out: no. */
  readonly agrees?: boolean | undefined;
  /** What is answered. 1 to 200 characters. */
  readonly answer: string;
  readonly platform?: PlatformId | undefined;
};

export type DisputeDecision = {
  /** Why. 1 to 200 characters. */
  readonly reason: string;
};

export type DisputeSettlement = {
  /** How much of each line is given back, in their order. Left out: all that is disputed. */
  readonly amounts?: readonly number[] | undefined;
  /** Why. 1 to 200 characters. */
  readonly reason: string;
};

export type DisputeWithdrawal = {
  /** Why. 1 to 200 characters. */
  readonly reason: string;
  readonly platform?: PlatformId | undefined;
};

export type Disputes = {
  readonly disputes: readonly ({
    /** By what it is known. */
    readonly dispute: string;
    /** `open`: not answered. `answered`: not decided. `settled`, `rejected`, `withdrawn`: over. */
    readonly state?: "open" | "answered" | "settled" | "rejected" | "withdrawn" | undefined;
    readonly by: PlatformId;
    readonly other: PlatformId;
    /** Of the statement of this cycle. */
    readonly cycle?: number | undefined;
    readonly owner?: User | undefined;
    readonly exchange?: string | undefined;
    readonly lines?: readonly ({
      readonly debtor: PlatformId;
      readonly creditor: PlatformId;
      readonly asset: AssetCode;
      readonly owed: Amount;
      readonly disputed: Amount;
      readonly settled: number;
    })[] | undefined;
    readonly reason?: string | undefined;
    readonly answer?: string | undefined;
    readonly decision?: string | undefined;
    readonly openedAt?: Time | undefined;
    readonly answerBy: Time;
    readonly answeredAt?: Time | undefined;
    readonly endedAt?: Time | undefined;
  })[];
  /** There may be more: ask with it. */
  readonly cursor?: string | undefined;
};

export type Draw = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: DrawBody;
};

export type Draw_word = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Draw_wordBody;
};

/** A member commits to the word that the draws of this period are decided by, with the seed. */
export type Draw_wordBody = {
  readonly lottery: Id;
  readonly word: Id;
};

/** A member draws in a lottery: it costs points, and what is won is decided by a seed that nobody knows yet, the draw’s number and the member’s word. */
export type DrawBody = {
  readonly lottery: Id;
};

export type DrawPage = {
  readonly draws: readonly LotteryDraw[];
  /** Pass it to get the next page. */
  readonly cursor?: string | undefined;
};

/** A member draws in a lottery: it costs points, and what is won is decided by a seed that nobody knows yet, the draw’s number and the member’s word. */
export type DrawRequest = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
};

export type DrawSeed = {
  readonly shard: number;
  readonly number: number;
  readonly from: Time;
  readonly to: Time;
  /** SHA-256 of the seed, in hexadecimal digits. */
  readonly hash: string;
  /** The seed, in hexadecimal digits: when its period is over. */
  readonly seed?: string | undefined;
  /** Nobody will ever know it. */
  readonly isLost?: boolean | undefined;
};

export type DrawSeeds = {
  readonly seeds: readonly DrawSeed[];
};

export type Dropped = {
  readonly id: OutboundId;
};

export type Ended = {
  readonly ended: number;
};

export type Entry = {
  readonly owner: Holder;
  readonly asset: AssetCode;
  readonly version: number;
  /** `reserve`: a transfer between shards holds what it is to take until it is decided. `free`: it was refused, and that is available again. */
  readonly type: "transfer" | "hold" | "capture" | "release" | "reverse" | "expire" | "reserve" | "free" | "extend" | "act";
  readonly delta: number;
  readonly heldDelta: number;
  readonly earned: number;
  readonly spent: number;
  readonly expired: number;
  readonly available: number;
  readonly held: number;
  readonly slices: readonly Slice[];
};

export type EntryPage = {
  readonly asOf: AsOf;
  readonly entries: readonly HistoryEntry[];
  /** Pass it to get the next page. */
  readonly cursor?: string | undefined;
};

export type Event = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: EventBody;
};

/** A platform reports what a member did: the rules of the programme decide what it earns. */
export type EventBody = {
  readonly programme: Id;
  readonly type: Id;
  readonly time?: Time | TimeText | undefined;
  /** What there is to say of it, by the attributes of its type. */
  readonly attributes?: { readonly [name: string]: unknown } | undefined;
  /** The lines of an order, which sum to its amount: a return may name them. */
  readonly lines?: readonly ({
    readonly line: string;
    readonly amount: number;
    readonly quantity?: number | undefined;
  })[] | undefined;
  readonly own?: boolean | undefined;
};

/** A type of events that platforms report. Its key is <programme>.<type>. */
export type EventDocument = {
  readonly programme: Id;
  /** What an event of this type says: by name, of which type each is. */
  readonly attributes?: { readonly [name: string]: "integer" | "text" | "boolean" | "list" } | undefined;
  readonly amount?: Id | undefined;
  /** How often in a day a member may report it of itself. Left out: not at all, platforms alone report it. */
  readonly byMember?: number | undefined;
  /** Attributes that a member may say then. Left out: none. */
  readonly memberSays?: readonly string[] | undefined;
  readonly countsForTiers?: boolean | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type EventRecord = {
  readonly owner: User;
  readonly event: KnownId;
  readonly programme: DefinitionKey;
  readonly type: string;
  readonly state: "posted" | "refused" | "prepared";
  /** When it was decided. */
  readonly time: number;
  /** When it happened. */
  readonly at: number;
  readonly attributes: { readonly [name: string]: unknown };
  readonly lines?: readonly ({ readonly [name: string]: unknown })[] | undefined;
  /** Minor units. */
  readonly earned: number;
  /** What was done, each with its `type`. */
  readonly effects: readonly ({ readonly [name: string]: unknown })[];
  readonly why: { readonly [name: string]: unknown };
  /** Minor units of the original that are not reversed, over all its legs. */
  readonly remaining?: number | undefined;
  /** The same leg by leg, where it has several. */
  readonly remainingLegs?: readonly number[] | undefined;
  readonly problem?: Problem | undefined;
};

/** A member gives back what an event was about, or a part of it: what it has earned is taken back. */
export type EventReturn = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  /** What is given back of which lines of the order. Left out, and no amount: all that is left. */
  readonly lines?: readonly ({
    readonly line: string;
    readonly amount?: number | undefined;
    readonly quantity?: number | undefined;
  })[] | undefined;
  /** Of the amount of an event without lines. */
  readonly amount?: number | undefined;
};

export type Exchange = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: ExchangeBody;
};

export type Exchange_quote = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Exchange_quoteBody;
};

/** What points come to in exchange now: a quote, which is charged so, or has expired. */
export type Exchange_quoteBody = {
  readonly from: AssetCode;
  readonly to: AssetCode;
  readonly amount: Amount;
};

/** How many whole points of one asset a whole point of another gives. Its key is `<from>.<to>`. */
export type Exchange_rateDocument = {
  readonly coalition: Id;
  /** Whole points of the second asset for one whole point of the first. */
  readonly rate: string;
  /** 1: a second person must agree to changes: of it, and of what belongs to it. Left out: none. */
  readonly approvals?: number | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type Exchange_return = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Exchange_returnBody;
};

/** An exchange of a member is given back, in whole or in part: limits, reserve and fee with it. */
export type Exchange_returnBody = {
  readonly exchange: NamedId;
  readonly amount?: Amount | undefined;
};

export type Exchange_submit = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Exchange_submitBody;
};

/** A member gives points of one platform for points of another, at once or when its reserve has them: at the rate and fee of now. */
export type Exchange_submitBody = {
  readonly from: AssetCode;
  readonly to: AssetCode;
  readonly amount: Amount;
  readonly receiver?: User | undefined;
  /** What it was said to come to, in minor units of `to`: where it is anything else, nothing is exchanged. */
  readonly expected?: number | undefined;
  /** A quote, as it was given: then what it says is charged, or nothing is. */
  readonly quote?: string | undefined;
};

export type Exchange_withdraw = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Exchange_withdrawBody;
};

/** An exchange that waits for points is withdrawn: what was held is available again. */
export type Exchange_withdrawBody = {
  readonly submission: NamedId;
};

/** A member gives points of one platform for points of another: at its rate, less the fee, in one commit. */
export type ExchangeBody = {
  readonly from: AssetCode;
  readonly to: AssetCode;
  readonly amount: Amount;
  readonly receiver?: User | undefined;
  /** What it was said to come to, in minor units of `to`: where it is anything else, nothing is exchanged. */
  readonly expected?: number | undefined;
  /** A quote, as it was given: then what it says is charged, or nothing is. */
  readonly quote?: string | undefined;
};

export type ExchangeQuote = {
  readonly owner: User;
  readonly from: AssetCode;
  readonly to: AssetCode;
  readonly amount: Amount;
  readonly fee: number;
  readonly result: Amount;
  /** Whole points for a whole point, at most 12 digits after the point. An exact decimal, as a text. */
  readonly rate: string;
  /** rate: as it is said. values: by what the points of both are worth. */
  readonly by: "rate" | "values";
  /** It counts before this time. */
  readonly until: number;
  /** To be sent with the exchange. */
  readonly quote: string;
};

export type ExchangeQuoteRequest = {
  readonly owner: User;
  readonly from: AssetCode;
  readonly to: AssetCode;
  readonly amount: Amount;
};

export type ExchangeRate = {
  readonly from: AssetCode;
  readonly to: AssetCode;
  readonly coalition?: DefinitionKey | undefined;
  /** The rate that counts now; left out: they are not exchanged. An exact decimal, as a text. */
  readonly rate?: string | undefined;
  /** rate: as it is said. values: by what the points of both are worth. */
  readonly by?: "rate" | "values" | undefined;
  readonly waiting?: ExchangeRateVersion | undefined;
  readonly history: readonly ExchangeRateVersion[];
};

export type ExchangeRateBody = {
  /** Whole points of `to` for a whole point of `from`: an exact decimal above 0. */
  readonly rate: string;
  /** Left out: that of `from`. */
  readonly coalition?: string | undefined;
  readonly activeFrom?: Time | undefined;
};

export type ExchangeRateSaid = {
  readonly from: AssetCode;
  readonly to: AssetCode;
  /** active: it decides from its time on. waits: somebody else must say the same, with another key. */
  readonly state: "active" | "waits";
  readonly version: number;
};

export type ExchangeRateVersion = {
  readonly version: number;
  readonly state: "draft" | "active" | "retired";
  /** What it says; left out: it ends. An exact decimal, as a text. */
  readonly rate?: string | undefined;
  readonly definedAt: Time;
  readonly activeFrom?: Time | undefined;
  /** Who said it. */
  readonly by?: string | undefined;
};

/** A member gives points of one platform for points of another: at its rate, less the fee, in one commit. */
export type ExchangeRequest = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly from: AssetCode;
  readonly to: AssetCode;
  readonly amount: Amount;
  readonly receiver?: User | undefined;
  /** What it was said to come to, in minor units of `to`: where it is anything else, nothing is exchanged. */
  readonly expected?: number | undefined;
  /** A quote, as it was given: then what it says is charged, or nothing is. */
  readonly quote?: string | undefined;
};

/** An exchange of a member is given back, in whole or in part: limits, reserve and fee with it. */
export type ExchangeReturn = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly amount?: Amount | undefined;
};

export type ExchangeSubmission = {
  readonly owner: User;
  readonly submission: NamedId;
  /** pending: it waits for points, and what is given is held. Each other one is for ever. */
  readonly state: "pending" | "completed" | "withdrawn" | "expired";
  readonly from: AssetCode;
  readonly to: AssetCode;
  readonly amount: Amount;
  readonly fee: number;
  readonly result: Amount;
  readonly receiver?: User | undefined;
  /** Whole points for a whole point; left out: as a quote said. */
  readonly rate?: string | undefined;
  readonly submittedAt: Time;
  readonly until: Time;
  readonly endedAt?: Time | undefined;
  readonly completedBy?: KnownId | undefined;
};

/** A member gives points of one platform for points of another, at once or when its reserve has them: at the rate and fee of now. */
export type ExchangeSubmissionRequest = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly from: AssetCode;
  readonly to: AssetCode;
  readonly amount: Amount;
  readonly receiver?: User | undefined;
  /** What it was said to come to, in minor units of `to`: where it is anything else, nothing is exchanged. */
  readonly expected?: number | undefined;
  /** A quote, as it was given: then what it says is charged, or nothing is. */
  readonly quote?: string | undefined;
};

export type ExchangeTargets = {
  readonly from: AssetCode;
  readonly coalition?: DefinitionKey | undefined;
  readonly platform?: PlatformId | undefined;
  /** The part of what is given that is the fee. An exact decimal, as a text. */
  readonly feeRate?: string | undefined;
  readonly feeLeast?: Amount | undefined;
  readonly mostEach?: Amount | undefined;
  readonly mostDay?: Amount | undefined;
  readonly targets: readonly ({
    readonly to: AssetCode;
    readonly platform: PlatformId;
    /** Does it take an exchange with a partner outside, `POST /v1/partner-exchanges`? */
    readonly isOutside: boolean;
    /** Whole points for a whole point. An exact decimal, as a text. */
    readonly rate: string;
    /** rate: as it is said. values: by what the points of both are worth. */
    readonly by: "rate" | "values";
  })[];
};

/** An exchange that waits for points is withdrawn: what was held is available again. */
export type ExchangeWithdrawal = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
};

/** How an asset is exchanged with others of its coalition. Its key is the asset. */
export type ExchangingDocument = {
  readonly coalition: Id;
  /** The platform, by its id. */
  readonly platform: string;
  readonly category?: Id | undefined;
  /** The part of what is given that is the fee, e.g. 0.01, below 1; rounded up to minor units. Left out: 0. */
  readonly feeRate?: string | undefined;
  readonly feeLeast?: Amount | undefined;
  readonly mostEach?: Amount | undefined;
  readonly mostDay?: Amount | undefined;
  /** pool: what of it is given in exchange is covered by `#reserve:<platform>`, and no more than that is given. Left out: none. */
  readonly reserve?: "pool" | "none" | undefined;
  /** What is got of it in exchange expires so many days later. Left out: as the asset says of what is earned. */
  readonly expiresDays?: number | undefined;
  /** An exchange that was submitted waits at most so long for points of it in reserve. Left out: 604,800 (7 days). */
  readonly pendingSeconds?: number | undefined;
  /** known: who gives or gets it is registered as a user of its platform. Left out: known. */
  readonly members?: "known" | "all" | undefined;
  /** true: its points are kept by its platform, a partner outside: it is exchanged by the steps of exchanges with partners. Left out: they are here. */
  readonly outside?: true | undefined;
  /** An exchange with a partner outside that gives more of it, in minor units, waits for a second person to agree. Left out: none does. */
  readonly approvalAbove?: number | undefined;
  /** 1: a second person must agree to changes: of it, and of what belongs to it. Left out: none. */
  readonly approvals?: number | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type Explanation = {
  readonly owner: User;
  readonly event: KnownId;
  readonly programme: DefinitionKey;
  readonly type: string;
  readonly lang: "zh" | "en";
  /** Minor units. */
  readonly earned: number;
  /** The same in words. */
  readonly lines: readonly string[];
  /** The definitions that decided, with their names where they have some. */
  readonly decided: readonly DecidedBy[];
  readonly why: { readonly [name: string]: unknown };
};

/** A date of every year, MM-DD: points last until the end of the first such day, after `expiresAfter` where that is given. */
export type FixedDate = string;

/** A transfer that is carried out once the first one is posted. */
export type FollowUp = {
  readonly legs: readonly Leg[];
  readonly condition?: Condition | undefined;
  readonly owner?: Owner | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
};

export type ForgottenContact = {
  readonly owner: User;
};

export type FrozenStatement = {
  readonly coalition: DefinitionKey;
  readonly currency: string;
  readonly from?: Time | undefined;
  readonly at: Time;
  readonly asOf: AsOf;
  /** What each platform owes another one, in points of one asset. */
  readonly debts: readonly ({
    readonly debtor: PlatformId;
    readonly creditor: PlatformId;
    readonly asset: AssetCode;
    readonly amount: Amount;
    /** Units of the currency, exact, as a text. */
    readonly value: string;
  })[];
  /** What each is owed less what it owes; they sum to zero. */
  readonly positions: readonly ({
    readonly platform: PlatformId;
    /** Units of the currency, exact, as a text. */
    readonly owed: string;
    /** Units of the currency, exact, as a text. */
    readonly owes: string;
    /** Units of the currency, exact, as a text. */
    readonly net: string;
  })[];
  /** Who would pay whom, so that nothing is owed any more: fewer than platforms. */
  readonly settlements: readonly ({
    readonly from: PlatformId;
    readonly to: PlatformId;
    /** Units of the currency, exact, as a text. */
    readonly value: string;
  })[];
  /** Its number. */
  readonly cycle: number;
};

export type GeneratedCodes = {
  readonly campaign: DefinitionKey;
  readonly count: number;
  readonly definitionVersion: number;
  readonly activeFrom: Time;
};

export type Gift = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: GiftBody;
};

/** A member gives points to another one, within the limits of a day. */
export type GiftBody = {
  readonly programme: Id;
  readonly to: User;
  readonly amount: Amount;
  /** What is said with it. */
  readonly wish?: string | undefined;
};

export type GiftCard = {
  /** By what the ledger knows it. */
  readonly card: string;
  readonly programme: DefinitionKey;
  readonly asset: AssetCode;
  readonly amount: Amount;
  readonly balance: number;
  /** Over: it pays for nothing. */
  readonly state: "active" | "over";
  readonly issuedAt: Time;
  readonly expiresAt?: Time | undefined;
};

export type GiftState = {
  /** Given today, where there is a limit. */
  readonly points: number;
  /** Likewise, how often. */
  readonly times: number;
  /** Minor units. */
  readonly mostEach?: number | undefined;
  /** Minor units. */
  readonly mostPoints?: number | undefined;
  readonly mostTimes?: number | undefined;
  /** When the next day begins. */
  readonly until: number;
};

/** What members of a programme may give to each other in a day. Its key is the programme’s. */
export type GiftingDocument = {
  /** How many points a member may give in a day. Left out: any number. */
  readonly mostPoints?: number | undefined;
  /** How often. Left out: any number of times. */
  readonly mostTimes?: number | undefined;
  /** How many points at once. Left out: any number. */
  readonly mostEach?: number | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type Goal = {
  readonly goal: "tier" | "task" | "days";
  readonly key: DefinitionKey;
  /** A tier: so much more of what counts for tiers. */
  readonly points?: number | undefined;
  /** A task: by events of this type. */
  readonly event?: string | undefined;
  /** So many of them. */
  readonly events?: number | undefined;
  /** The attribute of them that is summed. */
  readonly of?: string | undefined;
  /** So much of it. */
  readonly amount?: number | undefined;
  /** One on so many days in a row. */
  readonly days?: number | undefined;
  /** Minor units. */
  readonly reward?: number | undefined;
  /** It gives a badge, too. */
  readonly badge?: boolean | undefined;
  /** Before then. */
  readonly until?: number | undefined;
};

export type Goods = {
  readonly goods: DefinitionKey;
  /** Of their definition. */
  readonly version: number;
  readonly programme: DefinitionKey;
  readonly asset: AssetCode;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** The address of a picture. */
  readonly image?: string | undefined;
  /** What is to be paid beside the points: a note. */
  readonly money?: string | undefined;
  readonly category?: DefinitionKey | undefined;
  /** `physical`, `code`, `card` or `coupon`. */
  readonly delivery: string;
  /** Of a piece, now, in minor units: `points` times the factors. */
  readonly price: number;
  /** Of a piece, before any factor. */
  readonly points: number;
  readonly factors: {
    /** In percent: 100 changes nothing. */
    readonly tier: number;
    /** In percent: 100 changes nothing. */
    readonly sale: number;
    /** In percent: 100 changes nothing. */
    readonly stock: number;
  };
  readonly limit?: number | undefined;
  /** In what a member may have `limit` pieces. */
  readonly span?: string | undefined;
  /** Pieces of one order at most. */
  readonly most?: number | undefined;
  readonly from?: Time | undefined;
  readonly to?: Time | undefined;
  readonly tiers?: readonly DefinitionKey[] | undefined;
  readonly state: "coming" | "open" | "over";
  /** Pieces that were left a moment ago; absent: there is no end of them, or it is not known now. */
  readonly left?: number | undefined;
  /** Has the member the points for a piece? */
  readonly affordable?: boolean | undefined;
};

export type Goods_wait = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Goods_waitBody;
};

/** A member asks to be told, once, when there are pieces of goods: for 90 days. */
export type Goods_waitBody = {
  readonly goods: Id;
};

/** Goods that members redeem points for. Their stock is the pool `#item:<key>`. */
export type GoodsDocument = {
  readonly programme: Id;
  readonly price: Amount;
  readonly category?: Id | undefined;
  /** physical: it is sent. code: a code is given out. card: a gift card with a balance of its own. coupon: a coupon of a campaign. */
  readonly delivery: "physical" | "code" | "card" | "coupon";
  readonly stockAsset?: AssetCode | undefined;
  readonly cardAmount?: Amount | undefined;
  /** For how many days a card pays. Left out: for ever. */
  readonly cardDays?: number | undefined;
  readonly coupon?: Id | undefined;
  /** How many pieces a member may have in a span. */
  readonly limit?: number | undefined;
  /** In what the limit counts, in the zone of the programme. Left out: ever. */
  readonly span?: "day" | "week" | "month" | "year" | "ever" | undefined;
  /** How many pieces an order may be of. Left out: 99. */
  readonly most?: number | undefined;
  readonly from?: Time | undefined;
  readonly to?: Time | undefined;
  /** The tiers whose members may see and have it. Left out: all. */
  readonly tiers?: readonly string[] | undefined;
  /** For whom it is: a condition in CEL over member, profile and day. Left out: for all. */
  readonly audience?: string | undefined;
  /** How long an order may be held until it is paid elsewhere, in milliseconds. Left out: it may not. */
  readonly payInMs?: number | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
  /** The address of a picture: https, without credentials. */
  readonly image?: string | undefined;
  /** Fewer pieces than this are few: it is told (`stock.low`). 0: never. Left out: 10 of codes, and else never. */
  readonly lowStock?: number | undefined;
  /** What is to be paid beside the points: a note for the platform. */
  readonly money?: string | undefined;
};

export type GoodsPage = {
  readonly programme: DefinitionKey;
  readonly asset: AssetCode;
  readonly total: number;
  readonly goods: readonly Goods[];
  readonly categories?: readonly ({
    readonly category: DefinitionKey;
    readonly goods: number;
  })[] | undefined;
  /** Pass it to get the next page. */
  readonly cursor?: string | undefined;
};

export type Grant_tier = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Grant_tierBody;
};

/** An operator gives a member a tier by hand, for a time; what is earned counts beside it. */
export type Grant_tierBody = {
  readonly programme: Id;
  readonly tier?: Id | undefined;
  readonly until?: Time | TimeText | undefined;
};

export type Health = {
  readonly status: "ok";
};

export type HistoryEntry = {
  readonly owner: Holder;
  readonly asset: AssetCode;
  readonly version: number;
  /** `reserve`: a transfer between shards holds what it is to take until it is decided. `free`: it was refused, and that is available again. */
  readonly type: "transfer" | "hold" | "capture" | "release" | "reverse" | "expire" | "reserve" | "free" | "extend" | "act";
  readonly delta: number;
  readonly heldDelta: number;
  readonly earned: number;
  readonly spent: number;
  readonly expired: number;
  readonly available: number;
  readonly held: number;
  readonly slices: readonly Slice[];
  readonly id?: KnownId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly time: Time;
  /** When it took effect, which may be before `time`, when it was booked. */
  readonly effective: number;
  readonly shard: number;
  readonly seq: number;
  /** With `told`: of which act it is, and what that was about. */
  readonly act?: {
    readonly name: string;
    readonly programme?: string | undefined;
    /** Of an event: its type. */
    readonly type?: string | undefined;
    readonly goods?: string | undefined;
    readonly lottery?: string | undefined;
    readonly offer?: string | undefined;
  } | undefined;
};

export type Hold = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly asset: AssetCode;
  readonly amount: Amount;
  readonly deadline?: Time | TimeText | undefined;
};

export type HoldState = {
  readonly owner: User;
  readonly id: Id;
  readonly asset: AssetCode;
  /** 0: the hold is closed. */
  readonly remaining: number;
  readonly deadline?: Time | undefined;
};

/** An owner; or what the ledger itself keeps points for: it begins with `#`. */
export type Holder = string;

/** The id of a command. */
export type Id = string;

export type Import = {
  /** Its name: at most 20 characters. Its points come from `@import:{name}`. */
  readonly name: string;
  /** SHA-256 of what it brings in, in hex. */
  readonly digest: string;
  readonly at: Time;
  readonly endedAt?: Time | undefined;
  readonly came?: ImportCame | undefined;
};

export type ImportCame = {
  readonly members: number;
  readonly lines: number;
  readonly refused: number;
};

export type ImportRefused = {
  /** Its place among the member’s lines; -1: the member itself. */
  readonly line: number;
  /** A refusal of the catalogue. */
  readonly code: string;
  readonly field?: string | undefined;
  readonly detail: string;
};

export type ImportWithSums = {
  /** Its name: at most 20 characters. Its points come from `@import:{name}`. */
  readonly name: string;
  /** SHA-256 of what it brings in, in hex. */
  readonly digest: string;
  readonly at: Time;
  readonly endedAt?: Time | undefined;
  readonly came?: ImportCame | undefined;
  /** By asset: minor units that members have by it, which is what `@import:{name}` lacks. */
  readonly brought: { readonly [name: string]: number };
};

export type ImportedMember = {
  readonly owner: User | null;
  readonly refused: readonly ImportRefused[];
  readonly sums: { readonly [name: string]: ImportedSums };
};

export type ImportedMembers = {
  readonly at: Time;
  readonly members: readonly ImportedMember[];
};

export type ImportedSums = {
  readonly lines: number;
  readonly earned: number;
  readonly spent: number;
  readonly expired: number;
};

export type Imports = {
  readonly imports: readonly Import[];
};

export type Inconsistencies = {
  readonly inconsistencies: readonly Inconsistency[];
  /** There may be more: ask with it. */
  readonly cursor?: string | undefined;
};

export type Inconsistency = {
  /** The same for the same, however often it is found. */
  readonly inconsistency: string;
  readonly kind: "failed_unfreeze" | "cross_system_mismatch" | "cross_system_reconciliation";
  readonly state: "open" | "resolved";
  readonly partner: PlatformId;
  /** In a word, e.g. `missing_in_target`. */
  readonly finding: string;
  readonly exchange?: string | undefined;
  readonly operation?: string | undefined;
  readonly asset?: string | undefined;
  readonly ours?: number | undefined;
  readonly theirs?: number | undefined;
  readonly openedAt: Time;
  readonly resolvedAt?: Time | undefined;
  readonly reason?: string | undefined;
  readonly by?: string | undefined;
};

export type InconsistencyDispute = {
  readonly platform?: PlatformId | undefined;
  readonly disputed?: Amount | undefined;
  /** Why. 1 to 200 characters. */
  readonly reason: string;
};

export type InconsistencyResolution = {
  /** Why. 1 to 200 characters. */
  readonly reason: string;
};

export type IntrospectRequest = {
  /** The token. */
  readonly token?: string | undefined;
  /** Not needed: a token says what it is. */
  readonly token_type_hint?: string | undefined;
  /** Where it is not in `Authorization`. */
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
};

export type Introspection = {
  readonly active: boolean;
  readonly scope?: string | undefined;
  readonly client_id?: string | undefined;
  readonly token_type?: "Bearer" | undefined;
  readonly exp?: number | undefined;
  readonly iat?: number | undefined;
  /** The member whose points those are. */
  readonly sub?: string | undefined;
  readonly iss?: string | undefined;
};

export type Invitation = {
  readonly owner: User;
  readonly until: Time;
};

export type IssuedCard = {
  /** By what the ledger knows it. */
  readonly card: string;
  readonly programme: DefinitionKey;
  readonly asset: AssetCode;
  readonly amount: Amount;
  readonly balance: number;
  /** Over: it pays for nothing. */
  readonly state: "active" | "over";
  readonly issuedAt: Time;
  readonly expiresAt?: Time | undefined;
  /** For whoever is to have it: it is shown here alone. */
  readonly code: string;
};

export type JobProblem = {
  readonly field?: string | undefined;
  readonly detail: string;
};

export type Key = {
  readonly id: KeyId;
  readonly name: string;
  readonly operations: readonly ("read" | "earn" | "spend" | "transfer" | "redeem" | "admin" | "adjust" | "backdate" | "read-audit" | "merge" | "participate" | "self" | "sign-in")[];
  readonly assets?: readonly AssetCode[] | undefined;
  readonly owner?: User | undefined;
  readonly rate?: Rate | undefined;
  readonly createdAt: Time;
  readonly expiresAt?: Time | undefined;
  readonly revokedAt?: Time | undefined;
};

export type KeyId = string;

export type KeySet = {
  /** The newest one first; older ones stay, for what they have signed. */
  readonly keys: readonly ({
    readonly kty: "OKP";
    readonly crv: "Ed25519";
    readonly use: "sig";
    readonly alg: "EdDSA";
    /** The id of the key. */
    readonly kid: string;
    /** The public key, base64url. */
    readonly x: string;
  })[];
};

export type KeyWithSecret = {
  readonly id: KeyId;
  readonly name: string;
  readonly operations: readonly ("read" | "earn" | "spend" | "transfer" | "redeem" | "admin" | "adjust" | "backdate" | "read-audit" | "merge" | "participate" | "self" | "sign-in")[];
  readonly assets?: readonly AssetCode[] | undefined;
  readonly owner?: User | undefined;
  readonly rate?: Rate | undefined;
  readonly createdAt: Time;
  readonly expiresAt?: Time | undefined;
  readonly revokedAt?: Time | undefined;
  /** Shown this once. */
  readonly key: string;
};

export type Keys = {
  readonly keys: readonly Key[];
};

/** What kind of business it is, e.g. `ORDER`. */
export type Kind = string;

/** The id of a command (One’s own as it was given, any other with whose it is: `{platform},{id}`; to a platform `,{id}` of a key without one.), or of a follow-up: `>{owner}>{id}>{n}`, n from 1 to 4; of what an act causes, `>` and 32 characters; of what a pool lends, `#` and an id. */
export type KnownId = string;

/** Members by the points that they earn in a period, or by how often they did something; at its end the first ones get prizes. */
export type LeaderboardDocument = {
  readonly programme: Id;
  /** Of what it is, one after the other, in the programme’s zone; once: from `from` to `to`. */
  readonly period: "day" | "week" | "month" | "once";
  readonly from?: Time | undefined;
  readonly to?: Time | undefined;
  /** points: what is earned. events: how many events there were, until all that one has brought is given back. tasks: how many rewards of tasks. badges: how many of those came with a badge. Left out: points. */
  readonly counts?: "points" | "events" | "tasks" | "badges" | undefined;
  /** What these types of events earn counts. Left out: of all. */
  readonly events?: readonly string[] | undefined;
  /** Of that, what these rules and tasks pay, by their keys. Left out: all. */
  readonly rules?: readonly string[] | undefined;
  /** What transfers of these kinds bring their home owner in the programme’s asset counts, too; without events and rules: that alone. */
  readonly kinds?: readonly string[] | undefined;
  /** How long after its end what comes late, and returns, still count, in milliseconds. Left out: 86400000. */
  readonly graceMs?: number | undefined;
  /** [first place, last place, points of each], from place 1 on without a gap, up to place 1000. Who share a rank share what its places get, rounded down. */
  readonly prizes?: readonly (readonly number[])[] | undefined;
  /** A budget: `#budget:` and its name. */
  readonly budget?: string | undefined;
  /** Who may get a prize: a condition in CEL over member.available, member.earned and member.held, when it is paid. Left out: all. */
  readonly audience?: string | undefined;
  /** How many it shows, from the first on. Left out: all. */
  readonly size?: number | undefined;
  readonly alias?: boolean | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type LeaderboardPage = {
  readonly board: DefinitionKey;
  readonly programme: DefinitionKey;
  readonly asset: AssetCode;
  /** What scores are: minor units, or how often. */
  readonly counts: "points" | "events" | "tasks" | "badges";
  /** `2026-11-29`, `2026-W48`, `2026-11`, or `once`. Left out: the period of now. */
  readonly period: string;
  readonly from: Time;
  readonly to: Time;
  /** From then on nothing more counts. */
  readonly closesAt: number;
  readonly state: "open" | "closing" | "frozen" | "paid";
  readonly members: number;
  readonly asOf: Positions;
  /** When it was frozen; how many get a prize, and were paid theirs; which prizes were refused for good. */
  readonly frozen?: {
    readonly at: Time;
    readonly winners: number;
    readonly paid: number;
    /** Minor units. */
    readonly points: number;
    readonly refused: readonly RefusedPrize[];
  } | undefined;
  readonly entries: readonly BoardEntry[];
  /** Pass it to get the next page. */
  readonly cursor?: string | undefined;
};

/** Points move from one account to another. */
export type Leg = {
  readonly from: Owner;
  readonly to: Payee;
  readonly asset: AssetCode;
  readonly amount: Amount;
  /** When the credited points expire; null: never. Left out: the asset’s default. */
  readonly expiresAt?: Time | TimeText | null | undefined;
};

/** So much of one leg of the original. */
export type LegPart = {
  /** Which leg: 0 is the first. */
  readonly leg: number;
  readonly amount: Amount;
};

export type LetterUse = {
  /** A link that was sent, or what stands behind its #. */
  readonly letter: string;
  /** A password: 8 to 256 characters, as they are in the form NFKC. */
  readonly password: string;
  /** A login name: a mail address, or 2 to 64 letters, digits, dots, - and _. */
  readonly login?: string | undefined;
};

export type Link = {
  readonly owner: User;
  readonly merged?: User | undefined;
  readonly platform?: PlatformId | undefined;
  readonly user?: SystemUser | undefined;
};

export type ListedOrder = {
  readonly number: OrderNumber;
  readonly owner: User;
  readonly programme: DefinitionKey;
  readonly goods: DefinitionKey;
  /** As the goods are called now. */
  readonly name?: string | undefined;
  readonly version: number;
  readonly quantity: number;
  readonly price: Amount;
  readonly total: number;
  readonly state: "held" | "pending" | "completed" | "cancelled";
  readonly shipped: number;
  readonly cancelled: number;
  readonly at: Time;
  readonly until: Time | null;
};

export type Lot = {
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null;
  readonly available: number;
  readonly held: number;
  /** Of `held`: what is pending. */
  readonly pending?: number | undefined;
};

export type LotExtension = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly lotExpiresAt: Time | TimeText;
  /** When the credited points expire; null: never. Left out: the asset’s default. */
  readonly expiresAt: Time | TimeText | null;
  readonly amount?: Amount | undefined;
};

/** A lottery of a programme: what a draw costs, what may be won, and how likely. */
export type LotteryDocument = {
  readonly programme: Id;
  readonly cost: Amount;
  /** Seconds between two draws. */
  readonly cooldownSeconds?: number | undefined;
  /** How often a member may draw in a day. */
  readonly dailyLimit?: number | undefined;
  /** What may be won: each as likely as its weight says among all. Where its stock has not enough, its substitute is won. */
  readonly prizes: readonly ({
    readonly key: string;
    readonly name?: string | undefined;
    readonly order?: number | undefined;
    readonly weight: number;
    readonly points?: number | undefined;
    readonly stock?: string | undefined;
    readonly substitute?: string | undefined;
  })[];
  readonly from?: Time | undefined;
  readonly to?: Time | undefined;
  /** For whom it is: a condition in CEL over member, profile and day. Left out: for all. */
  readonly audience?: string | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type LotteryDraw = {
  readonly owner: User;
  readonly draw: KnownId;
  readonly lottery: DefinitionKey;
  /** The version of the lottery whose prizes counted. */
  readonly version: number;
  readonly at: Time;
  /** Which of the member’s draws of the lottery it is. */
  readonly number: number;
  /** What the member had committed to; empty: nothing. */
  readonly word: string;
  readonly seed: {
    readonly shard: number;
    readonly number: number;
    /** SHA-256 of the seed, in hexadecimal digits. */
    readonly hash: string;
  };
  /** The number that was drawn, below the sum of the weights. */
  readonly roll: number;
  /** The prize of that number. */
  readonly drawn: string;
  /** Prizes whose stock had not enough, in turn. */
  readonly soldOut?: readonly string[] | undefined;
  /** What was won. */
  readonly prize: string;
  readonly name: string;
  /** Minor units that were won. */
  readonly amount: number;
  /** As that version has them: none where it is not known any more. */
  readonly prizes: readonly ({
    readonly key: string;
    readonly weight: number;
    readonly substitute?: string | undefined;
  })[];
};

export type Mapping = {
  readonly system: PlatformId;
  readonly user: SystemUser;
  readonly target: PlatformId;
  readonly identity: AnyUser;
  readonly status: "active" | "inactive";
  readonly createdAt: Time;
  readonly updatedAt: Time;
};

export type MappingChange = {
  /** A text: who the user is in the target system. */
  readonly identity: string;
  /** A text: who it is until now. */
  readonly was: string;
};

export type Mappings = {
  readonly system: PlatformId;
  readonly user: AnyUser;
  readonly mappings: readonly Mapping[];
};

export type MemberCoupon = {
  /** As it is kept: upper case, without spaces and dashes. */
  readonly code: string;
  readonly campaign: DefinitionKey;
  readonly programme: DefinitionKey;
  readonly state: "available" | "reserved" | "used" | "expired";
  readonly uses: number;
  readonly issuedAt?: Time | undefined;
  readonly expiresAt?: Time | undefined;
  /** Reserved for, or used in. */
  readonly order?: string | undefined;
  readonly reservedUntil?: Time | undefined;
};

/** A platform reports what a member did: the rules of the programme decide what it earns. */
export type MemberEvent = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly programme: Id;
  readonly type: Id;
  readonly time?: Time | TimeText | undefined;
  /** What there is to say of it, by the attributes of its type. */
  readonly attributes?: { readonly [name: string]: unknown } | undefined;
  /** The lines of an order, which sum to its amount: a return may name them. */
  readonly lines?: readonly ({
    readonly line: string;
    readonly amount: number;
    readonly quantity?: number | undefined;
  })[] | undefined;
  readonly own?: boolean | undefined;
};

/** A member is merged into another one, who gets all points, with their expiries, and what limits, tiers and tasks have counted. */
export type MemberMerge = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly into: User;
  /** Why, for whoever asks later. */
  readonly reason: string;
  readonly days?: number | undefined;
};

export type MemberPartnerExchanges = {
  readonly owner: User;
  readonly exchanges: readonly PartnerExchange[];
  /** There may be more: ask with it. */
  readonly cursor?: string | undefined;
};

/** Says what is known of a member of a programme; what is not named stays as it is. */
export type MemberProfile = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly programme: Id;
  /** By the names and types that the programme knows of; null: nothing is known any more. */
  readonly profile: { readonly [name: string]: unknown };
};

export type MemberSignIn = {
  /** A login name: a mail address, or 2 to 64 letters, digits, dots, - and _. */
  readonly login: string;
  /** A password: 8 to 256 characters, as they are in the form NFKC. */
  readonly password: string;
};

export type MemberState = {
  readonly owner: User;
  readonly programme: DefinitionKey;
  readonly asset: AssetCode;
  readonly time: Time;
  readonly mergedInto?: User | undefined;
  readonly tier: DefinitionKey | null;
  /** What counts for tiers, in minor units. */
  readonly progress: number;
  readonly next: DefinitionKey | null;
  /** What is lacking for the next tier. */
  readonly needed: number;
  readonly percent: number;
  /** A tier by hand; until null: for ever. */
  readonly granted?: {
    readonly tier: DefinitionKey;
    readonly until: Time | null;
  } | undefined;
  /** Changes of tier, the newest last. */
  readonly tiers: readonly ({
    readonly from: Time;
    readonly tier: string;
  })[];
  readonly profile: { readonly [name: string]: unknown };
  readonly tasks: readonly TaskState[];
  /** Limits of rules of which something is used up. */
  readonly counts: readonly RuleCount[];
  /** Those that are on. */
  readonly campaigns: readonly CampaignState[];
  readonly gifts?: GiftState | undefined;
  /** By task, how often it was done; of tasks that are no more, too. */
  readonly badges: readonly Badge[];
  /** What is next: what is lacking for the next tier, each task and step of days. */
  readonly goals: readonly Goal[];
};

/** An operator gives a member a tier by hand, for a time; what is earned counts beside it. */
export type MemberTier = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly programme: Id;
  readonly tier?: Id | undefined;
  readonly until?: Time | TimeText | undefined;
};

/** A merge is undone: what came by it goes back, out of the lots that it came in as far as they are left, and what was counted by what was added. */
export type MemberUnmerge = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  /** Why, for whoever asks later. */
  readonly reason: string;
  readonly allowDebt?: boolean | undefined;
};

/** A remark for people, at most 256 bytes of UTF-8. */
export type Memo = string;

export type Merge = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: MergeBody;
};

/** A member is merged into another one, who gets all points, with their expiries, and what limits, tiers and tasks have counted. */
export type MergeBody = {
  readonly into: User;
  /** Why, for whoever asks later. */
  readonly reason: string;
  readonly days?: number | undefined;
};

export type MergeState = {
  readonly owner: User;
  /** It was merged `into` this member; `now`: who has the points, where that one was merged on. Left out: it was not. */
  readonly merged?: {
    readonly into: User;
    readonly now: User;
    readonly id: KnownId;
    readonly at: Time;
    readonly until: Time;
    readonly reason: string;
  } | undefined;
  /** Who was merged into this member, and until when that can be undone. */
  readonly from: readonly ({
    readonly owner: User;
    readonly at: Time;
    readonly until: Time;
    readonly through?: User | undefined;
  })[];
};

/** A JSON object, at most 1024 bytes of canonical JSON, at most 8 deep. */
export type Metadata = { readonly [name: string]: unknown };

export type NamedDefinition = {
  readonly kind: DefinitionKind;
  readonly key: DefinitionKey;
  readonly state: DefinitionState;
  readonly document?: DefinitionDocument | undefined;
  readonly activeFrom?: Time | TimeText | undefined;
  readonly ifVersion?: number | undefined;
};

/** The id of a command. One’s own as it was given, any other with whose it is: `{platform},{id}`; to a platform `,{id}` of a key without one. */
export type NamedId = string;

export type NewChannel = {
  readonly type: "email" | "sms" | "webhook";
  /** An smtps or smtp URL, without a path, for mails; an https URL for others. */
  readonly url: string;
  readonly platform?: PlatformId | undefined;
  /** A text of one line, of 1 to 100 characters. */
  readonly name?: string | undefined;
  /** A list of different notices out of: points.expiring, tier.changed, referral.joined, referral.rewarded, coupon.issued, order.created, order.shipped, order.completed, order.cancelled, goods.back, sign-in.invitation, sign-in.confirmation, sign-in.reset, campaign.started, campaign.ended. */
  readonly notices?: readonly NoticeName[] | undefined;
  /** A list of different notices out of: points.expiring, tier.changed, referral.joined, referral.rewarded, coupon.issued, order.created, order.shipped, order.completed, order.cancelled, goods.back, sign-in.invitation, sign-in.confirmation, sign-in.reset, campaign.started, campaign.ended. */
  readonly urgent?: readonly NoticeName[] | undefined;
  /** Are notices of class `service` sent to who has said nothing of them? Left out: they are. */
  readonly service?: boolean | undefined;
  readonly quiet?: {
    /** A time: HH:MM. */
    readonly from: string;
    /** A time: HH:MM. */
    readonly to: string;
  } | undefined;
  /** The name of a time zone, such as Asia/Shanghai. */
  readonly zone?: string | undefined;
  readonly language?: "zh" | "en" | undefined;
  /** Who signs in at the mail server. */
  readonly user?: string | undefined;
  /** A mail address, without a name. */
  readonly from?: string | undefined;
  /** A text of one line, of 1 to 100 characters. */
  readonly fromName?: string | undefined;
  /** Headers of the request, by name; `{secret}` is filled in. */
  readonly headers?: { readonly [name: string]: string } | undefined;
  /** What is sent to the gateway, by name; `{to}`, `{text}`, `{id}` and `{secret}` are filled in. */
  readonly fields?: { readonly [name: string]: string } | undefined;
  readonly format?: "json" | "form" | undefined;
  /** The password of the mail server; what `{secret}` stands for in a short message; what a webhook is signed with (`whsec_` and base64). Shown to nobody. */
  readonly secret?: string | undefined;
};

export type NewConsents = {
  /** A list of 1 to 50: by which type of channel, of which notices, yes or no. */
  readonly consents: readonly ({
    readonly type: "email" | "sms" | "webhook";
    /** A notice, or a class of them: what is said of a notice comes first. */
    readonly notices: "points.expiring" | "tier.changed" | "referral.joined" | "referral.rewarded" | "coupon.issued" | "order.created" | "order.shipped" | "order.completed" | "order.cancelled" | "goods.back" | "sign-in.invitation" | "sign-in.confirmation" | "sign-in.reset" | "campaign.started" | "campaign.ended" | "service" | "marketing";
    readonly isGiven: boolean;
  })[];
};

export type NewContact = {
  /** A mail address, without a name. */
  readonly email?: string | undefined;
  /** The number of a phone: 5 to 15 digits, a + may be before them. */
  readonly phone?: string | undefined;
  readonly language?: "zh" | "en" | undefined;
};

export type NewDispute = {
  readonly id?: NewId | undefined;
  readonly platform?: PlatformId | undefined;
  /** Of the statement of this cycle. */
  readonly cycle?: number | undefined;
  readonly owner?: User | undefined;
  readonly exchange?: NamedId | undefined;
  readonly lines?: readonly ({
    readonly debtor: PlatformId;
    readonly creditor: PlatformId;
    readonly asset: AssetCode;
    readonly disputed?: Amount | undefined;
  })[] | undefined;
  readonly disputed?: Amount | undefined;
  /** Why. 1 to 200 characters. */
  readonly reason: string;
};

/** The idempotency key, unique for ever within the home owner. `.` and `..` are refused: no client can put them into a path. */
export type NewId = string;

export type NewInvitation = {
  /** A mail address, without a name. */
  readonly email?: string | undefined;
  /** The number of a phone: 5 to 15 digits, a + may be before them. */
  readonly phone?: string | undefined;
  readonly platform?: PlatformId | undefined;
};

export type NewKey = {
  /** A text for people of 1 to 100 characters. */
  readonly name: string;
  /** A list of different ones out of: read, earn, spend, transfer, redeem, admin, adjust, backdate, read-audit, merge, participate, self, sign-in. */
  readonly operations: readonly ("read" | "earn" | "spend" | "transfer" | "redeem" | "admin" | "adjust" | "backdate" | "read-audit" | "merge" | "participate" | "self" | "sign-in")[];
  /** A list of 1 to 50 different asset codes; a platform’s own is the first. */
  readonly assets?: readonly AssetCode[] | undefined;
  readonly owner?: User | undefined;
  readonly rate?: Rate | undefined;
  /** When it ends, in milliseconds since 1970. */
  readonly expiresAt?: number | undefined;
};

export type NewLink = {
  /** A password: 8 to 256 characters, as they are in the form NFKC. */
  readonly password: string;
  /** A link ticket. */
  readonly ticket?: string | undefined;
  /** A login name: a mail address, or 2 to 64 letters, digits, dots, - and _. */
  readonly login?: string | undefined;
  /** A password: 8 to 256 characters, as they are in the form NFKC. */
  readonly otherPassword?: string | undefined;
};

export type NewOAuthClient = {
  /** A text for people of 1 to 100 characters. */
  readonly name: string;
  /** Can it keep no secret: a page, a phone’s application? Default: false. */
  readonly isPublic?: boolean | undefined;
  /** A list of 1 to 8 different URIs of at most 400 characters: https, http of this machine, or a scheme of an application’s own; no fragment. Compared character by character. */
  readonly redirectUris?: readonly string[] | undefined;
  /** Scopes: `profile`, `read`, `redeem`, `transfer`, `participate`, with spaces between; all but `profile` may name one platform: `redeem:shop`. */
  readonly scope?: string | undefined;
  readonly platform?: PlatformId | undefined;
  /** What the client may do for itself (client credentials): `read`, `redeem`, `transfer` of its platform, e.g. `read:shop`. */
  readonly ownScope?: string | undefined;
};

export type NewPartner = {
  /** An https URL of at most 1000 characters, which the paths of the contract follow. */
  readonly url: string;
  /** A list of 1 to 32 different assets: the points that it keeps. */
  readonly assets: readonly AssetCode[];
  /** A list of up to 32 different assets: the points here that it may add and deduct by its calls. Left out: none. */
  readonly inboundAssets?: readonly AssetCode[] | undefined;
  /** A text for people of 1 to 100 characters. */
  readonly name?: string | undefined;
  readonly adapter?: "http" | undefined;
  /** Does it make users that it does not know? Left out: no. */
  readonly createsUsers?: boolean | undefined;
  /** When it is reconciled by itself: a cron expression of five fields, in UTC, of at most 100 characters. Left out: never. */
  readonly reconcileAt?: string | undefined;
  /** Operations younger than so many seconds are not judged: 0 to 604800. Left out: the server's default. */
  readonly graceSeconds?: number | undefined;
  /** How many calls may be under way at once: 1 to 1000. */
  readonly callsAtOnce?: number | undefined;
  /** The bearer token that the partner is shown. Shown to nobody else. */
  readonly token?: string | undefined;
};

export type NewPlatform = {
  readonly id: PlatformId;
  /** A text for people of 1 to 100 characters. */
  readonly name: string;
  /** A list of 1 to 50 different asset codes; a platform’s own is the first. */
  readonly assets: readonly AssetCode[];
  /** A list of different ones out of: read, earn, spend, transfer, redeem, admin, adjust, backdate, read-audit, merge, participate, self, sign-in. */
  readonly operations: readonly ("read" | "earn" | "spend" | "transfer" | "redeem" | "admin" | "adjust" | "backdate" | "read-audit" | "merge" | "participate" | "self" | "sign-in")[];
  /** An http or https URL of at most 300 characters. */
  readonly endpoint?: string | undefined;
  /** How requests are proved: any, token, signature or both. */
  readonly proof?: "any" | "token" | "signature" | "both" | undefined;
  /** How /api/points names users where a call does not say: global or platform. */
  readonly userIds?: "global" | "platform" | undefined;
  /** A programme: points added by a business type that is one of its types of events are what that event earns. */
  readonly programme?: string | undefined;
  /** A list of at most 16 different origins, such as https://shop.example (http on this machine alone): their pages may embed /me/embed/{platform}. */
  readonly embedOrigins?: readonly string[] | undefined;
  readonly rate?: Rate | undefined;
};

export type NewReconciliation = {
  readonly partner: PlatformId;
  readonly from: Time;
  readonly until: Time;
  /** Operations younger than so many seconds are not judged: 0 to 604800. Left out: the server's default. */
  readonly graceSeconds?: number | undefined;
};

/** A user’s pseudonym, which is the owner of accounts. `.` and `..` are refused: no client can put them into a path. */
export type NewUser = string;

export type NewWebhook = {
  /** An https URL of at most 1000 characters. */
  readonly url: string;
  /** A list of different types of events: *, points.*, command.*, exchange.*, stock.*, dispute.*, submission.*, partner_exchange.*, inconsistency.*, referral.*, tier.*, member.*, coupon.*, goods.*, act.*, sign_in.*, campaign.*, definition.*, exchange_rate.*, asset.*, webhook.*, points.earned, points.spent, points.expired, points.expiring, points.held, points.captured, points.released, points.reversed, points.extended, points.imported, points.changed, command.refused, exchange.created, exchange.confirmed, exchange.shipped, exchange.completed, exchange.cancelled, stock.low, stock.enough, dispute.opened, dispute.answered, dispute.settled, dispute.rejected, dispute.withdrawn, dispute.reopened, submission.pending, submission.completed, submission.withdrawn, submission.expired, partner_exchange.pending_approval, partner_exchange.started, partner_exchange.completed, partner_exchange.failed, inconsistency.opened, inconsistency.resolved, referral.used, tier.changed, member.merged, member.unmerged, coupon.issued, goods.back, act.done, sign_in.letter, campaign.started, campaign.ended, campaign.counted, definition.changed, exchange_rate.updated, exchange_rate.proposed, asset.defined, webhook.test. */
  readonly types?: readonly ("*" | "points.*" | "command.*" | "exchange.*" | "stock.*" | "dispute.*" | "submission.*" | "partner_exchange.*" | "inconsistency.*" | "referral.*" | "tier.*" | "member.*" | "coupon.*" | "goods.*" | "act.*" | "sign_in.*" | "campaign.*" | "definition.*" | "exchange_rate.*" | "asset.*" | "webhook.*" | "points.earned" | "points.spent" | "points.expired" | "points.expiring" | "points.held" | "points.captured" | "points.released" | "points.reversed" | "points.extended" | "points.imported" | "points.changed" | "command.refused" | "exchange.created" | "exchange.confirmed" | "exchange.shipped" | "exchange.completed" | "exchange.cancelled" | "stock.low" | "stock.enough" | "dispute.opened" | "dispute.answered" | "dispute.settled" | "dispute.rejected" | "dispute.withdrawn" | "dispute.reopened" | "submission.pending" | "submission.completed" | "submission.withdrawn" | "submission.expired" | "partner_exchange.pending_approval" | "partner_exchange.started" | "partner_exchange.completed" | "partner_exchange.failed" | "inconsistency.opened" | "inconsistency.resolved" | "referral.used" | "tier.changed" | "member.merged" | "member.unmerged" | "coupon.issued" | "goods.back" | "act.done" | "sign_in.letter" | "campaign.started" | "campaign.ended" | "campaign.counted" | "definition.changed" | "exchange_rate.updated" | "exchange_rate.proposed" | "asset.defined" | "webhook.test")[] | undefined;
  /** A text for people of 1 to 100 characters. */
  readonly name?: string | undefined;
  readonly platform?: PlatformId | undefined;
};

export type Nothing = {};

/** What a notice to members says. Its key is `<notice>.<language>`, or `<platform>.<notice>.<language>`; in its texts `{name}` is filled in. */
export type NoticeDocument = {
  /** 1: a second person must agree to changes: of it, and of what belongs to it. Left out: none. */
  readonly approvals?: number | undefined;
  /** The subject of a mail: one line. */
  readonly subject?: string | undefined;
  /** The text of a mail: plain text. */
  readonly text?: string | undefined;
  /** The text of a short message. */
  readonly short?: string | undefined;
};

export type NoticeName = "points.expiring" | "tier.changed" | "referral.joined" | "referral.rewarded" | "coupon.issued" | "order.created" | "order.shipped" | "order.completed" | "order.cancelled" | "goods.back" | "sign-in.invitation" | "sign-in.confirmation" | "sign-in.reset" | "campaign.started" | "campaign.ended";

export type NoticePreview = {
  readonly notice: NoticeName;
  readonly language?: "zh" | "en" | undefined;
};

export type NoticeTest = {
  readonly notice: NoticeName;
  readonly language?: "zh" | "en" | undefined;
  /** A mail address, or the number of a phone; left out: of a webhook. */
  readonly to?: string | undefined;
};

export type NoticeText = {
  readonly notice: NoticeName;
  readonly language: "zh" | "en";
  readonly subject: string;
  readonly text: string;
  readonly short: string;
};

export type Notices = {
  /** The newest first. */
  readonly notices: readonly ({
    /** The same in every attempt: in the headers of a mail, of a request. */
    readonly id: string;
    readonly notice: NoticeName;
    readonly channel: ChannelId;
    readonly type: "email" | "sms" | "webhook";
    readonly state: "sent" | "waiting" | "failed" | "skipped";
    /** Why it was not sent, or not yet: CONSENT, ADDRESS_DEAD, TOO_OLD, QUIET_HOURS, or what was answered last. */
    readonly reason?: string | undefined;
    readonly at: Time;
    readonly updatedAt: Time;
  })[];
  /** The cursor of the page before. */
  readonly cursor?: string | undefined;
};

export type OAuthClient = {
  readonly id: OAuthClientId;
  readonly name: string;
  readonly isPublic: boolean;
  readonly redirectUris: readonly string[];
  /** What it may ask members for. */
  readonly scope: string;
  readonly platform?: PlatformId | undefined;
  readonly ownScope?: string | undefined;
  readonly disabled: boolean;
  readonly createdAt: Time;
  readonly updatedAt: Time;
};

export type OAuthClientChange = {
  /** A text for people of 1 to 100 characters. */
  readonly name?: string | undefined;
  /** A list of 1 to 8 different URIs of at most 400 characters: https, http of this machine, or a scheme of an application’s own; no fragment. Compared character by character. */
  readonly redirectUris?: readonly string[] | undefined;
  /** Scopes: `profile`, `read`, `redeem`, `transfer`, `participate`, with spaces between; all but `profile` may name one platform: `redeem:shop`. */
  readonly scope?: string | undefined;
  readonly platform?: PlatformId | undefined;
  /** What the client may do for itself (client credentials): `read`, `redeem`, `transfer` of its platform, e.g. `read:shop`. */
  readonly ownScope?: string | undefined;
};

export type OAuthClientId = string;

export type OAuthClientWithSecret = {
  readonly id: OAuthClientId;
  readonly name: string;
  readonly isPublic: boolean;
  readonly redirectUris: readonly string[];
  /** What it may ask members for. */
  readonly scope: string;
  readonly platform?: PlatformId | undefined;
  readonly ownScope?: string | undefined;
  readonly disabled: boolean;
  readonly createdAt: Time;
  readonly updatedAt: Time;
  /** Shown this once. A public client has none. */
  readonly secret?: string | undefined;
};

export type OAuthClients = {
  readonly clients: readonly OAuthClient[];
};

export type OAuthError = {
  /** As RFC 6749, 5.2, names it. */
  readonly error: string;
  readonly error_description?: string | undefined;
};

export type OfMember = {
  readonly owner: User;
};

/** Points that each member may claim once, out of a budget. */
export type OfferDocument = {
  readonly points: Amount;
  readonly asset: AssetCode;
  /** A budget: `#budget:` and its name. */
  readonly budget: string;
  readonly from?: Time | undefined;
  readonly to?: Time | undefined;
  /** For whom it is: a condition in CEL over member.available, member.earned and member.held. Left out: for all. */
  readonly audience?: string | undefined;
  /** 1: a second person must agree to changes: of it, and of what belongs to it. Left out: none. */
  readonly approvals?: number | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type OpenPartnerExchanges = {
  readonly exchanges: readonly ({
    readonly exchange: string;
    readonly owner: User;
    readonly submittedAt: Time;
  })[];
  /** There may be more: ask with it. */
  readonly cursor?: string | undefined;
};

export type Order = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: OrderBody;
};

export type Order_cancel = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Order_cancelBody;
};

/** An order of a member is cancelled: what is not shipped of it is given back, points, pieces, limit and coupon. */
export type Order_cancelBody = {
  /** The number of the order. */
  readonly number: string;
  /** Why, for people. */
  readonly reason?: string | undefined;
};

export type Order_complete = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Order_completeBody;
};

/** A member has got an order: what was not said to be shipped counts as shipped. */
export type Order_completeBody = {
  /** The number of the order. */
  readonly number: string;
};

export type Order_confirm = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Order_confirmBody;
};

/** An order that was held has been paid elsewhere: its points are taken, out of what is held, or anew. */
export type Order_confirmBody = {
  /** The number of the order. */
  readonly number: string;
};

export type Order_quote = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Order_quoteBody;
};

/** What goods cost a member now: a quote, by which they cost no more and no less for its time. */
export type Order_quoteBody = {
  readonly goods: Id;
  /** How many pieces. Left out: 1. */
  readonly quantity?: number | undefined;
};

export type Order_ship = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Order_shipBody;
};

/** Pieces of an order of a member are sent: from then on they are not given back. */
export type Order_shipBody = {
  /** The number of the order. */
  readonly number: string;
  /** How many pieces. Left out: all that are left. */
  readonly quantity?: number | undefined;
  /** By what the parcel is followed. */
  readonly tracking?: string | undefined;
};

/** A member redeems points for goods: points and pieces move together, or neither. A dry run says what it would come to. */
export type OrderBody = {
  readonly goods: Id;
  /** How many pieces. Left out: 1. */
  readonly quantity?: number | undefined;
  /** What a piece was said to cost, in minor units: where it costs anything else, nothing is ordered. */
  readonly expectedPrice?: number | undefined;
  /** A quote, as it was given: then what it says is charged, or nothing is. */
  readonly quote?: string | undefined;
  /** Where it goes to, sealed for its member: `POST /v1/orders` seals it. */
  readonly receiver?: string | undefined;
  /** The code as it was typed: with or without case, spaces and dashes. */
  readonly coupon?: string | undefined;
  readonly until?: Time | TimeText | undefined;
  /** Gift cards that pay a part of it, and how much each, in minor units; the rest the member pays. A card is named as `POST /v1/cards/look-up` tells it. */
  readonly cards?: readonly ({
    readonly card: string;
    readonly amount: number;
  })[] | undefined;
  /** Set by the ledger, of goods that are delivered as codes: what a caller says here does not count. */
  readonly codes?: readonly string[] | undefined;
};

/** Of an order. */
export type OrderNumber = string;

export type OrderPage = {
  readonly orders: readonly ListedOrder[];
  readonly asOf: string;
  /** There may be more: ask with it. */
  readonly cursor?: string | undefined;
};

export type OrderRecord = {
  readonly number: OrderNumber;
  readonly owner: User;
  readonly programme: DefinitionKey;
  readonly asset: AssetCode;
  readonly goods: DefinitionKey;
  readonly version: number;
  /** As the goods were called then. */
  readonly name?: string | undefined;
  readonly quantity: number;
  readonly price: Amount;
  readonly factors: PriceFactors;
  readonly discount: number;
  readonly total: number;
  readonly state: "held" | "pending" | "completed" | "cancelled";
  /** 0 held, 1 pending, 2 completed, 3 cancelled. */
  readonly stateNumber: number;
  readonly shipped: number;
  readonly cancelled: number;
  readonly shipments: readonly ({
    readonly quantity: number;
    readonly at: Time;
    readonly tracking: string | null;
  })[];
  readonly id: KnownId;
  readonly at: Time;
  readonly until: Time | null;
  readonly paidBy: KnownId | null;
  readonly coupon: string | null;
  /** What of the total gift cards have paid. */
  readonly cards: number;
  /** Codes, or codes of gift cards, that it was delivered as: for its member and who may `redeem`; else stars. */
  readonly codes?: readonly string[] | undefined;
  readonly receiver?: Receiver | undefined;
};

/** A member redeems points for goods: points and pieces move together, or neither. A dry run says what it would come to. */
export type OrderRequest = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly goods: Id;
  /** How many pieces. Left out: 1. */
  readonly quantity?: number | undefined;
  /** What a piece was said to cost, in minor units: where it costs anything else, nothing is ordered. */
  readonly expectedPrice?: number | undefined;
  /** A quote, as it was given: then what it says is charged, or nothing is. */
  readonly quote?: string | undefined;
  /** The code as it was typed: with or without case, spaces and dashes. */
  readonly coupon?: string | undefined;
  readonly until?: Time | TimeText | undefined;
  readonly receiver?: Receiver | undefined;
  /** Gift cards that pay a part of it, each by its code, or by what a look-up tells it is known by, and how much: the rest the member pays. */
  readonly cards?: readonly ({
    /** The code of a card: 16 letters and digits, with or without case, spaces and dashes. */
    readonly code: string;
    readonly amount: Amount;
  } | {
    /** A card, by what the ledger knows it. */
    readonly card: string;
    readonly amount: Amount;
  })[] | undefined;
};

/** An order of a member is cancelled: what is not shipped of it is given back, points, pieces, limit and coupon. */
export type Ordercancel = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  /** Why, for people. */
  readonly reason?: string | undefined;
};

/** A member has got an order: what was not said to be shipped counts as shipped. */
export type Ordercomplete = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
};

/** An order that was held has been paid elsewhere: its points are taken, out of what is held, or anew. */
export type Orderconfirm = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
};

/** Pieces of an order of a member are sent: from then on they are not given back. */
export type Ordership = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  /** How many pieces. Left out: all that are left. */
  readonly quantity?: number | undefined;
  /** By what the parcel is followed. */
  readonly tracking?: string | undefined;
};

/** The id of an event that webhooks are told. */
export type OutboundId = string;

export type OwnAsset = {
  readonly asset: AssetCode;
  /** Digits after the point. */
  readonly scale: number;
  readonly platform?: PlatformId | undefined;
  /** In which its points are exchanged: `GET /v1/exchange-rates`. */
  readonly coalition?: string | undefined;
};

export type OwnEvent = {
  /** Reported by `POST /v1/events` with `own: true`. */
  readonly type: string;
  /** How often in a day. */
  readonly perDay: number;
  /** What the member may say of it. */
  readonly attributes: { readonly [name: string]: "integer" | "text" | "boolean" | "list" };
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type OwnLottery = {
  readonly lottery: DefinitionKey;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
  /** Minor units. */
  readonly cost: number;
  readonly from?: Time | undefined;
  readonly to?: Time | undefined;
  readonly cooldownSeconds?: number | undefined;
  readonly dailyLimit?: number | undefined;
  readonly prizes: readonly ({
    readonly prize: string;
    /** What it is called. */
    readonly name?: string | undefined;
    /** Of all weights together. */
    readonly weight: number;
  })[];
};

export type OwnPlatform = {
  readonly platform: PlatformId;
  readonly name: string;
  /** The first is its own. */
  readonly assets: readonly AssetCode[];
};

export type OwnProgramme = {
  readonly programme: DefinitionKey;
  readonly asset: AssetCode;
  readonly zone: Zone;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
  readonly platform?: PlatformId | undefined;
  readonly hasGoods: boolean;
  /** What a member may report of itself. */
  readonly events: readonly OwnEvent[];
  /** The event of the sign-in of a day, and the task that counts days in a row. */
  readonly signIn?: {
    readonly type: string;
    readonly task?: DefinitionKey | undefined;
  } | undefined;
  readonly lotteries: readonly OwnLottery[];
  readonly boards: readonly ({
    readonly board: DefinitionKey;
    readonly counts?: string | undefined;
    readonly period: string;
    /** What it is called. */
    readonly name?: string | undefined;
    /** What is told of it. */
    readonly description?: string | undefined;
  })[];
  readonly tiers: readonly ({
    readonly tier: DefinitionKey;
    /** Minor units. */
    readonly from: number;
    /** What it is called. */
    readonly name?: string | undefined;
    /** What is told of it. */
    readonly description?: string | undefined;
  })[];
  readonly tasks: readonly ({
    readonly task: DefinitionKey;
    readonly event: string;
    readonly span?: string | undefined;
    /** From how many days in a row on, how much. */
    readonly steps?: readonly (readonly number[])[] | undefined;
    readonly badge?: boolean | undefined;
    /** What it is called. */
    readonly name?: string | undefined;
    /** What is told of it. */
    readonly description?: string | undefined;
  })[];
  readonly offers: readonly ({
    readonly offer: DefinitionKey;
    /** Minor units. */
    readonly points: number;
    readonly from?: Time | undefined;
    readonly to?: Time | undefined;
    /** What it is called. */
    readonly name?: string | undefined;
    /** What is told of it. */
    readonly description?: string | undefined;
  })[];
  readonly gifting?: {
    /** Minor units. */
    readonly mostPoints?: number | undefined;
    readonly mostTimes?: number | undefined;
    /** Minor units. */
    readonly mostEach?: number | undefined;
  } | undefined;
  readonly referral?: {
    /** Minor units. */
    readonly referrer?: number | undefined;
    /** Minor units. */
    readonly newcomer?: number | undefined;
    readonly newDays?: number | undefined;
  } | undefined;
};

export type OwnProgrammes = {
  readonly owner: User;
  readonly platforms: readonly OwnPlatform[];
  readonly assets: readonly OwnAsset[];
  readonly programmes: readonly OwnProgramme[];
};

/** A user’s pseudonym, or a system owner: it begins with `@`. */
export type Owner = string;

export type Partner = {
  readonly platform: PlatformId;
  readonly name?: string | undefined;
  readonly adapter: "http";
  readonly url: string;
  readonly assets: readonly AssetCode[];
  readonly inboundAssets?: readonly AssetCode[] | undefined;
  readonly createsUsers: boolean;
  readonly callsAtOnce?: number | undefined;
  readonly reconcileAt?: string | undefined;
  readonly graceSeconds?: number | undefined;
  readonly state: "active" | "maintenance";
  readonly createdAt: Time;
  readonly updatedAt: Time;
  /** How it answers the node that was asked; null: that node cannot ask it, as its token was sealed with another key. */
  readonly breaker: {
    readonly state: "closed" | "open" | "half_open";
    readonly failures: number;
    readonly since?: Time | undefined;
    readonly nextAt?: Time | undefined;
    /** What the last failure was, in a word. */
    readonly why?: string | undefined;
  } | null;
};

export type Partner_exchange = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Partner_exchangeBody;
};

export type Partner_exchange_approve = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Partner_exchange_approveBody;
};

/** A second person agrees to an exchange with a partner outside, or rejects it. */
export type Partner_exchange_approveBody = {
  readonly exchange: Id;
  readonly rejects?: boolean | undefined;
  /** Why it is rejected. */
  readonly reason?: string | undefined;
};

export type Partner_exchange_cancel = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Partner_exchange_cancelBody;
};

/** An exchange with a partner outside goes back, where it still can. */
export type Partner_exchange_cancelBody = {
  readonly exchange: Id;
};

/** A member gives points for points, of which one side or both are kept by partners outside: at the rate and fee of now, by recorded steps. */
export type Partner_exchangeBody = {
  readonly from: AssetCode;
  readonly to: AssetCode;
  readonly amount: Amount;
  readonly receiver?: User | undefined;
  /** What it was said to come to, in minor units of `to`: where it is anything else, nothing is exchanged. */
  readonly expected?: number | undefined;
  /** A quote, as it was given: then what it says is charged, or nothing is. */
  readonly quote?: string | undefined;
  /** The user, as the platform names it. */
  readonly fromUser?: string | undefined;
  /** The user, as the platform names it. */
  readonly toUser?: string | undefined;
  /** After so many it goes back, where it is not done. Left out: 86,400 (a day). */
  readonly seconds?: number | undefined;
};

export type PartnerAbsent = {
  readonly status: "absent";
  readonly transaction_id?: string | undefined;
};

export type PartnerAsks = {
  /** By what the partner knows the operation, for ever: 1 to 128 characters, neither `.` nor `..`. */
  readonly transaction_id: string;
  /** Whose points, as this ledger names the user. */
  readonly user_id: string;
  /** Minor units. */
  readonly amount: number;
  /** One of those that the partner may ask for. */
  readonly asset: string;
};

export type PartnerChecked = {
  readonly platform: PlatformId;
  readonly isWell: boolean;
  /** Why not, in a word. */
  readonly why?: string | undefined;
  readonly status?: number | undefined;
  readonly ms: number;
};

export type PartnerConflict = {
  readonly status: "conflict";
  readonly code: "OPERATION_DIFFERS";
  /** What differs. */
  readonly field: string;
  readonly detail: string;
};

export type PartnerExchange = {
  readonly exchange: string;
  readonly owner: User;
  readonly receiver?: User | undefined;
  /** `pending_approval`: a second person decides. `retrying`: what came of the step is not known, or it cannot be done now; it is asked again. `completed`, `failed`: for ever. */
  readonly status: "pending_approval" | "started" | "in_progress" | "retrying" | "completed" | "failed";
  /** The step that it is at; of one that has ended: the last one. */
  readonly step: "deduct_source_credits" | "add_target_credits" | "confirm_source_deduction" | "rollback_target_addition" | "rollback_source_freeze";
  readonly source: {
    readonly asset: AssetCode;
    readonly platform: PlatformId;
    /** The user at the partner. */
    readonly user?: string | undefined;
    /** Under which id the partner is asked; left out: the points are here. */
    readonly operation?: string | undefined;
  };
  readonly target: {
    readonly asset: AssetCode;
    readonly platform: PlatformId;
    /** The user at the partner. */
    readonly user?: string | undefined;
    /** Under which id the partner is asked; left out: the points are here. */
    readonly operation?: string | undefined;
  };
  readonly amount: Amount;
  readonly fee: number;
  readonly result: Amount;
  readonly submittedAt: Time;
  readonly updatedAt: Time;
  readonly until: Time;
  readonly endedAt?: Time | undefined;
  /** What each step came to. */
  readonly history: readonly ({
    /** The step that it is at; of one that has ended: the last one. */
    readonly step: "deduct_source_credits" | "add_target_credits" | "confirm_source_deduction" | "rollback_target_addition" | "rollback_source_freeze";
    readonly answer: string;
    readonly at: Time;
  })[];
  /** Why it goes back, or has failed. */
  readonly reason?: string | undefined;
  /** What does not agree, or did not. */
  readonly inconsistency?: string | undefined;
};

/** A second person agrees to an exchange with a partner outside, or rejects it. */
export type PartnerExchangeApproval = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly rejects?: boolean | undefined;
  /** Why it is rejected. */
  readonly reason?: string | undefined;
};

/** An exchange with a partner outside goes back, where it still can. */
export type PartnerExchangeCancel = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
};

/** A member gives points for points, of which one side or both are kept by partners outside: at the rate and fee of now, by recorded steps. */
export type PartnerExchangeRequest = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly from: AssetCode;
  readonly to: AssetCode;
  readonly amount: Amount;
  readonly receiver?: User | undefined;
  /** What it was said to come to, in minor units of `to`: where it is anything else, nothing is exchanged. */
  readonly expected?: number | undefined;
  /** A quote, as it was given: then what it says is charged, or nothing is. */
  readonly quote?: string | undefined;
  /** The user, as the platform names it. */
  readonly fromUser?: string | undefined;
  /** The user, as the platform names it. */
  readonly toUser?: string | undefined;
  /** After so many it goes back, where it is not done. Left out: 86,400 (a day). */
  readonly seconds?: number | undefined;
};

export type PartnerExchangeVerdict = {
  /** The step that it is about: where it is at another one, nothing is said. */
  readonly step: "deduct_source_credits" | "add_target_credits" | "confirm_source_deduction" | "rollback_target_addition" | "rollback_source_freeze";
  /** done: the step was done; not_done: it was not, and is not wanted any more (the partner is asked to roll it back, so that it is not done late); retry: it is asked for again. */
  readonly verdict: "done" | "not_done" | "retry";
  /** Why: 1 to 200 characters. */
  readonly reason: string;
};

export type PartnerOperation = {
  /** By what the partner knows the operation, for ever: 1 to 128 characters, neither `.` nor `..`. */
  readonly transaction_id: string;
  readonly type: "add" | "deduct";
  readonly status: "pending" | "completed" | "refused" | "rolled_back" | "void";
  readonly user_id: string;
  readonly amount: number;
  readonly asset: AssetCode;
  /** ISO 8601, in UTC. */
  readonly time?: string | undefined;
  /** Why it is refused; of one that is completed: why it cannot be rolled back. */
  readonly code?: string | undefined;
  /** It was decided before. */
  readonly idempotent: boolean;
};

export type PartnerOperations = {
  readonly operations: readonly ({
    /** By what the partner knows the operation, for ever: 1 to 128 characters, neither `.` nor `..`. */
    readonly transaction_id: string;
    readonly type: "add" | "deduct";
    readonly status: "pending" | "completed" | "refused" | "rolled_back" | "void";
    readonly user_id: string;
    readonly amount: number;
    readonly asset: AssetCode;
    /** ISO 8601, in UTC. */
    readonly time?: string | undefined;
    /** Why it is refused; of one that is completed: why it cannot be rolled back. */
    readonly code?: string | undefined;
  })[];
  /** There may be more: `cursor` of the next page. */
  readonly next?: string | undefined;
};

export type PartnerRollsBack = {
  /** By what the partner knows the operation, for ever: 1 to 128 characters, neither `.` nor `..`. */
  readonly transaction_id: string;
  /** Whose points, as this ledger names the user. */
  readonly user_id: string;
  /** Minor units. */
  readonly amount: number;
  /** One of those that the partner may ask for. */
  readonly asset: string;
  /** What it is, or would have been. */
  readonly type: "add" | "deduct";
};

export type PartnerTotals = {
  readonly total: number;
  readonly added: number;
  readonly deducted: number;
};

export type PartnerUser = {
  readonly user_id: string;
};

export type PartnerUserAsked = {
  /** One key, one user, however often it is sent. */
  readonly key: string;
  /** `<name>_from_<source>`. It is not kept. */
  readonly name: string;
  /** It is not kept. */
  readonly email?: string | undefined;
  /** The system whose user it is, as the partner calls it. */
  readonly source_system: string;
  /** The partner’s own name for the user. */
  readonly source_user_id: string;
  /** `true`: the user comes from another system. */
  readonly imported: true;
};

export type PartnerUserRefused = {
  readonly status: "refused";
  readonly code: string;
  readonly field?: string | undefined;
  readonly detail?: string | undefined;
};

export type PartnerWithToken = {
  readonly platform: PlatformId;
  readonly name?: string | undefined;
  readonly adapter: "http";
  readonly url: string;
  readonly assets: readonly AssetCode[];
  readonly inboundAssets?: readonly AssetCode[] | undefined;
  readonly createsUsers: boolean;
  readonly callsAtOnce?: number | undefined;
  readonly reconcileAt?: string | undefined;
  readonly graceSeconds?: number | undefined;
  readonly state: "active" | "maintenance";
  readonly createdAt: Time;
  readonly updatedAt: Time;
  /** How it answers the node that was asked; null: that node cannot ask it, as its token was sealed with another key. */
  readonly breaker: {
    readonly state: "closed" | "open" | "half_open";
    readonly failures: number;
    readonly since?: Time | undefined;
    readonly nextAt?: Time | undefined;
    /** What the last failure was, in a word. */
    readonly why?: string | undefined;
  } | null;
  /** What the partner shows when it asks this ledger. Shown this once. */
  readonly inboundToken: string;
};

export type Partners = {
  readonly partners: readonly Partner[];
};

export type PasswordChange = {
  /** A password: 8 to 256 characters, as they are in the form NFKC. */
  readonly password: string;
  /** A password: 8 to 256 characters, as they are in the form NFKC. */
  readonly newPassword: string;
};

export type PasswordReset = {
  /** A login name: a mail address, or 2 to 64 letters, digits, dots, - and _. */
  readonly login: string;
};

export type PastAccounts = {
  readonly owner: Owner;
  readonly at: Time;
  readonly asOf: AsOf;
  readonly accounts: readonly PastBalance[];
  /** What the points are worth in one unit, by coalition; left out where none of them is in one, or what they are worth is not known now. */
  readonly totals?: readonly ({
    readonly coalition: DefinitionKey;
    readonly currency: string;
    /** Units of the currency, exact, as a text; may be below 0. */
    readonly total: string;
    /** What each asset comes to, available and held. */
    readonly assets: { readonly [name: string]: string };
  })[] | undefined;
};

export type PastAccountsOfOwner = {
  readonly owner: Owner;
  readonly accounts: readonly PastBalance[];
};

export type PastBalance = {
  readonly owner: Owner;
  readonly asset: AssetCode;
  readonly at: Time;
  readonly available: number;
  readonly held: number;
  readonly total: number;
  readonly version: number;
};

export type PastBalances = {
  readonly at: Time;
  readonly asOf: AsOf;
  readonly balances: readonly PastAccountsOfOwner[];
};

/** Who receives: a user’s pseudonym, or a system owner. `.` and `..` are refused: no client can put them into a path. */
export type Payee = string;

export type PendingExchangeCounts = {
  /** Those alone for which some wait; `since`: the first of them. */
  readonly assets: readonly ({
    readonly asset: AssetCode;
    readonly pending: number;
    readonly since: Time;
  })[];
};

export type PendingExchanges = {
  readonly exchanges: readonly ({
    readonly owner: User;
    readonly submission: KnownId;
    readonly from: AssetCode;
    readonly amount: Amount;
    readonly fee: number;
    readonly result: Amount;
    readonly submittedAt: Time;
    readonly until: Time;
  })[];
  /** There may be more: ask with it. */
  readonly cursor?: string | undefined;
};

/** An ISO 8601 duration of days, months or years: `P30D`, `P12M`, `P1Y`. Points last until the end of the day so long after they are credited. */
export type Period = string;

export type Platform = {
  readonly id: PlatformId;
  readonly name: string;
  readonly assets: readonly AssetCode[];
  readonly operations: readonly ("read" | "earn" | "spend" | "transfer" | "redeem" | "admin" | "adjust" | "backdate" | "read-audit" | "merge" | "participate" | "self" | "sign-in")[];
  readonly endpoint?: string | undefined;
  readonly proof: "any" | "token" | "signature" | "both";
  readonly userIds: "global" | "platform";
  readonly programme?: DefinitionKey | undefined;
  readonly embedOrigins?: readonly string[] | undefined;
  readonly rate?: Rate | undefined;
  readonly disabled: boolean;
  readonly createdAt: Time;
  readonly updatedAt: Time;
};

export type PlatformChange = {
  /** A text for people of 1 to 100 characters. */
  readonly name?: string | undefined;
  /** A list of 1 to 50 different asset codes; a platform’s own is the first. */
  readonly assets?: readonly AssetCode[] | undefined;
  /** A list of different ones out of: read, earn, spend, transfer, redeem, admin, adjust, backdate, read-audit, merge, participate, self, sign-in. */
  readonly operations?: readonly ("read" | "earn" | "spend" | "transfer" | "redeem" | "admin" | "adjust" | "backdate" | "read-audit" | "merge" | "participate" | "self" | "sign-in")[] | undefined;
  /** An http or https URL of at most 300 characters. */
  readonly endpoint?: string | undefined;
  /** How requests are proved: any, token, signature or both. */
  readonly proof?: "any" | "token" | "signature" | "both" | undefined;
  /** How /api/points names users where a call does not say: global or platform. */
  readonly userIds?: "global" | "platform" | undefined;
  /** A programme: points added by a business type that is one of its types of events are what that event earns. */
  readonly programme?: string | undefined;
  /** A list of at most 16 different origins, such as https://shop.example (http on this machine alone): their pages may embed /me/embed/{platform}. */
  readonly embedOrigins?: readonly string[] | undefined;
  readonly rate?: Rate | undefined;
};

/** 1 to 24 characters out of a-z 0-9 _ and -, the first one a letter or digit. */
export type PlatformId = string;

export type PlatformWithSecret = {
  readonly id: PlatformId;
  readonly name: string;
  readonly assets: readonly AssetCode[];
  readonly operations: readonly ("read" | "earn" | "spend" | "transfer" | "redeem" | "admin" | "adjust" | "backdate" | "read-audit" | "merge" | "participate" | "self" | "sign-in")[];
  readonly endpoint?: string | undefined;
  readonly proof: "any" | "token" | "signature" | "both";
  readonly userIds: "global" | "platform";
  readonly programme?: DefinitionKey | undefined;
  readonly embedOrigins?: readonly string[] | undefined;
  readonly rate?: Rate | undefined;
  readonly disabled: boolean;
  readonly createdAt: Time;
  readonly updatedAt: Time;
  /** Shown this once. */
  readonly secret: string;
};

export type Platforms = {
  readonly platforms: readonly Platform[];
};

export type PointsAdd = {
  /** Whose points. */
  readonly user_id: string;
  /** What kind of business it is. */
  readonly business_type?: string | undefined;
  /** Which one. */
  readonly business_id?: string | undefined;
  /** Minor units. */
  readonly amount: number;
  /** Default: the platform’s own. */
  readonly asset?: string | undefined;
  /** The idempotency key. */
  readonly transaction_id?: string | undefined;
  /** global: the owner of the accounts; platform: the platform’s own name. */
  readonly user_id_type?: "global" | "platform" | undefined;
  /** A remark for people, at most 256 bytes of UTF-8. */
  readonly remark?: string | undefined;
};

export type PointsBalance = {
  readonly user_id: AnyUser;
  readonly platform_id: PlatformId;
  readonly asset: AssetCode;
  readonly balance: number;
  readonly held: number;
  readonly timestamp: Time;
};

export type PointsHistory = {
  readonly user_id: AnyUser;
  readonly platform_id: PlatformId;
  readonly asset: AssetCode;
  readonly page: number;
  readonly per_page: number;
  /** How many entries there are; `as_of` where that is given. */
  readonly total: number;
  readonly history: readonly PointsHistoryLine[];
};

export type PointsHistoryLine = {
  readonly transaction_id?: string | undefined;
  /** 1 earned, 2 spent, 3 expired, 0 held or released. */
  readonly type: number;
  readonly amount: number;
  readonly balance: number;
  readonly held: number;
  readonly business_type?: Kind | undefined;
  readonly business_id?: Reference | undefined;
  readonly remark?: Memo | undefined;
  readonly timestamp: Time;
};

export type PointsMoved = {
  readonly transaction_id: string;
  readonly success: true;
  readonly balance?: number | undefined;
  readonly replayed: boolean;
  readonly timestamp: Time;
  /** Of an exchange: the asset of what was got. */
  readonly received_asset?: string | undefined;
  /** Of an exchange: what was got, in its minor units. */
  readonly received?: number | undefined;
  /** Of an exchange: what of `amount` was the fee. */
  readonly fee?: number | undefined;
};

export type PointsMovedLater = {
  readonly transaction_id: string;
  readonly success: false;
  readonly state: "prepared";
};

export type PointsRedeem = {
  /** Whose points. */
  readonly user_id: string;
  /** What is redeemed. */
  readonly reward_id: string;
  /** Minor units. */
  readonly amount: number;
  /** Default: the platform’s own. */
  readonly asset?: string | undefined;
  /** The idempotency key. */
  readonly transaction_id?: string | undefined;
  /** global: the owner of the accounts; platform: the platform’s own name. */
  readonly user_id_type?: "global" | "platform" | undefined;
  /** A remark for people, at most 256 bytes of UTF-8. */
  readonly remark?: string | undefined;
};

export type PointsRedeemed = {
  readonly redemption_id: string;
  /** Of goods: the number of the order. */
  readonly order?: string | undefined;
  readonly success: true;
  readonly balance?: number | undefined;
  readonly replayed: boolean;
  readonly timestamp: Time;
};

export type PointsRedeemedLater = {
  readonly redemption_id: string;
  readonly success: false;
  readonly state: "prepared";
};

export type PointsRefund = {
  /** Whose points. */
  readonly user_id: string;
  /** The transaction_id (or redemption_id) of what is given back. */
  readonly original_transaction_id: string;
  /** The idempotency key. */
  readonly transaction_id?: string | undefined;
  /** Minor units; left out: all that remains of it. */
  readonly amount?: number | undefined;
  /** global: the owner of the accounts; platform: the platform’s own name. */
  readonly user_id_type?: "global" | "platform" | undefined;
  /** A remark for people, at most 256 bytes of UTF-8. */
  readonly remark?: string | undefined;
};

export type PointsRefunded = {
  readonly transaction_id: string;
  readonly success: true;
  readonly balance?: number | undefined;
  readonly replayed: boolean;
  readonly timestamp: Time;
  /** Minor units of the original that are not given back. */
  readonly remaining: number;
};

export type PointsTransfer = {
  /** Whose points. */
  readonly from_user_id: string;
  /** Whose points. */
  readonly to_user_id: string;
  readonly target_platform?: PlatformId | undefined;
  /** Minor units. */
  readonly amount: number;
  /** Default: the platform’s own. */
  readonly asset?: string | undefined;
  /** The idempotency key. */
  readonly transaction_id?: string | undefined;
  /** global: the owner of the accounts; platform: the platform’s own name. */
  readonly user_id_type?: "global" | "platform" | undefined;
  /** A remark for people, at most 256 bytes of UTF-8. */
  readonly remark?: string | undefined;
};

/** Of each shard concerned, its number and its last block that counts. */
export type Positions = string;

export type Posted = {
  /** It is what would be: nothing was done. */
  readonly dryRun?: true | undefined;
  readonly id?: KnownId | undefined;
  readonly shard: number;
  /** The block; 0: of a dry run, none. */
  readonly seq: number;
  readonly time: Time;
  /** The id had been used for the same before. */
  readonly replayed: boolean;
  /** One per account; then, where points went back into a lot that is over, the `expire` entries that ended them. The last one of an account has its balance. */
  readonly entries: readonly Entry[];
  readonly occurredAt?: Time | undefined;
  readonly hold?: HoldState | undefined;
  readonly recordVersion?: number | undefined;
  readonly assetVersion?: number | undefined;
  readonly definitionVersion?: number | undefined;
  readonly activeFrom?: Time | undefined;
  readonly act?: ActDone | undefined;
  /** What an act, or its reversal, causes: each has an outcome of its own. */
  readonly followUps?: readonly CausedCommand[] | undefined;
  /** Minor units of the original that are not reversed, over all its legs. */
  readonly remaining?: number | undefined;
  /** The same leg by leg, where it has several. */
  readonly remainingLegs?: readonly number[] | undefined;
};

export type PostedInBatch = {
  readonly status: 200 | 201;
  /** It is what would be: nothing was done. */
  readonly dryRun?: true | undefined;
  readonly id?: KnownId | undefined;
  readonly shard: number;
  /** The block; 0: of a dry run, none. */
  readonly seq: number;
  readonly time: Time;
  /** The id had been used for the same before. */
  readonly replayed: boolean;
  /** Left out where `brief` was asked for. */
  readonly entries?: readonly Entry[] | undefined;
  readonly occurredAt?: Time | undefined;
  readonly hold?: HoldState | undefined;
  readonly recordVersion?: number | undefined;
  readonly assetVersion?: number | undefined;
  readonly definitionVersion?: number | undefined;
  readonly activeFrom?: Time | undefined;
  readonly act?: ActDone | undefined;
  /** What an act, or its reversal, causes: each has an outcome of its own. */
  readonly followUps?: readonly CausedCommand[] | undefined;
  /** Minor units of the original that are not reversed, over all its legs. */
  readonly remaining?: number | undefined;
  /** The same leg by leg, where it has several. */
  readonly remainingLegs?: readonly number[] | undefined;
};

export type Prepared = {
  readonly status: 202;
  readonly id: KnownId;
  readonly state: "prepared";
};

/** What the price was multiplied by, in percent. */
export type PriceFactors = {
  readonly tier: number;
  readonly sale: number;
  readonly stock: number;
};

export type PriceQuote = {
  readonly owner: User;
  readonly goods: DefinitionKey;
  readonly quantity: number;
  /** Of a piece, in minor units. */
  readonly price: number;
  readonly total: number;
  readonly factors: PriceFactors;
  /** It counts before this time. */
  readonly until: number;
  /** To be sent with the order. */
  readonly quote: string;
};

/** How goods of a programme are priced. Its key is the key of the programme. */
export type PricingDocument = {
  /** What goods cost, in percent, while fewer pieces are left than `under`: the lowest step that holds counts. Left out: it is all one. */
  readonly stockFactors?: readonly ({
    readonly under: number;
    readonly percent: number;
  })[] | undefined;
  /** How long a quote holds, in seconds. Left out: 300. */
  readonly quoteSeconds?: number | undefined;
};

export type Problem = {
  /** `urn:jifen:refusal:<code>` */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** * `POINTS_SHORT`: The account has fewer points available than this takes. * `AMOUNT_OVERFLOW`: A balance or lifetime sum would leave the range of 2^53 - 1 minor units. * `LOT_LIMIT`: The account would have more than 512 lots. * `ACCOUNT_NOT_FOUND`: The owner has no account in this asset. * `ACCOUNT_FROZEN`: The account is frozen: nothing may be taken from it. * `ACCOUNT_CLOSED`: The account is closed. * `ACCOUNT_NOT_EMPTY`: Only an account with nothing available, held or owed can be closed. * `CONDITION_FAILED`: The balance condition of the transfer does not hold. * `HOLD_NOT_FOUND`: The owner has never had a hold with this id. * `HOLD_CLOSED`: The hold has already been captured whole, released, or has passed its deadline. * `CAPTURE_EXCEEDS_HOLD`: The capture is larger than what remains of the hold. * `HOLD_LIMIT`: The owner has too many open holds. * `TRANSFER_NOT_FOUND`: The owner has no posted transfer with this id. * `NOT_REVERSIBLE`: Only a posted transfer or capture can be reversed. * `ALREADY_REVERSED`: The transfer has already been reversed. * `CREDIT_IN_USE`: The account owes more than the new credit limit. * `RECORD_VERSION_MISMATCH`: The owner record is at another version than the condition names. * `RECORD_LIMIT`: The owner has too many records. * `RECORD_NOT_FOUND`: The owner has no such record. * `ASSET_CONFLICT`: The asset exists with another scale, granularity or lot tracking, which cannot change. * `ASSET_LIMIT`: The ledger has too many assets. * `REVERSAL_EXCEEDS_REMAINING`: The reversal is larger than what remains of the original, or of that leg of it. * `LEG_NOT_FOUND`: The original has no leg with this number. * `LEGS_REQUIRED`: The original has several legs: legs says how much of which. * `LEGS_INSEPARABLE`: A user both pays and is paid by these legs: they can only be reversed together and whole. * `LOT_NOT_FOUND`: The account has no lot with this expiry, or it is over. * `ACCOUNT_NOT_CLOSED`: The account is not closed. * `NOT_PENDING`: Nothing of the transfer is pending: it never was, is available already, or was reversed. * `PENDING_PAST`: The time until which points are pending is not in the future. * `PENDING_EXPIRES`: The points would expire before they are available. * `EXPIRY_NOT_LATER`: The new expiry is not later than the old one. * `LOT_HELD`: Part of the lot is held: name an amount of what is available, or wait until it is captured or released. * `ACT_UNKNOWN`: There is no act with this name. * `ACT_BODY_INVALID`: The body of an act is a JSON object of at most 2 KiB with the fields of the act. * `OFFER_NOT_OPEN`: The offer is not open at this time. * `OFFER_CLAIMED`: The member has claimed this offer before. * `NOT_ELIGIBLE`: The offer is not for this member. * `EVENT_TYPE_UNKNOWN`: The programme has no events of this type, or members report none of it. * `EVENT_TIME_INVALID`: The event has not happened yet. * `EVENT_TOO_LATE`: The event is reported later than its programme accepts. * `EVENT_ATTRIBUTE_INVALID`: An attribute of the event is not one of its type, or of another type than it says. * `EVENT_LINES_INVALID`: The lines of an order have different names, and together the amount that the event says. * `EVENT_REPORTED`: The member has reported an event of this type as often as it may in a day. * `EVENT_NOT_FOUND`: The member has no event with this id. * `RETURN_INVALID`: A return names the lines, or the amount, of an event that has them, and no more than is left of them. * `RETURN_TOO_LATE`: The event happened too long ago to be given back. * `GIFT_TO_SELF`: Nobody gives to themselves. * `GIFT_LIMIT`: The gift is beyond what a member may give in a day. * `REFERRED_BEFORE`: The member was referred before. * `REFERRAL_TO_SELF`: Nobody is referred by themselves. * `REFERRAL_CODE_EXPIRED`: The code can no longer be used. * `REFERRAL_NOT_NEW`: The member is not new any more, or a member for as long as who refers. * `REFERRAL_CODE_UNKNOWN`: There is no such code, or it says something else. * `REFERRAL_CODE_TAKEN`: The code is taken: draw another one. * `BOARD_NOT_OVER`: The period of the leaderboard is still counted. * `BOARD_FROZEN`: The period of the leaderboard was frozen before. * `BOARD_PRIZES_DIFFER`: These are not the prizes that are to be paid next. * `LOTTERY_NOT_OPEN`: The lottery is not open at this time, or the seed that its draws are decided by is not in use yet. * `DRAW_TOO_SOON`: It is too soon after the last draw of the member. * `DRAW_LIMIT`: The member has drawn as often as the lottery allows in a day. * `DRAW_NOT_TRIED`: Draws, and the words for them, are neither tried nor part of an atomic batch. * `DRAW_WORD_COMMITTED`: The word for the draws of this period is committed already: another one counts from the next period on. * `SEED_INVALID`: The seed is not the next one, or not the one of its hash. * `TIER_UNKNOWN`: The programme has no such tier. * `PROFILE_INVALID`: What is said of the member is not what the programme knows of, or of another type. * `CORRECTION_TOO_LARGE`: The correction is larger than its definition allows. * `APPROVAL_REQUIRED`: This takes a second person: the same is asked for, or agreed to, with another credential. * `PROPOSAL_DIFFERS`: Another correction was proposed under this case: agree to the very same one, or name another case. * `DEFINITION_UNAPPROVED`: Another person must agree, by another credential. * `EVENT_CORRECTED`: The event has been corrected already: undo that first. * `SIMULATION_NOT_FOUND`: There is no such simulation or correction any more. * `FOLLOW_UP_REFUSED`: The rules of an act that another one has caused refuse it as things are; it is not asked for again. * `BUDGET_EXHAUSTED`: The budget has not enough left. * `BUDGET_SHORT`: A budget that the act can do without has not enough left: the act is decided anew when it is asked for again. * `BUDGET_BUSY`: Points of the budget are reserved, or lent to other shards, and may come back; try again shortly. * `COUPON_UNAVAILABLE`: There is no such coupon, or it is somebody else’s, or reserved or used by somebody else. * `COUPON_USED`: The member has used this coupon. * `COUPON_EXPIRED`: The coupon can no longer be used. * `COUPON_LIMIT`: The member has used as many coupons of the campaign as the span allows, or the order has as many as it takes. * `COUPON_ORDER_TOO_SMALL`: The order is smaller than the coupon is for. * `COUPON_NOT_RESERVED`: The coupon is not reserved for this order. * `COUPON_NOT_ISSUED`: Only single codes are issued, of a campaign that is not over, and those that are generated by their number. * `GOODS_ENDLESS`: There is no end of these goods: nobody waits for them. * `WAITING_ALREADY`: The member waits for these goods already. * `WAITING_OVER`: The member does not wait any more, or waits anew. * `STOCK_TOLD`: It has been said already whether few pieces of the goods are left. * `GOODS_LIMIT`: The member has had as many of these goods as the span allows. * `QUOTE_INVALID`: The quote was not made by this ledger for this member and what is asked for. * `QUOTE_EXPIRED`: The quote has expired: ask for another one. * `PRICE_DIFFERS`: The goods do not cost what was expected. * `SOLD_OUT`: There are not so many pieces of the goods left. * `ORDER_QUANTITY`: There are more pieces than one order, or the rest of it, has. * `ORDER_UNTIL_INVALID`: These goods cannot be held until then: the time is past, or later than they allow. * `ORDER_NOT_FOUND`: The member has no order with this number. * `ORDER_STATE_INVALID`: This cannot be done to the order as it is: it is held, paid, shipped, completed or cancelled. * `ORDER_INSEPARABLE`: Of an order all that is not shipped is given back, points and pieces together, and no other part. * `COUPON_WITHOUT_DISCOUNT`: The coupon is worth points: it takes nothing off an order. * `ORDER_SHIPMENTS`: The order has as many shipments as one may have. * `STOCK_OF_CODES`: The pieces of these goods come and go with their codes: upload codes. * `GOODS_WITHOUT_CODES`: The goods are not delivered as codes, or have no asset that their pieces are counted in. * `CARD_EXISTS`: There is a card with this code. * `CARD_SHORT`: The card has less than this: it was used, is over, is of another programme, or there is no such card. * `CARDS_EXCEED_ORDER`: The cards would pay more than the order comes to. * `CARD_NOT_FOUND`: There is no card with this code. * `EXCHANGE_RATE_GAINS`: To and fro these rates would give more than there was: nothing is exchanged until they are put right. * `EXCHANGE_TOO_SMALL`: After the fee the exchange comes to nothing. * `EXCHANGE_LIMIT`: The exchange is beyond what a member may exchange at once, or in a day. * `RESERVE_SHORT`: The platform has not so many of its points in reserve. * `MEMBER_UNKNOWN`: Who gives the points, or gets them, is not known to the platform that they are of. * `EXCHANGE_DIFFERS`: The exchange does not come to what was expected. * `EXCHANGE_INSEPARABLE`: Of an exchange both sides are given back, in proportion, and no other part. * `EXCHANGE_NOT_FOUND`: The member has no exchange with this id. * `MEMBER_USERS`: The owner has as many users of the platform as one may have. * `CYCLE_NOT_FOUND`: The coalition has no cycle with this number. * `DISPUTE_LATE`: It is too late: to dispute this, or to answer. * `DISPUTE_LINE_TAKEN`: A line of it is disputed already, or was. * `DISPUTE_NOT_FOUND`: There is no such dispute, or it is between others. * `DISPUTE_STATE_INVALID`: This cannot be done to the dispute as it is: it is open, answered, settled, rejected or withdrawn. * `DISPUTE_PARTY`: The other platform answers a dispute, who has opened it withdraws it, the operator decides it. * `DISPUTE_AMOUNT_INVALID`: Of each line at most what is disputed is given back, and of some line something. * `EXCHANGE_NOT_PENDING`: The exchange does not wait: it is completed, withdrawn or expired; or its time to wait is over, or not yet. * `HOLD_KEPT`: An exchange that waits keeps the hold: it ends with that. * `EXCHANGE_STEP_PAST`: The exchange with a partner outside is not at this step, or has ended. * `EXCHANGE_STATE_INVALID`: This cannot be done to the exchange with a partner outside as it is. * `INCONSISTENCY_NOT_FOUND`: There is no such inconsistency. * `INCONSISTENCY_STATE_INVALID`: The inconsistency is resolved; or it is of an exchange, whose verdict resolves it. * `EXCHANGE_PART_INVALID`: There is not so much left of the exchange. * `MEMBER_MERGED`: The member was, or is being, merged into another one, who has the points then: ask for that one. * `MEMBER_UNSETTLED`: The member has something open that must end first: points held, pending or owed, an order, a coupon, an exchange that waits, or another merge. * `MERGE_TOO_LARGE`: The member has more accounts, or more that is kept of it, than one merge takes over. * `MERGE_OVER`: The merge was too long ago to be undone. * `MERGE_NOT_FOUND`: The member was not merged into another one. * `LOGIN_WRONG`: The login name or the password is wrong. * `LOGIN_LATER`: There were too many tries from browsers that have not signed in to this account before: try later, or set a new password by a link. * `SIGN_IN_BUSY`: Too many passwords are being compared; try again. * `PASSWORD_WEAK`: A password has 8 to 256 characters, is not one of the commonest, and not the login name. * `LOGIN_INVALID`: A login name is a mail address, or 2 to 64 letters, digits, dots, - and _ that begin with a letter or digit. * `LOGIN_TAKEN`: The login name is another account’s. * `LETTER_NOT_FOUND`: The link was used, has been replaced by a newer one, has expired, or is none. * `REGISTRATION_CLOSED`: Nobody registers with this programme by themselves. * `SIGN_IN_EXISTS`: The member signs in already, with a password of its own. * `SIGN_IN_NOT_FOUND`: The member has nothing to sign in with. * `TICKET_INVALID`: The ticket was used, has expired, or is none. * `ADDRESS_MISSING`: It is not known where the link is to be sent. * `MEMBER_SHARED`: The member is a user of another platform, too, or of none: a platform alone does not decide who signs in as it. * `PASSWORD_WRONG`: The password is wrong. * `SESSION_NOT_FOUND`: The member has no such session. * `PROOF_MISSING`: It is proved by a ticket of the other platform, or by signing in to the other account: one of them. * `PROOF_WEAK`: That member signs in, or is a user of other platforms, too: sign in to that account to prove that it is yours. * `PREPARE_LATE`: A shard heard of the transfer only after its deadline; nothing was moved. Try again with a new id. * `PREPARED`: The transfer is prepared and not decided yet: ask for it by its id, or repeat it. * `SHARD_UNAVAILABLE`: The shard cannot be reached, or too much is in flight to it. If the command was sent, what became of it is not known: repeat it with the same id. * `ACCOUNT_BUSY`: The account, hold or transfer is part of a command between shards that is not decided yet. * `COMMAND_INVALID`: The command is malformed. * `COMMAND_VERSION_UNKNOWN`: This version of the command format is not known here. * `COMMAND_TYPE_UNKNOWN`: There is no command of this type. * `AMOUNT_INVALID`: An amount is a whole number of minor units from 1 to 2^53 - 1. * `ID_INVALID`: An id has 1 to 64 characters out of A-Z a-z 0-9 and ._:@/+=~- and is not . or .. * `ID_TOO_LONG`: Without an id, kind:ref is the id, and it is longer than 64 characters: shorten kind or ref, or give an id. * `OWNER_INVALID`: An owner is 1 to 64 characters out of A-Z a-z 0-9 and ._:- (not . or ..), or one of the system owners. * `OWNER_RESERVED`: This owner belongs to the engine and cannot be named by callers. * `SYSTEM_OWNER`: This cannot be done to a system owner. * `ASSET_INVALID`: An asset code has 1 to 32 characters out of a-z 0-9 and _. * `ASSET_UNKNOWN`: The asset has not been defined. * `LEGS_INVALID`: A transfer has 1 to 16 legs. * `LEG_PARTS_INVALID`: The legs of a reversal are 1 to 16 that name a leg each, none twice, and go without an amount. * `SAME_ACCOUNT`: A leg cannot have the same account on both sides. * `KIND_INVALID`: A kind has 1 to 32 characters out of A-Z a-z 0-9 and ._- * `REF_INVALID`: A ref has 1 to 64 characters out of A-Z a-z 0-9 and ._:@/+=~- * `MEMO_INVALID`: A memo is text of at most 256 bytes of UTF-8. * `METADATA_INVALID`: Metadata is a JSON object nested at most 8 deep. * `METADATA_TOO_LARGE`: Metadata is at most 1 KiB of JSON. * `EXPIRY_INVALID`: An expiry is a time in milliseconds since 1970 before the year 10000, or null for never. * `EXPIRY_PAST`: The expiry is not in the future. * `DEADLINE_INVALID`: A deadline is a time in milliseconds since 1970 before the year 10000. * `DEADLINE_PAST`: The deadline is not in the future. * `PENDING_INVALID`: Pending points are earned by one user, in one asset, of system owners; until a time in milliseconds, or null. * `OCCURRED_INVALID`: When it occurred is a time in milliseconds since 1970 before the year 10000. * `OCCURRED_FUTURE`: What has yet to occur cannot be backdated. * `OCCURRED_TOO_EARLY`: A transfer is backdated by at most 30 years. * `CREDIT_LIMIT_INVALID`: A credit limit is a whole number of minor units from 0 to 2^53 - 1. * `RECORD_INVALID`: A record has a type and a key of 1 to 64 characters out of A-Z a-z 0-9 and ._:@/+=~- * `RECORD_TOO_LARGE`: A record holds at most 4 KiB. * `VERSION_INVALID`: A version condition is a whole number, 0 for "does not exist". * `SCALE_INVALID`: A scale is a whole number of decimals from 0 to 6. * `GRANULARITY_INVALID`: A lot granularity is a whole number of milliseconds from one second to 366 days. * `EXPIRY_POLICY_INVALID`: expiresAfter is P1D to P9999D, P1M to P999M or P1Y to P99Y, expiresOn a date MM-DD; neither goes with a defaultExpiryMs; expiryNoticeDays is 0 to 366. * `ZONE_INVALID`: A time zone is named by 1 to 64 characters out of A-Z a-z 0-9 and _/+- * `ZONE_UNKNOWN`: There is no time zone of this name. * `QUERY_INVALID`: The query is malformed. * `PAST_TOO_FAR`: Too many backdated entries of the account were booked after this time: ask as of an earlier booked time. * `CURSOR_INVALID`: The cursor was not made by this ledger for this account. * `ID_REUSED`: The id has been used for another command of this owner. * `OWNER_REQUIRED`: Several owners pay (or, where no user pays, receive): `owner` must name the one under whom the id is kept. * `OWNER_NOT_PARTY`: The owner of a transfer is one of the users who pay; where no user pays, one of those who receive. * `HOME_ELSEWHERE`: An earlier release has not kept the id on this shard; the shard of the home owner is asked next. * `FOLLOW_UPS_INVALID`: A transfer has 1 to 4 follow-ups, which have 1 to 4 legs and no id or follow-ups of their own. * `FOLLOW_UP_NUMBER_INVALID`: The n in the id of a follow-up, >{owner}>{id}>{n}, is a whole number from 1 to 4. * `BATCH_TOO_LARGE`: The batch has too many commands. * `BATCH_ABORTED`: Another command of the atomic batch was refused, so none was carried out and no id was used. * `BATCH_ACROSS_SHARDS`: An atomic batch must be all on one shard, which this is not on; nothing of it was carried out. * `SHARD_BUSY`: The shard has too much waiting; try again shortly. * `SHARD_FAILED`: The shard has stopped. * `CLOCK_JUMP`: The clock has jumped; an operator must confirm it. * `DISK_FULL`: The disk has too little room: nothing is written until an operator makes some; reads go on. * `CLOSING`: The ledger is being opened or closed. * `INTERNAL`: The ledger met a defect; nothing was changed. * `SHARD_ROLLED_BACK`: The shard has come back behind what other nodes have seen of it; an operator must say how to go on. * `SHARD_SERVED_TWICE`: Two processes say that they serve the shard; an operator must stop one of them. * `SECRETS_KEY_DIFFERS`: This node has another secrets.key than the one that the secrets of platforms were sealed with; an operator must copy the right one there. * `POSITION_AHEAD`: The position lies ahead of the ledger: this is not the ledger, or not the copy of it, that gave it. * `SHARD_ELSEWHERE`: Another node serves this shard: what is asked for must be asked there. * `ROUTE_NOT_FOUND`: There is nothing at this path. * `METHOD_NOT_ALLOWED`: This path does not take this method. * `BODY_INVALID`: The body is not valid JSON in UTF-8. * `BODY_TOO_LARGE`: The body is larger than the limit. * `MEDIA_TYPE_UNSUPPORTED`: The body is in a format that this call does not take; it takes application/json. * `IDEMPOTENCY_KEY_REUSED`: The Idempotency-Key has been used for another request of this owner. * `FRAMING_INVALID`: The headers do not say once, and in a known way, how long the body is and which host is meant. * `UNAUTHORIZED`: A valid key is required: Authorization: Bearer <key>. * `TOKEN_MISSING`: A platform token is required: X-Platform-Token. * `TOKEN_EXPIRED`: The platform token has expired. * `TOKEN_INVALID`: The platform token is not a JWT that this platform has signed with HS256, with an expiry. * `PLATFORM_UNKNOWN`: There is no such platform. * `SIGNATURE_MISSING`: This platform must sign its requests: X-Platform-ID, X-Timestamp, X-Signature. * `SIGNATURE_INVALID`: The signature is not what this request, signed now with the secret of the platform, has. * `SIGNATURE_REPLAYED`: The signature has been used. Sign the request anew to repeat it; its id finds its outcome. * `CREDENTIALS_CONFLICT`: The credentials name different callers. * `PLATFORM_DISABLED`: The platform is disabled. * `OPERATION_FORBIDDEN`: These credentials do not permit this operation. * `ASSET_FORBIDDEN`: These credentials do not extend to this asset. * `RATE_LIMITED`: Too many requests; try again later. * `OWNER_FORBIDDEN`: These credentials do not extend to the points of this owner. * `PLATFORM_EXISTS`: There is a platform with this id already. * `PLATFORM_NOT_FOUND`: There is no platform with this id. * `KEY_NOT_FOUND`: There is no key with this id. * `CHANGED_MEANWHILE`: It was changed meanwhile; look at it again. * `IDENTITY_INVALID`: A system is 1 to 24 characters out of a-z 0-9 _ and -, its user 1 to 128 characters without colons and control characters, not . or .. * `IDENTITY_CONFLICT`: The user is registered with another identity. * `IDENTITY_NOT_FOUND`: The user is not registered. * `IDENTITY_INACTIVE`: The registration of the user is not active. * `EXCHANGE_UNSUPPORTED`: These points are not exchanged for each other. * `MESSAGE_INVALID`: The message is malformed. * `STREAM_FORBIDDEN`: These credentials do not allow this. * `STREAM_LIMIT`: The connection has too many subscriptions or unanswered batches. * `CONNECTIONS_LIMIT`: Too many connections are open; try again later. * `SUBPROTOCOL_UNSUPPORTED`: Subprotocols are jifen.json and jifen.msgpack. * `ORIGIN_FORBIDDEN`: Pages of this origin may not ask: it is not one of --origins. * `UPGRADE_REQUIRED`: This path is for WebSockets of version 13. * `WEBHOOK_NOT_FOUND`: There is no webhook with this id. * `WEBHOOK_URL_FORBIDDEN`: Nothing is sent to this URL. * `WEBHOOK_LIMIT`: There are too many webhooks. * `DEAD_LETTER_NOT_FOUND`: This node has no such dead letter, or it may not be told any more. * `OUTBOX_UNAVAILABLE`: The outbox does not run now; try again shortly. * `CHANNEL_NOT_FOUND`: There is no channel with this id. * `CHANNEL_LIMIT`: There are too many channels. * `CHANNEL_URL_FORBIDDEN`: No notices are sent there. * `CHANNEL_INVALID`: What is said of the channel does not go together. * `CONTACT_NOT_FOUND`: Nothing is known of how the member can be reached. * `PARTNER_NOT_FOUND`: The platform is no partner outside. * `PARTNER_INVALID`: What is said of the partner does not go together. * `PARTNER_URL_FORBIDDEN`: No partner is asked there. * `PARTNER_LIMIT`: There are too many partners outside. * `OPERATION_DIFFERS`: Another operation has this id: of another user, amount, asset or type. Nothing was changed. * `OPERATION_UNDECIDED`: The operation cannot be decided now, and nothing was changed: ask again by the same id. * `RECONCILIATION_NOT_FOUND`: There is no reconciliation with this id any more. * `RECONCILIATION_PERIOD_INVALID`: No such period is reconciled. * `INCONSISTENCY_WITHOUT_EXCHANGE`: It is about no exchange that was completed, so there is nothing to dispute. * `IMPORT_CHANGED`: The import of this name is one of something else. * `IMPORT_NOT_FOUND`: There is no import of this name. * `SESSION_ENDED`: The session has ended: sign in again. * `OAUTH_CLIENT_NOT_FOUND`: There is no such client. * `OAUTH_CLIENT_INVALID`: What is said of the client does not go together. * `OAUTH_CLIENT_LIMIT`: There are too many clients. * `REDIRECT_URI_INVALID`: The client has not registered this redirect URI. * `GRANT_NOT_FOUND`: The member has no such session, or has given no such consent. * `STATEMENT_UNSIGNED`: The cycle has no signed statement: it is not closed, or was closed by an older release. * `DISPUTE_UNCLEAR`: A dispute is of lines of a cycle, or of an exchange of an owner; a key says for which platform it asks. * `DISPUTE_LINE_UNKNOWN`: The statement has no such line, nothing of the exchange is owed, or the platform is no party to it. * `NO_GOODS`: The programme has no goods. * `ACTIVE_FROM_INVALID`: When a definition decides is a time in milliseconds since 1970 before the year 10000; a draft has none. * `DEFINITION_TOO_LARGE`: A definition has at most 8 KiB of canonical JSON. * `DEFINITION_KEY_INVALID`: A definition has a key of 1 to 64 characters out of A-Z a-z 0-9 and ._:@/+=~-, and not . or .. * `DEFINITION_KIND_UNKNOWN`: There is no such kind of definition. * `DEFINITION_INVALID`: The definition is malformed. * `DEFINITION_VERSION_MISMATCH`: The definition is at another version than the condition names. * `ACTIVE_FROM_TOO_SOON`: A definition begins to decide, or ceases to, at least 10 seconds after it is said. * `DEFINITION_NOT_FOUND`: There is no such definition. * `DEFINITION_RETIRED`: The definition is retired already. * `DEFINITION_LIMIT`: The ledger has too many versions of definitions. * `DEFINITIONS_UNCONFIRMED`: The shard cannot know whether it has all definitions, and decides nothing until it does. */
  readonly code: "POINTS_SHORT" | "AMOUNT_OVERFLOW" | "LOT_LIMIT" | "ACCOUNT_NOT_FOUND" | "ACCOUNT_FROZEN" | "ACCOUNT_CLOSED" | "ACCOUNT_NOT_EMPTY" | "CONDITION_FAILED" | "HOLD_NOT_FOUND" | "HOLD_CLOSED" | "CAPTURE_EXCEEDS_HOLD" | "HOLD_LIMIT" | "TRANSFER_NOT_FOUND" | "NOT_REVERSIBLE" | "ALREADY_REVERSED" | "CREDIT_IN_USE" | "RECORD_VERSION_MISMATCH" | "RECORD_LIMIT" | "RECORD_NOT_FOUND" | "ASSET_CONFLICT" | "ASSET_LIMIT" | "REVERSAL_EXCEEDS_REMAINING" | "LEG_NOT_FOUND" | "LEGS_REQUIRED" | "LEGS_INSEPARABLE" | "LOT_NOT_FOUND" | "ACCOUNT_NOT_CLOSED" | "NOT_PENDING" | "PENDING_PAST" | "PENDING_EXPIRES" | "EXPIRY_NOT_LATER" | "LOT_HELD" | "ACT_UNKNOWN" | "ACT_BODY_INVALID" | "OFFER_NOT_OPEN" | "OFFER_CLAIMED" | "NOT_ELIGIBLE" | "EVENT_TYPE_UNKNOWN" | "EVENT_TIME_INVALID" | "EVENT_TOO_LATE" | "EVENT_ATTRIBUTE_INVALID" | "EVENT_LINES_INVALID" | "EVENT_REPORTED" | "EVENT_NOT_FOUND" | "RETURN_INVALID" | "RETURN_TOO_LATE" | "GIFT_TO_SELF" | "GIFT_LIMIT" | "REFERRED_BEFORE" | "REFERRAL_TO_SELF" | "REFERRAL_CODE_EXPIRED" | "REFERRAL_NOT_NEW" | "REFERRAL_CODE_UNKNOWN" | "REFERRAL_CODE_TAKEN" | "BOARD_NOT_OVER" | "BOARD_FROZEN" | "BOARD_PRIZES_DIFFER" | "LOTTERY_NOT_OPEN" | "DRAW_TOO_SOON" | "DRAW_LIMIT" | "DRAW_NOT_TRIED" | "DRAW_WORD_COMMITTED" | "SEED_INVALID" | "TIER_UNKNOWN" | "PROFILE_INVALID" | "CORRECTION_TOO_LARGE" | "APPROVAL_REQUIRED" | "PROPOSAL_DIFFERS" | "DEFINITION_UNAPPROVED" | "EVENT_CORRECTED" | "SIMULATION_NOT_FOUND" | "FOLLOW_UP_REFUSED" | "BUDGET_EXHAUSTED" | "BUDGET_SHORT" | "BUDGET_BUSY" | "COUPON_UNAVAILABLE" | "COUPON_USED" | "COUPON_EXPIRED" | "COUPON_LIMIT" | "COUPON_ORDER_TOO_SMALL" | "COUPON_NOT_RESERVED" | "COUPON_NOT_ISSUED" | "GOODS_ENDLESS" | "WAITING_ALREADY" | "WAITING_OVER" | "STOCK_TOLD" | "GOODS_LIMIT" | "QUOTE_INVALID" | "QUOTE_EXPIRED" | "PRICE_DIFFERS" | "SOLD_OUT" | "ORDER_QUANTITY" | "ORDER_UNTIL_INVALID" | "ORDER_NOT_FOUND" | "ORDER_STATE_INVALID" | "ORDER_INSEPARABLE" | "COUPON_WITHOUT_DISCOUNT" | "ORDER_SHIPMENTS" | "STOCK_OF_CODES" | "GOODS_WITHOUT_CODES" | "CARD_EXISTS" | "CARD_SHORT" | "CARDS_EXCEED_ORDER" | "CARD_NOT_FOUND" | "EXCHANGE_RATE_GAINS" | "EXCHANGE_TOO_SMALL" | "EXCHANGE_LIMIT" | "RESERVE_SHORT" | "MEMBER_UNKNOWN" | "EXCHANGE_DIFFERS" | "EXCHANGE_INSEPARABLE" | "EXCHANGE_NOT_FOUND" | "MEMBER_USERS" | "CYCLE_NOT_FOUND" | "DISPUTE_LATE" | "DISPUTE_LINE_TAKEN" | "DISPUTE_NOT_FOUND" | "DISPUTE_STATE_INVALID" | "DISPUTE_PARTY" | "DISPUTE_AMOUNT_INVALID" | "EXCHANGE_NOT_PENDING" | "HOLD_KEPT" | "EXCHANGE_STEP_PAST" | "EXCHANGE_STATE_INVALID" | "INCONSISTENCY_NOT_FOUND" | "INCONSISTENCY_STATE_INVALID" | "EXCHANGE_PART_INVALID" | "MEMBER_MERGED" | "MEMBER_UNSETTLED" | "MERGE_TOO_LARGE" | "MERGE_OVER" | "MERGE_NOT_FOUND" | "LOGIN_WRONG" | "LOGIN_LATER" | "SIGN_IN_BUSY" | "PASSWORD_WEAK" | "LOGIN_INVALID" | "LOGIN_TAKEN" | "LETTER_NOT_FOUND" | "REGISTRATION_CLOSED" | "SIGN_IN_EXISTS" | "SIGN_IN_NOT_FOUND" | "TICKET_INVALID" | "ADDRESS_MISSING" | "MEMBER_SHARED" | "PASSWORD_WRONG" | "SESSION_NOT_FOUND" | "PROOF_MISSING" | "PROOF_WEAK" | "PREPARE_LATE" | "PREPARED" | "SHARD_UNAVAILABLE" | "ACCOUNT_BUSY" | "COMMAND_INVALID" | "COMMAND_VERSION_UNKNOWN" | "COMMAND_TYPE_UNKNOWN" | "AMOUNT_INVALID" | "ID_INVALID" | "ID_TOO_LONG" | "OWNER_INVALID" | "OWNER_RESERVED" | "SYSTEM_OWNER" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "LEGS_INVALID" | "LEG_PARTS_INVALID" | "SAME_ACCOUNT" | "KIND_INVALID" | "REF_INVALID" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "EXPIRY_INVALID" | "EXPIRY_PAST" | "DEADLINE_INVALID" | "DEADLINE_PAST" | "PENDING_INVALID" | "OCCURRED_INVALID" | "OCCURRED_FUTURE" | "OCCURRED_TOO_EARLY" | "CREDIT_LIMIT_INVALID" | "RECORD_INVALID" | "RECORD_TOO_LARGE" | "VERSION_INVALID" | "SCALE_INVALID" | "GRANULARITY_INVALID" | "EXPIRY_POLICY_INVALID" | "ZONE_INVALID" | "ZONE_UNKNOWN" | "QUERY_INVALID" | "PAST_TOO_FAR" | "CURSOR_INVALID" | "ID_REUSED" | "OWNER_REQUIRED" | "OWNER_NOT_PARTY" | "HOME_ELSEWHERE" | "FOLLOW_UPS_INVALID" | "FOLLOW_UP_NUMBER_INVALID" | "BATCH_TOO_LARGE" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "SHARD_BUSY" | "SHARD_FAILED" | "CLOCK_JUMP" | "DISK_FULL" | "CLOSING" | "INTERNAL" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SECRETS_KEY_DIFFERS" | "POSITION_AHEAD" | "SHARD_ELSEWHERE" | "ROUTE_NOT_FOUND" | "METHOD_NOT_ALLOWED" | "BODY_INVALID" | "BODY_TOO_LARGE" | "MEDIA_TYPE_UNSUPPORTED" | "IDEMPOTENCY_KEY_REUSED" | "FRAMING_INVALID" | "UNAUTHORIZED" | "TOKEN_MISSING" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "PLATFORM_UNKNOWN" | "SIGNATURE_MISSING" | "SIGNATURE_INVALID" | "SIGNATURE_REPLAYED" | "CREDENTIALS_CONFLICT" | "PLATFORM_DISABLED" | "OPERATION_FORBIDDEN" | "ASSET_FORBIDDEN" | "RATE_LIMITED" | "OWNER_FORBIDDEN" | "PLATFORM_EXISTS" | "PLATFORM_NOT_FOUND" | "KEY_NOT_FOUND" | "CHANGED_MEANWHILE" | "IDENTITY_INVALID" | "IDENTITY_CONFLICT" | "IDENTITY_NOT_FOUND" | "IDENTITY_INACTIVE" | "EXCHANGE_UNSUPPORTED" | "MESSAGE_INVALID" | "STREAM_FORBIDDEN" | "STREAM_LIMIT" | "CONNECTIONS_LIMIT" | "SUBPROTOCOL_UNSUPPORTED" | "ORIGIN_FORBIDDEN" | "UPGRADE_REQUIRED" | "WEBHOOK_NOT_FOUND" | "WEBHOOK_URL_FORBIDDEN" | "WEBHOOK_LIMIT" | "DEAD_LETTER_NOT_FOUND" | "OUTBOX_UNAVAILABLE" | "CHANNEL_NOT_FOUND" | "CHANNEL_LIMIT" | "CHANNEL_URL_FORBIDDEN" | "CHANNEL_INVALID" | "CONTACT_NOT_FOUND" | "PARTNER_NOT_FOUND" | "PARTNER_INVALID" | "PARTNER_URL_FORBIDDEN" | "PARTNER_LIMIT" | "OPERATION_DIFFERS" | "OPERATION_UNDECIDED" | "RECONCILIATION_NOT_FOUND" | "RECONCILIATION_PERIOD_INVALID" | "INCONSISTENCY_WITHOUT_EXCHANGE" | "IMPORT_CHANGED" | "IMPORT_NOT_FOUND" | "SESSION_ENDED" | "OAUTH_CLIENT_NOT_FOUND" | "OAUTH_CLIENT_INVALID" | "OAUTH_CLIENT_LIMIT" | "REDIRECT_URI_INVALID" | "GRANT_NOT_FOUND" | "STATEMENT_UNSIGNED" | "DISPUTE_UNCLEAR" | "DISPUTE_LINE_UNKNOWN" | "NO_GOODS" | "ACTIVE_FROM_INVALID" | "DEFINITION_TOO_LARGE" | "DEFINITION_KEY_INVALID" | "DEFINITION_KIND_UNKNOWN" | "DEFINITION_INVALID" | "DEFINITION_VERSION_MISMATCH" | "ACTIVE_FROM_TOO_SOON" | "DEFINITION_NOT_FOUND" | "DEFINITION_RETIRED" | "DEFINITION_LIMIT" | "DEFINITIONS_UNCONFIRMED";
  /** The field at fault, e.g. `legs[2].amount`. */
  readonly field?: string | undefined;
  /** May the same succeed later? */
  readonly retry: boolean;
  readonly id?: string | undefined;
  readonly replayed?: boolean | undefined;
  /** It is what would be: nothing was done. */
  readonly dryRun?: true | undefined;
};

/** A programme: the asset that its points are in, and the zone that its days are of. */
export type ProgrammeDocument = {
  readonly asset: AssetCode;
  readonly zone: Zone;
  /** How late an event may be, in milliseconds. */
  readonly lateMs?: number | undefined;
  /** How long after it happened an event may be given back, in milliseconds. */
  readonly returnMs?: number | undefined;
  /** What counts for tiers: all that was ever earned, that of a calendar year, that of twelve months, that of a year from the day of the year on which the member joined. Left out: lifetime. */
  readonly tierPeriod?: "lifetime" | "year" | "rolling" | "anniversary" | undefined;
  /** Where less was earned in a period: one tier down, or down to what was earned. Left out: one. */
  readonly downgrade?: "one" | "earned" | undefined;
  /** What a return may take back: no more than is available; whatever was earned, so that a member may owe points; or only what is pending still. Left out: within-balance. */
  readonly returns?: "within-balance" | "unlimited" | "only-pending" | undefined;
  /** What is known of a member: by name, of which type. Rules ask for `profile.<name>`. */
  readonly profile?: { readonly [name: string]: "integer" | "text" | "boolean" | "list" } | undefined;
  /** 1: a second person must agree to changes: of it, and of what belongs to it. Left out: none. */
  readonly approvals?: number | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
  /** Members register by themselves, and are users of this platform, by its id. Left out: nobody does. */
  readonly registration?: string | undefined;
};

export type QuoteRequest = {
  readonly owner: User;
  /** The goods. */
  readonly goods: string;
  /** How many pieces. Left out: 1. */
  readonly quantity?: number | undefined;
};

/** {"limit": 1..1000000000, "seconds": 1..86400}: so many requests in so many seconds. */
export type Rate = {
  readonly limit: number;
  readonly seconds: number;
};

export type Readiness = {
  readonly ready: boolean;
  /** What is at fault. */
  readonly reasons: readonly string[];
};

/** Where an order goes to. It is sealed before it is kept; who may not `adjust` sees it masked. */
export type Receiver = {
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
  readonly address?: string | undefined;
  readonly postcode?: string | undefined;
  readonly note?: string | undefined;
};

export type Recommendations = {
  readonly owner: User;
  readonly programme: DefinitionKey;
  readonly asset: AssetCode;
  readonly at: Time;
  /** Up to which block of each shard it counts. */
  readonly asOf: string;
  readonly orders: number;
  readonly goods: readonly RecommendedGoods[];
};

export type RecommendedGoods = {
  readonly goods: DefinitionKey;
  /** Of their definition. */
  readonly version: number;
  readonly programme: DefinitionKey;
  readonly asset: AssetCode;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** The address of a picture. */
  readonly image?: string | undefined;
  /** What is to be paid beside the points: a note. */
  readonly money?: string | undefined;
  readonly category?: DefinitionKey | undefined;
  /** `physical`, `code`, `card` or `coupon`. */
  readonly delivery: string;
  /** Of a piece, now, in minor units: `points` times the factors. */
  readonly price: number;
  /** Of a piece, before any factor. */
  readonly points: number;
  readonly factors: {
    /** In percent: 100 changes nothing. */
    readonly tier: number;
    /** In percent: 100 changes nothing. */
    readonly sale: number;
    /** In percent: 100 changes nothing. */
    readonly stock: number;
  };
  readonly limit?: number | undefined;
  /** In what a member may have `limit` pieces. */
  readonly span?: string | undefined;
  /** Pieces of one order at most. */
  readonly most?: number | undefined;
  readonly from?: Time | undefined;
  readonly to?: Time | undefined;
  readonly tiers?: readonly DefinitionKey[] | undefined;
  readonly state: "coming" | "open" | "over";
  /** Pieces that were left a moment ago; absent: there is no end of them, or it is not known now. */
  readonly left?: number | undefined;
  /** Has the member the points for a piece? */
  readonly affordable?: boolean | undefined;
  /** How many have taken them lately. */
  readonly members: number;
  /** Which of the member’s own goods how many of them took as well; none: it is for nothing but that many take it. */
  readonly because: readonly ({
    readonly goods: DefinitionKey;
    readonly members: number;
  })[];
};

export type ReconciledTotals = {
  readonly asset: AssetCode;
  readonly state: "agree" | "differ" | "unknown";
  readonly why?: string | undefined;
  readonly ours: {
    readonly added: number;
    readonly deducted: number;
  };
  readonly theirs?: {
    readonly added: number;
    readonly deducted: number;
  } | undefined;
  /** All of the partner’s points, as it says: for the record, compared with nothing. */
  readonly total?: number | undefined;
  readonly totalAt?: Time | undefined;
};

export type Reconciliation = {
  /** By what it is known. */
  readonly reconciliation: string;
  readonly partner: PlatformId;
  /** `unknown`: the partner’s list could not be read to its end, so nothing is said of operations. */
  readonly state: "running" | "done" | "unknown" | "failed";
  readonly from: Time;
  readonly until: Time;
  readonly graceSeconds: number;
  /** What is younger than this time was not judged. */
  readonly settled: number;
  readonly isScheduled: boolean;
  readonly by?: string | undefined;
  readonly startedAt: Time;
  readonly endedAt?: Time | undefined;
  readonly attempts: number;
  /** Operations of the lists here and there, pages; of the period: judged, too young, pending here, not known; entries on two pages; findings beyond those that are kept. */
  readonly counts: {
    readonly ours: number;
    readonly theirs: number;
    readonly pages: number;
    readonly judged: number;
    readonly young: number;
    readonly pending: number;
    readonly unknown: number;
    readonly repeated: number;
    readonly beyond: number;
  };
  /** How often each was found. */
  readonly findings: { readonly [name: string]: number };
  readonly mismatches: number;
  readonly opened: number;
  readonly resolved: number;
  /** Why it is not known, or failed, in a word. */
  readonly why?: string | undefined;
};

export type ReconciliationLines = {
  readonly lines: readonly ({
    readonly inconsistency: string;
    readonly finding: string;
    readonly operation?: string | undefined;
    readonly asset: string;
    readonly ours?: number | undefined;
    readonly theirs?: number | undefined;
    readonly says?: readonly string[] | undefined;
    readonly at: Time;
  })[];
  /** There may be more: ask with it. */
  readonly cursor?: string | undefined;
};

export type ReconciliationReport = {
  /** By what it is known. */
  readonly reconciliation: string;
  readonly partner: PlatformId;
  /** `unknown`: the partner’s list could not be read to its end, so nothing is said of operations. */
  readonly state: "running" | "done" | "unknown" | "failed";
  readonly from: Time;
  readonly until: Time;
  readonly graceSeconds: number;
  /** What is younger than this time was not judged. */
  readonly settled: number;
  readonly isScheduled: boolean;
  readonly by?: string | undefined;
  readonly startedAt: Time;
  readonly endedAt?: Time | undefined;
  readonly attempts: number;
  /** Operations of the lists here and there, pages; of the period: judged, too young, pending here, not known; entries on two pages; findings beyond those that are kept. */
  readonly counts: {
    readonly ours: number;
    readonly theirs: number;
    readonly pages: number;
    readonly judged: number;
    readonly young: number;
    readonly pending: number;
    readonly unknown: number;
    readonly repeated: number;
    readonly beyond: number;
  };
  /** How often each was found. */
  readonly findings: { readonly [name: string]: number };
  readonly mismatches: number;
  readonly opened: number;
  readonly resolved: number;
  /** Why it is not known, or failed, in a word. */
  readonly why?: string | undefined;
  readonly totals: readonly ReconciledTotals[];
};

export type Reconciliations = {
  readonly reconciliations: readonly Reconciliation[];
  /** There may be more: ask with it. */
  readonly cursor?: string | undefined;
};

export type RecordName = string;

export type RedemptionOption = {
  readonly goods: DefinitionKey;
  readonly name?: string | undefined;
  readonly price: number;
  readonly affordable: boolean;
  /** Points, minor units. */
  readonly lacks?: number | undefined;
  readonly left?: number | undefined;
};

export type RedemptionOptions = {
  readonly owner: User;
  readonly programme: DefinitionKey;
  readonly asset: AssetCode;
  readonly available: number;
  readonly options: readonly RedemptionOption[];
};

export type Refer = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: ReferBody;
};

/** A new member uses a code: both get points, once. What the code says is read by the engine, and judged where the code is. */
export type ReferBody = {
  readonly programme: Id;
  /** The code. */
  readonly code: string;
  readonly by?: User | undefined;
  readonly since?: Time | TimeText | undefined;
  readonly until?: Time | TimeText | undefined;
  readonly upper?: User | undefined;
};

/** Which one, e.g. an order number. */
export type Reference = string;

export type Referral_code = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Referral_codeBody;
};

/** A member gets a code with which others can be referred; one that can still be used stays. */
export type Referral_codeBody = {
  readonly programme: Id;
  /** Six letters and digits, drawn at random; none of 0, 1, I, O. */
  readonly code: string;
};

export type ReferralCode = {
  readonly programme: DefinitionKey;
  /** In capitals. */
  readonly code: string;
  readonly owner: User;
  /** Since when the owner is a member. */
  readonly since: number;
  /** Until when it can be used. */
  readonly until: number;
  readonly referredBy: User | null;
};

/** What referring a new member of a programme is worth. Its key is the programme’s. */
export type ReferralDocument = {
  /** Points for who refers, once for each new member. Left out: none. */
  readonly referrer?: number | undefined;
  /** Points for the new member. Left out: none. */
  readonly newcomer?: number | undefined;
  /** How long a code can be used. Left out: 30. */
  readonly codeDays?: number | undefined;
  /** How long after the first event a member is new. Left out: 7. */
  readonly newDays?: number | undefined;
  /** For how long who refers has a share. Left out: 365. */
  readonly relationDays?: number | undefined;
  readonly event?: Id | undefined;
  readonly of?: Id | undefined;
  /** The share of who refers, in percent, rounded down. Left out: none. */
  readonly percent?: number | undefined;
  /** The share of who has referred the referrer. Left out: none. */
  readonly upperPercent?: number | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type RefusedPrize = {
  /** Equal scores have equal ranks: 1, 2, 2, 4. */
  readonly rank: number;
  readonly owner?: User | undefined;
  readonly alias?: string | undefined;
  /** Minor units. */
  readonly points: number;
  /** Why: the code of the refusal. */
  readonly code: string;
};

/** Left out, towards the ledger: the derived id. */
export type Registration = {
  /** A text: who the user is in the target system. */
  readonly identity?: string | undefined;
};

export type Release = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
};

export type Replay = {
  readonly from: AsOf;
};

export type ReserveState = {
  readonly platform: PlatformId;
  readonly asset: AssetCode;
  readonly available: number;
  readonly held: number;
  readonly lent: number;
  readonly funded: number;
  readonly paid: number;
};

export type Return_event = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Return_eventBody;
};

/** A member gives back what an event was about, or a part of it: what it has earned is taken back. */
export type Return_eventBody = {
  readonly event: Id;
  /** What is given back of which lines of the order. Left out, and no amount: all that is left. */
  readonly lines?: readonly ({
    readonly line: string;
    readonly amount?: number | undefined;
    readonly quantity?: number | undefined;
  })[] | undefined;
  /** Of the amount of an event without lines. */
  readonly amount?: number | undefined;
};

export type Reverse = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly allowDebt?: boolean | undefined;
  readonly amount?: Amount | undefined;
  readonly legs?: readonly LegPart[] | undefined;
};

export type RevokeRequest = {
  /** The token. */
  readonly token?: string | undefined;
  /** Not needed: a token says what it is. */
  readonly token_type_hint?: string | undefined;
  /** Where it is not in `Authorization`. */
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
};

export type Rotation = {
  /** How long the secret before stays good: a whole number from 0 to 2592000. */
  readonly overlapSeconds?: number | undefined;
};

export type RuleCount = {
  readonly rule: DefinitionKey;
  readonly event: string;
  readonly span: "day" | "week" | "month" | "year" | "ever";
  readonly times?: number | undefined;
  readonly limitTimes?: number | undefined;
  /** Minor units. */
  readonly points?: number | undefined;
  /** Minor units. */
  readonly limitPoints?: number | undefined;
};

/** What an event of a type earns: fixed points, so many per unit of an attribute, or by a formula. */
export type RuleDocument = {
  readonly programme: Id;
  readonly event: Id;
  readonly points?: Amount | undefined;
  /** For how many units of the attribute `of` the points are; left out: the points are fixed. */
  readonly per?: number | undefined;
  readonly of?: Id | undefined;
  /** The points, in place of `points`: a whole number in CEL over event, member, profile and day. */
  readonly formula?: string | undefined;
  readonly coupon?: Id | undefined;
  /** Only where this holds: a condition in CEL over event, member, profile and day. */
  readonly when?: string | undefined;
  /** How parts of a point are rounded. Left out: down. */
  readonly rounding?: "down" | "up" | "half-up" | undefined;
  readonly multiplied?: boolean | undefined;
  /** How often it is paid in a span. */
  readonly limitTimes?: number | undefined;
  /** How many points it pays in a span; what is beyond is cut off. */
  readonly limitPoints?: number | undefined;
  /** In what limits count, in the zone of the programme. Left out: day. */
  readonly span?: "day" | "week" | "month" | "year" | "ever" | undefined;
  /** Rules are looked at by this, lowest first, then by key. Left out: 0. */
  readonly order?: number | undefined;
  readonly stops?: boolean | undefined;
  readonly from?: Time | undefined;
  readonly to?: Time | undefined;
  /** The points expire after so many days. Left out: as the asset says. */
  readonly expiresAfterDays?: number | undefined;
  /** A budget: `#budget:` and its name. */
  readonly budget?: string | undefined;
  /** Where the budget has not all of it: nothing is paid, or less, which is what is left of it. Left out: nothing. */
  readonly exhausted?: "nothing" | "less" | undefined;
  /** The points are pending for so many days after the event, or until they are confirmed: earned, and not available. Left out: they are available at once. */
  readonly pendingDays?: number | undefined;
  readonly pendingToConfirm?: boolean | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

/** For a time, goods cost less. Of several the lowest price for the member counts. */
export type SaleDocument = {
  readonly programme: Id;
  /** What goods cost, in percent. */
  readonly percent: number;
  readonly from: Time;
  readonly to: Time;
  /** The goods that it is of. With neither goods nor categories it is of all. */
  readonly goods?: readonly string[] | undefined;
  /** The categories whose goods it is of. */
  readonly categories?: readonly string[] | undefined;
  /** For whom it is: a condition in CEL over member, profile and day. Left out: for all. */
  readonly audience?: string | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type SelfRegistration = {
  readonly programme: DefinitionKey;
  /** A login name: a mail address, or 2 to 64 letters, digits, dots, - and _. */
  readonly login: string;
  /** In which language the link is sent. */
  readonly lang?: "zh" | "en" | undefined;
};

export type Session = {
  readonly owner: User;
  /** What the member signs in with, as it was typed. */
  readonly login?: string | undefined;
  readonly until?: Time | undefined;
};

export type SessionId = string;

export type SessionToken = {
  readonly access_token: string;
  readonly token_type: "Bearer";
  readonly expires_in: number;
  readonly scope: string;
  readonly owner: User;
};

export type SessionTokenRequest = {
  /** Of an embedded page: a ticket of its platform. Left out: the cookie counts. */
  readonly ticket?: string | undefined;
};

export type Sessions = {
  readonly sessions: readonly ({
    readonly session: SessionId;
    readonly kind: "session" | "embedded";
    readonly platform?: PlatformId | undefined;
    /** Is it the one that asks? */
    readonly isThis: boolean;
    readonly scope: string;
    /** From where it was opened. */
    readonly address: string;
    readonly agent: string;
    readonly createdAt: Time;
    readonly usedAt: Time;
    readonly until: Time;
  })[];
};

export type Set_profile = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: Set_profileBody;
};

/** Says what is known of a member of a programme; what is not named stays as it is. */
export type Set_profileBody = {
  readonly programme: Id;
  /** By the names and types that the programme knows of; null: nothing is known any more. */
  readonly profile: { readonly [name: string]: unknown };
};

export type SignInClosing = {
  /** A password: 8 to 256 characters, as they are in the form NFKC. */
  readonly password?: string | undefined;
};

export type SignInState = {
  readonly owner: User;
  readonly state: "none" | "open" | "closed";
  readonly createdAt?: Time | undefined;
  readonly passwordAt?: Time | undefined;
};

export type SignInTicket = {
  readonly ticket: string;
  /** Seconds. */
  readonly expires_in: number;
};

export type SimulatedBudget = {
  readonly owner: string;
  readonly before: number;
  readonly after: number;
};

export type SimulatedDay = {
  readonly day: string;
  readonly before: number;
  readonly after: number;
};

export type SimulatedGift = {
  readonly kind: "coupon" | "badge";
  readonly key: DefinitionKey;
  readonly before: number;
  readonly after: number;
};

export type SimulatedLargest = {
  readonly members: number;
  readonly sum: number;
  readonly largest: readonly SimulatedMember[];
};

export type SimulatedMember = {
  readonly owner: Owner;
  readonly before: number;
  readonly after: number;
};

export type SimulatedProgramme = {
  readonly programme: DefinitionKey;
  readonly asset: AssetCode | "";
  readonly before: number;
  readonly after: number;
  readonly events: number;
  readonly different: number;
  readonly refused: BeforeAfter;
  readonly takenBack: BeforeAfter;
  readonly sources: readonly SimulatedSource[];
  readonly gifts: readonly SimulatedGift[];
  readonly tiers: readonly SimulatedTier[];
  readonly days: readonly SimulatedDay[];
  readonly budgets: readonly SimulatedBudget[];
  readonly members: number;
  readonly winners: SimulatedLargest;
  readonly losers: SimulatedLargest;
  readonly distribution: readonly SimulatedShare[];
};

export type SimulatedShare = {
  readonly over: number;
  readonly members: number;
};

export type SimulatedSide = {
  readonly members: number;
  readonly sum: number;
};

export type SimulatedSource = {
  readonly kind: "rule" | "task" | "referral";
  readonly key: DefinitionKey;
  readonly before: number;
  readonly after: number;
};

export type SimulatedTier = {
  readonly tier: DefinitionKey | null;
  readonly before: number;
  readonly after: number;
  readonly winners: SimulatedSide;
  readonly losers: SimulatedSide;
};

export type Simulation = {
  readonly id: Id;
  readonly state: "running" | "done" | "failed" | "cancelled";
  readonly startedAt: Time;
  readonly problem?: JobProblem | undefined;
  readonly progress: SimulationProgress;
  readonly result?: SimulationResult | undefined;
};

export type SimulationProgress = {
  readonly blocks: number;
  readonly of: number;
  readonly events: number;
};

export type SimulationResult = {
  readonly mode: "logged" | "drafts";
  readonly from: Time;
  readonly to: number;
  readonly budgets: "logged" | "unlimited";
  readonly asOf: Positions;
  readonly programmes: readonly SimulatedProgramme[];
  readonly asLogged: number;
};

export type Slice = {
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null;
  readonly available: number;
  readonly held: number;
};

export type Standing = {
  readonly board: DefinitionKey;
  readonly programme: DefinitionKey;
  readonly asset: AssetCode;
  /** What scores are: minor units, or how often. */
  readonly counts: "points" | "events" | "tasks" | "badges";
  /** `2026-11-29`, `2026-W48`, `2026-11`, or `once`. Left out: the period of now. */
  readonly period: string;
  readonly from: Time;
  readonly to: Time;
  /** From then on nothing more counts. */
  readonly closesAt: number;
  readonly state: "open" | "closing" | "frozen" | "paid";
  readonly members: number;
  readonly asOf: Positions;
  /** When it was frozen; how many get a prize, and were paid theirs; which prizes were refused for good. */
  readonly frozen?: {
    readonly at: Time;
    readonly winners: number;
    readonly paid: number;
    /** Minor units. */
    readonly points: number;
    readonly refused: readonly RefusedPrize[];
  } | undefined;
  readonly owner: User;
  readonly rank: number | null;
  /** Minor units, or how often. */
  readonly score: number;
  readonly around: readonly BoardEntry[];
};

export type StatementKey = {
  /** The id of the key. */
  readonly kid: string;
};

export type Stock = {
  readonly goods: DefinitionKey;
  readonly asset: AssetCode;
  readonly available: number;
  readonly held: number;
  readonly lent: number;
  readonly funded: number;
  readonly paid: number;
  /** Are fewer left than `lowStock`? */
  readonly low: boolean;
  /** Of the goods; 0: that is never said. */
  readonly lowStock: number;
  readonly recalled?: StockRecall | undefined;
};

/** How far the stock of goods has fallen. Its key is that of the goods. Made by the ledger. */
export type Stock_levelDocument = {
  /** Fewer pieces than this are left. Retired: the stock is above every step. */
  readonly under: number;
};

export type StockChange = {
  readonly id?: NewId | undefined;
  readonly pieces: number;
  /** Why, at most 256 bytes of UTF-8: kept with it for ever. */
  readonly reason: string;
};

export type StockRecall = {
  readonly pieces: number;
  readonly since: Time;
};

/** A system’s own name for a user. */
export type SystemUser = string;

/** What a member does so often, or of so much, in a span of time, for a reward, once. */
export type TaskDocument = {
  readonly programme: Id;
  readonly event: Id;
  /** How often, or of how much. Left out: 1. */
  readonly need?: number | undefined;
  readonly of?: Id | undefined;
  /** In what it is done once. Left out: day. */
  readonly span?: "day" | "week" | "month" | "year" | "ever" | undefined;
  /** Points. */
  readonly reward?: number | undefined;
  readonly coupon?: Id | undefined;
  /** Rewards of days in a row, in place of `reward`: [from which day on, points], rising. Only of spans of a day. */
  readonly steps?: readonly (readonly number[])[] | undefined;
  /** A budget: `#budget:` and its name. */
  readonly budget?: string | undefined;
  /** Where the budget has not all of it: nothing is paid, or less, which is what is left of it. Left out: nothing. */
  readonly exhausted?: "nothing" | "less" | undefined;
  /** The points are pending for so many days after the event, or until they are confirmed: earned, and not available. Left out: they are available at once. */
  readonly pendingDays?: number | undefined;
  readonly pendingToConfirm?: boolean | undefined;
  readonly badge?: boolean | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

export type TaskState = {
  readonly task: DefinitionKey;
  /** The type of events. */
  readonly event: string;
  readonly span: "day" | "week" | "month" | "year" | "ever";
  readonly isDone: boolean;
  readonly done: number;
  readonly need: number;
  /** Minor units. */
  readonly reward: number;
  /** Days in a row, up to today or yesterday. */
  readonly days?: number | undefined;
};

export type Ticket = {
  readonly ticket: string;
  readonly expiresAt: Time;
};

export type TicketRequest = {
  /** Whose balances are watched. */
  readonly owner: string;
  /** A whole number from 1 to 86400000. */
  readonly ttlMs?: number | undefined;
};

/** A tier of a programme. Members without any progress have the one from 0 on. */
export type TierDocument = {
  readonly programme: Id;
  /** From what progress on it is had, in minor units. */
  readonly from: number;
  /** What is earned, in percent. Left out: 100. */
  readonly multiplier?: number | undefined;
  /** What goods cost, in percent. Left out: 100. */
  readonly priceFactor?: number | undefined;
  /** What it is called. */
  readonly name?: string | undefined;
  /** What is told of it. */
  readonly description?: string | undefined;
};

/** Milliseconds since 1970. */
export type Time = number;

/** RFC 3339; what is finer than a millisecond is cut off. */
export type TimeText = string;

export type TokenRequest = {
  /** `authorization_code`, `refresh_token` or `client_credentials`. */
  readonly grant_type?: string | undefined;
  /** Of `/authorize`. */
  readonly code?: string | undefined;
  /** The same as there. */
  readonly redirect_uri?: string | undefined;
  /** The text whose S256 was the challenge (RFC 7636). */
  readonly code_verifier?: string | undefined;
  /** The last one. */
  readonly refresh_token?: string | undefined;
  /** Fewer than were given. Left out: all. */
  readonly scope?: string | undefined;
  /** Where it is not in `Authorization`. */
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
};

export type Tokens = {
  readonly access_token: string;
  readonly token_type: "Bearer";
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string | undefined;
};

export type Transfer = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly legs: readonly Leg[];
  readonly condition?: Condition | undefined;
  readonly followUps?: readonly FollowUp[] | undefined;
  readonly owner?: Owner | undefined;
  readonly occurredAt?: Time | TimeText | undefined;
  /** The points are pending: earned, and held until this time; null: until they are confirmed. Left out: they are available at once. */
  readonly pendingUntil?: Time | TimeText | null | undefined;
};

export type TransferRecord = {
  readonly time: Time;
  readonly state: "posted" | "refused" | "prepared";
  readonly command: Command;
  readonly outcome: PostedInBatch | Problem;
  /** Minor units of the original that are not reversed, over all its legs. */
  readonly remaining?: number | undefined;
  /** The same leg by leg, where it has several. */
  readonly remainingLegs?: readonly number[] | undefined;
};

export type Uncorrected = {
  readonly kind: "task" | "coupon";
  readonly key: DefinitionKey;
  readonly events: number;
  readonly why: string;
};

export type Unmerge = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly body: UnmergeBody;
};

/** A merge is undone: what came by it goes back, out of the lots that it came in as far as they are left, and what was counted by what was added. */
export type UnmergeBody = {
  /** Why, for whoever asks later. */
  readonly reason: string;
  readonly allowDebt?: boolean | undefined;
};

export type UploadedCodes = {
  readonly goods: DefinitionKey;
  readonly added: number;
  /** Passed over: the goods have, or had, them already. */
  readonly known: number;
  /** Passed over: they were sent twice. */
  readonly repeated: number;
};

/** A user’s pseudonym, which is the owner of accounts. */
export type User = string;

export type UserProfile = {
  readonly user_id: User;
  readonly point_accounts: { readonly [name: string]: number };
};

/** A member asks to be told, once, when there are pieces of goods: for 90 days. */
export type WaitRequest = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
};

export type WaitingRates = {
  readonly waiting: readonly ({
    readonly kind: "exchange-rate" | "coalition" | "exchanging";
    readonly key: DefinitionKey;
    readonly version: number;
    readonly since: Time;
    /** Who said it. */
    readonly by?: string | undefined;
    /** What it would say; left out: it would end. */
    readonly document?: { readonly [name: string]: unknown } | undefined;
  })[];
};

export type Webhook = {
  readonly id: WebhookId;
  readonly name?: string | undefined;
  readonly url: string;
  readonly types: readonly string[];
  /** Whose it is, and so what it is told. */
  readonly principal: string;
  readonly state: "active" | "paused";
  /** It was paused because it answered 410: resume it by hand. */
  readonly gone?: boolean | undefined;
  readonly createdAt: Time;
  readonly updatedAt: Time;
};

export type WebhookAttempt = {
  readonly isDelivered: boolean;
  readonly status?: number | undefined;
  /** Why it failed, in a word. */
  readonly reason?: string | undefined;
  readonly ms: number;
};

export type WebhookChange = {
  /** An https URL of at most 1000 characters. */
  readonly url?: string | undefined;
  /** A list of different types of events: *, points.*, command.*, exchange.*, stock.*, dispute.*, submission.*, partner_exchange.*, inconsistency.*, referral.*, tier.*, member.*, coupon.*, goods.*, act.*, sign_in.*, campaign.*, definition.*, exchange_rate.*, asset.*, webhook.*, points.earned, points.spent, points.expired, points.expiring, points.held, points.captured, points.released, points.reversed, points.extended, points.imported, points.changed, command.refused, exchange.created, exchange.confirmed, exchange.shipped, exchange.completed, exchange.cancelled, stock.low, stock.enough, dispute.opened, dispute.answered, dispute.settled, dispute.rejected, dispute.withdrawn, dispute.reopened, submission.pending, submission.completed, submission.withdrawn, submission.expired, partner_exchange.pending_approval, partner_exchange.started, partner_exchange.completed, partner_exchange.failed, inconsistency.opened, inconsistency.resolved, referral.used, tier.changed, member.merged, member.unmerged, coupon.issued, goods.back, act.done, sign_in.letter, campaign.started, campaign.ended, campaign.counted, definition.changed, exchange_rate.updated, exchange_rate.proposed, asset.defined, webhook.test. */
  readonly types?: readonly ("*" | "points.*" | "command.*" | "exchange.*" | "stock.*" | "dispute.*" | "submission.*" | "partner_exchange.*" | "inconsistency.*" | "referral.*" | "tier.*" | "member.*" | "coupon.*" | "goods.*" | "act.*" | "sign_in.*" | "campaign.*" | "definition.*" | "exchange_rate.*" | "asset.*" | "webhook.*" | "points.earned" | "points.spent" | "points.expired" | "points.expiring" | "points.held" | "points.captured" | "points.released" | "points.reversed" | "points.extended" | "points.imported" | "points.changed" | "command.refused" | "exchange.created" | "exchange.confirmed" | "exchange.shipped" | "exchange.completed" | "exchange.cancelled" | "stock.low" | "stock.enough" | "dispute.opened" | "dispute.answered" | "dispute.settled" | "dispute.rejected" | "dispute.withdrawn" | "dispute.reopened" | "submission.pending" | "submission.completed" | "submission.withdrawn" | "submission.expired" | "partner_exchange.pending_approval" | "partner_exchange.started" | "partner_exchange.completed" | "partner_exchange.failed" | "inconsistency.opened" | "inconsistency.resolved" | "referral.used" | "tier.changed" | "member.merged" | "member.unmerged" | "coupon.issued" | "goods.back" | "act.done" | "sign_in.letter" | "campaign.started" | "campaign.ended" | "campaign.counted" | "definition.changed" | "exchange_rate.updated" | "exchange_rate.proposed" | "asset.defined" | "webhook.test")[] | undefined;
  /** A text for people of 1 to 100 characters. */
  readonly name?: string | undefined;
};

export type WebhookId = string;

export type WebhookProgress = {
  readonly id: WebhookId;
  readonly name?: string | undefined;
  readonly url: string;
  readonly types: readonly string[];
  /** Whose it is, and so what it is told. */
  readonly principal: string;
  readonly state: "active" | "paused";
  /** It was paused because it answered 410: resume it by hand. */
  readonly gone?: boolean | undefined;
  readonly createdAt: Time;
  readonly updatedAt: Time;
  /** Why nothing is sent: it is paused, its maker may not read, its secret cannot be opened. */
  readonly halted: "paused" | "forbidden" | "secret" | null;
  readonly delivered: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly pausedUntil: Time | null;
  /** Those of the node that was asked. */
  readonly shards: readonly ({
    readonly shard: number;
    /** The first block that is not delivered, but for exceptions. */
    readonly seq: number;
    readonly lagMs: number;
    /** Events that have failed and are tried again, or stand behind one that is. */
    readonly waiting: number;
    readonly dead: number;
    /** Nothing more is told before something is delivered, retried or dropped. */
    readonly isFull: boolean;
  })[];
};

export type WebhookWithSecret = {
  readonly id: WebhookId;
  readonly name?: string | undefined;
  readonly url: string;
  readonly types: readonly string[];
  /** Whose it is, and so what it is told. */
  readonly principal: string;
  readonly state: "active" | "paused";
  /** It was paused because it answered 410: resume it by hand. */
  readonly gone?: boolean | undefined;
  readonly createdAt: Time;
  readonly updatedAt: Time;
  /** Shown this once: `whsec_` and base64. */
  readonly secret: string;
};

export type Webhooks = {
  readonly webhooks: readonly Webhook[];
};

export type WithdrawnCodes = {
  readonly goods: DefinitionKey;
  readonly withdrawn: number;
  /** They had been withdrawn before. */
  readonly before: number;
  /** Left as they are: an order has them. */
  readonly given: number;
  /** The goods never had them. */
  readonly unknown: number;
};

/** A member commits to the word that the draws of this period are decided by, with the seed. */
export type WordRequest = {
  readonly id?: NewId | undefined;
  readonly kind?: Kind | undefined;
  readonly ref?: Reference | undefined;
  readonly memo?: Memo | undefined;
  readonly metadata?: Metadata | undefined;
  readonly owner: User;
  readonly word: Id;
};

/** An IANA time zone, whose days the asset’s are. Asia/Shanghai where none is named. */
export type Zone = string;

/** A newer table of a time zone, which its days follow from a time on. Made by the ledger. */
export type ZoneDocument = {
  readonly zone: Zone;
  readonly from: Time;
  /** Which release of the time zone rules it was made by. */
  readonly rules: string;
};

/** Move points: one transfer, or a batch of them. */
export declare const postV1Transfers: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Transfer | readonly Transfer[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONDITION_FAILED" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "EXPIRY_INVALID" | "EXPIRY_PAST" | "FOLLOW_UPS_INVALID" | "FRAMING_INVALID" | "HOLD_LIMIT" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LEGS_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OCCURRED_FUTURE" | "OCCURRED_INVALID" | "OCCURRED_TOO_EARLY" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_NOT_PARTY" | "OWNER_REQUIRED" | "OWNER_RESERVED" | "PENDING_EXPIRES" | "PENDING_INVALID" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "PREPARE_LATE" | "QUERY_INVALID" | "RATE_LIMITED" | "REF_INVALID" | "SAME_ACCOUNT" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Any command by its id, with its outcome. */
export declare const getV1AccountsByOwnerTransfersById: ApiOperation<
  { readonly owner: Owner; readonly id: KnownId },
  undefined,
  undefined,
  TransferRecord,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FOLLOW_UP_NUMBER_INVALID" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Undo a posted transfer, capture or act, the rest of it or a part. */
export declare const postV1AccountsByOwnerTransfersByIdReverse: ApiOperation<
  { readonly owner: Owner; readonly id: KnownId },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  Reverse | undefined,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ALREADY_REVERSED" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "COUPON_NOT_RESERVED" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FOLLOW_UP_NUMBER_INVALID" | "FRAMING_INVALID" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LEGS_INSEPARABLE" | "LEGS_REQUIRED" | "LEG_NOT_FOUND" | "LEG_PARTS_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_REVERSIBLE" | "OPERATION_FORBIDDEN" | "ORDER_INSEPARABLE" | "ORDER_NOT_FOUND" | "ORDER_STATE_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "PREPARE_LATE" | "QUERY_INVALID" | "RATE_LIMITED" | "REF_INVALID" | "REVERSAL_EXCEEDS_REMAINING" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED" | "WAITING_OVER"
>;

/** Make what is pending of a transfer available. */
export declare const postV1AccountsByOwnerTransfersByIdConfirm: ApiOperation<
  { readonly owner: Owner; readonly id: KnownId },
  { readonly dryRun?: "true" | "false" | undefined },
  Confirmation | undefined,
  Posted,
  "ACCOUNT_BUSY" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FOLLOW_UP_NUMBER_INVALID" | "FRAMING_INVALID" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_PENDING" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Commands of any type in one packed batch: the quickest way. */
export declare const postV1Commands: ApiOperation<
  undefined,
  { readonly timeoutMs?: number | undefined },
  undefined,
  undefined,
  "ASSET_FORBIDDEN" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Reserve points of an account. The hold’s id is the command’s. */
export declare const postV1Holds: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined },
  Hold,
  Posted,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_INVALID" | "DEADLINE_PAST" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_LIMIT" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A hold. */
export declare const getV1AccountsByOwnerHoldsById: ApiOperation<
  { readonly owner: User; readonly id: Id },
  undefined,
  undefined,
  HoldState,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_NOT_FOUND" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Spend points that a hold reserves. */
export declare const postV1AccountsByOwnerHoldsByIdCapture: ApiOperation<
  { readonly owner: User; readonly id: Id },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  Capture,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "EXPIRY_INVALID" | "EXPIRY_PAST" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_KEPT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "PREPARE_LATE" | "QUERY_INVALID" | "RATE_LIMITED" | "REF_INVALID" | "SAME_ACCOUNT" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Give back all that remains of a hold. */
export declare const postV1AccountsByOwnerHoldsByIdRelease: ApiOperation<
  { readonly owner: User; readonly id: Id },
  { readonly dryRun?: "true" | "false" | undefined },
  Release | undefined,
  Posted,
  "ACCOUNT_BUSY" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_KEPT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** The accounts of an owner: those that the caller may read. */
export declare const getV1AccountsByOwner: ApiOperation<
  { readonly owner: Owner },
  { readonly asset?: string | undefined; readonly at?: Time | TimeText | undefined; readonly asOf?: Time | TimeText | Positions | undefined },
  undefined,
  Accounts | PastAccounts,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PAST_TOO_FAR" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** The history of an account, page by page, or all of it in lines. */
export declare const getV1AccountsByOwnerEntries: ApiOperation<
  { readonly owner: Owner },
  { readonly asset: string; readonly order?: "newest" | "oldest" | undefined; readonly version?: number | undefined; readonly from?: Time | TimeText | undefined; readonly to?: Time | TimeText | undefined; readonly asOf?: Time | TimeText | Positions | undefined; readonly kind?: string | undefined; readonly act?: string | undefined; readonly told?: "true" | "false" | undefined; readonly limit?: number | undefined; readonly cursor?: string | undefined; readonly shard?: number | undefined },
  undefined,
  EntryPage,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "CLOCK_JUMP" | "CLOSING" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "CURSOR_INVALID" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "KIND_INVALID" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_ELSEWHERE" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Open an account. A transfer opens accounts by itself. */
export declare const postV1AccountsByOwnerAssetsByAssetOpen: ApiOperation<
  { readonly owner: User; readonly asset: AssetCode },
  undefined,
  Account | undefined,
  Posted,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Freeze an account: nothing may be taken from it. */
export declare const postV1AccountsByOwnerAssetsByAssetFreeze: ApiOperation<
  { readonly owner: User; readonly asset: AssetCode },
  undefined,
  Account | undefined,
  Posted,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_NOT_FOUND" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Unfreeze an account. */
export declare const postV1AccountsByOwnerAssetsByAssetUnfreeze: ApiOperation<
  { readonly owner: User; readonly asset: AssetCode },
  undefined,
  Account | undefined,
  Posted,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_NOT_FOUND" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Close an account that has nothing available, held or owed. */
export declare const postV1AccountsByOwnerAssetsByAssetClose: ApiOperation<
  { readonly owner: User; readonly asset: AssetCode },
  undefined,
  Account | undefined,
  Posted,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_NOT_EMPTY" | "ACCOUNT_NOT_FOUND" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Open a closed account again. */
export declare const postV1AccountsByOwnerAssetsByAssetReopen: ApiOperation<
  { readonly owner: User; readonly asset: AssetCode },
  undefined,
  Account | undefined,
  Posted,
  "ACCOUNT_BUSY" | "ACCOUNT_NOT_CLOSED" | "ACCOUNT_NOT_FOUND" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Give points of one lot a later expiry. */
export declare const postV1AccountsByOwnerAssetsByAssetExtendLots: ApiOperation<
  { readonly owner: User; readonly asset: AssetCode },
  { readonly dryRun?: "true" | "false" | undefined },
  LotExtension,
  Posted,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_NOT_FOUND" | "AMOUNT_INVALID" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "EXPIRY_INVALID" | "EXPIRY_NOT_LATER" | "EXPIRY_PAST" | "FRAMING_INVALID" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_HELD" | "LOT_LIMIT" | "LOT_NOT_FOUND" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** How far below zero an account may go. */
export declare const postV1AccountsByOwnerAssetsByAssetCreditLimit: ApiOperation<
  { readonly owner: User; readonly asset: AssetCode },
  undefined,
  CreditLimit,
  Posted,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_NOT_FOUND" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "CREDIT_IN_USE" | "CREDIT_LIMIT_INVALID" | "DISK_FULL" | "FRAMING_INVALID" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** The accounts of many owners in one call. */
export declare const postV1Balances: ApiOperation<
  undefined,
  undefined,
  BalancesAsked,
  Balances | PastBalances,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PAST_TOO_FAR" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** The committed log of a shard, in lines, from a position on. */
export declare const getV1ShardsByShardLog: ApiOperation<
  { readonly shard: number },
  { readonly from?: string | undefined; readonly limit?: number | undefined },
  undefined,
  undefined,
  "ASSET_FORBIDDEN" | "CLOSING" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_ELSEWHERE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** All assets. */
export declare const getV1Assets: ApiOperation<
  undefined,
  undefined,
  undefined,
  Assets,
  "ASSET_FORBIDDEN" | "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** An asset. */
export declare const getV1AssetsByAsset: ApiOperation<
  { readonly asset: AssetCode },
  undefined,
  undefined,
  Asset,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Define an asset, or change its default expiry. */
export declare const putV1AssetsByAsset: ApiOperation<
  { readonly asset: AssetCode },
  undefined,
  AssetDefinition,
  Posted,
  "ASSET_CONFLICT" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_LIMIT" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEFINITION_VERSION_MISMATCH" | "DISK_FULL" | "EXPIRY_INVALID" | "EXPIRY_POLICY_INVALID" | "FRAMING_INVALID" | "GRANULARITY_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SCALE_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED" | "VERSION_INVALID" | "ZONE_INVALID" | "ZONE_UNKNOWN"
>;

/** Say several definitions: all or none, or each by itself. */
export declare const postV1Definitions: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  NamedDefinition | {
  readonly kind: "asset";
  readonly key: AssetCode;
  readonly document: AssetDocument;
  readonly ifVersion?: number | undefined;
} | readonly (NamedDefinition | {
  readonly kind: "asset";
  readonly key: AssetCode;
  readonly document: AssetDocument;
  readonly ifVersion?: number | undefined;
})[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACTIVE_FROM_INVALID" | "ACTIVE_FROM_TOO_SOON" | "AMOUNT_INVALID" | "ASSET_CONFLICT" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_LIMIT" | "BATCH_ABORTED" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEFINITION_INVALID" | "DEFINITION_KEY_INVALID" | "DEFINITION_KIND_UNKNOWN" | "DEFINITION_LIMIT" | "DEFINITION_NOT_FOUND" | "DEFINITION_RETIRED" | "DEFINITION_TOO_LARGE" | "DEFINITION_UNAPPROVED" | "DEFINITION_VERSION_MISMATCH" | "DISK_FULL" | "EXPIRY_INVALID" | "EXPIRY_POLICY_INVALID" | "FRAMING_INVALID" | "GRANULARITY_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SCALE_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED" | "VERSION_INVALID" | "ZONE_INVALID" | "ZONE_UNKNOWN"
>;

/** The JSON schema of a kind of documents. */
export declare const getV1SchemasByFile: ApiOperation<
  { readonly file: "asset.json" | "programme.json" | "event.json" | "rule.json" | "tier.json" | "campaign.json" | "task.json" | "referral.json" | "gifting.json" | "leaderboard.json" | "lottery.json" | "offer.json" | "coupon.json" | "correction.json" | "goods.json" | "pricing.json" | "sale.json" | "coalition.json" | "exchanging.json" | "exchange-rate.json" | "notice.json" },
  undefined,
  undefined,
  {},
  "DEFINITION_KIND_UNKNOWN" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "QUERY_INVALID"
>;

/** Definitions of a kind by key, each in its newest version. */
export declare const getV1DefinitionsByKind: ApiOperation<
  { readonly kind: DefinitionKind },
  { readonly limit?: number | undefined; readonly cursor?: DefinitionKey | undefined },
  undefined,
  DefinitionPage,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DEFINITION_KIND_UNKNOWN" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** A definition with all its versions. */
export declare const getV1DefinitionsByKindByKey: ApiOperation<
  { readonly kind: DefinitionKind; readonly key: DefinitionKey },
  undefined,
  undefined,
  DefinitionHistory,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DEFINITION_KIND_UNKNOWN" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "KEY_NOT_FOUND" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Say what a rule is: a new version of a definition. */
export declare const putV1DefinitionsByKindByKey: ApiOperation<
  { readonly kind: DefinitionKind; readonly key: DefinitionKey },
  { readonly dryRun?: "true" | "false" | undefined },
  Definition,
  Posted,
  "ACTIVE_FROM_INVALID" | "ACTIVE_FROM_TOO_SOON" | "AMOUNT_INVALID" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEFINITION_INVALID" | "DEFINITION_KEY_INVALID" | "DEFINITION_KIND_UNKNOWN" | "DEFINITION_LIMIT" | "DEFINITION_NOT_FOUND" | "DEFINITION_RETIRED" | "DEFINITION_TOO_LARGE" | "DEFINITION_UNAPPROVED" | "DEFINITION_VERSION_MISMATCH" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "KEY_NOT_FOUND" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED" | "VERSION_INVALID" | "ZONE_INVALID" | "ZONE_UNKNOWN"
>;

/** A programme with all its versions. */
export declare const getV1ProgrammesByProgramme: ApiOperation<
  { readonly programme: DefinitionKey },
  undefined,
  undefined,
  DefinitionHistory,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Say what a programme is: its points, its zone, what counts for tiers. */
export declare const putV1ProgrammesByProgramme: ApiOperation<
  { readonly programme: DefinitionKey },
  { readonly dryRun?: "true" | "false" | undefined },
  ProgrammeDocument,
  Posted,
  "ACTIVE_FROM_INVALID" | "ACTIVE_FROM_TOO_SOON" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEFINITION_INVALID" | "DEFINITION_KEY_INVALID" | "DEFINITION_KIND_UNKNOWN" | "DEFINITION_LIMIT" | "DEFINITION_NOT_FOUND" | "DEFINITION_RETIRED" | "DEFINITION_TOO_LARGE" | "DEFINITION_UNAPPROVED" | "DEFINITION_VERSION_MISMATCH" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED" | "VERSION_INVALID" | "ZONE_INVALID" | "ZONE_UNKNOWN"
>;

/** What a budget has left on all shards, what of it is reserved or lent to other shards than its own, and what it ever got and paid. */
export declare const getV1BudgetsByBudgetAssetsByAsset: ApiOperation<
  { readonly budget: string; readonly asset: AssetCode },
  undefined,
  undefined,
  BudgetState,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Put points into a budget, out of `@issue`: acts pay out of it, and never more than it has. */
export declare const postV1BudgetsByBudgetAssetsByAssetFund: ApiOperation<
  { readonly budget: string; readonly asset: AssetCode },
  undefined,
  {
  readonly id?: NewId | undefined;
  readonly amount: Amount;
  readonly memo?: Memo | undefined;
},
  Posted,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONDITION_FAILED" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "EXPIRY_INVALID" | "EXPIRY_PAST" | "FOLLOW_UPS_INVALID" | "FRAMING_INVALID" | "HOLD_LIMIT" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LEGS_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OCCURRED_FUTURE" | "OCCURRED_INVALID" | "OCCURRED_TOO_EARLY" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_NOT_PARTY" | "OWNER_REQUIRED" | "OWNER_RESERVED" | "PENDING_EXPIRES" | "PENDING_INVALID" | "PENDING_PAST" | "POINTS_SHORT" | "PREPARE_LATE" | "QUERY_INVALID" | "RATE_LIMITED" | "REF_INVALID" | "SAME_ACCOUNT" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SYSTEM_OWNER" | "UNAUTHORIZED"
>;

/** Decide the events of a period again, by other documents: what it would have cost, who would have got more or less. Nothing is changed. */
export declare const postV1Simulations: ApiOperation<
  undefined,
  undefined,
  {
  readonly from: Time;
  readonly to?: Time | undefined;
  /** Are budgets exhausted for the events for which the log says so (logged, as without this), or never? */
  readonly budgets?: "logged" | "unlimited" | undefined;
  /** A list of kind, key and document, each definition once. */
  readonly definitions?: readonly ({
    readonly kind: DefinitionKind;
    readonly key: DefinitionKey;
    /** What counts all the time in place of what counted; null: nothing does. */
    readonly document: { readonly [name: string]: unknown } | null;
  })[] | undefined;
},
  Simulation,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEFINITION_INVALID" | "DEFINITION_KIND_UNKNOWN" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** How far a simulation is, and what it came to. Those of before a restart are forgotten. */
export declare const getV1SimulationsByJob: ApiOperation<
  { readonly job: Id },
  undefined,
  undefined,
  Simulation,
  "ASSET_FORBIDDEN" | "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_UNAVAILABLE" | "SIMULATION_NOT_FOUND" | "UNAUTHORIZED"
>;

/** End a simulation. */
export declare const deleteV1SimulationsByJob: ApiOperation<
  { readonly job: Id },
  undefined,
  undefined,
  Simulation,
  "ASSET_FORBIDDEN" | "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_UNAVAILABLE" | "SIMULATION_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Put right what events of a period have earned by rules that were wrong: the difference to what they would have earned by these is posted, event by event. */
export declare const postV1Corrections: ApiOperation<
  undefined,
  undefined,
  {
  readonly from: Time;
  readonly to?: Time | undefined;
  /** Are budgets exhausted for the events for which the log says so (logged, as without this), or never? */
  readonly budgets?: "logged" | "unlimited" | undefined;
  /** The name of the correction, by which it can be asked for again: up to 24 characters. */
  readonly correction: string;
  readonly within: DefinitionKey;
  /** A list of kind, key and document, each definition once. */
  readonly definitions: readonly ({
    readonly kind: DefinitionKind;
    readonly key: DefinitionKey;
    /** What counts all the time in place of what counted; null: nothing does. */
    readonly document: { readonly [name: string]: unknown } | null;
  })[];
  /** Only tell what it would be. */
  readonly preview?: boolean | undefined;
  /** Undo what this correction, asked for in the same way, has posted. */
  readonly undo?: boolean | undefined;
},
  Correction,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEFINITION_INVALID" | "DEFINITION_KIND_UNKNOWN" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** How far a correction is, and what came of it. Those of before a restart are forgotten. */
export declare const getV1CorrectionsByJob: ApiOperation<
  { readonly job: Id },
  undefined,
  undefined,
  Correction,
  "ASSET_FORBIDDEN" | "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_UNAVAILABLE" | "SIMULATION_NOT_FOUND" | "UNAUTHORIZED"
>;

/** End a correction: what it has posted stays, and asked for again it goes on. */
export declare const deleteV1CorrectionsByJob: ApiOperation<
  { readonly job: Id },
  undefined,
  undefined,
  Correction,
  "ASSET_FORBIDDEN" | "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_UNAVAILABLE" | "SIMULATION_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Report what members did: what each event earns, the rules decide in the commit. */
export declare const postV1Events: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  MemberEvent | readonly MemberEvent[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "COUPON_UNAVAILABLE" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "EVENT_ATTRIBUTE_INVALID" | "EVENT_LINES_INVALID" | "EVENT_REPORTED" | "EVENT_TIME_INVALID" | "EVENT_TOO_LATE" | "EVENT_TYPE_UNKNOWN" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member gives back what an event was about: by line, quantity or amount, or all. */
export declare const postV1EventsByEventReturns: ApiOperation<
  { readonly event: string },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  EventReturn,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "ALREADY_REVERSED" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EVENT_NOT_FOUND" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "RETURN_INVALID" | "RETURN_TOO_LATE" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An event of a member: what it earned, and why. */
export declare const getV1MembersByOwnerEventsByEvent: ApiOperation<
  { readonly owner: User; readonly event: KnownId },
  undefined,
  undefined,
  EventRecord,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "EVENT_NOT_FOUND" | "FOLLOW_UP_NUMBER_INVALID" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Why an event earned what it did, in words. */
export declare const getV1MembersByOwnerEventsByEventWhy: ApiOperation<
  { readonly owner: User; readonly event: KnownId },
  { readonly lang?: "zh" | "en" | undefined },
  undefined,
  Explanation,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "EVENT_NOT_FOUND" | "FOLLOW_UP_NUMBER_INVALID" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A member of a programme: tier and progress, profile, tasks of now, what limits count. */
export declare const getV1MembersByOwner: ApiOperation<
  { readonly owner: User },
  { readonly programme: string },
  undefined,
  MemberState,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Say what is known of a member; what is not named stays as it is. */
export declare const putV1MembersByOwnerProfile: ApiOperation<
  { readonly owner: User },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  MemberProfile,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "PROFILE_INVALID" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Give a member a tier by hand, for a time. */
export declare const putV1MembersByOwnerTier: ApiOperation<
  { readonly owner: User },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  MemberTier,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TIER_UNKNOWN" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Take back the tier that a member was given by hand. */
export declare const deleteV1MembersByOwnerTier: ApiOperation<
  { readonly owner: User },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly programme: string },
  undefined,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TIER_UNKNOWN" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** What there is for a member: programmes, their lotteries, boards, offers, what it may report itself. */
export declare const getV1MembersByOwnerProgrammes: ApiOperation<
  { readonly owner: NewUser },
  undefined,
  undefined,
  OwnProgrammes,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Who the member is whose access token this is, and its points by platform. */
export declare const getUserProfile: ApiOperation<
  undefined,
  undefined,
  undefined,
  UserProfile,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** All that is kept of a member, in lines: for the member itself, and for who administers all. */
export declare const getV1MembersByOwnerExport: ApiOperation<
  { readonly owner: NewUser },
  undefined,
  undefined,
  undefined,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Whether a member was merged, into whom, and who was merged into it. */
export declare const getV1MembersByOwnerMerge: ApiOperation<
  { readonly owner: User },
  undefined,
  undefined,
  MergeState,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Merge a member into another one, who gets all points and what is counted. */
export declare const postV1MembersByOwnerMerge: ApiOperation<
  { readonly owner: User },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  MemberMerge,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNSETTLED" | "MEMO_INVALID" | "MERGE_TOO_LARGE" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SYSTEM_OWNER" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Undo a merge, within the days that it said. */
export declare const postV1MembersByOwnerUnmerge: ApiOperation<
  { readonly owner: User },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  MemberUnmerge,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNSETTLED" | "MEMO_INVALID" | "MERGE_NOT_FOUND" | "MERGE_OVER" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SYSTEM_OWNER" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** What a referral code says: whose it is, until when it can be used. */
export declare const getV1ReferralCodesByCode: ApiOperation<
  { readonly code: string },
  { readonly programme: string },
  undefined,
  ReferralCode,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "REFERRAL_CODE_UNKNOWN" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A leaderboard: its members by what they have earned in a period, the first ones first. */
export declare const getV1LeaderboardsByBoard: ApiOperation<
  { readonly board: string },
  { readonly period?: string | undefined; readonly limit?: number | undefined; readonly cursor?: string | undefined; readonly alias?: "true" | "false" | undefined },
  undefined,
  LeaderboardPage,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "CURSOR_INVALID" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A member of a leaderboard, with those before and after him. */
export declare const getV1LeaderboardsByBoardMembersByOwner: ApiOperation<
  { readonly board: string; readonly owner: User },
  { readonly period?: string | undefined; readonly around?: number | undefined; readonly alias?: "true" | "false" | undefined },
  undefined,
  Standing,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Draw in a lottery: what is won is in `act.effects`, and how it was drawn in `act.why`. */
export declare const postV1LotteriesByLotteryDraws: ApiOperation<
  { readonly lottery: string },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  DrawRequest,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "DRAW_LIMIT" | "DRAW_NOT_TRIED" | "DRAW_TOO_SOON" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOTTERY_NOT_OPEN" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_ELIGIBLE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Commit to the word that a member’s draws of this period are decided by. */
export declare const postV1LotteriesByLotteryWords: ApiOperation<
  { readonly lottery: string },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  WordRequest,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "DRAW_NOT_TRIED" | "DRAW_WORD_COMMITTED" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOTTERY_NOT_OPEN" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** The draws of a member in a lottery, the newest first. */
export declare const getV1MembersByOwnerDraws: ApiOperation<
  { readonly owner: User },
  { readonly lottery: string; readonly limit?: number | undefined; readonly cursor?: string | undefined },
  undefined,
  DrawPage,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "CURSOR_INVALID" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FOLLOW_UP_NUMBER_INVALID" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A draw of a member, with all that it takes to check it, beside its seed. */
export declare const getV1MembersByOwnerDrawsByDraw: ApiOperation<
  { readonly owner: User; readonly draw: KnownId },
  undefined,
  undefined,
  LotteryDraw,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FOLLOW_UP_NUMBER_INVALID" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** The seeds that draws are decided by: their hashes before they are used, the seeds themselves when their periods are over. */
export declare const getV1DrawsSeeds: ApiOperation<
  undefined,
  { readonly shard?: number | undefined; readonly before?: number | undefined; readonly limit?: number | undefined },
  undefined,
  DrawSeeds,
  "CLOCK_JUMP" | "CLOSING" | "DISK_FULL" | "FRAMING_INVALID" | "INTERNAL" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE"
>;

/** The coupons of a member: those that can be used, are reserved, were used or expired. */
export declare const getV1MembersByOwnerCoupons: ApiOperation<
  { readonly owner: User },
  { readonly programme: string; readonly state?: "available" | "reserved" | "used" | "expired" | undefined; readonly limit?: number | undefined; readonly cursor?: string | undefined },
  undefined,
  CouponPage,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A code of a coupon: of which campaign it is, whose, and what became of it. */
export declare const getV1CouponsByCode: ApiOperation<
  { readonly code: string },
  undefined,
  undefined,
  CodeState,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "COUPON_UNAVAILABLE" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "REFERRAL_CODE_UNKNOWN" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** See to it that a campaign of single coupons has so many numbered codes. */
export declare const putV1CouponsByCouponCodes: ApiOperation<
  { readonly coupon: string },
  undefined,
  {
  /** How many numbered codes the campaign has at least: 0 to count - 1. */
  readonly count: number;
},
  GeneratedCodes,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEFINITION_INVALID" | "DEFINITION_KEY_INVALID" | "DEFINITION_LIMIT" | "DEFINITION_NOT_FOUND" | "DEFINITION_RETIRED" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** The numbered codes of a campaign, in lines, from a number on. */
export declare const getV1CouponsByCouponCodes: ApiOperation<
  { readonly coupon: string },
  { readonly from?: number | undefined; readonly limit?: number | undefined },
  undefined,
  undefined,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** A member orders goods: points and pieces move together, or neither. */
export declare const postV1Orders: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  OrderRequest,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CARDS_EXCEED_ORDER" | "CARD_NOT_FOUND" | "CARD_SHORT" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "COUPON_EXPIRED" | "COUPON_LIMIT" | "COUPON_NOT_ISSUED" | "COUPON_ORDER_TOO_SMALL" | "COUPON_UNAVAILABLE" | "COUPON_USED" | "COUPON_WITHOUT_DISCOUNT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "GOODS_LIMIT" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_ELIGIBLE" | "OFFER_NOT_OPEN" | "OPERATION_FORBIDDEN" | "ORDER_QUANTITY" | "ORDER_UNTIL_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "PRICE_DIFFERS" | "QUERY_INVALID" | "QUOTE_EXPIRED" | "QUOTE_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SOLD_OUT" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Orders of a programme, the newest first: by number, member, state, goods or time. */
export declare const getV1Orders: ApiOperation<
  undefined,
  { readonly programme: string; readonly number?: OrderNumber | undefined; readonly owner?: User | undefined; readonly state?: "held" | "pending" | "completed" | "cancelled" | undefined; readonly goods?: string | undefined; readonly from?: Time | undefined; readonly to?: Time | undefined; readonly limit?: number | undefined; readonly cursor?: string | undefined },
  undefined,
  OrderPage,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "CURSOR_INVALID" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** What goods cost a member now, as a quote: it is charged exactly, or has expired. */
export declare const postV1Quotes: ApiOperation<
  undefined,
  undefined,
  QuoteRequest,
  PriceQuote,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_ELIGIBLE" | "OFFER_NOT_OPEN" | "OPERATION_FORBIDDEN" | "ORDER_QUANTITY" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Pieces of an order of a member are sent: from then on they are not given back. */
export declare const postV1OrdersByNumberShip: ApiOperation<
  { readonly number: string },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  Ordership,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "ORDER_NOT_FOUND" | "ORDER_QUANTITY" | "ORDER_SHIPMENTS" | "ORDER_STATE_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member has got an order: what was not said to be shipped counts as shipped. */
export declare const postV1OrdersByNumberComplete: ApiOperation<
  { readonly number: string },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  Ordercomplete,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "ORDER_NOT_FOUND" | "ORDER_STATE_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An order of a member is cancelled: what is not shipped of it is given back, points, pieces, limit and coupon. */
export declare const postV1OrdersByNumberCancel: ApiOperation<
  { readonly number: string },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  Ordercancel,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "ORDER_NOT_FOUND" | "ORDER_STATE_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An order that was held has been paid elsewhere: its points are taken, out of what is held, or anew. */
export declare const postV1OrdersByNumberConfirm: ApiOperation<
  { readonly number: string },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  Orderconfirm,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "ORDER_NOT_FOUND" | "ORDER_STATE_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An order of a member, by its number. */
export declare const getV1OrdersByNumber: ApiOperation<
  { readonly number: string },
  { readonly owner: User },
  undefined,
  OrderRecord,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "ORDER_NOT_FOUND" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** How many pieces of goods are left on all shards, how many of them are reserved or lent to other shards than their own, and how many ever came and went. `recalled`: so many are to be taken out, and what is lent is called back for it. */
export declare const getV1GoodsByGoodsStock: ApiOperation<
  { readonly goods: string },
  undefined,
  undefined,
  Stock,
  "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITION_INVALID" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Put pieces into the stock of goods, or take some out (below 0), with a reason. */
export declare const postV1GoodsByGoodsStock: ApiOperation<
  { readonly goods: string },
  undefined,
  StockChange,
  Posted,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONDITION_FAILED" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_INVALID" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "EXPIRY_INVALID" | "EXPIRY_PAST" | "FOLLOW_UPS_INVALID" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LEGS_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OCCURRED_FUTURE" | "OCCURRED_INVALID" | "OCCURRED_TOO_EARLY" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_NOT_PARTY" | "OWNER_REQUIRED" | "OWNER_RESERVED" | "PENDING_EXPIRES" | "PENDING_INVALID" | "PENDING_PAST" | "POINTS_SHORT" | "PREPARE_LATE" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SAME_ACCOUNT" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "STOCK_OF_CODES" | "SYSTEM_OWNER" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member gives points of one platform for points of another: at its rate, less the fee, in one commit. */
export declare const postV1Exchanges: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  ExchangeRequest,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_DIFFERS" | "EXCHANGE_LIMIT" | "EXCHANGE_RATE_GAINS" | "EXCHANGE_TOO_SMALL" | "EXCHANGE_UNSUPPORTED" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNKNOWN" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "QUOTE_EXPIRED" | "QUOTE_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "RESERVE_SHORT" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An exchange of a member is given back, in whole or in part: limits, reserve and fee with it. */
export declare const postV1ExchangesByExchangeReturns: ApiOperation<
  { readonly exchange: string },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  ExchangeReturn,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_NOT_FOUND" | "EXCHANGE_PART_INVALID" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_REVERSIBLE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** What points come to in exchange now, as a quote: it is charged so, or has expired. */
export declare const postV1ExchangeQuotes: ApiOperation<
  undefined,
  undefined,
  ExchangeQuoteRequest,
  ExchangeQuote,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_RATE_GAINS" | "EXCHANGE_TOO_SMALL" | "EXCHANGE_UNSUPPORTED" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** All changes of rates, and of what values follow from, that wait for a second person. */
export declare const getV1WaitingRates: ApiOperation<
  undefined,
  undefined,
  undefined,
  WaitingRates,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** The rate from one asset to another that counts now, and by what; who said which before; what waits for a second person. */
export declare const getV1ExchangeRatesByFromByTo: ApiOperation<
  { readonly from: AssetCode; readonly to: AssetCode },
  undefined,
  undefined,
  ExchangeRate,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DISK_FULL" | "EXCHANGE_UNSUPPORTED" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Say the rate from one asset to another: it goes before what their values come to. */
export declare const putV1ExchangeRatesByFromByTo: ApiOperation<
  { readonly from: AssetCode; readonly to: AssetCode },
  undefined,
  ExchangeRateBody,
  ExchangeRateSaid,
  "ACTIVE_FROM_INVALID" | "ACTIVE_FROM_TOO_SOON" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEFINITION_INVALID" | "DEFINITION_KEY_INVALID" | "DEFINITION_KIND_UNKNOWN" | "DEFINITION_LIMIT" | "DEFINITION_NOT_FOUND" | "DEFINITION_RETIRED" | "DEFINITION_TOO_LARGE" | "DEFINITION_UNAPPROVED" | "DEFINITION_VERSION_MISMATCH" | "DISK_FULL" | "EXCHANGE_RATE_GAINS" | "EXCHANGE_UNSUPPORTED" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED" | "VERSION_INVALID" | "ZONE_UNKNOWN"
>;

/** For which assets points of one are exchanged now: rates, fee, limits. */
export declare const getV1ExchangeRatesByFrom: ApiOperation<
  { readonly from: AssetCode },
  undefined,
  undefined,
  ExchangeTargets,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** What a platform has left of its points for exchanges, on all shards, what of it is reserved or lent to other shards than its own, and what it ever got and paid. */
export declare const getV1ReservesByPlatformAssetsByAsset: ApiOperation<
  { readonly platform: PlatformId; readonly asset: AssetCode },
  undefined,
  undefined,
  ReserveState,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Put points into the reserve of a platform, out of `@issue`: no more of them than it has is given in exchange, where its asset says `reserve: pool`. */
export declare const postV1ReservesByPlatformAssetsByAssetFund: ApiOperation<
  { readonly platform: PlatformId; readonly asset: AssetCode },
  undefined,
  {
  readonly id?: NewId | undefined;
  readonly amount: Amount;
  readonly memo?: Memo | undefined;
},
  Posted,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONDITION_FAILED" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "EXPIRY_INVALID" | "EXPIRY_PAST" | "FOLLOW_UPS_INVALID" | "FRAMING_INVALID" | "HOLD_LIMIT" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LEGS_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OCCURRED_FUTURE" | "OCCURRED_INVALID" | "OCCURRED_TOO_EARLY" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_NOT_PARTY" | "OWNER_REQUIRED" | "OWNER_RESERVED" | "PENDING_EXPIRES" | "PENDING_INVALID" | "PENDING_PAST" | "PLATFORM_NOT_FOUND" | "POINTS_SHORT" | "PREPARE_LATE" | "QUERY_INVALID" | "RATE_LIMITED" | "REF_INVALID" | "SAME_ACCOUNT" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SYSTEM_OWNER" | "UNAUTHORIZED"
>;

/** A member gives points of one platform for points of another, at once or when its reserve has them: at the rate and fee of now. */
export declare const postV1ExchangeSubmissions: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  ExchangeSubmissionRequest,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_DIFFERS" | "EXCHANGE_LIMIT" | "EXCHANGE_RATE_GAINS" | "EXCHANGE_TOO_SMALL" | "EXCHANGE_UNSUPPORTED" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNKNOWN" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "QUOTE_EXPIRED" | "QUOTE_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An exchange that waits for points is withdrawn: what was held is available again. */
export declare const postV1ExchangeSubmissionsBySubmissionWithdraw: ApiOperation<
  { readonly submission: string },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  ExchangeWithdrawal,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_NOT_FOUND" | "EXCHANGE_NOT_PENDING" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** What became of an exchange that was submitted: its state, rate, fee and amounts. */
export declare const getV1AccountsByOwnerExchangeSubmissionsBySubmission: ApiOperation<
  { readonly owner: User; readonly submission: string },
  undefined,
  undefined,
  ExchangeSubmission,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "EXCHANGE_NOT_FOUND" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** How many exchanges wait for points of which assets, as of a moment ago. */
export declare const getV1PendingExchanges: ApiOperation<
  undefined,
  undefined,
  undefined,
  PendingExchangeCounts,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Exchanges that wait for points of an asset, the first one first. */
export declare const getV1PendingExchangesByAsset: ApiOperation<
  { readonly asset: AssetCode },
  { readonly cursor?: string | undefined },
  undefined,
  PendingExchanges,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A member gives points for points, of which one side or both are kept by partners outside: at the rate and fee of now, by recorded steps. */
export declare const postV1PartnerExchanges: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  PartnerExchangeRequest | readonly PartnerExchangeRequest[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "APPROVAL_REQUIRED" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_DIFFERS" | "EXCHANGE_LIMIT" | "EXCHANGE_RATE_GAINS" | "EXCHANGE_TOO_SMALL" | "EXCHANGE_UNSUPPORTED" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNKNOWN" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "QUOTE_EXPIRED" | "QUOTE_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "RESERVE_SHORT" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Exchanges with partners outside that have not ended, by their lists and ids. */
export declare const getV1PartnerExchanges: ApiOperation<
  undefined,
  { readonly cursor?: string | undefined },
  undefined,
  OpenPartnerExchanges,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** A second person agrees to an exchange with a partner outside, or rejects it. */
export declare const postV1PartnerExchangesByExchangeApprove: ApiOperation<
  { readonly exchange: string },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  PartnerExchangeApproval,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "APPROVAL_REQUIRED" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_NOT_FOUND" | "EXCHANGE_STATE_INVALID" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNKNOWN" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An exchange with a partner outside goes back, where it still can. */
export declare const postV1PartnerExchangesByExchangeCancel: ApiOperation<
  { readonly exchange: string },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  PartnerExchangeCancel,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_NOT_FOUND" | "EXCHANGE_STATE_INVALID" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An operator says what became of a step that nobody knows, or of which two systems say different things: the exchange goes on by that. */
export declare const postV1PartnerExchangesByExchangeVerdict: ApiOperation<
  { readonly exchange: string },
  undefined,
  PartnerExchangeVerdict,
  PartnerExchange | undefined,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "EXCHANGE_NOT_FOUND" | "EXCHANGE_STATE_INVALID" | "EXCHANGE_STEP_PAST" | "FRAMING_INVALID" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PREPARED" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** How far an exchange with a partner outside is: its status, step, and what each step came to. */
export declare const getV1PartnerExchangesByExchange: ApiOperation<
  { readonly exchange: string },
  undefined,
  undefined,
  PartnerExchange,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "EXCHANGE_NOT_FOUND" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Exchanges with partners outside that a member has submitted, the newest first. */
export declare const getV1MembersByOwnerPartnerExchanges: ApiOperation<
  { readonly owner: User },
  { readonly limit?: number | undefined; readonly cursor?: string | undefined },
  undefined,
  MemberPartnerExchanges,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** What the platforms of a coalition owe each other, net, and who would pay whom. */
export declare const getV1ClearingByCoalition: ApiOperation<
  { readonly coalition: string },
  { readonly from?: Time | TimeText | undefined; readonly at?: Time | TimeText | undefined; readonly asOf?: Time | TimeText | Positions | undefined },
  undefined,
  ClearingStatement,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PAST_TOO_FAR" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** The same as CSV. */
export declare const getV1ClearingByCoalitionStatementCsv: ApiOperation<
  { readonly coalition: string },
  { readonly from?: Time | TimeText | undefined; readonly at?: Time | TimeText | undefined; readonly asOf?: Time | TimeText | Positions | undefined },
  undefined,
  undefined,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PAST_TOO_FAR" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Close the cycle that is open: all that is owed now is netted in the ledger, and its statement stays as it is for ever. */
export declare const postV1ClearingByCoalitionCycles: ApiOperation<
  { readonly coalition: string },
  undefined,
  Nothing | undefined,
  CycleStatement,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONDITION_FAILED" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "EXPIRY_INVALID" | "EXPIRY_PAST" | "FOLLOW_UPS_INVALID" | "FRAMING_INVALID" | "HOLD_LIMIT" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LEGS_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OCCURRED_FUTURE" | "OCCURRED_INVALID" | "OCCURRED_TOO_EARLY" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_NOT_PARTY" | "OWNER_REQUIRED" | "OWNER_RESERVED" | "PAST_TOO_FAR" | "PENDING_EXPIRES" | "PENDING_INVALID" | "PENDING_PAST" | "POINTS_SHORT" | "POSITION_AHEAD" | "PREPARE_LATE" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SAME_ACCOUNT" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SYSTEM_OWNER" | "UNAUTHORIZED"
>;

/** The cycles of a coalition, the first one first. */
export declare const getV1ClearingByCoalitionCycles: ApiOperation<
  { readonly coalition: string },
  undefined,
  undefined,
  ClearingCycles,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** A cycle with its statement, which stays as it is for ever. */
export declare const getV1ClearingByCoalitionCyclesByCycle: ApiOperation<
  { readonly coalition: string; readonly cycle: string },
  undefined,
  undefined,
  CycleStatement,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "CYCLE_NOT_FOUND" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PAST_TOO_FAR" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** The statement of a closed cycle as JSON: the same bytes for ever. */
export declare const getV1ClearingByCoalitionCyclesByCycleStatementJson: ApiOperation<
  { readonly coalition: string; readonly cycle: string },
  undefined,
  undefined,
  FrozenStatement,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "CYCLE_NOT_FOUND" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PAST_TOO_FAR" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "STATEMENT_UNSIGNED" | "UNAUTHORIZED"
>;

/** The signature of the statement as JSON. */
export declare const getV1ClearingByCoalitionCyclesByCycleStatementJsonJws: ApiOperation<
  { readonly coalition: string; readonly cycle: string },
  undefined,
  undefined,
  undefined,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "CYCLE_NOT_FOUND" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PAST_TOO_FAR" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "STATEMENT_UNSIGNED" | "UNAUTHORIZED"
>;

/** The statement of a closed cycle as CSV: the same bytes for ever. */
export declare const getV1ClearingByCoalitionCyclesByCycleStatementCsv: ApiOperation<
  { readonly coalition: string; readonly cycle: string },
  undefined,
  undefined,
  undefined,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "CYCLE_NOT_FOUND" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PAST_TOO_FAR" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "STATEMENT_UNSIGNED" | "UNAUTHORIZED"
>;

/** The signature of the statement as CSV. */
export declare const getV1ClearingByCoalitionCyclesByCycleStatementCsvJws: ApiOperation<
  { readonly coalition: string; readonly cycle: string },
  undefined,
  undefined,
  undefined,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "CYCLE_NOT_FOUND" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PAST_TOO_FAR" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "STATEMENT_UNSIGNED" | "UNAUTHORIZED"
>;

/** Make another key, which signs the statements of cycles that are closed from now on. */
export declare const postV1StatementKeys: ApiOperation<
  undefined,
  undefined,
  Nothing | undefined,
  StatementKey,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** The public keys that statements are signed with, as a JSON Web Key Set. */
export declare const getWellKnownJwksJson: ApiOperation<
  undefined,
  undefined,
  undefined,
  KeySet,
  "CLOCK_JUMP" | "CLOSING" | "DISK_FULL" | "FRAMING_INVALID" | "INTERNAL" | "QUERY_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE"
>;

/** A platform disputes lines of a closed cycle’s statement, or an exchange. */
export declare const postV1ClearingByCoalitionDisputes: ApiOperation<
  { readonly coalition: string },
  undefined,
  NewDispute,
  Dispute,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "CYCLE_NOT_FOUND" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "DISPUTE_AMOUNT_INVALID" | "DISPUTE_LATE" | "DISPUTE_LINE_TAKEN" | "DISPUTE_LINE_UNKNOWN" | "DISPUTE_PARTY" | "DISPUTE_UNCLEAR" | "EXCHANGE_NOT_FOUND" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PAST_TOO_FAR" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "STATEMENT_UNSIGNED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Disputes: of a cycle, of the exchanges of a month, or all that are not decided. */
export declare const getV1ClearingByCoalitionDisputes: ApiOperation<
  { readonly coalition: string },
  { readonly cycle?: number | undefined; readonly month?: number | undefined; readonly cursor?: string | undefined },
  undefined,
  Disputes,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A dispute. */
export declare const getV1ClearingByCoalitionDisputesByDispute: ApiOperation<
  { readonly coalition: string; readonly dispute: string },
  undefined,
  undefined,
  Dispute,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DISK_FULL" | "DISPUTE_NOT_FOUND" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** The other platform answers a dispute, and may agree to it. */
export declare const postV1ClearingByCoalitionDisputesByDisputeAnswer: ApiOperation<
  { readonly coalition: string; readonly dispute: string },
  undefined,
  DisputeAnswer,
  Dispute,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DISK_FULL" | "DISPUTE_LATE" | "DISPUTE_NOT_FOUND" | "DISPUTE_PARTY" | "DISPUTE_STATE_INVALID" | "DISPUTE_UNCLEAR" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** The platform that has opened a dispute withdraws it: its lines may be disputed again. */
export declare const postV1ClearingByCoalitionDisputesByDisputeWithdraw: ApiOperation<
  { readonly coalition: string; readonly dispute: string },
  undefined,
  DisputeWithdrawal,
  Dispute,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DISK_FULL" | "DISPUTE_NOT_FOUND" | "DISPUTE_PARTY" | "DISPUTE_STATE_INVALID" | "DISPUTE_UNCLEAR" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A dispute is rejected. */
export declare const postV1ClearingByCoalitionDisputesByDisputeReject: ApiOperation<
  { readonly coalition: string; readonly dispute: string },
  undefined,
  DisputeDecision,
  Dispute,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DISK_FULL" | "DISPUTE_NOT_FOUND" | "DISPUTE_PARTY" | "DISPUTE_STATE_INVALID" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SYSTEM_OWNER" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A dispute is settled: so much of each line goes back, in the same commit. */
export declare const postV1ClearingByCoalitionDisputesByDisputeSettle: ApiOperation<
  { readonly coalition: string; readonly dispute: string },
  undefined,
  DisputeSettlement,
  Dispute,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DISK_FULL" | "DISPUTE_AMOUNT_INVALID" | "DISPUTE_NOT_FOUND" | "DISPUTE_PARTY" | "DISPUTE_STATE_INVALID" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SYSTEM_OWNER" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** The settlement of a dispute is undone, and it is decided anew. */
export declare const postV1ClearingByCoalitionDisputesByDisputeReopen: ApiOperation<
  { readonly coalition: string; readonly dispute: string },
  undefined,
  DisputeDecision,
  Dispute,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DISK_FULL" | "DISPUTE_NOT_FOUND" | "DISPUTE_PARTY" | "DISPUTE_STATE_INVALID" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SYSTEM_OWNER" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Goods of a programme that can be had now: searched, filtered, sorted. */
export declare const getV1Goods: ApiOperation<
  undefined,
  { readonly programme: string; readonly q?: string | undefined; readonly category?: string | undefined; readonly priceMin?: number | undefined; readonly priceMax?: number | undefined; readonly owner?: string | undefined; readonly affordable?: "true" | "false" | undefined; readonly categories?: "true" | "false" | undefined; readonly sort?: "relevance" | "newest" | "price" | "-price" | "goods" | undefined; readonly limit?: number | undefined; readonly cursor?: string | undefined },
  undefined,
  GoodsPage,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "CURSOR_INVALID" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Goods by their key, whether or not they can be had now. */
export declare const getV1GoodsByGoods: ApiOperation<
  { readonly goods: string },
  { readonly owner?: string | undefined },
  undefined,
  Goods,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** What a member could redeem points for, the cheapest first, and what is lacking. */
export declare const getV1MembersByOwnerOptions: ApiOperation<
  { readonly owner: User },
  { readonly programme: string; readonly goods?: string | undefined; readonly limit?: number | undefined },
  undefined,
  RedemptionOptions,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "NO_GOODS" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** What members with like orders have taken, and this one has not: with why. */
export declare const getV1MembersByOwnerRecommendations: ApiOperation<
  { readonly owner: User },
  { readonly programme: string; readonly category?: string | undefined; readonly affordable?: "true" | "false" | undefined; readonly limit?: number | undefined },
  undefined,
  Recommendations,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A member asks to be told, once, when there are pieces of goods. */
export declare const postV1GoodsByGoodsWaiting: ApiOperation<
  { readonly goods: string },
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined },
  WaitRequest,
  Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "GOODS_ENDLESS" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_ELIGIBLE" | "OFFER_NOT_OPEN" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED" | "WAITING_ALREADY" | "WAITING_OVER"
>;

/** Give goods that are delivered as codes more of them, with as many pieces of stock. */
export declare const postV1GoodsByGoodsCodes: ApiOperation<
  { readonly goods: string },
  undefined,
  {
  /** 1 to 10000 codes, each 1 to 200 bytes of UTF-8 without control characters, and without blanks before or after it. */
  readonly codes: readonly string[];
},
  UploadedCodes | undefined,
  "ACCOUNT_BUSY" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "GOODS_WITHOUT_CODES" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PREPARED" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** How many codes of goods nobody has, and how many were given out. */
export declare const getV1GoodsByGoodsCodes: ApiOperation<
  { readonly goods: string },
  undefined,
  undefined,
  CodeCount,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "GOODS_WITHOUT_CODES" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Withdraw codes of goods that nobody has, with as many pieces of stock. */
export declare const postV1GoodsByGoodsCodesWithdraw: ApiOperation<
  { readonly goods: string },
  undefined,
  {
  /** `all` that nobody has; or those. */
  readonly codes: "all" | readonly string[];
  /** Why, at most 256 bytes of UTF-8: kept with it for ever. */
  readonly reason: string;
},
  WithdrawnCodes | undefined,
  "ACCOUNT_BUSY" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "GOODS_WITHOUT_CODES" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMO_INVALID" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PREPARED" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Issue a gift card of a programme, with a balance of its own. */
export declare const postV1Cards: ApiOperation<
  undefined,
  undefined,
  {
  readonly id?: NewId | undefined;
  readonly programme: DefinitionKey;
  readonly amount: Amount;
  /** When it ends, milliseconds since 1970; null: never. */
  readonly expiresAt?: Time | null | undefined;
  /** A budget: `#budget:` and its name. */
  readonly budget?: string | undefined;
},
  IssuedCard,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "CAPTURE_EXCEEDS_HOLD" | "CARD_EXISTS" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "EXPIRY_PAST" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SYSTEM_OWNER" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Give a gift card another end; one that is over pays again until then. */
export declare const putV1CardsByCardExpiry: ApiOperation<
  { readonly card: string },
  undefined,
  {
  /** When it ends, milliseconds since 1970; null: never. */
  readonly expiresAt: Time | null;
},
  GiftCard,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CARD_NOT_FOUND" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXPIRY_PAST" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SYSTEM_OWNER" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** The gift card with this code: what is left of it, and until when. */
export declare const postV1CardsLookUp: ApiOperation<
  undefined,
  undefined,
  {
  /** The code of a card: 16 letters and digits, with or without case, spaces and dashes. */
  readonly code: string;
},
  GiftCard,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CARD_NOT_FOUND" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A gift card: what is left of it, and until when. */
export declare const getV1CardsByCard: ApiOperation<
  { readonly card: string },
  undefined,
  undefined,
  GiftCard,
  "ASSET_FORBIDDEN" | "CARD_NOT_FOUND" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** An operator gives points, or takes them, within what a correction allows; a large one takes two credentials, under one case. */
export declare const postV1ActsAdjust: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Adjust | readonly Adjust[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "APPROVAL_REQUIRED" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CORRECTION_TOO_LARGE" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "PROPOSAL_DIFFERS" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member claims the points of an offer, once. */
export declare const postV1ActsClaim: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Claim | readonly Claim[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_ELIGIBLE" | "OFFER_CLAIMED" | "OFFER_NOT_OPEN" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An operator puts right what an event has earned by what was wrong: the difference is posted, as far as the event was not returned. */
export declare const postV1ActsCorrectEvent: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Correct_event | readonly Correct_event[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "APPROVAL_REQUIRED" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CORRECTION_TOO_LARGE" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "EVENT_CORRECTED" | "EVENT_NOT_FOUND" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member draws in a lottery: it costs points, and what is won is decided by a seed that nobody knows yet, the draw’s number and the member’s word. */
export declare const postV1ActsDraw: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Draw | readonly Draw[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "DRAW_LIMIT" | "DRAW_NOT_TRIED" | "DRAW_TOO_SOON" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOTTERY_NOT_OPEN" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_ELIGIBLE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member commits to the word that the draws of this period are decided by, with the seed. */
export declare const postV1ActsDrawWord: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Draw_word | readonly Draw_word[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "DRAW_NOT_TRIED" | "DRAW_WORD_COMMITTED" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOTTERY_NOT_OPEN" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member gets a coupon of a campaign of single codes: a new one, or the one of a numbered code. */
export declare const postV1ActsCouponIssue: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Coupon_issue | readonly Coupon_issue[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "COUPON_NOT_ISSUED" | "COUPON_UNAVAILABLE" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member uses a coupon: what it takes off an order is told, or its points are credited. A dry run says whether it is good. */
export declare const postV1ActsCouponRedeem: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Coupon_redeem | readonly Coupon_redeem[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "COUPON_EXPIRED" | "COUPON_LIMIT" | "COUPON_ORDER_TOO_SMALL" | "COUPON_UNAVAILABLE" | "COUPON_USED" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_ELIGIBLE" | "OFFER_NOT_OPEN" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A coupon that was reserved for an order of a member can be used for another one. */
export declare const postV1ActsCouponRelease: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Coupon_release | readonly Coupon_release[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "COUPON_NOT_RESERVED" | "COUPON_UNAVAILABLE" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A coupon is kept for an order of a member until a time; asked for again, for longer. */
export declare const postV1ActsCouponReserve: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Coupon_reserve | readonly Coupon_reserve[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "COUPON_EXPIRED" | "COUPON_LIMIT" | "COUPON_ORDER_TOO_SMALL" | "COUPON_UNAVAILABLE" | "COUPON_USED" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_ELIGIBLE" | "OFFER_NOT_OPEN" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A platform reports what a member did: the rules of the programme decide what it earns. */
export declare const postV1ActsEvent: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Event | readonly Event[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "COUPON_UNAVAILABLE" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "EVENT_ATTRIBUTE_INVALID" | "EVENT_LINES_INVALID" | "EVENT_REPORTED" | "EVENT_TIME_INVALID" | "EVENT_TOO_LATE" | "EVENT_TYPE_UNKNOWN" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member gives points of one platform for points of another: at its rate, less the fee, in one commit. */
export declare const postV1ActsExchange: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Exchange | readonly Exchange[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_DIFFERS" | "EXCHANGE_LIMIT" | "EXCHANGE_RATE_GAINS" | "EXCHANGE_TOO_SMALL" | "EXCHANGE_UNSUPPORTED" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNKNOWN" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "QUOTE_EXPIRED" | "QUOTE_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "RESERVE_SHORT" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** What points come to in exchange now: a quote, which is charged so, or has expired. */
export declare const postV1ActsExchangeQuote: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Exchange_quote | readonly Exchange_quote[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_RATE_GAINS" | "EXCHANGE_TOO_SMALL" | "EXCHANGE_UNSUPPORTED" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An exchange of a member is given back, in whole or in part: limits, reserve and fee with it. */
export declare const postV1ActsExchangeReturn: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Exchange_return | readonly Exchange_return[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_NOT_FOUND" | "EXCHANGE_PART_INVALID" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_REVERSIBLE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member gives points of one platform for points of another, at once or when its reserve has them: at the rate and fee of now. */
export declare const postV1ActsExchangeSubmit: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Exchange_submit | readonly Exchange_submit[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_DIFFERS" | "EXCHANGE_LIMIT" | "EXCHANGE_RATE_GAINS" | "EXCHANGE_TOO_SMALL" | "EXCHANGE_UNSUPPORTED" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNKNOWN" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "QUOTE_EXPIRED" | "QUOTE_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An exchange that waits for points is withdrawn: what was held is available again. */
export declare const postV1ActsExchangeWithdraw: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Exchange_withdraw | readonly Exchange_withdraw[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_NOT_FOUND" | "EXCHANGE_NOT_PENDING" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member gives points to another one, within the limits of a day. */
export declare const postV1ActsGift: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Gift | readonly Gift[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "GIFT_LIMIT" | "GIFT_TO_SELF" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member asks to be told, once, when there are pieces of goods: for 90 days. */
export declare const postV1ActsGoodsWait: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Goods_wait | readonly Goods_wait[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "GOODS_ENDLESS" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_ELIGIBLE" | "OFFER_NOT_OPEN" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED" | "WAITING_ALREADY" | "WAITING_OVER"
>;

/** An operator gives a member a tier by hand, for a time; what is earned counts beside it. */
export declare const postV1ActsGrantTier: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Grant_tier | readonly Grant_tier[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TIER_UNKNOWN" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member is merged into another one, who gets all points, with their expiries, and what limits, tiers and tasks have counted. */
export declare const postV1ActsMerge: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Merge | readonly Merge[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNSETTLED" | "MEMO_INVALID" | "MERGE_TOO_LARGE" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SYSTEM_OWNER" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member redeems points for goods: points and pieces move together, or neither. A dry run says what it would come to. */
export declare const postV1ActsOrder: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Order | readonly Order[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CARDS_EXCEED_ORDER" | "CARD_SHORT" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "COUPON_EXPIRED" | "COUPON_LIMIT" | "COUPON_NOT_ISSUED" | "COUPON_ORDER_TOO_SMALL" | "COUPON_UNAVAILABLE" | "COUPON_USED" | "COUPON_WITHOUT_DISCOUNT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "GOODS_LIMIT" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_ELIGIBLE" | "OFFER_NOT_OPEN" | "OPERATION_FORBIDDEN" | "ORDER_QUANTITY" | "ORDER_UNTIL_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "PRICE_DIFFERS" | "QUERY_INVALID" | "QUOTE_EXPIRED" | "QUOTE_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SOLD_OUT" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An order of a member is cancelled: what is not shipped of it is given back, points, pieces, limit and coupon. */
export declare const postV1ActsOrderCancel: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Order_cancel | readonly Order_cancel[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "ORDER_NOT_FOUND" | "ORDER_STATE_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member has got an order: what was not said to be shipped counts as shipped. */
export declare const postV1ActsOrderComplete: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Order_complete | readonly Order_complete[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "ORDER_NOT_FOUND" | "ORDER_STATE_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An order that was held has been paid elsewhere: its points are taken, out of what is held, or anew. */
export declare const postV1ActsOrderConfirm: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Order_confirm | readonly Order_confirm[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "ORDER_NOT_FOUND" | "ORDER_STATE_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** What goods cost a member now: a quote, by which they cost no more and no less for its time. */
export declare const postV1ActsOrderQuote: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Order_quote | readonly Order_quote[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_ELIGIBLE" | "OFFER_NOT_OPEN" | "OPERATION_FORBIDDEN" | "ORDER_QUANTITY" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Pieces of an order of a member are sent: from then on they are not given back. */
export declare const postV1ActsOrderShip: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Order_ship | readonly Order_ship[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "ORDER_NOT_FOUND" | "ORDER_QUANTITY" | "ORDER_SHIPMENTS" | "ORDER_STATE_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member gives points for points, of which one side or both are kept by partners outside: at the rate and fee of now, by recorded steps. */
export declare const postV1ActsPartnerExchange: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Partner_exchange | readonly Partner_exchange[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "APPROVAL_REQUIRED" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_DIFFERS" | "EXCHANGE_LIMIT" | "EXCHANGE_RATE_GAINS" | "EXCHANGE_TOO_SMALL" | "EXCHANGE_UNSUPPORTED" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNKNOWN" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "QUOTE_EXPIRED" | "QUOTE_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "RESERVE_SHORT" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A second person agrees to an exchange with a partner outside, or rejects it. */
export declare const postV1ActsPartnerExchangeApprove: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Partner_exchange_approve | readonly Partner_exchange_approve[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "APPROVAL_REQUIRED" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_NOT_FOUND" | "EXCHANGE_STATE_INVALID" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNKNOWN" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** An exchange with a partner outside goes back, where it still can. */
export declare const postV1ActsPartnerExchangeCancel: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Partner_exchange_cancel | readonly Partner_exchange_cancel[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_NOT_FOUND" | "EXCHANGE_STATE_INVALID" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A new member uses a code: both get points, once. What the code says is read by the engine, and judged where the code is. */
export declare const postV1ActsRefer: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Refer | readonly Refer[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REFERRAL_CODE_EXPIRED" | "REFERRAL_CODE_UNKNOWN" | "REFERRAL_NOT_NEW" | "REFERRAL_TO_SELF" | "REFERRED_BEFORE" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member gets a code with which others can be referred; one that can still be used stays. */
export declare const postV1ActsReferralCode: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Referral_code | readonly Referral_code[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REFERRAL_CODE_TAKEN" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A member gives back what an event was about, or a part of it: what it has earned is taken back. */
export declare const postV1ActsReturnEvent: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Return_event | readonly Return_event[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "ALREADY_REVERSED" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EVENT_NOT_FOUND" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "RETURN_INVALID" | "RETURN_TOO_LATE" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Says what is known of a member of a programme; what is not named stays as it is. */
export declare const postV1ActsSetProfile: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Set_profile | readonly Set_profile[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "PROFILE_INVALID" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A merge is undone: what came by it goes back, out of the lots that it came in as far as they are left, and what was counted by what was added. */
export declare const postV1ActsUnmerge: ApiOperation<
  undefined,
  { readonly dryRun?: "true" | "false" | undefined; readonly timeoutMs?: number | undefined; readonly atomic?: "true" | "false" | undefined; readonly brief?: "true" | "false" | undefined },
  Unmerge | readonly Unmerge[],
  Posted | BatchAnswer | Posted | Prepared,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BATCH_ABORTED" | "BATCH_ACROSS_SHARDS" | "BATCH_TOO_LARGE" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONNECTIONS_LIMIT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNSETTLED" | "MEMO_INVALID" | "MERGE_NOT_FOUND" | "MERGE_OVER" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PENDING_PAST" | "POINTS_SHORT" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SYSTEM_OWNER" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** Register a platform. */
export declare const postV1Platforms: ApiOperation<
  undefined,
  undefined,
  NewPlatform,
  PlatformWithSecret,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_EXISTS" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** All platforms, without their secrets. */
export declare const getV1Platforms: ApiOperation<
  undefined,
  undefined,
  undefined,
  Platforms,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** A platform, without its secrets. */
export declare const getV1PlatformsByPlatform: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  undefined,
  Platform,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Change a platform; what is left out stays. */
export declare const putV1PlatformsByPlatform: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  PlatformChange,
  Platform,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Give a platform a new secret. */
export declare const postV1PlatformsByPlatformRotate: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  Rotation | undefined,
  PlatformWithSecret,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Let a platform in no more. */
export declare const postV1PlatformsByPlatformDisable: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  Nothing | undefined,
  Platform,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Let a platform in again. */
export declare const postV1PlatformsByPlatformEnable: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  Nothing | undefined,
  Platform,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Make a key. */
export declare const postV1Keys: ApiOperation<
  undefined,
  undefined,
  NewKey,
  KeyWithSecret,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** All keys, without what opens anything. */
export declare const getV1Keys: ApiOperation<
  undefined,
  undefined,
  undefined,
  Keys,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** End a key for good. */
export declare const postV1KeysByKeyRevoke: ApiOperation<
  { readonly key: KeyId },
  undefined,
  Nothing | undefined,
  Key,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "KEY_NOT_FOUND" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Register who a platform’s user is. */
export declare const postV1PlatformsByPlatformUsersByUser: ApiOperation<
  { readonly platform: PlatformId; readonly user: AnyUser },
  undefined,
  Registration | undefined,
  Mapping,
  "ACCOUNT_BUSY" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_CONFLICT" | "IDENTITY_INACTIVE" | "IDENTITY_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_USERS" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Make a user somebody else from now on. */
export declare const putV1PlatformsByPlatformUsersByUser: ApiOperation<
  { readonly platform: PlatformId; readonly user: AnyUser },
  undefined,
  MappingChange,
  Mapping,
  "ACCOUNT_BUSY" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_CONFLICT" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_USERS" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Who a platform’s user is. */
export declare const getV1PlatformsByPlatformUsersByUser: ApiOperation<
  { readonly platform: PlatformId; readonly user: AnyUser },
  undefined,
  undefined,
  Mapping,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** End a registration for now. */
export declare const postV1PlatformsByPlatformUsersByUserDeactivate: ApiOperation<
  { readonly platform: PlatformId; readonly user: AnyUser },
  undefined,
  Nothing | undefined,
  Mapping,
  "ACCOUNT_BUSY" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_USERS" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Let a registration count again. */
export declare const postV1PlatformsByPlatformUsersByUserActivate: ApiOperation<
  { readonly platform: PlatformId; readonly user: AnyUser },
  undefined,
  Nothing | undefined,
  Mapping,
  "ACCOUNT_BUSY" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_USERS" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Register who a platform’s user is. */
export declare const postV1PlatformsByPlatformUsersByUserTargetsBySystem: ApiOperation<
  { readonly platform: PlatformId; readonly user: AnyUser; readonly system: PlatformId },
  undefined,
  Registration | undefined,
  Mapping,
  "ACCOUNT_BUSY" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_CONFLICT" | "IDENTITY_INACTIVE" | "IDENTITY_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_USERS" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Make a user somebody else from now on. */
export declare const putV1PlatformsByPlatformUsersByUserTargetsBySystem: ApiOperation<
  { readonly platform: PlatformId; readonly user: AnyUser; readonly system: PlatformId },
  undefined,
  MappingChange,
  Mapping,
  "ACCOUNT_BUSY" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_CONFLICT" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_USERS" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Who a platform’s user is. */
export declare const getV1PlatformsByPlatformUsersByUserTargetsBySystem: ApiOperation<
  { readonly platform: PlatformId; readonly user: AnyUser; readonly system: PlatformId },
  undefined,
  undefined,
  Mapping,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** End a registration for now. */
export declare const postV1PlatformsByPlatformUsersByUserTargetsBySystemDeactivate: ApiOperation<
  { readonly platform: PlatformId; readonly user: AnyUser; readonly system: PlatformId },
  undefined,
  Nothing | undefined,
  Mapping,
  "ACCOUNT_BUSY" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_USERS" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Let a registration count again. */
export declare const postV1PlatformsByPlatformUsersByUserTargetsBySystemActivate: ApiOperation<
  { readonly platform: PlatformId; readonly user: AnyUser; readonly system: PlatformId },
  undefined,
  Nothing | undefined,
  Mapping,
  "ACCOUNT_BUSY" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_USERS" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Which users of systems somebody is. */
export declare const getV1UsersByOwner: ApiOperation<
  { readonly owner: Owner },
  undefined,
  undefined,
  Mappings,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Which users of systems somebody is. */
export declare const getV1SystemsBySystemUsersByUser: ApiOperation<
  { readonly system: PlatformId; readonly user: AnyUser },
  undefined,
  undefined,
  Mappings,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** The cross-system id of an account. */
export declare const getV1PlatformsByPlatformUsersByUserAccountsByAsset: ApiOperation<
  { readonly platform: PlatformId; readonly user: AnyUser; readonly asset: AssetCode },
  undefined,
  undefined,
  CrossSystemAccount,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Sign in. */
export declare const postSession: ApiOperation<
  undefined,
  undefined,
  MemberSignIn,
  Session,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "LOGIN_INVALID" | "LOGIN_LATER" | "LOGIN_WRONG" | "MEDIA_TYPE_UNSUPPORTED" | "ORIGIN_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGN_IN_BUSY"
>;

/** Who is signed in, by the cookie. */
export declare const getSession: ApiOperation<
  undefined,
  undefined,
  undefined,
  Session,
  "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "ORIGIN_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SESSION_ENDED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE"
>;

/** Sign out. */
export declare const deleteSession: ApiOperation<
  undefined,
  undefined,
  undefined,
  Accepted,
  "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "ORIGIN_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE"
>;

/** A short access token of the member’s page. */
export declare const postSessionToken: ApiOperation<
  undefined,
  undefined,
  SessionTokenRequest,
  SessionToken,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "ORIGIN_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SESSION_ENDED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "TICKET_INVALID"
>;

/** Register with a programme. */
export declare const postSessionRegister: ApiOperation<
  undefined,
  undefined,
  SelfRegistration,
  Accepted,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "LOGIN_INVALID" | "MEDIA_TYPE_UNSUPPORTED" | "ORIGIN_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "REGISTRATION_CLOSED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE"
>;

/** Use a link that was sent: the password is the member’s. */
export declare const postSessionLetters: ApiOperation<
  undefined,
  undefined,
  LetterUse,
  Session,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_CONFLICT" | "IDENTITY_INACTIVE" | "IDENTITY_INVALID" | "ID_INVALID" | "INTERNAL" | "LETTER_NOT_FOUND" | "LOGIN_INVALID" | "LOGIN_LATER" | "LOGIN_TAKEN" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_SHARED" | "OPERATION_FORBIDDEN" | "ORIGIN_FORBIDDEN" | "PASSWORD_WEAK" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGN_IN_BUSY" | "SIGN_IN_EXISTS"
>;

/** Have a link sent by which a new password is set. */
export declare const postSessionReset: ApiOperation<
  undefined,
  undefined,
  PasswordReset,
  Accepted,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "LOGIN_INVALID" | "MEDIA_TYPE_UNSUPPORTED" | "ORIGIN_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGN_IN_BUSY"
>;

/** Have a link sent to a member by which it signs in from now on. */
export declare const postV1MembersByOwnerInvitations: ApiOperation<
  { readonly owner: User },
  undefined,
  NewInvitation | undefined,
  Invitation,
  "ADDRESS_MISSING" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_SHARED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SIGN_IN_EXISTS" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A ticket for a platform’s embedded page of its user. */
export declare const postV1MembersByOwnerSignInTickets: ApiOperation<
  { readonly owner: User },
  undefined,
  undefined,
  SignInTicket,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A ticket by which a member proves to be a platform’s user. */
export declare const postV1PlatformsByPlatformUsersByUserLinkTickets: ApiOperation<
  { readonly platform: PlatformId; readonly user: AnyUser },
  undefined,
  undefined,
  SignInTicket,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INACTIVE" | "IDENTITY_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Whether a member signs in. */
export declare const getV1MembersByOwnerSignIn: ApiOperation<
  { readonly owner: User },
  undefined,
  undefined,
  SignInState,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Close what a member signs in with. */
export declare const postV1MembersByOwnerSignInClose: ApiOperation<
  { readonly owner: User },
  undefined,
  SignInClosing | undefined,
  OfMember,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "LOGIN_LATER" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PASSWORD_WRONG" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SIGN_IN_BUSY" | "SIGN_IN_NOT_FOUND" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Where a member is signed in. */
export declare const getV1MembersByOwnerSessions: ApiOperation<
  { readonly owner: User },
  undefined,
  undefined,
  Sessions,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** End a session. */
export declare const deleteV1MembersByOwnerSessionsBySession: ApiOperation<
  { readonly owner: User; readonly session: SessionId },
  undefined,
  undefined,
  Ended,
  "ASSET_FORBIDDEN" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SESSION_NOT_FOUND" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Which applications a member has given what. */
export declare const getV1MembersByOwnerApplications: ApiOperation<
  { readonly owner: User },
  undefined,
  undefined,
  Applications,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Take back what an application was given. */
export declare const deleteV1MembersByOwnerApplicationsByClient: ApiOperation<
  { readonly owner: User; readonly client: OAuthClientId },
  undefined,
  undefined,
  Ended,
  "ASSET_FORBIDDEN" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OAUTH_CLIENT_NOT_FOUND" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Change the password: all other sessions end. */
export declare const postV1MembersByOwnerPassword: ApiOperation<
  { readonly owner: User },
  undefined,
  PasswordChange,
  OfMember,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "LOGIN_LATER" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PASSWORD_WEAK" | "PASSWORD_WRONG" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SIGN_IN_BUSY" | "SIGN_IN_NOT_FOUND" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Make another platform’s user, or another account of mine, this member. */
export declare const postV1MembersByOwnerLinks: ApiOperation<
  { readonly owner: User },
  undefined,
  NewLink,
  Link | undefined,
  "ACCOUNT_BUSY" | "ACCOUNT_FROZEN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_CONFLICT" | "IDENTITY_INACTIVE" | "IDENTITY_INVALID" | "ID_INVALID" | "INTERNAL" | "LOGIN_INVALID" | "LOGIN_LATER" | "LOGIN_WRONG" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNSETTLED" | "MERGE_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PASSWORD_WRONG" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "PREPARED" | "PROOF_MISSING" | "PROOF_WEAK" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SIGN_IN_BUSY" | "SIGN_IN_NOT_FOUND" | "TICKET_INVALID" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Register an application. Its secret is in the answer, once. */
export declare const postV1OauthClients: ApiOperation<
  undefined,
  undefined,
  NewOAuthClient,
  OAuthClientWithSecret,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OAUTH_CLIENT_INVALID" | "OAUTH_CLIENT_LIMIT" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** All applications. */
export declare const getV1OauthClients: ApiOperation<
  undefined,
  undefined,
  undefined,
  OAuthClients,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** An application. */
export declare const getV1OauthClientsByClient: ApiOperation<
  { readonly client: OAuthClientId },
  undefined,
  undefined,
  OAuthClient,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OAUTH_CLIENT_NOT_FOUND" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Change what is said of an application. With fewer scopes, what it was given has no others either. */
export declare const putV1OauthClientsByClient: ApiOperation<
  { readonly client: OAuthClientId },
  undefined,
  OAuthClientChange,
  OAuthClient,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OAUTH_CLIENT_INVALID" | "OAUTH_CLIENT_NOT_FOUND" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Remove an application. What it was given is good no more. */
export declare const deleteV1OauthClientsByClient: ApiOperation<
  { readonly client: OAuthClientId },
  undefined,
  undefined,
  OAuthClient,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OAUTH_CLIENT_NOT_FOUND" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Make a new secret, which is in the answer, once. The last one stays good for a while. */
export declare const postV1OauthClientsByClientRotate: ApiOperation<
  { readonly client: OAuthClientId },
  undefined,
  Rotation | undefined,
  OAuthClientWithSecret,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OAUTH_CLIENT_INVALID" | "OAUTH_CLIENT_NOT_FOUND" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Refuse an application. What it was given is good no more, also once it is enabled again. */
export declare const postV1OauthClientsByClientDisable: ApiOperation<
  { readonly client: OAuthClientId },
  undefined,
  Nothing | undefined,
  OAuthClient,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OAUTH_CLIENT_NOT_FOUND" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Let an application in again. */
export declare const postV1OauthClientsByClientEnable: ApiOperation<
  { readonly client: OAuthClientId },
  undefined,
  Nothing | undefined,
  OAuthClient,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OAUTH_CLIENT_NOT_FOUND" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Tokens for a code, for a refresh token, or for the application itself (RFC 6749). */
export declare const postToken: ApiOperation<
  undefined,
  undefined,
  undefined,
  Tokens,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_UNAVAILABLE"
>;

/** Is a token good, and what for (RFC 7662)? */
export declare const postIntrospect: ApiOperation<
  undefined,
  undefined,
  undefined,
  Introspection,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_UNAVAILABLE"
>;

/** End a token (RFC 7009). */
export declare const postRevoke: ApiOperation<
  undefined,
  undefined,
  undefined,
  {},
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_UNAVAILABLE"
>;

/** What the OAuth server is and can (RFC 8414). */
export declare const getWellKnownOauthAuthorizationServer: ApiOperation<
  undefined,
  undefined,
  undefined,
  AuthorizationServer,
  "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_UNAVAILABLE"
>;

/** Begin an import of another points system, or go on with it. */
export declare const postV1Imports: ApiOperation<
  undefined,
  undefined,
  {
  /** Its name: at most 20 characters. Its points come from `@import:{name}`. */
  readonly name: string;
  /** SHA-256 of what it brings in, in hex. */
  readonly digest: string;
},
  Import,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "IMPORT_CHANGED" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** All imports. */
export declare const getV1Imports: ApiOperation<
  undefined,
  undefined,
  undefined,
  Imports,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** An import, and what members have by it. */
export declare const getV1ImportsByImport: ApiOperation<
  { readonly import: string },
  undefined,
  undefined,
  ImportWithSums,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "IMPORT_NOT_FOUND" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Bring in members: who they are, their points, lots and history. */
export declare const postV1ImportsByImportMembers: ApiOperation<
  { readonly import: string },
  { readonly dryRun?: "true" | "false" | undefined },
  {
  readonly members: readonly ({
    readonly owner?: NewUser | undefined;
    readonly platform?: PlatformId | undefined;
    readonly user?: SystemUser | undefined;
    readonly status?: "active" | "frozen" | "inactive" | undefined;
    readonly programme?: DefinitionKey | undefined;
    readonly tier?: DefinitionKey | undefined;
    readonly tierUntil?: Time | undefined;
    readonly lines?: readonly ({
      /** balance: points that a member had; lot: the same, with when they were earned and expire; entry: something that happened. */
      readonly kind: "balance" | "lot" | "entry";
      readonly asset: AssetCode;
      /** Minor units; of an entry below 0: it took points. */
      readonly amount: number;
      readonly id?: string | undefined;
      readonly occurredAt?: Time | undefined;
      readonly expiresAt?: Time | null | undefined;
      readonly type?: Kind | undefined;
      readonly businessType?: Kind | undefined;
      readonly businessId?: Reference | undefined;
      readonly remark?: Memo | undefined;
    })[] | undefined;
  })[];
},
  ImportedMembers,
  "ACCOUNT_BUSY" | "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "IMPORT_NOT_FOUND" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OCCURRED_FUTURE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Say that all of an import is through, and what it came to. */
export declare const postV1ImportsByImportEnd: ApiOperation<
  { readonly import: string },
  undefined,
  {
  readonly members: number;
  readonly lines: number;
  readonly refused: number;
},
  Import,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "IMPORT_NOT_FOUND" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Have a URL told what happens from now on. */
export declare const postV1Webhooks: ApiOperation<
  undefined,
  undefined,
  NewWebhook,
  WebhookWithSecret,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED" | "WEBHOOK_LIMIT" | "WEBHOOK_URL_FORBIDDEN"
>;

/** All webhooks of who asks; of who administers the ledger: all. */
export declare const getV1Webhooks: ApiOperation<
  undefined,
  undefined,
  undefined,
  Webhooks,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A webhook, and how far it is. */
export declare const getV1WebhooksByWebhook: ApiOperation<
  { readonly webhook: WebhookId },
  undefined,
  undefined,
  WebhookProgress,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OUTBOX_UNAVAILABLE" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED" | "WEBHOOK_NOT_FOUND"
>;

/** Change a webhook; what is left out stays. */
export declare const putV1WebhooksByWebhook: ApiOperation<
  { readonly webhook: WebhookId },
  undefined,
  WebhookChange,
  Webhook,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED" | "WEBHOOK_NOT_FOUND" | "WEBHOOK_URL_FORBIDDEN"
>;

/** End a webhook, and forget how far it was. */
export declare const deleteV1WebhooksByWebhook: ApiOperation<
  { readonly webhook: WebhookId },
  undefined,
  undefined,
  Webhook,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED" | "WEBHOOK_NOT_FOUND"
>;

/** Send nothing for now. */
export declare const postV1WebhooksByWebhookPause: ApiOperation<
  { readonly webhook: WebhookId },
  undefined,
  Nothing | undefined,
  Webhook,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED" | "WEBHOOK_NOT_FOUND"
>;

/** Go on from where it was. */
export declare const postV1WebhooksByWebhookResume: ApiOperation<
  { readonly webhook: WebhookId },
  undefined,
  Nothing | undefined,
  Webhook,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED" | "WEBHOOK_NOT_FOUND"
>;

/** Give a webhook a new secret; the last one signs, too, for a while. */
export declare const postV1WebhooksByWebhookRotate: ApiOperation<
  { readonly webhook: WebhookId },
  undefined,
  Rotation | undefined,
  WebhookWithSecret,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED" | "WEBHOOK_NOT_FOUND"
>;

/** Tell again what happened. */
export declare const postV1WebhooksByWebhookReplay: ApiOperation<
  { readonly webhook: WebhookId },
  undefined,
  Replay,
  Webhook,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED" | "WEBHOOK_NOT_FOUND"
>;

/** Send an event of type `webhook.test` now. */
export declare const postV1WebhooksByWebhookTest: ApiOperation<
  { readonly webhook: WebhookId },
  undefined,
  Nothing | undefined,
  WebhookAttempt,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OUTBOX_UNAVAILABLE" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED" | "WEBHOOK_NOT_FOUND"
>;

/** Events that were given up, of the node that is asked. */
export declare const getV1WebhooksByWebhookDeadLetters: ApiOperation<
  { readonly webhook: WebhookId },
  { readonly limit?: number | undefined; readonly after?: OutboundId | undefined },
  undefined,
  DeadLetters,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OUTBOX_UNAVAILABLE" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED" | "WEBHOOK_NOT_FOUND"
>;

/** Try a dead letter again, once. */
export declare const postV1WebhooksByWebhookDeadLettersByLetterRetry: ApiOperation<
  { readonly webhook: WebhookId; readonly letter: OutboundId },
  undefined,
  Nothing | undefined,
  WebhookAttempt,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEAD_LETTER_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OUTBOX_UNAVAILABLE" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED" | "WEBHOOK_NOT_FOUND"
>;

/** Forget a dead letter. */
export declare const deleteV1WebhooksByWebhookDeadLettersByLetter: ApiOperation<
  { readonly webhook: WebhookId; readonly letter: OutboundId },
  undefined,
  undefined,
  Dropped,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEAD_LETTER_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OUTBOX_UNAVAILABLE" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED" | "WEBHOOK_NOT_FOUND"
>;

/** Have members told what happens from now on. */
export declare const postV1Channels: ApiOperation<
  undefined,
  undefined,
  NewChannel,
  Channel,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANNEL_INVALID" | "CHANNEL_LIMIT" | "CHANNEL_URL_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** All channels. */
export declare const getV1Channels: ApiOperation<
  undefined,
  undefined,
  undefined,
  Channels,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** A channel, and how far it is. */
export declare const getV1ChannelsByChannel: ApiOperation<
  { readonly channel: ChannelId },
  undefined,
  undefined,
  ChannelProgress,
  "ASSET_FORBIDDEN" | "CHANNEL_NOT_FOUND" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OUTBOX_UNAVAILABLE" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Says a channel anew. */
export declare const putV1ChannelsByChannel: ApiOperation<
  { readonly channel: ChannelId },
  undefined,
  NewChannel,
  Channel,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CHANNEL_INVALID" | "CHANNEL_NOT_FOUND" | "CHANNEL_URL_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** End a channel, and forget how far it was. */
export declare const deleteV1ChannelsByChannel: ApiOperation<
  { readonly channel: ChannelId },
  undefined,
  undefined,
  Channel,
  "ASSET_FORBIDDEN" | "CHANNEL_NOT_FOUND" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Send nothing for now. */
export declare const postV1ChannelsByChannelPause: ApiOperation<
  { readonly channel: ChannelId },
  undefined,
  undefined,
  Channel,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CHANNEL_NOT_FOUND" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Go on from where it was. */
export declare const postV1ChannelsByChannelResume: ApiOperation<
  { readonly channel: ChannelId },
  undefined,
  undefined,
  Channel,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CHANNEL_NOT_FOUND" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** A notice as it would be written now. */
export declare const postV1ChannelsByChannelPreview: ApiOperation<
  { readonly channel: ChannelId },
  undefined,
  NoticePreview,
  NoticeText,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANNEL_NOT_FOUND" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Send a notice to somebody now. */
export declare const postV1ChannelsByChannelTest: ApiOperation<
  { readonly channel: ChannelId },
  undefined,
  NoticeTest,
  WebhookAttempt,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANNEL_INVALID" | "CHANNEL_NOT_FOUND" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OUTBOX_UNAVAILABLE" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Notices that were given up. */
export declare const getV1ChannelsByChannelDeadLetters: ApiOperation<
  { readonly channel: ChannelId },
  { readonly after?: OutboundId | undefined; readonly limit?: number | undefined },
  undefined,
  DeadLetters,
  "ASSET_FORBIDDEN" | "CHANNEL_NOT_FOUND" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OUTBOX_UNAVAILABLE" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Try one again, once. */
export declare const postV1ChannelsByChannelDeadLettersByLetterRetry: ApiOperation<
  { readonly channel: ChannelId; readonly letter: OutboundId },
  undefined,
  undefined,
  WebhookAttempt,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANNEL_NOT_FOUND" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DEAD_LETTER_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OUTBOX_UNAVAILABLE" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Forget one. */
export declare const deleteV1ChannelsByChannelDeadLettersByLetter: ApiOperation<
  { readonly channel: ChannelId; readonly letter: OutboundId },
  undefined,
  undefined,
  Dropped,
  "ASSET_FORBIDDEN" | "CHANNEL_NOT_FOUND" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DEAD_LETTER_NOT_FOUND" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OUTBOX_UNAVAILABLE" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** How a member can be reached, and what he agreed to. */
export declare const getV1MembersByOwnerContact: ApiOperation<
  { readonly owner: NewUser },
  { readonly platform?: PlatformId | undefined },
  undefined,
  Contact,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CONTACT_NOT_FOUND" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Say how a member can be reached. */
export declare const putV1MembersByOwnerContact: ApiOperation<
  { readonly owner: NewUser },
  { readonly platform?: PlatformId | undefined },
  NewContact,
  Contact,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Forget how a member can be reached, what he agreed to, and what he was sent. */
export declare const deleteV1MembersByOwnerContact: ApiOperation<
  { readonly owner: NewUser },
  { readonly platform?: PlatformId | undefined },
  undefined,
  ForgottenContact,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CONTACT_NOT_FOUND" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Say what a member agrees to. */
export declare const putV1MembersByOwnerConsents: ApiOperation<
  { readonly owner: NewUser },
  { readonly platform?: PlatformId | undefined },
  NewConsents,
  Contact,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Which notices a member was sent. */
export declare const getV1MembersByOwnerNotices: ApiOperation<
  { readonly owner: NewUser },
  { readonly platform?: PlatformId | undefined; readonly cursor?: string | undefined; readonly limit?: number | undefined },
  undefined,
  Notices,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OUTBOX_UNAVAILABLE" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** All partners outside. */
export declare const getV1Partners: ApiOperation<
  undefined,
  undefined,
  undefined,
  Partners,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** A partner outside, and how it answers. */
export declare const getV1PartnersByPlatform: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  undefined,
  Partner,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PARTNER_NOT_FOUND" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Say that a platform is a partner outside, or say it anew. */
export declare const putV1PartnersByPlatform: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  NewPartner,
  Partner | PartnerWithToken,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PARTNER_INVALID" | "PARTNER_LIMIT" | "PARTNER_URL_FORBIDDEN" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** A platform is no partner outside any more. */
export declare const deleteV1PartnersByPlatform: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  undefined,
  Partner,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PARTNER_NOT_FOUND" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Make a new token for the partner to show; the last one is good for a while. */
export declare const postV1PartnersByPlatformToken: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  Rotation | undefined,
  PartnerWithToken,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PARTNER_NOT_FOUND" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Ask it nothing for now. */
export declare const postV1PartnersByPlatformMaintenance: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  Nothing | undefined,
  Partner,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PARTNER_NOT_FOUND" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Ask it again. */
export declare const postV1PartnersByPlatformResume: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  Nothing | undefined,
  Partner,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PARTNER_NOT_FOUND" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Ask it now how it is. */
export declare const postV1PartnersByPlatformCheck: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  Nothing | undefined,
  PartnerChecked,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PARTNER_NOT_FOUND" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Compare the operations of a period, and what they come to, with a partner’s. */
export declare const postV1Reconciliations: ApiOperation<
  undefined,
  undefined,
  NewReconciliation,
  Reconciliation,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PARTNER_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "RECONCILIATION_PERIOD_INVALID" | "RECORD_LIMIT" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Reconciliations of a partner, by the beginning of their periods. */
export declare const getV1Reconciliations: ApiOperation<
  undefined,
  { readonly partner: PlatformId; readonly cursor?: string | undefined },
  undefined,
  Reconciliations,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PARTNER_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** How far a reconciliation is, and what it came to. */
export declare const getV1ReconciliationsByReconciliation: ApiOperation<
  { readonly reconciliation: string },
  undefined,
  undefined,
  ReconciliationReport,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "RECONCILIATION_NOT_FOUND" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** What it has found, line by line. */
export declare const getV1ReconciliationsByReconciliationLines: ApiOperation<
  { readonly reconciliation: string },
  { readonly cursor?: string | undefined },
  undefined,
  ReconciliationLines,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "RECONCILIATION_NOT_FOUND" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** The same as CSV. */
export declare const getV1ReconciliationsByReconciliationLinesCsv: ApiOperation<
  { readonly reconciliation: string },
  undefined,
  undefined,
  undefined,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "RECONCILIATION_NOT_FOUND" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** What does not agree with partners outside: the operator’s list. */
export declare const getV1Inconsistencies: ApiOperation<
  undefined,
  { readonly partner?: PlatformId | undefined; readonly kind?: "failed_unfreeze" | "cross_system_mismatch" | "cross_system_reconciliation" | undefined; readonly state?: "open" | "resolved" | undefined; readonly day?: string | undefined; readonly cursor?: string | undefined },
  undefined,
  Inconsistencies,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "CURSOR_INVALID" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PARTNER_NOT_FOUND" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Something that does not agree with a partner, or did not. */
export declare const getV1InconsistenciesByInconsistency: ApiOperation<
  { readonly inconsistency: string },
  undefined,
  undefined,
  Inconsistency,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INCONSISTENCY_NOT_FOUND" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** It is put right, or explained. */
export declare const postV1InconsistenciesByInconsistencyResolve: ApiOperation<
  { readonly inconsistency: string },
  undefined,
  InconsistencyResolution,
  Inconsistency,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INCONSISTENCY_NOT_FOUND" | "INCONSISTENCY_STATE_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Dispute the exchange that it is about. */
export declare const postV1InconsistenciesByInconsistencyDispute: ApiOperation<
  { readonly inconsistency: string },
  undefined,
  InconsistencyDispute,
  Dispute,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "CYCLE_NOT_FOUND" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_KEY_INVALID" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "DISPUTE_AMOUNT_INVALID" | "DISPUTE_LATE" | "DISPUTE_LINE_TAKEN" | "DISPUTE_LINE_UNKNOWN" | "DISPUTE_PARTY" | "DISPUTE_UNCLEAR" | "EXCHANGE_NOT_FOUND" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INCONSISTENCY_NOT_FOUND" | "INCONSISTENCY_WITHOUT_EXCHANGE" | "INTERNAL" | "KIND_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PAST_TOO_FAR" | "PENDING_PAST" | "POINTS_SHORT" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "STATEMENT_UNSIGNED" | "SYSTEM_OWNER" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** The balance of a user. */
export declare const getApiPointsBalance: ApiOperation<
  undefined,
  { readonly user_id: string; readonly user_id_type?: "global" | "platform" | undefined; readonly asset?: string | undefined },
  undefined,
  PointsBalance,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INACTIVE" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** The history of a user, newest first. */
export declare const getApiPointsHistory: ApiOperation<
  undefined,
  { readonly user_id: string; readonly user_id_type?: "global" | "platform" | undefined; readonly asset?: string | undefined; readonly page?: number | undefined; readonly per_page?: number | undefined; readonly as_of?: number | undefined },
  undefined,
  PointsHistory,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INACTIVE" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POSITION_AHEAD" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** Points for a user. */
export declare const postApiPointsAdd: ApiOperation<
  undefined,
  undefined,
  PointsAdd,
  PointsMoved | PointsMovedLater,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONDITION_FAILED" | "COUPON_UNAVAILABLE" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "EVENT_ATTRIBUTE_INVALID" | "EVENT_LINES_INVALID" | "EVENT_REPORTED" | "EVENT_TIME_INVALID" | "EVENT_TOO_LATE" | "EVENT_TYPE_UNKNOWN" | "EXPIRY_INVALID" | "EXPIRY_PAST" | "FOLLOW_UPS_INVALID" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "IDENTITY_CONFLICT" | "IDENTITY_INACTIVE" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LEGS_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OCCURRED_FUTURE" | "OCCURRED_INVALID" | "OCCURRED_TOO_EARLY" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_NOT_PARTY" | "OWNER_REQUIRED" | "OWNER_RESERVED" | "PENDING_EXPIRES" | "PENDING_INVALID" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "PREPARE_LATE" | "QUERY_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SAME_ACCOUNT" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A user spends points. */
export declare const postApiPointsRedeem: ApiOperation<
  undefined,
  undefined,
  PointsRedeem,
  PointsRedeemed | PointsRedeemedLater,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CARDS_EXCEED_ORDER" | "CARD_SHORT" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONDITION_FAILED" | "COUPON_EXPIRED" | "COUPON_LIMIT" | "COUPON_NOT_ISSUED" | "COUPON_ORDER_TOO_SMALL" | "COUPON_UNAVAILABLE" | "COUPON_USED" | "COUPON_WITHOUT_DISCOUNT" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DEFINITION_NOT_FOUND" | "DISK_FULL" | "EXPIRY_INVALID" | "EXPIRY_PAST" | "FOLLOW_UPS_INVALID" | "FRAMING_INVALID" | "GOODS_LIMIT" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "IDENTITY_CONFLICT" | "IDENTITY_INACTIVE" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LEGS_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_ELIGIBLE" | "OCCURRED_FUTURE" | "OCCURRED_INVALID" | "OCCURRED_TOO_EARLY" | "OFFER_NOT_OPEN" | "OPERATION_FORBIDDEN" | "ORDER_QUANTITY" | "ORDER_UNTIL_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_NOT_PARTY" | "OWNER_REQUIRED" | "OWNER_RESERVED" | "PENDING_EXPIRES" | "PENDING_INVALID" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "PREPARE_LATE" | "PRICE_DIFFERS" | "QUERY_INVALID" | "QUOTE_EXPIRED" | "QUOTE_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "SAME_ACCOUNT" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SOLD_OUT" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** What a call moved is given back, the rest of it or a part, into the lots it came from. */
export declare const postApiPointsRefund: ApiOperation<
  undefined,
  undefined,
  PointsRefund,
  PointsRefunded | PointsMovedLater,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ALREADY_REVERSED" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "COUPON_NOT_RESERVED" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FOLLOW_UP_NUMBER_INVALID" | "FRAMING_INVALID" | "IDEMPOTENCY_KEY_REUSED" | "IDENTITY_INACTIVE" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LEGS_INSEPARABLE" | "LEGS_REQUIRED" | "LEG_NOT_FOUND" | "LEG_PARTS_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "NOT_REVERSIBLE" | "OPERATION_FORBIDDEN" | "ORDER_INSEPARABLE" | "ORDER_NOT_FOUND" | "ORDER_STATE_INVALID" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_RESERVED" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "PREPARE_LATE" | "QUERY_INVALID" | "RATE_LIMITED" | "REF_INVALID" | "REVERSAL_EXCEEDS_REMAINING" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED" | "WAITING_OVER"
>;

/** Points from user to user. */
export declare const postApiPointsTransfer: ApiOperation<
  undefined,
  undefined,
  PointsTransfer,
  PointsMoved | PointsMovedLater,
  "ACCOUNT_BUSY" | "ACCOUNT_CLOSED" | "ACCOUNT_FROZEN" | "ACT_BODY_INVALID" | "ACT_UNKNOWN" | "AMOUNT_INVALID" | "AMOUNT_OVERFLOW" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "ASSET_UNKNOWN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "BUDGET_BUSY" | "BUDGET_EXHAUSTED" | "BUDGET_SHORT" | "CAPTURE_EXCEEDS_HOLD" | "CHANGED_MEANWHILE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CONDITION_FAILED" | "CREDENTIALS_CONFLICT" | "DEADLINE_PAST" | "DEFINITIONS_UNCONFIRMED" | "DISK_FULL" | "EXCHANGE_DIFFERS" | "EXCHANGE_LIMIT" | "EXCHANGE_RATE_GAINS" | "EXCHANGE_TOO_SMALL" | "EXCHANGE_UNSUPPORTED" | "EXPIRY_INVALID" | "EXPIRY_PAST" | "FOLLOW_UPS_INVALID" | "FRAMING_INVALID" | "HOLD_CLOSED" | "HOLD_LIMIT" | "HOLD_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "IDENTITY_CONFLICT" | "IDENTITY_INACTIVE" | "IDENTITY_INVALID" | "IDENTITY_NOT_FOUND" | "ID_INVALID" | "ID_REUSED" | "ID_TOO_LONG" | "INTERNAL" | "KIND_INVALID" | "LEGS_INVALID" | "LOT_LIMIT" | "MEDIA_TYPE_UNSUPPORTED" | "MEMBER_MERGED" | "MEMBER_UNKNOWN" | "MEMO_INVALID" | "METADATA_INVALID" | "METADATA_TOO_LARGE" | "OCCURRED_FUTURE" | "OCCURRED_INVALID" | "OCCURRED_TOO_EARLY" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "OWNER_NOT_PARTY" | "OWNER_REQUIRED" | "OWNER_RESERVED" | "PENDING_EXPIRES" | "PENDING_INVALID" | "PENDING_PAST" | "PLATFORM_DISABLED" | "PLATFORM_NOT_FOUND" | "PLATFORM_UNKNOWN" | "POINTS_SHORT" | "PREPARE_LATE" | "QUERY_INVALID" | "QUOTE_EXPIRED" | "QUOTE_INVALID" | "RATE_LIMITED" | "RECORD_LIMIT" | "REF_INVALID" | "RESERVE_SHORT" | "SAME_ACCOUNT" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "SYSTEM_OWNER" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "TRANSFER_NOT_FOUND" | "UNAUTHORIZED"
>;

/** A partner adds points to a user. */
export declare const postApiInternalAdd: ApiOperation<
  undefined,
  undefined,
  PartnerAsks,
  PartnerOperation,
  "AMOUNT_INVALID" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OPERATION_UNDECIDED" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "UNAUTHORIZED"
>;

/** A partner takes points from a user. */
export declare const postApiInternalDeduct: ApiOperation<
  undefined,
  undefined,
  PartnerAsks,
  PartnerOperation,
  "AMOUNT_INVALID" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OPERATION_UNDECIDED" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "UNAUTHORIZED"
>;

/** A partner rolls an operation back. */
export declare const postApiInternalRollback: ApiOperation<
  undefined,
  undefined,
  PartnerRollsBack,
  PartnerOperation,
  "AMOUNT_INVALID" | "ASSET_FORBIDDEN" | "ASSET_INVALID" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OPERATION_UNDECIDED" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "UNAUTHORIZED"
>;

/** What became of an operation of the partner? */
export declare const getApiInternalOperationsByTransactionId: ApiOperation<
  { readonly transaction_id: string },
  undefined,
  undefined,
  PartnerOperation,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "UNAUTHORIZED"
>;

/** Operations that the partner has asked for, in all states. */
export declare const getApiInternalOperations: ApiOperation<
  undefined,
  { readonly from: string; readonly until: string; readonly cursor?: string | undefined; readonly limit?: number | undefined },
  undefined,
  PartnerOperations,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "UNAUTHORIZED"
>;

/** A user of the partner is known here from now on. */
export declare const postApiInternalUsers: ApiOperation<
  undefined,
  undefined,
  PartnerUserAsked,
  PartnerUser,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOCK_JUMP" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "UNAUTHORIZED"
>;

/** Is there such a user? */
export declare const getApiInternalUsersByUser: ApiOperation<
  { readonly user: NewUser },
  undefined,
  undefined,
  PartnerUser,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "IDENTITY_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "UNAUTHORIZED"
>;

/** All points of an asset, and what the partner has added and deducted. */
export declare const getApiInternalTotalPoints: ApiOperation<
  undefined,
  { readonly asset: AssetCode; readonly until: string },
  undefined,
  PartnerTotals,
  "ASSET_FORBIDDEN" | "ASSET_INVALID" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "UNAUTHORIZED"
>;

/** The audit trail: who asked for what, newest first. */
export declare const getV1Audit: ApiOperation<
  undefined,
  { readonly from?: Time | TimeText | undefined; readonly to?: Time | TimeText | undefined; readonly principal?: string | undefined; readonly owner?: string | undefined; readonly operation?: "transfer" | "hold" | "capture" | "release" | "reverse" | "open-account" | "freeze-account" | "unfreeze-account" | "close-account" | "set-credit-limit" | "put-record" | "delete-record" | "define-asset" | "extend-lots" | "reopen-account" | "confirm-pending" | "act" | "put-definition" | undefined; readonly limit?: number | undefined; readonly cursor?: string | undefined },
  undefined,
  AuditPage,
  "ASSET_FORBIDDEN" | "CLOCK_JUMP" | "CLOSING" | "CREDENTIALS_CONFLICT" | "CURSOR_INVALID" | "DISK_FULL" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_FAILED" | "SHARD_ROLLED_BACK" | "SHARD_SERVED_TWICE" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Copy the open folder. */
export declare const postV1AdminBackup: ApiOperation<
  undefined,
  undefined,
  Backup,
  BackedUp,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Your word that the clock is right although it has jumped. */
export declare const postV1AdminAcceptClock: ApiOperation<
  undefined,
  undefined,
  Nothing | undefined,
  Readiness,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_UNAVAILABLE" | "UNAUTHORIZED"
>;

/** Does the process answer? */
export declare const getHealthz: ApiOperation<
  undefined,
  undefined,
  undefined,
  Health,
  "FRAMING_INVALID" | "INTERNAL" | "QUERY_INVALID"
>;

/** Is it ready for requests? */
export declare const getReadyz: ApiOperation<
  undefined,
  undefined,
  undefined,
  Readiness,
  "FRAMING_INVALID" | "INTERNAL" | "QUERY_INVALID"
>;

/** Figures for Prometheus. */
export declare const getMetrics: ApiOperation<
  undefined,
  undefined,
  undefined,
  undefined,
  "FRAMING_INVALID" | "INTERNAL" | "QUERY_INVALID"
>;

/** How is each component? */
export declare const getHealth: ApiOperation<
  undefined,
  undefined,
  undefined,
  Components,
  "FRAMING_INVALID" | "INTERNAL" | "QUERY_INVALID"
>;

/** A ticket for a web page, to watch an owner’s balances with. */
export declare const postV1StreamTickets: ApiOperation<
  undefined,
  undefined,
  TicketRequest,
  Ticket,
  "ASSET_FORBIDDEN" | "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "OPERATION_FORBIDDEN" | "OWNER_FORBIDDEN" | "OWNER_INVALID" | "PLATFORM_DISABLED" | "PLATFORM_UNKNOWN" | "QUERY_INVALID" | "RATE_LIMITED" | "SECRETS_KEY_DIFFERS" | "SHARD_BUSY" | "SHARD_UNAVAILABLE" | "SIGNATURE_INVALID" | "SIGNATURE_MISSING" | "SIGNATURE_REPLAYED" | "TOKEN_EXPIRED" | "TOKEN_INVALID" | "TOKEN_MISSING" | "UNAUTHORIZED"
>;

/** A page that shows a balance live. */
export declare const getLive: ApiOperation<
  undefined,
  undefined,
  undefined,
  undefined,
  "FRAMING_INVALID" | "INTERNAL" | "QUERY_INVALID"
>;

/** A page that checks a draw, in the browser. */
export declare const getDraws: ApiOperation<
  undefined,
  undefined,
  undefined,
  undefined,
  "FRAMING_INVALID" | "INTERNAL" | "QUERY_INVALID"
>;

/** The member’s page. */
export declare const getMe: ApiOperation<
  undefined,
  undefined,
  undefined,
  undefined,
  "FRAMING_INVALID" | "INTERNAL" | "QUERY_INVALID"
>;

/** An application asks for a member’s consent (RFC 6749, 4.1.1). */
export declare const getAuthorize: ApiOperation<
  undefined,
  { readonly response_type?: string | undefined; readonly client_id?: string | undefined; readonly redirect_uri?: string | undefined; readonly scope?: string | undefined; readonly state?: string | undefined; readonly code_challenge?: string | undefined; readonly code_challenge_method?: string | undefined; readonly response_mode?: string | undefined; readonly prompt?: string | undefined; readonly login_hint?: string | undefined; readonly ui_locales?: string | undefined },
  undefined,
  undefined,
  "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_UNAVAILABLE"
>;

/** The forms of that page. */
export declare const postAuthorize: ApiOperation<
  undefined,
  { readonly response_type?: string | undefined; readonly client_id?: string | undefined; readonly redirect_uri?: string | undefined; readonly scope?: string | undefined; readonly state?: string | undefined; readonly code_challenge?: string | undefined; readonly code_challenge_method?: string | undefined; readonly response_mode?: string | undefined; readonly prompt?: string | undefined; readonly login_hint?: string | undefined; readonly ui_locales?: string | undefined },
  undefined,
  undefined,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_UNAVAILABLE"
>;

/** A page to sign in to the member’s page. */
export declare const getSignIn: ApiOperation<
  undefined,
  { readonly to?: string | undefined; readonly prompt?: string | undefined; readonly ui_locales?: string | undefined },
  undefined,
  undefined,
  "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_UNAVAILABLE"
>;

/** The form of that page. */
export declare const postSignIn: ApiOperation<
  undefined,
  { readonly to?: string | undefined; readonly prompt?: string | undefined; readonly ui_locales?: string | undefined },
  undefined,
  undefined,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_UNAVAILABLE"
>;

/** A page to sign out. */
export declare const getSignOut: ApiOperation<
  undefined,
  { readonly ui_locales?: string | undefined },
  undefined,
  undefined,
  "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_UNAVAILABLE"
>;

/** The form of that page. */
export declare const postSignOut: ApiOperation<
  undefined,
  { readonly ui_locales?: string | undefined },
  undefined,
  undefined,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_UNAVAILABLE"
>;

/** A page to register with a programme. */
export declare const getSignInRegister: ApiOperation<
  undefined,
  { readonly programme?: string | undefined; readonly ui_locales?: string | undefined },
  undefined,
  undefined,
  "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_UNAVAILABLE"
>;

/** The form of that page. */
export declare const postSignInRegister: ApiOperation<
  undefined,
  { readonly programme?: string | undefined; readonly ui_locales?: string | undefined },
  undefined,
  undefined,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_UNAVAILABLE"
>;

/** A page to have a link for a new password sent. */
export declare const getSignInReset: ApiOperation<
  undefined,
  { readonly ui_locales?: string | undefined },
  undefined,
  undefined,
  "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_UNAVAILABLE"
>;

/** The form of that page. */
export declare const postSignInReset: ApiOperation<
  undefined,
  { readonly ui_locales?: string | undefined },
  undefined,
  undefined,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_UNAVAILABLE"
>;

/** A page on which a link is used that was sent. */
export declare const getLettersByPurpose: ApiOperation<
  { readonly purpose: "invitation" | "confirmation" | "reset" },
  { readonly ui_locales?: string | undefined },
  undefined,
  undefined,
  "CLOSING" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_UNAVAILABLE"
>;

/** The forms of that page. */
export declare const postLettersByPurpose: ApiOperation<
  { readonly purpose: "invitation" | "confirmation" | "reset" },
  { readonly ui_locales?: string | undefined },
  undefined,
  undefined,
  "BODY_INVALID" | "BODY_TOO_LARGE" | "CLOSING" | "COMMAND_INVALID" | "CREDENTIALS_CONFLICT" | "FRAMING_INVALID" | "ID_INVALID" | "INTERNAL" | "MEDIA_TYPE_UNSUPPORTED" | "QUERY_INVALID" | "RATE_LIMITED" | "SHARD_BUSY" | "SHARD_UNAVAILABLE"
>;

/** The member’s page, for the frames of a platform’s own pages (embedOrigins). */
export declare const getMeEmbedByPlatform: ApiOperation<
  { readonly platform: PlatformId },
  undefined,
  undefined,
  undefined,
  "FRAMING_INVALID" | "INTERNAL" | "PLATFORM_NOT_FOUND" | "QUERY_INVALID"
>;

/** This document. */
export declare const getOpenapiJson: ApiOperation<
  undefined,
  undefined,
  undefined,
  {
  readonly openapi: string;
},
  "FRAMING_INVALID" | "INTERNAL" | "QUERY_INVALID"
>;

/** A page to read and try the calls. */
export declare const getDocs: ApiOperation<
  undefined,
  undefined,
  undefined,
  undefined,
  "FRAMING_INVALID" | "INTERNAL" | "QUERY_INVALID"
>;
