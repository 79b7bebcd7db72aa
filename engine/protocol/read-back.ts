// Outcomes and entries out of effect records. Owns: how bytes become answers. Never touches: state, files.
//   protocol.O1. An outcome tells the balances that its block leaves of what it moved: also what expired with it is in its entries.

import { NEVER } from '../limits.js';
import { planInPlace, toldInPlace } from './act-fields.js';
import { CommandView } from './command-view.js';
import { isReference, type LoggedCommand } from './commands.js';
import {
  type EffectReader,
  ENTRY,
  type EntryView,
  EXTRA,
  type Extra,
  opaqueIn,
  PENDING,
} from './effects.js';
import { OP, planPlace } from './layout.js';
import {
  type ActDone,
  type Asset,
  type CausedCommand,
  ENTRY_TYPES,
  type Entry,
  type HoldState,
  type Outcome,
  type Posted,
  refusedBy,
  remainingTold,
  type Slice,
} from './outcomes.js';
import { REFUSALS } from './refusals.js';
import { shownId } from './scope.js';

/** The codes of assets by the number that entries carry. */
export interface AssetCodes {
  readonly list: readonly Asset[];
}

const reading = new CommandView();

const timeOf = (expiry: number): number | null => (expiry === NEVER ? null : expiry);

function sliceList(numbers: Float64Array): readonly Slice[] {
  const slices: Slice[] = [];
  for (let i = 0; i < numbers.length; i += 3) {
    slices.push({
      expiresAt: timeOf(numbers[i] as number),
      available: numbers[i + 1] as number,
      held: numbers[i + 2] as number,
    });
  }
  return slices;
}

/** An entry as the API shows it. */
export function entryOf(view: EntryView, assets: AssetCodes): Entry {
  return {
    owner: view.owner,
    asset: assets.list[view.asset]?.asset ?? `#${view.asset}`,
    version: view.version,
    type: ENTRY_TYPES[view.type] ?? 'transfer',
    delta: view.earned - view.spent - view.expired,
    heldDelta: view.heldDelta,
    earned: view.earned,
    spent: view.spent,
    expired: view.expired,
    available: view.available,
    held: view.held,
    slices: sliceList(view.slices),
  };
}

/** A hold out of its extra. */
export function holdOfExtra(extra: Extra, assets: AssetCodes): HoldState {
  const [asset, remaining, deadline] = extra.numbers as unknown as [number, number, number];
  return {
    owner: extra.texts[0] as string,
    id: extra.texts[1] as string,
    asset: assets.list[asset]?.asset ?? `#${asset}`,
    remaining,
    ...(deadline === NEVER ? {} : { deadline }),
  };
}

/** What a tick expired of accounts that a record before it has entries of, with what `@expire` got of it. */
function expiredOf(effects: EffectReader, own: readonly EntryView[], tick: number): EntryView[] {
  const entries = effects.entries(tick);
  const isOwn = ({ owner, asset }: EntryView): boolean =>
    own.some((one) => one.owner === owner && one.asset === asset);
  const found: EntryView[] = [];
  entries.forEach((entry, i) => {
    if (entry.type !== ENTRY.expire || entry.expired === 0 || !isOwn(entry)) return;
    const sink = entries[i + 1];
    found.push(entry, ...(sink === undefined ? [] : [sink]));
  });
  return found;
}

/**
 * Entries of the ticks right after a record, of points that it put back into a lot past its expiry: they expire in the same block, before anybody is
 * told (protocol.O1). Nothing else of its accounts can be due there, for what was due was settled before it.
 */
function expiredAfter(
  effects: EffectReader,
  offset: number,
): { entries: EntryView[]; end: number } {
  const entries: EntryView[] = [];
  let end = offset + effects.recordLength(offset);
  if (end >= effects.u8.length || effects.op(end) !== OP.tick) return { entries, end };
  const own = effects.entries(offset);
  while (end < effects.u8.length && effects.op(end) === OP.tick) {
    const found = expiredOf(effects, own, end);
    if (found.length === 0) break;
    entries.push(...found);
    end += effects.recordLength(end);
  }
  return { entries, end };
}

/** The bytes of all that an outcome is made of: the record at `offset`, and what expired with it. */
export const outcomeBytes = (effects: EffectReader, offset: number): Uint8Array =>
  effects.u8.slice(offset, expiredAfter(effects, offset).end);

