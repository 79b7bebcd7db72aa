// The bus of a shard whose peers are partly in other processes. Owns: which way a message goes. Never touches: messages.

import type { Bus } from './bus.js';

export class RoutedBus implements Bus {
  readonly #near: Bus;
  readonly #far: Bus;
  /** By shard: is it in this process? */
  readonly #isNear: readonly boolean[];

  constructor(near: Bus, far: Bus, isNear: readonly boolean[]) {
    this.#near = near;
    this.#far = far;
    this.#isNear = isNear;
  }

  send(to: number, bytes: Uint8Array, count: number): void {
    const way = this.#isNear[to] === true ? this.#near : this.#far;
    way.send(to, bytes, count);
  }

  receive(take: (bytes: Uint8Array, count: number) => void): void {
    this.#near.receive(take);
    this.#far.receive(take);
  }

  close(): void {
    this.#near.close();
    this.#far.close();
  }
}
