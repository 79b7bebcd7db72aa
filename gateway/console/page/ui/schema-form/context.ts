// What all fields of a form share. Owns: its shape, what is told where. Never touches: how fields look.

import { speaker } from '../../../../web/page/shell/language.js';
import type { SchemaProblem } from './check.js';
import { type Path, pathText } from './path.js';
import { FORM } from './words.js';

export const t = speaker(FORM);

/** What is said about a place of a document by whoever shows the form. */
export interface FieldWords {
  /** By place without positions: `prizes[].weight`; of a list of so many values as it always has by its own: `steps[][0]`. */
  readonly [place: string]: string | undefined;
}

/** Values that are proposed for a field; others may be typed as well. */
export type Choices = (place: string) => readonly string[] | undefined;

export interface FormContext {
  /** Before the ids of all its fields. */
  readonly id: string;
  readonly words: FieldWords;
  readonly hints: FieldWords;
  readonly choices: Choices | undefined;
  /** Of times. */
  readonly zone: string;
  /** How an amount in minor units is shown; undefined: as it is. */
  readonly shown: ((place: string, minor: number) => string | undefined) | undefined;
  readonly isReadOnly: boolean;
  /** By place (`prizes[0].weight`): what is wrong there. */
  readonly told: ReadonlyMap<string, string>;
  readonly set: (path: Path, value: unknown) => void;
}

/** `prizes[0].weight` as `prizes[].weight`: the name of a field whichever entry it is of. */
export const placeOf = (path: Path): string => pathText(path).replace(/\[\d+\]/g, '[]');

/** What a field is called: as is said, or by its own name. */
export function labelOf({ words }: Pick<FormContext, 'words'>, path: Path): string {
  const last = path.at(-1);
  if (typeof last !== 'number') return words[placeOf(path)] ?? last ?? '';
  return words[`${placeOf(path.slice(0, -1))}[${last}]`] ?? String(last + 1);
}

/** A problem in the language of now. */
export function problemText({ fault, bound = '' }: SchemaProblem): string {
  return fault === 'name' ? t('badName') : t(fault, { bound });
}
