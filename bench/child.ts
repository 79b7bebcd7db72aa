// The process of one run: carries out the order in its argument, sends the result, ends.
// Owns: nothing but the run. Never touches: other runs.

import type { RunOrder } from './harness.js';
import { loadBench } from './registry.js';

const order = JSON.parse(process.argv[2] ?? '') as RunOrder;
const bench = await loadBench(order.bench);
const plan = bench.figures(order.options).find(({ name }) => name === order.figure);
if (plan === undefined) throw new Error(`no figure ${order.figure}`);
const run = await plan.run({
  options: order.options,
  round: order.round,
  folder: order.folder,
  progress: (line) => process.stderr.write(`        ${order.figure}  ${line}\n`),
});
process.send?.(run);
process.disconnect?.();
