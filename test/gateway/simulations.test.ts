// Simulations and corrections over HTTP and the client: begun, looked at, ended; posted once, undone; what is malformed names its field.

import t from 'tap';
import type { CorrectionJob, SimulationJob } from '../../gateway/client/index.js';
import { connect } from '../../gateway/client/node.js';
import { until } from '../until.js';
import { operator } from './callers.js';
import { type Gateway, gateway } from './harness.js';
import { run } from './program.js';

const CONSUME = { programme: 'shop', event: 'CONSUME', points: 2, per: 1, of: 'amount' };
const DEFINITIONS = [{ kind: 'rule', key: 'shop.CONSUME', document: CONSUME }];
const LEAD_MS = 12_000;
/** How long a simulation may take while much else is under way. */
const OVER_MS = 120_000;

/** A shop whose rule pays one point where it should pay two. */
async function shop(t: Parameters<typeof gateway>[0]): Promise<Gateway> {
  const clockOffset = new SharedArrayBuffer(8);
  const server = await gateway(t, {
    assets: ['points'],
    engine: { shards: 2, clockOffset, folder: '' },
    limits: { simulationsMax: 1 },
  });
  const put = (kind: string, key: string, document: object) =>
    server.ask(`PUT /v1/definitions/${kind}/${key}`, { state: 'active', document });
  const programme = { asset: 'points', zone: 'Asia/Shanghai' };
  await put('programme', 'shop', programme);
  const attributes = { amount: 'integer' };
  await put('event', 'shop.CONSUME', { programme: 'shop', attributes, amount: 'amount' });
  await put('rule', 'shop.CONSUME', { ...CONSUME, points: 1, limitPoints: 100 });
  await put('correction', 'desk', { asset: 'points', mostUp: 500, mostDown: 500 });
  new Float64Array(clockOffset)[0] = LEAD_MS;
  const event = { programme: 'shop', type: 'CONSUME', owner: 'ann', attributes: { amount: 1 } };
  await until(
    'it decides',
    async () => (await server.ask('POST /v1/events?dryRun=true', event)).status === 200,
  );
  for (const [n, owner] of ['ann', 'ben', 'cat'].entries())
    for (const amount of [30, 50 + n]) {
      const said = { ...event, owner, id: `o${amount}`, attributes: { amount } };
      const { status, body } = await server.ask('POST /v1/events', said);
      if (status !== 201) throw new Error(JSON.stringify(body));
    }
  return server;
}

const available = async ({ ask }: Gateway, owner: string): Promise<number> => {
  const { body } = await ask(`GET /v1/accounts/${owner}`);
  return (body.accounts ?? body)[0].available;
};

