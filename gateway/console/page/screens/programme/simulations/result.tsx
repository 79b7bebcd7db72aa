// What a simulation came to: figures, charts, who wins and who loses.

import type { JSX } from 'preact';
import {
  getV1Assets,
  type SimulatedProgramme,
  type SimulationResult,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { amount, date, number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Card, Note } from '../../../../../web/page/ui/parts.js';
import { Chart } from '../../../ui/chart/chart.js';
import { axisOf } from '../../../ui/chart/data.js';
import type { Column } from '../../../ui/table/columns.js';
import { Table } from '../../../ui/table/table.js';
import { SIMULATIONS } from './words.js';

const t = speaker(SIMULATIONS);

export function Result({ result }: { result: SimulationResult }): JSX.Element {
  const assets = useAnswer(getV1Assets, {}).answer?.assets ?? [];
  const { programmes, from, to, asOf, asLogged } = result;
  return (
    <>
      <p class="muted wrap">
        {date(from, 'time')} – {date(to, 'time')} · {t('asOf', { asOf })}
      </p>
      {asLogged > 0 && <Note kind="warn">{t('asLogged', { n: asLogged })}</Note>}
      {programmes.length === 0 && <p class="muted">{t('noEvents')}</p>}
      {programmes.map((one) => (
        <Programme
          key={one.programme}
          one={one}
          scale={assets.find(({ asset }) => asset === one.asset)?.scale ?? 0}
        />
      ))}
    </>
  );
}

interface Pair {
  readonly before: number;
  readonly after: number;
}

interface PairRow extends Pair {
  readonly key: string;
  readonly name: JSX.Element | string;
}

/** A table of what was and what would be. */
function Pairs({
  title,
  rows,
  shown,
}: {
  title: string;
  rows: readonly PairRow[];
  shown: (value: number, isSigned?: boolean) => string;
}): JSX.Element | null {
  if (rows.length === 0) return null;
  const columns: readonly Column<PairRow>[] = [
    { name: 'name', title, cell: ({ name }) => name },
    { name: 'before', title: t('before'), isNumber: true, cell: ({ before }) => shown(before) },
    { name: 'after', title: t('after'), isNumber: true, cell: ({ after }) => shown(after) },
    {
      name: 'difference',
      title: t('difference'),
      isNumber: true,
      cell: ({ before, after }) => shown(after - before, true),
    },
  ];
  return (
    <Card title={title}>
      <Table label={title} rows={rows} columns={columns} keyOf={({ key }) => key} />
    </Card>
  );
}

function Programme({ one, scale }: { one: SimulatedProgramme; scale: number }): JSX.Element {
  const points = (minor: number, isSigned = false): string => amount(minor, scale, isSigned);
  const times = (n: number): string => number(n);
  const of = (kind: string, key: string): JSX.Element => (
    <a href={href('definitions', kind, key)}>{`${kind}/${key}`}</a>
  );
  return (
    <section aria-label={one.programme}>
      <h2>
        <a href={href('definitions', 'programme', one.programme)}>{one.programme}</a>{' '}
        <span class="muted">{one.asset}</span>
      </h2>
      <dl class="figures">
        <Figure name={t('before')} value={points(one.before)} />
        <Figure name={t('after')} value={points(one.after)} />
        <Figure name={t('difference')} value={points(one.after - one.before, true)} />
        <Figure name={t('events')} value={number(one.events)} />
        <Figure name={t('different')} value={number(one.different)} />
        <Figure name={t('members')} value={number(one.members)} />
        <Figure
          name={t('winners')}
          value={`${number(one.winners.members)} · ${points(one.winners.sum, true)}`}
        />
        <Figure
          name={t('losers')}
          value={`${number(one.losers.members)} · ${points(one.losers.sum, true)}`}
        />
      </dl>
      {one.days.length > 0 && (
        <Card title={t('byDay')}>
          <Chart
            title={t('byDay')}
            kind="line"
            axis={axisOf(one.days.map(({ day }) => day))}
            lines={[
              { label: t('before'), values: one.days.map(({ before }) => before) },
              { label: t('after'), values: one.days.map(({ after }) => after) },
            ]}
            format={points}
          />
        </Card>
      )}
      <Pairs
        title={t('bySource')}
        shown={points}
        rows={one.sources.map((source) => ({
          ...source,
          key: `${source.kind}/${source.key}`,
          name: of(source.kind, source.key),
        }))}
      />
      <Pairs
        title={t('byTier')}
        shown={points}
        rows={one.tiers.map((tier) => ({
          ...tier,
          key: tier.tier ?? '',
          name: tier.tier === null ? t('noTier') : of('tier', tier.tier),
        }))}
      />
      <Pairs
        title={t('byBudget')}
        shown={points}
        rows={one.budgets.map((budget) => ({ ...budget, key: budget.owner, name: budget.owner }))}
      />
      <Pairs
        title={t('gifts')}
        shown={times}
        rows={one.gifts.map((gift) => ({
          ...gift,
          key: `${gift.kind}/${gift.key}`,
          name: of(gift.kind === 'badge' ? 'task' : 'coupon', gift.key),
        }))}
      />
      <Pairs
        title={t('refused')}
        shown={times}
        rows={[{ ...one.refused, key: 'refused', name: t('events') }]}
      />
      {one.distribution.length > 0 && (
        <Card title={t('distribution')}>
          <Chart
            title={t('distribution')}
            kind="bars"
            axis={axisOf(
              one.distribution.map(({ over }) => t('over', { over: points(over, true) })),
            )}
            lines={[
              { label: t('members'), values: one.distribution.map(({ members }) => members) },
            ]}
            format={times}
          />
        </Card>
      )}
      <Pairs
        title={t('largest')}
        shown={points}
        rows={[...one.winners.largest, ...one.losers.largest].map((member) => ({
          ...member,
          key: member.owner,
          name: <a href={href('members', member.owner)}>{member.owner}</a>,
        }))}
      />
    </section>
  );
}

/** A figure with its name. */
/** A figure; `href`: where what explains it stands, left out where that is this screen. */
export const Figure = ({
  name,
  value,
  hint,
  href: at,
}: {
  name: string;
  value: string;
  hint?: string;
  href?: string;
}): JSX.Element => (
  <div class="figure">
    <dt>{name}</dt>
    <dd>
      {at === undefined ? value : <a href={at}>{value}</a>}
      {hint !== undefined && <span class="hint">{hint}</span>}
    </dd>
  </div>
);
