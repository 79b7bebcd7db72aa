// The member's exchanges with partners outside, the newest first. Owns: the list. Never touches: one of them (partner-exchange.tsx).

import type { JSX } from 'preact';
import { getV1MembersByOwnerPartnerExchanges } from '../../../../web/page/api/operations.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href } from '../../../../web/page/shell/router.js';
import { More } from '../../../../web/page/ui/more.js';
import { Card, When } from '../../../../web/page/ui/parts.js';
import { owner } from '../../shell/app.js';
import { points, useWhere } from '../../shell/where.js';
import { TONES, toldOf } from './partner.js';
import { GIVE } from './words.js';

const t = speaker(GIVE);

/** Nothing, as long as there are none. */
export function PartnerExchanges(): JSX.Element | null {
  const where = useWhere().answer;
  const pages = usePages(
    getV1MembersByOwnerPartnerExchanges,
    { path: { owner: owner.value }, query: {} },
    ({ exchanges }) => exchanges,
  );
  if (pages.items.length === 0) return null;
  return (
    <Card title={t('mine')}>
      <ul class="list">
        {pages.items.map((one) => (
          <li key={one.exchange}>
            <a class="row" href={href('exchange', one.exchange)}>
              <span class="grow">
                <span class="name">
                  {points(where, one.amount, one.source.asset)} →{' '}
                  {points(where, one.result, one.target.asset)}
                </span>
                <span class="hint">
                  <When ms={one.submittedAt} form="time" />
                </span>
              </span>
              <span class={`tag ${TONES[toldOf(one)]}`}>{t(`told_${toldOf(one)}`)}</span>
            </a>
          </li>
        ))}
      </ul>
      <More pages={pages} label={t('more')} />
    </Card>
  );
}
