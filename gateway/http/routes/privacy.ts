// What becomes of what is known of a member: what it agrees to have given away, who has seen it in clear, under which names others have it. Owns: these paths, who
// may ask. Never touches: where data leaves.
//   http.H84. What a member agrees to is said by the member, or by who may set what is the member's own for the whole ledger: a platform says nothing of what others
//       get.
//   http.H85. A platform is told the anonymous ids of its own, and of no other one.

import { mayWhole, membersToo, type Principal, whole } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { type Disclosed, type Disclosures, disclosuresOf } from '../../privacy/disclosures.js';
import { putSharing, SHARING, type Stored, sharingOf } from '../../privacy/sharing.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type AccessParts,
  auditOf,
  type Call,
  count,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import * as about from '../../schema/privacy.js';
import { OK } from './submit.js';
import { ofOwner } from './whose.js';

const MEMBER = '/v1/members/{owner}';
const readSharing = bodyReader(about.SharingBody);
const { PRIVACY_DESCRIPTIONS } = about;
const ANONYMOUS = 'anonymous id';

/** Writes down that the caller is about to see this of these members in clear; a refusal where it cannot be: then it is not told. */
export function disclosed(
  ledger: ServedLedger,
  call: Call,
  what: Disclosed,
  way: string,
  owners: Iterable<string>,
): Promise<Refusal | undefined> {
  const { own } = recordsOf(ledger, call);
  const engine = engineOf(ledger);
  const disclosures = ledger.disclosures as Disclosures;
  return disclosures.note({ own, now: () => engine.now() }, call.principal, { what, way }, owners);
}

/** The routes of what becomes of personal data. */
export function privacyRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const own = { access: { ...whole('adjust'), members: ['self'] }, module: 'accounts' } as const;
  return [
    {
      method: 'GET',
      path: `${MEMBER}/sharing`,
      access: membersToo('read'),
      module: 'accounts',
      describes: PRIVACY_DESCRIPTIONS.sharing,
      handle: ofOwner(async (owner) => {
        const said = await sharingOf(engineOf(ledger), owner);
        return isRefusal(said) ? problem(said) : json(OK, toldSharing(owner, said));
      }),
    },
    {
      ...own,
      method: 'PUT',
      path: `${MEMBER}/sharing`,
      body: 'required',
      describes: PRIVACY_DESCRIPTIONS.putSharing,
      handle: (call) => {
        const fields = readSharing(call.body);
        if (isRefusal(fields)) return problem(fields);
        return ofOwner(async (owner) => {
          const at = engineOf(ledger).now();
          const by = auditOf(call)?.principal ?? call.principal.principal ?? null;
          const said = await putSharing(recordsOf(ledger, call), owner, fields, { at, by });
          return isRefusal(said) ? problem(said) : json(OK, toldSharing(owner, said));
        })(call);
      },
    },
    {
      ...own,
      method: 'GET',
      path: `${MEMBER}/disclosures`,
      describes: PRIVACY_DESCRIPTIONS.disclosures,
      handle: (call) =>
        ofOwner(async (owner) => {
          const limit = count(call.query, 'limit') ?? about.DISCLOSURES_PAGE;
          const { cursor } = call.query;
          const page = await disclosuresOf(engineOf(ledger), owner, { cursor, limit });
          return isRefusal(page) ? problem(page) : json(OK, { owner, ...page });
        })(call),
    },
    {
      method: 'GET',
      path: `${MEMBER}/anonymous-id`,
      access: { by: 'key or platform', needs: ['read', 'admin'] },
      module: 'accounts',
      describes: PRIVACY_DESCRIPTIONS.anonymousId,
      handle: (call) => ofOwner((owner) => anonymousId(ledger, call, owner))(call),
    },
    {
      method: 'GET',
      path: '/v1/retention',
      access: whole('view'),
      module: 'operations',
      describes: PRIVACY_DESCRIPTIONS.retention,
      handle: () => json(OK, { retention: about.retentionOf(limits) }),
    },
  ];
}

const toldSharing = (owner: string, said: Stored | undefined): object => ({
  owner,
  ...Object.fromEntries(
    SHARING.map((name) => {
      const { isGiven = false, at = null } = said?.[name] ?? {};
      return [name, { isGiven, at }];
    }),
  ),
});

/** Which platform a caller means. */
function platformIn(
  ledger: ServedLedger,
  principal: Principal,
  named: string | undefined,
): string | Refusal {
  const own = principal.platform?.id;
  if (own !== undefined)
    return named === undefined || named === own
      ? own
      : refuse('OPERATION_FORBIDDEN', 'platform', 'It is another platform.');
  if (!mayWhole(principal, 'admin'))
    return refuse(
      'OPERATION_FORBIDDEN',
      'platform',
      'Only for platforms, and for who administers all.',
    );
  if (named === undefined) return refuse('QUERY_INVALID', 'platform', 'platform says which one.');
  const { directory } = ledger.access as AccessParts;
  return directory.platform(named) === undefined ? refuse('PLATFORM_NOT_FOUND', 'platform') : named;
}

async function anonymousId(ledger: ServedLedger, call: Call, owner: string): Promise<Answer> {
  const platform = platformIn(ledger, call.principal, call.query['platform']);
  if (isRefusal(platform)) return problem(platform);
  const id = await engineOf(ledger).vault.mark(owner, ANONYMOUS, [platform]);
  return typeof id === 'string' ? json(OK, { platform, id }) : problem(id);
}
