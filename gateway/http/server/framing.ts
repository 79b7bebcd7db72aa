// Where a request ends, and which of its headers count. Owns: which requests are not believed about it. Never touches: bodies.
//   http.H18. A proxy in front and this server must see the same requests. What says in several ways, or in a strange one, how long its
//        body is, is refused, and its connection closed. So is the connection after any body in chunks, which the web
//        server reads more leniently than others do, after a request that may have a body and gives no length (a header
//        without a name hides all that follow it from the web server), and after one that has a body where none belongs:
//        nothing behind those is ever taken for a request.
//   http.H29. A header that says who asks, or what the call means, is given at most once: of two, a proxy in front may have
//        looked at the other one.

import type { RefusalCode } from '../../../engine/index.js';
import { type Refusal, refuse } from '../../refusal.js';

/** What is used of a request: valid in its handler only. */
interface Headers {
  getHeader(name: string): string;
  forEach(each: (name: string, value: string) => void): void;
}

/** A header that is given at most once. */
interface SingleHeader {
  readonly bit: number;
  readonly name: string;
  readonly code: RefusalCode;
}

const LENGTH = /^\d{1,15}$/;
/** A byte beyond ASCII. At the ends of a header the web server cuts them off: there none is seen. */
const BEYOND_ASCII = /[^\0-\x7f]/;
const SINGLES: ReadonlyMap<string, SingleHeader> = new Map(
  (
    [
      ['Authorization', 'CREDENTIALS_CONFLICT'],
      ['X-Platform-Token', 'CREDENTIALS_CONFLICT'],
      ['X-Platform-ID', 'CREDENTIALS_CONFLICT'],
      ['X-Timestamp', 'CREDENTIALS_CONFLICT'],
      ['X-Signature', 'CREDENTIALS_CONFLICT'],
      ['X-Signature-Version', 'CREDENTIALS_CONFLICT'],
      ['Idempotency-Key', 'ID_INVALID'],
      ['Last-Event-ID', 'CURSOR_INVALID'],
      ['Content-Type', 'MEDIA_TYPE_UNSUPPORTED'],
      ['Content-Encoding', 'MEDIA_TYPE_UNSUPPORTED'],
    ] as const
  ).map(([name, code], i) => [name.toLowerCase(), { bit: 1 << i, name, code }]),
);

// One request is looked at at a time, and nothing of it is kept: no object for each.
let lengths = 0;
let encodings = 0;
let hosts = 0;
let trailers = 0;
let isSound = true;
let singles = 0;
let double: SingleHeader | undefined;
let keyProblem = '';

function look(name: string, value: string): void {
  switch (name) {
    case 'content-length':
      lengths++;
      isSound &&= LENGTH.test(value);
      break;
    case 'transfer-encoding':
      encodings++;
      isSound &&= value.toLowerCase() === 'chunked';
      break;
    case 'host':
      hosts++;
      break;
    case 'trailer':
      trailers++;
      break;
    default: {
      const single = SINGLES.get(name);
      if (single === undefined) return;
      if ((singles & single.bit) !== 0) double ??= single;
      singles |= single.bit;
      if (name !== 'idempotency-key') return;
      if (value === '' || value === '""') keyProblem = 'Idempotency-Key is given, and empty.';
      else if (BEYOND_ASCII.test(value)) keyProblem = 'Idempotency-Key has only ASCII characters.';
    }
  }
}

function lookAt(req: Headers): void {
  lengths = 0;
  encodings = 0;
  hosts = 0;
  trailers = 0;
  isSound = true;
  singles = 0;
  double = undefined;
  keyProblem = '';
  req.forEach(look);
}

/** What is wrong with how often headers are given, if anything. */
function countProblem(): Refusal | undefined {
  // The web server takes a trailer for the next request: better refused than carried out and not answered.
  if (trailers > 0) return refuse('FRAMING_INVALID', 'Trailer', 'Trailers are not taken.');
  if (hosts !== 1) return refuse('FRAMING_INVALID', 'Host');
  if (double === undefined) return undefined;
  const { code, name } = double;
  return refuse(code, name, `${name} is given more than once.`);
}

/** What is known of the end of a request that may have a body; `open`: it is what the web server takes it for. */
export function framingOf(req: Headers): Refusal | 'whole' | 'open' {
  lookAt(req);
  if (!isSound || lengths + encodings > 1)
    return refuse('FRAMING_INVALID', encodings > 0 ? 'Transfer-Encoding' : 'Content-Length');
  const problem = countProblem();
  if (problem !== undefined) return problem;
  if (keyProblem !== '') return refuse('ID_INVALID', 'Idempotency-Key', keyProblem);
  return lengths === 1 ? 'whole' : 'open';
}

/** Has a request a body, where it should have none? A refusal: of its headers. */
export function bodilessFraming(req: Headers): Refusal | boolean {
  lookAt(req);
  return countProblem() ?? hasBody(req);
}

/** Has a request a body, where it should have none? */
export function hasBody(req: Pick<Headers, 'getHeader'>): boolean {
  const length = req.getHeader('content-length');
  return (length !== '' && length !== '0') || req.getHeader('transfer-encoding') !== '';
}

/** Is its body something else than what its type says, before it is decoded? */
export function isEncoded(req: Pick<Headers, 'getHeader'>): boolean {
  const encoding = req.getHeader('content-encoding');
  return encoding !== '' && encoding.trim().toLowerCase() !== 'identity';
}
