// The report as one page of HTML that opens without a network. Owns: which figures make which chart, the page.
// Never touches: how anything is measured.

import { type Bar, barChart, escaped, lineChart, type Series, short } from './charts.js';
import type { Figure } from './harness.js';
import { type LeftOut, type Machine, machineLines } from './report.js';

const STYLE = `
:root{--bg:#fff;--fg:#1c1e21;--soft:#667;--grid:#dde1e6;--ours:#c2410c;--other:#94a3b8;
--c0:#c2410c;--c1:#2563eb;--c2:#059669;--c3:#9333ea;--c4:#ca8a04;--c5:#db2777;--c6:#0891b2;--c7:#64748b}
@media (prefers-color-scheme:dark){:root{--bg:#15171a;--fg:#e6e8ea;--soft:#9aa3ad;--grid:#30353b;--ours:#fb923c;--other:#64748b;
--c0:#fb923c;--c1:#60a5fa;--c2:#34d399;--c3:#c084fc;--c4:#facc15;--c5:#f472b6;--c6:#22d3ee;--c7:#94a3b8}}
body{background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem}p,li,.soft{color:var(--soft)}
figure{margin:1.5rem 0}figcaption{font-weight:600;margin-bottom:.5rem}svg{width:100%;height:auto;max-width:760px}
text{fill:var(--fg);font:12px system-ui,sans-serif}.axis,.tick{fill:var(--soft)}.grid{stroke:var(--grid)}
.ours{fill:var(--ours)}.other{fill:var(--other)}.line{fill:none;stroke-width:2}
${Array.from({ length: 8 }, (_, n) => `.c${n}{fill:var(--c${n})}.line.c${n}{fill:none;stroke:var(--c${n})}`).join('')}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:13px;white-space:nowrap}
td,th{padding:.25rem .6rem;text-align:right;border-bottom:1px solid var(--grid);font-variant-numeric:tabular-nums}
td:first-child,th:first-child{text-align:left}
`;

