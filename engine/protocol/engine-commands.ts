// Commands that only the engine makes: ticks, and what shards say to each other. Owns: their fields. Never touches: state, bytes.

import { define, NOTHING } from './definition.js';
import { asset, count, knownId, optional, owner, packed, since, time } from './fields.js';

const BY_ENGINE = { by: 'engine' } as const;
/** The id of a command between shards, and its home owner. */
const CROSS = { id: knownId(), owner: owner() };

export const ENGINE_COMMANDS = {
  /**
   * What is due is applied: made by the shard itself. Names either one owner, or all owners whose bucket hash has `value` in its
   * low `bits` bits; or is of campaigns.
   */
  tick: define(
    14,
    NOTHING,
    {
      owner: optional(owner()),
      bits: optional(count('COMMAND_INVALID')),
      value: optional(count('COMMAND_INVALID')),
      /** How many campaigns begin or end. */
      campaigns: optional(since(3, count('COMMAND_INVALID'))),
    },
    // 2: the index leads from a lot to what expired out of it.
    { ...BY_ENGINE, version: 3 },
  ),
  /** The first phase of a cross-shard transfer, from shard to shard along its chain. */
  prepare: define(
    15,
    NOTHING,
    {
      ...CROSS,
      /** Milliseconds since 1970: an unknown prepare that comes later is refused. */
      deadline: time('DEADLINE_INVALID'),
      /** The transfer, as it was packed. */
      transfer: packed(),
      /** Lots that payers so far gave (see engine/transfer/lots.ts); left out: none. */
      lots: optional(packed()),
    },
    BY_ENGINE,
  ),
  /** The second phase, back along the chain. */
  decision: define(
    16,
    NOTHING,
    {
      ...CROSS,
      /** 0: posted; else the number of the refusal. */
      refusal: count('COMMAND_INVALID'),
      /** Lots that all payers gave; of the refusal BUDGET_SHORT: which leg its pool cannot pay, and what it has left. */
      lots: optional(packed()),
      /** The transfer, as it was packed, where it is posted: so that history needs no other block. */
      transfer: optional(packed()),
      /** Of a refusal for now: the deadline of the prepare that it answers, by which later ones under the id are told apart. */
      deadline: optional(since(2, time('DEADLINE_INVALID'))),
    },
    // 2: a refusal for now frees the id.
    { ...BY_ENGINE, version: 2 },
  ),
  /** What became of a follow-up, back to the shard of its cause. `id`: the follow-up's, `owner`: the home owner of its cause. */
  delivered: define(
    17,
    NOTHING,
    {
      ...CROSS,
      /** 0: posted; else the number of the refusal. */
      refusal: count('COMMAND_INVALID'),
    },
    BY_ENGINE,
  ),
  /**
   * A pool that its shard has said to be exhausted has got points: to the shards that were told so. It is in no log, and may be lost: what they were
   * told is over by itself soon (transfer.P6).
   */
  supplied: define(23, NOTHING, { owner: owner(), asset: asset() }, BY_ENGINE),
};
