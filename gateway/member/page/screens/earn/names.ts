// What tasks and events are called. Owns: the name where an operator gave none. Never touches: how it is shown.

import type { ProgrammeThere } from '../../shell/where.js';

/** A key without its programme, as words: `shop.FIRST_SHARE` is "First share". */
export function wordsOf(key: string): string {
  const words = key
    .replace(/^[^.]*\./, '')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const taskName = ({ tasks }: ProgrammeThere, key: string): string =>
  tasks.find(({ task }) => task === key)?.name ?? wordsOf(key);

export const eventName = ({ events }: ProgrammeThere, type: string): string =>
  events.find((one) => one.type === type)?.name ?? wordsOf(type);