/** What an act, or the reversal of one, has done, by its record or by its command; undefined: it is neither. */
export function actDone(
  effects: EffectReader,
  offset: number,
  commands: RecordCommands | undefined,
): ActDone | undefined {
  const extra = effects.extra(offset, EXTRA.act);
  const plan = extra === undefined ? planInCommand(effects, offset, commands) : opaqueIn(extra);
  if (plan === undefined) return undefined;
  const { effects: done = [], why = {} } = planInPlace(plan) as Partial<ActDone>;
  return { effects: done, why };
}

/** What is told of an act in an outcome (`Posted.act`), as JSON text; undefined: it is none. */
export function actJson(posted: Posted): string | undefined {
  const text = posted instanceof PostedRecord ? posted.actText() : undefined;
  if (text !== undefined) return text;
  return posted.act === undefined ? undefined : JSON.stringify(posted.act);
}

function planInCommand(
  effects: EffectReader,
  offset: number,
  commands: RecordCommands | undefined,
): Uint8Array | undefined {
  const place = planPlace(effects.op(offset));
  if (place === undefined || commands === undefined) return undefined;
  reading.read(commands.bytes, effects.commandOffset(offset) - commands.from);
  return reading.isNil(place) ? undefined : reading.opaque(place);
}

/** A success, decoded only as far as it is looked at. */
class PostedRecord implements Posted {
  readonly ok = true;
  readonly id: string | undefined;
  readonly shard: number;
  readonly seq: number;
  readonly time: number;
  readonly replayed: boolean;
  readonly #effects: EffectReader;
  readonly #offset: number;
  readonly #assets: AssetCodes;
  readonly #isAlone: boolean;
  readonly #scope: string | undefined;
  readonly #commands: RecordCommands | undefined;
  #entries: readonly Entry[] | undefined;

  constructor(
    place: RecordPlace,
    offset: number,
    id: string | undefined,
    seq: number,
    time: number,
    replayed: boolean,
  ) {
    this.id = id;
    this.shard = place.shard;
    this.seq = seq;
    this.time = time;
    this.replayed = replayed;
    this.#effects = place.effects;
    this.#offset = offset;
    this.#assets = place.assets;
    this.#isAlone = place.isAlone === true;
    this.#scope = place.scope;
    this.#commands = place.commands;
  }

