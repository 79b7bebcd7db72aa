// Every limit of the engine, with its unit in its name, and how they relate, asserted at load.
// Owns: figures. Never touches: anything else.

/** The largest amount, balance or lifetime sum, in minor units (2^53 - 1). */
export const AMOUNT_MAX = Number.MAX_SAFE_INTEGER;
/** Legs of one transfer. */
export const LEGS_MAX = 16;
/** Follow-ups of one command, and legs of each that a caller names. */
export const FOLLOW_UPS_MAX = 4;
export const FOLLOW_UP_LEGS_MAX = 4;
/** How deep acts may cause acts: what a caller asks for is at depth 0. */
export const CAUSE_DEPTH_MAX = 3;
/** Characters of a command's id, and of `kind:ref` where that is the id. */
export const ID_LENGTH_MAX = 64;
/** Characters of the name of those whose ids they are: of a platform. */
export const SCOPE_LENGTH_MAX = 24;
/** Characters of an id as it is in the log: with whose it is. */
export const STORED_ID_LENGTH_MAX = SCOPE_LENGTH_MAX + 1 + ID_LENGTH_MAX;
/** Characters of an owner's name. */
export const OWNER_LENGTH_MAX = 64;
/** Characters of the name of who asks (a key's, a platform's). */
export const PRINCIPAL_LENGTH_MAX = 64;
/** Characters of an address, and of an agent, that the audit trail keeps of who asks. */
export const ADDRESS_LENGTH_MAX = 64;
export const AGENT_LENGTH_MAX = 200;
/** Characters of what a member's device is called by who asks. */
export const DEVICE_LENGTH_MAX = 64;
/** Days that an address and an agent in the log can be read, where nothing else is set. */
export const AUDIT_DAYS = 90;
/** Records of one page of the audit trail; and where nobody names a number. */
export const AUDIT_PAGE_MAX = 500;
export const AUDIT_PAGE_DEFAULT = 50;
/** Bytes of one shard's log that one page looks at. */
export const AUDIT_PAGE_BYTES = 8 * 1024 * 1024;
/** Places that somebody asks from, of which a process remembers how they are sealed. */
export const AUDIT_ORIGINS_MAX = 20_000;
/** When keys that are past are looked for after an opening, and how often from then on. */
export const AUDIT_FORGET_FIRST_MS = 2_000;
export const AUDIT_FORGET_MS = 3_600_000;
/** Characters of the platform's name in `@clearing:<platform>`, and of an import's in `@import:<name>`. */
export const CLEARING_LENGTH_MAX = 48;
/** Characters of an asset's code. */
export const ASSET_LENGTH_MAX = 32;
/** Characters of a business kind. */
export const KIND_LENGTH_MAX = 32;
/** Characters of a business reference. */
export const REF_LENGTH_MAX = 64;
/** UTF-8 bytes of a memo. */
export const MEMO_BYTES_MAX = 256;
/** UTF-8 bytes of a transfer's metadata, written as canonical JSON. */
export const METADATA_BYTES_MAX = 1024;
/** Bytes of an act's body as canonical JSON. */
export const ACT_BODY_BYTES_MAX = 2048;
/** Bytes of what an act has decided, beside its legs, packed. */
export const ACT_PLAN_BYTES_MAX = 10_240;
/** Records and counters that one act writes. */
export const ACT_RECORDS_MAX = 33;
/** Coupons that one order may use: they come back with it, in the plan of what is given back. */
export const COUPONS_PER_ORDER_MAX = 4;
/** Bytes that this takes of a plan. */
export const COUPONS_BACK_BYTES = 1_800;
/** A pool lends no less than so many times what an act has just asked of it: below that its points are better at home. */
export const LOAN_CLAIMS_MIN = 16;
/** With less than so many times that left, it calls everything back. */
export const POOL_CLAIMS_MIN = 8;
/** How long a shard believes that a pool elsewhere is exhausted, once it was told so, unless it hears that it has got points. */
export const EXHAUSTED_MS = 5_000;
/** In the last part of that, one member in so many asks anew: so that it is known on, and not all ask at once. */
export const EXHAUSTED_ASKING_MS = 1_000;
export const EXHAUSTED_ASKERS = 64;
/** Of how many pools it remembers that. */
export const EXHAUSTED_POOLS_MAX = 1_024;
/** How deep metadata may nest. */
export const METADATA_DEPTH_MAX = 8;
/** Decimals of an asset. */
export const SCALE_MAX = 6;
/** Lots of one account. */
export const LOTS_MAX = 512;
/** Open holds and pending earnings of one owner. */
export const HOLDS_MAX = 1024;
/** Owner records of one owner. */
export const RECORDS_MAX = 4096;
/** Owner records of one page of them. */
export const RECORDS_PAGE_MAX = 1_024;
/** Bytes of one owner record's value. */
export const RECORD_BYTES_MAX = 4096;
/** Characters of an owner record's type, and of its key. */
export const RECORD_NAME_LENGTH_MAX = 64;
/** Assets of one ledger. */
export const ASSETS_MAX = 65_535;
/** Versions of definitions of one ledger, drafts among them; but for those of kinds of which there are very many. */
export const DEFINITIONS_MAX = 4_096;
/** Over how long a signal of risk may be looked at, and how long a mark may hold, in milliseconds. */
export const RISK_WINDOW_MS_MAX = 31 * 24 * 3_600_000;
export const RISK_HOLDS_MS_MAX = 366 * 24 * 3_600_000;
/** Members, of each signal, whose sums are kept at a time, and sets of members; powers of two (engine/risk): 48 and 22 bytes each. */
export const RISK_COUNTS_MAX = 2 ** 19;
export const RISK_CELLS_MAX = 2 ** 21;
/** Sets of two members and more of each signal, and of those the ones that are estimated. */
export const RISK_GROUPS_MAX = 65_536;
export const RISK_SKETCHES_MAX = 256;
/** Signals that are counted at a time: of what goes beyond, the ones whose names come last are not. */
export const RISK_SIGNALS_MAX = 32;
/** Marks that were asked for and are remembered, so that they are not asked for again at once. */
export const RISK_ASKED_MAX = 100_000;
/** Digests of addresses, devices and members that are remembered. */
export const RISK_DIGESTS_MAX = 50_000;
/** Marks that are asked for at a time; what follows waits. */
export const RISK_FOUND_MAX = 256;
/** Bytes of logs that are looked at in one go, and how long after it the next look is, where there was nothing left. */
export const RISK_STEP_BYTES = 2 * 1024 * 1024;
export const RISK_LOOK_MS = 200;
/** How often other nodes are asked for what they have seen; what is kept of that for them, in pairs of member and address. */
export const RISK_NODES_MS = 1_000;
export const RISK_PAIRS_MAX = 65_536;
export const RISK_PAIRS_PAGE = 4_096;
/** How long after a failure the thread of risk begins again, and a mark is asked for again. */
export const RISK_RETRY_MS = 1_000;
/** How often a mark of a member whose shard is on another node is asked for: one that is away keeps nobody else waiting. */
export const RISK_TRIES_ELSEWHERE = 10;
/** How often at most it is written down up to where marks were asked for. */
export const RISK_SAVE_MS = 2_000;
/** How late an event of a programme may be, in milliseconds after it happened: by default, and at most. */
export const EVENT_LATE_MS = 7 * 24 * 3_600_000;
export const EVENT_LATE_MS_MAX = 92 * 24 * 3_600_000;
/** How often in a day a type of events may let a member report one of itself. */
export const OWN_EVENTS_MAX = 1_000;
/** How long after it happened an event can be given back, in milliseconds: by default, and at most. */
export const EVENT_RETURN_MS = 366 * 24 * 3_600_000;
export const EVENT_RETURN_MS_MAX = 3_660 * 24 * 3_600_000;
/** How far ahead of the block's time an event may say that it happened: clocks differ. */
export const EVENT_EARLY_MS = 300_000;
/** Rules, tasks and campaigns that are looked at for one event, in their order. */
export const RULES_MAX = 64;
export const TASKS_MAX = 32;
export const CAMPAIGNS_MAX = 16;
/** Runs of days in a row that are kept of a task: every other day for as long as an event may be late, and both ends. */
export const STREAK_RUNS_MAX = 48;
/** Bytes of a plan that are kept for the member's own record, multipliers and changes of tier. */
export const MEMBER_BYTES_MAX = 4_096;
/** Bytes of what is known of a member, as canonical JSON. */
export const PROFILE_BYTES_MAX = 3_072;
/** Days in which a merge of two members can be undone: where it does not say, and at most. */
export const MERGE_DAYS_DEFAULT = 30;
export const MERGE_DAYS_MAX = 366;
/** Characters of why two members are merged, or parted again. */
export const MERGE_REASON_LENGTH_MAX = 200;
/** Marks of risk on one member. */
export const RISK_MARKS_MAX = 8;
/** Characters of what a mark of risk was found by, and of why it is lifted. */
export const RISK_EVIDENCE_LENGTH_MAX = 96;
export const RISK_REASON_LENGTH_MAX = 200;
/** Devices that are known of one member: the one that was seen longest ago is forgotten first. */
export const RISK_DEVICES_MAX = 16;
/** Characters of why an account is frozen, closed, or the other way round. */
export const ACCOUNT_REASON_LENGTH_MAX = 200;
/** Pieces that one order may be of: at most, and where the goods do not say. */
export const ORDER_PIECES_MAX = 10_000;
export const ORDER_PIECES_DEFAULT = 99;
/** Goods, or categories, that a sale may name. */
export const GOODS_LISTED_MAX = 100;
/** Characters of the address of a picture. */
export const IMAGE_URL_LENGTH_MAX = 500;
/** How long a quote holds where nothing else is said, and at most, in seconds. */
export const QUOTE_SECONDS_DEFAULT = 300;
export const QUOTE_SECONDS_MAX = 86_400;
/** By how many percent rates change without a second person, and over how long changes are summed, where nothing else is said; and at most. */
export const CHANGE_PERCENT = 20;
export const CHANGE_PERCENT_MAX = 1_000;
export const CHANGE_WINDOW_MS = 7 * 86_400_000;
export const CHANGE_WINDOW_MS_MAX = 366 * 86_400_000;
/** How many days a line may be disputed, and within how many it is answered, where a coalition does not say. */
export const DISPUTE_DAYS = 30;
export const ANSWER_DAYS = 14;
export const DISPUTE_DAYS_MAX = 3_660;
/** In how many days what is got in exchange expires at most, where its asset's part in exchanges says it. */
export const EXCHANGED_DAYS_MAX = 3_660;
/** How long an exchange waits for points where its target's part in exchanges does not say, and at most, in seconds. */
export const PENDING_SECONDS_DEFAULT = 7 * 86_400;
export const PENDING_SECONDS_MAX = 90 * 86_400;
/** How long it is kept what became of one. */
export const SUBMISSION_KEPT_MS = 90 * 86_400_000;
/** Operations of partners are listed for so long. */
export const OPERATION_KEPT_MS = 400 * 86_400_000;
/** How long an exchange with a partner outside goes forward, where who submits it does not say, and at most, in seconds. */
export const PARTNER_SECONDS_DEFAULT = 86_400;
export const PARTNER_SECONDS_MAX = 30 * 86_400;
/** How long it is kept what became of one. */
export const PARTNER_EXCHANGE_KEPT_MS = 400 * 86_400_000;
/** What is kept of the steps of one: the latest. */
export const PARTNER_HISTORY_MAX = 16;
/** Characters of a word of a partner, e.g. why it refuses. */
export const PARTNER_WORD_MAX = 64;
/** Characters of a platform's name of a user. */
export const PARTNER_USER_LENGTH_MAX = 128;
/** Characters of what an operator says of what does not agree. */
export const INCONSISTENCY_TEXT_MAX = 200;
/** Characters of a quote, and of where an order goes to, sealed. */
export const QUOTE_LENGTH_MAX = 350;
export const RECEIVER_LENGTH_MAX = 1_402;
/** Characters of what a parcel is followed by. */
export const TRACKING_LENGTH_MAX = 64;
/** Characters of why an order is cancelled. */
export const CANCEL_REASON_LENGTH_MAX = 200;
/** Shipments of one order. */
export const SHIPMENTS_MAX = 16;
/** Codes, or gift cards, that one order gets. */
export const DIGITAL_PIECES_MAX = 8;
/** Bytes of a code that is uploaded, and characters of it sealed. */
export const CODE_BYTES_MAX = 200;
export const SEALED_CODE_LENGTH_MAX = 320;
/** Codes of one upload, and of one act that adds them. */
export const CODES_UPLOADED_MAX = 10_000;
export const CODES_ADDED_MAX = 16;
/** Codes fewer than which are few, where the goods do not say. */
export const LOW_CODES_DEFAULT = 10;
/** How long a stock whose pieces are called back lends none: longer than the gateway tries to take them out. */
export const RECALL_MS = 15_000;
/** Gift cards that pay for one order. */
export const CARDS_PER_ORDER_MAX = 4;
/** How long what was offered to one act is offered to no other, and how long it is believed that there is none. */
export const OFFERED_MS = 2_000;
export const NONE_FREE_MS = 250;
/** Free records of one owner that are looked at at a time. */
export const FREE_LOOKED_AT = 256;
/** How often an act is asked for again that was offered what somebody else had taken. */
export const OFFERS_MAX = 6;
/** How long after the end of a leaderboard's period what comes late still counts, where nothing else is said. */
export const BOARD_GRACE_MS = 24 * 3_600_000;
/** Places of a leaderboard that may have prizes; and members of one rank who share what its places get. */
export const BOARD_PLACES_MAX = 1_000;
/** Members of one page of a leaderboard, and on either side of a member; and where nobody names a number. */
export const BOARD_PAGE_MAX = 100;
export const BOARD_PAGE_DEFAULT = 20;
export const BOARD_AROUND_MAX = 50;
export const BOARD_AROUND_DEFAULT = 5;
/** How long the standings of a period are kept after what is late counts no more. */
export const BOARD_KEPT_MS = 92 * 24 * 3_600_000;
/** Lines of an order. */
export const ORDER_LINES_MAX = 32;
/** Bytes of one definition's document, written as canonical JSON. */
export const DEFINITION_BYTES_MAX = 8_192;
/** Bytes of all versions of all definitions. */
export const DEFINITIONS_BYTES_MAX = 8 * 1024 * 1024;
/** The same of kinds of which there are very many (goods): versions, and their bytes. */
export const MANY_DEFINITIONS_MAX = 262_144;
export const MANY_DEFINITIONS_BYTES_MAX = 192 * 1024 * 1024;
/** Characters of the name of a definition's kind. */
export const DEFINITION_KIND_LENGTH_MAX = 32;
/** Definitions of one page of them. */
export const DEFINITIONS_PAGE_MAX = 100;
/** Characters of a condition in CEL. */
export const EXPRESSION_LENGTH_MAX = 1_024;
/** Characters of a definition's name, and of its description. */
export const DEFINITION_NAME_LENGTH_MAX = 100;
export const DEFINITION_DESCRIPTION_LENGTH_MAX = 1_000;
/** How long after it was said a definition may begin to decide, or cease to: until then every shard knows it, or decides nothing. */
export const DEFINITION_LEAD_MS = 10_000;
/** How often a node asks the first shard for definitions. */
export const DEFINITION_ASK_MS = 1_000;
/** Bytes of definitions that one answer tells. */
export const DEFINITION_ANSWER_BYTES = 1024 * 1024;
/** Assets that what a caller may do is restricted to. */
export const GRANT_ASSETS_MAX = 50;
/** The smallest lot granularity. */
export const LOT_GRANULARITY_MIN_MS = 1_000;
/** One day: the default lot granularity. */
export const DAY_MS = 86_400_000;
/** How long the seed of a period decides draws, where nothing else is set: a day of UTC. */
export const DRAW_PERIOD_MS = DAY_MS;
export const DRAW_PERIOD_MS_MIN = 60_000;
export const DRAW_PERIOD_MS_MAX = 31 * DAY_MS;
/** How long before its period a seed's hash is logged at least. */
export const DRAW_SEED_LEAD_MS = 10_000;
/** Seeds of one page of them. */
export const DRAW_SEEDS_PAGE_MAX = 100;
/** Seeds of a shard that its records have: a year of days. The log has all. */
export const DRAW_SEEDS_KEPT = 400;
/** For how long a coupon is reserved where nobody says, and at most. */
export const COUPON_RESERVED_MS = 15 * 60_000;
export const COUPON_RESERVED_MS_MAX = 31 * DAY_MS;
/** How long a coupon is kept after it was used, or has expired: so long it comes back with its order. */
export const COUPON_KEPT_MS = 400 * DAY_MS;
/** How long an order is kept after it was completed or cancelled. */
export const ORDER_KEPT_MS = 400 * DAY_MS;
/** How long a correction that takes a second person waits for one. */
export const APPROVAL_MS = 7 * DAY_MS;
/** The largest lot granularity. */
export const LOT_GRANULARITY_MAX_MS = 366 * DAY_MS;
/** Days, months or years that an asset's points may last by its calendar (`expiresAfter`). */
export const EXPIRY_DAYS_MAX = 9_999;
export const EXPIRY_MONTHS_MAX = 999;
export const EXPIRY_YEARS_MAX = 99;
/** Characters of a time zone's name. */
export const ZONE_LENGTH_MAX = 64;
/** The year up to which a zone's offsets are written down; later ones are as the last of them. */
export const ZONE_LAST_YEAR = 2169;
/** That many years ahead at least: from when on less is left, up to a century later. Lots last no longer by their calendar. */
export const ZONE_YEARS_AHEAD = 100;
/** Changes of a zone's offset up to then: enough until the year 2400. */
export const ZONE_CHANGES_MAX = 1_024;
/** How long after it begins to count a zone's newer table leaves days as they were: the longest day, and the longest step of a zone's clocks. */
export const ZONE_LEAD_MS = 3 * DAY_MS;
/** Characters of the name of a release of the time zone rules. */
export const ZONE_RULES_LENGTH_MAX = 32;
/** The latest time the ledger handles: the year 9999. */
export const TIME_MAX_MS = 253_402_300_799_999;
/** The expiry of points that never expire: sorts after every time. */
export const NEVER = Number.MAX_SAFE_INTEGER;

