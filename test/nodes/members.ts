// What members of a programme do, from a seed: each refers others, buys, gives back, gives. Owns: what is asked for, in which order each of them
// does. Never touches: who is asked.
//   M1. What a member's acts come to depends on the order of the member's own acts alone, whatever others do meanwhile: so on every ledger that
//       carries them out it is the same.

import { type ActCommand, type PutDefinitionCommand, sampleProgramme } from '../../engine/index.js';
import type { Random } from '../random.js';
import { DAY_ZONE } from './said-before.js';

export const SHOP = 'shop';
export const ASSET = 'points';
const MEMBERS = 24;
const ACTS = 16;
/** So small that what everybody begins with pays for all of them: no return or gift is ever short. */
const GIFT_MAX = 5;
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

export type MemberAct = ActCommand & { readonly id: string };

/** The sample, with referrals of which there is a share of what is spent, and gifts. */
export function definitions(): PutDefinitionCommand[] {
  const shares = { event: 'CONSUME', of: 'amount', percent: 5, upperPercent: 2 };
  const more = [
    { kind: 'referral', key: SHOP, document: { referrer: 100, newcomer: 50, ...shares } },
    { kind: 'gifting', key: SHOP, document: { mostTimes: ACTS, mostEach: GIFT_MAX } },
  ];
  return [...sampleProgramme(SHOP, ASSET, DAY_ZONE.zone), ...more].map(
    ({ kind, key, document }) =>
      ({
        ...{ type: 'put-definition', state: 'active', kind, key, document },
        ...(kind === 'programme' ? DAY_ZONE.offsets : {}),
      }) as PutDefinitionCommand,
  );
}

export class Members {
  readonly names = Array.from({ length: MEMBERS }, (_, n) => `m${n}`);
  /** One after the other: each is referred by one before, and gets a code. */
  readonly first: readonly MemberAct[];
  /** What each does then, in this order. */
  readonly courses: readonly (readonly MemberAct[])[];
  #ids = 0;

  constructor(random: Random) {
    this.first = this.names.flatMap((owner, n) => {
      const own = this.#act(owner, 'referral-code', { code: codeOf(n) });
      if (n === 0) return [own];
      return [this.#act(owner, 'refer', { code: codeOf(random.int(n)).toLowerCase() }), own];
    });
    this.courses = this.names.map((owner) => this.#course(random, owner));
  }

  #act(owner: string, act: string, body: object): MemberAct {
    const asked = act === 'return-event' ? body : { programme: SHOP, ...body };
    return { type: 'act', id: `a${this.#ids++}`, owner, act, body: asked as ActCommand['body'] };
  }

  #course(random: Random, owner: string): MemberAct[] {
    const acts = [this.#act(owner, 'event', { type: 'REGISTER' })];
    /** What is left of what was bought. */
    const bought: { id: string; left: number }[] = [];
    while (acts.length < ACTS) {
      const draw = random.int(10);
      const [last] = bought.slice(-1);
      if (draw < 5) {
        const amount = 20 + random.int(500);
        const event = this.#act(owner, 'event', { type: 'CONSUME', attributes: { amount } });
        bought.push({ id: event.id, left: amount });
        acts.push(event);
      } else if (draw < 7 && last !== undefined) {
        const amount = 1 + random.int(last.left);
        const isAll = random.chance(0.4) || amount === last.left;
        const part = { event: last.id, ...(isAll ? {} : { amount }) };
        acts.push(this.#act(owner, 'return-event', part));
        last.left -= amount;
        if (isAll) bought.pop();
      } else if (draw < 9) {
        const to = random.pick(this.names.filter((name) => name !== owner));
        acts.push(this.#act(owner, 'gift', { to, amount: 1 + random.int(GIFT_MAX) }));
      } else
        acts.push(this.#act(owner, 'event', { type: random.pick(['SIGN', 'REVIEW', 'SHARE']) }));
    }
    return acts;
  }
}

const codeOf = (n: number): string => `CDE23${LETTERS[n]}`;
