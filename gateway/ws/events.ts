// `/v1/stream/sse`: balances as they change, as server-sent events. Owns: what is said over event streams, their limits.
// Never touches: uWebSockets.js.
//   ws.F8. The id of an event is what to resume from: the version of the last entry told, by asset. So a browser that comes back
//       by itself (Last-Event-ID) misses nothing.
//   ws.F9. A browser gives an event stream up for good after any answer but 200. So one that asks again later may be served is told
//       when, in a stream that ends: it comes back by itself. Only what stays wrong is answered with its own status.

import { assetsOf, type BalanceEvent, type Engine, type Refused } from '../../engine/index.js';
import { type Answer, EVENTS_TYPE, problem } from '../encoding/answer.js';
import { isRefusal, problemJson, type Refusal, refuse } from '../refusal.js';
import { EventsQuery } from '../schema/operation-descriptions.js';
import { endTimer, isShown, type StreamRights } from './access.js';
import type { EventStream, EventsEndpoint, EventsPeer, EventsRequest } from './socket.js';
import type { StreamSettings } from './streams.js';
import { aboutTicket, shownWith } from './tickets.js';

const CHALLENGE = [['WWW-Authenticate', 'Bearer realm="jifen"']] as const;
const PAIR = '[a-z0-9_]{1,32}:(?:0|[1-9]\\d{0,15})';
const VERSIONS = new RegExp(`^${PAIR}(?:,${PAIR})*$`);
/** Before anything was told, and where the owner has no account. */
const NOTHING = '-';

/** Versions out of an event's id, which `field` gave: as an event has it, and in no other form. */
function versionsOf(
  id: string,
  field: string,
): Refusal | Readonly<Record<string, number>> | undefined {
  if (id === '') return undefined;
  const versions: Record<string, number> = Object.create(null);
  if (id === NOTHING) return versions;
  const strange = refuse('CURSOR_INVALID', field, `${field} is none of this stream.`);
  if (!VERSIONS.test(id)) return strange;
  for (const pair of id.split(',')) {
    const [asset = '', text] = pair.split(':');
    const version = Number(text);
    if (asset in versions || !Number.isSafeInteger(version)) return strange;
    versions[asset] = version;
  }
  return versions;
}

/** Statuses after which the same request may be served. */
const LATER: ReadonlySet<number> = new Set([429, 503]);
/** They come back over so long, not all at once. */
const RETURN_SPREAD_MS = 1_000;

/** The answer to a refused request: see ws.F9. */
function refused(
  refusal: Refusal,
  { wantsEvents }: EventsRequest,
  settings: StreamSettings,
): Answer {
  const { status, retryAfterSeconds = settings.limits.retryAfterSeconds } = refusal;
  if (!wantsEvents || !LATER.has(status))
    return problem(refusal, status === 401 ? CHALLENGE : undefined);
  const ms = retryAfterSeconds * 1_000 + Math.floor(Math.random() * RETURN_SPREAD_MS);
  return {
    status: 200,
    contentType: EVENTS_TYPE,
    headers: [['Cache-Control', 'no-store']],
    body: `retry: ${ms}\nevent: refused\ndata: ${problemJson(refusal)}\n\n`,
  };
}

/** One event stream. */
class BalanceEvents implements EventsPeer {
  readonly #home: Events;
  readonly #request: EventsRequest;
  readonly #begin: (listener: (event: BalanceEvent) => void | Promise<void>) => () => void;
  readonly #rights: StreamRights;
  readonly #versions: Map<string, number>;
  #stream: EventStream | undefined;
  #end: () => void = () => {};
  #beat: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waiting: (() => void)[] = [];

  constructor(
    home: Events,
    request: EventsRequest,
    rights: StreamRights,
    versions: Readonly<Record<string, number>>,
    begin: (listener: (event: BalanceEvent) => void | Promise<void>) => () => void,
  ) {
    this.#home = home;
    this.#request = request;
    this.#rights = rights;
    this.#begin = begin;
    this.#versions = new Map(Object.entries(versions));
  }

  open(stream: EventStream): void {
    this.#stream = stream;
    this.#end = this.#begin((event) => this.#take(event));
    this.#timer = endTimer(this.#rights, () => this.end());
    this.#beat = setInterval(() => this.#put(':\n\n'), this.#home.settings.limits.eventsBeatMs);
  }

  #take(event: BalanceEvent): void | Promise<void> {
    if (event.type === 'ended') {
      this.#refused(event.refusal);
      return;
    }
    const told = event.type === 'entries' ? event.entries : event.balances;
    for (const { asset, version } of told) this.#versions.set(asset, version);
    const id = [...this.#versions].map(([asset, version]) => `${asset}:${version}`).join(',');
    const data = JSON.stringify(told);
    this.#put(`event: ${event.type}\nid: ${id === '' ? NOTHING : id}\ndata: ${data}\n\n`);
    return this.#room();
  }

