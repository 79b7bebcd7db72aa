// Which folder may import what. Owns: the list of fences, those of the engine. Never touches: sources (sources.ts), what is done with it (fence.test.ts,
// readmes.test.ts).

import { type Fence, GATEWAY_FENCES } from './gateway-fences.js';

export type { Fence } from './gateway-fences.js';

const LIMITS = 'engine/limits';
const PROTOCOL = 'engine/protocol/';
const RING = 'engine/ring/';

// The longest `under` that fits is the one that holds.
export const FENCES: readonly Fence[] = [
  { under: LIMITS, may: [] },
  { under: PROTOCOL, may: [LIMITS, 'msgpackr'] },
  { under: 'engine/protocol/caused-id', may: [PROTOCOL, 'node:crypto'] },
  { under: 'engine/protocol/digest', may: ['node:crypto'] },
  { under: 'engine/protocol/keyed-digest', may: ['node:crypto'] },
  // Two folders of one pure layer: what a shard does by itself, and with others.
  { under: 'engine/ledger/', may: [PROTOCOL, LIMITS, 'engine/programme/', 'engine/transfer/'] },
  { under: 'engine/transfer/', may: [PROTOCOL, LIMITS, 'engine/ledger/', 'engine/programme/'] },
  { under: 'engine/transfer/open/', may: [PROTOCOL, LIMITS, 'engine/transfer/carried'] },
  { under: 'engine/programme/', may: [PROTOCOL, LIMITS, 'engine/ledger/calendar'] },
  { under: 'engine/programme/cel', may: [LIMITS, '@marcbachmann/cel-js'] },
  { under: 'engine/programme/definitions/', may: [PROTOCOL, LIMITS, 'engine/programme/cel'] },
  {
    under: 'engine/store/',
    may: [PROTOCOL, LIMITS, 'lmdb', 'node:'],
    types: ['engine/ledger/', 'engine/bus/'],
  },
  {
    under: 'engine/store/segment/',
    may: [
      ...[PROTOCOL, LIMITS, 'engine/store/errors', 'engine/store/record', 'engine/store/sync'],
      ...['engine/store/verified-block', 'node:'],
    ],
  },
  {
    under: 'engine/sealing/',
    may: [LIMITS, 'engine/shard/crash-points', 'engine/store/', 'engine/thread', 'node:'],
    types: ['engine/router/', 'engine/shard/messages'],
  },
  { under: 'engine/record/', may: [PROTOCOL, LIMITS, 'engine/store/', 'pg', 'node:'] },
  {
    under: 'engine/failover/',
    may: [
      ...[PROTOCOL, LIMITS, 'engine/ledger/', 'engine/record/', 'engine/shard/', 'engine/store/'],
      ...['engine/transfer/', 'node:'],
    ],
  },
  { under: RING, may: [] },
  { under: 'engine/bus/', may: [PROTOCOL, LIMITS, RING, 'nats', 'node:'] },
  {
    under: 'engine/cluster/',
    may: [PROTOCOL, LIMITS, 'engine/bus/', 'engine/shard/messages', 'msgpackr', 'node:'],
  },
  {
    under: 'engine/audit/',
    may: [
      ...[PROTOCOL, LIMITS, 'engine/ledger/', 'engine/programme/', 'engine/receipts/'],
      ...['engine/shard/', 'engine/store/', 'engine/transfer/', 'node:'],
    ],
  },
  {
    under: 'engine/simulation/',
    may: [
      ...[PROTOCOL, LIMITS, 'engine/ledger/', 'engine/programme/', 'engine/reference/zones'],
      ...['engine/shard/', 'engine/store/', 'engine/thread', 'engine/transfer/', 'node:'],
    ],
  },
  { under: 'engine/trail/', may: [PROTOCOL, LIMITS, 'engine/store/', 'node:'] },
  {
    under: 'engine/vault/',
    may: [PROTOCOL, LIMITS, 'engine/store/', 'engine/trail/sealing', 'node:'],
    types: ['engine/cluster/', 'lmdb'],
  },
  {
    under: 'engine/shard/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/bus/',
      'engine/ledger/',
      'engine/programme/definitions/',
      'engine/programme/member-state',
      'engine/programme/plan',
      'engine/programme/seeds',
      'engine/record/',
      RING,
      'engine/store/',
      'engine/trail/',
      'engine/transfer/',
      'node:',
    ],
  },
  {
    under: 'engine/router/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/api',
      'engine/cluster/',
      'engine/programme/',
      'engine/projections/leaderboards',
      'engine/projections/order-list',
      'engine/projections/register-list',
      'engine/reads/',
      'engine/receipts/receipts',
      'engine/reference/',
      RING,
      'engine/shard/frames',
      'engine/shard/messages',
      'engine/store/',
      'engine/thread',
      'engine/transfer/',
      'hyperid',
      'node:',
    ],
  },
  {
    under: 'engine/projections/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/programme/definitions/',
      'engine/programme/earning/counts',
      'engine/programme/earning/order',
      'engine/programme/leaderboards/',
      'engine/programme/mall/',
      'engine/programme/outside/process',
      'engine/programme/plan',
      'engine/receipts/',
      'engine/risk/risk',
      'engine/store/',
      'lmdb',
      'node:',
    ],
    types: ['engine/api', 'engine/cluster/', 'engine/programme/act', 'engine/router/'],
  },
  {
    under: 'engine/risk/',
    may: [
      ...[PROTOCOL, LIMITS, 'engine/programme/cel', 'engine/programme/definitions/'],
      ...['engine/store/', 'engine/trail/', 'node:'],
    ],
    types: ['engine/cluster/', 'engine/router/'],
  },
  {
    under: 'engine/receipts/',
    may: [
      ...[PROTOCOL, LIMITS, 'engine/projections/', 'engine/shard/blocks', 'engine/shard/history'],
      ...['engine/store/', 'node:'],
    ],
    types: ['engine/cluster/', 'engine/router/', 'engine/shard/messages'],
  },
  {
    under: 'engine/recount/',
    may: [PROTOCOL, LIMITS, 'engine/store/', 'engine/transfer/open/places', 'node:'],
    types: ['engine/router/', 'engine/shard/messages'],
  },
  {
    under: 'engine/reads/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/cluster/',
      'engine/programme/',
      'engine/shard/messages',
      'engine/store/',
      'engine/thread',
      'node:',
    ],
    types: ['engine/api', 'engine/router/', 'engine/shard/', 'engine/trail/'],
  },
  {
    under: 'engine/reference/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/cluster/',
      'engine/programme/definitions/',
      'engine/shard/messages',
    ],
    types: ['engine/api', 'engine/router/'],
  },
  {
    under: 'engine/live/',
    may: [
      PROTOCOL,
      LIMITS,
      'engine/cluster/',
      'engine/reads/',
      'engine/router/',
      'engine/shard/history',
      'engine/store/',
    ],
    types: ['engine/api'],
  },
  ...GATEWAY_FENCES,
];

/** The fence that holds for a path; undefined: none does. */
export const fenceOf = (path: string): Fence | undefined =>
  FENCES.filter(({ under }) => path.startsWith(under)).sort(
    (a, b) => b.under.length - a.under.length,
  )[0];
