// What comes of commands, as the desk of risks hears it. Owns: what it does then: notes what was stopped, has it reviewed, has devices known (seen-devices.ts). Never touches:
// what stops a command (the commit does), grants.

import { randomBytes } from 'node:crypto';
import {
  type Command,
  type Engine,
  type Grants,
  homeOwner,
  limits,
  type Outcome,
} from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import type { DeviceRules } from './device-rules.js';
import { StoppedDesk } from './files.js';
import { askReview } from './reviews.js';
import { SeenDevices } from './seen-devices.js';

const CODES: ReadonlySet<string> = new Set([
  'RISK_REFUSED',
  'RISK_REVIEW',
  'SECOND_FACTOR_REQUIRED',
]);
const ID_BYTES = 12;
const { DAY_MS } = limits;

/** What a command does, in a word. */
const wordOf = (command: Command): string =>
  command.type === 'act' ? (command as { readonly act: string }).act : command.type;

const ownerOf = (command: Command): string => homeOwner(command) ?? '';

/** What a command goes by; undefined: nothing that its caller says. */
function nameOf(command: Command): string | undefined {
  const { id, kind, ref } = command as { readonly [name in 'id' | 'kind' | 'ref']?: string };
  return id ?? (kind === undefined || ref === undefined ? undefined : `${kind}:${ref}`);
}

export class RiskDesk {
  readonly #engine: Engine;
  readonly #limits: Pick<GatewayLimits, 'proposalDays' | 'proposalKeptDays' | 'riskReviewsOpenMax'>;
  readonly stopped: StoppedDesk;
  readonly #devices: SeenDevices;

  constructor(engine: Engine, gatewayLimits: GatewayLimits, rules: DeviceRules) {
    this.#engine = engine;
    this.#limits = gatewayLimits;
    this.stopped = new StoppedDesk(engine);
    this.#devices = new SeenDevices(engine, rules);
  }

  /** How often commands were stopped since the start, by code. */
  get counts(): ReadonlyMap<string, number> {
    return this.stopped.counts;
  }

  /** What came of a command; of one that is to be reviewed, with its review. */
  async came(
    grants: Grants,
    command: Command,
    outcome: Refusal | Outcome,
  ): Promise<Refusal | Outcome> {
    this.heard(grants, command, outcome);
    return !outcome.ok && outcome.code === 'RISK_REVIEW'
      ? this.#reviewed(grants, command)
      : outcome;
  }

  /** The same of one that is not to be reviewed, or by itself alone: it is one of an atomic batch. */
  heard({ device }: Pick<Grants, 'device'>, command: Command, outcome: Refusal | Outcome): void {
    if (outcome.ok && device !== undefined && !outcome.replayed)
      this.#devices.saw(ownerOf(command), device);
    if (outcome.ok || !CODES.has(outcome.code)) return;
    const id = nameOf(command);
    const one = { at: this.#engine.now(), code: outcome.code, what: wordOf(command), id };
    this.stopped.stopped(ownerOf(command), one);
  }

  async #reviewed(grants: Grants, command: Command): Promise<Refusal> {
    const { proposalDays, proposalKeptDays, riskReviewsOpenMax: mostOpen } = this.#limits;
    const named = nameOf(command);
    const id = named ?? randomBytes(ID_BYTES).toString('hex');
    // What goes by kind:ref goes by it when it is carried out, too: asked for again later it is a repeat.
    const kept = (named === undefined ? { ...command, id } : command) as Command;
    const found = await askReview(
      this.#engine,
      { owner: ownerOf(command), id, command: kept, grants },
      { openMs: proposalDays * DAY_MS, keptMs: proposalKeptDays * DAY_MS, mostOpen },
    );
    if (isRefusal(found)) return found;
    return { ...refuse('RISK_REVIEW'), id, review: found.review };
  }
}
