// What a member's lines become: transfers, in the order in which they happened. Owns: their order and bodies; which lines cannot be. Never touches:
// the ledger, which judges each of them.
//   importing.S1. What a line becomes follows from the lines and the time at which the import began. So a member is brought in the same way whenever
//       that is tried again.
//   importing.S2. Points that expired before the import began, and that no line says to have expired, leave when they expired: a transfer of the
//       import's own.
//   importing.S3. Transfers of one chunk are carried out together, and nothing of what was spent or has expired can be spent in between. A history
//       longer than a chunk is carried over: what the member has goes back to the import, and comes again with the next chunk, at the same
//       moment of its past.

import { limits, type TransferCommand } from '../../engine/index.js';
import { AS_ASSET_SAYS, Books, NEVER } from './books.js';
import {
  EXPIRED,
  EXPIRY_OWNER,
  importOwner,
  type Line,
  lineId,
  ownId,
  type RefusedLine,
} from './line.js';

/** Transfers of one chunk: with those that carry over they are one atomic batch. */
const CHUNK = 900;
const LEGS_MAX = 16;

/** What an import says of itself. */
export interface Brought {
  readonly name: string;
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
}

/** A transfer, and the line that it is of; -1: of the import itself. */
export interface Step {
  readonly command: TransferCommand;
  readonly line: number;
}

/** Transfers of one asset that are carried out together. */
export interface Chunk {
  readonly steps: readonly Step[];
  /** Can each be carried out by itself: nothing is spent, nothing has expired? */
  readonly isPlain: boolean;
}

/** What became of a member's lines. */
export interface Story {
  readonly chunks: readonly Chunk[];
  readonly refused: readonly RefusedLine[];
}

interface Event {
  readonly line: number;
  readonly at: number;
  /** Below 0: it takes points. */
  readonly amount: number;
  readonly expiresAt: number;
  readonly isExpiry: boolean;
}

const NOBODYS = -1;

/** At one moment: what is earned, what expires, what is spent, each in the order of the lines. */
const rank = ({ amount, line }: Event): number => (amount > 0 ? 0 : line === NOBODYS ? 1 : 2);

const inOrder = (a: Event, b: Event): number =>
  a.at - b.at || rank(a) - rank(b) || a.line - b.line || a.expiresAt - b.expiresAt;

const eventOf = (line: Line, place: number, { at }: Brought): Event => {
  const { amount, expiresAt, occurredAt = at, type } = line;
  return {
    line: place,
    at: occurredAt,
    amount,
    expiresAt: expiresAt === null ? NEVER : (expiresAt ?? AS_ASSET_SAYS),
    isExpiry: amount < 0 && type === EXPIRED,
  };
};

/** What is wrong with a line by itself. */
function faultOf({ kind, amount, expiresAt, occurredAt }: Line, { at }: Brought) {
  if (amount === 0 || (kind !== 'entry' && amount < 0))
    return { code: 'AMOUNT_INVALID', field: 'amount', detail: `A ${kind} is not ${amount}.` };
  if (kind === 'entry' && occurredAt === undefined)
    return { code: 'OCCURRED_INVALID', field: 'occurredAt', detail: 'It does not say when.' };
  const occurred = occurredAt ?? at;
  const early = occurred < at - limits.BACKDATE_MAX_MS ? 'OCCURRED_TOO_EARLY' : undefined;
  const code = occurred > at ? 'OCCURRED_FUTURE' : early;
  const when = new Date(at).toISOString();
  if (code !== undefined) return { code, field: 'occurredAt', detail: `The import began ${when}.` };
  if (amount < 0 || typeof expiresAt !== 'number' || expiresAt > occurred) return undefined;
  return {
    code: 'EXPIRY_PAST',
    field: 'expiresAt',
    detail: 'They expired before they were earned.',
  };
}

/** What these lines of a member become. `without`: lines that the ledger has refused. */
export function storyOf(
  brought: Brought,
  owner: string,
  lines: readonly Line[],
  without: ReadonlySet<number> = new Set(),
): Story {
  const refused: RefusedLine[] = [];
  const ids = new Map<string, number>();
  const byAsset = new Map<string, Event[]>();
  for (const [place, line] of lines.entries()) {
    if (without.has(place)) continue;
    const fault = faultOf(line, brought);
    const id = lineId(brought.name, line);
    const first = ids.get(id);
    if (fault !== undefined) refused.push({ line: place, ...fault });
    else if (first !== undefined) {
      const what = line.id === undefined ? 'says the same as' : 'has the id of';
      const detail = `It ${what} an earlier line of the member.`;
      refused.push({ line: place, code: 'ID_REUSED', field: 'id', detail });
    } else {
      ids.set(id, place);
      const events = byAsset.get(line.asset) ?? [];
      byAsset.set(line.asset, events);
      events.push(eventOf(line, place, brought));
    }
  }
  const chunks = [...byAsset].flatMap(([asset, events]) => {
    const known = possible(events.sort(inOrder), brought, refused);
    return new Teller(brought, owner, asset, lines).tell(known);
  });
  return { chunks, refused };
}

