// Digests that are logged. Owns: how they are made. Never touches: state.

import { createHash } from 'node:crypto';

/** The digest of a text and of what comes after it: SHA-256, 43 characters. */
export const chained = (text: string, rest: string): string =>
  createHash('sha256').update(`${rest}\n${text}`).digest('base64url');
