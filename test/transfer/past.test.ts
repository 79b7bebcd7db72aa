// Two times through the public API: what took effect while a server stood still, and what is booked later than it occurred, on one shard and
// between shards; and a log that is looked through afterwards.

import t, { type Test } from 'tap';
import {
  type Command,
  type Engine,
  limits,
  open,
  type PastBalance,
  rebuildFolder,
  verifyFolder,
} from '../../engine/index.js';
import { leg, ownersOf } from '../movements.js';
import { temporaryFolder } from '../temporary.js';
import { historyOf } from './history-chain.js';

const SHARDS = 3;
const SECOND = 1_000;
const DAY = limits.DAY_MS;

/** A ledger on a clock that the test moves. */
async function onClock(t: Test) {
  const folder = temporaryFolder(t);
  const clockOffset = new SharedArrayBuffer(8);
  const offset = new Float64Array(clockOffset);
  const opened = (): Promise<Engine> =>
    open({ folder, shards: SHARDS, cacheMb: 64, clockOffset, acceptClock: true, tickMs: 600_000 });
  const engine = await opened();
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0, lotGranularityMs: SECOND });
  return { engine, opened, folder, offset, now: () => Date.now() + (offset[0] as number) };
}

async function past(engine: Engine, owner: string, at: number, asOf?: number | string) {
  const found = await engine.balancesAt({ owners: [owner], asset: 'gold', at, asOf });
  if ('ok' in found) throw new Error(`${found.code} ${found.field}`);
  const { available, held } = (found.balances[0] as PastBalance[])[0] ?? { available: 0, held: 0 };
  return { available, held, asOf: found.asOf };
}

const dated = (id: string, occurredAt: number, ...legs: ReturnType<typeof leg>[]): Command => ({
  type: 'transfer',
  id,
  legs,
  occurredAt,
});

async function posted(t: Test, engine: Engine, command: Command): Promise<void> {
  const outcome = await engine.submit(command);
  t.ok(
    outcome.ok,
    `${'id' in command ? command.id : ''} ${outcome.ok ? 'is posted' : outcome.code}`,
  );
}

t.test('what was over while nothing ran was over then', async (t) => {
  const { engine, opened, offset, now } = await onClock(t);
  const begun = Math.ceil(now() / SECOND) * SECOND;
  const [first, second, deadline] = [begun + DAY, begun + 2 * DAY, begun + 3 * DAY];
  await posted(t, engine, { type: 'transfer', id: 'a', legs: [leg('@issue', 'ann', 5, first)] });
  await posted(t, engine, { type: 'transfer', id: 'b', legs: [leg('@issue', 'ann', 30, second)] });
  const hold = { type: 'hold', owner: 'ann', asset: 'gold', deadline } as const;
  await posted(t, engine, { ...hold, id: 'h', amount: 15 });
  await posted(t, engine, { ...hold, id: 'i', amount: 3, deadline: deadline + DAY });
  await engine.close();
  offset[0] = 10 * DAY;
  const again = await opened();
  // 15 of the first two lots are held, and 3 of the second: what is left of it is 17.
  for (const [at, available, held] of [
    [begun + SECOND, 17, 18],
    [first, 17, 18],
    [second - 1, 17, 18],
    [second, 0, 18],
    [deadline - 1, 0, 18],
    [deadline, 0, 3],
    [deadline + DAY - 1, 0, 3],
    [deadline + DAY, 0, 0],
    [begun + 9 * DAY, 0, 0],
  ] as const)
    t.match(await past(again, 'ann', at), { available, held }, `${(at - begun) / DAY} days later`);
  const entries = await historyOf(again, 'ann');
  t.same(
    entries.slice(-3).map(({ type, effective }) => [type, effective]),
    [
      ['release', deadline],
      ['release', deadline + DAY],
      ['expire', deadline + DAY],
    ],
  );
  t.ok(entries.slice(-3).every(({ time }) => time > begun + 10 * DAY - SECOND));
  await again.close();
});

