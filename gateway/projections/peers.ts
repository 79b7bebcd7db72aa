// Projections of other nodes, asked piece by piece. Owns: answers that other nodes are asked for, and that they ask for here. Never touches: what is asked.
//   tables.N1. A call between nodes is short, however long a question takes: who asks looks again until there is an answer.
//   tables.N2. An answer that nobody asks for any more is closed after a while.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../engine/index.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import type { Asked, Bounds, Opened } from './messages.js';
import type { ReportRow } from './question.js';

/** Rows of an answer as they come. */
export interface Pieces extends AsyncIterableIterator<readonly ReportRow[]> {
  return(): Promise<IteratorResult<readonly ReportRow[], undefined>>;
}

/** An answer as it comes; whoever asks reads it to its end, or returns. */
export interface Streaming extends Opened {
  readonly pieces: Pieces;
}

/** Pieces that end once, however they end: also where nobody has begun to read them, of which a generator by itself knows nothing. */
export function piecesOf(
  inner: AsyncGenerator<readonly ReportRow[], undefined>,
  end: () => void,
): Pieces {
  let isEnded = false;
  const ended = (): void => {
    if (!isEnded) end();
    isEnded = true;
  };
  const pieces: Pieces = {
    async next() {
      try {
        const next = await inner.next();
        if (next.done === true) ended();
        return next;
      } catch (error) {
        ended();
        throw error;
      }
    },
    async return() {
      ended();
      return inner.return(undefined);
    },
    [Symbol.asyncIterator]: () => pieces,
  };
  return pieces;
}

/** A stream that cannot be read to its end. */
export class RefusedAnswer extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.detail ?? refusal.message);
    this.refusal = refusal;
  }
}

/** Answers what another node asks. */
export type AnswerPeer = (asked: Asked, bounds: Bounds) => Promise<Streaming | Refusal>;

/** How long a call waits for an answer: then who asks calls again. */
const WAIT_MS = 1_500;
/** What nobody asks for any more is closed. */
const IDLE_MS = 60_000;
/** Answers to other nodes that are under way. */
const TICKETS_MAX = 64;

/** What is told of one step: an answer, or nothing yet. */
type Step =
  | { readonly opened: Opened }
  | { readonly rows: readonly ReportRow[]; readonly isLast: boolean };
type Told = Step | { readonly isPending: true };

interface Ticket {
  stream: Streaming | undefined;
  /** The step under way, until it was told. */
  step: Promise<Step | Refusal> | undefined;
  timer: NodeJS.Timeout | undefined;
}

export class Peers {
  readonly #beside: Engine['beside'];
  readonly #tickets = new Map<string, Ticket>();
  #lastTicket = 0;

  constructor(beside: Engine['beside']) {
    this.#beside = beside;
  }

  /** How many other nodes there are. */
  get count(): number {
    return this.#beside.others.length;
  }

  // --- what is asked here -------------------------------------------------------------------------------------------

  serve(answer: AnswerPeer): void {
    this.#beside.serve(async (asked) => {
      const { step, ticket, question, bounds } = asked as {
        readonly step?: unknown;
        readonly ticket?: unknown;
        readonly question?: Asked;
        readonly bounds?: Bounds;
      };
      if (typeof ticket !== 'string') return refuse('QUERY_INVALID', 'ticket');
      if (step === 'open' && typeof question?.parts === 'string' && bounds !== undefined) {
        if (this.#tickets.size >= TICKETS_MAX) return refuse('SHARD_UNAVAILABLE');
        this.#tickets.set(ticket, { stream: undefined, step: undefined, timer: undefined });
        return this.#step(ticket, () => this.#open(ticket, answer(question, bounds)));
      }
      if (step === 'close') {
        this.#close(ticket);
        return { isPending: true };
      }
      return this.#step(ticket, () => this.#more(ticket));
    });
  }

  async #open(id: string, opening: Promise<Streaming | Refusal>): Promise<Step | Refusal> {
    const opened = await opening;
    if (isRefusal(opened)) return opened;
    const ticket = this.#tickets.get(id);
    if (ticket === undefined) await opened.pieces.return();
    else ticket.stream = opened;
    const { columns, sql, asOf } = opened;
    return { opened: { columns, sql, asOf } };
  }

  async #more(id: string): Promise<Step | Refusal> {
    const stream = this.#tickets.get(id)?.stream;
    if (stream === undefined) return refuse('SHARD_UNAVAILABLE');
    try {
      const { done, value } = await stream.pieces.next();
      return done === true ? { rows: [], isLast: true } : { rows: value, isLast: false };
    } catch (error) {
      if (error instanceof RefusedAnswer) return error.refusal;
      throw error;
    }
  }

  /** The step under way, or the next one: told, or not there yet. */
  async #step(id: string, next: () => Promise<Step | Refusal>): Promise<Told | Refusal> {
    const ticket = this.#tickets.get(id);
    if (ticket === undefined) return refuse('SHARD_UNAVAILABLE');
    clearTimeout(ticket.timer);
    ticket.timer = setTimeout(() => this.#close(id), IDLE_MS).unref();
    ticket.step ??= next();
    const told = await Promise.race([ticket.step, sleep(WAIT_MS, undefined, { ref: false })]);
    if (told === undefined) return { isPending: true };
    ticket.step = undefined;
    if (isRefusal(told) || ('isLast' in told && told.isLast)) this.#close(id);
    return told;
  }

  #close(id: string): void {
    const ticket = this.#tickets.get(id);
    if (ticket === undefined) return;
    clearTimeout(ticket.timer);
    this.#tickets.delete(id);
    ticket.stream?.pieces.return().catch(() => undefined);
  }

  // --- what is asked of others --------------------------------------------------------------------------------------

  /** What each other node answers. */
  ask(question: Asked, bounds: Bounds): Promise<readonly (Streaming | Refusal)[]> {
    return Promise.all(this.#beside.others.map((node) => this.#askNode(node, question, bounds)));
  }

  async #askNode(node: string, question: Asked, bounds: Bounds): Promise<Streaming | Refusal> {
    const ticket = `${process.pid}-${Date.now()}-${++this.#lastTicket}`;
    const until = Date.now() + 2 * bounds.timeoutMs;
    const opened = await this.#told(node, { step: 'open', ticket, question, bounds }, until);
    if (isRefusal(opened)) return opened;
    if (!('opened' in opened)) return refuse('SHARD_UNAVAILABLE');
    const close = (): void => {
      this.#beside.ask(node, { step: 'close', ticket }).catch(() => undefined);
    };
    return { ...opened.opened, pieces: piecesOf(this.#pieces(node, ticket, bounds), close) };
  }

  async *#pieces(
    node: string,
    ticket: string,
    { timeoutMs }: Bounds,
  ): AsyncGenerator<readonly ReportRow[], undefined> {
    for (;;) {
      const told = await this.#told(node, { step: 'more', ticket }, Date.now() + timeoutMs);
      if (isRefusal(told)) throw new RefusedAnswer(told);
      if (!('rows' in told)) throw new RefusedAnswer(refuse('SHARD_UNAVAILABLE'));
      if (told.isLast) return undefined;
      yield told.rows;
    }
  }

  async #told(node: string, first: object, until: number): Promise<Step | Refusal> {
    let asked = first;
    while (Date.now() < until) {
      const told = await this.#beside.ask<Told>(node, asked);
      if (isRefusal(told) || !('isPending' in told)) return told;
      // Of an answer that is being opened, or of the next piece: the step that is under way.
      asked = { step: 'wait', ticket: (first as { readonly ticket: string }).ticket };
    }
    return refuse('SHARD_UNAVAILABLE');
  }
}
