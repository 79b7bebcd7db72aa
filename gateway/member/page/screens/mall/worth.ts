// What a coupon is worth, in words. Owns: the sentence. Never touches: what it takes off, which the ledger says.

import { speaker } from '../../../../web/page/shell/language.js';
import { short, type Where } from '../../shell/where.js';
import type { Worth } from './stages.js';
import { MALL } from './words.js';

const t = speaker(MALL);

export function worthText(where: Where, asset: string, worth: Worth | undefined): string {
  if (worth === undefined) return '';
  const told = (minor: number): string => short(where, minor, asset);
  const { percent, amount, most, minimum, points: credited } = worth;
  const parts: string[] = [];
  if (percent !== undefined)
    parts.push(
      most === undefined
        ? t('worth_percent', { n: percent })
        : t('worth_percentMost', { n: percent, points: told(most) }),
    );
  if (amount !== undefined) parts.push(t('worth_amount', { points: told(amount) }));
  if (credited !== undefined) parts.push(t('worth_points', { points: told(credited) }));
  if (minimum !== undefined) parts.push(t('minimum', { points: told(minimum) }));
  return parts.join(', ');
}
