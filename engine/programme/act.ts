// What an act is: what it may see, what it decides. Owns: the shapes. Never touches: state, the log, the clock.
//   programme.P1. `decide` and `undo` follow from what they are given: no clock, no randomness, no waiting, no writing.

import type { Said } from '../protocol/commands.js';
import type { Document } from '../protocol/definition-fields.js';
import type { FieldSet, TypeOf } from '../protocol/fields.js';
import type { Operation } from '../protocol/grants.js';
import type { RefusalCode } from '../protocol/refusals.js';
import type { RiskKind } from '../protocol/risk.js';
import type { Deciding, Kind, Versioned } from './definitions/kind.js';

/** A value that can be written as JSON. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

/** An account of the home owner, in minor units. */
export interface AccountView {
  readonly available: number;
  readonly held: number;
  readonly earned: number;
  readonly spent: number;
  readonly expired: number;
}

/** An open hold of the home owner. */
export interface HoldView {
  readonly asset: string;
  /** Minor units that are not captured yet. */
  readonly remaining: number;
  /** When it ends by itself; undefined: never. */
  readonly deadline?: number;
}

/** A span of time that a counter counts in; it is known by when it begins. */
export interface Window {
  /** Milliseconds since 1970. */
  readonly from: number;
  /** From when on it may be forgotten. */
  readonly until: number;
}

declare const DECLARED: unique symbol;
/** The name of a type of records, as record-type.ts declares it. */
export type RecordType = string & { readonly [DECLARED]: true };

/** All there is of an owner. */
export interface WholeOwner {
  readonly accounts: readonly (AccountView & {
    readonly asset: string;
    readonly isFrozen: boolean;
  })[];
  /** How many holds are open, and earnings pending. */
  readonly holds: number;
  /** Those that acts have written. */
  readonly records: readonly {
    readonly type: RecordType;
    readonly key: string;
    readonly value: Json;
  }[];
}

/** What becomes of records of a type when their member is merged into another one. */
export interface OnMerge {
  /** Whose they are: a member's, or a `#` owner's. */
  readonly of: 'member' | 'engine';
  /** While a record says so, its member is not merged. Left out: never. */
  readonly blocks?: (value: Json, time: number) => boolean;
  /** How it comes to the other member; left out: it stays. */
  readonly carry?: Carry;
}

/** How a record comes to the member that another one is merged into. */
export interface Carry {
  /** What of it goes over; undefined: nothing. Left out: all of it. */
  readonly take?: (value: Json, time: number) => Json | undefined;
  /** Adds it to what that member has; undefined: nothing changes. */
  add(see: Reads, key: string, value: Json, joining: Joining): Carried | undefined;
  /** Takes back what `add` has added (`delta`). */
  back?(see: Reads, key: string, delta: Json, joining: Joining): Omit<Carried, 'delta'>;
}

/** Who is merged into whom, and block time. */
export interface Joining {
  readonly from: string;
  readonly into: string;
  readonly time: number;
}

/** What changes where something is carried over. */
export interface Carried {
  readonly records?: readonly RecordDelta[];
  readonly counters?: readonly CounterAdd[];
  readonly puts?: readonly ConditionalPut[];
  readonly followUps?: readonly FollowUp[];
  readonly effects?: readonly Effect[];
  /** What was added, for `back`; left out: the counters alone. */
  readonly delta?: Json;
}

