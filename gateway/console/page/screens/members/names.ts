// What commands, acts and entries are called in the language of now. Never touches: the texts, which there are (act-words.ts), what is shown of them.

import { language } from '../../../../web/page/shell/language.js';
import { type Table, textOf } from '../../../../web/page/words/words.js';
import { ACTS, OPERATIONS } from './act-words.js';

/** A name that is not known is shown as it is. */
const named = <Key extends string>(words: Table<Key>, key: string): string =>
  Object.hasOwn(words.en, key) ? textOf(words, language.value, key as Key) : key;

/** What a type of commands, or of entries, is called. */
export const operationName = (type: string): string => named(OPERATIONS, type);

/** What an act is called. */
export const actName = (act: string): string => named(ACTS, act);

/** Acts for a filter, by what they are called. */
export const actOptions = (
  acts: readonly string[] = Object.keys(ACTS.en),
): { value: string; title: string }[] =>
  acts
    .map((value) => ({ value, title: actName(value) }))
    .sort((a, b) => a.title.localeCompare(b.title, language.value));
