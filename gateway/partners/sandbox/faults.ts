// What goes wrong with a sandbox partner's calls, one by one. Owns: the kinds of faults, which one a call meets. Never touches: how it is carried out.

import type { PartnerCallName } from '../guarded.js';

/** By name: what becomes of a call. */
export const FAULTS = {
  fail: 'it is not done; 500',
  fail_after: 'it is done; 500',
  drop: 'it is not done; the connection closes',
  lose: 'it is done; the connection closes',
  stall: 'it is not done; nothing comes for `ms`, then the connection closes',
  stall_after: 'it is done; nothing comes for `ms`, then the answer',
  delay: 'nothing comes; it is done once it was rolled back, or after `ms`',
  half: 'it is done; half of the answer comes, then the connection closes',
  twice: 'it is done; its answer comes twice',
  repeat: 'it is carried out twice; the second answer comes',
  contradict: 'it is done; its answer says another `what`',
  refuse: 'it is refused for ever, as `POINTS_SHORT`',
  busy: '429, with `Retry-After`',
  oversized: 'it is done; the answer is 2 MiB long',
  page: 'it is done; a page of HTML comes',
  empty: 'it is done; 204',
  moved: 'it is not done; 307 to another host',
  unauthorized: 'it is not done; 401',
} as const;
export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

/** What an answer can be made to say otherwise. */
export const CONTRADICTIONS = [
  'amount',
  'user_id',
  'type',
  'asset',
  'status',
  'transaction_id',
] as const;
export type Contradiction = (typeof CONTRADICTIONS)[number];

export interface Fault {
  readonly fault: FaultName;
  /** Of `stall`, `stall_after`, `delay`: milliseconds. */
  readonly ms?: number | undefined;
  /** Of `contradict`. Default: `amount`. */
  readonly what?: Contradiction | undefined;
}

/** A fault that is to come. */
export interface FaultRule extends Fault {
  /** Which calls meet it; left out: all that change something, or look operations up. */
  readonly call?: PartnerCallName | undefined;
  /** Only those of this operation. */
  readonly transaction_id?: string | undefined;
  /** How often. Default: once; 0: for ever. */
  readonly times?: number | undefined;
}

/** Numbers in [0, 1) that follow from a seed. */
export function drawn(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is drawn of by a seed: whatever may befall an honest partner, so nobody has to look into it. */
export const HONEST: readonly FaultName[] = [
  ...['fail', 'fail_after', 'drop', 'lose', 'stall', 'stall_after', 'delay', 'half'],
  ...['twice', 'repeat', 'refuse', 'busy', 'oversized', 'page', 'empty', 'moved'],
] as readonly FaultName[];

const CALLS: readonly PartnerCallName[] = ['add', 'deduct', 'rollback', 'operation', 'create_user'];

/** Of which calls a fault makes sense. */
export function isOf(fault: FaultName, call: PartnerCallName): boolean {
  if (fault === 'delay' || fault === 'refuse') return call === 'add' || call === 'deduct';
  return true;
}

/** Which faults calls meet: those that were told, in their order; then those that are drawn. */
export class Faults {
  #rules: FaultRule[] = [];
  #chance: (() => number) | undefined;
  #share = 0;
  #stallMs = 0;

  add(rule: FaultRule): void {
    this.#rules.push(rule);
  }

  clear(): void {
    this.#rules = [];
    this.#chance = undefined;
  }

  /** Has so many of a hundred calls meet a fault. */
  draw(seed: number, share: number, stallMs: number): void {
    this.#chance = drawn(seed);
    this.#share = share / 100;
    this.#stallMs = stallMs;
  }

  /** What a call meets; undefined: nothing. */
  next(call: PartnerCallName, id: string | undefined): Fault | undefined {
    const at = this.#rules.findIndex(
      (rule) =>
        (rule.call === undefined ? CALLS.includes(call) : rule.call === call) &&
        (rule.transaction_id === undefined || rule.transaction_id === id) &&
        isOf(rule.fault, call),
    );
    const rule = this.#rules[at];
    if (rule !== undefined) {
      const { times = 1 } = rule;
      if (times === 1) this.#rules.splice(at, 1);
      else if (times > 1) this.#rules[at] = { ...rule, times: times - 1 };
      return rule;
    }
    if (this.#chance === undefined || !CALLS.includes(call)) return undefined;
    if (this.#chance() >= this.#share) return undefined;
    const some = HONEST.filter((fault) => isOf(fault, call));
    const fault = some[Math.floor(this.#chance() * some.length)];
    return fault && { fault, ms: Math.ceil(this.#chance() * this.#stallMs) };
  }
}
