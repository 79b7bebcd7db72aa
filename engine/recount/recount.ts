// The thread that recomputes accounts, as the ledger has it. Owns: its life, what its shards are asked for it, what is wrong now. Never touches: logs.
//   recount.C1. What is asked of shards waits as any read does, and is given up where they are busy: it is asked again later.
//   recount.C2. What is wrong is looked at again and again: it is told as long as it is so, and no longer.

import { Worker } from 'node:worker_threads';
import { PROJECTION_RETRY_MS, RECOUNT_FINDINGS_MAX, RECOUNT_RECHECK_MS } from '../limits.js';
import { isRefusal } from '../protocol/outcomes.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { Router } from '../router/router.js';
import type { Answer } from '../shard/messages.js';
import type { Account, Asked, Problem, Said, ThreadData, Told, TurnFigures } from './messages.js';

/** An account by names. */
export interface NamedAccount {
  readonly shard: number;
  readonly owner: string;
  readonly asset: string;
}

/** What is wrong with an account now. */
export interface RecountFinding extends NamedAccount {
  /** None: it was suspected, and was not looked at yet. */
  readonly problems: readonly Problem[];
  readonly isKnown: boolean;
}

/** How the recomputing goes; of the shards here. */
export interface RecountFigures {
  /** Undefined: it has not begun to tell. */
  readonly turn?: TurnFigures | undefined;
  /** Accounts that something is wrong with; those beyond what is told apart are counted only. */
  readonly findings: readonly RecountFinding[];
  readonly more: number;
}

export interface RecountParts {
  readonly router: Router;
  readonly clockOffset: SharedArrayBuffer | undefined;
}

export class Recount {
  readonly #parts: RecountParts;
  readonly #findings = new Map<string, RecountFinding>();
  #more = 0;
  #data: ThreadData | undefined;
  #turn: TurnFigures | undefined;
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(parts: RecountParts) {
    this.#parts = parts;
  }

  /**
   * Recomputes so many entries a second, with so long a pause between two turns, and so long a one before the first, unless an account is suspected: a start
   * has other things to do than to load a thread.
   */
  start(rate: number, pauseMs: number, firstMs = 0): void {
    if (this.#data !== undefined || this.#isClosing) return;
    const { path: folder, here: shards } = this.#parts.router.folder;
    this.#data = { folder, shards, rate, pauseMs, clockOffset: this.#parts.clockOffset };
    if (firstMs === 0 || this.#findings.size > 0) this.#begin();
    else this.#retry = setTimeout(() => this.#begin(), firstMs).unref();
    this.#timer = setInterval(() => this.#recheck(), RECOUNT_RECHECK_MS).unref();
  }

  /** Undefined: it does not run. */
  get figures(): RecountFigures | undefined {
    if (this.#data === undefined) return undefined;
    return { turn: this.#turn, findings: [...this.#findings.values()], more: this.#more };
  }

  /** Looks at these first; until then they stand among the findings. */
  suspect(accounts: readonly NamedAccount[]): void {
    const { here } = this.#parts.router.folder;
    for (const { shard, owner, asset } of accounts) {
      const named = { shard, owner, asset };
      const number = this.#numberOf(asset);
      if (!here.includes(shard) || number === undefined) continue;
      const name = nameOf(named);
      if (!this.#findings.has(name))
        this.#findings.set(name, { ...named, problems: [], isKnown: false });
    }
    const isDue = this.#worker === undefined && this.#data !== undefined && !this.#isClosing;
    if (isDue && this.#findings.size > 0) this.#begin();
    else this.#recheck();
  }

  #numberOf(asset: string): number | undefined {
    const at = this.#parts.router.assets.list.findIndex((one) => one.asset === asset);
    return at < 0 ? undefined : at;
  }

  #begin(): void {
    clearTimeout(this.#retry);
    const worker = new Worker(new URL('./thread.js', import.meta.url), {
      workerData: this.#data,
    });
    worker.unref();
    worker.on('message', (said: Said) => this.#heard(said, worker));
    worker.on('error', (error) => {
      process.emitWarning(`recomputing accounts: ${(error as Error).message}`);
      if (!this.#isClosing)
        this.#retry = setTimeout(() => this.#begin(), PROJECTION_RETRY_MS).unref();
    });
    this.#worker = worker;
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#worker = undefined;
        resolve();
      });
    });
    this.#recheck();
  }

  #tell(asked: Asked): void {
    this.#worker?.postMessage(asked);
  }

  #recheck(): void {
    const accounts = [...this.#findings.values()].flatMap(({ shard, owner, asset }) => {
      const number = this.#numberOf(asset);
      return number === undefined ? [] : [{ shard, owner, asset: number }];
    });
    // Those that are counted only are found again by the turns.
    this.#more = 0;
    if (accounts.length > 0) this.#tell({ type: 'suspects', accounts });
  }

  #heard(said: Said, from: Worker): void {
    if (said.type === 'figures') {
      this.#turn = said.figures;
      return;
    }
    if (said.type === 'looked') {
      this.#note(said.account, said.problems);
      return;
    }
    const { id } = said;
    Promise.all(said.accounts.map((account) => this.#told(account))).then(
      (answers) => from.postMessage({ type: 'answers', id, answers } satisfies Asked),
      (error: Error) => {
        process.emitWarning(`recomputing accounts: ${error.message}`);
        from.postMessage({ type: 'answers', id, answers: [] } satisfies Asked);
      },
    );
  }

  #note({ shard, owner, asset: number }: Account, problems: readonly Problem[]): void {
    const { asset } = this.#parts.router.assets.list[number] ?? { asset: `#${number}` };
    const name = nameOf({ shard, owner, asset });
    if (problems.length === 0) this.#findings.delete(name);
    else if (this.#findings.has(name) || this.#findings.size < RECOUNT_FINDINGS_MAX)
      this.#findings.set(name, { shard, owner, asset, problems, isKnown: true });
    else this.#more++;
  }

  /** Null: not now; false: it cannot be asked. */
  async #told({ shard, owner, asset: number }: Account): Promise<Told | null | false> {
    const { router } = this.#parts;
    const { asset } = router.assets.list[number] ?? {};
    if (asset === undefined) return null;
    const asking = { owned: true } as const;
    // In this order in one message: what the head leads to is never behind the balance.
    const [balance, head] = await Promise.all([
      router.ask<'balance'>({ type: 'balance', owner, asset }, shard, asking),
      router.ask<'head'>({ type: 'head', owner, asset }, shard, asking),
    ]);
    for (const answer of [balance, head])
      if (isRefusal(answer)) return REFUSALS[answer.code].status === 503 ? null : false;
    const [found] = (balance as Extract<Answer, { type: 'balance' }>).balances;
    const place = (head as Extract<Answer, { type: 'head' }>).head;
    return {
      balance: found && {
        ...{ available: found.available, held: found.held, earned: found.earned },
        ...{ spent: found.spent, expired: found.expired, version: found.version },
        creditLimit: found.creditLimit,
      },
      head: place && { seq: place.seq, offset: place.offset, version: place.version },
    };
  }

  /** Resolves when the thread has ended; where it is, is kept. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    clearTimeout(this.#retry);
    // It ends only if it is waited for.
    this.#worker?.ref();
    this.#tell({ type: 'close' });
    await this.#ended;
  }
}

const nameOf = ({ shard, owner, asset }: NamedAccount): string => `${shard} ${owner} ${asset}`;
