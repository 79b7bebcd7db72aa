// Coupons, as they are told. Owns: these shapes. Never touches: how they are worked out.

/** A coupon of a member. */
export interface MemberCoupon {
  readonly code: string;
  readonly campaign: string;
  readonly programme: string;
  /** `available`: it can be used, as far as the campaign says; `expired`: it cannot any more. */
  readonly state: 'available' | 'reserved' | 'used' | 'expired';
  /** When it was issued; left out: it was not, and is there because it was reserved or used. */
  readonly issuedAt?: number;
  /** From when on it cannot be used; left out: as the campaign says. */
  readonly expiresAt?: number;
  /** The order that it is reserved for, or was used in. */
  readonly order?: string;
  readonly reservedUntil?: number;
  /** How often the member has used it. */
  readonly uses: number;
}

/** What a campaign is called, and what a coupon of it is worth: amounts in minor units. */
export interface CouponCampaign {
  readonly campaign: string;
  readonly name?: string;
  readonly description?: string;
  /** A discount in percent of the order, rounded down, of `most` at most. */
  readonly percent?: number;
  readonly amount?: number;
  readonly most?: number;
  /** Only for orders of at least so much. */
  readonly minimum?: number;
  /** Points that are credited instead of a discount. */
  readonly points?: number;
}

/** A page of a member's coupons. */
export interface CouponPage {
  readonly coupons: readonly MemberCoupon[];
  /** What the next page is asked for with; left out: there is none. */
  readonly cursor?: string;
}

/** A page of a member's coupons, with what is told of their campaigns. */
export interface WalletPage extends CouponPage {
  readonly campaigns: readonly CouponCampaign[];
}

/** What is known of a code. */
export interface CodeState {
  readonly code: string;
  readonly campaign: string;
  /** `shared`: for many; `numbered`: out of those that were generated; `drawn`: made when it was issued. */
  readonly form: 'shared' | 'numbered' | 'drawn';
  /** Of a numbered one. */
  readonly number?: number;
  /** `free`: whoever may use the campaign can use it; `gone`: its owner has it no more, and nobody else has; else what its owner has of it. */
  readonly state: 'free' | 'gone' | MemberCoupon['state'];
  /** Whose it is; left out: nobody's. */
  readonly owner?: string;
  readonly expiresAt?: number;
  readonly order?: string;
  readonly reservedUntil?: number;
}
