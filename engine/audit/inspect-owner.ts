// An owner of a folder, readable: the last checkpoint brought up to the end of the log. Owns: how that is put together.
// Never touches: the folder, not even its lock (see inspect.ts).

import { existsSync } from 'node:fs';
import { F, I } from '../ledger/page.js';
import { NEVER } from '../limits.js';
import type { BlockView } from '../protocol/block.js';
import { commandOfTuple, unpackTuple } from '../protocol/codec.js';
import type { LoggedCommand } from '../protocol/commands.js';
import { effectiveTime } from '../protocol/effective.js';
import { type EntryView, EXTRA, type Extra, FLAG, PENDING } from '../protocol/effects.js';
import { ownerHash, slotOf } from '../protocol/hash.js';
import type { Asset, Entry, OwnerRecord } from '../protocol/outcomes.js';
import { entryOf, idOf } from '../protocol/read-back.js';
import { isSystemOwner } from '../protocol/syntax.js';
import { type Folder, openFolder, shardLogPath, shardStatePath } from '../store/folder.js';
import { verifiedBlock } from '../store/verified-block.js';
import { type InspectedHold, learnAsset, readBlock } from './inspect.js';
import { type InspectedTransit, OpenTransfers } from './inspect-cross.js';
import { PageView, type StoredHold, type StoredOwnerRecord } from './page-view.js';
import { writtenValue } from './plan-check.js';
import { Reader } from './reader.js';
import { readRoot } from './state-check.js';
import { unpack } from './tasks.js';

const STEP_BYTES = 4 * 1024 * 1024;
const ENTRIES_SHOWN = 20;

/** An entry with where it is. */
export interface InspectedEntry extends Entry {
  readonly seq: number;
  /** When it was booked, and when it took effect, in ISO 8601. */
  readonly time: string;
  readonly effective: string;
  readonly id: string | undefined;
}

export interface InspectedAccount {
  readonly asset: string;
  readonly available: number;
  readonly held: number;
  readonly earned: number;
  readonly spent: number;
  readonly expired: number;
  readonly version: number;
  readonly creditLimit: number;
  readonly frozen: boolean;
  readonly closed: boolean;
  readonly lots: readonly {
    readonly expiresAt: string | null;
    readonly available: number;
    readonly held: number;
  }[];
  /** The latest ones, newest first. */
  readonly entries: readonly InspectedEntry[];
}

/** What an owner has on one shard: a user on one, a system owner a stripe on each. */
export interface InspectedStripe {
  readonly shard: number;
  /** The block it is after. */
  readonly seq: number;
  readonly accounts: readonly InspectedAccount[];
  /** With pending earnings. */
  readonly holds: readonly InspectedHold[];
  readonly records: readonly OwnerRecord[];
  /** Cross-shard transfers that wait for their decision here and have something to do with the owner. */
  readonly openTransfers: readonly InspectedTransit[];
}

export interface InspectedOwner {
  readonly owner: string;
  readonly stripes: readonly InspectedStripe[];
}

/** An account while it is put together. */
interface Account {
  available: number;
  held: number;
  earned: number;
  spent: number;
  expired: number;
  version: number;
  creditLimit: number;
  flags: number;
  headSeq: number;
  headOffset: number;
  readonly lots: Map<number, [number, number]>;
}

const timeText = (ms: number): string => new Date(ms).toISOString();

/**
 * What an owner has: accounts with lots and latest entries, holds, records, after the last block on disk; undefined: the
 * owner is not known. Nothing is made to expire by looking. Works while a server has the folder open. Throws where the folder is
 * none, or what is read is damaged.
 */
export async function inspectAccount(
  path: string,
  owner: string,
): Promise<InspectedOwner | undefined> {
  const folder = openFolder(path, { create: false, lock: false });
  const home = folder.slotMap[slotOf(owner)] as number;
  const shards = isSystemOwner(owner) ? folder.here : [home];
  if (!isSystemOwner(owner) && !folder.here.includes(home))
    throw new Error(`${owner} is on shard ${home}, which is in another node's folder`);
  const reader = new Reader();
  try {
    const stripes: InspectedStripe[] = [];
    for (const shard of shards) {
      const found = await new OwnerView(owner, reader).read(folder, shard);
      const { accounts, holds, records, openTransfers } = found;
      if (accounts.length + holds.length + records.length + openTransfers.length > 0)
        stripes.push(found);
    }
    return stripes.length === 0 ? undefined : { owner, stripes };
  } finally {
    await reader.end();
  }
}

