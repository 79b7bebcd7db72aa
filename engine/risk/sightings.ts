// What a block says of members, as far as signals of risk look at it. Owns: what a command is counted as, where its member was. Never touches: what is
// counted.
//   engine-risk.S1. A command is seen once, in the log of its home owner's shard: where it was asked for. Points are seen where they come and go.
//   engine-risk.S2. Only what somebody asked for is a command here: neither what acts cause nor what the engine does.
//   engine-risk.S3. What is brought in as having occurred before (backdated) is a history and no behaviour: it is not looked at.

import { SLOTS } from '../limits.js';
import { planInPlace } from '../protocol/act-fields.js';
import type { Place } from '../protocol/audit-context.js';
import type { BlockView } from '../protocol/block.js';
import { CommandView } from '../protocol/command-view.js';
import { ENTRY, EXTRA } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { homePlace } from '../protocol/home.js';
import { LEG, LEG_PLACES, layoutOfOp, OP, PLACES, typeOfOp } from '../protocol/layout.js';
import { assetOfExtra } from '../protocol/outcomes.js';
import { isBeginning } from '../protocol/read-back.js';
import { networkOf } from '../trail/network.js';

const { act: ACT, transfer: TRANSFER } = PLACES;
const REFER = 'refer';
/** They are of no member, or of none that asks. */
const NOT_ASKED: ReadonlySet<number> = new Set([
  ...[OP.tick, OP.prepare, OP.decision, OP.delivered, OP['define-asset'], OP['put-definition']],
  ...[OP['put-record'], OP['delete-record']],
]);
/** Entries by which points really come and go. */
const MOVES: ReadonlySet<number> = new Set([ENTRY.transfer, ENTRY.capture, ENTRY.act]);
const [SYSTEM_MARK, SCARCE_MARK] = [64, 35]; // @ #

/** Where the cause of a command of each op is; undefined: it has none. */
const CAUSES: readonly (number | undefined)[] = Array.from(
  { length: 256 },
  (_, op) => layoutOfOp(op)?.placed.find(({ name }) => name === 'cause')?.place,
);

/** Something that a member did, or that happened to its points. */
export interface Sighting {
  readonly owner: string;
  /** What was asked for; undefined: its points moved, and that is all. */
  readonly kind: string | undefined;
  /** The network of its own address, and its device; empty: not known. */
  readonly network: string;
  readonly device: string;
  /** Whose code the member used; undefined: nobody's. */
  readonly referrer: string | undefined;
  /** Of which asset, by its number, and minor units that came and went. */
  readonly asset: number;
  readonly earned: number;
  readonly spent: number;
}

/** What looks at a sighting. */
export type Look = (sighting: Sighting) => void;

const NOWHERE = { network: '', device: '' };
const isMember = (owner: string): boolean => {
  const first = owner.charCodeAt(0);
  return first !== SYSTEM_MARK && first !== SCARCE_MARK;
};

export interface SightingsOptions {
  /** The shard of each slot. */
  readonly slotMap: ArrayLike<number>;
  /** Opens where somebody asked from; undefined: it is not known. */
  readonly open: (sealed: Uint8Array) => Place | undefined;
  /** An asset was defined. */
  readonly onAsset?: ((number: number, code: string) => void) | undefined;
}

export class Sightings {
  readonly #options: SightingsOptions;
  readonly #own = new CommandView();
  readonly #carried = new CommandView();

  constructor(options: SightingsOptions) {
    this.#options = options;
  }

