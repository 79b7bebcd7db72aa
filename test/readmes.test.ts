// Parts of READMEs that are made from the sources: what a folder may import, refusals, fields, free numbers, permissions. Owns:
// how they are made. `node dist/test/readmes.test.js --write` writes them anew. Never touches: the rest of a README.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { COMMANDS, type Definition } from '../engine/protocol/commands.js';
import { REFUSALS, type Refusal } from '../engine/protocol/refusals.js';
import { FENCES, type Fence } from './fences.js';
import { ALL_ROUTES } from './gateway/all-routes.js';
import { ROOT } from './setup.js';
import { documents, filesUnder } from './sources.js';

const WIDTH = 120;
const isToWrite = process.argv.includes('--write');
const definitions: readonly (readonly [string, Definition])[] = Object.entries(COMMANDS);

/** Words in lines of a README's width, what is quoted unbroken; `hang`: before all lines but the first. */
function wrapped(text: string, hang = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(/(?:`[^`]*`|\S)+/g) ?? []) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = hang + word;
    } else line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}

const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

function importsText({ may, types = [] }: Fence): string {
  const all = [quoted(may), ...(types.length === 0 ? [] : [`types of ${quoted(types)}`])];
  return wrapped(`May import: ${all.filter((part) => part !== '').join('; ')}.`);
}

/** The refusals of each command in order, equal lists once. */
function refusalsText(): string {
  const byList = new Map<string, string[]>();
  for (const [type, { by, refusals }] of definitions)
    if (by === 'caller') {
      const list = refusals.join('; ');
      byList.set(list, [...(byList.get(list) ?? []), type]);
    }
  return [...byList]
    .map(([list, types]) => wrapped(`* ${quoted(types)}: ${list}`, '  '))
    .join('\n');
}

/** The fields of each command: `?` may be left out. */
function fieldsText(): string {
  const rows = definitions.map(([type, { op, by, before, fields }]) => {
    const names = Object.entries({ ...before, ...fields })
      .filter(([, { isFilledIn }]) => isFilledIn !== true)
      .map(([name, { optional }]) => (optional ? `${name}?` : name));
    const maker = by === 'engine' ? ' (made by the engine)' : '';
    return wrapped(`* ${op} \`${type}\`${maker}: ${names.join(', ')}`, '  ');
  });
  return rows.join('\n');
}

function freeText(): string {
  const used = new Set(
    Object.values<Refusal>(REFUSALS).flatMap(({ number, passing }) => [number, passing]),
  );
  const free = (from: number, to: number) => {
    const runs: string[] = [];
    for (let first = from; first <= to; first++) {
      if (used.has(first)) continue;
      let last = first;
      while (last < to && !used.has(last + 1)) last++;
      runs.push(first === last ? `${first}` : `${first}-${last}`);
      first = last;
    }
    return runs.join(', ');
  };
  return wrapped(`Free numbers: final ${free(1, 127)}; transient ${free(128, 255)}.`);
}

/** The calls by who may make them. The page's own files are parts of the page. */
function permissionsText(): string {
  const byAccess = new Map<string, string[]>();
  for (const { method, path, access } of ALL_ROUTES) {
    if (/^\/(live|docs|me|console)\//.test(path)) continue;
    const { by, needs, whole } = access;
    const may = [by, needs.join(', '), ...(whole === true ? ['all assets'] : [])].join('; ');
    byAccess.set(may, [...(byAccess.get(may) ?? []), `${method} ${path}`]);
  }
  return [...byAccess]
    .map(([may, calls]) => wrapped(`* **${may.replace(/; $/, '')}**: ${quoted(calls)}`, '  '))
    .join('\n');
}

/** By README and name: `<!-- made: name -->` begins a part, `<!-- end -->` ends it. */
const PARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'engine/ledger/README.md': { refusals: refusalsText() },
  'engine/protocol/README.md': { fields: fieldsText(), 'free numbers': freeText() },
  'gateway/http/README.md': { permissions: permissionsText() },
};

/** The README with its part as it should be; throws where it has no place for it. */
function withPart(readme: string, name: string, part: string): string {
  const begin = `<!-- made: ${name} -->\n`;
  const at = readme.indexOf(begin);
  const end = readme.indexOf('\n<!-- end -->', at);
  if (at < 0 || end < 0) throw new Error(`there is no part ${name}`);
  return readme.slice(0, at + begin.length) + part + readme.slice(end);
}

function made(): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const all = new Map(Object.entries(PARTS));
  for (const fence of FENCES) {
    const path = `${dirname(`${fence.under}x`)}/README.md`;
    if (!fence.under.endsWith('/') || !existsSync(join(ROOT, path))) continue;
    all.set(path, { imports: importsText(fence), ...all.get(path) });
  }
  return all;
}

t.test('what READMEs say of imports, refusals, fields and permissions is as it is', async (t) => {
  for (const [path, parts] of made()) {
    const is = readFileSync(join(ROOT, path), 'utf8');
    const should = Object.entries(parts).reduce(
      (text, [name, part]) => withPart(text, name, part),
      is,
    );
    if (isToWrite) writeFileSync(join(ROOT, path), should);
    else t.equal(is, should, `${path}: node dist/test/readmes.test.js --write`);
  }
});

t.test('what documents link to is there', async (t) => {
  const lost = documents().flatMap((path) =>
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)]
      .filter(([, to = '']) => !existsSync(join(ROOT, dirname(path), to)))
      .map(([, to]) => `${path}: ${to}`),
  );
  t.same(lost, []);
});

/** `name` may begin with a star. */
const fits = (file: string, name: string) =>
  name.startsWith('*') ? file.endsWith(name.slice(1)) : file === name;

t.test('READMEs list the files that are there, and all of them', async (t) => {
  const readmes = ['engine', 'gateway'].flatMap((folder) => filesUnder(folder, 'README.md'));
  for (const path of readmes) {
    const folder = join(ROOT, dirname(path));
    const lists = [
      ...readFileSync(join(ROOT, path), 'utf8').matchAll(/^(?:\| |\* )((?:`[^`]+`(?:, )?)+)/gm),
    ];
    const listed = lists.flatMap(([, names = '']) => names.match(/[^`, ]+\.tsx?/g) ?? []);
    if (listed.length === 0) continue;
    const files = readdirSync(folder).filter((name) => /\.tsx?$/.test(name));
    const gone = listed.filter(
      (name) => !name.includes('/') && !files.some((file) => fits(file, name)),
    );
    const unlisted = files.filter((file) => !listed.some((name) => fits(file, name)));
    t.same({ gone, unlisted }, { gone: [], unlisted: [] }, path);
  }
});
