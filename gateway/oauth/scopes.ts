// What an application may be permitted: scopes (RFC 6749, 3.3). Owns: which there are, how they are written. Never touches: what a platform's points are
// called, who consented.
//   oauth.S1. A scope is a word, or a word and a platform: `redeem:shop` is to redeem that platform's points and no others.
//   oauth.S2. One text for one set: sorted, nothing twice, nothing that another one of them includes.

import { limits, type Operation } from '../../engine/index.js';
import { SCOPE_TEXT_LENGTH_MAX } from '../limits.js';

/** What a word permits. */
interface Word {
  /** What the ledger lets an application do with it. */
  readonly operations: readonly Operation[];
  /** May it be of one platform's points alone? */
  readonly byPlatform: boolean;
  /** Are only the product's own pages given it? */
  readonly isOwn: boolean;
}

/** Every scope. What members read of it before they consent stands with the pages (gateway/oauth/pages/). */
export const SCOPES = {
  /** Who the member is, and totals by platform: `GET /user/profile`. */
  profile: { operations: [], byPlatform: false, isOwn: false },
  /** Balances, history, orders, tiers, tasks. */
  read: { operations: ['read'], byPlatform: true, isOwn: false },
  /** To order goods, and take part in what costs points: points go to the platform. */
  redeem: { operations: ['redeem'], byPlatform: true, isOwn: false },
  /** To give points to others, and to exchange them for another platform's. */
  transfer: { operations: ['transfer'], byPlatform: true, isOwn: false },
  /** To sign in for the day, use a referral code, claim what is earned. */
  participate: { operations: ['participate'], byPlatform: true, isOwn: false },
  /** Contact, consents, sessions, applications, password. */
  self: { operations: ['self'], byPlatform: false, isOwn: true },
} as const satisfies Readonly<Record<string, Word>>;

export type ScopeWord = keyof typeof SCOPES;

/** A scope of a set. */
export interface Scope {
  readonly word: ScopeWord;
  /** Undefined: of all platforms. */
  readonly platform: string | undefined;
}

const SHAPE = new RegExp(`^([a-z-]+)(?::([a-z0-9][a-z0-9_-]{0,${limits.SCOPE_LENGTH_MAX - 1}}))?$`);

/** A set of scopes out of text with spaces between them; undefined: one of them is none, or there is none. */
export function readScopes(text: string): readonly Scope[] | undefined {
  if (text.length > SCOPE_TEXT_LENGTH_MAX) return undefined;
  const scopes: Scope[] = [];
  for (const one of text.split(' ')) {
    const [, word, platform] = SHAPE.exec(one) ?? [];
    if (word === undefined || !Object.hasOwn(SCOPES, word)) return undefined;
    const known = word as ScopeWord;
    if (platform !== undefined && !SCOPES[known].byPlatform) return undefined;
    scopes.push({ word: known, platform });
  }
  return simplest(scopes);
}

/** Does a set permit what this scope does? */
export const includes = (set: readonly Scope[], { word, platform }: Scope): boolean =>
  set.some((one) => one.word === word && (one.platform ?? platform) === platform);

/** Those of `asked` that `set` includes. */
export const within = (asked: readonly Scope[], set: readonly Scope[]): readonly Scope[] =>
  asked.filter((one) => includes(set, one));

/** A set as text (oauth.S2). */
export const scopeText = (scopes: readonly Scope[]): string =>
  simplest(scopes).map(written).join(' ');

const written = ({ word, platform }: Scope): string =>
  platform === undefined ? word : `${word}:${platform}`;

function simplest(scopes: readonly Scope[]): readonly Scope[] {
  const all = new Map(scopes.map((scope) => [written(scope), scope]));
  return [...all.entries()]
    .filter(([, { word, platform }]) => platform === undefined || !all.has(word))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, scope]) => scope);
}
