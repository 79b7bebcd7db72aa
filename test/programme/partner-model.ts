// Exchanges with partners outside in plain code: what the books must say, by what each process says that it came to and by what partners have done. Owns:
// the course of a seed, the properties. Never touches: how one goes on.
//   Nobody but the ledger and the partners remembers anything: who asks has forgotten all before each try.

import { KEPT_HOLD } from '../../engine/programme/plan.js';
import type { PartnerExchange } from '../../engine/protocol/outside.js';
import { Random } from '../random.js';
import { HOUR_MS } from './earning-world.js';
import { ModelPartner } from './model-partner.js';
import { type Answer, Driver } from './partner-driver.js';
import {
  APPROVAL_ABOVE,
  type Asset,
  EXCHANGING,
  FEE,
  PartnerWorld,
  userAt,
} from './partner-world.js';

const MEMBERS = ['ann', 'ben'];
const START = 30_000;
const STEPS = 60;
const ROUNDS = 60;
const ASSETS: readonly Asset[] = ['alpha', 'beta', 'out', 'far'];

interface Submitted {
  readonly owner: string;
  readonly from: Asset;
  readonly to: Asset;
  readonly amount: number;
  readonly receiver: string;
}

const isOutside = (asset: Asset): boolean => 'outside' in EXCHANGING[asset];
const platformOf = (asset: Asset): string => EXCHANGING[asset].platform;
/** What of a point, as a fraction of one of alpha; minor units. */
const WORTH = { alpha: [1, 1], beta: [1_000, 12], out: [1, 1], far: [1, 1] } as const;

const TAKEN = ['held', 'completed', 'done'];
const UNDONE: readonly (string | undefined)[] = ['refused', 'rolled_back', 'void'];

export class PartnerStory {
  readonly world: PartnerWorld;
  readonly #random: Random;
  readonly #partners: ReadonlyMap<string, ModelPartner>;
  readonly #driver: Driver;
  readonly #all = new Map<string, Submitted>();
  /** What was heard, and may be told late, or again. */
  readonly #stale: Answer[] = [];
  readonly #spent = new Map<string, number>();
  #funded = 0;
  #frozen: string | undefined;
  /** Exchanges of which an operator has said that what stands, stands. */
  readonly #accepted = new Set<string>();
  /** Those of which an operator has said anything. */
  readonly #judged = new Set<string>();
  /** Those whose source was undone by the partner himself before he was asked whether it is done still. */
  readonly #unconfirmed = new Set<string>();
  readonly told = { completed: 0, failed: 0, inconsistencies: 0 };

