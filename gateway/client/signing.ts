// Signed requests (version 2 of the signature), as a platform's servers send them. Owns: what is signed here. Never touches:
// Node.js, requests on their way.
//   client.K10. What is signed is what is sent: the path as a URL has it, the bytes of the body.

/** Whose requests are signed, and with what. Not for web pages: whoever reads one has the secret. */
export interface Signer {
  /** The platform's id. */
  readonly platform: string;
  readonly secret: string;
}

/** A request that is to be signed. */
export interface Signable {
  readonly method: string;
  readonly url: string;
  /** '': there is none. */
  readonly contentType: string;
  /** '': there is none. */
  readonly body: string | Uint8Array;
}

/** What is used of the platform's `crypto`, which browsers and Node.js 20 have. */
interface Subtle {
  digest(algorithm: string, data: Uint8Array): Promise<ArrayBuffer>;
  importKey(
    format: 'raw',
    secret: Uint8Array,
    algorithm: object,
    isExtractable: boolean,
    usages: readonly string[],
  ): Promise<object>;
  sign(algorithm: string, key: object, data: Uint8Array): Promise<ArrayBuffer>;
}

let lastMs = 0;
/** Milliseconds since 1970, later ones at each call: two requests that are alike have two signatures. */
function freshMs(): number {
  lastMs = Math.max(Date.now(), lastMs + 1);
  return lastMs;
}

const hexOf = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The headers that sign a request now. */
export async function signedHeaders(
  { platform, secret }: Signer,
  { method, url, contentType, body }: Signable,
): Promise<Record<string, string>> {
  const { subtle } = (globalThis as unknown as { readonly crypto: { readonly subtle: Subtle } })
    .crypto;
  const utf8 = new TextEncoder();
  const { host, pathname, search } = new URL(url);
  const timestamp = String(freshMs());
  const hash = hexOf(
    await subtle.digest('SHA-256', typeof body === 'string' ? utf8.encode(body) : body),
  );
  const head = ['jifen-signature-2', platform, timestamp, method, host, pathname + search];
  const text = [...head, contentType, '', hash].join('\n');
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await subtle.importKey('raw', utf8.encode(secret), algorithm, false, ['sign']);
  return {
    'X-Platform-ID': platform,
    'X-Timestamp': timestamp,
    'X-Signature-Version': '2',
    'X-Signature': hexOf(await subtle.sign('HMAC', key, utf8.encode(text))),
  };
}
