// Members who wait for goods that are sold out. Owns: where that is kept. Never touches: when they are told.
//   mall.W1. Who waits is a record of `#waiting:<goods>`, by member; which goods are waited for, one of `#waitlists`, written after it: so whoever
//       takes goods off that list while nobody waits loses none who comes meanwhile.

import { DAY_MS } from '../../limits.js';
import type { Json } from '../act.js';
import { NOT_OF_MEMBERS, recordType } from '../record-type.js';

/** The type of these records. */
export const WAITING = recordType('waiting', NOT_OF_MEMBERS);
/** How long somebody waits. */
export const WAITING_MS = 90 * DAY_MS;
/** Who has the list of goods that are waited for. */
export const WAITLISTS = '#waitlists';
/** The act by which goods come onto that list. */
export const GOODS_AWAITED = 'goods-awaited';

/** Who keeps those that wait for goods. */
export const waitingOwner = (goods: string): string => `#waiting:${goods}`;

/** Since when somebody waits. */
export interface Waiting {
  readonly [name: string]: Json;
  readonly since: number;
}

/** Goods on the list. */
export interface Awaited {
  readonly [name: string]: Json;
  /** When somebody has come last. */
  readonly since: number;
  /** How many have come since they are on it; left out by older releases. */
  readonly comers: number;
}
