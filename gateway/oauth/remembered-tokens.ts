// Access tokens that were judged. Owns: for how long that is remembered, by whom they are kept. Never touches: what makes one good (tokens.ts, gateway/operators/).
//   oauth.T4. What was judged counts for `accessRefreshMs`; what is ended here counts at once, also against what is being judged.
//   oauth.T2. Who keeps connections open asks `isGood` again and again: such tokens are judged anew every `accessRefreshMs`, and those who keep them are told
//       when one has ended, or permits something else than it did.
//   oauth.T3. How many tokens are remembered is bounded; one that is forgotten is judged anew.

import type { LiveToken, MemberTokens } from '../auth/member-tokens.js';
import type { Principal } from '../auth/principal.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { type CredentialKind, readCredential, type Shown } from './credentials.js';

/** A token that is good, as the ledger has it. */
export interface FoundToken {
  readonly principal: Principal;
  /** Milliseconds since 1970. */
  readonly until: number;
  /** Of whom it is, to be forgotten by (`forgetOf`). */
  readonly of: string;
  /** Is what it rests on as it was found, as far as that is known here without asking? Left out: that is not known. */
  readonly still?: (() => boolean) | undefined;
}

interface RememberingParts {
  readonly kind: CredentialKind;
  readonly limits: Pick<
    GatewayLimits,
    'accessRefreshMs' | 'accessStaleMsMax' | 'accessTokensRemembered'
  >;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onDefect: (error: unknown) => void;
}

/** A token that was found good, until it ends. */
class Remembered implements LiveToken {
  readonly shown: Shown;
  readonly of: string;
  readonly principal: Principal;
  /** What the principal may, to be compared. */
  readonly may: string;
  readonly until: number;
  readonly still: () => boolean;
  judgedAt: number;
  /** When somebody who keeps it asked last (performance.now()). */
  askedAt = Number.NEGATIVE_INFINITY;
  hasEnded = false;
  readonly #book: RememberedTokens;

  constructor(
    book: RememberedTokens,
    shown: Shown,
    { of, until, principal, still = () => true }: FoundToken,
    at: number,
  ) {
    this.#book = book;
    this.shown = shown;
    this.of = of;
    this.principal = principal;
    this.may = mayText(principal);
    this.until = until;
    this.still = still;
    this.judgedAt = at;
  }

  isGood(): boolean {
    return this.#book.isGood(this);
  }
}

/** Sets and maps as lists: two that may the same are written alike. */
const mayText = (principal: Principal): string =>
  JSON.stringify(principal, (_, value: unknown) =>
    value instanceof Set || value instanceof Map ? [...value] : value,
  );

/** A judgement under way. */
interface Judging {
  readonly id: string;
  readonly answer: Promise<Refusal | LiveToken>;
  /** Something of its grant was ended meanwhile: perhaps it did not see that. */
  isPast: boolean;
}

/** Tokens that are judged at once, of those that are kept. */
const AT_ONCE = 64;

const NO_TOKEN = 'The access token is none, has expired or was revoked.';

