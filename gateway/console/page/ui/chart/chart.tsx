// A chart. Owns: how lines and bars are drawn, what is said of the place that is pointed at, the table of the same figures. Never touches: what is drawn (data.ts makes lines
// out of rows).
//   console.C1. Every figure of a chart can be read without seeing it, and reached without a mouse.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { language, speaker } from '../../../../web/page/shell/language.js';
import { Button } from '../../../../web/page/ui/parts.js';
import { localeOf, table } from '../../../../web/page/words/words.js';
import { isDark } from '../../shell/theme.js';
import { type Axis, type Line, stacked } from './data.js';

const t = speaker(
  table({
    en: {
      asTable: 'Show as table',
      asChart: 'Show as chart',
      place: 'Place',
      nothing: 'There is nothing to draw.',
      move: 'Arrow keys move along the chart.',
      hide: 'Hide {line}',
      show: 'Show {line}',
    },
    zh: {
      asTable: '以表格显示',
      asChart: '以图表显示',
      place: '位置',
      nothing: '没有可绘制的数据。',
      move: '用方向键沿图表移动。',
      hide: '隐藏 {line}',
      show: '显示 {line}',
    },
  }),
);

/** Colours of lines there are: `--chart-1` and on, in chart.css. */
export const CHART_COLOURS = 8;
const HEIGHT = 260;
const NARROWEST = 240;
const BAR_SHARE = 0.7;
const BAR_PIXELS_MAX = 48;
const DAY_MS = 86_400_000;
/** How far places of an axis of days, or months, may be from one another: never less than one. */
const STEPS = {
  day: [1, 2, 7, 14, 30, 61, 91, 182, 365, 730, 1_826],
  month: [30, 61, 91, 182, 365, 730, 1_826],
} as const;

export interface ChartProps {
  /** What is drawn: its name to all who see it, and to all who do not. */
  readonly title: string;
  readonly axis: Axis;
  readonly lines: readonly Line[];
  readonly kind?: 'line' | 'area' | 'bars';
  /** Lines on top of one another: parts of a whole. */
  readonly isStacked?: boolean;
  /** A value for people: points with their unit, a share. */
  readonly format: (value: number) => string;
  /** What the axis is of, as the head of the table's first column. */
  readonly of?: string | undefined;
}

const colourOf = (element: Element, name: string): string =>
  getComputedStyle(element).getPropertyValue(name).trim();
const lineColour = (n: number): string => `--chart-${(n % CHART_COLOURS) + 1}`;

