// A programme in memory, told of events. Owns: the ledger, its clock, what is asked. Never touches: what events come to.

import { MemoryLedger } from '../../engine/ledger/memory.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { DEFINITION_LEAD_MS } from '../../engine/limits.js';
import { type SampleDefinition, sampleProgramme } from '../../engine/programme/sample.js';
import { commandOfTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Command } from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';

export const ASSET = 'points';
export const SHOP = 'shop';
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** 2026-03-02, a Monday, noon in Shanghai: all definitions of the sample decide. */
export const NOON = Date.UTC(2026, 2, 2, 4);

type Effect = { readonly type: string; readonly [name: string]: unknown };

/** What an event, or a return, came to: a code, or what was earned by what. */
export function told(outcome: Outcome): string {
  if (!outcome.ok) return outcome.code;
  const effects = (outcome.act?.effects ?? []) as readonly Effect[];
  return effects
    .map(({ type, rule, task, amount, to, days, event, units, pendingUntil }) => {
      if (type === 'earn')
        return `${rule ?? task} ${amount}${pendingUntil === undefined ? '' : ' pending'}`;
      if (type === 'tierChanged') return `-> ${to}`;
      if (type === 'streak') return `day ${days}`;
      if (type === 'takeBack') return `back ${amount}`;
      if (type === 'returned') return `returned ${units}`;
      if (type === 'reopenTask') return type;
      return type === 'progress' ? '' : `${type}${event ?? ''}`;
    })
    .filter((one) => one !== '')
    .join(', ')
    .replaceAll(`${SHOP}.`, '');
}

/** Why: what paid how much of what, as far as it was cut, and what did not pay, and what was left of its budget. */
export function whyIn(outcome: Outcome): string {
  const { paid = [], not = [] } = (outcome.ok ? outcome.act?.why : undefined) ?? {};
  const [ofPaid, ofNot] = [paid, not].map((all) =>
    (all as unknown[][])
      .map(([key, , ...figures]) => [key, ...figures.map((one) => one ?? '-')].join(' '))
      .join(', '),
  );
  return `${ofPaid} | ${ofNot}`;
}

export class World {
  ledger = new MemoryLedger();
  time = NOON - DAY_MS;
  /** What came of what was caused, and of what was told of it. */
  readonly caused: Outcome[] = [];
  #n = 0;

  constructor(
    zone = 'Asia/Shanghai',
    zoneOffsets = [0, 8 * HOUR_MS],
    definitions: readonly SampleDefinition[] = sampleProgramme(SHOP, ASSET, zone),
  ) {
    this.#confirm();
    this.do({ type: 'define-asset', asset: ASSET, scale: 0 });
    for (const one of definitions) this.define(one.kind, one.key, one.document, zoneOffsets);
    this.time = NOON;
  }

  #confirm(): void {
    this.ledger.ledger.definitionsConfirmedUntil = Number.POSITIVE_INFINITY;
  }

  do(command: Command): Outcome {
    const outcome = this.ledger.apply([command], this.time)[0] as Outcome;
    this.#carryOut();
    return outcome;
  }

  /** What was caused for a time that has come is carried out. */
  lapse(): void {
    for (const { notBefore, command } of [...this.ledger.state.followUps.all()]) {
      if (notBefore === 0 || notBefore > this.time) continue;
      const said = commandOfTuple(unpackTuple(command, 0, command.length));
      this.do(said as unknown as Command);
    }
  }

  /** What was caused is carried out, and what came of it is told. */
  #carryOut(): void {
    const { outbox } = this.ledger.ledger;
    for (let said = outbox.shift(); said !== undefined; said = outbox.shift()) {
      const bytes = 'packed' in said ? said.packed : packCommand(said.command, said.command.id);
      const command = commandOfTuple(unpackTuple(bytes, 0, bytes.length));
      this.caused.push(...this.ledger.apply([command as unknown as Command], this.time));
    }
  }

  define(
    kind: string,
    key: string,
    document: object | undefined,
    zoneOffsets = [0, 8 * HOUR_MS],
  ): void {
    const offsets = kind === 'programme' || kind === 'coalition' ? { zoneOffsets } : {};
    const state = document === undefined ? 'retired' : 'active';
    const of = kind === 'programme' ? { programme: undefined } : {};
    const said = {
      ...{ type: 'put-definition', kind, key, state, ...offsets },
      document: document && JSON.parse(JSON.stringify({ ...document, ...of })),
    };
    const outcome = this.do(said as unknown as Command);
    if (!outcome.ok) throw new Error(`${kind} ${key}: ${JSON.stringify(outcome)}`);
    this.time += DEFINITION_LEAD_MS;
  }

  act(act: string, body: object, owner = 'ann', id = `e${++this.#n}`): Outcome {
    return this.do({ type: 'act', id, owner, act, body } as unknown as Command);
  }

  event(type: string, attributes?: object, more: object = {}, owner = 'ann', id?: string): Outcome {
    const said = attributes === undefined ? more : { attributes, ...more };
    return this.act('event', { programme: SHOP, type, ...said }, owner, id);
  }

  /** Puts a definition of the sample in another way: what is said of it is changed. */
  redefine(kind: string, key: string, more: object, zoneOffsets?: number[]): void {
    const keyed = kind === 'programme' ? SHOP : `${SHOP}.${key}`;
    const known = sampleProgramme(SHOP, ASSET).find(
      (one) => one.kind === kind && one.key === keyed,
    );
    this.define(kind, keyed, { programme: SHOP, ...known?.document, ...more }, zoneOffsets);
  }

  return(event: string, more: object = {}, owner?: string): string {
    return told(this.act('return-event', { event, ...more }, owner));
  }

  confirm(transferId: string, owner = 'ann'): string {
    const said = { type: 'confirm-pending', id: `e${++this.#n}`, owner, transferId };
    const outcome = this.do(said as Command);
    return outcome.ok ? 'ok' : outcome.code;
  }

  reverse(transferId: string, owner = 'ann'): string {
    return told(this.do({ type: 'reverse', id: `e${++this.#n}`, owner, transferId } as Command));
  }

  fund(budget: string, amount: number): void {
    const legs = [{ from: '@issue', to: budget, asset: ASSET, amount }];
    this.do({ type: 'transfer', id: `e${++this.#n}`, legs } as unknown as Command);
  }

  grant(tier: string | undefined, until?: number): string {
    const given = tier === undefined ? {} : { tier: `${SHOP}.${tier}` };
    return told(this.act('grant-tier', { programme: SHOP, ...given, ...(until && { until }) }));
  }

  /** What an event comes to. */
  says(type: string, attributes?: object, more?: object, owner?: string, id?: string): string {
    return told(this.event(type, attributes, more, owner, id));
  }

  available(owner = 'ann'): number {
    return balancesOf(this.ledger.state, owner)[0]?.available ?? 0;
  }

  pending(owner = 'ann'): number {
    return balancesOf(this.ledger.state, owner)[0]?.pending ?? 0;
  }

  /** Records of acts of this type that a member has. */
  records(type: string, owner = 'ann'): number {
    const all = this.ledger.state.pages.pageOf(ownerHash(owner)).records?.values() ?? [];
    return [...all].filter((one) => one.owner === owner && one.type === `$${type}`).length;
  }

  /** The same state, by replaying the log. */
  replayed(): MemoryLedger {
    return MemoryLedger.replay(this.ledger.blocks);
  }
}
