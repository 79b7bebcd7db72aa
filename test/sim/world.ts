// One simulation: shards, bus and clients on one clock, everything that goes wrong, and its end, when all must be well.
// Owns: the course of one seed. Never touches: what shards decide.

import { balancesOf } from '../../engine/ledger/reads.js';
import { SLOTS } from '../../engine/limits.js';
import { ForeignCheck } from '../../engine/transfer/foreign.js';
import type { Message } from '../../engine/transfer/messages.js';
import { placesOf } from '../../engine/transfer/open/places.js';
import { Random } from '../random.js';
import { QUIET_MS } from './act-work.js';
import { Bus, type Weather } from './bus.js';
import { checkBlock, checkEnd } from './checks.js';
import { Clients } from './clients.js';
import { type Counts, checkHistory } from './history.js';
import {
  type Asker,
  Outside,
  type ShardSettings,
  SIM_CRASH_POINTS,
  type SimCrashPoint,
} from './outside.js';
import { Reference } from './reference.js';
import { SimShard } from './shard.js';
import { Trace } from './trace.js';
import { Work } from './work.js';

/** What a shard is made by: defects bring their own. */
export type ShardKind = new (settings: ShardSettings, outside: Outside) => SimShard;

/** How long everything may take to come to rest, once nothing goes wrong any more. */
const REST_LIMIT_MS = 120_000;

/** In this time every shard looks for what is due. */
const TICKS_MS = 1_000;

/** Memory for all pages, and for a few. */
const CACHE_BYTES = [2 ** 30, 32 * 1024];

/** A disk so slow that questions are repeated while it writes. */
const SLOW_MS = 900;

/** What one seed makes go wrong. */
interface Troubles {
  readonly weather: Weather;
  readonly clientLoss: number;
  readonly skewMs: number;
  readonly syncMs: number;
  /** Commands asked for, and how far apart. */
  readonly commands: number;
  readonly gapMs: number;
  readonly crashes: number;
  readonly crashChance: number;
  readonly cuts: number;
  readonly cutMs: number;
  /** Until then a shard hears nothing of definitions; 0: all do. */
  readonly deafUntil: number;
}

function troublesOf(random: Random): Troubles {
  const isPatient = random.chance(0.2);
  const syncMs = random.pick([1, 5, 20, 300, SLOW_MS]);
  return {
    weather: {
      loss: random.chance(0.3) ? 0 : random.int(31) / 100,
      repeats: random.chance(0.3) ? 0 : random.int(51) / 100,
      delayMs: random.pick([2, 10, 80]),
      lateMs: random.pick([50, 500, 4_000, isPatient ? 15_000 : 1_000]),
    },
    clientLoss: random.pick([0, 0.05, 0.2]),
    skewMs: random.pick([0, 50, 2_000, isPatient ? 12_000 : 200]),
    syncMs,
    commands: 20 + random.int(50),
    gapMs: random.pick([5, 40, 150]),
    crashes: random.chance(0.3) ? 0 : random.int(syncMs < SLOW_MS ? 5 : 20),
    crashChance: random.pick(syncMs < SLOW_MS ? [0, 0.004, 0.02] : [0, 0.03, 0.1]),
    cuts: random.chance(0.4) ? 0 : 1 + random.int(4),
    cutMs: random.pick([300, 2_000, isPatient ? 14_000 : 4_000]),
    deafUntil: random.chance(0.7) ? 0 : QUIET_MS + random.int(10_000),
  };
}

export class World extends Outside {
  readonly trace = new Trace();
  readonly shards: readonly SimShard[];
  readonly slotMap: Uint16Array;
  readonly clients: Clients;
  readonly bus: Bus;
  readonly work: Work;
  readonly #reference: Reference;
  readonly #random: Random;
  readonly #troubles: Troubles;
  /** What each shard would let in of what another process sends. */
  readonly #gates: readonly ForeignCheck[];
  /** The first message that a shard of another process would not have let in. */
  #kept: string | undefined;
  #hasTrouble = true;
  /** In every third world most blocks are written by the shards themselves. */
  readonly #waitsForLog: boolean;

