// What a signature is over. Owns: the signed text of both versions, which requests it can be of. Never touches: secrets,
// whose signature it is.
//   auth.A11. Version 1: timestamp + method + path with query + body (of POST and PUT), each as it was sent. Version 2: the lines
//        of `VERSION_2`, the last one the SHA-256 of the body.
//   auth.A21. One text has one meaning. Of version 1 no part may run into the next: a timestamp is digits, a method letters, a
//        path has no character that a URL must encode, and a body begins with { or [, which such a path has not. What
//        version 1 leaves out may not choose a meaning: it is for JSON, and its id stands in the body.
//   auth.A22. No text is one of both versions: one begins with a digit, the other with a letter.

import { createHash } from 'node:crypto';
import { type Refusal, refuse } from '../refusal.js';

/** The headers of a signed request, and what they sign. */
export interface Signed {
  readonly method: string;
  /** The path with its query, as it was sent. */
  readonly target: string;
  readonly platformId: string;
  readonly timestamp: string;
  readonly signature: string;
  /** `X-Signature-Version`; '': 1. */
  readonly version: string;
  readonly host: string;
  readonly contentType: string;
  readonly idempotencyKey: string;
}

/** The versions of signatures that there are. */
export type SignatureVersion = 1 | 2;

/** What a text of version 2 begins with. */
const VERSION_2 = 'jifen-signature-2';
/** What a path with its query may have (RFC 3986): nothing that JSON begins with. */
const TARGET = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*$/;
/** Whole lines of a signed text: no character that some program might take for the end of one. */
const LINE = /^[\x20-\x7e]*$/;
/** `{` or `[`, after what JSON takes for blank. */
const OPENING = new Set([0x7b, 0x5b]);
const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Which version a request is signed with. */
export const versionOf = ({ version }: Pick<Signed, 'version'>): SignatureVersion =>
  version === '2' ? 2 : 1;

/** What of a request's line and headers cannot be signed, if anything. */
export function headProblem(signed: Signed): Refusal | undefined {
  const { version, target, host, contentType, idempotencyKey } = signed;
  if (version !== '' && version !== '1' && version !== '2')
    return refuse('SIGNATURE_INVALID', 'X-Signature-Version', 'X-Signature-Version is 1 or 2.');
  if (!TARGET.test(target))
    return refuse(
      'SIGNATURE_INVALID',
      'path',
      'The path or query of a signed request has a character that a URL must percent-encode.',
    );
  if (versionOf(signed) === 1) return undefined;
  const lines = { Host: host, 'Content-Type': contentType, 'Idempotency-Key': idempotencyKey };
  for (const [name, value] of Object.entries(lines))
    if (!LINE.test(value))
      return refuse('SIGNATURE_INVALID', name, `${name} has a character that cannot be signed.`);
  return undefined;
}

/** What of a body cannot be signed, if anything. */
export function bodyProblem(signed: Signed, body: Uint8Array): Refusal | undefined {
  if (versionOf(signed) === 2 || body.length === 0) return undefined;
  let at = 0;
  while (at < body.length && BLANK.has(body[at] ?? 0)) at++;
  if (OPENING.has(body[at] ?? 0)) return undefined;
  const detail =
    'The body of a signature of version 1 begins with { or [. For others there is version 2.';
  return refuse('SIGNATURE_INVALID', 'body', detail);
}

/** What is signed: the parts of a text, one behind the other. */
export function signedText(signed: Signed, body: Uint8Array): readonly (string | Uint8Array)[] {
  const { platformId, timestamp, method, host, target, contentType, idempotencyKey } = signed;
  if (versionOf(signed) === 1) return [timestamp + method + target, body];
  const hash = createHash('sha256').update(body).digest('hex');
  const head = [VERSION_2, platformId, timestamp, method, host.toLowerCase(), target];
  return [[...head, contentType, idempotencyKey, hash].join('\n')];
}
