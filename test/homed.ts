// Transfers that name their home owner where they must. Owns: which of several it is. Never touches: what is under test.

import type { Command, FollowUpTransfer, TransferCommand } from '../engine/protocol/commands.js';
import { NamedSides, partiesOf } from '../engine/protocol/parties.js';

type Legs = Pick<TransferCommand, 'legs'>;

/** Who of those whom the legs name may be the home owner, in the order of legs. */
export function parties({ legs }: Legs): string[] {
  const sides = new NamedSides(legs);
  return partiesOf(sides).map((side) => sides.at(side));
}

/** The same command; of a transfer with several parties, the first one is its `owner` where it names none; of its follow-ups likewise. */
export function homed<C extends Command>(command: C): C {
  if (command.type !== 'transfer') return command;
  const { followUps } = command;
  const caused = followUps && { followUps: followUps.map(owned) };
  return { ...command, ...ownerOf(command), ...caused };
}

function ownerOf(transfer: Pick<TransferCommand, 'legs' | 'owner'>): { readonly owner?: string } {
  const [first, another] = parties(transfer);
  const owner = another === undefined ? transfer.owner : (transfer.owner ?? first);
  return owner === undefined ? {} : { owner };
}

const owned = (transfer: FollowUpTransfer): FollowUpTransfer => ({
  ...transfer,
  ...ownerOf(transfer),
});
