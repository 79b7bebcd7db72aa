// Guessing is slowed down. Owns: how many passwords may be tried for a login name, which browsers are known. Never touches: passwords, accounts.
//   signin.T1. Tries are counted in records, before a password is compared: on all nodes, over restarts, and however many come at once. Browsers that have not
//       signed in by a login name share one count; one that has, has its own (OWASP: device cookies). So whoever guesses keeps out no known browser, and a new
//       one only until the count is less, or a new password is set by a link.
//   signin.T2. A login name that there is none of is counted alike (signin.E1).

import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Document, Documents, type OwnLedger } from '../documents.js';
import type { GatewayLimits, Rate } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { loginRecords } from './accounts.js';

/** Tries that are left, and when that was (milliseconds since 1970). */
interface Count {
  readonly left: number;
  readonly at: number;
}

/** What is kept of a login name. */
interface Tries {
  readonly unknown?: Count | undefined;
  /** Passwords said by who is signed in already. */
  readonly own?: Count | undefined;
  /** By the digest of the browser's cookie. */
  readonly devices: Readonly<Record<string, Count>>;
}

const KEY = 'tries';
/** Browsers of one login name that are known; the one that signed in longest ago goes first. */
const DEVICES_MAX = 32;
/** How long a browser is known that does not sign in again. */
const DEVICE_MS = 400 * 86_400_000;
/** Browsers that a cookie stands for: those of several members at one browser. */
const COOKIE_VALUES_MAX = 4;
const VALUE = /^[A-Za-z0-9_-]{43}$/;
/** Others who write at the same moment. */
const ROUNDS = 40;
const PAUSE_MS = 4;

const triesOf = (digest: string): Documents<Tries> =>
  new Documents<Tries>(loginRecords(digest), 'attempts');

const valuesOf = (cookie: string | undefined): string[] =>
  (cookie ?? '').split('.').filter((one) => VALUE.test(one));

const deviceOf = (value: string): string =>
  createHash('sha256').update(`jifen device ${value}`).digest('base64url').slice(0, 22);

/** The count as it is now: it fills up evenly. */
function filled(count: Count | undefined, { limit, seconds }: Rate, now: number): Count {
  if (count === undefined) return { left: limit, at: now };
  const more = (Math.max(0, now - count.at) * limit) / (seconds * 1_000);
  return { left: Math.min(limit, count.left + more), at: now };
}

/** Of whom a try is. */
export type Trier = 'unknown' | 'own' | { readonly device: string };

/** A try that was counted. */
export interface Counted {
  readonly digest: string;
  readonly by: Trier;
}

export class Attempts {
  readonly #limits: GatewayLimits;

  constructor(limits: GatewayLimits) {
    this.#limits = limits;
  }

  /** Is a browser with this cookie known? Asked before anything is counted: who makes one up is held to what its address may. */
  async isKnown(
    ledger: OwnLedger,
    digest: string,
    cookie: string | undefined,
  ): Promise<Refusal | boolean> {
    const devices = valuesOf(cookie).map(deviceOf);
    if (devices.length === 0) return false;
    const found = await triesOf(digest).get(ledger, KEY);
    if (isRefusal(found)) return found;
    const { devices: known } = readTries(found);
    return devices.some((one) => Object.hasOwn(known, one));
  }

