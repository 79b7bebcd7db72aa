// An exchange with a partner outside as it is kept. Owns: its shape, whose record it is, the lists of those that are open. Never touches: how it goes on
// (transition.ts); legs.
//   outside.P1. The process is a record of who gives, so that it is judged in the commit that moves his points; `#exchange:<id>` says whose it is, and
//       one of 64 lists has it as long as it is open, written in the same commits.

import { PARTNER_EXCHANGE_KEPT_MS } from '../../limits.js';
import { chained } from '../../protocol/digest.js';
import type {
  InconsistencyKind,
  OperationState,
  PartnerExchange,
  PartnerSide,
  PartnerStatus,
  PartnerStep,
} from '../../protocol/outside.js';
import type { ConditionalPut, Json, Reads, RecordDelta } from '../act.js';
import { NOT_OF_MEMBERS, recordType, staysUnless } from '../record-type.js';

/** Types of records: an exchange, of who gives; whose it is; that it is open, in its list. */
export const PARTNER_EXCHANGE = recordType(
  'partner-exchange',
  staysUnless((value) => !isEnded(value as KeptExchange) || (value as KeptExchange).open !== null),
);
export const EXCHANGE_OWNER = recordType('exchange-owner', NOT_OF_MEMBERS);
export const OPEN_EXCHANGE = recordType('exchange-open', NOT_OF_MEMBERS);

/** The step that is the end of what is given, and that of what is got. */
export const [DEDUCT, ADD, CONFIRM, ROLLBACK_TARGET, ROLLBACK_SOURCE] = [
  'deduct_source_credits',
  'add_target_credits',
  'confirm_source_deduction',
  'rollback_target_addition',
  'rollback_source_freeze',
] as const satisfies readonly PartnerStep[];

/** A side as it is kept. */
export interface KeptSide {
  readonly [name: string]: Json;
  readonly platform: string;
  readonly asset: string;
  /** Minor units: what is given with the fee, or what is got. */
  readonly amount: number;
  readonly isOutside: boolean;
  /** As the partner names him; null: the points are here, or he is not known yet. */
  readonly user: string | null;
  /** Since when the partner is asked; null: it never was. */
  readonly at: number | null;
  /** As its operation is listed; null: it is not. */
  readonly state: OperationState | null;
}

/** Something that does not agree, and is open. */
export interface OpenFinding {
  readonly [name: string]: Json;
  readonly inconsistency: string;
  readonly kind: InconsistencyKind;
  readonly partner: string;
  readonly finding: string;
  readonly operation: string | null;
  readonly asset: string | null;
  readonly ours: number | null;
  readonly theirs: number | null;
  readonly openedAt: number;
  /** The step whose answer ends it. */
  readonly ends: PartnerStep;
}

/** A process as it is kept. Amounts in minor units, times in milliseconds since 1970. */
export interface KeptExchange {
  readonly [name: string]: Json;
  /** The act that has submitted it, as it is logged; of points that are here, the id of their hold. */
  readonly id: string;
  readonly status: PartnerStatus;
  readonly step: PartnerStep;
  readonly source: KeptSide;
  readonly target: KeptSide;
  readonly fee: number;
  /** Null: who gives. */
  readonly receiver: string | null;
  readonly submittedAt: number;
  readonly updatedAt: number;
  readonly until: number;
  readonly endedAt: number | null;
  /** Who has submitted what a second person must agree to, by the credentials shown; null: nobody must. */
  readonly submittedBy: string | null;
  /** What a limit by the day has counted it in, as long as it does. */
  readonly day: { readonly from: number; readonly until: number } | null;
  readonly history: readonly (readonly [step: PartnerStep, answer: string, at: number])[];
  readonly reason: string | null;
  /** The act that has moved its legs, as it is logged. */
  readonly moved: string | null;
  /** How many inconsistencies it has had. */
  readonly openings: number;
  readonly open: OpenFinding | null;
  /** The latest of them. */
  readonly inconsistency: string | null;
}

const ID_LETTERS = 32;
const LIST_BASE = 16;

/** By what the exchange is known that an act has submitted. `id`: as it is logged. */
export const exchangeIdOf = (owner: string, id: string): string =>
  `px_${chained(id, owner)
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, ID_LETTERS)}`;

/** Under which id a partner is asked. */
export const operationId = (exchange: string, side: 'source' | 'target'): string =>
  `${exchange}_${side === 'source' ? 'deduct' : 'add'}`;

