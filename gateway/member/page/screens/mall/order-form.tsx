// An order before it is made: how many, at which price, paid with what, sent where. Owns: that the price on the screen is the one that is sent (buying.P1). Never
// touches: ids and attempts (calls/actions.ts); what is charged.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import {
  getV1AccountsByOwner,
  type PriceQuote,
  postV1Orders,
  postV1Quotes,
} from '../../../../web/page/api/operations.js';
import type { Problem } from '../../../../web/page/calls/operation.js';
import { refresh, useAnswer } from '../../../../web/page/shell/answers.js';
import { actions, caller, openActions } from '../../../../web/page/shell/app.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import { useAction } from '../../../../web/page/shell/use-action.js';
import { Button, Field, Form, Note } from '../../../../web/page/ui/parts.js';
import { OutcomeNote, ProblemNote } from '../../../../web/page/ui/told.js';
import { embedded } from '../../embed/host.js';
import { owner } from '../../shell/app.js';
import { short, type Where } from '../../shell/where.js';
import { NO_PAYING, type Paying, PayWith } from './pay-with.js';
import {
  type Comes,
  changing,
  comesTo,
  countdown,
  heldMs,
  isOfPrice,
  mostOf,
  shared,
} from './pricing.js';
import {
  NEEDED,
  NOBODY,
  RECEIVER_FIELDS,
  type Receiver,
  receiverProblems,
  sent,
} from './receiver.js';
import type { Shown } from './tile.js';
import { MALL } from './words.js';

const t = speaker(MALL);

/** A price as it is on the screen. */
interface Offered {
  readonly quote: PriceQuote;
  /** By the clock of the page, which nobody sets: when it is over; undefined: it is not counted. */
  readonly ends: number | undefined;
}

/** The price of so many pieces, asked for anew when `again` is called and whenever the number changes. */
function useOffer(goods: string, quantity: number) {
  const offered = useSignal<Offered | undefined>(undefined);
  const before = useSignal<number | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const isAsking = useSignal(false);
  const isOver = useSignal(false);
  const times = useRef(0);
  const again = async (isCompared: boolean): Promise<void> => {
    const mine = ++times.current;
    before.value = isCompared ? (offered.peek()?.quote.total ?? before.peek()) : undefined;
    offered.value = undefined;
    problem.value = undefined;
    isAsking.value = true;
    isOver.value = false;
    const body = { owner: owner.peek(), goods, quantity };
    const result = await caller.ask(postV1Quotes, { body });
    // Another number was asked for meanwhile.
    if (mine !== times.current) return;
    isAsking.value = false;
    if (!result.ok) problem.value = result.problem;
    else {
      const held = heldMs(result.answer.until, Date.now());
      const ends = held === undefined ? undefined : performance.now() + held;
      offered.value = { quote: result.answer, ends };
    }
  };
  useEffect(() => {
    // Whoever goes through numbers quickly asks for the last one alone.
    const soon = setTimeout(() => void again(false), times.current === 0 ? 0 : 250);
    return () => {
      clearTimeout(soon);
      times.current++;
    };
  }, [goods, quantity]);
  return { offered, before, problem, isAsking, isOver, again };
}

type Offer = ReturnType<typeof useOffer>;

/** What an order of this offer would come to, as the ledger says it: coupon and cards with it. */
function useComes(good: Shown, { offered }: Offer, paying: Paying) {
  const comes = useSignal<Comes | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const quote = offered.value?.quote;
  const cards = JSON.stringify(paying.cards);
  useEffect(() => {
    comes.value = undefined;
    problem.value = undefined;
    if (quote === undefined) return;
    let isGone = false;
    void tried(good, quote, paying).then((found) => {
      if (isGone) return;
      if ('code' in found) problem.value = found;
      else comes.value = found;
    });
    return () => {
      isGone = true;
    };
  }, [quote, paying.coupon, cards]);
  return { comes, problem };
}