/** What an act may look at: what is its home owner's, as of the block that it is decided in. */
export interface Reads {
  /** The id of what is decided, as the log has it. */
  readonly id: string;
  /** An account; where there is none, one with nothing in it. An asset that is not defined: undefined. */
  account(asset: string): AccountView | undefined;
  /** Digits after the point of an asset; undefined: it is not defined. */
  scale(asset: string): number | undefined;
  /** An open hold, by its id; undefined: there is none, or not any more. */
  hold(holdId: string): HoldView | undefined;
  /** What an act has written for this owner; undefined: nothing. */
  record<T extends Json>(type: RecordType, key: string): T | undefined;
  /** All there is of the owner; nothing is decided by it while any of that is under way elsewhere. */
  whole(): WholeOwner;
  /** How many records there are, with those that callers have put. */
  readonly recordCount: number;
  /** The definition that decides at block time; undefined: none does. */
  definition<D extends FieldSet>(kind: Kind<D>, key: string): Versioned<TypeOf<D>> | undefined;
  /** The definitions of a group (`Kind.group`) that decide at block time, by key. */
  definitions<D extends FieldSet>(kind: Kind<D>, group: string): readonly Versioned<TypeOf<D>>[];
  /** What decides at block time, and what was worked out of that before. */
  readonly deciding: Deciding;
  /** An act of the home owner that was posted, by its id; undefined: there is none. */
  past(id: string): PastAct | undefined;
  /** What has been counted in a window. */
  counter(name: string, window: Window): number;
  /** What this shard can pay at once of a `#` owner, in minor units; its home shard may have more. */
  allotment(owner: string, asset: string): number;
  /**
   * Will a `#` owner not pay so much (1 minor unit, where it is left out), as things are? True where it is here, has less, and nothing of it is
   * reserved, lent or expected; or where its shard has told this one so a moment ago (limits.EXHAUSTED_MS).
   */
  isExhausted(owner: string, asset: string, amount?: number): boolean;
  /** Of a `#` owner that will not pay what was asked for: what it has left, in minor units, as far as it is known here. */
  left(owner: string, asset: string): number;
  /**
   * Where so much of a `#` owner's points could come from: this shard has it at once; or its own shard may have it; or it is known that nobody
   * gives it now.
   */
  supply(owner: string, asset: string, amount: number): 'here' | 'elsewhere' | 'none';
  /** What an earning of so much would be refused with; undefined: there is room for it. */
  room(asset: string, amount: number): RefusalCode | undefined;
  /** The seed that decides at this time; undefined: none does. For acts of chance alone. */
  chance(time: number): Chance | undefined;
  /** Why this act of chance came to what could not be done, where it has been decided before: it is decided by the same chance. */
  readonly tried: Why | undefined;
  /** A digest of a text under the key that the data folder has, and no log; undefined: there is no key here. */
  proof(text: string): Uint8Array | undefined;
}

/** Why something was decided. */
export interface Why {
  readonly [name: string]: Json;
}

/** A seed that nobody knows yet. */
export interface Chance {
  readonly shard: number;
  /** Which seed of the shard it is, from 1 on. */
  readonly seed: number;
  /** What is published of it: SHA-256, in hexadecimal digits. */
  readonly hash: string;
  /** HMAC-SHA-256 of a text. */
  answer(message: string): Uint8Array;
}

/** An act that was posted before. */
export interface PastAct {
  /** Its id as it is logged: what a reversal names. */
  readonly id: string;
  readonly act: string;
  readonly body: unknown;
  readonly effects: readonly Effect[];
  readonly counters: readonly CounterAdd[];
  readonly followUps: readonly FollowUp[];
  readonly why: { readonly [name: string]: Json };
  /** Minor units of each leg: of all, and undone already. */
  readonly amounts: readonly number[];
  readonly undone: readonly number[];
  /** And pending still. */
  readonly pending: readonly number[];
  /** Block time. */
  readonly time: number;
  /** Is nothing left of it to be undone? */
  readonly isUndone: boolean;
}

/** When an act is decided. */
export interface Moment {
  /** Block time, milliseconds since 1970. */
  readonly time: number;
  readonly owner: string;
  /** Who asks, by the credentials shown; undefined: an embedding program, or the engine itself. */
  readonly principal?: string | undefined;
}

/** Points that an act moves. `#` owners may be named. */
export interface PlannedLeg {
  readonly from: string;
  readonly to: string;
  readonly asset: string;
  /** Minor units. */
  readonly amount: number;
  /** As `Leg.expiresAt`. */
  readonly expiresAt?: number | null | undefined;
  /** Until when the points, which the home owner gets and does not pay, are pending, as `Transfer.pendingUntil`; undefined: they are not. */
  readonly pendingUntil?: number | null | undefined;
  /** A capture: paid by the home owner, out of this hold of his. */
  readonly holdId?: string;
  /**
   * Paid by a `#` owner that the act can do without: where that is exhausted, the act is not refused but decided anew, and then knows it
   * (`Reads.isExhausted`). Where the shard cannot do that at once, it is refused for now (BUDGET_SHORT): the act says so in its `refusals`.
   */
  readonly isOptional?: boolean;
}

/** Points of the home owner that an act reserves, under the act's own id. */
export interface PlannedHold {
  readonly asset: string;
  /** Minor units. */
  readonly amount: number;
  /** When it ends by itself, milliseconds since 1970; undefined: never. */
  readonly deadline?: number;
}

