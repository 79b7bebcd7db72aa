// Defects, planted from outside: each is a simulated shard that does one thing wrong. Owns: what is wrong.
// Never touches: engine/, where nothing knows of this. The simulation must find every one.

import { AccountDraft } from '../../engine/ledger/account-draft.js';
import type { Ledger } from '../../engine/ledger/ledger.js';
import { replayBlock } from '../../engine/ledger/memory.js';
import type { Page } from '../../engine/ledger/page.js';
import { type Hold, holdKey } from '../../engine/ledger/page-items.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { APPLIED, IGNORED } from '../../engine/ledger/result.js';
import type { Ids } from '../../engine/ledger/state.js';
import { NEVER } from '../../engine/limits.js';
import type { BlockView } from '../../engine/protocol/block.js';
import { commandOfTuple, type Tuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { CommandView } from '../../engine/protocol/command-view.js';
import type { TransferCommand } from '../../engine/protocol/commands.js';
import { EXTRA } from '../../engine/protocol/effects.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { homePlace } from '../../engine/protocol/home.js';
import { OP, PLACES } from '../../engine/protocol/layout.js';
import { Name } from '../../engine/protocol/name.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { Chain } from '../../engine/transfer/chain.js';
import type { Message, Outgoing } from '../../engine/transfer/messages.js';
import { type Transit, transitKey } from '../../engine/transfer/open/transits.js';
import { ACT_DEFECTS } from './act-defects.js';
import { type Asker, PREPARED, toldBy } from './outside.js';
import { SimShard } from './shard.js';
import type { ShardKind } from './world.js';

type Apply = (command: CommandView) => number;

/** What apply() does is done another way. */
function wrap(ledger: Ledger, wrapped: (command: CommandView, apply: Apply) => number): void {
  const apply = ledger.apply.bind(ledger);
  ledger.apply = (command) => wrapped(command, apply);
}

/** What is wrong, and the shard that does it. */
export const DEFECTS = new Map<string, ShardKind>();

/** A ledger is wrong, from before its log is replayed. */
function ledgers(what: string, arrange: (ledger: Ledger, shard: SimShard) => void): void {
  const Wrong = class extends SimShard {
    protected override arrange(ledger: Ledger): void {
      arrange(ledger, this);
    }
  };
  DEFECTS.set(what, Wrong);
}

/** apply() does something else. */
function applies(
  what: string,
  wrong: (command: CommandView, apply: Apply, ledger: Ledger) => number,
): void {
  ledgers(what, (ledger) => wrap(ledger, (command, apply) => wrong(command, apply, ledger)));
}

/** Something else goes out than what apply() wants to go out. */
function says(
  what: string,
  outgoing: (wanted: Outgoing[], ledger: Ledger, now: (one: Outgoing) => void) => Outgoing[],
): void {
  ledgers(what, (ledger, shard) => {
    const now = (one: Outgoing): void => {
      const bytes = 'packed' in one ? one.packed.slice() : packCommand(one.command, one.command.id);
      shard.send({ to: one.to, count: 1, bytes: new Uint8Array(bytes) });
    };
    wrap(ledger, (command, apply) => {
      const result = apply(command);
      const wanted = ledger.outbox.splice(0);
      if (!ledger.isReplaying) ledger.outbox.push(...outgoing(wanted, ledger, now));
      return result;
    });
  });
}

/** A state is wrong after a restart. */
function restarts(what: string, wrong: (shard: SimShard) => void): void {
  const Wrong = class extends SimShard {
    protected override recovered(): void {
      wrong(this);
    }
  };
  DEFECTS.set(what, Wrong);
}

/** A command that a prepare or decision carries has this op: something is wrong with it. */
function carries(
  what: string,
  op: number,
  wrong: (command: CommandView, carried: Tuple, apply: Apply, ledger: Ledger) => number,
): void {
  applies(what, (command, apply, ledger) => {
    const isPrepare = command.op === OP.prepare;
    const bytes = isPrepare
      ? (command.tuple()[5] as Uint8Array)
      : decided(command, ledger)?.transfer;
    const tuple = bytes === undefined ? [] : unpackTuple(bytes, 0, bytes.length);
    return tuple[1] === op ? wrong(command, tuple, apply, ledger) : apply(command);
  });
}

/** What a decision decides here. */
const decided = (command: CommandView, { state }: Ledger): Transit | undefined =>
  command.op === OP.decision ? state.transits.get(command.text(3), command.text(2)) : undefined;

/** A hold is wrong when a capture of it has been refused. */
function holds(what: string, wrong: (page: Page, key: string, hold: Hold) => void): void {
  carries(what, OP.capture, (command, carried, apply, { state }) => {
    const isRefusal = command.op === OP.decision && command.number(4) !== 0;
    const result = apply(command);
    const [owner, holdId] = [carried[7] as string, carried[8] as string];
    const page = state.pages.pageOf(ownerHash(owner));
    const key = holdKey(owner, holdId);
    const hold = page.holds?.get(key);
    if (isRefusal && hold !== undefined) wrong(page, key, hold);
    return result;
  });
}

// --- the order of steps --------------------------------------------------------------------------------------

says('messages leave before their block is synced', (wanted, _, now) => {
  wanted.forEach(now);
  return [];
});

says('a decision leaves before its block is synced', (wanted, _, now) =>
  wanted.filter((one) => {
    const isDecision = 'command' in one && one.command.type === 'decision';
    if (isDecision) now(one);
    return !isDecision;
  }),
);

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
      // What it asks for comes after what it may.
      const isAsked = (asked: Uint8Array) => Buffer.compare(asked.subarray(-is.length), is) === 0;
      const at = this.#asked.findIndex(({ bytes: asked }) => isAsked(asked));
      if (at < 0 || ledger.isReplaying || !ledger.hasRecord) return result;
      const { asker } = this.#asked.splice(at, 1)[0]!;
      this.reply(asker, toldBy(ledger.draft.reader(), ledger.recordOffset));
      return result;
    });
  }
}
DEFECTS.set('a client is told before the block is synced', ReplyBeforeSync);