/** The body of an order, but for where it goes to. */
function bodyOf({ goods }: Shown, { quantity, quote }: PriceQuote, coupon: string) {
  const body = { owner: owner.peek(), goods, quantity, quote };
  return coupon === '' ? body : { ...body, coupon };
}

async function tried(good: Shown, quote: PriceQuote, paying: Paying): Promise<Comes | Problem> {
  const body = bodyOf(good, quote, paying.coupon);
  const asks = (cards: ReturnType<typeof shared>) =>
    caller.ask(postV1Orders, {
      query: { dryRun: 'true' },
      body: cards.length === 0 ? body : { ...body, cards },
    });
  // What a coupon takes off is known before cards pay the rest.
  const isBoth = paying.coupon !== '' && paying.cards.length > 0;
  const first = isBoth ? await asks([]) : undefined;
  if (first !== undefined && !first.ok && first.problem.code !== 'POINTS_SHORT')
    return first.problem;
  const whole = first?.ok === true ? comesOf(first.answer)?.total : quote.total;
  const found = await asks(shared(paying.cards, whole ?? quote.total));
  if (!found.ok) return found.problem;
  return comesOf(found.answer) ?? { total: quote.total, discount: 0, cards: 0, pays: quote.total };
}

const comesOf = (answer: unknown) => {
  const { act } = answer as { act?: { effects?: readonly Record<string, unknown>[] } };
  return act?.effects === undefined ? undefined : comesTo(act.effects);
};

