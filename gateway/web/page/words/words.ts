// Words in the member's language. Owns: which languages there are, how a text gets its values, plurals, numbers, dates. Never touches: the texts (each screen has
// its own, loaded with it), which language is chosen (shell/language.ts).

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text with `{names}` in it; where it depends on the number `{n}`, one for each category that its language has. */
export type Text = string | { readonly one?: string; readonly other: string };

/** Texts by key. Both languages have the same keys: one that is missing is an error of types. */
export type Table<Key extends string> = Readonly<Record<Language, Readonly<Record<Key, Text>>>>;

/** The names in braces of a text. */
type NamesIn<T> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type NamesOf<T> = T extends { readonly other: infer Other } ? NamesIn<Other> : NamesIn<T>;
/** A text that has other values in it than the same one in English is an error of types. */
type Alike<En, Zh> = {
  readonly [Key in keyof En]: Key extends keyof Zh
    ? [NamesOf<En[Key]>, NamesOf<Zh[Key]>] extends [NamesOf<Zh[Key]>, NamesOf<En[Key]>]
      ? Zh[Key]
      : { readonly lacks: NamesOf<En[Key]> }
    : Text;
};

/** Makes a table, so that the compiler compares the languages: keys, and the values within each text. */
export const table = <
  const En extends Readonly<Record<string, Text>>,
  const Zh extends Readonly<Record<keyof En, Text>>,
>(texts: {
  readonly en: En;
  readonly zh: Zh & Alike<En, Zh>;
}): Table<keyof En & string> => texts as unknown as Table<keyof En & string>;

export type Values = Readonly<Record<string, string | number>>;

const LOCALES: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en-GB' };
export const localeOf = (language: Language): string => LOCALES[language];

/** The text of a key. Numbers are written as the language writes them. */
export function textOf<Key extends string>(
  words: Table<Key>,
  language: Language,
  key: Key,
  values: Values = {},
): string {
  const text: Text = words[language][key];
  const { n } = values;
  const form = typeof text === 'string' ? text : formOf(text, language, n);
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numberText(language, value) : value;
  });
}

function formOf(text: Exclude<Text, string>, language: Language, n: unknown): string {
  const category = typeof n === 'number' ? pluralOf(language).select(n) : 'other';
  return (category === 'one' ? text.one : undefined) ?? text.other;
}

/** What is costly to make is made once. */
function once<Made>(make: (key: string) => Made): (key: string) => Made {
  const made = new Map<string, Made>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const one = make(key);
    made.set(key, one);
    return one;
  };
}

const plurals = once((locale) => new Intl.PluralRules(locale));
const pluralOf = (language: Language) => plurals(localeOf(language));
const numbers = once((key) => {
  const [locale = '', scale = '0'] = key.split('|');
  const digits = Number(scale);
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
});
const plainNumbers = once((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 6 }));

export const numberText = (language: Language, value: number): string =>
  plainNumbers(localeOf(language)).format(value);

/** An amount in minor units as people read it: 1234 of scale 2 is 12.34. `isSigned`: with a plus, too. */
export function amountText(
  language: Language,
  minor: number,
  scale: number,
  isSigned = false,
): string {
  const sign = minor < 0 ? '−' : isSigned && minor > 0 ? '+' : '';
  const format = numbers(`${localeOf(language)}|${scale}`);
  // As text: a number above 2^53 / 10^scale would lose its last digits.
  const digits = String(Math.abs(minor)).padStart(scale + 1, '0');
  const at = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`;
  return sign + format.format(text as Intl.StringNumericLiteral);
}

const monies = once((key) => {
  const [locale = '', currency = ''] = key.split('|');
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency });
  } catch {
    return undefined;
  }
});

/** An exact amount of a currency, given as a text. What is no currency that browsers know is written behind the number. */
export function moneyText(language: Language, exact: string, currency: string): string {
  const format = monies(`${localeOf(language)}|${currency}`);
  return format === undefined
    ? `${numberText(language, Number(exact))} ${currency}`
    : format.format(exact as Intl.StringNumericLiteral);
}

/** What somebody typed as minor units; undefined: it is no amount of that scale above 0. */
export function minorOf(text: string, scale: number): number | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s,'_]/g, '')
    .trim();
  const match = /^(\d{1,16})(?:\.(\d*))?$/.exec(plain);
  if (match === null) return undefined;
  const [, whole = '', part = ''] = match;
  if (part.length > scale && /[1-9]/.test(part.slice(scale))) return undefined;
  const minor = Number(whole + part.slice(0, scale).padEnd(scale, '0'));
  return Number.isSafeInteger(minor) && minor > 0 ? minor : undefined;
}

export type DateForm = 'day' | 'time' | 'month';
const FORMS: Readonly<Record<DateForm, Intl.DateTimeFormatOptions>> = {
  day: { dateStyle: 'medium' },
  time: { dateStyle: 'medium', timeStyle: 'short' },
  month: { year: 'numeric', month: 'long' },
};
const dates = once((key) => {
  const [locale = '', zone = '', form = 'day'] = key.split('|');
  const options = FORMS[form as DateForm];
  try {
    return new Intl.DateTimeFormat(locale, zone === '' ? options : { ...options, timeZone: zone });
  } catch {
    // A zone that this browser does not know yet.
    return new Intl.DateTimeFormat(locale, options);
  }
});

/** A time as people read it, in a zone (`Europe/Berlin`); '': the browser's. */
export const dateText = (language: Language, ms: number, zone: string, form: DateForm): string =>
  dates(`${localeOf(language)}|${zone}|${form}`).format(ms);

const relatives = once((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** How far off a time is, roughly: in 3 days, 5 minutes ago. */
export function farText(language: Language, ms: number, now: number): string {
  const far = ms - now;
  const format = relatives(localeOf(language));
  for (const [unit, length] of STEPS)
    if (Math.abs(far) >= length) return format.format(Math.trunc(far / length), unit);
  return format.format(0, 'minute');
}

/** The language out of what a browser asks for. */
export function preferred(asked: readonly string[]): Language {
  for (const one of asked) {
    const found = LANGUAGES.find((language) => one.toLowerCase().startsWith(language));
    if (found !== undefined) return found;
  }
  return 'en';
}
