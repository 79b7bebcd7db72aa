// Simulations: one is begun, those there are.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { getV1Simulations, postV1Simulations } from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { go, href, place } from '../../../../../web/page/shell/router.js';
import { useCall } from '../../../../../web/page/shell/use-call.js';
import { Button, Card } from '../../../../../web/page/ui/parts.js';
import { Answered, ProblemNote } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Jobs } from './jobs.js';
import {
  chosenOf,
  lastWeek,
  NOTHING_CHOSEN,
  Period,
  type PeriodValue,
  periodOf,
} from './period.js';
import { SIMULATIONS } from './words.js';

const t = speaker(SIMULATIONS);

export default function Simulations(): JSX.Element {
  const value = useSignal<PeriodValue>({ ...NOTHING_CHOSEN, from: lastWeek() });
  const begin = useCall(postV1Simulations, 1);
  const known = useAnswer(getV1Simulations, {});
  const isAsked = useSignal(false);
  const { add } = place.value.query;
  useEffect(() => {
    const at = add?.indexOf('/') ?? -1;
    if (add === undefined || at < 1) return;
    void chosenOf(add.slice(0, at), add.slice(at + 1)).then((one) => {
      value.value = { ...value.peek(), chosen: [one] };
    });
  }, [add]);
  const period = periodOf(value.value);
  const run = async (): Promise<void> => {
    isAsked.value = true;
    if (period === undefined) return;
    const came = await begin.run({ body: period });
    if (came.ok) go(href('simulations', came.answer.id));
  };
  return (
    <>
      <Head title={t('simulations')}>
        <p class="muted">{t('about')}</p>
      </Head>
      {may('configure') && (
        <Card>
          <Period
            value={value.value}
            onChange={(next) => {
              value.value = next;
            }}
          />
          {isAsked.value && period === undefined && (
            <p class="error">
              {t('fromInvalid')} {t('toEarly')}
            </p>
          )}
          {begin.result?.ok === false && <ProblemNote problem={begin.result.problem} />}
          <div class="buttons">
            <Button isBusy={begin.isBusy} onClick={() => void run()}>
              {t('begin')}
            </Button>
          </div>
        </Card>
      )}
      <Card title={t('list')}>
        <Answered known={known}>{({ jobs }) => <Jobs jobs={jobs} at="simulations" />}</Answered>
      </Card>
    </>
  );
}
