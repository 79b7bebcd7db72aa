// Coupons in plain code: who has which, what was used, what is reserved. Owns: what each thing that is asked must come to. Never touches: the engine.

import { DAY_MS } from './earning-world.js';

/** Days of Shanghai. */
const dayOf = (time: number): number => Math.floor((time + 8 * 3_600_000) / DAY_MS);

export interface Terms {
  readonly shared?: boolean;
  readonly bearer?: boolean;
  readonly days?: number;
  readonly perDay?: number;
  readonly isKept?: boolean;
  /** So many uses of all members, reservations among them. */
  readonly total?: number;
}

interface Reservation {
  readonly by: string;
  /** It took a unit of the total. */
  hasUnit?: boolean;
  readonly order: string;
  readonly until: number;
}

interface Use {
  readonly by: string;
  readonly campaign: string;
  readonly code: string;
  readonly order: string | undefined;
  readonly day: number;
  /** Which use of the code by this member it was. */
  readonly number: number;
  /** Whose unit of the total it has. */
  readonly unit: string | undefined;
  isLive: boolean;
}

/** Of a code; of a shared one, for each member. */
interface Held {
  owner?: string | undefined;
  isUsed: boolean;
  end?: number | undefined;
  reserved?: Reservation | undefined;
}

const ORDER_MAX = 4;

export class CouponModel {
  time = 0;
  readonly #terms: Readonly<Record<string, Terms>>;
  readonly #held = new Map<string, Held>();
  readonly #uses: Use[] = [];
  /** What is in wallets: (member, code). */
  readonly #known = new Set<string>();
  readonly #acts = new Map<string, Use | Reservation | 'issue'>();
  readonly #codeOf = new Map<string, string>();
  /** What is taken of the total: by which acts. */
  readonly #taken = new Set<string>();
  /** By member and code: which act's unit is kept for a reservation, and until when. */
  readonly #claims = new Map<string, { readonly act: string; readonly until: number }>();

  constructor(terms: Readonly<Record<string, Terms>>) {
    this.#terms = terms;
  }

