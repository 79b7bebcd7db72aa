// One line of the refusal catalogue. Owns: what it says, and the ways in which a refusal is kept. Never touches: which there are.

/** Numbers from here on are of refusals for now: the id stays free. */
export const FIRST_PASSING = 128;

/** One line of the catalogue. */
export interface Refusal {
  /** The number the log keeps. */
  readonly number: number;
  /** Its number where it is of a passing state, and so not kept. */
  readonly passing?: number;
  /** Kept under the id for ever, never kept, or either (protocol.P20). */
  readonly kept: 'final' | 'transient' | 'either';
  /** HTTP status of the answer. */
  readonly status: number;
  /** May the same command succeed later as it is? */
  readonly retry: boolean;
  /** One sentence for people. */
  readonly sentence: string;
}

export const final = (number: number, status: number, sentence: string): Refusal => ({
  number,
  kept: 'final',
  status,
  retry: false,
  sentence,
});
/** One that is kept, or of a passing state. */
export const either = <P extends number>(
  number: number,
  passing: P,
  status: number,
  sentence: string,
): Refusal & { readonly passing: P } => ({
  ...final(number, status, sentence),
  kept: 'either',
  passing,
});
export const transient = (
  number: number,
  status: number,
  sentence: string,
  retry = false,
): Refusal => ({
  number,
  kept: 'transient',
  status,
  retry,
  sentence,
});
