// A text cut into what can be searched for. Owns: which terms a text has, and which are asked for. Never touches: what is found.
//   shown.S1. Scripts without spaces (Chinese, Japanese, Korean) are cut into single characters and pairs, so that every part of a name is found
//       whatever its words are: no dictionary decides, and another release of Node.js (`Intl.Segmenter`) changes nothing.
//   shown.S2. Width, case and accents are all one; letters and digits that touch are terms of their own: `iPhone15` is found by `iphone` and by `15`.

/** What is written without spaces between words. */
const DENSE =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}';
const RUNS = new RegExp(`[${DENSE}]+|\\p{N}+|(?:(?![${DENSE}])[\\p{L}\\p{M}])+`, 'gu');
const DENSE_FIRST = new RegExp(`^[${DENSE}]`, 'u');
const DIGIT_FIRST = /^\p{N}/u;
const ACCENTS = /\p{M}+/gu;

/** What a text is found by. */
export interface Term {
  readonly term: string;
  /** Letters: a longer word that begins so may be meant, or one that is spelt a little differently. */
  readonly isWord: boolean;
}

const runsOf = (text: string): string[] =>
  text.normalize('NFKC').toLowerCase().match(RUNS)?.map(plain) ?? [];

/** Without accents, where they are not what tells characters apart. */
const plain = (run: string): string =>
  DENSE_FIRST.test(run) ? run : run.normalize('NFD').replace(ACCENTS, '').normalize('NFC');

function pairsOf(run: string): string[] {
  const all = [...run];
  return all.slice(1).map((next, i) => (all[i] as string) + next);
}

/** The terms of a text, each once. `isAsked`: of a question, whose characters are not asked for where their pairs are. */
export function termsOf(text: string, isAsked = false): readonly Term[] {
  const terms = new Map<string, Term>();
  for (const run of runsOf(text)) {
    const isDense = DENSE_FIRST.test(run);
    const isWord = !isDense && !DIGIT_FIRST.test(run);
    const pairs = isDense ? pairsOf(run) : [];
    const singles = !isDense || (isAsked && pairs.length > 0) ? [] : [...run];
    for (const term of isDense ? [...singles, ...pairs] : [run])
      if (term !== '') terms.set(term, { term, isWord });
  }
  return [...terms.values()];
}
