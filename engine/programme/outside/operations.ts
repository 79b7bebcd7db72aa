// What partners were asked for, and have asked for, one by one. Owns: where that is kept, how long. Never touches: what they come to.
//   outside.O1. An operation stands in a list of its partner, by the hour of its time, and is changed in the commits that change what became of it: so a
//       list of a period has each one once.
//   outside.O2. What a partner has asked for is also a record by its id alone: an id is for ever done, refused or void, whoever is named with it.

import { OPERATION_KEPT_MS } from '../../limits.js';
import { chained } from '../../protocol/digest.js';
import type {
  OPERATION_DIRECTIONS,
  OperationKind,
  OperationState,
  PartnerOperation,
} from '../../protocol/outside.js';
import type { ConditionalPut, Json } from '../act.js';
import { NOT_OF_MEMBERS, recordType } from '../record-type.js';

/** Types of records: an operation in its list; one by its id. */
export const LISTED_OPERATION = recordType('partner-operation', NOT_OF_MEMBERS);
export const OPERATION = recordType('operation', NOT_OF_MEMBERS);

/** The key of one by its id. */
export const OPERATION_KEY = 'it';

export const OPERATIONS_HOUR_MS = 3_600_000;
/** Lists of an hour: so that a million operations of one find room. */
export const OPERATION_LISTS = 256;
const LIST_LETTERS = 2;
const HEX = 16;

/** An operation as it is kept. Times in milliseconds since 1970, amounts in minor units. */
export interface KeptOperation {
  readonly [name: string]: Json;
  readonly direction: (typeof OPERATION_DIRECTIONS)[number];
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly user: string;
  readonly asset: string;
  readonly amount: number;
  readonly at: number;
}

/** Who keeps a list: of an hour, by its number since 1970. */
export const operationsOwner = (partner: string, hour: number, list: number): string =>
  `#operations:${partner}:${hour}:${list.toString(HEX).padStart(LIST_LETTERS, '0')}`;

const hourOf = (at: number): number => Math.floor(at / OPERATIONS_HOUR_MS);

/** By what an operation is known in its list. */
export const operationKey = (operation: string, direction: KeptOperation['direction']): string =>
  `${direction}-${chained(operation, '')}`;

/** Times of the same number of letters are in their order as texts. */
const TIME_LETTERS = 9;
const TEXT_BASE = 36;

/** What the keys begin with of what a partner has asked for at a time: it is told in that order. */
export const inboundKeyAt = (at: number): string =>
  `in-${at.toString(TEXT_BASE).padStart(TIME_LETTERS, '0')}-`;

function listOf(operation: string): number {
  const digest = Buffer.from(chained(operation, 'list'), 'base64url');
  return (digest[0] as number) % OPERATION_LISTS;
}

/** Who keeps the list that an operation of a time is in. */
export const operationListOwner = (partner: string, operation: string, at: number): string =>
  operationsOwner(partner, hourOf(at), listOf(operation));

/** Into its list, or another state there. Its time stays as it is. `before`; null: it is new. */
export function listedOperation(
  partner: string,
  operation: string,
  before: KeptOperation | null,
  after: KeptOperation,
): ConditionalPut {
  return {
    owner: operationListOwner(partner, operation, after.at),
    type: LISTED_OPERATION,
    key:
      after.direction === 'in'
        ? `${inboundKeyAt(after.at)}${chained(operation, '')}`
        : operationKey(operation, after.direction),
    expected: before === null ? null : { ...before, operation },
    value: { ...after, operation },
    expiresAt: after.at + OPERATION_KEPT_MS,
    otherwise: 'CHANGED_MEANWHILE',
  };
}

/** An operation out of its list. */
export const toldOperation = (
  partner: string,
  value: KeptOperation & { readonly operation: string },
): PartnerOperation => ({ ...value, partner });

/** Who keeps what a partner has asked for under an id. */
export const operationOwner = (partner: string, operation: string): string =>
  `#operation:${partner}:${chained(operation, '').slice(0, 32)}`;
