// What an order is paid with beside points: a coupon, gift cards. Owns: which were chosen. Never touches: what they take off, which a dry run of the order says.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1MembersByOwnerCoupons,
  postV1CardsLookUp,
} from '../../../../web/page/api/operations.js';
import type { Problem } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { caller } from '../../../../web/page/shell/app.js';
import { date, speaker } from '../../../../web/page/shell/language.js';
import { Button, Field, Note } from '../../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../../web/page/ui/told.js';
import { owner } from '../../shell/app.js';
import { short, type Where } from '../../shell/where.js';
import type { CardPart } from './pricing.js';
import { helps } from './stages.js';
import type { Shown } from './tile.js';
import { MALL } from './words.js';
import { worthText } from './worth.js';

const t = speaker(MALL);
/** Gift cards of one order (limits.CARDS_PER_ORDER_MAX). */
const CARDS_MAX = 4;
/** In the choice of coupons: one that is typed. */
const OTHER = '?';

export interface Paying {
  /** Its code; '': none. */
  readonly coupon: string;
  readonly cards: readonly CardPart[];
}
export const NO_PAYING: Paying = { coupon: '', cards: [] };

interface Props {
  good: Shown;
  where: Where;
  /** What the order comes to without them, in minor units. */
  whole: number;
  paying: Paying;
  onChange: (paying: Paying) => void;
}

export const PayWith = (props: Props): JSX.Element => (
  <>
    <Coupon {...props} />
    <Cards {...props} />
  </>
);

function Coupon({ good, where, whole, paying, onChange }: Props): JSX.Element {
  const typed = useSignal('');
  const isTyped = useSignal(false);
  const { answer } = useAnswer(
    getV1MembersByOwnerCoupons,
    { path: { owner: owner.value }, query: { programme: good.programme, state: 'available' } },
    { isKept: false },
  );
  const worths = new Map(answer?.campaigns.map((one) => [one.campaign, one]));
  const fit = (answer?.coupons ?? []).filter(({ campaign }) => helps(worths.get(campaign), whole));
  const take = (coupon: string): void => onChange({ ...paying, coupon });
  return (
    <>
      <Field
        label={t('useCoupon')}
        value={isTyped.value ? OTHER : paying.coupon}
        onInput={(code) => {
          isTyped.value = code === OTHER;
          take(code === OTHER ? '' : code);
        }}
      >
        <option value="">{t('noCoupon')}</option>
        {fit.map(({ code, campaign, expiresAt }) => (
          <option key={code} value={code}>
            {worths.get(campaign)?.name ?? campaign} ·{' '}
            {worthText(where, good.asset, worths.get(campaign))}
            {expiresAt !== undefined && ` · ${t('expires', { when: date(expiresAt) })}`}
          </option>
        ))}
        <option value={OTHER}>{t('otherCode')}</option>
      </Field>
      {isTyped.value && (
        <div class="beside">
          <Field
            label={t('couponCode')}
            bound={typed}
            maxLength={60}
            onEnter={() => take(typed.peek().trim())}
          />
          <Button kind="plain" onClick={() => take(typed.value.trim())}>
            {t('addCard')}
          </Button>
        </div>
      )}
    </>
  );
}

function Cards({ good, where, paying, onChange }: Props): JSX.Element {
  const typed = useSignal('');
  const isOpen = useSignal(false);
  const isBusy = useSignal(false);
  const problem = useSignal<Problem | undefined>(undefined);
  const said = useSignal<'cardOver' | 'cardTwice' | 'cardOther' | undefined>(undefined);
  const { cards } = paying;
  const add = async (): Promise<void> => {
    const code = typed.value.trim();
    if (code === '') return;
    isBusy.value = true;
    problem.value = said.value = undefined;
    const result = await caller.ask(postV1CardsLookUp, { body: { code } });
    isBusy.value = false;
    if (!result.ok) {
      problem.value = result.problem;
      return;
    }
    const { card, balance, state, programme } = result.answer;
    if (programme !== good.programme) said.value = 'cardOther';
    else if (state !== 'active' || balance === 0) said.value = 'cardOver';
    else if (cards.some((one) => one.card === card)) said.value = 'cardTwice';
    else {
      // The code is not needed any more: it stays nowhere.
      typed.value = '';
      onChange({ ...paying, cards: [...cards, { card, balance }] });
    }
  };
  return (
    <>
      {cards.map(({ card, balance }) => (
        <p key={card} class="beside">
          <span class="grow">{t('cardHas', { points: short(where, balance, good.asset) })}</span>
          <Button
            kind="quiet"
            onClick={() => onChange({ ...paying, cards: cards.filter((one) => one.card !== card) })}
          >
            {t('removeCard')}
          </Button>
        </p>
      ))}
      {cards.length < CARDS_MAX && !isOpen.value && (
        <Button
          kind="quiet"
          icon="gift"
          onClick={() => {
            isOpen.value = true;
          }}
        >
          {t('useCard')}
        </Button>
      )}
      {cards.length < CARDS_MAX && isOpen.value && (
        <div class="beside">
          <Field label={t('cardCode')} bound={typed} maxLength={60} onEnter={() => void add()} />
          <Button kind="plain" isBusy={isBusy.value} onClick={() => void add()}>
            {t('addCard')}
          </Button>
        </div>
      )}
      {said.value && <Note kind="danger">{t(said.value)}</Note>}
      {problem.value && <ProblemNote problem={problem.value} />}
    </>
  );
}
