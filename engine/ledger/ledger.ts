// The ledger of one shard: apply() decides and changes; nothing else does.
// Owns: the order of every command, ids, what is due, entries. Never touches: clock, files, sockets, environment.
//   ledger.A1. A refusal changes nothing; a throw before the line after which a handler must succeed changes nothing.
//   ledger.A2. Everything apply() does follows from the state, the command and the block's time.
//   ledger.I4. What a platform sends again of what was carried out before ids were platforms' is the same command: it is looked for under the id
//       itself, too, as long as the platform could have asked for it. In a log is only what was new.
//   ledger.A3. What is due on an owner is applied before a command that touches it, as a tick logged of its own.

import { hasSameLegs, isSameSaid, packTuple, saidIn, type Tuple } from '../protocol/codec.js';
import type { CommandView } from '../protocol/command-view.js';
import type { Command, CommandType, ReferenceCommand, Said } from '../protocol/commands.js';
import type { Draft } from '../protocol/draft.js';
import { ownerRequired } from '../protocol/grants.js';
import { earlierPlace, lacksOwner, PARTIES_VERSION } from '../protocol/home.js';
import { keepsPassing, LEG_PLACES, OP, PLACES } from '../protocol/layout.js';
import { placeOfJson } from '../protocol/opaque.js';
import { keptNumber, REFUSALS } from '../protocol/refusals.js';
import { bareId } from '../protocol/scope.js';
import { isMinted, saysCause } from '../transfer/caused.js';
import { decide, prepare } from '../transfer/cross.js';
import { acknowledge, delivered, isFollowUp } from '../transfer/follow-ups.js';
import {
  closeAccount,
  flagAccount,
  openAccount,
  reopenAccount,
  setCreditLimit,
} from './accounts.js';
import { act } from './act-command.js';
import { defineAsset } from './assets.js';
import { putDefinition } from './definitions.js';
import { extendLots } from './extensions.js';
import { capture, hold, release } from './holds.js';
import { homeRefusal } from './merged.js';
import { isFree } from './past-commands.js';
import { confirmPending } from './pending.js';
import { mayLengthen, Permission } from './permission.js';
import { deleteRecord, putRecord } from './records.js';
import { APPLIED, IGNORED, REPLAY } from './result.js';
import { reverse } from './reversals.js';
import type { PastRecord, State } from './state.js';
import { transfer } from './transfers.js';
import { Work } from './work.js';

const { id: ID, legs: LEGS } = PLACES.transfer;
const ONE_LEG = LEGS + LEG_PLACES;

/** Where commands name what they are about, by op. */
const NAMES: (number | undefined)[] = [];
NAMES[OP.capture] = PLACES.capture.holdId;
NAMES[OP.release] = PLACES.release.holdId;
NAMES[OP.reverse] = PLACES.reverse.transferId;
NAMES[OP['confirm-pending']] = PLACES['confirm-pending'].transferId;

/** What a handler is: refusals in order of precedence, the line, the changes. */
type Handled = Exclude<Command['type'], 'act' | 'transfer' | ReferenceCommand['type']>;
type Handler<T extends CommandType = never> = (work: Work, command: Said<T>) => number;

/** Handlers of commands that are read where they lie: what there is most of. */
const IN_PLACE = { act, transfer } as const;
const READERS: (typeof transfer | undefined)[] = new Array(256).fill(undefined);
for (const [type, reader] of Object.entries(IN_PLACE))
  READERS[OP[type as keyof typeof IN_PLACE]] = reader;

/** Handlers of all others. */
const BY_TYPE: { readonly [T in Handled]: Handler<T> } = {
  hold,
  capture,
  release,
  reverse,
  'open-account': openAccount,
  'freeze-account': flagAccount,
  'unfreeze-account': flagAccount,
  'close-account': closeAccount,
  'set-credit-limit': setCreditLimit,
  'put-record': putRecord,
  'delete-record': deleteRecord,
  'extend-lots': extendLots,
  'reopen-account': reopenAccount,
  'confirm-pending': confirmPending,
};
const HANDLERS: (Handler | undefined)[] = new Array(256).fill(undefined);
for (const [type, handler] of Object.entries(BY_TYPE)) HANDLERS[OP[type as Handled]] = handler;

export class Ledger extends Work {
  /** After REPLAY: where the first outcome is. */
  replay: PastRecord | null = null;
  /** And whose id it is under. */
  replayOwner = '';
  readonly permission: Permission;

  constructor(state: State, draft: Draft) {
    super(state, draft);
    this.permission = new Permission(this.known, { get: (name) => this.acts.get(name) });
  }

