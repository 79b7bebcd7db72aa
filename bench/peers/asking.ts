// Movements as requests that a loop sends. Owns: nothing but the check of each answer.

import type { Send } from '../loops.js';
import { expectAllPosted } from './checks.js';
import type { Movements } from './movements.js';
import type { Connections } from './peer.js';

/** One movement after the other on each connection; each must be posted. */
export function singles(connections: Connections, movements: Movements): Send {
  return async (connection) => {
    const movement = movements.next();
    const result = await connections.transfer(connection, movement);
    if (result !== 'posted') throw new Error(`${movement.id} was answered ${result}`);
    return 1;
  };
}

/** So many in each call; all of them must be posted. */
export function batches(connections: Connections, movements: Movements, size: number): Send {
  return async (connection) => {
    expectAllPosted(await connections.batch(connection, movements.batch(size)), size);
    return size;
  };
}