  constructor(seed: number) {
    const random = new Random(seed);
    this.#random = random;
    this.world = new PartnerWorld(random.pick([1, 1, 3]));
    this.#partners = new Map(['p', 'q'].map((name) => [name, new ModelPartner(random)]));
    this.#driver = new Driver(this.world, this.#partners, random);
    for (const member of MEMBERS) {
      this.world.give(member, 'alpha', START);
      for (const [name, partner] of this.#partners) {
        partner.gives(userAt(name, member), 6_000);
        if (name === 'p' || random.chance(0.7)) this.world.joins(name, member);
      }
    }
    const faults = random.pick([0, 0.1, 0.3, 0.6]);
    for (const partner of this.#partners.values()) partner.faults = faults;
  }

  run(): void {
    for (let step = 0; step < STEPS; step++) {
      this.#happens();
      if (this.#random.chance(0.05)) this.#checkBooks();
    }
    this.#heals();
    this.#checkBooks();
    this.#checkEnds();
  }

  #any(): [exchange: string, one: Submitted] | undefined {
    return this.#all.size === 0 ? undefined : this.#random.pick([...this.#all]);
  }

  #happens(): void {
    const random = this.#random;
    const { world } = this;
    const [exchange, one] = this.#any() ?? [];
    if (exchange === undefined || one === undefined || random.chance(0.15)) {
      this.#submits();
      return;
    }
    switch (random.int(14)) {
      case 0:
        this.#says('partner-exchange-cancel', { exchange }, one.owner);
        return;
      case 1: {
        const rejects = random.chance(0.3);
        const as = random.pick(['k1', 'k2']);
        const said = this.#says('partner-exchange-approve', { exchange, rejects }, one.owner, as);
        if (as === 'k1' && !rejects && said.startsWith('started'))
          throw new Error(`${as} has submitted it, and agrees`);
        return;
      }
      case 2:
        world.time += random.pick([1_000, 60_000, 600_000]);
        if (random.chance(0.3)) world.shards.tick(world.time);
        return;
      case 3: {
        const partner = random.pick([...this.#partners.values()]);
        partner.isAway = random.chance(0.3);
        partner.stands = random.chance(0.35);
        partner.lies = random.chance(0.1);
        partner.refuses = random.chance(0.2);
        return;
      }
      case 4:
        for (const partner of this.#partners.values()) partner.arrives();
        return;
      case 5: {
        const stale = this.#stale.length === 0 ? undefined : random.pick(this.#stale);
        if (stale !== undefined) this.#driver.tells(stale);
        return;
      }
      case 6:
        this.#elsewhere(one);
        return;
      case 7: {
        const { step } = world.told(exchange, one.owner);
        this.#says('partner-exchange-stuck', { exchange, step }, one.owner);
        if (random.chance(0.5)) this.#judges(exchange, one);
        return;
      }
      case 8:
        if (random.chance(0.4)) this.#takesBack();
        return;
      default:
        this.#tries(exchange, one);
    }
  }

  /** A partner undoes by himself what he has said to be done. */
  #takesBack(): void {
    const { world } = this;
    for (const [exchange, { owner }] of this.#all) {
      const { source, step } = world.told(exchange, owner);
      const partner = this.#partners.get(source.platform);
      if (partner?.takesBack(source.operation ?? '') !== true) continue;
      const isBefore = step === 'deduct_source_credits' || step === 'add_target_credits';
      if (isBefore) this.#unconfirmed.add(exchange);
      return;
    }
  }

  /** Something else happens to members' points. */
  #elsewhere({ receiver }: Submitted): void {
    const random = this.#random;
    const { world } = this;
    const what = random.int(4);
    if (what === 3) {
      const name = random.pick(['p', 'q']);
      const user = userAt(name, receiver);
      const partner = this.#partners.get(name) as ModelPartner;
      partner.gives(user, -partner.has(user));
    } else if (what === 0) {
      const amount = 1 + random.int(60_000);
      if (world.give('#reserve:b', 'beta', amount) === 'ok') this.#funded += amount;
    } else if (what === 1) {
      const asset = random.pick(['alpha', 'beta']);
      const [available] = world.has(receiver, asset);
      const amount = available - random.int(50);
      if (amount > 0 && random.chance(0.5) && world.spends(receiver, asset, amount) === 'ok')
        this.#spent.set(
          `${receiver} ${asset}`,
          (this.#spent.get(`${receiver} ${asset}`) ?? 0) + amount,
        );
    } else if (this.#frozen !== undefined) {
      world.account('unfreeze', this.#frozen, 'alpha');
      this.#frozen = undefined;
    } else {
      this.#frozen = random.pick(MEMBERS);
      world.account('freeze', this.#frozen, 'alpha');
    }
  }

  #says(act: string, body: object, owner: string, as?: string): string {
    const said = this.world.says(act, body, owner, as);
    if (said === 'INTERNAL') throw new Error(`${act}: ${said}`);
    return said;
  }

  #submits(): void {
    const random = this.#random;
    const owner = random.pick(MEMBERS);
    const [from, to] = random.shuffle([...ASSETS]) as [Asset, Asset];
    const amount = 3 + random.int(random.chance(0.2) ? 4_000 : 1_500);
    const receiver = random.chance(0.2) ? random.pick(MEMBERS) : owner;
    const isNamed = isOutside(to) && random.chance(0.6);
    const body = {
      ...{ from, to, amount, receiver, seconds: 60 + random.int(3_600) },
      ...(isOutside(from) ? { fromUser: userAt(platformOf(from), owner) } : {}),
      ...(isNamed ? { toUser: userAt(platformOf(to), receiver) } : {}),
    };
    const [exchange, said] = this.world.submits(body, owner, 'k1');
    if (/^[A-Z_]+$/.test(said)) return;
    if (!isOutside(from) && !isOutside(to)) throw new Error(`${from} to ${to}: ${said}`);
    this.#all.set(exchange, { owner, from, to, amount, receiver });
    const waits = 'approvalAbove' in EXCHANGING[from] && amount > APPROVAL_ABOVE;
    if (said.startsWith('pending_approval') !== waits)
      throw new Error(`${amount} ${from}: ${said}`);
  }

  /** A try; whoever makes it may die before he has told what he heard, or tell it twice. */
  #tries(exchange: string, { owner }: Submitted): void {
    const random = this.#random;
    const answer = this.#driver.asks(exchange, owner);
    if (answer === undefined) return;
    if (random.chance(0.3)) this.#stale.push(answer);
    if (random.chance(0.15)) return;
    this.#driver.tells(answer);
    if (random.chance(0.1)) this.#driver.tells(answer);
  }

