// Acts that cause acts on simulated shards: the real actor, with its courier, checkpoints and recovery (test/sim). Owns: what is asked for
// there. Never touches: what goes wrong.

import type { Ledger } from '../../engine/ledger/ledger.js';
import { PastCommands } from '../../engine/ledger/past-commands.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { ACT_BODY_BYTES_MAX } from '../../engine/limits.js';
import type { ActCommand, Command } from '../../engine/protocol/commands.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { refusalCode } from '../../engine/protocol/refusals.js';
import type { Random } from '../random.js';
import { SimShard } from '../sim/shard.js';
import { Work } from '../sim/work.js';
import { World } from '../sim/world.js';
import { ACTS, ASSET, bodyOf, NAMES, type Wish } from './causing.js';
import { type Asked, type Counts, checkTrees, type Fate, nodeOf, wishOf } from './causing-trees.js';

/** A shard that knows acts that cause acts. */
export class CausingShard extends SimShard {
  protected override arrange(ledger: Ledger): void {
    ledger.acts = ACTS;
  }
}

/** Acts, reversals of them, and points that are spent meanwhile. */
class CausingWork extends Work {
  readonly #random: Random;
  readonly #roots: ActCommand[] = [];
  readonly #parted = new Set<string>();
  #n = 0;

  constructor(...given: ConstructorParameters<typeof Work>) {
    super(...given);
    this.#random = given[0];
  }

  override opening(): Command[] {
    return [];
  }

  override next(): Command {
    const random = this.#random;
    const users = this.users.flat().slice(0, 8);
    const owner = random.pick(users);
    const id = `c${this.#n++}`;
    const draw = random.int(10);
    if (draw < 3) {
      const legs = [{ from: owner, to: '@redeem', asset: ASSET, amount: 1 + random.int(8) }];
      return { type: 'transfer', id, owner, legs };
    }
    if (draw < 6 && this.#roots.length > 0) return this.#reverse(id);
    let wish = wishOf(random, { users, pot: '@issue' }, owner);
    while (JSON.stringify(bodyOf(wish)).length > ACT_BODY_BYTES_MAX)
      wish = wishOf(random, { users, pot: '@issue' }, owner);
    const root: ActCommand = { type: 'act', id, owner, act: NAMES[0], body: bodyOf(wish) };
    this.#roots.push(root);
    return root;
  }

  #reverse(id: string): Command {
    const random = this.#random;
    const { owner, id: transferId = '', body } = random.pick(this.#roots);
    const { legs = [] } = JSON.parse(body['wish'] as string) as Wish;
    const isPart = random.chance(0.4) && legs.length === 1 && !this.#parted.has(transferId);
    if (isPart) this.#parted.add(transferId);
    const more = { allowDebt: random.chance(0.6), ...(isPart ? { amount: 1 } : {}) };
    return { type: 'reverse', id, owner, transferId, ...more };
  }

  override rivalOf(): undefined {}

  override twinOf(): undefined {}
}

export class CausingWorld extends World {
  constructor(seed: number) {
    super(seed, CausingShard);
  }

  protected override newWork(...given: ConstructorParameters<typeof Work>): Work {
    return new CausingWork(...given);
  }

  protected override checkLogs(): Counts {
    const commands = this.clients.wishes.map(({ command }) => command);
    const of = <T extends Command['type']>(type: T) =>
      commands.filter((command) => command.type === type) as never;
    const acts: readonly ActCommand[] = of('act');
    const roots = acts.map(({ owner, id = '', body }) =>
      nodeOf(owner, id, JSON.parse(body['wish'] as string) as Wish),
    );
    const asked: Asked = { roots, undoings: of('reverse'), transfers: of('transfer') };
    const stateOf = (owner: string) => this.shards[this.slotMap[slotOf(owner)]!]!.state;
    const fate = (owner: string, id: string): Fate => {
      const past = new PastCommands(stateOf(owner)).lookUp(owner, id);
      if (past === null) return undefined;
      const number = past.effects.refusalNumber(past.offset);
      return number === 0 ? 'ok' : refusalCode(number);
    };
    const balance = (owner: string): number =>
      balancesOf(stateOf(owner), owner, ASSET)[0]?.available ?? 0;
    const blocks = this.shards.flatMap((shard) => shard.blocks);
    return checkTrees({ fate, balance, blocks }, asked, this.work.users.flat());
  }
}
