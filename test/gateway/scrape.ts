// What /metrics says, as figures. Owns: reading Prometheus' text format. Never touches: the server.

/** Lines by metric with its labels, as they stand in the text: `name{label="value"}`. */
export type Scrape = ReadonlyMap<string, number>;

export function readScrape(text: string): Scrape {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const at = line.lastIndexOf(' ');
    if (found.has(line.slice(0, at))) throw new Error(`twice in one scrape: ${line}`);
    found.set(line.slice(0, at), Number(line.slice(at + 1)));
  }
  return found;
}

/** The sum of all lines of a metric that have these labels. */
export function sumOf(scrape: Scrape, name: string, labels: Record<string, string> = {}): number {
  let sum = 0;
  for (const [line, value] of scrape) {
    if (line !== name && !line.startsWith(`${name}{`)) continue;
    const isMeant = Object.entries(labels).every(([label, text]) =>
      new RegExp(`[{,]${label}="${text}"[,}]`).test(line),
    );
    if (isMeant) sum += value;
  }
  return sum;
}

/** Names of metrics, as they are declared. */
export const namesIn = (text: string): string[] =>
  [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name as string);