/** The whole page. */
export function toHtml(
  machine: Machine,
  figures: readonly Figure[],
  leftOut: readonly LeftOut[],
): string {
  const lines = machineLines(machine).map((line) => `<li>${escaped(line)}</li>`);
  const missing = leftOut.map(
    ({ name, why }) => `<li>${escaped(`left out: ${name}: ${why}`)}</li>`,
  );
  const sections = [
    section('Side by side', sideBySide(figures)),
    section('Throughput against latency', throughputAgainstLatency(figures)),
    section('Scaling against data size', againstSize(figures)),
    section('All figures', [tableOf(figures), ...durabilities(figures)]),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>jifen: benchmarks</title><style>${STYLE}</style></head><body>
<h1>jifen: benchmarks</h1><ul>${[...lines, ...missing].join('')}</ul>
<p>Values are medians over the runs. The load generator shares the machine with what it measures.</p>
${sections.join('\n')}
</body></html>
`;
}

function section(title: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `<h2>${title}</h2>${parts.join('\n')}`;
}

/** Rates that mean the same, as bars. */
function sideBySide(figures: readonly Figure[]): string[] {
  const charts: string[] = [];
  const chart = (title: string, chosen: readonly Figure[]): void => {
    if (chosen.length > 1) charts.push(barChart(title, chosen.map(barOf)));
  };
  const named = (pattern: RegExp): Figure[] => figures.filter(({ name }) => pattern.test(name));
  chart(
    'One transfer per request, durable transfers/s',
    named(/^peers\/[^/]+\/([a-z-]+-)?single$/),
  );
  chart('Batches, durable transfers/s', named(/^peers\/[^/]+\/([a-z-]+-)?batch$/));
  chart('p99 at half of the full load, ms (less is better)', named(/^peers\/[^/]+\/.*half-load$/));
  chart('From user to user, transfers/s', named(/^peers\/[^/]+\/pairs\/.*(single|batch)$/));
  chart('The gateway', named(/^gateway\//));
  chart('The engine in process', named(/^engine\/(batch|single)/));
  chart('Transfers between shards', named(/^cross-shard\/.*\/\d+$/));
  return charts;
}

function barOf({ name, value, unit }: Figure): Bar {
  const isOurs = !/^(peers\/(?!jifen\/)|gateway\/tigerbeetle)/.test(name);
  const text = `${value >= 1000 ? short(value) : value} ${unit}`;
  return { name: name.replace(/^peers\//, ''), value, text, isOurs };
}

const PARTS = [25, 50, 75];

/** Latencies at fixed rates, up to the full load. */
function throughputAgainstLatency(figures: readonly Figure[]): string[] {
  const charts: string[] = [];
  const groups: readonly (readonly [string, RegExp])[] = [
    ['Single requests', /^(peers\/.*single|gateway\/(constant|balance|.*-single)|mixed\/.*)$/],
    ['Batches', /^(peers\/.*batch|gateway\/(in-process|.*-batch-.*)|engine\/batch-1000.*)$/],
  ];
  for (const [title, pattern] of groups) {
    const series = figures
      .filter(({ name, at50Rate }) => pattern.test(name) && at50Rate !== undefined)
      .map(loadSeries);
    if (series.length === 0) continue;
    const axes = { x: 'per second', y: 'p99 in ms' };
    charts.push(lineChart(`${title}: p99 at parts of the full load, and at it`, axes, series));
  }
  return charts;
}

function loadSeries(figure: Figure): Series {
  const points = PARTS.map((percent) => ({
    x: figure[`at${percent}Rate`],
    y: figure[`at${percent}P99Ms`],
    percent,
  })).flatMap(({ x, y, percent }) =>
    typeof x === 'number' && typeof y === 'number'
      ? [{ x, y, label: pointLabel(`${percent}% of the load`, x, y) }]
      : [],
  );
  const [x, y] = [figure.value, figure.p99Ms ?? 1];
  points.push({ x, y, label: pointLabel('full load', x, y) });
  return { name: figure.name, points };
}

function pointLabel(what: string, x: number, y: number): string {
  return `${what}: ${short(x)}/s, p99 ${short(y)} ms`;
}

/** What becomes of speed, memory, disk and reads as there is more data. */
function againstSize(figures: readonly Figure[]): string[] {
  const charts: string[] = [];
  const sizes = figures.filter(({ name }) => /^engine\/growth-[^/]+$/.test(name));
  const over = (title: string, unit: string, suffixes: readonly string[]): void => {
    const series = suffixes.map((suffix): Series => {
      const points = sizes.flatMap(({ name, accounts }) => {
        const found = figures.find((figure) => figure.name === name + suffix);
        if (found === undefined || typeof accounts !== 'number') return [];
        const label = `${short(accounts)} accounts: ${short(found.value)} ${unit}`;
        return [{ x: accounts, y: found.value, label }];
      });
      return { name: suffix === '' ? 'transfers, the last tenth' : suffix.slice(1), points };
    });
    const some = series.filter(({ points }) => points.length > 1);
    if (some.length > 0) charts.push(lineChart(title, { x: 'accounts', y: unit }, some));
  };
  over('Speed', 'transfers/s', ['', '/opening-accounts']);
  over('Memory and disk', 'MiB', ['/resident', '/disk']);
  over('Single reads, median', 'ms', ['/balance-read', '/history-page']);
  return [...charts, ...againstLog(figures), ...againstHistory(figures)];
}

/** How long a restart takes, and what the folder occupies, as the log becomes longer. */
function againstLog(figures: readonly Figure[]): string[] {
  const restarts = figures.filter(({ name }) => /^engine\/growth-[^/]+\/restart$/.test(name));
  const over = (title: string, unit: string, suffix: string): string[] => {
    const points = restarts.flatMap(({ name, logMb }) => {
      const found = figures.find((figure) => figure.name === name.replace('/restart', suffix));
      if (found === undefined || typeof logMb !== 'number') return [];
      const label = `${short(logMb)} MiB of log: ${short(found.value)} ${unit}`;
      return [{ x: logMb, y: found.value, label }];
    });
    if (points.length < 2) return [];
    const axes = { x: 'MiB of log', y: unit };
    return [lineChart(title, axes, [{ name: suffix.slice(1), points }])];
  };
  return [
    ...over('From a kill to the first answer', 's', '/restart'),
    ...over('The data folder', 'MiB', '/disk'),
  ];
}

const READS = {
  p50Ms: 'newest page',
  oldestPageP50Ms: 'oldest page',
  middlePageP50Ms: 'page from the middle',
  balanceP50Ms: 'balance',
  pastBalanceP50Ms: 'balance at a past time',
} as const;

function againstHistory(figures: readonly Figure[]): string[] {
  const lengths = figures.flatMap((figure) => {
    const found = /^growth\/history-(\d+)(k|m)?$/.exec(figure.name);
    if (found === null) return [];
    const factor = found[2] === 'm' ? 1e6 : found[2] === 'k' ? 1000 : 1;
    return [{ figure, length: Number(found[1]) * factor }];
  });
  if (lengths.length < 2) return [];
  const series = Object.entries(READS).map(([field, name]): Series => {
    const points = lengths.flatMap(({ figure, length }) => {
      const y = figure[field];
      if (typeof y !== 'number') return [];
      return [{ x: length, y, label: `${short(length)} entries: ${short(y)} ms` }];
    });
    return { name, points };
  });
  const axes = { x: 'entries of the account', y: 'median in ms' };
  return [lineChart('Reads of an account with a long history', axes, series)];
}

const KNOWN = ['name', 'value', 'unit', 'p50Ms', 'p99Ms', 'maxMs', 'ratio', 'ratioTo', 'runs'];
const LEFT_OUT_OF_TABLE = new Set([...KNOWN, 'digest', 'durability']);

function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const more = Object.entries(figure)
      .filter(([field]) => !LEFT_OUT_OF_TABLE.has(field))
      .map(([field, value]) => `${field} ${value}`);
    const { name, value, unit, p50Ms, p99Ms, maxMs, ratio, ratioTo, runs, digest } = figure;
    const cells = [
      name,
      `${value.toLocaleString('en')} ${unit}`,
      p50Ms ?? '',
      p99Ms ?? '',
      maxMs ?? '',
      figure.at50P99Ms ?? '',
      ratio === undefined ? '' : `${ratio} of ${ratioTo}`,
      runs,
      digest?.slice(0, 8) ?? '',
    ];
    const tds = cells.map((cell) => `<td>${escaped(String(cell))}</td>`).join('');
    return `<tr title="${escaped(more.join('\n'))}">${tds}</tr>`;
  });
  const latencies = ['p50 ms', 'p99 ms', 'max ms', 'p99 ms at half load'];
  const titles = ['figure', 'value', ...latencies, 'ratio', 'runs', 'digest'];
  const head = titles.map((title) => `<th>${title}</th>`).join('');
  return (
    '<p>Point at a line for everything that was measured with it.</p>' +
    `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
  );
}

function durabilities(figures: readonly Figure[]): string[] {
  const said = new Set(
    figures.flatMap(({ name, durability }) =>
      durability === undefined ? [] : [`${name.split('/').slice(0, 2).join('/')}: ${durability}`],
    ),
  );
  if (said.size === 0) return [];
  return [`<ul>${[...said].map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`];
}
