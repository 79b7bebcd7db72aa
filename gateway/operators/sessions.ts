// Sessions of operators and of keys, and their access tokens. Owns: their records; whose they are now. Never touches: passwords, codes, cookies on their way.
//   operators.S1. A session is good while what it was begun with is: the operator's account as it was then (`life`, `generation`), the key, the administrator's
//       key of this folder. That is looked at whenever a token is made or judged, so nothing has to be found to be ended.
//   operators.S2. Every use is written over the version that was seen: of a session that was ended nothing can be made.
//   operators.S3. Until codes are set up, where they are required, nothing but setting them up comes of a session.

import { createHash } from 'node:crypto';
import { type Engine, mayDo, OPERATIONS } from '../../engine/index.js';
import type { Directory } from '../auth/directory.js';
import { ADMINISTRATOR, type Principal } from '../auth/principal.js';
import { type Document, Documents } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import {
  digestOf,
  isDigestOf,
  newCredential,
  newId,
  readCredential,
  type Shown,
} from '../oauth/credentials.js';
import { type FoundToken, RememberedTokens } from '../oauth/remembered-tokens.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { findOperator } from './operators.js';
import { permittedBy } from './roles.js';
import type {
  Holder,
  LiveSession,
  ShownSession,
  SignedInAs,
  StoredOperator,
  StoredSession,
} from './shapes.js';

interface SessionParts {
  readonly engine: Engine;
  readonly directory: Directory;
  readonly limits: GatewayLimits;
  /** The administrator's key of this folder. */
  readonly adminKey: string;
  readonly onDefect: (error: unknown) => void;
}

/** Who a session is of, now. */
interface Who {
  readonly principal: Principal;
  readonly as: SignedInAs;
  /** When what it was begun with ends by itself. */
  readonly until: number;
  readonly still?: (() => boolean) | undefined;
}

/** A session as it is listed among those of one holder. */
type Listed = Pick<StoredSession, 'createdAt'>;

/** How often a use is tried over what others change meanwhile. */
const TRIES_MAX = 16;
const KEY = 'session';
const ADMINISTRATORS = 'administrator';

const sessionAt = (id: string): Documents<StoredSession> =>
  new Documents<StoredSession>(`#operator-session:${id}`, 'session');

/** Under what the sessions of a holder are listed: a digest, so that no name is part of another one. */
const listOf = (of: Holder): Documents<Listed> => {
  const name = 'operator' in of ? of.operator : 'key' in of ? of.key : ADMINISTRATORS;
  const [kind = ''] = Object.keys(of);
  const digest = createHash('sha256').update(`${kind} ${name}`).digest('base64url').slice(0, 22);
  return new Documents<Listed>(`#operator-sessions:${digest}`, 'listed');
};

/** What is kept of the administrator's key in sessions. */
export const administratorDigest = (key: string): string => digestOf(`administrator ${key}`);

export class Sessions extends RememberedTokens {
  readonly #parts: SessionParts;
  readonly #administrator: string;

  constructor(parts: SessionParts) {
    const { engine, limits, onDefect } = parts;
    super({ kind: 'op', limits, now: () => engine.now(), onDefect });
    this.#parts = parts;
    this.#administrator = administratorDigest(parts.adminKey);
  }

