// A request's headers, looked through once: where the request ends, and which of them count. Owns: which requests are not believed
// about it. Never touches: bodies.
//   http.H18. A proxy in front and this server must see the same requests. What says in several ways, or in a strange one, how long its
//        body is, is refused, and its connection closed. So is the connection after any body in chunks, which the web
//        server reads more leniently than others do, after a request that may have a body and gives no length (a header
//        without a name hides all that follow it from the web server), and after one that has a body where none belongs:
//        nothing behind those is ever taken for a request.
//   http.H29. A header that says who asks, or what the call means, is given at most once: of two, a proxy in front may have
//        looked at the other one.

import type { RefusalCode } from '../../../engine/index.js';
import { type Refusal, refuse } from '../../refusal.js';
import type { RequestHead } from './arrival.js';

/** What is used of a request: valid in its handler only. */
export interface Request extends RequestHead {
  forEach(each: (name: string, value: string) => void): void;
}

/** A header that is given at most once. */
interface SingleHeader {
  readonly name: string;
  readonly code: RefusalCode;
}

const LENGTH = /^\d{1,15}$/;
/** A byte beyond ASCII. At the ends of a header the web server cuts them off: there none is seen. */
const BEYOND_ASCII = /[^\0-\x7f]/;
const SINGLES: readonly SingleHeader[] = (
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
    ['Jifen-Device', 'COMMAND_INVALID'],
    ['Jifen-Member-Device', 'COMMAND_INVALID'],
    ['Jifen-Member-Address', 'COMMAND_INVALID'],
    ['Jifen-Second-Factor', 'COMMAND_INVALID'],
  ] as const
).map(([name, code]) => ({ name, code }));
/** The headers that anything here looks at, by number: those that are given once, and then these. */
const NUMBERS: ReadonlyMap<string, number> = new Map(
  [
    ...SINGLES.map(({ name }) => name.toLowerCase()),
    'content-length',
    'transfer-encoding',
    'host',
    'trailer',
    'accept',
    'origin',
    'user-agent',
    'traceparent',
    'x-forwarded-for',
    'cookie',
    'sec-fetch-site',
    'accept-language',
  ].map((name, number) => [name, number]),
);
const [IDEMPOTENCY_KEY, CONTENT_LENGTH, TRANSFER_ENCODING, HOST, TRAILER] = [
  'idempotency-key',
  'content-length',
  'transfer-encoding',
  'host',
  'trailer',
].map((name) => NUMBERS.get(name));

/**
 * The line and headers of a request, looked through once: which there are, and how often. What is not there is not asked for: every
 * question to the web server costs a text each way.
 */
export class Head implements RequestHead {
  readonly #request: Request;
  /** A bit for each header that is there. */
  #given = 0;
  lengths = 0;
  encodings = 0;
  hosts = 0;
  trailers = 0;
  /** Does what says how long the body is say it as it should? */
  isSound = true;
  /** The first one that is given more than once, though it must not be. */
  double: SingleHeader | undefined = undefined;
  keyProblem = '';

  constructor(request: Request) {
    this.#request = request;
    request.forEach((name, value) => {
      this.#look(name, value);
    });
  }

  #look(name: string, value: string): void {
    const number = NUMBERS.get(name);
    if (number === undefined) return;
    const bit = 1 << number;
    if ((this.#given & bit) !== 0) this.double ??= SINGLES[number];
    this.#given |= bit;
    switch (number) {
      case CONTENT_LENGTH:
        this.lengths++;
        this.isSound &&= LENGTH.test(value);
        break;
      case TRANSFER_ENCODING:
        this.encodings++;
        this.isSound &&= value.toLowerCase() === 'chunked';
        break;
      case HOST:
        this.hosts++;
        break;
      case TRAILER:
        this.trailers++;
        break;
      case IDEMPOTENCY_KEY:
        if (value === '' || value === '""')
          this.keyProblem = 'Idempotency-Key is given, and empty.';
        else if (BEYOND_ASCII.test(value))
          this.keyProblem = 'Idempotency-Key has only ASCII characters.';
    }
  }

  /** A header's value, of several the first one's; an empty text where it is not there. */
  getHeader(name: string): string {
    const number = NUMBERS.get(name);
    if (number !== undefined && (this.#given & (1 << number)) === 0) return '';
    return this.#request.getHeader(name);
  }

  getParameter(index: number): string | undefined {
    return this.#request.getParameter(index);
  }

  getQuery(): string | undefined {
    return this.#request.getQuery();
  }

  getUrl(): string {
    return this.#request.getUrl();
  }
}

/** What is wrong with how often headers are given, if anything. */
function countProblem({ trailers, hosts, double }: Head): Refusal | undefined {
  // The web server takes a trailer for the next request: better refused than carried out and not answered.
  if (trailers > 0) return refuse('FRAMING_INVALID', 'Trailer', 'Trailers are not taken.');
  if (hosts !== 1) return refuse('FRAMING_INVALID', 'Host');
  if (double === undefined) return undefined;
  const { code, name } = double;
  return refuse(code, name, `${name} is given more than once.`);
}

/** What is known of the end of a request that may have a body; `open`: it is what the web server takes it for. */
export function framingOf(head: Head): Refusal | 'whole' | 'open' {
  const { isSound, lengths, encodings, keyProblem } = head;
  if (!isSound || lengths + encodings > 1)
    return refuse('FRAMING_INVALID', encodings > 0 ? 'Transfer-Encoding' : 'Content-Length');
  const problem = countProblem(head);
  if (problem !== undefined) return problem;
  if (keyProblem !== '') return refuse('ID_INVALID', 'Idempotency-Key', keyProblem);
  return lengths === 1 ? 'whole' : 'open';
}

/** Has a request a body, where it should have none? A refusal: of its headers. */
export function bodilessFraming(head: Head): Refusal | boolean {
  return countProblem(head) ?? hasBody(head);
}

/** Has a request a body, where it should have none? */
export function hasBody(head: Pick<Head, 'getHeader'>): boolean {
  const length = head.getHeader('content-length');
  return (length !== '' && length !== '0') || head.getHeader('transfer-encoding') !== '';
}

/** Is its body something else than what its type says, before it is decoded? */
export function isEncoded(head: Head): boolean {
  const encoding = head.getHeader('content-encoding');
  return encoding !== '' && encoding.trim().toLowerCase() !== 'identity';
}
