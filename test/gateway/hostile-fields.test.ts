// What no schema takes, in the place of each field and parameter of every operation of /openapi.json: refused by the name of the field, never a defect, and
// the ledger stays as it is. What the schemas themselves forbid is refused; what one of them allows is left to the contract test.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import t from 'tap';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { caller, token } from './callers.js';
import { Draw, type Schema } from './draw.js';
import { bare, gateway, type Headers } from './harness.js';
import { putPartner } from './inbound.js';

t.setTimeout(0);

const nested = (open: string, close: string, times: number): string =>
  open.repeat(times) + close.repeat(times);

/** JSON texts that hardly any field takes. */
const VALUES: readonly string[] = [
  ...['null', 'true', '0', '-1', '-0', '1.5', '1e400', '-1e400', '9007199254740993', '1e-400'],
  ...['-9007199254740993', '""', '" "', '"NaN"', '"-Infinity"', '"1"', '"\\u0000"', '"\\ud800"'],
  ...['"a\\u202eb"', '"аlice"', '"__proto__"', '"constructor"', '"../../etc"', '"#item:tea"'],
  ...[
    '"@issue"',
    '"%00"',
    '"2027-02-30T00:00:00Z"',
    `"${'x'.repeat(9_000)}"`,
    `"${'愛'.repeat(3_000)}"`,
  ],
  ...['[]', '{}', '[null]', '[[]]', '[{}]', '{"length":1}', '{"toString":1}', '{"valueOf":null}'],
  ...['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{}}}', '{"":1}', '[1,"a",{}]'],
  ...[nested('[', ']', 30), nested('[', ']', 5_000), nested('{"a":', '}', 30).replace('}', '1}')],
  ...[`[${'0,'.repeat(20_000)}0]`, '9'.repeat(400)],
];
/** Names that no object has. */
const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'owner ', 'ID', ''];
const NO_OBJECTS = ['null', 'true', '5', '"x"', '[]', '[{}]', '[[]]', '1e400'];
/** Texts in the place of a parameter. */
const TEXTS = [
  ...['', ' ', '-1', '1.5', '1e3', 'NaN', 'Infinity', '9007199254740993', 'true', 'null', '[]'],
  ...['__proto__', '%00', '\u202e', '愛'.repeat(300), 'x'.repeat(2_000), "' OR 1=1--", '0x10'],
];
/** Of more than so many, which one is meant is said elsewhere in the body: documents of definitions, which test/programme/hostile.test.ts looks into. */
const ALTERNATIVES_MAX = 4;
/** What is there. */
const HINTS = {
  owner: ['ann'],
  from: ['@issue', 'gold'],
  to: ['bob', 'tin'],
  kind: ['offer'],
  asset: ['gold'],
};
/** What a text is replaced by that stands where a hostile one is to be. */
const HERE = 'hostile here';

/** A request that is to be refused, and by which name. */
interface Spoilt {
  readonly text: string;
  readonly field: string;
}

type Path = readonly (string | number)[];

const named = (path: Path): string =>
  path.reduce<string>(
    (at, part) =>
      typeof part === 'number' ? `${at}[${part}]` : at === '' ? part : `${at}.${part}`,
    '',
  );

const printed = (value: unknown, by: string): string =>
  JSON.stringify(value).replace(JSON.stringify(HERE), () => by);

/** A value with what the schema asks for, and nothing else. */
function least(draw: Draw, given: Schema, called = ''): unknown {
  const schema = draw.resolved(given);
  if (schema.anyOf !== undefined) return least(draw, schema.anyOf[0], called);
  if (schema.type === 'array') return (schema.minItems ?? 0) > 0 ? [least(draw, schema.items)] : [];
  if (schema.type !== 'object') return draw.field(called, schema);
  const { properties = {}, required = [] } = schema;
  return Object.fromEntries(
    (required as string[]).map((name) => [name, least(draw, properties[name], name)]),
  );
}

