// Keys of the register in whose order things are told. Owns: how they look. Never touches: what is stored under them.

import { AMOUNT_MAX } from '../../limits.js';
import type { HappenedAt } from '../../protocol/register.js';

const TIME_DIGITS = 16;
const OFFSET_DIGITS = 8;
const OFFSETS = 10 ** OFFSET_DIGITS;

/** What is larger comes first. */
const turned = (value: number): string => String(AMOUNT_MAX - value).padStart(TIME_DIGITS, '0');

/** A place among what happened to an owner: texts are in the order in which they are told, the newest first. */
export const placeOf = ({ time, shard, seq, offset }: HappenedAt): string =>
  [
    turned(time),
    String(shard).padStart(3, '0'),
    turned(seq),
    String(OFFSETS - 1 - offset).padStart(OFFSET_DIGITS, '0'),
  ].join(' ');

export const happenedKey = (owner: string, at: HappenedAt): string => `${owner} ${placeOf(at)}`;

/** The place that a text says. */
export function happenedOf(place: string): HappenedAt {
  const [time = '', shard = '', seq = '', offset = ''] = place.split(' ');
  return {
    time: AMOUNT_MAX - Number(time),
    shard: Number(shard),
    seq: AMOUNT_MAX - Number(seq),
    offset: OFFSETS - 1 - Number(offset),
  };
}

/** Behind all names that begin so; undefined: there is nothing behind them. */
export const ownersEnd = (prefix: string): string | undefined =>
  prefix === ''
    ? undefined
    : prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
