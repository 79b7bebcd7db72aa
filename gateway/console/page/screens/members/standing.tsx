// Where a member stands in each programme: tier, what limits have counted, tasks, badges. Owns: this part, tiers by hand. Never touches: how they are decided.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  deleteV1MembersByOwnerTier,
  getV1MembersByOwner,
  getV1MembersByOwnerProgrammes,
  putV1MembersByOwnerTier,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import { Button, Card, Field, Progress, When } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { may } from '../../shell/app.js';
import { ActionDialog } from '../../ui/acting/action-dialog.js';
import { dayMs, Facts, Json, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { Table } from '../../ui/table/table.js';
import { ADJUSTMENT_NEEDS } from './acting/adjust.js';
import { MemberAction } from './acting/member-action.js';
import { useAmounts } from './assets.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      none: 'There is no programme for this member.',
      tier: 'Tier',
      progress: 'Counts for tiers',
      needed: 'Lacking for {next}',
      byHand: 'By hand',
      byHandUntil: 'By hand, until',
      history: 'Changes of tier',
      from: 'From',
      counts: 'Limits that have counted',
      noCounts: 'Of no limit anything is used up.',
      rule: 'Rule',
      event: 'Event',
      span: 'In a',
      times: 'Times',
      points: 'Points',
      of: '{n} of {limit}',
      tasks: 'Tasks',
      noTasks: 'There are no tasks.',
      task: 'Task',
      done: 'Done',
      days: 'Days in a row',
      campaigns: 'Campaigns that are on',
      campaign: 'Campaign',
      multiplier: 'Multiplier',
      taken: 'Taken part',
      badges: 'Badges',
      profile: 'Profile',
      day: 'day',
      week: 'week',
      month: 'month',
      year: 'year',
      ever: 'for ever',
      giveTier: 'Give a tier',
      giveTitle: 'Give {owner} a tier of {programme}',
      endTier: 'Take it back',
      endTitle: 'Take back the tier that {owner} has by hand',
      endWhat: 'From now on {owner} has the tier that is earned.',
      until: 'Last day',
      untilHint: 'Left out: for ever.',
      noTier: 'None',
    },
    zh: {
      none: '没有适用于该会员的活动方案。',
      tier: '等级',
      progress: '等级积累',
      needed: '距 {next} 还差',
      byHand: '手动设置',
      byHandUntil: '手动设置，截止',
      history: '等级变化',
      from: '自',
      counts: '限额使用情况',
      noCounts: '没有已使用的限额。',
      rule: '规则',
      event: '事件',
      span: '周期',
      times: '次数',
      points: '积分',
      of: '{n} / {limit}',
      tasks: '任务',
      noTasks: '没有任务。',
      task: '任务',
      done: '进度',
      days: '连续天数',
      campaigns: '进行中的活动',
      campaign: '活动',
      multiplier: '倍数',
      taken: '参与次数',
      badges: '徽章',
      profile: '资料',
      day: '每天',
      week: '每周',
      month: '每月',
      year: '每年',
      ever: '永久',
      giveTier: '设置等级',
      giveTitle: '为 {owner} 设置 {programme} 的等级',
      endTier: '撤销',
      endTitle: '撤销 {owner} 的手动等级',
      endWhat: '此后 {owner} 按累计积分确定等级。',
      until: '最后一天',
      untilHint: '留空表示永久。',
      noTier: '无',
    },
  }),
);

type Programme = AnswerOf<typeof getV1MembersByOwnerProgrammes>['programmes'][number];
type State = AnswerOf<typeof getV1MembersByOwner>;

const definition = (kind: string, key: string): JSX.Element => (
  <a href={href('definitions', kind, key)}>{key}</a>
);

