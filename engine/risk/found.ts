// What the thread of risk has found. Owns: the shape of it, and how it is put into words. Never touches: how it was found, acts.

import type { RiskAction, RiskKind } from '../protocol/risk.js';

/** A member that is to be marked. */
export interface Found {
  readonly owner: string;
  /** So that the same is asked for once, whoever finds it again. */
  readonly id: string;
  readonly body: {
    readonly mark: string;
    readonly reason: string;
    readonly action: RiskAction;
    readonly until: number;
    readonly version: number;
    readonly evidence: string;
    readonly kinds?: readonly RiskKind[];
    readonly asset?: string;
    readonly over?: number;
    readonly score?: number;
  };
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** A span of time in short: `24 h` is `1 d`. */
export function spanText(ms: number): string {
  const [unit, name] = UNITS.find(([one]) => ms % one === 0) ?? [1, 'ms'];
  return `${ms / unit} ${name}`;
}
