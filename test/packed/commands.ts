// Commands as a packed batch may have them, from a seed: of every type, with every field, at the bounds of their kinds and beyond. Owns: drawing
// them, and changing their bytes. Never touches: what becomes of them.

import { RECORD_BYTES_MAX, TIME_MAX_MS } from '../../engine/limits.js';
import type { PackedCommand } from '../../engine/protocol/batch-writer.js';
import { COMMANDS } from '../../engine/protocol/commands.js';
import type { Random } from '../random.js';

/** The types that may be packed. */
export const TYPES = Object.entries(COMMANDS)
  .filter(([, { by, before }]) => by === 'caller' && 'id' in before)
  .map(([type]) => type as PackedCommand['type']);

const USERS = ['ann', 'bob', 'cat', 'dan.1', 'E-e_5', 'x'.repeat(31), 'y'.repeat(32)];
const AMOUNTS = [1, 2, 3, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];
const TIMES = [0, 4_102_444_800_000, TIME_MAX_MS];
/** Values that some field does not take. */
const WRONG = [
  '',
  '.',
  '..',
  '#budget:x',
  '@transit:1',
  '@issue',
  '@clearing:x',
  'a b',
  'a,b',
  'é',
];
const WORST = [...WRONG, 0, -1, 1.5, 2 ** 53, null, true, 'z'.repeat(65), 'z'.repeat(200)];

/** Draws commands of these users, whose ids begin so. */
export class Draw {
  readonly #random: Random;
  readonly #prefix: string;
  readonly #users: readonly string[];
  #next = 0;

  constructor(random: Random, prefix = 'd', users: readonly string[] = USERS) {
    this.#random = random;
    this.#prefix = prefix;
    this.#users = users;
  }

  user(): string {
    return this.#random.pick(this.#users);
  }

