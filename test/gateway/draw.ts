// Values drawn from JSON schemas: such as they allow, and such as they do not. Owns: which keywords it understands; one that it
// does not, it throws. Never touches: what the schemas are for.

import type { Random } from '../random.js';

export type Schema = Readonly<Record<string, any>>;

/** What is there, by the names of fields and parameters: good values, which its schema allows. */
export type Hints = Readonly<Record<string, readonly unknown[]>>;

/** Texts that a pattern may fit. The first ones name what is there. */
const WORDS = [
  'ann',
  'bob',
  'gold',
  'tin',
  'shop',
  'E1',
  'H1',
  'u1',
  '@issue',
  '@redeem',
  '@clearing:shop',
  '0123456789ab',
  'P12M',
  '12-31',
  'Asia/Shanghai',
  '#budget:spring',
  '2027-01-31T00:00:00+08:00',
  'http://shop.example/x',
  'QUJD',
  'ABC234',
  '>ann>E1>1',
  '0:1',
  '0:2,1:3',
  'x'.repeat(64),
  'A'.repeat(22),
  'ABCDEFGHJKMNPQRS',
  `CS:${'0'.repeat(64)}`,
  // The number of an order, a quote, where an order goes to, a picture.
  '0123456789ABCDEF',
  `v1.AA.${'A'.repeat(43)}`,
  's1.abc',
  'wh_0123456789abcdef',
  '0-1-0-01234567',
  'https://example.com/a.png',
  // A rate, a part.
  '1.25',
  '0.01',
  // A cycle, a dispute.
  '7',
];
/** Texts for patterns that none of those fits: of notices a channel, a page, an address, a number, a time. */
const RARE = [
  'nc_0123456789abcdef',
  // An alert, a place among alerts, a silence, a rule.
  `al_${'0'.repeat(24)}`,
  `000000000000001.al_${'0'.repeat(24)}`,
  'si_0123456789abcdef',
  'STOCK_LOW',
  `000000000000001.n_${'0'.repeat(32)}`,
  'ann@mail.example',
  '13812345678',
  '22:00',
  // A session, a client.
  '0123456789abcdef01234567',
  // A digest.
  '0'.repeat(64),
  // A place among exchanges that wait.
  '0000m3x2k1a-abcdefgh01234567',
  // An exchange with a partner, and a place among those that are open.
  'px_0123456789abcdefABCDEF0123456789',
  '3.px_0123456789abcdef',
  // A place among operations of a partner.
  '494000.in-0m3x2k1a-abc',
  // A dispute; a reconciliation.
  'c000001-0123456789abcdef0123',
  'shop.00000000000001.01234567',
  // An inconsistency; a day.
  'in_0123456789abcdefABCD',
  '2026-11-23',
  '000000',
  // An origin.
  'https://shop.example',
  // A run of a report’s schedule.
  '000000000000015',
  // A client of the OAuth server; scopes.
  '0123456789abcdef01234567',
  'read redeem:shop',
  // An address on a chain.
  `0x${'0aB1'.repeat(10)}`,
];
/** Texts that hardly any pattern fits. */
const ODD = [
  '',
  ' ',
  '@',
  '#keys',
  'a b',
  'ä',
  '\u0000',
  '\ud800',
  '점수',
  '%',
  'x'.repeat(400),
  '2027-02-30T00:00:00Z',
  '-1',
  '1e3',
  '1.5',
  'null',
  '__proto__',
];
const ALPHABETS = [
  'abcdefghijklmnopqrstuvwxyz',
  'ABCDEFGH0123456789',
  'ab0_-',
  '0123456789abcdef',
  'aZ9._:-',
];
const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 53,
  1e300,
  '',
  'ann',
  [],
  {},
  [null],
  { a: 1 },
];

export class Draw {
  readonly random: Random;
  readonly #root: Schema;
  readonly #hints: Hints;

  /** `root`: what `$ref` refers to. */
  constructor(random: Random, root: Schema, hints: Hints = {}) {
    this.random = random;
    this.#root = root;
    this.#hints = hints;
  }

