// Which budgets definitions name. Owns: that they are read out of the documents that decide, or wait. Never touches: what is in a budget.

import { useEffect } from 'preact/hooks';
import {
  type DefinitionHistory,
  getV1DefinitionsByKind,
} from '../../../../../web/page/api/operations.js';
import type { Known } from '../../../../../web/page/shell/answers.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { documentOf } from '../definitions/standing.js';

const OWNER = /^#budget:(.+)$/;
/** Kinds whose documents can name one. */
const KINDS = ['rule', 'task', 'offer', 'lottery', 'coupon', 'leaderboard'] as const;
/** Definitions of a kind that are looked through. */
const MOST = 1_000;

/** A budget, and what pays out of it. */
export interface Named {
  readonly budget: string;
  readonly asset: string;
  readonly by: readonly { readonly kind: string; readonly key: string }[];
}

/** The budgets that a document names, by the field that does. */
function* budgetsIn(
  value: unknown,
  field = '',
): Generator<readonly [budget: string, field: string]> {
  if (typeof value === 'string') {
    const budget = OWNER.exec(value)?.[1];
    if (budget !== undefined) yield [budget, field];
  } else if (typeof value === 'object' && value !== null)
    for (const [name, one] of Object.entries(value))
      yield* budgetsIn(one, Array.isArray(value) ? field : name);
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Of definitions, by budget and asset. `assetOf`: of a programme. */
export function namedIn(
  definitions: readonly DefinitionHistory[],
  assetOf: (programme: string) => string | undefined,
): Named[] {
  const found = new Map<string, Named>();
  for (const one of definitions) {
    const document = documentOf(one);
    const own = text(document['asset']) ?? assetOf(text(document['programme']) ?? '');
    for (const [budget, field] of budgetsIn(document)) {
      const asset = field === 'uses' ? text(document['usesAsset']) : own;
      if (asset === undefined) continue;
      const place = `${budget} ${asset}`;
      const { by } = found.get(place) ?? { by: [] };
      const isKnown = by.some(({ kind, key }) => kind === one.kind && key === one.key);
      const now = isKnown ? by : [...by, { kind: one.kind, key: one.key }];
      found.set(place, { budget, asset, by: now });
    }
  }
  return [...found.values()].sort((a, b) => a.budget.localeCompare(b.budget));
}

/** All definitions of a kind, as far as they are looked through. */
function useAll(kind: string) {
  const pages = usePages(
    getV1DefinitionsByKind,
    { path: { kind: kind as never } },
    ({ definitions }) => definitions,
  );
  const goesOn = pages.isMore && pages.problem === undefined && pages.items.length < MOST;
  useEffect(() => {
    if (goesOn && !pages.isBusy) pages.more();
  }, [goesOn, pages.isBusy, pages.items.length]);
  return pages;
}

/** `isWhole`: all definitions were looked through. */
export function useNamed(): {
  readonly known: Known<unknown>;
  readonly named: readonly Named[];
  readonly isWhole: boolean;
} {
  const programmes = useAll('programme');
  const kinds = KINDS.map(useAll);
  const all = [programmes, ...kinds];
  const assets = new Map(
    programmes.items.map((one) => [one.key, text(documentOf(one)['asset'])] as const),
  );
  const definitions = kinds.flatMap(({ items }) => items);
  return {
    known: (all.find(({ known }) => known.answer === undefined) ?? programmes).known,
    named: namedIn(definitions, (programme) => assets.get(programme)),
    isWhole: all.every(({ isMore }) => !isMore),
  };
}
