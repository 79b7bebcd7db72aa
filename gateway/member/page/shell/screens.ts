// The screens there are, and the one of an address. Owns: how it is found. Never touches: which they are (screens/list.ts).

import { place } from './router.js';
import type { Screen } from './screen.js';

/** All screens, in the navigation's order: set once, before anything is shown. */
export const screens: Screen[] = [];

export interface Placed {
  readonly screen: Screen;
  readonly params: Readonly<Record<string, string>>;
}

/** The screen of the address; undefined: there is none. */
export function placed(): Placed | undefined {
  const { parts } = place.value;
  for (const screen of screens) {
    const names = screen.path.split('/').filter(Boolean);
    if (names.length !== parts.length) continue;
    const params: Record<string, string> = {};
    const fits = names.every((name, n) => {
      const part = parts[n] ?? '';
      if (!name.startsWith(':')) return name === part;
      params[name.slice(1)] = part;
      return true;
    });
    if (fits) return { screen, params };
  }
  return undefined;
}
