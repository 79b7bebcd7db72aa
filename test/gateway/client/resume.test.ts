// Subscribers and writers while the server is killed and started again: every subscriber sees every version of its account
// exactly once, in order, and every command that was answered is among them, once.
// By default a few of them; JIFEN_LONG=1: 1,000 subscribers, 100 writers, 10 kills.

import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { BalanceEvent, HistoryEntry, TransferCommand } from '../../../engine/index.js';
import { type Client, connect } from '../../../gateway/client/node.js';
import { campaign } from '../../campaign.js';
import { Random } from '../../random.js';
import { until } from '../../until.js';
import { ServerProcess } from '../server-process.js';

const isLong = process.env.JIFEN_LONG === '1';
const SUBSCRIBERS = isLong ? 1_000 : 100;
const WRITERS = isLong ? 100 : 10;
const OWNERS = isLong ? 400 : 40;
const KILLS = isLong ? 10 : 2;
const PAUSE_MS = isLong ? 3_000 : 700;

/** A connection of its own, and what came over it. */
class Subscriber {
  readonly owner: string;
  readonly client: Client;
  readonly entries: HistoryEntry[] = [];
  readonly problems: string[] = [];
  version: number | undefined;
  snapshots = 0;

  constructor(server: ServerProcess, owner: string) {
    this.owner = owner;
    this.client = connect({ url: server.url, key: server.key });
    this.client.stream.watch(owner, (event) => this.#take(event));
  }

  #take(event: BalanceEvent): void {
    if (event.type === 'ended') {
      if (event.refusal.code !== 'CLOSING') this.problems.push(`ended: ${event.refusal.code}`);
    } else if (event.type === 'balances') {
      this.snapshots++;
      const found = event.balances[0]?.version ?? 0;
      if (this.version !== undefined && this.version !== found)
        this.problems.push(`balances of version ${found} after ${this.version}`);
      this.version = found;
    } else {
      for (const entry of event.entries) {
        if (entry.version !== (this.version ?? 0) + 1)
          this.problems.push(`version ${entry.version} after ${this.version}`);
        this.version = entry.version;
        this.entries.push(entry);
      }
    }
  }
}

/** Earns for anybody until it is told to stop; keeps what was answered. */
class Writer {
  readonly done = new Map<string, string>();
  readonly client: Client;
  readonly #name: string;
  readonly #random: Random;
  #isStopped = false;
  refused = 0;

  constructor(server: ServerProcess, name: string, random: Random) {
    this.#name = name;
    this.#random = random;
    this.client = connect({ url: server.url, key: server.key });
  }

  async run(): Promise<void> {
    for (let n = 0; !this.#isStopped; n++) {
      const count = 1 + this.#random.int(20);
      const commands = Array.from({ length: count }, (_, i): TransferCommand => {
        const to = `u${this.#random.int(OWNERS)}`;
        const legs = [{ from: '@issue', to, asset: 'points', amount: 1 + i }];
        return { type: 'transfer', id: `${this.#name}.${n}.${i}`, legs };
      });
      const outcomes = await this.client.stream.submitBriefly(commands);
      for (const [i, outcome] of outcomes.entries()) {
        const { id = '', legs } = commands[i] as TransferCommand;
        if (outcome.ok) this.done.set(id, legs[0]?.to ?? '');
        else this.refused++;
      }
      await sleep(isLong ? 50 : 5);
    }
  }

  stop(): void {
    this.#isStopped = true;
  }
}

async function course(t: Test, seed: number): Promise<void> {
  const random = new Random(seed);
  const server = await ServerProcess.start(t, '--shards', '2', '--cache-mb', '64');
  const admin = connect({ url: server.url, key: server.key });
  t.ok((await admin.submit({ type: 'define-asset', asset: 'points', scale: 0 })).ok);
  const subscribers = Array.from(
    { length: SUBSCRIBERS },
    () => new Subscriber(server, `u${random.int(OWNERS)}`),
  );
  await until('all subscribed', () => subscribers.every(({ version }) => version === 0));
  const writers = Array.from({ length: WRITERS }, (_, i) => new Writer(server, `w${i}`, random));
  const running = writers.map((writer) => writer.run());
  for (let kill = 0; kill < KILLS; kill++) {
    await sleep(PAUSE_MS + random.int(PAUSE_MS));
    await server.kill();
    await sleep(random.int(300));
    await server.start();
  }
  await sleep(PAUSE_MS);
  for (const writer of writers) writer.stop();
  await Promise.all(running);
  for (const writer of writers) writer.client.close();
  const versions = new Map<string, number>();
  for (let i = 0; i < OWNERS; i++)
    versions.set(`u${i}`, (await admin.balances(`u${i}`))[0]?.version ?? 0);
  await until(
    'the last versions',
    () => subscribers.every(({ owner, version }) => (version ?? 0) >= (versions.get(owner) ?? 0)),
    120_000,
  );
  const answered = new Map<string, Set<string>>();
  for (const { done } of writers)
    for (const [id, owner] of done) {
      const ids = answered.get(owner) ?? new Set();
      answered.set(owner, ids.add(id));
    }
  let compared = 0;
  for (const { owner, entries, problems, version, snapshots, client } of subscribers) {
    client.close();
    const found = [...problems];
    if (version !== versions.get(owner)) found.push(`ends at ${version}`);
    const ids = new Set(entries.map(({ id }) => id));
    if (ids.size !== entries.length) found.push('an id twice');
    for (const id of answered.get(owner) ?? []) {
      compared++;
      if (!ids.has(id)) found.push(`${id} was answered and is not there`);
    }
    // The account was empty when it was first looked at.
    if (entries.length !== version) found.push(`${entries.length} entries of ${version}`);
    if (snapshots < 2) found.push('was never interrupted');
    if (found.length > 0) t.fail(`${owner}: ${found.slice(0, 5).join('; ')}`);
  }
  t.ok(compared > 0, `${compared} answers compared`);
  await server.kill();
}

const cases = campaign({ name: 'subscribers over kills', long: 3, sample: 1 });
t.test('every version exactly once, in order, over SIGKILL and restart', async (t) => {
  await cases.run((seed) => course(t, seed));
});
