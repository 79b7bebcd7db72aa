// The thread of risk as the ledger has it. Owns: its life, the acts that follow from what it finds, what nodes tell each other. Never touches: logs,
// signals.
//   engine-risk.A1. It begins when there is a rule or a score: a ledger without them has no such thread.
//   engine-risk.A2. What is found is asked for as an act of the member (`risk-mark`) until it is carried out or refused for good; what it stops is judged
//       in the commits that follow, and never before one. Of a member of a node that is away it is asked for RISK_TRIES_ELSEWHERE times, and again
//       when it is found again.
//   engine-risk.A3. Where the thread ends by an error, that is told, and another one begins.

import { Worker } from 'node:worker_threads';
import type { ClusterNode } from '../cluster/node.js';
import {
  AUDIT_DAYS,
  RISK_FOUND_MAX,
  RISK_NODES_MS,
  RISK_RETRY_MS,
  RISK_TRIES_ELSEWHERE,
} from '../limits.js';
import type { ActCommand } from '../protocol/commands.js';
import {
  type DefinitionHistory,
  isRefusal,
  type Outcome,
  type Refused,
  refused,
} from '../protocol/outcomes.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { Router } from '../router/router.js';
import type { Found } from './found.js';
import type { Asked, NodeAnswer, NodeQuestion, RiskFigures, ThreadData, Told } from './messages.js';
import { RISK_DEFINITIONS } from './rules.js';

export interface RiskOptions {
  readonly router: Router;
  readonly node: ClusterNode | undefined;
  readonly own: { submit(command: ActCommand): Promise<Outcome> };
  /** Definitions as they are read. */
  readonly definitions: (query: {
    readonly kind: string;
    readonly key?: string | undefined;
    readonly after?: string | undefined;
  }) => Promise<readonly DefinitionHistory[] | Refused>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly auditDays?: number | undefined;
  readonly clockOffset?: SharedArrayBuffer | undefined;
}

/** What another node was told last. */
type Heard = Pick<NodeQuestion, 'began' | 'pairs' | 'counted'>;
const NOTHING: Heard = { began: 0, pairs: 0, counted: 0 };

export class Risk {
  readonly #options: RiskOptions;
  readonly #data: ThreadData;
  /** The other nodes: their number, and a shard of each. */
  readonly #others: readonly (readonly [node: number, shard: number])[];
  readonly #heard = new Map<number, Heard>();
  readonly #found: Record<string, number> = {};
  readonly #answers = new Map<number, (answer: object | undefined) => void>();
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #working: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #hearing: NodeJS.Timeout | undefined;
  #lastId = 0;
  #isClosing = false;

