// What a caller may do, as it travels with commands to the shard that judges them. Owns: operations, how grants are packed, how
// their refusals name the field at fault. Never touches: state, credentials.
//   protocol.G1. Grants are an envelope: no part of the command or of the log, but for whose the ids are that a platform gives (protocol.I1).
//   protocol.G2. What stands after grants in a task is judged by them, up to the next ones; before any, everything is permitted: the
//       engine asks for itself.
//   protocol.G4. What was proved of one call (a second factor, a review, a device) goes along likewise, and nothing follows from it but what marks of risk
//       would stop (engine/ledger/risk.ts).
//   protocol.G3. Grants whose operations extend to different assets have a version of their own: a node that does not know it refuses them, and nothing is widened.

import { Packr, Unpackr } from 'msgpackr';
import {
  ASSET_LENGTH_MAX,
  FOLLOW_UP_LEGS_MAX,
  FOLLOW_UPS_MAX,
  GRANT_ASSETS_MAX,
  LEGS_MAX,
  OWNER_LENGTH_MAX,
  PRINCIPAL_LENGTH_MAX,
} from '../limits.js';
import { type Refused, refusedBy } from './outcomes.js';
import { REFUSALS, type RefusalCode } from './refusals.js';
import { ENGINE_SCOPE, isScope, MEMBER_SCOPE } from './scope.js';

/**
 * What can be permitted. `read`: balances, entries, outcomes. `earn`: points from `@issue` to a user. `redeem`: from a user to
 * `@redeem`. `spend`: from a user to another system owner, and holds. `transfer`: between users. `adjust`: from `@redeem`, `@expire` or
 * `@adjust` to a user, and what gives points a later expiry (between users, `earn` may do that too). `backdate`: to say when a transfer
 * occurred, beside what the transfer takes. `read-audit`: who asked for what, of the whole ledger. `merge`: to make one member of two, and two again.
 * `participate`: what a member does of itself in a programme. `self`: what a member sets for itself: contact, consents, sessions, applications. `sign-in`: to
 * have members sign in: invitations, tickets. `view`: what there is of the whole ledger, no secrets: definitions, platforms, partners, jobs, reports.
 * `configure`: definitions, stock, codes, simulations. `settle`: what is about money: budgets, reserves, rates, clearing, disputes, reconciliations.
 * `freeze`: to freeze, close and reopen accounts. `correct`: what puts right what is a member's, within what definitions allow, and takes back what was
 * done. `analyse`: to ask the projections in SQL. `admin`: everything else. Each stands for itself, but for `ADMINISTERED`: `admin` alone does not read a balance.
 */
export const OPERATIONS = [
  'read',
  'earn',
  'spend',
  'transfer',
  'redeem',
  'admin',
  'adjust',
  'backdate',
  'read-audit',
  'merge',
  'participate',
  'self',
  'sign-in',
  'view',
  'configure',
  'settle',
  'freeze',
  'correct',
  'analyse',
] as const;
/** What can be permitted. */
export type Operation = (typeof OPERATIONS)[number];

/** What `admin` includes: parts of it that can be permitted by themselves. */
export const ADMINISTERED: ReadonlySet<Operation> = new Set([
  'view',
  'configure',
  'settle',
  'freeze',
]);

/** May somebody with these operations do this one? */
export const mayDo = (operations: ReadonlySet<Operation>, operation: Operation): boolean =>
  operations.has(operation) || (ADMINISTERED.has(operation) && operations.has('admin'));

/** What a caller may do. */
export interface Grants {
  readonly operations: ReadonlySet<Operation>;
  /** The assets it extends to, at most limits.GRANT_ASSETS_MAX; undefined: all. Where operations extend to different ones: all of these. */
  readonly assets?: ReadonlySet<string> | undefined;
  /** Of operations that extend to some of these alone: to which. Left out: each extends to all of `assets`. */
  readonly narrowed?: ReadonlyMap<Operation, ReadonlySet<string>> | undefined;
  /** The one user whose points it extends to; undefined: everybody's. */
  readonly owner?: string | undefined;
  /**
   * Whose the caller's ids are: a platform's name; `MEMBER_SCOPE`: a member asks for itself, for acts that are for members (Act.own) and nothing else.
   * Undefined: of no platform.
   */
  readonly scope?: string | undefined;
  /** Who asks, by the credentials shown: what the caller calls himself does not count. Undefined: nobody knows. */
  readonly principal?: string | undefined;
  /** The member has just proved a second factor: a member by a letter's code or a one-time code, a platform says so. */
  readonly hasSecondFactor?: boolean | undefined;
  /** Somebody who may review it has agreed to this very command. */
  readonly isReviewed?: boolean | undefined;
  /** A keyed digest of the device that the member acts from, 32 hexadecimal digits; undefined: it is not known. */
  readonly device?: string | undefined;
}

