// The button of the day: signing in, and how many days in a row that makes. Owns: this card. Never touches: what a day earns.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { postV1Events } from '../../../../web/page/api/operations.js';
import { amount, date, number, speaker } from '../../../../web/page/shell/language.js';
import { useAction } from '../../../../web/page/shell/use-action.js';
import { Icon } from '../../../../web/page/ui/icons.js';
import { Button, Card } from '../../../../web/page/ui/parts.js';
import { OutcomeNote } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { may, owner } from '../../shell/app.js';
import {
  type ProgrammeThere,
  programmeName,
  scaleOf,
  unitOf,
  useWhere,
} from '../../shell/where.js';
import { earnedIn } from '../done.js';
import { useStanding } from './standing.js';

const t = speaker(
  table({
    en: {
      title: 'Today’s check-in',
      signIn: 'Check in',
      done: 'Checked in today',
      got: 'Checked in: +{amount} {unit}.',
      noted: 'Checked in.',
      days: { one: '{n} day in a row', other: '{n} days in a row' },
      next: { one: '{n} more day until +{amount}', other: '{n} more days until +{amount}' },
    },
    zh: {
      title: '每日签到',
      signIn: '签到',
      done: '今日已签到',
      got: '签到成功：+{amount} {unit}。',
      noted: '签到成功。',
      days: '已连续签到 {n} 天',
      next: '再签到 {n} 天可得 +{amount}',
    },
  }),
);

export function SignInCard({ programme }: { programme: ProgrammeThere }): JSX.Element | null {
  const where = useWhere();
  const standing = useStanding(programme.programme);
  const action = useAction(postV1Events, t('title'));
  const pressedOn = useSignal('');
  const { signIn } = programme;
  if (signIn === undefined || !may('participate')) return null;
  const task = standing.answer?.tasks.find((one) => one.task === signIn.task);
  const days = task?.days ?? 0;
  const goal = standing.answer?.goals.find((one) => one.goal === 'days' && one.key === signIn.task);
  const { outcome } = action;
  // A page stays open over midnight: what was done yesterday is not done today.
  const today = date(Date.now(), 'day', programme.zone);
  const isOfToday = pressedOn.value === today;
  const isDone =
    task?.isDone === true ||
    (isOfToday && outcome?.state === 'done') ||
    (isOfToday && outcome?.state === 'refused' && outcome.problem.code === 'EVENT_REPORTED');
  const scale = scaleOf(where.answer, programme.asset);
  const unit = unitOf(where.answer, programme.asset);
  const earned = outcome?.state === 'done' ? earnedIn(outcome.answer) : 0;
  const run = (): void => {
    pressedOn.value = date(Date.now(), 'day', programme.zone);
    void action.run({
      body: {
        owner: owner.peek(),
        programme: programme.programme,
        type: signIn.type,
        own: true,
      },
    });
  };
  return (
    <Card
      title={t('title')}
      action={<span class="small muted wrap">{programmeName(programme)}</span>}
    >
      <div class="line between">
        <span class="line">
          <span class="flame" aria-hidden="true">
            <Icon name="calendar" />
          </span>
          <span>
            <strong>{t('days', { n: days })}</strong>
            {goal?.days !== undefined && goal.reward !== undefined && (
              <span class="small muted block">
                {t('next', { n: goal.days, amount: amount(goal.reward, scale) })}
              </span>
            )}
          </span>
        </span>
        {isDone ? (
          <span class="chip">
            <Icon name="check" size={16} />
            {t('done')}
          </span>
        ) : (
          <Button isBusy={action.isBusy} onClick={run}>
            {t('signIn')}
          </Button>
        )}
      </div>
      {task?.days !== undefined && task.days > 0 && (
        <ol class="week" aria-hidden="true">
          {[1, 2, 3, 4, 5, 6, 7].map((day) => (
            <li key={day} class={day <= (((task.days ?? 0) - 1) % 7) + 1 ? 'on' : ''}>
              {number(day)}
            </li>
          ))}
        </ol>
      )}
      <OutcomeNote outcome={isOfToday ? outcome : undefined}>
        {earned > 0 ? t('got', { amount: amount(earned, scale), unit }) : t('noted')}
      </OutcomeNote>
    </Card>
  );
}
