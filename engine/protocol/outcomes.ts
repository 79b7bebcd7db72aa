// What the ledger answers. Owns: the shapes of outcomes, balances, entries. Never touches: state, bytes.

import { DAY_MS } from '../limits.js';
import type { ToldAct } from './business.js';
import type { DefineAssetCommand, PutDefinitionCommand } from './commands.js';
import type { Document } from './definition-fields.js';
import type { Notice } from './notice.js';
import { isPassing, isPassingOf, REFUSALS, type RefusalCode, refusalCode } from './refusals.js';
import { canonicalJson, DEFINITION_STATES, type DefinitionState } from './syntax.js';

/**
 * What an entry did: the log keeps the index in this list. `reserve`: what a command between shards is to take here is set aside as held until it is
 * decided; `free`: it was refused, and that is available again. `extend`: points of a lot got a later expiry.
 */
export const ENTRY_TYPES = [
  'transfer',
  'hold',
  'capture',
  'release',
  'reverse',
  'expire',
  'reserve',
  'free',
  'extend',
  'act',
] as const;
/** What an entry did. */
export type EntryType = (typeof ENTRY_TYPES)[number];

/** A change to one lot of one account. */
export interface Slice {
  /** Milliseconds since 1970; null: the points never expire. */
  readonly expiresAt: number | null;
  /** Change of the lot's available part, in minor units. */
  readonly available: number;
  /** Change of the lot's held part, in minor units. */
  readonly held: number;
}

/** What one command did to one account, with the balance after it. */
export interface Entry {
  readonly owner: string;
  readonly asset: string;
  /** The account's version: this is its n-th entry. For a system owner: of the stripe on `shard`. */
  readonly version: number;
  readonly type: EntryType;
  /** Change of the total (available + held), in minor units. */
  readonly delta: number;
  /** Change of the held part. */
  readonly heldDelta: number;
  /** Added to lifetime earned (negative: a reversal took it back). */
  readonly earned: number;
  /** Added to lifetime spent (negative: a reversal gave it back). */
  readonly spent: number;
  /** Added to lifetime expired. */
  readonly expired: number;
  /** Available after it. */
  readonly available: number;
  /** Held after it. */
  readonly held: number;
  /** Changes of lots, soonest expiry first; empty where the account has none. */
  readonly slices: readonly Slice[];
}

/** An entry as history shows it: with the command that made it. */
export interface HistoryEntry extends Entry {
  /** Id of the command; absent where the ledger acted by itself (expiry, a hold's deadline). */
  readonly id?: string | undefined;
  /** The command's; `EXPIRE` of expiry, `RESERVE` of types `reserve` and `free`. */
  readonly kind?: string | undefined;
  readonly ref?: string | undefined;
  readonly memo?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** When it was booked: block time, milliseconds since 1970. */
  readonly time: number;
  /**
   * When it took effect, milliseconds since 1970: of an expiry the lot's expiry, of a release by deadline the deadline, of a backdated
   * transfer its `occurredAt`; else `time`. An entry in which several lots expired took effect with the last; its slices say each one's.
   */
  readonly effective: number;
  readonly shard: number;
  /** The block it is in. */
  readonly seq: number;
  /** Where the entries of an act are asked for: what it was asked, and what it has done. */
  readonly done?: ActDone & { readonly body: Readonly<Record<string, unknown>> };
  /** Where that is asked for: of which act it is. */
  readonly act?: ToldAct;
}

/** A page of history. */
export interface EntryPage {
  readonly ok: true;
  readonly entries: readonly HistoryEntry[];
  /** Pass it to get the next page; absent at the end. */
  readonly cursor?: string | undefined;
  /** How far the log was read: with this the same question has the same answer for ever. */
  readonly asOf: AsOf;
}

/**
 * How far a log counts: a booked time (milliseconds since 1970), or for each shard concerned its last block, `0:41` or `0:41,1:7`.
 */
export type AsOf = number | string;

