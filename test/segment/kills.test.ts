// Kills at every named step of sealing a segment and letting its blocks go: nothing that was told is lost or there twice, and the next life
// goes on where that one ended. One folder lives through all of them.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { type Balance, open, verifyFolder } from '../../engine/index.js';
import { SEALING_POINTS } from '../../engine/shard/crash-points.js';
import { shardPath } from '../../engine/store/folder.js';
import { readManifest, segmentsPath } from '../../engine/store/segment/manifest.js';
import { temporaryFolder } from '../temporary.js';

const ENGINE = new URL('../../engine/index.js', import.meta.url).href;
const SEGMENTS = { bytes: 16_000, hotBytes: 0 };
const PASSES = process.env['JIFEN_LONG'] === '1' ? [1, 2, 3, 4, 5, 6] : [1];

/** Gives, block by block, says what was given, seals, and goes on giving meanwhile. */
const program = (folder: string, life: number): string => `
  import { writeSync } from 'node:fs';
  const { open } = await import(${JSON.stringify(ENGINE)});
  const settings = { folder: ${JSON.stringify(folder)}, shards: 1, cacheMb: 16 };
  const ledger = await open({ ...settings, segments: ${JSON.stringify(SEGMENTS)} });
  await ledger.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  let n = 0;
  const give = async () => {
    const id = 'g-${life}-' + ++n;
    const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
    const outcome = await ledger.submit({ type: 'transfer', id, legs, memo: 'x'.repeat(200) });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome));
    writeSync(1, id + '\\n');
  };
  for (let i = 0; i < 40; i++) await give();
  await ledger.checkpoint();
  let isSealing = true;
  const sealing = ledger.sealing.look().then(() => { isSealing = false; });
  while (isSealing) await give();
  await sealing;
  await ledger.close();
  writeSync(1, 'ended\\n');`;

t.test('killed wherever a segment is sealed', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const told = new Set<string>();
  let life = 0;
  for (const pass of PASSES)
    for (const point of SEALING_POINTS) {
      const args = ['--input-type=module', '-e', program(folder, ++life)];
      const env = { ...process.env, JIFEN_CRASH_POINT: `${point}:${pass}` };
      const child = spawnSync(process.execPath, args, { env, timeout: 90_000 });
      const lines = child.stdout.toString().split('\n').filter(Boolean);
      // Later passes are not always come by.
      if (pass === 1 || !lines.includes('ended'))
        t.equal(child.signal, 'SIGKILL', `${point}: ${child.stderr.toString().slice(0, 300)}`);
      for (const line of lines) if (line !== 'ended') told.add(line);
    }
  const ledger = await open({ folder, segments: SEGMENTS });
  const [balance] = (await ledger.balance('ann', 'gold')) as Balance[];
  const { available = 0 } = balance ?? {};
  // The last gift of each life may be there without having been told.
  t.ok(available >= told.size && available <= told.size + life, `${available} of ${told.size}`);
  const missing: string[] = [];
  for (const id of told) if ((await ledger.transfer('ann', id)) === undefined) missing.push(id);
  t.same(missing, []);
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
  const again = await ledger.submitBatch(
    [...told].map((id) => ({ type: 'transfer', id, legs, memo: 'x'.repeat(200) })),
  );
  t.ok(
    again.every((one) => one.ok && one.replayed === true),
    'nothing is given twice',
  );
  await ledger.checkpoint();
  await ledger.sealing.look();
  await ledger.close();
  t.match(await verifyFolder(folder), { ok: true, problems: [] });
  const entries = readManifest(segmentsPath(shardPath(folder, 0)));
  t.ok(entries.length > SEALING_POINTS.length / 2, `${entries.length} segments`);
});
