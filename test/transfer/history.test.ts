// What accounts have is explained by their entries (ledger.L7), through the public API: random commands over one to four shards, with
// transfers between shards under way at the same time, refused ones, holds, captures, reversals and expiry.

import t from 'tap';
import {
  type Balance,
  type Engine,
  type HistoryEntry,
  type Outcome,
  open,
  verifyFolder,
} from '../../engine/index.js';
import { SLOTS } from '../../engine/limits.js';
import { campaign } from '../campaign.js';
import { historyProblem } from '../ledger/invariants.js';
import { Random } from '../random.js';
import { BASE_MS } from '../sim/outside.js';
import { SIM_ASSETS, Work } from '../sim/work.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { chainFault, historyOf } from './history-chain.js';

t.setTimeout(0);

const ROUNDS = 7;
const SHARDS_MAX = 4;
const NOTHING = { version: 0, available: 0, held: 0, delta: 0, heldDelta: 0 } as const;
const SYSTEM_OWNERS = ['@issue', '@redeem', '@expire'];

const keyOf = ({ owner, asset }: { readonly owner: string; readonly asset: string }): string =>
  `${owner} ${asset}`;

/** Everything that was done and seen in one ledger. */
class Course {
  readonly engine: Engine;
  readonly reads: Balance[] = [];
  readonly outcomes: Outcome[] = [];
  /** Newest balances of each owner. */
  readonly known = new Map<string, readonly Balance[]>();
  readonly #work: Work;
  readonly #random: Random;
  readonly #offset: Float64Array;

  constructor(engine: Engine, random: Random, offset: Float64Array) {
    this.engine = engine;
    this.#random = random;
    this.#offset = offset;
    const { shards } = engine;
    const slotMap = Uint16Array.from({ length: SLOTS }, (_, slot) => slot % shards);
    this.#work = new Work(random, shards, slotMap, (owner) => this.known.get(owner) ?? []);
  }

  get owners(): readonly string[] {
    return this.#work.users.flat();
  }

