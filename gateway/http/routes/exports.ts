// What is exported in lines (NDJSON): an account's history, the log of a shard. Owns: which lines there are, where they end.
// Never touches: sockets, what an entry is.
//   http.H27. An export has what there was when it began, each item once, in order. It is read page by page, or block by block, as
//        its reader takes it. One that could not be ended has a problem as its last line, or no end.

import {
  type Caller,
  type Engine,
  type EntriesQuery,
  type EntryPage,
  type FeedBlock,
  type FeedItem,
  type FeedPosition,
  hasPersonal,
  homeOwner,
  limits,
  RefusedError,
} from '../../../engine/index.js';
import { readProblem } from '../../auth/permits.js';
import { WHOLE_LEDGER } from '../../auth/principal.js';
import { type Answer, lines, problem } from '../../encoding/answer.js';
import { recordJson } from '../../encoding/outcome-json.js';
import { type Agreed, agreedBy, shared } from '../../privacy/sharing.js';
import { isRefusal, problemJson, type Refusal, refuse } from '../../refusal.js';
import { type Call, count, engineOf, type Route, type ServedLedger } from '../../route.js';
import { logDescription } from '../../schema/ledger-descriptions.js';
import type { AnswerStream } from '../server/streamed.js';

/** Items that are made into text at a time. */
const ITEMS_AT_A_TIME = 64;

const REVOKED = (): Refusal => refuse('UNAUTHORIZED', 'Authorization');

/** The history of an account from its beginning, or its newest entry, to the other end. */
export async function entryLines(
  caller: Caller,
  query: EntriesQuery & { readonly shard?: number | undefined },
  { isGood }: Call,
): Promise<Answer> {
  for (const name of ['limit', 'cursor'] as const) {
    const detail = `${name} is for pages; go on behind an entry with its version.`;
    if (query[name] !== undefined) return problem(refuse('QUERY_INVALID', name, detail));
  }
  const { owner, asset, shard } = query;
  const newest = await caller.entries({ owner, asset, shard, limit: 1 });
  if (isRefusal(newest)) return problem(newest);
  const last = newest.entries[0]?.version ?? 0;
  const limit = limits.ENTRIES_PAGE_MAX;
  const first = await caller.entries({ ...query, limit });
  if (isRefusal(first)) return problem(first);
  return lines(async (stream) => {
    let page: EntryPage | Refusal = first;
    while (!stream.isGone) {
      if (isRefusal(page)) break;
      const old = page.entries.filter(({ version }) => version <= last);
      await stream.writeLong(old.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      const cursor: string | undefined = page.cursor;
      const isPast = query.order === 'oldest' && old.length < page.entries.length;
      if (cursor === undefined || isPast) return;
      page = isGood?.() === false ? REVOKED() : await caller.entries({ ...query, limit, cursor });
    }
    if (isRefusal(page)) await stream.write(`${problemJson(page)}\n`);
  });
}

/** The routes of logs. */
export function exportRoutes(ledger: ServedLedger): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/shards/{shard}/log',
      access: WHOLE_LEDGER,
      module: 'operations',
      describes: logDescription,
      handle: (call) => log(engineOf(ledger), call),
    },
  ];
}

/** `12`: the block's beginning; `12.3`: within it. */
function positionOf(text: string): Refusal | FeedPosition {
  const [seq = '', index = '0'] = text.split('.');
  const position = { seq: Number(seq), index: Number(index) };
  const isOne = /^\d{1,15}(?:\.\d{1,9})?$/.test(text) && position.seq >= 1;
  return isOne ? position : refuse('QUERY_INVALID', 'from', 'from is a position: 1, or 12.3.');
}

async function log(engine: Engine, call: Call): Promise<Answer> {
  const { path, query, principal } = call;
  const no = readProblem(principal, undefined, 'shard');
  if (no !== undefined) return problem(no);
  const text = path[0] ?? '';
  const shard = /^\d{1,3}$/.test(text) ? Number(text) : engine.shards;
  if (shard >= engine.shards)
    return problem(refuse('QUERY_INVALID', 'shard', `shard is less than ${engine.shards}.`));
  if (!engine.shardsHere.includes(shard)) return problem(refuse('SHARD_ELSEWHERE', 'shard'));
  const from = positionOf(query.from ?? '1');
  if (isRefusal(from)) return problem(from);
  const { shards } = await engine.stats();
  const head = shards.find((one) => one.shard === shard)?.durableSeq ?? 0;
  const needed = from.index === 0 ? from.seq - 1 : from.seq;
  if (needed > head) return problem(refuse('POSITION_AHEAD', 'from'));
  const most = count(query, 'limit') ?? Number.POSITIVE_INFINITY;
  return lines((stream) => new LogLines(engine, stream, head, most, call).write(shard, from));
}

