// Exchanges with partners outside, on one shard or several in memory. Owns: the ledger, its clock, what is asked for, what is kept. Never touches: what
// partners say (model-partner.ts); what should be (partner-model.ts).

import { balancesOf } from '../../engine/ledger/reads.js';
import { DEFINITION_LEAD_MS } from '../../engine/limits.js';
import {
  INCONSISTENCY,
  inconsistencyOwner,
  type KeptInconsistency,
  OPEN_INCONSISTENCY,
} from '../../engine/programme/outside/inconsistencies.js';
import { type KeptOperation, LISTED_OPERATION } from '../../engine/programme/outside/operations.js';
import {
  exchangeIdOf,
  type KeptExchange,
  OPEN_EXCHANGE,
  PARTNER_EXCHANGE,
  toldExchange,
} from '../../engine/programme/outside/process.js';
import { COUNTER, type Counts, recordTypeOf, recordValueIn } from '../../engine/programme/plan.js';
import type { Command } from '../../engine/protocol/commands.js';
import { EVERYTHING, grantedBy, OPERATIONS } from '../../engine/protocol/grants.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import type { PartnerExchange } from '../../engine/protocol/outside.js';
import { MemoryShards } from '../ledger/memory-shards.js';
import { MAIN } from './coalition-world.js';
import { SECRET } from './coupon-world.js';
import { HOUR_MS, NOON } from './earning-world.js';

export const FEE = 2;
export const APPROVAL_ABOVE = 2_000;
/** alpha and beta are here; out and far are two partners'. A point of out is worth one of alpha, 5/6 of beta. */
export const EXCHANGING = {
  alpha: {
    ...{ coalition: 'main', platform: 'a', members: 'all' },
    ...{ feeLeast: FEE, mostDay: 60_000, approvalAbove: APPROVAL_ABOVE },
  },
  beta: { coalition: 'main', platform: 'b', members: 'all', reserve: 'pool' },
  out: { coalition: 'main', platform: 'p', outside: true, feeLeast: FEE, mostDay: 60_000 },
  far: { coalition: 'main', platform: 'q', outside: true, approvalAbove: APPROVAL_ABOVE },
} as const;
const SCALES = { alpha: 0, beta: 2, out: 0, far: 0 } as const;
export type Asset = keyof typeof EXCHANGING;

/** As a partner names a member. */
export const userAt = (platform: string, member: string): string => `${platform}-${member}`;

export class PartnerWorld {
  readonly shards: MemoryShards;
  time = NOON;
  #n = 0;

  constructor(count: number) {
    this.shards = new MemoryShards(count);
    for (const { ledger } of this.shards.shards) {
      ledger.definitionsConfirmedUntil = Number.POSITIVE_INFINITY;
      ledger.secret = () => SECRET;
    }
    for (const [asset, scale] of Object.entries(SCALES))
      this.do({ type: 'define-asset', asset, scale } as Command);
    this.define('coalition', 'main', MAIN, { zoneOffsets: [0, 8 * HOUR_MS] });
    for (const [asset, document] of Object.entries(EXCHANGING))
      this.define('exchanging', asset, document);
  }

  define(kind: string, key: string, document: object, more: object = {}): void {
    const said = { type: 'put-definition', kind, key, state: 'active', document, ...more };
    const outcome = this.do(said as unknown as Command);
    if (!outcome.ok) throw new Error(`${kind} ${key}: ${JSON.stringify(outcome)}`);
    this.time += DEFINITION_LEAD_MS;
  }

  do(command: Command): Outcome {
    return this.shards.apply(command, this.time);
  }

  /** An act under a new id. `as`: by these credentials; left out: everything is permitted. */
  act(act: string, body: object, owner: string, as?: string, id = `x${++this.#n}`): Outcome {
    const operations = new Set(OPERATIONS);
    const granted = as === undefined ? EVERYTHING : grantedBy({ operations, principal: as });
    for (const { ledger } of this.shards.shards) ledger.granted = granted;
    const said = JSON.parse(JSON.stringify(body));
    const outcome = this.do({ type: 'act', id, owner, act, body: said } as unknown as Command);
    for (const { ledger } of this.shards.shards) ledger.granted = EVERYTHING;
    return outcome;
  }

  /** A code, or what the exchange is at. */
  says(act: string, body: object, owner = 'ann', as?: string, id?: string): string {
    const outcome = this.act(act, body, owner, as, id);
    if (!outcome.ok) return outcome.code;
    const [effect] = (outcome.act?.effects ?? []) as readonly Readonly<Record<string, string>>[];
    return effect?.['status'] === undefined
      ? String(effect?.['type'])
      : `${effect['status']} ${effect['step']}`;
  }

