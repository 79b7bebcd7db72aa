// What an act has decided, flattened into lines that can be read. Owns: their order. Never touches: how they are shown.

/** A value, and where it stands: `rules.0.points`. */
export interface Line {
  readonly name: string;
  readonly value: string;
}

const LINES_MAX = 200;

/** All values of what was logged with a decision, in its own order; what is empty is left out. */
export function linesOf(value: unknown, name = '', lines: Line[] = []): readonly Line[] {
  if (lines.length >= LINES_MAX || value === undefined) return lines;
  if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value))
      linesOf(one, name === '' ? key : `${name}.${key}`, lines);
    return lines;
  }
  lines.push({ name, value: value === null ? '—' : String(value) });
  return lines;
}

/** Effects as one line each: its type, and what it says. */
export const effectsOf = (effects: readonly Readonly<Record<string, unknown>>[]): readonly Line[] =>
  effects.map(({ type, ...rest }) => ({
    name: String(type),
    value: linesOf(rest)
      .map(({ name, value }) => `${name} ${value}`)
      .join(', '),
  }));
