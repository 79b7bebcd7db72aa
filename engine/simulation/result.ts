// What a simulation tells. Owns: the shapes. Never touches: how it is found.

import type { Effect, Json } from '../programme/act.js';
import type { RefusalCode } from '../protocol/refusals.js';

/** Minor units by what was logged, and by what is decided again. */
export interface BeforeAfter {
  readonly before: number;
  readonly after: number;
}

/** What is compared: the log with itself (`logged`: there is no difference), or with other documents (`drafts`). */
export type SimulationMode = 'logged' | 'drafts';

/** How budgets are taken: exhausted for an event where the log says so, or never. */
export type SimulatedBudgets = 'logged' | 'unlimited';

/** A document that counts all the time, whatever counted in its place. null: none does. */
export interface Draft {
  readonly kind: string;
  readonly key: string;
  readonly document: Readonly<Record<string, unknown>> | null;
}

/** What is asked for. */
export interface SimulationOptions {
  /** Events that were decided from this time on, in milliseconds since 1970, and before `to`. */
  readonly from: number;
  /** Left out: up to now. */
  readonly to?: number | undefined;
  /** Left out: as they were logged, and then there is no difference. */
  readonly drafts?: readonly Draft[] | undefined;
  /** Left out: `logged`. */
  readonly budgets?: SimulatedBudgets | undefined;
  /** Decide this event alone again, of those of the period: whose it is, and its id. All others are as logged. */
  readonly event?: { readonly owner: string; readonly id: string } | undefined;
}

/** What was decided of an event. */
export interface SimulatedDecision {
  /** It is refused; nothing else is there. */
  readonly refusal?: RefusalCode;
  readonly effects: readonly Effect[];
  readonly why: { readonly [name: string]: Json };
}

/** One event by the log, and decided again. */
export interface SimulatedEvent {
  readonly owner: string;
  readonly event: string;
  readonly programme: string;
  readonly type: string;
  /** When it was decided. */
  readonly time: number;
  readonly before: SimulatedDecision;
  readonly after: SimulatedDecision;
}

/** What pays, and how much: a rule, a task, or what is paid to those who have referred a member. */
export interface SimulatedSource extends BeforeAfter {
  readonly kind: 'rule' | 'task' | 'referral';
  readonly key: string;
}

/** What is given beside points, and how often: coupons of a campaign, badges of a task. */
export interface SimulatedGift extends BeforeAfter {
  readonly kind: 'coupon' | 'badge';
  readonly key: string;
}

/** Members who come off better, or worse. */
export interface SimulatedSide {
  readonly members: number;
  /** Minor units, of all of them. */
  readonly sum: number;
}

/** A tier, as the log had it with the last event of each member; null: none. */
export interface SimulatedTier extends BeforeAfter {
  readonly tier: string | null;
  readonly winners: SimulatedSide;
  readonly losers: SimulatedSide;
}

/** Of a member what the period's events came to, less what was taken back. */
export interface SimulatedMember extends BeforeAfter {
  readonly owner: string;
}

/** One of a programme. */
export interface SimulatedProgramme extends BeforeAfter {
  readonly programme: string;
  readonly asset: string;
  readonly events: number;
  /** Events that come to something else: points, shares of who has referred the member, counters, records or reasons. */
  readonly different: number;
  /** Events that are refused. */
  readonly refused: BeforeAfter;
  /** Minor units that returns have taken back. */
  readonly takenBack: BeforeAfter;
  readonly sources: readonly SimulatedSource[];
  /** How often; what returns have taken back of them is not taken off. */
  readonly gifts: readonly SimulatedGift[];
  readonly tiers: readonly SimulatedTier[];
  /** By day of the programme's zone on which they were decided. */
  readonly days: readonly (BeforeAfter & { readonly day: string })[];
  /** What budgets have paid. */
  readonly budgets: readonly (BeforeAfter & { readonly owner: string })[];
  /** Members with events. */
  readonly members: number;
  readonly winners: SimulatedSide & { readonly largest: readonly SimulatedMember[] };
  readonly losers: SimulatedSide & { readonly largest: readonly SimulatedMember[] };
  /** How many members differ by how much: from `over` on, up to the next one's. */
  readonly distribution: readonly { readonly over: number; readonly members: number }[];
}

/** What it came to. */
export interface SimulationResult {
  readonly mode: SimulationMode;
  readonly from: number;
  readonly to: number;
  readonly budgets: SimulatedBudgets;
  /** Up to which block each log was read, as `asOf` of other reads. */
  readonly asOf: string;
  readonly programmes: readonly SimulatedProgramme[];
  /** Events by versions of rules' code that this release has not: taken as logged. */
  readonly asLogged: number;
  /** Where one event was asked for. */
  readonly event?: SimulatedEvent | undefined;
}

/** What a correction cannot put right: a task that other events complete, coupons of a campaign. */
export interface Uncorrected {
  readonly kind: 'task' | 'coupon';
  readonly key: string;
}

/** How far it is. */
export interface SimulationProgress {
  /** Blocks read, of so many. */
  readonly blocks: number;
  readonly of: number;
  readonly events: number;
}

/** One that is under way, or over. */
export interface RunningSimulation {
  readonly progress: SimulationProgress;
  /** Rejects where it fails, is cancelled, or a draft is not right (SimulationError). */
  readonly result: Promise<SimulationResult>;
  cancel(): void;
}

/** Drafts, or the period, are not right. */
export class SimulationError extends Error {
  /** As `drafts[2].document.points`. */
  readonly field: string;

  constructor(field: string, detail: string) {
    super(detail);
    this.name = 'SimulationError';
    this.field = field;
  }
}
