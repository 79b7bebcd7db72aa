// The member's orders, the newest first. Owns: which of them are shown. Never touches: what becomes of one (order.tsx).

import type { JSX } from 'preact';
import { getV1Orders } from '../../../../web/page/api/operations.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { ask, href, place } from '../../../../web/page/shell/router.js';
import { More } from '../../../../web/page/ui/more.js';
import { Empty, Field, When } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { owner } from '../../shell/app.js';
import { type ProgrammeThere, short, type Where } from '../../shell/where.js';
import { InProgramme } from './choose.js';
import { stageOf, TONES } from './stages.js';
import { MALL } from './words.js';

const t = speaker(MALL);
const PAGE = 20;
const STATES = ['held', 'pending', 'completed', 'cancelled'] as const;

export default function Orders(): JSX.Element {
  return (
    <InProgramme isFit={({ hasGoods }) => hasGoods} none={t('noProgrammes')}>
      {(programme, where) => <List programme={programme} where={where} />}
    </InProgramme>
  );
}

function List({ programme, where }: { programme: ProgrammeThere; where: Where }): JSX.Element {
  const state = STATES.find((one) => one === place.value.query['state']);
  const pages = usePages(
    getV1Orders,
    {
      query: {
        programme: programme.programme,
        owner: owner.value,
        ...(state === undefined ? {} : { state }),
        limit: PAGE,
      },
    },
    ({ orders }) => orders,
  );
  return (
    <>
      <Field
        label={t('filter')}
        value={state ?? ''}
        onInput={(one) => ask({ ...place.value.query, state: one })}
      >
        <option value="">{t('allStates')}</option>
        {STATES.map((one) => (
          <option key={one} value={one}>
            {t(`state_${one}`)}
          </option>
        ))}
      </Field>
      <Answered known={pages.known} lines={6}>
        {() =>
          pages.items.length === 0 && !pages.isMore ? (
            <Empty
              icon="order"
              action={
                <a class="button plain" href={href('mall')}>
                  <span>{t('toMall')}</span>
                </a>
              }
            >
              {t('noOrders')}
            </Empty>
          ) : (
            <ul class="card list">
              {pages.items.map((order) => (
                <li key={order.number}>
                  <a class="row" href={href('orders', order.number)}>
                    <span class="grow">
                      <span class="name">
                        {order.name ?? order.goods}
                        {order.quantity > 1 && ` × ${order.quantity}`}
                      </span>
                      <span class="hint">
                        <When ms={order.at} form="time" />
                      </span>
                    </span>
                    <span class="end">
                      <span>{short(where, order.total, programme.asset)}</span>
                      <span class={`tag ${TONES[stageOf(order)]}`}>
                        {t(`state_${stageOf(order)}`)}
                      </span>
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
      <More pages={pages} label={t('moreGoods')} />
    </>
  );
}
