// Further courses of faults on replicas, each by its seed: kills, stops, cuts, lost disks, NATS that ends, a primary that is switched. Run behind
// JIFEN_LONG (or JIFEN_SEED, JIFEN_COUNT): replicas.test.ts has one of each kind.

import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { verifyRecord } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { PostgresPair } from '../fixtures/postgres.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { Callers } from './callers.js';
import { type ReplicaProcess, Replicas } from './replicas.js';

const FAULTS = 12;
const CALLERS = 6;
const runs = campaign({ name: `replicas with ${FAULTS} faults each`, long: 25, sample: 0 });

const KINDS = ['kill', 'kill', 'freeze', 'freeze', 'cut', 'disk', 'stop', 'nats', 'two'] as const;

/** Does one thing to a leader, or beside it; returns what it was and what heals it. */
async function fault(
  replicas: Replicas,
  random: Random,
): Promise<{ readonly what: string; heal(): Promise<void> | void }> {
  const node = random.pick(['a', 'b'] as const);
  const leader = await replicas.leader(node);
  const kind = random.pick(KINDS);
  const what = `${kind} ${leader.name}`;
  const launch = (replica: ReplicaProcess) => (): void => void replica.launch();
  switch (kind) {
    case 'kill':
      await leader.kill();
      return { what, heal: launch(leader) };
    case 'disk':
      await leader.kill();
      leader.loseDisk();
      return { what, heal: launch(leader) };
    case 'stop':
      await leader.stop();
      return { what, heal: launch(leader) };
    case 'freeze':
      leader.freeze();
      return { what, heal: () => leader.thaw() };
    case 'cut':
      leader.way.cut();
      return { what, heal: () => leader.way.heal() };
    case 'nats':
      await replicas.nats.kill();
      return { what: kind, heal: () => replicas.nats.restart() };
    case 'two': {
      const other = await replicas.leader(node === 'a' ? 'b' : 'a');
      leader.freeze();
      await other.kill();
      return {
        what: `freeze ${leader.name}, kill ${other.name}`,
        heal: () => {
          leader.thaw();
          launch(other)();
        },
      };
    }
  }
}

async function course(t: Test, seed: number): Promise<number[]> {
  const random = new Random(seed);
  const pair = await PostgresPair.start();
  t.teardown(() => pair.stop());
  const replicas = await Replicas.start(t, pair, { a: 3, b: 2 });
  const callers = new Callers(
    replicas.all.map(({ url }) => url),
    replicas.key,
    `s${seed}`,
  );
  t.teardown(() => callers.close());
  await callers.client.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  callers.begin(CALLERS);
  const gaps: number[] = [];
  for (let n = 0; n < FAULTS && callers.wrong.length === 0; n++) {
    await sleep(300 + random.int(700));
    const since = Date.now();
    const { what, heal } = await fault(replicas, random);
    // Mostly longer than it takes to be replaced, at times shorter.
    await sleep(random.chance(0.3) ? random.int(1_500) : 4_000 + random.int(2_000));
    await heal();
    const seen = callers.times.length;
    await until('it answers', () => callers.times.length > seen + 60);
    gaps.push(callers.backAfter(since) ?? 0);
    t.comment(`${n}: ${what}: ${gaps.at(-1)} ms without an answer`);
    await replicas.settled();
  }
  await callers.end();
  t.strictSame(await callers.lost(), []);
  t.strictSame(callers.wrong, [], `to repeat: ${runs.repeat(seed)}`);
  for (const replica of replicas.all) await replica.stop();
  await verifyRecord({ url: replicas.recordUrl });
  return gaps;
}

t.test('nothing is lost or doubled, whoever leads', async (t) => {
  const gaps: number[] = [];
  for (const seed of runs.seeds)
    await t.test(`seed ${seed}`, async (t) => {
      gaps.push(...(await course(t, seed)));
    });
  gaps.sort((one, other) => one - other);
  if (gaps.length > 0)
    t.comment(
      `${gaps.length} faults: median ${gaps[gaps.length >> 1]} ms, longest ${gaps.at(-1)} ms`,
    );
  t.pass();
});