t.test('a simulation, and the correction that comes of it', async (t) => {
  const server = await shop(t);
  const { ask, port, key } = server;
  const client = connect({ url: `http://127.0.0.1:${port}`, key });
  t.teardown(() => client.close());
  const over = async <T extends SimulationJob | CorrectionJob>(
    begun: T,
    look: (id: string) => Promise<T | undefined>,
  ): Promise<T> => {
    let job: T | undefined = begun;
    await until(
      'it is over',
      async () => {
        job = await look(begun.id);
        return job?.state !== 'running';
      },
      // Its threads give way to everything else on the machine.
      OVER_MS,
    );
    return job as T;
  };
  const simulated = await over(await client.simulate({ from: 0, definitions: DEFINITIONS }), (id) =>
    client.simulation(id),
  );
  t.match(simulated, {
    state: 'done',
    result: {
      mode: 'drafts',
      programmes: [
        { programme: 'shop', asset: 'points', before: 243, after: 486, events: 6, different: 6 },
      ],
    },
  });
  t.same(
    simulated.result?.programmes[0]?.winners.largest.map(({ owner, before, after }) => [
      owner,
      after - before,
    ]),
    [
      ['cat', 82],
      ['ben', 81],
      ['ann', 80],
    ],
  );
  const event = { owner: 'ann', event: 'o50' };
  const one = await over(await client.simulate({ event, definitions: DEFINITIONS }), (id) =>
    client.simulation(id),
  );
  const rule = 'shop.CONSUME';
  t.match(
    one.result?.event,
    {
      ...event,
      ...{ programme: 'shop', type: 'CONSUME' },
      before: { effects: [{ type: 'earn', rule, amount: 50 }], why: { paid: [[rule, 1, 50]] } },
      after: { effects: [{ type: 'earn', rule, amount: 100 }], why: { paid: [[rule, 0, 100]] } },
    },
    'one event, decided again as it would have been then',
  );
  t.match(one.result?.programmes, [{ events: 1, before: 50, after: 100, members: 1 }]);
  const same = await over(await client.simulate({ event }), (id) => client.simulation(id));
  t.same(same.result?.event?.after, same.result?.event?.before, 'as logged: the very same');
  // The same of the folder, without the server.
  const told = await run(
    server.folder,
    'simulate',
    '--folder',
    '.',
    '--event',
    'ann/o50',
    '--json',
  );
  t.equal(told.code, 0, told.err);
  t.same(JSON.parse(told.out).event, same.result?.event);
  for (const [event, code] of [
    ['ann/none', 1],
    ['ann', 2],
  ] as const)
    t.equal((await run(server.folder, 'simulate', '--folder', '.', '--event', event)).code, code);
  const { jobs } = (await ask('GET /v1/simulations')).body;
  t.match(jobs, [
    { id: same.id, state: 'done', by: String, asked: { event }, result: undefined },
    { id: one.id, asked: { event, definitions: [{ kind: 'rule', key: rule }] } },
    { id: simulated.id, asked: { from: 0 } },
  ]);
  await ask('POST /v1/events/o50/returns', { owner: 'ann', amount: 20 });
  const asked = { from: 0, definitions: DEFINITIONS, correction: 'c1', within: 'desk' };
  const correct = async (more: object = {}): Promise<CorrectionJob> =>
    over(await client.correct({ ...asked, ...more }), (id) => client.correction(id));
  const preview = await correct({ preview: true });
  t.match(preview.result, { posted: 0, simulation: { programmes: [{ after: 486 }] } });
  t.same(preview.result?.uncorrected, []);
  t.equal(await available(server, 'ann'), 60, 'nothing is posted by a preview');
  t.match((await ask('GET /v1/corrections')).body.jobs, [
    { id: preview.id, correction: 'c1', by: String, asked: { from: 0 } },
  ]);
  const first = await correct();
  t.match(first, { state: 'done', result: { posted: 6, repeated: 0, refused: { acts: 0 } } });
  t.equal(await available(server, 'ann'), 120, 'what was returned is not owed');
  t.equal(await available(server, 'cat'), 164);
  const again = await correct();
  t.match(again.result, { posted: 0, repeated: 6, refused: { acts: 0 } }, 'nothing twice');
  t.equal(await available(server, 'ann'), 120);
  const other = await correct({ correction: 'c2' });
  t.match(other.result, { posted: 0, refused: { acts: 6, codes: { EVENT_CORRECTED: 6 } } });
  await ask('POST /v1/events/o50/returns', { owner: 'ann' });
  await until('all of it is back', async () => (await available(server, 'ann')) === 60);
  const entries = await ask('GET /v1/accounts/cat/entries?asset=points&limit=2');
  t.match(JSON.stringify(entries.body), /fix:c1:/, 'each entry names it');
  const undone = await correct({ undo: true });
  t.match(undone.result, { posted: 5, refused: { acts: 1, codes: { ALREADY_REVERSED: 1 } } });
  t.equal(await available(server, 'cat'), 82);
  t.equal(await available(server, 'ann'), 30);
});

t.test('what cannot be put right is told by a preview, and nothing of it is posted', async (t) => {
  const server = await shop(t);
  const { ask } = server;
  const task = { programme: 'shop', event: 'CONSUME', of: 'amount', need: 60, reward: 7 };
  const definitions = [...DEFINITIONS, { kind: 'task', key: 'shop.much', document: task }];
  const asked = { from: 0, definitions, correction: 't1', within: 'desk' };
  const over = async (more: object): Promise<CorrectionJob> => {
    const { body } = await ask('POST /v1/corrections', { ...asked, ...more });
    let job: CorrectionJob | undefined;
    await until('it is over', async () => {
      ({ body: job } = await ask(`GET /v1/corrections/${body.id}`));
      return job?.state !== 'running';
    });
    return job as CorrectionJob;
  };
  const preview = await over({ preview: true });
  const uncorrected = [{ kind: 'task', key: 'shop.much', events: 6, why: /adjust/ }];
  t.match(preview, { state: 'done', result: { posted: 0, uncorrected } });
  const posted = await over({});
  t.match(posted, { state: 'failed', problem: { field: 'definitions', detail: /task shop.much/ } });
  t.equal(await available(server, 'ann'), 80, 'nothing is posted');
});

