// A report as a file. Owns: what the process that writes it is told. Never touches: files, what figures mean.

import type { FileFormat } from '../../../encoding/media.js';
import type { Column } from '../shapes.js';

/** How rows are written; plain JSON, as it goes to another process. */
export interface FileForm {
  readonly format: FileFormat;
  readonly columns: readonly Column[];
  /** What the columns are called, one each. */
  readonly headings: readonly string[];
  /** Of the sheet. */
  readonly title: string;
  /** Decimals of each asset. */
  readonly scales: Readonly<Record<string, number>>;
  /** How far the clocks of the zone are ahead: (from, offset) in milliseconds, one after the other. */
  readonly offsets: readonly number[];
}

/** A file that was written. */
export interface Written {
  readonly rows: number;
  readonly bytes: number;
}
