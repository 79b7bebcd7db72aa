// Which peers there are. To add one: a file that fills the interface in peer.ts, and a line here.

import type { Tigerbeetle } from '../harness.js';
import { jifenEngine } from './jifen-engine.js';
import { jifenHttp } from './jifen-http.js';
import { jifenWs } from './jifen-ws.js';
import { mariadbRedis } from './mariadb-redis.js';
import type { Peer } from './peer.js';
import { postgresql } from './postgresql.js';
import { redisAlways, redisEverysec } from './redis.js';
import { tigerbeetlePeer } from './tigerbeetle.js';

/** All peers, in the order in which they are measured: those that others are compared with come first. */
export const PEERS: readonly Peer[] = [
  postgresql,
  mariadbRedis,
  redisAlways,
  redisEverysec,
  jifenHttp,
  jifenWs,
  jifenEngine,
];

/** All peers, and TigerBeetle where its program is at hand. */
export function peersOf(tigerbeetle: Tigerbeetle | undefined): readonly Peer[] {
  return tigerbeetle === undefined ? PEERS : [...PEERS, tigerbeetlePeer(tigerbeetle)];
}
