// Who of those whom the legs of a transfer name may be its home owner. Owns: the rule, of now and of version 1. Never touches: how
// legs lie.
//   protocol.W1. The parties of a transfer are the users who pay; where none does, the users who receive; where there is no user,
//       the system owners who pay. Scarce owners come after users. So the order of legs does not matter.
//   protocol.W2. One party is the home owner. Where there are several, the transfer names one of them.
//   protocol.W3. By the rule of version 1 it was the first leg's first owner that is not a system owner: where ids of that time are found.

/** The legs of a transfer: side 2n is who pays leg n, side 2n + 1 who receives. */
export interface Sides {
  /** How many legs. */
  readonly legs: number;
  /** The first character's code of who is named there. */
  mark(side: number): number;
  /** Is the same owner named at both? */
  isSame(side: number, other: number): boolean;
}

const [SYSTEM_MARK, SCARCE_MARK] = [64, 35]; // @ #
/** Payees that are system owners are no party. */
const NO_PARTY = 5;

/** Whom of a transfer's sides its parties are taken from: 0 before all others. */
function rankOf(mark: number, isPayee: boolean): number {
  if (mark === SYSTEM_MARK) return isPayee ? NO_PARTY : 4;
  return (isPayee ? 2 : 0) + (mark === SCARCE_MARK ? 1 : 0);
}

/** The side of the only party; -1: there are several. */
export function onlyParty(sides: Sides): number {
  let best = NO_PARTY;
  let party = 0;
  let isOnly = true;
  const count = 2 * sides.legs;
  for (let side = 0; side < count; side++) {
    const rank = rankOf(sides.mark(side), (side & 1) === 1);
    if (rank > best || rank === NO_PARTY) continue;
    if (rank < best) {
      best = rank;
      party = side;
      isOnly = true;
    } else if (isOnly) isOnly = sides.isSame(party, side);
  }
  return isOnly ? party : -1;
}

/** The sides that name a party, each party once, in the order of legs. */
export function partiesOf(sides: Sides): number[] {
  let best = NO_PARTY;
  let parties: number[] = [];
  for (let side = 0; side < 2 * sides.legs; side++) {
    const rank = rankOf(sides.mark(side), side % 2 === 1);
    if (rank > best || rank === NO_PARTY) continue;
    if (rank < best) parties = [];
    best = rank;
    if (!parties.some((known) => sides.isSame(known, side))) parties.push(side);
  }
  return parties;
}

/**
 * The side of a leg that the rule of version 1 takes where this leg is the first that has a user: its first owner that is not a system owner,
 * else who pays. Under one of these, over all legs, ids of that time are kept, whatever the order of legs was.
 */
export function earlierSide(sides: Sides, leg: number): number {
  const isReceived = isSystemAt(sides, 2 * leg) && !isSystemAt(sides, 2 * leg + 1);
  return isReceived ? 2 * leg + 1 : 2 * leg;
}

const isSystemAt = (sides: Sides, side: number): boolean => sides.mark(side) === SYSTEM_MARK;

/** The home owner by the rule of version 1. */
export function earlierHome(sides: Sides): number {
  for (let leg = 0; leg < sides.legs; leg++) {
    const side = earlierSide(sides, leg);
    if (!isSystemAt(sides, side)) return side;
  }
  return 0;
}

/** Who pays a leg, and who receives. */
export interface Movement {
  readonly from: string;
  readonly to: string;
}

/** Legs by their names. */
export class NamedSides implements Sides {
  readonly #movements: readonly Movement[];
  readonly legs: number;

  constructor(movements: readonly Movement[]) {
    this.#movements = movements;
    this.legs = movements.length;
  }

  at(side: number): string {
    const { from, to } = this.#movements[side >> 1] as Movement;
    return (side & 1) === 0 ? from : to;
  }

  mark(side: number): number {
    return this.at(side).charCodeAt(0);
  }

  isSame(side: number, other: number): boolean {
    return this.at(side) === this.at(other);
  }
}
