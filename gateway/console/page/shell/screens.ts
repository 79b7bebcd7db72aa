// The screens of the console. Owns: what they are beside any page's, the parts of the navigation. Never touches: which there are (screens/list.ts), how one is found
// (web/page/shell/screen.ts).

import type { Operation } from '../../../../engine/protocol/grants.js';
import type { Screen } from '../../../web/page/shell/screen.js';
import { may } from './app.js';

/** The parts of the navigation, in its order. */
export const GROUPS = [
  'home',
  'members',
  'programme',
  'mall',
  'partners',
  'reports',
  'access',
  'system',
] as const;
export type Group = (typeof GROUPS)[number];

export interface ConsoleScreen extends Screen {
  /** Where it stands in the navigation; left out: it is reached from another screen, or by the palette. */
  readonly group?: Group;
  /** It is offered to whoever may one of these; left out: to everybody. */
  readonly needs?: readonly Operation[];
  /** Other words that the palette finds it by, in any language. */
  readonly words?: string;
}

/** All screens, in the navigation's order: set once, before anything is shown. */
export const screens: ConsoleScreen[] = [];

/** May whoever is signed in see it? */
export const isOffered = ({ needs }: ConsoleScreen): boolean =>
  needs === undefined || may(...needs);
