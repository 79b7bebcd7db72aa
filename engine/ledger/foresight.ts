// Commands read ahead in groups: where their fields are, their keys, the places of their accounts. All memory that a group
// needs is asked for at the same time, so that the waits for it overlap.
// Owns: what is known of the next commands before their turn. Never touches: what any of them does.
//   X1. It changes nothing and reads nothing in. What it found is used only where it still holds: without it, every outcome
//       is the same.

import { CommandView } from '../protocol/command-view.js';
import { homePlace } from '../protocol/home.js';
import { LEG, layoutOfOp, OP, PLACES } from '../protocol/layout.js';
import { Name } from '../protocol/name.js';
import { Key } from './keys.js';
import { type Page, tagOf } from './page.js';
import type { State } from './state.js';

/** Commands in a group: enough for the waits to overlap, few enough for the nearest cache. */
const GROUP = 32;
/** Slots that tell keys of one group apart. */
const SLOTS = 512;

/** An account as it was seen ahead of its turn. */
export class FoundAccount {
  readonly name = new Name();
  /** Its page, where that is in memory. */
  page: Page | null = null;
  /** Its place in the page; -1: not seen. */
  index = -1;
  asset = 0;
}

/** Place of what is carried in a prepare, and in a decision. */
const [PREPARED, DECIDED] = [PLACES.prepare.transfer, PLACES.decision.transfer];
const { legs: LEGS } = PLACES.transfer;

/** Which ops are of commands that go by an id within their home owner. */
const KEYED = Array.from({ length: 256 }, (_, op) => {
  const layout = layoutOfOp(op);
  if (layout === undefined || layout.isQuery || op === OP.delivered) return false;
  return layout.placed.some(({ name }) => name === 'id');
});
const hasKey = (op: number): boolean => KEYED[op] as boolean;

/** A command ahead of its turn. */
export class ForeseenCommand {
  readonly command = new CommandView();
  /** The home owner; not of what has none. */
  home = new Name();
  readonly key = new Key();
  /** Nothing was known under its key, and nothing of its group comes in between. */
  isNew = false;
  /** Payer and payee of a transfer's first leg. */
  readonly payer = new FoundAccount();
  readonly payee = new FoundAccount();
  /** The transfer whose legs these are: the command, or what it carries; null: it has none. */
  legs: CommandView | null = null;
  readonly carried = new CommandView();
  readonly #home = this.home;

  /** Reads the command that begins at `start`. */
  read(bytes: Uint8Array, start: number): void {
    const { command, payer, payee } = this;
    command.read(bytes, start);
    this.isNew = false;
    payer.page = null;
    payee.page = null;
    this.legs = null;
    this.home = this.#home;
    const { op } = command;
    if (!hasKey(op) || !command.isKnown) return;
    const place = homePlace(command);
    this.#readCarried();
    if (op === OP.transfer) {
      command.name(LEGS, payer.name);
      command.name(LEGS + LEG.to, payee.name);
      if (place === LEGS) this.home = payer.name;
      else if (place === LEGS + LEG.to) this.home = payee.name;
      else command.name(place, this.home);
    } else command.name(place, this.home);
    this.key.setCommand(this.home, command);
  }

  /** The transfer inside a prepare or decision. */
  #readCarried(): void {
    const { command, carried } = this;
    this.legs = null;
    if (command.op === OP.transfer) this.legs = command;
    if (command.op !== OP.prepare && command.op !== OP.decision) return;
    const place = command.op === OP.prepare ? PREPARED : DECIDED;
    if (command.isNil(place)) return;
    carried.read(command.bytes, command.bytesStart(place));
    if (carried.op !== OP.transfer || !carried.isKnown) return;
    carried.name(LEGS, this.payer.name);
    carried.name(LEGS + LEG.to, this.payee.name);
    this.legs = carried;
  }
}

export class Foresight {
  readonly #state: State;
  readonly #expected: ForeseenCommand[] = [];
  readonly #slots = new Int32Array(SLOTS);
  /** Accounts of users that are in pages in memory. */
  readonly #sightings: FoundAccount[] = [];
  #sighted = 0;
  /** Home owners of acts, of which records will be looked at. */
  readonly #homes: FoundAccount[] = [];
  #atHome = 0;
  #round = 0;
  #bytes: Uint8Array | null = null;
  #at = 0;
  #count = 0;
  /** Keeps what was read, so that it is read. */
  seen = 0;

