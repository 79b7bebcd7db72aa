// Commands that two people agree on, over HTTP: who may be the second, what is carried out and how often, of two who decide at once.

import t, { type Test } from 'tap';
import { limits } from '../../engine/index.js';
import { until } from '../until.js';
import { operator } from './callers.js';
import { bare, type Gateway, gateway, type Headers } from './harness.js';
import { operatorIn } from './operating.js';
import { CHEAP } from './signing-in.js';

const FREEZE = { type: 'freeze-account', owner: 'ann', asset: 'gold', reason: 'a stolen phone' };
const earned = (id: string) => ({
  id,
  legs: [{ from: '@issue', to: 'ann', asset: 'gold', amount: 50 }],
});

/** More than is kept of one command. */
const LONG = Array.from({ length: limits.LEGS_MAX }, (_, n) => ({
  ...{ from: `f${n}`.padEnd(limits.OWNER_LENGTH_MAX, 'x') },
  ...{ to: `${n}`.padEnd(limits.OWNER_LENGTH_MAX, 'x') },
  ...{ asset: 'g'.repeat(limits.ASSET_LENGTH_MAX), amount: limits.AMOUNT_MAX },
}));

async function opened(
  t: Test,
  limits = {},
): Promise<Gateway & { later(ms: number): Promise<void> }> {
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const server = await gateway(t, {
    assets: ['gold'],
    engine: { folder: '', shards: 2, clockOffset },
    limits,
  });
  const { ask } = server;
  await ask('POST /v1/transfers', earned('T'));
  const later = async (ms: number): Promise<void> => {
    clock[0] = (clock[0] ?? 0) + ms;
    await until('the clock is taken for right', async () => {
      await ask('POST /v1/admin/accept-clock');
      return (await ask('GET /v1/accounts/ann')).status === 200;
    });
  };
  return { ...server, later };
}

const isFrozen = async ({ ask }: Gateway): Promise<boolean> =>
  (await ask('GET /v1/accounts/ann')).body.accounts[0].frozen;

