// Whatever somebody has in hand, looked for at once: names, ids, numbers, codes. Owns: what is looked for where, in which order it is told. Never
// touches: who may ask; what is found, beyond what says which it is.
//   overview.S1. What is found is of this moment, but for names that begin so and ids of commands, which the register tells (`behind`).
//   overview.S2. It is looked up by what is kept of it and never by going through all: a login name or an address by its digest, a code by its letters. So whoever has
//       only a part of one finds nothing.

import {
  cardCodeOf,
  cardId,
  cardState,
  codeState,
  couponCodeOf,
  DEFINITION_KINDS,
  type Engine,
  isCardId,
  mergeState,
  type NamedCommand,
  ORDER_NUMBER_PATTERN,
  partnerExchangeAt,
} from '../../engine/index.js';
import type { Directory } from '../auth/directory.js';
import type { Sealer } from '../auth/sealing.js';
import { lookUp } from '../identity/mappings.js';
import { GLOBAL } from '../identity/names.js';
import { ownersAt } from '../outbound/notices/contacts.js';
import { ownProgrammes } from '../own-programmes.js';
import { isRefusal, type Refusal } from '../refusal.js';
import type { FoundType } from '../schema/overview.js';
import { PartnerExchangeId } from '../schema/partner-exchanges.js';
import { fits, SystemUser, User } from '../schema/words.js';
import { accountByLogin, loginDigest } from '../sign-in/accounts.js';
import { foldedLogin } from '../sign-in/login-names.js';

/** Something that was found. */
export interface Found {
  readonly type: FoundType;
  /** `prefix`: its name begins so. */
  readonly match: 'exact' | 'prefix';
  /** Whose it is: of a command its home owner. */
  readonly owner?: string | undefined;
  /** By what it is asked for: an id, a number, a code, a key; of a user of a system its name there. */
  readonly key?: string | undefined;
  /** Of a user: the system; of a definition: its kind. */
  readonly system?: string | undefined;
  readonly kind?: string | undefined;
  readonly programme?: string | undefined;
  readonly act?: string | undefined;
  /** What state it is in, in a word of its own type. */
  readonly state?: string | undefined;
  /** When that was: of a command; of a member, first seen. */
  readonly at?: number | undefined;
}

/** What is found, and how many blocks the register has not looked at. */
export interface Search {
  readonly results: readonly Found[];
  readonly behind: number;
}

export interface SearchParts {
  readonly engine: Engine;
  readonly directory: Directory;
  readonly sealer: Sealer;
}

type Some = readonly Found[] | Refusal;

const isUser = fits(User);
const isSystemUser = fits(SystemUser);
const isExchange = fits(PartnerExchangeId);
const ORDER_NUMBER = new RegExp(`^${ORDER_NUMBER_PATTERN}$`);
/** A mail address, or a number with what it is written with. */
const ADDRESS = /@|^\+?[\d\s().-]{6,32}$/;
const SYSTEM_OWNER = /^@[a-z]+(?::[A-Za-z0-9._-]+)?$/;

/** What is found by a text; a refusal where a part of the ledger does not answer. `limit`: members whose names begin so. */
export async function searched(
  parts: SearchParts,
  text: string,
  limit: number,
): Promise<Search | Refusal> {
  const { engine } = parts;
  const [owners, named, ...others] = await Promise.all([
    isUser(text) ? engine.register.owners({ prefix: text, limit }) : undefined,
    engine.register.named(text),
    member(engine, text),
    users(parts, text),
    signIn(parts, text),
    contact(parts, text),
    order(engine, text),
    coupon(engine, text),
    card(parts, text),
    referralCodes(engine, text),
    partnerExchange(engine, text),
    platform(parts, text),
    definitions(engine, text),
  ]);
  if (isRefusal(owners)) return owners;
  if (isRefusal(named)) return named;
  const exact: Found[] = [];
  for (const one of others) {
    if (isRefusal(one)) return one;
    exact.push(...one);
  }
  const begun = (owners?.owners ?? []).flatMap(({ owner, since }): Found[] =>
    owner === text ? [] : [{ type: 'member', match: 'prefix', owner, at: since }],
  );
  const commands = await Promise.all(named.named.map((one) => commandFound(engine, one)));
  return { results: [...exact, ...commands, ...begun], behind: named.behind };
}

