// The ledger itself, in memory and in this thread, as a subject of the rule tests.
// Owns: reading state and log back. Never touches: what the ledger decides.

import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { balancesOf, holdOf, recordOf } from '../../engine/ledger/reads.js';
import { BlockView } from '../../engine/protocol/block.js';
import { commandOfTuple } from '../../engine/protocol/codec.js';
import type { Command } from '../../engine/protocol/commands.js';
import { effectiveTime } from '../../engine/protocol/effective.js';
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
import type { HistoryHead } from '../../engine/shard/history.js';
import { type PastEntry, pastEntry } from '../../engine/shard/past.js';
import { backdatedOf, headOf } from '../../engine/shard/queries.js';
import { Disagreement } from './disagreement.js';
import { completed, type Scope } from './model.js';
import type { Subject } from './subject.js';
import { ToldLots } from './told-lots.js';

type Business = Pick<HistoryEntry, 'id' | 'kind' | 'ref' | 'memo' | 'metadata'>;

export class LedgerSubject implements Subject {
  readonly #memory: MemoryLedger;
  /** By owner and asset, out of the first `#scanned` blocks; and where the last entry is. */
  readonly #histories = new Map<string, HistoryEntry[]>();
  readonly #places = new Map<string, { readonly seq: number; readonly offset: number }>();
  #scanned = 0;
  readonly #told = new ToldLots();
  #toldBlocks = 0;

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
    this.#look();
    this.#told.complete(time);
    return served;
  }

  /** What the feed has told so far. */
  #look(): void {
    const { state, blocks } = this.#memory;
    while (this.#toldBlocks < blocks.length)
      this.#told.add(new BlockView(blocks[this.#toldBlocks++]!), state.assets.list);
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

  entries(owner: string, asset: string, time: number): readonly HistoryEntry[] {
    this.#settle(owner, time);
    while (this.#scanned < this.#memory.blocks.length) this.#scan(++this.#scanned);
    return this.#histories.get(`${owner} ${asset}`) ?? [];
  }

  /** Adds a block's entries to the histories, each of which must point to the one before it. */
  #scan(seq: number): void {
    const block = new BlockView(this.#memory.blocks[seq - 1]!);
    const { effects, header } = block;
    const { assets } = this.#memory.state;
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      const { tuple } = this.#memory.read(seq, at);
      const { id, ref, memo, metadata, ...rest } = commandOfTuple(tuple) as Business;
      for (const view of effects.entries(at)) {
        const entry = entryOf(view, assets);
        const kind = entry.type === 'expire' ? undefined : rest.kind;
        const account = `${entry.owner} ${entry.asset}`;
        const history = this.#histories.get(account) ?? [];
        const last = this.#places.get(account) ?? { seq: 0, offset: 0 };
        if (view.previousSeq !== last.seq || view.previousOffset !== last.offset) {
          throw new Disagreement(`entry ${entry.version} of ${account} has lost the one before it`);
        }
        this.#places.set(account, { seq, offset: view.offset });
        const effective = effectiveTime(block, view);
        const booked = { time: header.time, effective, shard: 0, seq };
        const made = { id, kind, ref, memo, metadata, ...booked };
        history.push(Object.assign(made, entry));
        this.#histories.set(account, history);
      }
    }
  }

  balanceAt(owner: string, asset: string, at: number, time: number): PastBalance {
    this.#settle(owner, time);
    const { blocks, ledger, state } = this.#memory;
    const head = headOf(ledger, owner, state.assets.indexOf(asset)) as HistoryHead;
    const backdated = backdatedOf(ledger, owner, state.assets.indexOf(asset));
    const cut = { seq: blocks.length, time };
    const read = { head, backdated, at, cut, closedSeq: blocks.length };
    const found = pastEntry((seq) => new BlockView(blocks[seq - 1]!), read) as PastEntry;
    const { available, held, version } = found;
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
    const past = ledger.known.lookUp(owner, id);
    if (past === null) return undefined;
    const { effects, offset, seq, time, tuple } = past;
    const place = { shard: 0, effects, assets: state.assets };
    const outcome = outcomeOf(place, offset, id, seq, time, false);
    return { command: commandOfTuple(tuple) as Command, outcome, time };
  }

  /** L6: the log replayed from empty gives the same effects, block for block, and the same state. */
  audit(): string | undefined {
    const { state, blocks } = this.#memory;
    this.#look();
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
