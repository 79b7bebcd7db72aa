// Legs of an act whose points are pending for its home owner, on his shard. Owns: the pending earnings that they become. Never touches: accounts
// beyond what such a leg credits; how pending earnings end (engine/ledger/pending.ts).

import type { AccountDraft, WhenFull } from '../ledger/account-draft.js';
import { awaitDeadline, writeHold } from '../ledger/due.js';
import { heldSince, holdRoom, openIn, pendingId } from '../ledger/hold-parts.js';
import type { Hold } from '../ledger/page-items.js';
import { APPLIED } from '../ledger/result.js';
import type { Work } from '../ledger/work.js';
import { NEVER } from '../limits.js';
import type { LoggedPlan, PendingLeg } from '../programme/plan.js';
import type { CommandView } from '../protocol/command-view.js';
import { ownerHash } from '../protocol/hash.js';
import { PLACES } from '../protocol/layout.js';

const NONE: readonly PendingLeg[] = [];

export class PendingPart {
  readonly #work: Work;
  #legs = NONE;
  #owner = '';
  #id = '';
  readonly #made: (readonly [AccountDraft, Hold])[] = [];

  constructor(work: Work) {
    this.#work = work;
  }

  /** `plan`: of an act; `home`: the place of its home owner; `isHome`: elsewhere nothing is pending. */
  begin(carried: CommandView, plan: LoggedPlan | undefined, home: number, isHome: boolean): void {
    this.#legs = (isHome ? plan?.pending : undefined) ?? NONE;
    if (this.#legs === NONE) return;
    this.#owner = carried.text(home);
    this.#id = carried.text(PLACES.act.id);
    this.#made.length = 0;
  }

  /** Are the points of this leg pending? */
  has(leg: number): boolean {
    return this.#legs !== NONE && this.#legs.some(([one]) => one === leg);
  }

  /** Has the owner room for them? Returns a refusal's number or 0. */
  reserve(): number {
    if (this.#legs === NONE) return APPLIED;
    const { state } = this.#work;
    const page = state.pages.pageOf(ownerHash(this.#owner));
    return holdRoom(state, page, this.#owner, this.#legs.length);
  }

  /** Credits what a leg brings. Returns a refusal's number or 0. */
  credit(
    leg: number,
    to: AccountDraft,
    amount: number,
    expiresAt: number | null | undefined,
    whenFull: WhenFull,
  ): number {
    const before = to.slices.slice(0, to.sliceNumbers);
    const refusal = this.#work.creditPending(to, amount, expiresAt, whenFull);
    if (refusal !== APPLIED) return refusal;
    const until = this.#legs.find(([one]) => one === leg)?.[1] ?? null;
    const [owner, id, { asset }] = [this.#owner, pendingId(this.#id, leg), to];
    const slices = heldSince(before, to.slices.slice(0, to.sliceNumbers));
    const terms = { remaining: amount, deadline: until ?? NEVER, isPending: true, slices };
    this.#made.push([to, { owner, id, asset, ...terms }]);
    return APPLIED;
  }

  /** After the line, posted: they begin. */
  posted(): void {
    if (this.#legs === NONE) return;
    for (const [account, made] of this.#made) {
      const page = this.#work.create(account);
      openIn(page, made);
      awaitDeadline(this.#work, page, account.index, made);
      writeHold(this.#work, made);
    }
  }
}
