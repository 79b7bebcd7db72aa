// Goods: what they are, what is left of them, their codes.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1DefinitionsByKindByKey,
  getV1GoodsByGoodsCodes,
  getV1GoodsByGoodsStock,
  postV1GoodsByGoodsCodes,
  postV1GoodsByGoodsCodesWithdraw,
  postV1GoodsByGoodsStock,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { useAction } from '../../../../../web/page/shell/use-action.js';
import { useCall } from '../../../../../web/page/shell/use-call.js';
import { Button, Card, Field, Form, Note } from '../../../../../web/page/ui/parts.js';
import { Sure } from '../../../../../web/page/ui/sure.js';
import { Answered, isMissing, OutcomeNote, ProblemNote } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { useAround, useKindSchema } from '../definitions/known.js';
import { DocumentShown, StandingBadge } from '../definitions/parts.js';
import { documentOf, nameOf, standingOf } from '../definitions/standing.js';
import { Figure } from '../simulations/result.js';
import { MALL } from './words.js';

const t = speaker(MALL);

export default function Good({ params }: ScreenProps): JSX.Element {
  const { goods = '' } = params;
  const known = useAnswer(getV1DefinitionsByKindByKey, { path: { kind: 'goods', key: goods } });
  const schema = useKindSchema('goods');
  const around = useAround();
  const { answer } = known;
  return (
    <>
      <Head
        title={(answer && nameOf(answer)) ?? goods}
        crumbs={[{ title: t('goods'), href: href('goods') }]}
        actions={
          !isMissing(known.problem) && (
            <>
              <a class="button plain" href={`${href('orders')}?goods=${encodeURIComponent(goods)}`}>
                {t('ordersOf')}
              </a>
              <a class="button plain" href={href('definitions', 'goods', goods)}>
                {t('definition')}
              </a>
            </>
          )
        }
      >
        <p class="muted wrap">
          <code>{goods}</code> {answer && <StandingBadge standing={standingOf(answer)} />}
        </p>
      </Head>
      <Answered known={known}>
        {(history) => {
          const document = documentOf(history);
          return (
            <>
              {document['delivery'] === 'code' ? (
                <Codes goods={goods} />
              ) : document['stockAsset'] === undefined ? (
                <Card title={t('stock')}>
                  <p class="muted">{t('noStock')}</p>
                </Card>
              ) : (
                <Stock goods={goods} />
              )}
              <Card title={t('definition')}>
                <Answered known={schema}>
                  {(of) => (
                    <DocumentShown
                      kind="goods"
                      schema={of}
                      document={document}
                      scale={around.scaleOf(document, goods)}
                    />
                  )}
                </Answered>
              </Card>
            </>
          );
        }}
      </Answered>
    </>
  );
}

/** What takes pieces and codes. */
const ordersOf = (goods: string): string => `${href('orders')}?goods=${encodeURIComponent(goods)}`;

function Stock({ goods }: { goods: string }): JSX.Element {
  const known = useAnswer(getV1GoodsByGoodsStock, { path: { goods } });
  const change = useAction(postV1GoodsByGoodsStock, t('change'));
  const pieces = useSignal('');
  const reason = useSignal('');
  const count = /^[+-]?\d{1,15}$/.test(pieces.value.trim()) ? Number(pieces.value) : 0;
  const isWhole = count !== 0 && reason.value.trim() !== '';
  const run = async (): Promise<void> => {
    if (!isWhole) return;
    const came = await change.run({
      path: { goods },
      body: { pieces: count, reason: reason.value.trim() },
    });
    if (came.state !== 'done') return;
    pieces.value = '';
    reason.value = '';
  };
  return (
    <Card title={t('stock')}>
      <Answered known={known}>
        {({ available, held, lent, funded, paid, low, lowStock, recalled }) => (
          <>
            {low && <Note kind="warn">{t('low', { n: lowStock })}</Note>}
            {recalled && <Note kind="warn">{t('recalled', { pieces: recalled.pieces })}</Note>}
            <dl class="figures">
              <Figure name={t('available')} value={number(available)} href={ordersOf(goods)} />
              <Figure name={t('held')} value={number(held)} href={ordersOf(goods)} />
              <Figure name={t('lent')} value={number(lent)} href={href('status')} />
              <Figure name={t('funded')} value={number(funded)} href={ordersOf(goods)} />
              <Figure name={t('paid')} value={number(paid)} href={ordersOf(goods)} />
            </dl>
          </>
        )}
      </Answered>
      {may('configure') && (
        <Form class="inline-form" onSend={run}>
          <Field
            label={t('pieces')}
            hint={t('piecesWhy')}
            inputMode="numeric"
            bound={pieces}
            isRequired
          />
          <Field
            label={t('reason')}
            hint={t('reasonWhy')}
            bound={reason}
            maxLength={256}
            isRequired
          />
          <Button type="submit" isBusy={change.isBusy} isOff={!isWhole}>
            {t('change')}
          </Button>
        </Form>
      )}
      <OutcomeNote outcome={change.outcome}>{t('changed')}</OutcomeNote>
    </Card>
  );
}

