// The process of one run: carries out the order in its argument, sends the result, ends.
// Owns: nothing but the run. Never touches: other runs.
//   K1. When the process that ordered the run ends, by whatever way, this one ends, too, and what it has started with it:
//       by its own exit, as a kill would leave the servers.

import { rmSync } from 'node:fs';
import type { RunOrder } from './harness.js';
import { loadBench } from './registry.js';

const order = JSON.parse(process.argv[2] ?? '') as RunOrder;
const giveUp = (): void => process.exit(1);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, giveUp);
process.once('disconnect', giveUp);
process.once('exit', (code) => {
  if (code !== 0) rmSync(order.folder, { recursive: true, force: true, maxRetries: 5 });
});

const bench = await loadBench(order.bench);
const plan = bench.figures(order.options).find(({ name }) => name === order.figure);
if (plan === undefined) throw new Error(`no figure ${order.figure}`);
const run = await plan.run({
  options: order.options,
  round: order.round,
  folder: order.folder,
  progress: (line) => process.stderr.write(`        ${order.figure}  ${line}\n`),
});
process.removeListener('disconnect', giveUp);
process.send?.(run, () => process.disconnect?.());
