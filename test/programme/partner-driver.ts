// Who asks partners, and tells the ledger what they say: a try at a time, and nothing is remembered. Owns: what is asked at which step. Never touches:
// what becomes of it.

import type { Heard } from '../../engine/programme/outside/transition.js';
import type { PartnerExchange } from '../../engine/protocol/outside.js';
import type { Random } from '../random.js';
import type { ModelPartner } from './model-partner.js';
import { type PartnerWorld, userAt } from './partner-world.js';

/** What was heard of a step, and is to be told. */
export interface Answer {
  readonly owner: string;
  readonly exchange: string;
  readonly step: string;
  readonly heard: Heard;
}

const isOfTarget = (step: string): boolean =>
  step === 'add_target_credits' || step === 'rollback_target_addition';

export class Driver {
  readonly #world: PartnerWorld;
  readonly #partners: ReadonlyMap<string, ModelPartner>;

  readonly #random: Random;

  constructor(world: PartnerWorld, partners: ReadonlyMap<string, ModelPartner>, random: Random) {
    this.#world = world;
    this.#random = random;
    this.#partners = partners;
  }

  /** Asks for the step that an exchange is at; undefined: there is nothing to ask for, or it was done here. */
  asks(exchange: string, owner: string): Answer | undefined {
    const told = this.#world.told(exchange, owner);
    const { step, status } = told;
    const about = { owner, exchange, step };
    if (status === 'completed' || status === 'failed') return undefined;
    if (status === 'pending_approval')
      return this.#world.time < told.until ? undefined : { ...about, heard: { state: 'unknown' } };
    const name = isOfTarget(step) ? 'target' : 'source';
    const { operation, user, platform } = told[name];
    if (operation === undefined) {
      const code = this.#world.step(exchange, step, {}, owner);
      if (!/^[A-Z_]+$/.test(code)) return undefined;
      const isForGood = code === 'MEMBER_UNKNOWN' || code === 'POINTS_SHORT';
      return { ...about, heard: { state: isForGood ? 'refused' : 'unknown', code } };
    }
    const partner = this.#partners.get(platform) as ModelPartner;
    if (user === undefined) return this.#named(told, partner, about);
    const amount = name === 'source' ? told.amount : told.result;
    const kind = name === 'source' ? 'deduct' : 'add';
    const call = { operation, kind, user, amount } as const;
    const isAsked = step.startsWith('confirm') || this.#random.chance(0.2);
    const way = step.startsWith('rollback') ? 'rollBack' : isAsked ? 'operation' : 'carryOut';
    return { ...about, heard: partner.asked(way, call) };
  }

  /** Whom the partner does not know yet, is made known to him. */
  #named(
    { receiver, target: { platform } }: PartnerExchange,
    partner: ModelPartner,
    about: Omit<Answer, 'heard'>,
  ): Answer | undefined {
    if (partner.isAway) return { ...about, heard: { state: 'unknown' } };
    const { owner, exchange } = about;
    const member = receiver ?? owner;
    const user = userAt(platform, member);
    this.#world.joins(platform, member);
    this.#world.says('partner-exchange-user', { exchange, user }, owner);
    return undefined;
  }

  tells({ owner, exchange, step, heard }: Answer): string {
    return this.#world.step(exchange, step, heard, owner);
  }
}
