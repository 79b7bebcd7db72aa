// Leaderboards as they are asked for: over all nodes. Owns: which nodes are asked, how their members come together, cursors, aliases, who may see
// what. Never touches: scores.
//   leaderboards.L1. Each node knows the members of its shards; ranks are sums of what each says is before. What changes between two questions
//       may be seen in one of them: exact is what is told as of positions that did not change, so what is frozen.
//   leaderboards.L2. Under aliases nothing tells who somebody is: neither an entry nor a cursor. The key of aliases is the ledger's, so all nodes
//       have the same.

import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { ClusterNode } from '../cluster/node.js';
import {
  BOARD_AROUND_DEFAULT,
  BOARD_AROUND_MAX,
  BOARD_PAGE_DEFAULT,
  BOARD_PAGE_MAX,
  BOARD_PLACES_MAX,
} from '../limits.js';
import { boardOwner, FROZEN, type Frozen } from '../programme/leaderboards/frozen.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import type { ActCommand, PutRecordCommand } from '../protocol/commands.js';
import { type Granted, unpackGrants } from '../protocol/grants.js';
import type {
  BoardEntry,
  BoardOf,
  LeaderboardPage,
  LeaderboardQuery,
  RefusedPrize,
  Standing,
  StandingQuery,
} from '../protocol/leaderboards.js';
import {
  isRefusal,
  type Outcome,
  type OwnerRecord,
  type Refused,
  refused,
} from '../protocol/outcomes.js';
import { isId, userProblem } from '../protocol/syntax.js';
import type { Router } from '../router/router.js';
import type { Ranked } from './boards/keys.js';
import type { BoardAnswer, BoardQuestion, PeriodTold } from './boards/questions.js';
import { askNodes } from './over-nodes.js';
import type { Projections } from './projections.js';

const ALIASES = { owner: '#boards', recordType: 'alias-key', key: 'key' } as const;
const KEY_BYTES = 32;
const ALIAS_LENGTH = 16;
const [IV_BYTES, TAG_BYTES] = [12, 16];
const CURSOR_LENGTH_MAX = 512;

/** Where a page ended. */
interface Place extends Ranked {
  readonly rank: number;
  /** How many are up to there. */
  readonly place: number;
}

/** What all nodes say. */
interface Gathered {
  readonly period: PeriodTold;
  readonly members: number;
  readonly asOf: string;
  readonly answers: readonly BoardAnswer[];
}

type Period = Exclude<BoardQuestion, { type: 'boards' }>;

/** What the ledger asks of itself. */
export interface Own {
  submit(command: ActCommand | PutRecordCommand): Promise<Outcome>;
  record(
    owner: string,
    recordType: string,
    key: string,
  ): Promise<OwnerRecord | undefined | Refused>;
}

export interface LeaderboardsOptions {
  readonly router: Router;
  readonly node: ClusterNode | undefined;
  readonly projections: Projections;
  readonly own: Own;
  readonly now: () => number;
}

export class Leaderboards {
  readonly #router: Router;
  readonly #node: ClusterNode | undefined;
  readonly #projections: Projections;
  readonly #own: Own;
  readonly #now: () => number;
  #aliasKey: Promise<Buffer | Refused> | undefined;

  constructor({ router, node, projections, own, now }: LeaderboardsOptions) {
    this.#router = router;
    this.#node = node;
    this.#projections = projections;
    this.#own = own;
    this.#now = now;
  }

