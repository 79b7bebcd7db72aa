// Keys under which addresses and agents lie in the log: one for each day (UTC), in files beside it. Owns: `<folder>/audit-keys`, sealing, opening,
// forgetting. Never touches: the log; backups, which have no keys in them.
//   trail.K1. A key is on the disk before anything is sealed with it.
//   trail.K2. What was sealed on a day is opened for `keptDays` days after it. Then nobody opens it, and the key is written over and removed: the
//       log keeps bytes that say nothing.
//   trail.K3. The same place is sealed once a day while it is remembered, so that a block has it once. What is sealed twice on a day differs.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { AUDIT_ORIGINS_MAX, DAY_MS } from '../limits.js';
import { openOrigin, originIn } from '../protocol/audit-context.js';
import { syncDirectory } from '../store/sync.js';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const DAY_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NOTHING = new Uint8Array(0);
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
  /** What was sealed on `#day`, by address and agent. */
  readonly #sealed = new Map<string, Uint8Array>();
  readonly #opened = new Map<string, readonly [address: string, agent: string]>();
  #day = Number.NaN;

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
  seal(address: string, agent: string): Uint8Array {
    if (address === '' && agent === '') return NOTHING;
    const day = this.#today;
    if (day !== this.#day) this.#sealed.clear();
    this.#day = day;
    const name = `${address}\0${agent}`;
    const known = this.#sealed.get(name);
    if (known !== undefined) return known;
    if (this.#sealed.size >= AUDIT_ORIGINS_MAX) this.#sealed.clear();
    const made = seal(this.#keyOf(day, true) as Buffer, day, openOrigin(address, agent));
    this.#sealed.set(name, made);
    return made;
  }

  /** The address and the agent; undefined: nothing is known, or it is forgotten. */
  open(sealed: Uint8Array): readonly [address: string, agent: string] | undefined {
    if (sealed.length < DAY_BYTES + NONCE_BYTES + TAG_BYTES) return undefined;
    const bytes = Buffer.from(sealed);
    const day = bytes.readUInt32LE(0);
    if (this.#isPast(day)) return undefined;
    const name = bytes.toString('latin1');
    const known = this.#opened.get(name);
    if (known !== undefined) return known;
    const key = this.#keyOf(day, false);
    const opened = key && open(key, bytes);
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

  #keyOf(day: number, mayMake: boolean): Buffer | undefined {
    const known = this.#keys.get(day);
    if (known !== undefined) return known;
    const path = join(this.#path, nameOf(day));
    if (!existsSync(path)) {
      if (!mayMake) return undefined;
      this.#make(path);
    }
    const key = Buffer.from(readFileSync(path, 'latin1').trim(), 'base64url');
    if (key.length !== KEY_BYTES) throw new Error(`${path} holds no key`);
    this.#keys.set(day, key);
    return key;
  }

  #make(path: string): void {
    mkdirSync(this.#path, { recursive: true, mode: 0o700 });
    const beside = `${path}.tmp`;
    rmSync(beside, { force: true });
    write(beside, 'wx', Buffer.from(`${randomBytes(KEY_BYTES).toString('base64url')}\n`));
    linkSync(beside, path);
    rmSync(beside);
    syncDirectory(this.#path);
    syncDirectory(join(this.#path, '..'));
  }
}

function write(path: string, flags: 'wx' | 'r+', bytes: Uint8Array): void {
  const fd = openSync(path, flags, 0o600);
  try {
    writeSync(fd, bytes, 0, bytes.length, 0);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The day, the nonce, what is sealed, the tag; the day is bound to it. */
function seal(key: Buffer, day: number, bytes: Uint8Array): Uint8Array {
  const head = Buffer.alloc(DAY_BYTES);
  head.writeUInt32LE(day);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(head);
  return Buffer.concat([head, nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, bytes: Buffer): Uint8Array | undefined {
  const [nonceEnd, end] = [DAY_BYTES + NONCE_BYTES, bytes.length - TAG_BYTES];
  const nonce = bytes.subarray(DAY_BYTES, nonceEnd);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(bytes.subarray(0, DAY_BYTES)).setAuthTag(bytes.subarray(end));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceEnd, end)), decipher.final()]);
  } catch {
    return undefined;
  }
}
