// Gift cards: issued, looked up, given another end.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { postV1Cards, postV1CardsLookUp } from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import { useAction } from '../../../../../web/page/shell/use-action.js';
import { useCall } from '../../../../../web/page/shell/use-call.js';
import { Button, Card, Field, Form } from '../../../../../web/page/ui/parts.js';
import { OutcomeNote, ProblemNote } from '../../../../../web/page/ui/told.js';
import { minorOf } from '../../../../../web/page/words/words.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Id } from '../../../ui/parts.js';
import { useAround } from '../definitions/known.js';
import { CardFacts, Ends, endOf } from './card.js';
import { VOUCHERS } from './words.js';

const t = speaker(VOUCHERS);

export default function Cards(): JSX.Element {
  return (
    <>
      <Head title={t('cards')}>
        <p class="muted">{t('cardsWhy')}</p>
      </Head>
      {may('settle') && <Issue />}
      <LookUp />
    </>
  );
}

/** Its code is shown once. Under its id the ledger answers the same card again: where an answer was lost no second one is issued. */
function Issue(): JSX.Element {
  const { programmes, scaleOf, choices } = useAround();
  const issue = useAction(postV1Cards, t('issue'));
  const programme = useSignal('');
  const worth = useSignal('');
  const budget = useSignal('');
  const ends = useSignal('');
  const of = programme.value || programmes[0] || '';
  const scale = scaleOf({ programme: of }, of) ?? 0;
  const minor = minorOf(worth.value, scale);
  const end = endOf(ends.value);
  const { outcome } = issue;
  const run = async (): Promise<void> => {
    if (minor === undefined || end === undefined || of === '') return;
    const came = await issue.run({
      body: {
        ...{ programme: of, amount: minor, expiresAt: end },
        ...(budget.value !== '' && { budget: budget.value }),
      },
    });
    if (came.state === 'done') worth.value = '';
  };
  return (
    <Card title={t('issue')}>
      <Form class="inline-form" onSend={run}>
        <Field
          label={t('programme')}
          value={of}
          onInput={(to) => {
            programme.value = to;
          }}
        >
          {(choices('programme') ?? []).map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Field>
        <Field
          label={t('amount')}
          inputMode="decimal"
          bound={worth}
          isRequired
          error={
            worth.value !== '' && minor === undefined
              ? t('amountWrong', { asset: of, scale })
              : undefined
          }
        />
        <Ends at={ends} />
        <Field
          label={t('budget')}
          hint={t('budgetWhy')}
          value={budget.value}
          placeholder="#budget:"
          onInput={(to) => {
            budget.value = to.trim();
          }}
        />
        <Button type="submit" isBusy={issue.isBusy} isOff={minor === undefined}>
          {t('issue')}
        </Button>
      </Form>
      <OutcomeNote outcome={outcome}>
        <p>{t('issued')}</p>
        {outcome?.state === 'done' && <Id id={outcome.answer.code} label={t('byCode')} />}
      </OutcomeNote>
      {outcome?.state === 'done' && <CardFacts card={outcome.answer} />}
    </Card>
  );
}

function LookUp(): JSX.Element {
  const found = useCall(postV1CardsLookUp);
  const code = useSignal('');
  const { result } = found;
  const run = async (): Promise<void> => {
    if (code.value.trim() === '') return;
    const came = await found.run({ body: { code: code.value.trim() } });
    // The code goes nowhere: what the ledger knows the card by is the address.
    if (came.ok) go(href('cards', came.answer.card));
  };
  return (
    <Card title={t('find')}>
      <Form class="inline-form" onSend={run}>
        <Field label={t('byCode')} bound={code} />
        <Button type="submit" kind="plain" isBusy={found.isBusy}>
          {t('find')}
        </Button>
      </Form>
      <div role="status">{result?.ok === false && <ProblemNote problem={result.problem} />}</div>
    </Card>
  );
}
