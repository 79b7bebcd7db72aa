// The bus within one process. Owns: the rings to the other shards' threads. Never touches: the main thread.
//   bus.L1. What a shard does not take is not gathered without end: beyond a bound it is lost, and asked for again as on any bus.

import { parcelIn, parcelParts } from '../ring/parcel.js';
import { FrameReader, FrameWriter, type RingWay } from '../ring/ring.js';
import type { Bus } from './bus.js';

/** Bytes that wait for room in a ring. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024;

export class LocalBus implements Bus {
  readonly #writers: readonly (FrameWriter | null)[];
  readonly #readers: readonly FrameReader[];
  #take: (bytes: Uint8Array, count: number) => void = () => {};

  constructor(peers: readonly (RingWay | null)[]) {
    this.#writers = peers.map((peer) => peer && new FrameWriter(peer.to, peer.bell));
    const ways = peers.filter((peer) => peer !== null);
    this.#readers = ways.map(({ from, bell }) => new FrameReader(from, bell));
  }

  send(to: number, bytes: Uint8Array, count: number): void {
    const writer = this.#writers[to];
    if (writer === null || writer === undefined || writer.keptBytes > KEPT_BYTES_MAX) return;
    writer.send(0, parcelParts(bytes, count));
    writer.ring();
  }

  receive(take: (bytes: Uint8Array, count: number) => void): void {
    this.#take = take;
  }

  /** Is there something to be taken, or to be sent on? */
  get isWaiting(): boolean {
    for (const reader of this.#readers) if (reader.isWaiting) return true;
    for (const writer of this.#writers) if (writer?.mayFlush === true) return true;
    return false;
  }

  /** Takes what is there, and sends what found no room before. */
  take(): void {
    for (const writer of this.#writers) writer?.flush();
    for (const reader of this.#readers) {
      for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
        const { bytes, count } = parcelIn(frame);
        this.#take(bytes, count);
      }
    }
  }

  close(): void {
    this.#take = () => {};
  }
}
