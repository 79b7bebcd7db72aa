// That a connection hears what it listens to, and may speak where it must. Owns: the messages to itself by which that is proved,
// the verdict, its words. Never touches: the client of NATS.
//   Q6. A server answers a ping after everything that was published before it. So a message to itself that has not come when
//       the answer is there is not heard; no time is guessed.
//   Q7. What NATS refuses it refuses later and without a reply. It is told until a round of messages passes without it.

import { randomBytes } from 'node:crypto';

const MAGIC = 0x6a70;
/** Magic (2), sender (8), number (4). */
const PROOF_BYTES = 14;
const SENDER_AT = 2;
const NUMBER_AT = 10;
/** Subjects of others that one round is published to: of many shards each round proves some. */
const REACHED_AT_ONCE = 16;
const PERMISSIONS = '(permissions of its user in nats-server.conf)';

/** Something that this connection listens to. */
interface Ear {
  readonly subject: string;
  /** Where a message to it is published: another one than `subject` where that has wildcards. */
  readonly proofSubject: string;
  /** The last round that was heard. */
  heard: number;
}

/** What NATS has refused: an operation on a subject. */
interface Denied {
  readonly operation: string;
  readonly subject: string;
  round: number;
}

/** The proofs of one connection. */
export class Hearing {
  readonly #name: string;
  readonly #sender = randomBytes(8);
  readonly #ears = new Map<string, Ear>();
  /** Where others listen, and this connection must be allowed to publish. */
  readonly #reached = new Set<string>();
  readonly #denied = new Map<string, Denied>();
  #round = 0;
  /** How far the rounds are through `#reached`. */
  #reachedAt = 0;

  /** `name`: of the connection, as the server shows it. */
  constructor(name: string) {
    this.#name = name;
  }

  /** It listens to this from now on. */
  listens(subject: string): void {
    const proofSubject = subject.replace(/[*>]$/, 'proof');
    this.#ears.set(subject, { subject, proofSubject, heard: 0 });
  }

  /** It must be able to publish there. */
  reaches(subject: string): void {
    this.#reached.add(subject);
  }

  /** The next round: what to publish, and where. */
  begin(): { readonly message: Uint8Array; readonly subjects: readonly string[] } {
    this.#round++;
    const message = new Uint8Array(PROOF_BYTES);
    const view = new DataView(message.buffer);
    view.setUint16(0, MAGIC);
    message.set(this.#sender, SENDER_AT);
    view.setUint32(NUMBER_AT, this.#round);
    const own = [...this.#ears.values()].map(({ proofSubject }) => proofSubject);
    return { message, subjects: [...new Set([...own, ...this.#reachedNow()])] };
  }

  /** The next of those that must be reached, and all that were refused. */
  #reachedNow(): string[] {
    const all = [...this.#reached];
    const now = all.slice(this.#reachedAt, this.#reachedAt + REACHED_AT_ONCE);
    this.#reachedAt += REACHED_AT_ONCE;
    if (this.#reachedAt >= all.length) this.#reachedAt = 0;
    for (const { operation, subject } of this.#denied.values())
      if (operation === 'publish') now.push(subject);
    return now;
  }

  /** Was this a proof, of whomever? Then it is nothing else. */
  take(subject: string, message: Uint8Array): boolean {
    if (message.length !== PROOF_BYTES) return false;
    const view = new DataView(message.buffer, message.byteOffset, message.length);
    if (view.getUint16(0) !== MAGIC) return false;
    if (!this.#sender.equals(message.subarray(SENDER_AT, NUMBER_AT))) return true;
    const ear = this.#ears.get(subject);
    if (ear !== undefined) ear.heard = Math.max(ear.heard, view.getUint32(NUMBER_AT));
    return true;
  }

  /** NATS refuses something. */
  denied(operation: string, subject: string): void {
    this.#denied.set(`${operation} ${subject}`, { operation, subject, round: this.#round });
  }

  /** What was not heard of the last round. */
  get unheard(): readonly string[] {
    const deaf = [...this.#ears.values()].filter(({ heard }) => heard < this.#round);
    return deaf.map(({ subject }) => subject);
  }

  /** The verdict, once the server has confirmed the last round: a sentence for each subject. */
  problems(): readonly string[] {
    const found: string[] = [];
    const who = `connection "${this.#name}"`;
    for (const [key, { operation, subject, round }] of this.#denied) {
      if (round < this.#round) this.#denied.delete(key);
      else if (operation === 'publish')
        found.push(`${who} may not publish to ${subject}: NATS refuses it ${PERMISSIONS}`);
    }
    for (const subject of this.unheard) {
      const ear = this.#ears.get(subject);
      // It may hear, which cannot be proved: the sentence above tells.
      if (this.#denied.has(`publish ${ear?.proofSubject}`)) continue;
      const why = this.#denied.has(`subscription ${subject}`)
        ? `NATS refuses the subscription ${PERMISSIONS}`
        : 'what is sent there does not arrive';
      found.push(`${who} does not hear ${subject}: ${why}`);
    }
    return found.sort();
  }
}
