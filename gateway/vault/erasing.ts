// Members are erased. Owns: what goes in which order, that it goes on after a kill and is done again after an older copy was restored. Never touches: how any
// of it is kept.
//   vault.E2. A member's key goes last: until then what is said of it can be found, so that it can be removed. Each step may be done again.
//   vault.E3. Who is erased by the ledger and has a key is erased again; who has none any more by its keys, and is not erased by the ledger, is erased there.

import {
  type Engine,
  erasingNow,
  erasureAt,
  isPersonalLeft,
  mergeState,
} from '../../engine/index.js';
import type { Directory } from '../auth/directory.js';
import type { Sealer } from '../auth/sealing.js';
import { forget } from '../identity/mappings.js';
import { lookRepeatedly } from '../looking.js';
import { removeContact } from '../outbound/notices/contacts.js';
import type { Outbound } from '../outbound/outbound.js';
import { removeSharing } from '../privacy/sharing.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import type { SignIn } from '../sign-in/shapes.js';
import { BY_ITSELF, erasureDone, erasureOf, erasurePage } from './erasures.js';

/** How often it is looked for what is left to do. */
const LOOK_MS = 2_000;
/** Under which id a member is erased again whom its keys say to be erased. */
const AGAIN = 'erased-before';

export interface ErasingParts {
  readonly engine: Engine;
  readonly sealer: Sealer;
  readonly directory: Directory;
  readonly outbound: Outbound;
  readonly signIn: Pick<SignIn, 'forget'>;
}

export class Erasing {
  readonly #parts: ErasingParts;
  readonly #ending = new AbortController();
  readonly #underWay = new Map<string, Promise<Refusal | undefined>>();
  #isCompared = false;

  constructor(parts: ErasingParts) {
    this.#parts = parts;
  }

  /** Looks from now on, of the members whom this node has. */
  start(): void {
    void lookRepeatedly('erasures', LOOK_MS, this.#ending.signal, () => this.#look());
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled(this.#underWay.values());
  }

  /** Does what is left to do of a member that is erased. */
  carryOut(owner: string): Promise<Refusal | undefined> {
    const known = this.#underWay.get(owner);
    if (known !== undefined) return known;
    const going = this.#carryOut(owner).finally(() => this.#underWay.delete(owner));
    this.#underWay.set(owner, going);
    return going;
  }

  async #carryOut(owner: string): Promise<Refusal | undefined> {
    const { engine } = this.#parts;
    const begun = await erasureAt(engine.own, owner);
    if (begun === undefined) return refuse('ERASURE_NOT_FOUND', 'owner');
    if (isRefusal(begun)) return begun;
    const merges = await mergeState(engine.own, owner);
    if (isRefusal(merges)) return merges;
    const before = merges.from.map((one) => one.owner);
    for (const one of [...before, owner]) {
      const no =
        (await this.#ownGone(one, owner, begun.at)) ?? (await this.#forgotten(one, begun.at));
      if (no !== undefined) return no;
    }
    return erasureDone(engine, owner, begun, { doneAt: engine.now(), with: before });
  }

  /** Its own records that are about the person: what a commit has not had room for, and those of who was merged into it, who is erased from then on. */
  async #ownGone(one: string, into: string, at: number): Promise<Refusal | undefined> {
    const { own } = this.#parts.engine;
    const body = one === into ? {} : { with: into };
    const said = { type: 'act', owner: one, act: 'erasure-done' } as const;
    if (one !== into) {
      const outcome = await own.submit({ ...said, id: `erased-with:${at}`, body }, BY_ITSELF);
      if (!outcome.ok) return outcome;
    }
    for (let part = 1; ; part++) {
      const isLeft = await isPersonalLeft(own, one);
      if (isLeft !== true) return isLeft === false ? undefined : isLeft;
      const id = `erasure-part:${at}:${part}`;
      const command = { ...said, id, body: { ...body, isPart: true } };
      const outcome = await own.submit(command, BY_ITSELF);
      if (!outcome.ok) return outcome;
    }
  }

  /** All that is known of one name (vault.E2). */
  async #forgotten(owner: string, at: number): Promise<Refusal | undefined> {
    const { engine, sealer, directory, outbound, signIn } = this.#parts;
    const systems = directory.platforms.map(({ id }) => id);
    const no =
      (await signIn.forget(owner)) ??
      (await forget(engine, owner, systems)) ??
      (await removeSharing(engine, owner));
    if (no !== undefined) return no;
    for (const scope of ['', ...systems]) {
      const whose = { scope, owner };
      const gone = await removeContact({ ledger: engine, sealer }, whose);
      if (gone !== undefined && gone.code !== 'CONTACT_NOT_FOUND') return gone;
      await outbound.notices({ type: 'forget', ...whose });
    }
    return engine.vault.erase(owner, at);
  }

  async #look(): Promise<void> {
    const { engine } = this.#parts;
    const isHere = (owner: string): boolean => engine.shardsHere.includes(engine.shardOf(owner));
    const pending = await erasingNow(engine.own);
    if (isRefusal(pending)) return;
    for (const owner of pending.filter(isHere)) await this.carryOut(owner);
    if (!this.#isCompared) this.#isCompared = await this.#compared(isHere);
  }

  /** Compares keys and ledger, once (vault.E3); false: it could not be done now. */
  async #compared(isHere: (owner: string) => boolean): Promise<boolean> {
    const { engine } = this.#parts;
    const { vault } = engine;
    for (let cursor: string | undefined; ; ) {
      const page = await erasurePage(engine, 'erased', cursor);
      if (isRefusal(page)) return false;
      for (const { owner } of page.erasures.filter((one) => isHere(one.owner))) {
        const known = await vault.state(owner);
        if (isRefusal(known)) return false;
        if (known.state !== 'erased' && (await this.carryOut(owner)) !== undefined) return false;
      }
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    for (let after: string | undefined; ; ) {
      const page = await vault.erased(after);
      if (isRefusal(page)) return false;
      for (const { owner } of page.erased.filter((one) => isHere(one.owner))) {
        const known = await erasureAt(engine.own, owner);
        if (isRefusal(known)) return false;
        if (known === undefined && (await this.again(owner)) !== undefined) return false;
      }
      after = page.after;
      if (after === undefined) return true;
    }
  }

  /** Erases a member who was erased before, by another copy of the ledger. */
  async again(owner: string): Promise<Refusal | undefined> {
    const { engine } = this.#parts;
    const merges = await mergeState(engine.own, owner);
    if (isRefusal(merges)) return merges;
    // Who was merged goes with who has its points.
    if (merges.merged !== undefined) return undefined;
    const command = { type: 'act', id: AGAIN, owner, act: 'erase-member', body: {} } as const;
    const outcome = await engine.own.submit(command, BY_ITSELF);
    return outcome.ok ? this.carryOut(owner) : outcome;
  }

  /** How it stands with a member. */
  state(owner: string) {
    return erasureOf(this.#parts.engine, owner);
  }
}
