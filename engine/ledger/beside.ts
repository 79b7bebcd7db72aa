// What goes on beside a replay. Owns: the shapes. Never touches: state.

import type { LoggedPlan } from '../programme/plan.js';
import type { CommandView } from '../protocol/command-view.js';
import type { PastRecord } from './state.js';

/** What acts come to when they are decided again. */
export interface Again {
  /** What the act under way came to; undefined: nothing yet. */
  decided: LoggedPlan | undefined;
  /** Did it ask for what is not in the log: who asks, what pools have elsewhere? */
  hasAskedOutside: boolean;
  /** An act was decided again. `logged`: what had been. */
  compare(command: CommandView, logged: LoggedPlan): void;
}

/** How much of each leg is given back. */
export interface GivenBack {
  readonly amounts: readonly number[];
  readonly now: readonly number[];
  readonly before: readonly number[];
}

/** Another world, in which acts come to something else. It follows the replay, and changes nothing of it. */
export interface Beside {
  /** An act of this owner was decided so; nothing of it is done yet. */
  decided(owner: string, plan: LoggedPlan): void;
  /** An act, of which `past` is the record, is given back by a reversal that was decided so; nothing of it is done yet. */
  undone(owner: string, past: PastRecord, parts: GivenBack, plan: LoggedPlan): void;
  /** What was decided of this owner under this id is done. */
  posted(owner: string, id: string): void;
}