t.test('one proposes, another one agrees: it is done once, by who may', async (t) => {
  const server = await opened(t);
  const { ask } = server;
  const [one, two, reader] = await Promise.all([
    operator(server, ['read', 'freeze', 'correct']),
    operator(server, ['read', 'freeze']),
    operator(server, ['read', 'view']),
  ]);
  const propose = (body: object, who: Headers) => ask('POST /v1/proposals', body, who);
  const agree = (id: string, who: Headers) => ask(`POST /v1/proposals/${id}/agree`, {}, who);
  const reject = (id: string, who: Headers, body = {}) =>
    ask(`POST /v1/proposals/${id}/reject`, body, who);
  const frozen = { id: 'P1', command: FREEZE, reason: 'they called' };

  t.match(await propose(frozen, reader), { status: 403, body: { code: 'OPERATION_FORBIDDEN' } });
  const made = await propose(frozen, one);
  t.match(made, { status: 201, body: { id: 'P1', state: 'open', by: /^key:/ } });
  t.same((await propose(frozen, one)).body, made.body, 'again: the same');
  t.match(await propose({ ...frozen, reason: 'other' }, one), { body: { code: 'ID_REUSED' } });
  t.match(await propose(frozen, two), { body: { code: 'ID_REUSED' } }, 'somebody else’s');
  t.equal(await isFrozen(server), false, 'nothing is done yet');

  t.match(await agree('P1', one), { status: 403, body: { code: 'APPROVAL_REQUIRED' } });
  t.match(await agree('P1', reader), { status: 403, body: { code: 'OPERATION_FORBIDDEN' } });
  t.match(await reject('P1', reader), { status: 403, body: { code: 'OPERATION_FORBIDDEN' } });
  t.match(await agree('none', two), { status: 404, body: { code: 'PROPOSAL_NOT_FOUND' } });
  const both = await Promise.all([agree('P1', two), reject('P1', one)]);
  t.equal(both.filter(({ status }) => status === 200).length, 1, 'of two at once one decides');
  const { body: after } = await ask('GET /v1/proposals/P1', undefined, reader);
  t.equal(await isFrozen(server), after.state === 'agreed');

  // Whichever won; another one, and another one, to the end.
  await ask('POST /v1/accounts/ann/assets/gold/unfreeze');
  await propose({ ...frozen, id: 'P2' }, one);
  t.match(await agree('P2', two), {
    status: 200,
    body: { state: 'agreed', outcome: 'ok', second: { by: /^key:/ } },
  });
  t.equal(await isFrozen(server), true);
  t.match(await ask('GET /v1/proposals/P2'), { body: { state: 'agreed', outcome: 'ok' } });
  await ask('POST /v1/accounts/ann/assets/gold/unfreeze');
  t.match(await agree('P2', two), { status: 200, body: { outcome: 'ok' } }, 'told again');
  t.equal(await isFrozen(server), false, 'and not done again');
  t.match(await agree('P2', { Authorization: `Bearer ${server.key}` }), {
    body: { code: 'PROPOSAL_OVER' },
  });
  t.match(await reject('P2', one), { body: { code: 'PROPOSAL_OVER' } });

  // What cannot be done cannot be proposed; what one may not do, neither.
  const reverse = { type: 'reverse', owner: 'ann', transferId: 'T', amount: 51 };
  const reversal = { command: reverse, reason: 'a mistake' };
  t.match(await propose(reversal, one), {
    body: { code: 'REVERSAL_EXCEEDS_REMAINING' },
  });
  const part = { ...reversal, id: 'P3', command: { ...reverse, amount: 20 } };
  t.match(await propose(part, two), { body: { code: 'OPERATION_FORBIDDEN' } });
  await propose(part, one);
  t.match(await agree('P3', two), { body: { code: 'OPERATION_FORBIDDEN' } });
  t.match(await agree('P3', { Authorization: `Bearer ${server.key}` }), {
    body: { outcome: 'ok', second: { by: 'administrator' } },
  });
  t.match((await ask('GET /v1/accounts/ann')).body, { accounts: [{ available: 30 }] });
  // The audit trail says of both.
  const { records } = (await ask('GET /v1/audit?owner=ann&operation=reverse')).body;
  t.match(records, [{ id: 'P3', principal: 'administrator', outcome: 'ok' }]);

  await propose({ ...frozen, id: 'P4' }, one);
  t.match(await reject('P4', two, { reason: 'no need' }), {
    status: 200,
    body: { state: 'rejected', second: { reason: 'no need' } },
  });
  t.match(await agree('P4', two), { body: { code: 'PROPOSAL_OVER' } });
  const all = (await ask('GET /v1/proposals', undefined, reader)).body.proposals;
  t.same(
    all.map(({ id }: { id: string }) => id),
    ['P4', 'P3', 'P2', 'P1'],
  );
  const rejected = (await ask('GET /v1/proposals?state=rejected')).body.proposals;
  t.match(rejected[0], { id: 'P4' });
});