  async #look(owners: readonly string[]): Promise<void> {
    const found = await this.engine.balances(owners);
    if ('ok' in found) throw new Error(found.code);
    found.forEach((balances, i) => {
      this.reads.push(...balances);
      this.known.set(owners[i] as string, balances);
    });
  }

  async run(): Promise<void> {
    const { engine } = this;
    const random = this.#random;
    for (const asset of SIM_ASSETS) await engine.submit(asset);
    this.outcomes.push(...(await engine.submitBatch(this.#work.opening(0))));
    for (let round = 0; round < ROUNDS; round++) {
      await this.#look(this.owners);
      const now = Date.now() + (this.#offset[0] as number) - BASE_MS;
      const some = (): Promise<Outcome[]> => {
        const commands = Array.from({ length: 4 + random.int(12) }, () => this.#work.movement(now));
        return engine.submitBatch(commands);
      };
      // What is asked for at once is under way at once.
      const asked = [some(), this.#look(this.owners), some(), this.#look(this.owners), some()];
      for (const told of await Promise.all(asked)) this.outcomes.push(...(told ?? []));
      this.#offset[0] = (this.#offset[0] as number) + random.int(4_000);
      await engine.acceptClock();
    }
    await this.#settled();
  }

  /** Nothing is under way any more, and what is due is done. */
  async #settled(): Promise<void> {
    await until('no transfer is open', async () => {
      const { shards } = await this.engine.stats();
      return shards.every(({ openTransfers, followUps }) => openTransfers + followUps === 0);
    });
    await this.#look(this.owners);
  }
}

/** An account's entries, newest first, are those oldest first. */
async function sameBackwards(engine: Engine, entries: readonly HistoryEntry[]): Promise<void> {
  const [first] = entries;
  if (first === undefined) return;
  const { owner, asset } = first;
  const page = await engine.entries({ owner, asset, version: entries.length, limit: 1_000 });
  const found = page.ok ? page.entries.map(({ version }) => version).reverse() : [];
  if (found.join() !== entries.map(({ version }) => version).join())
    throw new Error(`${keyOf(first)}: ${found} newest first`);
}

/** What was reserved for a command that is decided is held no more. */
function reserveFault(entries: readonly HistoryEntry[]): string | undefined {
  const held = new Map<string | undefined, number>();
  for (const { id, type, heldDelta } of entries)
    if (type === 'reserve' || held.has(id)) held.set(id, (held.get(id) ?? 0) + heldDelta);
  const [left] = [...held].filter(([, sum]) => sum !== 0);
  return left === undefined ? undefined : `${left[0]} leaves ${left[1]} reserved`;
}

/** At the time of each entry, as of then, the account had what the last entry of that time says. */
async function pastFault(
  engine: Engine,
  entries: readonly HistoryEntry[],
): Promise<string | undefined> {
  for (const [i, entry] of entries.entries()) {
    if (entries[i + 1]?.time === entry.time) continue;
    const { owner, asset, time, version, available, held } = entry;
    const found = await engine.balancesAt({ owners: [owner], asset, at: time, asOf: time });
    if ('ok' in found) return found.code;
    const past = found.balances[0]?.[0] ?? NOTHING;
    if (past.version !== version || past.available !== available || past.held !== held)
      return `at ${time} there were ${past.available}+${past.held} at ${past.version}, and entry ${version} left ${available}+${held}`;
  }
  return undefined;
}

/** What was read or told is what an entry says. */
function seenFaults(course: Course, histories: ReadonlyMap<string, HistoryEntry[]>): string[] {
  const faults: string[] = [];
  for (const read of course.reads) {
    const entry = histories.get(keyOf(read))?.[read.version - 1] ?? NOTHING;
    if (entry.available !== read.available || entry.held !== read.held)
      faults.push(
        `${keyOf(read)} had ${read.available}+${read.held} at ${read.version}, and its entry says ${entry.available}+${entry.held}`,
      );
  }
  for (const outcome of course.outcomes) {
    for (const told of outcome.ok ? outcome.entries : []) {
      if (told.owner.startsWith('@')) continue;
      const entry = histories.get(keyOf(told))?.[told.version - 1];
      const isIt =
        entry?.seq === (outcome.ok ? outcome.seq : 0) &&
        entry.type === told.type &&
        entry.delta === told.delta &&
        entry.heldDelta === told.heldDelta &&
        entry.available === told.available &&
        entry.held === told.held;
      if (!isIt) faults.push(`${outcome.id} told ${JSON.stringify(told)} ${JSON.stringify(entry)}`);
    }
  }
  return faults;
}

/** An account's balance and history of one moment: points go on expiring. */
async function bothOf(
  engine: Engine,
  { owner, asset }: Balance,
): Promise<[Balance, HistoryEntry[]]> {
  for (let left = 50; left > 0; left--) {
    const [[balance]] = (await engine.balances([owner], asset)) as [[Balance]];
    const entries = await historyOf(engine, owner, asset);
    if (entries.length === balance.version) return [balance, entries];
  }
  throw new Error(`${owner} ${asset} does not come to rest`);
}

async function explains(course: Course, seen: Map<string, number>): Promise<void> {
  const { engine } = course;
  const histories = new Map<string, HistoryEntry[]>();
  for (const known of [...course.known.values()].flat()) {
    const key = keyOf(known);
    const [balance, entries] = await bothOf(engine, known);
    histories.set(key, entries);
    for (const { type } of entries) seen.set(type, (seen.get(type) ?? 0) + 1);
    const fault =
      historyProblem(balance, entries) ??
      reserveFault(entries) ??
      (await pastFault(engine, entries));
    if (fault !== undefined) throw new Error(`${key}: ${fault}`);
    await sameBackwards(engine, entries);
  }
  const [fault] = seenFaults(course, histories);
  if (fault !== undefined) throw new Error(fault);
  for (const owner of SYSTEM_OWNERS) {
    for (let shard = 0; shard < engine.shards; shard++) {
      const entries = await historyOf(engine, owner, 'gold', shard);
      const last = entries[entries.length - 1] ?? NOTHING;
      const broken = chainFault([NOTHING, ...entries], last);
      if (broken !== undefined) throw new Error(`${owner} on shard ${shard}: ${broken}`);
    }
  }
}

t.test('entries chain, add up, and say what balances were', async (t) => {
  const cases = campaign({ name: 'histories explain balances', long: 400, sample: 2 });
  const seen = new Map<string, number>();
  await cases.run(async (seed) => {
    const folder = temporaryFolder(t);
    const clockOffset = new SharedArrayBuffer(8);
    const offset = new Float64Array(clockOffset);
    offset[0] = BASE_MS - Date.now();
    const shards = 1 + (seed % SHARDS_MAX);
    const engine = await open({ folder, shards, cacheMb: 64, tickMs: 50, clockOffset });
    try {
      const course = new Course(engine, new Random(seed), offset);
      await course.run();
      await explains(course, seen);
    } finally {
      await engine.close();
    }
    const { problems } = await verifyFolder(folder);
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
  });
  t.comment([...seen].map(([type, count]) => `${type}: ${count}`).join(', '));
  if (cases.count >= 8)
    for (const type of ['reserve', 'free', 'capture', 'reverse', 'expire', 'release'])
      t.ok((seen.get(type) ?? 0) > 3, `some of type ${type}`);
});