function Counts({ state }: { state: State }): JSX.Element {
  const written = useAmounts();
  const columns: readonly Column<State['counts'][number]>[] = [
    { name: 'rule', title: t('rule'), cell: ({ rule }) => definition('rule', rule) },
    { name: 'event', title: t('event'), cell: ({ event }) => event, isMinor: true },
    { name: 'span', title: t('span'), cell: ({ span }) => t(span) },
    {
      name: 'times',
      title: t('times'),
      cell: ({ times, limitTimes }) =>
        limitTimes !== undefined && t('of', { n: number(times ?? 0), limit: number(limitTimes) }),
      isNumber: true,
    },
    {
      name: 'points',
      title: t('points'),
      cell: ({ points, limitPoints }) =>
        limitPoints !== undefined &&
        t('of', {
          n: written(points ?? 0, state.asset),
          limit: written(limitPoints, state.asset),
        }),
      isNumber: true,
    },
  ];
  return (
    <Table
      label={t('counts')}
      rows={state.counts}
      columns={columns}
      keyOf={({ rule, span }) => `${rule} ${span}`}
      empty={t('noCounts')}
    />
  );
}

const taskColumns = (): readonly Column<State['tasks'][number]>[] => [
  { name: 'task', title: t('task'), cell: ({ task }) => definition('task', task) },
  { name: 'span', title: t('span'), cell: ({ span }) => t(span), isMinor: true },
  {
    name: 'done',
    title: t('done'),
    cell: ({ done, need, isDone }) => (
      <>
        {t('of', { n: number(done), limit: number(need) })}{' '}
        {isDone && <Status kind="good">{m('ok')}</Status>}
      </>
    ),
    isNumber: true,
  },
  {
    name: 'days',
    title: t('days'),
    cell: ({ days }) => days !== undefined && number(days),
    isNumber: true,
    isMinor: true,
  },
];

const campaignColumns = (): readonly Column<State['campaigns'][number]>[] => [
  {
    name: 'campaign',
    title: t('campaign'),
    cell: ({ campaign }) => <a href={href('campaigns', campaign)}>{campaign}</a>,
  },
  {
    name: 'multiplier',
    title: t('multiplier'),
    cell: ({ multiplier }) => `${number(multiplier)} %`,
    isNumber: true,
  },
  { name: 'taken', title: t('taken'), cell: ({ taken }) => number(taken), isNumber: true },
  { name: 'until', title: m('until'), cell: ({ to }) => <When ms={to} form="time" /> },
];

function GiveTier({
  owner,
  programme,
  onClose,
}: {
  owner: string;
  programme: Programme;
  onClose: () => void;
}): JSX.Element {
  const tier = useSignal(programme.tiers[0]?.tier ?? '');
  const day = useSignal('');
  const said = (reason: string) => {
    const until = dayMs(day.value, 1);
    if (tier.value === '' || (day.value !== '' && until === undefined)) return undefined;
    const own = { programme: programme.programme, tier: tier.value };
    return { ...own, ...(until !== undefined && { until }), memo: reason };
  };
  return (
    <MemberAction
      title={t('giveTitle', { owner, programme: programme.programme })}
      needs={ADJUSTMENT_NEEDS}
      operation={putV1MembersByOwnerTier}
      asked={(reason) => {
        const body = said(reason);
        return body && { path: { owner }, body };
      }}
      command={(reason) => {
        const body = said(reason);
        if (body === undefined) return undefined;
        const { memo, ...own } = body;
        return { type: 'act', act: 'grant-tier', owner, memo, body: own };
      }}
      yes={t('giveTier')}
      onClose={onClose}
    >
      <Field label={t('tier')} bound={tier}>
        {programme.tiers.map(({ tier: key, name }) => (
          <option key={key} value={key}>
            {name === undefined ? key : `${name} (${key})`}
          </option>
        ))}
      </Field>
      <Field label={t('until')} type="date" bound={day} hint={t('untilHint')} />
    </MemberAction>
  );
}

