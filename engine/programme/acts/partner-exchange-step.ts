// A step of an exchange with a partner outside: what the partner has answered, or that it is to be done here. The ledger asks for it, however often: what
// is said of another step than the current one changes nothing.
//   step.E1. What moves here moves in one act: what was held is captured, the fee taken, the target's points posted; given back, all of it.
//   step.E2. A step that is done here is refused as what it moves is refused, and can be asked for again, under another id. What is said of it by `state`
//       is why it could not be done.

import { AMOUNT_MAX } from '../../limits.js';
import { optional, whole } from '../../protocol/fields.js';
import { OPERATION_KINDS, OPERATION_STATES, type OperationState } from '../../protocol/outside.js';
import { type ActRefusal, act, type Moment, type Plan, type Reads } from '../act.js';
import { isReserveShort } from '../coalition/decide.js';
import { userOfPlatform } from '../coalition/members.js';
import { TERMS_REFUSALS, termsOf } from '../coalition/terms.js';
import { atStep, exchangeField, partnerWord, stepField, wordOf } from '../outside/body.js';
import { gets } from '../outside/members.js';
import {
  ADD,
  CONFIRM,
  DEDUCT,
  exchangeRecord,
  type KeptExchange,
  ROLLBACK_TARGET,
  sideOf,
} from '../outside/process.js';
import { type Heard, meaningOf } from '../outside/transition.js';
import { isHere, opened, partnerLegs, retrying, turned, written } from '../outside/turns.js';

const NAME = 'partner-exchange-step';
/** What is heard of a step: of an operation, that the partner has not seen it, or nothing that counts. */
const STATES = [...OPERATION_STATES, 'absent', 'unknown'] as const;

/** Why it goes back where it is too late to go on. */
const LATE = 'NOT_IN_TIME';

/** What is under way. */
interface Going {
  readonly see: Reads;
  readonly exchange: string;
  readonly kept: KeptExchange;
  readonly at: Moment;
}

/** The process as it is now is written, with what moves at its end. */
const goes = (
  { see, exchange, kept, at }: Going,
  after: KeptExchange,
): ReturnType<typeof written> => written(see, exchange, at, kept, after);

/** It is not known what came of it, or cannot be done now: back, where it is too late and it still can; else it is asked again. */
function waits(going: Going, kept: KeptExchange, answer: string): KeptExchange {
  const { exchange, at } = going;
  const isLate = at.time >= kept.until && (kept.step === DEDUCT || kept.step === ADD);
  const turn = { word: 'late', answer, reason: LATE } as const;
  return isLate ? turned(exchange, kept, turn, at.time) : retrying(kept, at.time);
}

/** What the partner has answered. */
function answered(going: Going, heard: Heard): ActRefusal | Plan {
  const { exchange, kept, at } = going;
  const { step } = kept;
  const name = sideOf(step);
  const { state = 'unknown', code, amount } = heard;
  const meaning = meaningOf(kept, heard);
  if (meaning === 'unknown') return goes(going, waits(going, kept, state));
  // Whom nobody has asked has done nothing; that the target's user cannot be is known without.
  const isAsked = kept[name].at !== null;
  if (!isAsked && (meaning !== 'not' || step !== ADD)) return { refusal: 'EXCHANGE_STATE_INVALID' };
  if (meaning === 'contrary') {
    const about = { time: at.time, ends: step, theirs: amount ?? null };
    const found = opened(exchange, kept, ['cross_system_mismatch', 'differs'], about);
    return goes(going, waits(going, found, state));
  }
  const said = isAsked
    ? { ...kept, [name]: { ...kept[name], state: state as OperationState } }
    : kept;
  const turn = {
    word: meaning,
    answer: state,
    reason: meaning === 'not' ? (code ?? state) : undefined,
  };
  return goes(going, turned(exchange, said, turn, at.time));
}

