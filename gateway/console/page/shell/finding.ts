// How the palette finds screens and commands. Owns: what of a list a text means, in which order. Never touches: what is found in the ledger.

/** Something that is found by words. */
export interface Entry {
  readonly title: string;
  /** Other words for it, in any language. */
  readonly words: string;
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** The letters of a word in their order, with others between. */
function isWithin(word: string, text: string): boolean {
  let at = 0;
  for (const letter of word) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** How far off a word is: 0 is best; undefined: it is not meant. */
function farOff(word: string, title: string, words: string): number | undefined {
  if (title.startsWith(word)) return 0;
  if (title.includes(` ${word}`)) return 1;
  if (title.includes(word)) return 2;
  if (` ${words}`.includes(` ${word}`)) return 3;
  if (words.includes(word)) return 4;
  return word.length > 1 && isWithin(word, title) ? 6 : undefined;
}

/** What a text means, the best first; all of it where the text is empty. */
export function ranked<One extends Entry>(text: string, entries: readonly One[]): One[] {
  const wanted = fold(text).split(/\s+/).filter(Boolean);
  const scored = entries.flatMap((entry) => {
    const title = fold(entry.title);
    const words = fold(entry.words);
    const each = wanted.map((word) => farOff(word, title, words));
    if (each.includes(undefined)) return [];
    return [{ entry, score: each.reduce<number>((sum, one) => sum + (one ?? 0), 0) }];
  });
  return scored.sort((a, b) => a.score - b.score).map(({ entry }) => entry);
}