function InProgramme({ owner, programme }: { owner: string; programme: Programme }): JSX.Element {
  const written = useAmounts();
  const dialog = useSignal<'give' | 'end' | undefined>(undefined);
  const close = (): void => {
    dialog.value = undefined;
  };
  const key = programme.programme;
  const known = useAnswer(getV1MembersByOwner, { path: { owner }, query: { programme: key } });
  const mayGive = may(...ADJUSTMENT_NEEDS);
  return (
    <Card
      title={programme.name ?? key}
      action={
        mayGive &&
        programme.tiers.length > 0 && (
          <Button
            kind="plain"
            onClick={() => {
              dialog.value = 'give';
            }}
          >
            {t('giveTier')}
          </Button>
        )
      }
    >
      <Answered known={known} lines={5}>
        {(state) => (
          <div class="stack">
            <Facts
              rows={[
                [t('tier'), state.tier === null ? t('noTier') : definition('tier', state.tier)],
                [
                  state.granted?.until === null ? t('byHand') : t('byHandUntil'),
                  state.granted && (
                    <>
                      {state.granted.tier}{' '}
                      {state.granted.until !== null && (
                        <When ms={state.granted.until} form="time" />
                      )}{' '}
                      {mayGive && (
                        <Button
                          kind="quiet"
                          onClick={() => {
                            dialog.value = 'end';
                          }}
                        >
                          {t('endTier')}
                        </Button>
                      )}
                    </>
                  ),
                ],
                [
                  t('progress'),
                  <a key="progress" href={href('members', owner, 'accounts', state.asset)}>
                    {written(state.progress, state.asset)}
                  </a>,
                ],
                [
                  t('needed', { next: state.next ?? '' }),
                  state.next !== null && (
                    <>
                      <a href={href('definitions', 'tier', state.next)}>
                        {written(state.needed, state.asset)}
                      </a>
                      <Progress value={state.percent} label={t('progress')} />
                    </>
                  ),
                ],
                [
                  t('badges'),
                  state.badges.length > 0 &&
                    state.badges.map(({ task, times }) => `${task} × ${number(times)}`).join(', '),
                ],
              ]}
            />
            <h3>{t('counts')}</h3>
            <Counts state={state} />
            <h3>{t('tasks')}</h3>
            <Table
              label={t('tasks')}
              rows={state.tasks}
              columns={taskColumns()}
              keyOf={({ task }) => task}
              empty={t('noTasks')}
            />
            {state.campaigns.length > 0 && (
              <>
                <h3>{t('campaigns')}</h3>
                <Table
                  label={t('campaigns')}
                  rows={state.campaigns}
                  columns={campaignColumns()}
                  keyOf={({ campaign }) => campaign}
                />
              </>
            )}
            {state.tiers.length > 0 && (
              <>
                <h3>{t('history')}</h3>
                <Table
                  label={t('history')}
                  rows={[...state.tiers].reverse()}
                  columns={[
                    { name: 'tier', title: t('tier'), cell: ({ tier }) => tier },
                    {
                      name: 'from',
                      title: t('from'),
                      cell: ({ from }) => <When ms={from} form="time" />,
                    },
                  ]}
                  keyOf={({ from, tier }) => `${from} ${tier}`}
                />
              </>
            )}
            {Object.keys(state.profile).length > 0 && (
              <Json value={state.profile} label={t('profile')} />
            )}
          </div>
        )}
      </Answered>
      {dialog.value === 'give' && <GiveTier owner={owner} programme={programme} onClose={close} />}
      {dialog.value === 'end' && (
        <ActionDialog
          title={t('endTitle', { owner })}
          what={t('endWhat', { owner })}
          operation={deleteV1MembersByOwnerTier}
          asked={() => ({ path: { owner }, query: { programme: key } })}
          yes={t('endTier')}
          reason="none"
          onClose={close}
        />
      )}
    </Card>
  );
}

export function StandingPart({ owner }: { owner: string }): JSX.Element {
  const known = useAnswer(getV1MembersByOwnerProgrammes, { path: { owner } });
  return (
    <Answered known={known} lines={8}>
      {({ programmes }) =>
        programmes.length === 0 ? (
          <p class="muted">{t('none')}</p>
        ) : (
          programmes.map((programme) => (
            <InProgramme key={programme.programme} owner={owner} programme={programme} />
          ))
        )
      }
    </Answered>
  );
}
