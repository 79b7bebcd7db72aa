// What the routes of operation, and of pages, say of themselves, and the calls that are no routes. Owns: their texts. Never
// touches: what they do.

import { NoBody } from './access.js';
import { strict } from './commands.js';
import { type Description, OWNERS, PLATFORMS, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import { AssetCode, Count, NAME, User } from './words.js';

const { Optional } = Type;

const Readiness = answer('Readiness', {
  ready: Type.Boolean(),
  reasons: Type.Array(Type.String(), { description: 'What is at fault.' }),
});

export const BackupBody = strict(
  { to: Type.String({ description: 'The absolute path of a new folder.' }) },
  { [NAME]: 'Backup' },
);
export const backupDescription: Description = {
  tag: 'operations',
  summary: 'Copy the open folder.',
  body: BackupBody,
  answers: {
    201: {
      summary: 'The copy is complete and durable.',
      schema: answer('BackedUp', {
        to: Type.String(),
        shards: Type.Array(Count, { description: 'The shards in the folder.' }),
        seqs: Type.Array(Count, { description: 'The last block copied of each of them.' }),
      }),
    },
  },
  refusals: [],
};
export const acceptClockDescription: Description = {
  tag: 'operations',
  summary: 'Your word that the clock is right although it has jumped.',
  body: NoBody,
  answers: { 200: { summary: 'Taken.', schema: Readiness } },
  refusals: [],
};
export const healthDescription: Description = {
  tag: 'operations',
  summary: 'Does the process answer?',
  answers: { 200: { summary: 'Yes.', schema: answer('Health', { status: Type.Literal('ok') }) } },
  refusals: [],
};
export const readyDescription: Description = {
  tag: 'operations',
  summary: 'Is it ready for requests?',
  answers: {
    200: { summary: 'Yes.', schema: Readiness },
    503: { summary: 'No: why not.', schema: Readiness },
  },
  refusals: [],
};
export const metricsDescription: Description = {
  tag: 'operations',
  summary: 'Figures for Prometheus.',
  answers: { 200: { summary: 'The figures.', type: 'text/plain' } },
  refusals: [],
};

export const documentDescription: Description = {
  tag: 'pages',
  summary: 'This document.',
  answers: { 200: { summary: 'OpenAPI 3.1.', schema: Type.Object({ openapi: Type.String() }) } },
  refusals: [],
};
/** A page for people. */
export const pageDescription = (summary: string): Description => ({
  tag: 'pages',
  summary,
  answers: { 200: { summary: 'HTML.', type: 'text/html' } },
  refusals: [],
});
/** A file that a page loads. */
export const partDescription = (type: string): Description => ({
  tag: 'pages',
  summary: 'A part of a page.',
  answers: { 200: { summary: 'The file.', type } },
  refusals: [],
  isPart: true,
});

const Ticket = Optional(Type.String({ description: 'In place of an Authorization header.' }));
export const SocketQuery = Type.Object({ ticket: Ticket });
/** `GET /v1/stream`, before it is a WebSocket. */
export const socketDescription: Description = {
  tag: 'streams',
  summary: 'A WebSocket: balances, feeds, commands in batches.',
  details:
    'Subprotocols `jifen.json` and `jifen.msgpack`. Without credentials in its headers, the first message shows the key, ' +
    'ticket or token. A signature that opens one counts once. A new token, or the use of a signature, is judged when it is ' +
    'open: `ready`, or it is closed with 4401 or 4403 and the code of the refusal (1013: try again later).',
  query: SocketQuery,
  answers: { 101: { summary: 'It is a WebSocket now.' } },
  shows: ['key', 'platform', 'ticket', 'first message'],
  refusals: [
    ...SHARDS,
    'UNAUTHORIZED',
    ...PLATFORMS,
    'ROUTE_NOT_FOUND',
    'UPGRADE_REQUIRED',
    'ORIGIN_FORBIDDEN',
    'SUBPROTOCOL_UNSUPPORTED',
    'CONNECTIONS_LIMIT',
    'CLOSING',
  ],
};
export const EventsQuery = Type.Object({
  owner: User,
  asset: Optional(AssetCode),
  ticket: Ticket,
  lastEventId: Optional(Type.String({ description: 'In place of a Last-Event-ID header.' })),
});
/** `GET /v1/stream/sse`. */
export const eventsDescription: Description = {
  tag: 'streams',
  summary: 'Balances as they change, as server-sent events.',
  details:
    'A request that accepts `text/event-stream`, as those of browsers do, is never answered 503 or 429: it gets 200 with an ' +
    'event `refused` and `retry`, and comes back by itself.',
  query: EventsQuery,
  answers: { 200: { summary: 'Events.', type: 'text/event-stream' } },
  shows: ['key', 'platform', 'ticket'],
  refusals: [
    ...SHARDS,
    ...OWNERS,
    'UNAUTHORIZED',
    ...PLATFORMS,
    'OPERATION_FORBIDDEN',
    'ASSET_FORBIDDEN',
    'STREAM_FORBIDDEN',
    'SYSTEM_OWNER',
    'ASSET_INVALID',
    'CURSOR_INVALID',
    'POSITION_AHEAD',
    'CONNECTIONS_LIMIT',
    'CLOSING',
  ],
};
