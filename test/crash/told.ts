// What the callers of a ledger were told, over all its restarts, and whether it contradicts itself.
// Owns: the client's side. Never touches: the ledger's folder.
//   W1. One (home owner, id) has one outcome: told, replayed, looked up or read in the feed, always the same text.
//   W2. One version of an account has one entry, of one command; a balance read at a version is that entry's.
//   W3. What was told before something was asked is in the answer: found by id, at that version or a later one.

import { type Command, isReference } from '../../engine/protocol/commands.js';
import type {
  Balance,
  Entry,
  HoldState,
  Outcome,
  OwnerRecord,
  TransferRecord,
} from '../../engine/protocol/outcomes.js';
import { REFUSALS, type Refusal, type RefusalCode } from '../../engine/protocol/refusals.js';
import { isSystemOwner } from '../../engine/protocol/syntax.js';
import { digestOf, textOf } from './answers.js';
import { fromLine, type Said } from './lines.js';
import { type Ask, isRead, keyOf } from './load.js';

/** The ledger said two things that cannot both be true. */
export class Contradiction extends Error {}

/** An id that commands were asked under. */
export interface Known {
  /** Different ones, or the same again and again. */
  readonly commands: Command[];
  readonly owner: string;
  readonly id: string;
  /** The outcome that is kept under the id. */
  text: string | undefined;
  digest: string;
  /** Asked, and neither answered nor looked up since. */
  isOpen: boolean;
  /** Somebody was told that the id is taken. */
  mustExist: boolean;
}

/** What an entry is, beside the account and version it belongs to. */
export interface KnownEntry {
  /** Of the command; undefined: the ledger acted by itself. */
  readonly id: string | undefined;
  readonly delta: number;
  readonly heldDelta: number;
  readonly available: number;
  readonly held: number;
}

/** A user's account, or a system owner's stripe. */
export class KnownAccount {
  readonly owner: string;
  readonly asset: string;
  readonly shard: number;
  readonly entries = new Map<number, KnownEntry>();
  /** Balances read at versions whose entry nobody was told yet. */
  readonly claims = new Map<number, string>();
  /** The highest version told. */
  latest = 0;
  /** Up to here the entries are known without a gap and add up. */
  soundTo = 0;

  constructor(owner: string, asset: string, shard: number) {
    this.owner = owner;
    this.asset = asset;
    this.shard = shard;
  }
}

const stand = (at: { readonly available: number; readonly held: number }): string =>
  `${at.available} ${at.held}`;
/** Commands under one id differ in this, if they differ. */
const isSame = (a: Command, b: Command): boolean =>
  a.type === b.type &&
  ('recordType' in a ? a.recordType : '') === ('recordType' in b ? b.recordType : '');
const isTransient = (outcome: Outcome): boolean => !outcome.ok && !isFinal(outcome.code);

/** Is a refusal by this code always kept? One of a passing state is so only between shards. */
export function isFinal(code: RefusalCode): boolean {
  const { kept, passing }: Refusal = REFUSALS[code];
  return kept === 'final' && passing === undefined;
}

interface Pending {
  readonly ask: Ask;
  /** What the answer must not fall behind. */
  readonly floor: ReadonlyMap<string, number>;
  readonly mustBeFound: boolean;
}

export class Told {
  readonly ids = new Map<string, Known>();
  readonly accounts = new Map<string, KnownAccount>();
  /** By owner and hold id: what remains, as little as was ever told. */
  readonly holds = new Map<string, HoldState>();
  /** By owner and key: the last block that changed it, and what it may be since (undefined: deleted). */
  readonly records = new Map<string, { seq: number; values: (string | undefined)[] }>();
  /** Ids of what commands that were done have caused. */
  readonly caused = new Set<string>();
  /** Every record version ever told, and its value. */
  readonly #recordValues = new Map<string, string>();
  readonly #blocks = new Map<string, string>();
  readonly #nextBlock: number[] = [];
  readonly #pending = new Map<number, Pending>();
  answers = 0;

  /** The ledger was started anew: nothing that was asked before will be answered any more. */
  restarted(): void {
    this.#pending.clear();
    this.#nextBlock.length = 0;
  }

