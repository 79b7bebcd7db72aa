// What members of a programme are asked for in a bench: events and draws, and transfers beside them. Owns: the definitions, the mixture. Never touches: how it
// is sent.
//   R1. Six of ten events are CONSUME (tier, campaign, limit, a task), two SIGN (a streak), two REVIEW (a limit, a task).
//   R2. A member signs once; everything else may come again.
//   R3. A draw costs a point and wins one at least, so that nobody runs out of them.
//   R4. Coupons are numbered codes that nobody has used, each used by one member: half of them lie on another shard than their member. What it takes
//       to make the codes is measured with them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ActCommand,
  COUPON_CODES_MAX,
  type Command,
  couponKeyId,
  keyedDigest,
  numberedCode,
  SECRETS_KEY_FILE,
  sampleProgramme,
} from '../engine/index.js';

export const ASSET = 'points';
export const PROGRAMME = 'shop';
export const LOTTERY = `${PROGRAMME}.lottery`;
/** Definitions decide some 10 s after they were said: clocks are set by more. */
export const LEAD_MS = 12_000;
/** And the seeds of draws another 10 s later. */
export const SEED_LEAD_MS = 12_000;
const DAY_MS = 86_400_000;
const ZONE = 'Asia/Shanghai';

/** The campaign of coupons, and the key that its codes are proved with. */
const COUPON = 'FREE';
const SECRET = new Uint8Array(32).fill(1);
const proof = (text: string): Uint8Array => keyedDigest(SECRET, text);

/** The bench's own key is that of its folder. */
export const writeKey = (folder: string): void =>
  writeFileSync(join(folder, SECRETS_KEY_FILE), Buffer.from(SECRET).toString('base64url'), {
    mode: 0o600,
  });

/** The sample with a campaign, coupons, and a limit for what is consumed. */
export function definitions(now: number): Command[] {
  const campaign = {
    kind: 'campaign',
    key: 'double',
    document: {
      programme: PROGRAMME,
      event: 'CONSUME',
      multiplier: 200,
      from: now - DAY_MS,
      to: now + 30 * DAY_MS,
    },
  };
  const coupon = {
    kind: 'coupon',
    key: COUPON,
    document: {
      ...{ programme: PROGRAMME, codes: 'single', bearer: true, amount: 100 },
      ...{ count: COUPON_CODES_MAX, keyId: couponKeyId(COUPON, proof) },
    },
  };
  const limited = { limitPoints: 1_000_000_000 };
  return [...sampleProgramme(PROGRAMME, ASSET, ZONE), campaign, coupon].map((one) => {
    const isConsume = one.kind === 'rule' && one.key === `${PROGRAMME}.CONSUME`;
    let document = isConsume ? { ...one.document, ...limited } : one.document;
    if (one.key === LOTTERY) document = { ...document, ...endless(document) };
    return { type: 'put-definition', state: 'active', ...one, document };
  });
}

/** Drawn as often as anybody likes (R3). */
function endless(document: object): object {
  const { prizes } = document as { readonly prizes: readonly { readonly points: number }[] };
  const cheap = prizes.map((prize) => ({ ...prize, points: Math.max(1, prize.points) }));
  return { cost: 1, cooldownSeconds: 0, dailyLimit: 100_000, prizes: cheap };
}

/** What is asked for, one after the other. */
export class Shop {
  readonly #members: number;
  #transfers = 0;
  #events = 0;
  #signs = 0;
  #draws = 0;
  #coupons = 0;

  constructor(members: number) {
    this.#members = members;
  }

  /** Members in an order that jumps about, each once before any comes again. */
  #member(n: number): string {
    return `u${(n * 7_919) % this.#members}`;
  }

  /** So many transfers. */
  transfers(count: number): Command[] {
    return Array.from({ length: count }, () => {
      const n = this.#transfers++;
      const legs = [{ from: '@issue', to: this.#member(n), asset: ASSET, amount: 1 + (n & 7) }];
      return { type: 'transfer', id: `t${n}`, kind: 'EARN', legs };
    });
  }

  /** So many draws. */
  draws(count: number): ActCommand[] {
    return Array.from({ length: count }, () => {
      const n = this.#draws++;
      const body = { lottery: LOTTERY };
      return { type: 'act', id: `d${n}`, owner: this.#member(n), act: 'draw', body };
    });
  }

  /** So many events. */
  events(count: number): ActCommand[] {
    return Array.from({ length: count }, () => this.event());
  }

  /** So many coupons that are used. */
  coupons(count: number): ActCommand[] {
    return Array.from({ length: count }, () => {
      const n = this.#coupons++;
      const body = { code: numberedCode(COUPON, n, proof) };
      return { type: 'act', id: `c${n}`, owner: this.#member(n), act: 'coupon-redeem', body };
    });
  }

  /** The next event: in literals, as what is spread has a hidden class of its own each time, which all that looks at it then pays for. */
  event(): ActCommand {
    const n = this.#events++;
    const id = `e${n}`;
    const of = n % 10;
    if (of < 6) {
      const attributes = { amount: 20 + (n % 100), category: 'shoes' };
      const body = { programme: PROGRAMME, type: 'CONSUME', attributes };
      return { type: 'act', id, owner: this.#member(n), act: 'event', body };
    }
    const isSign = of < 8;
    const owner = isSign ? this.#member(this.#signs++) : this.#member(n);
    const body = { programme: PROGRAMME, type: isSign ? 'SIGN' : 'REVIEW' };
    return { type: 'act', id, owner, act: 'event', body };
  }
}
