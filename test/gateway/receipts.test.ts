// Receipts of a real ledger: checkpoints that two witnesses cosign, receipts checked by nothing but keys, forks of a copied folder; the page in a browser, the
// command line.

import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { compareCheckpoints } from '../../gateway/receipts/compare.js';
import { type Trust, verifyReceipt } from '../../gateway/receipts/verify.js';
import { type RunningWitness, startWitness } from '../../gateway/receipts/witness/server.js';
import { startServer } from '../../gateway/serve.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { operator } from './callers.js';
import { bare, type Gateway, gateway } from './harness.js';
import { openPage } from './page.js';
import { run } from './program.js';

type Test = Parameters<typeof gateway>[0];

const NAME = 'points.test/ledger';
const SERVED = {
  webhookHosts: ['127.0.0.1'],
  limits: {
    ...{ checkpointMs: 40, witnessTimeoutMs: 5_000 },
    visitorRate: { limit: 1_000_000, seconds: 60 },
  },
  ledgerName: NAME,
} as const;
const NOBODY = { Authorization: '' };

interface World extends Gateway {
  readonly trust: Trust;
  readonly witnesses: readonly RunningWitness[];
  move(from: string, to: string, amount: number, id: string): Promise<void>;
  /** The checkpoint of a shard, once it has so many entries and cosignatures. */
  checkpoint(shard: number, size: number, cosigned: number): Promise<any>;
  /** A receipt, once it can be given. */
  receipt(path: string): Promise<any>;
}

/** A ledger with receipts and two witnesses. */
async function world(t: Test, shards = 2): Promise<World> {
  const served = await gateway(t, {
    ...SERVED,
    assets: ['gold'],
    engine: { folder: '', shards, receipts: true },
  });
  const { ask } = served;
  const { body } = await ask('GET /v1/checkpoint-keys', undefined, NOBODY);
  const logs = body.keys.map(({ vkey }: { vkey: string }) => vkey);
  const witnesses = await Promise.all(
    ['one', 'two'].map((name) =>
      startWitness({ folder: temporaryFolder(t), name: `${name}.test/w`, logs, port: 0 }),
    ),
  );
  t.teardown(() => Promise.all(witnesses.map((one) => one.close())));
  for (const [at, { vkey, address }] of witnesses.entries()) {
    const put = { vkey, url: address, name: `Witness ${at}` };
    const { status, body: said } = await ask(`PUT /v1/witnesses/w${at}`, put);
    t.equal(status, 200, JSON.stringify(said));
  }
  const move: World['move'] = async (from, to, amount, id) => {
    const legs = [{ from, to, asset: 'gold', amount }];
    const { status, text } = await ask('POST /v1/transfers', { id, legs });
    t.equal(status, 201, text);
  };
  const checkpoint: World['checkpoint'] = async (shard, size, cosigned) => {
    let found: any;
    await until(`a checkpoint of ${size} entries`, async () => {
      const { body: told } = await ask('GET /v1/checkpoints', undefined, NOBODY);
      found = told.checkpoints?.[shard];
      return found?.size >= size && found.witnesses.length >= cosigned;
    });
    return found;
  };
  const receipt: World['receipt'] = async (path) => {
    let answer: any;
    await until(`the receipt ${path}`, async () => {
      answer = await ask(`GET /v1/receipts/${path}`);
      if (answer.body.code !== undefined && answer.body.code !== 'RECEIPT_EARLY')
        throw new Error(answer.text);
      return answer.status === 200;
    });
    return answer;
  };
  const trust = { logs, witnesses: witnesses.map((one) => one.vkey) };
  return { ...served, trust, witnesses, move, checkpoint, receipt };
}

