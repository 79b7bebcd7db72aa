// The projections as the gateway has them: the process that keeps them, and what is asked of it. Owns: its life, its bounds. Never touches: the logs, SQL.
//   tables.G1. It begins at the start where it is wanted or its file is there, else with the first question: a ledger that nobody asks has neither.
//   tables.G2. Where it ends by an error, or takes more time or memory than it may, it is told, and another one begins and goes on from what is stored.
//   tables.G3. Answers are of everything that was durable when they were asked for, or, in a rush, say up to where they are (`asOf`). While the
//       projections are being made for the first time nothing is answered: it would be of a beginning.
//   tables.G4. What is asked of all nodes is asked of each about its own shards, and merged here.
//   tables.G5. Where it ends by itself again and again (its file cannot be opened, there is no room), each pause is twice as long as the one before, whoever asks.

import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { GatewayLimits } from '../limits.js';
import { inTime } from '../looking.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import type {
  Asked,
  Bounds,
  Collected,
  FromProcess,
  Opened,
  Piece,
  ProcessFigures,
  ToFile,
  ToProcess,
  WrittenAnswer,
} from './messages.js';
import { type Peers, type Pieces, piecesOf, RefusedAnswer, type Streaming } from './peers.js';
import type {
  ReportAnswer,
  ReportPosition,
  ReportQuestion,
  ReportRow,
  ReportStream,
} from './question.js';
import type { FileForm } from './reports/written/shapes.js';
import { reportsPath } from './store.js';
import { Turns } from './turns.js';

export interface ProjectionsOptions {
  readonly folder: string;
  readonly limits: GatewayLimits;
  /** The other nodes; undefined: there are none. */
  readonly peers?: Peers | undefined;
  readonly onDefect: (error: unknown) => void;
}

/** A question in SQL of an analyst. */
export interface FreeQuestion {
  readonly sql: string;
  /** Over `parts`, the rows of all nodes. Left out: those rows. */
  readonly merge?: string | undefined;
}

/** How the projections are. */
export interface ProjectionState {
  /** `off`: the database is not installed, or not wanted; `idle`: nobody has asked; `building`: they are being made for the first time. */
  readonly state: 'off' | 'idle' | 'starting' | 'building' | 'following';
  readonly reason: string | undefined;
  readonly figures: ProcessFigures | undefined;
  /** How often a process has ended by an error, since the start. */
  readonly failures: number;
  /** How long it is waited, in milliseconds, before another one begins; left out: one runs, or none is wanted. */
  readonly pauseMs?: number | undefined;
}

type Answer = Extract<FromProcess, { type: 'answer' }>['answer'];
type Question<T extends ToProcess = ToProcess> = T extends { readonly id: number }
  ? Omit<T, 'id'>
  : never;

/** An answer that was opened in its turn. */
interface InTurn {
  readonly id: number;
  readonly answer: Answer;
  /** Who answers. */
  readonly of: ChildProcess | undefined;
}

interface Waiting {
  readonly resolve: (answer: Answer | Refusal) => void;
}

/** Between the end of a process and the beginning of another one; twice as long after each that has ended by itself within so long, up to so long. */
const RETRY_MS = 1_000;
const SOON_MS = 60_000;
const RETRY_MS_MAX = 5 * 60_000;
/** How long a process may go on after the time of what it was asked. */
const GRACE_MS = 5_000;
/** How often it is looked at how much memory it takes; how much it may take beside the database's own. */
const WATCH_MS = 500;
const OWN_MIB = 1_024;
/** How long figures are waited for. */
const FIGURES_MS = 1_000;
const PAGE_BYTES = 4_096;
const MIB = 1024 * 1024;
/** How long a first question waits for a process that begins. */
const BEGIN_MS = 10_000;

export class Projections {
  readonly #options: ProjectionsOptions;
  readonly #waiting = new Map<number, Waiting>();
  #process: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #off: string | undefined;
  #warned = '';
  #hasBegun = false;
  #isBuilt = false;
  #isClosing = false;
  #lastId = 0;
  #failures = 0;
  #isKilled = false;
  #beganAt = 0;
  #retryAt = 0;
  #pauseMs = 0;
  readonly #turns: Turns;
  /** Of other nodes' questions: those here wait for them, and they wait for none. */
  readonly #turnsOfPeers: Turns;

