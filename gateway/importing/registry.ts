// Imports: which there are, and what each was of. Owns: their records. Never touches: what is brought in.
//   importing.R1. A name stands for one import: the digest of what it brings in, and when it began. The same name with another digest is refused, so
//       a file that was changed is no continuation.
//   importing.R2. When it began is said once, in the commit that makes it, and counts for all that is brought in under its name.

import { type Document, Documents, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { importOwner } from './line.js';

/** What an import came to, as who ran it says. */
export interface Came {
  readonly members: number;
  readonly lines: number;
  readonly refused: number;
}

/** An import as it is kept. */
export interface Import {
  readonly name: string;
  /** SHA-256 of what it brings in, in hex. */
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When all of it was through, in milliseconds since 1970; left out: it is under way, or was left. */
  readonly endedAt?: number | undefined;
  readonly came?: Came | undefined;
}

const imports = new Documents<Import>('#imports', 'import', 'name');

const found = (document: Document<Import> | undefined | Refusal): Import | Refusal => {
  if (document === undefined) return refuse('IMPORT_NOT_FOUND', 'import');
  return isRefusal(document) ? document : document.read();
};

export const importOf = async (engine: OwnLedger, name: string): Promise<Import | Refusal> =>
  found(await imports.get(engine, name));

export async function allImports(engine: OwnLedger): Promise<readonly Import[] | Refusal> {
  const all = await imports.all(engine);
  return isRefusal(all) ? all : all.map((one) => one.read());
}

/** The owners that what was imported came from. */
export async function importersOf(engine: OwnLedger): Promise<readonly string[] | Refusal> {
  const all = await allImports(engine);
  return isRefusal(all) ? all : all.map(({ name }) => importOwner(name));
}

/** Begins an import, or goes on with it where it is the same. */
export async function beginImport(
  engine: OwnLedger,
  name: string,
  digest: string,
): Promise<{ readonly made: boolean; readonly import: Import } | Refusal> {
  const known = await imports.get(engine, name);
  if (isRefusal(known)) return known;
  if (known === undefined) {
    const made: Import = { name, digest, at: Date.now() };
    const refusal = await imports.put(engine, name, made, 0);
    if (refusal === undefined) return { made: true, import: made };
    if (refusal.code !== 'CHANGED_MEANWHILE') return refusal;
  }
  const there = known?.read() ?? (await importOf(engine, name));
  if (isRefusal(there)) return there;
  if (there.digest === digest) return { made: false, import: there };
  const detail = `${name} is the name of an import of something else, begun ${new Date(there.at).toISOString()}.`;
  return refuse('IMPORT_CHANGED', 'digest', detail);
}

/** All of it is through. Said again, the last word counts. */
export async function endImport(
  engine: OwnLedger,
  name: string,
  came: Came,
): Promise<Import | Refusal> {
  const ended = await imports.change(engine, name, (one) => ({
    ...one,
    endedAt: one.endedAt ?? Date.now(),
    came,
  }));
  return ended ?? refuse('IMPORT_NOT_FOUND', 'import');
}