/** A step that is done here cannot be: for now, or for good. */
function failed(going: Going, { state, code }: Heard): Plan {
  const { see, exchange, kept, at } = going;
  const { step, target, receiver } = kept;
  // Who has what was added, has not spent it.
  const isSpent = receiver !== null || (see.account(target.asset)?.available ?? 0) < target.amount;
  const isFinal = state === 'refused' && (step === ADD || (step === ROLLBACK_TARGET && isSpent));
  const answer = state ?? 'unknown';
  if (!isFinal) return goes(going, waits(going, kept, answer));
  const turn = { word: 'not', answer, reason: code ?? answer } as const;
  return goes(going, turned(exchange, kept, turn, at.time));
}

/** A step is done here. */
function done(going: Going): ActRefusal | Plan {
  const { see, exchange, kept, at } = going;
  const { step, source, target, id } = kept;
  const { owner, time } = at;
  const after = turned(exchange, kept, { word: 'done', answer: 'done' }, time);
  if (step === ADD) {
    const terms = termsOf(see, source.asset, target.asset, 'outside');
    if ('refusal' in terms) return terms;
    if (isReserveShort(see, terms, target.asset, target.amount))
      return { refusal: 'RESERVE_SHORT' };
    const puts = gets(see, terms.target, owner, kept.receiver ?? owner);
    if ('refusal' in puts) return puts;
    const legs = partnerLegs(kept, owner, time, terms.target);
    const changes = goes(going, { ...after, moved: see.id });
    return { ...changes, legs, puts: [...puts, ...changes.puts] };
  }
  if (step === ROLLBACK_TARGET) {
    const back = { ...after, moved: null };
    const { effects, why } = goes(going, back);
    const reversal = { transferId: kept.moved as string };
    return { legs: [], reversal, records: [exchangeRecord(exchange, back)], effects, why };
  }
  const isHeld = see.hold(id)?.remaining === source.amount;
  if (step === CONFIRM) return isHeld ? goes(going, after) : { refusal: 'HOLD_CLOSED' };
  if (isHeld) return { ...goes(going, after), releases: [id] };
  // What nobody could take is not there.
  const lost = { word: 'not', answer: 'refused', reason: 'HOLD_CLOSED' } as const;
  return goes(going, turned(exchange, kept, lost, time));
}

export const partnerExchangeStep = act({
  name: NAME,
  version: 1,
  about:
    'What a partner outside has answered of a step of an exchange, or that the step is done here. Made by the ledger.',
  by: 'engine',
  body: {
    exchange: exchangeField(),
    step: stepField(),
    state: optional(
      wordOf(
        STATES,
        'What is heard of it. Left out: it is to be done here. Of a step that is done here: why it could not be, `refused` for good, `unknown` for now.',
      ),
    ),
    code: optional(partnerWord('Why it is refused, or stands.')),
    /** What the partner says that it has been asked for. */
    kind: optional(wordOf(OPERATION_KINDS, 'add or deduct, as the partner says.')),
    user: optional(userOfPlatform()),
    asset: optional(partnerWord('The asset, as the partner says.')),
    amount: optional(whole(0, AMOUNT_MAX, 'ACT_BODY_INVALID', 'Minor units, as the partner says.')),
  },
  needs: ['admin'],
  refusals: [
    'EXCHANGE_NOT_FOUND',
    'EXCHANGE_STEP_PAST',
    'EXCHANGE_STATE_INVALID',
    ...TERMS_REFUSALS,
    'RESERVE_SHORT',
    'MEMBER_UNKNOWN',
    'HOLD_CLOSED',
    'POINTS_SHORT',
    'BUDGET_SHORT',
    'BUDGET_BUSY',
    'BUDGET_EXHAUSTED',
    'RECORD_LIMIT',
    'CHANGED_MEANWHILE',
  ],

  decide(see, { exchange, step, ...heard }, at) {
    const found = atStep(see, exchange, step);
    if ('refusal' in found) return found;
    const { kept } = found;
    const going = { see, exchange, kept, at };
    if (kept.status === 'pending_approval')
      return at.time < kept.until
        ? { refusal: 'EXCHANGE_STATE_INVALID' }
        : goes(going, waits(going, kept, 'unknown'));
    if (!isHere(kept)) return answered(going, heard);
    return heard.state === undefined ? done(going) : failed(going, heard);
  },

  /** The step that gives it back writes the process. */
  undo: (_, { by }) => (by === NAME ? { effects: [], why: {} } : { refusal: 'NOT_REVERSIBLE' }),
});