t.test('what is malformed, too many, or not permitted', async (t) => {
  const server = await shop(t);
  const { ask } = server;
  const rows: readonly [body: unknown, code: string, field: string | undefined][] = [
    [{}, 'COMMAND_INVALID', 'from'],
    [{ from: 5, to: 4 }, 'COMMAND_INVALID', 'to'],
    [{ from: 0, event: { owner: 'ann', event: 'o30' } }, 'COMMAND_INVALID', 'from'],
    [{ to: 9, event: { owner: 'ann', event: 'o30' } }, 'COMMAND_INVALID', 'to'],
    [{ event: { owner: 'ann' } }, 'COMMAND_INVALID', 'event'],
    [{ event: { owner: 'ann', event: 'none' } }, 'EVENT_NOT_FOUND', 'event.event'],
    [{ event: { owner: '@issue', event: 'o30' } }, 'COMMAND_INVALID', 'event'],
    [{ from: 0, more: 1 }, 'COMMAND_INVALID', 'more'],
    [{ from: 0, budgets: 'none' }, 'COMMAND_INVALID', 'budgets'],
    [{ from: 0, definitions: [{ kind: 'rule' }] }, 'COMMAND_INVALID', 'definitions'],
    [
      { from: 0, definitions: [{ kind: 'what', key: 'x', document: {} }] },
      'DEFINITION_KIND_UNKNOWN',
      'definitions[0].kind',
    ],
    [
      { from: 0, definitions: [{ ...DEFINITIONS[0], document: { ...CONSUME, points: 'x' } }] },
      'DEFINITION_INVALID',
      'definitions[0].document.points',
    ],
  ];
  for (const [body, code, field] of rows) {
    const { status, body: told } = await ask('POST /v1/simulations', body);
    t.match([told.code, told.field], [code, field], JSON.stringify(body));
    t.ok(status === 400 || status === 404, `${status}`);
  }
  const none = { from: 0, definitions: [], correction: 'x', within: 'gone' };
  t.match((await ask('POST /v1/corrections', none)).body, {
    code: 'DEFINITION_NOT_FOUND',
    field: 'within',
  });
  t.equal((await ask('GET /v1/simulations/none')).status, 404);
  t.equal((await ask('DELETE /v1/corrections/none')).status, 404);
  const wrong = {
    from: 0,
    definitions: [{ kind: 'rule', key: 'x', document: { ...CONSUME, event: 'NONE' } }],
  };
  const { body: begun } = await ask('POST /v1/simulations', wrong);
  t.match((await ask('POST /v1/simulations', { from: 0 })).body, { code: 'SHARD_BUSY' }, 'one');
  await until('it has failed', async () => {
    const { body } = await ask(`GET /v1/simulations/${begun.id}`);
    return body.state === 'failed' && body.problem.field === 'definitions[0].document.event';
  });
  const { body: next } = await ask('POST /v1/simulations', { from: 0 });
  t.match((await ask(`DELETE /v1/simulations/${next.id}`)).body, { state: /cancelled|done/ });
  const reader = await operator(server, ['read', 'earn', 'adjust']);
  t.equal((await ask('POST /v1/simulations', { from: 0 }, reader)).status, 403);
  const admin = await operator(server, ['admin', 'read']);
  const { body: job } = await ask(
    'POST /v1/corrections',
    { from: 0, definitions: DEFINITIONS, correction: 'c', within: 'desk' },
    admin,
  );
  await until('it is over', async () => {
    const { body } = await ask(`GET /v1/corrections/${job.id}`);
    return body.state === 'done' && body.result.refused.codes.OPERATION_FORBIDDEN === 6;
  });
});
