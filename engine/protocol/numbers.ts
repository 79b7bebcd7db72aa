// Numbers one after the other as opaque bytes, and back: 8 bytes each, little-endian. Owns: that form. Never touches: what they mean.

export function packNumbers(numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(numbers.length * 8);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < numbers.length; i++) view.setFloat64(i * 8, numbers[i] as number, true);
  return bytes;
}

/** The numbers in bytes[start, start + length); throws RangeError where a number is cut off. */
export function unpackNumbers(bytes: Uint8Array, start = 0, length = bytes.length): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, length);
  const numbers: number[] = [];
  for (let at = 0; at < length; at += 8) numbers.push(view.getFloat64(at, true));
  return numbers;
}
