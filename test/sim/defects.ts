// Defects, planted from outside: each is a simulated shard that does one thing wrong. Owns: what is wrong.
// Never touches: engine/, where nothing knows of this. The simulation must find every one.

import { AccountDraft } from '../../engine/ledger/account-draft.js';
import { MemoryIds } from '../../engine/ledger/memory.js';
import { holdKey } from '../../engine/ledger/page-items.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { APPLIED, IGNORED } from '../../engine/ledger/result.js';
import { NEVER, TIME_MAX_MS } from '../../engine/limits.js';
import { commandOfTuple, type Tuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { CommandView } from '../../engine/protocol/command-view.js';
import type {
  DecisionCommand,
  PrepareCommand,
  TransferCommand,
} from '../../engine/protocol/commands.js';
import { type EffectReader, EXTRA } from '../../engine/protocol/effects.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { homePlace } from '../../engine/protocol/home.js';
import { OP } from '../../engine/protocol/layout.js';
import { Name } from '../../engine/protocol/name.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { Chain } from '../../engine/transfer/chain.js';
import type { Message, Outgoing } from '../../engine/transfer/messages.js';
import { type Transit, Transits, transitKey } from '../../engine/transfer/open/transits.js';
import { PREPARED } from './outside.js';
import { SimShard } from './shard.js';
import type { ShardKind } from './world.js';

type Phase = PrepareCommand | DecisionCommand;

const HOUR_MS = 3_600_000;

function packed(command: Phase): Uint8Array {
  return new Uint8Array(packCommand(command, command.id));
}

/** All commands of a message, each changed. */
function changed(message: Message, shard: SimShard, change: (phase: Phase) => Phase): Message {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < message.bytes.length; ) {
    const { end } = shard.ledger.take(message.bytes, at);
    const phase = commandOfTuple(unpackTuple(message.bytes, at, end));
    parts.push(
      phase.type === 'prepare' || phase.type === 'decision'
        ? packed(change(phase))
        : message.bytes.slice(at, end),
    );
    at = end;
  }
  return { ...message, bytes: Buffer.concat(parts) };
}

// --- the order of steps --------------------------------------------------------------------------------------

class MessageBeforeSync extends SimShard {
  protected override sealed(seq: number): void {
    this.send(this.courier.durable(seq));
  }
}

class DecisionBeforeSync extends SimShard {
  protected override outgoing(wanted: Outgoing[]): Outgoing[] {
    return wanted.filter((one) => {
      if (!('command' in one) || one.command.type !== 'decision') return true;
      this.send([{ to: one.to, count: 1, bytes: packed(one.command) }]);
      return false;
    });
  }
}

class ReplyBeforeSync extends SimShard {
  protected override sealed(seq: number): void {
    this.replyUpTo(seq);
  }
}

class RepeatBeforeSync extends SimShard {
  protected override askAgain(): void {
    this.send(this.courier.repeats(this.state, Infinity, this.outside.now));
  }
}

class LosesSynced extends SimShard {
  override crash(keepsUnsynced: boolean): void {
    if (!keepsUnsynced) this.durable = Math.max(0, this.durable - 1);
    super.crash(keepsUnsynced);
  }
}

class TimeGoesBack extends SimShard {
  protected override time(): number {
    return this.wallMs;
  }
}

class KeepsMemory extends SimShard {
  protected override assemble(): void {
    if (this.ledger === undefined) super.assemble();
  }

  protected override replay(): void {
    if (this.disk.length === 0 || this.life === 0) super.replay();
    else this.draft.open(this.disk.length + 1, this.draft.time);
  }
}

// --- what is remembered --------------------------------------------------------------------------------------

/** Ids that can be forgotten. */
class WeakIds extends MemoryIds {
  readonly #forgotten = new Set<string>();
  readonly #order: string[] = [];

  override find(hi: number, lo: number): number {
    return this.#forgotten.has(`${hi}:${lo}`) ? 0 : super.find(hi, lo);
  }

  override add(hi: number, lo: number, seq: number, offset: number): void {
    this.#order.push(`${hi}:${lo}`);
    super.add(hi, lo, seq, offset);
  }

  /** The ones added longer ago than the last `count`. */
  forgetBut(count: number): void {
    while (this.#order.length > count) this.#forgotten.add(this.#order.shift()!);
  }

  forgetLast(): void {
    this.#forgotten.add(this.#order.pop()!);
  }
}

class ForgetsIds extends SimShard {
  protected override makeIds(): WeakIds {
    return new WeakIds();
  }

