// Goods in short, as they stand on a shelf. Owns: what of them is told there. Never touches: what they are.

import type { JSX } from 'preact';
import type { Goods } from '../../../../web/page/api/operations.js';
import { date, speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import { Icon, type IconName } from '../../../../web/page/ui/icons.js';
import { short, type Where } from '../../shell/where.js';
import { MALL } from './words.js';

const t = speaker(MALL);
/** So few that it is worth a word. */
const FEW = 10;

export type Shown = Goods;

const ICONS: Readonly<Record<string, IconName>> = {
  physical: 'mall',
  code: 'lock',
  card: 'gift',
  coupon: 'coupon',
};
export const iconOf = (delivery: string): IconName => ICONS[delivery] ?? 'mall';

/** Their picture, from wherever it is kept, which is told nothing of who looks; else a sign of how they are delivered. */
export const Picture = ({ good }: { good: Shown }): JSX.Element => (
  <div class="picture">
    {good.image === undefined ? (
      <Icon name={iconOf(good.delivery)} size={40} />
    ) : (
      <img src={good.image} alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer" />
    )}
  </div>
);

/** What keeps them from being had now, or may soon; undefined: nothing. */
export function hintOf({ state, from, left }: Shown): string | undefined {
  if (state === 'coming') return t('coming', { when: date(from ?? 0, 'time') });
  if (state === 'over') return t('over');
  if (left === 0) return t('soldOut');
  return left !== undefined && left < FEW ? t('left', { n: left }) : undefined;
}

export function Price({ good, where }: { good: Shown; where: Where }): JSX.Element {
  const { price, points: before, asset } = good;
  return (
    <p class="price">
      <strong>{short(where, price, asset)}</strong>
      {price < before && (
        <s>
          <span class="hidden">{t('before', { points: short(where, before, asset) })}</span>
          <span aria-hidden="true">{short(where, before, asset)}</span>
        </s>
      )}
    </p>
  );
}

export function Tile({ good, where }: { good: Shown; where: Where }): JSX.Element {
  const hint = hintOf(good);
  return (
    <a class="tile" href={href('mall', good.goods)}>
      <Picture good={good} />
      <span class="name">{good.name ?? good.goods}</span>
      <Price good={good} where={where} />
      {hint !== undefined && <span class="hint">{hint}</span>}
      {hint === undefined && good.affordable === false && <span class="hint">{t('tooFew')}</span>}
    </a>
  );
}
