// Projections of other nodes, asked piece by piece. Owns: answers that other nodes are asked for, and that they ask for here. Never touches: what is asked.
//   tables.N1. A call between nodes is short, however long a question takes: who asks looks again until there is an answer.
//   tables.N2. An answer that nobody asks for any more is closed after a while.
//   tables.N3. A call that is repeated, because its answer did not come, is the same call: steps have numbers, and the last one is told again as it was.

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

/** What other nodes are asked about. */
const ABOUT = 'projections';
/** In place of a step's number: nothing more is asked for. */
const CLOSES = 'close';

/** What is told of one step: an answer, or nothing yet. */
type Step =
  | { readonly opened: Opened }
  | { readonly rows: readonly ReportRow[]; readonly isLast: boolean };
type Told = Step | { readonly isPending: true };

interface Ticket {
  stream: Streaming | undefined;
  /** Which step is the last one that was asked for: 0 opens; what came of it. */
  n: number;
  step: Promise<Step | Refusal>;
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
    this.#beside.serve(ABOUT, async (asked) => {
      const { n, ticket, question, bounds } = asked as {
        readonly n?: unknown;
        readonly ticket?: unknown;
        readonly question?: Asked;
        readonly bounds?: Bounds;
      };
      if (typeof ticket !== 'string') return refuse('QUERY_INVALID', 'ticket');
      if (n === CLOSES) {
        this.#close(ticket);
        return { isPending: true };
      }
      if (n === 0 && typeof question?.parts === 'string' && bounds !== undefined)
        return this.#step(
          this.#openedFor(ticket, () => answer(question, bounds)),
          ticket,
          0,
        );
      return this.#step(this.#tickets.get(ticket), ticket, n);
    });
  }

  /** The ticket of this name, which there is, or which begins with this question; undefined: there are too many. */
  #openedFor(id: string, open: () => Promise<Streaming | Refusal>): Ticket | undefined {
    const known = this.#tickets.get(id);
    if (known !== undefined || this.#tickets.size >= TICKETS_MAX) return known;
    const step = open().then(async (opened): Promise<Step | Refusal> => {
      if (isRefusal(opened)) return opened;
      if (this.#tickets.get(id) !== ticket) await opened.pieces.return();
      else ticket.stream = opened;
      const { columns, sql, asOf } = opened;
      return { opened: { columns, sql, asOf } };
    });
    const ticket: Ticket = { stream: undefined, n: 0, step, timer: undefined };
    this.#tickets.set(id, ticket);
    return ticket;
  }

  async #more({ stream }: Ticket): Promise<Step | Refusal> {
    if (stream === undefined) return refuse('SHARD_UNAVAILABLE');
    try {
      const { done, value } = await stream.pieces.next();
      return done === true ? { rows: [], isLast: true } : { rows: value, isLast: false };
    } catch (error) {
      if (error instanceof RefusedAnswer) return error.refusal;
      throw error;
    }
  }

  /** The step of this number, or the next one: told, or not there yet. */
  async #step(ticket: Ticket | undefined, id: string, n: unknown): Promise<Told | Refusal> {
    if (ticket === undefined) return refuse('SHARD_UNAVAILABLE');
    clearTimeout(ticket.timer);
    ticket.timer = setTimeout(() => this.#close(id), IDLE_MS).unref();
    if (n === ticket.n + 1) {
      ticket.n = n;
      ticket.step = ticket.step.then((last) => (isRefusal(last) ? last : this.#more(ticket)));
    }
    if (n !== ticket.n) return refuse('SHARD_UNAVAILABLE');
    const told = await Promise.race([ticket.step, sleep(WAIT_MS, undefined, { ref: false })]);
    return told ?? { isPending: true };
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
    const opened = await this.#told(node, { n: 0, ticket, question, bounds }, until);
    const close = (): void => {
      this.#beside.ask(node, ABOUT, { n: CLOSES, ticket }).catch(() => undefined);
    };
    if (isRefusal(opened) || !('opened' in opened)) {
      close();
      return isRefusal(opened) ? opened : refuse('SHARD_UNAVAILABLE');
    }
    return { ...opened.opened, pieces: piecesOf(this.#pieces(node, ticket, bounds), close) };
  }

  async *#pieces(
    node: string,
    ticket: string,
    { timeoutMs }: Bounds,
  ): AsyncGenerator<readonly ReportRow[], undefined> {
    for (let n = 1; ; n++) {
      const told = await this.#told(node, { n, ticket }, Date.now() + timeoutMs);
      if (isRefusal(told)) throw new RefusedAnswer(told);
      if (!('rows' in told)) throw new RefusedAnswer(refuse('SHARD_UNAVAILABLE'));
      if (told.isLast) return undefined;
      yield told.rows;
    }
  }

  async #told(node: string, asked: object, until: number): Promise<Step | Refusal> {
    while (Date.now() < until) {
      const told = await this.#beside.ask<Told>(node, ABOUT, asked);
      if (isRefusal(told) || !('isPending' in told)) return told;
    }
    return refuse('SHARD_UNAVAILABLE');
  }
}
