// Who is signed in, and the access token. Owns: the token, in memory alone (member.P2). Never touches: what is asked with it, screens.

import { pauseMs } from '../../../client/pauses.js';
import { type Problem, problemOf, type Question } from './operation.js';
import { type Sent, send, type World } from './send.js';

/** What a route for tokens answers, of whatever page. */
interface TokenAnswer {
  readonly access_token: string;
  readonly expires_in: number;
}

/** Where a page gets its tokens. */
export interface TokenSource {
  /** `POST` there, with the session's cookie. */
  readonly path: string;
  /** Whose an answer's token is, and the words of what it permits; undefined: it is no answer of that route. */
  read(body: Readonly<Record<string, unknown>>): Pick<Token, 'who' | 'scope'> | undefined;
  /** An embedded page is given tickets by whoever embeds it, and asks nothing of the cookie; left out, undefined: it is not embedded. */
  ticket?(): Promise<string> | undefined;
}

export interface Token {
  readonly text: string;
  /** Who is signed in: a member, an operator, a key. */
  readonly who: string;
  /** The words of what it permits: of a scope, operations. */
  readonly scope: readonly string[];
  /** Milliseconds since 1970: it is not shown from then on. */
  readonly until: number;
  /** Did it come of the cookie, and not of a ticket? Then calls show both: by the cookie the server knows which session asks. */
  readonly isOfCookie: boolean;
}

/** `unknown`: nobody has been asked yet, or nobody could be reached. */
export type SignedIn = 'unknown' | 'in' | 'out';

/** A token that is about to end is not shown any more: it would end on its way. */
const EARLY_MS = 10_000;
/** Tickets that are tried one after the other. */
const TICKETS = 4;

const isToken = (body: unknown): body is TokenAnswer & Record<string, unknown> =>
  typeof (body as TokenAnswer | undefined)?.access_token === 'string' &&
  typeof (body as TokenAnswer).expires_in === 'number';

export class Session {
  readonly #world: World;
  readonly #source: TokenSource;
  #token: Token | undefined;
  #asking: Promise<Token | Problem> | undefined;
  /** Counts ends: a token that was on its way when the session ended is nobody's. */
  #ends = 0;
  state: SignedIn = 'unknown';
  /** Told whenever `state` or the token is another one. `isLapsed`: it was ended by nobody here; somebody was at work. */
  onChange: (state: SignedIn, token: Token | undefined, isLapsed: boolean) => void = () => {};

  constructor(world: World, source: TokenSource) {
    this.#world = world;
    this.#source = source;
  }

  /** A token that is good as far as is known; all who ask meanwhile wait for one answer. */
  async token(): Promise<Token | Problem> {
    const known = this.#token;
    if (known !== undefined && known.until > this.#world.now()) return known;
    if (this.state === 'out') return problemOf('SIGNED_OUT', 401);
    return this.again();
  }

  /** The ledger takes it no more. Another that came meanwhile is kept. */
  refused(text: string): void {
    if (this.#token?.text === text) this.#token = undefined;
  }

  /** Nobody is signed in, whatever was known. */
  end(): void {
    this.#end(false);
  }

  #end(isLapsed: boolean): void {
    this.#ends++;
    this.#token = undefined;
    this.#now('out', isLapsed);
  }

  /** Somebody may have signed in, elsewhere: who is signed in is asked again. */
  again(): Promise<Token | Problem> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<Token | Problem> {
    const ends = this.#ends;
    for (let attempt = 1; ; attempt++) {
      let ticket: string | undefined;
      try {
        ticket = await this.#source.ticket?.();
      } catch (error) {
        return problemOf('OFFLINE', 0, String(error));
      }
      const body = ticket === undefined ? {} : { ticket };
      const question: Question = { method: 'POST', path: this.#source.path, body };
      const sent: Sent = await send(this.#world, question, undefined, ticket === undefined);
      if (ends !== this.#ends) return problemOf('SIGNED_OUT', 401);
      if (sent.ok) return this.#take(sent.body, sent.status, ticket === undefined);
      const { status, code } = sent.problem;
      if (status !== 401 && code !== 'TICKET_INVALID') return sent.problem;
      // Whoever gave a ticket that is used, or has ended, is asked for another one.
      if (ticket === undefined || attempt >= TICKETS) {
        // That nobody is signed in was known before: it is no other state.
        if (this.state !== 'out') this.#end(this.state === 'in');
        return problemOf('SIGNED_OUT', 401);
      }
      await this.#world.sleep(pauseMs(attempt));
    }
  }

  #take(body: unknown, status: number, isOfCookie: boolean): Token | Problem {
    const read = isToken(body) ? this.#source.read(body) : undefined;
    if (!isToken(body) || read === undefined) return problemOf('FOREIGN', status);
    const until = this.#world.now() + body.expires_in * 1_000 - EARLY_MS;
    this.#token = { text: body.access_token, ...read, until, isOfCookie };
    this.#now('in');
    return this.#token;
  }

  #now(state: SignedIn, isLapsed = false): void {
    this.state = state;
    this.onChange(state, this.#token, isLapsed);
  }
}