/** What was proved of one call. */
type Proof = Pick<Grants, 'hasSecondFactor' | 'isReviewed' | 'device'>;

/** Op of grants between commands. No command or query has it. */
export const GRANTS_OP = 127;
/** Version of what packed grants have in their places, and where operations extend to different assets. */
const GRANTS_VERSION = 3;
const NARROWED_VERSION = 4;
/** With what was proved of the call. */
const PROVED_VERSION = 5;
const DEVICE_DIGEST = /^[0-9a-f]{32}$/;

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false });

/** Grants in the form that commands are judged by. */
export class Granted {
  /** Bit n: OPERATIONS[n] is permitted. */
  readonly operations: number;
  readonly assets: ReadonlySet<string> | undefined;
  readonly narrowed: ReadonlyMap<Operation, ReadonlySet<string>> | undefined;
  readonly owner: string | undefined;
  readonly scope: string | undefined;
  readonly principal: string | undefined;
  /** Does a member ask for itself? */
  readonly isMember: boolean;
  /** Is there any asset that it does not extend to, with all that it permits? */
  readonly isNarrow: boolean;
  /** Is there nothing that it may not do? */
  readonly mayEverything: boolean;
  readonly hasSecondFactor: boolean;
  readonly isReviewed: boolean;
  readonly device: string | undefined;
  #packed: Uint8Array | undefined;
  #readable: Granted | undefined;

  /** Throws TypeError on what are no grants, naming the field. `known`: the same but for what was proved. */
  constructor(grants: Grants | Proof, known?: Granted) {
    this.hasSecondFactor = grants.hasSecondFactor === true;
    this.isReviewed = grants.isReviewed === true;
    this.device = grants.device;
    if (this.device !== undefined && !DEVICE_DIGEST.test(this.device))
      throw new TypeError('device: no digest of one');
    const judged = known ?? judgedOf(grants as Grants);
    this.operations = judged.operations;
    this.assets = judged.assets;
    this.narrowed = judged.narrowed;
    this.owner = judged.owner;
    this.scope = judged.scope;
    this.principal = judged.principal;
    this.isMember = this.scope === MEMBER_SCOPE;
    this.isNarrow = this.assets !== undefined || this.narrowed !== undefined;
    this.mayEverything = this.operations === ALL && !this.isNarrow && this.owner === undefined;
  }
  /** Was anything proved of the call? */
  get isProved(): boolean {
    return this.hasSecondFactor || this.isReviewed || this.device !== undefined;
  }

  may(operation: Operation): boolean {
    return (this.operations & (1 << OPERATIONS.indexOf(operation))) !== 0;
  }

  /** The assets that an operation extends to; undefined: all. */
  assetsOf(operation: Operation): ReadonlySet<string> | undefined {
    return assetsOf(this, operation);
  }

