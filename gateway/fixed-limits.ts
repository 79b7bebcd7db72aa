// Limits of the gateway that no operator sets. Owns: figures, by way of limits.ts. Never touches: anything else.

/** Characters of a question in SQL. */
export const SQL_LENGTH_MAX = 20_000;
/** Characters of the name of a platform or key. */
export const NAME_LENGTH_MAX = 100;
/** Characters of a platform's endpoint. */
export const ENDPOINT_LENGTH_MAX = 300;
/** Origins that may embed a platform's page for members, and the characters of one. */
export const EMBED_ORIGINS_MAX = 16;
export const ORIGIN_LENGTH_MAX = 200;
/** Requests of a rate, and the seconds that they are counted over. */
export const RATE_REQUESTS_MAX = 1_000_000_000;
export const RATE_SECONDS_MAX = 86_400;
/** Characters of a webhook's URL. */
export const WEBHOOK_URL_LENGTH_MAX = 1_000;
/** Characters of a partner's URL, and of the token that it wants to be shown; calls at once that its record may name; assets. */
export const PARTNER_URL_LENGTH_MAX = 1_000;
export const PARTNER_TOKEN_LENGTH_MAX = 1_000;
export const PARTNER_CALLS_MAX = 1_000;
export const PARTNER_ASSETS_MAX = 32;
/** Characters of a witness's URL, and of its key as a line. */
export const WITNESS_URL_LENGTH_MAX = 500;
export const WITNESS_KEY_LENGTH_MAX = 160;
/** Redirect URIs of a client, and characters of one. */
export const REDIRECT_URIS_MAX = 8;
export const REDIRECT_URI_LENGTH_MAX = 400;
/** Characters that a set of scopes is written with. */
export const SCOPE_TEXT_LENGTH_MAX = 512;
/** Characters of what a partner says of a user, and of the key by which it is made. */
export const INBOUND_TEXT_LENGTH_MAX = 200;
/** Characters of a cron expression; the longest grace time of a reconciliation. */
export const CRON_LENGTH_MAX = 100;
export const GRACE_SECONDS_MAX = 7 * 86_400;
/** How long a secret may stay good beside its successor. */
export const OVERLAP_SECONDS_MAX = 30 * 86_400;
/** Characters of a platform's token. */
export const TOKEN_LENGTH_MAX = 4_096;
/** How far ahead the `nbf` of a token may be: the clock of who made it may be ahead of the one here. */
export const TOKEN_LEEWAY_SECONDS = 60;
/** Tokens of one platform that are remembered as good. */
export const TOKENS_REMEMBERED = 256;
/** Characters of a system's name for a user. */
export const SYSTEM_USER_LENGTH_MAX = 128;
/** Days that the lines of each log are kept. */
export const LOG_DAYS = { service: 30, business: 30, audit: 90 } as const;
/** How long lines of a log are gathered before they are written: what a SIGKILL may cost. */
export const LOG_GATHER_MS = 20;
/** When a disk that takes no lines is tried again, and how long a stop waits for one. */
export const LOG_RETRY_MS = 1_000;
export const LOG_CLOSE_MS = 5_000;
/** Beyond `refusalLinesRate` one request in so many has a line; principals that are counted at once. */
export const FLOOD_SAMPLE = 100;
export const FLOOD_PRINCIPALS_MAX = 10_000;
/** How often the ledger is looked at for new lines of the audit and business logs, and bytes of it that are read at a time. */
export const TRAIL_LOOK_MS = 100;
export const TRAIL_STEP_BYTES = 4 * 1024 * 1024;
/** After so many blocks without a line a log says how far it is. */
export const TRAIL_POSITION_BLOCKS = 10_000;
/** Characters of one log's lines that wait for the disk. */
export const LOG_WAITING_MAX = 8 * 1024 * 1024;
/** Proxies in front that can be believed. */
export const PROXIES_MAX = 8;

/** Members that a row of what is given away is of, at least; what its counts are rounded down to. */
export const ANONYMOUS_MEMBERS_MIN = 10;
export const ANONYMOUS_ROUNDED = 5;
