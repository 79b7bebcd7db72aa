// A score of risk: several signals of a member come to one figure, 0 to 1,000, by an expression or by a model; bands of it say what is done.

import { RISK_HOLDS_MS_MAX } from '../../limits.js';
import { expression, json } from '../../protocol/definition-fields.js';
import { isObject, optional } from '../../protocol/fields.js';
import { RISK_ACTIONS, type RiskAction } from '../../protocol/risk.js';
import { compileIn, type Scope } from '../cel.js';
import { APPROVALS } from './approval.js';
import { kind } from './kind.js';
import { WORDS } from './programme.js';
import { isRiskModel, namesIn, RISK_MODEL_SCHEMA, type RiskModelJson } from './risk-model.js';
import {
  namedSignals,
  RISK_WINDOW_MS_MIN,
  reason,
  type SaidSignal,
  STOPS,
  signalProblem,
} from './risk-words.js';

/** The most that a score comes to. */
export const RISK_SCORE_MAX = 1_000;
const BANDS_MAX = 8;

/** From which score on what is done, and for how long. */
export interface Band {
  readonly from: number;
  readonly action: RiskAction;
  readonly holdsMs: number;
}

const isWithin = (value: unknown, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

const isBand = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).length === 3 &&
  isWithin(value['from'], 1, RISK_SCORE_MAX) &&
  RISK_ACTIONS.includes(value['action'] as RiskAction) &&
  isWithin(value['holdsMs'], RISK_WINDOW_MS_MIN, RISK_HOLDS_MS_MAX);

const areBands = (value: unknown): boolean =>
  Array.isArray(value) && value.length >= 1 && value.length <= BANDS_MAX && value.every(isBand);

const scopes = new Map<string, Scope>();
const SCOPES_MAX = 256;

/** What an expression may ask for: `signal.<name>`. The same scope for the same names. */
export function scoreScope(signals: Readonly<Record<string, SaidSignal>>): Scope {
  const names = Object.keys(signals).sort();
  const key = names.join();
  let scope = scopes.get(key);
  if (scope === undefined) {
    if (scopes.size >= SCOPES_MAX) scopes.clear();
    scope = { signal: Object.fromEntries(names.map((name) => [name, 'integer'] as const)) };
    scopes.set(key, scope);
  }
  return scope;
}

export const riskScore = kind({
  name: 'risk-score',
  about:
    'Several signals of a member come to one figure, 0 to 1,000, by an expression or a model; bands of it say what is done.',
  decides: {
    reason: reason(),
    signals: namedSignals(),
    formula: optional(
      expression(
        'The score: a whole number in CEL over signal.<name>; below 0 counts as 0, over 1,000 as 1,000.',
      ),
    ),
    model: optional(
      json<RiskModelJson>(
        RISK_MODEL_SCHEMA,
        isRiskModel,
        'A model in place of a formula, in millionths: 1 / (1 + e^-z), z the sum of intercept, weights of ln(1 + signal), and what stumps add.',
      ),
    ),
    bands: json<readonly Band[]>(
      {
        type: 'array',
        minItems: 1,
        maxItems: BANDS_MAX,
        items: {
          type: 'object',
          required: ['from', 'action', 'holdsMs'],
          additionalProperties: false,
          properties: {
            from: { type: 'integer', minimum: 1, maximum: RISK_SCORE_MAX },
            action: { type: 'string', enum: RISK_ACTIONS },
            holdsMs: {
              type: 'integer',
              minimum: RISK_WINDOW_MS_MIN,
              maximum: RISK_HOLDS_MS_MAX,
            },
          },
        },
      },
      areBands,
      'From which score on what is done, and for how long: the lowest first.',
    ),
    ...STOPS,
    ...APPROVALS,
  },
  shows: WORDS,
  group: () => 'all',
  check: ({ signals, formula, model, bands }) => {
    if ((formula === undefined) === (model === undefined))
      return { field: 'formula', detail: 'A score has one of formula and model.' };
    if (bands.some(({ from }, i) => i > 0 && from <= (bands[i - 1] as Band).from))
      return { field: 'bands', detail: 'Each band begins above the one before.' };
    for (const [name, one] of Object.entries(signals)) {
      const wrong = signalProblem(one, `signals.${name}.`);
      if (wrong !== null) return wrong;
    }
    const strange = model && namesIn(model).find((name) => !Object.hasOwn(signals, name));
    if (strange !== undefined)
      return { field: 'model', detail: `${strange.slice(0, 100)} is none of its signals.` };
    const made = formula === undefined ? undefined : compileIn(scoreScope(signals), formula, 'int');
    return typeof made === 'string'
      ? { field: 'formula', detail: `formula is not accepted: ${made}.` }
      : null;
  },
});