  /** A value that the schema of a field of this name allows; mostly one that is there. */
  field(name: string, schema: Schema): unknown {
    const known = Object.hasOwn(this.#hints, name) ? (this.#hints[name] ?? []) : [];
    const fitting = known.filter((value) => this.#fits(schema, value));
    return fitting.length === 0 || this.random.chance(0.3)
      ? this.valid(schema)
      : this.random.pick(fitting);
  }

  // As far as texts and whole numbers go.
  #fits(given: Schema, value: unknown): boolean {
    const { anyOf, type, pattern = '', const: only, enum: some } = this.resolved(given);
    if (only !== undefined) return value === only;
    if (some !== undefined) return some.includes(value);
    if (anyOf !== undefined) return anyOf.some((one: Schema) => this.#fits(one, value));
    if (type === 'integer') return Number.isInteger(value);
    return type === 'string' && typeof value === 'string' && new RegExp(pattern, 'u').test(value);
  }

  resolved(schema: Schema): Schema {
    if (typeof schema.$ref !== 'string') return schema;
    const parts = schema.$ref.slice(2).split('/');
    return this.resolved(parts.reduce((at, part) => at[part], this.#root));
  }

  /** A value that the schema allows. */
  valid(given: Schema): unknown {
    const { random } = this;
    const schema = this.resolved(given);
    if ('const' in schema) return schema.const;
    if (schema.enum !== undefined) return random.pick(schema.enum);
    if (schema.anyOf !== undefined) return this.valid(random.pick(schema.anyOf));
    switch (schema.type) {
      case 'string':
        return this.#text(schema);
      case 'integer':
        return this.#whole(schema);
      case 'boolean':
        return random.chance(0.5);
      case 'null':
        return null;
      case 'array':
        return this.#list(schema);
      case 'object':
        return this.#object(schema);
      case undefined:
        return random.pick(VALUES.filter((value) => !(typeof value === 'number' && value > 1)));
      default:
        throw new Error(`nothing is known of the type ${schema.type}`);
    }
  }

  #text({ pattern, maxLength = 400, minLength = 0 }: Schema): string {
    const { random } = this;
    const expression = new RegExp(pattern ?? '', 'u');
    const fits = (text: string) =>
      expression.test(text) && [...text].length <= maxLength && [...text].length >= minLength;
    const made = () => {
      const alphabet = random.pick(ALPHABETS);
      const length = 1 + random.int(random.chance(0.2) ? 64 : 4);
      return Array.from({ length }, () => random.pick([...alphabet])).join('');
    };
    const texts = [...Array.from({ length: 8 }, made), ...WORDS].filter(fits);
    const known = WORDS.slice(0, 8).filter(fits);
    if (known.length > 0 && random.chance(0.7)) return random.pick(known);
    const fitting = texts.length === 0 ? RARE.filter(fits) : texts;
    if (fitting.length === 0) throw new Error(`no text is known that fits ${pattern}`);
    return random.pick(fitting);
  }

  #whole({ minimum, maximum }: Schema): number {
    const { random } = this;
    const from = minimum ?? 0;
    const to = maximum ?? Number.MAX_SAFE_INTEGER;
    const near = Math.min(to, Math.max(from, 1) + random.int(200));
    const later = Date.now() + random.int(1_000_000_000);
    const found = random.pick([near, near, near, from, to, later]);
    return found >= from && found <= to ? found : near;
  }

  #list({ items, minItems = 0, maxItems = 4, uniqueItems = false }: Schema): unknown[] {
    const most = Math.min(maxItems, minItems + 2);
    const length = minItems + this.random.int(most - minItems + 1);
    const list = Array.from({ length }, () => this.valid(items));
    return uniqueItems ? [...new Set(list)] : list;
  }

  #object({ properties = {}, required = [] }: Schema): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    for (const [name, schema] of Object.entries<Schema>(properties)) {
      if (required.includes(name) || this.random.chance(0.4)) made[name] = this.field(name, schema);
    }
    return made;
  }

  /** The value with something changed somewhere, which may well be allowed. The value itself stays. */
  mutated(value: unknown): unknown {
    const { random } = this;
    if (Array.isArray(value) && value.length > 0 && random.chance(0.8)) {
      const at = random.int(value.length);
      if (random.chance(0.1)) return [...value, ...value, ...value, ...value, ...value];
      if (random.chance(0.1)) return value.filter((_, i) => i !== at);
      return value.map((item, i) => (i === at ? this.mutated(item) : item));
    }
    if (typeof value === 'object' && value !== null && random.chance(0.9))
      return this.#altered(value);
    if (typeof value === 'number' && random.chance(0.5))
      return random.pick([-value, value + 0.5, value * 2 ** 40, String(value), 0]);
    if (typeof value === 'string' && random.chance(0.6))
      return random.pick([`${value} `, `${value}${value}`, value.toUpperCase(), ...ODD]);
    return random.pick(VALUES);
  }

  #altered(value: object): unknown {
    const { random } = this;
    const entries = Object.entries(value);
    const [name = 'extra'] = entries.length === 0 ? [] : random.pick(entries);
    const rest = { ...value } as Record<string, unknown>;
    const kind = random.int(5);
    if (kind === 0) {
      rest[random.pick(['extra', 'ID', 'id', 'version', 'constructor'])] = random.pick(VALUES);
    } else if (kind === 1) delete rest[name];
    else rest[name] = this.mutated(rest[name]);
    return rest;
  }

  /** A text that hardly anything takes. */
  odd(): string {
    return this.random.pick(ODD);
  }
}