  /** The same where it may read, too: a dry run tells something of the balances that it would change. */
  get readable(): Granted {
    const { narrowed, assets, owner, scope, principal } = this;
    if (narrowed === undefined) return this;
    if (this.#readable !== undefined) return this.#readable;
    const operations = new Set(OPERATIONS.filter((one) => this.may(one)));
    const mayRead = this.assetsOf('read');
    const each = [...operations].map((one) => [one, within(this.assetsOf(one), mayRead)] as const);
    const known = new Map(each.flatMap(([one, some]) => (some === undefined ? [] : [[one, some]])));
    const { hasSecondFactor, isReviewed, device } = this;
    this.#readable = new Granted({
      ...{ operations, assets, narrowed: known, owner, scope, principal },
      ...{ hasSecondFactor, isReviewed, device },
    });
    return this.#readable;
  }

  /** As they stand between commands. */
  get packed(): Uint8Array {
    this.#packed ??= new Uint8Array(packr.pack(this.#places()));
    return this.#packed;
  }

  #places(): unknown[] {
    const { operations, assets, narrowed, owner = null, scope = null, principal = null } = this;
    const places = [GRANTS_OP, operations, codesOf(assets), owner, scope, principal];
    if (narrowed === undefined && !this.isProved) return [GRANTS_VERSION, ...places];
    // In one place: what stands between commands is read place by place.
    const each = narrowed && packedText([...narrowed].map(narrowedText).join(';'));
    if (!this.isProved) return [NARROWED_VERSION, ...places, each];
    return [PROVED_VERSION, ...places, each ?? null, packedText(this.proof)];
  }

  /** What was proved, as it is packed. */
  get proof(): string {
    const { hasSecondFactor, isReviewed, device = '' } = this;
    return `${hasSecondFactor ? 's' : ''}${isReviewed ? 'r' : ''}:${device}`;
  }
}

/** What grants permit, checked. */
function judgedOf({
  operations,
  assets,
  narrowed,
  owner,
  scope,
  principal,
}: Grants): Pick<Granted, 'operations' | 'assets' | 'narrowed' | 'owner' | 'scope' | 'principal'> {
  let bits = 0;
  for (const operation of operations) {
    const bit = OPERATIONS.indexOf(operation);
    if (bit < 0) throw new TypeError(`operations: there is no ${String(operation)}`);
    bits |= 1 << bit;
  }
  expectAssets(assets);
  if (operations.has('admin')) bits |= ADMINISTERED_BITS;
  for (const [operation, some] of narrowed ?? []) {
    if (!operations.has(operation)) throw new TypeError(`narrowed: ${operation} is not permitted`);
    expectAssets(some);
  }
  if (owner !== undefined && (owner === '' || owner.length > OWNER_LENGTH_MAX))
    throw new TypeError('owner: no user is called so');
  if (scope !== undefined && !isScope(scope)) throw new TypeError('scope: no platform’s name');
  if (principal !== undefined && (principal === '' || principal.length > PRINCIPAL_LENGTH_MAX))
    throw new TypeError('principal: nobody is called so');
  if (scope === MEMBER_SCOPE && owner === undefined)
    throw new TypeError('owner: a member is somebody');
  const only = includedIn(operations, narrowed);
  return { operations: bits, assets, narrowed: only, owner, scope, principal };
}

const packedText = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const narrowedText = ([one, some]: readonly [Operation, ReadonlySet<string>]): string =>
  [OPERATIONS.indexOf(one), ...some].join();

/** To what operations extend, with what `admin` includes: to what either of both extends. */
function includedIn(
  operations: ReadonlySet<Operation>,
  narrowed: Grants['narrowed'],
): Grants['narrowed'] {
  if (narrowed === undefined || narrowed.size === 0) return undefined;
  if (!operations.has('admin')) return narrowed;
  const all = new Map(narrowed);
  const administered = narrowed.get('admin');
  for (const operation of ADMINISTERED) {
    const own = operations.has(operation) ? narrowed.get(operation) : new Set<string>();
    if (own === undefined || administered === undefined) all.delete(operation);
    else all.set(operation, new Set([...own, ...administered]));
  }
  return all.size === 0 ? undefined : all;
}

/** Those of both; undefined: all. */
function within(
  some: ReadonlySet<string> | undefined,
  others: ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  if (some === undefined || others === undefined) return some ?? others;
  return new Set([...some].filter((one) => others.has(one)));
}

/** Throws on what are no codes of assets, or too many. */
function expectAssets(assets: ReadonlySet<string> | undefined): void {
  if (assets === undefined) return;
  if (assets.size > GRANT_ASSETS_MAX) throw new TypeError(`assets: at most ${GRANT_ASSETS_MAX}`);
  for (const asset of assets)
    if (asset.length > ASSET_LENGTH_MAX || /[^a-z0-9_]/.test(asset))
      throw new TypeError('assets: a code is no asset’s');
}

/** The assets that an operation extends to; undefined: all. */
export const assetsOf = (
  { assets, narrowed }: Pick<Grants, 'assets' | 'narrowed'>,
  operation: Operation,
): ReadonlySet<string> | undefined => narrowed?.get(operation) ?? assets;

