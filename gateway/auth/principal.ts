// Who asks, and what they may. Owns: the shapes of principals and platforms, what a route accepts. Never touches:
// requests, where credentials are kept.

import {
  type Act,
  ADMINISTERED,
  type Grants,
  mayDo,
  OPERATIONS,
  type Operation,
} from '../../engine/index.js';
import type { Rate } from '../limits.js';
import type { Scope, ScopeWord } from '../oauth/scopes.js';

/**
 * Somebody whose credentials were good, and what they may do. `admin` without a restriction includes platforms, keys and asset
 * definitions, so whoever has it can make themselves every other permission.
 */
export interface Principal extends Grants {
  /**
   * `administrator`: the key in the data folder. `key`: one that was issued. `partner`: a platform outside, by its bearer token. `member`: somebody who
   * has points, by an access token. `operator`: somebody who runs the ledger, signed in. `visitor`: anyone, at a route that looks for itself who asks.
   */
  readonly kind:
    | 'administrator'
    | 'key'
    | 'platform'
    | 'partner'
    | 'member'
    | 'operator'
    | 'visitor';
  /** `administrator`, the key's id, the platform's id, the operator's id, the member's sign-in id; of a visitor `visitor`. */
  readonly id: string;
  /** The same under which the ledger knows who asks: no two have one. Undefined: of nobody. */
  readonly principal?: string | undefined;
  /** As the audit trail names who asks, where it says more: of a member, by which application. */
  readonly audited?: string | undefined;
  readonly assets: ReadonlySet<string> | undefined;
  readonly owner: string | undefined;
  /** Of `kind` platform: its id. Of a member: that it asks as one. */
  readonly scope?: string | undefined;
  /** Of `kind` member: what was consented to, and by which client it asks. */
  readonly scopes?: readonly Scope[] | undefined;
  readonly client?: string | undefined;
  /** Of `kind` member: until when what it asks counts as proved by a second factor, milliseconds since 1970. */
  readonly secondFactorUntil?: number | undefined;
  /** What it may do where another person agrees, beside `operations` (gateway/proposals.ts). */
  readonly seconded?: ReadonlySet<Operation> | undefined;
  /** Requests in a time; undefined: no limit. */
  readonly rate: Rate | undefined;
  /** Of `kind` platform. */
  readonly platform: Platform | undefined;
}

