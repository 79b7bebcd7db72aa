// A thread that does nothing for a while, as one that the machine has left out.

const nothing = new Int32Array(new SharedArrayBuffer(4));

export function stall(ms: number): void {
  if (ms > 0) Atomics.wait(nothing, 0, 0, ms);
}
