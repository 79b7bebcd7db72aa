// What is told of codes and gift cards. Owns: these shapes. Never touches: where they come from.

/** The codes of goods, counted. */
export interface CodeCount {
  readonly goods: string;
  /** Nobody has them. */
  readonly free: number;
  /** Of orders that are not decided yet. */
  readonly reserved: number;
  readonly given: number;
  readonly withdrawn: number;
  /** Are fewer free than `lowStock`? 0: that is never said. */
  readonly low: boolean;
  readonly lowStock: number;
}

/** A gift card. */
export interface CardState {
  /** By what the ledger knows it: no secret that anybody can type. */
  readonly card: string;
  readonly programme: string;
  readonly asset: string;
  /** What it had at first, and what is left of it, in minor units. */
  readonly amount: number;
  readonly balance: number;
  /** `over`: it pays for nothing, whatever is left. */
  readonly state: 'active' | 'over';
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Left out: it never ends. */
  readonly expiresAt?: number;
}
