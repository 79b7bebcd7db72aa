// An import by the program, from files, while it and its server are killed again and again: nothing twice, nothing left out, every refused line told
// once. JIFEN_LONG=1: many more kills.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { bare, linesOf } from '../gateway/harness.js';
import { PROGRAM, run } from '../gateway/program.js';
import { ServerProcess } from '../gateway/server-process.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { writeFiles } from './files.js';
import { DAY, drawMember } from './source.js';

t.setTimeout(0);

const kills = campaign({ name: 'kills of an import', long: 100, sample: 4 });
const MEMBERS = 160;
/** A run takes about so long. */
const RUN_MS = 2_500;

t.test('whatever is killed, the import is whole', async (t) => {
  const server = await ServerProcess.start(t, '--shards', '2', '--no-logs');
  const ask = (request: string, body?: unknown) =>
    bare(server.url, request, body, { Authorization: `Bearer ${server.key}` });
  await ask('PUT /v1/assets/gold', { scale: 0, lotGranularityMs: 1_000 });
  const folder = temporaryFolder(t);
  const random = new Random(20);
  const end = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
  const drawn = Array.from({ length: MEMBERS }, () => drawMember(random, end, 1 + random.int(90)));
  const { files, bad } = writeFiles(folder, drawn, random);
  const said = [
    'import',
    ...files,
    '--folder',
    server.folder,
    '--name',
    'old',
    '--platform',
    'shop',
  ];

  const tried = await run(folder, ...said, '--dry-run', '--report', 'tried.ndjson');
  t.equal(tried.code, 1, `lines are refused ${tried.err}`);
  t.same((await ask('GET /v1/imports')).body, { imports: [] }, 'a dry run leaves nothing');
  t.notOk(existsSync(join(folder, 'jifen-import-old.dry-run')), 'and no folder');

  let ended = 0;
  for (const seed of kills.seeds) {
    const drawing = new Random(seed);
    const child = spawn(process.execPath, [PROGRAM, ...said], { cwd: folder, stdio: 'ignore' });
    const over = once(child, 'exit');
    await pause(drawing.int(RUN_MS));
    if (drawing.chance(0.5)) {
      child.kill('SIGKILL');
      await over;
    } else {
      await server.kill();
      await pause(drawing.int(300));
      await server.start();
      if (drawing.chance(0.5)) child.kill('SIGKILL');
      await over;
      if (child.exitCode === 1) ended++;
    }
  }
  t.comment(`${ended} runs came to their end`);
  const done = await run(folder, ...said);
  t.equal(done.code, 1, `lines are refused ${done.err}`);
  const { seconds: _, report, dryRun, ...result } = JSON.parse(done.out);
  t.equal(dryRun, false);
  const { seconds: __, report: ___, dryRun: ____, ...trial } = JSON.parse(tried.out);
  t.same(trial, result, 'the dry run has told all of it');
  t.match(result, {
    members: MEMBERS + 4,
    refused: bad.length,
    lines: drawn.flatMap(({ lines }) => lines).length,
  });
  const told = linesOf(readFileSync(report, 'utf8')).sort((a, b) => a.line - b.line);
  t.same(
    told.map(({ file, line, field }) => ({ file, line, field })),
    bad.map((one) => ({ file: 'history.csv', ...one })),
    'each bad line is told once, with its field',
  );
  t.same(linesOf(readFileSync(join(folder, 'tried.ndjson'), 'utf8')).length, bad.length);

  const owners = drawn.map((_, i) => `m${i}`);
  for (let n = 0; n < 8; n++) {
    const at = n === 0 ? end : end - random.int(410 * DAY);
    const { body } = await ask('POST /v1/balances', { owners, asset: 'gold', at });
    const had = body.balances.map(
      (one: { accounts: { available: number }[] }) => one.accounts[0]?.available ?? 0,
    );
    t.same(
      had,
      drawn.map((one) => one.had(at)),
      `totals at ${at}`,
    );
  }
  const { body: account } = await ask('GET /v1/accounts/m0?asset=gold');
  t.match(account, { accounts: [{ frozen: true }] }, 'a frozen member is');
  t.match((await ask('GET /v1/platforms/shop/users/u1')).body, {
    identity: 'm1',
    status: 'active',
  });
  const all = drawn.reduce((sum, one) => sum + one.had(end), 0);
  const { gold } = result.assets;
  t.equal(gold.earned - gold.spent - gold.expired, all, 'the sums are the source’s');
  const shown = (await ask('GET /v1/imports/old')).body;
  t.match(shown, { came: { refused: bad.length }, brought: { gold: all + gold.expired } });

  appendFileSync(files[0] as string, '\n');
  const changed = await run(folder, ...said);
  t.match(changed, { code: 1, err: /IMPORT_CHANGED.*old is the name of an import/ });
  await server.kill();
  t.same((await verifyFolder(server.folder)).problems, [], 'the books hold');
});
