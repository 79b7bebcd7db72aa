// Forms out of schemas, and differences, without a browser: what is typed is read or told; a form says what the schema says; two people's changes put together.

import t from 'tap';
import { sampleProgramme } from '../../engine/index.js';
import { FIELD_HINTS } from '../../gateway/console/page/screens/programme/definitions/field-hints.js';
import { FIELD_WORDS } from '../../gateway/console/page/screens/programme/definitions/field-words.js';
import { differencesOf, isAlike, mergedOf } from '../../gateway/console/page/ui/diff/diff.js';
import { problemsOf, Unread, wholeOf } from '../../gateway/console/page/ui/schema-form/check.js';
import { pathText, valueAt, withValue } from '../../gateway/console/page/ui/schema-form/path.js';
import {
  hintIn,
  propertiesOf,
  resolved,
  type Schema,
  valuesOf,
} from '../../gateway/console/page/ui/schema-form/schema.js';
import { msOf, zonedText } from '../../gateway/console/page/ui/schema-form/zoned.js';
import { CONFIGURED, configurationSchema } from '../../gateway/schema/configuration.js';
import { campaign } from '../campaign.js';
import { Draw } from '../gateway/draw.js';
import { Random } from '../random.js';

const schemaOf = (kind: string): Schema => configurationSchema(kind) as Schema;

t.test('a whole number is read to its last digit, or is told', async (t) => {
  for (const [text, value] of [
    ['', undefined],
    ['7', 7],
    [' 1,200 ', 1_200],
    ['９', 9],
    ['-3', -3],
    ['9007199254740991', 9_007_199_254_740_991],
  ] as const)
    t.equal(wholeOf(text), value, text);
  for (const text of ['seven', '1.5', '1e3', '9007199254740993', '0x10', '--1'])
    t.ok(wholeOf(text) instanceof Unread, text);
});

t.test('documents of the sample are right; each fault is told where it is', async (t) => {
  for (const { kind, key, document } of sampleProgramme('shop', 'points'))
    t.same(problemsOf(schemaOf(kind), document), [], `${kind}/${key}`);
  const goods = { programme: 'shop', price: 5, delivery: 'code' };
  const told = (more: object): string[] =>
    problemsOf(schemaOf('goods'), { ...goods, ...more }).map(
      ({ path, fault }) => `${pathText(path)} ${fault}`,
    );
  t.same(told({ price: 0 }), ['price least']);
  t.same(told({ price: new Unread('x') }), ['price unread']);
  t.same(told({ delivery: 'air' }), ['delivery choice']);
  t.same(told({ tiers: ['a', 'b', 'a'] }), ['tiers[2] twice']);
  t.same(told({ tiers: [] }), ['tiers few']);
  t.same(told({ image: 'http://x' }), ['image form']);
  t.same(told({ constructor: 1 }), ['constructor unknown']);
  t.same(problemsOf(schemaOf('goods'), {}).length, 3, 'what is missing');
  const coalition = { currency: 'CNY', base: '0.01', zone: 'UTC', platforms: { 'a b': '1' } };
  t.same(
    problemsOf(schemaOf('coalition'), coalition).map(({ fault }) => fault),
    ['name'],
  );
});

/** All fields of a schema by place, as forms show them. */
function fieldsOf(schema: Schema, place = ''): { place: string; schema: Schema }[] {
  const inside = [schema.items, valuesOf(schema)].filter((one) => one !== undefined);
  return [
    ...propertiesOf(schema).flatMap(({ name, schema: own }) => {
      const at = place === '' ? name : `${place}.${name}`;
      return [{ place: at, schema: own }, ...fieldsOf(own, at)];
    }),
    ...inside.flatMap((own) => fieldsOf(own, `${place}[]`)),
  ];
}

t.test('every field of every kind has its name, and its hint, in Chinese', async (t) => {
  const zh: Readonly<Record<string, unknown>> = FIELD_WORDS.zh;
  const used = new Set<string>();
  /** What the schema says of fields that one Chinese text is of: the same of all. */
  const meant = new Map<string, Set<string>>();
  for (const kind of CONFIGURED)
    for (const { place, schema } of fieldsOf(schemaOf(kind))) {
      t.ok(zh[`${kind}:${place}`] ?? zh[place], `field-words.ts: ${kind}:${place}`);
      const hint = hintIn(schema);
      if (hint === undefined) continue;
      const key = [`${kind}:${place}`, place].find((one) => Object.hasOwn(FIELD_HINTS, one));
      t.ok(key, `field-hints.ts: ${kind}:${place}: ${hint}`);
      used.add(key ?? '');
      const said = meant.get(key ?? '') ?? new Set();
      meant.set(key ?? '', said.add(hint));
    }
  t.same(
    [...meant].filter(([, said]) => said.size > 1).map(([key, said]) => [key, ...said]),
    [],
    'one text for fields that mean different things',
  );
  t.same(
    Object.keys(FIELD_HINTS).filter((key) => !used.has(key)),
    [],
    'hints of no field',
  );
});