ledgers('a prepare is repeated before its block is synced', ({ state: { transits } }) => {
  const open = transits.open.bind(transits);
  transits.open = (transit) => open(Object.assign(transit, { seq: 0 }));
});

class LosesSynced extends SimShard {
  override crash(keepsUnsynced: boolean): void {
    if (!keepsUnsynced) this.disk.durable = Math.max(0, this.disk.durable - 1);
    super.crash(keepsUnsynced);
  }
}
DEFECTS.set('a crash loses a block that was synced', LosesSynced);

class KeepsMemory extends SimShard {
  #lost: readonly BlockView[] = [];

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
DEFECTS.set('a restart goes on with the memory of before', KeepsMemory);

ledgers('block time goes back', (ledger, { machine }) => {
  const { draft } = ledger;
  const open = draft.open.bind(draft);
  draft.open = (seq, time, rules) => open(seq, ledger.isReplaying ? time : machine.wallMs(), rules);
});

// --- what is remembered --------------------------------------------------------------------------------------

/** Makes an index of ids forget: `forget(count)` the ones added longer ago than the last `count`; `forget(-1)` the last one. */
function forgetful(ids: Ids): (count: number) => void {
  const forgotten = new Set<string>();
  const order: string[] = [];
  const { find, add } = { find: ids.find.bind(ids), add: ids.add.bind(ids) };
  ids.find = (hi, lo) => (forgotten.has(`${hi}:${lo}`) ? 0 : find(hi, lo));
  ids.add = (hi, lo, seq, offset) => {
    order.push(`${hi}:${lo}`);
    add(hi, lo, seq, offset);
  };
  return (count) => {
    if (count < 0) forgotten.add(order.pop()!);
    else while (order.length > count) forgotten.add(order.shift()!);
  };
}

ledgers('ids are forgotten, so a repeat is carried out again', (ledger) => {
  const forget = forgetful(ledger.state.ids);
  wrap(ledger, (command, apply) => {
    forget(6);
    return apply(command);
  });
});

ledgers('a refused prepare leaves nothing that a repeat would find', (ledger) => {
  const forget = forgetful(ledger.state.ids);
  wrap(ledger, (command, apply) => {
    const { op } = command;
    const result = apply(command);
    if (op !== OP.prepare || result !== APPLIED) return result;
    if (ledger.draft.reader().refusalNumber(ledger.recordOffset) !== 0) forget(-1);
    return result;
  });
});

restarts('a restart forgets which transfers are open', ({ state: { transits } }) => {
  for (const transit of [...transits.all()]) transits.close(transit);
});

class RestartAsksNobody extends SimShard {
  readonly #old = new Set<string>();