  #of(code: string, member: string): Held {
    const place = this.#termsOf(code).shared ? `${code} ${member}` : code;
    let found = this.#held.get(place);
    if (found === undefined) this.#held.set(place, (found = { isUsed: false }));
    return found;
  }

  #campaign = (code: string): string => (code.length === 20 ? code.slice(0, 4) : code);
  #termsOf = (code: string): Terms => this.#terms[this.#campaign(code)] as Terms;
  #usesOf = (code: string, by: string): number =>
    this.#uses.filter((one) => one.code === code && one.by === by).length;

  #isReserved = ({ reserved }: Held): boolean => (reserved?.until ?? 0) > this.time;

  /** Why a member cannot use a code for an order; undefined: nothing. */
  #problem(member: string, code: string, order: string | undefined): string | undefined {
    const { shared = false, bearer = false, perDay } = this.#termsOf(code);
    const held = this.#of(code, member);
    const isBusy = this.#isReserved(held);
    if (!shared && held.owner === member) {
      if (held.isUsed) return 'COUPON_USED';
      if (held.end !== undefined && held.end <= this.time) return 'COUPON_EXPIRED';
    } else if (!shared && !bearer) return 'COUPON_UNAVAILABLE';
    if (isBusy && held.reserved?.by === member && held.reserved.order !== order)
      return 'COUPON_UNAVAILABLE';
    const campaign = this.#campaign(code);
    const today = this.#uses.filter(
      (one) =>
        one.isLive &&
        one.by === member &&
        one.campaign === campaign &&
        one.day === dayOf(this.time),
    );
    if (perDay !== undefined && today.length >= perDay) return 'COUPON_LIMIT';
    // What is somebody else's is known where the code is, after all else.
    const isOthers = this.#isFromElsewhere(member, code);
    return isOthers ? 'COUPON_UNAVAILABLE' : undefined;
  }

  /** Of the total, which is one for all campaigns that have it. */
  taken = (): number => this.#taken.size;

  #isFull(code: string): boolean {
    const { total } = this.#termsOf(code);
    return total !== undefined && this.taken() >= total;
  }

  /** Where the total has none left, and no unit is there: before it is looked whose the code is. */
  #orExhausted(member: string, code: string, problem: string | undefined): string | undefined {
    const isJudged = problem !== undefined && !this.#isFromElsewhere(member, code);
    if (isJudged || this.#claims.has(`${member} ${code}`)) return problem;
    return this.#isFull(code) ? 'BUDGET_EXHAUSTED' : problem;
  }

  /** Reservations that are over give back what they took. */
  lapse(): void {
    for (const [place, { act, until }] of this.#claims)
      if (until <= this.time) {
        this.#claims.delete(place);
        this.#taken.delete(act);
      }
  }

  #unclaim(place: string): void {
    this.#taken.delete(this.#claims.get(place)?.act ?? '');
    this.#claims.delete(place);
  }

  issue(member: string, code: string, id: string): string {
    const { days } = this.#termsOf(code);
    const held = this.#of(code, member);
    held.owner = member;
    held.end = days === undefined ? undefined : this.time + days * DAY_MS;
    this.#known.add(`${member} ${code}`);
    this.#acts.set(id, 'issue');
    this.#codeOf.set(id, code);
    return code;
  }

  reserve(member: string, code: string, order: string, forMs: number, id: string): string {
    const problem = this.#orExhausted(member, code, this.#problem(member, code, order));
    if (problem !== undefined) return problem;
    const reserved: Reservation = { by: member, order, until: this.time + forMs };
    if (this.#termsOf(code).total !== undefined) {
      const place = `${member} ${code}`;
      const claim = this.#claims.get(place);
      if (claim === undefined) this.#taken.add(id);
      reserved.hasUnit = claim === undefined;
      this.#claims.set(place, { act: claim?.act ?? id, until: reserved.until });
    }
    this.#of(code, member).reserved = reserved;
    this.#known.add(`${member} ${code}`);
    this.#acts.set(id, reserved);
    this.#codeOf.set(id, code);
    return 'ok';
  }

  redeem(member: string, code: string, order: string | undefined, id: string): string {
    const { isKept = false } = this.#termsOf(code);
    const { length } = this.#uses.filter(
      (one) => one.isLive && one.by === member && one.order === order && !this.#isKept(one),
    );
    const problem = this.#problem(member, code, order);
    const isFull = order !== undefined && !isKept && length >= ORDER_MAX;
    const isForeign = problem === 'COUPON_UNAVAILABLE' && this.#isFromElsewhere(member, code);
    if (isFull && (problem === undefined || isForeign)) return 'COUPON_LIMIT';
    const judged = this.#orExhausted(member, code, problem);
    if (judged !== undefined) return judged;
    const place = `${member} ${code}`;
    const claim = this.#claims.get(place);
    this.#claims.delete(place);
    const isCounted = this.#termsOf(code).total !== undefined;
    if (isCounted && claim === undefined) this.#taken.add(id);
    const unit = isCounted ? (claim?.act ?? id) : undefined;
    const held = this.#of(code, member);
    held.owner = member;
    held.isUsed = true;
    held.reserved = undefined;
    const number = this.#usesOf(code, member) + 1;
    const campaign = this.#campaign(code);
    const day = dayOf(this.time);
    const use = { by: member, campaign, code, order, day, number, unit, isLive: true };
    this.#uses.push(use);
    this.#known.add(`${member} ${code}`);
    this.#acts.set(id, use);
    return 'ok';
  }

  /** Is it only where the code is that it is refused? */
  #isFromElsewhere(member: string, code: string): boolean {
    const held = this.#of(code, member);
    const { bearer = false } = this.#termsOf(code);
    if (held.owner !== undefined) return bearer && held.owner !== member;
    return bearer && this.#isReserved(held) && held.reserved?.by !== member;
  }

  #isKept = ({ campaign }: Use): boolean => this.#terms[campaign]?.isKept === true;

  release(member: string, code: string, order: string): string {
    if (!this.#known.has(`${member} ${code}`)) return 'COUPON_UNAVAILABLE';
    const held = this.#of(code, member);
    const is = held.reserved;
    if (!this.#isReserved(held) || is?.by !== member || is.order !== order)
      return 'COUPON_NOT_RESERVED';
    this.#free(member, code);
    this.#unclaim(`${member} ${code}`);
    return 'ok';
  }

  #free(member: string, code: string): void {
    const held = this.#of(code, member);
    held.reserved = undefined;
    const isOwn = held.owner === member || this.#usesOf(code, member) > 0;
    if (!isOwn) this.#known.delete(`${member} ${code}`);
  }

  /** An act is given back, once. */
  reverse(member: string, id: string): string {
    const what = this.#acts.get(id);
    if (what === undefined) return 'TRANSFER_NOT_FOUND';
    this.#acts.delete(id);
    const code = this.#codeOf.get(id) as string;
    if (what === 'issue') {
      const held = this.#of(code, member);
      const isLeft =
        held.owner === member && this.#usesOf(code, member) === 0 && !this.#isReserved(held);
      if (!isLeft) return 'couponKept';
      this.#held.delete(code);
      this.#known.delete(`${member} ${code}`);
      return 'couponWithdrawn';
    }
    if ('number' in what) {
      this.#taken.delete(what.unit ?? '');
      if (this.#isKept(what)) return 'couponKept';
      if (!what.isLive) return '';
      this.#back(what);
      return 'couponReturned';
    }
    const { reserved } = this.#of(code, member);
    const isStill =
      this.#isReserved({ isUsed: false, reserved }) &&
      reserved?.by === member &&
      reserved.until === what.until;
    const place = `${member} ${code}`;
    const claim = this.#claims.get(place);
    if (what.hasUnit === true) {
      if (!this.#taken.has(id)) return 'TRANSFER_NOT_FOUND';
      if (claim?.act !== id || !(isStill || claim.until <= this.time)) {
        this.#acts.set(id, what);
        return 'COUPON_NOT_RESERVED';
      }
    }
    if (isStill || what.hasUnit === true) this.#unclaim(place);
    if (!isStill) return '';
    this.#free(member, code);
    return 'couponReleased';
  }

  #back(use: Use): void {
    use.isLive = false;
    const held = this.#of(use.code, use.by);
    if (use.number === this.#usesOf(use.code, use.by)) held.isUsed = false;
  }

  /** An order is given back whole: how many coupons come back with it. */
  orderBack(member: string, order: string): number {
    const live = this.#uses.filter(
      (one) => one.isLive && one.by === member && one.order === order && !this.#isKept(one),
    );
    for (const use of live) this.#back(use);
    return live.length;
  }

  /** Of each code, how often it is used and not given back, and by whom: never more than once. */
  twice(): string[] {
    const single = this.#uses.filter(({ isLive, code }) => isLive && code.length === 20);
    return single
      .filter((one, i) => single.some((other, at) => at < i && other.code === one.code))
      .map(({ code }) => code);
  }
}
