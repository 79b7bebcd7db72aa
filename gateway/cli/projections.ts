// `jifen projections rebuild`: projections from the log. Owns: how it is shown. Never touches: the rebuilding itself.

import { rebuildProjections } from '../../engine/index.js';
import { rebuildReports } from '../projections/rebuild.js';
import { type CliCommand, existingFolder } from './arguments.js';
import { progressShown } from './progress.js';

export const rebuild: CliCommand = {
  help: `Usage: jifen projections rebuild <folder>

Throws away what is kept beside the ledger (leaderboards, orders, the tables of
reports) and makes it anew from the log, which is not changed. A server does so by itself where its projections
are of another log; this is to be sure, or to have it done before the start.

  <folder>   a data folder that no server has open

Exit codes: 0 done; 1 it failed, e.g. because a server has the folder open;
2 wrong arguments.
`,
  options: {},
  operands: ['folder'],
  run: async ({ operands }) => {
    const folder = existingFolder(operands[0] ?? '');
    const progress = progressShown('Rebuilding');
    const onProgress = progress.tell;
    const { shards, periods } = await rebuildProjections(folder, { onProgress }).finally(
      progress.end,
    );
    for (const { shard, seq } of shards)
      process.stdout.write(`shard ${shard}: projected up to block ${seq}\n`);
    process.stdout.write(`periods of leaderboards: ${periods}\n`);
    const tables = progressShown('Tables of reports');
    const reports = await rebuildReports(folder, tables.tell).finally(tables.end);
    if (reports === undefined)
      process.stdout.write('reports: off (@duckdb/node-api is not installed)\n');
    for (const [shard, { seq }] of reports ?? [])
      process.stdout.write(`shard ${shard}: tables of reports up to block ${seq}\n`);
    return 0;
  },
};
