// The web server: the only file that knows uWebSockets.js. Owns: sockets, requests on their way,
// their bodies. Never touches: what a route means.
//   http.H8.  Nothing of a request is read after its handler has returned: uWebSockets.js frees it.
//        Nothing of a response is touched after it was answered or aborted.
//   http.H9.  Every request is answered once, or its client went away; an exception becomes INTERNAL,
//        never an end of the process.
//   http.H10. What the headers alone can refuse is refused before a body is read.

import uws, {
  type HttpRequest,
  type HttpResponse,
  type TemplatedApp,
  type us_listen_socket,
  type us_socket_context_t,
  type WebSocketBehavior,
} from 'uWebSockets.js';
import { limits as engineLimits } from '../../../engine/index.js';
import { bearerKey } from '../../auth/admin-key.js';
import type { Claim } from '../../auth/authenticator.js';
import { challenge } from '../../auth/member-principal.js';
import { type Answer, problem } from '../../encoding/answer.js';
import { queryReader } from '../../encoding/text.js';
import type { GatewayLimits } from '../../limits.js';
import type { Origin } from '../../logs/origin.js';
import { type Metrics, type RouteFigures, STATUS_GONE } from '../../metrics/metrics.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import type { Arrival, Route, ServedLedger } from '../../route.js';
import { partsOf } from '../../schema/description.js';
import type { EventsEndpoint, SocketEndpoint } from '../../ws/socket.js';
import { checking, credentialsOf, type Readable, readCall } from './arrival.js';
import { CrossOrigin } from './cross-origin.js';
import { apart, Exchange } from './exchange.js';
import { bodilessFraming, framingOf, Head, hasBody, isEncoded } from './framing.js';
import type { Gate } from './gate.js';
import { bodyTaken, isLines, tooLarge } from './request-body.js';
import { statusText } from './status-text.js';
import { eventsHandler, socketBehavior, UPGRADE } from './stream-mounts.js';
import { AnswerStream, BodyStream } from './streamed.js';

/** What the server needs beside its routes. */
export interface ServerOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly limits: GatewayLimits;
  readonly metrics: Metrics;
  readonly ledger: ServedLedger;
  /** Who takes WebSockets. */
  readonly sockets?: readonly SocketEndpoint[] | undefined;
  /** Who serves event streams. */
  readonly events?: readonly EventsEndpoint[] | undefined;
  /** Origins whose pages may read answers. Left out: none. */
  readonly origins?: readonly string[] | undefined;
  /** What every request but those for anyone passes. */
  readonly gate: Gate;
  /** Told of defects: exceptions of handlers. */
  readonly onDefect: (error: unknown) => void;
}

const NO_BYTES = new Uint8Array(0);
const NO_SOCKET = problem(refuse('UPGRADE_REQUIRED', 'Upgrade'), UPGRADE);
const ENCODED = refuse(
  'MEDIA_TYPE_UNSUPPORTED',
  'Content-Encoding',
  'Bodies are taken as they are: no Content-Encoding but identity.',
);
const UNENCODED_ONLY = [['Accept-Encoding', 'identity']] as const;

/** What the server notes at a response. */
interface Noted {
  /** The answer has no body. */
  isHead?: true;
}

/** Watchers and crawlers ask so, and they have no key. */
const takesHead = ({ method, access }: Route): boolean =>
  method === 'GET' && access.by === 'anyone';

/** A route with what it needs at every request. */
interface Mounted extends Readable {
  readonly figures: RouteFigures;
  readonly bodyBytesMax: number;
}

/** The web server of the gateway. */
export class HttpServer {
  /** Requests whose answers are being made. */
  inFlight = 0;
  readonly #options: ServerOptions;
  readonly #app: TemplatedApp;
  readonly #crossOrigin: CrossOrigin;
  #socket: us_listen_socket | undefined;
  #unfinishedBytes = 0;
  /** Whose answers go on. */
  readonly #streaming = new Set<Exchange<HttpResponse>>();
  #drained: (() => void) | undefined;

