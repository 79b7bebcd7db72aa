// Access tokens as requests are judged by them. Owns: which are good, for how long that is remembered. Never touches: what makes and ends them (grants.ts).
//   oauth.T1. A token is judged by its grant, its client and whose points the owner's are now, as the ledger has them. What was judged counts for
//       `accessRefreshMs`; what is ended here counts at once, also against what is being judged.
//   oauth.T2. Who keeps connections open asks `isGood` again and again: such tokens are judged anew every `accessRefreshMs`, and those who keep them are told
//       when one has ended, or permits something else than it did.
//   oauth.T3. How many tokens are remembered is bounded; one that is forgotten is judged anew.

import { ownerNow } from '../../engine/index.js';
import type { Directory } from '../auth/directory.js';
import type { LiveToken, MemberTokens } from '../auth/member-tokens.js';
import type { Principal } from '../auth/principal.js';
import type { OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { liveClient, scopesOf } from './clients.js';
import { readCredential, type Shown } from './credentials.js';
import { type GoodToken, goodToken, type StoredGrant } from './grant.js';
import type { Grants } from './grants.js';
import { readScopes, SCOPES, type Scope, within } from './scopes.js';

/** Whose token it is, and what for. */
export interface TokenHolder {
  readonly member: string;
  readonly owner: string;
  readonly client: string;
  readonly scopes: readonly Scope[];
}

/** The principal of a member's token. */
export type PrincipalOf = (holder: TokenHolder) => Principal;

/** A token that is good, as the ledger has it. */
export interface JudgedToken extends GoodToken {
  readonly grant: StoredGrant;
  /** Those that the client may still have. */
  readonly scopes: readonly Scope[];
  /** Whose points those are now; undefined: the client's own. */
  readonly owner: string | undefined;
}

interface TokenBookParts {
  readonly ledger: OwnLedger;
  readonly grants: Grants;
  readonly directory: Directory;
  readonly limits: GatewayLimits;
  readonly principalOf: PrincipalOf;
  readonly onDefect: (error: unknown) => void;
}

/** A token that was found good, until it ends. */
class Remembered implements LiveToken {
  readonly shown: Shown;
  readonly client: string;
  readonly principal: Principal;
  /** What the principal may, to be compared. */
  readonly may: string;
  readonly until: number;
  judgedAt: number;
  /** When somebody who keeps it asked last (performance.now()). */
  askedAt = Number.NEGATIVE_INFINITY;
  hasEnded = false;
  readonly #book: TokenBook;

  constructor(
    book: TokenBook,
    shown: Shown,
    { grant, until }: JudgedToken,
    principal: Principal,
    at: number,
  ) {
    this.#book = book;
    this.shown = shown;
    this.client = grant.client;
    this.principal = principal;
    this.may = mayText(principal);
    this.until = until;
    this.judgedAt = at;
  }

  isGood(): boolean {
    return this.#book.isGood(this);
  }
}

/** Sets and maps as lists: two that may the same are written alike. */
const mayText = (principal: Principal): string =>
  JSON.stringify(principal, (_, value: unknown) =>
    value instanceof Set || value instanceof Map ? [...value] : value,
  );

/** A judgement under way. */
interface Judging {
  readonly id: string;
  readonly answer: Promise<Refusal | LiveToken>;
  /** Something of its grant was ended meanwhile: perhaps it did not see that. */
  isPast: boolean;
}

/** Tokens that are judged at once, of those that are kept. */
const AT_ONCE = 64;

const NO_TOKEN = 'The access token is none, has expired or was revoked.';

export class TokenBook implements MemberTokens {
  readonly #parts: TokenBookParts;
  readonly #known = new Map<string, Remembered>();
  readonly #judging = new Map<string, Judging>();
  readonly #kept = new Set<Remembered>();
  readonly #onEnd: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(parts: TokenBookParts) {
    this.#parts = parts;
    parts.grants.onEnd((id) => {
      this.#forget(
        (grant) => grant === id,
        ({ shown }) => shown.id === id,
      );
    });
  }

  /** Judges those that are kept again from now on. */
  start(): void {
    const look = (): void => {
      this.#look().catch(this.#parts.onDefect);
    };
    this.#timer = setInterval(look, this.#parts.limits.accessRefreshMs);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Has `look` called when a token has ended that somebody keeps. */
  onEnd(look: () => void): void {
    this.#onEnd.push(look);
  }

  known(token: string): LiveToken | undefined {
    const found = this.#known.get(token);
    if (found === undefined || found.hasEnded || found.until <= this.#now()) return undefined;
    const { accessRefreshMs } = this.#parts.limits;
    return performance.now() - found.judgedAt <= accessRefreshMs ? found : undefined;
  }

  judge(token: string): Promise<Refusal | LiveToken> {
    const pending = this.#judging.get(token);
    if (pending !== undefined) return pending.answer;
    const shown = readCredential(token, 'at');
    if (shown === undefined)
      return Promise.resolve(refuse('UNAUTHORIZED', 'Authorization', NO_TOKEN));
    const answer = this.#judged(shown, () => judging.isPast).finally(() => {
      if (this.#judging.get(token) === judging) this.#judging.delete(token);
    });
    const judging: Judging = { id: shown.id, answer, isPast: false };
    this.#judging.set(token, judging);
    return answer;
  }

  isGood(token: Remembered): boolean {
    token.askedAt = performance.now();
    if (token.hasEnded || token.until <= this.#now()) return false;
    this.#kept.add(token);
    return token.askedAt - token.judgedAt <= this.#parts.limits.accessStaleMsMax;
  }

  #now(): number {
    return this.#parts.grants.now();
  }

  async #judged(shown: Shown, isPast: () => boolean): Promise<Refusal | LiveToken> {
    const began = performance.now();
    const found = await this.look(shown);
    if (isRefusal(found)) return found;
    const principal = found && this.#principalOf(found);
    const before = this.#known.get(shown.text);
    if (found === undefined || principal === undefined) {
      if (before !== undefined) this.#drop(before);
      return refuse('UNAUTHORIZED', 'Authorization', NO_TOKEN);
    }
    const { until } = found;
    const live = new Remembered(this, shown, found, principal, began);
    // Whoever asked did so before that was answered.
    if (isPast()) return { principal, until, isGood: () => false };
    if (before?.may === live.may && !before.hasEnded) {
      before.judgedAt = began;
      this.#remember(before);
      return before;
    }
    if (before !== undefined) this.#drop(before);
    this.#remember(live);
    return live;
  }

  /** A token as the ledger has it now; undefined: it is not good. */
  async look(shown: Shown): Promise<Refusal | JudgedToken | undefined> {
    const { ledger, grants } = this.#parts;
    const found = await grants.find(shown.id);
    if (found === undefined || isRefusal(found)) return found;
    const { grant } = found;
    const token = goodToken(grant, shown.text, this.#now());
    if (token === undefined) return undefined;
    const [scopes, owner] = await Promise.all([
      this.scopesNow(grant, token.scope),
      grant.owner === undefined ? undefined : ownerNow(ledger.own, grant.owner),
    ]);
    if (isRefusal(scopes)) return scopes;
    if (isRefusal(owner)) return owner;
    return scopes && { ...token, grant, scopes, owner };
  }

  /** Which of its scopes a grant still has, as its client is now (oauth.R2); undefined: none, or there is no such client any more. */
  async scopesNow(
    { kind, client, generation }: StoredGrant,
    scope: string,
  ): Promise<Refusal | readonly Scope[] | undefined> {
    const given = readScopes(scope) ?? [];
    if (kind === 'session' || kind === 'embedded') return given;
    const live = await liveClient(this.#parts.ledger, client);
    if (live === undefined || isRefusal(live)) return live;
    if (live.generation !== generation) return undefined;
    const may = kind === 'client' ? (readScopes(live.ownScope ?? '') ?? []) : scopesOf(live);
    const left = within(given, may);
    return left.length === 0 ? undefined : left;
  }

  #principalOf({ grant, scopes, owner }: JudgedToken): Principal | undefined {
    const { member, client } = grant;
    if (member !== undefined && owner !== undefined)
      return this.#parts.principalOf({ member, owner, client, scopes });
    return clientPrincipal(client, scopes, this.#parts.directory);
  }

  #remember(token: Remembered): void {
    const { text } = token.shown;
    this.#known.delete(text);
    this.#known.set(text, token);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.#parts.limits.accessTokensRemembered) return;
      this.#known.delete(oldest);
    }
  }

  #drop(token: Remembered): void {
    token.hasEnded = true;
    if (this.#known.get(token.shown.text) === token) this.#known.delete(token.shown.text);
    if (!this.#kept.delete(token)) return;
    for (const look of this.#onEnd) look();
  }

  /** A client was changed here: what was known of its tokens counts no more. */
  clientChanged(client: string): void {
    this.#forget(
      () => true,
      (token) => token.client === client,
    );
  }

  #forget(isOf: (grant: string) => boolean, isMeant: (token: Remembered) => boolean): void {
    for (const [token, judging] of this.#judging) {
      if (!isOf(judging.id)) continue;
      judging.isPast = true;
      this.#judging.delete(token);
    }
    for (const known of [this.#known.values(), this.#kept])
      for (const token of known) if (isMeant(token)) this.#drop(token);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const { accessRefreshMs } = this.#parts.limits;
      const now = performance.now();
      for (const token of this.#kept)
        if (now - token.askedAt > 3 * accessRefreshMs) this.#kept.delete(token);
      const due = [...this.#kept].filter((one) => now - one.judgedAt >= accessRefreshMs / 2);
      for (let i = 0; i < due.length; i += AT_ONCE)
        await Promise.all(due.slice(i, i + AT_ONCE).map((token) => this.#again(token)));
    } finally {
      this.#looking = false;
    }
  }

  async #again(token: Remembered): Promise<void> {
    const judged = await this.judge(token.shown.text);
    if (judged === token || token.hasEnded) return;
    if (!isRefusal(judged)) {
      // It was forgotten meanwhile (oauth.T3): the same is known again under another object.
      if (judged instanceof Remembered && judged.may === token.may)
        token.judgedAt = judged.judgedAt;
      else if (judged instanceof Remembered) this.#drop(token);
    } else if (judged.code === 'UNAUTHORIZED') this.#drop(token);
  }
}

/** A client for itself: an operator of its platform's points, as a key would be that is restricted to them. */
function clientPrincipal(
  client: string,
  scopes: readonly Scope[],
  directory: Directory,
): Principal | undefined {
  const live = directory.platform(scopes[0]?.platform ?? '');
  if (live === undefined || live.platform.disabled) return undefined;
  const asked = scopes.flatMap(({ word }) => SCOPES[word].operations);
  const { operations, assets } = live.platform;
  return {
    kind: 'key',
    id: `client:${client}`,
    principal: `client:${client}`,
    operations: new Set(asked.filter((one) => operations.includes(one))),
    assets: new Set(assets),
    owner: undefined,
    rate: undefined,
    platform: undefined,
  };
}
