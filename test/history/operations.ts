// What clients recorded, and what the ledger says its order was. Owns: those shapes, and what a command should do to each
// user's account. Never touches: clocks, sockets.
//   Times are of one monotonic clock of one process. `call`: before the request was sent; `ret`: after its answer was read.

import type { Entry, HistoryEntry, TransferCommand } from '../../engine/index.js';
import { homeOwner } from '../../engine/index.js';

/** An offer that a member may claim once, as it is defined. */
export interface Offer {
  readonly key: string;
  readonly asset: string;
  readonly points: number;
  /** `#budget:<name>`. */
  readonly budget: string;
  /** For whom it is: who has so much of the asset. */
  readonly availableAtLeast?: number;
}

/** How far balances may be corrected, as it is defined. */
export interface Correction {
  readonly key: string;
  readonly asset: string;
  readonly mostUp: number;
  readonly mostDown: number;
  readonly secondFrom: number;
}

/** What events of a programme earn, how often, and what its members may give and get, as it is defined. */
export interface Programme {
  readonly key: string;
  readonly asset: string;
  /** Points of a visit, and how often there are any; of what is bought it is a point for each unit. */
  readonly visit: { readonly points: number; readonly times: number };
  /** Of a gift the most, and how many there may be of one member in a day, which no history is longer than. */
  readonly gift: { readonly mostEach: number; readonly mostTimes: number };
  /** What a referral is worth. */
  readonly referral: { readonly referrer: number; readonly newcomer: number };
}

/** Commands whose histories are checked. */
export type Asked =
  | (TransferCommand & { readonly id: string })
  | {
      readonly type: 'hold';
      readonly id: string;
      readonly owner: string;
      readonly asset: string;
      readonly amount: number;
    }
  | {
      readonly type: 'capture';
      readonly id: string;
      readonly owner: string;
      readonly asset: string;
      readonly holdId: string;
      readonly to: string;
      readonly amount: number;
      readonly releaseRest: boolean;
    }
  | {
      readonly type: 'release';
      readonly id: string;
      readonly owner: string;
      readonly asset: string;
      readonly holdId: string;
    }
  | {
      readonly type: 'reverse';
      readonly id: string;
      readonly owner: string;
      readonly original: Movement;
      /** Of an act, a part of it; left out: all that remains. */
      readonly amount?: number;
    }
  | Event
  | {
      readonly type: 'act';
      readonly act: 'return-event';
      readonly id: string;
      readonly owner: string;
      readonly event: Event;
      /** What of its amount is given back. */
      readonly amount: number;
    }
  | {
      readonly type: 'act';
      readonly act: 'gift';
      readonly id: string;
      readonly owner: string;
      readonly of: Programme;
      readonly to: string;
      readonly amount: number;
    }
  | {
      readonly type: 'act';
      readonly act: 'refer';
      readonly id: string;
      readonly owner: string;
      readonly of: Programme;
      readonly code: string;
      /** Whose code it is, which nobody says. */
      readonly by: string;
    }
  | {
      readonly type: 'act';
      readonly act: 'claim';
      readonly id: string;
      readonly owner: string;
      readonly offer: Offer;
    }
  | {
      readonly type: 'act';
      readonly act: 'adjust';
      readonly id: string;
      readonly owner: string;
      readonly correction: Correction;
      /** Above 0: given; below: taken. */
      readonly amount: number;
    };

/** Something was bought, for so much, or somebody came by: then it has no amount. */
export interface Event {
  readonly type: 'act';
  readonly act: 'event';
  readonly id: string;
  readonly owner: string;
  readonly of: Programme;
  readonly amount?: number;
}

export type Act = Extract<Asked, { type: 'act' }>;
export type Claim = Extract<Asked, { act: 'claim' }>;
export type Return = Extract<Asked, { act: 'return-event' }>;
export type Gift = Extract<Asked, { act: 'gift' }>;
export type Refer = Extract<Asked, { act: 'refer' }>;
/** An act that is undone by a reversal. */
export type Undoable = Extract<Asked, { act: 'claim' | 'adjust' }>;
/** What can be reversed. */
export type Movement = Extract<Asked, { type: 'transfer' | 'capture' }> | Undoable;

export const isUndoable = (command: Asked): command is Undoable =>
  command.type === 'act' && (command.act === 'claim' || command.act === 'adjust');

/** What the ledger answered to one attempt. */
export type Answer =
  /** No answer, or one that says nothing: time-out, connection lost, 5xx. */
  | { readonly state: 'unknown' }
  /** Prepared and not decided. */
  | { readonly state: 'open' }
  /** A look-up found nothing under the id. */
  | { readonly state: 'absent' }
  | {
      readonly state: 'posted';
      readonly replayed: boolean;
      readonly shard: number;
      readonly seq: number;
      readonly entries: readonly Entry[];
      /** What an act, or the undo of one, tells that it has done. */
      readonly effects?: readonly Effect[] | undefined;
    }
  | { readonly state: 'refused'; readonly replayed: boolean; readonly code: string };

export type Effect = Readonly<Record<string, string | number>>;

