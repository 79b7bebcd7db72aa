// Keys under which addresses, agents and devices lie in the log: one for each day (UTC), in files beside it. Owns: `<folder>/audit-keys`, sealing, opening,
// forgetting. Never touches: the log; backups, which have no keys in them.
//   trail.K2. What was sealed on a day is opened for `keptDays` days after it. Then nobody opens it, and the key is written over and removed: the
//       log keeps bytes that say nothing.
//   trail.K3. The same place is sealed once a day while it is remembered, so that a block has it once. What is sealed twice on a day differs.

import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_FORGET_FIRST_MS, AUDIT_FORGET_MS, AUDIT_ORIGINS_MAX, DAY_MS } from '../limits.js';
import { openOrigin, originIn, type Place, placeText } from '../protocol/audit-context.js';
import { syncDirectory } from '../store/sync.js';
import { keyIn, open, SEALED_BYTES, seal, write } from './sealing.js';

const DAY_BYTES = 4;
const NOTHING = new Uint8Array(0);
/** A place of which nothing is known. */
const NOWHERE = '\0';
const FILE = /^(\d{4}-\d\d-\d\d)\.key$/;

const nameOf = (day: number): string => `${new Date(day * DAY_MS).toISOString().slice(0, 10)}.key`;

/** Where a data folder has its keys. */
export const auditKeysPath = (folder: string): string => join(folder, 'audit-keys');

/** The keys of a data folder. */
export class AuditKeys {
  readonly #path: string;
  readonly #keptDays: number;
  readonly #now: () => number;
  readonly #keys = new Map<number, Buffer>();
  /** What was sealed on `#day`, by place. */
  readonly #sealed = new Map<string, Uint8Array>();
  readonly #opened = new Map<string, Place>();
  #day = Number.NaN;
  #again: NodeJS.Timeout | undefined;

  /** `now`: milliseconds since 1970. */
  constructor(folder: string, keptDays: number, now: () => number = Date.now) {
    this.#path = auditKeysPath(folder);
    this.#keptDays = keptDays;
    this.#now = now;
  }

  get #today(): number {
    return Math.floor(this.#now() / DAY_MS);
  }

  /** Where somebody asks from, sealed; nothing where that is not known. */
  seal(place: Place): Uint8Array {
    const name = placeText(place);
    if (name === NOWHERE) return NOTHING;
    const day = this.#today;
    if (day !== this.#day) this.#sealed.clear();
    this.#day = day;
    const known = this.#sealed.get(name);
    if (known !== undefined) return known;
    if (this.#sealed.size >= AUDIT_ORIGINS_MAX) this.#sealed.clear();
    const head = headOf(day);
    const key = this.#keyOf(day, true) as Buffer;
    const made = Buffer.concat([head, seal(key, head, openOrigin(place))]);
    this.#sealed.set(name, made);
    return made;
  }

  /** The place; undefined: nothing is known, or it is forgotten. */
  open(sealed: Uint8Array): Place | undefined {
    if (sealed.length < DAY_BYTES + SEALED_BYTES) return undefined;
    const bytes = Buffer.from(sealed);
    const day = bytes.readUInt32LE(0);
    if (this.#isPast(day)) return undefined;
    const name = bytes.toString('latin1');
    const known = this.#opened.get(name);
    if (known !== undefined) return known;
    const key = this.#keyOf(day, false);
    const opened = key && open(key, headOf(day), bytes.subarray(DAY_BYTES));
    if (opened === undefined) return undefined;
    const origin = originIn(opened);
    if (this.#opened.size >= AUDIT_ORIGINS_MAX) this.#opened.clear();
    this.#opened.set(name, origin);
    return origin;
  }

  #isPast(day: number): boolean {
    return day < this.#today - this.#keptDays;
  }

  /** Removes the keys of days that are past. */
  forget(): void {
    for (const day of this.#keys.keys()) if (this.#isPast(day)) this.#keys.delete(day);
    this.#opened.clear();
    if (!existsSync(this.#path)) return;
    let removed = 0;
    for (const name of readdirSync(this.#path)) {
      const [, text] = FILE.exec(name) ?? [];
      if (text === undefined || !this.#isPast(Date.parse(text) / DAY_MS)) continue;
      const path = join(this.#path, name);
      write(path, 'r+', Buffer.alloc(statSync(path).size));
      rmSync(path);
      removed++;
    }
    if (removed > 0) syncDirectory(this.#path);
  }

  /** Removes them again and again, where `isBelieved` says that the clock is right. */
  forgetAgain(isBelieved: () => boolean, afterMs = AUDIT_FORGET_FIRST_MS): void {
    this.#again = setTimeout(() => {
      this.forgetAgain(isBelieved, AUDIT_FORGET_MS);
      if (!isBelieved()) return;
      try {
        this.forget();
      } catch (error) {
        const { message } = error as Error;
        process.emitWarning(`keys of the audit trail were not removed: ${message}`);
      }
    }, afterMs).unref();
  }

  close(): void {
    clearTimeout(this.#again);
  }

  #keyOf(day: number, mayMake: boolean): Buffer | undefined {
    const known = this.#keys.get(day);
    if (known !== undefined) return known;
    const key = keyIn(join(this.#path, nameOf(day)), mayMake);
    if (key !== undefined) this.#keys.set(day, key);
    return key;
  }
}

/** What is sealed stands behind its day, which is bound to it. */
function headOf(day: number): Buffer {
  const head = Buffer.alloc(DAY_BYTES);
  head.writeUInt32LE(day);
  return head;
}
