// The version of the package. Owns: where it is read from.

import { readFileSync } from 'node:fs';

/** E.g. `0.1.0`. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
