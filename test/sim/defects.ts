// Defects, planted from outside: each is a simulated shard that does one thing wrong. Owns: what is wrong.
// Never touches: engine/, where nothing knows of this. The simulation must find every one.

import { AccountDraft } from '../../engine/ledger/account-draft.js';
import type { Ledger } from '../../engine/ledger/ledger.js';
import { replayBlock } from '../../engine/ledger/memory.js';
import { holdKey } from '../../engine/ledger/page-items.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { APPLIED, IGNORED } from '../../engine/ledger/result.js';
import type { Ids } from '../../engine/ledger/state.js';
import { NEVER, TIME_MAX_MS } from '../../engine/limits.js';
import type { BlockView } from '../../engine/protocol/block.js';
import { commandOfTuple, type Tuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { CommandView } from '../../engine/protocol/command-view.js';
import type {
  DecisionCommand,
  PrepareCommand,
  TransferCommand,
} from '../../engine/protocol/commands.js';
import { EXTRA } from '../../engine/protocol/effects.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { homePlace } from '../../engine/protocol/home.js';
import { OP } from '../../engine/protocol/layout.js';
import { Name } from '../../engine/protocol/name.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { Chain } from '../../engine/transfer/chain.js';
import type { Message, Outgoing } from '../../engine/transfer/messages.js';
import { type Transit, transitKey } from '../../engine/transfer/open/transits.js';
import { type Asker, PREPARED, toldBy } from './outside.js';
import { SimShard } from './shard.js';
import type { ShardKind } from './world.js';

type Phase = PrepareCommand | DecisionCommand;
type Apply = (command: CommandView) => number;

const HOUR_MS = 3_600_000;
const LOOK_MS = 125;

function packed(command: Phase): Uint8Array {
  return new Uint8Array(packCommand(command, command.id));
}

/** The prepares and decisions of a message, each changed, or left out where it becomes undefined. */
function changed(message: Message, change: (phase: Phase) => Phase | undefined): Message {
  const parts: Uint8Array[] = [];
  const view = new CommandView();
  for (let at = 0; at < message.bytes.length; at = view.end) {
    view.read(message.bytes, at);
    const phase = commandOfTuple(view.tuple());
    const isPhase = phase.type === 'prepare' || phase.type === 'decision';
    const other = isPhase ? change(phase) : phase;
    if (other === phase) parts.push(message.bytes.slice(at, view.end));
    else if (other !== undefined) parts.push(packed(other as Phase));
  }
  return { ...message, count: parts.length, bytes: Buffer.concat(parts) };
}

/** What apply() does is done another way. */
function wrap(ledger: Ledger, wrapped: (command: CommandView, apply: Apply) => number): void {
  const apply = ledger.apply.bind(ledger);
  ledger.apply = (command) => wrapped(command, apply);
}

/** A shard that sends something else than apply() wants to send. */
abstract class SaysOther extends SimShard {
  protected abstract outgoing(wanted: Outgoing[]): Outgoing[];

  protected override arrange(ledger: Ledger): void {
    wrap(ledger, (command, apply) => {
      const result = apply(command);
      if (!ledger.isReplaying) ledger.outbox.push(...this.outgoing(ledger.outbox.splice(0)));
      return result;
    });
  }

  protected sendNow(one: Outgoing): void {
    const bytes = 'packed' in one ? one.packed.slice() : packCommand(one.command, one.command.id);
    this.send({ to: one.to, count: 1, bytes: new Uint8Array(bytes) });
  }
}

// --- the order of steps --------------------------------------------------------------------------------------

class MessageBeforeSync extends SaysOther {
  protected override outgoing(wanted: Outgoing[]): Outgoing[] {
    for (const one of wanted) this.sendNow(one);
    return [];
  }
}

class DecisionBeforeSync extends SaysOther {
  protected override outgoing(wanted: Outgoing[]): Outgoing[] {
    return wanted.filter((one) => {
      if (!('command' in one) || one.command.type !== 'decision') return true;
      this.sendNow(one);
      return false;
    });
  }
}

class ReplyBeforeSync extends SimShard {
  readonly #asked: { readonly bytes: Uint8Array; readonly asker: Asker }[] = [];

  override request(bytes: Uint8Array, asker: Asker): void {
    this.#asked.push({ bytes, asker });
    super.request(bytes, asker);
  }

  protected override arrange(ledger: Ledger): void {
    wrap(ledger, (command, apply) => {
      const { bytes, start, end } = command;
      const is = bytes.slice(start, end);
      const result = apply(command);
      const at = this.#asked.findIndex((asked) => Buffer.compare(asked.bytes, is) === 0);
      if (at < 0 || ledger.isReplaying || !ledger.hasRecord) return result;
      const { asker } = this.#asked.splice(at, 1)[0]!;
      this.reply(asker, toldBy(ledger.draft.reader(), ledger.recordOffset));
      return result;
    });
  }
}

class RepeatBeforeSync extends SimShard {
  protected override arrange({ state: { transits } }: Ledger): void {
    const open = transits.open.bind(transits);
    transits.open = (transit) => open(Object.assign(transit, { seq: 0 }));
  }
}

class LosesSynced extends SimShard {
  override crash(keepsUnsynced: boolean): void {
    if (!keepsUnsynced) this.disk.durable = Math.max(0, this.disk.durable - 1);
    super.crash(keepsUnsynced);
  }
}

class TimeGoesBack extends SimShard {
  protected override arrange(ledger: Ledger): void {
    const { draft, machine } = { draft: ledger.draft, machine: this.machine };
    const open = draft.open.bind(draft);
    draft.open = (seq, time, rules) =>
      open(seq, ledger.isReplaying ? time : machine.wallMs(), rules);
  }
}

class KeepsMemory extends SimShard {
  #lost: BlockView[] = [];

  override crash(keepsUnsynced: boolean): void {
    const { blocks } = this;
    super.crash(keepsUnsynced);
    this.#lost = blocks.slice(this.disk.blocks.length);
  }

  protected override recovered(): void {
    const { ledger } = this;
    const { draft } = ledger;
    ledger.isReplaying = true;
    for (const block of this.#lost) {
      draft.open(block.header.seq, block.header.time);
      ledger.openBlock(draft);
      replayBlock(ledger, block);
    }
    ledger.isReplaying = false;
    ledger.outbox.length = 0;
    draft.open(this.disk.blocks.length + 1, draft.time);
  }
}

// --- what is remembered --------------------------------------------------------------------------------------

/** Makes an index of ids forget. */
class Forgetting {
  readonly #forgotten = new Set<string>();
  readonly #order: string[] = [];

  constructor(ids: Ids) {
    const { find, add } = { find: ids.find.bind(ids), add: ids.add.bind(ids) };
    ids.find = (hi, lo) => (this.#forgotten.has(`${hi}:${lo}`) ? 0 : find(hi, lo));
    ids.add = (hi, lo, seq, offset) => {
      this.#order.push(`${hi}:${lo}`);
      add(hi, lo, seq, offset);
    };
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
  protected override arrange(ledger: Ledger): void {
    const ids = new Forgetting(ledger.state.ids);
    wrap(ledger, (command, apply) => {
      ids.forgetBut(6);
      return apply(command);
    });
  }
}

class NoTombstone extends SimShard {
  protected override arrange(ledger: Ledger): void {
    const ids = new Forgetting(ledger.state.ids);
    wrap(ledger, (command, apply) => {
      const { op } = command;
      const result = apply(command);
      if (op !== OP.prepare || result !== APPLIED) return result;
      if (ledger.draft.reader().refusalNumber(ledger.recordOffset) !== 0) ids.forgetLast();
      return result;
    });
  }
}

class RestartForgetsOpen extends SimShard {
  protected override recovered(): void {
    for (const transit of [...this.state.transits.all()]) this.state.transits.close(transit);
  }
}

class RestartAsksNobody extends SimShard {
  readonly #old = new Set<string>();

  protected override recovered(): void {
    for (const { owner, id } of this.state.transits.all()) this.#old.add(transitKey(owner, id));
  }

  protected override send(message: Message): void {
    const left = changed(message, (phase) =>
      phase.type === 'prepare' && this.#old.has(transitKey(phase.owner, phase.id))
        ? undefined
        : phase,
    );
    if (left.count > 0) super.send(left);
  }
}

class ExpectsNothing extends SimShard {
  protected override arrange({ state }: Ledger): void {
    state.transits.expectedBy = () => 0;
  }
}

class NothingIsBusy extends SimShard {
  protected override arrange({ state }: Ledger): void {
    state.transits.isBusy = () => false;
  }
}

class ForgetsReversals extends SimShard {
  protected override arrange(ledger: Ledger): void {
    ledger.markReversed = () => {};
  }
}

class ForgetsFollowUps extends SimShard {
  protected override recovered(): void {
    const { followUps } = this.state;
    for (const { id } of [...followUps.all()]) followUps.delete(id);
  }
}

class FollowsUpAtOnce extends SaysOther {
  protected override outgoing(wanted: Outgoing[]): Outgoing[] {
    for (const one of wanted) if ('packed' in one) this.sendNow(one);
    return wanted;
  }
}

class DecisionCountsAgain extends SimShard {
  protected override arrange({ state }: Ledger): void {
    state.transits.close = () => {};
  }
}

// --- what is said --------------------------------------------------------------------------------------------

class FreesOnTimeout extends SimShard {
  protected override recovered(): void {
    const refusal = REFUSALS.PREPARE_LATE.number;
    const { machine } = this;
    machine.every(LOOK_MS, () => {
      for (const { owner, id, deadline } of [...this.state.transits.all()]) {
        if (deadline >= machine.wallMs()) continue;
        const bytes = packed({ type: 'decision', owner, id, refusal });
        this.receive({ to: this.number, count: 1, bytes });
      }
    });
  }
}

class LatePrepare extends SimShard {
  override receive(message: Message): void {
    const later = (phase: Phase): Phase =>
      phase.type === 'prepare'
        ? { ...phase, deadline: Math.min(phase.deadline + HOUR_MS, TIME_MAX_MS) }
        : phase;
    super.receive(changed(message, later));
  }
}

class DropsLots extends SaysOther {
  protected override outgoing(wanted: Outgoing[]): Outgoing[] {
    return wanted.map((one) =>
      'packed' in one || one.command.type === 'delivered'
        ? one
        : { to: one.to, command: { ...one.command, lots: undefined } },
    );
  }
}

class SwallowsRefusals extends SaysOther {
  protected override outgoing(wanted: Outgoing[]): Outgoing[] {
    return wanted.filter(
      (one) => 'packed' in one || one.command.type !== 'decision' || one.command.refusal === 0,
    );
  }
}

class ForwardsAtOnce extends SaysOther {
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
    const effects = this.ledger.draft.reader();
    const extras = effects.extras(this.ledger.recordOffset);
    return extras.find(({ tag }) => tag === EXTRA.transit)?.numbers[2] ?? -1;
  }
}

class ToldTooSoon extends SimShard {
  protected override reply(asker: Asker, told: number): void {
    super.reply(asker, told === PREPARED ? 0 : told);
  }
}

// --- what is done --------------------------------------------------------------------------------------------

class WrongStripe extends SimShard {
  protected override arrange(ledger: Ledger): void {
    const { shards, shard } = ledger.state.places;
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
  protected override arrange(ledger: Ledger): void {
    wrap(ledger, (command, apply) => {
      const isDecision = command.op === OP.decision;
      const transit = isDecision && this.state.transits.get(command.text(3), command.text(2));
      if (!transit) return apply(command);
      const [, op] = unpackTuple(transit.transfer, 0, transit.transfer.length);
      const isHome = op === OP.transfer && ledger.latest()?.tuple[1] === OP.transfer;
      return isHome ? apply(command) : IGNORED;
    });
  }
}

class FrozenStops extends SimShard {
  protected override arrange(ledger: Ledger): void {
    wrap(ledger, (command, apply) => {
      const isPosting = command.op === OP.decision && command.number(4) === 0;
      const transit = isPosting && this.state.transits.get(command.text(3), command.text(2));
      if (!transit) return apply(command);
      const tuple = unpackTuple(transit.transfer, 0, transit.transfer.length);
      if (tuple[1] !== OP.transfer) return apply(command);
      const { legs } = commandOfTuple(tuple) as TransferCommand;
      const isFrozen = legs.some(({ from, asset }) =>
        balancesOf(this.state, from, asset).some(({ frozen }) => frozen),
      );
      return isFrozen ? IGNORED : apply(command);
    });
  }
}

class LosesLots extends SimShard {
  protected override arrange(ledger: Ledger): void {
    for (const working of ledger.working) {
      const put = working.putAvailable.bind(working);
      working.putAvailable = (amount, flow, looseExpiry, must) => {
        if (must === true) {
          flow.clear();
          flow.loose = amount;
        }
        return put(amount, flow, looseExpiry, must);
      };
    }
  }
}

/** A shard that does something wrong after, or while, a command between shards is decided or posted. */
abstract class WrongWith extends SimShard {
  protected abstract readonly op: number;

  protected override arrange(ledger: Ledger): void {
    wrap(ledger, (command, apply) => {
      const bytes = this.#carried(command);
      const tuple = bytes === undefined ? [] : unpackTuple(bytes, 0, bytes.length);
      return tuple[1] === this.op ? this.wrong(command, tuple, apply) : apply(command);
    });
  }

  #carried(command: CommandView): Uint8Array | undefined {
    if (command.op === OP.prepare) return command.tuple()[5] as Uint8Array;
    if (command.op !== OP.decision) return undefined;
    return this.state.transits.get(command.text(3), command.text(2))?.transfer;
  }

  protected abstract wrong(command: CommandView, carried: Tuple, apply: Apply): number;
}

class HoldForEver extends WrongWith {
  protected readonly op = OP.capture;

  protected wrong(command: CommandView, carried: Tuple, apply: Apply): number {
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

  protected wrong(command: CommandView, carried: Tuple, apply: Apply): number {
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
  protected wrong(command: CommandView, carried: Tuple, apply: Apply): number {
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

  protected wrong(command: CommandView, _: Tuple, apply: Apply): number {
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

class PassesOver extends SaysOther {
  /** Asks the shard after the next one, where there is one. */
  protected override outgoing(wanted: Outgoing[]): Outgoing[] {
    return wanted.map((one) => {
      if ('packed' in one || one.command.type !== 'prepare') return one;
      const { to, command } = one;
      const transfer = new CommandView();
      transfer.read(command.transfer, 0);
      const chain = new Chain();
      chain.plan(transfer, homePlace(transfer), this.state.places);
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
