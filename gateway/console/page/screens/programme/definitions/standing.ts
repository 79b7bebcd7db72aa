// How a definition stands. Owns: what is read of its versions. Never touches: asking for them.

import type {
  DefinitionHistory,
  DefinitionVersion,
} from '../../../../../web/page/api/operations.js';

export type Standing = 'draft' | 'coming' | 'active' | 'retired';

/** As its newest version says: a draft that waits is said whatever decides meanwhile. */
export function standingOf({ versions, active }: DefinitionHistory, now = Date.now()): Standing {
  const newest = versions.at(-1);
  if (newest === undefined || newest.state === 'draft') return 'draft';
  if (newest.state === 'retired') return 'retired';
  return newest.version !== active && (newest.activeFrom ?? 0) > now ? 'coming' : 'active';
}

export const newestOf = ({ versions }: DefinitionHistory): DefinitionVersion | undefined =>
  versions.at(-1);

export const versionOf = (
  { versions }: DefinitionHistory,
  version: number | undefined,
): DefinitionVersion | undefined => versions.find((one) => one.version === version);

/** What its newest version that has one says; a retirement, and the draft of one, has none. */
export const documentOf = ({ versions }: DefinitionHistory): Readonly<Record<string, unknown>> =>
  versions.findLast(({ document }) => document !== undefined)?.document ?? {};

/** What it is called. */
export function nameOf(history: DefinitionHistory): string | undefined {
  const { name } = documentOf(history);
  return typeof name === 'string' ? name : undefined;
}
