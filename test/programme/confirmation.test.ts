// Until when a shard may decide: messages between shards that are late or lost, clocks that differ, shards that are cut off. What a shard decides by is
// always what the first one has said for that time.

import t from 'tap';
import { mayDecide } from '../../engine/ledger/definitions.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import type { State } from '../../engine/ledger/state.js';
import { DEFINITION_ASK_MS, DEFINITION_LEAD_MS, SLOTS } from '../../engine/limits.js';
import { decidingVersion } from '../../engine/programme/definitions/index.js';
import type { DefinitionVersion } from '../../engine/protocol/outcomes.js';
import { confirmDefinitions } from '../../engine/shard/definition-queries.js';
import { placesOf } from '../../engine/transfer/open/places.js';
import { Random } from '../random.js';

const START = Date.UTC(2026, 0, 1);
const STEP_MS = 100;
const STEPS = 900;
const KEYS = ['a', 'b'];
const OFFER = { asset: 'gold', budget: '#budget:spring' };

/** What a shard that is not the first one asks, and is answered after a while. */
interface Answer {
  readonly at: number;
  readonly time: number;
  readonly count: number;
  readonly mark: string;
  readonly versions: readonly DefinitionVersion[];
}

/** What is wrong in the code under test, on purpose. */
type Defect = 'none' | 'count is not looked at' | 'confirmed by its own clock' | 'no lead';

class Other {
  readonly ledger = new MemoryLedger();
  readonly #defect: Defect;
  #answers: Answer[] = [];

  constructor(defect: Defect) {
    this.#defect = defect;
    const places = placesOf(1, 2, new Uint16Array(SLOTS));
    Object.assign(this.ledger.state as { places: State['places'] }, { places });
  }

  ask(answer: Answer): void {
    this.#answers.push(answer);
  }

  /** Takes what has come by now: what was answered first may come last. */
  hear(now: number, own: number, mayLose: () => boolean): void {
    const come = this.#answers.filter(({ at }) => at <= now);
    this.#answers = this.#answers.filter(({ at }) => at > now);
    for (const { time, count, mark, versions } of come) {
      for (const version of versions) {
        if (mayLose()) break;
        this.ledger.apply([{ type: 'put-definition', ...version }], own);
      }
      const { ledger } = this.ledger;
      const from = this.#defect === 'confirmed by its own clock' ? own : time;
      const lead = this.#defect === 'no lead' ? 2 * DEFINITION_LEAD_MS : DEFINITION_LEAD_MS;
      const until = from + lead;
      if (this.#defect === 'count is not looked at') ledger.definitionsConfirmedUntil = until;
      else confirmDefinitions(ledger, { count, mark, until });
    }
  }
}

/** Plays one story; returns what a shard decided otherwise than the first one said, and how often it could decide. */
function play(seed: number, defect: Defect): { wrong: string[]; decided: number; held: number } {
  const random = new Random(seed);
  const first = new MemoryLedger();
  const other = new Other(defect);
  const skew = random.int(10_000) - 5_000;
  const decisions: { time: number; key: string; version: number | undefined }[] = [];
  let [decided, held, cutUntil] = [0, 0, 0];
  for (let step = 0; step < STEPS; step++) {
    const now = START + step * STEP_MS;
    if (random.chance(0.02)) {
      const state = random.pick(['active', 'active', 'retired'] as const);
      const document = { ...OFFER, points: step + 1 };
      const said = {
        type: 'put-definition',
        kind: 'offer',
        key: random.pick(KEYS),
        state,
      } as const;
      first.apply([state === 'retired' ? said : { ...said, document }], now);
    }
    if (step > cutUntil && random.chance(0.005)) cutUntil = step + random.int(300);
    if (step % (DEFINITION_ASK_MS / STEP_MS) === 0 && step > cutUntil) {
      const { definitions } = first.state;
      const after = other.ledger.state.definitions.count;
      const versions: DefinitionVersion[] = [];
      for (let number = after + 1; number <= definitions.count; number++)
        versions.push(decidingVersion(definitions.numbered(number)!));
      const at = now + (random.chance(0.1) ? random.int(15_000) : random.int(200));
      other.ask({
        at,
        time: now,
        ...{ count: definitions.count, mark: definitions.mark(definitions.count), versions },
      });
    }
    const own = now + skew;
    other.hear(now, own, () => random.chance(0.1));
    const { ledger, state } = other.ledger;
    ledger.time = own;
    if (!mayDecide(ledger)) {
      held++;
      continue;
    }
    decided++;
    for (const key of KEYS)
      decisions.push({
        time: own,
        key,
        version: state.definitions.active('offer', key, own)?.version,
      });
  }
  const wrong = decisions
    .filter(
      ({ time, key, version }) =>
        first.state.definitions.active('offer', key, time)?.version !== version,
    )
    .map(({ time, key, version }) => `${key} at ${time - START}: ${version}`);
  return { wrong, decided, held };
}

t.test('no shard ever decides by what the first one has replaced or retired', async (t) => {
  let [decided, held] = [0, 0];
  for (let seed = 1; seed <= 60; seed++) {
    const played = play(seed, 'none');
    if (played.wrong.length > 0) t.same(played.wrong.slice(0, 3), [], `seed ${seed}`);
    decided += played.decided;
    held += played.held;
  }
  t.ok(decided > held, `${decided} times it could decide, ${held} times it could not`);
  t.ok(held > 1_000, 'shards were cut off');
});

for (const defect of ['count is not looked at', 'confirmed by its own clock', 'no lead'] as const)
  t.test(`found where ${defect}`, async (t) => {
    const found = Array.from({ length: 60 }, (_, seed) => play(seed + 1, defect).wrong.length);
    t.ok(found.some((wrong) => wrong > 0));
  });

t.test('a shard that hears nothing any more stops after the lead', async (t) => {
  const { ledger } = new MemoryLedger();
  t.equal(mayDecide(ledger), false, 'nothing is confirmed yet');
  ledger.definitionsConfirmedUntil = START + DEFINITION_LEAD_MS;
  for (const [ms, may] of [
    [0, true],
    [DEFINITION_LEAD_MS - 1, true],
    [DEFINITION_LEAD_MS, false],
  ] as const) {
    ledger.time = START + ms;
    t.equal(mayDecide(ledger), may, `${ms}`);
  }
});
