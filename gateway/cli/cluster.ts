// The options that make a process one node of several. Owns: their reading and checking. Never touches: connections.

import { readFileSync } from 'node:fs';
import {
  type ClusterDescription,
  ClusterError,
  type ClusterOptions,
  natsPlace,
  passwordVariable,
  readCluster,
  readShards,
  shardsOf,
  shardsText,
} from '../../engine/index.js';
import { type Given, textOption, UsageError } from './arguments.js';

/** What `--nats`, `--node`, `--cluster` and `--shards-here` say; undefined: there are no other nodes. Throws UsageError. */
export function clusterOption(
  given: Given,
  signal: AbortSignal,
  shards: number | undefined,
): ClusterOptions | undefined {
  const [nats, node, file] = [
    textOption(given, 'nats'),
    textOption(given, 'node'),
    textOption(given, 'cluster'),
  ];
  const here = textOption(given, 'shards-here');
  const others = [here, textOption(given, 'accept-rolled-back')];
  if (nats === undefined || node === undefined || file === undefined) {
    if ([nats, node, file, ...others].every((option) => option === undefined)) return undefined;
    throw new UsageError('--nats, --node and --cluster are given together or not at all');
  }
  const url = placed('--nats', () => withPassword(nats, node));
  const description = placed(`--cluster ${file}`, () => clusterIn(file));
  const served = placed('--node', () => shardsOf(description, node));
  if (shards !== undefined && shards !== description.shards)
    throw new UsageError(`--shards is ${shards}, and the cluster has ${description.shards}`);
  if (here !== undefined) {
    const asked = placed('--shards-here', () => readShards(here, description.shards, 'shards'));
    if (shardsText(asked) !== shardsText(served))
      throw new UsageError(
        `--shards-here is ${shardsText(asked)}, and the cluster's node ${node} has ${shardsText(served)}`,
      );
  }
  const again = textOption(given, 'accept-rolled-back');
  const acceptRolledBack =
    again === undefined
      ? []
      : placed('--accept-rolled-back', () => readShards(again, description.shards, 'shards'));
  if (acceptRolledBack.some((shard) => served.includes(shard)))
    throw new UsageError('--accept-rolled-back names shards of other nodes, and is given there');
  const onWaiting = (why: string): void => {
    process.stderr.write(`jifen: ${why}\n`);
  };
  return { nats: url, node, description, acceptRolledBack, onWaiting, signal };
}

// Arguments can be read by every user of a machine, its environment cannot.
function withPassword(nats: string, node: string): string {
  const password = process.env[passwordVariable(node)];
  if (natsPlace(nats).user !== undefined || password === undefined) return nats;
  const url = new URL(nats);
  url.username = node;
  url.password = encodeURIComponent(password);
  return url.href;
}

/** The description in a file. Throws ClusterError. */
export function clusterIn(file: string): ClusterDescription {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ClusterError('file', (error as Error).message);
  }
  return readCluster(text);
}

/** What `read` gives; where it finds a fault, a UsageError that begins with `option`. */
export function placed<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ClusterError || error instanceof TypeError)
      throw new UsageError(`${option}: ${error.message}`);
    throw error;
  }
}
