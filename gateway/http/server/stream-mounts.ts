// WebSockets and event streams on the web server. Owns: how endpoints are put at their paths, and what happens to exceptions
// there. Never touches: what is said; it knows of uWebSockets.js no more than the shapes below.
//   http.H33. A request becomes a WebSocket in the handler of the request, or never: upgraded later, in a cork, uWebSockets.js takes
//        the new WebSocket for the old response now and then, and closes it (its issue 1928).

import { type Answer, EVENTS_TYPE, problem } from '../../encoding/answer.js';
import { readQuery } from '../../encoding/text.js';
import type { Origin } from '../../logs/origin.js';
import type { RouteFigures } from '../../metrics/metrics.js';
import { type Refusal, refuse } from '../../refusal.js';
import { STREAM_ACCESS } from '../../ws/access.js';
import { CLOSE } from '../../ws/close-codes.js';
import type {
  EventsEndpoint,
  EventsPeer,
  Socket,
  SocketEndpoint,
  SocketPeer,
} from '../../ws/socket.js';
import { credentialsOf } from './arrival.js';
import type { CrossOrigin } from './cross-origin.js';
import { type EventResponse, ResponseEvents } from './event-stream.js';
import { bodilessFraming, Head, type Request } from './framing.js';

/** What is used of a WebSocket. */
interface ServerSocket {
  getUserData(): SocketData;
  getBufferedAmount(): number;
  send(message: string | Uint8Array, isBinary: boolean): unknown;
  cork(work: () => void): unknown;
  end(code: number, reason: string): void;
}

/** What the server keeps with a WebSocket: it copies the fields of what it is given. */
interface SocketData {
  readonly peer: SocketPeer;
}

/** What is used of a response. */
interface Response<Context> extends EventResponse {
  cork(work: () => void): unknown;
  onAborted(handler: () => void): unknown;
  upgrade(
    data: SocketData,
    key: string,
    protocol: string,
    extensions: string,
    context: Context,
  ): unknown;
}

/** How a path of WebSockets is served. */
export interface SocketBehavior<Sent, Context> {
  readonly maxPayloadLength: number;
  readonly idleTimeout: number;
  readonly sendPingsAutomatically: boolean;
  readonly maxBackpressure: number;
  upgrade(response: Sent, request: Request, context: Context): void;
  open(socket: ServerSocket): void;
  message(socket: ServerSocket, bytes: ArrayBuffer, isBinary: boolean): void;
  drain(socket: ServerSocket): void;
  close(socket: ServerSocket): void;
}

/** What the server does for those who mount. */
export interface MountTools<Sent> {
  readonly figures: RouteFigures;
  /** `closes`: the connection ends with it. */
  write(response: Sent, answer: Answer, closes?: boolean): void;
  originOf(response: Sent, request: Request): Origin;
  readonly crossOrigin: CrossOrigin;
  onDefect(error: unknown): void;
}

/** What may be asked instead of another version, or of no WebSocket. */
export const UPGRADE = [
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', '13'],
] as const;
const VERSION = '13';
/** Counted where an event stream was begun, and where a request became a WebSocket. */
const STREAMING = 200;
const SWITCHING = 101;

/** A WebSocket of the web server. */
class ServedSocket implements Socket {
  readonly #socket: ServerSocket;

  constructor(socket: ServerSocket) {
    this.#socket = socket;
  }

  backlogBytes(): number {
    return this.#socket.getBufferedAmount();
  }

  send(message: string | Uint8Array): void {
    this.#socket.send(message, typeof message !== 'string');
  }

  cork(work: () => void): void {
    this.#socket.cork(work);
  }

  end(code: number, reason: string): void {
    this.#socket.end(code, reason);
  }
}

/** How an endpoint's WebSockets are served. */
export function socketBehavior<Context, Sent extends Response<Context>>(
  endpoint: SocketEndpoint,
  tools: MountTools<Sent>,
): SocketBehavior<Sent, Context> {
  const guarded = (socket: ServerSocket, work: (peer: SocketPeer) => void): void => {
    try {
      work(socket.getUserData().peer);
    } catch (error) {
      tools.onDefect(error);
      socket.end(...CLOSE.defect);
    }
  };
  return {
    maxPayloadLength: endpoint.messageBytesMax,
    idleTimeout: endpoint.idleSeconds,
    sendPingsAutomatically: true,
    // The peer looks after its backlog: nothing is dropped.
    maxBackpressure: 0,
    upgrade: (response, request, context) =>
      refusing(response, tools, () => upgrade(endpoint, tools, response, request, context)),
    open: (socket) => guarded(socket, (peer) => peer.open(new ServedSocket(socket))),
    message: (socket, bytes, isBinary) => guarded(socket, (peer) => peer.message(bytes, isBinary)),
    drain: (socket) => guarded(socket, (peer) => peer.drained()),
    close: (socket) => socket.getUserData().peer.closed(),
  };
}

/** An exception is answered INTERNAL. */
function refusing<Sent>(response: Sent, tools: MountTools<Sent>, work: () => void): void {
  try {
    work();
  } catch (error) {
    tools.onDefect(error);
    tools.write(response, problem(refuse('INTERNAL')));
  }
}

