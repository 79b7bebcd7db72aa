// Badges: those the member has, and those that there are. Owns: this screen.

import type { JSX } from 'preact';
import { speaker } from '../../../../web/page/shell/language.js';
import { Icon } from '../../../../web/page/ui/icons.js';
import { Empty } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { type ProgrammeThere, programmeName, useWhere } from '../../shell/where.js';
import { taskName } from './names.js';
import { useStanding } from './standing.js';

const t = speaker(
  table({
    en: {
      none: 'There are no badges here yet.',
      times: { one: 'Earned', other: 'Earned {n} times' },
      missing: 'Not yet',
    },
    zh: { none: '这里还没有徽章。', times: '已获得 {n} 次', missing: '尚未获得' },
  }),
);

function Badges({ programme }: { programme: ProgrammeThere }): JSX.Element {
  const known = useStanding(programme.programme);
  return (
    <section class="stack" aria-label={programmeName(programme)}>
      <h2>{programmeName(programme)}</h2>
      <Answered known={known} lines={3}>
        {({ badges }) => {
          const open = programme.tasks.filter(
            ({ task, badge }) => badge === true && !badges.some((one) => one.task === task),
          );
          return badges.length + open.length === 0 ? (
            <Empty icon="badge">{t('none')}</Empty>
          ) : (
            <ul class="badges">
              {badges.map(({ task, times }) => (
                <li key={task} class="card badge">
                  <Icon name="badge" size={40} />
                  <strong class="wrap">{taskName(programme, task)}</strong>
                  <span class="small muted">{t('times', { n: times })}</span>
                </li>
              ))}
              {open.map(({ task }) => (
                <li key={task} class="card badge missing">
                  <Icon name="badge" size={40} />
                  <strong class="wrap">{taskName(programme, task)}</strong>
                  <span class="small muted">{t('missing')}</span>
                </li>
              ))}
            </ul>
          );
        }}
      </Answered>
    </section>
  );
}

export default function AllBadges(): JSX.Element {
  const where = useWhere();
  return (
    <Answered known={where} lines={6}>
      {({ programmes }) =>
        programmes.length === 0 ? (
          <Empty icon="badge">{t('none')}</Empty>
        ) : (
          programmes.map((programme) => <Badges key={programme.programme} programme={programme} />)
        )
      }
    </Answered>
  );
}