/** A hold as it is. */
export interface HoldState {
  readonly owner: string;
  readonly id: string;
  readonly asset: string;
  /** Minor units still held. */
  readonly remaining: number;
  /** When it releases itself; absent: never. */
  readonly deadline?: number | undefined;
}

/** The command was carried out (or had been: `replayed`). */
export interface Posted {
  readonly ok: true;
  /** The command's id; absent for `define-asset`. */
  readonly id?: string | undefined;
  /** Where it is in the log. */
  readonly shard: number;
  readonly seq: number;
  /** Block time, milliseconds since 1970. */
  readonly time: number;
  /**
   * The id had been used for the same command before: this is its first outcome. In a cluster this caller's own request may be the one before,
   * where the node of the owner was killed while it was under way.
   */
  readonly replayed: boolean;
  /**
   * One per account touched, with balances after it. Where it put points back into a lot that is past its expiry, these expire in the same block:
   * then entries of type `expire` follow, of the account and of `@expire`. The last entry of an account has the balance that is left.
   */
  readonly entries: readonly Entry[];
  /** Of a backdated transfer: when it occurred. */
  readonly occurredAt?: number | undefined;
  /** After hold, capture, release: what remains of the hold (`remaining` 0: closed). */
  readonly hold?: HoldState | undefined;
  /** After put-record: the version written. */
  readonly recordVersion?: number | undefined;
  /** After define-asset: the version of the definition. */
  readonly assetVersion?: number | undefined;
  /** After put-definition: the version that says this. */
  readonly definitionVersion?: number | undefined;
  /** And from when on it decides, milliseconds since 1970; absent of a draft. */
  readonly activeFrom?: number | undefined;
  /** After an act, or the reversal of one: what it has done beside the entries, and why. */
  readonly act?: ActDone | undefined;
  /** What an act, or the reversal of one, causes: by id, each at its home owner. Its outcome is looked up there, and in the feed (`delivered`). */
  readonly followUps?: readonly CausedCommand[] | undefined;
  /** After reverse: how much of the original is not reversed yet, in minor units, over all its legs. */
  readonly remaining?: number | undefined;
  /** The same leg by leg, where the original has several. */
  readonly remainingLegs?: readonly number[] | undefined;
}

/** A command that an act has caused. */
export interface CausedCommand {
  /** Its home owner. */
  readonly owner: string;
  readonly id: string;
}

/** What an act has done, and why. */
export interface ActDone {
  /** Each with its `type`. */
  readonly effects: readonly Readonly<Record<string, unknown>>[];
  /** The rule, its version, what limited it. */
  readonly why: Readonly<Record<string, unknown>>;
}

/** The command was refused: nothing was changed by it. */
export interface Refused {
  readonly ok: false;
  readonly code: RefusalCode;
  /** HTTP status that says the same. */
  readonly status: number;
  /** May the same command succeed later? */
  readonly retry: boolean;
  /** One sentence for people. */
  readonly message: string;
  /** One sentence about this case, where there is more to say. */
  readonly detail?: string | undefined;
  /** The field at fault, e.g. `legs[2].amount`. */
  readonly field?: string | undefined;
  readonly id?: string | undefined;
  /** A final refusal that had been given to this id before. */
  readonly replayed: boolean;
  /** Of a code that may be kept: it is not, and the id stays free. */
  readonly passing?: true;
}

/** A command's answer. */
export type Outcome = Posted | Refused;

/** Makes a refusal. */
export function refused(code: RefusalCode, field?: string, id?: string, replayed = false): Refused {
  const { status, retry, sentence } = REFUSALS[code];
  return { ok: false, code, status, retry, message: sentence, field, id, replayed };
}

/** The same of a number that a shard has told. Throws on one that no refusal has. */
export function refusedBy(number: number, field?: string, id?: string, replayed = false): Refused {
  const code = refusalCode(number);
  if (!isPassingOf(number)) return refused(code, field, id, replayed);
  const { status, retry, sentence: message } = REFUSALS[code];
  return { ok: false, code, status, retry, message, field, id, replayed, passing: true };
}

