// Keys of folders: put there before the first start, gone after a restore (auth.A31, gateway/auth/secrets-key.ts).

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { backupFolder } from '../../engine/index.js';
import { type ServeOptions, type Server, startServer } from '../../gateway/serve.js';
import { Cluster } from '../cluster/harness.js';
import { temporaryFolder } from '../temporary.js';
import { bare } from './harness.js';

const SHOP = { id: 'shop', name: 'Shop', assets: ['gold'], operations: ['read'] };

const serve = (folder: string, more: Partial<ServeOptions> = {}): Promise<Server> =>
  startServer({ engine: { folder, shards: 1 }, port: 0, ...more });

const asks = (server: Server) => (request: string, body?: unknown) =>
  bare(server.address, request, body, { Authorization: `Bearer ${server.adminKey.key}` });

/** A folder with a platform, stopped. */
async function withPlatform(t: Test): Promise<string> {
  const folder = join(temporaryFolder(t), 'data');
  const server = await serve(folder);
  t.equal((await asks(server)('POST /v1/platforms', SHOP)).status, 201);
  await server.close();
  return folder;
}

t.test('a new folder may hold keys, and nothing else', async (t) => {
  const first = await withPlatform(t);
  const folder = join(temporaryFolder(t), 'data');
  mkdirSync(folder, { mode: 0o700 });
  for (const name of ['secrets.key', 'admin.key']) await cp(join(first, name), join(folder, name));
  writeFileSync(join(folder, 'notes.txt'), '');
  await t.rejects(serve(folder), /the folder holds notes\.txt/);
  rmSync(join(folder, 'notes.txt'));
  const server = await serve(folder);
  t.match(server.adminKey, { created: false, replaces: false });
  await server.close();
  for (const name of ['secrets.key', 'admin.key'])
    t.equal(readFileSync(join(folder, name), 'utf8'), readFileSync(join(first, name), 'utf8'));
});

t.test('a restored folder does not get new keys silently', async (t) => {
  const folder = await withPlatform(t);
  const copy = `${folder}-copy`;
  await backupFolder(folder, copy);
  const key = join(copy, 'secrets.key');
  for (let i = 0; i < 2; i++)
    await t.rejects(serve(copy), {
      message: `${key} is missing, and secrets of 1 platform are sealed. Put the copy of it there (mode 0600); if there is none, start once with --new-secrets-key, after which every platform needs a new secret (jifen platform rotate).`,
    });
  t.notOk(existsSync(key) || existsSync(join(copy, 'admin.key')), 'nothing was made');
  await cp(join(folder, 'secrets.key'), key);
  const restored = await serve(copy);
  t.match(restored.adminKey, { created: true, replaces: true }, 'another key: it is told');
  t.same((await asks(restored)('GET /v1/platforms')).status, 200);
  await restored.close();
  rmSync(key);
  const renewed = await serve(copy, { newSecretsKey: true });
  const ask = asks(renewed);
  t.match(await ask('POST /v1/platforms', { ...SHOP, id: 'club' }), { status: 503 });
  t.match(await ask('POST /v1/platforms/shop/rotate', {}), { status: 200 });
  t.match(await ask('POST /v1/platforms', { ...SHOP, id: 'club' }), { status: 201 });
  await renewed.close();
  const again = await serve(copy, { newSecretsKey: true });
  await again.close();
  t.notSame(readFileSync(key), readFileSync(join(folder, 'secrets.key')));
});

t.test('where nothing is sealed, a key is made', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  await (await serve(folder)).close();
  rmSync(join(folder, 'secrets.key'));
  await (await serve(folder)).close();
  t.ok(existsSync(join(folder, 'secrets.key')));
});

t.test('a node that cannot know makes none', async (t) => {
  const cluster = await Cluster.make(t);
  const node = (name: string) =>
    startServer({ engine: cluster.options(name), port: 0, onDefect: () => {} });
  const servers = { a: await node('a'), b: await node('b') };
  const home = servers.a.engine.shardOf('#platforms');
  const [other, own] = servers.a.engine.shardsHere.includes(home)
    ? (['b', 'a'] as const)
    : (['a', 'b'] as const);
  await servers.a.close();
  await servers.b.close();
  const key = join(cluster.folder(other), 'secrets.key');
  rmSync(key);
  await t.rejects(
    node(other),
    /secrets\.key is missing, and whether platforms need it cannot be read now \(SHARD_UNAVAILABLE\)/,
  );
  t.notOk(existsSync(key));
  await cp(join(cluster.folder(own), 'secrets.key'), key);
  await (await node(other)).close();
});
