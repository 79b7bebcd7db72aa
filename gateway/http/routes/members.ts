// Members of a programme: looked at, what is known of them, tiers by hand. Owns: their paths. Never touches: what a tier is had for.

import type { MemberState } from '../../../engine/index.js';
import { besideIt } from '../../act-faults.js';
import { forAct, membersToo } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal } from '../../refusal.js';
import { type Call, callerOf, type Route, type ServedLedger } from '../../route.js';
import { ActReader } from '../../schema/command-reader.js';
import * as about from '../../schema/programmes.js';
import { type PersonalPlace, shownPersonal, withSealed } from './personal.js';
import { OK, submitted } from './submit.js';

const MEMBER = '/v1/members/{owner}';
const PROFILE = about.callerAct('set-profile');
const TIER = about.callerAct('grant-tier');
const READS_PROFILE = new ActReader(PROFILE, ['owner']);
const READS_TIER = new ActReader(TIER, ['owner']);

const PROFILES: PersonalPlace = {
  field: 'profile',
  of: ({ programme }) => ['programme', String(programme)],
  wrong: 'PROFILE_INVALID',
};

async function shown(ledger: ServedLedger, call: Call, state: MemberState): Promise<Answer> {
  const { owner, profile } = state;
  const told = await shownPersonal(ledger, call, `GET ${MEMBER}`, owner, profile);
  return isRefusal(told) ? problem(told) : json(OK, { ...state, profile: told });
}

/** The routes of members. */
export function memberRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const asked = (reader: ActReader, call: Call, body: unknown) =>
    submitted(ledger, call, reader.read(body, call.path, call.idempotencyKey), {
      fresh: OK,
      named: besideIt,
    });
  return [
    {
      method: 'GET',
      path: MEMBER,
      access: membersToo('read'),
      module: 'acts',
      describes: about.memberDescription,
      handle: async (call) => {
        const { programme = '' } = call.query;
        const found = await callerOf(ledger, call).member(call.path[0] ?? '', programme);
        if (!isRefusal(found)) return shown(ledger, call, found);
        const isProgrammes = found.code === 'DEFINITION_NOT_FOUND';
        return problem(isProgrammes ? { ...found, field: 'programme' } : found);
      },
    },
    {
      method: 'PUT',
      path: `${MEMBER}/profile`,
      body: 'required',
      access: forAct(PROFILE),
      module: 'acts',
      describes: about.profileDescription(limits),
      repeats: true,
      handle: async (call) => {
        const command = READS_PROFILE.read(call.body, call.path, call.idempotencyKey);
        if (isRefusal(command)) return problem(command);
        const sealed = await withSealed(ledger, command, PROFILES);
        if (isRefusal(sealed)) return problem(sealed);
        const { alike } = sealed;
        return submitted(ledger, call, sealed.command, { fresh: OK, named: besideIt, alike });
      },
    },
    {
      method: 'PUT',
      path: `${MEMBER}/tier`,
      body: 'required',
      access: forAct(TIER),
      module: 'acts',
      describes: about.tierDescription(limits),
      repeats: true,
      handle: (call) => asked(READS_TIER, call, call.body),
    },
    {
      method: 'DELETE',
      path: `${MEMBER}/tier`,
      access: forAct(TIER),
      module: 'acts',
      describes: about.noTierDescription(limits),
      handle: (call) => asked(READS_TIER, call, { programme: call.query.programme }),
    },
  ];
}
