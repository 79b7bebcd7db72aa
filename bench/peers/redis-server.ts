// A Redis server for a peer. Owns: its process and settings.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../test/fixtures/nats-server.js';
import { needProgram, type Program } from '../programs.js';
import { ServerProcess } from '../server-process.js';

/** The server's program. */
export const REDIS_SERVER: Program = { name: 'redis-server', debianPackage: 'redis-server' };

/** Its append-only file is synced before every answer, once a second, or there is none. */
export type AppendSync = 'always' | 'everysec' | 'none';

/** Starts one in a folder below `folder`. */
export async function startRedis(
  folder: string,
  sync: AppendSync,
): Promise<{ server: ServerProcess; connect: () => Promise<Redis> }> {
  const own = join(folder, 'redis');
  mkdirSync(own);
  const port = await freePort();
  const append =
    sync === 'none' ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--appendfsync', sync];
  const server = await ServerProcess.start({
    program: needProgram(REDIS_SERVER),
    args: ['--bind', '127.0.0.1', '--port', String(port), '--dir', own, '--save', '', ...append],
    log: join(folder, 'redis.log'),
    readyText: 'Ready to accept connections',
  });
  const connect = async (): Promise<Redis> => {
    const client = new Redis({
      host: '127.0.0.1',
      port,
      lazyConnect: true,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
    });
    // The call that the failure belongs to is rejected; without a listener it would be printed as well.
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  return { server, connect };
}
