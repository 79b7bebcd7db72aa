// Cross-shard transfers, readable. Owns: how what shards send each other and what they note of it is shown, and which
// transfers are open after a block. Never touches: where blocks come from.

import { NEVER } from '../limits.js';
import type { BlockView } from '../protocol/block.js';
import { commandOfTuple, unpackTuple } from '../protocol/codec.js';
import type {
  CaptureCommand,
  DecisionCommand,
  LoggedCommand,
  PrepareCommand,
  ReverseCommand,
  TransferCommand,
} from '../protocol/commands.js';
import { type Extra, TRANSIT } from '../protocol/effects.js';
import { OP, PLACES } from '../protocol/layout.js';
import { refusalCode } from '../protocol/refusals.js';
import { unpackLots } from '../transfer/lots.js';
import { transitKey, transitOfTuple } from '../transfer/open/transits.js';

const STATES = ['open', 'posted', 'refused'];

/** What goes from shard to shard. */
export type CarriedCommand = TransferCommand | CaptureCommand | ReverseCommand;

/** What one leg took out of one lot; of a reversal, what one account here gives back. */
export interface InspectedSlice {
  readonly leg: number;
  /** ISO 8601; null: never. */
  readonly expiresAt: string | null;
  readonly amount: number;
}

export type InspectedPrepare = Omit<PrepareCommand, 'transfer' | 'lots'> & {
  readonly transfer: CarriedCommand;
  readonly lots: readonly InspectedSlice[];
};

export type InspectedDecision = Omit<DecisionCommand, 'refusal' | 'transfer' | 'lots'> & {
  /** `ok` or the refusal's code. */
  readonly outcome: string;
  readonly transfer: CarriedCommand | undefined;
  readonly lots: readonly InspectedSlice[];
};

/** A logged command with what it carries unpacked. */
export type InspectedCommand =
  | Exclude<LoggedCommand, PrepareCommand | DecisionCommand>
  | InspectedPrepare
  | InspectedDecision;

/** A cross-shard transfer that waits for its decision. */
export interface InspectedTransit {
  readonly homeOwner: string;
  readonly id: string;
  /** ISO 8601: until when the next shard takes it. */
  readonly deadline: string;
  /** The shard whose decision it waits for. */
  readonly next: number;
  /** The block that opened it here. */
  readonly seq: number;
  readonly transfer: CarriedCommand;
}

const timeText = (ms: number): string => new Date(ms).toISOString();
const expiryText = (expiry: number): string | null => (expiry === NEVER ? null : timeText(expiry));

function transferOf(bytes: Uint8Array): CarriedCommand {
  return commandOfTuple(unpackTuple(bytes, 0, bytes.length)) as CarriedCommand;
}

/** Does it name this owner? */
function names(carried: CarriedCommand, owner: string): boolean {
  if (carried.type === 'transfer')
    return carried.legs.some(({ from, to }) => from === owner || to === owner);
  return carried.owner === owner || (carried.type === 'capture' && carried.to === owner);
}

function slicesOf(lots: Uint8Array | undefined): InspectedSlice[] {
  const numbers = lots === undefined ? [] : unpackLots(lots, 0, lots.length);
  const slices: InspectedSlice[] = [];
  let at = 0;
  for (let leg = 0; at < numbers.length; leg++) {
    const end = at + 1 + 2 * (numbers[at] as number);
    for (at++; at < end; at += 2) {
      const expiresAt = expiryText(numbers[at] as number);
      slices.push({ leg, expiresAt, amount: numbers[at + 1] as number });
    }
  }
  return slices;
}

/** A command as it is shown. */
export function shownCommand(command: LoggedCommand): InspectedCommand {
  if (command.type === 'prepare') {
    const transfer = transferOf(command.transfer);
    return { ...command, transfer, lots: slicesOf(command.lots) };
  }
  if (command.type !== 'decision') return command;
  const { refusal, lots, ...rest } = command;
  const transfer = command.transfer === undefined ? undefined : transferOf(command.transfer);
  return {
    ...rest,
    outcome: refusal === 0 ? 'ok' : refusalCode(refusal),
    transfer,
    lots: slicesOf(lots),
  };
}

