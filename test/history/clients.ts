// Clients that ask at the same time, and what they were answered when. Owns: the recording. Never touches: what is right.

import { setTimeout as sleep } from 'node:timers/promises';
import { REFUSALS, type RefusalCode } from '../../engine/index.js';
import { Client, NoAnswer, type Reply } from '../nodes/client.js';
import type { Nodes } from '../nodes/nodes.js';
import { Random } from '../random.js';
import {
  type AccountEntries,
  type Act,
  type Answer,
  type Asked,
  type Attempt,
  accountKey,
  type Budget,
  type Event,
  type History,
  homeOf,
  isUndoable,
  type Operation,
  type Read,
  type Undoable,
  undoneAct,
} from './operations.js';
import { BUDGETS, FUNDS, SHOP } from './programme.js';
import { ASSETS, Workload } from './workload.js';

const BATCH_MAX = 140;
/** Acts of a request; undos of acts at once. */
const ACTS_MAX = 60;
const UNDOS_MAX = 16;
/** How soon an impatient client goes away. */
const IMPATIENT_MS = 12;
/** After no answer at all. */
const PAUSE_MS = 150;
const PAGE = 1_000;
/** A ledger at which a third of a course takes longer leaves things undecided. */
const RUN_LIMIT_MS = 90_000;
/** How often a client asks again for what it does not know. */
const TRIES_MAX = 6;
/** What may be repeated is taken from the latest this many. */
const REPEATS_FROM = 4_000;
/** And what may be reversed from the latest this many. */
const REVERSED_FROM = 400;

const UNKNOWN: Answer = { state: 'unknown' };

type Hold = Extract<Asked, { type: 'hold' }>;

/** What an answer to a command says. */
function answerOf({ status, body }: Reply): Answer {
  if (status === 202) return { state: 'open' };
  if (status === 200 || status === 201) {
    const { replayed, shard, seq, entries, act } = body;
    return { state: 'posted', replayed, shard, seq, entries, effects: act?.effects };
  }
  const code: string = body?.code ?? '';
  const { kept, retry = false } = REFUSALS[code as RefusalCode] ?? {};
  if ((status >= 500 || retry) && kept !== 'final') return UNKNOWN;
  return { state: 'refused', replayed: body?.replayed === true, code: code || `status ${status}` };
}

/** Where many of its kind can be asked for at once; undefined: nowhere. */
function batchPath(command: Asked): string | undefined {
  if (command.type === 'transfer') return '/v1/transfers';
  return command.type === 'act' ? `/v1/acts/${command.act}` : undefined;
}

/** One of a batch. */
function bodyOf(command: Asked): unknown {
  const { type: _, ...body } = command;
  if (command.type !== 'act') return body;
  const { id, owner } = command;
  return { id, owner, body: saidOf(command) };
}

/** What an act is asked to do. */
function saidOf(command: Act): object {
  switch (command.act) {
    case 'claim':
      return { offer: command.offer.key };
    case 'event': {
      const { amount, of } = command;
      const programme = of.key;
      if (amount === undefined) return { programme, type: 'VISIT' };
      return { programme, type: 'BUY', attributes: { amount } };
    }
    case 'return-event':
      return { event: command.event.id, amount: command.amount };
    case 'gift':
      return { programme: command.of.key, to: command.to, amount: command.amount };
    case 'refer':
      return { programme: command.of.key, code: command.code };
    default:
      return correctionIn(command);
  }
}

function correctionIn({ correction, amount }: Extract<Act, { act: 'adjust' }>): object {
  const moves = amount > 0 ? { give: amount } : { take: -amount };
  return { correction: correction.key, ...moves, reason: 'a complaint', operator: 'amy' };
}

const budgetPath = (owner: string, asset: string): string =>
  `/v1/budgets/${owner.slice('#budget:'.length)}/assets/${asset}`;

export class Clients {
  readonly operations = new Map<string, Operation>();
  readonly reads: Read[] = [];
  readonly #nodes: Nodes;
  readonly #work: Workload;
  readonly #clients: Client[];
  readonly #holds: Hold[] = [];
  /** Acts that were posted: those that may be undone, and what was bought. */
  readonly #acts: Undoable[] = [];
  readonly #bought: Event[] = [];
  readonly #latest: string[] = [];
  #endsAt = Number.POSITIVE_INFINITY;
  #isClosed = false;
  #ids = 0;
  /** Commands and reads that were asked. */
  asked = 0;
  /** Requests without an answer that says anything. */
  lost = 0;

