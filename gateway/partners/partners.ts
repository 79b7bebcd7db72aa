// The partners outside as the gateway has them. Owns: which there are now, whose a token is, who asks each of them, how it is. Never touches: what is asked.
//   partners.P1. What was changed elsewhere counts here after `accessRefreshMs` and the time of one read; what was changed here, at once. Where nothing could be
//       read for `accessStaleMsMax`, no partner's token is good: whose was taken back meanwhile is not known.
//   partners.P2. A token is compared with all of them, in a time that does not follow from which one it is, or how much of it is right.
//   partners.P3. A partner that is down comes back by itself; one in maintenance, by hand alone.

import { timingSafeEqual } from 'node:crypto';
import type { Engine } from '../../engine/index.js';
import type { Directory } from '../auth/directory.js';
import type { Sealer } from '../auth/sealing.js';
import type { GatewayLimits } from '../limits.js';
import { lookRepeatedly } from '../looking.js';
import type { Destinations } from '../outbound/addresses.js';
import { isRefusal } from '../refusal.js';
import type { PartnerAdapter, Unknown } from './adapter.js';
import type { BreakerFigures } from './breaker.js';
import type { PartnerFigures } from './figures.js';
import { GuardedPartner } from './guarded.js';
import { httpPartner } from './http.js';
import {
  outboundToken,
  PARTNERS,
  type Partner,
  type StoredPartner,
  shownPartner,
  tokenHash,
} from './records.js';

export interface PartnersOptions {
  readonly engine: Engine;
  readonly directory: Directory;
  readonly sealer: Sealer;
  readonly destinations: Destinations;
  readonly limits: GatewayLimits;
  readonly onDefect: (error: unknown) => void;
}

/** A partner that is known here. */
interface Known {
  readonly version: number;
  readonly stored: StoredPartner;
  readonly partner: Partner;
  readonly hashes: readonly { readonly hash: Buffer; readonly until: number }[];
}

/** How often partners that are down are looked at. */
const LOOK_MS = 250;

