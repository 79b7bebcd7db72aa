// The kinds of fields that commands and queries have. Owns: for each, what is acceptable, how it lies in its place, its type.
// Never touches: which command has which (commands.ts).
//   protocol.P15. A field's kind is the one source of its check here, of its place in the log, and of its schema outside.

import {
  FOLLOW_UP_LEGS_MAX,
  FOLLOW_UPS_MAX,
  LEGS_MAX,
  MEMO_BYTES_MAX,
  METADATA_BYTES_MAX,
  RECORD_BYTES_MAX,
  TOGETHER_BYTES_MAX,
} from '../limits.js';
import { JSON_OBJECT, jsonLength, sealed, unsealed } from './opaque.js';
import { type Movement, NamedSides, partiesOf } from './parties.js';
import { pendingProblem } from './pending.js';
import type { RefusalCode } from './refusals.js';
import {
  isAmount,
  isAssetCode,
  isCount,
  isFixedDate,
  isId,
  isKind,
  isKnownId,
  isNamedId,
  isPathPart,
  isPeriod,
  isTime,
  isZoneName,
  isZoneOffsets,
  MINUTE_MS,
  namesCause,
  ownerProblem,
  recordOwnerProblem,
  userProblem,
  utf8Length,
} from './syntax.js';

/** What is wrong, and with which field. */
export interface Problem {
  readonly code: RefusalCode;
  readonly field: string;
}

/** Anything with named fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** How a field lies in its place: text and numbers as they are, opaque bytes, true or false. */
export type Shape = 'text' | 'number' | 'bytes' | 'flag';

/** What a field is: its schema outside is made by this name. */
export type Kind =
  | 'owner'
  | 'payee'
  | 'user'
  | 'new-user'
  | 'asset'
  | 'amount'
  | 'count'
  | 'whole'
  | 'id'
  | 'new-id'
  | 'named-id'
  | 'known-id'
  | 'kind'
  | 'ref'
  | 'memo'
  | 'metadata'
  | 'time'
  | 'expiry'
  | 'pending-until'
  | 'period'
  | 'fixed-date'
  | 'zone'
  | 'zone-offsets'
  | 'flag'
  | 'record-name'
  | 'record-value'
  | 'definition-kind'
  | 'definition-key'
  | 'definition-state'
  | 'document'
  | 'words'
  | 'expression'
  | 'budget'
  | 'packed'
  | 'condition'
  | 'legs'
  | 'leg-parts'
  | 'follow-ups'
  | 'act-name'
  | 'act-body'
  | 'act-plan'
  | 'json'
  | 'cause';

/** Fields in the order of their places. */
export type FieldSet = Readonly<Record<string, Field>>;

/** A field of a command or query, or of a part of one. */
export interface Field<T = unknown, Optional extends boolean = boolean> {
  readonly kind: Kind;
  readonly shape: Shape;
  /** May it be left out? */
  readonly optional: Optional;
  /** The version of its command that added it; left out: the first. */
  readonly since?: number;
  /** Is it the engine that gives it, and not callers? */
  readonly isFilledIn?: boolean;
  /** The field that it must differ from. */
  readonly beside?: string | undefined;
  /** Does it say under whom the id is kept? Then it is no part of what the id binds. */
  readonly isScope?: boolean;
  /** What a value of it may be refused with; a list says of its parts as well. */
  readonly refusals: readonly RefusalCode[];
  /** What is wrong with a value; `owned`: the engine asks for itself. */
  readonly check: (value: unknown, command: Fields, owned: boolean) => RefusalCode | Problem | null;
  /** What is in its place for a value, and back; left out: the value itself. */
  readonly toPlace?: ((value: never) => unknown) | undefined;
  readonly ofPlace?: ((place: never) => unknown) | undefined;
  /** Where the place holds a text as opaque bytes: the text. */
  readonly toText?: ((value: never) => string) | undefined;
  /** Where it holds opaque bytes that are put together when it is checked: these, lent. */
  readonly toLent?: ((value: never) => Readonly<{ bytes: Uint8Array; length: number }>) | undefined;
  /** What is in its place where it is left out; left out: nothing. */
  readonly byDefault?: unknown;
  /** What it means, where its kind does not say. */
  readonly about?: string | undefined;
  /** Bounds of a whole number. */
  readonly bounds?: readonly [number, number] | undefined;
  /** How many items a list has, at least and at most. */
  readonly items?: readonly [number, number] | undefined;
  /** What the parts, or the items, are. */
  readonly parts?: FieldSet | undefined;
  /** Of kind `json`: its JSON schema. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  /** Only a type. */
  readonly type?: T;
}