  constructor(options: ProjectionsOptions) {
    this.#options = options;
    const { reportsAtOnce, reportsWaitingMax } = options.limits;
    this.#turns = new Turns(reportsAtOnce, reportsWaitingMax);
    this.#turnsOfPeers = new Turns(reportsAtOnce, reportsWaitingMax);
    if (options.limits.reportMemoryMiB === 0) this.#off = 'They are not wanted here.';
    options.peers?.serve((asked, bounds) => this.#stream(asked, bounds, this.#turnsOfPeers));
  }

  /** `isWanted`: also where nothing has been projected yet. */
  start(isWanted = false): void {
    if (isWanted || existsSync(reportsPath(this.#options.folder))) this.#begin();
  }

  #begin(): void {
    if (this.#process !== undefined || this.#isClosing || this.#off !== undefined) return;
    // G5.
    if (Date.now() < this.#retryAt) return;
    clearTimeout(this.#retry);
    this.#isKilled = false;
    this.#beganAt = Date.now();
    const { folder, limits } = this.#options;
    const child = fork(fileURLToPath(new URL('./process.js', import.meta.url)), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
      env: { PATH: process.env['PATH'] },
    });
    this.#process = child;
    this.#hasBegun = false;
    child.on('message', (told: FromProcess) => this.#told(told));
    // It could not be begun, or told something: its exit says the rest.
    child.on('error', (error) => this.#warn(error.message));
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#gone(code, signal);
        resolve();
      });
    });
    const settings = {
      folder,
      memoryMiB: limits.reportMemoryMiB,
      threads: limits.reportThreads,
      spillBytes: limits.reportSpillBytesMax,
    };
    this.#send({ type: 'begin', settings });
    this.#watch = setInterval(() => this.#look(), WATCH_MS).unref();
    child.unref();
    child.channel?.unref();
  }

  #send(message: ToProcess): void {
    if (this.#process?.connected === true) this.#process.send(message, () => undefined);
  }

  #told(told: FromProcess): void {
    switch (told.type) {
      case 'begun':
        this.#hasBegun = true;
        break;
      case 'off':
        this.#off = told.reason;
        break;
      case 'warning':
        this.#warn(told.reason);
        break;
      case 'answer':
        this.#waiting.get(told.id)?.resolve(told.answer);
        this.#waiting.delete(told.id);
        break;
      case 'fault': {
        const { code, detail } = told.fault;
        this.#waiting.get(told.id)?.resolve(refuse(code, undefined, detail));
        this.#waiting.delete(told.id);
      }
    }
  }

  #warn(reason: string): void {
    if (reason !== this.#warned) this.#options.onDefect(new Error(`projections: ${reason}`));
    this.#warned = reason;
  }

  #gone(code: number | null, signal: string | null): void {
    clearInterval(this.#watch);
    this.#process = undefined;
    this.#hasBegun = false;
    const refusal = refuse('SHARD_UNAVAILABLE', undefined, 'The projections begin anew.');
    for (const { resolve } of this.#waiting.values()) resolve(refusal);
    this.#waiting.clear();
    if (this.#isClosing || this.#off !== undefined) return;
    this.#failures++;
    if (this.#warned === '') this.#warn(`the process ended (${signal ?? code})`);
    const isAgain = !this.#isKilled && Date.now() - this.#beganAt < SOON_MS;
    this.#pauseMs = isAgain ? Math.min(this.#pauseMs * 2 || RETRY_MS, RETRY_MS_MAX) : RETRY_MS;
    this.#retryAt = Date.now() + this.#pauseMs;
    this.#retry = setTimeout(() => {
      this.#retryAt = 0;
      this.#warned = '';
      this.#begin();
    }, this.#pauseMs).unref();
  }

  /** G2: what the database does not count is counted here. */
  #look(): void {
    const pid = this.#process?.pid;
    if (pid === undefined || process.platform !== 'linux') return;
    try {
      const [, pages] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
      const most = (this.#options.limits.reportMemoryMiB + OWN_MIB) * MIB;
      if (Number(pages) * PAGE_BYTES > most) this.kill('it took more memory than it may');
    } catch {
      // It is gone.
    }
  }

  /** Ends the process at once; another one begins. */
  kill(reason = 'it was told to'): void {
    this.#warn(`the process is ended, for ${reason}: another one begins`);
    this.#isKilled = true;
    this.#process?.kill('SIGKILL');
  }

  // --- what is asked ------------------------------------------------------------------------------------------------

  /** Answers within `timeoutMs`, or is killed for it. */
  #ask(question: Question, timeoutMs: number): Promise<Answer | Refusal> {
    const id = ++this.#lastId;
    return this.#asked(id, { ...question, id } as ToProcess, timeoutMs);
  }

  #asked(
    id: number,
    message: ToProcess,
    timeoutMs: number,
    of = this.#process,
  ): Promise<Answer | Refusal> {
    // Of a process that is gone nothing comes, and the next one knows nothing of it.
    if (of === undefined || of !== this.#process || !this.#hasBegun)
      return Promise.resolve(refuse('SHARD_UNAVAILABLE', undefined, 'The projections begin.'));
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        // Asked again it would end the next process, too.
        const late = `It took more than ${timeoutMs} ms.`;
        this.#waiting.get(id)?.resolve(refuse('ANSWER_TOO_LARGE', undefined, late));
        this.#waiting.delete(id);
        this.kill('a question did not end in its time');
      }, timeoutMs + GRACE_MS).unref();
      this.#waiting.set(id, {
        resolve: (answer) => {
          clearTimeout(timer);
          // Nothing else need keep this process alive.
          if (this.#waiting.size <= 1) {
            of.channel?.unref();
            of.unref();
          }
          resolve(answer);
        },
      });
      of.channel?.ref();
      // Its end answers, too.
      of.ref();
      this.#send(message);
    });
  }

  /** Why nothing is answered now; undefined: it is. */
  async #unready(): Promise<Refusal | undefined> {
    if (this.#off !== undefined) return refuse('REPORTS_OFF', undefined, this.#off);
    this.#begin();
    const pauseMs = this.#retryAt - Date.now();
    if (this.#process === undefined && pauseMs > BEGIN_MS) {
      const soon = `The projections are tried again in ${Math.ceil(pauseMs / 1_000)} s: ${this.#warned}`;
      return refuse('SHARD_UNAVAILABLE', undefined, soon);
    }
    for (const until = Date.now() + BEGIN_MS; Date.now() < until; await sleep(20)) {
      if (this.#off !== undefined) return refuse('REPORTS_OFF', undefined, this.#off);
      if (this.#isClosing) break;
      if (!this.#hasBegun) continue;
      if (this.#isBuilt) return undefined;
      const figures = await this.#figures();
      if (figures?.isBuilt === true) {
        this.#isBuilt = true;
        return undefined;
      }
    }
    const figures = this.#hasBegun ? await this.#figures() : undefined;
    const { lagBlocks, blocks } = figures ?? {};
    const how = blocks === undefined ? '' : `: ${blocks - (lagBlocks ?? 0)} of ${blocks} blocks`;
    return refuse('SHARD_UNAVAILABLE', undefined, `The projections are being made${how}.`);
  }

  async #figures(): Promise<ProcessFigures | undefined> {
    const asked = this.#ask({ type: 'figures', now: Date.now() }, 60_000);
    const answer = await inTime(asked, FIGURES_MS);
    return answer === undefined || isRefusal(answer) ? undefined : (answer as ProcessFigures);
  }

  /** How they are. */
  async state(): Promise<ProjectionState> {
    const failures = this.#failures;
    const reason = this.#off ?? (this.#warned || undefined);
    if (this.#off !== undefined) return { state: 'off', reason, figures: undefined, failures };
    if (this.#process === undefined) {
      const state = failures > 0 ? 'starting' : 'idle';
      const pauseMs = failures > 0 ? this.#pauseMs : undefined;
      return { state, reason, figures: undefined, failures, pauseMs };
    }
    const figures = this.#hasBegun ? await this.#figures() : undefined;
    if (figures === undefined) return { state: 'starting', reason, figures, failures };
    this.#isBuilt ||= figures.isBuilt;
    return { state: figures.isBuilt ? 'following' : 'building', reason, figures, failures };
  }

  /** Opens an answer, in its turn; it is who asks that ends the turn. */
  async #opened(
    asked: Asked,
    bounds: Bounds,
    turns: Turns,
    file?: ToFile,
  ): Promise<InTurn | Refusal> {
    const unready = await this.#unready();
    if (unready !== undefined) return unready;
    if (!(await turns.taken()))
      return refuse('SHARD_UNAVAILABLE', undefined, 'Too many questions wait for their turn.');
    // While it waited, another process may have begun.
    const gone = await this.#unready();
    if (gone !== undefined) {
      turns.over();
      return gone;
    }
    const id = ++this.#lastId;
    const { reportFreshMs: freshMs } = this.#options.limits;
    const message: ToProcess = { type: 'open', id, asked, bounds, freshMs, file };
    const of = this.#process;
    const answer = await this.#asked(id, message, bounds.timeoutMs + freshMs);
    if (!isRefusal(answer)) return { id, answer, of };
    turns.over();
    return answer;
  }

  /** An answer as it comes; whoever asks reads it to its end, or returns. */
  async #stream(asked: Asked, bounds: Bounds, turns = this.#turns): Promise<Streaming | Refusal> {
    const opened = await this.#opened(asked, bounds, turns);
    if (isRefusal(opened)) return opened;
    const { id, answer, of } = opened;
    const end = (): void => {
      this.#send({ type: 'close', id });
      turns.over();
    };
    return { ...(answer as Opened), pieces: piecesOf(this.#pieces(id, bounds.timeoutMs, of), end) };
  }

  async *#pieces(
    id: number,
    timeoutMs: number,
    of: ChildProcess | undefined,
  ): AsyncGenerator<readonly ReportRow[], undefined> {
    for (;;) {
      const piece = await this.#asked(id, { type: 'more', id }, timeoutMs, of);
      if (isRefusal(piece)) throw new RefusedAnswer(piece);
      const { rows, isLast } = piece as Piece;
      if (rows.length > 0) yield rows;
      if (isLast) return undefined;
    }
  }

  /** What all nodes answer, this one first, each about its own shards. */
  async #ofAll(
    asked: Asked,
    bounds: Bounds,
    peers: Peers,
  ): Promise<readonly Streaming[] | Refusal> {
    const answers = await Promise.all([this.#stream(asked, bounds), peers.ask(asked, bounds)]);
    const all: readonly (Streaming | Refusal)[] = answers.flat();
    const refusal = all.find(isRefusal);
    const streams = all.filter((one): one is Streaming => !isRefusal(one));
    if (refusal === undefined) return streams;
    for (const { pieces } of streams) await pieces.return();
    return refusal;
  }

  /** The parts of all nodes. */
  async #gathered(asked: Asked, bounds: Bounds, peers: Peers): Promise<Gathered | Refusal> {
    const { parts, parameters, isFree } = asked;
    // The types of the parts are the database's to say.
    const types = await this.#stream({ parts, parameters, isFree, isEmpty: true }, bounds);
    if (isRefusal(types)) return types;
    await types.pieces.return();
    const streams = await this.#ofAll({ parts, parameters, isFree, asText: true }, bounds, peers);
    if (isRefusal(streams)) return streams;
    const all = await Promise.all(streams.map(({ pieces }) => rowsOf(pieces)));
    const refusal = all.find(isRefusal);
    if (refusal !== undefined) return refusal;
    const columns = types.columns.map(({ name }, i) => ({ name, sql: types.sql[i] ?? 'VARCHAR' }));
    const collected = { columns, rows: all.flat() as Collected['rows'] };
    return { collected, asOf: positionsOf(streams) };
  }

  async #streamed(asked: Asked, bounds: Bounds): Promise<Streaming | Refusal> {
    const { peers } = this.#options;
    if (peers === undefined || peers.count === 0) return this.#stream(asked, bounds);
    if (asked.merge !== undefined) {
      const gathered = await this.#gathered(asked, bounds, peers);
      if (isRefusal(gathered)) return gathered;
      const { collected, asOf } = gathered;
      const stream = await this.#stream({ ...asked, collected }, bounds);
      return isRefusal(stream) ? stream : { ...stream, asOf };
    }
    const streams = await this.#ofAll(asked, bounds, peers);
    if (isRefusal(streams)) return streams;
    const [{ columns, sql }] = streams as readonly [Streaming];
    return { columns, sql, asOf: positionsOf(streams), pieces: inTurn(streams) };
  }

  async #whole(asked: Asked, bounds: Bounds): Promise<ReportAnswer | Refusal> {
    const began = performance.now();
    const stream = await this.#streamed(asked, bounds);
    if (isRefusal(stream)) return stream;
    const rows = await rowsOf(stream.pieces);
    if (isRefusal(rows)) return rows;
    const { columns, asOf } = stream;
    return { columns, asOf, rows, tookMs: Math.round(performance.now() - began) };
  }

  /** The answer to a report's question. */
  ask({ rowsMax, ...asked }: ReportQuestion): Promise<ReportAnswer | Refusal> {
    const { reportRowsMax, reportTimeoutMs } = this.#options.limits;
    const bounds = {
      timeoutMs: reportTimeoutMs,
      rowsMax: rowsMax ?? reportRowsMax,
      charactersMax: undefined,
    };
    return this.#whole(asked, bounds);
  }

  /** The same, however large it is, piece by piece. Reading it throws RefusedAnswer where it does not come to its end. */
  async stream({ rowsMax, ...asked }: ReportQuestion): Promise<ReportStream | Refusal> {
    const { reportFileTimeoutMs: timeoutMs } = this.#options.limits;
    const bounds = { timeoutMs, rowsMax, charactersMax: undefined };
    const stream = await this.#streamed(asked, bounds);
    if (isRefusal(stream)) return stream;
    const { columns, asOf, pieces } = stream;
    return { columns, asOf, rows: pieces };
  }

  /** The same into a file: `path` must not be there; where it is refused, it is not. */
  async file(
    { rowsMax, ...asked }: ReportQuestion,
    path: string,
    form: FileForm,
  ): Promise<WrittenAnswer | Refusal> {
    const { reportFileTimeoutMs: timeoutMs } = this.#options.limits;
    const bounds = { timeoutMs, rowsMax, charactersMax: undefined };
    const { peers } = this.#options;
    const file = { path, form };
    if (peers === undefined || peers.count === 0) return this.#written(asked, bounds, file);
    const gathered = await this.#gathered(asked, bounds, peers);
    if (isRefusal(gathered)) return gathered;
    const { collected, asOf } = gathered;
    const written = await this.#written({ ...asked, collected }, bounds, file);
    return isRefusal(written) ? written : { ...written, asOf };
  }

  async #written(asked: Asked, bounds: Bounds, file: ToFile): Promise<WrittenAnswer | Refusal> {
    const opened = await this.#opened(asked, bounds, this.#turns, file);
    if (isRefusal(opened)) return opened;
    this.#turns.over();
    return opened.answer as WrittenAnswer;
  }

  /** The answer to a question in SQL, judged and bounded. */
  query({ sql, merge }: FreeQuestion): Promise<ReportAnswer | Refusal> {
    const { sqlRowsMax, sqlTimeoutMs, sqlAnswerCharactersMax } = this.#options.limits;
    const bounds = {
      timeoutMs: sqlTimeoutMs,
      rowsMax: sqlRowsMax,
      charactersMax: sqlAnswerCharactersMax,
    };
    return this.#whole({ parts: sql, merge, isFree: true }, bounds);
  }

  /** Ends the process. What it has not looked at it looks at next time. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#retry);
    const child = this.#process;
    if (child === undefined) return;
    child.ref();
    this.#send({ type: 'end' });
    const late = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await this.#ended;
    clearTimeout(late);
  }
}

/** The parts of all nodes, and up to where they are exact. */
interface Gathered {
  readonly collected: Collected;
  readonly asOf: readonly ReportPosition[];
}

const positionsOf = (streams: readonly Streaming[]): readonly ReportPosition[] =>
  streams.flatMap(({ asOf }) => asOf).sort((a, b) => a.shard - b.shard);

/** The rows of all, one after the other. */
function inTurn(streams: readonly Streaming[]): Pieces {
  async function* all(): AsyncGenerator<readonly ReportRow[], undefined> {
    for (const { pieces } of streams) yield* pieces;
    return undefined;
  }
  return piecesOf(all(), () => {
    for (const { pieces } of streams) pieces.return().catch(() => undefined);
  });
}

async function rowsOf(pieces: Pieces): Promise<readonly ReportRow[] | Refusal> {
  const all: ReportRow[] = [];
  try {
    for await (const rows of pieces) for (const row of rows) all.push(row);
  } catch (error) {
    if (error instanceof RefusedAnswer) return error.refusal;
    throw error;
  }
  return all;
}