  get #now(): number {
    return this.#parts.engine.now();
  }

  /** Opens a session of who has proved to be the holder; the cookie's value is here and nowhere else. */
  async open(
    of: Holder,
    { address, agent }: { readonly address: string; readonly agent: string },
  ): Promise<Refusal | { readonly cookie: string; readonly live: LiveSession }> {
    const { engine, limits } = this.#parts;
    const crowded = await this.#makeRoom(of);
    if (crowded !== undefined) return crowded;
    const id = newId();
    const cookie = newCredential('oc', id);
    const now = this.#now;
    const until = now + limits.operatorSessionSecondsMax * 1_000;
    const session: StoredSession = {
      ...{ of, cookie: digestOf(cookie), createdAt: now, usedAt: now, until, address, agent },
      ...{ idleUntil: now + limits.operatorSessionSeconds * 1_000, tokens: [] },
    };
    const no =
      (await listOf(of).put(engine, id, { createdAt: now }, 0, until)) ??
      (await sessionAt(id).put(engine, KEY, session, 0, until));
    if (no !== undefined) return no;
    const live = await this.#live(id, session, 1);
    if (isRefusal(live)) return live;
    return live === undefined ? refuse('SESSION_ENDED') : { cookie, live };
  }

  /** The session of a cookie; `SESSION_ENDED`: it is none, has ended or was ended. */
  async session(cookie: string | undefined): Promise<Refusal | LiveSession> {
    const shown = cookie === undefined ? undefined : readCredential(cookie, 'oc');
    const found = shown && (await this.#find(shown.id));
    if (isRefusal(found)) return found;
    const session = found?.read();
    if (session === undefined || found === undefined || shown === undefined)
      return refuse('SESSION_ENDED');
    const isGood = this.#isOpen(session) && isDigestOf(session.cookie, shown.text);
    const live = isGood ? await this.#live(shown.id, session, found.version) : undefined;
    return live ?? refuse('SESSION_ENDED');
  }

  /** A short access token of a session, which lives on from now. `SESSION_ENDED`, `CODES_REQUIRED`. */
  async token(
    cookie: string | undefined,
  ): Promise<
    Refusal | { readonly token: string; readonly seconds: number; readonly live: LiveSession }
  > {
    for (let n = 0; n < TRIES_MAX; n++) {
      const live = await this.session(cookie);
      if (isRefusal(live)) return live;
      if (live.as.codes === 'required') return refuse('CODES_REQUIRED');
      const { id, session } = live;
      const { sessionTokenSeconds, operatorSessionSeconds, grantTokensMax } = this.#parts.limits;
      const now = this.#now;
      const token = newCredential('op', id);
      const until = Math.min(now + sessionTokenSeconds * 1_000, session.until);
      const good = session.tokens.filter((one) => one.until > now);
      const used: StoredSession = {
        ...{ ...session, usedAt: now, idleUntil: now + operatorSessionSeconds * 1_000 },
        tokens: [...good, { hash: digestOf(token), until }].slice(-grantTokensMax),
      };
      const no = await this.#write(live, used);
      if (no === undefined)
        return {
          token,
          seconds: Math.floor((until - now) / 1_000),
          live: { ...live, session: used },
        };
      if (no.code !== 'CHANGED_MEANWHILE') return no;
    }
    return refuse('SHARD_BUSY', undefined, 'Too much is asked of one session at once; try again.');
  }

  /** Has a session go on as one of the account as it is now: what ended the others does not end this one. */
  async goOn(
    { id, session: { of: before } }: LiveSession,
    of: Holder,
  ): Promise<Refusal | undefined> {
    for (let n = 0; n < TRIES_MAX; n++) {
      const found = await this.#find(id);
      if (found === undefined || isRefusal(found)) return found;
      const session = found.read();
      // It goes on as something else, or was ended.
      if (JSON.stringify(session.of) !== JSON.stringify(before)) return undefined;
      const no = await this.#write({ id, version: found.version }, { ...session, of });
      if (no?.code !== 'CHANGED_MEANWHILE') return no;
    }
    return refuse('SHARD_BUSY');
  }

  #write(
    { id, version }: Pick<LiveSession, 'id' | 'version'>,
    session: StoredSession,
  ): Promise<Refusal | undefined> {
    return sessionAt(id).put(this.#parts.engine, KEY, session, version, session.until);
  }

  /** Ends one; false: the holder has no such session. */
  async end(of: Holder, id: string): Promise<Refusal | boolean> {
    const { engine } = this.#parts;
    const list = listOf(of);
    const listed = await list.get(engine, id);
    if (isRefusal(listed)) return listed;
    if (listed === undefined) return false;
    const no = (await sessionAt(id).delete(engine, KEY)) ?? (await list.delete(engine, id));
    this.forgetGrant(id);
    return no ?? true;
  }

  /** The sessions of a holder that are good, the newest first. */
  async list(of: Holder): Promise<Refusal | readonly ShownSession[]> {
    const listed = await listOf(of).all(this.#parts.engine);
    if (isRefusal(listed)) return listed;
    const shown: ShownSession[] = [];
    for (const { key: id } of listed) {
      const found = await this.#find(id);
      if (isRefusal(found)) return found;
      const session = found?.read();
      if (session === undefined || found === undefined || !this.#isOpen(session)) continue;
      const live = await this.#live(id, session, found.version);
      if (isRefusal(live)) return live;
      if (live === undefined) continue;
      const { address, agent, createdAt, usedAt, idleUntil, until } = session;
      const ends = Math.min(idleUntil, until);
      shown.push({ session: id, address, agent, createdAt, usedAt, until: ends });
    }
    return shown.sort((a, b) => b.createdAt - a.createdAt || (a.session < b.session ? -1 : 1));
  }

  // What is not good any more goes as well as the oldest.
  async #makeRoom(of: Holder): Promise<Refusal | undefined> {
    const listed = await listOf(of).all(this.#parts.engine);
    if (isRefusal(listed)) return listed;
    const most = this.#parts.limits.operatorSessionsMax - 1;
    if (listed.length <= most) return undefined;
    const oldest = listed
      .map((one) => [one.key, one.read().createdAt] as const)
      .sort(([, a], [, b]) => b - a)
      .slice(most);
    for (const [id] of oldest) {
      const no = await this.end(of, id);
      if (isRefusal(no)) return no;
    }
    return undefined;
  }

  #find(id: string): Promise<Refusal | Document<StoredSession> | undefined> {
    return sessionAt(id).get(this.#parts.engine, KEY);
  }

  #isOpen({ idleUntil, until }: StoredSession): boolean {
    return Math.min(idleUntil, until) > this.#now;
  }

  async #live(
    id: string,
    session: StoredSession,
    version: number,
  ): Promise<Refusal | LiveSession | undefined> {
    const who = await this.#who(session.of);
    if (who === undefined || isRefusal(who)) return who;
    return { id, session, version, principal: who.principal, as: who.as };
  }

  protected override async found(shown: Shown): Promise<Refusal | FoundToken | undefined> {
    const found = await this.#find(shown.id);
    if (found === undefined || isRefusal(found)) return found;
    const session = found.read();
    const now = this.#now;
    const token = session.tokens.find(({ hash }) => isDigestOf(hash, shown.text));
    if (token === undefined || Math.min(token.until, session.until) <= now) return undefined;
    const who = await this.#who(session.of);
    if (who === undefined || isRefusal(who)) return who;
    if (who.as.codes === 'required') return undefined;
    const { principal, still } = who;
    return { principal, until: Math.min(token.until, who.until), of: principal.id, still };
  }

  #who(of: Holder): Promise<Refusal | Who | undefined> | Refusal | Who | undefined {
    if ('operator' in of) return this.#operator(of);
    if ('key' in of) return this.#key(of.key);
    // Of the key of another folder, or of one that was there before, this one knows nothing.
    if (of.administrator !== this.#administrator) return undefined;
    return {
      principal: ADMINISTRATOR,
      as: signedInAs(ADMINISTRATOR, ADMINISTRATORS, [], 'key'),
      until: Number.POSITIVE_INFINITY,
    };
  }

  #key(id: string): Refusal | Who | undefined {
    const { directory } = this.#parts;
    if (!directory.isFresh) return refuse('SHARD_UNAVAILABLE');
    const live = directory.key(id);
    if (live === undefined || live.until <= Date.now()) return undefined;
    const { principal, until, issued } = live;
    const still = (): boolean => directory.isFresh && directory.key(id) === live;
    return { principal, until, still, as: signedInAs(principal, issued.name, [], 'key') };
  }

  async #operator(of: Extract<Holder, { operator: string }>): Promise<Refusal | Who | undefined> {
    const { engine } = this.#parts;
    const found = await findOperator(engine, of.operator);
    if (isRefusal(found)) return found;
    const account = found?.read();
    if (account === undefined || account.disabled) return undefined;
    if (account.life !== of.life || account.generation !== of.generation) return undefined;
    const permitted = await permittedBy(engine, account.roles);
    if (isRefusal(permitted)) return permitted;
    const principal: Principal = {
      ...{ kind: 'operator', id: of.operator, principal: `operator:${of.operator}` },
      ...permitted,
      ...{ assets: undefined, owner: undefined, rate: undefined, platform: undefined },
    };
    const { name, roles } = account;
    const as = signedInAs(principal, name, roles, this.#codes(account));
    return { principal, as, until: Number.POSITIVE_INFINITY };
  }

  #codes({ codes, createdAt }: StoredOperator): SignedInAs['codes'] {
    if (codes !== undefined) return 'on';
    const { operatorCodesAfterSeconds } = this.#parts.limits;
    return createdAt + operatorCodesAfterSeconds * 1_000 <= this.#now ? 'required' : 'none';
  }
}

const signedInAs = (
  { principal = '', operations, seconded = new Set(), assets, owner }: Principal,
  name: string,
  roles: readonly string[],
  codes: SignedInAs['codes'],
): SignedInAs => ({
  ...{ principal, name, roles, codes, seconded: [...seconded] },
  operations: OPERATIONS.filter((one) => mayDo(operations, one)),
  ...(assets === undefined ? {} : { assets: [...assets] }),
  ...(owner === undefined ? {} : { owner }),
});
