// The ledger itself, in memory and in this thread, as a subject of the rule tests.
// Owns: reading state and log back. Never touches: what the ledger decides.

import { MemoryLedger } from '../../engine/ledger/memory.js';
import {
  F,
  F_STRIDE,
  holdKey,
  I,
  I_STRIDE,
  LOT_FIELDS,
  recordKey,
} from '../../engine/ledger/page.js';
import { NEVER } from '../../engine/limits.js';
import { BlockView } from '../../engine/protocol/block.js';
import { commandOfTuple } from '../../engine/protocol/codec.js';
import type { Command } from '../../engine/protocol/commands.js';
import { FLAG } from '../../engine/protocol/effects.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import type {
  Asset,
  Balance,
  HistoryEntry,
  HoldState,
  Lot,
  Outcome,
  OwnerRecord,
  PastBalance,
  TransferRecord,
} from '../../engine/protocol/outcomes.js';
import { entryOf, outcomeOf } from '../../engine/protocol/read-back.js';
import { completed, type Scope } from './model.js';
import type { Subject } from './subject.js';

type Business = Pick<HistoryEntry, 'id' | 'kind' | 'ref' | 'memo' | 'metadata'>;

const timeOf = (expiry: number): number | null => (expiry === NEVER ? null : expiry);

export class LedgerSubject implements Subject {
  readonly #memory: MemoryLedger;
  readonly #blocks: BlockView[] = [];

  constructor(memory = new MemoryLedger()) {
    this.#memory = memory;
  }

  apply(commands: readonly Command[], time: number): Outcome[] {
    return this.#memory.apply(commands.map(completed), time);
  }

