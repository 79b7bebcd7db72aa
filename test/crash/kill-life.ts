// The life of one data folder whose program is killed again and again. Owns: where and when it is killed, and what is
// checked after each start. Never touches: the folder.

import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyFolder } from '../../engine/index.js';
import type { Command } from '../../engine/protocol/commands.js';
import type { CrashPoint } from '../../engine/shard/crash-points.js';
import { Random } from '../random.js';
import { Claims } from './claims.js';
import type { Order } from './lines.js';
import { EndedError, Program } from './program.js';
import { checkRestart } from './restart-check.js';
import { Contradiction, Told } from './told.js';

/** Kills while a start recovers, or while a checkpoint is written: by name, or at any moment of a start or a stop. */
const RECOVERING = [
  'opening',
  'recovery-open',
  'checkpoint-cut',
  'recovery-replay',
  'checkpoint-pages',
  'opening',
  'recovery-before-rewrite',
  'checkpoint-chunks',
  'recovery-after-rewrite',
  'before-root',
  'closing',
  'after-root',
] as const;
/** Two for each of those. */
const WORKING = [
  'working',
  'before-append',
  'working',
  'before-sync',
  'working',
  'before-reply',
  'before-clean-stop',
  'working',
  'after-clean-stop',
] as const;

type Place = (typeof RECOVERING)[number] | (typeof WORKING)[number];

/** Every third kill is one of RECOVERING; two lives of six such kills, with seeds one apart, have all of them. */
function placeOf(seed: number, killed: number): Place {
  const third = Math.floor(killed / 3);
  if (killed % 3 === 0) return RECOVERING[(third + seed * 6) % RECOVERING.length] ?? 'opening';
  return WORKING[(2 * third + (killed % 3) + seed) % WORKING.length] ?? 'working';
}

/** A named place is passed at most so often before the kill; some are passed once only. */
const PASSES: Readonly<Record<CrashPoint, number>> = {
  'before-append': 40,
  'before-sync': 40,
  'before-reply': 40,
  'checkpoint-cut': 3,
  'checkpoint-pages': 3,
  'checkpoint-chunks': 3,
  'before-root': 3,
  'after-root': 3,
  'recovery-open': 1,
  'recovery-replay': 3,
  'recovery-before-rewrite': 1,
  'recovery-after-rewrite': 1,
  'before-clean-stop': 1,
  'after-clean-stop': 1,
};

const PATIENCE_MS = 30_000;
const WHOLE_EVERY = 10;
/** Kills that a life may go on for, until it was killed wherever it should be. */
const EXTRA_KILLS = 10;
const CALLERS = 12;
const SHARDS = 2;

/** What happened, over all lives. */
export class Kills {
  readonly byPlace = new Map<string, number>();
  total = 0;
  recovering = 0;
  answers = 0;
  /** Offers that were claimed. */
  claims = 0;
  openMs: number[] = [];

  add(place: Place): void {
    this.byPlace.set(place, (this.byPlace.get(place) ?? 0) + 1);
    this.total++;
    if (RECOVERING.some((one) => one === place)) this.recovering++;
  }
}

export interface LifeOptions {
  readonly folder: string;
  /** The client's file: every line the program said. */
  readonly toldFile: string;
  readonly seed: number;
  readonly kills: number;
}

export class Life {
  readonly #options: LifeOptions;
  readonly #random: Random;
  readonly #told = new Told();
  readonly #results: Kills;
  readonly #file: number;
  #starts = 0;
  #program: Program;
  /** Started ahead: loading the code takes longer than a recovery. */
  #next = new Program();
  #wasKilled = false;
  /** Named places that it did not come by: once more. */
  readonly #missed: Place[] = [];

