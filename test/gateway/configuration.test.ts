// A configuration as files: what is applied is what is exported, also where an apply is cut off; faults; two people; the schemas.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t, { type Test } from 'tap';
import { sampleProgramme } from '../../engine/index.js';
import type { Given } from '../../gateway/cli/arguments.js';
import { applied, exported, sound } from '../../gateway/cli/configuration.js';
import { fileOf, formed, inOrder, type Wanted } from '../../gateway/cli/configuration-folder.js';
import { connect } from '../../gateway/client/node.js';
import { CONFIGURED } from '../../gateway/schema/configuration.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { operator } from './callers.js';
import { cutting, write } from './configured.js';
import { type Gateway, gateway } from './harness.js';
import { run, start } from './program.js';

const ZONED = { asset: 'gold', zone: 'UTC' };
const FROM = Date.UTC(2026, 0, 1);
/** Characters that keys may have, and file names not. */
const ODD = ['spring', '.a', 'a/b', '..x', 'A:b@c+d=e~f'];

/** A configuration, and one beside which it is often almost the same. */
function drawn(random: Random): Wanted[] {
  const { pick, chance, int } = {
    pick: <T>(of: readonly T[]): T => random.pick(of),
    chance: (p: number) => random.chance(p),
    int: (n: number) => random.int(n),
  };
  const wanted: Wanted[] = [];
  const words = () => (chance(0.3) ? { name: pick(['春', 'Spring "1"', '\\ 1\n2']) } : {});
  for (const key of ['p', 'q']) {
    if (chance(0.2)) continue;
    const events = new Set(['CONSUME', 'REVIEW', 'SIGN'].filter(() => chance(0.8)));
    for (const { kind, key: own, document } of sampleProgramme(key, 'gold', 'Europe/Berlin')) {
      const event = kind === 'event' ? own.slice(2) : document['event'];
      const needs = kind === 'tier' ? chance(0.5) : events.has(String(event));
      if (kind !== 'programme' && !needs) continue;
      const more = kind === 'rule' ? { points: 1 + int(3), order: int(2) } : {};
      wanted.push({ kind, key: own, document: { ...document, ...more, ...words() } });
    }
    if (events.has('CONSUME'))
      wanted.push({
        ...{ kind: 'rule', key: `${key}.big` },
        document: {
          ...{ programme: key, event: 'CONSUME', points: 5 },
          when: `event.amount > ${int(3)} && event.category in ["tea"]`,
        },
      });
    if (chance(0.5)) wanted.push({ kind: 'gifting', key, document: { mostEach: 1 + int(2) } });
    if (chance(0.5)) wanted.push({ kind: 'referral', key, document: { newcomer: 1 + int(2) } });
    if (chance(0.5))
      wanted.push({
        ...{ kind: 'campaign', key: `${key}.may` },
        document: { programme: key, multiplier: 150, from: FROM, to: FROM + 1 + int(2) },
      });
  }
  for (const key of ODD.filter(() => chance(0.5)))
    wanted.push({
      ...{ kind: 'offer', key },
      document: { points: 1 + int(2), asset: 'gold', budget: '#budget:x', ...words() },
    });
  if (chance(0.5))
    wanted.push({
      ...{ kind: 'correction', key: 'desk' },
      document: { asset: 'gold', mostUp: int(3), mostDown: 1 },
    });
  wanted.push({ kind: 'asset', key: 'gold', document: { scale: 0, ...expiry(random) } });
  return wanted;
}

const expiry = (random: Random): object =>
  random.pick([{}, { defaultExpiryMs: 5 }, { expiresAfter: 'P1Y', zone: 'Europe/Berlin' }]);

/** All files of an export, but schemas. */
function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && !one.parentPath.endsWith('schemas'))
    .map((one) => join(one.parentPath, one.name));
  return Object.fromEntries(files.map((at) => [at.slice(folder.length), readFileSync(at, 'utf8')]));
}

const filesOf = (wanted: readonly Wanted[]): Record<string, string> =>
  Object.fromEntries(
    wanted.map((one) => [
      `/${fileOf(one)}`,
      formed({ $schema: `../schemas/${one.kind}.json`, ...one.document }),
    ]),
  );