  constructor(seed: number, Shard: ShardKind = SimShard) {
    super();
    const random = new Random(seed);
    this.#random = random;
    this.#waitsForLog = seed % 3 === 0;
    this.#troubles = troublesOf(random);
    const count = 2 + random.int(4);
    const turn = random.int(count);
    this.slotMap = Uint16Array.from({ length: SLOTS }, (_, slot) => (slot + turn) % count);
    const peek = (owner: string, shard: number) => balancesOf(this.shards[shard]!.state, owner);
    this.work = this.newWork(random, count, this.slotMap, peek);
    const { weather, clientLoss, syncMs } = this.#troubles;
    const shards: SimShard[] = [];
    for (let shard = 0; shard < count; shard++) {
      const settings: ShardSettings = {
        shard,
        slotMap: this.slotMap,
        blockCommands: random.pick(syncMs < SLOW_MS ? [1, 3, 12, 100] : [12, 100]),
        checkpointBytes: random.pick([Infinity, 2_000, 20_000]),
        cacheBytes: random.pick(CACHE_BYTES),
      };
      shards.push(new Shard(settings, this));
    }
    this.shards = shards;
    this.#gates = shards.map(
      ({ number }) => new ForeignCheck(placesOf(number, count, this.slotMap)),
    );
    this.bus = new Bus(weather, this.queue, random, (to, message) => this.#deliver(to, message));
    const deaf = 1 + random.int(count - 1);
    this.#reference = new Reference(this.queue, shards, (shard) => {
      if (this.#hasTrouble && shard === deaf && this.now < this.#troubles.deafUntil) return false;
      return !this.bus.isCut(0, shard) && !this.bus.isCut(shard, 0);
    });
    this.clients = new Clients(clientLoss, this.queue, random, shards, this.slotMap);
  }

  /** What clients ask for. */
  protected newWork(...given: ConstructorParameters<typeof Work>): Work {
    return new Work(...given);
  }

  /** What logs must say when all is over. */
  protected checkLogs(): Counts {
    return checkHistory(this.shards, this.clients.wishes, this.slotMap);
  }

  /** Runs it to its end; throws where something is not as it must be. Returns what came of it. */
  async run(): Promise<Counts> {
    for (const shard of this.shards) shard.start();
    this.#reference.start();
    const { commands, gapMs } = this.#troubles;
    for (const [at, command] of this.work.acts.definitions(commands * gapMs))
      this.queue.after(at, () => this.#reference.say(command));
    await this.queue.runUntil(QUIET_MS);
    this.#plan();
    await this.queue.runUntil(this.now + commands * gapMs + 1_000 + this.#random.int(8_000));
    this.#heal();
    await this.#rest();
    this.#askAllAgain();
    await this.#rest();
    // What was due by then goes with the next ticks.
    await this.queue.runUntil(this.now + TICKS_MS);
    await this.#rest();
    await checkEnd(this.shards);
    const counts = this.checkLogs();
    if (this.#kept !== undefined) throw new Error(`X6: ${this.#kept}`);
    return counts;
  }

  /** What clients ask for, and what goes wrong beside that. */
  #plan(): void {
    const random = this.#random;
    const { commands, gapMs, crashes, cuts, cutMs } = this.#troubles;
    for (const command of this.work.opening(this.now))
      this.queue.after(random.int(50), () => this.clients.submit(command, 3));
    const span = commands * gapMs + 1_000;
    for (let n = 0; n < commands; n++) {
      this.queue.after(60 + random.int(commands * gapMs), () => this.#ask());
    }
    for (let n = 0; n < crashes; n++) {
      const shard = random.pick(this.shards);
      const goes = random.chance(0.2) ? () => this.#stop(shard) : () => this.#crash(shard);
      this.queue.after(60 + random.int(span), goes);
    }
    for (let n = 0; n < cuts; n++) {
      const from = random.int(this.shards.length);
      const to = random.int(this.shards.length);
      const isWhole = random.chance(0.6);
      this.queue.after(random.int(span), () => {
        const ms = 1 + random.int(cutMs);
        if (from === to) this.#cutOff(from, ms);
        else this.bus.cut(from, to, ms);
        if (isWhole && from !== to) this.bus.cut(to, from, ms);
      });
    }
  }

  /** One shard hears nothing and is not heard. */
  #cutOff(shard: number, ms: number): void {
    for (let other = 0; other < this.shards.length; other++) {
      if (other === shard) continue;
      this.bus.cut(shard, other, ms);
      this.bus.cut(other, shard, ms);
    }
  }

  /** A new command; an old one again; or another one under an old one's id. */
  #ask(): void {
    const random = this.#random;
    const { wishes } = this.clients;
    const draw = wishes.length === 0 ? 99 : random.int(100);
    if (draw < 8) {
      this.clients.ask(random.int(wishes.length));
      return;
    }
    const rival = draw < 14 ? this.work.rivalOf(random.pick(wishes).command) : undefined;
    const command = rival ?? this.work.next(this.now);
    this.clients.submit(command);
    const twin = this.work.twinOf(command);
    if (twin !== undefined) this.clients.submit(twin);
  }

  #heal(): void {
    this.note('heal');
    this.#hasTrouble = false;
    this.bus.heal();
    this.clients.heal();
  }

  /** Until nothing is open, nothing on its way, nothing to be written. */
  async #rest(): Promise<void> {
    const limit = this.now + REST_LIMIT_MS;
    while (!this.#isResting) {
      if (this.now >= limit) throw new Error(`no rest: ${this.#unrest()}`);
      await this.queue.runUntil(this.now + 200);
    }
  }

  get #isResting(): boolean {
    if (this.bus.inFlight > 0 || this.clients.inFlight > 0 || !this.#reference.isResting)
      return false;
    return this.shards.every(
      (shard) =>
        shard.isIdle && shard.state.transits.size === 0 && shard.state.followUps.size === 0,
    );
  }

  #unrest(): string {
    const open = this.shards.flatMap((shard) =>
      [...shard.state.transits.all()].map(
        ({ owner, id, next }) => `${owner} ${id} is open on shard ${shard.number} towards ${next}`,
      ),
    );
    const busy = this.shards.filter((shard) => !shard.isIdle);
    const waiting = this.shards.flatMap((shard) =>
      [...shard.state.followUps.all()].map(({ id, to }) => `${id} waits for shard ${to}`),
    );
    const told = this.#reference.isResting ? [] : ['definitions are under way'];
    const said = busy.map(({ number }) => `shard ${number} is busy`);
    return [...open, ...waiting, ...said, ...told].join('; ');
  }

  /** Some are asked for once more when all is over: they must be told the same. */
  #askAllAgain(): void {
    this.clients.wishes.forEach((_, index) => {
      if (this.#random.chance(0.4)) this.clients.ask(index);
    });
  }

  #deliver(to: number, message: Message): void {
    const shard = this.shards[to]!;
    this.note('in', to, message.count, shard.isUp ? 1 : 0);
    if (shard.isUp) shard.receive(message);
  }

  #crash(shard: SimShard): void {
    if (!this.#hasTrouble || !shard.machine.isOn) return;
    shard.crash(this.#random.chance(0.3));
    this.#startLater(shard);
  }

  #stop(shard: SimShard): void {
    if (this.#hasTrouble && shard.isUp) shard.stop(() => this.#startLater(shard));
  }

  #startLater(shard: SimShard): void {
    const downMs = this.#random.chance(0.8) ? 300 : 6_000;
    this.queue.after(1 + this.#random.int(downMs), () => shard.start());
  }

  // --- Outside ---------------------------------------------------------------------------------------------

  override send(from: number, message: Message): void {
    const { to, count, bytes } = message;
    this.note('send', from, to, count, bytes.length);
    if (this.#gates[to]?.isSound(from, bytes, count) !== true)
      this.#kept ??= `shard ${to} would not let in ${count} commands of shard ${from}`;
    this.bus.send(from, message);
  }

  override reply(asker: Asker, told: number): void {
    this.note('reply', asker, told);
    this.clients.reply(asker, told);
  }

  override skewMs(): number {
    const { skewMs } = this.#troubles;
    return this.#random.int(2 * skewMs + 1) - skewMs;
  }

  override syncMs(): number {
    return 1 + this.#random.int(this.#troubles.syncMs);
  }

  override waitsForLog(): boolean {
    return this.#waitsForLog && this.#random.chance(0.7);
  }

  override crashesAt(shard: SimShard, point: SimCrashPoint): boolean {
    if (!this.#hasTrouble || !this.#random.chance(this.#troubles.crashChance)) return false;
    this.note(point, SIM_CRASH_POINTS.indexOf(point));
    this.#crash(shard);
    return true;
  }

  override sealed(shard: SimShard): void {
    checkBlock(shard);
  }

  override note(what: string, ...figures: number[]): void {
    this.trace.note(this.now, what, ...figures);
  }
}