type Check = Field['check'];
type More = Partial<Omit<Field, 'type'>>;

export const field = <T>(
  kind: Kind,
  shape: Shape,
  refusals: readonly RefusalCode[],
  check: Check,
  more: More = {},
): Field<T, false> => ({ ...more, kind, shape, optional: false, refusals, check });

/** A field whose values are refused in one way only. */
export const plain = <T>(
  kind: Kind,
  shape: Shape,
  is: (value: unknown) => boolean,
  code: RefusalCode,
  more: More = {},
): Field<T, false> => field(kind, shape, [code], (value) => (is(value) ? null : code), more);

/** What fields may be refused with. */
export const refusalsIn = (fields: FieldSet): RefusalCode[] =>
  Object.values(fields).flatMap(({ isFilledIn, refusals }) =>
    isFilledIn === true ? [] : refusals,
  );

/** The same field, which may be left out. */
export const optional = <T>(one: Field<T, false>): Field<T, true> => ({ ...one, optional: true });

/** A field that came with a version of its command (protocol.P16). */
export const since = <T>(version: number, one: Field<T, false>): Field<T, false> => ({
  ...one,
  since: version,
});

/** A field that the engine fills in. */
export const filledIn = <T>(one: Field<T, true>): Field<T, true> => ({ ...one, isFilledIn: true });

const OWNER: readonly RefusalCode[] = ['OWNER_INVALID', 'OWNER_RESERVED'];
const USER: readonly RefusalCode[] = [...OWNER, 'SYSTEM_OWNER'];

/** Any owner that a caller may name. */
export const owner = (): Field<string, false> =>
  field('owner', 'text', OWNER, (value) => ownerProblem(value));

/** Who pays: any owner, a scarce one where the engine asks for itself. */
export const payer = (): Field<string, false> =>
  field('owner', 'text', OWNER, (value, _, owned) => ownerProblem(value, owned));

/** Who is paid: likewise, but the one named beside it, and none whom nobody could ask for. */
export const ownerBeside = (other: string): Field<string, false> =>
  field(
    'payee',
    'text',
    [...OWNER, 'SAME_ACCOUNT'],
    (value, command, owned) => {
      const code = isPathPart(value) ? ownerProblem(value, owned) : 'OWNER_INVALID';
      return code === null && value === command[other] ? 'SAME_ACCOUNT' : code;
    },
    { beside: other },
  );

function partyProblem(value: unknown, { legs }: Fields, owned: boolean): RefusalCode | null {
  const sides = new NamedSides(legs as readonly Movement[]);
  const isParty = partiesOf(sides).some((side) => sides.at(side) === value);
  return ownerProblem(value, owned) ?? (isParty ? null : 'OWNER_NOT_PARTY');
}

/** The home owner of a transfer: one of its parties. Its legs are looked at before. */
export const party = (): Field<string, false> =>
  field('owner', 'text', [...OWNER, 'OWNER_NOT_PARTY'], partyProblem, { isScope: true });

/** An owner who must be a user. */
export const user = (): Field<string, false> => field('user', 'text', USER, userProblem);

/** A user who may be new: none whom nobody could ask for. */
export const newUser = (): Field<string, false> =>
  field('new-user', 'text', USER, (value) =>
    isPathPart(value) ? userProblem(value) : 'OWNER_INVALID',
  );

/** Who has records: a user, or a scarce owner where the engine asks for itself. */
export const recordOwner = (): Field<string, false> =>
  field('user', 'text', USER, (value, _, owned) => recordOwnerProblem(value, owned));

export const asset = (): Field<string, false> =>
  plain('asset', 'text', isAssetCode, 'ASSET_INVALID');

/** Minor units, from 1 on. */
export const amount = (): Field<number, false> =>
  plain('amount', 'number', isAmount, 'AMOUNT_INVALID');

/** A whole number from 0 on. */
export const count = (code: RefusalCode): Field<number, false> =>
  plain('count', 'number', isCount, code);

/** A whole number within bounds. */
export const whole = (
  min: number,
  max: number,
  code: RefusalCode,
  about?: string,
): Field<number, false> =>
  plain(
    'whole',
    'number',
    (value) => isCount(value) && (value as number) >= min && (value as number) <= max,
    code,
    { bounds: [min, max], about },
  );

