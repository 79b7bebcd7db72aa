// A partner over a list: the adapter's contract carried out in this process, as exactly as a partner can. Owns: its operations, how it pages, what it is told
// to do wrong. Never touches: the network, the ledger.

import type {
  ListedOperation,
  OperationsPage,
  PartnerAdapter,
  PartnerAnswer,
  PartnerCall,
  PartnerUser,
  Totals,
  Unknown,
} from '../../gateway/partners/adapter.js';

export class ListPartner implements PartnerAdapter {
  /** In its order: one id may be there twice. */
  list_: ListedOperation[];
  pageSize = 500;
  /** What is answered instead of a page, by its number from 0 on. */
  instead = new Map<number, (page: OperationsPage) => OperationsPage | Unknown>();
  /** Ids that it says nothing of. */
  readonly silent = new Set<string>();
  /** Whether it is asked in vain, whatever for. */
  isDown = false;
  pages = 0;
  asked = 0;
  /** Points of its members that are none of this ledger's. */
  base = 1_000_000;
  #byId: Map<string, ListedOperation> | undefined;

  constructor(operations: ListedOperation[]) {
    this.list_ = operations;
  }

  get #all(): Map<string, ListedOperation> {
    this.#byId ??= new Map([...this.list_].reverse().map((one) => [one.operation, one]));
    return this.#byId;
  }

  /** Its list is another one from now on. */
  set list(operations: ListedOperation[]) {
    this.list_ = operations;
    this.#byId = undefined;
  }

  async operations(
    from: number,
    until: number,
    cursor: string | undefined,
  ): Promise<OperationsPage | Unknown> {
    this.pages++;
    if (this.isDown) return { state: 'unknown', why: 'ECONNREFUSED' };
    const at = cursor === undefined ? 0 : Number(cursor);
    const within = (one: ListedOperation): boolean => one.at >= from && one.at < until;
    const operations: ListedOperation[] = [];
    let next = at;
    for (; next < this.list_.length && operations.length < this.pageSize; next++)
      if (within(this.list_[next]!)) operations.push(this.list_[next]!);
    const page: OperationsPage = {
      state: 'page',
      operations,
      ...(next < this.list_.length ? { next: String(next) } : {}),
    };
    return this.instead.get(this.pages - 1)?.(page) ?? page;
  }

  async operation(id: string): Promise<PartnerAnswer> {
    this.asked++;
    if (this.isDown || this.silent.has(id)) return { state: 'unknown', why: 'TIMEOUT' };
    return this.#all.get(id) ?? { state: 'absent' };
  }

  async totals(asset: string, until: number): Promise<Totals | Unknown> {
    if (this.isDown) return { state: 'unknown', why: 'ECONNREFUSED' };
    const sums = { add: 0, deduct: 0 };
    for (const one of this.list_)
      if (one.asset === asset && one.state === 'completed' && one.at < until)
        sums[one.kind] += one.amount;
    const { add: added, deduct: deducted } = sums;
    return { state: 'totals', total: this.base + added - deducted, added, deducted };
  }

  async carryOut({ operation, ...call }: PartnerCall): Promise<PartnerAnswer> {
    const known = this.#all.get(operation);
    if (known !== undefined) return { ...known, idempotent: true };
    const made = { operation, ...call, state: 'completed' as const, at: Date.now() };
    this.list = [...this.list_, made];
    return made;
  }

  async rollBack({ operation, ...call }: PartnerCall): Promise<PartnerAnswer> {
    const known = this.#all.get(operation);
    const state = known === undefined ? ('void' as const) : ('rolled_back' as const);
    const after = { operation, ...call, at: Date.now(), ...known, state };
    this.list = [...this.list_.filter((one) => one.operation !== operation), after];
    return after;
  }

  async user(user: string): Promise<PartnerUser> {
    return { state: 'user', user };
  }

  async createUser({ key }: { readonly key: string }): Promise<PartnerUser> {
    return { state: 'user', user: key };
  }

  async health(): Promise<{ readonly state: 'well' } | Unknown> {
    return this.isDown ? { state: 'unknown', why: 'ECONNREFUSED' } : { state: 'well' };
  }

  close(): void {}
}