  protected override apply(command: CommandView): number {
    (this.state.ids as WeakIds).forgetBut(6);
    return super.apply(command);
  }
}

class NoTombstone extends SimShard {
  protected override makeIds(): WeakIds {
    return new WeakIds();
  }

  protected override assemble(): void {
    super.assemble();
    const { ledger } = this;
    const apply = ledger.apply.bind(ledger);
    ledger.apply = (command) => {
      const { op } = command;
      const result = apply(command);
      const isRefused =
        op === OP.prepare &&
        result === APPLIED &&
        this.draft.reader().refusalNumber(ledger.recordOffset) !== 0;
      if (isRefused) (this.state.ids as WeakIds).forgetLast();
      return result;
    };
  }
}

class RestartForgetsOpen extends SimShard {
  protected override replay(): void {
    super.replay();
    for (const transit of [...this.state.transits.all()]) this.state.transits.close(transit);
  }
}

class RestartAsksNobody extends SimShard {
  #old = new Set<string>();

  protected override replay(): void {
    super.replay();
    for (const { owner, id } of this.state.transits.all()) this.#old.add(transitKey(owner, id));
  }

  protected override askAgain(): void {
    const own = new Transits();
    for (const transit of this.state.transits.all())
      if (!this.#old.has(transitKey(transit.owner, transit.id))) own.open(transit);
    const { followUps } = this.state;
    this.send(this.courier.repeats({ transits: own, followUps }, this.durable, this.outside.now));
  }
}

class ExpectsNothing extends SimShard {
  protected override makeTransits(): Transits {
    return new (class extends Transits {
      override expectedBy(): number {
        return 0;
      }
    })();
  }
}

class NothingIsBusy extends SimShard {
  protected override makeTransits(): Transits {
    return new (class extends Transits {
      override isBusy(): boolean {
        return false;
      }
    })();
  }
}

class ForgetsReversals extends SimShard {
  protected override assemble(): void {
    super.assemble();
    this.ledger.markReversed = () => {};
  }
}

class ForgetsFollowUps extends SimShard {
  protected override replay(): void {
    super.replay();
    for (const { id } of [...this.state.followUps.all()]) this.state.followUps.delete(id);
  }
}

class FollowsUpAtOnce extends SimShard {
  protected override outgoing(wanted: Outgoing[]): Outgoing[] {
    for (const one of wanted)
      if ('packed' in one) this.send([{ to: one.to, count: 1, bytes: one.packed }]);
    return wanted;
  }
}

class DecisionCountsAgain extends SimShard {
  protected override makeTransits(): Transits {
    return new (class extends Transits {
      override close(): void {}
    })();
  }
}

// --- what is said --------------------------------------------------------------------------------------------

class FreesOnTimeout extends SimShard {
  protected override askAgain(): void {
    super.askAgain();
    const refusal = REFUSALS.PREPARE_LATE.number;
    for (const { owner, id, deadline } of [...this.state.transits.all()]) {
      if (deadline >= this.wallMs) continue;
      const bytes = packed({ type: 'decision', owner, id, refusal });
      this.receive({ to: this.number, count: 1, bytes });
    }
  }
}

class LatePrepare extends SimShard {
  override receive(message: Message): void {
    const later = (phase: Phase): Phase =>
      phase.type === 'prepare'
        ? { ...phase, deadline: Math.min(phase.deadline + HOUR_MS, TIME_MAX_MS) }
        : phase;
    super.receive(changed(message, this, later));
  }
}

class DropsLots extends SimShard {
  protected override outgoing(wanted: Outgoing[]): Outgoing[] {
    return wanted.map((one) =>
      'packed' in one || one.command.type === 'delivered'
        ? one
        : { to: one.to, command: { ...one.command, lots: undefined } },
    );
  }
}

class SwallowsRefusals extends SimShard {
  protected override outgoing(wanted: Outgoing[]): Outgoing[] {
    return wanted.filter(
      (one) => 'packed' in one || one.command.type !== 'decision' || one.command.refusal === 0,
    );
  }
}

class ForwardsAtOnce extends SimShard {
  /** The shard that is asked answers for those behind it: it says posted as soon as it has prepared. */
  protected override outgoing(wanted: Outgoing[]): Outgoing[] {
    const { opened } = this.ledger;
    if (opened === null) return wanted;
    const before = this.before(opened);
    if (before < 0) return wanted;
    const { owner, id } = opened;
    return [...wanted, { to: before, command: { type: 'decision', owner, id, refusal: 0 } }];
  }

