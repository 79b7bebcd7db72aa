// Answers as text: the same answer gives the same text, whether first given, replayed or read back.
// Owns: that text. Never touches: the ledger.

import { createHash } from 'node:crypto';

/** What a caller may not rely on (`replayed`), and what follows from the code. */
const LEFT_OUT = new Set(['replayed', 'message', 'status', 'retry']);

/** An outcome, or whatever else was answered, as text; `null` where there was nothing to answer. */
export function textOf(answer: unknown): string {
  return JSON.stringify(answer ?? null, (key, value: unknown) => {
    if (LEFT_OUT.has(key)) return undefined;
    return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  });
}

/** A short stand-in for a text. */
export function digestOf(text: string): string {
  return createHash('sha1').update(text).digest('base64').slice(0, 16);
}
