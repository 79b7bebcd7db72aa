// What came and went, and what for. Owns: this screen: filters by points, kind and time, which stand in the address. Never touches: one entry (entry.tsx).

import type { JSX } from 'preact';
import {
  getV1AccountsByOwner,
  getV1AccountsByOwnerEntries,
} from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { ask, place } from '../../../../web/page/shell/router.js';
import { More } from '../../../../web/page/ui/more.js';
import { Button, Card, Empty, Field } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { AROUND } from '../../../../web/page/words/around.js';
import { table } from '../../../../web/page/words/words.js';
import { owner } from '../../shell/app.js';
import { unitOf, useWhere, type Where } from '../../shell/where.js';
import { Entry } from './entry.js';
import { dayBounds, FILTERS, type Filter, filterQuery } from './filters.js';

const around = speaker(AROUND);
const t = speaker(
  table({
    en: {
      filters: 'Filters',
      points: 'Points',
      kind: 'What for',
      all: 'Everything',
      event: 'Earned by activity',
      order: 'Orders',
      gift: 'Gifts',
      exchange: 'Exchanges',
      draw: 'Lucky draws',
      claim: 'Offers',
      expiry: 'Expired',
      from: 'From',
      to: 'To',
      reset: 'Clear',
      none: 'Nothing has happened here yet.',
      noneFound: 'Nothing fits these filters.',
      list: 'History',
    },
    zh: {
      filters: '筛选',
      points: '积分种类',
      kind: '类型',
      all: '全部',
      event: '活动获得',
      order: '订单',
      gift: '赠送',
      exchange: '兑换',
      draw: '抽奖',
      claim: '优惠活动',
      expiry: '过期',
      from: '开始日期',
      to: '结束日期',
      reset: '清除',
      none: '这里还没有记录。',
      noneFound: '没有符合条件的记录。',
      list: '明细',
    },
  }),
);

const PAGE = 30;

function Filters({
  assets,
  asset,
  where,
}: {
  assets: readonly string[];
  asset: string;
  where: Where | undefined;
}): JSX.Element {
  const { query } = place.value;
  const set = (name: string) => (value: string) => ask({ ...query, [name]: value });
  const isSet = Boolean(query.kind || query.from || query.to);
  return (
    <details class="card" open={isSet}>
      <summary>
        <strong>{t('filters')}</strong>
      </summary>
      <div class="grid">
        {assets.length > 1 && (
          <Field label={t('points')} value={asset} onInput={set('asset')}>
            {assets.map((one) => (
              <option key={one} value={one}>
                {unitOf(where, one)}
              </option>
            ))}
          </Field>
        )}
        <Field label={t('kind')} value={query.kind ?? 'all'} onInput={set('kind')}>
          {FILTERS.map((one) => (
            <option key={one} value={one}>
              {t(one)}
            </option>
          ))}
        </Field>
        <Field label={t('from')} type="date" value={query.from ?? ''} onInput={set('from')} />
        <Field label={t('to')} type="date" value={query.to ?? ''} onInput={set('to')} />
      </div>
      {isSet && (
        <Button kind="quiet" onClick={() => ask({ asset: query.asset })}>
          {t('reset')}
        </Button>
      )}
    </details>
  );
}

function Entries({ asset, where }: { asset: string; where: Where | undefined }): JSX.Element {
  const { query } = place.value;
  const zone = where?.programmes.find((one) => one.asset === asset)?.zone ?? '';
  const kind = FILTERS.find((one) => one === query.kind) ?? ('all' satisfies Filter);
  const bounds = dayBounds(query.from, query.to, zone);
  const list = usePages(
    getV1AccountsByOwnerEntries,
    {
      path: { owner: owner.value },
      query: { asset, limit: PAGE, told: 'true', ...filterQuery(kind), ...bounds },
    },
    ({ entries }) => entries,
  );
  const isFiltered = kind !== 'all' || bounds.from !== undefined || bounds.to !== undefined;
  let day = '';
  return (
    <Answered known={list.known} lines={8}>
      {() =>
        list.items.length === 0 && !list.isMore ? (
          <Empty icon="history">{t(isFiltered ? 'noneFound' : 'none')}</Empty>
        ) : (
          <>
            <ul class="card list" aria-label={t('list')}>
              {list.items.map((entry) => {
                const on = date(entry.effective, 'day', zone);
                const isNew = on !== day;
                day = on;
                return (
                  <li key={entry.version}>
                    {isNew && <p class="day">{on}</p>}
                    <Entry entry={entry} where={where} zone={zone} />
                  </li>
                );
              })}
            </ul>
            <More pages={list} label={around('moreOf')} />
          </>
        )
      }
    </Answered>
  );
}

export default function History(): JSX.Element {
  const of = owner.value;
  const known = useAnswer(getV1AccountsByOwner, of === '' ? undefined : { path: { owner: of } });
  const where = useWhere();
  return (
    <Answered known={known} lines={8}>
      {({ accounts }) => {
        const assets = accounts.map((account) => account.asset);
        const { asset: asked } = place.value.query;
        const asset = assets.find((one) => one === asked) ?? assets[0];
        return asset === undefined ? (
          <Card>
            <Empty icon="history">{t('none')}</Empty>
          </Card>
        ) : (
          <>
            <Filters assets={assets} asset={asset} where={where.answer} />
            <Entries asset={asset} where={where.answer} />
          </>
        );
      }}
    </Answered>
  );
}
