// Members' keys, wrapped by the key of their shelf. Owns: `<folder>/member-keys/keys.mdb`, making and destroying keys. Never touches: texts; which node has
// which member.
//   vault.K1. A member's key is durable before it is given to anybody.
//   vault.K2. A key is destroyed by making the shelf's key anew: the new one is durable, then one commit removes the member's key, wraps the others anew and
//       says that the member is erased, then the shelf's key before is destroyed. A kill in between leaves the commit or not; the next opening destroys
//       what the commit has left behind, or what it was to use.
//   vault.K3. Who is erased never has a key again.
//   vault.K4. One version is destroyed as a key is (vault.K2). It is never the newest, and the next one has sealed for `KEY_REVOKE_AFTER_MS`: that is judged in
//       the turn of the shelf in which it is destroyed, so nothing is sealed with it meanwhile, or was and is still to be written.

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { ERASED_PAGE, KEY_REVOKE_AFTER_MS, VAULT_CACHE_MAX, VAULT_SHELVES } from '../limits.js';
import { openEnvironment } from '../store/environment.js';
import { syncDirectory, syncFile } from '../store/sync.js';
import { open, seal, write } from '../trail/sealing.js';
import type { ErasedPage, KeyState } from './api.js';
import type { Master } from './master.js';
import { KEY_VERSION_MAX } from './sealed-text.js';
import { Shelves } from './shelves.js';
import { Turns } from './turns.js';

const KEY_BYTES = 32;
const MAP_BYTES = 64 * 2 ** 30;
const SHELF_BYTES = 2;
const VERSION_BYTES = 4;
const TIME_BYTES = 8;
/** Of one version of a member's key: its number, when it was made, the key. */
const ONE_BYTES = VERSION_BYTES + TIME_BYTES + KEY_BYTES;
/** Keys that are wrapped anew in one turn of the event loop. */
const AT_ONCE = 256;
const RENEW_FROM = Buffer.from('renew from');
const ROTATED_AT = Buffer.from('rotated at');
const NAMES = ['keys', 'shelves', 'erased', 'settings'] as const;

/** What is used of one of lmdb-js's databases. */
interface Table {
  getBinary(key: Uint8Array): Buffer | undefined;
  put(key: Uint8Array, value: Uint8Array): Promise<boolean>;
  remove(key: Uint8Array): Promise<boolean>;
  getRange(range: {
    readonly start?: Uint8Array;
    readonly end?: Uint8Array;
    readonly limit?: number;
  }): Iterable<{ readonly key: Buffer; readonly value: Buffer }>;
  getCount(): number;
}

/** One version of a member's key. */
interface Version {
  readonly version: number;
  readonly madeAt: number;
  readonly key: Buffer;
}

/** A member's keys, opened. */
export interface MemberKeys {
  /** The same for ever: digests are made with it. */
  readonly mark: Buffer;
  readonly versions: readonly Version[];
}

/** Where a data folder has its members' keys. */
export const memberKeysPath = (folder: string): string => join(folder, 'member-keys');

/** On which shelf a member's key lies. */
const shelfOf = (owner: string): number =>
  createHash('sha256').update(`shelf ${owner}`).digest().readUInt16BE(0) % VAULT_SHELVES;

const shelfKey = (shelf: number): Buffer => {
  const key = Buffer.alloc(SHELF_BYTES);
  key.writeUInt16BE(shelf);
  return key;
};
const placeOf = (shelf: number, owner: string): Buffer =>
  Buffer.concat([shelfKey(shelf), Buffer.from(owner)]);
const about = (owner: string): Buffer => Buffer.from(`member ${owner}`);

const numberOf = (bytes: Buffer | undefined): number | undefined => bytes?.readDoubleLE(0);
const bytesOf = (value: number): Buffer => {
  const bytes = Buffer.alloc(TIME_BYTES);
  bytes.writeDoubleLE(value);
  return bytes;
};

