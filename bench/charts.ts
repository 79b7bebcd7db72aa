// Charts as SVG text. Owns: scales, axes, marks. Never touches: what the numbers mean, files.
//   V1. A chart is whole in itself: no script, no font, no image from elsewhere. Colours are the page's variables.

/** One series of points, joined in their order. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number; readonly label: string }[];
}

/** One bar. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** As it is written at the bar's end. */
  readonly text: string;
  readonly isOurs: boolean;
}

const WIDTH = 760;
const HEIGHT = 380;
const MARGIN = { left: 76, right: 20, top: 16, bottom: 52 };
const COLOURS = 8;
const BAR = { height: 22, gap: 8, names: 230, texts: 120 };

/** Bars side by side, each as long as its value. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const room = WIDTH - BAR.names - BAR.texts;
  const rows = bars.map(({ name, value, text, isOurs }, n) => {
    const y = n * (BAR.height + BAR.gap);
    const width = Math.max(1, (room * value) / most);
    const middle = y + BAR.height / 2;
    return (
      `<text class="tick" x="${BAR.names - 8}" y="${middle}" text-anchor="end" dominant-baseline="central">${escaped(name)}</text>` +
      `<rect class="${isOurs ? 'ours' : 'other'}" x="${BAR.names}" y="${y}" width="${width.toFixed(1)}" height="${BAR.height}" rx="2"><title>${escaped(`${name}: ${text}`)}</title></rect>` +
      `<text class="value" x="${(BAR.names + width + 6).toFixed(1)}" y="${middle}" dominant-baseline="central">${escaped(text)}</text>`
    );
  });
  const height = bars.length * (BAR.height + BAR.gap);
  return svg(title, height, rows.join(''));
}

/** Lines over two logarithmic axes. */
export function lineChart(
  title: string,
  axes: { readonly x: string; readonly y: string },
  series: readonly Series[],
): string {
  const all = series.flatMap(({ points }) => points);
  const x = scale(
    all.map((point) => point.x),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const y = scale(
    all.map((point) => point.y),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  const legendRows = Math.ceil(series.length / 2);
  const parts = [
    ...x.ticks.map((tick) => verticalLine(x.at(tick), short(tick))),
    ...y.ticks.map((tick) => horizontalLine(y.at(tick), short(tick))),
    `<text class="axis" x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escaped(axes.x)}</text>`,
    `<text class="axis" transform="translate(16 ${(MARGIN.top + HEIGHT - MARGIN.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(axes.y)}</text>`,
    ...series.map((one, n) => seriesMarks(one, n, x, y)),
    ...series.map(({ name }, n) => legend(name, n)),
  ];
  return svg(title, HEIGHT + legendRows * 22 + 4, parts.join(''));
}

function seriesMarks({ name, points }: Series, n: number, x: Scale, y: Scale): string {
  const places = points.map((point) => `${x.at(point.x).toFixed(1)},${y.at(point.y).toFixed(1)}`);
  const colour = `c${n % COLOURS}`;
  const dots = points.map(({ label }, i) => {
    const [cx, cy] = (places[i] as string).split(',');
    return `<circle class="${colour}" cx="${cx}" cy="${cy}" r="4"><title>${escaped(`${name}, ${label}`)}</title></circle>`;
  });
  return `<polyline class="line ${colour}" points="${places.join(' ')}"/>${dots.join('')}`;
}

function legend(name: string, n: number): string {
  const left = MARGIN.left + (n % 2) * ((WIDTH - MARGIN.left) / 2);
  const top = HEIGHT + 12 + Math.floor(n / 2) * 22;
  return (
    `<circle class="c${n % COLOURS}" cx="${left}" cy="${top}" r="5"/>` +
    `<text class="tick" x="${left + 12}" y="${top}" dominant-baseline="central">${escaped(name)}</text>`
  );
}

function verticalLine(x: number, text: string): string {
  const bottom = HEIGHT - MARGIN.bottom;
  return (
    `<line class="grid" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${MARGIN.top}" y2="${bottom}"/>` +
    `<text class="tick" x="${x.toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${text}</text>`
  );
}

function horizontalLine(y: number, text: string): string {
  return (
    `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}"/>` +
    `<text class="tick" x="${MARGIN.left - 8}" y="${y.toFixed(1)}" text-anchor="end" dominant-baseline="central">${text}</text>`
  );
}

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

// Logarithmic, from a 1-2-5 step below the least value to one above the largest.
function scale(values: readonly number[], from: number, to: number): Scale {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const steps: number[] = [];
  const last = Math.ceil(Math.log10(most)) + 1;
  for (let power = Math.floor(Math.log10(least)) - 1; power <= last; power++) {
    for (const digit of [1, 2, 5]) steps.push(Number((digit * 10 ** power).toPrecision(1)));
  }
  const low = steps.findLast((step) => step <= least) ?? least;
  const high = steps.find((step) => step > low && step >= most) ?? most;
  const inside = steps.filter((step) => step >= low && step <= high);
  // Where there are many, only the powers of ten.
  const ticks = inside.length > 9 ? inside.filter((step) => isPowerOfTen(step)) : inside;
  const at = (value: number): number =>
    from + ((to - from) * Math.log(value / low)) / Math.log(high / low);
  return { at, ticks };
}

function isPowerOfTen(value: number): boolean {
  return Number(Math.log10(value).toFixed(6)) % 1 === 0;
}

/** A number with few digits: `20k`, `1.5m`. */
export function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}m`;
  if (value >= 1000) return `${Number((value / 1000).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}

/** Text as HTML and SVG take it. */
export function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
  return text.replace(/[&<>"]/g, (sign) => `&${names[sign]};`);
}

function svg(title: string, height: number, inside: string): string {
  const label = escaped(title);
  return `<figure><figcaption>${label}</figcaption><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">${inside}</svg></figure>`;
}
