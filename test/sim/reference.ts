// How definitions get from the first simulated shard to the others, which ask it once a second, as engine/reference does.
// Owns: asking, giving, confirming. Never touches: what definitions say.

import { DEFINITION_ASK_MS, DEFINITION_LEAD_MS } from '../../engine/limits.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Command, PutDefinitionCommand, Query } from '../../engine/protocol/commands.js';
import type { Answer } from '../../engine/shard/messages.js';
import type { EventQueue } from './queue.js';
import type { SimShard } from './shard.js';

/** How long a question, and its answer, are on their way. */
const WAY_MS = 5;

type Told = Extract<Answer, { type: 'definitions-since' }>;

const packed = (command: Command | Query): Uint8Array =>
  new Uint8Array(packCommand(command, undefined));

export class Reference {
  readonly #queue: EventQueue;
  readonly #shards: readonly SimShard[];
  readonly #isHeard: (shard: number) => boolean;

  /** `isHeard`: do this shard and the first one hear each other? */
  constructor(
    queue: EventQueue,
    shards: readonly SimShard[],
    isHeard: (shard: number) => boolean = () => true,
  ) {
    this.#queue = queue;
    this.#shards = shards;
    this.#isHeard = isHeard;
  }

  /** From now on, without end. */
  start(): void {
    for (const shard of this.#shards) this.#ask(shard);
    this.#queue.after(DEFINITION_ASK_MS, () => this.start());
  }

  /** Says a definition to the first shard; it may be lost. */
  say(command: PutDefinitionCommand): void {
    this.#shards[0]?.ask(packed(command), 1);
  }

  /** Has everybody what the first shard has said? */
  get isResting(): boolean {
    const counts = this.#shards.map(({ ledger }) => ledger.state.definitions.count);
    return new Set(counts).size === 1;
  }

  #ask(shard: SimShard): void {
    const after = shard.ledger.state.definitions.count;
    this.#travel(shard, () => {
      const question = packed({ type: 'definitions-since', after });
      this.#shards[0]?.ask(question, 1)?.then(({ answers }) => {
        this.#travel(shard, () => this.#give(shard, answers[0] as Told));
      });
    });
  }

  #give(shard: SimShard, { time, count, mark, versions }: Told): void {
    const { ledger } = shard;
    const given = shard.number === 0 ? [] : versions;
    const confirm = (): void => {
      // In another life it knows nothing of this.
      if (shard.ledger === ledger) shard.confirm({ count, mark, until: time + DEFINITION_LEAD_MS });
    };
    const bytes = given.map((version) => packed({ type: 'put-definition', ...version }));
    if (given.length === 0) confirm();
    else shard.ask(Buffer.concat(bytes), bytes.length)?.then(confirm);
  }

  #travel({ number }: SimShard, arrive: () => void): void {
    this.#queue.after(WAY_MS, () => {
      if (this.#isHeard(number)) arrive();
    });
  }
}
