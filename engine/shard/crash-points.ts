// Named places where tests end the process. Owns: their names. Without JIFEN_CRASH_POINT in the environment: nothing happens.

/** Every place; a test kills at each. */
export const CRASH_POINTS = [
  'before-append',
  'before-sync',
  'before-reply',
  'checkpoint-cut',
  'checkpoint-pages',
  'checkpoint-chunks',
  'before-root',
  'after-root',
  'recovery-open',
  'recovery-replay',
  'recovery-before-rewrite',
  'recovery-after-rewrite',
  'before-clean-stop',
  'after-clean-stop',
] as const;

/** The same of the sealing of a segment, which a ledger that does not grow old never comes by. */
export const SEALING_POINTS = [
  'seal-begun',
  'seal-written',
  'seal-checked',
  'seal-renamed',
  'seal-entered',
  'cut-begun',
  'cut-slice',
  'cut-ended',
] as const;

/** A place where tests end the process. */
export type CrashPoint = (typeof CRASH_POINTS)[number];
export type SealingPoint = (typeof SEALING_POINTS)[number];

/** `name` or `name:n`: die at the n-th pass. */
const [wanted, nth] = (process.env.JIFEN_CRASH_POINT ?? '').split(':');
let passes = Number(nth ?? 1);

/** Ends the process by SIGKILL where a test asked for it. */
export function crashPoint(name: CrashPoint | SealingPoint): void {
  if (name === wanted && --passes === 0) process.kill(process.pid, 'SIGKILL');
}
