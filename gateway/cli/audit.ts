// `jifen audit`: who asked for what, in a ledger that is being served. Owns: what is asked of the server, what is shown. Never touches: the trail.

import { limits } from '../../engine/index.js';
import { type CliCommand, numberOption, textOption, timeOption } from './arguments.js';
import { ASKING, ASKING_HELP, ask, show } from './ask.js';

export const audit: CliCommand = {
  help: `Usage: jifen audit [options]

Shows who asked for what as JSON, the newest first: commands that have a record
in the ledger.

  --from <time>          not before this time, RFC 3339
  --to <time>            before this time
  --principal <who>      asked for by administrator, key:<id>, platform:<id>
  --owner <id>           commands that name this owner
  --operation <type>     commands of this type, e.g. transfer
  --limit <n>            at most so many. Default: ${limits.AUDIT_PAGE_DEFAULT}
${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`,
  options: {
    ...ASKING,
    from: 'text',
    to: 'text',
    principal: 'text',
    owner: 'text',
    operation: 'text',
    limit: 'text',
  },
  operands: [],
  run: async (given) => {
    const most = numberOption(given, 'limit', 1, limits.AMOUNT_MAX) ?? limits.AUDIT_PAGE_DEFAULT;
    const records: unknown[] = [];
    let cursor: unknown;
    do {
      const limit = Math.min(most - records.length, limits.AUDIT_PAGE_MAX);
      const asked = {
        from: timeOption(given, 'from'),
        to: timeOption(given, 'to'),
        ...Object.fromEntries(
          ['principal', 'owner', 'operation'].map((name) => [name, textOption(given, name)]),
        ),
        limit,
        cursor,
      };
      const texts = Object.entries(asked).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
      );
      const { body } = await ask(given, 'GET', `/v1/audit?${texts.join('&')}`);
      records.push(...(body['records'] as unknown[]));
      cursor = body['cursor'];
    } while (cursor !== undefined && records.length < most);
    show(records);
    return 0;
  },
};