/** Who has this name. */
async function member(engine: Engine, text: string): Promise<Some> {
  const isSystem = SYSTEM_OWNER.test(text);
  if (!isSystem && !isUser(text)) return [];
  const accounts = await engine.balance(text);
  if (isRefusal(accounts)) return isSystem ? [] : accounts;
  if (isSystem)
    return accounts.length === 0 ? [] : [{ type: 'system-owner', match: 'exact', owner: text }];
  const [known, merges] = await Promise.all([
    accounts.length > 0 ? undefined : engine.register.owners({ prefix: text, limit: 1 }),
    mergeState(engine.own, text),
  ]);
  if (isRefusal(known)) return known;
  if (isRefusal(merges)) return merges;
  const isThere = accounts.length > 0 || known?.owners[0]?.owner === text;
  if (!isThere && merges.merged === undefined) return [];
  const state = merges.merged === undefined ? undefined : 'merged';
  return [{ type: 'member', match: 'exact', owner: text, state }];
}

/** Who is called so by platforms, or, as `system:user`, by any system. */
async function users({ engine, directory }: SearchParts, text: string): Promise<Some> {
  const [system = '', user] = text.split(':', 2);
  const sources = directory.platforms.map(({ id }) => ({ system: id, user: text }));
  if (user !== undefined) sources.push({ system, user });
  const found = await Promise.all(
    sources
      .filter((one) => isSystemUser(one.user))
      .map(async (source): Promise<Some> => {
        const mapping = await lookUp(engine, source, GLOBAL);
        // What is no name of a system is nobody there.
        if (isRefusal(mapping)) return mapping.status < 500 ? [] : mapping;
        if (mapping === undefined) return [];
        const { target, status } = mapping;
        const told = { owner: target.user, key: source.user, system: source.system };
        return [{ type: 'user', match: 'exact', ...told, state: status }];
      }),
  );
  return all(found);
}

async function signIn({ engine, sealer }: SearchParts, text: string): Promise<Some> {
  const folded = foldedLogin(text);
  if (folded === undefined) return [];
  const account = await accountByLogin(engine, loginDigest(sealer, folded));
  if (isRefusal(account)) return account;
  return account === undefined ? [] : [{ type: 'sign-in', match: 'exact', owner: account.owner }];
}

/** Who can be reached there. */
async function contact({ engine, sealer }: SearchParts, text: string): Promise<Some> {
  if (!ADDRESS.test(text)) return [];
  const owners = await ownersAt({ ledger: engine, sealer }, text);
  if (isRefusal(owners)) return owners;
  return owners.map((owner) => ({ type: 'contact', match: 'exact', owner }));
}

async function order(engine: Engine, text: string): Promise<Some> {
  const number = text.toUpperCase();
  if (!ORDER_NUMBER.test(number)) return [];
  const page = await engine.orders({ number, limit: 1 });
  if (isRefusal(page)) return page;
  return page.orders.map(({ owner, programme, state, at }) => ({
    ...{ type: 'order', match: 'exact', key: number, owner, programme, state, at },
  }));
}

async function coupon(engine: Engine, text: string): Promise<Some> {
  const of = couponCodeOf(text);
  if (typeof of === 'string') return [];
  const [defined, state] = await Promise.all([
    engine.definition('coupon', of.campaign),
    codeState(engine.own, of, engine.now()),
  ]);
  if (isRefusal(defined)) return defined;
  if (isRefusal(state)) return state;
  const document = defined?.versions.at(-1)?.document;
  if (document === undefined) return [];
  // A shared code is the campaign's; a single one says whose it is once it is somebody's.
  if (state === undefined && (document['codes'] === 'shared') !== (of.form === 'shared')) return [];
  if (state === undefined && of.form !== 'shared') return [];
  return [
    {
      ...{ type: 'coupon', match: 'exact', key: of.code, kind: of.campaign },
      ...{ owner: state?.owner, state: state?.state },
    },
  ];
}