/** The keys that a node has. */
export class KeyStore {
  readonly #path: string;
  readonly #shelves: Shelves;
  readonly #root: RootDatabase<Uint8Array, never>;
  readonly #tables: Readonly<Record<(typeof NAMES)[number], Table>>;
  readonly #turns = new Turns();
  readonly #cache = new Map<string, MemberKeys>();
  readonly #now: () => number;

  private constructor(path: string, shelves: Shelves, now: () => number) {
    this.#path = path;
    this.#shelves = shelves;
    this.#now = now;
    const make = (root: RootDatabase<Uint8Array, never>): void => {
      for (const name of NAMES) tableOf(root, name);
    };
    this.#root = openEnvironment(join(path, 'keys.mdb'), MAP_BYTES, {}, {}, make);
    this.#tables = Object.fromEntries(
      NAMES.map((name) => [name, tableOf(this.#root, name)]),
    ) as Record<(typeof NAMES)[number], Table>;
    shelves.tidy((shelf) => this.#versionOf(shelf));
  }

  /** Opens the keys of a folder, or makes the place for them. Throws MasterError where the master key cannot be had. */
  static async open(path: string, master: Master, now: () => number): Promise<KeyStore> {
    return new KeyStore(path, await Shelves.open(path, master), now);
  }

  get figures() {
    const { keys, erased, settings } = this.#tables;
    return {
      root: this.#shelves.root,
      shelves: this.#shelves.size,
      members: keys.getCount(),
      erased: erased.getCount(),
      rotatedAt: numberOf(settings.getBinary(ROTATED_AT)),
      renewFrom: numberOf(settings.getBinary(RENEW_FROM)),
    };
  }

  /** Did a kill end a rotation? */
  get isHalf(): boolean {
    return this.#shelves.isHalf;
  }

  #versionOf(shelf: number): number {
    return this.#tables.shelves.getBinary(shelfKey(shelf))?.readUInt32LE(0) ?? 0;
  }

  erasedAt(owner: string): number | undefined {
    return numberOf(this.#tables.erased.getBinary(Buffer.from(owner)));
  }

  state(owner: string): KeyState {
    const at = this.erasedAt(owner);
    if (at !== undefined) return { state: 'erased', versions: [], at };
    const keys = this.find(owner);
    if (keys === undefined) return { state: 'none', versions: [] };
    const versions = keys.versions.map(({ version }) => version);
    return { state: 'live', versions, at: keys.versions.at(-1)?.madeAt };
  }

  /** A member's keys; undefined: there are none. */
  find(owner: string): MemberKeys | undefined {
    const known = this.#cache.get(owner);
    if (known !== undefined) return known;
    const shelf = shelfOf(owner);
    const sealed = this.#tables.keys.getBinary(placeOf(shelf, owner));
    if (sealed === undefined) return undefined;
    const keys = this.#opened(owner, sealed, this.#shelves.key(shelf, this.#versionOf(shelf)));
    this.#remember(owner, keys);
    return keys;
  }

  #opened(owner: string, sealed: Buffer, key: Buffer): MemberKeys {
    const bytes = open(key, about(owner), sealed);
    if (bytes === undefined) throw new Error(`${this.#path}: the key of a member does not open`);
    const versions: Version[] = [];
    for (let at = KEY_BYTES; at < bytes.length; at += ONE_BYTES)
      versions.push({
        version: bytes.readUInt32LE(at),
        madeAt: bytes.readDoubleLE(at + VERSION_BYTES),
        key: bytes.subarray(at + VERSION_BYTES + TIME_BYTES, at + ONE_BYTES),
      });
    return { mark: bytes.subarray(0, KEY_BYTES), versions };
  }

  #remember(owner: string, keys: MemberKeys): void {
    if (this.#cache.size >= VAULT_CACHE_MAX) this.#cache.clear();
    this.#cache.set(owner, keys);
  }

  /** A member's keys, to seal with the newest: made where there are none, or the newest is to be made anew. undefined: the member is erased. */
  async sealing(owner: string): Promise<MemberKeys | undefined> {
    const known = this.#cache.get(owner);
    if (known !== undefined && !this.#isOld(known)) return known;
    const shelf = shelfOf(owner);
    return this.#turns.take(shelf, async () => {
      if (this.erasedAt(owner) !== undefined) return undefined;
      const found = this.find(owner);
      if (found !== undefined && !this.#isOld(found)) return found;
      const keys = this.#another(found);
      const bytes = wrappedBytes(keys);
      let version = this.#versionOf(shelf);
      const isNew = version === 0;
      if (isNew) this.#shelves.make(shelf, ++version);
      const key = this.#shelves.key(shelf, version);
      await this.#committed(() => {
        if (isNew) this.#putVersion(shelf, version);
        void this.#tables.keys.put(placeOf(shelf, owner), seal(key, about(owner), bytes));
      });
      this.#remember(owner, keys);
      return keys;
    });
  }

