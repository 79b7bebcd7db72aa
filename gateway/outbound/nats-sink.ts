// Events as messages of a JetStream. Owns: the connection, subjects. Never touches: streams, which the operator makes.
//   outbound.N1. An event is kept once the stream says so; `Nats-Msg-Id` is its id, so that the stream drops what comes twice within its window.

import type { JetStreamClient, NatsConnection } from 'nats';
import { natsPlace } from '../../engine/index.js';
import { eventId, type OutboundEvent } from './event.js';
import type { Attempt } from './sending.js';
import { failedBy, type Sink } from './sink.js';

const RECONNECT_MS = 500;

export class NatsSink implements Sink {
  readonly #url: string;
  readonly #subject: string;
  readonly #timeoutMs: number;
  #connecting: Promise<NatsConnection> | undefined;
  #stream: JetStreamClient | undefined;

  /** `timeoutMs`: how long a connection, and the answer of the stream, may take. */
  constructor(url: string, subject: string, timeoutMs: number) {
    this.#url = url;
    this.#subject = subject;
    this.#timeoutMs = timeoutMs;
  }

  async send(event: OutboundEvent, text: string): Promise<Attempt> {
    const began = performance.now();
    try {
      const stream = this.#stream ?? (await this.#connect());
      const options = { msgID: eventId(event), timeout: this.#timeoutMs };
      await stream.publish(`${this.#subject}.${event.type}`, text, options);
      return { isDelivered: true, ms: performance.now() - began };
    } catch (error) {
      return failedBy(error, began);
    }
  }

  async #connect(): Promise<JetStreamClient> {
    this.#connecting ??= this.#connected();
    try {
      const connection = await this.#connecting;
      this.#stream = connection.jetstream();
      return this.#stream;
    } catch (error) {
      this.#connecting = undefined;
      throw error;
    }
  }

  async #connected(): Promise<NatsConnection> {
    const { server, user, password } = natsPlace(this.#url);
    // Loaded by those who need it alone.
    const { connect } = await import('nats');
    return connect({
      servers: server,
      ...(user === undefined ? {} : { user, pass: password ?? '' }),
      name: 'jifen-outbox',
      timeout: this.#timeoutMs,
      reconnectTimeWait: RECONNECT_MS,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      noAsyncTraces: true,
    });
  }

  async close(): Promise<void> {
    const connection = await this.#connecting?.catch(() => undefined);
    await connection?.close();
  }
}
