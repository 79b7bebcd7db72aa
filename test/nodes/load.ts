// Transfers through all gateways of a cluster, and what became of each id. Owns: the model: balances by the outcomes that were told.
// Never touches: processes.
//   N1. An id has one outcome, whoever asks for it, whenever, through whichever node. Who asked before somebody else was told of
//       it may still be told that it is open.
//   N2. What has no outcome yet is asked for again, with the same id, until it has one.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Leg, REFUSALS, type RefusalCode, type TransferCommand } from '../../engine/index.js';
import type { Random } from '../random.js';
import { Client, NoAnswer, type Reply } from './client.js';
import type { Nodes } from './nodes.js';

export const ASSETS = ['coin', 'tin'] as const;
const OWNERS = 240;
const FUNDS = 3_000;
const AMOUNT_MAX = 400;
const BATCH = 400;
/** How long a caller waits for a decision, and for any answer. */
const DECISION_MS = 800;
const PATIENCE_MS = 3_000;
const PAUSE_MS = 50;
/** How long after healing everything must have an outcome. */
const ANSWERS_LIMIT_MS = 30_000;

type Transfer = TransferCommand & { readonly id: string };

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
  readonly owners = Array.from({ length: OWNERS }, (_, n) => `user${n}`);
  readonly #commands = new Map<string, Transfer>();
  readonly #nodes: Nodes;
  readonly #clients: Client[];
  /** Ids without an outcome, to be asked for again. */
  readonly #unknown: string[] = [];
  readonly #told: string[] = [];
  #ids = 0;
  #isRunning = false;
  #running: Promise<unknown> = Promise.resolve();
  /** Answers by status (0: none came), and repeats. */
  readonly answers = new Map<number, number>();
  repeats = 0;

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
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
    for (const to of this.owners) {
      const legs = ASSETS.map((asset) => ({ from: '@issue', to, asset, amount: FUNDS }));
      this.#take({ type: 'transfer', id: `funds-${to}`, legs });
    }
    await this.finish();
  }

  #client(n: number): Client {
    return this.#clients[n % this.#clients.length] as Client;
  }

  #take(command: Transfer): Transfer {
    this.#commands.set(command.id, command);
    this.outcomes.set(command.id, undefined);
    this.#unknown.push(command.id);
    return command;
  }

  /** Mostly between nodes; some with three legs, over three owners on as many nodes as there are. */
  #transfer(random: Random): Transfer {
    const id = `t${this.#ids++}`;
    const place = (owner: string): number =>
      this.#nodes.all.indexOf(this.#nodes.nodeOf(this.#nodes.shardOf(owner)));
    const elsewhere = (than: readonly string[]): string => {
      for (let tries = 0; ; tries++) {
        const owner = random.pick(this.owners);
        if (than.includes(owner)) continue;
        const isElsewhere = than.every((other) => place(other) !== place(owner));
        if (isElsewhere || tries > 20 || random.chance(0.1)) return owner;
      }
    };
    const first = random.pick(this.owners);
    const second = elsewhere([first]);
    const third = elsewhere([first, second]);
    const leg = (from: string, to: string): Leg => {
      return { from, to, asset: random.pick(ASSETS), amount: 1 + random.int(AMOUNT_MAX) };
    };
    const legs = [leg(first, second)];
    if (random.chance(0.35)) legs.push(leg(second, third), leg(third, first));
    return this.#take({ type: 'transfer', id, legs });
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
    const id = again ?? told ?? this.#transfer(random).id;
    if (id === again || id === told) this.repeats++;
    const { type: _, ...body } = this.#commands.get(id) as Transfer;
    const decisionMs = random.chance(0.2) ? 0 : DECISION_MS;
    const wasTold = this.outcomes.get(id) !== undefined;
    const reply = await this.#ask(client, `POST /v1/transfers?timeoutMs=${decisionMs}`, body);
    this.#tell(id, reply, wasTold);
    if (id === again && this.outcomes.get(id) === undefined) this.#unknown.push(id);
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
    const isFine = now !== undefined || status === 202 || status === 503;
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

  /** Repeats commands through one node, in batches. */
  async #askAgain(ids: readonly string[], node: number): Promise<void> {
    for (let from = 0; from < ids.length; from += BATCH) {
      const some = ids.slice(from, from + BATCH);
      const bodies = some.map((id) => {
        const { type: _, ...body } = this.#commands.get(id) as Transfer;
        return body;
      });
      const told = some.map((id) => this.outcomes.get(id) !== undefined);
      const reply = await this.#ask(this.#client(node), 'POST /v1/transfers', bodies);
      this.repeats += some.length;
      if (reply?.status !== 200) continue;
      if (!Array.isArray(reply.body) || reply.body.length !== some.length) {
        const text = JSON.stringify(reply.body).slice(0, 200);
        this.wrong.push(`${some.length} transfers were answered with ${text}`);
        continue;
      }
      some.forEach((id, n) => {
        const body = reply.body[n];
        const through = ` through node ${this.#nodes.all[node % this.#nodes.all.length]?.name}`;
        this.#tell(id, { status: body.status, body }, told[n] === true, through);
      });
    }
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
      for (let n = 0; n < 20 && this.wrong.length === length; n++)
        await this.#lookUp(random.pick(ids), node, name);
    }
  }

  async #lookUp(id: string, node: number, name: string): Promise<void> {
    const home = this.#commands.get(id)?.legs.flatMap(({ from, to }) => [from, to]);
    const owner = home?.find((one) => !one.startsWith('@'));
    const wasTold = this.outcomes.get(id) !== undefined;
    const reply = await this.#ask(this.#client(node), `GET /v1/accounts/${owner}/transfers/${id}`);
    if (reply?.status !== 200)
      this.wrong.push(`${id} is not found through node ${name}: ${reply?.status}`);
    else {
      const { outcome } = reply.body;
      this.#tell(
        id,
        { status: outcome.status ?? 201, body: outcome },
        wasTold,
        ` looked up through node ${name}`,
      );
    }
  }

  /** What everybody has by the outcomes, by `owner asset`. */
  model(): Map<string, number> {
    const sums = new Map<string, number>();
    for (const [id, outcome] of this.outcomes) {
      if (outcome?.startsWith('posted') !== true) continue;
      for (const { from, to, asset, amount } of this.#commands.get(id)?.legs ?? []) {
        sums.set(`${from} ${asset}`, (sums.get(`${from} ${asset}`) ?? 0) - amount);
        sums.set(`${to} ${asset}`, (sums.get(`${to} ${asset}`) ?? 0) + amount);
      }
    }
    return sums;
  }

  /** Compares every balance, read through one node, with the model; nothing may be held. */
  async compare(node: number): Promise<void> {
    const model = this.model();
    const client = this.#client(node);
    const { name } = this.#nodes.all[node] as Nodes['all'][number];
    const seen = new Map<string, number>();
    const owners = [...this.owners, '@issue'];
    await Promise.all(
      Array.from({ length: 8 }, async (_, first) => {
        for (let n = first; n < owners.length; n += 8) {
          const owner = owners[n] as string;
          const reply = await this.#ask(client, `GET /v1/accounts/${owner}`);
          if (reply?.status !== 200)
            this.wrong.push(`${owner} through node ${name}: ${reply?.status}`);
          for (const { asset, available, held } of reply?.body.accounts ?? []) {
            seen.set(`${owner} ${asset}`, available);
            if (held !== 0)
              this.wrong.push(`${owner} has ${held} ${asset} held, through node ${name}`);
          }
        }
      }),
    );
    for (const [key, should] of model) {
      if ((seen.get(key) ?? 0) !== should)
        this.wrong.push(`${key} is ${seen.get(key)} through node ${name}, and should be ${should}`);
    }
    for (const asset of ASSETS) {
      let sum = 0;
      for (const [key, amount] of seen) if (key.endsWith(` ${asset}`)) sum += amount;
      if (sum !== 0) this.wrong.push(`all of ${asset} comes to ${sum} through node ${name}`);
    }
  }
}
