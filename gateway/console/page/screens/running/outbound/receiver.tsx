// What webhooks and channels have in common: how far they are, what was sent, what was given up. Owns: how it is shown, retried and dropped. Never touches: which
// receiver it is of.

import type { ComponentProps, JSX } from 'preact';
import type {
  DeadLetters,
  MadeAttempt,
  WebhookAttempt,
  WebhookProgress,
} from '../../../../../web/page/api/operations.js';
import type { AnswerOf, AnyOperation, Asked } from '../../../../../web/page/calls/operation.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Card, Note } from '../../../../../web/page/ui/parts.js';
import { may } from '../../../shell/app.js';
import { Facts, Filters, Status } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { Table } from '../../../ui/table/table.js';
import { Doing } from '../parts/doing.js';
import { choice, chosen } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { OUTBOUND } from './words.js';

const t = speaker(OUTBOUND);
const c = speaker(COMMON);

export type Progress = Pick<
  WebhookProgress,
  'halted' | 'delivered' | 'failed' | 'inFlight' | 'pausedUntil' | 'shards'
>;
export type Letter = DeadLetters['deadLetters'][number];

export const ReceiverState = ({ state }: { state: 'active' | 'paused' }): JSX.Element => (
  <Status kind={state === 'active' ? 'good' : 'warn'}>
    {state === 'active' ? c('active') : t('paused')}
  </Status>
);

/** What came of one attempt. */
export const attemptNote = (of: WebhookAttempt): JSX.Element => (
  <Note kind={of.isDelivered ? 'good' : 'danger'} icon={of.isDelivered ? 'check' : 'cross'}>
    {of.isDelivered
      ? t('wasDelivered', { status: of.status ?? '', n: Math.round(of.ms) })
      : t('wasNot', {
          why: [of.status, of.reason].filter(Boolean).join(' '),
          n: Math.round(of.ms),
        })}
  </Note>
);

/** Why nothing is sent, how much was, how far each shard is. */
export function Lanes({ of }: { of: Progress }): JSX.Element {
  const { halted, pausedUntil, shards, delivered, failed, inFlight } = of;
  return (
    <Card title={t('lanes')}>
      {halted !== null && (
        <Note kind="warn" icon="clock">
          {t(`error_${halted}`)}
        </Note>
      )}
      {pausedUntil !== null && pausedUntil > Date.now() && (
        <Note kind="warn" icon="clock">
          {t('isBack', { when: date(pausedUntil, 'time') })}
        </Note>
      )}
      <Facts
        rows={[
          [t('delivered'), <a href="#attempts">{number(delivered)}</a>],
          [t('failed'), <a href="#attempts">{number(failed)}</a>],
          [t('inFlight'), <a href="#attempts">{number(inFlight)}</a>],
        ]}
      />
      <p class="muted">{t('lanesWhy')}</p>
      <Table
        label={t('lanes')}
        rows={shards}
        keyOf={({ shard }) => String(shard)}
        columns={[
          {
            name: 'shard',
            title: t('shard'),
            cell: ({ shard }) => <a href={`${href('status')}#shard-${shard}`}>{shard}</a>,
          },
          {
            name: 'position',
            title: t('position'),
            isNumber: true,
            cell: ({ seq }) => number(seq),
          },
          {
            name: 'lag',
            title: t('lag'),
            isNumber: true,
            cell: ({ lagMs }) => t('ms', { n: Math.round(lagMs) }),
          },
          {
            name: 'waiting',
            title: t('waiting'),
            isNumber: true,
            cell: ({ waiting }) => number(waiting),
          },
          { name: 'dead', title: t('dead'), isNumber: true, cell: ({ dead }) => number(dead) },
          {
            name: 'state',
            title: c('state'),
            cell: ({ isFull }) => isFull && <Status kind="danger">{t('blocked')}</Status>,
          },
        ]}
      />
    </Card>
  );
}

/** Nothing is sent to it for a while, and again. */
export const PauseOrResume = <Pause extends AnyOperation, Resume extends AnyOperation>({
  of: { state },
  pause,
  resume,
  asked,
}: {
  of: { readonly state: 'active' | 'paused' };
  pause: Pause;
  resume: Resume;
  asked: () => Asked<Pause> & Asked<Resume>;
}): JSX.Element =>
  state === 'paused' ? (
    <Doing key="resume" label={t('resume')} operation={resume} asked={asked} />
  ) : (
    <Doing key="pause" label={t('pause')} what={t('pauseWhat')} operation={pause} asked={asked} />
  );

