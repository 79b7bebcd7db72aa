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

/** A place where tests end the process. */
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** `name` or `name:n`: die at the n-th pass. */
const [wanted, nth] = (process.env.JIFEN_CRASH_POINT ?? '').split(':');
let passes = Number(nth ?? 1);

/** Ends the process by SIGKILL where a test asked for it. */
export function crashPoint(name: CrashPoint): void {
  if (name === wanted && --passes === 0) process.kill(process.pid, 'SIGKILL');
}
