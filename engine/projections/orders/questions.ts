// What is asked of the orders of a node, and answered: between threads, and between nodes. Owns: these shapes. Never touches: what they mean.

import type { ListedOrder, OrderState } from '../../protocol/order.js';

export type OrderQuestion =
  /** Those that are held, and should not be any more at this time. */
  | { readonly type: 'due'; readonly time: number; readonly limit: number }
  /** Those of a programme, or of all, the newest first or the oldest. */
  | {
      readonly type: 'list';
      readonly programme?: string | undefined;
      readonly order?: 'newest' | 'oldest' | undefined;
      readonly number?: string | undefined;
      readonly owner?: string | undefined;
      readonly state?: OrderState | undefined;
      readonly goods?: string | undefined;
      /** Milliseconds since 1970: from then on, and before. */
      readonly from?: number | undefined;
      readonly to?: number | undefined;
      /** Behind this place. */
      readonly after?: string | undefined;
      readonly limit: number;
    }
  /** Goods whose stock has moved since a node that began then was asked last. */
  | { readonly type: 'moved'; readonly known: readonly (readonly [began: number, last: number])[] };

export interface OrderAnswer {
  /** The last block of each shard of the node that was looked at. */
  readonly asOf: readonly (readonly [shard: number, seq: number])[];
  readonly orders?: readonly ListedOrder[];
  /** How far it was looked, where there may be more. */
  readonly until?: string;
  /** `began`: when this node began to look; `last`: what to ask with next time. */
  readonly moved?: {
    readonly began: number;
    readonly last: number;
    readonly goods: readonly string[];
  };
}
