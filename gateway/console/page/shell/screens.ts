// The screens of the console. Owns: what they are beside any page's, the parts of the navigation. Never touches: which there are (screens/list.ts), how one is found
// (web/page/shell/screen.ts).

import type { Operation } from '../../../../engine/protocol/grants.js';
import type { getV1Search } from '../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../web/page/calls/operation.js';
import { href } from '../../../web/page/shell/router.js';
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

/** Something that was found, as `GET /v1/search` tells it. */
export type Found = AnswerOf<typeof getV1Search>['results'][number];

export interface ConsoleScreen extends Screen {
  /** Where it stands in the navigation; left out: it is reached from another screen, or by the palette. */
  readonly group?: Group;
  /** It is offered to whoever may one of these; left out: to everybody. */
  readonly needs?: readonly Operation[];
  /** Other words that the palette finds it by, in any language. */
  readonly words?: string;
  /** What is found, by its type (`member`, `order` ...), and where it stands: the parts of an address; undefined: not here. */
  readonly finds?: Readonly<
    Partial<Record<Found['type'], (found: Found) => readonly string[] | undefined>>
  >;
}

/** All screens, in the navigation's order: set once, before anything is shown. */
export const screens: ConsoleScreen[] = [];

/** May whoever is signed in see it? */
export const isOffered = ({ needs }: ConsoleScreen): boolean =>
  needs === undefined || may(...needs);

/** Where something that was found stands: on the first screen that knows its type, else with its member; undefined: nowhere. */
export function addressOf(found: Found): string | undefined {
  const offered = screens.filter(isOffered);
  for (const type of [found.type, 'member'] as const)
    for (const { finds } of offered) {
      const parts = finds?.[type]?.(found);
      if (parts !== undefined) return href(...parts);
    }
  return undefined;
}
