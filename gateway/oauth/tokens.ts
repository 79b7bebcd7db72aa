// Access tokens as requests are judged by them. Owns: which are good, whose they are. Never touches: what makes and ends them (grants.ts).
//   oauth.T1. A token is judged by its grant, its client and whose points the owner's are now, as the ledger has them (remembered-tokens.ts).

import { ownerNow } from '../../engine/index.js';
import type { Directory } from '../auth/directory.js';
import type { Principal } from '../auth/principal.js';
import type { OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { liveClient, scopesOf } from './clients.js';
import type { Shown } from './credentials.js';
import { type GoodToken, goodToken, type StoredGrant } from './grant.js';
import type { Grants } from './grants.js';
import { type FoundToken, RememberedTokens } from './remembered-tokens.js';
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

export class TokenBook extends RememberedTokens {
  readonly #parts: TokenBookParts;

  constructor(parts: TokenBookParts) {
    const { grants, limits, onDefect } = parts;
    super({ kind: 'at', limits, now: () => grants.now(), onDefect });
    this.#parts = parts;
    grants.onEnd((id) => this.forgetGrant(id));
  }

  protected override async found(shown: Shown): Promise<Refusal | FoundToken | undefined> {
    const judged = await this.look(shown);
    if (judged === undefined || isRefusal(judged)) return judged;
    const principal = this.#principalOf(judged);
    const { until, grant } = judged;
    return principal && { principal, until, of: grant.client };
  }

  /** A token as the ledger has it now; undefined: it is not good. */
  async look(shown: Shown): Promise<Refusal | JudgedToken | undefined> {
    const { ledger, grants } = this.#parts;
    const found = await grants.find(shown.id);
    if (found === undefined || isRefusal(found)) return found;
    const { grant } = found;
    const token = goodToken(grant, shown.text, grants.now());
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
      return this.#proved(grant, this.#parts.principalOf({ member, owner, client, scopes }));
    return clientPrincipal(client, scopes, this.#parts.directory);
  }

  /** auth.A46: a second factor was proved in its session a moment ago. */
  #proved({ provedAt }: StoredGrant, principal: Principal): Principal {
    const { secondFactorSeconds } = this.#parts.limits;
    return provedAt === undefined
      ? principal
      : { ...principal, secondFactorUntil: provedAt + secondFactorSeconds * 1_000 };
  }

  /** A client was changed here: what was known of its tokens counts no more. */
  clientChanged(client: string): void {
    this.forgetOf(client);
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