  protected override recovered(): void {
    for (const { owner, id } of this.state.transits.all()) this.#old.add(transitKey(owner, id));
  }

  override send(message: Message): void {
    const view = new CommandView();
    for (let at = 0; at < message.bytes.length; at = view.end) {
      view.read(message.bytes, at);
      const isPrepare = view.op === OP.prepare;
      if (isPrepare && this.#old.has(transitKey(view.text(3), view.text(2)))) return;
    }
    super.send(message);
  }
}
DEFECTS.set('after a restart nobody is asked again', RestartAsksNobody);

ledgers('what an account expects does not count', ({ state }) => {
  state.transits.expectedBy = () => 0;
});

ledgers('a hold is captured and a transfer reversed while that is under way', ({ state }) => {
  state.transits.isBusy = () => false;
});

ledgers('a reversal between shards is not noted', (ledger) => {
  ledger.markReversed = () => {};
});

restarts('a restart forgets follow-ups', ({ state: { followUps } }) => {
  for (const { id } of [...followUps.all()]) followUps.delete(id);
});

says('a follow-up leaves before its cause is synced', (wanted, _, now) => {
  for (const one of wanted) if ('packed' in one) now(one);
  return wanted;
});

ledgers('a decision counts as often as it comes', ({ state }) => {
  state.transits.close = () => {};
});

// --- what is said --------------------------------------------------------------------------------------------

restarts('a reserve is freed when time is over', (shard) => {
  const { machine, number, state } = shard;
  const refusal = REFUSALS.PREPARE_LATE.number;
  machine.every(100, () => {
    for (const { owner, id, deadline } of [...state.transits.all()]) {
      if (deadline >= machine.wallMs()) continue;
      const bytes = packCommand({ type: 'decision', owner, id, refusal }, id);
      shard.receive({ to: number, count: 1, bytes });
    }
  });
});

applies('a prepare is accepted after its deadline', (command, apply, ledger) => {
  const { time } = ledger;
  if (command.op === OP.prepare)
    ledger.time = Math.min(time, command.number(PLACES.prepare.deadline));
  const result = apply(command);
  ledger.time = time;
  return result;
});

says('prepares and decisions carry no lots', (wanted) =>
  wanted.map((one) =>
    'packed' in one || one.command.type === 'delivered'
      ? one
      : { to: one.to, command: { ...one.command, lots: undefined } },
  ),
);

says('a refusal is not sent back', (wanted) =>
  wanted.filter(
    (one) => 'packed' in one || one.command.type !== 'decision' || one.command.refusal === 0,
  ),
);

/** The shard that is asked answers for those behind it: it says posted as soon as it has prepared. */
says('a shard of the chain says posted when it has only prepared', (wanted, ledger) => {
  if (ledger.opened === null) return wanted;
  const extras = ledger.draft.reader().extras(ledger.recordOffset);
  const before = extras.find(({ tag }) => tag === EXTRA.transit)?.numbers[2] ?? -1;
  if (before < 0) return wanted;
  const { owner, id } = ledger.opened;
  return [...wanted, { to: before, command: { type: 'decision', owner, id, refusal: 0 } }];
});

/** Asks the shard after the next one, where there is one. */
says('a shard asks another one than the next', (wanted, { state }) =>
  wanted.map((one) => {
    if ('packed' in one || one.command.type !== 'prepare') return one;
    const { to, command } = one;
    const transfer = new CommandView();
    transfer.read(command.transfer, 0);
    const chain = new Chain();
    chain.plan(transfer, homePlace(transfer), state.places);
    const later = chain.after(to);
    return { to: later < 0 ? to : later, command };
  }),
);

class ToldTooSoon extends SimShard {
  override reply(asker: Asker, told: number): void {
    super.reply(asker, told === PREPARED ? 0 : told);
  }
}
DEFECTS.set('a client is told posted when it is only prepared', ToldTooSoon);

// --- what is done --------------------------------------------------------------------------------------------

ledgers('points stand on the stripe of another shard', (ledger) => {
  const { shards, shard } = ledger.state.places;
  const accountOf = ledger.accountOf.bind(ledger);
  ledger.accountOf = (owner, asset) => {
    const { text } = owner;
    if (!text.startsWith('@transit:') || shards < 3) return accountOf(owner, asset);
    let peer = (Number(text.slice(9)) + 1) % shards;
    if (peer === shard) peer = (peer + 1) % shards;
    return accountOf(Name.of(`@transit:${peer}`), asset);
  };
});

applies('a decision is lost in the middle of the chain', (command, apply, ledger) => {
  const transit = decided(command, ledger);
  if (transit === undefined) return apply(command);
  const [, op] = unpackTuple(transit.transfer, 0, transit.transfer.length);
  const isHome = op === OP.transfer && ledger.latest()?.tuple[1] === OP.transfer;
  return isHome ? apply(command) : IGNORED;
});

carries('a frozen account stops a decision', OP.transfer, (command, carried, apply, { state }) => {
  const isPosting = command.op === OP.decision && command.number(4) === 0;
  const { legs } = commandOfTuple(carried) as TransferCommand;
  const isFrozen = legs.some(({ from, asset }) =>
    balancesOf(state, from, asset).some(({ frozen }) => frozen),
  );
  return isPosting && isFrozen ? IGNORED : apply(command);
});

ledgers('payees get points without the lots they came from', ({ working }) => {
  for (const one of working) {
    const put = one.putAvailable.bind(one);
    one.putAvailable = (amount, flow, looseExpiry, whenFull) => {
      if (whenFull !== 'refuse') {
        flow.clear();
        flow.loose = amount;
      }
      return put(amount, flow, looseExpiry, whenFull);
    };
  }
});

holds('a hold that a refused capture gives back has lost its deadline', (page, key, hold) => {
  page.holds?.set(key, { ...hold, deadline: NEVER });
});

holds('a refused capture loses its hold', (page, key) => {
  page.holds?.delete(key);
});

/** A part that is given back is of the lot that expires last. */
holds('a hold that a refused capture gives back is of other lots', (_page, _key, hold) => {
  if (hold.slices.length === 0) return;
  const sum = hold.slices.reduce((all, one, i) => all + (i % 2 === 1 ? one : 0), 0);
  hold.slices = [hold.slices.at(-2)!, sum];
});

carries(
  'a reversal gives points back without the lots they came from',
  OP.reverse,
  (command, _, apply, { working }) => {
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
  },
);

ledgers('a lot that comes late is not told to expire', ({ notices }) => {
  notices.isNew = () => false;
});

ledgers('lots are told to expire at every tick', ({ notices }) => {
  const tell = notices.tell.bind(notices);
  notices.tell = (page) => {
    tell(page);
    page.told = null;
  };
});

for (const [what, arrange] of ACT_DEFECTS) ledgers(what, arrange);
