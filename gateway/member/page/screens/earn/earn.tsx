// What earns points: today's check-in, tasks, offers, and the ways to levels, badges, invitations and draws. Owns: this screen.

import type { JSX } from 'preact';
import { postV1ActsClaim } from '../../../../web/page/api/operations.js';
import { amount, date, number, speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import { useAction } from '../../../../web/page/shell/use-action.js';
import { Icon, type IconName } from '../../../../web/page/ui/icons.js';
import { Button, Card, Empty, Progress } from '../../../../web/page/ui/parts.js';
import { Answered, OutcomeNote } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { may, owner } from '../../shell/app.js';
import {
  type ProgrammeThere,
  programmeName,
  scaleOf,
  unitOf,
  useWhere,
  type Where,
} from '../../shell/where.js';
import { SHELL } from '../../words/shell.js';
import { earnedIn } from '../done.js';
import { taskName } from './names.js';
import { SignInCard } from './sign-in.js';
import { type Standing, useStanding } from './standing.js';

const shell = speaker(SHELL);
const t = speaker(
  table({
    en: {
      tasks: 'Tasks',
      done: 'Done',
      of: '{done} of {need}',
      again: 'Done — next {when}',
      campaigns: 'On now',
      times: 'Earn {times} times as much until {when}',
      timesNow: 'Earn {times} times as much now',
      offers: 'Offers',
      claim: 'Get it',
      got: 'Yours: +{amount} {unit}.',
      until: 'Until {when}',
      none: 'There is nothing to earn here at the moment.',
      day: 'Daily',
      week: 'Weekly',
      month: 'Monthly',
      year: 'Yearly',
      ever: 'Once',
    },
    zh: {
      tasks: '任务',
      done: '已完成',
      of: '{done} / {need}',
      again: '已完成，{when} 后可再做',
      campaigns: '进行中的活动',
      times: '{when} 前积分 {times} 倍',
      timesNow: '现在积分 {times} 倍',
      offers: '优惠活动',
      claim: '领取',
      got: '已领取：+{amount} {unit}。',
      until: '截止 {when}',
      none: '目前没有可以赚积分的活动。',
      day: '每日',
      week: '每周',
      month: '每月',
      year: '每年',
      ever: '一次性',
    },
  }),
);

/** Times further off than this are "for ever" to people. */
const FOR_EVER_MS = 20 * 365 * 86_400_000;

function Tasks({
  programme,
  standing,
  where,
}: {
  programme: ProgrammeThere;
  standing: Standing;
  where: Where | undefined;
}): JSX.Element | null {
  const { tasks } = standing;
  if (tasks.length === 0) return null;
  const scale = scaleOf(where, programme.asset);
  return (
    <ul class="card list" aria-label={t('tasks')}>
      {tasks.map(({ task, span, isDone, done, need, reward }) => (
        <li key={task}>
          <div class="row">
            <Icon name={isDone ? 'check' : 'earn'} />
            <div class="grow stack tight">
              <span class="line between">
                <strong class="wrap">{taskName(programme, task)}</strong>
                {reward > 0 && <span class="amount in">+{amount(reward, scale)}</span>}
              </span>
              <span class="small muted line between">
                <span>{t(span)}</span>
                <span>{isDone ? t('done') : t('of', { done, need })}</span>
              </span>
              {need > 1 && !isDone && (
                <Progress value={(100 * done) / need} label={taskName(programme, task)} />
              )}
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Offer({
  programme,
  offer,
  where,
}: {
  programme: ProgrammeThere;
  offer: ProgrammeThere['offers'][number];
  where: Where | undefined;
}): JSX.Element {
  const name = offer.name ?? offer.offer;
  const action = useAction(postV1ActsClaim, name);
  const scale = scaleOf(where, programme.asset);
  const unit = unitOf(where, programme.asset);
  const isOver =
    action.outcome?.state === 'done' ||
    (action.outcome?.state === 'refused' && action.outcome.problem.code === 'OFFER_CLAIMED');
  return (
    <Card title={name} action={<span class="amount in">+{amount(offer.points, scale)}</span>}>
      {offer.description !== undefined && <p class="small wrap">{offer.description}</p>}
      <div class="line between">
        <span class="small muted">
          {offer.to !== undefined &&
            offer.to - Date.now() < FOR_EVER_MS &&
            t('until', { when: date(offer.to) })}
        </span>
        {!isOver && may('participate') && (
          <Button
            isBusy={action.isBusy}
            onClick={() =>
              void action.run({ body: { owner: owner.peek(), body: { offer: offer.offer } } })
            }
          >
            {t('claim')}
          </Button>
        )}
      </div>
      <OutcomeNote outcome={action.outcome}>
        {t('got', {
          amount: amount(
            action.outcome?.state === 'done' ? earnedIn(action.outcome.answer) : 0,
            scale,
          ),
          unit,
        })}
      </OutcomeNote>
    </Card>
  );
}

function Programme({ programme }: { programme: ProgrammeThere }): JSX.Element {
  const known = useStanding(programme.programme);
  const where = useWhere();
  return (
    <section class="stack" aria-label={programmeName(programme)}>
      <h2>{programmeName(programme)}</h2>
      {programme.description !== undefined && (
        <p class="small muted wrap">{programme.description}</p>
      )}
      <SignInCard programme={programme} />
      <Answered known={known} lines={4}>
        {(standing) => (
          <>
            {standing.campaigns.map(({ campaign, multiplier, to }) => (
              <p key={campaign} class="note good">
                <Icon name="earn" size={18} />
                <span>
                  {to - Date.now() < FOR_EVER_MS
                    ? t('times', { times: number(multiplier / 100), when: date(to) })
                    : t('timesNow', { times: number(multiplier / 100) })}
                </span>
              </p>
            ))}
            <Tasks programme={programme} standing={standing} where={where.answer} />
          </>
        )}
      </Answered>
      {programme.offers.map((offer) => (
        <Offer key={offer.offer} programme={programme} offer={offer} where={where.answer} />
      ))}
    </section>
  );
}

const WAYS: readonly {
  readonly to: 'tiers' | 'badges' | 'referral' | 'lottery';
  readonly icon: IconName;
}[] = [
  { to: 'tiers', icon: 'tier' },
  { to: 'badges', icon: 'badge' },
  { to: 'referral', icon: 'share' },
  { to: 'lottery', icon: 'lottery' },
];

export default function Earn(): JSX.Element {
  const where = useWhere();
  return (
    <>
      <Answered known={where} lines={6}>
        {({ programmes }) =>
          programmes.length === 0 ? (
            <Empty icon="earn">{t('none')}</Empty>
          ) : (
            programmes.map((programme) => (
              <Programme key={programme.programme} programme={programme} />
            ))
          )
        }
      </Answered>
      <nav class="card list" aria-label={shell('more')}>
        {WAYS.map(({ to, icon }) => (
          <a key={to} class="row" href={href(to)}>
            <Icon name={icon} />
            <span class="grow">{shell(to)}</span>
            <Icon name="next" size={18} />
          </a>
        ))}
      </nav>
    </>
  );
}