  constructor(options: RiskOptions) {
    this.#options = options;
    const { router, node, auditDays = AUDIT_DAYS, clockOffset } = options;
    const { path, here, slotMap, shards } = router.folder;
    const names =
      node === undefined ? [''] : Array.from({ length: shards }, (_, n) => node.nodeOf(n));
    const all = [...new Set(names)].sort();
    const own = all.indexOf(names[here[0] ?? 0] ?? '');
    this.#data = {
      ...{ folder: path, shards: here, slotMap, auditDays, clockOffset },
      ...{ node: own, nodes: all.length },
    };
    this.#others = all.flatMap((name, n) => (n === own ? [] : [[n, names.indexOf(name)] as const]));
  }

  /** The shards here are open. */
  start(): void {
    this.#soon(0);
  }

  /** A definition of this kind is here. */
  defined(kind: string): void {
    if (RISK_DEFINITIONS.includes(kind)) this.#soon(0);
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosing) return;
    this.#timer = setTimeout(() => {
      this.#working = this.#working.then(() => this.#read());
    }, ms).unref();
  }

  /** Tells the thread what decides. */
  async #read(): Promise<void> {
    const all: DefinitionHistory[] = [];
    for (const kind of RISK_DEFINITIONS) {
      const found = await this.#histories(kind).catch(() => undefined);
      if (this.#isClosing) return;
      if (found === undefined) return this.#soon(RISK_RETRY_MS);
      all.push(...found);
    }
    if (all.length === 0) return;
    this.#begin();
    const assets = this.#options.router.assets.list.map(({ asset }) => asset);
    this.#post({ type: 'rules', definitions: all, assets });
  }

  /** With all versions of each; undefined: that cannot be told now. */
  async #histories(kind: string): Promise<readonly DefinitionHistory[] | undefined> {
    const { definitions } = this.#options;
    const all: DefinitionHistory[] = [];
    for (let after: string | undefined; ; ) {
      const page = await definitions({ kind, after });
      if (isRefusal(page)) return undefined;
      if (page.length === 0) return all;
      for (const { key } of page) {
        const found = await definitions({ kind, key });
        if (isRefusal(found)) return undefined;
        all.push(...found);
      }
      after = page.at(-1)?.key;
    }
  }

  // --- the thread -------------------------------------------------------------------------------------------------

  #begin(): void {
    if (this.#worker !== undefined || this.#isClosing) return;
    const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData: this.#data });
    worker.unref();
    worker.on('message', (told: Told) => this.#told(told));
    worker.on('error', (error) => {
      process.emitWarning(`risk: ${(error as Error).message}`);
      this.#soon(RISK_RETRY_MS);
    });
    this.#worker = worker;
    this.#heard.clear();
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#worker = undefined;
        for (const answered of this.#answers.values()) answered(undefined);
        this.#answers.clear();
        resolve();
      });
    });
    if (this.#others.length > 0) this.#hearSoon();
  }

  #post(asked: Asked): void {
    this.#worker?.postMessage(asked);
  }

  #told(told: Told): void {
    if (told.type === 'answer') {
      this.#answers.get(told.id)?.(told.answer);
      this.#answers.delete(told.id);
      return;
    }
    this.#working = this.#working.then(() => this.#mark(told.found));
  }

  #ask<T extends object>(asked: { type: 'tell'; question: NodeQuestion } | { type: 'figures' }) {
    if (this.#worker === undefined || this.#isClosing) return Promise.resolve(undefined);
    const id = ++this.#lastId;
    return new Promise<T | undefined>((resolve) => {
      this.#answers.set(id, resolve as (answer: object | undefined) => void);
      this.#post({ ...asked, id } as Asked);
    });
  }

  /** A2. */
  async #mark(found: readonly Found[]): Promise<void> {
    for (let from = 0; from < found.length; from += RISK_FOUND_MAX) {
      let left = found.slice(from, from + RISK_FOUND_MAX);
      for (let tries = 1; left.length > 0 && !this.#isClosing; tries++) {
        const done = await Promise.all(left.map((one) => this.#isMarked(one)));
        left = left.filter(({ owner }, i) => {
          const mayWait = tries < RISK_TRIES_ELSEWHERE || this.#isHere(owner);
          return !done[i] && mayWait;
        });
        if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, RISK_RETRY_MS));
      }
    }
    if (!this.#isClosing) this.#post({ type: 'marked' });
  }

  #isHere(owner: string): boolean {
    const { router } = this.#options;
    return router.folder.here.includes(router.shardOf(owner));
  }

  /** False: it is to be asked for again. */
  async #isMarked({ owner, id, body }: Found): Promise<boolean> {
    // What was found late may be over.
    if (body.until <= this.#options.now() + RISK_RETRY_MS) return true;
    const command = { type: 'act', act: 'risk-mark', owner, id, body } as const;
    const outcome = await this.#options.own
      .submit(command as unknown as ActCommand)
      .catch(() => refused('SHARD_UNAVAILABLE'));
    if (!isRefusal(outcome)) {
      if (!outcome.replayed) this.#found[body.reason] = (this.#found[body.reason] ?? 0) + 1;
      return true;
    }
    return !REFUSALS[outcome.code].retry;
  }

  // --- other nodes ------------------------------------------------------------------------------------------------

  #hearSoon(): void {
    clearTimeout(this.#hearing);
    this.#hearing = setTimeout(() => {
      this.#hear().finally(() => {
        if (!this.#isClosing && this.#worker !== undefined) this.#hearSoon();
      });
    }, RISK_NODES_MS).unref();
  }

  async #hear(): Promise<void> {
    await Promise.all(this.#others.map(([other, shard]) => this.#hearOf(other, shard)));
  }

  async #hearOf(other: number, shard: number): Promise<void> {
    const before = this.#heard.get(other) ?? NOTHING;
    const question: NodeQuestion = { node: this.#data.node, ...before };
    const answer = await this.#options.node?.read<NodeAnswer>(shard, 'risk', question);
    if (answer === undefined || isRefusal(answer)) return;
    const { began, pairsNext, countedNext } = answer;
    this.#heard.set(other, { began, pairs: pairsNext, counted: countedNext });
    if (answer.pairs.length + answer.counted.length > 0) this.#post({ type: 'heard', answer });
  }

  /** What another node asks: an object at most. */
  async serve(asked: Readonly<Record<string, unknown>>): Promise<object> {
    const { node, began, pairs, counted } = asked;
    const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
    if (!isWhole(node) || !isWhole(began) || !isWhole(pairs) || !isWhole(counted))
      return refused('QUERY_INVALID');
    const question = { node, began, pairs, counted };
    return (
      (await this.#ask<NodeAnswer>({ type: 'tell', question })) ?? refused('SHARD_UNAVAILABLE')
    );
  }

  // --- the end ----------------------------------------------------------------------------------------------------

  /** Undefined: there is nothing to look for. */
  async figures(): Promise<RiskFigures | undefined> {
    const told = await this.#ask<Omit<RiskFigures, 'found'>>({ type: 'figures' });
    return told && { ...told, found: { ...this.#found } };
  }

  /** Asks nothing more of the ledger. */
  async stop(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#hearing);
    await this.#working;
  }

  /** Resolves when the thread has ended. */
  async close(): Promise<void> {
    await this.stop();
    // It ends only if it is waited for.
    this.#worker?.ref();
    this.#worker?.postMessage({ type: 'close' } satisfies Asked);
    await this.#ended;
  }
}