/** Assets as they are packed. */
const codesOf = (assets: ReadonlySet<string> | undefined): Uint8Array | null =>
  assets === undefined ? null : new Uint8Array(Buffer.from([...assets].join()));

const ALL = (1 << OPERATIONS.length) - 1;
const ADMINISTERED_BITS = [...ADMINISTERED].reduce(
  (bits, one) => bits | (1 << OPERATIONS.indexOf(one)),
  0,
);

/** Everything: what the engine asks for itself, and whoever has it open. */
export const EVERYTHING = new Granted({ operations: new Set(OPERATIONS) });

/** The same, for what is asked of members, whose ids others use, too (protocol.I4). */
export const ENGINE_GRANTS: Grants = { operations: new Set(OPERATIONS), scope: ENGINE_SCOPE };

const compiled = new WeakMap<Grants, Granted>();

/** The same grants in the form that commands are judged by. */
export function grantedBy(grants: Grants): Granted {
  let known = compiled.get(grants);
  if (known === undefined) {
    const made = new Granted(grants);
    const isNobodys = made.scope === undefined && made.principal === undefined;
    known = made.mayEverything && isNobodys && !made.isProved ? EVERYTHING : made;
    compiled.set(grants, known);
  }
  return known;
}

/** Grants out of bytes from anywhere. Throws on what are none. */
export function unpackGrants(bytes: Uint8Array): Granted {
  const value: unknown = unpackr.unpack(bytes as Buffer);
  if (!Array.isArray(value)) throw new TypeError('these are no grants');
  const [version, op, bits, assets, owner, scope, principal, each, proved] = value as unknown[];
  const isShaped =
    PLACES_OF.get(version) === value.length &&
    (each == null || (each instanceof Uint8Array && each.length > 0)) &&
    (version !== PROVED_VERSION || proved instanceof Uint8Array) &&
    (version !== NARROWED_VERSION || each instanceof Uint8Array) &&
    op === GRANTS_OP &&
    Number.isInteger(bits) &&
    ((bits as number) & ~ALL) === 0 &&
    (assets === null || assets instanceof Uint8Array) &&
    [owner, scope, principal].every((one) => one === null || typeof one === 'string');
  if (!isShaped) throw new TypeError('these are no grants');
  const codes = assets === null ? undefined : new Set(codesIn(assets as Uint8Array));
  const operations = new Set(OPERATIONS.filter((_, bit) => ((bits as number) >> bit) & 1));
  const [only, whose, who] = [owner, scope, principal].map(
    (one) => (one as string | null) ?? undefined,
  );
  const narrowed = each == null ? undefined : narrowedIn(each as Uint8Array);
  return new Granted({
    ...{ operations, assets: codes, narrowed },
    ...{ owner: only, scope: whose, principal: who },
    ...(version === PROVED_VERSION ? provedIn(proved as Uint8Array) : {}),
  });
}

/** By version: how many places grants have. */
const PLACES_OF: ReadonlyMap<unknown, number> = new Map([
  [GRANTS_VERSION, 7],
  [NARROWED_VERSION, 8],
  [PROVED_VERSION, 9],
]);

function provedIn(bytes: Uint8Array): Proof {
  const found = /^(s?)(r?):([0-9a-f]{32})?$/.exec(Buffer.from(bytes).toString('latin1'));
  if (found === null) throw new TypeError('these are no grants');
  const [, second, reviewed, device] = found;
  return { hasSecondFactor: second === 's', isReviewed: reviewed === 'r', device };
}

function narrowedIn(bytes: Uint8Array): ReadonlyMap<Operation, ReadonlySet<string>> {
  const all = new Map<Operation, ReadonlySet<string>>();
  for (const text of Buffer.from(bytes).toString('latin1').split(';')) {
    const [place = '', ...assets] = text.split(',');
    const operation = /^\d{1,2}$/.test(place) ? OPERATIONS[Number(place)] : undefined;
    if (operation === undefined) throw new TypeError('these are no grants');
    all.set(operation, new Set(assets));
  }
  return all;
}

const codesIn = (bytes: Uint8Array): string[] =>
  bytes.length === 0 ? [] : Buffer.from(bytes).toString('latin1').split(',');

