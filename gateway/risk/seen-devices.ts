// Devices that members did something from. Owns: which are said to the ledger, when, and that no more is said than rules ask for. Never touches: when a
// device is new (the commit judges), what a device is called.
//   risk.K1. A device is known of a member once something was done from it; said once a day.
//   risk.K2. What no rule asks for is not kept: devices are said while there is a rule `new-device` that decides, will decide or is a draft. The first one
//       that is known of a member is not new (risk.D2), so a rule stops nobody for what was done before it was there.
//   risk.K3. What is seen is said a moment later, with all that was seen in it: an act each, carried out together, behind what members wait for.

import { type Engine, limits } from '../../engine/index.js';
import type { DeviceRules } from './device-rules.js';

/** Devices that were said to be known lately. */
const REMEMBERED = 65_536;
const SAY_MS = 200;
/** Said at once where there are so many. */
const SAY_MAX = 256;
const { DAY_MS } = limits;

interface Seen {
  readonly key: string;
  readonly owner: string;
  readonly device: string;
  readonly day: number;
}

export class SeenDevices {
  readonly #engine: Engine;
  readonly #rules: DeviceRules;
  readonly #said = new Set<string>();
  #seen: Seen[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: Engine, rules: DeviceRules) {
    this.#engine = engine;
    this.#rules = rules;
  }

  /** Something was done for this member from the device with this digest. */
  saw(owner: string, device: string): void {
    const day = Math.floor(this.#engine.now() / DAY_MS);
    const key = `${owner} ${device} ${day}`;
    if (owner === '' || this.#said.has(key)) return;
    if (this.#said.size >= REMEMBERED) this.#said.clear();
    this.#said.add(key);
    this.#seen.push({ key, owner, device, day });
    if (this.#seen.length >= SAY_MAX) void this.#say();
    else this.#timer ??= setTimeout(() => void this.#say(), SAY_MS).unref();
  }

  async #say(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const seen = this.#seen;
    this.#seen = [];
    const isAsked = await this.#rules.isAsked();
    // Where it cannot be said now, or nobody asks for it, it is with a later command.
    const forget = ({ key }: Seen): boolean => this.#said.delete(key);
    if (!isAsked) seen.forEach(forget);
    else
      for (const one of seen) {
        const { owner, device, day } = one;
        const id = `risk-device:${device}:${day}`;
        const said = { type: 'act', act: 'risk-device', owner, id, body: { device } } as const;
        void this.#engine.own.submit(said).then(({ ok }) => ok || forget(one));
      }
  }
}