/** The lines of one export of a log. */
class LogLines {
  readonly #engine: Engine;
  readonly #stream: AnswerStream;
  readonly #head: number;
  readonly #isGood: Call['isGood'];
  #left: number;

  constructor(engine: Engine, stream: AnswerStream, head: number, most: number, { isGood }: Call) {
    this.#engine = engine;
    this.#stream = stream;
    this.#head = head;
    this.#left = most;
    this.#isGood = isGood;
  }

  /** Follows the feed up to the block that was the last one when it began. */
  write(shard: number, from: FeedPosition): Promise<void> {
    if (from.seq > this.#head) return Promise.resolve();
    return new Promise((resolve, reject) => {
      let end = (): void => {};
      const done = (): void => {
        end();
        resolve();
      };
      const told = async (block: FeedBlock): Promise<void> => {
        if (!(await this.#block(block))) done();
      };
      const failed = async (error: Error): Promise<void> => {
        if (!(error instanceof RefusedError)) throw error;
        await this.#stream.write(`${problemJson(error.refusal)}\n`);
      };
      end = this.#engine.subscribe(shard, from, told, (error) => failed(error).then(done, reject));
      this.#stream.onGone(done);
    });
  }

  /** An item without what its member has not agreed to give away (privacy.S1, privacy.S2). */
  async #leaving(item: FeedItem): Promise<FeedItem> {
    const { command, transfer } = item;
    if (!hasSaid(command) && !hasSaid(transfer)) return item;
    const owner = homeOwner((transfer ?? command) as Parameters<typeof homeOwner>[0]);
    const agreed = await agreedBy(this.#engine, owner);
    return {
      ...item,
      command: leavingOf(command, agreed),
      ...(transfer && { transfer: leavingOf(transfer, agreed) }),
    };
  }

  /** Writes a block; false: that was the last one. */
  async #block({ seq, time, items }: FeedBlock): Promise<boolean> {
    if (this.#isGood?.() === false) {
      await this.#stream.write(`${problemJson(REVOKED())}\n`);
      return false;
    }
    const told = await Promise.all(items.slice(0, this.#left).map((item) => this.#leaving(item)));
    this.#left -= told.length;
    for (let at = 0; at < told.length && !this.#stream.isGone; at += ITEMS_AT_A_TIME) {
      const some = told.slice(at, at + ITEMS_AT_A_TIME);
      await this.#stream.writeLong(some.map((item) => lineOf(seq, time, item)).join(''));
    }
    return seq < this.#head && this.#left > 0 && !this.#stream.isGone;
  }
}

/** What commands have of platforms' own; the plan of an act has what became of it. */
const SAID = ['metadata', 'body', 'plan'] as const;

/** A command without what may not leave; itself where there is nothing to leave out. */
function leavingOf<T extends object>(command: T, agreed: Agreed): T {
  const said = Object.entries(command).map(([name, value]) => [
    name,
    SAID.some((one) => one === name) ? shared(value, agreed) : value,
  ]);
  return Object.fromEntries(said) as T;
}

const hasSaid = (command: object | undefined): boolean =>
  command !== undefined && SAID.some((name) => hasPersonal((command as Line)[name]));
type Line = Readonly<Record<string, unknown>>;

// Packed parts are left out: what is in them is shown.
function lineOf(
  seq: number,
  time: number,
  { index, command, outcome, reserves, transfer, notices, events }: FeedItem,
): string {
  const isBetween = command.type === 'prepare' || command.type === 'decision';
  const shown = isBetween ? { ...command, transfer: undefined, lots: undefined } : command;
  const place = `{"position":"${seq}.${index}","next":"${seq}.${index + 1}","time":${time}`;
  const about = transfer === undefined ? '' : `,"transfer":${JSON.stringify(transfer)}`;
  const held = reserves === undefined ? '' : `,"reserves":${JSON.stringify(reserves)}`;
  const told = notices === undefined ? '' : `,"notices":${JSON.stringify(notices)}`;
  const happened = events === undefined ? '' : `,"events":${JSON.stringify(events)}`;
  return `${place},${recordJson(shown, outcome)}${held}${about}${told}${happened}}\n`;
}
