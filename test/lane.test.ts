// Who waits for a decision is told once, though word of it may come more than one way (engine/lane.ts).

import t from 'tap';
import { type Gathering, Lane, type LaneHome, type Waiter } from '../engine/lane.js';
import { OP } from '../engine/protocol/codec.js';
import { Draft } from '../engine/protocol/draft.js';
import type { Outcome } from '../engine/protocol/outcomes.js';
import { refused } from '../engine/protocol/outcomes.js';
import { RESULT, type Reply } from '../engine/shard/messages.js';

/** A lane whose replies are made by hand. */
class HandLane extends Lane {
  carried: Gathering[] = [];

  protected override carry(gathered: Gathering): void {
    this.carried.push(gathered);
  }

  reply(reply: Reply): void {
    this.done(this.carried.shift() as Gathering, reply);
  }

  get waitingFor() {
    return [...this.undecided.values()];
  }
}

t.test('a decision that comes twice', async (t) => {
  const home = { assets: { list: [] }, watch: () => {}, fail: t.fail } as unknown as LaneHome;
  const lane = new HandLane(0, home, 1, 10);
  const told: Outcome[] = [];
  const waiter: Waiter = {
    timeoutMs: 1_000,
    settled: (_index, result) => told.push(result as Outcome),
  };
  lane.add({ type: 'transfer', legs: [] }, 'a', waiter, 0);
  await new Promise((resolve) => setImmediate(resolve));
  const nothing = { segments: [], replayed: [], answers: [] };
  lane.reply({ ...nothing, results: Int32Array.of(RESULT.open, 0), opened: [7] });
  const [one] = lane.waitingFor;
  t.ok(one?.isWaiting);

  const draft = new Draft();
  draft.open(1, 1);
  const offset = draft.effects.begin(OP.decision, 0, 0, 0);
  draft.effects.end();
  const decided = { seq: 1, time: 1, effects: draft.effects.bytes(), tickets: [7, offset] };
  lane.decided(decided);
  t.equal(told.length, 1);
  t.notOk(one?.isWaiting, 'whoever still asks for it sees that');
  one?.tell(refused('PREPARED'));
  lane.expire(Number.POSITIVE_INFINITY);
  t.equal(told.length, 1);
  t.ok(told[0]?.ok);
});
