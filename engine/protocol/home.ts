// Whose a command is: its home owner, within whom its id is unique. Owns: the rule for each command, by its version. Never touches: shards.

import type { Tuple } from './codec.js';
import type { CommandView } from './command-view.js';
import type { Command, TransferCommand } from './commands.js';
import { type Layout, LEG, LEG_PLACES, layoutOf, layoutOfOp, OP, PLACES } from './layout.js';
import {
  earlierHome,
  earlierSide,
  type Movement,
  NamedSides,
  onlyParty,
  partiesOf,
  type Sides,
} from './parties.js';
import { isSystemOwner } from './syntax.js';

const { legs: LEGS, owner: OWNER } = PLACES.transfer;
const ONE_LEG = LEGS + LEG_PLACES;
const SYSTEM_MARK = 64; // @

/** From this version on the home owner of a transfer does not depend on the order of its legs. */
export const PARTIES_VERSION = 2;

/** The side of its home owner, which it does not name. Where it ought to, and does not: as by the rule of version 1. */
function homeSide(sides: Sides): number {
  const party = onlyParty(sides);
  return party < 0 ? earlierHome(sides) : party;
}

const NOBODY = { from: '', to: '' };

/**
 * The home owner of a command. Of a transfer: its `owner`, or the one user who pays (where none does: the one who receives; where there is
 * none: the one system owner who pays).
 */
export function homeOwner(command: Command): string {
  if (command.type === 'transfer') {
    if (command.owner !== undefined) return command.owner;
    const [{ from, to } = NOBODY, another] = command.legs;
    if (another === undefined) return isSystemOwner(from) && !isSystemOwner(to) ? to : from;
    const sides = new NamedSides(command.legs);
    return sides.at(homeSide(sides));
  }
  const home = layoutOf(command.type)?.definition.home;
  return home === undefined || home === ''
    ? ''
    : ((command as unknown as Record<string, string>)[home] ?? '');
}

/** Under whom the id of a transfer may have been kept by the rule of version 1, in whatever order its legs were; not its home owner. */
export function earlierHomes(transfer: TransferCommand): string[] {
  if (transfer.legs.length === 1) return [];
  const sides = new NamedSides(transfer.legs);
  const home = homeOwner(transfer);
  const owners: string[] = [];
  for (let leg = 0; leg < sides.legs; leg++) {
    const owner = sides.at(earlierSide(sides, leg));
    if (owner !== home && !owners.includes(owner)) owners.push(owner);
  }
  return owners;
}

const homePlaces = Array.from({ length: 256 }, (_, op) => {
  const layout: Layout | undefined = layoutOfOp(op);
  return layout?.placed.find(({ name }) => name === layout.definition.home)?.place ?? 0;
});

/** Where an owner is named in a transfer. */
const placeOf = (side: number): number =>
  LEGS + (side >> 1) * LEG_PLACES + (side % 2 === 0 ? LEG.from : LEG.to);

const sidesOfTuple = (tuple: Tuple): NamedSides => {
  const movements: Movement[] = [];
  for (let i = LEGS; i < tuple.length; i += LEG_PLACES)
    movements.push({ from: tuple[i + LEG.from] as string, to: tuple[i + LEG.to] as string });
  return new NamedSides(movements);
};

/** The home owner of a logged command. */
export function homeOwnerOfTuple(tuple: Tuple): string {
  if (tuple[1] !== OP.transfer) return tuple[homePlaces[tuple[1] as number] as number] as string;
  const named = tuple[OWNER] as string | null;
  if (named !== null) return named;
  const sides = sidesOfTuple(tuple);
  const side = (tuple[0] as number) < PARTIES_VERSION ? earlierHome(sides) : homeSide(sides);
  return sides.at(side);
}

/** Says a logged transfer whose it is: one party alone, or the one that it names (protocol.W2)? */
export function hasHome(tuple: Tuple): boolean {
  if ((tuple[0] as number) < PARTIES_VERSION) return true;
  const sides = sidesOfTuple(tuple);
  const parties = partiesOf(sides).map((side) => sides.at(side));
  const named = tuple[OWNER] as string | null;
  return named === null ? parties.length === 1 : parties.includes(named);
}

/** Of the transfer that is looked at. */
class PackedSides implements Sides {
  #transfer: CommandView | null = null;
  legs = 0;

  of(transfer: CommandView): this {
    this.#transfer = transfer;
    this.legs = (transfer.count - LEGS) / LEG_PLACES;
    return this;
  }

  mark(side: number): number {
    const transfer = this.#transfer as CommandView;
    return transfer.bytes[transfer.textStart(placeOf(side))] as number;
  }

  isSame(side: number, other: number): boolean {
    return (this.#transfer as CommandView).isSameText(placeOf(side), placeOf(other));
  }
}

/** Used again for the next. */
const packed = new PackedSides();

/** The place that names the home owner of a command. */
export function homePlace(command: CommandView): number {
  if (command.op !== OP.transfer) return homePlaces[command.op] as number;
  const { bytes, count } = command;
  if (count <= ONE_LEG) {
    // The rule is the same for all versions, and whether it is named or not.
    const { from, to } = LEG;
    const isPayer =
      bytes[command.textStart(LEGS + from)] !== SYSTEM_MARK ||
      bytes[command.textStart(LEGS + to)] === SYSTEM_MARK;
    return isPayer ? LEGS + from : LEGS + to;
  }
  if (command.version < PARTIES_VERSION) return placeOf(earlierHome(packed.of(command)));
  return command.isNil(OWNER) ? placeOf(homeSide(packed.of(command))) : OWNER;
}

/** Does a transfer not name its home owner, which it must? */
export function lacksOwner(transfer: CommandView): boolean {
  if (transfer.count <= ONE_LEG || transfer.version < PARTIES_VERSION) return false;
  return transfer.isNil(OWNER) && onlyParty(packed.of(transfer)) < 0;
}

/** The place that names who was the home owner by the rule of version 1, had this leg come first. */
export const earlierPlace = (transfer: CommandView, leg: number): number =>
  placeOf(earlierSide(packed.of(transfer), leg));