  /** An operator looks what the partner has done, sees to it that nothing more comes of it, and says it. */
  #judges(exchange: string, { owner }: Submitted, isLast = false): void {
    const kept = this.world.kept(exchange, owner);
    // Of what goes on as it should, and of what nobody was asked for, there is nothing to say.
    if (kept?.open === null && kept.status !== 'retrying') return;
    const told = this.world.told(exchange, owner);
    const { step, status } = told;
    const isTarget = step === 'add_target_credits' || step === 'rollback_target_addition';
    const { operation, user, platform } = isTarget ? told.target : told.source;
    const verdict = (): string => {
      if (operation === undefined || kept?.[isTarget ? 'target' : 'source'].at === null)
        return 'retry';
      const partner = this.#partners.get(platform) as ModelPartner;
      const amount = isTarget ? told.result : told.amount;
      const kind = isTarget ? 'add' : 'deduct';
      const call = { operation, kind, user: user ?? '', amount } as const;
      const isDone = () => partner.operations.get(operation)?.state === 'completed';
      if (step.startsWith('rollback') || status === 'completed' || status === 'failed') {
        if (!isLast && this.#random.chance(0.3)) return 'retry';
        partner.does('rollBack', call);
        return isDone() ? 'not_done' : 'done';
      }
      if (isDone()) return 'done';
      partner.does('rollBack', call);
      return 'not_done';
    };
    const said = verdict();
    const body = { exchange, step, verdict: said, reason: 'so', by: 'op' };
    const is = this.#says('partner-exchange-verdict', body, owner);
    const isAccepted = said === 'not_done' && (step.startsWith('rollback') || status === 'failed');
    if (!/^[A-Z_]+$/.test(is)) this.#judged.add(exchange);
    if (this.#judged.has(exchange) && isAccepted) this.#accepted.add(exchange);
    if (isLast && is === 'EXCHANGE_STATE_INVALID' && said === 'retry')
      this.#says('partner-exchange-verdict', { ...body, verdict: 'not_done' }, owner);
  }

  /** Everybody can be reached, nothing is lost any more, and it is too late for all that is not done. */
  #heals(): void {
    const { world } = this;
    if (this.#frozen !== undefined) world.account('unfreeze', this.#frozen, 'alpha');
    this.#frozen = undefined;
    for (const partner of this.#partners.values()) {
      partner.faults = 0;
      partner.isAway = false;
      partner.lies = false;
      partner.refuses = false;
    }
    world.time += 2 * HOUR_MS;
    for (let round = 0; world.open().length > 0; round++) {
      if (round > ROUNDS) throw new Error(`${world.open()} never end`);
      for (const [exchange, one] of this.#all) this.#tries(exchange, one);
    }
    for (const partner of this.#partners.values()) partner.arrives(true);
    for (const stale of this.#random.shuffle(this.#stale)) this.#driver.tells(stale);
    for (const [exchange, one] of this.#all)
      if (world.kept(exchange, one.owner)?.open !== null) this.#judges(exchange, one, true);
    for (let round = 0; world.open().length > 0; round++) {
      if (round > ROUNDS) throw new Error(`${world.open()} never end again`);
      for (const [exchange, one] of this.#all) this.#tries(exchange, one);
    }
  }

  #is(what: string, is: unknown, should: unknown): void {
    if (JSON.stringify(is) !== JSON.stringify(should))
      throw new Error(`${what}: is ${JSON.stringify(is)}, should be ${JSON.stringify(should)}`);
  }

  /** Every account, by what the processes say that they have come to. */
  #checkBooks(): void {
    const { world } = this;
    const books = new Map<string, number>();
    const add = (owner: string, asset: string, amount: number): void => {
      const key = `${owner} ${asset}`;
      books.set(key, (books.get(key) ?? 0) + amount);
    };
    const held = new Map<string, number>();
    const counted = new Map<string, number>();
    const open: string[] = [];
    const keeps: string[] = [];
    for (const member of MEMBERS) add(member, 'alpha', START);
    add('#reserve:b', 'beta', this.#funded);
    for (const [key, amount] of this.#spent) books.set(key, (books.get(key) ?? 0) - amount);
    for (const [exchange, { owner, from, to, amount, receiver }] of this.#all) {
      const told = world.told(exchange, owner);
      const { status, history, fee, result } = told;
      this.#checkPrice(told, from, to, amount);
      this.#checkPath(told);
      const isOpen = status !== 'completed' && status !== 'failed';
      if (isOpen) open.push(exchange);
      const [source, target] = [`@clearing:${platformOf(from)}`, `@clearing:${platformOf(to)}`];
      const last = (step: string) => history.findLastIndex((one) => one.step === step);
      const isBack =
        last('rollback_target_addition') > last('add_target_credits') &&
        history.at(last('rollback_target_addition'))?.answer === 'done';
      const isAdded =
        !isOutside(to) &&
        history.some((one) => one.step === 'add_target_credits' && one.answer === 'done') &&
        !isBack;
      const hasMoved = isOutside(to) ? status === 'completed' : isAdded || status === 'completed';
      if (!isOutside(from)) {
        if (isOpen && !hasMoved) {
          held.set(`${owner} ${from}`, (held.get(`${owner} ${from}`) ?? 0) + amount);
          keeps.push(world.kept(exchange, owner)?.id as string);
        }
        if (isOpen || hasMoved) add(owner, from, -amount);
      }
      if (status !== 'failed' && 'mostDay' in EXCHANGING[from])
        counted.set(`${owner} ${from}`, (counted.get(`${owner} ${from}`) ?? 0) + amount);
      if (!hasMoved) continue;
      if (isOutside(from)) add(source, from, -fee);
      else add(source, from, amount - fee);
      add('@fee', from, fee);
      add(source, to, -result);
      if (isOutside(to)) add(target, to, result);
      else {
        add(receiver, to, result);
        if (to === 'beta') {
          add('#reserve:b', to, -result);
          add(target, to, result);
        }
      }
    }
    const owners = [
      ...MEMBERS,
      '#reserve:b',
      '@fee',
      ...['a', 'b', 'p', 'q'].map((one) => `@clearing:${one}`),
    ];
    for (const owner of owners)
      for (const asset of ASSETS) {
        const key = `${owner} ${asset}`;
        const should = [books.get(key) ?? 0, held.get(key) ?? 0];
        this.#is(`${owner} ${asset}`, world.has(owner, asset), should);
      }
    for (const member of MEMBERS)
      for (const asset of ['alpha', 'out'])
        this.#is(
          `counted of ${member} ${asset}`,
          world.counted(member, asset),
          counted.get(`${member} ${asset}`) ?? 0,
        );
    const isKept = MEMBERS.flatMap((member) => [...world.records(member, KEPT_HOLD).keys()]);
    this.#is('holds that are kept', isKept.sort(), keeps.sort());
    this.#is('open', world.open().sort(), open.sort());
    const found = [...this.#all].flatMap(([exchange, { owner }]) => {
      const inconsistency = world.kept(exchange, owner)?.open?.inconsistency;
      return inconsistency === undefined ? [] : [inconsistency];
    });
    this.#is('inconsistencies', world.inconsistencies().sort(), found.sort());
    for (const id of found) this.#is('it is open', world.inconsistency(id)?.state, 'open');
  }

  #checkPrice(
    { fee, result, target }: PartnerExchange,
    from: Asset,
    to: Asset,
    amount: number,
  ): void {
    this.#is('fee', fee, 'feeLeast' in EXCHANGING[from] ? FEE : 0);
    const [[up, down], [of, by]] = [WORTH[to], WORTH[from]];
    this.#is('result', result, Math.floor(((amount - fee) * up * by) / (down * of)));
    this.#is('target', target.asset, to);
  }

  /** Nothing is added before it is taken, or after it was to go back. */
  #checkPath({ exchange, history }: PartnerExchange): void {
    const added = history.findIndex(({ step }) => step === 'add_target_credits');
    const [taken] = history;
    if (added > 0 && !TAKEN.includes(taken?.answer ?? ''))
      throw new Error(`${exchange}: ${taken?.step} ${taken?.answer}, and then it was added`);
  }

  /** What each has come to, and what the partners have done. */
  #checkEnds(): void {
    const { world } = this;
    const listed = new Map(
      [...this.#partners.keys()].flatMap((name) => [...world.operations(name)]),
    );
    for (const [exchange, { owner, from, to, amount }] of this.#all) {
      const told = world.told(exchange, owner);
      const { status, inconsistency, result } = told;
      const isCompleted = status === 'completed';
      this.told[isCompleted ? 'completed' : 'failed']++;
      if (inconsistency !== undefined) this.told.inconsistencies++;
      const state = (asset: Asset, operation = '') => {
        const partner = this.#partners.get(platformOf(asset)) as ModelPartner;
        const made = partner.operations.get(operation);
        const isTakenBack = partner.takenBack.has(operation);
        const kept = listed.get(operation);
        // Both lists say the same of all that was asked for, but where he has changed his mind, or nobody has told him yet.
        if (made !== undefined && kept === undefined) throw new Error(`${operation} is not listed`);
        if (kept !== undefined && made === undefined && kept.state !== 'pending')
          throw new Error(`${operation}: ${kept.state}, and nobody was asked`);
        const isSame = kept?.state === made?.state;
        // What an operator has said to stand may be undone later still, and what he has said to be undone was never done.
        const isAsSaid =
          this.#accepted.has(exchange) ||
          (this.#judged.has(exchange) &&
            UNDONE.includes(kept?.state) &&
            UNDONE.includes(made?.state));
        if (made !== undefined && !isTakenBack && !isAsSaid && !isSame)
          throw new Error(`${operation}: is listed as ${kept?.state}, is ${made.state}`);
        if (made !== undefined) {
          const side = asset === from ? amount : result;
          this.#is(
            `amount of ${operation}`,
            [made.amount, kept?.amount, kept?.kind, kept?.user],
            [side, side, made.kind, made.user],
          );
        }
        return [made?.state === 'completed', isTakenBack] as const;
      };
      const [isTaken, isTakenBack] = isOutside(from)
        ? state(from, told.source.operation)
        : [isCompleted, false];
      const [isGiven] = isOutside(to) ? state(to, told.target.operation) : [isCompleted];
      if (this.#accepted.has(exchange) && inconsistency !== undefined) continue;
      if (isTakenBack) {
        const isNoticed = told.step === 'rollback_target_addition' && inconsistency !== undefined;
        if (this.#unconfirmed.has(exchange) && isCompleted && !isNoticed)
          throw new Error(`${exchange} is completed, and nobody noticed what was undone`);
        this.#is(`${exchange} ${status}, undone in the source: given`, isGiven, isCompleted);
        continue;
      }
      this.#is(
        `${exchange} ${status}: taken, given`,
        [isTaken, isGiven],
        [isCompleted, isCompleted],
      );
    }
    this.#is('inconsistencies', world.inconsistencies(), []);
  }
}
