// Atomic batches under SIGKILL at every step of a group commit: afterwards each is there whole or not at all, what was told
// has not changed, each can be sent again, and `verify` finds nothing.

import { join } from 'node:path';
import t from 'tap';
import {
  type Engine,
  inspectBlock,
  open,
  type Refused,
  rebuildFolder,
  verifyFolder,
} from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Numbered } from '../crash/numbered.js';
import { temporaryFolder } from '../temporary.js';
import { batchOf, FUNDS, SHORT_EVERY, SIZE } from './kill-child.js';

t.setTimeout(0);

const POINTS = ['before-append', 'before-sync', 'before-reply', 'checkpoint-pages', 'before-root'];
const lives = campaign({ name: 'lives killed amid atomic batches', long: 60, sample: 2 });

/** How many commands of a batch the ledger has. */
async function countOf(engine: Engine, n: number): Promise<number> {
  const found = await Promise.all(
    batchOf(n).map((command, i) =>
      engine.transfer(i === 0 ? 'rich' : `u${n}`, 'id' in command ? (command.id as string) : ''),
    ),
  );
  return found.filter((record) => record !== undefined).length;
}

t.test('whole or not at all', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const told = new Numbered(join(import.meta.dirname, 'kill-child.js'));
  const wrong: string[] = [];
  for (const seed of lives.seeds) {
    const point = POINTS[seed % POINTS.length] as string;
    const passes = point.startsWith('before-') && point !== 'before-root' ? 3 + (seed % 9) : 1;
    await told.live(folder, { crashPoint: `${point}:${passes}` });
    t.pass(`killed at ${point}`);
  }
  const engine = await open({ folder, cacheMb: 64 });
  let done = 0;
  for (let n = 0; n < told.asked; n++) {
    const count = await countOf(engine, n);
    const before = told.outcomes.get(n);
    if (count !== 0 && count !== SIZE) wrong.push(`batch ${n}: ${count} of ${SIZE}`);
    if (before === 'done' && count !== SIZE) wrong.push(`batch ${n} was told, and is gone`);
    if (n % SHORT_EVERY === 0 && count !== 0) wrong.push(`batch ${n} is there, and is short`);
    const again = await engine.submitBatch(batchOf(n), { atomic: true });
    const isDone = again.every((one) => one.ok && one.replayed === count > 0);
    if (isDone !== (n % SHORT_EVERY !== 0)) wrong.push(`batch ${n}, sent again`);
    if (isDone) done++;
  }
  t.same(wrong, []);
  const balances = await engine.balance('rich');
  if (!Array.isArray(balances)) throw new Error((balances as Refused).code);
  const poor = (await engine.balance('poor')) as { available: number }[];
  const left = FUNDS - done * (SIZE - 1) - (poor[0]?.available ?? 0);
  t.equal(balances[0]?.available, left, 'to the last point');
  const digest = await engine.digest();
  const last = await engine.submitBatch(batchOf(1), { atomic: true });
  await engine.close();
  t.same((await verifyFolder(folder)).problems, [], 'verify finds nothing');
  await rebuildFolder(folder);
  const rebuilt = await open({ folder, cacheMb: 64 });
  t.equal(await rebuilt.digest(), digest, 'made anew out of the log, it is the same');
  await rebuilt.close();
  const [first] = last;
  const block = first?.ok ? await inspectBlock(folder, 0, first.seq) : undefined;
  const ids = block?.records.map(({ command }) => ('id' in command ? command.id : undefined));
  const wanted = batchOf(1).map((command) => 'id' in command && command.id);
  t.same(
    ids?.filter((id) => id?.startsWith('b1.')),
    wanted,
    'inspect shows it in one block',
  );
  t.comment(`${told.asked} batches asked for, ${told.outcomes.size} told`);
});