  tick(time: number): readonly Scope[] {
    const { ledger, state } = this.#memory;
    const served: Scope[] = [];
    this.#inBlock(time, () => {
      for (let bucket = 0; bucket < state.pages.shape.buckets; bucket++) {
        const scope = state.pages.scopeOf(bucket);
        if (ledger.settleBucket(bucket)) served.push(scope);
      }
    });
    return served;
  }

  #inBlock(time: number, change: () => void): void {
    const { ledger, blocks } = this.#memory;
    ledger.draft.open(blocks.length + 1, time);
    ledger.openBlock(ledger.draft);
    change();
    this.#memory.seal();
  }

  #settle(owner: string, time: number): void {
    this.#inBlock(time, () => this.#memory.ledger.settleOwner(owner, ownerHash(owner)));
  }

  assets(): readonly Asset[] {
    const { list } = this.#memory.state.assets;
    return [...list].sort((a, b) => (a.asset < b.asset ? -1 : 1));
  }

  balances(owner: string, time: number): readonly Balance[] {
    this.#settle(owner, time);
    return this.assets().flatMap(({ asset }) => this.#balance(owner, asset) ?? []);
  }

  #place(owner: string, asset: string) {
    return this.#memory.ledger.findAccount(owner, this.#memory.state.assets.indexOf(asset));
  }

  #balance(owner: string, asset: string): Balance | undefined {
    const place = this.#place(owner, asset);
    if (place === null) return undefined;
    const { page, index } = place;
    const number = (field: keyof typeof F) => page.f64[index * F_STRIDE + F[field]]!;
    const int = (field: keyof typeof I) => page.i32[index * I_STRIDE + I[field]]!;
    const lots: Lot[] = [];
    for (let n = 0; n < int('lotCount'); n++) {
      const at = int('lotOffset') + n * LOT_FIELDS;
      const [expiry, available, held] = page.lots.subarray(at, at + LOT_FIELDS);
      lots.push({ expiresAt: timeOf(expiry!), available: available!, held: held! });
    }
    return {
      owner,
      asset,
      available: number('available'),
      held: number('held'),
      total: number('available') + number('held'),
      earned: number('earned'),
      spent: number('spent'),
      expired: number('expired'),
      version: number('version'),
      creditLimit: number('creditLimit'),
      frozen: (int('flags') & FLAG.frozen) !== 0,
      closed: (int('flags') & FLAG.closed) !== 0,
      lots,
    };
  }

  #block(seq: number): BlockView {
    return (this.#blocks[seq] ??= new BlockView(this.#memory.blocks[seq - 1]!));
  }

  entries(owner: string, asset: string, time: number): readonly HistoryEntry[] {
    this.#settle(owner, time);
    const place = this.#place(owner, asset);
    if (place === null) return [];
    const { page, index } = place;
    let seq = page.f64[index * F_STRIDE + F.headSeq]!;
    let offset = page.i32[index * I_STRIDE + I.headOffset]!;
    const found: HistoryEntry[] = [];
    while (seq > 0) {
      const { effects, header } = this.#block(seq);
      const view = effects.entry(offset);
      const { tuple } = this.#memory.read(seq, view.recordOffset);
      const { id, kind, ref, memo, metadata } = commandOfTuple(tuple) as Business;
      const entry = entryOf(view, this.#memory.state.assets);
      found.push({ ...entry, id, kind, ref, memo, metadata, time: header.time, shard: 0, seq });
      seq = view.previousSeq;
      offset = view.previousOffset;
    }
    return found.reverse();
  }

  balanceAt(owner: string, asset: string, at: number, time: number): PastBalance {
    const last = this.entries(owner, asset, time).findLast((entry) => entry.time <= at);
    const { available, held, version } = last ?? { available: 0, held: 0, version: 0 };
    return { owner, asset, at, available, held, total: available + held, version };
  }

  hold(owner: string, id: string, time: number): HoldState | undefined {
    this.#settle(owner, time);
    const { pages, assets } = this.#memory.state;
    const hold = pages.pageOf(ownerHash(owner)).holds?.get(holdKey(owner, id));
    if (hold === undefined) return undefined;
    const { remaining, deadline } = hold;
    const { asset } = assets.at(hold.asset);
    return { owner, id, asset, remaining, ...(deadline === NEVER ? {} : { deadline }) };
  }

  record(owner: string, recordType: string, key: string, time: number): OwnerRecord | undefined {
    this.#settle(owner, time);
    const { records } = this.#memory.state.pages.pageOf(ownerHash(owner));
    const record = records?.get(recordKey(owner, recordType, key));
    if (record === undefined) return undefined;
    const { value, version } = record;
    const expiresAt = record.expiresAt === NEVER ? undefined : record.expiresAt;
    return { owner, recordType, key, value, version, expiresAt };
  }

  transfer(owner: string, id: string): TransferRecord | undefined {
    const { ledger, state } = this.#memory;
    const past = ledger.lookUp(owner, id);
    if (past === null) return undefined;
    const { effects, offset, seq, time, tuple } = past;
    const place = { shard: 0, effects, assets: state.assets };
    const outcome = outcomeOf(place, offset, id, seq, time, false);
    return { command: commandOfTuple(tuple) as Command, outcome, time };
  }

  /** L6: the log replayed from empty gives the same effects, block for block, and the same state. */
  audit(): string | undefined {
    const twin = MemoryLedger.replay(this.#memory.blocks);
    const is = stateOf(twin);
    const should = stateOf(this.#memory);
    if (is === should) return undefined;
    const at = [...is].findIndex((letter, n) => letter !== should[n]);
    return `L6: replayed ${is.slice(at - 90, at + 90)}, was ${should.slice(at - 90, at + 90)}`;
  }

  close(): void {}
}

/** Everything the ledger knows, in one order. */
function stateOf({ state }: MemoryLedger): string {
  const { pages, assets, recordVersion } = state;
  const parts: unknown[] = [recordVersion, assets.list];
  for (let bucket = 0; bucket < pages.shape.buckets; bucket++) {
    const page = pages.page(bucket);
    const accounts = Array.from({ length: page.count }, (_, n) => [
      page.ownerAt(n),
      ...page.f64.subarray(n * F_STRIDE, n * F_STRIDE + F.nextDue),
      page.i32[n * I_STRIDE + I.asset],
      page.i32[n * I_STRIDE + I.flags],
      page.i32[n * I_STRIDE + I.headOffset],
      ...page.lots.subarray(
        page.i32[n * I_STRIDE + I.lotOffset]!,
        page.i32[n * I_STRIDE + I.lotOffset]! + page.i32[n * I_STRIDE + I.lotCount]! * LOT_FIELDS,
      ),
    ]);
    const holds = [...(page.holds ?? [])].sort(byKey);
    const records = [...(page.records ?? [])].sort(byKey);
    parts.push(
      accounts,
      holds,
      records.map(([key, { version }]) => [key, version]),
    );
  }
  return JSON.stringify(parts);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
