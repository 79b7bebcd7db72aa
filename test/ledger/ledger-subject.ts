// The ledger itself, in memory and in this thread, as a subject of the rule tests.
// Owns: reading state and log back. Never touches: what the ledger decides.

import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { F, I } from '../../engine/ledger/page.js';
import { balancesOf, holdOf, recordOf } from '../../engine/ledger/reads.js';
import { BlockView } from '../../engine/protocol/block.js';
import { commandOfTuple } from '../../engine/protocol/codec.js';
import type { Command } from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import type {
  Asset,
  Balance,
  HistoryEntry,
  HoldState,
  Outcome,
  OwnerRecord,
  PastBalance,
  TransferRecord,
} from '../../engine/protocol/outcomes.js';
import { entryOf, outcomeOf } from '../../engine/protocol/read-back.js';
import { completed, type Scope } from './model.js';
import type { Subject } from './subject.js';

type Business = Pick<HistoryEntry, 'id' | 'kind' | 'ref' | 'memo' | 'metadata'>;

export class LedgerSubject implements Subject {
  readonly #memory: MemoryLedger;
  readonly #blocks: BlockView[] = [];
  /** Histories read so far, to be read again only where there is more of them. */
  readonly #histories = new Map<string, HistoryEntry[]>();

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
        if (state.pages.minDue[bucket]! > time) continue;
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
    return balancesOf(this.#memory.state, owner);
  }

  #block(seq: number): BlockView {
    return (this.#blocks[seq] ??= new BlockView(this.#memory.blocks[seq - 1]!));
  }

  entries(owner: string, asset: string, time: number): readonly HistoryEntry[] {
    this.#settle(owner, time);
    const { ledger, state } = this.#memory;
    const place = ledger.findAccount(owner, state.assets.indexOf(asset));
    if (place === null) return [];
    const { page, index } = place;
    const version = page.f64[page.f(index) + F.version]!;
    const read = this.#histories.get(`${owner} ${asset}`);
    if (read?.length === version) return read;
    let seq = page.f64[page.f(index) + F.headSeq]!;
    let offset = page.i32[page.n(index) + I.headOffset]!;
    const found: HistoryEntry[] = [];
    while (seq > 0) {
      const { effects, header } = this.#block(seq);
      const view = effects.entry(offset);
      const { tuple } = this.#memory.read(seq, view.recordOffset);
      const { id, kind, ref, memo, metadata } = commandOfTuple(tuple) as Business;
      const entry = entryOf(view, state.assets);
      found.push({ ...entry, id, kind, ref, memo, metadata, time: header.time, shard: 0, seq });
      seq = view.previousSeq;
      offset = view.previousOffset;
    }
    this.#histories.set(`${owner} ${asset}`, found.reverse());
    return found;
  }

  balanceAt(owner: string, asset: string, at: number, time: number): PastBalance {
    const last = this.entries(owner, asset, time).findLast((entry) => entry.time <= at);
    const { available, held, version } = last ?? { available: 0, held: 0, version: 0 };
    return { owner, asset, at, available, held, total: available + held, version };
  }

  hold(owner: string, id: string, time: number): HoldState | undefined {
    this.#settle(owner, time);
    return holdOf(this.#memory.state, owner, id);
  }

  record(owner: string, recordType: string, key: string, time: number): OwnerRecord | undefined {
    this.#settle(owner, time);
    return recordOf(this.#memory.state, owner, recordType, key);
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
    const { state, blocks } = this.#memory;
    const twin = MemoryLedger.replay(blocks).state;
    if (twin.recordVersion !== state.recordVersion) return `L6: record ${twin.recordVersion}`;
    const is = canonicalState(twin);
    const should = canonicalState(state);
    const at = should.findIndex((line, n) => line !== is[n]);
    if (at < 0 && is.length === should.length) return undefined;
    return `L6: replayed gives ${is[at]} instead of ${should[at]}`;
  }

  close(): void {}
}