  constructor(options: LifeOptions, results: Kills) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#results = results;
    this.#file = openSync(options.toldFile, 'a');
    this.#program = this.#next;
  }

  /** Kills and restarts until there were enough kills; then verify, one more start, a whole check, a clean stop, verify. */
  async live(): Promise<void> {
    const { seed, kills } = this.#options;
    try {
      for (let killed = 0; killed < kills + (this.#missed.length > 0 ? EXTRA_KILLS : 0); ) {
        const missed = this.#missed.shift();
        const place = missed ?? placeOf(seed, killed);
        const passes = missed === undefined && place in PASSES ? PASSES[place as CrashPoint] : 1;
        if (await this.#cycle(place, passes, killed % WHOLE_EVERY === WHOLE_EVERY - 1)) killed++;
      }
      await this.#verify();
      await this.#lastStart();
      await this.#verify();
      this.#results.claims += new Claims(this.#told).posted;
    } catch (error) {
      throw new Error(`start ${this.#starts}: ${(error as Error).message}`, { cause: error });
    } finally {
      this.#results.answers += this.#told.answers;
      this.#program.kill();
      this.#next.kill();
      await Promise.all([this.#program.ended, this.#next.ended]);
      closeSync(this.#file);
    }
  }

  /** One start and its end; false: it ended by itself before the kill came. */
  async #cycle(place: Place, passes: number, isWhole: boolean): Promise<boolean> {
    const program = this.#start();
    const isNamed = place !== 'opening' && place !== 'working' && place !== 'closing';
    const atStart = isNamed && place.startsWith('recovery');
    try {
      if (place === 'opening') this.#killAfter(this.#random.int(this.#openMs() * 1.3));
      await this.#open(isNamed ? `${place}:${1 + this.#random.int(passes)}` : '');
      // Where a recovery was too short for that, it is killed at work.
      await this.#check(isWhole);
      await this.#work(place);
      if (!isNamed || atStart) this.#kill();
    } catch (error) {
      if (!(error instanceof EndedError)) throw error;
    }
    const patience = setTimeout(() => this.#kill(), PATIENCE_MS);
    const end = await program.ended;
    clearTimeout(patience);
    program.assertHeard();
    if (end.code === 0) return false;
    if (end.signal !== 'SIGKILL')
      throw new Contradiction(`it ended with ${end.code ?? end.signal}: ${end.stderr}`);
    const isMissed = isNamed && this.#wasKilled;
    if (isMissed) this.#missed.push(place);
    this.#results.add(isMissed ? 'working' : place);
    return true;
  }

  async #lastStart(): Promise<void> {
    const program = this.#start();
    await this.#open('');
    await this.#check(true);
    program.send({ do: 'close', exit: true });
    const { code, stderr } = await program.ended;
    program.assertHeard();
    if (code !== 0) throw new Contradiction(`the last stop ended with ${code}: ${stderr}`);
  }

  async #verify(): Promise<void> {
    const { ok, problems } = await verifyFolder(this.#options.folder);
    if (!ok)
      throw new Contradiction(
        `verify: ${problems.map(({ shard, what }) => `shard ${shard}: ${what}`).join('; ')}`,
      );
  }

  #start(): Program {
    this.#starts++;
    this.#wasKilled = false;
    this.#program = this.#next;
    this.#next = new Program();
    this.#told.restarted();
    this.#program.listen((said, line) => {
      writeSync(this.#file, `${line}\n`);
      this.#told.hear(said);
    });
    return this.#program;
  }

  #kill(): void {
    this.#wasKilled = true;
    this.#program.kill();
  }

  #killAfter(ms: number): void {
    const program = this.#program;
    setTimeout(() => {
      if (this.#program === program) this.#kill();
    }, ms);
  }

  #openMs(): number {
    const times = this.#results.openMs;
    return times.length === 0 ? 300 : times.reduce((a, b) => a + b, 0) / times.length;
  }

  async #open(crashPoint: string): Promise<void> {
    const { folder } = this.#options;
    const cacheMb = this.#random.pick([0.25, 1, 16]);
    const checkpointBytes = this.#random.pick([16, 64, 512]) * 1024;
    this.#program.send({
      do: 'open',
      folder,
      shards: SHARDS,
      cacheMb,
      checkpointBytes,
      crashPoint,
    });
    const { ms } = await this.#program.next('opened');
    this.#results.openMs.push(ms);
  }

  async #check(isWhole: boolean): Promise<void> {
    const look = (order: Extract<Order, { do: 'look' }>) => {
      this.#program.send(order);
      return this.#program.next('looked');
    };
    await checkRestart({ told: this.#told, shards: SHARDS, look, random: this.#random, isWhole });
  }

  /** Load, until the program dies of its crash point or it is time to kill it. */
  async #work(place: Place): Promise<void> {
    const random = this.#random;
    const program = this.#program;
    const stops =
      place === 'closing' || place === 'before-clean-stop' || place === 'after-clean-stop';
    program.send({
      do: 'load',
      seed: random.next(),
      callers: CALLERS,
      name: `s${this.#starts}`,
      earlier: this.#earlier(),
      checkpoints: place.startsWith('checkpoint') || place.endsWith('root') || random.chance(0.1),
      feedFrom: random.chance(0.2)
        ? Array.from({ length: SHARDS }, (_, shard) => this.#told.feedFrom(shard))
        : [],
      asks: 0,
    });
    await Promise.race([sleep(random.int(stops ? 40 : 150)), program.ended]);
    if (stops) {
      program.send({ do: 'close', exit: true });
      if (place === 'closing') await sleep(random.int(60));
    }
  }

  /** Commands of earlier starts, to be repeated. */
  #earlier(): Command[] {
    const known = [...this.#told.ids.values()].slice(-400);
    if (known.length === 0) return [];
    return Array.from({ length: 20 }, () => this.#random.pick(known).commands[0]!);
  }
}

/** Every name of engine/shard/crash-points.ts is a place. */
export const PLACES: ReadonlySet<string> = new Set<CrashPoint | Place>([...RECOVERING, ...WORKING]);