/** What commands are given to ask this server, with this key. */
function asking(t: Test, url: string, secret: string) {
  const key = join(temporaryFolder(t), 'key');
  writeFileSync(key, secret, { mode: 0o600 });
  return (folder: string, more: Given['options'] = {}): Given => ({
    options: { url, key, yes: true, ...more },
    operands: [folder],
  });
}

const silent = (): void => {};

/** The newest version of each definition and asset. */
async function versions({ ask }: Gateway): Promise<Map<string, number>> {
  const all = new Map<string, number>();
  for (const { asset, version } of (await ask('GET /v1/assets')).body.assets)
    all.set(`asset ${asset}`, version);
  for (const kind of CONFIGURED.slice(1))
    for (const { key, versions } of (await ask(`GET /v1/definitions/${kind}`)).body.definitions)
      all.set(`${kind} ${key}`, versions.at(-1).version);
  return all;
}

t.test(
  'what is exported is what was applied, however often and wherever it is cut off',
  async (t) => {
    const [sandbox, live] = [
      await gateway(t),
      await gateway(t, { engine: { folder: '', shards: 2 } }),
    ];
    const { cut, url } = await cutting(t, sandbox.server.address);
    const [toSandbox, toLive] = [
      asking(t, url, sandbox.key),
      asking(t, live.server.address, live.key),
    ];
    const folder = temporaryFolder(t);
    const [files, out, liveOut] = ['files', 'out', 'live'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    let cuts = 0;
    let last: readonly Wanted[] = [];
    await campaign({ name: 'configuration', long: 60, sample: 6 }).run(async (seed) => {
      const random = new Random(seed);
      const wanted = drawn(random);
      write(random, files, wanted);
      const before = await versions(sandbox);
      Object.assign(cut, { at: random.int(2), after: random.chance(0.5), seen: 0 });
      const given = toSandbox(files, { prune: true });
      await applied(given, false, silent).catch(() => {
        cuts++;
      });
      cut.at = -1;
      await applied(given, false, silent);
      const after = await versions(sandbox);
      const plan = await sound(given, false);
      t.same(plan.changes, [], 'nothing is left to do');
      t.equal(plan.unchanged, wanted.length);
      await applied(given, false, silent);
      t.same(await versions(sandbox), after, 'a second apply changes nothing');
      const said = new Map([...last, ...wanted].map((one) => [`${one.kind} ${one.key}`, one]));
      for (const [name, one] of said) {
        const [old, fresh] = [last, wanted].map((all) =>
          all.find(({ kind, key }) => `${kind} ${key}` === name),
        );
        const isSame = old && fresh && formed(old.document) === formed(fresh.document);
        const versionsMore = (after.get(name) ?? 0) - (before.get(name) ?? 0);
        t.equal(versionsMore, isSame || (one.kind === 'asset' && !fresh) ? 0 : 1, name);
      }
      await exported(toSandbox(out, { overwrite: true }));
      const first = filesIn(out);
      t.same(first, filesOf(wanted), 'it is what it was');
      await exported(toSandbox(out));
      t.same(filesIn(out), first, 'the same bytes');
      await applied(toLive(out, { prune: true }), false, silent);
      await exported(toLive(liveOut, { overwrite: true }));
      t.same(filesIn(liveOut), first, 'live is as the sandbox');
      t.same((await sound(toLive(out, { prune: true }), false)).changes, []);
      last = wanted;
    });
    t.ok(cuts > 2, `${cuts} were cut off`);
  },
);

t.test('every file is checked, and all that is wrong is told at once', async (t) => {
  const { server, key } = await gateway(t, { assets: ['gold'] });
  const folder = temporaryFolder(t);
  const given = asking(t, server.address, key)(folder);
  const files: Record<string, unknown> = {
    'programme/p.json': { asset: 'gold', zone: 'Mars/Olympus' },
    'tier/p.json': { programme: 'p', from: 0 },
    'programme/q.json': { asset: 'gold', zone: 'UTC' },
    'event/q.BUY.json': { programme: 'q', attributes: { amount: 'integer' } },
    'rule/a.json': { programme: 'q', event: 'BUY', points: 1, when: 'event.amout > 1' },
    'rule/b.json': { programme: 'q', event: 'SELL', points: 1 },
    'rule/c.json': { programme: 'q', event: 'BUY', points: 1, when: 'event.amount >' },
    'rule/d.json': { programme: 'none', event: 'BUY', points: -1 },
    'rule/e%2F.txt': 'x',
    'rule/f:.json': {},
    'rule/g.json': '{"points": 1',
    'rule/h.json': '[]',
    'rule/i.json': { programme: 'q', event: 'BUY', points: 1, extra: 1 },
    'rule/j.json': '{"programme": "q", "event": "BUY", "points": 1, "__proto__": {}}',
    'rules/x.json': {},
    'zone/UTC.json': {},
    'asset/gold.json': { scale: 2 },
    'asset/tin.json': { scale: 99 },
    'asset/TIN.json': { scale: 1 },
    'asset/zinc.json': { scale: 1, version: 5 },
    'drafts/rule/x.json': 'whatever',
    '.git/config': 'x',
  };
  for (const [file, said] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), typeof said === 'string' ? said : JSON.stringify(said));
  }
  const error: Error = await sound(given, false).then(
    () => new Error('accepted'),
    (error) => error,
  );
  const told = error.message.split('\n  ').slice(1).sort();
  t.match(told, [
    'asset/TIN.json: No asset is called so.',
    'asset/gold.json: scale: scale of an asset that is there cannot change.',
    'asset/tin.json: scale: It is not accepted.',
    'asset/zinc.json: version: version is not a field of assets.',
    /^programme\/p.json: zone: There is no time zone/,
    /^rule\/a.json: when: when is not accepted/,
    'rule/b.json: event: q has no events SELL.',
    /^rule\/c.json: when: when is not accepted/,
    /^rule\/d.json: points: /,
    /^rule\/e%2F.txt: A file is called as its key/,
    /^rule\/f:.json: A file is called as its key/,
    /^rule\/g.json: It is no JSON/,
    'rule/h.json: It must be a JSON object.',
    /^rule\/i.json: extra: extra is not a field of rule/,
    /^rule\/j.json: __proto__: __proto__ is not a field of rule/,
    /^rules: There is no such kind/,
    /^zone: There is no such kind/,
  ]);
  t.equal(told.length, 17);
});