/** Every place that a body may have, each with a body that has little but that. */
function* places(
  draw: Draw,
  given: Schema,
  path: Path,
  around: (value: unknown) => unknown,
): Generator<{ readonly path: Path; readonly marked: unknown; readonly schema?: Schema }> {
  const schema = draw.resolved(given);
  if (schema.anyOf !== undefined && schema.anyOf.length <= ALTERNATIVES_MAX) {
    for (const one of schema.anyOf as Schema[]) yield* places(draw, one, path, around);
    return;
  }
  if (path.length > 0) yield { path, marked: around(HERE), schema };
  if (schema.type === 'array' && path.length > 0)
    yield* places(draw, schema.items, [...path, 0], (value) => around([value]));
  if (schema.type !== 'object') return;
  const base = Object.entries(least(draw, schema) as object);
  for (const [name, inner] of Object.entries<Schema>(schema.properties ?? {})) {
    const others = base.filter(([other]) => other !== name);
    yield* places(draw, inner, [...path, name], (value) =>
      around(Object.fromEntries([...others, [name, value]])),
    );
  }
  const unknown = draw.random.pick(NAMES);
  const more = Object.fromEntries([...base, [unknown, HERE]]);
  if (path.length < 4) yield { path: [...path, unknown], marked: around(more) };
}

const allows = (check: ValidateFunction, text: string): boolean =>
  check(JSON.parse(text)) as boolean;

/** What an operation's body is spoilt to, by what its schema forbids. */
function* bodies(
  draw: Draw,
  schema: Schema,
  check: ValidateFunction,
  each: number,
): Generator<Spoilt> {
  const { random } = draw;
  const isBatch = allows(check, '[]') || draw.resolved(schema).anyOf !== undefined;
  const spoilt: Spoilt[] = NO_OBJECTS.filter((text) => !isBatch || !text.startsWith('[')).map(
    (text) => ({ text, field: 'body' }),
  );
  for (const { path, marked } of places(draw, schema, [], (value) => value))
    for (const value of random.shuffle([...VALUES]).slice(0, each))
      spoilt.push({ text: printed(marked, value), field: named(path) });
  const good = least(draw, schema);
  if (typeof good === 'object' && good !== null && !Array.isArray(good))
    for (const [name] of Object.entries(good)) {
      const others = Object.entries(good).filter(([other]) => other !== name);
      spoilt.push({ text: JSON.stringify(Object.fromEntries(others)), field: name });
    }
  for (const one of spoilt) if (!allows(check, one.text)) yield one;
}