  /**
   * Carries out the command that take() read last, as far as its caller may. Returns APPLIED, REPLAY, or a refusal's number (as told:
   * protocol/grants.ts): a final one has been logged like a success, a transient one has left no trace.
   */
  apply(command: CommandView): number {
    const { op } = command;
    this.clear();
    if (!command.isKnown) return REFUSALS.COMMAND_VERSION_UNKNOWN.number;
    if (op === OP.tick) return this.#tick(command.tuple());
    // What shards say to each other was permitted where it began, also where a caller's dry run tells it.
    const isPhase = op === OP.prepare || op === OP.decision;
    this.mayLengthen = isPhase || mayLengthen(this.granted);
    if (isPhase) return this.#phase(command);
    const isPlatforms = this.granted.scope !== undefined;
    if (isPlatforms) this.#name(command);
    const forbidden = this.permission.ofCommand(this.granted, command);
    if (forbidden !== 0) return forbidden;
    if (op === OP['define-asset'] || op === OP['put-definition']) return this.#define(command);
    if (op === OP.supplied) return this.#supplied(command.tuple());
    if (op === OP.delivered) return delivered(this, command) ? this.finish(APPLIED) : IGNORED;
    const reader = READERS[op];
    const handler = HANDLERS[op];
    if (reader === undefined && handler === undefined) return REFUSALS.COMMAND_TYPE_UNKNOWN.number;

    if (saysCause(command) && !this.isReplaying && !isMinted(command.tuple(), this.acts))
      return REFUSALS.COMMAND_INVALID.number;
    const { hi, lo } = this.expected.key;
    const { ids } = this.state;
    const isSeveral = op === OP.transfer && command.count > ONE_LEG;
    const isUnowned = isSeveral && lacksOwner(command);
    // Elsewhere, what is kept under its home owner's id is a part of it.
    const isOwn = !isSeveral || (!isUnowned && this.#isHome);
    if (isOwn && !this.expected.isNew && ids.find(hi, lo) > 0) {
      const known = this.known.confirm(
        this.expected.key,
        this.expected.home.text,
        command.text(ID),
      );
      if (known !== null && !isFree(known)) return this.#again(command, known);
    }
    if (isOwn && isPlatforms) {
      const shared = this.known.shared(this.homeOwner, command.text(ID));
      if (shared !== null && this.permission.couldAsk(this.granted, shared))
        return this.#again(command, shared);
    }
    if (isSeveral && command.version >= PARTIES_VERSION) {
      const earlier = this.#earlier(command, isUnowned);
      if (earlier !== APPLIED) return earlier;
      if (isUnowned) return ownerRequired('owner');
    }
    const gone = this.#isHome ? homeRefusal(this, command) : APPLIED;
    if (gone !== APPLIED) return gone;
    const refusal = this.#isUndoneAhead(command)
      ? REFUSALS.ALREADY_REVERSED.number
      : reader === undefined
        ? (handler as Handler)(this, saidIn(command.tuple()) as never)
        : reader(this, command);
    const isKept = refusal >= 128 && (keepsPassing(command) || isFollowUp(command));
    const result = isKept ? keptNumber(refusal) : refusal;
    // What came too late once comes too late for ever.
    if (result === REFUSALS.EXPIRY_PAST.number) this.#acknowledge(command, result);
    if (result >= 128) return result;
    const loaded = this.workingCount;
    this.finish(result);
    ids.add(hi, lo, this.draft.seq, this.recordOffset);
    this.#acknowledge(command, result);
    if (!this.isReplaying) this.settleAfter(loaded);
    return result;
  }

  /** What is under way has been asked for under its id before: its outcome, or that it was another command. */
  #again(command: CommandView, known: PastRecord): number {
    if (!this.#isSame(known, command)) return REFUSALS.ID_REUSED.number;
    const forbidden = this.permission.ofRepeat(this.granted, known);
    if (forbidden !== 0) return forbidden;
    this.replay = known;
    this.replayOwner = this.homeOwner;
    this.#acknowledge(command, known.effects.refusalNumber(known.offset));
    return REPLAY;
  }

  /** What the command under way names is called as it is in the log (ledger.I3): so a replay need not ask. */
  #name(command: CommandView): void {
    const place = NAMES[command.op];
    if (place === undefined) return;
    const named = command.text(place);
    const id = this.known.meant(this.homeOwner, named);
    if (id === named) return;
    command.read(packTuple(command.tuple().with(place, id)), 0);
  }

  /**
   * Is it what was said under its id before? The same bytes, but where a version was raised meanwhile, or an expiry worked out anew: then
   * what comes to the same lot, as expiries are rounded now, is the same.
   */
  #isSame({ tuple, command }: PastRecord, again: CommandView): boolean {
    if (isSameBytes(command, again)) return true;
    const round = (expiry: number, code = this.#assetOfCapture(tuple)): number => {
      const asset = code === undefined ? -1 : this.state.assets.indexOf(code);
      return asset < 0 ? expiry : this.roundExpiry(expiry, asset);
    };
    // It was found by its id.
    return isSameSaid(this.#bound(tuple), this.#bound(again.tuple()), round, true);
  }

