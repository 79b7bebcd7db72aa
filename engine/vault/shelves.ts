// Keys of shelves, each in a file of its own, under a root key that the master wraps. Owns: `<folder>/member-keys/*.key`. Never touches: members' keys.
//   vault.S1. A key is durable before anything is wrapped with it, and its file is written over and removed once nothing is: so remnants of what was wrapped
//       with it, in free pages or on the medium of a copy that has not the file, open nothing.
//   vault.S2. A root key is made anew by making all files anew under it, one after the other; the root before goes when none is left. A kill leaves files under
//       both, and both roots.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from '../store/sync.js';
import { open, seal } from '../trail/sealing.js';
import { destroyed, put } from './files.js';
import { type Master, MasterError } from './master.js';

const KEY_BYTES = 32;
const ROOT = /^root-(\d+)\.key$/;
const SHELF = /^([0-9a-f]{3})-(\d+)-(\d+)\.key$/;

/** A file of a shelf's key: which version, under which root. */
interface ShelfFile {
  readonly version: number;
  readonly root: number;
}

const nameOf = (shelf: number, { version, root }: ShelfFile): string =>
  `${shelf.toString(16).padStart(3, '0')}-${version}-${root}.key`;
const rootName = (root: number): string => `root-${root}.key`;
const about = (shelf: number, version: number): Buffer => Buffer.from(`shelf ${shelf} ${version}`);

/** Keys of shelves that are open. */
export class Shelves {
  readonly #path: string;
  readonly #master: Master;
  readonly #roots: Map<number, Buffer>;
  readonly #files: Map<number, ShelfFile[]>;
  readonly #keys = new Map<string, Buffer>();
  #root: number;
  #isHalf = false;

  private constructor(
    path: string,
    master: Master,
    roots: Map<number, Buffer>,
    files: Map<number, ShelfFile[]>,
  ) {
    this.#path = path;
    this.#master = master;
    this.#roots = roots;
    this.#files = files;
    this.#root = Math.max(...roots.keys());
  }

  /** Opens what is there, or makes a first root. Throws MasterError where the master key cannot be had. */
  static async open(path: string, master: Master): Promise<Shelves> {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const roots = new Map<number, Buffer>();
    const files = new Map<number, ShelfFile[]>();
    const closed = new Map<number, unknown>();
    for (const name of readdirSync(path)) {
      const [, root] = ROOT.exec(name) ?? [];
      if (root !== undefined) {
        const wrapped = readFileSync(join(path, name), 'latin1').trim();
        await master.unwrap(wrapped).then(
          (key) => roots.set(Number(root), key),
          (error: unknown) => closed.set(Number(root), error),
        );
      }
      const [, shelf, version, under] = SHELF.exec(name) ?? [];
      if (shelf === undefined) continue;
      const number = Number.parseInt(shelf, 16);
      const one = { version: Number(version), root: Number(under) };
      files.set(number, [...(files.get(number) ?? []), one]);
    }
    for (const { root } of [...files.values()].flat())
      if (!roots.has(root))
        throw (
          closed.get(root) ?? new MasterError(`${path}/${rootName(root)} is missing: put it back.`)
        );
    const [wrong] = closed.values();
    if (roots.size === 0 && wrong !== undefined) throw wrong;
    const shelves = new Shelves(path, master, roots, files);
    if (roots.size === 0) await shelves.#makeRoot(1);
    else shelves.#isHalf = roots.size + closed.size > 1;
    return shelves;
  }

  /** The number of the root key. */
  get root(): number {
    return this.#root;
  }

  /** Is there something left of a rotation that a kill ended? */
  get isHalf(): boolean {
    return this.#isHalf || this.#master.isHalf;
  }

  get size(): number {
    return this.#files.size;
  }

