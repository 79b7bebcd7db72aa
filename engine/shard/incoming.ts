// What comes to a shard, by who says it. Owns: these distinctions. Never touches: state.

import type { CommandView } from '../protocol/command-view.js';
import { OP, PLACES } from '../protocol/layout.js';
import { isPoolAct } from '../transfer/carried.js';
import { isFollowUp } from '../transfer/follow-ups.js';

/** What ends or passes on what has begun: it goes on where there is little room on the disk. */
export const endsSomething = ({ op }: CommandView): boolean =>
  op === OP.decision || op === OP.delivered;

/** What another shard has decided, and every shard must have. */
export const isAdopted = (command: CommandView): boolean =>
  (command.op === OP['define-asset'] && !command.isNil(PLACES['define-asset'].version)) ||
  (command.op === OP['put-definition'] && !command.isNil(PLACES['put-definition'].version));

/** Is this what shards say to each other, and nobody else? */
export const isFromPeer = (command: CommandView): boolean =>
  command.op === OP.prepare ||
  command.op === OP.decision ||
  command.op === OP.delivered ||
  command.op === OP.supplied ||
  isFollowUp(command) ||
  isPoolAct(command);
