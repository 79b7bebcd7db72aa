// What a member asks of itself: what there is for it, who it is, all that is kept of it. Owns: these paths, what an export has. Never touches: what
// definitions say, balances.
//   http.H65. An export is of one member alone, and asked by those reads that anybody's are asked by: it has no way of its own to anything. It ends where
//        its credentials do.

import { assetsOf, type Caller, couponsOf, limits, orderByNumber } from '../../../engine/index.js';
import { openPersonal } from '../../auth/personal.js';
import { memberOnly, membersToo, type Principal, whole } from '../../auth/principal.js';
import { openReceivers, type Receiver } from '../../auth/receivers.js';
import { type Answer, json, lines, problem } from '../../encoding/answer.js';
import { lookUpBack } from '../../identity/mappings.js';
import { GLOBAL } from '../../identity/names.js';
import type { ToldNotices } from '../../outbound/messages.js';
import { contactOf } from '../../outbound/notices/contacts.js';
import type { Whose } from '../../outbound/notices/shapes.js';
import { type OwnProgrammes, ownProgrammes } from '../../own-programmes.js';
import { isRefusal, problemJson, type Refusal, refuse } from '../../refusal.js';
import {
  type AccessParts,
  type Call,
  callerOf,
  engineOf,
  type Route,
  type ServedLedger,
} from '../../route.js';
import { NOTICES_PAGE_MAX } from '../../schema/notices.js';
import { OWN_DESCRIPTIONS } from '../../schema/own.js';
import { signInId } from '../../sign-in/accounts.js';
import { toldContact } from './contacts.js';
import { answerOf } from './outbox.js';
import { disclosed } from './privacy.js';
import { OK } from './submit.js';
import { ownerIn } from './whose.js';

const MEMBER = '/v1/members/{owner}';
const COUPONS_PAGE = 100;
const ORDERS_PAGE = 100;

/** The routes of what is a member's own. */
export function ownRoutes(ledger: ServedLedger): Route[] {
  return [
    {
      method: 'GET',
      path: `${MEMBER}/programmes`,
      access: membersToo('read'),
      module: 'acts',
      describes: OWN_DESCRIPTIONS.programmes,
      handle: async (call) => {
        const owner = ownerIn(call);
        if (isRefusal(owner)) return problem(owner);
        const found = await ownProgrammes(engineOf(ledger));
        return isRefusal(found) ? problem(found) : json(OK, listed(ledger, call, owner, found));
      },
    },
    {
      method: 'GET',
      path: '/user/profile',
      access: memberOnly('profile'),
      module: 'accounts',
      describes: OWN_DESCRIPTIONS.profile,
      handle: async ({ principal: { owner = '' } }) => {
        // The scope permits no operation: what it tells is said here.
        const accounts = await engineOf(ledger).balance(owner);
        if (isRefusal(accounts)) return problem(accounts);
        const points = new Map(accounts.map(({ asset, available }) => [asset, available]));
        const owns = platformsOf(ledger).flatMap(({ id, assets: [own = ''] }) => {
          const amount = points.get(own);
          return amount === undefined ? [] : [[id, amount] as const];
        });
        return json(OK, { user_id: owner, point_accounts: Object.fromEntries(owns) });
      },
    },
    {
      method: 'GET',
      path: `${MEMBER}/export`,
      access: { ...whole('admin'), members: ['self'] },
      module: 'accounts',
      describes: OWN_DESCRIPTIONS.export,
      handle: async (call) => {
        const owner = ownerIn(call);
        if (isRefusal(owner)) return problem(owner);
        const first = await callerOf(ledger, call).balance(owner);
        if (isRefusal(first)) return problem(first);
        const no = await disclosed(ledger, call, 'export', 'GET /v1/members/{owner}/export', [
          owner,
        ]);
        return no === undefined ? exported(ledger, call, owner) : problem(no);
      },
    },
  ];
}

const platformsOf = ({ access }: ServedLedger) =>
  (access as AccessParts).directory.platforms.filter(({ disabled }) => !disabled);