async function card({ engine, sealer }: SearchParts, text: string): Promise<Some> {
  const code = cardCodeOf(text);
  const id = isCardId(text)
    ? text
    : code === undefined
      ? undefined
      : cardId(code, (of) => sealer.proof(of));
  if (id === undefined) return [];
  const found = await cardState(engine.own, id, engine.now());
  if (isRefusal(found)) return found;
  if (found === undefined) return [];
  const { programme, state, issuedAt: at } = found;
  return [{ type: 'card', match: 'exact', key: id, programme, state, at }];
}

async function referralCodes(engine: Engine, text: string): Promise<Some> {
  const programmes = await ownProgrammes(engine);
  if (isRefusal(programmes)) return programmes;
  const found = await Promise.all(
    programmes.all.map(async (programme): Promise<Some> => {
      const one = await engine.own.referralCode(programme, text);
      if (isRefusal(one)) return one.status < 500 ? [] : one;
      if (one === undefined) return [];
      const { code: key, owner } = one;
      return [{ type: 'referral-code', match: 'exact', key, owner, programme }];
    }),
  );
  return all(found);
}

async function partnerExchange(engine: Engine, text: string): Promise<Some> {
  if (!isExchange(text)) return [];
  const found = await partnerExchangeAt(engine.own, text);
  if (isRefusal(found)) return found;
  if (found === undefined) return [];
  const { owner, status: state, submittedAt: at } = found;
  return [{ type: 'partner-exchange', match: 'exact', key: text, owner, state, at }];
}

async function platform({ directory }: SearchParts, text: string): Promise<Some> {
  const found = directory.platforms.find(({ id, name }) => id === text || name === text);
  if (found === undefined) return [];
  const state = found.disabled ? 'disabled' : 'enabled';
  return [{ type: 'platform', match: 'exact', key: found.id, state }];
}

const isKey = /^[A-Za-z0-9._:@/+=~-]{1,64}$/;

async function definitions(engine: Engine, text: string): Promise<Some> {
  if (!isKey.test(text)) return [];
  const found = await Promise.all(
    DEFINITION_KINDS.map(async ({ name: kind }): Promise<Some> => {
      const one = await engine.definition(kind, text);
      if (isRefusal(one)) return one.status < 500 ? [] : one;
      const newest = one?.versions.at(-1);
      if (newest === undefined) return [];
      const { state, definedAt: at } = newest;
      return [{ type: 'definition', match: 'exact', kind, key: text, state, at }];
    }),
  );
  return all(found);
}

function all(found: readonly Some[]): Some {
  const some: Found[] = [];
  for (const one of found) {
    if (isRefusal(one)) return one;
    some.push(...one);
  }
  return some;
}

const TYPES: Readonly<Record<string, FoundType>> = {
  transfer: 'transfer',
  hold: 'hold',
  reverse: 'reversal',
};
const OF_ACTS: Readonly<Record<string, FoundType>> = {
  event: 'event',
  exchange: 'exchange',
  'exchange-submit': 'exchange',
};

async function commandFound(engine: Engine, command: NamedCommand): Promise<Found> {
  const { type, act, owner, id, time } = command;
  // What was between shards there may be decided by now.
  const now = command.outcome === 'PREPARED' ? await engine.transfer(owner, id) : undefined;
  const decided = now === undefined || isRefusal(now) ? undefined : now.outcome;
  const outcome = decided?.ok === true ? 'ok' : (decided?.code ?? command.outcome);
  const of = act === undefined ? TYPES[type] : (OF_ACTS[act] ?? 'act');
  const told = { owner, key: id, act, state: outcome, at: time };
  return { type: of ?? 'command', match: 'exact', ...told };
}
