// Is there a rule that asks for devices? Owns: when that is looked up, for how long it is believed. Never touches: devices.
//   risk.K4. A device goes along with a command only while there is a rule `new-device` that decides, will decide or is a draft: a caller with a device is another
//       one each time, and who that is must be packed, sent and read for each. What is not known for sure is taken for yes. A definition takes longer to decide
//       than a no is believed, so none that decides misses a device.

import { type DefinitionHistory, type Engine, limits } from '../../engine/index.js';
import { isRefusal } from '../refusal.js';

/** How often it is looked up, and for how long a no counts that was not. */
const LOOK_MS = 4_000;
const BELIEVED_MS = limits.DEFINITION_LEAD_MS - 1_000;
const PAGE = limits.DEFINITIONS_PAGE_MAX;
const RULE = 'risk-rule';
const NEW_DEVICE = 'new-device';

export class DeviceRules {
  readonly #engine: Pick<Engine, 'now' | 'definitions'>;
  /** What was found last, and when it was looked for: by the clock that definitions decide by, which may be put back. */
  #known = { isAsked: true, at: Number.NEGATIVE_INFINITY };
  #looking: Promise<boolean> | undefined;

  constructor(engine: Pick<Engine, 'now' | 'definitions'>) {
    this.#engine = engine;
  }

  #isOld(ms: number): boolean {
    return Math.abs(this.#engine.now() - this.#known.at) >= ms;
  }

  /** As far as is known now; a yes may be one that was not looked for yet. */
  get asksNow(): boolean {
    if (this.#isOld(LOOK_MS)) void this.#looked();
    return this.#known.isAsked || this.#isOld(BELIEVED_MS);
  }

  /** As it is. */
  async isAsked(): Promise<boolean> {
    return this.#isOld(LOOK_MS) ? this.#looked() : this.#known.isAsked;
  }

  #looked(): Promise<boolean> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<boolean> {
    const at = this.#engine.now();
    const isAsked = await this.#find().catch(() => undefined);
    // What cannot be known now is asked again with the next one.
    if (isAsked !== undefined) this.#known = { isAsked, at };
    return isAsked ?? true;
  }

  /** Undefined: that cannot be known now. */
  async #find(): Promise<boolean | undefined> {
    for (let after: string | undefined; ; ) {
      const page = await this.#engine.definitions(RULE, { after, limit: PAGE });
      if (isRefusal(page)) return undefined;
      const asks = ({ versions }: DefinitionHistory): boolean =>
        versions.some(({ document }) => document?.['signal'] === NEW_DEVICE);
      if (page.some(asks)) return true;
      after = page.at(-1)?.key;
      if (page.length < PAGE) return false;
    }
  }
}