t.test('what is malformed names its field', async (t) => {
  const { ask } = await opened(t);
  const refused = async (body: unknown) => {
    const { body: told } = await ask('POST /v1/proposals', body);
    return `${told.code} ${told.field}`;
  };
  const reason = 'x';
  const cases: readonly (readonly [unknown, string])[] = [
    [{ command: FREEZE }, 'COMMAND_INVALID reason'],
    [{ command: FREEZE, reason: '' }, 'COMMAND_INVALID reason'],
    [{ reason }, 'COMMAND_INVALID command'],
    [{ reason, command: {} }, 'COMMAND_INVALID command'],
    [{ reason, command: { type: 'put-record' } }, 'COMMAND_INVALID command'],
    [{ reason, command: { ...FREEZE, id: 'x' } }, 'COMMAND_INVALID command'],
    [{ reason, command: { ...FREEZE, amount: 1 } }, 'COMMAND_INVALID command'],
    [{ reason, command: { ...FREEZE, owner: '#keys' } }, 'COMMAND_INVALID command'],
    [{ reason, command: { ...FREEZE, asset: 'none' } }, 'ASSET_UNKNOWN command'],
    [{ reason, command: FREEZE, more: 1 }, 'COMMAND_INVALID more'],
    [{ reason, command: { type: 'transfer', legs: LONG } }, 'COMMAND_INVALID command'],
  ];
  for (const [body, wanted] of cases) t.equal(await refused(body), wanted, JSON.stringify(body));
  const named = { 'Idempotency-Key': 'a b' };
  t.match((await ask('POST /v1/proposals', { reason, command: FREEZE }, named)).body, {
    ...{ code: 'ID_INVALID', field: 'Idempotency-Key' },
  });
  // What no proposal can be known by is the name of none.
  for (const id of ['%20', '%00', '\u00e9', '$x', 'x'.repeat(65)])
    for (const what of ['GET /v1/proposals/?', 'POST /v1/proposals/?/agree'])
      t.match(await ask(what.replace('?', id)), { status: 404 }, `${what} ${id}`);
});

t.test('after its time nobody agrees', async (t) => {
  const server = await opened(t);
  const { ask } = server;
  const one = await operator(server, ['read', 'freeze']);
  await ask('POST /v1/proposals', { id: 'P', command: FREEZE, reason: 'x' }, one);
  await server.later(7 * limits.DAY_MS);
  t.match(await ask('POST /v1/proposals/P/agree'), { body: { code: 'PROPOSAL_OVER' } });
  t.equal(await isFrozen(server), false);
});