  constructor(routes: readonly Route[], options: ServerOptions) {
    this.#options = options;
    this.#app = uws.App();
    this.#crossOrigin = new CrossOrigin(options.origins ?? []);
    const methods = new Map<string, string[]>();
    for (const route of routes) {
      const taken = takesHead(route) ? ['GET', 'HEAD'] : [route.method];
      methods.set(route.path, [...(methods.get(route.path) ?? []), ...taken]);
      this.#mount(route);
    }
    this.#mountStreams(methods);
    for (const [path, allowed] of methods) this.#refuseOthers(path, allowed.sort().join(', '));
    const nowhere = options.metrics.route('*', '(none)');
    const nothing = refuse('ROUTE_NOT_FOUND', 'path');
    this.#app.any('/*', (res, req) => this.#answerAtOnce(res, req, nowhere, problem(nothing)));
  }

  /**
   * Begins to listen; the port that it listens on. Rejects where the port is in use or the host is
   * not this machine's.
   */
  listen(): Promise<number> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      const listening = (socket: us_listen_socket | false) => {
        if (socket === false) {
          reject(
            new Error(
              `cannot listen on ${host}:${port}: it is in use, or not an address of this machine`,
            ),
          );
          return;
        }
        this.#socket = socket;
        resolve(uws.us_socket_local_port(socket));
      };
      // Without "exclusive", a second server on the port would be let in and get half of the
      // connections. The package's types lack this overload.
      type Listen = (
        host: string,
        port: number,
        options: number,
        done: (socket: us_listen_socket | false) => void,
      ) => void;
      const app = this.#app as unknown as { listen: Listen };
      app.listen(host, port, uws.ListenOptions?.LIBUS_LISTEN_EXCLUSIVE_PORT ?? 1, listening);
    });
  }

  /**
   * Takes no new connections, waits for the answers being made (at most `drainMs`), closes all
   * connections.
   */
  async close(): Promise<void> {
    if (this.#socket !== undefined) uws.us_listen_socket_close(this.#socket);
    this.#socket = undefined;
    const { sockets = [], events = [], limits } = this.#options;
    const streamsClosed = Promise.all(
      [...sockets, ...events].map((endpoint) => endpoint.close(limits.drainMs)),
    );
    // What was read of a body is carried out; a reader resumes elsewhere, or later.
    for (const { lines, stream } of this.#streaming) {
      if (lines === undefined) stream?.abort();
      else lines.stop();
    }
    if (this.inFlight > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
        timer = setTimeout(resolve, limits.drainMs);
      });
      clearTimeout(timer);
    }
    await streamsClosed;
    // The last answer may still be in the cork of the callback that gave it: closing must not come
    // from in there.
    await new Promise((resolve) => setImmediate(resolve));
    this.#app.close();
  }

  #mount(route: Route): void {
    const { limits, metrics } = this.#options;
    const names = partsOf(route.path);
    const mounted: Mounted = {
      route: checking(route),
      names,
      readQuery: queryReader(Object.keys(route.describes.query?.properties ?? {}), route.takesAny),
      figures: metrics.route(route.method, route.path),
      bodyBytesMax: route.body === 'batch' ? limits.batchBytesMax : limits.bodyBytesMax,
    };
    const pattern = route.path.replace(/\{(\w+)\}/g, ':$1');
    const handler = (res: HttpResponse, req: HttpRequest) => this.#begin(mounted, res, req);
    if (route.method === 'GET') {
      this.#app.get(pattern, handler);
      if (takesHead(route))
        this.#app.head(pattern, (res, req) => {
          (res as Noted).isHead = true;
          handler(res, req);
        });
    } else if (route.method === 'PUT') this.#app.put(pattern, handler);
    else if (route.method === 'DELETE') this.#app.del(pattern, handler);
    else this.#app.post(pattern, handler);
  }

  #mountStreams(methods: Map<string, string[]>): void {
    const { sockets = [], events = [], metrics, onDefect } = this.#options;
    const write = this.#writeTo.bind(this);
    const originOf = this.#originOf.bind(this);
    const crossOrigin = this.#crossOrigin;
    for (const endpoint of sockets) {
      const figures = metrics.route('GET', endpoint.path);
      const tools = { figures, write, onDefect, originOf, crossOrigin };
      const behavior = socketBehavior<us_socket_context_t, HttpResponse>(endpoint, tools);
      this.#app.ws(endpoint.path, behavior as WebSocketBehavior<unknown>);
      // What is no opening of a WebSocket at all.
      this.#app.any(endpoint.path, (res, req) => this.#answerAtOnce(res, req, figures, NO_SOCKET));
    }
    for (const endpoint of events) {
      methods.set(endpoint.path, ['GET']);
      const figures = metrics.route('GET', endpoint.path);
      const tools = { figures, write, onDefect, originOf, crossOrigin };
      this.#app.get(endpoint.path, eventsHandler(endpoint, tools));
    }
  }

  #refuseOthers(path: string, allowed: string): void {
    const figures = this.#options.metrics.route('*', path);
    const detail = `This path takes: ${allowed}.`;
    const answer = problem(refuse('METHOD_NOT_ALLOWED', 'method', detail), [['Allow', allowed]]);
    this.#app.any(path.replace(/\{(\w+)\}/g, ':$1'), (res, req) => {
      const isAsked = req.getMethod() === 'options';
      const told = isAsked ? this.#crossOrigin.preflight(req, allowed) : undefined;
      this.#answerAtOnce(res, req, figures, told ?? answer);
    });
  }

  #answerAtOnce(res: HttpResponse, req: HttpRequest, figures: RouteFigures, answer: Answer): void {
    figures.observe(answer.status, 0);
    this.#crossOrigin.note(res, req);
    const method = req.getMethod();
    const isHead = method === 'head';
    if (isHead) (res as Noted).isHead = true;
    const isOpen = isHead || method === 'get' ? hasBody(req) : framingOf(new Head(req)) !== 'whole';
    if (isOpen) apart(res, () => this.#write(res, answer, true));
    else this.#write(res, answer);
  }

  // Runs corked, inside uWebSockets.js's own callback: the request is valid here and only here.
  #begin(mounted: Mounted, res: HttpResponse, req: HttpRequest): void {
    const exchange = new Exchange(mounted.figures, res);
    this.inFlight++;
    try {
      const { route } = mounted;
      exchange.refused = route.refused;
      const head = new Head(req);
      this.#crossOrigin.note(res, head);
      const framing = framed(route, head);
      exchange.closes = framing !== false && framing !== 'whole';
      if (exchange.closes) res.onAborted(() => this.#abandon(exchange));
      if (typeof framing === 'object') {
        this.#answer(exchange, problem(framing));
        return;
      }
      const claim = this.#admit(route, head);
      if (isRefusal(claim)) {
        this.#answer(exchange, this.#refused(claim, head));
        return;
      }
      // What is signed is read, also where nothing belongs.
      const isRead = route.body !== undefined || (route.method !== 'GET' && claim?.signed);
      if (isRead && isEncoded(head)) {
        this.#answer(exchange, problem(ENCODED, UNENCODED_ONLY, true));
        return;
      }
      const call = readCall(mounted, head);
      if (isRefusal(call)) {
        this.#answer(exchange, problem(call));
        return;
      }
      exchange.claim = claim;
      const isVisitors = route.access.by === 'visitor';
      if (isVisitors || (claim !== undefined && this.#options.gate.writesDown(route)))
        exchange.origin = this.#originOf(res, head);
      res.onAborted(() => this.#abandon(exchange));
      if (isRead) this.#readBody(mounted, exchange, call, head);
      else this.#prove(route, exchange, NO_BYTES, () => call);
    } catch (error) {
      this.#fail(exchange, error);
    }
  }

  // Who claims to ask; undefined: anyone may.
  #admit(route: Route, head: Head): Refusal | Claim | undefined {
    if (route.access.by === 'anyone') return undefined;
    const { ledger, gate } = this.#options;
    if (ledger.unready !== undefined) return refuse('CLOSING', undefined, ledger.unready);
    return gate.claim(route.access, credentialsOf(route, head));
  }

  #originOf(res: HttpResponse, head: Pick<Head, 'getHeader'>): Origin {
    const { proxies } = this.#options.limits;
    const forwarded = proxies === 0 ? [] : head.getHeader('x-forwarded-for').split(',');
    const peer = forwarded.at(-proxies)?.trim();
    const address = peer || Buffer.from(res.getRemoteAddressAsText()).toString('latin1');
    const agent = head.getHeader('user-agent').slice(0, engineLimits.AGENT_LENGTH_MAX);
    return {
      address,
      agent,
      traceparent: head.getHeader('traceparent'),
      device: head.getHeader('jifen-device'),
      memberDevice: head.getHeader('jifen-member-device'),
      memberAddress: head.getHeader('jifen-member-address'),
      secondFactor: head.getHeader('jifen-second-factor'),
    };
  }

  // A refusal of the whole request, given before its body is read.
  #refused(refusal: Refusal, head: Head): Answer {
    const isBearer = bearerKey(head.getHeader('authorization')) !== undefined;
    const headers = refusal.status === 401 ? challenge(isBearer) : undefined;
    // A large body of somebody who may not send one is not waited for.
    const bytes = Number(head.getHeader('content-length'));
    return problem(refusal, headers, bytes > this.#options.limits.nestingCheckBytes);
  }

  #readBody(mounted: Mounted, exchange: Exchange<HttpResponse>, call: Arrival, head: Head): void {
    const { limits } = this.#options;
    const length = head.getHeader('content-length');
    const type = head.getHeader('content-type');
    if (exchange.claim?.signed === undefined && isLines(mounted.route, type)) {
      this.#readLines(mounted.route, exchange, call);
      return;
    }
    if (Number(length) > mounted.bodyBytesMax) {
      this.#answer(exchange, tooLarge(mounted.bodyBytesMax));
      return;
    }
    exchange.res.onData((chunk, isLast) => {
      if (exchange.done || exchange.isAnswered) return;
      try {
        if (isLast && exchange.chunks === undefined) {
          this.#read(mounted, exchange, call, type, chunk);
          return;
        }
        // The chunk is uWebSockets.js's own memory, and gone when this returns.
        const copy = new Uint8Array(chunk.byteLength);
        copy.set(new Uint8Array(chunk));
        exchange.chunks ??= [];
        exchange.chunks.push(copy);
        exchange.bytes += copy.length;
        this.#unfinishedBytes += copy.length;
        if (exchange.bytes > mounted.bodyBytesMax)
          this.#answer(exchange, tooLarge(mounted.bodyBytesMax));
        else if (this.#unfinishedBytes > limits.unfinishedBytesMax) {
          const detail = 'Too much is being sent at once; try again shortly.';
          this.#answer(exchange, problem(refuse('SHARD_BUSY', undefined, detail), undefined, true));
        } else if (isLast) {
          const whole = Buffer.concat(exchange.chunks, exchange.bytes);
          this.#forgetBody(exchange);
          this.#read(mounted, exchange, call, type, whole);
        }
      } catch (error) {
        this.#fail(exchange, error);
      }
    });
  }

  // The call goes on while its body still comes.
  #readLines(route: Route, exchange: Exchange<HttpResponse>, call: Arrival): void {
    const lines = new BodyStream(exchange.res, this.#options.limits.streamedAheadBytes);
    exchange.lines = lines;
    exchange.res.onData((chunk, isLast) => {
      if (exchange.done) return;
      lines.arrived(new Uint8Array(chunk.slice(0)), isLast);
      if (lines.isTooMuch) exchange.res.close();
    });
    call.lines = lines;
    this.#prove(route, exchange, NO_BYTES, () => call);
  }

  #read(
    { route }: Mounted,
    exchange: Exchange<HttpResponse>,
    call: Arrival,
    type: string,
    bytes: ArrayBuffer | Uint8Array,
  ): void {
    const { limits } = this.#options;
    this.#prove(route, exchange, bytes, () =>
      bodyTaken(route, call, { bytes, type, signed: exchange.claim?.signed }, limits),
    );
  }

  // Checks what the claim needs the body for, reads the body, and hands the call on. Where the check
  // takes time, the bytes have been read before: they are gone afterwards.
  #prove(
    route: Route,
    exchange: Exchange<HttpResponse>,
    bytes: ArrayBuffer | Uint8Array,
    read: () => Answer | Arrival,
  ): void {
    const proof = exchange.claim?.proof?.(
      bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes),
    );
    if (proof !== undefined && !(proof instanceof Promise)) {
      this.#answer(exchange, unproved(proof, exchange));
      return;
    }
    const call = read();
    if (proof === undefined) {
      if ('status' in call) this.#answer(exchange, call);
      else this.#handle(route, exchange, call);
      return;
    }
    const proved = proof.then((refusal) => {
      if (refusal !== undefined) return unproved(refusal, exchange);
      return 'status' in call ? call : this.#enter(route, exchange, call);
    });
    this.#answerWhenMade(exchange, proved);
  }

  #enter(route: Route, exchange: Exchange<HttpResponse>, call: Arrival): Answer | Promise<Answer> {
    const { claim, origin } = exchange;
    if (claim === undefined) return route.handle(call);
    return this.#options.gate.enter({ route, call, claim, origin });
  }

  #handle(route: Route, exchange: Exchange<HttpResponse>, call: Arrival): void {
    const answer = this.#enter(route, exchange, call);
    if (!(answer instanceof Promise)) {
      this.#answer(exchange, answer);
      return;
    }
    this.#answerWhenMade(exchange, answer);
  }

  #answerWhenMade(exchange: Exchange<HttpResponse>, answer: Promise<Answer>): void {
    answer.then(
      (late) => this.#answerLater(exchange, late),
      (error) => this.#fail(exchange, error),
    );
  }

  // Outside of uWebSockets.js's callback every write would be a packet of its own, but for the
  // cork.
  #answerLater(exchange: Exchange<HttpResponse>, answer: Answer): void {
    if (exchange.done) return;
    try {
      exchange.res.cork(() => this.#answer(exchange, answer));
    } catch (error) {
      this.#fail(exchange, error);
    }
  }

  #answer(exchange: Exchange<HttpResponse>, made: Answer): void {
    if (exchange.done || exchange.isAnswered) return;
    const { refused } = exchange;
    const answer =
      refused === undefined || made.refusal === undefined
        ? made
        : { ...refused(made.refusal), close: made.close };
    if (answer.stream !== undefined) {
      this.#stream(exchange, answer, answer.stream);
      return;
    }
    // What still comes of a body is not waited for.
    exchange.closes ||= exchange.lines?.hasEnded === false;
    if (!exchange.closes) {
      this.#finish(exchange, answer.status);
      this.#write(exchange.res, answer);
      return;
    }
    exchange.isAnswered = true;
    setImmediate(() => {
      if (exchange.done) return;
      this.#finish(exchange, answer.status);
      try {
        exchange.res.cork(() => this.#write(exchange.res, answer, true));
      } catch (error) {
        this.#options.onDefect(error);
      }
    });
  }

  // Lets a route write its answer piece by piece.
  #stream(
    exchange: Exchange<HttpResponse>,
    answer: Answer,
    make: (stream: AnswerStream) => Promise<void>,
  ): void {
    const { limits } = this.#options;
    if (this.#streaming.size >= limits.streamedMax) {
      this.#answer(exchange, problem(refuse('CONNECTIONS_LIMIT')));
      return;
    }
    const { res, lines, closes } = exchange;
    const begin = (): void => {
      this.#writeHead(res, answer);
      // The web server cannot end what it has begun in chunks and close it: whoever is in front does not use it again.
      if (closes) res.writeHeader('Connection', 'close');
    };
    const stream = new AnswerStream(res, begin, {
      beatMs: limits.eventsBeatMs,
      stallMs: limits.streamedStallMs,
      isQuiet: () => answer.isFile === true || lines?.isWaitedFor === true,
      wasFull: () => lines?.stayPaused(),
    });
    exchange.stream = stream;
    this.#streaming.add(exchange);
    const made = make(stream).then(
      () => {
        if (exchange.done) return;
        this.#finish(exchange, answer.status);
        stream.end();
      },
      (error) => {
        this.#options.onDefect(error);
        stream.abort();
      },
    );
    made.finally(() => this.#streaming.delete(exchange));
  }

  #writeTo(res: HttpResponse, answer: Answer, closes = false): void {
    if (closes) apart(res, () => this.#write(res, answer, true));
    else this.#write(res, answer);
  }

  #write(res: HttpResponse, answer: Answer, closes = false): void {
    this.#writeHead(res, answer);
    const ends = closes || answer.close === true;
    if ((res as Noted).isHead !== true) res.end(answer.body, ends);
    else if (ends) res.endWithoutBody(0, true);
    else {
      // Given as an argument, a length is waited for.
      res.writeHeader('Content-Length', String(Buffer.byteLength(answer.body)));
      res.endWithoutBody();
    }
  }

  #writeHead(res: HttpResponse, answer: Answer): void {
    const { status, headers } = answer;
    if (status !== 200) res.writeStatus(statusText(status));
    res.writeHeader('Content-Type', answer.contentType);
    this.#crossOrigin.writeHeaders(res);
    if (status === 503) {
      res.writeHeader('Retry-After', String(this.#options.limits.retryAfterSeconds));
    }
    if (headers !== undefined) for (const [name, value] of headers) res.writeHeader(name, value);
  }

  #fail(exchange: Exchange<HttpResponse>, error: unknown): void {
    this.#options.onDefect(error);
    if (exchange.done) return;
    try {
      const answer = problem(refuse('INTERNAL'));
      exchange.res.cork(() => this.#answer(exchange, answer));
    } catch (again) {
      // The response itself is what is broken: nothing more can be said on it.
      this.#options.onDefect(again);
      if (!exchange.done) this.#finish(exchange, 500);
    }
  }

  #abandon(exchange: Exchange<HttpResponse>): void {
    if (!exchange.done) this.#finish(exchange, STATUS_GONE);
    exchange.stream?.gone();
  }

  #finish(exchange: Exchange<HttpResponse>, status: number): void {
    exchange.done = true;
    exchange.lines?.gone();
    exchange.figures.observe(status, performance.now() - exchange.began);
    this.#forgetBody(exchange);
    this.inFlight--;
    if (this.inFlight === 0) this.#drained?.();
  }

  #forgetBody(exchange: Exchange<HttpResponse>): void {
    if (exchange.chunks === undefined) return;
    this.#unfinishedBytes -= exchange.bytes;
    exchange.bytes = 0;
    exchange.chunks = undefined;
  }
}

// What only reads, and is for anyone, is read as leniently as it can be.
function framed(
  { method, access }: Route,
  head: Head,
): ReturnType<typeof bodilessFraming> | 'whole' | 'open' {
  if (method !== 'GET') return framingOf(head);
  return access.by === 'anyone' ? hasBody(head) : bodilessFraming(head);
}

function unproved(refusal: Refusal, { claim }: Exchange<HttpResponse>): Answer {
  const isBearer = claim?.isBearer === true;
  return problem(refusal, refusal.status === 401 ? challenge(isBearer) : undefined);
}
