// A promise that is kept by nobody but whoever it was given to: written, signed, read. Owns: its form. Never touches: what is promised.
//   programme.Q1. It says all of itself, and is signed with a key that is in no log: nothing is kept of it, and nobody else can make one.

import { QUOTE_LENGTH_MAX } from '../limits.js';
import { json } from '../protocol/definition-fields.js';

const VERSION = 'v1';
const FORM = /^v1\.[A-Za-z0-9_-]{1,300}\.[A-Za-z0-9_-]{43}$/;

export type Proof = (text: string) => Uint8Array;

type Stored = readonly (string | number)[];

const encoded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

const signature = (of: string, owner: string, said: string, proof: Proof): string =>
  encoded(proof(JSON.stringify([of, VERSION, owner, said])));

/** What is promised to an owner, as a text. `of`: what kind of promise it is. */
export function signedQuote(of: string, owner: string, stored: Stored, proof: Proof): string {
  const said = encoded(Buffer.from(JSON.stringify(stored)));
  return `${VERSION}.${said}.${signature(of, owner, said, proof)}`;
}

/** What such a text says; undefined: it is none, of another kind, or somebody else's. */
export function readQuote<T extends Stored>(
  of: string,
  owner: string,
  text: string,
  proof: Proof,
): T | undefined {
  const [, said = '', signed] = text.split('.');
  if (!FORM.test(text) || signature(of, owner, said, proof) !== signed) return undefined;
  return JSON.parse(Buffer.from(said, 'base64url').toString()) as T;
}

/** A quote, as it is sent. */
export const quoteField = () =>
  json<string>(
    { type: 'string', pattern: FORM.source, maxLength: QUOTE_LENGTH_MAX },
    (value) => typeof value === 'string' && value.length <= QUOTE_LENGTH_MAX && FORM.test(value),
    'A quote, as it was given: then what it says is charged, or nothing is.',
    'ACT_BODY_INVALID',
  );
