// What a request says by its line and headers. Owns: their reading. Never touches: sockets, bodies; it knows of
// uWebSockets.js no more than the shape of a request, which is valid in its handler only (http.H8).

import { bareCredentials, type Credentials } from '../../auth/authenticator.js';
import { NOBODY, type Principal } from '../../auth/principal.js';
import { problem } from '../../encoding/answer.js';
import { acceptedOf, type Format, formatOf } from '../../encoding/media.js';
import { decodePart, type queryReader } from '../../encoding/text.js';
import { NOWHERE, type Origin } from '../../logs/origin.js';
import { type Refusal, refuse } from '../../refusal.js';
import type { Arrival, Route } from '../../route.js';
import { queryChecker } from '../../schema/check.js';
import { partRefusal } from '../../schema/description.js';
import { idempotencyKey } from './idempotency.js';

/** What is used of a request. */
export interface RequestHead {
  getHeader(name: string): string;
  getParameter(index: number): string | undefined;
  /** Undefined where there is none, whatever the package's types say. */
  getQuery(): string | undefined;
  getUrl(): string;
}

/** Of a request without parameters. */
const NO_QUERY: Readonly<Record<string, string>> = Object.freeze({});
/** Of a route that reads none. */
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});
/** Of a route for anyone: there is nobody to count. */
const NO_LIMITER = {
  proved: (_: Origin, principal: Principal) => principal,
  users: () => undefined,
  commands: () => undefined,
  context: () => undefined,
  outcomes: () => {},
} as const;

// What a request says of who sends it. What is signed is looked at only where there is a signature.
export function credentialsOf(
  { method, access, isRead }: Pick<Route, 'method' | 'access' | 'isRead'>,
  req: Pick<RequestHead, 'getHeader' | 'getQuery' | 'getUrl'>,
): Credentials {
  const authorization = req.getHeader('authorization');
  const isKeys = authorization !== '' && access.by === 'key';
  const token = isKeys ? '' : req.getHeader('x-platform-token');
  const platformId = isKeys ? '' : req.getHeader('x-platform-id');
  const signature = isKeys ? '' : req.getHeader('x-signature');
  if (platformId === '' && signature === '') return bareCredentials(authorization, token);
  const query = req.getQuery();
  return {
    authorization,
    token,
    platformId,
    timestamp: req.getHeader('x-timestamp'),
    signature,
    version: req.getHeader('x-signature-version'),
    method,
    isOnce: method !== 'GET' && isRead !== true,
    target: query === undefined ? req.getUrl() : `${req.getUrl()}?${query}`,
    host: req.getHeader('host'),
    contentType: req.getHeader('content-type'),
    idempotencyKey: req.getHeader('idempotency-key'),
  };
}

/** A route, the names in its path, and how its query is read. */
export interface Readable {
  readonly route: Route;
  readonly names: readonly string[];
  readonly readQuery: ReturnType<typeof queryReader>;
}

// What a call takes from the request's line and headers.
export function readCall(
  { route, names, readQuery }: Readable,
  req: RequestHead,
): Refusal | Arrival {
  const path: string[] = [];
  for (let i = 0; i < names.length; i++) {
    const part = decodePart(req.getParameter(i) ?? '');
    if (part === undefined) {
      const name = names[i] ?? '';
      return refuse(partRefusal(name), name, `${name} is badly percent-encoded in the path.`);
    }
    path.push(part);
  }
  const text = req.getQuery();
  let query = NO_QUERY;
  if (text !== undefined && text !== '') {
    const read = readQuery(text);
    if (!read.ok) return read;
    query = read.values;
  }
  const headers = route.headers === undefined ? NO_HEADERS : headersOf(route.headers, req);
  const key =
    route.body === undefined ? undefined : idempotencyKey(req.getHeader('idempotency-key'));
  return {
    path,
    query,
    body: undefined,
    lines: undefined,
    idempotencyKey: key,
    format: answerFormat(route, req),
    isRepeat: false,
    headers,
    principal: NOBODY,
    isGood: undefined,
    origin: NOWHERE,
    until: undefined,
    limiter: NO_LIMITER,
    isRecorded: false,
  };
}

const headersOf = (names: readonly string[], req: RequestHead): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, req.getHeader(name)]));

// As `Accept` says, else as the body.
function answerFormat({ formats }: Route, req: RequestHead): Format {
  if (formats === undefined) return 'json';
  const sent = formatOf(req.getHeader('content-type'));
  const usual = sent !== undefined && formats.includes(sent) ? sent : 'json';
  const accept = req.getHeader('accept');
  return accept === '' ? usual : acceptedOf(accept, formats, usual);
}

/** The route, which looks at the values in the query first. */
export function checking(route: Route): Route {
  const { query } = route.describes;
  if (query === undefined) return route;
  const problemOf = queryChecker(query);
  /** What was good last: it is read once (`queryReader`). */
  let good = (query.required ?? []).length > 0 ? undefined : NO_QUERY;
  const handle: Route['handle'] = (call) => {
    const wrong = call.query === good ? undefined : problemOf(call.query);
    if (wrong !== undefined) return problem(wrong);
    good = call.query;
    return route.handle(call);
  };
  return { ...route, handle };
}