/** Is the field named, or what it stands in, or what stands in it? A document is named as a whole where it is no JSON, or too large. */
function isNamed(field: string, told: unknown, code: unknown): boolean {
  if (typeof told !== 'string' || told === '') return told === field;
  if (told === 'body' && /^DEFINITION_(INVALID|TOO_LARGE)$/.test(String(code))) return true;
  // An asset among definitions names its fields as its own route does.
  if (field === `document.${told}` || (field === 'key' && told === 'asset')) return true;
  // A card is looked up by its code before the rest of it is judged; what a document is of must be known to judge it.
  if (code === 'CARD_NOT_FOUND' || code === 'DEFINITION_KIND_UNKNOWN') return true;
  const [short = '', long = ''] = [field, told].sort((a, b) => a.length - b.length);
  return long.startsWith(short) && (long === short || /^[.[]/.test(long.slice(short.length)));
}

/** A kind of definitions, an order, a card that is not there; what is large. */
const STATUSES = [400, 403, 404, 413, 422];

t.test('what a schema forbids is refused by its name, and changes nothing', async (t) => {
  const world = await gateway(t, { assets: ['gold', 'tin'], limits: { userRates: {} } });
  const { server, ask } = world;
  await ask('PUT /v1/programmes/club', { asset: 'gold', zone: 'UTC' });
  const tea = { programme: 'club', price: 1, delivery: 'physical', stockAsset: 'gold' };
  await ask('PUT /v1/definitions/goods/tea', { state: 'active', document: tea });
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1_000 }];
  await ask('POST /v1/transfers', { id: 'E1', legs });
  const shop = await caller(world, 'shop', { assets: ['gold'] });
  const exp = Math.floor(Date.now() / 1_000) + 3_600;
  const platform: Headers = { 'X-Platform-Token': await token(shop.id, shop.secret, { exp }) };
  await caller(world, 'outer', { assets: ['omega'] });
  const partner: Headers = { Authorization: `Bearer ${await putPartner(ask, 'outer', ['gold'])}` };
  const administrator: Headers = { Authorization: `Bearer ${world.key}` };
  const { body: document } = await ask('GET /openapi.json');
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'document');
  const before = await server.engine.digest();
  const wrong = new Map<string, string>();
  const runs = campaign({ name: 'hostile fields', long: 40, sample: 1 });
  const each = runs.count > 1 ? 12 : 5;
  let [count, asked] = [0, 0];
  for (const seed of runs.seeds) {
    const draw = new Draw(new Random(seed), document, HINTS);
    for (const [path, methods] of Object.entries<Schema>(document.paths))
      for (const [method, told] of Object.entries<Schema>(methods)) {
        const line = `${method.toUpperCase()} ${path}`;
        const headers = path.startsWith('/api/internal/')
          ? partner
          : path.startsWith('/api/')
            ? platform
            : administrator;
        const parameters = told.parameters as Schema[];
        const target = path.replace(/\{(\w+)\}/g, (_, name) => {
          const of = parameters.find((one) => one.in === 'path' && one.name === name);
          return encodeURIComponent(String(draw.field(name, of?.schema ?? {})));
        });
        const pointer = `document#/paths/${encodeURIComponent(path.replaceAll('/', '~1'))}/${method}`;
        const requests: [request: string, text: string | undefined, field: string][] = [];
        const content = told.requestBody?.content?.['application/json'];
        // Bytes, which packed.test.ts alters.
        if (told.requestBody !== undefined && content === undefined) continue;
        if (content !== undefined) {
          const check = ajv.compile({
            $ref: `${pointer}/requestBody/content/application~1json/schema`,
          });
          for (const spoilt of bodies(draw, content.schema, check, each))
            requests.push([`${method.toUpperCase()} ${target}`, spoilt.text, spoilt.field]);
        }
        const sound =
          content === undefined ? undefined : JSON.stringify(least(draw, content.schema));
        for (const [n, { name, in: place, schema }] of parameters.entries()) {
          if (place !== 'query') continue;
          const check = ajv.compile({ $ref: `${pointer}/parameters/${n}/schema` });
          const { type } = draw.resolved(schema);
          for (const text of draw.random.shuffle([...TEXTS]).slice(0, each)) {
            const isNumber = /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text);
            const value = type === 'integer' && isNumber ? Number(text) : text;
            if (check(value)) continue;
            const others = parameters.filter((one) => one.required && one.in === 'query');
            const query = [
              ...others
                .filter((one) => one.name !== name)
                .map((one) => [one.name, draw.valid(one.schema)]),
              [name, text],
            ].map(([of, value]) => `${of}=${encodeURIComponent(String(value))}`);
            requests.push([`${method.toUpperCase()} ${target}?${query.join('&')}`, sound, name]);
          }
        }
        if (requests.length > 0) asked++;
        await Promise.all(
          requests.map(async ([request, sent, field]) => {
            count++;
            const { status, body } = await bare(server.address, request, sent, headers);
            if (STATUSES.includes(status) && isNamed(field, body?.field, body?.code)) return;
            const said = `${status} ${body?.code} ${body?.field}`;
            wrong.set(
              `${line} ${field} ${said}`,
              `${request} ${sent?.slice(0, 300) ?? ''}: ${said}, not ${field}`,
            );
          }),
        );
      }
  }
  t.same([...wrong.values()], [], `${count} requests to ${asked} operations`);
  t.comment(`${count} requests to ${asked} operations`);
  t.same(await server.engine.digest(), before, 'nothing has changed');
  t.equal((await fetch(`${server.address}/readyz`)).status, 200);
});

/** So many that a time that grows with their square is one of minutes. */
const MANY = 100_000;

t.test(
  'a list whose items come once may be as long as it says, and a longer one keeps nobody waiting',
  async (t) => {
    const { ask, server, key } = await gateway(t, { limits: { userRates: {} } });
    const { body: document } = await ask('GET /openapi.json');
    const headers = { Authorization: `Bearer ${key}` };
    const draw = new Draw(new Random(1), document, HINTS);
    const asked = new Set<string>();
    for (const [path, methods] of Object.entries<Schema>(document.paths))
      for (const [method, told] of Object.entries<Schema>(methods)) {
        const content = told.requestBody?.content?.['application/json'];
        if (content === undefined) continue;
        for (const { path: place, marked, schema } of places(
          draw,
          content.schema,
          [],
          (one) => one,
        )) {
          if (schema?.uniqueItems !== true) continue;
          const line = `${method.toUpperCase()} ${path} ${named(place)}`;
          t.type(schema.maxItems, 'number', line);
          const item = JSON.stringify(draw.valid(schema.items));
          const text = printed(marked, `[${`${item},`.repeat(MANY)}${item}]`);
          const target = path.replace(/\{\w+\}/g, 'x');
          const { status } = await bare(
            server.address,
            `${method.toUpperCase()} ${target}`,
            text,
            headers,
          );
          t.ok(STATUSES.includes(status), `${line}: ${status}`);
          asked.add(line);
        }
      }
    t.ok(asked.size > 5, `${asked.size} lists`);
  },
);
