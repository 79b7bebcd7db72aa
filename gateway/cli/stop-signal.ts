// Signals that stop the server. Owns: which ones, and when one hurries it. Never touches: the stopping.
//   cli.C6. SIGINT, SIGTERM and SIGHUP (the terminal went away) stop it the same way: it answers what is in flight. A later SIGINT or
//       SIGTERM ends it at once. Later means HURRY_MS: one Ctrl-C may arrive twice, from the terminal and from npm or a shell.
//       SIGPIPE is nothing, as always in Node.js.

/** Its exit code then. */
export const EXIT_SECOND_SIGNAL = 130;
/** Signals within this time after the first are the same wish. */
const HURRY_MS = 500;

/** Resolves at the first signal, also at one that comes while the folder is being opened. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const stop = () => {
      first ??= performance.now();
      resolve();
    };
    const stopOrHurry = () => {
      if (first !== undefined && performance.now() - first > HURRY_MS)
        process.exit(EXIT_SECOND_SIGNAL);
      stop();
    };
    process.on('SIGINT', stopOrHurry);
    process.on('SIGTERM', stopOrHurry);
    process.on('SIGHUP', stop);
  });
}
