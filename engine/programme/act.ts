// What an act is: what it may see, what it decides. Owns: the shapes. Never touches: state, the log, the clock.
//   programme.P1. `decide` and `undo` follow from what they are given: no clock, no randomness, no waiting, no writing.

import type { FieldSet, TypeOf } from '../protocol/fields.js';
import type { Operation } from '../protocol/grants.js';
import type { RefusalCode } from '../protocol/refusals.js';
import type { Kind, Versioned } from './definitions/kind.js';

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

/** A span of time that a counter counts in; it is known by when it begins. */
export interface Window {
  /** Milliseconds since 1970. */
  readonly from: number;
  /** From when on it may be forgotten. */
  readonly until: number;
}

/** What an act may look at: what is its home owner's, as of the block that it is decided in. */
export interface Reads {
  /** An account; where there is none, one with nothing in it. An asset that is not defined: undefined. */
  account(asset: string): AccountView | undefined;
  /** What an act has written for this owner; undefined: nothing. */
  record<T extends Json>(type: string, key: string): T | undefined;
  /** The definition that decides at block time; undefined: none does. */
  definition<D extends FieldSet>(kind: Kind<D>, key: string): Versioned<TypeOf<D>> | undefined;
  /** What has been counted in a window. */
  counter(name: string, window: Window): number;
  /** What this shard can pay at once of a `#` owner, in minor units; its home shard may have more. */
  allotment(owner: string, asset: string): number;
}

/** When an act is decided. */
export interface Moment {
  /** Block time, milliseconds since 1970. */
  readonly time: number;
  readonly owner: string;
}

/** Points that an act moves. `#` owners may be named. */
export interface PlannedLeg {
  readonly from: string;
  readonly to: string;
  readonly asset: string;
  /** Minor units. */
  readonly amount: number;
  /** As `Leg.expiresAt`. */
  readonly expiresAt?: number | null;
}

/** A record of the home owner that an act writes; null: it goes away. */
export interface RecordDelta {
  /** Whose it is instead: a `#` owner whom a leg names. For acts of the engine alone (allotments.ts). */
  readonly owner?: string;
  readonly type: string;
  readonly key: string;
  readonly value: Json;
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

/** What an act has decided. */
export interface Plan {
  readonly legs: readonly PlannedLeg[];
  readonly records?: readonly RecordDelta[];
  readonly counters?: readonly CounterAdd[];
  readonly effects: readonly Effect[];
  /** Why: the rule, its version, what limited it; kept for ever. */
  readonly why: { readonly [name: string]: Json };
}

/** What an undo is of. */
export interface Undone {
  readonly body: unknown;
  /** The records and effects that the act had decided. */
  readonly effects: readonly Effect[];
  readonly counters: readonly CounterAdd[];
  /** Minor units of each leg: of all, undone now, and before. */
  readonly amounts: readonly number[];
  readonly now: readonly number[];
  readonly before: readonly number[];
}

/** What is changed back beside the points. */
export type Undo = Omit<Plan, 'legs'>;

/** An act refuses: what with. */
export interface ActRefusal {
  readonly refusal: RefusalCode;
}

/** One act. */
export interface Act<F extends FieldSet = FieldSet> {
  /** In the log and in the API. */
  readonly name: string;
  /** Logged with each decision. */
  readonly version: number;
  /** What a caller says beside the owner. */
  readonly body: F;
  /** What it takes to ask for it. */
  readonly needs: readonly Operation[];
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
