// The register as a projection of the logs: who there is, what happened to whom without an entry, where the commands of an id are, what campaigns have
// multiplied. Owns: what is stored and told of that. Never touches: accounts and entries, which shards and their logs tell.
//   register.R1. Who has an entry, or whose command was carried out, is in it by name, once, since the block that first said so.
//   register.R2. What an owner's command came to is found by an entry of it or by a place here, never by neither: so both together are all of it.

import { SLOTS } from '../../limits.js';
import { PARTNER_EXCHANGE } from '../../programme/outside/process.js';
import { planInPlace } from '../../protocol/act-fields.js';
import type { BlockView } from '../../protocol/block.js';
import { CommandView } from '../../protocol/command-view.js';
import { RECORD_HEAD } from '../../protocol/effects.js';
import { ownerHash } from '../../protocol/hash.js';
import { homePlace } from '../../protocol/home.js';
import { OP, PLACES, planPlace, typeOfOp } from '../../protocol/layout.js';
import { jsonInPlace } from '../../protocol/opaque.js';
import { isBeginning } from '../../protocol/read-back.js';
import { type RefusalCode, refusalCode } from '../../protocol/refusals.js';
import type {
  AskedAt,
  CampaignHour,
  Happened,
  KnownOwner,
  NamedCommand,
  Proposal,
} from '../../protocol/register.js';
import { type Mark, RISK_TYPE } from '../../protocol/risk.js';
import { bareId } from '../../protocol/scope.js';
import { givenBackBy, postedBy } from '../boards/worth.js';
import { NOWHERE, type Position, type Projection, type ReadBlock } from '../projection.js';
import { ProjectionStore } from '../store.js';
import { type ExchangeRow, exchangesAfter, exchangesWritten, storeExchange } from './exchanges.js';
import { IdPlaces } from './id-places.js';
import { happenedKey, happenedOf, ownersEnd } from './keys.js';
import { hourKey, type KnownEvent, multipliedAt, type Paid, plus, takenOff } from './multiplied.js';
import { ADJUST, proposedBy } from './proposed.js';
import type { RegisterAnswer, RegisterQuestion } from './questions.js';
import { marksWritten, risksAfter, storeMarks } from './risks.js';

const { act: ACT, decision: DECISION } = PLACES;
/** Forgets what an older release has stored in another way. */
const FORMAT = 2;
/** The place of a command's id. */
const ID = 2;
/** Ids are stored after so many blocks at the latest: those that a start reads again. */
const ID_BLOCKS_MAX = 10_000;
/** Owners that are known to be stored: so many are remembered. */
const REMEMBERED = 65_536;
/** Users' names begin with none of these. */
const [SYSTEM, ENGINE] = ['@'.charCodeAt(0), '#'.charCodeAt(0)];

/** Nobody asked for these, or they have no id. */
const ENGINES: ReadonlySet<number> = new Set([
  ...[OP.tick, OP.prepare, OP.decision, OP.delivered, OP.supplied],
  ...[OP['define-asset'], OP['put-definition']],
]);
/** What the program around the ledger keeps: nothing that happened to anybody. */
const RECORDS: ReadonlySet<number> = new Set([OP['put-record'], OP['delete-record']]);

const NONE: Paid = [0, 0, 0, 0];
const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const jsonIn = <T>(bytes: Buffer | undefined): T | undefined =>
  bytes && (JSON.parse(bytes.toString()) as T);

const reading = new CommandView();

/** What is stored of what happened: the command's type, its id, the act's name, the refusal. */
type Stored = readonly [type: string, id: string | null, act: string | null, code: string | null];

export interface RegisterOptions {
  readonly path: string;
  /** Those of the folder. */
  readonly shards: readonly number[];
  /** The shard of each slot. */
  readonly slotMap: ArrayLike<number>;
  readonly read: ReadBlock;
}