export const id = (code: RefusalCode = 'ID_INVALID'): Field<string, false> =>
  plain('id', 'text', isId, code);

/** The id of something that a caller has sent, whoever that was. */
export const namedId = (): Field<string, false> =>
  plain('named-id', 'text', isNamedId, 'ID_INVALID');

/** The id of a command that comes now: none that nobody could ask for. */
export const newId = (): Field<string, false> =>
  plain('new-id', 'text', (value) => isPathPart(value) && isId(value), 'ID_INVALID');

function knownIdProblem(id: unknown): RefusalCode | Problem | null {
  if (isKnownId(id)) return null;
  return namesCause(id) ? { code: 'FOLLOW_UP_NUMBER_INVALID', field: 'n' } : 'ID_INVALID';
}

/** The id of anything that can be looked up: a caller's, or a follow-up's. */
export const knownId = (): Field<string, false> =>
  field('known-id', 'text', ['ID_INVALID', 'FOLLOW_UP_NUMBER_INVALID'], knownIdProblem);

const kind = (): Field<string, false> => plain('kind', 'text', isKind, 'KIND_INVALID');

const ref = (): Field<string, false> => plain('ref', 'text', isId, 'REF_INVALID');

/** Type or key of an owner record. */
export const recordName = (): Field<string, false> =>
  plain('record-name', 'text', isId, 'RECORD_INVALID');

/** The same where records are read: the engine may look at what acts have written, too. */
export const readRecordName = (): Field<string, false> =>
  field('record-name', 'text', ['RECORD_INVALID'], (value, _, owned) => {
    const isOfAct = owned && typeof value === 'string' && value.startsWith(ACT_MARK);
    return isId(isOfAct ? value.slice(1) : value) ? null : 'RECORD_INVALID';
  });
/** Before the type of every record that acts write (engine/programme/plan.ts). */
export const ACT_MARK = '$';

const isMemo = (value: unknown): boolean =>
  typeof value === 'string' && value.isWellFormed() && utf8Length(value) <= MEMO_BYTES_MAX;

/** A remark for people. */
const memo = (): Field<string, false> =>
  plain('memo', 'bytes', isMemo, 'MEMO_INVALID', {
    toText: (text: string) => text,
    toPlace: sealed,
    ofPlace: unsealed,
  });

function metadataProblem(value: unknown): RefusalCode | null {
  const length = jsonLength(value);
  if (length === undefined) return 'METADATA_INVALID';
  return length > METADATA_BYTES_MAX ? 'METADATA_TOO_LARGE' : null;
}

/** A JSON object, in canonical form. */
const metadata = (): Field<Readonly<Record<string, unknown>>, false> =>
  field(
    'metadata',
    'bytes',
    ['METADATA_INVALID', 'METADATA_TOO_LARGE'],
    metadataProblem,
    JSON_OBJECT,
  );

/** Milliseconds since 1970. */
export const time = (code: RefusalCode): Field<number, false> =>
  plain('time', 'number', isTime, code);

/** Place of `null`: never. */
export const NEVER_MARK = -1;

const TIME_OR_NEVER: More = {
  toPlace: (value: number | null) => value ?? NEVER_MARK,
  ofPlace: (place: number) => (place === NEVER_MARK ? null : place),
};

/** When points expire, in milliseconds since 1970; null: never. */
export const expiry = (): Field<number | null, false> =>
  plain(
    'expiry',
    'number',
    (value) => value === null || isTime(value),
    'EXPIRY_INVALID',
    TIME_OR_NEVER,
  );

/** Until when points are pending, in milliseconds since 1970; null: until they are confirmed. */
export const pendingUntil = (): Field<number | null, false> =>
  field('pending-until', 'number', ['PENDING_INVALID'], pendingProblem, TIME_OR_NEVER);

/** Part of how an asset's points expire by the calendar: not beside `defaultExpiryMs`. */
const policy = (kind: Kind, is: (value: unknown) => boolean): Field<string, false> =>
  field(kind, 'text', ['EXPIRY_POLICY_INVALID'], (value, { defaultExpiryMs }) =>
    is(value) && !((defaultExpiryMs as number) > 0) ? null : 'EXPIRY_POLICY_INVALID',
  );

/** A span of whole days, months or years. */
export const expiryPeriod = (): Field<string, false> => policy('period', isPeriod);

/** A date of every year. */
export const expiryDate = (): Field<string, false> => policy('fixed-date', isFixedDate);

