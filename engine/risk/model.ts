// What a model of risk comes to. Owns: the interface behind which a model is, and the one there is. Never touches: where its figures come from.
//   engine-risk.M1. The same figures give the same score everywhere: sums in a fixed order, rounded to thousandths.

import type { RiskModelJson } from '../programme/definitions/risk-model.js';
import { RISK_SCORE_MAX } from '../programme/definitions/risk-score.js';

/** Figures of signals, by the names that the score has for them. */
export type SignalFigures = Readonly<Record<string, number>>;

/** A model, whichever. */
export interface RiskModel {
  /** Thousandths: 0 to 1,000. */
  score(figures: SignalFigures): number;
}

const MILLION = 1_000_000;

/** Weights and stumps. */
export class AdditiveModel implements RiskModel {
  readonly #intercept: number;
  readonly #weights: readonly (readonly [name: string, weight: number])[];
  readonly #stumps: NonNullable<RiskModelJson['stumps']>;

  constructor({ intercept, weights = {}, stumps = [] }: RiskModelJson) {
    this.#intercept = intercept;
    this.#weights = Object.entries(weights).sort(([one], [other]) => (one < other ? -1 : 1));
    this.#stumps = stumps;
  }

  score(figures: SignalFigures): number {
    let sum = this.#intercept;
    for (const [name, weight] of this.#weights) sum += weight * Math.log1p(figures[name] ?? 0);
    for (const { signal, under, below, above } of this.#stumps)
      sum += (figures[signal] ?? 0) < under ? below : above;
    return Math.round(RISK_SCORE_MAX / (1 + Math.exp(-sum / MILLION)));
  }
}
