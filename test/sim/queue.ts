// Simulated time: what happens when, one thing after the other. Owns: the time. Never touches: what happens.

interface Event {
  readonly at: number;
  /** What was planned first happens first, where two have one time. */
  readonly order: number;
  readonly run: () => void;
}

const isBefore = (a: Event, b: Event): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);

export class EventQueue {
  /** Milliseconds since the beginning. */
  now = 0;
  #planned = 0;
  #isStirred = false;
  #failure: Error | null = null;
  readonly #heap: Event[] = [];

  /** Plans something in so many whole milliseconds. */
  after(ms: number, run: () => void): void {
    const heap = this.#heap;
    const event = { at: this.now + ms, order: this.#planned++, run };
    let place = heap.length;
    heap.push(event);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = event;
  }

  /** The event under way sets promises going: they come to rest before the next one. */
  stir(): void {
    this.#isStirred = true;
  }

  /** Nothing happens any more: runUntil() throws this. */
  fail(error: Error): void {
    this.#failure ??= error;
  }

  /** Lets everything happen up to this time. */
  async runUntil(time: number): Promise<void> {
    for (;;) {
      if (this.#isStirred) await new Promise(setImmediate);
      this.#isStirred = false;
      if (this.#failure !== null) throw this.#failure;
      if (this.#heap.length === 0 || this.#heap[0]!.at > time) break;
      const event = this.#take();
      this.now = event.at;
      event.run();
    }
    this.now = time;
  }

  #take(): Event {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    const count = heap.length;
    if (count === 0) return first;
    let place = 0;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= count) break;
      if (child + 1 < count && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}
