// Questions in SQL of analysts. Owns: their path. Never touches: what may be asked (gateway/projections/).

import { whole } from '../../auth/principal.js';
import { json, problem } from '../../encoding/answer.js';
import { isRefusal, refuse } from '../../refusal.js';
import type { Route, ServedLedger } from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import { SqlQuestion, sqlDescription } from '../../schema/sql.js';
import { OK } from './submit.js';

const readBody = bodyReader(SqlQuestion);

/** The route of questions in SQL. */
export function sqlRoutes(ledger: ServedLedger): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/sql',
      access: whole('analyse'),
      module: 'operations',
      body: 'required',
      describes: sqlDescription,
      handle: async ({ body: given }) => {
        const body = readBody(given);
        if (isRefusal(body)) return problem(body);
        const { projections } = ledger;
        const answer = (await projections?.query(body)) ?? refuse('SHARD_UNAVAILABLE');
        return isRefusal(answer) ? problem(answer) : json(OK, answer);
      },
    },
  ];
}
