// One budget: what it got, what it paid, what is left; points are put into it. Owns: this screen. Never touches: what pays out of it.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  type BudgetState,
  getV1BudgetsByBudgetAssetsByAsset,
  postV1BudgetsByBudgetAssetsByAssetFund,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { amount, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Button, Card, Field, Note, Progress } from '../../../../../web/page/ui/parts.js';
import { Answered, isMissing } from '../../../../../web/page/ui/told.js';
import { minorOf } from '../../../../../web/page/words/words.js';
import { may } from '../../../shell/app.js';
import { ActionDialog } from '../../../ui/acting/action-dialog.js';
import { Head } from '../../../ui/head.js';
import { Table } from '../../../ui/table/table.js';
import { kindName } from '../definitions/kinds.js';
import { useScale } from '../mall/scale.js';
import { Figure } from '../simulations/result.js';
import { paidPercent } from './list.js';
import { useNamed } from './named.js';
import { BUDGETS } from './words.js';

const t = speaker(BUDGETS);
/** As the alert BUDGET_LOW is by itself: percent of what it got. */
const LOW_PERCENT = 10;

export default function Budget({ params }: ScreenProps): JSX.Element {
  const path = { budget: params.budget ?? '', asset: params.asset ?? '' };
  const { budget, asset } = path;
  const known = useAnswer(getV1BudgetsByBudgetAssetsByAsset, { path }, { isKept: false });
  const isFunding = useSignal(false);
  return (
    <>
      <Head
        title={`${budget} · ${asset}`}
        crumbs={[{ title: t('title'), href: href('budgets') }]}
        actions={
          may('settle') &&
          !isMissing(known.problem) && (
            <Button
              onClick={() => {
                isFunding.value = true;
              }}
            >
              {t('fund')}
            </Button>
          )
        }
      />
      <Answered known={known}>{(state) => <State state={state} />}</Answered>
      <By budget={budget} asset={asset} />
      {isFunding.value && (
        <Fund
          path={path}
          onClose={() => {
            isFunding.value = false;
          }}
        />
      )}
    </>
  );
}

function State({ state }: { state: BudgetState }): JSX.Element {
  const scale = useScale(state.asset);
  const points = (minor: number): string => amount(minor, scale);
  const { available, funded, paid, held, lent } = state;
  const low = funded > 0 && available * 100 < funded * LOW_PERCENT;
  return (
    <>
      {low && (
        <Note kind="warn" icon="warn">
          {t(available === 0 ? 'empty' : 'low')}
        </Note>
      )}
      <dl class="figures">
        <Figure name={t('available')} value={points(available)} href="#named" />
        <Figure name={t('paid')} value={points(paid)} href="#named" />
        <Figure name={t('funded')} value={points(funded)} href="#named" />
        <Figure name={t('held')} value={points(held)} href="#named" />
        <Figure name={t('lent')} value={points(lent)} href={href('status')} />
      </dl>
      {funded > 0 && <Progress value={paidPercent(state)} label={t('spent')} />}
    </>
  );
}

function By({ budget, asset }: { budget: string; asset: string }): JSX.Element {
  const { named } = useNamed();
  const by = named.find((one) => one.budget === budget && one.asset === asset)?.by ?? [];
  return (
    <Card title={<span id="named">{t('named')}</span>}>
      <Table
        label={t('named')}
        rows={by}
        columns={[
          { name: 'key', title: t('name'), cell: ({ key }) => <code class="wrap">{key}</code> },
          { name: 'kind', title: '', cell: ({ kind }) => kindName(kind) },
        ]}
        keyOf={({ kind, key }) => `${kind}/${key}`}
        hrefOf={({ kind, key }) => href('definitions', kind, key)}
        empty={t('nobody')}
      />
    </Card>
  );
}

function Fund({
  path,
  onClose,
}: {
  path: { readonly budget: string; readonly asset: string };
  onClose: () => void;
}): JSX.Element {
  const scale = useScale(path.asset);
  const text = useSignal('');
  const minor = minorOf(text.value, scale);
  return (
    <ActionDialog
      title={t('fundTitle', { budget: path.budget })}
      what={t('fundWhat')}
      operation={postV1BudgetsByBudgetAssetsByAssetFund}
      asked={(reason) =>
        minor === undefined ? undefined : { path, body: { amount: minor, memo: reason } }
      }
      yes={t('fund')}
      onClose={onClose}
    >
      <Field
        label={t('amount')}
        fills="amount"
        bound={text}
        inputMode="decimal"
        placeholder={amount(0, scale)}
        error={text.value.trim() !== '' && minor === undefined ? t('amountWrong') : undefined}
        isRequired
      />
    </ActionDialog>
  );
}