/**
 * Has this answer to a command a record of its own in the log? Not so what is repeated, what left no trace, and what was only tried; for an
 * atomic batch that is refused it has no meaning.
 */
export function isRecorded(command: { readonly type: string }, outcome: Outcome): boolean {
  const isDefinition = command.type === 'define-asset' || command.type === 'put-definition';
  if (isDefinition && !outcome.ok) return false;
  if (outcome.replayed || outcome.ok) return !outcome.replayed;
  return isCodeKept(outcome.code, outcome.passing === true);
}

/** The same of the command at a place of a packed batch, where none defines anything. */
export function isRecordedAt(outcomes: PackedOutcomes<unknown>, place: number): boolean {
  if (outcomes.replayed(place)) return false;
  const code = outcomes.code(place);
  return code === undefined || isCodeKept(code, outcomes.passing(place));
}

const isCodeKept = (code: RefusalCode, passing: boolean): boolean =>
  code === 'PREPARED' || !(passing || isPassing(REFUSALS[code].number));

/** Is this a refusal (and not what was asked for)? */
export function isRefusal(value: unknown): value is Refused {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === false;
}

/**
 * Outcomes of a packed batch, by the places of its commands, read where they lie: nothing is made of what is not looked at. `Told`: what
 * is told of one command.
 */
export interface PackedOutcomes<Told = Outcome> {
  /** As many as the batch has commands. */
  readonly length: number;
  /** How many of them were not carried out. */
  readonly refused: number;
  /** Was it carried out, now or before? */
  ok(place: number): boolean;
  /** Had it been carried out before? */
  replayed(place: number): boolean;
  /** Why it was not carried out; undefined: it was. */
  code(place: number): RefusalCode | undefined;
  /** Was it refused by a code that may be kept, and is not (`Refused.passing`)? */
  passing(place: number): boolean;
  /** The id that it goes by; undefined: it says none. */
  id(place: number): string | undefined;
  /** Where it is in the log, and its block's time; 0 where it was not carried out. */
  shard(place: number): number;
  seq(place: number): number;
  time(place: number): number;
  /** All that is told of it. Throws RangeError where there is no such place. */
  outcome(place: number): Told;
}

/** Points of one owner in one asset. All amounts in minor units. */
export interface Balance {
  readonly owner: string;
  readonly asset: string;
  readonly available: number;
  /** Not available: what holds and transfers between shards reserve, and what is pending. */
  readonly held: number;
  /** Of `held`: earned, and not available before its time or its confirmation. */
  readonly pending: number;
  /** available + held. */
  readonly total: number;
  /** Lifetime sums. total = earned - spent - expired. */
  readonly earned: number;
  readonly spent: number;
  readonly expired: number;
  /** Number of entries, reserves included (of all stripes together for a system owner): entry n leaves the balance of version n. */
  readonly version: number;
  readonly creditLimit: number;
  readonly frozen: boolean;
  readonly closed: boolean;
  /** Lots, soonest expiry first; empty where the account has none. */
  readonly lots: readonly Lot[];
}

/** Points with one expiry. */
export interface Lot {
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null;
  readonly available: number;
  readonly held: number;
  /** Of `held`: what is pending; absent: nothing. */
  readonly pending?: number | undefined;
}

/** Available, held and total at a past time. */
export interface PastBalance {
  readonly owner: string;
  readonly asset: string;
  readonly at: number;
  readonly available: number;
  readonly held: number;
  readonly total: number;
  /** Of the newest entry that was booked by then: what was due by then and booked later is in the amounts all the same. */
  readonly version: number;
}

/** Balances of owners at a past time. */
export interface PastBalances {
  /** The time asked for; where that was still to come, the time at which it was answered. */
  readonly at: number;
  /** How far the log was read: with this the same question has the same answer for ever. */
  readonly asOf: AsOf;
  /** Of each owner asked for, the accounts that had an entry by then, by asset. */
  readonly balances: readonly (readonly PastBalance[])[];
}