/** How far back a transfer may be backdated: 30 years. Seconds that were taken for milliseconds lie beyond. */
export const BACKDATE_MAX_MS = 30 * 366 * DAY_MS;
/** How many days ahead of an expiry a notice may be. */
export const EXPIRY_NOTICE_DAYS_MAX = 366;
/** Entries that the read of a past balance looks through for backdated ones. */
export const BACKDATED_LOOK_MAX = 20_000;
/** Entries of one page of history. */
export const ENTRIES_PAGE_MAX = 1_000;
/** Entries of one page of history where the caller names no number. */
export const ENTRIES_PAGE_DEFAULT = 50;

/** Bytes of the logs, and changes, that a projection takes in one commit. */
export const PROJECTION_STEP_BYTES = 8 * 1024 * 1024;
export const PROJECTION_CHANGES_MAX = 20_000;
/** How often it looks for new blocks, and whether a period of a leaderboard is over. */
export const PROJECTION_LOOK_MS = 100;
export const BOARD_LOOK_MS = 1_000;
/** How often it is looked for orders that were not paid in time, and how many are ended at once. */
export const LAPSE_LOOK_MS = 1_000;
export const LAPSED_AT_ONCE = 1_000;
/** How often it is looked at goods whose stock has moved. */
export const STOCK_LOOK_MS = 1_000;
/** Orders of one page, and where nobody names a number; and those that one page looks at. */
export const ORDER_PAGE_MAX = 200;
export const ORDER_PAGE_DEFAULT = 50;
export const ORDER_LIST_LOOKS_MAX = 5_000;
/** Open holds of one page, and where nobody names a number. */
export const HOLDS_PAGE_MAX = 1_000;
export const HOLDS_PAGE_DEFAULT = 100;
/** Owners, or what happened to one, of one page of the register, and where nobody names a number; commands of one id that are told. */
export const REGISTER_PAGE_MAX = 1_000;
export const REGISTER_PAGE_DEFAULT = 50;
export const NAMED_MAX = 20;
/** How often the trees over the logs are brought up, where nobody asks: one durable commit each time. */
export const RECEIPTS_LOOK_MS = 1_000;
/** Entries of an account in one answer, with the proof that they are in the tree. */
export const RECEIPT_ENTRIES_MAX = 1_000;
/** How long after its thread has ended by an error another one begins. */
export const PROJECTION_RETRY_MS = 5_000;

