// What the gateway remembers of platforms and keys. Owns: reading them again in time. Never touches:
// requests.
//   auth.A7. What was changed elsewhere (another node, another process) counts here after at most
//       `accessRefreshMs` and the time of one read; what was changed here, at once.
//   auth.A8. Where nothing could be read for `accessStaleMsMax`, or after a change that was made here, nobody but the administrator
//       is let in: who was disabled meanwhile is not known.
//   auth.A25. Who keeps connections open is told to look at their credentials again after each read, and every
//       `accessRefreshMs` also where a read takes long: some end by themselves.

import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Engine, Refused } from '../../engine/index.js';
import type { Document } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal } from '../refusal.js';
import { type IssuedKey, KEYS, personOf, type StoredKey, shownKey } from './keys.js';
import { isUnreadable, PLATFORMS, type StoredPlatform, shown } from './platforms.js';
import type { Platform, Principal } from './principal.js';
import type { Sealer } from './sealing.js';

/** A secret of a platform, fit for use. */
export interface LiveSecret {
  readonly key: KeyObject;
  /** Milliseconds since 1970 from which it is not good any more. */
  readonly until: number;
}

/** A token that was found good. */
export interface GoodToken {
  /** Milliseconds since 1970. */
  readonly until: number;
  /** What signed it. */
  readonly secret: LiveSecret;
}

/** A platform as requests are checked against it. */
export interface LivePlatform {
  readonly platform: Platform;
  readonly principal: Principal;
  /** The newest one first; empty where this folder's key does not open them. */
  readonly secrets: readonly LiveSecret[];
  /** Tokens that were found good. */
  readonly tokens: Map<string, GoodToken>;
}

/** A key as requests are checked against it. */
export interface LiveKey {
  readonly issued: IssuedKey;
  readonly principal: Principal;
  readonly hash: Buffer;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Remembered until its document has another version. */
interface Remembered<T> {
  readonly version: number;
  readonly value: T;
}

export class Directory {
  readonly #engine: Engine;
  readonly #sealer: Sealer;
  readonly #limits: GatewayLimits;
  readonly #onDefect: (error: unknown) => void;
  #platforms = new Map<string, Remembered<LivePlatform>>();
  #keys = new Map<string, Remembered<LiveKey>>();
  #readAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<Refused | undefined> | undefined;
  readonly #keepers: (() => unknown)[] = [];
  /** Settled once those who were told last have heeded it. */
  #told: Promise<unknown> = Promise.resolve();

  constructor(
    engine: Engine,
    sealer: Sealer,
    limits: GatewayLimits,
    onDefect: (error: unknown) => void,
  ) {
    this.#engine = engine;
    this.#sealer = sealer;
    this.#limits = limits;
    this.#onDefect = onDefect;
  }

  /** Reads for the first time, and again from now on. */
  async start(): Promise<void> {
    await this.refresh();
    const again = (): void => {
      this.#tellKeepers();
      this.refresh().catch(this.#onDefect);
    };
    this.#timer = setInterval(again, this.#limits.accessRefreshMs);
    this.#timer.unref();
  }

  /** Has `look` called when credentials may have ended that were good. What is changed here waits for what it returns. */
  onChange(look: () => unknown): void {
    this.#keepers.push(look);
  }

  #tellKeepers(): void {
    this.#told = Promise.all(this.#keepers.map((look) => look()));
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reading?.catch(() => undefined);
  }

  /** May what is remembered be relied on? */
  get isFresh(): boolean {
    return performance.now() - this.#readAt <= this.#limits.accessStaleMsMax;
  }

  platform(id: string): LivePlatform | undefined {
    return this.#platforms.get(id)?.value;
  }

  key(id: string): LiveKey | undefined {
    return this.#keys.get(id)?.value;
  }

  /** All platforms, by id. */
  get platforms(): readonly Platform[] {
    return [...this.#platforms.values()].map(({ value }) => value.platform);
  }

  /** All keys that were issued, by id. */
  get keys(): readonly IssuedKey[] {
    return [...this.#keys.values()].map(({ value }) => value.issued);
  }

  /** Reads now, after a read that is under way; a refusal where it cannot. */
  async refresh(): Promise<Refused | undefined> {
    await this.#reading;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Something was changed here: what was known before counts no more, even where it cannot be read now. */
  async changed(): Promise<void> {
    const refused = await this.refresh();
    if (refused !== undefined) this.#readAt = Number.NEGATIVE_INFINITY;
    await this.#told;
  }

  async #read(): Promise<Refused | undefined> {
    const began = performance.now();
    const [platforms, keys] = await Promise.all([
      PLATFORMS.all(this.#engine),
      KEYS.all(this.#engine),
    ]);
    if (isRefusal(platforms)) return platforms;
    if (isRefusal(keys)) return keys;
    this.#platforms = remembered(platforms, this.#platforms, (stored) => this.#live(stored));
    this.#keys = remembered(keys, this.#keys, liveKey);
    this.#readAt = began;
    this.#tellKeepers();
    return undefined;
  }

  #live(stored: StoredPlatform): LivePlatform {
    const platform = shown(stored);
    const secrets: LiveSecret[] = [];
    if (!isUnreadable(stored, this.#sealer)) {
      for (const { sealed, until } of stored.secrets) {
        const secret = this.#sealer.open(sealed, platform.id);
        if (secret === undefined) continue;
        const key = createSecretKey(Buffer.from(secret));
        secrets.push({ key, until: until ?? Number.POSITIVE_INFINITY });
      }
    }
    const { id, operations, assets, rate } = platform;
    const principal: Principal = {
      kind: 'platform',
      id,
      principal: `platform:${id}`,
      operations: new Set(operations),
      assets: new Set(assets),
      owner: undefined,
      scope: id,
      rate: rate ?? this.#limits.platformRate,
      platform,
    };
    return { platform, principal, secrets, tokens: new Map() };
  }
}

function remembered<Stored, T>(
  documents: readonly Document<Stored>[],
  before: ReadonlyMap<string, Remembered<T>>,
  make: (stored: Stored) => T,
): Map<string, Remembered<T>> {
  const now = new Map<string, Remembered<T>>();
  for (const document of documents) {
    const { key, version } = document;
    const known = before.get(key);
    now.set(key, known?.version === version ? known : { version, value: make(document.read()) });
  }
  return now;
}

function liveKey(stored: StoredKey): LiveKey {
  const { id, operations, assets, owner, rate, expiresAt, revokedAt, hash } = stored;
  const principal: Principal = {
    kind: 'key',
    id,
    principal: personOf(stored),
    // Records of the trail say which key it was.
    audited: `key:${id}`,
    operations: new Set(operations),
    assets: assets && new Set(assets),
    owner,
    rate,
    platform: undefined,
  };
  const until = revokedAt === undefined ? (expiresAt ?? Number.POSITIVE_INFINITY) : 0;
  return { issued: shownKey(stored), principal, hash: Buffer.from(hash, 'hex'), until };
}