t.test('what somebody else says meanwhile stays, and nothing is half done', async (t) => {
  const { server, key, ask } = await gateway(t, { assets: ['gold'] });
  const { cut, url } = await cutting(t, server.address);
  const folder = temporaryFolder(t);
  const given = asking(t, url, key)(folder, { prune: true });
  const offer = (points: number) => ({ points, asset: 'gold', budget: '#budget:x' });
  const files = (points: number): Wanted[] =>
    ['a', 'b'].map((key) => ({ kind: 'offer', key, document: offer(points) }));
  const put = (key: string, state: string, document?: object) =>
    ask(`PUT /v1/definitions/offer/${key}`, { state, document });
  const [state, said] = [
    async () =>
      (await ask('GET /v1/definitions/offer')).body.definitions.map(
        ({ versions }: { versions: { version: number; document?: { points: number } }[] }) => [
          versions.at(-1)?.version,
          versions.at(-1)?.document?.points,
        ],
      ),
    async (meanwhile: () => Promise<unknown>) => {
      cut.before = async (at) => {
        if (at.includes('atomic')) await meanwhile();
      };
      await t.rejects(applied(given, false, silent), /VERSION_MISMATCH.*Nothing was changed/);
      cut.before = async () => {};
    },
  ];
  write(new Random(1), folder, files(1));
  await said(() => put('b', 'active', offer(5)));
  t.same(await state(), [[1, 5]], 'b is there, and a is not');
  await applied(given, false, silent);
  write(new Random(1), folder, files(2));
  // Somebody else says something else, only proposes it, or ends it.
  await said(() => put('b', 'active', offer(6)));
  await said(() => put('b', 'draft', offer(2)));
  await said(() => put('b', 'retired'));
  t.same(await state(), [
    [1, 1],
    [5, undefined],
  ]);
  // The same by somebody else is what was meant.
  cut.before = async (at) => {
    if (at.includes('atomic')) await put('b', 'active', offer(2));
  };
  await applied(given, false, silent);
  t.same(await state(), [
    [2, 2],
    [6, 2],
  ]);
  cut.before = async () => {};
  rmSync(join(folder, 'offer/b.json'));
  await said(() => put('b', 'active', offer(7)));
  t.same((await state())[1], [7, 7], 'what is retired is what was seen');
});