/** Access tokens of a kind, judged again and again. */
export abstract class RememberedTokens implements MemberTokens {
  readonly #parts: RememberingParts;
  readonly #known = new Map<string, Remembered>();
  readonly #judging = new Map<string, Judging>();
  readonly #kept = new Set<Remembered>();
  readonly #onEnd: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  protected constructor(parts: RememberingParts) {
    this.#parts = parts;
  }

  /** A token as the ledger has it now; undefined: it is not good. */
  protected abstract found(shown: Shown): Promise<Refusal | FoundToken | undefined>;

  /** Judges those that are kept again from now on. */
  start(): void {
    const look = (): void => {
      this.#look().catch(this.#parts.onDefect);
    };
    this.#timer = setInterval(look, this.#parts.limits.accessRefreshMs);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Has `look` called when a token has ended that somebody keeps. */
  onEnd(look: () => void): void {
    this.#onEnd.push(look);
  }

  known(token: string): LiveToken | undefined {
    const found = this.#known.get(token);
    if (found === undefined || found.hasEnded || found.until <= this.#now()) return undefined;
    if (!found.still()) return undefined;
    const { accessRefreshMs } = this.#parts.limits;
    return performance.now() - found.judgedAt <= accessRefreshMs ? found : undefined;
  }

  judge(token: string): Promise<Refusal | LiveToken> {
    const pending = this.#judging.get(token);
    if (pending !== undefined) return pending.answer;
    const shown = readCredential(token, this.#parts.kind);
    if (shown === undefined)
      return Promise.resolve(refuse('UNAUTHORIZED', 'Authorization', NO_TOKEN));
    const answer = this.#judged(shown, () => judging.isPast).finally(() => {
      if (this.#judging.get(token) === judging) this.#judging.delete(token);
    });
    const judging: Judging = { id: shown.id, answer, isPast: false };
    this.#judging.set(token, judging);
    return answer;
  }

  isGood(token: Remembered): boolean {
    token.askedAt = performance.now();
    if (token.hasEnded || token.until <= this.#now() || !token.still()) return false;
    this.#kept.add(token);
    return token.askedAt - token.judgedAt <= this.#parts.limits.accessStaleMsMax;
  }

  #now(): number {
    return this.#parts.now();
  }

  async #judged(shown: Shown, isPast: () => boolean): Promise<Refusal | LiveToken> {
    const began = performance.now();
    const found = await this.found(shown);
    if (isRefusal(found)) return found;
    const before = this.#known.get(shown.text);
    if (found === undefined) {
      if (before !== undefined) this.#drop(before);
      return refuse('UNAUTHORIZED', 'Authorization', NO_TOKEN);
    }
    const { until, principal } = found;
    const live = new Remembered(this, shown, found, began);
    // Whoever asked did so before that was answered.
    if (isPast()) return { principal, until, isGood: () => false };
    if (before?.may === live.may && !before.hasEnded && before.still()) {
      before.judgedAt = began;
      this.#remember(before);
      return before;
    }
    if (before !== undefined) this.#drop(before);
    this.#remember(live);
    return live;
  }

  #remember(token: Remembered): void {
    const { text } = token.shown;
    this.#known.delete(text);
    this.#known.set(text, token);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.#parts.limits.accessTokensRemembered) return;
      this.#known.delete(oldest);
    }
  }

  #drop(token: Remembered): void {
    token.hasEnded = true;
    if (this.#known.get(token.shown.text) === token) this.#known.delete(token.shown.text);
    if (!this.#kept.delete(token)) return;
    for (const look of this.#onEnd) look();
  }

  /** Something of a grant was ended here: what was known of its tokens counts no more. */
  forgetGrant(id: string): void {
    this.#forget(
      (grant) => grant === id,
      ({ shown }) => shown.id === id,
    );
  }

  /** Something of one that has tokens was changed here: what was known of these counts no more. */
  forgetOf(of: string): void {
    this.#forget(
      () => true,
      (token) => token.of === of,
    );
  }

  /** Something that tokens rest on was changed, perhaps: all are judged anew when they are shown next. Those that are kept stay. */
  judgeAnew(): void {
    for (const judging of this.#judging.values()) judging.isPast = true;
    this.#judging.clear();
    this.#known.clear();
  }

  #forget(isOf: (grant: string) => boolean, isMeant: (token: Remembered) => boolean): void {
    for (const [token, judging] of this.#judging) {
      if (!isOf(judging.id)) continue;
      judging.isPast = true;
      this.#judging.delete(token);
    }
    for (const known of [this.#known.values(), this.#kept])
      for (const token of known) if (isMeant(token)) this.#drop(token);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const { accessRefreshMs } = this.#parts.limits;
      const now = performance.now();
      for (const token of this.#kept)
        if (now - token.askedAt > 3 * accessRefreshMs) this.#kept.delete(token);
      const due = [...this.#kept].filter((one) => now - one.judgedAt >= accessRefreshMs / 2);
      for (let i = 0; i < due.length; i += AT_ONCE)
        await Promise.all(due.slice(i, i + AT_ONCE).map((token) => this.#again(token)));
    } finally {
      this.#looking = false;
    }
  }

  async #again(token: Remembered): Promise<void> {
    const judged = await this.judge(token.shown.text);
    if (judged === token || token.hasEnded) return;
    if (!isRefusal(judged)) {
      // It was forgotten meanwhile (oauth.T3): the same is known again under another object.
      if (judged instanceof Remembered && judged.may === token.may)
        token.judgedAt = judged.judgedAt;
      else if (judged instanceof Remembered) this.#drop(token);
    } else if (judged.code === 'UNAUTHORIZED') this.#drop(token);
  }
}