/** Points between available and held. `asset`: its code. */
export function reserveText({ numbers, texts }: Extra, asset: string): string {
  const [, amount = 0, ...changes] = numbers;
  const lots: string[] = [];
  for (let i = 0; i < changes.length; i += 3) {
    const [expiry, available, held] = changes.slice(i, i + 3) as [number, number, number];
    lots.push(
      `${expiryText(expiry) ?? 'never'} available ${signed(available)} held ${signed(held)}`,
    );
  }
  const what = amount < 0 ? `${-amount} back to available` : `${amount} from available to held`;
  return `reserve ${texts[0]} ${asset}: ${what}${lots.map((lot) => `; lot ${lot}`).join('')}`;
}

const signed = (number: number): string => (number > 0 ? `+${number}` : `${number}`);

/** How a cross-shard transfer stands. */
export function transitText({ numbers, texts }: Extra): string {
  const [state = 0, deadline = 0, before = -1, next = -1] = numbers;
  const places = [
    before < 0 ? 'begun here' : `from shard ${before}`,
    next < 0 ? 'the last shard' : `then shard ${next}`,
  ];
  const [owner, id] = texts;
  return `transfer ${owner} ${id}: ${STATES[state] ?? state}, ${places.join(', ')}, deadline ${timeText(deadline)}`;
}

/** Which shards an open reversal goes over. */
export const undoText = ([count = 0, ...numbers]: ArrayLike<number> & Iterable<number>): string =>
  `undoes what was posted on shards ${numbers.slice(0, count).join(', ')}`;

/** A follow-up, caused or delivered. */
export function followUpText({ numbers, texts }: Extra): string {
  const [isCaused = 0, number = 0] = numbers;
  const outcome = number === 0 ? 'posted' : `refused ${isCaused === 0 ? refusalCode(number) : ''}`;
  return `follow-up ${texts.join(' of ')}: ${isCaused === 1 ? `for shard ${number}` : outcome}`;
}

/** Transfers that are open on one shard: a checkpoint's, then what later blocks did. */
export class OpenTransfers {
  readonly #open = new Map<string, InspectedTransit>();

  /** `tuples`: as a checkpoint has them. */
  take(tuples: readonly (readonly unknown[])[]): void {
    for (const tuple of tuples) {
      const { owner, id, deadline, next, seq, transfer } = transitOfTuple(tuple);
      this.#set(owner, id, deadline, next, seq, transfer);
    }
  }

  follow({ header, effects, commands }: BlockView, at: number, { numbers, texts }: Extra): void {
    const [state, deadline = 0, , next = -1] = numbers;
    const [owner = '', id = ''] = texts;
    this.#open.delete(transitKey(owner, id));
    if (state !== TRANSIT.open) return;
    const start = effects.commandOffset(at);
    const command = commands.subarray(start, start + effects.commandLength(at));
    const tuple = unpackTuple(command, 0, command.length);
    const transfer =
      tuple[1] === OP.prepare ? (tuple[PLACES.prepare.transfer] as Uint8Array) : command;
    this.#set(owner, id, deadline, next, header.seq, transfer);
  }

  /** Those that have something to do with an owner. */
  of(owner: string): InspectedTransit[] {
    return [...this.#open.values()].filter(
      ({ homeOwner, transfer }) => homeOwner === owner || names(transfer, owner),
    );
  }

  #set(
    homeOwner: string,
    id: string,
    deadline: number,
    next: number,
    seq: number,
    transfer: Uint8Array,
  ): void {
    this.#open.set(transitKey(homeOwner, id), {
      homeOwner,
      id,
      deadline: timeText(deadline),
      next,
      seq,
      transfer: transferOf(transfer),
    });
  }
}