t.test('two people: what one applies another one approves, as it stands', async (t) => {
  const world = await gateway(t, { assets: ['gold'] });
  const { server, key: admin, ask } = world;
  const { Authorization = '' } = await operator(world, ['admin', 'read']);
  const other = Authorization.replace('Bearer ', '');
  const folder = temporaryFolder(t);
  const amy = asking(t, server.address, admin)(folder);
  const ben = asking(t, server.address, other)(folder);
  const rule = (points: number) => ({ programme: 'p', event: 'BUY', points });
  const files = (points: number): Wanted[] => [
    { kind: 'programme', key: 'p', document: { asset: 'gold', zone: 'UTC', approvals: 1 } },
    { kind: 'event', key: 'p.BUY', document: { programme: 'p' } },
    { kind: 'rule', key: 'buy', document: rule(points) },
    { kind: 'offer', key: 'o', document: { points, asset: 'gold', budget: '#budget:x' } },
  ];
  const random = new Random(1);
  const rest = async () =>
    (await sound(amy, false)).changes.map(({ key, second }) => [key, second]);
  const deciding = async () =>
    (await ask('GET /v1/definitions/rule/buy')).body.versions?.findLast(
      ({ state }: { state: string }) => state === 'active',
    )?.document.points;
  write(random, folder, files(1));
  t.same(await rest(), [
    ['p', undefined],
    ['p.BUY', 'proposes'],
    ['buy', 'proposes'],
    ['o', undefined],
  ]);
  await t.rejects(applied(ben, true, silent), /programme\/p.json: It was not proposed/);
  await applied(amy, false, silent);
  const waits = [
    ['p.BUY', 'waits'],
    ['buy', 'waits'],
  ];
  t.same(await rest(), waits);
  const before = await versions(world);
  // Neither who has proposed it nor who applies it once more makes it active.
  await applied(amy, false, silent);
  await applied(ben, false, silent);
  t.same(await versions(world), before);
  await t.rejects(applied(amy, true, silent), /administrator has proposed it/);
  // Not what was not proposed, nor what was proposed anew since it was looked at.
  write(random, folder, files(2));
  await t.rejects(applied(ben, true, silent), /rule\/buy.json: It was not proposed as it is here/);
  write(random, folder, files(1));
  const { digest } = await sound(ben, false);
  const put = (state: string, points: number) =>
    ask('PUT /v1/definitions/rule/buy', { state, document: rule(points) });
  await put('draft', 7);
  await put('draft', 1);
  const stale = { ...ben, options: { ...ben.options, plan: digest } };
  await t.rejects(applied(stale, true, silent), /has changed meanwhile/);
  t.equal(await deciding(), undefined);
  await applied(ben, true, silent);
  t.equal(await deciding(), 1);
  t.same(await rest(), []);
  // By no other way.
  t.match(await put('active', 9), { status: 403, body: { code: 'DEFINITION_UNAPPROVED' } });
  const document = { asset: 'gold', zone: 'UTC' };
  t.match(await ask('PUT /v1/programmes/p', document), { status: 403 });
  const batch = [{ kind: 'rule', key: 'buy', state: 'retired' }];
  for (const query of ['', '?atomic=true', '?dryRun=true'])
    t.match(await ask(`POST /v1/definitions${query}`, batch), {
      body: [{ code: 'DEFINITION_UNAPPROVED' }],
    });
  // What is not there any more is proposed to end, and ends.
  write(random, folder, files(2).slice(0, 2));
  const pruning = { prune: true, programme: 'p' };
  const amyPrunes = asking(t, server.address, admin)(folder, pruning);
  const benPrunes = asking(t, server.address, other)(folder, pruning);
  await applied(amyPrunes, false, silent);
  t.match(await sound(benPrunes, false), {
    changes: [{ kind: 'rule', change: 'retire', second: 'waits' }],
  });
  await applied(benPrunes, true, silent);
  t.match((await ask('GET /v1/definitions/rule/buy')).body.versions.at(-1), {
    state: 'retired',
    by: /^key:/,
  });
  t.same((await sound(benPrunes, false)).changes, [], 'the offer is not of the programme');
});

