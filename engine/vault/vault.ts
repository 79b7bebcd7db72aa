// Personal data, sealed under keys of its members. Owns: which node is asked, when the keys are opened, what is answered to other nodes. Never touches: how
// keys lie on the disk.
//   vault.V1. Keys stay on the node that has the member's shard: other nodes send it the text, or what is sealed, as they send it commands. Who has not the
//       shard makes no key.
//   vault.V2. The ledger runs where the master key cannot be had: what is sealed stays so meanwhile (`VAULT_CLOSED`), and it is asked for again.
//   vault.V3. A member is erased on every node: one that had its shard before may have its key still.

import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterNode } from '../cluster/node.js';
import { ERASED_PAGE, MASTER_AGAIN_MS, OWNER_LENGTH_MAX, VAULT_TEXTS_MAX } from '../limits.js';
import { isRefusal, type Refused, refused } from '../protocol/outcomes.js';
import type {
  ErasedPage,
  KeyState,
  Opening,
  RotationLevel,
  Sealing,
  Vault,
  VaultFigures,
  VaultOptions,
} from './api.js';
import { KeyStore, type MemberKeys, memberKeysPath } from './keys.js';
import { Master } from './master.js';
import { concealed, keyVersionOf, revealed, SALT_BYTES } from './sealed-text.js';

/** The file of the master key that is made where nothing is said of one. */
export const MASTER_KEY_FILE = 'master.key';

export interface VaultParts {
  readonly folder: string;
  readonly shards: number;
  readonly here: readonly number[];
  readonly node: ClusterNode | undefined;
  shardOf(owner: string): number;
  now(): number;
  /** May another process serve the shards, which has not these keys? */
  readonly hasReplicas?: boolean | undefined;
}

/** What a node asks of another one. */
type Question =
  | { readonly type: 'seal'; readonly texts: readonly Sealing[] }
  | { readonly type: 'open'; readonly texts: readonly Opening[] }
  | {
      readonly type: 'mark';
      readonly owner: string;
      readonly purpose: string;
      readonly texts: readonly string[];
    }
  | { readonly type: 'state'; readonly owner: string }
  | { readonly type: 'erase'; readonly owner: string; readonly at: number }
  | { readonly type: 'revoke'; readonly owner: string; readonly version: number };

const LEVELS: readonly RotationLevel[] = ['master', 'shelves', 'members'];

export class MemberVault implements Vault {
  readonly #parts: VaultParts;
  readonly #path: string;
  readonly #master: Master;
  #store: Promise<KeyStore> | undefined;
  #failed: { readonly reason: string; readonly at: number } | undefined;
  #long: Promise<unknown> = Promise.resolve();
  #rotating: RotationLevel | undefined;
  #isClosed = false;
  #sealed = 0;
  #opened = 0;

  constructor(parts: VaultParts, options: VaultOptions = {}) {
    this.#parts = parts;
    this.#path = memberKeysPath(parts.folder);
    this.#master = new Master(join(parts.folder, MASTER_KEY_FILE), options);
  }