t.test('backdated transfers, on one shard and between shards', async (t) => {
  const { engine, opened, folder, now } = await onClock(t);
  const [[ann = '', ben = ''] = [], [cat = ''] = []] = ownersOf(engine, 2);
  const began = now();
  const [monday, tuesday] = [began - 20 * DAY, began - 10 * DAY];
  await posted(t, engine, dated('e1', monday, leg('@issue', ann, 100)));
  const { asOf: early } = await past(engine, ann, monday);
  await posted(t, engine, dated('e2', tuesday, leg(ann, ben, 10)));
  await posted(t, engine, dated('e3', tuesday + 1, leg(ann, cat, 20)));
  await posted(t, engine, { type: 'transfer', id: 'now', legs: [leg(ann, ben, 1)] });
  t.match(
    await engine.submit(dated('e4', monday, leg(ann, cat, 500))),
    { code: 'POINTS_SHORT' },
    'what is there now decides',
  );
  const right: readonly (readonly [string, number, number])[] = [
    [ann, monday - 1, 0],
    [ann, monday, 100],
    [ann, tuesday - 1, 100],
    [ann, tuesday, 90],
    [ann, tuesday + 1, 70],
    [ben, tuesday - 1, 0],
    [ben, tuesday, 10],
    [cat, tuesday, 0],
    [cat, tuesday + 1, 20],
  ];
  const holds = async (engine: Engine, name: string): Promise<void> => {
    for (const [owner, at, available] of right)
      t.match(
        await past(engine, owner, at),
        { available, held: 0 },
        `${name} ${owner} ${at - began}`,
      );
    t.match(await past(engine, ann, tuesday + 1, early), { available: 100 }, 'as of the first');
    t.match(await past(engine, ann, tuesday, tuesday), { available: 0 }, 'as of then');
  };
  await holds(engine, 'booked');
  const entries = await historyOf(engine, ann);
  t.same(
    entries.map(({ type, effective, time }) => [type, effective === time ? 'now' : effective]),
    [
      ['transfer', monday],
      ['transfer', tuesday],
      ['reserve', tuesday + 1],
      ['transfer', tuesday + 1],
      ['transfer', 'now'],
    ],
  );
  t.match(await engine.submit(dated('e3', tuesday + 1, leg(ann, cat, 20))), {
    ok: true,
    replayed: true,
    occurredAt: tuesday + 1,
  });
  t.match(await engine.submit(dated('e3', tuesday, leg(ann, cat, 20))), { code: 'ID_REUSED' });
  t.match(await engine.transfer(ann, 'e2'), { command: { occurredAt: tuesday } });
  const digest = await engine.digest();
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
  await rebuildFolder(folder);
  const again = await opened();
  t.equal(await again.digest(), digest);
  await holds(again, 'rebuilt');
  await posted(t, again, dated('e5', monday, leg('@issue', ann, 1)));
  t.match(await past(again, ann, monday), { available: 101 });
  await again.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('thousands of entries later, each backdated one is found', async (t) => {
  const { engine, folder, now } = await onClock(t);
  const then = now() - DAY;
  let sum = 0;
  for (let batch = 0; batch < 10; batch++) {
    const commands = Array.from({ length: 200 }, (_, i): Command => {
      const isDated = batch % 4 === 1 && i % 37 === 0;
      if (isDated) sum++;
      const move = {
        type: 'transfer',
        id: `${batch}-${i}`,
        legs: [leg('@issue', 'ann', 1)],
      } as const;
      return isDated ? { ...move, occurredAt: then } : move;
    });
    const outcomes = await engine.submitBatch(commands);
    t.ok(outcomes.every(({ ok }) => ok));
  }
  t.match(await past(engine, 'ann', then), { available: sum });
  t.match(await past(engine, 'ann', then - 1), { available: 0 });
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('too many backdated entries to look through', async (t) => {
  const { engine, now } = await onClock(t);
  const then = now() - DAY;
  for (let n = 0; n <= limits.BACKDATED_LOOK_MAX; n += 1_000) {
    const some = Array.from({ length: 1_000 }, (_, i) =>
      dated(`${n + i}`, then, leg('@issue', 'ann', 1)),
    );
    await engine.submitBatch(some);
  }
  const asked = { owners: ['ann'], asset: 'gold', at: then };
  t.match(await engine.balancesAt(asked), { code: 'PAST_TOO_FAR', field: 'at' });
  t.match(await past(engine, 'ann', now()), { available: limits.BACKDATED_LOOK_MAX + 1_000 });
  await engine.close();
});

t.test('who may backdate', async (t) => {
  const { engine, now } = await onClock(t);
  const operations = ['read', 'earn', 'transfer', 'admin'] as const;
  const command = dated('e', now() - DAY, leg('@issue', 'ann', 1));
  const forbidden = await engine.as({ operations: new Set(operations) }).submit(command);
  t.match(forbidden, { code: 'OPERATION_FORBIDDEN', field: 'occurredAt' });
  const importer = engine.as({ operations: new Set(['earn', 'backdate']) });
  t.match(await importer.submit(command), { ok: true });
  t.match(await engine.as({ operations: new Set(['backdate']) }).submit(command), {
    code: 'OPERATION_FORBIDDEN',
    field: 'legs[0]',
  });
  await engine.close();
});