t.test('receipts over HTTP', async (t) => {
  const of = await world(t);
  const { ask, trust, server, move, receipt } = of;
  await move('@issue', 'ann', 1_000, 'EARN');
  await move('@issue', 'bob', 5, 'EARN');
  for (let n = 0; n < 20; n++) await move('ann', 'bob', 1 + n, `GIFT-${n}`);
  await of.checkpoint(server.engine.shardOf('ann'), 20, 2);
  t.match(await ask('GET /v1/receipts/ann/NONE'), {
    status: 404,
    body: { code: 'TRANSFER_NOT_FOUND' },
  });
  // A command's: what it did to the account of its home owner, and nothing of the other party.
  const { text } = await receipt('ann/GIFT-3');
  t.notMatch(text, /bob/);
  t.match(await verifyReceipt(text, { ...trust, quorum: 0 }), {
    ...{ owner: 'ann', id: 'GIFT-3', entries: [{ delta: -4, available: 990, held: 0 }] },
  });
  await t.rejects(verifyReceipt(text.replace('GIFT-3', 'GIFT-4'), trust));
  // An account's: its balance is the sum of its entries.
  let whole: any;
  await until('all entries of ann are in a cosigned checkpoint', async () => {
    whole = await verifyReceipt((await receipt('ann?asset=gold')).text, trust).catch(
      () => undefined,
    );
    return whole?.entries.length === 21;
  });
  t.match(whole.account, { asset: 'gold', version: 21, available: 790, isWhole: true });
  const sum = whole.entries.reduce((all: number, { delta }: { delta: number }) => all + delta, 0);
  t.equal(sum, 790);
  // Part of it; one entry; what is beyond; an account that is none.
  const part = await verifyReceipt((await receipt('ann?asset=gold&from=2&limit=3')).text, trust);
  t.match(part, { account: { isWhole: false, version: 21 }, entries: [{ version: 2 }, {}, {}] });
  const late = await verifyReceipt((await receipt('ann?asset=gold&from=99')).text, trust);
  t.match(late, { account: { isWhole: false, version: 21 }, entries: [] });
  const none = await verifyReceipt((await receipt('nobody?asset=gold')).text, trust).catch(
    (error: Error) => error.message,
  );
  t.match(none, { account: { version: 0, available: 0, isWhole: true } });
  // The other party has a receipt of its own.
  const bob = await receipt('bob?asset=gold&from=2&limit=1');
  t.notMatch(bob.text, /ann/);
  t.match((await verifyReceipt(bob.text, trust)).entries, [{ owner: 'bob', delta: 1, home: null }]);
  for (const [request, code, field] of [
    ['GET /v1/receipts/ann', 'QUERY_INVALID', 'asset'],
    ['GET /v1/receipts/ann?asset=gold&limit=0', 'QUERY_INVALID', 'limit'],
    ['GET /v1/receipts/@issue?asset=gold', 'OWNER_INVALID', 'owner'],
    ['GET /v1/checkpoints/7', 'QUERY_INVALID', 'shard'],
    ['GET /v1/checkpoints/0/consistency?from=3&to=2', 'QUERY_INVALID', 'from'],
    ['GET /v1/checkpoints/0/consistency?from=1&to=9999999', 'RECEIPT_EARLY', 'to'],
    ['GET /v1/witnesses/none', 'WITNESS_NOT_FOUND'],
    ['DELETE /v1/witnesses/none', 'WITNESS_NOT_FOUND'],
  ] as const)
    t.match((await ask(request)).body, { code, ...(field && { field }) }, request);
  // Who may not read ann's points has no receipt of them.
  const auth = await operator(of, ['read'], { owner: 'bob' });
  for (const path of ['ann/GIFT-3', 'ann?asset=gold'])
    t.match(await ask(`GET /v1/receipts/${path}`, undefined, auth), {
      status: 403,
      body: { code: 'OWNER_FORBIDDEN' },
    });
  t.equal((await ask('GET /v1/receipts/bob?asset=gold', undefined, auth)).status, 200);
  t.equal((await ask('GET /v1/receipts/ann/GIFT-3', undefined, NOBODY)).status, 401);
});

