// Several shards in memory that pass each other their messages at once. Owns: the passing. Never touches: what shards decide.

import { Key } from '../../engine/ledger/keys.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { SLOTS } from '../../engine/limits.js';
import { decidingVersion } from '../../engine/programme/definitions/index.js';
import { commandOfTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import {
  type Command,
  isReference,
  type PutDefinitionCommand,
} from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { homeOwner } from '../../engine/protocol/home.js';
import type { Balance, Outcome } from '../../engine/protocol/outcomes.js';
import { outcomeOf } from '../../engine/protocol/read-back.js';
import { ForeignCheck } from '../../engine/transfer/foreign.js';
import { placesOf } from '../../engine/transfer/open/places.js';

const commandIn = (packed: Uint8Array): unknown =>
  commandOfTuple(unpackTuple(packed, 0, packed.length));

export class MemoryShards {
  readonly shards: readonly MemoryLedger[];
  readonly #slotMap: readonly number[];

  constructor(count: number) {
    this.#slotMap = Array.from({ length: SLOTS }, (_, slot) => slot % count);
    this.shards = Array.from({ length: count }, (_, shard) => {
      const ledger = new MemoryLedger();
      Object.assign(ledger.state, { places: placesOf(shard, count, this.#slotMap) });
      return ledger;
    });
  }

  #of(owner: string): MemoryLedger {
    const shard = this.#slotMap[ownerHash(owner) & (SLOTS - 1)]!;
    return this.shards[shard]!;
  }

  /** The first shard decides; the others take what decides. */
  #said(command: PutDefinitionCommand, time: number): Outcome {
    const [first, ...others] = this.shards as [MemoryLedger, ...MemoryLedger[]];
    const { definitions } = first.state;
    const before = definitions.count;
    const outcome = first.apply([command], time)[0]!;
    const version = definitions.numbered(before + 1);
    if (version !== undefined)
      for (const other of others)
        other.apply([{ type: 'put-definition', ...decidingVersion(version) }], time);
    return outcome;
  }

  /** Carries out a command, on all shards that it concerns. */
  apply(command: Command, time: number): Outcome {
    if (command.type === 'put-definition') return this.#said(command, time);
    if (isReference(command))
      return this.shards.map((shard) => shard.apply([command], time)[0]!)[0]!;
    const owner = homeOwner(command);
    const home = this.#of(owner);
    const outcome = home.apply([command], time)[0]!;
    this.#deliver(time);
    if (outcome.ok || outcome.code !== 'PREPARED') return outcome;
    const { state } = home;
    const key = new Key();
    key.set(owner, command.id!);
    const past = home.ledger.known.confirm(key, owner, command.id!)!;
    const { effects, offset, seq } = past;
    return outcomeOf(
      { shard: 0, effects, assets: state.assets },
      offset,
      command.id,
      seq,
      time,
      false,
    );
  }

  /** Until no shard has anything more to say. */
  #deliver(time: number): void {
    for (;;) {
      const from = this.shards.find(({ ledger }) => ledger.outbox.length > 0);
      if (from === undefined) return;
      const said = from.ledger.outbox.shift()!;
      const to = this.shards[said.to]!;
      const packed = 'command' in said ? packCommand(said.command, said.command.id) : said.packed;
      const check = new ForeignCheck(to.state.places);
      const command = commandIn(packed) as Command;
      // What a shard says to itself comes by no bus.
      if (to !== from && !check.isSound(this.shards.indexOf(from), packed, 1))
        throw new Error(`X6: shard ${said.to} would not let in ${JSON.stringify(command)}`);
      to.apply([command], time);
    }
  }

  tick(time: number): void {
    for (const shard of this.shards) shard.tick(time);
  }

  /** All balances of an owner. */
  balances(owner: string): Balance[] {
    return balancesOf(this.#of(owner).state, owner, undefined);
  }

  /** What all stripes of a system owner have. */
  sumOf(owner: string): number {
    const all = this.shards.flatMap(({ state }) => balancesOf(state, owner, undefined));
    return all.reduce((sum, { available }) => sum + available, 0);
  }
}
