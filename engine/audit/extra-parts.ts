// Extras of a record, read within its bounds. Owns: those bounds. Never touches: what an extra means.

import type { EffectReader } from '../protocol/effects.js';
import { broken } from './broken.js';

/** An extra, its bounds checked. */
export interface ExtraParts {
  readonly tag: number;
  readonly numbers: readonly number[];
  readonly texts: readonly string[];
}

/** So many bytes as text. */
export function textAt({ u8 }: EffectReader, at: number, length: number): string {
  return Buffer.from(u8.buffer, u8.byteOffset + at, length).toString('latin1');
}

/** The extra at `at` of a record that ends at `end`, and where the next one begins. Throws Broken. */
export function extraAt(effects: EffectReader, at: number, end: number): [ExtraParts, number] {
  const [tag, length, numberCount, textCount] = [0, 4, 8, 12].map(
    (part) => effects.i32[(at + part) >> 2],
  ) as [number, number, number, number];
  const next = at + length;
  if (at + 16 > end || length < 16 || (length & 7) !== 0 || next > end)
    broken('extra beyond its record');
  if (numberCount < 0 || textCount < 0 || at + 16 + numberCount * 8 + textCount > next)
    broken('extra of a wrong size');
  const numbers = Array.from(
    { length: numberCount },
    (_, i) => effects.f64[(at >> 3) + 2 + i] as number,
  );
  const texts: string[] = [];
  let byte = at + 16 + numberCount * 8;
  for (let i = 0; i < textCount; i++) {
    const size = effects.u8[byte] as number;
    if (byte + 1 + size > next) broken('extra of a wrong size');
    texts.push(textAt(effects, byte + 1, size));
    byte += 1 + size;
  }
  if (next - byte >= 8) broken('extra of a wrong size');
  return [{ tag, numbers, texts }, next];
}
