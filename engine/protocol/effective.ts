// When what a record did took effect, which may be before it was booked: what was over is over, whenever a tick wrote it. Owns: that rule,
// read out of a block alone. Never touches: state, files.
//   protocol.T1. Of a tick: a release by deadline at the deadline; an expiry at the lot's expiry, or, where a later deadline put points into
//       that lot, at that deadline. An entry of several lots took effect with the last of them.
//   protocol.T2. Of points that a command put into a lot past its expiry, which expire in the same block: at its block time.
//   protocol.T3. Of a backdated command: when it occurred. Of everything else: at its block time.

import type { BlockView } from './block.js';
import { type EffectReader, ENTRY, type EntryView, EXTRA, RECORD_HEAD } from './effects.js';
import { OP } from './layout.js';

/** A change that took effect at one moment. */
export interface Change {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly available: number;
  readonly held: number;
  /** Of an expiry: the lot's. */
  readonly expiry?: number;
}

type Slices = ArrayLike<number>;

/** When what a record did occurred; undefined: when it was booked. */
export function occurredAt(effects: EffectReader, record: number): number | undefined {
  return effects.extra(record, EXTRA.occurred)?.numbers[0];
}

/** When an entry took effect. */
export function effectiveTime(block: BlockView, view: EntryView): number {
  const { effects, header } = block;
  if (effects.op(view.recordOffset) === OP.tick)
    return Math.max(...changesOfTick(block, view).map(({ at }) => at));
  return occurredAt(effects, view.recordOffset) ?? header.time;
}

/** What an entry of a tick did, by when it took effect. */
export function changesOfTick(block: BlockView, view: EntryView): Change[] {
  const { heldDelta, earned } = view;
  if (view.type === ENTRY.release)
    return [{ at: deadlineOf(block.effects, view), available: -heldDelta, held: heldDelta }];
  if (earned === 0) return expired(block, view);
  // What `@expire` got is of the entry before it.
  const payer = block.effects.entry(entryBefore(block.effects, view));
  return expired(block, payer).map(({ at, available }) => ({ at, available: -available, held: 0 }));
}

/** A tick has an extra for each hold that it releases, in the order of the entries. */
function deadlineOf(effects: EffectReader, { recordOffset, offset }: EntryView): number {
  let releases = 0;
  for (let at = recordOffset + RECORD_HEAD; at < offset; at += effects.entryLength(at))
    if (effects.entryType(at) === ENTRY.release) releases++;
  const holds = effects.extras(recordOffset).filter(({ tag }) => tag === EXTRA.hold);
  return holds[releases]?.numbers[2] as number;
}

function entryBefore(effects: EffectReader, { recordOffset, offset }: EntryView): number {
  let before = recordOffset + RECORD_HEAD;
  for (let at = before; at < offset; at += effects.entryLength(at)) before = at;
  return before;
}

/** The account's entry before this one, where it is in the same block. */
function previousIn({ effects, header }: BlockView, view: EntryView): EntryView | undefined {
  return view.previousSeq === header.seq ? effects.entry(view.previousOffset) : undefined;
}

function expired(block: BlockView, view: EntryView): Change[] {
  const freed: { readonly at: number; readonly slices: Slices }[] = [];
  let before = previousIn(block, view);
  for (; before?.recordOffset === view.recordOffset; before = previousIn(block, before))
    freed.push({ at: deadlineOf(block.effects, before), slices: before.slices });
  const put = before === undefined ? [] : putBy(block, before);
  const changes: Change[] = [];
  for (let i = 0; i < view.slices.length; i += 3) {
    const expiry = view.slices[i] as number;
    let left = -(view.slices[i + 1] as number);
    for (const { at, slices } of freed) {
      const part = at > expiry ? putInto(slices, expiry) : 0;
      if (part > 0) changes.push({ at, available: -part, held: 0, expiry });
      left -= part;
    }
    const isPut = put.some((slices) => putInto(slices, expiry) > 0);
    const at = isPut ? block.header.time : expiry;
    if (left > 0) changes.push({ at, available: -left, held: 0, expiry });
  }
  return changes;
}

/** Changes of lots by a command: by its last entry of the account, and those before it. */
function putBy(block: BlockView, last: EntryView): Slices[] {
  const { recordOffset } = last;
  const found: Slices[] = [];
  if (block.effects.op(recordOffset) === OP.tick) return found;
  let entry: EntryView | undefined = last;
  for (; entry?.recordOffset === recordOffset; entry = previousIn(block, entry))
    found.push(entry.slices);
  return found;
}

/** What a change of lots brings to the available part of one. */
function putInto(slices: Slices, expiry: number): number {
  for (let i = 0; i < slices.length; i += 3)
    if (slices[i] === expiry) return Math.max(0, slices[i + 1] as number);
  return 0;
}
