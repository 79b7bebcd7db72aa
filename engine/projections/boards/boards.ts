// Leaderboards as a projection of the logs. Owns: scores of members by board and period, as they are stored and told. Never touches: who freezes
// and pays (engine/projections/closing.ts), other nodes.
//   boards.B1. A member's score in a period is what was logged for him before it closes, less what of that was given back by then: exactly.
//   boards.B2. Only the home shard of a command counts it, and notes where it is, for what may be given back of it.

import { BOARD_KEPT_MS, NEVER, SLOTS } from '../../limits.js';
import type { Board } from '../../programme/leaderboards/periods.js';
import { closesAt, periodAt, periodNamed } from '../../programme/leaderboards/periods.js';
import type { BlockView } from '../../protocol/block.js';
import { commandOfTuple, unpackTuple } from '../../protocol/codec.js';
import type { PutDefinitionCommand } from '../../protocol/commands.js';
import { EXTRA } from '../../protocol/effects.js';
import { ownerHash } from '../../protocol/hash.js';
import { OP } from '../../protocol/layout.js';
import { type DefinitionVersion, definitionOf } from '../../protocol/outcomes.js';
import { NOWHERE, type Position, type Projection, type ReadBlock } from '../projection.js';
import { ProjectionStore } from '../store.js';
import {
  noteKey,
  notesStart,
  numbersAs,
  numbersIn,
  orderKey,
  type Ranked,
  scoreKey,
  tableStart,
  untilIn,
} from './keys.js';
import { Prizes } from './prizes.js';
import type { BoardAnswer, BoardQuestion, PeriodTold } from './questions.js';
import { BoardRules, type Counting, concernsBoards } from './rules.js';
import { Standings } from './standings.js';
import {
  type Counted,
  countedBy,
  type GivenBack,
  givenBackBy,
  postedBy,
  scoreOf,
  type Worth,
} from './worth.js';

/** Keys that one commit removes of what is past. */
const TIDIED_AT_ONCE = 20_000;
/** Forgets what an older release has stored in another way. */
const FORMAT = 2;
const HERE = Buffer.from([1]);

/** A period of a board, as it is stored: its members are under its number. */
interface Table {
  readonly id: number;
  readonly board: string;
  readonly period: string;
  readonly from: number;
  readonly to: number;
  readonly closes: number;
}

/** Where a counted command is, and what of it is undone. */
interface Note {
  readonly seq: number;
  readonly offset: number;
  /** How many definitions its shard knew there. */
  readonly known: number;
  undone: readonly number[];
}

/** A member's score before and after what was taken. */
interface Change {
  readonly before: Ranked | undefined;
  after: Ranked;
}

interface TableChanges {
  readonly table: Table;
  readonly members: Map<string, Change>;
}

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** What a projection of boards is made of. */
export interface BoardsOptions {
  readonly path: string;
  readonly shards: readonly number[];
  /** The shard of each slot. */
  readonly slotMap: ArrayLike<number>;
  readonly read: ReadBlock;
}

export class Boards implements Projection {
  readonly name = 'leaderboards';
  readonly #store: ProjectionStore<'meta' | 'scores' | 'order' | 'notes'>;
  readonly #shards: readonly number[];
  readonly #slotMap: ArrayLike<number>;
  readonly #read: ReadBlock;
  readonly #rules = new BoardRules();
  readonly #positions = new Map<number, Position>();
  /** How many definitions each shard knows where it was looked at. */
  readonly #known = new Map<number, number>();
  readonly #tables = new Map<string, Table>();
  readonly #standings = new Map<number, Standings>();
  #lastTable = 0;
  /** Until when the notes count that there are. */
  readonly #untils = new Set<number>();
  // What was taken since the last commit.
  readonly #changes = new Map<string, TableChanges>();
  readonly #notes = new Map<string, Note>();
  #newVersions: DefinitionVersion[] = [];
  readonly #prizes = new Prizes();

  constructor({ path, shards, slotMap, read }: BoardsOptions) {
    this.#store = new ProjectionStore(path, ['meta', 'scores', 'order', 'notes']);
    this.#shards = shards;
    this.#slotMap = slotMap;
    this.#read = read;
    this.#load();
  }