  #isOld({ versions }: MemberKeys): boolean {
    const from = numberOf(this.#tables.settings.getBinary(RENEW_FROM));
    const newest = versions.at(-1);
    return (
      from !== undefined &&
      newest !== undefined &&
      newest.madeAt < from &&
      newest.version < KEY_VERSION_MAX
    );
  }

  #another(known: MemberKeys | undefined): MemberKeys {
    const { mark = randomBytes(KEY_BYTES), versions = [] } = known ?? {};
    const version = (versions.at(-1)?.version ?? 0) + 1;
    return {
      mark,
      versions: [...versions, { version, madeAt: this.#now(), key: randomBytes(KEY_BYTES) }],
    };
  }

  #putVersion(shelf: number, version: number): void {
    const bytes = Buffer.alloc(VERSION_BYTES);
    bytes.writeUInt32LE(version);
    void this.#tables.shelves.put(shelfKey(shelf), bytes);
  }

  async #committed(changes: () => void): Promise<void> {
    await this.#root.transaction(changes);
  }

  /** Destroys a member's key (vault.K2). Again: nothing is left to do. */
  erase(owner: string, at: number): Promise<void> {
    const shelf = shelfOf(owner);
    return this.#turns.take(shelf, async () => {
      if (this.erasedAt(owner) !== undefined) return;
      await this.#renewed(shelf, { gone: owner, at });
      // Not written over in memory: who seals at this moment would seal with nothing.
      this.#cache.delete(owner);
    });
  }

  /** Destroys one version of a member's key (vault.K4). False: it seals, or what it sealed may still be to be written. Again: nothing is left to do. */
  revoke(owner: string, version: number): Promise<boolean> {
    const shelf = shelfOf(owner);
    return this.#turns.take(shelf, async () => {
      const keys = this.find(owner);
      const at = keys?.versions.findIndex((one) => one.version === version) ?? -1;
      if (keys === undefined || at < 0) return true;
      const next = keys.versions[at + 1];
      if (next === undefined || this.#now() - next.madeAt < KEY_REVOKE_AFTER_MS) return false;
      const versions = keys.versions.filter((one) => one.version !== version);
      await this.#renewed(shelf, { left: { owner, bytes: wrappedBytes({ ...keys, versions }) } });
      this.#cache.delete(owner);
      return true;
    });
  }

  /** Makes the key of a shelf anew, and wraps with it what lies on the shelf but for who is `gone`, and but for what is not `left` of a member's. */
  async #renewed(
    shelf: number,
    {
      gone,
      at = 0,
      left,
    }: {
      readonly gone?: string;
      readonly at?: number;
      readonly left?: { readonly owner: string; readonly bytes: Buffer };
    } = {},
  ): Promise<void> {
    const before = this.#versionOf(shelf);
    const hadKey =
      gone !== undefined && this.#tables.keys.getBinary(placeOf(shelf, gone)) !== undefined;
    const erased = (): void => {
      if (gone !== undefined) void this.#tables.erased.put(Buffer.from(gone), bytesOf(at));
    };
    if (before === 0 || (gone !== undefined && !hadKey)) return this.#committed(erased);
    const old = this.#shelves.key(shelf, before);
    const made = this.#shelves.make(shelf, before + 1);
    const anew: (readonly [place: Buffer, sealed: Buffer])[] = [];
    // A turn of the shelf is taken: nothing is put on it meanwhile.
    for (const { key, value } of [
      ...this.#tables.keys.getRange({ start: shelfKey(shelf), end: shelfKey(shelf + 1) }),
    ]) {
      const owner = key.subarray(SHELF_BYTES).toString();
      if (owner === gone) continue;
      const bytes = open(old, about(owner), value);
      if (bytes === undefined) throw new Error(`${this.#path}: the key of a member does not open`);
      const stays = owner === left?.owner ? left.bytes : bytes;
      anew.push([key, seal(made, about(owner), stays)]);
      if (anew.length % AT_ONCE === 0) await pause();
    }
    await this.#committed(() => {
      for (const [place, sealed] of anew) void this.#tables.keys.put(place, sealed);
      if (gone !== undefined) void this.#tables.keys.remove(placeOf(shelf, gone));
      this.#putVersion(shelf, before + 1);
      erased();
    });
    this.#shelves.keepOnly(shelf, before + 1);
  }

  /** Members who were erased, by name. */
  erased(after = ''): ErasedPage {
    const start = after === '' ? {} : { start: Buffer.from(`${after}\0`) };
    const page = [...this.#tables.erased.getRange({ ...start, limit: ERASED_PAGE })];
    const erased = page.map(({ key, value }) => ({
      owner: key.toString(),
      at: value.readDoubleLE(0),
    }));
    return erased.length < ERASED_PAGE ? { erased } : { erased, after: erased.at(-1)?.owner };
  }

  /** Makes the root key anew, and what is under it (vault.S2). */
  async renewRoot(): Promise<void> {
    await this.#shelves.renewRoot(pause);
    await this.#wasRotated();
  }

  /** Makes the keys of all shelves anew, one after the other. */
  async renewShelves(): Promise<void> {
    for (let shelf = 0; shelf < VAULT_SHELVES; shelf++)
      if (this.#versionOf(shelf) > 0) await this.#turns.take(shelf, () => this.#renewed(shelf));
    await this.#wasRotated();
  }

  /** Makes each member's key anew, when something is next sealed with it. */
  async renewMembers(): Promise<void> {
    const { settings } = this.#tables;
    await this.#committed(() => void settings.put(RENEW_FROM, bytesOf(this.#now())));
    await this.#wasRotated();
  }

  async #wasRotated(): Promise<void> {
    const { settings } = this.#tables;
    await this.#committed(() => void settings.put(ROTATED_AT, bytesOf(this.#now())));
  }

  /** Copies all to a new folder: whole, or not at all. */
  copy(to: string): Promise<void> {
    return this.#turns.alone(() => this.#copied(to));
  }

  async #copied(to: string): Promise<void> {
    if (existsSync(to)) throw new Error(`${to} exists already; keys are copied into a new folder`);
    const beside = `${to}.incomplete-${randomBytes(4).toString('hex')}`;
    mkdirSync(beside, { recursive: true, mode: 0o700 });
    try {
      await this.#root.backup(join(beside, 'keys.mdb'), true);
      for (const name of this.#shelves.names)
        write(join(beside, name), 'wx', readFileSync(join(this.#path, name)));
      syncFile(join(beside, 'keys.mdb'));
      syncDirectory(beside);
      renameSync(beside, to);
      syncDirectory(dirname(to));
    } catch (error) {
      rmSync(beside, { recursive: true, force: true });
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#turns.idle();
    await this.#root.close();
  }
}

const wrappedBytes = ({ mark, versions }: MemberKeys): Buffer =>
  Buffer.concat([
    mark,
    ...versions.map(({ version, madeAt, key }) => {
      const bytes = Buffer.alloc(ONE_BYTES);
      bytes.writeUInt32LE(version);
      bytes.writeDoubleLE(madeAt, VERSION_BYTES);
      key.copy(bytes, VERSION_BYTES + TIME_BYTES);
      return bytes;
    }),
  ]);

const tableOf = (root: RootDatabase<Uint8Array, never>, name: string): Table =>
  root.openDB({ name, encoding: 'binary', keyEncoding: 'binary' }) as unknown as Table;

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