/** What of an earlier transfer, capture or act of the home owner is given back: as a command `reverse` says it. */
export type PlannedReversal = Pick<Said<'reverse'>, 'transferId' | 'amount' | 'legs' | 'allowDebt'>;

/** A record of the home owner that an act writes; null: it goes away. */
export interface RecordDelta {
  readonly type: RecordType;
  readonly key: string;
  readonly value: Json;
  /** When it goes away by itself, milliseconds since 1970; left out: never. */
  readonly expiresAt?: number;
}

/** A record of a `#` owner that an act writes where that owner lives, if it is as the act expects. */
export interface ConditionalPut extends RecordDelta {
  readonly owner: string;
  /** What the record must be; null: there must be none. */
  readonly expected: Json;
  /** Or it says until when it counts (`until`), and that time has come where it lies. */
  readonly orLapsed?: boolean | undefined;
  /** Or nothing is written (`expected` and `value` are null): it must be there, and the time that it says (`until`) not have come where it lies. */
  readonly mustCount?: true | undefined;
  /** What the act is refused with where it is not. */
  readonly otherwise: RefusalCode;
}

/** What is added to a counter of the home owner. */
export interface CounterAdd {
  readonly name: string;
  readonly window: Window;
  /** Below 0: taken back. */
  readonly add: number;
}

/** What a caller is told that an act has done. */
export interface Effect {
  readonly type: string;
  readonly [name: string]: Json;
}

/** An act that another one causes, for whatever owner. It is carried out by itself, after its cause, and refused by itself. */
export interface FollowUp {
  /** Its home owner; `#` owners may be named. */
  readonly owner: string;
  /** One of those that the cause declares (`Act.causes`). */
  readonly act: string;
  readonly body: { readonly [name: string]: Json };
  /**
   * It waits until this block time, milliseconds since 1970; left out: it goes at once. By another clock it may come a little sooner: the act looks, and
   * refuses ACCOUNT_BUSY.
   */
  readonly notBefore?: number;
}

/** A follow-up that is undone with its cause. */
export interface UndoneFollowUp {
  /** Which one, from 1 on. */
  readonly n: number;
  /** How much of which of its legs; left out: all that remains of it. */
  readonly legs?: readonly { readonly leg: number; readonly amount: number }[];
}

/** What an act has decided: moves of points, and what else changes with them. */
export interface Plan {
  readonly legs: readonly PlannedLeg[];
  readonly hold?: PlannedHold | undefined;
  /** Ids of holds of the home owner of which nothing is left: what is not captured by a leg is available again. */
  readonly releases?: readonly string[];
  /** Then there are no other moves. */
  readonly reversal?: PlannedReversal;
  /** Assets that it concerns and moves nothing in: who asks must be permitted in them, too. */
  readonly assets?: readonly string[];
  readonly records?: readonly RecordDelta[];
  readonly counters?: readonly CounterAdd[];
  /** An undo writes records of such owners alone of which the act has. */
  readonly puts?: readonly ConditionalPut[];
  /** At most FOLLOW_UPS_MAX. */
  readonly followUps?: readonly FollowUp[];
  readonly effects: readonly Effect[];
  /** Why: the rule, its version, what limited it; kept for ever. */
  readonly why: { readonly [name: string]: Json };
}

/** What an undo is of. */
export interface Undone {
  /** Its id as it is logged. */
  readonly id: string;
  /** The act that gives it back; undefined: a reversal that was asked for. */
  readonly by: string | undefined;
  /** Block time of the act. */
  readonly time: number;
  readonly body: unknown;
  /** The records and effects that the act had decided. */
  readonly effects: readonly Effect[];
  readonly counters: readonly CounterAdd[];
  readonly puts: readonly ConditionalPut[];
  readonly followUps: readonly FollowUp[];
  readonly why: { readonly [name: string]: Json };
  /** Minor units of each leg: of all, undone now, and before. */
  readonly amounts: readonly number[];
  readonly now: readonly number[];
  readonly before: readonly number[];
}

/** What is changed back beside the points. */
export interface Undo
  extends Pick<Plan, 'records' | 'counters' | 'puts' | 'followUps' | 'effects' | 'why'> {
  /** Which follow-ups are undone now; left out: all, where with this all points of the act are given back, and else none. */
  readonly undoes?: readonly UndoneFollowUp[];
}