  /** Counts a try before it is made; `LOGIN_LATER` where there were too many. `isOwn`: by who is signed in. */
  async count(
    ledger: OwnLedger,
    digest: string,
    now: number,
    { cookie, isOwn = false }: { readonly cookie?: string | undefined; readonly isOwn?: boolean },
  ): Promise<Refusal | Counted> {
    const devices = valuesOf(cookie).map(deviceOf);
    let later: Refusal | undefined;
    let by: Trier = 'unknown';
    const no = await this.#change(ledger, digest, now, (before) => {
      const device = devices.find((one) => Object.hasOwn(before.devices, one));
      by = isOwn ? 'own' : device === undefined ? 'unknown' : { device };
      const rate = this.#rateOf(by);
      const has = filled(countIn(before, by), rate, now);
      later = has.left < 1 ? laterBy(has, rate) : undefined;
      return later ? undefined : withCount(before, by, { ...has, left: has.left - 1 });
    });
    return no ?? later ?? { digest, by };
  }

  /**
   * The password was right: the try does not count, and the browser is known from now on. `digest`: of the login name, which is another one than was tried
   * where it was set just now. Returns the value of the browser's cookie.
   */
  async succeeded(
    ledger: OwnLedger,
    digest: string,
    now: number,
    { cookie, counted }: { readonly cookie: string | undefined; readonly counted?: Counted },
  ): Promise<Refusal | string> {
    const values = valuesOf(cookie);
    let value = '';
    const no = await this.#change(ledger, digest, now, (before) => {
      const known = values.find((one) => Object.hasOwn(before.devices, deviceOf(one)));
      // One that was not known is another one from now on: nobody else can have put it there.
      value = known ?? randomBytes(32).toString('base64url');
      const back = counted === undefined ? before : this.#givenBack(before, counted.by, now);
      const { [deviceOf(value)]: _, ...others } = back.devices;
      const newest = Object.entries(others).sort(([, a], [, b]) => b.at - a.at);
      const kept = newest.slice(0, DEVICES_MAX - 1);
      const full = { left: this.#limits.deviceTries.limit, at: now };
      return { ...back, devices: { ...Object.fromEntries(kept), [deviceOf(value)]: full } };
    });
    if (no !== undefined) return no;
    return [...values.filter((one) => one !== value), value].slice(-COOKIE_VALUES_MAX).join('.');
  }

  /** No browser is known any more. */
  async forget(ledger: OwnLedger, digest: string, now: number): Promise<Refusal | undefined> {
    return this.#change(ledger, digest, now, (before) =>
      Object.keys(before.devices).length === 0 ? undefined : { ...before, devices: {} },
    );
  }

  /** A try of who is signed in was right. */
  async giveBack(ledger: OwnLedger, counted: Counted, now: number): Promise<Refusal | undefined> {
    return this.#change(ledger, counted.digest, now, (before) =>
      this.#givenBack(before, counted.by, now),
    );
  }

  #givenBack(tries: Tries, by: Trier, now: number): Tries {
    const rate = this.#rateOf(by);
    const has = filled(countIn(tries, by), rate, now);
    return withCount(tries, by, { ...has, left: Math.min(rate.limit, has.left + 1) });
  }

  #rateOf(by: Trier): Rate {
    const { signInTries, deviceTries } = this.#limits;
    return by === 'unknown' ? signInTries : deviceTries;
  }

  /** Changes what is kept, over the version that was seen, until nobody was quicker; undefined: it stays. */
  async #change(
    ledger: OwnLedger,
    digest: string,
    now: number,
    change: (before: Tries) => Tries | undefined,
  ): Promise<Refusal | undefined> {
    for (let round = 0; round < ROUNDS; round++) {
      const found = await triesOf(digest).get(ledger, KEY);
      if (isRefusal(found)) return found;
      const after = change(readTries(found));
      if (after === undefined) return undefined;
      const { signInTries, deviceTries } = this.#limits;
      const isKnown = Object.keys(after.devices).length > 0;
      const seconds = Math.max(signInTries.seconds, deviceTries.seconds);
      const until = now + (isKnown ? DEVICE_MS : seconds * 1_000);
      const no = await triesOf(digest).put(ledger, KEY, after, found?.version ?? 0, until);
      if (no?.code !== 'CHANGED_MEANWHILE') return no;
      await sleep(Math.random() * PAUSE_MS * (round + 1));
    }
    return refuse('SIGN_IN_BUSY');
  }
}

const readTries = (found: Document<Tries> | undefined): Tries => found?.read() ?? { devices: {} };

const countIn = (tries: Tries, by: Trier): Count | undefined =>
  typeof by === 'string' ? tries[by] : tries.devices[by.device];

const withCount = (tries: Tries, by: Trier, count: Count): Tries =>
  typeof by === 'string'
    ? { ...tries, [by]: count }
    : { ...tries, devices: { ...tries.devices, [by.device]: count } };

function laterBy({ left }: Count, { limit, seconds }: Rate): Refusal {
  const wait = Math.ceil(((1 - left) * seconds) / limit);
  return { ...refuse('LOGIN_LATER', 'login'), retryAfterSeconds: wait };
}