/** Accounts that are asked for at once to be recomputed; findings that are told apart. */
export const RECOUNT_AT_ONCE = 32;
export const RECOUNT_FINDINGS_MAX = 1_000;
/** How often what is wrong is looked at again, and how often it is kept where a turn is. */
export const RECOUNT_RECHECK_MS = 10_000;
export const RECOUNT_KEEP_MS = 30_000;

/** Slots that owners hash to; fixed for the life of a data folder. */
export const SLOTS = 1024;
/** Shards of one data folder. */
export const SHARDS_MAX = 256;

/** Bytes of one packed command: every field at its limit fits. */
export const COMMAND_BYTES_MAX = 16_384;
/** Commands that one block may hold, and that one task carries to a shard. */
export const BATCH_MAX = 8_192;
/** Commands of one atomic batch, or of one dry run: a shard does nothing else while it judges them. */
export const TOGETHER_COMMANDS_MAX = 1_000;
/** Bytes of their packed commands. */
export const TOGETHER_BYTES_MAX = 4 * 1024 * 1024;
/** Commands of a packed batch, and its bytes. */
export const PACKED_COMMANDS_MAX = 65_536;
export const PACKED_BYTES_MAX = 16 * 1024 * 1024;
/** Bytes of commands after which a block takes no more. */
export const BLOCK_COMMAND_BYTES_MAX = 8 * 1024 * 1024;
/** Bytes of effects after which a block takes no more. */
export const BLOCK_EFFECT_BYTES_MAX = 16 * 1024 * 1024;
/** Commands waiting for one shard beyond which new ones are refused `SHARD_BUSY`. */
export const MAILBOX_MAX = 131_072;
/** How far block time may run ahead of the monotonic clock. */
export const CLOCK_JUMP_MAX_MS = 60_000;
/** How long after its last block a folder may be opened again without an operator's word about the clock. */
export const DOWNTIME_MAX_MS = 30 * DAY_MS;
/** How long a write and its sync may take before the shard counts as failed. */
export const SYNC_TIMEOUT_MS = 30_000;
/** Bytes of blocks after which a segment of a log ends, and days; bytes of the newest blocks that are in none; where nothing else is set. */
export const SEGMENT_BYTES = 4 * 1024 ** 3;
export const SEGMENT_DAYS = 7;
export const SEGMENT_HOT_BYTES = 1024 ** 3;
/** Bytes of blocks that are compressed together, and at most: the largest block in a frame that had nearly enough. */
export const SEGMENT_FRAME_BYTES = 64 * 1024;
export const SEGMENT_FRAME_BYTES_MAX = 64 * 1024 * 1024;
/** Bytes of expanded frames that a thread keeps of one log, and files of segments that it has open. */
export const SEGMENT_CACHE_BYTES = 4 * 1024 * 1024;
export const SEGMENT_FILES_OPEN = 16;
/** How often it is looked whether a segment can be sealed, and how long after a failure. */
export const SEAL_LOOK_MS = 10_000;
export const SEAL_RETRY_MS = 60_000;
/** Over how long it is measured how fast a data folder grows: at most, at least, and how often. */
export const FORECAST_MS = 24 * 3_600_000;
export const FORECAST_LEAST_MS = 3_600_000;
export const FORECAST_STEP_MS = 600_000;
/** Blocks that leave a log in one transaction: at most, and about how many bytes of them; and transactions in one go. */
export const CUT_BLOCKS_MAX = 1_024;
export const CUT_BYTES = 2 * 1024 * 1024;
export const CUT_SLICES_MAX = 64;
/** Blocks, and about how many bytes of them, that are appended to a log of record elsewhere in one transaction, and read in one go. */
export const RECORD_GROUP_BLOCKS = 16;
export const RECORD_GROUP_BYTES = 4 * 1024 * 1024;
export const RECORD_PAGE_BLOCKS = 512;
/** How long it may take to connect to a server of the log of record, and until a call that is not answered is looked after. */
export const RECORD_CONNECT_MS = 3_000;
export const RECORD_LOOK_MS = 10_000;
/** How long a marker waits for the shard's row before it tries again, and how long it rests between attempts of anything. */
export const RECORD_LOCK_MS = 5_000;
export const RECORD_PAUSE_MS = 50;
/** How often the server and its standbys are looked at. */
export const RECORD_WATCH_MS = 1_000;
/** Characters of what a process calls itself in the log of record. */
export const RECORD_HOLDER_LENGTH_MAX = 128;
/** After how long without a sign of life a leader's shards may be taken over, where nothing else is said; within these bounds. */
export const FAILOVER_STAND_MS = 2_000;
export const FAILOVER_STAND_MS_MIN = 500;
export const FAILOVER_STAND_MS_MAX = 600_000;
/** How many signs of life a replica gives in that time. */
export const FAILOVER_BEATS = 5;
/** How often followers look for further blocks, and how many bytes they copy in one go. */
export const FAILOVER_FOLLOW_MS = 100;
export const FAILOVER_PAGE_BYTES = 8 * 1024 * 1024;
/** Bytes of a shard's log that a takeover replays at most, about: a follower writes a checkpoint after so many. */
export const FAILOVER_REPLAY_BYTES = 16 * 1024 * 1024;
/** Characters of a replica's name. */
export const REPLICA_NAME_LENGTH_MAX = 64;
/** How long replicas that are not heard of any more are shown. */
export const REPLICA_SHOWN_MS = 24 * 60 * 60_000;
/** Days of one partition of the log of record, where nothing else is said. */
export const RECORD_PARTITION_DAYS = 7;
/** Bytes of the data folder's disk that must be free: with less, commands are refused `DISK_FULL`. */
export const DISK_FREE_BYTES_MIN = 256 * 1024 * 1024;
/** How often a shard looks how much is free. */
export const DISK_LOOK_MS = 1_000;
/** With less than this free, a write that failed is told to have failed because the disk is full. */
export const DISK_FULL_BYTES = 1024 * 1024;
/** How long after its beginning a cross-shard transfer may reach a shard that has not heard of it. */
export const PREPARE_LIMIT_MS = 10_000;
/** Transfers open on one shard towards another, beyond which new ones are refused `SHARD_UNAVAILABLE`. */
export const TRANSITS_TOWARDS_MAX = 16_384;
/** Follow-ups that wait on one shard for another, beyond which transfers with one for it are refused `SHARD_UNAVAILABLE`. */
export const FOLLOW_UPS_TOWARDS_MAX = 16_384;
/** Follow-ups that wait on one shard for their time, beyond which what would cause more is refused `SHARD_UNAVAILABLE`. */
export const FOLLOW_UPS_LATER_MAX = 65_536;
/** How long a caller waits for the decision of a cross-shard transfer before the answer is `PREPARED`. */
export const DECISION_TIMEOUT_MS = 2_000;
/** Nodes of one cluster. */
export const NODES_MAX = 64;
/** Characters of the name of a cluster, and of a node. */
export const NODE_NAME_LENGTH_MAX = 32;
/** Bytes of one message between nodes, its parts put together. */
export const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
/** Bytes of messages between nodes of which parts are missing, on one connection. */
export const UNJOINED_BYTES_MAX = 128 * 1024 * 1024;
/** Messages between nodes of which parts are missing, on one connection. */
export const UNJOINED_MESSAGES_MAX = 1_024;
/** How long the rest of a message between nodes is waited for. */
export const UNJOINED_MS_MAX = 10_000;
/** Bytes handed to a connection to NATS that its server has not taken, beyond which messages are dropped. */
export const UNTAKEN_BYTES_MAX = 128 * 1024 * 1024;
/** How often a connection to NATS proves that it hears what it listens to. */
export const PROOF_MS = 2_000;
/** How often a node says which shards it serves, where no other time is set. */
export const CLAIM_MS = 3_000;
/** How many of these times a claim stands that is not said again. */
export const CLAIMS_STAND = 3;
/** A process that did nothing for so long was suspended: its claim is renewed before it answers. */
export const SUSPENDED_MS = 3_000;
/** By how much the clocks of two nodes may differ before it is told, and before a node is not ready, where nothing else is set. */
export const CLOCK_DIFFERENCE_MS = 2_000;
export const CLOCK_DIFFERENCE_MS_MAX = 5_000;
/** How long a command for another node waits for its answer at least, whatever the caller's limit. */
export const REMOTE_ANSWER_MIN_MS = 250;
/** How long a read on another node may take. */
export const REMOTE_READ_MS = 5_000;
/** Shelves that members' keys lie on: an erasure wraps anew what lies on one. */
export const VAULT_SHELVES = 1_024;
/** Members whose keys a node remembers. */
export const VAULT_CACHE_MAX = 16_384;
/** Texts that are sealed or opened by one question to another node. */
export const VAULT_TEXTS_MAX = 128;
/** How long the command of a key management service may take, and how long after a failure the master key is asked for again, in ms. */
export const MASTER_COMMAND_MS = 30_000;
export const MASTER_AGAIN_MS = 2_000;
/** A version of a member's key is destroyed when the next one has sealed for so long: what was sealed with it is written by then. */
export const KEY_REVOKE_AFTER_MS = 3_600_000;
/** Characters of why a member is erased. */
export const ERASURE_REASON_LENGTH_MAX = 200;
/** Members of a page of those who were erased. */
export const ERASED_PAGE = 1_000;
/** Callers elsewhere that wait for decisions of one shard, beyond which they hear of them only by asking again. */
export const REMOTE_WAITING_MAX = 65_536;
/** How long the answer to another node's batch is kept, for a repeat. */
export const REMOTE_REPLY_KEPT_MS = 30_000;
/** Bytes of durable blocks of one shard that are kept in memory for those who follow its feed; who is further behind reads the log. */
export const FEED_WINDOW_BYTES = 32 * 1024 * 1024;
/** Changes of an owner's balances that are kept while the missed ones before them are read; beyond it they are read, too. */
export const LIVE_WAITING_MAX = 4_096;
/** How long a node tells another one of changes of an owner's balances, after it was last asked to. */
export const WATCH_LEASE_MS = 12_000;
/** Owners that a node is asked to tell of in one question. */
export const WATCH_OWNERS_MAX = 1_000;
/** An entry whose version is a multiple of this carries pointers further back (see effects.ts). */
export const SKIP_STRIDE = 64;