  /** What an id binds of a command: the body of an act without the fields that are said anew each time (`Act.unbound`). */
  #bound(tuple: Tuple): Tuple {
    if (tuple[1] !== OP.act) return tuple;
    const { act, body } = saidIn<'act'>(tuple);
    const { unbound } = this.acts.get(act) ?? {};
    if (unbound === undefined) return tuple;
    const bound = Object.entries(body).filter(([name]) => !unbound.includes(name));
    return tuple.with(PLACES.act.body, placeOfJson(Object.fromEntries(bound)));
  }

  #assetOfCapture(tuple: Tuple): string | undefined {
    if (tuple[1] !== OP.capture) return undefined;
    const { owner, holdId } = saidIn<'capture'>(tuple);
    return this.known.assetOfHold(owner, holdId);
  }

  /**
   * Has a transfer with these legs used the id by the rule of version 1, under another home owner? Then that is its outcome. Otherwise it is
   * its home owner's shard alone that carries it out (router.O6).
   */
  #earlier(command: CommandView, isUnowned: boolean): number {
    const { home } = this.expected;
    // Ids were not platforms' then.
    const id = bareId(command.text(ID));
    let asked = '';
    for (let leg = 0; leg < (command.count - LEGS) / LEG_PLACES; leg++) {
      const place = earlierPlace(command, leg);
      const { bytes } = command;
      // What is kept under its own home owner's id has been looked at, unless it must name that one.
      if (!isUnowned && home.isAt(bytes, command.textStart(place), command.textLength(place)))
        continue;
      const owner = command.text(place);
      if (owner === asked) continue;
      asked = owner;
      const known = this.known.lookUp(owner, id);
      if (known === null || known.tuple[1] !== OP.transfer) continue;
      if ((known.tuple[0] as number) >= PARTIES_VERSION) continue;
      if (!hasSameLegs(known.tuple, command.tuple())) continue;
      if (!this.#isSame(known, command)) return REFUSALS.ID_REUSED.number;
      this.replay = known;
      this.replayOwner = owner;
      return REPLAY;
    }
    return this.#isHome ? APPLIED : REFUSALS.HOME_ELSEWHERE.number;
  }

  /** Is this the shard of the home owner of the command under way? */
  get #isHome(): boolean {
    const { places } = this.state;
    return places.shardOf(this.expected.home.hash) === places.shard;
  }

  /** Is it an act whose undoing has come before it (ledger.U6)? */
  #isUndoneAhead(command: CommandView): boolean {
    if (command.op !== OP.act || !isFollowUp(command)) return false;
    return this.known.undoneOf(this.homeOwner, command.text(ID)) !== null;
  }

  /** A follow-up has this outcome, unless it is under way: its cause's shard is told. */
  #acknowledge(command: CommandView, refusal: number): void {
    if (!isFollowUp(command)) return;
    if (this.state.transits.get(this.homeOwner, command.text(ID)) === undefined)
      acknowledge(this, command, refusal);
  }

  /** A prepare or a decision out of the log or from another shard. */
  #phase(command: CommandView): number {
    const result = command.op === OP.prepare ? prepare(this, command) : decide(this, command);
    if (result === IGNORED) return IGNORED;
    const loaded = this.workingCount;
    this.finish(APPLIED);
    const { hi, lo } = this.expected.key;
    this.state.ids.add(hi, lo, this.draft.seq, this.recordOffset);
    if (!this.isReplaying) this.settleAfter(loaded);
    return APPLIED;
  }

  /** What is defined has no id, so that a refusal is not kept. */
  #define(command: CommandView): number {
    if (command.op === OP['put-definition']) this.#sign(command);
    const tuple = command.tuple();
    const result =
      tuple[1] === OP['define-asset']
        ? defineAsset(this, saidIn(tuple))
        : putDefinition(this, saidIn(tuple));
    return result === APPLIED ? this.finish(result) : result;
  }

  /** A definition that is decided here says who says it. */
  #sign(command: CommandView): void {
    const { version, by } = PLACES['put-definition'];
    if (this.isReplaying || !command.isNil(version)) return;
    const { principal = null } = this.granted;
    if (principal === null && command.isNil(by)) return;
    command.read(packTuple(command.tuple().with(by, principal)), 0);
  }

  /** What was known of a pool elsewhere is over (transfer.P6). */
  #supplied(tuple: Tuple): number {
    const { owner, asset } = saidIn<'supplied'>(tuple);
    this.exhausted.forget(owner, asset);
    return IGNORED;
  }

  /** A tick out of a log. */
  #tick(tuple: Tuple): number {
    this.begin();
    this.ticks.replay(saidIn<'tick'>(tuple), tuple[0] as number, this.recordOffset);
    return this.finish(APPLIED);
  }
}

/** Are these the same bytes? */
function isSameBytes(known: Uint8Array, { bytes, start, end }: CommandView): boolean {
  const { length } = known;
  if (length !== end - start) return false;
  let same = 0;
  while (same < length && known[same] === bytes[start + same]) same++;
  return same === length;
}
