// Which benches there are. Owns: their names. Never touches: what they measure.

import type { Bench } from './harness.js';

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  engine: async () => (await import('./engine.js')).engineBench,
  gateway: async () => (await import('./gateway.js')).gatewayBench,
  peers: async () => (await import('./peers.js')).peersBench,
  mixed: async () => (await import('./mixed.js')).mixedBench,
  'cross-shard': async () => (await import('./cross-shard.js')).crossShardBench,
  acts: async () => (await import('./acts.js')).actsBench,
  'hot-budget': async () => (await import('./hot-budget.js')).hotBudgetBench,
  programme: async () => (await import('./programme.js')).programmeBench,
  mall: async () => (await import('./mall.js')).mallBench,
  outbox: async () => (await import('./outbox.js')).outboxBench,
  partners: async () => (await import('./partners.js')).partnersBench,
  signin: async () => (await import('./signin.js')).signinBench,
  coalition: async () => (await import('./coalition.js')).coalitionBench,
  import: async () => (await import('./import.js')).importBench,
  risk: async () => (await import('./risk.js')).riskBench,
  receipts: async () => (await import('./receipts.js')).receiptsBench,
  sealing: async () => (await import('./sealing.js')).sealingBench,
  reports: async () => (await import('./reports.js')).reportsBench,
  record: async () => (await import('./record.js')).recordBench,
  growth: async () => (await import('./growth.js')).growthBench,
};

/** The names of all benches. */
export const BENCH_NAMES: readonly string[] = Object.keys(BENCHES);

/** Loads one bench; the modules of the others are not touched. */
export async function loadBench(name: string): Promise<Bench> {
  const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (load === undefined)
    throw new Error(`no bench "${name}"; there is: ${BENCH_NAMES.join(', ')}`);
  return load();
}
