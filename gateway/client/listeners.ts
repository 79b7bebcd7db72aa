// Functions of the caller's that are told things. Owns: what becomes of their exceptions. Never touches: what they are told.
//   client.K6. A listener that throws harms nobody but itself: the error is reported as the platform reports those of event listeners
//       (`reportError`; in Node.js `uncaughtException`), and the next event is told as if nothing had happened.

/** Tells a listener. */
export function tell<Told extends readonly unknown[]>(
  listener: (...told: Told) => void,
  ...told: Told
): void {
  try {
    listener(...told);
  } catch (error) {
    report(error);
  }
}

function report(error: unknown): void {
  const { reportError } = globalThis as { readonly reportError?: (error: unknown) => void };
  if (typeof reportError === 'function') reportError(error);
  else
    queueMicrotask(() => {
      throw error;
    });
}