/** A platform, without its secrets. */
export interface Platform {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** The assets it may touch; the first is its own, which `/api/points` speaks of. */
  readonly assets: readonly string[];
  readonly operations: readonly Operation[];
  /** Where the platform's own service is. */
  readonly endpoint?: string | undefined;
  /** How its requests are proved: by a token, a signature, `any` of them or `both`. */
  readonly proof: 'any' | 'token' | 'signature' | 'both';
  /** How it names users under `/api/points`, where a call does not say. */
  readonly userIds: 'global' | 'platform';
  /** The programme whose types of events its business types under `/api/points/add` are; left out: none. */
  readonly programme?: string | undefined;
  /** Origins whose pages may embed the members' page of it; left out: none. */
  readonly embedOrigins?: readonly string[] | undefined;
  /** Its requests in a time; left out: the gateway's default. */
  readonly rate?: Rate | undefined;
  readonly disabled: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a route accepts. */
export interface Access {
  /**
   * `anyone`: also without credentials. `visitor`: the same, once the ledger is open, within the rate of an address, and written down: the route looks for
   * itself who asks. `key`: the administrator's and issued keys, and operators. `partner`: partners outside, and nobody else. `member`: members, and nobody else.
   */
  readonly by: 'anyone' | 'visitor' | 'key' | 'platform' | 'key or platform' | 'partner' | 'member';
  /**
   * The caller must have one of these. Where there are several, which one it takes depends on what
   * is asked, and is judged in the shard.
   */
  readonly needs: readonly Operation[];
  /** Members may ask, too, who may do one of these, for themselves; left out: they may not. */
  readonly members?: readonly Operation[] | undefined;
  /** Of `by` member: the scope that it takes, where that permits no operation. */
  readonly scope?: ScopeWord | undefined;
  /** Not for credentials that are restricted to assets or an owner: it concerns the whole ledger. */
  readonly whole?: boolean | undefined;
}

/** What moves points; which of them, depends on the movement. */
export const MOVEMENTS: readonly Operation[] = [
  'earn',
  'spend',
  'transfer',
  'redeem',
  'admin',
  'adjust',
];

/** Answered to everybody. */
export const ANYONE: Access = { by: 'anyone', needs: [] };

/** For anyone, while the ledger is open: the route looks for itself who asks, by what it reads of the request. */
export const VISITORS: Access = { by: 'visitor', needs: [] };

/** Those that one of these is let in by: what is a part of `admin`, by that, too. */
const withAdmin = (needs: readonly Operation[]): readonly Operation[] =>
  needs.some((one) => ADMINISTERED.has(one)) && !needs.includes('admin')
    ? [...needs, 'admin']
    : needs;

/** For keys and platforms that may do one of these. */
export const either = (...needs: readonly Operation[]): Access => ({
  by: 'key or platform',
  needs: withAdmin(needs),
});

/** The same, and for members that may do it. */
export const membersToo = (...needs: readonly Operation[]): Access => ({
  ...either(...needs),
  members: needs,
});

/** For keys and platforms that may do one of the first, and for members that may do one of the others. */
export const orMembers = (needs: readonly Operation[], members: readonly Operation[]): Access => ({
  ...either(...needs),
  members,
});

/** For whom an act is. */
export const forAct = ({
  needs,
  or,
  own,
  isOfWhole,
}: Pick<Act, 'needs' | 'or' | 'own' | 'isOfWhole'>): Access => {
  const all = or === undefined ? needs : [...needs, or];
  return isOfWhole === true ? whole(...all) : { ...either(...all), members: own?.needs };
};

/** For members alone, with this scope. */
export const memberOnly = (scope: ScopeWord): Access => ({ by: 'member', needs: [], scope });

/** For platforms alone: the call is about the platform's own points. */
export const platformOnly = (...needs: readonly Operation[]): Access => ({ by: 'platform', needs });

/** For partners outside alone, whose tokens open nothing else. */
export const partnerOnly = (...needs: readonly Operation[]): Access => ({ by: 'partner', needs });
/** For keys that may do one of these, and are restricted to nothing. */
export const whole = (...needs: readonly Operation[]): Access => ({
  by: 'key',
  needs: withAdmin(needs),
  whole: true,
});

/** For keys that administer the whole ledger. */
export const WHOLE_LEDGER: Access = whole('admin');

/** For who looks at what there is of the whole ledger. */
export const VIEWERS: Access = whole('view');

/** May somebody do this, restricted to nothing? */
export const mayWhole = (
  { kind, operations, assets, narrowed, owner }: Principal,
  operation: Operation,
): boolean =>
  kind !== 'platform' &&
  mayDo(operations, operation) &&
  assets === undefined &&
  narrowed === undefined &&
  owner === undefined;

/** Somebody without credentials: nothing. */
export const NOBODY: Principal = {
  kind: 'key',
  id: '',
  operations: new Set(),
  assets: new Set(),
  owner: undefined,
  rate: undefined,
  platform: undefined,
};

/** Somebody at a route that looks for itself who asks. */
export const VISITOR: Principal = { ...NOBODY, kind: 'visitor', id: 'visitor' };

/** The administrator: everything. */
export const ADMINISTRATOR: Principal = {
  kind: 'administrator',
  id: 'administrator',
  principal: 'administrator',
  operations: new Set(OPERATIONS),
  assets: undefined,
  owner: undefined,
  rate: undefined,
  platform: undefined,
};
