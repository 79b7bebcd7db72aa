// Balances as they were at a time. Owns: which shards and accounts are asked, at which time and how far (as-of.ts), the sums over stripes.
// Never touches: logs.
//   reads.A2. A time that is still to come is read as now: what will be over by then is not foreseen.

import type { Granted } from '../protocol/grants.js';
import {
  isRefusal,
  type PastBalance,
  type PastBalances,
  type Refused,
  refused,
} from '../protocol/outcomes.js';
import type { PastQuery } from '../protocol/reads.js';
import { isSystemOwner } from '../protocol/syntax.js';
import type { Router } from '../router/router.js';
import type { Answer, Standing } from '../shard/messages.js';
import type { PastEntry } from '../shard/past.js';
import { type Cuts, cutsOf, isAsOf, isTime } from './as-of.js';
import type { Histories } from './histories.js';

/** Accounts that are read at a time: each goes through the log. */
const AT_A_TIME = 64;

type BalanceAnswer = Extract<Answer, { type: 'balance' }>;

/** An account of an owner, and the shards that have a part of it. */
interface Account {
  readonly owner: string;
  readonly asset: string;
  readonly shards: readonly number[];
}

export class PastBalancesRead {
  readonly #router: Router;
  readonly #histories: Histories;
  readonly #asking: { readonly granted: Granted; readonly owned: boolean };
  readonly #standings = new Map<number, Standing>();

  /** `owned`: the engine asks for itself, so that scarce owners may be named. */
  constructor(router: Router, histories: Histories, granted: Granted, owned = false) {
    this.#router = router;
    this.#histories = histories;
    this.#asking = { granted, owned };
  }

  async read({ owners, asset, at: asked, asOf }: PastQuery): Promise<PastBalances | Refused> {
    if (!isTime(asked)) return refused('QUERY_INVALID', 'at');
    if (asOf !== undefined && !isAsOf(asOf)) return refused('QUERY_INVALID', 'asOf');
    const found = await Promise.all(owners.map((owner) => this.#accounts(owner, asset)));
    for (const [i, one] of found.entries())
      if (isRefusal(one)) return one.field === 'owner' ? { ...one, field: `owners[${i}]` } : one;
    const times = [...this.#standings.values()].map(({ time }) => time);
    const at = Math.min(asked, ...times);
    if (typeof asOf === 'number' && asOf < at) return refused('QUERY_INVALID', 'asOf');
    const cuts = cutsOf(this.#standings, asOf);
    if (isRefusal(cuts)) return cuts;
    const balances: PastBalance[][] = owners.map(() => []);
    const accounts = (found as Account[][]).flatMap((all, i) =>
      all.map((one) => [i, one] as const),
    );
    for (let from = 0; from < accounts.length; from += AT_A_TIME) {
      const some = accounts.slice(from, from + AT_A_TIME);
      const read = await Promise.all(some.map(([, account]) => this.#at(account, at, cuts)));
      for (const [n, one] of read.entries()) {
        if (isRefusal(one)) return one;
        if (one !== undefined) balances[some[n]?.[0] as number]?.push(one);
      }
    }
    return { at, asOf: cuts.told, balances };
  }

  /** The accounts that the caller may read, by asset, with what is due on them applied. */
  async #accounts(owner: string, asset: string | undefined): Promise<Account[] | Refused> {
    const isStriped = typeof owner === 'string' && isSystemOwner(owner);
    const shards = isStriped
      ? this.#router.lanes.map(({ shard }) => shard)
      : [this.#router.shardOf(String(owner))];
    const query = { type: 'balance', owner, asset } as const;
    const answers = await Promise.all(
      shards.map((shard) => this.#router.ask<'balance'>(query, shard, this.#asking)),
    );
    const shardsOf = new Map<string, number[]>();
    for (const [i, answer] of answers.entries()) {
      if (isRefusal(answer)) return answer;
      const shard = shards[i] as number;
      const { balances, closedSeq, time } = answer as BalanceAnswer;
      const known = this.#standings.get(shard);
      // Those of several owners are asked for in one turn; where they were not answered in one, the earliest holds.
      if (known === undefined || time < known.time || closedSeq < known.closedSeq)
        this.#standings.set(shard, { closedSeq, time });
      for (const { asset } of balances)
        shardsOf.set(asset, [...(shardsOf.get(asset) ?? []), shard]);
    }
    return [...shardsOf]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([asset, shards]) => ({ owner, asset, shards }));
  }

  /** One account; undefined: it had no entry by the cut. */
  async #at(
    { owner, asset, shards }: Account,
    at: number,
    cuts: Cuts,
  ): Promise<PastBalance | undefined | Refused> {
    const account = { owner, asset };
    const stripes = await Promise.all(
      shards.map((shard) => this.#histories.at(shard, account, at, cuts.of(shard), this.#asking)),
    );
    let [available, held, version, isKnown] = [0, 0, 0, false];
    for (const stripe of stripes) {
      if (isRefusal(stripe)) return stripe;
      const found: PastEntry = stripe;
      available += found.available;
      held += found.held;
      version += found.version;
      isKnown ||= found.isKnown;
    }
    if (!isKnown) return undefined;
    return { owner, asset, at, available, held, total: available + held, version };
  }
}