t.test('checkpoints, keys and witnesses', async (t) => {
  const of = await world(t, 1);
  const { ask, server, trust, witnesses, move, checkpoint } = of;
  await move('@issue', 'ann', 10, 'A1');
  const early = await checkpoint(0, 2, 2);
  t.equal(early.origin, `${NAME}/shard/0`);
  const note = await ask('GET /v1/checkpoints/0', undefined, NOBODY);
  t.match(note.headers.get('content-type'), /^text\/plain/);
  t.ok(note.text.startsWith(`${NAME}/shard/0\n`));
  for (let n = 0; n < 9; n++) await move('@issue', 'ann', 1, `B${n}`);
  const later = await checkpoint(0, early.size + 18, 2);
  const asked = `GET /v1/checkpoints/0/consistency?from=${early.size}&to=${later.size}`;
  const { body: proof } = await ask(asked, undefined, NOBODY);
  t.match(await compareCheckpoints(early.note, later.note, trust, proof.proof), {
    state: 'consistent',
  });
  t.match(await compareCheckpoints(early.note, later.note, trust), { state: 'unproven' });
  // Another key: both sign, until the one before is given up.
  const { body: two } = await ask('POST /v1/checkpoint-keys', {});
  t.match(two.keys, [
    { number: 2, signs: true },
    { number: 1, signs: true },
  ]);
  const [second, first] = two.keys.map(({ vkey }: { vkey: string }) => vkey);
  await until('both keys sign', async () => {
    const { text } = await ask('GET /v1/checkpoints/0');
    return text.split(`\u2014 ${NAME}/shard/0 `).length === 3;
  });
  await move('@issue', 'ann', 1, 'C1');
  // A witness that knows the first key alone goes on.
  const both = await checkpoint(0, later.size + 2, 2);
  for (const logs of [[first], [second]])
    t.ok(await compareCheckpoints(both.note, both.note, { logs }));
  const { body: three } = await ask('POST /v1/checkpoint-keys', { retire: true });
  t.match(
    three.keys.map(({ signs, retiredAt }: any) => [signs, retiredAt === null]),
    [
      [true, true],
      [false, false],
      [false, false],
    ],
  );
  const third = three.keys[0].vkey;
  await until('the third key signs alone', async () => {
    const { text } = await ask('GET /v1/checkpoints/0');
    return compareCheckpoints(text, text, { logs: [third] }).then(
      () => !text.includes(both.note.split('\n')[4]),
      () => false,
    );
  });
  // What the first one has signed stays good.
  t.ok(await compareCheckpoints(early.note, early.note, trust));
  await move('@issue', 'ann', 1, 'D1');
  // The witnesses know no key that signs now: it is published without them, and told.
  await until('the witnesses refuse it', async () => {
    const { body } = await ask('GET /v1/witnesses');
    return body.witnesses.every((one: any) => one.asked[0]?.why?.startsWith('it answered 403'));
  });
  t.match((await ask('GET /v1/checkpoints')).body.checkpoints[0], { fault: null });
  // What a witness must be.
  const [{ vkey, address: url }] = witnesses as [RunningWitness, RunningWitness];
  const refused: readonly (readonly [object, string])[] = [
    [{ vkey: 'x', url }, 'vkey'],
    [{ vkey: first, url }, 'vkey'],
    [{ vkey, url: 'http://10.0.0.1' }, 'url'],
    [{ vkey, url: `${url}?x=1` }, 'url'],
    [{ vkey, url, strange: 1 }, 'strange'],
    [{ vkey, url }, 'vkey'],
  ];
  for (const [body, field] of refused)
    t.match((await ask('PUT /v1/witnesses/third', body)).body, {
      ...{ code: field === 'strange' ? 'COMMAND_INVALID' : 'WITNESS_INVALID', field },
    });
  t.equal((await ask('PUT /v1/witnesses/Wrong', { vkey, url })).status, 404);
  t.match(await ask('DELETE /v1/witnesses/w1'), { status: 200, body: { witness: 'w1' } });
  t.equal((await ask('GET /v1/witnesses')).body.witnesses.length, 1);
  // Under another name it would be another log.
  await server.close();
  const again = { ...SERVED, port: 0, engine: { folder: of.folder, receipts: true } };
  await t.rejects(startServer({ ...again, ledgerName: 'other.test' }), /is called points.test/);
  const off = await startServer({ ...again, engine: { folder: of.folder } });
  t.teardown(() => off.close());
  const admin = { Authorization: `Bearer ${of.key}` };
  for (const path of ['receipts/ann?asset=gold', 'checkpoints', 'checkpoints/0', 'checkpoint-keys'])
    t.match(await bare(off.address, `GET /v1/${path}`, undefined, admin), {
      ...{ status: 503, body: { code: 'RECEIPTS_OFF' } },
    });
});

