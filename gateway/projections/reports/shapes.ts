// What a report is: what may be asked, what is worked out on each node, what is told. Owns: these shapes. Never touches: SQL, files.

import type { ReportQuestion } from '../question.js';

/** A text for people, in both languages. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/**
 * `date`: `2026-11-01`, the first day of a week or month; `time`: milliseconds since 1970; `points`: minor units of the asset that the row names;
 * `ratio`: a part of 1, to six decimals.
 */
export type ColumnType = 'date' | 'time' | 'text' | 'count' | 'points' | 'ratio';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly title: Words;
}

/** Null: it has none, or there is nothing to divide by. */
export type Cell = string | number | null;
export type Row = readonly Cell[];

/** How figures are best drawn; columns by their names. */
export interface Chart {
  readonly kind: 'line' | 'bars';
  readonly x: string;
  readonly series: readonly string[];
  /** A line for each of its values. */
  readonly split?: string | undefined;
}

/** What may be asked of a report, beside what all take. */
export interface Parameter {
  readonly name: ParameterName;
  readonly type: 'time' | 'text' | 'integer' | 'choice';
  readonly isRequired: boolean;
  readonly choices?: readonly string[] | undefined;
  /** What is taken where nothing is said. */
  readonly default?: string | undefined;
  readonly about: Words;
}

export type ParameterName =
  | 'from'
  | 'to'
  | 'at'
  | 'asset'
  | 'programme'
  | 'zone'
  | 'interval'
  | 'group'
  | 'by'
  | 'goods'
  | 'owner'
  | 'state'
  | 'steps'
  | 'within'
  | 'limit';

/** What is asked, whole: with what was left out filled in. Times in milliseconds since 1970. */
export interface Asked {
  /** The first moment, and the first after the last. */
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly asset: string | undefined;
  readonly programme: string | undefined;
  readonly zone: string;
  readonly interval: 'day' | 'week' | 'month';
  readonly group: 'none' | 'platform' | 'kind' | 'rule' | 'tier';
  readonly by: 'effective' | 'booked';
  readonly goods: string | undefined;
  readonly owner: string | undefined;
  readonly state: string | undefined;
  readonly steps: readonly Step[];
  /** Days. */
  readonly within: number;
  /** Rows; undefined: all. */
  readonly limit: number | undefined;
  /** Milliseconds since 1970: what is due after it has not happened. */
  readonly now: number;
  readonly days: Days;
}

/** A step of a funnel. */
export interface Step {
  /** As it was asked. */
  readonly text: string;
  readonly what: 'joined' | 'event' | 'act' | 'earn' | 'spend' | 'redeem' | 'order';
  /** Of which type of events, or which act. */
  readonly of?: string | undefined;
}

/** Days of a zone, in SQL and out of it. */
export interface Days {
  readonly zone: string;
  /** SQL for the day of a time, counted from 1970-01-01; `time`: SQL for milliseconds since 1970. */
  day(time: string): string;
  /** The first moment of a day. */
  start(day: number): number;
  /** The day of a time. */
  of(time: number): number;
}

/** What the tables are asked: `merge` has the columns of the rows, in their order, whatever it calls them. */
export interface Ordered extends Required<Pick<ReportQuestion, 'parts' | 'merge' | 'parameters'>> {
  /** By which of them rows are in order, by their numbers: no two rows have the same. */
  readonly order: string;
}

/** A report: what is asked, what its figures mean, how it is told. */
export interface Report {
  readonly name: string;
  readonly title: Words;
  readonly about: Words;
  readonly parameters: readonly Parameter[];
  readonly chart?: Chart | undefined;
  /** What its rows say, in their order. */
  columns(): readonly Column[];
  question(asked: Asked): Ordered;
  /** What is wrong with what is asked, beyond its parts; undefined: nothing. */
  wrong?(asked: Asked): Wrong | undefined;
}

/** A parameter that cannot be taken, and why. */
export interface Wrong {
  readonly field: ParameterName;
  readonly detail: string;
}
