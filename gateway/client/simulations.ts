// Simulations and corrections, as they are asked for and answered. Owns: these shapes. Never touches: requests.

import type {
  Draft,
  SimulatedBudgets,
  SimulationProgress,
  SimulationResult,
  Uncorrected,
} from '../../engine/simulation/result.js';

/** What is asked for. */
export interface SimulationAsked {
  /** Events that were decided from this time on, milliseconds since 1970, and before `to`; left out: up to now. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** One event of the past in place of a period: whose it is, and its id. It alone is decided again. */
  readonly event?: { readonly owner: string; readonly event: string } | undefined;
  /** Documents that count all the time; left out: as logged. */
  readonly definitions?: readonly Draft[] | undefined;
  readonly budgets?: SimulatedBudgets | undefined;
}

export interface CorrectionAsked extends Omit<SimulationAsked, 'event'> {
  readonly from: number;
  readonly definitions: readonly Draft[];
  /** Its name, by which it can be asked for again. */
  readonly correction: string;
  /** The key of the definition of kind `correction` that allows it. */
  readonly within: string;
  /** Only tell what it would be. */
  readonly preview?: boolean | undefined;
  /** Undo what it has posted. */
  readonly undo?: boolean | undefined;
}

interface Job {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly startedAt: number;
  /** Why it has failed. */
  readonly problem?: { readonly field?: string; readonly detail: string };
}

export interface SimulationJob extends Job {
  readonly progress: SimulationProgress;
  readonly result?: SimulationResult;
}

/** What came of it. */
export interface CorrectionResult {
  readonly simulation: SimulationResult;
  /** Acts posted now, and before. */
  readonly posted: number;
  readonly repeated: number;
  /** Events that the log has refused: they have to be reported again. */
  readonly unreported: number;
  /** What differs and cannot be put right: where there is any, nothing is posted. Of how many events, and why. */
  readonly uncorrected: readonly (Uncorrected & {
    readonly events: number;
    readonly why: string;
  })[];
  readonly refused: {
    readonly acts: number;
    readonly codes: Readonly<Record<string, number>>;
    readonly named: readonly {
      readonly owner: string;
      readonly event: string;
      readonly code: string;
    }[];
  };
}

export interface CorrectionJob extends Job {
  readonly correction: string;
  readonly progress: SimulationProgress & {
    readonly posted: number;
    readonly repeated: number;
    readonly refused: number;
  };
  readonly result?: CorrectionResult;
}
