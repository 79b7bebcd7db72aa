// Points of one platform for points of another: rate and fee before. Owns: that what is on the screen is what is sent. Never touches: ids and attempts; what an
// exchange comes to.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import {
  type ExchangeQuote,
  type ExchangeTargets,
  getV1AccountsByOwner,
  getV1ExchangeRatesByFrom,
  getV1UsersByOwner,
  postV1ExchangeQuotes,
  postV1Exchanges,
  postV1PartnerExchanges,
} from '../../../../web/page/api/operations.js';
import type { Problem } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { actions, caller, openActions } from '../../../../web/page/shell/app.js';
import { amount as amountOf, number, speaker } from '../../../../web/page/shell/language.js';
import { ask, href, place } from '../../../../web/page/shell/router.js';
import { useAction } from '../../../../web/page/shell/use-action.js';
import { Button, Card, Empty, Field, Form, Note } from '../../../../web/page/ui/parts.js';
import { Answered, OutcomeNote, ProblemNote } from '../../../../web/page/ui/told.js';
import { minorOf } from '../../../../web/page/words/words.js';
import { owner } from '../../shell/app.js';
import { points, scaleOf, unitOf, useWhere, type Where } from '../../shell/where.js';
import { countdown, heldMs } from '../mall/pricing.js';
import { isOfRate } from './partner.js';
import { PartnerExchanges } from './partner-exchanges.js';
import { GIVE } from './words.js';

const t = speaker(GIVE);
const PATHS: readonly string[] = ['/v1/exchanges', '/v1/partner-exchanges'];
const PERCENT = 100;
const TICK_MS = 1_000;

type Target = ExchangeTargets['targets'][number];

export default function ExchangeScreen(): JSX.Element {
  const known = useWhere();
  return (
    <>
      <Answered known={known} lines={6}>
        {(where) => <From where={where} />}
      </Answered>
      <PartnerExchanges />
    </>
  );
}

/** Assets that something may be got for: those in a coalition with another one. */
const fitting = ({ assets }: Where): readonly string[] =>
  assets
    .filter(
      ({ asset, coalition }) =>
        coalition !== undefined &&
        assets.some((other) => other.asset !== asset && other.coalition === coalition),
    )
    .map(({ asset }) => asset);

function From({ where }: { where: Where }): JSX.Element {
  const all = fitting(where);
  const { from: asked, to } = place.value.query;
  const from = all.find((one) => one === asked) ?? all[0];
  const known = useAnswer(
    getV1ExchangeRatesByFrom,
    from === undefined ? undefined : { path: { from } },
  );
  if (from === undefined) return <Empty icon="exchange">{t('exchangeNone')}</Empty>;
  return (
    <Card>
      <Field label={t('from')} value={from} onInput={(one) => ask({ from: one })}>
        {all.map((one) => (
          <option key={one} value={one}>
            {unitOf(where, one)}
          </option>
        ))}
      </Field>
      <Answered known={known}>
        {(terms) => {
          const target = terms.targets.find((one) => one.to === to) ?? terms.targets[0];
          if (target === undefined) return <Empty icon="exchange">{t('exchangeNone')}</Empty>;
          return (
            <>
              <Field
                label={t('toAsset')}
                value={target.to}
                onInput={(one) => ask({ from, to: one })}
              >
                {terms.targets.map((one) => (
                  <option key={one.to} value={one.to}>
                    {unitOf(where, one.to)}
                  </option>
                ))}
              </Field>
              <Terms terms={terms} target={target} where={where} />
              <Way key={`${from} ${target.to}`} terms={terms} target={target} where={where} />
            </>
          );
        }}
      </Answered>
    </Card>
  );
}

/** A decimal as it is told, as the language writes it. */
const decimal = (text: string): string => number(Number(text));

function feeText({ feeRate = '0', feeLeast, from }: ExchangeTargets, where: Where): string {
  const rate = Number(feeRate);
  const percent = `${number(rate * PERCENT)} %`;
  if (feeLeast !== undefined)
    return t('feeLeast', { percent, points: points(where, feeLeast, from) });
  return rate === 0 ? t('noFee') : percent;
}

function Terms({
  terms,
  target,
  where,
}: {
  terms: ExchangeTargets;
  target: Target;
  where: Where;
}): JSX.Element {
  const { from, mostEach, mostDay } = terms;
  const rate = t('rateIs', {
    from: unitOf(where, from),
    rate: decimal(target.rate),
    to: unitOf(where, target.to),
  });
  return (
    <ul class="facts">
      <li>{rate}</li>
      <li>
        {t('fee')}: {feeText(terms, where)}
      </li>
      {mostEach !== undefined && (
        <li>{t('mostEach', { points: points(where, mostEach, from) })}</li>
      )}
      {mostDay !== undefined && <li>{t('mostDay', { points: points(where, mostDay, from) })}</li>}
      {target.isOutside && <li>{t('outside')}</li>}
    </ul>
  );
}

