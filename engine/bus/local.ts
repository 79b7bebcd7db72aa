// The bus within one process. Owns: the ports to the other shards' threads. Never touches: the main thread.

import type { MessagePort } from 'node:worker_threads';
import type { Bus } from './bus.js';

interface Parcel {
  readonly bytes: Uint8Array;
  readonly count: number;
}

export class LocalBus implements Bus {
  readonly #peers: readonly (MessagePort | null)[];

  constructor(peers: readonly (MessagePort | null)[]) {
    this.#peers = peers;
    for (const peer of peers) peer?.unref();
  }

  send(to: number, bytes: Uint8Array, count: number): void {
    const parcel: Parcel = { bytes, count };
    this.#peers[to]?.postMessage(parcel, [bytes.buffer as ArrayBuffer]);
  }

  receive(take: (bytes: Uint8Array, count: number) => void): void {
    for (const peer of this.#peers) {
      peer?.on('message', ({ bytes, count }: Parcel) => take(bytes, count));
      // Listening refs a port: a shard that is closed must not keep its thread.
      peer?.unref();
    }
  }

  close(): void {
    for (const peer of this.#peers) peer?.close();
  }
}