/** The events that can have been, and those by which the rest expired, in their order. */
function possible(events: readonly Event[], { at }: Brought, refused: RefusedLine[]): Event[] {
  const books = new Books();
  const known: Event[] = [];
  for (const event of events) {
    const { amount, line } = event;
    books.advance(event.at);
    const wrong = -amount > books.total ? 'POINTS_SHORT' : undefined;
    const tooMany = amount + books.total > limits.AMOUNT_MAX ? 'AMOUNT_OVERFLOW' : undefined;
    const code = wrong ?? tooMany;
    if (code === undefined) {
      carryOut(books, event);
      known.push(event);
      continue;
    }
    const detail = `The member had ${books.total} then.`;
    refused.push({ line, code, field: 'amount', detail });
  }
  books.advance(at);
  for (const { expiresAt, amount } of books.lots().over)
    known.push({ line: NOBODYS, at: expiresAt, amount: -amount, expiresAt, isExpiry: true });
  return known.sort(inOrder);
}

function carryOut(books: Books, { amount, expiresAt, isExpiry }: Event): void {
  if (amount > 0) books.earn(amount, expiresAt);
  else if (isExpiry) books.expire(-amount);
  else books.spend(-amount);
}

/** Writes the transfers of one asset. */
class Teller {
  readonly #brought: Brought;
  readonly #owner: string;
  readonly #asset: string;
  readonly #lines: readonly Line[];
  readonly #chunks: Chunk[] = [];
  #steps: Step[] = [];

  constructor(brought: Brought, owner: string, asset: string, lines: readonly Line[]) {
    this.#brought = brought;
    this.#owner = owner;
    this.#asset = asset;
    this.#lines = lines;
  }

  tell(events: readonly Event[]): Chunk[] {
    const isPlain = events.every(({ amount }) => amount > 0);
    const books = new Books();
    for (const [n, event] of events.entries()) {
      books.advance(event.at);
      carryOut(books, event);
      this.#steps.push(this.#step(event));
      const goesOn = n + 1 < events.length && this.#steps.length >= CHUNK;
      if (goesOn && !isPlain) this.#carryOver(books, event.at);
    }
    if (this.#steps.length > 0) this.#chunks.push({ steps: this.#steps, isPlain });
    return this.#chunks;
  }

  #step({ line, amount, expiresAt, at, isExpiry }: Event): Step {
    const source = this.#lines[line];
    if (source === undefined) {
      const id = ownId(this.#brought.name, 'expired', this.#asset, at);
      return this.#own(id, 'EXPIRED', [this.#takes(-amount, EXPIRY_OWNER)], at);
    }
    const { type, businessType, businessId, remark, kind } = source;
    const to = isExpiry ? EXPIRY_OWNER : importOwner(this.#brought.name);
    const leg = amount > 0 ? this.#brings(amount, expiresAt) : this.#takes(-amount, to);
    const metadata = businessType === undefined || type === undefined ? {} : { metadata: { type } };
    const command: TransferCommand = {
      type: 'transfer',
      id: lineId(this.#brought.name, source),
      legs: [leg],
      occurredAt: at,
      kind: businessType ?? type ?? kind,
      ...(businessId === undefined ? {} : { ref: businessId }),
      ...(remark === undefined ? {} : { memo: remark }),
      ...metadata,
    };
    return { command, line };
  }

  #brings(amount: number, expiresAt: number) {
    const leg = { from: importOwner(this.#brought.name), to: this.#owner };
    const points = { ...leg, asset: this.#asset, amount };
    if (expiresAt === AS_ASSET_SAYS) return points;
    return { ...points, expiresAt: expiresAt === NEVER ? null : expiresAt };
  }

  #takes(amount: number, to: string) {
    return { from: this.#owner, to, asset: this.#asset, amount };
  }

  #own(id: string, kind: string, legs: TransferCommand['legs'], occurredAt: number): Step {
    const command: TransferCommand = { type: 'transfer', id, legs, kind, occurredAt };
    return { command, line: NOBODYS };
  }

  /** Ends a chunk, and begins the next one with what there is at that moment. */
  #carryOver(books: Books, at: number): void {
    const { name } = this.#brought;
    const place = this.#chunks.length;
    const named = (...more: number[]) => ownId(name, 'carried', this.#asset, place, ...more);
    const { over, live } = books.lots();
    // What has expired and is still to be taken is the soonest of all.
    const gone = over.map(({ amount }) => this.#brings(amount, at + 1));
    const legs = [...gone, ...live.map(({ amount, expiresAt }) => this.#brings(amount, expiresAt))];
    const out = this.#takes(books.total, importOwner(name));
    if (books.total > 0) this.#steps.push(this.#own(named(), 'CARRIED', [out], at));
    this.#chunks.push({ steps: this.#steps, isPlain: false });
    this.#steps = [];
    for (let from = 0; from < legs.length; from += LEGS_MAX)
      this.#steps.push(this.#own(named(from), 'CARRIED', legs.slice(from, from + LEGS_MAX), at));
  }
}
