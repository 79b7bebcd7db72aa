// The grants that there are. Owns: their documents, in which order they are written and ended. Never touches: what a use makes of one (grant.ts), HTTP.
//   oauth.G3. What was ended is nothing any more as soon as that is answered: every use is written over the version that was seen, and a grant that was ended
//       is another version. Where a node remembers what it saw (tokens.ts), it is told of what is ended here.
//   oauth.G5. The record that lists a grant of a member is written before the grant, and what the grant rests on is looked at in between. Whoever ends that
//       changes it first and lists then: either the list has the grant, or the look finds it changed. A grant that is listed and not there yet is written
//       first by who ends it, so that it never is.
//   oauth.G6. A code that is made for an answer of a member (`form`) follows from it: the same answer again is the same code, or none.

import { createHash } from 'node:crypto';
import { ownerNow } from '../../engine/index.js';
import type { Sealer } from '../auth/sealing.js';
import { type Document, Documents, isTooLong, type OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { liveClient } from './clients.js';
import { credentialOf, digestOf, newCredential, newId, readCredential } from './credentials.js';
import {
  type Issued,
  isCookieGood,
  keptUntil,
  type StoredGrant,
  type Use,
  useCookie,
  withFirstToken,
} from './grant.js';
import { readScopes, SCOPES, type Scope, scopeText } from './scopes.js';
import type {
  Consent,
  GrantBook,
  GrantKind,
  Member,
  OwnTokenAnswer,
  Seat,
  Session,
  ShownGrant,
  StillGood,
  TokenAnswer,
} from './shapes.js';

/** The client of the product's own page. */
export const OWN_PAGE = '@me';
/** That of the page in a platform's. */
export const embeddedIn = (platform: string): string => `@embed:${platform}`;

/** How a grant is listed among those of a member. */
interface Listed {
  readonly kind: GrantKind;
  readonly client: string;
  readonly scope: string;
  readonly createdAt: number;
  readonly address: string;
  readonly agent: string;
}

/** How often a use is tried over what others change meanwhile. */
const TRIES_MAX = 16;
/** How long it is known of a grant that it was ended, or of a code that it was made: longer than any call, or any page with a form, is open. */
const KEPT_MS = 24 * 3_600_000;
/** How long a document is kept of which nothing can be used. */
const SPENT_MS = 60_000;

const KEY = 'grant';
const grantAt = (id: string): Documents<StoredGrant> => new Documents(`#grant:${id}`, KEY);
const listOf = (member: string): Documents<Listed> => new Documents(`#member:${member}`, KEY);

/** All scopes: of the product's own page. */
const ALL_SCOPES = scopeText(
  (Object.keys(SCOPES) as (keyof typeof SCOPES)[]).map((word) => ({ word, platform: undefined })),
);

/** What the OAuth server works on. */
export interface BookParts {
  readonly ledger: OwnLedger;
  readonly sealer: Pick<Sealer, 'mac'>;
  readonly limits: GatewayLimits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A grant that was found. */
export interface FoundGrant {
  readonly id: string;
  readonly version: number;
  readonly grant: StoredGrant;
}

/** Tokens as they are answered. */
export const answerOf = ({ access, seconds, scope, refresh }: Issued): TokenAnswer => ({
  access_token: access,
  token_type: 'Bearer',
  expires_in: seconds,
  scope,
  ...(refresh === undefined ? {} : { refresh_token: refresh }),
});

export class Grants implements GrantBook {
  readonly #ledger: OwnLedger;
  readonly #sealer: Pick<Sealer, 'mac'>;
  readonly #limits: GatewayLimits;
  readonly now: () => number;
  readonly #onEnd: ((id: string) => void)[] = [];
  /** Grants that were ended here. */
  ended = 0;

  constructor({ ledger, sealer, limits, now }: BookParts) {
    this.#ledger = ledger;
    this.#sealer = sealer;
    this.#limits = limits;
    this.now = now;
  }

  /** Has `heed` told of grants of which something was ended here. */
  onEnd(heed: (id: string) => void): void {
    this.#onEnd.push(heed);
  }

  /** Something of a grant was ended. */
  tellOf(id: string): void {
    for (const heed of this.#onEnd) heed(id);
  }

  /** A grant as it is now; undefined: there is none, or it was ended. */
  async find(id: string): Promise<Refusal | FoundGrant | undefined> {
    const found = await grantAt(id).get(this.#ledger, KEY);
    if (found === undefined || isRefusal(found)) return found;
    const grant = found.read();
    if (grant.ended !== undefined || grant.until <= this.now()) return undefined;
    return { id, version: found.version, grant };
  }

  /** Uses a grant, over the version that was seen, as often as others change it meanwhile; undefined: there is none. */
  async use<Told>(
    id: string,
    make: (grant: StoredGrant, now: number) => Use<Told>,
  ): Promise<Refusal | { readonly told: Told; readonly grant: StoredGrant } | undefined> {
    for (let n = 0; n < TRIES_MAX; n++) {
      const found = await this.find(id);
      if (found === undefined || isRefusal(found)) return found;
      const { grant, told } = make(found.grant, this.now());
      if (grant === 'ended') {
        const no = await this.#end(id, found.grant.member);
        return no ?? { told, grant: found.grant };
      }
      if (grant === undefined) return { told, grant: found.grant };
      const no = await this.#keep(found.grant, id, grant, found.version);
      if (no === undefined) return { told, grant };
      if (no.code !== 'CHANGED_MEANWHILE') return no;
    }
    return refuse('SHARD_BUSY', undefined, 'Too much is asked of one grant at once; try again.');
  }

  // What is listed of a grant lives as long as the grant: first of all, as nothing ends what is not listed.
  async #keep(
    before: StoredGrant,
    id: string,
    grant: StoredGrant,
    version: number,
  ): Promise<Refusal | undefined> {
    const { member } = grant;
    if (member !== undefined && before.code !== undefined && before.code.used !== true) {
      const list = listOf(member);
      const listed = await list.get(this.#ledger, id);
      if (isRefusal(listed)) return listed;
      // It is being ended.
      if (listed === undefined) return refuse('CHANGED_MEANWHILE');
      const { version: seen } = listed;
      const no = await list.put(this.#ledger, id, listed.read(), seen, grant.until);
      if (no !== undefined) return no;
    }
    return this.#write(id, grant, version);
  }

  // The tokens that a record has no room for are the oldest.
  #write(id: string, grant: StoredGrant, version: number): Promise<Refusal | undefined> {
    let fits = grant;
    while (isTooLong(fits) && fits.tokens.length > 1)
      fits = { ...fits, tokens: fits.tokens.slice(1) };
    const { code, createdAt } = fits;
    const made = code === undefined ? 0 : createdAt + KEPT_MS;
    // Of a grant that nothing is left of: a shard's clock may be ahead of the one here.
    const until = Math.max(keptUntil(fits), made, this.now() + SPENT_MS);
    return grantAt(id).put(this.#ledger, KEY, fits, version, until);
  }

  /** Ends a grant, whatever it is now: nothing can be written over what it was. */
  async #end(id: string, member: string | undefined): Promise<Refusal | undefined> {
    const now = this.now();
    const gone: StoredGrant = {
      ...{ kind: 'client', client: '', scope: '', tokens: [] },
      ...{ createdAt: now, usedAt: now, until: now, ended: now },
    };
    const no = await grantAt(id).put(this.#ledger, KEY, gone, undefined, now + KEPT_MS);
    if (no !== undefined) return no;
    this.ended++;
    this.tellOf(id);
    return member === undefined ? undefined : listOf(member).delete(this.#ledger, id);
  }

  /** Lists a grant, looks whether what it rests on is good, and writes it (oauth.G5). */
  async #open(
    id: string,
    grant: StoredGrant,
    seat: Seat,
    listedUntil: number,
    still: StillGood,
  ): Promise<Refusal | undefined> {
    const { member = '', kind, client, scope, createdAt } = grant;
    const crowded = await this.#makeRoom(member, client);
    if (crowded !== undefined) return crowded;
    const listed: Listed = { kind, client, scope, createdAt, ...seat };
    const no = await listOf(member).put(this.#ledger, id, listed, 0, listedUntil);
    // Of the same answer of the member a second time it may be there.
    if (no !== undefined && no.code !== 'CHANGED_MEANWHILE') return no;
    return (await still()) ?? this.#write(id, grant, 0);
  }

  /**
   * Ends grants of a member to a client where there are as many as there may be: first those whose code nobody has used, then the oldest. Any page can send a
   * member's browser to ask for codes again and again: what the client uses does not end by that.
   */
  async #makeRoom(member: string, client: string): Promise<Refusal | undefined> {
    const listed = await this.#listed(member);
    if (isRefusal(listed)) return listed;
    const same = listed.filter(([, one]) => one.client === client);
    const most = this.#limits.memberGrantsMax - 1;
    if (same.length <= most) return undefined;
    const found = await Promise.all(same.map(([id]) => this.find(id)));
    const all: { id: string; createdAt: number; isIdle: boolean }[] = [];
    for (const [i, [id, { createdAt }]] of same.entries()) {
      const one = found[i];
      if (isRefusal(one)) return one;
      const code = one?.grant.code;
      all.push({ id, createdAt, isIdle: code !== undefined && code.used !== true });
    }
    all.sort((a, b) => Number(a.isIdle) - Number(b.isIdle) || b.createdAt - a.createdAt);
    for (const { id } of all.slice(most)) {
      const no = await this.#end(id, member);
      if (no !== undefined) return no;
    }
    return undefined;
  }

  async #listed(member: string): Promise<Refusal | readonly (readonly [string, Listed])[]> {
    const all = await listOf(member).all(this.#ledger);
    return isRefusal(all) ? all : all.map((one: Document<Listed>) => [one.key, one.read()]);
  }

  #until(seconds: number): number {
    return this.now() + seconds * 1_000;
  }

  async openSession(
    { member, owner }: Member,
    seat: Seat,
    still: StillGood,
    isProved = false,
  ): Promise<Refusal | { readonly cookie: string; readonly session: Session }> {
    const id = newId();
    const cookie = newCredential('sc', id);
    const now = this.now();
    const until = this.#until(this.#limits.grantSecondsMax);
    const ends = this.#until(this.#limits.sessionSeconds);
    const grant: StoredGrant = {
      ...{ kind: 'session', client: OWN_PAGE, member, owner, scope: ALL_SCOPES },
      ...{ createdAt: now, usedAt: now, until, ...(isProved && { provedAt: now }) },
      cookie: { hash: digestOf(cookie), until: ends },
      tokens: [],
    };
    const no = await this.#open(id, grant, seat, until, still);
    if (no !== undefined) return no;
    const is = await ownerNow(this.#ledger.own, owner);
    return isRefusal(is) ? is : { cookie, session: { id, member, owner: is, until: ends } };
  }

  async proved(id: string): Promise<Refusal | number | undefined> {
    const used = await this.use(id, (grant, now): Use<boolean> => {
      const isPage = grant.kind === 'session' || grant.kind === 'embedded';
      return isPage ? { grant: { ...grant, provedAt: now }, told: true } : { told: false };
    });
    if (used === undefined || isRefusal(used)) return used;
    const { provedAt } = used.grant;
    if (!used.told || provedAt === undefined) return undefined;
    // What is remembered of its tokens says otherwise.
    this.tellOf(id);
    return provedAt + this.#limits.secondFactorSeconds * 1_000;
  }

  async session(cookie: string): Promise<Refusal | Session | undefined> {
    const shown = readCredential(cookie, 'sc');
    if (shown === undefined) return undefined;
    const found = await this.find(shown.id);
    if (found === undefined || isRefusal(found)) return found;
    if (!isCookieGood(found.grant, cookie, this.now())) return undefined;
    return this.#sessionOf(found.id, found.grant);
  }

  async #sessionOf(id: string, grant: StoredGrant): Promise<Refusal | Session> {
    const { member = '', owner = '', cookie, until } = grant;
    const is = await ownerNow(this.#ledger.own, owner);
    return isRefusal(is)
      ? is
      : { id, member, owner: is, until: Math.min(cookie?.until ?? 0, until) };
  }

  sessionStill({ id }: Session): StillGood {
    return async () => {
      const found = await this.find(id);
      if (isRefusal(found)) return found;
      return found === undefined ? refuse('SESSION_ENDED') : undefined;
    };
  }

  async sessionToken(cookie: string): Promise<Refusal | OwnTokenAnswer | undefined> {
    const shown = readCredential(cookie, 'sc');
    if (shown === undefined) return undefined;
    const used = await this.use(shown.id, (grant, now): Use<Issued | undefined> => {
      if (!isCookieGood(grant, cookie, now)) return { told: undefined };
      const made = useCookie(shown, grant, now, this.#limits);
      return { grant: made.grant, told: made.issued };
    });
    if (used === undefined || isRefusal(used)) return used;
    return used.told && this.#own(used.told, used.grant.owner ?? '');
  }

  async #own(made: Issued, owner: string): Promise<Refusal | OwnTokenAnswer> {
    const is = await ownerNow(this.#ledger.own, owner);
    return isRefusal(is) ? is : { ...answerOf(made), owner: is };
  }

  async ticketToken(
    { member, owner }: Member,
    given: { readonly platform: string; readonly scopes: readonly Scope[]; readonly seat: Seat },
    still: StillGood,
  ): Promise<Refusal | OwnTokenAnswer> {
    const id = newId();
    const now = this.now();
    const until = this.#until(this.#limits.sessionTokenSeconds);
    const client = embeddedIn(given.platform);
    const grant: StoredGrant = {
      ...{ kind: 'embedded', client, member, owner, scope: scopeText(given.scopes) },
      ...{ createdAt: now, usedAt: now, until, tokens: [] },
    };
    const made = withFirstToken(id, grant, this.#limits.sessionTokenSeconds, this.#limits);
    const no = await this.#open(id, made.grant, given.seat, until, still);
    return no ?? this.#own(made.issued, owner);
  }

  /** A token of a client for itself. */
  async clientToken(client: string, generation: number, scope: string): Promise<Refusal | Issued> {
    const id = newId();
    const now = this.now();
    const seconds = this.#limits.accessTokenSeconds;
    const grant: StoredGrant = {
      ...{ kind: 'client', client, generation, scope },
      ...{ createdAt: now, usedAt: now, until: this.#until(seconds), tokens: [] },
    };
    const made = withFirstToken(id, grant, seconds, this.#limits);
    return (await this.#write(id, made.grant, 0)) ?? made.issued;
  }

  /** The code of what a member said; `used`: it was made before, and cannot be used any more (oauth.G6). */
  async code(consent: Consent): Promise<Refusal | { readonly code: string } | 'used'> {
    const { member, owner, request, scopes, form, seat, still } = consent;
    const { client, redirectUri, saysUri, challenge } = request;
    const parts = [form, member, client.id, redirectUri, challenge ?? ''];
    const mac = Buffer.from(this.#sealer.mac('oauth code', parts), 'base64url');
    const id = createHash('sha256').update('id').update(mac).digest('hex').slice(0, 24);
    const code = credentialOf('ac', id, mac);
    const known = await this.#known(id, code);
    if (known !== undefined) return known;
    const live = await liveClient(this.#ledger, client.id);
    if (isRefusal(live)) return live;
    if (live === undefined) return refuse('OAUTH_CLIENT_NOT_FOUND', 'client_id');
    const now = this.now();
    const ends = this.#until(this.#limits.authorizationCodeSeconds);
    const grant: StoredGrant = {
      ...{ kind: 'application', client: client.id, generation: live.generation, member, owner },
      ...{ scope: scopeText(scopes), createdAt: now, usedAt: now },
      until: this.#until(this.#limits.grantSecondsMax),
      code: { hash: digestOf(code), until: ends, uri: digestOf(redirectUri), saysUri, challenge },
      tokens: [],
    };
    const no = await this.#open(id, grant, seat, ends + KEPT_MS, still);
    if (no === undefined) return { code };
    if (no.code !== 'CHANGED_MEANWHILE') return no;
    return (await this.#known(id, code)) ?? 'used';
  }

  /** What became of a code that was made; undefined: it was not. */
  async #known(
    id: string,
    code: string,
  ): Promise<Refusal | { readonly code: string } | 'used' | undefined> {
    const found = await grantAt(id).get(this.#ledger, KEY);
    if (found === undefined || isRefusal(found)) return found;
    const { ended, code: kept } = found.read();
    const isGood = ended === undefined && kept?.used !== true && (kept?.until ?? 0) > this.now();
    return isGood ? { code } : 'used';
  }

  async grantsOf(member: string): Promise<Refusal | readonly ShownGrant[]> {
    const listed = await this.#listed(member);
    if (isRefusal(listed)) return listed;
    const found = await Promise.all(listed.map(([id]) => this.find(id)));
    const shown: ShownGrant[] = [];
    for (const [i, [id, { createdAt, address, agent }]] of listed.entries()) {
      const one = found[i];
      if (one === undefined) continue;
      if (isRefusal(one)) return one;
      const { kind, client, scope, usedAt } = one.grant;
      const until = keptUntil(one.grant);
      if (until <= this.now()) continue;
      shown.push({ id, kind, client, scope, address, agent, createdAt, usedAt, until });
    }
    return shown.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
  }

  async endGrant(member: string, id: string): Promise<Refusal | boolean> {
    const listed = await listOf(member).get(this.#ledger, id);
    if (isRefusal(listed)) return listed;
    if (listed === undefined) return false;
    return (await this.#end(id, member)) ?? true;
  }

  async endAll(
    member: string,
    which: { readonly except?: string | undefined; readonly kinds?: readonly GrantKind[] } = {},
  ): Promise<Refusal | undefined> {
    const { except, kinds } = which;
    const isMeant = (id: string, { kind }: Listed): boolean =>
      id !== except && kinds?.includes(kind) !== false;
    const ended = await this.#endWhere(member, isMeant);
    return isRefusal(ended) ? ended : undefined;
  }

  endClient(member: string, client: string): Promise<Refusal | number> {
    return this.#endWhere(member, (_, listed) => listed.client === client);
  }

  // Again and again until nothing is listed: what rests on a grant that is ended here was listed before that one was ended, or is not made.
  async #endWhere(
    member: string,
    isMeant: (id: string, listed: Listed) => boolean,
  ): Promise<Refusal | number> {
    for (let count = 0; ; ) {
      const listed = await this.#listed(member);
      if (isRefusal(listed)) return listed;
      const meant = listed.filter(([id, one]) => isMeant(id, one));
      if (meant.length === 0) return count;
      for (const [id] of meant) {
        const no = await this.#end(id, member);
        if (no !== undefined) return no;
        count++;
      }
    }
  }

  async consented(member: string, client: string): Promise<Refusal | readonly Scope[]> {
    const all = await this.grantsOf(member);
    if (isRefusal(all)) return all;
    const given = all.filter((one) => one.client === client).map(({ scope }) => scope);
    return given.length === 0 ? [] : given.flatMap((scope) => readScopes(scope) ?? []);
  }
}
