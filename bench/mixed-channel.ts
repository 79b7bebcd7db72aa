// A channel over which a programme's members are served. Owns: its shape. Never touches: the mixture, how it is sent.

/** A way to send what a programme's members do; each call is one request, and rejects unless it succeeds. */
export interface MixedChannel {
  transfer(
    connection: number,
    transfer: { id: string; from: string; to: string; amount: number },
  ): Promise<void>;
  hold(connection: number, id: string, owner: string, amount: number): Promise<void>;
  /** Of all that is held. */
  capture(
    connection: number,
    capture: { id: string; owner: string; holdId: string; to: string },
  ): Promise<void>;
  balance(connection: number, owner: string): Promise<void>;
  /** The newest page. */
  history(connection: number, owner: string): Promise<void>;
  close(): void;
}