export function OrderForm({
  good,
  where,
  onSoldOut,
  onEnd,
}: {
  good: Shown;
  where: Where;
  /** There is not even one piece, whatever was told a moment ago. */
  onSoldOut: () => void;
  onEnd: () => void;
}): JSX.Element {
  const name = good.name ?? good.goods;
  const most = mostOf(good.most, good.left);
  const quantity = useSignal(1);
  const paying = useSignal<Paying>(NO_PAYING);
  const receiver = useSignal<Receiver>(NOBODY);
  const isLookedAt = useSignal(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const offer = useOffer(good.goods, quantity.value);
  const trial = useComes(good, offer, paying.value);
  const doing = useAction(postV1Orders, t('orderTitle', { name }));
  useEffect(() => heading.current?.focus(), []);
  const isPhysical = good.delivery === 'physical';
  const wrong = isPhysical ? receiverProblems(receiver.value) : {};
  const isOpen = openActions.value.some(
    ({ question: { path, body } }) =>
      path === '/v1/orders' && (body as { readonly goods?: string }).goods === good.goods,
  );
  const { outcome } = doing;
  const order = async (): Promise<void> => {
    isLookedAt.value = true;
    const quote = offer.offered.peek()?.quote;
    const comes = trial.comes.peek();
    if (quote === undefined || comes === undefined || Object.keys(wrong).length > 0) return;
    // Another number was typed, and its price is not here yet.
    if (quote.quantity !== quantity.peek()) return;
    const cards = shared(paying.peek().cards, comes.total);
    const came = await doing.run({
      body: {
        ...bodyOf(good, quote, paying.peek().coupon),
        ...(cards.length === 0 ? {} : { cards }),
        ...(isPhysical ? { receiver: sent(receiver.peek()) } : {}),
      },
    });
    if (came.state === 'refused') {
      if (isOfPrice(came.problem.code)) void offer.again(true);
      else void refresh();
      if (came.problem.code === 'SOLD_OUT' && quantity.peek() === 1) onSoldOut();
    }
    const made = came.state === 'done' ? comesOf(came.answer) : undefined;
    if (made !== undefined) embedded()?.redeemed({ order: made.number, goods: good.goods });
  };
  if (outcome?.state === 'done')
    return <Ordered good={good} number={comesOf(outcome.answer)?.number ?? ''} onAgain={onEnd} />;
  return (
    <Form class="card order-form" aria-labelledby="your-order" onSend={order}>
      <h3 id="your-order" ref={heading} tabIndex={-1}>
        {t('yourOrder')}
      </h3>
      {most > 1 && (
        <Quantity quantity={quantity.value} most={most} onChange={(n) => (quantity.value = n)} />
      )}
      <PayWith
        good={good}
        where={where}
        whole={offer.offered.value?.quote.total ?? good.price * quantity.value}
        paying={paying.value}
        onChange={(next) => {
          paying.value = next;
        }}
      />
      {isPhysical && (
        <GoesTo
          receiver={receiver.value}
          wrong={isLookedAt.value ? wrong : {}}
          onChange={(next) => {
            receiver.value = next;
          }}
        />
      )}
      <Charge good={good} where={where} offer={offer} comes={trial.comes.value} />
      {trial.problem.value && !offer.isOver.value && <ProblemNote problem={trial.problem.value} />}
      {isOpen && !doing.isBusy ? (
        <Note kind="warn" icon="clock">
          <p>{t('pending')}</p>
          <Button kind="plain" onClick={() => void actions.resume(owner.peek())}>
            {t('askNow')}
          </Button>
        </Note>
      ) : (
        <Button
          type="submit"
          isBusy={doing.isBusy}
          isOff={
            trial.comes.value === undefined ||
            offer.isOver.value ||
            offer.offered.value?.quote.quantity !== quantity.value
          }
        >
          {trial.comes.value === undefined
            ? t('confirmFree')
            : t('confirm', { points: short(where, trial.comes.value.pays, good.asset) })}
        </Button>
      )}
      <OutcomeNote
        outcome={
          outcome?.state === 'refused' && isOfPrice(outcome.problem.code) ? undefined : outcome
        }
      >
        {null}
      </OutcomeNote>
    </Form>
  );
}

/** What is charged, and for how long that holds. */
function Charge({
  good,
  where,
  offer,
  comes,
}: {
  good: Shown;
  where: Where;
  offer: Offer;
  comes: Comes | undefined;
}): JSX.Element {
  const account = useAnswer(getV1AccountsByOwner, { path: { owner: owner.value } });
  const has = account.answer?.accounts.find(({ asset }) => asset === good.asset)?.available;
  const { offered, before, problem, isOver } = offer;
  const quote = offered.value?.quote;
  const told = (minor: number): string => short(where, minor, good.asset);
  if (problem.value !== undefined)
    return <ProblemNote problem={problem.value} onAgain={() => void offer.again(true)} />;
  if (quote === undefined)
    return (
      <p class="hint" role="status">
        {t('gettingPrice')}
      </p>
    );
  return (
    <div class="charge" aria-live="polite">
      {before.value !== undefined && (
        <Note kind={before.value === quote.total ? 'plain' : 'warn'}>
          {before.value === quote.total
            ? t('stillSame')
            : t('changed', { before: told(before.value), now: told(quote.total) })}
        </Note>
      )}
      <dl>
        <dt>
          {t('pieces', { n: quote.quantity })} × {told(quote.price)}
          {changing(quote.factors).map(([name, percent]) => (
            <span key={name} class="hint">
              {' '}
              {t(`factor_${name}`)} {percent} %
            </span>
          ))}
        </dt>
        <dd>{told(quote.total)}</dd>
        {comes !== undefined && comes.discount > 0 && (
          <>
            <dt>{t('couponOff')}</dt>
            <dd>−{told(comes.discount)}</dd>
          </>
        )}
        {comes !== undefined && comes.cards > 0 && (
          <>
            <dt>{t('cardPays')}</dt>
            <dd>−{told(comes.cards)}</dd>
          </>
        )}
        <dt class="sum">{t('youPay')}</dt>
        <dd class="sum">{told(comes?.pays ?? quote.total)}</dd>
        {comes !== undefined && has !== undefined && (
          <>
            <dt class="hint">{t('afterwards')}</dt>
            <dd class="hint">{told(has - comes.pays)}</dd>
          </>
        )}
      </dl>
      {isOver.value ? (
        <Note kind="warn" icon="clock">
          <p>{t('expired')}</p>
          <Button kind="plain" onClick={() => void offer.again(true)}>
            {t('newPrice')}
          </Button>
        </Note>
      ) : (
        <p class="hint">
          {t('held')} <Countdown offer={offer} />
        </p>
      )}
    </div>
  );
}

const TICK_MS = 1_000;

/** The time that is left, for the eye: a screen reader is told when it is over. */
function Countdown({ offer: { offered, isOver } }: { offer: Offer }): JSX.Element | null {
  const ends = offered.value?.ends;
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

function Quantity({
  quantity,
  most,
  onChange,
}: {
  quantity: number;
  most: number;
  onChange: (quantity: number) => void;
}): JSX.Element {
  const within = (n: number): number => Math.max(1, Math.min(most, n));
  return (
    <div class="quantity">
      <Button
        kind="plain"
        label={t('less')}
        isOff={quantity <= 1}
        onClick={() => onChange(within(quantity - 1))}
      >
        −
      </Button>
      <Field
        label={t('quantity')}
        inputMode="numeric"
        value={String(quantity)}
        hint={t('most', { n: most })}
        onInput={(text) => {
          const typed = Number(text.normalize('NFKC').replace(/\D/g, ''));
          if (typed > 0) onChange(within(typed));
        }}
      />
      <Button
        kind="plain"
        label={t('more')}
        isOff={quantity >= most}
        onClick={() => onChange(within(quantity + 1))}
      >
        +
      </Button>
    </div>
  );
}

/** What browsers fill in by themselves. */
const FILLED = {
  name: 'name',
  phone: 'tel',
  address: 'street-address',
  postcode: 'postal-code',
  note: 'off',
} as const;

function GoesTo({
  receiver,
  wrong,
  onChange,
}: {
  receiver: Receiver;
  wrong: ReturnType<typeof receiverProblems>;
  onChange: (receiver: Receiver) => void;
}): JSX.Element {
  return (
    <fieldset class="receiver">
      <legend>{t('receiver')}</legend>
      {RECEIVER_FIELDS.map((field) => {
        const problem = wrong[field];
        const isNeeded = NEEDED.includes(field);
        return (
          <Field
            key={field}
            name={field}
            label={`${t(`receiver_${field}`)}${isNeeded ? '' : ` (${t('optional')})`}`}
            value={receiver[field]}
            autoComplete={FILLED[field]}
            {...(field === 'phone' ? { type: 'tel' } : {})}
            isRequired={isNeeded}
            error={problem === undefined ? undefined : t(problem)}
            onInput={(text) => onChange({ ...receiver, [field]: text })}
          />
        );
      })}
      <p class="hint">{t('kept')}</p>
    </fieldset>
  );
}

function Ordered({
  good,
  number,
  onAgain,
}: {
  good: Shown;
  number: string;
  onAgain: () => void;
}): JSX.Element {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => panel.current?.focus(), []);
  const { delivery } = good;
  const isCode = delivery === 'code' || delivery === 'card';
  return (
    <div class="card" role="status" ref={panel} tabIndex={-1}>
      <Note kind="good" icon="check">
        {t('ordered', { number })}
      </Note>
      <div class="buttons">
        {delivery === 'coupon' ? (
          <a class="button main" href={href('coupons')}>
            <span>{t('toCoupons')}</span>
          </a>
        ) : (
          <a class="button main" href={href('orders', number)}>
            <span>{t(isCode ? 'toCodes' : 'toOrder')}</span>
          </a>
        )}
        <Button kind="plain" onClick={onAgain}>
          {t('again')}
        </Button>
      </div>
    </div>
  );
}
