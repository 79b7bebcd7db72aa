// `jifen cluster status`: who leads each node, who follows. Owns: what is shown. Never touches: members.

import { failoverStatus } from '../../engine/index.js';
import type { CliCommand } from './arguments.js';
import { show } from './ask.js';
import { PLACE, placeOf } from './record.js';

export const status: CliCommand = {
  help: `Usage: jifen cluster status <url>

Shows, as JSON, which member leads each node of a cluster, which ones follow, whether
they are in step, and how long ago each gave a sign of life ("silentMs"). The node of a
ledger that is no cluster is "". Members are processes of jifen start --member.

${PLACE}
ops/docs/failover.md has the whole way.

Exit codes: 0 each node has a leader and a member in step behind it; 1 one has not, or
it failed; 2 wrong arguments.
`,
  options: {},
  operands: ['url'],
  run: async (given) => {
    const nodes = await failoverStatus(placeOf(given));
    show(nodes);
    const isFine = nodes.every(
      ({ leader, members }) =>
        leader !== null &&
        members.some((one) => one.member !== leader && one.inStep && one.trouble === null),
    );
    return nodes.length > 0 && isFine ? 0 : 1;
  },
};
