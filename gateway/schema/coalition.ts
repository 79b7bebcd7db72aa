// Exchanges, rates and reserves outside. Owns: what is sent and answered about them. Never touches: what an exchange comes to.

import { DECIMAL_PATTERN, limits, RATE_PATTERN } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { actRefusals } from './acts.js';
import { BudgetBody } from './budgets.js';
import { flatAct, strict } from './commands.js';
import { command, type Description, SHARDS } from './description.js';
import { DECIDED, waiting } from './ledger-descriptions.js';
import { answer, Posted } from './outcomes.js';
import { callerAct } from './programmes.js';
import { Type } from './typebox.js';
import {
  Amount,
  AssetCode,
  Count,
  DefinitionKey,
  NAME,
  NamedId,
  oneOf,
  PlatformId,
  refusedAs,
  Time,
  User,
  whole,
} from './words.js';

const { Optional } = Type;
export const EXCHANGE = callerAct('exchange');
export const QUOTE = callerAct('exchange-quote');
export const RETURN = callerAct('exchange-return');

const { 201: _, ...CHANGED } = DECIDED;
const Decimal = (about: string) =>
  Type.String({ pattern: DECIMAL_PATTERN, description: `${about} An exact decimal, as a text.` });
const By = oneOf(['rate', 'values'], {
  description: 'rate: as it is said. values: by what the points of both are worth.',
});
const Quote = answer('ExchangeQuote', {
  owner: User,
  from: AssetCode,
  to: AssetCode,
  amount: Amount,
  fee: Count,
  result: Amount,
  rate: Decimal('Whole points for a whole point, at most 12 digits after the point.'),
  by: By,
  until: whole(0, limits.TIME_MAX_MS, { description: 'It counts before this time.' }),
  quote: Type.String({ description: 'To be sent with the exchange.' }),
});

export const exchangeDescription = (of: GatewayLimits): Description => ({
  tag: 'coalition',
  summary: EXCHANGE.about,
  details:
    'The rules in their order: rate (or quote), fee, limits, reserve, members, `expected`. What it came to is in `act.effects`. A dry run says what it would come to.',
  query: waiting(of),
  body: flatAct(EXCHANGE, 'ExchangeRequest'),
  takesKey: true,
  answers: DECIDED,
  refusals: actRefusals(EXCHANGE),
});

export const returnDescription = (of: GatewayLimits): Description => ({
  tag: 'coalition',
  summary: RETURN.about,
  details: '`amount` is of what was got; what was given comes back in proportion, rounded down.',
  path: { exchange: refusedAs('ID_INVALID', NamedId, 'The id of the exchange.') },
  query: waiting(of),
  body: flatAct(RETURN, 'ExchangeReturn', 'exchange'),
  takesKey: true,
  answers: CHANGED,
  refusals: actRefusals(RETURN),
});

export const quoteDescription: Description = {
  tag: 'coalition',
  summary: 'What points come to in exchange now, as a quote: it is charged so, or has expired.',
  details: 'Nothing is kept of it. The credentials must permit `read` and `transfer`.',
  body: strict(
    { owner: User, from: AssetCode, to: AssetCode, amount: Amount },
    { [NAME]: 'ExchangeQuoteRequest' },
  ),
  answers: { 200: { summary: 'The quote.', schema: Quote } },
  refusals: actRefusals(QUOTE),
};

const PAIR = { from: AssetCode, to: AssetCode };
const RateVersion = Type.Object(
  {
    version: Count,
    state: oneOf(['draft', 'active', 'retired']),
    rate: Optional(Decimal('What it says; left out: it ends.')),
    definedAt: Time,
    activeFrom: Optional(Time),
    by: Optional(Type.String({ description: 'Who said it.' })),
  },
  { [NAME]: 'ExchangeRateVersion' },
);
const Rate = answer('ExchangeRate', {
  ...PAIR,
  coalition: Optional(DefinitionKey),
  rate: Optional(Decimal('The rate that counts now; left out: they are not exchanged.')),
  by: Optional(By),
  waiting: Optional(RateVersion),
  history: Type.Array(RateVersion),
});
const Targets = answer('ExchangeTargets', {
  from: AssetCode,
  coalition: Optional(DefinitionKey),
  platform: Optional(PlatformId),
  feeRate: Optional(Decimal('The part of what is given that is the fee.')),
  feeLeast: Optional(Amount),
  mostEach: Optional(Amount),
  mostDay: Optional(Amount),
  targets: Type.Array(
    Type.Object({
      to: AssetCode,
      platform: PlatformId,
      isOutside: Type.Boolean({
        description:
          'Does it take an exchange with a partner outside, `POST /v1/partner-exchanges`?',
      }),
      rate: Decimal('Whole points for a whole point.'),
      by: By,
    }),
  ),
});
const WaitingRates = answer('WaitingRates', {
  waiting: Type.Array(
    Type.Object({
      kind: oneOf(['exchange-rate', 'coalition', 'exchanging']),
      key: DefinitionKey,
      version: Count,
      since: Time,
      by: Optional(Type.String({ description: 'Who said it.' })),
      document: Optional(
        Type.Record(Type.String(), Type.Unknown(), {
          description: 'What it would say; left out: it would end.',
        }),
      ),
    }),
  ),
});
const NO_PAIR = ['DEFINITION_KEY_INVALID', 'EXCHANGE_UNSUPPORTED'] as const;

