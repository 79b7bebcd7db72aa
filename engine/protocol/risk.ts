// Words of risk: what a mark does, what it may stop. Owns: the words. Never touches: marks, rules.

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