/** A quote as it is on the screen. */
interface Offered {
  readonly quote: ExchangeQuote;
  readonly ends: number | undefined;
}

/** What an amount comes to, asked for when it is wanted. */
function useRate(from: string, to: string) {
  const offered = useSignal<Offered | undefined>(undefined);
  const before = useSignal<number | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const isAsking = useSignal(false);
  const isOver = useSignal(false);
  const times = useRef(0);
  const forget = (): void => {
    times.current++;
    offered.value = before.value = problem.value = undefined;
    isAsking.value = isOver.value = false;
  };
  const look = async (amount: number, isCompared = false): Promise<void> => {
    const last = isCompared ? offered.peek()?.quote.result : undefined;
    forget();
    const mine = times.current;
    before.value = last;
    isAsking.value = true;
    const body = { owner: owner.peek(), from, to, amount };
    const result = await caller.ask(postV1ExchangeQuotes, { body });
    if (mine !== times.current) return;
    isAsking.value = false;
    if (!result.ok) problem.value = result.problem;
    else {
      const held = heldMs(result.answer.until, Date.now());
      const ends = held === undefined ? undefined : performance.now() + held;
      offered.value = { quote: result.answer, ends };
    }
  };
  return { offered, before, problem, isAsking, isOver, look, forget };
}

/** The member's user at a partner that keeps the points that are given. */
function useUserThere(platform: string | undefined, isWanted: boolean): string | undefined {
  const { answer } = useAnswer(
    getV1UsersByOwner,
    isWanted ? { path: { owner: owner.value } } : undefined,
  );
  return answer?.mappings.find(({ system, status }) => system === platform && status === 'active')
    ?.user;
}

function Way({
  terms,
  target,
  where,
}: {
  terms: ExchangeTargets;
  target: Target;
  where: Where;
}): JSX.Element {
  const { from } = terms;
  const { to, isOutside } = target;
  const scale = scaleOf(where, from);
  const account = useAnswer(getV1AccountsByOwner, { path: { owner: owner.value } });
  const has = account.answer?.accounts.find(({ asset }) => asset === from)?.available;
  const userThere = useUserThere(terms.platform, isOutside);
  const typed = useSignal('');
  const isLookedAt = useSignal(false);
  const rate = useRate(from, to);
  const minor = minorOf(typed.value, scale);
  const told = (amount: number, asset: string): string => points(where, amount, asset);
  const title = t('exchangeTitle', { points: told(minor ?? 0, from) });
  const inside = useAction(postV1Exchanges, title);
  const outside = useAction(postV1PartnerExchanges, title);
  const doing = isOutside ? outside : inside;
  const quote = rate.offered.value?.quote;
  const isOpen = openActions.value.some(({ question }) => PATHS.includes(question.path));
  const wrong =
    minor === undefined
      ? t('amountWrong', { example: amountOf(100 * 10 ** scale, scale) })
      : has !== undefined && minor > has && !isKeptOutside(isOutside, has, userThere)
        ? t('tooMany', { points: told(has, from) })
        : undefined;
  const exchange = async (): Promise<void> => {
    if (quote === undefined) return;
    const { amount, quote: text } = quote;
    const body = { owner: owner.peek(), from, to, amount, quote: text };
    const came = isOutside
      ? await outside.run({
          body: userThere === undefined ? body : { ...body, fromUser: userThere },
        })
      : await inside.run({ body });
    if (came.state === 'refused' && isOfRate(came.problem.code)) void rate.look(amount, true);
  };
  const { outcome } = doing;
  if (outcome?.state === 'done' && quote !== undefined)
    return (
      <Done
        answer={outcome.answer}
        isOutside={isOutside}
        given={told(quote.amount, from)}
        got={told(quote.result, to)}
        onAgain={() => {
          typed.value = '';
          isLookedAt.value = false;
          rate.forget();
          doing.reset();
        }}
      />
    );
  return (
    <Form
      isChecked={false}
      onSend={() => {
        isLookedAt.value = true;
        if (wrong === undefined && minor !== undefined) void rate.look(minor);
      }}
    >
      <Field
        label={t('giveAmount')}
        hint={has === undefined ? undefined : t('has', { points: told(has, from) })}
        inputMode={scale === 0 ? 'numeric' : 'decimal'}
        value={typed.value}
        maxLength={24}
        isRequired
        error={isLookedAt.value ? wrong : undefined}
        onInput={(text) => {
          typed.value = text;
          rate.forget();
        }}
      />
      {quote === undefined && (
        <Button type="submit" kind="plain" isBusy={rate.isAsking.value}>
          {t('look')}
        </Button>
      )}
      {rate.problem.value && <ProblemNote problem={rate.problem.value} />}
      {quote !== undefined && (
        <Comes
          quote={quote}
          where={where}
          rate={rate}
          onAgain={() => void rate.look(quote.amount, true)}
        />
      )}
      {isOpen && !doing.isBusy ? (
        <Note kind="warn" icon="clock">
          <p>{t('pendingExchange')}</p>
          <Button kind="plain" onClick={() => void actions.resume(owner.peek())}>
            {t('askNow')}
          </Button>
        </Note>
      ) : (
        quote !== undefined &&
        !rate.isOver.value && (
          <Button isBusy={doing.isBusy} onClick={() => void exchange()}>
            {t('confirm', { points: told(quote.result, to) })}
          </Button>
        )
      )}
      <OutcomeNote
        outcome={
          outcome?.state === 'refused' && isOfRate(outcome.problem.code) ? undefined : outcome
        }
      >
        {null}
      </OutcomeNote>
    </Form>
  );
}

