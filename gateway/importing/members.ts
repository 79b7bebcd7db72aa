// Members as they are brought in. Owns: who they are here, in which order their transfers are carried out, what becomes of lines that the ledger
// refuses. Never touches: what their lines become (story.ts).
//   importing.M1. A line that is refused leaves the others: the member's story is told anew without it.
//   importing.M2. What the ledger refuses for now is nobody's fault: all of it is asked for again, and is a repeat as far as it was done.
//       So are lines of who was merged since, under his own name: what had come is a repeat there, and what had not is refused.
//   importing.M3. A member gets points, then what stops them: an account is frozen, a mapping ended, after its points are there.

import {
  type BatchOptions,
  type Caller,
  type Command,
  limits,
  type Outcome,
  ownerNow,
  REFUSALS,
  type Refused,
} from '../../engine/index.js';
import type { OwnLedger } from '../documents.js';
import { lookUp, lookUpKept, register, setStatus } from '../identity/mappings.js';
import { derivedId, GLOBAL, pathProblem, userNameProblem } from '../identity/names.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import type { MEMBER_STATUSES } from '../schema/import-words.js';
import { EXPIRED, type Line, ownId, type RefusedLine } from './line.js';
import { type Brought, type Chunk, type Step, storyOf } from './story.js';

/** A member with what the source knows. One of `owner` and `platform` with `user` is there, or both. */
export interface MemberLines {
  readonly owner?: string | undefined;
  readonly platform?: string | undefined;
  readonly user?: string | undefined;
  /** frozen: nothing may be taken from the accounts; inactive: the mapping does not count. */
  readonly status?: (typeof MEMBER_STATUSES)[number] | undefined;
  /** A tier of a programme, and until when; left out: for ever. */
  readonly programme?: string | undefined;
  readonly tier?: string | undefined;
  readonly tierUntil?: number | undefined;
  readonly lines?: readonly Line[] | undefined;
}

/** Minor units of an asset that came in, and went. */
export interface Sums {
  lines: number;
  earned: number;
  spent: number;
  expired: number;
}

/** What became of a member. Of `refused`, line -1 is the member itself. */
export interface MemberTold {
  readonly owner: string | null;
  readonly refused: readonly RefusedLine[];
  readonly sums: Readonly<Record<string, Sums>>;
}

/** What bringing in takes. */
export interface Bringing {
  readonly brought: Brought;
  readonly caller: Pick<Caller, 'submitBatch'>;
  readonly records: OwnLedger;
  readonly options: BatchOptions;
}

/** Everything is to be asked for again. */
class Later extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** The member itself. */
const ITSELF = -1;
/** Refusals of an account, whichever line meets them. */
const OF_ACCOUNT: ReadonlySet<string> = new Set([
  'ACCOUNT_CLOSED',
  'ACCOUNT_FROZEN',
  'ASSET_UNKNOWN',
  'ASSET_FORBIDDEN',
  'OPERATION_FORBIDDEN',
]);
/** After so many lines of a member and asset that the ledger has refused, the others are, too. */
const REFUSALS_MAX = 20;
/** How long an answer is waited for. */
const TIMEOUT_MS = 30_000;

const told = (line: number, { code, field, message, detail }: Refusal): RefusedLine => ({
  line,
  code,
  field,
  detail: detail ?? message,
});

/** The refusal of a line; thrown where it is none of a line: what is refused for now, or says that clocks differ. */
function lasting(outcome: Refused): Refused {
  if (REFUSALS[outcome.code].retry || outcome.code === 'OCCURRED_FUTURE') throw new Later(outcome);
  return outcome;
}

/** Brings members in: what became of each. A refusal: all of it is to be asked for again. */
export async function bringIn(
  bringing: Bringing,
  members: readonly MemberLines[],
): Promise<Refusal | MemberTold[]> {
  try {
    const all = await Promise.all(members.map((member) => Member.of(bringing, member)));
    await plainly(
      bringing,
      all.flatMap((one) => one.plain()),
    );
    await Promise.all(all.map((one) => one.finish()));
    return all.map((one) => one.told());
  } catch (error) {
    if (error instanceof Later) return error.refusal;
    throw error;
  }
}

/** A transfer that is carried out by itself, and who hears of it. */
interface Plain {
  readonly step: Step;
  hear(step: Step, outcome: Outcome): void;
}

async function plainly({ caller, options }: Bringing, all: readonly Plain[]): Promise<void> {
  for (let from = 0; from < all.length; from += limits.TOGETHER_COMMANDS_MAX) {
    const some = all.slice(from, from + limits.TOGETHER_COMMANDS_MAX);
    const commands = some.map(({ step }) => step.command);
    const outcomes = await caller.submitBatch(commands, { ...options, timeoutMs: TIMEOUT_MS });
    for (const [i, { step, hear }] of some.entries()) hear(step, outcomes[i] as Outcome);
  }
}

