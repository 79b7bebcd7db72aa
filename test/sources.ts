// Sources and documents of the package, as tests look at them. Owns: what a source imports. Never touches: what may be imported (fences.ts).

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { ROOT } from './setup.js';

export interface Source {
  /** From the package's folder, with slashes: engine/ledger/apply.ts */
  readonly path: string;
  readonly lines: number;
  readonly text: string;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** A source file without its ending (engine/protocol/codec), or a package's name. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const IMPORTS = [
  /(?:^|[;}\s])(import|export)\s+(type\s)?[^'"`;=()]*?from\s*['"]([^'"]+)['"]/g,
  /(?:^|[;}\s])(import)\s+()['"]([^'"]+)['"]/g,
  /\b(import|require)\s*()\(\s*['"]([^'"]+)['"]/g,
];

/** The names of the files under a folder that end so, from the package's folder on. */
export function filesUnder(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => posix.join(folder, name))
    .sort();
}

/** The documents there are. */
export const documents = (): readonly string[] => [
  ...['README.md', 'CHANGELOG.md'],
  ...['bench', 'engine', 'gateway', 'ops', 'test'].flatMap((folder) => filesUnder(folder, '.md')),
];

export function sourcesOf(folder: string): Source[] {
  return [...filesUnder(folder, '.ts'), ...filesUnder(folder, '.tsx')]
    .filter((path) => !path.endsWith('.d.ts'))
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      const code = withoutComments(text);
      return {
        path,
        text,
        lines: text.split('\n').length - 1,
        code,
        imports: importsOf(path, code),
      };
    });
}

// Strings are kept whole, so that a URL in one does not pass for a comment; lines keep their number.
export function withoutComments(text: string): string {
  const token =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(token, (found) =>
    found.startsWith('/') ? found.replace(/[^\n]+/g, ' ') : found,
  );
}

export function importsOf(path: string, code: string): Import[] {
  const found: Import[] = [];
  for (const pattern of IMPORTS) {
    for (const [, , type, name] of code.matchAll(pattern)) {
      const local = name!.startsWith('.');
      const to = local ? posix.join(dirname(path), name!).replace(/\.[jt]sx?$/, '') : name!;
      found.push({ to, typeOnly: (type ?? '') !== '' });
    }
  }
  return found;
}

/** Circles of imports, types included, each as the files on the way round. */
export function cyclesIn(sources: readonly Source[]): string[] {
  const byName = new Map(sources.map((source) => [source.path.replace(/\.tsx?$/, ''), source]));
  const found: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (name: string): void => {
    const at = way.indexOf(name);
    if (at >= 0) found.push([...way.slice(at), name].join(' -> '));
    if (at >= 0 || done.has(name)) return;
    way.push(name);
    for (const { to } of byName.get(name)?.imports ?? []) if (byName.has(to)) visit(to);
    way.pop();
    done.add(name);
  };
  for (const name of byName.keys()) visit(name);
  return found;
}
