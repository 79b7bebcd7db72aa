// Files of another points system, record by record. Owns: encodings, formats, headers. Never touches: what records say.
//   importing.F1. A file is read as it comes, and no more than a piece of it is in memory.
//   importing.F2. A file that is none of these as a whole (another encoding, an unknown column) is refused as a whole, before anything is brought in;
//       what is wrong with a record is that record's.

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { LineSplitter } from '../encoding/lines.js';
import { CsvReader } from './csv.js';
import { COLUMNS, type Column, type Fault, isColumn, type Said } from './words.js';

export const FORMATS = ['csv', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

/** A record with the number of its line; or what is wrong with it. */
export type FileRecord =
  | { readonly line: number; readonly said: Said }
  | { readonly line: number; readonly fault: Fault };

/** The file as a whole is none. */
export class FileFault extends Error {}

/** Characters of one line. */
const LINE_LENGTH_MAX = 65_536;
const PIECE_BYTES = 1024 * 1024;
const HEAD_BYTES = 65_536;
const SEPARATORS = [',', ';', '\t'];
const EXTENSIONS: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
};

/** The format of a file by its name; throws where that says nothing. */
export function formatOf(path: string): Format {
  const format = EXTENSIONS[extname(path).toLowerCase()];
  if (format === undefined)
    throw new FileFault(`${path} is not called .csv or .ndjson: --format says what it is`);
  return format;
}

/** Refuses a file whose beginning is in another encoding. */
async function checkHead(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
      throw new FileFault(`${path} is in UTF-16, and must be in UTF-8: iconv -f UTF-16 -t UTF-8`);
    if (head.includes(0)) throw new FileFault(`${path} is no text: it has bytes of 0`);
    // The end of the head may cut a character.
    const whole = bytesRead < HEAD_BYTES ? head : head.subarray(0, head.lastIndexOf(0x0a) + 1);
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(whole);
    } catch {
      const how = 'of GBK it is made by iconv -f GB18030 -t UTF-8';
      throw new FileFault(`${path} is not in UTF-8 (${how})`);
    }
  } finally {
    await file.close();
  }
}

/** Lines of a file, in groups; undefined: one that cannot be read. */
async function* linesIn(path: string): AsyncGenerator<readonly (string | undefined)[]> {
  const splitter = new LineSplitter(LINE_LENGTH_MAX);
  let isFirst = true;
  const marked = (lines: (string | undefined)[]): (string | undefined)[] => {
    if (!isFirst || lines.length === 0) return lines;
    isFirst = false;
    const [first, ...rest] = lines;
    return [first?.replace(/^\uFEFF/, ''), ...rest];
  };
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES }))
    yield marked(splitter.take(piece as Buffer));
  yield marked(splitter.end());
}

/** The records of a file, in groups. */
export async function* recordsIn(
  path: string,
  format: Format,
): AsyncGenerator<readonly FileRecord[]> {
  await checkHead(path);
  yield* format === 'csv' ? csvIn(path) : objectsIn(path);
}

async function* csvIn(path: string): AsyncGenerator<readonly FileRecord[]> {
  let reader: CsvReader | undefined;
  let columns: readonly Column[] | undefined;
  const read = (lines: readonly (string | undefined)[], isEnd: boolean): FileRecord[] => {
    const found: FileRecord[] = [];
    for (const line of isEnd ? [undefined] : lines) {
      reader ??= new CsvReader(separatorOf(line ?? ''));
      for (const record of isEnd ? reader.end() : reader.take(line)) {
        if ('problem' in record) found.push(unreadable(record.line, record.problem));
        else if (columns === undefined) columns = columnsOf(path, record.fields);
        else found.push(saidIn(record.line, record.fields, columns));
      }
    }
    return found;
  };
  for await (const lines of linesIn(path)) yield read(lines, false);
  yield read([], true);
  if (columns === undefined) throw new FileFault(`${path} has no line that names its columns`);
}

const unreadable = (line: number, detail: string): FileRecord => ({
  line,
  fault: { code: 'BODY_INVALID', field: undefined, detail },
});

/** What is between the columns that a first line names. */
function separatorOf(header: string): string {
  const counts = SEPARATORS.map((one) => header.split(one).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] as string;
}

function columnsOf(path: string, names: readonly string[]): readonly Column[] {
  const columns = names.map((name) => name.trim());
  for (const [n, name] of columns.entries()) {
    if (!isColumn(name))
      throw new FileFault(
        `${path}: ${JSON.stringify(name)} is no column; there are: ${COLUMNS.join(', ')}`,
      );
    if (columns.indexOf(name) !== n) throw new FileFault(`${path} has the column ${name} twice`);
  }
  return columns as Column[];
}

function saidIn(line: number, fields: readonly string[], columns: readonly Column[]): FileRecord {
  if (fields.length !== columns.length)
    return unreadable(
      line,
      `It has ${fields.length} fields, and there are ${columns.length} columns.`,
    );
  const said: Said = {};
  for (const [n, column] of columns.entries()) {
    const field = fields[n] as string;
    said[column] = column === 'remark' ? field : field.trim();
  }
  return { line, said };
}

async function* objectsIn(path: string): AsyncGenerator<readonly FileRecord[]> {
  let line = 0;
  for await (const lines of linesIn(path)) {
    const found: FileRecord[] = [];
    for (const text of lines) {
      line++;
      if (text === undefined) found.push(unreadable(line, 'It is not UTF-8, or too long.'));
      else if (text.trim() !== '') found.push(objectIn(line, text));
    }
    yield found;
  }
}

function objectIn(line: number, text: string): FileRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable(line, 'It is no JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return unreadable(line, 'It is no JSON object.');
  const said: Said = {};
  const wrong = (field: string, detail: string): FileRecord => ({
    line,
    fault: { code: 'COMMAND_INVALID', field: field.toWellFormed().slice(0, 100), detail },
  });
  for (const [name, one] of Object.entries(value)) {
    if (!isColumn(name)) return wrong(name, `There is no such field: ${COLUMNS.join(', ')}.`);
    if (one === null) said[name] = name === 'expiresAt' ? 'never' : '';
    else if (typeof one === 'string') said[name] = one;
    else if (typeof one === 'number' && isExact(one)) said[name] = String(one);
    else return wrong(name, `${name} is a text or an exact number.`);
  }
  return { line, said };
}

/** Is a number what was written? Beyond 2^53 it may be another one. */
const isExact = (number: number): boolean => Math.abs(number) <= Number.MAX_SAFE_INTEGER;
