// A node's own connection: questions to other nodes and their answers. Owns: the subjects, the inbox, who waits for which
// answer. Never touches: what is asked.
//   cluster.N2. A question is answered once or not at all; an answer that nobody waits for any more is dropped.

import { randomInt } from 'node:crypto';
import { type Arrived, Connection } from '../bus/connection.js';
import type { ClusterDescription } from './description.js';

/** Pauses between two askings: at first, then twice the one before. */
const REPEAT_FIRST_MS = 250;

/** Why there is no answer: nobody is there (or no connection), or none came in time. */
export type Silence = 'nobody' | 'late';

interface Waiting {
  readonly answer: (bytes: Uint8Array) => void;
  readonly nobody: () => void;
}

interface Settings {
  readonly url: string;
  readonly cluster: ClusterDescription;
  readonly node: string;
  /** Of this life; left out: made by the clock. */
  readonly session?: number | undefined;
  readonly onReconnect: () => void;
  /** As of Connection. */
  readonly onProblems: (problems: readonly string[], before: readonly string[]) => void;
}

export class Link {
  readonly node: string;
  readonly cluster: ClusterDescription;
  /** Tells this life of the node from others: rises from one to the next. */
  readonly session: number;
  readonly connection: Connection;
  readonly #inbox: string;
  readonly #waiting = new Map<string, Waiting>();
  #number = 0;

  constructor({ url, cluster, node, session, ...told }: Settings) {
    this.node = node;
    this.session = session ?? Date.now() * 1_000 + randomInt(1_000);
    this.cluster = cluster;
    this.connection = new Connection({ url, name: `${cluster.name} ${node}`, ...told });
    this.#inbox = this.subject('node', node, this.session);
    this.connection.subscribe(
      `${this.#inbox}.*`,
      ({ subject, bytes }) => this.#waiting.get(subject)?.answer(bytes),
      (subject) => this.#waiting.get(subject)?.nobody(),
    );
  }

  subject(...parts: readonly (string | number)[]): string {
    return [this.cluster.name, ...parts].join('.');
  }

  /** Where other nodes may send what this one hears by itself. */
  own(what: string): string {
    return `${this.#inbox}.${what}`;
  }

  /** Is this a place where a node of this cluster waits for answers? */
  isInbox(subject: string): boolean {
    return subject.startsWith(`${this.cluster.name}.node.`);
  }

  /** Tells; nobody answers. */
  tell(subject: string, message: Uint8Array): void {
    this.connection.publish(subject, message);
  }

  /**
   * Asks until there is an answer, at most `limitMs`. Without a connection at the beginning, or where nobody has subscribed:
   * `nobody`, at once.
   */
  ask(subject: string, question: Uint8Array, limitMs: number): Promise<Uint8Array | Silence> {
    return new Promise((resolve) => {
      const reply = `${this.#inbox}.${++this.#number}`;
      const until = performance.now() + limitMs;
      let pauseMs = REPEAT_FIRST_MS;
      let timer: NodeJS.Timeout | undefined;
      const end = (result: Uint8Array | Silence): void => {
        clearTimeout(timer);
        this.#waiting.delete(reply);
        resolve(result);
      };
      const again = (): void => {
        const leftMs = until - performance.now();
        if (leftMs <= 0) {
          end('late');
          return;
        }
        this.connection.publish(subject, question, reply);
        timer = setTimeout(again, Math.min(pauseMs, leftMs));
        pauseMs *= 2;
      };
      if (!this.connection.isConnected) {
        resolve('nobody');
        return;
      }
      this.#waiting.set(reply, { answer: end, nobody: () => end('nobody') });
      again();
    });
  }

  /** Asks everybody: all answers that come within `limitMs`, or until there are `enough`. */
  askAll(
    subject: string,
    question: Uint8Array,
    limitMs: number,
    enough = Number.POSITIVE_INFINITY,
  ): Promise<Uint8Array[]> {
    return new Promise((resolve) => {
      const reply = `${this.#inbox}.${++this.#number}`;
      const answers: Uint8Array[] = [];
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(reply);
        resolve(answers);
      };
      const timer = setTimeout(end, limitMs);
      const answer = (bytes: Uint8Array): void => {
        answers.push(bytes);
        if (answers.length >= enough) end();
      };
      this.#waiting.set(reply, { answer, nobody: end });
      if (!this.connection.publish(subject, question, reply)) end();
    });
  }

  /** Hears what is told at own(what). */
  hear(what: string, take: (bytes: Uint8Array) => void): void {
    this.#waiting.set(this.own(what), { answer: take, nobody: () => {} });
  }

  /** Serves questions on a subject. `take` returns false where the question is none. */
  serve(
    subject: string,
    take: (bytes: Uint8Array, answer: (bytes: Uint8Array) => void) => boolean,
  ): void {
    this.connection.subscribe(subject, ({ bytes, reply }: Arrived) => {
      const answer = (found: Uint8Array): void => {
        this.connection.publish(reply, found);
      };
      if (!this.isInbox(reply) || !take(bytes, answer)) this.connection.rejected();
    });
  }
}
