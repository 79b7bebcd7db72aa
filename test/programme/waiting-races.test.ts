// Members who wait for goods, while the process is killed again and again: each is told once, and none is forgotten.

import { join } from 'node:path';
import t from 'tap';
import { limits, verifyFolder } from '../../engine/index.js';
import { awaitedGoods } from '../../engine/reads/waiting.js';
import { campaign } from '../campaign.js';
import { Numbered } from '../crash/numbered.js';
import { Random } from '../random.js';
import { wholeFeed } from '../streams/ledger.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { SHARDS } from './mall-kill-child.js';
import { settled } from './settled.js';
import { bring, commandOf, GOODS, withTelling } from './waiting-kill-child.js';

const KILLS = 3;
const lives = campaign({ name: `lives of ${KILLS} kills of who tells`, long: 40, sample: 1 });

t.test('who waits is told once, whoever is killed', async (t) => {
  await lives.run(async (seed) => {
    const folder = join(temporaryFolder(t), 'data');
    const random = new Random(seed);
    const said = new Numbered(join(import.meta.dirname, 'waiting-kill-child.js'));
    for (let kill = 0; kill < KILLS; kill++)
      await said.live(folder, { afterMs: 200 + random.int(1_200) }, `${seed}`);
    const [engine, mall, telling] = await withTelling(folder);
    const commands = Array.from({ length: said.asked }, (_, n) => commandOf(seed, n));
    const outcomes = await settled(engine, commands);
    const wrong = outcomes.flatMap((outcome, n) =>
      said.outcomes.get(n) === 'ok' && !outcome.ok ? [`${n} was ok, is ${outcome.code}`] : [],
    );
    for (const goods of GOODS) await bring(engine, goods);
    await until('nobody waits', async () => {
      await telling.look();
      const left = await awaitedGoods(engine.own);
      return Array.isArray(left) && left.length === 0;
    });
    const told = new Map<string, number>();
    for (let shard = 0; shard < SHARDS; shard++)
      for (const { items } of await wholeFeed(engine, shard))
        for (const { command, outcome } of items) {
          const { owner = '' } = command as { readonly owner?: string };
          const effects = outcome.ok ? (outcome.act?.effects ?? []) : [];
          for (const { type, goods, since } of effects)
            if (type === 'goodsBack') {
              const one = `${owner} ${goods} ${since}`;
              told.set(one, (told.get(one) ?? 0) + 1);
            }
        }
    const withdrawn = new Set(
      commands.flatMap((one, n) =>
        one.type === 'reverse' && outcomes[n]?.ok === true ? [one.transferId] : [],
      ),
    );
    let waited = 0;
    outcomes.forEach((outcome, n) => {
      const {
        type,
        id = '',
        owner = '',
      } = commands[n] as { type: string; id?: string; owner?: string };
      if (type !== 'act' || !outcome.ok || withdrawn.has(id)) return;
      const { goods, until: end } = (outcome.act?.effects[0] ?? {}) as {
        goods: string;
        until: number;
      };
      const one = `${owner} ${goods} ${end - 90 * limits.DAY_MS}`;
      waited++;
      if (told.get(one) !== 1) wrong.push(`${one} was told ${told.get(one) ?? 0} times`);
      told.delete(one);
    });
    for (const one of told.keys()) wrong.push(`${one} did not wait, and was told`);
    await mall.close();
    await engine.close();
    const { problems } = await verifyFolder(folder);
    wrong.push(...problems.map((one) => JSON.stringify(one)));
    t.strictSame(wrong, [], `seed ${seed}: to repeat: ${lives.repeat(seed)}`);
    t.comment(`seed ${seed}: ${said.asked} asked, ${waited} waited, ${KILLS} kills`);
    t.ok(waited > 5, `${waited} waited`);
  });
});
