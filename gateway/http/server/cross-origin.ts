// Pages of other origins (CORS). Owns: which ones may read answers, and open WebSockets; what is said of that in headers. Never
// touches: credentials; it knows of uWebSockets.js no more than the shapes below.
//   http.H30. Off unless origins are named. Then every answer, whatever its status, names the page's origin where it is one of them, and
//        says `Vary: Origin` for everybody, so that no cache gives one page the answer of another.
//   http.H34. `Access-Control-Allow-Credentials` is never sent: nothing here is authorised by a cookie, so no page needs it, and
//        a page can only use what it was given (a ticket, a token).

import { type Answer, problem } from '../../encoding/answer.js';
import { type Refusal, refuse } from '../../refusal.js';

/** What is used of a request: valid in its handler only. */
interface Headers {
  getHeader(name: string): string;
}

/** What is used of a response. */
interface HeaderWriter {
  writeHeader(name: string, value: string): unknown;
  /** The page's origin, where it may read the answer. */
  readableBy?: string | undefined;
}

/** What a page may send beside what every page may. */
const HEADERS_TAKEN = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'Last-Event-ID',
  'X-Platform-Token',
  'X-Platform-ID',
  'X-Timestamp',
  'X-Signature',
  'Jifen-Device',
  'traceparent',
].join(', ');
/** What a page may read beside what every page may. */
const HEADERS_SHOWN = [
  'Allow',
  'Idempotency-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
].join(', ');
/** How long a browser may remember what it was told of a path. */
const PREFLIGHT_SECONDS = 600;

/** What is wrong with the text of an origin; undefined: nothing. */
export function originProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.origin === text) return undefined;
  return `"${text}" is not an origin, such as https://shop.example or http://localhost:3000`;
}

export class CrossOrigin {
  readonly #origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** Notes at the response who may read it: before the handler of the request returns. */
  note(response: HeaderWriter, request: Headers): void {
    if (this.#origins.size === 0) return;
    const origin = request.getHeader('origin');
    if (origin !== '' && this.#origins.has(origin)) response.readableBy = origin;
  }

  /** Says so in its headers. */
  writeHeaders(response: HeaderWriter): void {
    if (this.#origins.size === 0) return;
    response.writeHeader('Vary', 'Origin');
    if (response.readableBy === undefined) return;
    response.writeHeader('Access-Control-Allow-Origin', response.readableBy);
    response.writeHeader('Access-Control-Expose-Headers', HEADERS_SHOWN);
  }

  /** The answer to a browser that asks before a page's request; undefined: it is no such question. */
  preflight(request: Headers, methods: string): Answer | undefined {
    const origin = request.getHeader('origin');
    const method = request.getHeader('access-control-request-method');
    if (this.#origins.size === 0 || origin === '' || method === '') return undefined;
    if (!this.#origins.has(origin)) return problem(refuse('ORIGIN_FORBIDDEN', 'Origin'));
    const headers = [
      ['Access-Control-Allow-Methods', methods],
      ['Access-Control-Allow-Headers', HEADERS_TAKEN],
      ['Access-Control-Max-Age', String(PREFLIGHT_SECONDS)],
    ] as const;
    return { status: 200, contentType: 'text/plain', body: '', headers };
  }

  /**
   * What keeps a page from opening a WebSocket, which browsers let every page do; undefined: nothing. Its own origin's pages may.
   * Who sends no Origin is no browser.
   */
  socketProblem(request: Headers): Refusal | undefined {
    const origin = request.getHeader('origin');
    if (this.#origins.size === 0 || origin === '' || this.#origins.has(origin)) return undefined;
    const isOwn = URL.canParse(origin) && new URL(origin).host === request.getHeader('host');
    return isOwn ? undefined : refuse('ORIGIN_FORBIDDEN', 'Origin');
  }
}
