// An answer that goes on: server-sent events. Owns: what waits for its reader. Never touches: what the events say; it knows of
// uWebSockets.js no more than the shape of a response.

import { type Answer, EVENTS_TYPE } from '../../encoding/answer.js';
import type { EventStream } from '../../ws/socket.js';

/** What is used of a response of the web server. */
export interface EventResponse {
  writeStatus(status: string): unknown;
  writeHeader(name: string, value: string): unknown;
  /** False: it waits in the server, until onWritable's handler is called. */
  write(chunk: string): boolean;
  onWritable(handler: () => boolean): unknown;
  cork(work: () => void): unknown;
  close(): unknown;
}

/** Server-sent events over one response. */
export class ResponseEvents implements EventStream {
  readonly #response: EventResponse;
  readonly #answer: (answer: Answer) => void;
  readonly #drained: () => void;
  readonly #writeHeaders: () => void;
  #hasBegun = false;
  #isGone = false;
  /** The server has taken all it takes for now. */
  #isFull = false;
  #waiting: string[] = [];
  #waitingBytes = 0;

  /** `writeHeaders`: writes those that every answer has. */
  constructor(
    response: EventResponse,
    answer: (answer: Answer) => void,
    drained: () => void,
    writeHeaders: () => void,
  ) {
    this.#response = response;
    this.#writeHeaders = writeHeaders;
    this.#answer = answer;
    this.#drained = drained;
    response.onWritable(() => this.#writable());
  }

  /** The connection is gone: nothing of the response may be touched. */
  gone(): void {
    this.#isGone = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  backlogBytes(): number {
    return this.#waitingBytes;
  }

  write(text: string): void {
    if (this.#isGone) return;
    if (this.#isFull) {
      this.#waiting.push(text);
      this.#waitingBytes += text.length;
    } else this.#send(text);
  }

  #send(text: string): void {
    this.#response.cork(() => {
      if (!this.#hasBegun) {
        this.#response.writeHeader('Content-Type', EVENTS_TYPE);
        this.#response.writeHeader('Cache-Control', 'no-store');
        this.#writeHeaders();
      }
      this.#hasBegun = true;
      this.#isFull = !this.#response.write(text);
    });
  }

  #writable(): boolean {
    this.#isFull = false;
    const text = this.#waiting.join('');
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (text !== '') this.#send(text);
    if (!this.#isFull) this.#drained();
    return !this.#isFull;
  }

  refuse(answer: Answer): void {
    if (this.#isGone) return;
    if (this.#hasBegun) this.end();
    else this.#response.cork(() => this.#answer(answer));
  }

  end(): void {
    if (!this.#isGone) this.#response.close();
  }
}