  /** Where to follow the feed of a shard from, so that it says some of its blocks again. */
  feedFrom(shard: number): number {
    let seq = 1;
    while (this.#blocks.has(`${shard} ${seq + 1}`)) seq++;
    return Math.max(1, seq - 3);
  }

  hear(said: Said): void {
    if (said.say === 'ask') this.#asked(said.n, said.ask);
    else if (said.say === 'answer') this.#answered(said.n, said.text);
    else if (said.say === 'block') this.#block(said.shard, said.seq, said.digest);
    else if (said.say === 'failed') throw new Contradiction(said.what);
  }

  #block(shard: number, seq: number, digest: string): void {
    const known = this.#blocks.get(`${shard} ${seq}`);
    if (known !== undefined && known !== digest)
      throw new Contradiction(`block ${seq} of shard ${shard} has changed`);
    this.#blocks.set(`${shard} ${seq}`, digest);
    const next = this.#nextBlock[shard] ?? seq;
    if (seq !== next)
      throw new Contradiction(`the feed of shard ${shard} goes from block ${next - 1} to ${seq}`);
    this.#nextBlock[shard] = seq + 1;
  }

  #asked(n: number, ask: Ask): void {
    const floor = new Map<string, number>();
    let mustBeFound = false;
    if (!isRead(ask)) this.#open(ask);
    else if (ask.type === 'read-transfer') {
      mustBeFound = this.ids.get(`${ask.owner} ${ask.id}`)?.text !== undefined;
    } else if (ask.type === 'balance') {
      for (const account of this.accounts.values()) {
        if (account.owner !== ask.owner) continue;
        floor.set(account.asset, (floor.get(account.asset) ?? 0) + account.latest);
      }
    } else if (ask.type === 'read-hold') {
      const hold = this.holds.get(`${ask.owner} ${ask.holdId}`);
      if (hold !== undefined) floor.set('remaining', hold.remaining);
    }
    this.#pending.set(n, { ask, floor, mustBeFound });
  }

  #open(command: Command): void {
    if (isReference(command)) return;
    const key = keyOf(command);
    const known = this.ids.get(key);
    if (known !== undefined) {
      known.isOpen ||= known.text === undefined;
      if (!known.commands.some((one) => isSame(one, command))) known.commands.push(command);
      return;
    }
    const [owner = '', id = ''] = key.split(' ');
    const commands = [command];
    this.ids.set(key, {
      commands,
      owner,
      id,
      text: undefined,
      digest: '',
      isOpen: true,
      mustExist: false,
    });
  }

  #answered(n: number, text: string): void {
    const pending = this.#pending.get(n);
    if (pending === undefined) throw new Contradiction(`an answer to nothing: ${text}`);
    this.#pending.delete(n);
    this.answers++;
    const { ask } = pending;
    const answer = fromLine(text);
    if (isRead(ask)) this.#read(pending, text, answer);
    else if (!isReference(ask)) this.#outcome(ask, text, answer as Outcome);
  }

  #outcome(ask: Command, text: string, outcome: Outcome): void {
    const known = this.ids.get(keyOf(ask));
    if (known === undefined) throw new Contradiction(`an answer to nothing: ${text}`);
    if (!isTransient(outcome)) this.keep(known, text, ask);
    else if (!outcome.ok && outcome.code === 'ID_REUSED') known.mustExist = true;
  }

  /** A command looked up by its id. */
  found(known: Known, record: TransferRecord): void {
    const command = known.commands.find((one) => isSame(one, record.command));
    if (command === undefined) {
      throw new Contradiction(
        `${known.owner} ${known.id} is of a command nobody asked: ${textOf(record.command)}`,
      );
    }
    this.keep(known, textOf(record.outcome), command);
  }

  /** An outcome that is kept under its id. */
  keep(known: Known, text: string, command: Command): void {
    known.isOpen = false;
    if (known.text !== undefined) {
      if (known.text !== text) {
        throw new Contradiction(
          `${known.owner} ${known.id} had the outcome ${known.text}, now it has ${text}`,
        );
      }
      return;
    }
    known.text = text;
    known.digest = digestOf(text);
    const outcome = fromLine(text) as Outcome;
    if (!outcome.ok) return;
    for (const { id } of outcome.followUps ?? []) this.caused.add(id);
    // What expired with it is the ledger's own doing; what had expired and is brought back is its own.
    for (const entry of outcome.entries) {
      const isBack = entry.owner.startsWith('@') ? entry.delta < 0 : entry.delta > 0;
      const isOwn = entry.type !== 'expire' || isBack;
      this.entry(entry, outcome.shard, isOwn ? outcome.id : undefined);
    }
    if (outcome.hold !== undefined) this.#hold(outcome.hold);
    this.#record(command, outcome.seq, outcome.recordVersion);
  }

  #hold(hold: HoldState): void {
    const key = `${hold.owner} ${hold.id}`;
    const known = this.holds.get(key);
    if (known === undefined || hold.remaining < known.remaining) this.holds.set(key, hold);
  }

  #record(command: Command, seq: number, version: number | undefined): void {
    if (command.type !== 'put-record' && command.type !== 'delete-record') return;
    if (command.recordType !== 'note') return;
    const place = `${command.owner} ${command.key}`;
    const value = command.type === 'put-record' ? textOf(command.value) : undefined;
    if (value !== undefined) this.#recordValue(`${place} ${version}`, value);
    const known = this.records.get(place);
    if (known === undefined || known.seq < seq) this.records.set(place, { seq, values: [value] });
    else if (known.seq === seq) known.values.push(value);
  }

  #recordValue(place: string, value: string): void {
    const known = this.#recordValues.get(place);
    if (known !== undefined && known !== value) {
      throw new Contradiction(`record ${place} had the value ${known}, now it has ${value}`);
    }
    this.#recordValues.set(place, value);
  }

  account(owner: string, asset: string, shard: number): KnownAccount {
    const stripe = isSystemOwner(owner) ? shard : 0;
    const key = `${owner} ${asset} ${stripe}`;
    let account = this.accounts.get(key);
    if (account === undefined) {
      account = new KnownAccount(owner, asset, shard);
      this.accounts.set(key, account);
    }
    return account;
  }

  entry(entry: Entry, shard: number, id: string | undefined): void {
    const { owner, asset, version, delta, heldDelta, available, held } = entry;
    // Nobody reads the entries of a budget: claims.ts judges what it has.
    if (owner.startsWith('#')) return;
    const account = this.account(owner, asset, shard);
    const found: KnownEntry = { id, delta, heldDelta, available, held };
    const known = account.entries.get(version);
    const place = `${owner} ${asset} version ${version}`;
    if (known !== undefined && textOf(known) !== textOf(found)) {
      throw new Contradiction(`${place} was ${textOf(known)}, now it is ${textOf(found)}`);
    }
    const claim = account.claims.get(version);
    if (claim !== undefined && claim !== stand(found)) {
      throw new Contradiction(`${place} was read as ${claim}, now it is ${stand(found)}`);
    }
    account.claims.delete(version);
    account.entries.set(version, found);
    account.latest = Math.max(account.latest, version);
  }

  /** A user's balance as it was read. */
  balance(balance: Balance): void {
    const { owner, asset, version, available, held, total, earned, spent, expired, lots } = balance;
    const place = `${owner} ${asset} version ${version}`;
    if (total !== available + held || total !== earned - spent - expired) {
      throw new Contradiction(`${place} does not add up: ${textOf(balance)}`);
    }
    if (isSystemOwner(owner)) return;
    const inLots = lots.reduce((sum, lot) => sum + lot.available, 0);
    if (inLots !== (asset === 'coin' ? 0 : Math.max(0, available))) {
      throw new Contradiction(`${place} has ${available} available and ${inLots} in lots`);
    }
    if (version === 0) return;
    const account = this.account(owner, asset, 0);
    const known = account.entries.get(version);
    const before = known === undefined ? account.claims.get(version) : stand(known);
    if (before !== undefined && before !== stand(balance)) {
      throw new Contradiction(`${place} was ${before}, is read as ${stand(balance)}`);
    }
    if (known === undefined) account.claims.set(version, stand(balance));
    account.latest = Math.max(account.latest, version);
  }

  #read({ ask, floor, mustBeFound }: Pending, text: string, answer: unknown): void {
    const refusal = answer as Outcome | null;
    if (refusal !== null && refusal.ok === false && isTransient(refusal)) return;
    switch (ask.type) {
      case 'read-transfer': {
        if (answer === null) {
          if (mustBeFound)
            throw new Contradiction(`${ask.owner} ${ask.id} was told, and is not found`);
          return;
        }
        const known = this.ids.get(`${ask.owner} ${ask.id}`);
        if (known === undefined)
          throw new Contradiction(`${ask.owner} ${ask.id} was never asked: ${text}`);
        this.found(known, answer as TransferRecord);
        return;
      }
      case 'balance':
        for (const balance of answer as Balance[]) {
          this.balance(balance);
          if (balance.version < (floor.get(balance.asset) ?? 0)) {
            throw new Contradiction(
              `${ask.owner} ${balance.asset} went back to version ${balance.version}`,
            );
          }
        }
        return;
      case 'read-hold': {
        const remaining = answer === null ? 0 : (answer as HoldState).remaining;
        if (remaining > (floor.get('remaining') ?? remaining)) {
          throw new Contradiction(`hold ${ask.owner} ${ask.holdId} grew: ${text}`);
        }
        return;
      }
      case 'read-record': {
        if (answer === null) return;
        const record = answer as OwnerRecord;
        this.#recordValue(`${ask.owner} ${ask.key} ${record.version}`, textOf(record.value));
        return;
      }
      case 'entries':
        for (const entry of (answer as { entries: (Entry & { shard: number; id?: string })[] })
          .entries) {
          this.entry(entry, entry.shard, entry.id);
        }
    }
  }
}