/** MessagePack: bytes with a length of one byte. */
const BIN_8 = 0xc4;

/** Reads grants between commands: those that were read last are not made anew, and of those that differ in what was proved alone, only that. */
export class GrantsReader {
  #bytes = new Uint8Array(0);
  #last = EVERYTHING;
  /** Where what was proved begins: 0: nowhere. */
  #proof = 0;

  /** Those in bytes[start, end). */
  read(bytes: Uint8Array, start: number, end: number): Granted {
    const known = this.#bytes;
    let same = 0;
    if (known.length === end - start)
      while (same < known.length && known[same] === bytes[start + same]) same++;
    if (same === known.length && known.length > 0) return this.#last;
    const said = bytes.slice(start, end);
    if (this.#proof > 0 && same >= this.#proof) {
      this.#last = new Granted(provedIn(said.subarray(this.#proof)), this.#last);
    } else {
      this.#last = unpackGrants(said);
      const { isProved, proof } = this.#last;
      const at = said.length - proof.length;
      const isLast = isProved && said[at - 2] === BIN_8 && said[at - 1] === proof.length;
      this.#proof = isLast ? at : 0;
    }
    // Only now: what is none is none the second time, too.
    this.#bytes = said;
    return this.#last;
  }
}

/** The fields that a refusal of a shard may name; their places are numbers in messages between threads and nodes. */
const FIELDS: readonly string[] = [
  '',
  'asset',
  'owner',
  'holdId',
  'to',
  'transferId',
  'allowDebt',
  'id',
  'dryRun',
  'condition',
  'condition.owner',
  ...numbered(LEGS_MAX, (leg) => [`legs[${leg}]`]),
  ...numbered(FOLLOW_UPS_MAX, (n) => [
    `followUps[${n}].condition`,
    `followUps[${n}].condition.owner`,
    `followUps[${n}].owner`,
    ...numbered(FOLLOW_UP_LEGS_MAX, (leg) => [`followUps[${n}].legs[${leg}]`]),
  ]),
  'expiresAt',
  ...numbered(LEGS_MAX, (leg) => [`legs[${leg}].expiresAt`]),
  ...numbered(FOLLOW_UPS_MAX, (n) =>
    numbered(FOLLOW_UP_LEGS_MAX, (leg) => [`followUps[${n}].legs[${leg}].expiresAt`]),
  ),
  'occurredAt',
  'act',
];
const PLACE_OF: ReadonlyMap<string, number> = new Map(FIELDS.map((field, place) => [field, place]));

function numbered(count: number, texts: (n: number) => readonly string[]): string[] {
  return Array.from({ length: count }, (_, n) => texts(n)).flat();
}

/** A refusal with what it says beside its code: bits 0-7 the code's number, 8-15 the field's, from 16 on the operation's, from 1 on. */
function told(code: RefusalCode, field: string, operation = 0): number {
  const place = PLACE_OF.get(field);
  if (place === undefined) throw new Error(`${field} is not listed as a field of refusals`);
  return REFUSALS[code].number | (place << 8) | (operation << 16);
}

/** The caller may not do this. */
export const operationForbidden = (operation: Operation, field: string): number =>
  told('OPERATION_FORBIDDEN', field, OPERATIONS.indexOf(operation) + 1);

/** The caller may not make points last longer than they would. */
export const expiryForbidden = (field: string): number => operationForbidden('adjust', field);

/** The caller may do nothing in this asset. */
export const assetForbidden = (field: string): number => told('ASSET_FORBIDDEN', field);

/** The caller may do nothing with this user's points. */
export const ownerForbidden = (field: string): number => told('OWNER_FORBIDDEN', field);

/** This field must say who the home owner is. */
export const ownerRequired = (field: string): number => told('OWNER_REQUIRED', field);

/** The refusal behind a number that a shard told. Throws on a number that none has. */
export function toldRefusal(number: number, id?: string): Refused {
  const field = FIELDS[(number >> 8) & 255] || undefined;
  const refusal = refusedBy(number & 255, field, id);
  const operation = OPERATIONS[(number >> 16) - 1];
  if (operation === undefined) return refusal;
  return { ...refusal, detail: `${field ?? 'This'} takes the permission to ${operation}.` };
}

if (FIELDS.length > 256) throw new Error('a field of a refusal has one byte');
