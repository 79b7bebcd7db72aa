// The way from shard to shard. Owns: the interface. Never touches: what is sent.

/** May lose, repeat, delay and reorder what is sent; never alters it. */
export interface Bus {
  /** Sends packed prepares and decisions. Never throws; the bytes are the bus's from here on. */
  send(to: number, bytes: Uint8Array, count: number): void;
  /** Calls `take` with what comes for this shard. */
  receive(take: (bytes: Uint8Array, count: number) => void): void;
  close(): void;
}
