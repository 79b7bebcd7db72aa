// What marks of risk have stopped, member by member. Owns: the file of a member: what was refused, which reviews are open. Never touches: marks.
//   risk.F1. What was refused is gathered for a moment and then written, so that who asks again and again writes no more than once in that time: what was
//       gathered and not written is lost with the process, and nothing else.
//   risk.F2. A file is written over the version that was seen.

import { createHash } from 'node:crypto';
import { type Document, Documents, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal } from '../refusal.js';

/** Something that a mark has stopped. */
export interface Stopped {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly code: string;
  /** The type of the command, or the name of the act. */
  readonly what: string;
  readonly id?: string | undefined;
}

/** The file of a member. */
export interface RiskFile {
  /** How often something was stopped, and when first. */
  readonly count: number;
  readonly since?: number | undefined;
  /** What was stopped last, the newest first. */
  readonly last: readonly Stopped[];
  /** Reviews that are open, and until when. */
  readonly reviews: readonly { readonly review: string; readonly until: number }[];
}

export const NO_FILE: RiskFile = { count: 0, last: [], reviews: [] };
const LAST_KEPT = 12;
const GATHERED_MS = 1_000;
/** Members of whom something is gathered at once. */
const GATHERED_MAX = 10_000;
const TRIES_MAX = 8;
const FILES = 64;

const PLACES = Array.from(
  { length: FILES },
  (_, n) => new Documents<RiskFile>(`#risk:${n}`, 'risk-file', 'owner'),
);
const placeOf = (owner: string): Documents<RiskFile> =>
  PLACES[(createHash('sha256').update(owner).digest()[0] ?? 0) % FILES] as Documents<RiskFile>;

/** The file of a member; undefined: there is none. */
export async function riskFile(
  ledger: OwnLedger,
  owner: string,
): Promise<Document<RiskFile> | undefined | Refusal> {
  return placeOf(owner).get(ledger, owner);
}

/** Changes the file of a member, as often as another one was quicker. What `change` refuses is told. */
export async function changeFile(
  ledger: OwnLedger,
  owner: string,
  change: (file: RiskFile) => RiskFile | Refusal,
): Promise<Refusal | undefined> {
  let no: Refusal | undefined;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const found = await riskFile(ledger, owner);
    if (isRefusal(found)) return found;
    const before = found?.read() ?? NO_FILE;
    const after = change(before);
    if (isRefusal(after) || after === before) return isRefusal(after) ? after : undefined;
    no = await placeOf(owner).put(ledger, owner, after, found?.version ?? 0);
    if (no?.code !== 'CHANGED_MEANWHILE') return no;
  }
  return no;
}

/** Gathers what is stopped, and writes it down. */
export class StoppedDesk {
  readonly #ledger: OwnLedger;
  readonly #gathered = new Map<string, { count: number; last: Stopped[] }>();
  #timer: NodeJS.Timeout | undefined;
  /** By code: how often, since the start. */
  readonly counts = new Map<string, number>();

  constructor(ledger: OwnLedger) {
    this.#ledger = ledger;
  }

  stopped(owner: string, one: Stopped): void {
    this.counts.set(one.code, (this.counts.get(one.code) ?? 0) + 1);
    const known = this.#gathered.get(owner) ?? { count: 0, last: [] };
    if (known.count === 0 && this.#gathered.size >= GATHERED_MAX) return;
    known.count++;
    known.last = [one, ...known.last].slice(0, LAST_KEPT);
    this.#gathered.set(owner, known);
    this.#timer ??= setTimeout(() => void this.write(), GATHERED_MS).unref();
  }

  /** Writes what was gathered. */
  async write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const all = [...this.#gathered];
    this.#gathered.clear();
    for (const [owner, { count, last }] of all)
      await changeFile(this.#ledger, owner, (file) => ({
        ...file,
        count: file.count + count,
        since: file.since ?? last.at(-1)?.at,
        last: [...last, ...file.last].slice(0, LAST_KEPT),
      }));
  }
}
