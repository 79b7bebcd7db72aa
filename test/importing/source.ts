// Another points system, drawn from a seed: members with histories, and what it says that they had when. Owns: the naive model that imports are
// compared with. Never touches: the ledger, what brings it in.

import { limits } from '../../engine/index.js';
import type { Line } from '../../gateway/importing/line.js';
import type { Random } from '../random.js';

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A lot of the source; expiresAt null: never. */
interface Lot {
  expiresAt: number | null;
  left: number;
}

/** A change of what a member had. */
interface Change {
  readonly at: number;
  readonly amount: number;
}

/** One member with one kind of points. */
export interface Drawn {
  readonly lines: readonly Line[];
  /** What the source says that he had at a time. */
  had(at: number): number;
  /** What he has of each expiry, as it begins. */
  readonly lots: readonly { readonly expiresAt: number | null; readonly amount: number }[];
}

const soonest = (a: Lot, b: Lot): number =>
  (a.expiresAt ?? limits.NEVER) - (b.expiresAt ?? limits.NEVER);

/** How the source tells that points expired: when they did, in a nightly run, or not at all. */
type Sweeping = 'at once' | 'nightly' | 'silent';

/** Draws a history of so many steps up to a time; its times and expiries are whole seconds. */
export function drawMember(random: Random, end: number, steps: number): Drawn {
  const sweeping = random.pick<Sweeping>(['at once', 'nightly', 'silent']);
  const lines: Line[] = [];
  const changes: Change[] = [];
  const lots: Lot[] = [];
  let over = 0;
  const base = { kind: 'entry', asset: 'gold' } as const;
  const tell = (line: Omit<Line, 'kind' | 'asset' | 'id'>): void => {
    lines.push({ ...base, ...line, id: `e${lines.length}` });
    changes.push({ at: line.occurredAt as number, amount: line.amount });
  };
  const expire = (until: number): void => {
    for (const lot of [...lots].sort(soonest)) {
      if (lot.expiresAt === null || lot.expiresAt > until || lot.left === 0) continue;
      const { expiresAt, left } = lot;
      lot.left = 0;
      if (sweeping === 'at once') tell({ amount: -left, occurredAt: expiresAt, type: 'expire' });
      else if (sweeping === 'nightly') over += left;
      else changes.push({ at: expiresAt, amount: -left });
    }
  };
  const sweep = (at: number): void => {
    if (over > 0) tell({ amount: -over, occurredAt: at, type: 'expire' });
    over = 0;
  };
  const span = 400 * DAY;
  let time = end - span;
  for (let step = 0; step < steps; step++) {
    const next = time + (random.int(Math.ceil((2 * span) / steps / 1_000)) + 1) * 1_000;
    if (next >= end) break;
    for (let night = Math.ceil(time / DAY) * DAY; night <= next; night += DAY) {
      expire(night);
      sweep(night);
    }
    time = next;
    expire(time);
    const total = lots.reduce((sum, { left }) => sum + left, 0);
    if (total > 0 && random.chance(0.45)) {
      const amount = 1 + random.int(total);
      tell({
        amount: -amount,
        occurredAt: time,
        type: random.pick(['spend', 'adjust']),
        businessType: 'ORDER',
        businessId: `o${step}`,
      });
      let rest = amount;
      for (const lot of [...lots].sort(soonest)) {
        const taken = Math.min(rest, lot.left);
        lot.left -= taken;
        rest -= taken;
      }
    } else {
      const amount = 1 + random.int(1_000);
      const lasts = random.pick([null, 1 + random.int(30), 30 + random.int(600)]);
      const expiresAt = lasts === null ? null : time + lasts * DAY + random.int(86_400) * 1_000;
      tell({ amount, occurredAt: time, expiresAt, type: random.pick(['earn', 'refund']) });
      lots.push({ expiresAt, left: amount });
    }
  }
  expire(end);
  sweep(end);
  const left = new Map<number | null, number>();
  for (const lot of lots.sort(soonest))
    if (lot.left > 0) left.set(lot.expiresAt, (left.get(lot.expiresAt) ?? 0) + lot.left);
  return {
    lines,
    had: (at) => changes.reduce((sum, one) => (one.at <= at ? sum + one.amount : sum), 0),
    lots: [...left].map(([expiresAt, amount]) => ({ expiresAt, amount })),
  };
}
