// Whom the commands of a packed batch are about, read where it lies: for who counts commands by their users. Owns: which places say it. Never
// touches: whether a command is acceptable, who may ask for it.
//   protocol.P31. Of a command that is carried out, it is what its object says: only what is packed as it is packed here is carried out
//       (protocol.P27), and that is what is read. Of one that is refused it may be anything.

import { CommandView } from './command-view.js';
import type { Problem } from './fields.js';
import { LEG, LEG_PLACES, OP, PLACES } from './layout.js';
import { PackedBatch, readBack, textIn } from './packed-batch.js';

/** Who pays a leg, who receives, and in which asset. */
interface Moved {
  readonly from: string;
  readonly to: string;
  readonly asset: string;
}

/** Whom a command is about, of those types that users are counted of. */
export type Parties =
  | {
      readonly type: 'transfer';
      readonly legs: readonly Moved[];
      readonly followUps?: readonly { readonly legs: readonly Moved[] }[] | undefined;
    }
  | { readonly type: 'hold'; readonly owner: string; readonly asset: string }
  | { readonly type: 'act'; readonly owner: string; readonly act: string };

const view = new CommandView();
const { followUps: FOLLOW_UPS, legs: LEGS } = PLACES.transfer;

/** By place; undefined: it is of another type, or no command. What is wrong with the whole batch. */
export function packedParties(given: Uint8Array): Problem | (Parties | undefined)[] {
  const batch = PackedBatch.copy(given);
  if (!(batch instanceof PackedBatch)) return batch;
  const { bytes, starts, count } = batch;
  return Array.from({ length: count }, (_, i) =>
    partiesIn(bytes, starts[i] as number, starts[i + 1] as number),
  );
}

function partiesIn(bytes: Uint8Array, start: number, end: number): Parties | undefined {
  try {
    view.read(bytes, start);
  } catch {
    return undefined;
  }
  const text = (place: number): string => textIn(view, place) ?? '';
  switch (view.op) {
    case OP.hold:
      return { type: 'hold', owner: text(PLACES.hold.owner), asset: text(PLACES.hold.asset) };
    case OP.act:
      return { type: 'act', owner: text(PLACES.act.owner), act: text(PLACES.act.act) };
    case OP.transfer: {
      if (view.count > FOLLOW_UPS && !view.isNil(FOLLOW_UPS)) return wholeIn(bytes, start, end);
      const legs: Moved[] = [];
      for (let at = LEGS; at + LEG_PLACES <= view.count; at += LEG_PLACES)
        legs.push({
          from: text(at + LEG.from),
          to: text(at + LEG.to),
          asset: text(at + LEG.asset),
        });
      return { type: 'transfer', legs };
    }
    default:
      return undefined;
  }
}

/** A transfer that has others in it. */
function wholeIn(bytes: Uint8Array, start: number, end: number): Parties | undefined {
  const read = readBack(bytes, start, end);
  return 'command' in read && read.command.type === 'transfer' ? read.command : undefined;
}