/** Platforms that somebody is told of: to a platform, itself. */
function platformsFor(ledger: ServedLedger, { platform }: Principal) {
  const all = platformsOf(ledger);
  return platform === undefined ? all : all.filter(({ id }) => id === platform.id);
}

function listed(
  ledger: ServedLedger,
  { principal }: Call,
  owner: string,
  { programmes, coalitions }: OwnProgrammes,
): object {
  const engine = engineOf(ledger);
  const readable = assetsOf(principal, 'read');
  const isSeen = (asset: string): boolean => readable?.has(asset) ?? true;
  const platforms = platformsFor(ledger, principal)
    .map(({ id, name, assets }) => ({ platform: id, name, assets: assets.filter(isSeen) }))
    .filter(({ assets }) => assets.length > 0);
  const platformOf = (asset: string): string | undefined =>
    platforms.find(({ assets: [own] }) => own === asset)?.platform;
  const withGoods = new Set(ledger.mall?.catalogue.programmesWithGoods(engine.now()) ?? []);
  return {
    owner,
    platforms,
    assets: engine
      .assets()
      .filter(({ asset }) => isSeen(asset))
      .map(({ asset, scale }) => ({
        ...{ asset, scale, platform: platformOf(asset), coalition: coalitions.get(asset) },
      })),
    programmes: programmes
      .filter(({ asset }) => isSeen(asset))
      .map(({ programme, asset, told }) => ({
        ...{ ...told, platform: platformOf(asset), hasGoods: withGoods.has(programme) },
      })),
  };
}

/** A line of an export: of which type it is, and under that name what it tells. */
type Line = Readonly<Record<string, unknown>>;
const line = (type: string, told: unknown): Line => ({ type, [type]: told });

/** What could not be read, and is the end of it. */
interface Refused {
  readonly refused: Refusal;
}
type Lines = AsyncGenerator<Line | Refused, void, undefined>;

/** Lines of what comes in pages. */
async function* paged<T>(
  type: string,
  page: (
    cursor: string | undefined,
  ) => Promise<Refusal | readonly [readonly T[], (string | undefined)?]>,
): Lines {
  for (let cursor: string | undefined; ; ) {
    const found = await page(cursor);
    if (isRefusal(found)) {
      // What the caller may not read is no part of it.
      if (found.code !== 'ASSET_FORBIDDEN') yield { refused: found };
      return;
    }
    const [items, next] = found;
    for (const one of items) yield line(type, one);
    if (next === undefined) return;
    cursor = next;
  }
}

/** The whole of a member, as the caller may read it. */
async function* linesOf(ledger: ServedLedger, call: Call, owner: string): Lines {
  const engine = engineOf(ledger);
  const caller = callerOf(ledger, call);
  yield line('member', { owner, at: engine.now() });
  const accounts = await caller.balance(owner);
  if (isRefusal(accounts)) return yield { refused: accounts };
  for (const one of accounts) yield line('account', one);
  for (const { asset } of accounts)
    yield* paged('entry', async (cursor) => {
      const limit = limits.ENTRIES_PAGE_MAX;
      const found = await caller.entries({ owner, asset, order: 'oldest', limit, cursor });
      return isRefusal(found) ? found : [found.entries, found.cursor];
    });
  yield* ofProgrammes(ledger, caller, owner);
  // What platforms were told of a member is theirs, and told by who administers all.
  const isOwn = call.principal.kind === 'member';
  const scopes = isOwn ? [] : platformsOf(ledger).map(({ id }) => id);
  for (const scope of ['', ...scopes]) yield* ofReaching(ledger, { scope, owner });
  const login = await ledger.signIn?.shownName(signInId(owner));
  if (isRefusal(login)) return yield { refused: login };
  if (login !== undefined) yield line('sign-in', { login });
  const identities = await lookUpBack(engine, { system: GLOBAL, user: owner });
  if (isRefusal(identities)) return yield { refused: identities };
  for (const { source, status } of identities)
    yield line('identity', { system: source.system, user: source.user, status });
  const { kind, id } = call.principal;
  const grants = kind === 'member' ? await ledger.oauth?.grants.grantsOf(id) : undefined;
  if (isRefusal(grants)) return yield { refused: grants };
  for (const one of grants ?? []) yield line('grant', one);
  yield { type: 'end' };
}