  /** All that a block says of members, in its order. */
  of(block: BlockView, look: Look): void {
    const { effects, commands } = block;
    const contexts = block.hasContexts ? block.contexts() : undefined;
    let run = -1;
    let place = NOWHERE;
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      const op = effects.op(at);
      if (effects.hasExtras(at) && effects.hasExtra(at, EXTRA.occurred)) continue;
      if (effects.entryCount(at) > 0 && op !== OP.tick) this.#points(block, at, look);
      const offset = effects.commandOffset(at);
      if (op === OP.decision) this.#referred(block, at, look);
      if (op === OP['define-asset']) this.#asset(block, at);
      if (NOT_ASKED.has(op)) continue;
      this.#own.read(commands, offset);
      const cause = CAUSES[op];
      if (cause !== undefined && !this.#own.isNil(cause)) continue;
      const owner = this.#own.text(homePlace(this.#own));
      if (!isMember(owner) || !this.#isHome(owner, block.header.shard)) continue;
      const found = contexts?.runAt(offset) ?? -1;
      if (found !== run) {
        run = found;
        place = this.#placeOf(contexts?.ofRun(run)?.origin);
      }
      const kind = kindOf(this.#own, op);
      const isPosted = effects.refusalNumber(at) === 0 && !isBeginning(effects, at);
      const referrer = kind === REFER && isPosted ? referrerIn(this.#own) : undefined;
      look({ owner, kind, ...place, referrer, asset: 0, earned: 0, spent: 0 });
    }
  }

  #isHome(owner: string, shard: number): boolean {
    return this.#options.slotMap[ownerHash(owner) & (SLOTS - 1)] === shard;
  }

  #placeOf(origin: Uint8Array | undefined): typeof NOWHERE {
    const place = origin && origin.length > 0 ? this.#options.open(origin) : undefined;
    if (place === undefined) return NOWHERE;
    return { network: networkOf(place.memberAddress), device: place.device };
  }

  #asset({ effects }: BlockView, at: number): void {
    const extra = effects.hasExtras(at) ? effects.extra(at, EXTRA.asset) : undefined;
    if (extra === undefined) return;
    const [number, { asset }] = assetOfExtra(extra);
    this.#options.onAsset?.(number, asset);
  }

  #points({ effects }: BlockView, at: number, look: Look): void {
    for (const { type, owner, asset, earned, spent } of effects.entries(at)) {
      if (!MOVES.has(type) || !isMember(owner) || (earned <= 0 && spent <= 0)) continue;
      const moved = { asset, earned: Math.max(0, earned), spent: Math.max(0, spent) };
      look({ owner, kind: undefined, ...NOWHERE, referrer: undefined, ...moved });
    }
  }

  /** A referral that other shards took part in is posted by its decision. */
  #referred({ effects, commands, header }: BlockView, at: number, look: Look): void {
    if (effects.refusalNumber(at) !== 0) return;
    this.#own.read(commands, effects.commandOffset(at));
    const { refusal, transfer } = PLACES.decision;
    if (this.#own.number(refusal) !== 0 || this.#own.isNil(transfer)) return;
    this.#carried.read(commands, this.#own.bytesStart(transfer));
    if (this.#carried.op !== OP.act || this.#carried.text(ACT.act) !== REFER) return;
    const owner = this.#carried.text(ACT.owner);
    const referrer = this.#isHome(owner, header.shard) ? referrerIn(this.#carried) : undefined;
    if (referrer === undefined) return;
    look({ owner, kind: undefined, ...NOWHERE, referrer, asset: 0, earned: 0, spent: 0 });
  }
}

/** What a command is counted as: a transfer by what it does, an act by its name, else its type. */
function kindOf(command: CommandView, op: number): string {
  if (op === OP.act) return command.text(ACT.act);
  if (op !== OP.transfer) return typeOfOp(op) as string;
  let kind = 'spend';
  for (let place = TRANSFER.legs; place < command.count; place += LEG_PLACES) {
    const from = command.text(place + LEG.from);
    const to = command.text(place + LEG.to);
    if (to === '@redeem') return 'redeem';
    if (!isMember(from)) kind = from === '@adjust' ? 'adjust' : 'earn';
    else if (isMember(to)) kind = 'transfer';
  }
  return kind;
}

/** Whose code was used; undefined: the act does not say. */
function referrerIn(act: CommandView): string | undefined {
  if (act.isNil(ACT.plan)) return undefined;
  const { effects = [] } = planInPlace(act.opaque(ACT.plan)) as {
    readonly effects?: readonly { readonly type: string; readonly by?: unknown }[];
  };
  const by = effects.find(({ type }) => type === 'referred')?.by;
  return typeof by === 'string' ? by : undefined;
}