t.test('two are two persons, who may both do it when it is done', async (t) => {
  const server = await opened(t, CHEAP);
  const { ask } = server;
  const { address } = server.server;
  const [boss, clerk] = await Promise.all([
    operatorIn(server, 'boss', ['administrator']),
    operatorIn(server, 'clerk', ['support']),
  ]);
  const by = (who: Headers, request: string, body: object = {}) =>
    bare(address, request, body, who);
  const issued = async (who: Headers): Promise<Headers & { readonly id: string }> => {
    const key = { name: 'k', operations: ['read', 'freeze', 'admin', 'adjust', 'read-audit'] };
    const made = await by(who, 'POST /v1/keys', key);
    return { Authorization: `Bearer ${made.body.key}`, id: made.body.id };
  };
  const own = await boss.token();
  const [first, second] = [await issued(own), await issued(own)];
  const third = await issued(first);
  const [theirs, others] = [
    await issued({ Authorization: `Bearer ${server.key}` }),
    await clerk.token(),
  ];
  const kin = await issued(theirs);
  const { keys } = (await ask('GET /v1/keys')).body;
  const issuer = (id: string) => keys.find((one: { id: string }) => one.id === id).issuedBy;
  t.same(
    [first, third, theirs, kin].map(({ id }) => issuer(id)),
    ['operator:boss', 'operator:boss', 'administrator', `key:${theirs.id}`],
  );
  const code = async (answer: Promise<{ status: number; body: any }>): Promise<string> => {
    const { status, body } = await answer;
    return status < 300 ? body.state : body.code;
  };
  const persons: readonly (readonly [string, Headers, string])[] = [
    ['boss', own, 'APPROVAL_REQUIRED'],
    ['a key of boss', first, 'APPROVAL_REQUIRED'],
    ['another one', second, 'APPROVAL_REQUIRED'],
    ['a key that this key has made', third, 'APPROVAL_REQUIRED'],
    ['a key that the administrator gave to somebody', theirs, 'agreed'],
    ['another operator', others, 'agreed'],
  ];
  let n = 0;
  for (const [name, who, wanted] of persons)
    for (const proposer of [own, third]) {
      const id = `P${n++}`;
      await by(proposer, 'POST /v1/proposals', { id, command: FREEZE, reason: 'x' });
      t.equal(await code(by(who, `POST /v1/proposals/${id}/agree`)), wanted, name);
      await ask('POST /v1/accounts/ann/assets/gold/unfreeze');
    }
  await by(theirs, 'POST /v1/proposals', { id: 'K', command: FREEZE, reason: 'x' });
  t.equal(await code(by(kin, 'POST /v1/proposals/K/agree')), 'APPROVAL_REQUIRED');
  // The same of what the ledger itself takes two for; the trail says by which key.
  const document = { asset: 'gold', mostUp: 100, mostDown: 100, secondFrom: 1 };
  await ask('PUT /v1/definitions/correction/goodwill', { state: 'active', document });
  await server.later(11_000);
  const give = { correction: 'goodwill', give: 10, reason: 'sorry', operator: 'x', case: 'C1' };
  let tries = 0;
  const adjust = (id: string, who: Headers) =>
    by(who, 'POST /v1/acts/adjust', { owner: 'ann', id, body: give });
  await until('it decides', async () => (await adjust(`A1-${tries++}`, first)).status < 300);
  t.match(await adjust('A2', own), { body: { code: 'APPROVAL_REQUIRED' } });
  t.match(await adjust('A3', second), { body: { code: 'APPROVAL_REQUIRED' } });
  t.equal((await adjust('A4', theirs)).status < 300, true);
  const { records } = (await ask('GET /v1/audit?owner=ann&act=adjust')).body;
  const principals = new Map(records.map((one: any) => [one.id, one.principal]));
  t.equal(principals.get(`A1-${tries - 1}`), `key:${first.id}`);

  // Who has proposed it may not do it any more.
  const propose = async (id: string, who: Headers) =>
    t.equal(
      (await by(who, 'POST /v1/proposals', { id, command: FREEZE, reason: 'x' })).status,
      201,
    );
  const agreed = (id: string) => code(by(theirs, `POST /v1/proposals/${id}/agree`));
  await propose('D1', others);
  await ask('PUT /v1/operators/clerk', { roles: ['viewer'] });
  t.equal(await agreed('D1'), 'PROPOSAL_OVER', 'the role was taken away');
  await ask('PUT /v1/operators/clerk', { roles: ['support'] });
  await propose('D2', await clerk.token());
  const waits = async () =>
    (await ask('GET /v1/approvals?type=adjustment')).body.approvals.map(({ case: of }: any) => of);
  const two = { ...give, case: 'C2' };
  const asked = { owner: 'ann', id: 'W1', body: two };
  t.equal((await by(await clerk.token(), 'POST /v1/acts/adjust', asked)).status, 201);
  const others2 = { ...asked, id: 'W2', body: { ...give, case: 'C3' } };
  t.equal((await by(first, 'POST /v1/acts/adjust', others2)).status, 201);
  t.same((await waits()).sort(), ['C2', 'C3']);
  await ask('PUT /v1/operators/clerk', { disabled: true });
  t.match((await ask('GET /v1/proposals/D2')).body, {
    ...{ state: 'rejected', second: { by: 'administrator' } },
  });
  t.same(await waits(), ['C3'], 'what the operator has proposed waits no more');
  t.match(
    await by(theirs, 'POST /v1/acts/adjust', {
      ...asked,
      id: 'W3',
      body: { ...two, agrees: true },
    }),
    { body: { code: 'PROPOSAL_DIFFERS' } },
  );
  await ask('PUT /v1/operators/clerk', { disabled: false });
  t.equal(await agreed('D2'), 'PROPOSAL_OVER', 'the operator was disabled meanwhile');
  await clerk.signIn('clerk');
  await propose('D3', await clerk.token());
  await ask('DELETE /v1/operators/clerk');
  await operatorIn(server, 'clerk', ['support']);
  t.equal(await agreed('D3'), 'PROPOSAL_OVER', 'the one of that name is another one');
  const gone = await issued({ Authorization: `Bearer ${server.key}` });
  await propose('D4', gone);
  await ask(`POST /v1/keys/${gone.id}/revoke`);
  t.equal(await agreed('D4'), 'PROPOSAL_OVER', 'the key was revoked');
  t.equal(await isFrozen(server), false);
});
