// What leaves a shard for others: messages of durable blocks, and the same question again where no answer came.
// Owns: what waits for its block, when to ask again. Never touches: ports, sockets, clocks; time is given.
//   X2. A message leaves only when the block that caused it is durable.

import { packCommand } from '../protocol/codec.js';
import { packLots } from './lots.js';
import type { Message, Outgoing } from './messages.js';
import { type Transit, type Transits, transitKey } from './transits.js';

/** How long to wait for an answer before asking again: at first, and at most. Each pause is twice the one before. */
export const FIRST_PAUSE_MS = 250;
export const LAST_PAUSE_MS = 5_000;
/** Bytes after which one message goes and the next begins. */
const MESSAGE_BYTES = 512 * 1024;

interface Waiting {
  readonly seq: number;
  readonly outgoing: readonly Outgoing[];
}

interface Pause {
  at: number;
  ms: number;
}

/** The prepare that an open transfer sends on. */
export function prepareOf(transit: Transit): Uint8Array {
  const { id, owner, deadline, transfer, lots } = transit;
  const command = { type: 'prepare', id, owner, deadline, transfer, lots: packLots(lots) } as const;
  return new Uint8Array(packCommand(command, id));
}

export class Courier {
  #waiting: Waiting[] = [];
  readonly #pauses = new Map<string, Pause>();

  /** What block `seq` causes. */
  collect(seq: number, outgoing: readonly Outgoing[]): void {
    if (outgoing.length > 0) this.#waiting.push({ seq, outgoing });
  }

  /** Blocks up to `seq` are durable: what may leave, gathered by shard. */
  durable(seq: number): Message[] {
    if (this.#waiting.length === 0 || (this.#waiting[0] as Waiting).seq > seq) return [];
    const ready = this.#waiting.filter((one) => one.seq <= seq);
    this.#waiting = this.#waiting.filter((one) => one.seq > seq);
    return gathered(ready.flatMap((one) => one.outgoing));
  }

  /** Prepares to send again at `now` (milliseconds of any clock that only rises). `durableSeq`: as in durable(). */
  repeats(transits: Transits, durableSeq: number, now: number): Message[] {
    if (transits.size === 0) {
      this.#pauses.clear();
      return [];
    }
    const again: Outgoing[] = [];
    const open = new Set<string>();
    for (const transit of transits.all()) {
      const key = transitKey(transit.owner, transit.id);
      open.add(key);
      const pause = this.#pauses.get(key);
      if (pause === undefined)
        this.#pauses.set(key, { at: now + FIRST_PAUSE_MS, ms: FIRST_PAUSE_MS });
      else if (pause.at <= now && transit.seq <= durableSeq) {
        again.push({ to: transit.next, bytes: prepareOf(transit) });
        pause.ms = Math.min(pause.ms * 2, LAST_PAUSE_MS);
        pause.at = now + pause.ms;
      }
    }
    for (const key of this.#pauses.keys()) if (!open.has(key)) this.#pauses.delete(key);
    return gathered(again);
  }
}

/** One message for each shard, or a few where one would be too large. */
function gathered(outgoing: readonly Outgoing[]): Message[] {
  const byShard = new Map<number, Outgoing[]>();
  for (const one of outgoing) {
    const some = byShard.get(one.to);
    if (some === undefined) byShard.set(one.to, [one]);
    else some.push(one);
  }
  const messages: Message[] = [];
  for (const [to, some] of byShard) {
    let from = 0;
    let bytes = 0;
    for (let i = 0; i <= some.length; i++) {
      const length = some[i]?.bytes.length ?? 0;
      if (i < some.length && (i === from || bytes + length <= MESSAGE_BYTES)) {
        bytes += length;
        continue;
      }
      messages.push({ to, count: i - from, bytes: joined(some.slice(from, i), bytes) });
      from = i;
      bytes = length;
    }
  }
  return messages;
}

function joined(parts: readonly Outgoing[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part.bytes, at);
    at += part.bytes.length;
  }
  return bytes;
}