class OwnerView {
  readonly #owner: string;
  readonly #reader: Reader;
  readonly #accounts = new Map<number, Account>();
  readonly #holds = new Map<string, StoredHold>();
  readonly #records = new Map<string, StoredOwnerRecord>();
  readonly #assets: Asset[] = [];
  readonly #open = new OpenTransfers();

  constructor(owner: string, reader: Reader) {
    this.#owner = owner;
    this.#reader = reader;
  }

  async read(folder: Folder, shard: number): Promise<InspectedStripe> {
    const [logPath, statePath] = [
      shardLogPath(folder.path, shard),
      shardStatePath(folder.path, shard),
    ];
    const hash = ownerHash(this.#owner);
    const { stored } = existsSync(statePath)
      ? await this.#reader.run('stored-page', { path: statePath, hash })
      : { stored: undefined };
    let seq = 0;
    if (stored !== undefined) {
      const root = readRoot(stored.root);
      seq = root.seq;
      this.#assets.push(...root.assets);
      this.#open.take(root.transits);
      if (stored.page !== undefined) this.#take(new PageView(new Uint8Array(stored.page)));
    }
    const { head } = existsSync(logPath)
      ? await this.#reader.run('open-log', { path: logPath })
      : { head: 0 };
    while (seq < head) {
      const { blocks, fault } = await this.#reader.run('blocks', {
        from: seq + 1,
        to: head,
        bytes: STEP_BYTES,
      });
      for (const bytes of unpack(blocks)) this.#follow(verifiedBlock(bytes as Uint8Array, ++seq));
      if (fault !== undefined) throw new Error(`block ${fault.seq}: ${fault.what}`);
    }
    return {
      shard,
      seq,
      accounts: await this.#shown(),
      holds: [...this.#holds.values()].map(
        ({ owner, id, asset, remaining, deadline, isPending }) => ({
          owner,
          id,
          asset: this.#code(asset),
          remaining,
          ...(deadline === NEVER ? {} : { deadline }),
          ...(isPending ? { isPending } : {}),
        }),
      ),
      records: [...this.#records.values()].map(
        ({ owner, type, key, value, version, expiresAt }) => ({
          owner,
          recordType: type,
          key,
          value,
          version,
          ...(expiresAt === NEVER ? {} : { expiresAt }),
        }),
      ),
      openTransfers: this.#open.of(this.#owner),
    };
  }

  #code(asset: number): string {
    return this.#assets[asset]?.asset ?? `#${asset}`;
  }

  #account(asset: number): Account {
    let account = this.#accounts.get(asset);
    if (account === undefined) {
      account = {
        available: 0,
        held: 0,
        earned: 0,
        spent: 0,
        expired: 0,
        version: 0,
        creditLimit: 0,
        flags: 0,
        headSeq: 0,
        headOffset: 0,
        lots: new Map(),
      };
      this.#accounts.set(asset, account);
    }
    return account;
  }

  /** What the owner has in a stored page. */
  #take(page: PageView): void {
    for (let i = 0; i < page.count; i++) {
      if (page.owner(i) !== this.#owner) continue;
      const account = this.#account(page.i(i, I.asset));
      account.available = page.f(i, F.available);
      account.held = page.f(i, F.held);
      account.earned = page.f(i, F.earned);
      account.spent = page.f(i, F.spent);
      account.expired = page.f(i, F.expired);
      account.version = page.f(i, F.version);
      account.creditLimit = page.f(i, F.creditLimit);
      account.flags = page.i(i, I.flags);
      account.headSeq = page.f(i, F.headSeq);
      account.headOffset = page.i(i, I.headOffset);
      const lots = page.lots(i);
      for (let at = 0; at < lots.length; at += 3) {
        account.lots.set(lots[at] as number, [lots[at + 1] as number, lots[at + 2] as number]);
      }
    }
    for (const hold of page.holds) if (hold.owner === this.#owner) this.#holds.set(hold.id, hold);
    for (const record of page.records) {
      if (record.owner === this.#owner) this.#records.set(`${record.type}\0${record.key}`, record);
    }
  }

  /** What a later block did to the owner. */
  #follow(block: BlockView): void {
    const { header, effects, commands } = block;
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      for (const view of effects.entries(at))
        if (view.owner === this.#owner) this.#enter(view, header.seq);
      for (const extra of effects.extras(at)) {
        learnAsset(extra, this.#assets);
        if (extra.tag === EXTRA.transit) this.#open.follow(block, at, extra);
        if (extra.texts[0] !== this.#owner) continue;
        const start = effects.commandOffset(at);
        this.#change(extra, commands.subarray(start, start + effects.commandLength(at)));
      }
    }
  }

  #enter(view: EntryView, seq: number): void {
    const account = this.#account(view.asset);
    account.available = view.available;
    account.held = view.held;
    account.earned += view.earned;
    account.spent += view.spent;
    account.expired += view.expired;
    account.version = view.version;
    account.headSeq = seq;
    account.headOffset = view.offset;
    changeLots(account, view.slices);
  }

  #change({ tag, numbers, texts }: Extra, command: Uint8Array): void {
    const [first = 0, second = 0, third = 0] = numbers;
    const [owner = '', type = '', key = ''] = texts;
    if (tag === EXTRA.hold) {
      const slices = Array.from(numbers.subarray(3));
      if (second === 0) this.#holds.delete(type);
      else
        this.#holds.set(type, {
          owner,
          id: type,
          asset: first,
          remaining: second,
          deadline: third,
          isPending: texts[2] === PENDING,
          slices,
        });
    } else if (tag === EXTRA.account) {
      const account = this.#account(first);
      account.flags = second;
      account.creditLimit = third;
    } else if (tag === EXTRA.reserve) {
      const account = this.#account(first);
      account.available -= second;
      account.held += second;
      changeLots(account, numbers.subarray(2));
    } else if (tag === EXTRA.record) {
      const place = `${type}\0${key}`;
      const tuple = unpackTuple(command, 0, command.length);
      const written = writtenValue(tuple, owner, type, key) as Uint8Array | undefined;
      if (third < 0 || written === undefined) this.#records.delete(place);
      else {
        const value = new Uint8Array(written);
        this.#records.set(place, { owner, type, key, value, version: first, expiresAt: second });
      }
    }
  }

  async #shown(): Promise<InspectedAccount[]> {
    const shown: InspectedAccount[] = [];
    for (const [asset, account] of this.#accounts) {
      const { available, held, earned, spent, expired, version, creditLimit, flags } = account;
      const lots = [...account.lots].sort(([a], [b]) => a - b);
      shown.push({
        asset: this.#code(asset),
        available,
        held,
        earned,
        spent,
        expired,
        version,
        creditLimit,
        frozen: (flags & FLAG.frozen) !== 0,
        closed: (flags & FLAG.closed) !== 0,
        lots: lots.map(([expiry, [free, kept]]) => ({
          expiresAt: expiry === NEVER ? null : timeText(expiry),
          available: free,
          held: kept,
        })),
        entries: await this.#latest(account),
      });
    }
    return shown.sort((a, b) => (a.asset < b.asset ? -1 : 1));
  }

  /** The latest entries, by way of their pointers. */
  async #latest({ headSeq, headOffset }: Account): Promise<InspectedEntry[]> {
    const entries: InspectedEntry[] = [];
    let [seq, offset] = [headSeq, headOffset];
    while (seq > 0 && entries.length < ENTRIES_SHOWN) {
      const block = await readBlock(this.#reader, seq);
      const { header, effects, commands } = block;
      const view = effects.entry(offset);
      const start = effects.commandOffset(view.recordOffset);
      const tuple = unpackTuple(commands, start, start + effects.commandLength(view.recordOffset));
      const id = idOf(commandOfTuple(tuple) as LoggedCommand);
      entries.push({
        ...entryOf(view, { list: this.#assets }),
        seq,
        time: timeText(header.time),
        effective: timeText(effectiveTime(block, view)),
        id,
      });
      [seq, offset] = [view.previousSeq, view.previousOffset];
    }
    return entries;
  }
}

/** `changes`: (expiry, available, held) one after the other. */
function changeLots({ lots }: Account, changes: Float64Array): void {
  for (let i = 0; i < changes.length; i += 3) {
    const expiry = changes[i] as number;
    const [available, held] = lots.get(expiry) ?? [0, 0];
    const lot: [number, number] = [
      available + (changes[i + 1] as number),
      held + (changes[i + 2] as number),
    ];
    if (lot[0] === 0 && lot[1] === 0) lots.delete(expiry);
    else lots.set(expiry, lot);
  }
}