/** One time that somebody asked. */
export interface Attempt {
  readonly call: number;
  readonly ret: number;
  /** A look-up by id asks what became of the command, and is never the cause of it. */
  readonly isLookUp: boolean;
  readonly answer: Answer;
}

/** A command, with every time it was asked. */
export interface Operation {
  readonly command: Asked;
  readonly attempts: Attempt[];
}

/** What a balance read saw of one account. */
export interface Seen {
  readonly asset: string;
  readonly available: number;
  readonly held: number;
  readonly version: number;
}

/** A balance read: all accounts of an owner at one moment. */
export interface Read {
  readonly name: string;
  readonly owner: string;
  readonly call: number;
  readonly ret: number;
  readonly accounts: readonly Seen[];
}

/** The entries of one account, first to last. */
export type AccountEntries = readonly Pick<
  HistoryEntry,
  'id' | 'type' | 'version' | 'delta' | 'heldDelta' | 'available' | 'held' | 'shard' | 'seq'
>[];

/** A budget in an asset. */
export interface Budget {
  /** What was put into it before anybody claimed. */
  readonly funded: number;
  /** What all shards have of it after everything. */
  readonly left: number;
}

/** Everything that the checker judges. */
export interface History {
  readonly operations: readonly Operation[];
  readonly reads: readonly Read[];
  /** By `owner asset`, read after everything: the witness of each account's order. */
  readonly entries: ReadonlyMap<string, AccountEntries>;
  /** By `owner asset`. */
  readonly budgets: ReadonlyMap<string, Budget>;
  /** Where an owner lives. */
  readonly shardOf: (owner: string) => number;
  /** When nodes had been killed. */
  readonly kills: readonly number[];
}

/** What an entry does for its command: what it pays is reserved, it is posted, or what was reserved is freed. */
export type Step = 'reserve' | 'post' | 'free';

export const stepOf = (type: Entry['type']): Step =>
  type === 'reserve' || type === 'free' ? type : 'post';

/** Has it a reserve while it is open? What a capture takes is held by its hold. */
export const isReserving = ({ type }: Asked): boolean =>
  type === 'transfer' || type === 'reverse' || type === 'act';

/** The act that it undoes. */
export const undoneAct = (command: Asked): Undoable | undefined =>
  command.type === 'reverse' && command.original.type === 'act' ? command.original : undefined;

/** May it be refused for now after it was prepared, as if it had never been (engine/transfer/README.md, "What is refused for now")? */
export const mayPass = (command: Asked): boolean =>
  command.type === 'act' || undoneAct(command) !== undefined;

/** What an act moves that may be undone, in minor units. */
export const movedBy = (act: Undoable): number =>
  act.act === 'claim' ? act.offer.points : Math.abs(act.amount);

/** What somebody must have for a command to post. */
export function conditionOf(command: Asked): TransferCommand['condition'] {
  if (command.type === 'transfer') return command.condition;
  if (command.type !== 'act' || command.act !== 'claim') return undefined;
  const { asset, availableAtLeast } = command.offer;
  const { owner } = command;
  return availableAtLeast === undefined ? undefined : { owner, asset, availableAtLeast };
}

export const accountKey = (owner: string, asset: string): string => `${owner} ${asset}`;

/** Whose entries nobody reads: a system owner, a budget. */
export const isSystem = (owner: string): boolean => owner.startsWith('@') || owner.startsWith('#');

/** Whose id it is. */
export function homeOf(command: Asked): string {
  return command.type === 'transfer' ? (homeOwner(command) ?? '') : command.owner;
}

export const nameOf = (command: Asked): string => `${homeOf(command)}/${command.id}`;

/** The shards that a command touches, in the order in which they prepare (engine/transfer/README.md, "The chain"). */
export function chainOf(command: Asked, shardOf: (owner: string) => number): number[] {
  if (command.type === 'reverse') return chainOf(command.original, shardOf);
  const home = shardOf(homeOf(command));
  if (command.type === 'capture' && !isSystem(command.to) && shardOf(command.to) !== home)
    return [home, shardOf(command.to)];
  // Where an allotment pays, a claim is of one shard; what is given back goes home to the budget all the same.
  if (command.type === 'act' && command.act === 'claim')
    return [...new Set([home, shardOf(command.offer.budget)])];
  const also = command.type === 'act' ? othersOf(command).map(shardOf) : [];
  if (command.type !== 'transfer') return [...new Set([home, ...also])];
  const pays = new Set<number>();
  const paid = new Set<number>();
  for (const { from, to } of command.legs) {
    const payer = isSystem(from) ? undefined : shardOf(from);
    const payee = isSystem(to) ? undefined : shardOf(to);
    pays.add(payer ?? payee ?? home);
    paid.add(payee ?? payer ?? home);
  }
  if (command.condition !== undefined) pays.add(shardOf(command.condition.owner));
  pays.delete(home);
  paid.delete(home);
  const ascending = (shards: Iterable<number>): number[] => [...shards].sort((a, b) => a - b);
  return [home, ...ascending(pays), ...ascending(paid).filter((shard) => !pays.has(shard))];
}

