// Marks of risk: what one says, what it does, what it may stop. Owns: these shapes and words. Never touches: how marks come and go, rules.

/** What a mark does, what stops least first. */
export const RISK_ACTIONS = ['mark', 'second-factor', 'review', 'refuse'] as const;
/** What a mark does. */
export type RiskAction = (typeof RISK_ACTIONS)[number];

/**
 * What takes points of a member, or gives goods for them. `redeem`: to `@redeem`, orders; `spend`: to other system owners, holds, what a partner deducts;
 * `transfer`: to other users, gifts; `exchange`: between platforms and with partners; `draw`: draws of lotteries.
 */
export const RISK_KINDS = ['redeem', 'spend', 'transfer', 'exchange', 'draw'] as const;
/** What takes points of a member. */
export type RiskKind = (typeof RISK_KINDS)[number];

/** The type of the record that a member's marks are in, and its key. */
export const [RISK_TYPE, RISK_KEY] = ['risk', 'marks'] as const;

/** A mark of risk on a member. */
export interface Mark {
  /** Its name: the key of the rule that has found it, or what an operator calls it. */
  readonly mark: string;
  /** Why, as a word: `IP_MULTI_ACCOUNT`. */
  readonly reason: string;
  readonly action: RiskAction;
  /** Since when, milliseconds since 1970; and when it was said last. */
  readonly at: number;
  readonly seen: number;
  /** Until when; null: until it is lifted. */
  readonly until: number | null;
  /** Who says it, by the credentials shown; `engine`: a rule. */
  readonly by: string;
  /** How often it was said. */
  readonly count: number;
  /** The version of the rule; left out: it is no rule's. */
  readonly version?: number;
  /** Thousandths: 0 to 1,000. */
  readonly score?: number;
  /** What was seen, without anything that names an address or a device in clear. */
  readonly evidence?: string;
  /** What it stops; left out: all kinds. */
  readonly kinds?: readonly RiskKind[];
  /** Only this asset; left out: all. */
  readonly asset?: string;
  /** Only what moves more than so many minor units; left out: whatever. */
  readonly over?: number;
}

/** Marks of a member, and for which names rules are not heard until when. */
export interface Marks {
  readonly marks: readonly Mark[];
  readonly quiet?: { readonly [mark: string]: number } | undefined;
}

/** Does a mark count? */
export const isInForce = ({ until }: Pick<Mark, 'until'>, time: number): boolean =>
  until === null || until > time;

/** How a mark stands: it counts; its end has come; somebody has lifted it, or a stronger one took its place. */
export const RISK_STATES = ['active', 'ended', 'lifted'] as const;
export type RiskState = (typeof RISK_STATES)[number];

/** A mark as lists tell it. */
export interface MarkedMember extends Mark {
  readonly owner: string;
  readonly state: RiskState;
  /** When it was lifted, milliseconds since 1970. */
  readonly liftedAt?: number | undefined;
}

/** Which marks. */
export interface RisksQuery {
  /** Left out: those that count. */
  readonly state?: RiskState | undefined;
  readonly reason?: string | undefined;
  readonly action?: RiskAction | undefined;
  /** Default limits.REGISTER_PAGE_DEFAULT, at most limits.REGISTER_PAGE_MAX. */
  readonly limit?: number | undefined;
  /** From the page before. */
  readonly cursor?: string | undefined;
  /** At which time they count, milliseconds since 1970. */
  readonly time: number;
}
