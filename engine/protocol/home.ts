// Whose a command is: its home owner, within whom its id is unique. Owns: the rule for each command. Never touches: shards.

import type { Tuple } from './codec.js';
import type { CommandView } from './command-view.js';
import type { Command } from './commands.js';
import { type Layout, LEG, LEG_PLACES, layoutOf, layoutOfOp, OP, PLACES } from './layout.js';
import { isSystemOwner } from './syntax.js';

const { legs: LEGS } = PLACES.transfer;
const SYSTEM_MARK = 64; // @

/** The home owner of a command: of a transfer the first leg's first owner that is not a system owner. */
export function homeOwner(command: Command): string {
  if (command.type === 'transfer') {
    for (const { from, to } of command.legs) {
      if (!isSystemOwner(from)) return from;
      if (!isSystemOwner(to)) return to;
    }
    return command.legs[0]?.from ?? '';
  }
  const home = layoutOf(command.type)?.definition.home;
  return home === undefined || home === ''
    ? ''
    : ((command as unknown as Record<string, string>)[home] ?? '');
}

const homePlaces = Array.from({ length: 256 }, (_, op) => {
  const layout: Layout | undefined = layoutOfOp(op);
  return layout?.placed.find(({ name }) => name === layout.definition.home)?.place ?? 0;
});

/** The home owner of a logged command. */
export function homeOwnerOfTuple(tuple: Tuple): string {
  if (tuple[1] !== OP.transfer) return tuple[homePlaces[tuple[1] as number] as number] as string;
  for (let i = LEGS; i < tuple.length; i += LEG_PLACES) {
    if (!isSystemOwner(tuple[i + LEG.from] as string)) return tuple[i + LEG.from] as string;
    if (!isSystemOwner(tuple[i + LEG.to] as string)) return tuple[i + LEG.to] as string;
  }
  return tuple[LEGS] as string;
}

/** The place that names the home owner of a command. */
export function homePlace(command: CommandView): number {
  if (command.op !== OP.transfer) return homePlaces[command.op] as number;
  const { bytes, count } = command;
  for (let i = LEGS; i < count; i += LEG_PLACES) {
    if (bytes[command.textStart(i + LEG.from)] !== SYSTEM_MARK) return i + LEG.from;
    if (bytes[command.textStart(i + LEG.to)] !== SYSTEM_MARK) return i + LEG.to;
  }
  return LEGS;
}