  constructor(nodes: Nodes, count: number) {
    this.#nodes = nodes;
    this.#work = new Workload((owner) => nodes.shardOf(owner));
    this.#clients = Array.from(
      { length: count },
      (_, n) => new Client(nodes.all[n % nodes.all.length] as Nodes['all'][number]),
    );
  }

  /** Defines the assets and gives everybody, and every budget, something. */
  async begin(): Promise<void> {
    const [client] = this.#clients as [Client];
    for (const asset of ASSETS) {
      const { status } = await client.ask(`PUT /v1/assets/${asset}`, {
        scale: 0,
        lotTracked: asset === 'tin',
      });
      if (status !== 200) throw new Error(`no asset ${asset}: ${status}`);
    }
    const funds = this.#work.owners.map((to): Asked => {
      const legs = ASSETS.map((asset) => ({ from: '@issue', to, asset, amount: FUNDS }));
      return { type: 'transfer', id: `funds-${to}`, legs };
    });
    await this.#submit(client, funds);
    for (const [owner, code] of this.#work.codes) {
      const body = { programme: SHOP.key, code };
      const asked = { owner, id: 'code', body };
      const { status } = await this.#told(client, 'POST /v1/acts/referral-code', asked);
      if (status >= 300) throw new Error(`no code ${code}: ${status}`);
    }
    for (const [owner, asset, amount] of BUDGETS) {
      const place = `POST ${budgetPath(owner, asset)}/fund`;
      const { status } = await client.ask(place, { id: `funds-${asset}`, amount });
      if (status !== 201) throw new Error(`no budget ${owner}: ${status}`);
    }
  }

  /** The answer to what is asked again while it cannot be done yet. */
  async #told(client: Client, call: string, body: unknown): Promise<Reply> {
    for (;;) {
      const reply = await this.#ask(client, call, body);
      if (reply !== undefined && reply.status !== 503) return reply;
    }
  }

  /** Asks until `count` operations have been asked; fewer where that takes too long. */
  async run(seed: number, count: number): Promise<void> {
    this.#endsAt = performance.now() + RUN_LIMIT_MS;
    const until = this.asked + count;
    await Promise.all(
      this.#clients.map(async (client, n) => {
        const random = new Random(seed * 1_000 + n);
        while (this.asked < until && !this.#isDone) await this.#one(client, random);
      }),
    );
  }

  async #one(client: Client, random: Random): Promise<void> {
    const what = random.int(100);
    if (what < 62) return this.#read(client, this.#work.owner(random));
    if (what < 71) return this.#holdOrAfter(client, random);
    if (what < 74) return this.#reverse(client, random);
    if (what < 80) return this.#repeat(client, random);
    if (what < 86) return this.#act(client, random);
    const ids = Array.from({ length: 1 + random.int(BATCH_MAX) }, () => this.#id('t'));
    const commands = this.#work.batch(random, ids);
    const how = random.int(20);
    if (how === 0) return this.#submit(client, commands, 0);
    return this.#submit(client, commands, undefined, how === 1 ? IMPATIENT_MS : undefined);
  }

  #id(kind: string): string {
    return `${kind}${this.#ids++}`;
  }

  #note(command: Asked, attempt: Attempt): void {
    const known = this.operations.get(command.id);
    if (known !== undefined) known.attempts.push(attempt);
    else {
      this.operations.set(command.id, { command, attempts: [attempt] });
      this.#latest.push(command.id);
      if (this.#latest.length > REPEATS_FROM) this.#latest.splice(0, REPEATS_FROM / 2);
    }
  }

  async #read(client: Client, owner: string): Promise<void> {
    this.asked++;
    const call = performance.now();
    const reply = await this.#ask(client, `GET /v1/accounts/${owner}`);
    if (reply?.status !== 200) return;
    const ret = performance.now();
    this.reads.push({
      name: `read${this.reads.length}`,
      owner,
      call,
      ret,
      accounts: reply.body.accounts,
    });
  }

  async #holdOrAfter(client: Client, random: Random): Promise<void> {
    if (this.#holds.length < 20 || random.chance(0.4)) {
      const hold = this.#work.hold(random, this.#id('h'));
      const { id: _, type: __, ...body } = hold;
      const answer = await this.#command(client, 'POST /v1/holds', hold, { ...body, id: hold.id });
      if (answer.state === 'posted') this.#holds.push(hold);
      return;
    }
    // It may be taken by two clients at once: only one of them gets it.
    const at = random.int(this.#holds.length);
    const hold = this.#holds[at] as Hold;
    if (random.chance(0.7)) this.#holds.splice(at, 1);
    await this.#take(client, this.#work.after(random, this.#id('c'), hold));
  }

  /** New acts of one kind, or undos of earlier ones. */
  async #act(client: Client, random: Random): Promise<void> {
    const count = 1 + random.int(ACTS_MAX);
    if (this.#acts.length === 0 || random.chance(0.6)) {
      const ids = Array.from({ length: count }, () => this.#id('a'));
      return this.#submit(client, this.#work.acts(random, ids, this.#bought));
    }
    const undos: Asked[] = [];
    for (let left = 1 + random.int(UNDOS_MAX); left > 0 && this.#acts.length > 0; left--) {
      const at = random.int(this.#acts.length);
      const original = this.#acts[at] as Undoable;
      undos.push(this.#work.undo(random, this.#id('u'), original));
      if (random.chance(0.3)) this.#acts.splice(at, 1);
    }
    await Promise.all(undos.map((undo) => this.#take(client, undo)));
  }

  /** One of the latest, whatever became of it. */
  async #reverse(client: Client, random: Random): Promise<void> {
    if (this.#latest.length === 0) return;
    const from = Math.max(0, this.#latest.length - REVERSED_FROM);
    const id = this.#latest[from + random.int(this.#latest.length - from)] as string;
    const original = this.operations.get(id)?.command;
    if (original?.type !== 'transfer' && original?.type !== 'capture') return;
    if (id.startsWith('funds')) return;
    await this.#take(client, {
      type: 'reverse',
      id: this.#id('r'),
      owner: homeOf(original),
      original,
    });
  }

  async #take(client: Client, command: Asked): Promise<void> {
    if (command.type === 'transfer' || command.type === 'hold' || command.type === 'act') return;
    if (command.type === 'reverse') {
      const call = `POST /v1/accounts/${command.owner}/transfers/${command.original.id}/reverse`;
      const { id, amount } = command;
      const answer = await this.#command(client, call, command, { id, amount });
      // What is busy for now is asked for again, under the same id.
      if (answer.state === 'unknown' && undoneAct(command) !== undefined && !this.#isDone)
        await this.#command(client, call, command, { id, amount });
      return;
    }
    const place = `POST /v1/accounts/${command.owner}/holds/${command.holdId}`;
    const { id } = command;
    if (command.type === 'release')
      await this.#command(client, `${place}/release`, command, { id });
    else {
      const { to, amount, releaseRest } = command;
      await this.#command(client, `${place}/capture`, command, { id, to, amount, releaseRest });
    }
  }

  async #command(client: Client, call: string, command: Asked, body: unknown): Promise<Answer> {
    this.asked++;
    const at = performance.now();
    const reply = await this.#ask(client, call, body);
    const answer = reply === undefined ? UNKNOWN : answerOf(reply);
    this.#note(command, { call: at, ret: performance.now(), isLookUp: false, answer });
    return answer;
  }

  /** Asks for something again that was asked for before, by whoever. */
  async #repeat(client: Client, random: Random): Promise<void> {
    if (this.#latest.length === 0) return;
    const ids = Array.from({ length: 1 + random.int(8) }, () => random.pick(this.#latest));
    const batches = new Map<string, Asked[]>();
    for (const id of new Set(ids)) {
      const command = this.operations.get(id)?.command;
      const path = command === undefined ? undefined : batchPath(command);
      if (command !== undefined && path !== undefined)
        batches.set(path, [...(batches.get(path) ?? []), command]);
      else if (command !== undefined) await this.#take(client, command);
    }
    for (const commands of batches.values()) await this.#submit(client, commands);
  }

  /** A batch of transfers, or of acts of one kind. */
  async #submit(
    client: Client,
    commands: readonly Asked[],
    decisionMs?: number,
    patienceMs?: number,
    tries = TRIES_MAX,
  ): Promise<void> {
    this.asked += commands.length;
    const query = decisionMs === undefined ? '' : `?timeoutMs=${decisionMs}`;
    const [first] = commands as readonly [Asked];
    const path = `POST ${batchPath(first)}${query}`;
    const call = performance.now();
    const reply = await this.#ask(client, path, commands.map(bodyOf), patienceMs);
    const ret = performance.now();
    const unknown: Asked[] = [];
    commands.forEach((command, n) => {
      const item = reply?.status === 200 ? reply.body[n] : undefined;
      const answer =
        item === undefined ? UNKNOWN : answerOf({ status: item.status ?? 200, body: item });
      if (answer.state === 'unknown' || answer.state === 'open') unknown.push(command);
      if (answer.state === 'posted') this.#keep(command);
      this.#note(command, { call, ret, isLookUp: false, answer });
    });
    if (unknown.length === 0 || patienceMs !== undefined || tries === 0 || this.#isDone) return;
    // As a client would: ask again for what is not known. Some never do, and leave it to the look-up at the end.
    await sleep(1);
    const again = unknown.filter((_, n) => (this.#ids + n) % 4 !== 0);
    if (again.length > 0) await this.#submit(client, again, undefined, undefined, tries - 1);
  }

  /** What was posted may be undone, or given back. */
  #keep(command: Asked): void {
    if (isUndoable(command)) this.#acts.push(command);
    else if (command.type === 'act' && command.act === 'event' && command.amount !== undefined)
      this.#bought.push(command);
  }

  async #ask(
    client: Client,
    call: string,
    body?: unknown,
    patienceMs?: number,
  ): Promise<Reply | undefined> {
    let reply: Reply | undefined;
    try {
      reply = await client.ask(call, body, patienceMs);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
    if (reply !== undefined && reply.status !== 503) return reply;
    this.lost++;
    if (patienceMs === undefined) await sleep(PAUSE_MS);
    return reply;
  }

  get #isDone(): boolean {
    return this.#isClosed || performance.now() > this.#endsAt;
  }

  /** Nobody asks any more, also where run() has not ended. */
  close(): void {
    this.#isClosed = true;
    for (const client of this.#clients) client.close();
  }

  /** When nothing goes wrong any more: what became of everything, and the order in which the ledger says it did. */
  async end(kills: readonly number[]): Promise<History> {
    const open = [...this.operations.values()].filter(
      ({ attempts }) =>
        !attempts.some(({ answer: { state } }) => state === 'posted' || state === 'refused'),
    );
    await this.#spread(open, (client, { command }) => this.#lookUp(client, command));
    await this.#spread(this.#work.owners, (client, owner) => this.#read(client, owner));
    const entries = new Map<string, AccountEntries>();
    const accounts = this.#work.owners.flatMap((owner) =>
      ASSETS.map((asset): [string, string] => [owner, asset]),
    );
    for (const [owner, asset] of accounts) entries.set(accountKey(owner, asset), []);
    await this.#spread(accounts, async (client, [owner, asset]) => {
      entries.set(accountKey(owner, asset), await entriesOf(client, owner, asset));
    });
    const budgets = new Map<string, Budget>();
    await this.#spread(BUDGETS, async (client, [owner, asset, funded]) => {
      const { body } = await read(client, `GET ${budgetPath(owner, asset)}`);
      budgets.set(accountKey(owner, asset), { funded, left: body.available + body.held });
    });
    const operations = [...this.operations.values()];
    const { reads } = this;
    const shardOf = (owner: string): number => this.#nodes.shardOf(owner);
    return { operations, reads, entries, budgets, shardOf, kills };
  }

  async #lookUp(client: Client, command: Asked): Promise<void> {
    const call = performance.now();
    const place = `GET /v1/accounts/${homeOf(command)}/transfers/${command.id}`;
    const { status, body } = await read(client, place);
    const ret = performance.now();
    if (status !== 404 && body.state !== 'prepared' && body.outcome === undefined)
      throw new Error(`${place} was answered ${status} ${JSON.stringify(body)}`);
    const answer: Answer =
      status === 404
        ? { state: 'absent' }
        : body.state === 'prepared'
          ? { state: 'open' }
          : answerOf({ status: body.outcome.status ?? 201, body: body.outcome });
    this.#note(command, { call, ret, isLookUp: true, answer });
  }

  /** Does something for each, by all clients at once. */
  async #spread<T>(
    items: readonly T[],
    each: (client: Client, item: T) => Promise<void>,
  ): Promise<void> {
    let next = 0;
    await Promise.all(
      this.#clients.map(async (client) => {
        while (next < items.length) await each(client, items[next++] as T);
      }),
    );
  }
}