/** One member under way. */
class Member {
  readonly #bringing: Bringing;
  readonly #member: MemberLines;
  readonly #owner: string | null;
  readonly #lines: readonly Line[];
  readonly #refused: RefusedLine[] = [];
  /** Lines that the ledger has refused. */
  readonly #without = new Set<number>();
  readonly #sums: Record<string, Sums> = {};
  /** Assets whose transfers cannot be carried out one by one. */
  readonly #together = new Set<string>();
  #chunks: readonly Chunk[] = [];

  private constructor(bringing: Bringing, member: MemberLines, owner: string | Refusal) {
    this.#bringing = bringing;
    this.#member = member;
    this.#lines = member.lines ?? [];
    this.#owner = typeof owner === 'string' ? owner : null;
    if (typeof owner === 'string') this.#tell();
    else this.#refuse(owner);
  }

  static async of(bringing: Bringing, member: MemberLines): Promise<Member> {
    const owner = await ownerOf(bringing, member);
    if (isRefusal(owner) && REFUSALS[owner.code].retry) throw new Later(owner);
    return new Member(bringing, member, owner);
  }

  #refuse(refusal: Refusal): void {
    this.#refused.push(told(ITSELF, refusal));
    for (const line of this.#lines.keys()) this.#refused.push(told(line, refusal));
  }

  /** What the lines become; those that cannot be are refused once. */
  #tell(): void {
    const known = new Set(this.#refused.map(({ line }) => line));
    const { brought } = this.#bringing;
    const story = storyOf(brought, this.#owner as string, this.#lines, this.#without);
    this.#chunks = story.chunks;
    this.#refused.push(...story.refused.filter(({ line }) => !known.has(line)));
  }

  /** What can be carried out one by one. */
  plain(): Plain[] {
    const hear = (step: Step, outcome: Outcome): void => this.#hear(step, outcome);
    return this.#chunks.flatMap(({ isPlain, steps }) =>
      isPlain ? steps.map((step) => ({ step, hear })) : [],
    );
  }