/** Of points that a partner keeps, this ledger does not know how many there are. */
const isKeptOutside = (isOutside: boolean, has: number, userThere: string | undefined): boolean =>
  isOutside && has === 0 && userThere !== undefined;

function Comes({
  quote,
  where,
  rate: { before, isOver, offered },
  onAgain,
}: {
  quote: ExchangeQuote;
  where: Where;
  rate: ReturnType<typeof useRate>;
  onAgain: () => void;
}): JSX.Element {
  const { from, to, amount, fee, result, rate } = quote;
  const last = before.value;
  return (
    <div class="charge" aria-live="polite">
      {last !== undefined && (
        <Note kind={last === result ? 'plain' : 'warn'}>
          {last === result
            ? t('stillSame')
            : t('changed', { before: points(where, last, to), now: points(where, result, to) })}
        </Note>
      )}
      <dl>
        <dt>{t('giving')}</dt>
        <dd>{points(where, amount, from)}</dd>
        <dt>{t('fee')}</dt>
        <dd>{fee === 0 ? t('noFee') : points(where, fee, from)}</dd>
        <dt>{t('rate')}</dt>
        <dd>
          {t('rateIs', {
            from: unitOf(where, from),
            rate: decimal(rate),
            to: unitOf(where, to),
          })}
        </dd>
        <dt class="sum">{t('get')}</dt>
        <dd class="sum">{points(where, result, to)}</dd>
      </dl>
      {isOver.value ? (
        <Note kind="warn" icon="clock">
          <p>{t('expired')}</p>
          <Button kind="plain" onClick={onAgain}>
            {t('newRate')}
          </Button>
        </Note>
      ) : (
        <p class="hint">
          {t('held')} <Countdown ends={offered.value?.ends} isOver={isOver} />
        </p>
      )}
    </div>
  );
}

function Countdown({
  ends,
  isOver,
}: {
  ends: number | undefined;
  isOver: { value: boolean };
}): JSX.Element | null {
  const left = useSignal(0);
  useEffect(() => {
    if (ends === undefined) return;
    const look = (): void => {
      left.value = ends - performance.now();
      if (left.value <= 0) isOver.value = true;
    };
    look();
    const timer = setInterval(look, TICK_MS);
    return () => clearInterval(timer);
  }, [ends]);
  if (ends === undefined) return null;
  return <span aria-hidden="true">{t('heldFor', { time: countdown(left.value) })}</span>;
}

/** By what an exchange with a partner is known. */
function exchangeIn(answer: unknown): string | undefined {
  const { act } = answer as { act?: { effects?: readonly Record<string, unknown>[] } };
  const id = act?.effects?.find((one) => typeof one['exchange'] === 'string')?.['exchange'];
  return typeof id === 'string' ? id : undefined;
}

function Done({
  answer,
  isOutside,
  given,
  got,
  onAgain,
}: {
  answer: unknown;
  isOutside: boolean;
  given: string;
  got: string;
  onAgain: () => void;
}): JSX.Element {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => panel.current?.focus(), []);
  const exchange = isOutside ? exchangeIn(answer) : undefined;
  return (
    <div role="status" ref={panel} tabIndex={-1}>
      <Note kind={isOutside ? 'plain' : 'good'} icon={isOutside ? 'clock' : 'check'}>
        {isOutside ? t('submitted') : t('exchanged', { given, got })}
      </Note>
      <div class="buttons">
        {exchange !== undefined && (
          <a class="button main" href={href('exchange', exchange)}>
            <span>{t('toExchange')}</span>
          </a>
        )}
        <Button kind="plain" onClick={onAgain}>
          {t('again')}
        </Button>
      </div>
    </div>
  );
}
