// Sizes of files and logs. Owns: how they are written.

/** Sizes as people read them. */
export function sizeText(bytes: number, number: (value: number) => string): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${number(Math.round(size * 10) / 10)} ${units[unit]}`;
}
