// What a screen is, and the one of an address. Owns: its shape, how it is found. Never touches: which there are.

import type { ComponentType } from 'preact';
import type { IconName } from '../ui/icons.js';

/** What a screen is given: the parts of its address that `:names` stand for. */
export interface ScreenProps {
  readonly params: Readonly<Record<string, string>>;
}

export interface Screen {
  /** `data-screen` of its root element. */
  readonly name: string;
  /** Below the page's address: `''`, `history`, `orders/:order`. */
  readonly path: string;
  /** Its name, in the language of now. */
  readonly title: () => string;
  readonly icon: IconName;
  /** Its module: the component is its default export. */
  readonly load: () => Promise<{ readonly default: ComponentType<ScreenProps> }>;
}

/** A screen with what its address says. */
export interface Placed<One extends Screen> {
  readonly screen: One;
  readonly params: Readonly<Record<string, string>>;
}

/** The first screen that an address fits; undefined: there is none. */
export function placedOf<One extends Screen>(
  screens: readonly One[],
  parts: readonly string[],
): Placed<One> | undefined {
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
