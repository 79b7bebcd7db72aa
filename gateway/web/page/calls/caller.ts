// Calls of the API with the token of who is signed in. Owns: attempts and the pauses between them, one new token where the old one has ended. Never touches: ids, screens.

import { pauseMs } from '../../../client/pauses.js';
import {
  type AnyOperation,
  type Asked,
  type Problem,
  problemOf,
  type Question,
  questionOf,
  type Result,
} from './operation.js';
import { type Sent, send, type World } from './send.js';
import type { Session } from './session.js';

/** Times that something is asked before the page says that it got no answer. */
export const ATTEMPTS = 4;
/** Longer pauses are not waited for: whoever asked is told when. */
const WAIT_MS_MAX = 10_000;
/** The first pause is twice as long as a client's in a computer centre: phones lose their network for longer. */
const FIRST = 2;

/** May the same be answered otherwise in a moment? */
const isPassing = ({ status, code }: Problem): boolean =>
  code === 'OFFLINE' ||
  code === 'ACCOUNT_BUSY' ||
  status === 429 ||
  status === 503 ||
  // Half an answer, a page of somebody in between who wants to be signed in to, a proxy.
  (code === 'FOREIGN' && (status < 300 || status >= 500 || status === 408));

export class Caller {
  readonly #world: World;
  readonly #session: Session;

  constructor(world: World, session: Session) {
    this.#world = world;
    this.#session = session;
  }

  async ask<Op extends AnyOperation>(
    operation: Op,
    asked: Asked<Op>,
    attempts = ATTEMPTS,
    of?: string,
  ): Promise<Result<Op>> {
    const sent = await this.send(questionOf(operation, asked), attempts, of);
    if (!sent.ok) return sent as Result<Op>;
    return { ok: true, status: sent.status, answer: sent.body } as Result<Op>;
  }

  /**
   * The same question until there is an answer that asking again would not change, `attempts` times at most; as one person all the while, `of` where that is given:
   * somebody else may sign in meanwhile, in another tab.
   */
  async send(question: Question, attempts = ATTEMPTS, of?: string): Promise<Sent> {
    let isRenewed = false;
    let asker = of;
    for (let attempt = 1; ; attempt++) {
      const token = await this.#session.token();
      let sent: Sent;
      if ('code' in token) sent = { ok: false, problem: token };
      else {
        asker ??= token.who;
        if (token.who !== asker) return { ok: false, problem: problemOf('SIGNED_OUT', 401) };
        sent = await send(this.#world, question, token.text, token.isOfCookie);
        if (!sent.ok && sent.problem.status === 401) {
          this.#session.refused(token.text);
          // One new token for one call: a ledger that takes none of them is not asked for ever.
          if (isRenewed) return sent;
          isRenewed = true;
          attempt--;
          continue;
        }
      }
      if (sent.ok || !isPassing(sent.problem) || attempt >= attempts) return sent;
      const waitMs = Math.max(pauseMs(attempt + FIRST), sent.problem.afterMs);
      if (waitMs > WAIT_MS_MAX) return sent;
      await this.#world.sleep(waitMs);
    }
  }
}