t.test('schemas take what the ledger takes, and are with the files', async (t) => {
  const { server, key, ask } = await gateway(t, { assets: ['gold'] });
  const folder = temporaryFolder(t);
  const given = asking(t, server.address, key);
  const wanted = drawn(new Random(5)).sort(inOrder);
  write(new Random(1), folder, wanted);
  await applied(given(folder), false, silent);
  const out = join(folder, 'out');
  await exported(given(out));
  const ajv = new Ajv2020({ strict: false });
  for (const kind of CONFIGURED) {
    const schema = JSON.parse(readFileSync(join(out, 'schemas', `${kind}.json`), 'utf8'));
    t.same(schema, (await ask(`GET /v1/schemas/${kind}.json`)).body);
    const check = ajv.compile(schema);
    const files = Object.entries(filesIn(out)).filter(([file]) => file.startsWith(`/${kind}/`));
    for (const [file, text] of files) t.ok(check(JSON.parse(text)), file);
    t.notOk(check({ notAField: 1 }), kind);
  }
  for (const file of ['zone.json', 'rule', 'x.json', '.json'])
    t.match(await ask(`GET /v1/schemas/${file}`), {
      status: 404,
      body: { code: 'DEFINITION_KIND_UNKNOWN', field: 'file' },
    });
  // What stands in the way of an export stays.
  const file = join(out, 'asset/gold.json');
  writeFileSync(file, '{"scale": 1}');
  writeFileSync(join(out, 'asset/mine.json'), '{"scale": 1}');
  await t.rejects(exported(given(out)), /asset\/gold.json, asset\/mine.json. Apply them, or say/);
  t.equal(readFileSync(file, 'utf8'), '{"scale": 1}');
});

t.test('assets and what is in them are said in one commit, or none is', async (t) => {
  const { ask } = await gateway(t, { assets: ['gold'], engine: { shards: 3, folder: '' } });
  const asset = (key: string, document: object = { scale: 0 }) => ({
    kind: 'asset',
    key,
    document,
  });
  const programme = (key: string, of: string) => ({
    ...{ kind: 'programme', key, state: 'active', document: { asset: of, zone: 'UTC' } },
  });
  const together = (said: readonly object[], more = '') =>
    ask(`POST /v1/definitions?atomic=true${more}`, said);
  const assets = async (): Promise<string[]> =>
    (await ask('GET /v1/assets')).body.assets.map((one: { asset: string }) => one.asset);
  const aborted = { code: 'BATCH_ABORTED' };
  const tier = { kind: 'tier', key: 't', state: 'active', document: { programme: 'no', from: 0 } };
  const rows: readonly [said: readonly object[], told: readonly object[]][] = [
    [
      [asset('silver'), tier],
      [aborted, { code: 'DEFINITION_INVALID', field: 'document.programme' }],
    ],
    [
      [asset('silver'), asset('gold', { scale: 3 })],
      [aborted, { code: 'ASSET_CONFLICT' }],
    ],
    [
      [asset('silver', { scale: 99 }), programme('p', 'silver')],
      [{ field: 'scale' }, aborted],
    ],
    [[asset('silver', { what: 1 })], [{ code: 'COMMAND_INVALID', field: 'document.what' }]],
    [[{ ...asset('silver'), state: 'active' }], [{ code: 'COMMAND_INVALID', field: 'state' }]],
    [
      [{ ...asset('gold', { scale: 0, expiryNoticeDays: 9 }), ifVersion: 0 }, tier],
      [{ code: 'DEFINITION_VERSION_MISMATCH' }, aborted],
    ],
    [[{ ...asset('silver'), ifVersion: 1 }], [{ code: 'DEFINITION_VERSION_MISMATCH' }]],
    [[asset('silver', { ifVersion: 0 })], [{ field: 'document.ifVersion' }]],
    [[{ ...asset('silver'), ifVersion: -1 }], [{ code: 'VERSION_INVALID', field: 'ifVersion' }]],
    [[asset('sil ver')], [{ code: /ASSET/ }]],
    [[{ kind: 'asset', key: 7, document: {} }], [{ field: 'key' }]],
    [[{ kind: 'asset', key: 'silver' }], [{ field: /^document/ }]],
  ];
  for (const [said, told] of rows) {
    const { body } = await together(said);
    t.match(Array.isArray(body) ? body : [body], told, JSON.stringify(said));
    t.ok(JSON.stringify(body).includes('"status":4'), 'never a 5xx');
  }
  t.same(await assets(), ['gold'], 'none of them was made');
  const good = [asset('silver'), programme('p', 'silver')];
  const other = [asset('silver', { scale: 2 }), programme('p', 'silver')];
  t.match((await together(other, '&dryRun=true')).body, [{}, { definitionVersion: 1 }]);
  t.same(await assets(), ['gold'], 'nor by a trial');
  t.match((await together(good)).body, [{ assetVersion: 1 }, { definitionVersion: 1 }]);
  t.match((await together(good)).body, [{ assetVersion: 1 }, { definitionVersion: 1 }], 'again');
  // Whoever else defines assets at the same time: they have the same numbers on all shards.
  const random = new Random(24);
  const names = Array.from({ length: 24 }, (_, n) => `a${n}`);
  const made = await Promise.all(
    names.map((name, n) =>
      n % 2 === 0
        ? together([asset(name), programme(name, name)])
        : sleep(random.int(80)).then(() => ask(`PUT /v1/assets/${name}`, { scale: 0 })),
    ),
  );
  t.ok(made.every(({ status }) => status === 200));
  t.equal((await assets()).length, 26);
  for (const [n, name] of [...names, 'silver'].entries()) {
    const legs = [{ from: '@issue', to: `user-${n}`, asset: name, amount: 5 }];
    t.equal((await ask('POST /v1/transfers', { id: `x${n}`, legs })).status, 201, name);
    const { body } = await ask(`GET /v1/accounts/user-${n}`);
    t.match(JSON.stringify(body), new RegExp(`"asset":"${name}"`));
  }
});