const linesIn = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

function Codes({ goods }: { goods: string }): JSX.Element {
  const known = useAnswer(getV1GoodsByGoodsCodes, { path: { goods } });
  return (
    <Card title={t('codes')}>
      <Answered known={known}>
        {({ free, reserved, given, withdrawn, low, lowStock }) => (
          <>
            {low && <Note kind="warn">{t('low', { n: lowStock })}</Note>}
            <dl class="figures">
              <Figure name={t('free')} value={number(free)} href={ordersOf(goods)} />
              <Figure name={t('reserved')} value={number(reserved)} href={ordersOf(goods)} />
              <Figure name={t('given')} value={number(given)} href={ordersOf(goods)} />
              <Figure name={t('withdrawn')} value={number(withdrawn)} href={ordersOf(goods)} />
            </dl>
          </>
        )}
      </Answered>
      {may('configure') && (
        <>
          <Upload goods={goods} />
          <Withdraw goods={goods} />
        </>
      )}
    </Card>
  );
}

/** Codes are secrets: they are sent once, and kept nowhere here. */
function Upload({ goods }: { goods: string }): JSX.Element {
  const upload = useCall(postV1GoodsByGoodsCodes);
  const text = useSignal('');
  const codes = linesIn(text.value);
  const { result } = upload;
  const run = async (): Promise<void> => {
    if (codes.length === 0) return;
    const came = await upload.run({ path: { goods }, body: { codes } });
    if (came.ok) text.value = '';
  };
  return (
    <details class="chosen">
      <summary>{t('upload')}</summary>
      <label class="field">
        <span>{t('codesOfLines')}</span>
        <textarea
          class="code"
          rows={6}
          spellcheck={false}
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
        />
        <span class="hint">{t('uploadWhy')}</span>
      </label>
      <Button isBusy={upload.isBusy} isOff={codes.length === 0} onClick={() => void run()}>
        {`${t('upload')} (${number(codes.length)})`}
      </Button>
      <div role="status">
        {result?.ok === true && result.answer !== undefined && (
          <Note kind="good" icon="check">
            {t('uploaded', { ...result.answer })}
          </Note>
        )}
        {result?.ok === false && <ProblemNote problem={result.problem} />}
      </div>
    </details>
  );
}

function Withdraw({ goods }: { goods: string }): JSX.Element {
  const withdraw = useCall(postV1GoodsByGoodsCodesWithdraw);
  const text = useSignal('');
  const reason = useSignal('');
  const isAsked = useSignal(false);
  const { result } = withdraw;
  const run = async (): Promise<void> => {
    const codes = linesIn(text.value);
    const body = {
      codes: codes.length === 0 ? ('all' as const) : codes,
      reason: reason.value.trim(),
    };
    const came = await withdraw.run({ path: { goods }, body });
    isAsked.value = false;
    if (came.ok) text.value = '';
  };
  return (
    <details class="chosen">
      <summary>{t('withdraw')}</summary>
      <label class="field">
        <span>{t('codes')}</span>
        <textarea
          class="code"
          rows={4}
          spellcheck={false}
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
        />
        <span class="hint">{t('withdrawWhy')}</span>
      </label>
      <Field label={t('reason')} hint={t('reasonWhy')} bound={reason} maxLength={256} isRequired />
      <Button
        kind="danger"
        isOff={reason.value.trim() === ''}
        onClick={() => {
          isAsked.value = true;
        }}
      >
        {t('withdraw')}
      </Button>
      {isAsked.value && (
        <Sure
          title={t('withdraw')}
          what={t('withdrawAsk')}
          yes={t('withdraw')}
          no={t('cancelDialog')}
          isBusy={withdraw.isBusy}
          onYes={() => void run()}
          onNo={() => {
            isAsked.value = false;
          }}
        />
      )}
      <div role="status">
        {result?.ok === true && result.answer !== undefined && (
          <Note kind="good" icon="check">
            {t('withdrawnNote', { ...result.answer })}
          </Note>
        )}
        {result?.ok === false && <ProblemNote problem={result.problem} />}
      </div>
    </details>
  );
}