/** A command read back by its id, with its outcome. */
export interface TransferRecord {
  /** As it was submitted, defaults filled in. */
  readonly command: import('./commands.js').Command;
  readonly outcome: Outcome;
  /** Block time, milliseconds since 1970. */
  readonly time: number;
  /** Of a posted transfer or capture: how much of it is not reversed, in minor units, over all its legs. */
  readonly remaining?: number | undefined;
  /** The same leg by leg, where there are several. */
  readonly remainingLegs?: readonly number[] | undefined;
}

/** What remains of an original, as it is told. `legs`: of each leg; undefined: nothing is told. */
export function remainingTold(
  legs: readonly number[] | undefined,
): Pick<Posted, 'remaining' | 'remainingLegs'> {
  if (legs === undefined) return {};
  const remaining = legs.reduce((sum, left) => sum + left, 0);
  return legs.length > 1 ? { remaining, remainingLegs: legs } : { remaining };
}

/** Who asked for what: a command of the audit trail. */
export interface AuditRecord {
  readonly shard: number;
  /** Its block, and its place among the commands of that. */
  readonly seq: number;
  readonly index: number;
  /** Block time, milliseconds since 1970. */
  readonly time: number;
  /** Who asked, by the credentials shown: `administrator`, `key:ops`, `platform:shop`. */
  readonly principal: string;
  /** Where from, and by which program; absent: not known, or forgotten. */
  readonly address?: string | undefined;
  readonly agent?: string | undefined;
  /** The member's device, and its own address where a platform asked for it; absent likewise. */
  readonly device?: string | undefined;
  readonly memberAddress?: string | undefined;
  /** 32 hexadecimal digits. */
  readonly traceId?: string | undefined;
  /** The command's type. */
  readonly operation: string;
  /** Its home owner, and its id; absent: it has none. Ids are as in the log: `shop,T1` is the platform shop's T1. */
  readonly owner?: string | undefined;
  readonly id?: string | undefined;
  /** `ok`, a refusal's code; `PREPARED` of a command between shards: its id tells what it came to. */
  readonly outcome: 'ok' | RefusalCode;
  /** What was asked, without memos, metadata and values of records. */
  readonly command: Readonly<Record<string, unknown>>;
}

/** A page of the audit trail. */
export interface AuditPage {
  readonly ok: true;
  /** Newest first; those of one time by shard. */
  readonly records: readonly AuditRecord[];
  /** Pass it to get the next page; absent at the end. A page that looked at much of the log and found little has one, too. */
  readonly cursor?: string | undefined;
}

/** An owner record. */
export interface OwnerRecord {
  readonly owner: string;
  readonly recordType: string;
  readonly key: string;
  readonly value: Uint8Array;
  readonly version: number;
  readonly expiresAt?: number | undefined;
}

/** A kind of points. */
export interface Asset {
  readonly asset: string;
  readonly scale: number;
  readonly lotTracked: boolean;
  readonly lotGranularityMs: number;
  readonly defaultExpiryMs: number;
  readonly version: number;
  /** As in `define-asset`; absent: not by the calendar. */
  readonly expiresAfter?: string | undefined;
  readonly expiresOn?: string | undefined;
  /** The time zone of the asset's days; absent: it has none. */
  readonly zone?: string | undefined;
  /**
   * How far the zone's clocks are ahead of UTC: (from, offset) in milliseconds, one after the other, as known when the asset was first defined
   * with this zone. What became known later is the definition of kind `zone` with the zone's name as its key.
   */
  readonly zoneOffsets?: readonly number[] | undefined;
  /** How many days before points expire the feed tells so; absent: it does not. */
  readonly expiryNoticeDays?: number | undefined;
}

/** The zone that an asset's days are of: where its definition names none, Shanghai; undefined: it has no days. */
export function zoneOfAsset({
  expiresAfter,
  expiresOn,
  zone,
}: Pick<DefineAssetCommand, 'expiresAfter' | 'expiresOn' | 'zone'>): string | undefined {
  const hasDays = expiresAfter !== undefined || expiresOn !== undefined;
  return zone ?? (hasDays ? 'Asia/Shanghai' : undefined);
}