  async page(query: LeaderboardQuery, granted: Granted): Promise<LeaderboardPage | Refused> {
    if (!granted.may('read')) return refused('OPERATION_FORBIDDEN');
    const field = pageProblem(query);
    if (field !== null) return refused('QUERY_INVALID', field);
    const { board, period: name, limit = BOARD_PAGE_DEFAULT } = query;
    const of = { board, period: name, time: this.#now() };
    const after = query.cursor === undefined ? undefined : await this.#placeIn(query.cursor, of);
    if (after === 'wrong') return refused('CURSOR_INVALID', 'cursor');
    if (isRefusal(after)) return after;
    const found = await this.#gather({ ...of, type: 'first', after, limit: limit + 1 }, granted);
    if (isRefusal(found)) return found;
    const isHidden = hides(found.period, query.alias, granted);
    const told = await this.#told(found, isHidden, granted.owner);
    if (isRefusal(told)) return told;
    const { size } = found.period;
    const shown = Math.min(limit, size - (after?.place ?? 0));
    const all = merged(found.answers.map(({ ranked = [] }) => ranked));
    const ranked = all.slice(0, Math.max(0, shown));
    const places = placed(ranked, after);
    const entries = await this.#shown(places, found.period, isHidden, granted.owner);
    if (isRefusal(entries)) return entries;
    const last = places.at(-1);
    const isMore = last !== undefined && all.length > ranked.length && last.place < size;
    const page: LeaderboardPage = { ok: true, ...told, entries };
    if (!isMore) return page;
    const cursor = await this.#cursorOf(last, found.period, isHidden);
    return isRefusal(cursor) ? cursor : { ...page, cursor };
  }

  async standing(query: StandingQuery, granted: Granted): Promise<Standing | Refused> {
    if (!granted.may('read')) return refused('OPERATION_FORBIDDEN');
    const problem = userProblem(query.owner);
    if (problem !== null) return refused(problem, 'owner');
    if (granted.owner !== undefined && granted.owner !== query.owner)
      return refused('OWNER_FORBIDDEN', 'owner');
    const field = standingProblem(query);
    if (field !== null) return refused('QUERY_INVALID', field);
    const { board, owner, period: name, around = BOARD_AROUND_DEFAULT } = query;
    const of = { board, period: name, time: this.#now() };
    const found = await this.#gather({ ...of, type: 'member', owner }, granted);
    if (isRefusal(found)) return found;
    const isHidden = hides(found.period, query.alias, granted);
    const told = await this.#told(found, isHidden, owner);
    if (isRefusal(told)) return told;
    const ranked = found.answers.flatMap((one) => one.ranked ?? [])[0];
    if (ranked === undefined) return { ok: true, ...told, owner, rank: null, score: 0, around: [] };
    const { period } = found.period;
    const near = await this.#gather(
      { ...of, period, type: 'around', ranked, limit: around },
      granted,
    );
    if (isRefusal(near)) return near;
    const sum = (field: 'higher' | 'before'): number =>
      near.answers.reduce((all, one) => all + (one[field] ?? 0), 0);
    const rank = sum('higher') + 1;
    const before = merged(near.answers.map(({ preceding = [] }) => preceding)).slice(
      -around || Infinity,
    );
    const following = merged(near.answers.map((one) => one.ranked ?? [])).slice(0, around);
    const first = before[0];
    let start:
      | { readonly rank: number; readonly place: number; readonly score: number }
      | undefined;
    if (first !== undefined) {
      const asked = { ...of, period, type: 'around', ranked: first, limit: 0 } as const;
      const ahead = first.score === ranked.score ? { rank } : await this.#rankOf(asked, granted);
      if (isRefusal(ahead)) return ahead;
      const place = sum('before') - before.length;
      start = { rank: ahead.rank, place, score: first.score };
    } else start = { rank, place: sum('before'), score: ranked.score };
    const places = placed([...before, ranked, ...following], start);
    const entries = await this.#shown(places, found.period, isHidden, owner);
    if (isRefusal(entries)) return entries;
    return {
      ok: true,
      ...told,
      asOf: near.asOf,
      owner,
      rank,
      score: ranked.score,
      around: entries,
    };
  }

  async #rankOf(asked: Period, granted: Granted): Promise<{ readonly rank: number } | Refused> {
    const found = await this.#gather(asked, granted);
    if (isRefusal(found)) return found;
    return { rank: found.answers.reduce((all, { higher = 0 }) => all + higher, 1) };
  }

  /** What another node asks; it has been checked no further than that it is an object. */
  async serve({
    grants,
    question,
  }: Readonly<Record<string, unknown>>): Promise<BoardAnswer | Refused> {
    if (!unpackGrants(grants as Uint8Array).may('read')) return refused('OPERATION_FORBIDDEN');
    if (!isQuestion(question)) return refused('QUERY_INVALID');
    return this.#here(question);
  }

  /** Asks this node; without boards it knows none. */
  async #here(question: BoardQuestion): Promise<BoardAnswer | Refused> {
    if (!this.#projections.isRunning) return { asOf: [], unknown: 'board' };
    return this.#projections
      .ask('leaderboards', question)
      .catch(() => refused('SHARD_UNAVAILABLE'));
  }

