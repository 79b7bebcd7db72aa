// `jifen cluster status`: who leads each node, who follows. Owns: what is shown. Never touches: replicas.

import { failoverStatus } from '../../engine/index.js';
import type { CliCommand } from './arguments.js';
import { show } from './ask.js';
import { PLACE, placeOf } from './record.js';

export const status: CliCommand = {
  help: `Usage: jifen cluster status <url>

Shows, as JSON, which replica leads each node of a cluster, which ones follow, whether
they are in step, and how long ago each gave a sign of life ("silentMs"). The node of a
ledger that is no cluster is "". Replicas are processes of jifen start --replica.

${PLACE}
ops/docs/failover.md has the whole way.

Exit codes: 0 each node has a leader and a replica in step behind it; 1 one has not, or
it failed; 2 wrong arguments.
`,
  options: {},
  operands: ['url'],
  run: async (given) => {
    const nodes = await failoverStatus(placeOf(given));
    show(nodes);
    const isFine = nodes.every(
      ({ leader, replicas }) =>
        leader !== null &&
        replicas.some((one) => one.replica !== leader && one.inStep && one.trouble === null),
    );
    return nodes.length > 0 && isFine ? 0 : 1;
  },
};
