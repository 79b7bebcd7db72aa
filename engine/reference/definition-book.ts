// Definitions of a programme on all shards. Owns: that every shard here takes what the first one has decided, and knows until when it may decide by
// it. Never touches: what a definition says.
//   reference.R5. A node asks the first shard, wherever that is, for what its shards lack: at once after it was asked to define something, at its
//       start, and every DEFINITION_ASK_MS. So a node that was away takes what it missed.
//   reference.R6. The first shard answers with its block time T. Whoever has all that it had at T may decide at block times before T +
//       DEFINITION_LEAD_MS: what it said later begins to decide later. Without an answer nothing is confirmed, and deciding ends by itself.

import type { BatchOptions } from '../api.js';
import { DEFINITION_ASK_MS, DEFINITION_LEAD_MS, DEFINITIONS_PAGE_MAX } from '../limits.js';
import {
  type DefinitionProblem,
  definitionProblem,
  kindOf,
  zoneOf,
} from '../programme/definitions/index.js';
import type { AskedBy } from '../protocol/audit-context.js';
import type { PutDefinitionCommand, ReferenceCommand } from '../protocol/commands.js';
import { EVERYTHING, type Granted } from '../protocol/grants.js';
import {
  type DefinitionHistory,
  type DefinitionVersion,
  isRefusal,
  type Outcome,
  type Refused,
  refused,
} from '../protocol/outcomes.js';
import { validate } from '../protocol/validate.js';
import type { Router } from '../router/router.js';
import type { Trials } from '../router/trials.js';
import type { Answer, Confirmation, Opened } from '../shard/messages.js';
import type { AssetBook } from './asset-book.js';
import { KnownDefinitions } from './known-definitions.js';
import { ReferenceBook } from './reference-book.js';
import { ZoneBook } from './zone-book.js';
import type { ZoneData } from './zones.js';

type Told = Extract<Answer, { type: 'definitions-since' }>;
type Read = Extract<Answer, { type: 'read-definitions' }>;

/** Which definitions of a kind are read. */
export interface DefinitionQuery {
  readonly kind: string;
  /** This one, with all its versions. Left out: all, each in its newest version. */
  readonly key?: string | undefined;
  /** Only keys after this one. */
  readonly after?: string | undefined;
  /** At most so many keys, limits.DEFINITIONS_PAGE_MAX of them. */
  readonly limit?: number | undefined;
}

export class DefinitionBook extends ReferenceBook<PutDefinitionCommand> {
  /** How many definitions that decide each shard here has. */
  readonly #has = new Map<number, number>();
  readonly #trials: Trials;
  readonly #zones: ZoneData;
  readonly #assets: AssetBook;
  readonly #newer: ZoneBook;
  readonly #onDefined: (kind: string, key: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;
  #warned = '';

  /** `onDefined`: told of what the shards here have taken, at once or soon after. */
  constructor(
    router: Router,
    zones: ZoneData,
    { trials, assets }: { readonly trials: Trials; readonly assets: AssetBook },
    onDefined: (kind: string, key: string) => void = () => {},
  ) {
    super(router);
    this.#trials = trials;
    this.#assets = assets;
    this.#onDefined = onDefined;
    this.#zones = zones;
    this.#newer = new ZoneBook(router, zones);
  }

  /** Takes what is missing where the first shard is here, and asks for it again and again. */
  async start(opened: readonly Opened[]): Promise<void> {
    opened.forEach(({ definitions }, i) => {
      this.#has.set(this.router.folder.here[i] as number, definitions);
    });
    const first = this.#tried();
    // Another node may not answer yet.
    if (this.isFirstHere) await first;
    this.#timer = setInterval(() => this.#ask(), DEFINITION_ASK_MS).unref();
  }