/** What their credentials are read as. */
const STREAM = { method: 'GET', access: STREAM_ACCESS, isRead: true } as const;

// Hands on what an event stream may have to wait for: at once where it is there. Late, it is handed on in the cork of a response
// that is still there; `gone` is told where it is not.
function whenJudged<Sent extends Pick<Response<never>, 'onAborted' | 'cork'>, Found>(
  response: Sent,
  tools: MountTools<Sent>,
  found: Promise<Found> | Found,
  then: (found: Found) => void,
  gone: (found: Found) => void,
): void {
  if (!(found instanceof Promise)) {
    then(found);
    return;
  }
  let isGone = false;
  response.onAborted(() => {
    isGone = true;
  });
  const late = (work: () => void): void => {
    if (!isGone) response.cork(() => refusing(response, tools, work));
  };
  found.then(
    (judged) => (isGone ? gone(judged) : late(() => then(judged))),
    (error) =>
      late(() => {
        throw error;
      }),
  );
}

// A request of which nothing is believed.
function refuseAll<Sent>(tools: MountTools<Sent>, response: Sent, refusal: Refusal): void {
  tools.figures.observe(refusal.status, 0);
  tools.write(response, problem(refusal), true);
}

// What is wrong with the opening itself.
function openingProblem(request: Request, crossOrigin: CrossOrigin): Answer | undefined {
  if (request.getHeader('sec-websocket-version').trim() !== VERSION)
    return problem(refuse('UPGRADE_REQUIRED', 'Sec-WebSocket-Version'), UPGRADE);
  const foreign = crossOrigin.socketProblem(request);
  return foreign && problem(foreign);
}

function upgrade<Context, Sent extends Response<Context>>(
  endpoint: SocketEndpoint,
  tools: MountTools<Sent>,
  response: Sent,
  request: Request,
  context: Context,
): void {
  const { figures, write, originOf, crossOrigin } = tools;
  const offered = request.getHeader('sec-websocket-protocol');
  const protocols = offered.split(',').map((protocol) => protocol.trim());
  const key = request.getHeader('sec-websocket-key');
  const closes = bodilessFraming(new Head(request));
  if (typeof closes === 'object') {
    refuseAll(tools, response, closes);
    return;
  }
  crossOrigin.note(response, request);
  const query = readQuery(request.getQuery() ?? '', endpoint.query);
  const no = openingProblem(request, crossOrigin) ?? (query.ok ? undefined : problem(query));
  const admitted =
    no ??
    endpoint.admit({
      credentials: credentialsOf(STREAM, request),
      origin: originOf(response, request),
      protocols: offered === '' ? [] : protocols,
      query: query.ok ? query.values : {},
    });
  figures.observe('status' in admitted ? admitted.status : SWITCHING, 0);
  if ('status' in admitted) write(response, admitted, closes);
  else response.upgrade({ peer: admitted.peer }, key, admitted.protocol, '', context);
}

/** How an endpoint's event streams are served: the handler of its path. */
export function eventsHandler<
  Sent extends EventResponse & Pick<Response<never>, 'onAborted' | 'cork'>,
>(endpoint: EventsEndpoint, tools: MountTools<Sent>): (response: Sent, request: Request) => void {
  return (response, request) =>
    refusing(response, tools, () => beginEvents(endpoint, tools, response, request));
}

function beginEvents<Sent extends EventResponse & Pick<Response<never>, 'onAborted' | 'cork'>>(
  endpoint: EventsEndpoint,
  tools: MountTools<Sent>,
  response: Sent,
  request: Request,
): void {
  const { figures, write } = tools;
  const closes = bodilessFraming(new Head(request));
  if (typeof closes === 'object') {
    refuseAll(tools, response, closes);
    return;
  }
  tools.crossOrigin.note(response, request);
  const query = readQuery(request.getQuery() ?? '', endpoint.query);
  const admitted = query.ok
    ? endpoint.admit({
        credentials: credentialsOf(STREAM, request),
        lastEventId: request.getHeader('last-event-id'),
        wantsEvents: request.getHeader('accept').includes(EVENTS_TYPE),
        query: query.values,
      })
    : problem(query);
  const settle = (found: EventsPeer | Answer): void => {
    figures.observe('status' in found ? found.status : STREAMING, 0);
    if ('status' in found) write(response, found, closes);
    else {
      const refuse = (refused: Answer): void => write(response, refused, closes);
      tellEvents(response, found, refuse, () => tools.crossOrigin.writeHeaders(response));
    }
  };
  whenJudged(response, tools, admitted, settle, (found) => {
    if (!('status' in found)) found.closed();
  });
}

function tellEvents<Sent extends EventResponse & Pick<Response<never>, 'onAborted'>>(
  response: Sent,
  peer: EventsPeer,
  write: (refused: Answer) => void,
  writeHeaders: () => void,
): void {
  const answer = (refused: Answer): void => {
    stream.gone();
    write(refused);
    peer.closed();
  };
  const stream = new ResponseEvents(response, answer, () => peer.drained(), writeHeaders);
  response.onAborted(() => {
    stream.gone();
    peer.closed();
  });
  peer.open(stream);
}
