// What somebody says over a WebSocket whose credentials are being judged. Owns: the messages that wait, how many bytes may.
// Never touches: what is in them: nothing is read of somebody who is not known.

import type { GatewayLimits } from '../limits.js';

/** What those of all connections are counted in. */
export interface HeldHome {
  readonly limits: Pick<GatewayLimits, 'streamMessageBytesMax' | 'streamsHeldBytesMax'>;
  heldBytes: number;
}

/** What a message takes beside its bytes, about: many empty ones are no way around the limits. */
const MESSAGE_BYTES = 128;

/** Messages of one connection. */
export class Held {
  readonly #home: HeldHome;
  #messages: ArrayBuffer[] = [];
  #bytes = 0;

  constructor(home: HeldHome) {
    this.#home = home;
  }

  /** Keeps a copy; false: there is no room for it. */
  keep(message: ArrayBuffer): boolean {
    const { limits } = this.#home;
    const bytes = message.byteLength + MESSAGE_BYTES;
    // One message that is as long as any may be has room.
    if (this.#bytes + bytes > limits.streamMessageBytesMax + MESSAGE_BYTES) return false;
    if (this.#home.heldBytes + bytes > limits.streamsHeldBytesMax) return false;
    this.#messages.push(message.slice(0));
    this.#bytes += bytes;
    this.#home.heldBytes += bytes;
    return true;
  }

  /** The messages in their order, which wait no more. */
  release(): readonly ArrayBuffer[] {
    const messages = this.#messages;
    this.#home.heldBytes -= this.#bytes;
    this.#messages = [];
    this.#bytes = 0;
    return messages;
  }
}
