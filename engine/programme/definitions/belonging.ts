// To which programme definitions belong, and which changes of them take a second person. Owns: these rules. Never touches: who the persons are, which
// versions there are.
//   definitions.D3. A definition that asks for it is changed by two, and so is whatever belongs to a programme that asks for it: what joins it
//       or leaves it, too, and the programme itself, where it asks now or is going to.

import type { Document } from '../../protocol/definition-fields.js';
import { kindOf } from './index.js';
import type { Past } from './kind.js';

/** A definition, or what is said of one. */
interface Said {
  readonly kind: string;
  readonly key: string;
  /** undefined of a retirement. */
  readonly document?: Document | undefined;
}

/** The programme that it belongs to; undefined: none, or it is one. */
export function programmeOf({ kind, key, document }: Said): string | undefined {
  if (kindOf(kind)?.isKeyedByProgramme === true) return key;
  const programme = document?.['programme'];
  return typeof programme === 'string' ? programme : undefined;
}

/** What a definition says now, and what it is going to say. */
export type Counting = (kind: string, key: string) => readonly Document[];

const asks = ({ approvals }: Document): boolean => approvals !== undefined;

/** Does it take a second person to say this? `said`: what of it was ever said, at what time this is said; left out: that is not known. */
export function takesSecond(
  { kind, key, document: next }: Said,
  counting: Counting,
  { before: said, time }: Pick<Past, 'before' | 'time'> = { before: [], time: 0 },
): boolean {
  const before = counting(kind, key);
  if (before.some(asks)) return true;
  const past = { counting: before, countingOf: counting, before: said, time };
  if (kindOf(kind)?.asksSecond?.(next, past) === true) return true;
  return [...before, next].some((document) => {
    const programme = programmeOf({ kind, key, document });
    return programme !== undefined && counting('programme', programme).some(asks);
  });
}