/** The exchange that an operation is of, and its side; undefined: no exchange of this ledger has such an operation. */
export function exchangeOfOperation(
  operation: string,
): { readonly exchange: string; readonly side: 'source' | 'target' } | undefined {
  const [, exchange, kind] = /^(px_[A-Za-z0-9]{1,32})_(deduct|add)$/.exec(operation) ?? [];
  if (exchange === undefined) return undefined;
  return { exchange, side: kind === 'deduct' ? 'source' : 'target' };
}

/** Who keeps whose an exchange is. */
export const exchangeOwner = (exchange: string): string => `#exchange:${exchange}`;
/** By what it is kept there. */
export const OWNER_KEY = 'of';

/** Lists of those that are open: so that many find room. */
export const EXCHANGING_LISTS = 64;
/** Who keeps which ones are open. */
export const exchangingOwner = (list: number): string => `#exchanging:${list.toString(LIST_BASE)}`;
/** The list that an exchange is in while it is open. */
export const exchangingList = (exchange: string): number =>
  (Buffer.from(chained(exchange, ''), 'base64url')[0] as number) % EXCHANGING_LISTS;

/** What the list says of one. */
export interface ListedExchange {
  readonly [name: string]: Json;
  readonly owner: string;
  readonly submittedAt: number;
}

export const isEnded = ({ status }: Pick<KeptExchange, 'status'>): boolean =>
  status === 'completed' || status === 'failed';

/** The side that a step is of. */
export const sideOf = (step: PartnerStep): 'source' | 'target' =>
  step === ADD || step === ROLLBACK_TARGET ? 'target' : 'source';

export const exchangeIn = (see: Reads, exchange: string): KeptExchange | undefined =>
  see.record<KeptExchange>(PARTNER_EXCHANGE, exchange);

/** When what is kept of one goes away: a time after its end, once all agrees; undefined: not yet. */
const expiryOf = ({ endedAt, open }: KeptExchange): number | undefined =>
  endedAt === null || open !== null ? undefined : endedAt + PARTNER_EXCHANGE_KEPT_MS;

export function exchangeRecord(exchange: string, value: KeptExchange): RecordDelta {
  const record = { type: PARTNER_EXCHANGE, key: exchange, value };
  const expiresAt = expiryOf(value);
  return expiresAt === undefined ? record : { ...record, expiresAt };
}

/** What is written where it is known whose it is, and which ones are open. `before`: null: it is new. */
export function placesPuts(
  exchange: string,
  owner: string,
  before: KeptExchange | null,
  after: KeptExchange,
): readonly ConditionalPut[] {
  const puts: ConditionalPut[] = [];
  const expiresAt = expiryOf(after);
  if (before === null || expiryOf(before) !== expiresAt)
    puts.push({
      ...{ owner: exchangeOwner(exchange), type: EXCHANGE_OWNER, key: OWNER_KEY },
      ...{ expected: before && owner, value: owner, otherwise: 'CHANGED_MEANWHILE' },
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
  const [was, is] = [before !== null && !isEnded(before), !isEnded(after)];
  if (was === is) return puts;
  const entry: ListedExchange = { owner, submittedAt: after.submittedAt };
  puts.push({
    ...{ owner: exchangingOwner(exchangingList(exchange)), type: OPEN_EXCHANGE, key: exchange },
    ...{ expected: was ? entry : null, value: is ? entry : null },
    otherwise: 'CHANGED_MEANWHILE',
  });
  return puts;
}

/** An exchange as it is told. */
export function toldExchange(exchange: string, owner: string, kept: KeptExchange): PartnerExchange {
  const { status, step, source, target, fee, submittedAt, updatedAt, until, history } = kept;
  const side = (name: 'source' | 'target'): PartnerSide => {
    const { asset, platform, user, isOutside } = kept[name];
    const operation = isOutside ? { operation: operationId(exchange, name) } : {};
    return { asset, platform, ...(user === null ? {} : { user }), ...operation };
  };
  const { endedAt, reason, inconsistency, receiver } = kept;
  const some = Object.entries({ endedAt, reason, inconsistency, receiver });
  return {
    ...{ exchange, owner, status, step, source: side('source'), target: side('target') },
    ...{ amount: source.amount, fee, result: target.amount, submittedAt, updatedAt, until },
    history: history.map(([of, answer, at]) => ({ step: of, answer, at })),
    ...Object.fromEntries(some.filter(([, value]) => value !== null)),
  };
}
