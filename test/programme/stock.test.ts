// Prizes that come out of a stock: never more than there are, whoever draws on whichever shard; and nobody is refused because of what was drawn, also
// where another shard cannot give it, and the one that asks was killed meanwhile.

import t, { type Test } from 'tap';
import { type Command, isRefusal, type Outcome } from '../../engine/index.js';
import { Key } from '../../engine/ledger/keys.js';
import { sampleProgramme } from '../../engine/programme/sample.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { CommandView } from '../../engine/protocol/command-view.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { OP, PLACES } from '../../engine/protocol/layout.js';
import { REFUSALS, type RefusalCode } from '../../engine/protocol/refusals.js';
import { Actor } from '../../engine/shard/actor.js';
import { openFolder } from '../../engine/store/folder.js';
import { planIn, planOfTuple } from '../../engine/transfer/carried.js';
import { submit } from '../audit/maker.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { ASSET, SHOP } from './earning-world.js';
import { LOTTERY, LotteryWorld, type Prize, whyOf } from './lottery-world.js';

const BIG = '#budget:big';
const THING = '#item:thing';
const PRIZES: readonly Prize[] = [
  { key: 'big', weight: 6, points: 100, stock: BIG, substitute: 'thing' },
  { key: 'thing', weight: 3, stock: THING, substitute: 'none' },
  { key: 'none', weight: 1 },
];
const FREE = { cooldownSeconds: 0, dailyLimit: 100_000, cost: 1, prizes: PRIZES };

t.test('never more than there are, and no draw is refused', async (t) => {
  const world = new LotteryWorld(t, 2);
  const members = (await world.begin(FREE)).flat();
  const { engine } = world;
  const fund = async (owner: string, amount: number): Promise<void> => {
    const legs = [{ from: '@issue', to: owner, asset: ASSET, amount }];
    await engine.own.submit({ type: 'transfer', legs });
  };
  const rounds = 6;
  const won = { big: 0, thing: 0, none: 0 };
  const told: Outcome[] = [];
  await fund(BIG, 1_550);
  await fund(THING, 30);
  for (let round = 0; round < rounds; round++) {
    if (round === 3) await fund(BIG, 1_000);
    const outcomes = await Promise.all(members.map((owner) => world.draw(owner)));
    told.push(...outcomes);
  }
  const refused = told.filter(({ ok }) => !ok);
  t.same(refused, [], 'no draw is refused');
  let substitutes = 0;
  for (const outcome of told) {
    const why = whyOf(outcome);
    won[why['prize'] as keyof typeof won]++;
    const soldOut = (why['soldOut'] ?? []) as readonly string[];
    t.equal(soldOut[0] ?? why['prize'], why['drawn']);
    substitutes += soldOut.length > 0 ? 1 : 0;
  }
  t.match(won, { big: 25, thing: 30 }, 'all that there were, and the rest of 50 points is left');
  t.ok(substitutes > 100);
  for (const [owner, paid] of [
    [BIG, 2_500],
    [THING, 30],
  ] as const) {
    const pool = await engine.own.pool(owner, ASSET);
    if (isRefusal(pool)) throw new Error(pool.code);
    t.match(pool, { paid, held: 0 });
  }
  // Each has paid for each draw, and got what was won.
  const all = await Promise.all(members.map((owner) => engine.balance(owner, ASSET)));
  const sum = all.flat().reduce((so, one) => so + ('available' in one ? one.available : 0), 0);
  t.equal(sum, members.length * (1_000_000 - rounds) + 2_500);
});

/** A shard whose pool lives on another one, which never answers; what it is told is kept. */
class Waiting {
  readonly folder: string;
  readonly prepares: Uint8Array[] = [];
  readonly owner: string;
  readonly pool: string;
  readonly #slotMap: Uint16Array;
  readonly #clockOffset = new SharedArrayBuffer(8);
  actor!: Actor;

  constructor(t: Test) {
    this.folder = temporaryFolder(t);
    const { slotMap } = openFolder(this.folder, { shards: 2, create: true, lock: false });
    this.#slotMap = slotMap;
    const on = (shard: number, of: (n: number) => string): string => {
      for (let n = 0; ; n++) if (slotMap[slotOf(of(n))] === shard) return of(n);
    };
    this.owner = on(0, (n) => `m${n}`);
    this.pool = on(1, (n) => `#budget:b${n}`);
    t.teardown(() => this.actor.close());
  }

