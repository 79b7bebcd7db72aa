// Signatures are used once, whatever comes between: hundreds replayed at once, over restarts and through
// another way to the same ledger.

import { join } from 'node:path';
import t from 'tap';
import { startServer } from '../../gateway/serve.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { type Caller, callerOf, signature } from './callers.js';
import { bare, type Headers } from './harness.js';

interface Sent {
  readonly request: string;
  readonly body: unknown;
  /** Its id. */
  readonly name: string | undefined;
  readonly headers: Headers;
}

/** Signatures that are tried again after a restart. */
const ROUNDS = 2;

t.test('no signature is accepted twice', async (t) => {
  const plan = campaign({ name: 'signatures', long: 10_000, sample: 150 });
  const [first = 1] = plan.seeds;
  const random = new Random(first);
  const folder = join(temporaryFolder(t), 'data');
  const start = () =>
    startServer({ port: 0, engine: { folder, shards: 2, cacheMb: 64 }, limits: { userRates: {} } });
  let server = await start();
  t.teardown(() => server.close());
  const administrator = { Authorization: `Bearer ${server.adminKey.key}` };
  await bare(server.address, 'PUT /v1/assets/gold', { scale: 0 }, administrator);
  const settings = { name: 's', assets: ['gold'], operations: ['earn', 'read'] };
  const callers: Caller[] = [];
  for (const id of ['shop', 'club']) {
    const made = await bare(
      server.address,
      'POST /v1/platforms',
      { ...settings, id },
      administrator,
    );
    callers.push(callerOf(server.address, id, made.body.secret));
  }
  const sent: Sent[] = [];
  const send = ({ request, body, headers }: Sent) => bare(server.address, request, body, headers);
  // What has an id is answered as the first time, and not carried out again; what has none is refused.
  const replay = async (which: readonly Sent[], when: string): Promise<void> => {
    for (const isNamed of [true, false]) {
      const some = which.filter(({ name }) => (name !== undefined) === isNamed);
      const answers = await inTurn(some, 32, send);
      const said = new Set(
        answers.map(({ status, body }) => `${status} ${body.code} ${body.replayed}`),
      );
      const expected = isNamed ? '200 undefined true' : '403 SIGNATURE_REPLAYED undefined';
      t.same([...said], [expected], `${some.length} replayed ${when}`);
    }
  };
  for (let round = 0; round < ROUNDS; round++) {
    const fresh = Array.from({ length: Math.ceil(plan.count / ROUNDS) }, (_, i) => {
      const { id, secret } = random.pick(callers);
      const name = i % 2 === 0 ? `${round}-${i}` : undefined;
      const body = { user_id: `u${random.int(20)}`, amount: 1, transaction_id: name };
      const request = 'POST /api/points/add';
      return { request, body, name, headers: signature(id, secret, request, body) };
    });
    // Each twice at the same time: one of the two is carried out.
    const answers = await inTurn(fresh, 16, async (one) => Promise.all([send(one), send(one)]));
    for (const [i, pair] of answers.entries()) {
      const done = pair.filter(({ status, body }) => status === 200 && body.replayed === false);
      const rest = pair.filter((one) => !done.includes(one));
      t.equal(done.length, 1, pair[0].text);
      // The other one may come before there is an outcome.
      const isFirst = fresh[i]?.name !== undefined && rest[0]?.body.replayed === true;
      t.ok(isFirst || rest[0]?.body.code === 'SIGNATURE_REPLAYED', `${rest[0]?.text}`);
    }
    sent.push(...fresh);
    await replay(sent, 'at once');
    await server.close();
    server = await start();
    await replay(random.shuffle([...sent]), 'after a restart');
  }
  const { body } = await bare(server.address, 'GET /v1/accounts/@issue', undefined, administrator);
  t.equal(body.accounts[0].available, -sent.length, 'each was carried out once');
  // Signed anew, the call finds its outcome by its id.
  const [one] = sent;
  const again = callers.map(async ({ id, secret }) =>
    id === one?.headers['X-Platform-ID']
      ? send({ ...one, headers: signature(id, secret, one.request, one.body) })
      : undefined,
  );
  t.match(
    (await Promise.all(again)).find((answer) => answer !== undefined),
    {
      status: 200,
      body: { replayed: true },
    },
  );
});

/** What a function makes of each, `width` at a time. */
async function inTurn<A, B>(
  items: readonly A[],
  width: number,
  make: (item: A) => Promise<B>,
): Promise<B[]> {
  const made: B[] = [];
  for (let i = 0; i < items.length; i += width)
    made.push(...(await Promise.all(items.slice(i, i + width).map(make))));
  return made;
}
