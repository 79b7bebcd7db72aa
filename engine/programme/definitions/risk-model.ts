// Models of risk as plain JSON. Owns: their form, what is wrong with one. Never touches: what they come to (engine/risk/model.ts).

import { isObject } from '../../protocol/fields.js';

/** What one signal adds: so much below a threshold, and so much from it on. */
export interface Stump {
  readonly signal: string;
  readonly under: number;
  readonly below: number;
  readonly above: number;
}

/**
 * A member's risk is 1 / (1 + e^-z), z the sum of `intercept`, of each weight times ln(1 + signal) (logistic regression), and of what stumps add (boosted
 * trees of one question each). All in millionths, so that a definition has whole numbers alone.
 */
export interface RiskModelJson {
  readonly intercept: number;
  /** By the names of signals. */
  readonly weights?: Readonly<Record<string, number>> | undefined;
  readonly stumps?: readonly Stump[] | undefined;
}

const MILLIONTHS_MAX = 1_000_000_000;
const STUMPS_MAX = 64;
const WEIGHTS_MAX = 12;
const NAME = /^[a-z][A-Za-z0-9_]{0,31}$/;

const isMillionths = (value: unknown): boolean =>
  Number.isSafeInteger(value) && Math.abs(value as number) <= MILLIONTHS_MAX;
const hasOnly = (value: object, names: readonly string[]): boolean =>
  Object.keys(value).every((name) => names.includes(name));
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isObject(value) && !Array.isArray(value);

const isWeights = (value: unknown): boolean =>
  isRecord(value) &&
  Object.keys(value).length <= WEIGHTS_MAX &&
  Object.entries(value).every(([name, one]) => NAME.test(name) && isMillionths(one));

const STUMP = ['signal', 'under', 'below', 'above'];
function isStump(value: unknown): boolean {
  if (!isRecord(value) || !hasOnly(value, STUMP)) return false;
  const { signal, under, below, above } = value;
  return (
    typeof signal === 'string' &&
    NAME.test(signal) &&
    Number.isSafeInteger(under) &&
    (under as number) >= 1 &&
    isMillionths(below) &&
    isMillionths(above)
  );
}

/** Is it a model? */
export function isRiskModel(value: unknown): boolean {
  if (!isRecord(value) || !hasOnly(value, ['intercept', 'weights', 'stumps'])) return false;
  const { intercept, weights, stumps } = value;
  return (
    isMillionths(intercept) &&
    (weights === undefined || isWeights(weights)) &&
    (stumps === undefined ||
      (Array.isArray(stumps) && stumps.length <= STUMPS_MAX && stumps.every(isStump)))
  );
}

const millionths = { type: 'integer', minimum: -MILLIONTHS_MAX, maximum: MILLIONTHS_MAX } as const;
const name = { type: 'string', pattern: NAME.source } as const;

/** For people and clients: as JSON schema. */
export const RISK_MODEL_SCHEMA = {
  type: 'object',
  required: ['intercept'],
  additionalProperties: false,
  properties: {
    intercept: millionths,
    weights: {
      type: 'object',
      maxProperties: WEIGHTS_MAX,
      propertyNames: { pattern: NAME.source },
      additionalProperties: millionths,
    },
    stumps: {
      type: 'array',
      maxItems: STUMPS_MAX,
      items: {
        type: 'object',
        required: ['signal', 'under', 'below', 'above'],
        additionalProperties: false,
        properties: {
          signal: name,
          under: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
          below: millionths,
          above: millionths,
        },
      },
    },
  },
} as const;

/** The signals that it names. */
export const namesIn = ({ weights = {}, stumps = [] }: RiskModelJson): readonly string[] => [
  ...Object.keys(weights),
  ...stumps.map(({ signal }) => signal),
];
