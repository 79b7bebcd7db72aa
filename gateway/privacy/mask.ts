// Masks: what is shown of personal data to whoever may not see it. Owns: how much of a text stays. Never touches: who may see what.
//   privacy.K1. A text that is not longer than what may stay is stars alone; of a longer one the beginning stays, and every other character is a star.
//   privacy.K2. Of a mail address never all of what stands before the `@` stays, and nothing behind it.

/** Characters that stay where nothing else is said. */
export const VISIBLE = 4;
/** Of numbers of phones: those that say the network, as in `138********`. */
const PHONE_VISIBLE = 3;
const PHONE = /^\+?[0-9][0-9 ()-]{4,}$/;
const STAR = '*';

/** A text with its first characters, and a star for each other one: `mask('310000')` is `3100**`. A text of no more than `visible` is stars alone. */
export function mask(text: string, visible = VISIBLE): string {
  const letters = [...text];
  const stays = letters.length > visible ? visible : 0;
  return letters.slice(0, stays).join('') + STAR.repeat(letters.length - stays);
}

/** A piece of personal data, by what it looks like: `138********`, `ann.*************`, `上海市黄******`, `***`. */
export function maskedPersonal(text: string): string {
  if (PHONE.test(text)) return mask(text, PHONE_VISIBLE);
  const at = text.lastIndexOf('@');
  if (at < 0) return mask(text);
  return mask(text, Math.min(VISIBLE, Math.max(0, [...text.slice(0, at)].length - 1)));
}

/** The same of each of some texts. */
export const maskedAll = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, maskedPersonal(text)]));
