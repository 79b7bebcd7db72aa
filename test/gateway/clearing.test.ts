// The clearing centre over HTTP: signed statements, their keys, what is found of an altered one.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { type KeySet, verifyBytes } from '../../gateway/clearing/signed-bytes.js';
import { announceServer } from '../../gateway/cli/running.js';
import { MAIN, SIDES } from '../programme/coalition-world.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { type Coalition, coalition, decided } from './coalition.js';
import { run } from './program.js';

const CYCLES = '/v1/clearing/main/cycles';
const x = (id: string, amount: number) => ({
  ...{ owner: 'ann', from: 'alpha', to: 'beta', id, amount },
});

/** Two platforms whose points are exchanged freely; ann has some of one. */
async function opened(t: Test): Promise<Coalition> {
  const of = await coalition(t);
  const { ask } = of;
  await ask('PUT /v1/assets/alpha', { scale: 0 });
  await ask('PUT /v1/assets/beta', { scale: 2 });
  for (const [at, document] of [
    ['coalition/main', MAIN],
    ['exchanging/alpha', SIDES.alpha],
    ['exchanging/beta', SIDES.beta],
  ] as const)
    t.equal((await ask(`PUT /v1/definitions/${at}`, { state: 'active', document })).status, 200);
  await decided(of, ['alpha', 'beta'], '0.833333333333');
  const legs = [{ from: '@issue', to: 'ann', asset: 'alpha', amount: 100_000 }];
  t.equal((await ask('POST /v1/transfers', { legs, owner: 'ann' })).status, 201);
  return of;
}

t.test('signed statements', async (t) => {
  const of = await opened(t);
  const { ask, server, folder } = of;
  const keys = async (): Promise<KeySet> =>
    (await ask('GET /.well-known/jwks.json', undefined, { Authorization: '' })).body;
  t.same(await keys(), { keys: [] });
  await ask('POST /v1/exchanges', x('x-1', 100));
  t.match(await ask(`GET ${CYCLES}/1/statement.json`), { status: 404 });
  t.match((await ask(`POST ${CYCLES}`)).body, { cycle: 1, state: 'closed' });
  const statement = async (cycle: number, form: string) => {
    const path = `${CYCLES}/${cycle}/statement.${form}`;
    const [told, signature] = [await ask(`GET ${path}`), await ask(`GET ${path}.jws`)];
    t.equal(signature.headers.get('content-type'), 'application/jose');
    return { bytes: Buffer.from(told.text), jws: signature.text };
  };
  const first = await until('the keys are told', async () => {
    const all = await keys();
    return all.keys.length === 1 && all;
  });
  t.match(first.keys, [{ kty: 'OKP', crv: 'Ed25519', use: 'sig', d: undefined }]);
  const json = await statement(1, 'json');
  const csv = await statement(1, 'csv');
  const kid = first.keys[0]?.kid as string;
  const of1 = { coalition: 'main', cycle: 1, kid };
  t.same(await verifyBytes(json.bytes, json.jws, first), { ...of1, cty: 'application/json' });
  t.same(await verifyBytes(csv.bytes, csv.jws, first), { ...of1, cty: 'text/csv' });
  t.match(JSON.parse(String(json.bytes)), { coalition: 'main', cycle: 1, debts: [{}] });
  // Each byte counts, of the statement, and of the signature.
  for (let at = 0; at < csv.bytes.length; at++) {
    const altered = Buffer.from(csv.bytes);
    altered[at] = (altered[at] as number) ^ 1;
    if (typeof (await verifyBytes(altered, csv.jws, first)) !== 'string') t.fail(`byte ${at}`);
  }
  t.type(await verifyBytes(csv.bytes, json.jws, first), 'string', 'the form is another one');
  t.type(await verifyBytes(csv.bytes.subarray(0, -1), csv.jws, first), 'string', 'cut off');
  t.match(await verifyBytes(csv.bytes, csv.jws, { keys: [] }), /is not among the keys/);
  t.match(await verifyBytes(csv.bytes, 'x.y.z', first), /no detached signature/);
  const [head = '', , mac = ''] = csv.jws.split('.');
  const said = JSON.parse(Buffer.from(head, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...said, cycle: 2 })).toString('base64url');
  t.type(await verifyBytes(csv.bytes, `${forged}..${mac}`, first), 'string', 'of another cycle');
  const none = Buffer.from(JSON.stringify({ ...said, alg: 'none' })).toString('base64url');
  t.type(await verifyBytes(csv.bytes, `${none}..`, first), 'string', 'signed by nobody');

  // Another key signs from now on; what is signed stays as it is, whatever comes.
  const rotated = await ask('POST /v1/statement-keys');
  t.equal(rotated.status, 201);
  t.not(rotated.body.kid, kid);
  await ask('POST /v1/exchanges', x('x-2', 200));
  await ask('PUT /v1/definitions/coalition/main', {
    state: 'active',
    document: { ...MAIN, base: '0.011' },
  });
  const closed = await Promise.all([ask(`POST ${CYCLES}`), ask(`POST ${CYCLES}`)]);
  t.ok(closed.some(({ status }) => status === 200));
  const both = await until('the keys are told', async () => {
    const all = await keys();
    return all.keys.length === 2 && all;
  });
  t.same(
    both.keys.map((one) => one.kid),
    [rotated.body.kid, kid],
    'the newest one first',
  );
  const second = await statement(2, 'json');
  t.match(await verifyBytes(second.bytes, second.jws, both), { cycle: 2, kid: rotated.body.kid });
  for (const [form, before] of [
    ['json', json],
    ['csv', csv],
  ] as const) {
    const now = await statement(1, form);
    t.same(now, before, `the ${form} of cycle 1 is what it was`);
    t.match(await verifyBytes(now.bytes, now.jws, both), { cycle: 1, kid });
  }

  // By hand, without a server.
  await announceServer(folder, server.address);
  const to = join(temporaryFolder(t), 'cycle-1.csv');
  const by = (...args: string[]) => run(folder, 'clearing', ...args);
  const written = await by('statement', 'main', '1', to, '--form', 'csv', '--folder', folder);
  t.equal(written.code, 0, written.err);
  await server.close();
  t.match(await by('verify', to), { code: 0, out: /"cycle": 1/ });
  const text = readFileSync(to, 'utf8');
  writeFileSync(to, text.replace(/,beta,\d/, ',beta,9'));
  t.match(await by('verify', to), { code: 1, err: /are not those that were signed/ });
  writeFileSync(to, text);
  writeFileSync(`${to}.keys`, '{}');
  t.match(await by('verify', to), { code: 1, err: /no JSON Web Key Set/ });
  t.same((await verifyFolder(folder, { why: true })).problems, []);
});
