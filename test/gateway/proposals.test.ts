// Commands that two people agree on, over HTTP: who may be the second, what is carried out and how often, of two who decide at once.

import t, { type Test } from 'tap';
import { limits } from '../../engine/index.js';
import { until } from '../until.js';
import { operator } from './callers.js';
import { type Gateway, gateway, type Headers } from './harness.js';

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

async function opened(t: Test): Promise<Gateway & { later(ms: number): Promise<void> }> {
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const server = await gateway(t, {
    assets: ['gold'],
    engine: { folder: '', shards: 2, clockOffset },
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
