// A drawn year of a shop: events that are late, returned, reversed in parts, points that expire, gifts, holds, orders, debts, what is brought in of before.
// Owns: what is drawn. Never touches: what is under test.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Caller,
  type Command,
  type Engine,
  OPERATIONS,
  type Outcome,
  open,
  sampleProgramme,
} from '../../engine/index.js';
import type { Random } from '../random.js';
import { until } from '../until.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const PIECE = 'piece';
export const PLATFORMS = ['shop', 'app'] as const;

export class Year {
  readonly engine: Engine;
  readonly random: Random;
  readonly members: readonly string[];
  /** Times at which something was asked about, between the steps. */
  readonly times: number[] = [];
  readonly #clock: Float64Array;
  readonly #events: { readonly owner: string; readonly id: string }[] = [];
  readonly #earned: { readonly owner: string; readonly id: string; left: number }[] = [];
  readonly #holds: { readonly owner: string; readonly id: string; left: number }[] = [];
  readonly #orders: { readonly owner: string; readonly number: string; isHeld: boolean }[] = [];
  readonly #platforms = new Map<string, Caller>();
  #n = 0;

  private constructor(engine: Engine, random: Random, clock: Float64Array, members: number) {
    this.engine = engine;
    this.random = random;
    this.#clock = clock;
    this.members = Array.from({ length: members }, (_, i) => `m${i}`);
  }

  static async open(folder: string, random: Random, members = 25, shards = 2): Promise<Year> {
    const clockOffset = new SharedArrayBuffer(8);
    await (await open({ folder, shards })).close();
    // By it the numbers of orders are made.
    writeFileSync(join(folder, 'secrets.key'), Buffer.alloc(32, 7).toString('base64url'));
    const engine = await open({ folder, shards, clockOffset, tickMs: 20 });
    const year = new Year(engine, random, new Float64Array(clockOffset), members);
    await year.#define();
    return year;
  }

  get now(): number {
    return this.engine.now();
  }

  /** Sets the clock on. */
  async pass(ms: number): Promise<void> {
    this.#clock[0] = (this.#clock[0] as number) + ms;
    await this.engine.acceptClock();
  }

  /** Asks for a command, by the platform whose its id is. */
  async do(command: object): Promise<Outcome> {
    const [, platform, id] =
      /^(\w+),(.*)$/.exec((command as { readonly id?: string }).id ?? '') ?? [];
    const said = (platform === undefined ? command : { ...command, id }) as unknown as Command;
    const by = platform === undefined ? this.engine : this.#platform(platform);
    return until(`${JSON.stringify(command)} is decided`, async () => {
      const outcome = await by.submit(said);
      const isLater =
        !outcome.ok && ['DEFINITIONS_UNCONFIRMED', 'CLOCK_JUMP'].includes(outcome.code);
      return !isLater && outcome;
    });
  }

