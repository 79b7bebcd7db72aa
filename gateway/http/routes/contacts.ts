// Routes of how members can be reached, what they agree to, what they were sent. Owns: their paths and answers, who may ask. Never touches: records.
//   http.H61. A platform says and sees of a member what it was told itself; of the ledger's own contacts a key sees those of its member, or of all.

import { mayWhole, orMembers, type Principal } from '../../auth/principal.js';
import { seesReceiver } from '../../auth/receivers.js';
import { type Answer, json, problem, unkept } from '../../encoding/answer.js';
import type { ToldNotices } from '../../outbound/messages.js';
import {
  type Contact,
  type ContactParts,
  contactOf,
  putConsents,
  putContact,
  removeContact,
} from '../../outbound/notices/contacts.js';
import type { Whose } from '../../outbound/notices/shapes.js';
import { maskedAll } from '../../privacy/mask.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type Call,
  count,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { NOTICE_DESCRIPTIONS, NOTICES_PAGE_MAX } from '../../schema/notices.js';
import { isNewUser } from '../../schema/words.js';
import { answerOf, outboundOf } from './outbox.js';
import { disclosed } from './privacy.js';

const MEMBER = '/v1/members/{owner}';
const CONTACT_WAY = 'GET /v1/members/{owner}/contact';
/** A member’s own contact is for pages that may do what a member sets for itself, not for whoever may read its points. */
const READS = { access: orMembers(['read'], ['self']), module: 'notices' } as const;

const forbidden = (field: string, detail: string): Refusal =>
  refuse('OPERATION_FORBIDDEN', field, detail);

function scopeOf(ledger: ServedLedger, { principal, query }: Call): string | Refusal {
  const { platform: named } = query;
  const own = principal.platform?.id;
  if (own !== undefined)
    return named === undefined || named === own
      ? own
      : forbidden('platform', 'These are the members of another platform.');
  if (named === undefined) return '';
  if (!mayWhole(principal, 'admin')) return forbidden('platform', 'Only for who administers all.');
  return outboundOf(ledger).directory.platform(named) === undefined
    ? refuse('PLATFORM_NOT_FOUND', 'platform')
    : named;
}

/** Of the ledger's own contacts, keys that are restricted to some points see none. */
const isNarrow = ({ platform, assets, owner }: Principal): boolean =>
  platform === undefined && assets !== undefined && owner === undefined;

/** Whose contact a call is about. */
function whoseOf(ledger: ServedLedger, call: Call, isWrite: boolean): Whose | Refusal {
  const { principal, path } = call;
  const [owner = ''] = path;
  if (!isNewUser(owner)) return refuse('OWNER_INVALID', 'owner');
  const scope = scopeOf(ledger, call);
  if (isRefusal(scope)) return scope;
  if (principal.owner !== undefined && principal.owner !== owner)
    return refuse('OWNER_FORBIDDEN', 'owner');
  if (isNarrow(principal)) return forbidden('owner', 'It is not for keys of some points alone.');
  return isWrite && !seesReceiver(principal, owner)
    ? forbidden('owner', 'It takes the permission to adjust, or to be the member.')
    : { scope, owner };
}

function partsOf(ledger: ServedLedger, call: Call): ContactParts {
  const { sealer } = outboundOf(ledger);
  return { ledger: recordsOf(ledger, call), sealer, now: engineOf(ledger).now() };
}

/** A contact as it is told, with these addresses. */
export function toldContact({ stored }: Contact, addresses: object): object {
  const { language, consents, dead, createdAt, updatedAt } = stored;
  return {
    ...addresses,
    language,
    consents: Object.entries(consents).map(([key, consent]) => {
      const [channel, notices] = key.split(' ');
      return { type: channel, notices, ...consent };
    }),
    dead: Object.entries(dead).map(([type, one]) => ({ type, ...one })),
    ...{ createdAt, updatedAt },
  };
}