  #owner(): string {
    return this.#random.chance(0.4)
      ? this.#random.pick(['@issue', '@redeem', '@fee', '@clearing:p1'])
      : this.user();
  }

  #maybe<T>(p: number, make: () => T): T | undefined {
    return this.#random.chance(p) ? make() : undefined;
  }

  #amount(): number {
    return this.#random.chance(0.8) ? 1 + this.#random.int(50) : this.#random.pick(AMOUNTS);
  }

  #leg(): object {
    const expiresAt = this.#maybe(0.2, () => this.#random.pick([null, ...TIMES]));
    const [from, to] = [this.#owner(), this.#owner()];
    return {
      from,
      to: from !== to ? to : from === '@fee' ? '@redeem' : '@fee',
      asset: 'gold',
      amount: this.#amount(),
      expiresAt,
    };
  }

  #about(): object {
    const random = this.#random;
    return {
      kind: this.#maybe(0.2, () => random.pick(['ORDER', 'a.b-c_9'])),
      ref: this.#maybe(0.2, () => random.pick(['1001', 'r/1=2~'])),
      memo: this.#maybe(0.2, () => random.pick(['', 'thanks', 'm'.repeat(128), 'é'.repeat(60)])),
      metadata: this.#maybe(0.1, () => ({ b: [1, { c: null }], a: random.int(9) })),
    };
  }

  #id(): string {
    // Some are used again.
    if (this.#random.chance(0.1)) return `${this.#prefix}${this.#random.int(this.#next + 1)}`;
    return `${this.#prefix}${this.#next++}`;
  }

  /** The fields of a command, well formed. */
  fields(type: PackedCommand['type'] = this.#random.pick(TYPES)): Record<string, unknown> {
    const random = this.#random;
    const owner = this.user();
    const told = { type, id: this.#id() };
    const named = `${this.#prefix}${random.int(this.#next + 1)}`;
    const moves = { ...told, ...this.#about() };
    const expiresAt = this.#maybe(0.3, () => random.pick([null, ...TIMES]));
    switch (type) {
      case 'transfer': {
        const legs = Array.from({ length: random.chance(0.7) ? 1 : 1 + random.int(4) }, () =>
          this.#leg(),
        );
        const condition = this.#maybe(0.1, () => ({
          owner,
          asset: 'gold',
          availableAtLeast: this.#amount(),
        }));
        const followUps = this.#maybe(0.1, () => [{ legs: [this.#leg()], ...this.#about() }]);
        const occurredAt = this.#maybe(0.1, () => Date.now() - random.int(1_000));
        return { ...moves, legs, condition, followUps, occurredAt };
      }
      case 'hold':
        return {
          ...moves,
          owner,
          asset: 'gold',
          amount: this.#amount(),
          deadline: this.#maybe(0.3, () => random.pick(TIMES)),
        };
      case 'capture':
        return {
          ...moves,
          owner,
          holdId: named,
          to: random.pick(['@redeem', '@fee']),
          amount: this.#maybe(0.5, () => this.#amount()),
          releaseRest: this.#maybe(0.3, () => true),
          expiresAt,
        };
      case 'release':
        return { ...moves, owner, holdId: named };
      case 'reverse': {
        const part = random.chance(0.2)
          ? { legs: [{ leg: 0, amount: this.#amount() }] }
          : { amount: this.#maybe(0.3, () => this.#amount()) };
        return {
          ...moves,
          owner,
          transferId: named,
          allowDebt: this.#maybe(0.3, () => true),
          ...part,
        };
      }
      case 'confirm-pending':
        return { ...moves, owner, transferId: named };
      case 'set-credit-limit':
        return { ...told, owner, asset: 'gold', creditLimit: random.pick([0, ...AMOUNTS]) };
      case 'put-record': {
        const value = new Uint8Array(random.pick([0, 3, 255, 256, RECORD_BYTES_MAX])).fill(7);
        return {
          ...told,
          owner,
          recordType: 'note',
          key: named,
          value,
          expiresAt: this.#maybe(0.2, () => TIMES[1]),
          ifVersion: this.#maybe(0.3, () => random.int(3)),
        };
      }
      case 'delete-record':
        return {
          ...told,
          owner,
          recordType: 'note',
          key: named,
          ifVersion: this.#maybe(0.3, () => random.int(3)),
        };
      case 'extend-lots':
        return {
          ...moves,
          owner,
          asset: 'gold',
          lotExpiresAt: TIMES[1],
          expiresAt: expiresAt ?? null,
          amount: this.#maybe(0.5, () => this.#amount()),
        };
      case 'act':
        return {
          ...moves,
          owner,
          act: random.pick(['adjust', 'claim', 'transfer', 'nobodys']),
          body: random.pick([{}, { asset: 'gold', amount: 5, to: 'bob', legs: [] }]),
        };
      default:
        return { ...told, owner, asset: 'gold' };
    }
  }

  /** The same, something of which is perhaps not acceptable. */
  doubtful(): Record<string, unknown> {
    const random = this.#random;
    const fields = this.fields();
    const legs = fields['legs'] as Record<string, unknown>[] | undefined;
    const of = Array.isArray(legs) && random.chance(0.5) ? random.pick(legs) : fields;
    const name = random.pick(Object.keys(of).filter((one) => one !== 'type'));
    if (random.chance(0.1) && 'from' in of) of['to'] = of['from'];
    else of[name] = random.pick(WORST);
    return fields;
  }
}

/** Some bytes of a batch are changed, taken away or doubled. */
export function changed(bytes: Uint8Array, random: Random, from = 0): Uint8Array {
  const made = [...bytes];
  for (let n = 1 + random.int(3); n > 0; n--) {
    const at = from + random.int(made.length - from);
    const way = random.int(6);
    if (way === 0) made.splice(at, 1);
    else if (way === 1) made.splice(at, 0, random.int(256));
    else if (way === 2)
      made[at] = random.pick([
        0xc0, 0xc2, 0xc3, 0xa0, 0xd9, 0xda, 0xdb, 0xc4, 0xc6, 0xcb, 0xcf, 0xd3, 0xdc, 0xdd, 0x80,
        0xc7,
      ]);
    else if (way === 3) made[at] = (made[at]! + random.pick([1, 255])) & 255;
    else made[at] = random.int(256);
    if (made.length <= from) return new Uint8Array(bytes);
  }
  return Uint8Array.from(made);
}
