// Clients of a real process, all at once, while it is killed and copied: what they were answered is linearizable, and the totals are
// exact in a copy made under load and after everything.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { temporaryFolder } from '../crash/temporary.js';
import { jifen, Nodes } from '../nodes/nodes.js';
import { stripeFaults, totalsOf } from '../nodes/totals.js';
import { checkHistory } from './check.js';
import { Clients } from './clients.js';

const CLIENTS = 16;
const SHARDS = 4;
const OPERATIONS = 105_000;
const HEALED_MS = 10_000;
const FAULTS_SHOWN = 12;

const histories = campaign({
  name: `histories of ${OPERATIONS} operations`,
  long: 40,
  sample: 1,
});

t.test('what clients see is linearizable', async (t) => {
  for (const seed of histories.seeds) {
    const wrong: string[] = [];
    const tell = (faults: Iterable<string>): void => {
      wrong.push(...faults);
    };
    const nodes = await Nodes.start(t, { nodes: 1, shards: SHARDS });
    const [node] = nodes.all as [Nodes['all'][number]];
    const clients = new Clients(nodes, CLIENTS);
    const began = performance.now();
    await clients.begin();

    // A third; a copy while the next third goes on; a kill within the last.
    await clients.run(seed, OPERATIONS / 3);
    const copy = join(temporaryFolder(t, 'history-copy', 'fast'), 'copy');
    const busy = clients.run(seed + 1_000_000, OPERATIONS / 3);
    const copying = backUp(node, copy);
    await Promise.all([busy, copying]);
    const last = clients.run(seed + 2_000_000, OPERATIONS / 3);
    await sleep(300 + (seed % 10) * 100);
    await node.kill();
    await node.start();
    await last;

    const healedMs = await nodes.settled(HEALED_MS);
    if (healedMs === Number.POSITIVE_INFINITY) tell(['transfers are still open']);
    const history = await clients.end();
    const ended = performance.now();
    const verdict = checkHistory(history);
    const judged = performance.now();
    tell(verdict.faults.slice(0, FAULTS_SHOWN));
    tell(verdict.undecided);
    clients.close();
    tell((await nodes.stop()).map((name) => `${name} did not stop cleanly`));

    tell(await totalFaults(copy, SHARDS, false));
    tell(await totalFaults(node.folder, SHARDS, true));
    const { accounts } = await totalsOf([node.folder], SHARDS);
    for (const [key, entries] of history.entries) {
      const [entry] = entries.slice(-1);
      const total = (entry?.available ?? 0) + (entry?.held ?? 0);
      if ((accounts.get(key) ?? 0) !== total)
        tell([`${key} has ${accounts.get(key)} in the log, ${total} over HTTP`]);
    }

    const states = new Map<string, number>();
    for (const { state } of verdict.results.values())
      states.set(state, (states.get(state) ?? 0) + 1);
    const told = [...states].map(([state, count]) => `${count} ${state}`).join(', ');
    t.comment(
      `seed ${seed}: ${clients.asked} operations (${told}; ${clients.lost} requests lost) in ${Math.round(ended - began)} ms; ` +
        `${verdict.entries} entries, ${history.reads.length} reads, ${verdict.readsOfReserves} of them with some of ` +
        `${verdict.reserves} reserves, judged in ${Math.round(judged - ended)} ms`,
    );
    t.ok(clients.asked >= 100_000, 'at least 100,000 operations');
    t.ok(verdict.readsOfReserves > 100, 'reads saw reserves');
    t.strictSame(wrong, [], `seed ${seed}: to repeat: ${histories.repeat(seed)}`);
  }
});

/** `jifen backup`, as an operator would. */
async function backUp({ folder }: Nodes['all'][number], to: string): Promise<void> {
  await sleep(500);
  const { code, out } = await jifen('backup', folder, to);
  if (code !== 0) throw new Error(`no copy: ${out}`);
}

/** Does `jifen verify` pass, and does everything come to nothing? `atRest`: nothing is in flight. */
async function totalFaults(folder: string, shards: number, atRest: boolean): Promise<string[]> {
  const { ok, problems } = await verifyFolder(folder);
  const faults = ok ? [] : problems.map((problem) => `${folder}: ${JSON.stringify(problem)}`);
  const totals = await totalsOf([folder], shards);
  for (const [asset, sum] of totals.sums)
    if (sum !== 0) faults.push(`${folder}: all accounts in ${asset} come to ${sum}`);
  if (totals.sums.size === 0) faults.push(`${folder}: nothing is in it`);
  return atRest ? [...faults, ...stripeFaults(totals)] : faults;
}
