// Which language a page is in. Owns: the choice. Never touches: what is said.

import { LANGUAGES, type Language } from '../../encoding/why-words.js';

export { LANGUAGES, type Language };

/** As pages name their language, and the switch to it. */
export const LANGUAGE_TAGS: Readonly<Record<Language, { readonly tag: string; name: string }>> = {
  zh: { tag: 'zh-Hans', name: '中文' },
  en: { tag: 'en', name: 'English' },
};

/** A text in each language. */
export type Words = Readonly<Record<Language, string>>;

/** For who does not mind: as notices are. */
const USUAL: Language = 'zh';

const languageOfTag = (tag: string): Language | undefined => {
  const [first = ''] = tag.trim().toLowerCase().split(/[-_]/);
  return LANGUAGES.find((language) => language === first);
};

/**
 * The language of a page: the first that `ui_locales` names (tags with blanks between them, OpenID Connect Core 3.1.2.1), else the one that `Accept-Language`
 * likes best. English for who likes others; Chinese, as notices are, for who does not say.
 */
export function languageOf(locales: string | undefined, accepted: string): Language {
  for (const tag of (locales ?? '').split(' ')) {
    const named = languageOfTag(tag);
    if (named !== undefined) return named;
  }
  if (accepted === '') return USUAL;
  let best: Language | undefined;
  let most = 0;
  for (const part of accepted.split(',')) {
    const [tag = '', ...parameters] = part.split(';').map((text) => text.trim());
    const language = tag === '*' ? USUAL : languageOfTag(tag);
    const given = parameters.find((text) => text.startsWith('q='))?.slice(2) ?? '1';
    const weight = Number(given);
    if (language !== undefined && weight > most) [best, most] = [language, weight];
  }
  return best ?? 'en';
}
