// Claims of offers, as they must stand after a restart. Owns: who has claimed what by what was told, what budgets must have then. Never touches:
// the ledger.
//   X5. An offer is claimed once by a member until all of it was given back, in the order of the entries of his account; who is refused because
//       he has claimed it, has. A budget has what it got less what claims took and with what came back. What a claim would be answered now
//       says the same.

import type { PoolState } from '../../engine/api.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { fromLine } from './lines.js';
import { BUDGETS, type CrashOffer, claimedOffer, type Read } from './load.js';
import { Contradiction, type Known, type Told } from './told.js';

/** A claim that was posted, or what gave back points of one. */
interface Step {
  readonly id: string;
  readonly owner: string;
  readonly offer: CrashOffer;
  /** The id of the claim. */
  readonly of: string;
  /** Of the member's account. */
  readonly version: number;
  /** What the member got. */
  readonly points: number;
}

interface Claim {
  readonly id: string;
  left: number;
}

const placeOf = (owner: string, offer: CrashOffer): string => `${owner} ${offer.key}`;

/** The offer that an id claims. */
const offerOf = (known: Known | undefined): CrashOffer | undefined =>
  known?.commands.map(claimedOffer).find((offer) => offer !== undefined);

/** What an id that was posted did to a claim; undefined: nothing. */
function stepOf(told: Told, known: Known, outcome: Outcome): Step | undefined {
  if (!outcome.ok) return undefined;
  const { owner, id } = known;
  const entries = outcome.entries.filter((one) => one.owner === owner && one.asset === 'gold');
  const points = entries.reduce(
    (sum, { delta, type }) => (type === 'expire' ? sum : sum + delta),
    0,
  );
  const version = entries[0]?.version ?? 0;
  const own = outcome.act === undefined ? undefined : offerOf(known);
  if (own !== undefined) return { id, owner, offer: own, of: id, version, points };
  for (const command of known.commands) {
    if (command.type !== 'reverse') continue;
    const of = command.transferId;
    const offer = offerOf(told.ids.get(`${owner} ${of}`));
    if (offer !== undefined && points < 0) return { id, owner, offer, of, version, points };
  }
  return undefined;
}

export class Claims {
  /** By member and offer. */
  readonly #standing = new Map<string, Claim>();
  readonly #paid = new Map<string, number>();
  /** How many were ever posted. */
  posted = 0;

  /** Of everything told, whose outcomes are known by now. */
  constructor(told: Told) {
    const steps: Step[] = [];
    const refused: (readonly [known: Known, offer: CrashOffer])[] = [];
    for (const known of told.ids.values()) {
      if (known.text === undefined) continue;
      const outcome = fromLine(known.text) as Outcome;
      const step = stepOf(told, known, outcome);
      if (step !== undefined) steps.push(step);
      const offer = offerOf(known);
      if (!outcome.ok && outcome.code === 'OFFER_CLAIMED' && offer) refused.push([known, offer]);
    }
    const ever = new Set<string>();
    for (const step of steps.sort((a, b) => a.version - b.version)) {
      this.#take(step);
      ever.add(placeOf(step.owner, step.offer));
    }
    for (const [{ owner, id }, offer] of refused)
      if (!ever.has(placeOf(owner, offer)))
        throw new Contradiction(`${owner} ${id} was refused, and ${offer.key} was never claimed`);
  }

  #take({ id, owner, offer, of, points }: Step): void {
    const place = placeOf(owner, offer);
    const before = this.#standing.get(place);
    this.#paid.set(offer.budget, (this.#paid.get(offer.budget) ?? 0) + points);
    if (id === of) {
      if (before !== undefined)
        throw new Contradiction(
          `${owner} ${id} claims ${offer.key}, which ${before.id} has claimed`,
        );
      if (points !== offer.points)
        throw new Contradiction(`${owner} ${id} got ${points} of ${offer.points}`);
      this.posted++;
      this.#standing.set(place, { id, left: points });
      return;
    }
    if (before === undefined || before.id !== of || before.left + points < 0)
      throw new Contradiction(`${owner} ${id} gives back ${-points} of ${of}: ${before?.left}`);
    before.left += points;
    if (before.left === 0) this.#standing.delete(place);
  }

  checkPools(pools: readonly (PoolState | null | undefined)[]): void {
    BUDGETS.forEach((budget, n) => {
      const { available = 0, held = 0, funded = 0 } = pools[n] ?? {};
      const paid = this.#paid.get(budget) ?? 0;
      if (held !== 0 || available !== funded - paid)
        throw new Contradiction(
          `${budget} got ${funded}, paid ${paid}, has ${available}, ${held} held`,
        );
    });
  }

  /** `text`: what a claim would be answered. */
  checkTry({ owner, offer }: Extract<Read, { type: 'try-claim' }>, text: string): void {
    const outcome = fromLine(text) as Outcome;
    const isClaimed = !outcome.ok && outcome.code === 'OFFER_CLAIMED';
    const isUndecided = !outcome.ok && outcome.code.startsWith('DEFINITION');
    const claim = this.#standing.get(`${owner} ${offer}`);
    if (!isUndecided && isClaimed !== (claim !== undefined))
      throw new Contradiction(`${owner} claimed ${offer} by ${claim?.id}; asked now: ${text}`);
  }
}
