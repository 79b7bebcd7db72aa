// A member's level in a programme and what is missing for the next one. Owns: this card. Never touches: what counts.

import type { JSX } from 'preact';
import { amount, date, speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import { Icon } from '../../../../web/page/ui/icons.js';
import { Card, Progress } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { type ProgrammeThere, programmeName, scaleOf, useWhere } from '../../shell/where.js';
import { useStanding } from './standing.js';

const t = speaker(
  table({
    en: {
      level: 'Level',
      none: 'No level yet',
      missing: '{amount} more for {tier}',
      top: 'This is the highest level.',
      progress: 'Progress to the next level',
      granted: 'Given until {when}',
      all: 'All levels',
    },
    zh: {
      level: '等级',
      none: '暂无等级',
      missing: '还差 {amount} 升级到 {tier}',
      top: '您已达到最高等级。',
      progress: '升级进度',
      granted: '有效期至 {when}',
      all: '全部等级',
    },
  }),
);

/** What a tier is called. */
export const tierName = ({ tiers }: ProgrammeThere, key: string): string =>
  tiers.find(({ tier }) => tier === key)?.name ?? key.replace(/^[^.]*\./, '');

export function TierCard({
  programme,
  isLinked = true,
}: {
  programme: ProgrammeThere;
  isLinked?: boolean;
}): JSX.Element | null {
  const known = useStanding(programme.programme);
  const where = useWhere();
  if (programme.tiers.length === 0) return null;
  const scale = scaleOf(where.answer, programme.asset);
  return (
    <Card
      title={programmeName(programme)}
      action={
        isLinked && (
          <a class="button quiet" href={href('tiers')}>
            {t('all')}
          </a>
        )
      }
    >
      <Answered known={known} lines={2}>
        {({ tier, next, needed, percent, granted }) => (
          <>
            <p class="line">
              <Icon name="tier" />
              <strong>{tier === null ? t('none') : tierName(programme, tier)}</strong>
              {granted?.until != null && (
                <span class="small muted">{t('granted', { when: date(granted.until) })}</span>
              )}
            </p>
            {next === null ? (
              <p class="small muted">{t('top')}</p>
            ) : (
              <>
                <Progress value={percent} label={t('progress')} />
                <p class="small muted">
                  {t('missing', {
                    amount: amount(needed, scale),
                    tier: tierName(programme, next),
                  })}
                </p>
              </>
            )}
          </>
        )}
      </Answered>
    </Card>
  );
}
