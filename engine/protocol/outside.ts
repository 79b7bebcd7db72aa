// Exchanges with partners outside, what partners were asked to do, and what does not agree, as they are told. Owns: these shapes. Never touches: how one
// goes on (programme/outside), who asks partners (gateway/partners).

/** What is done for one, in this order; or undone. */
export const PARTNER_STEPS = [
  'deduct_source_credits',
  'add_target_credits',
  'confirm_source_deduction',
  'rollback_target_addition',
  'rollback_source_freeze',
] as const;
export type PartnerStep = (typeof PARTNER_STEPS)[number];

/**
 * `pending_approval`: a second person decides. `started`: nothing was answered yet. `retrying`: what came of the step that it is at is not known, or it
 * cannot be done now; it is asked again. `completed`, `failed`: for ever, unless an operator has what failed tried again (`retrying`); failed: nobody has lost
 * or got anything, but for what `inconsistency` names.
 */
export const PARTNER_STATUSES = [
  'pending_approval',
  'started',
  'in_progress',
  'retrying',
  'completed',
  'failed',
] as const;
export type PartnerStatus = (typeof PARTNER_STATUSES)[number];

/** A side of one: points of this ledger, or a partner's. */
export interface PartnerSide {
  readonly asset: string;
  readonly platform: string;
  /** The user at the partner; left out: the points are here, or he is not known to the partner yet. */
  readonly user?: string;
  /** Under which id the partner is asked; left out: the points are here. */
  readonly operation?: string;
}

/** An exchange with a partner outside. Amounts in minor units, times in milliseconds since 1970. */
export interface PartnerExchange {
  readonly exchange: string;
  readonly owner: string;
  readonly status: PartnerStatus;
  /** The step that it is at; of one that has ended: the last one. */
  readonly step: PartnerStep;
  readonly source: PartnerSide;
  readonly target: PartnerSide;
  /** What is given, with the fee; the fee; what is got. */
  readonly amount: number;
  readonly fee: number;
  readonly result: number;
  /** Who gets it; left out: the owner. */
  readonly receiver?: string;
  readonly submittedAt: number;
  readonly updatedAt: number;
  /** From then on it goes back, where it can. */
  readonly until: number;
  readonly endedAt?: number;
  /** What each step came to, in the order in which they were done. */
  readonly history: readonly {
    readonly step: PartnerStep;
    readonly answer: string;
    readonly at: number;
  }[];
  /** Why it goes back, or has failed. */
  readonly reason?: string;
  readonly inconsistency?: string;
}

/**
 * `failed_unfreeze`: what was taken at the source could not be given back. `cross_system_mismatch`: two systems say what cannot both be.
 * `cross_system_reconciliation`: found by comparing lists, or totals; or what came of a step is not known for too long.
 */
export const INCONSISTENCY_KINDS = [
  'failed_unfreeze',
  'cross_system_mismatch',
  'cross_system_reconciliation',
] as const;
export type InconsistencyKind = (typeof INCONSISTENCY_KINDS)[number];

/** What does not agree between two systems: worked off by an operator. */
export interface Inconsistency {
  /** The same for the same, however often it is found. */
  readonly inconsistency: string;
  readonly kind: InconsistencyKind;
  readonly state: 'open' | 'resolved';
  readonly partner: string;
  /** In a word, e.g. `missing_in_target`. */
  readonly finding: string;
  /** The exchange, and the operation, that it is about. */
  readonly exchange?: string;
  readonly operation?: string;
  readonly asset?: string;
  /** In minor units: what this ledger says, and what the partner says. */
  readonly ours?: number;
  readonly theirs?: number;
  readonly openedAt: number;
  readonly resolvedAt?: number;
  /** Why it is resolved; who said so. */
  readonly reason?: string;
  readonly by?: string;
}

/** `out`: this ledger has asked the partner; `in`: the partner has asked this ledger. */
export const OPERATION_DIRECTIONS = ['out', 'in'] as const;
export const OPERATION_KINDS = ['add', 'deduct'] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/**
 * `pending`: what came of it is not known. `completed`, `refused`: done once, or for ever not. `rolled_back`: done and undone. `void`: not done, and never
 * done any more, for it was rolled back before it came.
 */
export const OPERATION_STATES = ['pending', 'completed', 'refused', 'rolled_back', 'void'] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

/** Something that one system has asked the other one for. Amounts in minor units, times in milliseconds since 1970. */
export interface PartnerOperation {
  readonly operation: string;
  readonly partner: string;
  readonly direction: (typeof OPERATION_DIRECTIONS)[number];
  readonly kind: OperationKind;
  readonly state: OperationState;
  /** As whoever was asked names the user. */
  readonly user: string;
  readonly asset: string;
  readonly amount: number;
  readonly at: number;
}