export const RateBody = strict(
  {
    rate: Type.String({
      pattern: RATE_PATTERN,
      description: 'Whole points of `to` for a whole point of `from`: an exact decimal above 0.',
    }),
    coalition: Optional(
      refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'Left out: that of `from`.'),
    ),
    activeFrom: Optional(Time),
  },
  { [NAME]: 'ExchangeRateBody' },
);
const Said = answer('ExchangeRateSaid', {
  ...PAIR,
  state: oneOf(['active', 'waits'], {
    description:
      'active: it decides from its time on. waits: somebody else must say the same, with another key.',
  }),
  version: Count,
});

export const RATE_DESCRIPTIONS: Readonly<
  Record<'read' | 'change' | 'targets' | 'waiting', Description>
> = {
  targets: {
    tag: 'coalition',
    summary: 'For which assets points of one are exchanged now: rates, fee, limits.',
    details: 'What an exchange comes to, `POST /v1/exchange-quotes` says.',
    path: { from: AssetCode },
    answers: { 200: { summary: 'The assets; none: it is not exchanged.', schema: Targets } },
    refusals: [...SHARDS, 'ASSET_INVALID'],
  },
  waiting: {
    tag: 'coalition',
    summary: 'All changes of rates, and of what values follow from, that wait for a second person.',
    details:
      'Each is agreed to by saying the same with another key. The metric is `jifen_rates_waiting`, the alert `RATE_WAITS`.',
    answers: { 200: { summary: 'Those that wait, by kind and key.', schema: WaitingRates } },
    refusals: SHARDS,
  },
  read: {
    tag: 'coalition',
    summary:
      'The rate from one asset to another that counts now, and by what; who said which before; what waits for a second person.',
    path: PAIR,
    answers: { 200: { summary: 'The rate.', schema: Rate } },
    refusals: [...SHARDS, ...NO_PAIR],
  },
  change: {
    tag: 'coalition',
    summary: 'Say the rate from one asset to another: it goes before what their values come to.',
    details:
      'A change over 20% (`changePercent` of the coalition), at once or summed over its window, waits: it is proposed, and counts once somebody else says the same with another key. The first rate does not wait. The feed tells `exchange_rate.updated` and `exchange_rate.proposed`.',
    path: PAIR,
    body: RateBody,
    answers: {
      200: { summary: 'It counts from its time on.', schema: Said },
      202: { summary: 'It waits for a second person.', schema: Said },
    },
    refusals: [
      ...command('put-definition'),
      'DEFINITION_KEY_INVALID',
      'EXCHANGE_UNSUPPORTED',
      'EXCHANGE_RATE_GAINS',
    ],
  },
};

const RESERVE = { platform: PlatformId, asset: AssetCode };
const ReserveState = answer('ReserveState', {
  ...RESERVE,
  available: Count,
  held: Count,
  lent: Count,
  funded: Count,
  paid: Count,
});

export const RESERVE_DESCRIPTIONS: Readonly<Record<'read' | 'fund', Description>> = {
  read: {
    tag: 'coalition',
    summary:
      'What a platform has left of its points for exchanges, on all shards, what of it is reserved or lent to other shards than its own, and what it ever got and paid.',
    path: RESERVE,
    answers: { 200: { summary: 'The reserve.', schema: ReserveState } },
    refusals: [...SHARDS, 'PLATFORM_NOT_FOUND', 'ASSET_INVALID', 'ASSET_UNKNOWN'],
  },
  fund: {
    tag: 'coalition',
    summary:
      'Put points into the reserve of a platform, out of `@issue`: no more of them than it has is given in exchange, where its asset says `reserve: pool`.',
    path: RESERVE,
    body: BudgetBody,
    takesKey: true,
    answers: {
      200: { summary: 'It had been done before.', schema: Posted },
      201: { summary: 'It is done.', schema: Posted },
    },
    refusals: [...command('transfer'), 'PLATFORM_NOT_FOUND'],
  },
};
