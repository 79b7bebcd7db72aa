// How a host may dress the page that it embeds. Owns: which CSS variables it may set, and to what. Never touches: the document.
//   embed.T1. A value is a colour, a length or names of fonts, written out: no function of CSS but rgb() and hsl() of numbers, no url(), no var(), no calc(), nothing
//        that ends the declaration.
//   embed.T2. A theme is taken as a whole or not at all.

/** What is wrong with what a host said: which field, and what it must be. */
export interface Problem {
  readonly field: string;
  readonly detail: string;
}

const NUMBER = '-?\\d{1,3}(?:\\.\\d{1,3})?';
const PART = `${NUMBER}(?:%|deg)?`;
const COLOUR = new RegExp(
  `^(?:#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|(?:rgb|hsl)a?\\(\\s*${PART}(?:(?:\\s*,\\s*|\\s+)${PART}){2}(?:\\s*[,/]\\s*${PART})?\\s*\\))$`,
  'i',
);
const LENGTH = /^(?:\d|[1-5]\d|6[0-4])(?:\.\d{1,2})?px$|^[0-4](?:\.\d{1,2})?rem$/;
const FAMILY = '(?:"[\\p{L}\\p{N}][\\p{L}\\p{N} _-]{0,39}"|[A-Za-z][A-Za-z0-9-]{0,39})';
const FAMILIES = new RegExp(`^${FAMILY}(?:\\s*,\\s*${FAMILY}){0,7}$`, 'u');

interface Kind {
  readonly pattern: RegExp;
  readonly says: string;
}
const colour: Kind = { pattern: COLOUR, says: 'a colour: #rrggbb, or rgb() or hsl() of numbers' };
const length: Kind = { pattern: LENGTH, says: 'a length of 0 to 64px, or of 0 to 4rem' };
const families: Kind = { pattern: FAMILIES, says: 'up to 8 names of fonts, with commas between' };

/** Every variable that a host may set. */
export const VARIABLES: Readonly<Record<string, Kind>> = {
  '--accent': colour,
  '--on-accent': colour,
  '--background': colour,
  '--surface': colour,
  '--text': colour,
  '--muted': colour,
  '--line': colour,
  '--danger': colour,
  '--good': colour,
  '--warn': colour,
  '--radius': length,
  '--gap': length,
  '--font': families,
};

export type Theme = ReadonlyMap<string, string>;

/** A theme out of what a host said. */
export function readTheme(said: unknown): Theme | Problem {
  if (typeof said !== 'object' || said === null || Array.isArray(said))
    return { field: 'variables', detail: 'must be an object: {"--accent": "#0b6e4f"}' };
  const theme = new Map<string, string>();
  for (const [name, value] of Object.entries(said)) {
    const kind = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
    if (kind === undefined)
      return { field: name, detail: `must be one of ${Object.keys(VARIABLES).join(', ')}` };
    if (typeof value !== 'string' || !kind.pattern.test(value))
      return { field: name, detail: `must be ${kind.says}` };
    theme.set(name, value);
  }
  return theme;
}