  /** Submits one as it is to be known: by its id. */
  submits(body: object, owner = 'ann', as?: string): [exchange: string, said: string] {
    const id = `s${++this.#n}`;
    return [exchangeIdOf(owner, id), this.says('partner-exchange', body, owner, as, id)];
  }

  step(exchange: string, step: string, heard: object = {}, owner = 'ann'): string {
    return this.says('partner-exchange-step', { exchange, step, ...heard }, owner);
  }

  joins(platform: string, member: string, user = userAt(platform, member)): void {
    this.act('platform-join', { platform, user }, member);
  }

  give(to: string, asset: string, amount: number): string {
    const legs = [{ from: '@issue', to, asset, amount }];
    const outcome = this.do({ type: 'transfer', id: `g${++this.#n}`, legs } as unknown as Command);
    return outcome.ok ? 'ok' : outcome.code;
  }

  spends(from: string, asset: string, amount: number): string {
    const legs = [{ from, to: '@redeem', asset, amount }];
    const outcome = this.do({ type: 'transfer', id: `g${++this.#n}`, legs } as unknown as Command);
    return outcome.ok ? 'ok' : outcome.code;
  }

  account(what: 'freeze' | 'unfreeze', owner: string, asset: string): void {
    this.do({ type: `${what}-account`, id: `f${++this.#n}`, owner, asset } as Command);
  }

  /** What an owner has in an asset, stripes and allotments summed: available and held. */
  has(owner: string, asset: string): readonly [available: number, held: number] {
    const { shards } = this.shards;
    const lent = owner.startsWith('#') ? shards.map((_, shard) => `${owner}@${shard}`) : [];
    const all = shards.flatMap(({ state }) =>
      [owner, ...lent].flatMap((one) => balancesOf(state, one).filter((of) => of.asset === asset)),
    );
    const sum = (of: 'available' | 'held') => all.reduce((total, one) => total + one[of], 0);
    return [sum('available'), sum('held')];
  }

  /** What all records of a type say, whose owner's name begins so. */
  #all<T>(type: string, begins: string): [key: string, value: T][] {
    const kept = recordTypeOf(type);
    const all: [string, T][] = [];
    for (const {
      state: { pages },
    } of this.shards.shards)
      for (let bucket = 0; bucket < pages.shape.buckets; bucket++)
        for (const { owner, type: of, key, value } of pages.page(bucket).records?.values() ?? [])
          if (of === kept && owner.startsWith(begins)) all.push([key, recordValueIn(value) as T]);
    return all;
  }

  /** What an owner's records of a type say, by key. */
  records<T>(owner: string, type: string): Map<string, T> {
    return new Map(this.#all<T>(type, owner));
  }

  kept(exchange: string, owner = 'ann'): KeptExchange | undefined {
    return this.records<KeptExchange>(owner, PARTNER_EXCHANGE).get(exchange);
  }

  told(exchange: string, owner = 'ann'): PartnerExchange {
    const kept = this.kept(exchange, owner);
    if (kept === undefined) throw new Error(`${exchange} is not known`);
    return toldExchange(exchange, owner, kept);
  }

  /** Ids of those that the lists have. */
  open(): string[] {
    return this.#all(OPEN_EXCHANGE, '#exchanging:').map(([key]) => key);
  }

  /** All that is listed of a partner's operations, by their ids. */
  operations(partner: string): Map<string, KeptOperation> {
    const all = this.#all<KeptOperation & { readonly operation: string }>(
      LISTED_OPERATION,
      `#operations:${partner}:`,
    );
    return new Map(all.map(([, value]) => [value.operation, value]));
  }

  /** Ids of inconsistencies that the lists have. */
  inconsistencies(): string[] {
    return this.#all(OPEN_INCONSISTENCY, '#inconsistencies:').map(([key]) => key);
  }

  inconsistency(id: string): KeptInconsistency | undefined {
    return this.records<KeptInconsistency>(inconsistencyOwner(id), INCONSISTENCY).get(id);
  }

  /** What a limit by the day has counted of a member. */
  counted(member: string, asset: string): number {
    const counts = this.records<Counts>(member, COUNTER).get(`exchanged.${asset}`) ?? [];
    return counts.reduce((sum, [, , count]) => sum + count, 0);
  }
}
