// Clients of a real process, all at once, while it is killed and copied: what they were answered is linearizable, and the totals are
// exact in a copy made under load and after everything.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { campaign } from '../campaign.js';
import { jifen, Nodes, type Plan } from '../nodes/nodes.js';
import { stripeFaults, type Totals, totalsOf, verifyFaults } from '../nodes/totals.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { checkHistory } from './check.js';
import { Clients } from './clients.js';
import { earnedNothing, type History, mayPass } from './operations.js';
import { programmeIn } from './programme.js';

const CLIENTS = 16;
const SHARDS = 4;
const OPERATIONS = process.env['JIFEN_LONG'] === '1' ? 104_000 : 15_000;
/** Fewer are asked only where a third of a course takes too long. */
const ASKED_MIN = (OPERATIONS * 100) / 104;
const KILLS = 2;
const HEALED_MS = 60_000;
const FAULTS_SHOWN = 12;
/** What must have become of some acts, or there was nothing to judge. */
const ACTS = [
  ...['claim posted', 'claim OFFER_CLAIMED', 'claim BUDGET_EXHAUSTED', 'claim NOT_ELIGIBLE'],
  ...['adjust posted', 'undo posted', 'event posted', 'event that earns nothing posted'],
  ...['return-event posted', 'return-event RETURN_INVALID', 'gift posted', 'gift GIFT_LIMIT'],
  ...['refer posted', 'refer REFERRED_BEFORE'],
];
const ACTS_MIN = 5;

const histories = campaign({
  name: `histories of ${OPERATIONS} operations`,
  long: 40,
  sample: 1,
});
/** Odd seeds have two nodes, even ones one process. */
const planOf = (seed: number): Plan => {
  const nodes = Number(process.env['JIFEN_NODES'] ?? 1 + (seed % 2));
  return { nodes, shards: SHARDS, making: (folder, here) => programmeIn(folder, SHARDS, here) };
};

t.test('what clients see is linearizable', async (t) => {
  let asked = 0;
  for (const seed of histories.seeds) {
    // A test of its own, so that its folders go when it is over.
    await t.test(`seed ${seed}`, async (t) => {
      const nodes = await Nodes.start(t, planOf(seed));
      const clients = new Clients(nodes, CLIENTS);
      t.teardown(() => clients.close());
      const copies = nodes.all.map(() => join(temporaryFolder(t), 'copy'));
      const { wrong, told, readsOfReserves, acts } = await course(nodes, clients, seed, copies);
      t.comment(told);
      t.ok(readsOfReserves > 100, `${readsOfReserves} reads saw reserves`);
      for (const became of ACTS)
        t.ok((acts.get(became) ?? 0) >= ACTS_MIN, `${became}: ${acts.get(became) ?? 0}`);
      t.strictSame(wrong, [], `seed ${seed}: to repeat: ${histories.repeat(seed)}`);
      asked += clients.asked;
    });
    if (!t.passing()) return;
  }
  t.ok(asked >= ASKED_MIN * histories.count, `${asked} operations`);
});

/** A third; copies while the next third goes on; kills within the last. */
async function course(
  nodes: Nodes,
  clients: Clients,
  seed: number,
  copies: readonly string[],
): Promise<{
  wrong: string[];
  told: string;
  readsOfReserves: number;
  /** What became of acts and their undos: how many. */
  acts: ReadonlyMap<string, number>;
}> {
  const wrong: string[] = [];
  const random = new Random(seed);
  const began = performance.now();
  await clients.begin();
  await clients.run(seed, OPERATIONS / 3);
  const busy = clients.run(seed + 1_000_000, OPERATIONS / 3);
  await Promise.all([busy, ...nodes.all.map((node, n) => backUp(node, copies[n] as string))]);
  const last = clients.run(seed + 2_000_000, OPERATIONS / 3);
  const killed: number[] = [];
  while (killed.length < KILLS) {
    const node = random.pick(nodes.all);
    await sleep(100 + random.int(500));
    await node.kill();
    killed.push(performance.now());
    await sleep(random.int(300));
    await node.start();
  }
  await last;

  if ((await nodes.settled(HEALED_MS)) === Number.POSITIVE_INFINITY)
    wrong.push(`transfers are still open ${HEALED_MS} ms after the healing`);
  const history = await clients.end(killed);
  const ended = performance.now();
  const verdict = checkHistory(history);
  const judged = performance.now();
  wrong.push(...verdict.faults.slice(0, FAULTS_SHOWN));
  for (const name of await nodes.stop()) wrong.push(`${name} did not stop cleanly`);

  const folders = nodes.all.map(({ folder }) => folder);
  wrong.push(...(await verifyFaults([...copies, ...folders])));
  for (const copy of copies) wrong.push(...sumFaults(copy, await totalsOf([copy], nodes.shards)));
  const totals = await totalsOf(folders, nodes.shards);
  wrong.push(...sumFaults('at the end', totals), ...stripeFaults(totals));
  wrong.push(...historyFaults(totals, history));

  const states = new Map<string, number>();
  for (const { state } of verdict.results.values()) states.set(state, (states.get(state) ?? 0) + 1);
  const each = [...states].map(([state, count]) => `${count} ${state}`).join(', ');
  const acts = new Map<string, number>();
  for (const { command, state, code, posted } of verdict.results.values()) {
    if (!mayPass(command)) continue;
    const act = command.type === 'act' ? command.act : 'undo';
    const what = earnedNothing(command, posted) ? `${act} that earns nothing` : act;
    const became = `${what} ${code ?? state}`;
    acts.set(became, (acts.get(became) ?? 0) + 1);
  }
  const told =
    `${nodes.all.length} nodes, ${clients.asked} operations (${each}; ${clients.lost} requests lost) in ${Math.round(ended - began)} ms; ` +
    `acts: ${[...acts].map(([became, count]) => `${count} ${became}`).join(', ')}; ` +
    `${verdict.entries} entries, ${history.reads.length} reads, ${verdict.readsOfReserves} of them with some of ` +
    `${verdict.reserves} reserves, judged in ${Math.round(judged - ended)} ms`;
  return { wrong, told, readsOfReserves: verdict.readsOfReserves, acts };
}

/** `jifen backup`, as an operator would. */
async function backUp({ folder }: Nodes['all'][number], to: string): Promise<void> {
  await sleep(500);
  const { code, out } = await jifen('backup', folder, to);
  if (code !== 0) throw new Error(`no copy: ${out}`);
}

/** Does everything come to nothing? */
function sumFaults(where: string, { sums }: Totals): string[] {
  if (sums.size === 0) return [`${where}: there is nothing`];
  return [...sums]
    .filter(([, sum]) => sum !== 0)
    .map(([asset, sum]) => `${where}: all accounts in ${asset} come to ${sum}`);
}

/** Do the logs say what clients were told at last? */
function historyFaults({ accounts }: Totals, { entries }: History): string[] {
  const faults: string[] = [];
  for (const [key, all] of entries) {
    const [entry] = all.slice(-1);
    const told = (entry?.available ?? 0) + (entry?.held ?? 0);
    const total = accounts.get(key) ?? 0;
    if (total !== told) faults.push(`${key} has ${total} in the log, ${told} over HTTP`);
  }
  return faults;
}
