// What the console draws out of the rows of a report: every point of them, each in its place, nothing of different assets in one drawing. A drawn set of rows against
// plain sums.

import t from 'tap';
import {
  dayAfter,
  drawingsOf,
  type ReportColumn,
} from '../../gateway/console/page/screens/running/reports/shape.js';
import { axisOf, type Cell, pivot, stacked } from '../../gateway/console/page/ui/chart/data.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';

const DAYS = ['2026-01-31', '2026-02-01', '2026-02-28', '2026-03-01'];
const KINDS = [...'abcdefghijkl', null, ''];
const WORDS = { title: ({ name }: ReportColumn) => name, others: 'others', none: 'none' };
const column = (name: string, type: ReportColumn['type']): ReportColumn => ({
  ...{ name, type },
  title: { zh: name, en: name },
});

t.test('an axis is of days, or of months, where all of its labels are, in their order', (t) => {
  t.equal(axisOf(DAYS).kind, 'day');
  t.equal(axisOf(['2026-01', '2026-02']).kind, 'month');
  t.equal(axisOf(['2026-01', 'none']).kind, 'label');
  // No such day; the same one twice; backwards.
  t.equal(axisOf(['2026-02-30', '2026-13-01']).kind, 'label');
  t.equal(axisOf(['2026-02-01', '2026-02-01']).kind, 'label');
  t.equal(axisOf(['2026-02-02', '2026-02-01']).kind, 'label');
  t.same(axisOf(['tea', 'cup']).places, [0, 1]);
  t.same(axisOf([]), { kind: 'label', places: [], labels: [] });
  t.equal(axisOf(DAYS).places[1], Date.parse('2026-02-01T00:00:00Z'));
  t.end();
});

t.test('a day is asked for to its end', (t) => {
  t.same(
    ['2026-11-30', '2026-12-31', '2028-02-28', 'x', '', '2026-02-30T00:00:00Z'].map(dayAfter),
    ['2026-12-01', '2027-01-01', '2028-02-29', 'x', '', '2026-02-30T00:00:00Z'],
  );
  t.end();
});

const rowsOf = (random: Random): Cell[][] =>
  Array.from({ length: random.int(60) }, () => [
    random.pick(DAYS),
    random.pick(['gold', 'miles']),
    random.pick(KINDS),
    // Numbers beyond what JSON keeps exactly come as texts.
    random.int(8) === 0 ? null : random.int(4) === 0 ? '17' : random.int(1_000) - 300,
    random.int(1_000),
  ]);
const sum = (values: readonly (number | null | undefined)[]): number =>
  values.reduce<number>((all, value) => all + (value ?? 0), 0);

const cases = campaign({ name: 'drawings have all points', long: 5_000, sample: 150 });
await cases.run((seed) => {
  const random = new Random(seed);
  const rows = rowsOf(random);
  const columns = [
    column('date', 'date'),
    column('asset', 'text'),
    column('group', 'text'),
    column('earned', 'points'),
    column('active', 'count'),
  ];
  const chart = { kind: 'bars', x: 'date', series: ['earned', 'active'], split: 'asset' } as const;
  const drawings = drawingsOf({ columns, rows }, chart, WORDS);
  for (const asset of ['gold', 'miles'])
    for (const [n, type] of [
      [3, 'points'],
      [4, 'count'],
    ] as const) {
      const mine = rows.filter((row) => row[1] === asset);
      const drawn = drawings.filter((one) => one.asset === asset && one.type === type);
      const lines = drawn.flatMap((one) => one.lines);
      const wanted = sum(mine.map((row) => (row[n] === null ? 0 : Number(row[n]))));
      if (sum(lines.flatMap(({ values }) => values)) !== wanted)
        throw new Error(`${asset} ${type}: not all points are drawn`);
      for (const { axis, lines: those } of drawn) {
        const isOrdered = axis.places.every((at, i) => i === 0 || at > (axis.places[i - 1] ?? at));
        if (!isOrdered || (axis.labels.length > 0 && axis.kind !== 'day')) throw new Error('axis');
        if (those.length > 8) throw new Error(`${those.length} lines`);
        if (those.some(({ values }) => values.length !== axis.places.length))
          throw new Error('gap');
      }
    }
});

t.test('what is beyond the most lines is one line, and nothing is lost', (t) => {
  const rows: Cell[][] = KINDS.flatMap((kind, n) => DAYS.map((day) => [day, kind, n + 1]));
  const { axis, lines } = pivot(rows, {
    ...{ x: 0, by: 1, values: [2], labels: ['points'] },
    ...{ most: 4, others: 'others', none: 'none' },
  });
  t.same(
    lines.map(({ label }) => label),
    ['none', 'l', 'k', 'others'],
  );
  t.equal(sum(lines.flatMap(({ values }) => values)), sum(rows.map((row) => Number(row[2]))));
  const top = stacked(lines).at(-1)?.values ?? [];
  t.same(
    top,
    axis.places.map((_, n) => sum(lines.map(({ values }) => values[n]))),
    'the last of a stack is at the height of all',
  );
  t.same(
    stacked([
      { label: 'a', values: [-1, null, 2] },
      { label: 'b', values: [3, 4, 5] },
    ]),
    [
      { label: 'a', values: [-1, null, 2] },
      { label: 'b', values: [3, 4, 7] },
    ],
  );
  t.end();
});

t.test('several columns split by another one have a drawing for each of its values', (t) => {
  const columns = [
    ...[column('month', 'date'), column('kind', 'text'), column('forecast', 'points')],
    column('actual', 'points'),
  ];
  const rows: Cell[][] = [
    ['2026-01-01', 'past', 10, 9],
    ['2026-02-01', 'past', 12, 15],
    ['2026-03-01', 'next', 11, null],
  ];
  const chart = {
    kind: 'bars',
    x: 'month',
    series: ['forecast', 'actual'],
    split: 'kind',
  } as const;
  const drawings = drawingsOf({ columns, rows }, chart, WORDS);
  t.same(
    drawings.map(({ of, lines }) => [of, lines]),
    [
      [
        'past',
        [
          { label: 'forecast', values: [10, 12] },
          { label: 'actual', values: [9, 15] },
        ],
      ],
      ['next', [{ label: 'forecast', values: [11] }]],
    ],
  );
  t.same(drawingsOf({ columns, rows }, { ...chart, x: 'gone' }, WORDS), []);
  t.end();
});