/** The asset that a command defines, with what it leaves out. */
export function assetOf(command: Omit<DefineAssetCommand, 'type'>, version: number): Asset {
  const { asset, scale, lotTracked = true, defaultExpiryMs = 0 } = command;
  const { lotGranularityMs = DAY_MS, expiresAfter, expiresOn, zone, zoneOffsets } = command;
  const { expiryNoticeDays = 0 } = command;
  return {
    ...{ asset, scale, lotTracked, lotGranularityMs, defaultExpiryMs, version },
    ...(expiresAfter === undefined ? {} : { expiresAfter }),
    ...(expiresOn === undefined ? {} : { expiresOn }),
    ...(zone === undefined ? {} : { zone, zoneOffsets }),
    ...(expiryNoticeDays === 0 ? {} : { expiryNoticeDays }),
  };
}

/** What an asset's extra has: its numbers and texts. `number`: the asset's. */
export function partsOfAsset(number: number, asset: Asset): [numbers: number[], texts: string[]] {
  const { scale, lotTracked, lotGranularityMs, defaultExpiryMs, version } = asset;
  const numbers = [number, scale, lotTracked ? 1 : 0, lotGranularityMs, defaultExpiryMs, version];
  const { expiresAfter = '', expiresOn = '', zone, zoneOffsets = [], expiryNoticeDays } = asset;
  const notice = expiryNoticeDays === undefined ? [] : [String(expiryNoticeDays)];
  if (zone === undefined && notice.length === 0) return [numbers, [asset.asset]];
  return [
    [...numbers, ...zoneOffsets],
    [asset.asset, expiresAfter, expiresOn, zone ?? '', ...notice],
  ];
}

/** The asset that an extra defines, and its number. */
export function assetOfExtra({
  numbers,
  texts,
}: {
  readonly numbers: ArrayLike<number>;
  readonly texts: readonly string[];
}): [number: number, asset: Asset] {
  const [number, scale, tracked, lotGranularityMs, defaultExpiryMs, version, ...zoneOffsets] =
    Array.from(numbers) as [number, number, number, number, number, number];
  const [asset = '', expiresAfter = '', expiresOn = '', zone = '', notice = '0'] = texts;
  const terms = { asset, scale, lotTracked: tracked === 1, lotGranularityMs, defaultExpiryMs };
  const days = {
    expiresAfter: expiresAfter || undefined,
    expiresOn: expiresOn || undefined,
    zone: zone || undefined,
    zoneOffsets,
    expiryNoticeDays: Number(notice),
  };
  return [number, assetOf({ ...terms, ...days }, version)];
}

/** One version of a definition. */
export interface DefinitionVersion {
  readonly kind: string;
  readonly key: string;
  /** From 1 on. */
  readonly version: number;
  /** Its place among all versions that decide, from 1 on; 0: a draft. */
  readonly number: number;
  readonly state: DefinitionState;
  /** From when on it decides, milliseconds since 1970; 0: a draft. */
  readonly activeFrom: number;
  /** When it was said, milliseconds since 1970. */
  readonly definedAt: number;
  /** What it says; absent: a retirement. */
  readonly document?: Document | undefined;
  /** Of the zone that it names: as Asset.zoneOffsets. */
  readonly zoneOffsets?: readonly number[] | undefined;
  /** Who said it, by the credentials shown; absent: nobody knows. */
  readonly by?: string | undefined;
}

/** A definition, as it is read: its newest version, and how it came to that. */
export interface DefinitionHistory {
  readonly kind: string;
  readonly key: string;
  /** The version that decides now; absent: none does. */
  readonly active?: number | undefined;
  /** From the first one on; of a list only the newest, and before it, where that is a draft, the newest that is none. */
  readonly versions: readonly DefinitionVersion[];
}