  #hear(step: Step, outcome: Outcome): void {
    if (outcome.ok) this.#count(step);
    // It has expired since the import began.
    else if (outcome.code === 'EXPIRY_PAST') this.#together.add(assetOf(step));
    else {
      this.#without.add(step.line);
      this.#refused.push(told(step.line, lasting(outcome)));
    }
  }

  #count({ command, line }: Step): void {
    const { asset, amount } = command.legs[0] as { asset: string; amount: number };
    this.#sums[asset] ??= { lines: 0, earned: 0, spent: 0, expired: 0 };
    const sums = this.#sums[asset];
    const source = this.#lines[line];
    if (source === undefined) {
      if (command.kind === 'EXPIRED') sums.expired += amount;
      return;
    }
    sums.lines++;
    if (source.amount > 0) sums.earned += amount;
    else if (source.type === EXPIRED) sums.expired += amount;
    else sums.spent += amount;
  }

  /** What is carried out together, and what comes after the points. */
  async finish(): Promise<void> {
    if (this.#owner === null) return;
    const assets = new Set(this.#lines.map(({ asset }) => asset));
    if (this.#together.size > 0) this.#tell();
    await Promise.all([...assets].map((asset) => this.#bring(asset)));
    await this.#afterwards([...assets]);
  }

  #chunksOf(asset: string): readonly Chunk[] {
    return this.#chunks.filter(
      ({ steps: [first], isPlain }) =>
        first !== undefined && assetOf(first) === asset && (!isPlain || this.#together.has(asset)),
    );
  }

  /** Brings in one asset, chunk by chunk, from the first one on after each line that is refused. */
  async #bring(asset: string): Promise<void> {
    for (let refusals = 0; ; refusals++) {
      const chunks = this.#chunksOf(asset);
      if (chunks.length === 0) return;
      const refused = await this.#carryOut(chunks);
      if (refused === undefined) {
        delete this.#sums[asset];
        for (const { steps } of chunks) for (const step of steps) this.#count(step);
        return;
      }
      const { step, outcome } = refused;
      const isAll = step.line < 0 || OF_ACCOUNT.has(outcome.code) || refusals >= REFUSALS_MAX;
      const lines = isAll ? this.#linesIn(asset) : [step.line];
      for (const line of lines) {
        this.#without.add(line);
        this.#refused.push(told(line, outcome));
      }
      this.#tell();
      if (isAll) return;
    }
  }

  /** Lines of an asset that are still meant to come. */
  #linesIn(asset: string): number[] {
    const steps = this.#chunksOf(asset).flatMap((chunk) => chunk.steps);
    return steps.map(({ line }) => line).filter((line) => line >= 0);
  }

  async #carryOut(
    chunks: readonly Chunk[],
  ): Promise<{ readonly step: Step; readonly outcome: Refused } | undefined> {
    const { caller, options } = this.#bringing;
    const together = { ...options, atomic: true, asOccurred: true, timeoutMs: TIMEOUT_MS };
    for (const { steps } of chunks) {
      for (let from = 0; from < steps.length; from += limits.TOGETHER_COMMANDS_MAX) {
        const some = steps.slice(from, from + limits.TOGETHER_COMMANDS_MAX);
        const commands = some.map(({ command }) => command);
        const outcomes = await caller.submitBatch(commands, together);
        const at = outcomes.findIndex((one) => !one.ok && one.code !== 'BATCH_ABORTED');
        const outcome = outcomes[at];
        if (outcome?.ok === false) return { step: some[at] as Step, outcome: lasting(outcome) };
      }
    }
    return undefined;
  }

  /** Accounts are frozen, a tier is given, the mapping ends. */
  async #afterwards(assets: readonly string[]): Promise<void> {
    const { status, programme, tier, tierUntil, platform, user } = this.#member;
    const { brought, records, options } = this.#bringing;
    const { name } = brought;
    const owner = this.#owner as string;
    const known = assets.filter((asset) => (this.#sums[asset]?.lines ?? 0) > 0);
    const frozen = status === 'frozen' ? known : [];
    const commands: Command[] = frozen.map((asset) => ({
      type: 'freeze-account',
      id: ownId(name, 'frozen', asset),
      owner,
      asset,
    }));
    if (tier !== undefined && programme !== undefined) {
      const until = tierUntil === undefined ? {} : { until: tierUntil };
      const id = ownId(name, 'tier', programme);
      const body = { programme, tier, ...until };
      commands.push({ type: 'act', id, owner, act: 'grant-tier', body });
    }
    if (commands.length > 0) await this.#alone(commands);
    const ends = status === 'inactive' && platform !== undefined && user !== undefined;
    if (!ends || options.dryRun === true) return;
    const ended = await setStatus(records, { system: platform, user }, GLOBAL, 'inactive');
    if (isRefusal(ended)) this.#refused.push(told(ITSELF, lasting(ended)));
  }

  async #alone(commands: readonly Command[]): Promise<void> {
    const { caller, options } = this.#bringing;
    // What is only tried has made no account that could be frozen.
    const some = options.dryRun === true ? commands.filter(({ type }) => type === 'act') : commands;
    const outcomes = await caller.submitBatch(some, { ...options, timeoutMs: TIMEOUT_MS });
    for (const outcome of outcomes)
      if (!outcome.ok) this.#refused.push(told(ITSELF, lasting(outcome)));
  }

  told(): MemberTold {
    const refused = this.#refused.sort((a, b) => a.line - b.line);
    return { owner: this.#owner, refused, sums: this.#sums };
  }
}

const assetOf = ({ command }: Step): string => command.legs[0]?.asset ?? '';

/** Who the member is here: as he is registered, or is to be. */
async function ownerOf(
  { records, options }: Bringing,
  { owner, platform, user }: MemberLines,
): Promise<string | Refusal> {
  if ((platform === undefined) !== (user === undefined))
    return refuse('IDENTITY_INVALID', 'platform', 'A user is of a platform.');
  if (platform === undefined || user === undefined)
    return owner ?? refuse('OWNER_INVALID', 'owner');
  const source = { system: platform, user };
  const known = await lookUpKept(records, source, GLOBAL);
  if (isRefusal(known)) return known;
  // Whom an import has ended is found again by a repeat of it.
  const isSame = known !== undefined && (owner === undefined || owner === known.target.user);
  if (isSame) return known.target.user;
  if (options.dryRun === true) {
    const target = { system: GLOBAL, user: owner ?? derivedId(source) };
    if (known !== undefined) return sameNow(records, source, target.user);
    const problem = userNameProblem(target, 'owner') ?? pathProblem(target, 'owner');
    return problem ?? pathProblem(source, 'user') ?? ownerNow(records.own, target.user);
  }
  const made = await register(records, source, GLOBAL, owner);
  return isRefusal(made) ? named(made) : made.mapping.target.user;
}

/** Who a registered user is now, where he is called so; what registering him again would answer. */
async function sameNow(
  records: OwnLedger,
  source: Parameters<typeof lookUp>[1],
  owner: string,
): Promise<string | Refusal> {
  const [is, asked] = [await lookUp(records, source, GLOBAL), await ownerNow(records.own, owner)];
  if (isRefusal(asked)) return asked;
  if (is === undefined || isRefusal(is)) return is ?? refuse('CHANGED_MEANWHILE', 'user');
  return is.target.user === asked ? asked : refuse('IDENTITY_CONFLICT', 'owner');
}

/** What registering calls the identity is the owner here. */
const named = (refusal: Refusal): Refusal =>
  refusal.field === 'identity' ? { ...refusal, field: 'owner' } : refusal;