t.test('by the client', async (t) => {
  const { server, key } = await gateway(t, { assets: ['gold'] });
  const client = connect({ url: server.address, key });
  const said = (kind: string, document: Record<string, unknown>) =>
    ({ type: 'put-definition', kind, key: 'p', state: 'active', document }) as const;
  const both = [said('tier', { programme: 'p', from: 0 }), said('programme', ZONED)];
  const refused = { code: 'DEFINITION_INVALID', field: 'document.programme' };
  t.match(await client.define(both, { dryRun: true }), [refused, { definitionVersion: 1 }]);
  t.match(await client.define(both, { atomic: true }), [refused, { code: 'BATCH_ABORTED' }]);
  t.match(await client.definitions('programme'), { definitions: [] });
  const whole = await client.define(both.reverse(), { atomic: true });
  t.match(whole, [{ definitionVersion: 1 }, { definitionVersion: 1 }]);
  t.match(await client.define(both), [{ definitionVersion: 1 }, { definitionVersion: 1 }]);
  t.match(await client.definition('tier', 'p'), { versions: [{ by: 'administrator' }] });
  const silver = { type: 'define-asset', asset: 'silver', scale: 2 } as const;
  const more = await client.define([silver, said('gifting', { mostEach: 1 })], { atomic: true });
  t.match(more, [{ assetVersion: 1 }, { definitionVersion: 1 }]);
});

t.test('on the command line', async (t) => {
  const cwd = temporaryFolder(t);
  await start(t, cwd, '--folder', 'jifen-data');
  const files: Wanted[] = [
    { kind: 'asset', key: 'gold', document: { scale: 0 } },
    { kind: 'programme', key: 'p', document: { asset: 'gold', zone: 'UTC' } },
  ];
  write(new Random(1), join(cwd, 'points'), files);
  const planned = await run(cwd, 'plan', 'points');
  t.match(planned, { code: 2, out: /^\+ asset gold\n\+ programme p\n2 to create, 0 to change/ });
  const [, digest = ''] = /plan (\w+)/.exec(planned.out) ?? [];
  t.match(await run(cwd, 'apply', 'points'), { code: 2, err: /--yes is missing/ });
  t.match(await run(cwd, 'apply', 'points', '--yes', '--plan', digest), {
    code: 0,
    out: /2 done, from 20/,
  });
  t.match(await run(cwd, 'plan', '--pruned'), { code: 1, err: /see jifen plan --help/ });
  t.match(await run(cwd, 'export', 'points'), { code: 0, out: /"definitions": 2/ });
  t.match(await run(cwd, 'export', 'x', '--url', 'http://127.0.0.1:1'), {
    code: 2,
    err: /--key is missing/,
  });
  t.match(await run(cwd, 'export', 'jifen-data'), { code: 1, err: /is the data folder/ });
});
