// Real nodes under transfer load between all of them, while they are killed and stopped, and nats-server, too. After each healing and at
// the end: every id has one outcome through every node, balances are what the outcomes say, no reserve is left.

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { fault } from './faults.js';
import { Load } from './load.js';
import { Nodes, type Plan } from './nodes.js';
import { stripeFaults, totalsOf, verifyFaults } from './totals.js';

const IS_LONG = process.env['JIFEN_LONG'] === '1';
const FAULTS = IS_LONG ? 5 : 2;
const CALLERS = IS_LONG ? 24 : 8;
/** How long the load goes on before each fault: at least, and at most so much more. */
const [LOAD_MS, MORE_LOAD_MS] = IS_LONG ? ([300, 700] as const) : ([150, 350] as const);
const HEALED_MS = 60_000;
const WRONG_SHOWN = 20;
/** A single process is the smallest cluster; odd seeds have three nodes, even ones two. */
const planOf = (seed: number): Plan =>
  process.env['JIFEN_NODES'] === undefined
    ? { nodes: seed % 2 === 1 ? 3 : 2, shards: seed % 2 === 1 ? 6 : 4 }
    : { nodes: Number(process.env['JIFEN_NODES']), shards: 4 };

const runs = campaign({ name: `clusters with ${FAULTS} faults each`, long: 60, sample: 1 });

t.test('nothing is lost, doubled or left half done between nodes', async (t) => {
  for (const seed of runs.seeds) {
    // A test of its own, so that its folders go when it is over.
    await t.test(`seed ${seed}`, async (t) => {
      const nodes = await Nodes.start(t, planOf(seed));
      const load = new Load(nodes);
      t.teardown(() => load.close());
      const wrong = await run(nodes, load, new Random(seed), (line) => t.comment(line));
      t.strictSame(
        wrong.slice(0, WRONG_SHOWN),
        [],
        `seed ${seed}: to repeat: ${runs.repeat(seed)}`,
      );
    });
    if (!t.passing()) return;
  }
});

async function run(
  nodes: Nodes,
  load: Load,
  random: Random,
  tell: (line: string) => void,
): Promise<string[]> {
  const { wrong } = load;
  const everywhere = nodes.all.map((_, n) => n);
  await load.begin();
  let checked = 0;
  for (let n = 0; n < FAULTS && wrong.length === 0; n++) {
    load.run(random, CALLERS);
    await sleep(LOAD_MS + random.int(MORE_LOAD_MS));
    const what = await fault(nodes, random);
    const healed = performance.now();
    // Load goes on into the healing, so that what is old and what is new meet.
    await sleep(random.int(500));
    await load.pause();
    const limitMs = HEALED_MS - (performance.now() - healed);
    const ms = await nodes.settled(limitMs);
    if (ms === Number.POSITIVE_INFINITY)
      wrong.push(`after ${what}: transfers are still open ${HEALED_MS} ms after the healing`);
    const settled = performance.now() - healed;
    await load.finish();
    const [asked] = random.shuffle([...everywhere]);
    await load.repeatAll([asked as number], random, checked);
    await load.compare(random.pick(everywhere));
    tell(`${what}: settled after ${Math.round(settled)} ms, ${load.outcomes.size - checked} ids`);
    checked = load.outcomes.size;
  }
  await load.repeatAll(everywhere, random);
  for (const node of everywhere) await load.compare(node);
  for (const name of await nodes.stop()) wrong.push(`${name} did not stop cleanly`);
  wrong.push(...(await folderFaults(nodes, load)));
  const told = [...load.answers].map(([status, count]) => `${count} x ${status}`).join(', ');
  const posted = [...load.outcomes.values()].filter((one) => one?.startsWith('posted')).length;
  tell(
    `${nodes.all.length} nodes: ${load.outcomes.size} ids, ${posted} posted; ${load.repeats} repeats; ${told}`,
  );
  return wrong;
}

/** What the folders say when nobody has them open any more. */
async function folderFaults(nodes: Nodes, load: Load): Promise<string[]> {
  const folders = nodes.all.map(({ folder }) => folder);
  const faults = await verifyFaults(folders);
  const totals = await totalsOf(folders, nodes.shards);
  for (const [asset, sum] of totals.sums)
    if (sum !== 0) faults.push(`all accounts of all nodes in ${asset} come to ${sum}`);
  for (const [key, should] of load.model().totals) {
    const found = totals.accounts.get(key) ?? 0;
    if (found !== should) faults.push(`${key} is ${found} in the logs, and should be ${should}`);
  }
  return [...faults, ...stripeFaults(totals)];
}
