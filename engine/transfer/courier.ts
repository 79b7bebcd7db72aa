// Messages from a shard to others: those of durable blocks, and prepares repeated where no answer came.
// Owns: which messages wait for their block, when to ask again. Never touches: ports, sockets, clocks; time is given.
//   X2. A message leaves only when the block that caused it is durable.

import { CommandBuffer } from '../protocol/command-buffer.js';
import type { PrepareCommand } from '../protocol/commands.js';
import { lotsToSend } from './lots.js';
import type { Message, Outgoing } from './messages.js';
import type { FollowUp, FollowUps } from './open/follow-ups.js';
import type { Transit, Transits } from './open/transits.js';

/** How long to wait for an answer before asking again: at first, and at most. Each pause is twice the one before. */
const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 5_000;
/** Bytes after which one message goes and the next begins. */
const MESSAGE_BYTES = 512 * 1024;

interface Pause {
  at: number;
  ms: number;
  /** The look at which it was still waited for. */
  look: number;
}

/** The prepare that an open transfer sends on. */
export function prepareOf(transit: Transit): PrepareCommand {
  const { id, owner, deadline, transfer, lots } = transit;
  return { type: 'prepare', id, owner, deadline, transfer, lots: lotsToSend(transfer, lots) };
}

/** What a shard waits for. */
export interface Waits {
  readonly transits: Transits;
  readonly followUps: FollowUps;
}

/** What one block causes: one message for each shard, or a few where one would be too large. */
class Parcels {
  readonly seq: number;
  readonly #ready: Message[] = [];
  readonly #filling = new Map<number, { buffer: CommandBuffer; count: number }>();

  constructor(seq: number) {
    this.seq = seq;
  }

  add(outgoing: Outgoing): void {
    const { to } = outgoing;
    let parcel = this.#filling.get(to);
    if (parcel === undefined) {
      parcel = { buffer: new CommandBuffer(0), count: 0 };
      this.#filling.set(to, parcel);
    }
    if ('packed' in outgoing) parcel.buffer.appendPacked(outgoing.packed);
    else parcel.buffer.append(outgoing.command, outgoing.command.id);
    parcel.count++;
    if (parcel.buffer.length < MESSAGE_BYTES) return;
    this.#ready.push({ to, count: parcel.count, bytes: parcel.buffer.bytes() });
    this.#filling.delete(to);
  }

  messages(): Message[] {
    const messages = this.#ready;
    for (const [to, { buffer, count }] of this.#filling)
      messages.push({ to, count, bytes: buffer.bytes() });
    return messages;
  }
}

export class Courier {
  /** By block, in order. */
  readonly #waiting: Parcels[] = [];
  /** By what is waited for. */
  readonly #pauses = new Map<Transit | FollowUp, Pause>();
  #look = 0;

  /** What block `seq` causes: packed at once. */
  collect(seq: number, outgoing: readonly Outgoing[]): void {
    if (outgoing.length === 0) return;
    let parcels = this.#waiting.at(-1);
    if (parcels?.seq !== seq) {
      parcels = new Parcels(seq);
      this.#waiting.push(parcels);
    }
    for (const one of outgoing) parcels.add(one);
  }

  /** Blocks up to `seq` are durable: what may leave. */
  durable(seq: number): Message[] {
    const messages: Message[] = [];
    while (this.#waiting.length > 0 && (this.#waiting[0] as Parcels).seq <= seq)
      messages.push(...(this.#waiting.shift() as Parcels).messages());
    return messages;
  }

  /** What to send again at `now` (milliseconds of any clock that only rises), and at `time` by the clock. `durableSeq`: as in durable(). */
  repeats(
    { transits, followUps }: Waits,
    durableSeq: number,
    now: number,
    time: number,
  ): Message[] {
    if (transits.size === 0 && followUps.size === 0) {
      this.#pauses.clear();
      return [];
    }
    const again = new Parcels(durableSeq);
    this.#look++;
    for (const transit of transits.all()) {
      if (this.#isDue(transit, now) && transit.seq <= durableSeq)
        again.add({ to: transit.next, command: prepareOf(transit) });
    }
    for (const followUp of followUps.all()) {
      const { to, seq, command, notBefore } = followUp;
      if (notBefore > time) continue;
      if (this.#isDue(followUp, now) && seq <= durableSeq) again.add({ to, packed: command });
    }
    if (this.#pauses.size > transits.size + followUps.size) this.#forget();
    return again.messages();
  }

  /** Has it been silent long enough? Then the next pause begins, twice as long. */
  #isDue(what: Transit | FollowUp, now: number): boolean {
    const pause = this.#pauses.get(what);
    if (pause === undefined) {
      this.#pauses.set(what, { at: now + FIRST_PAUSE_MS, ms: FIRST_PAUSE_MS, look: this.#look });
      return false;
    }
    pause.look = this.#look;
    if (pause.at > now) return false;
    pause.ms = Math.min(pause.ms * 2, LAST_PAUSE_MS);
    pause.at = now + pause.ms;
    return true;
  }

  /** What is waited for no more. */
  #forget(): void {
    for (const [what, { look }] of this.#pauses) if (look !== this.#look) this.#pauses.delete(what);
  }
}