t.test('two histories of a copied folder', async (t) => {
  const of = await world(t, 1);
  const { ask, server, folder, key, witnesses, move, checkpoint } = of;
  const [one, two] = witnesses as [RunningWitness, RunningWitness];
  await move('@issue', 'ann', 10, 'A1');
  await move('@issue', 'ann', 10, 'A2');
  const { size } = await checkpoint(0, 4, 2);
  await server.close();
  const copy = join(temporaryFolder(t), 'copy');
  cpSync(folder, copy, { recursive: true });
  const serve = async (at: string) => {
    const made = await startServer({ ...SERVED, port: 0, engine: { folder: at, receipts: true } });
    t.teardown(() => made.close());
    const asked: Gateway['ask'] = (request, body, headers) =>
      bare(made.address, request, body, { Authorization: `Bearer ${key}`, ...headers });
    return { made, asked };
  };
  // Each history is shown to one witness; neither of them to the other.
  const left = await serve(folder);
  await left.asked('DELETE /v1/witnesses/w1');
  const right = await serve(copy);
  await right.asked('DELETE /v1/witnesses/w0');
  const pay = (asked: Gateway['ask'], amount: number) =>
    asked('POST /v1/transfers', {
      ...{ id: 'FORK', legs: [{ from: '@issue', to: 'ann', asset: 'gold', amount }] },
    });
  await pay(left.asked, 1);
  await pay(right.asked, 1_000);
  for (const { asked } of [left, right])
    await until('it is signed', async () => {
      const { body } = await asked('GET /v1/checkpoints');
      const [{ size: now, witnesses: by }] = body.checkpoints;
      return now === size + 2 && by.length === 1;
    });
  const cosigned = await Promise.all(
    [one, two].map(({ witness }) => witness.latest(`${NAME}/shard/0`)),
  );
  const [a = '', b = ''] = cosigned as [string, string];
  const found = await compareCheckpoints(a, b, { logs: of.trust.logs });
  t.match(found, { state: 'forked', why: /two histories/ });
  // Asked by the other history, each of them refuses and keeps the proof.
  const { vkey, address } = one;
  await right.asked('PUT /v1/witnesses/w0', { vkey, url: address });
  await until('the first witness sees the fork', async () => {
    const { body } = await right.asked('GET /v1/witnesses');
    return body.witnesses.find((w: any) => w.witness === 'w0').asked[0]?.state === 'forked';
  });
  const [fork] = await one.witness.forks();
  t.match(fork, { origin: `${NAME}/shard/0` });
  const folderOf = temporaryFolder(t);
  for (const [name, text] of [
    ['a', a],
    ['b', b],
    ['keys', of.trust.logs.join('\n')],
  ] as const)
    writeFileSync(join(folderOf, name), text);
  const compared = await run(folderOf, 'receipt', 'compare', 'a', 'b', '--log-keys', 'keys');
  t.match(compared, { code: 1, out: /"forked"/ });
  // An older copy in the place of the ledger: what was signed after it is not signed over.
  await left.made.close();
  await right.made.close();
  t.match(await ask('GET /v1/checkpoints').catch(() => 'gone'), 'gone');
  const verified = await run(
    folderOf,
    'verify',
    folder,
    '--log-keys',
    'keys',
    '--checkpoints',
    'a',
  );
  t.match(verified, { code: 0, out: /signed up to/ }, verified.out + verified.err);
  const other = await run(folderOf, 'verify', folder, '--checkpoints', 'b');
  t.match(other, { code: 1, out: /the root was said/ }, other.out + other.err);
  writeFileSync(join(folderOf, 'others'), one.vkey);
  const strange = await run(folderOf, 'verify', folder, '--log-keys', 'others');
  t.match(strange, { code: 1, out: /no key that is trusted/ });
});

t.test('a log that was put back is not signed', async (t) => {
  const of = await world(t, 1);
  const { server, folder, move, checkpoint } = of;
  await move('@issue', 'ann', 10, 'A1');
  await checkpoint(0, 2, 2);
  const to = join(temporaryFolder(t), 'backup');
  const { status, text } = await of.ask('POST /v1/admin/backup', { to });
  t.equal(status, 201, text);
  await move('@issue', 'ann', 10, 'A2');
  await checkpoint(0, 4, 2);
  await server.close();
  cpSync(join(folder, 'secrets.key'), join(to, 'secrets.key'));
  // What this folder remembers is not in the backup: the witnesses know.
  const restored = await startServer({
    ...SERVED,
    port: 0,
    engine: { folder: to, receipts: true },
  });
  t.teardown(() => restored.close());
  const { key } = restored.adminKey;
  const ask: Gateway['ask'] = (request, body) =>
    bare(restored.address, request, body, { Authorization: `Bearer ${key}` });
  await ask('POST /v1/transfers', {
    ...{ id: 'A3', legs: [{ from: '@issue', to: 'ann', asset: 'gold', amount: 3 }] },
  });
  await until('it is told', async () => {
    const { body, text } = await ask('GET /v1/checkpoints');
    if (body.checkpoints === undefined) throw new Error(text);
    return body.checkpoints[0].fault === 'ahead';
  });
  t.match(await ask('GET /v1/receipts/ann/A3'), { status: 503, body: { code: 'RECEIPT_EARLY' } });
  t.match(await ask('POST /v1/checkpoints/0/accept', {}), { status: 200 });
  await until('it is signed again', async () => {
    const { body } = await ask('GET /v1/checkpoints');
    const [{ fault, size, witnesses }] = body.checkpoints;
    return fault === null && size >= 4 && witnesses.length === 0;
  });
});

