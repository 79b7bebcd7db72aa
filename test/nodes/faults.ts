// What goes wrong with a cluster. Owns: one fault, from its beginning to its healing. Never touches: the load.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.js';
import type { Node, Nodes } from './nodes.js';

const KINDS = ['kill', 'kill', 'freeze', 'nats', 'kill two', 'freeze and kill'] as const;

/** How long it lasts: mostly short, at times longer than callers wait. */
const lasting = (random: Random): number => (random.chance(0.2) ? 3_500 : 50 + random.int(900));

/** Does one thing to the cluster, and heals it. Returns what it was, for people. */
export async function fault(nodes: Nodes, random: Random): Promise<string> {
  const { all, nats } = nodes;
  const [one, other] = random.shuffle([...all]) as [Node, Node | undefined];
  const ms = lasting(random);
  const kind = random.pick(KINDS);
  if (kind === 'nats' && nats !== undefined) return await natsFault(nats, random, ms);
  if (kind === 'freeze') one.freeze();
  else await one.kill();
  // Without a server between nodes, there is one process, and it is killed instead.
  let told = `${kind === 'nats' ? 'kill' : kind} ${one.name}`;
  if (kind === 'kill two' && other !== undefined) {
    await sleep(random.int(200));
    await other.kill();
    told += other.name;
  }
  if (kind === 'freeze and kill' && other !== undefined) {
    other.freeze();
    told += other.name;
  }
  await sleep(ms);
  await nodes.heal();
  return `${told} ${ms} ms`;
}

async function natsFault(
  nats: NonNullable<Nodes['nats']>,
  random: Random,
  ms: number,
): Promise<string> {
  if (random.chance(0.3)) {
    nats.signal('SIGSTOP');
    await sleep(ms);
    nats.signal('SIGCONT');
    return `nats frozen ${ms} ms`;
  }
  await nats.kill();
  await sleep(ms);
  await nats.restart();
  return `nats ended ${ms} ms`;
}