const cases = campaign({ name: 'forms and differences', long: 5_000, sample: 30 });

t.test('what the schema allows is right, whatever is drawn', async (t) => {
  await cases.run((seed) => {
    const random = new Random(seed);
    const kind = random.pick(CONFIGURED);
    const schema = schemaOf(kind);
    const drawn = new Draw(random, schema).valid(schema);
    const found = problemsOf(schema, drawn);
    if (found.length > 0) throw new Error(`${kind} ${JSON.stringify({ drawn, found })}`);
    t.pass(kind);
  });
});

/** A document, and the same as somebody has changed it. */
function changed(random: Random, document: Record<string, unknown>): Record<string, unknown> {
  const after = structuredClone(document);
  for (let n = 1 + random.int(2); n > 0; n--) {
    const name = random.pick(['a', 'b', 'c', 'list', 'steps']);
    if (random.chance(0.2)) delete after[name];
    else if (name === 'steps')
      after[name] = Array.from({ length: random.int(4) }, (_, at) => ({ at, w: random.int(3) }));
    else after[name] = name === 'list' ? [random.int(3)] : random.int(4);
  }
  return after;
}

t.test('two people’s changes of one document: nothing is lost that is not told', async (t) => {
  await cases.run((seed) => {
    const random = new Random(seed);
    const base = changed(random, { a: 1, b: 2, steps: [{ at: 0, w: 1 }] });
    const [mine, theirs] = [changed(random, base), changed(random, base)];
    const { document, conflicts } = mergedOf(base, mine, theirs);
    const at = JSON.stringify({ base, mine, theirs, document, conflicts });
    const isTold = (path: readonly (string | number)[]): boolean =>
      conflicts.some((one) => one.path.every((part, n) => path[n] === part));
    for (const { path } of differencesOf(base, mine))
      if (!isAlike(valueAt(document, path), valueAt(mine, path)) && !isTold(path))
        throw new Error(`mine is lost at ${pathText(path)}: ${at}`);
    for (const { path } of differencesOf(base, theirs))
      if (!isAlike(valueAt(document, path), valueAt(theirs, path)) && !isTold(path))
        throw new Error(`theirs is lost at ${pathText(path)}: ${at}`);
    // Whoever takes theirs of all that both have changed has all of theirs.
    const taken = conflicts.reduce<unknown>(
      (all, { path, theirs: own }) => withValue(all, path, own),
      document,
    );
    for (const { path } of differencesOf(base, theirs))
      if (!isAlike(valueAt(taken, path), valueAt(theirs, path))) throw new Error(`theirs: ${at}`);
    if (!isAlike(mergedOf(base, mine, base).document, mine)) throw new Error(`mine alone: ${at}`);
    if (!isAlike(mergedOf(base, base, theirs).document, theirs)) throw new Error(at);
    t.pass('put together');
  });
});

t.test('times as they are typed', async (t) => {
  const zones = ['Asia/Shanghai', 'Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC'];
  await cases.run((seed) => {
    const random = new Random(seed);
    const zone = random.pick(zones);
    const ms = random.int(2 ** 31) * 1_900 + random.int(2) * 377;
    const text = zonedText(ms, zone);
    const back = msOf(text, zone);
    // A time that clocks show twice is read as the first one.
    if (back !== ms && (back === undefined || back > ms || zonedText(back, zone) !== text))
      throw new Error(`${zone} ${ms} ${text} ${back}`);
    t.pass(zone);
  });
  t.equal(msOf('2026-03-29T02:30', 'Europe/Berlin'), undefined, 'clocks never show it');
  t.equal(msOf('2026-10-25T02:30', 'Europe/Berlin'), Date.parse('2026-10-25T02:30+02:00'));
  t.equal(msOf('2026-02-30T00:00', 'UTC'), undefined, 'no such day');
  t.equal(msOf('2026-01-01T00:00', 'Mars/Phobos'), Date.parse('2026-01-01T00:00Z'));
});

t.test('schemas of the API without references', async (t) => {
  const components = {
    Name: { type: 'string', maxLength: 5 },
    Loop: { type: 'object', properties: { again: { $ref: '#/components/schemas/Loop' } } },
  };
  const ref = { $ref: '#/components/schemas/Name' };
  t.same(resolved(ref, components), components.Name);
  t.same(resolved({ anyOf: [{ const: 'a' }, { const: 'b' }] }, components), {
    ...{ type: 'string', enum: ['a', 'b'] },
  });
  t.match(resolved({ anyOf: [ref, { type: 'null' }] }, components), components.Name);
  t.match(resolved(components.Loop, components), { type: 'object' }, 'it comes to an end');
});
