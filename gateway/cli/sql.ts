// `jifen sql`: a question to the projections of a ledger that is being served. Owns: what is asked of the server, what is shown. Never touches: the projections.

import type { CliCommand } from './arguments.js';
import { ASKING, ASKING_HELP, ask, show } from './ask.js';

export const sql: CliCommand = {
  help: `Usage: jifen sql [options] <question>

Asks the projections of the ledger in SQL (DuckDB), and shows the answer as JSON:
columns, rows, and up to which block of each shard it is exact. One SELECT; e.g.

  jifen sql "SELECT asset, sum(earned) FROM entries GROUP BY asset"
  jifen sql "SELECT table_name, column_name FROM information_schema.columns"

  <question>         the SQL, at most 20,000 characters
  --merge <sql>      of several nodes: a SELECT over parts, what each has answered.
                     Default: those rows
${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`,
  options: { ...ASKING, merge: 'text' },
  operands: ['question'],
  run: async (given) => {
    const [question = ''] = given.operands;
    const body = { sql: question, merge: given.options['merge'] };
    show((await ask(given, 'POST', '/v1/sql', body)).body);
    return 0;
  },
};