/** An act refuses: what with. */
export interface ActRefusal {
  readonly refusal: RefusalCode;
}

/**
 * What a caller may leave out of a body, for a record of a `#` owner says it. It is read before the act goes to its home owner's shard, and is no
 * decision: the act judges it in the commit (`ConditionalPut`).
 */
export interface Asks {
  /** Whose record says it; undefined: nothing is left out, or the body is none. */
  of(body: Said<'act'>['body']): Omit<ConditionalPut, 'value' | 'expected'> | undefined;
  /** The body, with what the record says. */
  complete(body: Said<'act'>['body'], value: Json): Said<'act'>['body'];
}

/**
 * Records of `#` owners of which an act takes some that nobody has: which ones its caller does not say. They are offered to it on its way to its
 * home owner's shard (router.O9), which is no decision: the act takes them in the commit (`ConditionalPut`), and is asked for again with others
 * where they were taken (BUDGET_BUSY). Whatever is offered, its id does not bind (`unbound`).
 */
export interface Picks {
  /** The kind and key of the definition that says whether it takes any, and how many; undefined: none. */
  of(
    body: Said<'act'>['body'],
  ): { readonly kind: string; readonly key: string; readonly count: number } | undefined;
  /** By a document of that kind, which has said the same ever since: whose records, of which type; undefined: none. */
  from(
    document: Document,
    key: string,
  ): { readonly owners: readonly string[]; readonly type: string } | undefined;
  /** The body, with the keys of what is offered: as many as it takes, or none. */
  complete(body: Said<'act'>['body'], keys: readonly string[]): Said<'act'>['body'];
}

/** How members ask for an act. What they may not say there, their definitions judge in the commit. */
export interface OwnAct {
  /** What it takes. */
  readonly needs: readonly Operation[];
  /** Bodies that members may say; left out: all. */
  readonly says?: (body: Said<'act'>['body']) => boolean;
  /** May they take it back by reversing it? Left out: no. */
  readonly isWithdrawn?: true;
}

/** One act. */
export interface Act<F extends FieldSet = FieldSet> {
  /** In the log and in the API. */
  readonly name: string;
  /** Logged with each decision. */
  readonly version: number;
  /** What a caller says beside the owner. */
  readonly body: F;
  /** Left out: the body says all. */
  readonly asks?: Asks;
  /** Left out: it takes nothing that is anybody's. */
  readonly picks?: Picks;
  /** Fields of the body that its id does not bind: a repeat may say something else there, or nothing. Left out: none. */
  readonly unbound?: readonly string[];
  /** The acts that it may cause; left out: none. No act causes itself, however many are between. */
  readonly causes?: readonly string[];
  /** Do acts alone cause it, and no caller asks for it? */
  readonly isCausedOnly?: boolean;
  /** `engine`: the ledger alone asks for it, and no caller does. */
  readonly by?: 'engine';
  /** Whoever asks for it, it takes points of its owner, or gives goods for them: marks of risk may stop it. Left out: they do not. */
  readonly takes?: RiskKind;
  /**
   * Is it of chance? Then it is neither tried nor part of an atomic batch (DRAW_NOT_TRIED); and what it comes to is told to nobody before it is
   * posted: where what it has planned with optional legs cannot be, it is decided again at once (`Reads.tried`).
   */
  readonly isOfChance?: boolean;
  /** What it takes to ask for it. */
  readonly needs: readonly Operation[];
  /** Who may do this may ask for it, too; left out: nobody else. */
  readonly or?: Operation;
  /** How a member may ask for it, for itself; left out: not at all. */
  readonly own?: OwnAct;
  /** Does it concern all of its owner, in whatever asset? Then it takes credentials that are restricted to no assets and no owner. */
  readonly isOfWhole?: boolean;
  /** What it may be refused with, in the order in which it is looked at. */
  readonly refusals: readonly RefusalCode[];
  /** One sentence for the documents. */
  readonly about: string;
  decide(see: Reads, body: TypeOf<F>, at: Moment): ActRefusal | Plan;
  /** What is changed back when points of it are given back. */
  undo(see: Reads, undone: Undone, at: Moment): ActRefusal | Undo;
}

/** An act, with the type of its body. */
export const act = <F extends FieldSet>(one: Act<F>): Act<F> => one;