export class Partners {
  readonly destinations: Destinations;
  readonly #options: PartnersOptions;
  readonly #closing = new AbortController();
  readonly #guarded = new Map<string, GuardedPartner>();
  /** When each was asked last how it is (performance.now()). */
  readonly #lookedAt = new Map<string, number>();
  /** Those that are being asked so. */
  readonly #asked = new Set<string>();
  #known = new Map<string, Known>();
  #readAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: PartnersOptions) {
    this.#options = options;
    this.destinations = options.destinations;
  }

  /** Reads which there are, and again from now on; looks after those that are down. */
  async start(): Promise<void> {
    const { limits, onDefect } = this.#options;
    await this.refresh();
    const again = (): void => {
      this.refresh().catch(onDefect);
    };
    this.#timer = setInterval(again, limits.accessRefreshMs).unref();
    this.#looking = lookRepeatedly('partners', LOOK_MS, this.#closing.signal, () => this.#look());
  }

  /** Reads now, after a read that is under way. */
  async refresh(): Promise<void> {
    await this.#reading;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Something was changed here: what was known before counts no more, even where it cannot be read now. */
  async changed(): Promise<void> {
    const before = this.#readAt;
    await this.refresh();
    if (this.#readAt === before) this.#readAt = Number.NEGATIVE_INFINITY;
  }

  async #read(): Promise<void> {
    const began = performance.now();
    const all = await PARTNERS.all(this.#options.engine);
    if (isRefusal(all) || this.#closing.signal.aborted) return;
    const before = this.#known;
    this.#known = new Map(
      all.map((document) => {
        const { key, version } = document;
        const known = before.get(key);
        return [key, known?.version === version ? known : knownOf(version, document.read())];
      }),
    );
    this.#readAt = began;
    for (const [platform, known] of this.#known)
      if (before.get(platform) !== known) this.#use(known, before.get(platform));
    for (const platform of before.keys())
      if (!this.#known.has(platform)) this.#guarded.get(platform)?.use('NO_PARTNER');
  }

  /** Has a partner asked as its record says now, where that is in another way than before. */
  #use({ stored }: Known, before: Known | undefined): void {
    const { sealer, limits } = this.#options;
    const guarded = this.guardedOf(stored.platform);
    if (before !== undefined && wayOf(before.stored) === wayOf(stored)) return;
    const token = outboundToken(stored, sealer);
    if (stored.state === 'maintenance') guarded.use('MAINTENANCE');
    else if (token === undefined) guarded.use('TOKEN_UNREADABLE');
    else {
      const adapter = httpPartner({ url: stored.url, token }, this.destinations, limits);
      guarded.use({ adapter, callsAtOnce: stored.callsAtOnce });
    }
  }

  // --- who they are -----------------------------------------------------------------------------------------------

  /** All partners, by platform. */
  get all(): readonly Partner[] {
    return [...this.#known.values()].map(({ partner }) => partner);
  }

  partner(platform: string): Partner | undefined {
    return this.#known.get(platform)?.partner;
  }

  /** Whose a bearer token is that somebody shows; undefined: nobody's, it has ended, its platform is disabled, or that cannot be known now. */
  partnerOfToken(token: string): Partner | undefined {
    const { engine, directory, limits } = this.#options;
    const isFresh = performance.now() - this.#readAt <= limits.accessStaleMsMax;
    const hash = tokenHash(token);
    const now = engine.now();
    let found: Partner | undefined;
    for (const { partner, hashes } of this.#known.values())
      for (const one of hashes)
        if (timingSafeEqual(one.hash, hash) && now < one.until) found = partner;
    if (found === undefined || !isFresh || !directory.isFresh) return undefined;
    const platform = directory.platform(found.platform)?.platform;
    return platform === undefined || platform.disabled ? undefined : found;
  }

  /**
   * Who asks a partner: the same one for as long as the process lives, also where its record changes. Where there is none, or it is not to be asked, what he is
   * asked is `unknown`.
   */
  adapterOf(platform: string): PartnerAdapter {
    return this.guardedOf(platform);
  }

  /** The same, with how it answers. */
  guardedOf(platform: string): GuardedPartner {
    let guarded = this.#guarded.get(platform);
    if (guarded === undefined) {
      const { engine, limits } = this.#options;
      guarded = new GuardedPartner(limits, () => engine.now());
      this.#guarded.set(platform, guarded);
    }
    return guarded;
  }

  /** How a partner answers; undefined: it is not asked. */
  figuresOf(platform: string): BreakerFigures | undefined {
    return this.guardedOf(platform).figures;
  }

  /** All of them, as they are now. */
  figures(): readonly PartnerFigures[] {
    const now = this.#options.engine.now();
    return this.all.map(({ platform }) => ({ platform, guarded: this.guardedOf(platform), now }));
  }

  // --- how they are -----------------------------------------------------------------------------------------------

  async #look(): Promise<void> {
    const { limits, onDefect } = this.#options;
    const now = performance.now();
    for (const platform of this.#known.keys()) {
      const guarded = this.guardedOf(platform);
      const { state } = guarded.figures ?? {};
      const since = now - (this.#lookedAt.get(platform) ?? Number.NEGATIVE_INFINITY);
      const isDue = state === 'open' ? guarded.isDue : since >= limits.partnerHealthMs;
      if (state === undefined || !isDue || this.#asked.has(platform)) continue;
      // One that does not answer keeps nobody else from being asked.
      this.#asked.add(platform);
      this.check(platform)
        .then(() => (state === 'half_open' ? guarded.tryAgain(this.#closing.signal) : undefined))
        .catch(onDefect)
        .finally(() => this.#asked.delete(platform));
    }
  }

  /** Asks a partner how it is. */
  async check(platform: string): Promise<{ readonly state: 'well' } | Unknown> {
    this.#lookedAt.set(platform, performance.now());
    return this.guardedOf(platform).health(this.#closing.signal);
  }

  /** Calls under way end now, as `unknown`. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    for (const guarded of this.#guarded.values()) guarded.close();
    await this.#reading?.catch(() => undefined);
    await this.#looking;
  }
}

/** What decides how it is asked. */
const wayOf = ({ url, sealed, state, callsAtOnce }: StoredPartner): string =>
  JSON.stringify([url, sealed, state, callsAtOnce]);

const knownOf = (version: number, stored: StoredPartner): Known => ({
  version,
  stored,
  partner: shownPartner(stored),
  hashes: stored.inbound.map(({ hash, until = Number.POSITIVE_INFINITY }) => ({
    hash: Buffer.from(hash, 'hex'),
    until,
  })),
});
