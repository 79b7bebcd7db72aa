// What is asked of the projections, and what they answer. Owns: these shapes. Never touches: the process, SQL itself.

/** A value in SQL's place, by name: `$from` in a text is `from` here. */
export type Parameter = string | number | boolean | null;

/** A question of a report. */
export interface ReportQuestion {
  /** A SELECT over the tables (tables.ts), asked of every node about its own shards. */
  readonly parts: string;
  /**
   * A SELECT over `parts`: the rows of all nodes, in no order. Default `SELECT * FROM parts`. A member's rows are all on one node, a system owner's on
   * every one.
   */
  readonly merge?: string | undefined;
  /** For both. */
  readonly parameters?: Readonly<Record<string, Parameter>> | undefined;
  /** Rows beyond which it is refused `REPORT_TOO_LARGE`. Default: the limit `reportRowsMax`. Streams have none. */
  readonly rowsMax?: number | undefined;
}

/** `number`: whole numbers; they are told as numbers, and as texts beyond 2^53. */
export type ReportType = 'number' | 'decimal' | 'text' | 'flag';

export interface ReportColumn {
  readonly name: string;
  readonly type: ReportType;
}

export type ReportValue = string | number | boolean | null;
export type ReportRow = readonly ReportValue[];

/** Up to which block of a shard an answer is exact, and when that was written (milliseconds since 1970). */
export interface ReportPosition {
  readonly shard: number;
  readonly seq: number;
  readonly time: number;
}

export interface ReportAnswer {
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly ReportRow[];
  /** By shard. */
  readonly asOf: readonly ReportPosition[];
  /** How long it took, in milliseconds. */
  readonly tookMs: number;
}

/** An answer that comes in pieces: each is taken when the next one is asked for, so that a large one takes no more memory than a small one. */
export interface ReportStream {
  readonly columns: readonly ReportColumn[];
  readonly asOf: readonly ReportPosition[];
  /** To be read to the end, or returned from. */
  readonly rows: AsyncIterable<readonly ReportRow[]>;
}