/** A read of what is no more changed: asked again where a node says that it cannot now, or takes too long. */
async function read(client: Client, place: string): Promise<{ status: number; body: any }> {
  for (let tries = 1; ; tries++) {
    const answer = await client.ask(place).catch((error: unknown) => {
      if (!(error instanceof NoAnswer) || tries === READS_MAX) throw error;
    });
    if (answer !== undefined && (answer.status !== 503 || tries === READS_MAX)) return answer;
    await new Promise((resolve) => setTimeout(resolve, READ_PAUSE_MS));
  }
}
const READS_MAX = 60;
const READ_PAUSE_MS = 500;

async function entriesOf(client: Client, owner: string, asset: string): Promise<AccountEntries> {
  const entries: AccountEntries[number][] = [];
  let more = '';
  do {
    const query = `asset=${asset}&order=oldest&limit=${PAGE}${more}`;
    const { status, body } = await read(client, `GET /v1/accounts/${owner}/entries?${query}`);
    if (status !== 200) throw new Error(`no entries of ${owner}: ${status}`);
    for (const { id, type, version, delta, heldDelta, available, held, shard, seq } of body.entries)
      entries.push({ id, type, version, delta, heldDelta, available, held, shard, seq });
    more = body.cursor === undefined ? '' : `&cursor=${encodeURIComponent(body.cursor)}`;
  } while (more !== '');
  return entries;
}