  // Before anything was told, the answer says why; later nothing but the end can.
  #refused(refusal: Refused): void {
    this.#stream?.refuse(refused(refusal, this.#request, this.#home.settings));
  }

  #put(text: string): void {
    const stream = this.#stream;
    if (stream === undefined || !this.isStillGood()) return;
    if (stream.backlogBytes() > this.#home.settings.limits.streamBacklogBytesMax) {
      this.#home.slow++;
      this.end();
    } else stream.write(text);
  }

  #room(): void | Promise<void> {
    const stream = this.#stream;
    const { streamPaceBytes } = this.#home.settings.limits;
    if (stream === undefined || stream.backlogBytes() <= streamPaceBytes) return;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  drained(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Ends where what was shown is good no more; false then. */
  isStillGood(): boolean {
    if (this.#rights.isGood?.() !== false) return true;
    this.end();
    return false;
  }

  /** Closes the connection. */
  end(): void {
    this.#stream?.end();
  }

  closed(): void {
    this.#stream = undefined;
    clearInterval(this.#beat);
    clearTimeout(this.#timer);
    this.#end();
    this.drained();
    this.#home.gone(this);
  }
}

export class Events implements EventsEndpoint {
  readonly path = '/v1/stream/sse';
  readonly query = Object.keys(EventsQuery.properties);
  readonly settings: StreamSettings;
  /** Readers that were too slow, so far. */
  slow = 0;
  readonly #open = new Set<BalanceEvents>();

  constructor(settings: StreamSettings) {
    this.settings = settings;
  }

  get connections(): number {
    return this.#open.size;
  }

  gone(peer: BalanceEvents): void {
    this.#open.delete(peer);
  }

  /** Ends the streams whose credentials are good no more, however quiet they are. */
  look(): void {
    for (const peer of [...this.#open]) peer.isStillGood();
  }

  admit(request: EventsRequest): Promise<EventsPeer | Answer> | EventsPeer | Answer {
    const { unready } = this.settings.ledger;
    if (unready !== undefined) return this.#no(request, refuse('CLOSING', undefined, unready));
    const { ticket } = request.query;
    if (ticket !== undefined && isShown(request.credentials)) {
      const detail = 'Give a ticket, or a key or a platform, not both.';
      return problem(refuse('CREDENTIALS_CONFLICT', 'ticket', detail));
    }
    const rights = this.settings.access(shownWith(ticket, request.credentials));
    return typeof rights === 'function'
      ? rights().then((judged) => this.#admitted(request, judged))
      : this.#admitted(request, rights);
  }

  #no(request: EventsRequest, refusal: Refusal): Answer {
    return refused(refusal, request, this.settings);
  }

  #admitted(request: EventsRequest, rights: Refusal | StreamRights): EventsPeer | Answer {
    const { ledger, limits } = this.settings;
    const { engine, unready } = ledger;
    // It may have been waited for.
    if (engine === undefined || unready !== undefined)
      return this.#no(request, refuse('CLOSING', undefined, unready));
    const { owner, asset, ticket } = request.query;
    if (isRefusal(rights)) return this.#no(request, aboutTicket(rights, ticket));
    if (owner === undefined)
      return this.#no(request, refuse('QUERY_INVALID', 'owner', 'owner is required.'));
    const { lastEventId = '' } = request.query;
    const versions =
      request.lastEventId === ''
        ? versionsOf(lastEventId, 'lastEventId')
        : versionsOf(request.lastEventId, 'Last-Event-ID');
    if (isRefusal(versions)) return this.#no(request, versions);
    const refusal = rights.watchProblem({ owner, asset, versions });
    if (refusal !== undefined) return this.#no(request, refusal);
    if (this.#open.size >= limits.streamsMax) return this.#no(request, refuse('CONNECTIONS_LIMIT'));
    const peer = this.#peer(engine, request, rights, versions);
    this.#open.add(peer);
    return peer;
  }

  #peer(
    engine: Engine,
    request: EventsRequest,
    rights: StreamRights,
    versions: Readonly<Record<string, number>> | undefined,
  ): BalanceEvents {
    const { owner = '', asset } = request.query;
    const { scope } = rights.grants;
    const assets = assetsOf(rights.grants, 'read');
    return new BalanceEvents(this, request, rights, versions ?? {}, (listener) =>
      engine.watchBalances(owner, listener, { asset, assets, scope, versions }),
    );
  }

  async close(): Promise<void> {
    for (const peer of [...this.#open]) peer.end();
  }
}