  /** Opens the keys that there are; a rotation that a kill ended goes on. Rejects where the master key is another one. */
  async start(): Promise<void> {
    if (!existsSync(this.#path)) return;
    const store = await this.#keys();
    if (isRefusal(store)) {
      // What a command answers may be another thing in a moment; a key that is written down is not.
      if (this.#master.kind !== 'command' && !this.#parts.hasReplicas)
        throw new Error(this.#failed?.reason);
      process.emitWarning(`personal data cannot be read now: ${this.#failed?.reason}`);
    } else if (store.isHalf) await this.rotate('master');
  }

  async #keys(): Promise<KeyStore | Refused> {
    if (this.#isClosed) return refused('VAULT_CLOSED');
    if (this.#parts.hasReplicas) {
      // Each replica would make keys of its own, and none could open what another one sealed.
      this.#failed = { reason: 'replicas do not share keys of personal data', at: 0 };
      return refused('VAULT_CLOSED');
    }
    if (this.#failed !== undefined && performance.now() - this.#failed.at < MASTER_AGAIN_MS)
      return refused('VAULT_CLOSED');
    this.#store ??= KeyStore.open(this.#path, this.#master, this.#parts.now);
    try {
      const store = await this.#store;
      this.#failed = undefined;
      return store;
    } catch (error) {
      this.#store = undefined;
      this.#failed = { reason: (error as Error).message, at: performance.now() };
      return refused('VAULT_CLOSED');
    }
  }

  async seal(texts: readonly Sealing[]): Promise<readonly string[] | Refused> {
    return this.#spread(texts, 'seal', (some) => this.#sealHere(some));
  }

  async open(texts: readonly Opening[]): Promise<readonly (string | undefined)[] | Refused> {
    return this.#spread(texts, 'open', (some) => this.#openHere(some));
  }

  /** Asks each node for those of its members, and puts the answers in order. */
  async #spread<One extends Sealing | Opening, Told>(
    texts: readonly One[],
    type: 'seal' | 'open',
    here: (some: readonly One[]) => Promise<readonly Told[] | Refused>,
  ): Promise<readonly Told[] | Refused> {
    const places = new Map<number | undefined, number[]>();
    for (const [i, { owner }] of texts.entries()) {
      const shard = this.#elsewhere(owner);
      const known = places.get(shard);
      if (known === undefined) places.set(shard, [i]);
      else known.push(i);
    }
    const told = new Array<Told>(texts.length);
    const answers = await Promise.all(
      [...places].flatMap(([shard, all]) =>
        parts(all).map(async (some) => {
          const asked = some.map((i) => texts[i] as One);
          const answer =
            shard === undefined
              ? await here(asked)
              : await this.#ask<readonly Told[]>(shard, { type, texts: asked });
          if (isRefusal(answer)) return answer;
          for (const [n, i] of some.entries()) told[i] = (answer[n] ?? undefined) as Told;
          return undefined;
        }),
      ),
    );
    return answers.find((one) => one !== undefined) ?? told;
  }

  /** The shard of a member that another node has. */
  #elsewhere(owner: string): number | undefined {
    const { node, here, shardOf } = this.#parts;
    const shard = shardOf(owner);
    return node === undefined || here.includes(shard) ? undefined : shard;
  }

  async #ask<T>(shard: number, question: object): Promise<T | Refused> {
    const answer = await this.#parts.node?.read<{ readonly told: T }>(shard, 'vault', question);
    if (answer === undefined) return refused('SHARD_UNAVAILABLE');
    return isRefusal(answer) ? answer : answer.told;
  }

  async #sealHere(texts: readonly Sealing[]): Promise<readonly string[] | Refused> {
    const store = await this.#keys();
    if (isRefusal(store)) return store;
    const owners = [...new Set(texts.map(({ owner }) => owner))];
    const found = await Promise.all(owners.map((owner) => store.sealing(owner)));
    const keys = new Map(owners.map((owner, i) => [owner, found[i]]));
    const sealed: string[] = [];
    for (const one of texts) {
      const of = keys.get(one.owner);
      if (of === undefined) return refused('MEMBER_ERASED', 'owner');
      sealed.push(sealedWith(of, one));
    }
    this.#sealed += sealed.length;
    return sealed;
  }

  async #openHere(texts: readonly Opening[]): Promise<readonly (string | undefined)[] | Refused> {
    const store = await this.#keys();
    if (isRefusal(store)) return store;
    this.#opened += texts.length;
    return texts.map(({ owner, sealed, about }) => {
      const version = keyVersionOf(sealed);
      const of = version === undefined ? undefined : store.find(owner);
      const key = of?.versions.find((one) => one.version === version)?.key;
      return key && revealed(key, sealed, about);
    });
  }

  async mark(owner: string, purpose: string, texts: readonly string[]): Promise<string | Refused> {
    const shard = this.#elsewhere(owner);
    if (shard !== undefined)
      return this.#ask<string>(shard, { type: 'mark', owner, purpose, texts });
    const store = await this.#keys();
    if (isRefusal(store)) return store;
    const keys = await store.sealing(owner);
    if (keys === undefined) return refused('MEMBER_ERASED', 'owner');
    return digestOf(keys, purpose, texts).toString('base64url');
  }

  async state(owner: string): Promise<KeyState | Refused> {
    const shard = this.#elsewhere(owner);
    if (shard !== undefined) return this.#ask<KeyState>(shard, { type: 'state', owner });
    const store = await this.#keys();
    return isRefusal(store) ? store : store.state(owner);
  }

  async erase(owner: string, at: number): Promise<Refused | undefined> {
    const answers = await Promise.all([
      this.#eraseHere(owner, at),
      ...this.#others.map((shard) => this.#ask<object>(shard, { type: 'erase', owner, at })),
    ]);
    return answers.find(isRefusal);
  }

