// The standings of a leaderboard in a period. Owns: this screen. Never touches: what counts, prizes.

import type { JSX } from 'preact';
import {
  getV1LeaderboardsByBoard,
  getV1LeaderboardsByBoardMembersByOwner,
  type LeaderboardPage,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { amount, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href, place } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card, When } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { Head } from '../../../ui/head.js';
import { Facts, Filters, Status } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { Table } from '../../../ui/table/table.js';
import { useScale } from '../mall/scale.js';
import { BOARDS } from './words.js';

const t = speaker(BOARDS);
const KINDS = { open: 'good', closing: 'accent', frozen: 'warn', paid: 'plain' } as const;

type Entry = LeaderboardPage['entries'][number];
type Scored = (score: number) => string;

/** Points as points, anything else as how often. */
function useScored(page: Pick<LeaderboardPage, 'counts' | 'asset'> | undefined): Scored {
  const scale = useScale(page?.asset ?? '');
  return (score) => (page?.counts === 'points' ? amount(score, scale) : number(score));
}

const columns = (scored: Scored): readonly Column<Entry>[] => [
  { name: 'rank', title: t('rank'), cell: ({ rank }) => number(rank) },
  {
    name: 'member',
    title: t('member'),
    cell: ({ owner, alias }) => <code class="wrap">{owner ?? alias}</code>,
  },
  { name: 'score', title: t('score'), cell: ({ score }) => scored(score), isNumber: true },
  {
    name: 'reached',
    title: t('reached'),
    cell: ({ reachedAt }) => reachedAt !== undefined && <When ms={reachedAt} form="time" />,
    isMinor: true,
  },
];

const whoIs = ({ owner }: { readonly owner?: string | undefined }): string | undefined =>
  owner === undefined ? undefined : href('members', owner);

export default function Board({ params }: ScreenProps): JSX.Element {
  const { board = '' } = params;
  const { member = '', period = '' } = place.value.query;
  const query = { ...(period !== '' && { period }) };
  const pages = usePages(
    getV1LeaderboardsByBoard,
    { path: { board }, query },
    ({ entries }) => entries,
    { isKept: false },
  );
  const { answer } = pages.known;
  const scored = useScored(answer);
  return (
    <>
      <Head
        title={answer === undefined ? board : `${board} · ${answer.period}`}
        crumbs={[{ title: t('title'), href: href('leaderboards') }]}
        actions={
          answer && (
            <a class="button plain" href={href('definitions', 'leaderboard', board)}>
              {t('definition')}
            </a>
          )
        }
      />
      <Filters
        filters={[
          { name: 'period', label: t('period'), placeholder: answer?.period ?? '' },
          { name: 'member', label: t('member') },
        ]}
      />
      {answer && <About page={answer} />}
      {member !== '' && <Standing board={board} owner={member} query={query} />}
      {answer?.frozen && <Prizes of={answer.frozen} asset={answer.asset} />}
      <Card title={<span id="standings">{t('standings')}</span>}>
        <PagedTable
          key={period}
          label={t('standings')}
          pages={pages}
          columns={columns(scored)}
          keyOf={({ rank, owner, alias }) => `${rank} ${owner ?? alias}`}
          hrefOf={whoIs}
          empty={t('nobody')}
        />
      </Card>
    </>
  );
}

const About = ({ page }: { page: LeaderboardPage }): JSX.Element => (
  <Facts
    rows={[
      [
        t('state'),
        <Status key="state" kind={KINDS[page.state]}>
          {t(page.state)}
        </Status>,
      ],
      [t('counts'), t(page.counts)],
      [
        t('members'),
        <a key="members" href="#standings">
          {number(page.members)}
        </a>,
      ],
      [t('from'), <When key="from" ms={page.from} form="time" />],
      [t('to'), <When key="to" ms={page.to} form="time" />],
      [t('closesAt'), <When key="closes" ms={page.closesAt} form="time" />],
      [
        t('asOf'),
        <code key="asOf" class="wrap">
          {page.asOf}
        </code>,
      ],
    ]}
  />
);

/** What a member did is what its score is made of. */
const Why = ({ owner, of }: { owner: string; of: string }): JSX.Element => (
  <a href={`${href('members', owner)}?tab=timeline`}>{of}</a>
);

function Standing({
  board,
  owner,
  query,
}: {
  board: string;
  owner: string;
  query: { readonly period?: string };
}): JSX.Element {
  const asked = { path: { board, owner }, query: { ...query, around: 3 } };
  const known = useAnswer(getV1LeaderboardsByBoardMembersByOwner, asked, { isKept: false });
  const scored = useScored(known.answer);
  return (
    <Card title={t('ofMember', { owner })}>
      <Answered known={known}>
        {({ rank, score, around }) =>
          rank === null ? (
            <p class="muted">{t('notRanked')}</p>
          ) : (
            <>
              <Facts
                rows={[
                  [t('rank'), <Why key="rank" owner={owner} of={number(rank)} />],
                  [t('score'), <Why key="score" owner={owner} of={scored(score)} />],
                ]}
              />
              <Table
                label={t('ofMember', { owner })}
                rows={around}
                columns={columns(scored)}
                keyOf={(one) => `${one.rank} ${one.owner ?? one.alias}`}
                hrefOf={whoIs}
              />
            </>
          )
        }
      </Answered>
    </Card>
  );
}

function Prizes({
  of,
  asset,
}: {
  of: NonNullable<LeaderboardPage['frozen']>;
  asset: string;
}): JSX.Element {
  const scale = useScale(asset);
  return (
    <Card title={t('prizes')}>
      <Facts
        rows={[
          [t('frozenAt'), <When key="at" ms={of.at} form="time" />],
          [t('winners'), number(of.winners)],
          [t('wasPaid'), number(of.paid)],
          [t('pointsWon'), `${amount(of.points, scale)} ${asset}`],
        ]}
      />
      {of.refused.length > 0 && (
        <Table
          label={t('refused')}
          rows={of.refused}
          columns={[
            { name: 'rank', title: t('rank'), cell: ({ rank }) => number(rank) },
            {
              name: 'member',
              title: t('member'),
              cell: ({ owner, alias }) => <code class="wrap">{owner ?? alias}</code>,
            },
            {
              name: 'points',
              title: t('points'),
              cell: ({ points }) => amount(points, scale),
              isNumber: true,
            },
            { name: 'code', title: t('code'), cell: ({ code }) => <code>{code}</code> },
          ]}
          keyOf={({ rank, owner, alias }) => `${rank} ${owner ?? alias}`}
          hrefOf={whoIs}
        />
      )}
    </Card>
  );
}
