// Digests as browsers work them out: WebCrypto, which they have in secure contexts. Owns: these. Never touches: what is checked.

import type { Digests } from './check.js';

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;

const hexOf = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The browser's own. */
export const DIGESTS: Digests = {
  sha256: async (bytes) => hexOf(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))),
  hmac: async (key, text) => {
    const imported = await crypto.subtle.importKey('raw', Uint8Array.from(key), HMAC, false, [
      'sign',
    ]);
    const signed = await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(text));
    return new Uint8Array(signed);
  },
};