/** A time zone's name; whether there is one of this name is seen where its offsets are looked up. */
export const zone = (): Field<string, false> => plain('zone', 'text', isZoneName, 'ZONE_INVALID');

/** A zone's offsets: (from, offset) in milliseconds, whole minutes; the first from 1970 on. In its place: minutes, 4 and 2 bytes of each. */
export const zoneOffsets = (): Field<readonly number[], false> =>
  plain('zone-offsets', 'bytes', isZoneOffsets, 'ZONE_INVALID', {
    toPlace: (offsets: readonly number[]) => {
      const view = new DataView(new ArrayBuffer(offsets.length * 3));
      for (let i = 0; i < offsets.length; i += 2) {
        view.setUint32(i * 3, (offsets[i] as number) / MINUTE_MS);
        view.setInt16(i * 3 + 4, (offsets[i + 1] as number) / MINUTE_MS);
      }
      return new Uint8Array(view.buffer);
    },
    ofPlace: (place: Uint8Array) => {
      const view = new DataView(place.buffer, place.byteOffset, place.length);
      const offsets: number[] = [];
      for (let at = 0; at < place.length; at += 6)
        offsets.push(view.getUint32(at) * MINUTE_MS, view.getInt16(at + 4) * MINUTE_MS);
      return offsets;
    },
  });

/** True or false; what it is where it is left out. */
export const flag = (byDefault: boolean): Field<boolean, true> => ({
  ...plain<boolean>('flag', 'flag', (value) => typeof value === 'boolean', 'COMMAND_INVALID'),
  optional: true,
  byDefault,
});

const copied = (place: Uint8Array): Uint8Array => new Uint8Array(place);

function recordValueProblem(value: unknown): RefusalCode | null {
  if (!(value instanceof Uint8Array)) return 'RECORD_INVALID';
  return value.length > RECORD_BYTES_MAX ? 'RECORD_TOO_LARGE' : null;
}

/** What an owner record holds. */
export const recordValue = (): Field<Uint8Array, false> =>
  field('record-value', 'bytes', ['RECORD_INVALID', 'RECORD_TOO_LARGE'], recordValueProblem, {
    ofPlace: copied,
  });

/** Packed commands, one after the other, which the engine packed itself. */
export const packed = (): Field<Uint8Array, false> =>
  plain(
    'packed',
    'bytes',
    (value) =>
      value instanceof Uint8Array && value.length > 0 && value.length <= TOGETHER_BYTES_MAX,
    'BATCH_TOO_LARGE',
    { ofPlace: copied },
  );

/** What is wrong with the first field that is wrong, of a command or of a part; null: nothing. */
export type Checker = (command: Fields, owned: boolean) => Problem | null;

const problemOf = (found: RefusalCode | Problem, name: string): Problem =>
  typeof found === 'string' ? { code: found, field: name } : found;

/**
 * A check of fields in their order. Its code is written out once for each list: a loop that reads fields by
 * changing names costs every command twice as much. Names are the table's own.
 */
export function checkerOf(fields: readonly (readonly [string, Field])[]): Checker {
  const lines = fields.map(([name, { optional }], i) => {
    const key = JSON.stringify(name);
    const found = `(found = checks${i}(value, command, owned)) !== null`;
    const isWrong = optional ? `value !== undefined && ${found}` : found;
    return `value = command[${key}]; if (${isWrong}) return problemOf(found, ${key});`;
  });
  const body = `return (command, owned) => { let value, found; ${lines.join('')} return null; };`;
  const make = new Function('problemOf', ...fields.map((_, i) => `checks${i}`), body);
  return make(problemOf, ...fields.map(([, { check }]) => check)) as Checker;
}

export const within = ({ code, field: name }: Problem, path: string): Problem => ({
  code,
  field: name === '' ? path : `${path}.${name}`,
});

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null;

/** The parts of a condition. */
export const CONDITION = {
  owner: user(),
  asset: asset(),
  /** Minor units, 0 .. 2^53 - 1. */
  availableAtLeast: count('AMOUNT_INVALID'),
};
const checkCondition = checkerOf(Object.entries(CONDITION));

/** A condition about a balance. */
export const condition = (): Field<TypeOf<typeof CONDITION>, false> =>
  field(
    'condition',
    'bytes',
    ['COMMAND_INVALID', ...refusalsIn(CONDITION)],
    (value, _, owned) => {
      if (!isObject(value)) return 'COMMAND_INVALID';
      const found = checkCondition(value, owned);
      return found && within(found, 'condition');
    },
    { parts: CONDITION },
  );

