// An exchange with a partner outside: how far it is, honestly (give.P1). Owns: that it is looked at again as long as it is under way. Never touches: how it goes on.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import {
  getV1PartnerExchangesByExchange,
  type PartnerExchange,
  postV1PartnerExchangesByExchangeCancel,
} from '../../../../web/page/api/operations.js';
import { refresh, useAnswer } from '../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../web/page/shell/language.js';
import type { ScreenProps } from '../../../../web/page/shell/screen.js';
import { useAction } from '../../../../web/page/shell/use-action.js';
import { Button, Card, Note, When } from '../../../../web/page/ui/parts.js';
import { Copy } from '../../../../web/page/ui/secret.js';
import { Sure } from '../../../../web/page/ui/sure.js';
import { Answered, OutcomeNote } from '../../../../web/page/ui/told.js';
import { may, owner } from '../../shell/app.js';
import { points, useWhere, type Where } from '../../shell/where.js';
import { answerOf, isOver, mayGoBack, TONES, toldOf } from './partner.js';
import { GIVE } from './words.js';

const t = speaker(GIVE);
const LOOK_MS = 5_000;

export default function PartnerExchangeScreen({ params }: ScreenProps): JSX.Element {
  const { exchange = '' } = params;
  const where = useWhere();
  const known = useAnswer(getV1PartnerExchangesByExchange, { path: { exchange } });
  const isGoingOn = known.answer !== undefined && !isOver(known.answer);
  useEffect(() => {
    if (!isGoingOn) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refresh();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [isGoingOn]);
  return (
    <Answered known={where}>
      {(there) => (
        <Answered known={known} lines={8}>
          {(one) => <One one={one} where={there} />}
        </Answered>
      )}
    </Answered>
  );
}

function One({ one, where }: { one: PartnerExchange; where: Where }): JSX.Element {
  const told = toldOf(one);
  const tone = TONES[told];
  return (
    <>
      <Card>
        <div role="status">
          <p class={`tag ${tone}`}>{t(`told_${told}`)}</p>
          <Note kind={tone}>{t(`why_${told}`)}</Note>
        </div>
        {!isOver(one) && <p class="hint">{t('refreshed')}</p>}
        <dl>
          <dt>{t('giving')}</dt>
          <dd>{points(where, one.amount, one.source.asset)}</dd>
          <dt>{t('fee')}</dt>
          <dd>{one.fee === 0 ? t('noFee') : points(where, one.fee, one.source.asset)}</dd>
          <dt class="sum">{t('get')}</dt>
          <dd class="sum">{points(where, one.result, one.target.asset)}</dd>
          <dt>{t('number')}</dt>
          <dd>
            <code>{one.exchange}</code> <Copy text={one.exchange} label={t('number')} />
          </dd>
          <dt>{t('since')}</dt>
          <dd>
            <When ms={one.submittedAt} form="time" />
          </dd>
          {!isOver(one) && (
            <>
              <dt>{t('until')}</dt>
              <dd>
                <When ms={one.until} form="time" />
              </dd>
            </>
          )}
        </dl>
        <Undoing one={one} />
      </Card>
      {one.history.length > 0 && (
        <Card title={t('history')}>
          <ol class="list">
            {one.history.map(({ step, answer, at }) => (
              <li key={`${step} ${at}`} class="row">
                <span class="grow">
                  {t(`step_${step}`)}
                  <span class="hint"> {date(at, 'time')}</span>
                </span>
                <span class="hint">{t(answerOf(answer))}</span>
              </li>
            ))}
          </ol>
        </Card>
      )}
    </>
  );
}

function Undoing({ one }: { one: PartnerExchange }): JSX.Element | null {
  const { exchange } = one;
  const isAsked = useSignal(false);
  const doing = useAction(postV1PartnerExchangesByExchangeCancel, t('cancelTitle', { exchange }));
  const undo = async (): Promise<void> => {
    await doing.run({ path: { exchange }, body: { owner: owner.peek() } });
    isAsked.value = false;
  };
  if (doing.outcome === undefined && !(mayGoBack(one) && may('transfer'))) return null;
  return (
    <>
      <OutcomeNote outcome={doing.outcome}>{t('cancelAsked')}</OutcomeNote>
      {mayGoBack(one) && doing.outcome?.state !== 'done' && (
        <Button
          kind="plain"
          onClick={() => {
            isAsked.value = true;
          }}
        >
          {t('cancel')}
        </Button>
      )}
      {isAsked.value && (
        <Sure
          title={t('cancelSure')}
          what={t('cancelWhat')}
          yes={t('cancelYes')}
          no={t('keep')}
          isBusy={doing.isBusy}
          onYes={() => void undo()}
          onNo={() => {
            isAsked.value = false;
          }}
        />
      )}
    </>
  );
}
