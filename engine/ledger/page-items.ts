// What a page keeps beside accounts: open holds, pending earnings and owner records. Owns: their shapes, keys and stored form.
// Never touches: pages.

/** An open hold, or an earning that is pending: its points are held, and nothing but its activation or a reversal takes them out. */
export interface Hold {
  readonly owner: string;
  readonly id: string;
  /** Index of the asset. */
  readonly asset: number;
  /** Minor units still held. */
  remaining: number;
  /** When it is released, or activated; NEVER: none. */
  readonly deadline: number;
  /** Is it a pending earning? Its id is then the transfer's. */
  readonly isPending: boolean;
  /** What of it came from lots: (expiry, amount) one after the other, soonest first. */
  slices: number[];
}

/** An owner record. */
export interface StoredRecord {
  readonly owner: string;
  readonly type: string;
  readonly key: string;
  readonly value: Uint8Array;
  readonly version: number;
  /** NEVER: none. */
  readonly expiresAt: number;
}

/** Key of a hold within its page. */
export const holdKey = (owner: string, id: string): string => `${owner}\0${id}`;

/** A hold as it is stored; a pending earning has one place more. */
export const holdTuple = (h: Hold): unknown[] => [
  h.owner,
  h.id,
  h.asset,
  h.remaining,
  h.deadline,
  h.slices,
  ...(h.isPending ? [true] : []),
];
/** A stored hold, with its key. */
export function holdOfTuple(t: unknown[]): [string, Hold] {
  const [owner, id, asset, remaining, deadline, slices, isPending = false] = t as [
    string,
    string,
    number,
    number,
    number,
    number[],
    boolean?,
  ];
  return [holdKey(owner, id), { owner, id, asset, remaining, deadline, isPending, slices }];
}
/** A stored record. */
export function recordOfTuple(t: unknown[]): StoredRecord {
  const [owner, type, key, value, version, expiresAt] = t as [
    string,
    string,
    string,
    Uint8Array,
    number,
    number,
  ];
  return { owner, type, key, value, version, expiresAt };
}
