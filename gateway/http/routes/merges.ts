// Members made one, and two again. Owns: their paths. Never touches: what goes over.

import { mergeState } from '../../../engine/index.js';
import { besideIt } from '../../act-faults.js';
import { whole } from '../../auth/principal.js';
import { json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, refuse } from '../../refusal.js';
import { type Call, engineOf, type Route, type ServedLedger } from '../../route.js';
import { ActReader } from '../../schema/command-reader.js';
import * as about from '../../schema/merges.js';
import { isNewUser } from '../../schema/words.js';
import { OK, submitted } from './submit.js';

const READS_MERGE = new ActReader(about.MERGE, ['owner']);
const READS_UNMERGE = new ActReader(about.UNMERGE, ['owner']);

/** The routes of merges. */
export function mergeRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const asked = (reader: ActReader) => (call: Call) =>
    submitted(ledger, call, reader.read(call.body, call.path, call.idempotencyKey), {
      fresh: OK,
      named: besideIt,
    });
  const row = { body: 'required', module: 'acts', repeats: true } as const;
  return [
    {
      method: 'GET',
      path: '/v1/members/{owner}/merge',
      access: whole('read'),
      module: 'acts',
      describes: about.mergeStateDescription,
      handle: async (call) => {
        const [owner = ''] = call.path;
        if (!isNewUser(owner)) return problem(refuse('OWNER_INVALID', 'owner'));
        const state = await mergeState(engineOf(ledger).own, owner);
        return isRefusal(state) ? problem(state) : json(OK, state);
      },
    },
    {
      ...row,
      method: 'POST',
      path: '/v1/members/{owner}/merge',
      access: whole(...about.MERGE.needs),
      describes: about.mergeDescription(limits),
      handle: asked(READS_MERGE),
    },
    {
      ...row,
      method: 'POST',
      path: '/v1/members/{owner}/unmerge',
      access: whole(...about.UNMERGE.needs),
      describes: about.unmergeDescription(limits),
      handle: asked(READS_UNMERGE),
    },
  ];
}
