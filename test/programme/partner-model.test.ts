// Exchanges with partners who lose answers, repeat, delay, refuse, contradict and are away, against a model in plain code; and defects that this finds.

import t from 'tap';
import type { Plan } from '../../engine/programme/act.js';
import { partnerExchange } from '../../engine/programme/acts/partner-exchange.js';
import { partnerExchangeApprove } from '../../engine/programme/acts/partner-exchange-approve.js';
import { partnerExchangeCancel } from '../../engine/programme/acts/partner-exchange-cancel.js';
import { partnerExchangeStep } from '../../engine/programme/acts/partner-exchange-step.js';
import { partnerExchangeVerdict } from '../../engine/programme/acts/partner-exchange-verdict.js';
import { type KeptExchange, PARTNER_EXCHANGE } from '../../engine/programme/outside/process.js';
import { TRANSITIONS, type Transition } from '../../engine/programme/outside/transition.js';
import { campaign } from '../campaign.js';
import { type Defect, findEach } from '../planted.js';
import { PartnerStory } from './partner-model.js';

const lives = campaign({ name: 'exchanges with partners outside', long: 10_000, sample: 50 });

t.test('no point is made or lost, and every end is explained', async (t) => {
  const told = { completed: 0, failed: 0, inconsistencies: 0 };
  await lives.run((seed) => {
    const story = new PartnerStory(seed);
    story.run();
    for (const name of Object.keys(told) as (keyof typeof told)[]) told[name] += story.told[name];
  });
  t.comment(JSON.stringify(told));
  t.ok(lives.count < 100 || Object.values(told).every((count) => count > 50));
});

/** A row of the table says something else. */
const row = (
  what: string,
  step: string,
  word: Transition['word'],
  change: Partial<Transition> | undefined,
  where?: Transition['where'],
): Defect => ({
  ...{ what, of: { prototype: TRANSITIONS }, method: 'find' },
  wrong: (_, [is], self: readonly Transition[]) =>
    self
      .flatMap((one) => {
        const isIt = one.at.startsWith(step) && one.word === word && one.where === where;
        return !isIt ? [one] : change === undefined ? [] : [{ ...one, ...change }];
      })
      .find(is),
});

/** What an act plans is another thing. */
const plan = (what: string, of: object, change: (plan: Plan) => Partial<Plan>): Defect => ({
  ...{ what, of: { prototype: of }, method: 'decide' },
  wrong: (right, given) => {
    const decided = right(...given);
    return 'refusal' in decided ? decided : { ...decided, ...change(decided) };
  },
});
/** It hears another thing. */
const hears = (what: string, change: (heard: Heard, see: See) => object): Defect => ({
  ...{ what, of: { prototype: partnerExchangeStep }, method: 'decide' },
  wrong: (right, [see, heard, at]) => right(see, { ...heard, ...change(heard, see) }, at),
});
interface Heard {
  readonly exchange: string;
  readonly step: string;
  readonly state?: string;
}
interface See {
  record(type: string, key: string): KeptExchange | undefined;
}

const without = (begins: string) => (decided: Plan) => ({
  puts: decided.puts?.filter(({ owner }) => !owner.startsWith(begins)) ?? [],
});
const step = partnerExchangeStep;

const DEFECTS: readonly Defect[] = [
  row('what the source refuses, is added', 'deduct', 'not', { next: 'add_target_credits' }),
  row(
    'what the source may have done, is not taken back',
    'deduct',
    'late',
    { next: 'failed' },
    'the source was asked, or holds',
  ),
  row('what the target refuses, is paid', 'add', 'not', { next: 'confirm_source_deduction' }),
  row(
    'what the target may have done, is not taken back',
    'add',
    'late',
    { next: 'rollback_source_freeze' },
    'the target was asked',
  ),
  row('what was added is not paid', 'add', 'done', { next: 'completed' }),
  row('what was undone in the source is done', 'confirm', 'not', { next: 'completed' }),
  row('what was undone in the source stays in the target', 'confirm', 'not', {
    next: 'rollback_source_freeze',
  }),
  row('what was taken back at the target is lost', 'rollback_target', 'done', { next: 'failed' }),
  row('what stands in the target is given back', 'rollback_target', 'not', {
    next: 'rollback_source_freeze',
  }),
  row('what was given back is done', 'rollback_source', 'done', { next: 'completed' }),
  row('what could not be given back is told to nobody', 'rollback_source', 'not', {
    opens: undefined as never,
  }),
  row(
    'what is undone in the source and stands in the target goes round',
    'rollback_target',
    'not',
    undefined,
    'source undone',
  ),
  hears('a time-out is a refusal', ({ state }) =>
    state === 'unknown' ? { state: 'refused' } : {},
  ),
  hears('not found is a refusal', ({ state }) => (state === 'absent' ? { state: 'refused' } : {})),
  hears('an answer counts at whichever step', ({ exchange }, see) => ({
    step: see.record(PARTNER_EXCHANGE, exchange)?.step ?? 'add_target_credits',
  })),
  {
    ...{ what: 'it goes on for ever', of: { prototype: step }, method: 'decide' },
    wrong: (right, [see, heard, at]) => right(see, heard, { ...at, time: 0 }),
  },
  plan('what became of an operation is not listed', step, without('#operations')),
  plan('an operation is listed once it is answered', partnerExchange, without('#operations')),
  plan('it is open for ever', step, without('#exchanging')),
  plan('what does not agree is in no list', step, without('#inconsistencies')),
  plan('a limit is used up by what failed', step, () => ({ counters: [] })),
  plan('a limit counts nothing', partnerExchange, () => ({ counters: [] })),
  plan('the hold is anybody’s', partnerExchange, ({ records = [] }) => ({
    records: records.filter(({ type }) => type !== 'kept-hold'),
  })),
  plan('no fee is taken', step, ({ legs }) => ({ legs: legs.filter(({ to }) => to !== '@fee') })),
  plan('who gives gets it, whoever is named', step, ({ legs }) => ({
    legs: legs.map((leg) => (leg.to === 'ann' ? { ...leg, to: 'ben' } : leg)),
  })),
  plan('what was added stays', step, ({ reversal, ...rest }) =>
    reversal === undefined ? rest : { ...rest, reversal: undefined as never },
  ),
  plan('the process is not told what an operator says', partnerExchangeVerdict, () => ({
    records: [],
  })),
  plan('what is cancelled is not asked back', partnerExchangeCancel, () => ({ records: [] })),
  {
    ...{ what: 'one is two persons', of: { prototype: partnerExchangeApprove }, method: 'decide' },
    wrong: (right, [see, said, at]) => right(see, said, { ...at, principal: 'k9' }),
  },
];

findEach(DEFECTS, [(seed) => new PartnerStory(seed).run()], {
  'what the target refuses, is paid': 43,
  'what stands in the target is given back': 22,
  'what is undone in the source and stands in the target goes round': 30,
  'an answer counts at whichever step': 26,
});