async function* ofProgrammes(ledger: ServedLedger, caller: Caller, owner: string): Lines {
  const engine = engineOf(ledger);
  const found = await ownProgrammes(engine);
  if (isRefusal(found)) return yield { refused: found };
  for (const { programme } of found.programmes) {
    const standing = await caller.member(owner, programme);
    if (isRefusal(standing) && standing.code === 'ASSET_FORBIDDEN') continue;
    if (isRefusal(standing)) return yield { refused: standing };
    // It is the member's own export, which is noted as a whole.
    const { sealer } = ledger.access as AccessParts;
    const profile = await openPersonal(sealer, owner, standing.profile);
    if (isRefusal(profile)) return yield { refused: profile };
    yield line('standing', { ...standing, profile });
    const { time } = standing;
    yield* paged('coupon', async (cursor) => {
      const of = { owner, programme, time, cursor, limit: COUPONS_PAGE };
      const page = await couponsOf(engine.own, of);
      return isRefusal(page) ? page : [page.coupons, page.cursor];
    });
  }
  for (const programme of found.all)
    yield* paged('order', async (cursor) => {
      const page = await caller.orders({ programme, owner, cursor, limit: ORDERS_PAGE });
      if (isRefusal(page)) return page;
      const orders = await withReceivers(ledger, owner, page.orders);
      return isRefusal(orders) ? orders : [orders, page.cursor];
    });
}

/** Orders of one member, with where they go to. */
async function withReceivers<Order extends { readonly number: string }>(
  ledger: ServedLedger,
  owner: string,
  orders: readonly Order[],
): Promise<readonly (Order & { readonly receiver?: Receiver | undefined })[] | Refusal> {
  const { own } = engineOf(ledger);
  const sealed: { readonly owner: string; readonly receiver: string | null }[] = [];
  for (const { number } of orders) {
    const kept = await orderByNumber(own, owner, number);
    if (isRefusal(kept)) return kept;
    sealed.push({ owner, receiver: kept?.receiver ?? null });
  }
  const receivers = await openReceivers((ledger.access as AccessParts).sealer, sealed);
  if (isRefusal(receivers)) return receivers;
  return orders.map((one, i) => ({ ...one, receiver: receivers[i] }));
}

/** How the member can be reached, and what it was sent, as the ledger itself or a platform knows it. */
async function* ofReaching(ledger: ServedLedger, whose: Whose): Lines {
  const engine = engineOf(ledger);
  const { sealer } = ledger.access as AccessParts;
  const { scope } = whose;
  const platform = scope === '' ? {} : { platform: scope };
  const contact = await contactOf({ ledger: engine, sealer }, whose);
  if (isRefusal(contact)) return yield { refused: contact };
  if (contact !== undefined)
    yield line('contact', { ...toldContact(contact, contact.addresses), ...platform });
  yield* paged('notice', async (before) => {
    const question = { type: 'list', ...whose, before, limit: NOTICES_PAGE_MAX } as const;
    const lacking = refuse('OUTBOX_UNAVAILABLE');
    const told = await answerOf<ToldNotices>(ledger, (it) => it.notices(question), lacking);
    if (isRefusal(told)) return told;
    const next = told.length < NOTICES_PAGE_MAX ? undefined : told.at(-1)?.cursor;
    return [told.map(({ notice }) => notice), next];
  });
}

function exported(ledger: ServedLedger, call: Call, owner: string): Answer {
  return lines(async (stream) => {
    for await (const one of linesOf(ledger, call, owner)) {
      if (stream.isGone) return;
      const isOver = call.isGood?.() === false;
      const ended = isOver ? refuse('UNAUTHORIZED', 'Authorization') : undefined;
      const refused = ended ?? ('refused' in one ? (one as Refused).refused : undefined);
      await stream.write(`${refused === undefined ? JSON.stringify(one) : problemJson(refused)}\n`);
      if (refused !== undefined) return;
    }
  });
}
