// What was proved of a call beside who asks. Owns: whose word is taken for a second factor and a device. Never touches: what marks of risk make of it.
//   auth.A46. That the member has proved a second factor is said by who asks for members and has shown who that is; a member proves it by a one-time code, or,
//       where it has none set up, by a link that was sent to it: for `secondFactorSeconds` that session counts. A device goes along as a keyed digest, never as
//       it is called.

import type { MemberPlace } from './member-place.js';
import type { Principal } from './principal.js';

/** Who may say of a member that it has proved a second factor. */
const BELIEVED: ReadonlySet<Principal['kind']> = new Set(['administrator', 'key', 'platform']);
/** The word of the header. */
export const PROVED = 'proved';
/** As many are remembered, so that what a shard is told of them is packed once. */
const REMEMBERED = 1_024;

/** Principals with what was proved of their calls. */
export class Proved {
  readonly #digest: (device: string) => string | undefined;
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly of: Principal; readonly proved: Principal }>();

  /** `digest`: of a device, 32 hexadecimal digits; undefined: nobody asks for it. `now`: milliseconds since 1970. */
  constructor(digest: (device: string) => string | undefined, now: () => number) {
    this.#digest = digest;
    this.#now = now;
  }

  /** `secondFactor`: the header `Jifen-Second-Factor`. */
  of(principal: Principal, { device }: MemberPlace, secondFactor: string): Principal {
    const { kind, id, secondFactorUntil = 0 } = principal;
    const isProved =
      kind === 'member'
        ? secondFactorUntil > this.#now()
        : secondFactor === PROVED && BELIEVED.has(kind);
    const digest = device === '' ? undefined : this.#digest(device);
    if (digest === undefined && !isProved) return principal;
    const key = `${kind} ${id} ${isProved} ${digest ?? ''}`;
    const known = this.#known.get(key);
    if (known?.of === principal) return known.proved;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    const proved: Principal = {
      ...principal,
      ...(digest !== undefined && { device: digest }),
      ...(isProved ? { hasSecondFactor: true } : {}),
    };
    this.#known.set(key, { of: principal, proved });
    return proved;
  }
}
