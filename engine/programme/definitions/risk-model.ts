// Models of risk as plain JSON. Owns: their form, what is wrong with one. Never touches: what they come to (engine/risk/model.ts).

import { isObject } from '../../protocol/fields.js';

/** A member's risk is 1 / (1 + e^-z), z = intercept + sum of weight * ln(1 + signal). */
export interface LogisticModel {
  readonly type: 'logistic';
  readonly intercept: number;
  /** By the names of signals. */
  readonly weights: Readonly<Record<string, number>>;
}

/** A leaf is a number; else: under the threshold of a signal left, from it on right. */
export type Tree =
  | number
  | {
      readonly signal: string;
      readonly under: number;
      readonly left: Tree;
      readonly right: Tree;
    };

/** Likewise, z = intercept + sum of what the trees come to. */
export interface TreesModel {
  readonly type: 'trees';
  readonly intercept: number;
  readonly trees: readonly Tree[];
}

export type RiskModelJson = LogisticModel | TreesModel;

const TREES_MAX = 32;
const DEPTH_MAX = 6;

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const hasOnly = (value: object, ...names: readonly string[]): boolean =>
  Object.keys(value).every((name) => names.includes(name));

function isTree(value: unknown, depth: number): boolean {
  if (isNumber(value)) return true;
  if (!isObject(value) || depth >= DEPTH_MAX) return false;
  const { signal, under, left, right } = value as Record<string, unknown>;
  return (
    hasOnly(value, 'signal', 'under', 'left', 'right') &&
    typeof signal === 'string' &&
    isNumber(under) &&
    isTree(left, depth + 1) &&
    isTree(right, depth + 1)
  );
}

/** Is it a model? */
export function isRiskModel(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { type, intercept, weights, trees } = value as Record<string, unknown>;
  if (!isNumber(intercept)) return false;
  if (type === 'logistic')
    return (
      hasOnly(value, 'type', 'intercept', 'weights') &&
      isObject(weights) &&
      !Array.isArray(weights) &&
      Object.values(weights).every(isNumber)
    );
  return (
    type === 'trees' &&
    hasOnly(value, 'type', 'intercept', 'trees') &&
    Array.isArray(trees) &&
    trees.length <= TREES_MAX &&
    trees.every((tree) => isTree(tree, 0))
  );
}

/** For people and clients: as JSON schema. */
export const RISK_MODEL_SCHEMA = {
  type: 'object',
  required: ['type', 'intercept'],
  properties: {
    type: { type: 'string', enum: ['logistic', 'trees'] },
    intercept: { type: 'number' },
    weights: { type: 'object', additionalProperties: { type: 'number' } },
    trees: { type: 'array', maxItems: TREES_MAX },
  },
  additionalProperties: false,
} as const;

const namesInTree = (tree: Tree): readonly string[] =>
  typeof tree === 'number'
    ? []
    : [tree.signal, ...namesInTree(tree.left), ...namesInTree(tree.right)];

/** The signals that it names. */
export const namesIn = (model: RiskModelJson): readonly string[] =>
  model.type === 'logistic' ? Object.keys(model.weights) : model.trees.flatMap(namesInTree);