  /** The shard before this one, as its last record says. */
  protected before(_transit: Transit): number {
    const effects = this.draft.reader();
    const extras = effects.extras(this.ledger.recordOffset);
    return extras.find(({ tag }) => tag === EXTRA.transit)?.numbers[2] ?? -1;
  }
}

class ToldTooSoon extends SimShard {
  protected override toldBy(effects: EffectReader, offset: number): number {
    const told = super.toldBy(effects, offset);
    return told === PREPARED ? 0 : told;
  }
}

// --- what is done --------------------------------------------------------------------------------------------

class WrongStripe extends SimShard {
  protected override assemble(): void {
    super.assemble();
    const { ledger } = this;
    const { shards, shard } = this.settings.places;
    const accountOf = ledger.accountOf.bind(ledger);
    ledger.accountOf = (owner, asset) => {
      const { text } = owner;
      if (!text.startsWith('@transit:') || shards < 3) return accountOf(owner, asset);
      let peer = (Number(text.slice(9)) + 1) % shards;
      if (peer === shard) peer = (peer + 1) % shards;
      return accountOf(Name.of(`@transit:${peer}`), asset);
    };
  }
}

class LosesMidChain extends SimShard {
  protected override apply(command: CommandView): number {
    const isDecision = command.op === OP.decision;
    const transit = isDecision && this.state.transits.get(command.text(3), command.text(2));
    if (!transit) return super.apply(command);
    const [, op] = unpackTuple(transit.transfer, 0, transit.transfer.length);
    const isHome = op === OP.transfer && this.ledger.latest()?.tuple[1] === OP.transfer;
    return isHome ? super.apply(command) : IGNORED;
  }
}

class FrozenStops extends SimShard {
  protected override apply(command: CommandView): number {
    const isPosting = command.op === OP.decision && command.number(4) === 0;
    const transit = isPosting && this.state.transits.get(command.text(3), command.text(2));
    if (!transit) return super.apply(command);
    const tuple = unpackTuple(transit.transfer, 0, transit.transfer.length);
    if (tuple[1] !== OP.transfer) return super.apply(command);
    const { legs } = commandOfTuple(tuple) as TransferCommand;
    const isFrozen = legs.some(({ from, asset }) =>
      balancesOf(this.state, from, asset).some(({ frozen }) => frozen),
    );
    return isFrozen ? IGNORED : super.apply(command);
  }
}

class LosesLots extends SimShard {
  protected override assemble(): void {
    super.assemble();
    for (const working of this.ledger.working) {
      const put = working.putAvailable.bind(working);
      working.putAvailable = (amount, flow, looseExpiry, whenFull) => {
        if (whenFull !== 'refuse') {
          flow.clear();
          flow.loose = amount;
        }
        return put(amount, flow, looseExpiry, whenFull);
      };
    }
  }
}

/** A shard that does something wrong after, or while, a command between shards is decided or posted. */
abstract class WrongWith extends SimShard {
  protected abstract readonly op: number;

  protected override assemble(): void {
    super.assemble();
    const { ledger } = this;
    const apply = ledger.apply.bind(ledger);
    ledger.apply = (command) => {
      const bytes = this.#carried(command);
      const tuple = bytes === undefined ? [] : unpackTuple(bytes, 0, bytes.length);
      return tuple[1] === this.op ? this.wrong(command, tuple, apply) : apply(command);
    };
  }

  #carried(command: CommandView): Uint8Array | undefined {
    if (command.op === OP.prepare) return command.tuple()[5] as Uint8Array;
    if (command.op !== OP.decision) return undefined;
    return this.state.transits.get(command.text(3), command.text(2))?.transfer;
  }

  protected abstract wrong(
    command: CommandView,
    carried: Tuple,
    apply: (command: CommandView) => number,
  ): number;
}

class HoldForEver extends WrongWith {
  protected readonly op = OP.capture;

  protected wrong(command: CommandView, carried: Tuple, apply: (c: CommandView) => number): number {
    const result = apply(command);
    if (command.op !== OP.decision || command.number(4) === 0) return result;
    const [owner, holdId] = [carried[7] as string, carried[8] as string];
    const page = this.state.pages.pageOf(ownerHash(owner));
    const hold = page.holds?.get(holdKey(owner, holdId));
    if (hold !== undefined) page.holds?.set(holdKey(owner, holdId), { ...hold, deadline: NEVER });
    return result;
  }
}

class HoldIsGone extends WrongWith {
  protected readonly op = OP.capture;

