// Events, returns and tiers by hand that clients ask for in a simulation, and the programme that decides them. Owns: the mix. Never touches:
// shards.

import type { ActCommand, PutDefinitionCommand } from '../../engine/protocol/commands.js';
import type { Random } from '../random.js';
import type { Means } from './act-work.js';
import { BASE_MS } from './outside.js';

export const SHOP = 'shop';
const HOUR_MS = 3_600_000;
const ZONE = { zone: 'Asia/Shanghai', zoneOffsets: [0, 8 * HOUR_MS] };
const TYPES = ['BUY', 'SIGN'];
/** No rule pays more often in a span, or more points. */
export const EVENT_LIMITS = { times: 1, points: 8 } as const;
/** Events of whom a return may be asked for. */
const RECENT = 12;

const active = (kind: string, key: string, document: object): PutDefinitionCommand =>
  ({ type: 'put-definition', kind, key, state: 'active', document }) as PutDefinitionCommand;

export class EventWork {
  readonly #random: Random;
  readonly #means: Means;
  readonly #reported: { readonly owner: string; readonly id: string; readonly amount: number }[] =
    [];

  constructor(random: Random, means: Means) {
    this.#random = random;
    this.#means = means;
  }

  /** What is defined first, in this order. */
  definitions(): PutDefinitionCommand[] {
    const own = { programme: SHOP };
    const buys = { attributes: { amount: 'integer' }, amount: 'amount' };
    const steps = [
      [1, 2],
      [2, 5],
    ];
    return [
      this.#programme(),
      active('event', `${SHOP}.BUY`, { ...own, ...buys }),
      active('event', `${SHOP}.SIGN`, own),
      ...[0, 30, 90].map((from, n) =>
        active('tier', `t${n}`, { ...own, from, multiplier: 100 + 50 * n }),
      ),
      active('task', 'STREAK', { ...own, event: 'SIGN', steps }),
      active('task', 'MUCH', { ...own, event: 'BUY', of: 'amount', need: 40, reward: 7 }),
      ...['a', 'b'].map((key) => this.#rule(key)),
    ];
  }

  /** What is defined anew. */
  change(): PutDefinitionCommand {
    const random = this.#random;
    const draw = random.int(8);
    if (draw < 2) return this.#programme();
    const key = random.pick(['a', 'b', 'c']);
    if (draw === 2)
      return {
        type: 'put-definition',
        kind: 'rule',
        key,
        state: 'retired',
      } as PutDefinitionCommand;
    if (draw > 3) return this.#rule(key);
    const [from, to] = [BASE_MS, BASE_MS + 24 * HOUR_MS];
    return active('campaign', 'c', {
      programme: SHOP,
      multiplier: 150 + random.int(100),
      from,
      to,
    });
  }

  #programme(): PutDefinitionCommand {
    const { zone, zoneOffsets } = ZONE;
    const returns = this.#random.pick(['within-balance', 'unlimited', 'only-pending']);
    const tierPeriod = this.#random.pick(['lifetime', 'year', 'rolling', 'anniversary']);
    const document = { asset: 'gold', zone, returns, tierPeriod };
    return { ...active('programme', SHOP, document), zoneOffsets };
  }

  #rule(key: string): PutDefinitionCommand {
    const random = this.#random;
    const event = random.pick(TYPES);
    const per = event === 'BUY' && random.chance(0.5) ? { per: 2, of: 'amount' } : {};
    const less = random.chance(0.5) ? { exhausted: 'less' } : {};
    return active('rule', key, {
      ...{ programme: SHOP, event, points: 1 + random.int(9), ...per },
      ...(random.chance(0.5) ? { limitTimes: EVENT_LIMITS.times } : {}),
      ...(random.chance(0.5) ? { limitPoints: 1 + random.int(EVENT_LIMITS.points) } : {}),
      ...(random.chance(0.5) ? { budget: '#budget:spring', ...less } : {}),
      ...(random.chance(0.2) ? { pendingToConfirm: true } : {}),
      ...(random.chance(0.2) ? { when: 'member.available < 40' } : {}),
    });
  }

  next(now: number): ActCommand {
    const draw = this.#random.int(10);
    if (draw === 0) return this.#grant(now);
    return draw < 4 && this.#reported.length > 0 ? this.#return() : this.#event(now);
  }

  #event(now: number): ActCommand {
    const random = this.#random;
    const [owner, type, id] = [this.#means.user(), random.pick(TYPES), this.#means.id()];
    const amount = type === 'BUY' ? 1 + random.int(30) : 1;
    const late = random.pick([1, 1, 24 * HOUR_MS]);
    const body = {
      ...{ programme: SHOP, type },
      ...(type === 'BUY' ? { attributes: { amount } } : {}),
      ...(random.chance(0.5) ? { time: BASE_MS + now - late } : {}),
    };
    this.#reported.push({ owner, id, amount });
    if (random.chance(0.5)) this.#means.transfers.push({ owner, id });
    return { type: 'act', id, owner, act: 'event', body: body as ActCommand['body'] };
  }

  #return(): ActCommand {
    const random = this.#random;
    const { owner, id: event, amount } = random.pick(this.#reported.slice(-RECENT));
    const part = random.chance(0.6) ? { amount: 1 + random.int(amount) } : {};
    const id = this.#means.id();
    return { type: 'act', id, owner, act: 'return-event', body: { event, ...part } };
  }

  #grant(now: number): ActCommand {
    const random = this.#random;
    const tier = random.chance(0.8) ? { tier: `t${random.int(4)}` } : {};
    const until = BASE_MS + now + random.int(20_000);
    const body = { programme: SHOP, ...tier, ...(random.chance(0.7) ? { until } : {}) };
    const [id, owner] = [this.#means.id(), this.#means.user()];
    return { type: 'act', id, owner, act: 'grant-tier', body };
  }
}
