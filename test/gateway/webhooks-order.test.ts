// A receiver that is told everything twice, late and in any order ends in the state of one that is told once, in order: of real deliveries of drawn
// commands, in drawn orders.

import t from 'tap';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { gateway } from './harness.js';
import { listening } from './listening.js';

const OWNERS = ['ann', 'bob', 'cat', 'dan'];
const ASSETS = ['gold', 'jade'];
const COMMANDS = 160;

/** Keeps what is newest, as its sequence says. */
class Newest {
  readonly #sequences = new Map<string, string>();
  readonly state = new Map<string, readonly number[]>();

  take({ subject, sequence, data }: any): void {
    const account = `${subject} ${data.asset}`;
    if (sequence <= (this.#sequences.get(account) ?? '')) return;
    this.#sequences.set(account, sequence);
    this.state.set(account, [data.available, data.held, data.version]);
  }
}

/** Adds up, and knows by its id what it has added. */
class Sums {
  readonly #ids = new Set<string>();
  readonly state = new Map<string, readonly number[]>();

  take({ id, subject, data }: any): void {
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    const account = `${subject} ${data.asset}`;
    const [available = 0, held = 0, count = 0] = this.state.get(account) ?? [];
    this.state.set(account, [
      available + data.delta - data.heldDelta,
      held + data.heldDelta,
      count + 1,
    ]);
  }
}

const sorted = (state: ReadonlyMap<string, unknown>): unknown[] =>
  [...state].sort(([one], [other]) => (one < other ? -1 : 1));

function command(random: Random, n: number): object {
  const asset = random.pick(ASSETS);
  const [one, other] = [random.pick(OWNERS), random.pick(OWNERS)];
  const amount = 1 + random.int(20);
  const leg = (from: string, to: string) => ({ legs: [{ from, to, asset, amount }], id: `C${n}` });
  const choice = random.int(5);
  if (choice < 2) return leg('@issue', one);
  if (choice === 2) return leg(one, '@redeem');
  return one === other ? leg('@issue', one) : leg(one, other);
}

t.test('told twice, late and in any order, it comes to the same', async (t) => {
  const server = await gateway(t, {
    ...{ assets: ASSETS, webhookHosts: ['127.0.0.1'] },
    engine: { folder: '', shards: 2 },
  });
  const at = await listening(t);
  await server.ask('POST /v1/webhooks', { url: at.url, types: ['points.*'] });
  const drawn = new Random(3);
  const commands = Array.from({ length: COMMANDS }, (_, n) => command(drawn, n));
  for (let n = 0; n < COMMANDS; n += 20)
    await server.ask('POST /v1/transfers', commands.slice(n, n + 20));
  const balances = (await server.ask('POST /v1/balances', { owners: OWNERS })).body.balances;
  const wanted = new Map<string, readonly number[]>(
    balances.flatMap(({ owner, accounts }: any) =>
      accounts.map((one: any) => [`${owner} ${one.asset}`, [one.available, one.held, one.version]]),
    ),
  );
  const entries = [...wanted.values()].reduce((all, [, , version = 0]) => all + version, 0);
  await until('all is told', () => at.arrived.length === entries);
  const events = at.arrived.map(({ event }) => event);
  const last = new Map<string, string>();
  for (const { subject, sequence } of events) {
    if (sequence <= (last.get(subject) ?? '')) t.fail(`${subject}: ${sequence} is not later`);
    last.set(subject, sequence);
  }
  const runs = campaign({ name: 'orders of deliveries', long: 2_000, sample: 30 });
  await runs.run((seed) => {
    const random = new Random(seed);
    const mixed = [...events, ...events];
    for (let i = mixed.length - 1; i > 0; i--) {
      const j = random.int(i + 1);
      [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
    }
    for (const receiver of [new Newest(), new Sums()]) {
      for (const event of mixed) receiver.take(event);
      if (JSON.stringify(sorted(receiver.state)) !== JSON.stringify(sorted(wanted)))
        throw new Error(`${receiver.constructor.name} comes to something else`);
    }
  });
  t.pass('whatever the order');
});
