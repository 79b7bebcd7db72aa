// A ledger of several shards whose members draw. Owns: its folder and clock, what is asked of it in short. Never touches: what draws come to.

import type { Test } from 'tap';
import type { Command, Engine, Outcome } from '../../engine/index.js';
import { isRefusal, open, sampleProgramme } from '../../engine/index.js';
import { DRAW_SEED_LEAD_MS } from '../../engine/limits.js';
import { answerOf, hashOfSeed, numberOf } from '../../engine/protocol/chance.js';
import { type DrawSeed, prizeOf, totalOf } from '../../engine/protocol/draw.js';
import { ownersOf } from '../movements.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { ASSET, SHOP } from './earning-world.js';

export const LOTTERY = `${SHOP}.lottery`;
export const PERIOD_MS = 60_000;
const FUNDS = 1_000_000;
/** How long another shard may take, on a machine that does much else. */
const PATIENCE_MS = 60_000;

export interface Prize {
  readonly key: string;
  readonly weight: number;
  readonly points?: number;
  readonly stock?: string;
  readonly substitute?: string;
}

export type Why = Readonly<Record<string, unknown>>;
export const whyOf = (outcome: Outcome): Why => {
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.act!.why;
};
export const codeOf = (outcome: Outcome): string => (outcome.ok ? 'ok' : outcome.code);

export class LotteryWorld {
  engine!: Engine;
  #isOpen = false;
  readonly folder: string;
  readonly shards: number;
  readonly #clockOffset = new SharedArrayBuffer(8);
  readonly #clock = new Float64Array(this.#clockOffset);
  #n = 0;

  constructor(t: Test, shards: number) {
    this.folder = temporaryFolder(t);
    this.shards = shards;
    t.teardown(() => this.close());
  }

  async open(): Promise<void> {
    const { folder, shards } = this;
    const clockOffset = this.#clockOffset;
    const settings = { cacheMb: 64, tickMs: 20, drawPeriodMs: PERIOD_MS, acceptClock: true };
    this.engine = await open({ folder, shards, clockOffset, ...settings });
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    if (this.#isOpen) await this.engine.close();
    this.#isOpen = false;
  }

  async later(ms: number): Promise<void> {
    this.#clock[0] = (this.#clock[0] as number) + ms;
    await this.engine.acceptClock();
    await this.decides();
  }

  /** Every shard decides, after a while. */
  async decides(): Promise<void> {
    const names = ownersOf(this.engine).flat();
    await until('every shard decides', async () => {
      const asked = await Promise.all(names.map((name) => this.engine.member(name, SHOP)));
      return asked.every((one) => !isRefusal(one));
    });
  }

  /** When it is, as blocks have it. */
  get now(): number {
    return Date.now() + (this.#clock[0] as number);
  }

  /** A shop with this lottery, and members on every shard who have points; a seed is in use. */
  async begin(lottery: object): Promise<string[][]> {
    await this.open();
    const { engine } = this;
    await engine.submit({ type: 'define-asset', asset: ASSET, scale: 0 });
    await this.define(lottery);
    const members: string[][] = Array.from({ length: this.shards }, () => []);
    for (let n = 0; members.some((some) => some.length < 40); n++)
      members[engine.shardOf(`m${n}`)]!.push(`m${n}`);
    const given = members.flat().map((owner): Command => {
      const legs = [{ from: '@issue', to: owner, asset: ASSET, amount: FUNDS }];
      return { type: 'transfer', id: 'funds', legs };
    });
    await engine.submitBatch(given);
    await this.inUse();
    return members;
  }

  /** A seed is in use on every shard. */
  async inUse(): Promise<void> {
    const all = Array.from({ length: this.shards }, (_, shard) => shard);
    await until('every shard has a seed that is not over', async () => {
      const seeds = await this.seeds();
      const isHere = (shard: number): boolean =>
        seeds.some((one) => one.shard === shard && one.to > this.now && !one.isLost);
      return all.every(isHere);
    });
    await this.later(DRAW_SEED_LEAD_MS + 1_000);
  }

  async define(lottery: object): Promise<void> {
    const known = sampleProgramme(SHOP, ASSET);
    for (const { kind, key, document } of known) {
      if (kind !== 'programme' && kind !== 'lottery') continue;
      const said = kind === 'lottery' ? { ...document, ...lottery } : document;
      const command = { type: 'put-definition', kind, key, state: 'active', document: said };
      const outcome = await this.engine.submit(command as Command);
      if (!outcome.ok) throw new Error(JSON.stringify(outcome));
    }
    await this.later(11_000);
  }

  async seeds(): Promise<readonly DrawSeed[]> {
    const seeds = await this.engine.own.seeds();
    if (isRefusal(seeds)) throw new Error(seeds.code);
    return seeds;
  }

  act(act: string, owner: string, body: object = {}, id = `d${++this.#n}`): Command {
    return {
      ...{ type: 'act', id, owner, act },
      body: { lottery: LOTTERY, ...body },
    } as Command;
  }

  draw(owner: string, id?: string): Promise<Outcome> {
    return this.engine.submit(this.act('draw', owner, {}, id), { timeoutMs: PATIENCE_MS });
  }

  word(owner: string, word: string): Promise<Outcome> {
    return this.engine.submit(this.act('draw-word', owner, { word }));
  }
}

/** What a draw must have come to, by its published seed; an error says what is not so. */
export function check(
  owner: string,
  why: Why,
  seeds: readonly DrawSeed[],
  prizes: readonly Prize[],
): void {
  const seed = seeds.find(({ shard, number }) => shard === why['shard'] && number === why['seed']);
  if (seed?.seed === undefined) throw new Error('the seed is not published');
  const bytes = Buffer.from(seed.seed, 'hex');
  if (hashOfSeed(bytes) !== seed.hash || seed.hash !== why['hash'])
    throw new Error('the seed is not the one of its hash');
  const parts = {
    owner,
    lottery: LOTTERY,
    version: why['lottery'] as number,
    number: why['number'] as number,
    word: why['word'] as string,
  };
  const roll = numberOf(parts, totalOf(prizes), (message) => answerOf(bytes, message));
  if (roll !== why['roll']) throw new Error('another number was drawn');
  if (prizeOf(prizes, roll).key !== why['drawn']) throw new Error('another prize was drawn');
}