  /** A shard of each other node. */
  get #others(): readonly number[] {
    const { node, here, shards } = this.#parts;
    const others = new Map<string, number>();
    for (let shard = 0; shard < shards; shard++)
      if (node !== undefined && !here.includes(shard)) others.set(node.nodeOf(shard), shard);
    return [...others.values()];
  }

  async revoke(owner: string, version: number): Promise<Refused | undefined> {
    const answers = await Promise.all([
      this.#revokeHere(owner, version),
      ...this.#others.map((shard) => this.#ask<object>(shard, { type: 'revoke', owner, version })),
    ]);
    return answers.find(isRefusal);
  }

  async #revokeHere(owner: string, version: number): Promise<object | Refused> {
    if (!existsSync(this.#path)) return {};
    const store = await this.#keys();
    if (isRefusal(store)) return store;
    return (await store.revoke(owner, version)) ? {} : refused('KEY_VERSION_SEALS', 'version');
  }

  async #eraseHere(owner: string, at: number): Promise<object | Refused> {
    const store = await this.#keys();
    if (isRefusal(store)) return store;
    await store.erase(owner, at);
    return {};
  }

  async erased(after?: string): Promise<ErasedPage | Refused> {
    const store = existsSync(this.#path) ? await this.#keys() : undefined;
    if (store === undefined) return { erased: [] };
    return isRefusal(store) ? store : store.erased(after);
  }

  rotate(level: RotationLevel): Promise<Refused | undefined> {
    return this.#afterOther(async (store) => {
      this.#rotating = level;
      try {
        if (level === 'master') await store.renewRoot();
        else if (level === 'shelves') await store.renewShelves();
        else await store.renewMembers();
      } finally {
        this.#rotating = undefined;
      }
    });
  }

  copy(to: string): Promise<Refused | undefined> {
    return this.#afterOther((store) => store.copy(to));
  }

  /** One after the other: what takes long and has to do with all keys. */
  #afterOther(work: (store: KeyStore) => Promise<void>): Promise<Refused | undefined> {
    const mine = this.#long.then(async () => {
      const store = await this.#keys();
      if (isRefusal(store)) return store;
      await work(store);
      return undefined;
    });
    this.#long = mine.catch(() => undefined);
    return mine;
  }

  async figures(): Promise<VaultFigures> {
    const { kind: master } = this.#master;
    const [sealed, opened] = [this.#sealed, this.#opened];
    const nothing = { root: 0, shelves: 0, members: 0, erased: 0 };
    // Nothing was ever to be sealed here; or the first that was could not be.
    const isUnused = !existsSync(this.#path) && this.#failed === undefined;
    if (isUnused) return { isOpen: true, master, ...nothing, sealed, opened };
    const store = await this.#keys();
    if (isRefusal(store))
      return { isOpen: false, reason: this.#failed?.reason, master, ...nothing, sealed, opened };
    return { isOpen: true, master, ...store.figures, sealed, opened, rotating: this.#rotating };
  }

  /** What another node asks; it has been checked no further than that it is an object. */
  async serve(asked: Readonly<Record<string, unknown>>): Promise<object> {
    const question = questionOf(asked);
    if (question === undefined) return refused('QUERY_INVALID');
    if (!this.#areHere(question)) return refused('SHARD_ELSEWHERE');
    const told = await this.#answer(question);
    return isRefusal(told) ? told : { told };
  }

  /** A key that was made where the member is not would open nothing on the node that has it. */
  #areHere(question: Question): boolean {
    if (question.type === 'erase' || question.type === 'revoke') return true;
    const { here, shardOf } = this.#parts;
    const owners = 'owner' in question ? [question.owner] : question.texts.map((one) => one.owner);
    return owners.every((owner) => here.includes(shardOf(owner)));
  }

  #answer(question: Question): Promise<unknown> {
    switch (question.type) {
      case 'seal':
        return this.#sealHere(question.texts);
      case 'open':
        return this.#openHere(question.texts);
      case 'mark':
        return this.mark(question.owner, question.purpose, question.texts);
      case 'state':
        return this.state(question.owner);
      case 'erase':
        return this.#eraseHere(question.owner, question.at);
      case 'revoke':
        return this.#revokeHere(question.owner, question.version);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#master.close();
    await this.#long;
    await (await this.#store?.catch(() => undefined))?.close();
  }
}

const digestOf = ({ mark }: MemberKeys, purpose: string, texts: readonly string[]): Buffer =>
  createHmac('sha256', mark)
    .update(JSON.stringify([purpose, ...texts]))
    .digest();

function sealedWith(of: MemberKeys, { text, about, once, version }: Sealing): string {
  const { versions } = of;
  const one = versions.find((it) => it.version === version) ?? versions.at(-1);
  if (one === undefined) throw new Error('a member has a key without versions');
  const salt =
    once === undefined
      ? undefined
      : digestOf(of, 'salt', [about, once, text]).subarray(0, SALT_BYTES);
  return concealed(one.key, text, about, salt, one.version);
}

function parts(all: readonly number[]): number[][] {
  const made: number[][] = [];
  for (let at = 0; at < all.length; at += VAULT_TEXTS_MAX)
    made.push(all.slice(at, at + VAULT_TEXTS_MAX));
  return made;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isOwner = (value: unknown): value is string =>
  isText(value) && value.length > 0 && value.length <= OWNER_LENGTH_MAX;
const isList = (value: unknown): value is readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) && value.length <= VAULT_TEXTS_MAX;

function questionOf(asked: Readonly<Record<string, unknown>>): Question | undefined {
  const { type, texts, owner, purpose, at, version } = asked;
  if (type === 'seal' || type === 'open') {
    const name = type === 'seal' ? 'text' : 'sealed';
    const isRight =
      isList(texts) &&
      texts.every((one) => isOwner(one?.['owner']) && isText(one[name]) && isText(one['about']));
    return isRight ? (asked as unknown as Question) : undefined;
  }
  if (!isOwner(owner)) return undefined;
  if (type === 'state') return { type, owner };
  if (type === 'erase') return typeof at === 'number' ? { type, owner, at } : undefined;
  if (type === 'revoke')
    return Number.isSafeInteger(version) ? { type, owner, version: version as number } : undefined;
  const isMark = type === 'mark' && isText(purpose) && isList(texts) && texts.every(isText);
  return isMark ? { type, owner, purpose, texts: texts as unknown as string[] } : undefined;
}

export { ERASED_PAGE, LEVELS as ROTATION_LEVELS };
