// The operator's access tokens: where they come from, whose they are. Never touches: where they are kept (web/page/calls/session.ts).

import { signal } from '@preact/signals';
import type { TokenSource } from '../../../web/page/calls/session.js';

/** Who is signed in, as people call them. */
export interface Person {
  /** `operator:ann`, `key:till`, `administrator`. */
  readonly principal: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Operations that are done where somebody else agrees, and no other way. */
  readonly seconded: readonly string[];
}

export const person = signal<Person | undefined>(undefined);

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

export const operatorTokens: TokenSource = {
  path: '/operator/session/token',
  read: ({ principal, name, operations, roles, seconded }) => {
    if (typeof principal !== 'string') return undefined;
    person.value = {
      principal,
      name: typeof name === 'string' && name !== '' ? name : principal,
      roles: texts(roles),
      seconded: texts(seconded),
    };
    return { who: principal, scope: texts(operations) };
  },
};