/** On whose shards an act is decided, too. */
function othersOf(act: Act): string[] {
  if (act.act === 'gift') return [act.to];
  return act.act === 'refer' ? [`#code:${act.code}`, act.by] : [];
}

/** What a command changes on one account where it posts. */
export interface Change {
  readonly owner: string;
  readonly asset: string;
  delta: number;
  /** What the account pays, without what it gets (of a reversal: all in all). What a capture takes is held already. */
  pays: number;
  heldDelta: number;
}

/**
 * What a command does to users' accounts, by account. `remaining`: of the hold that a capture or release closes, or of the act that is undone,
 * at that moment.
 */
export function changesOf(command: Asked, remaining: number): Map<string, Change> {
  const changes = new Map<string, Change>();
  const at = (owner: string, asset: string): Change => {
    const key = accountKey(owner, asset);
    const change = changes.get(key) ?? { owner, asset, delta: 0, pays: 0, heldDelta: 0 };
    changes.set(key, change);
    return change;
  };
  if (command.type === 'transfer') {
    for (const { from, to, asset, amount } of command.legs) {
      const payer = at(from, asset);
      payer.delta -= amount;
      payer.pays += amount;
      at(to, asset).delta += amount;
    }
  } else if (command.type === 'hold') {
    at(command.owner, command.asset).heldDelta += command.amount;
  } else if (command.type === 'capture') {
    const payer = at(command.owner, command.asset);
    payer.delta -= command.amount;
    payer.heldDelta -= command.releaseRest ? remaining : command.amount;
    at(command.to, command.asset).delta += command.amount;
  } else if (command.type === 'act') {
    for (const [owner, delta] of pointsOf(command)) {
      const change = at(owner, assetOf(command));
      change.delta += delta;
      change.pays += Math.max(0, -delta);
    }
  } else if (command.type === 'reverse') {
    const act = undoneAct(command);
    const share = act === undefined ? 1 : (command.amount ?? remaining) / movedBy(act);
    for (const { owner, asset, delta } of changesOf(command.original, 0).values()) {
      const change = at(owner, asset);
      change.delta = -Math.round(delta * share);
      change.pays = Math.max(0, -change.delta);
    }
  } else at(command.owner, command.asset).heldDelta -= remaining;
  for (const [key, { owner }] of changes) if (isSystem(owner)) changes.delete(key);
  return changes;
}

export function assetOf(act: Act): string {
  if (act.act === 'claim') return act.offer.asset;
  if (act.act === 'adjust') return act.correction.asset;
  return act.act === 'return-event' ? act.event.of.asset : act.of.asset;
}

/** The points that an act moves, where it moves any: of whom how many. */
function pointsOf(act: Act): readonly (readonly [owner: string, delta: number])[] {
  const { owner } = act;
  switch (act.act) {
    case 'claim':
      return [[owner, act.offer.points]];
    case 'event':
      return [[owner, act.amount ?? act.of.visit.points]];
    case 'return-event':
      return [[owner, -act.amount]];
    case 'gift':
      return [
        [owner, -act.amount],
        [act.to, act.amount],
      ];
    case 'refer':
      return [
        [owner, act.of.referral.newcomer],
        [act.by, act.of.referral.referrer],
      ];
    default:
      return [[owner, act.amount]];
  }
}

/** Has a posted event earned nothing, as it tells? */
export const earnedNothing = (
  command: Asked,
  posted: { readonly effects?: readonly Effect[] | undefined } | undefined,
): boolean => command.type === 'act' && command.act === 'event' && posted?.effects?.length === 0;

/** What an act of a programme tells that has moved points; undefined: it is none. */
function toldOfProgramme(act: Act): Effect[] | undefined {
  switch (act.act) {
    case 'event': {
      const rule = act.amount === undefined ? 'visit' : 'buy';
      return [{ type: 'earn', rule, amount: act.amount ?? act.of.visit.points }];
    }
    case 'return-event':
      return [
        { type: 'takeBack', amount: act.amount },
        { type: 'returned', event: act.event.id, units: act.amount },
      ];
    case 'gift':
      return [{ type: 'gift', to: act.to, asset: act.of.asset, amount: act.amount }];
    case 'refer': {
      const { newcomer, referrer } = act.of.referral;
      return [{ type: 'referred', by: act.by, amount: newcomer, referrer }];
    }
    default:
      return undefined;
  }
}

/** What a posted act, or the undo of one, tells. `isWhole`: nothing of the act is left. */
export function effectsOf(command: Asked, isWhole: boolean): Effect[] | undefined {
  const told = command.type === 'act' ? toldOfProgramme(command) : undefined;
  if (told !== undefined) return told;
  if (isUndoable(command)) {
    const isTaken = command.act === 'adjust' && command.amount < 0;
    const type = isTaken ? 'deductPoints' : 'addPoints';
    return [{ type, asset: assetOf(command), amount: movedBy(command) }];
  }
  const act = undoneAct(command);
  if (act === undefined) return undefined;
  return act.act === 'claim' && isWhole ? [{ type: 'reopenOffer', offer: act.offer.key }] : [];
}
