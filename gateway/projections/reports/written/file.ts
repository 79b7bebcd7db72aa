// Rows into a file, in the process that has them. Owns: the file. Never touches: what is in it.
//   written.F1. A file that is there is whole: it is written beside its name, synced, then named.

import { open, rename, rm } from 'node:fs/promises';
import type { Row } from '../shapes.js';
import { csvOf } from './csv.js';
import type { FileForm, Written } from './shapes.js';

/** Writes rows to a file of mode 0600. Rejects where rows end by an error, or the disk takes no more: then there is none. */
export async function writeRows(
  path: string,
  form: FileForm,
  rows: AsyncIterable<readonly Row[]>,
): Promise<Written> {
  let count = 0;
  async function* counted(): AsyncIterable<readonly Row[]> {
    for await (const some of rows) {
      count += some.length;
      yield some;
    }
  }
  // The writer of workbooks is loaded by who writes one.
  const pieces =
    form.format === 'xlsx'
      ? (await import('./xlsx.js')).xlsxOf(form, counted())
      : csvOf(form, counted());
  const part = `${path}.part`;
  const file = await open(part, 'w', 0o600);
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      await file.writeFile(piece);
      bytes += piece.length;
    }
    await file.sync();
    await file.close();
    await rename(part, path);
    return { rows: count, bytes };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}