  constructor(state: State) {
    this.#state = state;
    for (let i = 0; i < GROUP; i++) this.#expected.push(new ForeseenCommand());
  }

  /** The command that begins at `start`. What is said of it holds for the next command applied. */
  take(bytes: Uint8Array, start: number): ForeseenCommand {
    const next = this.#expected[this.#at];
    if (this.#at < this.#count && bytes === this.#bytes && next?.command.start === start) {
      this.#at++;
      return next;
    }
    this.#look(bytes, start);
    this.#at = 1;
    return this.#expected[0] as ForeseenCommand;
  }

  /** Reads the commands from `start` on. */
  #look(bytes: Uint8Array, start: number): void {
    const { ids } = this.#state;
    this.#bytes = bytes;
    this.#round++;
    let count = 0;
    for (let at = start; count < GROUP && (at < bytes.length || count === 0); count++) {
      const one = this.#expected[count] as ForeseenCommand;
      one.read(bytes, at);
      const { command, key } = one;
      at = command.end;
      if (!hasKey(command.op)) continue;
      const slot = key.lo & (SLOTS - 1);
      one.isNew = ids.find(key.hi, key.lo) === 0 && this.#slots[slot] !== this.#round;
      this.#slots[slot] = this.#round;
      if (one.legs !== null && command.isKnown) this.#expect(one, one.legs);
      else if (command.op === OP.act && command.isKnown) this.#expectHome(one);
    }
    this.#count = count;
    this.#touch();
    this.#touchRecords();
    this.#sighted = 0;
    this.#atHome = 0;
  }

  #expect({ payer, payee }: ForeseenCommand, legs: CommandView): void {
    const asset = this.#state.assets.indexAt(legs, LEGS + LEG.asset);
    if (asset < 0) return;
    this.#expectAccount(payer, asset);
    this.#expectAccount(payee, asset);
  }

  /** What an act asks of its home owner is not known yet: most likely an account, of the first asset, and records. */
  #expectHome({ home, payee }: ForeseenCommand): void {
    payee.name.setLike(home);
    this.#expectAccount(payee, 0);
    if (payee.page?.records != null) this.#homes[this.#atHome++] = payee;
  }

  /** System owners are few, and in the nearest cache; owners of other shards are not here. */
  #expectAccount(sighting: FoundAccount, asset: number): void {
    if (sighting.name.isSystem) return;
    const { pages, places } = this.#state;
    if (places.shards > 1 && places.shardOf(sighting.name.hash) !== places.shard) return;
    const page = pages.resident(pages.bucketOf(sighting.name.hash));
    if (page === null) return;
    sighting.page = page;
    sighting.asset = asset;
    this.#sightings[this.#sighted++] = sighting;
  }

  #touch(): void {
    const sightings = this.#sightings;
    const count = this.#sighted;
    let seen = 0;
    for (let i = 0; i < count; i++) {
      const { page } = sightings[i] as FoundAccount & { page: Page };
      seen |= page.touchTags();
    }
    for (let i = 0; i < count; i++) {
      const one = sightings[i] as FoundAccount & { page: Page };
      const { page, name, asset } = one;
      one.index = page.placeOfTag(tagOf(name.hash, asset));
      seen |= page.touchRecord(one.index);
    }
    for (let i = 0; i < count; i++) {
      const { page, index } = sightings[i] as FoundAccount & { page: Page };
      seen |= page.touchName(index);
    }
    for (let i = 0; i < count; i++) {
      const one = sightings[i] as FoundAccount & { page: Page };
      const { page, index, name, asset } = one;
      if (index >= 0 && !page.isAccount(index, name, asset)) one.index = -1;
    }
    this.seen = seen;
  }

  #touchRecords(): void {
    const homes = this.#homes;
    const count = this.#atHome;
    let seen = 0;
    for (let i = 0; i < count; i++) {
      const { page, name } = homes[i] as FoundAccount & { page: Page };
      seen |= page.records?.touchSlots(name.hash) ?? 0;
    }
    for (let i = 0; i < count; i++) {
      const { page, name } = homes[i] as FoundAccount & { page: Page };
      seen |= page.records?.touchRecords(name.hash) ?? 0;
    }
    this.seen ^= seen;
  }
}
