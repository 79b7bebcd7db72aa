// Who asked, over nodes: a command that another node's shard carries out is sealed and logged there, and told by whichever is asked.

import { readdirSync } from 'node:fs';
import t from 'tap';
import { type AuditRecord, type Engine, OPERATIONS } from '../../engine/index.js';
import { auditKeysPath } from '../../engine/trail/keys.js';
import { blocksOf } from '../transfer/older-folder.js';
import { Cluster } from './harness.js';

const AUDIT = { address: '203.0.113.9', agent: 'till/7', traceId: 'ab'.repeat(16) };
const KEY = { operations: new Set(OPERATIONS), principal: 'key:ops' };

async function all(engine: Engine, limit: number): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await engine.as(KEY).audit({ limit, cursor });
    if (!page.ok) throw new Error(page.code);
    records.push(...page.records);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return records;
}

t.test('commands for the shards of two nodes, asked of one', async (t) => {
  const cluster = await Cluster.make(t);
  const engines = await Promise.all([cluster.node('a'), cluster.node('b')]);
  const [a, b] = engines as [Engine, Engine];
  const definition = { type: 'define-asset', asset: 'gold', scale: 0 } as const;
  // The first shard is another node's.
  t.match(await b.as(KEY).submit(definition, { audit: AUDIT }), { ok: true });
  const commands = Array.from({ length: 24 }, (_, n) => ({
    type: 'transfer' as const,
    id: `T${n}`,
    legs: [{ from: '@issue', to: `user-${n}`, asset: 'gold', amount: 5 }],
  }));
  for (const outcome of await a.as(KEY).submitBatch(commands, { audit: AUDIT }))
    t.match(outcome, { ok: true, replayed: false });
  const again = await b.as(KEY).submitBatch(commands, { audit: { ...AUDIT, address: '::1' } });
  t.ok(
    again.every(({ ok, replayed }) => ok && replayed),
    'from elsewhere it is a repeat',
  );
  t.match(await b.submit({ ...commands[0]!, id: 'unnamed' }), { ok: true });

  for (const engine of [a, b])
    for (const limit of [3, 500]) {
      const records = await all(engine, limit);
      const named = records.map(({ id, operation }) => id ?? operation).sort();
      t.strictSame(named, [...commands.map(({ id }) => id), 'define-asset'].sort());
      for (const record of records) t.match(record, { principal: 'key:ops', ...AUDIT });
      t.equal(new Set(records.map(({ shard }) => shard)).size, 4, 'of all shards');
    }
  const denied = { operations: new Set(['read'] as const) };
  t.match(await a.as(denied).audit(), { code: 'OPERATION_FORBIDDEN' });
  await cluster.verify(t);
  for (const [node, shards] of [
    ['a', [0, 2]],
    ['b', [1, 3]],
  ] as const) {
    t.equal(readdirSync(auditKeysPath(cluster.folder(node))).length, 1, 'each has keys of its own');
    for (const shard of shards) {
      const text = Buffer.concat(await blocksOf(cluster.folder(node), shard)).toString('latin1');
      t.notOk(text.includes(AUDIT.address) || text.includes(AUDIT.agent), 'sealed');
    }
  }
});
