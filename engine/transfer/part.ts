// A shard's part in a command between shards, as far as all commands have it in common. Owns: its transit here, the messages
// to the next shard and back. Never touches: which accounts it concerns: legs-part.ts and entries-part.ts know.

import type { AccountDraft } from '../ledger/account-draft.js';
import type { Work } from '../ledger/work.js';
import type { LoggedPlan } from '../programme/plan.js';
import { CommandView } from '../protocol/command-view.js';
import { ENTRY, EXTRA, TRANSIT } from '../protocol/effects.js';
import { isPassing } from '../protocol/refusals.js';
import { planIn } from './carried.js';
import { Chain } from './chain.js';
import { prepareOf } from './courier.js';
import { LegLots, lotsToSend } from './lots.js';
import type { Transit } from './open/transits.js';
import { PutsPart } from './puts-part.js';

export abstract class Part {
  readonly work: Work;
  readonly chain = new Chain();
  readonly here: number;
  readonly lots = new LegLots();
  protected readonly puts: PutsPart;
  /** The command, as messages carry it. */
  carried = new CommandView();
  /** What the command so far brings to and takes from each account, in the order of the accounts loaded. */
  readonly #in: number[] = [];
  readonly #out: number[] = [];

  constructor(work: Work) {
    this.work = work;
    this.puts = new PutsPart(work);
    this.here = work.state.places.shard;
  }

  /** The type of the entries it posts. */
  abstract get entryType(): number;
  /** Is everything that it names known here? A shard that is behind hears of it soon. */
  abstract get isUnderstood(): boolean;
  /** Loads the accounts on this shard. */
  protected abstract find(): void;
  /** Reserves this shard's part, in the loaded accounts alone. Returns a refusal's number or 0. */
  abstract reserve(): number;
  /** What is expected here and (below 0) reserved, system owners and stripes too, as Transit.expected. */
  abstract expected(): number[];
  /** Posts what was reserved, in the loaded accounts alone. Returns a refusal's number, on the last shard only, or 0. */
  abstract post(): number;
  /** Gives back what was reserved, in the loaded accounts alone. */
  abstract free(): void;
  /** After the line: what else is different when it is open, and when it is decided. */
  protected abstract opened(): void;
  abstract decided(isPosted: boolean): void;

  /** What the command has decided beside its legs; undefined: nothing. */
  protected planOf(carried: CommandView): LoggedPlan | undefined {
    const { work } = this;
    return (carried === work.command ? work.plan : undefined) ?? planIn(carried);
  }

  get next(): number {
    return this.chain.after(this.here);
  }

  /** The last shard posts at once. */
  get isLast(): boolean {
    return this.next < 0;
  }

  /** Loads the accounts, with what was due on them applied. */
  load(): void {
    this.find();
    if (this.work.settle()) this.find();
  }

  /** Before amounts are added up. */
  protected clearSums(): void {
    for (let i = 0; i < this.work.workingCount; i++) {
      this.#in[i] = 0;
      this.#out[i] = 0;
    }
  }

  /** All that an account is to get so far, this included. */
  protected getting(account: AccountDraft, amount: number): number {
    return this.#added(this.#in, account, amount);
  }

  /** All that an account is to give so far, this included. */
  protected giving(account: AccountDraft, amount: number): number {
    return this.#added(this.#out, account, amount);
  }

  #added(sums: number[], account: AccountDraft, amount: number): number {
    const place = this.work.working.indexOf(account);
    const sum = (sums[place] as number) + amount;
    sums[place] = sum;
    return sum;
  }

  /** Ends its record here. */
  note(state: number, owner: string, id: string, deadline: number): void {
    const numbers = [state, deadline, this.chain.before(this.here), this.next];
    this.work.draft.effects.extra(EXTRA.transit, [...numbers, ...this.lots.numbers()], [owner, id]);
  }

  /** From here on it is open here, and the next shard is asked. */
  open(owner: string, id: string, deadline: number): void {
    const { work, carried, next } = this;
    const transit: Transit = {
      owner,
      id,
      deadline,
      next,
      seq: work.draft.seq,
      transfer: carried.bytes.slice(carried.start, carried.end),
      lots: this.lots.numbers(),
      expected: this.expected(),
    };
    work.saveReserves(ENTRY.reserve);
    this.opened();
    this.note(TRANSIT.open, owner, id, deadline);
    work.state.transits.open(transit);
    work.opened = transit;
    work.outbox.push({ to: next, command: prepareOf(transit) });
  }

  /** Tells the shard before. `told`: the deadline of what is answered. */
  answer(owner: string, id: string, refusal: number, told: number): void {
    const to = this.chain.before(this.here);
    if (to < 0) return;
    const { bytes, start, end } = this.carried;
    const carried = bytes.subarray(start, end);
    const transfer = refusal === 0 ? carried : undefined;
    const lots = lotsToSend(carried, this.lots.numbers());
    const deadline = isPassing(refusal) ? told : undefined;
    const command = { type: 'decision', id, owner, refusal, lots, transfer, deadline } as const;
    this.work.outbox.push({ to, command });
  }
}