type SaidDefinition = Pick<
  PutDefinitionCommand,
  'kind' | 'key' | 'state' | 'document' | 'zoneOffsets' | 'by'
>;

/** The version that a command makes, with what the ledger decides of it. */
export function definitionOf(
  { kind, key, state, document, zoneOffsets, by }: SaidDefinition,
  decided: Pick<DefinitionVersion, 'version' | 'number' | 'activeFrom' | 'definedAt'>,
): DefinitionVersion {
  const { version, number, activeFrom, definedAt } = decided;
  return {
    ...{ kind, key, version, number, state, activeFrom, definedAt },
    ...(document === undefined ? {} : { document }),
    ...(zoneOffsets === undefined ? {} : { zoneOffsets }),
    ...(by === undefined ? {} : { by }),
  };
}

/** Does a command say again what a version says? */
export function isSameDefinition(
  known: DefinitionVersion,
  said: SaidDefinition & Pick<PutDefinitionCommand, 'activeFrom'>,
): boolean {
  const isAt = said.activeFrom === undefined || said.activeFrom === known.activeFrom;
  return (
    isAt &&
    said.state === known.state &&
    isSameDocument(known, said) &&
    (said.zoneOffsets ?? []).join() === (known.zoneOffsets ?? []).join()
  );
}

/** Is it the same document, or are both without one? */
export const isSameDocument = (
  one: Pick<DefinitionVersion, 'document'>,
  other: Pick<DefinitionVersion, 'document'>,
): boolean => jsonOf(one) === jsonOf(other);

const jsonOf = ({ document }: Pick<DefinitionVersion, 'document'>): string | undefined =>
  document && canonicalJson(document);

/** What a definition's extra has: its numbers and texts. Its document is in the command. */
export function partsOfDefinition(said: DefinitionVersion): [numbers: number[], texts: string[]] {
  const { kind, key, version, number, state, activeFrom, definedAt } = said;
  return [
    [number, version, DEFINITION_STATES.indexOf(state), activeFrom, definedAt],
    [kind, key],
  ];
}

/** A place in the committed feed of one shard: the block, and the item within it from which on. After the last item: the next block. */
export interface FeedPosition {
  /** From 1 on. */
  readonly seq: number;
  /** From 0 on. */
  readonly index: number;
}

/** One block of the committed feed, or its rest where a subscription begins within it. */
export interface FeedBlock {
  readonly shard: number;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The logged commands, each with its outcome, in log order. */
  readonly items: readonly FeedItem[];
}

/** One logged command of the committed feed. */
export interface FeedItem {
  /** Its place in the block, from 0 on. */
  readonly index: number;
  readonly command: import('./commands.js').LoggedCommand;
  /** With all entries that it made on this shard. */
  readonly outcome: Outcome;
  /** Entries of an outcome that shows none: what a command between shards reserved when it was opened (`PREPARED`), or freed when it was refused. Absent: none. */
  readonly reserves?: readonly Entry[] | undefined;
  /** The transfer between shards that a prepare or a decision is about; absent where the record does not carry it. */
  readonly transfer?: import('./commands.js').TransferCommand | undefined;
  /** What somebody is to be told, beside what the entries and the outcome say; each thing once. Absent: nothing. */
  readonly notices?: readonly Notice[] | undefined;
  /** What has happened that others want to hear of (events.ts). Absent: nothing. */
  readonly events?: readonly import('./events.js').FeedEvent[] | undefined;
}

/** What a subscription to an owner's balances is told. */
export type BalanceEvent =
  /** Changes of the owner's accounts, each account's in the order of its versions without a gap; those of one block, or missed ones. */
  | { readonly type: 'entries'; readonly entries: readonly HistoryEntry[] }
  /** The balances as they are after all entries told so far, and before all that follow. Comes once, when nothing missed is left. */
  | { readonly type: 'balances'; readonly balances: readonly Balance[] }
  /** The subscription ended by itself: why. */
  | { readonly type: 'ended'; readonly refusal: Refused };
