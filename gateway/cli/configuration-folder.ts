// A configuration as files: `<folder>/<kind>/<key>.json`. Owns: their names, form and order. Never touches: a server; what documents mean.
//   cli.F1. One configuration has one form: names sorted, two spaces, a newline at the end. So to export it twice makes the same bytes.
//   cli.F2. Nothing is lost by an export: a file that says something else, or that the ledger does not have, stands in its way.

import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canonicalJson, DEFINITION_KINDS } from '../../engine/index.js';

/** What a definition, or an asset, says. */
export type Document = Readonly<Record<string, unknown>>;

/** A definition or an asset as it is to be. */
export interface Wanted {
  readonly kind: string;
  readonly key: string;
  readonly document: Document;
}

/** What is wrong with a file. */
export interface Fault {
  /** Below the folder. */
  readonly file: string;
  readonly field?: string | undefined;
  readonly detail: string;
}

/** The kinds of files, so that each comes after those that it names. */
export const KINDS: readonly string[] = [
  'asset',
  ...DEFINITION_KINDS.filter(({ by }) => by !== 'engine').map(({ name }) => name),
];
const SCHEMAS = 'schemas';
const DRAFTS = 'drafts';
const ENDING = '.json';

/** The file of a definition or an asset. */
export const fileOf = ({ kind, key }: Omit<Wanted, 'document'>): string =>
  `${kind}/${encodeURIComponent(key)}${ENDING}`;

/** By kind, and then by key. */
export const inOrder = (a: Omit<Wanted, 'document'>, b: Omit<Wanted, 'document'>): number =>
  KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.key < b.key ? -1 : 1);

/** What a folder says, in order, and what is wrong with its files. */
export function readConfiguration(folder: string): {
  readonly wanted: readonly Wanted[];
  readonly faults: readonly Fault[];
} {
  const wanted: Wanted[] = [];
  const faults: Fault[] = [];
  for (const kind of namesIn(folder)) {
    if (!isFolder(join(folder, kind)) || kind === SCHEMAS || kind === DRAFTS) continue;
    if (!KINDS.includes(kind)) {
      faults.push({ file: kind, detail: `There is no such kind. Kinds are: ${KINDS.join(', ')}.` });
      continue;
    }
    for (const name of namesIn(join(folder, kind))) {
      const file = `${kind}/${name}`;
      const key = keyIn(name);
      const read = key === undefined ? NO_KEY : readDocument(join(folder, file));
      if (key === undefined || 'detail' in read) faults.push({ file, ...(read as Unread) });
      else wanted.push({ kind, key, document: read.document });
    }
  }
  return { wanted: wanted.sort(inOrder), faults };
}

/** What is hidden belongs to others. */
const namesIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => !name.startsWith('.') || name.endsWith(ENDING));

const isFolder = (path: string): boolean => statSync(path).isDirectory();

type Unread = Omit<Fault, 'file'>;
const NO_KEY: Unread = {
  detail: 'A file is called as its key, written as in a URL, and .json.',
};

/** The key that a file is called by; undefined: none is written so. */
function keyIn(name: string): string | undefined {
  if (!name.endsWith(ENDING)) return undefined;
  const stem = name.slice(0, -ENDING.length);
  try {
    const key = decodeURIComponent(stem);
    return encodeURIComponent(key) === stem && key !== '' ? key : undefined;
  } catch {
    return undefined;
  }
}

function readDocument(path: string): { readonly document: Document } | Unread {
  if (isFolder(path)) return { detail: 'It is a folder.' };
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    return { detail: `It is no JSON: ${(error as Error).message}.` };
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    return { detail: 'It must be a JSON object.' };
  const { $schema: _, ...document } = read as Record<string, unknown>;
  if (canonicalJson(document) === undefined)
    return { detail: 'It nests too deep, or has a number or a text that JSON cannot keep.' };
  return { document };
}

/** A value in its one form. */
export function formed(value: object): string {
  const sorted: unknown = JSON.parse(canonicalJson(value) ?? '{}');
  return `${JSON.stringify(sorted, undefined, 2)}\n`;
}

/** What an export writes. */
export interface Exported {
  readonly counting: readonly Wanted[];
  /** Left out: they are not asked for. */
  readonly drafts?: readonly Wanted[] | undefined;
  /** JSON schemas by kind. */
  readonly schemas: ReadonlyMap<string, object>;
  /** Is this one of what is exported? */
  isOurs(wanted: Wanted): boolean;
}

/** Writes a configuration. Throws, and writes nothing, where that would lose something and `overwrites` is not said. */
export function writeConfiguration(
  folder: string,
  { counting, drafts, schemas, isOurs }: Exported,
  overwrites: boolean,
): void {
  const files = new Map<string, string>();
  const add = (under: string, up: string) => (one: Wanted) => {
    const $schema = `${up}${SCHEMAS}/${one.kind}${ENDING}`;
    files.set(`${under}${fileOf(one)}`, formed({ $schema, ...one.document }));
  };
  counting.forEach(add('', '../'));
  drafts?.forEach(add(`${DRAFTS}/`, '../../'));
  mkdirSync(folder, { recursive: true });
  const gone = [
    ...strangers(folder, '', files, isOurs),
    ...(drafts === undefined ? [] : strangers(folder, `${DRAFTS}/`, files, isOurs)),
  ];
  const changed = [...files].flatMap(([file, text]) =>
    saysOther(join(folder, file), text) ? [file] : [],
  );
  if (!overwrites && gone.length + changed.length > 0)
    throw new Error(
      `these files say what the ledger does not: ${[...changed, ...gone].sort().join(', ')}. Apply them, or say --overwrite`,
    );
  for (const file of gone) rmSync(join(folder, file));
  for (const [kind, schema] of schemas)
    files.set(`${SCHEMAS}/${kind}${ENDING}`, `${JSON.stringify(schema, undefined, 2)}\n`);
  for (const [file, text] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  // Where file names do not tell A from a, one file has taken the place of another.
  for (const [file, text] of files)
    if (readFileSync(join(folder, file), 'utf8') !== text)
      throw new Error(`${file} cannot be kept beside a file whose name differs in case only`);
}

/** Files of what is exported that are not written. */
function strangers(
  folder: string,
  under: string,
  files: ReadonlyMap<string, string>,
  isOurs: Exported['isOurs'],
): string[] {
  const at = join(folder, under);
  if (statSync(at, { throwIfNoEntry: false }) === undefined) return [];
  return readConfiguration(at).wanted.flatMap((one) => {
    const file = `${under}${fileOf(one)}`;
    return isOurs(one) && !files.has(file) ? [file] : [];
  });
}

/** Is there a file that says something else, in whatever form? */
function saysOther(path: string, text: string): boolean {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return false;
  const read = readDocument(path);
  const { $schema: _, ...document } = JSON.parse(text) as Record<string, unknown>;
  return !('document' in read) || formed(read.document) !== formed(document);
}
