// Corrections: what events of a period should have earned by a repaired rule, posted as differences. Owns: simulating, then posting act by act; ids
// by which that can be asked for again. Never touches: what an event has come to by then, which each act judges in its commit.
//   gateway.O1. The same correction asked for again posts what is not posted yet, and nothing twice: an act's id follows from the correction, the
//       event and its side.
//   gateway.O2. It posts nothing before the whole period is simulated, and nothing at all where something differs that cannot be put right.

import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AuditContext,
  type Command,
  correctionsOf,
  differenceIn,
  type Engine,
  type Grants,
  type Outcome,
  SimulationError,
  type SimulationOptions,
  type SimulationResult,
  UNCORRECTED,
  uncorrectedIn,
} from '../engine/index.js';
import type { CorrectionResult } from './client/simulations.js';
import type { Job } from './jobs.js';

/** Acts that are posted at once. */
const AT_ONCE = 100;
/** Refused acts that are named. */
const NAMED_MAX = 100;
/** How often what is refused for now is asked for again, and after how long. */
const [ATTEMPTS, PAUSE_MS] = [8, 250] as const;
const ID_LENGTH = 22;

/** What is asked for. */
export interface Correction extends SimulationOptions {
  readonly correction: string;
  /** The key of the definition of kind correction that allows it. */
  readonly within: string;
  /** Only tell what it would be. */
  readonly isPreview: boolean;
  /** Undo what it has posted. */
  readonly isUndo: boolean;
}

/** Who asks. */
export interface Asking {
  readonly grants: Grants;
  readonly audit: AuditContext | undefined;
}

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, ID_LENGTH);

/** Ids of at most 64 characters. */
const idOf =
  (correction: string) =>
  (event: string, side: string): string =>
    `fix:${correction}:${digest(event)}:${side}`;

export class CorrectionJob implements Job {
  readonly result: Promise<CorrectionResult>;
  readonly #engine: Engine;
  readonly #asked: Correction;
  readonly #by: Asking;
  #posted = 0;
  #repeated = 0;
  #unreported = 0;
  #refused = 0;
  readonly #codes: Record<string, number> = {};
  readonly #named: { owner: string; event: string; code: string }[] = [];
  readonly #uncorrected = new Map<string, CorrectionResult['uncorrected'][number]>();
  #isCancelled = false;
  #simulated: { readonly progress: object; cancel(): void };

  private constructor(
    engine: Engine,
    asked: Correction,
    by: Asking,
    begun: Awaited<ReturnType<Engine['simulate']>>,
    folder: string,
  ) {
    this.#engine = engine;
    this.#asked = asked;
    this.#by = by;
    this.#simulated = begun;
    this.result = this.#run(begun.result, folder).finally(() =>
      rmSync(folder, { recursive: true, force: true }),
    );
    this.result.catch(() => undefined);
  }

  /** Throws SimulationError. */
  static async begin(engine: Engine, asked: Correction, by: Asking): Promise<CorrectionJob> {
    const folder = mkdtempSync(join(tmpdir(), 'jifen-correction-'));
    const { from, to, drafts, budgets } = asked;
    try {
      const begun = await engine.simulate({ from, to, drafts, budgets }, pathIn(folder));
      return new CorrectionJob(engine, asked, by, begun, folder);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get progress(): object {
    const { progress } = this.#simulated;
    const { posted, repeated, refused } = this.#told;
    return { ...progress, posted, repeated, refused: refused.acts };
  }

  get #told(): Omit<CorrectionResult, 'simulation'> {
    return {
      posted: this.#posted,
      repeated: this.#repeated,
      unreported: this.#unreported,
      uncorrected: [...this.#uncorrected.values()],
      refused: { acts: this.#refused, codes: this.#codes, named: this.#named },
    };
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#simulated.cancel();
  }

  async #run(simulated: Promise<SimulationResult>, folder: string): Promise<CorrectionResult> {
    const simulation = await simulated;
    const { isPreview, isUndo } = this.#asked;
    const paths = this.#engine.shardsHere.map(pathIn(folder)).filter(existsSync);
    for (const path of paths) await this.#lookThrough(path);
    const [wrong] = this.#uncorrected.values();
    if (wrong !== undefined && !isPreview && !isUndo) {
      const { kind, key, events, why } = wrong;
      throw new SimulationError('definitions', `${kind} ${key} (${events} events): ${why}`);
    }
    if (!isPreview) for (const path of paths) await this.#shard(path);
    return { simulation, ...this.#told };
  }

  /** What can be corrected? */
  async #lookThrough(path: string): Promise<void> {
    for await (const line of linesOf(path)) {
      const difference = differenceIn(line);
      if (difference.before === null) this.#unreported++;
      for (const { kind, key } of uncorrectedIn(difference)) {
        const name = `${kind} ${key}`;
        const events = (this.#uncorrected.get(name)?.events ?? 0) + 1;
        this.#uncorrected.set(name, { kind, key, events, why: UNCORRECTED[kind] });
      }
    }
  }

  async #shard(path: string): Promise<void> {
    const { correction, within, isUndo } = this.#asked;
    const name = { correction, within, idOf: idOf(correction) };
    let some: Command[] = [];
    for await (const line of linesOf(path)) {
      const acts = correctionsOf(differenceIn(line), name);
      const commands = isUndo
        ? acts.map(({ owner, id }): Command => {
            return { type: 'reverse', owner, id: `un${id}`, transferId: id };
          })
        : (acts as unknown as Command[]);
      some.push(...commands);
      if (some.length < AT_ONCE) continue;
      await this.#post(some);
      some = [];
    }
    if (some.length > 0) await this.#post(some);
  }

  async #post(commands: readonly Command[]): Promise<void> {
    const { grants, audit } = this.#by;
    const caller = this.#engine.as(grants);
    let left = commands;
    for (let attempt = 1; left.length > 0; attempt++) {
      if (this.#isCancelled) throw new Error('the correction was cancelled');
      const outcomes = await caller.submitBatch(left, { audit });
      const again = outcomes.map((one) => !one.ok && one.retry && attempt < ATTEMPTS);
      for (const [i, outcome] of outcomes.entries())
        if (!again[i]) this.#note(left[i] as Command, outcome);
      left = left.filter((_, i) => again[i]);
      if (left.length > 0) await sleep(PAUSE_MS);
    }
  }

  #note(command: Command, outcome: Outcome): void {
    if (outcome.ok) {
      if (outcome.replayed) this.#repeated++;
      else this.#posted++;
      return;
    }
    this.#refused++;
    const { code } = outcome;
    this.#codes[code] = (this.#codes[code] ?? 0) + 1;
    const {
      owner = '',
      body,
      transferId,
    } = command as {
      readonly owner?: string;
      readonly body?: { readonly event?: string };
      readonly transferId?: string;
    };
    const event = body?.event ?? transferId ?? '';
    if (this.#named.length < NAMED_MAX) this.#named.push({ owner, event, code });
  }
}

const linesOf = (path: string) => createInterface({ input: createReadStream(path) });

const pathIn =
  (folder: string) =>
  (shard: number): string =>
    join(folder, `${shard}.jsonl`);
