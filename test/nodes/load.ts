// Load through all gateways of a cluster, and what became of each id. Owns: who asks for what again, and that answers agree.
// Never touches: processes; what commands do (work.ts).
//   N1. An id has one outcome, whoever asks for it, whenever, through whichever node. Who asked before somebody else was told of
//       it may still be told that it is open.
//   N2. What has no outcome yet is asked for again, with the same id, until it has one.

import { setTimeout as sleep } from 'node:timers/promises';
import { REFUSALS, type RefusalCode } from '../../engine/index.js';
import type { Random } from '../random.js';
import { Client, NoAnswer, type Reply } from './client.js';
import type { Nodes } from './nodes.js';
import { ASSETS, type Asked, homeOf, requestOf, Work } from './work.js';

const BATCH = 400;
/** How many ask at a time for what goes into no batch. */
const ASKERS = 8;
/** How long a caller waits for a decision, and for any answer. */
const DECISION_MS = 800;
const PATIENCE_MS = 3_000;
const PAUSE_MS = 50;
/** How long after healing everything must have an outcome. */
const ANSWERS_LIMIT_MS = 30_000;

/** What became of an id: `posted <shard>/<seq>`, or the code of the refusal; undefined: it is not known yet. */
type Outcome = string | undefined;

/** Final answers only; everything else leaves it unknown. */
function outcomeOf({ status, body }: Reply): Outcome {
  if (status === 200 || status === 201) return `posted ${body.shard}/${body.seq}`;
  const code: string = body?.code ?? '';
  return REFUSALS[code as RefusalCode]?.kept === 'final' ? code : undefined;
}

