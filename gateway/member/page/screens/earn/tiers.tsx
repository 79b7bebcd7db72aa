// Levels: where the member stands in each programme, what each level takes, how it came to be. Owns: this screen.

import type { JSX } from 'preact';
import { amount, date, speaker } from '../../../../web/page/shell/language.js';
import { Icon } from '../../../../web/page/ui/icons.js';
import { Empty } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { type ProgrammeThere, programmeName, scaleOf, useWhere } from '../../shell/where.js';
import { useStanding } from './standing.js';
import { TierCard, tierName } from './tier-card.js';

const t = speaker(
  table({
    en: {
      none: 'There are no levels here.',
      from: 'from {amount}',
      yours: 'Your level',
      counted: '{amount} count for levels so far.',
      changes: 'Changes',
    },
    zh: {
      none: '这里没有等级。',
      from: '{amount} 起',
      yours: '当前等级',
      counted: '目前累计 {amount} 计入等级。',
      changes: '变更记录',
    },
  }),
);

function Levels({ programme }: { programme: ProgrammeThere }): JSX.Element {
  const known = useStanding(programme.programme);
  const where = useWhere();
  const scale = scaleOf(where.answer, programme.asset);
  return (
    <section class="stack" aria-label={programmeName(programme)}>
      <TierCard programme={programme} isLinked={false} />
      <Answered known={known} lines={2}>
        {({ tier, tiers, progress }) => (
          <>
            <ol class="card list">
              {programme.tiers.map((one) => (
                <li key={one.tier}>
                  <div class="row">
                    <Icon name="tier" />
                    <div class="grow">
                      <strong class="wrap">{tierName(programme, one.tier)}</strong>
                      {one.description !== undefined && (
                        <p class="small muted wrap">{one.description}</p>
                      )}
                    </div>
                    {one.tier === tier && <span class="chip">{t('yours')}</span>}
                    <span class="small muted">
                      {t('from', { amount: amount(one.from, scale) })}
                    </span>
                  </div>
                </li>
              ))}
            </ol>
            <p class="small muted">{t('counted', { amount: amount(progress, scale) })}</p>
            {tiers.length > 0 && (
              <details>
                <summary>{t('changes')}</summary>
                <ul class="expiry">
                  {[...tiers].reverse().map(({ from, tier: to }) => (
                    <li key={from} class="small">
                      {date(from)}: {tierName(programme, to)}
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </>
        )}
      </Answered>
    </section>
  );
}

export default function Tiers(): JSX.Element {
  const where = useWhere();
  return (
    <Answered known={where} lines={6}>
      {({ programmes }) => {
        const having = programmes.filter(({ tiers }) => tiers.length > 0);
        return having.length === 0 ? (
          <Empty icon="tier">{t('none')}</Empty>
        ) : (
          having.map((programme) => <Levels key={programme.programme} programme={programme} />)
        );
      }}
    </Answered>
  );
}