  async open(): Promise<void> {
    const send = (_to: number, bytes: Uint8Array): void => {
      this.prepares.push(bytes.slice());
    };
    this.actor = await Actor.open({
      ...{ folder: this.folder, shard: 0, slotMap: this.#slotMap, tickMs: 10 },
      ...{ cacheBytes: 64 * 1024 * 1024, checkpointBytes: 1024 ** 3, acceptClock: true },
      clockOffset: this.#clockOffset,
      bus: { send, receive: () => {}, close: () => {} },
      emit: (event) => {
        if (event.type === 'fatal') throw new Error(event.message);
      },
    });
    const { definitions } = this.actor.state;
    const { count } = definitions;
    const mark = definitions.mark(count);
    this.actor.confirmDefinitions({ count, mark, until: Number.MAX_SAFE_INTEGER });
  }

  later(ms: number): void {
    const clock = new Float64Array(this.#clockOffset);
    clock[0] = (clock[0] as number) + ms;
    this.actor.acceptClock();
  }

  async begin(): Promise<void> {
    await this.open();
    const prizes: readonly Prize[] = [
      { key: 'big', weight: 1, points: 5, stock: this.pool, substitute: 'none' },
      { key: 'none', weight: 1 },
    ];
    const legs = [{ from: '@issue', to: this.owner, asset: ASSET, amount: 1_000 }];
    const zoneOffsets = [0, 0];
    const defined = sampleProgramme(SHOP, ASSET)
      .filter(({ kind }) => kind === 'programme' || kind === 'lottery')
      .map(({ kind, key, document }) => ({
        ...{ type: 'put-definition', kind, key, state: 'active' },
        ...(kind === 'programme' ? { document, zoneOffsets } : {}),
        ...(kind === 'lottery' ? { document: { ...document, ...FREE, prizes } } : {}),
      }));
    await submit(this.actor, [
      { type: 'define-asset', asset: ASSET, scale: 0 },
      ...(defined as unknown as Command[]),
      { type: 'transfer', id: 'funds', legs },
    ]);
    await this.actor.close();
    await this.open();
    const before = this.actor.durableSeq;
    await until('a seed is logged', () => this.actor.durableSeq > before);
    this.later(11_000);
  }

  draw(id: string): Promise<void> {
    const body = { lottery: LOTTERY };
    return submit(this.actor, [{ type: 'act', id, owner: this.owner, act: 'draw', body }]);
  }

  /** Draws until one waits for the other shard; its id. */
  async opened(): Promise<string> {
    for (let n = 1; ; n++) {
      await this.draw(`d${n}`);
      if (this.actor.state.transits.size > 0) return `d${n}`;
    }
  }

  /** The other shard refuses what waits. */
  async refuse(id: string, code: RefusalCode): Promise<void> {
    const { owner } = this;
    const { number } = REFUSALS[code];
    const transit = this.actor.state.transits.get(owner, id)!;
    const deadline = number >= 128 ? transit.deadline : undefined;
    const decision = { type: 'decision', id, owner, refusal: number, deadline } as const;
    this.actor.receive(packCommand(decision, id).slice(), 1);
    await until('it is decided', () => this.actor.state.transits.size === 0);
  }

  /** Why a draw came to what it did, by the log. */
  why(id: string): Readonly<Record<string, unknown>> | undefined {
    const key = new Key();
    key.set(this.owner, id);
    const { ids, past } = this.actor.state;
    const count = ids.find(key.hi, key.lo);
    const places = Array.from({ length: count }, (_, i) => [ids.foundSeq[i]!, ids.foundOffset[i]!]);
    const [seq, offset] = places.sort((a, b) => b[0]! - a[0]! || b[1]! - a[1]!)[0] as number[];
    const { tuple, effects, offset: at } = past.read(seq!, offset!);
    return effects.refusalNumber(at) === 0 ? planOfTuple(tuple)?.why : undefined;
  }
}

/** What was planned of a draw, as the other shard was told. */
function plannedIn(prepare: Uint8Array): Readonly<Record<string, unknown>> {
  const view = new CommandView();
  view.read(prepare, 0);
  if (view.op !== OP.prepare) throw new Error('no prepare');
  const carried = new CommandView();
  carried.read(prepare, view.bytesStart(PLACES.prepare.transfer));
  return planIn(carried)!.why!;
}

for (const code of ['BUDGET_BUSY', 'ACCOUNT_BUSY', 'SHARD_UNAVAILABLE'] as const)
  for (const isKilled of [false, true])
    t.test(`another shard refuses ${code}${isKilled ? ', after a restart' : ''}`, async (t) => {
      const world = new Waiting(t);
      await world.begin();
      const id = await world.opened();
      const planned = plannedIn(world.prepares[0]!);
      t.match(planned, { drawn: 'big', prize: 'big' });
      if (isKilled) {
        await world.actor.close();
        await world.open();
      }
      world.later(5_000);
      await world.refuse(id, code);
      const { prize: _, ...same } = planned;
      t.same(world.why(id), { ...same, prize: 'none', soldOut: ['big'] }, 'the same draw');
      const before = Number(planned['number']);
      await world.draw('next');
      const next = world.why('next') ?? plannedIn(world.prepares.at(-1)!);
      t.equal(next['number'], before + 1);
    });