  protected wrong(command: CommandView, carried: Tuple, apply: (c: CommandView) => number): number {
    const result = apply(command);
    if (command.op !== OP.decision || command.number(4) === 0) return result;
    const [owner, holdId] = [carried[7] as string, carried[8] as string];
    this.state.pages.pageOf(ownerHash(owner)).holds?.delete(holdKey(owner, holdId));
    return result;
  }
}

class HoldMixesLots extends WrongWith {
  protected readonly op = OP.capture;

  /** A part that is given back is of the lot that expires last. */
  protected wrong(command: CommandView, carried: Tuple, apply: (c: CommandView) => number): number {
    const result = apply(command);
    if (command.op !== OP.decision || command.number(4) === 0) return result;
    const [owner, holdId] = [carried[7] as string, carried[8] as string];
    const page = this.state.pages.pageOf(ownerHash(owner));
    const hold = page.holds?.get(holdKey(owner, holdId));
    if (hold === undefined || hold.slices.length === 0) return result;
    const sum = hold.slices.reduce((all, one, i) => all + (i % 2 === 1 ? one : 0), 0);
    hold.slices = [hold.slices.at(-2)!, sum];
    return result;
  }
}

class ReversalLosesLots extends WrongWith {
  protected readonly op = OP.reverse;

  protected wrong(command: CommandView, _: Tuple, apply: (c: CommandView) => number): number {
    const { working } = this.ledger;
    for (const one of working) {
      one.putBack = (amount, flow, looseExpiry, must) => {
        flow.clear();
        flow.loose = amount;
        return AccountDraft.prototype.putBack.call(one, amount, flow, looseExpiry, must);
      };
    }
    const result = apply(command);
    for (const one of working) one.putBack = AccountDraft.prototype.putBack;
    return result;
  }
}

class PassesOver extends SimShard {
  /** Asks the shard after the next one, where there is one. */
  protected override outgoing(wanted: Outgoing[]): Outgoing[] {
    return wanted.map((one) => {
      if ('packed' in one || one.command.type !== 'prepare') return one;
      const { to, command } = one;
      const transfer = new CommandView();
      transfer.read(command.transfer, 0);
      const chain = new Chain();
      chain.plan(transfer, homePlace(transfer), this.settings.places);
      const later = chain.after(to);
      return { to: later < 0 ? to : later, command };
    });
  }
}

/** What is wrong, and the shard that does it. */
export const DEFECTS: ReadonlyMap<string, ShardKind> = new Map<string, ShardKind>([
  ['messages leave before their block is synced', MessageBeforeSync],
  ['a decision leaves before its block is synced', DecisionBeforeSync],
  ['a client is told before the block is synced', ReplyBeforeSync],
  ['a prepare is repeated before its block is synced', RepeatBeforeSync],
  ['a crash loses a block that was synced', LosesSynced],
  ['a restart goes on with the memory of before', KeepsMemory],
  ['block time goes back', TimeGoesBack],
  ['ids are forgotten, so a repeat is carried out again', ForgetsIds],
  ['a refused prepare leaves nothing that a repeat would find', NoTombstone],
  ['a restart forgets which transfers are open', RestartForgetsOpen],
  ['after a restart nobody is asked again', RestartAsksNobody],
  ['what an account expects does not count', ExpectsNothing],
  ['a hold is captured and a transfer reversed while that is under way', NothingIsBusy],
  ['a reversal between shards is not noted', ForgetsReversals],
  ['a restart forgets follow-ups', ForgetsFollowUps],
  ['a follow-up leaves before its cause is synced', FollowsUpAtOnce],
  ['a decision counts as often as it comes', DecisionCountsAgain],
  ['a reserve is freed when time is over', FreesOnTimeout],
  ['a prepare is accepted after its deadline', LatePrepare],
  ['prepares and decisions carry no lots', DropsLots],
  ['payees get points without the lots they came from', LosesLots],
  ['a hold that a refused capture gives back has lost its deadline', HoldForEver],
  ['a refused capture loses its hold', HoldIsGone],
  ['a hold that a refused capture gives back is of other lots', HoldMixesLots],
  ['a reversal gives points back without the lots they came from', ReversalLosesLots],
  ['a refusal is not sent back', SwallowsRefusals],
  ['a shard of the chain says posted when it has only prepared', ForwardsAtOnce],
  ['a client is told posted when it is only prepared', ToldTooSoon],
  ['points stand on the stripe of another shard', WrongStripe],
  ['a decision is lost in the middle of the chain', LosesMidChain],
  ['a frozen account stops a decision', FrozenStops],
  ['a shard asks another one than the next', PassesOver],
]);