  get entries(): readonly Entry[] {
    if (this.#entries !== undefined) return this.#entries;
    const views = this.#effects.entries(this.#offset);
    if (!this.#isAlone) views.push(...expiredAfter(this.#effects, this.#offset).entries);
    this.#entries = views.map((view) => entryOf(view, this.#assets));
    return this.#entries;
  }

  #extra(tag: number): Extra | undefined {
    return this.#effects.extra(this.#offset, tag);
  }

  get hold(): HoldState | undefined {
    if (!this.#effects.hasExtra(this.#offset, EXTRA.hold)) return undefined;
    // Holds that a reversal changes are none of its own.
    if (this.#effects.hasExtra(this.#offset, EXTRA.reversed)) return undefined;
    // Nor is a pending earning one.
    const all = this.#effects
      .extras(this.#offset)
      .filter(({ tag, texts }) => tag === EXTRA.hold && texts[2] !== PENDING);
    // An act may change several: the one that it makes has its id.
    const extra = all.find(({ texts }) => texts[1] === this.id) ?? all[0];
    if (extra === undefined) return undefined;
    const hold = holdOfExtra(extra, this.#assets);
    return { ...hold, id: shownId(hold.id, this.#scope) };
  }

  get occurredAt(): number | undefined {
    return this.#extra(EXTRA.occurred)?.numbers[0];
  }

  get recordVersion(): number | undefined {
    if (this.#effects.op(this.#offset) !== OP['put-record']) return undefined;
    return this.#extra(EXTRA.record)?.numbers[0];
  }

  get assetVersion(): number | undefined {
    return this.#extra(EXTRA.asset)?.numbers[5];
  }

  get definitionVersion(): number | undefined {
    return this.#extra(EXTRA.definition)?.numbers[1];
  }

  get activeFrom(): number | undefined {
    return this.#extra(EXTRA.definition)?.numbers[3] || undefined;
  }

  /** As JSON, as it lies in the command; undefined: there is none, or it lies elsewhere. */
  actText(): string | undefined {
    const effects = this.#effects;
    const place = planPlace(effects.op(this.#offset));
    const commands = this.#commands;
    if (place === undefined || commands === undefined) return undefined;
    if (effects.hasExtra(this.#offset, EXTRA.act)) return undefined;
    reading.read(commands.bytes, effects.commandOffset(this.#offset) - commands.from);
    if (reading.isNil(place)) return undefined;
    return toldInPlace(reading.bytes, reading.bytesStart(place));
  }

  get act(): ActDone | undefined {
    return actDone(this.#effects, this.#offset, this.#commands);
  }

  get followUps(): readonly CausedCommand[] | undefined {
    if (!this.#effects.hasExtra(this.#offset, EXTRA.followUp)) return undefined;
    // Ids of what a transfer causes are known without being told.
    const caused = this.#effects
      .extras(this.#offset)
      .filter(({ tag, texts }) => tag === EXTRA.followUp && texts.length === 2)
      .map(({ texts: [id = '', owner = ''] }) => ({ owner, id }));
    return caused.length === 0 ? undefined : caused;
  }

  #remaining(): Pick<Posted, 'remaining' | 'remainingLegs'> {
    const numbers = this.#extra(EXTRA.reversed)?.numbers;
    return remainingTold(numbers && Array.from(numbers.subarray(numbers.length / 2)));
  }

  get remaining(): number | undefined {
    return this.#remaining().remaining;
  }

  get remainingLegs(): readonly number[] | undefined {
    return this.#remaining().remainingLegs;
  }

  toJSON(): Record<string, unknown> {
    const { ok, id, shard, seq, time, replayed, entries, occurredAt } = this;
    const { hold, recordVersion, assetVersion, definitionVersion, activeFrom } = this;
    const { act, followUps, remaining, remainingLegs } = this;
    const told = { ok, id, shard, seq, time, replayed, entries, occurredAt };
    const versions = { recordVersion, assetVersion, definitionVersion, activeFrom };
    return { ...told, hold, ...versions, act, followUps, remaining, remainingLegs };
  }
}

/** Commands of records. */
export interface RecordCommands {
  readonly bytes: Uint8Array;
  /** Where they begin among the commands of their block. */
  readonly from: number;
}

/** Where records to be read back are. */
export interface RecordPlace {
  readonly shard: number;
  /** With what comes right after the record in its block, where there is anything. */
  readonly effects: EffectReader;
  readonly assets: AssetCodes;
  /** Their commands, which say what acts have done; left out where none is an act. */
  readonly commands?: RecordCommands | undefined;
  /** Whose ids are those of who is told (protocol.I2). */
  readonly scope?: string | undefined;
  /** Only what the record itself says: where the ticks after it are told as well. */
  readonly isAlone?: boolean;
}

/** Is this record only the beginning of a command between shards? */
export function isBeginning(effects: EffectReader, offset: number): boolean {
  const op = effects.op(offset);
  if (op !== OP.transfer && op !== OP.capture && op !== OP.reverse && op !== OP.act) return false;
  return effects.hasExtra(offset, EXTRA.transit);
}

/** The number of the refusal in the record at `offset`; 0: it was carried out. */
export function outcomeCode(effects: EffectReader, offset: number): number {
  const number = effects.refusalNumber(offset);
  if (number !== 0) return number;
  if (effects.op(offset) === OP.delivered) {
    const [, answer = 0] = effects.extras(offset)[0]?.numbers ?? [];
    return answer;
  }
  return isBeginning(effects, offset) ? REFUSALS.PREPARED.number : 0;
}

/** The outcome in the record at `offset`. */
export function outcomeOf(
  place: RecordPlace,
  offset: number,
  id: string | undefined,
  seq: number,
  time: number,
  replayed: boolean,
): Outcome {
  const number = outcomeCode(place.effects, offset);
  if (number !== 0) {
    // Only what its own record refuses had been refused before.
    const isOwn = place.effects.refusalNumber(offset) !== 0;
    return refusedBy(number, undefined, id, replayed && isOwn);
  }
  return new PostedRecord(place, offset, id, seq, time, replayed);
}

/** The id of a logged command; undefined where it has none. */
export function idOf(command: LoggedCommand): string | undefined {
  return command.type === 'tick' || isReference(command) ? undefined : command.id;
}