/** The parts of a leg. */
export const LEG = {
  /** Who pays: a user, or a system owner such as `@issue`. */
  from: payer(),
  /** Who receives. */
  to: ownerBeside('from'),
  /** The kind of points. */
  asset: asset(),
  /** Minor units, 1 .. 2^53 - 1. */
  amount: amount(),
  /**
   * When the credited points expire, in milliseconds since 1970, rounded up to the asset's lot granularity;
   * null: never. Left out: points from a user keep the expiries they had, points from a system owner get the
   * asset's default. Has no effect where the receiver has no lots (system owners, assets without lot tracking).
   */
  expiresAt: optional(expiry()),
};
const checkLeg = checkerOf(Object.entries(LEG));

export function legsProblem(
  legs: unknown,
  most: number,
  owned: boolean,
): RefusalCode | Problem | null {
  if (!Array.isArray(legs) || legs.length < 1 || legs.length > most) return 'LEGS_INVALID';
  for (let i = 0; i < legs.length; i++) {
    const leg: unknown = legs[i];
    if (!isObject(leg)) return { code: 'COMMAND_INVALID', field: `legs[${i}]` };
    const found = checkLeg(leg, owned);
    if (found !== null) return within(found, `legs[${i}]`);
  }
  return null;
}

/** Legs: places of their own for each, after all other fields. */
export const legs = (most = LEGS_MAX): Field<readonly TypeOf<typeof LEG>[], false> =>
  field(
    'legs',
    'bytes',
    ['LEGS_INVALID', 'COMMAND_INVALID', ...refusalsIn(LEG)],
    (value, _, owned) => legsProblem(value, most, owned),
    {
      parts: LEG,
      items: [1, most],
    },
  );

/** What business a movement belongs to. */
export const ABOUT = {
  /** Business type, e.g. `ORDER`. */
  kind: optional(kind()),
  /** Business id, e.g. an order number. */
  ref: optional(ref()),
  /** A remark for people, at most 256 bytes of UTF-8. */
  memo: optional(memo()),
  /** A JSON object, at most 1 KiB. */
  metadata: optional(metadata()),
};
const FOLLOW_UP = {
  legs: legs(FOLLOW_UP_LEGS_MAX),
  /** As `TransferCommand.condition`. */
  condition: optional(condition()),
  /** As `TransferCommand.owner`. */
  owner: optional(party()),
  ...ABOUT,
};
const checkFollowUp = checkerOf(Object.entries(FOLLOW_UP));

function followUpsProblem(value: unknown, owned: boolean): RefusalCode | Problem | null {
  if (!Array.isArray(value) || value.length < 1 || value.length > FOLLOW_UPS_MAX)
    return 'FOLLOW_UPS_INVALID';
  for (let i = 0; i < value.length; i++) {
    const path = `followUps[${i}]`;
    const one: unknown = value[i];
    if (!isObject(one)) return { code: 'FOLLOW_UPS_INVALID', field: path };
    // Its id is made of its cause's.
    for (const name of ['id', 'followUps'])
      if (one[name] !== undefined) return { code: 'FOLLOW_UPS_INVALID', field: `${path}.${name}` };
    const found = checkFollowUp(one, owned);
    if (found !== null) return within(found, path);
  }
  return null;
}

/** Transfers that a transfer causes: packed in one place, by the codec. */
export const followUps = (): Field<readonly TypeOf<typeof FOLLOW_UP>[], false> =>
  field(
    'follow-ups',
    'bytes',
    ['FOLLOW_UPS_INVALID', ...refusalsIn(FOLLOW_UP)],
    (value, _, owned) => followUpsProblem(value, owned),
    {
      parts: FOLLOW_UP,
      items: [1, FOLLOW_UPS_MAX],
    },
  );

/** The type of what a field holds. */
export type ValueOf<F> = F extends Field<infer T, boolean> ? T : never;

/** The type of an object with these fields. */
export type TypeOf<F extends FieldSet> = {
  readonly [K in keyof F as F[K]['optional'] extends true ? never : K]: ValueOf<F[K]>;
} & {
  readonly [K in keyof F as F[K]['optional'] extends true ? K : never]?: ValueOf<F[K]> | undefined;
} extends infer All
  ? { [K in keyof All]: All[K] }
  : never;
