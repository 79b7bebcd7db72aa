// Simulations of a ledger that is open. Owns: which are under way. Never touches: what they find.

import type { ShardFigures } from '../shard/messages.js';
import type { Folder } from '../store/folder.js';
import type { RunningSimulation, SimulationOptions } from './result.js';

/** A shard's thread, as far as it is asked how far its log is durable. */
interface Lane {
  readonly shard: number;
  run<T>(task: { readonly type: 'stats' }): Promise<T>;
}

export class RunningSimulations {
  readonly #all = new Set<RunningSimulation>();

  /** Begins one, of what is durable now. */
  async start(
    folder: Folder,
    here: readonly Lane[],
    options: SimulationOptions,
    differences?: (shard: number) => string,
  ): Promise<RunningSimulation> {
    const { Simulation } = await import('./simulation.js');
    const figures = await Promise.all(
      here.map((lane) => lane.run<ShardFigures>({ type: 'stats' })),
    );
    const upTo = new Map(here.map(({ shard }, i) => [shard, figures[i]?.durableSeq ?? 0]));
    const simulation = new Simulation({ ...folder, upTo }, options, differences);
    const done = (): boolean => this.#all.delete(simulation);
    this.#all.add(simulation);
    simulation.result.then(done, done);
    return simulation;
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    for (const one of this.#all) one.cancel();
    await Promise.allSettled([...this.#all].map(({ result }) => result));
  }
}
