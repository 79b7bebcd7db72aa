// Whichever way an event comes, a refusal names the field at fault.

import t, { type Test } from 'tap';
import type { ActCommand, Command, Outcome } from '../../engine/index.js';
import { connect } from '../../gateway/client/node.js';
import { caller, token } from './callers.js';
import { linesOf } from './harness.js';
import { type Shop, shop } from './shop.js';

type Body = Readonly<Record<string, unknown>>;
/** What is refused, and which field of the act's body it is about. */
const ROWS: readonly (readonly [body: Body, code: string, field: string, detail?: RegExp])[] = [
  [
    { type: 'CONSUME', attributes: { amount: 'x' } },
    'EVENT_ATTRIBUTE_INVALID',
    'attributes.amount',
    /^attributes\.amount must be a whole number\.$/,
  ],
  [
    { type: 'CONSUME', attributes: { amount: 1, color: 'red' } },
    'EVENT_ATTRIBUTE_INVALID',
    'attributes.color',
    /^attributes\.color is not known\. Known are: amount, category, tags\.$/,
  ],
  [{ type: 'NONE' }, 'EVENT_TYPE_UNKNOWN', 'type'],
  [{ type: 'SHARE', time: 4e12 }, 'EVENT_TIME_INVALID', 'time'],
  [
    { type: 'CONSUME', attributes: { amount: 1 }, lines: [{ line: 'a', amount: 2 }] },
    'EVENT_LINES_INVALID',
    'lines',
  ],
];

/** Each of a user of its own: those of a platform may do only so much in a minute. */
let users = 0;
const owned = () => ({ owner: `u${++users}`, id: 'e' });
const command = (body: Body): ActCommand & { readonly id: string } =>
  ({
    ...{ type: 'act', act: 'event', ...owned() },
    body: { programme: 'shop', ...body },
  }) as const;

/** Events over every way there is, of somebody who shows these credentials. */
async function told(t: Test, { ask, server, key }: Shop, show?: () => Promise<string>) {
  const own = show === undefined ? { key } : { token: show };
  const client = connect({ url: server.address, ...own });
  const json = connect({
    ...{ url: server.address, ...own },
    codec: {
      subprotocol: 'jifen.json',
      encode: JSON.stringify,
      decode: (data) => JSON.parse(String(data)),
    },
  });
  t.teardown(() => client.close());
  t.teardown(() => json.close());
  const headers = show === undefined ? {} : { Authorization: '', 'X-Platform-Token': await show() };
  const bodies = ROWS.map(([body]) => body);
  const flat = () => bodies.map((body) => ({ programme: 'shop', ...owned(), ...body }));
  const packed = async (to: typeof client | typeof client.stream): Promise<unknown[]> => {
    const batch = to.batch();
    for (const body of bodies) batch.add(command(body));
    batch.add(command({ type: 'SHARE' }));
    const outcomes = await batch.submit();
    t.equal(outcomes.code(bodies.length), undefined, 'and a good one among them');
    return bodies.map((_, place) => outcomes.outcome(place));
  };
  const many = (commands: Command[]): Promise<Outcome[]> => client.stream.submitBatch(commands);
  const lines = flat().map((one) => JSON.stringify(one));
  const typed = { ...headers, 'Content-Type': 'application/x-ndjson' };
  const asked = async (path: string, all: readonly object[]): Promise<unknown[]> =>
    Promise.all(all.map(async (one) => (await ask(`POST ${path}`, one, headers)).body));
  return {
    flat: {
      one: await asked('/v1/events', flat()),
      many: (await ask('POST /v1/events', flat(), headers)).body,
      lines: linesOf((await ask('POST /v1/events', lines.join('\n'), typed)).text),
      tried: await asked('/v1/events?dryRun=true', flat()),
    },
    'body.': {
      act: await asked(
        '/v1/acts/event',
        bodies.map(command).map(({ owner, id, body }) => ({ owner, id, body })),
      ),
      stream: await many(bodies.map(command)),
      json: await json.stream.submitBatch(bodies.map(command)),
      alone: await Promise.all(bodies.map((body) => client.stream.submit(command(body)))),
      tried: await client.stream.submitBatch(bodies.map(command), { dryRun: true }),
      packed: await packed(client),
      'packed stream': await packed(client.stream),
    },
  };
}

t.test('an operator’s, and a platform’s', async (t) => {
  const served = await shop(t);
  const club = await caller(served, 'club', { assets: ['points'], operations: ['earn', 'read'] });
  for (const show of [undefined, () => token(club.id, club.secret)])
    for (const [prefix, ways] of Object.entries(await told(t, served, show)))
      for (const [way, outcomes] of Object.entries(ways as Record<string, any[]>))
        for (const [i, [, code, field, detail]] of ROWS.entries()) {
          const place = prefix === 'flat' ? field : prefix + field;
          const { detail: said, ...outcome } = outcomes[i] ?? {};
          const what = `${way} ${show === undefined ? '' : 'of a platform'}`;
          t.match(outcome, { code, field: place }, what);
          if (detail !== undefined) t.match(said, detail, what);
        }
});