type Pages<Row> = ComponentProps<typeof PagedTable<Row>>['pages'];

/** What was given up, and is retried or dropped by those who may. */
export const GivenUp = <Retry extends AnyOperation, Drop extends AnyOperation>({
  pages,
  retry,
  drop,
  asked,
  shown,
}: {
  pages: Pages<Letter>;
  retry: Retry;
  drop: Drop;
  asked: (letter: string) => Asked<Retry> & Asked<Drop>;
  shown: (answer: AnswerOf<Retry>) => JSX.Element;
}): JSX.Element => {
  const doings = ({ id }: Letter): JSX.Element => (
    <span class="buttons">
      <Doing
        label={t('retry')}
        what={t('retryWhat')}
        operation={retry}
        asked={() => asked(id)}
        shown={shown}
      />
      <Doing
        label={t('drop')}
        kind="danger"
        what={t('dropWhat')}
        operation={drop}
        asked={() => asked(id)}
      />
    </span>
  );
  return (
    <Card title={t('dead')}>
      <PagedTable
        label={t('dead')}
        pages={pages}
        keyOf={({ id }) => id}
        empty={t('deadNone')}
        columns={letterColumns(may('admin') ? doings : undefined)}
      />
    </Card>
  );
};

/** Columns of dead letters; `doings`: what may be done with one. */
const letterColumns = (doings?: (letter: Letter) => JSX.Element): Column<Letter>[] => [
  { name: 'event', title: t('event'), cell: ({ id }) => <code>{id}</code> },
  { name: 'type', title: t('type'), cell: ({ type }) => type },
  { name: 'subject', title: t('subject'), cell: ({ subject }) => <code>{subject}</code> },
  {
    name: 'attempts',
    title: t('attempts'),
    isNumber: true,
    cell: ({ attempts }) => number(attempts),
  },
  {
    name: 'why',
    title: c('why'),
    cell: ({ status, reason }) => [status, reason].filter(Boolean).join(' '),
  },
  { name: 'failedFirst', title: t('failedFirst'), cell: ({ failedAt }) => date(failedAt, 'time') },
  { name: 'given', title: t('given'), cell: ({ deadAt }) => date(deadAt, 'time') },
  ...(doings === undefined ? [] : [{ name: 'retry', title: t('retry'), cell: doings }]),
];

const attemptColumns = (): Column<MadeAttempt>[] => [
  { name: 'when', title: c('when'), cell: ({ at }) => date(at, 'time') },
  { name: 'event', title: t('event'), cell: ({ id }) => <code>{id}</code> },
  { name: 'type', title: t('type'), cell: ({ type }) => type },
  { name: 'subject', title: t('subject'), isMinor: true, cell: ({ subject }) => subject },
  {
    name: 'outcome',
    title: t('outcome'),
    cell: ({ isDelivered, status, reason }) => (
      <Status kind={isDelivered ? 'good' : 'danger'}>
        {[status, reason].filter(Boolean).join(' ') || t(isDelivered ? 'delivered' : 'failed')}
      </Status>
    ),
  },
  {
    name: 'took',
    title: t('took'),
    isNumber: true,
    cell: ({ ms }) => t('ms', { n: Math.round(ms) }),
  },
];

/** Which attempts are asked for, by the address. */
export const attemptsAsked = (): { readonly failed?: 'true' } =>
  chosen('failed') === 'true' ? { failed: 'true' } : {};

/** The last attempts, newest first. */
export const MadeAttempts = ({ pages }: { pages: Pages<MadeAttempt> }): JSX.Element => (
  <Card title={<span id="attempts">{t('attempts')}</span>}>
    <p class="muted">{t('attemptsOf')}</p>
    <Filters filters={[choice('failed', t('outcome'), [['true', t('failed')]])]} />
    <PagedTable
      label={t('attempts')}
      pages={pages}
      keyOf={({ number: n }) => String(n)}
      empty={t('attemptsNone')}
      columns={attemptColumns()}
    />
  </Card>
);
