// A new member uses the code of another one: both get points, once.

import { DAY_MS } from '../../limits.js';
import { id, optional, time, user } from '../../protocol/fields.js';
import { ISSUER } from '../../protocol/syntax.js';
import { act, type PlannedLeg } from '../act.js';
import { programme, referral } from '../definitions/index.js';
import { NEW_DAYS, RELATION_DAYS } from '../definitions/referral.js';
import { joined, memberIn, memberRecord } from '../earning/member.js';
import {
  type CodeSays,
  code,
  codeOf,
  codePlace,
  isCode,
  referred,
  referredIn,
  usedCode,
} from '../earning/referral.js';
import { isWhole } from '../undone.js';

export const refer = act({
  name: 'refer',
  version: 1,
  about:
    'A new member uses a code: both get points, once. What the code says is read by the engine, and judged where the code is.',
  body: {
    programme: id('ACT_BODY_INVALID'),
    code: code('The code.'),
    /** What the code says: callers leave it out. Whose it is, since when that is a member, until when it can be used. */
    by: optional(user()),
    since: optional(time('ACT_BODY_INVALID')),
    until: optional(time('ACT_BODY_INVALID')),
    /** By whom that was referred; left out of what a code says: by nobody. */
    upper: optional(user()),
  },
  asks: {
    of: ({ programme: key, code: given, by, since, until }) =>
      typeof key === 'string' && isCode(given) && [by, since, until].includes(undefined)
        ? { ...codePlace(key, given), otherwise: 'REFERRAL_CODE_UNKNOWN' }
        : undefined,
    complete: (body, value) => {
      const { upper, ...says } = value as unknown as CodeSays;
      const all = { ...says, ...(upper === null ? {} : { upper }) };
      return { ...all, ...body, code: codeOf(body['code'] as string) };
    },
  },
  needs: ['earn'],
  own: { needs: ['participate'] },
  refusals: [
    'DEFINITION_NOT_FOUND',
    'ASSET_UNKNOWN',
    'REFERRED_BEFORE',
    'REFERRAL_TO_SELF',
    'REFERRAL_CODE_EXPIRED',
    'REFERRAL_NOT_NEW',
    'REFERRAL_CODE_UNKNOWN',
  ],

  decide(see, said, { owner, time: now }) {
    const { programme: key, by, since, until, upper = null } = said;
    const of = see.definition(programme, key);
    const terms = see.definition(referral, key);
    if (of === undefined || terms === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const { asset } = of.document;
    if (see.account(asset) === undefined) return { refusal: 'ASSET_UNKNOWN' };
    if (by === undefined || since === undefined || until === undefined)
      return { refusal: 'REFERRAL_CODE_UNKNOWN' };
    if (referredIn(see, key) !== undefined) return { refusal: 'REFERRED_BEFORE' };
    if (by === owner || upper === owner) return { refusal: 'REFERRAL_TO_SELF' };
    if (now >= until) return { refusal: 'REFERRAL_CODE_EXPIRED' };
    const member = memberIn(see, key);
    const after = joined(member, now);
    const own = after.since as number;
    const { newDays = NEW_DAYS, relationDays = RELATION_DAYS, referrer, newcomer } = terms.document;
    // Who is a member for longer refers who is one for less long: so there is no circle (earning.F1).
    if (since >= own || now - own >= newDays * DAY_MS) return { refusal: 'REFERRAL_NOT_NEW' };
    const legs: PlannedLeg[] = [];
    if (newcomer !== undefined) legs.push({ from: ISSUER, to: owner, asset, amount: newcomer });
    if (referrer !== undefined) legs.push({ from: ISSUER, to: by, asset, amount: referrer });
    return {
      legs,
      assets: [asset],
      puts: [usedCode(key, said.code, { by, since, until, upper })],
      records: [
        referred(key, { by, upper, until: now + relationDays * DAY_MS }),
        ...(after === member ? [] : [memberRecord(key, after)]),
      ],
      effects: [{ type: 'referred', by, amount: newcomer ?? 0, referrer: referrer ?? 0 }],
      why: { programme: of.version, referral: terms.version, code: codeOf(said.code) },
    };
  },

  /** Given back whole, nobody has referred the member. */
  undo(_, undone) {
    const { programme: key } = undone.body as { readonly programme: string };
    return { records: isWhole(undone) ? [referred(key, null)] : [], effects: [], why: {} };
  },
});
