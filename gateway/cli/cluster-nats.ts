// `jifen cluster nats`: the users of a cluster's nodes as NATS takes them. Owns: how they are shown. Never touches: servers.

import { natsUsers } from '../../engine/index.js';
import type { CliCommand, Given } from './arguments.js';
import { clusterIn, placed } from './cluster.js';

const help = `Usage: jifen cluster nats <file>

Prints the part of a NATS server's configuration that lets the nodes of a
cluster in: a user for each, who may hear what that node serves and nothing
else. ops/nats-server.conf includes it as nats-users.conf:

  jifen cluster nats cluster.json > nats-users.conf

After every change of the file make it again, and start NATS again with it.

  <file>   the cluster's description, as jifen start --cluster takes it

The passwords are not in it: NATS takes them from its environment,
JIFEN_NATS_PASSWORD_<NODE> in capitals, with _ for -. So does jifen start.
Begin each with a letter: NATS takes a text of digits for a number.

Exit codes: 0 printed; 2 wrong arguments.
`;

async function run({ operands }: Given): Promise<number> {
  const [file = ''] = operands;
  const users = placed(`<file> ${file}`, () => natsUsers(clusterIn(file)));
  process.stdout.write(
    `# Made by jifen cluster nats. After a change of the cluster's description, make it again.\n${users}`,
  );
  return 0;
}

export const nats: CliCommand = { help, options: {}, operands: ['file'], run };