  #load(): void {
    const meta = this.#store.of('meta');
    const format = meta.getBinary(ascii('format'));
    if (format !== undefined && format[0] !== FORMAT) {
      this.clear();
      return;
    }
    for (const { key, value } of meta.getRange({})) {
      const [what, of] = key.toString('latin1').split(' ', 2);
      if (what === 'format') continue;
      const said = JSON.parse(value.toString());
      if (what === 'position') this.#positions.set(Number(of), said);
      else if (what === 'known') this.#known.set(Number(of), said);
      else if (what === 'definition') this.#rules.add(said);
      else if (what === 'table') this.#addTable(said);
      else if (what === 'prize') this.#prizes.load(of as string, said);
    }
    const notes = this.#store.of('notes');
    for (let until = 0; ; until++) {
      const [key] = notes.getKeys({ start: notesStart(until), limit: 1 });
      if (key === undefined) break;
      until = untilIn(key);
      this.#untils.add(until);
    }
  }

  #addTable(table: Table): void {
    this.#tables.set(tableName(table.board, table.period), table);
    this.#lastTable = Math.max(this.#lastTable, table.id);
  }

  position(shard: number): Position {
    return this.#positions.get(shard) ?? NOWHERE;
  }

  get pending(): number {
    let changes = this.#notes.size + this.#prizes.pending;
    for (const { members } of this.#changes.values()) changes += members.size;
    return changes;
  }

  // --- what blocks say --------------------------------------------------------------------------------------------

  take(block: BlockView): void {
    const { effects, header } = block;
    const { shard, time } = header;
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      const op = effects.op(at);
      if (op === OP['put-definition']) this.#define(block, at);
      else if (op === OP.delivered) this.#prizes.outcome(block, at);
      const known = this.#known.get(shard) ?? 0;
      const boards = this.#rules.at(time, known);
      const posted = postedBy(block, at);
      if (posted === undefined || this.#prizes.pays(block, at, posted)) continue;
      if (boards.list.length === 0 && this.#untils.size === 0) continue;
      const back = givenBackBy(block, at, posted);
      const counted = countedBy(posted, time, boards);
      // It reads another command.
      if (back !== undefined) this.#giveBack(shard, time, back);
      if (counted !== undefined) this.#count(block, at, known, counted);
    }
  }

  #define({ effects, commands, header }: BlockView, at: number): void {
    if (effects.refusalNumber(at) !== 0) return;
    const said = effects.extras(at).find(({ tag }) => tag === EXTRA.definition)?.numbers;
    if (said === undefined) return;
    const [number = 0, version = 0, , activeFrom = 0, definedAt = 0] = said;
    const start = effects.commandOffset(at);
    const tuple = unpackTuple(commands, start, start + effects.commandLength(at));
    const command = commandOfTuple(tuple) as PutDefinitionCommand;
    const one = definitionOf(command, { number, version, activeFrom, definedAt });
    if (number > 0) this.#known.set(header.shard, number);
    if (concernsBoards(one) && this.#rules.add(one)) this.#newVersions.push(one);
  }

  #isHome(shard: number, owner: string): boolean {
    return this.#slotMap[ownerHash(owner) & (SLOTS - 1)] === shard;
  }

  #count({ header }: BlockView, offset: number, known: number, counted: Counted): void {
    const { shard, seq, time } = header;
    const { owner, id, worth } = counted;
    if (!this.#isHome(shard, owner)) return;
    let until = 0;
    for (const one of worth) {
      this.#add(one, owner, scoreOf(one, []), time);
      until = Math.max(until, one.closes);
    }
    this.#untils.add(until);
    const key = noteKey(until, shard, owner, id).toString('latin1');
    this.#notes.set(key, { seq, offset, known, undone: [] });
  }

  #giveBack(shard: number, time: number, { owner, transferId, undone }: GivenBack): void {
    if (!this.#isHome(shard, owner)) return;
    for (const until of this.#untils) {
      if (until <= time) continue;
      const key = noteKey(until, shard, owner, transferId).toString('latin1');
      const note = this.#noteAt(key);
      if (note === undefined) continue;
      const block = this.#read(shard, note.seq);
      const posted = postedBy(block, note.offset);
      const boards = this.#rules.at(block.header.time, note.known);
      const counted = posted && countedBy(posted, block.header.time, boards);
      for (const one of counted?.worth ?? []) {
        if (time >= one.closes) continue;
        this.#add(one, owner, scoreOf(one, undone) - scoreOf(one, note.undone), time);
      }
      this.#notes.set(key, { ...note, undone });
      return;
    }
  }

  #noteAt(key: string): Note | undefined {
    const taken = this.#notes.get(key);
    if (taken !== undefined) return taken;
    const stored = this.#store.of('notes').getBinary(ascii(key));
    if (stored === undefined) return undefined;
    const [seq = 0, offset = 0, known = 0, ...undone] = numbersIn(stored);
    return { seq, offset, known, undone };
  }

  #add({ of, period, closes }: Worth, owner: string, points: number, time: number): void {
    if (points === 0) return;
    const name = tableName(of.key, period.period);
    let changes = this.#changes.get(name);
    if (changes === undefined) {
      let table = this.#tables.get(name);
      if (table === undefined) {
        table = { id: ++this.#lastTable, board: of.key, ...period, closes };
        this.#tables.set(name, table);
      }
      changes = { table, members: new Map() };
      this.#changes.set(name, changes);
    }
    const known = changes.members.get(owner);
    if (known !== undefined) {
      known.after = { owner, score: known.after.score + points, reached: time };
      return;
    }
    const before = this.#member(changes.table, owner);
    const score = (before?.score ?? 0) + points;
    changes.members.set(owner, { before, after: { owner, score, reached: time } });
  }

  #member({ id }: Table, owner: string): Ranked | undefined {
    const stored = this.#store.of('scores').getBinary(scoreKey(id, owner));
    if (stored === undefined) return undefined;
    const [score = 0, reached = 0] = numbersIn(stored);
    return { owner, score, reached };
  }

  // --- what is stored ---------------------------------------------------------------------------------------------

  commit(positions: ReadonlyMap<number, Position>): boolean {
    const moved: { readonly table: Table; readonly gone: Buffer[]; readonly come: Buffer[] }[] = [];
    for (const [shard, position] of positions) this.#positions.set(shard, position);
    const past = this.#past();
    if (positions.size === 0 && past === undefined) return false;
    const isMore = past !== undefined;
    this.#store.commit(() => {
      for (const changes of this.#changes.values()) moved.push(this.#storeTable(changes));
      this.#storeMeta(positions);
      if (past !== undefined) this.#remove(past);
    });
    for (const { table, gone, come } of moved) this.#standings.get(table.id)?.moved(gone, come);
    this.#changes.clear();
    this.#notes.clear();
    this.#newVersions = [];
    this.#prizes.stored();
    return isMore;
  }

  #storeTable({ table, members }: TableChanges) {
    const [scores, order] = [this.#store.of('scores'), this.#store.of('order')];
    const [gone, come]: [Buffer[], Buffer[]] = [[], []];
    for (const [owner, { before, after }] of members) {
      if (before?.score === after.score && before.reached === after.reached) continue;
      if (after.score < 0) throw new Error(`B1: ${owner} has ${after.score} in ${table.board}`);
      if (before !== undefined) {
        const key = orderKey(table.id, before);
        order.removeSync(key);
        gone.push(key);
      }
      if (after.score === 0) {
        scores.removeSync(scoreKey(table.id, owner));
        continue;
      }
      const key = orderKey(table.id, after);
      order.putSync(key, HERE);
      come.push(key);
      scores.putSync(scoreKey(table.id, owner), numbersAs([after.score, after.reached]));
    }
    this.#store.of('meta').putSync(ascii(`table ${table.id}`), jsonBytes(table));
    return { table, gone, come };
  }

  #storeMeta(positions: ReadonlyMap<number, Position>): void {
    const [meta, notes] = [this.#store.of('meta'), this.#store.of('notes')];
    for (const [key, { seq, offset, known, undone }] of this.#notes)
      notes.putSync(ascii(key), numbersAs([seq, offset, known, ...undone]));
    for (const one of this.#newVersions)
      meta.putSync(ascii(`definition ${one.number}`), jsonBytes(one));
    for (const [shard, position] of positions) {
      meta.putSync(ascii(`position ${shard}`), jsonBytes(position));
      meta.putSync(ascii(`known ${shard}`), jsonBytes(this.#known.get(shard) ?? 0));
    }
    for (const [id, note] of this.#prizes.changes())
      if (note === null) meta.removeSync(ascii(`prize ${id}`));
      else meta.putSync(ascii(`prize ${id}`), jsonBytes(note));
    meta.putSync(ascii('format'), Buffer.from([FORMAT]));
  }

  /** Up to when all shards were looked at. */
  get #time(): number {
    return Math.min(...this.#shards.map((shard) => this.position(shard).time));
  }

  /** What is to be forgotten next: notes that count no more, a table that is kept no longer. */
  #past(): { readonly until: number } | { readonly table: Table } | undefined {
    const time = this.#time;
    for (const until of this.#untils) if (until <= time) return { until };
    for (const table of this.#tables.values())
      if (table.closes + BOARD_KEPT_MS <= time) return { table };
    return undefined;
  }

  #remove(past: { readonly until: number } | { readonly table: Table }): void {
    const of = (name: 'notes' | 'scores' | 'order', start: Buffer, end: Buffer): boolean => {
      const one = this.#store.of(name);
      const keys = [...one.getKeys({ start, end, limit: TIDIED_AT_ONCE })];
      for (const key of keys) one.removeSync(key);
      return keys.length < TIDIED_AT_ONCE;
    };
    if ('until' in past) {
      if (of('notes', notesStart(past.until), notesStart(past.until + 1)))
        this.#untils.delete(past.until);
      return;
    }
    const { id, board, period } = past.table;
    this.#standings.delete(id);
    const range = [tableStart(id), tableStart(id + 1)] as const;
    if (!of('order', ...range) || !of('scores', ...range)) return;
    this.#tables.delete(tableName(board, period));
    this.#prizes.forget(board, period);
    this.#store.of('meta').removeSync(ascii(`table ${id}`));
  }

  clear(): void {
    this.#store.clear();
    for (const kept of [this.#positions, this.#known, this.#tables, this.#standings]) kept.clear();
    for (const taken of [this.#changes, this.#notes, this.#untils]) taken.clear();
    this.#rules.clear();
    this.#prizes.clear();
    this.#newVersions = [];
    this.#lastTable = 0;
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  // --- what is asked ----------------------------------------------------------------------------------------------

  answer(question: unknown): BoardAnswer {
    const asked = question as BoardQuestion;
    const asOf = this.#shards.map((shard) => [shard, this.position(shard).seq] as const);
    if (asked.type === 'boards') return { asOf, boards: this.#boards(asked.time) };
    const period = this.#period(asked);
    if (typeof period === 'string') return { asOf, unknown: period };
    const standings = this.#standingsOf(period);
    const refused = this.#prizes.refused(period.board, period.period);
    const told = { asOf, period, members: standings?.members ?? 0, refused };
    switch (asked.type) {
      case 'first':
        return {
          ...told,
          members: told.members,
          ranked: standings?.following(asked.after, asked.limit) ?? [],
        };
      case 'member': {
        const table = this.#tables.get(tableName(period.board, period.period));
        const ranked = table && this.#member(table, asked.owner);
        return { ...told, ranked: ranked === undefined ? [] : [ranked] };
      }
      case 'around': {
        const { ranked, limit } = asked;
        return {
          ...told,
          ...(standings?.before(ranked) ?? { higher: 0, before: 0 }),
          preceding: standings?.preceding(ranked, limit) ?? [],
          ranked: standings?.following(ranked, limit) ?? [],
        };
      }
    }
  }

  /** Periods that are kept. */
  get periods(): number {
    return this.#tables.size;
  }

  /** Of each board that there is, since when, and whether it still counts. */
  #boards(time: number) {
    return this.#rules.keys().flatMap((key) => {
      const of = this.#rules.boardEver(key, time);
      const first = this.#rules.firstFrom(key);
      if (of === undefined || first === undefined) return [];
      const isRetired = this.#rules.board(key, time) === undefined;
      const { board, asset, offsets } = of;
      return [{ key, board, asset, offsets: Array.from(offsets), first, isRetired }];
    });
  }

  /** The period that is asked for; a text: which part of the question nobody knows. */
  #period({ board: key, period, time }: Exclude<BoardQuestion, { type: 'boards' }>) {
    const of = this.#rules.boardEver(key, time);
    if (of === undefined) return 'board' as const;
    const found =
      period === undefined
        ? (periodAt(of.board, time, of.offsets) ?? lastPeriod(of))
        : periodNamed(of.board, period, of.offsets);
    if (found === undefined) return 'period' as const;
    return toldOf(of, found);
  }

  #standingsOf({ board, period }: Pick<PeriodTold, 'board' | 'period'>): Standings | undefined {
    const table = this.#tables.get(tableName(board, period));
    if (table === undefined) return undefined;
    let standings = this.#standings.get(table.id);
    if (standings === undefined) {
      standings = new Standings(this.#store.of('order'), table.id);
      this.#standings.set(table.id, standings);
    }
    return standings;
  }
}

const tableName = (board: string, period: string): string => `${board} ${period}`;

/** Of a board of one period: that one, before it begins and after its end. */
const lastPeriod = ({ board, offsets }: Counting) => periodAt(board, board.from ?? 0, offsets);

function toldOf(
  { key, board, asset }: Counting,
  period: Pick<PeriodTold, 'period' | 'from' | 'to'>,
): PeriodTold {
  const { programme, size = NEVER, alias = false, counts = 'points' } = board as Board;
  const closes = closesAt(board, period);
  return { board: key, programme, asset, counts, ...period, closes, size, alias };
}
