// Bodies and answers that go on for longer than fits memory. Owns: what of them waits, when who sends is paused, when who
// reads is given up. Never touches: what is in them; it knows of uWebSockets.js no more than the shape of a response.
//   http.H23. A body of which `streamedAheadBytes` wait is paused, and one of which 64 times as much wait is broken off; of an answer no more
//        than one piece: whoever makes it waits for the reader.
//   http.H24. A reader who takes nothing for `streamedStallMs` is disconnected. A sender who sends nothing is the web server's
//        to time out: there are no beats while the body is waited for.

/** How much more of a body than what makes it pause may be here. */
const AHEAD_TIMES_MAX = 64;

/**
 * Characters of one piece of a long text: what is left of one when the server could not write it whole, it can at its next
 * attempt. After one that fails it reads on, paused or not.
 */
const PIECE_LENGTH = 16 * 1024;

/** What is used of a response of the web server. */
export interface StreamedResponse {
  pause(): unknown;
  resume(): unknown;
  /** False: it waits in the server, until onWritable's handler is called. */
  write(chunk: string | Uint8Array): boolean;
  end(chunk: string): unknown;
  onWritable(handler: () => boolean): unknown;
  cork(work: () => void): unknown;
  close(): unknown;
}

/** A body that is read while it comes. */
export class BodyStream {
  readonly #response: Pick<StreamedResponse, 'pause' | 'resume'> | undefined;
  readonly #aheadBytes: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isPaused = false;
  #hasEnded = false;
  #isStopped = false;
  #isGone = false;
  #wake: (() => void) | undefined;

  constructor(
    response: Pick<StreamedResponse, 'pause' | 'resume'> | undefined,
    aheadBytes: number,
  ) {
    this.#response = response;
    this.#aheadBytes = aheadBytes;
  }

  /** One that has come already. */
  static of(bytes: Uint8Array): BodyStream {
    const body = new BodyStream(undefined, Number.POSITIVE_INFINITY);
    body.arrived(bytes, true);
    return body;
  }

  /** Has all of it come? */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Does somebody wait for more of it? */
  get isWaitedFor(): boolean {
    return this.#wake !== undefined;
  }

  /** Is more of it here than pausing can have let through? Then its sender does not read the answer as it should. */
  get isTooMuch(): boolean {
    return this.#bytes > AHEAD_TIMES_MAX * this.#aheadBytes;
  }

  /** More of it, bytes of their own. */
  arrived(chunk: Uint8Array, isLast: boolean): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#hasEnded = isLast;
    if (!isLast && this.#bytes > this.#aheadBytes) {
      this.#isPaused = true;
      this.#response?.pause();
    }
    this.#woken();
  }

  /** Nothing more is taken. */
  stop(): void {
    this.#isStopped = true;
    this.#woken();
  }

  /** Pauses again: the web server reads on after it could not write all that it was given. */
  stayPaused(): void {
    if (this.#isPaused && !this.#isGone) this.#response?.pause();
  }

  /** Its sender has gone: nothing of the response may be touched. */
  gone(): void {
    this.#isGone = true;
    this.#chunks = [];
    this.#woken();
  }

  #woken(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** All that has come since the last call, as soon as there is something; undefined: that was all. */
  async next(): Promise<Uint8Array | undefined> {
    while (!this.#isGone && this.#bytes === 0) {
      if (this.#hasEnded || this.#isStopped) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#isGone) return undefined;
    const [first] = this.#chunks;
    const all = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#response?.resume();
    }
    return all;
  }
}

/** How an answer that goes on is looked after. */
export interface AnswerSettings {
  /** How often one that has nothing to say shows that it is there, with an empty line. */
  readonly beatMs: number;
  readonly stallMs: number;
  /** Not now. */
  readonly isQuiet: () => boolean;
  /** The server could not write all that it was given. */
  readonly wasFull: () => void;
}

/** An answer that is written while it is made. */
export class AnswerStream {
  readonly #response: StreamedResponse;
  readonly #begin: () => void;
  readonly #settings: AnswerSettings;
  readonly #beat: NodeJS.Timeout;
  #hasBegun = false;
  #isGone = false;
  /** When the server had taken all it takes; undefined: it takes more. */
  #fullSince: number | undefined;
  #wroteAt = performance.now();
  #room: (() => void) | undefined;
  readonly #endings: (() => void)[] = [];
  /** Pieces that are being made: until they come, it shows that it is there. */
  owed = 0;

  /** `begin` writes status and headers. */
  constructor(response: StreamedResponse, begin: () => void, settings: AnswerSettings) {
    this.#response = response;
    this.#begin = begin;
    this.#settings = settings;
    this.#beat = setInterval(() => this.#look(), settings.beatMs);
    response.onWritable(() => this.#writable());
  }

  /** Has its reader gone? */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Calls back when its reader goes, or has gone. */
  onGone(ending: () => void): void {
    if (this.#isGone) ending();
    else this.#endings.push(ending);
  }

  /** Writes a piece, unless the reader is gone. Resolves when there is room for the next one. */
  write(piece: string | Uint8Array): void | Promise<void> {
    if (this.#isGone || piece.length === 0) return;
    this.#response.cork(() => {
      if (!this.#hasBegun) this.#begin();
      this.#hasBegun = true;
      this.#wroteAt = performance.now();
      if (!this.#response.write(piece)) this.#fullSince = this.#wroteAt;
    });
    if (this.#fullSince === undefined) return;
    this.#settings.wasFull();
    return new Promise((resolve) => {
      this.#room = resolve;
    });
  }

  /** Writes a text that may be long, in pieces that the server can write whole. Resolves when there is room for more. */
  async writeLong(text: string): Promise<void> {
    for (let at = 0; at < text.length && !this.#isGone; at += PIECE_LENGTH) {
      const room = this.write(text.slice(at, at + PIECE_LENGTH));
      if (room !== undefined) await room;
    }
  }

  #writable(): boolean {
    this.#fullSince = undefined;
    this.#resume();
    return true;
  }

  #resume(): void {
    const room = this.#room;
    this.#room = undefined;
    room?.();
  }

  #look(): void {
    const { beatMs, stallMs, isQuiet } = this.#settings;
    const now = performance.now();
    if (this.#fullSince !== undefined) {
      if (now - this.#fullSince > stallMs) this.#response.close();
    } else if (now - this.#wroteAt >= beatMs && (this.owed > 0 || !isQuiet()))
      void this.write('\n');
  }

  /** Ends it. What may still come of the request is for the web server to drop: closing the connection here would spoil the end. */
  end(): void {
    if (this.#isGone) return;
    this.gone();
    this.#response.cork(() => {
      if (!this.#hasBegun) this.#begin();
      this.#response.end('');
    });
  }

  /** Breaks it off, so that nobody takes it for whole. */
  abort(): void {
    if (!this.#isGone) this.#response.close();
  }

  /** Nothing of the response may be touched any more. */
  gone(): void {
    this.#isGone = true;
    clearInterval(this.#beat);
    this.#resume();
    for (const ending of this.#endings.splice(0)) ending();
  }
}
