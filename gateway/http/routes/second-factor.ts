// Routes of a member's second factor. Owns: their paths and answers, who may ask. Never touches: codes, grants.
//   http.H72. It is set up, proved and renewed by the member itself; removed by an operator, too, for who has lost phone and recovery codes.
//   http.H73. A session of the member's own pages proves it, and no application: who gives a code to one gives it whatever risk would stop.

import { isRefusal, refuse } from '../../refusal.js';
import type { Call, Route, ServedLedger } from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import * as about from '../../schema/second-factor.js';
import {
  BY_MEMBER,
  EMBEDDED,
  type Made,
  MEMBER,
  made,
  memberOf,
  OF_MEMBER,
  ownGrant,
  TOKEN,
  Visit,
} from './sign-in.js';

const { SECOND_FACTOR_DESCRIPTIONS: says } = about;
const SECOND_FACTOR = `${MEMBER}/second-factor`;
/** The client of the member's own page. */
const OWN_PAGE = '@me';

const reads = {
  begin: bodyReader(about.BeginBody),
  confirm: bodyReader(about.ConfirmBody),
  proof: bodyReader(about.ProofBody),
  recovery: bodyReader(about.RecoveryBody),
  remove: bodyReader(about.RemoveBody),
};

/** The routes of a member's second factor. */
export function secondFactorRoutes(ledger: ServedLedger): Route[] {
  const visit = (call: Call, owner: string) => {
    const { signIn, asked } = new Visit(ledger, call);
    const of = { ...asked, member: memberOf(call, owner), grant: ownGrant(call) };
    return { factors: signIn.secondFactors, of };
  };
  const by = { ...BY_MEMBER, method: 'POST', headers: TOKEN } as const;
  return [
    {
      ...OF_MEMBER,
      method: 'GET',
      path: SECOND_FACTOR,
      describes: says.state,
      handle: made((call, owner) => {
        const { factors, of } = visit(call, owner);
        return factors.state({ owner, member: of.member });
      }),
    },
    {
      ...by,
      path: SECOND_FACTOR,
      describes: says.begin,
      handle: made(async (call, owner) => {
        const body = reads.begin(call.body);
        if (isRefusal(body)) return body;
        const { factors, of } = visit(call, owner);
        return factors.begin({ ...body, ...of });
      }),
    },
    {
      ...by,
      path: `${SECOND_FACTOR}/confirm`,
      describes: says.confirm,
      handle: made(async (call, owner) => {
        const body = reads.confirm(call.body);
        if (isRefusal(body)) return body;
        const { factors, of } = visit(call, owner);
        return factors.confirm({ ...body, ...of });
      }),
    },
    {
      ...by,
      path: `${SECOND_FACTOR}/proof`,
      describes: says.prove,
      handle: made(async (call, owner): Made => {
        const body = reads.proof(call.body);
        if (isRefusal(body)) return body;
        const { factors, of } = visit(call, owner);
        const { client = '' } = call.principal;
        const { grant } = of;
        if (grant === undefined || (client !== OWN_PAGE && !client.startsWith(EMBEDDED)))
          return refuse('OPERATION_FORBIDDEN', 'owner', 'It is for sessions of the member’s page.');
        const proved = await factors.prove({ ...body, ...of, grant });
        return isRefusal(proved) ? proved : { owner, until: proved.until };
      }),
    },
    {
      ...by,
      path: `${SECOND_FACTOR}/recovery-codes`,
      describes: says.renewRecovery,
      handle: made(async (call, owner) => {
        const body = reads.recovery(call.body);
        if (isRefusal(body)) return body;
        const { factors, of } = visit(call, owner);
        return factors.renewRecovery({ ...body, ...of });
      }),
    },
    {
      ...OF_MEMBER,
      method: 'POST',
      path: `${SECOND_FACTOR}/remove`,
      headers: TOKEN,
      body: 'optional',
      describes: says.remove,
      handle: made(async (call, owner): Made => {
        const body = reads.remove(call.body === undefined ? {} : call.body);
        if (isRefusal(body)) return body;
        const { factors, of } = visit(call, owner);
        const { password = '', code } = body;
        const said = call.principal.kind === 'member' ? { password, code } : undefined;
        return (await factors.remove({ ...of, said })) ?? { owner };
      }),
    },
  ];
}