  /** Asks every node, by one shard of each. */
  async ask(question: BoardQuestion, granted: Granted): Promise<BoardAnswer[] | Refused> {
    const here = await this.#here(question);
    // All nodes have the same definitions.
    if (isRefusal(here) || here.unknown !== undefined) return isRefusal(here) ? here : [here];
    const nodes = { router: this.#router, node: this.#node };
    return askNodes(nodes, 'leaderboard', question, granted, async () => here);
  }

  async #gather(question: Period, granted: Granted): Promise<Gathered | Refused> {
    const answers = await this.ask(question, granted);
    if (isRefusal(answers)) return answers;
    const { unknown, period } = answers[0] as BoardAnswer;
    if (unknown === 'board') return refused('DEFINITION_NOT_FOUND', 'board');
    if (unknown !== undefined || period === undefined) return refused('QUERY_INVALID', 'period');
    if (granted.assetsOf('read')?.has(period.asset) === false)
      return refused('ASSET_FORBIDDEN', 'board');
    const positions = answers.flatMap(({ asOf }) => asOf).sort(([a], [b]) => a - b);
    return {
      period,
      members: answers.reduce((sum, { members = 0 }) => sum + members, 0),
      asOf: positions.map(([shard, seq]) => `${shard}:${seq}`).join(),
      answers,
    };
  }

  /** What is kept of a period that is frozen; undefined: it is not. */
  async frozen(board: string, period: string): Promise<Frozen | undefined | Refused> {
    const found = await this.#own.record(boardOwner(board), recordTypeOf(FROZEN), period);
    if (found === undefined || isRefusal(found)) return found;
    return recordValueIn(found.value) as Frozen;
  }

  /** `isHidden`, `seen`: as #shown() takes them. */
  async #told(
    { period, members, asOf, answers }: Gathered,
    isHidden: boolean,
    seen: string | undefined,
  ): Promise<BoardOf | Refused> {
    const { board, programme, asset, counts, period: name, from, to, closes } = period;
    const of = { board, programme, asset, counts, period: name, from, to, closesAt: closes };
    if (this.#now() < closes) return { ...of, state: 'open', members, asOf };
    const frozen = await this.frozen(board, name);
    if (isRefusal(frozen)) return frozen;
    if (frozen === undefined) return { ...of, state: 'closing', members, asOf };
    const { at, winners, paid, points } = frozen;
    const state = winners > 0 && paid === winners ? 'paid' : 'frozen';
    const refused = await this.#refused(answers, period, isHidden, seen);
    if (isRefusal(refused)) return refused;
    return { ...of, state, members, asOf, frozen: { at, winners, paid, points, refused } };
  }

  /** Prizes that were refused, as they are shown. */
  async #refused(
    answers: readonly BoardAnswer[],
    period: PeriodTold,
    isHidden: boolean,
    seen: string | undefined,
  ): Promise<RefusedPrize[] | Refused> {
    const prizes = answers.flatMap(({ refused: some = [] }) => some);
    const key = isHidden && prizes.length > 0 ? await this.#key() : undefined;
    if (isRefusal(key)) return key;
    return prizes.map(({ owner, ...prize }) =>
      key === undefined || owner === seen
        ? { ...prize, owner }
        : { ...prize, alias: aliasOf(key, period, owner) },
    );
  }

  // --- aliases ----------------------------------------------------------------------------------------------------

  /** `seen`: who is not hidden. */
  async #shown(
    places: readonly Place[],
    period: PeriodTold,
    isHidden: boolean,
    seen: string | undefined,
  ): Promise<BoardEntry[] | Refused> {
    const key = isHidden && places.length > 0 ? await this.#key() : undefined;
    if (isRefusal(key)) return key;
    return places.map(({ rank, owner, score, reached }) =>
      key === undefined || owner === seen
        ? { rank, owner, score, reachedAt: reached }
        : { rank, alias: aliasOf(key, period, owner), score },
    );
  }

  /** The ledger's key of aliases, made when it is first needed. */
  #key(): Promise<Buffer | Refused> {
    this.#aliasKey ??= this.#madeKey().then((key) => {
      if (isRefusal(key)) this.#aliasKey = undefined;
      return key;
    });
    return this.#aliasKey;
  }

  async #madeKey(): Promise<Buffer | Refused> {
    const { owner, recordType, key } = ALIASES;
    const read = () => this.#own.record(owner, recordType, key);
    let found = await read();
    if (found === undefined) {
      const value = randomBytes(KEY_BYTES);
      const made = { type: 'put-record', ...ALIASES, value, ifVersion: 0 } as const;
      const outcome = await this.#own.submit(made);
      if (!outcome.ok && outcome.code !== 'RECORD_VERSION_MISMATCH') return outcome;
      found = await read();
    }
    if (isRefusal(found)) return found;
    return found === undefined ? refused('SHARD_UNAVAILABLE') : Buffer.from(found.value);
  }

  async #cursorOf(
    { owner, score, reached, rank, place }: Place,
    { board, period }: PeriodTold,
    isHidden: boolean,
  ): Promise<string | Refused> {
    const text = JSON.stringify([board, period, owner, score, reached, rank, place]);
    if (!isHidden) return `p${Buffer.from(text).toString('base64url')}`;
    const key = await this.#key();
    if (isRefusal(key)) return key;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const sealed = Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    return `s${sealed.toString('base64url')}`;
  }

  async #placeIn(
    cursor: string,
    of: { readonly board: string; readonly period?: string | undefined },
  ): Promise<Place | 'wrong' | Refused> {
    const bytes = Buffer.from(cursor.slice(1), 'base64url');
    let text = bytes.toString();
    if (cursor.startsWith('s')) {
      const key = await this.#key();
      if (isRefusal(key)) return key;
      const opened = unsealed(key, bytes);
      if (opened === undefined) return 'wrong';
      text = opened;
    }
    return placeOf(text, of) ?? 'wrong';
  }
}

