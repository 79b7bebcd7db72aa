// The audit and business logs under SIGKILL: the process is killed at random moments, again and again, on one folder. Afterwards every command
// that came with a context and has a record has exactly one line in each, whoever asked again later, and there is no other.

import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Command, open, openTrail } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Numbered } from '../crash/numbered.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { commandOf } from '../transfer/kill-child.js';
import { contextOf, granted, shardsOf, written } from './kill-child.js';

const KILLS = 8;
const COMMANDS_MIN = 300;
const lives = campaign({ name: `lives of ${KILLS} kills of the logs`, long: 40, sample: 1 });

interface Line {
  readonly who?: string;
  readonly traceId?: string | undefined;
  readonly shard?: number;
  readonly seq?: number;
  readonly index?: number;
  readonly details?: { readonly id?: string };
}

/** The lines of a log that are whole, but for those that say how far it is. */
function linesOf(folder: string, log: string): Line[] {
  const lines: Line[] = [];
  for (const name of readdirSync(folder).filter((one) => one.startsWith(`${log}-`)))
    for (const text of readFileSync(join(folder, name), 'utf8').split('\n')) {
      try {
        const line = JSON.parse(text);
        if (line.positions === undefined) lines.push(line);
      } catch {
        // Somebody was killed in the middle of it.
      }
    }
  return lines;
}

const placeOf = ({ shard, seq, index }: Line): string => `${shard} ${seq} ${index}`;

t.test('no line is lost, and none is there twice', async (t) => {
  await lives.run(async (seed) => {
    const folder = join(temporaryFolder(t), 'data');
    const logs = `${folder}.logs`;
    const random = new Random(seed);
    const told = new Numbered(join(import.meta.dirname, 'kill-child.js'));
    for (let kill = 0; kill < KILLS; kill++) {
      const afterMs = random.int(random.chance(0.3) ? 60 : 900);
      await told.live(folder, { afterMs }, `${seed}`);
      // As if it had been in the middle of a line.
      const files = existsSync(logs) ? readdirSync(logs) : [];
      const file = files.find((name) => name.startsWith('audit-'));
      if (file !== undefined && random.chance(0.5))
        appendFileSync(join(logs, file), '{"level":"info","shard":0,"se');
    }
    const wrong: string[] = [];
    const engine = await open({ folder, cacheMb: 64 });
    const thread = written(folder, (error) => wrong.push(error.message));
    const caller = engine.as(granted);
    // On a machine at its limit the lives come to few commands: there are others then that nobody asked for before.
    const length = Math.max(told.asked, COMMANDS_MIN);
    const commands = Array.from({ length }, (_, n): Command => commandOf(seed, n));
    await Promise.all(
      commands.map((command, n) =>
        caller.submit(command, { timeoutMs: 30_000, audit: contextOf(n, 'the last') }),
      ),
    );
    await thread.close();
    const expected = new Map<string, string>();
    const trail = await openTrail({ folder, shards: shardsOf });
    const traces = new Map<string, number>();
    for (const shard of trail.shards)
      for (const record of trail
        .read(shard, 1, trail.head(shard), 2 ** 40)
        .groups.flatMap(({ records }) => records)) {
        expected.set(placeOf(record), `${record.id} ${record.traceId}`);
        traces.set(record.traceId!, (traces.get(record.traceId!) ?? 0) + 1);
      }
    await trail.close();
    await engine.close();
    for (const log of ['audit', 'business']) {
      const lines = linesOf(logs, log);
      const found = new Map(
        lines.map((line) => [placeOf(line), `${line.details?.id} ${line.traceId}`]),
      );
      if (found.size !== lines.length) wrong.push(`${log}: ${lines.length - found.size} twice`);
      for (const [place, what] of expected)
        if (found.get(place) !== what)
          wrong.push(`${log}: ${what} at ${place}: ${found.get(place)}`);
      if (found.size > expected.size) wrong.push(`${log}: ${found.size - expected.size} too many`);
    }
    commands.forEach((_, n) => {
      const lines = traces.get(contextOf(n, '').traceId!) ?? 0;
      if (lines !== 1) wrong.push(`command ${n} has ${lines} records with a context`);
    });
    t.strictSame(wrong.slice(0, 10), [], `seed ${seed}: to repeat: ${lives.repeat(seed)}`);
    t.ok(expected.size > 200, `${expected.size} commands`);
  });
});
