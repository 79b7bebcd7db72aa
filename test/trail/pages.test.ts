// Pages of the audit trail over shards that each look at as much as they like: every record once, the newest first.

import t from 'tap';
import { EVERYTHING } from '../../engine/protocol/grants.js';
import type { AuditRecord } from '../../engine/protocol/outcomes.js';
import { Audits } from '../../engine/reads/audits.js';
import type { Histories } from '../../engine/reads/histories.js';
import type { Router } from '../../engine/router/router.js';
import type { AuditRead, AuditStretch } from '../../engine/trail/page.js';
import { Random } from '../random.js';

const SHARDS = 3;

const isBefore = ({ seq, index }: AuditRecord, before: AuditRead['before']): boolean =>
  seq < before.seq || (seq === before.seq && index < before.index);

t.test('whatever a shard looks at before it stops', async (t) => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed);
    const times = 1 + random.int(60);
    const trails = Array.from({ length: SHARDS }, (_, shard) => {
      const blocks = Array.from({ length: random.int(12) }, () => random.int(times));
      blocks.sort((a, b) => a - b);
      return blocks.flatMap((time, seq) =>
        Array.from({ length: random.int(4) }, (_, index): AuditRecord => {
          const place = { shard, seq: seq + 1, index, time };
          return { ...place, principal: 'p', operation: 'transfer', outcome: 'ok', command: {} };
        }),
      );
    });
    const read = async ({ shard, read }: { shard: number; read: AuditRead }) => {
      const left = trails[shard]!.filter((one) => isBefore(one, read.before)).reverse();
      const looked = random.chance(0.5) ? left.length : random.int(left.length + 1);
      const records = left.slice(0, Math.min(looked, read.limit));
      const last = records.at(-1);
      const { before } = read;
      const stretch: AuditStretch =
        records.length === left.length
          ? { records, began: before, reached: Number.NEGATIVE_INFINITY }
          : {
              ...{ records, began: before },
              next: last === undefined ? before : { seq: last.seq, index: last.index },
              reached: last === undefined ? (left[0]?.time ?? 0) : last.time,
            };
      return stretch;
    };
    const router = { folder: { shards: SHARDS, here: [0, 1, 2], path: '' } } as unknown as Router;
    const histories = { read } as unknown as Histories;
    const source = { auditDays: 90, clockOffset: undefined };
    const audits = new Audits(router, undefined, histories, source);
    const found: AuditRecord[] = [];
    const limit = 1 + random.int(9);
    let cursor: string | undefined;
    do {
      const page = await audits.page({ limit, cursor }, EVERYTHING);
      if (!page.ok) throw new Error(page.code);
      found.push(...page.records);
      cursor = page.cursor;
    } while (cursor !== undefined);
    const all = trails.flat();
    const placeOf = ({ shard, seq, index }: AuditRecord) => `${shard} ${seq} ${index}`;
    const isWhole = new Set(found.map(placeOf)).size === all.length && found.length === all.length;
    const isInOrder = found.every((one, i) => i === 0 || found[i - 1]!.time >= one.time);
    if (!isWhole || !isInOrder) t.fail(`seed ${seed}: ${found.length} of ${all.length}`);
  }
});
