// Codes by which members invite others. Owns: how one is drawn, how one that was typed is read. Never touches: whose it is.

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
export const CODE_LENGTH = 6;

/** A code at random: no letter is drawn more often than another, as their number is a power of two. */
export function drawnCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(CODE_LENGTH));
  return Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** The code that somebody typed, in small letters or with spaces; undefined: it is none. */
export function codeFrom(text: string): string | undefined {
  const code = text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
  return code.length === CODE_LENGTH && [...code].every((one) => LETTERS.includes(one))
    ? code
    : undefined;
}
