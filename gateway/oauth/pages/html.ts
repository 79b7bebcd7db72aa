// HTML out of values. Owns: escaping, in one place. Never touches: what is said.
//   consent.H1. A value is text. What is put into a template is escaped, by `html` and nothing else; only what `html` has made stands as it is.

/** HTML that `html` has made. */
export class Html {
  readonly #text: string;

  constructor(text: string, made: typeof MADE) {
    if (made !== MADE) throw new Error('HTML is made by html``');
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** Only this file has it. */
const MADE = Symbol('made');

/** What may stand in a template; nothing is shown of what is undefined or false. */
export type Shown = string | number | Html | undefined | false | readonly Shown[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** HTML with values in it: text, also in an attribute, whose value always stands in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Shown[]): Html {
  let text = strings[0] ?? '';
  for (const [i, value] of values.entries()) text += shown(value) + (strings[i + 1] ?? '');
  return new Html(text, MADE);
}

function shown(value: Shown): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (Array.isArray(value)) return value.map(shown).join('');
  // What is no character of HTML (controls, halves of pairs) is shown as what it is: not a character.
  return String(value)
    .toWellFormed()
    .replace(/[^\t\n\r\x20-\x7e\xa0-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"'`]/g, (character) => ESCAPES[character] ?? '');
}
