// The goods of a programme: searched, by category, what the member has the points for. Owns: what stands in the address of it. Never touches: which goods there are.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1Goods,
  getV1MembersByOwnerRecommendations,
} from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { ask, href, place } from '../../../../web/page/shell/router.js';
import { Icon } from '../../../../web/page/ui/icons.js';
import { More } from '../../../../web/page/ui/more.js';
import { Button, Card, Empty, Field, Form } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { owner } from '../../shell/app.js';
import type { ProgrammeThere, Where } from '../../shell/where.js';
import { InProgramme } from './choose.js';
import { type Shown, Tile } from './tile.js';
import { MALL } from './words.js';

const t = speaker(MALL);
const QUESTION_LENGTH_MAX = 100;
const PAGE = 24;
const RECOMMENDED = 6;

const SORTS = ['newest', 'price', '-price'] as const;
type Sort = (typeof SORTS)[number] | 'relevance';
const SORT_WORDS = {
  relevance: 'sortRelevance',
  newest: 'sortNewest',
  price: 'sortPriceUp',
  '-price': 'sortPriceDown',
} as const;

export default function Mall(): JSX.Element {
  return (
    <InProgramme isFit={({ hasGoods }) => hasGoods} none={t('noProgrammes')}>
      {(programme, where) => <Shelves programme={programme} where={where} />}
    </InProgramme>
  );
}

/** What is asked for, as the address says it. */
function chosen(): { q: string; category: string; sort: Sort; isAffordable: boolean } {
  const { q = '', category = '', sort = '', affordable = '' } = place.value.query;
  const known = SORTS.find((one) => one === sort);
  return {
    q: q.slice(0, QUESTION_LENGTH_MAX),
    category,
    sort: known ?? (q === '' ? 'newest' : 'relevance'),
    isAffordable: affordable === 'yes',
  };
}

const change = (query: Readonly<Record<string, string | undefined>>): void =>
  ask({ ...place.value.query, ...query });

function Shelves({ programme, where }: { programme: ProgrammeThere; where: Where }): JSX.Element {
  const { q, category, sort, isAffordable } = chosen();
  const pages = usePages(
    getV1Goods,
    {
      query: {
        programme: programme.programme,
        owner: owner.value,
        ...(q === '' ? {} : { q }),
        ...(category === '' ? {} : { category }),
        ...(isAffordable ? { affordable: 'true' } : {}),
        sort,
        categories: 'true',
        limit: PAGE,
      },
    },
    ({ goods }) => goods,
  );
  const isPlain = q === '' && category === '' && !isAffordable;
  const { items, known } = pages;
  return (
    <>
      <Ways />
      <Finder
        category={category}
        q={q}
        sort={sort}
        isAffordable={isAffordable}
        of={known.answer?.categories ?? []}
      />
      {isPlain && <Recommended programme={programme} where={where} />}
      <Answered known={known} lines={8}>
        {({ total }) => (
          <section aria-labelledby="found">
            <h2 id="found" class="count">
              <span role="status">{t('count', { n: total })}</span>
            </h2>
            {items.length === 0 ? (
              <Empty icon="mall">{t(isPlain ? 'noGoods' : 'none')}</Empty>
            ) : (
              <ul class="shelf">
                {items.map((good) => (
                  <li key={good.goods}>
                    <Tile good={good} where={where} />
                  </li>
                ))}
              </ul>
            )}
          </section>
        )}
      </Answered>
      <More pages={pages} label={t('moreGoods')} />
    </>
  );
}

const Ways = (): JSX.Element => (
  <nav class="ways" aria-label={t('mine')}>
    <a class="button plain" href={href('orders')}>
      <Icon name="order" size={18} />
      <span>{t('orders')}</span>
    </a>
    <a class="button plain" href={href('coupons')}>
      <Icon name="coupon" size={18} />
      <span>{t('coupons')}</span>
    </a>
  </nav>
);

function Finder({
  q,
  category,
  sort,
  isAffordable,
  of,
}: {
  q: string;
  category: string;
  sort: Sort;
  isAffordable: boolean;
  of: readonly { readonly category: string; readonly goods: number }[];
}): JSX.Element {
  const typed = useSignal(q);
  const find = (text: string): void => change({ q: text.trim(), sort: undefined });
  return (
    <div class="finder">
      <search>
        <Form
          class="beside"
          onSend={() => {
            find(typed.value);
          }}
        >
          <Field
            label={t('search')}
            type="search"
            value={typed.value}
            maxLength={QUESTION_LENGTH_MAX}
            onInput={(text) => {
              typed.value = text;
              // The cross of a field of searches empties it: then all is shown again.
              if (text === '' && q !== '') find('');
            }}
          />
          <Button type="submit" icon="search" label={t('doSearch')} />
        </Form>
      </search>
      {of.length > 0 && (
        <fieldset class="choices">
          <legend class="hidden">{t('categories')}</legend>
          <Chip isOn={category === ''} onClick={() => change({ category: undefined })}>
            {t('allCategories')}
          </Chip>
          {of.map((one) => (
            <Chip
              key={one.category}
              isOn={category === one.category}
              onClick={() => change({ category: one.category })}
            >
              {one.category} <span class="muted">{one.goods}</span>
            </Chip>
          ))}
        </fieldset>
      )}
      <div class="narrow">
        <label class="check">
          <input
            type="checkbox"
            checked={isAffordable}
            onChange={({ currentTarget }) =>
              change({ affordable: currentTarget.checked ? 'yes' : undefined })
            }
          />
          <span>{t('affordable')}</span>
        </label>
        <Field label={t('sort')} value={sort} onInput={(one) => change({ sort: one })}>
          {(q === '' ? SORTS : (['relevance', ...SORTS] as const)).map((one) => (
            <option key={one} value={one}>
              {t(SORT_WORDS[one])}
            </option>
          ))}
        </Field>
      </div>
    </div>
  );
}

const Chip = ({
  isOn,
  onClick,
  children,
}: {
  isOn: boolean;
  onClick: () => void;
  children: preact.ComponentChildren;
}): JSX.Element => (
  <button type="button" class="choice" aria-pressed={isOn} onClick={onClick}>
    {children}
  </button>
);

/** What others with like orders took; nothing is said where there is nothing, or it is not known now. */
function Recommended({
  programme: { programme },
  where,
}: {
  programme: ProgrammeThere;
  where: Where;
}): JSX.Element | null {
  const { answer } = useAnswer(getV1MembersByOwnerRecommendations, {
    path: { owner: owner.value },
    query: { programme, limit: RECOMMENDED },
  });
  const goods = answer?.goods ?? [];
  if (goods.length === 0) return null;
  return (
    <Card title={t('forYou')}>
      <ul class="strip">
        {goods.map((good) => (
          <li key={good.goods}>
            <Tile good={good as Shown} where={where} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
