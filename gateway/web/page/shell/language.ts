// Which language the page speaks. Owns: the choice, kept over visits; `lang` of the document. Never touches: texts.

import { signal } from '@preact/signals';
import {
  amountText,
  type DateForm,
  dateText,
  farText,
  LANGUAGES,
  type Language,
  localeOf,
  numberText,
  preferred,
  type Table,
  textOf,
  type Values,
} from '../words/words.js';
import { browserStore } from './browser-stores.js';

const KEY = 'jifen.language';
const store = browserStore('local');
const isLanguage = (text: string | undefined): text is Language =>
  LANGUAGES.some((one) => one === text);

const chosen = (): Language => {
  const kept = store.get(KEY);
  return isLanguage(kept) ? kept : preferred(navigator.languages);
};

export const language = signal<Language>(chosen());
/** The zone that times are shown in: the programme's, once it is known. */
export const zone = signal('');

/** `isKept`: also at the next visit. */
export function speak(one: Language, isKept = true): void {
  if (isKept) store.set(KEY, one);
  language.value = one;
  document.documentElement.lang = localeOf(one);
  document.documentElement.dir = 'ltr';
}

/** A function that gives texts of a table in the language of now: whoever calls it while rendering is rendered again when that changes. */
export const speaker =
  <Key extends string>(words: Table<Key>) =>
  (key: Key, values?: Values): string =>
    textOf(words, language.value, key, values);

export const number = (value: number): string => numberText(language.value, value);
export const amount = (minor: number, scale: number, isSigned = false): string =>
  amountText(language.value, minor, scale, isSigned);
export const date = (ms: number, form: DateForm = 'day', inZone = zone.value): string =>
  dateText(language.value, ms, inZone, form);
export const far = (ms: number, now = Date.now()): string => farText(language.value, ms, now);
