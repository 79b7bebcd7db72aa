// Windows that slide, in panes. Owns: which pane a time is in. Never touches: what is counted in them.
//   engine-risk.W1. A window is PANES panes and the one that is under way: it reaches back over its whole length, and up to an eighth of it more.

/** Panes of a window. */
export const PANES = 8;
/** With the one that is under way. */
export const RING = PANES + 1;

/** How long a pane of a window is. */
export const paneMsOf = (windowMs: number): number => windowMs / PANES;

/** The pane that a time is in. */
export const paneOf = (time: number, paneMs: number): number => Math.floor(time / paneMs);
