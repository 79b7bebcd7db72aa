// What rules of risk and scores have in common. Owns: signals, and how they, and what a mark does, are said. Never touches: how a signal is
// found (engine/risk), what a mark does (engine/programme/risk).

import {
  AMOUNT_MAX,
  KIND_LENGTH_MAX,
  RISK_HOLDS_MS_MAX,
  RISK_WINDOW_MS_MAX,
} from '../../limits.js';
import { json, oneOf } from '../../protocol/definition-fields.js';
import { asset, optional, whole } from '../../protocol/fields.js';
import { RISK_ACTIONS, RISK_KINDS, type RiskKind } from '../../protocol/risk.js';
import { isKind } from '../../protocol/syntax.js';

/**
 * What is looked at, over a window. `members-per-address`, `members-per-device`: of how many members it was seen. `commands`: how often a member did
 * something, each kind by itself. `earned`: minor units that came to a member. `redeemed-after-earned`: minor units that a member gave away of what had come
 * to it within the window. `referrals`: how many new members used a member's code.
 */
export const RISK_SIGNALS = [
  'members-per-address',
  'members-per-device',
  'commands',
  'earned',
  'redeemed-after-earned',
  'referrals',
] as const;
export type RiskSignal = (typeof RISK_SIGNALS)[number];

/** Signals in minor units: of one asset. */
const OF_ASSET: ReadonlySet<string> = new Set(['earned', 'redeemed-after-earned']);

const KINDS_MAX = 16;
const REASON = /^[A-Z][A-Z0-9_]{0,31}$/;

type Found = { readonly field: string; readonly detail: string } | null;

/** Why, as a word: `IP_MULTI_ACCOUNT`. */
export const reason = () =>
  json<string>(
    { type: 'string', pattern: REASON.source },
    (value) => typeof value === 'string' && REASON.test(value),
    'Why, as a word: IP_MULTI_ACCOUNT.',
  );

const isListOf = (value: unknown, most: number, is: (one: unknown) => boolean): boolean =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= most &&
  new Set(value).size === value.length &&
  value.every(is);

export const isWindow = (value: unknown): boolean =>
  Number.isSafeInteger(value) &&
  (value as number) >= RISK_WINDOW_MS_MIN &&
  (value as number) <= RISK_WINDOW_MS_MAX;

/** A minute. */
export const RISK_WINDOW_MS_MIN = 60_000;

/** Over how long a signal is looked at. */
export const windowMs = () =>
  whole(
    RISK_WINDOW_MS_MIN,
    RISK_WINDOW_MS_MAX,
    'DEFINITION_INVALID',
    'Over how long, in milliseconds.',
  );

const KINDS_SCHEMA = {
  type: 'array',
  minItems: 1,
  maxItems: KINDS_MAX,
  uniqueItems: true,
  items: { type: 'string', pattern: `^[A-Za-z0-9._-]{1,${KIND_LENGTH_MAX}}$` },
} as const;
const areKinds = (value: unknown): boolean => isListOf(value, KINDS_MAX, isKind);

/** Which commands a signal counts. */
export const commandKinds = () =>
  optional(
    json<readonly string[]>(
      KINDS_SCHEMA,
      areKinds,
      'Of the signal `commands`: which ones count, each by itself: earn, redeem, spend, transfer, hold, capture, release, reverse, or the name of an act, e.g. order. Left out: all.',
    ),
  );

/** A signal, as a rule or a score names it. */
export interface SaidSignal {
  readonly signal: RiskSignal;
  readonly windowMs: number;
  readonly asset?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
}

/** What is wrong with a signal whose fields are right each by itself. */
export function signalProblem({ signal, asset: of, kinds }: SaidSignal, path = ''): Found {
  if (OF_ASSET.has(signal) !== (of !== undefined))
    return {
      field: `${path}asset`,
      detail: 'asset is said of signals in points: earned and redeemed-after-earned.',
    };
  return kinds !== undefined && signal !== 'commands'
    ? { field: `${path}kinds`, detail: 'kinds goes with the signal commands.' }
    : null;
}

const NAME = /^[a-z][A-Za-z0-9_]{0,31}$/;
export const RISK_SCORE_SIGNALS_MAX = 12;

const isSaidSignal = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { signal, windowMs: ms, asset: of, kinds, ...others } = value as Record<string, unknown>;
  return (
    Object.keys(others).length === 0 &&
    RISK_SIGNALS.includes(signal as RiskSignal) &&
    isWindow(ms) &&
    (of === undefined || (typeof of === 'string' && /^[a-z0-9_]{1,32}$/.test(of))) &&
    (kinds === undefined || areKinds(kinds))
  );
};

/** Signals by the names that a score has for them. */
export const namedSignals = () =>
  json<Readonly<Record<string, SaidSignal>>>(
    {
      type: 'object',
      minProperties: 1,
      maxProperties: RISK_SCORE_SIGNALS_MAX,
      propertyNames: { pattern: NAME.source },
      additionalProperties: {
        type: 'object',
        required: ['signal', 'windowMs'],
        additionalProperties: false,
        properties: {
          signal: { type: 'string', enum: RISK_SIGNALS },
          windowMs: { type: 'integer', minimum: RISK_WINDOW_MS_MIN, maximum: RISK_WINDOW_MS_MAX },
          asset: { type: 'string', pattern: '^[a-z0-9_]{1,32}$' },
          kinds: KINDS_SCHEMA,
        },
      },
    },
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.keys(value).length >= 1 &&
      Object.keys(value).length <= RISK_SCORE_SIGNALS_MAX &&
      Object.entries(value).every(([name, one]) => NAME.test(name) && isSaidSignal(one)),
    'The signals that it is worked out of, by the names that they have in it.',
  );

/** What a mark stops, where it does not stop all. */
export const STOPS = {
  stops: optional(
    json<readonly RiskKind[]>(
      {
        type: 'array',
        minItems: 1,
        maxItems: RISK_KINDS.length,
        uniqueItems: true,
        items: { type: 'string', enum: RISK_KINDS },
      },
      (value) => isListOf(value, RISK_KINDS.length, (one) => RISK_KINDS.includes(one as RiskKind)),
      'What the mark stops. Left out: all of these.',
    ),
  ),
  /** The mark stops what takes this asset; left out: all. */
  stopsAsset: optional(asset()),
  stopsOver: optional(
    whole(
      0,
      AMOUNT_MAX,
      'DEFINITION_INVALID',
      'The mark stops what takes more minor units than this. Left out: whatever.',
    ),
  ),
};

export const action = () =>
  oneOf(RISK_ACTIONS, 'What the mark does; `mark` stops nothing, and is listed.');

export const holdsMs = () =>
  whole(
    RISK_WINDOW_MS_MIN,
    RISK_HOLDS_MS_MAX,
    'DEFINITION_INVALID',
    'How long the mark holds after it was found last, in milliseconds.',
  );