  /** The key of a shelf; throws where its file is missing or was changed. */
  key(shelf: number, version: number): Buffer {
    const name = `${shelf} ${version}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    for (const file of this.#files.get(shelf) ?? []) {
      const root = file.version === version ? this.#roots.get(file.root) : undefined;
      const key = root && this.#read(shelf, file, root);
      if (key === undefined) continue;
      this.#keys.set(name, key);
      return key;
    }
    throw new Error(`${this.#path}: the key of shelf ${shelf}, version ${version}, is missing`);
  }

  #read(shelf: number, file: ShelfFile, root: Buffer): Buffer | undefined {
    const text = readFileSync(join(this.#path, nameOf(shelf, file)), 'latin1').trim();
    return open(root, about(shelf, file.version), Buffer.from(text, 'base64url'));
  }

  /** Makes a key of a shelf, and gives it. */
  make(shelf: number, version: number): Buffer {
    const key = randomBytes(KEY_BYTES);
    // What a kill has left under this version was never used.
    this.#destroy(shelf, (file) => file.version === version);
    this.#put(shelf, version, key);
    this.#keys.set(`${shelf} ${version}`, key);
    return key;
  }

  #put(shelf: number, version: number, key: Buffer): void {
    const file = { version, root: this.#root };
    const sealed = seal(this.#roots.get(this.#root) as Buffer, about(shelf, version), key);
    put(join(this.#path, nameOf(shelf, file)), sealed.toString('base64url'));
    this.#files.set(shelf, [...(this.#files.get(shelf) ?? []), file]);
  }

  /** Destroys the keys of a shelf but for one version; 0: all. */
  keepOnly(shelf: number, version: number): void {
    this.#destroy(shelf, (file) => file.version !== version);
  }

  /** Destroys what kills have left: `versionOf` a shelf, 0: it has none. */
  tidy(versionOf: (shelf: number) => number): void {
    for (const name of readdirSync(this.#path))
      if (name.endsWith('.tmp')) destroyed(join(this.#path, name));
    for (const shelf of [...this.#files.keys()]) this.keepOnly(shelf, versionOf(shelf));
  }

  #destroy(shelf: number, isGone: (file: ShelfFile) => boolean): void {
    const all = this.#files.get(shelf) ?? [];
    const gone = all.filter(isGone);
    if (gone.length === 0) return;
    for (const file of gone) {
      destroyed(join(this.#path, nameOf(shelf, file)));
      if (all.some((one) => !isGone(one) && one.version === file.version)) continue;
      this.#keys.delete(`${shelf} ${file.version}`);
    }
    syncDirectory(this.#path);
    const rest = all.filter((one) => !isGone(one));
    if (rest.length === 0) this.#files.delete(shelf);
    else this.#files.set(shelf, rest);
  }

  /** Makes a root key, and every file anew under it, with a pause after each (vault.S2). */
  async renewRoot(pause: () => Promise<void>): Promise<void> {
    await this.#master.renewed(async () => {
      await this.#makeRoot(this.#root + 1);
      for (const shelf of [...this.#files.keys()]) {
        this.#underNewest(shelf);
        await pause();
      }
      for (const name of readdirSync(this.#path)) {
        const [, root] = ROOT.exec(name) ?? [];
        if (root === undefined || Number(root) === this.#root) continue;
        destroyed(join(this.#path, name));
        this.#roots.delete(Number(root));
      }
      syncDirectory(this.#path);
      this.#isHalf = false;
    });
  }

  /** In one turn of the event loop: nobody sees a shelf in between. */
  #underNewest(shelf: number): void {
    const old = (this.#files.get(shelf) ?? []).filter(({ root }) => root !== this.#root);
    for (const file of old) {
      const isThere = this.#files
        .get(shelf)
        ?.some(({ version, root }) => version === file.version && root === this.#root);
      if (isThere !== true) this.#put(shelf, file.version, this.key(shelf, file.version));
      this.#destroy(shelf, (one) => one === file);
    }
  }

  async #makeRoot(root: number): Promise<void> {
    const key = randomBytes(KEY_BYTES);
    const wrapped = await this.#master.wrap(key);
    // What wraps and does not open would lose everything.
    if (!(await this.#master.unwrap(wrapped)).equals(key))
      throw new MasterError('The master key does not unwrap what it has wrapped.');
    put(join(this.#path, rootName(root)), wrapped);
    this.#roots.set(root, key);
    this.#root = root;
  }

  /** The files there are, for a copy. */
  get names(): readonly string[] {
    return readdirSync(this.#path).filter((name) => ROOT.test(name) || SHELF.test(name));
  }
}
