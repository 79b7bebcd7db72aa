// Who waits for a decision of another node is told once, whatever comes when: the word of it, the answer to a question about it, the
// other node's next life (engine/remote-lane.ts).

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { Link } from '../../engine/cluster/link.js';
import { packReply } from '../../engine/cluster/wire.js';
import type { Command } from '../../engine/protocol/commands.js';
import { Draft } from '../../engine/protocol/draft.js';
import { EVERYTHING } from '../../engine/protocol/grants.js';
import { OP } from '../../engine/protocol/layout.js';
import { refused } from '../../engine/protocol/outcomes.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { RemoteLane } from '../../engine/router/remote-lane.js';
import { RESULT, type Reply } from '../../engine/shard/messages.js';

const LATER_MS = 510;

/** A record that says that something was refused. */
const DECIDED = ((): Uint8Array => {
  const { effects } = new Draft(64, 256);
  effects.begin(OP.decision, REFUSALS.POINTS_SHORT.number, 0, 0);
  effects.end();
  return effects.bytes().slice();
})();

/** A lane to a node that answers when the test says so. */
class Bench {
  readonly told: string[] = [];
  readonly #answers: ((bytes: Uint8Array) => void)[] = [];
  readonly lane: RemoteLane;

  constructor() {
    const link: Pick<Link, 'node' | 'session' | 'subject' | 'ask'> = {
      node: 'a',
      session: 1,
      subject: (...parts) => parts.join('.'),
      ask: () => new Promise((resolve) => this.#answers.push(resolve)),
    };
    const home = {
      assets: { list: [] },
      watch: () => {},
      fail: () => {},
      busy: () => {},
      decided: () => {},
      pass: (go: () => void) => go(),
      isDisputed: () => false,
      loggedOutcome: (_asker: unknown, _found: unknown, id: string | undefined) =>
        refused('POINTS_SHORT', undefined, id),
    };
    this.lane = new RemoteLane(1, home, link as Link);
  }

  submit(...commands: (Command & { readonly id: string })[]): void {
    commands.forEach((command, index) => {
      const settled = (at: number): void => void this.told.push(commands[at]?.id ?? '');
      this.lane.add(
        command,
        command.id,
        { settled, until: performance.now() + 60_000, granted: EVERYTHING, context: null },
        index,
      );
    });
  }

  /** Answers what was asked first. */
  async answer(session: number, kinds: readonly number[], parts: Partial<Reply>): Promise<void> {
    while (this.#answers.length === 0) await sleep(1);
    const before = (n: number): number =>
      kinds.slice(0, n).filter((kind) => kind === kinds[n]).length;
    const results = Int32Array.from(kinds.flatMap((kind, n) => [kind, before(n)]));
    const nothing = { segments: [], replayed: [], answers: [], opened: [] };
    this.#answers.shift()?.(packReply({ session, reply: { results, ...nothing, ...parts } }));
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** The word that these were decided. */
  hear(session: number, ...tickets: number[]): void {
    const pairs = tickets.flatMap((ticket) => [ticket, 0]);
    this.lane.heard(session, { seq: 1, time: 1, effects: DECIDED, tickets: pairs });
  }

  /** So long that what is not decided is asked for, with what `first` asks ahead of it. */
  async later(first: () => void = () => {}): Promise<void> {
    await sleep(LATER_MS);
    first();
    this.lane.expire(performance.now());
  }
}

const leg = { from: 'ann', to: 'bob', asset: 'gold', amount: 1 };
const transfer = (id: string) => ({ type: 'transfer', id, legs: [leg] }) as const;
const FOUND = { seq: 1, time: 1, effects: DECIDED, command: new Uint8Array(1) };
const found = { type: 'read-transfer', found: FOUND } as const;

t.test('the word of a decision, and then the answer to the question about it', async (t) => {
  const bench = new Bench();
  bench.submit(transfer('one'), transfer('two'));
  await bench.answer(7, [RESULT.open, RESULT.open], { opened: [5, 6] });
  await bench.later();
  bench.hear(7, 5);
  await bench.answer(7, [RESULT.answer, RESULT.answer], { answers: [found, found] });
  bench.hear(7, 6);
  t.same(bench.told, ['one', 'two'], 'each is told once');
  t.equal(bench.lane.expire(0), 0, 'nobody waits');
});

t.test('an answer about an earlier life leaves those of the next one waiting', async (t) => {
  const bench = new Bench();
  bench.submit(transfer('old'));
  await bench.answer(7, [RESULT.open], { opened: [5] });
  await bench.later(() => bench.submit(transfer('new')));
  await bench.answer(8, [RESULT.open, RESULT.answer], { opened: [5], answers: [found] });
  t.same(bench.told, ['old']);
  bench.hear(8, 5);
  t.same(bench.told, ['old', 'new']);
});

t.test('captures and reversals are asked for as transfers are', async (t) => {
  const bench = new Bench();
  bench.submit(
    { type: 'capture', id: 'capture', owner: 'ann', holdId: 'h', to: 'bob' },
    { type: 'reverse', id: 'reverse', owner: 'ann', transferId: 't' },
  );
  await bench.answer(7, [RESULT.open, RESULT.open], { opened: [1, 2] });
  await bench.later();
  await bench.answer(7, [RESULT.answer, RESULT.answer], { answers: [found, found] });
  t.same(bench.told, ['capture', 'reverse']);
});
