// What goes between the gateway and the process of its projections. Owns: these shapes. Never touches: what is asked.

import type { FollowingFigures } from './following.js';
import type { Parameter, ReportColumn, ReportPosition, ReportRow } from './question.js';
import type { FileForm, Written } from './reports/written/shapes.js';

/** What the process begins with, as JSON in its first message. */
export interface ProcessSettings {
  readonly folder: string;
  readonly memoryMiB: number;
  readonly threads: number;
  readonly spillBytes: number;
}

/** What is asked: `merge` over `parts`, or over rows that were collected elsewhere. */
export interface Asked {
  readonly parts: string;
  readonly merge?: string | undefined;
  readonly parameters?: Readonly<Record<string, Parameter>> | undefined;
  /** An analyst's: judged before it is asked. */
  readonly isFree?: boolean | undefined;
  /** In place of `parts`: what the parts of all nodes are, as texts of these types. */
  readonly collected?: Collected | undefined;
  /** Answers are texts, to be collected elsewhere. */
  readonly asText?: boolean | undefined;
  /** What its columns are, without rows. */
  readonly isEmpty?: boolean | undefined;
}

export interface Collected {
  readonly columns: readonly { readonly name: string; readonly sql: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** How long a question may take, and how large its answer may be; undefined: as large as it is. */
export interface Bounds {
  readonly timeoutMs: number;
  readonly rowsMax: number | undefined;
  readonly charactersMax: number | undefined;
}

/** Why a question is not answered. */
export interface Fault {
  readonly code: 'SQL_INVALID' | 'ANSWER_TOO_LARGE' | 'SHARD_UNAVAILABLE';
  readonly detail: string;
}

/** What an answer is like. `sql`: the database's own types of the columns. */
export interface Opened {
  readonly columns: readonly ReportColumn[];
  readonly sql: readonly string[];
  readonly asOf: readonly ReportPosition[];
}

export interface Piece {
  readonly rows: readonly ReportRow[];
  readonly isLast: boolean;
}

export interface ProcessFigures extends FollowingFigures {
  /** Has it looked at all that there was at some time? Before that, answers would be of a beginning. */
  readonly isBuilt: boolean;
  readonly rssBytes: number;
  readonly asked: number;
}

/** Into which file an answer is written, and how. */
export interface ToFile {
  readonly path: string;
  readonly form: FileForm;
}

/** An answer that was written into a file. */
export interface WrittenAnswer extends Written {
  readonly asOf: readonly ReportPosition[];
}

/** To the process. */
export type ToProcess =
  | { readonly type: 'begin'; readonly settings: ProcessSettings }
  | {
      readonly type: 'open';
      readonly id: number;
      readonly asked: Asked;
      readonly bounds: Bounds;
      readonly freshMs: number;
      /** Left out: it is told piece by piece. */
      readonly file?: ToFile | undefined;
    }
  | { readonly type: 'more'; readonly id: number }
  | { readonly type: 'close'; readonly id: number }
  | { readonly type: 'figures'; readonly id: number; readonly now: number }
  | { readonly type: 'end' };

/** From it. */
export type FromProcess =
  | { readonly type: 'begun' }
  | { readonly type: 'off'; readonly reason: string }
  | { readonly type: 'warning'; readonly reason: string }
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly answer: Opened | Piece | ProcessFigures | WrittenAnswer;
    }
  | { readonly type: 'fault'; readonly id: number; readonly fault: Fault };
