// The WebSockets of `/v1/stream`. Owns: which connections there are, their limits, when they send and end. Never touches:
// uWebSockets.js, what connections say.

import type { Engine } from '../../engine/index.js';
import { type Answer, problem } from '../encoding/answer.js';
import { formatOf } from '../encoding/message-format.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, refuse } from '../refusal.js';
import { SocketQuery } from '../schema/operation-descriptions.js';
import type { RiskHearing } from '../submission.js';
import { isShown, type StreamAccess } from './access.js';
import { CLOSE } from './close-codes.js';
import { Connection, type ConnectionHome } from './connection.js';
import type { Admitted, SocketEndpoint, SocketRequest } from './socket.js';
import { aboutTicket, shownWith } from './tickets.js';

/** What the streams work on. */
export interface StreamLedger {
  /** Undefined until it is open. */
  readonly engine: Engine | undefined;
  /** Hears what came of commands; undefined: nobody does. */
  readonly risks?: RiskHearing | undefined;
  /** Why nothing is taken; undefined: something is. */
  readonly unready: string | undefined;
}

/** What the streams need. */
export interface StreamSettings {
  readonly ledger: StreamLedger;
  readonly limits: GatewayLimits;
  readonly access: StreamAccess;
  /** Told of defects. */
  readonly onDefect: (error: unknown) => void;
}

const CHALLENGE = [['WWW-Authenticate', 'Bearer realm="jifen"']] as const;

export class Streams implements SocketEndpoint, ConnectionHome {
  readonly path = '/v1/stream';
  readonly query = Object.keys(SocketQuery.properties);
  readonly messageBytesMax: number;
  readonly idleSeconds: number;
  readonly limits: GatewayLimits;
  readonly access: StreamAccess;
  backlogBytes = 0;
  heldBytes = 0;
  /** Readers that were too slow, so far. */
  slow = 0;
  readonly #settings: StreamSettings;
  readonly #connections = new Set<Connection>();
  /** Those that have shown nothing, or something that is being judged. */
  readonly #unknown = new Set<Connection>();
  #touched: Connection[] = [];
  #unanswered = 0;
  #answered: (() => void) | undefined;

  constructor(settings: StreamSettings) {
    const { limits, access } = settings;
    this.#settings = settings;
    this.limits = limits;
    this.access = access;
    this.messageBytesMax = limits.streamMessageBytesMax;
    this.idleSeconds = limits.streamIdleSeconds;
  }

  get connections(): number {
    return this.#connections.size;
  }

  get subscriptions(): number {
    let all = 0;
    for (const { subscriptions } of this.#connections) all += subscriptions;
    return all;
  }

  get engine(): Engine {
    const { engine } = this.#settings.ledger;
    if (engine === undefined) throw new Error('a message came before the ledger was open');
    return engine;
  }

  get risks(): RiskHearing | undefined {
    return this.#settings.ledger.risks;
  }

  get unready(): string | undefined {
    return this.#settings.ledger.unready;
  }

  admit({ credentials: inHeaders, origin, protocols, query }: SocketRequest): Admitted | Answer {
    const { ticket } = query;
    const credentials = shownWith(ticket, inHeaders);
    if (this.unready !== undefined) return problem(refuse('CLOSING', undefined, this.unready));
    const format = formatOf(protocols);
    if (format === undefined)
      return problem(refuse('SUBPROTOCOL_UNSUPPORTED', 'Sec-WebSocket-Protocol'));
    // Commands may come over it.
    const shown = isShown(credentials)
      ? this.access({ ...credentials, isOnce: true, origin })
      : undefined;
    if (isRefusal(shown)) {
      const said = aboutTicket(shown, ticket);
      return problem(said, said.status === 401 ? CHALLENGE : undefined);
    }
    const { streamsMax, streamsUnknownMax } = this.limits;
    const isUnknown = shown === undefined || typeof shown === 'function';
    const isFull = this.#connections.size >= streamsMax;
    if (isFull || (isUnknown && this.#unknown.size >= streamsUnknownMax))
      return problem(refuse('CONNECTIONS_LIMIT'));
    const peer = new Connection(this, format, shown, origin);
    this.#connections.add(peer);
    if (isUnknown) this.#unknown.add(peer);
    return { protocol: protocols.length === 0 ? '' : format.subprotocol, peer };
  }

  /** Ends the connections whose credentials are good no more, however quiet they are. */
  look(): void {
    for (const connection of [...this.#connections]) connection.isStillGood();
  }

  touched(connection: Connection): void {
    if (this.#touched.push(connection) > 1) return;
    // What comes of one block, or of one turn, goes out together.
    setImmediate(() => {
      const touched = this.#touched;
      this.#touched = [];
      for (const one of touched) one.flush();
    });
  }

  known(connection: Connection): void {
    this.#unknown.delete(connection);
  }

  batches(change: 1 | -1): void {
    this.#unanswered += change;
    if (this.#unanswered === 0) this.#answered?.();
  }

  gone(connection: Connection): void {
    this.#connections.delete(connection);
    this.#unknown.delete(connection);
  }

  wasSlow(): void {
    this.slow++;
  }

  defect(error: unknown): void {
    this.#settings.onDefect(error);
  }

  /** Waits for the outcomes of batches, at most `drainMs`, and ends all connections. */
  async close(drainMs: number): Promise<void> {
    if (this.#unanswered > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#answered = resolve;
        timer = setTimeout(resolve, drainMs);
      });
      clearTimeout(timer);
    }
    for (const connection of [...this.#connections]) connection.end(CLOSE.goingAway);
  }
}