  override close(): Promise<void> {
    clearInterval(this.#timer);
    return super.close();
  }

  /** Defines; a refusal names the field, also where it is about what another definition says. */
  override async define(
    said: PutDefinitionCommand,
    granted = EVERYTHING,
    context: AskedBy | null = null,
  ): Promise<Outcome> {
    const outcome = await super.define(said, granted, context);
    const [explained = outcome] = await this.#explained([said], [outcome], granted);
    return explained;
  }

  /** Takes what the shards here lack, and confirms to them what they have. */
  sync(): Promise<void> {
    return this.one(() => this.#sync());
  }

  /**
   * What definitions would become, if they were said now, one after the other; or, `atomic`, says all of them, or none. A refusal names the field,
   * also where it is about what another one of them says.
   */
  async together(
    said: readonly ReferenceCommand[],
    { atomic = false, dryRun = false, timeoutMs }: BatchOptions,
    granted: Granted,
    context: AskedBy | null = null,
  ): Promise<Outcome[]> {
    if (this.isClosing) return said.map(() => refused('CLOSING'));
    const completed = said.map((one) =>
      one.type === 'define-asset' ? this.#assets.prepared(one) : this.completed(one),
    );
    const problems = completed.map((one) => ('ok' in one ? one : undefined));
    const commands = completed.filter((one) => !('ok' in one)) as ReferenceCommand[];
    if (atomic && commands.length < said.length)
      return problems.map((problem) => problem ?? refused('BATCH_ABORTED'));
    const options = { dryRun, timeoutMs };
    const judge = async (): Promise<Outcome[]> => {
      if (!atomic) return this.#trials.dryRun(commands, timeoutMs, granted);
      const judged = await this.#trials.atomic(commands, options, granted, context);
      if (!dryRun && judged.every(({ ok }) => ok)) await this.#takeDecided();
      return judged;
    };
    const hasAssets = commands.some(({ type }) => type === 'define-asset');
    const say =
      hasAssets && atomic && !dryRun ? () => this.#assets.saidTogether(commands, judge) : judge;
    const judged = await (atomic && !dryRun ? this.one(say) : say());
    const left = [...judged];
    const all = problems.map((problem) => problem ?? (left.shift() as Outcome));
    return this.#explained(said, all, granted);
  }

  /** Refusals of documents, with what a shard does not tell: which field it is, and why. */
  async #explained(
    said: readonly ReferenceCommand[],
    outcomes: readonly Outcome[],
    granted: Granted,
  ): Promise<Outcome[]> {
    const isUnclear = (outcome: Outcome | undefined): boolean =>
      outcome?.ok === false && outcome.code === 'DEFINITION_INVALID' && outcome.field === undefined;
    if (!outcomes.some(isUnclear)) return [...outcomes];
    const known = new KnownDefinitions((kind, key) => this.read({ kind, key }, granted));
    return Promise.all(
      outcomes.map(async (outcome, i) => {
        if (!isUnclear(outcome)) return outcome;
        const before = said.slice(0, i).filter((one) => one.type === 'put-definition');
        const found = await known.problem(said[i] as PutDefinitionCommand, before);
        return found === null ? { ...outcome, detail: NEEDS_OTHERS } : told(found);
      }),
    );
  }

  /** Definitions of a kind. */
  async read(query: DefinitionQuery, granted: Granted): Promise<DefinitionHistory[] | Refused> {
    if (kindOf(query.kind) === undefined) return refused('DEFINITION_KIND_UNKNOWN', 'kind');
    const { kind, key, after, limit = DEFINITIONS_PAGE_MAX } = query;
    const asked = { type: 'read-definitions', kind, key, after, limit } as const;
    const answer = await this.router.ask<'read-definitions'>(asked, 0, { granted });
    return isRefusal(answer) ? answer : [...(answer as Read).definitions];
  }

  protected override completed(said: PutDefinitionCommand): PutDefinitionCommand | Refused {
    const problem = validate({ ...said, zoneOffsets: undefined });
    if (problem !== null) return refused(problem.code, problem.field);
    if (kindOf(said.kind)?.by === 'engine') return refused('DEFINITION_KIND_UNKNOWN', 'kind');
    const found = definitionProblem(said);
    if (found !== null) return told(found);
    const zone = zoneOf(said);
    const zoneOffsets = zone === undefined ? undefined : this.#zones.offsetsOf(zone);
    if (zone !== undefined && zoneOffsets === undefined)
      return refused('ZONE_UNKNOWN', 'document.zone');
    const ours = { version: undefined, number: undefined, definedAt: undefined, by: undefined };
    return { ...said, ...ours, zoneOffsets };
  }

  protected override decidedHere(): Promise<void> {
    return this.#takeDecided();
  }

  /** It is decided: what goes wrong with taking it is tried again. */
  #takeDecided(): Promise<void> {
    return this.#sync().catch((error) => this.#warn(error as Error));
  }

  protected override decidedElsewhere(): Promise<void> {
    return this.#tried();
  }

  #tried(): Promise<void> {
    return this.sync().catch((error) => this.#warn(error as Error));
  }

  /** The next look, where the one before has ended. */
  #ask(): void {
    if (this.#isAsking || this.isClosing) return;
    this.#isAsking = true;
    this.#tried().finally(() => {
      this.#isAsking = false;
    });
  }

  /** Once for each thing that goes wrong: what is not confirmed is refused meanwhile. */
  #warn({ message }: Error): void {
    if (message === this.#warned) return;
    this.#warned = message;
    process.emitWarning(`definitions: ${message}`);
  }

  async #sync(): Promise<void> {
    let [count, time] = [-1, 0];
    do {
      const after = Math.min(...this.#has.values());
      const asked = { type: 'definitions-since', after } as const;
      const answer = await this.router.ask<'definitions-since'>(asked, 0);
      if (isRefusal(answer)) return;
      const { versions, count: all, mark } = answer as Told;
      time = (answer as Told).time;
      if (after > all)
        throw new Error(`a shard here has ${after}, and the first shard only ${all}`);
      for (const [shard, has] of this.#has) await this.#give(shard, has, versions);
      count = all;
      if (versions.length === 0 && after < all) throw new Error(`definition ${after + 1} is lost`);
      if (Math.min(...this.#has.values()) >= count)
        await this.#confirm({ count, mark, until: time + DEFINITION_LEAD_MS });
    } while (Math.min(...this.#has.values()) < count);
    // What is newly known is said where the first shard is, and taken like all that is said.
    if (this.isFirstHere) await this.#newer.look(time, count);
  }

  async #give(shard: number, has: number, versions: readonly DefinitionVersion[]): Promise<void> {
    for (const version of versions) {
      if (version.number <= has) continue;
      const what = `definition ${version.number} (${version.kind} ${version.key})`;
      // What the first shard has decided, it has.
      if (shard !== 0) await this.give(shard, { type: 'put-definition', ...version }, what);
      this.#has.set(shard, version.number);
      this.#onDefined(version.kind, version.key);
    }
  }

  /** What another shard has in the place of what the first one says, after the first one came back with less, is not confirmed. */
  async #confirm(confirmation: Confirmation): Promise<void> {
    for (const lane of this.router.here) {
      const has = await lane.run<boolean>({ type: 'confirm', ...confirmation });
      if (!has) throw new Error(`shard ${lane.shard} has other definitions than the first shard`);
    }
  }
}

/** Of what is right by itself. */
const NEEDS_OTHERS = 'What it needs of other definitions was refused.';

/** A refusal that says why, where its code does not. */
function told({ code, field, detail }: DefinitionProblem): Refused {
  const answer = refused(code, field);
  return detail === undefined ? answer : { ...answer, detail };
}
