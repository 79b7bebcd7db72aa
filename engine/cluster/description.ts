// cluster.json: which node serves which shards. Owns: its reading and checking. Never touches: connections.
//   cluster.N1. Every shard is served by exactly one node; what is not understood is refused, naming the field.

import { NODE_NAME_LENGTH_MAX, NODES_MAX, SHARDS_MAX } from '../limits.js';

/** A cluster of nodes. */
export interface ClusterDescription {
  /** What the subjects of its messages begin with. */
  readonly name: string;
  readonly shards: number;
  /** The shards of each node, by number. */
  readonly nodes: ReadonlyMap<string, readonly number[]>;
}

const DEFAULT_NAME = 'jifen';
const NAME = new RegExp(`^[A-Za-z0-9_-]{1,${NODE_NAME_LENGTH_MAX}}$`);
const RANGE = /^(\d{1,3})(?:-(\d{1,3}))?$/;

/** A cluster is described wrongly: `field` says where. */
export class ClusterError extends Error {
  readonly field: string;

  constructor(field: string, what: string) {
    super(`${field}: ${what}`);
    this.name = 'ClusterError';
    this.field = field;
  }
}

/** Shards as text, e.g. `0-3,6`, each once and by number. Throws ClusterError. */
export function readShards(text: unknown, shards: number, field: string): number[] {
  if (typeof text !== 'string') throw new ClusterError(field, 'must be text, e.g. "0-3,6"');
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const range = RANGE.exec(part.trim());
    const from = Number(range?.[1]);
    const to = Number(range?.[2] ?? range?.[1]);
    if (range === null || from > to)
      throw new ClusterError(field, `"${part}" is no shard or range`);
    if (to >= shards) throw new ClusterError(field, `there is no shard ${to} of ${shards}`);
    for (let shard = from; shard <= to; shard++) {
      if (found.has(shard)) throw new ClusterError(field, `shard ${shard} stands there twice`);
      found.add(shard);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** Shards as readShards takes them. */
export function shardsText(shards: readonly number[]): string {
  const ranges: string[] = [];
  for (let i = 0; i < shards.length; i++) {
    const from = shards[i] as number;
    while (shards[i + 1] === (shards[i] as number) + 1) i++;
    ranges.push(shards[i] === from ? `${from}` : `${from}-${shards[i]}`);
  }
  return ranges.join(',');
}

/** The description in a cluster file. Throws ClusterError naming the field that is wrong. */
export function readCluster(text: string): ClusterDescription {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ClusterError('cluster', `not JSON: ${(error as Error).message}`);
  }
  const {
    name = DEFAULT_NAME,
    shards,
    nodes,
  } = fields(value, 'cluster', ['name', 'shards', 'nodes']);
  if (typeof name !== 'string' || !NAME.test(name)) throw new ClusterError('name', badName());
  if (!Number.isInteger(shards) || (shards as number) < 1 || (shards as number) > SHARDS_MAX)
    throw new ClusterError('shards', `must be a whole number from 1 to ${SHARDS_MAX}`);
  return { name, shards: shards as number, nodes: readNodes(nodes, shards as number) };
}

function readNodes(value: unknown, shards: number): Map<string, readonly number[]> {
  const given = fields(value, 'nodes');
  const names = Object.keys(given);
  if (names.length === 0 || names.length > NODES_MAX)
    throw new ClusterError('nodes', `must be 1 to ${NODES_MAX} nodes`);
  const nodes = new Map<string, readonly number[]>();
  const servedBy = new Map<number, string>();
  for (const node of names) {
    const field = `nodes.${node}`;
    if (!NAME.test(node)) throw new ClusterError(field, badName());
    const { shards: text } = fields(given[node], field, ['shards']);
    const served = readShards(text, shards, `${field}.shards`);
    for (const shard of served) {
      const other = servedBy.get(shard);
      if (other !== undefined)
        throw new ClusterError(`${field}.shards`, `shard ${shard} is node ${other}'s already`);
      servedBy.set(shard, node);
    }
    nodes.set(node, served);
  }
  for (let shard = 0; shard < shards; shard++)
    if (!servedBy.has(shard)) throw new ClusterError('nodes', `no node has shard ${shard}`);
  return nodes;
}

const badName = (): string =>
  `a name has 1 to ${NODE_NAME_LENGTH_MAX} characters out of A-Z a-z 0-9 _ -`;

function fields(
  value: unknown,
  field: string,
  known?: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ClusterError(field, 'must be a JSON object');
  const odd = known && Object.keys(value).find((name) => !known.includes(name));
  if (odd !== undefined)
    throw new ClusterError(
      field === 'cluster' ? odd : `${field}.${odd}`,
      `is not a field here; known are: ${known?.join(', ')}`,
    );
  return value as Record<string, unknown>;
}

/** The shards of a node. Throws ClusterError where there is no such node. */
export function shardsOf(cluster: ClusterDescription, node: string): readonly number[] {
  const shards = cluster.nodes.get(node);
  if (shards === undefined)
    throw new ClusterError(
      'node',
      `there is no node ${node}; there are: ${[...cluster.nodes.keys()].join(', ')}`,
    );
  return shards;
}

/** The node of each shard. */
export function nodesByShard(cluster: ClusterDescription): readonly string[] {
  const nodes: string[] = [];
  for (const [node, shards] of cluster.nodes) for (const shard of shards) nodes[shard] = node;
  return nodes;
}