export class Register implements Projection {
  readonly name = 'register';
  readonly #store: ProjectionStore<
    | 'meta'
    | 'owners'
    | 'happened'
    | 'campaigns'
    | 'events'
    | 'waiting'
    | 'risks'
    | 'exchanges'
    | 'ids'
  >;
  readonly #shards: readonly number[];
  readonly #slotMap: ArrayLike<number>;
  readonly #read: ReadBlock;
  readonly #positions = new Map<number, Position>();
  readonly #ids = new Map<number, IdPlaces>();
  /** Up to which block of each shard ids are stored. */
  readonly #idsUntil = new Map<number, number>();
  readonly #owners = new Map<string, number>();
  readonly #stored = new Set<string>();
  readonly #happened = new Map<string, Stored>();
  readonly #hours = new Map<string, Paid>();
  /** By owner and id: events that were multiplied, as far as they are to be known when something is given back. */
  readonly #events = new Map<string, KnownEvent>();
  /** By owner and case; null: it waits no more. */
  readonly #waiting = new Map<string, Proposal | null>();
  /** What members' marks of risk were written as, and when. */
  readonly #marked: { owner: string; marks: readonly Mark[]; time: number }[] = [];
  readonly #exchanges = new Map<string, ExchangeRow>();
  /** By campaign: events that it has multiplied, and whose they were. */
  readonly #taken = new Map<string, { events: number; owners: Set<string> }>();

