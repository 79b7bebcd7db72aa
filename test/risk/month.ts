// A drawn month of members, a few of whom are frauds. Owns: who does what, from where, with which device, and who is a fraud of which kind. Never touches:
// rules, signals. Everything follows from a seed.

import type { Noted } from '../../engine/risk/signals.js';
import { Random } from '../random.js';

export const [HOUR, DAY] = [3_600_000, 86_400_000];
export const BEGAN = Date.UTC(2026, 8, 1);
const DAYS = 30;
/** Points. */
const ASSET = 0;

/** What frauds do here. */
export const SCHEMES = [
  'addresses',
  'devices',
  'robots',
  'earners',
  'cashers',
  'referrers',
] as const;
export type Scheme = (typeof SCHEMES)[number];

export interface Month {
  /** In the order of time. */
  readonly seen: readonly Noted[];
  /** Frauds, and what each does. */
  readonly frauds: ReadonlyMap<string, Scheme>;
  readonly members: number;
}

interface Said {
  readonly owner: string;
  readonly time: number;
  readonly kind?: string;
  readonly network?: string;
  readonly device?: string;
  readonly referrer?: string;
  readonly earned?: number;
  readonly spent?: number;
}

const noted = (
  { owner, time, kind, network = '', device = '', referrer, earned = 0, spent = 0 }: Said,
  where: number,
): Noted => ({ owner, kind, network, device, referrer, asset: ASSET, earned, spent, time, where });

