// What a platform's credentials prove, and for how long. Owns: the proof of one request or connection. Never touches: which
// platform it is, what it may do.
//   auth.A20. What was proved holds while the token is good, the secrets that proved it are, and the platform is enabled and may do
//        what it might then: whoever may do something else now shows its credentials again.

import { isRefusal, type Refusal, refuse } from '../refusal.js';
import type { Directory, LivePlatform, LiveSecret } from './directory.js';
import { signingSecret } from './signature.js';
import type { Signed } from './signed-text.js';
import { provenToken } from './token.js';

/** What a platform gave; '': it did not. */
export interface Given extends Signed {
  readonly token: string;
}

export class PlatformProof {
  readonly #directory: Directory;
  /** The platform as it was looked at last. */
  #live: LivePlatform;
  readonly #given: Given;
  readonly #isSigned: boolean;
  /** The secrets that proved it. */
  #secrets: readonly LiveSecret[] = [];
  /** When the token expires (ms since 1970). */
  #until: number | undefined;

  constructor(directory: Directory, live: LivePlatform, given: Given, isSigned: boolean) {
    this.#directory = directory;
    this.#live = live;
    this.#given = given;
    this.#isSigned = isSigned;
  }

  /** When it ends by itself (ms since 1970); undefined: it does not, or nothing was proved. */
  get until(): number | undefined {
    return this.#until;
  }

  /** What is wrong, if anything. The signature first: the body may be gone once something was waited for. */
  problem(body: Uint8Array): Promise<Refusal | undefined> | Refusal | undefined {
    const live = this.#live;
    const { token } = this.#given;
    if (this.#isSigned) {
      const secret = signingSecret(live, this.#given, body);
      if (isRefusal(secret)) return secret;
      this.#secrets = [secret];
    }
    const disabled = live.platform.disabled ? refuse('PLATFORM_DISABLED') : undefined;
    if (token === '') return disabled;
    const settle = (good: Awaited<ReturnType<typeof provenToken>>): Refusal | undefined => {
      if (isRefusal(good)) return good;
      this.#secrets = [...this.#secrets, good.secret];
      this.#until = good.until;
      return disabled;
    };
    const good = provenToken(live, token);
    return good instanceof Promise ? good.then(settle) : settle(good);
  }

  /** Does it hold now, too? */
  isGood(): boolean {
    const now = Date.now();
    if (!this.#directory.isFresh || (this.#until !== undefined && this.#until <= now)) return false;
    const live = this.#directory.platform(this.#live.platform.id);
    if (live === undefined) return false;
    if (live !== this.#live && !this.#renew(live)) return false;
    return this.#secrets.length > 0 && this.#secrets.every(({ until }) => until > now);
  }

  // The platform was changed: is it still what was proved?
  #renew(live: LivePlatform): boolean {
    if (live.platform.disabled || rightsOf(live) !== rightsOf(this.#live)) return false;
    const secrets = this.#secrets.map(({ key }) => live.secrets.find((one) => one.key.equals(key)));
    const kept = secrets.filter((secret) => secret !== undefined);
    if (kept.length < secrets.length) return false;
    this.#secrets = kept;
    this.#live = live;
    return true;
  }
}

/** What a change of would have to be asked for anew. */
function rightsOf({ platform: { operations, assets, proof, rate } }: LivePlatform): string {
  return JSON.stringify([operations, assets, proof, rate]);
}
