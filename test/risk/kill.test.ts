// The thread of risk under SIGKILL: whoever went over a rule in what is in the log is marked in the end, and once, however often the process is killed on the
// way. The first life is killed right after it has begun, before anything of the thread is written by its pace.

import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Engine, open } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { fromLine, type Said } from '../crash/lines.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { FARM, farmer } from './kill-child.js';
import { asShop, LEAD_MS, looked, marksOf, movement, say } from './marking.js';
import { SAMPLE_RULES } from './month.js';

const KILLS = process.env['JIFEN_LONG'] === '1' ? 6 : 2;
const lives = campaign({ name: `ledgers of ${KILLS} kills of risk`, long: 40, sample: 1 });

/** One life, killed so long after its first farm is in the log; its farms that are. */
function lived(folder: string, life: number, afterMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const path = join(import.meta.dirname, 'kill-child.js');
    const child = spawn(process.execPath, [path, folder, `${life}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    let isTimed = false;
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (isTimed || !text.includes('told')) return;
      isTimed = true;
      setTimeout(() => child.kill('SIGKILL'), afterMs);
    });
    child.on('close', (_, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`life ${life} ended by itself`));
      const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
      const told = lines.filter((line) => line !== '').map((line) => fromLine(line) as Said);
      resolve(told.filter((one) => one.say === 'told').length);
    });
  });
}

t.test('no mark is lost, none is made twice', async (t) => {
  await lives.run(async (seed) => {
    const folder = join(temporaryFolder(t), 'data');
    const random = new Random(seed);
    const clockOffset = new SharedArrayBuffer(8);
    const clock = new Float64Array(clockOffset);
    const start = (): Promise<Engine> => open({ folder, shards: 2, cacheMb: 16, clockOffset });
    let engine = await start();
    await engine.submit({ type: 'define-asset', asset: 'points', scale: 0 });
    const key = 'ip-multi-account';
    await say(engine, clock, 'risk-rule', { [key]: SAMPLE_RULES[key] });
    await engine.close();
    // As it is when the first rule has just begun to decide.
    rmSync(join(folder, 'risk'), { recursive: true });
    const farms: number[] = [];
    // At once, while marks are asked for, or after some of them were.
    for (let life = 0; life < KILLS; life++)
      farms.push(await lived(folder, life, life === 0 ? 0 : random.int(600)));
    clock[0] = LEAD_MS;
    engine = await start();
    await until('it looks again', async () => (await engine.stats()).risk !== undefined);
    await looked(engine);
    const wrong: string[] = [];
    let marked = 0;
    for (const [life, count] of farms.entries())
      for (let farm = 0; farm < count; farm++)
        for (let n = 0; n < FARM; n++) {
          const owner = farmer(`${life}`, farm, n);
          const marks = await marksOf(engine, owner);
          marked += marks.length;
          if (marks.length !== 1 || marks[0]?.count !== 1) wrong.push(owner);
        }
    t.same({ seed, wrong }, { seed, wrong: [] });
    t.ok(marked >= FARM * KILLS, `${marked} marks`);

    // Whoever may do anything with a member has taken no id of the engine's before it.
    const [first] = (await marksOf(engine, farmer('0', 0, 0))) ?? [];
    const every = ((first?.until ?? 0) - (first?.at ?? 0)) / 4;
    const windowAt = (time: number): number => Math.floor(time / every) * every;
    const ids = [0, 1].map((n) => windowAt(engine.now() + n * every));
    const victims = Array.from({ length: FARM }, (_, n) => `victim${n}`);
    const audit = { memberAddress: '192.0.2.9' };
    for (const owner of victims) {
      for (const window of ids)
        for (const caller of [engine, asShop(engine)]) {
          const id = `risk:${key}.1.${first?.action}:${window}`;
          t.match(await caller.submit(movement(id, '@issue', owner)), { ok: true });
        }
      await asShop(engine).submit(movement('e', '@issue', owner), { audit });
    }
    await until('they are marked all the same', async () => {
      const all = await Promise.all(victims.map((owner) => marksOf(engine, owner)));
      return all.every((marks) => marks.length === 1);
    });
    t.match(
      await asShop(engine).submit(movement(`_engine,risk:${key}`, '@issue', 'ann')),
      { code: 'ID_INVALID' },
      'nobody names an id of the engine',
    );
    await engine.close();
  });
});
