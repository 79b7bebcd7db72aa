// Budgets, and what is left of each. Owns: the list. Never touches: what pays out of them.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1Assets,
  getV1BudgetsByBudgetAssetsByAsset,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { amount, number, speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import { Button, Card, Field, Form, Progress } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { Head } from '../../../ui/head.js';
import type { Column } from '../../../ui/table/columns.js';
import { Table } from '../../../ui/table/table.js';
import { kindName } from '../definitions/kinds.js';
import { useScale } from '../mall/scale.js';
import { type Named, useNamed } from './named.js';
import { BUDGETS } from './words.js';

const t = speaker(BUDGETS);

/** How much of what it got a budget has paid. */
export const paidPercent = ({ funded, paid }: { funded: number; paid: number }): number =>
  funded === 0 ? 0 : (100 * paid) / funded;

function Left({ budget, asset }: Named): JSX.Element {
  const scale = useScale(asset);
  const known = useAnswer(getV1BudgetsByBudgetAssetsByAsset, { path: { budget, asset } });
  const { answer } = known;
  return (
    <a href={href('budgets', budget, asset)}>
      {answer === undefined ? '…' : amount(answer.available, scale)}
    </a>
  );
}

function Spent({ budget, asset }: Named): JSX.Element | null {
  const { answer } = useAnswer(getV1BudgetsByBudgetAssetsByAsset, { path: { budget, asset } });
  if (answer === undefined) return null;
  if (answer.funded === 0) return <span class="muted">{t('unfunded')}</span>;
  const percent = paidPercent(answer);
  return (
    <>
      {number(Math.round(percent))} %<Progress value={percent} label={t('spent')} />
    </>
  );
}

const columns = (): readonly Column<Named>[] => [
  { name: 'budget', title: t('budget'), cell: ({ budget }) => <code class="wrap">{budget}</code> },
  { name: 'asset', title: t('asset'), cell: ({ asset }) => <code>{asset}</code> },
  { name: 'left', title: t('available'), cell: (one) => <Left {...one} />, isNumber: true },
  { name: 'spent', title: t('spent'), cell: (one) => <Spent {...one} />, isMinor: true },
  {
    name: 'by',
    title: t('named'),
    cell: ({ by }) => (
      <span class="chips">
        {by.map(({ kind, key }) => (
          <a key={`${kind}/${key}`} href={href('definitions', kind, key)} title={kindName(kind)}>
            {key}
          </a>
        ))}
      </span>
    ),
    isMinor: true,
  },
];

export default function Budgets(): JSX.Element {
  const { known, named, isWhole } = useNamed();
  return (
    <>
      <Head title={t('title')}>
        <p class="muted">{t('why')}</p>
      </Head>
      <Answered known={known}>
        {() => (
          <Table
            label={t('title')}
            rows={named}
            columns={columns()}
            keyOf={({ budget, asset }) => `${budget} ${asset}`}
            hrefOf={({ budget, asset }) => href('budgets', budget, asset)}
            empty={t('none')}
          />
        )}
      </Answered>
      {!isWhole && <p class="muted">{t('more')}</p>}
      <Find />
    </>
  );
}

/** What no definition names has points as well. */
function Find(): JSX.Element {
  const assets = useAnswer(getV1Assets, {}).answer?.assets ?? [];
  const name = useSignal('');
  const asset = useSignal('');
  const chosen = asset.value || (assets[0]?.asset ?? '');
  return (
    <Card title={t('find')}>
      <Form
        class="inline-form"
        onSend={() => {
          const budget = name.value.trim();
          // Dots alone are no part of an address.
          if (!/^\.*$/.test(budget) && chosen !== '') go(href('budgets', budget, chosen));
        }}
      >
        <Field label={t('name')} bound={name} />
        <Field
          label={t('asset')}
          value={chosen}
          onInput={(text) => {
            asset.value = text;
          }}
        >
          {assets.map((one) => (
            <option key={one.asset} value={one.asset}>
              {one.asset}
            </option>
          ))}
        </Field>
        <Button type="submit" kind="plain">
          {t('open')}
        </Button>
      </Form>
    </Card>
  );
}
