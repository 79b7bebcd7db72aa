// Routes of partners outside. Owns: their paths and answers. Never touches: what is kept of them, what they are asked.
//   http.H63. A token is in the answer that made it, and in nothing that is written down of it.

import { VIEWERS, WHOLE_LEDGER } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import type { Partners } from '../../partners/partners.js';
import {
  type Partner,
  putPartner,
  type RecordParts,
  removePartner,
  rotateToken,
  type StoredPartner,
  setPartnerState,
  shownPartner,
  type WithToken,
} from '../../partners/records.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type AccessParts,
  type Call,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { fullBody } from '../../schema/check.js';
import { PARTNER_DESCRIPTIONS } from '../../schema/partners.js';

const PATH = '/v1/partners';
const PARTNER = `${PATH}/{platform}`;
const OURS = { access: WHOLE_LEDGER, module: 'partners' } as const;

const platformOf = ({ path }: Call): string => path[0] ?? '';

function partnersOf(ledger: ServedLedger): AccessParts & { readonly partners: Partners } {
  const { access, partners } = ledger;
  if (access === undefined || partners === undefined)
    throw new Error('a request came before the ledger was open');
  return { ...access, partners };
}

function partsOf(ledger: ServedLedger, limits: GatewayLimits, call: Call): RecordParts {
  const { sealer, directory, partners } = partnersOf(ledger);
  return {
    ledger: recordsOf(ledger, call),
    ...{ sealer, limits, destinations: partners.destinations, now: engineOf(ledger).now() },
    assetsOf: (platform) => directory.platform(platform)?.platform.assets,
  };
}

/** A partner, and how it answers this node. */
const shown = (partners: Partners, partner: Partner): object => ({
  ...partner,
  breaker: partners.figuresOf(partner.platform) ?? null,
});

/** Tells what was made of a partner, once it counts here. `statusWithToken`: where a token was made with it. */
async function changed(
  ledger: ServedLedger,
  made: Refusal | StoredPartner | WithToken,
  statusWithToken = 200,
): Promise<Answer> {
  if (isRefusal(made)) return problem(made);
  const { partners } = partnersOf(ledger);
  await partners.changed();
  const { partner, inboundToken } = 'partner' in made ? made : { partner: made };
  const body = { ...shown(partners, shownPartner(partner)), inboundToken };
  return json(inboundToken === undefined ? 200 : statusWithToken, body, {
    partner: partner.platform,
  });
}

/** The routes of partners outside. */
export function partnerRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [...recordRoutes(ledger, limits), ...stateRoutes(ledger, limits), checkRoute(ledger)];
}

function recordRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [
    {
      ...OURS,
      access: VIEWERS,
      method: 'GET',
      path: PATH,
      describes: PARTNER_DESCRIPTIONS.list,
      handle: () => {
        const { partners } = partnersOf(ledger);
        return json(200, { partners: partners.all.map((one) => shown(partners, one)) });
      },
    },
    {
      ...OURS,
      access: VIEWERS,
      method: 'GET',
      path: PARTNER,
      describes: PARTNER_DESCRIPTIONS.get,
      handle: (call) => {
        const { partners } = partnersOf(ledger);
        const found = partners.partner(platformOf(call));
        return found === undefined
          ? problem(refuse('PARTNER_NOT_FOUND', 'platform'))
          : json(200, shown(partners, found));
      },
    },
    {
      ...OURS,
      method: 'PUT',
      path: PARTNER,
      describes: PARTNER_DESCRIPTIONS.put,
      body: 'required',
      handle: async (call) =>
        changed(
          ledger,
          await putPartner(partsOf(ledger, limits, call), platformOf(call), call.body),
          201,
        ),
    },
    {
      ...OURS,
      method: 'DELETE',
      path: PARTNER,
      describes: PARTNER_DESCRIPTIONS.remove,
      handle: async (call) =>
        changed(ledger, await removePartner(partsOf(ledger, limits, call), platformOf(call))),
    },
    {
      ...OURS,
      method: 'POST',
      path: `${PARTNER}/token`,
      describes: PARTNER_DESCRIPTIONS.rotate,
      body: 'optional',
      handle: async (call) =>
        changed(
          ledger,
          await rotateToken(partsOf(ledger, limits, call), platformOf(call), call.body),
        ),
    },
  ];
}

const stateRoutes = (ledger: ServedLedger, limits: GatewayLimits): Route[] =>
  (['maintenance', 'resume'] as const).map((verb) => ({
    ...OURS,
    method: 'POST',
    path: `${PARTNER}/${verb}`,
    describes: PARTNER_DESCRIPTIONS[verb],
    body: 'optional',
    handle: async (call) => {
      const no = fullBody(call.body);
      if (no !== undefined) return problem(no);
      const state = verb === 'maintenance' ? 'maintenance' : 'active';
      const parts = partsOf(ledger, limits, call);
      return changed(ledger, await setPartnerState(parts, platformOf(call), state));
    },
  }));

const checkRoute = (ledger: ServedLedger): Route => ({
  ...OURS,
  method: 'POST',
  path: `${PARTNER}/check`,
  describes: PARTNER_DESCRIPTIONS.check,
  body: 'optional',
  handle: async (call) => {
    const no = fullBody(call.body);
    if (no !== undefined) return problem(no);
    const { partners } = partnersOf(ledger);
    const platform = platformOf(call);
    if (partners.partner(platform) === undefined)
      return problem(refuse('PARTNER_NOT_FOUND', 'platform'));
    const began = performance.now();
    const answer = await partners.check(platform);
    const ms = performance.now() - began;
    const isWell = answer.state === 'well';
    const why = isWell ? {} : { why: answer.why, status: answer.status };
    return json(200, { platform, isWell, ...why, ms }, { partner: platform });
  },
});
