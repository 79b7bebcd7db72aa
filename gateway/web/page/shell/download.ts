// Lines that are downloaded as a file. Owns: that a file is whole, or is none. Never touches: what is in it; it is kept nowhere but where the member saves it.

import { type AnyOperation, type Asked, questionOf } from '../calls/operation.js';
import { session } from './app.js';

/** What came of it: how many lines; undefined: they did not come to their end. */
export async function download<Op extends AnyOperation>(
  operation: Op,
  asked: Asked<Op>,
  name: string,
): Promise<number | undefined> {
  const { method, path } = questionOf(operation, asked);
  const token = await session.token();
  if ('code' in token) return undefined;
  try {
    const response = await fetch(path, {
      method,
      headers: { Authorization: `Bearer ${token.text}` },
      credentials: 'omit',
      cache: 'no-store',
    });
    if (response.status === 401) session.refused(token.text);
    if (!response.ok) return undefined;
    const text = await response.text();
    const lines = text.trimEnd().split('\n');
    if (!isEnd(lines.at(-1) ?? '')) return undefined;
    save(new Blob([text], { type: 'application/x-ndjson' }), name);
    return lines.length;
  } catch {
    return undefined;
  }
}

/** The last line says that it is the last one: where it does not, something has broken off. */
function isEnd(line: string): boolean {
  try {
    return (JSON.parse(line) as { readonly type?: unknown }).type === 'end';
  } catch {
    return false;
  }
}

/** Saves what has come as a file. */
export function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Browsers begin to save it in a later turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