  constructor({ path, shards, slotMap, read }: RegisterOptions) {
    this.#store = new ProjectionStore(path, [
      ...(['meta', 'owners', 'happened', 'campaigns', 'events'] as const),
      ...(['waiting', 'risks', 'exchanges', 'ids'] as const),
    ]);
    this.#shards = shards;
    this.#slotMap = slotMap;
    this.#read = read;
    const meta = this.#store.of('meta');
    const format = meta.getBinary(ascii('format'));
    if (format !== undefined && format[0] !== FORMAT) this.#store.clear();
    for (const shard of shards) {
      const position = jsonIn<Position>(meta.getBinary(ascii(`position ${shard}`)));
      if (position !== undefined) this.#positions.set(shard, position);
    }
  }

  position(shard: number): Position {
    return this.#positions.get(shard) ?? NOWHERE;
  }

  get pending(): number {
    const maps = [this.#owners, this.#happened, this.#hours, this.#waiting, this.#exchanges];
    return maps.reduce((sum, { size }) => sum + size, this.#marked.length);
  }

  /** The ids of a shard. Those of blocks that were looked at, and are not stored, are read again. */
  #idsOf(shard: number): IdPlaces {
    const known = this.#ids.get(shard);
    if (known !== undefined) return known;
    const stored = this.#store.of('meta').getBinary(ascii(`ids ${shard}`));
    const ids = new IdPlaces(
      this.#store.of('ids'),
      shard,
      stored && new Uint8Array(stored.subarray(8)),
    );
    this.#ids.set(shard, ids);
    const until = stored?.readDoubleLE(0) ?? 0;
    this.#idsUntil.set(shard, until);
    for (let seq = until + 1; seq <= this.position(shard).seq; seq++)
      this.#takeIds(this.#read(shard, seq), ids);
    return ids;
  }

  // --- what blocks say --------------------------------------------------------------------------------------------

  take(block: BlockView): void {
    const { effects, header, commands } = block;
    const ids = this.#idsOf(header.shard);
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      this.#takeEntries(block, at);
      const op = effects.op(at);
      if (op === OP.decision) {
        this.#takeDecision(block, at);
        this.#takeCampaigns(block, at);
        this.#takeGivenBack(block, at);
        this.#takeRecords(block, at);
      }
      if (ENGINES.has(op)) continue;
      reading.read(commands, effects.commandOffset(at));
      if (!RECORDS.has(op)) addId(ids, reading, header.seq, at);
      if (!isBeginning(effects, at)) this.#takeCommand(block, at, op);
      if (op === OP.act) this.#takeCampaigns(block, at);
      this.#takeProposals(block, at);
      if (op !== OP.act && op !== OP.reverse) continue;
      this.#takeGivenBack(block, at);
      this.#takeRecords(block, at);
    }
  }

  #takeIds({ effects, header, commands }: BlockView, ids: IdPlaces): void {
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      const op = effects.op(at);
      if (ENGINES.has(op) || RECORDS.has(op)) continue;
      reading.read(commands, effects.commandOffset(at));
      addId(ids, reading, header.seq, at);
    }
  }

  /** An account's first entry says that there is one. */
  #takeEntries({ effects, header }: BlockView, at: number): void {
    let entry = at + RECORD_HEAD;
    for (let i = effects.entryCount(at); i > 0; i--) {
      if (effects.entryVersion(entry) === 1) this.#note(effects.entryOwner(entry), header.time);
      entry += effects.entryLength(entry);
    }
  }

  /** R2. */
  #takeCommand({ effects, header }: BlockView, at: number, op: number): void {
    const { bytes } = reading;
    const place = homePlace(reading);
    const start = reading.textStart(place);
    const first = bytes[start];
    if (first === SYSTEM || first === ENGINE) return;
    const refusal = effects.refusalNumber(at);
    if (refusal === 0 && op === OP.transfer && effects.entryCount(at) > 0) return;
    const owner = reading.text(place);
    if (refusal === 0) {
      this.#note(owner, header.time);
      if (RECORDS.has(op) || hasEntryOf(effects, at, owner)) return;
    }
    const { time, shard, seq } = header;
    const act = op === OP.act ? reading.text(ACT.act) : null;
    const id = reading.isNil(ID) ? null : reading.text(ID);
    const code = refusal === 0 ? null : refusalCode(refusal);
    this.#happened.set(happenedKey(owner, { time, shard, seq, offset: at }), [
      typeOfOp(op) as string,
      id,
      act,
      code,
    ]);
  }

  /** R2: of a command between shards, at home, where it is known what it came to. */
  #takeDecision({ effects, header, commands }: BlockView, at: number): void {
    reading.read(commands, effects.commandOffset(at));
    const owner = reading.text(DECISION.owner);
    const first = owner.charCodeAt(0);
    if (first === SYSTEM || first === ENGINE) return;
    const { time, shard, seq } = header;
    if (this.#slotMap[ownerHash(owner) & (SLOTS - 1)] !== shard) return;
    const refusal = reading.number(DECISION.refusal);
    if (refusal === 0) this.#note(owner, time);
    if (hasEntryOf(effects, at, owner)) return;
    const code = refusal === 0 ? null : refusalCode(refusal);
    const key = happenedKey(owner, { time, shard, seq, offset: at });
    this.#happened.set(key, ['transfer', reading.text(DECISION.id), null, code]);
  }

  #note(owner: string, time: number): void {
    const first = owner.charCodeAt(0);
    if (first === SYSTEM || first === ENGINE || this.#stored.has(owner)) return;
    const known = this.#owners.get(owner);
    if (known === undefined || time < known) this.#owners.set(owner, time);
  }

  /** A correction is proposed, agreed to, or withdrawn. */
  #takeProposals({ effects, header, commands }: BlockView, at: number): void {
    const op = effects.op(at);
    if (effects.refusalNumber(at) !== 0 || (op !== OP.act && op !== OP.reverse)) return;
    reading.read(commands, effects.commandOffset(at));
    if (op === OP.act && !reading.isText(ACT.act, ADJUST)) return;
    const place = planPlace(op) as number;
    if (reading.isNil(place)) return;
    const owner = reading.text(homePlace(reading));
    const plan = planInPlace(reading.opaque(place));
    const body = op === OP.act ? jsonInPlace(reading.opaque(ACT.body)) : {};
    for (const [agreed, proposal] of proposedBy(plan, {
      ...{ owner, body, id: reading.text(ID), time: header.time },
    }))
      this.#waiting.set(`${owner} ${agreed}`, proposal);
  }

  /** register.M1, register.X1, on the home shard. */
  #takeRecords(block: BlockView, at: number): void {
    const posted = postedBy(block, at);
    const planAt = posted === undefined ? undefined : planPlace(posted.op);
    if (posted === undefined || planAt === undefined || posted.isNil(planAt)) return;
    const place = posted.opaque(planAt);
    // Most plans write none, and need not be read.
    const bytes = Buffer.from(place.buffer, place.byteOffset, place.length);
    if (!bytes.includes(RISK_TYPE) && !bytes.includes(PARTNER_EXCHANGE)) return;
    const owner = posted.text(homePlace(posted));
    const { shard, time } = block.header;
    if (!this.#isHome(owner, shard)) return;
    const plan = planInPlace(place);
    const marks = marksWritten(plan);
    if (marks !== undefined) this.#marked.push({ owner, marks, time });
    for (const one of exchangesWritten(plan, owner)) this.#exchanges.set(one.exchange, one);
  }

  #takeCampaigns(block: BlockView, at: number): void {
    const found = multipliedAt(block, at);
    if (found === undefined) return;
    const { owner, id, from, campaigns, paid } = found;
    if (!this.#isHome(owner, block.header.shard)) return;
    // Its id leads to where it began, which does not say what it came to.
    if (block.effects.op(at) === OP.decision)
      this.#events.set(`${owner} ${id}`, { from, paid, undone: [] });
    for (const campaign of campaigns) {
      const taken = this.#taken.get(campaign) ?? { events: 0, owners: new Set<string>() };
      taken.events++;
      taken.owners.add(owner);
      this.#taken.set(campaign, taken);
    }
    for (const one of paid) {
      const { points, extra } = one;
      this.#addHour(hourKey(one, from), [points, extra, 1, 0]);
    }
  }

  #addHour(key: string, more: Paid): void {
    this.#hours.set(key, plus(this.#hours.get(key) ?? NONE, more));
  }

  /** register.C2, on the home shard, whose log has the event. */
  #takeGivenBack(block: BlockView, at: number): void {
    const posted = postedBy(block, at);
    const back = posted && givenBackBy(block, at, posted);
    const { shard } = block.header;
    if (back === undefined || !this.#isHome(back.owner, shard)) return;
    const { owner, transferId, undone } = back;
    const key = `${owner} ${transferId}`;
    const event =
      this.#events.get(key) ??
      jsonIn<KnownEvent>(this.#store.of('events').getBinary(ascii(key))) ??
      this.#eventOf(block, owner, transferId);
    if (event === undefined) return;
    const { from, paid, undone: before } = event;
    for (const one of paid) this.#addHour(hourKey(one, from), takenOff(one, before, undone));
    this.#events.set(key, { from, paid, undone });
  }

  /** An event that was multiplied, by its id; undefined: the id is of something else. */
  #eventOf(block: BlockView, owner: string, id: string): KnownEvent | undefined {
    const { shard, seq } = block.header;
    for (const [of, offset] of this.#idsOf(shard).find(id)) {
      const found = multipliedAt(of === seq ? block : this.#read(shard, of), offset);
      if (found?.owner === owner && found.id === id) return { ...found, undone: [] };
    }
    return undefined;
  }

  #isHome(owner: string, shard: number): boolean {
    return this.#slotMap[ownerHash(owner) & (SLOTS - 1)] === shard;
  }

  // --- what is stored ---------------------------------------------------------------------------------------------

  commit(positions: ReadonlyMap<number, Position>): boolean {
    for (const [shard, position] of positions) this.#positions.set(shard, position);
    if (positions.size === 0) return false;
    const meta = this.#store.of('meta');
    this.#store.commit(() => {
      this.#storeOwners();
      for (const [key, stored] of sorted(this.#happened))
        this.#store.of('happened').putSync(ascii(key), jsonBytes(stored));
      this.#storeCampaigns();
      const waiting = this.#store.of('waiting');
      for (const [key, proposal] of this.#waiting)
        if (proposal === null) waiting.removeSync(ascii(key));
        else waiting.putSync(ascii(key), jsonBytes(proposal));
      for (const { owner, marks, time } of this.#marked)
        storeMarks(this.#store.of('risks'), owner, marks, time);
      for (const one of this.#exchanges.values()) storeExchange(this.#store.of('exchanges'), one);
      for (const [shard, ids] of this.#ids)
        if (ids.isFull || this.#unstored(shard) >= ID_BLOCKS_MAX)
          meta.putSync(ascii(`ids ${shard}`), this.#storedIds(shard, ids));
      for (const [shard, position] of positions)
        meta.putSync(ascii(`position ${shard}`), jsonBytes(position));
      meta.putSync(ascii('format'), Buffer.from([FORMAT]));
    });
    for (const one of [this.#owners, this.#happened, this.#hours]) one.clear();
    for (const one of [this.#taken, this.#waiting, this.#events, this.#exchanges]) one.clear();
    this.#marked.splice(0);
    return false;
  }

  #storeOwners(): void {
    const owners = this.#store.of('owners');
    if (this.#stored.size > REMEMBERED) this.#stored.clear();
    for (const [owner, time] of sorted(this.#owners)) {
      const key = ascii(owner);
      const known = owners.getBinary(key)?.readDoubleLE(0);
      if (known === undefined || time < known) owners.putSync(key, double(time));
      this.#stored.add(owner);
    }
  }

  #storeCampaigns(): void {
    const campaigns = this.#store.of('campaigns');
    const sums = (key: string): Paid => jsonIn<Paid>(campaigns.getBinary(ascii(key))) ?? NONE;
    for (const [key, more] of this.#hours)
      campaigns.putSync(ascii(key), jsonBytes(plus(sums(key), more)));
    for (const [key, { from, paid, undone }] of this.#events)
      this.#store.of('events').putSync(ascii(key), jsonBytes({ from, paid, undone }));
    for (const [campaign, { events, owners }] of this.#taken) {
      let members = 0;
      for (const owner of owners) {
        const key = ascii(`${campaign} by ${owner}`);
        if (campaigns.getBinary(key) !== undefined) continue;
        campaigns.putSync(key, Buffer.from([1]));
        members++;
      }
      const key = `${campaign} all`;
      const before = sums(key);
      campaigns.putSync(ascii(key), jsonBytes([before[0] + events, before[1] + members, 0, 0]));
    }
  }

  /** What says where the ids of a shard are: up to which block they are stored, and in which runs. */
  #storedIds(shard: number, ids: IdPlaces): Buffer {
    const { seq } = this.position(shard);
    this.#idsUntil.set(shard, seq);
    return Buffer.concat([double(seq), ids.store()]);
  }

  /** Blocks whose ids are in memory alone. */
  #unstored(shard: number): number {
    return this.position(shard).seq - (this.#idsUntil.get(shard) ?? 0);
  }

  clear(): void {
    this.#store.clear();
    for (const one of [this.#positions, this.#ids, this.#idsUntil, this.#owners]) one.clear();
    this.#happened.clear();
    this.#marked.splice(0);
    for (const one of [this.#stored, this.#hours, this.#taken, this.#waiting]) one.clear();
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  // --- what is asked ----------------------------------------------------------------------------------------------

  answer(question: RegisterQuestion): Omit<RegisterAnswer, 'behind'> {
    const asOf = [...this.#positions].map(([shard, { seq }]) => [shard, seq] as const);
    switch (question.type) {
      case 'owners':
        return { asOf, owners: this.#ownersAfter(question) };
      case 'happened':
        return { asOf, happened: this.#happenedTo(question) };
      case 'named':
        return { asOf, named: this.#namedBy(question) };
      case 'campaign':
        return { asOf, campaign: this.#figuresOf(question.campaign) };
      case 'asked':
        return { asOf, principals: question.places.map((place) => this.#principalAt(place)) };
      case 'proposals':
        return { asOf, proposals: this.#proposalsAt(question.time) };
      case 'exchanges':
        return { asOf, exchanges: exchangesAfter(this.#store.of('exchanges'), question) };
      case 'risks':
        return { asOf, risks: risksAfter(this.#store.of('risks'), question) };
    }
  }

  #ownersAfter(asked: Extract<RegisterQuestion, { type: 'owners' }>): KnownOwner[] {
    const { prefix, after, limit } = asked;
    const start = ascii(after === '' ? prefix : after);
    const end = ownersEnd(prefix);
    const range = { start, ...(end === undefined ? {} : { end: ascii(end) }), limit: limit + 1 };
    const owners: KnownOwner[] = [];
    for (const { key, value } of this.#store.of('owners').getRange(range)) {
      const owner = key.toString('latin1');
      if (owner !== after && owners.length < limit)
        owners.push({ owner, since: value.readDoubleLE(0) });
    }
    return owners;
  }

  #happenedTo(asked: Extract<RegisterQuestion, { type: 'happened' }>): Happened[] {
    const { owner, after, limit } = asked;
    const range = {
      start: ascii(`${owner} ${after}`),
      end: ascii(`${owner}!`),
      limit: limit + 1,
    };
    const found: Happened[] = [];
    for (const { key, value } of this.#store.of('happened').getRange(range)) {
      const place = key.toString('latin1').slice(owner.length + 1);
      if (place === after || found.length === limit) continue;
      const [type, id, act, code] = JSON.parse(value.toString()) as Stored;
      found.push({
        ...happenedOf(place),
        type,
        act: act ?? undefined,
        id: id ?? undefined,
        outcome: (code as RefusalCode | null) ?? 'ok',
      });
    }
    return found;
  }

  #namedBy({ id, limit }: Extract<RegisterQuestion, { type: 'named' }>): NamedCommand[] {
    const named: NamedCommand[] = [];
    for (const shard of this.#shards) {
      const places = this.#idsOf(shard).find(id);
      let found = 0;
      for (const [seq, offset] of places) {
        if (found === limit) break;
        const one = commandAt(this.#read(shard, seq), offset);
        if (one.id !== id && bareId(one.id) !== id) continue;
        named.push(one);
        found++;
      }
    }
    return named;
  }

  /** Who asked for a command; null: it is not here, or nobody was named. */
  #principalAt({ shard, seq, id }: AskedAt): string | null {
    if (!this.#shards.includes(shard) || seq > this.position(shard).seq) return null;
    const block = this.#read(shard, seq);
    const { effects, commands } = block;
    if (!block.hasContexts) return null;
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      if (ENGINES.has(effects.op(at))) continue;
      const start = effects.commandOffset(at);
      reading.read(commands, start);
      if (reading.isNil(ID) || reading.text(ID) !== id) continue;
      const contexts = block.contexts();
      return contexts.ofRun(contexts.runAt(start))?.principal ?? null;
    }
    return null;
  }

  #proposalsAt(time: number): Proposal[] {
    const found: Proposal[] = [];
    for (const { value } of this.#store.of('waiting').getRange({})) {
      const proposal = JSON.parse(value.toString()) as Proposal;
      if (proposal.until > time) found.push(proposal);
    }
    return found;
  }

  #figuresOf(campaign: string): NonNullable<RegisterAnswer['campaign']> {
    const campaigns = this.#store.of('campaigns');
    const [events, members] = jsonIn<Paid>(campaigns.getBinary(ascii(`${campaign} all`))) ?? NONE;
    const range = { start: ascii(`${campaign} at `), end: ascii(`${campaign} at!`) };
    const hours: CampaignHour[] = [];
    for (const { key, value } of campaigns.getRange(range)) {
      const [, , from, version, percent, rule = ''] = key.toString('latin1').split(' ');
      const [points, extra, times, back] = JSON.parse(value.toString()) as Paid;
      hours.push({
        ...{ from: Number(from), version: Number(version), percent: Number(percent), rule },
        ...{ points, extra, times, back },
      });
    }
    return { events, members, hours };
  }
}

const double = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
};

/** In the order of keys: what is put so is put sooner. */
const sorted = <T>(all: ReadonlyMap<string, T>): (readonly [string, T])[] =>
  [...all].sort(([one], [other]) => (one < other ? -1 : 1));

function addId(ids: IdPlaces, command: CommandView, seq: number, at: number): void {
  if (command.isNil(ID)) return;
  ids.add(command.bytes, command.textStart(ID), command.textLength(ID), seq, at);
}

function hasEntryOf(effects: BlockView['effects'], at: number, owner: string): boolean {
  let entry = at + RECORD_HEAD;
  for (let i = effects.entryCount(at); i > 0; i--) {
    if (effects.entryOwner(entry) === owner) return true;
    entry += effects.entryLength(entry);
  }
  return false;
}

/** The command whose record is there. */
function commandAt({ effects, header, commands }: BlockView, at: number): NamedCommand {
  reading.read(commands, effects.commandOffset(at));
  const op = effects.op(at);
  const refusal = effects.refusalNumber(at);
  const { time, shard, seq } = header;
  return {
    ...{ time, shard, seq, offset: at, type: typeOfOp(op) as string },
    act: op === OP.act ? reading.text(ACT.act) : undefined,
    owner: reading.text(homePlace(reading)),
    id: reading.text(ID),
    outcome: refusal !== 0 ? refusalCode(refusal) : isBeginning(effects, at) ? 'PREPARED' : 'ok',
  };
}