t.test('the page and the command line check what was given away', async (t) => {
  const of = await world(t, 1);
  const { folder, trust, server, move, checkpoint, receipt } = of;
  await move('@issue', 'ann', 10, 'A1');
  await move('@issue', 'ann', 5, 'A2');
  const { note } = await checkpoint(0, 4, 2);
  const at = temporaryFolder(t);
  const cli = (...args: string[]) => run(at, ...args);
  const got = await cli('receipt', 'get', 'ann', 'A1', '--folder', folder, '--to', 'command.json');
  t.equal(got.code, 1, 'no server has announced itself');
  writeFileSync(join(at, 'key'), of.key, { mode: 0o600 });
  const served = ['--url', server.address, '--key', 'key'];
  t.match(await cli('receipt', 'get', 'ann', 'A1', '--to', 'command.json', ...served), { code: 0 });
  const keys = await cli('receipt', 'keys', ...served);
  t.equal(keys.out.trim(), trust.logs.join('\n'));
  const whole = (await receipt('ann?asset=gold')).text;
  const witnesses = trust.witnesses?.join('\n') ?? '';
  for (const [name, text] of [
    ...[
      ['whole.json', whole],
      ['wrong.json', whole.replace('"delta\\":5', '"delta\\":6')],
    ],
    ...[
      ['keys', keys.out],
      ['witnesses', witnesses],
      ['note.txt', note],
    ],
  ] as [string, string][])
    writeFileSync(join(at, name), text);
  const trusted = ['--log-keys', 'keys', '--witness-keys', 'witnesses'];
  for (const [file, code, out] of [
    ['command.json', 0, /"delta": 10/],
    ['whole.json', 0, /"isWhole": true/],
    ['note.txt', 0, /"witnesses"/],
    ['wrong.json', 1, /^$/],
  ] as const)
    t.match(await cli('receipt', 'verify', file, ...trusted), { code, out }, file);
  t.match(await cli('receipt', 'verify', 'whole.json'), { code: 2, err: /--log-keys is missing/ });
  t.match(await cli('receipt', 'compare', 'whole.json', 'note.txt', ...trusted), { code: 0 });
  t.match(await cli('witness', 'list', ...served), { code: 0, out: /cosigned/ });
  // The page: a file is chosen, and nothing of it is asked of anybody.
  const { page, problems, hosts } = await openPage(t, `${server.address}/receipts`);
  await page.click('#ask');
  await page.waitForFunction(() =>
    /\+/.test((globalThis as any).document.querySelector('#logs').value),
  );
  t.equal(await page.inputValue('#logs'), trust.logs.join('\n'));
  await page.fill('#witnesses', witnesses);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const check = async (first: string, second?: string): Promise<string> => {
    await page.setInputFiles('#first', join(at, first));
    await page.setInputFiles('#second', second === undefined ? [] : join(at, second));
    await page.click('#form button');
    await page.waitForSelector('#state.right, #state.wrong');
    return (await page.textContent('#state')) ?? '';
  };
  t.match(await check('whole.json'), /The receipt is right/);
  t.match(await page.textContent('#found'), /15 available/);
  t.equal((await page.$$('#entries tr')).length, 2);
  t.match(await check('note.txt'), /The checkpoint is right/);
  t.match(await check('wrong.json'), /not shown to be right/);
  t.match(await check('whole.json', 'note.txt'), /^(same|unproven)/);
  await page.fill('#witnesses', `${witnesses}\nx`);
  t.match(await check('whole.json'), /this is no key/);
  t.strictSame(asked, [], 'nothing was sent');
  t.equal(hosts.size, 1);
  t.strictSame(problems, []);
});
