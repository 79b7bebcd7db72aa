// What an actor of a folder with one shard is given. Owns: nothing else.

import type { Bus } from '../engine/bus/bus.js';
import { SLOTS } from '../engine/limits.js';

/** Nobody to talk to. */
export const NO_BUS: Bus = { send: () => {}, receive: () => {}, close: () => {} };
/** The slot map. */
export const ONE_SHARD = new Uint16Array(SLOTS);
