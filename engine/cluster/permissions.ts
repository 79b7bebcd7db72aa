// What each node may say and hear on NATS. Owns: the subjects that a node subscribes to, and the users' part of a server's
// configuration that lets it. Never touches: connections.
//   cluster.N12. A node may hear its own shards, its own inbox and what is meant for all, and nothing else.

import { type ClusterDescription, ClusterError } from './description.js';

const VARIABLE_PREFIX = 'JIFEN_NATS_PASSWORD_';

/** The environment variable that has the password of a node's user, for the NATS server and for the node. */
export const passwordVariable = (node: string): string =>
  VARIABLE_PREFIX + node.toUpperCase().replaceAll('-', '_');

/** What a node subscribes to; `>` stands for the life of a process, and what it waits for. */
export function heardSubjects(cluster: ClusterDescription, node: string): readonly string[] {
  const { name, nodes } = cluster;
  const shards = nodes.get(node) ?? [];
  return [
    `${name}.claim`,
    `${name}.assets`,
    `${name}.node.${node}.>`,
    ...shards.flatMap((shard) => [
      `${name}.shard.${shard}`,
      `${name}.commands.${shard}`,
      `${name}.reads.${shard}`,
    ]),
  ];
}

/** The users of a cluster's nodes, as a part of nats-server.conf. Throws ClusterError where two would share a password's variable. */
export function natsUsers(cluster: ClusterDescription): string {
  const owners = new Map<string, string>();
  const users: string[] = [];
  for (const node of cluster.nodes.keys()) {
    const variable = passwordVariable(node);
    const other = owners.get(variable);
    if (other !== undefined)
      throw new ClusterError(`nodes.${node}`, `${variable} is the password of node ${other}`);
    owners.set(variable, node);
    users.push(userOf(cluster, node, variable));
  }
  return `authorization {\n  users = [\n${users.join('')}  ]\n}\n`;
}

function userOf(cluster: ClusterDescription, node: string, variable: string): string {
  const heard = heardSubjects(cluster, node).map((subject) => `          "${subject}"\n`);
  return `    {
      user: "${node}"
      password: $${variable}
      permissions: {
        publish: "${cluster.name}.>"
        subscribe: [
${heard.join('')}        ]
      }
    }
`;
}
