// How far figures of a definition have moved: which step takes a second person. Owns: what is compared with what. Never touches: who the persons are.
//   definitions.D4. A step is |new - old| / old, exact, rounded up at the 12th digit. It is taken from each version that decides or will, and from
//       the last one where none does: also after a retirement.
//   definitions.D5. Steps said within the window are summed, in the order in which they were said, since the last one that two people agreed to:
//       many small ones are as one.

import { compared, dividedBy, type Fraction, fractionOf, up } from '../../protocol/decimal.js';
import type { Document } from '../../protocol/definition-fields.js';
import type { Past } from './kind.js';

/** Figures by name; one that is not there is `otherwise`. */
export interface Figures {
  readonly figures: ReadonlyMap<string, string>;
  readonly otherwise: string;
}

const DIGITS = 10n ** 12n;
const PERCENT = DIGITS / 100n;

const figureIn = ({ figures, otherwise }: Figures, name: string): Fraction =>
  fractionOf(figures.get(name) ?? otherwise);

/** How far a figure moves, in 10^-12 of what it was. */
function stepOf(from: Fraction, to: Fraction): bigint {
  const [low, high] = compared(from, to) < 0 ? [from, to] : [to, from];
  const difference = {
    over: high.over * low.under - low.over * high.under,
    under: high.under * low.under,
  };
  const { over, under } = dividedBy(difference, from);
  return up({ over: over * DIGITS, under });
}

/** What the next version is compared with: what decides now or will; else what did last. */
export function references({ counting, before }: Past): readonly Document[] {
  const documents = counting.filter((one) => one !== undefined);
  if (documents.length > 0) return documents;
  const last = before.findLast(({ document }) => document !== undefined)?.document;
  return last === undefined ? [] : [last];
}

/** Is the step to this document, or the sum of those in the window with it, larger than may be taken alone? */
export function takesStep(
  figuresOf: (document: Document) => Figures,
  next: Document,
  past: Past,
  { percent, windowMs }: { readonly percent: number; readonly windowMs: number },
): boolean {
  const most = BigInt(percent) * PERCENT;
  const to = figuresOf(next);
  const known = references(past).map(figuresOf);
  const said = past.before.flatMap(({ document, at, isAgreed }) =>
    document === undefined ? [] : [{ of: figuresOf(document), at, isAgreed }],
  );
  const all = [...known, ...said.map(({ of }) => of), to];
  const names = new Set(all.flatMap(({ figures }) => [...figures.keys()]));
  for (const name of names) {
    const end = figureIn(to, name);
    if (known.some((one) => stepOf(figureIn(one, name), end) > most)) return true;
    let sum = 0n;
    let last: Fraction | undefined;
    for (const { of, at, isAgreed } of said) {
      const figure = figureIn(of, name);
      if (isAgreed) sum = 0n;
      else if (last !== undefined && at > past.time - windowMs) sum += stepOf(last, figure);
      last = figure;
    }
    if (last !== undefined && sum + stepOf(last, end) > most) return true;
  }
  return false;
}