/** A contact as the caller may see it; `isSaid`: who has just said it is told nothing by it. */
async function shown(
  ledger: ServedLedger,
  call: Call,
  owner: string,
  contact: Contact,
  isSaid = false,
): Promise<Answer> {
  const said = Object.fromEntries(
    Object.entries(contact.addresses).filter(([, text]) => text !== undefined),
  ) as Record<string, string>;
  const isClear = seesReceiver(call.principal, owner);
  if (isClear && !isSaid && Object.keys(said).length > 0) {
    const no = await disclosed(ledger, call, 'contact', CONTACT_WAY, [owner]);
    if (no !== undefined) return problem(no);
  }
  const seen = isClear ? said : maskedAll(said);
  return unkept(json(200, { owner, ...toldContact(contact, seen) }, { owner }));
}

/** The routes of members' contacts. */
export function contactRoutes(ledger: ServedLedger): Route[] {
  const writing = async (
    call: Call,
    write: (parts: ContactParts, whose: Whose, body: unknown) => Promise<Contact | Refusal>,
    isSaid: boolean,
  ): Promise<Answer> => {
    const whose = whoseOf(ledger, call, true);
    if (isRefusal(whose)) return problem(whose);
    const made = await write(partsOf(ledger, call), whose, call.body);
    return isRefusal(made) ? problem(made) : shown(ledger, call, whose.owner, made, isSaid);
  };
  return [
    {
      ...READS,
      method: 'GET',
      path: `${MEMBER}/contact`,
      describes: NOTICE_DESCRIPTIONS.contact,
      handle: async (call) => {
        const whose = whoseOf(ledger, call, false);
        if (isRefusal(whose)) return problem(whose);
        const found = await contactOf(partsOf(ledger, call), whose);
        if (isRefusal(found)) return problem(found);
        if (found === undefined) return problem(refuse('CONTACT_NOT_FOUND', 'owner'));
        return shown(ledger, call, whose.owner, found);
      },
    },
    {
      ...READS,
      method: 'PUT',
      path: `${MEMBER}/contact`,
      describes: NOTICE_DESCRIPTIONS.putContact,
      body: 'required',
      handle: (call) => writing(call, putContact, true),
    },
    {
      ...READS,
      method: 'PUT',
      path: `${MEMBER}/consents`,
      describes: NOTICE_DESCRIPTIONS.putConsents,
      body: 'required',
      handle: (call) => writing(call, putConsents, false),
    },
    {
      ...READS,
      method: 'DELETE',
      path: `${MEMBER}/contact`,
      describes: NOTICE_DESCRIPTIONS.forget,
      handle: (call) => forgotten(ledger, call),
    },
    {
      ...READS,
      method: 'GET',
      path: `${MEMBER}/notices`,
      describes: NOTICE_DESCRIPTIONS.notices,
      handle: (call) => listed(ledger, call),
    },
  ];
}

async function forgotten(ledger: ServedLedger, call: Call): Promise<Answer> {
  const whose = whoseOf(ledger, call, true);
  if (isRefusal(whose)) return problem(whose);
  const no = await removeContact(partsOf(ledger, call), whose);
  if (no !== undefined && no.code !== 'CONTACT_NOT_FOUND') return problem(no);
  // Whoever asks again has that forgotten, too, which could not be at first.
  const question = { type: 'forget', ...whose } as const;
  const lacking = refuse('OUTBOX_UNAVAILABLE');
  const done = await answerOf(ledger, (outbound) => outbound.notices(question), lacking);
  if (isRefusal(done)) return problem(done);
  return no === undefined ? json(200, { owner: whose.owner }, { owner: whose.owner }) : problem(no);
}

async function listed(ledger: ServedLedger, call: Call): Promise<Answer> {
  const whose = whoseOf(ledger, call, false);
  if (isRefusal(whose)) return problem(whose);
  const limit = count(call.query, 'limit') ?? NOTICES_PAGE_MAX;
  const question = { type: 'list', ...whose, before: call.query['cursor'], limit } as const;
  const lacking = refuse('OUTBOX_UNAVAILABLE');
  const found = await answerOf<ToldNotices>(
    ledger,
    (outbound) => outbound.notices(question),
    lacking,
  );
  if (isRefusal(found)) return problem(found);
  const cursor = found.length < limit ? undefined : found.at(-1)?.cursor;
  return json(200, { notices: found.map(({ notice }) => notice), cursor });
}