/** The label of a place, as people read it. */
function labelOf({ kind, places, labels }: Axis, n: number, locale: string): string {
  if (kind === 'label') return labels[n] ?? '';
  const at = places[n];
  if (at === undefined) return '';
  const form: Intl.DateTimeFormatOptions =
    kind === 'day' ? { dateStyle: 'medium' } : { year: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat(locale, { ...form, timeZone: 'UTC' }).format(at);
}

const said = (value: number | null | undefined, format: (value: number) => string): string =>
  value == null ? '–' : format(value);

/** Lines or bars over an axis, with a legend that hides them, and the same figures as a table. */
export function Chart(props: ChartProps): JSX.Element {
  const { title, axis, lines, format, of } = props;
  const id = useId();
  const isTable = useSignal(false);
  const hidden = useSignal<ReadonlySet<string>>(new Set());
  const at = useSignal<number | undefined>(undefined);
  const locale = localeOf(language.value);
  const isEmpty = axis.places.length === 0 || lines.length === 0;
  const shown = lines.filter(({ label }) => !hidden.value.has(label));
  const last = axis.places.length - 1;
  const place = at.value === undefined ? undefined : Math.min(at.value, last);
  const spoken = (n: number): string =>
    [
      labelOf(axis, n, locale),
      ...shown.map(({ label, values }) => `${label} ${said(values[n], format)}`),
    ].join(', ');
  const move = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    at.value = Math.max(0, Math.min(last, (at.peek() ?? (to > 0 ? -1 : last + 1)) + to));
  };
  return (
    <figure class="chart" aria-labelledby={id}>
      <div class="chart-head">
        <figcaption id={id}>{title}</figcaption>
        {!isEmpty && (
          <Button
            kind="quiet"
            label={`${t(isTable.value ? 'asChart' : 'asTable')}: ${title}`}
            onClick={() => {
              isTable.value = !isTable.peek();
            }}
          >
            {t(isTable.value ? 'asChart' : 'asTable')}
          </Button>
        )}
      </div>
      {isEmpty ? (
        <p class="hint">{t('nothing')}</p>
      ) : isTable.value ? (
        <Figures axis={axis} lines={lines} format={format} of={of} title={title} />
      ) : (
        <>
          <div
            class="chart-plot"
            role="slider"
            tabIndex={0}
            aria-label={`${title}. ${t('move')}`}
            aria-valuemin={0}
            aria-valuemax={last}
            aria-valuenow={place ?? last}
            aria-valuetext={spoken(place ?? last)}
            aria-orientation="horizontal"
            onKeyDown={move}
          >
            <Plot
              {...props}
              lines={lines}
              hidden={hidden.value}
              at={place}
              onAt={(n) => {
                at.value = n;
              }}
            />
          </div>
          <p class="chart-said" aria-hidden="true">
            {place === undefined ? ' ' : labelOf(axis, place, locale)}
          </p>
          <ul class="chart-legend">
            {lines.map(({ label, values }, n) => (
              <li key={label}>
                <button
                  type="button"
                  aria-pressed={!hidden.value.has(label)}
                  aria-label={t(hidden.value.has(label) ? 'show' : 'hide', { line: label })}
                  onClick={() => {
                    const next = new Set(hidden.peek());
                    if (!next.delete(label)) next.add(label);
                    hidden.value = next;
                  }}
                >
                  <span class={`chart-mark mark-${(n % CHART_COLOURS) + 1}`} aria-hidden="true" />
                  <span>{label}</span>
                  {place !== undefined && <strong>{said(values[place], format)}</strong>}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </figure>
  );
}

/** The same figures as a table: exact, to be read and copied. */
function Figures({
  axis,
  lines,
  format,
  of,
  title,
}: Pick<ChartProps, 'axis' | 'lines' | 'format' | 'of' | 'title'>): JSX.Element {
  return (
    // What scrolls can be focused, so that keys scroll it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as said.
    <section class="chart-table" tabIndex={0} aria-label={title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{of ?? t('place')}</th>
            {lines.map(({ label }) => (
              <th key={label} scope="col" class="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {axis.labels.map((label, n) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {lines.map((line) => (
                <td key={line.label} class="number">
                  {said(line.values[n], format)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function optionsOf(
  host: HTMLElement,
  { axis, lines, kind = 'line', isStacked = false, format }: ChartProps,
  locale: string,
  onAt: (n: number | undefined) => void,
): uPlot.Options {
  const { kind: of, labels } = axis;
  // What stands at the end, or alone, has room on both sides.
  const isWide = kind === 'bars' || labels.length === 1;
  const bars = uPlot.paths.bars?.({ size: [BAR_SHARE, BAR_PIXELS_MAX] });
  const side: uPlot.Axis = {
    stroke: () => colourOf(host, '--muted'),
    grid: { stroke: () => colourOf(host, '--line'), width: 1 },
    ticks: { stroke: () => colourOf(host, '--line'), width: 1 },
    font: `12px ${colourOf(host, '--font') || 'sans-serif'}`,
  };
  const months = new Intl.DateTimeFormat(locale, {
    ...(of === 'day' ? { month: 'short', day: 'numeric' } : { year: '2-digit', month: 'short' }),
    timeZone: 'UTC',
  });
  const placeText = (at: number): string =>
    of === 'label' ? (Number.isInteger(at) ? (labels[at] ?? '') : '') : months.format(at);
  return {
    width: Math.max(NARROWEST, host.clientWidth),
    height: HEIGHT,
    ms: 1,
    tzDate: (at) => uPlot.tzDate(new Date(at), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      // Said, not found out: a plot that is drawn again before it was drawn first would show its first place alone.
      x: { time: of !== 'label', range: rangeOf(axis, isWide) },
      y: { range: (_, low, high) => roomFor(low, high, kind) },
    },
    axes: [
      {
        ...side,
        ...(of !== 'label' && { incrs: STEPS[of].map((days) => days * DAY_MS) }),
        values: (_, splits) => splits.map(placeText),
      },
      { ...side, size: sizeOf, values: (_, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...lines.map(
        ({ label }, n): uPlot.Series => ({
          label,
          stroke: () => colourOf(host, lineColour(n)),
          width: kind === 'bars' ? 0 : 2,
          ...((kind !== 'line' || isStacked) && { fill: () => fillOf(host, n, kind) }),
          ...(kind === 'bars' && bars !== undefined && { paths: bars }),
          points: { show: kind !== 'bars' && labels.length < 3 },
        }),
      ),
    ],
    hooks: { setCursor: [({ cursor }) => onAt(cursor.idx ?? undefined)] },
  };
}

/** From the first place to the last; `isWide`: what is drawn whole at the ends has half a place more on each side. */
function rangeOf({ kind, places }: Axis, isWide: boolean): [number, number] {
  const [first = 0, second] = places;
  const last = places.at(-1) ?? first;
  const alone = kind === 'label' ? 1 : DAY_MS;
  const step = second === undefined ? alone : (last - first) / (places.length - 1);
  const more = isWide ? step * 0.6 : 0;
  return [first - more, last + more];
}

/** Bars and areas stand on zero; where all are equal there is room around them. */
function roomFor(low: number | null, high: number | null, kind: string): [number, number] {
  const least = Math.min(low ?? 0, kind === 'line' ? (low ?? 0) : 0);
  const most = Math.max(high ?? 0, kind === 'line' ? (high ?? 0) : 0);
  if (least === most) return [Math.min(0, least), Math.max(1, most * 2)];
  const room = (most - least) * 0.08;
  return [least < 0 || kind === 'line' ? least - room : 0, most > 0 ? most + room : 0];
}

/** As much room as the widest number takes. */
function sizeOf(plot: uPlot, values: string[] | null): number {
  const widest = (values ?? []).reduce((a, b) => (b.length > a.length ? b : a), '');
  plot.ctx.save();
  plot.ctx.font = '12px sans-serif';
  const { width } = plot.ctx.measureText(widest);
  plot.ctx.restore();
  return Math.ceil(width) + 24;
}

const AREA = '33';
function fillOf(host: HTMLElement, n: number, kind: string): string {
  const colour = colourOf(host, lineColour(n));
  return kind === 'area' ? colour + AREA : colour;
}

/** The drawing itself: made anew where what it is of is, drawn again in other colours or in another width. */
function Plot(
  props: ChartProps & {
    hidden: ReadonlySet<string>;
    at: number | undefined;
    onAt: (n: number | undefined) => void;
  },
): JSX.Element {
  const { axis, lines, kind, isStacked = false, format, hidden, at } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const onAt = useRef(props.onAt);
  onAt.current = props.onAt;
  const locale = localeOf(language.value);
  const drawn = useMemo(() => {
    const seen = lines.map((line) =>
      hidden.has(line.label) ? { ...line, values: line.values.map(() => null) } : line,
    );
    return isStacked ? stacked(seen) : seen;
  }, [lines, hidden, isStacked]);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    // What is on top of others is drawn before them, so that they are seen.
    const order = isStacked ? lines.map((_, n) => lines.length - 1 - n) : lines.map((_, n) => n);
    const options = optionsOf(element, props, locale, (n) => onAt.current(n));
    const [x, ...rest] = options.series;
    const series = [x ?? {}, ...order.flatMap((n) => rest[n] ?? [])];
    const data = order.map((n) => [...(drawn[n]?.values ?? [])]);
    const made = new uPlot({ ...options, series }, [[...axis.places], ...data], element);
    plot.current = made;
    const fit = new ResizeObserver(() => {
      const width = Math.max(NARROWEST, element.clientWidth);
      if (width !== made.width) made.setSize({ width, height: HEIGHT });
    });
    fit.observe(element);
    return () => {
      fit.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [axis, lines, drawn, kind, isStacked, format, locale]);
  useEffect(() => {
    plot.current?.redraw();
  }, [isDark.value]);
  useEffect(() => {
    const made = plot.current;
    const place = at === undefined ? undefined : axis.places[at];
    if (made === undefined || place === undefined || made.cursor.idx === at) return;
    made.setCursor({ left: made.valToPos(place, 'x'), top: 0 });
  }, [at, axis]);
  return <div ref={host} />;
}
