// Corrections: a preview, the posting, the undoing; those there are.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1Corrections,
  getV1DefinitionsByKind,
  postV1Corrections,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import { useAction } from '../../../../../web/page/shell/use-action.js';
import { Button, Card, Field } from '../../../../../web/page/ui/parts.js';
import { Sure } from '../../../../../web/page/ui/sure.js';
import { Answered, OutcomeNote } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Jobs } from '../simulations/jobs.js';
import {
  lastWeek,
  NOTHING_CHOSEN,
  Period,
  type PeriodValue,
  periodOf,
} from '../simulations/period.js';
import { SIMULATIONS } from '../simulations/words.js';

const t = speaker(SIMULATIONS);

type What = 'preview' | 'correct' | 'undo';

export default function Corrections(): JSX.Element {
  const known = useAnswer(getV1Corrections, {});
  return (
    <>
      <Head title={t('corrections')}>
        <p class="muted">{t('aboutCorrections')}</p>
      </Head>
      {may('configure', 'adjust') && <Begin />}
      <Card title={t('list')}>
        <Answered known={known}>{({ jobs }) => <Jobs jobs={jobs} at="corrections" />}</Answered>
      </Card>
    </>
  );
}

function Begin(): JSX.Element {
  const value = useSignal<PeriodValue>({ ...NOTHING_CHOSEN, from: lastWeek() });
  const name = useSignal('');
  const within = useSignal('');
  const isAsked = useSignal(false);
  const sure = useSignal<What | undefined>(undefined);
  const begin = useAction(postV1Corrections, t('corrections'));
  const bounds =
    useAnswer(getV1DefinitionsByKind, { path: { kind: 'correction' } }).answer?.definitions ?? [];
  const period = periodOf(value.value);
  const isWhole =
    period !== undefined &&
    value.value.chosen.length > 0 &&
    name.value !== '' &&
    within.value !== '';
  const ask = (what: What): void => {
    isAsked.value = true;
    if (!isWhole) return;
    if (what === 'preview') void run(what);
    else sure.value = what;
  };
  const run = async (what: What): Promise<void> => {
    if (period === undefined) return;
    const came = await begin.run({
      body: {
        ...period,
        definitions: period.definitions ?? [],
        correction: name.value,
        within: within.value,
        ...(what === 'preview' && { preview: true }),
        ...(what === 'undo' && { undo: true }),
      },
    });
    sure.value = undefined;
    if (came.state === 'done') go(href('corrections', came.answer.id));
  };
  return (
    <Card>
      <div class="inline-form">
        <Field
          label={t('name')}
          hint={t('nameWhy')}
          value={name.value}
          maxLength={24}
          isRequired
          onInput={(to) => {
            name.value = to.trim();
          }}
        />
        <Field label={t('within')} bound={within} isRequired>
          <option value="">–</option>
          {bounds.map(({ key }) => (
            <option key={key}>{key}</option>
          ))}
        </Field>
      </div>
      <Period
        value={value.value}
        onChange={(next) => {
          value.value = next;
        }}
      />
      {isAsked.value && !isWhole && <p class="error">{t('lacking')}</p>}
      <OutcomeNote outcome={begin.outcome}>{null}</OutcomeNote>
      <div class="buttons">
        <Button isBusy={begin.isBusy} onClick={() => ask('preview')}>
          {t('preview')}
        </Button>
        {may('adjust') && (
          <>
            <Button kind="danger" isBusy={begin.isBusy} onClick={() => ask('correct')}>
              {t('correct')}
            </Button>
            <Button kind="plain" isBusy={begin.isBusy} onClick={() => ask('undo')}>
              {t('undo')}
            </Button>
          </>
        )}
      </div>
      {sure.value !== undefined && (
        <Sure
          title={t(sure.value)}
          what={sure.value === 'undo' ? t('undoAsk') : t('correctAsk')}
          yes={t(sure.value)}
          no={t('cancel')}
          isBusy={begin.isBusy}
          onYes={() => void run(sure.value ?? 'preview')}
          onNo={() => {
            sure.value = undefined;
          }}
        />
      )}
    </Card>
  );
}
