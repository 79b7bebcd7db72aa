// What a screen is. Owns: its shape. Never touches: which there are.

import type { ComponentType } from 'preact';
import type { IconName } from '../ui/icons.js';

/** What a screen is given: the parts of its address that `:names` stand for. */
export interface ScreenProps {
  readonly params: Readonly<Record<string, string>>;
}

export interface Screen {
  /** `data-screen` of its root element. */
  readonly name: string;
  /** Below `/me`: `''`, `history`, `orders/:order`. */
  readonly path: string;
  /** Its name, in the language of now. */
  readonly title: () => string;
  readonly icon: IconName;
  /** `tab`: at the bottom of a phone (five at most); `more`: in the list of all; `none`: reached from another screen. */
  readonly nav: 'tab' | 'more' | 'none';
  /** What the token must permit, or it is not offered. */
  readonly needs?: string;
  /** Its module: the component is its default export. */
  readonly load: () => Promise<{ readonly default: ComponentType<ScreenProps> }>;
}