/** Are members hidden from this caller? */
const hides = (period: PeriodTold, alias: boolean | undefined, granted: Granted): boolean =>
  alias === true || granted.owner !== undefined || (period.alias && !granted.may('admin'));

function unsealed(key: Buffer, bytes: Buffer): string | undefined {
  if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
  const opening = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
  opening.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = opening.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
    return Buffer.concat([text, opening.final()]).toString();
  } catch {
    return undefined;
  }
}

function placeOf(
  text: string,
  of: { readonly board: string; readonly period?: string | undefined },
): Place | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value.length !== 7) return undefined;
  const [board, period, owner, score, reached, rank, place] = value as unknown[];
  const isOf = board === of.board && (of.period === undefined || period === of.period);
  const numbers = [score, reached, rank, place];
  const isSound = userProblem(owner) === null && numbers.every(isWhole);
  if (!isOf || !isSound) return undefined;
  return { owner, score, reached, rank, place } as Place;
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const aliasOf = (key: Buffer, { board, period }: PeriodTold, owner: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([board, period, owner]))
    .digest('base64url')
    .slice(0, ALIAS_LENGTH);

/** boards.K1. */
const inOrder = (a: Ranked, b: Ranked): number =>
  b.score - a.score || a.reached - b.reached || (a.owner < b.owner ? -1 : 1);

const merged = (lists: readonly (readonly Ranked[])[]): Ranked[] => lists.flat().sort(inOrder);

/** Members one after the other with their ranks. `after`: who is before the first one; or, with his score, the rank of the first one. */
function placed(
  ranked: readonly Ranked[],
  after: { readonly rank: number; readonly place: number; readonly score: number } | undefined,
): Place[] {
  let { rank, place, score } = after ?? { rank: 1, place: 0, score: -1 };
  return ranked.map((one) => {
    place++;
    if (one.score !== score) rank = place;
    score = one.score;
    return { ...one, rank, place };
  });
}

const isLimit = (value: unknown, least: number, most: number): boolean =>
  value === undefined ||
  (Number.isInteger(value) && (value as number) >= least && (value as number) <= most);

/** The field of a question that is wrong; null: none. */
function boardProblem({ board, period, alias }: LeaderboardQuery | StandingQuery): string | null {
  if (!isId(board)) return 'board';
  if (period !== undefined && !isId(period)) return 'period';
  return alias === undefined || typeof alias === 'boolean' ? null : 'alias';
}

function pageProblem(query: LeaderboardQuery): string | null {
  const { limit, cursor } = query;
  if (!isLimit(limit, 1, BOARD_PAGE_MAX)) return 'limit';
  const isCursor = typeof cursor === 'string' && cursor.length <= CURSOR_LENGTH_MAX;
  return boardProblem(query) ?? (cursor === undefined || isCursor ? null : 'cursor');
}

const standingProblem = (query: StandingQuery): string | null =>
  boardProblem(query) ?? (isLimit(query.around, 0, BOARD_AROUND_MAX) ? null : 'around');

/** Is this a question of another node? */
function isQuestion(value: unknown): value is BoardQuestion {
  if (typeof value !== 'object' || value === null) return false;
  const { type, board, period, time, owner, limit, ranked, after } = value as {
    readonly [name: string]: unknown;
  };
  const isOf = isId(board) && (period === undefined || period === null || isId(period));
  if (!isOf || !isWhole(time)) return false;
  const isLimited = isWhole(limit) && (limit as number) <= 2 * BOARD_PLACES_MAX + 1;
  if (type === 'member') return userProblem(owner) === null;
  if (type === 'around') return isLimited && isRanked(ranked);
  return (
    type === 'first' && isLimited && (after === undefined || after === null || isRanked(after))
  );
}

function isRanked(value: unknown): value is Ranked {
  if (typeof value !== 'object' || value === null) return false;
  const { owner, score, reached } = value as Partial<Ranked>;
  return userProblem(owner) === null && isWhole(score) && isWhole(reached);
}