const related: readonly (readonly [boolean, string])[] = [
  [KIND_LENGTH_MAX + REF_LENGTH_MAX >= ID_LENGTH_MAX, 'kind:ref can fill an id'],
  [COMMAND_BYTES_MAX > RECORD_BYTES_MAX + 1024, 'a record fits a command'],
  [
    COMMAND_BYTES_MAX >
      (1 + FOLLOW_UPS_MAX) * (METADATA_BYTES_MAX + MEMO_BYTES_MAX + 512) +
        (LEGS_MAX + FOLLOW_UPS_MAX * FOLLOW_UP_LEGS_MAX) *
          (2 * OWNER_LENGTH_MAX + ASSET_LENGTH_MAX + 24),
    'a transfer with every field full fits a command',
  ],
  [
    COMMAND_BYTES_MAX >
      ACT_PLAN_BYTES_MAX +
        ACT_BODY_BYTES_MAX +
        LEGS_MAX * (2 * OWNER_LENGTH_MAX + ASSET_LENGTH_MAX + 24) +
        1024,
    'an act with the longest plan fits a command',
  ],
  [
    ACT_BODY_BYTES_MAX >= QUOTE_LENGTH_MAX + RECEIVER_LENGTH_MAX + 3 * ID_LENGTH_MAX,
    'an order with a quote and a receiver fits the body of an act',
  ],
  [
    RECORD_BYTES_MAX >= RECEIVER_LENGTH_MAX + SHIPMENTS_MAX * (TRACKING_LENGTH_MAX + 24) + 1_024,
    'an order with all its shipments fits a record',
  ],
  [
    LEGS_MAX >= 3 + CARDS_PER_ORDER_MAX + DIGITAL_PIECES_MAX,
    'an order paid by points and cards, of pieces with a coupon, that makes cards, fits',
  ],
  [RECORD_BYTES_MAX > PROFILE_BYTES_MAX, 'what is known of a member fits a record'],
  [
    2 * STREAK_RUNS_MAX >= EVENT_LATE_MS_MAX / DAY_MS + 3,
    'no day on which an event may come is forgotten',
  ],
  [BLOCK_COMMAND_BYTES_MAX >= COMMAND_BYTES_MAX, 'a block takes at least one command'],
  [PACKED_COMMANDS_MAX >= BATCH_MAX, 'a packed batch is no smaller than another one'],
  [MAILBOX_MAX >= BATCH_MAX, 'a batch fits the mailbox'],
  [
    TOGETHER_COMMANDS_MAX <= BATCH_MAX && TOGETHER_BYTES_MAX <= BLOCK_COMMAND_BYTES_MAX,
    'an atomic batch fits a block',
  ],
  [
    MESSAGE_BYTES_MAX >= 2 * (BLOCK_COMMAND_BYTES_MAX + BLOCK_EFFECT_BYTES_MAX),
    'what a batch comes to fits a message between nodes',
  ],
  [UNJOINED_BYTES_MAX >= MESSAGE_BYTES_MAX, 'the largest message can be put together'],
  [UNTAKEN_BYTES_MAX >= MESSAGE_BYTES_MAX, 'the largest message can be sent'],
  [2 * DRAW_SEED_LEAD_MS < DRAW_PERIOD_MS_MIN, 'a seed is logged before its period'],
  [DRAW_SEEDS_KEPT < RECORDS_PAGE_MAX, 'seeds that are kept'],
  [LOT_GRANULARITY_MIN_MS <= DAY_MS && DAY_MS <= LOT_GRANULARITY_MAX_MS, 'granularity'],
  [
    FEED_WINDOW_BYTES >= BLOCK_COMMAND_BYTES_MAX + BLOCK_EFFECT_BYTES_MAX,
    'a block fits the window',
  ],
  [
    DISK_FREE_BYTES_MIN >= 4 * (BLOCK_COMMAND_BYTES_MAX + BLOCK_EFFECT_BYTES_MAX),
    'what is on its way fits what is kept free',
  ],
  [CLOCK_DIFFERENCE_MS_MAX < PREPARE_LIMIT_MS, 'clocks are told before prepares come late'],
  [
    COMMAND_BYTES_MAX > DEFINITION_BYTES_MAX + 6 * ZONE_CHANGES_MAX + 1024,
    'a definition fits a command',
  ],
  [
    DEFINITION_LEAD_MS > CLOCK_DIFFERENCE_MS_MAX + 3 * DEFINITION_ASK_MS,
    'a node may miss two answers, its clock ahead, and goes on deciding',
  ],
  [
    SEGMENT_FRAME_BYTES_MAX >=
      SEGMENT_FRAME_BYTES + 2 * (BLOCK_COMMAND_BYTES_MAX + BLOCK_EFFECT_BYTES_MAX),
    'the largest block fits a frame',
  ],
  [ZONE_YEARS_AHEAD > EXPIRY_YEARS_MAX, 'a lot that is made ends within the table'],
  [TIME_MAX_MS < NEVER, 'never is after every time'],
];
for (const [holds, what] of related) {
  if (!holds) throw new Error(`engine/limits.ts contradicts itself: ${what}`);
}
