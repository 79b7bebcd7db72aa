// Opens a folder's shard as the engine does, in a process of its own: a damaged environment may end it. Owns: what an opened
// shard comes to, as text. Never touches: what is expected.

import { createHash } from 'node:crypto';
import { idKey, reversedId } from '../../engine/audit/id-set.js';
import { canonicalState } from '../../engine/ledger/digest.js';
import { unpackTuple } from '../../engine/protocol/codec.js';
import { homeOwnerOfTuple } from '../../engine/protocol/home.js';
import { OP } from '../../engine/protocol/layout.js';
import type { Actor } from '../../engine/shard/actor.js';
import type { Blocks } from '../../engine/shard/blocks.js';
import { Random } from '../random.js';
import { openActor, submit, Work } from './maker.js';

/** What is asked. */
export interface OpenTask {
  readonly folder: string;
  /** So many commands are carried out afterwards, before the shard is stopped cleanly. */
  readonly commands: number;
}

/** What an opened shard comes to: hashes of the whole state, of where ids lead, of all blocks. */
export interface Opened {
  readonly state: string;
  readonly ids: string;
  readonly log: string;
}

const hashOf = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex');

async function run({ folder, commands }: OpenTask): Promise<Opened> {
  const actor = await openActor(folder);
  const opened = { state: hashOf(canonicalState(actor.state)), ...lookUps(actor) };
  if (commands > 0) {
    const work = new Work(new Random(commands), 'later');
    await submit(
      actor,
      Array.from({ length: commands }, () => work.command(Date.now())),
    );
  }
  await actor.close();
  return opened;
}

/** Every block, and every id of every command looked up. */
function lookUps(actor: Actor): { ids: string; log: string } {
  const { ids, past } = actor.state;
  const answers: string[] = [];
  const hashes: string[] = [];
  const lookUp = (owner: string, id: string): void => {
    const { hi, lo } = idKey(owner, id);
    const count = ids.find(hi, lo);
    const found = Array.from(
      { length: count },
      (_, n) => `${ids.foundSeq[n]}:${ids.foundOffset[n]}`,
    );
    answers.push(`${owner} ${id} ${found.join()}`);
  };
  for (let seq = 1; seq <= actor.durableSeq; seq++) {
    const { effects, commands, bytes } = (past as Blocks).block(seq);
    hashes.push(createHash('sha256').update(bytes).digest('hex'));
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      const start = effects.commandOffset(at);
      const tuple = unpackTuple(commands, start, start + effects.commandLength(at));
      if (tuple[1] === OP.tick || tuple[1] === OP['define-asset']) continue;
      if (tuple[1] === OP['put-definition']) continue;
      const owner = homeOwnerOfTuple(tuple);
      lookUp(owner, tuple[2] as string);
      lookUp(owner, reversedId(tuple[2] as string));
    }
  }
  return { ids: hashOf(answers), log: hashOf(hashes) };
}

process.on('message', (task) => {
  run(task as OpenTask).then(
    (opened) => process.send?.(opened),
    (error) => process.send?.({ error: (error as Error).message }),
  );
});
process.on('disconnect', () => process.exit(0));