class Drawing {
  readonly #random: Random;
  readonly said: Said[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** Something that a member does: how it is counted, and what comes of it. */
  act(of: Said, moved: Pick<Said, 'earned' | 'spent'> = {}): void {
    const { owner, time } = of;
    if (moved.earned !== undefined || moved.spent !== undefined)
      this.said.push({ owner, time, ...moved });
    this.said.push(of);
  }

  time(from = 0, length = DAYS * DAY): number {
    return BEGAN + from + this.#random.int(length);
  }
}

/** Most days nothing, some days a few things; a purchase earns 1 to 500 points, a redemption takes 200 to 800. */
function honest(
  drawing: Drawing,
  random: Random,
  owner: string,
  place: Pick<Said, 'network' | 'device'>,
) {
  const busy = random.chance(0.1) ? 3 : 1;
  for (let day = 0; day < DAYS; day++) {
    if (!random.chance(0.3)) continue;
    const count = 1 + random.int(4 * busy);
    for (let n = 0; n < count; n++) {
      const time = drawing.time(day * DAY, DAY);
      // On the way: an address of a network that many share for a moment.
      const away = random.chance(0.15) ? { network: `mobile${random.int(4_000)}` } : {};
      const at = { ...place, ...away, owner, time };
      if (random.chance(0.85))
        drawing.act({ ...at, kind: 'event' }, { earned: 1 + random.int(500) });
      else drawing.act({ ...at, kind: 'redeem' }, { spent: 200 + random.int(600) });
    }
  }
  if (random.chance(0.05))
    for (let n = random.int(4); n >= 0; n--)
      drawing.said.push({ owner: `friend${owner}.${n}`, time: drawing.time(), referrer: owner });
}

/** One month. */
export function drawnMonth(seed: number, members: number): Month {
  const random = new Random(seed);
  const drawing = new Drawing(random);
  const frauds = new Map<string, Scheme>();
  // Households of 1 to 4 at one address; in some, two share a device. A few work where up to 9 share an address.
  for (let n = 0; n < members; ) {
    const isOffice = random.chance(0.004);
    const size = isOffice ? 5 + random.int(5) : 1 + random.int(4);
    const shares = !isOffice && size > 1 && random.chance(0.3);
    const network = `home${n}`;
    for (let one = 0; one < size && n < members; one++, n++) {
      const device = shares && one < 2 ? `tablet${network}` : `phone${n}`;
      honest(drawing, random, `m${n}`, { network, device });
    }
  }
  const group = (scheme: Scheme, count: number, size: number): string[][] =>
    Array.from({ length: count }, (_, n) =>
      Array.from({ length: size }, (_, one) => {
        const owner = `${scheme}.${n}.${one}`;
        frauds.set(owner, scheme);
        return owner;
      }),
    );
  // Accounts that are used from one address, each a few times within a day, to earn what each new one earns.
  for (const [n, owners] of group('addresses', 8, 7 + random.int(8)).entries()) {
    const from = random.int(28) * DAY;
    for (const owner of owners)
      for (let i = 0; i < 3; i++)
        drawing.act(
          {
            owner,
            kind: 'event',
            network: `farm${n}`,
            device: `d${owner}`,
            time: drawing.time(from, DAY / 2),
          },
          { earned: 100 + random.int(200) },
        );
  }
  // The same with one telephone and changing addresses.
  for (const [n, owners] of group('devices', 8, 4 + random.int(5)).entries()) {
    const from = random.int(25) * DAY;
    for (const owner of owners)
      for (let i = 0; i < 3; i++)
        drawing.act(
          {
            owner,
            kind: 'event',
            network: `mobile${random.int(4_000)}`,
            device: `farm${n}`,
            time: drawing.time(from, 3 * DAY),
          },
          { earned: 100 + random.int(200) },
        );
  }
  for (const [owner] of group('robots', 12, 1) as [string][]) {
    const from = random.int(29) * DAY;
    for (let n = 120 + random.int(80); n > 0; n--)
      drawing.act(
        {
          owner,
          kind: 'event',
          network: `n${owner}`,
          device: `d${owner}`,
          time: drawing.time(from, HOUR),
        },
        { earned: 1 },
      );
  }
  for (const [owner] of group('earners', 12, 1) as [string][]) {
    const from = random.int(29) * DAY;
    for (let n = 0; n < 12; n++)
      drawing.act(
        {
          owner,
          kind: 'event',
          network: `n${owner}`,
          device: `d${owner}`,
          time: drawing.time(from, DAY / 2),
        },
        { earned: 1_000 + random.int(2_000) },
      );
  }
  for (const [owner] of group('cashers', 12, 1) as [string][]) {
    const time = drawing.time(0, 29 * DAY);
    const at = { owner, network: `n${owner}`, device: `d${owner}` };
    const amount = 3_000 + random.int(3_000);
    drawing.act({ ...at, kind: 'event', time }, { earned: amount });
    drawing.act(
      { ...at, kind: 'redeem', time: time + 60_000 + random.int(HOUR / 2) },
      { spent: amount },
    );
  }
  for (const [owner] of group('referrers', 8, 1) as [string][]) {
    const from = random.int(22) * DAY;
    for (let n = 0; n < 20 + random.int(20); n++) {
      const time = drawing.time(from, 5 * DAY);
      drawing.said.push({ owner: `bait${owner}.${n}`, time, referrer: owner });
    }
    drawing.act({ owner, kind: 'event', time: drawing.time(from + 5 * DAY, DAY) }, { earned: 100 });
  }
  const seen = drawing.said.map((one, where) => noted(one, where + 1));
  seen.sort((one, other) => one.time - other.time);
  return { seen, frauds, members };
}

/** The rules that the sample has, as documents by key. */
export const SAMPLE_RULES = {
  'ip-multi-account': {
    ...{ reason: 'IP_MULTI_ACCOUNT', signal: 'members-per-address', windowMs: DAY, over: 5 },
    ...{ action: 'review', holdsMs: 7 * DAY },
  },
  'device-sharing': {
    ...{ reason: 'DEVICE_SHARING', signal: 'members-per-device', windowMs: 7 * DAY, over: 3 },
    ...{ action: 'review', holdsMs: 7 * DAY },
  },
  'high-frequency': {
    ...{ reason: 'HIGH_FREQUENCY', signal: 'commands', windowMs: HOUR, over: 100 },
    ...{ action: 'refuse', holdsMs: DAY },
  },
  'earn-velocity': {
    ...{ reason: 'EARN_VELOCITY', signal: 'earned', asset: 'points', windowMs: DAY, over: 10_000 },
    ...{ action: 'review', holdsMs: 3 * DAY },
  },
  'redeem-after-earn': {
    ...{ reason: 'REDEEM_AFTER_EARN', signal: 'redeemed-after-earned', asset: 'points' },
    ...{ windowMs: HOUR, over: 2_000, action: 'mark', holdsMs: 3 * DAY },
  },
  'referral-velocity': {
    ...{ reason: 'REFERRAL_VELOCITY', signal: 'referrals', windowMs: 7 * DAY, over: 15 },
    ...{ action: 'second-factor', holdsMs: 7 * DAY },
  },
} as const;

/** Definitions that decide from the beginning on. */
export const definitionsOf = (kind: string, documents: Readonly<Record<string, object>>) =>
  Object.entries(documents).map(([key, document]) => ({
    ...{ kind, key, active: 1 },
    versions: [
      {
        ...{ kind, key, version: 1, number: 1, state: 'active' as const },
        ...{ activeFrom: 0, definedAt: 0, document: document as Record<string, unknown> },
      },
    ],
  }));

/** Sightings again, by where they were. */
export function againIn(seen: readonly Noted[]) {
  const all = new Map(seen.map((one) => [one.where, one]));
  return (where: number, look: (one: Noted) => void): void => {
    const one = all.get(where);
    if (one !== undefined) look(one);
  };
}
