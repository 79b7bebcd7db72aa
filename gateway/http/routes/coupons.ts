// Coupons: those of a member, what a code says, numbered codes. Owns: their paths, which codes a campaign has. Never touches: whether a coupon can
// be used, which acts decide.
//   http.H40. The numbered codes of a campaign are made while they are written: no request makes more than a piece of them at once.

import { setImmediate as turn } from 'node:timers/promises';
import {
  type CouponCode,
  codeState,
  couponCodeOf,
  couponKeyId,
  couponsOf,
  type DefinitionVersion,
  type Engine,
  type MemberCoupon,
  numberedCode,
} from '../../../engine/index.js';
import { membersToo, VIEWERS, whole } from '../../auth/principal.js';
import { type Answer, json, lines, problem, unkept } from '../../encoding/answer.js';
import { lastDocument } from '../../known-definitions.js';
import { isRefusal, problemJson, type Refusal, refuse } from '../../refusal.js';
import {
  auditOf,
  type Call,
  callerOf,
  count,
  engineOf,
  type Route,
  type ServedLedger,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import * as about from '../../schema/coupons.js';
import { OK } from './submit.js';

const CODES = '/v1/coupons/{coupon}/codes';
/** Codes that are made at a time. */
const CODES_AT_A_TIME = 500;
const readBody = bodyReader(about.GenerateBody);

/** The routes of coupons. */
export function couponRoutes(ledger: ServedLedger): Route[] {
  const row = { access: whole('configure'), module: 'definitions' } as const;
  return [
    {
      method: 'GET',
      path: '/v1/members/{owner}/coupons',
      access: membersToo('read'),
      module: 'acts',
      describes: about.walletDescription,
      handle: (call) => wallet(ledger, call),
    },
    {
      ...row,
      access: VIEWERS,
      method: 'GET',
      path: '/v1/coupons/{code}',
      describes: about.codeDescription,
      handle: (call) => code(ledger, call),
    },
    {
      ...row,
      method: 'PUT',
      path: CODES,
      body: 'required',
      describes: about.generateDescription,
      handle: (call) => generate(ledger, call),
    },
    {
      ...row,
      method: 'GET',
      path: CODES,
      describes: about.codesDescription,
      handle: (call) => codes(ledger, call),
    },
  ];
}

// Who may know the member, the shard says.
async function wallet(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { path, query } = call;
  const owner = path[0] ?? '';
  const { programme = '', state, cursor } = query;
  const member = await callerOf(ledger, call).member(owner, programme);
  if (isRefusal(member)) {
    const isProgrammes = member.code === 'DEFINITION_NOT_FOUND';
    return problem(isProgrammes ? { ...member, field: 'programme' } : member);
  }
  const page = await couponsOf(engineOf(ledger).own, {
    ...{ owner, programme, cursor, time: member.time },
    state: state as MemberCoupon['state'] | undefined,
    limit: count(query, 'limit') ?? about.COUPON_PAGE_DEFAULT,
  });
  if (isRefusal(page)) return problem(page);
  const campaigns = await campaignsOf(engineOf(ledger), page.coupons);
  return isRefusal(campaigns) ? problem(campaigns) : unkept(json(OK, { ...page, campaigns }));
}

/** What the campaigns of coupons are called, and what one is worth: as they say it now, or have said last. */
async function campaignsOf(
  engine: Engine,
  coupons: readonly MemberCoupon[],
): Promise<readonly object[] | Refusal> {
  const told: object[] = [];
  for (const campaign of new Set(coupons.map((one) => one.campaign))) {
    const document = await lastDocument(engine, 'coupon', campaign);
    if (isRefusal(document)) return document;
    if (document === undefined) continue;
    const { name, description, percent, amount, most, minimum, points } = document;
    told.push({ campaign, name, description, percent, amount, most, minimum, points });
  }
  return told;
}

/** What the document of a campaign says of its codes. */
interface Campaign {
  readonly codes: 'single' | 'shared';
  readonly count?: number;
  readonly keyId?: string;
}

/** The newest version of a campaign, and the newest that decides or has decided. */
interface Found {
  readonly newest: DefinitionVersion;
  readonly version: DefinitionVersion;
  readonly document: Campaign;
}

const notFound = (field: string): Refusal => refuse('DEFINITION_NOT_FOUND', field);

/** The campaign as it was said last. */
async function campaignOf(engine: Engine, key: string, field: string): Promise<Found | Refusal> {
  const found = await engine.definition('coupon', key);
  if (isRefusal(found)) return found;
  const newest = found?.versions.at(-1);
  const version = found?.versions.findLast(({ state }) => state === 'active');
  if (newest === undefined || version?.document === undefined) return notFound(field);
  return { newest, version, document: version.document as unknown as Campaign };
}

/** The key of this folder, with which codes are proved. */
const proofOf = ({ access }: ServedLedger) => {
  const { sealer } = access as NonNullable<ServedLedger['access']>;
  return (text: string): Uint8Array => sealer.proof(text);
};

async function code(ledger: ServedLedger, { path }: Call): Promise<Answer> {
  const of = couponCodeOf(path[0]);
  if (typeof of === 'string') {
    const detail = of === 'mistyped' ? about.MISTYPED : undefined;
    return problem(refuse('COUPON_UNAVAILABLE', 'code', detail));
  }
  const found = await campaignOf(engineOf(ledger), of.campaign, 'code');
  if (isRefusal(found) && found.code !== 'DEFINITION_NOT_FOUND') return problem(found);
  const state = isRefusal(found) ? undefined : await stateOf(ledger, of, found.document);
  if (isRefusal(state)) return problem(state);
  return state === undefined ? problem(refuse('COUPON_UNAVAILABLE', 'code')) : json(OK, state);
}

async function stateOf(ledger: ServedLedger, of: CouponCode, { codes, ...campaign }: Campaign) {
  if ((codes === 'shared') !== (of.form === 'shared')) return undefined;
  const { code, campaign: key, form, serial } = of;
  if (form === 'shared') return { code, campaign: key, form, state: 'free' };
  if (form === 'numbered') {
    const { count: all = 0, keyId } = campaign;
    const proof = proofOf(ledger);
    if (serial >= all) return undefined;
    if (couponKeyId(key, proof) !== keyId) return refuse('SECRETS_KEY_DIFFERS');
    if (numberedCode(key, serial, proof) !== code) return undefined;
  }
  return codeState(engineOf(ledger).own, of, Date.now());
}

async function generate(ledger: ServedLedger, call: Call): Promise<Answer> {
  const body = readBody(call.body);
  if (isRefusal(body)) return problem(body);
  const engine = engineOf(ledger);
  const key = call.path[0] ?? '';
  const found = await campaignOf(engine, key, 'coupon');
  if (isRefusal(found)) return problem(found);
  const { newest, version, document } = found;
  if (newest.state === 'retired') return problem(refuse('DEFINITION_RETIRED', 'coupon'));
  if (document.codes !== 'single') {
    const detail = 'The campaign has one code for all.';
    return problem(refuse('DEFINITION_INVALID', 'coupon', detail));
  }
  const keyId = couponKeyId(key, proofOf(ledger));
  if ((document.keyId ?? keyId) !== keyId) return problem(refuse('SECRETS_KEY_DIFFERS'));
  const { count: had = 0 } = document;
  if (had >= body.count) return json(OK, generated(key, had, version.version, version.activeFrom));
  const said = { ...version.document, count: body.count, keyId };
  const ifVersion = newest.version;
  const outcome = await callerOf(ledger, call).submit(
    { type: 'put-definition', kind: 'coupon', key, state: 'active', document: said, ifVersion },
    { audit: auditOf(call) },
  );
  if (!outcome.ok) {
    const isOvertaken = outcome.code === 'DEFINITION_VERSION_MISMATCH';
    return problem(isOvertaken ? refuse('CHANGED_MEANWHILE', 'coupon') : outcome);
  }
  return json(OK, generated(key, body.count, outcome.definitionVersion, outcome.activeFrom));
}

const generated = (campaign: string, count: number, version?: number, activeFrom?: number) => ({
  campaign,
  count,
  definitionVersion: version,
  activeFrom,
});

async function codes(ledger: ServedLedger, call: Call): Promise<Answer> {
  const key = call.path[0] ?? '';
  const found = await campaignOf(engineOf(ledger), key, 'coupon');
  if (isRefusal(found)) return problem(found);
  const { count: all = 0, keyId } = found.document;
  const proof = proofOf(ledger);
  if (all > 0 && couponKeyId(key, proof) !== keyId) return problem(refuse('SECRETS_KEY_DIFFERS'));
  const from = count(call.query, 'from') ?? 0;
  const end = Math.min(all, from + (count(call.query, 'limit') ?? about.CODE_LINES_DEFAULT));
  const { isGood } = call;
  return lines(async (stream) => {
    for (let at = from; at < end && !stream.isGone; await turn()) {
      if (isGood?.() === false) {
        await stream.write(`${problemJson(refuse('UNAUTHORIZED', 'Authorization'))}\n`);
        return;
      }
      let text = '';
      for (const last = Math.min(end, at + CODES_AT_A_TIME); at < last; at++)
        text += `{"number":${at},"code":"${numberedCode(key, at, proof)}"}\n`;
      await stream.write(text);
    }
  });
}
