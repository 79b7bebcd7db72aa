// Referral codes of a programme. Owns: their path, who may know what one says. Never touches: what a referral is worth.

import { readProblem } from '../../auth/permits.js';
import { membersToo } from '../../auth/principal.js';
import { json, problem } from '../../encoding/answer.js';
import { activeDocument } from '../../known-definitions.js';
import { isRefusal, refuse } from '../../refusal.js';
import { engineOf, type Route, type ServedLedger } from '../../route.js';
import { referralCodeDescription } from '../../schema/programmes.js';
import { OK } from './submit.js';

/** The route of referral codes. */
export function referralRoutes(ledger: ServedLedger): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/referral-codes/{code}',
      access: membersToo('read'),
      module: 'acts',
      describes: referralCodeDescription,
      handle: async ({ path, query, principal }) => {
        const [code = ''] = path;
        const { programme = '' } = query;
        const engine = engineOf(ledger);
        const [found, document] = await Promise.all([
          engine.own.referralCode(programme, code),
          activeDocument(engine, 'programme', programme),
        ]);
        if (isRefusal(document)) return problem(document);
        if (document === undefined) return problem(refuse('DEFINITION_NOT_FOUND', 'programme'));
        const forbidden = readProblem(principal, String(document['asset']), 'programme');
        if (forbidden !== undefined) return problem(forbidden);
        if (isRefusal(found)) return problem(found);
        if (found === undefined) return problem(refuse('REFERRAL_CODE_UNKNOWN', 'code'));
        const isOthers = principal.owner !== undefined && principal.owner !== found.owner;
        return isOthers ? problem(refuse('OWNER_FORBIDDEN', 'code')) : json(OK, found);
      },
    },
  ];
}