export class Load {
  readonly outcomes = new Map<string, Outcome>();
  /** What contradicts the rules above. */
  readonly wrong: string[] = [];
  readonly #work: Work;
  readonly #nodes: Nodes;
  readonly #clients: Client[];
  /** Ids without an outcome, to be asked for again. */
  readonly #unknown: string[] = [];
  readonly #told: string[] = [];
  #isRunning = false;
  #running: Promise<unknown> = Promise.resolve();
  /** Answers by status (0: none came), and repeats. */
  readonly answers = new Map<number, number>();
  repeats = 0;

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
    this.#work = new Work((owner) => nodes.all.indexOf(nodes.nodeOf(nodes.shardOf(owner))));
    this.#clients = nodes.all.map((node) => new Client(node, PATIENCE_MS));
  }

  /** Nobody asks any more, also where run() has not ended. */
  close(): void {
    this.#isRunning = false;
    for (const client of this.#clients) client.close();
  }

  /** Defines the assets, through one node, and gives everybody something. */
  async begin(): Promise<void> {
    for (const asset of ASSETS) {
      const { status, body } = await this.#client(0).ask(`PUT /v1/assets/${asset}`, {
        scale: 0,
        lotTracked: asset === 'tin',
      });
      if (status !== 200) throw new Error(`no asset: ${status} ${JSON.stringify(body)}`);
    }
    for (const command of this.#work.funds()) this.#take(command);
    await this.finish();
  }

  #client(n: number): Client {
    return this.#clients[n % this.#clients.length] as Client;
  }

  /** Something new to ask for. Returns its id. */
  #take({ id }: Asked): string {
    this.outcomes.set(id, undefined);
    this.#unknown.push(id);
    return id;
  }

  #command(id: string): Asked {
    const command = this.#work.commands.get(id);
    if (command === undefined) throw new Error(`nobody asked for ${id}`);
    return command;
  }

  /** Asks with this many callers, until pause(). */
  run(random: Random, callers: number): void {
    this.#isRunning = true;
    this.#running = Promise.all(
      Array.from({ length: callers }, async (_, n) => {
        while (this.#isRunning) await this.#call(random, n);
      }),
    );
  }

  /** Resolves when nobody asks any more. */
  async pause(): Promise<void> {
    this.#isRunning = false;
    await this.#running;
  }

  async #call(random: Random, caller: number): Promise<void> {
    const client = this.#client(caller);
    const again = random.chance(0.3) ? this.#unknown.shift() : undefined;
    const [told] = random.chance(0.05) && this.#told.length > 0 ? [random.pick(this.#told)] : [];
    const id = again ?? told ?? this.#take(this.#work.next(random));
    if (id === again || id === told) this.repeats++;
    await this.#askFor(client, id, random.chance(0.2) ? 0 : DECISION_MS);
    if (id === again && this.outcomes.get(id) === undefined) this.#unknown.push(id);
  }

  /** Asks for one command, or where nobody may ask for it what became of it. */
  async #askFor(client: Client, id: string, decisionMs: number, through = ''): Promise<void> {
    const command = this.#command(id);
    const wasTold = this.outcomes.get(id) !== undefined;
    if (command.type === 'transfer' && command.isCaused === true) {
      await this.#lookUp(client, command, through);
      return;
    }
    const { call, body } = requestOf(command, decisionMs);
    const reply = await this.#ask(client, call, body);
    this.#tell(id, reply, wasTold, through);
    if (reply === undefined || reply.status === 503) await sleep(PAUSE_MS);
  }

  async #ask(client: Client, call: string, body?: unknown): Promise<Reply | undefined> {
    let reply: Reply | undefined;
    try {
      reply = await client.ask(call, body);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
    const status = reply?.status ?? 0;
    this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
    return reply;
  }

  /** `wasTold`: did anybody know the outcome when this was asked? */
  #tell(id: string, reply: Reply | undefined, wasTold: boolean, through = ''): void {
    if (reply === undefined) return;
    const { status, body } = reply;
    const now = outcomeOf(reply);
    const before = this.outcomes.get(id);
    const isBusy = body?.code === 'ACCOUNT_BUSY';
    const isFine = now !== undefined || status === 202 || status === 503 || isBusy;
    if (!isFine) this.wrong.push(`${id}${through} was answered ${status} ${JSON.stringify(body)}`);
    if (now === undefined) {
      if (wasTold && status === 202)
        this.wrong.push(`${id}${through} was ${before}, and is open again`);
      return;
    }
    if (before !== undefined && before !== now)
      this.wrong.push(`${id}${through} was ${before}, and then ${now}`);
    if (before === undefined) {
      this.outcomes.set(id, now);
      this.#told.push(id);
      if (now.startsWith('posted'))
        for (const caused of this.#work.causedBy(id)) this.#take(caused);
    }
  }

  /** When all nodes work: asks until everything has an outcome. */
  async finish(): Promise<void> {
    const begun = performance.now();
    for (let round = 0; ; round++) {
      const open = [...this.outcomes].filter(([, outcome]) => outcome === undefined);
      this.#unknown.length = 0;
      if (open.length === 0) return;
      if (performance.now() - begun > ANSWERS_LIMIT_MS) {
        this.wrong.push(`${open.length} ids have no outcome, e.g. ${open[0]?.[0]}`);
        return;
      }
      await this.#askAgain(
        open.map(([id]) => id),
        round,
      );
      if (round > 0) await sleep(PAUSE_MS);
    }
  }

  /** Repeats commands through one node: transfers in batches, then the others, each by itself. */
  async #askAgain(ids: readonly string[], node: number): Promise<void> {
    const through = ` through node ${this.#nodes.all[node % this.#nodes.all.length]?.name}`;
    const batched: string[] = [];
    const single: string[] = [];
    for (const id of ids) {
      const command = this.#command(id);
      const isBatched = command.type === 'transfer' && command.isCaused !== true;
      (isBatched ? batched : single).push(id);
    }
    for (let from = 0; from < batched.length; from += BATCH)
      await this.#askBatch(batched.slice(from, from + BATCH), node, through);
    this.repeats += single.length;
    await this.#spread(single, (id) => this.#askFor(this.#client(node), id, DECISION_MS, through));
  }

  async #askBatch(ids: readonly string[], node: number, through: string): Promise<void> {
    const bodies = ids.map((id) => requestOf(this.#command(id), DECISION_MS).body);
    const told = ids.map((id) => this.outcomes.get(id) !== undefined);
    const reply = await this.#ask(this.#client(node), 'POST /v1/transfers', bodies);
    this.repeats += ids.length;
    if (reply?.status !== 200) return;
    if (!Array.isArray(reply.body) || reply.body.length !== ids.length) {
      const text = JSON.stringify(reply.body).slice(0, 200);
      this.wrong.push(`${ids.length} transfers, and ${reply.body?.length} answers: ${text}`);
      return;
    }
    ids.forEach((id, n) => {
      const body = reply.body[n];
      this.#tell(id, { status: body.status, body }, told[n] === true, through);
    });
  }

  /** Does something for each, a few at a time. */
  async #spread<T>(items: readonly T[], each: (item: T) => Promise<void>): Promise<void> {
    let next = 0;
    await Promise.all(
      Array.from({ length: ASKERS }, async () => {
        while (next < items.length) await each(items[next++] as T);
      }),
    );
  }

  /**
   * Everything that was told from the `since`-th id on is told again, through each of these nodes; a few are looked up by id as well.
   * Nothing may be left unanswered: all nodes work.
   */
  async repeatAll(nodes: readonly number[], random: Random, since = 0): Promise<void> {
    const ids = [...this.outcomes.keys()].slice(since);
    for (const node of nodes) {
      const { length } = this.wrong;
      const { name } = this.#nodes.all[node] as Nodes['all'][number];
      const before = this.answers.get(200) ?? 0;
      await this.#askAgain(ids, node);
      const answered = (this.answers.get(200) ?? 0) - before;
      if (answered < Math.ceil(ids.length / BATCH)) this.wrong.push(`${name} does not answer`);
      for (let n = 0; n < 20 && this.wrong.length === length; n++) {
        const command = this.#command(random.pick(ids));
        const reply = await this.#lookUp(this.#client(node), command, ` looked up through ${name}`);
        if (reply?.status !== 200)
          this.wrong.push(`${command.id} is not found through node ${name}: ${reply?.status}`);
      }
    }
  }

  /** What a node says under an id. What was told before is there, if it answers at all. */
  async #lookUp(client: Client, command: Asked, through: string): Promise<Reply | undefined> {
    const { id } = command;
    const wasTold = this.outcomes.get(id) !== undefined;
    const place = `/v1/accounts/${homeOf(command)}/transfers/${encodeURIComponent(id)}`;
    const reply = await this.#ask(client, `GET ${place}`);
    if (reply?.status === 200) {
      const { outcome } = reply.body;
      this.#tell(id, { status: outcome.status ?? 201, body: outcome }, wasTold, through);
    } else if (reply !== undefined && reply.status !== 503 && (wasTold || reply.status !== 404))
      this.wrong.push(`${id} is not found${through}: ${reply.status}`);
    return reply;
  }

  /** What everybody has by the outcomes, in all and held. */
  model(): ReturnType<Work['model']> {
    const posted = [...this.outcomes].filter(([, outcome]) => outcome?.startsWith('posted'));
    return this.#work.model(posted.map(([id]) => id));
  }

  /** Compares every balance, read through one node, with the model; nothing may be held but by holds. */
  async compare(node: number): Promise<void> {
    const { totals, held } = this.model();
    const client = this.#client(node);
    const { name } = this.#nodes.all[node] as Nodes['all'][number];
    const through = `through node ${name}`;
    const sums = new Map<string, number>();
    const seen = new Set<string>();
    await this.#spread([...this.#work.owners, '@issue'], async (owner) => {
      const reply = await this.#ask(client, `GET /v1/accounts/${owner}`);
      if (reply?.status !== 200) this.wrong.push(`${owner} ${through}: ${reply?.status}`);
      for (const account of reply?.body.accounts ?? []) {
        const key = `${owner} ${account.asset}`;
        seen.add(key);
        sums.set(account.asset, (sums.get(account.asset) ?? 0) + account.available + account.held);
        const should = `${(totals.get(key) ?? 0) - (held.get(key) ?? 0)}+${held.get(key) ?? 0}`;
        const has = `${account.available}+${account.held}`;
        if (has !== should) this.wrong.push(`${key} is ${has} ${through}, and should be ${should}`);
      }
    });
    for (const [key, should] of totals)
      if (should !== 0 && !seen.has(key))
        this.wrong.push(`${key} is not there ${through}, and should be ${should}`);
    for (const [asset, sum] of sums)
      if (sum !== 0) this.wrong.push(`all of ${asset} comes to ${sum} ${through}`);
  }
}
