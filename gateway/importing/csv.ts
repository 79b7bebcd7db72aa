// CSV (RFC 4180) out of lines. Owns: fields, quotes, where a record begins and ends. Never touches: what fields say.
//   importing.C1. A record that is none is told with the line where it begins, and costs no other one: a quote that is never closed is given up
//       after `RECORD_LINES_MAX` lines, and reading goes on with the line after that where it stood.
//
// Our own, as what reads CSV elsewhere takes the rest of the file for a field whose quote is never closed, and a report must name each line.

/** A record, or why it is none. */
export type CsvRecord =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly problem: string };

/** Lines of one record: texts may have several. */
export const RECORD_LINES_MAX = 100;
const UNREADABLE =
  'The line is not UTF-8 (of GBK it is made by iconv -f GB18030 -t UTF-8), or too long.';
const UNCLOSED = 'A quote is never closed.';
const STRANGE = 'A quote stands inside a field that is not quoted, or text behind a closing quote.';

/** Fields of a text; undefined: a quote is open; '': it is no record. */
export function fieldsOf(text: string, separator: string): string[] | undefined | '' {
  if (!text.includes('"')) return text.split(separator);
  const fields: string[] = [];
  for (let at = 0; ; at++) {
    if (text[at] !== '"') {
      const found = text.indexOf(separator, at);
      const end = found < 0 ? text.length : found;
      const field = text.slice(at, end);
      if (field.includes('"')) return '';
      fields.push(field);
      at = end;
    } else {
      let field = '';
      for (let from = at + 1; ; ) {
        const quote = text.indexOf('"', from);
        if (quote < 0) return undefined;
        field += text.slice(from, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        field += '"';
        from = at + 1;
      }
      fields.push(field);
      if (at < text.length && text[at] !== separator) return '';
    }
    if (at >= text.length) return fields;
  }
}

export class CsvReader {
  readonly #separator: string;
  /** Lines of the record under way. */
  #open: (string | undefined)[] = [];
  /** The number of the first of them. */
  #line = 1;

  constructor(separator: string) {
    this.#separator = separator;
  }

  /** The records that end with a line; undefined: one that cannot be read. */
  take(line: string | undefined): CsvRecord[] {
    this.#open.push(line);
    return this.#read(false);
  }

  /** What is left where the lines end. */
  end(): CsvRecord[] {
    return this.#read(true);
  }

  #read(isEnd: boolean): CsvRecord[] {
    const found: CsvRecord[] = [];
    while (this.#open.length > 0) {
      const unreadable = this.#open.indexOf(undefined);
      const lines = unreadable < 0 ? this.#open : this.#open.slice(0, unreadable);
      if (unreadable === 0) {
        this.#drop(1, found, { line: this.#line, problem: UNREADABLE });
        continue;
      }
      const taken = this.#record(lines as string[], found);
      if (taken) continue;
      if (!isEnd && unreadable < 0 && this.#open.length < RECORD_LINES_MAX) return found;
      this.#drop(1, found, { line: this.#line, problem: UNCLOSED });
    }
    return found;
  }

  /** Takes the first record out of the lines; false: none is whole. */
  #record(lines: readonly string[], found: CsvRecord[]): boolean {
    let text = '';
    for (const [n, line] of lines.entries()) {
      const part = line.endsWith('\r') ? line.slice(0, -1) : line;
      text = n === 0 ? part : `${text}\n${part}`;
      // Lines before the last one were looked at when they came, and left a quote open.
      if (n + 1 < lines.length && !closes(text)) continue;
      const fields = fieldsOf(text, this.#separator);
      if (fields === undefined) continue;
      if (fields === '') this.#drop(1, found, { line: this.#line, problem: STRANGE });
      else if (text.trim() === '') this.#drop(n + 1, found);
      else this.#drop(n + 1, found, { line: this.#line, fields });
      return true;
    }
    return false;
  }

  #drop(count: number, found: CsvRecord[], record?: CsvRecord): void {
    if (record !== undefined) found.push(record);
    this.#open.splice(0, count);
    this.#line += count;
  }
}

/** May a text be a whole record: are its quotes even in number? */
function closes(text: string): boolean {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count % 2 === 0;
}