  #platform(scope: string): Caller {
    const known = this.#platforms.get(scope);
    const caller = known ?? this.engine.as({ operations: new Set(OPERATIONS), scope });
    this.#platforms.set(scope, caller);
    return caller;
  }

  async #define(): Promise<void> {
    for (const asset of [
      { asset: 'points', scale: 0, defaultExpiryMs: 40 * DAY_MS },
      { asset: 'gold', scale: 2 },
      { asset: PIECE, scale: 0 },
    ]) {
      const outcome = await this.do({ type: 'define-asset', ...asset });
      if (!outcome.ok) throw new Error(`${asset.asset}: ${JSON.stringify(outcome)}`);
    }
    const goods = {
      programme: 'shop',
      price: 30,
      delivery: 'physical',
      stockAsset: PIECE,
      payInMs: HOUR_MS,
    };
    const campaign = { programme: 'shop', multiplier: 200 };
    const now = this.now;
    const more = [
      { kind: 'goods', key: 'pot', document: goods },
      { kind: 'goods', key: 'lid', document: { ...goods, price: 7, category: 'small' } },
      {
        kind: 'campaign',
        key: 'spring',
        document: { ...campaign, from: now, to: now + 90 * DAY_MS },
      },
    ];
    for (const { kind, key, document } of [...sampleProgramme('shop', 'points'), ...more]) {
      const said = { type: 'put-definition', kind, key, state: 'active', document };
      const outcome = await this.do(said);
      if (!outcome.ok) throw new Error(`${kind} ${key}: ${JSON.stringify(outcome)}`);
    }
    for (const item of ['pot', 'lid'])
      await this.engine.own.submit({
        ...{ type: 'transfer', id: `in-${item}` },
        legs: [{ from: '@issue', to: `#item:${item}`, asset: PIECE, amount: 10_000 }],
      });
    await this.pass(12_000);
  }

  /** So many things happen; the clock is set on so many times between them, by 5 days each. Default: a year. */
  async run(steps: number, times = 73): Promise<void> {
    for (let n = 0; n < steps; n++) {
      if (n % Math.ceil(steps / times) === 0) {
        await this.pass(this.random.int(10 * DAY_MS));
        this.times.push(this.now);
      }
      await this.step();
    }
    await this.pass(this.random.int(30 * DAY_MS));
  }

  async step(): Promise<void> {
    const { random, now } = this;
    const id = `${random.pick(['', ...PLATFORMS.map((one) => `${one},`)])}e${this.#n++}`;
    const owner = random.pick([...this.members]);
    const amount = 50 + random.int(700);
    switch (random.int(14)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return this.#event(owner, id, amount);
      case 4:
        return this.#back(id);
      case 5: {
        const legs = [
          { from: '@issue', to: owner, asset: random.pick(['points', 'gold']), amount },
        ];
        const outcome = await this.do({ type: 'transfer', id, kind: 'PROMO', legs });
        if (outcome.ok) this.#earned.push({ owner, id, left: amount });
        return;
      }
      case 6:
        return this.#pay(owner, id);
      case 7: {
        const to = random.pick([...this.members]);
        if (to === owner) return;
        const legs = [{ from: owner, to, asset: 'points', amount: 1 + random.int(40) }];
        await this.do({ type: 'transfer', id, kind: 'GIFT', legs });
        return;
      }
      case 8: {
        const deadline = random.chance(0.5) ? { deadline: now + 1 + random.int(20 * DAY_MS) } : {};
        const most = 1 + random.int(60);
        const hold = {
          type: 'hold',
          id,
          owner,
          asset: 'points',
          amount: most,
          kind: 'BOOK',
          ...deadline,
        };
        const outcome = await this.do(hold);
        if (outcome.ok) this.#holds.push({ owner, id, left: most });
        return;
      }
      case 9:
        return this.#ended(id);
      case 10:
        return this.#reversed(id);
      case 11: {
        const legs = [{ from: '@issue', to: owner, asset: 'gold', amount }];
        await this.do({
          type: 'transfer',
          id,
          kind: 'IMPORT',
          legs,
          occurredAt: now - random.int(400 * DAY_MS),
        });
        return;
      }
      default:
        return this.#order(owner, id);
    }
  }

  async #event(owner: string, id: string, amount: number): Promise<void> {
    const { random, now } = this;
    const type = random.pick([
      'CONSUME',
      'CONSUME',
      'CONSUME',
      'SIGN_DAILY',
      'REVIEW',
      'SHARE',
      'SIGN',
    ]);
    const time = random.chance(0.3) ? { time: now - random.int(2 * DAY_MS) } : {};
    const attributes = type === 'CONSUME' ? { attributes: { amount } } : {};
    const body = { programme: 'shop', type, ...time, ...attributes };
    const outcome = await this.do({ type: 'act', act: 'event', id, owner, body });
    if (outcome.ok && type === 'CONSUME') this.#events.push({ owner, id });
  }

  /** A part of an event, or all of it, is given back. */
  async #back(id: string): Promise<void> {
    const { random } = this;
    const one = this.#events[random.int(this.#events.length || 1)];
    if (one === undefined) return;
    const { owner, id: event } = one;
    if (random.chance(0.3)) {
      await this.do({
        type: 'reverse',
        id,
        owner,
        transferId: event,
        allowDebt: random.chance(0.5),
      });
      return;
    }
    // An event is named as by whose it is.
    const [, whose = '', bare] = /^(\w+,)?(.*)$/.exec(event) ?? [];
    const body = { event: bare, ...(random.chance(0.6) ? { amount: 1 + random.int(50) } : {}) };
    const own = `${whose}${id.replace(/^\w+,/, '')}`;
    await this.do({ type: 'act', act: 'return-event', id: own, owner, body });
  }

  /** Points are redeemed, by one member or by two at once. */
  async #pay(owner: string, id: string): Promise<void> {
    const { random } = this;
    const other = random.pick([...this.members]);
    const asset = random.pick(['points', 'gold']);
    const own = { from: owner, to: '@redeem', asset, amount: 1 + random.int(50) };
    const more = random.chance(0.2) && other !== owner ? [{ ...own, from: other, amount: 3 }] : [];
    const beside = random.chance(0.2) ? [{ ...own, to: '@fee', amount: 1 }] : [];
    const legs = [own, ...more, ...beside];
    const home = more.length > 0 ? { owner } : {};
    const outcome = await this.do({ type: 'transfer', id, kind: 'REDEEM', legs, ...home });
    if (outcome.ok && legs.length === 1) this.#earned.push({ owner, id, left: own.amount });
    else if (outcome.ok) this.#earned.push({ owner, id, left: -1 });
  }

  async #ended(id: string): Promise<void> {
    const { random } = this;
    const one = this.#holds[random.int(this.#holds.length || 1)];
    if (one === undefined || one.left === 0) return;
    const { owner, id: holdId } = one;
    if (random.chance(0.4)) {
      await this.do({ type: 'release', id, owner, holdId });
      one.left = 0;
      return;
    }
    const part = 1 + random.int(one.left);
    const capture = {
      type: 'capture',
      id,
      owner,
      holdId,
      to: '@redeem',
      amount: part,
      kind: 'REDEEM',
    };
    const outcome = await this.do(capture);
    if (outcome.ok) one.left -= part;
  }

  /** A transfer is given back, in parts. */
  async #reversed(id: string): Promise<void> {
    const { random } = this;
    const one = this.#earned[random.int(this.#earned.length || 1)];
    if (one === undefined || one.left === 0) return;
    const { owner, id: transferId, left } = one;
    const part = left < 0 || random.chance(0.5) ? undefined : 1 + random.int(left);
    const amount = part === undefined ? {} : { amount: part };
    const reverse = {
      type: 'reverse',
      id,
      owner,
      transferId,
      allowDebt: random.chance(0.3),
      ...amount,
    };
    const outcome = await this.do(reverse);
    if (outcome.ok) one.left = part === undefined ? 0 : left - part;
  }

  async #order(owner: string, id: string): Promise<void> {
    const { random, now } = this;
    const known = this.#orders[random.int(this.#orders.length || 1)];
    if (known !== undefined && random.chance(0.5)) {
      const { owner: whose, number } = known;
      const body = { number };
      const what = known.isHeld
        ? random.pick(['order-confirm', 'order-cancel'])
        : random.pick(['order-ship', 'order-complete', 'order-cancel']);
      const more = what === 'order-ship' ? { quantity: 1 } : {};
      const outcome = await this.do({
        type: 'act',
        act: what,
        id,
        owner: whose,
        body: { ...body, ...more },
      });
      if (outcome.ok && what === 'order-confirm') known.isHeld = false;
      return;
    }
    const isHeld = random.chance(0.4);
    const held = isHeld ? { until: now + HOUR_MS / 2 } : {};
    const body = { goods: random.pick(['pot', 'lid']), quantity: 1 + random.int(3), ...held };
    const outcome = await this.do({ type: 'act', act: 'order', id, owner, body });
    const number = outcome.ok ? outcome.act?.effects[0]?.['number'] : undefined;
    if (typeof number === 'string') this.#orders.push({ owner, number, isHeld });
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
