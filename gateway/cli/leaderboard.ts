// `jifen leaderboard`: a leaderboard of a ledger that is being served. Owns: what is asked of the server, what is shown. Never touches: scores.

import { type CliCommand, numberOption, textOption } from './arguments.js';
import { ASKING, ASKING_HELP, ask, show } from './ask.js';

export const leaderboard: CliCommand = {
  help: `Usage: jifen leaderboard <board> [options]

Shows the first members of a leaderboard, or one member among others, as JSON.

  <board>                its key
  --period <period>      2026-11-29, 2026-W48, 2026-11, once. Default: that of now
  --limit <n>            how many members: 1 to 100. Default: 20
  --owner <user>         this member, with those before and after
${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`,
  options: { ...ASKING, period: 'text', limit: 'text', owner: 'text' },
  operands: ['board'],
  run: async (given) => {
    const query = new URLSearchParams();
    const [period, owner] = [textOption(given, 'period'), textOption(given, 'owner')];
    const limit = numberOption(given, 'limit', 1, 100);
    if (period !== undefined) query.set('period', period);
    if (limit !== undefined) query.set('limit', String(limit));
    const member = owner === undefined ? '' : `/members/${encodeURIComponent(owner)}`;
    const path = `/v1/leaderboards/${encodeURIComponent(given.operands[0] ?? '')}${member}`;
    const { body } = await ask(given, 'GET', query.size === 0 ? path : `${path}?${query}`);
    show(body);
    return 0;
  },
};
